"""The list of events and how they are written: one whole line an event, by one write, with no lock and no thread.

Events are a contract: tests and operators wait for them. Values are facts about the work; never keys, never book text.
"""

import io
import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TextIO, get_args

from imaginized.absent import absent
from imaginized.logs.journal import JOURNAL_SOCKET, Journal, open_journal
from imaginized.logs.sink import LogSink
from imaginized.printable import as_json, printable

# structlog loads rich where it finds it, for tracebacks that we never ask it for: a fifth of every process's start.
with absent("rich"):
    import structlog

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "json", "text", "journal"]
EventName = Literal[
    # arrivals
    "arrival_seen",
    "arrival_rejected",
    "arrival_vanished",
    "arrival_blocked",
    "polling_started",
    "bundle_unpacked",
    "book_admitted",
    "book_duplicate_found",
    "book_restarted",
    "watch_lost",
    "watch_restored",
    "watch_overflowed",
    "disk_paused",
    "disk_resumed",
    # books
    "book_completed",
    "book_rejected",
    "book_held",
    "book_approved",
    "manifest_set_aside",
    "limits_set_aside",
    # claims
    "chapter_claimed",
    "chapter_completed",
    "chapter_failed",
    "chapter_retried",
    "book_removed",
    "book_brought_back",
    "chapter_cancelled",
    "step_claimed",
    "step_completed",
    "step_failed",
    "part_claimed",
    "part_completed",
    "part_failed",
    "claim_released",
    "claim_reaped",
    "claim_lost",
    "offer_taken",
    "offer_ended",
    "offer_refused",
    "work_lost",
    "provider_paused",
    "usage_not_believed",
    "reading_paused",
    "reading_resumed",
    "endpoint_unreachable",
    "endpoint_reached",
    # processes
    "worker_started",
    "worker_exited",
    "worker_killed",
    "intake_started",
    "intake_exited",
    "intake_killed",
    "gate_started",
    "gate_exited",
    "gate_killed",
    "notifier_started",
    "notifier_exited",
    "notice_sent",
    "notice_failed",
    "notice_lost",
    "fork_server_lost",
    "breaker_opened",
    "breaker_closed",
    "breaker_reset",
    # the daemon
    "daemon_started",
    "daemon_ready",
    "daemon_paused",
    "daemon_resumed",
    "daemon_stopping",
    "owner_gone",
    "daemon_stopped",
    "socket_lost",
    "socket_restored",
    "lock_lost",
    "lock_restored",
    "settings_reloaded",
    "settings_rejected",
    "control_call_made",
    "control_call_refused",
    "control_call_failed",
    "log_lines_dropped",
    "error_caught",
]
EVENTS: frozenset[str] = frozenset(get_args(EventName))

