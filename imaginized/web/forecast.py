"""How long a book will still take, from how fast it went while we looked."""

from collections import deque
from dataclasses import dataclass, field

LEAST_STEPS = 3
LEAST_SECONDS = 20.0
KEPT = 40
FORGET_SECONDS = 3600.0


@dataclass(slots=True)
class Forecast:
    """What was seen of one library's books. Nothing is kept over a restart: it is a guess from the last minutes."""

    _seen: dict[str, deque[tuple[float, float]]] = field(default_factory=dict)

    def note(self, book: str, progress: float, *, now: float) -> None:
        """A book's progress (0 to 1) at a moment (monotonic seconds)."""
        seen = self._seen.setdefault(book, deque(maxlen=KEPT))
        if seen and (progress < seen[-1][1] or now - seen[-1][0] > FORGET_SECONDS):
            seen.clear()  # it was begun anew, or nobody looked
        if not seen or progress > seen[-1][1]:
            seen.append((now, progress))

    def keep(self, books: set[str]) -> None:
        """Forget all others."""
        self._seen = {book: seen for book, seen in self._seen.items() if book in books}

    def words(self, book: str, *, now: float) -> str:
        """How long it will take, as a range; "" while too little was seen."""
        seen = self._seen.get(book)
        if not seen or len(seen) <= LEAST_STEPS or seen[-1][0] - seen[0][0] < LEAST_SECONDS:
            return ""
        rest, half = 1 - seen[-1][1], len(seen) // 2
        # The whole time and its second half: chapters differ, and so do the stages. What stands still grows longer.
        speeds = [
            (seen[-1][1] - start[1]) / max(now - start[0], 1.0) for start in (seen[0], seen[half]) if start != seen[-1]
        ]
        low, high = sorted(rest / speed for speed in speeds if speed > 0)
        return (
            f"{_span(low * 0.8)} to {_span(high * 1.25)} left"
            if _span(low * 0.8) != _span(high * 1.25)
            else (f"about {_span(high)} left")
        )


def _span(seconds: float) -> str:
    if seconds < 90:
        return "a minute"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    hours = round(seconds / 3600)
    return f"{hours} hours" if hours > 1 else "an hour"
