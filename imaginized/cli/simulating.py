"""`simulate`: what the library has measured so far, put into the model of `capacity`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from math import inf
from pathlib import Path

from imaginized.cli.capacity import STEPS, Load, Means, Outcome, Work, simulate
from imaginized.cli.estimating import settings_in_force
from imaginized.clock import SystemClock
from imaginized.control.client import Client
from imaginized.control.counts import Counts
from imaginized.control.metric_rows import Family
from imaginized.control.protocol import METRICS
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.front.shards import shard_of
from imaginized.money.amounts import dollars
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings, target_of
from imaginized.settings.vendors import USES, Use
from imaginized.store.library import Library

STAGES = {"text": "analyze", "image": "illustrate"}
BOOK = (3000,) * 20  # where the library has none
CALL_SECONDS = {"text": 10.0, "image": 20.0}
CALLS = {"text": 1.0, "image": 2.0}
OWN_SECONDS = {"text": 0.3, "image": 0.3}
HOME_CPU_SECONDS = {"text": 0.1, "image": 0.1}
STEP_SECONDS = {"split": 1.5, "merge": 0.3, "compile": 1.0}
# A host says at once that a slot got free, home sees it within half a second, its worker looks for work every two.
HANDOVER_SECONDS = 1.7
HOUSE = 1.15  # of workers' CPU, with the supervisor's and the gate's beside it: a guess


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a library and hosts that it may have.

    Attributes:
        assumed: The figures that the library has not measured yet.
    """

    work: Work
    means: Means
    outcome: Outcome
    assumed: Sequence[str]


class Measured:
    """The figures of a library; notes which ones it does not have."""

    def __init__(self, families: Iterable[Family]) -> None:
        """Take what `metrics` answers."""
        self._samples = {
            (family["name"].removeprefix("imaginized_") + row["suffix"], tuple(sorted(row["labels"].items()))): row[
                "value"
            ]
            for family in families
            for row in family["samples"]
        }
        self.assumed: list[str] = []

    def total(self, name: str, **labels: str) -> float:
        """Of all samples that have these labels."""
        wanted = set(labels.items())
        return sum(value for (each, own), value in self._samples.items() if each == name and wanted <= set(own))

    def mean(self, name: str, **labels: str) -> float | None:
        """Of a histogram; None where it has nothing."""
        count = self.total(f"{name}_count", **labels)
        return self.total(f"{name}_sum", **labels) / count if count else None

    def or_assumed(self, value: float | None, assumed: float, what: str) -> float:
        """A figure, or what is taken for it."""
        if value is None:
            self.assumed.append(f"{what}: {assumed:g}")
            return assumed
        return value


def simulated(
    socket: Path,
    config: Path | None,
    environment: Mapping[str, str],
    *,
    hosts: int,
    homes: int,
    slots: int,
    cores: int,
    books: int | None,
) -> Told:
    """Put hosts to this library's books, in thought.

    Raises:
        ControlError: The settings cannot be used, or the library cannot be read.
    """
    try:
        settings = load_settings(
            settings_in_force(socket, config=config, environment=environment), environment=environment
        )
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    measured = Measured(_families(socket, settings.paths.library))
    work = _work(measured, settings, homes=homes, books=books)
    means = _means(measured, settings, hosts=hosts, homes=homes, slots=slots, cores=cores)
    return Told(work=work, means=means, outcome=simulate(work, means), assumed=measured.assumed)


def _families(socket: Path, library: Path) -> list[Family]:
    with suppress(ControlError), Client(socket) as client:
        return client.ask(METRICS)["families"]
    return Counts.of(library).families()


def _work(measured: Measured, settings: Settings, *, homes: int, books: int | None) -> Work:
    found = _books(settings.paths.library)
    if not found:
        measured.assumed.append(f"books: of {len(BOOK)} chapters, {BOOK[0]} words each")
    rows = list(islice(cycle(found or [BOOK]), books or len(found) or 10))
    names = [str(home) for home in range(homes)]
    digests = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(len(rows)))
    return Work(
        books=rows,
        home_of=[int(shard_of(digest, names)) for digest in digests],
        uses={use: _load(measured, use, settings) for use in USES},
        steps={step: _step(measured, step) for step in STEPS},
    )


def _books(library: Path) -> list[tuple[int, ...]]:
    """The words of each chapter of each book that was split."""
    if not library.is_dir():
        return []
    manifests = (manifest for _, manifest in Library(library, clock=SystemClock()).readable())
    books = (tuple(entry.words for entry in manifest.chapters.values()) for manifest in manifests)
    return [book for book in books if book]


