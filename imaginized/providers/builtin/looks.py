"""Which passages to quote for an element, and the looks of a thing: "the long white road". English only."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.features import Told
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Sentence

LONGEST_QUOTE = 420
DRESSING = vocabulary.words("wore wear wearing dressed clad clothed looked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A passage that may be quoted for an element: its span, its worth, the phrases of looks in it."""

    start: int
    end: int
    worth: float
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """What is needed to judge sentences: the chapter and its phrases by sentence."""

    passage: Passage
    phrases: list[list[Phrase]]

    def look_at(self, mentions: Sequence[tuple[int, int]], *, is_thing: bool) -> list[Looks]:
        """Judge each sentence that mentions the element; only a thing's looks are beside its name."""
        by_sentence: dict[int, tuple[int, int]] = {}
        for span in mentions:
            by_sentence.setdefault(self.passage.sentence_of_token[span[0]], span)
        return [self._judge(number, span, is_thing=is_thing) for number, span in sorted(by_sentence.items())]

    def _judge(self, number: int, span: tuple[int, int], *, is_thing: bool) -> Looks:
        sentence = self.passage.sentences[number]
        phrases = self._own_phrases(number, span) if is_thing else []
        start, end = self._span(sentence, span)
        worth = 2.0 * len(phrases) + self._tone(sentence)
        quoted = self.passage.text[start:end]
        return Looks(start=start, end=end, worth=worth, phrases=tuple(p for p in dict.fromkeys(phrases) if p in quoted))

    def quote_told(self, told: Sequence[Told]) -> list[Looks]:
        """The passages that tell somebody's looks, by how much they tell."""
        by_span: dict[tuple[int, int], list[Told]] = {}
        for each in told:
            by_span.setdefault((each.start, each.end), []).append(each)
        return [
            Looks(
                start=start,
                end=end,
                worth=sum(2.5 if each.is_lasting else 1.0 for each in those),
                phrases=tuple(dict.fromkeys(each.text for each in those if each.is_lasting)),
            )
            for (start, end), those in by_span.items()
        ]

    def _tone(self, sentence: Sentence) -> float:
        tokens = self.passage.tokens[sentence.first : sentence.last]
        colours = sum(1 for token in tokens if token.facts & lex.COLOUR)
        dressing = sum(1 for token in tokens if token.lower in DRESSING)
        words = len(tokens)
        short = -0.8 if words < 7 else 0.0
        return 0.4 * min(colours, 3) + 0.8 * dressing - 2.5 * sentence.spoken + short - max(0, words - 50) * 0.03

    def _own_phrases(self, number: int, span: tuple[int, int]) -> list[str]:
        return [
            self._show(phrase, without=vocabulary.DETERMINERS)
            for phrase in self.phrases[number]
            if phrase.looks and phrase.first <= span[0] < phrase.last
        ]

    def _show(self, phrase: Phrase, *, without: frozenset[str] = frozenset()) -> str:
        tokens = self.passage.tokens
        first = phrase.core if phrase.determiner in without else phrase.first
        last = tokens[phrase.last - 1]
        return self.passage.text[tokens[first].start : last.end - (2 if last.lower.endswith("'s") else 0)]

    def _span(self, sentence: Sentence, span: tuple[int, int]) -> tuple[int, int]:
        """The sentence, or of a very long one the clauses around the mention."""
        if sentence.end - sentence.start <= LONGEST_QUOTE:
            return sentence.start, sentence.end
        tokens = self.passage.tokens
        first, last = span[0], span[1] - 1
        while first > sentence.first and (
            tokens[first - 1].gap[:1] not in (";", ":", "—") or tokens[last].end - tokens[first].start < 80
        ):
            if tokens[last].end - tokens[first - 1].start > LONGEST_QUOTE // 2:
                break
            first -= 1
        while last < sentence.last - 1 and (
            tokens[last].gap[:1] not in (";", "—") or tokens[last].end - tokens[first].start < 120
        ):
            if tokens[last + 1].end - tokens[first].start > LONGEST_QUOTE:
                break
            last += 1
        return tokens[first].start, sentence.end if last == sentence.last - 1 else tokens[last].end


def choose_looks(seen: list[Looks], *, most: int) -> list[Looks]:
    """The best passages, first those that tell looks, without overlap, in reading order."""
    chosen: list[Looks] = []
    for each in sorted(seen, key=lambda looks: (-looks.worth, looks.start)):
        if len(chosen) < most and all(each.end <= other.start or each.start >= other.end for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda looks: looks.start)
