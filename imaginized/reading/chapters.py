"""Finding the story chapters of a book: which places begin one, which belong to one, and which are no story."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from imaginized.reading.blocks import Block, Document
from imaginized.reading.classify import (
    is_chapter_line,
    is_chapter_title,
    is_edge_title,
    is_excerpt_title,
    is_first_title,
    is_part_title,
    is_start_title,
    is_story_title,
    is_story_type,
    is_subsection_title,
    reason_by_title,
    reason_by_types,
)
from imaginized.reading.flow import Flow, build_flow, fold_title
from imaginized.reading.package import Entry, Metadata, Package
from imaginized.reading.places import (
    Place,
    add_unlisted,
    heading_at,
    places_by_capitals,
    places_by_contents,
    places_by_documents,
    places_by_headings,
    places_by_numbers,
    places_by_types,
    resolve_entry,
)
from imaginized.reading.story import plain_paragraphs, read_paragraphs
from imaginized.story.text import ChapterText, Division, Skipped

PART_PAGE_WORDS = 120
_SECTION_WORDS = 600
_STORY_WORDS = 15_000
_POOR_SHARE = 0.6
_MIN_UNNUMBERED_WORDS = 1200
_MAX_PART_PAGE_WORDS = 250
_MIN_LEAVES = 3
_MIN_ORNAMENTS = 5
_CLOSED_REASONS = frozenset(
    {"notes", "index", "glossary", "bibliography", "afterword", "appendix", "list of illustrations"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of the flow under one title.

    Attributes:
        start: Its first block.
        end: The block after its last.
        size: Its words, without headings and cuts.
        reason: Why it is no story; "" for story.
        is_parent: Whether other sections are nested in it.
    """

    place: Place
    start: int
    end: int
    size: int
    reason: str
    is_parent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Where the book says that story begins and ends, and what it says of single places."""

    story_start: int
    story_end: int
    types: dict[int, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A book's story chapters, what was left out, and how they were told apart."""

    chapters: tuple[ChapterText, ...]
    skipped: tuple[Skipped, ...]
    division: Division | None = None


def find_chapters(package: Package, *, documents: Sequence[Document]) -> Found:
    """Split a book into its story chapters and what was left out.

    The way: contents; where they are poor, sections that say they are chapters, numbered headings, all headings,
    documents. The first way that finds more than one chapter is taken, else whatever the richest found.
    """
    linear = [document for document in documents if document.is_linear] or list(documents)
    outside = [document for document in documents if not document.is_linear] if len(linear) < len(documents) else []
    flow, cuts = build_flow(linear)
    names = {document.name: at for at, document in reversed(list(enumerate(flow.documents)))}
    landmarks = _read_landmarks(package.landmarks, flow=flow, names=names)
    sections = _choose_sections(package, flow=flow, names=names, landmarks=landmarks)
    title = package.metadata.title
    groups, skipped = _group(sections, flow=flow, names=_names_of(package.metadata))
    read = [_read_chapter(group, flow=flow, book_title=title, is_only=len(groups) == 1) for group in groups]
    chapters = _number(_without_ornaments(read))
    skips = (
        *skipped,
        *cuts,
        *(_skip_outside(document, order=len(flow.blocks)) for document in outside if document.blocks),
    )
    return in_order(chapters, skips)


def in_order(chapters: Sequence[ChapterText], skipped: Sequence[Skipped]) -> Found:
    """Number all pieces through by where they begin, which is what their `order` says so far."""
    begins = [piece.order for piece in chapters] + [piece.order for piece in skipped]
    places = {at: place for place, at in enumerate(sorted(range(len(begins)), key=begins.__getitem__))}
    return Found(
        chapters=tuple(replace(chapter, order=places[at]) for at, chapter in enumerate(chapters)),
        skipped=tuple(replace(skip, order=places[at]) for at, skip in enumerate(skipped, start=len(chapters))),
    )


