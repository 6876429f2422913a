"""What proves two names two people's, or one's: titles, given names, where they meet. Pure; of two at a time."""

from collections import Counter

from imaginized.story.joining import Group
from imaginized.story.names import (
    MEN,
    MILITARY,
    RANKS,
    WOMEN,
    Key,
    Parts,
    front,
    is_form_of,
    is_same_given,
    title_of,
)

# Names that share a sentence this often, of the mentions of the rarer one, are two people's.
MEET_SHARE, MEET_LEAST = 0.06, 2
# Who is named so often is nobody in passing.
OFTEN_MET = 50
CALLS_LEAST = 2
# A given name is so much more often met than a full name that is another's.
RARELY = 10
TOLD_LEAST, TOLD_SHARE = 5, 0.15
SLIP_SHARE = 0.15
# The head of a family is "Mr. Knightley"; who needs his given name is met less often than him by this.
HEAD_SHARE = 4.0
SURE_SEX, AGAINST_LIST = 3.0, 8.0
LEARNED = frozenset(("squire", "dr", "professor", "inspector", "judge", "reverend", "sergeant"))
# Of a young lady it is her mother who bears these.
MARRIED = frozenset(("countess", "comtesse", "duchess", "baroness", "marquise"))
NOBLE = frozenset(("sir", "lord", "lady"))
# A captain is now and then a "Mr.".
MR_OR_OFFICER = MILITARY | {"mr"}
# Sums of the tables, made once: these are asked for every pair of names.
OF_MEN, OF_NOBODY_ELSE = MEN | MILITARY, (MILITARY | RANKS | NOBLE) - LEARNED
NOT_NOBLE = (WOMEN | MILITARY | {"miss", "mrs"}) - NOBLE
# A father and his son: only where the book has both are these titles.
OPPOSITE = ({"old", "young"}, {"big", "little"})
UNRANKED = frozenset(("mr", "mrs", "miss"))


def are_told_together(some: Counter[int], others: Counter[int]) -> bool:
    """Tell whether chapters tell of both; each counts how often, by chapter."""
    both = sum(min(count, others[chapter]) for chapter, count in some.items())
    return both >= max(TOLD_LEAST, TOLD_SHARE * min(some.total(), others.total()))


def is_once(person: Group, uses: int) -> bool:
    """Tell whether somebody much spoken of was only once called so: no other name hangs on that."""
    return uses < CALLS_LEAST and person.mentions >= OFTEN_MET


def is_daughter(rare: Group, wife: Group) -> bool:
    """Tell whether a full name, rarer than "Mrs.", ever shares a sentence with it: the wife's own hardly does."""
    met = any(rare.near[key] for key in wife.keys) or any(wife.near[key] for key in rare.keys)
    return met and rare.mentions < wife.mentions


def are_both_labels(a: Group, b: Group) -> bool:
    """Tell whether a play has speeches of both in one chapter."""
    return not label_chapters(a).isdisjoint(label_chapters(b))


def label_chapters(person: Group) -> set[int]:
    """The chapters of a play in which somebody's name stands before speeches."""
    if not person.counts["label"]:
        return set()
    return {at for each in person.found if each.signs and each.signs.counts.get("label") for at in each.chapters}


def share_chapter(a: Group, b: Group) -> bool:
    """Tell whether a chapter names both."""
    return not set(a.chapters).isdisjoint(b.chapters)


def comes_late(full: Group, bare: Group) -> bool:
    """Tell whether a full name is met once or twice, when the given name has long been somebody's, or never near it."""
    if full.chapters[:1] > bare.chapters[-1:] and full.mentions * RARELY <= bare.mentions:
        return True
    before = sum(chapter < full.chapters[0] for chapter in bare.chapters) if full.chapters else 0
    return full.mentions <= CALLS_LEAST and before * 2 > len(bare.chapters)


def is_same_full(a: Parts, b: Parts) -> bool:
    """Tell whether two full names are one: Tom and Thomas Gradgrind, a bride under two last names."""
    if not (b.given and b.last):
        return False
    return is_form_of(a.given, b.given) or (a.last == b.last and is_same_given(a.given, b.given))


def is_part(short: Key, long: Key) -> bool:
    """Tell whether "the Hare" can be the March Hare, "the King" the King of Hearts."""
    if len(short) > len(long):
        short, long = long, short
    return short in (front(long), long[-len(short) :]) or (len(short) == 1 and front(long)[-1:] == short)


