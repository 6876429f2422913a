"""Where the limits are kept: one state a key in a small SQLite database that all processes share. Its only door."""

import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from imaginized.clock import Clock
from imaginized.errors import Retryable
from imaginized.limits.outages import Outage
from imaginized.limits.rules import Moment, Permit, State, Ticket
from imaginized.logs.log import get_log

VERSION = 2
SIBLINGS = ("-journal", "-wal", "-shm")

DAMAGED = frozenset((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR))
BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL))
ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}

_log = get_log()
T = TypeVar("T")


class _Damaged(Exception):
    """The database cannot be used; the message says why."""


class _Moved(Exception):
    """The file was set aside by another process while this one had it open."""


class LimitsFile:
    """States by key. Holds no descriptor and no lock between calls.

    A power cut can cost what is remembered, at worst the day's count; the death of a process costs nothing.
    """

    def __init__(self, path: Path, *, clock: Clock, boot: str, busy_seconds: float) -> None:
        """Use the database `path`, which is made when it is first needed.

        Args:
            path: The database.
            clock: The machine's.
            boot: This machine's boot id: monotonic times of another boot mean nothing.
            busy_seconds: How long to wait for another process to finish its look into the database.
        """
        self._path = path
        self._clock = clock
        self._boot = boot
        self._busy_seconds = busy_seconds

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept."""
        return self._path.exists()

    def moment(self) -> Moment:
        """Now."""
        return Moment(boot=self._boot, monotonic=self._clock.monotonic(), utc=self._clock.now())

    def all(self) -> dict[str, State]:
        """Every state by its key; a damaged database is set aside first. Makes no file.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be read.
        """
        for _ in range(2):
            if not self.is_there:
                return {}
            try:
                return self._read()
            except _Moved:
                continue
            except _Damaged:
                # Not left to the next update: none comes while the daemon is paused, and resume has to read.
                self._set_aside()
        return {}

    def _read(self) -> dict[str, State]:
        with self._transaction() as database:
            rows = database.execute("SELECT key, state FROM limits ORDER BY key").fetchall()
            return {str(key): _decoded(text) for key, text in rows}

    def update(self, key: str, change: Callable[[State, Moment], tuple[State, T]]) -> T:
        """Change one key's state in a transaction; a damaged database is set aside first.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be written.
        """
        for _ in range(2):
            try:
                return self._change(key, change)
            except _Moved:
                continue
            except _Damaged:
                self._set_aside()
        return self._change_once_more(key, change)

    def _change_once_more(self, key: str, change: Callable[[State, Moment], tuple[State, T]]) -> T:
        try:
            return self._change(key, change)
        except (_Moved, _Damaged) as error:
            raise OSError(errno.EIO, f"the limits cannot be kept: {error}", str(self._path)) from error

    def _change(self, key: str, change: Callable[[State, Moment], tuple[State, T]]) -> T:
        with self._transaction() as database:
            row = database.execute("SELECT state FROM limits WHERE key = ?", (key,)).fetchone()
            before = _decoded(row[0]) if row else State()
            # Only here, with all others shut out: read before, it could be earlier than what another one has written.
            after, result = change(before, self.moment())
            if after is not before:
                encoded = json.dumps(asdict(after), separators=(",", ":"))
                database.execute("INSERT OR REPLACE INTO limits VALUES (?, ?)", (key, encoded))
        return result

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, for this process alone; an error inside changes nothing."""
        with _translated(self._path), closing(self._connected()) as database:
            # Closed without a commit, it rolls back.
            database.execute("BEGIN IMMEDIATE")
            _check_version(database)
            yield database
            database.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        # Opened for each transaction (0.4 ms): nothing is carried over a fork, and no descriptor outlives a set-aside.
        database = sqlite3.connect(self._path, timeout=self._busy_seconds, isolation_level=None)
        # A sync would make the others wait for the disk; what a power cut can cost here is said above.
        database.execute("PRAGMA synchronous = OFF")
        return database

    def _set_aside(self) -> None:
        """Rename what cannot be used, once, whoever comes first; the next transaction starts anew."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if not self._is_still(fd) or (reason := self._damage()) is None:
                return
            stamp = self._clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
            aside = self._path.with_name(f"{self._path.name}.set-aside-{stamp}")
            # First what SQLite would play back into a new database of that name.
            for suffix in (*SIBLINGS, ""):
                source = self._path.with_name(self._path.name + suffix)
                if source.exists():
                    source.rename(aside.with_name(aside.name + suffix))
        finally:
            os.close(fd)
        _log.warning("limits_set_aside", path=str(aside), reason=reason)

    def _is_still(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self._path.stat())
        except FileNotFoundError:
            return False

    def _damage(self) -> str | None:
        """Why the database cannot be used; None when it can."""
        try:
            with self._transaction() as database:
                found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
                if found != "ok":
                    return str(found)
                for (row,) in database.execute("SELECT state FROM limits"):
                    _decoded(row)
        except _Damaged as error:
            return str(error)
        except _Moved:
            return None
        return None


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, by what happens next."""
    try:
        yield
    except sqlite3.Error as error:
        extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR)
        code = extended & 0xFF
        if extended == sqlite3.SQLITE_READONLY_DBMOVED:
            raise _Moved(str(error)) from error
        if code in DAMAGED:
            raise _Damaged(str(error)) from error
        if code in BUSY:
            raise Retryable(f"{path.name} is in use by another process: {error}", after_seconds=1.0) from error
        raise OSError(ERRNO.get(code, errno.EIO), f"the limits cannot be kept: {error}", str(path)) from error


def _check_version(database: sqlite3.Connection) -> None:
    """Make the table in a new database.

    Raises:
        _Damaged: It is of another version, or of another program.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version or tables:
        raise _Damaged(f"version {version} instead of {VERSION}")
    database.execute("CREATE TABLE limits (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID")
    database.execute(f"PRAGMA user_version = {VERSION}")


def _decoded(text: str) -> State:
    """The state that was written.

    Raises:
        _Damaged: It is none.
    """
    try:
        row = json.loads(text)
        row["tickets"] = tuple(Ticket(**ticket) for ticket in row["tickets"])
        row["permits"] = tuple(Permit(**permit) for permit in row["permits"])
        row["spent"] = tuple((float(start), int(count)) for start, count in row["spent"])
        row["spaced"] = tuple((str(name), float(due)) for name, due in row["spaced"])
        row["days"] = tuple((str(day), int(count)) for day, count in row["days"])
        outage = row.pop("outage", None)  # an older version wrote none
        if outage is not None:
            outage = Outage(**{**outage, "abouts": tuple(map(str, outage["abouts"]))})
        return State(**row, outage=outage)
    except (ValueError, TypeError, KeyError) as error:
        raise _Damaged(f"a state does not parse: {error}") from error
