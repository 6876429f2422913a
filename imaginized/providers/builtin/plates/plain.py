"""Plain toned grounds, which are no place: for portraits, groups, and plates of type."""

import math
from collections.abc import Callable

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.closeup import GROUNDS
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.sides import SIDED, choose_side, lay_side
from imaginized.providers.builtin.plates.stage import light_side_of
from imaginized.providers.builtin.plates.vistas import VISTAS


def choose_ground(reading: Reading) -> Colour:
    """A colour for the ground; neighbours in a book get different ones."""
    # There are as many grounds as colours: without the second term each would have one colour through a book.
    ground = GROUNDS[(reading.turn + 3 * (reading.turn // len(GROUNDS))) % len(GROUNDS)]
    dark = reading.light in {Light.NIGHT, Light.STORM}
    return mix(ground, reading.palette.ink, 0.3) if dark else ground


def lay_ground(canvas: Canvas, reading: Reading, *, name: str) -> Point:
    """Cover the picture with one of GROUNDINGS; returns where its light stands."""
    if name in SIDED:
        return lay_side(canvas, reading, name=name)
    side = light_side_of(reading)
    GROUNDINGS[name](canvas, reading, choose_ground(reading), side)
    if reading.light is Light.NIGHT and name not in _SEAS:
        canvas.veil(reading.palette.ink, lambda u, v: 0.42 + 0.3 * math.hypot(u - 0.5, v - 0.55))  # paper is pale
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


def _bands(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Slanting bands of colour from light to dark: lying ones would be hills or a sea."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    pale = mix(ground, (252, 236, 204), 0.62)
    canvas.wash(lambda _u, _v: pale)
    for step in range(5):
        x, slant = w * (0.22 + 0.19 * step), h * 0.3
        edge = [(x + slant, -10.0), (x - slant, h + 10.0)]
        far = -30 if side > 0 else w + 30
        line = [(w - u if side > 0 else u, v) for u, v in edge]
        band = canvas.whole().polygon([*line, (far, h + 10), (far, -10)])
        canvas.shadow(band, shift=(-3 * side, 0), blur=14, opacity=0.2, colour=ink)
        canvas.paint(band, mix(mix(pale, ground, (step + 1) / 5), ink, 0.05 * step))
    _stand_on(canvas, mix(ground, ink, 0.7))


def _stand_on(canvas: Canvas, colour: Colour) -> None:
    """A soft shadow where they stand, and no floor."""
    pool = canvas.whole(top=canvas.height * 0.7).ellipse(
        (canvas.width / 2, canvas.height * 0.915), canvas.width * 0.4, canvas.height * 0.05
    )
    canvas.shadow(pool, shift=(0, 0), blur=30, opacity=0.5, colour=colour)


def _floor(canvas: Canvas, reading: Reading, ground: Colour, *, line: float, lean: float) -> None:
    """What figures stand on: a darker sheet with a soft far edge, brightest in the middle."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    sheet = canvas.whole(top=line - 60).polygon(
        [(-10, line + lean), (w + 10, line - lean), (w + 10, h + 9), (-10, h + 9)]
    )
    tone = mix(ground, ink, 0.3)
    canvas.shadow(sheet, shift=(0, -8), blur=34, opacity=0.4, colour=mix(ground, ink, 0.55))
    canvas.paint(sheet, mix(tone, (252, 236, 204), 0.16), until=mix(tone, ink, 0.3))
    canvas.glow((w / 2, h * 0.9), w * 0.42, mix(ground, (255, 236, 200), 0.5), strength=0.16)


def _mist(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Light that fades to the edges, and a floor that comes out of it."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    pale = mix(ground, (252, 238, 208), 0.6)
    canvas.wash(
        lambda u, v: mix(pale, mix(ground, ink, 0.5), (1.5 * math.hypot(u - 0.5 - 0.08 * side, (v - 0.45) * 0.9)) ** 2)
    )
    _floor(canvas, reading, mix(ground, pale, 0.25), line=h * 0.77, lean=10 * side)
    canvas.veil(mix(pale, ground, 0.3), lambda _u, v: max(0.0, 0.55 - 7 * abs(v - 0.765)))
    del w


def _disc(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """A great pale disc low behind the figures, as a woodcut has it."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    dusk = mix(ground, ink, 0.36)
    canvas.wash(lambda _u, v: mix(mix(dusk, ink, 0.24), mix(dusk, (252, 232, 196), 0.22), v))
    x = w * (0.5 + 0.05 * side)
    for grow, share in ((1.16, 0.14), (1.0, 0.52)):
        disc = canvas.whole().ellipse((x, h * 0.5), h * 0.4 * grow)
        canvas.paint(disc, mix(ground, (255, 238, 204), share), until=mix(ground, (255, 238, 204), share * 0.6))
    _floor(canvas, reading, mix(ground, ink, 0.14), line=h * 0.8, lean=-8 * side)


def _wet(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """A wash of colour with a ragged edge on pale paper: a vignette."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    paper, dice = mix(ground, (250, 240, 220), 0.8), reading.dice("wash")
    canvas.wash(lambda _u, v: mix(paper, mix(paper, ground, 0.3), v))
    for grow, share in ((1.0, 0.3), (0.93, 0.5), (0.84, 0.72)):
        edge = []
        for step in range(36):
            angle, ragged = step / 36 * math.tau, dice.uniform(0.93, 1.05) * grow
            edge.append((w * (0.5 + 0.44 * ragged * math.cos(angle)), h * (0.5 + 0.43 * ragged * math.sin(angle))))
        canvas.paint(canvas.whole().blob(edge), mix(paper, mix(ground, ink, 0.1), share), opacity=0.8)
    pool = canvas.whole(top=h * 0.7).ellipse((w * (0.5 + 0.02 * side), h * 0.9), w * 0.38, h * 0.07)
    canvas.shadow(pool, shift=(0, 0), blur=30, opacity=0.5, colour=mix(ground, ink, 0.6))


def _torn(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Sheets of paper torn open upon a pale one, from both sides: torn across they would be hills."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    dice, pale = reading.dice("torn"), mix(ground, (252, 238, 210), 0.66)
    canvas.wash(lambda _u, v: mix(pale, mix(pale, ground, 0.35), v))
    for share, left, right in ((0.45, 0.17, 0.84), (1.0, 0.08, 0.94)):
        tone = mix(pale, mix(ground, ink, 0.24), share)
        for x, edge, lean in ((left, -400.0, 420), (right, w + 400.0, 340)):
            torn = [
                (w * x + side * lean * (y / h - 0.5) + dice.uniform(-15, 15), float(y)) for y in range(-20, h + 40, 27)
            ]
            inward = 1 if edge < 0 else -1
            sheet = canvas.whole().polygon([*torn, (edge, h + 30), (edge, -30)])
            lip = canvas.whole().polygon([*torn, *((u - inward * (9 + dice.uniform(0, 8)), v) for u, v in torn[::-1])])
            canvas.shadow(sheet, shift=(4 * inward, 0), blur=18, opacity=0.36, colour=ink)
            canvas.paint(sheet, tone, until=mix(tone, ink, 0.16 * share))
            canvas.paint(lip, mix(tone, (255, 250, 236), 0.6), opacity=0.8)
    _stand_on(canvas, mix(ground, ink, 0.7))


def _hatch(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """Strokes of a pen on toned paper, thick at the feet and thinner above."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    tone, dice = mix(ground, (248, 234, 206), 0.42), reading.dice("hatch")
    canvas.wash(lambda u, v: mix(tone, mix(tone, ink, 0.5), (1.2 * math.hypot(u - 0.5, v - 0.5)) ** 2))
    strokes = canvas.whole()
    for _ in range(240):
        v = 1 - dice.random() ** 1.7 * 0.8
        x, y, long = dice.uniform(-60, w), h * v, dice.uniform(90, 230) * (0.4 + 0.6 * v)
        strokes.limb((x, y), (x + long, y - side * long * 0.24), 2.2 * v, 0.8, tone=dice.randint(90, 190))
    canvas.paint(strokes, mix(tone, ink, 0.62), opacity=0.5)
    pool = canvas.whole(top=h * 0.7).ellipse((w / 2, h * 0.915), w * 0.4, h * 0.05)
    canvas.shadow(pool, shift=(0, 0), blur=30, opacity=0.55, colour=mix(tone, ink, 0.75))


def _pool(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """A warm pool of light on a dark floor."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(
        lambda u, v: mix(mix(ground, ink, 0.34), mix(ground, ink, 0.74), abs(u - 0.5) * 1.1 + 0.4 * abs(v - 0.6))
    )
    canvas.glow((w * (0.5 + 0.04 * side), h * 0.5), h * 0.66, mix(ground, (255, 230, 186), 0.5), strength=0.42)
    pool = canvas.whole(top=h * 0.7).ellipse((w / 2, h * 0.9), w * 0.43, h * 0.085)
    canvas.shadow(pool, shift=(0, 0), blur=18, opacity=0.8, colour=mix(ground, (255, 236, 200), 0.42))


def _sheet(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> None:
    """A leaf of paper with wide margins, on which they stand: hung behind them it would be the wall of a room."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    board = mix(ground, ink, 0.42)
    canvas.wash(lambda u, v: mix(mix(board, (255, 236, 204), 0.12), mix(board, ink, 0.3), abs(u - 0.5) + 0.5 * v * v))
    pale, lean = mix(ground, (252, 238, 208), 0.62), 9 * side
    leaf = canvas.whole().polygon(
        [
            (w * 0.06, h * 0.05 + lean),
            (w * 0.94, h * 0.05 - lean),
            (w * 0.94, h * 0.97 - lean),
            (w * 0.06, h * 0.97 + lean),
        ]
    )
    canvas.shadow(leaf, shift=(-side * 10, 8), blur=26, opacity=0.45, colour=ink)
    canvas.paint(leaf, pale, until=mix(pale, ground, 0.3))
    canvas.shade(leaf, mix(ground, ink, 0.4), lambda u, v: 0.5 * (1 - u if side > 0 else u) + 0.2 * v - 0.3)
    _stand_on(canvas, mix(ground, ink, 0.7))


GROUNDINGS: dict[str, Callable[[Canvas, Reading, Colour, int], object]] = {
    "studio": _studio,
    "medallion": _medallion,
    "arch": _arch,
    "bands": _bands,
    "mist": _mist,
    "disc": _disc,
    "wash": _wet,
    "torn": _torn,
    "hatch": _hatch,
    "pool": _pool,
    "sheet": _sheet,
}
_SEAS = ("waves", "calm")
GROUNDINGS |= {name: VISTAS[name] for name in _SEAS}
# Every other one is of the same chapter; those that look somewhat alike lie four apart.
SOLO_GROUNDINGS = ("studio", "medallion", "wash", "disc", "arch", "hatch", "torn", "sheet")
_POOL = "pool"  # of lamplight: no ground for a told day
WIDE_GROUNDINGS = ("mist", "wash", "torn", "disc", "pool", "hatch", "bands", "sheet")  # with room for more than one


def choose_grounding(reading: Reading, *, near: bool, floor: bool = True, swims: bool = False) -> str:
    """The ground of people who stand in no known place: that of its side of the door, else one of paper.

    Args:
        reading: What the plate is composed from.
        near: Whether it is a face, behind which every other time paper is enough.
        floor: Whether what they stand on is seen.
        swims: Whether it is a beast of the sea, which lies in no room and on no earth.
    """
    if swims:
        return _SEAS[reading.turn % len(_SEAS)]
    side = choose_side(reading)
    if side and not (near and reading.turn // 2 % 2):
        return side
    grounds = SOLO_GROUNDINGS if near else WIDE_GROUNDINGS
    ground = grounds[reading.turn % len(grounds)]
    sunny = reading.is_hour_told and reading.light is Light.DAY
    # Four on: the next but two of the same chapter, and so neither the one before nor the one after.
    return grounds[(reading.turn + 4) % len(grounds)] if (sunny or not floor) and ground == _POOL else ground
