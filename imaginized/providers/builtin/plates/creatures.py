"""Creatures as silhouettes that stand, walk, run and lie: beasts from their outlines, birds and snakes."""

import math
from collections.abc import Iterable

from imaginized.providers.builtin.plates.beasts import BEASTS, Beast, Leg, Mark, Outline
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix, smooth
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp

_HALF_SPAN = 2.0
_WING_TOP = 2.3  # shoulder heights that head, horns, tail and wings may reach up
_TAIL_STEPS = 5
_INK: Colour = (14, 12, 22)
_REAR, _REARED = 0.42, 0.06  # how far who fights rises, in radians, and how far that lifts the hind feet
_FIERCE = frozenset({"fight", "strike", "seize", "stab", "throw", "climb", "fence"})
# How far each leg swings forward at the body and how far it bends below, in radians:
# near fore, far fore, near hind, far hind.
GAITS: dict[str, tuple[tuple[float, float], ...]] = {
    "stand": ((0.0, 0.0), (0.13, 0.05), (0.0, 0.0), (-0.16, 0.0)),
    "walk": ((0.34, 0.05), (-0.3, 0.3), (-0.28, 0.0), (0.3, 0.16)),
    "run": ((0.95, 0.25), (0.6, 0.75), (-0.85, 0.1), (-0.55, 0.3)),
    "rear": ((0.95, 0.9), (0.6, 1.0), (-0.36, 0.0), (-0.56, 0.0)),
    "lie": ((1.45, 0.0), (1.35, 0.1), (1.5, 0.1), (1.4, 0.2)),
}


def draw_creature(canvas: Canvas, actor: Actor, at: Point, size: float, *, deed: str, facing: int, lamp: Lamp) -> None:
    """Draw one creature; `size` is the height in pixels of a grown man at this distance. What flies has wings."""
    if actor.kind == "bird":
        colour = lamp.palette.dark(actor.accent, lamp.depth)
        span = min(size * 0.5, at[1] * 0.4)  # of a flock alone a man would be taller than the picture is
        draw_bird(canvas, (at[0], at[1] - min(size * 0.95, at[1] * 0.5)), span, colour, facing=facing, flap=0.75)
        return
    if actor.kind == "snake":
        _draw_snake(canvas, at, size, colour=actor.accent, facing=facing, lamp=lamp)
        return
    beast = BEASTS.get(actor.kind, BEASTS["wolf"])
    gait = _gait(deed)
    sunk = _belly(beast) - 0.06 if gait == "lie" else 0.08 if gait == "run" else 0.0
    height = size * beast.size * actor.scale
    lift = min(size, at[1] * 0.6) * (0.75 + 0.4 * (round(at[0]) % 3) / 2) if deed == "fly" else 0.0
    rears = gait == "rear"
    at = (at[0], at[1] + (sunk - (_REARED if rears else 0.0)) * height - lift)
    turn = -_REAR if rears else 0.0
    body = Cutout(at, height, facing=facing, turn=turn, reach=_HALF_SPAN, top=_WING_TOP)
    if deed == "fly":
        body.polygon(mix(actor.accent, _INK, 0.55), [(u * 1.7 + 0.1, v * 1.7 + 0.75) for u, v in _FAR_WING])
    _draw_beast(body, beast, actor.accent, gait)
    if deed == "fly":
        body.polygon(mix(actor.accent, _INK, 0.3), [(u * 1.7, v * 1.7 + 0.75) for u, v in _NEAR_WING])
    body.draw(canvas, lamp, grounded=gait != "lie" and not lift)


def _gait(deed: str) -> str:
    if deed in _FIERCE:
        return "rear"
    if deed in {"run", "fly", "jump", "flinch"}:
        return "run"
    if deed in {"walk", "carry", "dance"}:
        return "walk"
    return "lie" if deed in {"lie", "sleep", "lie dead", "crouch", "fall"} else "stand"


def _belly(beast: Beast) -> float:
    return min(y for x, y in beast.body if abs(x) < 0.45)


def _draw_beast(body: Cutout, beast: Beast, coat: Colour, gait: str) -> None:
    near_fore, far_fore, near_hind, far_hind = GAITS[gait]
    dim = mix(coat, _INK, 0.4)
    _leg(body, dim, beast.fore, far_fore, shift=0.07)
    _leg(body, dim, beast.hind, far_hind, shift=0.09)
    _tail(body, mix(coat, _INK, 0.5 if beast.fore.hoof else 0.0), *beast.tail)
    _marks(body, beast.under, coat)
    _leg(body, coat, beast.hind, near_hind)
    _leg(body, coat, beast.fore, near_fore)
    for ear in beast.ears:
        (body.blob if len(ear) > 3 else body.polygon)(coat, ear)
    body.blob(coat, beast.body)
    _marks(body, beast.over, coat)
    body.disc((24, 20, 26), beast.eye, 0.024)


