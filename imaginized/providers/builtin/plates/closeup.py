"""Plates of one thing, seen from near: four ways to set it down and light it, none of which is a place."""

import math
from collections.abc import Callable

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import Thing, draw_thing
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import light_side_of
from imaginized.providers.builtin.plates.vistas import FEET, VISTAS, draw_bow_wave

GROUNDS: tuple[Colour, ...] = (
    (58, 84, 92),
    (104, 62, 56),
    (72, 84, 62),
    (86, 70, 96),
    (132, 98, 62),
    (50, 70, 104),
    (118, 84, 84),
    (64, 92, 84),
)
_EDGE = 0.7  # how far down the far edge of what it stands on lies


def draw_closeup(canvas: Canvas, reading: Reading, thing: Thing, *, setting: str) -> Point:
    """Draw a thing as the hero of a plate; `setting` is one of SETTINGS; returns where the light stands."""
    side = light_side_of(reading)
    ground = reading.dice("ground").choice(GROUNDS)
    if reading.light in {Light.NIGHT, Light.DUSK, Light.STORM}:
        ground = mix(ground, reading.palette.ink, 0.35)
    at = SETTINGS[setting](canvas, reading, ground, side)
    tall = canvas.height * (0.56 if thing.tall > 1.2 else 0.5)
    unit = min(tall / thing.tall, canvas.width * 0.62 / thing.wide)
    foot = (canvas.width * (0.5 + 0.03 * side), canvas.height * FEET.get(setting, 0.845))
    if setting in _ALOFT:
        foot = (foot[0], canvas.height * 0.5 + thing.tall * unit / 2)
    if thing.shines:
        canvas.glow((foot[0], foot[1] - thing.tall * unit * 0.6), canvas.height * 0.8, (255, 176, 92), strength=0.6)
    colour = mix(reading.palette.light, (255, 224, 170), 0.5)
    lamp = Lamp(palette=reading.palette, depth=0.04, side=side, colour=colour)
    draw_thing(canvas, thing, foot, unit, lamp=lamp, grounded=setting not in _ALOFT and thing.stands != "sea")
    if setting in {"waves", "calm"}:
        draw_bow_wave(canvas, reading, foot, unit, thing.wide)
    if thing.shines:
        canvas.glow((foot[0], foot[1] - thing.tall * unit * 0.7), unit * 0.9, (255, 214, 140), strength=0.4)
    return at


