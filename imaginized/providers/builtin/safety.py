"""How surely the picture of a passage would show what it tells, and which pictures are better left undrawn.

A picture that would lie is none: the riskiest of a chapter are a sentence in type, as many as a book may have.
Judged plates gave the weights: 70 of seven novels those of what lacks, 671 of sixteen those of what makes one fit; what
a passage says and no picture shows was weighed by hand after 123 more, and checked on 288 of 27 other novels.
"""

import math
import operator
from collections.abc import Sequence
from typing import NamedTuple

from imaginized.providers.builtin.actors import NARRATOR
from imaginized.providers.builtin.coverage import STILL, Count
from imaginized.providers.builtin.deeds import ON_HEADS
from imaginized.providers.builtin.people_words import COMPANIONS, DAMS
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import IN_FILE, Age, Being, Figure, Lack, Reference, Sex, Source, Staging, View

EASY_WORDS = 5
# Of what is said so many words count at most: none of them is drawn. Fewer say nothing: "yes", "all right".
FEW_SAID, TERSE = 4, 0.6
# What is left of a picture's safety: past so many words fewer fit the longer they are, of two sentences few do.
LONG, SECOND = 2.0, 0.85
# Somebody alone who does nothing shows nothing; who does something on no ground lacks what it is done to.
IDLE, ALONE = 0.35, 0.8
UNSHOWN = 0.5  # for each word that no picture shows: with at most one of them most fit, with more few do
PLANNED = 0.12  # of a passage that has a word for what does not happen: a likeness, a plan, a denial
UNDONE = 0.5  # of one that tells of a deed that nobody drawn does
COUNTED = 0.2  # of a passage that tells of more than are ever drawn
NO_TELLER = 0.1  # of one that tells of "me", who is not drawn
LEFT_OUT, BUSY = 0.25, 0.6  # besides, of one that tells of more people than are drawn, or of several deeds
JOINED = 0.6  # of one with an "and", or with what is done besides by a participle: more is told than one moment
PARTED, PARTING = frozenset({Deed.WALK, Deed.RUN, Deed.LEAVE, Deed.ENTER}), 0.5  # of one who leaves or passes another
# Of a beast that a pronoun may mean: it may as well mean somebody; of somebody, where it mostly means a beast.
BEASTLY = 0.2
SLIPPING = 0.5  # of a deed by a verb of `SLIPPERY`, besides
SEXLESS = 0.5  # of somebody with a name that may be a woman's or a man's: the figure is one of them
STANDING = 0.2  # of several who only are there
MASSED = 0.1  # besides, of several by one noun of whom no deed is drawn, not even that they stand, and no place
MEANT = 0.65  # of two, where only a pronoun says who one of them is: the deed may be the other's
SEVERAL = 0.75  # of those who are more than one by a noun: how many, and who of them
NAMED = 0.65  # of a passage with two names or more
# By 2,317 passages of fifty novels, read against what their pictures show: 10 of 100 were false, and of each of these
# twice as many or more. With them the picture that is false comes out less safe than one that is not in 57 to 71 of 100
# (52 to 63 without).
REMEMBERED = 0.16  # of a place that only what came before tells
THEY = 0.4  # of those whom only "they" means
TOWARDS = 0.35  # of one who walks or runs towards another: the passage often has them side by side, or the other gone
HABITUAL = 0.15  # of what is told of a time and of no moment
UNWORN = 0.4  # of one that tells what somebody has on the head, where it is in no hand
UNBORNE = 0.3  # of a baby that nobody holds
PASSING = 0.3  # of one who goes on "away", "past" or "before"; where another is drawn, `PARTING` besides
# Deeds done to somebody that often come out as another one: who is led or borne away is not always that one.
CLOSE = frozenset({Deed.LEAD, Deed.CARRY, Deed.PULL, Deed.PUSH, Deed.CHASE, Deed.SHOOT, Deed.STAB, Deed.HELP})
CLOSELY = 0.8
# What is left of a face or a group without those of whom the passage tells; of a place where the passage names none or
# tells of more than the place; and of what is only said, so much of the words being speech.
DESERTED, EMPTY, SPOKEN = 0.5, 0.1, 0.9
MOST_UNSHOWN = 2  # words that no picture shows: so many of a place with nobody there are what is told
VACANT = 0.4  # of a room with nobody in it: what stands in it, or how dark it is, is most of what is told
# What is told of those drawn and not shown: what they do it to or with makes more of a moment than one deed more.
LACKING = {Lack.DEED: 0.63, Lack.PERSON: 0.68, Lack.THING: 0.5, Lack.MOUNT: 0.48}
MOST_LACKING = 3
# What makes a plate fit its passage, and what makes it contradict it: log odds by 671 blindly judged plates of sixteen
# novels. With each novel left out the sixth that is likeliest to fit does so in 71 of 100 and contradicts in 9; of the
# two sixths that are least likely to, 20 fit and 37 contradict.
FEWEST_TOLD = 2  # words that mean something


