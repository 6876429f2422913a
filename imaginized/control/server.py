"""The control socket: JSON-RPC 2.0, one UTF-8 line a message, so that socat and jq can talk to it."""

import asyncio
import contextlib
import json
import select
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import Path
from typing import Protocol, runtime_checkable

from imaginized.control.lines import CHUNK_BYTES, Lines, LineTooLong, Room
from imaginized.control.parameters import BadParameters, Parameter, checked, is_whole
from imaginized.control.peers import Peer, peer_of
from imaginized.control.protocol import Role
from imaginized.control.socketfile import SocketFile
from imaginized.control.turns import Turn
from imaginized.errors import ControlError, ExitCode, ImaginizedError
from imaginized.logs.log import Log
from imaginized.reasons import Reason
from imaginized.version import PROTOCOL, VERSION

MAX_CLIENTS = 100
BACKLOG = 512  # clients that come at the same moment wait for their turn
SILENT_SECONDS = 600.0
SLOW_SECONDS = 10.0
LAST_ANSWERS_SECONDS = 2.0
TURNS_TO_A_VISIT = 5  # of the loop: asyncio takes three from accepting a client to the first line of `_serve`
MAX_VALUES = 10_000  # in a request: a mebibyte of small ones takes json, and whoever waits, longer than a long text
MAX_NAME_LENGTH = 100
AUDITED = ("book", "chapters", "all_failed")  # of a call's parameters
ALLOWED: Mapping[Role, str] = {
    Role.WORK: "root, the daemon's own user, and members of its group or of the socket's",
    Role.RULE: "root and the daemon's own user; use sudo",
}
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
INTERNAL_ERROR, REFUSED = -32603, -32000

Json = Mapping[str, object]


@runtime_checkable
class Opened(Protocol):
    """What a call answers with that makes a stream of its connection."""

    @property
    def answer(self) -> Json:
        """The result of the call itself."""

    def messages(self) -> AsyncIterator[Json | None]:
        """What is sent after that; None where there is nothing now: a moment to see whether the client is there."""

    def close(self) -> None:
        """No more is wanted. Called once at least, also when no message was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A call a client can make.

    Attributes:
        answer: From its parameters, checked, to its result, or to a stream; may take as long as it needs.
        takes: Its parameters by name.
        role: Who may make it. Whatever takes more than reading changes something, and is noted with its caller.
    """

    answer: Callable[[Json], Awaitable[Json | Opened]]
    takes: Mapping[str, Parameter] = field(default_factory=dict)
    role: Role = Role.READ


@dataclass(slots=True, eq=False)
class _Visit:
    """A connected client.

    Attributes:
        task: What serves it.
        writer: Where its answers go.
        silent_since: Monotonic seconds; infinity while it is answered.
        is_owed: Whether it has an answer to come: it has asked, or has only just connected to ask.
        stream: What its connection has become; None while it asks and is answered.
    """

    task: asyncio.Task[None]
    writer: asyncio.StreamWriter
    silent_since: float = field(default_factory=time.monotonic)
    is_owed: bool = True
    stream: Opened | None = None


