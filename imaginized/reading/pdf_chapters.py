"""The chapters of a PDF: its blocks as documents, its outline as the contents, then the rules all books share."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from imaginized.reading.blocks import Block, Document, join_titles
from imaginized.reading.chapters import Found, find_chapters, in_order
from imaginized.reading.classify import is_chapter_title, is_subsection_title, mend_capitals
from imaginized.reading.flow import fold_title
from imaginized.reading.package import Entry, Metadata, Package
from imaginized.reading.pdf_blocks import PlacedBlock
from imaginized.reading.pdf_pages import OutlineEntry
from imaginized.story.text import ChapterText, Paragraph

PART_WORDS = 5_000
_MIN_WORDS_TO_PART = 7_500
_TOLERANCE = 6.0
_MIN_TITLE = 4
_MAX_TITLE_BLOCKS = 3
_MAX_NUMBER = 24
_PAGE_TOP_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """Where an entry of the outline points: the block it begins at, how many blocks are its heading, its title."""

    at: int
    length: int
    title: str
    path: tuple[str, ...]
    is_page_top: bool


def divide(blocks: Sequence[PlacedBlock], *, outline: Sequence[OutlineEntry], metadata: Metadata, name: str) -> Found:
    """Split the blocks into story chapters and what was left out; `name` is the file's, for the map to the source."""
    marks = _resolve(blocks, outline=outline)
    documents = _cut(_raise_headings(blocks, marks=marks), marks=marks, name=name)
    package = Package(metadata=metadata, items=(), spine=(), contents=_contents(marks, documents), reader="pdf")
    found = find_chapters(package, documents=documents)
    shared = () if marks else _shared_path(found.chapters)
    numbers = [placed.number for placed in blocks]
    chapters = tuple(_finish(chapter, numbers=numbers, name=name, shared=len(shared)) for chapter in found.chapters)
    skipped = tuple(
        replace(each, file=name, paragraphs=_placed(each.paragraphs, numbers=numbers, name=name))
        for each in found.skipped
    )
    if len(chapters) == 1 and chapters[0].words > _MIN_WORDS_TO_PART and not is_chapter_title(chapters[0].title):
        only = chapters[0]
        chapters = tuple(replace(part, order=only.order) for part in _part(only.paragraphs))
    return replace(in_order(chapters, skipped), division=found.division)


def _finish(chapter: ChapterText, *, numbers: Sequence[int], name: str, shared: int) -> ChapterText:
    """The chapter with the pages of its paragraphs."""
    paragraphs = _placed(chapter.paragraphs, numbers=numbers, name=name)
    return replace(chapter, path=chapter.path[shared:], fragment="", paragraphs=paragraphs)


def _placed(paragraphs: Sequence[Paragraph], *, numbers: Sequence[int], name: str) -> tuple[Paragraph, ...]:
    return tuple(replace(each, file=name, page=numbers[each.position]) for each in paragraphs)


def _shared_path(chapters: Sequence[ChapterText]) -> tuple[str, ...]:
    """What stands above all chapters is the title page, not a part."""
    shared: tuple[str, ...] = chapters[0].path if chapters else ()
    while shared and any(chapter.path[: len(shared)] != shared for chapter in chapters):
        shared = shared[:-1]
    return shared


def _cut(blocks: Sequence[Block], *, marks: Sequence[_Mark], name: str) -> list[Document]:
    """The blocks as documents that begin where a rank of the outline begins new pages.

    Chapters begin pages, their sections do not; sections that share a document with their parent are known for it.
    """
    starts = {0}
    for depth in {len(mark.path) for mark in marks}:
        rank = [mark for mark in marks if len(mark.path) == depth]
        if sum(mark.is_page_top for mark in rank) >= _PAGE_TOP_SHARE * len(rank):
            starts.update(mark.at for mark in rank)
    bounds = [*sorted(starts), len(blocks)]
    return [
        Document(
            name=f"{name}#{start}",
            blocks=tuple(blocks[start:end]),
            marks={str(mark.at): mark.at - start for mark in marks if start <= mark.at < end},
        )
        for start, end in pairwise(bounds)
    ]


def _contents(marks: Sequence[_Mark], documents: Sequence[Document]) -> tuple[Entry, ...]:
    names = {fragment: document.name for document in documents for fragment in document.marks}
    return tuple(
        Entry(title=mark.title, path=mark.path, name=names[str(mark.at)], fragment=str(mark.at)) for mark in marks
    )


def _raise_headings(blocks: Sequence[PlacedBlock], *, marks: Sequence[_Mark]) -> list[Block]:
    """The blocks, with those that spell an entry of the outline as headings."""
    raised = [placed.block for placed in blocks]
    for mark in marks:
        for at in range(mark.at, mark.at + mark.length):
            raised[at] = raised[at]._replace(level=raised[at].level or len(mark.path) + 1, starts_scene=False)
    return raised


