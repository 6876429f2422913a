"""What a transition returns: the next manifest, and what is told of it. `Library.update` writes both, or neither."""

from collections.abc import Callable
from dataclasses import dataclass

from imaginized.queue.events import Happening
from imaginized.queue.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Change:
    """What a transition makes of a book, and what is told of it.

    Attributes:
        manifest: The book then; the very object that was given where nothing changes.
        events: In the order in which they are written.
    """

    manifest: Manifest
    events: tuple[Happening, ...] = ()

    def then(self, transition: "Transition") -> "Change":
        """This and what comes of it, as one."""
        following = transition(self.manifest)
        return Change(following.manifest, self.events + following.events)


Transition = Callable[[Manifest], Change]
