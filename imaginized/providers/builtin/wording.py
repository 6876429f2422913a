"""Which sentence of a chapter stands best as words alone: an image, a turn, a cry, a rule of life. English only.

Whoever reads no other sentence must know what it means, and be glad of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin import wording_words as table
from imaginized.providers.builtin.cutting import HELPERS, RELATIVE, SUBORDINATE, Cut, is_finite, within
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Sentence, Token
from imaginized.providers.builtin.trimming import Clause

FEWEST, FULL, MOST = 9, 20, 24  # words: the fewest, from how many on it is long enough, the most
MOST_OF_EVENT, MOST_LETTERS = 30, 180  # the most of one that tells a great event, which a plate just holds
SHORTEST = 0.55  # of the worth of one of the fewest words
BASE = 0.4
INSIDE = 0.8  # of a clause that begins within its sentence
KINDS = (
    (lex.NATURE, 1.0), (lex.ANIMAL, 0.9), (lex.PLANT, 0.8), (lex.BODY, 0.7), (lex.STUFF, 0.6), (lex.PLACE, 0.5),
    (lex.ITEM, 0.5), (lex.WEAR, 0.4), (lex.PERSON, 0.2), (lex.FOOD, 0.1),
)  # fmt: skip
MOST_SEEN, LOOK, MOST_LOOKS = 3.5, 0.4, 1.6
LIKENED, STRUCK, STIRRED, SUDDEN, RULED, TURNED = 1.4, 1.0, 0.9, 0.6, 0.9, 0.3
CRIED, SAID, NAMED, DECLARED, ASKED = 0.5, 0.3, 0.4, 0.6, 0.6
MOST_STRUCK = MOST_STIRRED = 3
PLAINLY_SAID = 0.6  # of a speech in which nothing moves whoever hears it
OTHER_SENTENCE, OTHER_OBJECT, OTHER_THING, POINTED, KNOWN_BEFORE = 0.78, 0.6, 0.62, 0.7, 0.88
POINTED_AT = 0.85
ALWAYS_SO = 0.85  # of what is told in the present tense: an essay more often than a moment
BEING = HELPERS | vocabulary.words("came stood lay stands hung rose")
BUSY, COURTEOUS, MANY_NAMES, MOST_NAMES, TAGGED = 0.7, 0.75, 0.8, 2, 0.85
FEWEST_SAID = 7
UNMOVED, LISTED, FEWEST_LISTED = 0.55, 0.5, 3  # things and small doings in which nothing stirs; many of them
HANDLED, LIT, SUPPOSED = 0.2, 0.2, 0.6  # of what it would be worth: a hat thrown, a lamp that shines, "as if he were"
# "Even more": than what was told before; a speech that is shorter than how it was said; "When he entered, Mary".
LESS_THAN, LONG_TAG, ENTERED = 0.8, 0.7, 0.85
TAKEN_UP = 0.5  # of what it would be worth: a head thrown back
HOUSEHOLD = lex.ITEM | lex.WEAR | lex.FOOD | lex.STUFF | lex.PLANT | lex.PLACE
HELD = lex.ITEM | lex.WEAR | lex.FOOD | lex.STUFF | lex.PLACE
DRAMA = vocabulary.words(
    "strike shoot fly hurl fling burst dash spring leap plunge tumble seize clutch climb crash roll crouch kneel tear "
    "drag swing throw rush bound stab fight wrestle cling creep gallop chase flee scream shriek whirl blaze shatter "
    "smash pounce swoop kiss embrace dance stagger gleam glitter shine flash flame burn tremble shiver quiver freeze "
    "melt vanish break sink drown howl roar thunder rage weep sob snap pierce sweep pour surge glow rise"
)
LIKENINGS = ("like a", "like an", "like the", "like some", "as if", "as though", "as a", "as an", "seemed to")
# "as though she had risen": why somebody seems to do so, more often than an image.
SUPPOSING = re.compile(r"(?<! felt) as (?:if|though) (?:he|she|it|they|i|we|you) (?:had|were|was) ")
MARKS = "”’\"'"
CLOSED = re.compile(r"(?<=[.,!?;:—…-])’")
# A speech that is broken off, and one that goes on: "I might have—But let me".
BROKEN = re.compile(r"(?:—|--)[A-Z]|\.\.\.|…\s")


class Words(NamedTuple):
    """A sentence with its words."""

    text: str
    sentence: Sentence
    tokens: list[Token]
    phrases: list[Phrase]
    named: list[bool]


@dataclass(slots=True)
class Wording:
    """Weighs sentences of a chapter, each once.

    Attributes:
        cut: The chapter.
        ends: Which of its parts a passage may end with.
        whole: Gives 0 for parts that cut a speech in two.
    """

    cut: Cut
    ends: list[bool]
    whole: Callable[[int, int], float]
    _worths: dict[int, float] = field(default_factory=dict)

    def weigh(self, number: int) -> float:
        """How well one sentence stands as words: 0 for what cannot."""
        return self._weigh(number) if self._size(number) <= MOST else 0.0

    def weigh_event(self, number: int) -> float:
        """The same of one that tells a great event, which may be a little longer."""
        return self._weigh(number)

    def _size(self, number: int) -> int:
        sentence = self.cut.stage.passage.sentences[number]
        return sentence.last - sentence.first

    def _weigh(self, number: int) -> float:
        worth = self._worths.get(number)
        if worth is None:
            worth = self._worths[number] = self._weigh_whole(number)
        return worth

    def _weigh_whole(self, number: int) -> float:
        stage = self.cut.stage
        sentence = stage.passage.sentences[number]
        if not FEWEST <= self._size(number) <= MOST_OF_EVENT or not self.ends[number] or not self.cut.is_whole(number):
            return 0.0
        text = stage.passage.text[sentence.start : sentence.end]
        tokens = stage.passage.tokens[sentence.first : sentence.last]
        if not _can_be_set(text, tokens) or not self.whole(number, number + 1):
            return 0.0
        return self._weigh_words(text, sentence, list(stage.phrases[number]))

    def weigh_clause(self, number: int, clause: Clause) -> float:
        """The same of a clause of a sentence that is too long to be set."""
        stage = self.cut.stage
        tokens = stage.passage.tokens[clause.first : clause.last]
        text = stage.passage.text[clause.start : clause.end]
        said = any(token.spoken for token in tokens)
        if len(tokens) < FEWEST or said or not _can_be_set(f"{text[:1].upper()}{text[1:]}.", tokens):
            return 0.0
        sentence = stage.passage.sentences[number]._replace(first=clause.first, last=clause.last, spoken=0.0)
        inside = INSIDE if text[:1].islower() else 1.0
        return inside * self._weigh_words(text, sentence, within(stage.phrases[number], sentence))

    def _weigh_words(self, text: str, sentence: Sentence, phrases: list[Phrase]) -> float:
        stage = self.cut.stage
        tokens = stage.passage.tokens[sentence.first : sentence.last]
        named = [at in stage.people.names for at in range(sentence.first, sentence.last)]
        words = Words(text, sentence, tokens, phrases, named)
        long = SHORTEST + (1.0 - SHORTEST) * min((len(tokens) - FEWEST) / (FULL - FEWEST), 1.0)
        return (BASE + _strike(words)) * _stand_alone(words) * _filler(words) * _moved(words) * long


def _can_be_set(text: str, tokens: list[Token]) -> bool:
    """Whether a text is a whole sentence of words: with a verb, begun and ended, without figures and brackets."""
    if any(mark in text for mark in "[(_*:\n") or any(letter.isdigit() for letter in text):
        return False
    ends = text.rstrip(MARKS)
    if not ends.endswith((".", "!", "?")) or text.count(" ") >= MOST_OF_EVENT or BROKEN.search(text):
        return False
    if len(text) > MOST_LETTERS or len(tokens) < FEWEST or tokens[0].gap.strip() in ("—", "--"):
        return False
    if ends.endswith(".") and tokens[-1].word in vocabulary.ABBREVIATIONS:
        return False
    if not _is_closed(text):
        return False
    if text.count("‘") != len(CLOSED.findall(text)) or (tokens[0].lower in SUBORDINATE and "," not in text):
        return False
    return text.lstrip("“‘\"'")[:1].isupper() and _has_verb(tokens)


def _is_closed(text: str) -> bool:
    """Whether each speech in it begins in it, and ends: not so 'I am old,” said he, “and'."""
    marks = [mark for mark in text if mark in "“”"]
    return marks == ["“", "”"] * (len(marks) // 2)


def _has_verb(tokens: list[Token]) -> bool:
    """Whether a verb is its own, and not only of a clause within it: "babies who have never seen a cow"."""
    if tokens[0].spoken and tokens[0].facts & lex.VERB and not tokens[0].facts & lex.INFLECTED:
        return True
    depends = False
    for token in tokens:
        if token.lower in RELATIVE or token.lower in SUBORDINATE or token.lower in ("that", "if"):
            depends = True
        elif _is_finite(token):
            if not depends:
                return True
            depends = False
    return False


def _is_finite(token: Token) -> bool:
    return "'" in token.lower or is_finite(token)


def _strike(words: Words) -> float:
    """What there is in it to be seen and felt."""
    felt, voiced = _felt(words), _voiced(words)
    plain = words.sentence.spoken > 0.5 and felt < STIRRED and "!" not in words.text
    return (_seen(words) + felt + voiced) * (PLAINLY_SAID if plain else 1.0)


def _seen(words: Words) -> float:
    seen: dict[str, float] = {}
    looks = 0
    for phrase in words.phrases:
        base = words.tokens[phrase.head - words.sentence.first].base
        plain = base in vocabulary.BLAND_PEOPLE or base in vocabulary.BLAND_THINGS
        worth = next((value for mask, value in KINDS if phrase.kind & mask), 0.0)
        seen[base] = worth * (0.4 if plain else 1.0)
        looks += phrase.looks
    lower = words.text.lower()
    likened = _liken(lower)
    return min(sum(seen.values()), MOST_SEEN) + min(LOOK * looks, MOST_LOOKS) + likened


def _liken(lower: str) -> float:
    lower = table.NO_LIKENESS.sub(" ", lower)
    if not any(f" {like} " in lower for like in LIKENINGS):
        return 0.0
    return LIKENED * (SUPPOSED if SUPPOSING.search(lower) else 1.0)


def _is_likened(words: Words) -> bool:
    return _liken(words.text.lower()) >= LIKENED


def _struck(words: Words, at: int) -> float:
    """What one word tells that moves: less where it is only a thing of a room that is moved, or shines."""
    token, start = words.tokens[at], words.sentence.first
    if token.base not in DRAMA or not token.facts & lex.INFLECTED or words.named[at]:
        return 0.0
    if token.base == "rise":
        return 1.0 if any(_is_outside(words, each) for each in words.phrases) else LIT
    if token.base in table.SHINING:
        return 1.0 if any(not each.kind & HOUSEHOLD for each in words.phrases) else LIT
    if token.base in table.HANDLING:
        moved = next((each for each in words.phrases if at < each.first - start <= at + 2), None)
        kind = moved.kind if moved else 0
        return HANDLED if kind & HELD else TAKEN_UP if kind & lex.BODY else 1.0
    return 1.0


def _praised(words: Words) -> set[str]:
    """Words that stir, but say no more here than that a thing is good: "a splendid table"."""
    start = words.sentence.first
    spans = [words.tokens[each.core - start : each.head - start] for each in words.phrases if each.kind & HOUSEHOLD]
    return {token.lower for span in spans for token in span} & table.PRAISING


def _felt(words: Words) -> float:
    tokens = words.tokens
    stirring = {token.lower for token, named in zip(tokens, words.named, strict=True) if not named} & table.STIRRING
    stirring.difference_update(" ".join(table.HOLLOW.findall(words.text.lower())).split())
    stirred = len(stirring - _praised(words))
    struck = sum(_struck(words, at) for at in range(len(tokens)))
    sudden = any(token.lower in table.SUDDEN for token in tokens)
    turned = sum(token.lower in table.TURNING for token in tokens[1:])
    absolute = sum(token.lower in table.ABSOLUTE for token in tokens)
    ruled = any(
        token.lower in table.GENERAL and bool({after.lower for after in tokens[at + 1 : at + 5]} & table.RULING)
        for at, token in enumerate(tokens)
    )
    worth = STIRRED * min(stirred, MOST_STIRRED) + STRUCK * min(struck, MOST_STRUCK) + SUDDEN * sudden
    return worth + TURNED * min(turned, 2) + RULED * (ruled + 0.5 * min(absolute, 2))


def _voiced(words: Words) -> float:
    """What speech gives; a speech that says who one is more, a question less."""
    said = [token.lower for token in words.tokens if token.spoken]
    worth = NAMED * any(words.named) + CRIED * ("!" in words.text) - ASKED * ("?" in words.text)
    pairs = set(pairwise(said))
    declared = bool(pairs & {("i", "am"), ("you", "are"), ("thou", "art")}) or "i'm" in said or "you're" in said
    return worth + SAID * words.sentence.spoken + DECLARED * declared


def _stand_alone(words: Words) -> float:
    """Less for each word that means what another sentence tells."""
    tokens = words.tokens
    worth, met = _begin(tokens), _Met(said=words.sentence.spoken > 0)
    for at, token in enumerate(tokens):
        rule = _RULES.get(token.lower)
        if rule is not None:
            worth *= rule(_Place(token, tokens[at - 1 : at] or None, tokens[at + 1 : at + 3]), met)
        else:
            worth *= table.LEANING.get(token.lower, 1.0)
        met.take(token, words.named[at])
    definite = (phrase for phrase in words.phrases if phrase.determiner == "the" and phrase.kind & lex.PERSON)
    bare = sum(_is_bare(words, phrase) for phrase in definite)
    return worth * KNOWN_BEFORE ** min(bare, 2)


def _is_bare(words: Words, phrase: Phrase) -> bool:
    """Whether nothing says who "the gentleman" is."""
    at = phrase.last - words.sentence.first
    return not (at < len(words.tokens) and words.tokens[at].lower in ("of", "who", "that", "with", "in", "whose"))


def _begin(tokens: list[Token]) -> float:
    first, second = tokens[0].lower, tokens[1].lower
    if first in table.LINKING and len(tokens) >= FEWEST - 1:
        return min(table.FIRST_LEANING.get(first, 1.0), _begin(tokens[1:]))
    if first in SUBORDINATE and second in table.HE | table.SHE | table.THEY | table.IT:
        return ENTERED
    if first == "there" and second in BEING:
        return 1.0
    if first == "it":
        return 0.9 if second in BEING and tokens[2].lower in ("a", "an", "the", "not", "only", "like", "was") else 0.6
    return table.FIRST_LEANING.get(first, 1.0)


class _Place(NamedTuple):
    """A word between its neighbours."""

    token: Token
    before: list[Token] | None
    after: list[Token]

    def is_before(self, facts: int) -> bool:
        return bool(self.after and self.after[0].facts & facts and self.token.gap == " ")


@dataclass(slots=True)
class _Met:
    """Of whom and what a sentence has told so far; a thing of the same clause is no "it"."""

    said: bool
    somebody: bool = False
    something: bool = False
    fresh: bool = False
    asked: set[str] = field(default_factory=set)

    def take(self, token: Token, named: bool) -> None:
        """Note a word that was passed."""
        told = not token.facts & lex.FUNCTION
        self.somebody = self.somebody or named or bool(told and token.facts & lex.PERSON)
        self.fresh = self.fresh or bool(told and token.facts & lex.NOUN & ~lex.PERSON)
        if token.gap != " " or token.lower in _JOINTS:
            self.something = self.something or self.fresh

    def find(self, who: str, *, known: bool, is_object: bool) -> float:
        """What a pronoun leaves of a sentence; who was left open as a subject is left open once."""
        if known or (who in self.asked and not is_object):
            return 1.0
        self.asked.add(who)
        return OTHER_OBJECT if is_object else OTHER_SENTENCE


def _he(place: _Place, met: _Met) -> float:
    if met.said and not place.token.spoken:
        return 1.0  # whoever says it
    lower = place.token.lower
    is_object = lower == "him" or (lower == "her" and not place.is_before(lex.NOUN | lex.QUALITY))
    return met.find("he" if lower in table.HE else "she", known=met.somebody, is_object=is_object)


def _they(place: _Place, met: _Met) -> float:
    return met.find("they", known=met.somebody or met.something, is_object=place.token.lower == "them")


def _it(place: _Place, met: _Met) -> float:
    return 1.0 if met.something or place.before is None else OTHER_THING


def _that(place: _Place, _: _Met) -> float:
    if place.before is None:
        return 1.0
    before = place.before[0]
    points = before.facts & lex.VERB and place.is_before(lex.NOUN) and not place.is_before(lex.VERB)
    return POINTED if points or before.lower in vocabulary.PREPOSITIONS else 1.0


def _this(place: _Place, _: _Met) -> float:
    if place.after and place.after[0].lower in ("who", "whom", "that", "of"):
        return 1.0
    return POINTED_AT if place.token.spoken else POINTED  # a speaker may mean what stands around


def _there(place: _Place, _: _Met) -> float:
    return 1.0 if place.before is None or (place.after and place.after[0].lower in BEING) else POINTED


def _so(place: _Place, _: _Met) -> float:
    return 1.0 if place.is_before(lex.QUALITY | lex.ADVERB) else table.LEANING.get(place.token.lower, 0.8)


def _more(place: _Place, _: _Met) -> float:
    """Of "even more beautiful" another sentence says than what; "once more" and "no more" need nothing."""
    even = place.before is not None and place.before[0].lower in ("even", "still", "yet", "far", "much")
    return LESS_THAN if even and place.is_before(lex.QUALITY | lex.ADVERB) else 1.0


_JOINTS = vocabulary.words("and but as that when while which who if where")
_RULES: dict[str, Callable[[_Place, _Met], float]] = {
    **dict.fromkeys(table.HE | table.SHE, _he),
    **dict.fromkeys(table.THEY, _they),
    **dict.fromkeys(table.IT, _it),
    **dict.fromkeys(("this", "these", "those"), _this),
    **dict.fromkeys(("so", "too"), _so),
    "that": _that,
    "more": _more,
    "there": _there,
}


def _filler(words: Words) -> float:
    """Less for what only leads on: business, courtesy, lists of names, a speech that is hardly one."""
    tokens = words.tokens
    said = {token.lower for token in tokens}
    worth = BUSY ** min(len(said & table.BUSINESS), 3) * COURTEOUS ** min(len(said & table.COURTEOUS), 3)
    capitals = sum(token.word[:1].isupper() and token.lower != "i" for token in tokens[1:])
    worth *= MANY_NAMES ** max(capitals - MOST_NAMES, 0)
    if said & table.HABIT:
        worth *= COURTEOUS
    if any(token.lower in vocabulary.PRESENT and not token.spoken for token in tokens):
        worth *= ALWAYS_SO
    lower = words.text.lower()
    worth *= BUSY ** sum(phrase in lower for phrase in table.LEADING)
    spoken = sum(token.spoken for token in tokens)
    if 0 < spoken < len(tokens):
        loud = any(token.lower in table.VOICED and not token.spoken for token in tokens)
        worth *= (1.0 if loud else TAGGED) * min(spoken / FEWEST_SAID, 1.0)
        worth *= 1.0 if loud or tokens[-1].spoken or 2 * spoken >= len(tokens) else LONG_TAG
    return worth * (0.8 if "?" in words.text else 1.0)


def _moved(words: Words) -> float:
    """Less for what is neither felt, likened nor said: furniture, a gesture, a list of things."""
    if words.sentence.spoken > 0.5 or "!" in words.text or _felt(words) >= STIRRED or _is_likened(words):
        return 1.0
    outside = [_is_outside(words, each) for each in words.phrases]
    household = [each for each, out in zip(words.phrases, outside, strict=True) if each.kind & HOUSEHOLD and not out]
    listed = len(household) >= FEWEST_LISTED and 3 * len(household) >= 2 * len(words.phrases)
    bright = any(token.facts & (lex.COLOUR | lex.LIGHT) for token in words.tokens)
    green = bright and any(each.kind & lex.PLANT and not each.kind & HELD for each in words.phrases)
    return (1.0 if any(outside) or (green and not listed) else UNMOVED) * (LISTED if listed else 1.0)


def _is_outside(words: Words, phrase: Phrase) -> bool:
    """Whether it is of the sky, the land or the beasts, no thing of a room."""
    base = words.tokens[phrase.head - words.sentence.first].base
    natural = phrase.kind & (lex.NATURE | lex.ANIMAL) and not phrase.kind & lex.STUFF
    return base in table.LANDSCAPE or bool(natural and base not in table.INDOORS)
