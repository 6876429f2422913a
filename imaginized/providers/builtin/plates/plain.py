"""Plain toned grounds, which are no place: for portraits, groups, and plates of type."""

import math
from collections.abc import Callable

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.closeup import GROUNDS
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import light_side_of


def choose_ground(reading: Reading) -> Colour:
    """A colour for the ground; neighbours in a book get different ones."""
    ground = GROUNDS[reading.turn % len(GROUNDS)]
    dark = reading.light in {Light.NIGHT, Light.STORM}
    return mix(ground, reading.palette.ink, 0.3) if dark else ground


def lay_ground(canvas: Canvas, reading: Reading, *, name: str) -> Point:
    """Cover the picture with one of GROUNDINGS; returns where its light stands."""
    side = light_side_of(reading)
    GROUNDINGS[name](canvas, reading, choose_ground(reading), side)
    return canvas.width * (0.5 + 0.34 * side), canvas.height * 0.16


def _studio(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Light from one side on a painter's backcloth."""
    ink = reading.palette.ink
    bright, dark = mix(ground, (255, 232, 196), 0.36), mix(ground, ink, 0.6)

    def colour(u: float, v: float) -> Colour:
        return mix(bright, dark, min(1.25 * math.hypot(u - 0.5 - 0.2 * side, (v - 0.36) * 0.9), 1.0))

    canvas.wash(colour)
    dice, strokes = reading.dice("strokes"), canvas.whole()
    for _ in range(70):
        x, y, long = dice.uniform(0, canvas.width), dice.uniform(0, canvas.height), dice.uniform(60, 240)
        lean = dice.uniform(-0.5, 0.1)
        strokes.limb((x, y), (x + long, y + long * lean), dice.uniform(4, 13), 2, tone=dice.randint(30, 90))
    canvas.paint(strokes, mix(ground, (255, 236, 204), 0.5), opacity=0.3)


def _medallion(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """An oval, as miniatures have."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda u, v: mix(mix(ground, ink, 0.36), ink, 0.5 * math.hypot(u - 0.5, v - 0.5)))
    stripes = canvas.whole()
    for step in range(0, w, 34):
        stripes.box(step, 0, step + 3, h)
    canvas.paint(stripes, mix(ground, (255, 236, 200), 0.3), opacity=0.28)
    pale = mix(ground, (252, 238, 208), 0.7)
    for grow, colour in ((30, mix(ground, ink, 0.5)), (16, (206, 164, 96)), (4, mix(ground, ink, 0.45)), (0, pale)):
        oval = canvas.whole().ellipse((w / 2, h * 0.5), w * 0.27 + grow, h * 0.455 + grow)
        if grow == 30:
            canvas.shadow(oval, shift=(0, 8), blur=24, opacity=0.5, colour=ink)
        canvas.paint(oval, colour)
    inner = canvas.whole().ellipse((w / 2, h * 0.5), w * 0.27, h * 0.455)
    canvas.shade(inner, mix(ground, ink, 0.3), lambda u, v: 0.75 * (1 - u if side > 0 else u) + 0.3 * v - 0.45)


def _halves(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Two tones that meet in a slope behind the figure."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    pale, dark = mix(ground, (252, 236, 204), 0.58), mix(ground, ink, 0.4)
    canvas.wash(lambda _u, v: mix(pale, mix(pale, ground, 0.5), v))
    half = canvas.whole().polygon(
        [
            (w * (0.5 - 0.1 * side), -5),
            (w * (0.5 + 0.16 * side), h + 5),
            (w * (0.5 - 0.6 * side), h + 5),
            (w * (0.5 - 0.6 * side), -5),
        ]
    )
    canvas.shadow(half, shift=(0, 0), blur=20, opacity=0.35, colour=ink)
    canvas.paint(half, dark, until=mix(dark, ink, 0.35))
    canvas.shade(half, ink, lambda u, v: 0.5 * v + 0.3 * abs(u - 0.5) - 0.2)


def _halo(canvas: Canvas, reading: Reading, ground: Colour, _side: int) -> None:
    """A great disc behind the head."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda u, v: mix(ground, mix(ground, ink, 0.6), 0.3 + math.hypot(u - 0.5, v - 0.4)))
    for radius, share in ((0.5, 0.16), (0.42, 0.3), (0.34, 0.5)):
        disc = canvas.whole().ellipse((w / 2, h * 0.46), h * radius)
        canvas.paint(disc, mix(ground, (255, 234, 190), share))
    dots = canvas.whole()
    for step in range(60):
        angle = step / 60 * math.tau
        dots.ellipse((w / 2 + math.cos(angle) * h * 0.46, h * 0.46 + math.sin(angle) * h * 0.46), 4)
    canvas.paint(dots, mix(ground, (255, 240, 206), 0.7))


def _arch(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """An arch of paper, cut out and lit from within."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda _u, v: mix(mix(ground, ink, 0.28), mix(ground, ink, 0.55), v))
    for grow, colour in ((1.16, mix(ground, ink, 0.12)), (1.0, mix(ground, (255, 236, 200), 0.55))):
        half, top = w * 0.24 * grow, h * 0.42
        arch = canvas.whole().box(w / 2 - half, top, w / 2 + half, h + 10)
        arch.ellipse((w / 2, top), half, h * 0.34 * grow)
        canvas.shadow(arch, shift=(0, 4), blur=22, opacity=0.4, colour=ink)
        canvas.paint(arch, colour, until=mix(colour, ground, 0.6))
    canvas.shade(arch, mix(ground, ink, 0.4), lambda u, v: 0.6 * (1 - u if side > 0 else u) + 0.25 * v - 0.35)


def _rays(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Broad bands of light from one upper corner."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda u, v: mix(mix(ground, ink, 0.2), mix(ground, ink, 0.6), v * 0.7 + 0.3 * abs(u - 0.5)))
    corner = (w * (0.5 + 0.56 * side), -h * 0.1)
    bands = canvas.whole()
    for step in range(7):
        angle = math.pi / 2 + side * (0.12 + step * 0.2)
        points = [corner]
        for edge in (angle - 0.05, angle + 0.05):
            points.append((corner[0] + math.cos(edge) * w * 1.4, corner[1] + math.sin(edge) * w * 1.4))
        bands.polygon(points)
    canvas.paint(bands, mix(ground, (255, 234, 190), 0.55), opacity=0.34)


def _spot(canvas: Canvas, reading: Reading, ground: Colour, _side: int) -> None:
    """A pool of light on a dark floor."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda u, v: mix(mix(ground, ink, 0.4), mix(ground, ink, 0.7), abs(u - 0.5) + 0.4 * v))
    cone = canvas.whole().polygon([(w * 0.44, -10), (w * 0.56, -10), (w * 0.94, h * 0.9), (w * 0.06, h * 0.9)])
    canvas.paint(cone, mix(ground, (255, 236, 196), 0.5), opacity=0.24)
    pool = canvas.whole(top=h * 0.7).ellipse((w / 2, h * 0.89), w * 0.45, h * 0.095)
    canvas.paint(pool, mix(ground, (255, 236, 200), 0.5), opacity=0.6)


def _bands(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Bands of colour, one above the other, from light to dark."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    pale = mix(ground, (252, 236, 204), 0.62)
    canvas.wash(lambda _u, _v: pale)
    for step in range(5):
        top = h * (0.2 + 0.17 * step)
        line = [(0.0, top + side * 26), (w * 0.5, top - 12 * (-1) ** step), (float(w), top - side * 26)]
        band = canvas.whole(top=top - 60).polygon([*line, (w, h), (0, h)])
        canvas.shadow(band, shift=(0, -3), blur=14, opacity=0.2, colour=ink)
        canvas.paint(band, mix(mix(pale, ground, (step + 1) / 5), ink, 0.08 * step))


def _panels(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Three tall sheets of paper, side by side."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(lambda _u, v: mix(mix(ground, ink, 0.3), mix(ground, ink, 0.6), v))
    for step in range(3):
        place = step if side > 0 else 2 - step
        left = w * (0.07 + 0.3 * place)
        sheet = canvas.whole().box(left, h * 0.07, left + w * 0.26, h * 0.86)
        tone = mix(ground, (252, 236, 204), 0.3 + 0.18 * step)
        canvas.shadow(sheet, shift=(6, 8), blur=16, opacity=0.4, colour=ink)
        canvas.paint(sheet, tone, until=mix(tone, ground, 0.5))


GROUNDINGS: dict[str, Callable[[Canvas, Reading, Colour, int], None]] = {
    "studio": _studio,
    "medallion": _medallion,
    "halves": _halves,
    "halo": _halo,
    "arch": _arch,
    "rays": _rays,
    "spot": _spot,
    "bands": _bands,
    "panels": _panels,
}
SOLO_GROUNDINGS = ("studio", "medallion", "halves", "halo", "arch", "rays", "bands")
# With room for more than one; seven, so that neighbours of any chapter length differ.
WIDE_GROUNDINGS = ("studio", "halves", "rays", "halo", "spot", "bands", "panels")
