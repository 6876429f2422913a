"""What clients can ask of the daemon, by name."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from imaginized.clock import Clock
from imaginized.control.checkup import facts_about
from imaginized.control.parameters import BOOK, CHAPTERS, ONE_BOOK, ONE_DIGEST, PROFILE, SWITCH, USD
from imaginized.control.peers import Role
from imaginized.control.reporting import (
    Report,
    Summaries,
    book_detail,
    claim_rows,
    envelope,
    find_book,
    inbox_report,
    limit_rows,
    sandbox_report,
    unreachable_text,
)
from imaginized.control.server import Method
from imaginized.errors import ControlError, ExitCode, LibraryBusy, ManifestCorrupt, Rejected, Retryable, SettingsError
from imaginized.inbox.folder import MOUNTS
from imaginized.inbox.sidecar import problem_with_profile
from imaginized.limits.limiter import url_of
from imaginized.limits.rules import Standing
from imaginized.limits.shared import Watched
from imaginized.logs.log import get_log
from imaginized.money.ledger import Ledger
from imaginized.process.channel import Message
from imaginized.process.confinement import Confinement
from imaginized.process.sandbox_watch import ADVICE
from imaginized.process.slots import INTAKE
from imaginized.providers.keys import Keys
from imaginized.queue.manifest import Approval, Manifest
from imaginized.queue.plan import CANCELLED, phase
from imaginized.queue.transitions import approve, cancel, retry, retry_failed
from imaginized.settings.model import Settings, asked_urls
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.pause import Pause
from imaginized.store.room import shortage

LOCK_POLL_SECONDS = 0.02
LOCK_TRIES = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """The calls and what they need of the supervisor, which hands in functions instead of itself."""

    library: Library
    ledger: Ledger
    limits: Watched
    settings: Callable[[], Settings]
    settings_report: Callable[[], Report]
    clock: Clock
    workers: Callable[[], list[Report]]
    is_broken: Callable[[], bool]
    inbox: Callable[[], Message]
    sandbox: Callable[[], Confinement | None]
    is_starting: Callable[[], bool]
    is_draining: Callable[[], bool]
    drain: Callable[[], None]
    wake: Callable[[], None]
    order: Callable[[str, str], None]
    order_all: Callable[[str], None]
    reset_breaker: Callable[[], None]
    reload: Callable[[], None]
    find_keys: Callable[[Settings], Keys]
    troubles: Callable[[], list[str]]
    summaries: Summaries = field(default_factory=Summaries)

    def table(self) -> Mapping[str, Method]:
        """Every call by its name.

        Of `status` no book means all of them; of `retry` and `cancel` no chapters, or null, mean all that are meant:
        what failed, what is unfinished.
        """
        changes = {"book": ONE_BOOK, "chapters": CHAPTERS}
        return {
            "status": Method(answer=self._status, takes={"book": BOOK}),
            "workers": Method(answer=self._workers),
            "claims": Method(answer=self._claims),
            "doctor": Method(answer=self._doctor),
            "version": Method(answer=self._version),
            "judge": Method(answer=self._judge, takes={"digest": ONE_DIGEST, "profile": PROFILE}),
            "retry": Method(
                answer=self._retry, takes={"book": BOOK, "chapters": CHAPTERS, "all_failed": SWITCH}, role=Role.WORK
            ),
            "approve": Method(answer=self._approve, takes={"book": ONE_BOOK, "usd": USD}, role=Role.WORK),
            "cancel": Method(answer=self._cancel, takes=changes, role=Role.WORK),
            "pause": Method(answer=self._pause, role=Role.WORK),
            "resume": Method(answer=self._resume, role=Role.WORK),
            "reset": Method(answer=self._reset, role=Role.RULE),
            "reload": Method(answer=self._reload, role=Role.RULE),
            "scan": Method(answer=self._scan, role=Role.WORK),
            "drain": Method(answer=self._drain, role=Role.RULE),
        }

    async def _status(self, parameters: Mapping[str, object]) -> Report:
        books, problems = self._read_all()
        wanted = parameters.get("book")
        root = self.settings().paths.library
        spent, today, unread = self._spending()
        if wanted is not None:
            manifest = self._find(str(wanted), books)
            usd = spent.get(manifest.book_id, 0.0)
            return envelope("book", **book_detail(manifest, root=root, spent_usd=usd))
        paused = self.pauses()
        return envelope(
            "status",
            state=self._state(paused),
            paused=paused,
            paths={"inbox": str(self.settings().paths.inbox), "library": str(root)},
            settings=self.settings_report(),
            workers=self.workers(),
            breaker="open" if self.is_broken() else "closed",
            inbox=inbox_report(self.inbox()),
            sandbox=sandbox_report(self.sandbox(), is_required=self._must_confine),
            limits=limit_rows(self._standings()),
            books=self.summaries.of(books, root=root, spent_usd=spent),
            budget={"spent_today_usd": today, "max_usd_per_day": self.settings().budget.max_usd_per_day},
            problems=[*self.troubles(), *problems, *unread],
        )

    def _state(self, paused: Mapping[str, str]) -> str:
        if self.is_draining():
            return "draining"
        if self.is_starting():
            return "starting"
        return "paused" if paused else "running"

    def pauses(self) -> dict[str, str]:
        """What holds the work up, by its cause."""
        settings, since = self.settings(), self._pause_file.since
        short = shortage(settings.paths.library, min_free_bytes=settings.disk.min_free_bytes)
        operator = "" if since is None else f"since {since}; `imaginizectl resume` goes on"
        standings = self._standings()
        refused = "; ".join(standing.paused for standing in standings.values() if standing.paused)
        silent = unreachable_text(standings)
        silent += "; `imaginizectl resume` tries at once" if silent else ""
        causes = (
            *(("operator", operator), ("disk", short), ("provider", refused), ("unreachable", silent)),
            ("reading", self.pauses_reading()),
        )
        return {cause: reason for cause, reason in causes if reason}

    def pauses_reading(self) -> str:
        """Why no book is read; "" while books are, or while it is not known."""
        found = self.sandbox()
        if found is None or found.is_whole or not self._must_confine:
            return ""
        return f"no book is read: the reader's sandbox is {found}; {ADVICE}"

    @property
    def _must_confine(self) -> bool:
        return self.settings().reading.sandbox == "required"

    def _standings(self) -> Mapping[str, Standing]:
        """How the endpoints stand; whether others than those of the settings can be reached is nothing to anybody."""
        asked = asked_urls(self.settings())
        return {
            key: standing if url_of(key) in asked else replace(standing, outage=None)
            for key, standing in self.limits.standings().items()
        }

    @property
    def _pause_file(self) -> Pause:
        return Pause(self.settings().paths.library)

    async def _workers(self, _parameters: Mapping[str, object]) -> Report:
        state = "open" if self.is_broken() else "closed"
        return envelope("workers", workers=self.workers(), breaker=state)

    async def _claims(self, _parameters: Mapping[str, object]) -> Report:
        books, _ = self._read_all()
        return envelope("claims", claims=[row for manifest in books for row in claim_rows(manifest)])

    async def _doctor(self, _parameters: Mapping[str, object]) -> Report:
        settings = self.settings()
        mounts = MOUNTS.read_text(errors="surrogateescape")
        find_keys = partial(self.find_keys, settings)
        return envelope("facts", **facts_about(settings.model_dump(mode="json"), mounts=mounts, find_keys=find_keys))

    async def _version(self, _parameters: Mapping[str, object]) -> Report:
        return envelope("version", pid=os.getpid())

    async def _judge(self, parameters: Mapping[str, object]) -> Report:
        """What would become of a file with this content: the book that has it already, and what is wrong with asking.

        The daemon is asked, for only it knows where its profiles are; the file itself it never opens.
        """
        holder = self.library.holder_of_digest(str(parameters["digest"]))
        known: Report | None = None
        if holder is not None:
            known = self._known(holder, digest=str(parameters["digest"]))
        name = str(parameters.get("profile", ""))
        problem = problem_with_profile(name, profiles=self.settings().paths.profiles) if name else ""
        return envelope("judge", known=known, profile=problem)

    def _known(self, book: str, *, digest: str) -> Report | None:
        """A book, if its content is this and not only the digits in its name."""
        try:
            manifest = self.library.read(book)
        except ManifestCorrupt:
            return {"book": book, "phase": "unreadable"}  # the intake takes it for known, too
        except NoSuchBook:
            return None
        return {"book": book, "phase": str(phase(manifest))} if manifest.digest == digest else None

    async def _retry(self, parameters: Mapping[str, object]) -> Report:
        is_all = parameters.get("all_failed") is True
        if is_all == ("book" in parameters) or (is_all and "chapters" in parameters):
            raise ValueError("give a book, or all_failed alone")
        if is_all:
            return await self._retry_all()
        book = self._find(str(parameters["book"]), self._read_all()[0]).book_id
        before = self.library.read(book)
        after = await self._update(book, partial(retry, chapters=_chapters(parameters)))
        if after is before or after == before:
            raise ControlError(
                f"{book}: nothing has failed, so there is nothing to retry", exit_code=ExitCode.NOTHING_TO_DO
            )
        retried = self._retried(before, after)
        return envelope("retry", books=[retried], **retried)

    async def _retry_all(self) -> Report:
        """Every book's failures, but for what a person has cancelled."""
        retried = []
        for before in self._read_all()[0]:
            if retry_failed(before) is not before:
                after = await self._update(before.book_id, retry_failed)
                retried.append(self._retried(before, after))
                await asyncio.sleep(0)  # each is written to the disk; other callers have a turn in between
        if not retried:
            raise ControlError("nothing has failed, so there is nothing to retry", exit_code=ExitCode.NOTHING_TO_DO)
        return envelope("retry", books=retried)

    def _retried(self, before: Manifest, after: Manifest) -> Report:
        reopened = _changed(before, after)
        get_log().info("chapter_retried", book=after.book_id, chapters=reopened)
        self.wake()
        return {"book": after.book_id, "chapters": reopened}

    async def _cancel(self, parameters: Mapping[str, object]) -> Report:
        book = self._find(str(parameters["book"]), self._read_all()[0]).book_id
        before = self.library.read(book)
        reason = f"{CANCELLED}; `imaginizectl retry {book}` takes it up again"
        transition = partial(cancel, now=self.clock.now(), reason=reason, chapters=_chapters(parameters))
        after = await self._update(book, transition)
        if after is before or after == before:
            what = "those chapters are" if "chapters" in parameters else "the book is"
            text = f"{book}: {what} already finished, so there is nothing to cancel"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
        cancelled = _changed(before, after)
        get_log().info("chapter_cancelled", book=book, chapters=cancelled)
        self.order_all("check")
        return envelope("cancel", book=book, chapters=cancelled)

    async def _pause(self, _parameters: Mapping[str, object]) -> Report:
        if not self._pause_file.begin(now=self.clock.now()):
            raise ControlError("paused already; `imaginizectl resume` goes on", exit_code=ExitCode.NOTHING_TO_DO)
        get_log().info("daemon_paused")
        self.wake()
        return envelope("pause", state=self._state(self.pauses()))

    async def _resume(self, _parameters: Mapping[str, object]) -> Report:
        endpoints = await self._resume_endpoints()
        if not self._pause_file.end() and not endpoints:
            raise ControlError("nothing is paused", exit_code=ExitCode.NOTHING_TO_DO)
        get_log().info("daemon_resumed", endpoints=endpoints)
        self.order_all("resume")
        return envelope("resume", state=self._state(self.pauses()))

    async def _resume_endpoints(self) -> list[str]:
        """Let endpoints that refused a key go on; tries again while another process looks."""
        for _ in range(LOCK_TRIES):
            try:
                return self.limits.resume()
            except Retryable:
                await asyncio.sleep(LOCK_POLL_SECONDS)
        raise ControlError("the limits are in use by another process; try again", exit_code=ExitCode.TIMED_OUT)

    async def _reset(self, _parameters: Mapping[str, object]) -> Report:
        self.reset_breaker()
        return envelope("reset", breaker="closed")

    async def _reload(self, _parameters: Mapping[str, object]) -> Report:
        try:
            self.reload()
        except SettingsError as error:
            raise ControlError(f"{error}\nthe old settings stay in force", exit_code=ExitCode.BAD_SETTINGS) from error
        return envelope("reload", max_concurrency=self.settings().workers.max_concurrency)

    async def _approve(self, parameters: Mapping[str, object]) -> Report:
        found = self._find(str(parameters["book"]), self._read_all()[0])
        book = found.book_id
        if found.hold is None:
            raise ControlError(f"{book} is not held, so there is nothing to approve", exit_code=ExitCode.NOTHING_TO_DO)
        after = await self._update(book, partial(approve, usd=cast(float | None, parameters.get("usd"))))
        allowed = after.approval or Approval()
        get_log().info("book_approved", book=book, may_cost_usd=allowed.usd)
        self.wake()
        return envelope("approve", book=book, may_cost_usd=allowed.usd, any_price=allowed.any_price)

    async def _scan(self, _parameters: Mapping[str, object]) -> Report:
        self.order(INTAKE, "scan")
        return envelope("scan", inbox=str(self.settings().paths.inbox))

    async def _drain(self, _parameters: Mapping[str, object]) -> Report:
        asyncio.get_running_loop().call_soon(self.drain)
        return envelope("drain", state="draining")

    async def _update(self, book: str, transition: Callable[[Manifest], Manifest]) -> Manifest:
        """Update without ever waiting in the kernel: the loop has other clients."""
        for _ in range(LOCK_TRIES):
            try:
                return self.library.update(book, transition, durable=True, wait_seconds=0)
            except LibraryBusy:
                await asyncio.sleep(LOCK_POLL_SECONDS)
            except Rejected as error:
                raise ControlError(str(error), exit_code=ExitCode.USAGE) from error
        raise ControlError(f"{book} is locked by another process; try again", exit_code=ExitCode.TIMED_OUT)

    def _spending(self) -> tuple[Mapping[str, float], float, list[str]]:
        """What each book and today have cost, calls under way included; and why that cannot be read."""
        try:
            today = self.ledger.balance()
            return self.ledger.books(), round(today.day_spent + today.day_reserved, 6), []
        except OSError as error:
            return {}, 0.0, [f"what was spent cannot be read: {error}"]

    def _read_all(self) -> tuple[list[Manifest], list[str]]:
        """Every book, newest last, and what is wrong with those that cannot be read."""
        books, problems = [], []
        for book in self.library.books():
            try:
                books.append(self.library.read(book))
            except ManifestCorrupt as error:
                problems.append(str(error))
            except NoSuchBook:
                continue
        again = "`imaginizectl add {}` has the book done again; then remove that folder"
        problems += [f"{path.parent} has lost its manifest: {again.format(path)}" for path in self.library.orphans()]
        return sorted(books, key=lambda manifest: (manifest.created_at, manifest.book_id)), problems

    def _find(self, name: str, books: list[Manifest]) -> Manifest:
        found = find_book(name, {manifest.book_id: manifest.book_title for manifest in books})
        if len(found) != 1 or not name:
            many = f"{name!r} may be {', '.join(found)}" if len(found) > 1 else f"no book {name!r} in the library"
            raise ControlError(f"{many}; `imaginizectl status` lists them", exit_code=ExitCode.NO_SUCH_BOOK)
        return next(manifest for manifest in books if manifest.book_id == found[0])


def _chapters(parameters: Mapping[str, object]) -> tuple[int, ...]:
    """The chapters that are meant; none for all."""
    return cast(tuple[int, ...], parameters.get("chapters", ()))


def _changed(before: Manifest, after: Manifest) -> list[int]:
    """The chapters whose status is another now."""
    return sorted(
        n for n, entry in after.chapters.items() if n in before.chapters and entry.status != before.chapters[n].status
    )
