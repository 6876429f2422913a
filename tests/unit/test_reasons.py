"""Reasons: a code for programs beside the words for people, on disk, in events and in answers."""

import json
from collections.abc import Mapping

import pytest

from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import Manifest, Status
from imaginized.queue.plan import was_cancelled
from imaginized.reasons import Code, Reason
from tests.support.applied import cancel
from tests.support.manifests import EPOCH, split_book, with_chapter

PROTECTED = Reason(Code.PROTECTED, "it is protected by DRM", "Drop a copy without it.")


def on_disk(book: Manifest) -> dict[str, dict[str, dict[str, object]]]:
    text: dict[str, dict[str, dict[str, object]]] = json.loads(encode(book))
    return text


def changed(book: Manifest, **changes: object) -> Manifest:
    """The book as another program leaves it that changed fields of chapter 1; None removes one."""
    text = on_disk(book)
    row = {key: value for key, value in {**text["chapters"]["1"], **changes}.items() if value is not None}
    text["chapters"]["1"] = row
    return decode(json.dumps(text).encode())


def test_a_reason_survives_the_disk_beside_its_words() -> None:
    """Whoever knows codes reads all of it, whoever knows `error` alone reads a sentence."""
    book = with_chapter(split_book(1), 1, status=Status.FAILED, failed_at=EPOCH, reason=PROTECTED)
    row = on_disk(book)["chapters"]["1"]

    assert decode(encode(book)).chapters[1].reason == PROTECTED
    assert row["error"] == "it is protected by DRM. Drop a copy without it."
    assert row["reason"] == {"code": "protected", "text": PROTECTED.text, "advice": PROTECTED.advice}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"error": "out of ink"}, Reason(Code.UNKNOWN, "out of ink")),
        ({"error": None, "status": "pending"}, None),
        ({"reason": {"code": "of a later version", "text": "t"}, "error": "t"}, Reason(Code.UNKNOWN, "t")),
        ({"reason": "odd"}, Reason(Code.UNKNOWN, str(PROTECTED))),
    ],
    ids=["another-error", "no-error", "unknown-code", "no-object"],
)
def test_what_another_program_wrote_last_counts(changes: Mapping[str, object], expected: Reason | None) -> None:
    """One that knows no codes keeps ours beside its own words: then ours is out of date."""
    book = with_chapter(split_book(1), 1, status=Status.FAILED, failed_at=EPOCH, reason=PROTECTED)

    assert changed(book, **changes).chapters[1].reason == expected


@pytest.mark.parametrize(
    ("error", "is_cancelled"),
    [
        ("cancelled; `imaginizectl retry a-book-00000000` takes it up again", True),
        ("cancelled", True),
        ("cancelled by the endpoint", False),
        ("HTTP 500", False),
    ],
)
def test_a_cancelled_chapter_of_a_2_0_manifest_is_known(error: str, is_cancelled: bool) -> None:
    """It has words alone, which are recognised where it is read and nowhere else."""
    old = changed(split_book(1), status="failed", failedAt="2026-01-01T00:00:00Z", error=error)

    assert was_cancelled(old.chapters[1]) is is_cancelled
    assert str(old.chapters[1].reason) == error


def test_the_words_of_a_cancel_mean_nothing() -> None:
    """A chapter is cancelled by its code, whatever is said, and stays `failed` for programs of the format."""
    book = cancel(split_book(1), now=EPOCH, reason="enough", advice="retry it")

    assert was_cancelled(decode(encode(book)).chapters[1])
    assert on_disk(book)["chapters"]["1"]["status"] == "failed"
