"""An offer: what the engine brings to a free host, sealed; and the spec, which tells who may take it."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path

from imaginized.queue.manifest import Stage, Task
from imaginized.remote.seal import Seal
from imaginized.settings.vendors import Use
from imaginized.version import VERSION

OFFER_VERSION = 1
SPEC_DIGITS = 12
RUN_MARK = "im:r:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A task that a host may take.

    Attributes:
        home: Whose, by a name that says nothing.
        talk: The conversation about it; random, so that nothing said in another one is taken for part of it.
        epoch: Of the process at home that answers; another one takes up a conversation under an epoch of its own.
        beat_seconds: How often the host is to be heard.
        patience_seconds: How long it is to wait for home.
        hang_seconds: A task whose code is silent for so long is ended by the host itself.
        store_bytes: Files of so many bytes go through a store; 0: all go in the messages.
    """

    v: int = OFFER_VERSION
    home: str
    talk: str
    epoch: str
    book: str
    stage: str
    chapter: int
    beat_seconds: float
    patience_seconds: float
    hang_seconds: float = 300.0
    store_bytes: int = 0

    @property
    def task(self) -> Task:
        """What it is about."""
        return Task(stage=Stage(self.stage), chapter=self.chapter)

    @property
    def questions(self) -> str:
        """The box that home listens at."""
        return f"im:q:{self.talk}"

    def answers(self, run: str) -> str:
        """The box that a run listens at."""
        return f"im:a:{self.talk}:{run}"

    @property
    def mark(self) -> str:
        """What is there for as long as home listens."""
        return f"im:o:{self.talk}"

    def about(self, box: str) -> str:
        """What is sealed for a box."""
        return f"{box}|{self.epoch}"

    def sealed(self, seal: Seal, *, queue: str) -> bytes:
        """It for a queue."""
        return seal.close(json.dumps(asdict(self), ensure_ascii=False).encode(), about=queue)

    def renewed(self) -> "Offer":
        """The same conversation under a new epoch."""
        return replace(self, epoch=new_id())


def run_mark(seal: Seal, *, home: str, queue: str, book: str, stage: str, chapter: int) -> str:
    """Where a host notes that it works on a task, for another process of the same home to find it.

    The queue is in it: a home that has another version or other prompts since takes up nothing of a host that has not.
    """
    return f"{RUN_MARK}{seal.name(home, queue, book, stage, chapter)}"


def new_id() -> str:
    """A random name."""
    return secrets.token_hex(12)


def opened(sealed: bytes, seal: Seal, *, queue: str) -> Offer | None:
    """The offer; None for what is none of ours, or not for this queue."""
    data = seal.open(sealed, about=queue)
    try:
        row = json.loads(data) if data is not None else None
        return Offer(**row) if isinstance(row, dict) and row.get("v") == OFFER_VERSION else None
    except (ValueError, TypeError):
        return None


def queue_of(use: Use, spec: str) -> str:
    """The engine's queue for a use."""
    return f"im.{use}.{spec}"


def spec_parts(prompts: Path | None) -> Mapping[str, str]:
    """What a host must have the same as home, each by a digest: the version, and every text that a model is told.

    Args:
        prompts: The folder of a person's own; None for none.

    Raises:
        OSError: It cannot be read.
    """
    bundled = resources.files("imaginized.providers.openai") / "prompts"
    own = sorted(path for path in prompts.rglob("*") if path.is_file()) if prompts else []
    told = [(path.relative_to(prompts).as_posix(), path.read_bytes()) for path in own] if prompts else []
    shipped = [
        (each.name, each.read_bytes()) for each in sorted(bundled.iterdir(), key=lambda one: one.name) if each.is_file()
    ]
    return {"version": VERSION, "prompts": _digest((*shipped, *told))}


def spec_of(parts: Mapping[str, str]) -> str:
    """The name of all of it."""
    return _digest((name, value.encode()) for name, value in sorted(parts.items()))


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256()
    for name, data in files:
        whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()[:SPEC_DIGITS]
