"""Which hosts there are: each says so every few seconds, sealed, and is forgotten when it does no more."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, field, fields
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
        busy: How many of its slots are at work; all of them once it was told to stop.
        said: How often it has said so; 0 of one of an earlier version.
        refused: How many messages it has dropped that were no offers of ours.
    """

    id: str
    name: str
    spec: Mapping[str, str]
    uses: tuple[Use, ...]
    slots: int
    busy: int
    said: int = 0
    refused: int = 0

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


@dataclass(kw_only=True)
class Lookout:
    """Sees again and again which hosts there are. Who has kept an old word of a host cannot show it as being there.

    Attributes:
        strangers: Of the last look: marks that our key does not open.
    """

    marks: Marks
    seal: Seal
    strangers: int = 0
    _heard: dict[str, tuple[int, float]] = field(default_factory=dict)

    def look(self, *, now: float) -> list[HostSeen]:
        """The hosts that are there, by name. `now` is monotonic."""
        found, self.strangers = [], 0
        for name in self.marks.names(HOST_MARK):
            sealed = self.marks.marked(name)
            data = self.seal.open(sealed, about=name) if sealed else None
            if data is not None:
                with suppress(KeyError):
                    found.append(_seen(json.loads(data)))
            elif sealed:
                self.strangers += 1
        there = {host.id: host for host in found if self._is_there(host, now=now)}
        return sorted(there.values(), key=lambda host: (host.name, host.id))

    def _is_there(self, host: HostSeen, *, now: float) -> bool:
        """Whether it has said something new within the time after which it is gone."""
        said, at = self._heard.get(host.id, (-1, now))
        if host.said > said or not host.said:
            said, at = host.said, now
        self._heard[host.id] = said, at
        return now - at <= GONE_SECONDS


def _seen(row: dict[str, Any]) -> HostSeen:
    """A host of any version: it may say more than we know of. Raises KeyError: it says less than is needed."""
    told = {
        each.name: row[each.name] if each.default is MISSING else row.get(each.name, 0) for each in fields(HostSeen)
    }
    return HostSeen(**{**told, "uses": tuple(row["uses"])})
