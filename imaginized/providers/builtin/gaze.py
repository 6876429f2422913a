"""Who looks up or down at whom, where the picture would have it the other way round. English only."""

import re
from dataclasses import replace

from imaginized.providers.builtin.actors import NARRATOR
from imaginized.providers.builtin.heels import ENDS, PAIR, words_for
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Age, Being, Figure, Lack, Sex, Staging, Way

_LOOKING = r"\b(?:look|glanc|gaz|star|peer|smil|beam|frown)(?:e|es|s|ed|d|ing)?(?: [\w’-]+ly)?"
_DOWN, _UP = rf"{_LOOKING} down (?:at|on|upon|into|to)", rf"{_LOOKING} up (?:at|to|into)"
_SEATED = 10  # more than any difference between two who stand
_TALL = {Age.BABY: -3, Age.CHILD: -2}


def heed_heights(staging: Staging, told: str) -> Staging:
    """The staging with a lack where who looks down at another would be drawn as the lower one, or the other way round.

    Args:
        staging: What the passage shows.
        told: The passage without what is said in it.
    """
    figures = staging.figures
    if len(figures) != PAIR or any(figure.being is not Being.PERSON for figure in figures):
        return staging
    for looker, other in (figures, figures[::-1]):
        if other.toward is not None and looker.toward is None and looker.deed is not Deed.LOOK:
            continue  # the other one looks
        higher = _height(looker) - _height(other)
        down, up = (_looks(looker, other, way, told) for way in (_DOWN, _UP))
        if (down and higher < 0) or (up and higher > 0):
            return replace(staging, lacks=(*staging.lacks, Lack.DEED, Lack.DEED))
    return staging


def _looks(looker: Figure, other: Figure, way: str, told: str) -> bool:
    """Whether it is this one who looks so at that one: the nearest who was told of before the look, as far as known."""
    for look in re.finditer(rf"{way} {words_for(other)}(?: \w+ly| again)?{ENDS}", told):
        before = re.split(r"[.;!?:]", told[: look.start()])[-1]
        last = [_last_told(figure, before) for figure in (looker, other)]
        if last[0] >= last[1] and (last[0] >= 0 or not before.strip()):
            return True
    return False


def _last_told(figure: Figure, before: str) -> int:
    """Where somebody is told of for the last time as who does something; -1 for nowhere."""
    words = [*_DOERS.get(figure.sex, ("he", "she")), figure.noun, *figure.name.split()[-1:]]
    words += ["i"] if figure.noun == NARRATOR else []
    doers = "|".join(re.escape(word) for word in words if word)
    found = [each.start() for each in re.finditer(rf"\b(?:{doers})\b", before, re.IGNORECASE)]
    return found[-1] if found else -1


_DOERS = {Sex.MAN: ("he",), Sex.WOMAN: ("she",)}


def _height(figure: Figure) -> int:
    """How high somebody's eyes are drawn, beside others."""
    low = figure.deed in _LOW or (figure.upon and figure.deed is Deed.READ)
    tall = _TALL.get(figure.age, figure.sex is Sex.MAN)
    return tall - _SEATED * bool(low) + _SEATED * (figure.way is Way.UP and bool(figure.upon))


_LOW = frozenset({
    Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.KNEEL, Deed.CROUCH, Deed.LIE_DEAD, Deed.WRITE, Deed.SEW, Deed.EAT, Deed.PRAY,
})  # fmt: skip
