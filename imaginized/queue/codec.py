"""The manifest's JSON: a superset of imaginize's schema; fields of other programs are kept.

A program that knows only that schema must not be led astray, so `claimedBy` is there only while somebody works (it
would be taken for a dead process, and the chapter for a stuck one), and begins with the process id, as that program
reads it. The last chapter that was completed says `in_progress` until the guide is written: what counts chapters would
show 100 % before. It has no `claimedBy`, so nobody takes it for stuck.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from imaginized.errors import ManifestCorrupt
from imaginized.queue.chapters import Chapters, as_chapters
from imaginized.queue.manifest import (
    ALL_CHAPTER_STAGES,
    NO_PARTS,
    NOTHING,
    SCHEMA_VERSION,
    STEPS,
    UNFIT_NAMES,
    Approval,
    Claim,
    Entry,
    Hold,
    Manifest,
    Part,
    Parts,
    Stage,
    Status,
)
from imaginized.queue.scene_wishes import read_wishes, wishes_json
from imaginized.queue.stored_reasons import read_hold_code, read_reason
from imaginized.reasons import Code
from imaginized.story.volumes import SeriesSaid

_MOMENTS = {
    "analyzedAt": "analyzed_at", "completedAt": "completed_at", "completedBefore": "completed_before",
    "failedAt": "failed_at",
}  # fmt: skip
_CLAIM_KEYS = ("claimedBy", "claimedBoot", "claimId", "claimedAt")
_CLAIMED = "claimed"  # imaginize's fifth word: taken, and not begun yet
_GUIDE = "guide"
_UNDATED = datetime.fromtimestamp(0, UTC)  # imaginize's shortest form has no times
_OWNER = re.compile(r"[^@]*@.*:(\d+):\d+", re.DOTALL)
_DEEPER = b"\n    "  # a row stands in an object in an object
_STAGE_NAMES = frozenset(stage.value for stage in Stage)
_SEED_STAGES = (Stage.ANALYZE, Stage.ILLUSTRATE)  # of a manifest that names none
_PROCESS = re.compile(r"\d+ (?=[^@]*@)")
_ENTRY_KEYS = frozenset(
    (
        "status", "stage", "attempt", "retryCount", "error", "reason", "rejected", "title", "words", "lastClaim",
        "awaits", "reading", "asking", "scenes", "parts", "differs", *_MOMENTS, *_CLAIM_KEYS,
    )
)  # fmt: skip
_BOOK_TEXTS = {
    "bookId": "book_id",
    "bookFile": "book_file",
    "originalName": "original_name",
    "digest": "digest",
    "arrival": "arrival",
    "profile": "profile",
    "bookTitle": "book_title",
}
_BOOK_MOMENTS = {"createdAt": "created_at", "lastUpdated": "last_updated"}
_BOOK_KEYS = frozenset(
    (
        "version", "totalChapters", "chapterStages", "steps", "chapters", "eventCount", "eventBytes", "held",
        "approved", "seenDivision", "renamed", "seriesSaid", *_BOOK_TEXTS, *_BOOK_MOMENTS,
    )
)  # fmt: skip


def encode(manifest: Manifest) -> bytes:
    """The manifest as indented UTF-8 JSON; fields with nothing to say are left out."""
    book: dict[str, object] = {"version": manifest.version}
    book |= {key: getattr(manifest, name) for key, name in _BOOK_TEXTS.items()}
    book["bookFile"] = manifest.book_path or manifest.book_file
    moments = {key: getattr(manifest, name) for key, name in _BOOK_MOMENTS.items()}
    book |= {key: _moment_text(moment) for key, moment in moments.items() if moment != _UNDATED}
    book["totalChapters"] = len(manifest.chapters)
    if manifest.event_bytes is not None:
        book |= {"eventCount": manifest.event_count, "eventBytes": manifest.event_bytes}
    book["chapterStages"] = [str(stage) for stage in manifest.chapter_stages]
    if manifest.hold is not None:
        book["held"] = _hold_json(manifest.hold)
    if manifest.approval is not None:
        book["approved"] = {"usd": manifest.approval.usd, "anyPrice": manifest.approval.any_price}
    if manifest.seen_division:
        book["seenDivision"] = manifest.seen_division
    if manifest.renamed:
        book["renamed"] = manifest.renamed
    if manifest.series is not None:
        book["seriesSaid"] = {"name": manifest.series.name, "volume": manifest.series.volume}
    steps = {str(stage): _row_of(entry) for stage, entry in manifest.steps.items()}
    book["steps"] = steps | dict(manifest.other_steps)
    book["chapters"] = _rows(manifest)
    return orjson.dumps(book | dict(manifest.extra), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _rows(manifest: Manifest) -> orjson.Fragment:
    """The chapters in the order of their numbers; nearly all are as they were, and are not encoded again."""
    chapters = as_chapters(manifest.chapters)
    numbers = chapters.standing.numbers
    if chapters.written is None:
        rows = [_written(number, _row_of(chapters[number])) for number in numbers]
    else:
        had, stale = chapters.written
        rows = had.copy()
        for number in stale:
            rows[bisect_left(numbers, number)] = _written(number, _row_of(chapters[number]))
    chapters.written = (rows.copy(), frozenset())  # a memory, no change
    if manifest.steps[Stage.COMPILE].status is not Status.COMPLETED:
        # The highest, so that no chapter that was shown as completed is ever taken back when another one ends.
        completed = (n for n in reversed(chapters.standing.of(Status.COMPLETED)) if not _is_theirs(chapters[n]))
        if (last := next(completed, None)) is not None:
            rows[bisect_left(numbers, last)] = _written(last, _waiting(_row_of(chapters[last])))
    if not rows:
        return orjson.Fragment(b"{}")
    # Within the list: put around it, a long book would be copied twice more.
    rows[0] = b"{\n    " + rows[0]
    rows[-1] += b"\n  }"
    return orjson.Fragment(b",\n    ".join(rows))


def _written(number: int, row: dict[str, object]) -> bytes:
    """A chapter as it stands in the file, indented."""
    text = orjson.dumps(row, option=orjson.OPT_INDENT_2)
    return b'"%d": %b' % (number, text.replace(b"\n", _DEEPER))  # a line break in a text is escaped


def _waiting(row: dict[str, object]) -> dict[str, object]:
    return {**row, "status": str(Status.IN_PROGRESS), "awaits": _GUIDE}


def _is_theirs(entry: Entry) -> bool:
    return entry.claim is not None and entry.claim.is_foreign


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
    created = _optional_moment(book.get("createdAt"))
    updated = _optional_moment(book.get("lastUpdated")) or created or _UNDATED
    name, path = _file_name(book["bookFile"])
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
        book_file=name,
        book_path=path,
        created_at=created or _UNDATED,
        last_updated=updated,
        chapter_stages=stages,
        steps=steps,
        other_steps={name: value for name, value in given.items() if name not in STEPS} or NOTHING,
        chapters=_chapters(_object(book["chapters"]), known=old, stages=stages, updated=updated),
        event_count=_count(book.get("eventCount", 0)),
        event_bytes=_count(book["eventBytes"]) if "eventBytes" in book else None,
        hold=_hold(book.get("held"), updated=updated) or _not_ours(book, updated=updated),
        approval=_approval(book.get("approved")),
        seen_division=_optional_text(book.get("seenDivision")) or "",
        renamed=_optional_text(book.get("renamed")) or "",
        series=_series(book.get("seriesSaid")),
        version=str(book["version"]),
        extra={key: value for key, value in book.items() if key not in _BOOK_KEYS},
    )


def _series(value: object) -> SeriesSaid | None:
    if value is None:
        return None
    said = _object(value)
    return SeriesSaid(name=_optional_text(said.get("name")) or "", volume=_optional_text(said.get("volume")) or "")


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {type(value).__name__}")
    return value


def _stages(value: object) -> tuple[Stage, ...]:
    """The stages of the chapters: those there were when the book was split, in our order; analyze is among them."""
    if value is None:
        return _SEED_STAGES
    if not isinstance(value, list):
        raise TypeError("chapterStages is not a list")
    stages = tuple(_stage(name) for name in value)
    if Stage.ANALYZE not in stages or stages != tuple(stage for stage in ALL_CHAPTER_STAGES if stage in stages):
        raise ValueError(f"chapterStages {value} is not a way chapters can go")
    return stages


def _stage(name: object) -> Stage:
    if name not in _STAGE_NAMES:
        # Not passed over: its chapters would miss what the program that knows it has promised.
        raise ManifestCorrupt(f"stage {str(name)[:80]!r} is not one of this imaginized's; use the one that wrote it")
    return Stage(str(name))


def _chapters(
    rows: Mapping[str, object], *, known: Mapping[int, Entry], stages: tuple[Stage, ...], updated: datetime
) -> Chapters:
    found, fresh = {}, {}
    for key, row in rows.items():  # hundreds, under the lock: nearly all are as they were
        number = _number(key)
        old = _unchanged(known.get(number), row)
        if old is None:
            old = fresh[number] = _chapter(row, stages=stages, updated=updated)
        found[number] = old
    # With what is known of them: another worker has changed one or two.
    return as_chapters(known).changed(fresh) if found.keys() == known.keys() else Chapters(found)


@lru_cache(maxsize=4096)
def _number(key: str) -> int:
    number = int(key)
    if str(number) != key or number < 0:  # "01" and "1" would be one chapter
        raise ValueError(f"{key!r} is not a chapter number")
    return number


def _file_name(value: object) -> tuple[str, str]:
    """The original's name in the book's folder, and the path that another program wrote, which nobody opens."""
    path = str(value)
    *folders, name = path.split("/")
    if name in UNFIT_NAMES or ".." in folders:
        raise ValueError(f"bookFile {path!r} is not the name of a file in the book's folder")
    return name, path if folders else ""


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
        status=_status(value),
        stage=_stage(value.get("stage", stage)),
        claim=_claim(value, updated=updated),
        attempt=_count(value.get("attempt", 0)),
        retry_count=_count(value.get("retryCount", 0)),
        **{name: _optional_moment(value.get(key)) for key, name in _MOMENTS.items()},
        reason=read_reason(value),
        rejected=bool(value.get("rejected", False)),
        title=_optional_text(value.get("title")),
        words=_count(value.get("words", 0)),
        reading=_count(value.get("reading", 0)),
        asking=_count(value.get("asking", 0)),
        scenes=read_wishes(value.get("scenes")),
        parts=_parts(value, updated=updated),
        differs=_numbers(value.get("differs", [])),
        extra={key: kept for key, kept in value.items() if key not in _ENTRY_KEYS} or NOTHING,
    )


def _status(value: dict[str, object]) -> Status:
    text = str(value["status"])
    if text == _CLAIMED:
        return Status.IN_PROGRESS
    is_waiting = value.get("awaits") == _GUIDE and value.get("claimedBy") is None
    return Status.COMPLETED if is_waiting and text == Status.IN_PROGRESS else Status(text)


def _claim(value: dict[str, object], *, updated: datetime) -> Claim | None:
    """Its claim. One in progress always has one, if only of nobody: else no reaper would ever free it."""
    if value.get("claimedBy") is None and _status(value) is not Status.IN_PROGRESS:
        last = value.get("lastClaim")
        return None if last is None else _claim_in(_object(last), updated=updated, begun=True)
    return _claim_in(value, updated=updated, begun=value["status"] != _CLAIMED)


def _claim_in(value: dict[str, object], *, updated: datetime, begun: bool) -> Claim:
    owner = _PROCESS.sub("", _optional_text(value.get("claimedBy")) or "", count=1)
    # Another program that takes over a chapter leaves our fields in it: they are no part of its claim.
    is_ours = "@" in owner
    return Claim(
        owner=owner,
        boot=(_optional_text(value.get("claimedBoot")) or "") if is_ours else "",
        claim_id=(_optional_text(value.get("claimId")) or "") if is_ours else "",
        claimed_at=_optional_moment(value.get("claimedAt")) or updated,
        begun=begun,
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


def _not_ours(book: dict[str, object], *, updated: datetime) -> Hold | None:
    """Why a book waits that never came in here: said in its manifest, where everything else says so."""
    if book.get("originalName"):
        return None
    reason = "another program made this folder; to illustrate the book here, drop its file into the inbox"
    return Hold(reason=reason, code=Code.ELSEWHERE, since=updated)


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
    if old is None or old._row is None:
        return None
    is_same = old._row == row or (old.status is Status.COMPLETED and _waiting(old._row) == row)
    return old if is_same else None


def _row_of(entry: Entry) -> dict[str, object]:
    row = entry._row or _entry_json(entry)
    object.__setattr__(entry, "_row", row)  # a memory, no change: the same entry, the same row
    return row


def _entry_json(entry: Entry) -> dict[str, object]:
    is_waiting = entry.is_live and entry.claim is not None and not entry.claim.begun
    row: dict[str, object] = {"status": _CLAIMED if is_waiting else str(entry.status), "stage": str(entry.stage)}
    if entry.title is not None:
        row["title"] = entry.title
    if entry.claim is not None:
        row |= _claim_json(entry.claim, entry=entry)
    row |= {key: _moment_text(at) for key, name in _MOMENTS.items() if (at := getattr(entry, name)) is not None}
    counts = {"words": entry.words, "attempt": entry.attempt, "retryCount": entry.retry_count}
    counts |= {"reading": entry.reading, "asking": entry.asking}
    row |= {key: count for key, count in counts.items() if count}
    if entry.parts is not NO_PARTS:
        row["parts"] = _parts_json(entry.parts)
    if entry.differs:
        row["differs"] = list(entry.differs)
    if entry.scenes:
        row["scenes"] = wishes_json(entry.scenes)
    if entry.reason is not None:
        row |= {"error": entry.error, "reason": entry.reason.row()}
    if entry.rejected:
        row["rejected"] = True
    return row | dict(entry.extra)


def _claim_json(claim: Claim, *, entry: Entry) -> dict[str, object]:
    """The fields of a claim that is live; one that has ended is history, under a name of its own."""
    row = _claim_row(claim)
    if entry.is_live:
        process = _OWNER.fullmatch(claim.owner)
        return row | {"claimedBy": f"{process[1]} {claim.owner}"} if process else row
    is_theirs = entry.status is Status.COMPLETED and claim.is_foreign  # as its program wrote it
    return row if is_theirs else {"lastClaim": row}


def _claim_row(claim: Claim) -> dict[str, object]:
    row: dict[str, object] = {"claimedBy": claim.owner, "claimedAt": _moment_text(claim.claimed_at)}
    if claim.boot:
        row["claimedBoot"] = claim.boot
    if claim.claim_id:  # imaginize's own claims have neither
        row["claimId"] = claim.claim_id
    return row


def _parts(value: dict[str, object], *, updated: datetime) -> Parts:
    """How the work on a chapter is shared out. Of one that has ended nothing: another program has ended it."""
    if "parts" not in value or _status(value) not in (Status.PENDING, Status.IN_PROGRESS):
        return NO_PARTS
    row = _object(value["parts"])
    out = {int(key): _object(part) for key, part in _object(row.get("out", {})).items()}
    parts = Parts(
        of=_count(row.get("of", 0)),
        open=_numbers(row.get("open", [])),
        own=_numbers(row.get("own", [])),
        out={
            number: Part(claim=_claim_in(part, updated=updated, begun=True), attempt=_count(part.get("attempt", 0)))
            for number, part in out.items()
        },
        returned=_numbers(row.get("returned", [])),
        refused={int(key): str(why) for key, why in _object(row.get("refused", {})).items()},
    )
    return parts if parts != NO_PARTS else NO_PARTS


def _parts_json(parts: Parts) -> dict[str, object]:
    out = {str(number): {**_claim_row(part.claim), "attempt": part.attempt} for number, part in parts.out.items()}
    lists = {"open": parts.open, "own": parts.own, "returned": parts.returned}
    row: dict[str, object] = {"of": parts.of} if parts.of else {}
    row |= {key: list(numbers) for key, numbers in lists.items() if numbers}
    row |= {"out": out} if out else {}
    return row | ({"refused": {str(number): why for number, why in parts.refused.items()}} if parts.refused else {})


def _numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError("parts are not a list of numbers")
    return tuple(map(_count, value))


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
