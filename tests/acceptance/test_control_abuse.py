"""Clients that do what no client should: the daemon's memory stays bounded and its workers notice nothing."""

import asyncio
import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from imaginized.control.client import Client
from imaginized.control.server import MAX_CLIENTS, ControlServer, Method
from imaginized.errors import ControlError, ExitCode
from imaginized.logs.log import get_log
from imaginized.store.locking import locked
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import make_epub
from tests.support.slowness import at_most
from tests.support.waiting import DEADLINE_SECONDS

NOBODY = 65534
MEMORY_KB = 30_000
CALLS = 1000


@contextlib.contextmanager
def connected(daemon: Daemon, count: int) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as open_ones:
        clients = [open_ones.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(count)]
        for client in clients:
            client.settimeout(DEADLINE_SECONDS)
            client.connect(str(daemon.socket))
        yield clients


def memory_kb(daemon: Daemon) -> int:
    assert daemon.process is not None
    status = (Path("/proc") / str(daemon.process.pid) / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def descriptors(daemon: Daemon) -> int:
    assert daemon.process is not None
    return len(list((Path("/proc") / str(daemon.process.pid) / "fd").iterdir()))


def id_of(daemon: Daemon, title: str) -> str:
    """The exact id of a book: calls that change one take nothing else."""
    return next(str(row["book"]) for row in daemon.books() if row["title"] == title)


def reply_to(client: socket.socket, line: bytes) -> Row:
    client.sendall(line)
    with client.makefile("rb") as lines:
        answer: Row = json.loads(lines.readline())
    return answer


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One daemon for all these tests: none of them may leave a mark on it."""
    folder = tmp_path_factory.mktemp("abuse")
    with daemon_in(folder) as running:
        running.drop(make_epub(folder / "small.epub"))
        running.drop(make_epub(folder / "other.epub", title="Another", chapters=1))
        running.wait_for_phases("done", "done")
        yield running
        # One that has rested for a while is replaced, and that is told as no warning.
        assert [row["reason"] for row in running.events("worker_exited") if row["level"] == "warning"] == []
        assert not running.events("error_caught")
        assert [line for line in running.log.read_text().splitlines() if not line.startswith("{")] == []


def test_f34_a_line_of_two_mebibytes_is_refused(daemon: Daemon) -> None:
    """A line over the limit is answered with the limit, and the connection ends; the others go on."""
    with connected(daemon, 1) as (client,):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it hangs up before all is sent
            client.sendall(b"x" * (2 << 20))
        heard = client.recv(4096)

    assert b"longer than 1048576 bytes" in heard
    assert daemon.status()["state"] == "running"


def test_f34_a_line_of_almost_one_mebibyte_is_read(daemon: Daemon) -> None:
    """A long line within the limit is a request like any other."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "version", "params": {}}
    with connected(daemon, 1) as (client,):
        answer = reply_to(client, json.dumps(request).encode() + b" " * 1_000_000 + b"\n")

    assert "result" in answer


def test_f34_half_a_line_holds_nobody_up(daemon: Daemon) -> None:
    """Clients that never end their line cost bounded memory, and others are answered meanwhile."""
    daemon.status()
    before = memory_kb(daemon)
    with connected(daemon, 60) as clients:
        for client in clients:
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):  # what the daemon does not take stays outside
                for _ in range(40):
                    client.send(b"x" * 25_000)
        assert daemon.status()["state"] == "running"
        grown = memory_kb(daemon) - before

    assert grown < MEMORY_KB


def test_f34_begun_lines_that_fill_the_room_shut_nobody_out(daemon: Daemon) -> None:
    """Eight clients hold as much as all together may; calls of others are answered all the same."""
    request = b'{"jsonrpc":"2.0","id":1,"method":"version"' + b" " * 700 + b"}\n"
    with connected(daemon, 9) as clients:
        for client, size in zip(clients, [*[1_048_000] * 8, 4000], strict=True):
            client.sendall(b"x" * size)  # through, but for what fits into two buffers
        for _ in range(4):
            with connected(daemon, 1) as (other,):
                assert "result" in reply_to(other, request)


