"""What a person said about who is who, as the merge takes it, and which chapters must be drawn anew for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from imaginized.queue.manifest import Manifest, Stage
from imaginized.queue.way import made_chapters
from imaginized.stages.job import Job
from imaginized.stages.records import CastRecord, ScenesRecord, load_cast
from imaginized.store.by_hand import read_by_hand
from imaginized.store.files import CAST
from imaginized.store.records import RecordUnreadable, load
from imaginized.story.cast_file import orders_of
from imaginized.story.cast_orders import Order
from imaginized.story.elements import Element, Scene, is_present
from imaginized.story.looking import as_of
from imaginized.story.merging import Merged, merge_cast, names_of

STANDS = "what was said before that stays in force; `imaginizectl cast BOOK` shows it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a person said.

    Attributes:
        of: Digest of the file that it is from; "" for none.
        problems: What is wrong with the file, for a person.
    """

    orders: tuple[Order, ...]
    of: str = ""
    problems: tuple[str, ...] = ()


def read_orders(job: Job, *, before: CastRecord) -> Heard:
    """What the book's `cast.toml` says, or its sidecar; where the file has mistakes, what it said before them."""
    try:
        data = read_by_hand(job.files.cast_orders)
    except OSError as error:
        problems: tuple[str, ...] = (f"{CAST}: cannot be read: {error.strerror}",)
    else:
        if data is None:
            return Heard(orders=job.request.cast)
        orders, problems = orders_of(data, name=CAST)
        if not problems:
            return Heard(orders=orders, of=sha256(data).hexdigest())
    stands = before.orders if job.files.cast.exists() else job.request.cast
    return Heard(orders=stands, of=before.of, problems=(*problems, f"{CAST}: {STANDS}"))


def known_names(job: Job) -> tuple[str, ...]:
    """Who was found in the chapters that are read by now, as a person wants them, most often named first."""
    numbers = made_chapters(job.manifest, Stage.ANALYZE)
    found = [_found_in(job, number) for number in numbers if number != job.chapter]
    if not any(found):
        return ()
    heard = read_orders(job, before=load_cast(job.files))
    return names_of(merge_cast(found, heard.orders).members)


def _found_in(job: Job, number: int) -> tuple[Element, ...]:
    try:
        return load(job.files.scenes(number), ScenesRecord).elements
    except (FileNotFoundError, RecordUnreadable):
        return ()  # told to whom it concerns; this chapter can be read without


def orders_drawn_by(before: CastRecord, *, manifest: Manifest) -> tuple[Order, ...]:
    """By which orders the pictures that there are were made, as far as a chapter was put back for each change.

    A record is on the disk before its merge counts: of one that was killed in between, no chapter was put back yet.
    """
    if before.was is not None and before.since == merged_before(manifest):
        return before.was
    return before.orders


def merged_before(manifest: Manifest) -> str:
    """When the merge ended that comes before this one; "" for none."""
    moment = manifest.steps[Stage.MERGE].completed_before
    return moment.isoformat(timespec="milliseconds") if moment else ""  # as the manifest has it on the disk


def chapters_to_redraw(scenes: Iterable[ScenesRecord], *, before: Merged, after: Merged) -> tuple[int, ...]:
    """The chapters with a scene in which somebody stands who is another one now, or looks otherwise."""
    old, new = _Shown(before), _Shown(after)
    return tuple(record.chapter for record in scenes if any(old.of(scene) != new.of(scene) for scene in record.scenes))


def relabelled(record: ScenesRecord, *, cast: CastRecord) -> ScenesRecord:
    """The scenes of a chapter with the names that a person gave, and without whom a person dropped."""
    labels = {member.found.casefold(): member.name for member in cast.members if member.name != member.found}
    gone = {name.casefold() for one in cast.members if one.is_dropped for name in (one.name, one.found, *one.names)}
    gone -= {name.casefold() for one in cast.members if not one.is_dropped for name in (one.name, *one.names)}
    if not labels and not gone:
        return record

    def told(scene: Scene) -> Scene:
        names = (name for name in scene.elements if name.casefold() not in gone)
        return replace(scene, elements=tuple(dict.fromkeys(labels.get(name.casefold(), name) for name in names)))

    return replace(record, scenes=tuple(map(told, record.scenes)))


class _Shown:
    """What pictures show of a cast."""

    def __init__(self, cast: Merged) -> None:
        self._elements: Sequence[Element] = cast.elements
        self._found: Mapping[str, str] = {member.name: member.found for member in cast.members}

    def of(self, scene: Scene) -> set[tuple[str, str, str]]:
        """Who stands in a scene: by the name that was found, for another label is no other picture."""
        known = (as_of(each, chapter=scene.chapter) for each in self._elements if is_present(each, scene=scene))
        return {(self._found.get(each.name, each.name), each.type, each.description) for each in known}
