"""Compositions with water: river, open sea, shore, and the deck of a ship."""

from imaginized.providers.builtin.plates import land, sky, water
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, body_depth, open_air
from imaginized.story.stage_lists import Setting


def set_river(canvas: Canvas, reading: Reading) -> Stage:
    """A river between hills, and a bank to stand on."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    land.lay_ridge(
        canvas,
        reading,
        land.rolling(reading.dice("meadow"), canvas.width, horizon + 46, 5),
        ground,
        far=0.15,
        light_side=side,
    )
    water.draw_river(canvas, reading, horizon=horizon + 44, light_at=at)
    if reading.has("bridge"):
        _bridge(canvas, reading, horizon + 92)
    afloat = reading.has("boat")
    centre = canvas.width * (0.5 - 0.04 * side) if afloat else canvas.width * (0.5 - 0.3 * side)
    if not afloat:
        _bank(canvas, reading, side, ground)
    return Stage(
        feet=canvas.height - (96 if afloat else 58),
        size=190,
        centre=centre,
        light_at=at,
        depth=body_depth(reading),
        setting="on a river" if afloat else "beside a river",
        afloat=afloat,
    )


def _bank(canvas: Canvas, reading: Reading, side: int, ground: Colour) -> None:
    base, width = canvas.height, canvas.width
    edge = width * (0.5 - 0.02 * side)
    points = [
        (edge, base + 10),
        (edge - side * 130, base - 50),
        (edge - side * 330, base - 82),
        (edge - side * 800, base - 110),
        (edge - side * 900, base + 10),
    ]
    stencil = canvas.whole(top=base - 180).blob(points)
    canvas.shadow(stencil, shift=(0, -5), blur=12, opacity=0.25, colour=reading.palette.ink)
    canvas.paint(stencil, reading.palette.lit(ground), until=reading.palette.dark(ground, 0.55))
    canvas.rim(stencil, reading.palette.light, shift=(-side * 2, 3), opacity=0.4)


def _bridge(canvas: Canvas, reading: Reading, y: float) -> None:
    stencil = canvas.whole(top=y - 60, bottom=y + 60)
    stencil.blob(
        [
            (-60, y - 8),
            (canvas.width * 0.5, y - 44),
            (canvas.width + 60, y - 8),
            (canvas.width + 60, y + 80),
            (-60, y + 80),
        ]
    )
    for arch in range(7):
        x = canvas.width * (arch + 0.5) / 7
        stencil.ellipse((x, y + 52), canvas.width / 17, 62, tone=0)
    canvas.paint(
        stencil, reading.palette.lit((150, 134, 116), far=0.25), until=reading.palette.dark((120, 106, 96), 0.4)
    )


def set_sea(canvas: Canvas, reading: Reading) -> Stage:
    """The open sea with a ship, a whale or an island, and a boat for the people."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    palette, storm = reading.palette, reading.light is Light.STORM
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if storm and reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0] - 190 * side, bottom=horizon)
    focal = canvas.width * (0.5 + 0.17 * side)
    if reading.has("ship", "steamer"):
        water.draw_ship(canvas, (focal, horizon + 60), 330, palette, facing=-side, storm=storm, far=0.08)
    return Stage(
        feet=canvas.height - 92,
        size=176,
        centre=canvas.width * (0.5 - 0.17 * side),
        light_at=at,
        depth=body_depth(reading) + 0.05,
        setting="in a boat on the water" if reading.setting is Setting.BOAT else "on the open sea",
        afloat=True,
    )


