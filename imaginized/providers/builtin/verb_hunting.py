"""Verbs of the hunt that are said of other things: "caught him at dinner", "shot pigeons". English only."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.verb_senses import NOTHING, Clause, Found, Noun
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being

SPURS = words("spur spurs heel heels whip")
MOVINGLY = words("particularly deeply greatly much especially profoundly specially nearly most strangely")


def touch(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who touches a horse with the spur rides it; what touches somebody particularly is no hand."""
    if clause.verb.at and tokens[clause.verb.at - 1].lower in MOVINGLY:
        return NOTHING
    beast = next((noun.who[0] for noun in clause.nouns if noun.who and noun.who[0].being is Being.CREATURE), None)
    return (Deed.RIDE, beast, Thing.NONE, Thing.NONE) if beast is not None and SPURS.intersection(said) else None


def is_game(noun: Noun) -> bool:
    """Tell "pigeons" from "the pigeons", "two pigeons"."""
    several = noun.who[0].being is Being.CREATURE and noun.who[0].count > 1
    return several and noun.phrase is not None and noun.phrase.first == noun.at


def catch(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Nobody catches fish with both hands, and a train not at all; whom one catches after dinner one only meets."""
    fish = any(noun.who and noun.who[0].noun == "fish" for noun in clause.nouns[:1])
    if fish or any(noun.thing is Thing.TRAIN for noun in clause.nouns[:1]):
        return NOTHING
    whom = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None or CAUGHT_BY.intersection(said):
        return None
    if _is_dated(tokens, clause.verb.at):
        return NOTHING  # "on the Sunday she caught him": at home
    after = [token.lower for token in tokens[whom.at + 1 : min(whom.at + 3, clause.end)]]
    if after[:1] == ["up"]:  # in the street one overtakes; else one breaks in on what is said
        return NOTHING if not after[1:] or after[1].endswith("ly") else None
    return NOTHING if MEETING.intersection(after[:1]) else None


CAUGHT_BY = words("by arm arms hand hands shoulder shoulders collar sleeve")
DATES = words(
    "day days week month night evening morning afternoon noon luncheon lunch dinner breakfast "
    "sunday monday tuesday wednesday thursday friday saturday"
)


def _is_dated(tokens: list[Token], at: int) -> bool:
    """Whether a day or a time of day is told in the clause before a verb."""
    here = at - 1
    while here >= max(at - DATED, 0) and not any(mark in tokens[here].gap for mark in ".;:!?—"):
        owned = here > 0 and tokens[here - 1].lower in vocabulary.POSSESSIVES
        if tokens[here].lower in DATES and not owned and not tokens[here + 1].facts & lex.NOUN:
            return True  # not "his dinner" and "the night watchman"
        here -= 1
    return False


DATED = 8  # words before a verb
MEETING = words("after before when again later during one")


def trot(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Grown people who trot are in the saddle, where they are several; a child trots on foot."""
    if clause.doers and all(doer.noun in RIDERS for doer in clause.doers):
        return Deed.RIDE, None, Thing.NONE, Thing.NONE
    several = len(clause.doers) > 1 or any(doer.count > 1 for doer in clause.doers)
    grown = all(doer.being is Being.PERSON and doer.age not in (Age.BABY, Age.CHILD) for doer in clause.doers)
    return NOTHING if several and grown else None


RIDERS = words("horseman horsewoman rider trooper dragoon hussar lancer cavalryman huntsman jockey")
