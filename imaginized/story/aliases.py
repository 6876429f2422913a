"""Names that no word of theirs joins: who is called so in talk and answers, whose role it is, who tells. Pure.

A name that others only call somebody by ("Frederick") belongs to whom they talk to; purity goes before
completeness: each join needs the clearly best of the people it can be, and nothing that proves them two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from imaginized.story.apart import are_both_labels
from imaginized.story.elements import NARRATOR, SELF, Element, ElementType
from imaginized.story.families import join_brides, join_eldest, join_kin, join_ladies, join_wives
from imaginized.story.halves import join_bynames, join_compounds, join_halves, join_pets
from imaginized.story.joining import ALIVE, Group, bears, is_rank
from imaginized.story.names import core, is_slurred, name_key, sound_of
from imaginized.story.people import AGES
from imaginized.story.ties import LEAST, Cast, Ties, clear_best

# Of all who may be meant, the one is it in this share of the cases.
MOSTLY, SURELY = 0.6, 0.8
LEAST_CALLED = 3
LEAST_ROLE, ROLE_SHARE = 4, 0.25
# Of a nameless one so much is told, in so many chapters, that he must meet whoever else is this often in them.
MUCH_TOLD, LONG, OFTEN_THERE = 20, 3, 0.35
# Who is beside a nameless one in more of the sentences is another.
BESIDE = 0.05
# Who tells does not call himself: a call of his for so many answers is taken for a slip.
CALLS_HIMSELF = 5
# Who is named so often is more than a word.
MET = 3
# Who is met less tells nothing by his company.
COMPANY = 5
# Another spelling is rare beside the name, which has letters enough to tell.
RARE, SHORTEST = 0.3, 4
# So many letters are left off a name at least.
CLIPPED = 2
# Those that make a daughter's or a wife's name of a man's.
FEMALE = frozenset(("te", "tte", "ette", "ina", "ine", "etta", "ita", "in", "ova"))
# A name is other people's word where at least this share of its mentions is spoken.
SPOKEN = 0.7
# Who tells a book never tells of himself by name.
ONLY_SPOKEN = 0.95
TELLS = 0.1
WOMANLY = ("lady", "ess", "woman", "maid", "girl", "nurse", "widow", "wife")
# So many chapters of a role are chapters of who has it.
SHARED = 0.5


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
        _join_clipped,
        join_compounds,
        _share_ranks,
        _share_aged,
        _join_roles,
        join_eldest,
        join_brides,
        join_wives,
        _join_called,
        join_halves,
        join_pets,
        join_bynames,
        join_kin,
        join_ladies,
        _join_roles,
        _join_unmet,
        _join_modified,
        _name_narrator,
        _judge_company,
    ):
        step(ties)
    return ties.people, ties.nouns


def _share_ranks(ties: Ties) -> None:
    """Give each chapter's "the captain" to the captain who is named in it, in each the one most named."""
    for noun in [noun for noun in (*ties.nouns, *ties.people) if ties.cast.is_office(noun.key)]:
        bearers = [p for p in ties.people if p is not noun and bears(p, noun.key[0]) and _is_met(p)]
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


def _share_aged(ties: Ties) -> None:
    """Give each chapter's bare "Jolyon" to old or young Jolyon, whom the chapter tells more of."""
    for name in sorted(ties.cast.aged):
        bearers = [p for p in ties.people if any(ties.cast.parts(k).title in AGES and core(k) == name for k in p.keys)]
        for bare in [p for p in ties.people if name in p.keys and p not in bearers]:
            left = []
            for element in list(bare.found):
                there = sorted(((_named_in(p, element.chapters), p.key, p) for p in bearers), reverse=True)
                if name_key(element.name) == name and len(there) > 1 and there[0][0] > there[1][0]:
                    there[0][2].take([element])
                else:
                    left.append(element)
            if len(left) < len(bare.found):
                _leave(ties, bare, left)


def _is_met(person: Group) -> bool:
    """Tell whether somebody is in the story, and not only spoken of as King Lear is."""
    return person.mentions >= MET or any(person.counts[sign] for sign in ("speech", "acts", "is", "he", "she"))


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
        people = {id(p): p for p in ties.people if p is not noun and not _are_other_speakers(noun, p)}
        if noun.keys <= ties.cast.epithets:  # who is told of beside the Invisible Man is not him
            people = {at: person for at, person in people.items() if ties.seldom_meet(noun, person)}
        for at, person in people.items():
            ways = [key for key in {noun.key, noun.key[-1:]} if not ties.by_key.get(key) or key == noun.key]
            said = max((person.roles[key] for key in ways), default=0)
            answered = sum(person.answers[key] for key in ways)
            mostly = answered >= ROLE_SHARE * person.answers.total()
            weights[at] = LEAST_ROLE * said + (answered if mostly else 0)
        likely = [(weight, people[at]) for at, weight in weights.items() if weight]
        likely = [(weight, p) for weight, p in likely if _fits_sex(ties, noun, p) and _are_never_beside(ties, noun, p)]
        bearer = clear_best(likely, least=LEAST_ROLE)
        if bearer is not None and _is_there(noun, bearer):
            ties.join(noun, bearer)


def _are_never_beside(ties: Ties, noun: Group, person: Group) -> bool:
    """Tell whether a nameless one and somebody hardly share a sentence but where one is said to be the other."""
    said = sum(person.roles[key] for key in noun.keys)
    met = ties.count(noun.near, person) - said
    return met <= LEAST or met <= min(BESIDE * noun.mentions, 3 * BESIDE * person.mentions)


def _are_other_speakers(noun: Group, person: Group) -> bool:
    """Tell whether a play has speeches of both, and nobody takes the other's place."""
    return are_both_labels(noun, person) and not any(person.roles[key] for key in noun.keys)


