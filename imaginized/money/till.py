"""The till: no call to an endpoint that charges is sent before its worst-case price is set aside below every cap."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Literal
from urllib.parse import urlsplit

from imaginized.clock import Clock
from imaginized.errors import Held, Retryable
from imaginized.logs.log import get_log
from imaginized.money.amounts import dollars
from imaginized.money.calls import UNHEARD, Call, Usage
from imaginized.money.caps import NO_CAPS, Caps, OverCap, passes
from imaginized.money.estimating import Estimate
from imaginized.money.ledger import Entry, Ledger
from imaginized.money.models import models_of as models_of
from imaginized.money.prices import PriceTable
from imaginized.queue.manifest import Approval
from imaginized.reasons import Code
from imaginized.settings.model import Budget
from imaginized.store.files import BookFiles
from imaginized.store.records import dump
from imaginized.store.writing import write_numbered

WAIT_SECONDS = 2.0
MOST_TIMES_WORST = 20.0
LEAST_DOUBTED_USD = 1.0
NOTHING_SAID = Usage()
OK = "ok"

Charged = Literal["sure", "maybe", "none"]

_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """`data/calls/N.json`: what one call took.

    Attributes:
        at: When it was sent.
        endpoint: Host and path of the base URL.
        prompt_digest: SHA-256 of what was sent.
        tokens_in: As the endpoint says, or the most it can have been; `is_counted` tells which.
        cost_usd: None when nobody knows the price.
        seconds: From sending to the end of the answer.
        outcome: "ok", or what came instead.
        charged: Whether it was: "maybe" where nobody knows, or how much; the cost is then the most that it can be.
    """

    schema: str = "imaginized.call/1"
    at: datetime
    kind: str
    model: str
    endpoint: str
    chapter: int | None
    prompt_digest: str
    tokens_in: int
    tokens_out: int
    images: int
    is_counted: bool
    cost_usd: float | None
    seconds: float
    outcome: str
    charged: Charged | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The book that is paid for now.

    Attributes:
        approval: What a person has allowed it by now.
        high_usd: What it may cost in all by the estimate; asked only when it must wait for an approval.
        budget_usd: What whoever added it wants it to cost at most; None where that was not said.
    """

    book: str
    files: BookFiles
    chapter: int | None
    approval: Callable[[], Approval | None]
    high_usd: Callable[[], float]
    budget_usd: float | None = None


