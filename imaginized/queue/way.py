"""How far a book is on the way that `stages` lays out: which stage comes next, and what a stage has made. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

from imaginized.queue.chapters import ENDED
from imaginized.queue.manifest import STEPS, Entry, Manifest, Stage, Status

MOST_PREVIEWED = 4  # chapters from the book's first on: a preview costs a claim, and after these there are pictures


def next_unfinished(manifest: Manifest) -> Stage | None:
    """The first stage that is not over for the whole book: what comes after the next step waits for it.

    Nothing waits for an extra one: what it leaves undone, a later one does.
    """
    for stage in Stage:
        if stage.traits.is_extra:
            continue
        if stage in STEPS:
            if manifest.steps[stage].status is not Status.COMPLETED:
                return stage
        elif stage in manifest.chapter_stages and any(manifest.standing.unfinished(stage)):
            return stage
    return None


def made_chapters(manifest: Manifest, stage: Stage) -> list[int]:
    """The chapters that a stage has ended well for, whose files are in place; ascending."""
    if stage not in manifest.chapter_stages:
        return []
    made = ((at, status) for at, status in manifest.standing.at if status is Status.COMPLETED or at.order > stage.order)
    return sorted(chain.from_iterable(manifest.standing.at[each] for each in made))


def last_before_a_step(manifest: Manifest, stage: Stage) -> Stage:
    """Of the stages that chapters pass without waiting for each other, from this one on, the last."""
    last = stage
    for following in list(Stage)[stage.order :]:
        if following in STEPS:
            break
        last = following if following in manifest.chapter_stages else last
    return last


def may_preview(manifest: Manifest, number: int) -> bool:
    """Whether a chapter that was just read is previewed: all before it is read, and the merge has to wait for others.

    Only before the first merge: afterwards it is known who is who.
    """
    if not is_previewed(manifest) or not _is_early(manifest, number):
        return False
    chapters = manifest.chapters.items()
    is_rest_read = have_all_left((entry for n, entry in chapters if n != number), Stage.ANALYZE)
    return not is_rest_read and have_all_left((entry for n, entry in chapters if n < number), Stage.ANALYZE)


def is_previewed(manifest: Manifest) -> bool:
    """Whether pictures of the book may be drawn before it is merged."""
    merge = manifest.steps[Stage.MERGE]
    is_first = merge.status is not Status.COMPLETED and merge.completed_before is None
    return is_first and Stage.PREVIEW in manifest.chapter_stages


def first_unread(manifest: Manifest) -> int | None:
    """The chapter that those behind it wait for to be previewed; None where none of them is."""
    if not is_previewed(manifest):
        return None
    for number in manifest.standing.numbers[:MOST_PREVIEWED]:  # all others are late
        entry = manifest.chapters[number]
        if entry.stage is Stage.ANALYZE and entry.status not in ENDED:
            return number
    return None


def _is_early(manifest: Manifest, number: int) -> bool:
    return bisect_left(manifest.standing.numbers, number) < MOST_PREVIEWED


def have_all_left(entries: Iterable[Entry], stage: Stage) -> bool:
    """Whether these chapters are through a stage, or have ended before it."""
    order = stage.order
    return all(entry.stage.order > order or entry.status in ENDED for entry in entries)
