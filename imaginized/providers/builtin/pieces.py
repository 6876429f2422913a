"""The few sentences of a moment whose picture shows most of what they tell. English only."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from imaginized.providers.builtin.coverage import Count, most_coverage, read_count, weigh_coverage
from imaginized.providers.builtin.cutting import Cut
from imaginized.providers.builtin.known import is_of_beast
from imaginized.providers.builtin.risk import weigh_risk
from imaginized.providers.builtin.safety import EASY_WORDS, POOR, PROMISING, is_unplaced, most_safety, weigh_safety
from imaginized.providers.builtin.sentences import Sentence
from imaginized.providers.builtin.staging import Stage, stage_faithfully
from imaginized.providers.builtin.trimming import Clause, find_clauses, part_off, weigh_told
from imaginized.providers.builtin.wording import Wording
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Being, View

MOST_SENTENCES, FEWEST_WORDS = 3, 4
# How far below the moment that tells most another may be, nearest first; the next ones only while none is PROMISING.
REACHES = (0.75, 0.4, 0.15)
MOST_NEAR, MOST_ORDERED, MOST_STAGED = 60, 40, 11  # in a reach: windows, pieces that are put in order, and staged
MOST_TRIED, MOST_SEARCHED = 40, 120  # the same of a search for something surer: staged, and put in order
LIKELY = 0.45  # of what a piece may at best be worth it is seldom worth more
LEAST_STRIKING = 1.3
SAME = 0.75  # of the long words of a sentence, where another is nearly the same
LONG_WORD = re.compile(r"[^\W\d_]{4,}")
WORDY = 1.5  # an exponent
INSIDE = 0.8  # what is left of a passage that begins within a sentence
LEAST_SAID = 0.6  # of a sentence of a great event, as words: less is a hat put on
LIFTED = 4.0  # exponent of how high a chapter runs at a sentence that is set in type
LITTLE, HALF_TOLD = 1.0, 6.0  # what happens in any sentence, and in one that is worth half
TELLING, PIECED, DOING_WELL = 0.8, 0.35, 3.5  # exponents: a moment's worth, a piece's part of it, its picture


class Window(NamedTuple):
    """Sentences first..last (last excluded) of a chapter, with their worth as a scene.

    Attributes:
        safety: From 0 to 1, how surely its picture shows what it tells, and nothing else.
        risk: From 0 to 1, how likely it contradicts that.
        view: The kind of picture that its staging asks for; None where it was not staged.
        within: The chapter with the passage cut out of its sentence, whose sentences are meant; None where it is whole.
    """

    first: int
    last: int
    start: int
    end: int
    worth: float
    safety: float = 1.0
    risk: float = 0.0
    view: View | None = None
    within: Stage | None = None


class Candidate(NamedTuple):
    """What may become a passage: its place and worth, what it tells, the clause that it is, and of which sentences."""

    piece: Window
    told: Count
    clause: Clause | None
    home: tuple[int, int]


class Done(NamedTuple):
    """What staging a candidate gave: the rest of its window."""

    first: int
    last: int
    safety: float
    risk: float
    view: View
    within: Stage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Of a sentence: how much happens in it, its words, its characters of speech and in all."""

    telling: float
    words: int
    spoken: float
    length: int


