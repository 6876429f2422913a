"""How surely the picture of a passage would show what it tells, and which pictures are better left undrawn.

A picture that would lie is none: the riskiest of a chapter are a sentence in type, as many as a book may have.
Judged plates of seven novels (70, blind) gave the weights.
"""

import math

from imaginized.providers.builtin.coverage import STILL, Count
from imaginized.providers.builtin.people_words import COMPANIONS
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.staging import Being, Lack, Reference, Staging, View

EASY_WORDS = 30
# What is left of a picture's safety: past so many words hardly any fits, of two sentences few do.
LONG, SECOND = 0.45, 0.85
# Somebody alone who does nothing shows nothing; who does something on no ground lacks what it is done to.
IDLE, ALONE = 0.55, 0.8
SEXLESS = 0.8  # of somebody with a name that may be a woman's or a man's: the figure is one of them
STANDING = 0.75  # of several who only are there
# Deeds done to somebody that often come out as another one: who is led or borne away is not always that one.
CLOSE = frozenset({Deed.LEAD, Deed.CARRY, Deed.PULL, Deed.PUSH, Deed.CHASE, Deed.SHOOT, Deed.STAB, Deed.HELP})
CLOSELY = 0.8
# Of a place without those of whom the passage tells, and of one that tells of more than the place.
DESERTED, EMPTY = 0.5, 0.1
# What is told of those drawn and not shown: what they do it to or with makes more of a moment than one deed more.
LACKING = {Lack.DEED: 0.63, Lack.PERSON: 0.68, Lack.THING: 0.73, Lack.MOUNT: 0.48}
MOST_LACKING = 3
# What makes a plate contradict its passage: log odds by 496 judged plates of 46 books. With each book left out the
# third that is likeliest to be false contradicts in 39 of 100, the least likely one in 17.
FALSE, FALSE_BY_LENGTH, FALSE_PLACE, FALSE_CROWDED, FALSE_SEX = -3.17, 0.56, 1.06, 0.81, 0.55
FEWEST_WORDS, MEAN_TRUTH = 5, 0.72
MIXED = 0.3  # of a company of nobody by name where a beast may be one of them, who would be drawn as a man
# Places whose words mean others as well, or only something seen from where the passage is.
LOOSE = frozenset({
    Setting.HALL, Setting.BEDROOM, Setting.CABIN, Setting.CORRIDOR, Setting.MOUNTAINS, Setting.CASTLE, Setting.FIELD,
    Setting.FOREST,
})  # fmt: skip
UNDRAWN, MOST_UNDRAWN = 0.41, 0.45  # of a book; what cannot be drawn otherwise comes to it, up to the second
PROMISING, POOR = 0.3, 0.08
_ALONE = frozenset({View.PORTRAIT, View.GROUP})


def weigh_safety(shown: float, count: Count, staging: Staging, *, sentences: int, beasts: bool = False) -> float:
    """From 0 to 1, how surely a picture fits its passage.

    Args:
        shown: How much of what is told it shows, by count and by faith.
        count: What the passage tells.
        staging: What it would show.
        sentences: Of the passage, or parts of them.
        beasts: Whether beasts with names are in its chapter.
    """
    safety = shown * (LONG if count.words > EASY_WORDS else 1.0) * SECOND ** (sentences - 1)
    safety *= _truth(count.words, staging) * (MIXED if beasts and _is_mixed(staging) else 1.0)
    safety *= math.prod(sorted(LACKING.get(lack, 1.0) for lack in staging.lacks)[:MOST_LACKING])
    told = count.pronouns or count.names or count.nouns or count.many or count.spoken
    seen = [figure for figure in staging.figures if figure.being is Being.PERSON or figure.species]
    if staging.view is View.SCENE and not seen and not staging.crowd and (told or not _is_described(count, staging)):
        return safety * EMPTY
    if not seen and not staging.crowd and (told or staging.figures):
        return safety * DESERTED
    idle = all(figure.deed in STILL for figure in staging.figures)
    if any(figure.deed in CLOSE and figure.reference is not Reference.NAME for figure in staging.figures):
        safety *= CLOSELY
    if idle and staging.figures:
        return safety * (IDLE if len(staging.figures) == 1 else STANDING)
    if staging.view in _ALONE and len(staging.figures) == 1:
        return safety * ALONE
    return safety


def _truth(words: int, staging: Staging) -> float:
    """How likely a picture contradicts nothing, against the mean of those that were judged."""
    loose = staging.view is View.SCENE and staging.setting in LOOSE
    sexless = any(figure.being is Being.PERSON and not figure.sex and figure.count == 1 for figure in staging.figures)
    odds = FALSE + FALSE_BY_LENGTH * math.log(max(words, FEWEST_WORDS))
    odds += FALSE_PLACE * loose + FALSE_CROWDED * (len(staging.figures) > 2) + FALSE_SEX * sexless
    named = any(figure.name and not figure.sex and figure.being is Being.PERSON for figure in staging.figures)
    return (SEXLESS if named else 1.0) / (1.0 + math.exp(odds)) / MEAN_TRUTH


def _is_mixed(staging: Staging) -> bool:
    several = (figure for figure in staging.figures if figure.count > 1 and figure.being is Being.PERSON)
    return any(figure.noun in COMPANIONS for figure in several)


def _is_described(count: Count, staging: Staging) -> bool:
    """Whether a passage tells of nothing but a place, and of no thing, plant or deed that is not shown."""
    shown = {THINGS.get(base) in staging.things for base in count.things}
    return shown <= {True} and not count.deeds and not count.acts and not staging.figures


def most_undrawn(before: int, passages: int) -> int:
    """How many portraits, objects and typed passages a chapter has: with those before it, all that a book may have."""
    return _undrawn_of(before + passages) - _undrawn_of(before)


def _undrawn_of(passages: int) -> int:
    """Of a book that ends here: in one chapter of it, or a few of a long one, there may be nothing else than them."""
    return max(math.floor(min(UNDRAWN * passages, MOST_UNDRAWN * passages - 1)), 0)


def is_unplaced(view: View | None) -> bool:
    """Whether a picture is a portrait, a thing or type; who was not staged is none of what happens."""
    return view not in (View.SCENE, View.GROUP)
