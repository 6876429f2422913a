"""`imaginizectl cast`: a person looks at who is who, and changes it, with a daemon that works."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast as as_type

from imaginized.errors import ExitCode
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import build_epub, page
from tests.support.waiting import DEADLINE_SECONDS

STORY = (
    "<p>{one} walked to the mill, and {one} sat down. “Come,” said {two}, and {two} laughed at {one}.</p>"
    "<p>Then {one} said, “I have seen {two} in the tower.” The old {two} wore a red cloak and a grey beard.</p>"
)
PEOPLE = (("Hester Vane", "Tobias Crane"), ("Hester", "Crane"), ("Martin Gale", "Sarah Gale"))


def run(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def members(daemon: Daemon, book: str) -> dict[str, dict[str, object]]:
    answer = json.loads(run(daemon, "cast", book, "--json").stdout)
    return {row["name"]: row for row in answer["members"]}


def row_of(daemon: Daemon, book: str, name: str) -> str:
    return str(members(daemon, book)[name]["row"])


def novel(folder: Path) -> Path:
    pages = {
        f"c{number}.xhtml": page(f"<h1>Chapter {number}</h1>" + STORY.format(one=one, two=two) * 12)
        for number, (one, two) in enumerate(PEOPLE, 1)
    }
    return build_epub(folder, pages=pages, name="people.epub")


def test_a_person_says_who_is_who(tmp_path: Path) -> None:
    """Each word of the command does what it says, also where every worker is killed; what is wrong is refused."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(novel(tmp_path))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        assert {"Hester Vane", "Tobias Crane", "Martin Gale", "Sarah Gale"} <= members(daemon, book).keys()

        sarah = row_of(daemon, book, "Sarah Gale")
        assert run(daemon, "cast", book, "merge", row_of(daemon, book, "Martin Gale"), sarah).returncode == 0
        for row in daemon.workers():
            if row["pid"] is not None:
                os.kill(as_type(int, row["pid"]), signal.SIGKILL)
        daemon.wait_for_phases("done")
        assert "Sarah Gale" in as_type(list[str], members(daemon, book)["Martin Gale"]["names"])
        again = run(daemon, "cast", book, "merge", "Martin Gale", "Sarah Gale")
        assert (again.returncode, "already" in again.stderr) == (ExitCode.USAGE, True)

        assert run(daemon, "cast", book, "split", "Sarah Gale").returncode == 0
        daemon.wait_for_phases("done")
        assert row_of(daemon, book, "Sarah Gale") == sarah
        told = run(daemon, "cast", book, "rename", sarah, "Sally")
        assert (told.returncode, "rename Sarah Gale" in told.stdout) == (0, True)
        assert run(daemon, "cast", book, "kind", "Sarah Gale", "creature").returncode in (0, ExitCode.USAGE)
        assert run(daemon, "cast", book, "drop", "Tobias Crane").returncode == 0
        daemon.wait_for_phases("done")
        now = members(daemon, book)
        assert (now["Sally"]["kind"], now["Sally"]["row"], now["Tobias Crane"]["is_dropped"]) == (
            "creature",
            int(sarah),
            True,
        )
        assert "left out by you" in run(daemon, "cast", book).stdout
        data = json.loads((daemon.library / book / "data" / "elements.json").read_bytes())
        named = {element["name"] for element in data["elements"]}
        assert ("Sally" in named, "Tobias Crane" in named) == (True, False)


def test_a_file_edited_by_hand_is_applied_and_a_broken_one_refused(tmp_path: Path) -> None:
    """Nothing that a person wrote is lost, and the last good state stays in force."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(novel(tmp_path))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        file = daemon.library / book / "cast.toml"
        assert run(daemon, "cast", book, "rename", "Sarah Gale", "Sally").returncode == 0
        daemon.wait_for_phases("done")
        file.write_text("# mine\n" + file.read_text().replace("Sally", "Sal"))
        assert "was changed since" in run(daemon, "cast", book).stdout
        assert run(daemon, "cast", book, "apply").returncode == 0
        daemon.wait_for_phases("done")
        assert "Sal" in members(daemon, book)
        assert file.read_text().startswith("# mine\n")

        file.write_text(file.read_text() + "[[drop]\n")
        broken = run(daemon, "cast", book, "undo", "Sal")
        assert (broken.returncode, "cast.toml:" in broken.stderr) == (ExitCode.USAGE, True)
        assert run(daemon, "cast", book, "apply").returncode == ExitCode.USAGE
        assert run(daemon, "retry", book).returncode == 0
        daemon.wait_for_phases("done")
        assert "Sal" in members(daemon, book)
        assert run(daemon, "cast", book, "reset").returncode == 0
        daemon.wait_for_phases("done")
        assert {"Hester Vane", "Tobias Crane", "Martin Gale", "Sarah Gale"} <= members(daemon, book).keys()
        assert not any(row["orders"] for row in members(daemon, book).values())


def test_where_nobody_is_found_it_says_so(tmp_path: Path) -> None:
    """Such a book is not one of an older version, and no command could make it another."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(build_epub(tmp_path, pages={"c1.xhtml": page("<p>" + "and so it went on. " * 400 + "</p>")}))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        listed, dropped = run(daemon, "cast", book), run(daemon, "cast", book, "drop", "Nobody")

    assert listed.stdout.startswith("no people or things were found in it")
    assert (dropped.returncode, "no people or things were found" in dropped.stderr) == (ExitCode.USAGE, True)
