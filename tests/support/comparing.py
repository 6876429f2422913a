"""Paragraph for paragraph: an EPUB's text by an extractor of its own against what we read.

The extractor knows zip files and `html.parser` and nothing of ours, so that both can hardly be wrong in the same way.
For developers: python -m tests.support.comparing BOOK.epub…
"""

import posixpath
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.story.text import BookText, ChapterText, Paragraph, Skipped

_BLOCKS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
]
_UNSEEN = frozenset(
    ["head", "script", "style", "title", "template", "audio", "video", "object", "rt", "rp", "math", "svg", "iframe"]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_MARK_WORDS = re.compile(r"[\W_]*(?:\d{1,4}|[ivxlc]{1,6}|[a-z])?[\W_]*")
_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§]+|note)[\])]?\.?", re.IGNORECASE)
_SHOWN = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A paragraph as the extractor sees it.

    Attributes:
        kind: What a reader would call it: "text", "heading", "link" (all of it leads elsewhere), "hidden", "note".
        names: Identifiers of what it stands in, by which links lead to it.
    """

    text: str
    file: str
    kind: str = "text"
    names: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Open:
    tag: str
    is_hidden: bool
    kind: str
    name: str = ""
    target: str = ""


class _Extractor(HTMLParser):
    """The visible text of one document, a piece for each stretch between the borders of blocks."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.noted: set[str] = set()
        self._name = name
        self._link = ""
        self._said: list[str] = []
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._linked = 0
        self._hidden = 0
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element; a block ends what stands before it."""
        if tag in _BLOCKS:
            self.flush()
        if tag == "br":
            self._text.append(" ")
        if tag in _VOID:
            return
        said = dict(attrs)
        style = (said.get("style") or "").replace(" ", "").lower()
        is_hidden = "hidden" in said or "display:none" in style
        self._hidden += is_hidden
        self._unseen += tag in _UNSEEN
        kind = "heading" if tag in _HEADINGS else "text"
        target = (said.get("href") or "").rpartition("#")[2] if tag == "a" else ""
        self._open.append(_Open(tag=tag, is_hidden=is_hidden, kind=kind, name=said.get("id") or "", target=target))
        if target:
            self._link = ""
        self._said.append(said.get("id") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content, as XML writes it."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element and what was left open in it."""
        if not any(each.tag == tag for each in self._open):
            return
        if tag in _BLOCKS:
            self.flush()
        while self._open:
            ended = self._open.pop()
            if ended.target and _MARK.fullmatch(self._link.strip()):
                self.noted.add(ended.target)
            self._hidden -= ended.is_hidden
            self._unseen -= ended.tag in _UNSEEN
            if ended.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take text that can be seen."""
        if self._unseen:
            return
        self._text.append(data)
        self._link += data
        if any(each.tag == "a" for each in self._open):
            self._linked += len("".join(data.split()))

    def flush(self) -> None:
        """End the piece that is under way."""
        text = " ".join("".join(self._text).split())
        if text:
            kind = "heading" if any(each.kind == "heading" for each in self._open) else "text"
            kind = "link" if kind == "text" and self._linked * 2 > len("".join(text.split())) else kind
            kind = "hidden" if self._hidden else kind
            names = frozenset(filter(None, (*self._said, *(each.name for each in self._open))))
            self.pieces.append(Piece(text=text, file=self._name, kind=kind, names=names))
            self._said = []
        self._text, self._linked = [], 0


def spine_pieces(path: Path) -> list[Piece]:
    """Every paragraph of the documents of the reading order."""
    with zipfile.ZipFile(path) as book:
        pieces: list[Piece] = []
        noted: set[str] = set()
        for name in _spine(book):
            extractor = _Extractor(name)
            extractor.feed(_decode(book.read(name)))
            extractor.close()
            extractor.flush()
            pieces += extractor.pieces
            noted |= extractor.noted
    return list(_with_notes(pieces, noted=noted))


def _with_notes(pieces: Sequence[Piece], *, noted: set[str]) -> Iterator[Piece]:
    """Mark what a mark leads to, with what follows it up to a heading, or up to something else with a name."""
    is_note, file = False, ""
    for piece in pieces:
        is_note = is_note and piece.file == file and piece.kind != "heading"
        is_note = is_note or bool(piece.names & noted)
        file = piece.file
        yield replace(piece, kind="note") if is_note and piece.kind in ("text", "link") else piece


def _decode(data: bytes) -> str:
    said = re.search(rb"""encoding=["']([\w-]+)""", data[:200])
    for label in ("utf-8", said[1].decode() if said else "", "cp1252"):
        try:
            return data.decode(label) if label else ""
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _spine(book: zipfile.ZipFile) -> Iterator[str]:
    """Names of the documents in reading order, those that are there."""
    container = ElementTree.fromstring(book.read("META-INF/container.xml"))
    root = next(each.get("full-path", "") for each in container.iter() if each.tag.endswith("rootfile"))
    package = ElementTree.fromstring(book.read(root))
    items = {each.get("id"): each.get("href", "") for each in package.iter() if each.tag.endswith("}item")}
    names = set(book.namelist())
    for each in package.iter():
        if each.tag.endswith("}itemref"):
            name = posixpath.normpath(
                posixpath.join(posixpath.dirname(root), unquote(items.get(each.get("idref"), "")))
            )
            if name in names:
                yield name


