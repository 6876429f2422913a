"""Where a whole book is, in one word. The client knows these words, too, so nothing is imported here."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a whole book is; derived, never stored."""

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


ENDED = frozenset((Phase.DONE, Phase.PARTIAL, Phase.FAILED, Phase.CANCELLED))
AT_REST = ENDED | {Phase.HELD}  # a held book goes on only when a person says so, or another day
UNWELL = AT_REST - {Phase.DONE, Phase.CANCELLED}
UNFINISHED = ENDED - {Phase.DONE}
