"""Whether the scenes of a chapter are spread over it, and what is asked about where none are from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.openai.numbered import Numbered
from imaginized.story.elements import Scene

LEAST_WANTED = 3  # two of two come from one quarter by chance more often than not worth a call
NARROW = 4  # a chapter's scenes come from less than one part of it in so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a chapter lacks whose scenes all come from one part of it.

    Attributes:
        scenes: How many of those that are wanted should come from elsewhere.
        spans: First and last number of the sentences before and after that part, where those are an eighth or more.
    """

    scenes: int
    spans: tuple[tuple[int, int], ...]


def is_narrow(scenes: Sequence[Scene], *, text: str, wanted: int) -> bool:
    """Whether all scenes of a chapter come from one quarter of it, though enough are wanted to be spread."""
    starts = [scene.quote.start for scene in scenes]
    return wanted >= LEAST_WANTED and len(starts) >= 2 and (max(starts) - min(starts)) * NARROW < len(text)


def missing_of(scenes: Sequence[Scene], *, text: str, wanted: int) -> Missing:
    """What else to ask for; that part of the chapter keeps its share of the scenes."""
    first = min(scene.quote.start for scene in scenes)
    last = max(scene.quote.start + len(scene.quote.text) for scene in scenes)
    spans = Numbered(text).spans
    before = sum(end <= first for _, end in spans)
    after = sum(start < last for start, _ in spans) + 1
    sides = ((1, before), (after, len(spans)))
    # A sentence or two beside that part are not elsewhere.
    long = tuple(side for side in sides if (side[1] - side[0] + 1) * 2 * NARROW >= len(spans))
    longest = max(sides, key=lambda side: side[1] - side[0])
    return Missing(scenes=wanted - _kept(wanted), spans=long or (longest,))


def in_turn(scenes: Sequence[Scene], more: Sequence[Scene], *, wanted: int) -> list[Scene]:
    """Those to choose of, first first: the share of the first answer, what was asked for then, and the rest."""
    kept = _kept(wanted)
    return [*scenes[:kept], *more, *scenes[kept:]]


def _kept(wanted: int) -> int:
    return max(wanted // NARROW, 1)
