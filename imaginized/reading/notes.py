"""Marks of notes and pages, and the texts of notes, found by what they do in a document and hidden in its tree.

A mark is raised, bracketed, or stuck to a word, and its number goes on from the one before; a note begins with that
number, or is where the mark's link leads. What a class is called counts for little.
"""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from imaginized.reading.around import (
    ancestors,
    backwards,
    block_of,
    forwards,
    in_order,
    is_first,
    text_after,
    text_before,
)
from imaginized.reading.blocks import BLOCK_TAGS
from imaginized.reading.classify import reason_by_title
from imaginized.reading.labels import Matter
from imaginized.reading.looks import NOTEREF_TYPES, is_mark_text
from imaginized.reading.marks import (
    Mark,
    fragment_of,
    is_picture,
    last_labels,
    link_of,
    linked_pictures,
    named,
    plain_labels,
)
from imaginized.reading.markup import (
    MAX_DEPTH,
    Node,
    local_name,
    own_elements,
    short_text,
    text_length,
    types_of,
)
from imaginized.reading.package import resolve
from imaginized.reading.styles import HIDDEN, RAISED
from imaginized.story.text import is_unspaced

# Each begins with a letter that is found quickly: nearly all documents have none of these and cost nothing more.
_LINK = re.compile(rb"""href\s*=\s*["'][^"'\#:]*\#""")
_SHORT = re.compile(
    rb"""<(?:a|sup|span|small|font|i|em|b|strong|label)\b[^<>]{0,400}>"""
    rb"""(?:[\s\[({*]|\xef\xbc[\xbb\x8a]|\xe3\x80[\x90\x94]|\xe2\x80\xbb|\xe6\xb3\xa8|\xe8\xa8\xbb)*(?:[Pp]g?\.?\s*)?"""
    rb"""(?:\d{1,4}|[*\#]{1,3}|\xe2\x80[\xa0\xa1\xbb]|\xc2[\xa7\xb6])"""
    rb"""(?:[\s\])}.,:]|\xef\xbc\xbd|\xe3\x80[\x91\x95])*<"""
)
_BRACKET = re.compile(rb"\[\d{1,3}\]")
_WIDE_BRACKET = re.compile(rb"\xef\xbc\xbb(?:\xe6\xb3\xa8|\xe8\xa8\xbb)?\d{1,3}\xef\xbc\xbd")  # of Japanese
_PAGE_ANCHOR = re.compile(rb"""id=["'][Pp](?:age|g|b)?s?[_.-]?[ivxlc\d]{1,7}["'][^<>]{0,400}>[^<]""")
_PAGE_VALUE = re.compile(rb"""=["'][Pp](?:age|g|b)?s?[_.-]?[ivxlc\d]{1,7}["']""")
_SMALL_BYTES = (re.compile(rb"\xc2[\xb2\xb3\xb9]"), re.compile(rb"\xe2\x81[\xb0\xb4-\xb9]"))
_SMALL_ENDS, _HASH = b"\xb2\xb3\xb9", ord("#")
_TAGS = ("a", "sup", "span", "small", "font", "i", "em", "b", "strong", "label")
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADINGS = frozenset({*_HEADING_TAGS, "hgroup"})
_LISTS = ("li", "dd", "dt", "dl", "ol", "ul", "td", "tr", "tbody", "table")
_CONTAINERS = frozenset({*_LISTS, "aside", "section", "div", "blockquote", "footer"})
_CODE = frozenset({"pre", "code", "tt", "kbd", "samp", "script", "style", "math", "svg"})
_MAX_TEXT = 14
_NUMBER = re.compile(r"(?:[※＊*注註]\s*)?(\d{1,4})")
_ARROW = re.compile(r"[\[(]?\s*[↩↑←⏎⤴↵⮌⇑⬆▲^]\s*[\ufe0e\ufe0f]?\s*[\])]?")
_OPENING, _CLOSING = "[({〔（【［", "])}〕）】］"
_PAGE_ID = re.compile(
    r"(?:^|[_-])(?:pages?|pg|p|pb|pagebreak|folio|seite)[_.-]?0*(\d{1,4}|[ivxlc]{1,7})$", re.IGNORECASE
)
_PAGE_TEXT = re.compile(r"[\[({|]?\s*(?:pg?\.?|page|s\.|seite)?\s*(\d{1,4}|[ivxlc]{1,7})\s*[\])}|]?", re.IGNORECASE)
_HINT = re.compile(r"note|fn|ref|anm|nota", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)$")
_AFTER_WORD = re.compile(r"[.,;:!?…”’\"'»›)\]\u3001-\u30ff\u3400-\u9fff。」』]$")
_UNITS = frozenset({"cm", "km", "mm", "dm", "ft", "in", "yd", "mi", "kg"})
_MIN_WORD = 3
_BRACKETS = re.compile(r"(?:(?<=[^\W_])|(?<=[.,;:!?…”’\"'»)]))([ \u00a0]?)\[(\d{1,3})\]")
_BRACKETS_BEHIND = re.compile(rf"{_BRACKETS.pattern}|^()\[(\d{{1,3}})\](?=[^\w(])")  # behind an element
_SMALL = re.compile("[¹²³⁰⁴-⁹]")
_SMALL_DIGITS = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?…”’\"'»)]))[¹²³⁰⁴-⁹]{1,3}(?![^\W_])")
_TO_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MIN_LONE = 5
_LONE_SHARE = 0.4
_RISING_SHARE = 0.8
_MAX_NOTES_SHARE = 0.6
_MIN_RUN = 3
_LONG_NOTE = 3_000


