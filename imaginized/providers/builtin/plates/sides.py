"""Grounds of which only the side of the door is known: a bare room with what the passage names, or earth and sky.

No furniture, tree or hill is invented for them.
"""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix, smooth
from imaginized.providers.builtin.plates.furnishing import HUNG, Room, furnish
from imaginized.providers.builtin.plates.ground import lay_flat
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.rooms import SHELLS, build_corner, draw_beam
from imaginized.providers.builtin.plates.sky import draw_sky, draw_weather
from imaginized.providers.builtin.plates.stage import light_side_of
from imaginized.providers.builtin.plates.words import Place

_WALLS: tuple[Colour, ...] = ((170, 148, 120), (132, 138, 124), (150, 118, 100), (112, 124, 134), (158, 142, 104),
    (134, 112, 118), (120, 106, 90))  # fmt: skip
_SOILS: tuple[Colour, ...] = ((150, 134, 98), (128, 130, 92), (164, 144, 108), (138, 122, 100), (120, 118, 96))
# Where the earth ends, and how much it rises to a side; low in every other chapter, high in the next.
_HORIZONS = ((0.77, 0.0), (0.6, 0.0), (0.74, 0.06), (0.63, 0.05), (0.82, 0.0), (0.56, 0.0), (0.79, -0.05),
    (0.66, -0.05))  # fmt: skip
_MIDDLE = 0.7
# Where the open air is no bare earth: there a ground of paper lies least.
_NO_SOIL = frozenset({Place.TOWN, Place.SEA, Place.DECK, Place.SHORE, Place.RIVER})
_SHELLS = {shell.__name__.removeprefix("build_"): shell for shell in (*SHELLS, build_corner)}
# A room without furniture: into its depth or along a wall in one chapter, at a wall or into a corner in the next.
INDOORS = ("bare box", "bare flat", "lit side", "low corner", "lit box", "low flat", "bare side", "bare corner")
OUTDOORS = tuple(f"open {index}" for index in range(len(_HORIZONS)))
SIDED = frozenset(INDOORS + OUTDOORS)


def choose_side(reading: Reading) -> str:
    """The ground of a side of the door, taking turns; "" where the side is not known."""
    if reading.roofed:
        name = INDOORS[reading.turn % len(INDOORS)]
        askew = name.endswith("corner") and reading.has(*HUNG)  # what hangs on a wall is drawn from before it
        return "bare flat" if askew else name
    if reading.roofed is None or reading.place in _NO_SOIL:
        return ""
    return OUTDOORS[reading.turn % len(OUTDOORS)]


def is_high(name: str) -> bool:
    """Whether the earth of a ground of the open air ends high in the picture."""
    return _HORIZONS[OUTDOORS.index(name)][0] < _MIDDLE


def lay_side(canvas: Canvas, reading: Reading, *, name: str) -> Point:
    """Cover the picture with it; returns where its light stands."""
    return _lay_room(canvas, reading, name) if name in INDOORS else _lay_open(canvas, reading, name)


def _lay_room(canvas: Canvas, reading: Reading, name: str) -> Point:
    side = light_side_of(reading)
    wall = _WALLS[reading.turn % len(_WALLS)]
    finish = "planks" if name.startswith("low") else "plain"
    shell = _SHELLS[name.partition(" ")[2]](canvas, reading, wall, finish, "boards")
    room = Room(walls=_WALLS, style="plain", floor="boards", back=(), front=(), window="", words="indoors")
    lit = furnish(canvas, reading, room, shell, side, most=2)
    if name.startswith("lit"):
        draw_beam(canvas, reading, (canvas.width * (0.5 + 0.36 * side), canvas.height * 0.04), 150)
    return lit or (canvas.width * (0.5 + 0.34 * side), canvas.height * 0.16)


def _lay_open(canvas: Canvas, reading: Reading, name: str) -> Point:
    share, rise = _HORIZONS[OUTDOORS.index(name)]
    horizon, side = canvas.height * share, light_side_of(reading)
    low = reading.light in {Light.DUSK, Light.DAWN}
    # Where no hour is told, sun and moon stand above the picture every other time.
    high = 0.36 if reading.is_hour_told or reading.turn // 2 % 2 else -0.5
    light = (canvas.width * (0.5 + 0.2 * side), horizon * (0.86 if low else high))
    draw_sky(canvas, reading, horizon=horizon + 8, light_at=light)
    soil = _SOILS[(reading.turn // len(_HORIZONS) + OUTDOORS.index(name)) % len(_SOILS)]
    lay_flat(canvas, reading, horizon, soil)
    if rise:
        _lay_swell(canvas, reading, horizon, rise * canvas.height, soil, side)
    draw_weather(canvas, reading)
    return light


def _lay_swell(canvas: Canvas, reading: Reading, horizon: float, rise: float, soil: Colour, side: int) -> None:
    """Ground that rises a little to one side, or falls: no hill, only no ruler's edge."""
    wide, palette = canvas.width, reading.palette
    top = horizon - abs(rise)
    near = palette.lit((226, 228, 230) if reading.light is Light.SNOW else soil)
    ends = (top, horizon + 30) if (rise > 0) == (side > 0) else (horizon + 30, top)
    line = [(-20.0, ends[0]), (wide * 0.3, (ends[0] * 2 + ends[1]) / 3 - 8), (wide * 0.7, (ends[0] + ends[1] * 2) / 3)]
    line += [(wide + 20.0, ends[1])]
    bank = canvas.whole(top=top - 40).polygon([*smooth(line, closed=False), (wide + 20, canvas.height + 9),
        (-20, canvas.height + 9)])  # fmt: skip
    canvas.paint(bank, mix(near, palette.haze, 0.22), until=mix(near, palette.ink, 0.32))