class ControlServer:
    """Answers clients; one that is slow, silent or talks nonsense costs bounded memory and nobody's time."""

    def __init__(
        self, methods: Mapping[str, Method], *, log: Log, note: str = "nobody", slow_seconds: float = SLOW_SECONDS
    ) -> None:
        """Offer these methods.

        Args:
            methods: By name.
            log: For calls that change something, and those that fail.
            note: Names the daemon in the lock beside its socket.
            slow_seconds: How long a client may take to read an answer.
        """
        self._methods = methods
        self._slow_seconds = slow_seconds
        self._ahead = asyncio.Lock()
        self._log = log
        self._server: asyncio.Server | None = None
        self._note = note
        self._file: SocketFile | None = None
        self._visits: set[_Visit] = set()
        self._room = Room()
        self._is_closing = False

    async def listen(self, path: Path) -> None:
        """Bind the socket; one that was left over is replaced.

        Raises:
            SocketInUse: Another daemon has it.
            OSError: The folder cannot be made or written.
        """
        self._file = SocketFile(path, note=self._note, log=self._log)
        self._server = await self._serve_at(self._file.bind())

    async def adopt(self, fd: int) -> None:
        """Listen on a socket that systemd opened."""
        # systemd may have left it blocking, and asyncio takes only what does not block.
        passed = socket.socket(fileno=fd)
        passed.setblocking(False)
        self._file = SocketFile.adopted(passed, note=self._note, log=self._log)
        self._server = await self._serve_at(passed)

    async def check(self) -> None:
        """See whether clients still find the socket, and bind it anew if not. Call it now and then."""
        listening = self._file.bind_again() if self._file is not None else None
        if listening is not None:
            before, self._server = self._server, await self._serve_at(listening)
            if before is not None:
                await _let_in_who_was_accepted(before)
                # Last: whoever has connected to the old file is let in before it goes.
                before.close()

    @property
    def problems(self) -> list[Reason]:
        """Why clients cannot come in."""
        return [] if self._file is None else self._file.problems

    async def _serve_at(self, listening: socket.socket) -> asyncio.Server:
        if sys.version_info >= (3, 13):  # which removes the file when the server closes, systemd's as well as ours
            return await asyncio.start_unix_server(
                self._serve, sock=listening, limit=CHUNK_BYTES, backlog=BACKLOG, cleanup_socket=False
            )
        return await asyncio.start_unix_server(self._serve, sock=listening, limit=CHUNK_BYTES, backlog=BACKLOG)

    async def close(self) -> None:
        """Stop listening, answer who has asked, hang up, remove our socket. Who connects later waits for systemd's."""
        if self._server is not None:
            await _let_in_who_was_accepted(self._server)
            self._server.close()
        # Set after listening has ended: whoever is let in before is still answered.
        self._is_closing = True
        with contextlib.suppress(TimeoutError):  # who does not ask by then goes unanswered
            async with asyncio.timeout(LAST_ANSWERS_SECONDS):
                while owed := [visit.task for visit in self._visits if visit.is_owed]:
                    await asyncio.wait(owed)
        for visit in self._visits:
            visit.task.cancel()
        await asyncio.gather(*(visit.task for visit in self._visits), return_exceptions=True)
        if self._file is not None:
            self._file.remove()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        visit = _Visit(task, writer)
        lines = Lines(reader, room=self._room)
        try:
            if self._make_place():
                self._visits.add(visit)
                await self._converse(lines, visit=visit)
            else:
                error = _error(None, REFUSED, "too many clients at once; try again", ExitCode.TIMED_OUT)
                await self._write(writer, error)
        except (ConnectionError, TimeoutError):
            writer.transport.abort()  # gone or too slow: nobody is left to tell
        except asyncio.CancelledError:
            # Its place was given away, or we stop. Ended as cancelled, asyncio would write a traceback to stderr.
            if not self._is_closing:
                writer.transport.abort()
        finally:
            self._visits.discard(visit)
            lines.close()
            if visit.stream is not None:
                visit.stream.close()
            await _hang_up(writer)

    def _make_place(self) -> bool:
        """Whether one more may come; whoever was silent for longest goes for it, so that idlers shut nobody out."""
        if len(self._visits) < MAX_CLIENTS:
            return True
        gone = {visit for visit in self._visits if visit.writer.is_closing()}  # their tasks are about to find out
        if gone:
            self._visits -= gone
            return True
        longest = min(self._visits, key=lambda visit: visit.silent_since)
        if longest.silent_since == inf:
            return False
        self._visits.discard(longest)
        # It hears of it at its next await; its place is free now, as it is out of the set.
        return longest.task.cancel()

    async def _converse(self, lines: Lines, *, visit: _Visit) -> None:
        writer = visit.writer
        # Once, as it was when it connected: a process that gives its rights away later keeps what it came with.
        peer = peer_of(writer.get_extra_info("socket"))
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    # The wait is bounded, not the answer: a client may wait for a long call, but not be silent for
                    # ever.
                    line = await lines.next()
            except LineTooLong as error:
                await self._write(writer, _error(None, PARSE_ERROR, str(error)))
                return
            if line is None:
                return
            visit.silent_since, visit.is_owed = inf, True
            reply = await self._reply(line, peer=peer, visit=visit)
            # From here on it is for the client to read: one that does not loses its place before anybody is sent away.
            visit.silent_since = time.monotonic()
            if reply is not None:
                await self._write(writer, reply)
            if visit.stream is not None:
                await self._tell(visit.stream, visit=visit)
                return
            visit.silent_since, visit.is_owed = time.monotonic(), False
            await self._let_others(lines)
            if self._is_closing:
                return

    async def _let_others(self, lines: Lines) -> None:
        """Whoever has sent many lines at once is answered one a turn, and all who have, one of them a turn.

        Else nobody else has a turn meanwhile, or has to wait for a hundred of them.
        """
        if not lines.is_one_there:
            await asyncio.sleep(0)
            return
        async with self._ahead:
            await asyncio.sleep(0)

    async def _tell(self, stream: Opened, *, visit: _Visit) -> None:
        """Send what a stream has for as long as its client is there. What that one sends is not read any more."""
        # Its place goes to nobody else: streams have a bound of their own.
        visit.silent_since, visit.is_owed, turn = inf, False, Turn()
        connection = visit.writer.get_extra_info("socket")
        try:
            async for message in stream.messages():
                if message is not None:
                    await self._write(visit.writer, message)
                elif self._is_closing or visit.writer.is_closing() or _has_hung_up(connection):
                    return
                await turn.pass_on()
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: its client comes back with the cursor it has
            self._log.error("control_call_failed", method="stream", exc_info=error)

    async def _write(self, writer: asyncio.StreamWriter, message: Json) -> None:
        # Half of a character that needs two is no UTF-8; its escape is the same text in JSON.
        writer.write(json.dumps(message, ensure_ascii=False).encode(errors="backslashreplace") + b"\n")
        async with asyncio.timeout(self._slow_seconds):
            # Bounded: a client that asks and does not read would keep its answer in our memory for ever.
            await writer.drain()

    async def _reply(self, line: bytes, *, peer: Peer, visit: _Visit) -> Json | None:
        """The answer to a line; None to a notification, which has no id and gets none, whatever becomes of it."""
        try:
            request = _request(line)
        except _Refused as error:
            return _error(None, error.code, str(error))
        reply = await self._answer(request, peer=peer, visit=visit)
        return reply if "id" in request else None

    async def _answer(self, request: Json, *, peer: Peer, visit: _Visit) -> Json:
        identity, name = request.get("id"), str(request["method"])
        method = self._methods.get(name)
        if method is None:
            known = ", ".join(sorted(self._methods))
            text = f"no method {name[:MAX_NAME_LENGTH]}; there are {known}"
            return _error(identity, METHOD_NOT_FOUND, text, ExitCode.PROTOCOL_MISMATCH)
        refusal = self._refusal(method, name=name, peer=peer)
        if refusal:
            return _error(identity, REFUSED, refusal, ExitCode.PERMISSION)
        try:
            parameters = _parameters(request, takes=method.takes)
        except BadParameters as error:
            return _error(identity, INVALID_PARAMS, f"{name}: {error}", ExitCode.USAGE)
        reply = await self._call(method, name=name, identity=identity, parameters=parameters, visit=visit)
        if method.role > Role.READ:
            told = {key: parameters[key] for key in AUDITED if key in parameters}
            self._log.info(
                "control_call_made", method=name, uid=peer.uid, caller=peer.pid, is_done="result" in reply, **told
            )
        return reply

    def _refusal(self, method: Method, *, name: str, peer: Peer) -> str:
        """Why this caller may not call it; "" where it may."""
        if not peer.is_ours and method.role <= peer.role:
            return ""
        self._log.warning("control_call_refused", method=name, uid=peer.uid, caller=peer.pid)
        if peer.is_ours:
            return f"process {peer.pid} is the daemon's own child (or gone); its children may not call it"
        return f"{name} is for {ALLOWED[method.role]}"

    async def _call(self, method: Method, *, name: str, identity: object, parameters: Json, visit: _Visit) -> Json:
        try:
            result = await method.answer(parameters)
            if isinstance(result, Opened):
                visit.stream, result = result, result.answer
        except ControlError as error:
            return _error(identity, REFUSED, str(error), error.exit_code, error.code)
        except BadParameters as error:
            return _error(identity, INVALID_PARAMS, f"{name}: {error}", ExitCode.USAGE)
        except (ImaginizedError, OSError) as error:
            self._log.error("control_call_failed", method=name, reason=str(error))
            return _error(identity, REFUSED, str(error), ExitCode.BUG)
        except Exception as error:  # noqa: BLE001 - the boundary: whoever called is owed a word, and the others go on
            self._log.error("control_call_failed", method=name, exc_info=error)
            text = f"{name}: a bug of the daemon ({type(error).__name__}); its log has more"
            return _error(identity, INTERNAL_ERROR, text, ExitCode.BUG)
        return {"jsonrpc": "2.0", "id": identity, "result": result}