@dataclass(slots=True)
class _Found:
    """What a document holds, in its order."""

    marks: list[Mark] = field(default_factory=list)
    labels: list[Mark] = field(default_factory=list)
    backlinks: list[Node] = field(default_factory=list)
    lone: list[Mark] = field(default_factory=list)
    pictures: list[Node] = field(default_factory=list)
    pages: list[Node] = field(default_factory=list)


class Notes:
    """The notes of one book; their numbers may go on from document to document."""

    def __init__(self) -> None:
        self._last = 0
        self._elsewhere: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def hide(self, root: Node, *, name: str, data: bytes) -> None:
        """Mark as HIDDEN in a tree what are marks and texts of notes, and numbers of pages; `data` is what it is of."""
        one, other = _SMALL_BYTES
        # A lone byte is found ten times as fast as any pattern.
        has_small = 0xC2 in data and any(byte in data for byte in _SMALL_ENDS) and one.search(data) is not None
        has_small = has_small or (0x81 in data and other.search(data) is not None)
        has_plain = has_small or _BRACKET.search(data) is not None
        has_plain = has_plain or (0xEF in data and _WIDE_BRACKET.search(data) is not None)
        led_to = self._elsewhere.get(name, {})
        if not has_plain and not led_to and not _may_hold_marks(data):
            return
        found = _look_through(root, name=name)
        marks = [*_choose(found.marks, last=self._last), *linked_pictures(found.pictures, root=root, name=name)]
        for mark in marks:
            _drop_mark(mark.node)
        for node in found.pages:
            node.set(HIDDEN, "")
        _drop_lone(found.lone, root=root)
        seen = [mark.text for mark in marks]
        labels = found.labels
        if has_plain:
            plain = list(plain_labels(root))
            seen += _drop_plain_marks(root, last=self._last, labels={label.number for label in plain})
            labels = [*labels, *plain] if seen else labels
        if seen and not any(mark.target or mark.elsewhere[1] for mark in marks):
            labels = [*labels, *last_labels(root, seen=seen)]
        _hide_bodies(root, marks=marks, labels=labels, backlinks=found.backlinks, seen=frozenset(seen), led_to=led_to)
        for mark in marks:
            if mark.elsewhere[1]:
                self._elsewhere[mark.elsewhere[0]].setdefault(mark.elsewhere[1], mark.text)
        numbers = [int(text) for text in seen if text.isdecimal()]
        self._last = numbers[-1] if numbers else self._last


def _may_hold_marks(data: bytes) -> bool:
    """Whether a document links into one, or holds short elements that may be marks or pages' numbers."""
    if _HASH in data and _LINK.search(data):
        return True
    return _SHORT.search(data) is not None or (
        _PAGE_VALUE.search(data) is not None and _PAGE_ANCHOR.search(data) is not None
    )


def _look_through(root: Node, *, name: str) -> _Found:
    found = _Found()
    taken: set[Node] = set()
    for node in own_elements(root, _TAGS):
        text = node.text or ""
        if len(node) and not text.strip() and local_name(node) == "a" and is_picture(node):
            found.pictures.append(node)
        if len(text) > _MAX_TEXT or (len(node) and len(text := short_text(node, enough=_MAX_TEXT + 1)) > _MAX_TEXT):
            continue
        if not _may_tell(text) or _is_inside(node, taken):
            continue
        if _judge(node, text=text.strip(), name=name, found=found):
            taken.add(node)
    return found


