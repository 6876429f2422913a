"""Who is at the other end of the control socket, as the kernel says, and what that one may do."""

import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from imaginized.control.protocol import Role

SO_PEERGROUPS = 59  # asm-generic; the socket module does not name it
MOST_GROUPS = 256  # the socket module asks for no more than 1,024 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A caller: its process and user when it connected.

    Attributes:
        is_ours: Whether it is one of the daemon's own processes, which are never clients: one that calls was taken over
            by what it reads.
    """

    pid: int
    uid: int
    role: Role
    is_ours: bool = False


def peer_of(connection: socket.socket) -> Peer:
    """Who connected.

    root and the daemon's own user rule. A member of the daemon's group, or of the group that owns the socket, may work
    with books. Anybody else whom the socket's mode lets in may read.
    """
    # From the kernel, of the moment of connect(): what a client says of itself counts for nothing.
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, gid = struct.unpack("3i", credentials)
    if uid in (0, os.geteuid()):
        return Peer(pid=pid, uid=uid, role=Role.RULE, is_ours=_is_ours(pid, is_visible=uid == os.geteuid()))
    is_member = bool({gid, *_further_groups(connection)} & _our_groups(connection))
    return Peer(pid=pid, uid=uid, role=Role.WORK if is_member else Role.READ)


def _is_ours(pid: int, *, is_visible: bool) -> bool:
    """Whether a process descends from this one, or is in the process group that this one leads.

    A process that is gone has left its call behind; where we would have to see it if it were there, that is taken for
    one of ours, which nobody but it would miss. Others' processes may be hidden from us (ProtectProc=).
    """
    known = os.getpid()
    if pid == known:
        return False
    seen: set[int] = set()
    # Parents may end and be replaced while we climb: a circle of reused pids must not hold up the loop.
    while pid > 1 and pid not in seen:
        seen.add(pid)
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return is_visible and len(seen) == 1
        # The command's name is in parentheses and may hold some: the last one ends it.
        _, parent, group, *_ = stat.rpartition(")")[2].split()
        if known in (int(parent), int(group)):
            return True
        pid = int(parent)
    return False


def _our_groups(connection: socket.socket) -> set[int]:
    groups = {os.getegid()}
    try:
        groups.add(Path(connection.getsockname()).stat().st_gid)
    except (OSError, TypeError, ValueError):
        return groups  # an abstract or a removed name has no group
    return groups


def _further_groups(connection: socket.socket) -> list[int]:
    size = struct.calcsize("i")
    try:
        packed = connection.getsockopt(socket.SOL_SOCKET, SO_PEERGROUPS, size * MOST_GROUPS)
    except OSError:
        return []  # more of them than that, or a kernel before 4.13
    return list(struct.unpack(f"{len(packed) // size}i", packed))
