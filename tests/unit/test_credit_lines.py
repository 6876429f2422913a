"""Lines that a site sets around every chapter are no text of it; many that are left out alike are one row."""

from pathlib import Path

import pytest

from imaginized.cli.dividing import chapter_lines
from imaginized.guide.notes import skipped_rows
from imaginized.reading.book import read_book
from imaginized.story.text import BookText, Skipped

PROSE = "\n\n".join(
    ["They went on as they had gone on before, and nobody in the house said a word until the evening came."] * 12
)


def web_novel(path: Path, top: list[str], end: str) -> BookText:
    path.write_text("\n\n".join(f"Chapter {at}\n\n{line}\n\n{PROSE}\n\n{end}" for at, line in enumerate(top, 1)))
    return read_book(path, original_name=path.name)


@pytest.mark.parametrize(
    "top",
    [
        ["Translator: Kim  Editor: Lee"] * 8,
        ["Translator: Kim"] * 4 + ["Translator: Lee"] * 4,
        ["译者：小月 校对：阿青"] * 8,
    ],
)
def test_credits_that_open_and_close_chapters_alike_are_left_out(tmp_path: Path, top: list[str]) -> None:
    book = web_novel(tmp_path / "novel.txt", top, "T/N: Thank you for reading!")

    assert [chapter.title for chapter in book.chapters] == [f"Chapter {at}" for at in range(1, 9)]
    assert {chapter.text for chapter in book.chapters} == {PROSE}
    assert {skip.reason for skip in book.skipped} == {"credits"}
    assert [skip.paragraphs[0].text for skip in book.skipped if skip.order < 3] == [
        " ".join(top[0].split()),
        "T/N: Thank you for reading!",
    ]


def test_lines_that_differ_from_chapter_to_chapter_are_text(tmp_path: Path) -> None:
    book = web_novel(tmp_path / "diary.txt", [f"Weather: storm number {at}, rain" for at in range(1, 9)], "Good night.")

    assert not book.skipped
    assert all("Good night." in chapter.text for chapter in book.chapters)


def test_equal_pieces_are_one_row_with_a_count() -> None:
    parts = [Skipped(title="navigation", reason="navigation", words=9, order=at) for at in range(21)]
    (row,) = skipped_rows(parts)
    assert (row.reason, row.words) == ("navigation, in 21 places", 189)

    piece: dict[str, object] = {
        "chapter": None,
        "title": "navigation",
        "words": 9,
        "reason": "navigation",
        "edits": [],
        "starts": "",
    }
    pieces = [{**piece, "row": str(at)} for at in range(1, 22)]
    answer = {"book": "b", "division": None, "is_waiting": False, "is_applied": True, "problems": [], "pieces": pieces}
    lines = list(chapter_lines(answer))
    assert len(lines) == 2
    assert lines[1].endswith("left out: navigation; 21 like this, rows 1 to 21")
