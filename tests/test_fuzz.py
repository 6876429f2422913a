"""A small part of the fuzz run: `scripts/fuzz reading` is the whole."""

import os
from pathlib import Path

from tests.fuzzing_reading import make_books, run, try_book
from tests.mutations import HOSTILE_NAMES

CASES = 200


def test_damaged_books_give_chapters_or_a_reason(tmp_path: Path) -> None:
    """Whatever is changed in a book: no crash, no hang, no file beside it, no rejection without a reason."""
    cases = list(run(make_books(tmp_path), cases=CASES, seed=4))

    assert [case for case in cases if case.outcome.is_bad] == []
    assert {case.outcome.kind for case in cases} == {"chapters", "rejected"}


def test_the_run_notices_what_it_looks_for(tmp_path: Path) -> None:
    """A reader that dies or writes is found out; a run that finds nothing has looked."""
    epub = make_books(tmp_path)[0].read_bytes()

    outcomes = [try_book(epub, suffix=".epub", read=read) for read in (_die, _write, _raise, _say_nothing)]

    assert [outcome.kind for outcome in outcomes] == ["crash", "wrote", "crash", "speechless"]


def test_mutations_can_be_repeated(tmp_path: Path) -> None:
    """A seed and a number name a case for good."""
    books = make_books(tmp_path)

    first, again = ([case.outcome.words for case in run(books, cases=5, seed=9)] for _ in range(2))

    assert first == again
    assert any("outside" in name for name in HOSTILE_NAMES)


def _die(path: Path) -> str:
    os.abort()


def _write(path: Path) -> str:
    path.with_name("new").write_text("x")
    return "chapters 1"


def _raise(path: Path) -> str:
    raise RuntimeError(str(path))


def _say_nothing(path: Path) -> str:
    return "speechless"
