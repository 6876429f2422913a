"""Finding the story chapters of a book: the best of the ways to divide it, read into chapters and what was left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from imaginized.errors import Rejected
from imaginized.reading.blocks import Document
from imaginized.reading.classify import is_file_title, is_start_title
from imaginized.reading.flow import Flow, build_flow, fold_title
from imaginized.reading.grouping import Grouping, group, names_of
from imaginized.reading.labels import Matter, say
from imaginized.reading.numbering import is_bare, read_number
from imaginized.reading.package import Entry, Metadata, Package
from imaginized.reading.places import add_unlisted, heading_at, places_by_contents, places_by_documents
from imaginized.reading.sections import Landmarks, Section, divide, read_landmarks
from imaginized.reading.story import plain_paragraphs, read_paragraphs
from imaginized.reading.ways import choose
from imaginized.reasons import Code
from imaginized.story.text import ChapterText, Division, Skipped

_MIN_ORNAMENTS = 5
MAX_HEADINGS = 30_000
_LEVEL = attrgetter("level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A book's story chapters, what was left out, and how they were told apart."""

    chapters: tuple[ChapterText, ...]
    skipped: tuple[Skipped, ...]
    division: Division | None = None


def find_chapters(package: Package, *, documents: Sequence[Document]) -> Found:
    """Split a book into its story chapters and what was left out.

    Every way is tried and scored: contents, typed sections, headings, numbers, lines in capitals, documents.
    """
    linear = [document for document in documents if document.is_linear] or list(documents)
    outside = [document for document in documents if not document.is_linear] if len(linear) < len(documents) else []
    flow, cuts = build_flow(linear)
    names = {document.name: at for at, document in reversed(list(enumerate(flow.documents)))}
    landmarks = read_landmarks(package.landmarks, flow=flow, names=names)
    called = names_of(package.metadata)
    _check_headings(flow)
    grouping, division = choose(package, flow=flow, documents=names, landmarks=landmarks, names=called)
    if not grouping.chapters and flow.blocks:
        grouping = _admit_all(package.contents, flow=flow, documents=names, names=called)
    is_only, title = len(grouping.chapters) == 1, package.metadata.title
    titles = _titles_of([chapter[0] for chapter in grouping.chapters], flow=flow)
    authors = package.metadata.authors
    # Where several wrote the book, each may have a piece that is called by its author.
    no_titles = names_of(Metadata(authors=authors)) if is_only or len(authors) == 1 else frozenset()
    read = [
        _read_chapter(
            each,
            title=_first_title((its, title if is_only else "", each[0].place.title), but=no_titles),
            flow=flow,
            book_title=title,
        )
        for each, its in zip(grouping.chapters, titles, strict=True)
    ]
    skips = (
        *(_skip(section, flow=flow) for section in grouping.skipped),
        *cuts,
        *(_skip_outside(document, order=len(flow.blocks)) for document in outside if document.blocks),
    )
    return replace(in_order(_number(_without_ornaments(read)), skips), division=division)


def _check_headings(flow: Flow) -> None:
    """Refuse what is all headings: each is held against all ways to divide a book.

    Raises:
        Rejected: There are more than `MAX_HEADINGS`.
    """
    if sum(map(bool, map(_LEVEL, flow.blocks))) > MAX_HEADINGS:
        text = f"it has more than {MAX_HEADINGS:,} headings, as dictionaries may have, and no book to illustrate"
        raise Rejected(text, code=Code.TOO_LARGE)


def _admit_all(contents: Sequence[Entry], *, flow: Flow, documents: dict[str, int], names: frozenset[str]) -> Grouping:
    """When nothing looks like story, the judgement is wrong rather than the book: take whatever has text."""
    places = places_by_contents(contents, flow=flow, names=documents) or places_by_documents(flow)
    everywhere = Landmarks(story_start=0, story_end=len(flow.blocks), types={})
    sections = divide(add_unlisted(places, flow=flow), flow=flow, landmarks=everywhere)
    admitted = [replace(section, reason=Matter.STORY if section.size else Matter.NO_TEXT) for section in sections]
    return group(admitted, flow=flow, names=names)


