"""Whatever fails, waits, is refused or is wrong has a code of the closed list, wherever it is told."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ControlError
from imaginized.inbox.aside import ERROR_NOTE, FAILED
from imaginized.inbox.error_note import read_note
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.reasons import Code
from tests.support.coding import CODES, uncoded
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub, write_hollow_epub, write_zip

Row = Mapping[str, object]
Trouble = Callable[[Daemon, Path], object]


def entry(name: str, content: bytes) -> Trouble:
    return lambda daemon, _book: (daemon.inbox / name).write_bytes(content)


def with_sidecar(text: str) -> Trouble:
    def drop(daemon: Daemon, book: Path) -> None:
        (daemon.inbox / "asked.toml").write_text(text)
        daemon.drop(book, name="asked.epub")

    return drop


def locked(daemon: Daemon, _book: Path) -> None:
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/encryption.xml": b"<encryption/>",
        "a.opf": b"",
    }
    write_zip(daemon.folder / "locked.zip", members).rename(daemon.inbox / "locked.epub")


def link(daemon: Daemon, book: Path) -> None:
    (daemon.inbox / "link.epub").symlink_to(book)


def pipe(daemon: Daemon, _book: Path) -> None:
    os.mkfifo(daemon.inbox / "pipe.epub")


def folder(daemon: Daemon, _book: Path) -> None:
    (daemon.inbox / "folder.epub").mkdir()


def broken_profile(daemon: Daemon, book: Path) -> None:
    profile = Path(str(daemon.folder / "profiles" / "odd.toml"))
    profile.parent.mkdir(exist_ok=True)
    profile.write_text("nonsense = 1")
    (daemon.inbox / "odd").mkdir()
    shutil.copyfile(book, daemon.inbox / "odd" / "in-profile.epub")


def twice(daemon: Daemon, book: Path) -> None:
    daemon.drop(book, name="first.epub")
    daemon.drop(book, name="second.epub")


TROUBLES: dict[str, Trouble] = {
    "web page": entry("page.epub", b"<html>no book</html>"),
    "torn": entry("torn.epub", b"PK\x03\x04" + b"x" * 400),
    "empty": entry("empty.epub", b""),
    "kindle": entry("a.mobi", b"BOOKMOBI"),
    "other": entry("cover.jpg", b"\xff\xd8\xff"),
    "hollow": lambda daemon, _book: shutil.move(
        write_hollow_epub(daemon.folder / "hollow.zip"), daemon.inbox / "h.epub"
    ),
    "locked": locked,
    "link": link,
    "pipe": pipe,
    "folder": folder,
    "sidecar": with_sidecar("chapters = 7"),
    "chapters": with_sidecar('chapters = "4000"'),
    "profile": broken_profile,
    "twice": twice,
    "book": lambda daemon, book: daemon.drop(book, name="book.epub"),
}
FAULTS = [
    Fault(kind="status", status=400, message="no such thing"),
    Fault(kind="refusal"),
    Fault(kind="invented"),
    Fault(kind="html"),
    Fault(kind="moderation"),
]


class Watched:
    """A daemon whose every answer is looked through."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.lacks: set[str] = set()
        self.seen: set[object] = set()

    def look(self) -> Row:
        """The status, after everything the daemon tells was looked through."""
        status = self.daemon.status()
        self._check(status, "status")
        self._check(self.daemon.call("workers"), "workers")
        for book in cast(list[Row], status["books"]):
            try:
                self._check(self.daemon.call("status", book=book["book"]), "status BOOK")
            except ControlError as error:  # it was put out of the library just now
                assert error.code is Code.NO_BOOK
        return status

    def _check(self, answer: Row, where: str) -> None:
        self.lacks |= set(uncoded(answer, where=where))
        self.seen |= set(codes_in(answer))

    def ctl(self, *words: str) -> Row:
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(self.daemon.socket), *words, "--json"]
        answer = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60).stdout)
        self._check(answer, words[0])
        return cast(Row, answer)

    def is_quiet(self) -> bool:
        status = self.look()
        inbox, blocked = cast(Row, status["inbox"]), cast(list[Row], cast(Row, status["inbox"])["blocked"])
        is_idle = all(
            book["phase"] in ("done", "partial", "failed", "cancelled", "held") for book in self.daemon.books()
        )
        return (
            inbox["waiting"] == len(blocked) and is_idle and not any(book["rejected"] for book in self.daemon.books())
        )


