"""Which of the elements that chapters found are one: names that are short for another, nouns, titles. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from imaginized.story.element_types import judge_kind
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.names import (
    OFFICES,
    SPELLED,
    Key,
    Sexes,
    are_two,
    core,
    differ_in_sex,
    front,
    is_mother_of,
    name_key,
)

# A chapter says "creature" or "item" only on the strength of a noun; "character" is also what nothing speaks against.
VOTE = {ElementType.CHARACTER: 1.0, ElementType.CREATURE: 8.0, ElementType.PLACE: 1.0, ElementType.ITEM: 6.0}
ALIVE = frozenset((ElementType.CHARACTER, ElementType.CREATURE))
# A short name joins a longer one if that is so much weightier than the next candidate.
CLEARLY_MORE = 3.0
# The fullest name is shown if it makes up a fifth of the commonest one.
OFTEN_ENOUGH = 5
# "The Count" is Count Dracula if those who are called so share at least this much of its chapters.
RANK_SHARE = 0.35
# Who is named so often has a name with "of" in it.
ASIDE = 3
EMPTY: Sexes = {}


@dataclass(slots=True)
class Group:
    """All that the chapters found under one name, then under its other names too; facts are kept up by `take`."""

    key: Key
    found: list[Element] = field(default_factory=list)
    mentions: int = 0
    votes: dict[ElementType, float] = field(default_factory=dict)
    type: ElementType = ElementType.CHARACTER
    keys: set[Key] = field(default_factory=set)
    printed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    near: Counter[Key] = field(default_factory=Counter)
    along: Counter[Key] = field(default_factory=Counter)
    callers: Counter[Key] = field(default_factory=Counter)
    answers: Counter[Key] = field(default_factory=Counter)
    weds: Counter[Key] = field(default_factory=Counter)
    roles: Counter[Key] = field(default_factory=Counter)
    signed: int = 0

    def take(self, elements: Iterable[Element]) -> None:
        """Add what was found; the type is by weighted majority, in a draw the earlier kind of the guide."""
        for element in elements:
            weight = max(element.mentions, 1)
            self.found.append(element)
            self.mentions += weight
            self.votes[element.type] = self.votes.get(element.type, 0.0) + weight * VOTE[element.type]
            self.keys |= keys_of(element)
            self.printed += _printed_as_name(element)
            if element.signs is not None:
                self._add(element.signs, weight)
        self.type = self._judge()

    def told(self) -> Counter[int]:
        """How often each chapter has it."""
        total: Counter[int] = Counter()
        for element in self.found:
            total.update(dict.fromkeys(chapters_of(element), element.mentions))
        return total

    def keep(self, elements: Sequence[Element]) -> None:
        """Be of these elements only."""
        fresh = Group(self.key)
        fresh.take(elements)
        for part in fields(self):
            setattr(self, part.name, getattr(fresh, part.name))

    def _add(self, signs: Signs, weight: int) -> None:
        self.counts.update(signs.counts)
        self.signed += weight if "noun" not in signs.counts else 0
        for total, names in (
            (self.near, signs.near),
            (self.along, signs.along),
            (self.callers, signs.callers),
            (self.answers, signs.answers),
            (self.weds, signs.weds),
            (self.roles, signs.roles),
        ):
            for name, count in names.items():
                total[name_key(name)] += count

    def _judge(self) -> ElementType:
        """By the signs of the whole book where the most was counted, else by what the chapters said."""
        if self.signed * 2 > self.mentions:
            return judge_kind(self.counts, mentions=self.signed)
        return max(ElementType, key=lambda kind: self.votes.get(kind, 0.0))

    @property
    def chapters(self) -> tuple[int, ...]:
        """Where it was found, ascending."""
        return tuple(sorted({chapter for element in self.found for chapter in chapters_of(element)}))


def group_by_name(elements: Iterable[Element]) -> list[Group]:
    """One group for each name, in order of appearance; one and many are one."""
    groups: dict[Key, Group] = {}
    for element in elements:
        key = name_key(element.name)
        if key in groups and element.type in ALIVE and _are_strangers(groups[key].keys, keys_of(element)):
            element = _by_full_name(element)
            key = name_key(element.name)
        if key:
            groups.setdefault(key, Group(key)).take([element])
    for key in list(groups):
        plural = next((many for many in _plurals(key) if many in groups), None)
        if plural is None or groups[plural].type != groups[key].type:
            continue
        if (
            groups[key].signed
            and groups[key].type is ElementType.CHARACTER
            and not _is_one(groups[plural], groups[key])
        ):
            groups.pop(plural)  # the Churchills are a family, none of them
        else:
            groups[plural].take(groups.pop(key).found)
    return list(groups.values())


def without_asides(groups: list[Group]) -> list[Group]:
    """Give "Henchard of Elizabeth" ("asked Henchard of Elizabeth") back to Henchard: two people are no name."""
    known = {group.key: group for group in groups}
    kept = []
    for group in groups:
        at = group.key.index("of") if "of" in group.key[1:] else 0
        speaker, other = known.get(group.key[:at]), known.get(group.key[at + 1 :])
        if speaker and other and group.mentions < ASIDE and (other.key[0] in ("mr", "mrs") or other.counts["given"]):
            speaker.take(replace(element, name=speaker.found[0].name) for element in group.found)
        else:
            kept.append(group)
    return kept


def _is_one(many: Group, one: Group) -> bool:
    """Tell whether what looks like a plural is the name itself ("Chambers"), far more often met and without "the"."""
    return many.mentions >= CLEARLY_MORE * one.mentions and many.counts["the"] * 4 < many.signed


def _plurals(key: Key) -> list[Key]:
    last = key[-1]
    forms = [last[:-1] + "ies", last[:-1] + "ves"] if last[-1] in "yf" else []
    forms += [last + "s", last + "es", last.removesuffix("man") + "men"]
    return [(*key[:-1], form) for form in forms]


def join_groups(groups: list[Group], sexes: Sexes, *, nouns: bool) -> list[Group]:
    """Join short names to full ones, fullest first, a Miss before a Mrs.; leave alone where it is open whose it is.

    With `nouns` "the shoes" of the book join its silver shoes; a chapter alone does not know whether there are others.
    """
    ranked = sorted(
        groups, key=lambda g: (-len(front(core(g.key))), -len(g.key), g.key[0] == "mrs", -g.mentions, g.key)
    )
    standing: list[Group] = []
    by_word: dict[str, list[Group]] = defaultdict(list)
    for group in ranked:
        near = {id(other): other for key in group.keys for word in key for other in by_word[word] if other.found}
        same = [o for o in near.values() if _same(group, o, sexes) or (nouns and _is_noun_of(group, o))]
        target = _target(group, same)
        if target is not None:
            target.take(group.found)
            group = target
        else:
            standing.append(group)
        for word in {word for key in group.keys for word in key}:
            if not any(other is group for other in by_word[word]):
                by_word[word].append(group)
    return standing


def _target(group: Group, others: list[Group]) -> Group | None:
    """The one that a name is another name of: the only one, or the clearly weightier."""
    others.sort(key=lambda other: (-other.mentions, other.key))
    if not others:
        return None
    if len(others) > 1 and others[0].mentions < CLEARLY_MORE * others[1].mentions:
        exact = [other for other in others if core(other.key) == core(group.key)]
        return exact[0] if len(exact) == 1 else None
    return others[0]


def _same(group: Group, other: Group, sexes: Sexes) -> bool:
    kinds = {group.type, other.type}
    if len(kinds) > 1 and not kinds <= ALIVE:
        return False
    if kinds <= ALIVE and _are_strangers(group.keys, other.keys, sexes):
        return False
    return bool(group.key in other.keys or other.key in group.keys)


def _is_noun_of(short: Group, full: Group) -> bool:
    """Tell whether "the shoes" are the silver shoes: a thing's noun joins the one name that it often has."""
    if short.type is ElementType.CHARACTER or short.type is not full.type or len(short.key) > 1 or len(full.key) < 2:
        return False
    if full.key[-1] != short.key[0] or (full.type is ElementType.PLACE and full.printed > 0):  # a road, Brixton Road
        return False
    return full.mentions * (OFTEN_ENOUGH if full.printed <= 0 else 2) >= short.mentions


