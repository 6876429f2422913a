"""A street seen across: the fronts of the houses on its other side, doors, pavement and roadway."""

from random import Random

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.ground import LIT, lay_flat, stand
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, open_air

_FRONTS: tuple[Colour, ...] = ((158, 104, 84), (190, 166, 132), (140, 118, 108), (172, 136, 104), (120, 116, 118),
    (178, 158, 142))  # fmt: skip
_DOORS: tuple[Colour, ...] = ((72, 54, 48), (44, 70, 62), (96, 44, 42), (46, 54, 84))
_FOOT = 0.7  # of the picture's height: where the houses stand


def set_row(canvas: Canvas, reading: Reading) -> Stage:
    """The houses across a street, too near to see their roofs but for the low ones."""
    _, side, at = open_air(canvas, reading, _FOOT)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("row of a street")
    lay_flat(canvas, reading, h * _FOOT, (140, 132, 124))
    x = -dice.uniform(20, 180)
    while x < w:
        wide = dice.uniform(0.19, 0.27) * w
        _front(canvas, reading, (x, h * _FOOT), (wide - 4, h * dice.choice((0.5, 0.62, 0.8, 0.8))), dice)
        x += wide
    kerb = canvas.whole(top=h * _FOOT).box(0, h * _FOOT, w, h * (_FOOT + 0.055))
    stone = palette.lit((186, 178, 166))
    canvas.paint(kerb, mix(stone, palette.haze, 0.2), until=mix(stone, palette.ink, 0.24))
    joints = canvas.whole(top=h * _FOOT).box(0, h * (_FOOT + 0.055), w, h * (_FOOT + 0.066))
    for step in range(15):
        joints.stroke([(step * w / 14, h * _FOOT), (w / 2 + (step * w / 14 - w / 2) * 1.1, h * (_FOOT + 0.055))], 2)
    canvas.paint(joints, mix(stone, palette.ink, 0.5))
    if reading.light in LIT:
        canvas.glow((w * (0.5 + 0.3 * side), h * 0.5), h * 0.5, palette.glow, strength=0.3)
    return stand(canvas, reading, at, "in the street of a town")


def _front(canvas: Canvas, reading: Reading, foot: Point, size: tuple[float, float], dice: Random) -> None:
    """One house: its wall, a roof where that is low enough, windows above each other and a door between them."""
    (x, y), (wide, tall), palette = foot, size, reading.palette
    wall = palette.lit(dice.choice(_FRONTS), far=0.08)
    if tall < y:
        roof = canvas.whole().polygon([(x - 8, y - tall), (x + wide + 8, y - tall), (x + wide * 0.84, y - tall - 70),
            (x + wide * 0.16, y - tall - 70)])  # fmt: skip
        canvas.paint(roof, palette.dark((104, 76, 70), 0.3))
    canvas.paint(canvas.whole().box(x, y - tall, x + wide, y), wall, until=mix(wall, palette.ink, 0.26))
    trim, glass, lit = canvas.whole(), canvas.whole(), canvas.whole()
    storey, door = y * 0.3, dice.choice((0, 2))
    shining = reading.light in LIT
    for row in range(int(tall / storey) + 1):
        for column in range(3):
            left, top = x + wide * (0.09 + 0.31 * column), y - storey * (row + 0.84)
            right, low = left + wide * 0.2, top + storey * 0.56
            if top < y - tall + 12 or (row == 0 and column == door):
                continue
            trim.box(left - 7, top - 7, right + 7, low + 7).box(left - 14, low + 7, right + 14, low + 15)
            (lit if shining and dice.random() < 0.4 else glass).box(left, top, right, low)
            middle = (left + right) / 2
            for pane in (glass, lit):
                pane.box(middle - 2, top, middle + 2, low, tone=0).box(left, (top + low) / 2 - 2, right,
                    (top + low) / 2 + 2, tone=0)  # fmt: skip
    left = x + wide * (0.08 + 0.31 * door)
    trim.box(left - 9, y - storey * 0.92, left + wide * 0.24 + 9, y)
    canvas.paint(trim, mix(wall, (244, 234, 214), 0.42))
    canvas.paint(glass, mix(palette.sky, palette.ink, 0.5))
    canvas.paint(lit, palette.glow)
    leaf = canvas.whole(top=y - storey).box(left, y - storey * 0.86, left + wide * 0.24, y)
    canvas.paint(leaf, palette.dark(dice.choice(_DOORS), 0.12))
    canvas.paint(canvas.whole(top=y - storey).ellipse((left + wide * 0.205, y - storey * 0.42), 5), (206, 164, 92))
    step = canvas.whole(top=y - 10).box(left - 18, y - 8, left + wide * 0.24 + 18, y + 9)
    canvas.paint(step, mix(palette.lit((186, 178, 166)), palette.ink, 0.12))
