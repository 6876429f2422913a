"""A real daemon whose file operations are counted, each with its path: the same figures on every machine.

The wall clock says nothing on a busy machine, and `strace` is not everywhere: `counted/sitecustomize.py` notes each
operation as a line of a file, in every process that Python starts with it on its path.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.support.daemons import Daemon

HOOK = Path(__file__).parent / "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One file operation of one process."""

    pid: int
    kind: str
    size: int
    path: str


@contextmanager
def daemon(options: Mapping[str, object], *, counts: bool = False) -> Iterator[Daemon]:
    """A running daemon below a short path, whose operations are counted if so asked."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        folder = Path(short)
        environment = {"PYTHONPATH": str(HOOK), "BENCH_COUNTS": str(folder / "counts")} if counts else {}
        running = Daemon(folder=folder, options=options, environment=environment)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def operations(running: Daemon) -> list[Operation]:
    """All that its processes did so far."""
    found = []
    for line in (running.folder / "counts").read_text(errors="replace").splitlines():
        pid, kind, size, path = line.split("\t", 3)
        found.append(Operation(pid=int(pid), kind=kind, size=int(size), path=path))
    return found


def worker_pids(running: Daemon) -> list[int]:
    """The processes of its workers."""
    return [cast(int, row["pid"]) for row in running.workers() if row["pid"]]


def endpoint_options(base_url: str, *, workers: int, key_file: Path | None = None, **more: object) -> dict[str, object]:
    """Settings for books that an endpoint reads and draws."""
    options: dict[str, object] = {
        "provider.text": "openai",
        "provider.image": "openai",
        "openai.base_url": base_url,
        "openai.text_model": "reader-1",
        "openai.image_model": "painter-1",
        "workers.max_concurrency": workers,
        "guide.pages_per_image": 1,
        "guide.formats": ["markdown"],
    }
    if key_file is not None:
        options["openai.api_key_file"] = str(key_file)
    return {**options, **{name.replace("__", "."): value for name, value in more.items()}}


def kinds(found: Sequence[Operation], *, is_meant: Callable[[Operation], bool] = lambda _: True) -> Counter[str]:
    """How many of each kind."""
    return Counter(each.kind for each in found if is_meant(each))
