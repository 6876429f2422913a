"""How much happens in each sentence of a chapter, and where the chapter comes to its height. English only.

What readers remember is an event, not a view: blows, falls, cries, the dead, doors thrown open, somebody seen at last.
"""

from collections import Counter
from collections.abc import Sequence

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.story.stage_lists import Deed

# Words that a moment is told with.
SUDDEN = vocabulary.words("suddenly instantly abruptly startled burst crash crashed sprang leaped leapt")
FEARED = vocabulary.words(
    "terror horror fear dread panic agony scream screamed shriek shrieked yell yelled cry cried groan groaned howl howled gasp gasped "
    "wild wildly furious fury rage fierce frantic desperate deadly ghastly hideous dreadful terrible awful pale trembling trembled "
    "blood bloody wound wounded dead death corpse body murder killed die dying knife dagger pistol gun axe sword club stick whip "
    "fire flames flame blazing smoke drowned drowning ice broken shattered skeleton skull ghost monster blind fainted tears wept "
    "sobbing sobbed embraced kissed joy wonder astonishment amazement astonished amazed incredible miracle"
)
SEEN = vocabulary.words("saw beheld behold stared gazed appeared emerged")
DOER_REACH = 7
QUIET = frozenset({Deed.TALK, Deed.STAND, Deed.LOOK, Deed.WALK, Deed.LISTEN, Deed.LAUGH, Deed.TAKE, Deed.HOLD, Deed.LEAVE, Deed.WHISPER})
PEOPLE = vocabulary.words("i he she they we who it him her them me us")
AROUND = 9  # sentences on each side over which the height of a chapter is felt
TITLE_SHARE = 0.06  # of the sentences of a chapter in which a word of its title may stand and still mark a moment


def weigh_events(passage: Passage, unreal: Sequence[int], named: Sequence[bool]) -> list[float]:
    """What happens in each sentence, as one number; 0 where nothing does."""
    return [_weigh(passage, sentence, unreal, named) for sentence in passage.sentences]


def _weigh(passage: Passage, sentence: Sentence, unreal: Sequence[int], named: Sequence[bool]) -> float:
    tokens = passage.tokens
    worth = 0.0
    doer = -DOER_REACH
    for at in range(sentence.first, sentence.last):
        if unreal[at]:
            continue
        token = tokens[at]
        facts = token.facts
        if named[at] or token.lower in PEOPLE or (facts & (lex.PERSON | lex.ANIMAL) and not facts & lex.RARE_NOUN):
            doer = at
        if token.lower in FEARED:
            worth += 0.8
        elif token.lower in SUDDEN:
            worth += 0.8
        elif token.lower in SEEN:
            worth += 0.3
        if facts & lex.VERB and facts & lex.INFLECTED and at - doer <= DOER_REACH:
            deed = table.DEEDS.get(token.base)
            if deed is not None:
                worth += 0.15 if deed in QUIET else 0.45 * table.WEIGHT.get(deed, 1.0)
    return worth


def feel_height(passage: Passage, events: Sequence[float]) -> list[float]:
    """How high the chapter runs around each sentence, from 0 to 1: its events over the words near it."""
    words = [max(sentence.last - sentence.first, 1) for sentence in passage.sentences]
    dense: list[float] = []
    for at in range(len(events)):
        first, last = max(at - AROUND, 0), min(at + AROUND + 1, len(events))
        dense.append(sum(events[first:last]) / (sum(words[first:last]) + 60.0))
    most = max(dense, default=0.0)
    return [each / most if most else 0.0 for each in dense]


def find_title_words(passage: Passage) -> frozenset[str]:
    """Words of the chapter's title that mark a moment: nouns that only a few of its sentences have."""
    said = {word.strip(".,:;!?—“”‘’'\"").lower() for word in passage.chapter.title.split()}
    said = {word for word in said if len(word) > 3}
    if not said:
        return frozenset()
    counts: Counter[str] = Counter()
    for sentence in passage.sentences:
        counts.update({token.lower for token in passage.tokens[sentence.first : sentence.last]} & said)
    most = TITLE_SHARE * len(passage.sentences) + 1
    return frozenset(word for word in said if 0 < counts[word] <= most)
