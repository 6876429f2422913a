"""How much happens in each sentence of a chapter, and how high the chapter runs around it. English only.

What readers remember is an event, not a view: what is sudden, what is told of hands and faces, of lights, of up and
down. The weights were fitted to 178 remembered moments of 23 novels: leave one novel out, the passage that comes first
of its share of a chapter is one of them for 101.
"""

import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Passage, Sentence, Token
from imaginized.story.stage_lists import Deed

SUDDEN = vocabulary.words("suddenly instantly abruptly startled burst crash crashed sprang leaped leapt")
SEEN = vocabulary.words("saw beheld behold stared gazed appeared emerged")
FEARED = vocabulary.words(
    "terror horror fear dread panic agony terrible horrible dreadful awful hideous ghastly frightful trembling "
    "trembled pale"
)
CRIED = vocabulary.words(
    "scream screamed shriek shrieked yell yelled cry cried groan groaned howl howled shout shouted roar roared"
)
STIRRING = vocabulary.words(
    "scream screamed shriek shrieked yell yelled cry cried groan groaned howl howled gasp gasped wild wildly "
    "furious fury rage "
    "fierce frantic desperate deadly blood bloody wound wounded dead death corpse body murder killed die dying "
    "fire flames flame "
    "blazing smoke drowned drowning ice broken shattered skeleton skull ghost monster blind fainted tears wept "
    "sobbing sobbed "
    "embraced kissed joy wonder astonishment amazement astonished amazed incredible miracle"
)
QUIET = frozenset(
    {
        Deed.TALK,
        Deed.STAND,
        Deed.LOOK,
        Deed.WALK,
        Deed.LISTEN,
        Deed.LAUGH,
        Deed.TAKE,
        Deed.HOLD,
        Deed.LEAVE,
        Deed.WHISPER,
    }
)
BODILY = vocabulary.words(
    "hand hands face eyes arm arms head throat breast lips hair shoulder knees feet foot fingers blood"
)
LIT = vocabulary.words(
    "light lamp candle lantern moon moonlight flame flames fire blaze shadow dark darkness gloom torch lightning glare "
    "glow gleam"
)
WAYS = vocabulary.words("upon down up out away back over forward through")
THEN = vocabulary.words("last moment instant once then now next second")
# Said by somebody, they tell of what is going on.
MOVED = vocabulary.words(
    "fell sprang leaped leapt rushed dashed flung threw seized caught struck burst ran turned rose raised lifted "
    "dropped sank staggered reeled swung drew pulled tore broke clutched snatched started stopped plunged rolled "
    "bounded flew darted crept climbed knelt"
)
STILLED = vocabulary.words("dead corpse body lifeless motionless silent still white pale cold")
MEANT = vocabulary.words("he she i they we")
PEOPLE = vocabulary.words("i he she they we who it him her them me us")
DOER_REACH = 7
CONTACT = 2.5  # weight from which a deed is a matter of bodies
AROUND = 8  # sentences on each side over which the height of a chapter is felt
NEAR_WORDS = 40.0
# What one of each is worth in the passage, and around it.
IN_PASSAGE = {
    "sudden": 15.7, "seen": 5.6, "feared": 5.0, "titled": 12.5, "body": 8.2, "light": 8.8, "way": 4.2, "item": 3.0,
    "act": 2.3, "moved": 20.4, "stilled": 12.0, "meant": -1.4, "heard": -0.1,
}  # fmt: skip
AROUND_IT = {"contact": 44.8, "feared": 43.6, "cried": 64.3, "body": 47.1, "then": 37.3, "meant": -10.4}
EVENT, TITLE = 3.5, 9.0
LATE, LONG = 0.81, 0.0046
LEAST_WORDS, BESIDES, GROWTH = 20, 18.0, 0.62  # a passage of more words tells more, by so much
TEMPER = 2.0  # of what is told: two passages so far apart are worth e to one


@dataclass(slots=True, kw_only=True)
class Moment:
    """What happens in a sentence: its worth as a passage, what it lends to its neighbours, its words of the title."""

    worth: float = 0.0
    lent: float = 0.0
    title: frozenset[str] = frozenset()


def find_moments(passage: Passage, unreal: Sequence[int], named: Sequence[bool]) -> list[Moment]:
    """Weigh what happens in each sentence, here and now."""
    said = {word.strip(".,:;!?—“”‘’'\"").lower() for word in passage.chapter.title.split()}
    met = dict.fromkeys((word for word in said if len(word) > 3 and word not in vocabulary.FUNCTION_WORDS), 0)
    return [_weigh(passage, number, unreal, named, met) for number in range(len(passage.sentences))]


def find_moment(passage: Passage, number: int, unreal: Sequence[int], named: Container[int]) -> Moment:
    """The same of one sentence, whatever the title of its chapter says."""
    sentence = passage.sentences[number]
    here = {at: True for at in range(sentence.first, sentence.last) if at in named}
    return _weigh(passage, number, unreal, defaultdict(bool, here), {})


