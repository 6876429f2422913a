"""Which words of a chapter do not happen here and now: compared, denied, remembered, supposed, told of, spoken.

Marked once; every later reader sees what is left. A shallow grammar: a cue opens a scope, the clause's end closes it.
English only.
"""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.gate_rules import RULES
from imaginized.providers.builtin.gate_scope import GENERAL, SPOKEN, SUPPOSED, Marks
from imaginized.providers.builtin.sentences import Passage, Sentence, Token

ENOUGH_WORDS = 3000  # of a chapter, to know whether it tells of the past
PAST_SHARE = 0.6  # of the forms of "to be" and "to have" in a chapter that tells of the past


def mark_unreal(passage: Passage) -> bytearray:
    """For each token of a chapter 0 where it happens here and now, else the `Unreal` that it is."""
    marks = Marks(passage.tokens)
    if not passage.english:
        return marks.codes
    rules, tokens = RULES, passage.tokens
    past = _tells_of_the_past(tokens)
    cues = sorted(passage.places_of(rules))
    cue = 0
    for sentence in passage.sentences:
        marks.first, marks.last = sentence.first, sentence.last
        if sentence.spoken and not sentence.told:
            for at in range(sentence.first, sentence.last):
                if tokens[at].spoken:
                    marks.codes[at] = SPOKEN
        while cue < len(cues) and (at := cues[cue]) < sentence.last:
            if marks.codes[at] != SPOKEN:
                rules[tokens[at].lower](marks, at)
            cue += 1
        _mark_whole(passage, sentence, marks, past=past)
    return marks.codes


def _tells_of_the_past(tokens: list[Token]) -> bool:
    past = present = 0
    for token in tokens[:ENOUGH_WORDS]:
        if token.lower in _PAST:
            past += not token.spoken
        elif token.lower in _PRESENT:
            present += not token.spoken
    return past > PAST_SHARE * (past + present)


_PAST = vocabulary.words("was were had did")
_PRESENT = vocabulary.words("is are has am does it's there's he's she's that's")


def _mark_whole(passage: Passage, sentence: Sentence, marks: Marks, *, past: bool) -> None:
    """A question of the teller's, and what always is so in a tale of the past, happen nowhere."""
    tokens = passage.tokens
    here = range(sentence.first, sentence.last)
    told = [at for at in here if not tokens[at].spoken]
    if not told or (sentence.spoken and not sentence.told):
        return
    if passage.text[sentence.start : sentence.end].rstrip("”’\"')").endswith("?"):
        marks.mark(sentence.first, sentence.last, SUPPOSED)
        return
    if not past or not any(tokens[at].lower in _PRESENT for at in told):
        return
    if not any(_is_past(tokens[at]) for at in told):
        marks.mark(sentence.first, sentence.last, GENERAL)


def _is_past(token: Token) -> bool:
    return token.lower in _PAST or (
        bool(token.facts & lex.VERB and token.facts & lex.INFLECTED) and not token.lower.endswith(("s", "ing"))
    )
