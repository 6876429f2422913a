"""A dropper who means harm, as another user, while the endurance run goes on: swaps, links, pipes, lured readers.

He touches only what is named like his; what he has dropped is no part of what has to be where in the end.
"""

import contextlib
import itertools
import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.daemons import Daemon
from tests.support.epubs import make_epub
from tests.support.trees import files_below
from tests.support.users import DROPPER, TOKEN, end, start_as

HOSTILE = "hostile"
SECRET = f"{HOSTILE} secret.epub"
BOOKS = 12
PAUSE_SECONDS = 0.3
SWAPS = 200  # of one name


class Hostility:
    """The dropper's process, his books, and the secrets that he is after."""

    def __init__(self, daemon: Daemon, *, seed: int, seconds: float) -> None:
        """Make his folders; the inbox is open to everybody from now on."""
        self._daemon, self._seed, self._seconds = daemon, seed, seconds
        self._own, self._secrets = daemon.folder / HOSTILE, daemon.folder / "secrets"
        self._pid = 0
        daemon.folder.chmod(0o755)
        daemon.inbox.mkdir()
        daemon.inbox.chmod(0o777)  # not sticky: there, the kernel itself would refuse to follow his links
        self._secrets.mkdir(mode=0o700)
        self._own.mkdir()
        for number in range(BOOKS):
            make_epub(self._own / f"{number}.epub", title=f"Hostile {number}", chapters=1)
        secret = make_epub(self._secrets / SECRET, title="Secret", chapters=1)
        with zipfile.ZipFile(secret, "a") as archive:
            archive.comment = TOKEN.encode()
        for path in (self._own, *self._own.iterdir()):
            os.chown(path, DROPPER, DROPPER)

    def start(self) -> None:
        """Begin; before there are threads, because it forks."""
        self._pid = start_as(DROPPER, self._drop)

    def stop(self) -> None:
        """End it, if it has not ended by itself."""
        if self._pid:
            end(self._pid)
            self._pid = 0

    @property
    def count(self) -> int:
        """How often he has swapped something."""
        tally = self._own / "tally"
        return len(tally.read_bytes()) if tally.exists() else 0

    def problems(self) -> Iterator[str]:
        """Where his catch is, if he has made any."""
        places = (self._daemon.inbox, self._daemon.library)
        log = [(self._daemon.log, self._daemon.log.read_bytes())]
        for path, data in itertools.chain(*map(files_below, places), log):
            if TOKEN.encode() in data:
                yield f"a secret is in {path.name!r}"
        if TOKEN in str(self._daemon.status()):
            yield "a secret is in the status"

    def _drop(self) -> None:
        choose = random.Random(self._seed)
        ends_at = time.monotonic() + self._seconds
        for number in itertools.count():
            if time.monotonic() > ends_at:
                return
            attack = choose.choice((self._links, self._pipes, self._saves, self._folders, self._sidecars))
            with contextlib.suppress(OSError):  # the daemon was quicker
                attack(f"{HOSTILE} {number}", choose)
            time.sleep(choose.uniform(0.0, PAUSE_SECONDS))

    def _good(self, choose: random.Random) -> Path:
        copy = self._own / "copy"
        shutil.copyfile(self._own / f"{choose.randrange(BOOKS)}.epub", copy)
        copy.chmod(0o644)
        return copy

    def _swap(self, name: str, choose: random.Random, make: Callable[[Path], object]) -> None:
        """A good book, that is another thing for a moment again and again from when it settles."""
        target, hidden = self._daemon.inbox / f"{name}.epub", self._daemon.inbox / f".{name}"
        self._good(choose).rename(target)
        time.sleep(choose.uniform(0.0, 1.2))
        for _ in range(SWAPS):
            with contextlib.suppress(FileExistsError):
                make(hidden)
            hidden.rename(target)
            self._good(choose).rename(target)
            self._note()

    def _links(self, name: str, choose: random.Random) -> None:
        self._swap(name, choose, lambda path: path.symlink_to(self._secrets / SECRET))

    def _pipes(self, name: str, choose: random.Random) -> None:
        self._swap(name, choose, os.mkfifo)

    def _saves(self, name: str, choose: random.Random) -> None:
        self._swap(name, choose, lambda path: shutil.copyfile(self._own / "0.epub", path))

    def _folders(self, name: str, choose: random.Random) -> None:
        """A folder that is a link to the secrets for moments."""
        folder, away, lure = (self._daemon.inbox / name, self._daemon.inbox / f".{name} d", self._own / "lure")
        folder.mkdir()
        self._good(choose).rename(folder / SECRET)
        time.sleep(choose.uniform(0.0, 1.2))
        for _ in range(SWAPS):
            folder.rename(away)
            lure.symlink_to(self._secrets)
            lure.rename(folder)
            folder.unlink()
            away.rename(folder)
            self._note()

    def _sidecars(self, name: str, choose: random.Random) -> None:
        sidecar = self._daemon.inbox / f"{name}.toml"
        if choose.random() < 0.5:
            sidecar.symlink_to(self._secrets / SECRET)
        else:
            os.mkfifo(sidecar)
        self._good(choose).rename(self._daemon.inbox / f"{name}.epub")
        self._note()

    def _note(self) -> None:
        with (self._own / "tally").open("ab") as tally:
            tally.write(b"x")


def is_hostile(path: Path, *, below: Path) -> bool:
    """Whether something is the dropper's, or was made of it."""
    return any(part.lstrip(".").startswith(HOSTILE) for part in path.relative_to(below).parts)
