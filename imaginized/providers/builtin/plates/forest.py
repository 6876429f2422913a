"""Among trees and under stone: the forest with its shafts of light, the cave with its mouth."""

import math
from random import Random

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading


def draw_forest(
    canvas: Canvas, reading: Reading, *, horizon: float, light_at: Point, clearing: tuple[float, float]
) -> None:
    """Rows of trunks from the mist to the dark ones beside us; `clearing` is kept open for the figures."""
    palette = reading.palette
    leaf = palette.lit((70, 112, 78))
    mist = mix(palette.horizon, leaf, 0.3)
    canvas.wash(
        lambda u, v: mix(
            mix(mix(leaf, palette.ink, 0.35), mist, min(v * 1.5, 1)),
            palette.light,
            0.7 * math.exp(-4.5 * math.hypot((u - light_at[0] / canvas.width) * 1.6, v - 0.42)),
        )
    )
    ground = canvas.whole(top=horizon - 6).box(0, horizon, canvas.width, canvas.height)
    for depth in range(4):
        far = 1 - depth / 3.6
        _trunk_row(canvas, reading, horizon + 34 * depth**1.3, far, depth, clearing)
        if depth == 1:
            canvas.paint(ground, mix(leaf, mist, 0.5), until=mix(palette.lit((92, 88, 58)), palette.ink, 0.35))
            _light_shafts(canvas, reading, light_at)
    canvas.shade(ground, palette.ink, lambda u, v: 0.9 * abs(u - light_at[0] / canvas.width) + 0.25 * v - 0.2)
    _canopy(canvas, reading)


def _trunk_row(
    canvas: Canvas, reading: Reading, foot: float, far: float, depth: int, clearing: tuple[float, float]
) -> None:
    dice, palette = reading.dice(f"trunks {depth}"), reading.palette
    mist = mix(palette.horizon, palette.lit((70, 112, 78)), 0.35)
    tone = mix(palette.dark((92, 70, 56), 0.5), mist, far * 0.86)
    stencil = canvas.whole()
    wide = 13 + 15 * depth
    x = dice.uniform(-30, 30)
    while x < canvas.width + 40:
        open_here = depth >= 2 and clearing[0] - 30 * depth < x < clearing[1] + 30 * depth
        if not open_here:
            _trunk(stencil, dice, (x, foot + dice.uniform(-6, 14)), wide * dice.uniform(0.7, 1.3))
        x += wide * dice.uniform(2.4, 4.6) + 14
    if depth > 1:
        canvas.shadow(stencil, shift=(0, 3), blur=14, opacity=0.2, colour=palette.ink)
    canvas.paint(stencil, tone, until=mix(tone, mist, 0.3 * far))
    if depth > 0:
        canvas.rim(stencil, mix(tone, palette.light, 0.5), shift=(-2 - depth, 0), opacity=0.5)
    _bushes(canvas, dice, foot, mix(palette.dark((62, 96, 60), 0.35), mist, far * 0.8), depth, clearing)


def _trunk(stencil: Stencil, dice: Random, foot: Point, wide: float) -> None:
    x, y = foot
    lean = dice.uniform(-0.04, 0.04) * y
    half = wide / 2
    stencil.polygon(
        [
            (x - half * 1.9, y + 6),
            (x - half, y - wide * 1.2),
            (x + lean - half * 0.7, -10),
            (x + lean + half * 0.7, -10),
            (x + half, y - wide * 1.2),
            (x + half * 2.0, y + 6),
        ]
    )
    for _ in range(2):
        level, side = dice.uniform(0.1, 0.55) * y, dice.choice((-1, 1))
        root = (x + lean * (1 - level / y), level)
        tip = (root[0] + side * wide * dice.uniform(2, 4), level - wide * dice.uniform(1, 3))
        stencil.limb(root, tip, half * 0.45, half * 0.12)


def _bushes(
    canvas: Canvas, dice: Random, foot: float, colour: Colour, depth: int, clearing: tuple[float, float]
) -> None:
    stencil = canvas.whole(top=foot - 80, bottom=foot + 40)
    for _ in range(26):
        x = dice.uniform(-20, canvas.width + 20)
        if depth >= 2 and clearing[0] < x < clearing[1]:
            continue
        radius = dice.uniform(8, 20) * (0.6 + 0.35 * depth)
        for shift in (-0.8, 0, 0.9):
            stencil.ellipse((x + shift * radius, foot + 8), radius * 0.8, radius * dice.uniform(0.4, 0.8))
    canvas.paint(stencil, colour)


