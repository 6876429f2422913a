"""The random-kill soak: books through the real daemon while its processes are killed, and what must hold afterwards.

scripts/soak runs it: python -m tests.support.soaking --rounds N [--seed S] [--endpoint]
"""

import argparse
import contextlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from imaginized.errors import ControlError
from imaginized.providers.scripted import Script, ScriptedServer, scripted
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Status
from imaginized.queue.plan import Phase, live_claims, phase
from imaginized.store.files import MANIFEST, BookFiles
from tests.support.daemons import FAST, Daemon, Row
from tests.support.epubs import make_epub, make_long_epub
from tests.support.killing import FULL_HOUSE, POLL_SECONDS, Target, Violation, settle
from tests.support.replaying import contradictions
from tests.support.schema import problems_of
from tests.support.soaking_calls import CALLS, DECODERS, LATENCY_SECONDS, VARIED, Calls, options_for
from tests.support.trees import files_below, timeless

BOOKS = {"Three Lamps": 3, "Five Lamps": 5, "One Giant Lamp": 1}  # title: chapters; of the last, several draw one
OPTIONS = {
    **FAST,
    "workers.max_attempts": 100,
    "inbox.settle_seconds": 0.1,
    "logs.level": "info",
    "guide.pages_per_image": 1,
}
MOST_KILLS = 5
LONGEST_PAUSE_SECONDS = 0.5
STUCK_SECONDS = 120.0  # without any progress: longer than the breaker's minute
CLOCKED = frozenset((MANIFEST, "progress.md", "events.jsonl"))  # they tell times
OWN_NAMES = frozenset(
    (
        ".imaginized.endpoints.json",
        ".imaginized.gate",
        ".imaginized.id",
        ".imaginized.index",
        ".imaginized.index-journal",
        ".imaginized.limits.sqlite",
        ".imaginized.limits.sqlite-journal",
        ".imaginized.lock",
        ".imaginized.metrics.json",
        ".imaginized.spend",
        ".shelf.json",
        ".shelf.lock",
        "index.html",
    )
)
ASIDE = frozenset((".failed", ".duplicates"))

Tree = Mapping[str, bytes]


@dataclass(slots=True, kw_only=True)
class Round:
    """What happened in one round."""

    number: int
    title: str
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        kills = ", ".join(f"{count} {name}" for name, count in sorted(self.kills.items())) or "nothing"
        return f"round {self.number}: {self.title}: killed {kills}; {self.seconds:.1f} s: ok"


def _made(path: Path, *, title: str, chapters: int) -> Path:
    if chapters == 1:
        return make_long_epub(path, title=title)
    return make_epub(path, title=title, chapters=chapters, paragraphs=3)