RANKS: Mapping[str, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_NO_VALUES = frozenset(("event", "level", "exception"))
PRIORITIES: Mapping[str, int] = {"debug": 7, "info": 6, "warning": 4, "error": 3}  # as sd-daemon(3) numbers them

Fields = MutableMapping[str, object]

_sinks: list[LogSink] = []  # at most one: the sink of this process


@dataclass(frozen=True, slots=True)
class Log:
    """Writes events with values that were bound once. Made by `get_log`; can be kept in a module and in a record."""

    bound: Mapping[str, object] = field(default_factory=dict)

    def bind(self, **values: object) -> "Log":
        """A log that adds these values to every event."""
        return Log({**self.bound, **values})

    def debug(self, event: EventName, **values: object) -> None:
        """Write what only somebody who looks for a fault wants to know."""
        self._write("debug", event, values)

    def info(self, event: EventName, **values: object) -> None:
        """Write a change of state that is as it should be."""
        self._write("info", event, values)

    def warning(self, event: EventName, **values: object) -> None:
        """Write what went wrong and was coped with."""
        self._write("warning", event, values)

    def error(self, event: EventName, **values: object) -> None:
        """Write what a person should look at; `exc_info=error` adds its traceback."""
        self._write("error", event, values)

    def _write(self, level: Level, event: str, values: Mapping[str, object]) -> None:
        """Hand the event to structlog as it is set up now.

        Raises:
            ValueError: The event is not in `EVENTS`, whether its level is shown or not.
        """
        if event not in EVENTS:
            raise ValueError(f"{event} is not in the list of events, imaginized.logs.log.EVENTS")
        getattr(structlog.get_logger(), level)(event, **{**self.bound, **values})


def get_log(**bound: object) -> Log:
    """A log whose events all carry these values. May be called before `configure_logs`."""
    return Log(bound)


def configure_logs(
    level: Level, *, format: Format, stream: TextIO, journal_stream: str = "", journal_socket: str = JOURNAL_SOCKET
) -> None:
    """Set up this process's log; call it again in every forked process and to change the level.

    Args:
        level: The least important level that is written.
        format: "auto" decides by the stream: coloured text on a terminal, else journal or JSON.
        stream: Where lines go; standard error for the daemon.
        journal_stream: Value of JOURNAL_STREAM, with which systemd names the journal's stream; "" outside of it.
        journal_socket: Where the journal takes fields; what it does not take goes to the stream as a line.
    """
    chosen = _choose_format(stream, journal_stream=journal_stream) if format == "auto" else format
    # Only where the stream itself is the journal's: a redirected one says that somebody wants the lines there.
    journal = open_journal(journal_socket) if _is_journal(stream, journal_stream=journal_stream) else None
    stream.flush()
    write = _line_writer(stream)
    structlog.configure(
        processors=[structlog.processors.add_log_level, *_render(chosen, is_terminal=stream.isatty(), journal=journal)],
        wrapper_class=structlog.make_filtering_bound_logger(RANKS[level]),
        logger_factory=lambda *_: _LineLogger(write),
        cache_logger_on_first_use=False,
    )


def _choose_format(stream: TextIO, *, journal_stream: str) -> Literal["json", "text", "journal"]:
    if stream.isatty():
        return "text"
    return "journal" if _is_journal(stream, journal_stream=journal_stream) else "json"


def _is_journal(stream: TextIO, *, journal_stream: str) -> bool:
    descriptor = _descriptor(stream)
    if not journal_stream or descriptor is None:
        return False
    facts = os.fstat(descriptor)
    # The variable alone is not enough: it is still set when the stream was redirected to a file.
    return journal_stream == f"{facts.st_dev}:{facts.st_ino}"


def _render(chosen: str, *, is_terminal: bool, journal: Journal | None) -> list[structlog.typing.Processor]:
    """The processors that make a line of an event, for one format."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    if chosen == "json":
        renderer = structlog.processors.JSONRenderer(as_json, default=str)
        return [stamp, structlog.processors.format_exc_info, renderer]
    with_traceback = structlog.processors.format_exc_info
    if chosen == "journal":
        return [with_traceback, _make_printable, *([_to(journal)] if journal else []), _render_journal]
    # The plain formatter leaves the traceback as it is; the others would import a renderer or print source and locals.
    plain = structlog.dev.plain_traceback
    console = structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=plain)
    return [stamp, with_traceback, _make_printable, console]


def _make_printable(_logger: object, _level: str, fields: Fields) -> Fields:
    """Escape control characters, so that the name of a dropped file can neither forge a line nor drive the terminal."""
    for key, value in fields.items():
        if not isinstance(value, (bool, int, float)):
            lines = str(value).split("\n") if key == "exception" else [str(value)]
            fields[key] = "\n".join(printable(line) for line in lines)
    return fields


def _to(journal: Journal) -> structlog.typing.Processor:
    """A processor that hands events to the journal as fields; those it does not take go on to become lines."""

    def send(_logger: object, _level: str, fields: Fields) -> Fields:
        priority = PRIORITIES[str(fields["level"])]
        values = {key: str(value) for key, value in fields.items() if key not in ("level", "exception")}
        if journal.send(_journal_message(fields), priority=priority, values=values):
            raise structlog.DropEvent
        return fields

    return send


def _journal_message(fields: Fields) -> str:
    values = "".join(f" {key}={_quoted(str(value))}" for key, value in fields.items() if key not in _NO_VALUES)
    return "\n".join((f"{fields['event']}{values}", *str(fields.get("exception", "")).splitlines()))


def _render_journal(_logger: object, _level: str, fields: Fields) -> str:
    """One `<priority>event key=value` line; a traceback follows in lines with the same priority."""
    prefix = f"<{PRIORITIES[str(fields['level'])]}>"
    return "\n".join(prefix + line for line in _journal_message(fields).splitlines())


def _quoted(value: str) -> str:
    """The value as logfmt has it: in quotes only where it needs them."""
    if value and not any(character in value for character in ' ="'):
        return value
    return '"' + value.replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class _LineLogger:
    """What structlog calls with a finished line, by the level's name."""

    write: Callable[[str], None]

    def debug(self, line: str) -> None:
        self.write(line)

    info = warning = error = debug


def _descriptor(stream: TextIO) -> int | None:
    """The stream's file descriptor; None for one that lives in memory."""
    try:
        return stream.fileno()
    except (io.UnsupportedOperation, AttributeError):
        return None


def _line_writer(stream: TextIO) -> Callable[[str], None]:
    """How to put a line on this stream."""
    descriptor = _descriptor(stream)
    if descriptor is None:
        return lambda line: _write_to_memory(stream, line)
    return partial(_write_counted, _sink_for(descriptor))


def _write_to_memory(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")


def _sink_for(descriptor: int) -> LogSink:
    """This process's sink; the one before is closed, and its count of dropped lines goes on."""
    sink = LogSink(descriptor)
    for before in _sinks:
        sink.dropped = before.dropped if before.place == sink.place else 0
        before.close()
    _sinks[:] = [sink]
    return sink


def _write_counted(sink: LogSink, line: str) -> None:
    """Write the line, and before it how many could not be written, as soon as that can be."""
    lost, sink.dropped = sink.dropped, 0
    if lost:
        get_log().error("log_lines_dropped", lines=lost)
        sink.dropped = lost if sink.dropped else 0
    sink.write(line)
