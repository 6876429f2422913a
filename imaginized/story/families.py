"""Whose a family's name is: the bride's, the eldest daughter's, an aunt's, a lady's. Pure."""

from collections import Counter

from imaginized.story.apart import are_both_labels
from imaginized.story.elements import Element
from imaginized.story.joining import Group
from imaginized.story.names import Parts, is_same_given, name_key
from imaginized.story.ties import CLEARLY_MORE, LEAST, Ties, clear_best

LEAST_WED, LEAST_NEAR = 3, 3
BRIDE_MEETS = 0.1
LONG_AFTER = 0.75  # of the bride's chapters
# So many chapters after the wife's name has come the maiden's is still heard at most.
GIVES_WAY = range(-1, 3)
# Who marries again is called by the first husband's name in so few of its chapters once she has the second's.
REMARRIED = 0.4
# Whom the young call by kin is met by others under another title, in most of the same chapters.
ELDERS, GROWN, KIN_THERE = ("aunt", "uncle"), {"mr", "mrs", "dr", "captain", "colonel"}, 0.6
# Who is at home in a family is named with one of it in this share of the cases.
AT_HOME = 0.1


def join_brides(ties: Ties) -> None:
    """Give "Mrs. Weston" to Miss Taylor, whom the book marries to Mr. Weston and never puts beside Mrs. Weston."""
    for wife in list(ties.people):
        parts = [p for p in map(ties.cast.parts, wife.keys) if p.title == "mrs" and p.last]
        if not parts or _has_given(ties, wife):
            continue
        husbands = [p for p in ties.people if p is not wife and _may_be_husband(ties, p, parts)]
        women = [p for p in ties.people if husbands and p is not wife and ties.cast.sex(p) == "woman"]
        weighed = [(w, p) for p in women if (w := _wedded(ties, p, wife, husbands)) > 0]
        weighed = [(weight, person) for weight, person in weighed if not _is_anothers(ties, person, husbands)]
        bride = clear_best(_without_same(ties, weighed), least=0.0)
        if bride is not None:
            ties.join(wife, bride)


def join_wives(ties: Ties) -> None:
    """Give "Mrs. George Dane", now and then, to plain "Mrs. Dane", where the family has one man and they never meet."""
    for wife in sorted(ties.people, key=lambda person: (person.mentions, person.key)):
        parts = [ties.cast.parts(key) for key in wife.keys]
        if not all(p.title == "mrs" and p.husband and p.last for p in parts):
            continue
        lasts = {p.last for p in parts}
        names = [p for p, _ in ties.cast.names if p.last in lasts]
        husbands, men = {p.husband for p in names} - {""}, {p.given for p in names if p.title not in ("mrs", "miss")}
        wives = [p for p in ties.people if p is not wife and _is_plain_wife(ties, p, lasts)]
        sons = {man for man in men - {""} if not any(ties.cast.sex(p) == "woman" for p in _named(ties, man))}
        if len(wives) == len(husbands) == 1 and len(sons) <= 1 and _are_there(ties, wife, wives[0]):
            ties.join(wife, wives[0])


def _is_plain_wife(ties: Ties, woman: Group, lasts: set[str]) -> bool:
    parts = [ties.cast.parts(key) for key in woman.keys]
    return any(p.title == "mrs" and p.last in lasts and not p.husband and not p.given for p in parts)


def _named(ties: Ties, given: str) -> list[Group]:
    return [p for p in ties.people if any(ties.cast.parts(key).given == given for key in p.keys)]


def _are_there(ties: Ties, rare: Group, person: Group) -> bool:
    """Tell whether two are in the same chapters, and never side by side."""
    if ties.count(rare.along, person) + ties.meet(rare, person):
        return False
    there = len(set(rare.chapters) & set(person.chapters))
    return there >= LEAST and 2 * there >= len(rare.chapters)


def join_kin(ties: Ties) -> None:
    """Give "Aunt Juley", as her nieces say, to Mrs. Munt, who answers and is where she is."""
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
        elder = clear_best(likely)
        if elder is not None:
            ties.join(kin, elder)


def _may_be_elder(ties: Ties, kin: Group, person: Group) -> bool:
    parts = [ties.cast.parts(key) for key in person.keys]
    titles = {p.title for p in parts}
    if (
        ties.cast.sex(kin) != ties.cast.sex(person)
        or not titles & GROWN
        or titles & {"miss"}
        or _has_given(ties, person)
    ):
        return False
    if ties.count(kin.along, person) + ties.count(person.along, kin) or ties.count(kin.callers, person):
        return False
    return ties.meet(kin, person) <= BRIDE_MEETS * min(kin.mentions, person.mentions)


