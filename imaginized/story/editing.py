"""What a person changes about the division of a book into chapters, and the book divided so. Pure.

Pieces are named by their title and first words, which a later version of the readers finds again; the row only decides
between equals. `edit_file` has the text of these edits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from imaginized.story.text import BookText, ChapterText, Paragraph, Skipped, count_words

STARTS_LENGTH = 60
SHOWN_LENGTH = 40


class Verb(StrEnum):
    """What can be done to a piece."""

    KEEP = "keep"
    DROP = "drop"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change.

    Attributes:
        verb: What is done. A merged piece joins the chapter before it.
        title: Of the piece, as the reader found it.
        starts: Its first words.
        file: Where it is in the book; for a piece without words.
        row: "3", or "3.2" for the second part of a piece that is split, as `imaginizectl chapters` has it.
        at: Of a split: words at the beginning of the paragraph that the new chapter begins with.
        to: The new title: of a renamed piece, or of the part that a split makes.
        line: Where it stands in its file, from 1; 0 where it is in none.
    """

    verb: Verb
    title: str = ""
    starts: str = ""
    file: str = ""
    row: str = ""
    at: str = ""
    to: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of the book, chapter or not, and what becomes of it.

    Attributes:
        row: Its place in the book, from 1; "3.2" for the second part of a piece that is split.
        title: As the reader found it.
        starts: Its first words.
        words: How long it is.
        file: Where it is in the book.
        reason: Why the reader took it for no chapter; "" where it took it for one.
        number: The chapter that has its text; None where none has.
        edits: What a person did to it.
    """

    row: str
    title: str
    starts: str
    words: int
    file: str = ""
    reason: str = ""
    number: int | None = None
    edits: tuple[Verb, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An edit that could not be made, and what to do about it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A book as a person wants it divided.

    Attributes:
        book: Its chapters numbered anew.
        pieces: Every piece of it, in reading order.
        problems: The edits that were left out; the others were made.
    """

    book: BookText
    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Part:
    """A piece, or a part of one, on its way."""

    source: ChapterText | Skipped
    piece: Piece
    paragraphs: tuple[Paragraph, ...]
    title: str
    verdict: Verb | None = None
    is_merged: bool = False
    is_first: bool = True
    done: list[Verb] = field(default_factory=list)

    @property
    def is_story(self) -> bool:
        if self.verdict is not None:
            return self.verdict is Verb.KEEP
        return self.is_merged or isinstance(self.source, ChapterText)

    @property
    def is_unasked(self) -> bool:
        """Whether it is a chapter that nobody asked for: it has a number, but is not done."""
        return not self.is_story and self.verdict is None and self.source.number is not None


def as_edited(book: BookText, edits: Iterable[Edit] = ()) -> Edited:
    """The book with its pieces kept, dropped, merged, split and renamed as a person wants.

    Nothing is lost: what no chapter has is among the skipped pieces. Without edits the book is as it was.
    """
    edits = list(edits)
    problems: list[Problem] = []
    parts = _parts_of(book, [edit for edit in edits if edit.verb is Verb.SPLIT], problems)
    pieces = [part.piece for part in parts]
    for edit in edits:
        if edit.verb is not Verb.SPLIT:
            found = find_piece(edit, pieces)
            problem = found if isinstance(found, str) else _apply(edit, parts[pieces.index(found)])
            problems += [Problem(line=edit.line, text=problem)] if problem else []
    problems += _unmerge_first(parts, edits)
    if edits and not any(part.is_story and not part.is_merged for part in parts):
        whole = "nothing would be left of the book; keep at least one chapter"
        return replace(as_edited(book), problems=(Problem(line=0, text=whole),))
    if not edits:
        return Edited(book=book, pieces=tuple(_as_found(part) for part in parts))
    made = _divided(book, parts)
    return Edited(book=made, pieces=tuple(_settled(parts, made)), problems=tuple(problems))


def find_piece(edit: Edit, pieces: Sequence[Piece]) -> Piece | str:
    """The piece that an edit names, or what is wrong with its naming."""
    if not (edit.title or edit.starts or edit.file):
        same = [piece for piece in pieces if piece.row == edit.row]
        is_bare = bool(same) and not (same[0].title or same[0].starts or same[0].file)
        return same[0] if is_bare else "give the title or the first words (starts) of the piece, not its row alone"
    for names in (("title", "starts", "file"), ("starts",), ("title",)):
        given = [name for name in names if getattr(edit, name)]
        found = [piece for piece in pieces if given and all(_agrees(edit, piece, name) for name in given)]
        if len(found) == 1:
            return found[0]
        if found:
            return _by_row(edit, found)
    return f"no piece of the book is called {_shown(edit)}; `imaginizectl chapters BOOK` lists them"