def _table(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """On a table in the light of a lamp that is not seen."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    at = (width * (0.5 + 0.34 * side), height * 0.1)
    warm = mix(ground, (255, 220, 160), 0.42)
    canvas.wash(_pool(mix(ground, ink, 0.62), warm, (0.5 + 0.16 * side, 0.46), reach=1.5))
    wood = mix((150, 100, 64), ink, 0.18)
    top = canvas.whole(top=height * _EDGE).box(0, height * _EDGE, width, height)
    canvas.shadow(top, shift=(0, -4), blur=16, opacity=0.5, colour=ink)
    canvas.paint(top, mix(wood, (255, 224, 170), 0.16), until=mix(wood, ink, 0.42))
    _grain_lines(canvas, reading, wood)
    canvas.shade(top, ink, lambda u, v: 1.05 * abs(u - 0.5 - 0.1 * side) + 0.25 * v - 0.26)
    canvas.glow((width * (0.5 + 0.1 * side), height * 0.82), width * 0.42, (255, 214, 150), strength=0.3)
    return at


def _grain_lines(canvas: Canvas, reading: Reading, wood: Colour) -> None:
    dice, lines = reading.dice("grain lines"), canvas.whole(top=canvas.height * _EDGE)
    for row in range(9):
        y = canvas.height * (_EDGE + 0.02 + 0.3 * (row / 9) ** 1.3)
        start, long = dice.uniform(-0.1, 0.6) * canvas.width, dice.uniform(0.3, 0.8) * canvas.width
        lines.stroke([(start, y), (start + long / 2, y + dice.uniform(-3, 3)), (start + long, y)], 1.5 + row * 0.4)
    lines.stroke([(0, canvas.height * _EDGE + 3), (canvas.width, canvas.height * _EDGE + 3)], 3)
    canvas.paint(lines, mix(wood, (40, 22, 16), 0.5), opacity=0.4)


def _beam(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """In a slanting beam, with dust in it."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    deep, source = mix(ground, ink, 0.66), width * (0.5 + 0.42 * side)
    canvas.wash(lambda _u, v: mix(deep, ink, 0.15 + 0.3 * v))
    floor = canvas.whole(top=height * 0.74).box(0, height * 0.74, width, height)
    canvas.paint(floor, mix(ground, ink, 0.4), until=mix(ground, ink, 0.74))
    foot = width * (0.5 + 0.02 * side)
    for spread, strength in ((1.0, 0.16), (0.72, 0.16), (0.44, 0.14)):
        beam = canvas.whole().polygon(
            [
                (source - 120 * spread, -10),
                (source + 120 * spread, -10),
                (foot + width * 0.34 * spread, height * 0.9),
                (foot - width * 0.34 * spread, height * 0.9),
            ]
        )
        canvas.paint(beam, mix(reading.palette.light, (255, 226, 170), 0.6), opacity=strength)
    pool = canvas.whole(top=height * 0.7).ellipse((foot, height * 0.87), width * 0.33, height * 0.085)
    canvas.paint(pool, mix(ground, (255, 232, 186), 0.62), opacity=0.62)
    dice, motes = reading.dice("motes"), canvas.whole()
    for _ in range(46):
        t = dice.random()
        x = source + (foot - source) * t + dice.gauss(0, 30 + 120 * t)
        motes.ellipse((x, height * 0.86 * t), dice.uniform(0.8, 2.6))
    canvas.paint(motes, (255, 240, 208), opacity=0.5)
    return source, 0.0


def _emblem(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """As an emblem: on a plain toned ground before a disc with rays."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(_pool(mix(ground, ink, 0.5), mix(ground, ink, 0.1), (0.5, 0.5), reach=1.3))
    centre = (width * 0.5, height * 0.5)
    rays = canvas.whole()
    for step in range(28):
        angle = (step + 0.5) / 28 * math.tau
        rays.polygon(
            [
                (centre[0] + math.cos(angle - 0.045) * 40, centre[1] + math.sin(angle - 0.045) * 40),
                (centre[0] + math.cos(angle - 0.05) * width, centre[1] + math.sin(angle - 0.05) * width),
                (centre[0] + math.cos(angle + 0.05) * width, centre[1] + math.sin(angle + 0.05) * width),
            ]
        )
    canvas.paint(rays, mix(ground, (255, 232, 186), 0.4), opacity=0.22)
    disc = mix(ground, (250, 230, 188), 0.72)
    for radius, colour in ((0.43, mix(ground, ink, 0.36)), (0.415, mix(ground, disc, 0.5)), (0.39, disc)):
        circle = canvas.whole().ellipse(centre, height * radius)
        if radius > 0.42:
            canvas.shadow(circle, shift=(0, 8), blur=26, opacity=0.5, colour=ink)
        canvas.paint(circle, colour)
    inside = canvas.whole().ellipse(centre, height * 0.39)
    canvas.shade(inside, mix(ground, ink, 0.4), lambda u, v: 0.5 * (1 - u if side > 0 else u) + 0.3 * v - 0.42)
    return width * (0.5 + 0.3 * side), height * 0.1


def _niche(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """On a stone ledge in an arched niche."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    wall = mix(ground, (214, 200, 176), 0.3)
    canvas.wash(_pool(mix(wall, ink, 0.55), mix(wall, ink, 0.12), (0.5 + 0.2 * side, 0.35), reach=1.4))
    left, right, top, foot = width * 0.2, width * 0.8, height * 0.44, height * 0.79
    for grow, colour in ((34, mix(wall, (255, 236, 200), 0.3)), (0, mix(wall, ink, 0.62))):
        arch = canvas.whole().box(left - grow, top, right + grow, foot)
        arch.ellipse((width / 2, top), (right - left) / 2 + grow, height * 0.36 + grow)
        canvas.paint(arch, colour, until=mix(colour, ink, 0.3))
    inner = canvas.whole().box(left, top, right, foot).ellipse((width / 2, top), (right - left) / 2, height * 0.36)
    lit = mix(ground, (255, 226, 176), 0.5)
    canvas.shade(inner, lit, lambda u, v: 0.95 * (1 - u if side > 0 else u) - 0.3 * v - 0.12, crayon=False)
    ledge = canvas.whole(top=foot - 4).box(0, foot, width, height)
    canvas.shadow(ledge, shift=(0, -6), blur=14, opacity=0.4, colour=ink)
    canvas.paint(ledge, mix(wall, (255, 240, 210), 0.25), until=mix(wall, ink, 0.4))
    face = canvas.whole(top=height * 0.9).box(0, height * 0.92, width, height)
    canvas.paint(face, mix(wall, ink, 0.4), until=mix(wall, ink, 0.62))
    canvas.shade(ledge, ink, lambda u, v: 0.7 * abs(u - 0.5 - 0.1 * side) + 0.1 * v - 0.12)
    return width * (0.5 + 0.3 * side), height * 0.1


def _cloth(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """On a cloth that falls in folds over an edge."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    canvas.wash(_pool(mix(ground, ink, 0.62), mix(ground, (240, 214, 170), 0.34), (0.5 + 0.2 * side, 0.4), reach=1.4))
    fabric = mix(ground, (236, 220, 190), 0.66)
    top = height * _EDGE
    sheet = canvas.whole(top=top).box(0, top, width, height)
    canvas.shadow(sheet, shift=(0, -6), blur=16, opacity=0.45, colour=ink)
    canvas.paint(sheet, fabric, until=mix(fabric, ink, 0.34))
    fall = canvas.whole(top=height * 0.88).box(0, height * 0.9, width, height)
    canvas.paint(fall, mix(fabric, ink, 0.22), until=mix(fabric, ink, 0.5))
    canvas.shade(
        fall, ink, lambda u, _v: 0.42 + 0.42 * math.sin(u * 58 + 2 * math.sin(u * 9)), cells=(120, 3), crayon=False
    )
    hem = canvas.whole(top=top)
    for step in range(3):
        hem.stroke([(0, height * (0.955 + 0.012 * step)), (width, height * (0.955 + 0.012 * step))], 2)
    canvas.paint(hem, mix(ground, ink, 0.2), opacity=0.6)
    canvas.shade(sheet, ink, lambda u, v: 0.9 * abs(u - 0.5 - 0.1 * side) - 0.2 + 0.1 * v)
    return width * (0.5 + 0.34 * side), height * 0.1


def _cove(canvas: Canvas, reading: Reading, ground: Colour, side: int) -> Point:
    """Before nothing: floor and wall run into each other, the light comes in panes."""
    ink, width, height = reading.palette.ink, canvas.width, canvas.height
    wall = mix(ground, (238, 222, 192), 0.3)
    canvas.wash(_pool(mix(wall, ink, 0.5), mix(wall, (255, 240, 212), 0.24), (0.5, 0.62), reach=1.3))
    panes, lean = canvas.whole(), 0.34 * side
    for column in range(2):
        for row in range(3):
            left, top = width * (0.3 + 0.17 * column), height * (0.1 + 0.19 * row)
            corners = (
                (left, top),
                (left + width * 0.155, top),
                (left + width * 0.155, top + height * 0.17),
                (left, top + height * 0.17),
            )
            panes.polygon([(x - lean * (y - height * 0.3), y) for x, y in corners])
    canvas.paint(panes, mix(wall, (255, 244, 214), 0.7), opacity=0.34)
    floor = canvas.whole(top=height * 0.72).box(0, height * 0.74, width, height)
    canvas.shade(floor, ink, lambda u, v: 0.5 * abs(u - 0.5) + 0.3 * v, crayon=False)
    return width * (0.5 + 0.34 * side), height * 0.1


def _pool(dark: Colour, bright: Colour, at: Point, *, reach: float) -> Callable[[float, float], Colour]:
    """A field that is bright around a point and dark away from it."""

    def colour(u: float, v: float) -> Colour:
        return mix(bright, dark, min(reach * math.hypot((u - at[0]) * 1.2, v - at[1]), 1.0))

    return colour


SETTINGS: dict[str, Callable[[Canvas, Reading, Colour, int], Point]] = {
    "table": _table,
    "beam": _beam,
    "emblem": _emblem,
    "niche": _niche,
    "cloth": _cloth,
    "cove": _cove,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "": tuple(SETTINGS),
    "big": ("beam", "emblem", "cove", "emblem"),
    "land": ("vista", "emblem", "rise", "emblem"),
    "sea": ("waves", "emblem", "calm", "emblem"),
    "sky": ("heavens", "emblem", "drift", "emblem"),
}
SETTINGS |= VISTAS
_ALOFT = frozenset({"emblem", "heavens", "drift"})  # nothing stands on anything there


def choose_setting(thing: Thing, turn: int) -> str:
    """The way of showing whose turn it is, among those that suit the thing."""
    choices = _CHOICES[thing.stands]
    return choices[turn % len(choices)]
