"""The deck of a ship seen along its length: rails that run together at the bow, a mast with its sail, a hatch."""

from imaginized.providers.builtin.plates import sky, water
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, body_depth, open_air

_CANVAS: Colour = (226, 212, 182)


def set_long_deck(canvas: Canvas, reading: Reading) -> Stage:
    """Stand amidships and look forward; in foul weather the sail is furled."""
    horizon, side, at = open_air(canvas, reading, 0.46)
    palette, w, h = reading.palette, canvas.width, canvas.height
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0], bottom=horizon)
    bow = (w * (0.5 + 0.04 * side), h * 0.53)
    _planks(canvas, reading, bow)
    for edge in (-1, 1):
        _bulwark(canvas, reading, bow, edge)
    mast = (bow[0] - side * w * 0.02, h * 0.6)
    _sail(canvas, reading, mast, side)
    _rig(canvas, reading, mast)
    hatch = canvas.whole().polygon([(mast[0] - 95, h * 0.645), (mast[0] + 95, h * 0.645), (mast[0] + 128, h * 0.7),
        (mast[0] - 128, h * 0.7)])  # fmt: skip
    canvas.shadow(hatch, shift=(0, 7), blur=12, opacity=0.5, colour=palette.ink)
    canvas.paint(hatch, palette.lit((150, 116, 84)), until=palette.dark((120, 88, 62), 0.3))
    return Stage(
        feet=h * 0.93,
        size=330,
        centre=w * (0.5 - 0.12 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="on the deck of a ship",
    )


def _planks(canvas: Canvas, reading: Reading, bow: tuple[float, float]) -> None:
    palette, w, h = reading.palette, canvas.width, canvas.height
    deck = canvas.whole(top=bow[1]).blob([(bow[0], bow[1]), (w * 0.72, h * 0.62), (w * 1.12, h * 0.98),
        (w * 1.1, h * 1.2), (-w * 0.1, h * 1.2), (-w * 0.12, h * 0.98), (w * 0.28, h * 0.62)])  # fmt: skip
    wood = palette.lit((164, 126, 88))
    canvas.paint(deck, mix(wood, palette.haze, 0.1), until=mix(wood, palette.ink, 0.45))
    seams = canvas.whole(top=bow[1])
    for step in range(-13, 14):
        seams.stroke([(bow[0] + step * 11, h * 0.575), (w * 0.5 + step * 150, h)], 1.8, tone=150)
    canvas.paint(seams, palette.ink, opacity=0.5)


def _bulwark(canvas: Canvas, reading: Reading, bow: tuple[float, float], edge: int) -> None:
    """The side of the ship on one hand, from us to the bow, with its rail."""
    palette, w, h = reading.palette, canvas.width, canvas.height
    low = [bow, (w * (0.5 + edge * 0.23), h * 0.625), (w * (0.5 + edge * 0.6), h)]
    high = [(bow[0], bow[1] - h * 0.06), (w * (0.5 + edge * 0.25), h * 0.5), (w * (0.5 + edge * 0.72), h * 0.62)]
    wall = canvas.whole().polygon([*low, (w * (0.5 + edge * 0.72), h), *high[::-1]])
    dim = 0.28 if edge * (reading.dice("light side").choice((-1, 1))) > 0 else 0.44
    canvas.paint(wall, palette.dark((124, 86, 62), dim), until=palette.dark((96, 66, 50), dim + 0.2))
    rail = canvas.whole()
    for start, end, wide in ((high[0], high[1], 5.0), (high[1], high[2], 9.0)):
        rail.limb(start, end, wide * 0.7, wide * 1.3)
    for step in range(1, 7):
        t = (step / 7) ** 1.4
        x = high[1][0] + (high[2][0] - high[1][0]) * t
        top = high[1][1] + (high[2][1] - high[1][1]) * t
        rail.box(x - 3 - 5 * t, top, x + 3 + 5 * t, top + h * (0.12 + 0.25 * t))
    canvas.paint(rail, palette.dark((156, 112, 78), 0.2))
    canvas.rim(rail, palette.light, shift=(0, 3), opacity=0.4)


def _sail(canvas: Canvas, reading: Reading, mast: tuple[float, float], side: int) -> None:
    palette, w, h = reading.palette, canvas.width, canvas.height
    yard = canvas.whole().limb((mast[0] - w * 0.24, h * 0.03), (mast[0] + w * 0.24, h * 0.03), 10, 10)
    tone = palette.lit(_CANVAS)
    if reading.light is Light.STORM:
        furled = canvas.whole().limb((mast[0] - w * 0.22, h * 0.045), (mast[0] + w * 0.22, h * 0.045), 17, 17)
        canvas.paint(furled, mix(tone, palette.ink, 0.2))
    else:
        bulge = w * 0.012 * side
        edge = [(-0.22, 0.03), (0.0, 0.045), (0.22, 0.03), (0.235, 0.2), (0.2, 0.36), (0.0, 0.315), (-0.2, 0.36),
            (-0.235, 0.2)]  # fmt: skip
        cloth = canvas.whole().blob([(mast[0] + w * u + bulge * (v > 0.1), h * v) for u, v in edge])
        canvas.shadow(cloth, shift=(0, 6), blur=16, opacity=0.25, colour=palette.ink)
        canvas.paint(cloth, mix(tone, palette.light, 0.2), until=mix(tone, palette.ink, 0.24))
        canvas.shade(cloth, palette.ink, lambda u, v: 0.3 * (1 - u if side > 0 else u) + 0.14 * v - 0.12)
    canvas.paint(yard, palette.dark((96, 66, 48), 0.5))


def _rig(canvas: Canvas, reading: Reading, mast: tuple[float, float]) -> None:
    """The mast before the sail, and the shrouds from both rails to its head."""
    palette, w, h = reading.palette, canvas.width, canvas.height
    ropes = canvas.whole()
    for edge in (-1, 1):
        for step in range(3):
            foot = (w * (0.5 + edge * (0.27 + 0.05 * step)), h * (0.505 + 0.02 * step))
            ropes.stroke([foot, (mast[0] + edge * 12, -h * 0.2)], 2.6)
        for rung in range(1, 6):
            t = rung / 7
            inner, outer = (w * (0.5 + edge * x) * (1 - t) + mast[0] * t for x in (0.27, 0.37))
            y = h * 0.51 * (1 - t) - h * 0.2 * t
            ropes.stroke([(inner, y), (outer, y + 8)], 2)
    canvas.paint(ropes, palette.dark((86, 66, 52), 0.6))
    spar = canvas.whole().limb((mast[0], mast[1] + h * 0.05), (mast[0], -30), 22, 17)
    canvas.shadow(spar, shift=(0, 4), blur=10, opacity=0.3, colour=palette.ink)
    canvas.paint(spar, palette.dark((112, 78, 54), 0.4))
    canvas.rim(spar, palette.light, shift=(-2, 1), opacity=0.4)
