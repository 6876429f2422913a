"""Telling verbs from the nouns, adjectives and participles that look like them. English only."""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import PRONOUNS
from imaginized.providers.builtin.sentences import Sentence, Token

BEINGS = vocabulary.words("be is was were are been being am")
HAVING = vocabulary.words("have has had having do did does would will shall should could can may might must")
PREPOSITIONS = vocabulary.PREPOSITIONS | {"round", "aboard"}
OBJECTS = vocabulary.words("him them me us")
_ACCOMPANIED = vocabulary.words("followed accompanied attended preceded escorted pursued")
_BARE_PAST = vocabulary.words("read run come put set cut hit shut let burst spread cast hurt split beat bid")


def is_deed(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether a word in -ing says what is done."""
    token = tokens[at]
    return token.lower.endswith("ing") and (bool(token.facts & lex.VERB) or is_doing(tokens, at, sentence))


def is_doing(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell ", falling on his knees" and "he sat holding it" from "the running man", "of running", "a sitting room"."""
    if tokens[at].lower not in table.PARTICIPLES:
        return False
    before = tokens[at - 1] if at > sentence.first and tokens[at - 1].gap == " " else None
    if before is None:
        return True
    if before.lower in vocabulary.DETERMINERS or before.lower in PREPOSITIONS or before.lower.endswith(("'s", "own")):
        return False
    if _is_attribute(tokens, at, sentence) or _is_compound(tokens, at, sentence):
        return False
    named = before.word[0].isupper() and not before.first
    return not before.facts & lex.QUALITY or before.lower in BEINGS or named


def is_relative(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "a wind that bit him" from "he saw that …"."""
    before, after = tokens[max(at - 1, sentence.first)], tokens[min(at + 1, sentence.last - 1)]
    return bool(before.facts & lex.NOUN and after.facts & lex.VERB and after.facts & lex.INFLECTED)


def is_verb(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell what is done from a noun or an adjective of the same letters."""
    token = tokens[at]
    before = tokens[at - 1].lower if at > sentence.first and tokens[at - 1].gap == " " else ""
    if (before in vocabulary.DETERMINERS and not _is_done_by(token, before)) or (
        before in vocabulary.PREPOSITIONS and before != "to" and not token.lower.endswith("ing")
    ):
        return False
    if token.lower.endswith("ing") and (
        before == "own"
        or _is_kind(tokens, at, sentence, before)
        or _is_attribute(tokens, at, sentence)
        or _is_compound(tokens, at, sentence)
    ):
        return False
    if token.facts & lex.INFLECTED:
        described = bool(before) and bool(tokens[at - 1].facts & lex.QUALITY) and token.lower.endswith("s")
        return not described and not (token.facts & lex.PLURAL and token.facts & lex.NOUN)
    if before == "to" or before in HAVING or _is_perceived(tokens, at, sentence):
        return True
    return token.lower in _BARE_PAST and bool(before)


def _is_kind(tokens: list[Token], at: int, sentence: Sentence, before: str) -> bool:
    """Tell "in riding clothes" from "in riding home": a noun of things follows."""
    after = tokens[at + 1] if at + 1 < sentence.last and tokens[at].gap == " " else None
    return (
        after is not None and before in ("in", "with", "of", "a", "the") and bool(after.facts & (lex.WEAR | lex.ITEM))
    )


def _is_attribute(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "she ducked shrieking small boys" from "she kept throwing small stones": they do it."""
    verb = tokens[at - 1] if at > sentence.first and tokens[at - 1].gap == " " else None
    if verb is None or not (verb.facts & lex.VERB and verb.facts & lex.INFLECTED) or verb.base in _GOING_ON:
        return False
    for token in tokens[at + 1 : min(at + _ATTRIBUTES, sentence.last)]:
        if token.facts & lex.PLURAL and token.facts & lex.NOUN and token.lower != token.base:
            return True
        if not token.facts & lex.QUALITY or token.facts & lex.FUNCTION or token.gap != " ":
            return False
    return False


_ATTRIBUTES = 4  # tokens from such a participle to its noun
_GOING_ON = vocabulary.words(
    "be begin start continue keep stop cease go come stand sit lie kneel lean remain stay wait walk run hurry ride "
    "spend finish enjoy try avoid resume commence leave pass busy"
)


def _is_compound(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "during horse racing" from "of men racing" and "with hair flying": a bare noun of one stands before it."""
    if at < sentence.first + 2 or tokens[at - 1].gap != " " or tokens[at - 2].gap != " ":
        return False
    noun, prep = tokens[at - 1], tokens[at - 2].lower
    bare = noun.facts & lex.NOUN and not noun.facts & (lex.PLURAL | lex.FUNCTION | lex.PERSON | lex.PLACE)
    return bool(bare) and prep in _OF_GERUNDS and noun.word.islower()


_OF_GERUNDS = vocabulary.words("during at in for of after before by from about")


def _is_done_by(token: Token, before: str) -> bool:
    """Tell "the four ran" from "the four lost sheep"."""
    finite = (
        token.facts & lex.INFLECTED and not token.facts & (lex.NOUN | lex.QUALITY) and not token.lower.endswith("s")
    )
    return bool(finite) and before in _ALONE


_ALONE = vocabulary.words("two three four five six seven both all some others another each")


def _is_perceived(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "saw him ride" and "watched the boy run": a plain verb after who is seen to do it."""
    if tokens[at].base != tokens[at].lower or tokens[at].lower not in table.DEEDS or at < sentence.first + 2:
        return False
    who = tokens[at - 1]
    somebody = who.lower in OBJECTS | {"her"} or who.word[0].isupper() or bool(who.facts & lex.PERSON)
    verbs = range(at - 2, max(at - 5, sentence.first) - 1, -1)
    seen = next((i for i in verbs if tokens[i].lower not in vocabulary.DETERMINERS), at)
    tight = all(token.gap == " " for token in tokens[seen:at])
    return somebody and tight and tokens[seen].base in table.PERCEIVING and bool(tokens[seen].facts & lex.VERB)


def verb_kind(tokens: list[Token], at: int, sentence: Sentence) -> str:
    """Of which kind of chunk a verb is: "v" one of its own, "g" a participle, "p" what is done to somebody."""
    word = tokens[at].lower
    if word.endswith("ing"):
        return "g"
    by = at + 1 < sentence.last and tokens[at + 1].lower == "by" and tokens[at].gap == " "
    apart = at > sentence.first and (tokens[at - 1].gap != " " or word in _ACCOMPANIED)
    if by and (tokens[at - 1].lower in OBJECTS or (apart and tokens[at - 1].lower not in PRONOUNS)):
        return "p"  # ", ridden by a soldier,", "saw him collared by two men"
    if word.endswith(("ed", "en", "t", "n", "ne", "d", "de", "g", "k")):
        for i in range(at - 1, max(at - 4, sentence.first - 1), -1):
            if tokens[i].lower in BEINGS and word not in ("came", "went"):
                return "p"
            if not tokens[i].facts & (lex.FUNCTION | lex.ADVERB) or tokens[i].lower in PRONOUNS:
                break
    return "x" if word in _ONLY_PARTICIPLES and not _has_helper(tokens, at, sentence) else "v"


def _has_helper(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "he has written" from "the letters written in Spain", which nobody writes now."""
    return any(token.lower in HAVING | BEINGS for token in tokens[max(at - _HELPED, sentence.first) : at])


_HELPED = 4  # tokens from "had" to its participle
_ONLY_PARTICIPLES = vocabulary.words(
    "written given taken thrown drawn shaken beaten bitten hidden eaten ridden driven flown worn borne torn shown "
    "stolen chosen spoken forgotten trodden broken"
)
