"""`imaginizectl prices`: what models cost by the table in force, and a table from an endpoint that publishes it."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from importlib.resources import files as package_files
from pathlib import Path
from urllib.parse import urlsplit

from imaginized.cli.command import envelope
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.money.pricelist import read_prices
from imaginized.money.prices import Price, PriceTable, parse_prices
from imaginized.money.published import merged, published
from imaginized.settings.file import load_settings
from imaginized.settings.near import is_private
from imaginized.settings.places import settings_file
from imaginized.store.writing import write_atomic

MOST_BYTES = 20_000_000
TIMEOUT_SECONDS = 30.0
NO_SOURCE = "source not given"
Report = dict[str, object]


class _Unmoved(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else than where it was sent: prices of another host are not those that were asked for."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def price_file_of(config: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The user's own price file, which need not exist; None where the settings name none.

    Raises:
        ControlError: The settings are wrong.
    """
    try:
        return load_settings(settings_file(config, environment), environment=environment).budget.price_file
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error


def table_of(price_file: Path | None) -> tuple[Report, list[str]]:
    """The table in force: for programs, and for people.

    Raises:
        ControlError: The user's file is no price table.
    """
    try:
        table = read_prices(price_file)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    where = str(price_file) if price_file else "the table that is shipped"
    rows = [_row(kind, price) for kind, prices in _kinds(table) for price in prices]
    lines = [f"prices from {where}, in USD; a model that is not listed has an unknown price"]
    lines += [line for kind, prices in _kinds(table) for line in map(_line, prices, [kind] * len(prices))]
    if missing := sum(not row["source"] for row in rows):
        lines.append(f"{missing} of {len(rows)} rows do not say where their price was looked up; check them")
    return envelope("prices", file=str(price_file) if price_file else None, prices=rows), lines


def refresh(url: str, *, price_file: Path | None) -> tuple[Report, list[str]]:
    """Put what an endpoint publishes into the user's own price file.

    Raises:
        ControlError: There is no such file to write, the endpoint cannot be asked, or what comes is no list of prices.
    """
    if price_file is None:
        advice = "set price_file in [budget], such as prices.toml; it need not exist yet"
        raise ControlError(f"you have no price file of your own; {advice}", exit_code=ExitCode.BAD_SETTINGS)
    source = _source(url)
    try:
        found = published(_fetch(url), source=source, day=datetime.now(UTC).date())
    except (OSError, http.client.HTTPException) as error:
        raise ControlError(f"{source} cannot be read: {error}", exit_code=ExitCode.BUG) from error
    except (ValueError, RecursionError) as error:
        raise ControlError(f"{source} publishes no prices: {error}", exit_code=ExitCode.REJECTED) from error
    shipped = package_files("imaginized.money") / "prices.toml"
    try:
        before = price_file.read_text(encoding="utf-8") if price_file.exists() else shipped.read_text()
        text = merged(before, found, source=source)
        parse_prices(text, origin=str(price_file))  # nothing is written that could not be read
        write_atomic(price_file, text.encode())
    except (OSError, UnicodeDecodeError) as error:
        raise ControlError(f"{price_file} cannot be written: {error}", exit_code=ExitCode.BUG) from error
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    lines = [f"{price_file} has the prices of {len(found.rows)} models from {source}"]
    if found.left_out:
        lines.append(f"{len(found.left_out)} models were left out: their price is unknown or not by the token alone")
    lines.append("run `imaginizectl reload` to use them")
    report = envelope(
        "prices_refreshed", file=str(price_file), source=source, models=len(found.rows), left_out=list(found.left_out)
    )
    return report, lines


def _source(url: str) -> str:
    """The URL without what nobody should read in a file: a password, a query."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ControlError(f"not a URL: {url}", exit_code=ExitCode.USAGE) from error
    if not host or parts.scheme not in ("http", "https") or not url.isascii() or any(c in url for c in '"\\\n\r '):
        raise ControlError(
            "give the https URL of a list of models, as in https://HOST/api/v1/models", exit_code=ExitCode.USAGE
        )
    if parts.scheme == "http" and not is_private(url):
        raise ControlError(
            f"{host} is asked by https only: on the way prices could be changed", exit_code=ExitCode.USAGE
        )
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


def _fetch(url: str) -> object:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    handlers: list[urllib.request.BaseHandler] = [_Unmoved()]
    if is_private(url):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=TIMEOUT_SECONDS) as answer:
            data = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is longer than {MOST_BYTES:,} bytes")
    return json.loads(data)


def _kinds(table: PriceTable) -> Iterator[tuple[str, tuple[Price, ...]]]:
    yield "text", table.text
    yield "image", table.image


def _row(kind: str, price: Price) -> Report:
    return {
        "kind": kind,
        "model": price.model,
        "hosts": list(price.hosts),
        "size": price.size,
        "quality": price.quality,
        "input_usd_per_million": price.input_usd_per_million,
        "output_usd_per_million": price.output_usd_per_million,
        "usd_per_image": price.usd_per_image,
        "date": _day(price.date),
        "source": price.source,
    }


def _line(price: Price, kind: str) -> str:
    parts = [f"{usd:g} {per}" for usd, per in (
        (price.input_usd_per_million, "a million tokens in"),
        (price.output_usd_per_million, "out"),
        (price.usd_per_image, "an image"),
    ) if usd]  # fmt: skip
    what = " ".join(each for each in (price.model, price.size, price.quality) if each)
    hosts = ", ".join(price.hosts) or "any endpoint"
    return f"{kind:<5} {what}: {', '.join(parts) or 'free'}; {hosts}; {_day(price.date)}, {price.source or NO_SOURCE}"


def _day(day: date) -> str:
    return day.isoformat()
