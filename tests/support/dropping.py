"""The ways in which books and other things come into an inbox, each as steps with pauses between them.

Nothing here runs a daemon; `enduring` drops and judges.
"""

import hashlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.inbox.aside import DUPLICATES, FAILED
from tests.support.contents import (
    Maker,
    encrypted,
    half,
    no_chapters,
    novel,
    small_epub,
    small_pdf,
    web_page,
    with_password,
)
from tests.support.epubs import make_epub

LIBRARY, NOWHERE = "library", "nowhere"
PROFILE = "ink"
STYLE = "ink and wash"
CHUNKS = 4
STALL_SECONDS = 1.5  # several times the settle time

Steps = Iterator[float]  # does something, yields the seconds until it goes on


@dataclass(slots=True, kw_only=True)
class Place:
    """Where things are dropped, and what has been so far.

    Attributes:
        inbox: Of the daemon.
        outside: A folder on the same file system, from which things are moved.
        choose: Of all that is left to chance.
        settle_seconds: Of the daemon.
        whole: Files that are in the library by now, or will be, to be dropped once more.
    """

    inbox: Path
    outside: Path
    choose: random.Random
    settle_seconds: float
    whole: list[Path] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Drop:
    """One thing that is dropped in one way.

    Attributes:
        kind: Its way.
        name: What it, or the first of it, is called in the inbox.
        digests: What has to be where in the end: how many files of each content, in each place it may be in.
        named: Names that have to be in `.failed`, of what is no file with a content.
        asked: Whether it was dropped with a sidecar.
        is_over: Whether all its steps are done.
    """

    kind: str
    name: str
    digests: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    asked: bool = False
    is_over: bool = False

    def expect(self, file: Path, place: str) -> None:
        """This content will be there once more."""
        self.digests[digest_of(file), place] += 1


Way = Callable[[Place, Path, Drop], Steps]


def digest_of(file: Path) -> str:
    """SHA-256, hex."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def copied(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    place.whole.append(file)
    shutil.copyfile(file, place.inbox / drop.name)
    yield from ()


def moved(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    place.whole.append(file)
    shutil.copyfile(file, place.outside / drop.name).rename(place.inbox / drop.name)
    yield from ()


def linked(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    os.link(file, place.inbox / drop.name)
    yield from ()


def written_slowly(place: Place, file: Path, drop: Drop) -> Steps:
    """With stalls longer than the settle time, and the file open."""
    drop.expect(file, LIBRARY)
    with (place.inbox / drop.name).open("wb", buffering=0) as writing:
        for chunk in _chunks(file):
            writing.write(chunk)
            yield place.choose.uniform(0.0, STALL_SECONDS)


def appended_to(place: Place, file: Path, drop: Drop) -> Steps:
    """Closed and reopened, with stalls longer than the settle time."""
    drop.expect(file, LIBRARY)
    for chunk in _chunks(file):
        with (place.inbox / drop.name).open("ab") as writing:
            writing.write(chunk)
        yield place.choose.uniform(0.0, STALL_SECONDS)


def preallocated(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    target = place.inbox / drop.name
    with target.open("wb") as writing:
        writing.truncate(file.stat().st_size)
    yield STALL_SECONDS
    with target.open("r+b", buffering=0) as writing:
        for chunk in _chunks(file):
            writing.write(chunk)
            yield place.choose.uniform(0.0, STALL_SECONDS)


def renamed_when_whole(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    partial = place.inbox / place.choose.choice(
        (f"{drop.name}.part", f".{drop.name}.Ab12cd", f"{drop.name}.crdownload")
    )
    shutil.copyfile(file, partial)
    yield place.choose.uniform(0.0, STALL_SECONDS)
    partial.rename(place.inbox / drop.name)


def renamed_after(place: Place, file: Path, drop: Drop) -> Steps:
    """Renamed by a person, just when it is about to be taken, or was."""
    drop.expect(file, LIBRARY)
    target = place.inbox / drop.name
    shutil.copyfile(file, target)
    yield place.choose.uniform(0.5, 1.5) * place.settle_seconds
    if target.exists():
        _try(lambda: target.rename(place.inbox / f"Renamed {drop.name}"))


def replaced(place: Place, file: Path, drop: Drop) -> Steps:
    """By the same name as another book's, a moment later: both are kept, or the first one was gone before."""
    first = make_epub(place.outside / f"first {drop.name}", title=f"First of {drop.name}", chapters=2)
    shutil.copyfile(first, place.inbox / drop.name)
    drop.expect(first, f"{LIBRARY} or {NOWHERE}")
    drop.expect(file, LIBRARY)
    yield place.choose.uniform(0.5, 1.5) * place.settle_seconds
    shutil.copyfile(file, place.outside / drop.name).replace(place.inbox / drop.name)


def withdrawn(place: Place, file: Path, drop: Drop) -> Steps:
    """Deleted by a person, just when it is about to be taken, or was."""
    drop.expect(file, f"{LIBRARY} or {NOWHERE}")
    target = place.inbox / drop.name
    shutil.copyfile(file, target)
    yield place.choose.uniform(0.5, 1.5) * place.settle_seconds
    target.unlink(missing_ok=True)


