"""Prices that an endpoint publishes of its models, as rows of a price file. Pure: fetches and writes nothing.

The form is that of OpenRouter's list of models: `data[].id` and `data[].pricing`, US dollars per token as text. Its
`image` is the price of a picture that is sent along, and is left out: no row tells that from one that is made.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from imaginized.money.prices import LONGEST_PRICE_USD, MILLION

MOST_MODELS = 10_000
_MODEL = re.compile(r"[A-Za-z0-9][\w./:@+~-]{0,199}", re.ASCII)
_BEGIN, _END = "# From {source}; the next refresh replaces what follows.", "# End of {source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What an endpoint publishes.

    Attributes:
        rows: Of a price file, as text, by model.
        left_out: Models whose price no row can say: by request, unknown, or out of bounds.
    """

    rows: Mapping[str, str]
    left_out: Sequence[str]


def published(found: object, *, source: str, day: date) -> Published:
    """Read a list of models.

    Args:
        found: The JSON that came.
        source: URL it came from, without a query or a password.
        day: When it came.

    Raises:
        ValueError: It is no such list; says what it is.
    """
    models = found.get("data") if isinstance(found, dict) else None
    if not isinstance(models, list) or not models:
        raise ValueError('it has no list "data" of models')
    if len(models) > MOST_MODELS:
        raise ValueError(f"it lists {len(models)} models; at most {MOST_MODELS} are read")
    rows: dict[str, str] = {}
    left_out: list[str] = []
    for model in models:
        name = model.get("id") if isinstance(model, dict) else None
        if not isinstance(name, str) or not _MODEL.fullmatch(name):
            left_out.append("a model without a usable name")
        elif (tokens := _tokens(model.get("pricing"))) is None:
            left_out.append(name)
        else:
            rows[name] = _row(name, tokens, source=source, day=day)
    if not rows:
        raise ValueError("none of its models has a price by the token")
    return Published(rows=rows, left_out=left_out)


def merged(text: str, found: Published, *, source: str) -> str:
    """The price file with these rows in the place of those of the last refresh from there; all else is as it was."""
    begin, end = _BEGIN.format(source=source), _END.format(source=source)
    before, mark, rest = text.partition(begin)
    after = rest.partition(end)[2].lstrip("\n") if mark else ""
    block = "\n".join((begin, "", *found.rows.values(), end))
    return "\n\n".join(part for part in (before.rstrip("\n"), block, after.rstrip("\n")) if part) + "\n"


def _row(name: str, tokens: tuple[float, float], *, source: str, day: date) -> str:
    host = urlsplit(source).hostname or ""
    into, out = (f"{usd:.6f}".rstrip("0").rstrip(".") for usd in tokens)
    return (
        f'[[text]]\nmodel = "{name}"\nhosts = ["{host}"]\ninput_usd_per_million = {into}\n'
        f'output_usd_per_million = {out}\ndate = {day.isoformat()}\nsource = "{source}"\n'
    )


def _tokens(pricing: object) -> tuple[float, float] | None:
    """Dollars per million tokens of the prompt and of the answer; None where that is not what it costs."""
    if not isinstance(pricing, dict) or _usd(pricing.get("request", "0")) != 0:
        return None
    into, out = (_usd(pricing.get(key)) for key in ("prompt", "completion"))
    if into is None or out is None or max(into, out) * MILLION > LONGEST_PRICE_USD:
        return None
    return into * MILLION, out * MILLION


def _usd(value: object) -> float | None:
    """A price; None for what is none: a negative one means that it depends."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 40:
        return None
    try:
        usd = float(value)
    except ValueError:
        return None
    return usd if math.isfinite(usd) and usd >= 0 else None
