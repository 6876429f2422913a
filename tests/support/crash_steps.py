"""A small book's whole life in one process, stopped at one of its file operations, then taken up again by another.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.crash_steps HOW FOLDER
"""

import errno
import gc
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.daemon.reaper import Reaper
from imaginized.errors import ImaginizedError
from imaginized.inbox.admission import admit
from imaginized.inbox.folder import look
from imaginized.logs.log import configure_logs, get_log
from imaginized.money.ledger import Ledger
from imaginized.money.prices import PriceTable
from imaginized.money.till import BookTill
from imaginized.process.channel import Orders, channel_pair
from imaginized.process.confinement import Confinement
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.queue.manifest import Status
from imaginized.queue.plan import Phase, live_claims, phase
from imaginized.reading.book import read_book
from imaginized.reading.confined_reader import Reading
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.stages import split
from imaginized.store.beneath import put_back_all
from imaginized.store.library import Library
from imaginized.store.owners import Owner, current_owner
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.work.task_context import Bench
from imaginized.work.worker import claim_next, perform_and_claim
from imaginized.work.workshop import Workshop
from tests.support.epubs import make_epub
from tests.support.replaying import contradictions
from tests.support.trees import timeless

CHAPTERS = 2
FULL_FOR_OPERATIONS = 6
MORE_THAN_ENOUGH_REAPS = 5
TIDY_SECONDS = 10.0  # for a library of one book
# Reading is no step: nothing is different after it. Nor is close: nothing is written by it.
STEPS = ("open", "write", "fdatasync", "fsync", "rename", "replace", "unlink", "link", "mkdir", "rmdir")
# Before these, a kill leaves what it leaves before the operation that follows: nothing is different on the disk.
CHANGES_NOTHING = frozenset(("reopen", "fsync", "fdatasync"))
NEEDS_ROOM = frozenset(("open", "write", "link", "mkdir"))

Operation = Callable[..., object]


class Impatient(threading.Event):
    """What is waited for is there."""

    def wait(self, timeout: float | None = None) -> bool:
        return timeout is None or timeout > 0


class Undisturbed(Orders):
    """Nobody gives orders; and no thread listens for any, because this process forks."""

    def __init__(self) -> None:
        self._heard = set()
        self.wake = Impatient()

    def hear(self) -> bool:
        return True


class StubProvider:
    """One scene a chapter and a few bytes for its image, at no cost of time."""

    identity = "stub"

    def write(self, request: TextRequest) -> TextReply:
        number = request.chapter.number
        quote = Quote(text=request.chapter.text[:20], chapter=number, start=0, page=1)
        scene = Scene(
            chapter=number, number=1, quote=quote, description="A lamp.", elements=("Anna",), pages=(number, number)
        )
        anna = Element(type=ElementType.CHARACTER, name="Anna", quotes=(quote,), mentions=1, chapters=(number,))
        return TextReply(scenes=(scene,), elements=(anna,), method="stub")

    def draw(self, request: ImageRequest) -> ImageReply:
        return ImageReply(data=b"\xff\xd8" + bytes(64) + b"\xff\xd9", alt=request.scene.description, method="stub")


