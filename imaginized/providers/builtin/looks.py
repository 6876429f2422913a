"""How an element looks, in the author's words: which sentences to quote, and the phrases that say it. English only."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import SEXES, Owners
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Sentence

LONGEST_QUOTE = 420
# Words between a name and "with long hair" beyond which somebody else may be meant.
NEAR, NEAR_WITH = 9, 4
DRESSING = vocabulary.words("wore wear wearing dressed clad clothed looked")
BEINGS = vocabulary.words("was is were are")
# What somebody is said to be, and cannot be drawn; adjectives that praise more than they show.
UNSEEN = vocabulary.words("friend favourite favorite liar braggart enemy coward horseman acquaintance creature")
WEAK = vocabulary.words("great splendid fine immense high deep low")
HERS = vocabulary.words("woman girl lady maiden wife widow mother daughter sister aunt")
HIS = vocabulary.words("man boy lad gentleman fellow husband widower father son brother uncle")
BEARING = vocabulary.words("with had has have wore wearing wears")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A passage that may be quoted for an element: its span, its worth, the phrases of looks in it."""

    start: int
    end: int
    worth: float
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """What is needed to judge sentences: the chapter, its phrases by sentence, and whose something is."""

    passage: Passage
    phrases: list[list[Phrase]]
    owners: Owners

    def look_at(self, mentions: Sequence[tuple[int, int]], *, is_thing: bool) -> list[Looks]:
        """Judge each sentence that mentions the element, with the one after it where that goes on about its looks."""
        by_sentence: dict[int, tuple[int, int]] = {}
        for span in mentions:
            by_sentence.setdefault(self.passage.sentence_of_token[span[0]], span)
        return [self._judge(number, span, is_thing=is_thing) for number, span in sorted(by_sentence.items())]

    def _judge(self, number: int, span: tuple[int, int], *, is_thing: bool) -> Looks:
        sentence = self.passage.sentences[number]
        phrases = self._own_phrases(number, span) if is_thing else self._person_phrases(number, span)
        start, end = self._span(sentence, span)
        worth = 2.0 * len(phrases) + self._tone(sentence)
        for follower in [] if is_thing else self.owners.followers(number, span):
            more = self._person_phrases(follower, None, bearer=self.owners.names.get(span[0]))
            following = self.passage.sentences[follower]
            if more and following.end - sentence.start <= LONGEST_QUOTE:
                start, end = sentence.start, following.end
                phrases += more
                worth += 2.0 * len(more)
        quoted = self.passage.text[start:end]
        return Looks(start=start, end=end, worth=worth, phrases=tuple(p for p in dict.fromkeys(phrases) if p in quoted))

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

    def _person_phrases(self, number: int, span: tuple[int, int] | None, *, bearer: Name | None = None) -> list[str]:
        """Phrases of body, dress and kind that stand after the name with nobody else in between."""
        tokens = self.passage.tokens
        sentence = self.passage.sentences[number]
        start = span[1] if span else sentence.first
        owner = self.owners.names.get(span[0]) if span else None
        found = self.plain_looks(start, sentence.last) if span else self.plain_looks(start + 1, sentence.last)
        accepted = -1
        acts = span is None or self.owners.is_subject(span, sentence)
        names_one = span is None or not tokens[span[1] - 1].lower.endswith("'s")  # "put Flask's hand on his head"
        for phrase in self.phrases[number]:
            if phrase.first < start:
                continue
            if any(self.owners.names.get(i) not in (None, owner) for i in range(start, phrase.first)):
                break
            if span and tokens[phrase.head].spoken != tokens[span[0]].spoken:
                break
            told = self._is_said_of(phrase, sentence, span)
            stated = self.stated(phrase, sentence)
            if stated:
                found.append(stated)
                accepted = phrase.last
                continue
            is_kind = phrase.kind & (lex.PERSON | lex.ANIMAL) and told and phrase.determiner in ("a", "an")
            is_kind = is_kind and self.fits_sex(phrase, owner or bearer)
            worn = phrase.kind & (lex.BODY | lex.WEAR) and phrase.looks and (accepted >= 0 or acts)
            own = worn and names_one and self.owners.is_own(phrase, sentence, owner)
            borne = worn and self._is_borne(phrase, start, accepted) and not self.owners.is_of_other(phrase, owner)
            if own or borne:
                found.append(self._show(phrase, without=vocabulary.POSSESSIVES | {"the"}))
                accepted = phrase.last
            elif is_kind and self.tells(phrase):
                found.append(self._show(phrase))
                accepted = phrase.last
            elif phrase.kind & (lex.PERSON | lex.ANIMAL):
                break
        return found

    def _is_said_of(self, phrase: Phrase, sentence: Sentence, span: tuple[int, int] | None) -> bool:
        """Tell whether "a tall man" is what the one named is: after "was", or after the name and a comma."""
        if phrase.first <= sentence.first:
            return False
        before = self.passage.tokens[phrase.first - 1]
        return before.lower in BEINGS or (span is not None and phrase.first == span[1] and before.gap == ", ")

    def fits_sex(self, phrase: Phrase, owner: Name | None) -> bool:
        """Tell whether "a pretty girl" can be the one named: not Mr. Thomas."""
        base = self.passage.tokens[phrase.head].base
        sex = self.owners.sex_of(owner)
        return not (base in HERS and sex is SEXES[0]) and not (base in HIS and sex is SEXES[1])

    def tells(self, phrase: Phrase) -> bool:
        """Tell whether "a …" says how somebody looks: "a tall man", "a dog"; not "an old friend", "a creature"."""
        tokens = self.passage.tokens
        if tokens[phrase.head].base in UNSEEN:
            return False
        seen = [token for token in tokens[phrase.core : phrase.head] if token.facts & (lex.LOOKS | lex.COLOUR)]
        bland = tokens[phrase.head].base in vocabulary.BLAND_PEOPLE
        return any(token.lower not in WEAK for token in seen) or bool(phrase.kind & lex.ANIMAL and not bland)

    def stated(self, phrase: Phrase, sentence: Sentence) -> str:
        """What is said of body or dress ("head was a small sack", "hair was nearly white"); or an empty string."""
        tokens = self.passage.tokens
        if (
            not phrase.kind & (lex.BODY | lex.WEAR)
            or phrase.determiner not in ("his", "her", "its", "their")
            or phrase.last >= sentence.last
        ):
            return ""
        plain = self.plain_looks(phrase.last, sentence.last)
        if plain:
            return self._from(phrase, plain[0])
        if tokens[phrase.last].lower in BEINGS:
            number = self.passage.sentence_of_token[phrase.head]
            follows = next((p for p in self.phrases[number] if p.first == phrase.last + 1 and p.looks), None)
            return self._from(phrase, self._show(follows)) if follows else ""
        return ""

    def _from(self, phrase: Phrase, ending: str) -> str:
        """The author's words from a phrase to an ending, without "his" or "her"."""
        start = self.passage.tokens[phrase.core].start
        return self.passage.text[start : self.passage.text.index(ending, start) + len(ending)]

    def _is_borne(self, phrase: Phrase, start: int, accepted: int) -> bool:
        """Tell whether dress or body is said of the one named: "with …", "wore …", "his … was", a list going on."""
        tokens = self.passage.tokens
        if phrase.determiner in ("my", "your", "our", "no"):
            return False
        before = tokens[phrase.first - 1].lower if phrase.first else ""
        after = tokens[phrase.last].lower if phrase.last < len(tokens) else ""
        near = phrase.first - max(start, accepted) <= (NEAR_WITH if before == "with" else NEAR)
        if (before in BEARING and near) or (
            before == "in" and phrase.kind & lex.WEAR and phrase.determiner in ("a", "an", "")
        ):
            return True
        if accepted >= 0 and phrase.first - accepted <= 2 and (before == "and" or phrase.first == accepted):
            return True
        subject = phrase.determiner in ("his", "her", "its", "their") and after in BEINGS
        return subject or (phrase.first == start and not phrase.determiner)

    def plain_looks(self, at: int, last: int) -> list[str]:
        """The adjectives after "was", verbatim ("tall and thin"), as a list of one or none."""
        tokens = self.passage.tokens
        if at >= last or tokens[at].lower not in BEINGS or tokens[at].gap != " ":
            return []
        end = start = at + 1
        for i in range(start, min(last, start + 5)):
            lower = tokens[i].lower
            if (
                tokens[i].facts & (lex.LOOKS | lex.COLOUR)
                and lower == tokens[i].base
                and lower not in vocabulary.PASSING_LOOKS
                and tokens[i].facts & lex.QUALITY
            ):
                end = i + 1
            elif lower not in ("and", "very", "rather", "nearly", "quite", "all"):
                break
            if tokens[i].gap not in (" ", ", "):
                break
        following = tokens[end].facts & lex.NOUN if end < last and tokens[end - 1].gap == " " else 0
        if end == start or following or (end == start + 1 and tokens[start].lower in WEAK | DRESSING):
            return []
        return [self.passage.text[tokens[start].start : tokens[end - 1].end]]

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
