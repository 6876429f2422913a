"""The control socket's server by itself, without a daemon around it."""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from imaginized.daemon.control import ControlServer, Method
from imaginized.daemon.parameters import Parameter
from imaginized.daemon.report import Report
from imaginized.errors import ExitCode
from imaginized.logs import get_log


async def answer(_parameters: Mapping[str, object]) -> Report:
    return {"is_here": True}


def test_a_call_that_comes_as_the_server_closes_is_answered_or_left_to_the_next(tmp_path: Path) -> None:
    """A call at the moment of the close is answered if it was let in; else it waits at systemd's end of the socket."""
    complaints: list[object] = []

    async def close_after(turns: int) -> str:
        """Call, give the loop so many turns, close."""
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        server = ControlServer({"status": Method(answer=answer)}, log=get_log())
        with socket.socket(socket.AF_UNIX) as systemds, socket.socket(socket.AF_UNIX) as client:
            systemds.bind(f"{tmp_path}/{turns}")
            systemds.listen()
            systemds.setblocking(False)
            await server.adopt(systemds.dup().detach())
            client.connect(f"{tmp_path}/{turns}")
            client.sendall(b'{"jsonrpc": "2.0", "id": 1, "method": "status"}\n')
            for _ in range(turns):
                await asyncio.sleep(0)
            await server.close()
            with contextlib.suppress(BlockingIOError):
                systemds.accept()[0].close()
                return "waits"
            client.settimeout(1)
            return "answered" if "result" in json.loads(client.recv(4096)) else "refused"

    outcomes = [asyncio.run(close_after(turns)) for turns in range(9)]

    assert set(outcomes) == {"waits", "answered"}
    assert complaints == []


def test_silent_clients_are_shown_out_without_a_word_in_the_log(tmp_path: Path) -> None:
    """A client that is connected and was answered costs the close no time and no traceback."""
    complaints: list[object] = []

    async def close() -> bytes:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        server = ControlServer({"status": Method(answer=answer)}, log=get_log())
        await server.listen(tmp_path / "s")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(b'{"method": "status"}\n')
        await reader.readline()
        await server.close()
        rest = await reader.read()
        writer.close()
        return rest

    assert asyncio.run(close()) == b""
    assert complaints == []


def test_f40_a_caller_without_end_leaves_the_others_their_turn(tmp_path: Path) -> None:
    """Somebody who sends hundreds of calls in one go is answered one a turn: who comes then waits for a few of them."""
    asked: list[object] = []

    async def note(parameters: Mapping[str, object]) -> Report:
        asked.append(parameters["who"])
        return {}

    async def call(who: str, *, times: int) -> None:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(f'{{"method": "note", "params": {{"who": "{who}"}}}}\n'.encode() * times)
        for _ in range(times):
            assert b"result" in await reader.readline()
        writer.close()

    async def both() -> None:
        method = Method(answer=note, takes={"who": Parameter(check=str, is_needed=True)})
        server = ControlServer({"note": method}, log=get_log())
        await server.listen(tmp_path / "s")
        await asyncio.gather(call("hostile", times=300), call("other", times=1))
        await server.close()

    asyncio.run(both())

    assert len(asked) == 301
    assert asked.index("other") < 30


CALLING_CHILD = """
import os, socket, sys
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    client.sendall(b'{"jsonrpc": "2.0", "id": 1, "method": "status"}\\n')
    print(client.recv(65536).decode())
"""


def test_the_daemon_s_own_children_are_refused(tmp_path: Path) -> None:
    """A child's child that calls, as a reader taken over by a book would, gets no answer but why."""

    async def ask_from_child() -> Mapping[str, object]:
        server = ControlServer({"status": Method(answer=answer)}, log=get_log())
        await server.listen(tmp_path / "s")
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CALLING_CHILD, str(tmp_path / "s"), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await child.communicate()
        await server.close()
        found: Mapping[str, object] = json.loads(told)
        return found

    told = asyncio.run(ask_from_child())
    error = cast(Mapping[str, object], told["error"])

    assert "result" not in told
    assert "children may not call it" in str(error["message"])
    assert cast(Mapping[str, object], error["data"])["exit_code"] == ExitCode.PERMISSION
