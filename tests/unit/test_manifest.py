"""The manifest's codec: what survives a rewrite, what is refused, and that the shipped schema says the same."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from imaginized.errors import ManifestCorrupt
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import (
    NO_PARTS,
    SCHEMA_VERSION,
    Approval,
    Hold,
    Manifest,
    Part,
    Parts,
    Stage,
    Status,
    Task,
)
from imaginized.queue.plan import phase, progress
from imaginized.reasons import Code, Reason
from imaginized.story.volumes import SeriesSaid
from tests.support.applied import cancel, claim
from tests.support.manifests import EPOCH, admitted_book, done_book, make_claim, merged_book, split_book, with_chapter
from tests.support.schema import SCHEMA, problems_of

Json = dict[str, object]

SEED: Json = {
    "version": "2.0.0", "bookFile": "source.epub", "originalName": "hobbit.epub", "totalChapters": 19,
    "bookId": "the-hobbit-3f9c2a81", "bookTitle": "The Hobbit",
    "createdAt": "2026-11-20T08:00:00.000Z", "lastUpdated": "2026-11-20T08:05:00.250Z",
    "steps": {
        "split": {"status": "completed", "completedAt": "2026-11-20T08:00:03.000Z"},
        "merge": {"status": "pending"}, "compile": {"status": "pending"},
    },
    "chapters": {
        "1": {"status": "completed", "claimedBy": "worker-1@host:4711:8123377", "claimedAt": "2026-11-20T08:01:00.000Z",
              "completedAt": "2026-11-20T08:02:00.000Z", "title": "An Unexpected Party", "attempt": 2, "retryCount": 1},
        "2": {"status": "in_progress", "stage": "analyze", "claimedBy": "4712 worker-2@host:4712:8123399",
              "claimedAt": "2026-11-20T08:03:00.000Z", "attempt": 1, "claimId": "9f2c41d0"},
        "3": {"status": "pending", "stage": "analyze"},
        "4": {"status": "failed", "stage": "illustrate", "failedAt": "2026-11-20T08:04:00.000Z",
              "error": "the image could not be drawn", "retryCount": 3, "attempt": 3},
        **{str(number): {"status": "pending", "stage": "analyze"} for number in range(5, 20)},
    },
}  # fmt: skip


def rewritten(book: Json) -> Json:
    result: Json = json.loads(encode(decode(json.dumps(book).encode())))
    return result


def changed(change: Callable[[Json], object]) -> bytes:
    book = deepcopy(SEED)
    change(book)
    return json.dumps(book).encode()


def is_part_of(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part_of(value, whole[key]) for key, value in part.items())
    return part == whole


def test_the_seeds_example_round_trips() -> None:
    """What the original program wrote is read, and a rewrite keeps every one of its fields as it was."""
    once = rewritten(SEED)

    assert is_part_of(SEED, once)
    assert rewritten(once) == once
    assert problems_of(json.dumps(SEED).encode()) == problems_of(json.dumps(once).encode()) == []


def test_the_seeds_example_means_what_it_says() -> None:
    """Status, stage, fence and counts of the example are those of its text."""
    book = decode(json.dumps(SEED).encode())

    assert (book.book_id, len(book.chapters)) == ("the-hobbit-3f9c2a81", 19)
    assert book.steps[Stage.SPLIT].completed_at == datetime(2026, 11, 20, 8, 0, 3, tzinfo=UTC)
    assert [book.chapters[n].status.value for n in (1, 2, 3, 4)] == ["completed", "in_progress", "pending", "failed"]
    fence = book.chapters[2].fence
    assert fence is not None and (fence.attempt, fence.claim_id) == (1, "9f2c41d0")
    assert (book.chapters[1].attempt, book.chapters[1].retry_count) == (2, 1)


def test_unknown_fields_survive_everywhere() -> None:
    """What other programs wrote at the top, in chapters, in steps and as steps of their own is kept, whatever it is."""
    book = deepcopy(SEED)
    foreign = {"nested": [1, None, {"ä": "ö"}], "flag": True}
    steps, chapters = book["steps"], book["chapters"]
    assert isinstance(steps, dict) and isinstance(chapters, dict)
    book["theirs"] = steps["merge"]["theirs"] = chapters["3"]["theirs"] = foreign
    steps |= {"narrate": {"status": "odd", "theirs": foreign}, "analyze": {"status": "failed"}, "publish": 7}
    again = rewritten(book)

    assert is_part_of(book, again)
    assert problems_of(json.dumps(again).encode()) == []


def test_steps_of_others_do_not_count() -> None:
    """A failed step of another program, even one called as a stage of ours, changes neither phase nor progress."""
    book = decode(json.dumps(SEED).encode())
    with_theirs = decode(changed(lambda it: it["steps"].update(illustrate={"status": "failed"})))  # type: ignore[attr-defined]

    assert phase(with_theirs) is phase(book)
    assert progress(with_theirs) == progress(book)


def test_unknown_fields_survive_a_claim() -> None:
    """A transition carries along what it does not know."""
    book = decode(changed(lambda it: it["chapters"]["3"].update(theirs=1)))  # type: ignore[index]
    taken = claim(book, by=make_claim(), now=EPOCH)

    assert taken.chapters[3].status is Status.IN_PROGRESS
    assert json.loads(encode(taken))["chapters"]["3"]["theirs"] == 1


@pytest.mark.parametrize(
    "book",
    [
        admitted_book(),
        split_book(3, 1, 2),
        split_book(5, stages=(Stage.ANALYZE,)),
        claim(split_book(3, 1), by=make_claim(boot="b/1"), now=EPOCH),
        merged_book(1, 2),
        done_book(1, 2),
        cancel(claim(merged_book(1), by=make_claim(), now=EPOCH), now=EPOCH, reason="“enough”"),
        with_chapter(
            split_book(1),
            1,
            status=Status.FAILED,
            rejected=True,
            reason=Reason(Code.NO_TEXT, "no text"),
            failed_at=EPOCH,
        ),
    ],
)
def test_what_is_written_is_read_as_the_same(book: Manifest) -> None:
    """Encoding and decoding is the identity, and every manifest of ours fits the schema."""
    text = encode(book)

    assert decode(text) == book
    assert problems_of(text) == []


def test_times_are_written_in_utc_to_the_millisecond() -> None:
    """A moment of any zone is written with Z and three digits; one without a zone is taken as UTC."""
    zoned = decode(changed(lambda it: it.update(createdAt="2026-11-20T10:00:00+02:00", lastUpdated="2026-11-20T08:00")))
    text = json.loads(encode(replace(zoned, last_updated=zoned.last_updated + timedelta(microseconds=1999))))

    assert (text["createdAt"], text["lastUpdated"]) == ("2026-11-20T08:00:00.000Z", "2026-11-20T08:00:00.001Z")


def test_a_later_minor_version_is_kept() -> None:
    """A manifest of a later minor version is read, and a rewrite does not pass it off as ours."""
    again = json.loads(encode(decode(changed(lambda it: it.update(version="2.7.1")))))

    assert again["version"] == "2.7.1"


def test_null_means_absent() -> None:
    """A field that is null says as little as one that is not there."""
    nothing: Json = {"status": "pending", "claimedBy": None, "error": None}
    book = decode(changed(lambda it: it.update(bookTitle=None, chapters={"3": nothing})))

    assert book.book_title == ""
    assert (book.chapters[3].claim, book.chapters[3].error) == (None, None)


def test_a_failure_without_a_word_has_a_code() -> None:
    """Another program may write no `error`, or take ours out: what reads a failure finds a code all the same."""
    book = json.loads(encode(split_book(5, 3)))
    book["chapters"]["1"] = {"status": "failed"}
    book["steps"]["merge"] = {"status": "failed", "error": None}

    found = decode(json.dumps(book).encode())

    for entry in (found.chapters[1], found.steps[Stage.MERGE]):
        assert entry.reason is not None and entry.reason.code is Code.UNKNOWN and entry.error
    assert found.chapters[2].reason is None


def test_work_in_progress_always_has_a_claim() -> None:
    """A chapter in progress that names nobody counts as claimed, so that it is freed one day."""
    book = decode(changed(lambda it: it["chapters"].update({"3": {"status": "in_progress"}})))  # type: ignore[attr-defined]
    taken = book.chapters[3]

    assert taken.is_live and taken.claim is not None
    assert (taken.claim.owner, taken.claim.claimed_at) == ("", book.last_updated)
    assert book.entry(Task(stage=Stage.ANALYZE, chapter=3)) == taken


CHANGES: dict[str, Callable[[Json], object]] = {
    "newer major": lambda it: it.update(version="3.0.0"),
    "older major": lambda it: it.update(version="1.9"),
    "no version": lambda it: it.pop("version"),
    "no chapters": lambda it: it.pop("chapters"),
    "chapters a list": lambda it: it.update(chapters=[]),
    "a chapter no object": lambda it: it["chapters"].update({"3": "pending"}),  # type: ignore[attr-defined]
    "no status": lambda it: it["chapters"].update({"3": {}}),  # type: ignore[attr-defined]
    "unknown status": lambda it: it["chapters"]["3"].update(status="paused"),  # type: ignore[index]
    "unknown stage": lambda it: it["chapters"]["3"].update(stage="narrate"),  # type: ignore[index]
    "a step's stage": lambda it: it["chapters"]["3"].update(stage="merge"),  # type: ignore[index]
    "a step of another stage": lambda it: it["steps"]["merge"].update(stage="split"),  # type: ignore[index]
    "unknown chapter stage": lambda it: it.update(chapterStages=["narrate"]),
    "no chapter stages": lambda it: it.update(chapterStages=[]),
    "stage outside the book's": lambda it: it.update(chapterStages=["analyze"]),
    "a word for a number": lambda it: it["chapters"].update({"one": {"status": "pending"}}),  # type: ignore[attr-defined]
    "one number twice": lambda it: it["chapters"].update({"03": {"status": "pending"}}),  # type: ignore[attr-defined]
    "negative attempt": lambda it: it["chapters"]["3"].update(attempt=-1),  # type: ignore[index]
    "attempt no number": lambda it: it["chapters"]["3"].update(attempt=True),  # type: ignore[index]
    "no time": lambda it: it.update(createdAt="yesterday"),
    "a number for a time": lambda it: it.update(createdAt=1763625600),
    "a time before time": lambda it: it.update(createdAt="0001-01-01T00:00:00+14:00"),
    "no original": lambda it: it.pop("bookFile"),
    "original elsewhere": lambda it: it.update(bookFile="../../important"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_cannot_be_meant_is_corrupt(change: Callable[[Json], object]) -> None:
    """A manifest that lacks something, is of another major version or contradicts itself is refused as a whole."""
    data = changed(change)

    with pytest.raises(ManifestCorrupt):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"\0" * 4096, b"\xff\xfe", b"null", b"[]", b'"2.0.0"', b"{}", b"[" * 100_000])
def test_garbage_is_corrupt(data: bytes) -> None:
    """Whatever bytes a disk gives back, the answer is ManifestCorrupt and nothing else."""
    with pytest.raises(ManifestCorrupt):
        decode(data)


def test_any_truncation_is_corrupt() -> None:
    """A manifest cut anywhere but before its last line end is refused."""
    text = encode(decode(json.dumps(SEED).encode()))

    for length in range(len(text) - 2):
        with pytest.raises(ManifestCorrupt):
            decode(text[:length])


def test_the_schema_refuses_what_the_codec_refuses() -> None:
    """The shipped schema names the same mistakes, but for those that need more than the shape of a field.

    Which stages there are is no shape: the schema is that of all programs of this major version, later ones included.
    """
    unnoticed = {name for name, change in CHANGES.items() if not problems_of(changed(change))}

    assert unnoticed == {"a time before time", "stage outside the book's", "unknown stage"}


@pytest.mark.parametrize("stages", [["analyze", "narrate", "illustrate"], ["narrate", "analyze", "illustrate"]])
def test_a_stage_of_a_newer_program_is_named(stages: list[str]) -> None:
    """A chapter stage that this program lacks is no broken file: the message says what to do. The schema fits it."""
    data = changed(lambda it: it.update(chapterStages=stages))

    with pytest.raises(
        ManifestCorrupt, match="stage 'narrate' is not one of this imaginized's; use the one that wrote"
    ):
        decode(data)
    assert problems_of(data) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, (Stage.ANALYZE, Stage.ILLUSTRATE)), (["analyze"], (Stage.ANALYZE,))],
)
def test_a_book_keeps_the_stages_it_was_split_with(given: list[str] | None, expected: tuple[Stage, ...]) -> None:
    """A stage that came later is not asked of an older book; a manifest that names none means the first two there were.

    So an upgrade never opens a finished book again, and never stops one under way.
    """
    older = json.loads(encode(split_book(5)))
    older.pop("chapterStages")

    book = decode(json.dumps(older | ({"chapterStages": given} if given else {})).encode())

    assert book.chapter_stages == expected
    assert decode(encode(book)).chapter_stages == expected


@pytest.mark.parametrize("stages", [["illustrate", "analyze"], ["analyze", "analyze"], ["illustrate"]])
def test_stages_out_of_order_are_corrupt(stages: list[str]) -> None:
    """The stages of a book are some of ours, in our order, and nothing can be drawn that was not read."""
    with pytest.raises(ManifestCorrupt):
        decode(changed(lambda it: it.update(chapterStages=stages)))


ALL_PARTS = Parts(
    of=9,
    open=(5, 6),
    own=(4,),
    out={3: Part(claim=make_claim("c3", boot="b/1"), attempt=2)},
    returned=(7,),
    refused={8: "too dark"},
)


def test_parts_survive_the_file_and_are_counted() -> None:
    """How a chapter is shared out is read as it was written; what is in no list is done."""
    book = with_chapter(claim(split_book(1), by=make_claim(), now=EPOCH), 1, parts=ALL_PARTS)

    again = decode(encode(book))

    assert again == book
    assert problems_of(encode(book)) == []
    assert again.chapters[1].parts.done == 3


def test_parts_of_a_chapter_that_another_program_ended_are_gone() -> None:
    """A program that knows only chapters ends one and leaves our fields: nobody is at a part of it any more."""
    book = with_chapter(claim(split_book(1), by=make_claim(), now=EPOCH), 1, parts=ALL_PARTS)
    row = json.loads(encode(book))
    row["chapters"]["1"]["status"] = "completed"

    assert decode(json.dumps(row).encode()).chapters[1].parts is NO_PARTS


@pytest.mark.parametrize("parts", [{"open": 3}, {"open": [-1]}, {"out": []}, {"out": {"x": {}}}, [], {"of": "2"}])
def test_parts_of_no_form_are_corrupt(parts: object) -> None:
    """What cannot be read is nobody's work: the manifest is set aside, as with any other field."""
    row = json.loads(encode(claim(split_book(1), by=make_claim(), now=EPOCH)))
    row["chapters"]["1"]["parts"] = parts

    with pytest.raises(ManifestCorrupt):
        decode(json.dumps(row).encode())


