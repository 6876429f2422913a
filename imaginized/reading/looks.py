"""What the attributes of an element say of it: a note, its mark, a page number, verse, a scene's end. No text."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from imaginized.reading.markup import (
    TYPE_KEYS,
    Attributes,
    Node,
    descendants,
    local_name,
    read_types,
    short_text,
)

_DROPPED_TYPE_WORDS = """
    footnote footnotes endnote endnotes rearnote rearnotes note annotation backlink page-list
    toc-brief loi lot lov loa landmarks
"""
_DROPPED_TYPES = frozenset(_DROPPED_TYPE_WORDS.split())
NOTEREF_TYPES = frozenset({"noteref", "annoref"})
_MARK_TYPES = NOTEREF_TYPES | {"pagebreak"}
_PAGE_TEXT = re.compile(
    r"[\W_]*(?:pg?|page|fol|seite|s)?[\W_]*"
    r"(?:\d{1,5}[a-z]?|(?=[ivxlc])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))[\W_]*",
    re.IGNORECASE,
)
_NOTE_CLASSES = re.compile(
    r"(?:^|\s)(?:foot-?notes?|end-?notes?|rear-?notes?|transnote|tnotes?|visuallyhidden|sr-only)(?:\s|$)", re.IGNORECASE
)
_MARK_CLASSES = re.compile(
    r"(?:^|\s)(?:page-?num(?:ber)?s?|page-?no|pb|page-?break(?:-?num)?|x-ebookmaker-pageno|pginternal-num|"
    r"fn(?:ote)?anchor|noteref|footnote-?ref)(?:\s|$)",
    re.IGNORECASE,
)
_MAX_MARK_CHARACTERS = 16
_NOTE_MARK = re.compile(
    r"[\[({〔（【［]?\s*[←↑^]?\s*(?:(?:(?:fn|foot-?note|note|nota|anm|n|注|註|注释|注釋|訳注|原注)\s*[.:]?\s*)?\d{1,4}|[a-z]|"
    r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})|[*†‡§¶‖#]{1,4}|[①-⑳❶-❿])"
    r"\s*[\])}〕）】］.,:]{0,2}",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[({〔（【［]\s*[^\s\[\](){}]{1,8}\s*[\])}〕）】］]")
_BREAK_CLASS = re.compile(
    r"(?:scene|section|thought|text|space|context)[-_]?break|asterism|fleuron|ornament|dinkus", re.IGNORECASE
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|;)\s*(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])"
    r"|mso-hide\s*:\s*all|mso-element\s*:\s*(?:footnote|endnote|comment)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LONE_LETTER = re.compile(r"(?<![^\W_])[^\W\d_](?![^\W_])")
_INITIAL_WORD = re.compile(
    r"initial|drop|cap|letter|lettrine|illuminat|decorat|ornament|versal|majuscul|buchstabe|letra|буквиц|uncial",
    re.IGNORECASE,
)
_TELLING_KEYS = frozenset({"hidden", "style", "class"}) | TYPE_KEYS
_LINE_CLASS = re.compile(r"(?:^|\s)(?:l|line|verse|vers|poem-?line|verseline|stich)\d?(?:\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the attributes of an element say of it.

    Attributes:
        verdict: "drop" it, it may be the "mark" of a note or page, or "".
        is_line: Whether it may be a line of verse.
        is_break: Whether it parts scenes where it is empty.
        is_plain: Whether nothing of all this holds.
    """

    verdict: str = ""
    types: frozenset[str] = frozenset()
    is_line: bool = False
    is_break: bool = False
    is_plain: bool = True


PLAIN = Look()


def look_at(attributes: Attributes) -> Look:
    """What an element with these attributes is; only few of them tell, and those few recur."""
    if len(attributes) == 1:
        return _judge_one(*attributes[0]) if attributes[0][0] in _TELLING_KEYS else PLAIN
    telling = tuple([each for each in attributes if each[0] in _TELLING_KEYS])
    return _judge(telling) if telling else PLAIN


