"""What it is to spring, jump, leap or bound: to stand up, to run, to seize somebody. English only."""

from dataclasses import replace

from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.verb_senses import NOTHING, Clause, Found, aim_of, owner_of, upon_of
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

UPON_ONE = words("at on upon")
OVER = words("over down from off across overboard aside high")
STEPS = words("stair stairs staircase step steps")
CAUSES = words("spite because account instead despite")  # "in spite of Tom": not at him; "at Tom in spite of it" is


def find_leap(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """To spring up is to stand, forward to run, at somebody to seize them; over and down one jumps, stairs one runs."""
    if said[:1] in (["up"], ["down"]) and STEPS.intersection(said[1:4]):
        return Deed.RUN, None, Thing.STAIRS, Thing.NONE
    if "feet" in said[:3] or said[:1] == ["up"]:
        return Deed.STAND, None, Thing.NONE, Thing.NONE
    aim = _find_aim(clause, said)
    if aim is not None:
        return (Deed.SEIZE if UPON_ONE.intersection(said[:2]) else Deed.RUN), aim, Thing.NONE, Thing.NONE
    if said[:1] in (["on"], ["onto"], ["upon"]) and upon_of(clause):
        return NOTHING  # on a stool: every picture has them over it
    if OVER.intersection(said[:3]) or not said:
        return Deed.JUMP, None, upon_of(clause), Thing.NONE
    away = {"forward", "away", "out", "into", "after", "through", "to", "toward", "towards"}.intersection(said[:1])
    shown = away and not any(noun.phrase is None and not noun.thing for noun in clause.nouns[:1])
    return (Deed.RUN, None, Thing.NONE, Thing.NONE) if shown else NOTHING


def _find_aim(clause: Clause, said: list[str]) -> Actor | None:
    """At whom somebody leaps: nobody who stands after a cause."""
    cause = next((clause.verb.at + 1 + at for at, word in enumerate(said) if word in CAUSES), None)
    if cause is not None:
        clause = replace(clause, nouns=[noun for noun in clause.nouns if noun.at < cause])
    return aim_of(clause) or throat_of(said, clause)


def throat_of(said: list[str], clause: Clause) -> Actor | None:
    """Whose throat somebody springs or flies at."""
    return owner_of(clause) if UPON_ONE.intersection(said[:1]) and "throat" in said[:4] else None