class Odds(NamedTuple):
    """What each trait of a picture and its passage adds to log odds."""

    base: float
    told: float  # for the logarithm of the words that mean something
    deeds: float
    thing: float
    place: float
    pronoun: float
    minded: float
    two: float
    beast: float
    slippery: float
    clear: float
    lack: float
    loose: float
    missing: float


FITTING = Odds(0.99, -0.67, -0.32, -0.51, -0.14, -0.29, -0.84, 0.42, -0.44, -0.52, 0.82, -0.32, 0.45, -0.86)
FALSE = Odds(-2.4, 0.43, 0.31, 0.22, 0.1, 0.11, 0.0, 0.27, 0.07, 0.85, -0.63, 0.02, 0.16, 0.26)
USUAL = 0.75  # of the best that both give together: near it, so that the safest still differ
MOST_TOLD = 2
# Deeds told by verbs that mean another one nearly as often, or that look wrong without what they are done on or with.
SLIPPERY = frozenset({
    Deed.WEEP, Deed.LEAD, Deed.HELP, Deed.CLIMB, Deed.SLEEP, Deed.WAVE, Deed.LIE, Deed.RIDE, Deed.DRIVE, Deed.PULL,
    Deed.READ, Deed.LEAN, Deed.FLY, Deed.REACH, Deed.LOOK_OUT,
})  # fmt: skip
CLEAR = frozenset({
    Deed.EMBRACE, Deed.KISS, Deed.SMILE, Deed.BOW, Deed.TALK, Deed.SHOUT, Deed.WHISPER, Deed.ENTER, Deed.GIVE,
    Deed.WRITE,
})  # fmt: skip
MIXED = 0.1  # of a company of nobody by name, or kin, where a beast may be one of them, who would be drawn as a man
# Places whose words mean others as well, or only something seen from where the passage is.
LOOSE = frozenset({
    Setting.HALL, Setting.BEDROOM, Setting.CABIN, Setting.CORRIDOR, Setting.MOUNTAINS, Setting.CASTLE, Setting.FIELD,
    Setting.FOREST,
})  # fmt: skip
# How much of a book is set in type for its words, for the riskiest pictures first; how much may be, so that
# the greatest events are told. Besides these all that are unsure.
UNDRAWN, UNDRAWN_FOR_EVENTS = 0.25, 0.3
RISKY = 0.145  # how likely a picture may contradict its passage, and be drawn
# A picture that need not be improved; one that words in type do better than; one that is drawn only for want of others.
PROMISING, UNSURE, POOR = 0.1, 0.02, 0.01
_ALONE = frozenset({View.PORTRAIT, View.GROUP})
_IDLE = frozenset({Deed.STAND, Deed.UNKNOWN})