class _Refused(Exception):
    """A line is no request."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def _parameters(request: Json, *, takes: Mapping[str, Parameter]) -> dict[str, object]:
    """The parameters of a request, checked.

    Raises:
        BadParameters: They are not what the method takes.
    """
    given = request.get("params", {})
    if not isinstance(given, dict):
        raise BadParameters("params must be an object")
    return checked(given, takes=takes)


def _request(line: bytes) -> dict[str, object]:
    """The request that a line is: an object with a method.

    Raises:
        _Refused: It is none.
    """
    # Counted in the bytes, before json makes an object of each: that would hold up the loop for everybody.
    if sum(line.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise _Refused(INVALID_REQUEST, f"more than {MAX_VALUES} values in a request; ask for less at once")
    try:
        # Of bytes json would take UTF-16, too; of texts it would take NaN, and the last of two equal keys.
        request = json.loads(line.decode(), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise _Refused(PARSE_ERROR, f"not JSON: {error}") from error
    if isinstance(request, list):
        raise _Refused(INVALID_REQUEST, "a batch of requests; send them one a line")
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise _Refused(INVALID_REQUEST, 'expected {"jsonrpc": "2.0", "id": 1, "method": "status"}')
    if not _is_identity(request.get("id")):
        raise _Refused(INVALID_REQUEST, f"id must be a number or a text of at most {MAX_NAME_LENGTH} characters")
    return request


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number in JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has the same key twice")
    return found


def _is_identity(value: object) -> bool:
    """Whether it is an id that we can send back: 1e999 is infinite here, and no JSON."""
    if isinstance(value, str):
        return len(value) <= MAX_NAME_LENGTH and is_whole(value)
    if value is None or isinstance(value, bool):
        return value is None
    return (
        isinstance(value, int | float)
        and (isinstance(value, int) or isfinite(value))
        and len(str(value)) <= MAX_NAME_LENGTH
    )


async def _let_in_who_was_accepted(server: asyncio.Server) -> None:
    """Accept nobody more, and begin the visit of each that was: asyncio drops those halfway when a server closes."""
    # asyncio goes on accepting until its reader is gone; only then the number of visits to come is known.
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    for _ in range(TURNS_TO_A_VISIT):
        await asyncio.sleep(0)


def _error(
    identity: object, code: int, message: str, exit_code: ExitCode = ExitCode.USAGE, reason: str | None = None
) -> Json:
    data: dict[str, object] = {"exit_code": int(exit_code), "protocol": PROTOCOL, "version": VERSION}
    data |= {"code": reason} if reason else {}
    return {
        "jsonrpc": "2.0",
        "id": identity,
        "error": {"code": code, "message": message, "data": data},
    }


def _has_hung_up(connection: socket.socket) -> bool:
    """Whether the other end is closed. One that is shut for writing only, as socat does, is still there to read."""
    looking = select.poll()
    looking.register(connection.fileno(), 0)  # asks for nothing: that it hung up is always told
    return bool(looking.poll(0))


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection; what is not read soon is dropped, for it would stay in our memory as long as its client."""
    writer.close()
    try:
        async with asyncio.timeout(LAST_ANSWERS_SECONDS):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except ConnectionError:
        pass  # it has hung up first