def set_shore(canvas: Canvas, reading: Reading) -> Stage:
    """A beach with surf, cliffs at one side, ships beyond."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    palette = reading.palette
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if reading.has("ship"):
        storm = reading.light is Light.STORM
        at_ship = (canvas.width * (0.5 + 0.12 * side), horizon + 10)
        water.draw_ship(canvas, at_ship, 150, palette, facing=side, storm=storm, far=0.35)
    for depth, (reach, tall) in enumerate(((520, 150), (380, 230))):
        edge = 0 if side > 0 else canvas.width
        cliff = canvas.whole(bottom=horizon + 70 + 40 * depth)
        cliff.polygon(
            [
                (edge, horizon - tall),
                (edge + side * reach * 0.55, horizon - tall * 0.9),
                (edge + side * reach * 0.72, horizon - tall * 0.4),
                (edge + side * reach * 0.8, horizon - tall * 0.3),
                (edge + side * reach, horizon + 10 + 50 * depth),
                (edge, horizon + 70 + 40 * depth),
            ]
        )
        tone = palette.lit((156, 136, 116), far=0.55 - 0.35 * depth)
        canvas.paint(cliff, tone, until=mix(tone, palette.ink, 0.4))
        canvas.shade(cliff, palette.ink, lambda u, v: 0.4 * (u * 9 % 1) + 0.2 * v - 0.1, cells=(60, 10))
    _beach(canvas, reading, side)
    return Stage(
        feet=canvas.height - 66,
        size=210,
        centre=canvas.width * (0.5 - 0.18 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="on the shore of the sea",
    )


def _beach(canvas: Canvas, reading: Reading, side: int) -> None:
    palette, h, w = reading.palette, canvas.height, canvas.width
    for lift, tone in (
        (26, mix(palette.light, palette.horizon, 0.3)),
        (14, mix(palette.lit((150, 128, 96)), palette.sky, 0.3)),
        (0, palette.lit((222, 194, 142))),
    ):
        x0, x1 = (-80, w + 80) if side > 0 else (w + 80, -80)
        points = [
            (x0, h - 210 - lift),
            (x0 + (x1 - x0) * 0.3, h - 150 - lift),
            (x0 + (x1 - x0) * 0.55, h - 118 - lift),
            (x0 + (x1 - x0) * 0.8, h - 52 - lift),
            (x1, h - 30 - lift),
            (x1, h + 60),
            (x0, h + 60),
        ]
        stencil = canvas.whole(top=h - 290).blob(points)
        canvas.paint(stencil, tone, until=mix(tone, palette.ink, 0.25) if not lift else None)
    canvas.shade(stencil, palette.ink, lambda _u, v: 0.4 * v - 0.08)


def set_deck(canvas: Canvas, reading: Reading) -> Stage:
    """The deck of a ship: planks, rail, mast and shrouds against sea and sky."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    palette, w, h = reading.palette, canvas.width, canvas.height
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if reading.has("whale"):
        named = (70, 78, 90)
        water.draw_whale(canvas, (w * (0.5 + 0.22 * side), horizon + 52), 210, palette, facing=-side, colour=named)
    if reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0], bottom=horizon)
    top = h * 0.74
    _planks(canvas, reading, top)
    rigging = canvas.whole()
    _rail(rigging, w, top)
    _mast(rigging, (w * (0.5 - 0.36 * side), h), top, side)
    canvas.shadow(rigging, shift=(0, 4), blur=10, opacity=0.25, colour=palette.ink)
    canvas.paint(rigging, palette.dark((96, 66, 48), 0.6))
    canvas.rim(rigging, palette.light, shift=(-2 * side, 2), opacity=0.45)
    return Stage(
        feet=h - 34,
        size=262,
        centre=w * (0.5 + 0.02 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="on the deck of a ship",
    )


def _planks(canvas: Canvas, reading: Reading, top: float) -> None:
    palette, w, h = reading.palette, canvas.width, canvas.height
    planks = canvas.whole(top=top - 10).polygon(
        [(-10, top + 26), (w * 0.5, top), (w + 10, top + 26), (w + 10, h), (-10, h)]
    )
    wood = palette.lit((150, 112, 78))
    canvas.paint(planks, mix(wood, palette.ink, 0.2), until=mix(wood, palette.ink, 0.55))
    seams = canvas.whole(top=top)
    for step in range(-16, 17):
        seams.stroke([(w * 0.5 + step * 70, top), (w * 0.5 + step * 150, h)], 1.6, tone=150)
    canvas.paint(seams, palette.ink, opacity=0.55)


def _rail(stencil: Stencil, w: float, top: float) -> None:
    upper = [(-40, top - 44), (w * 0.5, top - 72), (w + 40, top - 44)]
    lower = [(w + 40, top - 30), (w * 0.5, top - 58), (-40, top - 30)]
    stencil.blob([*upper, *lower])
    for step in range(25):
        x = w * step / 24
        y = top - 64 + 26 * (2 * abs(x / w - 0.5)) ** 2
        stencil.box(x - 4, y, x + 4, y + 84)


def _mast(stencil: Stencil, foot: tuple[float, float], top: float, side: int) -> None:
    x, y = foot
    stencil.limb((x, y + 20), (x + 10 * side, -20), 26, 20)
    stencil.limb((x - side * 240, 96), (x + side * 560, 60), 9, 6)
    for step in range(5):
        stencil.stroke([(x + side * (110 + step * 44), top - 40), (x + side * 14, -160 + 10 * step)], 2.4)
    for rung in range(9):
        height = top - 60 - rung * 44
        share = (top - height) / (top + 120)
        left, right = x + side * (110 - 96 * share), x + side * (286 - 272 * share)
        stencil.stroke([(left, height), (right, height)], 2)