def is_rank_of(bare: Group, titled: Group) -> bool:
    """Tell whether a title alone ("the Count") stands for one who bears it and is there in many of its chapters."""
    if not is_rank(bare.key) or not bears(titled, bare.key[0]):
        return False
    there = set(bare.chapters)
    return len(there & set(titled.chapters)) >= RANK_SHARE * len(there)


def bears(person: Group, rank: str) -> bool:
    """Tell whether somebody is called by a title and a name: Dr. Livesey is a doctor."""
    rank = SPELLED.get(rank, rank)
    return any(rank in [SPELLED.get(word, word) for word in key[:-1]] for key in person.keys)


def is_rank(key: Key) -> bool:
    """Tell whether a title is all there is of a name."""
    return len(key) == 1 and key[0] in OFFICES


def keys_of(element: Element) -> set[Key]:
    """Its name and its other names, as keys."""
    return {name_key(name) for name in (element.name, *element.aliases)} - {()}


def _are_strangers(some: Iterable[Key], others: Iterable[Key], sexes: Sexes = EMPTY) -> bool:
    """Tell whether a name of the ones and a name of the others cannot be one's."""
    some, others = _as_misses(some), _as_misses(others)
    mothers = any(is_mother_of(a, others) for a in some) or any(is_mother_of(b, some) for b in others)
    return mothers or any(are_two(a, b) or differ_in_sex(a, b, sexes) for a in some for b in others)


def _as_misses(keys: Iterable[Key]) -> set[Key]:
    """Her maiden name as a Miss bears it: Mina Murray is Miss Mina Murray, and may marry."""
    known = set(keys)
    return {("miss", *key) if ("miss", *key) in known else key for key in known}


def _by_full_name(element: Element) -> Element:
    """Call it by the fullest of its names: another John than the John of the chapters before."""
    name = max((element.name, *element.aliases), key=lambda name: (len(core(name_key(name))), name))
    rest = tuple(other for other in (element.name, *element.aliases) if other != name)
    return replace(element, name=name, aliases=rest)


def _printed_as_name(element: Element) -> int:
    """Votes for a proper name: "Wolf" is none where the quotes print "wolf"."""
    if element.name.islower():
        return -1
    small = element.name[:1].lower() + element.name[1:]
    as_name = sum(element.name in quote.text for quote in element.quotes)
    return 1 if as_name >= sum(small in quote.text for quote in element.quotes) else -1


def chapters_of(element: Element) -> tuple[int, ...]:
    """Where it was found, else where its quotes stand, ascending."""
    return element.chapters or tuple(sorted({quote.chapter for quote in element.quotes}))
