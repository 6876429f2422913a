"""Vehicles with those who are in them and the beasts before them: sled, cart, carriage, motor-car, train, balloon.

In units of a grown man's height, towards the right; (0, 0) is the ground below the middle of the vehicle.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.objects import draw_thing, outlines
from imaginized.story.stage_things import Thing

_WOOD: Colour = (138, 92, 58)
_DARK: Colour = (66, 46, 38)
_IRON: Colour = (62, 64, 72)
_BLACK: Colour = (46, 42, 48)
_LACQUER: Colour = (122, 40, 42)
_GLASS: Colour = (184, 204, 206)
_STRAW: Colour = (198, 160, 98)
_ROPE: Colour = (96, 72, 52)
_SEAT = 0.245  # how high above the feet somebody sits
_MOST_BEFORE = 4  # beasts of a team that are drawn

Draw = Callable[[Cutout], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How a vehicle is made.

    Attributes:
        long: How long it is.
        seats: Where people sit, the driver's first; who finds none sits closer on the last.
        behind, before: What is drawn before and after them.
        hitch: Where the traces are fastened; None for what no beast draws.
        tall: How high it reaches, with those in it.
    """

    long: float
    seats: tuple[Point, ...]
    behind: Draw
    before: Draw
    hitch: Point | None = None
    tall: float = 1.2


def _wheel(body: Cutout, at: Point, radius: float, colour: Colour) -> None:
    """A wheel with spokes: rim, hub, and lines between."""
    steps = [(0.0, 1.0), (0.707, 0.707), (1.0, 0.0), (0.707, -0.707)]
    ring = [*steps, *((-x, -y) for x, y in steps), (0.0, 1.0)]
    points = [(at[0] + x * radius, at[1] + y * radius) for x, y in _round(ring)]
    body.limb(colour, points, [radius * 0.1] * len(points))
    for x, y in steps:
        spoke = ((at[0] - x * radius, at[1] - y * radius), (at[0] + x * radius, at[1] + y * radius))
        body.limb(colour, spoke, (radius * 0.05, radius * 0.05))
    body.disc(mix(colour, (20, 16, 20), 0.3), at, radius * 0.18)


def _round(ring: Sequence[Point]) -> list[Point]:
    """A ring of eight points with the points between them, on the circle."""
    found: list[Point] = []
    for (x, y), (a, b) in itertools.pairwise(ring):
        middle = ((x + a) / 2, (y + b) / 2)
        share = 1 / max((middle[0] ** 2 + middle[1] ** 2) ** 0.5, 0.01)
        found += [(x, y), (middle[0] * share, middle[1] * share)]
    return [*found, ring[-1]]


def _sled_behind(body: Cutout) -> None:
    for x in (-0.5, 0.0, 0.45):
        body.limb(_DARK, ((x, 0.04), (x, 0.2)), (0.016, 0.016))
    body.limb(_WOOD, ((-0.86, 0.2), (-0.98, 0.56)), (0.02, 0.02))


def _sled_before(body: Cutout) -> None:
    body.limb(_DARK, ((-0.9, 0.03), (0.62, 0.03), (0.78, 0.1), (0.84, 0.24), (0.74, 0.3)), (0.022,) * 5)
    body.polygon(_WOOD, ((-0.82, 0.19), (0.66, 0.19), (0.7, 0.26), (-0.84, 0.26)))
    body.limb(mix(_WOOD, _DARK, 0.4), ((-0.86, 0.36), (-0.2, 0.33), (0.1, 0.28)), (0.014, 0.014, 0.014))


def _sleigh_before(body: Cutout) -> None:
    body.limb(_DARK, ((-0.8, 0.03), (0.66, 0.03), (0.86, 0.12), (0.9, 0.3), (0.8, 0.36)), (0.02,) * 5)
    for x in (-0.5, 0.36):
        body.limb(_DARK, ((x, 0.04), (x, 0.22)), (0.016, 0.016))
    body.blob(_LACQUER, ((-0.8, 0.66), (-0.84, 0.3), (-0.6, 0.19), (0.4, 0.19), (0.66, 0.3), (0.76, 0.6), (0.66, 0.62),
        (0.5, 0.42), (-0.4, 0.4), (-0.66, 0.7)))  # fmt: skip


