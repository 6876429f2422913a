"""Which books are volumes of one series, for `imaginizectl series`; and saying so.

A few fields of two small files of each book are read for this, on request, with turns for the others in between.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import cast

from imaginized.control.book_folder import load_object
from imaginized.control.books import Books
from imaginized.control.parameters import BadParameters
from imaginized.control.protocol import ENLIST, SERIES, InSeries, ToEnlist
from imaginized.control.reporting import head
from imaginized.control.series_rows import Enlisted, SeriesRow, Shelved, VolumeRow
from imaginized.control.turns import Turn
from imaginized.errors import ControlError, ExitCode, LibraryBusy, ManifestCorrupt
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.queue.redoing import enlist, recast
from imaginized.store.eventlog import moment_text
from imaginized.store.library import Library, NoSuchBook
from imaginized.story.volumes import SeriesSaid, Volume, earlier_volumes, number_of, series_of


async def series_told(books: Books, parameters: InSeries) -> Shelved:
    """The answer of `series`."""
    wanted, library = parameters.get("book"), books.daemon.library
    book = None if wanted is None else (await books.one(wanted)).book_id
    volumes = await _volumes(library)
    found = [(series.name, series.volumes) for series in series_of(volumes)]
    if book is not None:
        found = [each for each in found if any(volume.book == book for volume in each[1])] or [
            ("", tuple(volume for volume in volumes if volume.book == book))
        ]
    rows = [SeriesRow(name=name, volumes=[_row(each, own, library) for each in own]) for name, own in found]
    return {**head(SERIES), "book": book, "series": rows}


async def enlist_book(books: Books, parameters: ToEnlist) -> Enlisted:
    """Carry out `enlist`."""
    book, action = await books.exact(parameters["book"]), parameters["action"]
    name, volume = (" ".join((said or "").split()) for said in (parameters.get("name"), parameters.get("volume")))
    if action != "set" and (name or volume):
        raise BadParameters(f"name, volume: {action} takes neither")
    if action == "apply":
        _, after = await books.change_and_tell(book, recast)
    else:
        said = _said(action, name=name, volume=volume)
        before, after = await books.change_and_tell(book, partial(enlist, said=said))
        if after == before:
            text = f"{book} is listed so already, so nothing was changed"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
    told = after.series
    return {
        **head(ENLIST),
        "book": book,
        "name": None if told is None else told.name,
        "volume": None if told is None else told.volume,
    }


def _said(action: str, *, name: str, volume: str) -> SeriesSaid | None:
    if action == "undo":
        return None
    if action == "none":
        return SeriesSaid()
    if not name:
        raise BadParameters("name: set needs the name of a series")
    if volume and number_of(volume) is None:
        raise BadParameters('volume: must have one number, such as "2", "2.5" or "IV"')
    return SeriesSaid(name=name, volume=volume)


async def _volumes(library: Library) -> list[Volume]:
    found, turn = [], Turn()
    for book in library.books():
        with suppress(NoSuchBook, ManifestCorrupt, LibraryBusy):  # `status` says what is wrong with it
            found.append(_volume(library.read(book), load_object(library.files(book).book)))
        await turn.pass_on()
    return found


def _volume(manifest: Manifest, facts: Mapping[str, object]) -> Volume:
    """A book as one of a series. As `store.volumes` reads it, which needs more than the supervisor loads."""
    merge, said = manifest.steps[Stage.MERGE], manifest.series
    is_merged = merge.status is Status.COMPLETED and merge.completed_at is not None
    return Volume(
        book=manifest.book_id,
        title=str(facts.get("title") or ""),
        shown=manifest.book_title or manifest.original_name,
        authors=tuple(map(str, cast(Sequence[object], facts.get("authors") or ()))),
        series=str(facts.get("series") or "") if said is None else said.name,
        volume=str(facts.get("series_index") or "") if said is None else said.volume,
        by_person=said is not None,
        created=moment_text(manifest.created_at),
        merged=moment_text(merge.completed_at) if is_merged and merge.completed_at else "",
    )


def _row(volume: Volume, beside: Sequence[Volume], library: Library) -> VolumeRow:
    record = load_object(library.files(volume.book).series)
    read = {
        str(row["book"]): str(row["merged"])
        for row in cast(Sequence[Mapping[str, object]], record.get("volumes") or ())
    }
    before = [each for each in earlier_volumes(volume, beside) if each.merged]
    edition = cast(Mapping[str, object], record.get("edition_of") or {})
    unread = [each.book for each in before if read.get(each.book) != each.merged] if volume.merged else []
    return {
        "book": volume.book,
        "title": volume.shown,
        "volume": volume.volume,
        "by_person": volume.by_person,
        "is_merged": bool(volume.merged),
        "knows": list(read),
        "unread": unread,
        "edition_of": str(edition["book"]) if edition else None,
    }
