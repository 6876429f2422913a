"""Many hosts with real processes and a real Redis server: the same guide, nothing paid twice, whoever dies."""

import base64
import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from imaginized.money.ledger import FOLDER
from imaginized.providers.scripted import Script, ScriptedServer, scripted
from imaginized.remote.offer import queue_of, spec_of, spec_parts
from imaginized.remote.presence import HOST_MARK, SEEN
from imaginized.remote.sealing import read_seal
from imaginized.remote.store import prefix
from tests.acceptance.test_money import highest_total
from tests.support.epubs import make_epub
from tests.support.hosting import everything
from tests.support.many_hosts import House, house_in, taken_in
from tests.support.waiting import eventually

CHAPTERS = 4
ROUNDS = 60
PRICES = """
[[text]]
model = "reader-1"
input_usd_per_million = 1000
output_usd_per_million = 1000
date = 2026-01-31

[[image]]
model = "painter-1"
usd_per_image = 0.05
date = 2026-01-31
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that nobody has begun: every run has the same one, admitted at the same moment."""
    folder = tmp_path_factory.mktemp("taken")
    return taken_in(folder / "place", make_epub(folder / "book.epub", chapters=CHAPTERS, paragraphs=6))


def asking(server: ScriptedServer) -> dict[str, object]:
    return {
        "provider__text": "openai",
        "provider__image": "openai",
        "openai__base_url": server.base_url,
        "openai__text_model": "reader-1",
        "openai__image_model": "painter-1",
        "openai__retry_seconds": 0.05,
        "guide__formats": ["markdown"],
    }


@contextmanager
def asked_house(
    folder: Path, library: Path, *, latency_seconds: float = 1.0, **options: object
) -> Iterator[tuple[House, ScriptedServer]]:
    with scripted(Script(latency_seconds=latency_seconds)) as server:
        given = {**asking(server), **options}
        with house_in(folder, library=library, **given) as house:  # type: ignore[arg-type]
            yield house, server


def made(house: House) -> dict[str, bytes]:
    """Every file but what tells of the run itself."""
    return {name: data for name, data in everything(house.library).items() if not name.startswith("data/calls/")}


def in_flight(house: House, server: ScriptedServer, *, calls: int = 1) -> None:
    house.home.wait_for(lambda: server.counts.at_once >= calls, "calls are in flight")


def requests(server: ScriptedServer) -> int:
    return sum(server.counts.requests.values())


