"""The page: which address shows what, and what each button does."""

import asyncio
import errno
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from imaginized.control.answers import Book, Metrics, Status
from imaginized.control.exposition import KIND, metrics_text
from imaginized.control.giving import Added
from imaginized.control.protocol import CAST, CHAPTERS, FORETELL, STATUS_OF_BOOK, OneBook, Role, ToForetell
from imaginized.control.rows import BookRow
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.codec import decode
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import BookFiles
from imaginized.web import api, catalog, files, uploads, views
from imaginized.web.asking import Daemon
from imaginized.web.catalog import Part
from imaginized.web.facts import BOOK_ID, cover_of, edition_before, facts_of
from imaginized.web.feed import Feed
from imaginized.web.fetching import part_of
from imaginized.web.forecast import Forecast
from imaginized.web.guard import Guard
from imaginized.web.orders import OF_A_BOOK, OF_THE_DAEMON, Fields, Order
from imaginized.web.pages import asset, page
from imaginized.web.passes import SESSION_LIFE, Porter

A_PAGE = 60  # books
SHOWN_EVENTS = 300
NO_ROOM = "the library's disk is full, so nothing of this was kept; make room there, then do it again"
MOST_FIELDS = 5000  # of a form: one for each piece of a book that is chosen, and a few
STATUS_OF: Mapping[ExitCode, int] = {
    ExitCode.USAGE: 400,
    ExitCode.NOT_RUNNING: 503,
    ExitCode.NO_SUCH_BOOK: 404,
    ExitCode.PERMISSION: 403,
    ExitCode.NOTHING_TO_DO: 409,
    ExitCode.REJECTED: 415,
    ExitCode.TIMED_OUT: 504,
}


class Finding(Protocol):
    """One line of `doctor`."""

    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def finding(self) -> str: ...
    @property
    def fix(self) -> str: ...


class Outside(Protocol):
    """What the page is told from above: what the program alone can look at."""

    def examine(self) -> Sequence[Finding]:
        """What `imaginizectl doctor` finds."""

    def settings(self) -> tuple[str, Sequence[tuple[str, str, bool]]]:
        """Which file the settings are from, and of every key its value and whether that is not the default."""


