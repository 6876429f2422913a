"""Two users who share an inbox: the daemon's and a dropper who means harm. Their work runs in forked children."""

import codecs
import os
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import DEADLINE_SECONDS

DAEMON, DROPPER, GROUP = 61_001, 61_002, 61_010
TOKEN = "sk-never-to-be-seen"
MEMORY = Path("/dev/shm")
POLL_SECONDS = 0.01
LAZY = ("cp437", "idna")  # loaded when first used, from an interpreter that other users may not be able to read


@dataclass(frozen=True, slots=True)
class Shared:
    """A folder with an inbox that both write to, a library and secrets that only the daemon's user reads."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def library(self) -> Path:
        return self.root / "library"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def key(self) -> Path:
        return self.secrets / "key"

    @property
    def dropper(self) -> Path:
        """A folder of the dropper's own, on the same file system."""
        return self.root / "dropper"

    def leaks(self) -> list[str]:
        """Where the secret is besides its own place, as bytes of a file; links are not followed."""
        files = (path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())
        others = (path for path in files if not path.is_relative_to(self.secrets))
        return [str(path.relative_to(self.root)) for path in others if TOKEN.encode() in path.read_bytes()]


@contextmanager
def shared_folders(*, mode: int = 0o2770) -> Iterator[Shared]:
    """The folders, for two users; skips where nobody can become another user."""
    if os.geteuid() != 0:
        pytest.skip("only root can become two other users")
    # Pytest's own folders are closed to other users; and hundreds of books are synced.
    root = Path(tempfile.mkdtemp(prefix="imz-", dir=MEMORY if MEMORY.is_dir() else None))
    shared = Shared(root)
    try:
        root.chmod(0o755)
        for folder, owner, bits in (
            (shared.inbox, DAEMON, mode),
            (shared.library, DAEMON, 0o750),
            (shared.secrets, DAEMON, 0o700),
            (shared.dropper, DROPPER, 0o2755),
        ):
            folder.mkdir()
            os.chown(folder, owner, GROUP)
            folder.chmod(bits)
        for path in (shared.key, shared.secrets / "secret.epub"):
            path.write_text(TOKEN)
            os.chown(path, DAEMON, DAEMON)
            path.chmod(0o600)
        yield shared
    finally:
        shutil.rmtree(root)


def start_as(user: int, work: Callable[[], object]) -> int:
    """Do it in a forked child that is this user and no other; returns the child's pid."""
    for encoding in LAZY:
        codecs.lookup(encoding)
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setgroups([GROUP])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        os.umask(0o007)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the boundary: the child ends here
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(pid: int, *, seconds: float) -> int:
    """The child's exit code; it is killed, and that is an error, if it takes longer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(POLL_SECONDS)
    end(pid)
    raise AssertionError(f"it blocked: not over after {seconds:g} s")


def end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def do_as(user: int, work: Callable[[], object], *, seconds: float = DEADLINE_SECONDS) -> None:
    """Do it as this user, and see that it ends well and in time."""
    assert ended(start_as(user, work), seconds=seconds) == 0
