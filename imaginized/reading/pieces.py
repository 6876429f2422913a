"""Whether a division is one of chapters, or of pieces that a program cut: in mid-sentence, or all of one size."""

from collections.abc import Sequence
from statistics import median

from imaginized.reading.blocks import Block
from imaginized.reading.flow import Flow

_TORN_ENDS = frozenset(",;-–—")
_MIN_SENTENCE_WORDS = 9
_FEWEST_PIECES, _LEAST_PIECE_WORDS = 5, 4_000
_SAME_SIZE = 0.03
_MAX_HEADING_BLOCKS = 6


def is_torn(start: int, *, flow: Flow) -> bool:
    """Whether a place without a heading is in the middle of a sentence, as pages begin and chapters do not."""
    if not 0 < start < len(flow.blocks) or flow.blocks[start].level:
        return False
    before, own = flow.blocks[start - 1], flow.blocks[start]
    return not before.level and (own.text[:1].islower() or _is_unended(before))


def goes_on(start: int, *, flow: Flow) -> bool:
    """Whether a sentence goes on across a place, and over the heading that a program set there.

    Both sides of it have to say so: a chapter may begin small for want of its initial.
    """
    if not 0 < start < len(flow.blocks):
        return False
    after, before = start, start - 1
    while after < min(len(flow.blocks) - 1, start + _MAX_HEADING_BLOCKS) and flow.blocks[after].level:
        after += 1
    while before > 0 and flow.blocks[before].level:
        before -= 1
    own, last = flow.blocks[after], flow.blocks[before]
    return not own.level and not last.level and own.text[:1].islower() and _is_unended(last)


def _is_unended(block: Block) -> bool:
    last = block.text.rstrip()[-1:]
    is_letter = last.islower() or "\u3041" <= last <= "\u9fff"  # with their signs for the end of a sentence outside
    return last in _TORN_ENDS or (is_letter and block.words > _MIN_SENTENCE_WORDS)


def is_of_one_size(sizes: Sequence[int]) -> bool:
    """Whether all pieces but the last are as long as each other to a few hundredths, as no author writes."""
    whole = sizes[:-1]
    if len(sizes) < _FEWEST_PIECES or (usual := median(whole)) < _LEAST_PIECE_WORDS:
        return False
    return all(abs(size - usual) <= _SAME_SIZE * usual for size in whole)
