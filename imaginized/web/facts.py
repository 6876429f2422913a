"""What the page needs of a book's records beyond the daemon's answers: authors, language, series, cover."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, load
from imaginized.store.volumes import read_volume

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
BOOK_ID = re.compile(r"[\w-][\w.-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of `data/book.json`, what the shelf and the catalogue say of a book.

    Attributes:
        cover: Path of a picture below the book's folder; "" for none that a browser may be given.
        series: As a person said, else as its file has it; "" for none.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    series: str = ""
    series_index: str = ""
    cover: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An earlier edition of a book."""

    book: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Of `data/series.json`."""

    edition_of: Edition | None = None


def edition_before(library: Path, book: str) -> Edition | None:
    """The book of which this one is a later edition; None for none, and where that one is gone."""
    try:
        found = load(BookFiles(library / book).series, _Beside).edition_of
    except (OSError, RecordUnreadable):
        return None
    is_there = found is not None and BOOK_ID.fullmatch(found.book) and (library / found.book).is_dir()
    return found if is_there else None


def facts_of(library: Path, book: str) -> Facts:
    """What is known of a book; nothing before it is split, and where its record cannot be read."""
    files = BookFiles(library / book)
    try:
        facts = load(files.book, Facts)
    except (OSError, RecordUnreadable):
        return Facts()
    place = read_volume(files)
    return facts if place is None else replace(facts, series=place.series, series_index=place.volume)


def cover_of(library: Path, book: str, facts: Facts, *, as_picture: bool = False) -> str:
    """The picture to show for a book: its cover, else its first illustration; "" for neither.

    A drawing in SVG is a program of strangers: it is shown only to a browser that says it will draw it in a page.
    """
    kinds = (*PICTURES, ".svg") if as_picture else PICTURES
    names = [facts.cover or "", "images/cover.jpg"]
    names += [f"images/chapter_{chapter}_scene_1.jpg" for chapter in (1, 2, 3)]
    root = library / book
    return next((name for name in names if Path(name).suffix.lower() in kinds and (root / name).is_file()), "")
