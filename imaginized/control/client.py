"""Talking to a daemon over its control socket: one call, one line, one answer. Knows no asyncio."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar, cast

from imaginized.control.event_rows import EventTold, Gap
from imaginized.control.protocol import EVENT, GAP, SUBSCRIBE, Signature, Since
from imaginized.errors import ControlError, ExitCode
from imaginized.reasons import Code
from imaginized.settings.places import SYSTEM_SOCKET, holder_of
from imaginized.version import PROTOCOL, VERSION

METHOD_NOT_FOUND = -32601
CONNECT_SECONDS = 5.0
AGAIN_SECONDS = 0.05
ANSWER_SECONDS = 30.0
CHUNK_BYTES = 1 << 16
RETURN_SECONDS = 60.0
RETURN_POLL_SECONDS = 0.2
MAX_ANSWER_BYTES = 64 << 20  # far over any answer of a daemon: who sends more is not one
LONGEST_PATH_BYTES = 107  # sun_path, less its closing NUL

Answer = dict[str, object]
Parameters = TypeVar("Parameters")
Record = TypeVar("Record")


class Client:
    """A connection to a daemon; a context manager."""

    def __init__(self, path: Path, *, timeout_seconds: float = ANSWER_SECONDS) -> None:
        """Connect.

        Raises:
            ControlError: Nothing runs there, it does not answer, or we may not ask; the message says what to do.
        """
        self._path = path
        self._socket = _connected(path)
        self._timeout_seconds = timeout_seconds
        # Not makefile(): what that has read ahead is lost to whoever waits for more with another time limit.
        self._read = bytearray()
        self._calls = 0

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def next_message(self, *, quiet_seconds: float | None) -> Answer | None:
        """The next message of a stream, once a call has made one of the connection.

        Raises:
            TimeoutError: None came for so long; ask again.
            EOFError: The daemon has hung up.
        """
        try:
            line = self._line(quiet_seconds)
        except TimeoutError:
            raise
        except (OSError, OverflowError) as error:
            raise EOFError from error
        if not line.endswith(b"\n"):
            raise EOFError  # what was cut off comes again, to whoever gives the cursor that he has
        try:
            message = json.loads(line)
        except ValueError as error:
            raise EOFError from error
        return message if isinstance(message, dict) else None

    def ask(self, method: Signature[Parameters, Record], parameters: Parameters | None = None) -> Record:
        """Call a method of the protocol and return the record of its answer.

        Raises:
            ControlError: The daemon refused or went away; carries the exit code.
        """
        given = cast(Answer, {} if parameters is None else parameters)
        return cast(Record, self.call(method.name, **given))

    def call(self, method: str, **parameters: object) -> Answer:
        """Ask for something and return the result.

        Raises:
            ControlError: The daemon refused or went away; carries the exit code.
        """
        self._calls += 1
        request = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": parameters}
        try:
            self._socket.settimeout(self._timeout_seconds)
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._line(self._timeout_seconds)
        except OverflowError as error:
            raise stranger(self._path) from error
        except TimeoutError as error:
            text = f"imaginized at {self._path} does not answer; {_look(self._path)}"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT) from error
        except OSError as error:
            raise _unreachable(self._path, error) from error
        if not line:
            text = f"imaginized at {self._path} closed the connection; it may have just stopped"
            raise ControlError(text, exit_code=ExitCode.NOT_RUNNING)
        return _result(line, method=method, path=self._path)

    def _line(self, seconds: float | None) -> bytes:
        """The next line with its end; less at the end of all. None waits for ever.

        Raises:
            TimeoutError: It was not whole after so long, however often a part of it came.
            OverflowError: It is longer than any answer.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        looked = 0
        while (end := self._read.find(b"\n", looked)) < 0:
            looked = len(self._read)
            if looked > MAX_ANSWER_BYTES:
                raise OverflowError
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            chunk = self._socket.recv(CHUNK_BYTES)
            if not chunk:
                end = len(self._read) - 1
                break
            self._read += chunk
        line = bytes(self._read[: end + 1])
        del self._read[: end + 1]
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a stream says; with neither an event nor a gap: that it begins, again or for the first time, or is quiet.

    Attributes:
        cursor: The place behind it.
        event: What happened.
        gap: What is missing.
        is_beginning: Whether the daemon has just been reached: what no event tells may have changed, too.
    """

    cursor: str
    event: EventTold | None = None
    gap: Gap | None = None
    is_beginning: bool = False


def events(
    path: Path,
    *,
    since: str | None = None,
    quiet_seconds: Callable[[], float | None] = lambda: None,
    return_seconds: float = RETURN_SECONDS,
    note_loss: Callable[[], None] = lambda: None,
) -> Iterator[Told]:
    """Every event of a daemon's library, each once, over restarts of the daemon; never ends by itself.

    Args:
        path: The daemon's socket.
        since: A cursor; None for what happens from now on.
        quiet_seconds: After how long without a message that is said; asked each time, None for never.
        return_seconds: How long a daemon that was there may be away.
        note_loss: Called when it hung up.

    Raises:
        ControlError: It is not there, did not come back, or refuses: there are too many streams, or the cursor is none
            of its library.
    """
    client, cursor = _subscribed(path, since=since)
    while True:
        with client:
            yield Told(cursor=cursor, is_beginning=True)
            while True:
                try:
                    message = client.next_message(quiet_seconds=quiet_seconds())
                except TimeoutError:
                    yield Told(cursor=cursor)
                    continue
                except EOFError:
                    break
                told = _told(message)
                if told is not None:
                    cursor = told.cursor
                    yield told
        note_loss()
        client, cursor = _subscribed_again(path, since=cursor, seconds=return_seconds)


def _subscribed(path: Path, *, since: str | None) -> tuple[Client, str]:
    client = Client(path)
    try:
        return client, client.ask(SUBSCRIBE, Since(since=since))["cursor"]
    except BaseException:
        client.close()
        raise


def _subscribed_again(path: Path, *, since: str, seconds: float) -> tuple[Client, str]:
    """Once it is back, and has room for us again: others may have been quicker."""
    deadline = time.monotonic() + seconds
    while True:
        time.sleep(RETURN_POLL_SECONDS)
        try:
            return _subscribed(path, since=since)
        except ControlError as error:
            is_away = error.exit_code in (ExitCode.NOT_RUNNING, ExitCode.TIMED_OUT)
            if not is_away or time.monotonic() > deadline:
                raise


def _told(message: Answer | None) -> Told | None:
    """What a message says; None for one of a newer daemon that we do not know."""
    said = None if message is None else message.get("params")
    if message is None or not isinstance(said, dict) or not isinstance(said.get("cursor"), str):
        return None
    if message.get("method") == EVENT.name:
        return Told(cursor=said["cursor"], event=cast(EventTold, said))
    if message.get("method") == GAP.name:
        return Told(cursor=said["cursor"], gap=cast(Gap, said))
    return None


def _connected(path: Path) -> socket.socket:
    """A connection; while too many others wait to be let in, the kernel says EAGAIN at once, so ask again."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        # A new one for each try: after a failed connect the state of a socket is unspecified.
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(str(path))
            return connection
        except OSError as error:
            connection.close()
            if not isinstance(error, BlockingIOError) or time.monotonic() > deadline:
                raise _unreachable(path, error) from error
        time.sleep(AGAIN_SECONDS)


