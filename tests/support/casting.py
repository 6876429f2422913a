"""A finished book whose cast a person changes, stopped at one of its file operations.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.casting HOW FOLDER
"""

import sys
from pathlib import Path

from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.redoing import recast
from imaginized.story.elements import Element, ElementType, Quote, Scene
from tests.support.crash_steps import Place
from tests.support.ordering import Asked, files_of, order, try_each_step

# Killed between the asking and the first byte that is kept, it is asked once more, as everywhere.
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


def change_cast(place: Place) -> None:
    """Give the order to merge, drop and rename."""
    order(files_of(place).cast_orders, ORDERS, recast)


if __name__ == "__main__":
    try_each_step(sys.argv[1], Path(sys.argv[2]), provider=Found, give=change_cast, most_asked=MOST_ASKED)
