"""Whether a division is one of chapters, or of pieces that a program cut: in mid-sentence, or all of one size."""

from collections.abc import Sequence
from statistics import median

from imaginized.reading.blocks import Block
from imaginized.reading.flow import Flow

_TORN_ENDS = frozenset(",;-–—")
_MIN_SENTENCE_WORDS = 9
_FEWEST_PIECES, _LEAST_PIECE_WORDS = 5, 3_000
_SAME_SIZE = 0.03
_MAX_HEADING_BLOCKS = 6


def is_torn(start: int, *, flow: Flow) -> bool:
    """Whether a place is in the middle of a sentence, as pages and pieces begin and chapters do not.

    Where a heading stands there, both sides of it have to say so: a chapter may begin small for want of its initial.
    """
    if not 0 < start < len(flow.blocks):
        return False
    after, before = start, start - 1
    while after < min(len(flow.blocks) - 1, start + _MAX_HEADING_BLOCKS) and flow.blocks[after].level:
        after += 1
    while before > 0 and flow.blocks[before].level:
        before -= 1
    own, last = flow.blocks[after], flow.blocks[before]
    if own.level or last.level:
        return False
    is_small, is_open = own.text[:1].islower(), _is_unended(last)
    return (is_small and is_open) if after > start else (before == start - 1 and (is_small or is_open))


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
