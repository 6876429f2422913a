"""What clients can ask of the daemon, by name."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from imaginized.book.manifest import Manifest
from imaginized.book.transitions import retry
from imaginized.clock import Clock
from imaginized.daemon.channel import Message
from imaginized.daemon.control import Method
from imaginized.daemon.launcher import INTAKE
from imaginized.daemon.pool import Pool
from imaginized.daemon.report import Report, book_detail, book_summary, envelope, find_book, inbox_report, worker_rows
from imaginized.errors import ControlError, ExitCode, LibraryBusy, ManifestCorrupt, Rejected
from imaginized.logs import get_log
from imaginized.settings import Settings
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.room import shortage

LOCK_POLL_SECONDS = 0.02
LOCK_TRIES = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """The calls and what they need of the supervisor, which hands in functions instead of itself."""

    library: Library
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
            "scan": Method(answer=self._scan, changes=True),
            "drain": Method(answer=self._drain, changes=True),
        }

    async def _status(self, parameters: Mapping[str, object]) -> Report:
        books, problems = self._read_all()
        wanted = parameters.get("book")
        root = self.settings.paths.library
        if wanted is not None:
            manifest = self._find(str(wanted), books)
            return envelope("book", **book_detail(manifest, root=root))
        now = self.clock.monotonic()
        return envelope(
            "status",
            state="draining" if self.is_draining() else "running",
            paths={"inbox": str(self.settings.paths.inbox), "library": str(root)},
            workers=worker_rows(self.pool(), now=now),
            paused=self._pauses(),
            breaker="open" if self.pool().is_broken(now) else "closed",
            inbox=inbox_report(self.inbox()),
            books=[book_summary(manifest, root=root) for manifest in books],
            problems=problems,
        )

    def _pauses(self) -> dict[str, str]:
        """What holds the work up, by its cause."""
        root, limit = self.settings.paths.library, self.settings.disk.min_free_bytes
        reason = shortage(root, min_free_bytes=limit)
        return {"disk": reason} if reason else {}

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
