"""Verbs of going and of blows that mean something else with what follows: "was going to speak". English only."""

from collections.abc import Callable

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import verb_bearing, verb_hunting, vocabulary
from imaginized.providers.builtin.agreement import agreed_aim, agreed_thing
from imaginized.providers.builtin.conveyances import is_conveyed, is_on_the_line
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_leaps import find_leap, throat_of
from imaginized.providers.builtin.verb_phrases import is_phrase
from imaginized.providers.builtin.verb_senses import CALLING, NOTHING, Clause, Found, aim_of
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being

PURPOSES = words("work sleep bed war battle ruin sea church school")
ACROSS = words("across through into out off over inland")
VESSELS = frozenset({Thing.OAR, Thing.SHIP, Thing.BOAT, Thing.RAFT, Thing.CANOE, Thing.STEAMER})
DARTING = words("from out up past through by across down along forward ahead away off into forth back over")
GRIEVING = words("with over for like herself himself themselves till until as so about at")


def find_move(passage: Passage, clause: Clause, base: str, said: list[str]) -> Found | None:
    """What a verb is with the words after it; (Deed.UNKNOWN, …) for what shows nothing, None where it is plain."""
    if table.DEEDS.get(base) in (Deed.WALK, Deed.RUN) and is_conveyed(passage.tokens, clause):
        return NOTHING
    if table.DEEDS.get(base) is Deed.RIDE and is_on_the_line(passage.tokens, clause):
        return NOTHING
    if is_phrase(passage.tokens, clause.verb.at, base):
        return NOTHING
    moves = table.DEEDS.get(base) in (Deed.WALK, Deed.RUN, Deed.FALL)
    moves = moves and not (base == "come" and said[:1] == ["upon"])  # "came upon a bear"
    if moves and any(noun.thing is Thing.BICYCLE and noun.prep in ("on", "upon") for noun in clause.nouns):
        return Deed.RIDE, None, Thing.BICYCLE, Thing.NONE  # "dropped down the hill on his bicycle"
    on_foot = moves and table.DEEDS[base] is not Deed.FALL
    if on_foot and (steed := _sit(passage.tokens, clause, said)) is not None:
        return steed  # "approaching on his pony"
    rule = MOVES.get(base)
    return rule(passage.tokens, clause, said) if rule is not None and not clause.passive else None


