"""What becomes of the entries of chapters when a book is split, and split again under other numbers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from imaginized.queue.change import Change
from imaginized.queue.events import RESUMED, Happening, begun_anew, released, retried, standing
from imaginized.queue.manifest import NO_WISHES, Entry, Manifest, SceneWish, Stage, Status, Task
from imaginized.story.text import ChapterText


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was done for a chapter before its book was divided again.

    Attributes:
        was: The number it had; None where no chapter of the book had its text.
        done: The last stage that ended well for this text in an earlier division, where it had no number.
        reading: By which number it was asked about then.
        asking: The same for its pictures.
        scenes: What a person wanted of single scenes then.
    """

    was: int | None = None
    done: Stage | None = None
    reading: int = 0
    asking: int = 0
    scenes: Mapping[int, SceneWish] = field(default_factory=dict)


def divide_again(manifest: Manifest) -> Change:
    """A person changed how the book is divided: it is split once more when the claims on its chapters have ended.

    A split, merge or compile under way loses its fence: it works with what is about to change. A hold ends: whether
    the book must wait for a person is asked anew, of its new chapters, in the update that completes the split.
    """
    steps = {stage: _reopened(entry, manifest=manifest) for stage, entry in manifest.steps.items()}
    events = [
        released(Task(stage=stage), entry) if entry.is_live else retried(Task(stage=stage))
        for stage, entry in manifest.steps.items()
        if steps[stage] != entry
    ]
    if manifest.hold is not None:
        events.append(RESUMED)
    return Change(replace(manifest, steps=steps, hold=None), tuple(events))


def entries_of(
    chapters: Sequence[ChapterText],
    *,
    before: Mapping[int, Entry],
    kept: Mapping[int, Kept] | None,
    stages: tuple[Stage, ...],
    now: datetime,
) -> dict[int, Entry]:
    """The entries of a book that was just split.

    Args:
        chapters: Its chapters.
        before: The entries that it had.
        kept: By new number, what was done for a chapter; None to know it by its number, title and length.
        stages: What each chapter goes through.
        now: When it was split.
    """
    entries = {}
    for text in chapters:
        if kept is None:
            entries[text.number] = _kept_or_new(before.get(text.number), text, stage=stages[0])
        else:
            entries[text.number] = _moved(text, before=before, kept=kept[text.number], stages=stages, now=now)
    return entries


def split_events(after: Manifest, *, before: Mapping[int, Entry], is_again: bool) -> list[Happening]:
    """What is told of the chapters of a book that was just split.

    Args:
        after: It.
        before: The entries that it had.
        is_again: Whether its chapters may have other numbers now.
    """
    told = Happening(name="book_split", details={"chapters": len(after.chapters), "title": after.book_title})
    if is_again:
        return [told, *(event for number, entry in after.chapters.items() if (event := standing(number, entry)))]
    replaced = [(n, before[n]) for n, entry in after.chapters.items() if before.get(n, entry) != entry]
    events = [begun_anew(Task(stage=entry.stage, chapter=number), entry) for number, entry in replaced]
    return [*events, told] if after.chapters and not before else events


def _reopened(entry: Entry, *, manifest: Manifest) -> Entry:
    is_done = entry.status is Status.COMPLETED
    return replace(
        entry,
        status=Status.PENDING,
        retry_count=0,
        reason=None,
        rejected=False,
        failed_at=None,
        completed_at=None,
        completed_before=(entry.completed_at or manifest.last_updated) if is_done else entry.completed_before,
    )


def _kept_or_new(before: Entry | None, text: ChapterText, *, stage: Stage) -> Entry:
    """The chapter as it was, where a book is read again for lost files; else one that nothing was done for."""
    if before is not None and (before.title, before.words) == (text.title, text.words):
        return before
    return Entry(stage=stage, title=text.title, words=text.words)


def _moved(
    text: ChapterText, *, before: Mapping[int, Entry], kept: Kept, stages: tuple[Stage, ...], now: datetime
) -> Entry:
    """The chapter with what was done for it under whatever number; else one that nothing was done for."""
    attempt = before[text.number].attempt if text.number in before else 0  # of a number it only grows
    if kept.was is not None and kept.was in before:
        entry = before[kept.was]
        # A live one keeps its fence, whatever its number: nothing that is paid for now is lost.
        grown = entry.attempt if entry.is_live else max(entry.attempt, attempt)
        is_same = (entry.title, entry.words, entry.attempt) == (text.title, text.words, grown)
        return entry if is_same else replace(entry, title=text.title, words=text.words, attempt=grown)
    fresh = Entry(stage=stages[0], attempt=attempt, title=text.title, words=text.words)
    if kept.done is None:
        return fresh
    # With its numbers: asked about by those before again, a chapter would be given the answers that a person did not
    # want, and another try of it nothing new.
    fresh = replace(fresh, reading=kept.reading, asking=kept.asking, scenes=kept.scenes or NO_WISHES)
    at = stages.index(kept.done) + 1 if kept.done in stages else 1
    if at < len(stages):
        return replace(fresh, stage=stages[at], analyzed_at=now)
    return replace(fresh, status=Status.COMPLETED, stage=stages[-1], analyzed_at=now, completed_at=now)
