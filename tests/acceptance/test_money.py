"""Money: caps that many processes cannot pass together, spending that survives, approvals, estimates."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from imaginized.cli.ctl import main
from imaginized.clock import ManualClock, SystemClock
from imaginized.errors import ExitCode, Held, LibraryBusy, Rejected, Retryable
from imaginized.logs.log import get_log
from imaginized.money.amounts import dollars
from imaginized.money.calls import Call, Usage
from imaginized.money.estimating import Cost, Estimate, Share
from imaginized.money.ledger import FOLDER, Balance, Ledger
from imaginized.money.prices import PriceTable
from imaginized.money.till import BookTill, cap_usd, held_after_split
from imaginized.process.channel import channel_pair
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue import holding
from imaginized.queue.claimable import claimable
from imaginized.queue.manifest import Approval, Hold
from imaginized.queue.plan import Phase, phase
from imaginized.reasons import Code
from imaginized.settings.model import Budget
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.store.records import dump
from imaginized.store.writing import write_atomic
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import WORDS_PER_PAGE
from imaginized.work.task import perform
from imaginized.work.task_context import Bench
from imaginized.work.worker import claim_next
from imaginized.work.workshop import Workshop
from tests.support.applied import approve, cancel, claim, hold, let_go
from tests.support.crash_steps import StubProvider, Undisturbed, prepare, take_in
from tests.support.daemons import daemon_in
from tests.support.epubs import build_epub, make_epub, page
from tests.support.manifests import EPOCH, admitted_book, make_claim, merged_book
from tests.support.paying import CALL, CALL_USD, customer, make_till
from tests.support.waiting import DEADLINE_SECONDS

GOLDEN = Path(__file__).parents[1] / "golden" / "estimate.json"
ROOMY = Budget(max_usd_per_book=100.0, approve_above_usd=100.0, max_usd_per_day=100.0)
WORKERS = 8


@contextmanager
def paying(library: Path, *books: str, cap: float, how: str = "pay") -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that pay for these books, all started and let go at once."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.paying", str(library), book, str(cap), how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for book in books
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def highest_total(library: Path) -> float:
    """The most that was ever spent and reserved together, by the ledger's lines in their order."""
    reserved: dict[str, float] = {}
    spent = highest = 0.0
    for file in sorted((library / FOLDER).glob("*.jsonl")):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            if "settle" in row:
                reserved.pop(row["settle"])
                spent += row["usd"]
            else:
                reserved[row["reserve"]] = row["usd"]
            highest = max(highest, round(spent + sum(reserved.values()), 6))
    return highest


def spent_by(library: Path, book: str = "a-book") -> float:
    ledger = Ledger(library, clock=SystemClock(), owner=current_owner("test", pid=1))
    return ledger.books().get(book, 0.0)


def test_eight_processes_never_overshoot_a_cap_together(tmp_path: Path) -> None:
    """However many workers pay for a book, what is spent and under way never passes its cap, and nearly reaches it."""
    with paying(tmp_path, *["a-book"] * WORKERS, cap=2.0) as processes:
        calls = [int(process.communicate(timeout=DEADLINE_SECONDS)[0]) for process in processes]

    assert highest_total(tmp_path) <= 2.0
    assert 2.0 - CALL_USD < spent_by(tmp_path) <= 2.0
    assert len(list((tmp_path / "a-book" / "data" / "calls").glob("*.json"))) == sum(calls)


def test_nobody_reserves_while_another_decides(tmp_path: Path) -> None:
    """Between the look at the balance and the line that is written, the ledger is locked."""
    clock, owner = SystemClock(), current_owner("test", pid=os.getpid())
    refused = []

    def check(_: Balance) -> None:
        with pytest.raises(LibraryBusy) as caught:
            Ledger(tmp_path, clock=clock, owner=owner, lock_timeout_seconds=0).reserve(
                "b", usd=1.0, check=lambda _: None
            )
        refused.append(caught)

    Ledger(tmp_path, clock=clock, owner=owner).reserve("a", usd=1.0, check=check)

    assert refused
    assert set(Ledger(tmp_path, clock=clock, owner=owner).books()) == {"a"}


