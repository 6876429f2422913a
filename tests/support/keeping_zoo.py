"""Endpoints of the shared zoo behind the real daemon, which meets one after the other by reload.

scripts/zoo runs all of them: python -m tests.support.keeping_zoo [--lanes 3] [PERSONA…]
"""

import argparse
import json
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from imaginized.reasons import Code
from tests.support.daemons import Daemon, Row
from tests.support.epubs import make_epub
from tests.support.zoo import KEY, WallClock, Zoo, served

BOOKS = 2  # at once
CHAPTERS = 2
LONG_PARAGRAPHS = 40  # longer than what the endpoints with little room take
VISIT_SECONDS = 300.0  # slow_body takes 100 a call
LOOK_SECONDS = 0.1
PUT_OFF = timedelta(seconds=25)  # who waits longer is no longer pausing between two tries
ANY = "any"  # end will do
NOTHING = "nothing"
MOST_AGAIN = 3
ENDED = frozenset(("done", "partial", "failed"))
PRICES = """
[[text]]
model = "m"
input_usd_per_million = 1
output_usd_per_million = 4
date = 2026-01-31

[[image]]
model = "m"
usd_per_image = 0.01
date = 2026-01-31
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of a persona.

    Attributes:
        what: "done", "paused", "waits", "declined", "failed", or NOTHING where no end came.
        calls: Requests that reached it.
        attempts: Of chapters that ended badly and were tried again.
        words: Why, as the status says.
        leaks: Files that hold the key.
    """

    name: str
    what: str
    calls: int
    attempts: int
    seconds: float
    spent_usd: float
    words: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)

    def is_right(self, wanted: str) -> bool:
        """Whether it came to the end that was wanted, and the key is in no file."""
        return (self.what == wanted or (wanted == ANY and self.what != NOTHING)) and not self.leaks


def is_picture(name: str) -> bool:
    """Whether its pictures are what it is about, by the zoo's own naming."""
    return name.startswith(("im_", "or_images"))


class Lane:
    """One daemon, given one endpoint after the other."""

    def __init__(self, folder: Path, zoo: Zoo) -> None:
        self.zoo = zoo
        (folder / "books").mkdir(parents=True)
        (folder / "prices.toml").write_text(PRICES)
        (folder / "key").write_text(KEY)
        (folder / "key").chmod(0o600)
        self._daemon = Daemon(folder=folder)

    def visit(self, name: str, *, wanted: str) -> Visit:
        """Let some books meet it; `wanted` is what is waited for."""
        began = time.monotonic()
        self.zoo.forget(name)
        self._use(name)
        titles = [f"{name} {number}" for number in range(BOOKS)]
        for number, title in enumerate(titles):
            file = self._daemon.folder / "books" / f"{name}-{number}.epub"
            self._daemon.drop(make_epub(file, title=title, chapters=CHAPTERS, paragraphs=LONG_PARAGRAPHS))
        rows: list[Row] = []
        what = NOTHING
        while time.monotonic() < began + VISIT_SECONDS:
            rows = [row for row in self._daemon.books() if row["title"] in titles]
            what = self._came(name, rows)
            if what not in (NOTHING, "waits") or what == wanted:
                break
            time.sleep(LOOK_SECONDS)
        return self._judged(name, what=what, rows=rows, seconds=time.monotonic() - began)

    def end(self) -> None:
        if self._daemon.process is not None:
            self._daemon.stop()

    def _use(self, name: str) -> None:
        self._daemon.options = {
            "provider.text": "openai",
            "provider.image": "openai" if is_picture(name) else "none",
            "openai.base_url": f"http://127.0.0.1:{self.zoo.port}/{name}/v1",
            "openai.text_model": "m",
            "openai.image_model": "m",
            "openai.api_key_file": "key",
            "openai.retry_seconds": 0.05,
            "budget.price_file": "prices.toml",
            "budget.approve_above_usd": 100.0,
            "workers.max_concurrency": 2,
            "guide.pages_per_image": 1000,
            "guide.formats": ["markdown"],
        }
        if self._daemon.process is None:
            self._daemon.start()
            return
        for book in self._daemon.books():
            if str(book["phase"]) not in ENDED and book["phase"] != "cancelled":
                self._daemon.call("cancel", book=book["book"])
        self._daemon.write_settings()
        self._daemon.call("reload")

    def _came(self, name: str, rows: Sequence[Row]) -> str:
        if len(rows) == BOOKS and all(row["phase"] in ENDED for row in rows):
            whys = [code for row in rows for code in cast(Row, row["failed_for"])]
            if whys:
                return "declined" if set(whys) == {str(Code.PROVIDER_DECLINED)} else "failed"
            return "declined" if self._has_declined(rows) else "done"
        for row in self._endpoint(name):
            if row["paused"]:
                return "paused"
            until = row["until"]
            if row["unreachable"] or (until and datetime.fromisoformat(str(until)) > datetime.now(UTC) + PUT_OFF):
                return "waits"
        return "waits" if any(self._pauses()) else NOTHING

    def _endpoint(self, name: str) -> list[Row]:
        limits = cast(list[Row], self._daemon.status()["limits"])
        return [row for row in limits if f"/{name}/" in str(row["endpoint"])]

    def _pauses(self) -> Iterator[str]:
        for row in self._daemon.workers():
            waits = cast("Row | None", row["waits"])
            if waits and waits["for"] == "pause" and row["state"] == "idle":
                yield str(waits.get("last_error", ""))

    def _has_declined(self, rows: Sequence[Row]) -> bool:
        folders = [self._daemon.library / str(row["book"]) / "data" / "illustrations" for row in rows]
        return any(json.loads(file.read_bytes())["declined"] for each in folders for file in each.glob("*.json"))

    def _judged(self, name: str, *, what: str, rows: Sequence[Row], seconds: float) -> Visit:
        chapters = [
            row
            for book in rows
            for row in cast(list[Row], self._daemon.call("status", book=book["book"])["chapter_list"])
        ]
        words = [str(row["error"]) for row in chapters if row["error"]]
        words += [str(row["paused"] or row["waits_for"]) for row in self._endpoint(name)]
        return Visit(
            name=name,
            what=what,
            calls=self.zoo.calls(name),
            attempts=sum(int(str(row["retry_count"])) for row in chapters if row["status"] == "pending"),
            seconds=seconds,
            spent_usd=sum(float(str(row["spent_usd"])) for row in rows),
            words=[each for each in dict.fromkeys([*words, *self._pauses()]) if each],
            leaks=[str(file) for file in self._files() if KEY.encode() in file.read_bytes()],
        )

    def _files(self) -> Iterable[Path]:
        yield self._daemon.log
        yield from (path for path in self._daemon.library.rglob("*") if path.is_file())