def weigh_safety(
    shown: float, count: Count, staging: Staging, *, sentences: int, beasts: bool = False, of_beast: bool = False
) -> float:
    """From 0 to 1, how surely a picture fits its passage.

    Args:
        shown: How much of what is told it shows, by count and by faith.
        count: What the passage tells.
        staging: What it would show.
        sentences: Of the passage, or parts of them.
        beasts: Whether beasts with names are in its chapter.
        of_beast: Whether nobody is told of in its chapter more than a beast.
    """
    hand = shown * _sayable(count) * SECOND ** (sentences - 1)
    hand *= math.prod(sorted(LACKING.get(lack, 1.0) for lack in staging.lacks)[:MOST_LACKING])
    *_, is_short = traits = _traits(count, staging)
    safety = _weigh(hand, traits) * _seen_well(count, staging)
    lacks_some = is_short or _is_somebody_unseen(count, staging)
    safety *= UNDONE if _is_something_undone(count, staging) or _stands_afloat(count, staging) else 1.0
    safety *= NO_TELLER if _is_teller_unseen(count, staging) else 1.0
    safety *= (MIXED if (beasts or of_beast) and _is_mixed(staging) else 1.0) * (LEFT_OUT if lacks_some else 1.0)
    safety *= BEASTLY if of_beast and any(map(_is_person_by_pronoun, staging.figures)) else 1.0
    told = count.pronouns or count.names or count.nouns or count.many or count.spoken or count.unseen or count.owned
    seen = [figure for figure in staging.figures if _has_outline(figure)]
    deserted = staging.view is View.SCENE and not seen and not staging.crowd
    if deserted and told:
        return 0.0
    if deserted and (not count.places or not _is_described(count, staging)):
        return safety * EMPTY
    if deserted and staging.indoors:
        return safety * VACANT
    if count.spoken >= SPOKEN * count.words > 0:
        return safety * EMPTY
    if not seen and not staging.crowd and (told or staging.figures):
        return safety * DESERTED
    return safety


def _seen_well(count: Count, staging: Staging) -> float:
    """Less where those drawn do nothing, or what often comes out as another deed, another's, or somebody else's."""
    close = any(figure.deed in CLOSE and figure.reference is not Reference.NAME for figure in staging.figures)
    worth = (CLOSELY if close else 1.0) * (SEXLESS if _is_named_sexless(staging) else 1.0)
    worth *= SLIPPING if any(figure.deed in SLIPPERY for figure in staging.figures) else 1.0
    worth *= PARTING if count.parting and _is_with_another(staging) and not _is_in_file(staging) else 1.0
    worth *= BEASTLY if any(_is_beast_by_pronoun(figure) for figure in staging.figures) else 1.0
    worth *= TOWARDS if any(_goes_up_to(figure) for figure in staging.figures) else 1.0
    worth *= _surely_meant(staging)
    worth *= UNWORN if _has_untold_headwear(count, staging) else 1.0
    worth *= UNBORNE if _is_baby_alone(staging) else 1.0
    worth *= REMEMBERED if staging.view is View.SCENE and staging.source is Source.CHAPTER else 1.0
    if staging.figures and all(figure.deed in STILL for figure in staging.figures):
        worth *= MASSED if _is_idle_mass(count, staging) else 1.0
        return worth * (IDLE if len(staging.figures) == 1 else STANDING)
    return worth * (ALONE if staging.view in _ALONE and len(staging.figures) == 1 else 1.0)


def _is_idle_mass(count: Count, staging: Staging) -> bool:
    """Whether several by one noun only stand: a state of them is told, or a deed that no picture has."""
    idle = all(figure.deed in _IDLE and not (figure.holds or figure.upon) for figure in staging.figures)
    several = any(figure.count > 1 for figure in staging.figures)
    return idle and several and staging.view in _ALONE and Deed.STAND not in count.deeds


def _surely_meant(staging: Staging) -> float:
    """Less of two, and of several by one noun: which of them does it, and to whom, is often another."""
    figures = staging.figures
    worth = SEVERAL if any(figure.count > 1 for figure in figures) else 1.0
    by_pronoun = any(figure.reference is Reference.PRONOUN for figure in figures)
    return worth * (MEANT if by_pronoun and len(figures) > 1 else 1.0)


def most_safety(shown: float, count: Count) -> float:
    """What the picture of a passage can reach at best, by its words alone: asked of each that may become one."""
    slippery = bool(count.deeds) and SLIPPERY.issuperset(count.deeds)
    # Two people, in a place whose word may be loose, and nothing that lacks.
    traits = (*_traits_told(count), 1, 0, slippery, not CLEAR.isdisjoint(count.deeds), 0, 1, 0)
    return _weigh(shown * _sayable(count), traits)


