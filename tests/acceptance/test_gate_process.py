"""The gate: limits and spending in one process that may be killed at any line, frozen, or left without a disk."""

import errno
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Interrupted, Paused, Retryable
from imaginized.limits.remote import RemoteLimiter
from imaginized.limits.shared import shared_limiter
from imaginized.money.caps import NO_CAPS, Caps, OverCap
from imaginized.money.ledger import FOLDER, Ledger
from imaginized.money.remote import RemoteLedger
from imaginized.process.line import Line
from imaginized.process.packets import FOLDER as GATE_FOLDER
from imaginized.process.packets import SOCKET, connect, pack
from imaginized.process.slots import GATE
from imaginized.store.owners import Owner, current_owner
from tests.acceptance.test_inbox_failures import mounted
from tests.acceptance.test_inbox_hostility import fill
from tests.support.daemons import daemon_in
from tests.support.gating import BOOK, KEY, ONE, POINTS, Gate, die_holding, ended, gate_in, line_of, play, waited
from tests.support.waiting import DEADLINE_SECONDS, eventually

ROUNDS = 12


def limiter_of(library: Path, *, name: str = "worker-1") -> RemoteLimiter:
    return RemoteLimiter(line_of(library, name=name), clock=SystemClock())


def ledger_of(library: Path, *, name: str = "worker-1") -> RemoteLedger:
    owner = current_owner(name, pid=os.getpid())
    return RemoteLedger(
        library, clock=SystemClock(), owner=owner, line=Line(library, owner=owner), answer_seconds=DEADLINE_SECONDS
    )


def in_flight(library: Path) -> int:
    """As `status` reads it."""
    limiter = shared_limiter(library, owner=current_owner("test", pid=os.getpid()), clock=SystemClock())
    return sum(standing.in_flight for standing in limiter.standings().values())


def waiting(library: Path) -> int:
    limiter = shared_limiter(library, owner=current_owner("test", pid=os.getpid()), clock=SystemClock())
    return sum(standing.waiting for standing in limiter.standings().values())


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_line_nothing_is_lost_or_doubled(tmp_path: Path, point: str) -> None:
    """Wherever the gate dies: no cap and no limit is passed, and every reservation is settled once."""
    found = play(tmp_path, seed=1, points=[point] * 2)

    assert found.starts >= 3
    assert found.charged <= 1.0
    assert found.highest <= 1.0
    assert found.reserves == found.settles
    assert found.most_in_flight <= 3


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_by_chance_no_cap_is_passed(tmp_path: Path, seed: int) -> None:
    """A dollar, four workers, and a gate that dies at random lines and moments."""
    found = play(tmp_path, seed=seed)

    assert found.charged <= 1.0
    assert found.highest <= 1.0
    assert found.reserves == found.settles
    assert found.most_in_flight <= 3


def test_a_permit_outlives_the_gate(tmp_path: Path) -> None:
    """Who holds one when the gate is killed holds it still: the next gate lets nobody else through."""
    with gate_in(tmp_path / "library") as gate:
        first, second = limiter_of(gate.library), limiter_of(gate.library, name="worker-2")
        begun = threading.Event()

        def take() -> None:
            with second.permit(KEY, ONE, wait=waited):
                begun.set()

        taking = threading.Thread(target=take, daemon=True)
        with first.permit(KEY, ONE, wait=waited):
            gate.kill()
            revive(gate)
            taking.start()
            eventually(lambda: waiting(gate.library) == 1)
            was_let_through = begun.is_set()
        taking.join(DEADLINE_SECONDS)

    assert not was_let_through
    assert begun.is_set()


def revive(gate: Gate) -> None:
    """Start it again as soon as it is dead."""
    before = gate.starts

    def is_started() -> bool:
        gate.keep()
        return gate.starts > before

    eventually(is_started)


def test_a_lost_file_forgets_no_permit(tmp_path: Path) -> None:
    """Killed with its database gone, the gate is told by the workers what is under way."""
    with gate_in(tmp_path / "library") as gate:
        limiter = limiter_of(gate.library)
        with limiter.permit(KEY, ONE, wait=waited):
            gate.kill()
            for file in gate.library.glob(".imaginized.limits.sqlite*"):
                file.unlink()
            revive(gate)
            eventually(lambda: in_flight(gate.library) == 1)


