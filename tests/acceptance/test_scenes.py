"""`imaginizectl scene` and `draw` with a real daemon: old pictures, scenes left out, passages that a reader chooses."""

import json
from pathlib import Path

from imaginized.errors import ExitCode
from imaginized.providers.scripted import Script, scripted
from tests.acceptance.test_asking_anew import options, run
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub


def scene_of(daemon: Daemon, book: str, name: str) -> dict[str, object]:
    return dict(json.loads(run(daemon, "scene", "show", book, name, "--json").stdout))


def text_of(daemon: Daemon, book: str, chapter: int) -> list[str]:
    data = json.loads((daemon.library / book / "data" / "chapters" / f"{chapter:03d}.json").read_bytes())
    return [str(paragraph["text"]) for paragraph in data["paragraphs"]]


def test_a_person_goes_back_to_an_old_picture_and_leaves_a_scene_out(tmp_path: Path) -> None:
    """Neither costs anything; another picture is asked for only by a retry."""
    with (
        scripted(Script(varies=True)) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        image = daemon.library / book / "images" / "chapter_1_scene_1.jpg"
        first = image.read_bytes()
        assert run(daemon, "retry", book, "--scene", "1.1").returncode == 0
        daemon.wait_for_phases("done")
        second, paid = image.read_bytes(), dict(server.counts.requests)
        now, before = scene_of(daemon, book, "1.1")["versions"]  # type: ignore[misc]

        used = run(daemon, "scene", "use", book, "1.1", str(before["version"])[:12])  # type: ignore[index]
        daemon.wait_for_phases("done")
        back = image.read_bytes()
        assert run(daemon, "retry", book, "1").returncode == 0
        daemon.wait_for_phases("done")
        third, after_retry = image.read_bytes(), dict(server.counts.requests)
        wrong = run(daemon, "scene", "use", book, "1.1", "ffff")

        assert run(daemon, "scene", "drop", book, "1.1").returncode == 0
        daemon.wait_for_phases("done")
        page = (daemon.library / book / "Chapters.md").read_text()
        dropped = scene_of(daemon, book, "1.1")
        again = run(daemon, "scene", "drop", book, "1.1")
        assert run(daemon, "scene", "undo", book, "1.1").returncode == 0
        daemon.wait_for_phases("done")
        restored = (daemon.library / book / "Chapters.md").read_text()

    assert (now["is_current"], before["is_current"], used.returncode) == (True, False, 0)  # type: ignore[index]
    assert back == first != second
    assert third not in (first, second)
    assert after_retry["image"] == paid["image"] + 1
    assert (wrong.returncode, "is no version of scene 1.1" in wrong.stderr) == (ExitCode.USAGE, True)
    assert ("chapter_1_scene_1" in page, dropped["is_dropped"]) == (False, True)
    assert again.returncode == ExitCode.NOTHING_TO_DO
    assert "chapter_1_scene_1" in restored
    assert dict(server.counts.requests) == after_retry


def test_a_reader_chooses_a_passage(tmp_path: Path) -> None:
    """It must stand in the book; it is one more scene, paid once, and stays when the chapter is read anew."""
    with (
        scripted(Script(varies=True)) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        paid = dict(server.counts.requests)
        passage = text_of(daemon, book, 2)[-1]
        told = run(daemon, "draw", book, "--quote", passage.upper().replace(" ", "  "), "--json")
        name = str(json.loads(told.stdout)["scene"])
        daemon.wait_for_phases("done")
        drawn = dict(server.counts.requests)
        shown = scene_of(daemon, book, name)
        words = passage.split()
        near = run(daemon, "draw", book, "--quote", " ".join([*words[:-2], "zebra", "trombone"]))
        twice = run(daemon, "draw", book, "--quote", passage)
        short = run(daemon, "draw", book, "--quote", "the")
        assert run(daemon, "retry", book, "2", "--text").returncode == 0
        daemon.wait_for_phases("done")
        kept = scene_of(daemon, book, name)
        page = (daemon.library / book / "Chapters.md").read_text()

    assert json.loads(told.stdout)["quote"] == passage
    assert (drawn["text"], drawn["image"]) == (paid["text"], paid["image"] + 1)
    assert shown["quote"] == passage
    assert near.returncode == ExitCode.USAGE
    assert "these words are not in" in near.stderr, near.stderr
    assert "chapter 2: " in near.stderr, near.stderr
    assert near.stderr.splitlines()[1].rpartition("chapter 2: ")[2] in passage
    assert (twice.returncode, short.returncode) == (ExitCode.NOTHING_TO_DO, ExitCode.USAGE)
    assert kept == shown
    assert f"chapter_2_scene_{name.partition('.')[2]}" in page
    assert server.counts.requests["image"] == drawn["image"]
