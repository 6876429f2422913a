"""Verbs of going and of blows that mean something else with what follows: "was going to speak". English only."""

from collections.abc import Callable

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.agreement import agreed_aim, agreed_thing
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_senses import NOTHING, Clause, Found, first_thing
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being

PURPOSES = words("work sleep bed war battle ruin sea church school")
ACROSS = words("across through into out off over inland")
VESSELS = frozenset({Thing.SHIP, Thing.BOAT, Thing.RAFT, Thing.CANOE, Thing.STEAMER})
SPURS = words("spur spurs heel heels whip")
DARTING = words("from out up past through by across down along forward ahead away off into forth back over")
GRIEVING = words("with over for like herself himself themselves till until as so about at")


def find_move(passage: Passage, clause: Clause, base: str, said: list[str]) -> Found | None:
    """What a verb is with the words after it; (Deed.UNKNOWN, …) for what shows nothing, None where it is plain."""
    rule = MOVES.get(base)
    return rule(passage.tokens, clause, said) if rule is not None and not clause.passive else None


def _go(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who is going to speak goes nowhere; nor who goes mad, comes true, goes on talking."""
    at = clause.verb.at
    after = tokens[at + 1] if said and at + 1 < len(tokens) else None
    if after is None or tokens[at].gap != " ":
        return None
    if said[0] == "over" and any(noun.who and noun.prep == "over" for noun in clause.nouns[:1]):
        return NOTHING  # a fear comes over somebody
    if tokens[at].lower == "going" and said[0] == "to" and _is_infinitive(tokens, at + 2, clause):
        return NOTHING
    if after.facts & lex.QUALITY and not after.facts & (lex.ADVERB | lex.FUNCTION | lex.NOUN):
        return NOTHING
    on = said[0] in ("on", "about", "to") and len(said) > 1
    if on and (said[1].endswith("ing") or (said[0] == "on" and said[1] in ("to", "with"))):
        return NOTHING
    return None


def _is_infinitive(tokens: list[Token], at: int, clause: Clause) -> bool:
    token = tokens[min(at, len(tokens) - 1)]
    near = at < clause.end + 1  # a verb after "to" ends the clause
    return near and bool(token.facts & lex.VERB) and token.lower not in PURPOSES


def _return(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """To return an answer or a bow, or to return "he did" for an answer, is no walk."""
    given = any(not noun.prep for noun in clause.nouns[:1]) and said[:1] != ["home"]
    return NOTHING if given or clause.spoken else None


def _advance(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    return NOTHING if any(not noun.prep for noun in clause.nouns[:1]) else None


def _proceed(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    talk = said[:1] in (["to"], ["with"]) and (said[0] == "with" or _is_infinitive(tokens, clause.verb.at + 2, clause))
    return NOTHING if talk else None


def _follow(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """One follows somebody, a path or nobody named; not advice, nor with the eyes."""
    if {"eyes", "eye", "gaze", "glance", "example"}.intersection(said):
        return NOTHING
    first = next((noun for noun in clause.nouns[:1] if not noun.prep), None)
    followed = first is None or first.who or first.thing or first.phrase is not None
    if not followed or clause.verb.prep == "by":
        return NOTHING
    return Deed.WALK, first.who[0] if first is not None and first.who else None, Thing.NONE, Thing.NONE


def _step(_tokens: list[Token], _clause: Clause, said: list[str]) -> Found | None:
    """Who steps aside or staggers back stands."""
    return NOTHING if said[:1] in (["back"], ["aside"]) or said[:2] in (["to", "one"],) else None


def _leave(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """One leaves a place or somebody; "all the men left in town" have gone nowhere."""
    stays = said[:1] in (["in"], ["on"], ["alone"], ["behind"], ["to"], ["with"], ["without"], ["off"])
    idea = any(noun.phrase is None and not noun.who for noun in clause.nouns[:1])
    return NOTHING if stays or idea else None


def _sail(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Who sails round a cape may be a passenger: only with a boat named somebody steers one."""
    return None if any(noun.thing in VESSELS for noun in clause.nouns) else NOTHING


def _touch(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who touches a horse with the spur rides it."""
    beast = next((noun.who[0] for noun in clause.nouns if noun.who and noun.who[0].being is Being.CREATURE), None)
    return (Deed.RIDE, beast, Thing.NONE, Thing.NONE) if beast is not None and SPURS.intersection(said) else None


def _shoot(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who shoots from a carriage or past a door without a gun has run; a glance is shot by nobody's pistol."""
    armed = any(noun.thing in table.FIREARMS or noun.thing is Thing.BOW for noun in clause.nouns)
    aimed = agreed_aim(Deed.SHOOT, clause)
    if {"glance", "look", "glances", "looks", "eyes"}.intersection(said):
        return NOTHING
    return NOTHING if DARTING.intersection(said[:1]) and not armed and aimed is None else None


def _strike(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who strikes through a wood or out for home walks; who is struck with a thought or strikes up a tune does not."""
    if ACROSS.intersection(said[:1]) and agreed_aim(Deed.STRIKE, clause) is None:
        place = any(noun.phrase is not None and noun.prep for noun in clause.nouns)
        return (Deed.WALK, None, Thing.NONE, Thing.NONE) if place else NOTHING
    return NOTHING if said[:1] in (["with"], ["up"], ["by"]) else None


def _enter(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Into a book nobody goes."""
    return NOTHING if any(noun.thing in table.HANDLED for noun in clause.nouns[:1]) else None


def _cry(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who cries where nothing is said aloud, and not out or to anybody, weeps."""
    if tokens[clause.verb.at].base == "call":
        named = any(not noun.prep for noun in clause.nouns[:1])  # whom or what one calls so
        return None if said[:1] in (["out"], ["aloud"], ["after"], ["to"]) or (clause.spoken and not named) else NOTHING
    if clause.spoken or clause.cries:
        return None
    grieves = GRIEVING.intersection(said[:2]) or any(word.endswith("ly") for word in said[:1])
    return (Deed.WEEP, None, Thing.NONE, Thing.NONE) if grieves and said[:1] not in (["out"], ["aloud"]) else None


def _bring(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who brings somebody to, round or up leads nobody."""
    if first_thing(clause):
        return None
    led = {"in", "into", "back", "home", "here", "upstairs", "downstairs"}.intersection(said[:4])
    to_place = "to" in said[:4] and any(noun.prep == "to" and noun.phrase is not None for noun in clause.nouns)
    return None if led or to_place else NOTHING


def _lead(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who is led to believe goes nowhere."""
    to = said.index("to") if "to" in said[:3] else -1
    return NOTHING if to >= 0 and _is_infinitive(tokens, clause.verb.at + 2 + to, clause) else None


def _catch(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Nobody catches fish with both hands, and a train not at all."""
    fish = any(noun.who and noun.who[0].noun == "fish" for noun in clause.nouns[:1])
    return NOTHING if fish or any(noun.thing is Thing.TRAIN for noun in clause.nouns[:1]) else None


def _bend(_tokens: list[Token], _clause: Clause, _said: list[str]) -> Found | None:
    return NOTHING  # a stoop is not a leaning back


def _lean(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who leans out of a window looks out of it; else there is something or somebody to lean on."""
    if "out" in said[:2]:
        return None
    thing = agreed_thing(Deed.LEAN, clause)
    return None if thing or agreed_aim(Deed.LEAN, clause) is not None else NOTHING


def _float(_tokens: list[Token], _clause: Clause, said: list[str]) -> Found | None:
    """Who floats from a room swims in nothing."""
    return None if WATERS.intersection(said) or not said else NOTHING


WATERS = words("water waters river sea stream lake pool waves surf pond flood tide current back")


def _bolt(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Neither a door nor a breakfast is bolted by running."""
    return NOTHING if any(not noun.prep for noun in clause.nouns[:1]) else None


def _point(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who points out that something is so shows nothing."""
    shown = any(noun.who or noun.thing or noun.phrase is not None for noun in clause.nouns)
    return NOTHING if said[:1] == ["out"] and ("that" in said[1:3] or not shown) else None


def _offer(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """An arm, a hand and what can be held out are offered; a chair or a thousand pounds are not."""
    held = any(noun.thing in table.HANDLED and not noun.prep for noun in clause.nouns)
    return None if held or {"hand", "hands", "arm", "arms"}.intersection(said[:5]) else NOTHING


def _tear(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """One tears along a road, away and after somebody; a letter, a veil and open is no run, and in the hand."""
    thing = next((noun.thing for noun in clause.nouns[:1] if not noun.prep and noun.thing in table.HANDLED), Thing.NONE)
    if thing:
        return Deed.HOLD, None, Thing.NONE, thing
    away = DARTING.intersection(said[:1]) or {"after", "round", "around", "at", "home"}.intersection(said[:1])
    return None if away and not any(not noun.prep for noun in clause.nouns[:1]) else NOTHING


MOVES: dict[str, Callable[[list[Token], Clause, list[str]], Found | None]] = {
    **dict.fromkeys(("go", "come", "run", "fall"), _go),
    "return": _return,
    "advance": _advance,
    "proceed": _proceed,
    **dict.fromkeys(("follow", "accompany"), _follow),
    **dict.fromkeys(("step", "stagger"), _step),
    "leave": _leave,
    "sail": _sail,
    "tear": _tear,
    "bolt": _bolt,
    "float": _float,
    "point": _point,
    "offer": _offer,
    "touch": _touch,
    "shoot": _shoot,
    "strike": _strike,
    **dict.fromkeys(("cry", "call"), _cry),
    "enter": _enter,
    "bring": _bring,
    "lead": _lead,
    "catch": _catch,
    "stoop": _bend,
    "lean": _lean,
}
