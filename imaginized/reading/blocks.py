"""From the tree of one document to its blocks: paragraphs, headings and scene breaks, with what surrounds them."""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from imaginized.reading.looks import PLAIN, Look, initial_of, is_dropped, is_note_mark, look_at
from imaginized.reading.markup import (
    MAX_DEPTH,
    Attributes,
    Node,
    attribute,
    child,
    descendants,
    folded_text,
    local_name,
    local_part,
    walk_tree,
)
from imaginized.story.positions import BLOCK_TAGS as BLOCK_TAGS
from imaginized.story.text import count_words, is_unspaced

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_DROPPED_WORDS = """
    head script style template nav svg math audio video canvas iframe object embed map noscript rt rp rtc button select
    textarea input pagenum noteref note annotation title desc metadata defs
"""
_DROPPED = frozenset(_DROPPED_WORDS.split())
_INLINE = frozenset(("span", "i", "em", "b", "strong", "abbr", "cite", "small", "code", "tt", "sup", "u", "font", "q"))
_BREAK_TEXT = re.compile(r"(?:[*＊⁂⁎∗•·●◦◆◇■□▪▫❖❦❧✦✧✴✻✽~～#—–\-_=.…☆★○◎+§†¤]\s*){1,30}")
_MARK_KEYS = frozenset({"id", "name", "{http://www.w3.org/XML/1998/namespace}id"})
_NEVER_DROPPED = frozenset({"body", "html"})
_TITLE_TYPES = frozenset({"title", "subtitle", "ordinal", "label", "bridgehead", "fulltitle", "halftitle"})
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")
_MAX_BREAK_CHARACTERS = 60
_BLANKS_ARE_LAYOUT = 0.2
_LINE_BREAK = "\x00"  # no character of XML; keeps a line break apart from white space that will be folded
_BLANK = "\x00 \t\r\n\u00a0\u200a\u3000" + "".join(_INVISIBLE)


class Block(NamedTuple):
    """One heading or paragraph of a document; a tuple, because a book has thousands.

    Attributes:
        text: White space folded; line breaks of verse are single newlines.
        position: Ordinal of its element among BLOCK_TAGS in the document.
        words: How many words it has, as `count_words` counts.
        level: 1–6 for headings, 0 for paragraphs.
        starts_scene: Whether a scene break stands before it.
        is_linked: Whether all its text is links within the book, as in printed contents.
    """

    text: str
    position: int
    words: int
    level: int = 0
    starts_scene: bool = False
    is_linked: bool = False


_make_block = partial(tuple.__new__, Block)  # as the class does, but for its own call


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of blocks, from `start` to before `end`, that says what it is."""

    start: int
    end: int
    types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of the book as blocks.

    Attributes:
        name: Path inside the book.
        marks: Where fragments point: identifier → index of the block it stands in or before.
        is_linear: False for what stands outside the reading order.
        loss: Why some of its text is left out; "" where none is.
        may_divide: Whether there may be words in it that are divided as at the ends of printed lines.
        initials: Blocks that a picture stands directly before, with the letter that it seems to show, or "".
    """

    name: str
    blocks: tuple[Block, ...] = ()
    spans: tuple[Span, ...] = ()
    marks: dict[str, int] = field(default_factory=dict)
    is_linear: bool = True
    loss: str = ""
    initials: dict[int, str] = field(default_factory=dict)
    may_divide: bool = False


def read_document(
    root: Node,
    *,
    name: str,
    wanted: frozenset[str] = frozenset(),
    is_linear: bool = True,
    is_plain: bool = False,
    may_divide: bool = False,
    loss: str = "",
) -> Document:
    """Read one content document; `wanted` are the identifiers whose places matter.

    `is_plain` promises what `Tree.is_plain` says; to ask each paragraph costs more.
    """
    body = child(root, "body")
    if body is None:
        body = next(iter(descendants(root, "body")), root)
    walk = _Walk(wanted, is_plain=is_plain)
    for each in body if local_name(body) == "svg" else (body,):
        walk.visit(each, depth=0)
    walk.flush()
    return Document(
        name=name,
        blocks=walk.finished_blocks(),
        spans=tuple(walk.spans),
        marks=walk.marks,
        is_linear=is_linear,
        loss=loss,
        initials=walk.initials,
        may_divide=may_divide,
    )


