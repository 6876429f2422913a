"""What bears those who sit, lie, stand or go higher than the ground: logs, walls, steps, sacks, stairs, slopes, tables.

Drawn with them, as their words tell it; furniture that one sits on is drawn elsewhere.
"""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.furnishing import METRES
from imaginized.providers.builtin.plates.objects import draw_thing, things
from imaginized.providers.builtin.plates.parts import Player
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Support, Way

_STONE: Colour = (150, 144, 136)
_BRICK: Colour = (158, 132, 112)
_WOOD: Colour = (122, 86, 58)
_SAWN: Colour = (204, 168, 118)
_PLANK: Colour = (148, 106, 70)
_RISER: Colour = (112, 78, 52)
_RAIL: Colour = (86, 58, 40)
_SACKING: Colour = (186, 158, 112)
_STRAW: Colour = (214, 182, 104)
_EARTH: Colour = (128, 110, 78)
_GRASS: Colour = (104, 122, 76)
_GROUND = frozenset({Support.GROUND, Support.FLOOR})
_STEP, _TREAD, _STEPS, _STANDS_ON = 0.082, 0.14, 9, 4  # of a flight, in heights of who goes on it
_SLOPE = 0.2  # how high somebody stands on a slope, of their height
_METRE = 1 / 1.75  # of a grown man
_LIFTING = frozenset({"stand", "jump", "climb", "dance", "walk", "run", "raise", "look", "talk", "shout", "sing"})
_ON_HILLS = frozenset({"walk", "run", "climb", "ascend", "descend"})
_AFOOT = frozenset({"walk", "run", "climb", "lead", "led", "carry", "bear", "upstairs", "downstairs", "ascend"})


def is_low(player: Player, *, outside: bool | None) -> bool:
    """Whether somebody who sits does so on the bare ground or floor: it is told so, or in the open nothing is."""
    support = support_of(player)
    return support in _GROUND or (outside is True and not support and player.upon not in _SEATS)


def support_of(player: Player) -> Support:
    """What bears somebody who sits or lies, by its own word or by the thing they are on."""
    return player.support or _BY_THING.get(player.upon, Support.UNKNOWN)


_BY_THING = {
    Thing.SACK: Support.SACKS,
    Thing.ROCK: Support.ROCK,
    Thing.STONE: Support.ROCK,
    Thing.CLIFF: Support.ROCK,
    Thing.GRAVESTONE: Support.ROCK,
    Thing.WALL: Support.WALL,
    Thing.FENCE: Support.WALL,
    Thing.STAIRS: Support.STEPS,
    Thing.CARPET: Support.FLOOR,
}
_SEATS = frozenset(
    [
        Thing.CHAIR,
        Thing.ARMCHAIR,
        Thing.SOFA,
        Thing.BENCH,
        Thing.THRONE,
        Thing.BED,
        Thing.CHEST,
        Thing.BOX,
        Thing.BARREL,
        Thing.TABLE,
        Thing.PIANO,
    ]
)


def draw_support(canvas: Canvas, support: Support, at: Point, tall: float, facing: int, lamp: Lamp) -> None:
    """What somebody sits on who sits on no furniture; `at` is the ground below, `tall` the height of who sits."""
    body = Cutout(at, tall, facing=facing, reach=1.1)
    match support:
        case Support.STEPS:
            body.polygon(_STONE, ((-0.62, 0.0), (0.34, 0.0), (0.34, 0.09), (0.18, 0.09), (0.18, 0.17), (0.06, 0.17),
                (0.06, 0.245), (-0.62, 0.245)))  # fmt: skip
            for y, end in ((0.09, 0.34), (0.17, 0.18), (0.245, 0.06)):
                body.limb((176, 170, 160), ((-0.62, y - 0.008), (end, y - 0.008)), (0.009, 0.009))
        case Support.WALL:
            body.polygon(_BRICK, ((-0.9, 0.0), (0.06, 0.0), (0.06, 0.215), (-0.9, 0.215)))
            body.polygon(_STONE, ((-0.93, 0.215), (0.09, 0.215), (0.09, 0.255), (-0.93, 0.255)))
        case Support.LOG:
            body.limb(_WOOD, ((-0.5, 0.12), (0.06, 0.12)), (0.12, 0.12))
            body.disc(_SAWN, (0.08, 0.12), 0.105)
            body.disc(_WOOD, (0.08, 0.12), 0.03)
        case Support.SACKS:
            body.blob(_SACKING, ((-0.46, 0.0), (-0.48, 0.1), (-0.3, 0.14), (0.1, 0.13), (0.14, 0.02), (0.1, 0.0)))
            body.blob((170, 142, 98), ((-0.4, 0.13), (-0.38, 0.22), (-0.2, 0.26), (0.06, 0.24), (0.1, 0.14)))
        case Support.STRAW:
            body.blob(_STRAW, ((-0.6, 0.0), (-0.44, 0.14), (-0.2, 0.235), (0.02, 0.24), (0.16, 0.1), (0.34, 0.0)))
        case _:
            body.blob((126, 120, 116), ((-0.3, 0.0), (-0.27, 0.14), (-0.16, 0.245), (0.0, 0.255), (0.11, 0.21),
                (0.15, 0.06), (0.14, 0.0)))  # fmt: skip
    body.draw(canvas, lamp)