def naming(verb: Verb, piece: Piece, *, at: str = "", to: str = "") -> Edit:
    """An edit that names a piece by enough to find it again, and no more."""
    file = "" if piece.starts else piece.file
    return Edit(verb=verb, title=piece.title, starts=piece.starts, file=file, row=piece.row, at=at, to=to)


def first_words(paragraphs: Sequence[Paragraph]) -> str:
    """The words that a piece begins with, cut at a word."""
    text = next((folded for one in paragraphs if (folded := " ".join(one.text.split()))), "")
    if len(text) <= STARTS_LENGTH:
        return text
    head = text[: STARTS_LENGTH + 1].rpartition(" ")[0]
    return head or text[:STARTS_LENGTH]


def find_paragraph(at: str, paragraphs: Sequence[Paragraph]) -> int | None:
    """The paragraph that begins with these words, else the first that has them; None where none has."""
    wanted = _folded(at)
    texts = [_folded(paragraph.text) for paragraph in paragraphs]
    begins = (index for index, text in enumerate(texts) if text.startswith(wanted))
    return next(begins, next((index for index, text in enumerate(texts) if wanted in text), None))


def _agrees(edit: Edit, piece: Piece, name: str) -> bool:
    wanted, found = _folded(getattr(edit, name)), _folded(getattr(piece, name))
    # Whoever writes by hand gives a few words; whoever reads more of a piece one day gives longer ones.
    is_start = name == "starts" and bool(found) and (found.startswith(wanted) or wanted.startswith(found))
    return wanted == found or is_start


def _by_row(edit: Edit, found: Sequence[Piece]) -> Piece | str:
    if edit.row:
        return min(found, key=lambda piece: abs(_row_number(piece.row) - _row_number(edit.row)))
    rows = ", ".join(piece.row for piece in found)
    return f"{len(found)} pieces are called {_shown(edit)}; add row = one of {rows}"


def _row_number(row: str) -> float:
    whole, _, part = row.partition(".")
    return float(whole) + float(part or 0) / 1000 if whole.isdecimal() and (part or "0").isdecimal() else 0.0


