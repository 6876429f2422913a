"""What people sit on: a chair under a roof, a stone without."""

from imaginized.providers.builtin.plates.canvas import Canvas, Point, Stencil
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp


def draw_seat(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp) -> None:
    """A chair, side on."""
    x, y = at
    stencil = Stencil((x - height * 0.4, y - height * 0.8, x + height * 0.4, y + 8), fine=3)
    back = x - facing * height * 0.16
    stencil.limb((back, y), (back, y - height * 0.68), height * 0.016, height * 0.016)
    stencil.limb(
        (x + facing * height * 0.13, y), (x + facing * height * 0.12, y - height * 0.24), height * 0.016, height * 0.016
    )
    stencil.limb(
        (back, y - height * 0.245), (x + facing * height * 0.13, y - height * 0.245), height * 0.022, height * 0.022
    )
    stencil.limb((back, y - height * 0.52), (back, y - height * 0.66), height * 0.03, height * 0.03)
    canvas.paint(stencil, lamp.palette.dark((112, 74, 50), 0.5))


def draw_stone(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp) -> None:
    """Out of doors one sits on a stone."""
    shape = ((-0.3, 0.0), (-0.27, 0.14), (-0.16, 0.245), (0.0, 0.255), (0.11, 0.21), (0.15, 0.06), (0.14, 0.0))
    body = Cutout(at, height, facing=facing)
    body.blob((126, 120, 116), shape)
    body.draw(canvas, lamp)
