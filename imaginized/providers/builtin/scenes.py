"""Picking the passages of a chapter that can be drawn: windows of one to five sentences, one for each equal share."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from imaginized.providers.builtin import events, vocabulary
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.choosing import Settling, Shares, spread
from imaginized.providers.builtin.cutting import Cut
from imaginized.providers.builtin.events import Heights, Moment
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.pieces import INSIDE, Measure, Pieces, Window
from imaginized.providers.builtin.safety import UNDRAWN, UNDRAWN_FOR_EVENTS, most_undrawn
from imaginized.providers.builtin.sentences import Passage, Sentence, Token
from imaginized.providers.builtin.staging import Stage
from imaginized.story.text import PARAGRAPH_BREAK

MOST_SENTENCES = 5
FEWEST_WORDS, SHORT_WORDS, GOOD_WORDS, MOST_WORDS = 20, 32, 45, 115
WORDS_PER_SCENE = 60
LEAST_WORTH = 0.1
WORTH = (
    (lex.NATURE, 1.7), (lex.PLACE, 1.6), (lex.ANIMAL, 1.5), (lex.PLANT, 1.3), (lex.ITEM, 1.2), (lex.WEAR, 1.2),
    (lex.PERSON, 0.9), (lex.FOOD, 0.3), (lex.STUFF, 0.7), (lex.BODY, 0.6),
)  # fmt: skip
LEANING = vocabulary.words(
    "he she it they this that these those but so and his her its their for him them then such yes no"
)
ACTORS = vocabulary.words("he she they i we who")
# A summary of what often was, or of years, is no moment.
OFTEN = vocabulary.words("always often usually sometimes generally every everyone seldom years weeks months constantly")
DATED = re.compile(
    r"(?:[A-Z][\w’'. -]{1,30}, )?(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+|[A-Z][a-z]+\.? \d{1,2}|Later|Same day)\b"
    r"[^—]{0,50}[.,)\]]—"
)
CLOSING_MARKS = "”’\"'»」』)]*"


@dataclass(slots=True, kw_only=True)
class Sight:
    """What a sentence gives to see, and what speaks against it.

    Attributes:
        things: Base of each concrete noun, with its worth.
        marks: Words of colour, light and looks, with their worth.
        names: Names in it, by their text.
        acts: Bases of the verbs of doing.
        against: Abstraction, thought, questions, talk of "you" and "if".
    """

    things: dict[str, float] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)
    acting: float = 0.0
    against: float = 0.0
    moment: Moment | None = None
    words: int = 0
    length: int = 0
    spoken: float = 0.0

    @property
    def telling(self) -> float:
        """How much happens in it."""
        happens = self.moment.worth if self.moment is not None else 0.0
        return happens + events.ACTS * len(self.acts) - events.AGAINST * self.against


def pick_windows(
    passage: Passage,
    phrases: list[list[Phrase]],
    names: dict[int, Name],
    *,
    stage: Stage,
    cut: Cut,
    most: int,
    before: int | None = None,
) -> list[Window]:
    """Return at most `most` windows in reading order, without overlap, the best of each equal share of the chapter.

    They are windows of the sentences of the cut chapter. `before` are those that the chapters before it may have; where
    nobody knows, each as many as this one.
    """
    heights = None
    if passage.english:
        named = [at in names for at in range(len(passage.tokens))]
        moments = events.find_moments(passage, stage.unreal, named, phrases)
        sights = _sights(passage, phrases, names, stage, moments)
        heights = Heights(passage, moments)
    else:
        sights = [_plain_sight(passage, sentence) for sentence in passage.sentences]
    windows = list(_windows(passage, sights, heights, least=LEAST_WORTH))
    talk = not windows and passage.english
    if talk:  # its best sentence makes a portrait
        windows = list(_windows(passage, sights, None, least=-math.inf))
    size = _size(passage)
    wanted = min(most, max(1, size // WORDS_PER_SCENE))
    if not windows or most < 1:
        return []
    windows = [each._replace(first=cut.parts[each.first], last=cut.parts[each.last]) for each in windows]
    shares = Shares(length=len(passage.text), count=wanted)
    pieces = _pieces(cut, sights, names)
    chosen = spread(windows, shares, pieces)
    if pieces is not None and not talk:
        before = len(chosen) * (passage.chapter.number - 1) if before is None else before
        scenes = min(most, len(chosen))
        room, for_events = (most_undrawn(before, scenes, share=share) for share in (UNDRAWN, UNDRAWN_FOR_EVENTS))
        Settling(windows, shares, pieces, room, for_events).settle(chosen)
    return sorted((window for window, _ in chosen), key=lambda window: window.start)


def _pieces(cut: Cut, sights: Sequence[Sight], names: dict[int, Name]) -> Pieces | None:
    stage = cut.stage
    if not stage.passage.english:
        return None
    parts = _sights_of_parts(cut, sights, names)
    ends = [_is_complete(stage.passage, number) for number in range(len(parts))]
    measures = [
        Measure(telling=sight.telling, words=sight.words, spoken=sight.spoken * sight.length, length=sight.length)
        for sight in parts
    ]
    return Pieces(cut, measures, ends, whole=lambda first, last: _piece_wholeness(cut, parts, first, last))


def _sights_of_parts(cut: Cut, sights: Sequence[Sight], names: dict[int, Name]) -> list[Sight]:
    """What each part gives to see: of a sentence in one part what the sentence does."""
    stage, found = cut.stage, list[Sight]()
    for number, sight in enumerate(sights):
        first, last = cut.parts[number], cut.parts[number + 1]
        if last - first == 1:
            found.append(sight)
            continue
        for part in range(first, last):
            sentence, phrases = stage.passage.sentences[part], list(stage.phrases[part])
            found.append(_sight(stage.passage, sentence, phrases, names, stage.unreal))
            found[-1].moment = events.find_moment(stage.passage, part, stage.unreal, names, phrases)
    return found


def _piece_wholeness(cut: Cut, sights: Sequence[Sight], first: int, last: int) -> float:
    """The same of a few sentences; nothing of what begins or ends within a speech."""
    passage = cut.stage.passage
    text = passage.text[passage.sentences[first].start : passage.sentences[last - 1].end]
    halved = text.count("“") != text.count("”") or text.count('"') % 2
    if "—" in text and DATED.match(text):
        return 0.1
    inside = INSIDE if cut.is_inside(first) else 1.0
    return 0.0 if halved else inside * _wholeness(passage, sights, first, last) ** 2


def _size(passage: Passage) -> int:
    """Words; where words are not parted by blanks, half the characters."""
    return max(len(passage.tokens), len(passage.text) // 12)


def _windows(passage: Passage, sights: list[Sight], heights: Heights | None, *, least: float) -> Iterator[Window]:
    sentences = passage.sentences
    for first, sentence in enumerate(sentences):
        total = _Sum()
        for last in range(first + 1, min(first + MOST_SENTENCES, len(sentences)) + 1):
            if sentences[last - 1].paragraph - sentence.paragraph > 1:
                break
            total.add(sights[last - 1])
            if (total.words > MOST_WORDS or total.length > MOST_WORDS * 7) and last > first + 1:
                break
            base = _is_worth(total, english=passage.english)
            if (base > least or not passage.english) and _is_complete(passage, last - 1):
                worth = base if heights is None else _moment_worth(passage, total, heights, first, last)
                worth *= _wholeness(passage, sights, first, last) if worth > 0 else 1.0
                yield Window(first=first, last=last, start=sentence.start, end=sentences[last - 1].end, worth=worth)


def _is_complete(passage: Passage, closing: int) -> bool:
    """Tell whether a scene may end with this sentence: not with "one of them said to her:", nor within a speech."""
    sentence = passage.sentences[closing]
    text = passage.text[sentence.start : sentence.end].rstrip("—–- ")
    if text.endswith((":", ",", ";")):
        return False
    spoken = [passage.tokens[i].spoken for i in (sentence.first, sentence.last - 1) if sentence.first < sentence.last]
    return spoken != [False, True] or text.endswith(tuple(CLOSING_MARKS)) or sentence.told


@dataclass(slots=True)
class _Sum:
    """What the sentences of a window give together; it grows with the window, so that each is looked at once."""

    scenery: dict[str, float] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)
    title: set[str] = field(default_factory=set)
    seen: float = 0.0
    acting: float = 0.0
    against: float = 0.0
    spoken: float = 0.0
    worth: float = 0.0
    words: int = 0
    length: int = 0

    def add(self, sight: Sight) -> None:
        """Take in the next sentence."""
        for each in (sight.things, sight.marks):
            for word, value in each.items():
                self.seen += value - self.scenery.get(word, 0.0)
                self.scenery[word] = value
        self.names |= sight.names
        self.acts |= sight.acts
        self.acting += sight.acting
        self.against += sight.against
        self.spoken += sight.spoken * sight.length
        self.words += sight.words
        self.length += sight.length
        if sight.moment is not None:
            self.worth += sight.moment.worth
            self.title |= sight.moment.title


def _is_worth(total: _Sum, *, english: bool) -> float:
    """Whether a window can be a scene at all, by what is to be seen in it."""
    seen = total.seen + 1.4 * min(len(total.names), 3) + 0.5 * min(len(total.acts), 7) + min(total.acting, 3.0)
    base: float = (seen - total.against) / _size_of(total)
    base -= (0.4 if total.words < FEWEST_WORDS else 0.1 if total.words < SHORT_WORDS else 0.0) * english
    return base * (1.0 - 0.8 * total.spoken / max(total.length, 1))


def _size_of(total: _Sum) -> float:
    size: float = (max(total.words, GOOD_WORDS) + 18.0) ** 0.62
    return size


def _moment_worth(passage: Passage, total: _Sum, heights: Heights, first: int, last: int) -> float:
    """How much of a moment a window is: what happens in it, how high the chapter runs around it, how late it is."""
    told = events.SCENERY * total.seen + events.ACTS * min(len(total.acts), 7) - events.AGAINST * total.against
    told += total.worth + events.TITLE * min(len(total.title), 2)
    worth = told / _size_of(total) + heights.around(first, last) + events.LONG * min(total.words, MOST_WORDS)
    worth += events.LATE * (passage.sentences[first].start / max(len(passage.text), 1))
    return worth - events.SPOKEN * total.spoken / max(total.length, 1)


def _wholeness(passage: Passage, sights: Sequence[Sight], first: int, last: int) -> float:
    """Favour what begins and ends where a paragraph does, and does not lean on the sentence before."""
    opening, closing = passage.sentences[first], passage.sentences[last - 1]
    text = passage.text[opening.start : closing.end]
    worth = 1.0
    if first == 0 or passage.sentences[first - 1].paragraph != opening.paragraph:
        worth += 0.08
    if last == len(passage.sentences) or passage.sentences[last].paragraph != closing.paragraph:
        worth += 0.05
    if opening.paragraph != closing.paragraph:
        worth -= 0.25
    dated = "—" in text and any(DATED.match(part) for part in text.split(PARAGRAPH_BREAK))
    if dated:  # "29 October.—This is written in the train"
        worth -= 0.2
    if opening.first < opening.last and passage.tokens[opening.first].lower in LEANING:
        worth -= 0.06 if sights[first].names else 0.15
    if text.count("“") != text.count("”") or text.count("「") != text.count("」") or text.count('"') % 2:
        worth -= 0.25
    return worth


def _plain_sight(passage: Passage, sentence: Sentence) -> Sight:
    """What can be said without knowing the language: how long it is, and whether somebody speaks."""
    length = sentence.end - sentence.start
    words = sentence.last - sentence.first
    question = passage.text[sentence.start : sentence.end].rstrip("”\"'」』»").endswith(("?", "？", "؟"))
    return Sight(
        things={str(sentence.start): length / 40},
        words=words,
        length=length,
        spoken=sentence.spoken,
        against=1.5 * question,
    )


def _sights(
    passage: Passage, phrases: list[list[Phrase]], names: dict[int, Name], stage: Stage, moments: Sequence[Moment]
) -> list[Sight]:
    sights = [
        _sight(passage, sentence, phrases[number], names, stage.unreal)
        for number, sentence in enumerate(passage.sentences)
    ]
    for sight, moment in zip(sights, moments, strict=True):
        sight.moment = moment
    return sights


def _sight(
    passage: Passage, sentence: Sentence, phrases: list[Phrase], names: dict[int, Name], unreal: Sequence[int]
) -> Sight:
    sight = Sight(words=sentence.last - sentence.first, length=sentence.end - sentence.start)
    sight.spoken = sentence.spoken * (0.6 if sentence.told else 1.0)
    for phrase in phrases:
        if unreal[phrase.head] and not passage.tokens[phrase.head].spoken:
            continue
        worth = next(value for mask, value in WORTH if phrase.kind & mask)
        base = passage.tokens[phrase.head].base
        plain = base in vocabulary.BLAND_THINGS or base in vocabulary.BLAND_PEOPLE
        sight.things[base] = max(
            sight.things.get(base, 0.0), worth * (0.6 if plain else 1.0) + 0.5 * min(phrase.looks, 2)
        )
    _weigh_words(passage, sentence, names, sight, unreal)
    if passage.text[sentence.start : sentence.end].rstrip("”’\"'").endswith("?"):
        sight.against += 2.0
    return sight


def _weigh_words(
    passage: Passage, sentence: Sentence, names: dict[int, Name], sight: Sight, unreal: Sequence[int]
) -> None:
    tokens = passage.tokens
    for i in range(sentence.first, sentence.last):
        token = tokens[i]
        if i in names:
            sight.names.add(names[i].text)
            following = tokens[i + 1] if i + 1 < sentence.last else token
            if following.facts & lex.ACT and following.facts & lex.INFLECTED and token.gap == " ":
                sight.acting += 1.0
        elif unreal[i] and not token.spoken:
            pass  # compared, denied or remembered: nothing to see
        elif token.facts & (lex.COLOUR | lex.LIGHT):
            sight.marks[token.base] = 1.2
        elif token.facts & lex.LOOKS:
            sight.marks[token.base] = 0.3
        elif token.facts & lex.ACT and token.facts & lex.INFLECTED:
            sight.acts.add(token.base)
            turned = i + 1 < sentence.last and tokens[i + 1].facts & (lex.QUALITY | lex.ADVERB)  # "fell ill"
            sight.acting += 0.7 * (token.base in events.DRAMA and not turned)
            sight.acting += 0.2 * (i > sentence.first and tokens[i - 1].lower in ACTORS)
        sight.against += _against(token)


# In this order: of a word in two lists the first counts; the last two only outside of speech.
_SAID = {**dict.fromkeys(("you", "your"), 0.7), **dict.fromkeys(vocabulary.ABSTRACT_HINTS, 0.8)}
_TOLD = {**dict.fromkeys(vocabulary.PRESENT, 0.35), **dict.fromkeys(OFTEN, 0.6), **_SAID}


def _against(token: Token) -> float:
    worth = (_SAID if token.spoken else _TOLD).get(token.lower)
    if worth is not None:
        return worth
    if token.facts & lex.FUNCTION:
        return 0.0
    abstract = token.facts & lex.ABSTRACT and not token.facts & (lex.RARE_NOUN | lex.CONCRETE)
    return (0.35 if abstract else 0.0) + (0.3 if token.facts & lex.MIND and token.facts & lex.INFLECTED else 0.0)
