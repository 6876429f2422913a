"""The people of a book as they are joined, and how its names are built: given and last names, sexes, families. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set

from imaginized.story import foreign_titles
from imaginized.story.apart import (
    CALLS_LEAST,
    NOBLE,
    SLIP_SHARE,
    UNRANKED,
    are_apart,
    are_both_common,
    are_both_labels,
    are_told_together,
    conflict,
    is_doubtful,
    is_head_of,
    is_initial,
    is_mother_of,
    is_plain,
    sex_by_pronouns,
    sex_of_title,
)
from imaginized.story.element_types import is_place
from imaginized.story.elements import ElementType
from imaginized.story.joining import ALIVE, Group
from imaginized.story.names import (
    BEFORE_GIVEN,
    MEN,
    MILITARY,
    OFFICES,
    RANKS,
    TITLES,
    WOMEN,
    Key,
    Parts,
    Sexes,
    core,
    front,
    given_roots,
    is_same_given,
    name_key,
    pet_stems,
    title_of,
)

CLEARLY_MORE = 3.0
# "Mrs. Charles" is no last name where Charles is met so much more often.
MOSTLY_BARE = 10
# A man named so much more seldom than a woman of his last name is hardly there.
HARDLY = 8
# Who calls somebody by a name and so much more seldom answers to it is another.
CALLS_MORE = 2
# A word that is a first name in full names this often, and a last name, tells alone of nobody.
LEAST_BOTH = 2
HALF = 0.5
# So many of one last name are a family; who of it speaks by the bare last name in this share is somebody.
LARGE, SPEAKS = 8, 0.05
# Two of one name are told apart so, each so often at least.
AGE_PAIRS, TOLD_APART = (("old", "young"), ("big", "little")), 3
AGES = frozenset(age for pair in AGE_PAIRS for age in pair)
CUT = "st"
# A father and a son are told of as Mr. and Master so often.
BOTH_OFTEN = 5
# A father is "old Mr. Clare" now and then, where there is a young one.
AGED = 2
KIN = frozenset(("uncle", "aunt", "cousin", "father", "mother", "brother", "sister", "granny"))
ROYAL = RANKS & (MEN | WOMEN)
# Sums of the tables, made once: these are asked for every name of every chapter.
UNTOLD, OF_KIN, KIN_OR_NOBLE, MISTERS = BEFORE_GIVEN | {""}, KIN | foreign_titles.RUSTIC, KIN | NOBLE, MILITARY | {"mr"}


class Cast:
    """The people found so far, and how the book's names are built."""

    def __init__(self, groups: Sequence[Group], sexes: Sexes, nouns: Sequence[Group] = ()) -> None:
        """Start with nobody; `groups` are all that will be asked for, `nouns` those without a name ("the dairyman")."""
        self.people: list[Group] = []
        self.sexes, self.titled = dict(sexes), dict(sexes)
        self.by_word: dict[str, list[Group]] = defaultdict(list)
        self._parts: dict[Key, Parts] = {}
        self._sex: dict[int, tuple[int, str]] = {}
        self.epithets = {key for g in groups if g.counts["the"] * 2 >= max(g.signed, 1) for key in g.keys}
        self.both: set[str] = set()
        self.offices = _find_offices(groups, nouns)
        self.aged = _find_aged(groups)
        self.givens, self.lasts = self._known_words(groups)
        keys = {key for group in groups for key in group.keys}
        self.misses, self.wives = ({core(k)[-1] for k in keys if title_of(k) == title} for title in ("miss", "mrs"))
        self.clans = self._find_clans(keys)
        self.bare = {group.key[0]: frozenset(group.chapters) for group in groups if len(group.key) == 1}
        self.branches = self._branches(keys)
        for group in groups:
            self._learn_sex(group)
        self.listed = {core(key)[0] for group in groups if group.counts["given"] for key in group.keys}
        self.names = [(self.parts(key), group.mentions) for group in groups for key in group.keys]

    def _find_clans(self, keys: Set[Key]) -> set[str]:
        """The last names of large families: a bare one is nobody's in particular."""
        members: dict[str, set[str]] = defaultdict(set)
        for name in (core(key) for key in keys if self._is_full(key)):
            members[name[-1]].add(name[0])
        return {last for last, givens in members.items() if len(givens) >= LARGE}

    def _branches(self, keys: Set[Key]) -> set[str]:
        """The last names of which there is a Mrs. John, or a Mr. John and a Mr. George."""
        full = [(title_of(key), core(key)) for key in keys if self._is_full(key)]
        men = {(name[-1], name[0]) for title, name in full if title == "mr"}
        several = {last for last, count in Counter(last for last, _ in men).items() if count > 1}
        return several | {name[-1] for title, name in full if title == "mrs"}

    def _known_words(self, groups: Sequence[Group]) -> tuple[set[str], set[str]]:
        """The given and the last names of the book; a word that is both is what it is more often."""
        givens: Counter[str] = Counter()
        lasts: Counter[str] = Counter()
        for group in groups:
            for key in group.keys:
                if self._is_full(key):
                    lasts[core(key)[-1]] += group.mentions
                    if title_of(key) != "mrs":
                        givens[core(key)[0]] += group.mentions
        titled = [
            (bare[0], title, group.mentions)
            for group in groups
            for title, bare in map(self._split, group.keys)
            if len(bare) == 1 and title not in UNTOLD
        ]
        with_others = {word for word, title, _ in titled if title not in ("miss", "master")}
        families = {word for word, title, _ in titled if title not in ("mr", "master", "sir", "don")}
        servants = {word for word, title, _ in titled if title == "mr"} - families  # who say "Mr. Peter"
        bare = {group.key[0]: group for group in groups if len(group.key) == 1}
        for word, title, mentions in titled:
            is_listed = word in bare and bare[word].counts["given"] and bare[word].mentions > mentions
            mostly = is_listed and bare[word].mentions > (1 if word in servants else MOSTLY_BARE) * mentions
            if is_listed and (mostly or word not in with_others) and word not in lasts:
                givens[word] += mentions  # Miss Louisa
            elif title in NOBLE and word not in givens and given_roots(word) & givens.keys():
                givens[word] += mentions  # Lord Tony, of Lord Antony Dewhurst
            elif word not in givens:
                lasts[word] += mentions
        self.both = (
            _are_firsts({key: g.mentions for g in groups for key in g.keys if self._is_full(key)}) & lasts.keys()
        )
        return {word for word in givens if givens[word] > lasts[word]}, {
            word for word in lasts if lasts[word] >= givens[word]
        }

    def _is_full(self, key: Key) -> bool:
        return len(self._split(key)[1]) > 1 and "of" not in key and key not in self.epithets

    def _split(self, key: Key) -> tuple[str, Key]:
        """The title and the bare name; "Dairyman Crick" has a title where the book has a dairyman."""
        bare, title = _bare(key), title_of(key)
        if bare in self.aged and not title and len(key) > 1 and key[0] in AGES:
            return key[0], bare
        if len(bare) > 1 and bare[0] in self.offices:
            return bare[0], bare[1:]
        return title, bare

    def is_office(self, key: Key) -> bool:
        """Tell whether a noun is also somebody's title."""
        return len(key) == 1 and (key[0] in self.offices or key[0] in OFFICES)

    def _learn_sex(self, group: Group) -> None:
        """Given names that a list knows, or that go with "he" or "she" all along."""
        bare, title = core(group.key), title_of(group.key)
        told = (sex for sex in ("woman", "man") if group.counts[f"given_{sex}"])
        sex = sex_by_pronouns(group) or ("" if is_doubtful(group) else next(told, ""))
        is_last = len(bare) == 1 and (bare[0] in self.lasts or (title and title not in BEFORE_GIVEN))
        if sex and title != "mrs" and "of" not in bare and not is_last:
            self.sexes.setdefault(bare[0], sex)

    def is_family(self, group: Group) -> bool:
        """Tell whether it is "the Churchills", "the Miss Bennets", "a Churchill": all of a last name, none of them."""
        word = group.key[-1]
        if len(group.key) == 1 and word in self.clans and group.counts["speech"] <= SPEAKS * group.mentions:
            return True
        the = group.counts["the"] * 2 >= max(group.signed, 1) or group.key[:-1] == ("miss",)
        return len(core(group.key)) == 1 and the and word.endswith("s") and word[:-1] in self.lasts

    def is_namesake(self, group: Group) -> bool:
        """Tell whether what the map has as a place, or a noun as a thing, is a last name here, and nobody is in it."""
        if group.type in ALIVE or not group.signed or len(group.key) > 1:
            return False
        if group.key[0] not in self.lasts | self.givens:
            return False
        return not is_place({**group.counts, "geo": 0}, mentions=group.signed)

    def parts(self, key: Key) -> Parts:
        """Take a name apart, by what the whole book knows of its words."""
        if key not in self._parts:
            self._parts[key] = self._take_apart(key)
        return self._parts[key]

    def _take_apart(self, key: Key) -> Parts:
        title, bare = self._split(key)
        bare = front(bare) if len(front(bare)) > 1 else bare
        if self._is_full(bare if "of" in key else key):
            husband = title == "mrs" and self.sexes.get(bare[0]) != "woman"
            return Parts(
                title=title,
                given="" if husband else bare[0],
                last=bare[-1],
                husband=bare[0] if husband else "",
                core=bare,
            )
        if len(bare) > 1:
            given = bare[0] if "of" in bare and bare[0] in self.givens else ""
            return Parts(title=title, given=given, core=bare)
        word = bare[0]
        is_given = word in self.givens
        if title in AGES:
            return Parts(title=title, given=word if is_given else "", word=word, core=bare)
        if title in OF_KIN and word in self.lasts:
            return Parts(title=title, last=word, core=bare)
        if title and (title in BEFORE_GIVEN or is_given):
            return Parts(title=title, given=word, core=bare)
        if title:
            return Parts(title=title, last=word, core=bare)
        return Parts(given=word if is_given else "", word=word, core=bare)

    def add(self, group: Group, person: Group | None) -> None:
        """Make a name a person's, or a person of its own."""
        if person is None:
            self.people.append(group)
            person = group
        else:
            person.take(group.found)
            person.keys |= group.keys
        titles = {key[0] for key in group.keys if len(key) > 1 and key[0] in OFFICES}
        for word in titles.union(*(_lookups(key) for key in group.keys)):
            if not any(other is person for other in self.by_word[word]):
                self.by_word[word].append(person)

    def near(self, group: Group) -> list[Group]:
        """Who has a word of it in a name, and may be the same."""
        words = {word for key in group.keys for word in _lookups(key)}
        found = {id(person): person for word in words for person in self.by_word.get(word, ())}
        return [person for person in found.values() if self.may_be(group, person)]

    def owner(self, parts: Parts) -> Group | None:
        """The one who is called just so, by this or another word for the title."""
        same = [
            p
            for p in self.by_word[parts.core[-1]]
            if any(k.core == parts.core and k.title == parts.title for k in map(self.parts, p.keys))
        ]
        return same[0] if len(same) == 1 else None

    def without_younger(self, parts: Parts, people: list[Group]) -> list[Group]:
        """Leave out who is called "Miss Lydia Bennet" where there are several: plain "Miss Bennet" is the eldest."""
        family = [p for p in self.by_word[parts.last] if any(parts.last == self.parts(k).last for k in p.keys)]
        rivals = (
            {id(p) for p in family if has_given(p, self) and self.sex(p) == self.sex(people[0])} if people else set()
        )
        if (
            len(rivals) < 2
            or parts.title not in UNRANKED - {"mrs"}
            or (parts.title == "mr" and parts.last not in self.branches)
        ):
            return people
        theirs = {id(p): [self.parts(key) for key in p.keys] for p in people}
        return [
            p
            for p in people
            if not any(k.title == parts.title and k.given and k.last == parts.last for k in theirs[id(p)])
        ]

    def weight_of(self, last: str) -> Callable[[Group], int]:
        """Weigh people by how often they are called by a last name: a child of the house mostly is not."""
        return lambda person: sum(
            element.mentions
            for element in person.found
            if last in ((parts := self.parts(name_key(element.name))).last, parts.word)
        )

    def share_chapter(self, a: Group, b: Group, last: str) -> bool:
        """Tell whether they are named in one chapter, or each in one with the bare last name."""
        between = self.bare.get(last, frozenset())
        return not set(a.chapters).isdisjoint(b.chapters) or not (
            between.isdisjoint(a.chapters) or between.isdisjoint(b.chapters)
        )

    def sex(self, group: Group) -> str:
        """Tell "woman", "man" or "": by title, by "he" and "she", by the given name."""
        known = self._sex.get(id(group))
        if known is None or known[0] != len(group.found):
            known = self._sex[id(group)] = len(group.found), self._find_sex(group)
        return known[1]

    def _find_sex(self, group: Group) -> str:
        titles = {sex_of_title(key) for key in group.keys} - {""}
        if len(titles) == 1:
            return titles.pop()
        bare = {key[0] for key in group.keys if len(key) == 1} & self.givens
        by_titles = {self.titled.get(word, "") for word in bare} - {""}
        if len(by_titles) == 1 and MOSTLY_BARE * (group.counts["he"] + group.counts["she"]) < group.mentions:
            return by_titles.pop()  # padre Amaro's, where few pronouns tell of Amaro
        by_pronouns = sex_by_pronouns(group)
        if by_pronouns or is_doubtful(group):
            return by_pronouns
        words = {parts.given or parts.word for parts in map(self.parts, group.keys)} - self.lasts
        told = {self.sexes.get(word, "") for word in words} - {""}
        return told.pop() if len(told) == 1 else ""

    def may_be(self, group: Group, person: Group) -> bool:
        """Tell whether nothing proves them two."""
        if {self.sex(group), self.sex(person)} == {"woman", "man"}:
            return False
        own, theirs = [self.parts(key) for key in group.keys], [self.parts(key) for key in person.keys]
        pairs = [(a, b) for a in own for b in theirs]
        slip = self._is_slip(group, person) or self._is_slip(person, group)
        if any(conflict(a, b, slip=slip) for a, b in pairs):
            return False
        if self._are_other_families(own, theirs, is_man="man" in (self.sex(group), self.sex(person))):
            return False
        if is_mother_of(own, theirs) or is_mother_of(theirs, own) or self._are_branches(group, person, pairs):
            return False
        if are_both_labels(group, person) or self._is_sons_wife(pairs):
            return False
        if any({a.title, b.title} == {"mr", "dr"} for a, b in pairs) and are_both_common(group, person):
            return False
        if self._calls(group, person) or self._calls(person, group) or self._are_both_told(group, person):
            return False
        if any(is_plain(a, b) for a, b in pairs):
            return True
        return not are_apart(group, person, of_one=any(self._is_only_miss(a, b) for a, b in pairs))

    def _is_only_miss(self, a: Parts, b: Parts) -> bool:
        """Tell whether one is plain "Miss Harding", and the other the only woman with a given name of the family."""
        for miss, woman in ((a, b), (b, a)):
            if miss.title == "miss" and miss.last and not miss.given and woman.given and woman.last == miss.last:
                return {p.given for p, _ in self.names if p.last == miss.last and self._is_womans(p)} == {woman.given}
        return False

    def _is_womans(self, parts: Parts) -> bool:
        return bool(parts.given) and self.sexes.get(parts.given) == "woman"

    def _are_branches(self, group: Group, person: Group, pairs: list[tuple[Parts, Parts]]) -> bool:
        """Tell whether one is the head of a family that has a Mrs. John Knightley, too, and one the other man."""
        return any(
            a.last in self.branches and (is_head_of(a, group, b, person) or is_head_of(b, person, a, group))
            for a, b in pairs
        )

    def _is_sons_wife(self, pairs: list[tuple[Parts, Parts]]) -> bool:
        """Tell whether one is plain "Mrs. Clare" and the other "Mrs. Angel Clare", and Angel is not the only man."""
        for a, b in (*pairs, *((b, a) for a, b in pairs)):
            if a.title == b.title == "mrs" and a.last == b.last != "" and b.husband and not a.husband and not a.given:
                men = {p.given for p, _ in self.names if p.last == b.last and self.sexes.get(p.given) != "woman"} - {""}
                return b.husband in men and len(men) > 1
        return False

    def _are_both_told(self, one: Group, other: Group) -> bool:
        """Tell whether chapters say Tom and Mr. Gradgrind, or Aunt and Mrs. March, in turn: a teller keeps to one.

        Only for the name that comes: who is both from the start of the book may be called both in it.
        """
        kin = {parts.title for parts in map(self.parts, one.keys) if parts.last} & KIN
        bare = all(p.given and not p.title and not p.last for p in map(self.parts, one.keys))
        rank = {parts.title for parts in map(self.parts, one.keys) if not parts.given} & MILITARY
        if rank and are_told_together(self._told(one, titles=rank), self._told(other, titles={""}, given=True)):
            return True  # Squire Cass and Godfrey
        if not kin and not (bare and self.sex(other) == "man"):
            return False
        return are_told_together(self._told(one, titles=kin or {""}), self._told(other, titles={"mr", "mrs"}))

    def is_child_of(self, group: Group, parts: Parts, person: Group) -> bool:
        """Tell whether "Mr. Musgrove" or "Mrs. Vincy" is rather a parent of whom the book names more seldom."""
        known = [self.parts(key) for key in person.keys]
        rare = person.mentions < group.mentions
        is_told = group.counts["spoken"] * 2 < max(group.signed, 1)  # "Master Dimmesdale" may be said to a man
        for one, other in (("master", "mr"), ("mr", "master")):
            if is_told and parts.title == one and group.mentions >= BOTH_OFTEN <= self.uses(person, parts.last, other):
                return True
        if parts.title == "mr" and parts.last in self.wives and self._is_called_by_given(person, group, parts.last):
            return True
        if parts.title == "mr" and rare and all(p.title == "master" for p in known if p.given):
            return any(p.given for p in known)
        family = [(p, count) for p, count in self.names if rare and p.last == parts.last]
        if parts.title == "mr" and HALF * group.mentions > person.mentions:
            most = max((count for p, count in family if p.title == "mrs" and not p.husband), default=0)
            wives = {p.husband for p, count in family if p.husband and count < most}
            return any(p.given in wives for p in known if p.given)
        mister = any(p.title in MISTERS for p, _ in family)
        return parts.title == "mrs" and rare and mister and all(p.given and p.title != "mrs" for p in known if p.last)

    def _is_called_by_given(self, person: Group, head: Group, last: str) -> bool:
        """Tell whether the teller says "Adolphe", and only now and then with the last name of the head of the house."""
        told = self._told(person, titles={""}, given=True).total()
        return told >= BOTH_OFTEN and self.weight_of(last)(person) * MOSTLY_BARE <= head.mentions

    def uses(self, person: Group, last: str, title: str) -> int:
        """How often somebody is called by a title and a last name."""
        found = [(self.parts(name_key(each.name)), each.mentions) for each in person.found]
        return sum(count for parts, count in found if parts.last == last and parts.title == title and not parts.given)

    def is_lady(self, person: Group) -> bool:
        """Tell whether somebody is a Lady, whom nobody calls by the bare last name."""
        return any(self.parts(key).title == "lady" for key in person.keys)

    def are_told_apart(self, mister: Group, person: Group) -> bool:
        """Tell whether chapters say "Mr. Bennet" and a bare given name in turn."""
        return are_told_together(self._told(mister, titles={"mr"}), self._told(person, titles={""}, given=True))

    def is_another_of(self, family: Group, person: Group, title: str) -> bool:
        """Tell whether "Mr. Emerson", who is old, is told of beside George, and "Miss Brown" beside Miss Jessie."""
        if title == "mr":
            return family.counts["aged"] >= AGED and self.are_told_apart(family, person)
        met = any(family.near[key] for key in person.keys) or any(person.near[key] for key in family.keys)
        misses = self._told(person, titles={"miss"}, given=True)
        return title == "miss" and met and are_told_together(self._told(family, titles={"miss"}), misses)

    def without_misters(self, bare: Group, people: list[Group]) -> list[Group]:
        """Leave out who is "Mr. Clare" where the bare last name is told: it is his son's."""
        told = self._told(bare, titles={""})
        sons = [p for p in people if has_given(p, self) and self.sex(p) == "man"]
        fathers = [p for p in people if not has_given(p, self) and p.counts["aged"] >= AGED]
        return [p for p in sons if fathers and not are_told_together(told, self._told(p, titles={"mr"}))]

    def _told(self, person: Group, *, titles: Set[str], given: bool = False) -> Counter[int]:
        """How often each chapter tells of somebody by names with one of the titles, or by the bare given name."""
        told: Counter[int] = Counter()
        for element in person.found:
            parts = self.parts(name_key(element.name))
            if given and (parts.last or parts.word in self.lasts):
                continue
            if element.signs and parts.title in titles:
                told.update(dict.fromkeys(element.chapters, element.mentions - element.signs.counts.get("spoken", 0)))
        return told

    def _is_slip(self, mister: Group, officer: Group) -> bool:
        """Tell whether a "Mr." is so rare beside a Captain that it is the Captain."""
        return all(self.parts(key).title == "mr" for key in mister.keys) and (
            mister.mentions <= SLIP_SHARE * officer.mentions
        )

    def _calls(self, caller: Group, called: Group) -> bool:
        """Tell whether one calls the other, and hardly ever answers to that name."""
        keys = [key for key in caller.keys if not any(is_plain(self.parts(key), self.parts(k)) for k in called.keys)]
        calls = sum(called.callers[key] for key in keys)
        return calls >= CALLS_LEAST and calls > CALLS_MORE * sum(called.answers[key] for key in caller.keys)

    def _are_other_families(self, own: list[Parts], theirs: list[Parts], *, is_man: bool) -> bool:
        """Tell whether the last names differ; a woman may have two, one as a Miss and one as a Mrs."""
        ours, other = {parts.last for parts in own} - {""}, {parts.last for parts in theirs} - {""}
        if not (ours and other) or any(is_same_given(a, b) or is_initial(a, b) for a in ours for b in other):
            return False
        both = ours | other
        bride = not is_man and any(parts.given for parts in own)
        return not (bride and any(wife != maiden for wife in both & self.wives for maiden in both & self.misses))


