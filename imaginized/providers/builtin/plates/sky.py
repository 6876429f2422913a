"""Skies: the wash, sun and moon, stars, clouds, and what falls or flashes from them."""

import math

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading


def draw_sky(canvas: Canvas, reading: Reading, *, horizon: float, light_at: Point) -> None:
    """Cover the picture with sky; `horizon` in pixels, `light_at` where sun or moon stands."""
    palette = reading.palette
    width, height, reach = canvas.width, canvas.height, horizon / canvas.height
    lx, ly = light_at[0] / width, light_at[1] / height

    def colour(u: float, v: float) -> Colour:
        rise = min(v / reach, 1.0)
        base = (
            mix(palette.zenith, palette.sky, rise * 1.7)
            if rise < 0.59
            else mix(palette.sky, palette.horizon, (rise - 0.59) / 0.41)
        )
        away = math.hypot((u - lx) * 2.0, v - ly)
        return mix(base, palette.light, 0.55 * math.exp(-away * (3.2 if reading.light is not Light.NIGHT else 5.0)))

    canvas.wash(colour, cells=(40, 30))
    if reading.light is Light.NIGHT:
        _stars(canvas, reading, horizon)
    if reading.light is Light.NIGHT:
        _moon(canvas, reading, light_at)
    elif reading.light in {Light.DAY, Light.DAWN, Light.DUSK, Light.FOG}:
        _sun(canvas, reading, light_at)
    _clouds(canvas, reading, horizon)


def _stars(canvas: Canvas, reading: Reading, horizon: float) -> None:
    dice = reading.dice("stars")
    stencil = canvas.whole(bottom=horizon)
    for _ in range(150):
        x, y = dice.uniform(0, canvas.width), horizon * dice.random() ** 1.5
        stencil.ellipse((x, y), dice.choice((0.8, 0.9, 1.2, 1.9)), tone=round(255 * (1 - 0.7 * y / horizon)))
    canvas.paint(stencil, reading.palette.light)
    for _ in range(4):
        x, y = dice.uniform(60, canvas.width - 60), dice.uniform(20, horizon * 0.6)
        sparkle = Stencil((x - 9, y - 9, x + 9, y + 9), fine=3)
        for dx, dy in ((7, 1.0), (1.0, 7)):
            sparkle.polygon([(x - dx, y), (x, y - dy), (x + dx, y), (x, y + dy)])
        canvas.paint(sparkle, reading.palette.light)


def _moon(canvas: Canvas, reading: Reading, at: Point) -> None:
    dice, radius = reading.dice("moon"), 46.0
    canvas.glow(at, 330, reading.palette.horizon, strength=0.75)
    canvas.glow(at, 120, reading.palette.light, strength=0.5)
    disc = Stencil((at[0] - radius - 2, at[1] - radius - 2, at[0] + radius + 2, at[1] + radius + 2))
    disc.ellipse(at, radius)
    if dice.random() < 0.4:
        disc.ellipse((at[0] + radius * 0.5, at[1] - radius * 0.22), radius * 0.9, tone=0)
    canvas.paint(disc, reading.palette.light)
    canvas.shade(
        disc,
        mix(reading.palette.light, reading.palette.sky, 0.55),
        lambda u, v: 0.15 + 0.5 * math.sin(u * 7 + 1) * math.sin(v * 6 + 2),
        crayon=False,
    )


def _sun(canvas: Canvas, reading: Reading, at: Point) -> None:
    radius = {Light.DAY: 50.0, Light.FOG: 44.0}.get(reading.light, 74.0)
    canvas.glow(at, radius * 6, reading.palette.light, strength=0.55)
    for ring, opacity in ((2.3, 0.14), (1.6, 0.2)):
        halo = Stencil((at[0] - radius * 3, at[1] - radius * 3, at[0] + radius * 3, at[1] + radius * 3)).ellipse(
            at, radius * ring
        )
        canvas.paint(halo, reading.palette.light, opacity=opacity)
    disc = Stencil((at[0] - radius - 2, at[1] - radius - 2, at[0] + radius + 2, at[1] + radius + 2)).ellipse(at, radius)
    canvas.paint(disc, mix(reading.palette.light, (255, 255, 255), 0.35))