class _Walk:
    """One pass over a tree. Text gathers in `_pieces` until a block element starts or ends."""

    def __init__(self, wanted: frozenset[str], *, is_plain: bool) -> None:
        self.blocks: list[Block] = []
        self.spans: list[Span] = []
        self.marks: dict[str, int] = {}
        self.initials: dict[int, str] = {}
        self._wanted = wanted
        self._is_plain = is_plain
        self._fold_line = _fold_plain if is_plain else _fold_line
        self._pieces: list[str] = []
        self._links = 0
        self._next_position = 0
        self._position = 0
        self._level = 0
        self._is_preformatted = False
        self._is_line = False
        self._breaks: set[int] = set()
        self._blanks: list[int] = []
        self._pictures = 0
        self._lines: set[int] = set()

    def visit(self, node: Node, *, depth: int) -> None:
        """Take in one element with everything below it, without its tail."""
        name = local_part(node.tag)
        attributes = node.items()  # all at once: every single look-up costs as much
        look = PLAIN
        if attributes:
            if self._wanted:
                self._mark(name, attributes)
            look = look_at(attributes)
            if look.verdict and name not in _NEVER_DROPPED and is_dropped(node, look=look):
                self._count_positions(node)
                return
        if name in _INLINE:
            if len(node):
                self._take(node, depth=depth)
            elif node.text:
                self._pieces.append(node.text)
        elif name in BLOCK_TAGS:
            is_prose = name == "p" and look.is_plain and not self._level and not self._is_preformatted
            if not is_prose or not self._visit_prose(node):
                self._visit_block(node, name=name, look=look, depth=depth)
        elif name in _DROPPED or not name:
            self._pictures += name == "svg"
            self._count_positions(node)
        else:
            self._visit_inline(node, name=name, depth=depth)

    def flush(self) -> None:
        """Make blocks of the text gathered so far."""
        if not self._pieces:
            return
        raw, linked = "".join(self._pieces), self._links
        self._pieces, self._links = [], 0
        for text in self._fold(raw):
            self._append(text, is_linked=linked > 0 and linked >= len(text) * 0.8 - 6)

    def finished_blocks(self) -> tuple[Block, ...]:
        """All blocks; blank paragraphs count as scene breaks unless they are the book's way to space paragraphs."""
        breaks = set(self._breaks)
        if len(self._blanks) <= _BLANKS_ARE_LAYOUT * len(self.blocks):
            breaks.update(self._blanks)
        for index in breaks:
            if index < len(self.blocks):
                self.blocks[index] = self.blocks[index]._replace(starts_scene=True)
        return tuple(self.blocks)

    def _visit_prose(self, node: Node) -> bool:
        """Take in a paragraph that is nothing but text and leaves; False, and nothing done, for any other."""
        text = self._join_leaves(node) if len(node) else node.text or ""
        if text is None:
            return False
        if self._pieces:
            self.flush()
        if _LINE_BREAK in text:
            self._visit_verse(text)
        else:
            self._visit_plain(text)
        return True

    def _visit_plain(self, text: str) -> None:
        """What nearly all paragraphs of prose are: not divided. Only speed asks for this path."""
        position = self._next_position
        self._next_position = position + 1
        text = self._fold_line(text)
        if len(text) > _MAX_BREAK_CHARACTERS:
            words = text.count(" ") + 1 if self._is_plain else self._count(text)
            self.blocks.append(_make_block((text, position, words, 0, False, False)))
        elif not text:
            self._blanks.append(len(self.blocks))
        elif _BREAK_TEXT.fullmatch(text):
            self._breaks.add(len(self.blocks))
        else:
            self.blocks.append(Block(text, position, self._count(text)))

    def _join_leaves(self, node: Node) -> str | None:
        """The text of a paragraph with nothing in it but line breaks and words set otherwise; None for any other."""
        pieces = [node.text or ""]
        for each in node:
            name = local_part(each.tag)
            if len(each) or (name not in _INLINE and name != "br"):
                return None
            attributes = each.items()
            if attributes and (self._is_wanted(each) or look_at(attributes).verdict):
                return None
            pieces.append(_LINE_BREAK if name == "br" else each.text or "")
            pieces.append(each.tail or "")
        return "".join(pieces)

    def _visit_verse(self, text: str) -> None:
        """A paragraph with line breaks in it; only speed asks for this path, too."""
        outer = self._position, self._is_line
        self._position, self._is_line = self._next_position, False
        self._next_position += 1
        paragraphs = self._fold(text)
        for paragraph in paragraphs:
            self._append(paragraph, is_linked=False)
        if not paragraphs:
            self._blanks.append(len(self.blocks))
        self._position, self._is_line = outer

    def _is_wanted(self, node: Node) -> bool:
        return bool(self._wanted) and not self._wanted.isdisjoint(node.values())

    def _visit_block(self, node: Node, *, name: str, look: Look, depth: int) -> None:
        if self._pieces:
            self.flush()
        outer = (self._position, self._level, self._is_preformatted, self._is_line)
        self._position = self._next_position
        self._next_position += 1
        self._enter(name, look=look)
        start = len(self.blocks)
        if name == "hr":
            self._breaks.add(start)
        elif name == "hgroup":
            self._gather_group(node)
        else:
            pictures = self._pictures
            self._take(node, depth=depth)
            if len(self.blocks) == start and name in ("p", "div"):
                self._note_blank(name, look=look, start=start, has_picture=self._pictures > pictures)
        if self._pieces:
            self.flush()
        self._position, self._level, self._is_preformatted, self._is_line = outer
        if look.types:
            self.spans.append(Span(start=start, end=len(self.blocks), types=look.types))

    def _enter(self, name: str, *, look: Look) -> None:
        if name in _HEADINGS:
            self._level = _HEADINGS[name]
        elif look.types and name == "p" and not self._level and look.types & _TITLE_TYPES:
            self._level = 6
        elif name == "pre":
            self._is_preformatted = True
        self._is_line = look.is_line and name in ("div", "p", "line")

    def _gather_group(self, node: Node) -> None:
        """A heading in several lines becomes one: "I: The Cyclone"."""
        levels = [_HEADINGS[local_name(each)] for each in node if local_name(each) in _HEADINGS]
        self._level = min(levels, default=6)
        lines = [line for each in node if (line := folded_text(each))]
        self._count_positions(node, but_itself=True)
        if lines:
            self._pieces.append(join_titles(lines))

    def _take(self, node: Node, *, depth: int) -> None:
        """Take in text and children, with the children's tails."""
        if depth >= MAX_DEPTH:
            self._take_deep(node)
            return
        pieces = self._pieces
        text = node.text
        if text and (pieces or not text.isspace()):
            pieces.append(text)
        visit, depth = self.visit, depth + 1
        is_prose = not self._level and not self._is_preformatted
        for each in node:
            # Nearly all of a novel: a paragraph of nothing but text. Only speed asks for this path.
            if is_prose and each.tag == "p" and not len(each) and not each.items():
                if self._pieces:
                    self.flush()
                self._visit_plain(each.text or "")
            else:
                visit(each, depth=depth)
            tail = each.tail
            # Blanks between elements are most of the tails; where nothing stands before them they come to nothing.
            if tail and (self._pieces or not tail.isspace()):
                self._pieces.append(tail)

    def _take_deep(self, node: Node) -> None:
        """Take in what is nested too deeply for recursion: its text, in paragraphs."""
        walk = walk_tree(node)
        for event, each in walk:
            name = local_name(each)
            if event == "start":
                if each is not node and (name in _DROPPED or is_dropped(each, look=look_at(each.items()))):
                    self._count_positions(each)
                    walk.skip_subtree()
                    continue
                if each is not node and name in BLOCK_TAGS:
                    self.flush()
                    self._position = self._next_position
                    self._next_position += 1
                self._mark_inside(each)
                self._pieces.append(each.text or "")
            elif each is not node:
                if name in BLOCK_TAGS:
                    self.flush()
                self._pieces.append(each.tail or "")

    def _visit_inline(self, node: Node, *, name: str, depth: int) -> None:
        if name == "br":
            self._pieces.append(_LINE_BREAK)
        elif name == "a":
            self._visit_link(node, depth=depth)
        elif name in ("img", "image"):
            self._take_picture(node)
        else:
            self._take(node, depth=depth)

    def _visit_link(self, node: Node, *, depth: int) -> None:
        href = node.get("href")
        if href and "#" in href and is_note_mark(node):
            return
        before = len(self._pieces)
        self._take(node, depth=depth)
        if href and ":" not in href:
            self._links += sum(len(piece) for piece in self._pieces[before:])

    def _take_picture(self, node: Node) -> None:
        """A picture of a letter (an initial) or of a heading speaks through its description."""
        self._pictures += 1
        description = attribute(node, "alt").strip()
        is_first = not "".join(self._pieces).strip()
        if (len(description) == 1 and description.isalpha()) or (self._level and is_first):
            self._pieces.append(description)
        elif is_first:
            self.initials[len(self.blocks)] = initial_of(description, attribute(node, "src") or attribute(node, "href"))

    def _note_blank(self, name: str, *, look: Look, start: int, has_picture: bool) -> None:
        """Remember an empty paragraph, or one whose class says that a scene ends here."""
        if any(piece.strip(_BLANK) for piece in self._pieces):
            return
        if look.is_break:
            self._breaks.add(start)
        elif name == "p" and not has_picture:
            self._blanks.append(start)

    def _fold(self, raw: str) -> list[str]:
        """The paragraphs in a stretch of text; two line breaks in a row part paragraphs."""
        if self._is_preformatted:
            raw = raw.replace("\n", _LINE_BREAK)
        if self._level:
            raw = raw.replace(_LINE_BREAK, " ")
        if _LINE_BREAK not in raw:
            text = self._fold_line(raw)
            return [text] if text else []
        lines = "\n".join(map(self._fold_line, raw.split(_LINE_BREAK)))
        return [paragraph for part in lines.split("\n\n") if (paragraph := part.strip("\n"))]

    def _append(self, text: str, *, is_linked: bool) -> None:
        index = len(self.blocks)
        if not self._level and len(text) <= _MAX_BREAK_CHARACTERS and _BREAK_TEXT.fullmatch(text):
            self._breaks.add(index)
            return
        words = self._count(text)
        if self._is_line:
            previous = self.blocks[-1] if index - 1 in self._lines and index not in self._breaks else None
            if previous is not None and previous.position == self._position - 1:
                self.blocks[-1] = Block(f"{previous.text}\n{text}", self._position, previous.words + words)
                return
            self._lines.add(index)
        self.blocks.append(Block(text, self._position, words, self._level, False, is_linked))

    def _count(self, text: str) -> int:
        """What `count_words` counts; only single blanks and line breaks part words here."""
        if self._is_plain or not is_unspaced(text):
            return text.count(" ") + text.count("\n") + 1
        return count_words(text)

    def _mark(self, name: str, attributes: Attributes) -> None:
        for key, value in attributes:
            if value in self._wanted and key in _MARK_KEYS:
                if name in BLOCK_TAGS:
                    self.flush()
                self.marks.setdefault(value, len(self.blocks))

    def _count_positions(self, node: Node, *, but_itself: bool = False) -> None:
        """Keep positions right across what is not read, and remember the fragments in it."""
        for each in node.iter() if len(node) else (node,):
            if self._wanted and each.attrib:
                self._mark_inside(each)
            if local_name(each) in BLOCK_TAGS and not (but_itself and each is node):
                self._next_position += 1

    def _mark_inside(self, node: Node) -> None:
        value = node.get("id")
        if value in self._wanted:
            self.marks.setdefault(value, len(self.blocks))


def join_titles(lines: list[str]) -> str:
    """Join the lines of a heading: a bare number or label is set off by a colon."""
    title = lines[0]
    for line in lines[1:]:
        separator = " " if title.endswith((":", ".", "—", "-", "?", "!")) else ": "
        title = f"{title}{separator}{line}"
    return title


def _fold_line(text: str) -> str:
    """White space folded to single blanks and what nobody sees left out; most lines have neither."""
    if not text.isprintable():
        text = text.replace("\n", " ").replace("\u00a0", " ").replace("\u200a", " ").replace("\u2060", "")
        if not text.isprintable():  # now only few are left
            for character in _INVISIBLE:
                text = text.replace(character, "")
            return " ".join(text.split())
    return _fold_plain(text)


def _fold_plain(text: str) -> str:
    """The same for text whose white space is only blanks, tabs and line ends."""
    text = text.replace("\n", " ").replace("\t", " ")
    return " ".join(text.split()) if "  " in text else text.strip(" ")
