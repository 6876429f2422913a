"""People who act: poses as joints, clothes hung on them, hair and hats."""

import math
from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Actor, Look
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Joints in units of height, facing right; `near` is the side towards us.

    Attributes:
        turn: How far the body is tipped forward, in radians.
        prop: What the near hand holds, or "".
    """

    hip: Point = (0.0, 0.5)
    neck: Point = (0.015, 0.82)
    near_arm: tuple[Point, Point] = ((-0.06, 0.64), (0.03, 0.49))
    far_arm: tuple[Point, Point] = ((0.1, 0.65), (0.12, 0.5))
    near_leg: tuple[Point, Point] = ((-0.04, 0.26), (-0.065, 0.02))
    far_leg: tuple[Point, Point] = ((0.06, 0.26), (0.07, 0.02))
    turn: float = 0.0
    prop: str = ""


POSES: dict[str, tuple[Pose, ...]] = {
    "stand": (
        Pose(),
        Pose(near_arm=((-0.09, 0.63), (-0.03, 0.49)), far_arm=((0.12, 0.63), (0.08, 0.5))),
        Pose(near_arm=((-0.1, 0.66), (0.04, 0.6)), far_arm=((0.1, 0.64), (0.1, 0.5))),
    ),
    "walk": (
        Pose(
            neck=(0.04, 0.82),
            near_arm=((-0.09, 0.65), (-0.13, 0.5)),
            far_arm=((0.14, 0.65), (0.2, 0.53)),
            near_leg=((0.11, 0.28), (0.17, 0.02)),
            far_leg=((-0.04, 0.26), (-0.18, 0.05)),
        ),
        Pose(
            neck=(0.04, 0.82),
            near_arm=((0.1, 0.65), (0.19, 0.54)),
            far_arm=((-0.06, 0.65), (-0.12, 0.5)),
            near_leg=((-0.05, 0.26), (-0.18, 0.05)),
            far_leg=((0.1, 0.28), (0.16, 0.02)),
        ),
    ),
    "run": (
        Pose(
            hip=(0, 0.5),
            neck=(0.13, 0.79),
            near_arm=((-0.05, 0.62), (-0.19, 0.6)),
            far_arm=((0.24, 0.66), (0.34, 0.74)),
            near_leg=((0.2, 0.36), (0.26, 0.1)),
            far_leg=((-0.1, 0.28), (-0.34, 0.24)),
        ),
        Pose(
            hip=(0, 0.49),
            neck=(0.12, 0.79),
            near_arm=((0.22, 0.62), (0.33, 0.72)),
            far_arm=((-0.02, 0.62), (-0.15, 0.58)),
            near_leg=((-0.08, 0.27), (-0.33, 0.2)),
            far_leg=((0.18, 0.33), (0.3, 0.08)),
        ),
    ),
    "sit": (
        Pose(
            hip=(-0.05, 0.3),
            neck=(-0.02, 0.62),
            near_arm=((-0.02, 0.44), (0.13, 0.37)),
            far_arm=((0.08, 0.45), (0.18, 0.38)),
            near_leg=((0.19, 0.31), (0.2, 0.02)),
            far_leg=((0.18, 0.29), (0.26, 0.03)),
        ),
    ),
    "ride": (
        Pose(
            hip=(-0.03, 0.36),
            neck=(0.01, 0.68),
            near_arm=((0.03, 0.51), (0.17, 0.45)),
            far_arm=((0.1, 0.52), (0.2, 0.46)),
            near_leg=((0.13, 0.24), (0.07, 0.02)),
            far_leg=((0.12, 0.26), (0.07, 0.06)),
        ),
    ),
    "lie": (Pose(turn=-1.47, near_arm=((-0.1, 0.66), (-0.12, 0.5)), far_arm=((0.07, 0.7), (0.13, 0.6))),),
    "kneel": (
        Pose(
            hip=(-0.02, 0.3),
            neck=(0.09, 0.6),
            near_arm=((0.12, 0.44), (0.24, 0.4)),
            far_arm=((0.18, 0.46), (0.28, 0.44)),
            near_leg=((0.02, 0.03), (-0.24, 0.03)),
            far_leg=((0.2, 0.27), (0.18, 0.02)),
        ),
    ),
    "reach": (
        Pose(
            neck=(0.03, 0.82),
            near_arm=((0.16, 0.86), (0.24, 1.02)),
            far_arm=((0.18, 0.74), (0.31, 0.84)),
            near_leg=((-0.05, 0.26), (-0.11, 0.02)),
            far_leg=((0.07, 0.26), (0.11, 0.02)),
        ),
    ),
    "point": (Pose(near_arm=((0.17, 0.77), (0.34, 0.81)), far_arm=((0.1, 0.65), (0.09, 0.5))),),
    "fight": (
        Pose(
            hip=(0.0, 0.46),
            neck=(0.06, 0.77),
            near_arm=((0.2, 0.72), (0.34, 0.8)),
            far_arm=((-0.13, 0.72), (-0.2, 0.86)),
            near_leg=((0.19, 0.28), (0.24, 0.02)),
            far_leg=((-0.14, 0.25), (-0.28, 0.03)),
            prop="sword",
        ),
    ),
    "carry": (
        Pose(
            neck=(0.02, 0.82),
            near_arm=((0.0, 0.62), (0.16, 0.57)),
            far_arm=((0.1, 0.63), (0.2, 0.58)),
            near_leg=((0.09, 0.28), (0.12, 0.02)),
            far_leg=((-0.03, 0.26), (-0.13, 0.04)),
            prop="bundle",
        ),
    ),
    "fly": (
        Pose(
            turn=1.15,
            near_arm=((0.08, 0.98), (0.1, 1.14)),
            far_arm=((-0.04, 0.96), (0.02, 1.12)),
            near_leg=((-0.02, 0.26), (-0.1, 0.02)),
            far_leg=((0.03, 0.26), (0.0, 0.0)),
        ),
    ),
    "dance": (
        Pose(
            near_arm=((0.14, 0.7), (0.27, 0.77)),
            far_arm=((-0.14, 0.72), (-0.26, 0.82)),
            near_leg=((0.12, 0.3), (0.06, 0.1)),
            far_leg=((-0.03, 0.26), (-0.02, 0.0)),
        ),
    ),
    "talk": (
        Pose(near_arm=((0.04, 0.62), (0.18, 0.66)), far_arm=((0.1, 0.63), (0.12, 0.5))),
        Pose(near_arm=((-0.1, 0.64), (-0.02, 0.52)), far_arm=((0.13, 0.64), (0.22, 0.68))),
    ),
}


POSES["chop"] = tuple(replace(pose, prop="axe") for pose in POSES["fight"])


def draw_person(
    canvas: Canvas, actor: Actor, at: Point, size: float, *, deed: str, facing: int, lamp: Lamp, variant: int
) -> None:
    """Draw one person; `size` is the height in pixels of a grown man at this distance."""
    poses = POSES.get(deed, POSES["stand"])
    pose = poses[variant % len(poses)]
    if pose.turn < 0:
        at = (at[0] + facing * size * actor.look.height * 0.5, at[1] - size * 0.09)
    if deed == "run":
        at = (at[0], at[1] + size * 0.06)
    body = Cutout(at, size * actor.look.height, facing=facing, turn=pose.turn, reach=1.25 if pose.turn else 0.7)
    dress_body(body, actor.look, pose)
    body.draw(canvas, lamp, grounded=deed not in {"fly", "lie", "ride"})


def dress_body(body: Cutout, look: Look, pose: Pose) -> None:
    """Hang the clothes of a look on a pose, from the far side to the near one."""
    dim = mix(look.cloth, (20, 18, 30), 0.35)
    sleeve = (0.038 * look.girth, 0.034 * look.girth, 0.026)
    shoulder_far = (pose.neck[0] + 0.05, pose.neck[1] - 0.055)
    shoulder_near = (pose.neck[0] - 0.045, pose.neck[1] - 0.06)
    body.limb(dim, (shoulder_far, *pose.far_arm), sleeve)
    body.disc(look.skin, pose.far_arm[1], 0.028)
    _legs(body, look, pose)
    _garment(body, look, pose)
    _head(body, look, pose)
    _prop(body, pose)
    body.limb(mix(look.cloth, (255, 244, 220), 0.1), (shoulder_near, *pose.near_arm), sleeve)
    body.disc(look.skin, pose.near_arm[1], 0.03)


def _legs(body: Cutout, look: Look, pose: Pose) -> None:
    shoe: Colour = (46, 38, 40)
    dim = mix(look.legs, (16, 14, 26), 0.35)
    for colour, (knee, foot), shift in ((dim, pose.far_leg, 0.015), (look.legs, pose.near_leg, -0.015)):
        width = 0.052 * look.girth
        body.limb(colour, ((pose.hip[0] + shift, pose.hip[1]), knee, foot), (width * 1.15, width * 0.85, 0.03))
        body.limb(shoe, (foot, (foot[0] + 0.065, foot[1] - 0.002)), (0.026, 0.017))


def _garment(body: Cutout, look: Look, pose: Pose) -> None:
    hip, neck, wide = pose.hip, pose.neck, look.girth
    if look.garment in {"dress", "robe", "coat"}:
        _skirt(body, look, pose)
    body.blob(
        look.cloth,
        [
            (neck[0] - 0.03, neck[1] + 0.005),
            (neck[0] - 0.095 * wide, neck[1] - 0.06),
            (hip[0] - 0.085 * wide, (hip[1] + neck[1]) / 2),
            (hip[0] - 0.085 * wide, hip[1] - 0.02),
            (hip[0] + 0.085 * wide, hip[1] - 0.02),
            ((hip[0] + neck[0]) / 2 + 0.09 * wide, (hip[1] + neck[1]) / 2),
            (neck[0] + 0.09 * wide, neck[1] - 0.07),
            (neck[0] + 0.035, neck[1] + 0.005),
        ],
    )
    body.limb(
        look.trim, ((hip[0] - 0.07 * wide, hip[1] + 0.09), (hip[0] + 0.085 * wide, hip[1] + 0.09)), (0.011, 0.011)
    )


def _skirt(body: Cutout, look: Look, pose: Pose) -> None:
    length = {"dress": 0.78, "robe": 1.0, "coat": 0.42}[look.garment]
    flare = {"dress": 0.1, "robe": 0.075, "coat": 0.045}[look.garment] * look.girth
    hip, waist = pose.hip, (pose.hip[0], pose.hip[1] + 0.1)
    ends = sorted((_along(hip, *pose.near_leg, length), _along(hip, *pose.far_leg, length)))
    back, front = ends
    knees = max(pose.near_leg[0], pose.far_leg[0])
    front_knee = (max(knees[0], hip[0] + 0.06) + 0.04, knees[1] + 0.06)
    outline = [
        (waist[0] - 0.07 * look.girth, waist[1]),
        (min(hip[0], back[0]) - 0.07 - flare / 2, (hip[1] + back[1]) / 2),
        (back[0] - flare, back[1]),
        ((back[0] + front[0]) / 2, (back[1] + front[1]) / 2 - 0.015),
        (front[0] + flare, front[1]),
        *([front_knee] if length > 0.5 else []),
        (waist[0] + 0.08 * look.girth, waist[1]),
    ]
    body.blob(mix(look.cloth, (20, 16, 30), 0.12), outline)


def _along(hip: Point, knee: Point, foot: Point, share: float) -> Point:
    start, end, part = (hip, knee, share * 2) if share < 0.5 else (knee, foot, share * 2 - 1)
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _head(body: Cutout, look: Look, pose: Pose) -> None:
    radius = 0.072 if look.height > 0.8 else 0.095
    lean = max(-0.05, min((pose.neck[0] - pose.hip[0]) * 0.35, 0.07))
    centre = (pose.neck[0] + lean + 0.005, pose.neck[1] + radius + 0.02)
    body.limb(look.skin, (pose.neck, centre), (0.03, 0.032))
    if look.hair_style in {"long", "braids"}:
        _long_hair(body, look, centre, radius)
    body.disc(look.skin, centre, radius)
    body.polygon(
        look.skin,
        [_off(centre, radius, 0.86, 0.3), _off(centre, radius, 1.24, -0.18), _off(centre, radius, 0.8, -0.34)],
    )
    body.blob(
        look.skin, [_off(centre, radius, x, y) for x, y in ((-0.4, -0.5), (0.4, -1.1), (0.8, -0.85), (0.85, -0.2))]
    )
    if look.hair_style != "bald":
        crop = (
            (0.75, 0.62),
            (0.2, 1.12),
            (-0.7, 0.95),
            (-1.12, 0.1),
            (-0.85, -0.75),
            (-0.35, -0.4),
            (-0.1, 0.35),
            (0.35, 0.5),
        )
        body.blob(look.hair, [_off(centre, radius, x, y) for x, y in crop])
    if look.hair_style == "bun":
        body.disc(look.hair, _off(centre, radius, -0.95, 0.45), radius * 0.48)
    if look.beard:
        shape = ((0.9, -0.25), (0.75, -1.15), (0.25, -1.75), (-0.15, -1.0), (0.0, -0.35))
        body.blob(look.hair, [_off(centre, radius, x, y) for x, y in shape])
    _hat(body, look, centre, radius)


def _off(centre: Point, radius: float, x: float, y: float) -> Point:
    return centre[0] + x * radius, centre[1] + y * radius


def _long_hair(body: Cutout, look: Look, centre: Point, radius: float) -> None:
    if look.hair_style == "braids":
        body.limb(
            look.hair,
            (_off(centre, radius, -0.7, 0), _off(centre, radius, -1.25, -1.1), _off(centre, radius, -1.1, -2.3)),
            (radius * 0.5, radius * 0.36, radius * 0.2),
        )
        return
    shape = ((0.2, 0.8), (-0.9, 0.7), (-1.25, -0.6), (-1.35, -1.9), (-0.55, -2.2), (-0.1, -1.0))
    body.blob(look.hair, [_off(centre, radius, x, y) for x, y in shape])


_HAT_SHAPES: dict[str, tuple[tuple[Point, ...], ...]] = {
    "witch": (
        ((-1.6, 0.5), (1.6, 0.62), (1.5, 0.8), (-1.6, 0.7)),
        ((-0.95, 0.62), (0.95, 0.72), (0.2, 1.9), (-0.5, 3.1), (-0.45, 1.9)),
    ),
    "top": (
        ((-1.35, 0.62), (1.35, 0.68), (1.35, 0.84), (-1.35, 0.8)),
        ((-0.85, 0.7), (0.88, 0.74), (0.95, 2.3), (-0.92, 2.26)),
    ),
    "bowler": (
        ((-1.3, 0.55), (1.35, 0.6), (1.3, 0.78), (-1.3, 0.75)),
        ((-0.95, 0.7), (0.98, 0.7), (0.85, 1.3), (0.3, 1.62), (-0.4, 1.6), (-0.88, 1.3)),
    ),
    "straw": (
        ((-1.9, 0.45), (1.9, 0.5), (1.75, 0.75), (-1.75, 0.72)),
        ((-0.9, 0.68), (0.92, 0.7), (0.7, 1.4), (-0.68, 1.38)),
    ),
    "cap": (((-1.05, 0.4), (1.5, 0.45), (1.45, 0.62), (0.95, 0.75), (0.75, 1.2), (-0.6, 1.25), (-1.1, 0.85)),),
    "deerstalker": (
        ((-1.55, 0.15), (-0.9, 0.6), (1.0, 0.6), (1.6, 0.3), (1.0, 0.85), (0.55, 1.35), (-0.55, 1.35), (-1.05, 0.8)),
    ),
    "crown": (((-0.9, 0.55), (0.95, 0.6), (1.15, 1.6), (0.5, 1.1), (0.05, 1.75), (-0.42, 1.1), (-1.05, 1.55)),),
    "funnel": (((-1.15, 0.6), (1.15, 0.6), (0.22, 1.55), (0.22, 2.1), (-0.22, 2.1), (-0.22, 1.55)),),
    "bicorne": (((-1.9, 0.35), (0.0, 0.62), (1.9, 0.5), (0.9, 1.35), (0.0, 1.75), (-0.95, 1.3)),),
    "shako": (
        ((-0.9, 0.5), (1.35, 0.42), (1.3, 0.6), (0.92, 0.7), (1.05, 2.1), (-1.05, 2.1)),
        ((-0.1, 2.0), (0.2, 2.0), (0.25, 2.9), (-0.1, 2.9)),
    ),
    "helmet": (
        ((-1.1, -0.5), (-0.2, -0.7), (0.1, 0.1), (1.12, 0.2), (1.05, 0.8), (0.4, 1.25), (-0.5, 1.2), (-1.1, 0.6)),
        ((-0.2, 1.15), (-0.9, 1.75), (-1.75, 1.5), (-1.5, 1.15), (-0.8, 1.1)),
    ),
    "hood": (((0.85, 0.75), (0.1, 1.45), (-1.0, 1.1), (-1.35, -0.2), (-1.0, -1.4), (-0.1, -1.2), (-0.2, 0.3)),),
    "bonnet": (
        ((1.35, 0.75), (0.9, 1.25), (-0.3, 1.35), (-1.2, 0.7), (-1.2, -0.4), (-0.5, -0.9), (-0.1, 0.2), (0.6, 0.55)),
    ),
}


def _hat(body: Cutout, look: Look, centre: Point, radius: float) -> None:
    colour = {
        "crown": (226, 178, 64),
        "funnel": (150, 160, 170),
        "helmet": (160, 168, 176),
        "straw": (214, 178, 104),
        "bonnet": look.trim,
        "hood": mix(look.cloth, (0, 0, 0), 0.25),
        "witch": mix(look.cloth, (10, 8, 20), 0.5),
    }.get(look.hat, mix(look.legs, (0, 0, 0), 0.35))
    for shape in _HAT_SHAPES.get(look.hat, ()):
        body.polygon(colour, [_off(centre, radius, x, y) for x, y in shape])


def _prop(body: Cutout, pose: Pose) -> None:
    hand = pose.near_arm[1]
    if pose.prop == "sword":
        tip = (hand[0] + 0.42 * math.cos(0.6), hand[1] + 0.42 * math.sin(0.6))
        body.limb((208, 214, 216), (hand, tip), (0.013, 0.005))
        body.limb((120, 90, 50), ((hand[0] - 0.02, hand[1] + 0.05), (hand[0] + 0.05, hand[1] - 0.03)), (0.01, 0.01))
    if pose.prop == "axe":
        low, high = (hand[0] - 0.08, hand[1] - 0.16), (hand[0] + 0.1, hand[1] + 0.24)
        body.limb((128, 92, 56), (low, high), (0.014, 0.014))
        blade = ((0.06, 0.17), (0.11, 0.26), (0.17, 0.3), (0.23, 0.22), (0.2, 0.14), (0.11, 0.15))
        body.polygon((186, 194, 200), [(hand[0] + x, hand[1] + y) for x, y in blade])
    if pose.prop == "bundle":
        shape = ((0.08, 0.54), (0.1, 0.66), (0.2, 0.7), (0.31, 0.65), (0.33, 0.55), (0.2, 0.5))
        body.blob((168, 128, 84), shape)
