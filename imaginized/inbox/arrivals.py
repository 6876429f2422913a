"""What is in the inbox and when it may be admitted. Pure: it is told what was seen, what was found and what time it is.

Looking at the folder is in `folder`, looking into a file and admitting it in `admission`.
"""

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from imaginized.inbox.foreign import foreign_kind
from imaginized.reading.formats import format_named
from imaginized.reasons import Code, Reason

TEMPORARY_PREFIXES = (".", "~$", "~syncthing~")
TEMPORARY_SUFFIXES = (
    ".crdownload",
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".download",
    ".filepart",
    ".opdownload",
    ".aria2",
    ".!qb",
    "~",
)


class NameKind(StrEnum):
    """What a name alone says."""

    BOOK = "book"
    DOCUMENT = "document"  # a file of this name may be a book; a folder of that name only groups
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What an entry of the inbox is."""

    FILE = "file"
    SYMLINK = "symlink"
    FOLDER = "folder"
    OTHER = "other"  # FIFO, socket, device


class State(StrEnum):
    """What an arrival waits for."""

    SETTLING = "settling"  # to be unchanged for long enough
    WRITTEN = "written"  # for its writer to close it
    INCOMPLETE = "incomplete"  # for the rest of it
    BLOCKED = "blocked"  # for rights, or room on the disk


def judge_name(name: str) -> NameKind:
    """Judge an entry by its name: hidden and half-made ones are never touched, unknown ones are left to their owner."""
    folded = name.lower()
    if folded.startswith(TEMPORARY_PREFIXES) or folded.endswith(TEMPORARY_SUFFIXES):
        return NameKind.TEMPORARY
    row = format_named(folded)
    if row is None:
        return NameKind.UNKNOWN
    return NameKind.BOOK if row.is_folder_name else NameKind.DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry as it was seen; two that are equal mean that nothing changed.

    Attributes:
        key: Path below the inbox, as `os.fsdecode` gives it: bytes that are not UTF-8 are surrogates.
        size: In bytes; of a folder, the sum of what is in it.
        mtime_ns: As the file has it, so it may lie anywhere; only ever compared for being the same.
    """

    key: str
    size: int
    mtime_ns: int
    inode: int
    dev: int
    kind: Kind = Kind.FILE

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.key.rpartition("/")[2]

    @property
    def is_arrival(self) -> bool:
        """Whether it is taken, or put aside with a reason; anything else is left alone."""
        kind, row = judge_name(self.name), format_named(self.name)
        if kind is NameKind.BOOK or self.kind is not Kind.FILE:
            return kind is NameKind.BOOK
        if row is not None:
            return kind is NameKind.DOCUMENT and self.size >= row.least_bytes
        return kind is NameKind.UNKNOWN and foreign_kind(self.name) is not None

    @property
    def reference(self) -> str:
        """Device, inode and mtime: the manifest's `arrival`."""
        return _reference(self.dev, self.inode, self.mtime_ns)


def reference_of(status: os.stat_result) -> str:
    """The reference of an entry with this status."""
    return _reference(status.st_dev, status.st_ino, status.st_mtime_ns)


def _reference(dev: int, inode: int, mtime_ns: int) -> str:
    return f"{dev}:{inode}:{mtime_ns}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a look into a quiet entry gave.

    Attributes:
        state: "whole" can be admitted; "bundle" can be taken apart; "unusable" never; "changed" is not what was
            seen, or gone; the others wait.
        reason: Why; None when whole or changed.
    """

    state: Literal["whole", "bundle", "written", "incomplete", "unusable", "blocked", "changed"]
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with an arrival now.

    Attributes:
        reason: Why it waits or is refused; None where it is taken, or only settles.
        is_news: Whether it waits for another reason than before.
    """

    action: Literal["wait", "admit", "unpack", "reject"]
    reason: Reason | None = None
    is_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One entry and how long it has been quiet. Moments are monotonic seconds.

    Attributes:
        quiet_since: When it was first seen as it is now.
        due_at: When to look into it.
        reason: Why it waits; kept while it settles again, so that the same reason is told once.
    """

    sighting: Sighting
    state: State
    quiet_since: float
    due_at: float
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What came and what went between two looks at the folder."""

    seen: list[Sighting]
    vanished: list[Sighting]


