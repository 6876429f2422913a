"""Reading the settings anew: what may change while the daemon runs, what takes a restart, and what was not read yet."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from imaginized.clock import Clock
from imaginized.control.rows import SettingsInForce
from imaginized.errors import SettingsError
from imaginized.providers.keys import Keys
from imaginized.settings.model import Paths, Settings

ERROR_SECONDS = 5.0  # an error may be of another file: of a key, prices or a prompt, which nobody watches
LARGEST_BYTES = 1 << 20  # of a settings file that is looked at while the loop waits

Change = Literal["in_force", "changed", "broken", "deleted", "needs_restart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where settings come from, and what outside of the supervisor follows them.

    Attributes:
        find: Names the file that `load` reads now; None where there is none.
        load: Reads and validates them all. Raises SettingsError.
        find_keys: Finds the keys of the endpoints that the settings name. Raises SettingsError.
        apply_logs: Sets this process's log up by them.
    """

    find: Callable[[], Path | None]
    load: Callable[[], Settings]
    find_keys: Callable[[Settings], Keys]
    apply_logs: Callable[[Settings], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is in a settings file.

    Attributes:
        digest: What tells it from any other content.
        refusal: Why it is not even looked at; "" where it is.
    """

    digest: str
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A settings file as it was when it was read.

    Attributes:
        file: Where it is; None where there was none.
        content: What tells its content from any other.
        at: When that was.
    """

    file: Path | None
    content: Content
    at: datetime

    @property
    def name(self) -> str:
        """Which file it was, for the log."""
        return str(self.file) if self.file else "defaults"

    @classmethod
    def of(cls, file: Path | None, *, at: datetime) -> "Reading":
        """Take it before the settings are loaded: what changes in between then shows as a change, never as none."""
        return cls(file=file, content=_content(file), at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a reload would find.

    Attributes:
        file: The file that it would read.
        errors: Why it would be refused, a line each.
    """

    change: Change
    file: Path | None
    errors: tuple[str, ...] = ()


class Watch:
    """Compares the settings in force with their file; parses what it has not seen before, and errors now and then."""

    def __init__(self, source: Source, reading: Reading, *, clock: Clock) -> None:
        """Begin with what was read at the start."""
        self._source = source
        self._clock = clock
        self._known_at = 0.0
        self._known: tuple[tuple[Path | None, Content], Difference] | None = None
        self.reading = reading

    def took(self, reading: Reading) -> None:
        """A reload has put another reading in force."""
        self.reading, self._known = reading, None

    def look(self, now: Settings) -> Difference:
        """What became of the file since; one look at its bytes if it is as it was and had no error."""
        file = self._source.find()
        seen = (file, _content(file))
        if self._known is None or self._known[0] != seen or self._is_old(self._known[1]):
            self._known = (seen, self._judged(seen, now))
            self._known_at = self._clock.monotonic()
        return self._known[1]

    def _is_old(self, known: Difference) -> bool:
        return bool(known.errors) and self._clock.monotonic() - self._known_at >= ERROR_SECONDS

    def _judged(self, seen: tuple[Path | None, Content], now: Settings) -> Difference:
        file, content = seen
        before = self.reading
        if seen == (before.file, before.content):
            return Difference(change="in_force", file=file)
        errors, moved = self._tried(content, now)
        if before.file is not None and not os.path.lexists(before.file):
            return Difference(change="deleted", file=file, errors=errors)
        change: Change = "needs_restart" if moved else "broken" if errors else "changed"
        return Difference(change=change, file=file, errors=errors)

    def _tried(self, content: Content, now: Settings) -> tuple[tuple[str, ...], bool]:
        """Why a reload would be refused, and whether a restart would not be."""
        if content.refusal:
            return (content.refusal,), False
        try:
            moved = _moved(self._source.load(), now)
        except SettingsError as error:
            return error.mistakes, False
        except OSError as error:  # our working folder is gone, and a path is relative
            return (str(error),), False
        return tuple(moved), bool(moved)


def reloaded(source: Source, *, now: Settings) -> Settings:
    """The settings as they are given now.

    Raises:
        SettingsError: One of them is wrong, or takes a restart; lists every such one.
    """
    new = source.load()
    moved = _moved(new, now)
    if moved:
        raise SettingsError(*moved)
    return new


def _moved(new: Settings, now: Settings) -> list[str]:
    names = [name for name in Paths.model_fields if getattr(new.paths, name) != getattr(now.paths, name)]
    return [f"paths.{name} = {str(getattr(new.paths, name))!r}: takes a restart" for name in names]


def _content(file: Path | None) -> Content:
    """What a file has in it. Never waits: a FIFO in its place is not read."""
    if file is None:
        return Content(digest="")
    try:
        fd = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Content(digest=f"unreadable: {error.strerror}")
    try:
        facts = os.fstat(fd)
        if stat.S_ISFIFO(facts.st_mode) or facts.st_size > LARGEST_BYTES:
            refusal = f"not read: {file} is not a file of at most {LARGEST_BYTES} bytes"
            return Content(digest=refusal, refusal=refusal)
        return Content(digest=hashlib.sha256(os.read(fd, LARGEST_BYTES)).hexdigest())
    except OSError as error:
        return Content(digest=f"unreadable: {error.strerror}")
    finally:
        os.close(fd)


def settings_report(reading: Reading, difference: Difference) -> SettingsInForce:
    """Which settings are in force, and whether a reload would find others."""
    return {
        "file": str(reading.file) if reading.file else None,
        "read_at": reading.at.isoformat(timespec="seconds"),
        "change": difference.change,
        "reload_reads": str(difference.file) if difference.file else None,
        "errors": list(difference.errors),
    }
