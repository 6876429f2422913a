"""What people sit, lie and eat on: chairs, couches, beds and tables."""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil
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


def draw_table(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp, *, plate: bool) -> None:
    """A small table before somebody who sits, with a sheet or a plate on it."""
    body = Cutout(at, height, facing=facing)
    body.limb((104, 70, 48), ((0.2, 0.36), (0.21, 0.0)), (0.016, 0.012))
    body.limb((104, 70, 48), ((0.52, 0.36), (0.53, 0.0)), (0.016, 0.012))
    body.polygon((136, 92, 60), ((0.12, 0.385), (0.6, 0.385), (0.6, 0.355), (0.12, 0.355)))
    if plate:
        body.polygon((240, 234, 220), ((0.2, 0.4), (0.4, 0.4), (0.36, 0.385), (0.24, 0.385)))
        body.blob((206, 144, 76), ((0.24, 0.4), (0.3, 0.43), (0.36, 0.4)))
    else:
        body.polygon((246, 240, 222), ((0.18, 0.388), (0.4, 0.388), (0.42, 0.398), (0.2, 0.398)))
    body.draw(canvas, lamp, grounded=False)


def draw_couch(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp) -> Point:
    """A couch with a pillow; returns the middle of what one lies on."""
    body = Cutout(at, height, facing=facing, reach=1.0)
    for x in (-0.5, 0.5):
        body.limb((92, 62, 44), ((x, 0.12), (x, 0.0)), (0.026, 0.018))
    body.polygon((112, 54, 54), ((-0.64, 0.24), (0.62, 0.24), (0.62, 0.1), (-0.64, 0.1)))
    body.polygon((132, 66, 62), ((-0.64, 0.24), (0.62, 0.24), (0.6, 0.2), (-0.62, 0.2)))
    body.blob((112, 54, 54), ((-0.66, 0.1), (-0.72, 0.34), (-0.66, 0.46), (-0.58, 0.4), (-0.56, 0.2)))
    body.blob((238, 230, 212), ((-0.6, 0.24), (-0.58, 0.35), (-0.42, 0.34), (-0.36, 0.25)))
    body.draw(canvas, lamp)
    return at[0], at[1] - height * 0.235


def draw_bed(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp) -> Point:
    """A bed with its pillow; returns where one lies in it. The blanket comes after: `draw_blanket`."""
    body = Cutout(at, height, facing=facing, reach=1.0)
    for x, tall in ((-0.66, 0.74), (0.64, 0.46)):
        body.limb((92, 62, 44), ((x, 0.0), (x, tall)), (0.024, 0.024))
    body.polygon((112, 76, 52), ((-0.68, 0.66), (-0.6, 0.66), (-0.6, 0.2), (-0.68, 0.2)))
    body.polygon((112, 76, 52), ((-0.66, 0.26), (0.64, 0.26), (0.64, 0.16), (-0.66, 0.16)))
    body.polygon((226, 220, 206), ((-0.62, 0.35), (0.62, 0.35), (0.62, 0.25), (-0.62, 0.25)))
    body.blob((244, 240, 228), ((-0.62, 0.35), (-0.6, 0.49), (-0.42, 0.48), (-0.33, 0.36)))
    body.draw(canvas, lamp)
    return at[0], at[1] - height * 0.34


def draw_blanket(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp, *, colour: Colour) -> None:
    """Over who lies in a bed, from the breast to the feet; `at` is the foot of the bed's middle."""
    body = Cutout(at, height, facing=facing, reach=1.0)
    shape = ((-0.24, 0.47), (0.0, 0.55), (0.3, 0.52), (0.58, 0.49), (0.65, 0.36), (0.64, 0.2), (0.2, 0.17),
        (-0.22, 0.2), (-0.28, 0.34))  # fmt: skip
    body.blob(colour, shape)
    body.limb((238, 232, 218), ((-0.25, 0.45), (-0.27, 0.34), (-0.23, 0.21)), (0.03, 0.034, 0.026))
    body.limb((92, 62, 44), ((0.66, 0.1), (0.66, 0.46)), (0.022, 0.022))
    body.draw(canvas, lamp, grounded=False)


def draw_ripples(canvas: Canvas, at: Point, height: float, lamp: Lamp) -> None:
    """The water in which somebody swims, over all of them that is below it."""
    x, y = at
    sheet = Stencil((x - height, y - height * 0.2, x + height, y + height * 0.2))
    sheet.ellipse((x, y + height * 0.03), height * 0.86, height * 0.1)
    canvas.paint(sheet, lamp.palette.dark((92, 142, 160), lamp.depth))
    lines = Stencil((x - height, y - height * 0.2, x + height, y + height * 0.2))
    for row in range(3):
        reach = height * (0.5 - 0.12 * row)
        lines.stroke([(x - reach, y + height * 0.035 * row), (x + reach, y + height * 0.035 * row)], height * 0.008)
    canvas.paint(lines, lamp.palette.lit((214, 232, 236)), opacity=0.7)