def _choose_sections(package: Package, *, flow: Flow, names: dict[str, int], landmarks: Landmarks) -> list[Section]:
    """The sections of the first way that is good enough."""
    names_of_book = _names_of(package.metadata)
    listed = places_by_contents(package.contents, flow=flow, names=names)
    ways: tuple[tuple[Callable[[], tuple[Place, ...]], int], ...] = (
        (lambda: listed, 0),
        (lambda: places_by_types(flow), 0),
        (lambda: places_by_capitals(flow), _MIN_UNNUMBERED_WORDS),
        (lambda: places_by_numbers(flow), 0),
        (lambda: places_by_headings(flow), _MIN_UNNUMBERED_WORDS),
        (lambda: places_by_documents(flow), _MIN_UNNUMBERED_WORDS),
    )
    best: list[Section] = []
    best_count = 0
    for way, min_words in ways:
        sections = _divide(add_unlisted(places, flow=flow), flow=flow, landmarks=landmarks) if (places := way()) else []
        groups, _ = _group(sections, flow=flow, names=names_of_book)
        if (best_count == 0 and groups) or _is_richer(groups, than=best_count, min_words=min_words):
            best, best_count = sections, len(groups)
        if groups and not _is_poor(groups, flow=flow):
            break
    return best if best_count or not flow.blocks else _admit_all(listed or places_by_documents(flow), flow=flow)


def _is_richer(groups: Sequence[Sequence[Section]], *, than: int, min_words: int) -> bool:
    """Whether a later way beats an earlier one: more chapters, and not merely the sub-headings of a short text."""
    if len(groups) <= max(than, 2):
        return False
    return median(sum(section.size for section in group) for group in groups) >= min_words


def _admit_all(places: Sequence[Place], *, flow: Flow) -> list[Section]:
    """When nothing looks like story, the judgement is wrong rather than the book: take whatever has text."""
    sections = _divide(
        add_unlisted(places, flow=flow),
        flow=flow,
        landmarks=Landmarks(story_start=0, story_end=len(flow.blocks), types={}),
    )
    return [replace(section, reason="" if section.size else "no text") for section in sections]


def _is_poor(groups: Sequence[Sequence[Section]], *, flow: Flow) -> bool:
    """Whether a way found too little: hardly any chapters, or one that hides most of the book's numbered chapters."""
    if len(groups) < 3:
        return True
    sizes = [sum(section.size for section in group) for group in groups]
    if max(sizes) < _POOR_SHARE * sum(sizes):
        return False
    largest = groups[sizes.index(max(sizes))]
    inside = range(largest[0].start + 1, largest[-1].end)
    return sum(_opens_chapter(flow.blocks[i]) for i in inside) >= 3


def _opens_chapter(block: Block) -> bool:
    """Whether a block is a chapter's heading, or a line that can be nothing else: "Chapter IV"."""
    return is_chapter_title(block.text) if block.level else " " in block.text and is_chapter_line(block.text)


def _read_landmarks(entries: Sequence[Entry], *, flow: Flow, names: dict[str, int]) -> Landmarks:
    """Turn landmarks and guide into places; "text" of a guide is no news, many books say it of every file."""
    start, end = 0, len(flow.blocks)
    types: dict[int, frozenset[str]] = {}
    for entry in entries:
        index = resolve_entry(entry, flow=flow, names=names)
        if index is None or not flow.documents[names[entry.name]].blocks:
            continue  # a page without text shares its place with the page behind it
        if "bodymatter" in entry.types:
            start = index
        elif "backmatter" in entry.types:
            end = min(end, index)
        types[index] = types.get(index, frozenset()) | entry.types
    return Landmarks(story_start=start, story_end=end if end > start else len(flow.blocks), types=types)


