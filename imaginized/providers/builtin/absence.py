"""Who is not there: has left before what a passage shows, "when he left her", or "was away". English only."""

from collections.abc import Sequence

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import Act, Actor
from imaginized.providers.builtin.agreement import TIMES
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed

LEAVING = words("go leave depart vanish disappear die perish withdraw flee escape retire drive ride sail")
HAD_WITHIN = 4  # words from "had" to its verb
HAD = words("had having he'd she'd they'd i'd we'd")
FRONTED = words("when after once before since until till as")
STAYING = words("to into up down back on")  # "had gone to the window" may be there


def has_left(passage: Passage, chunks: Sequence[Chunk], number: int) -> bool:
    """Whether a verb says that somebody is no longer there: "had gone", and "left her" of a clause of time."""
    tokens, at = passage.tokens, chunks[number].at
    token = tokens[at]
    if token.base not in LEAVING:
        return False
    before = range(at - 1, max(at - HAD_WITHIN - 1, -1), -1)
    tight = [i for i in before if all(each.gap == " " for each in tokens[i:at])]
    after = tokens[at + 1] if token.gap == " " and at + 1 < len(tokens) else None
    if any(tokens[i].lower in HAD for i in tight):
        moved = after is not None and after.lower in STAYING and token.base == "go"
        turned = after is not None and bool(after.facts & lex.QUALITY) and not after.facts & (lex.ADVERB | lex.FUNCTION)
        return not moved and not (token.base == "go" and turned)
    if token.base != "leave" or chunks[number].kind != "v":
        return False
    whom = chunks[number + 1] if number + 1 < len(chunks) else None
    parted = after is None or (whom is not None and whom.kind == "n" and bool(whom.who))
    return parted and any(tokens[i].lower in FRONTED for i in tight)


def is_away(passage: Passage, at: int) -> bool:
    """Whether it is said after a "was" that somebody is away or dead: "was wed and away"; not "was out of bed"."""
    tokens = passage.tokens
    if tokens[at].lower in ("be", "been", "being"):
        return False  # "time to be gone", "had been away": now they are there
    turned = False  # whether it is of what stands before it: "worn out"
    for here in range(at + 1, min(at + 1 + AWAY_WITHIN, len(tokens))):
        token = tokens[here]
        if tokens[here - 1].gap != " ":
            return False
        if token.lower in AWAY or (token.lower == "dead" and here == at + 1):  # not "almost dead"
            after = tokens[here + 1].lower if token.gap == " " and here + 1 < len(tokens) else ""
            after_away = AWAY_AFTER if token.lower != "away" else AWAY_AFTER - {"with"}  # "was away with the horses"
            ends = not after or after in OUT_AFTER or (token.lower != "out" and after in after_away)
            return ends and not turned
        if token.lower not in cues.ADVERBS_BETWEEN | {"far"}:
            turned = token.lower != "and"
            if turned and not token.facts & (lex.QUALITY | lex.ADVERB | lex.VERB):
                return False
    return False


AWAY_WITHIN = 5  # words after "was": "were both married and away"
AWAY = words("out away abroad absent elsewhere gone")
OUT_AFTER, AWAY_AFTER = (
    words("when for till until and but again just"),
    words("at on with from"),
)  # "out on the lawn" is


def _is_dead(passage: Passage, be: int) -> bool:
    return be + 1 < len(passage.tokens) and passage.tokens[be + 1].lower == "dead"


def lies_dead(passage: Passage, at: int) -> bool:
    """Whether "was dead" is said of somebody at a place: "dead on the floor"; not "dead at the time", "in the eyes"."""
    tokens = passage.tokens
    said = [token.lower for token in tokens[at + 1 : at + 4]]
    if len(said) < DEAD_AT or said[0] != "dead" or said[1] not in LYING_AT or said[2] not in vocabulary.DETERMINERS:
        return False
    near = tokens[at + 4 : at + 4 + AWAY_WITHIN]
    for token in near if all(each.gap == " " for each in tokens[at + 1 : at + 4]) else ():
        if token.facts & SEEN_PLACES and not token.facts & lex.FUNCTION:
            return token.base not in TIMES and not token.facts & lex.BODY
        if token.gap != " ":
            break
    return False


SEEN_PLACES = lex.PLACE | lex.NATURE | lex.ITEM | lex.PLANT | lex.STUFF
DEAD_AT = 3  # words: "dead on the"
LYING_AT = words("on upon at in by beside under beneath")


def send_off(passage: Passage, chunks: Sequence[Chunk], number: int, subject: list[Actor]) -> bool:
    """Have those who left be gone, unless they do something yet; the dead lie where it says that they are."""
    if chunks[number].kind == "b" and lies_dead(passage, chunks[number].at):
        for actor in subject:
            actor.deeds.append(Act(Deed.LIE_DEAD))
        return False
    gone = has_left(passage, chunks, number)
    gone = gone or (chunks[number].kind == "b" and is_away(passage, chunks[number].at))
    for actor in subject if gone else ():
        actor.gone = True
        actor.low = actor.low or _is_dead(passage, chunks[number].at)
    return gone
