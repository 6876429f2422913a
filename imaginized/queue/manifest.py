"""The manifest: one book's queue and its truth, as frozen records.

Its JSON is in `codec`, reading it in `plan`, who may claim what in `claimable`, changing it in `transitions`,
`redoing`, `cancelling` and `holding`; files and locks are in `store`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

# Part of the manifest's words, and imported from here; their home is beside it.
from imaginized.queue.chapters import Standing, as_chapters
from imaginized.queue.entry import NO_PARTS as NO_PARTS
from imaginized.queue.entry import NO_WISHES as NO_WISHES
from imaginized.queue.entry import NOTHING as NOTHING
from imaginized.queue.entry import Claim as Claim
from imaginized.queue.entry import Entry as Entry
from imaginized.queue.entry import Fence as Fence
from imaginized.queue.entry import Part as Part
from imaginized.queue.entry import Parts as Parts
from imaginized.queue.entry import SceneWish as SceneWish
from imaginized.queue.entry import Status as Status
from imaginized.queue.stages import ALL_CHAPTER_STAGES as ALL_CHAPTER_STAGES
from imaginized.queue.stages import CHAPTER_STAGES as CHAPTER_STAGES
from imaginized.queue.stages import STEPS as STEPS
from imaginized.queue.stages import Stage as Stage
from imaginized.reasons import Code
from imaginized.story.volumes import SeriesSaid

SCHEMA_VERSION = "2.1.0"
UNFIT_NAMES = frozenset(("", ".", ".."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What can be claimed: a stage of a chapter, a part of one that is under way, or a step of the book (chapter None).

    Attributes:
        part: Of the chapter: a scene to draw, a piece to read; None for the chapter itself.
    """

    stage: Stage
    chapter: int | None = None
    part: int | None = None

    def __str__(self) -> str:
        """As people read it: "illustrate chapter 4", "illustrate chapter 4, part 2"."""
        if self.chapter is None:
            return self.stage.value
        return f"{self.stage} chapter {self.chapter}" + ("" if self.part is None else f", part {self.part}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why nothing of a book may be claimed: it waits for a person, or for a day.

    Attributes:
        reason: For a person.
        code: Of the reason.
        since: When it was held.
        until: When it resumes automatically; None: when it is approved.
        approve_usd: What the book may cost in all once it is approved.
        any_price: Whether approving it accepts prices that nobody knows.
    """

    reason: str
    code: Code = Code.UNKNOWN
    since: datetime
    until: datetime | None = None
    approve_usd: float = 0.0
    any_price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a person allowed.

    Attributes:
        usd: What the book may cost in all.
        any_price: Also by prices that nobody knows.
    """

    usd: float = 0.0
    any_price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One book.

    Attributes:
        book_file: Name of the original in the book's folder.
        book_path: The path to it that another program wrote in its place; "" where it is the name alone.
        original_name: Name it was dropped under.
        digest: SHA-256 of the original, hex.
        arrival: Device, inode and mtime of the inbox entry it was admitted from, so that a crash between admission and
            the entry's removal is told from a second copy.
        profile: What was named for it, else the inbox's subfolder it was dropped into; "" for neither.
        chapter_stages: The stages its chapters go through.
        steps: The book-level tasks.
        other_steps: Steps of other programs, kept as they are.
        chapters: By story chapter number; empty until split.
        event_count: Lines in its log of events.
        event_bytes: Their size; None where nobody counted.
        hold: Why it waits; None while it may go on.
        approval: What a person allowed; None while nobody was asked.
        renamed: The title that a person gave it; "" for its own.
        series: Which volume of which series a person said it is; None where nobody did.
        seen_division: Which division into chapters a person has let go on; "" for none. See `division_mark`.
        version: Of the schema it was written by first: our major, perhaps another minor. Kept, for programs that look.
        extra: Fields of other programs, kept as they are.
    """

    book_id: str
    book_file: str
    original_name: str
    digest: str = ""
    arrival: str = ""
    profile: str = ""
    book_title: str = ""
    book_path: str = ""
    created_at: datetime
    last_updated: datetime
    chapter_stages: tuple[Stage, ...] = CHAPTER_STAGES
    steps: Mapping[Stage, Entry] = field(default_factory=lambda: {stage: Entry(stage=stage) for stage in STEPS})
    other_steps: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    chapters: Mapping[int, Entry] = field(default_factory=dict)
    event_count: int = 0
    event_bytes: int | None = None
    hold: Hold | None = None
    approval: Approval | None = None
    seen_division: str = ""
    renamed: str = ""
    series: SeriesSaid | None = None
    version: str = SCHEMA_VERSION
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    @property
    def standing(self) -> Standing:
        """Where its chapters stand, all at once."""
        return as_chapters(self.chapters).standing

    def entry(self, task: Task) -> Entry | None:
        """The entry a task is about (of a part its chapter's), or None where the book has no such chapter."""
        return self.steps[task.stage] if task.chapter is None else self.chapters.get(task.chapter)

    def with_entry(self, task: Task, entry: Entry) -> "Manifest":
        """The same book with that entry changed."""
        if task.chapter is None:
            return replace(self, steps={**self.steps, task.stage: entry})
        return replace(self, chapters=as_chapters(self.chapters).changed({task.chapter: entry}))

    def with_entries(self, changed: Mapping[Task, Entry]) -> "Manifest":
        """The same book with these entries, in one go: one by one, a book of thousands of chapters takes seconds."""
        if not changed:
            return self
        steps = {task.stage: entry for task, entry in changed.items() if task.chapter is None}
        chapters = {task.chapter: entry for task, entry in changed.items() if task.chapter is not None}
        return replace(
            self,
            steps={**self.steps, **steps} if steps else self.steps,
            chapters=as_chapters(self.chapters).changed(chapters) if chapters else self.chapters,
        )

    def entries(self) -> list[tuple[Task, Entry]]:
        """Every step and chapter with the task it stands for now."""
        steps = [(Task(stage=stage), entry) for stage, entry in self.steps.items()]
        return steps + [(Task(stage=entry.stage, chapter=n), entry) for n, entry in self.chapters.items()]
