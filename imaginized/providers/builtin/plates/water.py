"""Sea, river and shore; ships, boats and whales upon them."""

import math

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light, Palette
from imaginized.providers.builtin.plates.reading import Reading


def water_colour(palette: Palette) -> Colour:
    """Water takes its colour from the sky and a little of its own."""
    return mix(palette.lit((44, 108, 124)), palette.sky, 0.35)


def draw_sea(canvas: Canvas, reading: Reading, *, horizon: float, light_at: Point) -> None:
    """Water to the horizon with the glitter of the light on it and waves that grow towards us."""
    palette = reading.palette
    water = canvas.whole(top=horizon)
    water.box(0, horizon, canvas.width, canvas.height)
    near = water_colour(palette)
    canvas.paint(water, mix(near, palette.horizon, 0.55), until=mix(near, palette.ink, 0.6))
    side = light_at[0] / canvas.width
    canvas.shade(water, palette.ink, lambda u, v: 0.35 * abs(u - side) + 0.3 * v - 0.08)
    rough = reading.light is Light.STORM
    for row in range(6 if rough else 5):
        _wave_row(canvas, reading, horizon, row, rough=rough)
    if not rough:
        canvas.glow((light_at[0], horizon), 240, palette.horizon, strength=0.4)
        _glitter(canvas, reading, horizon, light_at[0])


def _glitter(canvas: Canvas, reading: Reading, horizon: float, x: float) -> None:
    dice, stencil = reading.dice("glitter"), canvas.whole(top=horizon)
    for _ in range(150):
        t = dice.random() ** 1.3
        y = horizon + 3 + (canvas.height - horizon) * t
        spread = 26 + 190 * t
        half = (5 + 36 * t) * dice.uniform(0.4, 1.2)
        cx = x + dice.gauss(0, 0.42) * spread
        stencil.polygon(
            [(cx - half, y), (cx, y - 1 - 2.2 * t), (cx + half, y), (cx, y + 1 + 2 * t)], tone=round(255 - 110 * t)
        )
    canvas.paint(stencil, mix(reading.palette.light, reading.palette.horizon, 0.25), opacity=0.85)


def _wave_row(canvas: Canvas, reading: Reading, horizon: float, row: int, *, rough: bool) -> None:
    dice, palette = reading.dice(f"wave {row}"), reading.palette
    share = (row + 1) / 6.3
    base = horizon + (canvas.height - horizon) * (0.06 + 0.9 * share**1.5)
    swing = (30 if rough else 7) * (0.25 + share) * (1.5 if rough else 1)
    length = (150 if rough else 120) * (0.4 + share)
    crest: list[Point] = []
    x, phase = -length, dice.uniform(0, length)
    while x < canvas.width + length:
        u = ((x + phase) % length) / length
        crest.append((x, base - swing * (1 - abs(2 * u - 1) ** 1.4) * (0.75 + 0.25 * math.sin(x / 97 + row))))
        x += length / 14
    body = canvas.whole(top=base - swing * 1.3)
    body.polygon([*crest, (canvas.width + length, canvas.height), (-length, canvas.height)])
    near = water_colour(palette)
    tone = mix(mix(near, palette.horizon, 0.35 * (1 - share)), palette.ink, 0.5 * share)
    if rough:
        canvas.shadow(body, shift=(0, -6), blur=10, opacity=0.2, colour=palette.ink)
    canvas.paint(body, tone, until=mix(tone, palette.ink, 0.45), opacity=0.85 if rough else 0.6)
    foam = mix(palette.horizon, palette.light, 0.6)
    canvas.rim(
        body,
        foam,
        shift=(0, 2 + round(3 * share) if rough else 1 + round(share)),
        opacity=0.25 + 0.5 * share if rough else 0.3,
    )
    if rough:
        spray = canvas.whole(top=base - swing * 2, bottom=base + swing)
        for px, py in crest:
            if dice.random() < 0.22:
                spray.ellipse(
                    (px + dice.uniform(-9, 9), py - dice.uniform(0, 14) * share), dice.uniform(0.8, 3) * (0.5 + share)
                )
        canvas.paint(spray, foam, opacity=0.8)


