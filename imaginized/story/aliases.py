"""Names that no word of theirs joins: who is called so in talk and answers, whose role it is, who married. Pure.

A name that others only call somebody by ("Frederick") belongs to whom they talk to; purity goes before
completeness: each join needs the clearly best of the people it can be, and nothing that proves them two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from imaginized.story.elements import NARRATOR, SELF, Element, ElementType
from imaginized.story.joining import ALIVE, Group, bears, is_rank
from imaginized.story.names import Key, Parts, core, is_same_given, is_slurred, name_key, sound_of

# Of all who may be meant, the one is it in this share of the cases, and in so many.
MOSTLY, SURELY, LEAST = 0.6, 0.8, 2
LEAST_WED, LEAST_CALLED, LEAST_NEAR = 3, 3, 3
LEAST_ROLE, ROLE_SHARE = 4, 0.25
# Who tells does not call himself: a call of his for so many answers is taken for a slip.
CALLS_HIMSELF = 5
# Who is met less tells nothing by his company.
COMPANY = 5
# Another spelling is rare beside the name, which has letters enough to tell.
RARE, SHORTEST = 0.3, 4
# A name is other people's word where at least this share of its mentions is spoken.
SPOKEN = 0.7
TELLS = 0.1
WOMANLY = ("lady", "ess", "woman", "maid", "girl", "nurse", "widow", "wife")
# Two names of one person seldom share a sentence.
SELDOM = 0.03
BRIDE_MEETS = 0.1
# Whom the young call by kin is met by others under another title, in most of the same chapters.
ELDERS, GROWN, KIN_THERE = ("aunt", "uncle"), {"mr", "mrs", "dr", "captain", "colonel"}, 0.6
# Who is at home in a family is named with one of it in this share of the cases.
AT_HOME = 0.1
# So many chapters of a role are chapters of who has it.
SHARED = 0.5
CLEARLY_MORE = 2.0


class Cast(Protocol):
    """The people found so far, and how the book's names are built."""

    epithets: set[Key]

    def parts(self, key: Key) -> Parts:
        """Take a name apart."""
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


def join_called(cast: Cast, groups: Sequence[Group]) -> list[Group]:
    """Join "Tom Gradgrind", as a friend calls him, to Mr. Gradgrind before his son, another Tom, comes."""
    ties = Ties(cast, groups)
    _join_called(ties, full=True)
    return ties.people


def join_told(cast: Cast, people: Sequence[Group], nouns: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Join what only the telling joins, and return the people, and the nouns that are nobody's."""
    ties = Ties(cast, people, nouns)
    for step in (
        _join_spellings,
        _share_ranks,
        _join_roles,
        _join_eldest,
        _join_brides,
        _join_called,
        _join_kin,
        _join_ladies,
        _join_roles,
        _name_narrator,
        _judge_company,
    ):
        step(ties)
    return ties.people, ties.nouns


def _share_ranks(ties: Ties) -> None:
    """Give each chapter's "the captain" to the captain who is named in it, in each the one most named."""
    for noun in [noun for noun in (*ties.nouns, *ties.people) if is_rank(noun.key)]:
        bearers = [person for person in ties.people if person is not noun and bears(person, noun.key[0])]
        left = []
        for element in list(noun.found):
            there = [(_named_in(person, element.chapters), person) for person in bearers]
            bearer = max(there, key=lambda pair: (pair[0], pair[1].mentions, pair[1].key), default=(0, None))
            if bearer[1] is not None and bearer[0]:
                bearer[1].take([element])
            else:
                left.append(element)
        if not bearers or len(left) == len(noun.found):
            continue
        _leave(ties, noun, left)


def _named_in(person: Group, chapters: Sequence[int]) -> int:
    return sum(element.mentions for element in person.found if not set(chapters).isdisjoint(element.chapters))


def _leave(ties: Ties, noun: Group, elements: list[Element]) -> None:
    """Leave a noun only some of its elements; none is the end of it."""
    if elements:
        noun.keep(elements)
        return
    for groups in (ties.nouns, ties.people):
        groups[:] = [other for other in groups if other is not noun]


def _join_roles(ties: Ties) -> None:
    """Give "the light porter" to Bitzer: it is said of him, or answers when he is called."""
    epithets = [person for person in ties.people if person.keys <= ties.cast.epithets]
    for noun in [*ties.nouns, *epithets]:
        if noun.type not in ALIVE or is_rank(noun.key):
            continue
        weights: Counter[int] = Counter()
        people = {id(person): person for person in ties.people if person is not noun}
        if noun.keys <= ties.cast.epithets:  # who is told of beside the Invisible Man is not him
            people = {at: person for at, person in people.items() if ties.seldom_meet(noun, person)}
        for at, person in people.items():
            ways = [key for key in {noun.key, noun.key[-1:]} if not ties.by_key.get(key) or key == noun.key]
            said = max((person.roles[key] for key in ways), default=0)
            answered = sum(person.answers[key] for key in ways)
            mostly = answered >= ROLE_SHARE * person.answers.total()
            weights[at] = LEAST_ROLE * said + (answered if mostly else 0)
        likely = [(weight, people[at]) for at, weight in weights.items() if weight]
        bearer = _clear_best([(w, p) for w, p in likely if _fits_sex(ties, noun, p)], least=LEAST_ROLE)
        if bearer is not None and _is_there(noun, bearer):
            ties.join(noun, bearer)


def _fits_sex(ties: Ties, noun: Group, person: Group) -> bool:
    """Tell whether "the landlady" can be somebody."""
    sex = ties.cast.sex(person)
    return not (sex == "man" and noun.key[-1].endswith(WOMANLY)) and not (
        sex == "woman" and noun.key[-1].endswith("man")
    )


def _is_there(noun: Group, person: Group) -> bool:
    there = set(noun.chapters)
    return len(there & set(person.chapters)) >= SHARED * len(there)


def _clear_best(weighed: Iterable[tuple[float, Group]], least: float = LEAST) -> Group | None:
    ranked = sorted(weighed, key=lambda pair: (-pair[0], pair[1].key))
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] < CLEARLY_MORE * ranked[1][0]:
        return None
    return ranked[0][1]


