"""The stages by name: in which order, of what, and what each needs. What they do is in `stages.table`.

A new stage is a member here, a module in `stages/` and its row in `stages.table`. The order of the members is the order
of a book's way; whatever else differs from stage to stage is said in its row, never asked for by its name.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self


class Phase(StrEnum):
    """Where a whole book is; derived, never stored. Each stage has one."""

    QUEUED = "queued"
    SPLITTING = "splitting"
    ANALYZING = "analyzing"
    MERGING = "merging"
    ILLUSTRATING = "illustrating"
    COMPILING = "compiling"
    HELD = "held"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known of a stage without doing it.

    Attributes:
        unit: What one task of it is about.
        phase: What a book is in while it waits for this stage, or is in it.
        needs: The earlier stages whose files it reads; None for all of them.
        asks: The provider it asks; None for none. A chapter goes through it only where that provider is set.
        folder: Below `data/`, with a file for each chapter; "" for the stage's name.
        opens_original: Whether it opens a stranger's file, so that it may run only where the reader is confined.
        is_extra: Whether only some chapters of some books go through it; see `queue.way.may_preview`.
    """

    unit: Literal["book", "chapter"]
    phase: Phase
    needs: tuple[str, ...] | None = None
    asks: Literal["text", "image"] | None = None
    folder: str = ""
    opens_original: bool = False
    is_extra: bool = False


class Stage(StrEnum):
    """A kind of task, in the order of a book's way."""

    SPLIT = "split", Traits(unit="book", phase=Phase.SPLITTING, opens_original=True)
    ANALYZE = "analyze", Traits(unit="chapter", phase=Phase.ANALYZING, needs=("split",), asks="text", folder="scenes")
    # What it draws is as illustrate draws it, only sooner; it costs a claim, so that few chapters go through it.
    PREVIEW = (
        "preview",
        Traits(
            unit="chapter",
            phase=Phase.ANALYZING,
            needs=("split", "analyze"),
            asks="image",
            is_extra=True,
        ),
    )
    MERGE = "merge", Traits(unit="book", phase=Phase.MERGING, needs=("split", "analyze"))
    ILLUSTRATE = (
        "illustrate",
        Traits(
            unit="chapter",
            phase=Phase.ILLUSTRATING,
            needs=("split", "analyze", "merge"),
            asks="image",
            folder="illustrations",
        ),
    )
    COMPILE = "compile", Traits(unit="book", phase=Phase.COMPILING)

    _value_: str
    order: int
    traits: Traits

    # The default is for type checkers alone: to them, looking a member up, `Stage("split")`, is such a call.
    def __new__(cls, name: str, traits: Traits = Traits(unit="book", phase=Phase.QUEUED)) -> Self:
        """A member, numbered as it stands in the list."""
        member = str.__new__(cls, name)
        member._value_, member.order, member.traits = name, len(cls.__members__), traits
        return member

    @property
    def folder(self) -> str:
        """Below `data/`, where a chapter stage leaves a file for each chapter."""
        return self.traits.folder or self.value

    @cached_property
    def needs(self) -> tuple["Stage", ...]:
        """The earlier stages whose files it reads, in order."""
        wanted = self.traits.needs
        return tuple(stage for stage in list(Stage)[: self.order] if wanted is None or stage.value in wanted)


STEPS = tuple(stage for stage in Stage if stage.traits.unit == "book")
ALL_CHAPTER_STAGES = tuple(stage for stage in Stage if stage.traits.unit == "chapter")
CHAPTER_STAGES = tuple(stage for stage in ALL_CHAPTER_STAGES if not stage.traits.is_extra)
