"""A sheet of plates of every setting, thing or creature that can be drawn, for judging the drawing by eye."""

import sys
import time
from pathlib import Path

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import tile
from imaginized.providers.builtin.plates.compose import compose_plate
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Sex, Staging, Time, View

CAST = (
    Element(type=ElementType.CHARACTER, name="Dorothy", description="a little girl with fair hair in a blue frock"),
    Element(type=ElementType.CHARACTER, name="Captain Ahab", description="an old captain with a grey beard"),
)
GIRL = Figure(name="Dorothy", sex=Sex.WOMAN, age=Age.CHILD, deed=Deed.TALK, toward=1)
CAPTAIN = Figure(name="Captain Ahab", sex=Sex.MAN, toward=0)
TIMES = (Time.UNKNOWN, Time.DAY, Time.NIGHT, Time.DUSK, Time.DAWN)
COLUMNS, WIDTH = 6, 320


def stagings(kind: str) -> list[Staging]:
    """What to draw: all of "settings", "things" or "creatures"."""
    if kind == "things":
        return [Staging(view=View.OBJECT, things=(thing,)) for thing in Thing if thing]
    if kind == "creatures":
        beasts = [Figure(noun=species.value, being=Being.CREATURE, species=species) for species in Species if species]
        return [Staging(view=View.PORTRAIT, figures=(beast,)) for beast in beasts]
    places = [setting for setting in Setting if setting]
    return [
        Staging(
            setting=place,
            confidence=1.0,
            view=View.SCENE,
            figures=(GIRL, CAPTAIN),
            time=TIMES[number % len(TIMES)],
        )
        for number, place in enumerate(places)
    ]


def request_of(staging: Staging, number: int) -> ImageRequest:
    """A request as the illustrate stage would make it."""
    quote = Quote(text=f"{number}", chapter=1, start=0, page=1)
    names = tuple(element.name for element in CAST)
    scene = Scene(chapter=1, number=number, quote=quote, description="", elements=names, pages=(1, 1), staging=staging)
    return ImageRequest(book_title="Contact sheet", chapter_title="A Chapter", scene=scene, elements=CAST)


def main() -> None:
    """Draw everything of a kind, print the CPU seconds of each, write the sheet."""
    kind = sys.argv[2] if len(sys.argv) > 2 else "settings"
    plates = []
    for number, staging in enumerate(stagings(kind), start=1):
        started = time.process_time()
        data, drawn = compose_plate(request_of(staging, number))
        print(f"{time.process_time() - started:.2f} s  {len(data) // 1024} KB  [{drawn.composition}] {drawn.alt}")
        plates.append(data)
    Path(sys.argv[1]).write_bytes(tile(plates, columns=COLUMNS, width=WIDTH))


if __name__ == "__main__":
    main()