@dataclass(slots=True)
class Difference:
    """Words that one side has and the other has not, or not there.

    Attributes:
        kind: "lost", "doubled" (an addition is one: we make up no words), or what explains it.
    """

    kind: str
    text: str
    file: str = ""


@dataclass(slots=True)
class Comparison:
    """What came of one book."""

    theirs: int = 0
    ours: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Difference]:
        """What nothing explains."""
        return [each for each in self.differences if each.kind in ("lost", "doubled")]


def compare(pieces: Sequence[Piece], book: BookText) -> Comparison:
    """Hold both sides against each other, paragraph for paragraph, and word for word where these differ."""
    ours = [(paragraph.text, paragraph.file) for paragraph in _paragraphs(book)]
    theirs = [_folded(piece.text) for piece in pieces]
    mine = [_folded(text) for text, _ in ours]
    found = Comparison(theirs=len(theirs), ours=len(mine))
    titles = _titles(book)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what != "equal":
            stretch = pieces[first:last]
            found.differences += _by_words(stretch, [text for text, _ in ours[begin:end]], titles=titles)
    _mark_moved(found, theirs="".join(theirs), ours="".join(mine))
    return found


def _mark_moved(found: Comparison, *, theirs: str, ours: str) -> None:
    """What is there as often on both sides stands in another place only: a note, a list within a chapter."""
    for each in found.differences:
        text = _folded(each.text)
        if each.kind in ("lost", "doubled") and 0 < theirs.count(text) == ours.count(text):
            each.kind = "moved"


def _paragraphs(book: BookText) -> Iterator[Paragraph]:
    units: list[ChapterText | Skipped] = [*book.chapters, *book.skipped]
    for unit in sorted(units, key=lambda each: each.order):
        yield from unit.paragraphs


def _titles(book: BookText) -> set[str]:
    named = {above for chapter in book.chapters for above in (*chapter.path, chapter.title)}
    return {_folded(title) for title in named | {each.title for each in book.skipped} | {book.title}}


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _by_words(stretch: Sequence[Piece], texts: Sequence[str], *, titles: set[str]) -> Iterator[Difference]:
    """What remains of a stretch that differs: whole pieces first, then words."""
    words = [(word, piece) for piece in stretch for word in piece.text.split() if _folded(word)]
    mine = [word for text in texts for word in text.split() if _folded(word)]
    matcher = SequenceMatcher(None, [_folded(word) for word, _ in words], [_folded(word) for word in mine], False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what == "equal" or _joined(word for word, _ in words[first:last]) == _joined(mine[begin:end]):
            continue
        for piece, lost in _by_piece(words[first:last]):
            yield Difference(kind=_explain(piece, lost, mine[begin:end], titles=titles), text=lost, file=piece.file)
        if end > begin and not (
            what == "replace" and _joined(mine[begin:end]) in _joined(w for w, _ in words[first:last])
        ):
            yield Difference(kind="doubled", text=" ".join(mine[begin:end]))


def _joined(words: Iterator[str] | Sequence[str]) -> str:
    return _folded("".join(words))


def _unnumbered(text: str) -> str:
    """Without figures: a mark in the middle of what stands between two blanks goes, and the rest stays."""
    return "".join(each for each in text if not each.isdecimal())


def _by_piece(words: Sequence[tuple[str, Piece]]) -> Iterator[tuple[Piece, str]]:
    groups: dict[int, tuple[Piece, list[str]]] = {}
    for word, piece in words:
        groups.setdefault(id(piece), (piece, []))[1].append(word)
    for piece, lost in groups.values():
        yield piece, " ".join(lost)


def _explain(piece: Piece, lost: str, instead: Sequence[str], *, titles: set[str]) -> str:
    """Why the words of a piece are not in what we read; "lost" where nothing says why."""
    if piece.kind in ("heading", "hidden", "note"):
        return piece.kind
    folded = _folded(lost)
    if folded in titles or any(folded in title for title in titles if len(folded) > 2):
        return "title"
    rest = _joined(instead)
    if rest and _unnumbered(folded) == _unnumbered(rest):
        return "mark or number"
    mark = folded[len(rest) :] if rest and folded.startswith(rest) else folded
    if _MARK_WORDS.fullmatch(mark) or _MARK_WORDS.fullmatch(lost):
        return "mark or number"
    return "link" if piece.kind == "link" else "lost"


def main(paths: Sequence[str]) -> int:
    """Print each book's line and its differences; exit 1 where something is not explained."""
    bad = 0
    for path in map(Path, paths):
        try:
            book = read_book(path.absolute(), original_name=path.name)
        except Rejected as error:
            print(f"{path.name[:50]:50} {error}")
            continue
        found = compare(spine_pieces(path), book)
        kinds = Counter(each.kind for each in found.differences)
        bad += bool(found.unexplained)
        print(f"{path.name[:50]:50} theirs {found.theirs:6} ours {found.ours:6}  {dict(sorted(kinds.items()))}")
        for each in found.unexplained:
            print(f"    {each.kind}: {each.file.rpartition('/')[2]}: {each.text[:_SHOWN]!r}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
