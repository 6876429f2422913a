"""Large files between a host and home by a store: the same guide whatever it loses, spoils or refuses."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaginized.cli.hosting import be_host
from imaginized.clock import SystemClock
from imaginized.limits.gate import Gate
from imaginized.remote.line import HomeLine, HostLine
from imaginized.remote.object_store import FolderStore, store_of
from imaginized.remote.offer import Offer
from imaginized.remote.questions import Answer, Ask, Question, Said, Stored
from imaginized.remote.reaching import HostReach
from imaginized.remote.runner import Away, Here
from imaginized.remote.store import HomeStore, HostStore, Reach, Store, StoreFailed, prefix, without_store
from imaginized.settings.file import load_settings
from imaginized.settings.model import Hosts
from imaginized.store.library import Library
from imaginized.work.workshop import Workshop
from tests.integration.test_remote import AwayOrHere, done_by
from tests.support.crash_steps import Place, prepare, take_in
from tests.support.epubs import make_epub
from tests.support.hosting import SEAL, LossyPost, Threads, everything, offer_of, place_of
from tests.support.storing import LossyStore

STORE_BYTES = 4000  # pictures and more
HOW = st.sampled_from(["keep", "keep", "lose", "spoil", "swap", "fail"])


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("book")
    place = prepare(folder / "place", book=make_epub(folder / "book.epub", chapters=2, paragraphs=6))
    take_in(place, Library(place.library, clock=SystemClock()))
    return place


class Made(dict[str, bytes]):
    """Files; an example that fails is not to print them."""

    def __repr__(self) -> str:
        return f"{len(self)} files"


@pytest.fixture(scope="module")
def done_here(tmp_path_factory: pytest.TempPathFactory, novel: Place) -> Made:
    return Made(everything(done_by(tmp_path_factory.mktemp("here") / "a", novel, runner=lambda _shop: Here())))


def done_away(folder: Path, novel: Place, *, post: LossyPost, store: Store, reach: Reach) -> dict[str, bytes]:
    """What hosts make of it that have this store."""

    def runner(shop: Workshop) -> AwayOrHere:
        hosts = Hosts(silence_seconds=10.0, start_seconds=20.0, patience_seconds=20.0)
        told = shop.settings.model_copy(update={"hosts": hosts})
        engine = Threads(place=place_of(folder / "s", told), post=post, reach=reach)
        return AwayOrHere(
            Away(
                engine=engine, post=post, seal=SEAL, home="home", settings=told, bench=shop.bench, till=shop.till,
                gate=cast(Gate, None), store=store, store_bytes=STORE_BYTES,
            )
        )  # fmt: skip

    return everything(done_by(folder / "a", novel, runner=runner))


def pictures_of(made: dict[str, bytes]) -> list[bytes]:
    return [data for name, data in made.items() if name.startswith("images/ch") and name.endswith(".jpg")]


def test_pictures_go_by_the_store(tmp_path: Path, novel: Place, done_here: Made) -> None:
    """Not by the broker; whoever has the store reads nothing, and nothing stays there."""
    post, store = LossyPost(), LossyStore()
    made = done_away(tmp_path, novel, post=post, store=store, reach=store)

    assert made == done_here
    assert store.most > 0
    assert store.files == {}
    pictures = pictures_of(done_here)
    assert max(len(data) for _, data in post.seen) < min(map(len, pictures))
    assert not any(
        data[:3] == b"\xff\xd8\xff" or picture[200:260] in data for data in store.seen for picture in pictures
    )


def test_pictures_go_by_a_shared_folder(tmp_path: Path, novel: Place, done_here: Made) -> None:
    """Which a host may have mounted elsewhere; of home's files alone nothing stays."""
    shared, there = tmp_path / "shared", tmp_path / "there"
    shared.mkdir()
    there.symlink_to(shared)
    (shared / "somebody's").write_text("else")
    post = LossyPost()
    made = done_away(tmp_path, novel, post=post, store=store_of(f"file://{shared}"), reach=HostReach(there))

    assert made == done_here
    assert [path.name for path in shared.iterdir()] == ["somebody's"]
    assert max(len(data) for _, data in post.seen) < min(map(len, pictures_of(done_here)))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(HOW, max_size=40))
