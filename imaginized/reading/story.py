"""From stretches of the flow to the paragraphs of one chapter: headings, notes and cuts left out."""

from collections.abc import Sequence

from imaginized.reading.blocks import Block
from imaginized.reading.classify import is_chapter_line, is_chapter_title, reason_by_title
from imaginized.reading.flow import Flow, fold_title
from imaginized.reading.labels import Matter
from imaginized.story.text import Paragraph

_MAX_TITLE_LINE = 100
_MIN_TITLE_LINE = 4


def read_paragraphs(ranges: Sequence[tuple[int, int]], *, title: str, flow: Flow) -> tuple[tuple[Paragraph, ...], int]:
    """The paragraphs of a chapter that covers these stretches, and their words; `title` is not repeated in them."""
    indexes = [index for start, end in ranges for index in range(start, end) if not flow.is_cut[index]]
    body = indexes[_count_heading(indexes, title=title, flow=flow) :]
    while body and flow.blocks[body[-1]].level:
        body.pop()
    paragraphs: list[Paragraph] = []
    is_after_number = False
    words = note_level = 0
    name, end = "", 0
    for index in body:
        text, position, count, level, starts_scene, _ = flow.blocks[index]
        if level and (not note_level or level <= note_level):  # notes go up to the next heading of their rank
            note_level = level if reason_by_title(text) is Matter.NOTES else 0
        if note_level:
            continue
        if level and len(text) < 12 and is_chapter_title(text):
            is_after_number = True
            continue
        starts_scene = bool(paragraphs) and (starts_scene or level > 0 or is_after_number)
        is_after_number = False
        if index >= end:
            at = flow.document_at(index)
            name, end = flow.documents[at].name, flow.starts[at] + len(flow.documents[at].blocks)
        words += count
        paragraphs.append(Paragraph(text, name, position, None, starts_scene))
    return tuple(paragraphs), words


def plain_paragraphs(blocks: Sequence[Block], *, name: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a whole document, as they stand."""
    return tuple(
        Paragraph(block.text, name, block.position, None, block.starts_scene) for block in blocks if not block.level
    )


def _count_heading(indexes: Sequence[int], *, title: str, flow: Flow) -> int:
    """How many blocks at the start are the chapter's heading, whether marked as such or only set like one."""
    wanted = fold_title(title)
    count = 0
    for index in indexes:
        block = flow.blocks[index]
        if not block.level and not _repeats_title(block, wanted=wanted, is_first=count == 0):
            break
        count += 1
    return count


def _repeats_title(block: Block, *, wanted: str, is_first: bool) -> bool:
    if len(block.text) > _MAX_TITLE_LINE:
        return False
    own = fold_title(block.text)
    if len(own) >= _MIN_TITLE_LINE and (wanted.startswith(own) or wanted.endswith(own)):
        return True
    return is_first and len(block.text) < 30 and is_chapter_line(block.text)
