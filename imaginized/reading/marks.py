"""Marks of notes, and labels that notes begin with, where these are more than a short element: lines, pictures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imaginized.reading.around import ancestors, block_of, in_order
from imaginized.reading.markup import Node, attribute, compile_xpath, descendants, local_name, own_elements, short_text

_LABEL = re.compile(r"\s*(?:[\[［][注註]?(\d{1,3})[\]］]|([¹²³⁰⁴-⁹]{1,3}))[\s.:]*(?=\S)")
_LAST_LABEL = re.compile(r"\s*(\d{1,3})(?:[.)]\s*|\s+)(?=\S)")
_TO_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LAST = 1_000_000
_named = compile_xpath("//*[@id or @name]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What may be a mark of a note, or the label that a note begins with.

    Attributes:
        target: The identifier in the same document that it leads to; "" for none.
        elsewhere: The other document that it leads to, and the identifier there.
        at: How many were found before it.
        is_sure: Whether nothing else looks so; what is unsure must go on from its neighbours.
    """

    node: Node
    text: str
    number: int | None
    target: str = ""
    elsewhere: tuple[str, str] = ("", "")
    at: int = 0
    is_sure: bool = True


def plain_labels(root: Node) -> Iterator[Mark]:
    """Paragraphs that begin with a number in brackets or a small one."""
    for node in own_elements(root, ("p", "li", "div", "dd", "td")):
        match = _LABEL.match(node.text or "")
        if match:
            number = int(match[1] or match[2].translate(_TO_DIGITS))
            yield Mark(node=node, text=str(number), number=number, at=_LAST)


def last_labels(root: Node, *, seen: Sequence[str]) -> list[Mark]:
    """The last paragraphs of a document, where they count through all the marks in it: "1. …", "2. …"."""
    paragraphs = [node for node in own_elements(root, ("p", "li", "dd")) if short_text(node)]
    if len(seen) < 2 or len(paragraphs) <= len(seen):
        return []
    last = paragraphs[-len(seen) :]
    counted = [_LAST_LABEL.match(short_text(node)) for node in last]
    if [match[1] for match in counted if match] != list(seen):
        return []
    return [Mark(node=node, text=text, number=int(text), at=_LAST) for node, text in zip(last, seen, strict=True)]


def is_picture(node: Node) -> bool:
    """Whether an element shows a picture and no text."""
    return bool(descendants(node, "img")) and not short_text(node)


def linked_pictures(pictures: Sequence[Node], *, root: Node, name: str) -> Iterator[Mark]:
    """Pictures that lead to what leads back to them, as Chinese programs mark notes."""
    if not pictures:
        return
    names = named(root)
    back: dict[Node, frozenset[str]] = {}  # one block may hold thousands of links, and each picture asks
    targets = {node: fragment_of(link_of(node), name=name) for node in pictures}
    pairs = [(node, body) for node, target in targets.items() if (body := names.get(target)) is not None]
    for node, body in in_order(pairs, root=root):
        target = targets[node]
        own = {each.get("id") for each in (node, *ancestors(node, most=2)) if each.get("id")}
        block = block_of(body)
        if block not in back:
            back[block] = frozenset(fragment_of(attribute(each, "href"), name=name) for each in descendants(block, "a"))
        if not own.isdisjoint(back[block]):
            yield Mark(node=node, text="", number=None, target=target)


def link_of(node: Node) -> str:
    """Where an element that is, holds or stands in a link leads within the book; "" for nowhere."""
    for each in (node, *node.iter("*"), *ancestors(node, most=2)):
        if local_name(each) == "a":
            target = attribute(each, "href")
            if "#" in target and ":" not in target:
                return target
    return ""


def fragment_of(target: str, *, name: str) -> str:
    """The identifier that a link within the same document means; "" for another document."""
    file, _, fragment = target.partition("#")
    return fragment if not file or name.endswith(file.rpartition("/")[2]) else ""


def named(root: Node) -> dict[str, Node]:
    """Every element that has an identifier, by it."""
    return {value: node for node in _named(root) for value in (node.get("id"), node.get("name")) if value}