def _tail(body: Cutout, colour: Colour, points: Outline, radii: tuple[float, ...]) -> None:
    """A curved tail: the thickness runs from joint to joint like the points do."""
    curve = smooth(points, closed=False, steps=_TAIL_STEPS)
    last = len(radii) - 1
    widths = []
    for index in range(len(curve)):
        joint, part = divmod(index, _TAIL_STEPS)
        after = radii[min(joint + 1, last)]
        widths.append(radii[min(joint, last)] * (1 - part / _TAIL_STEPS) + after * part / _TAIL_STEPS)
    body.limb(colour, curve, widths)


def _marks(body: Cutout, marks: Iterable[Mark], coat: Colour) -> None:
    for mark in marks:
        body.blob(mix(coat, mark.colour, mark.shade), mark.outline)


def _leg(body: Cutout, colour: Colour, leg: Leg, swing: tuple[float, float], *, shift: float = 0.0) -> None:
    turn, bend = swing
    root, knee, foot = ((x + shift, y) for x, y in leg.joints)
    knee, foot = _turned(knee, root, turn), _turned(foot, root, turn)
    foot = _turned(foot, knee, -bend)
    body.limb(colour, (root, knee, foot), leg.radii)
    width = leg.radii[2]
    toe = _turned((foot[0] + width * (0.8 if leg.hoof else 1.5), foot[1] - width * 0.5), foot, turn - bend)
    body.limb(
        mix(colour, _INK, 0.55) if leg.hoof else colour, (foot, toe), (width * 1.1, width * (1.2 if leg.hoof else 0.85))
    )


def _turned(point: Point, about: Point, angle: float) -> Point:
    """A point turned about another; a positive angle swings what hangs below it forward."""
    dx, dy = point[0] - about[0], point[1] - about[1]
    return about[0] + dx * math.cos(angle) - dy * math.sin(angle), about[1] + dx * math.sin(angle) + dy * math.cos(
        angle
    )


_BIRD_BODY: tuple[Point, ...] = (
    (0.37, 0.05), (0.3, 0.085), (0.22, 0.085), (0.06, 0.06), (-0.16, 0.02), (-0.36, 0.03), (-0.42, -0.02),
    (-0.34, -0.05),
    (-0.12, -0.05), (0.06, -0.075), (0.2, -0.04), (0.28, 0.02),
)  # fmt: skip
_NEAR_WING: tuple[Point, ...] = (
    (0.15, 0.05), (0.14, 0.26), (0.06, 0.5), (-0.1, 0.78), (-0.13, 0.66), (-0.19, 0.7), (-0.2, 0.58), (-0.26, 0.58),
    (-0.25, 0.46), (-0.3, 0.42), (-0.26, 0.32), (-0.2, 0.2), (-0.1, 0.04),
)  # fmt: skip
_FAR_WING: tuple[Point, ...] = (
    (0.17, 0.05), (0.26, 0.24), (0.29, 0.44), (0.26, 0.7), (0.21, 0.6), (0.17, 0.62), (0.14, 0.5), (0.09, 0.48),
    (0.08, 0.34),
    (0.04, 0.06),
)  # fmt: skip


def draw_bird(canvas: Canvas, at: Point, span: float, colour: Colour, *, facing: int = 1, flap: float = 0.4) -> None:
    """A bird on the wing, `span` pixels long; `flap` (0..1) is how high the wings are."""
    x, y = at

    def placed(points: tuple[Point, ...], lift: float) -> list[Point]:
        return [(x + facing * u * span, y - v * lift * span) for u, v in points]

    box = (x - span, y - span, x + span, y + span)
    lift = 0.35 + 0.65 * flap
    far = Stencil(box, fine=3).polygon(placed(_FAR_WING, lift))
    canvas.paint(far, mix(colour, _INK, 0.3))
    near = Stencil(box, fine=3).blob(placed(_BIRD_BODY, 1.0)).polygon(placed(_NEAR_WING, lift))
    near.polygon(placed(((0.35, 0.07), (0.45, 0.035), (0.34, 0.025)), 1.0))
    canvas.paint(near, colour)


def _draw_snake(canvas: Canvas, at: Point, size: float, *, colour: Colour, facing: int, lamp: Lamp) -> None:
    body = Cutout(at, size * 0.4, facing=facing, reach=1.6)
    waves = [(-1 + index * 0.16, 0.07 + 0.06 * math.sin(index * 1.3)) for index in range(12)]
    body.limb(colour, [*waves, (0.95, 0.35), (1.08, 0.36)], [0.02, 0.04, *[0.07] * 9, 0.07, 0.07, 0.05])
    body.draw(canvas, lamp)