def _go(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who is going to speak goes nowhere; nor who goes mad, comes true, goes on talking."""
    at = clause.verb.at
    after = tokens[at + 1] if said and at + 1 < len(tokens) else None
    if after is None or tokens[at].gap != " ":
        return None
    if said[0] in ("across", "upon") and said[1:2] in (["something"], ["some"], ["several"]):
        return NOTHING  # what one finds
    if said == ["on"] or _is_continued(tokens, at, said):
        return NOTHING  # who "went on" goes on talking
    if said[0] == "over" and any(noun.who and noun.prep == "over" for noun in clause.nouns[:1]):
        return NOTHING  # a fear comes over somebody
    if tokens[at].lower == "going" and said[0] == "to" and _is_infinitive(tokens, at + 2, clause):
        return NOTHING
    if after.facts & lex.QUALITY and not after.facts & (lex.ADVERB | lex.FUNCTION | lex.NOUN):
        return NOTHING
    on = said[0] in ("on", "about", "to") and len(said) > 1
    to = said[0] == "on" and said[1:2] == ["to"] and _is_a_place(tokens[at + 3 : at + 3 + verb_bearing.AFTER_WHOM])
    if on and not to and (said[1].endswith("ing") or (said[0] == "on" and said[1] in ("to", "with"))):
        return NOTHING
    return None


def _is_continued(tokens: list[Token], at: int, said: list[str]) -> bool:
    """Tell "went on and finished his tale" from "went on through the wood" and "went on deck"."""
    if said[:1] != ["on"] or at + 2 >= len(tokens) or tokens[at + 1].gap != " ":
        return False
    here = at + 2
    while here + 1 < len(tokens) and tokens[here].gap == " " and _says_how(tokens[here]):
        here += 1
    near = tokens[here + 1 : here + 1 + verb_bearing.AFTER_WHOM]
    word = tokens[here].lower
    if word in GOING_WITH:
        return GOING_WITH[word].isdisjoint(token.lower for token in near) and not (word == "to" and _is_a_place(near))
    return word not in ONWARDS and not (word.endswith("ly") or tokens[here].word[0].isupper())


ONWARDS = (
    vocabulary.DETERMINERS
    | DARTING
    | words(
        "toward towards round around beyond before behind alone together board deck shore foot tiptoe horseback home "
        "farther further"
    )
)
# Words after "went on", and those of which one follows where somebody walks.
GOING_WITH = {
    "till": words("came reached"),
    "until": words("came reached"),
    "to": words("where"),
    "in": words("dark darkness dusk twilight moonlight sunshine rain snow storm fog mist file line direction"),
    "at": words("run trot walk gallop pace speed"),
    "under": words("stars star moon sky sun clouds trees tree boughs branches bridge arch archway eaves lamps cover"),
    "hand": words("in"),
    "arm": words("in"),
    "side": words("by"),
}


def _says_how(token: Token) -> bool:
    return token.lower.endswith("ly") or token.lower in ("again", "then")


def _is_a_place(near: list[Token]) -> bool:
    """Whether words after "to" are a place: "the village"; not "the next point"."""
    led = bool(near) and near[0].lower in vocabulary.DETERMINERS
    grounds = (token for token in near if token.facts & _GROUNDS and not token.facts & lex.ABSTRACT)
    return led and next(grounds, None) is not None


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
    goes_on = said[:1] in (["as"], ["with"])
    does = said[:1] == ["to"] and _is_infinitive(tokens, clause.verb.at + 2, clause)
    return NOTHING if goes_on or does or _is_speech(tokens, clause, said) else None


def _ramble(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    return NOTHING if said[:1] == ["on"] or _is_speech(tokens, clause, said) else None  # "on to his youth"


def _is_speech(tokens: list[Token], clause: Clause, said: list[str]) -> bool:
    """Whether who "proceeded slowly" or "rambled on" may only go on talking: no word says where to."""
    near = said[: next((i + 1 for i, _ in enumerate(said) if tokens[clause.verb.at + i + 1].gap != " "), None)]
    return tokens[clause.verb.at].gap != " " or WHERE.isdisjoint(near)


WHERE = (DARTING - {"on"}) | words("to toward towards round around about among between before homeward")


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


def _shoot(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who shoots from a carriage or past a door without a gun has run; a glance is shot by nobody's pistol."""
    armed = any(noun.thing in table.FIREARMS or noun.thing is Thing.BOW for noun in clause.nouns)
    aimed = agreed_aim(Deed.SHOOT, clause)
    if aimed is not None and not aimed.prep and not armed and verb_hunting.is_any_game(aimed):
        return NOTHING  # "shot pigeons at the club": it is what people of his kind do
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
        if said[:1] in (["them"], ["him"], ["her"], ["it"], ["me"], ["us"]):
            return NOTHING  # "the girls called them muffs"
        return None if said[:1] in (["out"], ["aloud"], ["after"], ["to"]) or (clause.spoken and not named) else NOTHING
    if {"in", "out"}.intersection(said[:1]) and ALARM.intersection(said[:4]):
        return Deed.SHOUT, None, Thing.NONE, Thing.NONE
    if clause.cries and CALLING.intersection(token.lower for token in tokens[clause.verb.at + 1 : clause.verb.at + 4]):
        return Deed.SHOUT, None, Thing.NONE, Thing.NONE  # "crying and waving to him"
    if not clause.cries and len(said) == 1 and said[0] in ("also", "too", "likewise"):
        return NOTHING  # as the other did, who may have wept
    if clause.spoken or clause.cries or said[:1] in (["out"], ["aloud"]):
        return None
    if VOICES.intersection(said):
        return Deed.SHOUT, None, Thing.NONE, Thing.NONE
    grieves = GRIEVING.intersection(said[:2]) or any(word.endswith("ly") for word in said[:1])
    if grieves or (said[:1] in (["on"], ["upon"]) and CRIED_ON.intersection(said[1:4])) or said[:2] == ["all", "night"]:
        return Deed.WEEP, None, Thing.NONE, Thing.NONE
    return None if said[:1] and said[0] != "and" else NOTHING  # it may be a call or tears


ALARM = words("dismay alarm horror terror surprise joy delight astonishment fear amazement")


CRIED_ON = words("bed pillow pillows shoulder shoulders breast neck sofa couch")
VOICES = words("voice tone tones voices")


def _lead(tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who is led to believe goes nowhere."""
    to = said.index("to") if "to" in said[:3] else -1
    return NOTHING if to >= 0 and _is_infinitive(tokens, clause.verb.at + 2 + to, clause) else None


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
    torn = said[:1] in (["out"], ["up"], ["off"], ["down"]) and said[1:2] and said[1] in _LED
    if torn and not any(noun.phrase and noun.phrase.kind & _GROUNDS for noun in clause.nouns[:1]):
        return NOTHING  # "tore out a leaf"; up the stairs one runs
    away = DARTING.intersection(said[:1]) or {"after", "round", "around", "at", "home"}.intersection(said[:1])
    return None if away and not any(not noun.prep for noun in clause.nouns[:1]) else NOTHING


_LED = vocabulary.ARTICLES | vocabulary.POSSESSIVES
_GROUNDS = lex.PLACE | lex.NATURE


def _wave(_tokens: list[Token], _clause: Clause, said: list[str]) -> Found | None:
    """What is waved away or aside is refused: no greeting."""
    return NOTHING if {"away", "aside", "off", "back"}.intersection(said[:4]) else None


def _puff(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Only a pipe or cigar is puffed; cheeks are, too, and who is out of breath puffs."""
    smoked = any(noun.thing in (Thing.PIPE, Thing.CIGAR) for noun in clause.nouns)
    return None if smoked or {"smoke", "clouds", "tobacco"}.intersection(said) else NOTHING


def _sweep(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who sweeps down the stairs or out of a room walks; a floor is swept otherwise."""
    walks = DARTING.intersection(said[:1]) and not any(not noun.prep for noun in clause.nouns[:1])
    return (Deed.WALK, None, Thing.NONE, Thing.NONE) if walks else None


def _burst(_tokens: list[Token], _clause: Clause, said: list[str]) -> Found | None:
    """Who bursts into tears, or breaks down sobbing, weeps, who bursts out laughing laughs; into a room one runs."""
    near = said[:6]
    if TEARS.intersection(near):
        return Deed.WEEP, None, Thing.NONE, Thing.NONE
    if MIRTH.intersection(near):
        return Deed.LAUGH, None, Thing.NONE, Thing.NONE
    return None


TEARS = words("tears sobs sobbing weeping crying")
MIRTH = words("laugh laughing laughter")


def _at_table(tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Who eats as he goes sits nowhere: he walks."""
    at = clause.verb.at
    after = [token.lower for token in tokens[at + 1 : at + 1 + verb_bearing.AFTER_WHOM + 2]]
    going = any(one == "as" and GOING.intersection(after[i + 1 :]) for i, one in enumerate(after))
    return (Deed.WALK, None, Thing.NONE, Thing.NONE) if going else None


GOING = words("went walked came ran rode strolled passed marched climbed moved travelled go walk")


def _fly(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who flies at somebody, or at a throat, seizes them."""
    at = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and noun.prep == "at"), None)
    aim = throat_of(said, clause) or at
    return (Deed.SEIZE, aim, Thing.NONE, Thing.NONE) if aim is not None else None


def _salute(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Who salutes raises a hand."""
    aim = aim_of(clause)
    named = any(not noun.prep for noun in clause.nouns[:1])
    return (Deed.RAISE, aim, Thing.NONE, Thing.NONE) if aim is not None or not named else None


def _hurry(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Whom one hurries along one leads."""
    if (throat := throat_of(said, clause)) is not None:
        return Deed.SEIZE, throat, Thing.NONE, Thing.NONE
    whom = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    away = {"along", "away", "off", "down", "up", "into", "to", "through", "across", "out", "over"}.intersection(
        said[1:4]
    )
    if whom is None:
        return None
    onwards = any(word.endswith(("ward", "wards")) for word in said[1:4])
    return (Deed.LEAD, whom, Thing.NONE, Thing.NONE) if away or onwards else NOTHING


def _sit(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Who sits on a horse rides."""
    steed = next((noun.who[0] for noun in clause.nouns if noun.who and noun.prep in ("on", "upon", "astride")), None)
    if steed is None or steed.being is not Being.CREATURE:
        return None
    return Deed.RIDE, steed, Thing.NONE, Thing.NONE


def _stretch(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who is stretched on a sofa, or out by the fire, lies; an arm or a thing is stretched by reaching."""
    if any(noun.who and not noun.prep for noun in clause.nouns[:1]):
        return NOTHING  # whom one stretches on the moss
    if {"himself", "herself", "themselves", "myself"}.intersection(said[:1]):
        return Deed.LIE, None, agreed_thing(Deed.LIE, clause), Thing.NONE
    seat = any(noun.thing in table.SEATS and noun.prep in ("on", "upon") for noun in clause.nouns)
    lying = (
        seat
        or said[:1] in (["on"], ["upon"], ["beside"], ["at"], ["full"])
        or said[:2] in (["out", "on"], ["out", "by"])
    )
    return (Deed.LIE, None, agreed_thing(Deed.LIE, clause), Thing.NONE) if lying else None


def _extend(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """What lies or goes far extends; nobody reaches who extends nothing."""
    reached = any(not noun.prep for noun in clause.nouns[:1]) or {"hand", "hands", "arm", "arms"}.intersection(said[:4])
    return None if reached else NOTHING


def _escape(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """A word escapes somebody and runs nowhere."""
    return NOTHING if any(not noun.prep for noun in clause.nouns[:1]) else None


def _sprawl(tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """Who comes or is sent sprawling falls."""
    before = tokens[clause.verb.at - 1] if clause.verb.at else None
    falls = before is not None and before.lower in ("came", "went", "sent", "him", "her", "down", "fell")
    return (Deed.FALL, None, Thing.NONE, Thing.NONE) if falls else None


def _attack(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """One attacks with words, too: it is a fight with a weapon, with a beast or among many."""
    near = (*clause.doers, *(who for noun in clause.nouns for who in noun.who))
    fought = any(who.being is Being.CREATURE or who.count > 1 for who in near)
    armed = any(noun.thing in table.WEAPONS for noun in clause.nouns) or ARMED.intersection(said)
    return None if fought or armed else NOTHING


ARMED = words("fist fists claws teeth knives swords bayonets clubs arms bare nails")


def _give(_tokens: list[Token], clause: Clause, _said: list[str]) -> Found | None:
    """What one gives a horse with a whip is a blow, and nothing into its hand."""
    beast = any(noun.who and noun.who[0].being is Being.CREATURE for noun in clause.nouns[:1])
    return NOTHING if beast and any(noun.thing in table.WEAPONS for noun in clause.nouns) else None


def _off(_tokens: list[Token], clause: Clause, said: list[str]) -> Found | None:
    """Who wrenches free pulls nobody, and who chops off roots fells no tree."""
    direct = any(noun.thing or noun.who for noun in clause.nouns[:1] if not noun.prep)
    return NOTHING if said[:1] in (["from"], ["free"], ["away"], ["off"]) and not direct else None


MOVES: dict[str, Callable[[list[Token], Clause, list[str]], Found | None]] = {
    **dict.fromkeys(("go", "come", "run", "fall"), _go),
    **dict.fromkeys(("spring", "jump", "leap", "bound"), find_leap),
    "return": _return,
    "advance": _advance,
    "proceed": _proceed,
    "ramble": _ramble,
    **dict.fromkeys(("follow", "accompany"), _follow),
    **dict.fromkeys(("step", "stagger"), _step),
    "leave": _leave,
    **dict.fromkeys(("sail", "steer", "paddle"), _sail),
    "tear": _tear,
    "bolt": _bolt,
    "float": _float,
    "point": _point,
    "offer": _offer,
    "touch": verb_hunting.touch,
    "shoot": _shoot,
    "strike": _strike,
    **dict.fromkeys(("cry", "call"), _cry),
    "enter": _enter,
    "bring": verb_bearing.bring_along,
    "lead": _lead,
    "catch": verb_hunting.catch,
    "stoop": _bend,
    "help": verb_bearing.help_up,
    "take": verb_bearing.take_along,
    "pick": verb_bearing.pick_up,
    "fly": _fly,
    "trot": verb_hunting.trot,
    "salute": _salute,
    **dict.fromkeys(("hurry", "march", "rush"), _hurry),
    "sit": _sit,
    "stretch": _stretch,
    "extend": _extend,
    "escape": _escape,
    **dict.fromkeys(("attack", "assail", "battle"), _attack),
    "give": _give,
    "sprawl": _sprawl,
    **dict.fromkeys(("wrench", "chop", "hew"), _off),
    "support": verb_bearing.hold_up,
    "carry": verb_bearing.carry_off,
    "wave": _wave,
    "puff": _puff,
    "sweep": _sweep,
    **dict.fromkeys(("burst", "break"), _burst),
    **dict.fromkeys(("eat", "munch", "nibble", "chew", "devour", "read", "sew", "knit"), _at_table),
    "lean": _lean,
}
