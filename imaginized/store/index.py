"""Which books are open, in a small SQLite database that all processes share. Its only door.

It saves time and nothing else: the manifests are the truth. A book that is wrongly listed as open costs a look at it;
one that is wrongly closed is found by its seal, at the next round of `sweep`. A file that is lost is made anew.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from imaginized.errors import ImaginizedError
from imaginized.queue.manifest import Manifest
from imaginized.queue.phases import UNWELL
from imaginized.queue.plan import phase
from imaginized.store.eventlog import Extent
from imaginized.store.recollection import Recollection
from imaginized.version import VERSION

INDEX = ".imaginized.index"
FORMAT = 1
SIBLINGS = ("-journal", "-wal", "-shm")
BUSY_SECONDS = 0.25
PAGE = 256
BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
DAMAGED = frozenset((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR))

# Another version may call another book open: what it has closed, this one looks at again.
MADE_BY = f"{VERSION}/{FORMAT}"

_TABLES = """
CREATE TABLE books (
  book BLOB PRIMARY KEY, open INTEGER NOT NULL, reading INTEGER NOT NULL DEFAULT 0, turn INTEGER NOT NULL DEFAULT 0,
  seal INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, phase TEXT NOT NULL DEFAULT '',
  unwell INTEGER NOT NULL DEFAULT 0, words TEXT NOT NULL DEFAULT '',
  events INTEGER NOT NULL DEFAULT 0, log INTEGER, noted INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX oldest ON books (open, created, book);
CREATE INDEX phases ON books (open, phase, created, book);
CREATE INDEX shown ON books (open, unwell, created, book);
CREATE INDEX noted ON books (noted);
CREATE INDEX reading ON books (reading) WHERE reading;
CREATE TABLE state (made_by TEXT NOT NULL, made_at REAL NOT NULL, whole INTEGER NOT NULL, turn INTEGER NOT NULL,
  gone INTEGER NOT NULL);
"""


class IndexUnusable(ImaginizedError):
    """The index is not there, damaged or busy: look at the books themselves."""


class IndexBusy(IndexUnusable):
    """Somebody else has it just now."""


class Known(NamedTuple):
    """What the index has of a book.

    Attributes:
        is_open: Whether it is listed as open: 1 or 0.
        seal: Of a closed one, the state of its manifest's file when that was read.
        turn: Grows each time the book is opened: what was decided in an earlier turn is void.
    """

    is_open: int
    seal: int
    turn: int


class Mark(NamedTuple):
    """Up to where somebody knows the index: which one, how many books were gone by then, and its turn."""

    made_at: float
    gone: int
    turn: int


BEGINNING = Mark(0.0, -1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A book that was opened or closed.

    Attributes:
        log: Of a closed one, up to where its log of events is true.
    """

    book: str
    is_open: bool
    created_at: datetime
    log: Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the index is to have of a book.

    Attributes:
        book: Its id.
        created_at: When it came in; the oldest is first.
        is_open: Whether it is to be looked at.
        seal: As in `Known`; 0 for an open one.
        phase: Of a closed one.
        is_unwell: Whether a person should look at it.
        words: What a person may look for it by, in lower case.
        log: Up to where its log of events is true.
        turn: The turn in which this was decided; None where the book's lock is held, or it is to be opened.
    """

    book: str
    created_at: datetime
    is_open: bool
    seal: int = 0
    phase: str = ""
    is_unwell: bool = False
    words: str = ""
    log: Extent = field(default_factory=Extent)
    turn: int | None = None


def seal_of(status: os.stat_result) -> int:
    """By what a file's state is known again. The time of its last change of any kind cannot be set by a program."""
    # Hashes of whole numbers are the same in every process, other than those of texts.
    return hash((status.st_ino, status.st_mtime_ns, status.st_size, status.st_ctime_ns)) or 1


def card_of(manifest: Manifest, *, book: str, seal: int = 0, turn: int | None = None) -> Card:
    """What the index is to have of a book: of a closed one with its seal, else that it is open."""
    stands = phase(manifest)
    return Card(
        book=book,
        created_at=manifest.created_at,
        is_open=not seal,
        seal=seal,
        phase=str(stands),
        is_unwell=stands in UNWELL,
        words=(manifest.book_title or manifest.original_name).casefold(),
        log=Extent(count=manifest.event_count, size=manifest.event_bytes),
        turn=turn,
    )


def unread_card(book: str, status: os.stat_result) -> Card:
    """Likewise, of one whose manifest cannot be read."""
    return Card(book=book, created_at=datetime.fromtimestamp(status.st_mtime, UTC), is_open=True)


_Seen = tuple[int, int, int] | None


class Index:
    """The books of a library by what they need. Holds no descriptor and no lock between calls.

    Marks fail silently: what they would say is found by the next round at the latest.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Use the database `path`; only `begin` makes it."""
        self._path = path
        self._busy_seconds = busy_seconds
        self._phases: tuple[int, float, dict[str, int]] = (-1, 0.0, {})
        self._is_damaged = False
        self._begun: _Seen = None
        self._recollection = Recollection(path)  # to ask takes fifty times as long as to see that nothing was written

    def begin(self) -> None:
        """Make an empty one where there is none that can be used.

        Raises:
            OSError: It cannot be made here.
            IndexUnusable: Likewise.
        """
        seen = self._seen()  # before it is asked: what is written meanwhile is asked about the next time
        if seen is not None and seen == self._begun and not self._is_damaged:
            return  # called every second, for ever
        try:
            with self._reading() as database:
                is_ours = database.execute("SELECT made_by FROM state").fetchall() == [(MADE_BY,)]
            if is_ours and not self._is_damaged:
                self._begun = seen
                return
        except IndexBusy:
            return  # it is there: made anew, it would lose what others note in it just now
        except IndexUnusable:
            pass
        self._remove()
        self._is_damaged = False
        with self._connected(mode="rwc") as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("PRAGMA user_version = 1")
            for statement in filter(str.strip, _TABLES.split(";")):
                database.execute(statement)
            database.execute("INSERT INTO state VALUES (?, julianday('now'), 0, 0, 0)", (MADE_BY,))
            database.execute("COMMIT")

    def _remove(self) -> None:
        # First what SQLite would play back into a new database of that name.
        for suffix in (*SIBLINGS, ""):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @property
    def is_there(self) -> bool:
        """Whether there is a file; what is in it is another matter."""
        return self._path.exists()

    def is_whole(self) -> bool:
        """Whether every book of the library was looked at since it was made.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        return self._recollection.recall("whole", self._is_whole)

    def _is_whole(self) -> bool:
        with self._reading() as database:
            return bool(database.execute("SELECT whole FROM state").fetchone()[0])

    def _seen(self) -> _Seen:
        """By what a change of the file is noticed; None where there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def note_whole(self) -> None:
        """Every book was looked at."""
        with suppress(IndexUnusable), self._writing() as database:
            database.execute("UPDATE state SET whole = 1 WHERE whole = 0")

    def note_reading(self, book: str, *, is_read: bool = True) -> None:
        """Somebody reads the original of this book, or nobody does any more."""
        with suppress(IndexUnusable), self._writing() as database:
            database.execute("UPDATE books SET reading = ? WHERE book = ?", (is_read, _key(book)))

    def forget(self, books: Iterable[str]) -> None:
        """These are no books any more."""
        books = list(books)
        if not books:
            return  # as after most slices of the sweep: even an empty transaction takes the file's lock
        with suppress(IndexUnusable), self._writing() as database:
            for book in books:
                if database.execute("DELETE FROM books WHERE book = ?", (_key(book),)).rowcount:
                    database.execute("UPDATE state SET gone = gone + 1")
                    _count(database)

    def put(self, cards: Sequence[Card]) -> bool:
        """Note what was found out about these books, unless they were opened meanwhile; whether it could be."""
        if not cards:
            return True
        with suppress(IndexUnusable), self._writing() as database:
            for card in cards:
                _open(database, card) if card.is_open else _close(database, card)
            return True
        return False

    def between(self, after: bytes, last: bytes | None) -> dict[bytes, Known]:
        """What is known of the books whose names, as bytes, come after one and up to another; None for all the rest.

        By those names: fifty thousand of them are asked for in a round.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        keys = [after, *([] if last is None else [last])]
        query = "SELECT book, open, seal, turn FROM books WHERE book > ?" + ("" if last is None else " AND book <= ?")
        with self._reading() as database:
            return {row[0]: Known._make(row[1:]) for row in database.execute(query, keys)}

    def known(self, book: str) -> Known | None:
        """What is known of one book.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        with self._reading() as database:
            row = database.execute("SELECT open, seal, turn FROM books WHERE book = ?", (_key(book),)).fetchone()
        return row and Known._make(row)

    def open_books(self) -> Iterator[str]:
        """The books that are to be looked at, the oldest first; read by pages, for whoever takes the first that suits.

        Raises:
            IndexUnusable: It cannot be asked; in the middle, too.
        """
        rows = self._recollection.recall("open", partial(self._open_after, -(1 << 62), b""))
        while True:
            yield from (_name(key) for _, key in rows)
            if len(rows) < PAGE:
                return
            rows = self._open_after(*rows[-1])

    def _open_after(self, created: int, book: bytes) -> list[tuple[int, bytes]]:
        query = (
            "SELECT created, book FROM books WHERE open = 1 AND (created, book) > (?, ?) ORDER BY created, book LIMIT ?"
        )
        with self._reading() as database:
            return database.execute(query, (created, book, PAGE)).fetchall()

    def being_read(self) -> list[str]:
        """The books whose original somebody reads, or did when he was killed.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        return [*self._recollection.recall("reading", self._being_read)]

    def _being_read(self) -> list[str]:
        with self._reading() as database:
            return [_name(key) for (key,) in database.execute("SELECT book FROM books WHERE reading").fetchall()]

    def turn(self) -> int:
        """Another number each time a book was opened or closed.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        with self._reading() as database:
            return int(database.execute("SELECT turn FROM state").fetchone()[0])

    def noted_since(self, mark: Mark) -> tuple[Mark, list[Noted] | None]:
        """The books that were opened or closed since, and the mark of now; None where books are gone: ask for all.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        query = "SELECT book, open, created, events, log FROM books WHERE noted > ?"
        with self._reading() as database:
            now = Mark._make(database.execute("SELECT made_at, gone, turn FROM state").fetchone())
            if now == mark:
                return now, []
            if mark != BEGINNING and mark[:2] != now[:2]:
                return now, None
            rows = database.execute(query, (mark.turn,)).fetchall()
        return now, [
            Noted(
                book=_name(book),
                is_open=bool(is_open),
                created_at=_EPOCH + timedelta(microseconds=created),
                log=Extent(count=count, size=size),
            )
            for book, is_open, created, count, size in rows
        ]

    def closed_phases(self) -> dict[str, int]:
        """How many closed books are in each phase.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        return self._recollection.recall("phases", self._closed_phases)

    def _closed_phases(self) -> dict[str, int]:
        query = "SELECT phase, count(*) FROM books WHERE open = 0 GROUP BY phase"
        with self._reading() as database:
            turn, made_at = database.execute("SELECT turn, made_at FROM state").fetchone()
            if self._phases[:2] != (turn, made_at):  # to count fifty thousand takes longer than all else
                self._phases = (turn, made_at, dict(database.execute(query).fetchall()))
        return self._phases[2]

    def closed_books(self, phases: Iterable[str] | None, *, skip: int = 0, most: int = -1) -> list[str]:
        """Closed books, those first that a person should look at, then the newest.

        Args:
            phases: Only in these; None for all.
            skip: How many of them to leave out.
            most: How many to return at most; -1 for all that are left.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        wanted = None if phases is None else tuple(sorted(phases))
        if most < 0:
            return self._closed_books(wanted, skip=skip, most=most)  # too many, perhaps, to keep them
        ask = partial(self._closed_books, wanted, skip=skip, most=most)
        return [*self._recollection.recall("closed", ask, about=(wanted, skip, most))]

    def _closed_books(self, wanted: tuple[str, ...] | None, *, skip: int, most: int) -> list[str]:
        among = "" if wanted is None else f"AND phase IN ({', '.join('?' * len(wanted))})"
        order = "ORDER BY unwell DESC, created DESC, book DESC LIMIT ? OFFSET ?"
        query = f"SELECT book FROM books WHERE open = 0 {among} {order}"
        with self._reading() as database:
            rows = database.execute(query, (*(wanted or ()), most, skip)).fetchall()
        return [_name(key) for (key,) in rows]

    def closed_named(self, words: str, *, most: int) -> list[str]:
        """Closed books whose id begins with these words; if none does, those with them in id or title, by id.

        Raises:
            IndexUnusable: It cannot be asked.
        """
        key = _key(words)
        query = "SELECT book FROM books WHERE open = 0 AND {} ORDER BY book LIMIT ?"
        begins, has = "book >= ? AND substr(book, 1, length(?)) = ?", "(instr(words, ?) OR instr(book, ?))"
        with self._reading() as database:
            rows = database.execute(query.format(begins), (key, key, key, most)).fetchall()
            rows = rows or database.execute(query.format(has), (_text(words), key, most)).fetchall()
        return [_name(book) for (book,) in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._connected(mode="rw") as database:
            yield database

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: an error inside changes nothing."""
        with self._connected(mode="rw") as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")

    @contextmanager
    def _connected(self, *, mode: str) -> Iterator[sqlite3.Connection]:
        # Opened for each look (0.1 ms): nothing is carried over a fork, and a file made anew is found at once. "rw",
        # for to connect to a file that is not there would make an empty one.
        uri = f"{self._path.absolute().as_uri()}?mode={mode}"
        try:
            with closing(sqlite3.connect(uri, uri=True, timeout=self._busy_seconds, isolation_level=None)) as database:
                # What a power cut can lose here, the next round finds.
                database.execute("PRAGMA synchronous = OFF")
                # Neither made nor removed each time: the library's folder shows books that come and go by its mtime.
                database.execute("PRAGMA journal_mode = PERSIST")
                yield database
        except sqlite3.Error as error:
            # Of a part that `begin` does not read, too: whoever called found it.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            self._is_damaged = self._is_damaged or code in DAMAGED
            raise (IndexBusy if code in BUSY else IndexUnusable)(
                f"the index of open books cannot be used: {error}"
            ) from error


# The turn that a change makes.
_NOW = "(SELECT turn + 1 FROM state)"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _open(database: sqlite3.Connection, card: Card) -> None:
    query = f"""INSERT INTO books (book, open, created, words, noted) VALUES (?, 1, ?, ?, {_NOW})
        ON CONFLICT (book) DO UPDATE SET open = 1, seal = 0, turn = turn + 1, noted = {_NOW} WHERE open = 0"""
    if database.execute(query, (_key(card.book), _moment(card.created_at), _text(card.words))).rowcount:
        _count(database)


def _close(database: sqlite3.Connection, card: Card) -> None:
    # Decided without the book's lock, it is for a book only that is not listed, or closed and not opened since.
    guard = "" if card.turn is None else "WHERE open = 0 AND turn = ?9"
    query = f"""INSERT INTO books (book, open, seal, created, phase, unwell, words, events, log, noted)
        VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, {_NOW}) ON CONFLICT (book) DO UPDATE SET open = 0, reading = 0,
        seal = ?2, created = ?3, phase = ?4, unwell = ?5, words = ?6, events = ?7, log = ?8, noted = {_NOW} {guard}"""
    what = (_key(card.book), card.seal, _moment(card.created_at), card.phase, card.is_unwell, _text(card.words))
    guarded = [] if card.turn is None else [card.turn]
    if database.execute(query, (*what, card.log.count, card.log.size, *guarded)).rowcount:
        _count(database)


def _count(database: sqlite3.Connection) -> None:
    database.execute("UPDATE state SET turn = turn + 1")


def _key(book: str) -> bytes:
    return os.fsencode(book)  # a folder may be named by any bytes


def _name(key: bytes) -> str:
    return os.fsdecode(key)


def _text(text: str) -> str:
    """As it can be kept: half of a character cannot."""
    return text.encode(errors="replace").decode()


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)  # to the last one: floats would not bring it back
