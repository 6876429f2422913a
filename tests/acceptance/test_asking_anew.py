"""A person wants another picture from a real daemon, and its workers are killed at every step of that."""

import json
import subprocess
import sys
from pathlib import Path

from imaginized.errors import ExitCode
from imaginized.providers.scripted import Script, scripted
from tests.support.daemons import Daemon, asking, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

PRICES = """
[[text]]
model = "reader-1"
input_usd_per_million = 1.0
output_usd_per_million = 1.0
date = 2025-11-01

[[image]]
model = "painter-1"
usd_per_image = 0.01
date = 2025-11-01
"""
POINTS = ("illustrate-2", "reply_stored", "part_kept", "artifacts_staged", "task_done", "task_committed")


def run(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def options(base_url: str) -> dict[str, object]:
    return {**asking(base_url), "workers__max_concurrency": 1}


def test_a_disliked_picture_is_paid_once_wherever_its_worker_is_killed(tmp_path: Path) -> None:
    """Each retry of a scene sends one request, and the picture is another one; nothing else is asked for."""
    tokens = {point: tmp_path / point for point in POINTS}
    faults = ",".join(f"{point}:kill:{token}" for point, token in tokens.items())
    with (
        scripted(Script(varies=True)) as server,
        daemon_in(tmp_path, drawing=True, faults=faults, **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        folder = daemon.library / book
        seen = [(folder / "images" / "chapter_2_scene_1.jpg").read_bytes()]
        before = dict(server.counts.requests)
        for token in tokens.values():
            token.touch()
            assert run(daemon, "retry", book, "--scene", "2.1").returncode == 0
            daemon.wait_for(lambda token=token: not token.exists(), "a worker is killed")  # type: ignore[misc]
            daemon.wait_for_phases("done")
            seen.append((folder / "images" / "chapter_2_scene_1.jpg").read_bytes())
        versions = [path.read_bytes() for path in (folder / "data" / "versions").glob("*.jpg")]
        lacks = run(daemon, "retry", book, "--scene", "2.9", "--json")

    assert server.counts.requests["image"] == before["image"] + len(POINTS)
    assert server.counts.requests["text"] == before["text"]
    assert len(set(seen)) == len(POINTS) + 1
    assert sorted(versions) == sorted(seen[:-1])
    assert (lacks.returncode, json.loads(lacks.stdout)["code"]) == (ExitCode.USAGE, "no_scene")


def test_a_retry_of_a_chapter_that_is_done_asks_for_its_pictures_anew(tmp_path: Path) -> None:
    """The same command that an older version answered with the same picture; with --text, its scenes."""
    with (
        scripted(Script(varies=True)) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        before = dict(server.counts.requests)
        assert run(daemon, "retry", book, "1").returncode == 0
        daemon.wait_for_phases("done")
        drawn = dict(server.counts.requests)
        assert run(daemon, "retry", book, "1", "--text").returncode == 0
        daemon.wait_for_phases("done")
        read = dict(server.counts.requests)

    assert (drawn["text"], drawn["image"]) == (before["text"], before["image"] + 1)
    assert (read["text"], read["image"]) == (drawn["text"] + 1, drawn["image"])


def test_an_order_that_redraws_says_so_first_and_going_back_is_free(tmp_path: Path) -> None:
    """How many pictures at most, and for how much; after an undo the old ones are there, and nobody was asked."""
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    paid = {**options(""), "budget__price_file": str(prices)}
    with scripted(Script(varies=True)) as server:
        paid["openai__base_url"] = server.base_url
        with daemon_in(tmp_path, drawing=True, faults="", **paid) as daemon:
            daemon.drop(make_epub(tmp_path / "book.epub", chapters=2))
            book = str(daemon.wait_for_phases("done")[0]["book"])
            images = daemon.library / book / "images"
            member = json.loads(run(daemon, "cast", book, "--json").stdout)["members"][0]
            before = {path.name: path.read_bytes() for path in images.glob("*scene*")}
            asked = server.counts.requests["image"]

            told = [run(daemon, "cast", book, "drop", str(member["row"]))]
            daemon.wait_for_phases("done")
            dropped = server.counts.requests["image"] - asked
            told.append(run(daemon, "cast", book, "undo", str(member["row"])))
            daemon.wait_for_phases("done")
            undone = server.counts.requests["image"] - asked - dropped
            after = {path.name: path.read_bytes() for path in images.glob("*scene*")}
            told.append(run(daemon, "retry", book, "1"))
            told.append(run(daemon, "chapters", book, "rename", "2", "The Lamp"))

    assert dropped > 0
    assert (undone, after) == (0, before)
    pictures, plural = f"{dropped} picture", "s" if dropped > 1 else ""
    said = [ended.stderr.strip() for ended in told]
    assert said[0] == f"this draws at most {pictures}{plural} again, for at most 0.0{2 * dropped} USD"
    assert said[2:] == ["this draws at most 1 picture again, for at most 0.02 USD", ""]
    assert [ended.returncode for ended in told] == [0] * len(told)
