"""`imaginizectl doctor --endpoint`: a few calls with an invented text, to learn how the endpoints want to be asked.

It pays through the till of the library, as workers do, and leaves what it learned where they look for it.
"""

import os
import pwd
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from imaginized.cli.command import envelope
from imaginized.cli.loading import load_all
from imaginized.clock import SystemClock
from imaginized.control.client import Client
from imaginized.control.protocol import STATUS
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.money.amounts import dollars
from imaginized.money.ledger import Ledger
from imaginized.money.pricelist import read_prices
from imaginized.money.till import BookTill, Customer
from imaginized.printable import printable
from imaginized.providers.decoder import Decoder
from imaginized.providers.keys import Keys, find_keys
from imaginized.providers.openai.calling import Conditions
from imaginized.providers.openai.client import OpenAITransport
from imaginized.providers.openai.ladder import Memory
from imaginized.providers.openai.making import endpoint_of, manner_of, memory_of
from imaginized.providers.openai.trial import Fresh, Trial, Tried, Unkept, Unpaced, calls_at_most, remember
from imaginized.queue.manifest import Approval
from imaginized.reading.quotes import find_quote
from imaginized.reasons import Code
from imaginized.settings.model import Settings, target_of
from imaginized.settings.places import settings_file
from imaginized.settings.vendors import USES, Use
from imaginized.store.files import BookFiles
from imaginized.store.owners import current_owner

LONGEST_SECONDS = 120.0  # of one call with all its tries
CENT = 100
WORK: Mapping[Use, str] = {"text": "reading", "image": "pictures"}
TOLD: Mapping[Use, str] = {"text": "an invented text of 100 words", "image": "the description of an invented scene"}

Report = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be asked, and what that costs at most.

    Attributes:
        most_usd: Of all calls together.
        unpriced: Models whose price is unknown; they count as if they had the highest known price.
    """

    settings: Settings
    keys: Keys
    uses: tuple[Use, ...]
    most_usd: float
    unpriced: tuple[str, ...]


def planned(socket: Path, config: Path | None, environment: Mapping[str, str]) -> Plan:
    """What a trial under these settings asks. Sends nothing.

    Args:
        socket: Of the daemon whose settings are meant, if one runs and `config` is not given.
        config: Settings file.
        environment: Variables.

    Raises:
        ControlError: The settings are wrong or forbid it, name no endpoint, or the library is another user's.
    """
    file = config or _file_of_daemon(socket) or settings_file(None, environment)
    try:
        settings = load_all(file, environment=environment)
        keys = find_keys(settings, environment=environment)
        prices = read_prices(settings.budget.price_file)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS, code=Code.SETTINGS_WRONG) from error
    uses = tuple(use for use in USES if target_of(settings, use))
    if not uses:
        text = "the settings name no endpoint: the builtin provider reads and draws; nothing was asked"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
    _check_library(settings.paths.library)
    calls = [
        call
        for use in uses
        for call in calls_at_most(
            endpoint_of(settings, use, keys), manner_of(settings, find_quote), is_image=use == "image"
        )
    ]
    worst = [prices.worst_usd(call) for call in calls]
    most = sum(prices.assumed_usd(call) if usd is None else usd for call, usd in zip(calls, worst, strict=True))
    unpriced = dict.fromkeys(call.model for call, usd in zip(calls, worst, strict=True) if usd is None)
    cap = -(-round(most * 1e6) // (1_000_000 // CENT)) / CENT  # to the cent upwards
    return Plan(settings=settings, keys=keys, uses=uses, most_usd=cap, unpriced=tuple(unpriced))


def plan_lines(plan: Plan) -> list[str]:
    """Who will get what, and what that costs at most; said before anything is sent."""
    lines = []
    for use in plan.uses:
        target = target_of(plan.settings, use)
        assert target is not None
        host = urlsplit(target.base_url).netloc.rpartition("@")[2]
        lines.append(f"{WORK[use]}: {host} gets {TOLD[use]}, for the model {target.model}")
    cost = f"at most {dollars(plan.most_usd)} USD by the price table" if plan.most_usd else "nothing"
    unpriced = f"; the price of {' and '.join(plan.unpriced)} is unknown, and the highest known one counts"
    lines.append(f"no book is sent; all calls together cost {cost}{unpriced if plan.unpriced else ''}")
    return [printable(line) for line in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was found out about one use."""

    use: Use
    endpoint: str
    model: str
    tried: Tried


def learn(plan: Plan) -> tuple[list[Learned], float]:
    """Ask, keep what was learned, and say what it has cost in US dollars."""
    settings, clock = plan.settings, SystemClock()
    owner = current_owner("doctor", pid=os.getpid())
    ledger = Ledger(settings.paths.library, clock=clock, owner=owner)
    till = BookTill(ledger, prices=read_prices(settings.budget.price_file), budget=settings.budget, clock=clock)
    # A name of its own each time: what an earlier trial has cost takes nothing from this one's cap.
    name = f"doctor-{clock.now():%Y%m%dT%H%M%S}-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="imaginized-trial-") as folder:
        customer = Customer(
            book=name,
            files=BookFiles(Path(folder)),
            chapter=None,
            approval=lambda: Approval(usd=plan.most_usd, any_price=True),
            high_usd=lambda: 0.0,
        )
        memory = Fresh()  # of both: one model may do both, and has one way
        with till.serve(customer):
            found = [_learned(plan, use, till=till, memory=memory, folder=Path(folder)) for use in plan.uses]
    return found, till.spent_usd(name)