def _join_brides(ties: Ties) -> None:
    """Give "Mrs. Weston" to Miss Taylor, whom the book marries to Mr. Weston and never puts beside Mrs. Weston."""
    for wife in list(ties.people):
        parts = [p for p in map(ties.cast.parts, wife.keys) if p.title == "mrs" and p.last]
        if not parts or _has_given(ties, wife):
            continue
        husbands = [p for p in ties.people if p is not wife and _may_be_husband(ties, p, parts)]
        women = [p for p in ties.people if husbands and p is not wife and ties.cast.sex(p) == "woman"]
        weighed = [(w, p) for p in women if (w := _wedded(ties, p, wife, husbands)) > 0]
        weighed = [(weight, person) for weight, person in weighed if not _is_anothers(ties, person, husbands)]
        bride = _clear_best(_without_same(ties, weighed), least=0.0)
        if bride is not None:
            ties.join(wife, bride)


def _join_kin(ties: Ties) -> None:
    """Give "Aunt Juley", as her nieces say, to Mrs. Munt, who answers and is where she is, and whom none of them names."""
    for kin in list(ties.people):
        as_kin = sum(ties.uses(kin, key) for key in kin.keys if ties.cast.parts(key).title in ELDERS)
        if 2 * as_kin < kin.mentions or any(ties.cast.parts(key).title not in ("", *ELDERS) for key in kin.keys):
            continue
        likely = []
        for person in ties.people:
            answered, there = ties.count(kin.answers, person), len(set(kin.chapters) & set(person.chapters))
            enough = answered >= LEAST and there >= KIN_THERE * min(len(kin.chapters), len(person.chapters))
            if person is not kin and enough and _may_be_elder(ties, kin, person):
                likely.append((float(answered), person))
        elder = _clear_best(likely)
        if elder is not None:
            ties.join(kin, elder)


def _may_be_elder(ties: Ties, kin: Group, person: Group) -> bool:
    parts = [ties.cast.parts(key) for key in person.keys]
    titles = {p.title for p in parts}
    if ties.cast.sex(kin) != ties.cast.sex(person) or not titles & GROWN or titles & {"miss"} or _has_given(ties, person):
        return False
    if ties.count(kin.along, person) + ties.count(person.along, kin) or ties.count(kin.callers, person):
        return False
    return ties.meet(kin, person) <= BRIDE_MEETS * min(kin.mentions, person.mentions)


def _join_ladies(ties: Ties) -> None:
    """Give "Lady Blakeney" to Marguerite Blakeney, the one woman of Sir Percy's name: they are there and never meet."""
    for lady in list(ties.people):
        parts = [ties.cast.parts(key) for key in lady.keys]
        lasts = ties.lasts(lady)
        if not (lasts and all(p.title == "lady" and p.last for p in parts)):
            continue
        family = [p for p in ties.people if p is not lady and lasts & ties.lasts(p)]
        women = [p for p in family if ties.cast.sex(p) == "woman"]
        has_sir = any(k.title == "sir" for p in family for k in map(ties.cast.parts, p.keys))
        if len(women) == 1 and has_sir and _is_lady(ties, lady, women[0]):
            ties.join(lady, women[0])


