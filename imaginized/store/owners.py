"""Who owns a claim: a process named so that it can be proven dead, on this boot or after it. Never guesses."""

import socket
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from imaginized.queue.manifest import Claim

PROC = Path("/proc")


class Liveness(StrEnum):
    """What can be said of an owner."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process, by everything that tells it from any other.

    Attributes:
        name: The slot it works in ("worker-1").
        host: Host name.
        pid: In its own pid namespace.
        start: Start time in clock ticks since boot, as /proc has it; tells a reused pid.
        boot: Boot id and pid namespace.
    """

    name: str
    host: str
    pid: int
    start: int
    boot: str

    def __str__(self) -> str:
        """As the manifest's `claimedBy` has it."""
        return f"{self.name}@{self.host}:{self.pid}:{self.start}"

    @classmethod
    def of(cls, claim: Claim) -> "Owner | None":
        """The owner a claim names; None where it was written by something else."""
        name, _, place = claim.owner.partition("@")
        parts = place.rsplit(":", 2)
        if len(parts) != 3 or not parts[1].isdecimal() or not parts[2].isdecimal():
            return None
        return cls(name=name, host=parts[0], pid=int(parts[1]), start=int(parts[2]), boot=claim.boot)


def current_owner(name: str, *, pid: int) -> Owner:
    """This machine's process `pid` as an owner.

    Raises:
        ProcessLookupError: There is no such process.
    """
    # A pid alone is reused within minutes on a busy machine; with its start time it names one process of this boot.
    start = start_token(pid)
    if start is None:
        raise ProcessLookupError(f"no process {pid}")
    return Owner(name=name, host=socket.gethostname(), pid=pid, start=start, boot=boot_token())


def liveness(owner: Owner) -> Liveness:
    """Whether the owner can still commit: dead only when proven, unknown when it cannot be asked from here."""
    boot, _, namespace = owner.boot.partition("/")
    own_boot, _, own_namespace = boot_token().partition("/")
    if not boot or not own_boot:
        return Liveness.UNKNOWN
    if boot != own_boot:  # this host before it was restarted, or another one
        return Liveness.DEAD if owner.host == socket.gethostname() else Liveness.UNKNOWN
    # The same boot is this machine, whatever it was called then.
    if namespace != own_namespace:
        return Liveness.UNKNOWN
    try:
        return Liveness.ALIVE if start_token(owner.pid) == owner.start else Liveness.DEAD
    except OSError:
        return Liveness.UNKNOWN


def start_token(pid: int) -> int | None:
    """When process `pid` started, in clock ticks since boot; None when it has ended (a zombie has).

    Raises:
        OSError: It may not be asked.
    """
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command name is in parentheses and may hold anything: parentheses, half a character.
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in ("Z", "X") else int(rest[18])


def boot_token() -> str:
    """This boot and pid namespace; "" for the parts that cannot be read."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    try:
        namespace = (PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return boot
    return f"{boot}/{namespace}"