def _clouds(canvas: Canvas, reading: Reading, horizon: float) -> None:
    dice, palette = reading.dice("clouds"), reading.palette
    if reading.light is Light.STORM:
        for depth in range(4):
            _storm_bank(canvas, reading, depth, horizon)
        return
    style = dice.choice(("banks", "streaks")) if reading.light in {Light.DAY, Light.SNOW} else "streaks"
    count = dice.randint(2, 4) if style == "banks" else dice.randint(5, 8)
    for index in range(count):
        y = horizon * (0.16 + 0.62 * (index + dice.random() * 0.7) / count)
        x = dice.uniform(-40, canvas.width + 40)
        bright = mix(mix(palette.sky, palette.horizon, 0.75), palette.light, 0.55)
        size = dice.uniform(0.6, 1.1) * (0.45 + 0.6 * y / horizon if style == "streaks" else 1.1 - 0.5 * y / horizon)
        if style == "banks":
            _cumulus(canvas, reading, (x, y), 210 * size, mix(bright, (255, 255, 255), 0.25), index)
        else:
            _streak(
                canvas, (x, y), 330 * size, bright, 0.55 if reading.light is not Light.NIGHT else 0.16, dice.random()
            )


def _cumulus(canvas: Canvas, reading: Reading, at: Point, size: float, colour: Colour, index: int) -> None:
    dice = reading.dice(f"cloud {index}")
    x, y = at
    stencil = Stencil((x - size * 1.3, y - size, x + size * 1.3, y + size * 0.06))
    for step in range(9):
        u = -0.9 + 1.8 * step / 8
        radius = size * (0.1 + 0.3 * (1 - u * u) * dice.uniform(0.7, 1.15))
        stencil.ellipse((x + u * size, y - radius * dice.uniform(0.3, 0.9)), radius)
    stencil.box(x - size * 0.95, y - size * 0.08, x + size * 0.95, y)
    stencil.box(x - size * 1.3, y, x + size * 1.3, y + size, tone=0)
    canvas.paint(stencil, colour)
    canvas.shade(stencil, mix(reading.palette.sky, reading.palette.haze, 0.5), lambda _u, v: max(v - 0.45, 0) * 1.5)


def _streak(canvas: Canvas, at: Point, size: float, colour: Colour, opacity: float, chance: float) -> None:
    x, y = at
    stencil = Stencil((x - size * 1.2, y - 30, x + size * 1.2, y + 30))
    for shift, scale, drop in ((0.0, 1.0, 0), (0.3 * (chance - 0.5), 0.6, -9), (0.5 * (0.5 - chance), 0.7, 8)):
        cx, half = x + shift * size, size * scale
        stencil.blob(
            [
                (cx - half, y + drop),
                (cx - half * 0.2, y + drop - 8),
                (cx + half, y + drop - 1),
                (cx + half * 0.1, y + drop + 6),
            ]
        )
    canvas.paint(stencil, colour, opacity=opacity)


def _storm_bank(canvas: Canvas, reading: Reading, depth: int, horizon: float) -> None:
    dice, palette = reading.dice(f"bank {depth}"), reading.palette
    base = horizon * (0.84 - 0.24 * depth)
    stencil = canvas.whole(bottom=base + 110)
    stencil.box(0, 0, canvas.width, base - 30)
    x = -60.0
    while x < canvas.width + 60:
        radius = dice.uniform(46, 118)
        stencil.ellipse((x, base - 30 + dice.uniform(-26, 12)), radius, radius * 0.62)
        x += radius * 0.95
    tone = mix(mix(palette.sky, palette.horizon, 0.25), palette.zenith, depth / 3)
    canvas.shadow(stencil, shift=(0, 10), blur=16, opacity=0.22, colour=palette.zenith)
    canvas.paint(stencil, mix(tone, palette.zenith, 0.3), until=mix(tone, palette.horizon, 0.22))


