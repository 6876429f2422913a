"""Clothes hung on a pose: how each costume is cut, and its shapes from the ground to the neck."""

import math
from dataclasses import dataclass

from imaginized.providers.builtin.plates.canvas import Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Look
from imaginized.providers.builtin.plates.cutout import Paper
from imaginized.providers.builtin.plates.poses import Joints, Pose

_INK: Colour = (20, 16, 28)
_CREAM: Colour = (238, 230, 210)
_WHITE: Colour = (244, 240, 230)
_SHOE: Colour = (46, 38, 40)
_BRASS: Colour = (214, 174, 84)
_BILLOWS = 0.045  # a flare from which a skirt falls in curves


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a costume is cut.

    Attributes:
        skirt: How far below the hip it falls, as a share of the leg; 0 for none, 1 to the ground.
        flare: How much wider the hem is than the hip, in heights, to each side.
        tail: Whether only the back falls: a tailcoat.
        waist: Where skirt and bodice meet, as a share of the way from hip to neck.
        legs: "trousers", "breeches", "boots", "shorts" or "bare".
        drape: Whether a cloth is thrown over one shoulder.
        front: What shows between the lapels: "waistcoat", "shirt" or "".
        neck: What is worn at the throat.
        cloth: Of the body: "cloth", "cream", "trim" or "legs"; `sleeve` the same, or "skin".
        low: Colour of the skirt: "cloth", "legs" or "trim".
    """

    skirt: float = 0.0
    flare: float = 0.0
    tail: bool = False
    waist: float = 0.3
    legs: str = "trousers"
    front: str = ""
    neck: str = ""
    cloth: str = "cloth"
    sleeve: str = "cloth"
    low: str = "cloth"
    lapels: bool = False
    buttons: int = 0
    belt: bool = False
    apron: bool = False
    braces: bool = False
    stripes: bool = False
    crossbelt: bool = False
    epaulettes: bool = False
    puff: bool = False
    plates: bool = False
    drape: bool = False


CUTS: dict[str, Cut] = {
    "tunic": Cut(skirt=0.32, flare=0.04, belt=True, legs="boots", neck="cowl"),
    "waistcoat": Cut(cloth="cloth", sleeve="cream", front="shirt", neck="tie", buttons=3),
    "frock": Cut(skirt=0.46, flare=0.03, front="waistcoat", neck="tie", lapels=True),
    "lounge": Cut(skirt=0.1, front="shirt", neck="tie", lapels=True),
    "tails": Cut(skirt=0.5, tail=True, legs="breeches", front="waistcoat", neck="cravat", lapels=True),
    "greatcoat": Cut(skirt=0.62, flare=0.05, legs="boots", neck="cowl", buttons=4),
    "reefer": Cut(skirt=0.24, flare=0.01, neck="band", lapels=True, buttons=4),
    "trench": Cut(skirt=0.5, flare=0.03, front="shirt", neck="tie", lapels=True, belt=True),
    "frontier": Cut(cloth="legs", sleeve="cloth", front="cloth", neck="neckerchief", legs="boots", belt=True),
    "jumper": Cut(neck="round"),
    "shirt": Cut(neck="collar", front="shirt", sleeve="cloth"),
    "overall": Cut(neck="high", belt=True, legs="same", stripes=False, low="cloth"),
    "robe": Cut(skirt=1.0, flare=0.07, neck="cowl", belt=True),
    "cassock": Cut(skirt=0.97, flare=0.035, neck="band", buttons=5, cloth="dark", sleeve="dark", low="dark"),
    "armour": Cut(skirt=0.16, flare=0.02, legs="plates", plates=True, neck="high", cloth="steel", sleeve="steel",
        low="cloth", belt=True),
    "sailor": Cut(cloth="cream", sleeve="cloth", stripes=True, neck="neckerchief", legs="wide"),
    "uniform": Cut(skirt=0.18, flare=0.01, neck="high", buttons=5, crossbelt=True, epaulettes=True, belt=True),
    "worker": Cut(cloth="cream", sleeve="cream", braces=True, neck="neckerchief", legs="boots"),
    "knickers": Cut(skirt=0.08, neck="collar", buttons=3, legs="shorts"),
    "kirtle": Cut(skirt=1.0, flare=0.1, belt=True, neck="low", waist=0.24),
    "bell": Cut(skirt=1.0, flare=0.21, neck="lace", waist=0.3, buttons=3),
    "bustle": Cut(skirt=1.0, flare=0.12, neck="high", waist=0.3, buttons=4),
    "empire": Cut(skirt=1.0, flare=0.05, neck="low", waist=0.62, puff=True, sleeve="bare", belt=True),
    "prairie": Cut(skirt=0.9, flare=0.12, neck="collar", waist=0.3, apron=True),
    "apron": Cut(skirt=0.96, flare=0.12, neck="collar", waist=0.3, apron=True),
    "drop": Cut(skirt=0.55, flare=0.05, neck="low", waist=0.02, belt=True, legs="bare"),
    "skirt": Cut(skirt=0.5, flare=0.04, neck="collar", waist=0.22, cloth="trim", sleeve="trim", legs="bare",
        belt=True),
    "chiton": Cut(skirt=0.44, flare=0.04, belt=True, legs="bare", neck="low", sleeve="bare"),
    "toga": Cut(skirt=0.86, flare=0.02, legs="bare", neck="low", cloth="cream", low="cream", sleeve="cream",
        drape=True),
    "stola": Cut(skirt=1.0, flare=0.06, neck="low", waist=0.6, belt=True, drape=True),
    "legion": Cut(skirt=0.26, flare=0.03, plates=True, legs="bare", neck="high", cloth="steel", sleeve="bare",
        low="cloth", belt=True),
    "caftan": Cut(skirt=0.9, flare=0.045, neck="round", front="shirt", belt=True, waist=0.2),
    "kurta": Cut(skirt=0.3, flare=0.03, neck="round", legs="wide"),
    "pinafore": Cut(skirt=0.55, flare=0.09, neck="collar", waist=0.26, apron=True, legs="bare"),
}  # fmt: skip


def cut_of(look: Look) -> Cut:
    """How the clothes of a look are cut."""
    return CUTS.get(look.costume, CUTS["lounge"])


def _tone(look: Look, name: str) -> Colour:
    tones: dict[str, Colour] = {
        "cream": mix(_CREAM, look.cloth, 0.06),
        "trim": mix(look.trim, look.cloth, 0.15),
        "legs": look.legs,
        "dark": mix(look.cloth, (26, 22, 30), 0.78),
        "steel": mix((168, 176, 186), look.cloth, 0.12),
        "bare": look.skin,
    }
    return tones.get(name, look.cloth)


def torso_of(look: Look) -> Colour:
    """The colour of the body of a costume."""
    return _tone(look, cut_of(look).cloth)


def sleeve_of(look: Look) -> Colour:
    """The colour of its sleeves."""
    return _tone(look, cut_of(look).sleeve)


def drape_of(look: Look) -> Colour:
    """The colour of what is thrown over the shoulder."""
    return look.trim if cut_of(look).cloth == "cloth" else look.cloth


def front_of(look: Look) -> Colour:
    """The colour of what shows between the lapels."""
    front = cut_of(look).front
    if front == "waistcoat":
        return mix(look.trim, look.cloth, 0.12)
    return look.cloth if front == "cloth" else _WHITE


def draw_legs(paper: Paper, look: Look, joints: Joints) -> None:
    """Far and near leg with what is worn on them."""
    cut = cut_of(look)
    for chain, dim in ((joints.far_leg, 0.34), (joints.near_leg, 0.0)):
        _leg(paper, look, cut, chain, dim)


def _leg(paper: Paper, look: Look, cut: Cut, chain: tuple[Point, Point, Point], dim: float) -> None:
    hip, knee, foot = chain
    wide = 0.056 * look.girth * (0.82 if look.woman else 1.0)
    cloth = {"same": look.cloth, "plates": _tone(look, "steel"), "wide": mix(_WHITE, look.legs, 0.15)}.get(
        cut.legs, look.legs
    )
    stocking: Colour = look.skin if cut.legs in {"bare", "shorts"} else mix(_WHITE, look.cloth, 0.1)
    upper, lower = mix(cloth, _INK, dim), mix(cloth, _INK, dim)
    shoe: Colour = mix((78, 52, 38) if cut.legs == "boots" else _SHOE, _INK, dim * 0.6)
    if cut.legs in {"breeches", "shorts", "bare"}:
        lower = mix(stocking, _INK, dim)
        upper = lower if cut.legs == "bare" else upper
        paper.limb(lower, (knee, foot), (wide * 0.72, 0.026))
    elif cut.legs == "boots":
        lower = shoe
        paper.limb(lower, (knee, foot), (wide * 0.86, 0.036))
    else:
        hem = 0.052 if cut.legs == "wide" else 0.034
        paper.limb(lower, (knee, foot), (wide * 0.84, hem))
    paper.limb(upper, (hip, knee), (wide * 1.2, wide * 0.86))
    angle = math.atan2(foot[1] - knee[1], foot[0] - knee[0]) + math.pi / 2
    tip = (foot[0] + 0.068 * math.cos(angle), foot[1] + 0.068 * math.sin(angle))
    paper.limb(shoe, (foot, tip), (0.027, 0.018))


def draw_body(paper: Paper, look: Look, pose: Pose, joints: Joints) -> None:
    """Skirt, bodice and what is worn on them."""
    cut = cut_of(look)
    if cut.skirt:
        _skirt(paper, look, cut, pose, joints)
    body = torso_of(look)
    paper.blob(body, _on_spine(pose, _WOMAN if look.woman else _MAN, look.girth))
    if cut.front:
        paper.polygon(front_of(look), _on_spine(pose, _FRONT, 1.0))
    if cut.front == "waistcoat":
        paper.polygon(_WHITE, _on_spine(pose, ((-0.02, 1.0), (0.07, 1.0), (0.058, 0.66)), 1.0))
    if cut.lapels:
        dim = mix(body, _INK, 0.28)
        paper.polygon(dim, _on_spine(pose, ((-0.03, 1.02), (-0.06, 0.86), (-0.01, 0.72), (0.03, 0.34)), 1.0))
        paper.polygon(dim, _on_spine(pose, ((0.07, 1.0), (0.1, 0.84), (0.075, 0.7), (0.07, 0.4)), 1.0))
    _trimmings(paper, look, cut, pose)
    if cut.apron:
        _apron(paper, cut, pose, joints)


_MAN = ((-0.088, -0.06), (-0.09, 0.34), (-0.116, 0.74), (-0.088, 0.93), (-0.03, 1.02), (0.035, 1.02), (0.088, 0.92),
    (0.112, 0.72), (0.098, 0.34), (0.09, -0.06))  # fmt: skip
_WOMAN = ((-0.09, -0.06), (-0.058, 0.3), (-0.088, 0.72), (-0.07, 0.92), (-0.026, 1.01), (0.03, 1.01), (0.072, 0.91),
    (0.108, 0.68), (0.066, 0.32), (0.092, -0.06))  # fmt: skip
_FRONT = ((-0.02, 1.0), (0.072, 1.0), (0.085, 0.5), (0.088, 0.02), (0.03, 0.02), (0.02, 0.5))


def _on_spine(pose: Pose, points: tuple[Point, ...], wide: float) -> list[Point]:
    """Points across the spine (in heights) and along it (0 hip, 1 neck)."""
    dx, dy = pose.neck[0] - pose.hip[0], pose.neck[1] - pose.hip[1]
    long = math.hypot(dx, dy) or 1.0
    return [
        (pose.hip[0] + dx * t + dy / long * x * wide, pose.hip[1] + dy * t - dx / long * x * wide) for x, t in points
    ]


def _trimmings(paper: Paper, look: Look, cut: Cut, pose: Pose) -> None:
    wide = look.girth * (0.8 if look.woman else 1.0)
    if cut.plates:
        for t in (0.2, 0.45):
            edge = _on_spine(pose, ((-0.09, t), (0.0, t - 0.05), (0.1, t)), wide)
            paper.limb((112, 120, 132), edge, (0.006, 0.006, 0.006))
    if cut.stripes:
        for step in range(5):
            t = 0.08 + 0.17 * step
            edge = _on_spine(pose, ((-0.09, t), (0.0, t - 0.03), (0.1, t)), wide)
            paper.limb((52, 74, 112), edge, (0.008, 0.008, 0.008))
    if cut.braces:
        for x in (-0.055, 0.06):
            paper.limb(mix(look.legs, _INK, 0.2), _on_spine(pose, ((x, 0.95), (x, 0.0)), wide), (0.01, 0.01))
    _drape(paper, look, cut, pose, wide)
    if cut.crossbelt:
        paper.limb(_WHITE, _on_spine(pose, ((-0.08, 0.95), (0.085, 0.15)), wide), (0.012, 0.012))
    if cut.belt:
        t = cut.waist if cut.skirt > 0.4 else 0.1
        half = 0.074 if look.woman and t > 0.1 else 0.094
        tone = (96, 66, 44) if not look.woman else mix(look.trim, _INK, 0.1)
        paper.limb(tone, _on_spine(pose, ((-half, t), (half, t)), look.girth), (0.013, 0.013))
    for row in range(cut.buttons):
        paper.disc(_BRASS, _on_spine(pose, ((0.055, 0.84 - row * 0.16),), wide)[0], 0.0085)


def _drape(paper: Paper, look: Look, cut: Cut, pose: Pose, wide: float) -> None:
    """A cloth thrown over one shoulder."""
    if cut.drape:
        line = _on_spine(pose, ((-0.07, 0.93), (0.0, 0.55), (0.08, 0.05)), wide)
        paper.limb(mix(drape_of(look), _INK, 0.06), line, (0.03, 0.035, 0.05))


def draw_throat(paper: Paper, look: Look, pose: Pose) -> None:
    """Collar, cravat, tie or low neck, over the neck itself."""
    cut = cut_of(look)
    tone = mix(look.trim, _INK, 0.4)
    place = {
        "tie": (
            (_WHITE, ((-0.038, 1.05), (0.05, 1.05), (0.06, 0.97), (0.01, 0.92), (-0.04, 0.98))),
            (tone, ((0.01, 0.96), (0.035, 0.96), (0.05, 0.66), (0.038, 0.58), (0.022, 0.66))),
        ),
        "cravat": ((_WHITE, ((-0.04, 1.08), (0.05, 1.08), (0.06, 0.96), (0.05, 0.8), (0.02, 0.84), (-0.04, 0.98))),),
        "collar": ((_WHITE, ((-0.05, 1.04), (0.05, 1.04), (0.08, 0.92), (0.02, 0.86), (-0.075, 0.92))),),
        "lace": ((_WHITE, ((-0.05, 1.05), (0.05, 1.05), (0.085, 0.9), (0.02, 0.8), (-0.08, 0.9))),),
        "low": ((look.skin, ((-0.04, 1.04), (0.045, 1.04), (0.082, 0.9), (0.03, 0.74), (-0.05, 0.9))),),
        "neckerchief": (
            (look.trim, ((-0.045, 1.06), (0.055, 1.06), (0.06, 0.95), (0.05, 0.8), (0.02, 0.9), (-0.045, 0.97))),
        ),
        "high": ((mix(torso_of(look), _INK, 0.25), ((-0.036, 1.1), (0.042, 1.1), (0.046, 0.96), (-0.042, 0.96))),),
        "band": ((_WHITE, ((-0.03, 1.08), (0.04, 1.08), (0.042, 1.0), (-0.034, 1.0))),),
        "cowl": (
            (mix(torso_of(look), _INK, 0.25), ((-0.06, 1.06), (0.05, 1.06), (0.09, 0.9), (0.02, 0.82), (-0.1, 0.9))),
        ),
    }
    for colour, points in place.get(cut.neck, ()):
        paper.blob(colour, _on_spine(pose, points, look.girth if cut.neck in {"cowl", "lace", "low"} else 1.0))


def _skirt(paper: Paper, look: Look, cut: Cut, pose: Pose, joints: Joints) -> None:
    """What falls from the waist: over the knees of who sits, behind who runs."""
    tone = mix(_tone(look, cut.low), _INK, 0.1)
    waist = _on_spine(pose, ((0.0, max(cut.waist, 0.02)),), 1.0)[0]
    half = (0.062 if look.woman else 0.092) * look.girth + 0.02 * cut.waist
    ends = sorted((_along(joints.near_leg, cut.skirt), _along(joints.far_leg, cut.skirt)))
    back, front = ends
    if cut.tail:
        ends_at = _along(joints.near_leg, cut.skirt)
        tail = [(waist[0] - half, waist[1]), (ends_at[0] - 0.13, ends_at[1] - 0.02), (ends_at[0] - 0.06, ends_at[1]),
            (pose.hip[0] + 0.02, pose.hip[1] - 0.06), (waist[0] + half * 0.7, waist[1])]  # fmt: skip
        paper.polygon(tone, tail)
        return
    knees = max(joints.near_leg[1], joints.far_leg[1])
    low = cut.skirt > 0.4
    bustle = 0.07 if look.costume == "bustle" else 0.0
    hip_y = waist[1] * 0.45 + min(back[1], pose.hip[1]) * 0.55
    outline = [
        (waist[0] - half, waist[1]),
        (min(pose.hip[0], back[0] + 0.03) - half * 0.85 - cut.flare * 0.55 - bustle, hip_y),
        (back[0] - half * 0.6 - cut.flare, back[1] + 0.01),
        (back[0] - half * 0.5 - cut.flare, back[1] - 0.006),
        ((back[0] + front[0]) / 2, min(back[1], front[1]) - 0.012),
        (front[0] + half * 0.5 + cut.flare * 0.9, front[1] - 0.006),
        (front[0] + half * 0.6 + cut.flare * 0.9, front[1] + 0.01),
    ]
    if knees[0] > front[0] + 0.03 and low:
        outline.append((knees[0] + 0.06, knees[1] + 0.02))
        outline.append((knees[0] - 0.02, knees[1] + 0.075))
    elif low:
        outline.append((max(pose.hip[0], front[0] - 0.03) + half * 0.85 + cut.flare * 0.5, hip_y))
    outline.append((waist[0] + half, waist[1]))
    (paper.blob if low and cut.flare > _BILLOWS else paper.polygon)(tone, outline)
    if low and cut.flare > 0.09:
        for share in (0.3, 0.62):
            foot = (back[0] + (front[0] - back[0]) * share - cut.flare + 1.9 * cut.flare * share, back[1] + 0.02)
            fold = ((waist[0] - half * 0.5 + half * share, waist[1] - 0.1), foot)
            paper.limb(mix(tone, _INK, 0.16), fold, (0.003, 0.008))


def _apron(paper: Paper, cut: Cut, pose: Pose, joints: Joints) -> None:
    bib = _on_spine(pose, ((-0.02, 0.72), (0.088, 0.72), (0.085, cut.waist), (-0.035, cut.waist)), 1.0)
    paper.polygon(_WHITE, bib)
    end = _along(max(joints.near_leg, joints.far_leg, key=lambda leg: leg[2][0]), cut.skirt * 0.86)
    waist = _on_spine(pose, ((-0.04, cut.waist), (0.075, cut.waist)), 1.0)
    knee = max(joints.near_leg[1], joints.far_leg[1])
    middle = [(knee[0] + 0.05, knee[1] + 0.04)] if knee[0] > end[0] + 0.03 else []
    outline = [waist[0], (end[0] - 0.1, end[1]), (end[0] + cut.flare * 0.8 + 0.02, end[1]), *middle, waist[1]]
    paper.polygon(_WHITE, outline)


def _along(leg: tuple[Point, Point, Point], share: float) -> Point:
    start, end, part = (leg[0], leg[1], share * 2) if share < 0.5 else (leg[1], leg[2], share * 2 - 1)
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