def in_a_folder(place: Place, file: Path, drop: Drop) -> Steps:
    """A tree moved in, with two books and something else."""
    folder = place.outside / f"Folder {drop.name}.d"
    (folder / "deep").mkdir(parents=True)
    (folder / "notes.txt").write_text("not a book")
    second = make_epub(folder / "deep" / f"second {drop.name}", title=f"Second of {drop.name}", chapters=2)
    for each in (file, second):
        drop.expect(each, LIBRARY)
    shutil.copyfile(file, folder / drop.name)
    folder.rename(place.inbox / folder.name)
    yield from ()


def with_profile(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    folder = place.inbox / PROFILE
    folder.mkdir(exist_ok=True)
    yield place.choose.uniform(0.0, STALL_SECONDS)
    shutil.copyfile(file, folder / drop.name)


def with_sidecar(place: Place, file: Path, drop: Drop) -> Steps:
    """In any order."""
    drop.expect(file, LIBRARY)
    drop.asked = True
    sidecar = place.inbox / f"{drop.name}.toml"
    is_first = place.choose.random() < 0.5
    if is_first:
        sidecar.write_text(f'style = "{STYLE}"\n')
        yield place.choose.uniform(0.0, STALL_SECONDS)
    shutil.copyfile(file, place.inbox / drop.name)
    if not is_first:
        sidecar.write_text(f'style = "{STYLE}"\n')


def hostile_name(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    stem = f"{file.stem}\n\x1b[31m../".replace("/", "\\") + os.fsdecode(b"\xff\xfe") + "ü" * 90
    shutil.copyfile(file, place.inbox / f"{stem}{file.suffix}")
    yield from ()


def twice_at_once(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, LIBRARY)
    drop.expect(file, DUPLICATES)
    for name in (drop.name, f"Again {drop.name}"):
        shutil.copyfile(file, place.inbox / name)
    yield from ()


def again(place: Place, file: Path, drop: Drop) -> Steps:
    """What is in the library, or on its way there, under another name."""
    if not place.whole:
        yield from copied(place, file, drop)
        return
    old = place.choose.choice(place.whole)
    drop.expect(old, DUPLICATES)
    shutil.copyfile(old, place.inbox / f"Again {drop.name.removesuffix(file.suffix)}{old.suffix}")


def broken(place: Place, file: Path, drop: Drop) -> Steps:
    drop.expect(file, FAILED)
    shutil.copyfile(file, place.inbox / drop.name)
    yield from ()


def no_file(place: Place, file: Path, drop: Drop) -> Steps:
    """A link to a book outside, a pipe, a folder named like a book, an empty file."""
    target = place.inbox / drop.name
    drop.named.append(drop.name)
    what = place.choose.choice(("link", "dangling", "pipe", "folder", "empty"))
    if what == "link":
        target.symlink_to(file)
    elif what == "dangling":
        target.symlink_to(place.outside / "not there")
    elif what == "pipe":
        os.mkfifo(target)
    elif what == "folder":
        target.mkdir()
        shutil.copyfile(file, target / "inner.txt")
    else:
        target.touch()
    yield from ()


def _chunks(file: Path) -> Iterator[bytes]:
    data = file.read_bytes()
    size = len(data) // CHUNKS + 1
    yield from (data[at : at + size] for at in range(0, len(data), size))


def _try(act: Callable[[], object]) -> None:
    """What a person does to a file that may be gone."""
    try:
        act()
    except FileNotFoundError:
        return


KINDS: Mapping[str, tuple[int, Maker, Way]] = {  # how often, what, how; the first ones are the most telling
    "cp": (6, small_epub, copied),
    "slow writer": (5, small_epub, written_slowly),
    "mv": (5, small_epub, moved),
    "twice at once": (3, small_epub, twice_at_once),
    "renamed": (4, small_epub, renamed_after),
    "broken: half": (2, half, broken),
    "duplicate": (6, small_epub, again),
    "broken: no chapters": (2, no_chapters, broken),
    "PDF": (3, small_pdf, copied),
    "temporary name": (4, small_epub, renamed_when_whole),
    "appended to": (4, small_epub, appended_to),
    "preallocated": (4, small_epub, preallocated),
    "hard link": (2, small_epub, linked),
    "replaced": (3, small_epub, replaced),
    "withdrawn": (3, small_epub, withdrawn),
    "folder": (3, small_epub, in_a_folder),
    "profile": (3, small_epub, with_profile),
    "sidecar": (4, small_epub, with_sidecar),
    "hostile name": (2, small_epub, hostile_name),
    "novel": (0, novel, copied),
    "broken: HTML": (2, web_page, broken),
    "broken: DRM": (1, encrypted, broken),
    "broken: password": (1, with_password, broken),
    "no file": (4, small_epub, no_file),
}
