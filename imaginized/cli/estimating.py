"""What a file or an admitted book will cost, for people and for programs. Needs no daemon and no key."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from imaginized.cli.output import echo
from imaginized.cli.view import spent_line
from imaginized.clock import SystemClock
from imaginized.control.client import Client
from imaginized.control.protocol import STATUS, STATUS_OF_BOOK, OneBook
from imaginized.errors import ControlError, ExitCode, ManifestCorrupt, Rejected, SettingsError
from imaginized.money.amounts import dollars
from imaginized.money.estimating import Cost, Estimate, Model, Models, Share, estimate
from imaginized.money.ledger import CERTAIN, Doubt, Ledger
from imaginized.money.pricelist import read_prices
from imaginized.money.prices import PriceTable
from imaginized.money.till import models_of
from imaginized.printable import cut, printable
from imaginized.reading.confined_reader import read_confined
from imaginized.settings.file import load_settings
from imaginized.settings.model import Guide, Settings
from imaginized.settings.places import SETTINGS_VARIABLE, settings_file
from imaginized.stages.estimate import estimate_admitted
from imaginized.stages.job import guide_for, settings_for
from imaginized.stages.records import load_request
from imaginized.store.files import BookFiles
from imaginized.store.owners import current_owner
from imaginized.store.records import RecordUnreadable

Report = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Models to estimate for instead of those in the settings; "" for those.

    Attributes:
        endpoint: Base URL of models that are named here.
    """

    endpoint: str
    text_model: str = ""
    image_model: str = ""
    image_size: str = ""
    image_quality: str = ""

    def applied_to(self, models: Models) -> Models:
        """The models that were wished for, and for the others those in the settings."""
        if self.text_model:
            models = replace(models, text=Model(name=self.text_model, endpoint=self.endpoint))
        if self.image_model:
            image = Model(
                name=self.image_model, endpoint=self.endpoint, size=self.image_size, quality=self.image_quality
            )
            models = replace(models, image=image, draws=True)
        return models


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a book of the library has cost so far.

    Attributes:
        usd: All that counts below its caps, `doubt` included.
        doubt: What of that may not have been charged.
    """

    usd: float
    doubt: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a file or a book.

    Attributes:
        estimate: Of all of it.
        spent: So far; None of a file, and where the library's ledger may not be read.
    """

    estimate: Estimate
    spent: Spent | None = None


def estimate_of(
    what: str, *, socket: Path, config: Path | None, environment: Mapping[str, str], wishes: Wishes
) -> Told:
    """Estimate a file, or a book of the library by its id or a part of its title.

    Args:
        what: The path of a file that exists, else the name of a book.
        socket: Of the daemon, which knows its books; without it the library of the settings is looked into.
        config: Settings file.
        environment: Variables.
        wishes: Models other than those of the settings.

    Raises:
        ControlError: There is no such file or book, it cannot be read, or the settings are wrong; says what to do.
    """
    try:
        settings = load_settings(settings_file(config, environment), environment=environment)
        prices = read_prices(settings.budget.price_file)
        ledger = Ledger(
            settings.paths.library, clock=SystemClock(), owner=current_owner("imaginizectl", pid=os.getpid())
        )
        shares = _shares(ledger)
        if Path(what).is_file():
            models = wishes.applied_to(models_of(settings))
            return Told(
                estimate=_of_file(Path(what), guide=settings.guide, models=models, prices=prices, shares=shares)
            )
        folder = folder_of(what, socket=socket, settings=settings)
        models = wishes.applied_to(models_of(settings_for(load_request(BookFiles(folder)), settings)))
        found = _of_book(folder, settings, models=models, prices=prices, shares=shares)
        return Told(estimate=found, spent=_spent(ledger, folder.name))
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    except Rejected as error:
        raise ControlError(str(error), exit_code=ExitCode.REJECTED) from error
    except (RecordUnreadable, ManifestCorrupt) as error:
        raise ControlError(str(error), exit_code=ExitCode.NEEDS_ATTENTION) from error


def _shares(ledger: Ledger) -> Mapping[str, float]:
    try:
        return ledger.shares()
    except OSError:  # the library is another user's: estimated without what its calls tell
        return {}


def _spent(ledger: Ledger, book: str) -> Spent | None:
    try:
        return Spent(usd=ledger.books().get(book, 0.0), doubt=ledger.doubts().get(book, CERTAIN))
    except OSError:
        return None


def _of_file(path: Path, *, guide: Guide, models: Models, prices: PriceTable, shares: Mapping[str, float]) -> Estimate:
    reading = read_confined(path.absolute(), original_name=path.name, must_be_whole=False)
    book = reading.book
    if reading.sandbox.shortfall:
        echo(f"imaginizectl: {reading.sandbox.shortfall}", err=True)
    return estimate(book.title, book.chapters, guide=guide, models=models, prices=prices, shares=shares)


