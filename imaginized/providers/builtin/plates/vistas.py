"""Grounds for things that are seen out of doors: a bare line of land or water under a plain sky, and no place."""

import math
from collections.abc import Callable

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading

FEET: dict[str, float] = {"vista": 0.8, "rise": 0.74, "waves": 0.74, "calm": 0.7}


def _plain_sky(canvas: Canvas, reading: Reading, side: int, *, low: float) -> Point:
    """A sky without clouds, with a pale disc in it."""
    palette, w, h = reading.palette, canvas.width, canvas.height
    at = (w * (0.5 + 0.26 * side), h * low)

    def colour(u: float, v: float) -> Colour:
        base = mix(palette.zenith, palette.sky, v * 2) if v < 0.5 else mix(palette.sky, palette.horizon, v * 2 - 1)
        return mix(base, palette.light, 0.5 * math.exp(-4 * math.hypot((u - at[0] / w) * 1.5, v - low)))

    canvas.wash(colour)
    disc = canvas.whole().ellipse(at, h * (0.075 if reading.light is not Light.NIGHT else 0.05))
    canvas.glow(at, h * 0.4, palette.light, strength=0.4)
    canvas.paint(disc, mix(palette.light, palette.horizon, 0.1))
    return at


def _vista(canvas: Canvas, reading: Reading, _ground: Colour, side: int) -> Point:
    """On level ground, low under a wide sky."""
    at = _plain_sky(canvas, reading, side, low=0.3)
    w, h, palette = canvas.width, canvas.height, reading.palette
    earth = palette.lit((146, 138, 104))
    land = canvas.whole(top=h * 0.7).box(0, h * 0.74, w, h)
    canvas.paint(land, mix(earth, palette.haze, 0.4), until=mix(earth, palette.ink, 0.45))
    canvas.shade(land, palette.ink, lambda u, v: 0.4 * abs(u - 0.5) + 0.3 * v - 0.14)
    return at


def _rise(canvas: Canvas, reading: Reading, _ground: Colour, side: int) -> Point:
    """On the round top of a rise, against the light."""
    _plain_sky(canvas, reading, side, low=0.5)
    w, h, palette = canvas.width, canvas.height, reading.palette
    at = (w * 0.5, h * 0.44)
    canvas.glow(at, h * 0.62, palette.light, strength=0.5)
    earth = palette.lit((124, 122, 92))
    top = canvas.whole(top=h * 0.5).ellipse((w * 0.5, h * 1.5), w * 0.9, h * 0.78)
    canvas.shadow(top, shift=(0, -4), blur=16, opacity=0.3, colour=palette.ink)
    canvas.paint(top, mix(earth, palette.ink, 0.2), until=mix(earth, palette.ink, 0.6))
    canvas.rim(top, palette.light, shift=(0, 5), opacity=0.5)
    return at


def _sea(canvas: Canvas, reading: Reading, at: Point, horizon: float, *, rough: bool) -> None:
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("plain sea")
    tone = mix(palette.lit((52, 104, 118)), palette.sky, 0.3)
    water = canvas.whole(top=horizon).box(0, horizon, w, h)
    canvas.paint(water, mix(tone, palette.horizon, 0.4), until=mix(tone, palette.ink, 0.5))
    glints = canvas.whole(top=horizon)
    for _ in range(80):
        t = dice.random() ** 1.4
        x = at[0] + dice.gauss(0, 30 + 130 * t)
        long = 8 + 50 * t
        glints.ellipse((x, horizon + 6 + (h - horizon) * t), long, 1.4 + 3 * t)
    canvas.paint(glints, mix(palette.light, palette.horizon, 0.2), opacity=0.6)
    if not rough:
        return
    for row in range(5):
        y = horizon + 40 + (h - horizon) * 0.19 * row
        points = [(x, y + 12 * math.sin(x / 70 + row * 2.1) * (1 + 0.3 * row)) for x in range(-20, w + 41, 20)]
        wave = canvas.whole(top=y - 40).polygon([*points, (w + 30, h), (-30, h)])
        canvas.paint(wave, mix(tone, palette.ink, 0.14 + 0.1 * row), until=mix(tone, palette.ink, 0.5))
        canvas.rim(wave, palette.horizon, shift=(0, 3), opacity=0.4)