class Arrivals:
    """The entries that become books or are refused, each with its own settle clock."""

    def __init__(self, *, settle_seconds: float, retry_seconds: float, incomplete_timeout_seconds: float) -> None:
        """Admit what is unchanged for `settle_seconds`; ask what waits again every `retry_seconds`."""
        self._settle_seconds = settle_seconds
        self._retry_seconds = retry_seconds
        self._incomplete_timeout_seconds = incomplete_timeout_seconds
        self._known: dict[str, Arrival] = {}
        self.ignored = 0

    def observe(self, sightings: Iterable[Sighting], *, now: float, touched: Collection[str] = ()) -> Changes:
        """Take in everything that is in the inbox now.

        Args:
            sightings: All entries.
            now: Monotonic seconds.
            touched: Keys that something happened to since the last time; their clock starts anew, changed or not.
        """
        before, self._known, self.ignored = self._known, {}, 0
        seen = []
        for sighting in sightings:
            if sighting.is_arrival:
                known = before.pop(sighting.key, None)
                if known is None:
                    seen.append(sighting)
                self._known[sighting.key] = self._met(known, sighting, now=now, is_touched=sighting.key in touched)
            elif judge_name(sighting.name) is not NameKind.TEMPORARY:
                self.ignored += 1
        return Changes(seen=seen, vanished=[arrival.sighting for arrival in before.values()])

    def due(self, *, now: float) -> list[Sighting]:
        """What was quiet for long enough to be looked into, longest waiting first."""
        ready = [arrival for arrival in self._known.values() if arrival.due_at <= now]
        return [arrival.sighting for arrival in sorted(ready, key=lambda one: (one.due_at, one.sighting.key))]

    def next_due_at(self) -> float | None:
        """When the next one is due, monotonic seconds; None when there is nothing to wait for."""
        return min((arrival.due_at for arrival in self._known.values()), default=None)

    def judge(self, sighting: Sighting, finding: Finding, *, now: float) -> Decision:
        """What follows from a look into an arrival. What waits is asked for again by `due`."""
        arrival = self._known.get(sighting.key)
        if arrival is None or arrival.sighting != sighting:
            return Decision(action="wait")
        if finding.state == "whole":
            return Decision(action="admit")
        if finding.state == "bundle":
            return Decision(action="unpack")
        if finding.state == "unusable":
            return Decision(action="reject", reason=finding.reason)
        if finding.state == "changed":
            return self._wait(arrival, state=State.SETTLING, due_at=now + self._settle_seconds, reason=None)
        if finding.state == "written":
            due_at = now + self._settle_seconds
            return self._wait(arrival, state=State.WRITTEN, due_at=due_at, reason=finding.reason)
        if finding.state == "blocked":
            due_at = now + self._retry_seconds
            return self._wait(arrival, state=State.BLOCKED, due_at=due_at, reason=finding.reason)
        return self._judge_incomplete(arrival, finding, now=now)

    def has(self, reference: str) -> bool:
        """Whether an entry with this reference is in the inbox."""
        return any(arrival.sighting.reference == reference for arrival in self._known.values())

    def forget(self, sighting: Sighting) -> None:
        """It left the inbox by our hand."""
        self._known.pop(sighting.key, None)

    def restart(self, sighting: Sighting, *, now: float) -> None:
        """It turned out to have changed: treat it as just arrived."""
        if sighting.key in self._known:
            self._known[sighting.key] = self._new(sighting, now=now)

    def waiting(self, *states: State) -> list[Arrival]:
        """Those in these states, in the order of their names."""
        return sorted((one for one in self._known.values() if one.state in states), key=lambda one: one.sighting.key)

    def _met(self, known: Arrival | None, sighting: Sighting, *, now: float, is_touched: bool) -> Arrival:
        if known is None:
            return self._new(sighting, now=now)
        if known.sighting == sighting and not is_touched:
            return known
        return self._new(sighting, now=now, reason=known.reason)

    def _new(self, sighting: Sighting, *, now: float, reason: Reason | None = None) -> Arrival:
        due_at = now + self._settle_seconds
        return Arrival(sighting=sighting, state=State.SETTLING, quiet_since=now, due_at=due_at, reason=reason)

    def _judge_incomplete(self, arrival: Arrival, finding: Finding, *, now: float) -> Decision:
        ends_at = arrival.quiet_since + self._incomplete_timeout_seconds
        if now >= ends_at:
            missing = finding.reason.text if finding.reason else "its end is missing"
            text = f"it is truncated: {missing}, and nothing was added for {self._incomplete_timeout_seconds:g} s"
            return Decision(action="reject", reason=Reason(Code.TRUNCATED, text, "Copy or download it again."))
        due_at = min(now + self._retry_seconds, ends_at)
        return self._wait(arrival, state=State.INCOMPLETE, due_at=due_at, reason=finding.reason)

    def _wait(self, arrival: Arrival, *, state: State, due_at: float, reason: Reason | None) -> Decision:
        self._known[arrival.sighting.key] = replace(arrival, state=state, due_at=due_at, reason=reason)
        return Decision(action="wait", reason=reason, is_news=reason is not None and reason != arrival.reason)
