"""Those who sit in an open boat."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.canvas import Canvas, Point
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.water import draw_boat


def draw_crew(canvas: Canvas, actors: Sequence[Actor], at: Point, size: float, *, lamp: Lamp, facing: int) -> None:
    """Seat them one behind the other; `at` is the middle of the boat at the water, `size` a grown man's height."""
    if not actors:
        return
    gap = size * 0.52
    length = max(size * 1.48, gap * len(actors) + size * 0.85)
    start = at[0] - (len(actors) - 1) * gap / 2
    for index, actor in enumerate(actors):
        foot = (start + index * gap, at[1] + size * 0.125)
        draw_person(canvas, actor, foot, size, deed="sit", facing=facing, lamp=lamp, variant=index)
    draw_boat(canvas, (at[0], at[1] + size * 0.034), length, lamp.palette)