def rows_of(house: House) -> list[dict[str, Any]]:
    """The ledger's."""
    files = sorted((house.home.library / FOLDER).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def settled(house: House) -> tuple[int, int]:
    """How many reservations were made, and settled."""
    rows = rows_of(house)
    return sum("reserve" in row for row in rows), sum("settle" in row for row in rows)


@pytest.mark.parametrize("hosts", [1, 2])
@pytest.mark.parametrize("is_asked", [False, True], ids=["builtin", "scripted"])
def test_the_guide_is_the_same_as_at_home(tmp_path: Path, library: Path, hosts: int, is_asked: bool) -> None:
    """Byte for byte, drawn here or by hosts, by us or by a model."""
    # At a loopback address home draws nothing itself with hosts, and no first pictures without them when in batches.
    alike = {"workers__rate_limit": "paid", "workers__batch_size": 1000}
    with scripted(Script()) as server:
        options = {**asking(server), **alike} if is_asked else {}
        for name in ("here", "away"):
            (tmp_path / name).mkdir()
        with house_in(tmp_path / "here", library=library, hosts=0, away=False, **options) as house:  # type: ignore[arg-type]
            house.wait_until_done()
            here, asked = made(house), requests(server)
        with house_in(tmp_path / "away", library=library, hosts=hosts, **options) as house:  # type: ignore[arg-type]
            house.wait_until_done()
            away = made(house)
            done = house.home.events("chapter_completed")
            workers = {str(row["worker"]) for row in done if row["stage"] != "preview"}  # those stay at home

    assert sorted(away) == sorted(here)
    assert [name for name in here if here[name] != away[name]] == []
    assert requests(server) == 2 * asked
    assert all(worker.startswith("host-") for worker in workers)


def test_a_local_endpoint_is_asked_by_hosts_alone(tmp_path: Path, library: Path) -> None:
    """Home need not have a model of its own: it draws no first pictures, and the chapters go on to the hosts."""
    with asked_house(tmp_path, library, latency_seconds=0.1) as (house, server):
        house.wait_until_done()
        records = [json.loads(data) for name, data in made(house).items() if name.startswith("data/illustrations/")]

    assert records and [record["early"] for record in records] == [None] * len(records)
    assert server.counts.requests["image"] == len(records)


LOST = ("killed", "frozen", "cut off")


@pytest.mark.parametrize("how", LOST)
def test_a_host_that_is_lost_costs_one_call(tmp_path: Path, library: Path, how: str) -> None:
    """Its chapter goes to another one after the silence; what it had reserved counts in full, and is settled."""
    with asked_house(tmp_path, library, latency_seconds=2.0, **priced(tmp_path)) as (house, server):
        in_flight(house, server, calls=2)
        lose(house, how)
        house.home.wait_for(lambda: bool(house.failed()), "home notices")
        give_back(house, how)
        house.wait_until_done()
        made_here, ended = settled(house)
        failed, completed = house.failed(), house.completed()
        pictures = server.counts.requests["image"]

    assert [row["code"] for row in failed] == ["host_silent"]
    assert server.counts.requests["text"] + pictures <= CHAPTERS + pictures + 1
    assert set(completed.values()) == {1}
    assert made_here == ended > CHAPTERS


def priced(folder: Path) -> dict[str, object]:
    """Options by which calls have a price; without one nothing is reserved."""
    prices = folder / "prices.toml"
    prices.write_text(PRICES)
    return {
        "budget__price_file": str(prices),
        "budget__max_usd_per_day": 100.0,
        "budget__max_usd_per_book": 100.0,
        "budget__approve_above_usd": 100.0,
    }


def lose(house: House, how: str, *, which: int = 0) -> None:
    """A host, with all of its processes."""
    if how == "cut off":
        house.cables[which].cut()
    else:
        house.hosts[which].signal(signal.SIGKILL if how == "killed" else signal.SIGSTOP)


def give_back(house: House, how: str, *, which: int = 0) -> None:
    """It comes back to what has gone on without it."""
    if how == "cut off":
        house.cables[which].mend()
    elif how == "frozen":
        house.hosts[which].signal(signal.SIGCONT)


@pytest.mark.parametrize("how", ["slow", "kept", "wiped"])
def test_a_broker_that_is_started_again_loses_nothing(tmp_path: Path, library: Path, how: str) -> None:
    """Nothing is done twice: what was on its way is said again."""
    with asked_house(tmp_path, library) as (house, server):
        in_flight(house, server)
        if how != "slow":
            house.broker.stop(is_kept=how == "kept")
            house.broker.start()
        else:
            house.broker.client.execute_command("CLIENT", "PAUSE", "1500", "ALL")
        house.wait_until_done()
        failed, completed = house.failed(), house.completed()

    assert failed == []
    assert server.counts.requests["text"] == CHAPTERS
    assert set(completed.values()) == {1}


def test_home_killed_and_back_asks_for_nothing_again(tmp_path: Path, library: Path) -> None:
    """The hosts go on; the new home takes their work up where it is."""
    with asked_house(tmp_path, library, latency_seconds=3.0) as (house, server):
        in_flight(house, server, calls=2)
        assert house.home.process is not None
        house.home.kill()
        house.home.start()
        house.wait_until_done()
        completed = house.completed()

    assert server.counts.requests["text"] == CHAPTERS
    assert set(completed.values()) == {1}


def test_a_host_with_other_prompts_gets_nothing_and_is_named(tmp_path: Path, library: Path) -> None:
    """It takes from a queue of its own, holds nobody up, and home says in what it differs."""
    with house_in(tmp_path, library=library, hosts=1, others=1) as house:
        file = house.home.library / SEEN
        house.home.wait_for(lambda: file.exists() and "other" in file.read_text(), "it is seen")
        house.wait_until_done()
        seen = json.loads(file.read_text())["hosts"]
        told = (house.home.folder / "host-other0.log").read_text()

    differs = {row["name"]: row["differs"] for row in seen}
    assert differs["host1"] == ""
    assert differs["other0"].startswith("other prompts (")
    assert "offer_taken" not in told


def test_a_chapter_that_kills_its_host_fails_alone(tmp_path: Path, library: Path) -> None:
    """After its attempts; the hosts live, and the rest of the book is done."""
    with house_in(tmp_path, library=library, faults="host_analyze-2:kill", workers__max_attempts=2) as house:
        house.wait_until_done("partial")
        failed, completed = house.failed(), house.completed()

        assert [host.is_alive() for host in house.hosts] == [True, True]
    assert {(row["chapter"], row["code"]) for row in failed} == {(2, "host_silent")}
    sent = {(stage, number) for stage, number in completed if stage != "preview"}
    assert sent == {(stage, number) for stage in ("analyze", "illustrate") for number in (1, 3, 4)}


def test_pictures_go_by_a_shared_folder(tmp_path: Path, library: Path) -> None:
    """The same guide, a host and home killed on the way or not; what that leaves there goes by its age."""
    shared, alike = tmp_path / "shared", {"workers__rate_limit": "paid"}
    for folder in (shared, tmp_path / "here", tmp_path / "away"):
        folder.mkdir()
    with house_in(tmp_path / "here", library=library, hosts=0, away=False, **alike) as house:  # type: ignore[arg-type]
        house.wait_until_done()
        here = made(house)
    options = {**alike, "hosts__blobs": f"file://{shared}"}
    with house_in(tmp_path / "away", library=library, **options) as house:  # type: ignore[arg-type]
        passed = set[str]()

        def have_passed() -> bool:
            passed.update(path.name for path in shared.glob("im-*"))
            return len(passed) > 2

        eventually(have_passed)
        house.hosts[0].kill()
        house.home.kill()
        house.home.start()
        house.wait_until_done()
        away, seen = made(house), json.loads((house.home.library / SEEN).read_text())
        start = prefix(read_seal(house.home.folder / "key").name("home", house.home.library.resolve()))
        for path in shared.glob("*"):
            os.utime(path, (0, 0))
        house.home.stop()
        (shared / "another's").touch()
        house.home.start()
        house.home.wait_for(lambda: not list(shared.glob("im-*")), "what was left is gone")

    assert sum(name.startswith(start) for name in passed) > 1
    assert seen["store_problem"] == ""
    assert [path.name for path in shared.iterdir()] == ["another's"]
    assert sorted(away) == sorted(here)
    assert [name for name in here if here[name] != away[name]] == []


@pytest.mark.parametrize("seed", range(2))
def test_a_budget_is_never_passed_whoever_is_killed(tmp_path: Path, library: Path, seed: int) -> None:
    """One dollar, hosts and home killed at random: set aside and spent together are never more."""
    most, charged = spent(tmp_path, library, seed=seed)

    assert 0.5 < most <= 1.0
    assert charged <= 1.0


def spent(folder: Path, library: Path, *, seed: int, hosts: int = 2) -> tuple[float, float]:
    """The most that was set aside and spent at a time, and what was charged, of one dollar."""
    chance = random.Random(seed)
    budget = {**priced(folder), "budget__max_usd_per_day": 1.0}
    # Cheap enough to begin, and all of it costs more than there is.
    (folder / "prices.toml").write_text(PRICES.replace("= 1000", "= 20").replace("0.05", "0.3"))
    with asked_house(folder, library, latency_seconds=0.3, hosts=hosts, **budget) as (house, server):
        for _ in range(6):
            before = requests(server)
            eventually(lambda before=before: requests(server) > before or is_over(house))  # type: ignore[misc]
            victim = chance.choice([*house.hosts, None])
            if victim is None:
                house.home.kill()
                house.home.start()
            else:
                victim.kill()
                victim.start()
        house.home.wait_for(lambda: is_over(house), "the book is done or held")
        most = highest_total(house.home.library)
        charged = sum(row["usd"] for row in rows_of(house) if "settle" in row)
    return most, charged


def is_over(house: House) -> bool:
    return all(row["phase"] in ("done", "partial", "held", "failed") for row in house.home.books())


def test_who_has_the_broker_reads_nothing_and_commits_nothing(tmp_path: Path, library: Path) -> None:
    """Every value that passes is copied, changed, sent again and to other places: the guide is the same."""
    (tmp_path / "here").mkdir()
    (tmp_path / "away").mkdir()
    with house_in(tmp_path / "here", library=library, hosts=0, away=False) as house:
        house.wait_until_done()
        here = made(house)
    with house_in(tmp_path / "away", library=library) as house:
        seen = attack(house)
        house.wait_until_done()
        away = made(house)
        (book,) = house.library.books()
        completed = house.completed()
        key = (house.home.folder / "key").read_text()

    told = b"\n".join(seen)
    assert len(seen) > 10
    assert [name for name in here if here[name] != away.get(name)] == []
    assert set(completed.values()) == {1}
    assert book.encode() not in told
    assert b"A Small Book" not in told
    assert key.encode() not in told
    assert bytes.fromhex(key) not in told


def test_what_is_no_offer_ends_no_host(tmp_path: Path, library: Path) -> None:
    """Whatever lies in a queue: it is dropped and counted, and the book is done by the host that has seen it."""
    with house_in(tmp_path, library=library, hosts=1) as house:
        client = house.broker.client
        for use in ("text", "image"):
            queue = queue_of(use, spec_of(spec_parts(None)))
            client.set(queue, "no list")
            client.set(f"_kombu.binding.{queue}", "no set")
            house.home.wait_for(lambda: "refuses to give offers" in house.hosts[0].log.read_text(), "the host tries")
            client.delete(queue)
            for message in messages():
                client.lpush(queue, message)
        client.set(f"{HOST_MARK}somebody", "no host")

        def seen() -> dict[str, Any]:
            file = house.home.library / SEEN
            told: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"hosts": [], "strangers": 0}
            return told

        house.home.wait_for(lambda: any(row["refused"] > 10 for row in seen()["hosts"]), "the host says so")
        house.home.wait_for(lambda: seen()["strangers"] == 1, "home has counted")
        house.wait_until_done()

        assert house.hosts[0].is_alive()
        assert set(house.completed().values()) == {1}


