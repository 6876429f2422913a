"""Ground: hills, mountains, fields, roads, dunes, trees and flowers, from the haze to the grass at our feet."""

import math
from random import Random

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix, smooth
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.trees import ground_at, plant_trees
from imaginized.providers.builtin.plates.words import Place
from imaginized.story.staging import Season


def rolling(dice: Random, width: float, base: float, swing: float, *, waves: float = 2.0) -> list[Point]:
    """A soft ridge line from edge to edge."""
    phases = [dice.uniform(0, math.tau) for _ in range(3)]

    def height(x: float) -> float:
        u = x / width * math.tau * waves / 2
        return (
            math.sin(u + phases[0]) * 0.6 + math.sin(u * 2.1 + phases[1]) * 0.28 + math.sin(u * 4.7 + phases[2]) * 0.1
        )

    return [(x, base - swing * height(x)) for x in range(-20, round(width) + 41, 20)]


def lay_ridge(
    canvas: Canvas, reading: Reading, line: list[Point], colour: Colour, *, far: float, light_side: int
) -> Stencil:
    """Cut the ridge out, with its shadow on what lies behind and its shaded flank."""
    palette = reading.palette
    top = min(y for _, y in line) - 4
    stencil = canvas.whole(top=top)
    stencil.polygon([*line, (canvas.width + 30, canvas.height), (-30, canvas.height)])
    near = palette.lit(colour, far=far * 0.85)
    if far < 0.75:
        canvas.shadow(stencil, shift=(0, -5), blur=12, opacity=0.16, colour=palette.ink)
    canvas.paint(stencil, near, until=mix(near, palette.ink, 0.3 * (1 - far)))
    dark = mix(near, palette.ink, 0.55)
    canvas.shade(
        stencil, dark, lambda u, v: (0.42 * ((1 - u) if light_side > 0 else u) + 0.5 * v - 0.16) * (1 - 0.6 * far)
    )
    return stencil


def draw_mountains(
    canvas: Canvas, reading: Reading, *, base: float, height: float, far: float, light_side: int, key: str
) -> None:
    """A range of peaks with lit faces; snow on the higher ones."""
    dice, palette = reading.dice(f"mountains {key}"), reading.palette
    stencil, lit, snow = canvas.whole(bottom=base), canvas.whole(bottom=base), canvas.whole(bottom=base)
    x = -120.0
    while x < canvas.width + 120:
        rise, half = height * dice.uniform(0.45, 1.0), dice.uniform(130, 250)
        peak = (x, base - rise)
        left, right = _flank(dice, peak, (x - half, base)), _flank(dice, peak, (x + half * 0.95, base))
        stencil.polygon([*left, *reversed(right)])
        spine = [peak, (x + 12, peak[1] + rise * 0.3), (x - 16, peak[1] + rise * 0.55), (x + 10, base)]
        lit.polygon([*(right if light_side > 0 else left), *reversed(spine)])
        _cap(snow, dice, peak, rise, half)
        x += half * dice.uniform(0.7, 1.2)
    rock: Colour = (112, 116, 128)
    canvas.paint(
        stencil,
        palette.lit(mix(rock, (50, 60, 90), 0.4), far=far),
        until=mix(palette.lit(rock, far=far), palette.haze, 0.75),
    )
    canvas.paint(lit, mix(palette.lit(rock, far=far), palette.light, 0.38), opacity=0.6)
    canvas.paint(snow, mix(palette.haze, palette.light, 0.75), opacity=0.85)


def _flank(dice: Random, peak: Point, foot: Point) -> list[Point]:
    points = [peak]
    for step in (0.18, 0.36, 0.55, 0.75, 1.0):
        jag = dice.uniform(-10, 14) if step < 1 else 0
        points.append((peak[0] + (foot[0] - peak[0]) * step, peak[1] + (foot[1] - peak[1]) * step**0.92 + jag))
    return points


def _cap(snow: Stencil, dice: Random, peak: Point, rise: float, half: float) -> None:
    depth = 0.28
    points = [peak]
    for step in range(7):
        u = -1 + step / 3
        points.append(
            (peak[0] - u * half * depth * 0.95, peak[1] + rise * depth * (dice.uniform(0.5, 0.8) if step % 2 else 0.98))
        )
    snow.polygon(points)


_SEASONS: dict[Season, Colour] = {Season.WINTER: (150, 144, 122), Season.AUTUMN: (164, 138, 84)}


