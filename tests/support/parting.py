"""A chapter that two workers draw, stopped at one of the file operations of both, or of the one that only helps.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.parting HOW FOLDER
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.daemon.reaper import Reaper
from imaginized.logs.log import get_log
from imaginized.process.channel import channel_pair
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.queue.redoing import Anew, retry
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.story.elements import Quote, Scene
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.crash_steps import Place, Shim, StubProvider, apart, workshop
from tests.support.ordering import Asked, files_of, try_each_step

SCENES = 5
# Killed between the asking and the first byte that is kept, it is asked once more, as everywhere.
MOST_ASKED = 2
ALONE = "helper-"


class Parted(Asked):
    """Finds several scenes in a chapter; while one is drawn, another worker comes and takes one, too.

    Attributes:
        help: What the other one does; None while nobody comes.
    """

    help: Callable[[Place], None] | None = None

    def write(self, request: TextRequest) -> TextReply:
        reply = super().write(request)
        text, number = request.chapter.text, request.chapter.number
        scenes = []
        for count in range(1, SCENES + 1):
            start = count * 7
            quote = Quote(text=text[start : start + 20], chapter=number, start=start, page=1)
            scenes.append(
                Scene(
                    chapter=number, number=count, quote=quote, description="A lamp.", elements=("Anna",), pages=(1, 1)
                )
            )
        return TextReply(scenes=tuple(scenes), elements=reply.elements, method="stub")

    def draw(self, request: ImageRequest) -> ImageReply:
        self._note(f"image {request.chapter_title}, {request.scene.number}")
        reply = ImageReply(
            data=StubProvider.draw(self, request).data + request.scene.quote.text.encode(),
            alt=request.scene.description,
            method="stub",
        )
        come, Parted.help = Parted.help, None  # who comes draws, too, and nobody else comes to that
        try:
            if come is not None:
                come(Place(root=self.place / "place"))
        finally:
            Parted.help = come
        return reply


def join(place: Place) -> None:
    """Be another worker for one task."""
    library = Library(place.library, clock=SystemClock())
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs, owner=current_owner("worker-2", pid=os.getpid()))
        held = claim_next(shop)
        if held is not None:
            assert held.task.part is not None
            perform(shop, held)


class DyingHelper:
    """Another worker that is killed at its operation of that number, counted over all it does, and then is dead."""

    def __init__(self, shim: Shim) -> None:
        self._shim = shim

    def __call__(self, place: Place) -> None:
        """Come once more; once killed, in another process, the supervisor frees what he had."""
        before = len(self._shim.seen)

        def come() -> None:
            with self._shim.installed():
                join(place)
            # How many it were, for the process that counts them.
            (place.root.parent / "seen").write_text(f"{len(self._shim.seen)}")
            os._exit(0)

        if apart(come) == 0:
            seen = int((place.root.parent / "seen").read_text())
            self._shim.seen += ["open"] * (seen - before)
            (place.root.parent / "seen").unlink()
            return
        reaper = Reaper(
            Library(place.library, clock=SystemClock()),
            clock=SystemClock(),
            stale_after_seconds=600.0,
            max_attempts=3,
            log=get_log(),
        )
        while reaper.reap():
            pass
        self._shim.seen += ["open"] * len(self._shim.seen)


def redo(place: Place) -> None:
    """A person wants the pictures of the first chapter anew, and from now on there are two workers."""
    files = files_of(place)
    library = Library(place.library, clock=SystemClock())
    library.update(files.root.name, lambda book: retry(book, chapters=[1], anew=Anew.PICTURES))
    Parted.help = staticmethod(join)


if __name__ == "__main__":
    assert signal.SIGKILL
    try_each_step(sys.argv[1], Path(sys.argv[2]), provider=Parted, give=redo, most_asked=MOST_ASKED)
