"""What earlier volumes of its series tell a book: read from their folders when its cast is put together, and copied.

Nothing of another book is read at any other time, and no lock of another is ever taken: what a volume says is what it
said when this book's cast was put together last. A volume that comes later says nothing to an earlier one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from imaginized.queue.manifest import Manifest
from imaginized.stages.casting import merged_before
from imaginized.stages.job import Contents, Job
from imaginized.stages.records import (
    ElementsRecord,
    Learned,
    ScenesRecord,
    SeriesRecord,
    VolumeRead,
    load_cast,
    load_series,
)
from imaginized.stages.sheets import read_guidance
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.store.volumes import read_volume, volumes_beside
from imaginized.story.cast_orders import Member, Order
from imaginized.story.earlier import Earlier, Somebody, Told, joined_earlier, same_ones, somebody
from imaginized.story.elements import Element, Scene
from imaginized.story.merging import Merged, merge_cast
from imaginized.story.sheets import looks_of
from imaginized.story.volumes import Volume, earlier_volumes, edition_before


def learned_when_drawn(record: SeriesRecord, *, manifest: Manifest) -> Learned:
    """By what the pictures that there are were made; see `casting.orders_drawn_by`."""
    if record.was is not None and record.since == merged_before(manifest):
        return record.was
    return record.learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelfmates:
    """The books that matter to one: the volumes before it, and the edition before it.

    Attributes:
        own: The book itself; None before it is split.
    """

    own: Volume | None = None
    earlier: tuple[Volume, ...] = ()
    edition: Volume | None = None


def shelfmates_of(job: Job) -> Shelfmates:
    """Look through the library."""
    own = read_volume(job.files)
    if own is None:
        return Shelfmates()
    others = list(volumes_beside(job.files, step=job.step))
    merged = tuple(each for each in earlier_volumes(own, others) if each.merged)
    return Shelfmates(own=own, earlier=merged, edition=edition_before(own, others))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The cast of an earlier volume."""

    volume: Volume
    files: BookFiles
    elements: Sequence[Element]
    cast: Sequence[Somebody]


def somebodies(elements: Iterable[Element], *, found_names: Mapping[str, str]) -> list[Somebody]:
    """A cast by its names, in the order of its elements."""
    return [somebody(each, found=found_names.get(each.name, each.name)) for each in elements]


def casts_before(job: Job, mates: Shelfmates) -> list[_Before]:
    """The casts of the volumes before a book; without one that cannot be read."""
    found = []
    for volume in mates.earlier:
        job.step()
        files = BookFiles(job.files.root.parent / volume.book)
        try:
            elements = load(files.elements, ElementsRecord).elements
        except (OSError, RecordUnreadable):
            continue
        cast = somebodies(elements, found_names=load_cast(files).found_names)
        found.append(_Before(volume=volume, files=files, elements=elements, cast=cast))
    return found


def joined_by(
    before: Sequence[_Before], cast: Sequence[Somebody], *, scenes: Sequence[Scene], said: Sequence[Order]
) -> tuple[Order, ...]:
    """Who is one because an earlier volume says so; of the last one that knows them."""
    orders: list[Order] = []
    for each in reversed(before):
        told = {name for order in orders for name in order.names}
        fresh = joined_earlier(cast, each.cast, scenes=scenes, said=said)
        orders += [order for order in fresh if told.isdisjoint(order.names)]
    return tuple(orders)


def known_by(
    before: Sequence[_Before], own: Sequence[Somebody], *, files: BookFiles
) -> tuple[dict[str, tuple[Earlier, ...]], dict[Path, bytes | Path | None]]:
    """What earlier volumes tell of whom, by the name that was found; and the pictures to copy, with those to remove."""
    known: dict[str, list[Earlier]] = {}
    copies: dict[Path, bytes | Path | None] = {}
    for each in before:
        pairs = list(same_ones(own, each.cast))
        pictures = _pictures(each) if pairs else {}
        told = _told(each) if pairs else {}
        for at, there in pairs:
            name = each.elements[there].name
            one = _as_told(each, there, looks=told.get(name, ()))
            if name in pictures:
                source, digest = pictures[name]
                copy = files.earlier_picture(_copy_name(source))
                copies[copy] = source
                one = replace(one, picture=copy.relative_to(files.root).as_posix(), picture_digest=digest)
            known.setdefault(own[at].name, []).append(one)
    stale = [path for path in files.earlier_pictures() if path not in copies]
    wanted = {path: source for path, source in copies.items() if not path.is_file()}
    return {name: tuple(found) for name, found in sorted(known.items())}, {**wanted, **dict.fromkeys(stale)}


def _as_told(before: _Before, at: int, *, looks: tuple[Told, ...]) -> Earlier:
    volume, name = before.volume, before.elements[at].name
    return Earlier(
        book=volume.book,
        title=volume.shown,
        volume=volume.volume,
        name=name,
        names=tuple(other for other in before.cast[at].names if other != name),
        looks=looks,
    )


