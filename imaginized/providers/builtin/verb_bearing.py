"""Verbs by which one bears, helps or leads somebody: "took her home", "carried him off". English only."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.verb_senses import NOTHING, Clause, Found, first_thing
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being


def bring_along(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who brings somebody to, round or up leads nobody."""
    if first_thing(clause):
        return None
    led = {"in", "into", "back", "home", "here", "upstairs", "downstairs"}.intersection(said[:4])
    to_place = "to" in said[:4] and any(noun.prep == "to" and noun.phrase is not None for noun in clause.nouns)
    return None if led or to_place else NOTHING


def help_up(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """One is helped up, off, or out of a boat; who helps with the work or to a slice is seen in nothing."""
    whom = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None:
        return NOTHING
    after = [token.lower for token in tokens[whom.at + 1 : whom.at + 1 + AFTER_WHOM]]
    return None if HELPED.intersection(after[:1]) or {"feet", "arm", "arms"}.intersection(said) else NOTHING


AFTER_WHOM = 3  # words after whom one helps that say where to
HELPED = words(
    "up down out into onto off over across through aboard ashore upstairs downstairs along mount dismount rise"
)


def hold_up(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """By an arm one supports somebody; by odd jobs, too, but nobody sees it."""
    whom = any(noun.who and not noun.prep for noun in clause.nouns[:1])
    return None if whom and PROPPED.intersection(said) else NOTHING


PROPPED = words("arm arms shoulder shoulders head weight waist knee knees body feet steps")


def carry_off(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who carries somebody aside, or off to another room, leads them; a child or the wounded one bears."""
    whom = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None or whom.being is not Being.PERSON or not {"aside", "off"}.intersection(said[:4]):
        return None
    borne = whom.low or whom.age in (Age.BABY, Age.CHILD) or CARRIED.intersection(said)
    return None if borne else (Deed.LEAD, whom, Thing.NONE, Thing.NONE)


CARRIED = words("arms shoulder shoulders back saddle litter stretcher bodily field")


def take_along(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Whom one takes back, home or into a tent one leads; a cap that is taken off is taken from nobody."""
    first = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep and noun.owner is None), None)
    if said[:1] == ["off"] or said[2:3] == ["off"]:
        return NOTHING  # what one wears
    if first is None or first.who[0].being is not Being.PERSON:
        return None
    onwards = {"back", "home", "away", "upstairs", "downstairs", "indoors"}.intersection(said[1:4])
    place = any(
        noun.prep in ("to", "into") and noun.phrase is not None and not noun.who and not noun.phrase.kind & lex.BODY
        for noun in clause.nouns[1:2]
    )
    return (Deed.LEAD, first.who[0], Thing.NONE, Thing.NONE) if onwards or place else None


def pick_up(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Whom one picks up by the way, or in a car, nobody carries; a child, a beast and who lies there one does."""
    whom = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and noun.prep in ("", "up")), None)
    if whom is None or whom in clause.doers:
        return None
    small = whom.age in (Age.BABY, Age.CHILD) or whom.being is not Being.PERSON
    before = {token.lower for token in tokens[max(clause.verb.at - TOLD_BEFORE, 0) : clause.verb.at]}
    down = whom.low or any(act.deed in _DOWN for act in whom.deeds) or HURT.intersection(before)
    borne = whom.count == 1 and "up" in said[:3] and (small or down or BORNE.intersection(said))
    return (Deed.CARRY, whom, Thing.NONE, Thing.NONE) if borne else NOTHING


_DOWN = frozenset({Deed.FALL, Deed.LIE, Deed.LIE_DEAD, Deed.SLEEP})
TOLD_BEFORE = 25  # tokens
HURT = words("faint fainting fainted swooned unconscious senseless hurt wounded injured lame drowned")
BORNE = HURT | words("arms arm bodily shoulder shoulders carried bore")
