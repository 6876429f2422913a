"""Whether verb, preposition and object agree on a deed of bodies: to come to the rescue is no walk. English."""

from collections.abc import Mapping

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting_words import SEATS
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_senses import Clause, Noun
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

# Prepositions after which somebody is whom a deed is done to; what is done to an object alone has none.
TO_WHOM: Mapping[Deed, frozenset[str]] = {
    Deed.TALK: words("to with"),
    Deed.WHISPER: words("to"),
    Deed.SHOUT: words("to at after for upon"),
    Deed.LOOK: words("at upon on after into toward towards over for"),
    Deed.LISTEN: words("to"),
    Deed.LAUGH: words("at with to"),
    Deed.SMILE: words("at to upon on down"),
    Deed.POINT: words("at to toward towards"),
    Deed.WAVE: words("to at"),
    Deed.BOW: words("to before toward towards over"),
    Deed.KNEEL: words("before beside by to at near over"),
    Deed.LEAN: words("on upon against"),
    Deed.STRIKE: words("at"),
    Deed.STAB: words("at"),
    Deed.SHOOT: words("at upon on"),
    Deed.FIGHT: words("with against"),
    Deed.SEIZE: words("at upon on"),
    Deed.BITE: words("at"),
    Deed.TAKE: words("from"),
    Deed.PULL: words("at from"),
    Deed.PUSH: words("at against"),
    Deed.CHASE: words("after"),
    Deed.TOUCH: words("on upon"),
    Deed.GIVE: words("to"),
    Deed.THROW: words("at to upon on"),
    Deed.REACH: words("to for toward towards after out"),
    Deed.RAISE: words("to at"),
    Deed.DANCE: words("with"),
    Deed.PLAY: words("with"),
    Deed.SHAKE_HANDS: words("with"),
    Deed.CARRY: words("to"),
    Deed.RIDE: words("to on upon with beside by after toward towards behind at"),
    Deed.RUN: words("to toward towards after at up upon beside round around by behind with over"),
    Deed.WALK: words("to toward towards after up upon beside by with behind before between over round around at"),
    Deed.JUMP: words("at on upon over to toward towards"),
    Deed.DRIVE: words("with to"),
}
# Prepositions before the thing that a deed is done on, at or to.
ON_WHAT: Mapping[Deed, frozenset[str]] = {
    Deed.SIT: words("on upon in into at against before down up by beside"),
    Deed.STAND: words("on upon at in into before by beside against up"),
    Deed.LIE: words("on upon in into under across down"),
    Deed.SLEEP: words("on upon in"),
    Deed.LEAN: words("on upon against over down out at"),
    Deed.KNOCK: words("at on upon against"),
    Deed.CLIMB: words("up over into on onto upon through down in"),
    Deed.PULL: words("at"),
    Deed.PUSH: words("at against"),
    Deed.ROW: words("in into"),
    Deed.RIDE: words("on upon in"),
    Deed.KNEEL: words("by beside before at on upon down"),
    Deed.CROUCH: words("by beside behind under in on against down"),
    Deed.JUMP: words("over from into on upon through out up down across"),
    Deed.FALL: words("from off into over down out through"),
    Deed.LOOK: words("at upon on over into through"),
    Deed.STRIKE: words("at on upon against"),
    Deed.POINT: words("at to toward towards"),
    Deed.READ: words("from in"),
    Deed.WRITE: words("at on in upon"),
    Deed.DRINK: words("from of out"),
    Deed.ENTER: words("by through at"),
    Deed.PLAY_AN_INSTRUMENT: words("on upon at"),
    Deed.EAT: words("at from"),
    Deed.CHOP: words("at"),
}
_BESIDE = words("by beside before")
# After these an idea is where nobody can go; "in", "under" and "with" one only say how it is done.
LEADING = words("to into upon on onto from over through against at toward towards across before beyond out of off")
# Verbs of many senses, which "in doubt", "under a spell" and "for pity" turn to one that shows nothing.
LIGHT_VERBS = words("come go pass fall run hold bear carry draw take bring return enter strike throw lead lie give fly")
LIGHTLY = words("in under for with by between within")
# Ideas that are told like a place, and what is no noun for the lists and shows nothing.
SPATIAL = words(
    "country air east west north south company party meeting school market concert court mass body distance breakfast "
    "lunch dinner supper tea camp side end way back front top edge middle foot head direction world place line "
    "walk ride errand visit chase pursuit search speed gallop trot pace run rate leap bound dash spring haste "
    "hurry rush silence step steps ease length height sight view leave help assistance shade shadow dark water home "
    "shelter cover safety play fair feast wedding funeral dance table work-table front rear left right ground"
)
IDEAS = words(
    "question questions thought thoughts subject part notice mind life point conclusion doubt rescue trouble war "
    "ways terms pieces ruin rest fact idea story tale matter business work account use effect want need reason charge"
)
TIMES = words("moment minute hour day night while time instant second week month year morning evening afternoon")
FAR = 10  # words after a verb
MOST_BEFORE = 5  # words between a verb or its preposition and the noun that is meant
_SKIPPED = (
    vocabulary.ARTICLES
    | vocabulary.POSSESSIVES
    | words("this these some no such another same own very any every each all much more most")
)
_PARTICLES = words("up down out away off over on in forward forth along about round around aside by through")