def draw_river(canvas: Canvas, reading: Reading, *, horizon: float, light_at: Point) -> None:
    """A river that winds towards us between its banks, with the sky in it."""
    dice, palette = reading.dice("river"), reading.palette
    bend = dice.choice((-1, 1)) * 0.16 * canvas.width
    source = light_at[0] * 0.7 + canvas.width * 0.15
    left, right = [], []
    for step in range(49):
        t = step / 48
        y = horizon + (canvas.height - horizon) * t**1.45
        centre = source + bend * math.sin(t * math.tau * 0.95) * (0.3 + t) + (canvas.width * 0.5 - source) * t
        half = 4 + 360 * t**1.7
        left.append((centre - half, y))
        right.append((centre + half * 1.1, y))
    outline = [*left, *reversed(right)]
    bank = canvas.whole(top=horizon).polygon(
        [(x + (-9 if i < len(left) else 9) * (y - horizon) / 120, y - 2) for i, (x, y) in enumerate(outline)]
    )
    canvas.paint(bank, palette.dark((112, 92, 64), 0.35))
    stencil = canvas.whole(top=horizon).polygon(outline)
    near = water_colour(palette)
    canvas.paint(stencil, mix(palette.horizon, near, 0.25), until=mix(near, palette.zenith, 0.45))
    side = light_at[0] / canvas.width
    canvas.shade(stencil, palette.ink, lambda u, v: 0.5 * abs(u - side) + 0.3 * v - 0.12)
    ripples = canvas.whole(top=horizon)
    for _ in range(70):
        index = dice.randint(8, 48)
        t = index / 48
        x = left[index][0] + (right[index][0] - left[index][0]) * dice.uniform(0.12, 0.88)
        half = (6 + 60 * t * t) * dice.uniform(0.4, 1)
        ripples.polygon(
            [
                (x - half, left[index][1]),
                (x, left[index][1] - 1 - 2 * t),
                (x + half, left[index][1]),
                (x, left[index][1] + 1 + t),
            ]
        )
    canvas.paint(ripples, mix(palette.light, palette.horizon, 0.3), opacity=0.55)


_HULL: tuple[Point, ...] = (
    (-0.5, 0.13),
    (-0.47, 0.02),
    (-0.4, -0.06),
    (0.36, -0.06),
    (0.47, 0.05),
    (0.54, 0.13),
    (0.3, 0.085),
    (-0.3, 0.085),
)
_MASTS = ((-0.3, 0.68), (0.0, 0.84), (0.28, 0.74))  # place along the hull, height
_SAILS = ((0.14, 0.36, 0.135), (0.38, 0.55, 0.11), (0.57, 0.7, 0.08))  # foot, head, half width
_JIB: tuple[Point, ...] = ((0.32, 0.14), (0.33, 0.6), (0.72, 0.21))


def draw_ship(
    canvas: Canvas, at: Point, length: float, palette: Palette, *, facing: int, storm: bool, far: float
) -> None:
    """A three-masted ship; sails set, or short sail in a storm."""
    x, y = at
    box = (x - length, y - length * 1.1, x + length, y + length * 0.2)
    hull, sails, lines = (Stencil(box, fine=3) for _ in range(3))
    tilt = -0.12 if storm else 0.0

    def spot(u: float, v: float) -> Point:
        return x + facing * (u * math.cos(tilt) - v * math.sin(tilt)) * length, y - (
            u * math.sin(tilt) + v * math.cos(tilt)
        ) * length

    hull.polygon([spot(u, v) for u, v in _HULL])
    hull.stroke([spot(0.48, 0.1), spot(0.76, 0.22)], length * 0.012)
    for mast, tall in _MASTS:
        hull.stroke([spot(mast, 0.05), spot(mast - 0.01, tall)], length * 0.014)
        lines.stroke([spot(mast - 0.13, 0.09), spot(mast, tall * 0.9), spot(mast + 0.15, 0.09)], 1.0, tone=150)
        for low, high, wide in _SAILS:
            if high <= tall + 0.02 and not (storm and low > 0.3):
                sails.blob([spot(u, v) for u, v in _sail(mast, low, high, wide)])
    sails.polygon([spot(u, v) for u, v in _JIB])
    cloth = mix(palette.lit((238, 226, 198)), palette.haze, far)
    canvas.paint(lines, palette.ink, opacity=0.6)
    canvas.paint(sails, cloth, until=mix(cloth, palette.ink, 0.35))
    canvas.shade(sails, mix(cloth, palette.ink, 0.6), lambda u, _v: 0.5 * (u * 5 % 1) - 0.1, cells=(30, 6))
    canvas.paint(hull, mix(palette.ink, palette.haze, far))


