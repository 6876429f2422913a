"""A book whose first pictures are drawn before it is merged, stopped at one of its file operations.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.previewing HOW FOLDER
"""

import gc
import json
import shutil
import sys
from pathlib import Path

from imaginized.logs.log import configure_logs
from imaginized.providers.api import TextReply, TextRequest
from imaginized.stages import split
from imaginized.story.elements import Element, ElementType, Quote, Scene, Signs
from tests.support import crash_steps
from tests.support.crash_steps import Place, Shim, live, prepare, read_here, steps_for, tree
from tests.support.epubs import make_epub
from tests.support.ordering import Asked, asked, check

CHAPTERS = 3
# Killed between the asking and the first byte that is kept, it is asked once more, as everywhere.
MOST_ASKED = 2


class Early(Asked):
    """Finds Anna in each chapter, and tells more of her in each; of chapter 2 nobody can be sure who is in it."""

    def write(self, request: TextRequest) -> TextReply:
        super().write(request)  # which notes it
        number, text = request.chapter.number, request.chapter.text
        quote = Quote(text=text[:40], chapter=number, start=0, page=1)
        name = "Anna" if number != 2 else "The sailor"
        scene = Scene(
            chapter=number, number=1, quote=quote, description=f"A lamp, {number}.", elements=(name,), pages=(1, 1)
        )
        anna = Element(
            type=ElementType.CHARACTER,
            name="Anna",
            description=f"tall as {number}",
            quotes=(quote,),
            mentions=9,
            chapters=(number,),
            signs=Signs(counts={"noun": 0, "she": 5}),
        )
        return TextReply(scenes=(scene,), elements=(anna,), method="stub")


def begin(folder: Path, *, book: Path) -> Place:
    """The book in an inbox, in a folder of its own."""
    place = prepare(folder / "place", book=book)
    Asked.place = folder
    return place


def main(how: str, folder: Path) -> None:
    configure_logs("error", format="json", stream=sys.stderr)
    vars(split)["read_confined"] = read_here
    vars(crash_steps)["StubProvider"] = Early
    book = make_epub(folder / "book.epub", chapters=CHAPTERS, paragraphs=1)
    live(begin(folder / "warm", book=book))
    gc.freeze()
    calm = begin(folder / "calm", book=book)
    shim = Shim()
    with shim.installed():
        live(calm)
    expected, found = tree(calm), {}
    tried = steps_for(how, shim.seen)
    for at in tried:
        place = begin(folder / str(at), book=book)
        problems = list(check(place, at=at, how=how, expected=expected, may_ask=set(asked(calm))))
        problems += [f"asked too often: {line}" for line in set(asked(place)) if asked(place).count(line) > MOST_ASKED]
        if len(asked(place)) > len(asked(calm)) + 1:
            problems.append(f"asked more than one thing again: {asked(place)}")
        told = _told(place)
        if told != _told(calm):
            problems.append(f"told {told}")
        if problems:
            found[f"{at} {shim.seen[at - 1]}"] = problems
        shutil.rmtree(place.root.parent)
    print(json.dumps({"tried": len(tried), "asked": asked(calm), "told": _told(calm), "complaints": found}))


def _told(place: Place) -> list[str]:
    """What the book's log says of pictures that differ."""
    (log,) = place.library.glob("*/data/events.jsonl")
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    return [f"{row['chapter']}: {row['reason']}" for row in rows if row["event"] == "picture_differs"]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