def test_the_schema_names_every_field() -> None:
    """No field is written that the schema does not describe."""
    full = claim(split_book(1), by=make_claim(boot="b/1"), now=EPOCH)
    full = with_chapter(
        full, 1, reason=Reason(Code.NO_TEXT, "e"), rejected=True, analyzed_at=EPOCH, completed_at=EPOCH, failed_at=EPOCH
    )
    full = with_chapter(full, 1, completed_before=EPOCH, parts=ALL_PARTS, differs=(2,))
    full = replace(
        full,
        event_count=1,
        event_bytes=80,
        hold=Hold(reason="r", since=EPOCH, until=EPOCH, approve_usd=1.5, any_price=True),
        approval=Approval(usd=1.0, any_price=True),
        seen_division="0123456789abcdef",
        series=SeriesSaid(name="The Mill", volume="2"),
    )
    text = json.loads(encode(full))

    assert decode(encode(full)) == full
    assert text["version"] == SCHEMA_VERSION
    assert set(text) == set(SCHEMA["properties"])
    assert set(text["held"]) == set(SCHEMA["properties"]["held"]["properties"])
    assert set(text["approved"]) == set(SCHEMA["properties"]["approved"]["properties"])
    done = json.loads(encode(replace(full, chapters={1: replace(full.chapters[1], status=Status.COMPLETED)})))
    names, known = set(text["chapters"]["1"]) | set(done["chapters"]["1"]), SCHEMA["$defs"]["entry"]["properties"]
    assert names == set(known)
    parts = text["chapters"]["1"]["parts"]
    assert set(parts) == set(known["parts"]["properties"])
    assert set(parts["out"]["3"]) == set(known["parts"]["properties"]["out"]["additionalProperties"]["properties"])
    assert set(done["chapters"]["1"]["lastClaim"]) == set(known["lastClaim"]["properties"])
