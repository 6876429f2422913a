"""The manifest: one book's queue and its truth, as frozen records with a JSON codec that keeps fields it does not know.

Reading it is in `plan`, changing it in `transitions`; files and locks are in `store`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import orjson

from imaginized.errors import ManifestCorrupt
from imaginized.queue.stored_reasons import read_hold_code, read_reason
from imaginized.reasons import Code, Reason

SCHEMA_VERSION = "2.1.0"
UNFIT_NAMES = frozenset(("", ".", ".."))


class Status(StrEnum):
    """Where a chapter or step stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class Stage(StrEnum):
    """A kind of task, in the order of a book's way."""

    SPLIT = "split"
    ANALYZE = "analyze"
    MERGE = "merge"
    ILLUSTRATE = "illustrate"
    COMPILE = "compile"


STEPS = (Stage.SPLIT, Stage.MERGE, Stage.COMPILE)
CHAPTER_STAGES = (Stage.ANALYZE, Stage.ILLUSTRATE)

NOTHING: Mapping[str, object] = MappingProxyType({})


def _nothing() -> Mapping[str, object]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """What a commit must show to count: the attempt, which only grows, and the claim's random id."""

    attempt: int
    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who took a chapter or step, and when. Live while the status is in_progress, history after.

    Attributes:
        owner: "worker-1@host:4711:8123377": slot, host, pid, start token.
        boot: Boot and pid namespace of that process; "" when unknown.
        claim_id: Random, never used twice.
    """

    owner: str
    boot: str
    claim_id: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The state of one chapter or one book-level step.

    Attributes:
        stage: The stage it waits for or is in.
        attempt: Claims so far; only grows.
        retry_count: Claims in this stage that ended badly or have not ended well yet, since the last progress.
        analyzed_at: When the analyze stage of a chapter ended well.
        completed_before: When it was completed before a person had it done again; a cancel goes back to that.
        reason: Why the last claim ended badly, or that a person cancelled it.
        rejected: Whether the failure is the input's fault, so that trying again is useless.
        title: Of a chapter, as printed.
        words: Of a chapter; longest first is the order of work.
        extra: Fields of other programs, kept as they are.
    """

    status: Status = Status.PENDING
    stage: Stage
    claim: Claim | None = None
    attempt: int = 0
    retry_count: int = 0
    analyzed_at: datetime | None = None
    completed_at: datetime | None = None
    completed_before: datetime | None = None
    failed_at: datetime | None = None
    reason: Reason | None = None
    rejected: bool = False
    title: str | None = None
    words: int = 0
    extra: Mapping[str, object] = field(default_factory=_nothing)
    # Its JSON, once it was encoded. `replace` leaves it behind, so that it is never that of another state.
    _row: dict[str, object] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def error(self) -> str | None:
        """The reason in words, as it is written for readers that know no codes."""
        return str(self.reason) if self.reason else None

    @property
    def fence(self) -> Fence | None:
        """The fence of its last claim; None before the first."""
        return Fence(attempt=self.attempt, claim_id=self.claim.claim_id) if self.claim else None

    @property
    def is_live(self) -> bool:
        """Whether somebody works on it now."""
        return self.status is Status.IN_PROGRESS and self.claim is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What can be claimed: a stage of a chapter, or a step of the book (chapter None)."""

    stage: Stage
    chapter: int | None = None

    def __str__(self) -> str:
        """As people read it: "illustrate chapter 4"."""
        return self.stage.value if self.chapter is None else f"{self.stage} chapter {self.chapter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why nothing of a book may be claimed: it waits for a person, or for a day.

    Attributes:
        reason: For a person.
        code: Of the reason.
        since: When it was held.
        until: When it goes on by itself; None: when it is approved.
        approve_usd: What the book may cost in all once it is approved.
        any_price: Whether approving it accepts prices that nobody knows.
    """

    reason: str
    code: Code = Code.UNKNOWN
    since: datetime
    until: datetime | None = None
    approve_usd: float = 0.0
    any_price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a person allowed.

    Attributes:
        usd: What the book may cost in all.
        any_price: Also by prices that nobody knows.
    """

    usd: float = 0.0
    any_price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One book.

    Attributes:
        book_file: Name of the original in the book's folder.
        original_name: Name it was dropped under.
        digest: SHA-256 of the original, hex.
        arrival: Device, inode and mtime of the inbox entry it was admitted from, so that a crash between admission and
            the entry's removal is told from a second copy.
        profile: What was named for it, else the inbox's subfolder it was dropped into; "" for neither.
        chapter_stages: The stages its chapters go through.
        steps: The book-level tasks.
        other_steps: Steps of other programs, kept as they are.
        chapters: By story chapter number; empty until split.
        event_count: Lines in its log of events.
        event_bytes: Their size; None where nobody counted.
        hold: Why it waits; None while it may go on.
        approval: What a person allowed; None while nobody was asked.
        version: Of the schema it was written by first: our major, perhaps another minor. Kept, for programs that look.
        extra: Fields of other programs, kept as they are.
    """

    book_id: str
    book_file: str
    original_name: str
    digest: str = ""
    arrival: str = ""
    profile: str = ""
    book_title: str = ""
    created_at: datetime
    last_updated: datetime
    chapter_stages: tuple[Stage, ...] = CHAPTER_STAGES
    steps: Mapping[Stage, Entry] = field(default_factory=lambda: {stage: Entry(stage=stage) for stage in STEPS})
    other_steps: Mapping[str, object] = field(default_factory=_nothing)
    chapters: Mapping[int, Entry] = field(default_factory=dict)
    event_count: int = 0
    event_bytes: int | None = None
    hold: Hold | None = None
    approval: Approval | None = None
    version: str = SCHEMA_VERSION
    extra: Mapping[str, object] = field(default_factory=_nothing)

    def entry(self, task: Task) -> Entry | None:
        """The entry a task is about, or None where the book has no such chapter."""
        return self.steps[task.stage] if task.chapter is None else self.chapters.get(task.chapter)

    def with_entry(self, task: Task, entry: Entry) -> "Manifest":
        """The same book with that entry changed."""
        if task.chapter is None:
            return replace(self, steps={**self.steps, task.stage: entry})
        return replace(self, chapters={**self.chapters, task.chapter: entry})

    def entries(self) -> list[tuple[Task, Entry]]:
        """Every step and chapter with the task it stands for now."""
        steps = [(Task(stage=stage), entry) for stage, entry in self.steps.items()]
        return steps + [(Task(stage=entry.stage, chapter=n), entry) for n, entry in self.chapters.items()]


