"""What the page needs of a book's records beyond the daemon's answers: authors, language, series, cover."""

import re
from dataclasses import dataclass
from pathlib import Path

from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, load

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
BOOK_ID = re.compile(r"[\w-][\w.-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of `data/book.json`, what the shelf and the catalogue say of a book.

    Attributes:
        cover: Path of a picture below the book's folder; "" for none that a browser may be given.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    series: str = ""
    series_index: str = ""
    cover: str | None = None


def facts_of(library: Path, book: str) -> Facts:
    """What is known of a book; nothing before it is split, and where its record cannot be read."""
    files = BookFiles(library / book)
    try:
        return load(files.book, Facts)
    except (OSError, RecordUnreadable):
        return Facts()


def cover_of(library: Path, book: str, facts: Facts) -> str:
    """The picture to show for a book: its cover, else its first illustration; "" for neither.

    A drawing in SVG is a program of strangers, and is not shown.
    """
    names = [facts.cover or "", "images/cover.jpg"]
    names += [f"images/chapter_{chapter}_scene_1.jpg" for chapter in (1, 2, 3)]
    root = library / book
    return next((name for name in names if Path(name).suffix.lower() in PICTURES and (root / name).is_file()), "")