def test_a_bad_store_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, novel: Place, done_here: Made, plan: list[str]
) -> None:
    """Whatever it loses, spoils, swaps or refuses is sent again, at last in the message."""
    store = LossyStore(plan=plan)
    made = done_away(tmp_path_factory.mktemp("bad"), novel, post=LossyPost(), store=store, reach=store)

    assert made == done_here
    assert store.files == {}


def test_what_is_wrong_with_a_store_is_said_without_the_librarys_words(tmp_path: Path) -> None:
    """A folder that nobody may write in: where and why."""
    problem = FolderStore(Path("/sys")).problem()

    assert problem
    assert "Generic" not in problem


@pytest.fixture
def own_logs() -> Iterator[None]:
    """No test leaves its log, which goes to a stream that ends with it, to the next one."""
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("own_logs")
def test_a_host_whose_folder_is_not_there_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its pictures would go the long way else, and nobody knew why."""

    class Told:
        def __init__(self, **given: object) -> None:
            self.ready = cast(Callable[[], None], given["ready"])

        def run(self) -> None:
            self.ready()

    files = {"broker_url_file": tmp_path / "url", "key_file": tmp_path / "key"}
    for file, text in zip(files.values(), ("redis://127.0.0.1:1/0", "00" * 32), strict=True):
        file.write_text(text)
        file.chmod(0o600)
    monkeypatch.setattr("imaginized.remote.host.Host", Told)
    found = load_settings(None, environment={"IMAGINIZED_HOSTS__BLOBS": f"file://{tmp_path}/nothing"})
    be_host(found, files=files, queues="text", slots=1, name="h", environment={}, as_json=False)

    assert f"hosts.blobs: there is no folder {tmp_path}/nothing" in capsys.readouterr().err


def test_a_store_that_is_away_changes_nothing(tmp_path: Path, novel: Place, done_here: Made) -> None:
    """Pictures go in the messages."""
    store = FolderStore(tmp_path / "not mounted")

    assert store.problem() == f"there is no folder {tmp_path / 'not mounted'} on this machine; mount it"
    assert done_away(tmp_path, novel, post=LossyPost(), store=store, reach=HostReach(None)) == done_here


@contextmanager
def answering(store: Store) -> Iterator[tuple[HomeStore, Offer]]:
    offer = replace(offer_of(), store_bytes=STORE_BYTES)
    home = HomeStore(store, SEAL, offer=offer)
    yield home, offer
    home.close()


def kept(_question: Question) -> Answer:
    raise AssertionError("it was believed")


def test_a_wrong_file_is_not_taken_for_another(tmp_path: Path) -> None:
    """One that is missing, another conversation's, another home's or no file of ours: nothing is done by it."""
    store = LossyStore()
    mine, other = f"{prefix('home')}1", f"{prefix('home')}2"
    with answering(store) as (home, offer):
        sealed = SEAL.close(b"x" * 5000, about=f"{mine}|{offer.talk}")
        store.files |= {
            mine: sealed[:-1],
            other: sealed,
            f"{prefix('home')}3": SEAL.close(b"x" * 5000, about=f"{prefix('home')}3|another"),
            "im-elsewhere-1": sealed,
            f"{prefix('home')}4": b"y" * 9_000_000,
        }
        for name in (*store.files, "im-home-9", "../im-home-1"):
            told = Stored(name=name, digest="0" * 64, size=5000)
            question = Question(run="r", number=1, ask=Ask.STORE, blobs=(b"",), stored=(told,))
            assert home.answer(question, kept).said is Said.ABSENT


def test_a_home_whose_store_was_taken_from_the_settings_takes_no_empty_file(tmp_path: Path) -> None:
    """It was started again, and the host goes on as it began: its files come in the messages."""
    store, post, kept_files = LossyStore(), LossyPost(), list[tuple[bytes, ...]]()

    def keep(question: Question) -> Answer:
        kept_files.append(question.blobs)
        return Answer(number=question.number, said=Said.OK)

    with (
        answering(store) as (before, offer),
        HomeLine(post, SEAL, offer=offer) as home,
        HostLine(post, SEAL, offer=offer, run="r") as line,
    ):
        host = HostStore(line, SEAL, offer=offer, reach=store)

        def work() -> None:
            line.ask(Ask.BEGIN)
            host.ask(Ask.KEEP, blobs=[b"x" * 5000])

        working = threading.Thread(target=work, daemon=True)
        working.start()
        while working.is_alive():
            question = home.next(seconds=0.05)
            if question is not None:
                is_placing = question.ask is Ask.PLACE and question.values["count"] == 0
                home.answer(before.answer(question, keep) if is_placing else without_store(question, keep))

    assert kept_files == [(), (b"x" * 5000,)]


def test_the_same_file_goes_once(tmp_path: Path) -> None:
    """By its digest; its place is asked for once."""
    store = LossyStore()
    with answering(store) as (home, _):
        place = Question(run="r", number=1, ask=Ask.PLACE, values={"digest": "d", "count": 0})
        first, second = home.answer(place, kept), home.answer(place, kept)
        other = home.answer(replace(place, values={"digest": "d", "count": 1}), kept)

    assert first.values == second.values
    assert other.values != first.values  # a second try is not stopped by what lies at the first one's place


def test_what_was_left_goes_by_its_age(tmp_path: Path) -> None:
    """Of this home alone, also what was just being written."""
    store, old = FolderStore(tmp_path), time.time() - 7200
    for name in ("im-home-a", "im-home-b#1", "im-home-young", "im-other-a", "else"):
        (tmp_path / name).write_bytes(b"x")
        if name != "im-home-young":
            os.utime(tmp_path / name, (old, old))

    assert store.sweep(prefix("home"), older_seconds=3600) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["else", "im-home-young", "im-other-a"]


def test_a_try_of_a_store_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    """It is tried every minute, for ever."""

    class Unread(FolderStore):
        def get(self, name: str, *, most_bytes: int) -> bytes:
            raise StoreFailed(f"no right to read {name[:3]}, {most_bytes} bytes")

    assert Unread(tmp_path).problem() == "no right to read im-, 10 bytes"
    assert list(tmp_path.iterdir()) == []


def test_a_host_puts_and_gets_by_url() -> None:
    """One that is there already stays, and that is no failure; a refusal is."""
    files: dict[str, bytes] = {}

    class Bucket(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            data, is_there = self.rfile.read(int(self.headers["Content-Length"])), self.path in files
            assert self.headers["If-None-Match"] == "*"
            files.setdefault(self.path, data)
            self.say(412 if is_there else 200, b"")

        def do_GET(self) -> None:
            self.say(200 if self.path in files else 404, files.get(self.path, b""))

        def say(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url, reach = f"http://127.0.0.1:{server.server_port}/im-home-a", HostReach(None)
        for data in (b"first", b"second"):
            reach.put(url, data)

        assert reach.get(url, most_bytes=5) == b"first"
        with pytest.raises(StoreFailed, match="404"):
            reach.get(f"{url}b", most_bytes=5)
        server.shutdown()


def test_a_store_that_answers_without_end_is_not_heard_to_it() -> None:
    """Neither to a file that is put, nor to one that is had."""

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(bytes(65_536))

        do_PUT = do_GET

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/im-home-a"
        with pytest.raises(StoreFailed, match="more than is wanted"):
            HostReach(None).put(url, b"x")
        with pytest.raises(StoreFailed, match="more than is wanted"):
            HostReach(None).get(url, most_bytes=100)
        server.shutdown()


def test_nobody_replaces_a_file(tmp_path: Path) -> None:
    """What is there stays; too much of it is not read."""
    store = FolderStore(tmp_path)
    store.put("im-home-a", b"first")
    store.put("im-home-a", b"second")
    HostReach(None).put(store.url("im-home-a", method="PUT"), b"third")

    assert HostReach(None).get(store.url("im-home-a", method="GET"), most_bytes=5) == b"first"
    with pytest.raises(StoreFailed):
        store.get("im-home-a", most_bytes=4)
