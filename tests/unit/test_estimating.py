"""What a book will cost: thoughts of a model that thinks, what its calls have cost so far, and what is not sure."""

import os
from datetime import date
from pathlib import Path

import pytest

from imaginized.cli.estimating import Spent, Told, lines_of, report_of
from imaginized.clock import SystemClock
from imaginized.money.calls import Call
from imaginized.money.estimating import Cost, Estimate, Model, Models, estimate
from imaginized.money.ledger import Doubt, Ledger
from imaginized.money.pricelist import read_prices
from imaginized.money.prices import Price, PriceTable
from imaginized.settings.model import Guide
from imaginized.store.owners import current_owner
from imaginized.story.text import ChapterText, Paragraph

DAY = date(2026, 11, 29)
MODEL = Model(name="thinker", endpoint="https://api.example.com/v1")
CHAPTERS = tuple(
    ChapterText(number=number, title="", paragraphs=(Paragraph(text="word " * 3000),)) for number in (1, 2)
)


def price(*, reasoning: tuple[int, int] = (0, 0)) -> PriceTable:
    row = Price(
        model="thinker", date=DAY, input_usd_per_million=1.0, output_usd_per_million=10.0, reasoning_tokens=reasoning
    )
    return PriceTable(text=(row,))


def of(prices: PriceTable, *, shares: dict[str, float] | None = None) -> Estimate:
    models = Models(text=MODEL, draws=False)
    return estimate("A Book", CHAPTERS, guide=Guide(), models=models, prices=prices, shares=shares or {})


def test_a_model_that_thinks_is_dearer_and_at_most_by_what_a_request_allows() -> None:
    """From a few hundred to tens of thousands of tokens with each call; more than is asked for never comes back."""
    plain, thinking, endless = of(price()), of(price(reasoning=(300, 25_000))), of(price(reasoning=(300, 1_000_000)))
    costs = [found.text.cost for found in (plain, thinking, endless)]
    assert costs[0] and costs[1] and costs[2]

    assert round(costs[1].low - costs[0].low, 6) == 2 * 300 * 10 / 1e6
    assert costs[0].likely < costs[1].likely < costs[1].high
    assert costs[1].high == costs[2].high > 2 * costs[0].likely
    assert thinking.text.reasoning[0] == 300
    assert thinking.text.reasoning[1] < 25_000
    assert "300 to" in "\n".join(lines_of(Told(estimate=thinking)))
    assert report_of(Told(estimate=plain))["text"]["reasoning_tokens"] is None  # type: ignore[index]


def test_what_calls_of_a_model_have_cost_goes_before_what_is_said_of_it(tmp_path: Path) -> None:
    """As a share of what was set aside for them; other models are estimated as before."""
    ledger = Ledger(tmp_path, clock=SystemClock(), owner=current_owner("t", pid=os.getpid()))
    call = Call(kind="text", model="thinker", endpoint="", prompt_digest="", tokens_in=0, tokens_out_max=0)
    for cost in (0.02, 0.04):
        ledger.settle(ledger.reserve("b", usd=0.10, check=lambda _: None, sort=call.sort), usd=cost)
    doubtful = ledger.reserve("b", usd=0.10, check=lambda _: None, sort=call.sort)
    ledger.settle(doubtful, usd=0.10, is_doubtful=True)

    told = of(price(reasoning=(300, 25_000)), shares=ledger.shares())
    most = 1.0 * told.text.tokens_in / 1e6 + 10.0 * (2 * 6000 + 400 * told.scenes) / 1e6

    assert ledger.shares() == {"text thinker": 0.3}
    assert told.text.is_learned
    assert told.text.cost
    assert round(told.text.cost.likely, 6) == round(most * 0.3, 6)
    assert of(price(), shares={"text another": 0.1}) == of(price())
    assert "as its calls have cost so far" in "\n".join(lines_of(Told(estimate=told)))


@pytest.mark.parametrize(("share", "factor"), [(0.5, 1.0), (1.0, 1.0), (1.5, 1.5), (3.0, 3.0)])
def test_pictures_that_cost_more_than_the_list_says_are_estimated_so(share: float, factor: float) -> None:
    """Or the person who approves would be asked a second time, near the book's end; a list that says more stays."""
    painter = Model(name="painter", endpoint="https://there.example/v1")
    row = Price(model="painter", date=DAY, usd_per_image=0.04)

    def told(shares: dict[str, float]) -> Cost:
        models, prices = Models(image=painter), PriceTable(image=(row,))
        found = estimate("A Book", CHAPTERS, guide=Guide(), models=models, prices=prices, shares=shares).image
        assert found.cost
        assert found.is_learned == (factor > 1 and bool(shares))
        return found.cost

    listed, learned = told({}), told({"image painter": share, "text painter": 9.0})
    assert [round(usd, 6) for usd in (learned.low, learned.likely, learned.high)] == [
        round(usd * factor, 6) for usd in (listed.low, listed.likely, listed.high)
    ]


def test_words_dearer_than_all_that_was_set_aside_are_asked_twice_at_that_price() -> None:
    """The most of an estimate is never below what is likely."""
    cost = of(price(), shares={"text thinker": 3.0}).text.cost
    assert cost
    assert cost.high == pytest.approx(2 * cost.likely)


def test_what_may_have_been_charged_stands_beside_what_was() -> None:
    """In an estimate of a book of the library, in the words of status."""
    spent = Spent(usd=0.5, doubt=Doubt(most=0.2, usual=0.05))
    told = Told(estimate=of(price()), spent=spent)

    assert report_of(told)["spent"] == {
        "spent_usd": 0.5,
        "sure_usd": 0.3,
        "maybe_usd": 0.2,
        "maybe_usual_usd": 0.05,
    }
    assert lines_of(told)[-1] == (
        "spent:  0.50 USD; 0.20 of it is for calls that may not have been charged (they usually cost 0.05)"
    )
    assert report_of(Told(estimate=of(price())))["spent"] is None


def test_the_shipped_rows_say_who_says_that_a_model_thinks() -> None:
    """As every price says where it was looked up."""
    table = read_prices(None)

    assert all(row.source.startswith("https://") for row in (*table.text, *table.image))
    assert all(row.reasoning_source.startswith("https://") for row in table.text if row.reasoning_tokens[1])
    assert any(row.reasoning_tokens[1] for row in table.text)
