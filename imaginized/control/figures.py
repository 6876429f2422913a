"""What `metrics` answers: what was counted, and of the rest what the daemon alone can say."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import cast

from imaginized.control.catalogue import read_open
from imaginized.control.daemon import Daemon
from imaginized.control.metric_rows import Family, Sample
from imaginized.control.reporting import reason_row
from imaginized.control.standing import NOT_LOOKED, Standing
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.manifest import Status
from imaginized.reasons import Code, Reason


async def families_of(daemon: Daemon) -> list[Family]:
    """Every figure.

    Raises:
        ControlError: They cannot be kept, and what is told must not fall after a restart.
    """
    try:
        found = daemon.counts.families()
    except OSError as error:
        text = f"the figures cannot be kept, so they are not told: {error.strerror or error}"
        raise ControlError(text, exit_code=ExitCode.BUG, code=Code.IO) from error
    waiting, chapters = await _chapters(daemon)
    found.append(_gauge("queue_depth", "Chapters and steps of unfinished books that wait.", _rows("stage", waiting)))
    found.append(_gauge("chapters", "Chapters of unfinished books by status.", _rows("status", chapters)))
    with suppress(OSError):
        found += _costs(daemon)
    with suppress(OSError):
        free = float(shutil.disk_usage(daemon.library.root).free)
        found.append(_gauge("disk_free_bytes", "Room where the library is.", [_sample(free)]))
    return found


async def _chapters(daemon: Daemon) -> tuple[Counter[str], Counter[str]]:
    """How many chapters and steps wait for each stage, and how many chapters are in each status."""
    waiting, statuses = Counter[str](), Counter[str]()
    for manifest in (await read_open(daemon.library)).books:
        entries = manifest.chapters.values()
        waiting.update(str(entry.stage) for entry in entries if entry.status is Status.PENDING)
        waiting.update(str(stage) for stage, step in manifest.steps.items() if step.status is Status.PENDING)
        statuses.update(str(entry.status) for entry in entries)
    return waiting, statuses


def _costs(daemon: Daemon) -> list[Family]:
    """Of the counter, what was settled: what is reserved for calls under way may fall again, a counter must not."""
    settled, doubtful = daemon.ledger.settled()
    rows = [_sample(round(settled - doubtful, 6), sure="true"), _sample(round(doubtful, 6), sure="false")]
    meaning = "What calls have cost; sure is false where nobody knows that it was charged."
    total = [_sample(round(sum(daemon.ledger.books().values()), 6))]
    return [
        Family(name="imaginized_cost_usd_total", kind="counter", meaning=meaning, samples=rows),
        _gauge("cost_usd", "What all books have cost, calls under way included.", total),
        _gauge("cost_maybe_usd", "What of it may not have been charged.", [_sample(round(doubtful, 6))]),
    ]


def _rows(label: str, counts: Counter[str]) -> list[Sample]:
    return [_sample(number, **{label: key}) for key, number in sorted(counts.items())]


def _sample(value: float, **labels: str) -> Sample:
    return Sample(suffix="", labels=labels, value=value)


def _gauge(name: str, meaning: str, rows: list[Sample]) -> Family:
    return Family(name=f"imaginized_{name}", kind="gauge", meaning=meaning, samples=rows)


def standing_of(daemon: Daemon, pauses: Iterable[Reason]) -> Standing:
    """What the notifier is told, without a look at any book."""
    try:
        today = daemon.ledger.balance()
        spent = today.day_spent + today.day_reserved
    except OSError:
        spent = 0.0
    rejected = cast("Mapping[str, object]", daemon.inbox.get("rejected") or {})
    return {
        "pauses": [reason_row(reason) for reason in pauses],
        "is_broken": daemon.is_broken(),
        "spent_today_usd": round(spent, 6),
        "max_usd_per_day": daemon.settings.budget.max_usd_per_day,
        "rejected": int(str(rejected.get("count", NOT_LOOKED))),
        "newest": str(rejected.get("name") or ""),
        "reason": str(rejected.get("reason") or ""),
        "code": str(rejected.get("code") or ""),
        "inbox": str(daemon.settings.paths.inbox),
    }
