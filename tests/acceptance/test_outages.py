"""An endpoint that cannot be reached: when it counts as that, who tries it, and the real daemon through an outage."""

import itertools
import json
import os
import re
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from imaginized.clock import ManualClock
from imaginized.control.reporting import unreachable_text
from imaginized.errors import Unreachable
from imaginized.limits.limiter import Limiter
from imaginized.limits.outages import GATEWAY_IN_A_ROW, Miss, Outage, Silence, missed, silence_of
from imaginized.limits.rules import Limits, Moment, State, free_dead, stand, take_probe
from imaginized.limits.shared import LIMITS
from imaginized.process.beats import waits_message, waits_of
from imaginized.process.waiting import Waiting
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.reading.quotes import find_quote
from tests.integration.test_openai import text_request
from tests.support import unbound
from tests.support.clients import ctl
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import make_epub
from tests.support.manifests import EPOCH
from tests.support.unbound import NoGate
from tests.support.waiting import eventually

KEY = "http://127.0.0.1:1/v1#0"
CHAPTERS = 4
NOW = Moment(boot="boot", monotonic=1000.0, utc=EPOCH)


def after(*silences: tuple[Silence, str], outage: Outage | None = None, owner: str = "a") -> Outage:
    """The outage after these misses in a row."""
    for silence, about in silences:
        miss = Miss(silence=silence, reason=f"{silence}", about=about, after_seconds=30.0)
        outage = missed(outage, miss, owner=owner, now=NOW.monotonic, utc=EPOCH.isoformat())
    assert outage is not None
    return outage


OFF = after(*[(Silence.UNCONNECTED, "chapter 1")] * 3)


@pytest.mark.parametrize(
    ("misses", "is_off"),
    [
        ([(Silence.UNCONNECTED, "1")] * 2, False),
        ([(Silence.UNCONNECTED, "1")] * 3, True),
        ([(Silence.GATEWAY, "1")] * (GATEWAY_IN_A_ROW - 1), False),
        ([(Silence.GATEWAY, "1")] * GATEWAY_IN_A_ROW, True),
        ([(Silence.GATEWAY, "1"), (Silence.UNCONNECTED, "1")] * 2, False),
        ([(Silence.SLOW, "1")] * 20, False),
        ([(Silence.SLOW, "1"), (Silence.SLOW, "2")], False),
        ([(Silence.SLOW, "1"), (Silence.SLOW, "2"), (Silence.SLOW, "1")], True),
    ],
)
def test_f43_the_border_of_an_outage(misses: Sequence[tuple[Silence, str]], is_off: bool) -> None:
    """No connection three times, no backend five times, no answer in time three times over more than one chapter."""
    assert after(*misses).is_off is is_off


def test_f43_what_a_status_says_of_a_proxy() -> None:
    """502 and 503 mean nobody behind it, 504 one that is too slow; a 500 or a 429 is an answer."""
    told = {status: silence_of(status) for status in (200, 401, 429, 500, 502, 503, 504)}

    assert {status for status, silence in told.items() if silence} == {502, 503, 504}
    assert told[504] is Silence.SLOW


def test_f43_one_owner_at_a_time_tries() -> None:
    """When it is time, one gets it, and nobody else until that one has failed, dropped it, or died."""
    state = State(boot="boot", outage=OFF)
    _, early = take_probe(state, now=NOW, owner="a")
    due = replace(NOW, monotonic=NOW.monotonic + 30.0)
    taken, first = take_probe(state, now=due, owner="a")
    _, second = take_probe(taken, now=due, owner="b")
    _, orphaned = take_probe(free_dead(taken, is_alive=lambda owner: owner != "a"), now=due, owner="b")
    assert taken.outage is not None
    failed = after((Silence.UNCONNECTED, "chapter 1"), outage=taken.outage)
    late = after((Silence.GATEWAY, "chapter 2"), outage=taken.outage, owner="b")

    assert early.seconds == 30.0
    assert first.is_taken
    assert second.seconds > 0
    assert orphaned.is_taken
    assert (failed.prober, failed.tries, failed.is_off) == ("", 4, True)
    assert late.prober == "a"  # one from before the outage takes no turn away