def _cart_behind(body: Cutout) -> None:
    body.limb(_DARK, ((0.7, 0.42), (1.1, 0.46)), (0.02, 0.016))
    body.limb(_WOOD, ((0.3, 0.62), (0.62, 0.62)), (0.02, 0.02))


def _cart_before(body: Cutout) -> None:
    body.polygon(_WOOD, ((-0.86, 0.4), (0.66, 0.4), (0.74, 0.68), (-0.92, 0.68)))
    for y in (0.5, 0.59):
        body.limb(mix(_WOOD, _DARK, 0.5), ((-0.88, y), (0.7, y)), (0.007, 0.007))
    body.limb(mix(_WOOD, _DARK, 0.5), ((-0.4, 0.41), (-0.42, 0.68)), (0.01, 0.01))
    body.limb(mix(_WOOD, _DARK, 0.5), ((0.2, 0.41), (0.21, 0.68)), (0.01, 0.01))
    _wheel(body, (-0.5, 0.3), 0.29, _DARK)
    _wheel(body, (0.46, 0.24), 0.23, _DARK)


def _carriage_behind(body: Cutout) -> None:
    body.blob(mix(_BLACK, (250, 240, 220), 0.1), ((-0.86, 0.5), (-1.0, 1.0), (-0.9, 1.28), (-0.7, 1.22), (-0.76, 0.9),
        (-0.66, 0.5)))  # fmt: skip
    body.limb(_DARK, ((0.66, 0.34), (1.1, 0.44)), (0.02, 0.016))


def _carriage_before(body: Cutout) -> None:
    body.blob(_BLACK, ((-0.86, 0.84), (-0.82, 0.44), (-0.5, 0.36), (0.2, 0.36), (0.42, 0.46), (0.72, 0.5), (0.74, 0.62),
        (0.3, 0.66), (0.1, 0.58), (-0.3, 0.62)))  # fmt: skip
    body.limb((206, 164, 92), ((-0.8, 0.56), (-0.3, 0.54), (0.1, 0.5)), (0.01, 0.01, 0.01))
    body.limb(_BLACK, ((0.7, 0.56), (0.82, 0.8)), (0.016, 0.012))
    _wheel(body, (-0.5, 0.32), 0.31, _LACQUER)
    _wheel(body, (0.52, 0.24), 0.23, _LACQUER)


def _car_behind(body: Cutout) -> None:
    for x in (-0.6, 0.68):
        body.disc(_BLACK, (x, 0.22), 0.1)
    body.blob(mix(_BLACK, _WOOD, 0.3), ((-0.84, 0.5), (-0.98, 0.74), (-0.94, 0.88), (-0.76, 0.84), (-0.68, 0.5)))
    body.limb(_BLACK, ((0.24, 0.56), (0.12, 0.72)), (0.014, 0.014))
    body.limb(_BLACK, ((0.06, 0.66), (0.18, 0.8)), (0.016, 0.016))


