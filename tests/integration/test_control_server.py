"""The control socket's server by itself, without a daemon around it."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.control.parameters import Parameter
from imaginized.control.server import ControlServer, Json, Method
from imaginized.errors import ExitCode, SocketInUse
from imaginized.logs.log import get_log

OTHER_UID = 65534


async def answer(_parameters: Mapping[str, object]) -> Json:
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
        writer.write(b'{"id": 1, "method": "status"}\n')
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

    async def note(parameters: Mapping[str, object]) -> Json:
        asked.append(parameters["who"])
        return {}

    async def call(who: str, *, times: int) -> None:
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(f'{{"id": 1, "method": "note", "params": {{"who": "{who}"}}}}\n'.encode() * times)
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


async def asked(path: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b'{"id": 1, "method": "status"}\n')
    line = await reader.readline()
    writer.close()
    return line


def test_f41_systemds_socket_is_neither_bound_again_nor_removed(tmp_path: Path) -> None:
    """A socket that was passed is only looked at: that its file is gone is told, with what to restart."""

    async def adopt() -> tuple[list[str], list[str], bool]:
        server = ControlServer({"status": Method(answer=answer)}, log=get_log(), note="4711 /books")
        with socket.socket(socket.AF_UNIX) as systemds:
            systemds.bind(f"{tmp_path}/s")
            systemds.listen()
            await server.adopt(systemds.dup().detach())
            await server.check()
            before = [problem.text for problem in server.problems]
            (tmp_path / "s").rename(tmp_path / "elsewhere")
            await server.check()
            after = [problem.text for problem in server.problems]
            (tmp_path / "elsewhere").rename(tmp_path / "s")
            await server.check()
            assert server.problems == []
            await server.close()
        return before, after, (tmp_path / "s").exists()

    before, (problem,), is_left = asyncio.run(adopt())

    assert before == []
    assert "systemctl restart imaginized.socket" in problem
    assert is_left


def test_f41_a_socket_at_which_somebody_listens_without_a_lock_is_left_to_them(tmp_path: Path) -> None:
    """An older version or systemd keeps no lock: who listens there is asked before anything is removed."""

    async def listen() -> None:
        server = ControlServer({}, log=get_log())
        await server.listen(tmp_path / "s")
        await server.close()

    with socket.socket(socket.AF_UNIX) as other:
        other.bind(f"{tmp_path}/s")
        other.listen()
        inode = (tmp_path / "s").stat().st_ino
        with pytest.raises(SocketInUse, match=r"an older version, or systemd"):
            asyncio.run(listen())
        assert (tmp_path / "s").stat().st_ino == inode
    asyncio.run(listen())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its rights away and take them back")
def test_f41_a_folder_that_cannot_be_written_any_more_costs_the_socket_only() -> None:
    """A socket that cannot be bound again is told; to stop without it, or without removing it, is no error."""

    async def serve(folder: Path) -> tuple[list[str], bytes]:
        first, second = (ControlServer({"status": Method(answer=answer)}, log=get_log(), note="1 /b") for _ in range(2))
        await first.listen(folder / "s")
        (folder / "s").unlink()
        folder.chmod(0o500)
        await first.check()
        problems = [problem.text for problem in first.problems]
        await first.close()
        folder.chmod(0o700)
        await second.listen(folder / "s")
        folder.chmod(0o500)
        reply = await asked(folder / "s")
        await second.close()
        return problems, reply

    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        os.chown(folder, OTHER_UID, -1)
        os.seteuid(OTHER_UID)
        try:
            (problem,), reply = asyncio.run(serve(Path(folder)))
        finally:
            os.seteuid(0)

    assert "cannot be bound again: [Errno 13] Permission denied" in problem
    assert b"is_here" in reply
