"""What a disk may hold after a power cut, asked after every file operation of a move, a change or a whole life.

A process's own operations are recorded; what it did not sync may be lost, and a removal may be there at once. Then any
state that a file system may legally come back with has to hold what was acknowledged, and every original.
Run as a module, for it replaces functions of `os`: python -m tests.support.power_cut SCENARIO FOLDER OTHER_FOLDER
"""

import json
import os
import random
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.daemon.reaper import Reaper
from imaginized.inbox.admission import NOTHING_ASKED, admit
from imaginized.inbox.aside import ERROR_NOTE, FAILED, expel, reject, rejected_books
from imaginized.inbox.dropping import copy_into
from imaginized.inbox.folder import look, sight
from imaginized.inbox.sidecar import Asked
from imaginized.logs.log import configure_logs, get_log
from imaginized.process.channel import channel_pair
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest, Status
from imaginized.queue.redoing import retry_failed
from imaginized.reasons import Code, Reason
from imaginized.stages import split
from imaginized.store.files import MANIFEST
from imaginized.store.library import Library
from imaginized.store.writing import move
from imaginized.story.sidecar_keys import BookRequest
from imaginized.work.worker import claim_next, perform_and_claim
from tests.support.crash_steps import MORE_THAN_ENOUGH_REAPS, TIDY_SECONDS, dead_owner, read_here, workshop
from tests.support.crash_steps import Place as OnePlace
from tests.support.epubs import make_epub
from tests.support.intakes import epub_bytes, reject_in_library

OPERATIONS = ("open", "write", "fdatasync", "fsync", "rename", "replace", "unlink", "remove", "link", "mkdir", "rmdir")
RANDOM_STATES = 3
SHOWN_COMPLAINTS = 5
CHAPTERS = 2
AFTER_MKDIR = "after mkdir"  # a whole life is long: stopped where the next process finds a folder that is not synced

Inode = tuple[int, int]
State = Mapping[str, bytes]  # every file by its path, "inbox/…", "library/…" or "user/…"
Rule = Callable[[State], str]  # what is wrong with a state; "" for nothing


class Stopped(BaseException):
    """Killed here: no handler of ours may catch it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of names that may not be on the disk yet.

    Attributes:
        gone: Folder and name that went; None for a new name alone.
        new: Folder and name that came; None for a removal.
        inode: Of what came.
    """

    gone: tuple[Inode, str] | None = None
    new: tuple[Inode, str] | None = None
    inode: Inode = (0, 0)

    def folders(self) -> set[Inode]:
        return {place[0] for place in (self.gone, self.new) if place}


Names = dict[Inode, dict[str, Inode]]


