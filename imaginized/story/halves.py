"""Who is called by one half of the name here and by the other there: Botho and Rienäcker, Roxy and Roxana. Pure."""

from imaginized.story.joining import ALIVE, Group
from imaginized.story.names import NICKNAMES, core, is_same_given, pet_stems
from imaginized.story.ties import LEAST, Ties

# Both halves are told of in so many of the chapters of the rarer.
SHARED, SHARED_PET, LEAST_CHAPTERS = 0.6, 0.5, 5
# What a given name has beyond its pet form, at least.
LONGER = 2
# A nickname with the last name takes the place of the given name, which is so much rarer.
RARE_GIVEN = 0.3
LEAST_ANSWERS = 3


def join_halves(ties: Ties) -> None:
    """Give "Clotilde" to "Mme de Marelle" where once somebody is Clotilde de Marelle: they are there and never meet."""
    full = {(p.given, p.last) for p, _ in ties.cast.names if p.given and p.last}
    for given in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        firsts = _firsts(ties, given)
        lasts = {last for first, last in full if first in firsts}
        if not firsts or len(lasts) != 1 or ties.lasts(given):
            continue
        bearers = [p for p in ties.people if p is not given and _bears_only(ties, p, lasts, firsts)]
        bearers = [p for p in bearers if _are_halves(ties, given, p, _share_of(ties, p, lasts))]
        if len(bearers) == 1:
            ties.join(given, bearers[0])


def _share_of(ties: Ties, person: Group, lasts: set[str]) -> float:
    """In how many chapters both halves must be: in all where a title might make the other half a parent."""
    bare = sum(ties.uses(person, key) for key in person.keys if ties.cast.parts(key).word in lasts)
    return SHARED if bare * 2 > person.mentions else 1.0


def _firsts(ties: Ties, person: Group) -> set[str]:
    return {p.given or p.word for p in map(ties.cast.parts, person.keys)} - ties.cast.lasts - {""}


def _bears_only(ties: Ties, person: Group, lasts: set[str], firsts: set[str]) -> bool:
    """Tell whether somebody has the last name, and no other given name."""
    parts = [ties.cast.parts(key) for key in person.keys]
    own = {p.given for p in parts} - {""}
    if any(p.husband for p in parts) or not all(any(is_same_given(a, b) for b in firsts) for a in own):
        return False
    return any((p.last or p.word) in lasts for p in parts)


def _are_halves(ties: Ties, one: Group, other: Group, share: float) -> bool:
    """Tell whether two are in the same chapters, never side by side, and nothing proves them two."""
    there = len(set(one.chapters) & set(other.chapters))
    if there < share * min(len(one.chapters), len(other.chapters)) or not {one.type, other.type} <= ALIVE:
        return False
    calls = ties.count(one.callers, other) + ties.count(other.callers, one)
    if share == 1.0 and (ties.meet(one, other) or len(one.chapters) < LEAST_CHAPTERS):
        return False
    return calls < LEAST and ties.seldom_meet(one, other) and ties.cast.may_be(one, other)


def join_pets(ties: Ties) -> None:
    """Give "Roxy" to Roxana: a pet form of no list, made of the beginning of just one given name."""
    for pet in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        word = next((key[0] for key in sorted(pet.keys) if len(key) == 1), "")
        stems = pet_stems(word) if word and word not in ties.cast.lasts and word not in NICKNAMES else frozenset()
        stems = frozenset(stem for stem in stems if word.startswith(stem))
        if not stems or not ties.cast.sex(pet):
            continue
        likely = [p for p in ties.people if p is not pet and _begins_so(ties, p, stems)]
        if len(likely) == 1 and _are_halves(ties, pet, likely[0], SHARED_PET) and not ties.meet(pet, likely[0]):
            ties.join(pet, likely[0])


def _begins_so(ties: Ties, person: Group, stems: frozenset[str]) -> bool:
    firsts = {core(key)[0] for key in person.keys} - ties.cast.lasts
    return any(first.startswith(stem) and len(first) >= len(stem) + LONGER for first in firsts for stem in stems)


def join_bynames(ties: Ties) -> None:
    """Give "Dave Wilson" to the one whom all but his friends call by a nickname and the same last name."""
    for name in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        lasts = ties.lasts(name)
        if not (lasts and name.counts["given"] and ties.has_full(name)):
            continue
        likely = [p for p in ties.people if p is not name and lasts & ties.lasts(p) and _is_byname(ties, p)]
        if len(likely) == 1 and _is_real_name(ties, name, likely[0]):
            ties.join(name, likely[0])
            _join_misters(ties, likely[0])


def _join_misters(ties: Ties, person: Group) -> None:
    """Give plain "Mr. Wilson" to the one Wilson, now that his two names no longer leave it open whose it is."""
    lasts = ties.lasts(person)
    family = [p for p in ties.people if lasts & ties.lasts(p) and ties.cast.sex(p) != "woman" and p is not person]
    for mister in family:
        is_plain = all(p.title == "mr" and not p.given for p in map(ties.cast.parts, mister.keys))
        if is_plain and len(family) == 1 and ties.cast.may_be(mister, person):
            ties.join(mister, person)


def _is_byname(ties: Ties, person: Group) -> bool:
    """Tell whether the only word before the last name is on no list of given names."""
    words = {p.given for p in map(ties.cast.parts, person.keys)} - {""}
    return bool(words) and not any(word in ties.cast.listed for word in words)


def _is_real_name(ties: Ties, name: Group, person: Group) -> bool:
    if name.mentions > RARE_GIVEN * person.mentions or not ties.fit(name, person):
        return False
    if not set(name.chapters) <= set(person.chapters) or ties.meet(name, person):
        return False
    answers = ties.count(name.answers, person)
    return answers >= LEAST_ANSWERS and answers >= max((count for count, _ in ties.sums(name.answers)), default=0)


def join_compounds(ties: Ties) -> None:
    """Give "Du Roy" to Duroy, who writes himself in two words for once: the same letters, and nobody else's."""
    for name in list(ties.people):
        whole = {"".join(key) for key in name.keys if len(key) == LEAST}
        likely = [p for p in ties.people if p is not name and any(key in p.keys for key in {(w,) for w in whole})]
        if len(likely) == 1 and ties.cast.sex(name) in ("", ties.cast.sex(likely[0])):
            ties.join(name, likely[0])
