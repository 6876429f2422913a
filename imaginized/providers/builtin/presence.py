"""Who of those met in a passage is there, who only hangs on the wall or is felt about, and strangers. English only."""

from collections.abc import Container

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.actors import MOST_FIGURES, MOST_PEOPLE, NARRATOR, Actor
from imaginized.providers.builtin.naming import SURELY_PEOPLE
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.vocabulary import AUXILIARIES, HONORIFICS, PREPOSITIONS, words


def main_actors(ranked: list[Actor]) -> list[Actor]:
    """The first few: a picture of many is of nobody."""
    kept: list[Actor] = []
    for actor in ranked:
        if not kept or (len(kept) < MOST_FIGURES and sum(min(each.count, 2) for each in (*kept, actor)) <= MOST_PEOPLE):
            kept.append(actor)
    return kept


def is_there(actor: Actor) -> bool:
    """Whoever does something or has a part in it is there; of nouns in passing those that can only be somebody."""
    if actor.deeds:
        return True
    if not actor.parts or actor.general or actor.gone:
        return False
    if actor.name or not actor.noun or actor.noun == NARRATOR:
        return True
    return bool(actor.species) or actor.noun in _PLAINLY_PEOPLE or actor.mentions > 2


_SEEMING = frozenset({"feel", "seem", "appear", "look"})  # "who felt seated on the floor"
NAMING = frozenset({"pointed", "closed"})  # "a closed door"
_BEINGS = frozenset({"was", "were", "be", "been", "being", "is", "are"})
_PLAINLY_PEOPLE = SURELY_PEOPLE | frozenset(people_table.GROUPS)


def names_it(tokens: list[Token], at: int) -> bool:
    """Tell "he pointed a gun" and "it was pointed out" from "he pointed": a noun follows, or "was" stands before."""
    before = tokens[at - 1] if at and tokens[at - 1].gap == " " else None
    if before is not None and before.base in _SEEMING:
        return True
    if tokens[at].lower not in NAMING or tokens[at].gap != " ":
        return False
    if before is not None and before.lower in _BEINGS:
        return True
    return at + 1 < len(tokens) and bool(tokens[at + 1].facts & lex.NOUN) and not tokens[at + 1].facts & lex.FUNCTION


def is_framed(tokens: list[Token], last: int) -> bool:
    """Tell who hangs on the wall: "the old lady in her frame"."""
    if last >= len(tokens) or tokens[last].lower != "in" or tokens[last - 1].gap != " ":
        return False
    return any(token.lower in FRAMES for token in tokens[last + 1 : last + 4])


FRAMES = words("frame frames portrait picture painting photograph")


def is_only_felt(tokens: list[Token], at: int, prep: str) -> bool:
    """Whether somebody at a token is whom another is "angry with" or "in love with", and may be anywhere."""
    if prep not in ("with", "at"):
        return False
    before = at - 1
    while before > 0 and tokens[before].lower != prep and at - before < FELT_WITHIN and tokens[before].gap == " ":
        before -= 1
    led = before > 0 and tokens[before].lower == prep and tokens[before - 1].gap == " "
    return led and tokens[before - 1].lower in FELT


FELT_WITHIN = 4  # tokens back to the preposition
FELT = words(
    "angry cross vexed furious indignant pleased displeased delighted disappointed annoyed satisfied dissatisfied "
    "enraged irritated disgusted offended charmed enchanted bored impatient patient enamoured infatuated love"
)


def is_beside_unknown(tokens: list[Token], names: Container[int], at: int) -> bool:
    """Whether "and" joins a word of a name to one that is nobody's: of "Bim and Anna ran" both do."""
    for joint, other in ((at - 1, at - 2), (at + 1, at + 2)):
        first = min(joint, other)
        if first < 0 or max(joint, other) >= len(tokens) or tokens[joint].lower != "and" or other in names:
            continue
        word, tight = tokens[other], tokens[first].gap == " " == tokens[first + 1].gap
        no_name = lex.PLACE | lex.ABSTRACT | lex.QUALITY
        plain = bool(word.facts & (lex.FUNCTION | lex.PERSON | no_name * word.first))
        plain = plain or (word.first and bool(word.facts) and not word.facts & lex.NOUN)
        if tight and word.word[0].isupper() and not (word.spoken or plain or word.lower.endswith("'s")):
            return True
    return False


def leads_stranger(tokens: list[Token], at: int) -> bool:
    """Whether a word of a name that nobody is known by does something: "and Brown laughed", "Miss Brown did ask"."""
    token, before = tokens[at], tokens[at - 1] if at else None
    if token.facts or not token.word[0].isupper() or token.spoken or token.gap != " " or at + 1 >= len(tokens):
        return False
    titled = before is not None and before.word in HONORIFICS and before.gap in (" ", ". ")
    named = before is not None and before.word[0].isupper() and not before.facts & lex.FUNCTION
    placed = before is not None and before.lower in PREPOSITIONS and before.lower not in ("before", "after", "until")
    if ((token.first or named) and not titled) or placed:
        return False
    after = tokens[at + 1]
    acts = after.facts & lex.VERB and after.facts & lex.INFLECTED and not after.facts & (lex.NOUN | lex.QUALITY)
    return bool(acts) or after.lower in AUXILIARIES