def _divide(places: Sequence[Place], *, flow: Flow, landmarks: Landmarks) -> list[Section]:
    """Each place with the stretch to the next one, judged."""
    ends = [place.index for place in places[1:]] + [len(flow.blocks)]
    paths = Counter(above for place in places for above in _prefixes(place.path))
    sections = []
    for place, end in zip(places, ends, strict=True):
        is_parent = paths[(*place.path, place.title)] > 0
        size = flow.size(place.index, end)
        reason = _judge(place, flow=flow, landmarks=landmarks)
        sections.append(Section(place=place, start=place.index, end=end, size=size, reason=reason, is_parent=is_parent))
    return _mark_excerpt(sections)


def _mark_excerpt(sections: list[Section]) -> list[Section]:
    """Chapters counted anew behind notes are theirs; behind the announcement of another book, they are of that book."""
    for at, (section, following) in enumerate(pairwise(sections), start=1):
        is_announced = section.reason and (section.reason == "notes" or is_excerpt_title(section.place.title))
        if is_announced and not following.reason and is_first_title(following.place.title):
            story, rest = (
                sum(each.size for each in part if not each.reason) for part in (sections[:at], sections[at:])
            )
            if story > rest:
                reason = "notes" if section.reason == "notes" else "excerpt of another book"
                return [*sections[:at], *(replace(each, reason=each.reason or reason) for each in sections[at:])]
    return sections


