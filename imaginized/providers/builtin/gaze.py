"""Who looks up or down at whom, where the picture would have it the other way round. English only."""

import re
from dataclasses import replace

from imaginized.providers.builtin.heels import PAIR, words_for
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
        down, up = (bool(re.search(rf"{way} {words_for(other)}\b", told)) for way in (_DOWN, _UP))
        if (down and higher < 0) or (up and higher > 0):
            return replace(staging, lacks=(*staging.lacks, Lack.DEED, Lack.DEED))
    return staging


def _height(figure: Figure) -> int:
    """How high somebody's eyes are drawn, beside others."""
    low = figure.deed in _LOW or (figure.upon and figure.deed is Deed.READ)
    tall = _TALL.get(figure.age, figure.sex is Sex.MAN)
    return tall - _SEATED * bool(low) + _SEATED * (figure.way is Way.UP and bool(figure.upon))


_LOW = frozenset({
    Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.KNEEL, Deed.CROUCH, Deed.LIE_DEAD, Deed.WRITE, Deed.SEW, Deed.EAT, Deed.PRAY,
})  # fmt: skip
