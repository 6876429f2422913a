"""Which hosts there are: each says so every few seconds, sealed, and is forgotten when it does no more."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

from imaginized.remote.seal import Seal
from imaginized.settings.vendors import Use

SAID_SECONDS = 2.0
GONE_SECONDS = 12
SHOWN_SECONDS = 30.0  # what was seen before that is not shown
HOST_MARK = "im:h:"
SEEN = ".imaginized.hosts.json"  # in the library: what home saw last, for people


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSeen:
    """A host as it says itself.

    Attributes:
        spec: What it has of what must be the same as at home, each by a digest: version, prompts.
        uses: What it takes: text, image.
        busy: How many of its slots are at work.
    """

    id: str
    name: str
    spec: Mapping[str, str]
    uses: tuple[Use, ...]
    slots: int
    busy: int

    def differs(self, spec: Mapping[str, str]) -> str:
        """In what it differs from home, for people; "" where it may work."""
        names = [name for name in spec if self.spec.get(name) != spec[name]]
        return " and ".join(f"other {name} ({self.spec.get(name, 'none')}; here {spec[name]})" for name in names)


class Marks(Protocol):
    """The marks of a broker."""

    def names(self, start: str) -> list[str]:
        """Those that begin so."""

    def marked(self, name: str) -> bytes | None:
        """What is marked there."""

    def mark(self, name: str, *, seconds: int, data: bytes = b"1") -> None:
        """Mark it for so long."""


def say_here(marks: Marks, seal: Seal, host: HostSeen) -> None:
    """Say that a host is there."""
    name = f"{HOST_MARK}{host.id}"
    marks.mark(name, seconds=GONE_SECONDS, data=seal.close(json.dumps(asdict(host)).encode(), about=name))


def hosts_seen(marks: Marks, seal: Seal) -> list[HostSeen]:
    """The hosts that are there now, by name."""
    found = []
    for name in marks.names(HOST_MARK):
        sealed = marks.marked(name)
        data = seal.open(sealed, about=name) if sealed else None
        if data is not None:
            with suppress(KeyError):
                found.append(_seen(json.loads(data)))
    return sorted(found, key=lambda host: (host.name, host.id))


def _seen(row: dict[str, Any]) -> HostSeen:
    """A host of any version: it may say more than we know of. Raises KeyError: it says less than is needed."""
    told = {each.name: row[each.name] for each in fields(HostSeen)}
    return HostSeen(**{**told, "uses": tuple(row["uses"])})
