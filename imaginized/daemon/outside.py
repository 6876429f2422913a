"""What the world outside is told of the daemon: figures that are counted here, and messages to people."""

import asyncio
import contextlib
import math
from dataclasses import dataclass, field
from typing import cast

from imaginized.clock import Clock
from imaginized.control.answers import Status
from imaginized.control.counts import Counts
from imaginized.control.exposition import metrics_text
from imaginized.control.figures import standing_of
from imaginized.control.methods import Methods
from imaginized.control.standing import NOT_LOOKED
from imaginized.daemon.launcher import Launcher
from imaginized.daemon.notifying import Notifying
from imaginized.errors import ControlError
from imaginized.logs.log import Log
from imaginized.money.calls import UNHEARD
from imaginized.process.channel import Message
from imaginized.settings.model import Settings

CODES = frozenset(("ok", "dropped", "refused", "timeout", UNHEARD))
KEEP_SECONDS = 60.0
STANDING_SECONDS = 5.0
TEXTFILE_SECONDS = 15.0


@dataclass(slots=True)
class Outside:
    """Counts what children say, and keeps the notifier."""

    counts: Counts
    notifying: Notifying
    clock: Clock
    _began: dict[str, float] = field(default_factory=dict)
    _kept_at: float = 0.0
    _told_at: float = -math.inf
    _written_at: float = -math.inf
    _writing: asyncio.Task[None] | None = None  # held: the loop itself keeps no task alive

    @classmethod
    def of(cls, settings: Settings, *, launcher: Launcher, clock: Clock, log: Log) -> "Outside":
        """Begin with what was counted before."""
        notifying = Notifying(launcher, clock=clock, log=log)
        return cls(Counts.of(settings.paths.library), notifying, clock)

    def tick(self, calls: Methods, *, is_draining: bool) -> None:
        """Look after the notifier, tell it how everything stands, and keep what was counted now and then."""
        settings, now = calls.daemon.settings, self.clock.monotonic()
        self.notifying.tick(settings, is_draining=is_draining)
        if settings.notify.is_on and now - self._told_at >= STANDING_SECONDS:
            # At once when it is there: a file that is rejected before its first look would count as one from before.
            found = standing_of(calls.daemon, calls.pauses().values())
            is_told = self.notifying.tell(found) and found["rejected"] != NOT_LOOKED
            self._told_at = now if is_told else self._told_at
        if settings.metrics.textfile is not None and now - self._written_at >= TEXTFILE_SECONDS:
            self._written_at = now
            self._writing = asyncio.create_task(self._write(calls))
        if now - self._kept_at >= KEEP_SECONDS:
            self._keep(now)

    def close(self) -> None:
        """The daemon ends."""
        self.notifying.close()
        self._keep(self.clock.monotonic())

    async def _write(self, calls: Methods) -> None:
        with contextlib.suppress(ControlError, OSError):  # a full disk is told elsewhere; the next time again
            status = cast(Status, await calls.status({}))  # of no book
            self.notifying.write(metrics_text(status, await calls.metrics({})))

    def hear(self, slot: str, message: Message) -> bool:
        """Count what a child says; whether that was all that it said."""
        event = message.get("event")
        if event == "call":
            self._count_call(message)
        elif event == "plates":
            self.counts.add("plates_total", str(message.get("by")), number=_number(message.get("count")))
        elif event == "claimed":
            self._began[slot] = self.clock.monotonic()
            if _number(message.get("attempt")) > 1:
                self.counts.add("retries_total", str(message.get("stage")))
        elif event == "ended":
            self._count_end(slot, message)
        return event in ("call", "plates")

    def note_exit(self, slot: str, *, code: int, was_silent: bool) -> None:
        """A child has ended."""
        self._began.pop(slot, None)
        reason = "hung" if was_silent else "asked" if code == 0 else "killed" if code < 0 else "crashed"
        self.counts.add("worker_restarts_total", reason)

    def _count_call(self, message: Message) -> None:
        kind, outcome, model = (str(message.get(name)) for name in ("kind", "outcome", "model"))
        code = outcome.removeprefix("http ")
        code = code if code.isdecimal() or code in CODES else "other"
        self.counts.add("requests_total", kind, code)
        self.counts.note("request_seconds", kind, seconds=_number(message.get("seconds")))
        if outcome == "ok":
            self.counts.add("tokens_total", "in", number=_number(message.get("tokens_in")))
            self.counts.add("tokens_total", "out", number=_number(message.get("tokens_out")))
        if kind == "image":
            self.counts.add("images_total", model, "ok" if outcome == "ok" else "failed")

    def _count_end(self, slot: str, message: Message) -> None:
        stage, outcome = str(message.get("stage")), str(message.get("outcome"))
        began = self._began.pop(slot, None)
        if "part" in message:
            return  # the chapter's own end is told by who has it
        self.counts.add("steps_total" if message.get("chapter") is None else "chapters_total", stage, outcome)
        if began is not None and outcome == "completed":
            self.counts.note("task_seconds", stage, seconds=self.clock.monotonic() - began)
            at = "hosts" if message.get("is_away") is True else "home"
            self.counts.note("task_cpu_seconds", stage, at, seconds=_number(message.get("cpu_seconds")))

    def _keep(self, now: float) -> None:
        self._kept_at = now
        try:
            self.counts.keep()
        except OSError:
            return  # the disk is full, which is told elsewhere; in a minute again


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return max(float(value), 0.0) if is_number else 0.0  # type: ignore[arg-type]