def _weigh(
    passage: Passage,
    number: int,
    unreal: Sequence[int],
    named: Sequence[bool] | Mapping[int, bool],
    met: dict[str, int],
) -> Moment:
    sentence = passage.sentences[number]
    counts = dict.fromkeys((*IN_PASSAGE, *AROUND_IT), 0.0)
    stirring = _count_words(passage, sentence, unreal, named, counts)
    title = _count_title(passage, sentence, met, counts)
    worth = sum(weight * counts[kind] for kind, weight in IN_PASSAGE.items()) + EVENT * stirring
    return Moment(worth=worth, lent=sum(weight * counts[kind] for kind, weight in AROUND_IT.items()), title=title)


def _count_words(
    passage: Passage,
    sentence: Sentence,
    unreal: Sequence[int],
    named: Sequence[bool] | Mapping[int, bool],
    counts: dict[str, float],
) -> float:
    tokens = passage.tokens
    stirring, doer = 0.0, -DOER_REACH
    for at in range(sentence.first, sentence.last):
        token = tokens[at]
        if token.spoken or not unreal[at]:
            _count_word(token, counts)
        if unreal[at]:
            continue
        word, facts = token.lower, token.facts
        if named[at] or word in PEOPLE or (facts & (lex.PERSON | lex.ANIMAL) and not facts & lex.RARE_NOUN):
            doer = at
        kind = _KINDS.get(word)
        if kind is not None:
            counts[kind] += 1
            stirring += 0.3 if kind == "seen" else 0.8
            if word in STIRRING:
                stirring += 0.0 if kind != "seen" else 0.5
        elif word in STIRRING:
            stirring += 0.8
        if facts & lex.VERB and facts & lex.INFLECTED:
            stirring += _count_deed(token.base, at - doer, counts)
    return stirring


def _count_word(token: Token, counts: dict[str, float]) -> None:
    """Count what a word is a sign of by itself, in the telling or in what somebody says."""
    word, facts = token.lower, token.facts
    if word in MEANT:
        counts["meant"] += 1
    if token.spoken:
        counts["heard"] += 1
        kind = _SAID.get(word)
    else:
        kind = _TOLD.get(word)
        counts["item"] += bool(facts & lex.ITEM)
        counts["act"] += bool(facts & lex.ACT and facts & lex.INFLECTED)
    if kind is not None:
        counts[kind] += 1


_SAID = {**dict.fromkeys(MOVED, "moved"), **dict.fromkeys(STILLED, "stilled")}
_TOLD = {
    **dict.fromkeys(BODILY, "body"),
    **dict.fromkeys(LIT, "light"),
    **dict.fromkeys(WAYS, "way"),
    **dict.fromkeys(THEN, "then"),
}
_KINDS = {
    **dict.fromkeys(FEARED, "feared"),
    **dict.fromkeys(CRIED, "cried"),
    **dict.fromkeys(SEEN, "seen"),
    **dict.fromkeys(SUDDEN, "sudden"),
}


def _count_deed(base: str, distance: int, counts: dict[str, float]) -> float:
    deed = table.DEEDS.get(base)
    if deed is None:
        return 0.0
    weight = table.WEIGHT.get(deed, 1.0)
    counts["contact"] += weight >= CONTACT
    if distance > DOER_REACH:
        return 0.0
    return 0.15 if deed in QUIET else 0.45 * weight


def _count_title(passage: Passage, sentence: Sentence, met: dict[str, int], counts: dict[str, float]) -> frozenset[str]:
    """A word of the chapter's title tells most where it is met first."""
    if not met:
        return frozenset()
    found = [token.lower for token in passage.tokens[sentence.first : sentence.last] if token.lower in met]
    for word in found:
        met[word] += 1
        counts["titled"] += 1.0 / met[word]
    return frozenset(found)


class Heights:
    """How high the chapter runs around a passage: what its sentences and their neighbours lend, by their words."""

    def __init__(self, passage: Passage, moments: Sequence[Moment]) -> None:
        """Add up once, so that any stretch is one subtraction."""
        self._lent = [0.0, *accumulate(moment.lent for moment in moments)]
        self._words = [0, *accumulate(sentence.last - sentence.first for sentence in passage.sentences)]

    def around(self, first: int, last: int) -> float:
        """Around the sentences first..last (last excluded)."""
        begin, end = max(first - AROUND, 0), min(last + AROUND, len(self._words) - 1)
        return (self._lent[end] - self._lent[begin]) / (self._words[end] - self._words[begin] + NEAR_WORDS)


def weigh_passage(told: float, words: int, around: float, begins: float) -> float:
    """What a passage is worth as a moment, above 0, from what its sentences tell, the chapter around it, and its place.

    Args:
        told: The sum of what happens in its sentences.
        words: How many it has.
        around: How high the chapter runs around it.
        begins: How much of the chapter lies before it, from 0 to 1.
    """
    size = (max(words, LEAST_WORDS) + BESIDES) ** GROWTH
    return math.exp((told / size + around + LATE * begins + LONG * words) / TEMPER)