@dataclass(slots=True, kw_only=True)
class Site:
    """All handlers, with what they share.

    Attributes:
        guard: Set once it is around us.
    """

    library: Path
    daemon: Daemon
    feed: Feed
    porter: Porter
    outside: Outside
    guard: Guard | None = None
    forecast: Forecast = field(default_factory=Forecast)

    async def shelf(self, request: Request) -> Response:
        """All books."""
        place = self.feed.place  # before the look: what happens meanwhile is told to the page
        status = await self.daemon.status()
        self._note(status)
        state, words = request.query_params.get("state", ""), request.query_params.get("q", "")[:200]
        found = views.chosen(status["books"], state=state, words=words)
        number = _number(request.query_params.get("page"))
        shown = found[(number - 1) * A_PAGE : number * A_PAGE]
        facts = await asyncio.to_thread(lambda: {row["book"]: facts_of(self.library, row["book"]) for row in shown})
        context = {
            "status": status,
            "groups": views.in_series((self._card(row), facts[row["book"]]) for row in shown),
            "found": len(found),
            "page": number,
            "pages": max(1, -(-len(found) // A_PAGE)),
            "state": state,
            "states": views.STATES,
            "words": words,
            "troubles": views.troubles_of(status),
            "inbox": views.inbox_words(status),
        }
        return self._page(request, "shelf", context, title="Shelf", place=place)

    async def book(self, request: Request) -> Response:
        """One book: its chapters, what it cost, what can be done with it."""
        place = self.feed.place
        book = await self._book(request)
        facts, exports, edition = await asyncio.to_thread(
            lambda: (
                facts_of(self.library, book["book"]),
                files.exports_of(self.library, book["book"]),
                edition_before(self.library, book["book"]),
            )
        )
        context = {
            "book": book,
            "card": self._card(book),
            "facts": facts,
            "exports": exports,
            "edition": edition,
            "more": views.more_buttons(book),
            "chapter_words": views.chapter_words,
        }
        return self._page(request, "book", context, title=book["title"], place=place)

    async def cast(self, request: Request) -> Response:
        """Who is who in a book."""
        book = await self._book(request)
        found = await self.daemon.ask(CAST, OneBook(book=book["book"]))
        return self._page(request, "cast", {"book": book, "cast": found}, title=f"{book['title']}: who is who")

    async def pieces(self, request: Request) -> Response:
        """What of a book is a chapter."""
        book = await self._book(request)
        found = await self.daemon.ask(CHAPTERS, OneBook(book=book["book"]))
        return self._page(request, "pieces", {"book": book, "found": found}, title=f"{book['title']}: chapters")

    async def log(self, request: Request) -> Response:
        """What happened to a book."""
        place = self.feed.place
        book = await self._book(request)
        events = await asyncio.to_thread(_events, self.library, book["book"])
        return self._page(
            request, "log", {"book": book, "events": events}, title=f"{book['title']}: what happened", place=place
        )

    async def cover(self, request: Request) -> Response:
        """The picture that stands for a book."""
        book = _id(request)
        facts = await asyncio.to_thread(facts_of, self.library, book)
        as_picture = _is_drawn(request)
        name = await asyncio.to_thread(cover_of, self.library, book, facts, as_picture=as_picture)
        if not name:
            return Response(status_code=204)
        return files.picture(self.library, book, name, as_picture=as_picture)

    async def read(self, request: Request) -> Response:
        """On to the guide, at an address that says by itself that it may be read: its page sends no cookie."""
        book = _id(request)
        return RedirectResponse(f"/reading/{self.porter.now().stamp(book)}/{book}/index.html", status_code=303)

    async def reading(self, request: Request) -> Response:
        """A file of a guide."""
        book, name = _id(request), request.path_params["name"]
        if not compare_digest(request.path_params["stamp"].encode(), self.porter.now().stamp(book).encode()):
            raise HTTPException(404)
        return files.shown(self.library, book, name, as_picture=_is_drawn(request))

    async def reading_shelf(self, _request: Request) -> Response:
        """A guide's link to the shelf of guides: that is this page's shelf."""
        return RedirectResponse("/", status_code=303)

    async def export(self, request: Request) -> Response:
        """A file that was made of a book."""
        return files.saved(self.library, _id(request), f"exports/{request.path_params['name']}")

    async def order(self, request: Request) -> Response:
        """A button of a book."""
        order = OF_A_BOOK.get(request.path_params["action"])
        if order is None:
            raise HTTPException(404)
        return await self._ordered(request, order, book=_id(request))

    async def order_all(self, request: Request) -> Response:
        """A button of the whole daemon."""
        order = OF_THE_DAEMON.get(request.path_params["action"])
        if order is None:
            raise HTTPException(404)
        return await self._ordered(request, order, book="")

    async def upload(self, request: Request) -> Response:
        """A book, as the page's script sends it: the body is the file, `?name=` its name."""
        try:
            name = request.query_params.get("name", "")
            async with uploads.received(self.library, name, request.stream()) as file:
                added = await asyncio.to_thread(uploads.give, self.daemon.socket, file)
        except ClientDisconnect as error:
            raise HTTPException(400, "the upload broke off or is too long, and nothing was kept") from error
        return _told(added, name=file.name)

    async def upload_form(self, request: Request) -> Response:
        """The same without a script: a form with a file."""
        async with request.form(max_files=1, max_fields=1) as form:
            sent = form.get("book")
            if sent is None or isinstance(sent, str) or not sent.filename:
                raise ControlError("choose a file first", exit_code=ExitCode.USAGE)

            async def chunks() -> Any:
                while data := await sent.read(files.CHUNK_BYTES):
                    yield data

            async with uploads.received(self.library, sent.filename, chunks()) as file:
                added = await asyncio.to_thread(uploads.give, self.daemon.socket, file)
        told = _sentence(added, name=file.name)
        return self._back("/", told, is_bad=added.code is not ExitCode.OK)

    async def settings(self, request: Request) -> Response:
        """The settings in force here, and where they come from."""
        file, rows = await asyncio.to_thread(self.outside.settings)
        return self._page(request, "settings", {"file": file, "rows": rows}, title="Settings")

    async def doctor(self, request: Request) -> Response:
        """What `doctor` finds."""
        found = await asyncio.to_thread(self.outside.examine)
        return self._page(request, "doctor", {"found": found}, title="Doctor")

    async def login(self, request: Request) -> Response:
        """Where a ticket is exchanged for a session."""
        assert self.guard is not None
        if request.method == "GET":
            return self._page(request, "login", {"wrong": False}, title="Log in")
        fields = await _fields(request)
        session = self.guard.enter(fields.get("ticket", [""])[0].strip())
        if session is None:
            return self._page(request, "login", {"wrong": True}, title="Log in", status=403)
        found = RedirectResponse("/", status_code=303)
        life = int(SESSION_LIFE.total_seconds())
        found.set_cookie(self.guard.cookie, session, max_age=life, httponly=True, samesite="strict")
        return found

    async def logout(self, _request: Request) -> Response:
        """Forget the session in this browser."""
        assert self.guard is not None
        found = RedirectResponse("/login", status_code=303)
        found.delete_cookie(self.guard.cookie, httponly=True, samesite="strict")
        return found

    async def whoami(self, request: Request) -> Response:
        """Whether this browser is logged in."""
        return JSONResponse({"is_known": request.scope["is_known"]})

    async def healthz(self, _request: Request) -> Response:
        """Whether this process serves."""
        return PlainTextResponse("ok\n")

    async def readyz(self, _request: Request) -> Response:
        """Whether the daemon answers."""
        try:
            await self.daemon.status()
        except ControlError:
            return PlainTextResponse("the daemon does not answer\n", status_code=503)
        return PlainTextResponse("ok\n")

    async def metrics(self, _request: Request) -> Response:
        """For a monitoring system."""
        status: Status | None = None
        figures: Metrics | None = None
        with suppress(ControlError):
            figures, status = await self.daemon.metrics(), await self.daemon.status()
        free = await asyncio.to_thread(lambda: shutil.disk_usage(self.library).free)
        return Response(metrics_text(status, figures, disk_free_bytes=free, tabs=self.feed.tabs), media_type=KIND)

    async def catalog(self, request: Request) -> Response:
        """The catalogue as OPDS 1.2."""
        return Response(catalog.atom(await self._part(request)), media_type=catalog.FEED_KIND)

    async def catalog_2(self, request: Request) -> Response:
        """The catalogue as OPDS 2.0."""
        return JSONResponse(catalog.publications(await self._part(request)), media_type=catalog.JSON_KIND)

    async def catalog_search(self, _request: Request) -> Response:
        """How to search it."""
        return Response(catalog.search_description(), media_type="application/opensearchdescription+xml")

    async def no_cover(self, _request: Request) -> Response:
        """What the catalogue shows of a book without a picture."""
        return Response(catalog.no_cover(), media_type="image/png", headers={"cache-control": "max-age=300"})

    async def api(self, request: Request) -> Response:
        """A method of the control protocol."""
        return await api.call(request, self.daemon)

    async def _part(self, request: Request) -> Part:
        status = await self.daemon.status()
        asked = request.query_params
        return await asyncio.to_thread(
            part_of,
            self.library,
            [row["book"] for row in reversed(status["books"])],
            words=asked.get("query", asked.get("q", ""))[:200],
            number=_number(asked.get("page")),
        )

    async def style(self, _request: Request) -> Response:
        """The style."""
        return Response(asset("page.css"), media_type="text/css", headers={"cache-control": "max-age=300"})

    async def script(self, _request: Request) -> Response:
        """The script."""
        return Response(asset("page.js"), media_type="text/javascript", headers={"cache-control": "max-age=300"})

    async def icon(self, _request: Request) -> Response:
        """No icon: asked for by every browser."""
        return Response(status_code=204, headers={"cross-origin-resource-policy": "cross-origin"})

    async def _ordered(self, request: Request, order: Order, *, book: str) -> Response:
        fields = await _fields(request)
        parameters = order.parameters(book, fields)
        back = fields.get("back", [f"/books/{book}" if book else "/"])[0]
        if order.foretold and "sure" not in fields:
            asked = cast(ToForetell, {**parameters, "order": order.foretold})
            cost = await self.daemon.ask(FORETELL, asked)
            if cost["cost_usd"] is None or cost["cost_usd"] > 0:
                context = {"cost": cost, "fields": fields, "action": request.url.path, "back": _own(back)}
                return self._page(request, "sure", context, title="What it costs")
        await self.daemon.ask(order.method, parameters)
        self.daemon.forget()
        is_gone = order is OF_A_BOOK["remove"]
        return self._back("/" if is_gone else _own(back), order.done, undo=book if is_gone else "")

    async def _book(self, request: Request) -> Book:
        wanted = _id(request)
        found = await self.daemon.ask(STATUS_OF_BOOK, OneBook(book=wanted))
        if found["book"] != wanted:
            raise HTTPException(404)  # a part of an id means it on a command line; an address means one book
        return found

    def _card(self, row: BookRow) -> views.Card:
        return views.card_of(row, time_left=self.forecast.words(row["book"], now=self.daemon.clock.monotonic()))

    def _note(self, status: Status) -> None:
        now = self.daemon.clock.monotonic()
        for row in status["books"]:
            if row["phase"] not in views.TONES:
                self.forecast.note(row["book"], row["progress"], now=now)
        self.forecast.keep({row["book"] for row in status["books"]})

    def _page(
        self,
        request: Request,
        name: str,
        context: Mapping[str, object],
        *,
        title: str,
        place: str = "",
        status: int = 200,
    ) -> Response:
        said, stamp = (request.query_params.get(key, "") for key in ("said", "stamp"))
        is_ours = bool(said) and stamp == self.porter.now().stamp(f"said {said}")
        flags, _, text = said.partition(" ") if is_ours else ("", "", "")
        shared = {
            "title": title,
            "since": place,
            "said": text,
            "is_bad": flags.startswith("bad"),
            "undo": flags.partition(":")[2],
            "may_work": request.scope.get("role", Role.READ) >= Role.WORK,
            "is_in": name != "login",
            "here": request.url.path,
        }
        return page(name, {**shared, **context}, status=status)

    def _back(self, to: str, text: str, *, is_bad: bool = False, undo: str = "") -> Response:
        """Back to a page that says what was done. The words are stamped: no link of others makes us say a thing."""
        said = f"{'bad' if is_bad else 'good'}:{undo} {text}"
        query = urlencode({"said": said, "stamp": self.porter.now().stamp(f"said {said}")})
        return RedirectResponse(f"{to}?{query}", status_code=303)

    async def refused(self, request: Request, error: Exception) -> Response:
        """What the daemon refused, or nobody could do, as a page; for a script as text."""
        status, text = 500, "this failed, and the page's log says why; look whether it was done before you do it again"
        if isinstance(error, ControlError):
            status, text = STATUS_OF.get(error.exit_code, 400), str(error)
        elif isinstance(error, HTTPException):
            status = error.status_code
            text = "there is nothing at this address" if status == 404 else str(error.detail)
        elif isinstance(error, OSError):
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            status = 507 if is_full else status
            text = NO_ROOM if is_full else f"this could not be done: {error.strerror or error}"
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": text}, status_code=status)
        return self._page(request, "refused", {"text": text}, title="That did not work", status=status)


async def _fields(request: Request) -> Fields:
    """A form's fields."""
    body = await request.body()
    try:
        return parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise ControlError(
            f"that is too much at once: {MOST_FIELDS} fields at most", exit_code=ExitCode.USAGE
        ) from error


def _is_drawn(request: Request) -> bool:
    """Whether a browser will draw in a page what it asks for; no script of any site can say this of its own request."""
    return request.headers.get("sec-fetch-dest") == "image"


def _id(request: Request) -> str:
    book = str(request.path_params["book"])
    if not BOOK_ID.fullmatch(book):
        raise HTTPException(404)
    return book


def _own(address: str) -> str:
    """An address of this page, without its query; no other site's."""
    path = address.partition("?")[0]
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _number(text: str | None) -> int:
    return int(text) or 1 if text and text.isdecimal() and len(text) < 6 else 1  # int() refuses thousands of digits


def _told(added: Added, *, name: str) -> Response:
    is_good = added.code is ExitCode.OK
    told = {"text": _sentence(added, name=name), "is_good": is_good, "book": added.book or None}
    return JSONResponse(told, status_code=200 if is_good else STATUS_OF.get(added.code, 400))


def _sentence(added: Added, *, name: str) -> str:
    if added.code is ExitCode.OK:
        return f"{name} is in the inbox, and is taken in a moment."
    return f"{name} was not taken: {added.reason}. {added.next_step}".strip()


def _events(library: Path, book: str) -> list[dict[str, object]]:
    """The last of what happened to a book, the newest first."""
    book_files = BookFiles(library / book)
    try:
        size = decode(book_files.manifest.read_bytes()).event_bytes
    except FileNotFoundError as error:
        raise HTTPException(404) from error
    found = read_events(book_files.events, extent=Extent(size=size))[-SHOWN_EVENTS:]
    return [
        {
            "at": event.at.isoformat(),
            "words": event.name.replace("_", " "),
            "chapter": event.chapter,
            "stage": event.stage,
            "reason": event.reason,
        }
        for event in reversed(found)
    ]