def test_f34_idle_connections_shut_nobody_out(daemon: Daemon) -> None:
    """Of 200 silent connections the longest silent go; a call is answered while all others stay open."""
    with connected(daemon, 200) as clients:
        assert daemon.status()["state"] == "running"
        daemon.wait_for(lambda: descriptors(daemon) < 150, "those that were silent longest are closed")
        assert clients[0].recv(1) == b""
    daemon.wait_for(lambda: descriptors(daemon) < 50, "the descriptors are closed")


def test_f34_a_client_that_goes_while_it_is_answered_is_forgotten(daemon: Daemon) -> None:
    """Whoever asks, again and again, and does not wait for the answers leaves nothing behind."""
    for _ in range(100):
        with connected(daemon, 1) as (client,):
            client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"status"}\n' * 5)

    # One that is answered came after them: before, they may not even have been let in.
    daemon.wait_for(lambda: daemon.answers() and descriptors(daemon) < 50, "the descriptors are closed")


async def error_for_one_who_comes(path: Path, *, turns: int) -> object:
    """What a client is told that comes so many turns of the server's loop after as many others as may be there."""
    server = ControlServer({"ask": Method(answer=answer)}, log=get_log())
    await server.listen(path)
    for _ in range(MAX_CLIENTS):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b'{"id":1,"method":"ask"}\n' * 2)
    for _ in range(turns):
        await asyncio.sleep(0)
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b"[1]\n")
    error = json.loads(await reader.readline())["error"]["code"]
    writer.close()
    await server.close()
    return error


async def answer(_parameters: Mapping[str, object]) -> dict[str, object]:
    return {}


def test_f34_clients_that_hung_up_take_no_place() -> None:
    """Whenever somebody comes after a hundred who asked and went, there is a place."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        errors = [asyncio.run(error_for_one_who_comes(Path(short) / "s", turns=turns)) for turns in range(12)]

    assert errors == [-32600] * 12


async def told_behind_those_who_do_not_read(path: Path, *, slow_seconds: float) -> tuple[list[bytes], int]:
    """What each of many is told who comes behind as many others as may be there, none of whom reads; and how many of
    those others the server has not hung up on by the end."""

    async def much(_parameters: Mapping[str, object]) -> dict[str, object]:
        return {"much": "x" * (4 << 20)}

    server = ControlServer(
        {"ask": Method(answer=answer), "much": Method(answer=much)}, log=get_log(), slow_seconds=slow_seconds
    )
    await server.listen(path)
    silent = []
    for _ in range(MAX_CLIENTS):
        reader, writer = await asyncio.open_unix_connection(path, limit=1)
        writer.write(b'{"id":1,"method":"much"}\n')
        silent.append((reader, writer))
    told = []
    for _ in range(20):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"id":1,"method":"ask"}\n')
        told.append(await reader.readline())
        writer.close()
    descriptors = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - their numbers alone
    async with asyncio.timeout(DEADLINE_SECONDS):
        await server.close()
    left = len(set(os.listdir("/proc/self/fd")) & descriptors)  # noqa: PTH208
    for _, writer in silent:
        writer.transport.abort()
    return told, len(descriptors) - left


def test_f34_clients_that_do_not_read_shut_nobody_out() -> None:
    """A hundred who ask for much and read nothing lose their places to who comes, and do not keep us from ending."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        told, let_go = asyncio.run(told_behind_those_who_do_not_read(Path(short) / "s", slow_seconds=DEADLINE_SECONDS))

    assert told == [b'{"jsonrpc": "2.0", "id": 1, "result": {}}\n'] * 20
    assert let_go >= MAX_CLIENTS - 20