def _car_before(body: Cutout) -> None:
    """An open tourer: a bonnet with slits, two doors, mudguards, a running-board, a folded hood behind."""
    dark, trim = mix(_LACQUER, (20, 16, 20), 0.45), (206, 164, 92)
    body.polygon(_IRON, ((-0.94, 0.2), (0.94, 0.2), (0.94, 0.26), (-0.94, 0.26)))
    body.polygon(_LACQUER, ((-0.92, 0.58), (-0.96, 0.3), (-0.9, 0.24), (0.92, 0.24), (0.92, 0.58), (0.34, 0.64),
        (0.26, 0.56), (-0.1, 0.54), (-0.14, 0.58), (-0.2, 0.58), (-0.24, 0.54), (-0.66, 0.54),
        (-0.74, 0.64)))  # fmt: skip
    body.polygon(_BLACK, ((0.9, 0.24), (0.97, 0.24), (0.97, 0.6), (0.9, 0.6)))
    body.limb(trim, ((0.97, 0.24), (0.97, 0.61), (0.9, 0.61)), (0.012, 0.012, 0.012))
    for x in (0.5, 0.57, 0.64, 0.71):
        body.limb(dark, ((x, 0.36), (x, 0.52)), (0.008, 0.008))
    for x in (-0.68, -0.17, 0.26):
        body.limb(dark, ((x, 0.28), (x, 0.54)), (0.007, 0.007))
    body.limb(trim, ((-0.28, 0.46), (-0.21, 0.46)), (0.01, 0.01))
    body.limb(_GLASS, ((0.36, 0.6), (0.31, 0.94)), (0.014, 0.012))
    for x in (-0.6, 0.68):
        _wheel(body, (x, 0.21), 0.2, _BLACK)
    body.limb(_BLACK, ((-0.92, 0.24), (-0.82, 0.42), (-0.6, 0.47), (-0.4, 0.4), (-0.3, 0.18), (0.34, 0.18), (0.48, 0.4),
        (0.68, 0.47), (0.88, 0.42), (0.98, 0.3)),
        (0.018, 0.026, 0.03, 0.026, 0.02, 0.02, 0.026, 0.03, 0.026, 0.016))  # fmt: skip
    body.disc(trim, (1.0, 0.54), 0.065)
    body.disc((244, 224, 160), (1.02, 0.54), 0.045)


def _train_behind(body: Cutout) -> None:
    body.polygon((96, 108, 112), ((-1.5, 0.3), (1.5, 0.3), (1.5, 1.4), (-1.5, 1.4)))


def _train_before(body: Cutout) -> None:
    body.polygon(_LACQUER, ((-1.56, 0.24), (1.56, 0.24), (1.56, 0.72), (-1.56, 0.72)))
    body.polygon(_LACQUER, ((-1.56, 1.24), (1.56, 1.24), (1.56, 1.5), (-1.56, 1.5)))
    for x in (-1.5, -0.76, 0.0, 0.76, 1.5):
        body.polygon(_LACQUER, ((x - 0.07, 0.7), (x + 0.07, 0.7), (x + 0.07, 1.26), (x - 0.07, 1.26)))
    body.limb((206, 164, 92), ((-1.55, 0.66), (1.55, 0.66)), (0.012, 0.012))
    body.blob(_BLACK, ((-1.66, 1.48), (-1.5, 1.6), (1.5, 1.6), (1.66, 1.48)))
    for x in (-1.14, -0.6, 0.6, 1.14):
        _wheel(body, (x, 0.14), 0.14, _IRON)


def _balloon_behind(body: Cutout) -> None:
    body.blob((176, 64, 54), ((0.0, 1.3), (-0.62, 1.7), (-0.86, 2.2), (-0.7, 2.7), (0.0, 2.94), (0.7, 2.7), (0.86, 2.2),
        (0.62, 1.7)))  # fmt: skip
    body.blob((236, 222, 190), ((0.0, 1.3), (-0.24, 1.7), (-0.32, 2.2), (-0.24, 2.7), (0.0, 2.93), (0.24, 2.7),
        (0.32, 2.2), (0.24, 1.7)))  # fmt: skip
    for x in (-0.3, 0.3):
        body.limb(_ROPE, ((x, 0.6), (x * 1.4, 1.64)), (0.008, 0.008))


