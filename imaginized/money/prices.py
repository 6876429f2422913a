"""What a call costs: a dated price table, read from TOML text, and the worst case of a call. Pure; opens no file.

A model that is not in the table has an unknown price. Nothing is guessed: an unknown price is for a person to decide.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlsplit

from imaginized.errors import SettingsError
from imaginized.money.calls import Call, Usage
from imaginized.settings.near import is_private
from imaginized.settings.toml import NotToml, parse

MILLION = 1_000_000
LONGEST_PRICE_USD = 10_000.0
# What follows a model's name in the name of one of its snapshots: "-2025-08-07", "-0613", "-latest". Nothing else does:
# what ends in "-pro" is another model and costs more.
_SNAPSHOT = re.compile(r"(-\d{4}-\d\d-\d\d|-\d{3,8}|-latest)?")
_UNSAID = frozenset(("", "auto"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one model costs at some endpoints.

    Attributes:
        model: Its name, or with a final * the beginning of many names.
        hosts: Of the endpoints it is valid for; empty for any, those on this machine included.
        size: Of images; "" for any.
        quality: Of images; "" for any.
        date: When it was looked up.
        source: Where; "" where nobody said.
        cached_usd_per_million: Of tokens that the endpoint had in its prompt cache; None for the price of all others.
        reasoning_tokens: Of the answer, what a model that thinks before it answers takes for that with each call, from
            and to; for estimates alone.
        reasoning_source: Who says that.
    """

    model: str
    date: date
    source: str = ""
    hosts: tuple[str, ...] = ()
    input_usd_per_million: float = 0.0
    cached_usd_per_million: float | None = None
    output_usd_per_million: float = 0.0
    usd_per_image: float = 0.0
    size: str = ""
    quality: str = ""
    reasoning_tokens: tuple[int, int] = (0, 0)
    reasoning_source: str = ""

    def cost_usd(self, *, tokens_in: int, tokens_out: int, images: int, tokens_cached: int = 0) -> float:
        """What so much costs; what was cached is part of what went in."""
        cached = min(tokens_cached, tokens_in) if self.cached_usd_per_million is not None else 0
        tokens = (tokens_in - cached) * self.input_usd_per_million + tokens_out * self.output_usd_per_million
        tokens += cached * (self.cached_usd_per_million or 0.0)
        return tokens / MILLION + images * self.usd_per_image


