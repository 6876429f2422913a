"""A finished book that is divided again, stopped at one of its file operations, then taken up by another process.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.dividing HOW FOLDER
"""

import gc
import json
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.logs.log import configure_logs
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.queue.dividing import divide_again
from imaginized.stages import split
from imaginized.store.library import Library
from tests.support import crash_steps
from tests.support.crash_steps import Place, Shim, StubProvider, apart, complaints, live, prepare, read_here, tree
from tests.support.epubs import make_epub

CHAPTERS = 4
EDITS = """
[[drop]]
title = "Chapter 1"
[[split]]
title = "Chapter 3"
at = "{at}"
to = "The Half"
[[rename]]
title = "Chapter 4"
to = "The Last"
"""


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


def order(place: Place, text: str) -> None:
    """What the control socket does: the file first, then the manifest."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    library.files(book).edits.write_text(text)
    library.update(book, divide_again)


def edits_of(place: Place) -> str:
    """Edits that drop, split and rename, for the book that is there."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    paragraphs = json.loads(library.files(book).chapter(3).read_bytes())["paragraphs"]
    return EDITS.format(at=paragraphs[1]["text"])


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


def main(how: str, folder: Path) -> None:
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_confined"] = read_here
    vars(crash_steps)["StubProvider"] = Asked
    start = finished(folder / "start")
    order(start, edits_of(start))
    gc.freeze()
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
        if problems:
            found[f"{at} {shim.seen[at - 1]}"] = problems
        shutil.rmtree(place.root.parent)
    print(json.dumps({"tried": len(tried), "asked": sorted(may_ask), "complaints": found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