def _shown(edit: Edit) -> str:
    text = edit.title or edit.starts or edit.file
    return repr(text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _parts_of(book: BookText, splits: Sequence[Edit], problems: list[Problem]) -> list[_Part]:
    """Every piece in reading order; those that are to be split, in their parts."""
    sources: list[ChapterText | Skipped] = sorted([*book.chapters, *book.skipped], key=lambda one: one.order)
    whole = [_part(source, row=str(row)) for row, source in enumerate(sources, 1)]
    pieces = [part.piece for part in whole]
    cuts: dict[int, dict[int, Edit]] = {}
    for edit in splits:
        found = find_piece(edit, pieces)
        problem = found if isinstance(found, str) else ""
        if not isinstance(found, str):
            index = pieces.index(found)
            at = find_paragraph(edit.at, whole[index].paragraphs) if edit.at.strip() else None
            problem = _problem_with_cut(edit, at)
            if at:
                cuts.setdefault(index, {}).setdefault(at, edit)
        problems += [Problem(line=edit.line, text=problem)] if problem else []
    return [part for index, one in enumerate(whole) for part in _cut(one, cuts.get(index, {}))]


def _problem_with_cut(edit: Edit, at: int | None) -> str:
    if at is None:
        shown = edit.at if len(edit.at) <= SHOWN_LENGTH else f"{edit.at[:SHOWN_LENGTH]}…"
        return f"no paragraph of {_shown(edit)} begins with {shown!r}; copy its first words from the book"
    return "" if at else f"{_shown(edit)} begins with these words already; give those of a later paragraph"


def _part(source: ChapterText | Skipped, *, row: str) -> _Part:
    if isinstance(source, ChapterText):
        file, reason = source.paragraphs[0].file if source.paragraphs else "", ""
    else:
        file, reason = source.file, source.reason
    piece = Piece(
        row=row,
        title=source.title,
        starts=first_words(source.paragraphs),
        words=source.words,
        file=file,
        reason=reason,
    )
    return _Part(source=source, piece=piece, paragraphs=source.paragraphs, title=source.title)


def _cut(part: _Part, cuts: dict[int, Edit]) -> list[_Part]:
    if not cuts:
        return [part]
    edges = [0, *sorted(cuts), len(part.paragraphs)]
    parts = []
    for number, (start, end) in enumerate(pairwise(edges), 1):
        title = part.title if number == 1 else " ".join(cuts[start].to.split()) or f"{part.title} ({number})".strip()
        paragraphs = part.paragraphs[start:end]
        piece = replace(
            part.piece,
            row=part.piece.row if number == 1 else f"{part.piece.row}.{number}",
            title=title,
            starts=first_words(paragraphs),
            words=_words(paragraphs),
        )
        parts.append(replace(part, piece=piece, paragraphs=paragraphs, title=title, is_first=number == 1))
        parts[-1].done = [Verb.SPLIT]
    return parts


def _apply(edit: Edit, part: _Part) -> str:
    """Note an edit at its piece; returns what speaks against it."""
    if edit.verb is Verb.RENAME:
        part.title = " ".join(edit.to.split())  # as a title is pasted, in two lines
    elif edit.verb is not Verb.DROP and not part.paragraphs:
        return f"{_shown(edit)} has no text, so it cannot be a chapter; remove this"
    elif edit.verb is Verb.MERGE:
        part.is_merged = True
    elif part.verdict not in (None, edit.verb):
        return f"{_shown(edit)} is to be kept and dropped; remove one of the two"
    else:
        part.verdict = edit.verb
    part.done.append(edit.verb)
    return ""


def _unmerge_first(parts: Sequence[_Part], edits: Sequence[Edit]) -> list[Problem]:
    """The first chapter joins none; said with the line of the edit that asks for it."""
    pieces = [part.piece for part in parts]
    problems = []
    # A skipped piece that joins none is no chapter any more: then the one after it is the first.
    while (first := _first_chapter(parts)) is not None and first.is_merged:
        first.is_merged = False
        asks = [edit for edit in edits if edit.verb is Verb.MERGE and find_piece(edit, pieces) == first.piece]
        text = f"there is no chapter before {first.title!r} that it could join; remove this"
        problems.append(Problem(line=asks[0].line if asks else 0, text=text))
    return problems


def _first_chapter(parts: Sequence[_Part]) -> _Part | None:
    return next((part for part in parts if part.is_story or part.is_unasked), None)


def _divided(book: BookText, parts: Sequence[_Part]) -> BookText:
    chapters: list[ChapterText] = []
    skipped: list[Skipped] = []
    number = words = 0
    joined: tuple[list[ChapterText] | list[Skipped], int] = chapters, 0
    for part in parts:
        if part.is_merged and part.is_story:
            _join(*joined, part)
        elif part.is_story:
            number += 1
            joined = chapters, len(chapters)
            chapters.append(_chapter(part, number=number, words_before=words))
        elif part.is_unasked:
            number += 1
            joined = skipped, len(skipped)
            skipped.append(_left_out(part, number=number))
        else:
            skipped.append(_left_out(part, number=None))
        words += _words(part.paragraphs) if part.is_story or part.is_unasked else 0
    return replace(book, chapters=tuple(chapters), skipped=tuple(skipped))


def _join(into: list[ChapterText] | list[Skipped], at: int, part: _Part) -> None:
    """Add the text to the chapter before it; one that was not asked for stays so."""
    last = into[at]
    paragraphs = last.paragraphs + part.paragraphs
    if isinstance(last, ChapterText):
        into[at] = replace(last, paragraphs=paragraphs)  # type: ignore[call-overload]
    else:
        into[at] = replace(last, paragraphs=paragraphs, words=_words(paragraphs))  # type: ignore[call-overload]


def _chapter(part: _Part, *, number: int, words_before: int) -> ChapterText:
    source = part.source
    return ChapterText(
        number=number,
        title=part.title,
        path=source.path if isinstance(source, ChapterText) else (),
        fragment=source.fragment if isinstance(source, ChapterText) and part.is_first else "",
        paragraphs=part.paragraphs,
        words_before=words_before,
        order=source.order,
    )


def _left_out(part: _Part, *, number: int | None) -> Skipped:
    source = part.source
    if isinstance(source, Skipped) and part.is_first and part.verdict is None:
        return replace(source, number=number, title=part.title, paragraphs=part.paragraphs, words=part.piece.words)
    reason = "dropped by a person" if part.verdict is Verb.DROP else part.piece.reason
    return Skipped(
        title=part.title,
        reason=reason,
        words=part.piece.words,
        file=part.piece.file,
        number=number,
        order=source.order,
        paragraphs=part.paragraphs,
    )


def _as_found(part: _Part) -> Piece:
    return replace(part.piece, number=part.source.number) if isinstance(part.source, ChapterText) else part.piece


def _settled(parts: Sequence[_Part], book: BookText) -> Iterator[Piece]:
    """The pieces with the chapter that each is in now."""
    numbers = iter(chapter.number for chapter in book.chapters)
    number: int | None = None
    for part in parts:
        if part.is_story and not part.is_merged:
            number = next(numbers)
        elif part.is_unasked:
            number = None
        yield replace(part.piece, number=number if part.is_story else None, edits=tuple(dict.fromkeys(part.done)))


def _words(paragraphs: Iterable[Paragraph]) -> int:
    return sum(count_words(paragraph.text) for paragraph in paragraphs)