def test_f43_an_outage_outlives_a_boot_and_is_tried_at_once_then() -> None:
    """Since when and why still stand; the times of another boot mean nothing."""
    state, probe = take_probe(State(boot="boot", outage=OFF), now=replace(NOW, boot="next", monotonic=5.0), owner="a")

    assert probe.is_taken
    assert state.outage is not None
    assert state.outage.since == OFF.since


def test_f43_what_nobody_asks_any_more_is_not_told() -> None:
    """Without work for it, or with another endpoint in the settings, nobody would ever say that it is well."""
    state = State(boot="boot", outage=OFF)

    assert stand(state, now=NOW).outage == OFF
    assert stand(state, now=replace(NOW, monotonic=NOW.monotonic + 3600.0)).outage is None


def limiter_in(folder: Path, owner: str, *, clock: ManualClock) -> Limiter:
    return Limiter(folder / LIMITS, clock=clock, is_alive=lambda _: True, owner=owner, boot="boot")


def test_f43_the_limiter_turns_all_others_away(tmp_path: Path) -> None:
    """All but the one whose turn it is are told at the gate; an answer opens it, and resume brings the turn forward."""
    clock = ManualClock()
    first, second = limiter_in(tmp_path, "a", clock=clock), limiter_in(tmp_path, "b", clock=clock)
    miss = Miss(silence=Silence.UNCONNECTED, reason="refused", about="1", after_seconds=30.0)
    told = [first.missed(KEY, miss) for _ in range(3)]
    with pytest.raises(Unreachable, match="refused"), second.permit(KEY, Limits(), wait=lambda _: None):
        pass
    clock.advance(18.0)
    text = unreachable_text(second.standings())
    resumed = second.resume()
    probe = second.take_probe(KEY)
    with pytest.raises(Unreachable), first.permit(KEY, Limits(), wait=lambda _: None):
        pass
    with second.permit(KEY, Limits(), wait=lambda _: None):
        second.answered(KEY)
    with first.permit(KEY, Limits(), wait=lambda _: None):
        pass

    assert told == [False, False, True]
    assert text.startswith("endpoint http://127.0.0.1:1/v1 unreachable since 20")
    assert text.endswith("(refused), tried 3 times, next try in 12 s")
    assert resumed == [KEY]
    assert probe.is_taken
    assert second.resume() == []


def test_f43_what_a_worker_says_of_its_waiting_is_short() -> None:
    """However long the URL and the error are: thousands of such messages lie in a socket's buffer."""
    waiting = Waiting(what="pause", on="http://x/" + "y" * 100_000, errors=3, last_error="z" * 100_000)
    message = waits_message(waiting)
    told = waits_of(message)

    assert told is not None
    assert (told.what, told.errors) == ("pause", 3)
    assert len(json.dumps(message)) < 1000
    assert waits_message(None) == {}
    assert waits_of({}) is None


class Told(NoGate):
    """A gate that closes at the first miss and keeps what was said of it."""

    def __init__(self) -> None:
        self.misses: list[Miss] = []

    def missed(self, key: str, miss: Miss) -> bool:  # noqa: ARG002
        self.misses.append(miss)
        return True


def miss_of(base_url: str, *, timeout_seconds: float = 5.0) -> Miss:
    """What is made of one request to that endpoint."""
    told = Told()
    conditions = unbound.conditions(wait=lambda _: None, gate=told, timeout_seconds=timeout_seconds)
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    provider = OpenAIProvider(Endpoint(base_url=base_url, model="m"), conditions=conditions, manner=manner)
    with pytest.raises(Unreachable, match="is unreachable: "):
        provider.write(text_request())
    return told.misses[0]


