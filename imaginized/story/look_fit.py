"""Looks that cannot be somebody's: "an old man" of a woman, "snowy hair" of a boy. Pure; the words are English."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from imaginized.story.apart import sex_by_pronouns, sex_of_title
from imaginized.story.elements import Element, ElementType, Look
from imaginized.story.foreign_titles import word_set
from imaginized.story.joining import ALIVE, Group
from imaginized.story.traits import GROWN

SURELY = 3  # times "he" or "she" without a title


WOMEN = word_set(
    "woman girl lady lass maiden damsel dame matron widow spinster wife mother daughter sister queen princess she her"
)
MEN = word_set("man boy lad gentleman fellow chap husband father son brother king prince widower he his")
# What only men wear: where a woman is said to have a beard, it is somebody else's, or put on for a play.
BEARDS = word_set("beard bearded moustache moustaches mustache mustaches whiskers whiskered")
# What nobody has of whom the whole book speaks as of a child or a girl.
AGED = word_set("old elderly aged wrinkled wizened hoary grizzled bald")
CHILDREN = word_set("child boy baby infant urchin")
GREY, HAIR = word_set("grey gray white snowy snow-white silver silvery"), word_set("hair hairs head locks curls")
_WORD = re.compile(r"[\w’'-]+")
# What stands before a look in its quote: "her …", "she was still …".
_OWNER = re.compile(
    r"\b(?:(his|her)|(he|she)\s+(?:is|was|looked|seemed|had been|has been)(?:\s+\w+)?)[\s,]+$", re.IGNORECASE
)


def fit_looks(group: Group, *, ages: Mapping[str, int]) -> list[Element]:
    """What was found of a group, with the looks that fit it; a place has none that were taken for a person's.

    Args:
        group: Somebody, a place or a thing.
        ages: The ages that the book tells of somebody, as `Element.ages`.
    """
    sex = _sex_of(group) if group.type in ALIVE else ""
    is_person = group.type is ElementType.CHARACTER
    unlike = _is_childish if set(ages) == {GROWN} else _is_old if ages and GROWN not in ages else None
    return [_with_own(element, group.type, sex=sex, unlike=unlike if is_person else None) for element in group.found]


def _with_own(element: Element, kind: ElementType, *, sex: str, unlike: Callable[[Look], bool] | None) -> Element:
    if kind in ALIVE:
        is_person = kind is ElementType.CHARACTER
        own = tuple(look for look in element.looks if not sex or _sex_in(look, is_person=is_person) in ("", sex))
        own = tuple(look for look in own if unlike is None or not unlike(look))
    else:
        own = () if element.type in ALIVE else element.looks
    if own == element.looks:
        return element
    return replace(element, looks=own, description="; ".join(look.text for look in own if look.is_lasting))


def _is_childish(look: Look) -> bool:
    """Whether a look is of a child: of whom the whole book speaks as of somebody grown it is another's, or long ago."""
    words = _WORD.findall(look.text.casefold())
    return not CHILDREN.isdisjoint(words) and "old" not in words


def _is_old(look: Look) -> bool:
    """Whether a look is of somebody old: "snowy hair", "a wrinkled face"; not "twelve years old"."""
    words = _WORD.findall(look.text.casefold())
    grey = any(word in GREY and not HAIR.isdisjoint(words[at + 1 :]) for at, word in enumerate(words))
    return grey or not BEARDS.isdisjoint(words) or (not AGED.isdisjoint(words) and "years" not in words)


def _sex_of(group: Group) -> str:
    titles = {sex_of_title(key) for key in group.keys} - {""}
    if titles:
        return titles.pop() if len(titles) == 1 else ""
    met = max(group.counts["he"], group.counts["she"])
    return sex_by_pronouns(group) if met >= SURELY else ""


def _sex_in(look: Look, *, is_person: bool) -> str:
    """Whose sex a look tells, by its first noun or by what stands before it in the quote; "" for none.

    Whiskers tell nothing of a beast.
    """
    words = _WORD.findall(look.text.casefold())
    if is_person and not BEARDS.isdisjoint(words):
        return "man"
    told = next((word for word in words if word in WOMEN | MEN), "")
    if told:
        return "woman" if told in WOMEN else "man"
    quote = look.quote.text if look.quote else ""
    at = quote.find(look.text)
    owner = _OWNER.search(quote[:at]) if at > 0 and quote.find(look.text, at + 1) < 0 else None
    if owner is None:
        return ""
    return "woman" if (owner[1] or owner[2]).casefold() in WOMEN else "man"
