"""What somebody climbs, digs or swims in: drawn with them, for without it the deed cannot be read."""

from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.parts import Player
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Way

LIFTED = 0.3  # how high a climber's feet are, of their height
_BARK: Colour = (104, 76, 54)
_WOOD: Colour = (138, 98, 60)
_ROCK: Colour = (124, 118, 112)
_BRICK: Colour = (150, 132, 112)
_EARTH: Colour = (104, 76, 52)
_SNOW: Colour = (232, 236, 240)
_ROPE: Colour = (190, 162, 112)
_WATER: Colour = (92, 142, 160)
_LACQUER: Colour = (122, 40, 42)
_IRON: Colour = (62, 64, 72)
_INSIDE: Colour = (58, 46, 44)
_GLASS: Colour = (184, 204, 206)
_BRASS: Colour = (206, 164, 92)
_BOARDED = frozenset({Thing.TRAIN, Thing.OMNIBUS})
_ROPES = frozenset({Thing.ROPE, Thing.CHAIN})
_WALLS = frozenset(
    {Thing.WALL, Thing.FENCE, Thing.GATE, Thing.HOUSE, Thing.TOWER, Thing.WINDOW, Thing.BALCONY, Thing.CHURCH}
)


def under_roof(players: tuple[Player, ...]) -> tuple[Player, ...]:
    """The same people where there is a roof: who climbs nothing that is named goes up stairs."""
    return tuple(
        replace(player, upon=Thing.STAIRS, way=player.way or Way.UP)
        if player.deed == "climb" and not player.upon
        else player
        for player in players
    )


def draw_climbed(canvas: Canvas, upon: Thing, foot: Point, tall: float, facing: int, lamp: Lamp) -> None:
    """What is climbed: the thing that is named, a steep rock where none is; `foot` is the ground below."""
    wide, top = (1.5, 1.9) if upon in _BOARDED else (0.9, 1.75)
    body = Cutout(foot, tall, facing=facing, reach=wide, top=top)
    if upon is Thing.TREE:
        body.limb(_BARK, ((0.34, 0.0), (0.33, 0.9), (0.36, 1.7)), (0.15, 0.11, 0.1))
        body.limb(_BARK, ((0.33, 1.1), (0.12, 1.42), (-0.08, 1.56)), (0.05, 0.04, 0.02))
        body.limb(_BARK, ((0.35, 0.7), (0.5, 0.94), (0.66, 1.02)), (0.05, 0.03, 0.015))
    elif upon in {Thing.LADDER, Thing.STAIRS}:
        for shift in (0.0, 0.14):
            body.limb(_WOOD, ((0.02 + shift, 0.0), (0.34 + shift, 1.7)), (0.018, 0.018))
        for step in range(9):
            y = 0.12 + 0.18 * step
            x = 0.02 + 0.32 * y / 1.7
            body.limb(_WOOD, ((x, y), (x + 0.14, y + 0.01)), (0.014, 0.014))
    elif upon in _BOARDED:
        _draw_carriage_side(body)
    elif upon in _ROPES:
        body.limb(_ROPE, ((0.22, 0.05), (0.25, 1.1), (0.24, 1.72)), (0.014, 0.014, 0.014))
    elif upon in _WALLS:
        body.polygon(_BRICK, ((0.24, 0.0), (0.24, 1.3), (0.84, 1.3), (0.84, 0.0)))
        body.polygon(_ROCK, ((0.2, 1.3), (0.2, 1.36), (0.85, 1.36), (0.85, 1.3)))
    else:
        body.polygon(_ROCK, ((-0.12, 0.0), (0.06, 0.26), (0.14, 0.5), (0.3, 0.66), (0.26, 0.96), (0.36, 1.2),
            (0.34, 1.4), (0.58, 1.52), (0.8, 1.42), (0.85, 0.0)))  # fmt: skip
    body.draw(canvas, lamp)


