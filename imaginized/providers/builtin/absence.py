"""Who is told to have left before what a passage shows: "hardly had she gone", "when he left her". English only."""

from collections.abc import Sequence

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.vocabulary import words

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


def send_off(passage: Passage, chunks: Sequence[Chunk], number: int, subject: list[Actor]) -> bool:
    """Have those who left be gone, unless they do something yet."""
    gone = has_left(passage, chunks, number)
    for actor in subject if gone else ():
        actor.gone = True
    return gone
