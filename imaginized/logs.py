"""The list of events and how they are written: one whole line an event, by one write, with no lock and no thread.

Events are a contract: tests and operators wait for them. Values are facts about the work; never keys, never book text.
"""

import contextlib
import io
import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Literal, TextIO, get_args

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
    "book_admitted",
    "book_duplicate_found",
    "watch_lost",
    "watch_restored",
    # books
    "book_split",
    "book_completed",
    "book_rejected",
    "manifest_set_aside",
    # claims
    "chapter_claimed",
    "chapter_completed",
    "chapter_failed",
    "chapter_retried",
    "step_claimed",
    "step_completed",
    "step_failed",
    "claim_released",
    "claim_reaped",
    "claim_lost",
    "provider_paused",
    # processes
    "fork_server_started",
    "worker_started",
    "worker_exited",
    "worker_killed",
    "intake_started",
    "intake_exited",
    "intake_killed",
    "breaker_opened",
    "breaker_closed",
    # the daemon
    "daemon_started",
    "daemon_ready",
    "daemon_stopping",
    "daemon_stopped",
    "settings_reloaded",
    "settings_rejected",
    "control_call_refused",
    "control_call_failed",
    "error_caught",
]
EVENTS: frozenset[str] = frozenset(get_args(EventName))

RANKS: Mapping[str, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
PRIORITIES: Mapping[str, int] = {"debug": 7, "info": 6, "warning": 4, "error": 3}  # as sd-daemon(3) numbers them

Fields = MutableMapping[str, object]


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
            raise ValueError(f"{event} is not in the list of events, imaginized.logs.EVENTS")
        getattr(structlog.get_logger(), level)(event, **{**self.bound, **values})


def get_log(**bound: object) -> Log:
    """A log whose events all carry these values. May be called before `configure_logs`."""
    return Log(bound)


def configure_logs(level: Level, *, format: Format, stream: TextIO, journal_stream: str = "") -> None:
    """Set up this process's log; call it again in every forked process and to change the level.

    Args:
        level: The least important level that is written.
        format: "auto" decides by the stream: coloured text on a terminal, else journal or JSON.
        stream: Where lines go; standard error for the daemon.
        journal_stream: Value of JOURNAL_STREAM, with which systemd names the journal's stream; "" outside of it.
    """
    chosen = _choose_format(stream, journal_stream=journal_stream) if format == "auto" else format
    stream.flush()
    write = _line_writer(stream)
    structlog.configure(
        processors=[structlog.processors.add_log_level, *_render(chosen, is_terminal=stream.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(RANKS[level]),
        logger_factory=lambda *_: _LineLogger(write),
        cache_logger_on_first_use=False,
    )


def _choose_format(stream: TextIO, *, journal_stream: str) -> Literal["json", "text", "journal"]:
    if stream.isatty():
        return "text"
    descriptor = _descriptor(stream)
    if journal_stream and descriptor is not None:
        facts = os.fstat(descriptor)
        # The variable alone is not enough: it is still set when the stream was redirected to a file.
        if journal_stream == f"{facts.st_dev}:{facts.st_ino}":
            return "journal"
    return "json"


def _render(chosen: str, *, is_terminal: bool) -> list[structlog.typing.Processor]:
    """The processors that make a line of an event, for one format."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    if chosen == "json":
        as_json = structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
        return [stamp, structlog.processors.format_exc_info, as_json]
    with_traceback = structlog.processors.format_exc_info
    if chosen == "journal":
        return [with_traceback, _make_printable, _render_journal]
    # The plain formatter leaves the traceback as it is; the others would import a renderer or print source and locals.
    renderer = structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=structlog.dev.plain_traceback)
    return [stamp, with_traceback, _make_printable, renderer]


def _make_printable(_logger: object, _level: str, fields: Fields) -> Fields:
    """Escape control characters, so that the name of a dropped file can neither forge a line nor drive the terminal."""
    for key, value in fields.items():
        if not isinstance(value, (bool, int, float)):
            kept = "\n" if key == "exception" else ""
            fields[key] = "".join(c if c.isprintable() or c in kept else _escaped(c) for c in str(value))
    return fields


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _render_journal(_logger: object, _level: str, fields: Fields) -> str:
    """One `<priority>event key=value` line; a traceback follows in lines with the same priority."""
    prefix = f"<{PRIORITIES[str(fields.pop('level'))]}>"
    traceback = str(fields.pop("exception", "")).splitlines()
    values = "".join(f" {key}={_quoted(str(value))}" for key, value in fields.items() if key != "event")
    return "\n".join(prefix + line for line in (f"{fields['event']}{values}", *traceback))


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
    return lambda line: _write_whole(descriptor, line)


def _write_to_memory(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")


def _write_whole(descriptor: int, line: str) -> None:
    """Write the line at once, so that lines of several processes do not mix."""
    # A full disk or a reader that went away costs log lines, not the daemon.
    with contextlib.suppress(OSError):
        os.write(descriptor, f"{line}\n".encode(errors="backslashreplace"))
