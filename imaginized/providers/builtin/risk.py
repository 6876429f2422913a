"""How likely the picture of a passage contradicts it: odds by what the passage says and what its picture shows.

The odds are a logistic regression over 2,718 passages of 57 novels, read against descriptions of their pictures: 10 of
100 were false. Of each reading, with odds fitted to the others, the six tenths least likely to be false were so in 6 of
100, and the picture that is false comes out riskier than one that is not in 64 to 79 of 100 (less safe: 52 to 63).
"""

import math
from collections.abc import Iterator

from imaginized.providers.builtin.coverage import Count
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Age, Lack, Reference, Source, Staging, View

BASE = -2.4  # log odds of a picture that has none of the traits below
FEW_WORDS, MANY_WORDS = 5, 9
# Log odds, by trait. What somebody says is seldom false: nothing has to be done as told.
SPEAKER, SPEECH, BRIEF, SITTING, TOWARD, OBJECT, LOOKING = -0.55, -0.5, -0.4, -0.35, -0.25, -0.2, -0.15
JOINED, CLAUSE, MANY, MOVING, IDLE, COMPANY, NAMES = 0.05, 0.1, 0.15, 0.15, 0.15, 0.15, 0.2
MISSING, YOUNG, SEVERAL, EMPTY, PRONOUN, LONG = 0.2, 0.25, 0.25, 0.25, 0.25, 0.25
PARTING, GATED, HABIT, FORCE, REMEMBERED = 0.3, 0.35, 0.5, 0.55, 0.6
_SPEAKING = frozenset({Deed.TALK, Deed.SHOUT, Deed.WHISPER})
_MOVING = frozenset({Deed.WALK, Deed.RUN})
_FORCING = frozenset({
    Deed.SEIZE, Deed.PULL, Deed.LEAD, Deed.CARRY, Deed.STRIKE, Deed.CHASE, Deed.PUSH, Deed.STAB, Deed.SHOOT,
})  # fmt: skip


def weigh_risk(count: Count, staging: Staging, *, is_clause: bool) -> float:
    """From 0 to 1, how likely a picture contradicts its passage.

    Args:
        count: What the passage tells.
        staging: What its picture would show.
        is_clause: Whether the passage is only a part of its sentence.
    """
    log_odds = BASE + sum(_told(count)) + sum(_shown(staging)) + CLAUSE * is_clause
    return 1.0 / (1.0 + math.exp(-log_odds))


def _told(count: Count) -> Iterator[float]:
    """What the words of a passage add."""
    yield SPEECH * bool(count.spoken)
    yield BRIEF * (count.words <= FEW_WORDS) + LONG * (count.words >= MANY_WORDS)
    yield PARTING * bool(count.parting) + HABIT * bool(count.habits) + GATED * bool(count.gated)
    yield JOINED * bool(count.joined) + OBJECT * bool(count.objects) + NAMES * (len(count.names) > 1)


def _shown(staging: Staging) -> Iterator[float]:
    """What the figures of its picture add, and its ground."""
    figures = staging.figures
    deeds = {figure.deed for figure in figures}
    alone = len(figures) == 1
    idle = deeds == {Deed.STAND}
    yield SPEAKER * (alone and not deeds.isdisjoint(_SPEAKING))
    yield MOVING * (not deeds.isdisjoint(_MOVING)) + FORCE * (not deeds.isdisjoint(_FORCING))
    yield LOOKING * (Deed.LOOK in deeds) + SITTING * (Deed.SIT in deeds)
    yield EMPTY if not figures else IDLE * idle
    if len(figures) > 1:
        yield SEVERAL + COMPANY * idle
        yield PRONOUN * any(figure.reference is Reference.PRONOUN for figure in figures)
    yield MANY * any(figure.count > 1 for figure in figures)
    yield YOUNG * any(figure.age in (Age.YOUNG, Age.CHILD) for figure in figures)
    yield TOWARD * any(figure.toward is not None for figure in figures)
    yield MISSING * (Lack.PERSON in staging.lacks)
    yield REMEMBERED * (staging.view is View.SCENE and staging.source is Source.CHAPTER)