def test_f34_a_thousand_calls_in_a_row_are_answered(daemon: Daemon) -> None:
    """A thousand calls on one connection are all answered, at flat memory, while the loop keeps its other duties."""
    with Client(daemon.socket) as client:
        client.call("status")
        before = memory_kb(daemon)
        states = {str(client.call("status")["state"]) for _ in range(CALLS)}

    assert states == {"running"}
    assert memory_kb(daemon) - before < MEMORY_KB


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"nonsense\n", -32700),
        (b"\xff\xfe\n", -32700),
        (b"[1]\n", -32600),
        (b'{"method": 3}\n', -32600),
        (b'{"method": "fly", "id": 1}\n', -32601),
        (b'{"method": "status", "id": 1, "params": [1]}\n', -32602),
        (b"[" * 5000 + b"\n", -32700),
        (b'{"method": "status", "id": [1]}\n', -32600),
        (b'{"method": "\\ud800", "id": 1}\n', -32601),
        (b'{"method": "status", "id": "\\ud800"}\n', -32600),
        (b'{"method": "status", "id": true}\n', -32600),
        (b'{"method": "status", "id": 1e999}\n', -32600),
        (b'{"method": "status", "id": {"a": 1}}\n', -32600),
        (b'{"method": "status", "id": ' + b"9" * 200 + b"}\n", -32600),
        (b'{"method": "status", "id": ' + b"9" * 5000 + b"}\n", -32700),
        (b'{"method": "status", "id": NaN}\n', -32700),
        (b'{"method": "approve", "id": 1, "params": {"book": "x", "usd": Infinity}}\n', -32700),
        (b'{"method": "approve", "id": 1, "params": {"book": "x", "usd": 1e999}}\n', -32602),
        (b'{"method": "status", "id": 1, "params": {"book": "\\udfff"}}\n', -32602),
        (b'{"method": "status", "id": 1, "params": {"\\ud800": 1}}\n', -32602),
        (b'{"method": "status", "method": "drain", "id": 1}\n', -32700),
        (b'{"method": "status", "id": 1, "params": {"book": "a", "book": "b"}}\n', -32700),
        (b'{"method": "status", "id": 1, "params": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}\n", -32700),
        (b'{"method": "cancel", "id": 1, "params": {"book": ' + b"[" * 300 + b"]" * 300 + b"}}\n", -32602),
        (b'{"method": "status", "id": 1, "params": null}\n', -32602),
        (b'[{"method": "status", "id": 1}]\n', -32600),
        (b'"status"\n', -32600),
        (b"\n", -32700),
        ('{"method": "status", "id": 1}'.encode("utf-16-le") + b"\n", -32700),
    ],
)
def test_f34_nonsense_is_answered_as_json_rpc_has_it(daemon: Daemon, line: bytes, code: int) -> None:
    """Each kind of wrong request gets its own error, and the versions."""
    with connected(daemon, 1) as (client,):
        error = reply_to(client, line)["error"]

    assert isinstance(error, dict)
    assert error["code"] == code
    assert {"exit_code", "protocol", "version"} <= error["data"].keys()


NOTIFICATIONS = (
    b'{"method": "status"}\n',
    b'{"method": "fly"}\n',
    b'{"method": "status", "params": [1]}\n',
    b'{"method": "cancel", "params": {"book": "nobody"}}\n',
)


def test_a_notification_gets_no_answer(daemon: Daemon) -> None:
    """A request without an id is nobody's question: whatever becomes of it, the next line said is the next call's."""
    with connected(daemon, 1) as (client,):
        answer = reply_to(client, b"".join(NOTIFICATIONS) + b'{"method": "version", "id": "mine"}\n')

    assert answer["id"] == "mine"
    assert "result" in answer


