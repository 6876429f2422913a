"""Noun phrases of a sentence, found by what words can be: "a little black dog", "the road of yellow brick"."""

from collections.abc import Iterator
from typing import NamedTuple

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting_words import PARTICIPLES
from imaginized.providers.builtin.sentences import Passage, Sentence, Token

MOST_WORDS = 7


class Phrase(NamedTuple):
    """A noun phrase: tokens first..last (last excluded), its head, and how many words in it say looks.

    Attributes:
        kind: The facts of its head.
        core: First token after the determiner.
        determiner: "" where there is none.
        place: Index of a preposition of place right before it, or -1.
    """

    first: int
    core: int
    head: int
    last: int
    kind: int
    looks: int
    determiner: str
    place: int


def find_phrases(passage: Passage, sentence: Sentence, *, taken: frozenset[int] = frozenset()) -> list[Phrase]:
    """Return the noun phrases with a concrete head, in order, without overlap.

    No phrase goes over a token of `taken`, which is part of a name.
    """
    found = []
    at, tokens = sentence.first, passage.tokens
    while at < sentence.last:
        if not tokens[at].facts & _BEGINNING and tokens[at].lower not in vocabulary.DETERMINERS:
            at += 1  # more than half of all words
            continue
        phrase = _kin_at(tokens, at, sentence, taken) or _phrase_at(passage.tokens, at, sentence, taken)
        if phrase is None:
            at += 1
        else:
            at = phrase.last
            if not _is_likened(passage.tokens, phrase, sentence):
                found.append(phrase)
                second = _second_of(passage.tokens, phrase, sentence, taken)
                if second is not None:
                    found.append(second)
                    at = second.last
    return found


def _kin_at(tokens: list[Token], at: int, sentence: Sentence, taken: frozenset[int]) -> Phrase | None:
    """The mother of "Tom's mother", of whom it says as much as "the mother"; the name is not of the phrase."""
    token, before = tokens[at], tokens[at - 1]
    owned = at > sentence.first and at - 1 in taken and before.lower.endswith("'s") and before.gap == " "
    if not owned or token.base not in people_table.KIN or token.word != token.base or _leads_noun(tokens, at, sentence):
        return None
    return Phrase(at, at, at, at + 1, token.facts, 0, "the", -1)


def _second_of(tokens: list[Token], phrase: Phrase, sentence: Sentence, taken: frozenset[int]) -> Phrase | None:
    """The aunt of "her uncle and aunt", which has the word before both; not "his friend and guide", who are one."""
    at = phrase.head + 2
    if at >= sentence.last or not phrase.determiner or tokens[phrase.head + 1].lower != "and" or at in taken:
        return None
    one, other = tokens[phrase.head], tokens[at]
    tight = one.gap == " " == tokens[phrase.head + 1].gap
    if not tight or other.word != other.base or _leads_noun(tokens, at, sentence):
        return None
    sexes = {people_table.SEXES.get(token.base) for token in (one, other) if token.base not in people_table.NOBODY}
    apart = None not in sexes and len(sexes) > 1
    if apart or {one.base, other.base} <= people_table.KIN:
        return Phrase(at, at, at, at + 1, other.facts, 0, phrase.determiner, -1)
    return None


