"""The whole book as one sequence of blocks, with sizes, and what is cut out of it (licence, printed contents)."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain

from imaginized.reading.blocks import Block, Document
from imaginized.reading.classify import reason_by_title
from imaginized.reading.credits import credit_lines
from imaginized.reading.labels import Matter, say
from imaginized.reading.numbering import is_bare, read_number
from imaginized.story.text import Paragraph, Skipped

_LICENCE_EDGE = re.compile(r"\W{0,6}(start|end) of (?:the |this )?project gutenberg", re.IGNORECASE)
_COLOPHON = re.compile(r"www\.feedbooks\.com$|底本[：:]")
_COLOPHON_BLOCKS = 40
_MIN_LINKED_RUN = 3
_FEW_SPANS = 16
CHAPTER_TYPES = frozenset({"chapter", "prologue", "epilogue"})
_ENDLESS = 1 << 60
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the blocks of one document, found in one go for documents that have thousands of sections.

    Attributes:
        begins: From which block on the others hold, up to the next.
        types: What the elements around it say they are.
        chapters: Where the innermost section begins that says it is a chapter; -1 for none.
    """

    begins: tuple[int, ...]
    types: tuple[frozenset[str], ...]
    chapters: tuple[int, ...]

    @classmethod
    def of(cls, document: Document) -> "Surroundings":
        """Gone over once: elements are nested in each other or stand apart."""
        rows = [(0, _NOTHING, -1)]
        around = [(_ENDLESS, _NOTHING, -1)]
        for span in sorted(document.spans, key=lambda span: (span.start, -span.end)):
            while around[-1][0] <= span.start:
                end, *_ = around.pop()
                rows.append((end, *around[-1][1:]))
            _, outer, chapter = around[-1]
            chapter = span.start if span.types & CHAPTER_TYPES and span.end > span.start else chapter
            around.append((max(span.end, span.start + 1), outer | span.types, chapter))
            rows.append((span.start, *around[-1][1:]))
        while len(around) > 1:
            end, *_ = around.pop()
            rows.append((end, *around[-1][1:]))
        begins, types, chapters = zip(*rows, strict=True)
        return cls(begins, types, chapters)

    def at(self, local: int) -> int:
        """The row of a block, counted in its document."""
        return bisect_right(self.begins, local) - 1


@dataclass(frozen=True, slots=True)
class Flow:
    """All blocks of all documents in reading order.

    Attributes:
        starts: Index of each document's first block.
        sizes: Running total of words before each block, one longer than blocks.
        is_cut: Which blocks are no text of the book.
        begins: The starts, for asking whether a block is one.
        around: What stands around the blocks of documents with many sections, by document.
        headings: What `places.heading_at` has found so far, by block: every way asks for the same ones.
    """

    documents: tuple[Document, ...]
    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    is_cut: tuple[bool, ...]
    begins: frozenset[int]
    headings: dict[int, str] = field(default_factory=dict)
    around: dict[int, Surroundings] = field(default_factory=dict)

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
        if len(document.spans) > _FEW_SPANS:
            around = self._surroundings(at)
            return around.types[around.at(local)]
        inner = (span.types for span in document.spans if span.start <= local < max(span.end, span.start + 1))
        return frozenset().union(*inner)

    def chapter_around(self, index: int) -> int:
        """Where in its document the innermost section around a block begins that says it is a chapter; -1 for none."""
        at = self.document_at(index)
        document, local = self.documents[at], index - self.starts[at]
        if len(document.spans) > _FEW_SPANS:
            around = self._surroundings(at)
            return around.chapters[around.at(local)]
        return _chapter_span(document, local)

    def _surroundings(self, at: int) -> Surroundings:
        if at not in self.around:
            self.around[at] = Surroundings.of(self.documents[at])
        return self.around[at]


def _chapter_span(document: Document, local: int) -> int:
    spans = [s.start for s in document.spans if s.types & CHAPTER_TYPES and s.start <= local < s.end]
    return max(spans, default=-1)