class Disk:
    """What of some folders is synced and what is not."""

    def __init__(self, roots: Mapping[str, Path], *, is_settled: bool) -> None:
        """Take the folders as they are: all synced, or with the files' bytes not yet on the disk."""
        self._roots = {label: _inode(root.stat()) for label, root in roots.items()}
        self._paths = list(roots.values())
        self._held: dict[Inode, int] = {}  # open: an inode's number is not used again, and its bytes can be read
        self._bytes: dict[Inode, bytes] = {}
        self._pending: list[Change] = []
        self._seen: Names = self._scan()
        self._names: Names = {folder: dict(names) for folder, names in self._seen.items()}
        if is_settled:
            for inode in self._held.keys() - self._names.keys():
                self._bytes[inode] = self._now(inode)

    def catch_up(self) -> None:
        """Note what changed since the last call: a name that left one place and came to another was renamed."""
        before, self._seen = self._seen, self._scan()
        gone: dict[Inode, list[tuple[Inode, str]]] = {}
        new: list[Change] = []
        for folder, names in self._seen.items():
            self._names.setdefault(folder, {})
            old = before.get(folder, {})
            for name in old.keys() - names.keys():
                gone.setdefault(old[name], []).append((folder, name))
            new += [
                Change(new=(folder, name), inode=names[name]) for name in sorted(names) if old.get(name) != names[name]
            ]
        for change in new:
            left = gone.get(change.inode)
            self._pending.append(Change(gone=left.pop(), new=change.new, inode=change.inode) if left else change)
        self._pending += [Change(gone=place) for places in gone.values() for place in places]

    def sync(self, descriptor: int) -> None:
        """What is open here is on the disk now: a file's bytes, or a folder's names."""
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and _inode(status) in self._held:
            self._bytes[_inode(status)] = self._now(_inode(status))
        if stat.S_ISDIR(status.st_mode):
            self._sync_names(_inode(status))

    def states(self, chance: random.Random) -> Iterator[tuple[str, State]]:
        """What the disk may come back with, each with a name."""
        removed = [change for change in self._pending if change.new is None]
        yield "all that is not synced is lost", self._built([], self._synced)
        yield "only removals came through", self._built(removed, self._synced)
        yield "names without bytes", self._built(self._pending, self._synced)
        yield "everything", self._built(self._pending, self._now)
        for number in range(RANDOM_STATES):
            some = [change for change in self._pending if chance.random() < 0.5]
            content = partial(self._torn, chance)
            yield f"random {number}", self._built(some, content)

    def _sync_names(self, folder: Inode) -> None:
        folders = {folder}
        for change in self._pending:  # a rename is one transaction: where the old name is durably gone, the new one is
            if change.gone and change.new and change.gone[0] == folder:
                folders.add(change.new[0])
        kept = []
        for change in self._pending:
            if not change.folders() & folders:
                kept.append(change)
                continue
            is_whole = not change.gone or change.gone[0] in folders
            _apply(self._names, change if is_whole else Change(new=change.new, inode=change.inode))
            if not is_whole:
                kept.append(Change(gone=change.gone))  # the old name may come back beside the new one
        self._pending = kept

    def _built(self, changes: list[Change], content: Callable[[Inode], bytes]) -> State:
        names = {folder: dict(entries) for folder, entries in self._names.items()}
        for change in changes:
            _apply(names, change)
        found: dict[str, bytes] = {}
        todo = list(self._roots.items())
        while todo:
            path, inode = todo.pop()
            if inode in names:
                todo += [(f"{path}/{name}", one) for name, one in names[inode].items()]
            else:
                found[path] = content(inode)
        return found

    def _synced(self, inode: Inode) -> bytes:
        return self._bytes.get(inode, b"")

    def _now(self, inode: Inode) -> bytes:
        descriptor = self._held[inode]
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)

    def _torn(self, chance: random.Random, inode: Inode) -> bytes:
        now, synced = self._now(inode), self._synced(inode)
        return now if now == synced else chance.choice((now, synced, now[: len(now) // 2]))

    def _scan(self) -> Names:
        found: Names = {}
        todo = [str(path) for path in self._paths]
        while todo:
            folder = todo.pop()
            entries = found[_inode(Path(folder).stat())] = {}
            for entry in list(os.scandir(folder)):
                status = entry.stat(follow_symlinks=False)
                entries[entry.name] = _inode(status)
                if stat.S_ISDIR(status.st_mode):
                    todo.append(entry.path)
                if _inode(status) not in self._held:
                    self._held[_inode(status)] = REAL_OPEN(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        return found


REAL_OPEN = os.open


def _inode(status: os.stat_result) -> Inode:
    return status.st_dev, status.st_ino


def _apply(names: Names, change: Change) -> None:
    if change.gone:
        names[change.gone[0]].pop(change.gone[1], None)
    if change.new:
        names[change.new[0]][change.new[1]] = change.inode


@dataclass(slots=True, kw_only=True)
class Recorder:
    """Stands in for the file operations of `os`, and asks the rules after each of them.

    Attributes:
        stop_at: Which operation is never done, from 1, as by a kill; 0 for none.
    """

    disk: Disk
    rules: list[Rule] = field(default_factory=list)
    stop_at: int = 0
    count: int = 0
    seen: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(48))

    @contextmanager
    def installed(self) -> Iterator[None]:
        real = {name: getattr(os, name) for name in OPERATIONS}
        try:
            for name, operation in real.items():
                setattr(os, name, self._recorded(name, operation))
            yield
        finally:
            for name, operation in real.items():
                setattr(os, name, operation)

    def _recorded(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def operation(*arguments: object, **options: object) -> object:
            if name == "open" and not int(str(arguments[1])) & os.O_CREAT:
                return real(*arguments, **options)
            self.count += 1
            self.seen.append(name)
            self.disk.catch_up()
            if self.count == self.stop_at:
                raise Stopped
            done = real(*arguments, **options)
            self.disk.catch_up()
            if name in ("fsync", "fdatasync"):
                self.disk.sync(int(str(arguments[0])))
            self.ask(f"{self.count} {name} {arguments[0]}")
            return done

        return operation

    def ask(self, what: str) -> None:
        """Put every rule to every state."""
        self.disk.catch_up()
        for kind, state in self.disk.states(self.chance):
            found = [problem for rule in self.rules if (problem := rule(state))]
            self.complaints += [f"after {what}; {kind}: {problem}" for problem in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(OnePlace):
    """The folders of one scenario; the inbox may be on another file system."""

    other: Path

    @property
    def inbox(self) -> Path:
        return self.other / "inbox"

    @property
    def user(self) -> Path:
        """Where the user keeps files."""
        return self.root / "user"

    def books(self) -> Library:
        return Library(self.library, clock=SystemClock())

    def disk(self, *, is_settled: bool) -> Disk:
        roots = {"inbox": self.inbox, "library": self.library, "user": self.user}
        return Disk(roots, is_settled=is_settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Something that is done with a book.

    Attributes:
        prepare: Makes what is there before; returns the original that is never lost.
        act: Does it, and adds a rule for all that it acknowledges. Called again after a stop.
        is_settled: Whether what is there before has reached the disk.
        stops_before: Where it is also stopped and begun again before the power is cut.
    """

    prepare: Callable[[Place], bytes]
    act: Callable[[Place, list[Rule]], None]
    is_settled: bool = True
    stops_before: Collection[str] = OPERATIONS


def homes(state: State, original: bytes) -> list[str]:
    """Where the original is, whole, and a person or the daemon finds it."""
    return sorted(path for path, data in state.items() if data == original and _is_home(path, state))


def _is_home(path: str, state: State) -> bool:
    parts = path.split("/")
    if parts[0] == "library":
        folder, name = "/".join(parts[:-1]), parts[-1]
        is_book = len(parts) == 3 and not parts[1].startswith(".") and name.startswith("source.")
        return is_book and bool(state.get(f"{folder}/{MANIFEST}"))
    return parts[0] in ("inbox", "user") and not parts[-1].startswith(".")


def never_lost(original: bytes) -> Rule:
    return lambda state: "" if homes(state, original) else f"the original is gone: {sorted(state)}"


def file_stays(path: str, data: bytes) -> Rule:
    return lambda state: "" if state.get(path) == data else f"{path} is gone or torn"


def _manifests(state: State) -> Iterator[Manifest]:
    for path, data in state.items():
        parts = path.split("/")
        if parts[-1] == MANIFEST and len(parts) == 3 and not parts[1].startswith("."):
            yield decode(data)


def manifest_says(what: str, is_so: Callable[[Manifest], bool]) -> Rule:
    return lambda state: "" if any(is_so(one) for one in _manifests(state)) else f"forgotten: {what}"


def is_a_book(book: str) -> Rule:
    return manifest_says(f"{book} is a book", lambda one: one.book_id == book)


def drop(place: Place) -> bytes:
    data = epub_bytes(place.root)
    place.inbox.joinpath("book.epub").write_bytes(data)
    return data


def admit_all(place: Place, rules: list[Rule], *, asked: Asked = NOTHING_ASKED) -> None:
    library = place.books()
    library.sweep_incoming()
    for sighting in look(place.inbox).sightings:
        path = place.inbox / sighting.key
        if path.suffix != ".epub":
            continue
        data = path.read_bytes()
        now = SystemClock().now()
        outcome = admit(path, sighting=sighting, library=library, inbox=place.inbox, now=now, asked=asked)
        rules.append(is_a_book(outcome.book))
        rules.append(never_lost(data))


def in_library(place: Place) -> bytes:
    data = drop(place)
    admit_all(place, [])
    return data


def rejected_in_library(place: Place) -> bytes:
    data = in_library(place)
    library = place.books()
    reject_in_library(library, library.books()[0])
    return data


def expel_all(place: Place, rules: list[Rule]) -> None:
    library = place.books()
    library.sweep_incoming()
    for manifest in rejected_books(library):
        gone = expel(manifest, library=library, inbox=place.inbox, now=SystemClock().now())
        rules.append(file_stays(f"inbox/{FAILED}/{gone.name}", gone.path.read_bytes()))
        note = gone.path.with_name(gone.path.name + ERROR_NOTE)
        rules.append(file_stays(f"inbox/{FAILED}/{note.name}", note.read_bytes()))
        rules.append(lambda state: "the book came back" if list(_manifests(state)) else "")


def reject_it(place: Place, rules: list[Rule]) -> None:
    seen = sight(str(place.inbox / "book.epub"), key="book.epub")
    if seen is None:
        return  # done before the stop
    now = SystemClock().now()
    entry = place.inbox / "book.epub"
    path = reject(entry, inbox=place.inbox, reason=Reason(Code.FOREIGN, "no"), reference=seen.reference, now=now)
    rules.append(file_stays(f"inbox/{FAILED}/{path.name}", path.read_bytes()))
    rules.append(lambda state: "it is in the inbox again, too" if "inbox/book.epub" in state else "")


def move_it(place: Place, rules: list[Rule]) -> None:
    """From the one folder to the other, as from a subfolder of the inbox that is on a file system of its own."""
    source = place.user / "book.epub"
    if not source.exists():
        return  # done before the stop
    data = source.read_bytes()
    move(source, place.inbox / "book.epub")
    rules.append(file_stays("inbox/book.epub", data))
    rules.append(lambda state: "it is where it was, too" if "user/book.epub" in state else "")


def drop_elsewhere(place: Place) -> bytes:
    data = drop(place)
    (place.inbox / "book.epub").unlink()
    (place.user / "book.epub").write_bytes(data)
    return data


def known_again(place: Place) -> bytes:
    data = in_library(place)
    (place.inbox / "second.epub").write_bytes(data)
    return data


def restart_it(place: Place, rules: list[Rule]) -> None:
    if not (place.inbox / "second.epub").exists():
        return  # done before the stop
    admit_all(place, rules, asked=Asked(force=True, request=BookRequest(style="ink")))
    (book,) = place.books().books()
    request = place.books().files(book).request
    rules.append(file_stays(f"library/{book}/data/request.json", request.read_bytes()))
    rules.append(lambda state: "restarted again" if "inbox/second.epub" in state else "")


def add_it(place: Place, rules: list[Rule]) -> None:
    path = copy_into(place.inbox, place.user / "book.epub", asked={"style": "ink"})
    rules.append(file_stays(f"inbox/{path.name}", (place.user / "book.epub").read_bytes()))
    rules.append(file_stays(f"inbox/{path.name}.toml", path.with_name(f"{path.name}.toml").read_bytes()))


def retry_it(place: Place, rules: list[Rule]) -> None:
    library = place.books()
    (book,) = library.books()
    attempt = library.update(book, retry_failed, durable=True).steps
    rules.append(manifest_says("to be tried again", lambda one: one.steps == attempt))


def whole_book(place: Place) -> bytes:
    path = make_epub(place.inbox / "book.epub", chapters=CHAPTERS, paragraphs=1)
    return path.read_bytes()


def complete_it(place: Place, rules: list[Rule]) -> None:
    """A whole life; after each task all that is completed stays so, with what was made for it."""
    admit_all(place, rules)
    first = len(rules)
    library = place.books()
    (book,) = library.books()
    give_back(library)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs, owner=dead_owner())
        held = claim_next(shop)
        while held is not None:
            held = perform_and_claim(shop, held)
            rules[first:] = _kept(library, book)
            held = held or claim_next(shop)


def give_back(library: Library) -> None:
    """What a restart does with the claims of the one that was stopped."""
    reaper = Reaper(library, clock=SystemClock(), stale_after_seconds=600.0, max_attempts=3, log=get_log())
    for _ in range(MORE_THAN_ENOUGH_REAPS):
        if not reaper.reap() and reaper.tidy(seconds=TIDY_SECONDS):
            return


def _kept(library: Library, book: str) -> list[Rule]:
    done = {str(task) for task, entry in library.read(book).entries() if entry.status is Status.COMPLETED}

    def has_all(one: Manifest) -> bool:
        return done <= {str(task) for task, entry in one.entries() if entry.status is Status.COMPLETED}

    files = library.files(book)
    made = [path for path in files.root.rglob("*") if path.is_file() and not path.name.startswith(".")]
    # The log says itself what a power cut took of it; the calls are for people, and progress.md is rendered anew.
    loose = {files.events, files.progress, *files.calls.glob("*")}
    paths = [f"library/{path.relative_to(library.root)}" for path in made if path not in loose]
    return [
        manifest_says(f"completed: {sorted(done)}", has_all),
        lambda state: " and ".join(path for path in paths if not state.get(path)),
    ]


SCENARIOS = {
    "admit": Scenario(prepare=drop, act=admit_all),
    "admit-just-dropped": Scenario(prepare=drop, act=admit_all, is_settled=False),
    "expel": Scenario(prepare=rejected_in_library, act=expel_all),
    "reject": Scenario(prepare=drop, act=reject_it),
    "reject-just-dropped": Scenario(prepare=drop, act=reject_it, is_settled=False),
    "move": Scenario(prepare=drop_elsewhere, act=move_it),
    "duplicate": Scenario(prepare=known_again, act=admit_all),
    "restart": Scenario(prepare=known_again, act=restart_it),
    "add": Scenario(prepare=drop_elsewhere, act=add_it, stops_before=()),
    "retry": Scenario(prepare=rejected_in_library, act=retry_it),
    "complete": Scenario(prepare=whole_book, act=complete_it, stops_before=(AFTER_MKDIR,)),
}


def stops(scenario: Scenario, seen: list[str]) -> list[int]:
    """The operations, from 1, before which it is stopped."""
    names = zip(seen, ["", *seen], strict=False)
    wanted = scenario.stops_before
    return [at for at, (name, before) in enumerate(names, 1) if name in wanted or f"after {before}" in wanted]


def play(scenario: Scenario, place: Place, *, stop_at: int) -> Recorder:
    """Do it, stopped at an operation and begun again, and ask the rules after each operation."""
    for folder in (place.inbox, place.library, place.user):
        folder.mkdir(parents=True)
    original = scenario.prepare(place)
    recorder = Recorder(disk=place.disk(is_settled=scenario.is_settled), stop_at=stop_at)
    if scenario.is_settled and homes(next(recorder.disk.states(recorder.chance))[1], original):
        recorder.rules.append(never_lost(original))
    with recorder.installed():
        if stop_at:
            with suppress(Stopped):
                scenario.act(place, recorder.rules)
        scenario.act(place, recorder.rules)
    recorder.ask("the end")
    return recorder


def main(name: str, folder: Path, other: Path) -> None:
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_apart"] = read_here
    scenario = SCENARIOS[name]

    def at(stop: int) -> Recorder:
        return play(scenario, Place(root=folder / str(stop), other=other / str(stop)), stop_at=stop)

    calm = at(0)
    complaints, tried = {"not stopped": calm.complaints[:SHOWN_COMPLAINTS]} if calm.complaints else {}, calm.count
    for stop in stops(scenario, calm.seen):
        stopped = at(stop)
        tried += stopped.count
        if stopped.complaints:
            complaints[f"stopped at {stop}"] = stopped.complaints[:SHOWN_COMPLAINTS]
    print(json.dumps({"operations": tried, "rules": len(calm.rules), "complaints": complaints}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