@contextmanager
def full_port() -> Iterator[int]:
    """A port of loopback whose queue is full: whoever connects gets no answer."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield int(listening.getsockname()[1])


def test_f43_what_an_outage_is_known_by(port: int) -> None:
    """Refused, no such host, no TLS, no connection in time; a broken connection; a request that is not answered."""
    with full_port() as full:
        late = miss_of(f"http://127.0.0.1:{full}/v1", timeout_seconds=0.3)
    with scripted(Script(text=(Fault(kind="drop"), Fault(kind="hang")))) as server:
        told = {
            "refused": miss_of(f"http://127.0.0.1:{port}/v1").silence,
            "no host": miss_of("http://nobody.invalid/v1").silence,
            "no TLS": miss_of(server.base_url.replace("http:", "https:")).silence,
            "broken": miss_of(server.base_url).silence,
            "hangs": miss_of(server.base_url, timeout_seconds=0.3).silence,
        }

    assert late.silence is Silence.UNCONNECTED
    assert told == {
        "refused": Silence.UNCONNECTED,
        "no host": Silence.UNCONNECTED,
        "no TLS": Silence.UNCONNECTED,
        "broken": Silence.GATEWAY,
        "hangs": Silence.SLOW,
    }


# The real daemon.


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_epub(tmp_path / "book.epub", chapters=CHAPTERS)


@pytest.fixture
def port() -> int:
    """A port of loopback where nobody listens for now."""
    with scripted(Script()) as server:
        return int(server.server_address[1])


@contextmanager
def running(port: int, folder: Path, **options: object) -> Iterator[Daemon]:
    chosen: dict[str, object] = {
        "provider__text": "openai",
        "openai__base_url": f"http://127.0.0.1:{port}/v1",
        "openai__text_model": "reader-1",
        "openai__image_model": "painter-1",
        "openai__retry_seconds": 0.05,
        "openai__unreachable_retry_seconds": 0.3,
        **options,
    }
    with daemon_in(folder, **chosen) as daemon:  # type: ignore[arg-type]
        yield daemon


def outages(daemon: Daemon) -> list[Row]:
    limits = cast(list[Row], daemon.status()["limits"])
    return [cast(Row, row["unreachable"]) for row in limits if row["unreachable"]]


def tries(daemon: Daemon) -> int:
    return max((cast(int, outage["tries"]) for outage in outages(daemon)), default=0)


def chapters_of(daemon: Daemon, book: str = "*") -> list[Row]:
    (manifest,) = daemon.library.glob(f"{book}/.imaginize.manifest.json")
    return list(json.loads(manifest.read_text())["chapters"].values())


def bad_ends(daemon: Daemon) -> list[int]:
    """Of every chapter; a claim under way is no bad end yet."""
    chapters = chapters_of(daemon)
    return [cast(int, each.get("retryCount", 0)) - ("claimedBy" in each) for each in chapters]


def events(daemon: Daemon, *names: str) -> list[int]:
    return [len(daemon.events(name)) for name in names]


def test_f43_an_endpoint_that_is_off_uses_no_attempt(book: Path, port: int, tmp_path: Path) -> None:
    """All are paused, one tries again, the status says so in a line; when it is back the work goes on by itself."""
    with running(port, tmp_path) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: tries(daemon) >= 8, "it is tried again and again")
        status, off = daemon.status(), bad_ends(daemon)
        shown, checked = ctl(daemon.socket, "status"), ctl(daemon.socket, "status", "--check")
        doctor = ctl(daemon.socket, "doctor")
        daemon.wait_for(lambda: all(row["waits"] for row in daemon.workers()), "everybody waits for it")
        workers = ctl(daemon.socket, "workers")
        with scripted(Script(), port=port) as server:
            daemon.wait_for_phases("done")
            after = daemon.status()
        news = events(daemon, "endpoint_unreachable", "endpoint_reached", "chapter_failed", "error_caught")
        released = len(daemon.events("claim_released"))
        at_the_end = bad_ends(daemon)
        claims = [cast(int, chapter["attempt"]) for chapter in chapters_of(daemon)]

    (line,) = [line for line in shown.output.splitlines() if "PAUSED(unreachable)" in line]
    assert f"endpoint http://127.0.0.1:{port}/v1 unreachable since" in line
    assert "Connection refused" in line
    assert (status["state"], list(cast(Row, status["paused"]))) == ("paused", ["unreachable"])  # nobody else is asked
    assert (checked.exit_code, doctor.exit_code) == (7, 7)
    assert f"fail  endpoint: endpoint http://127.0.0.1:{port}/v1 unreachable since" in doctor.output
    assert f"waits for http://127.0.0.1:{port}/v1 (it cannot be reached) since" in workers.output
    assert off == at_the_end == [0] * CHAPTERS
    assert server.counts.requests["text"] == CHAPTERS
    assert news == [1, 1, 0, 0]
    assert released <= 3
    assert max(claims) <= 3  # tries without a connection take no claim
    assert after["paused"] == {}


def test_f43_resume_tries_at_once(book: Path, port: int, tmp_path: Path) -> None:
    """Whoever knows that the endpoint is back need not wait for the next try."""
    with running(port, tmp_path, openai__unreachable_retry_seconds=3600.0) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: bool(outages(daemon)), "it is off")
        daemon.wait_for(lambda: all(row["state"] == "idle" for row in daemon.workers()), "all have given back")
        with scripted(Script(), port=port):
            daemon.call("resume")
            daemon.wait_for_phases("done")
            used = bad_ends(daemon)

    assert used == [0] * CHAPTERS


def test_f43_a_kill_while_it_is_off_forgets_nothing(book: Path, port: int, tmp_path: Path) -> None:
    """The endpoint ends in mid-book, then the daemon: the new one knows at once, and no call is paid for twice."""
    with running(port, tmp_path, workers__max_concurrency=2) as daemon:
        with scripted(Script(text=(None, Fault(kind="hang"), Fault(kind="hang"))), port=port) as before:
            daemon.drop(book)
            daemon.wait_for(lambda: before.counts.at_once == 2, "one is answered, two hang")
            daemon.wait_for(lambda: len(daemon.events("chapter_completed")) == 1, "the answer is kept")
        daemon.wait_for(lambda: tries(daemon) >= 6, "it is off")
        (known,) = outages(daemon)
        daemon.kill()
        daemon.start()
        daemon.wait_for(lambda: bool(outages(daemon)), "the new one knows it")  # it shows nothing while others write
        (again,) = outages(daemon)
        with scripted(Script(), port=port) as server:
            daemon.wait_for_phases("done")
            used = bad_ends(daemon)

    assert again["since"] == known["since"]
    assert used == [0] * CHAPTERS
    assert server.counts.requests["text"] == CHAPTERS - 1


@pytest.mark.parametrize("status", [502, 503])
def test_f43_a_proxy_with_nobody_behind_it_is_unreachable(book: Path, port: int, tmp_path: Path, status: int) -> None:
    """Some in a row pause it; one alone is tried again in the call."""
    nobody = Fault(kind="status", status=status)
    with (
        scripted(Script(text=(nobody, None, *[nobody] * 10)), port=port) as server,
        running(port, tmp_path, workers__max_concurrency=1) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for_phases("done")
        news = events(daemon, "endpoint_unreachable", "endpoint_reached", "chapter_failed")
        used = bad_ends(daemon)

    assert news == [1, 1, 0]
    assert used == [0] * CHAPTERS
    assert server.counts.requests["text"] == CHAPTERS + server.counts.failed["text"]


def test_f43_an_endpoint_that_hangs_is_left_alone(book: Path, port: int, tmp_path: Path) -> None:
    """It takes requests and answers none: after some of several chapters one worker tries it for all."""
    with (
        scripted(Script(text=[Fault(kind="hang")] * 6), port=port) as server,
        running(port, tmp_path, openai__timeout_seconds=0.4) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: server.counts.requests["text"] >= 4, "one tries it")
        most = server.counts.most_at_once
        daemon.wait_for_phases("done")
        news = events(daemon, "endpoint_unreachable", "endpoint_reached", "chapter_failed")
        used = bad_ends(daemon)

    assert most >= 3
    assert news == [1, 1, 0]
    assert used == [0] * CHAPTERS


def test_f43_a_server_error_of_its_own_is_no_outage(book: Path, port: int, tmp_path: Path) -> None:
    """HTTP 500 is an answer: it is tried again within the call, as ever."""
    with (
        scripted(Script(text=[Fault(kind="status", status=500)] * 8), port=port),
        running(port, tmp_path) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for_phases("done")
        news = events(daemon, "endpoint_unreachable", "claim_released")

    assert news == [0, 0]


def test_f43_other_endpoints_go_on(book: Path, port: int, tmp_path: Path) -> None:
    """While nobody can draw, the only worker reads another book, and tries the painter in between."""
    other = make_epub(tmp_path / "other.epub", title="Another Book")
    with (
        scripted(Script()) as reader,
        running(
            reader.server_address[1],
            tmp_path,
            provider__image="openai",
            openai__image__base_url=f"http://127.0.0.1:{port}/v1",
            workers__max_concurrency=1,
        ) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: tries(daemon) >= 4, "the painter is off")
        daemon.drop(other)
        daemon.wait_for(lambda: phases(daemon) == ["illustrating"] * 2, "the other one is read all the same")
        still_off, status = outages(daemon), daemon.status()
        checked = ctl(daemon.socket, "status", "--check")
        with scripted(Script(), port=port) as painter:
            daemon.wait_for_phases("done", "done")

    assert still_off
    assert (status["state"], list(cast(Row, status["paused"])), checked.exit_code) == ("running", ["unreachable"], 7)
    assert reader.counts.requests == Counter(text=CHAPTERS * 2)
    assert painter.counts.failed.total() == 0


def phases(daemon: Daemon) -> list[str]:
    return [str(row["phase"]) for row in daemon.books()]


def waits(daemon: Daemon) -> Row:
    (row,) = daemon.workers()
    return cast(Row, row["waits"] or {})


def test_f43_status_says_what_a_worker_waits_for(book: Path, port: int, tmp_path: Path) -> None:
    """Its turn, an answer, a pause after a failure: on whom, since when, with how many errors."""
    faults = (Fault(kind="status", status=500), Fault(kind="status", status=500), Fault(kind="hang"))
    with (
        scripted(Script(text=faults), port=port) as server,
        running(port, tmp_path, workers__max_concurrency=1, openai__retry_seconds=1.0) as daemon,
    ):
        daemon.drop(book)
        seen: list[Row] = []

        def sees(what: str) -> bool:
            seen.append(waits(daemon))
            return seen[-1].get("for") == what

        eventually(lambda: sees("pause"))
        daemon.wait_for(lambda: server.counts.requests["text"] == 3 and sees("answer"), "it hangs")
        shown = ctl(daemon.socket, "workers").output
        os.kill(int(str(daemon.workers()[0]["pid"])), 9)
        daemon.wait_for_phases("done")

    url = f"http://127.0.0.1:{port}/v1"
    assert {row["on"] for row in seen if row} == {url}
    assert (seen[-1]["errors"], seen[-1]["last_error"]) == (2, "HTTP 500")
    assert f"waits for {url} (an answer, 2 errors, the last: HTTP 500) since" in shown


def test_f43_a_worker_tries_with_something_else_after_a_failure(book: Path, port: int, tmp_path: Path) -> None:
    """A chapter that the endpoint cannot digest does not keep it closed: the next try is about another one."""
    with (
        scripted(Script(text=[Fault(kind="drop")] * 8), port=port) as server,
        running(port, tmp_path, workers__max_concurrency=1) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for_phases("done")
        asked = asked_about(server)

    tried = asked[GATEWAY_IN_A_ROW:8]
    assert len(set(asked[:GATEWAY_IN_A_ROW])) == 1
    assert len(set(tried)) == 2
    assert [first != second for first, second in itertools.pairwise(tried)] == [True, True]


def asked_about(server: ScriptedServer) -> list[str]:
    users = [body["messages"][1]["content"] for _, body in server.counts.bodies]  # type: ignore[index]
    return [re.findall(r"^Chapter (\d+)$", str(user), re.MULTILINE)[0] for user in users]