def _result(line: bytes, *, method: str, path: Path) -> Answer:
    try:
        reply = json.loads(line)
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict):
        raise stranger(path)
    if "error" in reply:
        error = reply["error"]
        if not (isinstance(error, dict) and isinstance(error.get("message"), str)):
            raise stranger(path)
        raise _refusal(error, method=method, path=path)
    result = reply.get("result")
    if not isinstance(result, dict) or result.get("protocol") != PROTOCOL:
        raise _mismatch(result if isinstance(result, dict) else {}, path=path)
    return result


def stranger(path: Path) -> ControlError:
    """Something else listens there."""
    text = f"the program listening at {path} is not imaginized"
    return ControlError(text, exit_code=ExitCode.PROTOCOL_MISMATCH, advice="name the right socket with --socket")


def _refusal(error: Answer, *, method: str, path: Path) -> ControlError:
    """What the daemon refused, in its own words where it knew what was asked."""
    data = error.get("data")
    facts = data if isinstance(data, dict) else {}
    if facts.get("protocol", PROTOCOL) != PROTOCOL:
        return _mismatch(facts, path=path)
    if error.get("code") == METHOD_NOT_FOUND:
        text = (
            f"imaginized at {path} does not know `{method}`: it is older than this imaginizectl "
            f"({VERSION}); {_restart(path)}"
        )
        return ControlError(text, exit_code=ExitCode.PROTOCOL_MISMATCH)
    code = facts.get("exit_code")
    # A newer daemon may have codes that this client does not know.
    known = ExitCode(code) if code in list(ExitCode) else ExitCode.BUG
    reason = Code.read(facts["code"]) if facts.get("code") else None
    return ControlError(str(error.get("message")), exit_code=known, code=reason)


