"""The status by pages: what is on which, how much it is, and that a page costs what it shows."""

import asyncio
import json
from dataclasses import replace

import pytest

from imaginized.cli.shown_pages import page_lines, unwell_elsewhere
from imaginized.clock import SystemClock
from imaginized.control.catalogue import PAGE_BOOKS, books_in, books_named, left_out, page_of, page_row
from imaginized.control.reporting import Summaries
from imaginized.queue.change import Change
from imaginized.queue.manifest import Manifest, Status
from imaginized.reasons import Code, Reason
from imaginized.store.library import Library
from imaginized.store.sweep import Sweep
from tests.support.large_library import fill, finished_book

COUNT, HELD, PARTIAL = 120, 3, 5


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Three books wait for somebody, five are partial, all others are done."""
    folder = tmp_path_factory.mktemp("many")
    books = fill(folder / "library", model=finished_book(folder / "model", chapters=2), count=COUNT, held=HELD)
    library = Library(folder / "library", clock=SystemClock())
    for book in books[HELD : HELD + PARTIAL]:
        library.update(book, _failed)
        library.files(book).progress.write_text("newer\n")
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    while not sweep.is_settled:
        sweep.step(seconds=10.0)
    return library


def _failed(manifest: Manifest) -> Change:
    entry = replace(
        manifest.chapters[1], status=Status.FAILED, failed_at=manifest.created_at, reason=Reason(Code.IO, "it failed")
    )
    return Change(replace(manifest, chapters={**manifest.chapters, 1: entry}))


def numbers(books: list[Manifest]) -> list[int]:
    return [int(one.book_title.rpartition(" ")[2]) for one in books]


def test_the_first_page_has_what_is_open_then_what_is_unwell_then_the_newest(library: Library) -> None:
    """Whatever a person may have to do something about is there, however many books are done."""
    page = asyncio.run(page_of(library, state="all", number=1))

    assert (page.total, page.pages, page.is_whole) == (COUNT, 3, True)
    assert page.counts == {"held": HELD, "partial": PARTIAL, "done": COUNT - HELD - PARTIAL}
    assert numbers(page.books) == [*range(HELD + PARTIAL), *range(COUNT - PAGE_BOOKS + HELD + PARTIAL, COUNT)]


def test_every_book_is_on_one_page(library: Library) -> None:
    """All pages together are the library; a page after the last one is empty."""
    pages = [asyncio.run(page_of(library, state="all", number=number)) for number in (1, 2, 3, 4)]

    assert sorted(number for page in pages for number in numbers(page.books)) == list(range(COUNT))
    assert pages[3].books == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("open", range(HELD)),
        ("held", range(HELD)),
        ("partial", range(HELD, HELD + PARTIAL)),
        ("unwell", range(HELD + PARTIAL)),
        ("analyzing", range(0)),
    ],
)
def test_a_state_has_its_books_only(library: Library, state: str, expected: range) -> None:
    """By their phases."""
    assert numbers(asyncio.run(page_of(library, state=state, number=1)).books) == list(expected)
    assert asyncio.run(page_of(library, state="ended", number=1)).total == COUNT - HELD


def test_a_page_is_small(library: Library) -> None:
    """A client takes a mebibyte a line; a page is a fraction of it."""
    page = asyncio.run(page_of(library, state="all", number=1))
    rows = Summaries().of(page.books, root=library.root, spent_usd={})

    assert len(rows) == PAGE_BOOKS
    assert len(json.dumps(rows)) < 60_000


def test_names_are_found_among_closed_books_too(library: Library) -> None:
    """By the whole id, by its beginning, by a part of the title or of the id, as before."""
    (one,) = asyncio.run(books_named(library, "book 000077"))
    by_id = asyncio.run(books_named(library, one.book_id[:12]))
    many = asyncio.run(books_named(library, "BOOK"))

    assert one.book_title == "Book 000077"
    assert [found.book_id for found in by_id] == [one.book_id]
    assert len(many) == 100
    assert asyncio.run(books_named(library, "nothing of that name")) == []
    assert [library.has(name) for name in (one.book_id, "", "..", "../x", ".trash", "x" * 400, "a\0b")] == [
        True,
        *[False] * 6,
    ]


def test_books_in_a_phase_are_all_there(library: Library) -> None:
    """For `retry --all-failed`."""
    assert numbers(asyncio.run(books_in(library, {"partial", "failed"}))) == list(range(HELD, HELD + PARTIAL))


def test_a_program_that_knows_no_pages_is_told(library: Library) -> None:
    """Once: one that asked for a page knows."""
    page = asyncio.run(page_of(library, state="all", number=1))

    assert left_out(page, is_asked=True) == []
    assert left_out(page, is_asked=False) == [
        "this answer has 50 of 120 books; ask with `page` and `state` for the others, or upgrade imaginizectl"
    ]


def test_what_a_person_reads_of_pages(library: Library) -> None:
    """Which page it is, what the library has, how to see more; and what a person should look at on other pages."""
    page = asyncio.run(page_of(library, state="all", number=2))
    rows = Summaries().of(page.books, root=library.root, spent_usd={})
    status = {"books": rows, "counts": dict(page.counts), "page": page_row(page, state="all")}

    assert page_lines(status) == [
        "page 2 of 3, 120 books; the library has 112 done, 5 partial, 3 held",
        "`imaginizectl status --page 3` shows the next page, --all shows every one",
    ]
    assert unwell_elsewhere(status) == HELD + PARTIAL
    assert page_lines({"books": rows}) == []
