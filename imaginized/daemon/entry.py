"""The children's side of the fork. What a child needs beside the intake's is imported in it where nobody has before."""

import faulthandler
import gc
import os
import signal
import socket
import sys

from imaginized.daemon import preload
from imaginized.daemon.child import Given
from imaginized.inbox.intake import run_intake
from imaginized.logs.log import configure_logs
from imaginized.process.fault_points import arm
from imaginized.process.parent import die_with_parent
from imaginized.process.slots import GATE, INTAKE, NOTIFIER


def be_child(name: str, *, given: Given, end: socket.socket) -> None:
    """Be the process of a slot until it ends."""
    # Who forked us and is gone by now is not our parent any more; where nothing was preloaded, nobody knows who it was.
    die_with_parent(os.getppid() if os.getpid() == preload.PROCESS else preload.PROCESS)
    preload.hear_no_more()
    gc.freeze()  # what was preloaded stays on the pages that are shared with the fork server
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
    # An order to abort leaves the stack in the log; that of the one thread, for to read those that run can crash.
    faulthandler.enable(all_threads=False)
    # After the handlers: a fault that aborts has to leave its stack, too.
    arm(given.faults)
    logs = given.settings.logs
    configure_logs(logs.level, format=logs.format, stream=sys.stderr, journal_stream=given.journal_stream)
    if name == INTAKE:
        run_intake(given.settings, end)
    elif name == GATE:
        from imaginized.work.gate import run_gate

        run_gate(given.settings, end)
    elif name == NOTIFIER:
        from imaginized.notices.notifier import run_notifier

        run_notifier(given.settings, end)
    else:
        from imaginized.work.worker import run_worker

        run_worker(name, given.settings, end, keys=given.keys)
