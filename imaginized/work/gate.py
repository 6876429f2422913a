"""The gate's process: limiter and ledger of a library in the memory of one process, for all its workers.

Killed at any moment it is made again of the files: what was answered stands there.
"""

import os
import socket
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from imaginized.clock import SystemClock
from imaginized.errors import Retryable
from imaginized.limits.desk import LimitsDesk
from imaginized.limits.memory import LimitsMemory
from imaginized.limits.shared import limits_file, may_live
from imaginized.logs.log import get_log
from imaginized.money.desk import LedgerDesk
from imaginized.money.ledger import Ledger
from imaginized.process.channel import is_readable, receive, send
from imaginized.process.desk import NEXT_BY_SECONDS, Desk, Service
from imaginized.process.fault_points import fault_point
from imaginized.process.packets import FOLDER
from imaginized.process.slots import GATE
from imaginized.settings.model import Settings
from imaginized.store.locking import LifeLock
from imaginized.store.owners import current_owner
from imaginized.store.room import DISK_FULL
from imaginized.store.writing import make_folder

LOCK = "lock"
LOCK_SECONDS = 30.0  # for one that is ending
ROOM_SECONDS = 5.0
LEDGER_SECONDS = 5.0  # of whoever else writes the ledger; all others wait meanwhile

T = TypeVar("T")


def run_gate(settings: Settings, end: socket.socket) -> None:
    """Be the gate until told to end. A fork server's child runs this.

    Args:
        settings: Of the daemon.
        end: The child's end of the channel to the supervisor.

    Raises:
        LibraryBusy: Another gate is there, and does not end.
        OSError: The library cannot be written.
    """
    fault_point("gate_started")
    library, clock = settings.paths.library, SystemClock()
    owner = current_owner(GATE, pid=os.getpid())
    lock = LifeLock(library / FOLDER / LOCK, mode=0o600)
    if not _wait_for_room(partial(_take, lock), end):
        return
    ledger = Ledger(library, clock=clock, owner=owner, lock_timeout_seconds=LEDGER_SECONDS)
    try:
        states = LimitsMemory(limits_file(library, clock=clock, boot=owner.boot))
    except (OSError, Retryable) as error:
        # A gate that ends would be started for ever, and nobody could work: what is under way is told by who sent it.
        get_log().warning("error_caught", reason=f"what is known of the limits cannot be read: {error}")
        states = LimitsMemory(limits_file(library, clock=clock, boot=owner.boot), is_new=True)
    limits = LimitsDesk(states, clock=clock, is_alive=lambda name: may_live(name, boot=owner.boot))
    services: dict[str, Service] = {"limits": limits, "ledger": LedgerDesk(ledger)}
    if desk := _wait_for_room(partial(Desk, library, boss=end, services=services), end):
        send(end, {"event": "ready", "next_by_seconds": NEXT_BY_SECONDS})
        desk.run()


def _take(lock: LifeLock) -> LifeLock:
    folder = lock.path.parent
    make_folder(folder)
    folder.chmod(0o700)
    # Two that both let requests through would pass every limit.
    lock.take(wait_seconds=LOCK_SECONDS)
    return lock


def _wait_for_room(make: Callable[[], T], end: socket.socket) -> T | None:
    """What is made, once the disk has room for it; None where the supervisor says that it is too late."""
    is_told = False
    while True:
        try:
            return make()
        except OSError as error:
            # To end of it again and again would look like a crash loop, and stop those who need no gate.
            if error.errno not in DISK_FULL:
                raise
            if not is_told:
                get_log().warning("error_caught", reason=f"the gate waits for room on the disk: {error}")
            is_told = True
        send(end, {"event": "idle", "next_by_seconds": NEXT_BY_SECONDS})
        if _is_over(end, seconds=ROOM_SECONDS):
            return None


def _is_over(end: socket.socket, *, seconds: float) -> bool:
    while is_readable(end, seconds=seconds):
        message = receive(end, flags=socket.MSG_DONTWAIT)
        if message is None or message.get("order") == "end":
            return True
        seconds = 0.0
    return False