def _join_unmet(ties: Ties) -> None:
    """Give "the minister" to the one of his chapters' people who is never beside him, where all others are."""
    for noun in [noun for noun in ties.nouns if noun.type is ElementType.CHARACTER and noun.mentions >= MUCH_TOLD]:
        if len(noun.chapters) < LONG or noun.counts["narrator"] or noun.key[-1].endswith("s"):
            continue
        told = noun.told()
        there = [(sum((told & person.told()).values()), person) for person in ties.people if _is_somebody(person)]
        most = max((weight for weight, _ in there), default=0)
        leads = [(weight, person) for weight, person in there if weight >= max(OFTEN_THERE * most, 1)]
        unmet = [lead for lead in leads if ties.count(noun.near, lead[1]) <= BESIDE / 2 * noun.mentions]
        met = [lead for lead in leads if ties.count(noun.near, lead[1]) >= BESIDE * noun.mentions]
        if len(unmet) != 1 or len(met) < max(LEAST, len(leads) - 1):
            continue
        weight, person = unmet[0]
        if 2 * weight > noun.mentions and _fits_sex(ties, noun, person):
            ties.join(noun, person)


def _join_modified(ties: Ties) -> None:
    """Give "the young minister" to whom "the minister" is, where he is there."""
    for noun in [noun for noun in ties.nouns if len(noun.key) == LEAST]:
        person = ties.who(noun.key[-1:])
        if person is None or any(person is other for other in ties.nouns) or not _fits_sex(ties, noun, person):
            continue
        if _is_there(noun, person) and _are_never_beside(ties, noun, person):
            ties.join(noun, person)


def _is_somebody(person: Group) -> bool:
    return person.type in ALIVE and 2 * person.counts["noun"] <= person.mentions


def _fits_sex(ties: Ties, noun: Group, person: Group) -> bool:
    """Tell whether "the landlady" can be somebody."""
    sex = ties.cast.sex(person)
    if not ties.fit(noun, person):
        return False
    return not (sex == "man" and noun.key[-1].endswith(WOMANLY)) and not (
        sex == "woman" and noun.key[-1].endswith("man")
    )


def _is_there(noun: Group, person: Group) -> bool:
    there = set(noun.chapters)
    return len(there & set(person.chapters)) >= SHARED * len(there)


def _join_called(ties: Ties, *, full: bool = False) -> None:
    """Give "Frederick" to Winterbourne, who answers whenever his aunt calls somebody so."""
    for name in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        weighed = [
            (n, person) for n, person in ties.sums(name.answers) if person is not name and ties.fit(name, person)
        ]
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
    answered = {
        at for each in name.found if each.signs and _is_answered(each.signs.answers, person) for at in each.chapters
    }
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
        bearer = clear_best(likely)
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


def _join_clipped(ties: Ties) -> None:
    """Give "Tink" to Tinker Bell: the beginning or the end of just one given name, and no known name itself."""
    for name in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        word = next((key[0] for key in sorted(name.keys) if len(key) == 1), "")
        called = name.counts["called"] >= LEAST or name.counts["spoken"] * 2 > name.signed
        if len(word) < SHORTEST or word in ties.cast.lasts or name.counts["given"] or not called:
            continue
        begun = [p for p in ties.people if p is not name and _is_begun(ties, p, word) and not name.counts["the"]]
        likely = begun or [p for p in ties.people if p is not name and _is_ended(ties, p, word)]
        if len(likely) == 1 and ties.seldom_meet(name, likely[0]) and ties.cast.may_be(name, likely[0]):
            ties.join(name, likely[0])


def _is_begun(ties: Ties, person: Group, word: str) -> bool:
    """Tell whether somebody has a given name that begins with a word and goes on."""
    firsts = {core(key)[0] for key in person.keys} - ties.cast.lasts
    ends = {first[len(word) :] for first in firsts if first.startswith(word)}
    return any(len(end) >= CLIPPED for end in ends - FEMALE)


def _is_ended(ties: Ties, person: Group, word: str) -> bool:
    """Tell whether somebody has a given name that ends so ("Nela", "Marianela")."""
    firsts = {core(key)[0] for key in person.keys} - ties.cast.lasts
    return person.counts["given"] > 0 and any(first.endswith(word) and first != word for first in firsts)


def _name_narrator(ties: Ties) -> None:
    """Give the narrator the name by which others call who then says "I"; else he has none."""
    narrator = next((noun for noun in ties.nouns if noun.key == name_key(NARRATOR)), None)
    if narrator is None:
        return
    weighed = [(float(person.answers[name_key(SELF)]), person) for person in ties.people if _is_i(ties, person)]
    person = clear_best(weighed, least=LEAST_CALLED)
    if person is not None:
        name = max(sorted(person.keys), key=lambda key: (ties.uses(person, key), key))
        shown = next(element.name for element in person.found if name_key(element.name) == name)
        person.take([replace(element, name=shown, aliases=(NARRATOR,)) for element in narrator.found])
        _leave(ties, narrator, [])
        ties.by_key[name_key(SELF)] = [person]
        _join_called(ties)


def _is_i(ties: Ties, person: Group) -> bool:
    """Tell whether most who answer when somebody is called say "I", and who says "I" does not call so."""
    others = sum(count for count, other in ties.sums(person.answers) if other is not person)
    own = person.answers[name_key(SELF)]
    if person.counts["spoken"] < SPOKEN * person.signed:
        return False  # the telling has that name, too: she is only often by
    if person.counts["spoken"] >= ONLY_SPOKEN * max(person.signed, MET):  # nobody else is never told of by it
        others = max((count for count, other in ties.sums(person.answers) if other is not person), default=0)
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
