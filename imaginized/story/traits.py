"""Of what age and sex somebody of a book is, by what all its chapters count: once a book. Pure.

A chapter has too few words for it: who is "the child" in the first has only a name in the tenth, and is still a child.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from imaginized.story.apart import sex_of_title
from imaginized.story.elements import Element, ElementType
from imaginized.story.joining import ALIVE, Group
from imaginized.story.names import core, name_key, title_of

AGES = CHILD, YOUNG, GROWN = ("child", "young", "grown")
BESIDE = "beside"  # in a sentence about a child, who is then mostly another
COUNTED = (*AGES, BESIDE)
AGED = "aged"  # that a chapter was counted for them; one that an older version read was not
# How often the telling clearly says "he" and "she" of somebody.
TOLD_HE, TOLD_SHE = "told_he", "told_she"
# What must be counted for an age, and how much more than for another; a friend of a child needs less.
LEAST, CLEARLY, LEAST_OF_FRIEND = 3, 2, 1
LEAST_TO_GROW, NEARLY = 6, 1  # of a child who grows up in the book; as much may be told of one who is grown already
# Of titles, of "he" and "she", of lists of given names what makes a sex sure, and how much more than of the other.
LEAST_TITLED, LEAST_TOLD, AGAINST_LIST, SURELY = 3, 4, 8, 3
TITLED_SHARE = 10  # a title that is met once in so many mentions is somebody else's
MARRIED = frozenset({"mr", "mrs"})
MOST_OF_CHAPTER = 4  # words of a child that count where somebody grown is told of, too: one boy may fill a chapter
OF_CHILDREN = 0.6  # of the mentions of those whose age is told: a book is of children
CHIEF = 2  # of the people, by mentions: where one of these is a child, the book is of children


def find_ages(people: Sequence[Group], *, chapters: int) -> list[dict[str, int] | None]:
    """How old each is, by the last chapter of each age; empty where that is open, None where nothing was counted.

    Args:
        people: Those of the book, and its things, of which no age is told.
        chapters: The number of the last one of the book.
    """
    counts = [_counts(group) if group.type in ALIVE else {} for group in people]
    ages = [_ages(told, least=LEAST, chapters=chapters) for told in counts]
    ages = [
        {} if CHILD in own and len(own) == 1 and not _is_firm(told, last=chapters) else own
        for own, told in zip(ages, counts, strict=True)
    ]
    persons = [at for at, group in enumerate(people) if group.type is ElementType.CHARACTER]
    chief = sorted(persons, key=lambda at: (-people[at].mentions, people[at].key))[:CHIEF]
    young = next((ages[at] for at in chief if CHILD in ages[at]), None)
    if young is not None:
        _add_friends(people, counts, ages, chief=young, chapters=chapters)
    return [
        own if group.type in ALIVE and group.counts[AGED] else None for own, group in zip(ages, people, strict=True)
    ]


def _add_friends(
    people: Sequence[Group],
    counts: Sequence[Mapping[int, Counter[str]]],
    ages: list[dict[str, int]],
    *,
    chief: Mapping[str, int],
    chapters: int,
) -> None:
    """Give the age of the chief person, who is a child and may grow up, to those who are spoken of as of one, too.

    In a book of children that is everybody who has a given name and of whom nothing else is said.
    """
    if 2 * chief[CHILD] <= chapters:
        return  # the father of one who grows up is as little spoken of
    persons = [at for at, group in enumerate(people) if group.type is ElementType.CHARACTER]
    for at in persons:
        if not ages[at] and _is_called_plainly(people[at].found):
            own = _ages(counts[at], least=LEAST_OF_FRIEND, chapters=chapters)
            ages[at] = dict(chief) if own == {CHILD: chapters} else own
    known = [(CHILD in ages[at], people[at].mentions) for at in persons if ages[at]]
    if sum(weight for child, weight in known if child) < OF_CHILDREN * sum(weight for _, weight in known):
        return
    for at in persons:
        if not counts[at] and not ages[at] and _has_given_alone(people[at]):
            ages[at] = dict(chief)


def _has_given_alone(group: Group) -> bool:
    """Whether all the names of somebody are a given name, or two: no grown person of a book of children has no more."""
    return bool(group.counts["given"]) and not any(title_of(key) for key in group.keys)


def _is_called_plainly(found: Sequence[Element]) -> bool:
    return any(" " not in one.name for one in found)


def _is_firm(told: Mapping[int, Counter[str]], *, last: int) -> bool:
    """Whether a child is told of in so many chapters that "the boy" is not only another who is there with an uncle."""
    before = _sum(told, last=last)
    child = sum(min(counts[CHILD], MOST_OF_CHAPTER) for chapter, counts in told.items() if chapter <= last)
    return child > before[GROWN] + before[BESIDE]


def _counts(group: Group) -> dict[int, Counter[str]]:
    """What each chapter counts for the ages of somebody; who is Mr. Grey, too, is "little Grey" to friends."""
    told: dict[int, Counter[str]] = {}
    fond = any(title_of(name_key(each.name)) in MARRIED for each in group.found)
    for element in group.found:
        if element.signs is None or (fond and element.name.casefold().startswith("little ")):
            continue
        for chapter in element.chapters[:1]:
            own = Counter({age: count for age in COUNTED if (count := element.signs.counts.get(age, 0))})
            told[chapter] = told.get(chapter, Counter()) + own
    return {chapter: told[chapter] for chapter in sorted(told) if told[chapter]}


def _ages(told: Mapping[int, Counter[str]], *, least: int, chapters: int) -> dict[str, int]:
    """The one age that the book tells of; two where it tells of a child first, and then of somebody grown."""
    parted = _parted(told)
    before = _sum(told, last=parted)
    first = _age(before, least=LEAST) if before[CHILD] + before[YOUNG] >= LEAST_TO_GROW else ""
    first = first if _is_firm(told, last=parted) else ""
    after = _age_after(_sum(told, first=parted + 1))
    if first == CHILD and after in (YOUNG, GROWN):
        return {CHILD: parted, after: chapters}
    whole = _age(_sum(told), least=least)
    return {whole: chapters} if whole else {}


def _age_after(counts: Counter[str]) -> str:
    """The age of who was a child before: what is told of a youth and of somebody grown counts together."""
    if counts[YOUNG] + counts[GROWN] < max(LEAST, CLEARLY * counts[CHILD]):
        return ""
    return YOUNG if counts[YOUNG] > counts[GROWN] else GROWN


def _parted(told: Mapping[int, Counter[str]]) -> int:
    """The first chapter up to which nearly all speaks for a child, and after which most speaks for somebody grown."""
    scores: dict[int, int] = {}
    score = 0
    for chapter, counts in told.items():
        score += counts[CHILD] - counts[YOUNG] - counts[GROWN]
        scores[chapter] = score
    best = max(scores.values(), default=0)
    return next((chapter for chapter, score in scores.items() if score >= best - NEARLY), 0)


def age_in(element: Element, *, chapter: int) -> str:
    """How old somebody is in a chapter, or "" where that is open; outside of any chapter, 0, as in the first.

    The last age that is told of holds for whatever comes after it.
    """
    ages = element.ages or {}
    return next((age for age, last in ages.items() if chapter <= last), next(reversed(ages), ""))


def find_sexes(people: Sequence[Group]) -> list[str]:
    """The sex of each: "man", "woman", or "" where even a whole book leaves it open."""
    families = {core(key)[-1] for group in people for key in group.keys if title_of(key) and len(core(key)) == 1}
    return [_find_sex(group, families) if group.type in ALIVE else "" for group in people]


def _find_sex(group: Group, families: Collection[str]) -> str:
    titled = Counter({"man": 0, "woman": 0})
    named = [element for element in group.found if element.signs is None or not element.signs.counts.get("narrator")]
    for element in named:
        if sex := sex_of_title(name_key(element.name)):
            titled[sex] += max(element.mentions, 1)
    told = Counter(man=group.counts[TOLD_HE], woman=group.counts[TOLD_SHE])
    listed = Counter(man=group.counts["given_man"], woman=group.counts["given_woman"])
    share = sum(element.mentions for element in named) // TITLED_SHARE
    by_title = _clearer(titled, least=max(min(LEAST_TITLED, len(named)), share, 1))
    by_list, by_words = _clearer(listed, least=1), _clearer(told, least=LEAST_TOLD)
    if by_list and by_words != by_list:  # a list of given names may know another by this one
        by_words = _clearer(told, least=AGAINST_LIST) or _clearer(titled, least=2) or by_list
    usual = max(sorted({one.name for one in named}), key=lambda name: _uses(named, name), default="")
    is_surname = name_key(usual) in {(family,) for family in families} and not group.counts["given"]
    return by_title or by_words or ("man" if is_surname and told["woman"] < 2 * told["man"] else "")


def _uses(named: Iterable[Element], name: str) -> int:
    return sum(element.mentions for element in named if element.name == name)


def _clearer(counts: Counter[str], *, least: int) -> str:
    best, other = sorted(("man", "woman"), key=lambda sex: -counts[sex])
    return best if counts[best] >= max(least, SURELY * counts[other]) else ""


def _sum(told: Mapping[int, Counter[str]], *, first: int = 0, last: int | None = None) -> Counter[str]:
    total: Counter[str] = Counter()
    for chapter, counts in told.items():
        if first <= chapter and (last is None or chapter <= last):
            total.update(counts)
    return total


def _age(counts: Counter[str], *, least: int) -> str:
    """The age that is clearly told; a youth is told of as a boy as well as a man."""
    child, young, grown, beside = (counts[age] for age in COUNTED)
    if child >= max(least, CLEARLY * grown, CLEARLY * beside) and child >= young:
        return CHILD
    if grown >= max(LEAST, CLEARLY * child) and grown > young:
        return GROWN
    return YOUNG if young >= max(LEAST, CLEARLY * grown) and young > child else ""