_MOMENTS = {
    "analyzedAt": "analyzed_at", "completedAt": "completed_at", "completedBefore": "completed_before",
    "failedAt": "failed_at",
}  # fmt: skip
_CLAIM_KEYS = ("claimedBy", "claimedBoot", "claimId", "claimedAt")
_OWN_KEYS = ("status", "stage", "attempt", "retryCount", "error", "reason", "rejected", "title", "words")
_ENTRY_KEYS = frozenset((*_OWN_KEYS, *_MOMENTS, *_CLAIM_KEYS))
_BOOK_TEXTS = {
    "bookId": "book_id", "bookFile": "book_file", "originalName": "original_name", "digest": "digest",
    "arrival": "arrival", "profile": "profile", "bookTitle": "book_title",
}  # fmt: skip
_BOOK_MOMENTS = {"createdAt": "created_at", "lastUpdated": "last_updated"}
_BOOK_KEYS = frozenset(("version", "totalChapters", "chapterStages", "steps", "chapters", "eventCount", "eventBytes"))
_BOOK_KEYS |= {"held", "approved", *_BOOK_TEXTS, *_BOOK_MOMENTS}


def encode(manifest: Manifest) -> bytes:
    """The manifest as indented UTF-8 JSON; fields with nothing to say are left out."""
    book: dict[str, object] = {"version": manifest.version}
    book |= {key: getattr(manifest, name) for key, name in _BOOK_TEXTS.items()}
    book |= {key: _moment_text(getattr(manifest, name)) for key, name in _BOOK_MOMENTS.items()}
    book["totalChapters"] = len(manifest.chapters)
    if manifest.event_bytes is not None:
        book |= {"eventCount": manifest.event_count, "eventBytes": manifest.event_bytes}
    book["chapterStages"] = [str(stage) for stage in manifest.chapter_stages]
    if manifest.hold is not None:
        book["held"] = _hold_json(manifest.hold)
    if manifest.approval is not None:
        book["approved"] = {"usd": manifest.approval.usd, "anyPrice": manifest.approval.any_price}
    steps = {str(stage): _row_of(entry) for stage, entry in manifest.steps.items()}
    book["steps"] = steps | dict(manifest.other_steps)
    book["chapters"] = {
        str(number): entry._row or _row_of(entry) for number, entry in sorted(manifest.chapters.items())
    }
    return orjson.dumps(book | dict(manifest.extra), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def decode(data: bytes, *, known: Manifest | None = None) -> Manifest:
    """Read a manifest, ours or imaginize's own.

    Args:
        data: The file.
        known: The same book as it was when this process last encoded it: what has not changed since is taken from it,
            which is many times faster than reading it again.

    Raises:
        ManifestCorrupt: It is not JSON, lacks what a manifest must have, contradicts itself, or is of another major
            version.
    """
    try:
        book = orjson.loads(data)
        major = str(book["version"]).partition(".")[0]
        if major != SCHEMA_VERSION.partition(".")[0]:
            raise ManifestCorrupt(
                f"manifest version {book['version']} is not {SCHEMA_VERSION}; use a matching imaginized"
            )
        return _manifest(book, known=known)
    except ManifestCorrupt:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ManifestCorrupt(f"manifest does not parse: {type(error).__name__}: {error}") from error


def _manifest(book: dict[str, object], *, known: Manifest | None) -> Manifest:
    updated = _moment(book["lastUpdated"])
    stages = _stages(book.get("chapterStages"))
    given = _object(book.get("steps", {}))
    done = known.steps if known is not None else {}
    steps = {
        stage: _unchanged(done.get(stage), given.get(stage))
        or _step(given.get(stage, {"status": Status.PENDING}), stage=stage, updated=updated)
        for stage in STEPS
    }
    old = known.chapters if known is not None and known.chapter_stages == stages else {}
    return Manifest(
        **{name: _optional_text(book.get(key)) or "" for key, name in _BOOK_TEXTS.items() if key != "bookFile"},
        book_file=_file_name(book["bookFile"]),
        created_at=_moment(book["createdAt"]),
        last_updated=updated,
        chapter_stages=stages,
        steps=steps,
        other_steps={name: value for name, value in given.items() if name not in STEPS} or NOTHING,
        chapters=_chapters(_object(book["chapters"]), known=old, stages=stages, updated=updated),
        event_count=_count(book.get("eventCount", 0)),
        event_bytes=_count(book["eventBytes"]) if "eventBytes" in book else None,
        hold=_hold(book.get("held"), updated=updated),
        approval=_approval(book.get("approved")),
        version=str(book["version"]),
        extra={key: value for key, value in book.items() if key not in _BOOK_KEYS},
    )


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {type(value).__name__}")
    return value


def _stages(value: object) -> tuple[Stage, ...]:
    """The stages of the chapters: analyze, and perhaps what comes after it."""
    if value is None:
        return CHAPTER_STAGES
    if not isinstance(value, list):
        raise TypeError("chapterStages is not a list")
    stages = tuple(Stage(name) for name in value)
    if not stages or stages != CHAPTER_STAGES[: len(stages)]:
        raise ValueError(f"chapterStages {value} is not a way chapters can go")
    return stages


def _chapters(
    rows: Mapping[str, object], *, known: Mapping[int, Entry], stages: tuple[Stage, ...], updated: datetime
) -> dict[int, Entry]:
    found = {}
    for key, row in rows.items():  # hundreds, under the lock: nearly all are as they were
        number = _number(key)
        old = _unchanged(known.get(number), row)
        found[number] = old if old is not None else _chapter(row, stages=stages, updated=updated)
    return found


@lru_cache(maxsize=4096)
def _number(key: str) -> int:
    number = int(key)
    if str(number) != key or number < 0:  # "01" and "1" would be one chapter
        raise ValueError(f"{key!r} is not a chapter number")
    return number


def _file_name(value: object) -> str:
    name = str(value)
    if name in UNFIT_NAMES or "/" in name:
        raise ValueError(f"bookFile {name!r} is not the name of a file in the book's folder")
    return name


def _step(value: object, *, stage: Stage, updated: datetime) -> Entry:
    entry = _entry(_object(value), stage=stage, updated=updated)
    if entry.stage is not stage:
        raise ValueError(f"step {stage} says that it is {entry.stage}")
    return entry


def _chapter(value: object, *, stages: tuple[Stage, ...], updated: datetime) -> Entry:
    entry = _entry(_object(value), stage=stages[0], updated=updated)
    if entry.stage not in stages:
        raise ValueError(f"a chapter is in stage {entry.stage}, which this book's chapters do not have")
    return entry


def _entry(value: dict[str, object], *, stage: Stage, updated: datetime) -> Entry:
    return Entry(
        status=Status(str(value["status"])),
        stage=Stage(str(value.get("stage", stage))),
        claim=_claim(value, updated=updated),
        attempt=_count(value.get("attempt", 0)),
        retry_count=_count(value.get("retryCount", 0)),
        **{name: _optional_moment(value.get(key)) for key, name in _MOMENTS.items()},
        reason=read_reason(value),
        rejected=bool(value.get("rejected", False)),
        title=_optional_text(value.get("title")),
        words=_count(value.get("words", 0)),
        extra={key: kept for key, kept in value.items() if key not in _ENTRY_KEYS} or NOTHING,
    )


def _claim(value: dict[str, object], *, updated: datetime) -> Claim | None:
    """Its claim. One in progress always has one, if only of nobody: else no reaper would ever free it."""
    if value.get("claimedBy") is None and value["status"] != Status.IN_PROGRESS:
        return None
    return Claim(
        owner=_optional_text(value.get("claimedBy")) or "",
        boot=_optional_text(value.get("claimedBoot")) or "",
        claim_id=_optional_text(value.get("claimId")) or "",
        claimed_at=_optional_moment(value.get("claimedAt")) or updated,
    )


def _hold(value: object, *, updated: datetime) -> Hold | None:
    if value is None:
        return None
    row = _object(value)
    return Hold(
        reason=_optional_text(row.get("reason")) or "",
        code=read_hold_code(row),
        since=_optional_moment(row.get("since")) or updated,
        until=_optional_moment(row.get("until")),
        approve_usd=_usd(row.get("approveUsd", 0)),
        any_price=bool(row.get("anyPrice", False)),
    )


def _hold_json(hold: Hold) -> dict[str, object]:
    row: dict[str, object] = {"reason": hold.reason, "code": str(hold.code), "since": _moment_text(hold.since)}
    if hold.until is not None:
        row["until"] = _moment_text(hold.until)
    return row | {"approveUsd": hold.approve_usd, "anyPrice": hold.any_price}


def _approval(value: object) -> Approval | None:
    if value is None:
        return None
    row = _object(value)
    return Approval(usd=_usd(row.get("usd", 0)), any_price=bool(row.get("anyPrice", False)))


def _usd(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not an amount of money")
    return float(value)


def _unchanged(old: Entry | None, row: object) -> Entry | None:
    return old if old is not None and old._row == row else None


def _row_of(entry: Entry) -> dict[str, object]:
    row = entry._row or _entry_json(entry)
    object.__setattr__(entry, "_row", row)  # a memory, no change: the same entry, the same row
    return row


def _entry_json(entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {"status": str(entry.status), "stage": str(entry.stage)}
    if entry.title is not None:
        row["title"] = entry.title
    if entry.claim is not None:
        row |= _claim_json(entry.claim)
    row |= {key: _moment_text(at) for key, name in _MOMENTS.items() if (at := getattr(entry, name)) is not None}
    counts = {"words": entry.words, "attempt": entry.attempt, "retryCount": entry.retry_count}
    row |= {key: count for key, count in counts.items() if count}
    if entry.reason is not None:
        row |= {"error": entry.error, "reason": entry.reason.row()}
    if entry.rejected:
        row["rejected"] = True
    return row | dict(entry.extra)


def _claim_json(claim: Claim) -> dict[str, object]:
    row: dict[str, object] = {"claimedBy": claim.owner, "claimedAt": _moment_text(claim.claimed_at)}
    if claim.boot:
        row["claimedBoot"] = claim.boot
    if claim.claim_id:  # imaginize's own claims have neither
        row["claimId"] = claim.claim_id
    return row


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else str(value)


def _optional_moment(value: object) -> datetime | None:
    return None if value is None else _moment(value)


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a time")
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