@lru_cache(maxsize=4096)
def _may_tell(text: str) -> bool:
    """Whether an element with this text can be a mark, an arrow back, or a page's number."""
    text = text.strip()
    return bool(text) and any((is_mark_text(text), _ARROW.fullmatch(text), _PAGE_TEXT.fullmatch(text)))


def _is_inside(node: Node, taken: set[Node]) -> bool:
    return bool(taken) and any(each in taken for each in ancestors(node, most=4))


def _judge(node: Node, *, text: str, name: str, found: _Found) -> bool:
    """Sort a short element in; False where it is nothing of all this."""
    block = block_of(node)
    is_heading = local_name(block) in _HEADINGS
    link = link_of(node)
    if link and _ARROW.fullmatch(text):
        found.backlinks.append(node)
        return True
    if not is_heading and _is_page_number(node, text=text):
        found.pages.append(node)
        return True
    if not is_mark_text(text):
        return False
    plain = text.strip(f"{_OPENING}{_CLOSING}^←↑ .,:")
    counted = _NUMBER.fullmatch(plain)
    number = int(counted[1]) if counted else None
    plain = counted[1] if counted else plain
    before, after = text_before(node), text_after(node)
    at = len(found.marks) + len(found.labels)
    target = fragment_of(link, name=name)
    elsewhere = resolve(link, folder=posixpath.dirname(name)) if link and not target else ("", "")
    mark = Mark(node=node, text=plain, number=number, target=target, elsewhere=elsewhere, at=at)
    is_raised, is_bracketed = _is_raised(node), text[0] in _OPENING or before.endswith(tuple(_OPENING))
    if not before.strip(_OPENING + " "):
        return _judge_first(mark, after=after, found=found, is_marked=bool(link) or is_raised or is_bracketed)
    is_typed = bool(types_of(node) & NOTEREF_TYPES)
    sure = _is_sure(mark, before=before, is_linked=bool(link), is_raised=is_raised, is_bracketed=is_bracketed)
    if is_typed and (number is not None or is_bracketed or is_raised):
        sure = True
    if sure is None or (is_heading and not is_raised and not (link and is_bracketed)) or after[:1].isalnum():
        return False
    found.marks.append(mark if sure else replace(mark, is_sure=False))
    return True


def _judge_first(mark: Mark, *, after: str, found: _Found, is_marked: bool) -> bool:
    """What stands first in its paragraph: the label of a note, or a number alone."""
    if local_name(block_of(mark.node)) in _HEADINGS:
        return False
    if not after.strip(_CLOSING + " .") and not is_marked and mark.number is not None:
        found.lone.append(mark)
        return True
    if is_marked:
        found.labels.append(mark)
    return is_marked


def _is_sure(mark: Mark, *, before: str, is_linked: bool, is_raised: bool, is_bracketed: bool) -> bool | None:
    """Whether it is a mark (True), may be one (False), or is none (None)."""
    is_sign = not any(map(str.isalnum, mark.text))
    if is_raised and is_linked:
        return True
    if is_linked and (is_bracketed or is_sign):
        return True
    if mark.number is None:
        return True if is_raised and is_sign else None
    word = _WORD_BEFORE.search(before)
    is_stuck = (word is not None and len(word[1]) >= _MIN_WORD) or _AFTER_WORD.search(before) is not None
    if is_linked:
        return True if is_stuck else None
    if before[-1:].isdigit() or (word is not None and (word[1].lower() in _UNITS or len(word[1]) == 1)):
        return None
    if is_raised and is_stuck:
        return True
    if not is_raised and before[-1:].isalpha() and is_unspaced(before[-1:]):
        return None  # every number is stuck to a word there, and Word puts each into an element of its own
    return False if is_raised or is_stuck else None


def _choose(marks: Sequence[Mark], *, last: int) -> list[Mark]:
    """The marks without those that are unsure and go on from nothing."""
    numbers = [mark.number or 0 for mark in marks]
    chosen = []
    for at, mark in enumerate(marks):
        before = numbers[at - 1] if at else last
        goes_on = numbers[at] == before + 1 and (at > 0 or last > 0)
        is_followed = at + 1 < len(marks) and numbers[at + 1] == numbers[at] + 1
        hints = f"{mark.node.get('class', '')} {mark.node.get('id', '')}"
        if mark.is_sure or goes_on or is_followed or _HINT.search(hints):
            chosen.append(mark)
    return chosen


