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
    noteref footnote footnotes endnote endnotes rearnote rearnotes note annoref annotation backlink pagebreak page-list
    toc-brief loi lot lov loa landmarks
"""
_DROPPED_TYPES = frozenset(_DROPPED_TYPE_WORDS.split())
_NOTE_CLASSES = re.compile(
    r"(?:^|\s)(?:foot-?notes?|end-?notes?|rear-?notes?|transnote|tnotes?|visuallyhidden|sr-only)(?:\s|$)", re.IGNORECASE
)
_MARK_CLASSES = re.compile(
    r"(?:^|\s)(?:page-?num(?:ber)?s?|page-?no|pb|page-?break(?:-?num)?|x-ebookmaker-pageno|pginternal-num|"
    r"fn(?:ote)?anchor|noteref|footnote-?ref)(?:\s|$)",
    re.IGNORECASE,
)
_MAX_MARK_CHARACTERS = 16
_NOTE_MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[a-z]|[ivxl]{1,6}|[*†‡§¶‖#]{1,4})\s*[\])}.]?", re.IGNORECASE)
_BRACKETED = re.compile(r"[\[({]\s*[\w*†‡§]{1,8}\s*[\])}]")
_BREAK_CLASS = re.compile(
    r"(?:scene|section|thought|text|space|context)[-_]?break|asterism|fleuron|ornament|dinkus", re.IGNORECASE
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|;)\s*(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])"
    r"|mso-hide\s*:\s*all|mso-element\s*:\s*(?:footnote|endnote|comment)",
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
    if look.verdict == "drop":
        return True
    # Some books call whole pages "pagebreak"; only a short text is a page number.
    return look.verdict == "mark" and 0 < len(short_text(node)) <= _MAX_MARK_CHARACTERS


def _judge_attribute(key: str, value: str) -> str:
    """What one attribute says of its element: "drop" it, it may be the "mark" of a note or page, or ""."""
    if key == "hidden":
        return "drop"
    if key == "style":
        return "drop" if _HIDING_STYLE.search(value) else ""
    if key in TYPE_KEYS:
        return "drop" if read_types(value) & _DROPPED_TYPES else ""
    if _NOTE_CLASSES.search(value):
        return "drop"
    return "mark" if _MARK_CLASSES.search(value) else ""


def is_note_mark(node: Node) -> bool:
    """Whether a link is the mark of a note: a raised or bracketed number or sign."""
    text = short_text(node)
    if not text or len(text) > 8 or not _NOTE_MARK.fullmatch(text):
        return False
    if _BRACKETED.fullmatch(text) or not any(character.isalnum() for character in text):
        return True
    parent = node.getparent()
    return bool(descendants(node, "sup")) or (parent is not None and local_name(parent) == "sup")
