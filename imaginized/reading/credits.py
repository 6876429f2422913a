"""Lines that a site sets around its chapters: "Translator: A Editor: B", again and again at the same place. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from imaginized.reading.blocks import Block

_MAX_CHARACTERS = 100
_MAX_WORDS = 14
_MIN_CHAPTERS = 3
_LINES = 2  # how far from the edge of a chapter
_FEW_TEXTS = 3  # chapters for each wording: translators change, speakers and dates do more often
_LABEL = re.compile(r"([^\W\d_][^\s:：]{0,20})\s*[:：](?!//)")
_CREDIT = re.compile(r"[\[(（【*~–—-]?\s*[^\W\d_][\w/’' .]{0,30}[:：](?!//)\s*\S")
_SPOKEN = re.compile(r"[.!?…,;。！？，；\"“”«»]")


class _Line(NamedTuple):
    at: int
    side: str
    text: str


def credit_lines(blocks: Sequence[Block], *, starts: frozenset[int]) -> set[int]:
    """The lines of a label and a name that open or close most chapters alike; told by shape and repetition alone."""
    lines, chapters = _edge_lines(blocks, starts=starts)
    least = max(_MIN_CHAPTERS, chapters // 2)
    same = Counter((line.side, line.text) for line in lines)
    labelled: defaultdict[tuple[str, tuple[str, ...]], list[_Line]] = defaultdict(list)
    found = {line.at for line in lines if same[line.side, line.text] >= least}
    for line in lines:
        if not _SPOKEN.search(line.text):
            labelled[line.side, tuple(_LABEL.findall(line.text))].append(line)
    for rows in labelled.values():
        if len(rows) >= max(least, _FEW_TEXTS * len({row.text for row in rows})):
            found.update(row.at for row in rows)
    return found


def is_credit_like(text: str) -> bool:
    """Whether a line could be one by its shape: short, with a label at its head."""
    is_short = len(text) <= _MAX_CHARACTERS and len(text.split()) <= _MAX_WORDS
    return is_short and _CREDIT.match(text) is not None


def _edge_lines(blocks: Sequence[Block], *, starts: frozenset[int]) -> tuple[list[_Line], int]:
    """The lines of that shape near the edges of chapters, and how many chapters there are."""
    lines: list[_Line] = []
    chapters = 0
    for start, end in _stretches(blocks, starts=starts):
        chapters += 1
        edges = [(at, "top") for at in range(start, min(start + _LINES, end))]
        edges += [(at, "end") for at in range(max(end - _LINES, start + _LINES), end)]
        lines += [
            _Line(at, side, " ".join(blocks[at].text.casefold().split()))
            for at, side in edges
            if is_credit_like(blocks[at].text)
        ]
    return lines, chapters


def _stretches(blocks: Sequence[Block], *, starts: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The runs of paragraphs between headings and the edges of documents."""
    begin = 0
    for at, block in enumerate(blocks):
        if block.level or at in starts:
            if at > begin:
                yield begin, at
            begin = at + (block.level > 0)
    if begin < len(blocks):
        yield begin, len(blocks)
