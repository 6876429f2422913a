"""Furniture the passage names: tables with what lies on them, beds, pianos, doors."""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.reading import Reading

_WOOD: Colour = (128, 84, 54)


def furnish(canvas: Canvas, reading: Reading, *, side: int, gloom: float) -> None:
    """Put what the passage names along the walls, the light's side first; a table where it names nothing."""
    width, height = canvas.width, canvas.height
    if reading.has("door"):
        _door(canvas, reading, (width * 0.5 - side * 40, height * 0.66), gloom)
    if reading.has("bed", "sofa"):
        _bed(canvas, reading, (width * (0.5 + 0.3 * side), height * 0.84), gloom, facing=-side)
    elif reading.has("piano"):
        _piano(canvas, reading, (width * (0.5 + 0.3 * side), height * 0.84), gloom)
    else:
        draw_table(canvas, reading, (width * (0.5 + 0.31 * side), height * 0.86), gloom)


def draw_table(canvas: Canvas, reading: Reading, at: Point, gloom: float) -> None:
    """A cloth-covered table with a lamp or candle, and books."""
    (x, y), ink = at, reading.palette.ink
    wood = mix(_WOOD, ink, gloom)
    legs = Stencil((x - 170, y - 190, x + 170, y + 40))
    for leg in (-118, 118):
        legs.limb((x + leg, y - 120), (x + leg * 1.02, y + 16), 8, 5)
    legs.box(x - 146, y - 134, x + 146, y - 116)
    canvas.shadow(legs, shift=(0, 6), blur=14, opacity=0.4, colour=ink)
    canvas.paint(legs, wood, until=mix(wood, ink, 0.5))
    cloth = Stencil((x - 170, y - 190, x + 170, y + 40)).polygon(
        [
            (x - 150, y - 138),
            (x + 150, y - 138),
            (x + 156, y - 84),
            (x + 104, y - 60),
            (x + 52, y - 84),
            (x, y - 58),
            (x - 52, y - 84),
            (x - 104, y - 60),
            (x - 156, y - 84),
        ]
    )
    canvas.paint(cloth, mix((226, 212, 180), ink, gloom * 0.8), until=mix((196, 170, 130), ink, gloom))
    pile = Stencil((x - 170, y - 230, x + 170, y))
    pile.box(x + 46, y - 152, x + 116, y - 139)
    canvas.paint(pile, mix((160, 62, 52), ink, gloom))
    pile = Stencil((x - 170, y - 230, x + 170, y)).box(x + 52, y - 166, x + 108, y - 153)
    canvas.paint(pile, mix((72, 108, 104), ink, gloom))
    if gloom > 0.3 or reading.has("lamp", "candle"):
        _lamp(canvas, reading, (x - 50, y - 138))


def _lamp(canvas: Canvas, reading: Reading, at: Point) -> None:
    x, y = at
    glow = reading.palette.glow
    canvas.glow((x, y - 66), 420, glow, strength=0.5)
    stencil = Stencil((x - 60, y - 130, x + 60, y + 6))
    if reading.has("candle"):
        stencil.box(x - 6, y - 52, x + 6, y).ellipse((x, y), 22, 5)
        canvas.paint(stencil, (226, 208, 166))
        flame = Stencil((x - 20, y - 100, x + 20, y)).blob([(x - 7, y - 58), (x, y - 84), (x + 7, y - 58), (x, y - 52)])
        canvas.paint(flame, (255, 240, 190))
        return
    stencil.limb((x, y - 2), (x, y - 46), 9, 5).ellipse((x, y - 2), 24, 6)
    canvas.paint(stencil, mix((168, 128, 62), reading.palette.ink, 0.3))
    shade = Stencil((x - 60, y - 130, x + 60, y)).polygon(
        [(x - 22, y - 104), (x + 22, y - 104), (x + 44, y - 44), (x - 44, y - 44)]
    )
    canvas.paint(shade, (255, 232, 168), until=(250, 186, 96))
    canvas.glow((x, y - 70), 90, (255, 240, 200), strength=0.5)


