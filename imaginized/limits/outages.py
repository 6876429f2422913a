"""An endpoint that gives no answer: when it counts as unreachable, and who tries it again when. Pure functions.

One answer of any kind that is the endpoint's own, an error too, ends it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

UNCONNECTED_IN_A_ROW = 3
GATEWAY_IN_A_ROW = 5
SLOW_IN_A_ROW = 3
CHAPTERS_TO_TELL = 2
LONGEST_REASON = 200
NOBODY_ASKS_SECONDS = 120.0

NO_BACKEND = frozenset({502, 503, 521, 522, 523, 525, 526, 530})  # from 520 on as Cloudflare numbers them
BACKEND_TOO_SLOW = frozenset({504, 524})


class Silence(StrEnum):
    """How an endpoint does not answer."""

    UNCONNECTED = "unconnected"  # refused, no such host, no route, no TLS, no connection in time
    GATEWAY = "gateway"  # the connection broke, or a proxy says that nobody is behind it
    SLOW = "slow"  # the request was taken and not answered in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Requests in a row, of all workers together, that got no answer.

    Attributes:
        since: When the first one of them failed: ISO, UTC.
        reason: What became of the last one.
        tries: How many there were.
        unconnected: How many of them found no connection.
        slow: How many of them were taken and not answered.
        abouts: What they were about, as far as it has to be told apart.
        is_off: Whether the endpoint counts as unreachable, so that only one worker at a time may try it.
        next_try: When that is, in monotonic seconds.
        prober: Who tries it now; "" for nobody.
    """

    since: str
    reason: str
    tries: int = 0
    unconnected: int = 0
    slow: int = 0
    abouts: tuple[str, ...] = ()
    is_off: bool = False
    next_try: float = 0.0
    prober: str = ""

    def is_for(self, owner: str) -> bool:
        """Whether this owner may send a request."""
        return not self.is_off or self.prober == owner

    def is_asked_for(self, now: float) -> bool:
        """Whether anybody still wants an answer. Nobody does where no work is left, or the settings name another."""
        return self.is_off and (bool(self.prober) or now < self.next_try + NOBODY_ASKS_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A request that got no answer.

    Attributes:
        about: What was asked about.
        after_seconds: The endpoint is to be left alone for so long.
        is_sure: Whether it was found silent for all, not for this request alone.
    """

    silence: Silence
    reason: str
    about: str
    after_seconds: float
    is_sure: bool = False


def silence_of(status: int) -> Silence | None:
    """What a status of HTTP says about whoever should have answered; None where that one did answer."""
    if status in NO_BACKEND:
        return Silence.GATEWAY
    return Silence.SLOW if status in BACKEND_TOO_SLOW else None


def missed(outage: Outage | None, miss: Miss, *, owner: str, now: float, utc: str) -> Outage:
    """One more request of `owner` without an answer."""
    before = outage or Outage(since=utc, reason="")
    counted = replace(
        before,
        reason=miss.reason[:LONGEST_REASON],
        tries=before.tries + 1,
        unconnected=before.unconnected + (miss.silence is Silence.UNCONNECTED),
        slow=before.slow + (miss.silence is Silence.SLOW),
        abouts=tuple(dict.fromkeys((*before.abouts, miss.about[:LONGEST_REASON])))[:CHAPTERS_TO_TELL],
    )
    if before.is_off and before.prober not in ("", owner):
        return counted  # a late one from before; another worker is trying it just now
    next_try = max(now + miss.after_seconds, before.next_try)
    return replace(counted, is_off=before.is_off or miss.is_sure or _is_off(counted), next_try=next_try, prober="")


def _is_off(outage: Outage) -> bool:
    # One chapter alone may be too much for an endpoint that serves all others: that has to stay the chapter's fault.
    is_hung = outage.slow > 0 and outage.tries >= SLOW_IN_A_ROW and len(outage.abouts) >= CHAPTERS_TO_TELL
    is_gone = outage.tries - outage.slow >= GATEWAY_IN_A_ROW
    return outage.unconnected >= UNCONNECTED_IN_A_ROW or is_gone or is_hung