@lru_cache(maxsize=4096)
def _judge_one(key: str, value: str) -> Look:
    return _judge(((key, value),))


@lru_cache(maxsize=4096)
def _judge(attributes: tuple[tuple[str, str], ...]) -> Look:
    verdicts = {_judge_attribute(key, value) for key, value in attributes}
    types = frozenset[str]().union(*(read_types(value) for key, value in attributes if key in TYPE_KEYS))
    classes = dict(attributes).get("class", "")
    look = Look(
        verdict="drop" if "drop" in verdicts else "mark" if "mark" in verdicts else "",
        types=types,
        is_line=_LINE_CLASS.search(classes) is not None,
        is_break=_BREAK_CLASS.search(classes) is not None,
    )
    return replace(look, is_plain=look == PLAIN)


def is_dropped(node: Node, *, look: Look) -> bool:
    """Notes, their marks, page numbers, and what is hidden."""
    if look.verdict != "mark":
        return look.verdict == "drop"
    # Whole pages are called "pagebreak" in some books, and in others a word is what leads to the note.
    text = short_text(node)
    if not text or len(text) > _MAX_MARK_CHARACTERS:
        return False
    if look.types & NOTEREF_TYPES:
        return is_mark_text(text) and not _is_word(node, text=text)
    return _PAGE_TEXT.fullmatch(text) is not None or (is_mark_text(text) and not _is_word(node, text=text))


def _is_word(node: Node, *, text: str) -> bool:
    """Whether a letter is a word of its sentence ("I", "a"): neither raised nor stuck to what stands before it."""
    parent = node.getparent()
    if not text.isalpha() or descendants(node, "sup") or (parent is not None and local_name(parent) == "sup"):
        return False
    previous = node.getprevious()
    before = (previous.tail if previous is not None else "" if parent is None else parent.text) or ""
    return not before or before[-1].isspace()


def _judge_attribute(key: str, value: str) -> str:
    """What one attribute says of its element: "drop" it, it may be the "mark" of a note or page, or ""."""
    if key == "hidden":
        return "drop"
    if key == "style":
        return "drop" if _HIDING_STYLE.search(value) else ""
    if key in TYPE_KEYS:
        types = read_types(value)
        return "drop" if types & _DROPPED_TYPES else "mark" if types & _MARK_TYPES else ""
    if _NOTE_CLASSES.search(value):
        return "drop"
    return "mark" if _MARK_CLASSES.search(value) else ""


def initial_of(description: str, source: str) -> str:
    """The letter that a picture seems to show by its description, else by its file's name; "" for none.

    "Decorative initial T", "T.", "dropcap-t.png"; not "001" or "A Map".
    """
    name = source.rpartition("/")[2].rpartition(".")[0]
    for text in (description, name if not description or not any(map(str.isalpha, description)) else ""):
        alone = _LONE_LETTER.findall(text)
        others = len(_LETTERS.findall(text)) - len(alone)
        if len(alone) == 1 and (not others or _INITIAL_WORD.search(text)):
            return str(alone[0]).upper()
    return ""


def is_mark_text(text: str) -> bool:
    """Whether a text can be the mark of a note: a number, a sign, one letter, with brackets or without."""
    return len(text) <= _MAX_MARK_CHARACTERS and _NOTE_MARK.fullmatch(text) is not None


def is_note_mark(node: Node) -> bool:
    """Whether a link is the mark of a note: a raised or bracketed number or sign."""
    text = short_text(node)
    if not text or len(text) > 8 or not _NOTE_MARK.fullmatch(text):
        return False
    if _BRACKETED.fullmatch(text) or not any(character.isalnum() for character in text):
        return True
    parent = node.getparent()
    return bool(descendants(node, "sup")) or (parent is not None and local_name(parent) == "sup")