def test_a_killed_process_has_spent_what_it_reserved(tmp_path: Path) -> None:
    """Its call may have been sent: it counts in full, for the book and for the day, and others go on."""
    with paying(tmp_path, "a-book", cap=1.0, how="die") as (process,):
        process.wait(DEADLINE_SECONDS)
    till = make_till(tmp_path, budget=Budget(max_usd_per_book=2 * CALL_USD, approve_above_usd=1.0))

    with till.serve(customer(tmp_path)):
        till.reserve(CALL).settle(Usage(tokens_in=20, tokens_out=30), outcome="ok")
        with pytest.raises(Held, match=r"0\.10 of its limit of 0\.10 USD"):
            till.reserve(CALL)
    assert spent_by(tmp_path) == 2 * CALL_USD


def test_spending_survives_a_restart(tmp_path: Path) -> None:
    """A new process knows what the old ones spent, on this day and on others."""
    clock = ManualClock()
    budget = Budget(max_usd_per_book=CALL_USD, approve_above_usd=1.0)
    with (first := make_till(tmp_path, budget=budget, clock=clock)).serve(customer(tmp_path)):
        first.reserve(CALL).settle(Usage(), outcome="timeout")
    clock.advance(40 * 86_400)

    second = make_till(tmp_path, budget=budget, clock=clock)
    with second.serve(customer(tmp_path)), pytest.raises(Held):
        second.reserve(CALL)


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "0.00"),
        (0.000042, "0.000042"),
        (0.0119, "0.0119"),
        (0.1, "0.10"),
        (0.25, "0.25"),
        (0.52631, "0.526"),
        (2, "2.00"),
        (12.346, "12.35"),
    ],
)
def test_small_amounts_keep_their_digits(usd: float, text: str) -> None:
    """Cents and less are told apart, and nothing that costs is said to cost 0.00."""
    assert dollars(usd) == text


def test_the_cap_of_a_day_holds_all_books_until_midnight_utc(tmp_path: Path) -> None:
    """At it, a book is held until the next UTC day begins; then it pays again."""
    clock = ManualClock(datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC))
    budget = Budget(max_usd_per_book=10.0, approve_above_usd=10.0, max_usd_per_day=CALL_USD)
    till = make_till(tmp_path, budget=budget, clock=clock)
    with till.serve(customer(tmp_path, "one")):
        till.reserve(CALL).settle(Usage(), outcome="ok")
    with till.serve(customer(tmp_path, "two")), pytest.raises(Held) as caught:
        till.reserve(CALL)
    clock.advance(1)

    assert caught.value.until == datetime(2026, 2, 1, tzinfo=UTC)
    with till.serve(customer(tmp_path, "two")):
        till.reserve(CALL).cancel(outcome="http 429")


def test_a_day_with_no_room_for_one_call_is_called_too_low_not_spent(tmp_path: Path) -> None:
    """Where no day's cap takes the next call, waiting for midnight is in vain: the message says to raise the cap."""
    budget = Budget(max_usd_per_book=10.0, approve_above_usd=10.0, max_usd_per_day=CALL_USD / 2)
    till = make_till(tmp_path, budget=budget)
    with till.serve(customer(tmp_path)), pytest.raises(Held) as caught:
        till.reserve(CALL)

    assert caught.value.until is not None
    assert "max_usd_per_day is too low" in str(caught.value)
    assert f"one call may cost {dollars(CALL_USD)} USD" in str(caught.value)


def test_calls_under_way_make_others_wait_not_ask(tmp_path: Path) -> None:
    """They may turn out cheaper: while they are open the next one is told to come again, and no person is asked."""
    till = make_till(tmp_path, budget=Budget(max_usd_per_book=1.5 * CALL_USD, approve_above_usd=10.0))
    with till.serve(customer(tmp_path)):
        first = till.reserve(CALL)
        with pytest.raises(Retryable):
            till.reserve(CALL)
        first.settle(Usage(tokens_in=1, tokens_out=1), outcome="ok")

        till.reserve(CALL).cancel(outcome="http 401")


def test_an_unknown_price_asks_and_an_approval_of_any_price_goes_on(tmp_path: Path) -> None:
    """Nothing is sent at a price that nobody knows, until a person says so; what the endpoint then charges counts."""
    till = make_till(tmp_path, budget=ROOMY, prices=PriceTable())
    with till.serve(customer(tmp_path)), pytest.raises(Held, match=r"price of dear at api\.example\.com/v1") as caught:
        till.reserve(CALL)
    with till.serve(customer(tmp_path, approval=Approval(usd=caught.value.approve_usd, any_price=True))):
        till.reserve(CALL).settle(Usage(tokens_in=5, tokens_out=5), outcome="ok")
        till.reserve(CALL).settle(Usage(cost_usd=0.25), outcome="ok")

    assert caught.value.any_price
    counted = PriceTable().assumed_usd(CALL, Usage(tokens_in=5, tokens_out=5))
    assert spent_by(tmp_path) == pytest.approx(0.25 + counted)


