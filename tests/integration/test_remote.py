"""A task that a host works on, with hosts in this process: what it needs, what gets lost on the way, what it may do."""

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaginized.clock import SystemClock
from imaginized.errors import ClaimLost
from imaginized.limits.gate import Gate
from imaginized.process.channel import channel_pair
from imaginized.providers.builtin.provider import BuiltinProvider
from imaginized.queue.manifest import Stage, Task
from imaginized.queue.plan import phase
from imaginized.remote.desk import Desk
from imaginized.remote.failures import ConnectionLost
from imaginized.remote.host import Host
from imaginized.remote.line import HomeLine, HostLine
from imaginized.remote.offer import new_id, opened, run_mark
from imaginized.remote.presence import GONE_SECONDS, HOST_MARK, HostSeen, Lookout, say_here
from imaginized.remote.questions import Answer, Ask, Question, Said
from imaginized.remote.runner import Away, Here, Runner
from imaginized.remote.sealing import KeySeal
from imaginized.settings.model import Hosts
from imaginized.stages.inputs import may_be_sent
from imaginized.stages.job import Contents, Job, Result
from imaginized.store.library import Library
from imaginized.work.away import Abroad
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from imaginized.work.workshop import Workshop
from tests.support.crash_steps import Place, prepare, take_in, workshop
from tests.support.epubs import make_epub
from tests.support.hosting import SEAL, InEmptyFolders, LossyPost, Threads, everything, offer_of, place_of
from tests.support.waiting import eventually

HOW = st.sampled_from(["keep", "keep", "drop", "twice", "late"])


def done_by(folder: Path, taken: Place, *, runner: Callable[[Workshop], Runner]) -> Library:
    """A library whose one book was done by this runner: the same book, admitted at the same moment."""
    place = Place(root=folder)
    shutil.copytree(taken.root, folder)
    library = Library(place.library, clock=SystemClock())
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs)
        shop = replace(shop, text=BuiltinProvider(), image=BuiltinProvider())
        shop = replace(shop, runner=runner(shop))
        while (held := claim_next(shop)) is not None:
            perform(shop, held)
    return library


def asked(home: HomeLine) -> Question:
    """The next question."""
    question = home.next(seconds=20.0)
    assert question is not None
    return question


class AwayOrHere:
    """What may be sent away, the rest here."""

    def __init__(self, away: Away) -> None:
        self._away = away

    def run(self, job: Job) -> Result:
        return (self._away if may_be_sent(job.task.stage) else Here()).run(job)


