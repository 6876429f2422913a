"""Deeds that are read and may not be meant so: of the dead, of long ago, on the way to another town. English only.

A doubtful deed is drawn where the passage is chosen for all that; another passage is the better one.
"""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.agreement import LEADING, TIMES, head_after, is_idea
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_senses import Clause
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed

_LYING = frozenset({Deed.LIE, Deed.LIE_DEAD, Deed.SLEEP, Deed.FALL, Deed.SIT, Deed.UNKNOWN, Deed.STAND, Deed.WEEP})
_GOING = frozenset({Deed.WALK, Deed.RUN, Deed.LEAVE, Deed.ENTER})
# What "who" tells of somebody to say which one is meant is over by then, if it takes but a moment.
_DONE = frozenset({
    Deed.GIVE, Deed.TAKE, Deed.THROW, Deed.STRIKE, Deed.STAB, Deed.SHOOT, Deed.SEIZE, Deed.BITE, Deed.BURY, Deed.WRITE,
    Deed.KISS, Deed.EMBRACE, Deed.OPEN, Deed.CLOSE, Deed.KNOCK, Deed.HELP, Deed.FIGHT, Deed.LEAVE, Deed.ENTER,
    Deed.CARRY, Deed.LEAD,
})  # fmt: skip
# "Pushed him into misery", "struck her out of her calm": what is done to somebody with an idea is seldom done by hands.
_TO_ONE = frozenset({
    Deed.HOLD, Deed.SEIZE, Deed.STRIKE, Deed.PULL, Deed.PUSH, Deed.CARRY, Deed.LEAD, Deed.HELP, Deed.THROW, Deed.TOUCH,
    Deed.EMBRACE, Deed.FIGHT, Deed.CHASE, Deed.BITE, Deed.STAB, Deed.SHOOT, Deed.TAKE,
})  # fmt: skip
_TURNING = words("into to from of out beyond under against through for")
_FAR = words("to from for through into toward towards")
_HOMELY = words(
    "home bed town church school shore land deck board camp court market hand foot water earth grass ground air snow"
)
_WIDE = lex.PLACE | lex.NATURE | lex.STUFF | lex.PLANT
_AHEAD = 6  # words after a verb that say where to


def is_doubtful(passage: Passage, chunks: list[Chunk], number: int, clause: Clause, deed: Deed) -> bool:
    """Whether the words around the verb of a chunk speak against the deed that was read.

    Args:
        passage: The chapter.
        chunks: Of the sentence.
        number: The verb's.
        clause: The verb's.
        deed: What it was read as.
    """
    if any(doer.low for doer in clause.doers) and deed not in _LYING:
        return True  # "the dead queens fled"
    if deed in _DONE and _says_which(passage, chunks, number):
        return True
    if deed in _TO_ONE and _is_turned(passage.tokens, clause):
        return True
    return deed in _GOING and (_goes_far(passage, clause) or _is_idiom(passage.tokens, clause.verb.at))


def is_anothers(passage: Passage, chunks: list[Chunk], number: int, doers: list[Actor], deed: Deed) -> bool:
    """Whether "he" who comes is not he who stands there: in "Tom stood aside as he came up" two are told of."""
    joint = chunks[number - BACK] if number >= BACK else None
    if deed not in _GOING or joint is None or joint.kind != ";" or not doers or not doers[0].deeds:
        return False
    tokens, last = passage.tokens, doers[0].deeds[-1]
    timed = tokens[joint.at].lower in ("as", "when", "while") and tokens[chunks[number - 1].at].lower in ("he", "she")
    before = next((each for each in reversed(chunks[: number - BACK]) if each.kind == "v"), None)
    rests = before is not None and tokens[before.at].base in _RESTING
    return timed and rests and last.deed not in _GOING


BACK = 2  # chunks from a verb to the joint before its pronoun
_RESTING = words("stand sit lie kneel wait remain stay linger lean rise")


def _says_which(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell "the man who gave him the key" from "Tom, who gave him the key"."""
    before = chunks[number - 1] if number > 0 else None
    if before is None or before.kind != "r" or chunks[number].kind != "v" or before.at < 1:
        return False
    return passage.tokens[before.at - 1].gap == " " and passage.tokens[before.at].lower in ("who", "that")


def _is_turned(tokens: list[Token], clause: Clause) -> bool:
    """Whether after whom it is done to an idea follows that they are brought to or out of."""
    whom = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None or clause.passive:
        return False
    at = whom.at + 1
    if at + 1 >= len(tokens) or tokens[at - 1].gap != " " or tokens[at].lower not in _TURNING:
        return False
    head = head_after(tokens, at + 1, min(at + _AHEAD, len(tokens)))
    return head is not None and is_idea(tokens[head]) and tokens[head].base not in TIMES


def _goes_far(passage: Passage, clause: Clause) -> bool:
    """Whether somebody goes to or comes from a place with a name that nobody has: to another town, by any way."""
    tokens, at = passage.tokens, clause.verb.at
    people = {noun.at for noun in clause.nouns if noun.who}
    for here in range(at + 1, min(at + _AHEAD, len(tokens) - 1)):
        if tokens[here - 1].gap != " ":
            return False
        named = tokens[here + 1].word[0].isupper() and tokens[here].gap == " " and here + 1 not in people
        if tokens[here].lower in _FAR and named and not tokens[here + 1].lower.endswith("'s"):
            return tokens[here + 1].lower not in ("i", "mr", "mrs", "miss")
    return False


def _is_idiom(tokens: list[Token], at: int) -> bool:
    """Whether a bare noun stands after "to" or "into": "came to blows", "ran to seed"; not "went to town"."""
    if at + 2 >= len(tokens) or tokens[at].gap != " " or tokens[at + 1].gap != " ":
        return False
    prep, noun = tokens[at + 1], tokens[at + 2]
    if prep.lower not in LEADING or noun.facts & lex.FUNCTION or noun.word[0].isupper():
        return False
    bare = bool(noun.facts & lex.NOUN) and not noun.facts & (_WIDE | lex.QUALITY | lex.PERSON | lex.ANIMAL)
    ends = noun.gap != " " or at + 3 >= len(tokens) or bool(tokens[at + 3].facts & lex.FUNCTION)
    return bare and ends and noun.lower not in _HOMELY | vocabulary.PRONOUNS and noun.base not in table.SADDLES