FREE = Price(model="*", date=date.max)
# What a call whose price nobody knows counts at the least, should the user's own table have only cheap models.
DEAR = Price(model="*", date=date.max, input_usd_per_million=15.0, output_usd_per_million=75.0, usd_per_image=0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTable:
    """All prices that are known."""

    text: tuple[Price, ...] = ()
    image: tuple[Price, ...] = ()

    def prices(self, call: Call) -> tuple[Price, ...]:
        """Every price the call may have, dearest last; empty when none is known.

        More than one where the call leaves size or quality to the endpoint. A model that makes images but has no image
        price may be paid by its tokens, as chat models are.
        """
        if call.kind == "image":
            found = _fitting(self.image, call) or _fitting(self.text, call)
        else:
            found = _fitting(self.text, call)
        if not found and (is_private(call.endpoint) or _is_given_away(call)):
            return (FREE,)
        return tuple(sorted(found, key=lambda price: _worst_usd(price, call)))

    def worst_usd(self, call: Call) -> float | None:
        """The most the call can cost, to the micro-dollar upwards; None when its price is unknown."""
        found = self.prices(call)
        return _rounded_up(_worst_usd(found[-1], call)) if found else None

    def spent_usd(self, call: Call, usage: Usage) -> float | None:
        """What the call cost, by what the endpoint says it took; None when its price is unknown."""
        if usage.cost_usd is not None and math.isfinite(usage.cost_usd) and usage.cost_usd >= 0:
            return _rounded_up(usage.cost_usd)
        found = self.prices(call)
        if not found:
            return None
        cost = found[-1].cost_usd(
            tokens_in=call.tokens_in if usage.tokens_in is None else usage.tokens_in,
            tokens_out=call.tokens_out_max if usage.tokens_out is None else usage.tokens_out,
            images=call.images if usage.images is None else usage.images,
            tokens_cached=usage.tokens_cached,
        )
        return _rounded_up(cost)

    def assumed_usd(self, call: Call, usage: Usage | None = None) -> float:
        """What a call of unknown price counts below the caps: as much as at the dearest prices that are known.

        Args:
            call: Of which nobody knows the price.
            usage: What it took; None for the most that it can take.
        """
        rows = (*(self.image if call.kind == "image" else self.text), DEAR)
        took = usage or Usage()
        used = replace(
            call,
            tokens_in=call.tokens_in if took.tokens_in is None else took.tokens_in,
            tokens_out_max=call.tokens_out_max if took.tokens_out is None else took.tokens_out,
            images=call.images if took.images is None else took.images,
        )
        return _rounded_up(max(_worst_usd(price, used) for price in rows))

    def is_known(self, call: Call, usage: Usage, *, was_answered: bool) -> bool:
        """Whether it is known that the call was charged, and how much, by what the endpoint says it took."""
        if usage.cost_usd is not None or (usage.tokens_in is not None and usage.tokens_out is not None):
            return True
        # By the picture alone: what came has its price, whatever else is not said.
        by_picture = all(price.usd_per_image and not _is_by_token(price) for price in self.prices(call))
        return was_answered and by_picture


def parse_prices(text: str, *, origin: str) -> PriceTable:
    """Read a price table.

    Args:
        text: TOML with [[text]] and [[image]] tables.
        origin: Where it came from, for messages.

    Raises:
        SettingsError: It is no such table; lists every mistake.
    """
    try:
        tables = parse(text)
    except NotToml as error:
        raise SettingsError(error.at(origin)) from error
    mistakes = [f"{origin}: {key}: unknown; write [[text]] or [[image]]" for key in tables if key not in _KEYS]
    read = {kind: _read_rows(tables.get(kind, []), kind=kind, origin=origin, mistakes=mistakes) for kind in _KEYS}
    if mistakes:
        raise SettingsError(*mistakes)
    return PriceTable(text=read["text"], image=read["image"])


_SHARED = {"model", "date", "source", "hosts", "input_usd_per_million", "cached_usd_per_million"}
_SHARED |= {"output_usd_per_million"}
_THOUGHT = {"reasoning_tokens", "reasoning_source"}
_KEYS: Mapping[str, set[str]] = {
    "text": _SHARED | _THOUGHT,
    "image": {field.name for field in fields(Price)} - _THOUGHT,
}
_NEEDED = {
    "text": {"model", "date", "input_usd_per_million", "output_usd_per_million"},
    "image": {"model", "date", "usd_per_image"},
}


def _read_rows(rows: object, *, kind: str, origin: str, mistakes: list[str]) -> tuple[Price, ...]:
    """The prices of one kind; what is wrong with any goes to `mistakes`."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        mistakes.append(f"{origin}: {kind}: write [[{kind}]], once for every model")
        return ()
    prices = []
    for number, row in enumerate(rows, 1):
        wrong = _wrong(row, kind=kind)
        mistakes += [f"{origin}: [[{kind}]] number {number} ({row.get('model', 'no model')}): {each}" for each in wrong]
        if not wrong:
            tuples = {key: tuple(row[key]) for key in ("hosts", "reasoning_tokens") if key in row}
            prices.append(Price(**{**row, **tuples}))
    return tuple(prices)


def _wrong(row: Mapping[str, object], *, kind: str) -> list[str]:
    wrong = [f"{key}: unknown; known are {', '.join(sorted(_KEYS[kind]))}" for key in row if key not in _KEYS[kind]]
    wrong += [f"{key} is missing" for key in sorted(_NEEDED[kind] - set(row))]
    checked = (_wrong_value(key, value) for key, value in row.items() if key in _KEYS[kind])
    return wrong + [each for each in checked if each]


def _wrong_value(key: str, value: object) -> str:
    """What is wrong with the value of a key that there is; "" for nothing."""
    if key.endswith("_usd_per_million") or key == "usd_per_image":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        is_right = is_number and 0 <= float(str(value)) <= LONGEST_PRICE_USD
        return "" if is_right else f"{key} must be a number from 0 to {LONGEST_PRICE_USD:g}"
    if key == "date":
        return "" if type(value) is date else "date must be a day, written 2026-01-31 without quotes"
    if key == "hosts":
        is_list = isinstance(value, list) and all(isinstance(host, str) for host in value)
        return "" if is_list else 'hosts must be a list of host names, as in ["api.example.com"]'
    if key == "reasoning_tokens":
        wanted = f"reasoning_tokens must be two whole numbers from 0 to {MILLION}, as in [300, 25000]"
        return "" if _is_range(value) else wanted
    is_text = isinstance(value, str) and (key != "model" or bool(value))
    return "" if is_text else f"{key} must be text"


def _is_range(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(each) is int for each in value)
        and 0 <= value[0] <= value[1] <= MILLION
    )


def _fitting(prices: Iterable[Price], call: Call) -> list[Price]:
    """Those for this model at this endpoint, by the longest name that fits; a whole name goes before its last part."""
    host = _host(call)
    at_host = [price for price in prices if not price.hosts or host in price.hosts]
    for name in dict.fromkeys((call.model, call.model.rpartition("/")[2])):
        named = [price for price in at_host if _is_name(price.model, name)]
        longest = max((len(price.model.rstrip("*")) for price in named), default=0)
        best = [price for price in named if len(price.model.rstrip("*")) == longest]
        sized = [price for price in best if _fits(price.size, call.size) and _fits(price.quality, call.quality)]
        if named:
            return sized
    return []


def _is_given_away(call: Call) -> bool:
    """OpenRouter's free models are those whose name says so."""
    return call.model.endswith(":free") and _host(call) == "openrouter.ai"


def _host(call: Call) -> str:
    try:
        return urlsplit(call.endpoint).hostname or ""
    except ValueError:
        return ""


def _is_by_token(price: Price) -> bool:
    return price.input_usd_per_million > 0 or price.output_usd_per_million > 0


def _is_name(pattern: str, name: str) -> bool:
    if not name.startswith(pattern.rstrip("*")):
        return False
    return pattern.endswith("*") or _SNAPSHOT.fullmatch(name[len(pattern) :]) is not None


def _fits(listed: str, asked: str) -> bool:
    return listed == "" or asked in _UNSAID or listed == asked


def _worst_usd(price: Price, call: Call) -> float:
    return price.cost_usd(tokens_in=call.tokens_in, tokens_out=call.tokens_out_max, images=call.images)


def _rounded_up(usd: float) -> float:
    return math.ceil(round(usd * MILLION, 3)) / MILLION