def _copy_name(source: Path) -> str:
    """Another one for another picture: a copy that is there is never written over."""
    return sha256(source.read_bytes()).hexdigest()[:16] + source.suffix.lower()


def _pictures(before: _Before) -> dict[str, tuple[Path, str]]:
    """A picture of each of a volume's cast, and its digest where a person placed it."""
    guidance = read_guidance(before.files, elements=before.elements, scenes=_scenes(before.files))
    return guidance.pictures(before.elements)


def _told(before: _Before) -> Mapping[str, tuple[Told, ...]]:
    guidance = read_guidance(before.files, elements=before.elements, scenes=())
    return {each.name: _looks(guidance.as_edited(each)) for each in before.elements}


def _looks(element: Element) -> tuple[Told, ...]:
    if not element.quotes and not element.looks:  # of a sheet that a person wrote in
        return tuple(Told(text=piece.strip()) for piece in element.description.split(";") if piece.strip())
    return tuple(
        Told(text=look.text, quote=look.quote.text, chapter=look.quote.chapter, page=look.quote.page)
        if look.quote
        else Told(text=look.text)
        for look in looks_of(element)
    )


def _scenes(files: BookFiles) -> Iterator[Scene]:
    for path in sorted(files.scenes(1).parent.glob("*.json")):
        try:
            yield from load(path, ScenesRecord).scenes
        except (OSError, RecordUnreadable):
            continue


def series_record(mates: Shelfmates, learned: Learned, *, job: Job, before: SeriesRecord) -> SeriesRecord | None:
    """The record of a book that is in a series, or a later edition, or was so before; None for any other."""
    own, was = mates.own, learned_when_drawn(before, manifest=job.manifest)
    record = SeriesRecord(
        name=own.series if own else "",
        volume=own.volume if own else "",
        volumes=tuple(map(_read, mates.earlier)),
        edition_of=_read(mates.edition) if mates.edition else None,
        learned=learned,
    )
    if learned != was:
        record = replace(record, was=was, since=merged_before(job.manifest))
    return record if record != SeriesRecord() or job.files.series.exists() else None


def _read(volume: Volume) -> VolumeRead:
    return VolumeRead(book=volume.book, title=volume.shown, volume=volume.volume, merged=volume.merged)


def chapters_told_anew(
    scenes: Sequence[ScenesRecord], *, was: Learned, now: Learned, members: Sequence[Member]
) -> set[int]:
    """The chapters with a scene in which somebody stands of whom earlier volumes tell something else now."""
    changed = {name for name in {*was.known, *now.known} if was.known.get(name) != now.known.get(name)}
    names = {name.casefold() for name in changed}
    for member in members:
        if member.found in changed:
            names |= {name.casefold() for name in (member.name, *member.names)}
    return {
        record.chapter
        for record in scenes
        if any(name.casefold() in names for scene in record.scenes for name in scene.elements)
    }


def without_own_words(
    members: Sequence[Member], *, joined: Sequence[Order], said: Sequence[Order]
) -> tuple[Member, ...]:
    """The members without the merges that no person asked for: what is told as theirs must be."""
    own = {name for order in said for name in order.names}
    ours = {name for order in joined for name in order.names} - own
    return tuple(
        replace(one, orders=())
        if one.orders and ours & {one.name, one.found, *one.names} and not own & {one.name, one.found, *one.names}
        else one
        for one in members
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBefore:
    """A book's cast with what the volumes before it tell.

    Attributes:
        was: What pictures were made by until now.
        contents: The record of it and the copies of pictures; empty for a book without a series.
    """

    cast: Merged
    learned: Learned
    was: Learned
    contents: Contents


def _people(cast: Merged) -> list[Somebody]:
    found_names = {member.name: member.found for member in cast.members}
    return somebodies(cast.elements, found_names=found_names)


def told_before(
    job: Job, found: Sequence[Sequence[Element]], *, scenes: Sequence[ScenesRecord], said: Sequence[Order], words: int
) -> ToldBefore:
    """Put a book's cast together, as a person and the volumes before it say.

    Args:
        job: The merge.
        found: For each chapter, its elements.
        scenes: The same chapters' records.
        said: What a person said, which counts more.
        words: Of the whole book.
    """
    mates, record = shelfmates_of(job), load_series(job.files)
    casts = casts_before(job, mates)
    cast = merge_cast(found, said, words=words)
    all_scenes = [scene for each in scenes for scene in each.scenes]
    joined = joined_by(casts, _people(cast), scenes=all_scenes, said=said)
    if joined:
        both = merge_cast(found, (*joined, *said), words=words)
        members = without_own_words(both.members, joined=joined, said=said)
        cast = replace(both, members=members, problems=cast.problems)
    known, pictures = known_by(casts, _people(cast), files=job.files)
    learned = Learned(known=known, joined=joined)
    new = series_record(mates, learned, job=job, before=record)
    return ToldBefore(
        cast=cast,
        learned=learned,
        was=learned_when_drawn(record, manifest=job.manifest),
        contents={} if new is None else {job.files.series: dump(new), **pictures},
    )
