"""A finished book that is ordered anew, stopped at one of its file operations, then taken up by another process."""

import gc
import json
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.logs.log import configure_logs
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.queue.change import Transition
from imaginized.stages import split
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from tests.support import crash_steps
from tests.support.crash_steps import Place, Shim, StubProvider, apart, complaints, live, prepare, read_here, tree
from tests.support.epubs import make_epub

CHAPTERS = 4


class Asked(StubProvider):
    """Writes down, beside the library, what it is asked for."""

    place: Path

    def write(self, request: TextRequest) -> TextReply:
        self._note(f"text {request.chapter.title}")
        return super().write(request)

    def draw(self, request: ImageRequest) -> ImageReply:
        self._note(f"image {request.chapter_title}")
        reply = super().draw(request)
        # A picture that can be told from that of another chapter, whatever its number is.
        tail = request.scene.quote.text.encode()
        return ImageReply(data=reply.data + tail, alt=reply.alt, method=reply.method)

    def _note(self, line: str) -> None:
        with (self.place / "asked.txt").open("a") as file:
            file.write(f"{line}\n")


def asked(place: Place) -> list[str]:
    path = place.root.parent / "asked.txt"
    return path.read_text().splitlines() if path.exists() else []


def finished(folder: Path) -> Place:
    """A book that is done, in a folder of its own; nothing was asked for it yet."""
    book = make_epub(folder.parent / "book.epub", chapters=CHAPTERS, paragraphs=3)
    place = prepare(folder / "place", book=book)
    Asked.place = folder
    live(place)
    (folder / "asked.txt").unlink()
    return place


def files_of(place: Place) -> BookFiles:
    """The paths of the one book."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    return library.files(book)


def order(path: Path, text: str, transition: Transition) -> None:
    """What the control socket does: the file first, then the manifest."""
    path.write_text(text)
    library = Library(path.parent.parent, clock=SystemClock())
    library.update(path.parent.name, transition)


def check(place: Place, *, at: int, how: str, expected: dict[str, str], may_ask: set[str]) -> Iterator[str]:
    """Stop a life at an operation, take it up again, and look at what came of it, and at what was asked."""

    def disturbed() -> None:
        with Shim(at=at, how=how).installed():
            live(place)

    Asked.place = place.root.parent
    code = apart(disturbed)
    if code != -signal.SIGKILL:
        yield f"ended with {code} instead of being killed"
    crash_steps.take_up(place)
    yield from complaints(place, expected=expected)
    yield from (f"paid again: {line}" for line in sorted(set(asked(place)) - may_ask))


def begun(folder: Path, *, provider: type[Asked], give: Callable[[Place], None]) -> Place:
    """A finished book that was ordered anew, and of which nothing was done since."""
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_confined"] = read_here
    vars(crash_steps)["StubProvider"] = provider
    start = finished(folder / "start")
    give(start)
    gc.freeze()
    return start


def try_each_step(
    how: str, folder: Path, *, provider: type[Asked], give: Callable[[Place], None], most_asked: int | None = None
) -> None:
    """Print what goes wrong where a finished book is ordered anew and disturbed, for each operation that matters.

    Args:
        how: As in `Shim`.
        folder: An empty one.
        provider: Who reads and draws.
        give: Gives the order.
        most_asked: How often the same may be asked for; None for any number.
    """
    start = begun(folder, provider=provider, give=give)
    calm = Place(root=shutil.copytree(start.root.parent, folder / "calm") / "place")
    Asked.place = calm.root.parent
    shim = Shim()
    with shim.installed():
        live(calm)
    expected, may_ask = tree(calm), set(asked(calm))
    found = {}
    tried = crash_steps.steps_for(how, shim.seen)
    for at in tried:
        place = Place(root=shutil.copytree(start.root.parent, folder / str(at)) / "place")
        problems = list(check(place, at=at, how=how, expected=expected, may_ask=may_ask))
        if most_asked is not None:
            problems += [f"asked too often: {line}" for line in may_ask if asked(place).count(line) > most_asked]
        if problems:
            found[f"{at} {shim.seen[at - 1]}"] = problems
        shutil.rmtree(place.root.parent)
    print(json.dumps({"tried": len(tried), "asked": sorted(may_ask), "complaints": found}))
