"""What clients can ask of the daemon, by name."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from imaginized.book.manifest import Manifest
from imaginized.book.transitions import approve, retry
from imaginized.clock import Clock
from imaginized.daemon.channel import Message
from imaginized.daemon.control import Method
from imaginized.daemon.launcher import INTAKE
from imaginized.daemon.pool import Pool
from imaginized.daemon.report import Report, book_detail, book_summary, envelope, find_book, inbox_report, worker_rows
from imaginized.errors import ControlError, ExitCode, LibraryBusy, ManifestCorrupt, Rejected
from imaginized.logs import get_log
from imaginized.settings import Settings
from imaginized.store.ledger import Ledger
from imaginized.store.library import Library, NoSuchBook

LOCK_POLL_SECONDS = 0.02
LOCK_TRIES = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """The calls and what they need of the supervisor, which hands in functions instead of itself."""

    library: Library
    ledger: Ledger
    settings: Settings
    clock: Clock
    pool: Callable[[], Pool]
    inbox: Callable[[], Message]
    is_draining: Callable[[], bool]
    drain: Callable[[], None]
    wake: Callable[[], None]
    order: Callable[[str, str], None]

    def table(self) -> Mapping[str, Method]:
        """Every call by its name."""
        return {
            "status": Method(answer=self._status),
            "retry": Method(answer=self._retry, changes=True),
            "approve": Method(answer=self._approve, changes=True),
            "scan": Method(answer=self._scan, changes=True),
            "drain": Method(answer=self._drain, changes=True),
        }

    async def _status(self, parameters: Mapping[str, object]) -> Report:
        books, problems = self._read_all()
        wanted = parameters.get("book")
        root = self.settings.paths.library
        spent, today, unread = self._spending()
        if wanted is not None:
            manifest = self._find(str(wanted), books)
            usd = spent.get(manifest.book_id, 0.0)
            return envelope("book", **book_detail(manifest, root=root, spent_usd=usd))
        now = self.clock.monotonic()
        return envelope(
            "status",
            state="draining" if self.is_draining() else "running",
            paths={"inbox": str(self.settings.paths.inbox), "library": str(root)},
            workers=worker_rows(self.pool(), now=now),
            breaker="open" if self.pool().is_broken(now) else "closed",
            inbox=inbox_report(self.inbox()),
            books=[book_summary(manifest, root=root, spent_usd=spent.get(manifest.book_id, 0.0)) for manifest in books],
            budget={"spent_today_usd": today, "max_usd_per_day": self.settings.budget.max_usd_per_day},
            problems=[*problems, *unread],
        )

    async def _retry(self, parameters: Mapping[str, object]) -> Report:
        chapters = parameters.get("chapters", [])
        if not isinstance(chapters, list) or not all(isinstance(number, int) for number in chapters):
            raise TypeError("chapters must be a list of chapter numbers")
        book = self._find(str(parameters["book"]) if "book" in parameters else "", self._read_all()[0]).book_id
        before = self.library.read(book)
        after = await self._update(book, partial(retry, chapters=tuple(chapters)))
        if after is before or after == before:
            raise ControlError(
                f"{book}: nothing has failed, so there is nothing to retry", exit_code=ExitCode.NOTHING_TO_DO
            )
        reopened = [n for n, entry in after.chapters.items() if entry.status != before.chapters[n].status]
        get_log().info("chapter_retried", book=book, chapters=reopened)
        self.wake()
        return envelope("retry", book=book, chapters=reopened)

    async def _approve(self, parameters: Mapping[str, object]) -> Report:
        found = self._find(str(parameters["book"]) if "book" in parameters else "", self._read_all()[0])
        book = found.book_id
        if found.hold is None:
            raise ControlError(f"{book} is not held, so there is nothing to approve", exit_code=ExitCode.NOTHING_TO_DO)
        after = await self._update(book, approve)
        allowed = after.approval.usd if after.approval else 0.0
        may_cost = max(allowed, self.settings.budget.max_usd_per_book)
        get_log().info("book_approved", book=book, may_cost_usd=may_cost)
        self.wake()
        any_price = after.approval is not None and after.approval.any_price
        return envelope("approve", book=book, may_cost_usd=may_cost, any_price=any_price)

    async def _scan(self, _parameters: Mapping[str, object]) -> Report:
        self.order(INTAKE, "scan")
        return envelope("scan", inbox=str(self.settings.paths.inbox))

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
        return sorted(books, key=lambda manifest: (manifest.created_at, manifest.book_id)), problems

    def _find(self, name: str, books: list[Manifest]) -> Manifest:
        found = find_book(name, {manifest.book_id: manifest.book_title for manifest in books})
        if len(found) != 1 or not name:
            many = f"{name!r} may be {', '.join(found)}" if len(found) > 1 else f"no book {name!r} in the library"
            raise ControlError(f"{many}; `imaginizectl status` lists them", exit_code=ExitCode.NO_SUCH_BOOK)
        return next(manifest for manifest in books if manifest.book_id == found[0])
