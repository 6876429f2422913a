"""What a host asks home and what home answers. A frame is a JSON head and the whole files that go with it."""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

_HEAD = struct.Struct(">I")

Values = Mapping[str, object]


class Ask(StrEnum):
    """Every question. All are safe to repeat: what was answered is not done again."""

    BEGIN = "begin"  # → the task, its inputs, the settings that matter
    STEP = "step"  # may the work go on
    STORE = "store"  # keep an answer that was paid for
    RECALL = "recall"  # what was answered before
    KEEP = "keep"  # make a finished part durable
    FORGET = "forget"  # an answer is needed no more
    ALONE = "alone"  # nobody else may ask the same
    TOGETHER = "together"  # others may again
    RESERVE = "reserve"
    SETTLE = "settle"
    CANCEL = "cancel"
    PERMIT = "permit"
    GIVE_BACK = "give_back"
    HEARD = "heard"  # what an endpoint said, for the limiter
    DONE = "done"
    FAILED = "failed"
    PLACE = "place"  # where in the store a file may be put
    BEAT = "beat"  # from the side thread: the host lives


class Said(StrEnum):
    """Every kind of answer."""

    OK = "ok"
    ERROR = "error"
    LATER = "later"  # it was heard, and takes time
    HERE = "here"  # to a beat
    ABSENT = "absent"  # nothing was done: a file that goes with it is not in the store, or is another one
    GONE = "gone"  # the claim is over, or another host has it
    ADOPT = "adopt"  # home was started again: go on under this epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that does not travel in the message.

    Attributes:
        name: In the store.
        digest: SHA-256 of the file, hexadecimal.
        size: Its bytes.
        url: Where it can be had without credentials; "" for home, which has them.
    """

    name: str
    digest: str
    size: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        run: The host's work on one offer; two that took the same offer are told apart by it.
        number: Counted up by the run, beats by themselves.
        blobs: Whole files.
        stored: Beside them, in the same order: what stands for an empty one that lies in a store.
    """

    run: str
    number: int
    ask: Ask
    values: Values = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()
    stored: tuple[Stored | None, ...] = ()

    def frame(self) -> bytes:
        """It as bytes."""
        head = {"run": self.run, "n": self.number, "ask": str(self.ask), "values": self.values}
        return _frame(head, self.blobs, self.stored)

    @classmethod
    def of(cls, frame: bytes) -> "Question":
        """It from bytes. Raises ValueError, KeyError."""
        head, blobs = _unframed(frame)
        number, values = head["n"], head["values"]
        if not isinstance(number, int) or not isinstance(values, dict):
            raise ValueError("not a question")
        run, ask, stored = str(head["run"]), Ask(str(head["ask"])), _stored(head)
        return cls(run=run, number=number, ask=ask, values=values, blobs=blobs, stored=stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered; `number` is the question's, blobs and stored are as there."""

    number: int
    said: Said
    values: Values = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()
    stored: tuple[Stored | None, ...] = ()

    def frame(self) -> bytes:
        """It as bytes."""
        return _frame({"n": self.number, "said": str(self.said), "values": self.values}, self.blobs, self.stored)

    @classmethod
    def of(cls, frame: bytes) -> "Answer":
        """It from bytes. Raises ValueError, KeyError."""
        head, blobs = _unframed(frame)
        number, values = head["n"], head["values"]
        if not isinstance(number, int) or not isinstance(values, dict):
            raise ValueError("not an answer")
        said, stored = Said(str(head["said"])), _stored(head)
        return cls(number=number, said=said, values=values, blobs=blobs, stored=stored)


def _frame(head: Mapping[str, object], blobs: Sequence[bytes], stored: Sequence[Stored | None]) -> bytes:
    row: dict[str, object] = {**head, "sizes": [len(blob) for blob in blobs]}
    if any(stored):
        row["stored"] = [asdict(each) if each else None for each in stored]
    told = json.dumps(row, ensure_ascii=False).encode(errors="surrogatepass")
    return b"".join((_HEAD.pack(len(told)), told, *blobs))


def _stored(head: Mapping[str, Any]) -> tuple[Stored | None, ...]:
    rows = head.get("stored", ())
    try:
        stored = tuple(Stored(**row) if row else None for row in rows)
    except TypeError as error:
        raise ValueError("not a file in a store") from error
    if stored and len(stored) != len(head["sizes"]):
        raise ValueError("not as many as there are files")
    return stored


def _unframed(frame: bytes) -> tuple[dict[str, object], tuple[bytes, ...]]:
    if len(frame) < _HEAD.size:
        raise ValueError("too short")
    (length,) = _HEAD.unpack_from(frame)
    end = _HEAD.size + length
    head = json.loads(frame[_HEAD.size : end].decode(errors="surrogatepass"))
    sizes = head["sizes"] if isinstance(head, dict) else None
    if not isinstance(sizes, list) or end + sum(sizes) != len(frame):
        raise ValueError("cut short")
    blobs = []
    for size in sizes:
        blobs.append(frame[end : end + size])
        end += size
    return head, tuple(blobs)
