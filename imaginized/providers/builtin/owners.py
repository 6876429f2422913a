"""Whose looks a phrase tells: who a clause is about, whom "he" or "his" goes on about. English only."""

from dataclasses import dataclass, field

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.story.names import MEN, WOMEN

MOST_FOLLOWERS = 3
GOES_ON = 3  # a sentence that begins with "She" after "Anna …" says more than any pronoun near a name
CONTRARY = 6  # sentences with "he" alone that go before the list of given names
CLEARLY_TOLD = 4  # sentences with words of one sex, whoever they mean, that say something where nothing else does
LEAST_TOLD = 2  # such sentences from which a name has a sex in pictures
MOSTLY_TOLD = 0.3  # share of speech below which a sentence goes on telling
SUBJECTS = vocabulary.words("he she it they his her its their")
SEXES = (frozenset(("he", "his", "him")), frozenset(("she", "her", "hers")))
_OWN = SEXES[0] | SEXES[1] | {"himself", "herself"}
_HERS = SEXES[1] | {"herself"}
CLAUSE_STARTS = vocabulary.words("and but when while that where as for so then if because until there here was were")


def sex_by_name(name: Name) -> frozenset[str] | None:
    """His words or hers, by the title or the given name; "the Angel" is no given name."""
    if 2 * name.with_the >= max(len(name.mentions), 1) and not name.evidence["title"]:
        return None
    first = name.text.split()[0].casefold().rstrip(".")
    listed = name.evidence["given_woman"] - name.evidence["given_man"]
    return SEXES[first in WOMEN] if first in MEN | WOMEN else SEXES[listed > 0] if listed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """What is needed to tell whose something is.

    Attributes:
        names: The name each token belongs to.
        sexes: What was worked out already, by the text of a name.
        tallies: Likewise how often the telling says "he" and "she" of it.
        said: Of a sentence, likewise, whom it names and which of "his" and "her" words it has: each name asks.
    """

    passage: Passage
    names: dict[int, Name]
    sexes: dict[str, frozenset[str] | None] = field(default_factory=dict)
    tallies: dict[str, tuple[int, int]] = field(default_factory=dict)
    said: dict[int, tuple[list[Name], tuple[bool, ...], tuple[bool, ...]]] = field(default_factory=dict)

    def followers(self, number: int, span: tuple[int, int]) -> list[int]:
        """The next sentences, as long as they go on with "He …" about the only one named in this one."""
        followers: list[int] = []
        for following in range(number + 1, min(number + 1 + MOST_FOLLOWERS, len(self.passage.sentences))):
            if not self._goes_on(number, following, span):
                break
            followers.append(following)
            if any(
                i in self.names
                for i in range(self.passage.sentences[following].first, self.passage.sentences[following].last)
            ):
                break  # who "he" is after somebody else was named is open
        return followers

    def _goes_on(self, number: int, following: int, span: tuple[int, int]) -> bool:
        sentence, after = self.passage.sentences[number], self.passage.sentences[following]
        if after.paragraph != sentence.paragraph or after.first >= after.last or after.spoken >= MOSTLY_TOLD:
            return False
        lead = self.passage.tokens[after.first].lower
        if lead == "its":
            return self._is_last_named(sentence, span)
        here = {id(name) for i in range(sentence.first, sentence.last) if (name := self.names.get(i))}
        sex, of_name = next((sex for sex in SEXES if lead in sex), None), self.sex_of(self.names.get(span[0]))
        if sex is not None and of_name not in (None, sex):
            return False
        if sex is not None and self.is_open(sentence, self.names.get(span[0])):
            return False
        return lead in SUBJECTS and (
            (len(here) <= 1 and self.is_subject(span, sentence)) or span[0] <= sentence.first + 1
        )

    def is_open(self, sentence: Sentence, own: Name | None) -> bool:
        """Tell whether "he" may be another subject of the sentence: "Mr. Bell spoke and Mr. Cole bowed. He …"."""
        for i in range(sentence.first, sentence.last):
            other = self.names.get(i)
            if other is None or other is own or self.names.get(i - 1) is other:
                continue
            last = i + 1
            while last < sentence.last and self.names.get(last) is other:
                last += 1
            possessive = self.passage.tokens[last - 1].lower.endswith("'s")
            if (
                self.sex_of(other) in (None, self.sex_of(own))
                and not possessive
                and self.is_subject((i, last), sentence)
            ):
                return True
        return False

    def is_own(self, phrase: Phrase, sentence: Sentence, owner: Name | None) -> bool:
        """Tell whether it is "his long white beard" of the only one in the sentence, by sex where that is known."""
        sex = next((sex for sex in SEXES if phrase.determiner in sex), None)
        if sex is None:
            return False
        here = range(sentence.first, sentence.last)
        if any(self.names.get(i) not in (None, owner) for i in here):
            return False
        others = SEXES[1] if sex is SEXES[0] else SEXES[0]
        if any(self.passage.tokens[i].lower in others for i in here):
            return False
        return owner is None or self.sex_of(owner) is sex

    def sex_of(self, name: Name | None) -> frozenset[str] | None:
        """His words or hers, by the title, else by the sentences that name nobody else; None where it is open."""
        if name is None:
            return None
        if name.text not in self.sexes:
            self.sexes[name.text] = sex_by_name(name) or self._sex_by_pronouns(name)
        return self.sexes[name.text]

    def sex_to_draw(self, name: Name) -> frozenset[str] | None:
        """The same for a picture, in which a wrong one is worse than none: how the telling goes on counts, too."""
        by_name, told = sex_by_name(name), self._sex_by_pronouns(name, goes_on=True, least=LEAST_TOLD)
        if by_name is None or told is None or told == by_name or name.evidence["title"]:
            return by_name or told or self._sex_by_pronouns(name, least=CLEARLY_TOLD)
        clear = self._sex_by_pronouns(name, goes_on=True, least=CONTRARY)
        return clear or by_name  # a boy may bear a name that the lists have for girls

    def _sex_by_pronouns(self, name: Name, *, goes_on: bool = False, least: float = 0) -> frozenset[str] | None:
        counts = self.tally(name) if goes_on else self._count_words(name, goes_on=False)
        times = 2 if least < CLEARLY_TOLD else 4
        return SEXES[counts[1] > counts[0]] if max(counts) > times * min(counts) and max(counts) >= least else None

    def tally(self, name: Name) -> tuple[int, int]:
        """How clearly the telling says "he" and "she" of the only one named in a sentence."""
        known = self.tallies.get(name.text)
        if known is None:
            known = self.tallies[name.text] = self._count_words(name, goes_on=True)
        return known

    def _count_words(self, name: Name, *, goes_on: bool) -> tuple[int, int]:
        counts = [0, 0]
        for number in {self.passage.sentence_of_token[first] for first, _ in name.mentions}:
            names, said, selves = self._said_in(number)
            if all(each == name for each in names):
                said = self._own_words(number) if goes_on else said
                for which in range(len(SEXES)):
                    counts[which] += said[which] and not (goes_on and all(said))  # with both it is open who is who
                    counts[which] += GOES_ON * (goes_on and (selves[which] or self._goes_on_as(number, which)))
        return counts[0], counts[1]

    def _said_in(self, number: int) -> tuple[list[Name], tuple[bool, ...], tuple[bool, ...]]:
        """The names of a sentence, whether it has words of each sex, and whether "himself" and "herself"."""
        known = self.said.get(number)
        if known is None:
            sentence, names = self.passage.sentences[number], self.names
            words = {token.lower for token in self.passage.tokens[sentence.first : sentence.last]}
            here = {id(name): name for i in range(sentence.first, sentence.last) if (name := names.get(i))}
            said = tuple(not sex.isdisjoint(words) for sex in SEXES)
            known = self.said[number] = list(here.values()), said, ("himself" in words, "herself" in words)
        return known

    def _own_words(self, number: int) -> tuple[bool, ...]:
        """Of which sex the words are that may mean the only one named in a sentence.

        "He told Anna" and "Anna caught him" tell of another, "Anna raised her head" does not.
        """
        sentence, tokens = self.passage.sentences[number], self.passage.tokens
        first = next((i for i in range(sentence.first, sentence.last) if i in self.names), sentence.last)
        last = next((i for i in range(first, sentence.last) if self.names.get(i) is not self.names.get(first)), first)
        found, others = [False] * len(SEXES), [False] * len(SEXES)
        if first == last or tokens[first].spoken or tokens[last - 1].lower.endswith("'s"):
            return tuple(found)
        subject = self.is_subject((first, last), sentence)
        for i in range(sentence.first, sentence.last):
            word = tokens[i].lower
            if tokens[i].spoken or word not in _OWN:
                continue
            after = tokens[i + 1] if i + 1 < sentence.last and tokens[i].gap == " " else None
            owns = after is not None and bool(after.facts & (lex.NOUN | lex.QUALITY)) and not after.facts & lex.FUNCTION
            own = i >= last and subject and (word in ("he", "she", "himself", "herself") or owns)
            (found if own else others)[word in _HERS] = True
        return tuple(own and not other for own, other in zip(found, others, strict=True))

    def _goes_on_as(self, number: int, which: int) -> bool:
        """Tell whether "He …" or "She …" goes on after a sentence that begins with a name."""
        sentence = self.passage.sentences[number]
        after = self.passage.sentences[number + 1] if number + 1 < len(self.passage.sentences) else None
        if self._said_in(number)[1][which] and not self._own_words(number)[which]:
            return False  # "Anna looked at him. He …"
        return (
            after is not None
            and after.paragraph == sentence.paragraph
            and sentence.first in self.names
            and after.first < after.last
            and after.spoken < MOSTLY_TOLD
            and self.passage.tokens[after.first].lower == ("he", "she")[which]
        )

    def is_subject(self, span: tuple[int, int], sentence: Sentence) -> bool:
        """Tell whether a clause begins with the name, so that what follows is said of it."""
        tokens = self.passage.tokens
        before = span[0] - 1
        if before >= sentence.first and tokens[before].lower == "the":
            before -= 1
        if before < sentence.first or tokens[span[1] - 1].lower.endswith("'s"):
            return True
        verb = tokens[span[1]] if span[1] < sentence.last else tokens[before]
        if tokens[before].gap == ", " and verb.gap == ", " and verb.facts & lex.VERB:
            return False  # "both footmen, Alice noticed, had powdered hair"
        if tokens[before].gap != " " or tokens[before].lower in CLAUSE_STARTS:
            return True
        acts = span[1] < sentence.last and tokens[span[1] - 1].gap == " " and tokens[span[1]].facts & lex.INFLECTED
        return (
            bool(acts) and tokens[before].lower not in vocabulary.PREPOSITIONS and not tokens[before].facts & lex.VERB
        )

    def _is_last_named(self, sentence: Sentence, span: tuple[int, int]) -> bool:
        return not any(i in self.names for i in range(span[1], sentence.last))