def test_an_approved_unknown_price_has_a_cap_all_the_same(tmp_path: Path) -> None:
    """Calls that nobody knows the price of count at the highest known one, until what was approved is reached."""
    till = make_till(tmp_path, budget=ROOMY, prices=PriceTable())
    most = 2.5 * PriceTable().assumed_usd(CALL)
    with till.serve(customer(tmp_path, approval=Approval(usd=most, any_price=True))):
        for _ in range(2):
            till.reserve(CALL).settle(Usage(), outcome="timeout")
        with pytest.raises(Held) as caught:
            till.reserve(CALL)

    assert caught.value.code is Code.BOOK_BUDGET
    assert spent_by(tmp_path) <= most


def test_what_may_not_have_been_charged_counts_in_full_and_is_told_at_its_usual_size(tmp_path: Path) -> None:
    """A lost answer is "maybe": below the caps the most that it can cost; beside it what such a call usually does."""
    till = make_till(tmp_path, budget=ROOMY)
    with till.serve(customer(tmp_path)):
        till.reserve(CALL).settle(Usage(cost_usd=CALL_USD / 4), outcome="ok")
        till.reserve(CALL).settle(Usage(), outcome="dropped")
        till.reserve(CALL).cancel(outcome="http 500")
    doubt = Ledger(tmp_path, clock=SystemClock(), owner=current_owner("test", pid=1)).doubts()["a-book"]
    records = [json.loads(path.read_text()) for path in sorted((tmp_path / "a-book/data/calls").glob("*.json"))]

    assert [record["charged"] for record in records] == ["sure", "maybe", "none"]
    assert [doubt.most, doubt.usual] == pytest.approx([CALL_USD, CALL_USD / 4])
    assert spent_by(tmp_path) == pytest.approx(CALL_USD * 5 / 4)


def test_what_is_private_costs_nothing_and_is_recorded(tmp_path: Path) -> None:
    """A call to one's own machine needs no price and no ledger, but its usage is kept."""
    till = make_till(tmp_path, budget=Budget(max_usd_per_book=0.0, approve_above_usd=0.0), prices=PriceTable())
    call = Call(
        kind="image", model="m", endpoint="http://me:secret@127.0.0.1:8080/v1?key=k", prompt_digest="ab",
        tokens_in=7, tokens_out_max=0, images=1,
    )  # fmt: skip
    with till.serve(customer(tmp_path)):
        till.reserve(call).settle(Usage(tokens_in=6, images=1), outcome="ok")
    record = json.loads((tmp_path / "a-book/data/calls/1.json").read_text())

    assert not (tmp_path / FOLDER).exists()
    assert (record["cost_usd"], record["tokens_in"], record["images"], record["chapter"]) == (0.0, 6, 1, 1)
    assert record["endpoint"] == "127.0.0.1:8080/v1"


def test_a_reservation_nobody_ended_counts_in_full(tmp_path: Path) -> None:
    """A provider that forgets one, or fails between sending and settling, does not make the call free."""
    till = make_till(tmp_path, budget=ROOMY)
    with till.serve(customer(tmp_path)):
        kept = till.reserve(CALL)
    kept.settle(Usage(tokens_in=0, tokens_out=0), outcome="too late")

    assert spent_by(tmp_path) == CALL_USD
    assert len(list((tmp_path / "a-book/data/calls").iterdir())) == 1


def test_a_torn_line_of_the_ledger_is_passed_over(tmp_path: Path) -> None:
    """A writer killed in the middle of a line has reserved nothing, and spoils nobody's line."""
    till = make_till(tmp_path, budget=ROOMY)
    with till.serve(customer(tmp_path)):
        till.reserve(CALL).settle(Usage(), outcome="ok")
        (file,) = (tmp_path / FOLDER).glob("*.jsonl")
        with file.open("ab") as torn:
            torn.write(b'{"reserve": "half a li')
        till.reserve(CALL).settle(Usage(), outcome="ok")

    assert spent_by(tmp_path) == 2 * CALL_USD


def test_an_approved_book_costs_what_was_approved_and_no_more() -> None:
    """Unapproved, a book stops where it would have been asked about; approved, at what the person read."""
    budget = Budget(max_usd_per_book=5.0, approve_above_usd=2.0)

    assert cap_usd(budget, None) == 2.0
    assert cap_usd(budget, Approval(usd=3.0)) == 3.0
    assert cap_usd(budget, Approval(usd=8.0)) == 8.0


