"""What a passage says of those in its picture besides their deeds: who is older, who is far off, who was found dead.

English only.
"""

import re
from dataclasses import replace

from imaginized.providers.builtin.acting_words import CARRIERS
from imaginized.providers.builtin.actors import NARRATOR
from imaginized.providers.builtin.gaze import heed_heights
from imaginized.providers.builtin.heels import set_in_file
from imaginized.providers.builtin.lexicon import Fact, load_lexicon
from imaginized.providers.builtin.manners import heed_manners
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import ROOFED, Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being, Figure, Lack, Sex, Staging, View

PARENTS = words("mother father mamma mama papa aunt uncle stepmother stepfather godmother godfather guardian")
GRANDPARENTS = words("grandmother grandfather grandma grandpa granny grandmamma grandpapa")
CHILDREN = words("son daughter nephew niece grandson granddaughter grandchild stepson stepdaughter godson godchild")
_OWNED_WITHIN = 4  # words from "his" to "mother": "his poor old mother"
_SEEING = r"(?:look|call|shout|cri|hail|smil|wav|nodd|glanc|star|gaz|watch|beckon|bow|see|saw)\w*"
_SPOT = r"(?:window|balcony|corner|gate|doorway|bank|shore|deck|hill|top|distance|tower|wall|carriage|train)"
_FAR_SIDE = r"(?:other|far|farther|further|opposite) (?:end|side|bank|shore|corner)"
_APART = re.compile(
    rf"\b{_SEEING} (?:[\w’']+ ){{0,5}}(?:from (?:the|his|her|their|an?) {_SPOT}|across the \w+)\b|"
    rf"\b(?:look|glanc|gaz)(?:ed|ing|s)? back (?:at|from|to|upon|on|towards?)\b|"
    rf"\b(?:at|on|from|to) the {_FAR_SIDE} of\b|\bfrom afar\b|\b(?:a long way|a great way) off\b|\bin the distance\b|"
    r"\bwatch(?:ed|ing|es)? (?:[\w’']+ ){1,3}"
    r"(?:go|going|depart|departing|disappear|disappearing|vanish|(?:walk|rid|driv|row|sail)(?:e|ing)? (?:off|away))\b"
)
# Who does one of these to somebody is beside them after all.
_BESIDE = frozenset({
    Deed.TOUCH, Deed.HOLD, Deed.GIVE, Deed.REACH, Deed.HELP, Deed.SHAKE_HANDS, Deed.EMBRACE, Deed.KISS, Deed.WHISPER,
    Deed.LEAD, Deed.CARRY, Deed.PULL, Deed.PUSH, Deed.STRIKE, Deed.STAB, Deed.SEIZE, Deed.DANCE, Deed.FIGHT, Deed.TAKE,
})  # fmt: skip
_KILLED = r"(?:shot|dead|murdered|stabbed|strangled|hanged|drowned|killed|lifeless|poisoned)\b"
_FOUND = re.compile(rf"(?:\b(?:was|were|been|being|is) |(?:^|[.!?;:—] ?))[Ff]ound (?:\w+ )?{_KILLED}")


def heed(staging: Staging, passage: Passage, begin: int, end: int) -> Staging:
    """The staging with what tokens begin..end say of the ages of kin, of how far apart people are and of the dead.

    Args:
        staging: What the passage shows.
        passage: The chapter.
        begin: First token of the passage.
        end: The token after it.
    """
    if not staging.figures:
        return staging
    told = "".join(f"{token.word}{token.gap}" for token in passage.tokens[begin:end] if not token.spoken)
    staging = _each_in_one(heed_manners(staging, told), told)
    figures = set_in_file(_found_dead(_aged(_grown_up(staging.figures, told), told), told), told)
    if figures != staging.figures:
        staging = replace(staging, figures=figures)
    staging = _at_a_side(heed_heights(staging, told), told)
    return _apart(staging) if len(figures) > 1 and _APART.search(told) else staging


def _at_a_side(staging: Staging, told: str) -> Staging:
    """Who stands alone behind another's chair, or at another's side, lacks that one."""
    alone = len(staging.figures) == 1 and staging.figures[0].being is Being.PERSON and not staging.crowd
    whose = _AT_SIDE.search(told) if alone else None
    if whose is None or not _is_anothers(whose, staging.figures[0]):
        return staging
    return replace(staging, lacks=(*staging.lacks, Lack.PERSON, Lack.PERSON))


def _is_anothers(whose: re.Match[str], figure: Figure) -> bool:
    """Whether a side is another person's: "her" of a man, a name's or a person's noun; no ship has anybody at hers."""
    if whose["own"]:
        return bool(figure.sex) and whose["own"] != _OWN.get(figure.sex)
    return whose["owner"][0].isupper() or bool(load_lexicon().facts(whose["owner"]) & Fact.PERSON)


_AT_SIDE = re.compile(
    r"\b(?:behind|beside|by|at|near) (?:(?P<own>his|her)|(?:[\w’'-]+ ){0,3}?(?P<owner>[\w-]+)(?:['’]s|(?<=s)['’]))"
    r" (?:\w+ )?(?:chair|side|elbow|shoulder|back|bedside|knee|seat)\b"
)
_OWN = {Sex.MAN: "his", Sex.WOMAN: "her"}


