"""The price table: which price a call has, what it costs at worst, and what is unknown."""

from dataclasses import replace
from datetime import date

import pytest

from imaginized.errors import SettingsError
from imaginized.money.calls import Call, Usage
from imaginized.money.pricelist import read_prices
from imaginized.money.prices import Price, PriceTable, parse_prices
from imaginized.providers.openai.usage import usage_of, with_counts
from imaginized.settings.near import is_private

OPENAI = "https://api.openai.com/v1"
DAY = date(2026, 1, 31)
CALL = Call(kind="text", model="m", endpoint=OPENAI, prompt_digest="", tokens_in=1_000_000, tokens_out_max=500_000)
IMAGE = Call(kind="image", model="i", endpoint=OPENAI, prompt_digest="", tokens_in=0, tokens_out_max=0, images=2)


def text_price(model: str, usd: float, *, hosts: tuple[str, ...] = ()) -> Price:
    return Price(model=model, date=DAY, hosts=hosts, input_usd_per_million=usd, output_usd_per_million=2 * usd)


def image_price(usd: float, *, size: str = "", quality: str = "") -> Price:
    return Price(model="i", date=DAY, usd_per_image=usd, size=size, quality=quality)


def test_the_shipped_table_is_read_and_every_price_is_dated() -> None:
    """The table in the package parses, and knows what it says it knows."""
    table = read_prices(None)
    call = replace(CALL, model="gpt-4o-mini")

    assert table.worst_usd(call) == pytest.approx(0.15 + 0.30)
    assert all(price.date <= date(2026, 11, 29) and price.hosts for price in (*table.text, *table.image))


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("m", 2.0),
        ("m-2025-08-07", 2.0),
        ("m-latest", 2.0),
        ("maker/m", 2.0),
        ("m-mini", 6.0),
        ("m-mini-0613", 6.0),
        ("wide-anything", 8.0),
        ("m-pro", None),
        ("mm", None),
        ("", None),
    ],
)
def test_the_longest_name_that_fits_gives_the_price(model: str, usd: float | None) -> None:
    """Snapshots cost what their model costs; any other ending is another model, whose price is unknown."""
    table = PriceTable(text=(text_price("m", 1.0), text_price("m-mini", 3.0), text_price("wide-*", 4.0)))

    assert table.worst_usd(replace(CALL, model=model)) == usd


def test_a_price_is_valid_at_its_hosts_only() -> None:
    """The same name at another endpoint is another offer."""
    table = PriceTable(text=(text_price("m", 1.0, hosts=("api.openai.com",)),))

    assert table.worst_usd(CALL) == 2.0
    assert table.worst_usd(replace(CALL, endpoint="https://elsewhere.example/v1")) is None
    assert table.worst_usd(replace(CALL, endpoint="http://127.0.0.1:8080/v1")) == 0.0


def test_a_given_price_counts_on_a_private_endpoint_too() -> None:
    """Somebody's own machine costs nothing, unless they say that it does."""
    table = PriceTable(text=(text_price("m", 1.0),))

    assert table.worst_usd(replace(CALL, endpoint="http://127.0.0.1:8080/v1")) == 2.0
    assert PriceTable().worst_usd(replace(CALL, endpoint="http://127.0.0.1:8080/v1")) == 0.0


