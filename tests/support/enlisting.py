"""A finished book that becomes the second volume of a series, stopped at one of its file operations.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.enlisting HOW FOLDER
"""

import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.redoing import enlist
from imaginized.store.library import Library
from imaginized.story.elements import Element
from imaginized.story.volumes import SeriesSaid
from tests.support.casting import MOST_ASKED, Found
from tests.support.crash_steps import Place, live
from tests.support.epubs import build_epub, contents, page
from tests.support.ordering import try_each_step

FIRST, SERIES = "The First Volume", "The Lamps"
CALIBRE = f'<meta name="calibre:series" content="{SERIES}"/><meta name="calibre:series_index" content="1"/>'


class Volumes(Found):
    """Finds Anna in the first chapter of each book; she has a red hat in the first volume."""

    def write(self, request: TextRequest) -> TextReply:
        reply = super().write(request)
        return replace(reply, elements=tuple(self._told(each, request) for each in reply.elements))

    def _told(self, element: Element, request: TextRequest) -> Element:
        quotes = tuple(replace(quote, text=f"Then {element.name} came in her red hat.") for quote in element.quotes)
        looks = "red hat" if request.book_title == FIRST else element.description
        return replace(element, quotes=quotes, description=looks)


def first_volume(folder: Path) -> Path:
    """A book whose file says that it is the first of a series."""
    return build_epub(
        folder,
        pages={"c1.xhtml": page(f"<h2>Chapter 1</h2><p>{'Then Anna found the lamp. ' * 90}</p>")},
        nav=contents(("Chapter 1", "c1.xhtml")),
        metadata=f"<dc:title>{FIRST}</dc:title><dc:language>en</dc:language>{CALIBRE}",
        name="first.epub",
    )


def add_first_volume(place: Place) -> None:
    """The first volume is there, too, and done; then a person says that the other book is the second."""
    library = Library(place.library, clock=SystemClock())
    (second,) = library.books()
    shutil.copyfile(first_volume(place.root.parent), place.inbox / "first.epub")
    live(place)
    (place.root.parent / "asked.txt").unlink()
    library.update(second, partial(enlist, said=SeriesSaid(name=SERIES, volume="2")))


if __name__ == "__main__":
    try_each_step(sys.argv[1], Path(sys.argv[2]), provider=Volumes, give=add_first_volume, most_asked=MOST_ASKED)
