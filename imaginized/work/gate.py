"""The gate's process: limiter and ledger of a library in the memory of one process, for all its workers.

Killed at any moment it is made again of the files: what was answered stands there.
"""

import os
import socket

from imaginized.clock import SystemClock
from imaginized.errors import Retryable
from imaginized.limits.desk import LimitsDesk
from imaginized.limits.memory import LimitsMemory
from imaginized.limits.shared import limits_file, may_live
from imaginized.logs.log import get_log
from imaginized.money.desk import LedgerDesk
from imaginized.money.ledger import Ledger
from imaginized.process.channel import send
from imaginized.process.desk import NEXT_BY_SECONDS, Desk
from imaginized.process.fault_points import fault_point
from imaginized.process.packets import FOLDER
from imaginized.process.slots import GATE
from imaginized.settings.model import Settings
from imaginized.store.locking import LifeLock
from imaginized.store.owners import current_owner
from imaginized.store.writing import make_folder

LOCK = "lock"
LOCK_SECONDS = 30.0  # for one that is ending
LEDGER_SECONDS = 5.0  # of whoever else writes the ledger; all others wait meanwhile


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
    folder = library / FOLDER
    make_folder(folder)
    folder.chmod(0o700)
    lock = LifeLock(folder / LOCK, mode=0o600)
    # Two that both let requests through would pass every limit.
    lock.take(wait_seconds=LOCK_SECONDS)
    ledger = Ledger(library, clock=clock, owner=owner, lock_timeout_seconds=LEDGER_SECONDS)
    try:
        states = LimitsMemory(limits_file(library, clock=clock, boot=owner.boot))
    except (OSError, Retryable) as error:
        # A gate that ends would be started for ever, and nobody could work: what is under way is told by who sent it.
        get_log().warning("error_caught", reason=f"what is known of the limits cannot be read: {error}")
        states = LimitsMemory(limits_file(library, clock=clock, boot=owner.boot), is_new=True)
    limits = LimitsDesk(states, clock=clock, is_alive=lambda name: may_live(name, boot=owner.boot))
    desk = Desk(library, boss=end, services={"limits": limits, "ledger": LedgerDesk(ledger)})
    send(end, {"event": "ready", "next_by_seconds": NEXT_BY_SECONDS})
    desk.run()