class BookTill:
    """The till of one worker process; serves one book at a time."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        prices: PriceTable,
        budget: Budget,
        clock: Clock,
        tell: Callable[[CallRecord], None] | None = None,
    ) -> None:
        """Pay from this ledger, at these prices, below these caps; `tell` is told of each call that has ended."""
        self.prices = prices
        self._ledger = ledger
        self._budget = budget
        self._clock = clock
        self._customer: Customer | None = None
        self._open: list[BookReservation] = []
        self._tell = tell

    @contextmanager
    def serve(self, customer: Customer) -> Iterator[None]:
        """Pay for this book as long as the context lasts. What was reserved and not ended by then counts in full."""
        self._customer = customer
        try:
            yield
        finally:
            for reservation in list(self._open):
                reservation.settle(NOTHING_SAID, outcome=UNHEARD)
            self._customer = None

    def spent_usd(self, book: str) -> float:
        """What a book has cost so far."""
        return self._ledger.balance(book).book_spent

    def shares(self) -> Mapping[str, float]:
        """Of what was set aside, the share that calls of each sort have cost."""
        return self._ledger.shares()

    def reserve(self, call: Call) -> "BookReservation":
        """Set the worst-case price of a call aside.

        Raises:
            Held: A cap would be passed, or the price is unknown and nobody accepted that.
            Retryable: Only calls under way stand between this one and a cap, and they may turn out cheaper.
        """
        customer = self._customer
        if customer is None:
            raise ValueError("no book is being paid for")
        worst = self.prices.worst_usd(call)
        entry = None
        if worst is None:
            self._check_unknown(call, customer)
            worst = self.prices.assumed_usd(call)  # a person accepted the price, not that it has no bound
        if worst > 0:
            entry = self._reserved(customer, worst=worst, sort=call.sort)
        reservation = BookReservation(self, call=call, customer=customer, entry=entry)
        self._open.append(reservation)
        return reservation

    def end(
        self, reservation: "BookReservation", *, usage: Usage, cost_usd: float | None, outcome: str, charged: Charged
    ) -> None:
        """Settle a reservation and record its call; once."""
        if reservation not in self._open:
            return
        self._open.remove(reservation)
        entry, customer = reservation.entry, reservation.customer
        if entry is None and cost_usd:  # it was thought to be free, or its price was unknown: what it cost counts
            sort = reservation.call.sort
            entry = self._ledger.reserve(customer.book, usd=cost_usd, check=NO_CAPS, sort=sort)
        if entry is not None:
            counted = self.prices.assumed_usd(reservation.call, usage) if cost_usd is None else cost_usd
            self._ledger.settle(entry, usd=counted, is_doubtful=charged == "maybe")
        record = _record(reservation, usage=usage, cost_usd=cost_usd, outcome=outcome, now=self._clock)
        record = replace(record, charged=charged)
        if self._tell is not None:
            self._tell(record)
        with suppress(FileNotFoundError):  # it was removed; the ledger has the cost
            above = None if reservation.is_placeless else customer.files.root
            write_numbered(customer.files.calls, dump(record), above=above)

    @property
    def clock(self) -> Clock:
        """Its clock."""
        return self._clock

    def _check_unknown(self, call: Call, customer: Customer) -> None:
        approval = customer.approval()
        if approval is None or not approval.any_price:
            allowed = approval.usd if approval else 0.0
            most = max(_most_usd(self._budget, asked_usd=customer.budget_usd), allowed)
            raise _ask_any_price(f"{call.model} at {_place(call.endpoint)}", most=most)

    def _reserved(self, customer: Customer, *, worst: float, sort: str) -> Entry:
        cap = cap_usd(self._budget, customer.approval(), asked_usd=customer.budget_usd)
        day_cap = self._budget.max_usd_per_day
        caps = Caps(usd=worst, book_usd=cap, day_usd=day_cap)
        try:
            return self._ledger.reserve(customer.book, usd=worst, check=caps, sort=sort)
        except OverCap as over:
            if over.which == "book":
                raise self._held_at(cap, spent=over.balance.book_spent, worst=worst, customer=customer) from over
            if over.which == "day":
                raise self._held_today(day_cap, spent=over.balance.day_spent, worst=worst) from over
            raise Retryable(
                "the calls under way may use up what is left of the budget; waiting for what they cost",
                after_seconds=WAIT_SECONDS,
            ) from over

    def _held_today(self, cap: float, *, spent: float, worst: float) -> Held:
        reason = (
            f"max_usd_per_day is reached: {dollars(spent)} of {dollars(cap)} USD were spent today, "
            f"and the next call may cost {dollars(worst)}"
        )
        if worst > cap:  # the next day has no room for it either
            reason = (
                f"max_usd_per_day is too low for this book: one call may cost {dollars(worst)} USD, "
                f"and a whole day may cost {dollars(cap)}"
            )
        return Held(
            reason,
            code=Code.DAY_BUDGET,
            until=_next_day(self._clock.now()),
        )

    def _held_at(self, cap: float, *, spent: float, worst: float, customer: Customer) -> Held:
        asked = _whole_cents(spent + max(worst, customer.high_usd()))
        return Held(
            f"{dollars(spent)} of its limit of {dollars(cap)} USD are spent, and the next call may cost "
            f"{dollars(worst)}; approving raises the limit to {dollars(asked)} USD",
            code=Code.BOOK_BUDGET,
            approve_usd=asked,
        )


class BookReservation:
    """Money set aside for one call of a book."""

    def __init__(self, till: BookTill, *, call: Call, customer: Customer, entry: Entry | None) -> None:
        """Begin; the call is sent now."""
        self.call = call
        self.customer = customer
        self.entry = entry
        self.is_placeless = not customer.files.root.is_dir()
        self.sent_at = till.clock.now()
        self.sent_monotonic = till.clock.monotonic()
        self._till = till

    def settle(self, usage: Usage, *, outcome: str) -> float | None:
        """Record what the call took."""
        cost, worst = self._till.prices.spent_usd(self.call, usage), self._till.prices.worst_usd(self.call)
        if cost is not None and worst is not None and cost > max(worst * MOST_TIMES_WORST, LEAST_DOUBTED_USD):
            # No such call can have cost that: booked, it would stop every book, and an approval of it allow all.
            _log.warning("usage_not_believed", endpoint=_place(self.call.endpoint), said_usd=cost, booked_usd=worst)
            cost, usage = worst, replace(usage, tokens_in=None, tokens_out=None, cost_usd=None)
        is_known = self._till.prices.is_known(self.call, usage, was_answered=outcome == OK)
        charged: Charged = "none" if cost == 0 else "sure" if is_known and cost is not None else "maybe"
        self._till.end(self, usage=usage, cost_usd=cost, outcome=outcome, charged=charged)
        return cost

    def cancel(self, *, outcome: str) -> None:
        """Record that nothing was charged."""
        nothing = Usage(tokens_in=0, tokens_out=0, images=0, cost_usd=0.0)
        self._till.end(self, usage=nothing, cost_usd=0.0, outcome=outcome, charged="none")


def cap_usd(budget: Budget, approval: Approval | None, *, asked_usd: float | None = None) -> float:
    """What a book may cost in all: what a person approved, to the cent; unapproved, where one would be asked.

    Args:
        budget: Of the settings.
        approval: What a person has allowed it by now.
        asked_usd: What whoever added it wants it to cost at most; it lowers the settings' cap, never raises it.
    """
    if approval is not None:
        return approval.usd
    return min(_most_usd(budget, asked_usd=asked_usd), budget.approve_above_usd)


def _most_usd(budget: Budget, *, asked_usd: float | None) -> float:
    return budget.max_usd_per_book if asked_usd is None else min(budget.max_usd_per_book, asked_usd)


def held_after_split(
    found: Estimate,
    *,
    budget: Budget,
    approval: Approval | None,
    asked_usd: float | None = None,
    spent_usd: float = 0.0,
) -> Held | None:
    """Why a book that was just split must be approved before anything is paid; None when it may go on.

    Args:
        found: What it will take.
        budget: Of the settings.
        approval: What a person has allowed it by now.
        asked_usd: What whoever added it wants it to cost at most.
        spent_usd: What it has cost before it was done again.
    """
    cost = found.cost
    if cost is None:
        if approval is not None and approval.any_price:
            return None
        known = sum(share.cost.high for share in (found.text, found.image) if share.cost is not None)
        names = " and ".join(dict.fromkeys(found.unknown))
        allowed = approval.usd if approval else 0.0
        return _ask_any_price(names, most=max(_most_usd(budget, asked_usd=asked_usd), known, allowed))
    cap = cap_usd(budget, approval, asked_usd=asked_usd)
    if not passes(spent_usd + cost.likely, cap):
        return None
    asked = _whole_cents(spent_usd + cost.high)
    before = f" on top of the {dollars(spent_usd)} that it has cost before" if spent_usd else ""
    return Held(
        f"it will likely cost {dollars(cost.likely)} USD ({dollars(cost.low)} to {dollars(cost.high)}){before}; "
        f"without approval its limit is {dollars(cap)} USD, and approving raises that to {dollars(asked)} USD",
        code=Code.APPROVAL,
        approve_usd=asked,
    )


def _ask_any_price(what: str, *, most: float) -> Held:
    asked = _whole_cents(most)
    return Held(
        f"the price of {what} is not in the price table; approving raises the limit to {dollars(asked)} USD; its calls "
        "then count at the highest known price (or give the price in price_file of [budget], and reload first)",
        code=Code.PRICE_UNKNOWN,
        approve_usd=asked,
        any_price=True,
    )


def _whole_cents(usd: float) -> float:
    """Rounded up, so that what is approved is the amount a person reads."""
    return ceil(round(usd * 100, 4)) / 100


def _next_day(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), tzinfo=UTC)


def _place(endpoint: str) -> str:
    """Host and path of a base URL; what else it may hold, a password, is nobody's to read."""
    try:
        parts = urlsplit(endpoint)
        return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
    except ValueError:
        return ""


def _record(
    reservation: BookReservation, *, usage: Usage, cost_usd: float | None, outcome: str, now: Clock
) -> CallRecord:
    call = reservation.call
    return CallRecord(
        at=reservation.sent_at,
        kind=call.kind,
        model=call.model,
        endpoint=_place(call.endpoint),
        chapter=reservation.customer.chapter,
        prompt_digest=call.prompt_digest,
        tokens_in=call.tokens_in if usage.tokens_in is None else usage.tokens_in,
        tokens_out=call.tokens_out_max if usage.tokens_out is None else usage.tokens_out,
        images=call.images if usage.images is None else usage.images,
        is_counted=usage.tokens_in is not None or usage.images is not None,
        cost_usd=cost_usd,
        seconds=round(now.monotonic() - reservation.sent_monotonic, 3),
        outcome=outcome,
    )