def _is_lady(ties: Ties, lady: Group, woman: Group) -> bool:
    parts = [ties.cast.parts(key) for key in woman.keys]
    there = len(set(lady.chapters) & set(woman.chapters))
    if any(p.title in ("miss", "mrs") for p in parts) or not _has_given(ties, woman) or there < LEAST_WED:
        return False
    return ties.meet(lady, woman) <= 1 and 2 * there >= len(lady.chapters) and ties.cast.may_be(lady, woman)


def _without_same(ties: Ties, weighed: list[tuple[float, Group]]) -> list[tuple[float, Group]]:
    """Leave out "Miss Lucas" behind Charlotte Lucas: she may be her, and is no rival."""
    best = max(weighed, key=lambda pair: (pair[0], pair[1].key), default=(0.0, None))[1]
    if best is None:
        return []
    lasts = ties.lasts(best)
    return [(weight, person) for weight, person in weighed if person is best or not lasts & ties.lasts(person)]


def _has_given(ties: Ties, person: Group) -> bool:
    return any(ties.cast.parts(key).given for key in person.keys)


def _may_be_husband(ties: Ties, man: Group, wife: list[Parts]) -> bool:
    parts = [ties.cast.parts(key) for key in man.keys]
    given = {p.given for p in parts} - {""}
    if ties.cast.sex(man) != "man" or not any(p.last == w.last for p in parts for w in wife):
        return False
    first = {w.husband for w in wife} - {""}
    return not first or any(is_same_given(a, b) for a in first for b in given)


def _wedded(ties: Ties, bride: Group, wife: Group, husbands: list[Group]) -> float:
    """How much speaks for a woman being somebody's wife, of all that is said of the two of them."""
    if not _may_be_bride(ties, bride, wife) or wife.chapters < bride.chapters[:1]:
        return 0.0  # who is a wife before the bride is met is another one's
    if set(wife.chapters).isdisjoint(bride.chapters):
        return 0.0  # a wedding does not end her first name
    if ties.count(bride.along, wife) + ties.meet(bride, wife) > BRIDE_MEETS * min(bride.mentions, wife.mentions):
        return 0.0
    man = max(husbands, key=lambda man: (ties.told_wed(bride, man), man.mentions, man.key))
    own = ties.told_wed(bride, man)
    if not any(p.husband for p in map(ties.cast.parts, wife.keys)) and not _is_plain_mister(ties, man):
        if any(_is_plain_mister(ties, other) for other in husbands):
            return 0.0  # the wife of his father or of his brother
    return own * own / bride.mentions if own >= LEAST_WED else 0.0


def _is_plain_mister(ties: Ties, man: Group) -> bool:
    """Tell whether it is he whom the book calls "Mr. Vincy"."""
    return any(p.title == "mr" and p.last and not p.given for p in map(ties.cast.parts, man.keys))


def _is_anothers(ties: Ties, bride: Group, husbands: list[Group]) -> bool:
    """Tell whether the book speaks more of her marrying somebody else."""
    own = max(ties.told_wed(bride, man) for man in husbands)
    family = {last for person in (bride, *husbands) for last in ties.lasts(person)}
    others = (p for p in ties.people if ties.cast.sex(p) == "man" and not family & ties.lasts(p))
    return any(ties.told_wed(bride, man) > own for man in others)


def _may_be_bride(ties: Ties, bride: Group, wife: Group) -> bool:
    """Tell whether her names are a girl's, or those of the same wife."""
    parts = [ties.cast.parts(key) for key in bride.keys]
    lasts = {ties.cast.parts(key).last for key in wife.keys}
    if any(p.title not in ("", "miss", "mrs") and not p.given for p in parts):
        return False
    if any(p.title == "mrs" for p in parts):
        return any(p.title == "mrs" and p.last in lasts for p in parts) and ties.cast.may_be(wife, bride)
    return sum(ties.uses(bride, key) for key in bride.keys if _is_miss_of(ties.cast.parts(key), lasts)) < LEAST


def _is_miss_of(parts: Parts, lasts: set[str]) -> bool:
    return parts.title == "miss" and parts.last in lasts


