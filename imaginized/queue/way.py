"""How far a book is on the way that `stages` lays out: which stage comes next, and what a stage has made. Pure."""

from collections.abc import Iterable

from imaginized.queue.manifest import STEPS, Entry, Manifest, Stage, Status


def next_unfinished(manifest: Manifest) -> Stage | None:
    """The first stage that is not over for the whole book: what comes after the next step waits for it."""
    for stage in Stage:
        if stage in STEPS:
            if manifest.steps[stage].status is not Status.COMPLETED:
                return stage
        elif stage in manifest.chapter_stages and not have_all_left(manifest.chapters.values(), stage):
            return stage
    return None


def made_chapters(manifest: Manifest, stage: Stage) -> list[int]:
    """The chapters that a stage has ended well for, whose files are in place; ascending."""
    if stage not in manifest.chapter_stages:
        return []
    chapters = manifest.chapters.items()
    return sorted(n for n, one in chapters if one.status is Status.COMPLETED or one.stage.order > stage.order)


def last_before_a_step(manifest: Manifest, stage: Stage) -> Stage:
    """Of the stages that chapters pass without waiting for each other, from this one on, the last."""
    last = stage
    for following in list(Stage)[stage.order :]:
        if following in STEPS:
            break
        last = following if following in manifest.chapter_stages else last
    return last


def have_all_left(entries: Iterable[Entry], stage: Stage) -> bool:
    """Whether these chapters are through a stage, or have ended before it."""
    order = stage.order
    for entry in entries:  # no generator: hundreds, for every book, at every look for work
        if entry.stage.order <= order and entry.status not in (Status.COMPLETED, Status.FAILED):
            return False
    return True