def is_figurative(passage: Passage, clause: Clause, base: str) -> bool:
    """Whether the verb goes with an idea: to come to the rescue, to fall in love, to fire a question at somebody."""
    tokens, at = passage.tokens, clause.verb.at
    if tokens[at].gap != " ":
        return False
    i = at + 1
    end = min(at + FAR, len(tokens))
    while i < end and tokens[i].gap == " " and _is_adverb(tokens[i]):
        i += 1
    if i + 1 < end and tokens[i].lower == "at" and tokens[i + 1].lower in ("once", "last", "length"):
        i += 2
    prep = ""
    while i < end and tokens[i].lower in vocabulary.PREPOSITIONS:
        prep, i = tokens[i].lower, i + 1
        if tokens[i - 1].gap != " ":
            return False
    head = head_after(tokens, i, end)
    if head is None or not (is_idea(tokens[head]) or _is_of_an_idea(tokens, head, end)):
        return False
    if not prep and base in _STILL and (tokens[head].lower.endswith("ing") or tokens[i].facts & lex.QUALITY):
        return False  # "lay waiting", "lay dead"
    if not prep:
        return head > i or not tokens[head].facts & lex.VERB
    if prep == "to" and head == i and tokens[head].facts & lex.VERB and tokens[head].lower not in IDEAS:
        return False  # "ran to help": what for
    return prep in LEADING or (base in LIGHT_VERBS and prep in LIGHTLY)


def _is_of_an_idea(tokens: list[Token], head: int, end: int) -> bool:
    """Whether "the end" is of one's patience; not of a lane, a dance or a year."""
    of = tokens[head + 1] if head + 1 < end and tokens[head].gap == " " else None
    if of is None or of.lower != "of" or tokens[head].lower not in _EDGES:
        return False
    inner = head_after(tokens, head + 2, min(head + FAR, len(tokens)))
    return inner is not None and is_idea(tokens[inner]) and tokens[inner].base not in TIMES | _ROUTES


_EDGES = words("end middle height edge top foot head bottom side point")
_ROUTES = words("journey voyage row queue procession passage story")
_STILL = words("lie sit stand kneel crouch")


def _is_adverb(token: Token) -> bool:
    if token.lower in _PARTICLES:
        return False
    return (
        bool(token.facts & lex.ADVERB)
        or token.lower == "back"
        or (token.lower.endswith("ly") and not token.facts & lex.NOUN)
    )


def head_after(tokens: list[Token], at: int, end: int) -> int | None:
    """The noun of the phrase that begins at a token; None for a pronoun, a name or no noun."""
    i = at
    last = min(end, at + MOST_BEFORE, len(tokens))
    while i < last and _stands_before(tokens, i, end):
        i += 1
    if i >= last or tokens[i].word[:1].isupper() or not _is_noun(tokens[i]):
        return None
    while i + 1 < end and tokens[i].gap == " " and _goes_on(tokens[i + 1]):
        i += 1
    return i


def _stands_before(tokens: list[Token], at: int, end: int) -> bool:
    """Whether it is an article or says how something is, with its noun to come."""
    token = tokens[at]
    if token.gap != " " or at + 1 >= end:
        return False
    if token.lower in _SKIPPED or token.lower.endswith("'s"):
        return True
    return bool(token.facts & lex.QUALITY) and (not _is_noun(token) or _goes_on(tokens[at + 1]))


def _is_noun(token: Token) -> bool:
    if token.lower in vocabulary.PRONOUNS:
        return False
    return bool(token.facts & lex.NOUN) or token.lower in IDEAS or token.lower in SPATIAL


def _goes_on(token: Token) -> bool:
    """Whether a noun goes on with another: "the church door"."""
    return bool(token.facts & lex.NOUN) and not token.facts & (lex.FUNCTION | lex.INFLECTED | lex.ADVERB)


def is_idea(token: Token) -> bool:
    word = token.lower
    if word in IDEAS or (token.base in IDEAS and token.facts & lex.PLURAL):
        return True
    if word in SPATIAL or token.facts & (lex.CONCRETE | lex.LIGHT):
        return False
    return bool(token.facts & lex.ABSTRACT)


def agreed_aim(deed: Deed, clause: Clause) -> Noun | None:
    """Whom a deed is done to, where the preposition before them, or none, goes with it."""
    others = [noun for noun in clause.nouns if noun.who and noun.who[0] not in clause.doers]
    if clause.passive:
        return next((noun for noun in others if noun.prep == "by"), None)
    with_particle = clause.verb.prep if deed in _WITH_PARTICLES and clause.verb.prep in _OUTWARDS else ""
    direct = [noun for noun in others if noun.prep in ("", with_particle)]  # "led out the horse"
    around = [noun for noun in others if noun.prep in TO_WHOM.get(deed, frozenset())]
    found = direct or around
    return found[0] if found else None


_OUTWARDS = words("out up off down back away")
_WITH_PARTICLES = frozenset({Deed.LEAD, Deed.CARRY, Deed.PULL, Deed.PUSH, Deed.HELP})


def agreed_thing(deed: Deed, clause: Clause) -> Thing:
    """The thing a deed is done on, where the preposition before it, or none, goes with it."""
    fit = ON_WHAT.get(deed, frozenset())
    beside = _BESIDE if deed is Deed.SIT else frozenset[str]()  # who sits by the bed is not on it
    return next(
        (
            noun.thing
            for noun in clause.nouns
            if noun.thing and (not noun.prep or noun.prep in fit)
            if not (noun.prep in beside and noun.thing in SEATS)
        ),
        Thing.NONE,
    )
