"""Who goes before or behind whom: of two who go one way neither goes up to the other. English only.

Reads the words of a passage after its deeds were read, and only adds to them.
"""

import re
from dataclasses import replace

from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Being, Figure, Sex, Way

PAIR = 2
MOST = 3  # who go one behind the other in front of a backdrop
IN_FILE = {Way.AHEAD: "ahead of", Way.BEHIND: "behind"}
_AFOOT = frozenset({Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE})
_IDLE = frozenset({Deed.STAND, Deed.UNKNOWN, Deed.LOOK, Deed.LISTEN, Deed.TALK})
_GOING = (
    r"\b(?:w[ae]nt|going|go(?:es)?|walk\w*|march\w*|hurr\w*|hasten\w*|r[au]n(?:ning)?|trot\w*|trudg\w*|stroll\w*|str[io]d\w*"
    r"|plod\w*|tramp\w*|limp\w*|shuffl\w*|skip\w*|stalk\w*|wander\w*|saunter\w*|waddl\w*|hobbl\w*|toddl\w*)"
)
_COMING = r"\b(?:c[ao]m(?:e|es|ing)|cre(?:pt|ep\w*)|st[eo]l\w*|sl[iu]nk\w*|pad\w*|glid\w*|slip\w*|step\w*|dragg\w*)"
_BETWEEN = r"(?:,? (?!and\b|but\b|to\b|up and\b|with\b|as\b|while\b|look|st[ao]*nd?\b|stood\b)[\w’-]+){0,4}?"
_ENDS = r"(?=\W*$|[.,;:!?—)]| (?:and|as|with|into|to|in|on|at|up|down|out|from|through|along|towards?|across|over)\b)"
_UP_BEHIND = re.compile(r"\bup(?: [\w’-]+)? behind\b")  # who comes up behind somebody finds them standing


def set_in_file(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Of two who go one way the one who acts is ahead of the other or behind them, and both go.

    Args:
        figures: Those of a passage.
        told: The passage without what is said in it.
    """
    if len(figures) != PAIR:
        return figures
    going = [at for at, it in enumerate(figures) if it.deed in _AFOOT and it.toward == 1 - at]
    if len(going) != 1:
        return figures
    goer, other = figures[going[0]], figures[1 - going[0]]
    if goer.way or other.way or other.count > 1 or goer.count > MOST or other.toward is not None or other.upon:
        return figures
    way = _way_of(other, told) if other.deed in _AFOOT | _IDLE else Way.UNKNOWN
    if not way:
        return figures
    stays = other.deed in _AFOOT or _UP_BEHIND.search(told)
    led = other if stays else replace(other, deed=goer.deed)
    pair = (replace(goer, way=way), led)
    return pair if going[0] == 0 else pair[::-1]


def _way_of(other: Figure, told: str) -> Way:
    """Whether the one who acts goes ahead of that one or behind; unknown where neither or both are told."""
    whom = words_for(other)
    follows = rf"\b[Ff]ollow(?:ed|ing|s)?(?: [\w’-]+ly)? {whom}(?:{_ENDS}| (?:c[ao]me|went|walked|ran)\b)"
    behind = rf"{follows}|(?:{_GOING}|{_COMING}){_BETWEEN} (?:behind|after) {whom}{_ENDS}"
    ahead = (
        rf"{_GOING}{_BETWEEN} before {whom}{_ENDS}"
        rf"|(?:{_GOING}|{_COMING}){_BETWEEN} (?:ahead of|in front of|in advance of) {whom}{_ENDS}"
        rf"|\b[Pp]reced(?:ed|es|ing) {whom}{_ENDS}"
    )
    ways = [way for way, words in ((Way.BEHIND, behind), (Way.AHEAD, ahead)) if re.search(words, told)]
    return ways[0] if len(ways) == 1 else Way.UNKNOWN


def words_for(figure: Figure) -> str:
    """A pattern for the words by which a passage may mean somebody."""
    ways = [_PRONOUNS.get(figure.sex, "him|her"), "me|us|them"]
    ways += ["it"] if figure.being is Being.CREATURE else []
    if figure.name:
        ways.append(rf"(?:[A-Z][\w’.-]+ )*{re.escape(figure.name.split()[-1])}")
    noun = figure.noun or figure.species.value
    if noun:
        ways.append(rf"(?:[\w’-]+ ){{1,4}}?{re.escape(noun)}")
    return rf"(?:{'|'.join(ways)})"


_PRONOUNS = {Sex.MAN: "him", Sex.WOMAN: "her"}