def _of_book(
    folder: Path, settings: Settings, *, models: Models, prices: PriceTable, shares: Mapping[str, float]
) -> Estimate:
    files = BookFiles(folder)
    try:
        return estimate_admitted(files, settings=settings, models=models, prices=prices, shares=shares)
    except FileNotFoundError:  # not split yet
        sources = sorted(folder.glob("source.*"))
        if not sources:
            raise ControlError(f"{folder} holds no book", exit_code=ExitCode.NO_SUCH_BOOK) from None
        guide = guide_for(load_request(files), settings.guide)
        return _of_file(sources[0], guide=guide, models=models, prices=prices, shares=shares)


def settings_in_force(socket: Path, *, config: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The file that is named; else the one a running daemon goes by, which decides what is paid; else our own."""
    if config is not None or environment.get(SETTINGS_VARIABLE):
        return settings_file(config, environment)
    file = None
    with suppress(ControlError), Client(socket) as client:
        told = client.ask(STATUS).get("settings")  # an older daemon says nothing of it
        file = told["file"] if told else None
    if file and os.access(file, os.R_OK):
        return Path(file)
    return settings_file(None, environment)


def folder_of(name: str, *, socket: Path, settings: Settings) -> Path:
    """The folder of a book: the daemon is asked; where none runs, the library of the settings is looked into."""
    try:
        with Client(socket) as client:
            return Path(client.ask(STATUS_OF_BOOK, OneBook(book=name))["folder"])
    except ControlError as error:
        if error.exit_code is not ExitCode.NOT_RUNNING:
            raise
    library = settings.paths.library
    found = sorted(folder for folder in library.glob("*/") if name and name.casefold() in folder.name)
    exact = [folder for folder in found if folder.name == name]
    if len(exact or found) != 1:
        many = f"{name!r} may be {', '.join(folder.name for folder in found)}" if found else f"no file or book {name!r}"
        raise ControlError(f"{many}; no daemon runs, so {library} was looked into", exit_code=ExitCode.NO_SUCH_BOOK)
    return (exact or found)[0]


def report_of(told: Told) -> Report:
    """The estimate as one JSON object."""
    found = told.estimate
    return {
        "schema": "imaginized.estimate/1",
        "title": found.title,
        "chapters": found.chapters,
        "words": found.words,
        "scenes": found.scenes,
        "images": found.images,
        "text": _share(found.text),
        "image": _share(found.image),
        "cost_usd": _cost(found.cost),
        "unknown": list(found.unknown),
        "spent": _spent_row(told.spent) if told.spent else None,
    }


def _spent_row(spent: Spent) -> Report:
    most, usual = round(spent.doubt.most, 6), round(spent.doubt.usual, 6)
    sure = round(max(spent.usd - spent.doubt.most, 0.0), 6)
    return {"spent_usd": round(spent.usd, 6), "sure_usd": sure, "maybe_usd": most, "maybe_usual_usd": usual}


def lines_of(told: Told) -> list[str]:
    """The estimate for a person."""
    found = told.estimate
    lines = [
        cut(printable(found.title)),
        f"{found.chapters} chapters, {found.words} words, {found.scenes} scenes, {found.images} images",
        f"text:   {_share_line(found.text)}",
        f"images: {_share_line(found.image)}",
    ]
    if found.cost is None:
        lines.append(
            f"cost:   unknown, because the price table does not have {' and '.join(found.unknown)}; "
            "give the price in price_file of [budget]. Such a book waits for `imaginizectl approve`"
        )
    else:
        lines.append(f"cost:   {_usd(found.cost)}")
    if told.spent is not None and told.spent.usd:
        lines.append(spent_line(_spent_row(told.spent)))
    return lines


def _share(share: Share) -> Report:
    return {
        "model": share.model,
        "endpoint": share.endpoint,
        "calls": share.calls,
        "tokens_in": share.tokens_in,
        "tokens_out": share.tokens_out,
        "cost_usd": _cost(share.cost),
        "priced": share.priced.isoformat() if share.priced else None,
        "reasoning_tokens": list(share.reasoning) if share.reasoning[1] else None,
        "is_learned": share.is_learned,
    }


def _cost(cost: Cost | None) -> Report | None:
    return {"low": cost.low, "likely": cost.likely, "high": cost.high} if cost else None


def _share_line(share: Share) -> str:
    if not share.endpoint:
        return f"{share.model}, costs nothing"
    tokens = f"{share.tokens_in} tokens in, {share.tokens_out} out" if share.tokens_in else "nothing to do"
    price = f"price of {share.priced}" if share.priced else "no price needed"
    if share.cost is None:
        price = "price unknown"
    cost = f": {_usd(share.cost)}" if share.cost else ""
    least, most = share.reasoning
    thought = f", {least} to {most} more with each call for reasoning" if most and not share.is_learned else ""
    learned = ", as its calls have cost so far" if share.is_learned else ""
    return f"{share.model} at {share.endpoint}, {share.calls} calls, {tokens}{thought}, {price}{learned}{cost}"


def _usd(cost: Cost) -> str:
    if cost.high == 0:
        return "nothing"
    return f"likely {dollars(cost.likely)} USD ({dollars(cost.low)} to {dollars(cost.high)})"