def join_ladies(ties: Ties) -> None:
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
    if sum(chapter > wife.chapters[-1] for chapter in bride.chapters) > LONG_AFTER * len(bride.chapters):
        return 0.0  # whose name as a wife ends where the book begins is rather the mother of that name
    once = any(p.husband for p in map(ties.cast.parts, wife.keys))  # "Mrs. John Dane" is seldom said at all
    most = max(once, BRIDE_MEETS * min(bride.mentions, wife.mentions))
    if ties.count(bride.along, wife) + ties.meet(bride, wife) > most:
        return 0.0
    man = max(husbands, key=lambda man: (ties.told_wed(bride, man), man.mentions, man.key))
    if _is_wife_before(bride, wife, man):
        return 0.0
    own = ties.told_wed(bride, man) + (ties.meet(bride, man) if _gives_way(ties, bride, wife) else 0)
    if not any(p.husband for p in map(ties.cast.parts, wife.keys)) and _is_anothers_wife(ties, man, husbands):
        return 0.0  # of his father or of his brother
    return own * own / bride.mentions if own >= LEAST_WED else 0.0


def _is_wife_before(bride: Group, wife: Group, man: Group) -> bool:
    """Tell whether there is a wife in a chapter without the bride, whom the book knows, before it tells of a wedding.

    The wife of a man who marries again has the same name.
    """
    first = wife.chapters[0]
    if first in bride.chapters or first < bride.chapters[0]:
        return False
    pairs = [(at, other) for one, other in ((bride, man), (man, bride)) for at in one.found]
    told = [number for at, other in pairs if _is_wed(at, other) for number in at.chapters]
    return bool(told) and first < min(told)


def _is_wed(element: Element, person: Group) -> bool:
    """Tell whether one chapter has somebody wed a person."""
    signs = element.signs
    return signs is not None and any(name_key(name) in person.keys for name in (*signs.weds, *signs.along))


def _gives_way(ties: Ties, bride: Group, wife: Group) -> bool:
    """Tell whether a maiden, who has no other name, is no longer called so where the wife's name begins."""
    if any(p.title != "miss" or p.given for p in map(ties.cast.parts, bride.keys)):
        return False
    return bride.chapters[-1] - wife.chapters[0] in GIVES_WAY and bride.chapters[0] < wife.chapters[0]


def _is_anothers_wife(ties: Ties, man: Group, husbands: list[Group]) -> bool:
    """Tell whether another man of the family is plain "Mr. Vincy", so that "Mrs. Vincy" is his."""
    return not _is_plain_mister(ties, man) and any(_is_plain_mister(ties, other) for other in husbands)


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
    if any(p.title not in ("", "miss", "mrs", "lady") and not p.given for p in parts):
        return False
    if are_both_labels(wife, bride) or ties.count(wife.callers, bride) > 1:
        return False
    is_wife = any(p.title == "mrs" and (p.last or not bride.counts["given"]) for p in parts)
    if is_wife and not _is_over(ties, bride, wife):
        return any(p.title == "mrs" and p.last in lasts for p in parts) and ties.cast.may_be(wife, bride)
    return sum(ties.uses(bride, key) for key in bride.keys if _is_miss_of(ties.cast.parts(key), lasts)) < LEAST


def _is_over(ties: Ties, bride: Group, wife: Group) -> bool:
    """Tell whether a woman's name as a wife gives way to another: who marries again."""
    before = {
        at
        for element in bride.found
        if (parts := ties.cast.parts(name_key(element.name))).title == "mrs" and parts.last
        for at in element.chapters
    }
    after = sum(chapter > min(wife.chapters) for chapter in before)
    return bride.counts["given"] > 0 and after <= REMARRIED * len(before)


def _is_miss_of(parts: Parts, lasts: set[str]) -> bool:
    return parts.title == "miss" and parts.last in lasts


def join_eldest(ties: Ties) -> None:
    """Give plain "Miss Bennet" to Jane: the eldest has no other name to a stranger, and no last name at home."""
    for miss in sorted(ties.people, key=lambda person: (-person.mentions, person.key)):
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
        eldest = clear_best(named or [(_at_home(ties, p, family), p) for p in may_be], least=LEAST_NEAR)
        eldest = eldest or (_heroine(ties, miss, may_be, family) if not sisters else None)
        if eldest is not None:
            ties.join(miss, eldest)


def _heroine(ties: Ties, miss: Group, may_be: list[Group], family: list[Group]) -> Group | None:
    """The woman of whom by far the most is told, who is there, meets the family, and has no last name of her own."""
    most = max((p.mentions for p in ties.people if ties.cast.sex(p) == "woman"), default=0)
    there = [p for p in may_be if set(miss.chapters) <= set(p.chapters) and not ties.lasts(p) and p.mentions >= most]
    home = {id(p): sum(ties.meet(p, other) for other in family) for p in may_be}
    met = [p for p in there if home[id(p)] >= max(LEAST_NEAR, *home.values()) and not ties.meet(p, miss)]
    return clear_best((float(p.mentions), p) for p in met)


def _may_be_miss(ties: Ties, woman: Group, miss: Group) -> bool:
    parts = [ties.cast.parts(key) for key in woman.keys]
    lasts = ties.lasts(miss)
    if woman is miss or ties.cast.sex(woman) != "woman" or not any(p.given or p.word for p in parts):
        return False
    married = {p.last for person in ties.people for p in map(ties.cast.parts, person.keys) if p.title == "mrs"}
    if any((p.last and p.last not in lasts | married) or p.title in ("mrs", "lady") for p in parts):
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