class Soak:
    """One daemon, restarted whenever it is killed, and the books that go through it again and again."""

    def __init__(
        self,
        folder: Path,
        *,
        seed: int,
        stuck_seconds: float = STUCK_SECONDS,
        options: Mapping[str, object] = OPTIONS,
        server: ScriptedServer | None = None,
    ) -> None:
        """Prepare books below `folder`, an empty one with a short path; nothing is started yet.

        With a server, that reads and draws them, for money.
        """
        self._choose = random.Random(seed)
        self._stuck_seconds = stuck_seconds
        charged = options_for(folder, server.base_url) if server else {}
        self._daemon = Daemon(folder=folder, options={**options, **charged})
        self._calls = Calls(server=server, library=self._daemon.library) if server else None
        house = FULL_HOUSE + (DECODERS if server else 0)
        self._target = Target(self._daemon, choose=self._choose, full_house=house)
        self._expected: dict[str, Tree] = {}
        self._books = {
            title: _made(folder / f"{title}.epub", title=title, chapters=chapters) for title, chapters in BOOKS.items()
        }

    def start(self) -> None:
        """Start the daemon and let every book through undisturbed once, for comparison."""
        self._target.start()
        for title in self._books:
            self._expected[title] = self._tree_at_rest(self._let_through(Round(number=0, title=title), kills=0))
            if self._calls:
                self._calls.learn(title)
            self._put_away(title, number=0)

    def run(self, number: int) -> Round:
        """One round.

        Raises:
            Violation: Something does not hold.
        """
        this = Round(number=number, title=self._choose.choice(list(self._books)))
        began = time.monotonic()
        logged = self._daemon.log.stat().st_size
        book = self._let_through(this, kills=self._choose.randint(1, MOST_KILLS))
        settle(lambda: list(self._problems(this, book=book, logged=logged)))
        self._put_away(this.title, number=number)
        this.seconds = time.monotonic() - began
        return this

    def stop(self) -> None:
        """Drain the daemon.

        Raises:
            Violation: It did not end well, or not all of it.
        """
        self._target.stop()

    def end(self) -> None:
        """Whatever is left of it."""
        self._target.end()

    def _let_through(self, this: Round, *, kills: int) -> Path:
        """Drop the round's book and kill processes at random until it is done; returns its folder."""
        if self._calls:
            self._calls.begin()
        self._daemon.drop(self._books[this.title])
        before, deadline = "", time.monotonic() + self._stuck_seconds
        while not (row := self._done()):
            if (now := self._how_far(this)) != before:  # slow is not stuck
                before, deadline = now, time.monotonic() + self._stuck_seconds
            if time.monotonic() > deadline:
                facts = f"{self._last_status()}\n{self._target.dump()}"
                raise Violation(f"{this.title} is stuck: nothing has changed for {self._stuck_seconds:g} s; {facts}")
            if this.kills.total() < kills:
                time.sleep(self._choose.uniform(0.0, LONGEST_PAUSE_SECONDS))
                self._kill_somebody(this)
            else:
                time.sleep(POLL_SECONDS)
        return Path(str(row["folder"]))

    def _done(self) -> Row | None:
        rows = [row for row in self._daemon.books() if row["phase"] in (Phase.DONE, Phase.PARTIAL, Phase.FAILED)]
        return rows[0] if rows else None

    def _how_far(self, this: Round) -> str:
        """What changes while the round gets on: the kills, the inbox, what is done of the book."""
        rows = [(row["phase"], row["progress"], row["chapters"]) for row in self._daemon.books()]
        return repr((this.kills.total(), sorted(path.name for path in self._daemon.inbox.iterdir()), rows))

    def _kill_somebody(self, this: Round) -> None:
        victim = self._target.kill_somebody()
        if victim is not None:
            this.kills[victim] += 1

    def _problems(self, this: Round, *, book: Path, logged: int) -> Iterator[str]:
        """Everything that does not hold now."""
        names = {path.name for path in self._daemon.inbox.iterdir()}
        yield from (f"{name} in the inbox" for name in names - ASIDE)
        yield from (f"{path} in {aside}" for aside in ASIDE for path in (self._daemon.inbox / aside).glob("*"))
        others = {path.name for path in self._daemon.library.iterdir()} - OWN_NAMES - {book.name}
        yield from (f"{name} in the library" for name in others)
        yield from self._manifest_problems(book)
        yield from self._tree_problems(book, expected=self._expected[this.title])
        yield from self._target.problems()
        yield from self._repetitions(logged)
        if self._calls:
            yield from self._calls.problems(this.title, this.kills)

    def _manifest_problems(self, book: Path) -> Iterator[str]:
        data = (book / MANIFEST).read_bytes()
        manifest = decode(data)
        yield from problems_of(data)
        if phase(manifest) is not Phase.DONE or live_claims(manifest):
            yield f"{book.name} is {phase(manifest)}"
        unfinished = [n for n, entry in manifest.chapters.items() if entry.status is not Status.COMPLETED]
        if unfinished or len(manifest.chapters) not in BOOKS.values():
            yield f"chapters {unfinished} of {len(manifest.chapters)} are not completed"
        yield from (f"{book.name}: {found}" for found in contradictions(BookFiles(book), manifest))

    def _tree_problems(self, book: Path, *, expected: Tree) -> Iterator[str]:
        found = self._tree(book)
        yield from (f"stray file {name}" for name in sorted(found.keys() - expected.keys()))
        yield from (f"missing file {name}" for name in sorted(expected.keys() - found.keys()))
        both = sorted(found.keys() & expected.keys())
        yield from (f"other bytes in {name}" for name in both if found[name] != expected[name])

    def _repetitions(self, logged: int) -> Iterator[str]:
        """Whether something was completed twice since the log had `logged` bytes."""
        with self._daemon.log.open("rb") as log:
            log.seek(logged)
            lines = [json.loads(line) for line in log if b'_completed"' in line]
        # By book, too: the last line of the round before may come after this one has begun.
        ends = Counter(
            (line["book"], line["stage"], line["chapter"], line.get("part")) for line in lines if "stage" in line
        )
        repeated = [(end, count) for end, count in ends.items() if count > 1]
        yield from (
            f"{book}: {stage} {chapter or ''} {part or ''} was completed {count} times"
            for (book, stage, chapter, part), count in repeated
        )

    def _tree(self, book: Path) -> Tree:
        files = [(path, data) for path, data in files_below(book) if CALLS not in path.parts]
        return {
            str(path.relative_to(book)): b"" if path.name in CLOCKED or self._is_varied(path) else timeless(path, data)
            for path, data in files
        }

    def _is_varied(self, path: Path) -> bool:
        """Whether its bytes depend on who of several was quicker."""
        return self._calls is not None and not VARIED.isdisjoint(path.parts)

    def _tree_at_rest(self, book: Path) -> Tree:
        """The tree once nobody is writing in it: the last progress report comes after the book is done."""
        settle(lambda: [str(path) for path in book.rglob("*.tmp")])
        return self._tree(book)

    def _put_away(self, title: str, *, number: int) -> None:
        """Take a finished book out of the library, so that the same one can be dropped again."""
        away = self._daemon.folder / "away" / f"{number}-{title}"
        away.parent.mkdir(exist_ok=True)
        (book,) = [path for path in self._daemon.library.iterdir() if path.name not in OWN_NAMES]
        book.rename(away)  # at once gone, as far as the daemon can see
        shutil.rmtree(away)

    def _last_status(self) -> object:
        try:
            return self._daemon.status()
        except ControlError as error:
            return error