def test_what_a_hold_says_is_what_approving_it_allows(tmp_path: Path) -> None:
    """The amount in the words and the cap after the approval are the same to the cent, whatever the settings' cap."""
    till = make_till(tmp_path, budget=Budget(max_usd_per_book=10.0, approve_above_usd=CALL_USD))
    with till.serve(replace(customer(tmp_path), high_usd=lambda: 0.2612)):
        till.reserve(CALL).settle(Usage(), outcome="ok")
        with pytest.raises(Held) as caught:
            till.reserve(CALL)
    allowed = Approval(usd=caught.value.approve_usd)

    assert str(caught.value).endswith("approving raises the limit to 0.32 USD")
    assert cap_usd(Budget(max_usd_per_book=10.0), allowed) == 0.32


def test_what_was_asked_for_a_book_lowers_its_cap() -> None:
    """`add --budget` never lets a book cost more than the settings do; what was approved later goes before it."""
    budget = Budget(max_usd_per_book=5.0, approve_above_usd=2.0)

    assert cap_usd(budget, None, asked_usd=0.5) == 0.5
    assert cap_usd(budget, None, asked_usd=50.0) == 2.0
    assert cap_usd(budget, Approval(usd=3.0), asked_usd=0.5) == 3.0


@pytest.mark.parametrize(
    ("cost", "approval", "asks"),
    [
        (Cost(low=1, likely=2.0, high=3), None, None),
        (Cost(low=1, likely=2.1, high=3), None, 3.0),
        (Cost(low=1, likely=2.1, high=3), Approval(usd=3.0), None),
        (Cost(), None, None),
        (Cost(low=1, likely=2.1, high=3.001), None, 3.01),
        (None, None, 10.0),
        (None, Approval(usd=12.0), 12.0),
        (None, Approval(any_price=True), None),
    ],
)
def test_a_dear_book_asks_before_anything_is_paid(
    cost: Cost | None, approval: Approval | None, asks: float | None
) -> None:
    """Above approve_above_usd, or at an unknown price, it waits; approving allows the high end of the estimate."""
    text, image = Share(model="t", cost=cost), Share(model="builtin", cost=Cost())
    found = Estimate(title="T", chapters=1, words=1, scenes=1, images=1, text=text, image=image)
    budget = Budget(max_usd_per_book=10.0, approve_above_usd=2.0)
    why = held_after_split(found, budget=budget, approval=approval)

    assert (why.approve_usd if why else None) == asks
    assert why is None or why.any_price is (cost is None)


def test_a_book_done_again_is_held_by_what_both_cost() -> None:
    """What was spent before counts for whether it is asked, and is in the sum that approving allows."""
    share = Share(model="t", cost=Cost(low=1.0, likely=1.5, high=1.8))
    found = Estimate(
        title="T", chapters=1, words=1, scenes=1, images=1, text=share, image=Share(model="builtin", cost=Cost())
    )
    budget = Budget(max_usd_per_book=10.0, approve_above_usd=2.0)
    first, again = (held_after_split(found, budget=budget, approval=None, spent_usd=usd) for usd in (0.0, 1.0))

    assert first is None
    assert again is not None
    assert again.approve_usd == 2.8
    assert "on top of the 1.00 that it has cost before" in str(again)
    assert "unasked" not in str(again)


def test_nothing_of_a_held_book_is_claimable_until_it_is_approved() -> None:
    """Holding and approving are all that changes; the work waits as it was."""
    book = merged_book(10, 20)
    held = hold(book, why=Hold(reason="dear", since=EPOCH, approve_usd=3.0, any_price=True))
    freed = approve(held)

    assert (phase(held), claimable(held, now=EPOCH + timedelta(days=99))) == (Phase.HELD, [])
    assert claimable(freed, now=EPOCH) == claimable(book, now=EPOCH)
    assert freed.approval == Approval(usd=3.0, any_price=True)
    assert phase(cancel(held, now=EPOCH, reason="no")) is Phase.CANCELLED


def test_a_book_held_until_a_moment_goes_on_by_itself() -> None:
    """The first claim after it ends the hold; a person cannot approve it away."""
    until = EPOCH + timedelta(hours=1)
    held = hold(merged_book(10), why=Hold(reason="the day's cap", since=EPOCH, until=until))

    assert claim(held, by=make_claim(), now=EPOCH) is held
    assert claim(held, by=make_claim(), now=until).hold is None
    with pytest.raises(Rejected, match="max_usd_per_day"):
        approve(held)


