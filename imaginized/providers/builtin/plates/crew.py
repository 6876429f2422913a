"""Those who sit in an open boat."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.canvas import Canvas, Point
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.props import PROPS
from imaginized.providers.builtin.plates.water import draw_boat

# What can be done in a boat; everybody else sits.
_AFLOAT = frozenset(
    {"row", "sit talk", "read", "throw", "point", "look out", "raise", "wave", "strike", "aim", "shoot"}
)


def draw_crew(canvas: Canvas, crew: Sequence[Player], at: Point, size: float, *, lamp: Lamp, facing: int) -> None:
    """Seat them one behind the other; `at` is the middle of the boat at the water, `size` a grown man's height.

    Who rows looks back along the boat; who stands up to point or throw stands.
    """
    if not crew:
        return
    gap = size * 0.56
    length = max(size * 1.48, gap * len(crew) + size * 0.85)
    start = at[0] - (len(crew) - 1) * gap / 2
    for index, player in enumerate(crew):
        foot = (start + index * gap, at[1] + size * 0.125)
        deed = player.deed if player.deed in _AFLOAT else "sit"
        holds = player.holds.value if player.holds.value in PROPS else ""
        turned = -facing if deed == "row" else facing
        draw_person(canvas, player.actor, foot, size, deed=deed, facing=turned, lamp=lamp, variant=index, holds=holds)
    draw_boat(canvas, (at[0], at[1] + size * 0.034), length, lamp.palette)
