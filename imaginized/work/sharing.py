"""Who does which part of a chapter: the side of the worker that has the chapter. All it knows is in the manifest."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from imaginized.process.fault_points import fault_point
from imaginized.process.waiting import Waiting
from imaginized.queue.change import Change, Transition
from imaginized.queue.manifest import NO_PARTS, Manifest, Parts
from imaginized.queue.parts import LEAST_SHARED
from imaginized.queue.transitions import checkpoint, entry_held, part_done, share
from imaginized.stages.job import Contents, IsDone, nothing_is
from imaginized.work.workshop import Held, Workshop, report

LOOK_SECONDS = 0.1  # a look is one stat; whoever ends a part is not sure to wake this process
BEAT_SECONDS = 1.0


class Commit(Protocol):
    """Makes files durable together with a change; those that are no end need not be before the chapter's end."""

    def __call__(self, contents: Contents, transition: Transition, *, is_end: bool = True) -> Manifest:
        """The manifest as it is afterwards."""


class Sharing:
    """The turns of a claimed chapter. Where nobody can join, nothing is listed and no update more is made."""

    def __init__(self, shop: Workshop, held: Held, *, commit: Commit, step: Callable[[], None]) -> None:
        """Share this claim's chapter.

        Args:
            shop: The worker's.
            held: The claim.
            commit: Makes files durable together with a change, under the claim's fence.
            step: Says that the work goes on; raises when it is time to stop.
        """
        self._shop = shop
        self._held = held
        self._commit = commit
        self._step = step
        self._left: list[int] = []
        self._parts = _parts_of(held.manifest, held)
        self.was_shared = bool(self._parts.out)

    @property
    def refused(self) -> Mapping[int, str]:
        """The parts that others could not do, each with the reason."""
        return self._parts.refused

    def begin(self, numbers: Sequence[int], *, of: int, is_done: IsDone = nothing_is) -> None:
        """List what is to be done, unless it is too little to share, or nobody else may work."""
        workers = self._shop.settings.workers
        may_share = workers.max_concurrency > 1 and workers.rate_limit != "free"
        if not self.was_shared and not (may_share and len(numbers) >= LEAST_SHARED):
            self._left = list(numbers)
            return
        self.was_shared = True
        fault_point("parts_counted")

        def listed(manifest: Manifest) -> Change:
            # Asked again under the lock: a part that was out when the chapter's last worker died may have ended.
            left = [number for number in numbers if not is_done(number)]
            return share(manifest, task=self._held.task, fence=self._held.fence, numbers=left, of=of)

        self._update(listed)
        fault_point("parts_listed")
        report(self._shop, self._held, "shared")

    def next(self) -> int | None:
        """The part to do now: the one that was taken with the end of the last, else what others give back."""
        if not self.was_shared:
            return self._left.pop(0) if self._left else None
        while not self._parts.own:
            if self._parts.open or self._parts.returned:
                self._advance({}, is_progress=False)
            elif self._parts.out:
                self._wait()
            else:
                return None
        return self._parts.own[0]

    def keep(self, contents: Contents) -> None:
        """Make the part durable, let go of it and take the next one, in one update."""
        if self.was_shared:
            self._advance(contents, is_progress=bool(contents))
        elif contents:
            self._commit(contents, partial(checkpoint, task=self._held.task, fence=self._held.fence), is_end=False)
        report(self._shop, self._held, "kept")
        fault_point("part_kept")

    def _advance(self, contents: Contents, *, is_progress: bool) -> None:
        task, fence = self._held.task, self._held.fence
        after = self._commit(contents, partial(part_done, task=task, fence=fence, is_progress=is_progress))
        self._parts = _parts_of(after, self._held)

    def _update(self, transition: Transition) -> None:
        self._parts = _parts_of(self._shop.library.update(self._held.book, transition), self._held)

    def _wait(self) -> None:
        """Wait until one of those that are out is out no more; the supervisor frees those whose owner is dead."""
        shop, out = self._shop, self._parts.out
        names = ", ".join(sorted(part.claim.owner.partition("@")[0] for part in out.values()))
        shop.bench.tell(Waiting(what="parts", on=names))
        try:
            said_at = shop.clock.monotonic()
            while self._parts.out == out:
                shop.orders.wake.clear()
                if shop.clock.monotonic() - said_at >= BEAT_SECONDS or shop.orders.is_draining:
                    self._step()
                    said_at = shop.clock.monotonic()
                self._look()
                if self._parts.out == out:
                    shop.orders.wake.wait(LOOK_SECONDS)
        finally:
            shop.bench.tell(None)

    def _look(self) -> None:
        held = self._held
        now = self._shop.library.read(held.book)
        entry_held(now, task=held.task, fence=held.fence)  # cancelled meanwhile: nothing is waited for
        self._parts = _parts_of(now, held)


def _parts_of(manifest: Manifest, held: Held) -> Parts:
    entry = manifest.entry(held.task)
    return entry.parts if entry is not None else NO_PARTS
