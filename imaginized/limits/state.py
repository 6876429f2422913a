"""Where the limits are kept: one state a key in a small SQLite database that all processes share. Its only door."""

import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TypeVar

from imaginized.clock import Clock
from imaginized.errors import Retryable
from imaginized.limits.outages import Outage
from imaginized.limits.rules import Moment, Permit, State, Ticket
from imaginized.logs.log import get_log

VERSION = 3
OLDER = 2  # it kept permits and tickets in the state's own row
TABLES = {
    "limits": "key TEXT PRIMARY KEY, state TEXT NOT NULL",
    "waiting": "key TEXT PRIMARY KEY, tickets TEXT NOT NULL",
    "permits": "key TEXT, owner TEXT, since REAL, tokens INTEGER, id TEXT, PRIMARY KEY (key, owner)",
}
CORE = tuple(row.name for row in fields(State) if row.name not in ("permits", "tickets"))
TICKET = tuple(row.name for row in fields(Ticket))
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
    """States by key. Holds no lock between calls, and no descriptor unless it is told to.

    A power cut can cost what is remembered, at worst the day's count; the death of a process costs nothing.
    """

    def __init__(self, path: Path, *, clock: Clock, boot: str, busy_seconds: float, keeps_open: bool = False) -> None:
        """Use the database `path`, which is made when it is first needed.

        Args:
            path: The database.
            clock: The machine's.
            boot: This machine's boot id: monotonic times of another boot mean nothing.
            busy_seconds: How long to wait for another process to finish its look into the database.
            keeps_open: Whether this process writes it for all others, and will not fork.
        """
        self._keeps_open = keeps_open
        self._kept: sqlite3.Connection | None = None
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
            keys = [str(key) for (key,) in database.execute("SELECT key FROM limits ORDER BY key").fetchall()]
            return {key: _read(database, key) for key in keys}

    def save(self, before: Mapping[str, State], after: Mapping[str, State]) -> None:
        """Write what differs, in one transaction, for who alone keeps these states; all of it where the file is new.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be written.
        """
        try:
            self._save(before, after)
            return
        except _Moved:
            self.close()
        except _Damaged:
            self._set_aside()
        try:
            self._save({}, after)
        except (_Moved, _Damaged) as error:
            raise OSError(errno.EIO, f"the limits cannot be kept: {error}", str(self._path)) from error

    def _save(self, before: Mapping[str, State], after: Mapping[str, State]) -> None:
        with self._transaction() as database:
            if not before:
                for name in TABLES:
                    database.execute(f"DELETE FROM {name}")
            for key, state in after.items():
                if (known := before.get(key)) is not state:
                    _write(database, key, before=known, after=state)

    def close(self) -> None:
        """Close the database that was kept open."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

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
            before = _read(database, key)
            # Only here, with all others shut out: read before, it could be earlier than what another one has written.
            after, result = change(before, self.moment())
            if after is not before:
                _write(database, key, before=before, after=after)
        return result

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, for this process alone; an error inside changes nothing."""
        with _translated(self._path), self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            _check_version(database)
            yield database
            database.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self._keeps_open:
            with closing(self._connected()) as database:  # closed without a commit, it rolls back
                yield database
            return
        if self._kept is None:
            self._kept = self._connected()
            # The journal is emptied, not removed and made anew: half of what a transaction takes.
            self._kept.execute("PRAGMA journal_mode = TRUNCATE")
        try:
            yield self._kept
        except BaseException:
            self.close()  # it rolls back
            raise

    def _connected(self) -> sqlite3.Connection:
        # Opened for each transaction (0.4 ms): nothing is carried over a fork, and no descriptor outlives a set-aside.
        database = sqlite3.connect(self._path, timeout=self._busy_seconds, isolation_level=None)
        # A sync would make the others wait for the disk; what a power cut can cost here is said above.
        database.execute("PRAGMA synchronous = OFF")
        return database

    def _set_aside(self) -> None:
        """Rename what cannot be used, once, whoever comes first; the next transaction starts anew."""
        self.close()
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
                for (key,) in database.execute("SELECT key FROM limits").fetchall():
                    _read(database, str(key))
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
    """Make the tables in a new database, and those that are missing in an older one.

    Raises:
        _Damaged: It is of another version, or of another program.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version != OLDER and (version or tables):
        raise _Damaged(f"version {version} instead of {VERSION}")
    for name, columns in TABLES.items():
        database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) WITHOUT ROWID")
    for key, text in database.execute("SELECT key, state FROM limits").fetchall():
        _write(database, str(key), before=None, after=_decoded(text))
    database.execute(f"PRAGMA user_version = {VERSION}")


def _read(database: sqlite3.Connection, key: str) -> State:
    row = database.execute("SELECT state FROM limits WHERE key = ?", (key,)).fetchone()
    if row is None:
        return State()
    state = _decoded(row[0])
    permits = database.execute("SELECT owner, since, tokens, id FROM permits WHERE key = ? ORDER BY since", (key,))
    found = tuple(Permit(owner=owner, since=since, tokens=tokens, id=id) for owner, since, tokens, id in permits)
    waiting = database.execute("SELECT tickets FROM waiting WHERE key = ?", (key,)).fetchone()
    return replace(state, permits=found, tickets=_tickets(waiting[0]) if waiting else ())


def _write(database: sqlite3.Connection, key: str, *, before: State | None, after: State) -> None:
    """Write what differs: a thousand requests under way are not written anew for each of them."""
    if before is None or _core(before) != _core(after):
        core = json.dumps(_encoded(after), separators=(",", ":"))
        database.execute("INSERT OR REPLACE INTO limits VALUES (?, ?)", (key, core))
    known = before or State()
    if known.tickets is not after.tickets:
        rows = [[getattr(ticket, name) for name in TICKET] for ticket in after.tickets]
        text = json.dumps(rows, separators=(",", ":"))
        database.execute("INSERT OR REPLACE INTO waiting VALUES (?, ?)", (key, text))
    if known.permits is not after.permits:
        _write_permits(database, key, before=known.permits, after=after.permits)


def _write_permits(
    database: sqlite3.Connection, key: str, *, before: tuple[Permit, ...], after: tuple[Permit, ...]
) -> None:
    # A permit is the same object as long as it is held: to compare thousands by what is in them would take longer.
    old, new = set(map(id, before)), set(map(id, after))
    gone = [(key, permit.owner) for permit in before if id(permit) not in new] if old - new else []
    come = [permit for permit in after if id(permit) not in old] if new - old else []
    rows = [(key, permit.owner, permit.since, permit.tokens, permit.id) for permit in come]
    if gone:
        database.executemany("DELETE FROM permits WHERE key = ? AND owner = ?", gone)
    if rows:
        database.executemany("INSERT OR REPLACE INTO permits VALUES (?, ?, ?, ?, ?)", rows)


def _core(state: State) -> tuple[object, ...]:
    return tuple(getattr(state, name) for name in CORE)


def _encoded(state: State) -> dict[str, object]:
    row = {name: getattr(state, name) for name in CORE}
    # What the older version had in the row stands in tables of its own.
    return {**row, "outage": asdict(state.outage) if state.outage else None, "tickets": (), "permits": ()}


def _tickets(text: str) -> tuple[Ticket, ...]:
    try:
        return tuple(Ticket(**dict(zip(TICKET, row, strict=True))) for row in json.loads(text))
    except (ValueError, TypeError) as error:
        raise _Damaged(f"tickets do not parse: {error}") from error


_FIELDS = frozenset(field.name for field in fields(State))


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
        row["sent"] = tuple(map(float, row.get("sent", ())))  # an older version wrote none
        row["spaced"] = tuple((str(name), float(due)) for name, due in row["spaced"])
        row["days"] = tuple((str(day), int(count)) for day, count in row["days"])
        outage = row.pop("outage", None)  # an older version wrote none
        if outage is not None:
            outage = Outage(**{**outage, "abouts": tuple(map(str, outage["abouts"]))})
        return State(**{name: value for name, value in row.items() if name in _FIELDS}, outage=outage)  # or a newer one
    except (ValueError, TypeError, KeyError) as error:
        raise _Damaged(f"a state does not parse: {error}") from error