def ground_colour(reading: Reading) -> Colour:
    """The local colour of the open ground, from the season and the words."""
    if reading.light is Light.SNOW:
        return (226, 230, 232)
    if reading.season in _SEASONS:
        return _SEASONS[reading.season]
    if reading.has("corn") or reading.place is Place.PRAIRIE:
        return (206, 164, 84)
    return reading.dice("ground").choice(((118, 144, 84), (138, 148, 86), (104, 136, 92), (166, 152, 90)))


def draw_road(
    canvas: Canvas, reading: Reading, *, horizon: float, start: float, end: float, colour: Colour, bricks: bool
) -> None:
    """A road that winds from us to the horizon."""
    dice = reading.dice("road")
    bend = dice.choice((-1, 1)) * dice.uniform(0.1, 0.17) * canvas.width
    left, right = [], []
    for step in range(41):
        t = step / 40
        y = horizon + (canvas.height - horizon) * t**1.7
        centre = end + (start - end) * t + bend * math.sin(t * math.tau * 0.8) * (1 - t) * 1.3
        half = 3 + 185 * t**1.9
        left.append((centre - half, y))
        right.append((centre + half, y))
    stencil = canvas.whole(top=horizon).polygon([*left, *reversed(right)])
    near = reading.palette.lit(colour)
    canvas.paint(stencil, mix(near, reading.palette.haze, 0.5), until=near)
    canvas.shade(stencil, mix(near, reading.palette.ink, 0.5), lambda u, v: 0.5 * v - 0.05 + 0.2 * abs(u - 0.5))
    if bricks:
        _brick_lines(canvas, left, right, mix(near, reading.palette.ink, 0.35))


def _brick_lines(canvas: Canvas, left: list[Point], right: list[Point], colour: Colour) -> None:
    stencil = canvas.whole(top=left[0][1])
    for index in range(10, len(left)):
        stencil.stroke([left[index], right[index]], max(index / 26, 0.8), tone=150)
        if index + 1 < len(left):
            for share in range(1, 8):
                u = (share + 0.5 * (index % 2)) / 8
                top = left[index][0] + (right[index][0] - left[index][0]) * u
                bottom = left[index + 1][0] + (right[index + 1][0] - left[index + 1][0]) * u
                stencil.stroke([(top, left[index][1]), (bottom, left[index + 1][1])], max(index / 30, 0.7), tone=130)
    canvas.paint(stencil, colour, opacity=0.8)


def draw_grass(
    canvas: Canvas, reading: Reading, *, key: str, base: float, height: float, colour: Colour, density: int = 260
) -> None:
    """A dark fringe of blades at the lower edge."""
    dice = reading.dice(f"grass {key}")
    stencil = canvas.whole(top=base - height * 1.6)
    for _ in range(density):
        x, tall, lean = dice.uniform(-10, canvas.width + 10), height * dice.uniform(0.35, 1.2), dice.uniform(-0.4, 0.4)
        foot = base + dice.uniform(0, 26)
        stencil.polygon(
            [
                (x - 3, foot + 24),
                (x + lean * tall * 0.4, foot - tall * 0.6),
                (x + lean * tall, foot - tall),
                (x + 3, foot + 24),
            ]
        )
    stencil.box(0, base + 18, canvas.width, canvas.height)
    canvas.paint(stencil, colour)


def draw_flowers(canvas: Canvas, reading: Reading, *, horizon: float, colour: Colour) -> None:
    """Flowers in rows that grow towards us, with stems in the nearest."""
    dice, palette = reading.dice("flowers"), reading.palette
    stems, heads, hearts = (canvas.whole(top=horizon) for _ in range(3))
    for _ in range(420):
        t = dice.random() ** 0.8
        y, x = horizon + 8 + (canvas.height - horizon) * t**1.5, dice.uniform(0, canvas.width)
        size = 1.2 + 10 * t**2
        if t > 0.5:
            stems.stroke([(x, y), (x + dice.uniform(-4, 4), y + size * 4)], max(size / 6, 1))
        for petal in range(5 if t > 0.55 else 1):
            angle = petal * math.tau / 5
            spread = size * 0.6 if t > 0.55 else 0
            heads.ellipse((x + spread * math.cos(angle), y + spread * 0.7 * math.sin(angle)), size * 0.62, size * 0.5)
        if t > 0.55:
            hearts.ellipse((x, y), size * 0.3, size * 0.24)
    canvas.paint(stems, palette.dark((60, 96, 56), 0.3))
    canvas.paint(heads, mix(palette.lit(colour), palette.haze, 0.25), until=palette.lit(colour))
    canvas.paint(hearts, palette.lit((240, 206, 96)))