def _learned(plan: Plan, use: Use, *, till: BookTill, memory: Memory, folder: Path) -> Learned:
    settings = plan.settings
    endpoint = endpoint_of(settings, use, plan.keys)
    decoder = Decoder()
    silence = min(settings.openai.timeout_seconds, LONGEST_SECONDS)
    conditions = Conditions(
        wait=time.sleep,
        clock=SystemClock(),
        beat=lambda: None,
        gate=Unpaced(),
        till=till,
        memory=memory,
        archive=Unkept(),
        timeout_seconds=silence,
        deadline_seconds=LONGEST_SECONDS,
        retry_seconds=settings.openai.retry_seconds,
        tell=lambda _waiting: None,
        decode=decoder.to_jpeg,
    )
    trial = Trial(
        endpoint=endpoint,
        conditions=conditions,
        manner=manner_of(settings, find_quote),
        transport=OpenAITransport(endpoint, beat=lambda: None),
        folder=folder,
    )
    try:
        tried = trial.read() if use == "text" else trial.draw()
    finally:
        decoder.close()
    remember(tried, endpoint, memory_of(settings))
    return Learned(use=use, endpoint=endpoint.base_url, model=endpoint.model, tried=tried)


def report_of(plan: Plan, found: Sequence[Learned], *, spent_usd: float) -> Report:
    """What was learned, as one JSON object."""
    return envelope(
        "endpoints", most_usd=plan.most_usd, spent_usd=round(spent_usd, 6), endpoints=[_row(each) for each in found]
    )


def lines_of(found: Sequence[Learned], *, spent_usd: float) -> list[str]:
    """What was learned, for a person."""
    lines = [line for each in found for line in _lines(each)]
    cost = f"{dollars(spent_usd)} USD" if spent_usd else "nothing"
    return [printable(line) for line in [*lines, f"it has cost {cost}"]]


def is_well(learned: Learned) -> bool:
    """Whether the endpoint can be used as the settings have it."""
    return not learned.tried.problem and learned.tried.is_listed is not False


def _row(learned: Learned) -> Report:
    tried = learned.tried
    way = asdict(tried.way) if tried.way else None
    facts = {name: value for name, value in asdict(tried).items() if name != "way"}
    return {"use": learned.use, "endpoint": learned.endpoint, "model": learned.model, **facts, "way": way}


def _lines(learned: Learned) -> list[str]:
    tried = learned.tried
    state = "ok  " if is_well(learned) else "fail" if tried.problem else "warn"
    name = f"{state}  {WORK[learned.use]}: {learned.model} at {learned.endpoint}"
    requests = f"{tried.calls} request{'' if tried.calls == 1 else 's'}"
    lines = [f"{name}: {tried.problem}" if tried.problem else f"{name} answers; {requests}"]
    if tried.is_listed is False:
        lines.append("its list of models does not have this one")
    lines += _of_text(tried) if learned.use == "text" else _of_image(tried)
    if tried.usage or tried.way:
        counted = (
            "not said; counted from the characters" if learned.use == "text" else "not said; counted by the picture"
        )
        lines.append(f"what it took: {' and '.join(tried.usage) or counted}")
    return [lines[0], *(f"      {line}" for line in lines[1:])]


def _of_text(tried: Tried) -> list[str]:
    context = f"{tried.context_tokens:,} tokens" if tried.context_tokens else "not said"
    lines = [f"context: {context}"]
    if tried.way is None:
        return lines
    way = tried.way
    bounded = "" if way.bounded or way.rung != "json_schema" else ", without bounds"
    lines.insert(0, f"form of answers: {way.rung}{bounded}")
    lines.append(f"length of answers: {way.limit.value or 'cannot be set'}{_most(way.most_tokens)}")
    left_out = [*way.without, *(["answers at once"] if way.streams else [])]
    if left_out:
        lines.append(f"does not take: {', '.join(left_out)}")
    lines.append(f"words for the end of an answer: {', '.join(tried.ends) or 'none'}")
    return lines


def _most(tokens: int) -> str:
    return f", at most {tokens:,} tokens" if tokens else ""


def _of_image(tried: Tried) -> list[str]:
    if tried.way is None:
        return []
    way = tried.way
    where = "in a chat" if way.draws_in_chat else "at the images endpoint"
    references = {True: "taken", False: "not taken", None: "unknown"}[tried.references]
    lines = [f"draws {where}: {tried.drawn} pixels, {tried.form}"]
    lines.append(f"sizes: {', '.join(tried.sizes) or 'not said'}{'' if way.sizes else '; no size is sent'}")
    lines.append(f"pictures to draw alike: {references}")
    if way.prompt_characters:
        lines.append(f"prompts: at most {way.prompt_characters:,} characters")
    return lines


def _file_of_daemon(socket: Path) -> Path | None:
    """The settings file of the daemon that answers; None where none does."""
    with suppress(ControlError), Client(socket) as client:
        file = client.ask(STATUS)["settings"]["file"]
        return Path(file) if file else None
    return None


def _check_library(library: Path) -> None:
    """See that what is written there stays the daemon's own.

    Raises:
        ControlError: It is not there, or another user's.
    """
    try:
        owner = library.stat().st_uid
    except OSError as error:
        text = f"{library} cannot be used: {error.strerror}; start the daemon once, which makes it"
        raise ControlError(text, exit_code=ExitCode.PERMISSION, code=Code.FOLDER_MISSING) from error
    if owner != os.geteuid():
        name = str(owner)
        with suppress(KeyError):
            name = pwd.getpwuid(owner).pw_name
        text = f"{library} belongs to {name}, who keeps there what was learned and spent"
        advice = f"run `sudo -u {name} imaginizectl doctor --endpoint`, with the key where that user finds it"
        raise ControlError(f"{text}; {advice}", exit_code=ExitCode.PERMISSION, code=Code.NO_ACCESS)