def test_only_a_hold_for_a_day_is_let_go_without_a_person() -> None:
    """After a reload the cap of the day may be another; what must be approved still must be."""
    book = merged_book(10)
    dear = hold(book, why=Hold(reason="dear", since=EPOCH))
    today = hold(book, why=Hold(reason="the day's cap", since=EPOCH, until=EPOCH + timedelta(hours=1)))

    assert let_go(today).hold is None
    assert let_go(dear) is dear and let_go(book) is book


def test_the_reason_a_person_must_decide_outlives_the_others() -> None:
    """A book that waits for an approval does not come to wait for midnight instead."""
    person = Hold(reason="p", since=EPOCH, approve_usd=1.0)
    day = Hold(reason="d", since=EPOCH, until=EPOCH)

    assert hold(hold(admitted_book(), why=person), why=day).hold == person
    assert hold(hold(admitted_book(), why=day), why=person).hold == person


class PayingProvider(StubProvider):
    """Pays for each answer at an endpoint whose price nobody knows."""

    def __init__(self, till: BookTill) -> None:
        self._till = till

    def write(self, request: TextRequest) -> TextReply:
        self._till.reserve(CALL).settle(Usage(cost_usd=0.01), outcome="ok")
        return super().write(request)


def test_a_worker_that_may_not_pay_gives_back_its_claim_and_the_book_waits(tmp_path: Path) -> None:
    """No attempt is used, no other chapter is tried; approved, the book runs to its end and its calls are recorded."""
    place = prepare(tmp_path / "p", book=make_epub(tmp_path / "b.epub", chapters=2))
    clock = SystemClock()
    library = Library(place.library, clock=clock)
    take_in(place, library)
    (book,) = library.books()
    ours, theirs = channel_pair()
    till = make_till(place.library, budget=ROOMY, prices=PriceTable())
    shop = Workshop(
        settings=place.settings(), end=theirs, clock=clock, orders=Undisturbed(), log=get_log(), library=library,
        owner=current_owner("worker-1", pid=os.getpid()), text=PayingProvider(till), image=StubProvider(), till=till,
        bench=Bench(Undisturbed(), clock=clock),
        reader=ReaderGate(Undisturbed(), must_confine=False, clock=clock),
    )  # fmt: skip

    def run() -> None:
        while (held := claim_next(shop)) is not None:
            perform(shop, held)

    with ours, theirs:
        run()
        waiting = library.read(book)
        library.update(book, holding.approve)
        run()

    assert phase(waiting) is Phase.HELD
    assert [entry.retry_count for entry in waiting.chapters.values()] == [0, 0]
    assert sum(entry.attempt for entry in waiting.chapters.values()) == 1
    assert phase(library.read(book)) is Phase.DONE
    assert len(list(library.files(book).calls.glob("*.json"))) == 2
    assert spent_by(place.library, book) == 0.02


def test_a_held_book_waits_in_the_daemon_until_approve(tmp_path: Path) -> None:
    """`status` says why and what to do; `approve`, or a reload for the day's cap, lets it run to its end."""
    with daemon_in(tmp_path, workers__max_concurrency=1) as daemon:
        daemon.drop(make_epub(tmp_path / "b.epub", chapters=1))
        (row,) = daemon.wait_for_phases("done")
        book = str(row["book"])
        library = Library(daemon.library, clock=SystemClock())
        library.update(book, partial(holding.hold, why=Hold(reason="too dear", since=EPOCH, approve_usd=3)))
        daemon.call("retry", book=book, chapters=[1])
        (held,) = daemon.wait_for_phases("held")
        text = CliRunner().invoke(main, ["--socket", str(daemon.socket), "status", book]).output
        answer = CliRunner().invoke(main, ["--socket", str(daemon.socket), "approve", book, "--json"])
        daemon.wait_for_phases("done")
        day = Hold(reason="max_usd_per_day", since=EPOCH, until=SystemClock().now() + timedelta(days=1))
        library.update(book, partial(holding.hold, why=day))
        daemon.call("retry", book=book, chapters=[1])
        daemon.wait_for_phases("held")
        daemon.call("reload")  # with another cap, perhaps
        daemon.wait_for_phases("done")
        again = CliRunner().invoke(main, ["--socket", str(daemon.socket), "approve", book])

        assert dict(held["held"])["reason"] == "too dear"  # type: ignore[call-overload]
        assert f"imaginizectl approve {book}" in text
        assert json.loads(answer.output)["may_cost_usd"] == 3.0
        assert again.exit_code == ExitCode.NOTHING_TO_DO
        assert daemon.events("book_approved")


