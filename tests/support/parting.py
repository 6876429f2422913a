"""A chapter that two workers draw, stopped at one of the file operations of both, or of the one that only helps.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.parting HOW FOLDER
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
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
from tests.support.crash_steps import (
    Place,
    Shim,
    StubProvider,
    apart,
    complaints,
    live,
    steps_for,
    take_up,
    tree,
    workshop,
)
from tests.support.ordering import Asked, asked, begun, files_of, try_each_step

SCENES = 4
# Killed between the asking and the first byte that is kept, it is asked once more, as everywhere.
MOST_ASKED = 2


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


def come_and_die(place: Place, *, at: int) -> None:
    """Be another worker, in a process that is killed at its operation of that number; whoever is left is told."""
    token = place.root.parent / "died"
    if token.exists():
        return join(place)  # who comes next stays alive
    token.touch()

    def come() -> None:
        with Shim(at=at).installed():
            Parted.help = None
            join(place)

    assert apart(come) == -signal.SIGKILL
    library = Library(place.library, clock=SystemClock())
    reaper = Reaper(library, clock=SystemClock(), stale_after_seconds=600.0, max_attempts=3, log=get_log())
    while reaper.reap():  # nothing where he had claimed nothing yet
        pass


def operations_of_helper(place: Place) -> list[str]:
    """Let the chapter be drawn by two undisturbed; returns what the other one does when he first comes."""
    seen: list[str] = []

    def count(place: Place) -> None:
        shim = Shim()
        with shim.installed():
            join(place)
        seen.extend(shim.seen if not seen else ())

    Parted.place, Parted.help = place.root.parent, staticmethod(count)
    live(place)
    return seen


def try_each_step_of_helper(folder: Path) -> None:
    """Print what goes wrong where the worker that only helps is killed, for each of its operations that matters."""
    start = begun(folder, provider=Parted, give=redo)
    calm = copied(start, folder / "calm")
    operations = operations_of_helper(calm)
    expected, found = tree(calm), {}
    tried = steps_for("kill", operations)
    for at in tried:
        place = copied(start, folder / str(at))
        Parted.place, Parted.help = place.root.parent, staticmethod(partial(come_and_die, at=at))
        live(place)
        take_up(place)  # sweeps what was left behind
        problems = list(complaints(place, expected=expected))
        if len(asked(place)) > SCENES + 1:  # the one that was in flight
            problems.append(f"asked too often: {asked(place)}")
        if problems:
            found[f"{at} {operations[at - 1]}"] = problems
        shutil.rmtree(place.root.parent)
    print(json.dumps({"tried": len(tried), "asked": sorted(set(asked(calm))), "complaints": found}))


def copied(place: Place, folder: Path) -> Place:
    """The same once more, in a folder of its own."""
    return Place(root=shutil.copytree(place.root.parent, folder) / "place")


def redo(place: Place) -> None:
    """A person wants the pictures of the first chapter anew, and from now on there are two workers."""
    files = files_of(place)
    library = Library(place.library, clock=SystemClock())
    library.update(files.root.name, lambda book: retry(book, chapters=[1], anew=Anew.PICTURES))
    Parted.help = staticmethod(join)


if __name__ == "__main__":
    if sys.argv[1] == "helper":
        try_each_step_of_helper(Path(sys.argv[2]))
    else:
        try_each_step(sys.argv[1], Path(sys.argv[2]), provider=Parted, give=redo, most_asked=MOST_ASKED)
