"""The phases in which a book has ended, rests, or is unwell. The client reads this, too: nothing heavy here."""

from collections.abc import Mapping

from imaginized.queue.stages import Phase

ENDED = frozenset((Phase.DONE, Phase.PARTIAL, Phase.FAILED, Phase.CANCELLED))
AT_REST = ENDED | {Phase.HELD}  # a held book goes on only when a person says so, or another day
UNWELL = AT_REST - {Phase.DONE, Phase.CANCELLED}
UNFINISHED = ENDED - {Phase.DONE}

# What a person may ask for, and which phases that is; None for all of them.
STATES: Mapping[str, frozenset[Phase] | None] = {
    "all": None,
    "open": frozenset(Phase) - ENDED,
    "ended": ENDED,
    "unwell": UNWELL,
    **{str(each): frozenset((each,)) for each in Phase},
}