def codes_in(value: object) -> list[object]:
    if isinstance(value, list):
        return [code for inner in value for code in codes_in(inner)]
    if isinstance(value, Mapping):
        own = [value["code"]] if value.get("code") else []
        return own + [code for inner in value.values() for code in codes_in(inner)]
    return []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_goes_wrong_has_a_code_wherever_it_is_told(tmp_path: Path, seed: int) -> None:
    """Status, workers, doctor, explain, notes, logs and each book's events, under troubles at random."""
    choose = random.Random(seed)
    book = make_epub(tmp_path / "book.epub", chapters=3)
    script = Script(random_faults=FAULTS, fault_share=0.7, seed=seed)
    with (
        scripted(script) as server,
        daemon_in(
            tmp_path,
            provider__text="openai",
            openai__text_model="m",
            openai__base_url=server.base_url,
            workers__max_attempts=1,
            inbox__incomplete_timeout_seconds=1.0,
            paths__profiles="profiles",
        ) as daemon,
    ):
        watched = Watched(daemon)
        for name in choose.sample(sorted(TROUBLES), k=len(TROUBLES) - 3):
            if name not in ("sidecar", "chapters") or not (daemon.inbox / "asked.toml").exists():
                TROUBLES[name](daemon, book)
        daemon.call("scan")
        daemon.wait_for(watched.is_quiet, "nothing is under way any more")
        (daemon.library / "lost-00000000").mkdir()
        shutil.copyfile(book, daemon.library / "lost-00000000" / "source.epub")
        daemon.call("pause")
        for path in [path for path in daemon.inbox.rglob("*") if path.name != FAILED]:
            watched.ctl("explain", str(path))
        watched.look()
        watched.ctl("doctor")

        assert sorted(watched.lacks) == []
        assert watched.seen <= CODES and Code.OPERATOR in watched.seen
        notes = [read_note(path) for path in (daemon.inbox / FAILED).glob(f"*{ERROR_NOTE}")]
        assert notes and all(note is not None and note.reason.code is not Code.UNKNOWN for note in notes)
        refused = daemon.events("arrival_rejected") + daemon.events("arrival_blocked") + daemon.events("book_rejected")
        assert refused and all(event["code"] in CODES for event in refused)
        assert [line for line in events_of(daemon) if line.get("reason") and line.get("code") not in CODES] == []


def events_of(daemon: Daemon) -> list[Row]:
    logs = daemon.library.glob("*/data/events.jsonl")
    return [json.loads(line) for log in logs for line in log.read_text().splitlines()]


@pytest.mark.parametrize(
    "row",
    [
        {"reason": "no"},
        {"name": "a.epub", "reason": "no", "code": "of_tomorrow"},
        {"books": [{"error": "no", "reason": None}]},
        {"inbox": {"degraded": "it is gone", "degraded_code": None}},
        {"chapter_list": [{"status": "failed", "error": None, "reason": None}]},
        {"slot": "worker-1", "state": "stuck", "code": None},
        {"failed": [1, 2], "failed_for": {"crashed": 1}},
        {"paused": {"disk": "full"}, "pauses": []},
        {"problems": ["no"], "problem_reasons": []},
        {"finding": "no", "state": "warn", "code": "ok"},
    ],
)
def test_what_has_no_code_is_noticed(row: Row) -> None:
    """The look through the answers finds what it is for."""
    assert list(uncoded(row))
