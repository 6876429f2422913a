"""How far a cue of the gate reaches: the marks of a chapter, and where a clause ends. English only."""

from enum import IntEnum

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Token


class Unreal(IntEnum):
    """Why a word does not happen here and now; 0 is what does."""

    NO = 0
    SIMILE = 1
    METAPHOR = 2
    IDIOM = 3
    DENIED = 4
    MEMORY = 5
    SUPPOSED = 6
    TOLD = 7
    SPOKEN = 8
    GENERAL = 9


# Plain ints: IntEnum arithmetic is slow, and these run for every word.
SIMILE, METAPHOR, IDIOM, DENIED = (int(kind) for kind in (Unreal.SIMILE, Unreal.METAPHOR, Unreal.IDIOM, Unreal.DENIED))
MEMORY, SUPPOSED, TOLD = int(Unreal.MEMORY), int(Unreal.SUPPOSED), int(Unreal.TOLD)
SPOKEN, GENERAL = int(Unreal.SPOKEN), int(Unreal.GENERAL)
FAR = 40  # words beyond which no scope reaches
SEEN_NOUN = lex.CONCRETE | lex.ABSTRACT


class Marks:
    """The marks of one chapter, and the sentence that is being read."""

    __slots__ = ("codes", "first", "last", "tokens")

    def __init__(self, tokens: list[Token]) -> None:
        """Begin with nothing marked."""
        self.tokens = tokens
        self.codes = bytearray(len(tokens))
        self.first = self.last = 0

    def mark(self, first: int, last: int, code: int) -> None:
        """Mark what is not marked yet of a scope, within the sentence."""
        codes = self.codes
        for at in range(max(first, self.first), min(last, self.last)):
            if not codes[at]:
                codes[at] = code

    def lower(self, at: int) -> str:
        """The word at a place; "" beyond the sentence."""
        return self.tokens[at].lower if self.first <= at < self.last else ""


def reach(marks: Marks, at: int, *, comma: bool = True, noun: bool = False, verb: bool = False) -> int:
    """Where the clause or the noun phrase that goes on at a token ends (excluded).

    Args:
        marks: With the sentence.
        at: The first word of the scope.
        comma: Whether a comma ends it.
        noun: Whether it is a noun phrase, which a verb or a new subject ends, too.
        verb: Whether it begins with a verb whose object no comma can part from it ("had, here in Europe, known two").
    """
    tokens, last = marks.tokens, min(marks.last, at + FAR)
    seen = False
    for i in range(at, last):
        token = tokens[i]
        if i > at and _ends_before(tokens, i, last, noun=noun, seen=seen):
            return i
        seen = seen or bool(token.facts & SEEN_NOUN) or token.lower in vocabulary.PRONOUNS or not token.facts
        if token.gap != " " and _ends_after(tokens, i, last, comma=comma and (seen or not verb)):
            return i + 1
    return last


def clause_start(marks: Marks, at: int) -> int:
    """Where the clause of a token begins."""
    while at > marks.first and not any(mark in marks.tokens[at - 1].gap for mark in ".;:!?—,"):
        at -= 1
    return at


def _ends_before(tokens: list[Token], at: int, last: int, *, noun: bool, seen: bool) -> bool:
    """Tell whether a scope ends before a word: a joint, a new subject, a verb after its noun."""
    token = tokens[at]
    if token.lower in cues.JOINTS and not (noun and not seen):
        return token.lower not in cues.LOOSE_JOINTS or "," in tokens[at - 1].gap
    if token.lower == "and":
        return _begins_anew(tokens, at + 1, last)
    if not seen:
        return False
    named = token.word[0].isupper() and tokens[at - 1].word[0].islower() and token.gap == " "
    return (noun and _ends_noun(token)) or (named and is_finite(tokens, at + 1, last))


def _ends_after(tokens: list[Token], at: int, last: int, *, comma: bool) -> bool:
    """Tell whether the marks after a word end a scope; a comma between adjectives or before "or" does not."""
    gap = tokens[at].gap
    if any(mark in cues.STRONG_STOPS for mark in gap) or "”" in gap or "“" in gap:
        return True
    if not comma or "," not in gap or at + 1 >= last:
        return comma and "," in gap
    following = tokens[at + 1]
    listed = tokens[at].facts & lex.QUALITY and following.facts & lex.QUALITY and not following.facts & lex.FUNCTION
    return following.lower not in ("or", "nor") and not listed


def _begins_anew(tokens: list[Token], at: int, last: int) -> bool:
    """Tell whether after "and" somebody does something: "and he", "and ran", "and then", "and Anna"."""
    while at < last and tokens[at].lower in cues.ADVERBS_BETWEEN:
        at += 1
    return at < last and (tokens[at].lower in cues.SUBJECTS or is_finite(tokens, at, last))


def is_finite(tokens: list[Token], at: int, last: int) -> bool:
    """Tell whether a word is a verb of the past."""
    if at >= last:
        return False
    token = tokens[at]
    finite = token.facts & lex.VERB and token.facts & lex.INFLECTED and not token.lower.endswith(("ing", "s"))
    return bool(finite and not token.facts & lex.PLURAL) or token.lower in ("was", "were", "had", "did")


def _ends_noun(token: Token) -> bool:
    if token.lower in cues.SUBJECTS or token.lower in vocabulary.AUXILIARIES or token.lower in _TELLING_PAST:
        return True
    finite = token.facts & lex.VERB and token.facts & lex.INFLECTED and not token.facts & lex.PLURAL
    return bool(finite) and not token.lower.endswith(("ing", "s")) and not token.facts & lex.QUALITY


_TELLING_PAST = frozenset(vocabulary.IRREGULAR_VERBS) - vocabulary.words(
    "seen gone done taken given made found left felt broken worn torn born borne sung rung sunk shrunk grown "
    "blown driven "
    "written struck stricken stuck bent built lost shaken frozen stolen hidden spun wound bound ground lit known "
    "thrown drawn"
)