def soak(
    folder: Path, *, rounds: int, seed: int, tell: Callable[[str], None], server: ScriptedServer | None = None
) -> Counter[str]:
    """Run so many rounds over one daemon, with an endpoint that charges if there is one; returns what was killed.

    Raises:
        Violation: Something did not hold; the folder is as it was then.
    """
    kills: Counter[str] = Counter()
    this = Soak(folder, seed=seed, server=server)
    try:
        this.start()
        for number in range(1, rounds + 1):
            done = this.run(number)
            kills += done.kills
            tell(str(done))
        this.stop()
    finally:
        this.end()
    return kills


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak", description="Kill the daemon's processes at random moments.")
    parser.add_argument("--rounds", type=int, default=20, help="books to let through (default 20)")
    parser.add_argument("--seed", type=int, help="of the choices made; the moments stay random (default: a new one)")
    parser.add_argument("--endpoint", action="store_true", help="have the books read and drawn for money, and count")
    given = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="imz-"))
    began = time.monotonic()
    try:
        script = Script(latency_seconds=LATENCY_SECONDS)
        with scripted(script) if given.endpoint else contextlib.nullcontext() as server:
            kills = soak(folder, rounds=given.rounds, seed=seed, tell=partial(print, flush=True), server=server)
    except (Violation, AssertionError, ControlError) as problem:
        print(f"violated, seed {seed}: {problem}\neverything is left in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(kills.items()))
    print(f"{given.rounds} rounds, seed {seed}, {time.monotonic() - began:.0f} s; killed {counts}; nothing lost")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
