"""How the log names what happens to a process: by what it is there for."""

from typing import Literal

from imaginized.logs.log import EventName
from imaginized.process.slots import GATE, INTAKE

What = Literal["started", "exited", "killed"]

WORKER: dict[What, EventName] = {"started": "worker_started", "exited": "worker_exited", "killed": "worker_killed"}
OTHERS: dict[str, dict[What, EventName]] = {
    INTAKE: {"started": "intake_started", "exited": "intake_exited", "killed": "intake_killed"},
    GATE: {"started": "gate_started", "exited": "gate_exited", "killed": "gate_killed"},
}


def event_of(name: str, what: What) -> EventName:
    """The event of the process in a slot."""
    return OTHERS.get(name, WORKER)[what]