def _sayable(count: Count) -> float:
    """What is left of a picture's safety by how much more its passage says than any picture shows."""
    words = count.words - count.spoken + min(count.spoken, FEW_SAID)
    brief = min(EASY_WORDS / max(words, 1), 1.0) ** LONG * UNSHOWN**count.unshown
    brief *= TERSE if 0 < count.spoken < FEW_SAID else 1.0
    brief *= (PLANNED if count.gated else 1.0) * (JOINED if count.joined else 1.0)
    brief *= (THEY if "they" in count.pronouns else 1.0) * (HABITUAL if count.habits else 1.0)
    brief *= (PASSING if count.parting else 1.0) * (NAMED if len(count.names) > 1 else 1.0)
    return float(brief * (COUNTED if count.numbers else 1.0) * (BUSY if len(set(count.deeds) - STILL) > 1 else 1.0))


def _weigh(hand: float, traits: Sequence[float]) -> float:
    """What was weighed by hand, with how likely a picture fits and contradicts nothing; at most 1.

    What is false counts twice: it is worse than what lacks something.
    """
    fits = _chance(FITTING, traits)
    true = 1.0 - _chance(FALSE, traits)
    return min(math.sqrt(hand) * fits * true * true / USUAL, 1.0)


def _chance(odds: Odds, traits: Sequence[float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(map(operator.mul, odds, traits))))


def _traits_told(count: Count) -> tuple[float, ...]:
    """Those of `Odds` that a passage alone has, in its order."""
    return (
        1.0,
        math.log(max(count.content, FEWEST_TOLD)),
        len(count.deeds) > 1,
        min(len(count.things), MOST_TOLD),
        min(len(count.places), MOST_TOLD),
        len(count.pronouns),
        count.minded > 0,
    )


def _traits(count: Count, staging: Staging) -> tuple[float, ...]:
    """Those of `Odds`, in its order."""
    deeds = {figure.deed for figure in staging.figures}
    return (
        *_traits_told(count),
        len(staging.figures) == 2,
        any(figure.being is Being.CREATURE for figure in staging.figures),
        not SLIPPERY.isdisjoint(deeds),
        not CLEAR.isdisjoint(deeds),
        len(staging.lacks),
        staging.view is View.SCENE and staging.setting in LOOSE,
        _is_short_of_people(count, staging),
    )


def _is_short_of_people(count: Count, staging: Staging) -> bool:
    """Whether fewer are drawn than are told of by name or noun, others than those, or one alone for several."""
    figures = [figure for figure in staging.figures if _has_outline(figure)]
    named = {figure.name for figure in figures}
    drawn = len(figures) + staging.crowd
    nouns = _others_than_named(count)
    several = staging.crowd or any(figure.count > 1 for figure in figures)
    many = (count.many or "they" in count.pronouns) and drawn < 2 and not several
    # "The man" may be somebody whose name is told elsewhere, so any other figure may stand for a noun.
    meant = {figure.noun for figure in figures} | {str(figure.species) for figure in figures}
    others = sum(figure.name not in count.names and figure.noun not in nouns for figure in figures)
    lacking = not count.names <= named or len(nouns - meant) > others
    return lacking or many or len(count.names) + len(nouns) + len(count.many) > drawn


def _has_outline(figure: Figure) -> bool:
    """Whether somebody is seen: a beast of which no kind is known is not."""
    return figure.being is Being.PERSON or bool(figure.species)


def _others_than_named(count: Count) -> set[str]:
    """The nouns of those who are told of, without "captain" where it is a part of a name."""
    return {noun for noun in count.nouns if not any(noun in name.lower() for name in count.names)}


def _is_somebody_unseen(count: Count, staging: Staging) -> bool:
    """Whether a pronoun means a man, a woman, a teller or somebody who is not drawn."""
    sexes = {figure.sex for figure in staging.figures if figure.noun != NARRATOR}  # "he" is never who says "I"
    lacks = ("he" in count.pronouns and Sex.MAN not in sexes) or ("she" in count.pronouns and Sex.WOMAN not in sexes)
    gone = count.gone and (count.names or count.nouns or count.many or count.pronouns)
    return bool(lacks or gone or count.unseen or _is_short_of_objects(count, staging))


