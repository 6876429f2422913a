"""From what a person says about the cast ("merge 3 7") to the orders that go and come in the book's file. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from imaginized.story.cast_file import KINDS, problem_with_name
from imaginized.story.cast_orders import Member, Order, Verb, unknown
from imaginized.story.elements import ElementType
from imaginized.story.names import name_key

_ROW = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,4}))?")


class Action(StrEnum):
    """What a person can say."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    KIND = "kind"
    DROP = "drop"
    UNDO = "undo"
    RESET = "reset"
    APPLY = "apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person says.

    Attributes:
        who: Of whom: rows ("3"), rows of other names ("3.2": the second other name of row 3), or names.
        to: The new name, or the kind; "" for none.
    """

    action: Action
    who: tuple[str, ...] = ()
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The orders that go, and those that come.

    Attributes:
        meant: The names of those who are meant.
    """

    removed: tuple[Order, ...] = ()
    added: tuple[Order, ...] = ()
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """Somebody that a word means: a name, and the member that has it; None for one that is not listed."""

    name: str
    member: Member | None

    @property
    def found(self) -> str:
        """The name that an order is to have: one that stays whatever else is undone."""
        return self.member.found if self.member and self.name == self.member.name else self.name


@dataclass(slots=True, kw_only=True)
class _Draft:
    orders: Sequence[Order]
    members: Sequence[Member]
    unlisted: Sequence[str]
    removed: list[Order] = field(default_factory=list)
    added: list[Order] = field(default_factory=list)

    def of(self, meant: _Meant, *verbs: Verb) -> list[Order]:
        """The orders that name somebody by any of its names; of all verbs where none is named."""
        keys = meant.member.keys if meant.member else {name_key(meant.name)}
        own = [order for order in self.orders if any(name_key(name) in keys for name in order.names)]
        return [order for order in own if not verbs or order.verb in verbs]

    def find(self, word: str) -> _Meant:
        """Who is meant by a word.

        Raises:
            ValueError: Nobody, or it may be one of several; the message says what to do.
        """
        if (match := _ROW.fullmatch(word)) and (rows := [m for m in self.members if m.row == int(match[1])]):
            return _of_row(rows[0], match[2])
        key = name_key(word)
        called = [member for member in self.members if key and name_key(member.name) == key]
        having = called or [member for member in self.members if key in member.keys]
        if len(having) == 1:
            own = next((n for n in (having[0].name, having[0].found, *having[0].names) if name_key(n) == key), word)
            return _Meant(name=own, member=having[0])
        if having:
            several = ", ".join(f"{member.row} {member.name!r}" for member in having)
            raise ValueError(f"{word!r} is a name of several: {several}; give the row of one")
        for name in self.unlisted:
            if name_key(name) == key:
                return _Meant(name=name, member=None)
        raise ValueError(unknown(word, (n for one in self.members for n in (one.name, *one.names))))


def _of_row(member: Member, part: str | None) -> _Meant:
    if part is None:
        return _Meant(name=member.name, member=member)
    if not 1 <= int(part) <= len(member.names):
        count = len(member.names)
        raise ValueError(
            f"row {member.row}, {member.name!r}, has {count} other names, so there is no {member.row}.{part}"
        )
    return _Meant(name=member.names[int(part) - 1], member=member)


def revision_of(
    wish: Wish, *, orders: Sequence[Order], members: Sequence[Member], unlisted: Sequence[str] = ()
) -> Revision:
    """What has to change in the file.

    Args:
        wish: What a person says.
        orders: Those that are in the file.
        members: The cast.
        unlisted: Names of others.

    Raises:
        ValueError: It cannot be done; the message says why and what to do.
    """
    _check_count(wish)
    draft = _Draft(orders=orders, members=members, unlisted=unlisted)
    meant = [draft.find(word) for word in wish.who]
    for one in meant:
        if one.member and one.member.is_dropped and wish.action not in (Action.UNDO, Action.DROP):
            raise ValueError(f"{one.name!r} is left out by you; undo that first")
    _ACTIONS[wish.action](draft, wish, meant)
    names = tuple(one.name for one in meant)
    return Revision(removed=tuple(dict.fromkeys(draft.removed)), added=tuple(draft.added), meant=names)


def _check_count(wish: Wish) -> None:
    count = len(wish.who)
    if wish.action in (Action.RESET, Action.APPLY):
        if count:
            raise ValueError(f"{wish.action} takes no name")
    elif wish.action is Action.MERGE and count < 2:
        raise ValueError("merge takes two or more rows or names that are one")
    elif wish.action in (Action.RENAME, Action.KIND) and count != 1:
        raise ValueError(f"{wish.action} takes one row or name")
    elif not count:
        raise ValueError(f"{wish.action} takes a row or a name")