@contextmanager
def lanes(count: int) -> Iterator[tuple[Zoo, list[Lane]]]:
    """Daemons in folders of their own, and the zoo they ask."""
    with tempfile.TemporaryDirectory(prefix="imz-", ignore_cleanup_errors=True) as short, served(WallClock()) as zoo:
        made = [Lane(Path(short) / str(number), zoo) for number in range(count)]
        try:
            yield zoo, made
        finally:
            for lane in made:
                lane.end()


def visit_all(wanted: dict[str, str], *, count: int, tell: Callable[[Visit], None]) -> list[Visit]:
    """Each persona through the next free daemon, slow ones first."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for name in sorted(wanted, key=lambda name: (not name.startswith("slow"), name)):
        waiting.put(name)
    visits: list[Visit] = []
    faults: list[BaseException] = []

    def work(lane: Lane) -> None:
        while not waiting.empty():
            name = waiting.get()
            try:
                visit = lane.visit(name, wanted=wanted[name])
            except Exception as error:  # noqa: BLE001 - told by the caller's thread
                faults.append(error)
                return
            visits.append(visit)
            tell(visit)

    with lanes(count) as (_, made):
        threads = [threading.Thread(target=work, args=(lane,)) for lane in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
    return visits


def main(arguments: Sequence[str]) -> int:
    from tests.integration.test_zoo import NOT_YET, WANTED

    parser = argparse.ArgumentParser(
        prog="scripts/zoo", description="Every endpoint of the zoo behind the real daemon."
    )
    parser.add_argument("--lanes", type=int, default=3, help="daemons at a time (default 3)")
    parser.add_argument("names", nargs="*", help="personas (default: every one)")
    given = parser.parse_args(arguments)
    known = {name: what for name, (what, _) in WANTED.items()} | dict.fromkeys(NOT_YET, ANY)
    wanted = {name: what for name, what in known.items() if not given.names or name in given.names}
    began = time.monotonic()

    def tell(visit: Visit) -> None:
        is_right = visit.is_right(wanted[visit.name])
        why = f": {visit.words}" if not is_right else ""
        print(
            f"{'ok ' if is_right else 'BAD'} {visit.name}: {visit.what} (wanted {wanted[visit.name]}), {visit.calls} "
            f"calls, {visit.seconds:.1f} s, {visit.spent_usd:.4f} USD, {visit.attempts} attempts{why}",
            flush=True,
        )

    visits = visit_all(wanted, count=given.lanes, tell=tell)
    wrong = [visit for visit in visits if not visit.is_right(wanted[visit.name])]
    if 0 < len(wrong) <= MOST_AGAIN and len(visits) > len(wrong):
        # A machine that stands still for seconds makes one late; more than a few are a fault.
        print(f"once more, one at a time: {' '.join(visit.name for visit in wrong)}", flush=True)
        again = visit_all({visit.name: wanted[visit.name] for visit in wrong}, count=1, tell=tell)
        wrong = [visit for visit in again if not visit.is_right(wanted[visit.name])]
    print(f"{len(visits)} personas, {len(wrong)} wrong, {time.monotonic() - began:.0f} s")
    return 1 if wrong or len(visits) < len(wanted) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
