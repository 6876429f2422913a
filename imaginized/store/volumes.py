"""Which series the books of a library are in: read from a few fields of each book's files, under no lock.

Files are replaced whole, so what is read is a state that there was. Nothing is kept: the books say it themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.queue.manifest import Stage, Status
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, load
from imaginized.story.volumes import SeriesSaid, Volume

BOOKS_A_STEP = 200  # 0.1 ms each


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    status: str = ""
    completedAt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """Of a manifest; to decode all of it takes forty times as long in a long book."""

    bookTitle: str = ""
    createdAt: str = ""
    seriesSaid: SeriesSaid | None = None
    steps: Mapping[str, _Step] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Of `data/book.json`."""

    title: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    series_index: str = ""


def read_volume(files: BookFiles) -> Volume | None:
    """A book as one of a series; None where it is gone or cannot be read, and before it is split."""
    try:
        head, facts = load(files.manifest, _Head), load(files.book, _Facts)
    except (OSError, RecordUnreadable):
        return None
    merge, said = head.steps.get(Stage.MERGE, _Step()), head.seriesSaid
    return Volume(
        book=files.root.name,
        title=facts.title,
        shown=head.bookTitle or facts.title,
        authors=facts.authors,
        series=facts.series if said is None else said.name,
        volume=facts.series_index if said is None else said.volume,
        by_person=said is not None,
        created=head.createdAt,
        merged=merge.completedAt if merge.status == Status.COMPLETED else "",
    )


def volumes_beside(files: BookFiles, *, step: Callable[[], None]) -> Iterator[Volume]:
    """All other books of the library that a book is in.

    Args:
        files: The book's.
        step: Called before the first and now and then; may raise.
    """
    for number, folder in enumerate(_folders(files.root.parent)):
        if number % BOOKS_A_STEP == 0:
            step()
        if folder.name != files.root.name:
            volume = read_volume(BookFiles(folder))
            if volume is not None:
                yield volume


def _folders(library: Path) -> list[Path]:
    return sorted(folder for folder in library.iterdir() if not folder.name.startswith("."))