def _sail(mast: float, low: float, high: float, wide: float) -> tuple[Point, ...]:
    return (
        (mast - wide + 0.01, low),
        (mast - wide * 0.8, high),
        (mast + wide * 0.85, high),
        (mast + wide + 0.07, (low + high) / 2),
        (mast + wide, low),
    )


def draw_boat(canvas: Canvas, at: Point, length: float, palette: Palette, *, oars: bool = True) -> None:
    """An open boat, side on, for figures to sit in."""
    x, y = at
    stencil = Stencil((x - length, y - length * 0.4, x + length, y + length * 0.35))
    half = length / 2
    hull = [
        (x - half, y - 26),
        (x - half * 0.86, y + 6),
        (x - half * 0.6, y + 20),
        (x + half * 0.6, y + 20),
        (x + half * 0.9, y + 4),
        (x + half * 1.08, y - 34),
        (x + half * 0.6, y - 13),
        (x - half * 0.5, y - 12),
    ]
    canvas.paint(stencil.polygon(hull), palette.dark((122, 82, 56), 0.45))
    canvas.rim(stencil, mix(palette.light, palette.horizon, 0.4), shift=(0, 2), opacity=0.8)
    if oars:
        blades = Stencil((x - length, y - length * 0.4, x + length, y + length * 0.35))
        for root, tip in ((-0.3, -0.62), (0.2, -0.1), (0.45, 0.2)):
            blades.stroke([(x + root * half, y - 24), (x + tip * length * 0.8, y + 40)], 4)
            blades.ellipse((x + tip * length * 0.8, y + 41), 13, 4)
        canvas.paint(blades, palette.dark((150, 110, 76), 0.4))


_WHALE_BACK: tuple[Point, ...] = (
    (-0.34, -0.06),
    (-0.2, 0.06),
    (0.04, 0.15),
    (0.34, 0.17),
    (0.52, 0.12),
    (0.545, -0.02),
    (0.5, -0.1),
    (0, -0.12),
)
_FLUKES: tuple[Point, ...] = (
    (-0.64, -0.06),
    (-0.62, 0.1),
    (-0.66, 0.2),
    (-0.8, 0.27),
    (-0.74, 0.29),
    (-0.63, 0.245),
    (-0.52, 0.31),
    (-0.45, 0.3),
    (-0.57, 0.18),
    (-0.55, -0.05),
)
_SPOUT: tuple[Point, ...] = ((0, 0.16), (0.03, 0.36), (0.13, 0.4), (0.15, 0.3), (0.09, 0.35))


def draw_whale(canvas: Canvas, at: Point, length: float, palette: Palette, *, facing: int, colour: Colour) -> None:
    """A whale's back and head above the water, its flukes behind, its spout before."""
    x, y = at
    stencil = Stencil((x - length, y - length * 0.6, x + length, y + 14), fine=2)

    def spot(u: float, v: float) -> Point:
        return x + facing * u * length, y - v * length

    stencil.blob([spot(u, v) for u, v in _WHALE_BACK]).blob([spot(u, v) for u, v in _FLUKES])
    stencil.box(x - length, y + 3, x + length, y + 40, tone=0)
    canvas.paint(stencil, palette.dark(colour, 0.25))
    canvas.shade(stencil, palette.ink, lambda _u, v: 1.1 * v - 0.45)
    canvas.rim(stencil, palette.light, shift=(0, 3), opacity=0.7)
    spout = Stencil((x - length, y - length * 0.8, x + length, y))
    for side in (-1, 1):
        spout.blob([*(spot(0.42 + side * u, v) for u, v in _SPOUT), spot(0.435, 0.28)])
    canvas.paint(spout, mix(palette.light, palette.haze, 0.3), opacity=0.8)
    foam = Stencil((x - length, y - 12, x + length, y + 16))
    for u, wide in ((-0.58, 0.16), (-0.1, 0.26), (0.3, 0.3), (0.52, 0.14)):
        foam.ellipse(spot(u, -0.008), wide * length * 0.6, 4.5)
    canvas.paint(foam, mix(palette.light, palette.horizon, 0.3), opacity=0.75)
