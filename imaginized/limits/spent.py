"""The tokens of the last minute: what was spent when, and when there is room for more. Pure; `limits` asks it."""

MINUTE_SECONDS = 60.0
GRAIN_SECONDS = 0.5  # tokens are counted by so much time at once

Spent = tuple[tuple[float, int], ...]  # the start of a stretch of GRAIN_SECONDS, monotonic, and its tokens


def room_at(spent: Spent, *, wanted: int, per_minute: float) -> float:
    """When so many tokens fit into a minute, monotonic; a request larger than a minute's goes once that is empty.

    A moment in the past where there is room now.
    """
    left = sum(count for _, count in spent)
    at = 0.0
    for start, count in sorted(spent):
        if left + wanted <= per_minute:
            return at
        left -= count
        at = _over_at(start)
    return at


def with_tokens(spent: Spent, *, now: float, tokens: int) -> Spent:
    """What was spent, with so many now; what is older than a minute is left out."""
    recent = {start: count for start, count in spent if _over_at(start) > now}
    return tuple({**recent, _stretch(now): recent.get(_stretch(now), 0) + tokens}.items())


def corrected(spent: Spent, *, since: float, by: int) -> Spent:
    """What was spent, with the tokens of a request sent at `since` changed by so many, if that still counts."""
    return tuple((start, max(0, count + by) if start == _stretch(since) else count) for start, count in spent)


def _stretch(monotonic: float) -> float:
    return monotonic - monotonic % GRAIN_SECONDS


def _over_at(start: float) -> float:
    return start + GRAIN_SECONDS + MINUTE_SECONDS
