"""The postures of people: where hips, hands and feet are for what they do; elbows and knees follow. No drawing here."""

import math
from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.canvas import Point

_UPPER, _FORE = 0.168, 0.158  # of an arm, in heights
_THIGH, _SHIN = 0.246, 0.24
_UPRIGHT = 0.45  # a hip at least so high is that of somebody on their feet


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Joints in units of height, facing right; `near` is the side towards us.

    Attributes:
        near_bend, far_bend: 1 where the elbow points back or down, -1 where it points the other way.
        nod: How far the head is bent forward, in radians.
        turn: How far the body is tipped forward, in radians.
        lift: How high above the ground it is, in heights.
        prop: What the near hand holds for this deed, or "".
        lie: Of a long prop, its angle above the horizon in degrees.
        mood: "" or what the face shows: "open" (mouth), "closed" (eyes), "smile".
    """

    hip: Point = (0.0, 0.5)
    neck: Point = (0.012, 0.82)
    near: Point = (-0.01, 0.46)
    far: Point = (0.1, 0.47)
    near_foot: Point = (-0.06, 0.02)
    far_foot: Point = (0.055, 0.02)
    near_bend: int = 1
    far_bend: int = 1
    nod: float = 0.0
    turn: float = 0.0
    lift: float = 0.0
    prop: str = ""
    lie: float = 60.0
    mood: str = ""

    @property
    def is_upright(self) -> bool:
        """Whether it is on its feet and not tipped."""
        return self.hip[1] >= _UPRIGHT and not self.turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Joints:
    """A pose with elbows and knees: each limb from the body outwards."""

    near_arm: tuple[Point, Point, Point]
    far_arm: tuple[Point, Point, Point]
    near_leg: tuple[Point, Point, Point]
    far_leg: tuple[Point, Point, Point]


def bend(pose: Pose, *, wide: float = 1.0) -> Joints:
    """The joints of a pose; `wide` is how broad the shoulders are."""
    neck, hip = pose.neck, pose.hip
    near_shoulder = (neck[0] - 0.062 * wide, neck[1] - 0.062)
    far_shoulder = (neck[0] + 0.062 * wide, neck[1] - 0.055)
    return Joints(
        near_arm=_chain(near_shoulder, pose.near, _UPPER, _FORE, -pose.near_bend),
        far_arm=_chain(far_shoulder, pose.far, _UPPER, _FORE, -pose.far_bend),
        near_leg=_chain((hip[0] - 0.03, hip[1]), pose.near_foot, _THIGH, _SHIN, 1),
        far_leg=_chain((hip[0] + 0.03, hip[1]), pose.far_foot, _THIGH, _SHIN, 1),
    )


def _chain(root: Point, end: Point, first: float, second: float, side: int) -> tuple[Point, Point, Point]:
    """Root, joint and end of two bones; an end that is too far comes nearer."""
    dx, dy = end[0] - root[0], end[1] - root[1]
    long = max(math.hypot(dx, dy), 1e-6)
    most = (first + second) * 0.995
    if long > most:
        end = (root[0] + dx / long * most, root[1] + dy / long * most)
        dx, dy, long = end[0] - root[0], end[1] - root[1], most
    along = (long * long + first * first - second * second) / (2 * long)
    out = math.sqrt(max(first * first - along * along, 0.0)) * side
    joint = (root[0] + dx / long * along - dy / long * out, root[1] + dy / long * along + dx / long * out)
    return root, joint, end


_SEAT = Pose(hip=(-0.06, 0.3), neck=(-0.045, 0.62), near=(0.12, 0.35), far=(0.17, 0.35), near_foot=(0.2, 0.02),
    far_foot=(0.27, 0.03))  # fmt: skip
_STRIDE = Pose(hip=(0.0, 0.495), neck=(0.04, 0.815), near_foot=(0.17, 0.02), far_foot=(-0.17, 0.045))
_LONG = Pose(turn=-1.5)
# What a picture from the waist up shows as well as one at full length.
HALF_SHOWN = frozenset({"stand", "talk", "listen", "look", "hark", "think", "laugh", "sing", "shout", "smile"})
POSES: dict[str, tuple[Pose, ...]] = {
    "stand": (
        Pose(),
        Pose(near=(0.0, 0.55), near_foot=(-0.075, 0.02), far_foot=(0.075, 0.02)),
        Pose(near=(-0.115, 0.5), far=(-0.06, 0.5)),
        Pose(near=(0.09, 0.63), far=(0.02, 0.64), near_foot=(-0.05, 0.02)),
        Pose(near=(0.09, 0.53), far=(0.11, 0.53)),
    ),
    "talk": (
        Pose(near=(0.2, 0.66), mood="open"),
        Pose(near=(-0.02, 0.5), far=(0.26, 0.68), mood="open"),
        Pose(near=(0.17, 0.74), far=(0.24, 0.62), mood="open"),
    ),
    "listen": (
        Pose(near=(0.09, 0.54), far=(0.1, 0.54), nod=0.06),
        Pose(near=(0.0, 0.55), nod=0.04),
        Pose(near=(0.1, 0.63), far=(0.03, 0.64)),
    ),
    "hark": (Pose(neck=(0.04, 0.815), near=(-0.06, 0.93), near_bend=-1, nod=0.1),),
    "whisper": (Pose(neck=(0.07, 0.81), near=(0.17, 0.9), far=(0.14, 0.5), nod=0.1, mood="open"),),
    "look": (Pose(nod=-0.14), Pose(near=(-0.115, 0.5), far=(-0.06, 0.5), nod=-0.1)),
    "smile": (Pose(nod=-0.06, mood="smile"), Pose(near=(0.09, 0.53), far=(0.11, 0.53), mood="smile")),
    "look down": (Pose(neck=(0.06, 0.81), near=(0.09, 0.52), far=(0.13, 0.5), nod=0.42),),
    "look out": (Pose(near=(0.12, 0.985), nod=-0.05, far_foot=(0.1, 0.02)),),
    "think": (Pose(near=(0.075, 0.83), far=(0.03, 0.64), nod=0.14),),
    "point": (Pose(near=(0.3, 0.83), lie=4), Pose(near=(-0.02, 0.5), far=(0.36, 0.84), lie=-70)),
    "wave": (Pose(near=(-0.13, 1.06), near_bend=-1, mood="open"),),
    "raise": (Pose(near=(-0.12, 1.06), near_bend=-1, near_foot=(-0.09, 0.02), far_foot=(0.09, 0.02), lie=80),),
    "shout": (Pose(near=(0.3, 0.8), nod=-0.2, far=(0.12, 0.5), far_foot=(0.1, 0.02), mood="open"),),
    "laugh": (Pose(neck=(-0.02, 0.82), near=(0.06, 0.58), far=(0.11, 0.56), nod=-0.32, mood="open"),),
    "sing": (Pose(near=(0.05, 0.68), far=(0.3, 0.72), nod=-0.2, mood="open"),),
    "weep": (Pose(neck=(0.05, 0.805), near=(0.115, 0.87), far=(0.14, 0.865), nod=0.45, mood="closed"),),
    "drink": (Pose(near=(0.12, 0.855), nod=-0.12, prop="cup", lie=70),),
    "smoke": (Pose(near=(0.125, 0.835), prop="pipe", lie=20),),
    "hold": (Pose(near=(0.17, 0.6), far=(0.2, 0.58)), Pose(near=(0.2, 0.64), far=(0.11, 0.5))),
    "carry": (replace(_STRIDE, near=(0.16, 0.56), far=(0.22, 0.54), prop="bundle"),),
    "bear": (replace(_STRIDE, near=(0.2, 0.56), far=(0.24, 0.55)),),
    "give": (Pose(neck=(0.05, 0.815), near=(0.3, 0.68), far=(0.13, 0.52), far_foot=(0.12, 0.02)),),
    "take": (Pose(neck=(0.04, 0.815), near=(0.29, 0.66), far=(0.3, 0.62), far_foot=(0.1, 0.02)),),
    "reach": (Pose(neck=(0.07, 0.81), near=(0.32, 0.84), far=(0.12, 0.52), near_foot=(-0.12, 0.02),
        far_foot=(0.13, 0.02)),),
    "open": (Pose(neck=(0.05, 0.81), near=(0.31, 0.58), far=(0.12, 0.5), far_foot=(0.14, 0.02)),),
    "knock": (Pose(neck=(0.05, 0.815), near=(0.25, 0.93), far=(0.12, 0.5), far_foot=(0.1, 0.02)),),
    "push": (Pose(hip=(-0.04, 0.47), neck=(0.13, 0.76), near=(0.38, 0.7), far=(0.44, 0.68), near_foot=(-0.3, 0.04),
        far_foot=(-0.02, 0.02), nod=0.15),),
    "pull": (Pose(hip=(-0.08, 0.45), neck=(-0.15, 0.75), near=(0.1, 0.62), far=(0.18, 0.6), near_foot=(0.1, 0.02),
        far_foot=(0.22, 0.03)),),
    "throw": (Pose(neck=(-0.03, 0.81), near=(-0.24, 0.98), far=(0.27, 0.78), near_foot=(-0.16, 0.02),
        far_foot=(0.19, 0.03), near_bend=-1, prop="stone"),),
    "strike": (Pose(hip=(0.02, 0.48), neck=(0.05, 0.8), near=(-0.14, 1.02), near_bend=-1, far=(0.27, 0.74),
        near_foot=(-0.2, 0.03), far_foot=(0.2, 0.02), lie=120),),
    "fight": (Pose(hip=(0.0, 0.46), neck=(0.05, 0.77), near=(0.33, 0.78), far=(0.22, 0.74), near_foot=(0.2, 0.02),
        far_foot=(-0.26, 0.03)), Pose(hip=(0.0, 0.46), neck=(0.04, 0.77), near=(0.16, 0.76), far=(0.38, 0.8),
        near_foot=(-0.24, 0.03), far_foot=(0.22, 0.02))),
    "fence": (Pose(hip=(0.0, 0.45), neck=(0.05, 0.765), near=(0.33, 0.77), far=(-0.14, 0.92), far_bend=-1,
        near_foot=(0.26, 0.02), far_foot=(-0.28, 0.03), prop="sword", lie=18),),
    "stab": (Pose(hip=(0.02, 0.46), neck=(0.09, 0.77), near=(0.36, 0.66), far=(0.3, 0.8), near_foot=(0.2, 0.02),
        far_foot=(-0.24, 0.03), prop="knife", lie=0),),
    "flinch": (Pose(hip=(-0.05, 0.48), neck=(-0.1, 0.79), near=(0.12, 0.88), far=(0.16, 0.82), near_foot=(0.12, 0.02),
        far_foot=(-0.16, 0.03), nod=-0.25, mood="open"),),
    "shoot": (Pose(near=(0.31, 0.81), far=(0.12, 0.5), near_foot=(-0.12, 0.02), far_foot=(0.13, 0.02), prop="pistol",
        lie=2),),
    "aim": (Pose(near=(0.1, 0.79), far=(0.31, 0.82), near_foot=(-0.13, 0.02), far_foot=(0.13, 0.02), nod=0.1,
        prop="gun", lie=4),),
    "draw bow": (Pose(near=(0.34, 0.8), far=(0.07, 0.81), far_bend=-1, near_foot=(-0.13, 0.02), far_foot=(0.13, 0.02),
        prop="drawn bow", lie=90),),
    "bow": (Pose(hip=(-0.05, 0.5), neck=(0.16, 0.74), near=(0.1, 0.56), far=(0.25, 0.5), nod=0.6),),
    "lean": (Pose(hip=(-0.03, 0.49), neck=(-0.08, 0.805), near=(0.03, 0.62), far=(-0.02, 0.63), near_foot=(0.1, 0.02),
        far_foot=(0.04, 0.02)),),
    "kneel": (Pose(hip=(-0.03, 0.29), neck=(0.05, 0.6), near=(0.2, 0.4), far=(0.24, 0.42), near_foot=(-0.26, 0.03),
        far_foot=(0.2, 0.02)),),
    "pray": (Pose(hip=(-0.05, 0.28), neck=(0.0, 0.6), near=(0.17, 0.6), far=(0.175, 0.605), near_foot=(-0.28, 0.03),
        far_foot=(-0.24, 0.04), nod=0.42, mood="closed"),),
    "crouch": (Pose(hip=(-0.1, 0.22), neck=(0.08, 0.49), near=(0.23, 0.3), far=(0.26, 0.36), near_foot=(-0.06, 0.02),
        far_foot=(0.08, 0.02)),),
    "climb": (Pose(hip=(0.0, 0.55), neck=(0.05, 0.86), near=(0.26, 0.88), far=(0.22, 1.06), near_foot=(0.0, 0.1),
        far_foot=(0.2, 0.28), nod=-0.25),),
    "fall": (Pose(turn=-0.6, lift=-0.05, near=(-0.2, 1.0), far=(0.22, 1.02), near_bend=-1, near_foot=(0.12, 0.04),
        far_foot=(0.3, 0.2), mood="open"),),
    "jump": (Pose(lift=0.06, hip=(0.0, 0.5), neck=(0.11, 0.79), near=(0.3, 0.84), far=(0.36, 0.72),
        near_foot=(-0.36, 0.14), far_foot=(0.24, 0.08)),),
    "swim": (Pose(turn=1.36, lift=-0.1, near=(-0.14, 1.1), near_bend=-1, far=(0.12, 1.06), near_foot=(-0.06, 0.03),
        far_foot=(0.06, 0.05), nod=-1.0),),
    "fly": (Pose(turn=1.15, lift=0.2, near=(-0.1, 1.12), near_bend=-1, far=(0.04, 1.14), near_foot=(-0.1, 0.02),
        far_foot=(0.0, 0.0), nod=-0.6),),
    "dance": (
        Pose(near=(-0.18, 1.0), near_bend=-1, far=(0.32, 0.72), near_foot=(-0.04, 0.02), far_foot=(0.16, 0.13),
            mood="smile"),
        Pose(near=(-0.24, 0.72), far=(0.2, 1.04), near_foot=(-0.16, 0.1), far_foot=(0.04, 0.02), mood="smile"),
    ),
    "upstairs": (replace(_STRIDE, neck=(0.06, 0.81), near=(0.18, 0.58), far=(0.02, 0.5), near_foot=(0.15, 0.1),
        far_foot=(-0.1, 0.02)),),
    "downstairs": (replace(_STRIDE, hip=(0.0, 0.47), neck=(0.03, 0.79), near=(-0.08, 0.5), far=(0.18, 0.55),
        near_foot=(0.15, -0.06), far_foot=(-0.08, 0.02), nod=0.1),),
    "ascend": (replace(_STRIDE, neck=(0.1, 0.8), near=(0.22, 0.58), far=(-0.02, 0.5), near_foot=(0.2, 0.1),
        far_foot=(-0.2, -0.04), nod=-0.06),),
    "descend": (replace(_STRIDE, hip=(-0.02, 0.47), neck=(-0.02, 0.79), near=(-0.1, 0.52), far=(0.2, 0.56),
        near_foot=(0.2, -0.05), far_foot=(-0.16, 0.08)),),
    "walk": (
        replace(_STRIDE, near=(-0.12, 0.5), far=(0.2, 0.53)),
        replace(_STRIDE, near=(0.14, 0.54), far=(-0.02, 0.48), near_foot=(-0.17, 0.045), far_foot=(0.17, 0.02)),
    ),
    "run": (
        Pose(hip=(0.0, 0.5), neck=(0.13, 0.79), near=(-0.16, 0.62), far=(0.33, 0.74), near_foot=(0.24, 0.1),
            far_foot=(-0.36, 0.22)),
        Pose(hip=(0.0, 0.49), neck=(0.12, 0.79), near=(0.27, 0.72), far=(-0.08, 0.6), near_foot=(-0.34, 0.2),
            far_foot=(0.28, 0.07)),
    ),
    "sit": (
        _SEAT,
        replace(_SEAT, near=(0.0, 0.66), neck=(0.0, 0.615), nod=0.1),
        replace(_SEAT, near=(0.14, 0.37), far=(0.15, 0.37), near_foot=(0.28, 0.03), far_foot=(0.2, 0.02)),
    ),
    "sit weep": (replace(_SEAT, neck=(0.0, 0.605), near=(0.09, 0.67), far=(0.12, 0.665), nod=0.5, mood="closed"),),
    "sit talk": (replace(_SEAT, near=(0.18, 0.5), mood="open"), replace(_SEAT, far=(0.22, 0.52), mood="open")),
    "ride": (Pose(hip=(-0.03, 0.36), neck=(0.0, 0.68), near=(0.17, 0.47), far=(0.21, 0.48), near_foot=(0.06, 0.02),
        far_foot=(0.06, 0.06), lie=125),),
    "row": (replace(_SEAT, neck=(0.06, 0.6), near=(0.26, 0.46), far=(0.32, 0.45), prop="oar", lie=-24),),
    "write": (replace(_SEAT, neck=(0.02, 0.605), near=(0.22, 0.4), far=(0.2, 0.385), nod=0.34, prop="pen"),),
    "read": (replace(_SEAT, near=(0.15, 0.47), far=(0.19, 0.47), nod=0.3, prop="book"),),
    "read standing": (Pose(near=(0.17, 0.66), far=(0.19, 0.65), nod=0.28, prop="letter"),),
    "eat": (replace(_SEAT, neck=(-0.01, 0.612), near=(0.08, 0.63), far=(0.22, 0.41), nod=0.15, prop="spoon"),),
    "sew": (replace(_SEAT, near=(0.12, 0.5), far=(0.15, 0.42), nod=0.36, prop="cloth"),),
    "piano": (replace(_SEAT, near=(0.24, 0.43), far=(0.27, 0.43), nod=0.1),),
    "cook": (Pose(neck=(0.05, 0.81), near=(0.24, 0.6), far=(0.16, 0.56), nod=0.26, prop="ladle", lie=-70),),
    "fiddle": (Pose(near=(0.14, 0.74), far=(0.3, 0.85), nod=0.16, prop="violin", lie=14, mood="closed"),),
    "flute": (Pose(near=(0.2, 0.86), far=(0.29, 0.855), prop="flute", lie=0),),
    "strum": (Pose(near=(0.07, 0.59), far=(0.27, 0.68), prop="guitar", lie=24),),
    "play": (Pose(near=(-0.17, 1.0), near_bend=-1, far=(0.3, 0.76), near_foot=(-0.15, 0.06), far_foot=(0.12, 0.02),
        prop="ball", mood="smile"),),
    "dig": (Pose(hip=(-0.03, 0.47), neck=(0.13, 0.74), near=(0.16, 0.53), far=(0.27, 0.4), near_foot=(-0.16, 0.02),
        far_foot=(0.14, 0.02), nod=0.4, prop="spade", lie=-56),),
    "chop": (Pose(hip=(0.01, 0.48), neck=(0.0, 0.81), near=(-0.12, 1.05), near_bend=-1, far=(-0.04, 1.06),
        far_bend=-1, near_foot=(-0.16, 0.02), far_foot=(0.16, 0.02), prop="axe", lie=125),),
    "embrace": (Pose(neck=(0.05, 0.815), near=(0.27, 0.71), far=(0.27, 0.62), nod=0.16, mood="closed",
        far_foot=(0.08, 0.02)),),
    "embrace low": (Pose(hip=(-0.06, 0.29), neck=(0.06, 0.595), near=(0.26, 0.46), far=(0.27, 0.38),
        near_foot=(-0.28, 0.03), far_foot=(0.2, 0.02), nod=0.1, mood="closed"),),
    "hold out": (Pose(neck=(0.05, 0.815), near=(0.3, 0.66), far=(0.04, 0.5), far_foot=(0.12, 0.02)),),
    "at window": (Pose(neck=(0.05, 0.815), near=(0.2, 0.6), far=(0.26, 0.6), nod=-0.06),),
    "shake": (Pose(neck=(0.03, 0.82), near=(0.26, 0.58), far=(0.1, 0.48), far_foot=(0.1, 0.02)),),
    "touch": (Pose(neck=(0.03, 0.82), near=(0.27, 0.74), far=(0.1, 0.5), nod=0.1),),
    "lead": (replace(_STRIDE, near=(-0.17, 0.53), far=(0.18, 0.56)),),
    "led": (replace(_STRIDE, near=(0.22, 0.66), far=(0.1, 0.5)),),
    "seize": (Pose(neck=(0.08, 0.8), near=(0.32, 0.75), far=(0.33, 0.68), near_foot=(-0.18, 0.03),
        far_foot=(0.15, 0.02)),),
    "help": (Pose(hip=(-0.05, 0.49), neck=(0.1, 0.77), near=(0.32, 0.62), far=(0.33, 0.56), far_foot=(0.12, 0.02),
        nod=0.25),),
    "stoop": (Pose(hip=(-0.08, 0.49), neck=(0.15, 0.72), near=(0.3, 0.5), far=(0.32, 0.46), far_foot=(0.1, 0.02),
        nod=0.35),),
    "cradle": (Pose(near=(0.15, 0.63), far=(0.18, 0.58), nod=0.3, prop="baby"),),
    "kiss baby": (Pose(neck=(0.03, 0.815), near=(0.14, 0.7), far=(0.18, 0.66), nod=0.62, prop="baby", mood="closed"),),
    "sit low": (Pose(hip=(-0.06, 0.1), neck=(-0.02, 0.44), near=(0.14, 0.28), far=(0.18, 0.3), near_foot=(0.34, 0.03),
        far_foot=(0.3, 0.05)),),
    "borne": (replace(_SEAT, near=(0.16, 0.66), far=(0.2, 0.6), near_foot=(0.12, 0.06), far_foot=(0.16, 0.08)),),
    "lie": (replace(_LONG, near=(0.06, 0.58), far=(0.09, 0.62), near_foot=(0.05, 0.05), far_foot=(0.1, 0.08)),),
    "sleep": (replace(_LONG, near=(0.07, 0.64), far=(0.09, 0.6), near_foot=(0.03, 0.06), far_foot=(0.08, 0.12),
        mood="closed"),),
    "abed": (replace(_LONG, neck=(0.16, 0.775), near=(0.16, 0.52), far=(0.19, 0.5), near_foot=(0.0, 0.0),
        far_foot=(0.02, 0.01)),),
    "asleep": (replace(_LONG, near=(0.08, 0.62), far=(0.09, 0.58), near_foot=(0.0, 0.0), far_foot=(0.02, 0.01),
        mood="closed"),),
    "lie dead": (replace(_LONG, near=(-0.07, 1.08), near_bend=-1, far=(0.04, 0.5), near_foot=(-0.03, 0.03),
        far_foot=(0.03, 0.04), mood="closed", nod=-0.2),),
}  # fmt: skip


def pose_for(deed: str, variant: int) -> Pose:
    """One of the postures of a deed; that of standing where there is none."""
    poses = POSES.get(deed, POSES["stand"])
    return poses[variant % len(poses)]


def aged(pose: Pose, *, old: bool) -> Pose:
    """The old stoop."""
    if not old or not pose.is_upright:
        return pose
    return replace(pose, neck=(pose.neck[0] + 0.055, pose.neck[1] - 0.025), nod=pose.nod + 0.14)
