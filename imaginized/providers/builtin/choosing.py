"""Choosing a chapter's scenes: one of each equal share, one of them of the chapter's greatest event."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from imaginized.providers.builtin.pieces import LEAST_STRIKING, Pieces, Window
from imaginized.providers.builtin.safety import POOR, RISKY, UNSURE, is_unplaced
from imaginized.story.staging import View

LEAST_SET = 0.2
OVER = 150  # letters of a sentence that is set in type before the share that its middle lies in
AROUND = 450  # letters before and after the window that tells most of a chapter, where its event is told, too
NEARLY = 0.7  # of a chapter's height: what is as high belongs to the event where it is near
LEAST_TOLD = 0.2  # of what is set in type for an event
SHORT = 40  # letters: "she ran to the place" tells no event, wherever it is drawn
MOST_DRAWN = 8  # staged in search of a picture of the event: each costs as much as the words of a page
SURE, MUCH_SURER = 0.08, 1.5  # a picture that is less safe than the first gives way to one so many times as safe
AS_SAFE = 0.75  # of the safety of a picture that one of the event takes the place of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The equal shares of a chapter."""

    length: int
    count: int

    def of(self, window: Window) -> int:
        """The share that the middle of a window lies in."""
        middle = (window.start + window.end) // 2
        return min(middle * self.count // max(self.length, 1), self.count - 1)

    def span(self, share: int) -> tuple[int, int]:
        """Where a share begins and ends; a sentence over its border may lie in it."""
        return share * self.length // self.count - OVER, (share + 1) * self.length // self.count


Chosen = list[tuple[Window, list[Window]]]


def spread(windows: list[Window], shares: Shares, pieces: Pieces | None) -> Chosen:
    """Choose by shares, the best share first, so that a strong scene at a border keeps its place.

    Each comes with the windows that it was chosen from.
    """
    parts: list[list[Window]] = [[] for _ in range(shares.count)]
    for window in windows:
        parts[shares.of(window)].append(window)
    parts = [
        [each for each in ranked if shares.of(each) == number] or ranked
        for number, ranked in enumerate(_rank(part, pieces) for part in parts)
    ]
    chosen: Chosen = []
    for part in sorted((part for part in parts if part), key=lambda part: (-part[0].worth, part[0].start)):
        taken = [window for window, _ in chosen]
        free = _free(part, taken)
        if free:
            gap = shares.length // (shares.count * 4)
            roomy = [w for w in free if all(w.end + gap <= c.start or w.start >= c.end + gap for c in taken)]
            best = roomy[0] if roomy and roomy[0].worth >= 0.8 * free[0].worth else free[0]
            chosen.append((best, part))
    return chosen


def _rank(share: list[Window], pieces: Pieces | None) -> list[Window]:
    """The windows of a share, best first: of what tells most the few sentences that a picture does best for."""
    share = sorted(share, key=lambda window: (-window.worth, window.start))
    if pieces is None:
        return share
    return pieces.rank(share) or [window._replace(safety=0.0) for window in share]


def _free(windows: Sequence[Window], taken: Sequence[Window]) -> list[Window]:
    return [w for w in windows if all(w.end <= c.start or w.start >= c.end for c in taken)]


@dataclass(slots=True)
class Settling:
    """Sets short sentences in type for the riskiest pictures of a chapter, the first one for its greatest event.

    Attributes:
        windows: What may be scenes, with how much happens there.
        room: How many portraits, things and sentences in type the chapter has even if all could be drawn.
        events: How many it may have so that its greatest event is told.
    """

    windows: Sequence[Window]
    shares: Shares
    pieces: Pieces
    room: int
    events: int
    _anywhere: list[Window] | None = None
    _heights: dict[int, float] = field(default_factory=dict)
    _event: tuple[int, int] = (0, 0)

    def settle(self, chosen: Chosen) -> None:
        """Exchange what is better not drawn, and see to it that the greatest event is told."""
        self._measure()
        for at in sorted(range(len(chosen)), key=lambda at: self._order(chosen[at][0])):
            window, part = chosen[at]
            others = [other for number, (other, _) in enumerate(chosen) if number != at]
            if _is_poor(window) and self.room <= 0:
                window = self._draw(window, part, others)
            if _is_poor(window):
                window = next(self._instead(window, part, others), window)
            if self.room > 0 or is_unplaced(window.view) or _is_unsure(window):
                window = next(self._words(window, others), window)
            if window.view is View.PORTRAIT and not self._is_of_event(window):  # a face shows little of a passage
                window = self._draw_instead(window, part, others)
            chosen[at] = window, part
            self.room -= is_unplaced(window.view)
            self.events -= is_unplaced(window.view)
        self._draw_event(chosen)

    def _order(self, window: Window) -> tuple[bool, bool, float, int]:
        """What is no scene first, most of all what tells of the event: words tell more of it; then the riskiest."""
        is_none = is_unplaced(window.view)
        return not (is_none and self._is_of_event(window)), not is_none, -window.risk, window.start

    def _measure(self) -> None:
        """Find how high the chapter runs at each sentence, and where its greatest event is told."""
        top = max(self.windows, key=lambda window: (window.worth, -window.start))
        self._event = top.start - AROUND, top.end + AROUND
        for window in self.windows:
            height = window.worth / max(top.worth, 1e-9)
            for number in range(window.first, window.last):
                if height > self._heights.get(number, 0.0):
                    self._heights[number] = height

    def _is_of_event(self, window: Window) -> bool:
        middle = (window.start + window.end) // 2
        near = self._event[0] <= middle <= self._event[1]
        return near and self._is_high(window)

    def _is_high(self, window: Window) -> bool:
        return self._heights.get(window.first, 0.0) >= NEARLY

    def _draw(self, window: Window, part: Sequence[Window], others: Sequence[Window]) -> Window:
        """What happens nearby instead of what has no picture, or no sure one; elsewhere in the chapter if need be."""
        drawn = [each for each in _free(part, others) if not is_unplaced(each.view)]
        best = max((each for each in drawn if each.safety >= POOR), key=_by_worth, default=None)
        searches: tuple[Callable[[], Iterable[Window]], ...] = (
            lambda: self._near(window, others, best),
            lambda: _surer((each for each in self._everywhere() if self._has_room(each, others)), best),
        )
        for search in searches:
            if best is None or best.safety < SURE:
                best = next(iter(search()), best)
        return best or next(iter(drawn if is_unplaced(window.view) else []), window)

    def _near(self, window: Window, others: Sequence[Window], best: Window | None) -> list[Window]:
        """The best of what a longer search of the window's share finds, and of what was found before."""
        share = [each for each in self.windows if self.shares.of(each) == self.shares.of(window)]
        near = [each for each in self.pieces.find_surest(share) if self.shares.of(each) == self.shares.of(window)]
        return sorted((*_free(near, others), *([best] if best else [])), key=_by_worth, reverse=True)

    def _everywhere(self) -> list[Window]:
        """The surest pictures of the chapter, which is searched once."""
        if self._anywhere is None:
            self._anywhere = self.pieces.find_surest(self.windows)
        return self._anywhere

    def _has_room(self, window: Window, others: Sequence[Window]) -> bool:
        """Whether it is apart from the others, and its share has not two of them already."""
        return self._count_in(window, others) < 2 and all(_is_apart(window, other) for other in others)

    def _may_move(self, window: Window, to: Window, others: Sequence[Window]) -> bool:
        """Whether words elsewhere may be told instead: where nothing else is told, or beside one for the event."""
        near = self.shares.of(to) == self.shares.of(window) or self._is_of_event(to)
        return self._count_in(to, others) < (2 if near else 1)

    def _count_in(self, window: Window, others: Sequence[Window]) -> int:
        """How many others are in the share of a window."""
        return sum(self.shares.of(other) == self.shares.of(window) for other in others)

    def _draw_instead(self, face: Window, part: Sequence[Window], others: Sequence[Window]) -> Window:
        """What happens near a face, where that is about as safe."""
        happening = self._draw(face, part, others)
        return happening if happening.safety >= AS_SAFE * face.safety else face

    def _instead(self, window: Window, part: Sequence[Window], others: Sequence[Window]) -> Iterator[Window]:
        """What is told instead of a face, a thing or an unsure picture: the event in words, else what somebody does."""
        if self.events > 0 and not self._is_told(others):
            yield from self._words_of(next(self._events(others)), window, others)
        best = None if is_unplaced(window.view) else window
        yield from _surer(self.pieces.find_small_scenes([window, *_free(part, others)]), best)

    def _words_of(self, heights: dict[int, float], window: Window, others: Sequence[Window]) -> Iterator[Window]:
        """Words of sentences so high that are apart from what else is told."""
        found = self.pieces.find_event_words(heights, least=LEAST_TOLD)
        telling = [other for other in others if _is_telling(other) and self._is_high(other)]
        far = (each for each in found if all(_is_apart(each, other) for other in telling))
        free = (each for each in far if _free([each], others) and self._may_move(window, each, others))
        yield from (each for each in free if not self.pieces.is_told_again(each, others))

    def _words(self, window: Window, others: Sequence[Window]) -> Iterator[Window]:
        """Sentences to set in type: of a great event that no other scene tells, else of its own share."""
        for heights in self._events(others):
            yield from self._words_of(heights, window, others)
            if self._is_of_event(window) and window.safety >= POOR:
                return  # who drinks the potion is better shown by a face than another event is told
        # What would be set in type anyhow gives way to any sentence that can stand as words.
        least = LEAST_SET if window.view is View.TYPOGRAPHIC else LEAST_STRIKING
        near = self.pieces.find_words(*self.shares.span(self.shares.of(window)), least=least)
        words = (each for each in _free(near, others) if self.shares.of(each) == self.shares.of(window))
        yield from (each for each in words if not self.pieces.is_told_again(each, others))

    def _events(self, others: Sequence[Window]) -> Iterator[dict[int, float]]:
        """The heights of the sentences of the greatest event, if no other scene tells it; then of all high ones."""
        high = {number: height for number, height in self._heights.items() if height >= NEARLY}
        if not self._is_told(others):
            yield {number: height for number, height in high.items() if self._is_near(number)}
        yield high

    def _is_told(self, others: Sequence[Window]) -> bool:
        """Whether one of the scenes tells the greatest event."""
        return any(self._is_of_event(other) for other in others if _is_telling(other))

    def _is_near(self, number: int) -> bool:
        sentence = self.pieces.sentences[number]
        return self._event[0] <= (sentence.start + sentence.end) // 2 <= self._event[1]

    def _draw_event(self, chosen: Chosen) -> None:
        """Draw the greatest event instead of the riskiest other scene, where no scene tells it and it can be drawn."""
        if len(chosen) < 2 or any(self._is_of_event(window) for window, _ in chosen):
            return
        drawn = [at for at in range(len(chosen)) if not is_unplaced(chosen[at][0].view)]
        if not drawn:
            return
        at = min(drawn, key=lambda at: (chosen[at][0].safety, chosen[at][0].start))
        window, part = chosen[at]
        others = [other for number, (other, _) in enumerate(chosen) if number != at]
        event = [each for each in self.windows if self._is_of_event(each)]
        found = (each for each in self.pieces.find_drawn(event, most=MOST_DRAWN) if self._is_of_event(each))
        safe = (each for each in found if each.safety >= AS_SAFE * window.safety and _free([each], others))
        best = next(safe, None)
        if best is not None:
            chosen[at] = best, part


def _is_poor(window: Window) -> bool:
    return is_unplaced(window.view) or window.safety < SURE


def _is_unsure(window: Window) -> bool:
    return window.safety < UNSURE or window.risk > RISKY


def _surer(windows: Iterable[Window], best: Window | None) -> Iterator[Window]:
    return (each for each in windows if best is None or each.safety >= MUCH_SURER * best.safety)


def _by_worth(window: Window) -> tuple[float, int]:
    return window.worth, -window.start


def _is_telling(window: Window) -> bool:
    return window.end - window.start >= SHORT


def _is_apart(one: Window, other: Window) -> bool:
    """Whether two passages tell of different moments: there is some text between them."""
    return one.end + AROUND <= other.start or other.end + AROUND <= one.start