def _resolve(blocks: Sequence[PlacedBlock], *, outline: Sequence[OutlineEntry]) -> list[_Mark]:
    """Find the block each entry of the outline points to; entries that point nowhere are left out."""
    pages: dict[int, list[int]] = {}
    for at, placed in enumerate(blocks):
        pages.setdefault(placed.page, []).append(at)
    filled = sorted(pages)
    marks: list[_Mark] = []
    titles: dict[tuple[str, ...], str] = {}
    for entry in outline:
        nth = bisect_left(filled, entry.page) if entry.page is not None else len(filled)
        if nth == len(filled):
            continue
        at, length = _find(entry, candidates=pages[filled[nth]], blocks=blocks)
        at, length = _back_over_label(at, length, first=pages[filled[nth]][0], blocks=blocks)
        title = _printed_title(entry, blocks=blocks[at : at + length])
        path = tuple(titles.get(entry.path[: depth + 1], above) for depth, above in enumerate(entry.path))
        titles[(*entry.path, entry.title)] = title
        is_page_top = at == pages[filled[nth]][0]
        marks.append(_Mark(at=at, length=length, title=title, path=path, is_page_top=is_page_top))
    return marks


def _find(entry: OutlineEntry, *, candidates: Sequence[int], blocks: Sequence[PlacedBlock]) -> tuple[int, int]:
    """The block on a page where an entry begins, and how many blocks repeat its title."""
    wanted = fold_title(entry.title)
    top = entry.top if blocks[candidates[0]].page == entry.page else None
    spelled = [(at, length) for at in candidates if (length := _repeats(at, wanted=wanted, blocks=blocks))]
    if spelled:
        return min(spelled, key=lambda found: abs(blocks[found[0]].top - top) if top is not None else 0.0)
    if top is None:
        return candidates[0], 0
    return next((at for at in candidates if blocks[at].top <= top + _TOLERANCE), candidates[0]), 0


def _repeats(at: int, *, wanted: str, blocks: Sequence[PlacedBlock]) -> int:
    """How many blocks from this one on spell the title, as a heading may in several lines; 0 for none."""
    spelled = ""
    for length, placed in enumerate(blocks[at : at + _MAX_TITLE_BLOCKS], start=1):
        spelled += fold_title(placed.block.text)
        if not wanted or len(spelled) > len(wanted) + _MAX_NUMBER:
            return 0
        if spelled == wanted or (len(wanted) >= _MIN_TITLE and spelled.endswith(wanted)):
            return length
    return 0


def _back_over_label(at: int, length: int, *, first: int, blocks: Sequence[PlacedBlock]) -> tuple[int, int]:
    """Take in what stands above a title at the head of its page: "CHAPTER", "ONE"."""
    above = blocks[first:at]
    if 0 < len(above) <= _MAX_TITLE_BLOCKS and all(len(placed.block.text) <= _MAX_NUMBER for placed in above):
        return first, length + at - first if length else 0
    return at, length


def _printed_title(entry: OutlineEntry, *, blocks: Sequence[PlacedBlock]) -> str:
    """The title as it is printed where that has a number which the outline leaves out."""
    title = mend_capitals(entry.title)
    printed = join_titles([placed.block.text for placed in blocks]) if blocks else ""
    if is_chapter_title(title) or is_subsection_title(title) or len(blocks) > 2:
        return title
    return printed if is_subsection_title(printed) or is_chapter_title(printed) else title


def _part(paragraphs: Sequence[Paragraph]) -> tuple[ChapterText, ...]:
    """Cut a book that shows no chapters into parts of about PART_WORDS, between paragraphs, best at a scene break."""
    words = sum(len(paragraph.text.split()) for paragraph in paragraphs)
    count = max(round(words / PART_WORDS), 1)
    parts: list[list[Paragraph]] = [[]]
    seen = 0
    for paragraph in paragraphs:
        due = words * len(parts) / count
        is_due = seen >= due or (paragraph.starts_scene and seen >= due - PART_WORDS / 10)
        if parts[-1] and is_due and len(parts) < count:
            parts.append([])
        parts[-1].append(paragraph)
        seen += len(paragraph.text.split())
    return _number(parts)


def _number(parts: Sequence[Sequence[Paragraph]]) -> tuple[ChapterText, ...]:
    chapters: list[ChapterText] = []
    words_before = 0
    for number, part in enumerate(parts, start=1):
        chapter = ChapterText(number=number, title=f"Part {number}", paragraphs=tuple(part), words_before=words_before)
        words_before += chapter.words
        chapters.append(chapter)
    return tuple(chapters)