def draw_dunes(canvas: Canvas, reading: Reading, *, horizon: float, light_side: int) -> None:
    """Dunes with a sharp crest, a lit slope and a shaded face."""
    dice = reading.dice("dunes")
    for depth in range(5):
        base = horizon + 6 + (canvas.height - horizon) * 0.17 * depth
        line = rolling(dice, canvas.width, base, 9 + 9 * depth, waves=1.6)
        far = 0.78 - 0.18 * depth
        lay_ridge(canvas, reading, line, (226, 182, 112), far=far, light_side=light_side)
        for _ in range(2):
            _dune(canvas, reading, line, dice, depth=depth, far=far, light_side=light_side)


def _dune(
    canvas: Canvas, reading: Reading, line: list[Point], dice: Random, *, depth: int, far: float, light_side: int
) -> None:
    x, rise = dice.uniform(0.05, 0.95) * canvas.width, (26 + 24 * depth) * dice.uniform(0.7, 1.2)
    reach = rise * dice.uniform(4.5, 6.5)
    foot = ground_at(line, x) + 14
    peak, away = (x, foot - rise), -light_side
    lit = smooth([(x - away * reach, foot + 6), (x - away * reach * 0.45, foot - rise * 0.5), peak], closed=False)
    crest = smooth(
        [peak, (x + away * rise * 0.35, foot - rise * 0.45), (x - away * rise * 0.2, foot + rise * 0.35)], closed=False
    )
    back = smooth(
        [peak, (x + away * reach * 0.35, foot - rise * 0.42), (x + away * reach * 0.8, foot + 6)], closed=False
    )
    palette = reading.palette
    slope = canvas.whole(top=foot - rise - 4, bottom=foot + rise).polygon([*lit, *crest, (x - away * reach, foot + 10)])
    face = canvas.whole(top=foot - rise - 4, bottom=foot + rise).polygon([*back, *reversed(crest)])
    canvas.paint(
        face, palette.lit(mix((178, 118, 82), palette.ink, 0.18), far=far), until=palette.lit((214, 168, 104), far=far)
    )
    canvas.paint(
        slope,
        mix(palette.lit((236, 196, 128), far=far), palette.light, 0.22),
        until=palette.lit((226, 182, 112), far=far),
    )


def draw_ridges(canvas: Canvas, reading: Reading, horizon: float, side: int, ground: Colour) -> None:
    """Ridges one behind the other, with trees on them, from the haze to the near ground."""
    dice, flat = reading.dice("ridges"), reading.place in {Place.PRAIRIE, Place.FIELD}
    swing = 7 if flat else 34
    far_tone = mix(ground, (84, 112, 116), 0.5)
    for depth, far in enumerate((0.85, 0.6) if flat else (0.9, 0.7, 0.45)):
        line = rolling(dice, canvas.width, horizon - 14 + 22 * depth, swing, waves=1.4 + 0.5 * depth)
        lay_ridge(canvas, reading, line, mix(far_tone, ground, depth / 2), far=far, light_side=side)
        if (not (flat and depth == 0 and reading.place is Place.PRAIRIE) and reading.light is not Light.SNOW) or depth:
            plant_trees(
                canvas, reading, line, count=7 + 4 * depth, height=26 + 22 * depth, far=far, key=f"ridge {depth}"
            )


def draw_graves(canvas: Canvas, reading: Reading, *, horizon: float, light_side: int) -> None:
    """Leaning slabs and crosses of a churchyard, the farther the smaller and paler."""
    dice, palette = reading.dice("graves"), reading.palette
    for depth in sorted(dice.random() for _ in range(17)):
        x, y = dice.uniform(0.04, 0.96) * canvas.width, horizon + 8 + (canvas.height - horizon - 96) * depth**1.2
        tall, wide, lean = 20 + 62 * depth, 8 + 21 * depth, dice.uniform(-0.09, 0.09) * (20 + 62 * depth)
        slab = Stencil((x - wide * 2, y - tall * 1.5, x + wide * 2, y + 4))
        if dice.random() < 0.3:
            slab.limb((x, y), (x + lean, y - tall * 1.25), wide * 0.2, wide * 0.2)
            slab.limb(
                (x + lean - wide * 0.7, y - tall * 0.9), (x + lean + wide * 0.7, y - tall * 0.9), wide * 0.2, wide * 0.2
            )
        else:
            slab.polygon([(x - wide, y), (x + wide, y), (x + wide + lean, y - tall), (x - wide + lean, y - tall)])
            slab.ellipse((x + lean, y - tall), wide, wide * 0.8)
        stone = palette.lit((134, 132, 130), far=0.55 * (1 - depth))
        canvas.paint(slab, stone, until=mix(stone, palette.ink, 0.35))
        canvas.rim(slab, palette.light, shift=(-2 * light_side, 1), opacity=0.35)
