"""Keeps a library of this version for later ones: python -m tests.support.keeping tests/fixtures/library-VERSION

One book is finished, one is half way with a claim of a worker that is dead. Names of the machine are taken out.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from imaginized.providers.scripted import Script, scripted
from imaginized.store.files import MANIFEST
from imaginized.store.owners import current_owner
from tests.support.daemons import Daemon, daemon_in, processes_of
from tests.support.epubs import make_epub

KEPT_FOR_ONE_MACHINE = ("*.lock", "*.flock", "*.sqlite*")
DAY, BOOT = "2026-01-01", "00000000-0000-0000-0000-000000000000/0"
DONE, HALF = "A Finished Book", "A Half Book"


def keep(target: Path) -> None:
    with tempfile.TemporaryDirectory() as place, scripted(Script()) as server:
        running = daemon_in(
            Path(place),
            faults="illustrate-2:stop",
            workers__max_concurrency=1,
            provider__image="openai",
            openai__base_url=server.base_url,
            openai__image_model="m",
        )
        with running as daemon:
            daemon.drop(make_epub(Path(place) / "finished.epub", title=DONE, chapters=1, paragraphs=4))
            daemon.wait_for_phases("done")
            daemon.drop(make_epub(Path(place) / "half.epub", title=HALF, chapters=3, paragraphs=4))
            daemon.wait_for(lambda: _is_stopped(daemon), "the worker stops half way")
            daemon.kill()
            shutil.copytree(daemon.library, target, ignore=shutil.ignore_patterns(*KEPT_FOR_ONE_MACHINE))
            _end(daemon)
    _forget_the_machine(target)


def _is_stopped(daemon: Daemon) -> bool:
    return any(_state(pid) == "T" for pid in processes_of(daemon))


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _end(daemon: Daemon) -> None:
    for pid in processes_of(daemon):
        os.kill(pid, signal.SIGKILL)


def _forget_the_machine(library: Path) -> None:
    """No lengths change but in manifests: a manifest vouches for the size of its book's events."""
    here = current_owner("x", pid=os.getpid())
    for path in library.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".md", ".html"):
            text = re.sub(r"\b20\d\d-\d\d-\d\d(?=T|\b)", DAY, path.read_text())
            if path.name == MANIFEST:
                text = text.replace(f"@{here.host}:", "@host:").replace(here.boot, BOOT)
            path.write_text(text)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