def are_both_common(group: Group, person: Group) -> bool:
    """Tell whether neither is a slip for the other: a Dr. Craven and a Mr. Craven."""
    return group.mentions >= SLIP_SHARE * person.mentions and person.mentions >= SLIP_SHARE * group.mentions


def is_plain(a: Parts, b: Parts) -> bool:
    """Tell whether one is the other's given name or bare last name: those a writer mixes in one sentence."""
    if a.given and b.given:
        return a.given == b.given and not (a.last and b.last)
    return bool(a.word or b.word) and a.core[-1] == b.core[-1]


def are_apart(group: Group, person: Group, *, of_one: bool = False) -> bool:
    """Tell whether they are listed together or meet again and again; `of_one` where the names are rather one's."""
    if sum(group.along[key] for key in person.keys) + sum(person.along[key] for key in group.keys):
        return True
    met = max(sum(group.near[key] for key in person.keys), sum(person.near[key] for key in group.keys))
    return met >= max(MEET_LEAST + of_one, MEET_SHARE * min(group.mentions, person.mentions))


def conflict(a: Parts, b: Parts, *, slip: bool) -> bool:
    """Tell whether one can bear only one of two names: Mr. and Captain, Miss and Mrs. of one name, two given names."""
    if titles_conflict(a, b) and not (slip and "mr" in (a.title, b.title) and {a.title, b.title} <= MR_OR_OFFICER):
        return True
    if "of" in a.core and "of" in b.core and a.core != b.core:
        return True
    if a.given and b.given and not is_same_given(a.given, b.given):
        return True
    return bool(a.husband and b.husband and not is_same_given(a.husband, b.husband))


def is_initial(a: str, b: str) -> bool:
    """Tell whether one is the other's first letter ("Mr. E.")."""
    return min(len(a), len(b)) == 1 and a[0] == b[0]


def is_mother_of(wife: list[Parts], others: list[Parts]) -> bool:
    """Tell whether "Mrs. Miller" cannot be one of these names because Miss Daisy bears her last name, too."""
    lasts = {parts.last for parts in wife if parts.title == "mrs"}
    maiden = {parts.last for parts in others if parts.title == "miss"}
    known = {parts.last for parts in others}
    return bool(lasts & known and maiden and not maiden - lasts - {""})


def is_head_of(a: Parts, head: Group, b: Parts, other: Group) -> bool:
    """Tell whether plain "Mr. Knightley" is the family's head, who is far more often met than "Mr. John Knightley"."""
    if a.title not in UNRANKED or a.title != b.title or a.given or a.husband or not b.last or a.last != b.last:
        return False
    if not b.given and not b.husband:
        return False
    return head.mentions >= HEAD_SHARE * other.mentions


def titles_conflict(a: Parts, b: Parts) -> bool:
    """Tell whether nobody bears both titles."""
    titles = {a.title, b.title} - {""}
    if len(titles) < 2:
        return False
    if titles in OPPOSITE:
        return True
    if titles == {"mrs", "miss"}:
        return a.last == b.last != ""
    if "miss" in titles and titles & MARRIED:
        return True
    if titles & WOMEN and titles & OF_MEN:
        return True
    if "mr" in titles:
        return not titles.isdisjoint(OF_NOBODY_ELSE)
    return bool(titles & NOBLE and titles & NOT_NOBLE)


def sex_of_title(key: Key) -> str:
    """Tell "woman", "man" or "" by a title, or by an office that is all there is of a name: "Archdeacon"."""
    title = title_of(key) or (key[0] if len(key) == 1 and key[0] in MILITARY else "")
    if title in WOMEN:
        return "woman"
    return "man" if title in OF_MEN else ""


def sex_by_pronouns(group: Group) -> str:
    """Tell the sex by "he" and "she"; a list of given names is only wrong where they clearly say so."""
    he, she = group.counts["he"], group.counts["she"]
    sex, listed = ("woman" if she > he else "man"), {s for s in ("woman", "man") if group.counts[f"given_{s}"]}
    sure = SURE_SEX if not listed or sex in listed or max(he, she) >= OFTEN_MET else AGAINST_LIST
    return sex if max(he, she) >= sure * max(min(he, she), 1) else ""


def is_doubtful(group: Group) -> bool:
    """Tell whether "he" and "she" speak against the list of given names, as of a girl called Tony."""
    he, she = group.counts["he"], group.counts["she"]
    listed = ["woman" if group.counts["given_woman"] else "man"] if group.counts["given"] else []
    told = "woman" if she >= SURE_SEX * max(he, 1) else "man" if he >= SURE_SEX * max(she, 1) else ""
    return bool(told and listed and told not in listed)
