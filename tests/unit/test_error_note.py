"""The notes beside what was put aside: words for people, and one line for the program."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imaginized.inbox.error_note import MEND, NOTE_BYTES, SCHEMA, duplicate_note, read_note, rejected_note
from imaginized.reasons import Code, Reason

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BY_0_1_0 = """bad.epub was not accepted.

Why: it is encrypted (DRM): no
What to do: Repair it or convert it to EPUB (Calibre can do both), then drop it into the inbox again.

When: 2026-01-01T00:00:00+00:00
(Only imaginized needs the next line.)
Reference: 1:2:3
"""


def placed(tmp_path: Path, text: bytes) -> Path:
    path = tmp_path / ".failed" / "bad.epub.error.txt"
    path.parent.mkdir()
    path.write_bytes(text)
    return path


@pytest.mark.parametrize("code", Code)
def test_every_reason_comes_back_with_its_code(tmp_path: Path, code: Code) -> None:
    """What was written is what is read, whatever the words are."""
    reason = Reason(code, "it is: Why: not\nReference: forged", "What to do: {nothing}")
    said = read_note(placed(tmp_path, rejected_note("bad.epub", reason=reason, reference="1:2:3", at=NOW).text()))

    assert said == (reason, "1:2:3")


def test_the_words_are_for_people_alone(tmp_path: Path) -> None:
    """Whoever edits, translates or adds to a note changes nothing of what the program knows."""
    reason = Reason(Code.PROTECTED, "it has copy protection")
    text = rejected_note("bad.epub", reason=reason, reference="r", at=NOW).text().decode()
    text = text.replace("Why: it has copy protection", "Warum: Kopierschutz") + "Seen by Anna.\n{ok}\n"
    said = read_note(placed(tmp_path, text.encode()))

    assert f"What to do: {MEND}" in text
    assert said == (Reason(Code.PROTECTED, "it has copy protection", MEND), "r")


def test_a_duplicate_says_so_by_its_code(tmp_path: Path) -> None:
    """A pointer is a note, too."""
    note = duplicate_note("a.epub", book="b", folder=tmp_path, is_restarted=False, reference="r", at=NOW)
    said = read_note(placed(tmp_path, note.text()))

    assert said is not None
    assert said.reason.code is Code.DUPLICATE


def test_a_note_of_0_1_0_is_understood(tmp_path: Path) -> None:
    """It named no code, so its words stand alone."""
    said = read_note(placed(tmp_path, BY_0_1_0.encode()))

    assert said == (Reason(Code.UNKNOWN, "it is encrypted (DRM): no", MEND), "1:2:3")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe{",
        b"[" * 60_000,
        b"{" * 60_000,
        b'{"schema": "other/1", "code": "damaged"}',
        b"Why: x\n" * (NOTE_BYTES // 7 + 1),
        json.dumps({"schema": SCHEMA}).encode() + b" trailing",
    ],
)
def test_what_is_no_note_of_ours_is_none(tmp_path: Path, text: bytes) -> None:
    """Anybody may have put anything there."""
    assert read_note(placed(tmp_path, text)) is None


def test_a_code_of_a_later_version_is_unknown(tmp_path: Path) -> None:
    """Its words stay."""
    row = {"schema": SCHEMA, "code": "of_tomorrow", "text": "why", "advice": "do", "reference": "r"}
    said = read_note(placed(tmp_path, json.dumps(row).encode()))

    assert said == (Reason(Code.UNKNOWN, "why", "do"), "r")


def test_a_note_with_the_longest_reason_stays_readable(tmp_path: Path) -> None:
    """The line for us is bounded, so that a note never becomes one that is too long for ours."""
    reason = Reason(Code.SIDECAR, "\u202e" * 5000, "\udcff" * 5000)
    said = read_note(placed(tmp_path, rejected_note("bad.epub", reason=reason, reference="r", at=NOW).text()))

    assert said is None or said.reason.code is Code.SIDECAR