def _mismatch(facts: Answer, *, path: Path) -> ControlError:
    """Two versions that do not understand each other, and which of them to upgrade."""
    theirs = facts.get("protocol")
    is_newer = isinstance(theirs, int) and theirs > PROTOCOL
    advice = "upgrade imaginizectl" if is_newer else _restart(path)
    text = (
        f"imaginized at {path} is version {facts.get('version', 'unknown')} and speaks protocol {theirs or 'unknown'}, "
        f"this imaginizectl is version {VERSION} and speaks protocol {PROTOCOL}"
    )
    return ControlError(text, exit_code=ExitCode.PROTOCOL_MISMATCH, advice=advice)


def _scope(path: Path) -> str:
    """Which systemd to ask about the daemon with this socket: the machine's or the user's."""
    return "" if path == SYSTEM_SOCKET else "--user "


def journal(path: Path) -> str:
    """The command that shows the log of the daemon with this socket."""
    return f"journalctl {_scope(path)}-u imaginized"


def _look(path: Path) -> str:
    return f"its log may say why (`{journal(path)}`); a restart loses nothing"


def _restart(path: Path) -> str:
    command = f"systemctl {_scope(path)}restart imaginized"
    return f"upgrade the daemon and restart it (`{command}`, or stop it and `imaginized run`)"


def _unreachable(path: Path, error: OSError) -> ControlError:
    start = (
        f"start it with `imaginized run` (with its `--config FILE`, if it has one) "
        f"or `systemctl {_scope(path)}start imaginized`, "
        "or name another: `imaginizectl --socket PATH COMMAND`"
    )
    # Python raises a plain OSError without errno for it: it has to be told by the length.
    if len(os.fsencode(path)) > LONGEST_PATH_BYTES:
        text = f"{path} is too long for a socket, which has {LONGEST_PATH_BYTES} bytes at most"
        return ControlError(text, exit_code=ExitCode.USAGE, advice="name it from its folder")
    if isinstance(error, PermissionError):
        advice = f"join the group that owns it (`ls -ld {path.parent} {path}`), or use sudo"
        return ControlError(f"no permission for {path}", exit_code=ExitCode.PERMISSION, advice=advice)
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)) and (holder := holder_of(path)):
        text = f"imaginized is running ({holder}), but its socket {path} is gone"
        advice = (
            "it binds it again within a second; "
            f"if that fails, its log says why (`{journal(path)}`), and a restart loses nothing"
        )
        return ControlError(text, exit_code=ExitCode.NOT_RUNNING, advice=advice)
    if isinstance(error, FileNotFoundError):
        return ControlError(
            f"imaginized is not running: no socket at {path}", exit_code=ExitCode.NOT_RUNNING, advice=start
        )
    if isinstance(error, ConnectionRefusedError) and not path.is_socket():
        advice = "name the right one with --socket or $IMAGINIZED_SOCKET"
        return ControlError(f"{path} is not a socket", exit_code=ExitCode.USAGE, advice=advice)
    if isinstance(error, ConnectionRefusedError):
        text = f"imaginized is not running: the socket at {path} was left by one that was killed"
        return ControlError(text, exit_code=ExitCode.NOT_RUNNING, advice=start)
    if isinstance(error, (TimeoutError, BlockingIOError)):  # the latter: others wait to be let in, too many of them
        return ControlError(f"imaginized at {path} does not answer", exit_code=ExitCode.TIMED_OUT, advice=_look(path))
    return ControlError(
        f"cannot talk to {path}: {error.strerror or error}", exit_code=ExitCode.NOT_RUNNING, advice=start
    )
