"""Great halls and churches: pillars, tall windows, carpet, throne and chandelier."""

import math

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Field, Point, Stencil, mix
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.rooms import gloom_of


def draw_hall(canvas: Canvas, reading: Reading, *, gothic: bool) -> Point:
    """A high pillared hall with tall windows, a carpet and what stands in it; returns where the light is."""
    palette, dice = reading.palette, reading.dice("hall")
    width, height = canvas.width, canvas.height
    stone = mix(
        dice.choice(((150, 132, 112), (122, 128, 136), (150, 116, 96))),
        palette.ink,
        gloom_of(reading) * 0.8,
    )
    canvas.wash(
        lambda u, v: mix(
            mix(stone, palette.light, 0.3 * math.exp(-5 * math.hypot(u - 0.5, v - 0.35))),
            palette.ink,
            0.9 * abs(u - 0.5) ** 1.5 + 0.3 * v,
        )
    )
    horizon = height * 0.68
    floor = canvas.whole(top=horizon).box(0, horizon, width, height)
    canvas.paint(floor, mix(stone, palette.ink, 0.3), until=mix(stone, palette.ink, 0.62))
    _tiles(canvas, horizon, mix(stone, palette.light, 0.3))
    for shift, wide, tall in ((0.0, 120, 330), (-0.14, 84, 270), (0.14, 84, 270)):
        _arched_window(canvas, reading, (width * (0.5 + shift), horizon - 70), wide, tall, gothic=gothic)
    carpet = canvas.whole(top=horizon).polygon(
        [(width / 2 - 60, horizon), (width / 2 + 60, horizon), (width / 2 + 330, height), (width / 2 - 330, height)]
    )
    cloth = (158, 44, 46)
    canvas.paint(carpet, mix(cloth, palette.ink, 0.35), until=mix(cloth, palette.ink, 0.15))
    canvas.shade(carpet, palette.ink, lambda u, _v: 0.5 * abs(u - 0.5) + 0.1)
    _columns(canvas, stone, palette.ink, horizon)
    if reading.has("chandelier") or (not gothic and not reading.has("throne")):
        _chandelier(canvas, reading, (width / 2, height * 0.24))
    if reading.has("throne"):
        _throne(canvas, reading, (width / 2, horizon + 14))
    beam = canvas.whole().polygon(
        [(width * 0.44, 60), (width * 0.56, 60), (width * 0.74, height), (width * 0.3, height)]
    )
    canvas.paint(beam, palette.light, opacity=0.12)
    return width / 2, height * 0.34


def _tiles(canvas: Canvas, horizon: float, colour: Colour) -> None:
    lines = canvas.whole(top=horizon)
    for row in range(1, 12):
        y = horizon + (canvas.height - horizon) * (row / 12) ** 2
        lines.stroke([(0, y), (canvas.width, y)], 1.2, tone=120)
    for column in range(-16, 17):
        lines.stroke(
            [(canvas.width / 2 + column * 60, horizon), (canvas.width / 2 + column * 210, canvas.height)], 1.2, tone=120
        )
    canvas.paint(lines, colour, opacity=0.5)


def _arched_window(canvas: Canvas, reading: Reading, at: Point, wide: float, tall: float, *, gothic: bool) -> None:
    (x, y), palette, half = at, reading.palette, wide / 2
    pane = Stencil((x - wide, y - tall - wide, x + wide, y + 4)).box(x - half, y - tall + half, x + half, y)
    if gothic:
        pane.blob(
            [
                (x - half, y - tall + half + 4),
                (x - half * 0.7, y - tall - half * 0.1),
                (x, y - tall - half * 0.9),
                (x + half * 0.7, y - tall - half * 0.1),
                (x + half, y - tall + half + 4),
            ]
        )
    else:
        pane.ellipse((x, y - tall + half), half)
    canvas.paint(pane, mix(palette.sky, palette.light, 0.5), until=mix(palette.horizon, palette.light, 0.3))
    if gothic:
        for index, colour in enumerate(((178, 52, 54), (58, 98, 150), (214, 164, 70), (72, 128, 92))):
            glass = Stencil((x - half, y - tall - wide, x + half, y))
            for row in range(5):
                glass.polygon(
                    [
                        (x + (-0.5 + index / 3) * wide * 0.7, y - tall * (0.1 + 0.18 * row) - d * 22)
                        if d
                        else (x + (-0.5 + index / 3) * wide * 0.7 + s * 14, y - tall * (0.1 + 0.18 * row))
                        for s, d in ((-1, 0), (0, 1), (1, 0), (0, -1))
                    ]
                )
            canvas.paint(glass, colour, opacity=0.6)
    bars = Stencil((x - wide, y - tall - wide, x + wide, y + 4)).box(x - 2.5, y - tall - half, x + 2.5, y)
    for row in range(1, 6):
        bars.box(x - half, y - row * tall / 6 - 1.5, x + half, y - row * tall / 6 + 1.5)
    canvas.paint(bars, palette.ink, opacity=0.7)
    canvas.glow((x, y - tall * 0.6), tall * 0.9, palette.light, strength=0.3)


