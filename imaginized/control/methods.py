"""What clients can ask of the daemon: one function for each method of `protocol`, under its name."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from imaginized.control import protocol
from imaginized.control.answers import (
    Approved,
    Book,
    Cancelled,
    Cast,
    Chapters,
    Claims,
    Divided,
    Facts,
    Found,
    Judged,
    Metrics,
    Notified,
    Pausing,
    Recast,
    Reloaded,
    Reset,
    Retried,
    RetriedBook,
    Scanned,
    Status,
    Version,
    Workers,
)
from imaginized.control.books import LOCK_POLL_SECONDS, LOCK_TRIES, Books
from imaginized.control.casting import cast_of, cast_wish, change_orders
from imaginized.control.catalogue import books_in, books_named, left_out, page_of, page_row, read_open
from imaginized.control.checkup import facts_about
from imaginized.control.dividing import change_edits, chapters_of, wish_of
from imaginized.control.figures import families_of
from imaginized.control.foretelling import Teller
from imaginized.control.leaving import bring_book_back, remove_book
from imaginized.control.order_answers import BroughtBack, Drawn, Foretold, Removed, Renamed, Scene, SceneOrdered
from imaginized.control.parameters import BadParameters, numbers, parameters_of, scene_numbers
from imaginized.control.pausing import are_all_stuck, refused_text
from imaginized.control.process_rows import Breaker
from imaginized.control.protocol import METHODS
from imaginized.control.reporting import (
    Summaries,
    asked_rows,
    book_detail,
    changed_chapters,
    claim_rows,
    found_row,
    head,
    inbox_report,
    known_book,
    limit_rows,
    pacing_row,
    reason_row,
    sandbox_report,
    unreachable_text,
)
from imaginized.control.rows import RetriedRow
from imaginized.control.scenes import known_scene, passage_meant, version_meant, versions_of
from imaginized.control.series import enlist_book, series_told
from imaginized.control.series_rows import Enlisted, Shelved
from imaginized.control.server import Method
from imaginized.control.spending import spending_of
from imaginized.control.streams import Stream, Streams
from imaginized.errors import PAUSED_ADVICE, ControlError, ExitCode, Retryable, SettingsError
from imaginized.inbox.folder import MOUNTS
from imaginized.inbox.sidecar import problem_with_profile
from imaginized.limits.limiter import url_of
from imaginized.limits.rules import Standing
from imaginized.logs.log import get_log
from imaginized.money.ledger import CERTAIN
from imaginized.process.converter import may_convert
from imaginized.process.sandbox_watch import ADVICE
from imaginized.process.slots import INTAKE
from imaginized.queue.cancelling import cancel
from imaginized.queue.change import Transition
from imaginized.queue.claimable import was_admitted
from imaginized.queue.dividing import divide_again
from imaginized.queue.holding import approve
from imaginized.queue.manifest import Approval, Manifest
from imaginized.queue.plan import Phase
from imaginized.queue.redoing import Anew, recast, rename, retry, retry_failed
from imaginized.queue.scene_orders import SceneOrder, as_found, draw_passage, drop_scene, redo_scene, use_version
from imaginized.reasons import Code, Reason
from imaginized.settings.model import asked_urls, target_of
from imaginized.store.pause import Pause
from imaginized.store.room import shortage
from imaginized.story.elements import passage_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods(Books):
    """The calls, each under its name on the wire."""

    summaries: Summaries = field(default_factory=Summaries)
    streams: Streams = field(default_factory=Streams)

    def table(self) -> Mapping[str, Method]:
        """Every method of the protocol, with what answers it: the function of its name."""
        return {
            method.name: Method(answer=getattr(self, method.name), takes=parameters_of(method), role=method.role)
            for method in METHODS
        }

    async def status(self, parameters: protocol.StatusOf) -> Status | Book:
        """How everything is; with a book, how that is."""
        wanted, state, number = parameters.get("book"), parameters.get("state"), parameters.get("page")
        root = self.daemon.settings.paths.library
        spent, doubts, today, unread = spending_of(self.daemon)
        if wanted is not None:
            if state is not None or number is not None:
                raise BadParameters("give a book alone, or a state and a page")
            manifest = await self.one(wanted)
            doubt = doubts.get(manifest.book_id, CERTAIN)
            return book_detail(manifest, root=root, spent_usd=spent.get(manifest.book_id, 0.0), doubt=doubt)
        page = await page_of(self.daemon.library, state=state or "all", number=number or 1)
        settings, paused = self.daemon.settings, self.pauses(standings := self._standings())
        problems = [*self.daemon.troubles(), *page.problems, *unread]
        return {
            **head(protocol.STATUS),
            "state": self._state(paused, standings),
            "paused": {str(cause): str(reason) for cause, reason in paused.items()},
            "pauses": [reason_row(reason) for reason in paused.values()],
            "paths": {"inbox": str(settings.paths.inbox), "library": str(root)},
            "settings": self.daemon.settings_report(),
            "workers": self.daemon.workers(),
            "breaker": self._breaker(),
            "inbox": inbox_report(self.daemon.inbox),
            "converts": may_convert(settings.inbox.convert),
            "sandbox": sandbox_report(self.daemon.sandbox.found, is_required=self._must_confine),
            "asks": asked_rows(settings),
            "pacing": pacing_row(settings.workers),
            "limits": limit_rows(standings),
            "books": self.summaries.of(page.books, root=root, spent_usd=spent, doubts=doubts),
            "counts": dict(page.counts),
            "page": page_row(page, state=state or "all"),
            "budget": {"spent_today_usd": today, "max_usd_per_day": settings.budget.max_usd_per_day},
            "problems": [*map(str, problems), *left_out(page, is_asked=number is not None or state is not None)],
            "problem_reasons": [reason_row(problem) for problem in problems],
            "shards": [],
        }

    async def foretell(self, parameters: protocol.ToForetell) -> Foretold:
        """What an order would have made again."""
        manifest = self.daemon.library.read(await self.exact(parameters["book"]))
        anew = Anew.TEXT if parameters.get("text") else self._anew
        files = self.daemon.library.files(manifest.book_id)
        teller = Teller(manifest=manifest, files=files, settings=self.daemon.settings, anew=anew)
        return await teller.foretell(parameters)

    async def find(self, parameters: protocol.OneBook) -> Found:
        """Which books a name may mean."""
        exact = self.readable(name := parameters["book"])
        found = [exact] if exact is not None else await books_named(self.daemon.library, name)
        is_exact = exact is not None
        return {**head(protocol.FIND), "is_exact": is_exact, "books": [found_row(manifest) for manifest in found]}

    async def chapters(self, parameters: protocol.OneBook) -> Chapters:
        """Every piece of a book."""
        manifest = await self.one(parameters["book"])
        return chapters_of(manifest, files=self.daemon.library.files(manifest.book_id))

    async def divide(self, parameters: protocol.ToDivide) -> Divided:
        """Change how a book is divided. The file first: killed after it, it is there, and told as not applied yet."""
        book = await self.exact(parameters["book"])
        files = self.daemon.library.files(book)
        change_edits(wish_of(parameters), book=book, files=files)
        await self.change_and_tell(book, divide_again)
        return {**head(protocol.DIVIDE), "book": book, "file": str(files.edits)}

    async def cast(self, parameters: protocol.OneBook) -> Cast:
        """Who is who in a book."""
        manifest = await self.one(parameters["book"])
        return cast_of(manifest, files=self.daemon.library.files(manifest.book_id))

    async def recast(self, parameters: protocol.ToRecast) -> Recast:
        """Change who is who. The file first, as for chapters."""
        book = await self.exact(parameters["book"])
        files = self.daemon.library.files(book)
        who = change_orders(cast_wish(parameters), book=book, files=files)
        await self.change_and_tell(book, recast)
        return {**head(protocol.RECAST), "book": book, "file": str(files.cast_orders), "who": [*who]}

    def _breaker(self) -> Breaker:
        return "open" if self.daemon.is_broken() else "closed"

    def _state(self, paused: Mapping[Code, Reason], standings: Mapping[str, Standing] | None = None) -> str:
        if self.daemon.is_draining():
            return "draining"
        if not self.daemon.is_ready():
            return "starting"
        return "paused" if self.is_paused(paused, standings) else "running"

    def is_paused(self, paused: Mapping[Code, Reason], standings: Mapping[str, Standing] | None = None) -> bool:
        """Whether all work waits: for an operator or the disk, or each endpoint that is asked and nobody else is."""
        if not paused.keys().isdisjoint((Code.OPERATOR, Code.DISK)):
            return True
        return are_all_stuck(self.daemon.settings, self._standings() if standings is None else standings)

    def pauses(self, standings: Mapping[str, Standing] | None = None) -> dict[Code, Reason]:
        """What holds the work up, by its cause; the endpoints are asked for where it is not known how they stand."""
        settings, since = self.daemon.settings, self._pause_file.since
        short = shortage(settings.paths.library, min_free_bytes=settings.disk.min_free_bytes)
        standings = self._standings() if standings is None else standings
        refused = refused_text(settings, standings)
        silent = unreachable_text(standings)
        causes = (
            Reason(Code.OPERATOR, "" if since is None else f"since {since}", "run `imaginizectl resume` to continue"),
            Reason(Code.DISK, short),
            Reason(Code.PROVIDER, refused, PAUSED_ADVICE),
            Reason(Code.UNREACHABLE, silent, "run `imaginizectl resume` to try now"),
            self.pauses_reading(),
        )
        return {reason.code: reason for reason in causes if reason and reason.text}

    def pauses_reading(self) -> Reason | None:
        """Why no book is read; None while books are, or while it is not known."""
        found = self.daemon.sandbox.found
        if found is None or found.is_whole or not self._must_confine:
            return None
        return Reason(Code.READING, f"no book is read: the reader's sandbox is {found}", ADVICE)

    @property
    def _must_confine(self) -> bool:
        return self.daemon.settings.reading.sandbox == "required"

    def _standings(self) -> Mapping[str, Standing]:
        """How the endpoints stand; whether others than those of the settings can be reached is nothing to anybody."""
        asked = asked_urls(self.daemon.settings)
        return {
            key: standing if url_of(key) in asked else replace(standing, outage=None)
            for key, standing in self.daemon.limits.standings().items()
        }

    @property
    def _pause_file(self) -> Pause:
        return Pause(self.daemon.settings.paths.library)

    async def workers(self, _parameters: protocol.Nothing) -> Workers:
        """What each process does."""
        return {**head(protocol.WORKERS), "workers": self.daemon.workers(), "breaker": self._breaker()}

    async def claims(self, _parameters: protocol.Nothing) -> Claims:
        """Who works on what."""
        books = (await read_open(self.daemon.library)).books
        return {**head(protocol.CLAIMS), "claims": [row for manifest in books for row in claim_rows(manifest)]}

    async def doctor(self, _parameters: protocol.Nothing) -> Facts:
        """Facts about the machine."""
        settings, mounts = self.daemon.settings, MOUNTS.read_text(errors="surrogateescape")
        facts = facts_about(settings, mounts=mounts, find_keys=partial(self.daemon.find_keys, settings))
        return {**head(protocol.DOCTOR), **facts}

    async def metrics(self, _parameters: protocol.Nothing) -> Metrics:
        """Figures for a monitoring system."""
        return {**head(protocol.METRICS), "families": await families_of(self.daemon)}

    async def notify(self, parameters: protocol.ToNotify) -> Notified:
        """Send a test by every way."""
        about = parameters["about"]
        return {**head(protocol.NOTIFY), "about": about, "ways": await self.daemon.notify_test(about)}

    async def version(self, _parameters: protocol.Nothing) -> Version:
        """Who answers."""
        return {**head(protocol.VERSION), "pid": os.getpid()}

    async def judge(self, parameters: protocol.Content) -> Judged:
        """What would become of a file with this content: the book that has it already, and what is wrong with asking.

        The daemon is asked, for only it knows where its profiles are; the file itself it never opens.
        """
        holder = self.daemon.library.holder_of_digest(parameters["digest"])
        known = None if holder is None else known_book(self.daemon.library, holder, digest=parameters["digest"])
        paths, name = self.daemon.settings.paths, parameters.get("profile")
        problem = problem_with_profile(name, profiles=paths.profiles) if name else ""
        return {**head(protocol.JUDGE), "known": known, "profile": problem, "inbox": str(paths.inbox), "shard": ""}

    async def subscribe(self, parameters: protocol.Since) -> Stream:
        """Make a stream of the connection."""
        return await self.streams.open(self.daemon.library, since=parameters.get("since"))

    async def retry(self, parameters: protocol.ToRetry) -> Retried | RetriedBook:
        """Try again what failed, or redo chapters or a scene."""
        is_all = parameters.get("all_failed") is True
        if is_all == ("book" in parameters) or (is_all and len(parameters) > 1):
            raise BadParameters("give a book, or all_failed alone")
        if is_all:
            return await self._retry_all()
        scene = parameters.get("scene")
        if scene is not None and ("chapters" in parameters or parameters.get("text")):
            raise BadParameters("give a scene alone, or chapters")
        book = await self.exact(str(parameters["book"]))
        anew = Anew.TEXT if parameters.get("text") else self._anew
        transition: Transition = partial(retry, chapters=numbers(parameters.get("chapters")), anew=anew)
        if scene is not None:
            transition = self._of_scene(book, scene, redo_scene)
        before, after = await self.change(book, transition)
        if after is before or after == before:
            raise ControlError(f"{book}: nothing has failed; nothing to retry", exit_code=ExitCode.NOTHING_TO_DO)
        row = self._retried(before, after)
        return {**head(protocol.RETRY), "books": [row], "book": row["book"], "chapters": row["chapters"]}

    @property
    def _anew(self) -> Anew:
        """What of a chapter is asked for once more: the pictures, where an endpoint draws them; else its scenes."""
        if target_of(self.daemon.settings, "image") is not None:
            return Anew.PICTURES
        return Anew.NOTHING if target_of(self.daemon.settings, "text") is None else Anew.TEXT

    def _of_scene(self, book: str, scene: str, order: SceneOrder) -> Transition:
        found = known_scene(self.daemon.library.read(book), scene_numbers(scene), files=self.daemon.library.files(book))
        return partial(order, chapter=found.chapter, scene=found.number, of=found.of)

    async def _retry_all(self) -> Retried:
        """Every book's failures, but for what a person has cancelled."""
        retried = []
        for manifest in await books_in(self.daemon.library, set(Phase) - {Phase.DONE}):
            if was_admitted(manifest) and retry_failed(manifest).manifest is not manifest:
                before, after = await self.change(manifest.book_id, retry_failed)
                retried.append(self._retried(before, after))
        if not retried:
            raise ControlError("nothing has failed; nothing to retry", exit_code=ExitCode.NOTHING_TO_DO)
        return {**head(protocol.RETRY), "books": retried}

    def _retried(self, before: Manifest, after: Manifest) -> RetriedRow:
        reopened = changed_chapters(before, after)
        get_log().info("chapter_retried", book=after.book_id, chapters=reopened)
        self.daemon.wake_workers()
        return {"book": after.book_id, "chapters": reopened}

    async def cancel(self, parameters: protocol.ToCancel) -> Cancelled:
        """Stop work on what is unfinished."""
        book = await self.exact(parameters["book"])
        advice = f"run `imaginizectl retry {book}` to continue"
        chapters = numbers(parameters.get("chapters"))
        transition = partial(cancel, now=self.daemon.clock.now(), reason="cancelled", advice=advice, chapters=chapters)
        before, after = await self.change(book, transition)
        if after is before or after == before:
            what = "those chapters are" if chapters else "the book is"
            text = f"{book}: {what} already finished, so there is nothing to cancel"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
        cancelled = changed_chapters(before, after)
        get_log().info("chapter_cancelled", book=book, chapters=cancelled)
        self.daemon.order_all("check")
        return {**head(protocol.CANCEL), "book": book, "chapters": cancelled}

    async def scene(self, parameters: protocol.OneScene) -> Scene:
        """A scene, and the pictures that it has and had."""
        manifest = await self.one(parameters["book"])
        files = self.daemon.library.files(manifest.book_id)
        found = known_scene(manifest, scene_numbers(parameters["scene"]), files=files)
        return {
            **head(protocol.SCENE),
            "book": manifest.book_id,
            "scene": found.name,
            "quote": found.quote,
            "is_dropped": not found.quote,
            "versions": await versions_of(found, files=files),
        }

    async def rescene(self, parameters: protocol.ToRescene) -> SceneOrdered:
        """Give a scene an old picture, leave it out, or neither."""
        book = await self.exact(parameters["book"])
        files, action = self.daemon.library.files(book), parameters["action"]
        found = known_scene(self.daemon.library.read(book), scene_numbers(parameters["scene"]), files=files)
        order: SceneOrder = drop_scene if action == "drop" else as_found
        if action == "use":
            order = partial(
                use_version, version=await version_meant(found, parameters.get("version") or "", files=files)
            )
        transition = partial(order, chapter=found.chapter, scene=found.number, of=found.of)
        before, after = await self.change_and_tell(book, transition)
        if after == before:
            text = f"{book}: scene {found.name} is so already, so nothing was changed"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
        return {**head(protocol.RESCENE), "book": book, "scene": found.name}

    async def draw(self, parameters: protocol.ToDraw) -> Drawn:
        """Make a scene of a passage."""
        book = await self.exact(parameters["book"])
        manifest = self.daemon.library.read(book)
        found = await passage_meant(manifest, parameters["quote"], files=self.daemon.library.files(book))
        of = passage_digest(found.text)
        transition = partial(
            draw_passage, chapter=found.chapter, scene=found.number, of=of, passage=(found.start, found.end)
        )
        if found.is_scene:
            name = f"{found.chapter}.{found.number}"
            advice = f"`imaginizectl retry {book} --scene {name}` draws it again"
            text = f"{book}: that passage is scene {name} already"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO, advice=advice)
        _, after = await self.change_and_tell(book, transition)
        wishes = after.chapters[found.chapter].scenes
        number = next(number for number, wish in wishes.items() if wish.of == of and wish.passage)
        return {**head(protocol.DRAW), "book": book, "scene": f"{found.chapter}.{number}", "quote": found.text}

    async def series(self, parameters: protocol.InSeries) -> Shelved:
        """Which books are volumes of one series."""
        return await series_told(self, parameters)

    async def enlist(self, parameters: protocol.ToEnlist) -> Enlisted:
        """Say which volume of which series a book is."""
        return await enlist_book(self, parameters)

    async def rename(self, parameters: protocol.ToRename) -> Renamed:
        """Give a book another title."""
        book, title = await self.exact(parameters["book"]), " ".join(parameters["title"].split())
        if not title:
            raise BadParameters("title: is blank")
        before, after = await self.change_and_tell(book, partial(rename, title=title))
        if after == before:
            raise ControlError(f"{book} already has this title", exit_code=ExitCode.NOTHING_TO_DO)
        return {**head(protocol.RENAME), "book": book, "title": after.book_title}

    async def remove(self, parameters: protocol.ToRemove) -> Removed:
        """Take a book out of the library."""
        return await remove_book(self, await self.exact(parameters["book"]))

    async def undo(self, parameters: protocol.ToUndo) -> BroughtBack:
        """Bring a removed book back."""
        return await bring_book_back(self, parameters["book"])

    async def pause(self, _parameters: protocol.Nothing) -> Pausing:
        """Begin no more steps."""
        if not self._pause_file.begin(now=self.daemon.clock.now()):
            raise ControlError("already paused; `imaginizectl resume` continues", exit_code=ExitCode.NOTHING_TO_DO)
        get_log().info("daemon_paused")
        self.daemon.order_all("wake")
        return {**head(protocol.PAUSE), "state": self._state(self.pauses())}

    async def resume(self, _parameters: protocol.Nothing) -> Pausing:
        """Go on."""
        endpoints = await self._resume_endpoints()
        if not self._pause_file.end() and not endpoints:
            raise ControlError("nothing is paused", exit_code=ExitCode.NOTHING_TO_DO)
        get_log().info("daemon_resumed", endpoints=endpoints)
        self.daemon.order_all("resume")
        return {**head(protocol.RESUME), "state": self._state(self.pauses())}

    async def _resume_endpoints(self) -> list[str]:
        """Let endpoints that refused a key go on; tries again while another process looks."""
        for _ in range(LOCK_TRIES):
            try:
                return self.daemon.limits.resume()
            except Retryable:
                await asyncio.sleep(LOCK_POLL_SECONDS)
        raise ControlError("the limits are in use by another process; try again", exit_code=ExitCode.TIMED_OUT)

    async def reset(self, _parameters: protocol.Nothing) -> Reset:
        """Close the breaker."""
        if not self.daemon.is_broken() and all(row["state"] != "waiting" for row in self.daemon.workers()):
            text = "no crash loop has stopped the workers, so there is nothing to reset"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
        self.daemon.reset_breaker()
        return {**head(protocol.RESET), "breaker": "closed"}

    async def reload(self, _parameters: protocol.Nothing) -> Reloaded:
        """Read the settings anew."""
        before = self.daemon.settings_report()["file"]
        try:
            self.daemon.reload()
        except SettingsError as error:
            raise ControlError(f"{error}\nthe old settings stay in force", exit_code=ExitCode.BAD_SETTINGS) from error
        return {
            **head(protocol.RELOAD),
            "max_concurrency": self.daemon.settings.workers.max_concurrency,
            "file": self.daemon.settings_report()["file"],
            "file_before": before,
        }

    async def approve(self, parameters: protocol.ToApprove) -> Approved:
        """Let a held book continue."""
        book = await self.exact(parameters["book"])
        if self.daemon.library.read(book).hold is None:
            raise ControlError(f"{book} is not held, so there is nothing to approve", exit_code=ExitCode.NOTHING_TO_DO)
        _, after = await self.change(book, partial(approve, usd=parameters.get("usd")))
        allowed = after.approval or Approval()
        get_log().info("book_approved", book=book, may_cost_usd=allowed.usd)
        self.daemon.wake_workers()
        return {
            **head(protocol.APPROVE),
            "book": book,
            "may_cost_usd": allowed.usd,
            "any_price": allowed.any_price,
        }

    async def scan(self, _parameters: protocol.Nothing) -> Scanned:
        """Look through the inbox."""
        self.daemon.order(INTAKE, "scan")
        return {**head(protocol.SCAN), "inbox": str(self.daemon.settings.paths.inbox)}

    async def drain(self, _parameters: protocol.Nothing) -> Pausing:
        """Stop once the steps under way are done."""
        asyncio.get_running_loop().call_soon(self.daemon.drain)
        return {**head(protocol.DRAIN), "state": "draining"}