def _join_eldest(ties: Ties) -> None:
    """Give plain "Miss Bennet" to Jane: the eldest has no other name to a stranger, and no last name at home."""
    for miss in list(ties.people):
        parts = [ties.cast.parts(key) for key in miss.keys]
        if not all(p.title == "miss" and p.last and not p.given for p in parts):
            continue
        lasts = {p.last for p in parts}
        family = [p for p in ties.people if p is not miss and lasts & ties.lasts(p)]
        may_be = [p for p in ties.people if _may_be_miss(ties, p, miss)]
        most = max((p.mentions for p in family if ties.cast.sex(p) == "woman"), default=0)
        named = [(float(p.mentions), p) for p in may_be if lasts & ties.lasts(p) and CLEARLY_MORE * p.mentions >= most]
        sisters = any(ties.has_full(p) and ties.cast.sex(p) == "woman" and not _is_young(ties, p) for p in family)
        if sisters and not named:
            continue
        eldest = _clear_best(named or [(_at_home(ties, p, family), p) for p in may_be], least=LEAST_NEAR)
        if eldest is not None:
            ties.join(miss, eldest)


def _may_be_miss(ties: Ties, woman: Group, miss: Group) -> bool:
    parts = [ties.cast.parts(key) for key in woman.keys]
    lasts = ties.lasts(miss)
    if woman is miss or ties.cast.sex(woman) != "woman" or not any(p.given or p.word for p in parts):
        return False
    married = {p.last for person in ties.people for p in map(ties.cast.parts, person.keys) if p.title == "mrs"}
    if any((p.last and p.last not in lasts | married) or p.title == "mrs" for p in parts):
        return False
    if _is_young(ties, woman):
        return False
    met = ties.count(woman.along, miss) + ties.meet(woman, miss)
    return met <= BRIDE_MEETS * min(woman.mentions, miss.mentions)


def _is_young(ties: Ties, woman: Group) -> bool:
    return sum(ties.uses(woman, key) for key in woman.keys if _is_younger(ties.cast.parts(key))) >= LEAST


def _is_younger(parts: Parts) -> bool:
    """Tell whether a name is one for a younger sister: "Miss Lydia Bennet"."""
    return bool(parts.title == "miss" and parts.given and parts.last)


def _at_home(ties: Ties, woman: Group, family: list[Group]) -> float:
    """How much somebody is among the family of a Miss: with several of it, and with no other family more often."""
    met = {id(p): count for p in ties.people if p is not woman and ties.lasts(p) and (count := ties.meet(woman, p))}
    theirs = [met[id(person)] for person in family if id(person) in met]
    by_family: Counter[str] = Counter()
    for person in ties.people:
        by_family.update(dict.fromkeys(ties.lasts(person), met.get(id(person), 0)))
    own = {last for person in family for last in ties.lasts(person)}
    most = max((count for last, count in by_family.items() if last not in own), default=0)
    return float(sum(theirs)) if len(theirs) >= LEAST and sum(theirs) >= max(AT_HOME * woman.mentions, most) else 0.0


def _join_called(ties: Ties, *, full: bool = False) -> None:
    """Give "Frederick" to Winterbourne, who answers whenever his aunt calls somebody so."""
    for name in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        weighed = [(count, person) for count, person in ties.sums(name.answers) if person is not name]
        total = sum(count for count, _ in weighed) + ties.unnamed(name)
        if not weighed or weighed[0][0] < _enough(ties, name, total) or not _is_others_word(name, weighed[0][0], total):
            continue
        person = weighed[0][1]
        if weighed[0][0] < 2 * LEAST_CALLED and not (_is_like(name, person) or _answers_everywhere(name, person)):
            continue
        if full and not (ties.has_full(name) and ties.lasts(name) & ties.lasts(person)):
            continue
        if ties.count(name.callers, person) * 2 <= weighed[0][0] and ties.cast.may_be(name, person):
            ties.join(name, person)


def _is_like(name: Group, person: Group) -> bool:
    """Tell whether a name is a word of somebody's or its first letter ("Mr. E.")."""
    words = {word for key in person.keys for word in core(key)}
    return any(core(key)[-1] in words or core(key)[-1] in {word[0] for word in words} for key in name.keys)


def _answers_everywhere(name: Group, person: Group) -> bool:
    """Tell whether somebody who seldom answers does so in most chapters of a name, and is called more than that."""
    answered = {at for each in name.found if each.signs and _is_answered(each.signs.answers, person) for at in each.chapters}
    return len(answered) * 2 > len(name.chapters)