def _is_teller_unseen(count: Count, staging: Staging) -> bool:
    return "i" in count.pronouns and not any(figure.noun == NARRATOR for figure in staging.figures)


def _stands_afloat(count: Count, staging: Staging) -> bool:
    """Whether somebody is told to stand in a boat, where the picture has everybody sit."""
    return staging.view is View.SCENE and staging.setting is Setting.BOAT and Deed.STAND in count.deeds


def _is_short_of_objects(count: Count, staging: Staging) -> bool:
    """Whether he to whom the one deed is done is not drawn besides those who are told of by name or noun."""
    if not count.objects or len(count.deeds) > 1:
        return False
    told = max(len(count.names) + len(_others_than_named(count)) + len(count.many), 1) + 1
    return len(staging.figures) + staging.crowd < told


def _is_something_undone(count: Count, staging: Staging) -> bool:
    """Whether more deeds are told than are shown; a verb in a sense of its own counts for one that is shown."""
    return len(set(count.deeds) - STILL) > len({figure.deed for figure in staging.figures} - STILL)


def _is_with_another(staging: Staging) -> bool:
    """Whether somebody moves where another one is drawn: the two would be drawn together, or as they meet."""
    return len(staging.figures) > 1 and any(figure.deed in PARTED for figure in staging.figures)


def _is_in_file(staging: Staging) -> bool:
    """Whether it is shown that one goes ahead of another or behind."""
    return any(figure.way in IN_FILE for figure in staging.figures)


def _goes_up_to(figure: Figure) -> bool:
    return figure.deed in PARTED and figure.toward is not None and figure.way not in IN_FILE


def _is_named_sexless(staging: Staging) -> bool:
    return any(figure.name and not figure.sex and figure.being is Being.PERSON for figure in staging.figures)


def _has_untold_headwear(count: Count, staging: Staging) -> bool:
    """Whether a hat, a crown or spectacles are told of that nobody holds: who wears them is drawn by other words."""
    shown = {figure.holds for figure in staging.figures} | {figure.upon for figure in staging.figures}
    return not ({THINGS.get(base, Thing.NONE) for base in count.things} & ON_HEADS) <= shown


def _is_baby_alone(staging: Staging) -> bool:
    """Whether a baby is there that nobody holds: it would stand or sit as a child."""
    babies = {at for at, each in enumerate(staging.figures) if each.age is Age.BABY or each.noun == "baby"}
    return not babies <= {figure.toward for figure in staging.figures}


def _is_beast_by_pronoun(figure: Figure) -> bool:
    return figure.being is Being.CREATURE and figure.reference is not Reference.NAME


def _is_person_by_pronoun(figure: Figure) -> bool:
    """Whether only "he" or "she" says it: not so of who tells it."""
    by_pronoun = figure.reference is not Reference.NAME and figure.noun != NARRATOR
    return by_pronoun and figure.being is Being.PERSON


def _is_mixed(staging: Staging) -> bool:
    people = [figure for figure in staging.figures if figure.being is Being.PERSON]
    return any(figure.noun in DAMS or (figure.count > 1 and figure.noun in COMPANIONS) for figure in people)


def _is_described(count: Count, staging: Staging) -> bool:
    """Whether a passage tells of nothing but a place, and of no thing, number or deed that is not shown.

    Which doors, windows and tables a room has is not the book's, and no view has "a soft footfall".
    """
    shown = {THINGS.get(base) in staging.things and not staging.indoors for base in count.things}
    done = count.deeds or count.acts or staging.figures
    return shown <= {True} and not done and not count.counted and count.unshown < MOST_UNSHOWN


def most_undrawn(before: int, passages: int, *, share: float = UNDRAWN) -> int:
    """How many passages a chapter has in type for their words: with those before it, a share of the book."""
    return math.floor(share * (before + passages)) - math.floor(share * before)


def is_unplaced(view: View | None) -> bool:
    """Whether a picture is a portrait, a thing or type; who was not staged is none of what happens."""
    return view not in (View.SCENE, View.GROUP)
