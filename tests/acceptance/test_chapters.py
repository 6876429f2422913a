"""`imaginizectl chapters`: a person looks at how a book is divided, and changes it, with a daemon that works."""

import json
import subprocess
import sys
from pathlib import Path

from imaginized.errors import ExitCode
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

WHOLE = {"Chapter 1": 1, "Chapter 2": 2, "Chapter 3": 3}


def run(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def rows(daemon: Daemon, book: str) -> dict[str, int | None]:
    answer = json.loads(run(daemon, "chapters", book, "--json").stdout)
    return {row["title"]: row["chapter"] for row in answer["pieces"]}


def test_a_person_divides_a_book_anew(tmp_path: Path) -> None:
    """Each word of the command does what it says; what is wrong is refused, and a file edited by hand is applied."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=3))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        assert rows(daemon, book) == WHOLE
        image = daemon.library / book / "images" / "chapter_3_scene_1.jpg"
        picture = image.read_bytes()
        starts = json.loads(run(daemon, "chapters", book, "--json").stdout)["pieces"][0]["starts"]
        for words in (("split", "1", "--at", starts), ("--at", "x")):
            assert run(daemon, "chapters", book, *words).returncode == ExitCode.USAGE

        assert run(daemon, "chapters", book, "drop", "1", "2").returncode == 0
        daemon.wait_for_phases("done")
        assert rows(daemon, book) == {"Chapter 1": None, "Chapter 2": None, "Chapter 3": 1}
        assert image.with_name("chapter_1_scene_1.jpg").read_bytes() == picture
        again = run(daemon, "chapters", book, "drop", "2")
        assert (again.returncode, "left out already" in again.stderr) == (ExitCode.USAGE, True)

        assert run(daemon, "chapters", book, "rename", "3", "The Last").returncode == 0
        file = daemon.library / book / "chapters.toml"
        daemon.wait_for_phases("done")
        file.write_text("# mine\n" + file.read_text().replace("The Last", "The End"))
        assert "was changed since" in run(daemon, "chapters", book).stdout
        assert run(daemon, "chapters", book, "apply").returncode == 0
        daemon.wait_for_phases("done")
        assert file.read_text().startswith("# mine\n")
        assert (
            json.loads((daemon.library / book / "data" / "book.json").read_bytes())["chapters"][0]["title"] == "The End"
        )

        file.write_text("[[drop]\n")
        broken = run(daemon, "chapters", book, "keep", "1")
        assert (broken.returncode, "chapters.toml:1:" in broken.stderr) == (ExitCode.USAGE, True)
        assert run(daemon, "chapters", book, "reset").returncode == 0
        daemon.wait_for_phases("done")
        assert rows(daemon, book) == WHOLE
        assert image.read_bytes() == picture
