"""Who is at the other end of the control socket, as the kernel says, and what that one may do."""

import os
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SO_PEERGROUPS = 59  # asm-generic; the socket module does not name it
MOST_GROUPS = 256  # the socket module asks for no more than 1,024 bytes


class Role(IntEnum):
    """What a caller may do; each role may do what those below it may."""

    READ = 0
    WORK = 1
    RULE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A caller: its process and user when it connected."""

    pid: int
    uid: int
    role: Role


def peer_of(connection: socket.socket) -> Peer:
    """Who connected.

    root and the daemon's own user rule. A member of the daemon's group, or of the group that owns the socket, may work
    with books. Anybody else whom the socket's mode lets in may read.
    """
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, gid = struct.unpack("3i", credentials)
    if uid in (0, os.geteuid()):
        return Peer(pid=pid, uid=uid, role=Role.RULE)
    is_member = bool({gid, *_further_groups(connection)} & _our_groups(connection))
    return Peer(pid=pid, uid=uid, role=Role.WORK if is_member else Role.READ)


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
