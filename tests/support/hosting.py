"""A home and hosts in one process: a post that loses, doubles and reorders, hosts that are threads."""

import re
import threading
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.errors import ClaimLost
from imaginized.providers.keys import NO_KEYS
from imaginized.reading.quotes import find_quote
from imaginized.remote.failures import ConnectionLost
from imaginized.remote.line import HostLine, Post
from imaginized.remote.offer import Offer, new_id
from imaginized.remote.runner import Here
from imaginized.remote.sealing import KeySeal
from imaginized.remote.store import HostStore, Reach
from imaginized.remote.visiting import Place, Visitor
from imaginized.settings.model import Settings
from imaginized.stages.inputs import inputs_of, may_be_sent
from imaginized.stages.job import Contents, Job, Result
from imaginized.stages.table import STAGES
from imaginized.store.files import BookFiles
from imaginized.store.library import Library

SEAL = KeySeal(bytes(range(32)))
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")  # when the book was split, in data/timeline.json


@dataclass(kw_only=True)
class LossyPost(Post):
    """What is put is treated as the plan says: "keep", "drop", "twice", or "late", after what comes next.

    Attributes:
        seen: All that an eavesdropper could read: names of boxes and marks, and what was put.
    """

    plan: Sequence[str] = ()
    boxes: dict[str, deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    late: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[str, bytes] = field(default_factory=dict)
    seen: list[tuple[str, bytes]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    count: int = 0

    def put(self, box: str, data: bytes) -> None:
        with self.news:
            how = self.plan[self.count] if self.count < len(self.plan) else "keep"
            self.count += 1
            self.seen.append((box, data))
            if how == "late":
                self.late[box].append(data)
            elif how != "drop":
                self.boxes[box].extend([data] * (2 if how == "twice" else 1))
                self.boxes[box].extend(self.late.pop(box, ()))
            self.news.notify_all()

    def take(self, box: str, *, seconds: float) -> bytes | None:
        with self.news:
            self.news.wait_for(lambda: self.boxes[box], timeout=seconds)
            return self.boxes[box].popleft() if self.boxes[box] else None

    def drop(self, *names: str) -> None:
        with self.news:
            for name in names:
                self.boxes.pop(name, None)
                self.marks.pop(name, None)

    def mark(self, name: str, *, seconds: int, data: bytes = b"1") -> None:
        del seconds
        self.marks[name] = data

    def marked(self, name: str) -> bytes | None:
        return self.marks.get(name)


def offer_of(*, beat_seconds: float = 0.02, patience_seconds: float = 20.0) -> Offer:
    return Offer(
        home="home", talk=new_id(), epoch=new_id(), book="a-book", stage="analyze", chapter=1,
        beat_seconds=beat_seconds, patience_seconds=patience_seconds,
    )  # fmt: skip


@dataclass(kw_only=True)
class Threads:
    """An engine whose hosts are threads of this process."""

    place: Place
    post: Post
    seal: KeySeal = SEAL
    reach: Reach | None = None
    offers: list[Offer] = field(default_factory=list)

    def offer(self, offer: Offer) -> bool:
        self.offers.append(offer)
        threading.Thread(target=self._take, args=(offer,), daemon=True).start()
        return True

    def is_waiting(self) -> bool:
        return False

    def _take(self, offer: Offer) -> None:
        visitor = Visitor(self.place)
        line = HostLine(self.post, self.seal, offer=offer, run=new_id(), again_seconds=0.05)
        with line, suppress(ConnectionLost, ClaimLost):
            reached = line if self.reach is None else HostStore(line, self.seal, offer=offer, reach=self.reach)
            visitor.work(reached, task=offer.task, book=offer.book)


class InEmptyFolders:
    """Runs each stage that may be sent away in a folder that has its declared inputs and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ran: list[str] = []

    def run(self, job: Job) -> Result:
        if not may_be_sent(job.task.stage):
            return Here().run(job)
        self.ran.append(str(job.task))
        files = BookFiles(self._folder / f"{len(self.ran)}" / "book")
        found = inputs_of(job)
        for path in found.files:
            there = files.root / path.relative_to(job.files.root)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
        for path, size in found.sizes.items():
            with (files.root / path.relative_to(job.files.root)).open("wb") as sparse:
                sparse.truncate(size)

        def home(contents: Contents) -> Contents:
            return {job.files.root / path.relative_to(files.root): data for path, data in contents.items()}

        def keep(contents: Contents) -> None:
            job.keep(home(contents))
            for path, data in contents.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                assert isinstance(data, bytes)
                path.write_bytes(data)

        there_job = replace(
            job,
            files=files,
            keep=keep,
            store_reply=lambda path, data: job.store_reply(job.files.reply(path.stem), data),
            forget=lambda path, folders: job.forget(
                job.files.reply(path.stem), {job.files.root / one.relative_to(files.root) for one in folders}
            ),
            shares=None,
        )
        result = STAGES[job.task.stage].run(there_job)
        return replace(result, contents=home(result.contents))


def place_of(folder: Path, settings: Settings) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    return Place(
        name="a-host", settings=settings, find_keys=lambda _settings: NO_KEYS, find_quote=find_quote,
        scratch=folder, clock=SystemClock(),
    )  # fmt: skip


def everything(library: Library) -> dict[str, bytes]:
    """Every file of its books but manifests, logs and reports."""
    left_out = {".imaginize.manifest.json", "events.jsonl", "progress.md", ".asking.locks", ".imaginize.manifest.lock"}
    (book,) = library.books()
    root = library.files(book).root
    return {
        str(path.relative_to(root)): MOMENT.sub(b"", path.read_bytes()) if path.suffix == ".json" else path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in left_out and not path.name.endswith(".flock")
    }
