"""Whom a pronoun means or cannot mean, by the words around it: who is named after it, whom a speech calls. English."""

from collections.abc import Sequence

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.actors import Cast
from imaginized.providers.builtin.dialogue import is_called
from imaginized.providers.builtin.groups import KIN
from imaginized.providers.builtin.sentences import Sentence, Token
from imaginized.providers.builtin.verb_forms import BEINGS
from imaginized.providers.builtin.vocabulary import DETERMINERS, SPEECH_VERBS, words
from imaginized.story.staging import Sex

SUBJECTS = words("he she")
# After these "him" of who looks is himself: "she looked around her".
AROUND = words("about around round behind before")
MOST_BETWEEN = 9  # words from a verb to "around him"
LOOKING, SHUTTING = words("look gaze glance stare peer peep turn"), words("shut close lock slam bolt")
HAVING_BEFORE_ONE = words("had has having saw seeing")  # "had the book before him"
HIM_OR_HER = words("him her")


def named_apart(cast: Cast, at: int, sentence: Sentence) -> frozenset[str]:
    """Names of those whom a pronoun at a token does not mean."""
    if cast.passage.tokens[at].lower not in SUBJECTS:
        return frozenset()
    return _named_after(cast, at, sentence) | _called_before(cast, at, sentence)


def _named_after(cast: Cast, at: int, sentence: Sentence) -> frozenset[str]:
    """Whom "he" does not mean: in "he leered at Oliver" him who is named after it; not so in "when he came, Oliver"."""
    tokens, names = cast.passage.tokens, cast.people.names
    if at + 1 >= sentence.last:
        return frozenset()
    start = at
    while start > sentence.first and tokens[start - 1].gap == " ":
        start -= 1
    if any(token.lower in people_table.FRONTED for token in tokens[start:at]):
        return frozenset()
    is_that = tokens[at + 1].lower in BEINGS and at + 2 in names  # "he was Oliver"
    return frozenset(names[i].name for i in range(at + 2 + is_that, sentence.last) if i in names and names[i].name)


def _called_before(cast: Cast, at: int, sentence: Sentence) -> frozenset[str]:
    """Those whom a speech calls by name before "she said": nobody calls herself, in that sentence."""
    tokens, names = cast.passage.tokens, cast.people.names
    earlier = range(sentence.first, at)
    at = next((i for i in earlier if tokens[i].lower == tokens[at].lower and not tokens[i].spoken), at)
    after = tokens[at + 1].lower if at + 1 < sentence.last and tokens[at].gap == " " else ""
    before = at - (tokens[at - 1].lower in SPEECH_VERBS) if at else at
    if (after not in SPEECH_VERBS and before == at) or before < 1 or not tokens[before - 1].spoken:
        return frozenset()
    found: set[str] = set()
    here = before - 1
    while here >= 0 and tokens[here].spoken and cast.passage.paragraph_of(here) == cast.passage.paragraph_of(at):
        known, last = names.get(here), here + 1
        while known is not None and here > 0 and names.get(here - 1) is known:
            here -= 1
        if known is not None and is_called(tokens, here, last):
            found.add(known.name)
        here -= 1
    return frozenset(found)


def is_oneself(cast: Cast, at: int) -> bool:
    """Whether "him" is who does it: "looked around him", "shut the door behind him", "had the book before him"."""
    word, doer = cast.passage.tokens[at].lower, cast.doer()
    if word not in HIM_OR_HER or doer is None or doer.sex not in (Sex.MAN if word == "him" else Sex.WOMAN, Sex.UNKNOWN):
        return False
    return _is_beside_doer(cast.passage.tokens, at)


def _is_beside_doer(tokens: Sequence[Token], at: int) -> bool:
    side = tokens[at - 1].lower if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].gap == " " else None
    ends = after is None or bool(after.facts & lex.FUNCTION) or after.lower.endswith("ly")
    if side not in AROUND or tokens[at - 1].gap != " " or (tokens[at].lower == "her" and not ends):
        return False
    here = at - 2
    while here > max(at - MOST_BETWEEN, 0) and tokens[here].gap == " ":
        token = tokens[here]
        if token.base in LOOKING or (token.base in SHUTTING and side == "behind"):
            return bool(token.facts & lex.VERB)
        if token.lower in HAVING_BEFORE_ONE and side in ("before", "behind"):
            return tokens[here + 1].lower in DETERMINERS
        here -= 1
    return False


def kin_addressed(cast: Cast, at: int, prep: str) -> str:
    """What "him" is of whom a speech calls so before "she said to him": "grandfather"; empty for nobody of kin."""
    tokens = cast.passage.tokens
    word, here = tokens[at].lower, at - 1
    if prep != "to" or word not in HIM_OR_HER:
        return ""
    while here > 0 and at - here < SAID_WITHIN and not tokens[here].spoken:
        here -= 1
    if not any(tokens[each].lower in SPEECH_VERBS for each in range(here + 1, at)):
        return ""
    sex = Sex.MAN if word == "him" else Sex.WOMAN
    while here >= 0 and tokens[here].spoken and cast.passage.paragraph_of(here) == cast.passage.paragraph_of(at):
        kin = KIN_CALLED.get(tokens[here].word, "")
        if kin and people_table.sex_of(kin) is sex and is_called(tokens, here, here + 1):
            return kin
        here -= 1
    return ""


SAID_WITHIN = 6  # tokens from the end of a speech to the pronoun
KIN_CALLED = KIN | {"Aunt": "aunt", "Uncle": "uncle", "Grandma": "grandmother", "Grandpa": "grandfather"}