def _merge(draft: _Draft, _wish: Wish, meant: Sequence[_Meant]) -> None:
    for at, one in enumerate(meant):
        if any(one.member is other.member and (one.member or one.name == other.name) for other in meant[:at]):
            raise ValueError(f"{one.name!r} is one with {meant[0].name!r} already")
    # Whose name or kind a person said keeps it: two of them would contradict each other.
    for one in meant[1:]:
        draft.removed += draft.of(one, Verb.RENAME, Verb.KIND)
    draft.added.append(Order(verb=Verb.MERGE, names=tuple(one.found for one in meant)))


def _split(draft: _Draft, _wish: Wish, meant: Sequence[_Meant]) -> None:
    for one in meant:
        key = name_key(one.found)
        merges = [order for order in draft.of(one, Verb.MERGE) if key in map(name_key, order.names)]
        for order in merges:
            rest = tuple(name for name in order.names if name_key(name) != key)
            draft.removed.append(order)
            draft.added += [replace(order, names=rest, line=0)] if len(rest) > 1 else []
        if merges:
            continue  # it was a person who joined it: as the book has it, it is another one
        if one.member is None or len(one.member.keys) < 2:
            raise ValueError(f"{one.name!r} has no other names, so there is nothing to split")
        draft.added.append(Order(verb=Verb.SPLIT, names=(one.found,)))


def _rename(draft: _Draft, wish: Wish, meant: Sequence[_Meant]) -> None:
    (one,), to = meant, wish.to.strip()
    problem = problem_with_name(to)
    if problem:
        raise ValueError(f"the new name {problem}")
    draft.removed += draft.of(one, Verb.RENAME)
    others = [member for member in draft.members if member is not one.member and name_key(to) in member.keys]
    if others:
        text = (
            f"{to!r} is a name of row {others[0].row}, {others[0].name!r}, already; merge the two, or take another name"
        )
        raise ValueError(text)
    if any(name_key(name) == name_key(to) and name != one.name for name in draft.unlisted):
        raise ValueError(f"{to!r} is in the book already, too seldom to be listed; merge the two, or take another name")
    if one.member is None or to != one.member.found:
        draft.added.append(Order(verb=Verb.RENAME, names=(one.found,), to=to))
    elif not draft.removed:
        raise ValueError(f"it is called {to!r} already")


def _kind(draft: _Draft, wish: Wish, meant: Sequence[_Meant]) -> None:
    (one,) = meant
    if wish.to not in KINDS:
        raise ValueError(f"a kind is one of {', '.join(KINDS)}")
    draft.removed += draft.of(one, Verb.KIND)
    if one.member is None or ElementType(wish.to) is not one.member.found_type:
        draft.added.append(Order(verb=Verb.KIND, names=(one.found,), to=wish.to))
    elif not draft.removed:
        raise ValueError(f"{one.name!r} is a {wish.to} already")


def _drop(draft: _Draft, _wish: Wish, meant: Sequence[_Meant]) -> None:
    for one in meant:
        if one.member and one.member.is_dropped:
            raise ValueError(f"{one.name!r} is left out already")
        if one.member and one.name != one.member.name:
            text = f"{one.name!r} is one of the names of {one.member.name!r}; split it first, or drop that one"
            raise ValueError(text)
        draft.removed += draft.of(one, Verb.RENAME, Verb.KIND)
        draft.added.append(Order(verb=Verb.DROP, names=(one.found,)))


def _undo(draft: _Draft, _wish: Wish, meant: Sequence[_Meant]) -> None:
    for one in meant:
        orders = draft.of(one)
        if not orders:
            raise ValueError(f"you said nothing about {one.name!r}")
        draft.removed += orders


def _reset(draft: _Draft, _wish: Wish, _meant: Sequence[_Meant]) -> None:
    if not draft.orders:
        raise ValueError("nothing was changed, so there is nothing to reset")
    draft.removed += draft.orders


def _apply(_draft: _Draft, _wish: Wish, _meant: Sequence[_Meant]) -> None:
    return


_ACTIONS: Mapping[Action, Callable[[_Draft, Wish, Sequence[_Meant]], None]] = {
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.RENAME: _rename,
    Action.KIND: _kind,
    Action.DROP: _drop,
    Action.UNDO: _undo,
    Action.RESET: _reset,
    Action.APPLY: _apply,
}
