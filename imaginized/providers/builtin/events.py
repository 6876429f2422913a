"""How much happens in each sentence of a chapter, and how high the chapter runs around it. English only.

What readers remember is an event, not a view: blows, falls, cries, the dead, somebody seen for the first time. The
weights were fitted to 63 remembered moments of 13 novels, and three of them (drama, cries in a passage, late) again to
78 of ten others: with each novel left out, 52 of these are where their chapter tells most, of 43 before.
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.providers.builtin.thing_words import THINGS
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
# Bases of verbs that move a picture.
DRAMA = vocabulary.words(
    "strike shoot fly hurl fling burst dash spring leap plunge tumble seize catch clutch climb fall crash roll crouch "
    "kneel tear drag lift swing throw rush bound stab fight wrestle cling creep gallop chase flee scream shriek whirl "
    "blaze shatter smash pounce swoop kick kiss embrace dance stagger"
)
QUIET = frozenset(
    {
        Deed.TALK,
        Deed.STAND,
        Deed.LOOK,
        Deed.WALK,
        Deed.LISTEN,
        Deed.LAUGH,
        Deed.SMILE,
        Deed.TAKE,
        Deed.HOLD,
        Deed.LEAVE,
        Deed.WHISPER,
    }
)
PEOPLE = vocabulary.words("i he she they we who it him her them me us")
DOER_REACH = 7
CONTACT = 2.5  # weight from which a deed is a matter of bodies
AROUND = 8  # sentences on each side over which the height of a chapter is felt
NEAR_WORDS = 40.0
# What one of each is worth in the passage, and around it.
IN_PASSAGE = {"sudden": 18.7, "seen": 13.2, "contact": 5.0, "feared": 9.6, "weapon": 6.4, "titled": 12.5, "cried": 20.0}
AROUND_IT = {"contact": 26.8, "feared": 46.3, "cried": 56.4, "shown": 46.3, "drama": 100.0}
EVENT, SCENERY, ACTS, TITLE, AGAINST = 2.8, 1.0, 2.5, 9.0, 0.8
LATE, SPOKEN, LONG = 1.5, 0.3, 0.0022


@dataclass(slots=True, kw_only=True)
class Moment:
    """What happens in a sentence: its worth as a passage, what it lends to its neighbours, its words of the title."""

    worth: float = 0.0
    lent: float = 0.0
    title: frozenset[str] = frozenset()


def find_moments(
    passage: Passage, unreal: Sequence[int], named: Sequence[bool], phrases: Sequence[Sequence[Phrase]]
) -> list[Moment]:
    """Weigh what happens in each sentence, here and now."""
    said = {word.strip(".,:;!?—“”‘’'\"").lower() for word in passage.chapter.title.split()}
    met = dict.fromkeys((word for word in said if len(word) > 3 and word not in vocabulary.FUNCTION_WORDS), 0)
    return [_weigh(passage, number, unreal, named, phrases[number], met) for number in range(len(passage.sentences))]


def find_moment(
    passage: Passage, number: int, unreal: Sequence[int], named: Container[int], phrases: Sequence[Phrase]
) -> Moment:
    """The same of one sentence, whatever the title of its chapter says."""
    sentence = passage.sentences[number]
    here = {at: True for at in range(sentence.first, sentence.last) if at in named}
    return _weigh(passage, number, unreal, defaultdict(bool, here), phrases, {})


def _weigh(
    passage: Passage,
    number: int,
    unreal: Sequence[int],
    named: Sequence[bool] | Mapping[int, bool],
    phrases: Sequence[Phrase],
    met: dict[str, int],
) -> Moment:
    sentence = passage.sentences[number]
    counts = dict.fromkeys((*IN_PASSAGE, *AROUND_IT), 0.0)
    stirring = _count_words(passage, sentence, unreal, named, counts)
    title = _count_title(passage, sentence, met, counts)
    _count_phrases(passage, phrases, unreal, counts)
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
        if unreal[at]:
            continue
        token = tokens[at]
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
        if facts & lex.ACT and token.base in DRAMA:
            counts["drama"] += 1
        if facts & lex.VERB and facts & lex.INFLECTED:
            stirring += _count_deed(token.base, at - doer, counts)
    return stirring


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


def _count_phrases(
    passage: Passage, phrases: Sequence[Phrase], unreal: Sequence[int], counts: dict[str, float]
) -> None:
    for phrase in phrases:
        if unreal[phrase.head]:
            continue
        if phrase.kind & (lex.PERSON | lex.ANIMAL) and phrase.determiner in ("a", "an"):
            counts["shown"] += 1 + 0.5 * min(phrase.looks, 2)
        counts["weapon"] += THINGS.get(passage.tokens[phrase.head].base) in table.WEAPONS


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
