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


def is_any_game(noun: Noun) -> bool:
    """Tell "pigeons" from "the pigeons" and "two pigeons"; lions are met, not shot for the table."""
    several = noun.who[0].being is Being.CREATURE and noun.who[0].count > 1 and noun.who[0].noun not in FIERCE
    return several and noun.phrase is not None and noun.phrase.first == noun.at


FIERCE = words(
    "lion lioness tiger tigress wolf bear leopard panther jaguar elephant rhinoceros hippopotamus buffalo bison boar "
    "crocodile alligator shark snake serpent monster dragon"
)


def catch(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Nobody catches fish with both hands, and a train not at all; whom one catches after dinner one only meets."""
    fish = any(noun.who and noun.who[0].noun == "fish" for noun in clause.nouns[:1])
    if fish or any(noun.thing is Thing.TRAIN for noun in clause.nouns[:1]):
        return NOTHING
    whom = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None or CAUGHT_BY.intersection(said):
        return None
    beasts = any(one.being is Being.CREATURE for one in (*clause.doers, *whom.who))
    if not beasts and _is_dated(tokens, clause.verb.at, named=whom.phrase is None):
        return NOTHING  # "on the Sunday she caught him": at home
    after = [token.lower for token in tokens[whom.at + 1 : min(whom.at + 3, clause.end)]]
    if after[:1] == ["up"]:  # in the street one overtakes; else one breaks in on what is said
        return NOTHING if not after[1:] or after[1].endswith("ly") else None
    return NOTHING if MEETING.intersection(after[:1]) else None


CAUGHT_BY = words("by arm arms hand hands shoulder shoulders collar sleeve")
MEALS = words("luncheon lunch dinner breakfast")
TIMES = words("day week night evening morning afternoon")


def _is_dated(tokens: list[Token], at: int, *, named: bool) -> bool:
    """Whether before a verb, in its clause, a meal or "on the Sunday" is told; before a name also "one evening"."""
    here = at - 1
    while here >= max(at - DATED, 0) and not any(mark in tokens[here].gap for mark in ",.;:!?—"):
        word, before = tokens[here].lower, [token.lower for token in tokens[max(here - 2, 0) : here]]
        owned = before[-1:] and before[-1] in vocabulary.POSSESSIVES
        dated = (word in MEALS and not owned) or (word in vocabulary.WEEKDAYS and "on" in before)
        dated = dated or (named and word in TIMES and before[-1:] == ["one"])
        after = tokens[here + 1]
        if dated and not (after.facts & lex.NOUN and after.word.islower()):
            return True  # not "his dinner" and "the dinner guests"
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
