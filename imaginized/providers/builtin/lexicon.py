"""What a word can be: the lists that scripts/build-lexicon took from WordNet, with irregular forms added.

Facts are bits of an int, so that a sentence can be judged by a few `&`. No text is read here.
"""

from enum import IntFlag
from functools import cache
from importlib.resources import files

from imaginized.providers.builtin import vocabulary


class Fact(IntFlag):
    """What a word can be. The RARE bits say that it is that only now and then ("saw", the tool)."""

    PERSON = 1 << 0
    ANIMAL = 1 << 1
    PLACE = 1 << 2
    ITEM = 1 << 3
    WEAR = 1 << 4
    BODY = 1 << 5
    PLANT = 1 << 6
    FOOD = 1 << 7
    STUFF = 1 << 8
    NATURE = 1 << 9
    ABSTRACT = 1 << 10
    RARE_NOUN = 1 << 11
    ACT = 1 << 12
    CHANGE = 1 << 13
    SENSE = 1 << 14
    SPEECH = 1 << 15
    MIND = 1 << 16
    RARE_VERB = 1 << 17
    LOOKS = 1 << 18
    ADJECTIVE = 1 << 19
    RARE_ADJECTIVE = 1 << 20
    ADVERB = 1 << 21
    COLOUR = 1 << 22
    LIGHT = 1 << 23
    PLURAL = 1 << 24
    INFLECTED = 1 << 25
    FUNCTION = 1 << 26


# Plain ints: IntFlag arithmetic is ten times slower, and these run for every word.
PERSON, ANIMAL, PLACE, ITEM = int(Fact.PERSON), int(Fact.ANIMAL), int(Fact.PLACE), int(Fact.ITEM)
WEAR, BODY, PLANT, FOOD = int(Fact.WEAR), int(Fact.BODY), int(Fact.PLANT), int(Fact.FOOD)
STUFF, NATURE, ABSTRACT, RARE_NOUN = int(Fact.STUFF), int(Fact.NATURE), int(Fact.ABSTRACT), int(Fact.RARE_NOUN)
ACT, CHANGE, SENSE, SPEECH = int(Fact.ACT), int(Fact.CHANGE), int(Fact.SENSE), int(Fact.SPEECH)
MIND, RARE_VERB, LOOKS, ADJECTIVE = int(Fact.MIND), int(Fact.RARE_VERB), int(Fact.LOOKS), int(Fact.ADJECTIVE)
RARE_ADJECTIVE, ADVERB, COLOUR = int(Fact.RARE_ADJECTIVE), int(Fact.ADVERB), int(Fact.COLOUR)
LIGHT, PLURAL, INFLECTED, FUNCTION = int(Fact.LIGHT), int(Fact.PLURAL), int(Fact.INFLECTED), int(Fact.FUNCTION)
CONCRETE = PERSON | ANIMAL | PLACE | ITEM | WEAR | BODY | PLANT | FOOD | STUFF | NATURE
NOUN = CONCRETE | ABSTRACT
VERB = ACT | CHANGE | SENSE | SPEECH | MIND
QUALITY = LOOKS | ADJECTIVE
NAMES = {"change": CHANGE, "act": ACT, "sense": SENSE, "speech": SPEECH, "mind": MIND, "any": ADVERB, "looks": LOOKS}
NAMES |= {
    "other": ADJECTIVE,
    "person": PERSON,
    "animal": ANIMAL,
    "place": PLACE,
    "item": ITEM,
    "wear": WEAR,
    "body": BODY,
}
NAMES |= {"plant": PLANT, "food": FOOD, "stuff": STUFF, "nature": NATURE, "abstract": ABSTRACT}
RARE = {"noun": RARE_NOUN, "verb": RARE_VERB, "adjective": RARE_ADJECTIVE, "adverb": 0}
MOST_REMEMBERED, MOST_AS_READ = 60_000, 20_000