def _load(measured: Measured, use: Use, settings: Settings) -> Load:
    stage = STAGES[use]
    done = measured.total("task_seconds_count", stage=stage)
    is_asking = target_of(settings, use) is not None
    own = _own_seconds(measured, use, is_rated=is_asking and bool(settings.openai.requests_per_minute))
    home = measured.mean("task_cpu_seconds", stage=stage, at="hosts")
    own_seconds = measured.or_assumed(own, OWN_SECONDS[use], f"a host's own seconds to {stage} a chapter")
    home_seconds = HOUSE * measured.or_assumed(
        home, HOME_CPU_SECONDS[use], f"home's CPU seconds for a chapter that a host is to {stage}"
    )
    times = {"own_seconds": own_seconds, "home_cpu_seconds": home_seconds, "handover_seconds": HANDOVER_SECONDS}
    if not is_asking:
        return Load(calls=0, call_seconds=0, **times)
    calls = measured.total("requests_total", op=use)
    return Load(
        calls=measured.or_assumed(calls / done if calls and done else None, CALLS[use], f"{use} calls a chapter"),
        call_seconds=measured.or_assumed(
            measured.mean("request_seconds", op=use), CALL_SECONDS[use], f"seconds of a call for {use}"
        ),
        **times,
        # What calls cost is known in all: half of it to each use, for its sum alone decides how many days it takes.
        cost_usd=measured.total("cost_usd_total") / done / 2 if done else 0.0,
    )


def _own_seconds(measured: Measured, use: str, *, is_rated: bool) -> float | None:
    """What a chapter takes of its host beside its calls; None where nobody measured that.

    Where all of them were at hosts: all that they took, less their calls, unless it was the endpoint that they waited
    for. Else the CPU time that they took at home.
    """
    stage = STAGES[use]
    whole, cpu = measured.mean("task_seconds", stage=stage), measured.mean("task_cpu_seconds", stage=stage, at="home")
    if whole is None or cpu is not None or is_rated:
        return cpu
    done = measured.total("task_seconds_count", stage=stage)
    return max(whole - measured.total("request_seconds_sum", op=use) / done, 0.0)


def _step(measured: Measured, step: str) -> float:
    seconds = measured.mean("task_cpu_seconds", stage=step)
    return measured.or_assumed(seconds, STEP_SECONDS[step], f"home's CPU seconds to {step} a book")


def _means(measured: Measured, settings: Settings, *, hosts: int, homes: int, slots: int, cores: int) -> Means:
    openai = settings.openai
    asked = measured.total("requests_total")
    tokens = measured.total("tokens_total") / asked if asked else 0.0
    a_minute = min(openai.requests_per_minute or inf, (openai.tokens_per_minute or inf) / max(tokens, 1.0))
    is_one_key = openai.image.base_url in (None, "", openai.base_url) and openai.image.api_key_file is None
    at_once = {"text": settings.hosts.text_slots, "image": settings.hosts.image_slots}
    return Means(
        hosts=hosts,
        slots=slots,
        homes=homes,
        home_slots={use: max(count, 1) for use, count in at_once.items()},
        cores=cores,
        a_minute=float(a_minute),
        a_day=float(openai.requests_per_day or inf),
        is_one_key=is_one_key,
        a_day_usd=settings.budget.max_usd_per_day,
    )


def report_of(told: Told) -> dict[str, object]:
    """As --json has it."""
    work, means, outcome = told.work, told.means, told.outcome
    return {
        "schema": "imaginized.simulate/1",
        "hosts": means.hosts,
        "slots": means.slots,
        "homes": means.homes,
        "books": len(work.books),
        "chapters": work.chapters,
        "makespan_seconds": round(outcome.makespan_seconds, 3),
        "binds": outcome.binds,
        "bounds_seconds": {name: round(seconds, 3) for name, seconds in outcome.bounds.items()},
        "chapter": {use: _load_row(row) for use, row in work.uses.items()},
        "steps_cpu_seconds": {step: round(seconds, 4) for step, seconds in work.steps.items()},
        "assumed": list(told.assumed),
    }


def _load_row(row: Load) -> Mapping[str, float]:
    names = ("calls", "call_seconds", "own_seconds", "handover_seconds", "home_cpu_seconds", "cost_usd")
    return {name: round(float(getattr(row, name)), 6) for name in names}


def lines_of(told: Told) -> list[str]:
    """For a person."""
    work, means, outcome = told.work, told.means, told.outcome
    of_what = (
        f"{_counted(len(work.books), 'book')}, {_counted(work.chapters, 'chapter')}, "
        f"{_counted(means.hosts, 'host')} of {_counted(means.slots, 'slot')}, {_counted(means.homes, 'home')}"
    )
    lines = [
        f"{of_what}: about {_span(outcome.makespan_seconds)}",
        f"limited by: {outcome.binds}",
    ]
    ordered = sorted(outcome.bounds.items(), key=lambda each: -each[1])
    lines += [f"  {name + ' alone':<26} {_span(seconds)}" for name, seconds in ordered if seconds]
    for use, row in work.uses.items():
        cost = f", {dollars(row.cost_usd)} USD" if row.cost_usd else ""
        lines.append(
            f"a chapter to {STAGES[use]}: {row.calls:.1f} calls of {row.call_seconds:.1f} s, "
            f"{row.own_seconds:.2f} s of its host, {row.home_cpu_seconds:.3f} s of home's CPU{cost}"
        )
    return lines + [f"not measured here, so assumed: {what}" for what in told.assumed]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} seconds"