def _balloon_before(body: Cutout) -> None:
    body.polygon(_STRAW, ((-0.36, 0.62), (0.36, 0.62), (0.3, 0.1), (-0.3, 0.1)))
    for y in (0.22, 0.36, 0.5):
        body.limb(mix(_STRAW, _DARK, 0.4), ((-0.33, y), (0.33, y)), (0.008, 0.008))
    body.limb(_DARK, ((-0.37, 0.62), (0.37, 0.62)), (0.022, 0.022))


def _bicycle_before(body: Cutout) -> None:
    for x in (-0.34, 0.34):
        _wheel(body, (x, 0.2), 0.19, _BLACK)
    for line in (((-0.34, 0.2), (-0.14, 0.46), (0.24, 0.46), (0.0, 0.2), (-0.34, 0.2)), ((-0.14, 0.5), (0.0, 0.2)),
        ((0.34, 0.2), (0.22, 0.58), (0.3, 0.6))):  # fmt: skip
        body.limb(_LACQUER, line, [0.012] * len(line))
    body.limb(_BLACK, ((-0.22, 0.5), (-0.08, 0.5)), (0.02, 0.014))


def _nothing(_body: Cutout) -> None:
    """Nothing is drawn on this side."""


SLEIGH = "sleigh"  # a sled that horses draw
BUILDS: dict[str, Build] = {
    Thing.SLED.value: Build(long=1.7, seats=((-0.3, 0.26), (0.16, 0.26), (0.5, 0.26)), behind=_sled_behind,
        before=_sled_before, hitch=(0.78, 0.2), tall=0.9),
    SLEIGH: Build(long=1.8, seats=((0.1, 0.44), (-0.42, 0.44), (-0.16, 0.44)), behind=_nothing, before=_sleigh_before,
        hitch=(0.84, 0.3), tall=1.0),
    Thing.CART.value: Build(long=2.0, seats=((0.42, 0.64), (-0.1, 0.52), (-0.5, 0.52)), behind=_cart_behind,
        before=_cart_before, hitch=(1.0, 0.45), tall=1.35),
    Thing.CARRIAGE.value: Build(long=2.0, seats=((0.4, 0.62), (-0.4, 0.6), (-0.62, 0.62)), behind=_carriage_behind,
        before=_carriage_before, hitch=(1.0, 0.42), tall=1.4),
    Thing.MOTOR_CAR.value: Build(long=2.1, seats=((0.0, 0.5), (-0.54, 0.52), (-0.28, 0.5)), behind=_car_behind,
        before=_car_before, tall=1.15),
    Thing.TRAIN.value: Build(long=3.4, seats=((0.38, 0.5), (-0.38, 0.5), (1.14, 0.5), (-1.14, 0.5)),
        behind=_train_behind, before=_train_before, tall=1.65),
    Thing.BALLOON.value: Build(long=1.8, seats=((0.12, 0.2), (-0.14, 0.2), (0.0, 0.2)), behind=_balloon_behind,
        before=_balloon_before, tall=3.0),
    Thing.BICYCLE.value: Build(long=1.1, seats=((-0.13, 0.5),), behind=_nothing, before=_bicycle_before, tall=1.1),
}  # fmt: skip


def length_of(kind: str, team: Sequence[Actor]) -> float:
    """How long a vehicle is with what draws it, in heights of a grown man."""
    return BUILDS[kind].long + sum(_stride(actor) for actor in _before(kind, team))


def _before(kind: str, team: Sequence[Actor]) -> Sequence[Actor]:
    return team[:_MOST_BEFORE] if BUILDS[kind].hitch is not None else ()


def _stride(actor: Actor) -> float:
    """The room of one beast in front of another."""
    beast = BEASTS.get(actor.kind)
    if beast is not None:
        return beast.size * actor.scale * beast.length * 0.82
    outline = outlines().get(actor.kind)
    return outline.share * actor.scale * outline.wide / outline.tall if outline else 0.5


