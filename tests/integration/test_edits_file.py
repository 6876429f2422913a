"""`chapters.toml` as a hostile or clumsy hand may leave it: the daemon never waits for it, and says what is wrong."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from imaginized.control.dividing import change_edits, pieces_of
from imaginized.errors import ControlError
from imaginized.queue.dividing import divide_again
from imaginized.queue.plan import Phase, phase
from imaginized.story.edit_file import EDITS_FILE
from imaginized.story.revising import Action, Wish
from tests.integration.test_dividing import Reader, reader

__all__ = ["reader"]


def link(path: Path) -> None:
    secret = path.parent.parent / "secret"
    secret.write_text('[[drop]]\ntitle = "Chapter 2"\nword = "hidden"\n')
    path.symlink_to(secret)


def be_huge(path: Path) -> None:
    path.write_text('[[drop]]\ntitle = "Chapter 2"\n' + "# more\n" * 60_000)


ODD: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "link": link,
    "huge": be_huge,
    "blocks": lambda path: path.write_text("[[drop]]\n" * 20_000),
    "bytes": lambda path: path.write_bytes(bytes(range(256)) * 100),
    "utf-16": lambda path: path.write_text('[[drop]]\ntitle = "Chapter 2"\n', encoding="utf-16"),
    "deep": lambda path: path.write_text("x = " + "[" * 5_000),
    "number": lambda path: path.write_text("[[drop]]\ntitle = 7\n"),
}


def shown(found: Reader) -> list[str]:
    return list(pieces_of(found.manifest, files=found.library.files(found.book))["problems"])


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_of_edits_is_told_and_changes_nothing(reader: Reader, kind: str) -> None:
    """Neither opened nor followed where it is no file; the book stays as it is, and a reset writes a good one."""
    files = reader.library.files(reader.book)
    titles = reader.titles()
    ODD[kind](files.edits)
    problems = shown(reader)
    with pytest.raises(ControlError, match="has mistakes, nothing was changed"):
        change_edits(Wish(action=Action.DROP, rows=("1",)), book=reader.book, files=files)
    reader.library.update(reader.book, divide_again)
    reader.work()

    assert problems and all(problem.startswith("chapters.toml") for problem in problems)
    assert "hidden" not in "".join(problems)
    assert reader.titles() == titles
    if kind != "folder":  # a person has to remove that
        change_edits(Wish(action=Action.RESET), book=reader.book, files=files)
        assert shown(reader) == []


def test_orders_that_contradict_each_other_are_told(reader: Reader) -> None:
    """Dropped and kept and renamed at once: the book is divided, and each order that had no effect is named."""
    reader.divide(
        "".join(f'[[{verb}]]\ntitle = "Chapter 2"\n' for verb in ("drop", "keep", "drop", "merge"))
        + '[[rename]]\ntitle = "Chapter 2"\nto = "A"\n[[rename]]\ntitle = "Chapter 2"\nto = "B"\n'
    )
    reader.work()

    assert phase(reader.manifest) is Phase.DONE
    assert len(reader.titles()) in (3, 4)


def test_a_file_that_changes_while_the_book_is_split_is_read_once_more(reader: Reader) -> None:
    """What the split read is noted with its digest: `chapters` says that the file is not what is in force."""
    reader.divide('[[drop]]\ntitle = "Chapter 2"\n')
    reader.work()
    files = reader.library.files(reader.book)
    before = pieces_of(reader.manifest, files=files)["is_applied"]
    files.edits.write_text('[[drop]]\ntitle = "Chapter 3"\n')

    assert (before, pieces_of(reader.manifest, files=files)["is_applied"]) == (True, False)


def test_many_blocks_are_refused_before_anybody_reads_them() -> None:
    """The supervisor reads the file while other clients wait."""
    _, problems = EDITS_FILE.parse("[[drop]]\n" * 29_000, name="chapters.toml")

    assert problems == ("chapters.toml: more than 2,000 blocks; at most 500 edits are allowed",)


def test_a_merged_chapter_is_split_in_the_piece_that_has_the_words(reader: Reader) -> None:
    """The row of a merged chapter is that of its first piece; the words may be in another one."""
    files = reader.library.files(reader.book)
    reader.divide(f'[[merge]]\ntitle = "{reader.titles()[1]}"\n')
    reader.work()
    texts = [row["text"] for row in json.loads(files.chapter(1).read_bytes())["paragraphs"]]
    pieces = pieces_of(reader.manifest, files=files)["pieces"]
    first, second = (piece for piece in pieces if piece["chapter"] == 1)
    at = next(at for at, text in enumerate(texts) if at and text.startswith(str(second["starts"])))
    with pytest.raises(ControlError, match=f"merged into row {first['row']}: undo {second['row']}"):
        change_edits(Wish(action=Action.SPLIT, rows=(first["row"],), at=texts[at]), book=reader.book, files=files)
    wish = Wish(action=Action.SPLIT, rows=(first["row"],), at=texts[at + 1], title="The\n Second  Half")
    change_edits(wish, book=reader.book, files=files)
    reader.divide(files.edits.read_text())
    reader.work()

    assert reader.titles()[:2] == ["Chapter 1", "The Second Half"]
    assert json.loads(files.chapter(2).read_bytes())["paragraphs"][0]["text"] == texts[at + 1]
