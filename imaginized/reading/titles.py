"""What a book is called that says so nowhere but on its first page: the style of a title, else a heading's shape."""

from collections.abc import Sequence
from itertools import pairwise

from imaginized.reading.blocks import Block, Document
from imaginized.reading.classify import (
    is_chapter_line,
    is_chapter_title,
    is_file_title,
    is_part_title,
    is_sentence,
    reason_by_title,
)
from imaginized.reading.numbering import read_number

MAX_TITLE = 150
_MAX_WORDS_BEFORE = 30
_MAX_TITLE_PAGE_WORDS = 60
_FEW_WORDS = 0.5  # of what stands below the headings after it


def printed_title(documents: Sequence[Document]) -> str:
    """The heading that stands above all others, or alone on a title page; "" where none does.

    A heading of the rank of the chapters, with as much text below it, is the first of these.
    """
    blocks = [block for document in documents if document.is_linear for block in document.blocks]
    heads = [at for at, block in enumerate(blocks) if block.level]
    if not heads or sum(block.words for block in blocks[: heads[0]]) > _MAX_WORDS_BEFORE:
        return ""
    first, rest = blocks[heads[0]], [blocks[at] for at in heads[1:]]
    if not _may_be_title(first.text):
        return ""
    is_above_all = all(each.level > first.level for each in rest)
    return first.text if is_above_all or _is_on_title_page(blocks, heads) else ""


def _may_be_title(text: str) -> bool:
    is_other = is_chapter_title(text) or is_chapter_line(text) or is_part_title(text) or is_file_title(text)
    return len(text) <= MAX_TITLE and not is_other and read_number(text) is None and not reason_by_title(text)


def _is_on_title_page(blocks: Sequence[Block], heads: Sequence[int]) -> bool:
    """Whether next to nothing, and no sentence, stands below the first heading, and text below the others."""
    ends = [*heads, len(blocks)]
    sizes = [sum(block.words for block in blocks[start + 1 : end]) for start, end in pairwise(ends)]
    usual = sorted(sizes[1:])[len(sizes[1:]) // 2] if sizes[1:] else 0
    if any(is_sentence(block.text) for block in blocks[heads[0] + 1 : heads[1] if heads[1:] else len(blocks)]):
        return False
    return sizes[0] <= min(_MAX_TITLE_PAGE_WORDS, _FEW_WORDS * usual)
