"""What stands around an element of a document: the text before and after it in its paragraph, what holds it."""

from collections.abc import Iterator, Sequence
from itertools import islice

from imaginized.reading.blocks import BLOCK_TAGS
from imaginized.reading.markup import MAX_DEPTH, Node, local_name, short_text
from imaginized.reading.styles import HIDDEN

_CHARACTERS = 16
_MAX_EMPTY = 50  # thousands of empty elements would be gone over for each of thousands of notes


def behind(pairs: Sequence[tuple[Node, Node]], *, root: Node) -> list[Node]:
    """Of pairs of elements, each second one that stands behind the first in the document, and not in it.

    All in one go over the document: to ask for one pair goes over all that stands beside it.
    """
    asked = {each for pair in pairs for each in pair}
    order = {each: at for at, each in enumerate(root.iter()) if each in asked} if asked else {}
    return [
        other
        for one, other in pairs
        if order[other] > order[one] and all(each is not one for each in ancestors(other, most=MAX_DEPTH))
    ]


def is_first(node: Node) -> bool:
    """Whether nothing to read stands before it in its parent."""
    parent = node.getparent()
    if parent is None or (parent.text or "").strip():
        return False
    for count, previous in enumerate(backwards(node)):
        if count >= _MAX_EMPTY or (previous.tail or "").strip() or short_text(previous):
            return False
    return True


def block_of(node: Node) -> Node:
    """The paragraph, or other block, that an element stands in."""
    while local_name(node) not in BLOCK_TAGS:
        parent = node.getparent()
        if parent is None:
            break
        node = parent
    return node


def ancestors(node: Node, *, most: int) -> Iterator[Node]:
    """What holds an element, innermost first."""
    parent = node.getparent()
    while parent is not None and most:
        yield parent
        parent, most = parent.getparent(), most - 1


def text_before(node: Node) -> str:
    """The last characters of a paragraph before an element."""
    text = ""
    each: Node | None = node
    while each is not None:
        for sibling in islice(backwards(each), _MAX_EMPTY):
            text = (sibling.tail or "") + text
            if local_name(sibling) in BLOCK_TAGS or local_name(sibling) == "br":
                return text[-_CHARACTERS:]
            if sibling.get(HIDDEN) is None:
                text = "".join(sibling.itertext("*"))[-_CHARACTERS:] + text
            if len(text) > _CHARACTERS:
                return text[-_CHARACTERS:]
        each = each.getparent()
        if each is not None:
            text = (each.text or "") + text
            if local_name(each) in BLOCK_TAGS:
                break
    return text[-_CHARACTERS:]


def backwards(node: Node) -> Iterator[Node]:
    """The siblings before an element, nearest first."""
    previous = node.getprevious()
    while previous is not None:
        yield previous
        previous = previous.getprevious()


def forwards(node: Node) -> Iterator[Node]:
    """The siblings behind an element."""
    following = node.getnext()
    while following is not None:
        yield following
        following = following.getnext()


def text_after(node: Node) -> str:
    """The next characters of a paragraph after an element."""
    text = ""
    each: Node | None = node
    while each is not None and local_name(each) not in BLOCK_TAGS:
        text += each.tail or ""
        for following in islice(forwards(each), _MAX_EMPTY):
            if len(text) >= _CHARACTERS or local_name(following) in BLOCK_TAGS or local_name(following) == "br":
                return text
            text += "".join(following.itertext("*"))[:_CHARACTERS] + (following.tail or "")
        each = each.getparent()
    return text
