"""A person's word over the cast: which names are one, who stands alone, what somebody is called and is. Pure.

It is done to what the joining has found, so that whoever no order names is joined as without orders. Names are told by
`name_key`, as in the joining. `cast_file` has the text of these orders.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum

from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.joining import ALIVE, Group, chapters_of
from imaginized.story.names import Key, name_key

COMPARED_LENGTH = 40  # of an unknown name: to compare a long one takes as long as it likes
ONE_NAME_MANY = "{name!r} is a name of {count} of the cast: {names}; give a fuller name"
UNKNOWN = "no one in the cast is called {name!r}{near}; `imaginizectl cast BOOK` lists them"


class Verb(StrEnum):
    """What can be said of a name; the order is the order in which it is done."""

    SPLIT = "split"
    MERGE = "merge"
    RENAME = "rename"
    KIND = "kind"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing that a person says.

    Attributes:
        verb: What is done.
        names: Of whom, each by any of its names; two or more for a merge, else one.
        to: The new name, or the kind; "" for the others.
        line: Where it stands in its file, from 1; 0 where it is in none.
    """

    verb: Verb
    names: tuple[str, ...]
    to: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An order that could not be done, and what to do about it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the cast, as a person sees it.

    Attributes:
        name: What the guide calls it.
        found: What it was called before a person renamed it; its sheet and its pictures go by this.
        type: What it is.
        found_type: What it was before a person said so.
        names: Its other names.
        mentions: How often it is named.
        chapters: Where, ascending.
        quote: The first of its quotes; None for none.
        orders: What a person said of it.
        is_dropped: Whether a person wants it left out.
        row: Its number in the list, from 1; 0 where it has none yet.
    """

    name: str
    found: str
    type: ElementType
    found_type: ElementType
    names: tuple[str, ...] = ()
    mentions: int = 0
    chapters: tuple[int, ...] = ()
    quote: Quote | None = None
    orders: tuple[Verb, ...] = ()
    is_dropped: bool = False
    row: int = 0

    @property
    def keys(self) -> frozenset[Key]:
        """All that it can be named by."""
        return frozenset(name_key(name) for name in (self.name, self.found, *self.names)) - {()}


@dataclass(slots=True, kw_only=True)
class _Said:
    """What was said of one of the cast."""

    called: str = ""
    name: str = ""
    type: ElementType | None = None
    is_dropped: bool = False
    orders: list[Order] = field(default_factory=list)


class Word:
    """The groups of a book as a person wants them, and what was said of each."""

    def __init__(self, groups: Iterable[Group], *, called: Callable[[Group], str]) -> None:
        """Start with what the joining found; `called` tells what the guide would call a group."""
        self.groups = list(groups)
        self.problems: list[Problem] = []
        self._called = called
        # By identity, which lasts as long as the group: those that others replaced are kept, too.
        self._said: dict[int, _Said] = {}
        self._replaced: list[Group] = []

    def is_named(self, group: Group) -> bool:
        """Whether a person spoke of it, so that it is listed however little the book does."""
        return id(group) in self._said

    def is_dropped(self, group: Group) -> bool:
        """Whether a person wants it left out."""
        return id(group) in self._said and self._said[id(group)].is_dropped

    def told(self, group: Group, element: Element) -> Element:
        """The element of a group, called and of the kind that a person said."""
        said = self._said.get(id(group))
        if said is None:
            return element
        named = renamed(element, said.name or said.called or element.name)
        return replace(named, type=said.type or element.type)

    def member(self, group: Group, element: Element) -> Member:
        """The element of a group as a person sees it."""
        said, told = self._said.get(id(group), _Said()), self.told(group, element)
        return Member(
            name=told.name,
            found=said.called or element.name,
            type=told.type,
            found_type=element.type,
            names=told.aliases,
            mentions=told.mentions,
            chapters=told.chapters,
            quote=told.quotes[0] if told.quotes else None,
            orders=tuple(dict.fromkeys(order.verb for order in said.orders)),
            is_dropped=said.is_dropped,
        )

    def do(self, order: Order) -> str:
        """Do what an order says; returns what speaks against it."""
        return _DONE[order.verb](self, order)

    def find(self, name: str) -> Group | str:
        """The group that a name means, or what is wrong with it."""
        key = name_key(name)
        found = [group for group in self.groups if key and (key in group.keys or key == self._given_key(group))]
        if len(found) > 1:
            found = [group for group in found if name_key(self.name_of(group)) == key] or found
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(self.name_of(group) for group in found)
            return ONE_NAME_MANY.format(name=name, count=len(found), names=names)
        return unknown(name, (element.name for group in self.groups for element in group.found))

    def name_of(self, group: Group) -> str:
        """What it is called."""
        said = self._said.get(id(group), _Said())
        return said.name or said.called or self._called(group)

    def said_of(self, group: Group, order: Order) -> _Said:
        """What was said of it so far; from now on, this, too."""
        said = self._said.setdefault(id(group), _Said())
        said.orders.append(order)
        return said

    def orders_of(self, group: Group) -> list[Order]:
        """What named it so far."""
        return self._said[id(group)].orders if id(group) in self._said else []

    def earlier(self, group: Group, *verbs: Verb) -> Order | None:
        """The first order of these kinds that it was named by."""
        return next((order for order in self.orders_of(group) if order.verb in verbs), None)

    def place(self, group: Group) -> int:
        """Where it stands; by identity, for two may be alike."""
        return next(at for at, other in enumerate(self.groups) if other is group)

    def put(self, group: Group, instead: Sequence[Group]) -> None:
        """Put others in its place."""
        at = self.place(group)
        self._replaced.append(group)
        self.groups[at : at + 1] = instead

    def holders(self, key: Key, *, but: Group | None = None) -> list[Group]:
        """The others that have a name."""
        others = [group for group in self.groups if group is not but]
        return [group for group in others if key in group.keys or key == self._given_key(group)]

    def _given_key(self, group: Group) -> Key | None:
        return name_key(self._said[id(group)].name) or None if id(group) in self._said else None


def obey(groups: Iterable[Group], orders: Iterable[Order], *, called: Callable[[Group], str]) -> Word:
    """The groups as a person wants them: first who stands alone, then who is one, then names, kinds and who goes.

    Args:
        groups: What the joining found; those that an order names are changed.
        orders: What a person said, in the order of the file.
        called: What the guide would call a group.
    """
    word, orders = Word(groups, called=called), list(orders)
    for verb in Verb:
        for order in orders:
            problem = word.do(order) if order.verb is verb else ""
            word.problems += [Problem(line=order.line, text=problem)] if problem else []
    word.problems.sort(key=lambda problem: problem.line)
    return word


def numbered(members: Iterable[Member], *, known: Mapping[str, int]) -> tuple[Member, ...]:
    """The members with their rows: who had one keeps it, so that a row means the same after each change.

    Args:
        members: In the order of the guide.
        known: Rows given before, by the name that was found, also of names that are not among them now.
    """
    last = max(known.values(), default=0)
    rows = dict(known)
    for member in members:
        if member.found not in rows:
            last += 1
            rows[member.found] = last
    return tuple(sorted((replace(one, row=rows[one.found]) for one in members), key=lambda one: one.row))


def renamed(element: Element, name: str) -> Element:
    """The element under another name; the one it had stays one of its names, by which scenes may call it."""
    if name == element.name:
        return element
    others = tuple(other for other in (element.name, *element.aliases) if other != name)
    return replace(element, name=name, aliases=others)


def unknown(name: str, names: Iterable[str]) -> str:
    """That nobody is called so, and who is called nearly so."""
    known = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold()[:COMPARED_LENGTH], known, n=1)
    return UNKNOWN.format(name=name, near=f"; did you mean {known[near[0]]!r}?" if near else "")


def _split(word: Word, order: Order) -> str:
    key = name_key(order.names[0])
    holders = word.holders(key) if key else []
    if not holders:
        return str(word.find(order.names[0]))
    at, alone = word.place(holders[0]), holders[0]
    if len(holders) > 1 or alone.keys != {key}:
        alone = Group(key)
        for group in holders:
            held = {k for other in word.groups if not any(other is one for one in holders) for k in other.keys}
            own, rest = _taken_apart(group, key, held=held)
            alone.take(own)
            word.put(group, [_grouped(group, rest)] if rest else [])
        word.groups.insert(at, alone)
    word.said_of(alone, order)
    return ""


def _taken_apart(group: Group, key: Key, *, held: Set[Key]) -> tuple[list[Element], list[Element]]:
    """What was found under a name, without any other name; and the rest, without this one.

    Names that are `held` by others of the cast are theirs: the rest is not called by them.
    """
    own = [element for element in group.found if name_key(element.name) == key]
    others = [element for element in group.found if name_key(element.name) != key]
    known = {name_key(element.name) for element in group.found} | (held - {key})
    for element in group.found:
        for alias in element.aliases:
            if name_key(alias) not in known:  # a model's other name, under which nothing else was found
                known.add(name_key(alias))
                bare = replace(element, name=alias, aliases=(), description="", quotes=(), mentions=1, signs=None)
                bare = replace(bare, looks=(), chapters=chapters_of(element))
                (own if name_key(alias) == key else others).append(bare)
    rest = [replace(each, aliases=tuple(a for a in each.aliases if name_key(a) != key)) for each in others]
    return [replace(each, aliases=()) for each in own], rest


def _grouped(before: Group, found: Sequence[Element]) -> Group:
    keys = [name_key(element.name) for element in found]
    group = Group(before.key if before.key in keys else keys[0])
    group.take(found)
    if before.type in ALIVE and group.type not in ALIVE:
        group.type = before.type  # the joining found that it is somebody, by more than its own signs
    return group


def _merge(word: Word, order: Order) -> str:
    found = [word.find(name) for name in order.names]
    wrong = [one for one in found if isinstance(one, str)]
    groups = {id(one): one for one in found if not isinstance(one, str)}
    if not groups:
        return "; ".join(wrong)
    first, *others = groups.values()
    name, kind = word.name_of(first), first.type
    said = word.said_of(first, order)
    said.called = said.called or name
    for other in others:
        said.orders += word.orders_of(other)
        word.put(other, [])
        first.take(other.found)
        first.keys |= other.keys
    first.type = kind  # the first that is named says what they are called, and what they are
    return "; ".join(wrong)


def _rename(word: Word, order: Order) -> str:
    group = word.find(order.names[0])
    if isinstance(group, str):
        return group
    if before := word.earlier(group, Verb.RENAME):
        return _contradiction(order, before, "both rename it")
    if others := word.holders(name_key(order.to), but=group):
        theirs = word.name_of(others[0])
        return f"{order.to!r} is a name of {theirs!r} already; merge the two, or take another name"
    word.said_of(group, order).name = order.to
    return ""


def _kind(word: Word, order: Order) -> str:
    group = word.find(order.names[0])
    if isinstance(group, str):
        return group
    if before := word.earlier(group, Verb.KIND):
        return _contradiction(order, before, "both say what it is") if before.to != order.to else ""
    word.said_of(group, order).type = ElementType(order.to)
    return ""


def _drop(word: Word, order: Order) -> str:
    group = word.find(order.names[0])
    if isinstance(group, str):
        return group
    if before := word.earlier(group, Verb.RENAME, Verb.KIND):
        return _contradiction(order, before, f"it is to be left out and has a [[{before.verb}]]")
    word.said_of(group, order).is_dropped = True
    return ""


def _contradiction(order: Order, before: Order, what: str) -> str:
    where = f"line {before.line}" if before.line else "an earlier one"
    return f"{order.names[0]!r} contradicts {where}: {what}; remove one of the two, this one was left out"


_DONE: dict[Verb, Callable[[Word, Order], str]] = {
    Verb.SPLIT: _split,
    Verb.MERGE: _merge,
    Verb.RENAME: _rename,
    Verb.KIND: _kind,
    Verb.DROP: _drop,
}