def test_estimate_of_a_real_epub_is_its_golden_json(tmp_path: Path) -> None:
    """Without a daemon, a key or a network: chapters, scenes, images, tokens, costs, and when they were looked up."""
    book = make_epub(tmp_path / "b.epub", chapters=3, paragraphs=200)
    prices = tmp_path / "prices.toml"
    prices.write_text(
        "[[text]]\nmodel = 'known'\ninput_usd_per_million = 1\noutput_usd_per_million = 8\ndate = 2026-01-31\n"
        "[[image]]\nmodel = 'painter'\nusd_per_image = 0.04\ndate = 2026-02-01\n"
    )
    config = tmp_path / "c.toml"
    config.write_text('[budget]\nprice_file = "prices.toml"\n')
    options = ["--config", str(config), "--text-model", "known", "--image-model", "painter", "--json"]
    result = CliRunner().invoke(main, ["--socket", str(tmp_path / "none"), "estimate", str(book), *options])

    assert result.exit_code == ExitCode.OK
    assert json.loads(result.output) == json.loads(GOLDEN.read_text())


def test_estimate_says_what_is_unknown_and_that_builtin_is_free(tmp_path: Path) -> None:
    """A model without a price is named; what costs nothing is said to."""
    book = str(make_epub(tmp_path / "b.epub", chapters=1))
    unknown = CliRunner().invoke(main, ["--socket", str(tmp_path / "s"), "estimate", book, "--text-model", "mystery"])
    free = CliRunner().invoke(main, ["--socket", str(tmp_path / "s"), "estimate", book])
    nobody = CliRunner().invoke(main, ["--socket", str(tmp_path / "s"), "estimate", "no such book"])

    assert "unknown, because the price table does not have mystery" in unknown.output
    assert "cost:   nothing" in free.output
    assert nobody.exit_code == ExitCode.NO_SUCH_BOOK


def test_estimate_of_a_book_that_is_not_split_goes_by_what_was_asked_for_it(tmp_path: Path) -> None:
    """A page an image instead of ten is ten times the images, before the chapters are on disk as after."""
    place = prepare(tmp_path / "p", book=make_epub(tmp_path / "b.epub", chapters=1, paragraphs=40))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    (book,) = library.books()
    write_atomic(library.files(book).request, dump(BookRequest(pages_per_image=1)))
    config = tmp_path / "c.toml"
    config.write_text(f'paths.library = "{place.library}"\n')
    command = ["--socket", str(tmp_path / "s"), "estimate", book, "--config", str(config), "--json"]
    found = json.loads(CliRunner().invoke(main, command).output)

    assert found["images"] == found["scenes"] == round(found["words"] / WORDS_PER_PAGE) > found["chapters"] == 1


def test_a_price_file_that_is_none_is_a_settings_error(tmp_path: Path) -> None:
    """It is named, with what is wrong, before anything is read or spent."""
    config = tmp_path / "c.toml"
    config.write_text('[budget]\nprice_file = "missing.toml"\n')
    book = str(make_epub(tmp_path / "b.epub", chapters=1))
    result = CliRunner().invoke(main, ["estimate", book, "--config", str(config)])

    assert result.exit_code == ExitCode.BAD_SETTINGS
    assert "missing.toml: price_file cannot be read" in result.stderr


def test_a_book_whose_chapters_are_doubtful_waits_where_the_settings_say_so(tmp_path: Path) -> None:
    """It is split, told with the reason and held before any chapter is begun; approved, it runs to its end."""
    pages = {"a.xhtml": page("<p>The red lamp stood in the green tower by the dark river, and Anna saw it.</p>" * 1300)}
    book = build_epub(tmp_path, pages=pages, name="lump.epub")
    with daemon_in(tmp_path, reading__doubtful="wait") as daemon:
        daemon.drop(book)
        (held,) = daemon.wait_for_phases("held")
        waiting = daemon.call("status", book=held["book"])
        CliRunner().invoke(main, ["--socket", str(daemon.socket), "approve", str(held["book"])])
        daemon.wait_for_phases("done")

        assert dict(held["held"])["code"] == "doubtful"  # type: ignore[call-overload]
        assert [row["attempt"] for row in waiting["chapter_list"]] == [0]  # type: ignore[attr-defined]
        assert str(waiting["warnings"]).startswith("['its chapters may be wrong (")