def build_flow(documents: Sequence[Document]) -> tuple[Flow, tuple[Skipped, ...]]:
    """Join the documents, cut licence and printed contents, and say what was cut."""
    blocks = tuple(block for document in documents for block in document.blocks)
    if all(block.level for block in blocks):
        blocks = tuple(block._replace(level=0) for block in blocks)  # a book of headings only is its own text
    starts = tuple(accumulate((len(document.blocks) for document in documents), initial=0))[:-1]
    reasons = [Matter.STORY] * len(blocks)
    _cut_licence(blocks, reasons=reasons)
    _cut_colophon(blocks, reasons=reasons)
    _cut_navigation(documents, reasons=reasons)
    for at in credit_lines(blocks, starts=frozenset(starts)):
        reasons[at] = reasons[at] or Matter.CREDITS
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


def _cut_licence(blocks: Sequence[Block], *, reasons: list[Matter]) -> None:
    """Mark what stands before Project Gutenberg's start line and after its end line."""
    if not any("utenberg" in block.text or "UTENBERG" in block.text for block in blocks):
        return
    edges = [
        (index, edge[1].lower()) for index, block in enumerate(blocks) if (edge := _LICENCE_EDGE.match(block.text))
    ]
    start = next((index for index, edge in edges if edge == "start"), None)
    end = next((index for index, edge in edges if edge == "end"), None)
    if start is not None and start < len(blocks) // 2:
        reasons[: start + 1] = [Matter.GUTENBERG_HEADER] * (start + 1)
    if end is not None and end > (start or 0):
        reasons[end:] = [Matter.GUTENBERG_LICENCE] * (len(blocks) - end)


def _cut_colophon(blocks: Sequence[Block], *, reasons: list[Matter]) -> None:
    """Mark what a library of free books puts behind the last line: its address, or where the text is from."""
    last = range(max(len(blocks) - _COLOPHON_BLOCKS, 1), len(blocks))
    start = next((index for index in last if _COLOPHON.match(blocks[index].text)), len(blocks))
    reasons[start:] = [reason or Matter.COLOPHON for reason in reasons[start:]]


def _cut_navigation(documents: Sequence[Document], *, reasons: list[Matter]) -> None:
    """Mark lines of links that come again in most documents: "Previous | Contents | Next"."""
    linked = [{block.text for block in each.blocks if block.is_linked and not block.level} for each in documents]
    least = max(_MIN_LINKED_RUN, sum(1 for each in documents if each.blocks) // 2 + 1)
    repeated = {text for text, count in Counter(chain.from_iterable(linked)).items() if count >= least}
    if not repeated:
        return
    for index, block in enumerate(chain.from_iterable(each.blocks for each in documents)):
        if block.is_linked and block.text in repeated and not block.level:
            reasons[index] = reasons[index] or Matter.NAVIGATION


def _cut_printed_contents(blocks: Sequence[Block], *, starts: frozenset[int], reasons: list[Matter]) -> None:
    """Mark runs of lines that are nothing but links within the book, with the heading above them."""
    run: list[int] = []
    for index in (*[index for index, block in enumerate(blocks) if block.is_linked], len(blocks) + 1):
        if run and (index != run[-1] + 1 or index in starts):
            if len(run) >= _MIN_LINKED_RUN:
                first = run[0]
                first -= first > 0 and reason_by_title(blocks[first - 1].text) is Matter.CONTENTS
                reasons[first : run[-1] + 1] = [Matter.PRINTED_CONTENTS] * (run[-1] + 1 - first)
            run = []
        run.append(index)


def _list_cuts(flow: Flow, *, reasons: Sequence[Matter]) -> Iterator[Skipped]:
    if not any(reasons):
        return
    start = 0
    for index in range(1, len(reasons) + 1):
        if index < len(reasons) and reasons[index] is reasons[start]:
            continue
        if reasons[start]:
            words = sum(block.words for block in flow.blocks[start:index])
            name, why = flow.documents[flow.document_at(start)].name, say(reasons[start])
            kept = tuple(_paragraph(at, flow=flow) for at in range(start, index) if not flow.blocks[at].level)
            yield Skipped(title=why, reason=why, words=words, file=name, order=start, paragraphs=kept)
        start = index


def _paragraph(at: int, *, flow: Flow) -> Paragraph:
    block, name = flow.blocks[at], flow.documents[flow.document_at(at)].name
    return Paragraph(block.text, name, block.position, None, block.starts_scene)
