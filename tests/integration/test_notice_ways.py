"""One try by each way: what it sends, and that whatever a receiver does stays in a process that is killed in time."""

import os
import signal
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from imaginized.notices.attempt import STUCK, attempt
from imaginized.notices.notice import Notice
from imaginized.notices.posting import NotTaken, post
from imaginized.notices.ways import Send, ways_of
from imaginized.settings.model import Notify
from tests.support.receiving import answer, program, receiving, told_to
from tests.support.waiting import eventually

NOTICE = Notice(
    id="0123456789abcdef",
    event="held",
    at="2026-11-29T12:00:00+00:00",
    text="Кролик: it will cost 3.00 USD",
    advice="`imaginizectl approve b` lets it continue",
    code="approval",
    book="b",
    title="Кролик",
)


def key_file(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def tried(notify: Notify, *, seconds: float = 20.0) -> Mapping[str, str]:
    ways = ways_of(notify)
    assert not ways.problems
    return attempt(NOTICE, ways.by_name, seconds=seconds)


def test_apprise_reaches_its_services(tmp_path: Path) -> None:
    """The real library, by one of its own services; comments in the file are passed over."""
    with receiving() as receiver:
        urls = f"# mine\n\n{receiver.url.replace('http:', 'json:')}/hook\n"
        found = tried(Notify(apprise_file=key_file(tmp_path / "urls", urls)))

    assert found == {"apprise": ""}
    assert receiver.got[0].said["title"] == "imaginized: Кролик: waits for you"
    assert "approve b" in str(receiver.got[0].said["message"])


def test_apprise_that_is_refused_says_so_without_its_address(tmp_path: Path) -> None:
    """An address has the key in it."""
    with receiving(lambda handler, _: answer(handler, 500)) as receiver:
        urls = f"{receiver.url.replace('http:', 'json:')}/t0p5ecret\nnonsense:t0p5ecret\n"
        found = tried(Notify(apprise_file=key_file(tmp_path / "urls", urls)))

    assert found["apprise"]
    assert "t0p5ecret" not in found["apprise"]


def test_ntfy_gets_the_topic_a_title_in_any_script_and_the_token(tmp_path: Path) -> None:
    """As JSON at the server's root; what waits for a person is more urgent."""
    with receiving() as receiver:
        token = key_file(tmp_path / "token", "tk_12345\n")
        found = tried(Notify(ntfy=f"{receiver.url}/books/", ntfy_token_file=token))

    (got,) = receiver.got
    assert found == {"ntfy": ""}
    assert (got.path, got.headers["Authorization"]) == ("/", "Bearer tk_12345")
    assert (got.said["topic"], got.said["title"], got.said["priority"]) == (
        "books",
        "imaginized: Кролик: waits for you",
        4,
    )


def test_a_program_that_hangs_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """In its own time, and without a word to the other ways, which are tried meanwhile."""
    child = tmp_path / "child"
    script = f'sleep 300 & echo $! > "{child}"; wait'
    with receiving() as receiver:
        began = time.monotonic()
        notify = Notify(webhook=receiver.url, command=("/bin/sh", "-c", script), timeout_seconds=1.0)
        found = tried(notify, seconds=1.0)
        seconds = time.monotonic() - began

    assert found["webhook"] == ""
    assert "did not end" in found["command"]
    assert seconds < 60
    pid = int(child.read_text())
    eventually(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("/bin/false",), "ended with 1"),
        (("/no/such/program",), "cannot be started"),
        (("/bin/sh", "-c", "kill -9 $$"), "ended with -9"),
        (("/bin/sh", "-c", "yes & exit 0"), ""),
        (("/bin/sh", "-c", "exec 0<&-; exit 0"), ""),
    ],
)
def test_how_a_program_ends_is_what_became_of_the_message(command: tuple[str, ...], said: str) -> None:
    """Also one that reads nothing, or leaves somebody behind."""
    found = tried(Notify(command=command, timeout_seconds=10.0))

    assert said in found["command"] if said else found["command"] == ""