def in_order(chapters: Sequence[ChapterText], skipped: Sequence[Skipped]) -> Found:
    """Number all pieces through by where they begin, which is what their `order` says so far.

    What has no title is called by its row: keeping it would make a chapter's title of the name of its file.
    """
    begins = [piece.order for piece in chapters] + [piece.order for piece in skipped]
    places = {at: place for place, at in enumerate(sorted(range(len(begins)), key=begins.__getitem__))}
    return Found(
        chapters=tuple(replace(chapter, order=places[at]) for at, chapter in enumerate(chapters)),
        skipped=tuple(
            replace(skip, order=places[at], title=skip.title or f"Piece {places[at] + 1}")
            for at, skip in enumerate(skipped, start=len(chapters))
        ),
    )


def _read_chapter(sections: Sequence[Section], *, title: str, flow: Flow, book_title: str) -> tuple[ChapterText, int]:
    """A chapter without number (its title, its parts above, its paragraphs), and its words."""
    first = sections[0]
    ranges = [(section.start, section.end) for section in sections]
    path = tuple(above for above in first.place.path if fold_title(above) != fold_title(book_title))
    paragraphs, words = read_paragraphs(ranges, title=title, flow=flow)
    fragment = first.place.fragment
    chapter = ChapterText(number=0, title=title, path=path, fragment=fragment, paragraphs=paragraphs, order=first.start)
    return chapter, words


def _first_title(titles: Sequence[str], *, but: frozenset[str]) -> str:
    """The first that says something and is no author's name, with which a title page begins; "" for none."""
    return next((title for title in titles if title and not names_of(Metadata(title=title)) <= but), "")


def _titles_of(sections: Sequence[Section], *, flow: Flow) -> list[str]:
    """The titles of chapters by the contents, or as they are printed where these say more; "" where neither names one.

    A number is printed with words in most chapters or in none: a lone line below one number is no title.
    """
    fuller = [_fuller_title(section, flow=flow) for section in sections]
    are_fuller = 2 * sum(map(bool, fuller)) > len(fuller)
    return [
        more if are_fuller and more else _title_of(section, flow=flow)
        for section, more in zip(sections, fuller, strict=True)
    ]


def _title_of(section: Section, *, flow: Flow) -> str:
    title = section.place.title
    if title and not is_start_title(title) and not is_file_title(title):
        return title
    return heading_at(section.start, flow=flow) or ("" if is_start_title(title) else title)


def _fuller_title(section: Section, *, flow: Flow) -> str:
    """The printed heading of a chapter of which the contents say the number only; "" where it says no more."""
    title = section.place.title
    if not title or not is_bare(title):
        return ""
    heading = heading_at(section.start, flow=flow)
    own, printed = fold_title(title), fold_title(heading)
    is_its = printed != own and printed.startswith(own) and read_number(heading) == read_number(title)
    return heading if is_its else ""


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


def _skip(section: Section, *, flow: Flow) -> Skipped:
    name = flow.documents[flow.document_at(section.start)].name if flow.documents else ""
    title = section.place.title
    paragraphs, _ = read_paragraphs([(section.start, section.end)], title=title, flow=flow)
    return Skipped(
        title=title,
        reason=say(section.reason),
        words=section.size,
        file=name,
        order=section.start,
        paragraphs=paragraphs,
    )


def _skip_outside(document: Document, *, order: int) -> Skipped:
    words = sum(block.words for block in document.blocks)
    title = next((block.text for block in document.blocks if block.level), "")
    return Skipped(
        title=title,
        reason=say(Matter.OUTSIDE),
        words=words,
        file=document.name,
        order=order,
        paragraphs=plain_paragraphs(document.blocks, name=document.name),
    )