def _prefixes(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [path[:length] for length in range(1, len(path) + 1)]


def _judge(place: Place, *, flow: Flow, landmarks: Landmarks) -> str:
    """Why a place begins no story: its types first, then landmarks, then its title, unless its heading is numbered."""
    types = place.types | landmarks.types.get(place.index, frozenset())
    heading = heading_at(place.index, flow=flow)
    is_named_story = is_story_title(place.title) or is_story_title(heading)
    by_types = reason_by_types(types)
    if by_types and not (is_named_story and by_types in ("front matter", "back matter")):
        return by_types
    above = next((reason for title in place.path if (reason := reason_by_title(title))), "")
    if above in _CLOSED_REASONS:
        return above  # "Notes" has its own "Chapter 1", an index its letters "C" and "V"
    by_title = reason_by_title(place.title)
    if by_title in _CLOSED_REASONS and not (is_chapter_title(place.title) or is_story_type(types)):
        return by_title  # the first letter below an index may be a numeral
    by_title = by_title or reason_by_title(heading)
    is_said = is_story_type(types) and not (by_title and types & {"frontmatter", "backmatter"})
    if is_named_story or is_said or is_chapter_title(place.title) or is_chapter_title(heading):
        return ""
    if by_title or above:
        return by_title or above
    if place.index < landmarks.story_start and not is_part_title(place.title):
        return "before the story begins, by the landmarks"
    if place.index >= landmarks.story_end:
        return "back matter"
    return "" if place.is_listed else "not in the contents"


def _group(
    sections: Sequence[Section], *, flow: Flow, names: frozenset[str]
) -> tuple[list[list[Section]], tuple[Skipped, ...]]:
    """Put the sections of each chapter together; the rest is skipped with its reason."""
    depth = _chapter_depth(sections, flow=flow)
    parts = _find_parts(sections, depth=depth)
    groups: list[list[Section]] = []
    skipped: list[Skipped] = []
    is_open = False
    part = ""
    for section in sections:
        place = section.place
        is_inside = is_open and place.depth > depth and _is_inside(section, chapter=groups[-1][0])
        if is_inside and section.reason != "notes" and place.path not in parts:
            groups[-1].append(section)
            continue
        reason = section.reason or _reason_by_size(section, parts=parts, names=names)
        if reason:
            part = place.title if reason == "part page" and not section.is_parent else part
            is_open = is_inside  # a chapter goes on behind its notes
            skipped.append(_skip(section, reason=reason, flow=flow))
            continue
        is_flat_child = part and not place.path
        groups.append([replace(section, place=replace(place, path=(part,))) if is_flat_child else section])
        is_open = True
    return groups, tuple(skip for skip in skipped if skip.words or skip.reason != "no text")


def _names_of(metadata: Metadata) -> frozenset[str]:
    """What a title page may be called: the book's title and its authors, "Austen, Jane" as "Jane Austen"."""
    return frozenset(filter(None, map(_name, (metadata.title, *metadata.authors))))


def _name(text: str) -> str:
    return "".join(sorted(map(fold_title, re.findall(r"\w+", text))))


def _is_inside(section: Section, *, chapter: Section) -> bool:
    """Whether a section is nested in the chapter; the path of a chapter may have gained the title of a flat part."""
    title, above = chapter.place.title, section.place.path
    return above[: len(chapter.place.path) + 1] == (*chapter.place.path, title) or above[:1] == (title,)


def _find_parts(sections: Sequence[Section], *, depth: int) -> dict[tuple[str, ...], float]:
    """The paths of what holds chapters rather than being one, with the usual size of these.

    They stand above the depth of the chapters; or at it, where they hold numbered chapters as long as those beside
    them ("First Narrative: I, II, III" among "I, II, III").
    """
    sizes: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    numbered: Counter[tuple[str, ...]] = Counter()
    for section in sections:
        sizes[section.place.path].append(0 if section.reason else section.size)
        numbered[section.place.path] += is_chapter_title(section.place.title)
    leaves = [each for each in sections if not each.reason and not each.is_parent and each.place.depth == depth]
    is_numbered = len(leaves) >= _MIN_LEAVES and _share_numbered(leaves) > 0.5
    usual = median(each.size for each in leaves) if leaves else 0
    found: dict[tuple[str, ...], float] = {}
    for path, inner in sizes.items():
        are_chapters = is_numbered and 2 * numbered[path] > len(inner) > 2 and median(inner) >= usual
        if len(path) <= depth or (len(path) == depth + 1 and are_chapters):
            found[path] = median(inner)
    return found


def _reason_by_size(section: Section, *, parts: dict[tuple[str, ...], float], names: frozenset[str]) -> str:
    """Part pages, title pages and empty places among what looks like story."""
    title = section.place.title
    if section.is_parent and (*section.place.path, title) in parts:
        usual = parts[*section.place.path, title]
        if section.size < max(PART_PAGE_WORDS, min(usual / 4, _MAX_PART_PAGE_WORDS)):
            return "part page"
    if section.size < PART_PAGE_WORDS and title and _name(title) in names:
        return "title page"
    if section.size < PART_PAGE_WORDS and is_edge_title(title):
        return "title page" if is_start_title(title) else "end page"
    if section.size == 0 and not section.is_parent:
        return "part page" if is_part_title(title) else "no text"
    is_part_page = is_part_title(title) and not is_story_type(section.place.types - {"part", "volume"})
    if section.size < PART_PAGE_WORDS and not section.is_parent and is_part_page:
        return "part page"
    return ""


def _chapter_depth(sections: Sequence[Section], *, flow: Flow) -> int:
    """The depth that holds the story's median word, unless what stands there are mere sections of chapters."""
    words: Counter[int] = Counter()
    for section in sections:
        if not section.reason:
            words[section.place.depth] += section.size
    total, seen = words.total(), 0
    for depth in sorted(words):
        seen += words[depth]
        if seen * 2 >= total:
            return _climb(depth, sections=sections, flow=flow)
    return 0


def _climb(depth: int, *, sections: Sequence[Section], flow: Flow) -> int:
    """Go up while the places at a depth are sections of chapters rather than chapters."""
    story = [section for section in sections if not section.reason]
    while depth > 0 and _are_sections([each for each in story if each.place.depth == depth], story=story, flow=flow):
        depth -= 1
    return depth


def _are_sections(at_depth: Sequence[Section], *, story: Sequence[Section], flow: Flow) -> bool:
    """Whether these divide chapters: numbered 1.2, or short or counted anew inside the document of what they divide."""
    if not at_depth:
        return True
    titles = [section.place.title for section in at_depth]
    if sum(map(is_subsection_title, titles)) * 2 > len(titles):
        return True
    depth = at_depth[0].place.depth
    parents = [section for section in story if section.is_parent and section.place.depth == depth - 1]
    numbered = _share_numbered(at_depth) > 0.5
    if not numbered and parents and _share_numbered(parents) > 0.5:
        return True
    if any(is_part_title(parent.place.title) for parent in parents) or not _share_documents(
        at_depth, parents, flow=flow
    ):
        return False
    if numbered:
        return sum(section.size for section in story) / len(parents) < _STORY_WORDS
    return median(section.size for section in at_depth) < _SECTION_WORDS


def _share_numbered(sections: Sequence[Section]) -> float:
    return sum(is_chapter_title(section.place.title) for section in sections) / len(sections)


def _share_documents(children: Sequence[Section], parents: Sequence[Section], *, flow: Flow) -> bool:
    """Whether several documents each hold parents together with all their children."""
    homes = {(*parent.place.path, parent.place.title): flow.document_at(parent.start) for parent in parents}
    if len(set(homes.values())) < 3:
        return False
    return all(homes.get(child.place.path) == flow.document_at(child.start) for child in children)


def _read_chapter(group: Sequence[Section], *, flow: Flow, book_title: str, is_only: bool) -> tuple[ChapterText, int]:
    """A chapter without number (its title, its parts above, its paragraphs), and its words."""
    first = group[0]
    heading = heading_at(first.start, flow=flow)
    title = first.place.title
    if not title or is_start_title(title):
        title = heading or (book_title if is_only else "") or title
    ranges = [(section.start, section.end) for section in group]
    path = tuple(above for above in first.place.path if fold_title(above) != fold_title(book_title))
    paragraphs, words = read_paragraphs(ranges, title=title, flow=flow)
    fragment = first.place.fragment
    chapter = ChapterText(number=0, title=title, path=path, fragment=fragment, paragraphs=paragraphs, order=first.start)
    return chapter, words


def _without_ornaments(chapters: Sequence[tuple[ChapterText, int]]) -> Sequence[tuple[ChapterText, int]]:
    """The chapters without the letter that ends most of them: a flourish, in a font of such."""
    ends = Counter(chapter.paragraphs[-1].text for chapter, _ in chapters if chapter.paragraphs)
    mark, count = ends.most_common(1)[0] if ends else ("", 0)
    if len(mark) != 1 or count < max(_MIN_ORNAMENTS, len(chapters) / 2):
        return chapters
    return [
        (replace(chapter, paragraphs=chapter.paragraphs[:-1]), words - 1)
        if chapter.paragraphs and chapter.paragraphs[-1].text == mark
        else (chapter, words)
        for chapter, words in chapters
    ]


def _number(chapters: Sequence[tuple[ChapterText, int]]) -> tuple[ChapterText, ...]:
    """The chapters that hold text, counted from 1; each comes with its words, so that nobody counts them again."""
    numbered: list[ChapterText] = []
    words_before = 0
    for chapter, words in chapters:
        if not chapter.paragraphs:
            continue
        number = len(numbered) + 1
        numbered.append(
            replace(chapter, number=number, title=chapter.title or f"Part {number}", words_before=words_before)
        )
        words_before += words
    return tuple(numbered)


def _skip(section: Section, *, reason: str, flow: Flow) -> Skipped:
    name = flow.documents[flow.document_at(section.start)].name if flow.documents else ""
    title = section.place.title
    paragraphs, _ = read_paragraphs([(section.start, section.end)], title=title, flow=flow)
    return Skipped(
        title=title or name,
        reason=reason,
        words=section.size,
        file=name,
        order=section.start,
        paragraphs=paragraphs,
    )


def _skip_outside(document: Document, *, order: int) -> Skipped:
    words = sum(block.words for block in document.blocks)
    title = next((block.text for block in document.blocks if block.level), document.name)
    return Skipped(
        title=title,
        reason="outside the reading order",
        words=words,
        file=document.name,
        order=order,
        paragraphs=plain_paragraphs(document.blocks, name=document.name),
    )
