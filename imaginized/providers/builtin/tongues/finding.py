"""The names of a chapter in one of the languages of this folder, with what speaks for a person, a beast or a place."""

import itertools
from collections import Counter
from collections.abc import Mapping

from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.tongues.believing import (
    ROMAN,
    all_titles,
    bare,
    believed_words,
    is_capital,
    is_title,
    joins,
)
from imaginized.providers.builtin.tongues.splitting import Splitting
from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.providers.builtin.tongues.weighing import weigh, weigh_words
from imaginized.story.element_types import is_place

MOST_PARTS = 8
# With "of" these tell of somebody else than the name: "mère de Charles", "roi de France".
OF_SOMETHING = words(
    "père mère frère sœur soeur oncle tante cousin cousine padre madre hermano hermana primo prima tío tía abuelo "
    "abuela fratello sorella zio zia cugino cugina nonno pai mãe irmão irmã tio tia avô avó vader moeder broer "
    "broeder zuster oom neef nicht vater mutter bruder schwester onkel vetter base roi reine empereur rey reina "
    "emperador re regina imperatore rei rainha imperador koning koningin keizer könig königin kaiser papst papa "
    "resident adsistent-resident assistent-resident kontroleur controleur président presidente juge procureur "
    "notaire curé cura abate abad pastor pfarrer veuve viuda vedova witwe weduwe viúva dame donna maître meester "
    "mestre maestro lehrer messieurs mesdames"
)
MOST_PARTICLES = 3
# Titles that German people bear between given and last name.
NOBLE = words("graf gräfin freiherr freiin edler ritter")
# Two words that are this often apart for once that they meet are two names.
OFTEN_ALONE = 4
# A name that has its "d'" in this share of at least so many mentions is never without.
ALWAYS, LEAST_ELIDED = 0.8, 3
# One with an article who speaks less than once in so many mentions is no person.
SELDOM = 10
Span = tuple[int, int]


def find_names(splitting: Splitting, tongue: Tongue, *, given: Mapping[str, str]) -> list[Name]:
    """Return the names that stand firmly enough, most mentioned first; mentions are spans of the splitting's words."""
    believed = believed_words(splitting.tokens, tongue, given=frozenset(given))
    finder = _Finder(splitting, tongue, believed, given)
    names: dict[str, Name] = {}
    at = 0
    while at < len(splitting.tokens):
        span = finder.span_at(at)
        if span is None:
            at += 1
            continue
        text = finder.text_of(span)
        name = names.setdefault(text, Name(text=text))
        name.mentions.append(span)
        weigh(splitting, span, tongue, name.evidence)
        at = span[1]
    for name in names.values():
        weigh_words(name, tongue, given=given)
        if _is_always_elided(name, splitting, tongue):
            name.text = f"d'{name.text}"
    kept = [name for name in names.values() if _stands(name, tongue)]
    return sorted(kept, key=lambda name: (-len(name.mentions), name.text))