class Lexicon:
    """Knows what words can be; remembers what it worked out, up to a bound."""

    def __init__(self, lines: list[str], *, given: list[str] | None = None) -> None:
        """Take the lists of lexicon.txt and of given.txt, one a line, its name first."""
        self.base: dict[str, int] = {}
        self.geo: frozenset[str] = frozenset()
        self.never: frozenset[str] = frozenset()
        self.peoples: frozenset[str] = frozenset()
        for line in lines:
            name, *words = line.split()
            self._add(name, words)
        self._add_by_hand()
        sexes = (line.split() for line in given or ())
        self.given: dict[str, str] = {name: f"given_{sex}" for sex, *names in sexes for name in names}
        self._known: dict[str, tuple[int, str]] = {}
        self.as_read: dict[str, tuple[str, int, str]] = {}

    def read(self, word: str) -> tuple[str, int, str]:
        """A word as it is printed, in small letters with straight apostrophes; its facts and its base form."""
        lower = word.lower().replace("’", "'")
        found = lower, *self.look_up(lower.removesuffix("'s"))
        if len(self.as_read) < MOST_AS_READ:
            self.as_read[word] = found
        return found

    def facts(self, word: str) -> int:
        """What a lower-case word can be, also in its inflected forms; 0 for a word that is not known."""
        return self.look_up(word)[0]

    def look_up(self, word: str) -> tuple[int, str]:
        """The facts of a lower-case word and its base form ("wolves": "wolf")."""
        found = self._known.get(word)
        if found is None:
            found = self._work_out(word)
            if len(self._known) < MOST_REMEMBERED:
                self._known[word] = found
        return found

    def _add(self, name: str, words: list[str]) -> None:
        if name == "geo":
            self.geo = frozenset(words)
        elif name == "never":
            self.peoples = frozenset(words) - vocabulary.ALSO_GIVEN
            self.never = self.peoples | vocabulary.NEVER_NAMES
        else:
            part, kind, *rare = name.split(".")
            bits = NAMES[kind] | (RARE[part] if rare else 0)
            base = self.base
            for word in words:
                base[word] = base.get(word, 0) | bits

    def _add_by_hand(self) -> None:
        for words, bits in (
            (vocabulary.COLOURS, COLOUR | LOOKS),
            (vocabulary.LIGHTS, LIGHT),
            (vocabulary.LOOKS, LOOKS),
        ):
            for word in words:
                self.base[word] = self.base.get(word, 0) | bits
        for kind, words in vocabulary.NOUNS_BY_HAND.items():
            for word in words:
                self.base[word] = self.base.get(word, 0) & ~(NOUN | RARE_NOUN) | NAMES[kind]
        for word in vocabulary.NOT_NOUNS:
            self.base[word] = self.base.get(word, 0) & ~(NOUN | RARE_NOUN)
        for word in vocabulary.FUNCTION_WORDS:
            self.base[word] = FUNCTION

    def _work_out(self, word: str) -> tuple[int, str]:
        direct = self.base.get(word, 0)
        if direct & FUNCTION:
            return FUNCTION, word
        irregular = vocabulary.IRREGULAR_VERBS.get(word)
        if irregular:
            return self._as_verb(irregular) | INFLECTED | direct & (NOUN | QUALITY) | (
                RARE_NOUN if direct & NOUN else 0
            ), irregular
        plural = vocabulary.IRREGULAR_PLURALS.get(word)
        if plural:
            return self.base.get(plural, 0) & (NOUN | RARE_NOUN) | PLURAL, plural
        # "shoes" stands in WordNet for a state of affairs; its singular is what books mean.
        means_more = not direct & CONCRETE and any(self.base.get(stem, 0) & CONCRETE for stem in _plural_stems(word))
        if direct and not means_more:
            return self._with_verb(word, direct)
        return self._by_ending(word)

    def _with_verb(self, word: str, direct: int) -> tuple[int, str]:
        """Add the verb to a participle that WordNet lists as an adjective only ("raised", "opened", "played")."""
        if word.endswith("ed") and direct & QUALITY and not direct & (VERB | NOUN):
            for stem in _verb_stems(word):
                facts = self.base.get(stem, 0)
                if facts & VERB and not facts & RARE_VERB:
                    return direct | facts & VERB | INFLECTED, stem
        return direct, word

    def _by_ending(self, word: str) -> tuple[int, str]:
        for stem in _plural_stems(word):
            facts = self.base.get(stem, 0)
            if facts & NOUN or facts & VERB:
                kept = facts & (NOUN | RARE_NOUN | VERB | RARE_VERB)
                return kept | (PLURAL if facts & NOUN else 0) | (INFLECTED if facts & VERB else 0), stem
        for stem in _verb_stems(word):
            if self.base.get(stem, 0) & VERB:
                return self._as_verb(stem) | INFLECTED | (LOOKS & self.base.get(stem, 0)), stem
        for stem in _degree_stems(word):
            if self.base.get(stem, 0) & QUALITY:
                return self.base[stem] & (QUALITY | COLOUR | LIGHT), stem
        if word.endswith("ly"):
            return ADVERB, word
        if "-" in word:
            return self._by_last_part(word)
        return (ADJECTIVE if word.endswith(vocabulary.ADJECTIVE_ENDINGS) else 0), word

    def _by_last_part(self, word: str) -> tuple[int, str]:
        last = word.rsplit("-", 1)[1]
        if word.endswith("ed") or self.base.get(last, 0) & COLOUR:
            return LOOKS | self.base.get(last, 0) & COLOUR, word
        facts, _ = self.look_up(last) if last else (0, "")
        return facts & ~FUNCTION, word

    def _as_verb(self, stem: str) -> int:
        return self.base.get(stem, 0) & VERB or ACT


def _plural_stems(word: str) -> list[str]:
    if word.endswith("men") and len(word) > 4:
        return [word[:-3] + "man"]
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return []
    stems = [word[:-1]]
    if word.endswith("ies"):
        stems.insert(0, word[:-3] + "y")
    if word.endswith("ves"):
        stems[:0] = [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es"):
        stems.append(word[:-2])
    return stems


def _verb_stems(word: str) -> list[str]:
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            doubled = [stem[:-1]] if len(stem) > 2 and stem[-1] == stem[-2] else []
            with_y = [stem[:-1] + "y"] if stem.endswith("i") else []
            return [*doubled, stem + "e", stem, *with_y] if stem[-1] not in "wxy" else [stem, stem + "e"]
    return []


def _degree_stems(word: str) -> list[str]:
    for ending in ("est", "er"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            doubled = [stem[:-1]] if stem[-1] == stem[-2] else []
            with_y = [stem[:-1] + "y"] if stem.endswith("i") else []
            return [stem, stem + "e", *doubled, *with_y]
    return []


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read on first use and kept for the process."""
    folder = files("imaginized.providers.builtin")
    lines, given = (
        folder.joinpath(name).read_text(encoding="utf-8").splitlines() for name in ("lexicon.txt", "given.txt")
    )
    return Lexicon(lines, given=given)
