"""The real daemon with provider `openai` against the scripted server: whole books, faults, kills, keys."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from imaginized.cli.daemon import main
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.stages.records import ScenesRecord
from imaginized.store.records import load
from imaginized.story.text import ChapterText
from tests.support.daemons import Daemon, daemon_in, processes_of
from tests.support.epubs import make_epub
from tests.support.trees import files_below
from tests.support.waiting import DEADLINE_SECONDS

KEY = "sk-canary-8d21c0ffee"
FAULTS = (
    Fault(kind="status", status=429),
    Fault(kind="status", status=500),
    Fault(kind="drop"),
    Fault(kind="malformed"),
)
CHAPTERS = 4


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_epub(tmp_path / "book.epub", chapters=CHAPTERS)


@contextmanager
def running(server: ScriptedServer, folder: Path, **options: object) -> Iterator[Daemon]:
    """A daemon whose text and images come from the server, with the canary key in a file of its own."""
    key = folder / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    chosen: dict[str, object] = {
        "provider__text": "openai",
        "provider__image": "openai",
        "openai__base_url": server.base_url,
        "openai__text_model": "reader-1",
        "openai__image_model": "painter-1",
        "openai__api_key_file": str(key),
        "openai__retry_seconds": 0.05,
        **options,
    }
    with daemon_in(folder, **chosen) as daemon:  # type: ignore[arg-type]
        yield daemon


def records(daemon: Daemon, folder: str) -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in sorted(daemon.library.glob(f"*/data/{folder}/*.json"))]


def proc_files(daemon: Daemon) -> list[Path]:
    """What other users may read, or its own user, of every process of the daemon."""
    pids = processes_of(daemon)
    assert len(pids) >= 4
    return [Path(f"/proc/{pid}/{name}") for pid in pids for name in ("environ", "cmdline")]


def test_f29_a_book_completes_through_random_faults(book: Path, tmp_path: Path) -> None:
    """With 30 % faults no chapter is empty, nothing is asked for twice, and the key shows nowhere."""
    talking = Fault(kind="status", status=500, message=f"no luck with {KEY}")
    with (
        scripted(Script(fault_share=0.3, random_faults=(*FAULTS, talking), key=KEY, seed=7)) as server,
        running(server, tmp_path, logs__level="debug") as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for_phases("done")
        scenes, pictures = records(daemon, "scenes"), records(daemon, "illustrations")
        guide = next(daemon.library.glob("*/Chapters.md")).read_text()
        replies = list(daemon.library.glob("*/data/replies/*"))
        leaks = [path for path, data in files_below(daemon.folder) if KEY.encode() in data]
        leaks += [path for path in proc_files(daemon) if KEY.encode() in path.read_bytes()]

    counts = server.counts
    assert [len(record["scenes"]) > 0 for record in scenes] == [True] * CHAPTERS  # type: ignore[arg-type]
    assert all(record["image"] and not record["declined"] for record in pictures)
    assert counts.failed.total() > 0
    assert counts.requests["text"] == CHAPTERS + counts.failed["text"]
    assert counts.requests["image"] == len(pictures) + counts.failed["image"]
    assert "reader-1" in guide
    assert len(replies) == CHAPTERS  # of the texts; images are kept as images only
    assert leaks == []


def test_a_kill_costs_the_call_in_flight_only(book: Path, tmp_path: Path) -> None:
    """SIGKILL of a worker while it asks, of the whole daemon while it draws: every other call is made once."""
    script = Script(text=(None, Fault(kind="hang")), image=(None, None, Fault(kind="hang")), key=KEY)
    with scripted(script) as server, running(server, tmp_path, workers__max_concurrency=1) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: server.counts.requests["text"] == 2 and server.counts.at_once == 1, "a call hangs")
        os.kill(int(str(daemon.workers()[0]["pid"])), signal.SIGKILL)
        daemon.wait_for(lambda: server.counts.requests["image"] == 3 and server.counts.at_once == 2, "another hangs")
        daemon.kill()
        daemon.start()
        daemon.wait_for_phases("done")
        scenes, pictures = records(daemon, "scenes"), records(daemon, "illustrations")

    assert len(scenes) == len(pictures) == CHAPTERS
    assert server.counts.requests == {"text": CHAPTERS + 1, "image": CHAPTERS + 1}


def test_later_chapters_are_told_the_names_of_earlier_ones(book: Path, tmp_path: Path) -> None:
    """Killed in between, one is asked about again with whoever is known by then, and not where it was answered."""
    script = Script(text=(None, None, Fault(kind="hang")), key=KEY)
    with scripted(script) as server, running(server, tmp_path, workers__max_concurrency=1) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: server.counts.requests["text"] == 3 and server.counts.at_once == 1, "a call hangs")
        daemon.kill()
        daemon.start()
        folder = str(daemon.wait_for_phases("done")[0]["book"])
        asked = dict(server.counts.requests)
        found = {each["name"] for record in records(daemon, "scenes") for each in record["elements"]}  # type: ignore[attr-defined]
        for path in (daemon.library / folder / "data" / "scenes").iterdir():
            path.unlink()
        run = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "retry", folder]
        subprocess.run(run, check=True, capture_output=True, timeout=DEADLINE_SECONDS)
        daemon.wait_for_phases("done")

    users = [body["messages"][1]["content"] for _, body in server.counts.bodies if "messages" in body]  # type: ignore[index]
    told = [user.partition("<<<NAMES")[2] for user in users]
    assert not told[0]
    assert all(any(name in names for name in found) for names in told[1:])
    assert asked == dict(server.counts.requests) == {"text": CHAPTERS + 1, "image": asked["image"]}


def test_f29_an_endpoint_in_trouble_is_waited_for_by_all(book: Path, tmp_path: Path) -> None:
    """429 holds every worker, 500 and a timeout are tried again, an empty account pauses all: no attempt is used."""
    faults = (
        Fault(kind="status", status=429, retry_after="1.5"),
        Fault(kind="status", status=500),
        Fault(kind="hang"),
        Fault(kind="status", status=429, code="insufficient_quota", message="You exceeded your current quota"),
    )
    options = {"openai__timeout_seconds": 0.3, "workers__max_concurrency": 3}
    with (
        scripted(Script(text=faults, key=KEY)) as server,
        running(server, tmp_path, provider__image="none", **options) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: bool(daemon.events("provider_paused")), "the account is empty")
        daemon.wait_for(lambda: len(daemon.events("claim_released")) == 3, "all have given back")
        before, asked = daemon.status(), server.counts.requests["text"]
        daemon.call("resume")
        (row,) = daemon.wait_for_phases("done")
        manifest = json.loads(next(daemon.library.glob("*/.imaginize.manifest.json")).read_text())

    held = [moment - server.counts.moments[0] for moment in server.counts.moments]
    assert not [moment for moment in held if 0.5 < moment < 1.4]  # those under way may be about as early as the first
    assert "You exceeded your current quota" in json.dumps(before)
    assert asked <= 4 + 3 - 1
    assert [chapter.get("retryCount", 0) for chapter in manifest["chapters"].values()] == [0] * CHAPTERS
    assert server.counts.requests["text"] == CHAPTERS + server.counts.failed["text"]
    assert row["phase"] == "done"


def test_f29_a_refused_key_uses_no_attempt(book: Path, tmp_path: Path) -> None:
    """A key that the endpoint does not take pauses the work: no chapter fails, and the log says why."""
    with (
        scripted(Script(key="another")) as server,
        running(server, tmp_path, workers__max_concurrency=1, provider__image="builtin") as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: bool(daemon.events("claim_released")), "the claim is given back")
        manifest = json.loads(next(daemon.library.glob("*/.imaginize.manifest.json")).read_text())
        paused = daemon.events("provider_paused")

    chapters = manifest["chapters"].values()
    assert {chapter["status"] for chapter in chapters} == {"pending"}
    assert [chapter.get("retryCount", 0) for chapter in chapters] == [0] * CHAPTERS
    assert "check key and quota" in str(paused[0]["advice"])
    assert server.counts.requests["text"] == 1


def test_f29_a_reload_lets_a_refused_endpoint_go_on(book: Path, tmp_path: Path) -> None:
    """What made the endpoint refuse is mended without a new key: after a reload nobody waits any more."""
    with (
        scripted(Script(text=(Fault(kind="status", status=401),), key=KEY)) as server,
        running(server, tmp_path, workers__max_concurrency=1, provider__image="none") as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: bool(daemon.events("provider_paused")), "the endpoint is paused")
        before = daemon.call("status")["paused"]
        daemon.call("reload")
        daemon.wait_for_phases("done")
        after = daemon.call("status")["paused"]

    assert "check key and quota" in str(before)
    assert after == {}
    assert server.counts.requests["text"] == CHAPTERS + 1


def test_f49_an_image_that_comes_slowly_is_let_come(tmp_path: Path) -> None:
    """Bytes are signs of life: the picture's answer and its file together outlast the silence of a worker by far."""
    slow = Fault(kind="slow", status=200, seconds=4.0)
    script = Script(image=(slow,), image_as="url", file=slow, key=KEY)
    options = {"workers__chapter_timeout_seconds": 6.0, "workers__max_concurrency": 1}
    with scripted(script) as server, running(server, tmp_path, **options) as daemon:
        daemon.drop(make_epub(tmp_path / "one.epub", chapters=1))
        daemon.wait_for_phases("done")
        killed = daemon.events("worker_killed") + daemon.events("claim_reaped") + daemon.events("chapter_failed")

    assert killed == []
    assert server.counts.requests == {"text": 1, "image": 1, "file": 1}