def _find_offices(groups: Sequence[Group], nouns: Sequence[Group]) -> set[str]:
    """The nouns of people that also stand before a name, as no given name does: "the dairyman", "Dairyman Crick"."""
    known = {noun.key[0] for noun in nouns if len(noun.key) == 1 and noun.type is ElementType.CHARACTER}
    givens = {key[0] for group in groups if group.counts["given"] for key in group.keys}
    names = (core(key) for group in groups for key in group.keys)
    return {name[0] for name in names if len(name) == 2 and name[0] in known} - givens - TITLES


def _find_aged(groups: Sequence[Group]) -> set[Key]:
    """The names of which the book has an old and a young one, or a big and a little one, time and again."""
    told: dict[Key, Counter[str]] = defaultdict(Counter)
    for group in groups:
        if group.key[0] in AGES and len(group.key) > 1:
            told[core(group.key)][group.key[0]] += group.mentions
    return {
        name
        for name, counts in told.items()
        if any(min(counts[one], counts[other]) >= TOLD_APART for one, other in AGE_PAIRS)
    }


def _are_firsts(full: Mapping[Key, int]) -> set[str]:
    """The first words of full names; of Joshua Rigg Featherstone, "Rigg Featherstone" is no first and last name."""
    tails = {core(key)[1:] for key in full}
    firsts: Counter[str] = Counter()
    for key, mentions in full.items():
        firsts[core(key)[0]] += mentions if core(key) not in tails else 0
    return {word for word, count in firsts.items() if count >= LEAST_BOTH}


def has_given(person: Group, cast: Cast) -> bool:
    """Tell whether somebody's first name is known."""
    return any(cast.parts(key).given for key in person.keys)


def _bare(key: Key) -> Key:
    """The name without titles, and without the "St." after which a text was cut."""
    bare = core(key)
    return bare[:-1] if len(bare) > 1 and bare[-1] == CUT else bare


def _lookups(key: Key) -> set[str]:
    """The words that a person is looked up by: those of the name, and what they may be short for."""
    words = set(core(key)) - {"of", "the", "de"} or set(key)
    return words.union(*(given_roots(word) | pet_stems(word) for word in words), {word[0] for word in words})
