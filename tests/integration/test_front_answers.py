"""What a front makes of homes that are none, or hang; and what a client takes from whoever listens."""

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from imaginized.control import client as control_client
from imaginized.control.client import Client
from imaginized.control.giving import add_files
from imaginized.control.socketfile import SocketFile
from imaginized.errors import ControlError, ExitCode
from imaginized.front.methods import Front
from imaginized.front.serve import serve
from imaginized.front.shards import Shard
from imaginized.logs.log import get_log
from imaginized.version import PROTOCOL
from tests.support.epubs import make_epub

Answering = Callable[[socket.socket], None]


@contextmanager
def home_at(path: Path, answering: Answering) -> Iterator[Shard]:
    """Something that listens, and answers like this until its client hangs up."""

    def talk(connection: socket.socket) -> None:
        try:
            with connection:
                connection.recv(1 << 16)
                answering(connection)
        except OSError:
            pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=accept, daemon=True).start()
        yield Shard(name=path.name, socket=path)
        listening.shutdown(socket.SHUT_RDWR)


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def flood(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 4096)


def line(text: str) -> Answering:
    return lambda connection: connection.sendall(text.encode() + b"\n")


def good(connection: socket.socket) -> None:
    line(json.dumps({"result": {"schema": "imaginized.find/1", "protocol": PROTOCOL, "is_exact": True, "books": []}}))(
        connection
    )


NONSENSE = {
    "deep": line("[" * 200_000),
    "an error that is a text": line('{"error": "text"}'),
    "an error without words": line('{"error": {"code": 1, "message": null}}'),
    "our protocol and nothing else": line(json.dumps({"result": {"protocol": PROTOCOL}})),
}


@pytest.mark.parametrize("answering", NONSENSE.values(), ids=NONSENSE)
def test_a_home_that_answers_nonsense_is_away(tmp_path: Path, answering: Answering) -> None:
    """It is not a bug of the front, and the other home's answer is there."""
    with home_at(tmp_path / "bad", answering) as bad, home_at(tmp_path / "good", good) as other:
        said = asyncio.run(Front(shards=[bad, other], pid=0).ask_all("find", book="x"))

    assert (list(said.answers), list(said.away), said.refused) == (["good"], ["bad"], {})
    assert "is not imaginized" in said.away["bad"].text


def test_an_answer_that_comes_in_drops_ends_with_the_time_for_it(tmp_path: Path) -> None:
    """Each drop is in time, the whole is not."""
    with home_at(tmp_path / "s", drip), Client(tmp_path / "s", timeout_seconds=0.5) as client:
        began = time.monotonic()
        with pytest.raises(ControlError) as caught:
            client.call("status")

    assert caught.value.exit_code is ExitCode.TIMED_OUT
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no more memory than any answer may."""
    monkeypatch.setattr(control_client, "MAX_ANSWER_BYTES", 1 << 20)
    with (
        home_at(tmp_path / "s", flood),
        Client(tmp_path / "s", timeout_seconds=20) as client,
        pytest.raises(ControlError, match="is not imaginized"),
    ):
        client.call("status")


def test_who_waits_for_a_home_that_hangs_holds_up_nobody_else(tmp_path: Path) -> None:
    """As many as a front lets in, at the same time: all have their answer after the time that one takes."""

    async def ask(front: Front) -> float:
        began = time.monotonic()
        await asyncio.gather(*(front.ask_all("find", book="x") for _ in range(60)))
        return time.monotonic() - began

    with home_at(tmp_path / "hung", drip) as hung, home_at(tmp_path / "good", good) as other:
        assert asyncio.run(ask(Front(shards=[hung, other], pid=0, answer_seconds=1.0))) < 1.0 * 60 / (
            min(32, (os.cpu_count() or 1) + 4)
        )


def test_a_socket_is_one_homes_only(tmp_path: Path) -> None:
    """By whatever path; the front's own is not a home's either."""
    (tmp_path / "link").symlink_to(tmp_path / "a")
    homes = [Shard(name="a", socket=tmp_path / "a"), Shard(name="b", socket=tmp_path / "link")]

    with pytest.raises(ControlError, match="a and b have one socket"):
        serve(homes, listen=tmp_path / "f", ready=lambda: None)
    with pytest.raises(ControlError, match="is a home's socket"):
        serve(homes[:1], listen=tmp_path / "link", ready=lambda: None)


def test_a_book_in_two_homes_is_named_with_both_sockets(tmp_path: Path) -> None:
    """One was away when the other took it: the id alone says not which, the socket does."""
    with home_at(tmp_path / "a", good) as one, home_at(tmp_path / "b", good) as other:
        retry = Front(shards=[one, other], pid=0).table()["retry"]
        with pytest.raises(ControlError) as caught:
            asyncio.run(cast("Coroutine[object, object, object]", retry.answer({"book": "x"})))

    assert f"--socket {tmp_path / 'a'} or --socket {tmp_path / 'b'}" in caught.value.advice


def test_an_order_that_a_home_did_not_hear_says_what_to_do(tmp_path: Path) -> None:
    """It is done by the others, and may be given again."""
    with home_at(tmp_path / "a", good) as one:
        pause = Front(shards=[one, Shard(name="b", socket=tmp_path / "b")], pid=0).table()["pause"]
        with pytest.raises(ControlError, match="by a, but not by b") as caught:
            asyncio.run(cast("Coroutine[object, object, object]", pause.answer({})))

    assert caught.value.advice == "run `imaginizectl pause` again once that home answers"


def test_a_file_that_changes_while_its_home_is_looked_for_is_not_added(tmp_path: Path) -> None:
    """Which home takes it follows from what it was."""
    inbox, file = tmp_path / "inbox", make_epub(tmp_path / "one.epub", chapters=1)
    inbox.mkdir()

    class Asked:
        def ask(self, *_: object) -> dict[str, object]:
            file.write_bytes(file.read_bytes() + b"more")
            return {"profile": "", "known": None, "inbox": str(inbox), "shard": "a"}

    (added,) = add_files(cast(Client, Asked()), [file], inbox=inbox, asked={})

    assert (added.code, list(inbox.iterdir())) == (ExitCode.BUG, [])
    assert "try again once no program writes to it" in added.reason


def test_a_path_that_is_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    """With how long it may be, not in the words of Python."""
    with pytest.raises(OSError, match="a socket's path has 107 bytes at most"):
        SocketFile(tmp_path / ("x" * 108), note="", log=get_log()).bind()