def draw_litter(canvas: Canvas, support: Support, at: Point, tall: float, facing: int, lamp: Lamp) -> Point:
    """What somebody lies on who lies in no bed, the bare ground but for sacks and straw; returns where one lies."""
    if support not in {Support.SACKS, Support.STRAW}:
        return at
    body = Cutout(at, tall, facing=facing, reach=1.0)
    tone = _SACKING if support is Support.SACKS else _STRAW
    for x in (-0.46, 0.0, 0.44):
        body.blob(tone, ((x - 0.26, -0.03), (x - 0.24, 0.08), (x, 0.12), (x + 0.24, 0.08), (x + 0.26, -0.03)))
        body.limb((150, 122, 80), ((x - 0.25, 0.0), (x - 0.22, 0.07)), (0.006, 0.006))
    body.draw(canvas, lamp)
    return at[0], at[1] - tall * 0.1


def is_on_flight(player: Player) -> bool:
    """Whether somebody goes up or down stairs."""
    return player.upon is Thing.STAIRS and player.way in {Way.UP, Way.DOWN} and player.deed in _AFOOT


def is_on_slope(player: Player) -> bool:
    """Whether somebody climbs nothing that is named, or goes up or down a hill."""
    uphill = player.deed in _ON_HILLS and player.way in {Way.UP, Way.DOWN}
    return (player.deed == "climb" or uphill) and not player.upon


def is_on_top(player: Player) -> bool:
    """Whether somebody stands or jumps on a table, a chair, a bed."""
    kind = player.upon.value
    return player.way is Way.UP and kind in METRES and kind in things() and player.deed in _LIFTING


def gait_of(player: Player) -> str:
    """The posture of somebody who goes up or down stairs or a slope, or stands on a table."""
    if is_on_flight(player):
        return "downstairs" if player.way is Way.DOWN else "upstairs"
    if is_on_slope(player) and player.deed != "run":
        return "descend" if player.way is Way.DOWN else "ascend"
    if is_on_top(player) and player.deed in {"climb", "walk", "run"}:
        return "stand"
    return player.deed


def risen(player: Player) -> float:
    """How far above the ground somebody's feet are, in their heights."""
    if is_on_flight(player):
        return _STEP * _STANDS_ON
    if is_on_slope(player):
        return _SLOPE
    return _METRE * _TOP.get(player.upon, 0.75) / player.actor.look.height if is_on_top(player) else 0.0


def draw_rise(canvas: Canvas, player: Player, at: Point, size: float, facing: int, lamp: Lamp, *, green: bool) -> Point:
    """Draw the stairs, the slope or the table below somebody; return where their feet are."""
    tall = size * player.actor.look.height
    if is_on_flight(player):
        _draw_flight(canvas, at, tall, facing if player.way is Way.UP else -facing, lamp)
        return at[0], at[1] - tall * _STEP * _STANDS_ON
    if is_on_slope(player):
        uphill = facing if player.way is not Way.DOWN else -facing
        body = Cutout(at, tall, facing=uphill, reach=3.2)
        tone = _GRASS if green else _EARTH
        body.polygon(tone, ((-1.5, -0.03), (-0.9, 0.02), (-0.4, 0.09), (0.0, _SLOPE), (0.5, 0.36), (1.1, 0.52),
            (1.8, 0.66), (3.1, 0.8), (3.1, -0.2), (0.4, -0.06)))  # fmt: skip
        body.draw(canvas, lamp, grounded=False)
        return at[0], at[1] - tall * _SLOPE
    if is_on_top(player):
        thing = things()[player.upon.value]
        high = size * _METRE * _TOP.get(player.upon, 0.75)
        draw_thing(canvas, thing, at, size * _METRE * METRES[player.upon.value] / thing.tall, lamp=lamp, facing=facing)
        return at[0], at[1] - high
    return at


# Metres above the ground at which one stands on it; of a chair its seat, not its back.
_TOP = {Thing.CHAIR: 0.46, Thing.ARMCHAIR: 0.46, Thing.SOFA: 0.45, Thing.BED: 0.55, Thing.BENCH: 0.45,
    Thing.TABLE: 0.76, Thing.DESK: 0.78, Thing.CHEST: 0.7, Thing.BOX: 0.5, Thing.BARREL: 0.95}  # fmt: skip


def _draw_flight(canvas: Canvas, at: Point, tall: float, uphill: int, lamp: Lamp) -> None:
    """A flight of steps that rises towards one side, with a rail behind it; somebody stands on the fifth."""
    body = Cutout(at, tall, facing=uphill, reach=1.2, top=1.5)
    left = -_TREAD * (_STANDS_ON + 0.5)
    posts = [left + _TREAD * (step + 0.5) for step in range(_STEPS)]
    for step, x in enumerate(posts):
        body.limb(_RAIL, ((x, _STEP * step), (x, _STEP * step + 0.46)), (0.009, 0.009))
    body.limb(_RAIL, ((posts[0], 0.46), (posts[-1], _STEP * (_STEPS - 1) + 0.46)), (0.02, 0.02))
    line: list[Point] = [(left, 0.0)]
    for step in range(_STEPS):
        x, y = left + _TREAD * step, _STEP * step
        line += [(x, y), (x + _TREAD, y)]
    body.polygon(_RISER, [*line, (left + _TREAD * _STEPS, -0.04), (left, -0.04)])
    for step in range(1, _STEPS):
        x, y = left + _TREAD * step, _STEP * step
        body.limb(_PLANK, ((x - 0.012, y - 0.008), (x + _TREAD, y - 0.008)), (0.012, 0.012))
    body.draw(canvas, lamp, grounded=False)