class _Finder:
    """Builds names of the believed words of a chapter."""

    def __init__(
        self, splitting: Splitting, tongue: Tongue, believed: frozenset[str], given: Mapping[str, str]
    ) -> None:
        self.tokens, self.sentences = splitting.tokens, splitting.sentences
        self.tongue = tongue
        self.believed = believed
        self.given = given
        self.titles = all_titles(tongue)
        self.counts = Counter(token.word for token in self.tokens)
        self.pairs = Counter((a.word, b.word) for a, b in itertools.pairwise(self.tokens) if a.gap == " ")

    def span_at(self, at: int) -> Span | None:
        """A name that begins at a word: titles, then believed words with what joins them."""
        if self._is_large_particle(at):
            return at, self._end(at, at + 1)  # "Du Roy", as he writes himself
        core = self._after_titles(at)
        first = self._after_particles(core) if self._goes_on(core, at) else None
        if first is not None and first > core and self._is_of_something(core - 1, first):
            return first, self._end(first, first)  # "the mother of Charles", "the bishop of León"
        if first is None:
            first = at if self._is_name(at) else None
        return (at, self._end(at, first)) if first is not None else None

    def _is_large_particle(self, at: int) -> bool:
        """Tell whether a particle is written large within a sentence, and a name follows."""
        token = self.tokens[at]
        large = is_capital(token) and not token.first and token.gap == " " and token.lower in self.tongue.particles
        return large and token.lower not in self.tongue.articles and self._is_open(at + 1) and self._is_name(at + 1)

    def _is_of_something(self, title: int, first: int) -> bool:
        return self.tokens[title].lower in OF_SOMETHING or self.tokens[first].lower in self.tongue.places

    def _goes_on(self, core: int, at: int) -> bool:
        """Tell whether titles stand before a word, and the word belongs to them."""
        return core > at and self._is_open(core)

    def _end(self, at: int, first: int) -> int:
        """Where the name ends that begins at a word and has its first believed word there."""
        last = first + 1
        while last - at < MOST_PARTS and (step := self._next_part(last)):
            last = step
        return last

    def _are_two(self, at: int) -> bool:
        """Tell whether two names only meet here ("daß Karl Anna sah"): each is often alone, and they rarely meet."""
        pair = (self.tokens[at - 1].word, self.tokens[at].word)
        often = min(self.counts[word] for word in pair)
        return often >= OFTEN_ALONE and self.pairs[pair] * OFTEN_ALONE <= often

    def text_of(self, span: Span) -> str:
        """As printed, without the s of a genitive and without breaks."""
        tokens = self.tokens[span[0] : span[1]]
        words = [token.word for token in tokens]
        if tokens[0].first and len(words) > 1 and self._is_title_at(span[0]) and tokens[0].gap == " ":
            words[0] = words[0] if self.tongue.capital_nouns else tokens[0].lower  # "Don" only begins the sentence
        words[-1] = self._nominative(words[-1])
        gaps = [token.gap if token.gap.strip() else " " for token in tokens[:-1]]
        return "".join(word + gap for word, gap in zip(words, [*gaps, ""], strict=True)).strip()

    def _nominative(self, word: str) -> str:
        """A name without the ending of its case, also where the chapter has it with one only ("Luisen")."""
        stem = bare(word, self.believed, self.tongue.cases)
        listed = stem.endswith("en") and "n" in self.tongue.cases and stem[:-1].lower() in self.given
        return stem[:-1] if listed else stem

    def _after_titles(self, at: int) -> int:
        """Where the titles end that begin at a word; a kin word behind "her" or "my" is no title."""
        start = at
        while self._is_title_at(at) and (at == start or self._is_open(at)):
            if at == start and self._is_owned(at):
                return start
            following = at + 1
            if self._is_open(following) and self.tokens[following].lower in self.tongue.articles:
                following += self._is_title_at(following + 1)  # "monsieur le comte"
            at = following
        return at

    def _is_title_at(self, at: int) -> bool:
        return at < len(self.tokens) and is_title(self.tokens, at, self.titles, capital=self.tongue.capital_nouns)

    def _is_owned(self, at: int) -> bool:
        before = self.tokens[at - 1] if at else None
        return (
            before is not None and before.gap == " " and before.lower in self.tongue.determiners - self.tongue.articles
        )

    def _is_open(self, at: int) -> bool:
        """Tell whether a word stands there that may go on with the word before it."""
        if at >= len(self.tokens):
            return False
        return at == 0 or (self.sentences[at] == self.sentences[at - 1] and joins(self.tokens[at - 1]))

    def _after_particles(self, at: int) -> int | None:
        """Where the first believed word stands, over particles; None where none follows."""
        first = at
        while first < len(self.tokens) and first - at <= MOST_PARTICLES:
            if first > at and not (joins(self.tokens[first - 1]) and self.sentences[first] == self.sentences[at]):
                return None
            if self._is_name(first):
                return first
            if self.tokens[first].lower not in self.tongue.particles or (
                first == at and self.tokens[first].lower in self.tongue.articles
            ):
                return None  # "the": only behind another ("de la")
            first += 1
        return None

    def _is_name(self, at: int) -> bool:
        token = self.tokens[at]
        if not is_capital(token) or token.lower in self.tongue.function:
            return False
        return bare(token.word, self.believed, self.tongue.cases) in self.believed

    def _next_part(self, at: int) -> int:
        """Where the name ends that goes on at a word; 0 where it does not."""
        if self._is_open(at + 1) and self.tokens[at].lower in NOBLE and self._is_open(at):
            first = self._after_particles(at + 1)
            return first + 1 if first is not None else 0  # "Anna Gräfin Moor", "Karl Freiherr von Moor"
        if at < len(self.tokens) and self._are_two(at):
            return 0
        if at >= len(self.tokens) or self.sentences[at] != self.sentences[at - 1] or not joins(self.tokens[at - 1]):
            return 0
        if self.tokens[at - 1].gap.strip() == "." and len(self.tokens[at - 1].word) > 1:
            return 0
        if self.tokens[at].word in ROMAN and self.tokens[at - 1].gap == " ":
            return at + 1
        if self._is_name(at) and not self.tokens[at].first:
            return at + 1
        if self.tokens[at].lower in self.tongue.particles and self.tokens[at].word[0].islower():
            first = self._after_particles(at)
            return first + 1 if first is not None else 0
        return 0


def _is_always_elided(name: Name, splitting: Splitting, tongue: Tongue) -> bool:
    """Tell whether "d'Artagnan" is never without, and does things; "d'Emma" is only hers."""
    if "d" not in tongue.elisions or len(name.mentions) < LEAST_ELIDED:
        return False
    elided = sum(first > 0 and splitting.tokens[first - 1].lower == "d" for first, _ in name.mentions)
    return elided >= ALWAYS * len(name.mentions) and name.evidence["speech"] + name.evidence["acts"] > 0


def _stands(name: Name, tongue: Tongue) -> bool:
    """Tell whether the chapter says enough of a name to keep it."""
    evidence, parts = name.evidence, name.text.split()
    if evidence["many"] * 2 >= len(name.mentions):
        return False
    if all(part.lower() in tongue.bland or part.lower() in all_titles(tongue) for part in parts):
        return len(parts) == 1 and evidence["speech"] > 0 and parts[0].lower() not in tongue.bland
    takes_article = tongue.names_take_articles or evidence["the"] * 2 < len(name.mentions)
    speaks = evidence["speech"] * SELDOM > len(name.mentions)  # "la Fosseuse" does, a ship as good as never
    if not takes_article and not (speaks or evidence["title"] or evidence["beast"] or evidence["ship"]):
        return is_place(evidence, mentions=len(name.mentions))  # "de Regeering", "la Corte"
    strong = sum(evidence[key] for key in ("speech", "title", "beast", "acts", "is", "inside", "called", "given"))
    return strong > 0 or len(name.mentions) > 1
