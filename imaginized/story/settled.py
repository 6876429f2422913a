"""Which scenes can be drawn before the whole book is read: those of whom nothing is left for the merge to settle. Pure.

The rule, which is nowhere else. A scene is settled by its chapter and those before it where

- each name in it is that of exactly one element of the cast of these chapters;
- it has a name of its own: no noun, and whoever is alive no rank alone and not "I";
- a person's sex is certain: by a title, by the pronouns so far, or by a given name that no pronoun is against;
- nobody else in these chapters has a word of that name, and might be the same: "Bennet" beside "Jane Bennet";
- none of the looks that hold now is a guess.

What a reader of the chapter does not know yet is in no picture of it (`looking.as_of`): nothing else is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imaginized.story.apart import is_doubtful, sex_by_pronouns, sex_of_title
from imaginized.story.elements import NARRATOR, SELF, Element, ElementType, Scene
from imaginized.story.joining import ALIVE, Group, is_rank, keys_of
from imaginized.story.look_fit import SURELY
from imaginized.story.looking import as_of
from imaginized.story.names import Key, are_two, core, name_key


@dataclass(frozen=True, slots=True)
class Settled:
    """Tells of each scene of a chapter whether it is settled.

    Attributes:
        cast: Who and what there is by then.
        found: What the chapters up to this one found, which the cast was joined of.
    """

    cast: Sequence[Element]
    found: Sequence[Element]

    def __call__(self, scene: Scene) -> bool:
        """Whether nothing that the merge may find changes what is to be seen in it."""
        owners = [self._owners(name) for name in scene.elements]
        if any(len(each) != 1 for each in owners):
            return False
        return all(self._is_certain(each[0], chapter=scene.chapter) for each in owners)

    def _owners(self, name: str) -> list[Element]:
        said = name.casefold()
        return [each for each in self.cast if said in {one.casefold() for one in (each.name, *each.aliases)}]

    def _is_certain(self, element: Element, *, chapter: int) -> bool:
        if any(look.is_guessed for look in as_of(element, chapter=chapter).looks):
            return False
        group = self._group(element)
        if group.counts["noun"] * 2 > group.mentions:
            return False  # "the dog" of another chapter may be another one
        if element.type not in ALIVE:
            return True
        if not _is_proper(element.name):
            return False
        sex = self._sex(element)
        if element.type is ElementType.CHARACTER and not sex:
            return False
        return not any(self._may_be_same(element, other, sex=sex) for other in (*self.cast, *self.found))

    def _sex(self, element: Element) -> str:
        """The sex where it is certain; else ""."""
        own, group = keys_of(element), self._group(element)
        titles = {sex for key in own if (sex := sex_of_title(key))}
        told = sex_by_pronouns(group)
        if titles:
            is_against = told and max(group.counts["he"], group.counts["she"]) >= SURELY and told not in titles
            return "" if len(titles) > 1 or is_against else titles.pop()
        if told and max(group.counts["he"], group.counts["she"]) >= SURELY:
            return told
        listed = [sex for sex in ("woman", "man") if group.counts[f"given_{sex}"]]
        return listed[0] if len(listed) == 1 and told in ("", listed[0]) and not is_doubtful(group) else ""

    def _group(self, element: Element) -> Group:
        """All that the chapters found of it."""
        own, group = keys_of(element), Group(name_key(element.name))
        group.take(each for each in self.found if not own.isdisjoint(keys_of(each)))
        return group

    def _may_be_same(self, element: Element, other: Element, *, sex: str) -> bool:
        own, theirs = keys_of(element), keys_of(other)
        if other.type not in ALIVE or not own.isdisjoint(theirs):
            return False  # itself, as a chapter found it
        if all(_share_no_word(a, b) for a in own for b in theirs):
            return False
        if sex and (other_sex := self._sex(other)) and other_sex != sex:
            return False
        return not any(are_two(a, b) for a in own for b in theirs)


def since_then(drawn: Mapping[str, str], now: Sequence[Element]) -> str:
    """What the whole book says of those in a picture that was not known when it was drawn; "" for nothing.

    Args:
        drawn: Whom and what it shows, each with the looks it was drawn by.
        now: Those in its scene, by the whole book.
    """
    told: list[str] = []
    seen: set[str] = set()
    for each in now:
        names = {name.casefold() for name in (each.name, *each.aliases)}
        before = [name for name in drawn if name.casefold() in names]
        seen |= set(before)
        if len(before) > 1:
            told.append(f"{' and '.join(before)} are the same")
        old = "; ".join(drawn[name] for name in before)
        told += _told(f"{each.name} also has", _pieces(each.description), old)
        told += _told(f"{each.name} no longer has", _pieces(old), each.description)
    told += [f"{name} is left out of the cast" for name in drawn if name not in seen]
    return "; ".join(told)


def _told(lead: str, pieces: Sequence[str], known: str) -> list[str]:
    news = [piece for piece in pieces if piece.casefold() not in known.casefold()]
    return [f"{lead} {', '.join(news)}"] if news else []


def _pieces(looks: str) -> list[str]:
    return [piece for each in looks.split(";") if (piece := each.strip())]


def _is_proper(name: str) -> bool:
    key = name_key(name)
    return bool(key) and name not in (NARRATOR, SELF) and not name.islower() and not is_rank(key)


def _share_no_word(a: Key, b: Key) -> bool:
    return set(core(a)).isdisjoint(core(b))
