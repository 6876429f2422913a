"""Talking to a daemon over its control socket: one call, one line, one answer. Knows no asyncio."""

import json
import socket
from pathlib import Path
from typing import Self

from imaginized.errors import ControlError, ExitCode

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0

Answer = dict[str, object]


class Client:
    """A connection to a daemon; a context manager."""

    def __init__(self, path: Path, *, timeout_seconds: float = ANSWER_SECONDS) -> None:
        """Connect.

        Raises:
            ControlError: Nothing runs there, it does not answer, or we may not ask; the message says what to do.
        """
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(CONNECT_SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise _unreachable(path, error) from error
        self._socket.settimeout(timeout_seconds)
        self._lines = self._socket.makefile("rb")
        self._calls = 0

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

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
            text = f"imaginized at {self._path} does not answer; see its log, and `systemctl status imaginized`"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT) from error
        except OSError as error:
            raise _unreachable(self._path, error) from error
        if not line:
            text = f"imaginized at {self._path} hung up; it may have just stopped"
            raise ControlError(text, exit_code=ExitCode.NOT_RUNNING)
        return _result(line)


def _result(line: bytes) -> Answer:
    reply = json.loads(line)
    if "error" in reply:
        error = reply["error"]
        code = error.get("data", {}).get("exit_code", ExitCode.BUG)
        raise ControlError(str(error["message"]), exit_code=ExitCode(code))
    result = reply["result"]
    if not isinstance(result, dict):
        raise ControlError("the daemon speaks another protocol; upgrade both", exit_code=ExitCode.PROTOCOL_MISMATCH)
    return result


def _unreachable(path: Path, error: OSError) -> ControlError:
    start = "start it with `imaginized run` or `systemctl start imaginized`, or name another socket with --socket"
    if isinstance(error, PermissionError):
        text = f"no permission for {path}; join the group that owns it (`ls -l {path}`), or use sudo"
        return ControlError(text, exit_code=ExitCode.PERMISSION)
    if isinstance(error, FileNotFoundError):
        return ControlError(f"imaginized is not running: no socket at {path}; {start}", exit_code=ExitCode.NOT_RUNNING)
    if isinstance(error, ConnectionRefusedError):
        text = f"imaginized is not running: the socket at {path} was left by one that was killed; {start}"
        return ControlError(text, exit_code=ExitCode.NOT_RUNNING)
    if isinstance(error, TimeoutError):
        return ControlError(f"imaginized at {path} does not answer", exit_code=ExitCode.TIMED_OUT)
    return ControlError(f"cannot talk to {path}: {error.strerror}; {start}", exit_code=ExitCode.NOT_RUNNING)
