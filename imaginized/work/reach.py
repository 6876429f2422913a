"""Which stages a worker may claim now: those whose endpoint is paused wait for a person.

Those whose endpoint cannot be reached wait, too, and one worker tries it for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from imaginized.errors import Retryable
from imaginized.limits.gate import Prober
from imaginized.limits.limiter import url_of
from imaginized.providers.keys import lane_of
from imaginized.providers.openai.transport import Reachable
from imaginized.queue.manifest import Stage, Task

PAUSED_SECONDS = 30.0  # to the next look; an order to resume wakes a worker before

Where = tuple[str, Task]


@dataclass(slots=True, kw_only=True)
class Reach:
    """The endpoints of one worker.

    Attributes:
        gate: The limiter; None where no endpoint is asked.
        accounts: Endpoint and account of each stage that asks one.
        providers: Who asks it.
        closed: The stages that nobody may claim now, and the seconds until one worker may. As of the last look.
        paused: Those of them that wait for a person.
        last: What this worker tried an endpoint with last, in vain; with something else it may answer.
    """

    gate: Prober | None = None
    accounts: Mapping[Stage, str] = field(default_factory=dict)
    closed: Mapping[Stage, float] = field(default_factory=dict)
    paused: frozenset[Stage] = frozenset()
    last: Where | None = None
    providers: Mapping[Stage, object] = field(default_factory=dict)
    _probed: set[str] = field(default_factory=set)
    _knocked: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Find out what is closed.

        An endpoint that it is time to try is open to this worker, and to no other.
        """
        self._knocked.clear()
        waits = {account: self._wait_for(account) for account in dict.fromkeys(self.accounts.values())}
        self.closed = {stage: waits[account] for stage, account in self.accounts.items() if waits[account] > 0}
        self.paused = self._find_paused()
        self.closed = {**self.closed, **dict.fromkeys(self.paused, PAUSED_SECONDS)}
        self.last = self.last if self.closed or self.is_trying else None

    @property
    def is_trying(self) -> bool:
        """Whether it is this worker that may try an endpoint now."""
        return bool(self._probed)

    def is_open(self, book: str, task: Task) -> bool:
        """Whether the task may be claimed. To try an endpoint with it, somebody has to be there first.

        So an endpoint that is off for a night costs a connection every time, and no claim.
        """
        if task.stage in self.closed or (book, task) == self.last:
            return False
        account = self.accounts.get(task.stage)
        return account not in self._probed or account in self._knocked or self._knock(task.stage, account)

    def settle(self, stage: Stage | None) -> bool:
        """What was claimed is known: let others try the endpoints it does not ask.

        Returns:
            Whether the claim is there to try an endpoint that was unreachable.
        """
        account = self.accounts.get(stage) if stage else None
        # What is claimed asks one endpoint; holding on to the others would keep every worker from trying them.
        for other in self._probed - {account}:
            self._drop(other)
        return account in self._probed

    def end(self) -> None:
        """The task has ended. Where it has sent nothing, the next worker may try."""
        for account in set(self._probed):
            self._drop(account)

    def endpoints(self) -> list[str]:
        """The URLs of what cannot be reached."""
        return sorted({url_of(self.accounts[stage]) for stage in self.closed if stage not in self.paused})

    def _find_paused(self) -> frozenset[Stage]:
        """The stages whose account is paused, or whose use of it."""
        if self.gate is None or not self.accounts:
            return frozenset()
        try:
            keys = self.gate.paused()
        except (Retryable, OSError):
            return frozenset()  # whoever asks then is told by the gate, or by the endpoint once more
        return frozenset(
            stage
            for stage, account in self.accounts.items()
            if account in keys or (stage.traits.asks and lane_of(account, stage.traits.asks) in keys)
        )

    def _wait_for(self, account: str) -> float:
        if self.gate is None:
            return 0.0
        try:
            probe = self.gate.take_probe(account)
        except (Retryable, OSError):
            return 0.0  # whoever asks then is told by the gate itself
        if probe.is_taken:
            self._probed.add(account)
        return probe.seconds

    def _knock(self, stage: Stage, account: str) -> bool:
        self._knocked.add(account)
        provider = self.providers.get(stage)
        miss = provider.knock() if isinstance(provider, Reachable) else None
        if miss is None or self.gate is None:
            return True
        self.gate.missed(account, miss)
        self._probed.discard(account)
        # Both stages may ask the same endpoint: closed for one, it is closed for the other.
        same = {other: miss.after_seconds for other in self.accounts if self.accounts[other] == account}
        self.closed = {**self.closed, **same}
        return False

    def _drop(self, account: str) -> None:
        self._probed.discard(account)
        if self.gate is not None:
            self.gate.drop_probe(account)