def _draw_carriage_side(body: Cutout) -> None:
    """The end of a railway carriage: two steps, an open door, a window, and a wheel below."""
    body.disc(_IRON, (1.0, 0.17), 0.17)
    body.polygon(_LACQUER, ((0.12, 0.3), (1.42, 0.3), (1.42, 1.74), (0.12, 1.74)))
    body.polygon(_IRON, ((0.06, 1.72), (1.46, 1.72), (1.4, 1.82), (0.14, 1.82)))
    body.polygon(_INSIDE, ((0.22, 0.32), (0.66, 0.32), (0.66, 1.62), (0.22, 1.62)))
    body.polygon(_GLASS, ((0.82, 0.98), (1.28, 0.98), (1.28, 1.52), (0.82, 1.52)))
    body.limb(_BRASS, ((0.7, 0.84), (1.4, 0.84)), (0.012, 0.012))
    body.limb(_BRASS, ((0.18, 0.62), (0.18, 1.2)), (0.012, 0.012))
    for x in (0.1, 0.62):
        body.limb(_IRON, ((x, 0.15), (x + 0.06, 0.34)), (0.014, 0.014))
    for step in (0.14, 0.28):
        body.polygon(_IRON, ((-0.1 + step, step), (0.68, step), (0.68, step + 0.03), (-0.1 + step, step + 0.03)))


def draw_dug(canvas: Canvas, at: Point, tall: float, facing: int, lamp: Lamp, *, snow: bool) -> None:
    """The heap that somebody digs in."""
    body = Cutout(at, tall, facing=facing, reach=1.0)
    tone = _SNOW if snow else _EARTH
    body.blob(tone, ((0.26, -0.04), (0.34, 0.05), (0.5, 0.17), (0.62, 0.2), (0.78, 0.1), (0.94, -0.02), (0.6, -0.06)))
    body.draw(canvas, lamp, grounded=False)


def draw_rope(canvas: Canvas, hand: Point, muzzle: Point, tall: float, lamp: Lamp) -> None:
    """A rope from a hand to the beast that is led or pulled by it; it hangs a little."""
    low = max(hand[1], muzzle[1]) + tall * 0.03
    line = [hand, ((hand[0] + muzzle[0]) / 2, low), muzzle]
    box = (min(hand[0], muzzle[0]) - 9, min(hand[1], muzzle[1]) - 9, max(hand[0], muzzle[0]) + 9, low + 9)
    canvas.paint(Stencil(box).stroke(line, tall * 0.014), lamp.palette.dark(_ROPE, lamp.depth))


def draw_water(canvas: Canvas, at: Point, tall: float, lamp: Lamp, *, before: bool) -> None:
    """The water around a swimmer: the whole of it behind them, and the half before them, which hides what is below."""
    x, y = at
    box = (x - tall, y - tall * 0.3, x + tall, y + tall * 0.3)
    sheet = Stencil(box)
    if before:
        long, deep = tall * 0.93, tall * 0.2
        share = [-1.0, -0.96, -0.86, -0.7, -0.5, -0.25, 0.0, 0.25, 0.5, 0.7, 0.86, 0.96, 1.0]
        low = [(x + long * u, y + deep * (1 - u * u) ** 0.5) for u in share]
        top = [(x + long * u, y + tall * 0.014 * (-1) ** step) for step, u in enumerate(reversed(share))]
        sheet.polygon([*low, *top])
    else:
        sheet.ellipse((x, y), tall * 0.93, tall * 0.2)
    canvas.paint(sheet, lamp.palette.dark(_WATER, lamp.depth))
    if not before:
        return
    lines = Stencil(box)
    for row in range(4):
        reach = tall * (0.76 - 0.14 * row)
        lines.stroke([(x - reach, y + tall * 0.036 * row), (x + reach, y + tall * 0.036 * row)], tall * 0.008)
    canvas.paint(lines, lamp.palette.lit((214, 232, 236)), opacity=0.7)
