"""Told when it matters: by a real webhook and a real program, over kills and floods, and never at a book's cost."""

import hashlib
import hmac
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import cast

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import ExitCode
from imaginized.notices.keeping import RECORD
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Stage, Task
from imaginized.queue.transitions import claim, fail
from imaginized.reasons import Code, Reason
from imaginized.store.library import Library
from tests.support.clients import ctl
from tests.support.daemons import Daemon, daemon_in, processes_of
from tests.support.epubs import make_epub
from tests.support.manifests import admitted_book, make_claim
from tests.support.receiving import Receiver, answer, program, receiving, told_to
from tests.support.slowness import at_most


def write_key(path: Path, text: str, *, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def notifier_of(daemon: Daemon) -> int:
    """The pid of its notifier."""
    return int(str(daemon.events("notifier_started")[-1]["child"]))


def wait_for_notifier(daemon: Daemon) -> None:
    """Wait until it has looked once: what happens from then on is told."""
    record = daemon.library / RECORD  # which is also kept when it has heard how all stands, before its first look
    daemon.wait_for(lambda: record.exists() and json.loads(record.read_bytes())["mark"] is not None, "it has looked")


def unsent(daemon: Daemon) -> list[object]:
    """What is kept to be sent."""
    return cast("list[object]", json.loads((daemon.library / RECORD).read_bytes())["outbox"]["letters"])


def test_a_book_that_is_done_is_told_by_every_way(tmp_path: Path) -> None:
    """Signed, as JSON, once; the program gets it without a shell and without our environment."""
    key = write_key(tmp_path / "hook.key", "a-secret-of-42-letters\n")
    command, out = program(tmp_path, "$(touch here)", "; ls")
    with receiving() as receiver:
        options: dict[str, object] = {
            "notify__webhook": f"{receiver.url}/hook?token=t0p5ecret",
            "notify__webhook_key_file": str(key),
            "notify__ntfy": f"{receiver.url}/some/books",
            "notify__command": command,
        }
        environment = {"OPENAI_API_KEY": "sk-12345678-never"}
        with daemon_in(tmp_path, environment=environment, **options) as daemon:  # type: ignore[arg-type]
            wait_for_notifier(daemon)
            daemon.drop(make_epub(tmp_path / "small.epub", title="Кролик"))
            daemon.wait_for_phases("done")
            daemon.wait_for(lambda: len(receiver.got) >= 2 and bool(told_to(out)), "all are told")
            book = str(daemon.books()[0]["book"])
            log = daemon.log.read_text()

    hook = next(one for one in receiver.got if one.path == "/hook?token=t0p5ecret")
    published = next(one for one in receiver.got if one.path == "/some/")
    moment, signature = hook.headers["X-Imaginized-Signature"].removeprefix("t=").split(",v1=")
    wanted = hmac.new(b"a-secret-of-42-letters", f"{moment}.".encode() + hook.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, wanted)
    assert abs(time.time() - int(moment)) < 300
    assert (hook.said["schema"], hook.said["event"], hook.said["book"]) == ("imaginized.notice/1", "done", book)
    assert (published.said["topic"], "Кролик" in str(published.said["title"])) == ("books", True)
    (told,) = told_to(out)
    assert cast("Mapping[str, object]", told["said"])["id"] == hook.said["id"] == hook.headers["X-Imaginized-Id"]
    assert told["arguments"] == ["$(touch here)", "; ls"]
    assert "OPENAI_API_KEY" not in cast("Mapping[str, str]", told["environment"])
    assert len(receiver.got) == 2
    for secret in ("t0p5ecret", "a-secret-of-42", "/hook"):
        assert secret not in log


def hang(handler: BaseHTTPRequestHandler, _: int) -> None:
    RECEIVERS[0].let_go.wait(60)


def drip(handler: BaseHTTPRequestHandler, _: int) -> None:
    """Headers without end, slower than any time limit of a step would notice."""
    handler.send_response(200)
    while not RECEIVERS[0].let_go.wait(0.05):
        handler.wfile.write(b"X-Drip: 1\r\n")
        handler.wfile.flush()


def flood(handler: BaseHTTPRequestHandler, _: int) -> None:
    handler.send_response(500)
    handler.end_headers()
    while not RECEIVERS[0].let_go.is_set():
        handler.wfile.write(b"x" * 65536)


def redirect(handler: BaseHTTPRequestHandler, _: int) -> None:
    answer(handler, 307, Location="/elsewhere")


def nonsense(handler: BaseHTTPRequestHandler, _: int) -> None:
    handler.wfile.write(b"\0\xff not http at all\r\n\r\n")


RECEIVERS: list[Receiver] = []
BAD = {"hang": hang, "drip": drip, "flood": flood, "redirect": redirect, "nonsense": nonsense}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_receiver_harms_no_book_and_no_other_way(tmp_path: Path, kind: str) -> None:
    """The book is done, the program is told, status says what is wrong; a redirect is not followed."""
    command, out = program(tmp_path)
    with receiving(BAD[kind]) as receiver:
        RECEIVERS[:] = [receiver]
        options: dict[str, object] = {
            "notify__webhook": f"{receiver.url}/s3cret-path",
            "notify__command": command,
            "notify__timeout_seconds": 1.0,
        }
        with daemon_in(tmp_path, **options) as daemon:  # type: ignore[arg-type]
            wait_for_notifier(daemon)
            daemon.drop(make_epub(tmp_path / "small.epub"))
            daemon.wait_for_phases("done")
            daemon.wait_for(lambda: len(told_to(out)) == 1, "the program is told")

            def is_told() -> bool:
                return any("webhook: 127.0.0.1" in str(row) or "in time" in str(row) for row in problems(daemon))

            daemon.wait_for(is_told, "status says that the webhook fails")
            ended = ctl(daemon.socket, "status", "--check", "--quiet")
            assert daemon.stop() == 0
            log = daemon.log.read_text()

    assert ended.exit_code == ExitCode.NEEDS_ATTENTION
    assert "s3cret-path" not in log + ended.output
    assert {one.path for one in receiver.got} == {"/s3cret-path"}


def problems(daemon: Daemon) -> list[object]:
    return cast("list[object]", daemon.status()["problems"])


def test_what_could_not_be_sent_is_sent_later_once(tmp_path: Path) -> None:
    """Also after the daemon was killed with it in hand: the message is in the library, not in memory."""

    def refuse(handler: BaseHTTPRequestHandler, _: int) -> None:
        answer(handler, 503)

    with receiving(refuse) as receiver, daemon_in(tmp_path, notify__webhook=receiver.url) as daemon:
        wait_for_notifier(daemon)
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        daemon.wait_for(lambda: bool(receiver.got), "it was tried")
        daemon.kill()
        receiver.behave = None
        before = len(receiver.got)
        daemon.start()
        daemon.wait_for(lambda: len(receiver.got) > before, "it is sent by the next one")
        daemon.wait_for(lambda: not unsent(daemon), "and that is noted")
        pid = notifier_of(daemon)
        os.kill(pid, signal.SIGKILL)
        daemon.wait_for(lambda: notifier_of(daemon) != pid, "another notifier")
        daemon.drop(make_epub(tmp_path / "other.epub", title="Other"))
        daemon.wait_for(lambda: len(receiver.got) > before + 1, "the next message comes")

    ids = [str(one.said["id"]) for one in receiver.got[before:]]
    assert len(ids) == len(set(ids)) == 2
    assert len({str(one.said["id"]) for one in receiver.got[:before]} | set(ids)) == 2


@pytest.mark.parametrize(("point", "most"), [("notice_kept", 1), ("notice_sent", 2)])
def test_a_notifier_killed_at_a_step_loses_nothing_and_doubles_with_the_same_id(
    tmp_path: Path, point: str, most: int
) -> None:
    """Killed before it sends, it sends once; killed between sending and noting that, once more, and under its id."""
    token = tmp_path / "token"
    with receiving() as receiver:
        options: dict[str, object] = {"notify__webhook": receiver.url}
        with daemon_in(tmp_path, faults=f"{point}:kill:{token}", **options) as daemon:  # type: ignore[arg-type]
            wait_for_notifier(daemon)
            daemon.drop(make_epub(tmp_path / "small.epub"))
            if point == "notice_kept":
                daemon.wait_for_phases("done")
            token.touch()
            daemon.wait_for(lambda: not token.exists(), "it is killed")
            daemon.wait_for(lambda: len(receiver.got) >= most, "the message comes")
            daemon.drop(make_epub(tmp_path / "other.epub", title="Other"))
            daemon.wait_for(lambda: len({str(one.said["id"]) for one in receiver.got}) == 2, "the next message comes")

    first = str(receiver.got[0].said["id"])
    assert [str(one.said["id"]) for one in receiver.got].count(first) == most


def test_many_messages_become_one(tmp_path: Path) -> None:
    """The first few go by themselves, the others as a digest that names them; each book is told once."""
    options: dict[str, object] = {"notify__digest_after": 2, "notify__digest_seconds": at_most(1.0)}
    with receiving() as receiver, daemon_in(tmp_path, notify__webhook=receiver.url, **options) as daemon:  # type: ignore[arg-type]
        wait_for_notifier(daemon)
        os.kill(notifier_of(daemon), signal.SIGSTOP)  # so that all of them happen between two looks
        for number in range(7):
            daemon.drop(make_epub(tmp_path / f"{number}.epub", title=f"Book {number}", chapters=1))
        daemon.wait_for_phases(*["done"] * 7)
        os.kill(notifier_of(daemon), signal.SIGCONT)

        def titles() -> list[str]:
            found = []
            for one in receiver.got:
                items = cast("list[Mapping[str, str]]", one.said["items"])
                found += [row["title"] for row in items] or [str(one.said["title"])]
            return found

        daemon.wait_for(lambda: len(titles()) >= 7, "all are told")

    assert sorted(titles()) == [f"Book {number}" for number in range(7)]
    assert receiver.events() == ["done", "done", "digest"]


def test_a_pause_and_a_rejected_file_are_told_and_what_is_not_wanted_is_not(tmp_path: Path) -> None:
    """`events` chooses; a pause is told once, however long it lasts."""
    with (
        receiving() as receiver,
        daemon_in(tmp_path, notify__webhook=receiver.url, notify__events=["paused", "failed"]) as daemon,
    ):
        wait_for_notifier(daemon)
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        (tmp_path / "bad.epub").write_bytes(b"no book at all")
        daemon.drop(tmp_path / "bad.epub")
        daemon.wait_for(lambda: receiver.events() == ["failed"], "the rejected file is told")
        daemon.call("pause")
        daemon.wait_for(lambda: receiver.events() == ["failed", "paused"], "the pause is told")
        ended = ctl(daemon.socket, "notify", "--test", "held", "--json")
        daemon.call("resume")

    assert "bad.epub" in str(receiver.got[0].said["text"])
    assert ended.exit_code == 0
    assert (receiver.got[-1].said["event"], receiver.got[-1].said["is_test"]) == ("held", True)
    assert receiver.events() == ["failed", "paused", "held"]


def test_a_test_says_what_became_of_it_by_each_way(tmp_path: Path) -> None:
    """By the daemon's own process; exit 7 where one was not taken, 9 where nobody is to be told anything."""
    with daemon_in(tmp_path) as daemon:
        nobody = ctl(daemon.socket, "notify", "--test", "done")
    command, out = program(tmp_path, "3")
    with receiving() as receiver:
        options: dict[str, object] = {"notify__webhook": receiver.url, "notify__command": command}
        with daemon_in(tmp_path, **options) as daemon:  # type: ignore[arg-type]
            wait_for_notifier(daemon)
            ended = ctl(daemon.socket, "notify", "--test", "budget")
            pids = processes_of(daemon)

    assert nobody.exit_code == ExitCode.NOTHING_TO_DO
    assert ended.exit_code == ExitCode.NEEDS_ATTENTION
    assert "webhook: taken" in ended.output
    assert "command: the program ended with 3" in ended.output
    assert [cast("Mapping[str, object]", row["said"])["event"] for row in told_to(out)] == ["budget"]
    assert pids


def test_a_key_that_others_may_read_is_refused_at_once(tmp_path: Path) -> None:
    """As the keys of endpoints: at `check` and at a reload, which keeps the old settings."""
    key = write_key(tmp_path / "hook.key", "a-secret-of-42-letters\n", mode=0o644)
    with receiving() as receiver, daemon_in(tmp_path) as daemon:
        daemon.options = {
            **daemon.options,
            "notify.webhook": receiver.url,
            "notify.webhook_key_file": str(key),
        }
        daemon.write_settings()
        refused = ctl(daemon.socket, "reload")
        key.chmod(0o600)
        taken = ctl(daemon.socket, "reload")
        wait_for_notifier(daemon)
        ended = ctl(daemon.socket, "notify", "--test", "done")

    assert refused.exit_code == ExitCode.BAD_SETTINGS
    assert "chmod 600" in refused.output
    assert "a-secret" not in refused.output
    assert (taken.exit_code, ended.exit_code) == (0, 0)


FLOOD = 300


def fail_all(daemon: Daemon) -> set[str]:
    """Books of which each fails for good now, as a worker leaves it; gives their ids."""
    library = Library(daemon.library, clock=SystemClock())
    books = {f"book-{number}-{number:08x}" for number in range(FLOOD)}
    for book in books:
        files = library.files(book)
        files.data.mkdir(parents=True)
        admitted = replace(admitted_book(book), created_at=SystemClock().now(), last_updated=SystemClock().now())
        files.manifest.write_bytes(encode(admitted))
        task = Task(stage=Stage.SPLIT)
        library.update(book, partial(claim, by=make_claim(), now=SystemClock().now()))
        fence = library.read(book).steps[Stage.SPLIT].fence
        assert fence is not None
        why = Reason(Code.IO, "the disk broke")
        library.update(book, partial(fail, task=task, fence=fence, now=SystemClock().now(), error=why, max_attempts=1))
    return books


@pytest.mark.parametrize("is_killed", [False, True], ids=["calm", "killed"])
def test_three_hundred_books_that_fail_at_once_are_told_in_few_messages(tmp_path: Path, is_killed: bool) -> None:
    """A few by themselves, the others as one that counts them all and names the first 50; also over a kill."""
    token = tmp_path / "token"
    # Long enough for the notifier to be killed, begun anew and to read what it had sent.
    options: dict[str, object] = {"notify__digest_after": 3, "notify__digest_seconds": at_most(1.0)}
    faults = f"notice_sent:kill:{token}" if is_killed else ""
    with (
        receiving() as receiver,
        daemon_in(tmp_path, faults=faults, notify__webhook=receiver.url, **options) as daemon,  # type: ignore[arg-type]
    ):
        wait_for_notifier(daemon)
        assert daemon.stop() == 0
        books = fail_all(daemon)
        if is_killed:
            token.touch()
        daemon.start()

        def told() -> int:
            by_id = {str(one.said["id"]): cast("int", one.said["count"]) for one in receiver.got}
            return sum(by_id.values())

        daemon.wait_for(lambda: told() >= FLOOD, "all are told")
        daemon.wait_for(lambda: not unsent(daemon), "and that is noted")
        assert told() == FLOOD
        assert {str(row["book"]) for row in daemon.books()} <= books

    by_id = {str(one.said["id"]): one.said for one in receiver.got}
    assert sorted(str(one["event"]) for one in by_id.values()) == ["digest", "failed", "failed", "failed"]
    assert len(receiver.got) == len(by_id) + is_killed
    (digest,) = [one for one in by_id.values() if one["event"] == "digest"]
    items = cast("list[Mapping[str, str]]", digest["items"])
    named = {item["book"] for item in items} | {str(one["book"]) for one in by_id.values() if one["book"]}
    assert (len(items), len(named & books)) == (50, 53)
