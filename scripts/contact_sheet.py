"""A sheet of plates for passages of many kinds, for judging the drawing by eye."""

import sys
import time
from pathlib import Path

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import tile
from imaginized.providers.builtin.plates.compose import draw_plate
from imaginized.story.elements import Element, ElementType, Quote, Scene

CAST = (
    Element(type=ElementType.CHARACTER, name="Dorothy", description="a little girl in a blue gingham dress"),
    Element(type=ElementType.CREATURE, name="Toto", description="a little black dog"),
    Element(type=ElementType.CHARACTER, name="Captain Ahab", description="an old captain in a black coat"),
)
PASSAGES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("Prairie", "She stood in the doorway and saw nothing but the great gray prairie on every side.", (0, 1)),
    ("Forest", "They walked for hours through the forest, where the trees grew close and the light was dim.", (0, 1)),
    ("Road", "The road of yellow brick ran over the hills, and they walked along it under the sun.", (0, 1)),
    ("Sea", "By moonlight the white whale rose from the sea before the boat, and the oarsmen pulled.", (2,)),
    ("Storm", "Thunder and lightning broke over the ship; the captain stood on the deck by the mast.", (2,)),
    ("Room", "He sat in his armchair by the fire in the room, and the lamp burned on the table.", ()),
    ("Street", "Fog lay on the street, and the lamps shone upon the pavement as two gentlemen hurried past.", ()),
    ("Throne", "In the hall stood a great throne of green marble, and the girl knelt before the king.", (0,)),
    ("Castle", "The towers of the castle stood black against the stars, and three horses galloped up.", ()),
    ("Mountains", "At dawn he climbed over the glacier between the peaks of the mountains.", ()),
    ("River", "The river ran broad and slow at sunset; a woman waved from the bank of the stream.", ()),
    ("Garden", "The garden was full of scarlet poppies, and the children ran among the flowers.", ()),
)


def example_request(title: str, passage: str, cast: tuple[int, ...]) -> ImageRequest:
    """A request as the illustrate stage would make it."""
    elements = tuple(CAST[index] for index in cast)
    quote = Quote(text=passage, chapter=1, start=0, page=1)
    names = tuple(element.name for element in elements)
    scene = Scene(chapter=1, number=1, quote=quote, description="", elements=names, pages=(1, 1))
    return ImageRequest(book_title="Contact sheet", chapter_title=title, scene=scene, elements=elements)


def main() -> None:
    """Draw every passage, print its CPU seconds, write the sheet."""
    plates = []
    for title, passage, cast in PASSAGES:
        started = time.process_time()
        reply = draw_plate(example_request(title, passage, cast))
        print(f"{time.process_time() - started:.2f} s  {len(reply.data) // 1024} KB  {reply.alt}")
        plates.append(reply.data)
    Path(sys.argv[1]).write_bytes(tile(plates, columns=3, width=512))


if __name__ == "__main__":
    main()