def draw_vehicle(
    canvas: Canvas,
    kind: str,
    crew: Sequence[tuple[Actor, str]],
    team: Sequence[Actor],
    at: Point,
    size: float,
    *,
    facing: int,
    lamp: Lamp,
) -> None:
    """Draw a vehicle with its crew (who, in which posture) and its team; `at` is the ground below the middle of all."""
    build, drawn = BUILDS[kind], _before(kind, team)
    long = length_of(kind, team)
    x = at[0] - facing * (long - build.long) / 2 * size
    _shadow(canvas, (x, at[1]), build.long * size, lamp)
    _draw_team(canvas, build, drawn, (x, at[1]), size, facing=facing, lamp=lamp)
    _draw_part(canvas, build.behind, build, (x, at[1]), size, facing=facing, lamp=lamp)
    for index, (actor, deed) in enumerate(crew):
        seat = build.seats[min(index, len(build.seats) - 1)]
        crowd = max(index - len(build.seats) + 1, 0) * 0.16
        foot = (x + facing * (seat[0] - crowd) * size, at[1] - (seat[1] - _sunk(kind)) * size)
        draw_person(canvas, actor, foot, size, deed=deed, facing=facing, lamp=lamp, variant=index)
    _draw_part(canvas, build.before, build, (x, at[1]), size, facing=facing, lamp=lamp)


def _sunk(kind: str) -> float:
    """How much lower than the seat the feet are; in a balloon's basket one stands."""
    return 0.0 if kind == Thing.BALLOON.value else 0.36 if kind == Thing.BICYCLE.value else _SEAT


def _draw_part(canvas: Canvas, draw: Draw, build: Build, at: Point, size: float, *, facing: int, lamp: Lamp) -> None:
    if draw is _nothing:
        return
    body = Cutout(at, size, facing=facing, reach=build.long * 0.62, top=max(build.tall, 1.0))
    draw(body)
    body.draw(canvas, lamp, grounded=False)


def _shadow(canvas: Canvas, at: Point, long: float, lamp: Lamp) -> None:
    pool = Stencil((at[0] - long, at[1] - long * 0.1, at[0] + long, at[1] + long * 0.1))
    pool.ellipse((at[0] - lamp.side * long * 0.05, at[1] + 2), long * 0.52, long * 0.026, tone=130)
    canvas.paint(pool, lamp.palette.ink)


def _draw_team(
    canvas: Canvas, build: Build, team: Sequence[Actor], at: Point, size: float, *, facing: int, lamp: Lamp
) -> None:
    """The beasts one before another, and the traces along them."""
    if build.hitch is None or not team:
        return
    ahead, backs = build.long / 2, []
    for index, actor in enumerate(team):
        stride = _stride(actor)
        middle = (at[0] + facing * (ahead + stride * 0.52) * size, at[1])
        pace = "run" if build.hitch[1] < 0.25 else "walk"
        gait = pace if index % 2 == 0 else "walk"
        height = _draw_beast(canvas, actor, middle, size, gait, facing=facing, lamp=lamp) * 0.74
        backs.append((middle[0] + facing * stride * 0.3 * size, at[1] - height * size))
        ahead += stride
    start = (at[0] + facing * build.hitch[0] * size, at[1] - build.hitch[1] * size)
    box = (0.0, 0.0, float(canvas.width), float(canvas.height))
    traces = Stencil(box).stroke([start, *backs], max(size * 0.012, 2.0))
    canvas.paint(traces, lamp.palette.dark(_ROPE, 0.3))


def _draw_beast(canvas: Canvas, actor: Actor, at: Point, size: float, gait: str, *, facing: int, lamp: Lamp) -> float:
    """Draw one of a team; return how high its back is, of a grown man."""
    outline = outlines().get(actor.kind)
    if outline is None:
        draw_creature(canvas, actor, at, size, deed=gait, facing=facing, lamp=lamp)
        return BEASTS[actor.kind].size * actor.scale
    share = outline.share * actor.scale
    draw_thing(canvas, outline, at, size * share / outline.tall, lamp=lamp, facing=facing)
    return share * 0.8
