"""A finished book whose cast a person changes, stopped at one of its file operations, then taken up by another process.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.casting HOW FOLDER
"""

import gc
import json
import shutil
import sys
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.logs.log import configure_logs
from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.redoing import recast
from imaginized.stages import split
from imaginized.store.library import Library
from imaginized.story.elements import Element, ElementType, Quote, Scene
from tests.support import crash_steps
from tests.support.crash_steps import Place, Shim, live, prepare, read_here, steps_for, tree
from tests.support.dividing import Asked, asked, check
from tests.support.epubs import make_epub

CHAPTERS = 4
MOST_ASKED = 2
ORDERS = """
[[merge]]
names = ["Anna", "Number 2"]
[[drop]]
name = "Number 3"
[[rename]]
name = "Number 4"
to = "Four"
"""


class Found(Asked):
    """Finds Anna in the first chapter, and in each of the others somebody of its own."""

    def write(self, request: TextRequest) -> TextReply:
        super().write(request)  # which notes it
        number = request.chapter.number
        name = "Anna" if number == 1 else f"Number {number}"
        quote = Quote(text=request.chapter.text[:40], chapter=number, start=0, page=1)
        scene = Scene(
            chapter=number, number=1, quote=quote, description=f"A lamp, {number}.", elements=(name,), pages=(1, 1)
        )
        element = Element(
            type=ElementType.CHARACTER,
            name=name,
            description=f"tall as {number}",
            quotes=(quote,),
            mentions=9,
            chapters=(number,),
        )
        return TextReply(scenes=(scene,), elements=(element,), method="stub")


def finished(folder: Path) -> Place:
    """A book that is done, in a folder of its own; nothing was asked for it yet."""
    place = prepare(folder / "place", book=make_epub(folder.parent / "book.epub", chapters=CHAPTERS, paragraphs=3))
    Asked.place = folder
    live(place)
    (folder / "asked.txt").unlink()
    return place


def order(place: Place, text: str) -> None:
    """What the control socket does: the file first, then the manifest."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    library.files(book).cast_orders.write_text(text)
    library.update(book, recast)


def main(how: str, folder: Path) -> None:
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_confined"] = read_here
    vars(crash_steps)["StubProvider"] = Found
    start = finished(folder / "start")
    order(start, ORDERS)
    gc.freeze()
    calm = Place(root=shutil.copytree(start.root.parent, folder / "calm") / "place")
    Asked.place = calm.root.parent
    shim = Shim()
    with shim.installed():
        live(calm)
    expected, may_ask = tree(calm), set(asked(calm))
    found = {}
    tried = steps_for(how, shim.seen)
    for at in tried:
        place = Place(root=shutil.copytree(start.root.parent, folder / str(at)) / "place")
        problems = list(check(place, at=at, how=how, expected=expected, may_ask=may_ask))
        # Killed between the asking and the first byte that is kept, it is asked once more, as everywhere.
        problems += [f"asked too often: {line}" for line in may_ask if asked(place).count(line) > MOST_ASKED]
        if problems:
            found[f"{at} {shim.seen[at - 1]}"] = problems
        shutil.rmtree(place.root.parent)
    print(json.dumps({"tried": len(tried), "asked": sorted(may_ask), "complaints": found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