_HEADBOARD: tuple[Point, ...] = ((-214, 70), (-214, 190), (-204, 215), (-196, 190), (-196, 70))
_QUILT: tuple[Point, ...] = ((-198, 96), (-60, 112), (120, 100), (202, 88), (204, 20), (0, 12), (-200, 30))
_PILLOW: tuple[Point, ...] = ((-196, 104), (-180, 140), (-100, 132), (-96, 102), (-150, 92))
_QUILTS: tuple[Colour, ...] = ((150, 64, 58), (72, 98, 128), (110, 122, 82))


def _bed(canvas: Canvas, reading: Reading, at: Point, gloom: float, *, facing: int) -> None:
    (x, y), ink = at, reading.palette.ink
    box = (x - 270, y - 270, x + 270, y + 40)

    def outline(points: tuple[Point, ...]) -> list[Point]:
        return [(x + facing * u, y - v) for u, v in points]

    frame = Stencil(box).limb((x - facing * 210, y + 10), (x - facing * 210, y - 210), 10, 10)
    frame.limb((x + facing * 205, y + 10), (x + facing * 205, y - 110), 9, 9)
    frame.blob(outline(_HEADBOARD)).box(x - 205, y - 60, x + 205, y - 30)
    canvas.shadow(frame, shift=(0, 8), blur=16, opacity=0.45, colour=ink)
    canvas.paint(frame, mix(_WOOD, ink, gloom + 0.1))
    sheet = Stencil(box).blob(outline(_QUILT))
    quilt = reading.colour_of("bed", "quilt", "blanket") or reading.dice("quilt").choice(_QUILTS)
    canvas.paint(sheet, mix(quilt, ink, gloom), until=mix(quilt, ink, gloom + 0.25))
    canvas.shade(sheet, ink, lambda u, v: 0.5 * (u * 7 % 1) * v, cells=(42, 8), crayon=False)
    canvas.paint(Stencil(box).blob(outline(_PILLOW)), mix((238, 230, 210), ink, gloom * 0.8))


def _piano(canvas: Canvas, reading: Reading, at: Point, gloom: float) -> None:
    (x, y), ink = at, reading.palette.ink
    body = (
        Stencil((x - 220, y - 290, x + 220, y + 20))
        .box(x - 150, y - 200, x + 150, y - 20)
        .box(x - 166, y - 118, x + 166, y - 96)
    )
    body.polygon([(x - 150, y - 196), (x + 150, y - 196), (x + 130, y - 214), (x - 130, y - 214)]).box(
        x - 160, y - 100, x - 146, y + 8
    ).box(x + 146, y - 100, x + 160, y + 8)
    canvas.shadow(body, shift=(0, 8), blur=16, opacity=0.4, colour=ink)
    canvas.paint(body, mix((84, 52, 40), ink, gloom), until=mix((60, 38, 32), ink, gloom + 0.2))
    keys = Stencil((x - 220, y - 290, x + 220, y + 20)).box(x - 140, y - 122, x + 140, y - 114)
    canvas.paint(keys, mix((240, 232, 210), ink, gloom * 0.6))


def _door(canvas: Canvas, reading: Reading, at: Point, gloom: float) -> None:
    (x, y), ink = at, reading.palette.ink
    frame = Stencil((x - 90, y - 280, x + 90, y + 4)).box(x - 66, y - 262, x + 66, y + 2)
    canvas.paint(frame, mix((176, 140, 96), ink, gloom))
    door = Stencil((x - 90, y - 280, x + 90, y + 4)).box(x - 56, y - 252, x + 56, y + 2)
    canvas.paint(door, mix(_WOOD, ink, gloom + 0.1), until=mix(_WOOD, ink, gloom + 0.3))
    panels = Stencil((x - 90, y - 280, x + 90, y + 4))
    for left in (-42, 6):
        panels.box(x + left, y - 236, x + left + 36, y - 140).box(x + left, y - 122, x + left + 36, y - 20)
    panels.ellipse((x + 44, y - 130), 5)
    canvas.paint(panels, mix(_WOOD, ink, gloom + 0.28))