@pytest.mark.parametrize(
    ("endpoint", "is_so"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost:1234/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://[::ffff:10.1.2.3]/v1", True),
        ("http://10.0.0.7/v1", True),
        ("http://172.31.0.1/v1", True),
        ("http://192.168.1.20:8000/v1", True),
        ("http://169.254.1.1/v1", True),
        ("http://[fd00::1]/v1", True),
        ("http://[fe80::1]/v1", True),
        ("http://100.101.102.103:11434/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://host.docker.internal:1234/v1", True),
        ("http://nas.local/v1", True),
        ("http://nas.lan./v1", True),
        ("http://100.128.0.1/v1", False),
        ("http://local.example.com/v1", False),
        ("http://192.0.2.1/v1", False),
        ("http://172.32.0.1/v1", False),
        ("http://8.8.8.8/v1", False),
        ("http://0.0.0.0/v1", False),
        ("http://[::ffff:8.8.8.8]/v1", False),
        ("https://api.openai.com/v1", False),
        ("https://127.0.0.1.example.com/v1", False),
        ("https://localhost.example.com/v1", False),
        ("http://user@8.8.8.8:80/10.0.0.1", False),
        ("http://[bad/v1", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_private_addresses_are_told_from_public_ones(endpoint: str, is_so: bool) -> None:
    """An address or a name of this machine or of a private network is private, and nothing else."""
    assert is_private(endpoint) is is_so


def test_an_image_has_the_price_of_its_size_and_quality() -> None:
    """What the call leaves open costs at worst the dearest that is listed; what is not listed is unknown."""
    table = PriceTable(
        image=(
            image_price(0.01, size="1x1", quality="low"),
            image_price(0.04, size="1x1", quality="high"),
            image_price(0.02, size="2x1"),
        )
    )

    assert table.worst_usd(replace(IMAGE, size="1x1", quality="low")) == 0.02
    assert table.worst_usd(replace(IMAGE, size="1x1", quality="auto")) == 0.08
    assert table.worst_usd(replace(IMAGE, size="2x1", quality="high")) == 0.04
    assert table.worst_usd(replace(IMAGE, size="9x9")) is None


def test_an_image_of_a_chat_model_is_paid_by_tokens() -> None:
    """A model without an image price is paid as its text is."""
    table = PriceTable(text=(text_price("i", 1.0),))

    assert table.worst_usd(replace(IMAGE, tokens_out_max=1_000_000)) == 2.0


def test_free_models_of_openrouter_cost_nothing() -> None:
    """There the name says it; elsewhere it says nothing."""
    free = replace(CALL, model="maker/model:free", endpoint="https://openrouter.ai/api/v1")

    assert PriceTable().worst_usd(free) == 0.0
    assert PriceTable().worst_usd(replace(free, endpoint=OPENAI)) is None


def test_usage_is_priced_and_what_is_not_said_counts_in_full() -> None:
    """The endpoint's own cost goes first, then its counts, then the most that was reserved."""
    table = PriceTable(text=(text_price("m", 1.0),))

    assert table.spent_usd(CALL, Usage(cost_usd=0.5, tokens_in=1)) == 0.5
    assert table.spent_usd(CALL, Usage(tokens_in=1000, tokens_out=1000)) == 0.003
    assert table.spent_usd(CALL, Usage(tokens_in=1000)) == 1.001
    assert table.spent_usd(CALL, Usage(cost_usd=float("nan"))) == 2.0
    assert PriceTable().spent_usd(CALL, Usage(tokens_in=1000)) is None


def test_every_mistake_of_a_table_is_named() -> None:
    """All at once, with the row, the key and what is allowed."""
    text = """
[[text]]
model = "m"
input_usd_per_million = -1
output_usd_per_million = "2"
date = "2026-01-31"
reasoning_tokens = [9, 1]
[[image]]
model = ""
colour = "red"
hosts = "api.example.com"
[other]
"""
    with pytest.raises(SettingsError) as caught:
        parse_prices(text, origin="mine.toml")
    message = str(caught.value)

    for part in (
        "mine.toml: other: unknown",
        "[[text]] number 1 (m): input_usd_per_million must be a number",
        "output_usd_per_million must be a number",
        "date must be a day",
        "model must be text",
        "colour: unknown",
        "hosts must be a list",
        "usd_per_image is missing",
        "reasoning_tokens must be two whole numbers",
    ):
        assert part in message


@pytest.mark.parametrize(
    "text", ["[[text]", "text = 1", "[text]\nmodel = 'm'", f"text = {'9' * 5000}", f"[[text]]\ndate = 0x{'f' * 5000}"]
)
def test_what_is_no_table_is_refused(text: str) -> None:
    """Text that is not TOML, and TOML of another form, are settings errors."""
    with pytest.raises(SettingsError, match=r"mine\.toml"):
        parse_prices(text, origin="mine.toml")


def test_cached_tokens_have_a_price_of_their_own() -> None:
    """Where the table has one; else they cost what all others cost."""
    price = replace(text_price("m", 1.0), cached_usd_per_million=0.1)
    usage = Usage(tokens_in=1_000_000, tokens_out=0, tokens_cached=500_000)

    assert PriceTable(text=(price,)).spent_usd(CALL, usage) == 0.55
    assert PriceTable(text=(text_price("m", 1.0),)).spent_usd(CALL, usage) == 1.0


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}, (10, 30, 0)),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}, (10, 5, 0)),
        ({"prompt_tokens": 10.0, "completion_tokens": 5.0}, (10, 5, 0)),
        ({"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 8}}, (10, None, 8)),
        ({"input_tokens": 10, "output_tokens": 2, "cache_read_input_tokens": 4}, (10, 2, 4)),
        ({"prompt_tokens": -1, "completion_tokens": 1e300, "total_tokens": True}, (None, None, 0)),
        ({"prompt_tokens": float("inf"), "completion_tokens": float("nan")}, (None, None, 0)),
    ],
)
def test_usage_is_what_was_charged(said: dict[str, object], usage: tuple[int | None, int | None, int]) -> None:
    """Thoughts that only the total has are paid for; nonsense says nothing."""
    found = usage_of({"usage": said})

    assert (found.tokens_in, found.tokens_out, found.tokens_cached) == usage


def test_what_an_answer_does_not_say_is_counted() -> None:
    """From the characters of a whole answer; of none nothing is counted."""
    assert with_counts(Usage(), sent=4000, answered=400) == Usage(tokens_in=1000, tokens_out=100)
    assert with_counts(Usage(), sent=4000, answered=0) == Usage()
    assert with_counts(Usage(tokens_in=7), sent=4000, answered=400) == Usage(tokens_in=7, tokens_out=100)
