"""From judged stretches to chapters: at which depth chapters stand, what holds them, and which stretches make one."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

from imaginized.reading.classify import (
    is_chapter_title,
    is_edge_title,
    is_part_title,
    is_start_title,
    is_story_title,
    is_story_type,
    is_subsection_title,
    names_chapter,
)
from imaginized.reading.flow import Flow, fold_title
from imaginized.reading.labels import Matter
from imaginized.reading.matter import settle, usual_size
from imaginized.reading.numbering import is_bare, read_number
from imaginized.reading.package import Metadata
from imaginized.reading.sections import Section

PART_PAGE_WORDS = 120
_SECTION_WORDS = 600
_STORY_WORDS = 15_000
_MAX_PART_PAGE_WORDS = 250
_MIN_LEAVES = 3
_SHORT_SHARE = 0.5
_MOST = 0.8
_LEAST_WORDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The chapters of a book as stretches, and the stretches that are none.

    Attributes:
        chapters: The sections that make each.
        skipped: Every other section; its `reason` says why.
    """

    chapters: tuple[tuple[Section, ...], ...] = ()
    skipped: tuple[Section, ...] = ()

    @property
    def sizes(self) -> list[int]:
        """Words of each chapter."""
        return [sum(section.size for section in chapter) for chapter in self.chapters]


def group(sections: Sequence[Section], *, flow: Flow, names: frozenset[str]) -> Grouping:
    """Put the sections of each chapter together; the rest is skipped with its reason."""
    depth = _chapter_depth(sections, flow=flow)
    sections, by_shape = settle(sections, depth=depth, flow=flow)
    parts = _find_parts(sections, depth=depth)
    usual = usual_size([section.size for section in sections if not section.reason])
    chapters: list[list[Section]] = []
    skipped: list[Section] = []
    is_open = False
    part = ""
    for at, section in enumerate(sections):
        place = section.place
        is_inside = is_open and place.depth > depth and _is_inside(section, chapter=chapters[-1][0])
        if is_inside and section.reason is not Matter.NOTES and place.path not in parts:
            chapters[-1].append(section)
            continue
        reason = section.reason or _reason_by_size(section, parts=parts, names=names, usual=usual)
        reason = reason or by_shape.get(at, Matter.STORY)
        if reason is Matter.NO_TEXT and _opens_volume(sections, at=at):
            reason = Matter.PART_PAGE
        if reason:
            part = place.title if reason is Matter.PART_PAGE and not section.is_parent else part
            is_open = is_inside  # a chapter goes on behind its notes
            skipped.append(replace(section, reason=reason))
            continue
        if is_part_title(place.title) or is_story_title(place.title):
            part = ""  # another part with text of its own, or an epilogue, ends the part before
        is_flat_child = part and not place.path
        chapters.append([replace(section, place=replace(place, path=(part,))) if is_flat_child else section])
        if is_part_title(place.title) and not place.path:
            part = place.title
        is_open = True
    return Grouping(
        chapters=tuple(map(tuple, chapters)),
        skipped=tuple(each for each in skipped if each.size or each.reason is not Matter.NO_TEXT),
    )


def _opens_volume(sections: Sequence[Section], *, at: int) -> bool:
    """Whether an empty page with a name of its own stands before a first chapter that is not the book's first."""
    if not sections[at].place.title or not sections[at].place.is_listed:
        return False
    following = next((each for each in sections[at + 1 :] if not each.reason and each.size), None)
    number = None if following is None else read_number(following.place.title)
    if number is None or number.value != 1:
        return False
    titles = (read_number(each.place.title) for each in sections if each is not following)
    return any(other is not None and other == number for other in titles)


def names_of(metadata: Metadata) -> frozenset[str]:
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


def _reason_by_size(
    section: Section, *, parts: dict[tuple[str, ...], float], names: frozenset[str], usual: int
) -> Matter:
    """Part pages, title pages and empty places among what looks like story, whose chapters usually have that size."""
    title = section.place.title
    short = min(float(PART_PAGE_WORDS), max(_SHORT_SHARE * usual, _LEAST_WORDS))
    if section.is_parent and (*section.place.path, title) in parts:
        inner = parts[*section.place.path, title]
        if section.size < max(PART_PAGE_WORDS, min(inner / 4, _MAX_PART_PAGE_WORDS)):
            return Matter.PART_PAGE
    if not title and section.size < min(_LEAST_WORDS, usual / 10):
        return Matter.NO_TEXT  # a sign or a page number on a page of pictures
    if section.size < short and title and _name(title) in names:
        return Matter.TITLE_PAGE
    if section.size < short and is_edge_title(title):
        return Matter.TITLE_PAGE if is_start_title(title) else Matter.END_PAGE
    if section.size == 0 and not section.is_parent:
        return Matter.PART_PAGE if is_part_title(title) else Matter.NO_TEXT
    is_part_page = is_part_title(title) and not is_story_type(section.place.types - {"part", "volume"})
    if section.size < short and not section.is_parent and is_part_page:
        return Matter.PART_PAGE
    return Matter.STORY


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
    if parents and (_are_scenes(at_depth, parents) or _are_pages(at_depth, parents, flow=flow)):
        return True
    if any(is_part_title(parent.place.title) for parent in parents) or not _share_documents(
        at_depth, parents, flow=flow
    ):
        return False
    if numbered:
        return sum(section.size for section in story) / len(parents) < _STORY_WORDS
    return median(section.size for section in at_depth) < _SECTION_WORDS


def _are_scenes(at_depth: Sequence[Section], parents: Sequence[Section]) -> bool:
    """Whether what is nested in chapters that call themselves so is called otherwise: scenes, or bare numbers."""
    named = sum(names_chapter(parent.place.title) for parent in parents)
    inner = sum(names_chapter(section.place.title) for section in at_depth)
    return named * 2 > len(parents) and inner * 2 < len(at_depth)


def _are_pages(at_depth: Sequence[Section], parents: Sequence[Section], *, flow: Flow) -> bool:
    """Whether these are bare numbers where nothing is printed, below what begins at headings."""
    firsts = {parent.start for parent in parents}
    inner = [section for section in at_depth if section.start not in firsts]
    if not inner or mean(is_bare(section.place.title) for section in inner) <= _MOST:
        return False
    printed = [parent for parent in parents if parent.start < len(flow.blocks) and flow.blocks[parent.start].level]
    unprinted = [each for each in inner if each.start < len(flow.blocks) and not flow.blocks[each.start].level]
    return len(printed) > _MOST * len(parents) and len(unprinted) > _MOST * len(inner)


def _share_numbered(sections: Sequence[Section]) -> float:
    return sum(is_chapter_title(section.place.title) for section in sections) / len(sections)


def _share_documents(children: Sequence[Section], parents: Sequence[Section], *, flow: Flow) -> bool:
    """Whether several documents each hold parents together with all their children."""
    homes = {(*parent.place.path, parent.place.title): flow.document_at(parent.start) for parent in parents}
    if len(set(homes.values())) < 3:
        return False
    return all(homes.get(child.place.path) == flow.document_at(child.start) for child in children)