@pytest.mark.parametrize(
    ("method", "parameters", "message"),
    [
        ("cancel", {"book": "small", "chapter": [3]}, "unknown parameter 'chapter'; did you mean 'chapters'?"),
        ("cancel", {"book": "small", "chapters": []}, "chapters: not a chapter list: [] (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": "8-5"}, "not a chapter list: '8-5' (example: 1-5,8); 8-5 runs back"),
        ("cancel", {"book": "small", "chapters": [0]}, "chapters: not a chapter list: 0 (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": [True]}, "chapters: not a chapter list: True (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": [[1]]}, "chapters: not a chapter list: a list in a list (exa"),
        ("cancel", {"book": "small", "chapters": {}}, "chapters: not a chapter list: dict (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": ""}, "chapters: not a chapter list: '' (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": "1 2"}, "chapters: not a chapter list: '1 2' (example: 1-5,8)"),
        ("cancel", {"book": "small", "chapters": 10**4000}, "chapters: not a chapter list: 1000"),
        ("cancel", {"book": "small", "chapters": "1-99999"}, "at most 5000 chapters at once"),
        ("cancel", {"chapters": [1]}, "cancel: book is missing"),
        ("cancel", {"book": None}, "cancel: book is missing"),
        ("cancel", {"book": 7}, "book: must be a text of 1 to 500 characters"),
        ("cancel", {"book": "x" * 501}, "book: must be a text of 1 to 500 characters"),
        ("status", {"bok": "small"}, "unknown parameter 'bok'; did you mean 'book'?"),
        ("status", {"x" * 900_000: 1}, "unknown parameter 'xxxx"),
        ("drain", {"now": True}, "unknown parameter 'now'; it takes none"),
        ("approve", {}, "approve: book is missing"),
        ("retry", {}, "give a book, or all_failed alone"),
        ("retry", {"all_failed": True, "chapters": [1]}, "give a book, or all_failed alone"),
        ("retry", {"all_failed": "yes"}, "all_failed: must be true or false"),
        ("judge", {"digest": "../etc"}, "digest: must be a SHA-256"),
    ],
)
def test_f40_parameters_are_checked_before_anything_is_done(
    daemon: Daemon, method: str, parameters: Mapping[str, object], message: str
) -> None:
    """Whatever is unknown, missing, empty or out of bounds is an error that names it; absence never means all."""
    before = daemon.status()["books"]
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode() + b"\n"
    with connected(daemon, 1) as (client,):
        error = reply_to(client, request)["error"]

    assert isinstance(error, dict)
    assert (error["code"], error["data"]["exit_code"]) == (-32602, ExitCode.USAGE)
    assert message in error["message"]
    assert len(error["message"]) < 300
    assert daemon.status()["books"] == before


def test_f40_null_is_all_and_a_text_is_a_chapter_list(daemon: Daemon) -> None:
    """No chapters, or null, are all that are meant; a text is read as on the command line."""
    book = id_of(daemon, "A Small Book")
    with Client(daemon.socket) as client:
        refused = []
        for parameters in ({"chapters": None}, {"chapters": "1-2, 4"}, {"chapters": [2, 2]}, {"chapters": "1-9"}):
            with pytest.raises(ControlError) as caught:
                client.call("cancel", book=book, **parameters)
            refused.append((caught.value.exit_code, str(caught.value).partition(" ")[2]))

    assert refused[0] == (ExitCode.NOTHING_TO_DO, "the book is already finished, so there is nothing to cancel")
    assert refused[1] == (ExitCode.NOTHING_TO_DO, "those chapters are already finished, so there is nothing to cancel")
    assert refused[2] == refused[1]
    assert refused[3] == (ExitCode.USAGE, "has no chapter 5; it has chapters 1 to 4")


def cpu_seconds(daemon: Daemon) -> float:
    """What the supervisor has used of the processor, by the kernel's clock of that process."""
    assert daemon.process is not None
    return time.clock_gettime((~daemon.process.pid << 3) | 2)  # clock_getcpuclockid(3)


BOOK = "small"  # stands for its exact id
HUGE = {
    "numbers": {"id": 1, "method": "cancel", "params": {"book": BOOK, "chapters": [1] * 480_000}},
    "as many as may be": {"id": 1, "method": "retry", "params": {"book": BOOK, "chapters": list(range(1, 5001))}},
    "a range": {"id": 1, "method": "cancel", "params": {"book": BOOK, "chapters": "1-99999," * 60}},
    "a name": {"id": 1, "method": "cancel", "params": {"book": "x" * 1_000_000}},
    "a key": {"id": 1, "method": "cancel", "params": {"x" * 1_000_000: 1}},
    "objects": {"id": 1, "method": "status", "params": {"book": [{} for _ in range(250_000)]}},
    "an id": {"method": "status", "id": ["x"] * 200_000},
}


