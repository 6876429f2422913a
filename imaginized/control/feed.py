"""What each book's log holds now: one look through the library for all who listen, however many they are."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from imaginized.control.cursor import Key, key_of
from imaginized.control.turns import Turn
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.logs.log import get_log
from imaginized.store.eventlog import Extent
from imaginized.store.eventwalk import whole_log
from imaginized.store.index import BEGINNING, IndexUnusable
from imaginized.store.library import Library, NoSuchBook

LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """Where the log of a book ends.

    Attributes:
        book: Its id.
        manifest: Its file, which is there while it is a book.
        log: The file of its events.
        extent: How much of that is true.
    """

    book: str
    manifest: Path
    log: Path
    extent: Extent


class Feed:
    """Looks through the library again and again for as long as somebody listens."""

    def __init__(self, library: Library) -> None:
        """Look at nothing yet."""
        self._library = library
        self.tips: Mapping[Key, Tip] = {}
        self._by_book: dict[str, tuple[Key, Tip]] = {}
        self._rest: dict[str, tuple[Key, Tip]] = {}  # of closed books, as the index had them at
        self._mark = BEGINNING
        self.has_unread = False  # books are there of which it is not known which way is theirs
        self._alone = asyncio.Lock()
        self._begun = 0
        self._looked = asyncio.Event()
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None

    def join(self) -> None:
        """Somebody listens."""
        self._listeners += 1
        if self._task is None:
            self._task = asyncio.create_task(self._look_on())

    def leave(self) -> None:
        """Somebody listens no more."""
        self._listeners -= 1
        if not self._listeners and self._task is not None:
            self._task.cancel()
            self._task = None

    async def next_look(self) -> None:
        """Wait until the library was looked at again."""
        await self._looked.wait()

    async def look(self) -> None:
        """Look now; a look that began since the call and has ended will do.

        Raises:
            OSError: The library cannot be listed; what was known stays.
        """
        before = self._begun
        # One at a time: an earlier look that ended later would show logs shorter than somebody has read.
        async with self._alone:
            if self._begun == before:
                self._begun += 1
                await self._look()

    async def _look_on(self) -> None:
        trouble = ""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before, trouble = trouble, ""
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the boundary: all streams stand on this loop
                trouble = f"the library cannot be watched for changes: {error!r}"
            if trouble and trouble != before:
                get_log().error("error_caught", reason=trouble)
            self._looked.set()
            self._looked = asyncio.Event()

    async def _look(self) -> None:
        found, books = self._closed()
        unread = await self._read(books, into=found)
        if found != self._by_book:
            # The index may not have a book that is there: it is new, or it was busy when it should have noted it.
            unread += await self._read([book for book in self._by_book if book not in found], into=found)
            self._by_book, self.tips = found, dict(found.values())
        self.has_unread = unread > 0

    async def _read(self, books: Iterable[str], *, into: dict[str, tuple[Key, Tip]]) -> int:
        """Look at these books; returns how many are there, but cannot be read and never were."""
        turn, unread = Turn(), 0
        for book in books:
            with suppress(NoSuchBook):
                try:
                    manifest = self._library.read(book)
                    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
                    into[book] = self._tip(book, manifest.created_at, extent)
                except (ManifestCorrupt, LibraryBusy):
                    # It is a book still, and goes on where it was once somebody has mended it.
                    if book in self._by_book:
                        into[book] = self._by_book[book]
                    else:
                        unread += 1
            await turn.pass_on()
        return unread

    def _closed(self) -> tuple[dict[str, tuple[Key, Tip]], list[str]]:
        """The logs of the books that are closed, where nothing happens, and the books that are to be looked at."""
        index, is_anew = self._library.index, self._mark == BEGINNING
        try:
            # First those that are open: what is closed after this is in both, what is opened is among what was noted.
            opened = list(index.open_books())
            self._mark, noted = index.noted_since(self._mark)
            if noted is None:
                self._rest, is_anew = {}, True
                self._mark, noted = index.noted_since(BEGINNING)
        except IndexUnusable:
            self._mark, self._rest = BEGINNING, {}
            return {}, self._library.books()
        for one in noted or []:
            if one.is_open:
                self._rest.pop(one.book, None)
                opened.append(one.book)
            else:
                self._rest[one.book] = self._tip(one.book, one.created_at, one.log)
        if is_anew:  # whose index it is, and whether it is whole yet, nobody knows: the folder says what is there
            listed = {*self._rest, *opened}
            opened += [book for book in self._library.folders() if book not in listed]
        return dict(self._rest), opened

    def _tip(self, book: str, created_at: datetime, extent: Extent) -> tuple[Key, Tip]:
        files, known = self._library.files(book), self._by_book.get(book)
        if extent.size is None:
            extent = whole_log(files.events)
        key = key_of(book, created_at)
        if known is not None and (known[0], known[1].extent) == (key, extent):
            return known
        return key, Tip(book=book, manifest=files.manifest, log=files.events, extent=extent)
