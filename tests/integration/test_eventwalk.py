"""Walking along a log that others write, trim and tear: what is not told is said to be missing, whatever was done."""

import random
from pathlib import Path

import pytest

from imaginized.queue.events import Happening
from imaginized.store.eventlog import Extent, append_events
from imaginized.store.eventwalk import Walk
from tests.support.manifests import EPOCH

ROUNDS = 60


class Log:
    """A log, how much of it is true, and what one reader was told of it."""

    def __init__(self, path: Path, dice: random.Random) -> None:
        self.path, self.dice = path, dice
        self.extent = Extent(count=0, size=0)
        self.walk = Walk(self.extent)
        self.told = Extent(count=0, size=0)
        self.known: list[int] = []

    def write(self) -> None:
        """Some events, after a line or two of a writer who was killed before his change came to be."""
        if self.dice.random() < 0.3:
            dead = append_events(self.path, self._events(), at=EPOCH, extent=self.extent)
            assert dead.count > self.extent.count
        self.extent = append_events(self.path, self._events(), at=EPOCH, extent=self.extent)

    def _events(self) -> list[Happening]:
        reason = "x" * self.dice.choice([0, 0, 3, 200, 20_000])
        return [Happening(name="book_held", reason=reason)] * self.dice.randint(1, 4)

    def trim(self) -> None:
        """Take lines or bytes away, at the front, in the middle or at the end; or all of it."""
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        lines = data.splitlines(keepends=True)
        n = self.dice.randint(0, len(lines))
        cut = self.dice.randint(0, len(data))
        self.path.write_bytes(
            self.dice.choice(
                [b"".join(lines[n:]), b"".join(lines[: n // 2] + lines[n:]), data[cut:], data[:cut], b"", b"\0" * cut]
            )
        )
        if self.dice.random() < 0.1:
            self.path.unlink()

    def come_back(self) -> None:
        """As another daemon, or another client, that has nothing but the place."""
        self.walk = Walk(self.told)

    def read(self, *, steps: int = 10**6) -> None:
        """Go on, to the end or for some steps; each thing must follow the one before."""
        for _ in range(steps):
            step = self.walk.step(self.path, extent=self.extent, most=self.dice.randint(1, 3))
            if step.hole is not None:
                assert step.hole.why == "lost"
                assert (step.hole.first, step.hole.last) == (self.told.count + 1, step.hole.place.count)
                self.told = step.hole.place
            for line in step.lines:
                assert line.place.count == self.told.count + 1
                self.told = line.place
                self.known.append(line.place.count)
            if step.is_over:
                assert self.told.count == self.extent.count
                return


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_and_what_is_missing_are_all_of_it(tmp_path: Path, seed: int) -> None:
    """Whatever is cut from a log at any time, each number is told or missing, once, and in its order."""
    log = Log(tmp_path / "data" / "events.jsonl", random.Random(seed))
    for _ in range(ROUNDS):
        act = log.dice.choice([log.write, log.write, log.write, log.trim, log.come_back, log.read, log.read])
        act()
        if log.dice.random() < 0.3:
            log.read(steps=1)
    log.read()

    assert log.known == sorted(set(log.known))
    assert log.told.count == log.extent.count


def test_nothing_is_missing_of_a_log_that_nobody_trims(tmp_path: Path) -> None:
    """Writers that die on the way, readers that come back in the middle: every line is told."""
    log = Log(tmp_path / "data" / "events.jsonl", random.Random(1))
    for _ in range(300):
        act = log.dice.choice([log.write, log.come_back, log.read])
        act()
    log.read()

    assert log.known == list(range(1, log.extent.count + 1))
    assert log.path.stat().st_size >= (log.extent.size or 0)
