"""A reader and a claimant that know only imaginize's manifest, beside a real daemon, with random kills.

SEED_KILLS=200 pytest tests/acceptance/test_seed_programs.py kills as many processes as one likes.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaginized.queue.codec import decode
from imaginized.store.files import FOREIGN_LOCK, MANIFEST
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.soaking import OPTIONS, Round, Soak, Tree

PROGRAMS = Path(__file__).parents[1] / "seed"
KILLS = int(os.environ.get("SEED_KILLS", "12"))
KILL_SECONDS = 15  # of restarts and of a book's way, on a machine that does much else
STALE_SECONDS = 2.0  # claims of a killed claimant
FOREIGN_STRAYS = (FOREIGN_LOCK, f"{MANIFEST}.tmp")  # what a killed claimant leaves
NEEDS_NODE = pytest.mark.skipif(
    shutil.which("node") is None and "SEED_KILLS" not in os.environ,
    reason="node is missing: the programs that know only the seed are written for it",
)


class Program:
    """One of the two programs, while it runs."""

    def __init__(self, name: str, *arguments: object) -> None:
        self.process = subprocess.Popen(
            ["node", str(PROGRAMS / name), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def told(self) -> dict[str, object]:
        """What it says at its end."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        assert self.process.returncode == 0, err.decode()
        found: dict[str, object] = json.loads(out)
        return found


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    """Whatever is put in is ended afterwards."""
    started: list[Program] = []
    yield started
    for program in started:
        with contextlib.suppress(ValueError):
            program.kill()


@NEEDS_NODE
def test_a_seed_reader_follows_a_book(tmp_path: Path, programs: list[Program]) -> None:
    """At every moment the manifest parses, its progress never goes back, and 100 % means that the guide is there."""
    report = tmp_path / "report"
    with daemon_in(tmp_path, drawing=True) as daemon:
        reader = Program("reader.mjs", daemon.library, report, "alone")
        programs.append(reader)
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=4))
        daemon.wait_for_phases("done")
        daemon.wait_for(lambda: _is_read_to_the_end(daemon.library), "the manifest says so")
        told = reader.told()

    assert not report.exists(), report.read_text()
    assert isinstance(told["percents"], list) and {0, 100} <= set(told["percents"]) <= {0, 25, 50, 75, 100}


def _is_read_to_the_end(library: Path) -> bool:
    (path,) = library.glob(f"*/{MANIFEST}")
    return all(row["status"] == "completed" for row in json.loads(path.read_bytes())["chapters"].values())


class SeedSoak(Soak):
    """The soak, with a claimant that ends chapters it has not worked on, and that is killed as often as we are."""

    def __init__(self, folder: Path, *, seed: int, kills: int) -> None:
        options = {**OPTIONS, "workers.stale_after_seconds": STALE_SECONDS}
        super().__init__(folder, seed=seed, options=options)
        self.journal = folder / "journal"
        self.changes = 0
        self.left = kills
        self._dice = random.Random(seed)
        self._claimant: Program | None = None

    def invite(self) -> None:
        self._claimant = Program("claimant.mjs", self._daemon.library, self.journal, self._dice.randrange(10_000))

    def see_off(self) -> None:
        if self._claimant is not None:
            assert self._claimant.process.poll() is None, self._claimant.process.communicate()[1].decode()
            self._claimant.kill()
            self._claimant = None

    def _let_through(self, this: Round, *, kills: int) -> Path:
        self.journal.write_text("")
        return super()._let_through(this, kills=min(kills, self.left))

    def _kill_somebody(self, this: Round) -> None:
        if self._dice.random() < 0.5:
            super()._kill_somebody(this)
        else:
            self.see_off()
            self.invite()
            this.kills["claimant"] += 1

    def _manifest_problems(self, book: Path) -> Iterator[str]:
        yield from super()._manifest_problems(book)
        manifest = decode((book / MANIFEST).read_bytes())
        updates = manifest.extra.get("seedUpdates", 0)
        written = len(self.journal.read_text().splitlines())
        yield from () if updates >= written else (f"{written - updates} of {written} foreign updates are lost",)  # type: ignore[operator]

    def _tree(self, book: Path) -> Tree:
        return {name: data for name, data in super()._tree(book).items() if name not in FOREIGN_STRAYS}

    def _put_away(self, title: str, *, number: int) -> None:
        self.changes += len(self.journal.read_text().splitlines()) if self.journal.exists() else 0
        super()._put_away(title, number=number)


@NEEDS_NODE
@pytest.mark.timeout(120 + KILL_SECONDS * KILLS)
def test_a_seed_claimant_beside_us_loses_and_doubles_nothing(tmp_path: Path, programs: list[Program]) -> None:
    """Whatever is killed on either side, every book ends whole, no update of either is lost, nothing is done twice, and
    what reads the manifest finds nothing wrong at any moment."""
    report, made = tmp_path / "report", 0
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        soak = SeedSoak(Path(folder), seed=11, kills=KILLS)
        try:
            soak.start()
            reader = Program("reader.mjs", Path(folder) / "library", report)
            programs.append(reader)
            soak.invite()
            while made < KILLS:
                soak.left = KILLS - made
                made += soak.run(made + 1).kills.total()
            told = reader.told()
            soak.see_off()
            soak.stop()
        finally:
            soak.end()
            with contextlib.suppress(AssertionError):
                soak.see_off()

    assert not report.exists(), report.read_text()
    assert isinstance(told["manifests"], int) and told["manifests"] > KILLS
    assert soak.changes > KILLS // 2