def test_f49_a_body_without_end_ends_with_the_clock(tmp_path: Path) -> None:
    """A byte now and then keeps no worker: the call ends by its clock, its chapter fails for that, nobody is killed."""
    script = Script(text=(Fault(kind="drip", status=200),) * 9, key=KEY)
    options = {"workers__chapter_timeout_seconds": 2.0, "workers__max_attempts": 1, "provider__image": "none"}
    with scripted(script) as server, running(server, tmp_path, **options) as daemon:
        daemon.drop(make_epub(tmp_path / "one.epub", chapters=1))
        daemon.wait_for(lambda: bool(daemon.events("chapter_failed")), "the chapter fails")
        (failed,) = daemon.events("chapter_failed")
        killed = daemon.events("worker_killed") + daemon.events("claim_reaped")

    assert "the answer was not whole after 2 s" in str(failed["reason"])
    assert killed == []


def test_f49_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every variable for proxies set to a port where nobody answers, a book comes through."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with scripted(Script(image_as="url", key=KEY)) as server, running(server, tmp_path) as daemon:
        daemon.drop(book)
        daemon.wait_for_phases("done")

    assert server.counts.requests == {"text": CHAPTERS, "image": CHAPTERS, "file": CHAPTERS}


def test_illustrate_asks_the_endpoint_of_its_settings(book: Path, tmp_path: Path) -> None:
    """`illustrate --config --profile` uses that endpoint and that kind's prompt; the key stays in its variable."""
    config = tmp_path / "c.toml"
    with scripted(Script(key=KEY)) as server:
        config.write_text(
            '[provider]\ntext = "openai"\nimage = "none"\n'
            f'[openai]\nbase_url = "{server.base_url}"\ntext_model = "m"\n[disk]\nmin_free_bytes = 0\n'
        )
        result = CliRunner(env={"OPENAI_API_KEY": KEY}).invoke(
            main,
            ["illustrate", str(book), "--out", str(tmp_path / "out"), "--config", str(config), "--profile", "fantasy"],
        )
        systems = [body["messages"][0]["content"] for _, body in server.counts.bodies]  # type: ignore[index]

    assert result.exit_code == 0, result.output
    assert ["Prefer wonders" in str(system) for system in systems] == [True] * CHAPTERS
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_inventions_end_as_failed_chapters(book: Path, tmp_path: Path) -> None:
    """A model that invents every quote leaves chapters that failed for that reason, never empty ones."""
    inventing = Script(text=(Fault(kind="invented"),) * 2 * CHAPTERS, key=KEY)
    with scripted(inventing) as server, running(server, tmp_path, provider__image="none") as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: len(daemon.events("chapter_failed")) == CHAPTERS, "all chapters fail")
        reasons = [str(event["reason"]) for event in daemon.events("chapter_failed")]

    assert all("invented its quotes" in reason for reason in reasons)
    assert records(daemon, "scenes") == []
    assert server.counts.requests["text"] == 2 * CHAPTERS


def test_a_novel_comes_through_with_every_quote_verbatim(tmp_path: Path) -> None:
    """The bundled novel, with faults: each chapter has its scenes, each quote is the book's own characters."""
    novel = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"
    script = Script(fault_share=0.3, random_faults=FAULTS, key=KEY, seed=3)
    with scripted(script) as server, running(server, tmp_path) as daemon:
        daemon.drop(novel)
        daemon.wait_for_phases("done")
        data = next(daemon.library.glob("*/data"))
        texts = {path.name: load(path, ChapterText).text for path in (data / "chapters").iterdir()}
        scenes = {path.name: load(path, ScenesRecord).scenes for path in (data / "scenes").iterdir()}

    total = sum(len(found) for found in scenes.values())
    assert texts.keys() == scenes.keys()
    assert all(scenes.values())
    assert all(
        texts[name].startswith(scene.quote.text, scene.quote.start) for name, found in scenes.items() for scene in found
    )
    assert server.counts.requests["text"] == len(texts) + server.counts.failed["text"]
    assert server.counts.requests["image"] == total + server.counts.failed["image"]
