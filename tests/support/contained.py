"""The image of deploy/Containerfile without an engine: its words, carried out in namespaces on this machine's files."""

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.booted import PYTHON_PLACES
from tests.support.slowness import at_most
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
SCRIPT = Path(__file__).with_name("contained.sh")
UID = 23456  # nobody's
NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--net")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What the last stage of the Containerfile says.

    Attributes:
        steps: Its shell commands that need no package registry.
    """

    environment: Mapping[str, str]
    entrypoint: list[str]
    command: list[str]
    health: list[str]
    user: str
    volumes: list[str]
    steps: str


def image() -> Image:
    """Read it."""
    text = re.sub(r"\\\n\s*", "", CONTAINERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    said = [line.partition(" ")[::2] for line in lines[last:]]

    def only(word: str) -> str:
        (found,) = [rest for name, rest in said if name == word]
        return found

    steps = [rest for name, rest in said if name == "RUN" and "apt-get" not in rest]
    return Image(
        environment=dict(pair.split("=", 1) for pair in shlex.split(only("ENV"))),
        entrypoint=json.loads(only("ENTRYPOINT")),
        command=json.loads(only("CMD")),
        health=json.loads(only("HEALTHCHECK").partition(" CMD ")[2]),
        user=only("USER"),
        volumes=json.loads(only("VOLUME")),
        steps="\n".join(steps),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """A running container.

    Attributes:
        pid: Of its PID 1, out here.
        volumes: The folder of its volumes.
    """

    pid: int
    process: subprocess.Popen[bytes]
    volumes: Path

    def within(self, *namespaces: str) -> tuple[str, ...]:
        """What puts a command of out here into these of its namespaces."""
        return ("nsenter", "--target", str(self.pid), *namespaces)

    def words(self, *command: str) -> list[str]:
        """What `podman exec` does."""
        into = (*self.within(*NAMESPACES, "--root"), "sh", "-c", 'cd / && exec "$@"', "sh")
        return [*into, *_as_user(), *command]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Do it, and wait for its end."""
        return subprocess.run(self.words(*command), capture_output=True, text=True, timeout=at_most(30.0))

    def healthy(self) -> bool:
        """What its HEALTHCHECK says."""
        return self.run(*image().health).returncode == 0


def _as_user() -> list[str]:
    """Under a user id that nothing knows, without any right, with the image's variables only."""
    environment = [f"{name}={value}" for name, value in image().environment.items()]
    rights = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    return [
        *("setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", *rights),
        *("env", "-i", *environment, *PYTHON_PLACES),
    ]


@contextmanager
def contained(folder: Path) -> Iterator[Contained]:
    """Start it with volumes below a folder; it is stopped at the end."""
    volumes, place, said = folder / "volumes", folder / "place", image()
    for name in ("inbox", "library", "secrets"):
        (volumes / name).mkdir(parents=True)
        os.chown(volumes / name, UID, UID)
    place.mkdir()
    where = [str(place), sys.base_prefix, sysconfig.get_path("purelib"), str(ROOT), str(volumes), said.steps]
    command = [*_as_user(), *said.entrypoint, *said.command]
    words = ["unshare", *NAMESPACES, "--fork", "--kill-child", "sh", str(SCRIPT), *where, *command]
    with (folder / "log").open("wb") as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            eventually(lambda: _child_of(process.pid) != 0)
            yield Contained(pid=_child_of(process.pid), process=process, volumes=volumes)
        finally:
            process.kill()


def _child_of(pid: int) -> int:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found[0]) if found else 0