def _waves(canvas: Canvas, reading: Reading, _ground: Colour, side: int) -> Point:
    """On waves."""
    at = _plain_sky(canvas, reading, side, low=0.26)
    _sea(canvas, reading, at, canvas.height * 0.62, rough=True)
    return at


def _calm(canvas: Canvas, reading: Reading, _ground: Colour, side: int) -> Point:
    """On still water, with the light low behind."""
    at = _plain_sky(canvas, reading, side, low=0.46)
    _sea(canvas, reading, at, canvas.height * 0.6, rough=False)
    return at


def draw_bow_wave(canvas: Canvas, reading: Reading, foot: Point, unit: float, wide: float) -> None:
    """The water before a hull, which hides its keel."""
    palette, (x, y) = reading.palette, foot
    tone = mix(palette.lit((52, 104, 118)), palette.ink, 0.3)
    half = wide * unit * 0.62
    wave = canvas.whole().blob(
        [
            (x - half * 1.3, y + unit * 0.05),
            (x - half * 0.6, y - unit * 0.05),
            (x, y - unit * 0.01),
            (x + half * 0.7, y - unit * 0.05),
            (x + half * 1.3, y + unit * 0.05),
            (x, y + unit * 0.2),
        ]
    )
    canvas.paint(wave, tone)
    canvas.rim(wave, (236, 240, 236), shift=(0, 5), opacity=0.7)


def _heavens(canvas: Canvas, reading: Reading, _ground: Colour, _side: int) -> Point:
    """In a sky over a floor of clouds."""
    palette, w, h, dice = reading.palette, canvas.width, canvas.height, reading.dice("floor")
    canvas.wash(lambda _u, v: mix(palette.zenith, palette.sky, v * 1.2))
    canvas.glow((w / 2, h / 2), h * 0.7, palette.light, strength=0.35)
    for depth in range(3):
        cloud, base = canvas.whole(), h * (0.86 + 0.06 * depth)
        for step in range(14):
            r = dice.uniform(60, 130)
            cloud.ellipse((w * step / 13, base + dice.uniform(-10, 20)), r, r * 0.55)
        tone = mix(palette.horizon, palette.haze, 0.3 + 0.2 * depth)
        canvas.paint(cloud.box(0, base, w, h), tone, until=mix(tone, palette.ink, 0.2))
    return w * 0.5, h * 0.2


def _drift(canvas: Canvas, reading: Reading, _ground: Colour, side: int) -> Point:
    """Between long streaks of cloud."""
    palette, w, h, dice = reading.palette, canvas.width, canvas.height, reading.dice("streaks")
    canvas.wash(lambda u, v: mix(mix(palette.zenith, palette.sky, v), palette.horizon, 0.5 * v + 0.2 * abs(u - 0.5)))
    canvas.glow((w / 2, h / 2), h * 0.6, palette.light, strength=0.4)
    streaks = canvas.whole()
    for _ in range(16):
        x, y, long = dice.uniform(-0.1, 1) * w, dice.uniform(0.06, 0.94) * h, dice.uniform(120, 420)
        streaks.blob([(x, y), (x + long * 0.4, y - 14), (x + long, y - 3), (x + long * 0.5, y + 11)])
    canvas.paint(streaks, mix(palette.horizon, palette.light, 0.4), opacity=0.5)
    return w * (0.5 + 0.3 * side), h * 0.2


VISTAS: dict[str, Callable[[Canvas, Reading, Colour, int], Point]] = {
    "vista": _vista,
    "rise": _rise,
    "waves": _waves,
    "calm": _calm,
    "heavens": _heavens,
    "drift": _drift,
}
