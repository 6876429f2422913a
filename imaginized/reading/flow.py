"""The whole book as one sequence of blocks, with sizes, and what is cut out of it (licence, printed contents)."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from imaginized.reading.blocks import Block, Document
from imaginized.reading.classify import reason_by_title
from imaginized.reading.numbering import is_bare, read_number
from imaginized.story.text import Skipped

_LICENCE_EDGE = re.compile(r"\W{0,6}(start|end) of (?:the |this )?project gutenberg", re.IGNORECASE)
_COLOPHON = re.compile(r"www\.feedbooks\.com$|底本[：:]")
_COLOPHON_BLOCKS = 40
_MIN_LINKED_RUN = 3


@dataclass(frozen=True, slots=True)
class Flow:
    """All blocks of all documents in reading order.

    Attributes:
        starts: Index of each document's first block.
        sizes: Running total of words before each block, one longer than blocks.
        is_cut: Which blocks are no text of the book.
        begins: The starts, for asking whether a block is one.
        headings: What `places.heading_at` has found so far, by block: every way asks for the same ones.
    """

    documents: tuple[Document, ...]
    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    is_cut: tuple[bool, ...]
    begins: frozenset[int]
    headings: dict[int, str] = field(default_factory=dict)

    def document_at(self, index: int) -> int:
        """Which document block `index` is of."""
        return max(bisect_right(self.starts, index) - 1, 0)

    def size(self, start: int, end: int) -> int:
        """Words of the paragraphs from start to before end; headings and what is cut do not count."""
        return self.sizes[max(end, start)] - self.sizes[start]

    def types_at(self, index: int) -> frozenset[str]:
        """What the elements around block `index` say they are."""
        at = self.document_at(index)
        document, local = self.documents[at], index - self.starts[at]
        inner = (span.types for span in document.spans if span.start <= local < max(span.end, span.start + 1))
        return frozenset().union(*inner)


def build_flow(documents: Sequence[Document]) -> tuple[Flow, tuple[Skipped, ...]]:
    """Join the documents, cut licence and printed contents, and say what was cut."""
    blocks = tuple(block for document in documents for block in document.blocks)
    if all(block.level for block in blocks):
        blocks = tuple(block._replace(level=0) for block in blocks)  # a book of headings only is its own text
    starts = tuple(accumulate((len(document.blocks) for document in documents), initial=0))[:-1]
    reasons = [""] * len(blocks)
    _cut_licence(blocks, reasons=reasons)
    _cut_colophon(blocks, reasons=reasons)
    _cut_printed_contents(blocks, starts=frozenset(starts), reasons=reasons)
    weights = [0 if block.level or reason else block.words for block, reason in zip(blocks, reasons, strict=True)]
    flow = Flow(
        documents=tuple(documents),
        blocks=blocks,
        starts=starts,
        sizes=tuple(accumulate(weights, initial=0)),
        is_cut=tuple(map(bool, reasons)),
        begins=frozenset(starts),
    )
    return flow, tuple(_list_cuts(flow, reasons=reasons))


@lru_cache(maxsize=4096)
def fold_title(title: str) -> str:
    """A title for comparing: letters and digits only, without case or accents' composition."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum())


@lru_cache(maxsize=4096)
def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, as contents and headings spell it: one in the other, or the same number."""
    first, second = fold_title(one), fold_title(other)
    if first == second or not first or not second:
        return True
    number, its = read_number(one), read_number(other)
    is_equal = number is not None and its is not None and number.value == its.value
    if number is not None and its is not None and not is_equal and (is_bare(one) or is_bare(other)):
        return False  # "I" is in "II", "Chapter 1" in "Chapter 10"
    return is_equal or first in second or second in first


def _cut_licence(blocks: Sequence[Block], *, reasons: list[str]) -> None:
    """Mark what stands before Project Gutenberg's start line and after its end line."""
    if not any("utenberg" in block.text or "UTENBERG" in block.text for block in blocks):
        return
    edges = [
        (index, edge[1].lower()) for index, block in enumerate(blocks) if (edge := _LICENCE_EDGE.match(block.text))
    ]
    start = next((index for index, edge in edges if edge == "start"), None)
    end = next((index for index, edge in edges if edge == "end"), None)
    if start is not None and start < len(blocks) // 2:
        reasons[: start + 1] = ["Project Gutenberg header"] * (start + 1)
    if end is not None and end > (start or 0):
        reasons[end:] = ["Project Gutenberg licence"] * (len(blocks) - end)


def _cut_colophon(blocks: Sequence[Block], *, reasons: list[str]) -> None:
    """Mark what a library of free books puts behind the last line: its address, or where the text is from."""
    last = range(max(len(blocks) - _COLOPHON_BLOCKS, 1), len(blocks))
    start = next((index for index in last if _COLOPHON.match(blocks[index].text)), len(blocks))
    reasons[start:] = [reason or "colophon" for reason in reasons[start:]]


def _cut_printed_contents(blocks: Sequence[Block], *, starts: frozenset[int], reasons: list[str]) -> None:
    """Mark runs of lines that are nothing but links within the book, with the heading above them."""
    run: list[int] = []
    for index in (*[index for index, block in enumerate(blocks) if block.is_linked], len(blocks) + 1):
        if run and (index != run[-1] + 1 or index in starts):
            if len(run) >= _MIN_LINKED_RUN:
                first = run[0]
                first -= first > 0 and reason_by_title(blocks[first - 1].text) == "contents"
                reasons[first : run[-1] + 1] = ["printed contents"] * (run[-1] + 1 - first)
            run = []
        run.append(index)


def _list_cuts(flow: Flow, *, reasons: Sequence[str]) -> Iterator[Skipped]:
    if not any(reasons):
        return
    start = 0
    for index in range(1, len(reasons) + 1):
        if index < len(reasons) and reasons[index] == reasons[start]:
            continue
        if reasons[start]:
            words = sum(block.words for block in flow.blocks[start:index])
            name = flow.documents[flow.document_at(start)].name
            yield Skipped(title=reasons[start], reason=reasons[start], words=words, file=name, order=start)
        start = index