def _each_in_one(staging: Staging, told: str) -> Staging:
    """Several "in their boats" share none: nobody is drawn in one, and the others lack."""
    shared = [figure.count > 1 and figure.upon in CARRIERS for figure in staging.figures]
    if not any(shared) or not _IN_THEIRS.search(told):
        return staging
    figures = tuple(
        replace(figure, upon=Thing.NONE) if several and figure.deed not in _BY_REIN else figure
        for several, figure in zip(shared, staging.figures, strict=True)
    )
    return replace(staging, figures=figures, lacks=(*staging.lacks, Lack.THING))


_BY_REIN = frozenset({Deed.DRIVE, Deed.RIDE})
_IN_THEIRS = re.compile(
    r"\b(?:in|into) their (?:[\w’-]+ )?"
    r"(?:carriages|buggies|gigs|cabs|carts|wagons|waggons|coaches|chaises|boats|canoes|skiffs|sleds|sleighs|cars)\b"
)


def _found_dead(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Who "was found shot" lies dead, where nobody else can be meant."""
    if len(figures) != 1 or figures[0].being is not Being.PERSON or not _FOUND.search(told):
        return figures
    upon = figures[0].upon if figures[0].upon in (Thing.BED, Thing.SOFA) else Thing.NONE
    return (replace(figures[0], deed=Deed.LIE_DEAD, toward=None, holds=Thing.NONE, upon=upon),)


def _grown_up(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Pupils and girls who "are grown up" are no children."""
    if not _GROWN.search(told):
        return figures
    return tuple(replace(it, age=Age.YOUNG) if it.age is Age.CHILD else it for it in figures)


_GROWN = re.compile(r"\b(?:is|are|was|were|been|now|quite|almost|nearly|all) grown(?:[- ]up| men| women)\b")


def _aged(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Somebody's mother is drawn older than they are, and somebody's son younger."""
    people = [at for at, figure in enumerate(figures) if figure.being is Being.PERSON and figure.count == 1]
    aged = list(figures)
    for at in people:
        noun = figures[at].noun
        if noun not in PARENTS | GRANDPARENTS | CHILDREN:
            continue
        peers = CHILDREN if noun in CHILDREN else PARENTS | GRANDPARENTS  # a father is no child of "his mother"
        other = _owner(figures, [each for each in people if figures[each].noun not in peers], noun, told)
        if other is None:
            continue
        old, young = (other, at) if noun in CHILDREN else (at, other)
        child = figures[young].age in (Age.CHILD, Age.BABY)
        if not child and figures[young].age is not Age.OLD:
            aged[young] = replace(aged[young], age=Age.YOUNG)
        # Who has a name looks the same in every plate: the grey hair is for the nameless ones.
        if not figures[old].age and not figures[old].name and (noun in GRANDPARENTS or not child):
            aged[old] = replace(aged[old], age=Age.OLD)
    return tuple(aged)


def _owner(figures: tuple[Figure, ...], others: list[int], noun: str, told: str) -> int | None:
    """Which of the others a word before the noun says that it is the mother of: "his", "Anna's"; of two, none."""
    whose = re.findall(rf"\b([\w’']+) (?:[\w-]+ ){{0,{_OWNED_WITHIN - 1}}}?{noun}\b", told, re.IGNORECASE)
    fit = {
        at
        for at in others
        for word in whose + re.findall(rf"\b(his|her|my|their|our) (?:[\w-]+ ){{0,3}}?{noun}\b", told, re.IGNORECASE)
        if _owns(figures[at], word)
    }
    return fit.pop() if len(fit) == 1 else None


def _owns(figure: Figure, word: str) -> bool:
    """Whether a possessive can be somebody's."""
    low = word.lower()
    if low in ("my", "our"):
        return figure.noun == NARRATOR
    if low in ("his", "her"):
        return figure.sex in ((Sex.MAN if low == "his" else Sex.WOMAN), Sex.UNKNOWN)
    bare = low.replace("’", "'")
    return bare.endswith("'s") and bare[:-2] in f"{figure.name} {figure.noun}".lower().split()


def _apart(staging: Staging) -> Staging:
    """Those who are far from each other: in the open the one looked at stands far off, half-length only one is seen."""
    figures = staging.figures
    if any(figure.deed in _BESIDE and figure.toward is not None for figure in figures):
        return staging
    if staging.view is View.SCENE:
        if staging.setting in ROOFED:
            return staging
        seen = tuple(
            replace(figure, deed=Deed.LOOK_OUT) if figure.deed is Deed.LOOK and figure.toward is not None else figure
            for figure in figures
        )
        lacks = staging.lacks if seen != figures else (*staging.lacks, Lack.PERSON)  # drawn nearer than they are
        return replace(staging, figures=seen, lacks=lacks)
    if staging.view is not View.GROUP or figures[0].count > 1:
        return staging
    return replace(
        staging,
        figures=(replace(figures[0], toward=None),),
        view=View.PORTRAIT,
        why="place not sure, others far off: portrait",
        lacks=(*staging.lacks, Lack.PERSON),
    )
