"""The control socket: JSON-RPC 2.0, one UTF-8 line a message, so that socat and jq can talk to it."""

import asyncio
import contextlib
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from imaginized.daemon.report import Report
from imaginized.errors import ControlError, ExitCode, ImaginizedError
from imaginized.logs import Log

MAX_LINE_BYTES = 1 << 20
MAX_CLIENTS = 100
SILENT_SECONDS = 600.0
SLOW_SECONDS = 10.0
LAST_ANSWERS_SECONDS = 2.0
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, REFUSED = -32700, -32600, -32601, -32602, -32000


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A call a client can make.

    Attributes:
        answer: From its parameters to its result; may take as long as it needs.
        changes: Whether it changes anything, so that only some users may call it.
    """

    answer: Callable[[Mapping[str, object]], Awaitable[Report]]
    changes: bool = False


class ControlServer:
    """Answers clients; one that is slow, silent or talks nonsense costs bounded memory and nobody's time."""

    def __init__(self, methods: Mapping[str, Method], *, log: Log) -> None:
        """Offer these methods."""
        self._methods = methods
        self._log = log
        self._server: asyncio.Server | None = None
        self._path: Path | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._unanswered: set[asyncio.Task[None]] = set()
        self._is_closing = False

    async def listen(self, path: Path) -> None:
        """Bind the socket. Only for the holder of the library's instance lock: a left-over socket is replaced.

        Raises:
            OSError: The folder cannot be made or written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=path, limit=MAX_LINE_BYTES)
        path.chmod(0o660)
        self._path = path

    async def adopt(self, fd: int) -> None:
        """Listen on a socket that systemd opened."""
        passed = socket.socket(fileno=fd)
        passed.setblocking(False)
        self._server = await asyncio.start_unix_server(self._serve, sock=passed, limit=MAX_LINE_BYTES)

    async def close(self) -> None:
        """Stop listening, answer who has asked, hang up, remove our socket. Who connects later waits for systemd's."""
        if self._server is not None:
            self._server.close()
        self._is_closing = True
        if self._unanswered:
            await asyncio.wait(self._unanswered, timeout=LAST_ANSWERS_SECONDS)
        for task in list(self._clients):
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._clients) >= MAX_CLIENTS:
            writer.close()
            return
        self._clients.add(task)
        self._unanswered.add(task)
        try:
            await self._converse(task, reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # gone or too slow: nobody is left to tell
        finally:
            self._clients.discard(task)
            self._unanswered.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):  # it may have hung up first
                await writer.wait_closed()

    async def _converse(
        self, task: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        may_change = _may_change(writer)
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    line = await reader.readline()
            except ValueError:
                await _write(writer, _error(None, PARSE_ERROR, f"a line is longer than {MAX_LINE_BYTES} bytes"))
                return
            if not line:
                return
            self._unanswered.add(task)
            await _write(writer, await self._reply(line, may_change=may_change))
            self._unanswered.discard(task)
            if self._is_closing:
                return

    async def _reply(self, line: bytes, *, may_change: bool) -> Report:
        try:
            request = json.loads(line)
        except ValueError as error:
            return _error(None, PARSE_ERROR, f"not JSON: {error}")
        if not isinstance(request, dict) or not isinstance(request.get("method"), str):
            return _error(None, INVALID_REQUEST, 'expected {"jsonrpc": "2.0", "id": 1, "method": "status"}')
        identity, name, parameters = request.get("id"), request["method"], request.get("params", {})
        method = self._methods.get(name)
        if method is None:
            known = ", ".join(sorted(self._methods))
            return _error(
                identity, METHOD_NOT_FOUND, f"no method {name}; there are {known}", ExitCode.PROTOCOL_MISMATCH
            )
        if not isinstance(parameters, dict):
            return _error(identity, INVALID_PARAMS, "params must be an object", ExitCode.USAGE)
        if method.changes and not may_change:
            self._log.warning("control_call_refused", method=name)
            reason = f"{name} needs the daemon's own user or group, or root"
            return _error(identity, REFUSED, reason, ExitCode.PERMISSION)
        return await self._answer(method, name=name, identity=identity, parameters=parameters)

    async def _answer(self, method: Method, *, name: str, identity: object, parameters: Mapping[str, object]) -> Report:
        try:
            result = await method.answer(parameters)
        except ControlError as error:
            return _error(identity, REFUSED, str(error), error.exit_code)
        except (TypeError, ValueError) as error:
            return _error(identity, INVALID_PARAMS, f"{name}: {error}", ExitCode.USAGE)
        except (ImaginizedError, OSError) as error:
            self._log.error("control_call_failed", method=name, reason=str(error))
            return _error(identity, REFUSED, str(error), ExitCode.BUG)
        return {"jsonrpc": "2.0", "id": identity, "result": result}


def _error(identity: object, code: int, message: str, exit_code: ExitCode = ExitCode.USAGE) -> Report:
    return {
        "jsonrpc": "2.0",
        "id": identity,
        "error": {"code": code, "message": message, "data": {"exit_code": int(exit_code)}},
    }


async def _write(writer: asyncio.StreamWriter, message: Report) -> None:
    writer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    async with asyncio.timeout(SLOW_SECONDS):
        await writer.drain()


def _may_change(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer is root, our user or in our group, as the kernel says."""
    peer: socket.socket = writer.get_extra_info("socket")
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, gid = struct.unpack("3i", credentials)
    return uid in (0, os.geteuid()) or gid == os.getegid()