@pytest.mark.parametrize("name", HUGE)
def test_f40_a_huge_request_costs_the_loop_next_to_nothing(daemon: Daemon, name: str) -> None:
    """From its last byte to its answer and that of another caller, the loop needs less than 50 ms of the processor."""
    line = json.dumps(HUGE[name], separators=(",", ":")).encode()
    line = line.replace(f'"{BOOK}"'.encode(), f'"{id_of(daemon, "A Small Book")}"'.encode())
    assert len(line) < 1 << 20
    costs = []
    with connected(daemon, 2) as (hostile, other):
        for _ in range(3):
            hostile.sendall(line)
            reply_to(other, b'{"id":1,"method":"version"}\n')  # now it has most of what was sent
            before = cpu_seconds(daemon)
            answer = reply_to(hostile, b"\n")
            reply_to(other, b'{"id":1,"method":"version"}\n')
            costs.append(cpu_seconds(daemon) - before)

    assert "error" in answer
    assert min(costs) < 0.05


AS_NOBODY = f"""
import os, sys
from pathlib import Path
from imaginized.control.client import Client
from imaginized.control.server import MAX_CLIENTS, ControlServer, Method
from imaginized.errors import ControlError
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})  # after the imports: nobody may read no checkout
for method in sys.argv[2:]:
    try:
        with Client(Path(sys.argv[1])) as client:
            client.call(method)
        print(0)
    except ControlError as error:
        print(int(error.exit_code), error)
"""


def as_nobody(daemon: Daemon, *methods: str) -> list[str]:
    """Call these as another user; returns a line each: the exit code, and what was told."""
    command = [sys.executable, "-c", AS_NOBODY, str(daemon.socket), *methods]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=True
    ).stdout.splitlines()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_f34_another_user_may_read_where_the_socket_lets_it_and_change_nothing(daemon: Daemon) -> None:
    """Another user is shut out by the socket's mode; where that is opened, it reads, and each change is refused."""
    mode = stat.S_IMODE(daemon.socket.stat().st_mode)
    daemon.folder.chmod(0o755)
    shut_out = as_nobody(daemon, "status")
    daemon.socket.chmod(0o666)
    try:
        told = as_nobody(daemon, "status", "claims", "pause", "retry", "drain", "reload")
    finally:
        daemon.socket.chmod(mode)

    assert mode == 0o660
    assert shut_out[0].startswith(f"{ExitCode.PERMISSION:d} no permission")
    assert "group" in shut_out[0]
    assert told[:2] == ["0", "0"]
    assert [line.split(" is for ")[0] for line in told[2:]] == ["5 pause", "5 retry", "5 drain", "5 reload"]
    assert {event["uid"] for event in daemon.events("control_call_refused")} == {NOBODY}


def test_every_change_is_noted_with_its_caller(daemon: Daemon) -> None:
    """The log has who made each changing call, from which process, and whether it was done."""
    book = id_of(daemon, "A Small Book")
    with contextlib.suppress(ControlError), Client(daemon.socket) as client:
        client.call("cancel", book=book, chapters=[1])
    made = [event for event in daemon.events("control_call_made") if event["method"] == "cancel"]

    assert made[-1]["uid"] == os.getuid()
    assert made[-1]["caller"] == os.getpid()
    assert (made[-1]["book"], made[-1]["chapters"], made[-1]["is_done"]) == (book, [1], False)
    assert not [event for event in daemon.events("control_call_made") if event["method"] == "status"]


def test_f34_a_change_that_waits_for_one_book_holds_up_no_other(daemon: Daemon, tmp_path: Path) -> None:
    """While a change waits for the lock of its book, calls and changes of another book are answered at once."""
    book, other = id_of(daemon, "A Small Book"), id_of(daemon, "Another")
    lock = daemon.library / book / ".imaginize.manifest.flock"
    outcome: list[str] = []

    def cancel() -> None:
        try:
            daemon.call("cancel", book=book)
        except ControlError as error:
            outcome.append(str(error))

    waiting = threading.Thread(target=cancel)
    with locked(lock, wait_seconds=10):
        waiting.start()
        began = time.monotonic()
        daemon.status()
        with pytest.raises(ControlError, match="nothing to cancel"):
            daemon.call("cancel", book=other)
        answered_after = time.monotonic() - began
        is_waiting = waiting.is_alive()
    waiting.join(DEADLINE_SECONDS)

    assert is_waiting
    assert answered_after < at_most(4.0)
    assert "nothing to cancel" in outcome[0]