def _drop_mark(node: Node) -> None:
    """Hide a mark, with the brackets around it where they stand outside."""
    for each in ancestors(node, most=2):  # [<sup><a>1</a></sup>]
        is_alone = node.getprevious() is None and node.getnext() is None
        if not is_alone or local_name(each) in BLOCK_TAGS or short_text(each) != short_text(node):
            break
        node = each
    node.set(HIDDEN, "")
    previous, parent = node.getprevious(), node.getparent()
    if parent is None:
        return
    head = (parent.text if previous is None else previous.tail) or ""
    tail = node.tail or ""
    if not head.rstrip().endswith(tuple(_OPENING)) or not tail.lstrip().startswith(tuple(_CLOSING)):
        return
    head = head.rstrip()[:-1]
    if previous is None:
        parent.text = head
    else:
        previous.tail = head
    node.tail = tail.lstrip()[1:]


def _drop_lone(lone: Sequence[Mark], *, root: Node) -> None:
    """Hide numbers that stand alone between paragraphs and count these, as some programs number every object."""
    if len(lone) < _MIN_LONE:
        return
    numbers = [mark.number or 0 for mark in lone]
    rising = sum(other == one + 1 for one, other in pairwise(numbers))
    paragraphs = sum(1 for _ in own_elements(root, ("p",)))
    if rising >= _RISING_SHARE * (len(lone) - 1) and len(lone) >= _LONE_SHARE * paragraphs:
        for mark in lone:
            mark.node.set(HIDDEN, "")


def _drop_plain_marks(root: Node, *, last: int, labels: set[int | None]) -> list[str]:
    """Cut marks that are only characters: "word[1]", "word¹". Returns their numbers."""
    texts = [(node, is_tail, text) for node, is_tail, text in _texts(root) if "[" in text or _SMALL.search(text)]
    patterns = (_BRACKETS, _BRACKETS_BEHIND)
    found = [match.groups() for _, is_tail, text in texts for match in patterns[is_tail].finditer(text)]
    brackets = [int(next(filter(None, reversed(groups)))) for groups in found]
    around = [last, *brackets, 0]
    # Behind a blank they may count what is said ("first [1], second [2]"): there it takes the text of a note.
    wanted = [
        number in labels or (not groups[0] and ((number == before + 1 and before > 0) or after == number + 1))
        for groups, before, number, after in zip(found, around, brackets, around[2:], strict=False)
    ]
    seen: list[str] = []
    decisions = iter(wanted)

    def cut_bracket(match: re.Match[str]) -> str:
        if not next(decisions):
            return match[0]
        seen.append(str(match[match.lastindex or 0]))
        return ""

    def cut_digits(match: re.Match[str]) -> str:
        seen.append(match[0].translate(_TO_DIGITS))
        return ""

    for node, is_tail, text in texts:
        cut = _SMALL_DIGITS.sub(cut_digits, patterns[is_tail].sub(cut_bracket, text))
        if cut != text:
            if is_tail:
                node.tail = cut
            else:
                node.text = cut
    return seen


def _texts(root: Node) -> Iterator[tuple[Node, bool, str]]:
    """Every stretch of text outside of code: (element, whether it is its tail, text)."""
    body = next(own_elements(root, ("body",)), root)
    skipped: set[Node] = set()
    for node in body.iter("*"):
        parent = node.getparent()
        is_code = local_name(node) in _CODE or parent in skipped
        if is_code:
            skipped.add(node)
        elif node.text:
            yield node, False, node.text
        if node.tail and node is not body and parent not in skipped:
            yield node, True, node.tail