def _light_shafts(canvas: Canvas, reading: Reading, light_at: Point) -> None:
    dice, stencil = reading.dice("shafts"), canvas.whole()
    for _ in range(6):
        x, spread = light_at[0] + dice.uniform(-170, 170), dice.uniform(16, 60)
        slide = (x - light_at[0]) * 1.1 - 120
        stencil.polygon(
            [
                (x, -10),
                (x + spread * 0.5, -10),
                (x + slide + spread * 2, canvas.height * 0.92),
                (x + slide, canvas.height * 0.92),
            ]
        )
    canvas.paint(stencil, reading.palette.light, opacity=0.16)


def _canopy(canvas: Canvas, reading: Reading) -> None:
    dice, palette = reading.dice("canopy"), reading.palette
    for drop, tone in ((120, 0.35), (72, 0.7)):
        stencil = canvas.whole(bottom=drop + 120)
        x = -40.0
        while x < canvas.width + 40:
            edge = 1 + 0.9 * abs(x / canvas.width - 0.5) * 2
            for _ in range(4):
                stencil.ellipse(
                    (x + dice.uniform(-30, 30), drop * 0.42 * edge + dice.uniform(-40, 22)),
                    dice.uniform(20, 48),
                    dice.uniform(12, 28),
                )
            x += 44
        stencil.box(0, -5, canvas.width, drop * 0.32)
        canvas.shadow(stencil, shift=(0, 8), blur=14, opacity=0.22, colour=palette.ink)
        canvas.paint(stencil, mix(palette.lit((72, 112, 66)), palette.ink, tone))


def draw_cave(canvas: Canvas, reading: Reading, *, light_at: Point) -> None:
    """Rock in layers around a far opening, or a fire's light when it is night."""
    palette, dice = reading.palette, reading.dice("cave")
    warm = reading.light is Light.NIGHT or reading.has("fire", "lamp", "candle")
    glow: Colour = (250, 176, 96) if warm else mix(palette.horizon, palette.light, 0.5)
    canvas.wash(
        lambda u, v: mix(
            mix(palette.ink, glow, 0.2),
            glow,
            math.exp(-3 * math.hypot((u - light_at[0] / canvas.width) * 1.5, v - light_at[1] / canvas.height)),
        )
    )
    rock: Colour = (112, 92, 84)
    for depth in range(5):
        stencil = canvas.whole().box(0, 0, canvas.width, canvas.height)
        hole = _cave_mouth(canvas, dice, light_at, depth)
        stencil.polygon(hole, tone=0)
        tone = mix(mix(rock, glow, 0.5 - 0.11 * depth), palette.ink, 0.22 + 0.16 * depth)
        canvas.shadow(stencil, shift=(0, 0), blur=18, opacity=0.35, colour=palette.ink)
        canvas.paint(stencil, tone)
        canvas.rim(stencil, mix(tone, glow, 0.5), shift=(2, -3), opacity=0.5)
        canvas.shade(stencil, palette.ink, lambda u, v: 0.7 * math.hypot(u - 0.5, v - 0.5) - 0.1)
    floor = canvas.whole(top=canvas.height * 0.74)
    floor.polygon(
        [
            (-10, canvas.height),
            *((x, canvas.height * 0.8 + dice.uniform(-9, 9)) for x in range(0, canvas.width + 41, 40)),
            (canvas.width + 10, canvas.height),
        ]
    )
    canvas.paint(floor, mix(mix(rock, glow, 0.22), palette.ink, 0.5), until=palette.ink)
    canvas.glow(light_at, 420, glow, strength=0.35)


def _cave_mouth(canvas: Canvas, dice: Random, light_at: Point, depth: int) -> list[Point]:
    """The ragged opening of one layer of rock; layers nearer to us open wider."""
    opening, hole = 200 + 132 * depth, []
    x, y = light_at[0] + (canvas.width / 2 - light_at[0]) * depth / 6, light_at[1] + 40
    for step in range(26):
        angle, rough = step / 26 * math.tau, dice.uniform(0.84, 1.12)
        hole.append((x + opening * rough * 1.15 * math.cos(angle), y + opening * rough * 0.62 * math.sin(angle)))
    return hole
