"""What is printed of a book that cannot go on works when it is typed; a book of another program is left alone."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.errors import ControlError, ExitCode
from imaginized.store.files import MANIFEST
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub

COMMAND = re.compile(r"`((?:imaginizectl|mv|rm) [^`]+)`")


def told(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the client says."""
    line = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def type_what_is_printed(daemon: Daemon, text: str, *, about: str) -> list[str]:
    """Type every command in a text that names a book, into a shell as a person would; the first word of each."""
    found = [command for command in COMMAND.findall(text) if about in command]
    ctl = shlex.join([sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket)])
    for command in found:
        line = re.sub(r"^imaginizectl", lambda _: ctl, command)
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, (command, done.stderr)
    return [command.split()[0] for command in found]


def a_done_book(daemon: Daemon, tmp_path: Path) -> str:
    daemon.drop(make_epub(tmp_path / "a book.epub", chapters=1))
    (book,) = daemon.wait_for_phases("done")
    return str(book["book"])


def test_a_lost_or_broken_manifest_is_mended_by_what_is_printed(tmp_path: Path) -> None:
    """One that is broken is given up, the original is added again, and the folder that is left goes; twice in a row."""
    with daemon_in(tmp_path) as daemon:
        book = a_done_book(daemon, tmp_path)
        for _ in range(2):
            path = daemon.library / book / MANIFEST
            path.write_text("{")
            refused = told(daemon, "retry", book)
            assert refused.returncode == ExitCode.BUG
            assert type_what_is_printed(daemon, refused.stderr, about=book) == ["mv"]
            assert type_what_is_printed(daemon, told(daemon, "status").stdout, about=f"{book}/") == ["imaginizectl"]
            (made,) = daemon.wait_for_phases("done")
            assert type_what_is_printed(daemon, told(daemon, "status").stdout, about=book) == ["rm"]
            book = str(made["book"])
            problems = daemon.status()["problems"]

            assert problems == []
            assert not path.exists()


def test_a_book_of_another_program_is_changed_by_no_command(tmp_path: Path) -> None:
    """No advice leads there, and what a person types all the same says why and leaves the manifest as it is."""
    with daemon_in(tmp_path) as daemon:
        book = a_done_book(daemon, tmp_path)
        path = daemon.library / book / MANIFEST
        theirs = {"version": "2.0.0", "bookFile": "books/ours.epub", "chapters": {"1": {"status": "failed"}}}
        path.write_text(json.dumps(theirs))
        daemon.wait_for_phases("held")
        before = path.read_bytes()
        refused = []
        for method in ("retry", "cancel", "approve"):
            with pytest.raises(ControlError, match="drop its file into the inbox") as error:
                daemon.call(method, book=book)
            refused.append((error.value.exit_code, error.value.code))
        with pytest.raises(ControlError, match="nothing has failed"):
            daemon.call("retry", all_failed=True)
        printed = told(daemon, "status").stdout + told(daemon, "status", book).stdout
        daemon.drop(tmp_path / "a book.epub")
        daemon.wait_for_phases("held", "done")

        assert refused == [(ExitCode.NOTHING_TO_DO, "elsewhere")] * 3
        assert path.read_bytes() == before
        assert [command for command in COMMAND.findall(printed) if command.split()[1] in ("retry", "approve")] == []