class Pieces:
    """Finds pieces of windows; each is staged once, and only those that may win."""

    def __init__(
        self,
        cut: Cut,
        measures: Sequence[Measure],
        ends: Sequence[bool],
        *,
        whole: Callable[[int, int], float],
    ) -> None:
        """Get ready for a chapter.

        Args:
            cut: The chapter, its long sentences in parts.
            measures: Of each part.
            ends: Which of them a passage may end with.
            whole: How well some sentences stand by themselves: a factor, 0 for what cannot.
        """
        self._cut_up, self._stage = cut, cut.stage
        self._of_beast = is_of_beast(cut.stage.passage, cut.stage.people.names)
        self._ends = ends
        self._whole = whole
        self._wording = Wording(cut, list(ends), whole)
        self._telling = [0.0, *accumulate(max(each.telling, 0.0) for each in measures)]
        self._words = [0, *accumulate(each.words for each in measures)]
        self._spoken = [0.0, *accumulate(each.spoken for each in measures)]
        self._length = [0, *accumulate(each.length for each in measures)]
        self._counts: dict[tuple[int, int], Count] = {}
        self._doing: dict[tuple[int, int], Done] = {}
        self._known_clauses: dict[int, list[Clause]] = {}

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Of the chapter, the long ones in parts."""
        return self._stage.passage.sentences

    def rank(self, share: Sequence[Window]) -> list[Window]:
        """The pieces of a share's windows, which come best first, the best piece first."""
        found: list[Window] = []
        best = share[0].worth if share else 0.0
        beyond = 0
        for reach in REACHES:
            near = [each for each in share[beyond:] if each.worth >= reach * best > 0][:MOST_NEAR]
            beyond += len(near)
            found += self._stage_best(self._cut(near))
            if any(piece.safety >= PROMISING and not is_unplaced(piece.view) for piece in found):
                break
        return sorted(found, key=lambda piece: (-piece.worth, piece.start))

    def _cut(self, near: Sequence[Window], *, most: int = MOST_ORDERED) -> list[Window]:
        """The best pieces of some windows, each with its part of the worth of the best window around it."""
        worths: dict[tuple[int, int], float] = {}
        for window in near:
            told = 1.0 + self._telling[window.last] - self._telling[window.first]
            for first in range(window.first, window.last):
                if self._cut_up.opens[first] < 0:
                    continue
                for last in range(first + 1, min(first + MOST_SENTENCES, window.last) + 1):
                    if self._ends[last - 1]:
                        part = (1.0 + self._telling[last] - self._telling[first]) / told
                        worth = window.worth * part**PIECED
                        worths[first, last] = max(worth, worths.get((first, last), 0.0))
        sentences = self._stage.passage.sentences
        opens = self._cut_up.opens
        order = sorted(
            (-worth * self._ease(first, last), opens[first], number, first, last)
            for number, ((first, last), worth) in enumerate(worths.items())
        )
        return [
            Window(
                first=first,
                last=last,
                start=start,
                end=sentences[last - 1].end,
                worth=-against * self._whole(first, last),
            )
            for against, start, _, first, last in order[:most]
        ]

    def _ease(self, first: int, last: int) -> float:
        """Less for what is too short to be a passage, for more words than a picture can show, and for talk."""
        words = self._words[last] - self._words[first]
        talk = (self._spoken[last] - self._spoken[first]) / max(self._length[last] - self._length[first], 1)
        return float(_brief(words) * (1.0 - 0.6 * talk))

    def _stage_best(self, pieces: Sequence[Window]) -> list[Window]:
        """Stage those that may be best, until what is left cannot be."""
        found: list[Window] = []
        best, home = 0.0, (0, 0)
        for number, (hope, candidate) in enumerate(self._by_hope(pieces)):
            if hope * LIKELY <= best:
                break
            if number >= MOST_STAGED and candidate.home != home:
                continue  # only what else may be made of the best one
            weighed = self._do(candidate)
            found.append(weighed)
            if weighed.worth > best:
                best, home = weighed.worth, candidate.home
        return found

    def _by_hope(self, pieces: Sequence[Window]) -> list[tuple[float, Candidate]]:
        """The candidates with what each may at best be worth, the most first."""
        hopes = [
            (_worth(each.piece, most_safety(most_coverage(each.told), each.told)), each)
            for each in self._candidates(pieces)
        ]
        return sorted(hopes, key=lambda hope: (-hope[0], hope[1].piece.start, hope[1].piece.end))

    def _candidates(self, pieces: Sequence[Window]) -> Iterator[Candidate]:
        """The pieces, and of those of one sentence the clauses, each with its part of the worth of the whole."""
        for piece in pieces:
            whole = self._count(piece)
            if self._is_told_to_its_end(piece.last - 1):
                yield Candidate(piece, whole, None, (piece.first, piece.last))
            for clause in self._clauses(piece.first) if piece.last - piece.first == 1 else ():
                part = (1.0 + weigh_told(clause.told)) / (1.0 + weigh_told(whole))
                worth = piece.worth * part**PIECED * (INSIDE if clause.start > piece.start else 1.0)
                worth *= _brief(clause.told.words) / _brief(whole.words)
                part_of = piece._replace(start=clause.start, end=clause.end, worth=worth)
                yield Candidate(part_of, clause.told, clause, (piece.first, piece.last))

    def _clauses(self, number: int) -> list[Clause]:
        found = self._known_clauses.get(number)
        if found is None:
            ended = not self._cut_up.is_inside(number + 1)
            found = find_clauses(self._stage, number, start=self._cut_up.opens[number], is_ended=ended)
            self._known_clauses[number] = found
        return found

    def _is_told_to_its_end(self, number: int) -> bool:
        """Whether a passage may end with a part: it ends its sentence, or is a clause."""
        end = self._stage.passage.sentences[number].end
        if not self._cut_up.is_inside(number + 1) and not self._stage.passage.text.endswith(("—", "--"), 0, end):
            return True
        return any(clause.end == end for clause in self._clauses(number))

    def _do(self, candidate: Candidate) -> Window:
        """Stage a candidate, and say how well its picture does."""
        piece, count, clause, _ = candidate
        key = (piece.start, piece.end)
        if key not in self._doing:
            stage, first, last = self._stage, piece.first, piece.last
            if clause is not None:
                stage, first = part_off(stage, first, clause)
                last = first + 1
            staging, faith = stage_faithfully(stage, first, last)
            shown = float(faith**0.5) * weigh_coverage(count, staging)
            beasts = stage.people.beast is not None
            safety = weigh_safety(shown, count, staging, sentences=last - first, beasts=beasts, of_beast=self._of_beast)
            risk = weigh_risk(count, staging, is_clause=clause is not None)
            within = stage if clause is not None else None
            self._doing[key] = Done(first, last, safety, risk, staging.view, within)
        done = self._doing[key]
        return piece._replace(**done._asdict(), worth=_worth(piece, done.safety))

    def find_drawn(self, windows: Sequence[Window], *, most: int) -> Iterator[Window]:
        """Scenes and groups of some windows, more of which are looked at than a ranking does, the best first."""
        windows = sorted(windows, key=lambda window: (-window.worth, window.start))
        tried = 0
        for first in range(0, len(windows), MOST_NEAR):
            near = self._cut([each for each in windows[first : first + MOST_NEAR] if each.worth > 0])
            for candidate in self._candidates(near):
                piece = self._do(candidate)
                tried += 1
                if not is_unplaced(piece.view) and piece.safety >= POOR:
                    yield piece
                if tried >= most:
                    return

    def find_surest(self, windows: Sequence[Window]) -> list[Window]:
        """The best scenes and groups of some windows, of more pieces than a ranking looks at."""
        found: list[Window] = []
        best = 0.0
        for hope, candidate in self._by_hope(self._cut(windows, most=MOST_SEARCHED))[:MOST_TRIED]:
            if hope * LIKELY <= best:
                break
            piece = self._do(candidate)
            if not is_unplaced(piece.view) and piece.safety >= POOR:
                found.append(piece)
                best = max(best, piece.worth)
        return _best_first(found)

    def find_small_scenes(self, windows: Sequence[Window]) -> Iterator[Window]:
        """Of portraits those of somebody who does something: drawn as a scene of one."""
        for window in windows:
            if window.view is not View.PORTRAIT:
                continue
            staging = stage_faithfully(window.within or self._stage, window.first, window.last)[0]
            alone = staging.view is View.PORTRAIT and len(staging.figures) == 1
            if alone and staging.figures[0].being is Being.PERSON and staging.figures[0].deed not in _STANDING:
                yield window._replace(view=View.GROUP)

    def find_words(self, start: int, end: int, *, least: float) -> list[Window]:
        """The short whole sentences of a stretch of text that strike and tell most, whatever can be drawn of them."""
        numbers = self._between(start, end)
        found = [
            self._typed(number, None, worth * self._happening(number))
            for number in numbers
            if (worth := self._wording.weigh(number)) >= least
        ]
        return _best_first(found)

    def find_event_words(self, heights: Mapping[int, float], *, least: float) -> Iterator[Window]:
        """What of some sentences tells as words what happens there: they, or clauses of what is too long.

        Args:
            heights: How high the chapter runs at each of those that are looked at, from 0 to 1.
            least: How much each has to be worth.
        """
        found = [
            (-worth, start, number, clause)
            for number, height in heights.items()
            for start, said, clause in self._event_words(number)
            if said >= LEAST_SAID and (worth := height**LIFTED * self._happening(number) * said) >= least
        ]
        for worth, _, number, clause in sorted(found, key=lambda each: each[:3]):
            yield self._typed(number, clause, -worth)

    def _event_words(self, number: int) -> Iterator[tuple[int, float, Clause | None]]:
        """A sentence, or the clauses of what is no sentence that can be set: where each begins, its worth as words."""
        said = self._wording.weigh_event(number)
        if said > 0:
            yield self.sentences[number].start, said, None
        elif self._cut_up.opens[number] >= 0:
            for clause in self._clauses(number):
                yield clause.start, self._wording.weigh_clause(number, clause), clause

    def _between(self, start: int, end: int) -> range:
        sentences = self._stage.passage.sentences
        first = bisect_left(sentences, start, key=lambda each: each.start)
        return range(first, bisect_left(sentences, end, key=lambda each: each.start))

    def _typed(self, number: int, clause: Clause | None, worth: float) -> Window:
        sentence = self._stage.passage.sentences[number]
        start, end = (sentence.start, sentence.end) if clause is None else (clause.start, clause.end)
        stage, first = (None, number) if clause is None else part_off(self._stage, number, clause)
        return Window(
            first=first, last=first + 1, start=start, end=end, worth=worth, view=View.TYPOGRAPHIC, within=stage
        )

    def _happening(self, number: int) -> float:
        """From 0 to 1, how much happens in a sentence."""
        telling = LITTLE + self._telling[number + 1] - self._telling[number]
        return telling / (telling + HALF_TOLD)

    def is_told_again(self, piece: Window, others: Sequence[Window]) -> bool:
        """Whether one of the others has nearly the same words: a refrain, a letter that is quoted again."""
        words = self._long_words(piece)
        return any(len(words & self._long_words(other)) >= SAME * len(words) for other in others)

    def _long_words(self, piece: Window) -> set[str]:
        return set(LONG_WORD.findall(self._stage.passage.text[piece.start : piece.end].lower()))

    def _count(self, piece: Window) -> Count:
        return self._count_of(piece.first, piece.last)

    def _count_of(self, first: int, last: int) -> Count:
        found = self._counts.get((first, last))
        if found is None:
            found = read_count(self._stage, last - 1)
            if last - first > 1:
                found = self._count_of(first, last - 1).with_next(self._count_of(last - 1, last))
            self._counts[first, last] = found
        return found


def _best_first(found: Iterable[Window]) -> list[Window]:
    return sorted(found, key=lambda piece: (-piece.worth, piece.start))


def _brief(words: int) -> float:
    """Less for what is too short to be a passage, and for more words than a picture can show."""
    return float(min(1.0, words / FEWEST_WORDS) ** 2 * min(1.0, EASY_WORDS / max(words, 1)) ** WORDY)


_STANDING = frozenset({Deed.STAND, Deed.UNKNOWN, Deed.HOLD})


def _worth(piece: Window, doing: float) -> float:
    return float(piece.worth**TELLING * doing**DOING_WELL)