def _leads_noun(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "his aunt friends" from "his aunt": a noun that is no verb goes on."""
    after = tokens[at + 1] if at + 1 < sentence.last and tokens[at].gap == " " else None
    return (
        after is not None and bool(after.facts & lex.NOUN) and not after.facts & (lex.VERB | lex.FUNCTION | lex.ADVERB)
    )


_BEGINNING = lex.NOUN | lex.QUALITY | lex.COLOUR


def _is_likened(tokens: list[Token], phrase: Phrase, sentence: Sentence) -> bool:
    """Tell whether it is only compared with ("like a lion", "as if a hermit were within"): nothing there to see."""
    before = [token.lower for token in tokens[max(phrase.first - 6, sentence.first) : phrase.first]]
    if not before:
        return False
    if before[-1] in ("like", "unlike", "than") or (before[-1] == "as" and phrase.determiner in ("a", "an")):
        return True
    return any(pair in (["as", "if"], ["as", "though"]) for pair in (before[i : i + 2] for i in range(len(before))))


def show_phrase(passage: Passage, phrase: Phrase) -> str:
    """The phrase as printed."""
    tokens, first = passage.tokens, phrase.first
    if phrase.determiner and first == phrase.head and tokens[first - 1].gap == " ":
        first -= tokens[first - 1].lower.endswith("'s")  # "Tom's mother", who is read as "the mother"
    return _fold(passage.text[tokens[first].start : _end(tokens[phrase.last - 1])])


def _end(token: Token) -> int:
    return token.end - 2 if token.lower.endswith("'s") else token.end


def _fold(text: str) -> str:
    return " ".join(text.split())


def _phrase_at(tokens: list[Token], at: int, sentence: Sentence, taken: frozenset[int]) -> Phrase | None:
    token = tokens[at]
    if at in taken or (token.facts & lex.FUNCTION and token.lower not in vocabulary.DETERMINERS):
        return None
    determiner = token.lower if token.lower in vocabulary.DETERMINERS else ""
    core = at + 1 if determiner else at
    if determiner and (
        token.gap != " " or (determiner == "that" and core < sentence.last and tokens[core].facts & lex.FUNCTION)
    ):
        return None
    if core < sentence.last and tokens[core].lower in (
        "the",
        "other",
        "few",
        "two",
        "three",
        "great",
        "very",
        "own",
        "same",
    ):
        core += 1 if tokens[core].gap == " " and determiner else 0
    if not determiner and token.lower.endswith("ing") and token.facts & lex.VERB and not token.facts & lex.LOOKS:
        return None
    head = -1
    for i in _run(tokens, core, sentence, taken, determined=bool(determiner)):
        head = i
    if head < 0 or not _is_head(tokens, head, core, bool(determiner)):
        return None
    if (
        head + 1 < sentence.last
        and tokens[head].gap == " "
        and not tokens[head + 1].facts
        and tokens[head + 1].word.islower()
    ):
        return None  # an unknown noun follows: this one only says what kind it is
    last = _of_tail(tokens, head, sentence, taken)
    looks = _count_looks(tokens, core, head, last)
    place = at - 1 if at > sentence.first and tokens[at - 1].lower in vocabulary.PLACE_PREPOSITIONS else -1
    return Phrase(at, core, head, last, tokens[head].facts, looks, determiner, place)


def _count_looks(tokens: list[Token], core: int, head: int, last: int) -> int:
    """Words of looks before the head, and of colour or stuff in the "of …" after it."""
    before = sum(
        1
        for t in tokens[core:head]
        if t.facts & (lex.LOOKS | lex.COLOUR | lex.STUFF) and t.lower not in vocabulary.PASSING_LOOKS
    )
    return before + sum(1 for t in tokens[head + 1 : last] if t.facts & (lex.COLOUR | lex.STUFF))


def _run(
    tokens: list[Token], core: int, sentence: Sentence, taken: frozenset[int], *, determined: bool
) -> Iterator[int]:
    """Yield the tokens that may be the head, going over modifiers, until something else comes."""
    seen_noun = False
    for i in range(core, min(sentence.last, core + MOST_WORDS)):
        token = tokens[i]
        if i in taken or (token.facts & lex.FUNCTION) or (token.word[0].isupper() and not token.first):
            return
        facts = token.facts
        strong = facts & lex.NOUN and not (facts & lex.RARE_NOUN and facts & lex.INFLECTED and not facts & lex.PLURAL)
        quality = (facts & lex.QUALITY and not facts & lex.RARE_ADJECTIVE) or facts & (lex.LOOKS | lex.COLOUR)
        if facts & lex.SENSE and facts & lex.INFLECTED and not determined:
            return  # "I heard cows"
        participle = facts & lex.INFLECTED and facts & lex.VERB and token.lower.endswith(("ed", "ing", "en"))
        if not (strong or quality or (facts & lex.ADVERB and determined) or (participle and determined)):
            return
        if seen_noun and (not strong or _is_doing(token, tokens[i - 1])):
            return
        if strong:
            if facts & lex.NOUN and not (quality and facts & lex.RARE_NOUN):
                seen_noun = True
            yield i
            if facts & lex.PLURAL and facts & lex.CONCRETE:
                return  # "the horses fly"
        if token.gap != " " and not (token.gap == ", " and quality and not seen_noun):
            return


def _is_doing(token: Token, before: Token) -> bool:
    """Tell "the boy running" from "the running boy"."""
    return token.lower in PARTICIPLES and bool(before.facts & (lex.PERSON | lex.ANIMAL))


def _is_head(tokens: list[Token], head: int, core: int, determined: bool) -> bool:
    token = tokens[head]
    facts = token.facts
    if not facts & lex.CONCRETE:
        return False
    modified = head > core
    if determined and (modified or not facts & lex.RARE_NOUN or not facts & lex.QUALITY):
        return True
    if facts & (lex.RARE_NOUN | lex.RARE_VERB) and not modified:
        return bool(facts & (lex.NATURE | lex.PLANT | lex.WEAR)) and not facts & lex.RARE_NOUN
    return bool(modified or facts & lex.PLURAL or facts & (lex.STUFF | lex.NATURE))


def _of_tail(tokens: list[Token], head: int, sentence: Sentence, taken: frozenset[int]) -> int:
    """Return the end of the phrase, with an "of …" of at most four words if a noun ends it."""
    following = head + 1
    if (
        tokens[head].gap != " "
        or following >= sentence.last
        or tokens[following].lower != "of"
        or tokens[following].gap != " "
    ):
        return following
    start = following + 1
    core = (
        start + 1
        if start < sentence.last and tokens[start].lower in ("the", "a", "an", "his", "her", "its", "their")
        else start
    )
    if core > start and tokens[start].gap != " ":
        return following
    ends = [i for i in _run(tokens, core, sentence, taken, determined=True) if i - start < 4]
    if not ends or not tokens[ends[-1]].facts & lex.CONCRETE:
        return following
    beyond = tokens[ends[-1] + 1].lower if ends[-1] + 1 < sentence.last and tokens[ends[-1]].gap == " " else ""
    return following if beyond.endswith("s") and beyond not in vocabulary.FUNCTION_WORDS else ends[-1] + 1


def leads_plural(passage: Passage, at: int) -> bool:
    """Tell the lady of "the two lady visitors" from one lady: a plural or a name in the plural follows."""
    tokens = passage.tokens
    if at + 1 >= len(tokens) or tokens[at].gap != " ":
        return False
    after = tokens[at + 1]
    return bool(after.facts & lex.PLURAL) or (after.word[0].isupper() and after.word.endswith("s"))