def _hide_bodies(
    root: Node,
    *,
    marks: Sequence[Mark],
    labels: Sequence[Mark],
    backlinks: Sequence[Node],
    seen: frozenset[str],
    led_to: Mapping[str, str],
) -> None:
    """Hide the texts of notes: what begins with a mark that was seen, leads back, or is where a mark leads."""
    if not labels and not backlinks and not led_to and not any(mark.target for mark in marks):
        return
    first: dict[str, int] = {}
    for mark in marks:
        first.setdefault(mark.text, mark.at)
    bodies = [node for node in backlinks if not text_after(node).strip()]
    bodies += [label.node for label in labels if label.text in seen and first.get(label.text, -1) <= label.at]
    targets = list(_targets(root, marks=marks, led_to=led_to))
    held = {each for mark in marks for each in ancestors(mark.node, most=MAX_DEPTH)}
    found = dict.fromkeys(_top_of(block_of(node), held=held) for node in (*bodies, *targets))
    tops = [top for top in found if local_name(top) not in ("body", "html", *_HEADINGS) and top not in held]
    tops += [each for node in targets for each in _under_heading(node, texts=frozenset(led_to.values()))]
    sizes = [text_length(top) for top in tops]
    if not tops:
        return
    if sum(sizes) > _MAX_NOTES_SHARE * text_length(root):
        is_long = not led_to or max(sizes) > _LONG_NOTE
        if is_long or any(
            reason_by_title(short_text(each)) is Matter.NOTES for each in own_elements(root, _HEADING_TAGS)
        ):
            return  # what is all notes and says so is left out as a whole, under its name
    for top in (*tops, *_between(tops, held=held)):
        top.set(HIDDEN, "")


def _targets(root: Node, *, marks: Sequence[Mark], led_to: Mapping[str, str]) -> Iterator[Node]:
    """The beginnings of paragraphs that marks lead to, from the same document or from others."""
    if not led_to and not any(mark.target for mark in marks):
        return
    by_name = named(root)
    found = [by_name.get(name) for name in led_to]
    pairs = [(mark.node, node) for mark in marks if (node := by_name.get(mark.target)) is not None]
    found += [node for _, node in in_order(pairs, root=root)]
    for node in found:
        if node is None:
            continue
        if local_name(node) not in BLOCK_TAGS and not short_text(node) and not text_after(node).strip():
            following = node.getnext()
            node = node if following is None else following  # an anchor that stands before its paragraph
        if local_name(node) in BLOCK_TAGS or not text_before(node).strip(_OPENING + " "):
            yield node


def _under_heading(node: Node, *, texts: frozenset[str]) -> Iterator[Node]:
    """A heading that is nothing but the number of a note, and what stands below it."""
    heading = block_of(node)
    if local_name(heading) not in _HEADINGS or short_text(heading).strip(f"{_OPENING}{_CLOSING} .") not in texts:
        return
    yield heading
    for following in forwards(heading):
        if local_name(following) in _HEADINGS:
            return
        yield following


def _top_of(block: Node, *, held: set[Node]) -> Node:
    """The outermost element around a note that begins with it and holds no mark in the text."""
    top = block
    while True:
        parent = top.getparent()
        if parent is None or local_name(parent) not in _CONTAINERS or parent in held or not is_first(top):
            return top
        top = parent


def _between(tops: Sequence[Node], *, held: set[Node]) -> Iterator[Node]:
    """What belongs to a note without beginning as one: what a term explains, further paragraphs at a chapter's end."""
    hidden = set(tops)
    for top in tops:
        if local_name(top) == "dt":
            yield from _followers(top, until="dt")
    last = next(top for top in tops if not any(each in hidden for each in forwards(top)))
    run = reach = 0
    others: list[Node] = []
    for node in (last, *backwards(last)):
        if node in hidden:
            run, reach = run + 1, len(others)
        elif node in held or local_name(node) in _HEADINGS or len(others) > run:
            break
        else:
            others.append(node)
    if others and not any(each in hidden for each in backwards(others[-1])):
        del others[reach:]  # what stands before the first note
    if run >= _MIN_RUN and len(others) * _MIN_RUN <= run:
        yield from others


def _followers(node: Node, *, until: str) -> Iterator[Node]:
    for following in forwards(node):
        if local_name(following) == until:
            return
        yield following


def _is_page_number(node: Node, *, text: str) -> bool:
    """Whether an element's identifier says that it is the page whose number it holds."""
    said = _PAGE_ID.search(node.get("id") or node.get("name") or "")
    shown = _PAGE_TEXT.fullmatch(text)
    return said is not None and shown is not None and said[1].lower() == shown[1].lower()


def _is_raised(node: Node) -> bool:
    inner = node[0] if len(node) == 1 else node
    around = (each for each in ancestors(node, most=3) if local_name(each) not in BLOCK_TAGS)
    return any(
        local_name(each) == "sup" or each.get(RAISED) is not None or _RAISED_STYLE.search(each.get("style", ""))
        for each in (node, inner, *around)
    )