def test_while_it_is_away_nobody_goes_on_without_it(tmp_path: Path) -> None:
    """Waiting is the worker's own, which may be interrupted; a reservation is not made, and does not come later."""
    library = tmp_path / "library"
    library.mkdir()
    limiter = limiter_of(library)

    def stop(_: float) -> None:
        raise Interrupted("told to stop")

    with pytest.raises(Interrupted), limiter.permit(KEY, ONE, wait=stop):
        pass
    owner = current_owner("worker-1", pid=os.getpid())
    line = Line(library, owner=owner)
    ledger = RemoteLedger(library, clock=SystemClock(), owner=owner, line=line, answer_seconds=0.05)
    with pytest.raises(Retryable):
        ledger.reserve(BOOK, usd=1.0, check=NO_CAPS)
    with gate_in(library):
        assert line.drain(seconds=DEADLINE_SECONDS)
        with limiter.permit(KEY, ONE, wait=waited):
            pass

    assert ledger.books() == {}


def test_a_dead_worker_frees_its_permit_and_pays_in_full_at_once(tmp_path: Path) -> None:
    """Its call may have been sent: "maybe", as soon as it is dead, with nobody asking."""
    with gate_in(tmp_path / "library") as gate:
        assert ended(die_holding, gate.library) == -signal.SIGKILL
        with limiter_of(gate.library).permit(KEY, ONE, wait=waited):
            pass

        def is_settled() -> bool:
            files = list((gate.library / FOLDER).glob("*.jsonl"))
            return any('"owner died"' in file.read_text() for file in files)

        eventually(is_settled)

    assert Ledger(gate.library, clock=SystemClock(), owner=current_owner("t", pid=os.getpid())).books() == {BOOK: 0.25}


def test_two_writers_exclude_each_other(tmp_path: Path) -> None:
    """An errand that writes the ledger itself beside a running gate, and the gate: each sees the other's lines."""
    with gate_in(tmp_path / "library") as gate:
        remote = ledger_of(gate.library)
        own = Ledger(gate.library, clock=SystemClock(), owner=current_owner("errand", pid=os.getpid()))
        remote.reserve(BOOK, usd=0.5, check=Caps(usd=0.5, book_usd=1.0))
        own.reserve(BOOK, usd=0.5, check=Caps(usd=0.5, book_usd=1.0))
        with pytest.raises(OverCap):
            remote.reserve(BOOK, usd=0.5, check=Caps(usd=0.5, book_usd=1.0))

    assert own.books() == {BOOK: 1.0}


def test_a_pause_is_seen_by_all_and_survives(tmp_path: Path) -> None:
    """A key that is refused stops every worker, also those that wait, and the next gate knows it."""
    with gate_in(tmp_path / "library") as gate:
        limiter = limiter_of(gate.library)
        limiter.pause(KEY, "no key")
        with pytest.raises(Paused, match="no key"), limiter.permit(KEY, ONE, wait=waited):
            pass
        gate.kill()
        revive(gate)
        other = limiter_of(gate.library, name="worker-2")
        with pytest.raises(Paused), other.permit(KEY, ONE, wait=waited):
            pass

        assert other.paused() == {KEY: "no key"}


def test_strangers_and_liars_are_sent_away(tmp_path: Path) -> None:
    """The socket is ours alone; who names another process, or talks nonsense, disturbs nobody."""
    with gate_in(tmp_path / "library") as gate:
        limiter = limiter_of(gate.library)
        with limiter.permit(KEY, ONE, wait=waited):
            pass
        path = gate.library / GATE_FOLDER / SOCKET
        modes = oct(path.stat().st_mode & 0o777), oct(path.parent.stat().st_mode & 0o777)
        owner = current_owner("worker-9", pid=os.getppid())
        for packet in (b"\xff\xfe", b"[]", b"{}", pack({"hello": hello(owner), "holds": {}})):
            with connect(gate.library) as connection:
                connection.setblocking(True)
                connection.settimeout(DEADLINE_SECONDS)
                connection.send(packet)
                try:
                    assert connection.recv(1000) == b""
                except ConnectionResetError:
                    continue
        with connect(gate.library) as connection:
            connection.settimeout(DEADLINE_SECONDS)
            connection.send(pack({"hello": hello(current_owner("worker-8", pid=os.getpid())), "holds": {}}))
            connection.send(pack({"n": 1, "q": "nonsense"}))
            connection.send(pack({"n": 2, "q": "permit"}))
            answers = [json.loads(connection.recv(1000)) for _ in range(2)]
        with limiter.permit(KEY, ONE, wait=waited):
            pass

    assert modes == ("0o600", "0o700")
    assert all("error" in answer for answer in answers)