def test_a_program_gets_its_arguments_as_they_are_and_no_open_file(tmp_path: Path) -> None:
    """No shell reads them; of our descriptors it has none."""
    command, out = program(tmp_path, "a b", "$HOME", "*")
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    try:
        assert tried(Notify(command=tuple(command)))["command"] == ""
        os.close(writing)
        assert os.read(reading, 1) == b""
    finally:
        os.close(reading)

    (told,) = told_to(out)
    assert told["arguments"] == ["a b", "$HOME", "*"]
    assert told["said"] == {**told["said"], "id": NOTICE.id, "event": "held"}  # type: ignore[dict-item]


def test_what_breaks_or_hangs_is_said_in_a_word() -> None:
    """Nothing of what an exception holds: it may be an address."""

    def breaks(_: Notice) -> None:
        raise RuntimeError("https://user:t0p5ecret@host")

    def hangs(_: Notice) -> None:
        signal.pause()

    def ends(_: Notice) -> None:
        os._exit(3)

    ways: dict[str, Send] = {"breaks": breaks, "hangs": hangs, "ends": ends}
    found = attempt(NOTICE, ways, seconds=0.5)

    assert found == {"breaks": "it failed (RuntimeError)", "hangs": STUCK, "ends": STUCK}


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, ""), (204, ""), (302, "redirects are not followed"), (404, "HTTP 404"), (500, "HTTP 500")],
)
def test_an_answer_is_taken_below_300(status: int, said: str) -> None:
    """A redirect is a refusal."""
    with receiving(lambda handler, _: answer(handler, status, Location="/elsewhere")) as receiver:
        found = tried(Notify(webhook=f"{receiver.url}/t0p5ecret"))["webhook"]

    assert said in found if said else found == ""
    assert "t0p5ecret" not in found
    assert len(receiver.got) == 1


def test_little_of_an_answer_is_read() -> None:
    """One without end costs what it costs until then."""

    def endless(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with receiving(endless) as receiver:
        post(receiver.url, b"{}", headers={}, seconds=10.0)

    assert len(receiver.got) == 1


def test_a_body_that_never_ends_does_not_undo_a_yes() -> None:
    """It would be sent again and again, for a day."""

    def hanging(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        receiver.let_go.wait(60)

    with receiving(hanging) as receiver:
        found = tried(Notify(webhook=receiver.url, timeout_seconds=5.0))

    assert found == {"webhook": ""}


@pytest.mark.parametrize("line", [b"", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"])
def test_no_answer_and_half_an_answer_are_no_yes(line: bytes) -> None:
    """A line that is closed at once is told in words."""

    def curt(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.wfile.write(line)

    with receiving(curt) as receiver:
        found = tried(Notify(webhook=receiver.url))["webhook"]

    assert ("HTTP 101" if line else "closed the connection") in found


def test_where_nobody_listens_the_host_is_named_alone() -> None:
    """And no address."""
    with pytest.raises(NotTaken) as caught:
        post("http://127.0.0.1:9/t0p5ecret?key=1", b"{}", headers={}, seconds=5.0)

    assert str(caught.value).startswith("127.0.0.1: ")


@pytest.mark.parametrize(
    ("notify", "problem"),
    [
        (Notify(webhook="https://h/", webhook_key_file=Path("/no/key")), "webhook of [notify]"),
        (Notify(ntfy="https://h/"), "topic"),
        (Notify(apprise_file=Path("/no/urls")), "apprise of [notify]"),
    ],
)
def test_a_way_that_cannot_be_used_is_a_problem_and_no_way(notify: Notify, problem: str) -> None:
    """The others are used."""
    ways = ways_of(notify)

    assert dict(ways.by_name) == {}
    (said,) = ways.problems.values()
    assert problem in said
