"""What "was" tells of people or of a room: they were in bed, it was full of people. English only."""

import itertools
from collections.abc import Sequence

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.actors import Act, Actor
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

NEAR = 4  # words from "was" to what it tells
FILLED = words("full crowded thronged packed")
HOW = cues.ADVERBS_BETWEEN | words("soon very pretty too")
OF_WHOM = words("of with")


def lie_abed(passage: Passage, chunks: Sequence[Chunk], number: int, subject: list[Actor]) -> None:
    """Let those lie of whom it says that they "were in bed", or abed."""
    at = _told(passage.tokens, chunks[number].at) if chunks[number].kind == "b" else -1
    if at < 0 or number < 1 or chunks[number - 1].who != subject:
        return  # of two "and two were in bed" tells, who are not those before
    abed = [token.lower for token in passage.tokens[at : at + 2]] == ["in", "bed"] or passage.tokens[at].lower == "abed"
    for actor in subject if abed else ():
        actor.deeds.append(Act(Deed.LIE, None, Thing.BED))


def sit_closeted(passage: Passage, chunks: Sequence[Chunk], number: int, subject: list[Actor]) -> None:
    """Let those only talk of whom it says that they came and "were closeted with" somebody."""
    at = _told(passage.tokens, chunks[number].at) if chunks[number].kind == "b" else -1
    if at < 0 or passage.tokens[at].lower != "closeted":
        return
    whom = next((chunk.who for chunk in chunks[number + 1 : number + 3] if chunk.prep == "with" and chunk.who), [])
    for actor in subject if whom else ():
        actor.deeds[:] = [Act(Deed.TALK, whom[0].index)]


def is_peopled(passage: Passage, chunks: Sequence[Chunk]) -> bool:
    """Whether a room or a church is told to be full, of nothing else than people."""
    return any(
        verb.kind == "b" and place.kind == "n" and not place.prep and _is_filled(passage.tokens, place.at, verb.at)
        for place, verb in itertools.pairwise(chunks)
    )


def _is_filled(tokens: list[Token], place: int, be: int) -> bool:
    is_place = tokens[place].facts & lex.PLACE or tokens[place].lower.endswith(("room", "rooms"))
    at = _told(tokens, be) if is_place else -1
    if at < 0 or tokens[at].lower not in FILLED:
        return False
    if tokens[at].gap != " " or at + 1 >= len(tokens):
        return True
    near = (each for each in tokens[at + 2 : at + 2 + NEAR] if tokens[at + 1].lower in OF_WHOM)
    return any(each.facts & lex.PERSON or each.base in people_table.CROWD for each in near)


def _told(tokens: list[Token], be: int) -> int:
    """The word that a "was" tells, after those that say only how much or since when; -1 for none."""
    for at in range(be + 1, min(be + 1 + NEAR, len(tokens))):
        if tokens[at - 1].gap != " ":
            return -1
        word = tokens[at].lower
        how = tokens[at].facts & lex.ADVERB or word in HOW or word.endswith("ly")
        if not how or word in ("in", "abed"):
            return at
    return -1