@dataclass(slots=True, kw_only=True)
class Shim:
    """Stands in for the file operations of `os`, counts them, and at one of them does what it was told.

    Attributes:
        at: Which operation, from 1; 0 for none.
        how: "kill" before it; "torn": kill after half of it, where it is a write; "eio": it fails; "enospc": it and
            some more fail that need room.
    """

    at: int = 0
    how: str = "kill"
    seen: list[str] = field(default_factory=list)

    @contextmanager
    def installed(self) -> Iterator[None]:
        real: dict[str, Operation] = {name: getattr(os, name) for name in STEPS}
        try:
            for name, operation in real.items():
                setattr(os, name, self._counted(name, operation))
            yield
        finally:
            for name, operation in real.items():
                setattr(os, name, operation)

    def _counted(self, name: str, real: Operation) -> Operation:
        def operation(*arguments: object, **options: object) -> object:
            if name != "open" or int(str(arguments[1])) & os.O_CREAT:
                is_old = name == "open" and os.path.lexists(str(arguments[0]))
                self.seen.append("reopen" if is_old else name)
                if self.at:
                    self._disturb(self.seen[-1], real, arguments)
            return real(*arguments, **options)

        return operation

    def _disturb(self, name: str, real: Operation, arguments: tuple[object, ...]) -> None:
        count = len(self.seen)
        if self.how == "enospc" and self.at <= count < self.at + FULL_FOR_OPERATIONS and name in NEEDS_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if count != self.at:
            return
        if self.how == "eio":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self.how == "torn" and name == "write":
            descriptor, data = arguments
            real(descriptor, bytes(data)[: len(bytes(data)) // 2])  # type: ignore[call-overload]
        if self.how in ("kill", "torn"):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folders of one life."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def library(self) -> Path:
        return self.root / "library"

    def settings(self, more: Mapping[str, object] | None = None) -> Settings:
        paths = {"paths.inbox": self.inbox, "paths.library": self.library, "guide.pages_per_image": 1000}
        return load_settings(None, environment={"HOME": str(self.root)}, overrides={**paths, **(more or {})})


def prepare(root: Path, *, book: Path) -> Place:
    place = Place(root=root)
    place.inbox.mkdir(parents=True)
    place.library.mkdir()
    shutil.copyfile(book, place.inbox / f"book{book.suffix}")
    return place


def live(place: Place, *, owner: Owner | None = None) -> None:
    """What the intake and one worker do from a start to the end of all work; the worker is this process, or `owner`."""
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs, owner=owner)
        held = claim_next(shop)
        while held is not None:
            held = perform_and_claim(shop, held) or claim_next(shop)


def workshop(settings: Settings, library: Library, *, end: socket.socket, owner: Owner | None = None) -> Workshop:
    clock = SystemClock()
    orders = Undisturbed()
    owner = owner or current_owner("worker-1", pid=os.getpid())
    ledger = Ledger(library.root, clock=clock, owner=owner)
    return Workshop(
        settings=settings,
        end=end,
        clock=clock,
        orders=orders,
        owner=owner,
        log=get_log(),
        library=library,
        text=StubProvider(),
        image=StubProvider(),
        till=BookTill(ledger, prices=PriceTable(), budget=settings.budget, clock=clock),
        bench=Bench(orders, clock=clock),
        reader=ReaderGate(orders, must_confine=False, clock=clock),
    )


def take_in(place: Place, library: Library) -> None:
    library.sweep_incoming()
    put_back_all(place.inbox, look(place.inbox).folders)
    for sighting in look(place.inbox).sightings:
        path = place.inbox / sighting.key
        admit(path, sighting=sighting, library=library, inbox=place.inbox, now=SystemClock().now())


def take_up(place: Place) -> None:
    """What a restart does: the reaper first, then everything as always."""
    library = Library(place.library, clock=SystemClock())
    reaper = Reaper(library, clock=SystemClock(), stale_after_seconds=600.0, max_attempts=3, log=get_log())
    for _ in range(MORE_THAN_ENOUGH_REAPS):
        if not reaper.reap() and reaper.tidy(seconds=TIDY_SECONDS):
            break
    live(place)


def tree(place: Place) -> dict[str, str]:
    """Every file below the folders with its content, but the two that tell times."""
    return {
        str(path.relative_to(place.root)): "" if path.name in CLOCKED else timeless(path, path.read_bytes()).hex()
        for path in sorted(place.root.rglob("*"))
        if path.is_file()
    }


CLOCKED = frozenset((".imaginize.manifest.json", ".shelf.json", "progress.md", "events.jsonl"))


def complaints(place: Place, *, expected: Mapping[str, str]) -> Iterator[str]:
    """What is not as it should be after everything was taken up again."""
    found = tree(place)
    yield from (f"stray {name}" for name in sorted(found.keys() - expected.keys()))
    yield from (f"missing {name}" for name in sorted(expected.keys() - found.keys()))
    yield from (
        f"other bytes in {name}" for name in sorted(found) if name in expected and found[name] != expected[name]
    )
    library = Library(place.library, clock=SystemClock())
    for book in library.books():
        manifest = library.read(book)
        if phase(manifest) is not Phase.DONE or live_claims(manifest):
            yield f"{book} is {phase(manifest)}"
        if [n for n, entry in manifest.chapters.items() if entry.status is not Status.COMPLETED]:
            yield f"{book} has unfinished chapters"
        log = library.files(book).events.read_bytes()
        numbers = [json.loads(line)["number"] for line in log.splitlines()]
        if numbers != list(range(1, manifest.event_count + 1)) or len(log) != manifest.event_bytes:
            yield f"{book} has the events {numbers} of {manifest.event_count}"
        yield from (f"{book}: {found}" for found in contradictions(library.files(book), manifest))


def apart(work: Callable[[], None]) -> int:
    """Do it in a forked process; returns its exit code, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def dead_owner() -> Owner:
    """Somebody who claimed what this process claims in his name: dead, as a process that ended by an error is."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        return current_owner("worker-1", pid=process.pid)


def operations_of(place: Place) -> list[str]:
    """Live once, undisturbed, and list the operations."""
    shim = Shim()
    with shim.installed():
        live(place)
    return shim.seen


def disturb(place: Place, *, at: int, how: str, owner: Owner) -> str:
    """Stop a life at an operation; returns what went otherwise than meant."""

    def disturbed() -> None:
        with Shim(at=at, how=how).installed():
            live(place)

    if how in ("kill", "torn"):
        code = apart(disturbed)
        return "" if code == -signal.SIGKILL else f"ended with {code} instead of being killed"
    # Nothing dies at once here, so that no process is needed: a fork costs as much as a whole life.
    with suppress(OSError, ImaginizedError), Shim(at=at, how=how).installed():
        live(place, owner=owner)
    return ""


def check(place: Place, *, at: int, how: str, expected: Mapping[str, str], owner: Owner) -> list[str]:
    """Stop a life at an operation, take it up again, and look at what came of it."""
    if problem := disturb(place, at=at, how=how, owner=owner):
        return [problem]
    try:
        take_up(place)
    except (OSError, ImaginizedError) as error:
        return [f"taking up again ended with {error!r}"]
    return list(complaints(place, expected=expected))


def steps_for(how: str, operations: list[str]) -> list[int]:
    """The operations, from 1, at which this makes a difference."""
    every = frozenset((*STEPS, "reopen"))
    matters = {"kill": every - CHANGES_NOTHING, "torn": frozenset(("write",)), "enospc": NEEDS_ROOM}.get(how, every)
    return [at for at, name in enumerate(operations, 1) if name in matters]


def read_here(path: Path, *, original_name: str, must_be_whole: bool, step: Callable[[], None]) -> Reading:
    """What the confined process does, without one: it writes no file, and its start would be most of a life."""
    step()
    return Reading(book=read_book(path, original_name=original_name), sandbox=Confinement())


def main(how: str, folder: Path) -> None:
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_confined"] = read_here
    book = make_epub(folder / "book.epub", chapters=CHAPTERS, paragraphs=1)
    live(prepare(folder / "warm", book=book))  # what is imported and compiled by now, no child has to
    gc.freeze()
    calm = prepare(folder / "calm", book=book)
    operations = operations_of(calm)
    expected = tree(calm)
    found = {}
    owner = dead_owner()
    tried = steps_for(how, operations)
    for at in tried:
        place = prepare(folder / str(at), book=book)
        if problems := check(place, at=at, how=how, expected=expected, owner=owner):
            found[f"{at} {operations[at - 1]}"] = problems
        shutil.rmtree(place.root)
    print(json.dumps({"operations": len(operations), "tried": len(tried), "complaints": found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
