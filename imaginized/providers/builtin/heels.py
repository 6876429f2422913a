"""Who goes before or behind whom: of two who go one way neither goes up to the other. English only.

Reads the words of a passage after its deeds were read, and only adds to them.
"""

import re
from dataclasses import replace

from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Being, Figure, Sex, Way

PAIR = 2
MOST = 3  # who go one behind the other in front of a backdrop
_AFOOT = frozenset({Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE})
_IDLE = frozenset({Deed.STAND, Deed.UNKNOWN, Deed.LOOK, Deed.LISTEN, Deed.TALK})
_GOING = (
    r"\b(?i:w[ae]nt|going|go(?:es)?|walk\w*|march\w*|hurr\w*|hasten\w*|r[au]n(?:ning)?|trot\w*|trudg\w*|stroll\w*|str[io]d\w*"
    r"|plod\w*|tramp\w*|limp\w*|shuffl\w*|skip\w*|stalk\w*|wander\w*|saunter\w*|waddl\w*|hobbl\w*|toddl\w*)"
)
_COMING = r"\b(?i:c[ao]m(?:e|es|ing)|cre(?:pt|ep\w*)|st[eo]l\w*|sl[iu]nk\w*|pad\w*|glid\w*|slip\w*|step\w*|dragg\w*)"
_BETWEEN = r"(?:,? (?!and\b|but\b|to\b|up and\b|with\b|as\b|while\b|look|st[ao]*nd?\b|stood\b)[\w’-]+){0,4}?"
ENDS = r"(?=\W*$|[.,;:!?—)]| (?:and|as|with|into|to|in|on|at|up|down|out|from|through|along|towards?|across|over)\b)"
# Who does this behind one who stands is there then: neither goes on.
_TO_A_SPOT = (
    r"\b(?i:w[ae]nt|going|go(?:es)?|step\w*|slip\w*|cre(?:pt|ep\w*)|st[eo]l\w*|sl[iu]nk\w*|glid\w*|r[au]n(?:ning)?"
    r"|hurr\w*)(?: [\w’-]+ly)? behind"
)
_NO_WAY = r"(?! (?:on|along|down|through|up)\b)"
_UP_BEHIND = re.compile(r"\bup(?: [\w’-]+)? behind\b")  # who comes up behind somebody finds them standing


def set_in_file(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Of two who go one way the one who acts is ahead of the other or behind them, and both go.

    Args:
        figures: Those of a passage.
        told: The passage without what is said in it.
    """
    if len(figures) != PAIR:
        return figures
    found = [(at, way) for at in range(PAIR) if (way := _way_in(figures[at], figures[1 - at], told, after=1 - at))]
    if len(found) != 1:
        return figures
    at, way = found[0]
    goer, other = figures[at], figures[1 - at]
    stays = other.deed in _AFOOT or _UP_BEHIND.search(told)
    pair = (replace(goer, way=way, toward=1 - at), other if stays else replace(other, deed=goer.deed))
    return pair if at == 0 else pair[::-1]


def _way_in(goer: Figure, other: Figure, told: str, *, after: int) -> Way:
    """How somebody goes by another; `after` is the other's index."""
    if goer.deed not in _AFOOT or other.deed not in _AFOOT | _IDLE or other.toward is not None:
        return Way.UNKNOWN
    if goer.way or other.way or other.count > 1 or goer.count > MOST or other.upon:
        return Way.UNKNOWN
    if goer.toward is None:
        return _way_told_first(other, told)
    return _way_of(goer, other, told) if goer.toward == after else Way.UNKNOWN


def _way_told_first(other: Figure, told: str) -> Way:
    """The way in "behind him walked Anna"."""
    whom = words_for(other)
    if re.search(rf"\b(?:[Bb]ehind|[Aa]fter) {whom},? (?:{_GOING}|{_COMING})", told):
        return Way.BEHIND
    return (
        Way.AHEAD if re.search(rf"\b(?:[Bb]efore|[Ii]n front of|[Aa]head of) {whom},? {_GOING}", told) else Way.UNKNOWN
    )


def _way_of(goer: Figure, other: Figure, told: str) -> Way:
    """Whether the one who acts goes ahead of that one or behind; unknown where neither or both are told."""
    whom = words_for(other)
    follows = rf"\b[Ff]ollow(?:ed|ing|s)?(?: [\w’-]+ly)? {whom}(?:{ENDS}| (?:c[ao]me|went|walked|ran)\b)"
    follows = rf"{follows}|\b[Ff]ollowed (?:[\w’-]+ly )?by {words_for(goer)}\b"
    no_spot = rf"(?!{_TO_A_SPOT} {whom}{_NO_WAY})" if other.deed in _IDLE else ""
    behind = rf"{follows}|{no_spot}(?:{_GOING}|{_COMING}){_BETWEEN} (?:behind|after) {whom}{ENDS}"
    ahead = (
        rf"{_GOING}{_BETWEEN} before {whom}{ENDS}"
        rf"|(?:{_GOING}|{_COMING}){_BETWEEN} (?:ahead of|in front of|in advance of) {whom}{ENDS}"
        rf"|\b[Pp]reced(?:ed|es|ing) {whom}{ENDS}"
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