def hello(owner: Owner) -> dict[str, object]:
    return {"name": owner.name, "host": owner.host, "pid": owner.pid, "start": owner.start, "boot": owner.boot}


def test_a_long_path_and_a_removed_socket_are_no_obstacle(tmp_path: Path) -> None:
    """A Unix socket's own path may have 107 bytes only; one that was removed is made again."""
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder-for-books"] * 5)
    deep.mkdir(parents=True)
    with gate_in(deep / "library") as gate:
        with limiter_of(gate.library).permit(KEY, ONE, wait=waited):
            pass
        (gate.library / GATE_FOLDER / SOCKET).unlink()
        with limiter_of(gate.library, name="worker-2").permit(KEY, ONE, wait=waited):
            pass


def test_nothing_is_reserved_on_a_ledger_that_cannot_be_written(tmp_path: Path) -> None:
    """The worker is told why; settlements wait until it can be written again."""
    with gate_in(tmp_path / "library") as gate:
        ledger = ledger_of(gate.library)
        entry = ledger.reserve(BOOK, usd=0.5, check=NO_CAPS)
        file = next((gate.library / FOLDER).glob("*.jsonl"))
        kept = file.with_suffix(".kept")
        file.rename(kept)
        file.mkdir()
        ledger.settle(entry, usd=0.25)
        with pytest.raises(OSError):
            ledger.reserve(BOOK, usd=0.5, check=NO_CAPS)
        file.rmdir()
        kept.rename(file)

        eventually(lambda: ledger.books() == {BOOK: 0.25})


def test_f17_full_disk_ends_neither_the_gate_nor_what_it_knows(tmp_path: Path) -> None:
    """F17: money is refused with "no space", permits go on from memory, and all is written when there is room."""
    with mounted(tmp_path / "small", megabytes=2) as disk, gate_in(disk / "library") as gate:
        limiter, ledger = limiter_of(gate.library), ledger_of(gate.library, name="worker-2")
        with limiter.permit(KEY, ONE, wait=waited):
            entry = ledger.reserve(BOOK, usd=0.5, check=NO_CAPS)
        fill(disk / "ballast", disk, leave=0)
        refused: list[int | None] = []

        def is_refused() -> bool:  # a line may fit into the last page
            try:
                ledger.settle(ledger.reserve(BOOK, usd=0.5, check=NO_CAPS), usd=0.0)
            except OSError as error:
                refused.append(error.errno)
            return bool(refused)

        eventually(is_refused)
        ledger.settle(entry, usd=0.25)
        with limiter.permit(KEY, ONE, wait=waited):
            pass
        gate.kill()
        revive(gate)
        (disk / "ballast").unlink()
        with limiter.permit(KEY, ONE, wait=waited):
            ledger.settle(ledger.reserve(BOOK, usd=0.5, check=NO_CAPS), usd=0.25)

        eventually(lambda: ledger.books() == {BOOK: 0.5})

    assert refused == [errno.ENOSPC]


def test_a_frozen_gate_is_found_and_replaced(tmp_path: Path) -> None:
    """A gate that stands still is silent past its word; the supervisor ends it and starts another one."""
    with daemon_in(tmp_path) as daemon:
        daemon.wait_for(lambda: bool(daemon.events("gate_started")), "the gate is started")
        pid = int(str(daemon.events("gate_started")[0]["child"]))
        eventually(lambda: (daemon.library / GATE_FOLDER / SOCKET).exists())
        os.kill(pid, signal.SIGSTOP)
        daemon.wait_for(lambda: len(daemon.events("gate_started")) == 2, "another gate is started")

        killed = daemon.events("gate_killed")

    assert [row["slot"] for row in killed][:1] == [GATE]


def test_killed_it_is_back_within_a_second(tmp_path: Path) -> None:
    """Its exit wakes the supervisor; what it knew is read from the files."""
    with daemon_in(tmp_path) as daemon:
        limiter = limiter_of(daemon.library)
        with limiter.permit(KEY, ONE, wait=waited):
            pid = int(str(daemon.events("gate_started")[0]["child"]))
            os.kill(pid, signal.SIGKILL)
            began = time.monotonic()
            daemon.wait_for(lambda: len(daemon.events("gate_started")) == 2, "another gate is started")
            assert limiter.take_probe(KEY).seconds == 0
            took = time.monotonic() - began
        assert in_flight(daemon.library) <= 1

    print(f"back after {took:.2f} s")