def draw_weather(canvas: Canvas, reading: Reading) -> None:
    """Rain, lightning or snow over the finished scene, if the passage has them."""
    if reading.indoors:
        return
    if reading.has("snowfall"):
        _flakes(canvas, reading)
    elif reading.has("rain"):
        _rain(canvas, reading)


def _rain(canvas: Canvas, reading: Reading) -> None:
    dice, stencil = reading.dice("rain"), canvas.whole()
    for _ in range(260):
        x, y, length = dice.uniform(0, canvas.width + 160), dice.uniform(-40, canvas.height), dice.uniform(26, 70)
        stencil.stroke([(x, y), (x - length * 0.32, y + length)], 1.0, tone=dice.randint(60, 130))
    canvas.paint(stencil, mix(reading.palette.light, (255, 255, 255), 0.3), opacity=0.7)


def _flakes(canvas: Canvas, reading: Reading) -> None:
    dice, stencil = reading.dice("flakes"), canvas.whole()
    for _ in range(330):
        size = dice.choice((1.0, 1.4, 1.8, 2.6, 3.6))
        stencil.ellipse(
            (dice.uniform(0, canvas.width), dice.uniform(0, canvas.height)), size, tone=dice.randint(130, 235)
        )
    canvas.paint(stencil, (250, 248, 242))


def draw_lightning(canvas: Canvas, reading: Reading, *, x: float, bottom: float) -> None:
    """A forked flash from the clouds to `bottom`."""
    dice = reading.dice("lightning")
    points, y = [(x, 30.0)], 30.0
    while y < bottom:
        y += dice.uniform(26, 60)
        points.append((points[-1][0] + dice.uniform(-36, 30), min(y, bottom)))
    canvas.glow((x, bottom * 0.5), 420, reading.palette.light, strength=0.4)
    stencil = canvas.whole(bottom=bottom + 4).stroke(points, 4.0)
    fork = [points[len(points) // 2]]
    for _ in range(4):
        fork.append((fork[-1][0] + dice.uniform(14, 44), fork[-1][1] + dice.uniform(16, 44)))
    canvas.paint(stencil.stroke(fork, 2.0), (255, 252, 236))


def draw_balloon(canvas: Canvas, reading: Reading, *, at: Point, size: float) -> None:
    """A balloon of striped silk with its basket; `at` is the middle of the envelope, `size` its height."""
    x, y = at
    palette, silk = reading.palette, (188, 74, 58)
    box = (x - size * 0.5, y - size * 0.6, x + size * 0.5, y + size)
    envelope, stripes, ropes, basket = (Stencil(box) for _ in range(4))
    outline = [(0.0, -0.5), (0.34, -0.36), (0.42, -0.04), (0.27, 0.26), (0.07, 0.5)]
    outline += [(-u, v) for u, v in reversed(outline[1:])]
    envelope.blob([(x + u * size, y + v * size) for u, v in outline])
    for wide in (0.36, 0.12):
        stripes.blob([(x + u * size * wide, y + v * size) for u, v in outline], tone=255 if wide > 0.3 else 0)
    for u in (-0.07, 0.0, 0.07):
        ropes.stroke([(x + u * size, y + size * 0.48), (x + u * size * 0.8, y + size * 0.68)], 2)
    basket.box(x - size * 0.075, y + size * 0.66, x + size * 0.075, y + size * 0.78)
    canvas.paint(envelope, palette.lit(silk, far=0.15))
    canvas.paint(stripes, palette.lit((232, 206, 150), far=0.15), opacity=0.75)
    canvas.shade(envelope, palette.ink, lambda u, v: 0.5 * abs(u - 0.42) + 0.3 * v - 0.12)
    canvas.paint(ropes, palette.ink)
    canvas.paint(basket, palette.dark((120, 84, 52), 0.3))
