"""Talking to a daemon over its control socket: one call, one line, one answer. Knows no asyncio."""

import json
import os
import socket
import time
from pathlib import Path
from typing import Self, TypeVar, cast

from imaginized.control.protocol import Signature
from imaginized.errors import ControlError, ExitCode
from imaginized.settings.places import SYSTEM_SOCKET, holder_of
from imaginized.version import PROTOCOL, VERSION

METHOD_NOT_FOUND = -32601
CONNECT_SECONDS = 5.0
AGAIN_SECONDS = 0.05
ANSWER_SECONDS = 30.0
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
        self._socket.settimeout(timeout_seconds)
        # Bytes: a line may be cut in the middle of a character by what the kernel hands over.
        self._lines = self._socket.makefile("rb")
        self._calls = 0

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

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
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            line = self._lines.readline()
        except TimeoutError as error:
            text = f"imaginized at {self._path} does not answer; {_look(self._path)}"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT) from error
        except OSError as error:
            raise _unreachable(self._path, error) from error
        if not line:
            text = f"imaginized at {self._path} hung up; it may have just stopped"
            raise ControlError(text, exit_code=ExitCode.NOT_RUNNING)
        return _result(line, method=method, path=self._path)


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
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        text = f"what listens at {path} is no imaginized; name the right socket with --socket"
        raise ControlError(text, exit_code=ExitCode.PROTOCOL_MISMATCH)
    if "error" in reply:
        raise _refusal(reply["error"], method=method, path=path)
    result = reply.get("result")
    if not isinstance(result, dict) or result.get("protocol") != PROTOCOL:
        raise _mismatch(result if isinstance(result, dict) else {}, path=path)
    return result


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
    return ControlError(str(error.get("message")), exit_code=known)


def _mismatch(facts: Answer, *, path: Path) -> ControlError:
    """Two versions that do not understand each other, and which of them to upgrade."""
    theirs = facts.get("protocol")
    is_newer = isinstance(theirs, int) and theirs > PROTOCOL
    advice = "upgrade imaginizectl" if is_newer else _restart(path)
    text = (
        f"imaginized at {path} is version {facts.get('version', 'unknown')} and speaks protocol {theirs or 'unknown'}, "
        f"this imaginizectl is version {VERSION} and speaks protocol {PROTOCOL}; {advice}"
    )
    return ControlError(text, exit_code=ExitCode.PROTOCOL_MISMATCH)


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
        f"start it with `imaginized run` or `systemctl {_scope(path)}start imaginized`, or name another with --socket"
    )
    # Python raises a plain OSError without errno for it: it has to be told by the length.
    if len(os.fsencode(path)) > LONGEST_PATH_BYTES:
        text = f"{path} is too long for a socket, which has {LONGEST_PATH_BYTES} bytes at most; name it from its folder"
        return ControlError(text, exit_code=ExitCode.USAGE)
    if isinstance(error, PermissionError):
        text = f"no permission for {path}; join the group that owns it (`ls -ld {path.parent} {path}`), or use sudo"
        return ControlError(text, exit_code=ExitCode.PERMISSION)
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)) and (holder := holder_of(path)):
        text = (
            f"imaginized is running ({holder}), but its socket {path} is gone; it binds it again within a second; "
            f"if that fails, its log says why (`{journal(path)}`), and a restart loses nothing"
        )
        return ControlError(text, exit_code=ExitCode.NOT_RUNNING)
    if isinstance(error, FileNotFoundError):
        return ControlError(f"imaginized is not running: no socket at {path}; {start}", exit_code=ExitCode.NOT_RUNNING)
    if isinstance(error, ConnectionRefusedError) and not path.is_socket():
        text = f"{path} is no socket; name the right one with --socket or $IMAGINIZED_SOCKET"
        return ControlError(text, exit_code=ExitCode.USAGE)
    if isinstance(error, ConnectionRefusedError):
        text = f"imaginized is not running: the socket at {path} was left by one that was killed; {start}"
        return ControlError(text, exit_code=ExitCode.NOT_RUNNING)
    if isinstance(error, (TimeoutError, BlockingIOError)):  # the latter: others wait to be let in, too many of them
        return ControlError(f"imaginized at {path} does not answer; {_look(path)}", exit_code=ExitCode.TIMED_OUT)
    return ControlError(f"cannot talk to {path}: {error.strerror or error}; {start}", exit_code=ExitCode.NOT_RUNNING)