def away_from(shop: Workshop, *, post: LossyPost, scratch: Path) -> AwayOrHere:
    hosts = Hosts(silence_seconds=3.0, start_seconds=20.0, patience_seconds=20.0)
    told = shop.settings.model_copy(update={"hosts": hosts})
    engine = Threads(place=place_of(scratch, told), post=post)
    return AwayOrHere(
        Away(
            engine=engine, post=post, seal=SEAL, home="home", settings=told, bench=shop.bench, till=shop.till,
            gate=cast(Gate, None),  # plates wait for no turn
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def novel(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("book")
    place = prepare(folder / "place", book=make_epub(folder / "book.epub", chapters=3, paragraphs=6))
    take_in(place, Library(place.library, clock=SystemClock()))
    return place


@pytest.fixture(scope="module")
def done_here(tmp_path_factory: pytest.TempPathFactory, novel: Place) -> dict[str, bytes]:
    return everything(done_by(tmp_path_factory.mktemp("here") / "a", novel, runner=lambda _shop: Here()))


def test_a_task_reads_its_declared_inputs_and_nothing_else(
    tmp_path: Path, novel: Place, done_here: dict[str, bytes]
) -> None:
    """In a folder that has only those, each chapter stage makes the same bytes."""
    empty = InEmptyFolders(tmp_path / "empty")
    library = done_by(tmp_path / "place", novel, runner=lambda _shop: empty)

    assert len(empty.ran) == 6
    assert everything(library) == done_here


def test_a_book_done_away_is_the_same(tmp_path: Path, novel: Place, done_here: dict[str, bytes]) -> None:
    """Byte for byte; the broker sees no word of it."""
    post = LossyPost()
    library = done_by(tmp_path / "a", novel, runner=lambda shop: away_from(shop, post=post, scratch=tmp_path / "s"))
    (book,) = library.books()

    assert str(phase(library.read(book))) == "done"
    assert everything(library) == done_here
    text = (library.files(book).chapter(1)).read_bytes()[200:260]
    assert not any(book.encode() in data or text in data or book in box for box, data in post.seen)
    assert not list((tmp_path / "s").iterdir())  # nothing of the book is left there


def test_a_claim_that_is_lost_at_home_ends_the_conversation(tmp_path: Path, novel: Place) -> None:
    """At once: the host leaves at that, and is not waited for as if it were silent."""
    ended: list[str] = []

    class LosingOnce:
        def __init__(self, away: AwayOrHere) -> None:
            self._away = away

        def run(self, job: Job) -> Result:
            def lose(_contents: Contents) -> None:
                raise ClaimLost("it is another's now")

            if ended or job.task.stage is not Stage.ILLUSTRATE:
                return self._away.run(job)
            try:
                return self._away.run(replace(job, keep=lose))
            except Exception as error:
                ended.append(type(error).__name__)
                raise

    post = LossyPost()
    library = done_by(
        tmp_path / "a", novel, runner=lambda shop: LosingOnce(away_from(shop, post=post, scratch=tmp_path / "s"))
    )

    (book,) = library.books()
    assert ended == ["ClaimLost"]
    assert str(phase(library.read(book))) == "done"


def test_another_process_at_home_knows_by_what_a_chapter_was_drawn(tmp_path: Path, novel: Place) -> None:
    """It has not begun it: whether a person said something else meanwhile is seen all the same."""
    found: list[bool] = []

    class TakenUp:
        def __init__(self, shop: Workshop) -> None:
            self._shop = shop

        def run(self, job: Job) -> Result:
            if job.task.stage is Stage.ILLUSTRATE:
                known = self._desk(job).answer(Question(run="a", number=1, ask=Ask.BEGIN)).values["known"]
                found.extend(self._is_outdated(job, known=mark) for mark in (known, "another"))
            return Here().run(job)

        def _desk(self, job: Job) -> Desk:
            shop = self._shop
            return Desk(
                job, settings=shop.settings, bench=shop.bench, till=shop.till, gate=cast(Gate, None),
                wait=lambda _seconds: None, host=lambda: "a-host",
            )  # fmt: skip

        def _is_outdated(self, job: Job, *, known: object) -> bool:
            told = {"contents": {}, "differs": {}, "answers": [], "known": known}
            desk = self._desk(job)
            desk.answer(Question(run="a", number=2, ask=Ask.DONE, values=told))
            assert desk.result is not None
            assert desk.result.is_outdated is not None
            return desk.result.is_outdated()

    done_by(tmp_path / "a", novel, runner=TakenUp)

    assert found[:2] == [False, True]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(HOW, max_size=120))
def test_a_book_done_over_a_bad_line_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, novel: Place, done_here: dict[str, bytes], plan: list[str]
) -> None:
    """Whatever of it is lost, doubled and late, also the offers' first questions."""
    folder, post = tmp_path_factory.mktemp("bad"), LossyPost(plan=plan)
    library = done_by(folder / "a", novel, runner=lambda shop: away_from(shop, post=post, scratch=folder / "s"))

    assert everything(library) == done_here


@settings(max_examples=40, deadline=None)
@given(plan=st.lists(HOW, max_size=60), count=st.integers(min_value=1, max_value=12))
def test_each_question_is_answered_once(plan: list[str], count: int) -> None:
    """Whatever is lost, doubled and late, each is done once, in order, and gets its own answer."""
    offer, post, done = offer_of(), LossyPost(plan=plan), list[int]()
    told: list[object] = []

    def ask() -> None:
        with HostLine(post, SEAL, offer=offer, run=new_id(), again_seconds=0.02) as line:
            line.ask(Ask.BEGIN)
            told.extend(
                line.ask(Ask.STORE, number=number, blobs=(bytes([number]),)).values["was"] for number in range(count)
            )

    with HomeLine(post, SEAL, offer=offer) as home:
        asker = threading.Thread(target=ask)
        asker.start()
        while asker.is_alive():
            if (question := home.next(seconds=0.02)) is not None:
                done.append(question.number)
                values = {"was": question.values.get("number")}
                home.answer(Answer(number=question.number, said=Said.OK, values=values))
        asker.join()

    assert done == list(range(1, count + 2))
    assert told == list(range(count))


def test_a_conversation_is_taken_up_by_another_process_at_home() -> None:
    """Under an epoch of its own; what was recorded of the one before counts for nothing."""
    offer, post, run = offer_of(), LossyPost(), new_id()
    got: list[Answer] = []

    def ask() -> None:
        with HostLine(post, SEAL, offer=offer, run=run, again_seconds=0.05) as line:
            got.extend((line.ask(Ask.BEGIN), line.ask(Ask.STEP)))

    asker = threading.Thread(target=ask)
    asker.start()
    with HomeLine(post, SEAL, offer=offer) as first:
        begun = asked(first)
        first.answer(Answer(number=begun.number, said=Said.OK))
        assert first.next(seconds=5.0) is not None  # it ends without an answer to this one
    recorded = [data for box, data in post.seen if box == offer.questions]
    with HomeLine(post, SEAL, offer=offer.renewed(), run=run) as second:
        for data in recorded:
            post.put(offer.questions, data)
        step = asked(second)
        second.answer(Answer(number=step.number, said=Said.OK))
        asker.join(5.0)
        assert second.next(seconds=0.1) is None

    assert step.ask is Ask.STEP
    assert [answer.said for answer in got] == [Said.OK, Said.OK]


def test_who_takes_an_offer_second_is_sent_away() -> None:
    """An offer that was brought twice, or kept and brought again, is done once."""
    offer, post = offer_of(), LossyPost()
    with HomeLine(post, SEAL, offer=offer) as home, HostLine(post, SEAL, offer=offer, run="one") as one:
        threading.Thread(target=one.ask, args=(Ask.BEGIN,), daemon=True).start()
        begun = asked(home)
        home.answer(Answer(number=begun.number, said=Said.OK))
        with HostLine(post, SEAL, offer=offer, run="two") as two, pytest.raises(ClaimLost):
            two.ask(Ask.BEGIN)

        assert home.run == "one"
        assert home.next(seconds=0.1) is None


def test_a_host_leaves_when_home_is_silent() -> None:
    """For as long as its patience lasts; then the slot is free again."""
    offer, post = offer_of(patience_seconds=0.2), LossyPost()
    with HostLine(post, SEAL, offer=offer, run=new_id()) as line, pytest.raises(ConnectionLost):
        line.ask(Ask.BEGIN)


def test_who_has_the_broker_alone_is_heard_by_nobody() -> None:
    """Without the key nothing opens; with what was recorded nothing is done again, nor taken for something else."""
    offer, other, post = offer_of(), offer_of(), LossyPost()
    stranger = KeySeal(bytes(32))
    done = Question(run="r", number=1, ask=Ask.DONE, values={"contents": {}, "answers": []})
    with HomeLine(post, SEAL, offer=offer) as home:
        for seal, about in (
            (stranger, offer.about(offer.questions)),
            (SEAL, other.about(other.questions)),  # of another conversation
            (SEAL, offer.about(offer.answers("r"))),  # of the other direction
        ):
            post.put(offer.questions, seal.close(done.frame(), about=about))
        post.put(offer.questions, b"\0" * 100)
        post.put(offer.questions, b"")

        assert home.next(seconds=0.3) is None
        assert home.run == ""
    sealed = offer.sealed(SEAL, queue="im.text.a")
    assert opened(sealed, SEAL, queue="im.text.a") == offer
    assert opened(sealed, SEAL, queue="im.image.a") is None
    assert opened(sealed, stranger, queue="im.text.a") is None
    assert opened(sealed[:-1], SEAL, queue="im.text.a") is None
    assert offer.book.encode() not in sealed
    assert len(sealed) < 500


def test_an_old_beat_proves_no_life() -> None:
    """Who has kept a host's beats cannot keep home waiting for it."""
    offer, post = offer_of(beat_seconds=0.01), LossyPost()
    with HomeLine(post, SEAL, offer=offer) as home:
        with HostLine(post, SEAL, offer=offer, run="r") as line:
            threading.Thread(target=line.ask, args=(Ask.BEGIN,), daemon=True).start()
            begun = asked(home)
            home.answer(Answer(number=begun.number, said=Said.OK))
        eventually(lambda: not post.boxes[offer.questions])
        assert home.next(seconds=0.2) is None
        heard_at = home.heard_at
        for box, data in list(post.seen):
            if box == offer.questions:
                post.put(box, data)
        assert home.next(seconds=0.3) is None

        assert home.heard_at == heard_at


@dataclass
class Marks:
    """What is marked, by its name."""

    told: dict[str, bytes] = field(default_factory=dict)

    def names(self, start: str) -> list[str]:
        return [name for name in self.told if name.startswith(start)]

    def marked(self, name: str) -> bytes | None:
        return self.told.get(name)

    def mark(self, name: str, *, seconds: int, data: bytes = b"1") -> None:
        del seconds
        self.told[name] = data


def test_hosts_of_other_versions_stop_nobody() -> None:
    """One that says more is shown, as differing; one that says too little is not; the others are there all the same."""
    marks = Marks()
    ours = HostSeen(id="a", name="ours", spec={"version": "1"}, uses=("text",), slots=2, busy=1)
    say_here(marks, SEAL, ours)
    for row in ({**asdict(ours), "id": "b", "name": "later", "memory": 8}, {"id": "c", "name": "earlier"}):
        name = f"{HOST_MARK}{row['id']}"
        marks.mark(name, seconds=1, data=SEAL.close(json.dumps(row).encode(), about=name))

    assert [host.name for host in Lookout(marks=marks, seal=SEAL).look(now=0.0)] == ["later", "ours"]


def test_a_host_that_was_told_to_stop_has_no_slot_free(tmp_path: Path) -> None:
    """It takes nothing more, and home is not to keep a chapter for it meanwhile."""
    place = place_of(tmp_path, Place(root=tmp_path).settings())
    host = Host(place=place, url="redis://127.0.0.1:1", seal=SEAL, uses=("text",), slots=3, ready=lambda: None)
    before = host.seen({}, busy=1, said=1)
    host.end()

    assert (before.busy, host.seen({}, busy=1, said=2).busy) == (1, 3)


@dataclass
class Server(Marks):
    """A broker that nobody asks anything of."""

    def put(self, box: str, data: bytes) -> None:
        raise AssertionError(box, data)

    def take(self, box: str, *, seconds: float) -> bytes | None:
        raise AssertionError(box, seconds)

    def drop(self, *names: str) -> None:
        raise AssertionError(names)

    def length(self, box: str) -> int:
        del box
        return 0

    def problem(self) -> str:
        return ""


def hosts_of(server: Server, folder: Path, *, busy: int) -> Abroad:
    """As a worker sees them that was just started: one host of one slot."""
    told = Place(root=folder).settings()  # there is no library
    say_here(server, SEAL, HostSeen(id="a", name="a", spec={}, uses=("text",), slots=1, busy=busy))
    hosts = Abroad(
        settings=told, use="text", broker=server, seal=SEAL,
        engine=Threads(place=place_of(folder, told), post=server),
        spec={}, queue="im.text.1", home="home", must_note=True, lookout=Lookout(marks=server, seal=SEAL),
    )  # fmt: skip
    hosts.look()
    return hosts


def test_hosts_that_cannot_be_noted_are_there_all_the_same(tmp_path: Path) -> None:
    """The note is for people: no task that a host is at is given up for a disk that was full for a moment."""
    hosts = hosts_of(Server(), tmp_path, busy=0)

    assert hosts.takes("a-book", Task(stage=Stage.ANALYZE, chapter=1))


@pytest.mark.parametrize("queue", ["im.text.1", "im.text.2"])
def test_what_a_host_of_another_version_is_at_is_not_taken_up(tmp_path: Path, queue: str) -> None:
    """It was begun by what home is no more; from a host that has the same as home, it is."""
    server = Server()
    server.mark(run_mark(SEAL, home="home", queue=queue, book="a-book", stage="analyze", chapter=1), seconds=9)
    hosts = hosts_of(server, tmp_path, busy=1)

    assert hosts.takes("a-book", Task(stage=Stage.ANALYZE, chapter=1)) is (queue == "im.text.1")


def test_a_host_that_others_show_by_its_old_words_is_gone() -> None:
    """Who has kept what a host said cannot keep it there; who has no key is no host, and is counted."""
    marks, lookout = Marks(), None
    host = HostSeen(id="a", name="ours", spec={}, uses=("text",), slots=2, busy=0)
    lookout = Lookout(marks=marks, seal=SEAL)
    say_here(marks, SEAL, replace(host, said=1))
    kept = dict(marks.told)
    marks.mark(f"{HOST_MARK}b", seconds=1, data=kept[f"{HOST_MARK}a"])
    seen = []
    for now in (0.0, 2.0, 4.0):
        say_here(marks, SEAL, replace(host, said=2 + int(now)))
        seen.append(len(lookout.look(now=now)))
    for now in (5.0, 5.0 + GONE_SECONDS):
        marks.told.update(kept)
        seen.append(len(lookout.look(now=now)))

    assert seen == [1, 1, 1, 1, 0]
    assert lookout.strangers == 1


def test_old_answers_do_not_make_a_host_wait() -> None:
    """Who has kept what home said cannot keep a host waiting for a home that is gone."""
    offer, post = offer_of(beat_seconds=0.01, patience_seconds=0.5), LossyPost()
    with HostLine(post, SEAL, offer=offer, run="r") as line:
        with HomeLine(post, SEAL, offer=offer) as home:
            threading.Thread(target=line.ask, args=(Ask.BEGIN,), daemon=True).start()
            begun = asked(home)
            home.answer(Answer(number=begun.number, said=Said.OK))
            eventually(lambda: any(box == offer.answers("r") for box, _ in post.seen))
        box = offer.answers("r")
        kept = [data for name, data in post.seen if name == box]
        is_over = threading.Event()

        def replay() -> None:
            while not is_over.wait(0.05):
                for data in kept:
                    post.put(box, data)

        thread = threading.Thread(target=replay)
        thread.start()
        try:
            with pytest.raises(ConnectionLost):
                line.ask(Ask.STEP)
        finally:
            is_over.set()
            thread.join()
