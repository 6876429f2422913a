"""Which books of the library an answer shows: pages of them by state, and those that a name may mean.

What of a book is asked of its manifest; which books to look at, of the index. So an answer costs what it shows.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from imaginized.control.reporting import books_meant, why_corrupt, why_lost
from imaginized.control.rows import PageRow
from imaginized.control.turns import Turn
from imaginized.errors import ManifestCorrupt
from imaginized.queue.manifest import Manifest
from imaginized.queue.phases import ENDED, STATES, UNWELL
from imaginized.queue.plan import phase
from imaginized.reasons import Reason
from imaginized.store.index import IndexUnusable
from imaginized.store.library import Library, NoSuchBook

PAGE_BOOKS = 50
FOUND_BOOKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Some books, and what is wrong with those that cannot be read."""

    books: list[Manifest] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the books in a state.

    Attributes:
        books: Those of the page, the newest last.
        total: How many there are on all pages.
        number: Of this page, from 1.
        counts: How many books of the library are in each phase.
        is_whole: Whether every book of the library was looked at.
        problems: What is wrong with those that cannot be read.
    """

    books: list[Manifest]
    total: int
    number: int
    counts: Mapping[str, int]
    is_whole: bool
    problems: list[Reason]

    @property
    def pages(self) -> int:
        """How many there are; 1 at least."""
        return max(-(-self.total // PAGE_BOOKS), 1)


async def read_open(library: Library) -> Shelf:
    """The books in which something may happen, and those that cannot be read; without an index, all of them."""
    shelf = await _read(library, _opened(library))
    shelf.books.sort(key=lambda one: (one.created_at, one.book_id))
    shelf.problems.extend(_lost(library))
    return shelf


async def page_of(library: Library, *, state: str, number: int) -> Page:
    """A page: first what is open, then what a person should look at, then the rest; the newest of each first."""
    wanted, opened = STATES[state], await _read(library, _opened(library))
    counts, is_whole = _closed(library)
    shown = [one for one in opened.books if wanted is None or phase(one) in wanted]
    shown.sort(key=lambda one: (phase(one) in ENDED, phase(one) not in UNWELL, -one.created_at.timestamp()))
    total = len(shown) + sum(count for each, count in counts.items() if wanted is None or each in wanted)
    start = (number - 1) * PAGE_BOOKS
    some = shown[start : start + PAGE_BOOKS]
    closed = _closed_books(library, wanted, skip=max(start - len(shown), 0), most=PAGE_BOOKS - len(some))
    rest = await _read(library, _besides(opened.books, closed))
    return Page(
        books=_newest_last([*some, *rest.books]),
        total=total,
        number=number,
        counts=Counter(str(phase(one)) for one in opened.books) + Counter(counts),
        is_whole=is_whole,
        problems=[*opened.problems, *rest.problems, *_lost(library)],  # asked last: what was read has found some
    )


async def books_named(library: Library, name: str) -> list[Manifest]:
    """The books that a name may mean, the newest last; of very many some."""
    opened = (await _read(library, _opened(library))).books
    try:
        closed = library.index.closed_named(name.casefold(), most=FOUND_BOOKS)
    except IndexUnusable:
        closed = []
    found = books_meant(name, [*opened, *(await _read(library, _besides(opened, closed))).books])
    return _newest_last(found)[-FOUND_BOOKS:]


async def books_in(library: Library, phases: Collection[str]) -> list[Manifest]:
    """Every book in one of these phases, the newest last."""
    opened = (await _read(library, _opened(library))).books
    closed = await _read(library, _besides(opened, _closed_books(library, phases, skip=0, most=-1)))
    return _newest_last([*(one for one in opened if phase(one) in phases), *closed.books])


def _besides(opened: Iterable[Manifest], closed: Iterable[str]) -> list[str]:
    """The closed ones but those that were open when they were read: one that is closed meanwhile is in both."""
    known = {one.book_id for one in opened}
    return [book for book in closed if book not in known]


def _opened(library: Library) -> Sequence[str]:
    """Ids of the books that are to be looked at; of all, unread and in any order, where there is no index."""
    try:
        return list(library.index.open_books())
    except IndexUnusable:
        return library.books()  # not `open_books`, which would read all of them in one turn of the loop


def _lost(library: Library) -> list[Reason]:
    return [why_lost(path, twins=library.twins(path.parent.name)) for path in library.orphans()]


async def _read(library: Library, books: Iterable[str]) -> Shelf:
    shelf, turn = Shelf(), Turn()
    for book in books:
        try:
            shelf.books.append(library.read(book))
        except ManifestCorrupt as error:
            shelf.problems.append(why_corrupt(error, library.files(book).manifest))
        except NoSuchBook:
            continue
        await turn.pass_on()
    return shelf


def _closed(library: Library) -> tuple[Mapping[str, int], bool]:
    try:
        return library.index.closed_phases(), library.index.is_whole()
    except IndexUnusable:
        return {}, True  # then what was read as open is all there is


def _closed_books(library: Library, phases: Collection[str] | None, *, skip: int, most: int) -> Sequence[str]:
    try:
        return library.index.closed_books(phases, skip=skip, most=most) if most else []
    except IndexUnusable:
        return []


def _newest_last(books: Iterable[Manifest]) -> list[Manifest]:
    return sorted(books, key=lambda one: (one.created_at, one.book_id))


def page_row(page: Page, *, state: str) -> PageRow:
    """Which page it is, for programs."""
    return {
        "state": state,
        "number": page.number,
        "pages": page.pages,
        "books": page.total,
        "is_whole": page.is_whole,
    }


def left_out(page: Page, *, is_asked: bool) -> list[str]:
    """What to tell a program that knows of no pages; nothing where all is on this one."""
    if is_asked or page.pages == 1:
        return []
    told = f"this answer has {len(page.books)} of {page.total} books"
    return [f"{told}; ask with `page` and `state` for the others, or upgrade imaginizectl"]
