"""Which books of the library a reading app may fetch, as the catalogue lists them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from imaginized.web.catalog import A_PAGE, Entry, Part
from imaginized.web.facts import cover_of, facts_of
from imaginized.web.files import SHOWN, exports_of


def part_of(library: Path, books: Sequence[str], *, words: str, number: int) -> Part:
    """A page of the catalogue: the books that have an illustrated EPUB and fit the words, in the order given."""
    entries = [entry for book in books if (entry := _entry(library, book)) is not None]
    wanted = words.casefold().split()
    found = [one for one in entries if all(word in _searched(one) for word in wanted)]
    updated = max((one.updated for one in found), default=datetime(1970, 1, 1, tzinfo=UTC))
    shown = found[(number - 1) * A_PAGE : number * A_PAGE]
    return Part(entries=shown, total=len(found), number=number, words=words, updated=updated)


def _searched(one: Entry) -> str:
    return " ".join((one.title, *one.authors, one.series)).casefold()


def _entry(library: Path, book: str) -> Entry | None:
    epubs = [(name, size) for name, size in exports_of(library, book) if name.endswith(".epub")]
    # Of the two kinds the book itself with its pictures, not the guide beside it.
    chosen = next((each for each in epubs if not each[0].endswith("-guide.epub")), None)
    if chosen is None:
        return None
    facts = facts_of(library, book)
    cover = cover_of(library, book, facts)
    try:
        changed = (library / book / "exports" / chosen[0]).stat().st_mtime
    except OSError:
        return None
    return Entry(
        book=book,
        title=facts.title or book,
        authors=facts.authors,
        language=facts.language,
        publisher=facts.publisher,
        series=facts.series,
        series_index=facts.series_index,
        updated=datetime.fromtimestamp(int(changed), tz=UTC),
        epub=chosen[0],
        size=chosen[1],
        cover=SHOWN.get(Path(cover).suffix.lower(), "") if cover else "",
    )