def _columns(canvas: Canvas, stone: Colour, ink: Colour, horizon: float) -> None:
    for index, (shift, wide) in enumerate(((0.24, 44.0), (0.335, 68.0), (0.46, 120.0))):
        foot = horizon + 16 + 44 * index**1.4
        for side in (-1, 1):
            x = canvas.width * (0.5 + side * shift)
            column = Stencil((x - wide, 0, x + wide, foot + 20)).box(x - wide / 2, 0, x + wide / 2, foot)
            column.box(x - wide * 0.66, foot - wide * 0.3, x + wide * 0.66, foot + 8).box(
                x - wide * 0.66, 60 - 24 * index, x + wide * 0.66, 60 - 24 * index + wide * 0.3
            )
            tone = mix(stone, ink, 0.15 + 0.2 * index)
            canvas.shadow(column, shift=(0, 4), blur=16, opacity=0.35, colour=ink)
            canvas.paint(column, tone, until=mix(tone, ink, 0.4))
            canvas.shade(column, ink, _away(side))


def _chandelier(canvas: Canvas, reading: Reading, at: Point) -> None:
    x, y = at
    stencil = Stencil((x - 190, 0, x + 190, y + 60)).stroke([(x, 0), (x, y)], 3)
    for wide, drop in ((150, 0), (90, -34)):
        stencil.blob(
            [
                (x - wide, y + drop - 6),
                (x - wide * 0.5, y + drop + 16),
                (x, y + drop + 22),
                (x + wide * 0.5, y + drop + 16),
                (x + wide, y + drop - 6),
                (x + wide * 0.5, y + drop + 8),
                (x, y + drop + 12),
                (x - wide * 0.5, y + drop + 8),
            ]
        )
    canvas.paint(stencil, mix((206, 160, 76), reading.palette.ink, 0.3))
    flames = Stencil((x - 190, 0, x + 190, y + 60))
    for step in range(9):
        flames.ellipse((x - 150 + step * 37.5, y - 16 + 14 * math.sin(step * math.pi / 8)), 4, 9)
    canvas.glow((x, y), 430, reading.palette.glow, strength=0.6)
    canvas.paint(flames, (255, 240, 200))


def _throne(canvas: Canvas, reading: Reading, at: Point) -> None:
    x, y = at
    gold = mix((206, 160, 76), reading.palette.ink, 0.2)
    for step in range(3):
        stair = Stencil((x - 220, y - 70, x + 220, y + 30)).box(
            x - 170 + step * 30, y - 4 - step * 15, x + 170 - step * 30, y + 12 - step * 15
        )
        canvas.paint(stair, mix(gold, reading.palette.ink, 0.65 - 0.12 * step))
    back = Stencil((x - 100, y - 300, x + 100, y)).blob(
        [(x - 58, y - 40), (x - 62, y - 190), (x, y - 250), (x + 62, y - 190), (x + 58, y - 40)]
    )
    back.box(x - 74, y - 110, x - 54, y - 36).box(x + 54, y - 110, x + 74, y - 36)
    canvas.glow((x, y - 140), 260, reading.palette.light, strength=0.45)
    canvas.paint(back, gold, until=mix(gold, reading.palette.ink, 0.4))
    seat = (
        Stencil((x - 100, y - 300, x + 100, y))
        .blob([(x - 40, y - 70), (x - 42, y - 180), (x, y - 220), (x + 42, y - 180), (x + 40, y - 70)])
        .box(x - 54, y - 84, x + 54, y - 62)
    )
    canvas.paint(seat, mix((150, 40, 46), reading.palette.ink, 0.2))


def _away(side: int) -> Field:
    """Darker towards the side that faces away from the middle."""
    return lambda u, _v: 0.95 * (u if side > 0 else 1 - u) - 0.12
