"""What two chunks of a sentence make together: an apposition, a list after one preposition, a clause. English only."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import PRONOUNS, Actor
from imaginized.providers.builtin.chunks import ODD_VERBS, Chunk
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.staging import Being

OF_TIME = words("before after until till since")


def join_chunks(passage: Passage, chunks: list[Chunk]) -> list[Chunk]:
    """The chunks of a sentence, with what belongs together joined and what begins anew parted."""
    _join_apposed(passage, chunks)
    _spread_prepositions(passage, chunks)
    return _part_clauses(passage, chunks)


def _part_clauses(passage: Passage, chunks: list[Chunk]) -> list[Chunk]:
    """Tell "before he came" from "before the king": a clause begins, and its noun is who does it."""
    found: list[Chunk] = []
    for at, chunk in enumerate(chunks):
        after = chunks[at + 1] if at + 1 < len(chunks) else None
        if chunk.kind == "n" and chunk.prep in OF_TIME and after is not None and _is_said(passage, chunk, after):
            found.append(Chunk(";", chunk.at))
            chunk.prep = ""
        found.append(chunk)
    return found


def _is_said(passage: Passage, noun: Chunk, verb: Chunk) -> bool:
    """Whether a verb right after a noun is its own: "had" or an adverb may stand between them."""
    tokens = passage.tokens
    if verb.kind not in "vbx" or any(token.gap != " " for token in tokens[noun.at : verb.at]):
        return False
    return tokens[verb.at].lower not in ODD_VERBS and not tokens[verb.at].facts & lex.QUALITY


def _spread_prepositions(passage: Passage, chunks: list[Chunk]) -> None:
    """In "from the shopkeepers and cottagers" the second stands after the preposition, too."""
    for at in range(2, len(chunks)):
        first, joint, second = chunks[at - 2 : at + 1]
        if first.kind != "n" or joint.kind != "," or second.kind != "n" or not first.prep or second.prep:
            continue
        tight = passage.tokens[joint.at].lower in ("and", "or") and passage.tokens[joint.at - 1].gap == " "
        if tight and not (at + 1 < len(chunks) and chunks[at + 1].kind in "vb"):
            second.prep = first.prep


def _join_apposed(passage: Passage, chunks: list[Chunk]) -> None:
    """Make one of "the mate, Mr. Brown," and of "Toto, a little dog,"."""
    for first, comma, second in zip(chunks, chunks[1:], chunks[2:], strict=False):
        if (
            first.kind != "n"
            or comma.kind != ","
            or second.kind != "n"
            or second.prep
            or not (first.who and second.who)
        ):
            continue
        one, other = first.who[0], second.who[0]
        listed = passage.tokens[comma.at].lower in ("and", "or") or passage.tokens[comma.at + 1].lower in ("and", "or")
        if one is other or listed or bool(one.name) == bool(other.name) or max(one.count, other.count) > 1:
            continue
        name, noun = (one, other) if one.name else (other, one)
        pronoun = PRONOUNS.intersection((passage.tokens[first.at].lower, passage.tokens[second.at].lower))
        if (
            noun.noun
            and not pronoun
            and noun.mentions <= 1
            and not (name.sex and noun.sex and name.sex is not noun.sex)
        ):
            _merge(name, Chunk("n", first.at, who=[noun]))
            first.who, second.who = [name], [name]


def _merge(actor: Actor, chunk: Chunk) -> None:
    """Make "a boy" of "he was a boy" the one who is meant, not a second figure."""
    for other in chunk.who:
        if other is not actor and other.mentions <= 1 and not other.name and not other.deeds:
            actor.noun = actor.noun or other.noun
            actor.sex, actor.age = actor.sex or other.sex, actor.age or other.age
            if other.being is Being.CREATURE and not actor.species:
                actor.being, actor.species = other.being, other.species
            other.count = 0
