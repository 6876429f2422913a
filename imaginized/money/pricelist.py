"""Where the price table is read from: the user's own file, or the one that is shipped."""

from importlib.resources import files as package_files
from pathlib import Path

from imaginized.errors import SettingsError
from imaginized.money.prices import PriceTable, parse_prices


def read_prices(path: Path | None) -> PriceTable:
    """The price table: the user's own file, or for None the one that is shipped.

    Raises:
        SettingsError: It cannot be read or is no price table; lists every mistake.
    """
    if path is None:
        return parse_prices((package_files("imaginized.money") / "prices.toml").read_text(), origin="prices.toml")
    try:
        return parse_prices(path.read_text(encoding="utf-8"), origin=str(path))
    except OSError as error:
        raise SettingsError(f"{path}: price_file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: price_file is not UTF-8 text") from error