def _is_answered(answers: Mapping[str, int], person: Group) -> bool:
    return any(name_key(who) in person.keys for who in answers)


def _is_others_word(name: Group, answers: int, total: int) -> bool:
    """Tell whether a name is rather said than told; less so where many answers go to one."""
    sure = answers >= 2 * LEAST_ROLE and answers >= SURELY * total
    spoken, tells = (SPOKEN / 2, 2 * TELLS) if sure else (SPOKEN, TELLS)
    return name.counts["spoken"] >= spoken * max(name.signed, 1) and name.counts["speech"] <= tells * name.mentions


def _enough(ties: Ties, name: Group, total: int) -> float:
    """How many answers tell whose a name is: more for a word that is no known name ("Doubloon!")."""
    known = name.counts["given"] or any(p.title or p.last for p in map(ties.cast.parts, name.keys))
    return max(LEAST_CALLED if known else 2 * LEAST_CALLED, MOSTLY * total)


def _join_spellings(ties: Ties) -> None:
    """Give "Thethilia" and "Be'y", which one of the company says, to who sounds like it and is far more often named."""
    by_sound: dict[str, list[Group]] = {}
    for person in ties.people:
        for word in {word for key in person.keys for word in core(key)}:
            by_sound.setdefault(sound_of(word), []).append(person)
    for name in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        word = core(name.key)[-1]
        if len(name.key) > 1 or len(word) < SHORTEST or len(name.keys) > 1 or not word.replace("'", "").isalpha():
            continue
        like = by_sound[sound_of(word)] if "'" not in word else ties.people
        likely = [(float(p.mentions), p) for p in like if p is not name and _is_spelled(ties, name, p, word)]
        bearer = _clear_best(likely)
        if bearer is not None:
            ties.join(name, bearer)
            by_sound[sound_of(word)] = [other for other in by_sound[sound_of(word)] if other is not name]


def _is_spelled(ties: Ties, name: Group, person: Group, word: str) -> bool:
    """Tell whether a rare name may be another way to write or say somebody's."""
    if name.mentions > RARE * person.mentions or set(name.chapters).isdisjoint(person.chapters):
        return False
    words = {own for key in person.keys for own in core(key)}
    if word in words or not any(
        sound_of(word) == sound_of(own) or is_slurred(word, own) for own in words if len(own) >= SHORTEST
    ):
        return False
    return ties.meet(name, person) == 0 and ties.cast.may_be(name, person)


def _name_narrator(ties: Ties) -> None:
    """Give the narrator the name by which others call who then says "I"; else he has none."""
    narrator = next((noun for noun in ties.nouns if noun.key == name_key(NARRATOR)), None)
    if narrator is None:
        return
    weighed = [(float(person.answers[name_key(SELF)]), person) for person in ties.people if _is_i(ties, person)]
    person = _clear_best(weighed, least=LEAST_CALLED)
    if person is not None:
        name = max(sorted(person.keys), key=lambda key: (ties.uses(person, key), key))
        shown = next(element.name for element in person.found if name_key(element.name) == name)
        person.take([replace(element, name=shown) for element in narrator.found])
        _leave(ties, narrator, [])
        ties.by_key[name_key(SELF)] = [person]
        _join_called(ties)


def _is_i(ties: Ties, person: Group) -> bool:
    """Tell whether most who answer when somebody is called say "I", and who says "I" does not call so."""
    others = sum(count for count, other in ties.sums(person.answers) if other is not person)
    own = person.answers[name_key(SELF)]
    return own > others and person.callers[name_key(SELF)] * CALLS_HIMSELF < own


def _judge_company(ties: Ties) -> None:
    """Make a creature of who never speaks and is met among beasts: a dog with a man's name in a book of dogs."""
    beasts = [person for person in ties.people if person.type is ElementType.CREATURE]
    for person in ties.people:
        counts = person.counts
        if person.type is not ElementType.CHARACTER or counts["speech"] + counts["title"] or len(beasts) < LEAST:
            continue
        if (
            person.mentions < COMPANY
            or counts["the"] * 2 > person.mentions
            or counts["human"] > TELLS * person.mentions
        ):
            continue
        near = {
            id(other): count for other in ties.people if other is not person and (count := ties.meet(person, other))
        }
        with_beasts = sum(near.get(id(beast), 0) for beast in beasts)
        if with_beasts * 2 > sum(near.values()) and sum(id(beast) in near for beast in beasts) >= LEAST:
            person.type = ElementType.CREATURE
