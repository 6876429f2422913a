"""Who may do what on the control socket: by uid and by every group the kernel names."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.control.peers import Peer, peer_of
from imaginized.control.protocol import Role
from tests.support.waiting import DEADLINE_SECONDS

OTHER = 65534
STRANGE_GROUP = 54321
CONNECT = """
import os, socket, sys
uid, gid, *groups = map(int, sys.argv[2:])
os.setgroups(groups), os.setgid(gid), os.setuid(uid)
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.recv(1)
"""


def peer_as(listening: socket.socket, *identity: int) -> Peer:
    """Whom the daemon sees when a process with this uid, gid and further groups connects."""
    command = [sys.executable, "-c", CONNECT, str(listening.getsockname()), *map(str, identity)]
    with subprocess.Popen(command):
        connection, _ = listening.accept()
        with connection:
            return peer_of(connection)


def test_own_user_rules(tmp_path: Path) -> None:
    """The daemon's own user may do everything."""
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as client:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        client.connect(str(tmp_path / "s"))
        connection, _ = listening.accept()
        with connection:
            peer = peer_of(connection)

    assert peer == Peer(pid=os.getpid(), uid=os.getuid(), role=Role.RULE)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_members_work_and_others_read() -> None:
    """A member of the socket's or of the daemon's group, also by a further group, may work; anybody else reads."""
    folder = Path("/tmp") / f"imz-peers-{os.getpid()}"  # pytest's own folders are closed to other users
    folder.mkdir(mode=0o755)
    path = folder / "s"
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.settimeout(DEADLINE_SECONDS)
            listening.bind(str(path))
            os.chown(path, 0, STRANGE_GROUP)
            path.chmod(0o666)
            listening.listen()
            roles = {
                "its group": peer_as(listening, OTHER, STRANGE_GROUP).role,
                "a further group": peer_as(listening, OTHER, OTHER, 7, STRANGE_GROUP).role,
                "the daemon's": peer_as(listening, OTHER, os.getegid()).role,
                "nobody": peer_as(listening, OTHER, OTHER).role,
            }
    finally:
        path.unlink(missing_ok=True)
        folder.rmdir()

    assert roles == {
        "its group": Role.WORK, "a further group": Role.WORK, "the daemon's": Role.WORK, "nobody": Role.READ
    }  # fmt: skip
