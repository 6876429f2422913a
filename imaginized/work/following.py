"""The next task of a book, claimed in the update that ends the one before: one update of the manifest for both."""

from collections.abc import Callable
from contextlib import suppress

from imaginized.queue.change import Transition
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import fence_of, held_by
from imaginized.work.workshop import Held

# The id of a claim to be, and what takes it; None where this worker would look elsewhere first, or for nothing.
Offer = Callable[[], tuple[str, Transition] | None]


class Following:
    """What a worker goes on with once its task has ended well.

    The end counts even so: a claim that nobody works on is given back like that of any worker that was killed.
    """

    def __init__(self, offer: Offer) -> None:
        """Nothing is claimed yet; `offer` is asked once, just before the update."""
        self._offer = offer
        self._claim_id = ""
        self.held: Held | None = None

    def joined(self, completion: Transition) -> Transition:
        """The end of the task, and the claim of the next one where there is one for this worker."""
        offered = None
        with suppress(OSError):  # whatever stands in the way of a claim is no fault of the task that has ended
            offered = self._offer()
        if offered is None:
            return completion
        self._claim_id, take = offered
        return lambda manifest: completion(manifest).then(take)

    def note(self, after: Manifest) -> None:
        """What the update has made of the book."""
        task = held_by(after, self._claim_id) if self._claim_id else None
        fence = fence_of(after, task) if task else None
        if task is not None and fence is not None:
            self.held = Held(book=after.book_id, manifest=after, task=task, fence=fence)
