"""What is told between the people of a cast: who is named beside whom, who answers to whose name. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from imaginized.story.elements import SELF
from imaginized.story.joining import Group
from imaginized.story.names import Key, Parts, name_key

# Two names of one person seldom share a sentence.
SELDOM = 0.03
# Of all who may be meant, the one is it in so many cases, and clearly before the next.
LEAST, CLEARLY_MORE = 2, 2.0


class Cast(Protocol):
    """The people found so far, and how the book's names are built."""

    epithets: set[Key]
    lasts: set[str]
    names: list[tuple[Parts, int]]
    listed: set[str]
    aged: set[Key]

    def parts(self, key: Key) -> Parts:
        """Take a name apart."""
        ...

    def is_office(self, key: Key) -> bool:
        """Tell whether a noun is also somebody's title."""
        ...

    def sex(self, group: Group) -> str:
        """Tell "woman", "man" or ""."""
        ...

    def may_be(self, group: Group, person: Group) -> bool:
        """Tell whether nothing proves them two."""
        ...


class Ties:
    """What is told between the people of a cast."""

    def __init__(self, cast: Cast, people: Sequence[Group], nouns: Sequence[Group] = ()) -> None:
        """Start from people as they are; `nouns` have no name ("the vicar")."""
        self.cast = cast
        self.people, self.nouns = list(people), list(nouns)
        self.by_key: dict[Key, list[Group]] = {}
        for person in people:
            self._index(person)

    def _index(self, person: Group) -> None:
        for key in person.keys:
            known = self.by_key.setdefault(key, [])
            if not any(other is person for other in known):
                known.append(person)

    def who(self, key: Key) -> Group | None:
        """The one person of a name."""
        known = self.by_key.get(key, [])
        return known[0] if len(known) == 1 else None

    def sums(self, counts: Counter[Key]) -> list[tuple[int, Group]]:
        """How often each person is in a count of names, most often first."""
        totals: Counter[int] = Counter()
        people: dict[int, Group] = {}
        for key, count in counts.items():
            person = self.who(key)
            if person is not None:
                totals[id(person)] += count
                people[id(person)] = person
        return sorted(((count, people[at]) for at, count in totals.items()), key=lambda pair: (-pair[0], pair[1].key))

    def count(self, counts: Counter[Key], person: Group) -> int:
        """How often one person is in a count of names."""
        return sum(counts[key] for key in person.keys)

    def fit(self, one: Group, other: Group) -> bool:
        """Tell whether one is not known as a woman and the other as a man."""
        return {self.cast.sex(one), self.cast.sex(other)} != {"woman", "man"}

    def unnamed(self, name: Group) -> int:
        """How often the narrator answers to a name, as long as he is nobody."""
        return 0 if self.by_key.get(name_key(SELF)) else name.answers[name_key(SELF)]

    def uses(self, person: Group, key: Key) -> int:
        """How often somebody is called by one name."""
        return sum(element.mentions for element in person.found if name_key(element.name) == key)

    def has_full(self, person: Group) -> bool:
        """Tell whether one of the names has a given and a last name."""
        return any(parts.given and parts.last for parts in map(self.cast.parts, person.keys))

    def lasts(self, person: Group) -> set[str]:
        """The last names of somebody."""
        return {self.cast.parts(key).last for key in person.keys} - {""}

    def meet(self, one: Group, other: Group) -> int:
        """How often they share a sentence, counted from both sides."""
        return max(self.count(one.near, other), self.count(other.near, one))

    def told_wed(self, one: Group, other: Group) -> int:
        """How often they are named where a marriage is told, or as a pair."""
        return max(self.count(a.weds, b) + self.count(a.along, b) for a, b in ((one, other), (other, one)))

    def seldom_meet(self, one: Group, other: Group) -> bool:
        """Tell whether nothing puts them side by side."""
        if self.count(one.along, other) + self.count(other.along, one):
            return False
        return self.meet(one, other) <= max(1, SELDOM * min(one.mentions, other.mentions))

    def join(self, name: Group, person: Group) -> None:
        """Make all of one person another's."""
        person.take(name.found)
        person.keys |= name.keys
        self.people = [other for other in self.people if other is not name]
        self.nouns = [other for other in self.nouns if other is not name]
        for key in name.keys:
            self.by_key[key] = [other for other in self.by_key.get(key, []) if other is not name]
        self._index(person)


def clear_best(weighed: Iterable[tuple[float, Group]], least: float = LEAST) -> Group | None:
    """The one that weighs clearly more than all others."""
    ranked = sorted(weighed, key=lambda pair: (-pair[0], pair[1].key))
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] < CLEARLY_MORE * ranked[1][0]:
        return None
    return ranked[0][1]
