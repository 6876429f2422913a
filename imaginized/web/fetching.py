"""Which books of the library a reading app may fetch, as the catalogue lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imaginized.web.catalog import A_PAGE, Entry, Part
from imaginized.web.facts import cover_of, facts_of
from imaginized.web.files import SHOWN, exports_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An illustrated EPUB: whose it is, its name among the exports, its size, and when it was made."""

    book: str
    name: str
    size: int
    at: datetime


def part_of(library: Path, books: Sequence[str], *, words: str, number: int) -> Part:
    """A page of the catalogue: the books that have an illustrated EPUB and fit the words, in the order given."""
    made = [one for book in books if (one := _made(library, book)) is not None]
    wanted = words.casefold().split()
    if wanted:  # else the records of those alone are read that are shown: a library has many
        made = [one for one in made if _fits(_entry(library, one), wanted)]
    updated = max((one.at for one in made), default=datetime(1970, 1, 1, tzinfo=UTC))
    shown = [_entry(library, one) for one in made[(number - 1) * A_PAGE : number * A_PAGE]]
    return Part(entries=shown, total=len(made), number=number, words=words, updated=updated)


def _fits(one: Entry, wanted: Sequence[str]) -> bool:
    searched = " ".join((one.title, *one.authors, one.series)).casefold()
    return all(word in searched for word in wanted)


def _made(library: Path, book: str) -> _Made | None:
    epubs = [(name, size) for name, size in exports_of(library, book) if name.endswith(".epub")]
    # Of the two kinds the book itself with its pictures, not the guide beside it.
    chosen = next((each for each in epubs if not each[0].endswith("-guide.epub")), None)
    if chosen is None:
        return None
    try:
        changed = (library / book / "exports" / chosen[0]).stat().st_mtime
    except OSError:
        return None
    return _Made(book=book, name=chosen[0], size=chosen[1], at=datetime.fromtimestamp(int(changed), tz=UTC))


def _entry(library: Path, made: _Made) -> Entry:
    facts = facts_of(library, made.book)
    cover = cover_of(library, made.book, facts)
    return Entry(
        book=made.book,
        title=facts.title or made.book,
        authors=facts.authors,
        language=facts.language,
        publisher=facts.publisher,
        series=facts.series,
        series_index=facts.series_index,
        updated=made.at,
        epub=made.name,
        size=made.size,
        cover=SHOWN.get(Path(cover).suffix.lower(), "") if cover else "",
    )
