"""People who act, at full length: a pose, the clothes hung on it, a head, hands and what they hold."""

import math
from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Actor, Look
from imaginized.providers.builtin.plates.cutout import Cutout, Inset, Lamp, Paper
from imaginized.providers.builtin.plates.faces import draw_fall, draw_head
from imaginized.providers.builtin.plates.garments import cut_of, draw_body, draw_legs, draw_throat, sleeve_of
from imaginized.providers.builtin.plates.poses import Pose, aged, bend, pose_for
from imaginized.providers.builtin.plates.props import draw_prop

_INK: Colour = (20, 16, 28)
_FINE_FROM = 40  # pixels of half a head from which wrinkles and cheeks are seen
_LEVEL = 10  # degrees above or below the horizon at which something is pointed
_AFLOAT = 0.46  # of a swimmer's height: from the feet to the middle of the water
_UNGROUNDED = frozenset({"ride", "borne", "climb"})
_HANDLESS = frozenset({"violin", "guitar", "flute", "trumpet", "baby", "bundle"})


def draw_person(
    canvas: Canvas,
    actor: Actor,
    at: Point,
    size: float,
    *,
    deed: str,
    facing: int,
    lamp: Lamp,
    variant: int,
    holds: str = "",
    grip: Point | None = None,
) -> None:
    """Draw one person; `size` is the height in pixels of a grown man at this distance.

    Args:
        canvas: Where to.
        actor: Who.
        at: The ground between the feet.
        size: Of a grown man, in pixels.
        deed: The posture.
        facing: 1 to the right, -1 to the left.
        lamp: How it is lit.
        variant: Which of the postures of the deed.
        holds: What the near hand holds, instead of what the deed needs.
        grip: Where the near hand is to be, in pixels of the picture, for who touches somebody.
    """
    look = _swimmer(actor.look) if deed == "swim" else actor.look
    tall = size * look.height
    pose = aged(pose_for(deed, variant), old=look.is_old)
    pose = _holding(pose, look, holds)
    if pose.turn < -1:
        at = (at[0] + facing * tall * 0.5, at[1] - size * 0.085)
    if deed == "swim":
        at = (at[0] - facing * tall * _AFLOAT, at[1])
    at = (at[0], at[1] - pose.lift * tall)
    if deed == "run":
        at = (at[0], at[1] + size * 0.06)
    if grip is not None:
        pose = replace(pose, near=((grip[0] - at[0]) * facing / tall, (at[1] - grip[1]) / tall))
    body = Cutout(at, tall, facing=facing, turn=pose.turn, reach=1.3 if pose.turn else 0.9)
    dress_body(body, look, pose, fine=tall * _head_unit(look) > _FINE_FROM)
    body.draw(canvas, lamp, grounded=deed == "fall" or (not pose.turn and not pose.lift and deed not in _UNGROUNDED))


def _swimmer(look: Look) -> Look:
    """Nobody swims in a skirt or a hat: they would stand out of the water like a boat."""
    return replace(look, costume="jumper", garment="suit", hat="")


def _holding(pose: Pose, look: Look, holds: str) -> Pose:
    """What is told to be held goes before what the deed needs; the old who stand about have a stick."""
    if holds and pose.prop != "drawn bow":
        backwards = holds == "stick" and abs(pose.lie) < _LEVEL  # a stick is drawn below the hand that leans on it
        return replace(pose, prop=holds, lie=pose.lie + (180 if backwards else 0))
    if look.is_old and pose.is_upright and not pose.prop and pose.near == (-0.01, 0.46):
        return replace(pose, near=(0.1, 0.5), prop="stick", lie=84)
    return pose


def _head_unit(look: Look) -> float:
    return 0.096 if look.is_small else 0.075


def dress_body(body: Paper, look: Look, pose: Pose, *, fine: bool = False) -> None:
    """Hang the clothes of a look on a pose, from the far side to the near one."""
    wide = look.girth * (0.84 if look.woman else 1.0)
    joints = bend(pose, wide=wide)
    unit = _head_unit(look)
    lean = max(-0.05, min((pose.neck[0] - pose.hip[0]) * 0.35, 0.07)) * (0.0 if pose.turn else 1.0)
    middle = (pose.neck[0] + lean + 0.012 + 0.05 * math.sin(pose.nod), pose.neck[1] + unit * 1.2)
    head = Inset(body, middle, unit, nod=pose.nod)
    _arm(body, look, joints.far_arm, near=False)
    draw_fall(head, look)
    draw_legs(body, look, joints)
    draw_body(body, look, pose, joints)
    body.limb(mix(look.skin, _INK, 0.12), (pose.neck, middle), (0.03, 0.03))
    draw_throat(body, look, pose)
    draw_head(head, look, mood=pose.mood, fine=fine)
    if pose.prop in _HANDLESS:
        draw_prop(body, pose.prop, joints.near_arm[2], pose.lie)
        _arm(body, look, joints.near_arm, near=True)
        return
    draw_prop(body, pose.prop, joints.near_arm[2], pose.lie)
    _arm(body, look, joints.near_arm, near=True)


def _arm(body: Paper, look: Look, chain: tuple[Point, Point, Point], *, near: bool) -> None:
    """Sleeve, cuff and hand."""
    cut = cut_of(look)
    shoulder, elbow, hand = chain
    sleeve = sleeve_of(look)
    tone = mix(sleeve, (255, 244, 220), 0.08) if near else mix(sleeve, _INK, 0.32)
    skin = look.skin if near else mix(look.skin, _INK, 0.22)
    wide = look.girth**0.5 * (0.84 if look.woman or look.is_small else 1.0)
    body.limb(tone, chain, (0.041 * wide, 0.034 * wide, 0.024))
    if cut.puff:
        body.disc(mix(look.cloth, (255, 244, 220), 0.1 if near else 0.0), shoulder, 0.055)
    if cut.epaulettes:
        body.limb((214, 174, 84), ((shoulder[0] - 0.03, shoulder[1] + 0.02), (shoulder[0] + 0.03, shoulder[1] + 0.02)),
            (0.018, 0.018))  # fmt: skip
    dx, dy = hand[0] - elbow[0], hand[1] - elbow[1]
    long = math.hypot(dx, dy) or 1.0
    dx, dy = dx / long, dy / long
    if cut.sleeve != "bare":
        wrist = (hand[0] - dx * 0.012, hand[1] - dy * 0.012)
        cuff = (
            mix((246, 242, 230), _INK, 0.0 if near else 0.3)
            if cut.neck in {"tie", "cravat", "collar", "lace"}
            else mix(tone, _INK, 0.3)
        )
        body.limb(cuff, (wrist, hand), (0.026, 0.025))
    tip = (hand[0] + dx * 0.045, hand[1] + dy * 0.045)
    body.limb(skin, (hand, tip), (0.022, 0.015))
    thumb = (hand[0] + dx * 0.028 - dy * 0.022, hand[1] + dy * 0.028 + dx * 0.022)
    body.limb(skin, (hand, thumb), (0.012, 0.009))


def shoulder_of(look: Look, at: Point, size: float, facing: int, deed: str) -> Point:
    """Where in the picture the near shoulder of somebody is, for who lays a hand on it."""
    pose = aged(pose_for(deed, 0), old=look.is_old)
    tall = size * look.height
    return at[0] + facing * (pose.neck[0] - 0.02) * tall, at[1] - (pose.neck[1] - 0.05) * tall


def hand_height(look: Look, size: float) -> float:
    """How high above the ground the hand of somebody hangs or is given, in pixels."""
    return size * look.height * 0.56
