"""`imaginizectl scene` and `draw` with a real daemon: old pictures, scenes left out, passages that a reader chooses."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from imaginized.errors import ExitCode
from imaginized.providers.scripted import Fault, Script, scripted
from tests.acceptance.test_asking_anew import options, run
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub


def scene_of(daemon: Daemon, book: str, name: str) -> dict[str, object]:
    return dict(json.loads(run(daemon, "scene", "show", book, name, "--json").stdout))


def versions_of(daemon: Daemon, book: str, name: str) -> list[dict[str, object]]:
    return cast(list[dict[str, object]], scene_of(daemon, book, name)["versions"])


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
        now, before = versions_of(daemon, book, "1.1")

        used = run(daemon, "scene", "use", book, "1.1", str(before["version"])[:12])
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

    assert (now["is_current"], before["is_current"], used.returncode) == (True, False, 0)
    assert back == first != second
    assert third not in (first, second)
    assert after_retry["image"] == paid["image"] + 1
    assert (wrong.returncode, "is not a version of scene 1.1" in wrong.stderr) == (ExitCode.USAGE, True)
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


def test_a_book_that_is_back_before_its_answer_pays_for_it_once(tmp_path: Path) -> None:
    """Whoever still waits for the picture keeps his chapter: nobody else asks for the same."""
    with scripted(Script(image=(None, None, Fault(kind="slow", status=200, seconds=5.0)))) as server:
        both = {**options(server.base_url), "workers__max_concurrency": 2}
        with daemon_in(tmp_path, drawing=True, faults="", **both) as daemon:
            daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
            book = str(daemon.wait_for_phases("done")[0]["book"])
            daemon.call("retry", book=book, scene="1.1")
            daemon.wait_for(lambda: server.counts.at_once > 0, "a picture is asked for")
            daemon.call("remove", book=book)
            daemon.call("undo", book=book)
            was_asked_for = server.counts.at_once > 0
            daemon.wait_for_phases("done")

    assert was_asked_for
    assert server.counts.requests["image"] == 3


def test_readers_who_choose_passages_at_once_have_a_scene_each(tmp_path: Path) -> None:
    """No order takes the number, and with it the place, of another."""
    with (
        scripted(Script(varies=True)) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=1, paragraphs=8))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        passages = list(dict.fromkeys(text_of(daemon, book, 1)))[-4:]
        paid = server.counts.requests["image"]
        daemon.call("pause")
        with ThreadPoolExecutor(len(passages)) as shells:
            told = list(shells.map(lambda quote: daemon.call("draw", book=book, quote=quote)["scene"], passages))
        daemon.call("resume")
        daemon.wait_for_phases("done")
        shown = {str(name): scene_of(daemon, book, str(name))["quote"] for name in told}

    assert sorted(map(str, shown.values())) == sorted(passages)
    assert server.counts.requests["image"] == paid + len(passages)


def test_a_book_is_renamed_removed_and_brought_back(tmp_path: Path) -> None:
    """Its guide has the new title, at no cost; removed at work, it leaves nothing, and comes back whole."""
    with (
        scripted(Script(image=(None, None, None, Fault(kind="slow", status=200, seconds=1.0)))) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        source = make_epub(tmp_path / "book.epub", chapters=2)
        daemon.drop(source)
        book = str(daemon.wait_for_phases("done")[0]["book"])
        folder, paid = daemon.library / book, dict(server.counts.requests)
        assert run(daemon, "rename", book, "Grey's Lamp").returncode == 0
        (row,) = daemon.wait_for_phases("done")
        contents, renamed = (folder / "Contents.md").read_text(), dict(server.counts.requests)
        assert run(daemon, "retry", book, "1,2").returncode == 0
        daemon.wait_for(lambda: server.counts.requests["image"] > paid["image"] + 1, "a picture is asked for")

        removed = run(daemon, "remove", book)
        daemon.wait_for(lambda: not server.counts.at_once, "the answer has come")
        daemon.wait_for(lambda: all(one["state"] == "idle" for one in daemon.workers()), "the worker lets go")
        left = sorted(path.name for path in daemon.library.glob("[!.]*") if path.name != "index.html")
        nothing = daemon.books()
        undone = run(daemon, "undo", book)
        daemon.wait_for_phases("done")
        asked = server.counts.requests["image"] - paid["image"]
        again = run(daemon, "undo", book)
        assert run(daemon, "remove", book).returncode == 0
        daemon.drop(source)
        (anew,) = daemon.wait_for_phases("done")
        twice = run(daemon, "undo", book)

    assert (row["title"], "Grey's Lamp" in contents, renamed) == ("Grey's Lamp", True, paid)
    assert (removed.returncode, left, nothing) == (0, [], [])
    assert asked == 2  # what was answered to a book that was out of the library is not asked for again
    assert (undone.returncode, again.returncode) == (0, ExitCode.NO_SUCH_BOOK)
    assert (anew["book"], anew["title"]) == (book, "A Small Book")
    assert twice.returncode == ExitCode.NOTHING_TO_DO
