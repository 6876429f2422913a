"""Ten thousand calls that no client should make: no manifest changes by a byte, and the daemon goes on answering."""

import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path

from imaginized.control.protocol import BY_NAME, METHODS, AnySignature, Role
from imaginized.control.server import MAX_VALUES
from imaginized.store.files import MANIFEST
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub

CALLS = 10_000
AT_ONCE = 10  # calls sent before their answers are read; both ends would wait for each other with too many
SEED = 15
TEXTS = ("", "small", "a-small", "..", "../library", "\x00", "é" * 300, "\ud800", "null", "1-5,8", "%s{}", "x" * 5000)
NUMBERS = (0, -1, 1, 2.5, 1e308, -1e308, 10**30, 10**400, True, False)
CHAPTERS: tuple[object, ...] = (
    "0",
    "8-5",
    "1-99999",
    "1,,2",
    "-",
    [],
    [0],
    [True],
    [1.5],
    [[1]],
    ["1"],
    list(range(6000)),
    {"1": 1},
)
RAW = (
    b"",
    b"{",
    b"\xff\xfe",
    b"[" * 3000,
    b'{"a":' * 1500 + b"1" + b"}" * 1500,
    b'{"id": 1, "method": "drain", "method": "drain"}',
    b'{"id": NaN, "method": "drain"}',
    b'[{"id": 1, "method": "drain"}]',
    b'{"id": 1, "method": "drain", "params": [1]}',
    b'{"id": 1, "method": "drain", "params": null}',
    b'{"id": [1], "method": "drain"}',
    b'{"id": 1e999, "method": "drain"}',
    b'{"id": 1, "method": ["drain"]}',
    '{"id": 1, "method": "drain"}'.encode("utf-16-le"),
    b'"' + b"x" * 100_000 + b'"',
)


def nonsense(dice: random.Random, *, depth: int = 0) -> object:
    """Some JSON value, of any kind, that means nothing."""
    kind = dice.randrange(6 if depth < 4 else 4)
    if kind == 0:
        return dice.choice(TEXTS)
    if kind == 1:
        return dice.choice(NUMBERS)
    if kind == 2:
        return dice.choice(CHAPTERS)
    if kind == 3:
        return None
    if kind == 4:
        return [nonsense(dice, depth=depth + 1) for _ in range(dice.randrange(4))]
    return {str(dice.choice(TEXTS)): nonsense(dice, depth=depth + 1) for _ in range(dice.randrange(4))}


def wrong_parameters(dice: random.Random, method: AnySignature, *, book: str) -> object:
    """Parameters with at least one thing wrong; those of a call that only reads may be right by chance."""
    names = list(method.takes.__annotations__)
    given: dict[str, object] = {name: nonsense(dice) for name in names if dice.random() < 0.7}
    if "book" in names and dice.random() < 0.5:
        given["book"] = book
    if method.role > Role.READ or method.tells:  # on a stream nothing else would be answered
        # What is left of it may be right by chance, so something is wrong for sure: a name, the form, or the book.
        wrong = dice.randrange(3)
        if wrong == 0 or "book" not in names:
            given[dice.choice(["bok", "force", "chapter", "", "__class__", "x" * 2000])] = nonsense(dice)
        elif wrong == 1:
            given["book"] = dice.choice([*TEXTS, 7, None, [book], {"book": book}, book.upper(), f"{book} ", book[:-1]])
            given.pop("all_failed", None)
        else:
            return dice.choice([[book], book, 1, None, True])
    return given


def line_of(dice: random.Random, number: int, *, book: str) -> tuple[bytes, bool]:
    """One call as a line, and whether it is owed an answer."""
    if dice.random() < 0.15:
        return dice.choice(RAW), True
    method = dice.choice(METHODS)
    request: dict[str, object] = {"jsonrpc": dice.choice(["2.0", "1.0", 2, None])}
    request |= {"method": method.name, "params": wrong_parameters(dice, method, book=book)}
    if dice.random() < 0.1:
        request["method"] = dice.choice(["", "Status", "status ", "__init__", "table", "pauses", "\ud800", "x" * 3000])
    if dice.random() < 0.9:
        request["id"] = number if dice.random() < 0.9 else nonsense(dice)
    line = json.dumps(request).encode()
    # What has too many values is not looked into, so nobody knows that it is a notification.
    is_unread = sum(line.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES
    return line, "id" in request or is_unread


def batches(dice: random.Random, *, book: str) -> Iterator[list[tuple[bytes, bool]]]:
    for first in range(0, CALLS, AT_ONCE):
        yield [line_of(dice, number, book=book) for number in range(first, first + AT_ONCE)]


def manifests(daemon: Daemon) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in daemon.library.glob(f"*/{MANIFEST}")}


def test_ten_thousand_wrong_calls_change_nothing(tmp_path: Path) -> None:
    """Over every method, with wrong names, kinds and sizes: each is answered on its line, none does anything."""
    dice, codes = random.Random(SEED), set()
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        daemon.wait_for(lambda: not daemon.call("claims")["claims"], "all work is done")
        before = manifests(daemon)
        with socket.socket(socket.AF_UNIX) as client, client.makefile("rwb") as lines:
            client.settimeout(60)
            client.connect(str(daemon.socket))
            for batch in batches(dice, book=book):
                for line, _ in batch:
                    lines.write(line + b"\n")
                lines.flush()
                for line, is_owed in batch:
                    if is_owed:
                        answer = json.loads(lines.readline())
                        assert ("error" in answer) != ("result" in answer), line[:200]
                        codes.add(answer.get("error", {}).get("code"))
            lines.write(b'{"id": "last", "method": "version"}\n')
            lines.flush()
            last = json.loads(lines.readline())

        assert last["id"] == "last"
        assert manifests(daemon) == before
        assert daemon.status()["state"] == "running"
        assert codes == {None, -32700, -32600, -32601, -32602, -32000}
        assert not daemon.events("control_call_failed")
        assert not [event for event in daemon.events("control_call_made") if event["is_done"]]
        assert "Traceback" not in daemon.log.read_text()
        assert set(BY_NAME) == {method.name for method in METHODS}