def messages() -> Iterator[str]:
    """What kombu 5.6 or Celery 5.7 ended by, before they got to see offers only."""
    yield from ("garbage", "[]", "7", "null", "{}", "[" * 100_000, '{"body":' + "9" * 5000 + "}")
    body = base64.b64encode(b'[["aGVsbG8="],{},{}]').decode()
    whole = {
        "body": body,
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"task": "imaginized.offer", "id": "1", "timelimit": [-1, -1]},
        "properties": {"delivery_tag": "1", "delivery_info": {"routing_key": "r"}, "body_encoding": "base64"},
    }
    for changed in (
        {},
        {"body": 5},
        {"body": "###"},
        {"headers": {"id": [1]}},
        {"properties": None},
        {"properties": 3},
    ):
        yield json.dumps({**whole, **changed})


def attack(house: House) -> list[bytes]:
    """For a while, read all that is there, and send it again as it is, changed, and elsewhere."""
    client, chance = house.broker.client, random.Random(1)
    seen: list[bytes] = []
    rounds = 0

    def round_is_last() -> bool:
        """They can hold everything up for as long as they like, so they stop after some rounds."""
        nonlocal rounds
        rounds += 1
        for name in client.keys("*"):
            kind = client.type(name)
            values = client.lrange(name, 0, -1) if kind == b"list" else [client.get(name)] if kind == b"string" else []
            for value in filter(None, values):
                seen.extend((bytes(name), bytes(value), _decoded(value)))
                spoilt = bytearray(value)
                spoilt[chance.randrange(len(spoilt))] ^= 1
                for forged in (value, bytes(spoilt), chance.choice(seen)):
                    if name.startswith(b"im:q:") or name.startswith(b"im:a:"):
                        client.rpush(name, forged)
                    elif kind == b"string":
                        client.set(name, forged, ex=30)
                    else:
                        client.lpush(name, forged if forged.startswith(b"{") else value)
        return rounds > ROUNDS and len(seen) > ROUNDS

    eventually(round_is_last)
    return seen


def _decoded(value: bytes) -> bytes:
    """What a message of the engine holds, for who looks into it."""
    try:
        body = json.loads(value)["body"]
        return base64.b64decode(json.loads(base64.b64decode(body))[0][0])
    except (ValueError, KeyError, TypeError, IndexError):
        return b""
