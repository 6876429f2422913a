"""People from the waist up, near enough to have a face: hair, beard, hat, collar and age as their looks say."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Look
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.story.stage_lists import Deed

_INK: Colour = (34, 26, 32)
_CREAM: Colour = (240, 230, 208)
_GREY_FROM = 170  # a hair colour with all channels above it is that of an old head
HEAD = 0.46  # how far below the top of the head its middle lies, in heads
Shape = tuple[Point, ...]

_FACE: Shape = ((-0.6, 0.72), (-0.05, 1.0), (0.5, 0.8), (0.72, 0.24), (0.66, -0.36), (0.36, -0.88), (0.08, -1.0),
    (-0.34, -0.78), (-0.62, -0.2))  # fmt: skip
_TORSO: Shape = ((-0.42, -1.24), (-1.36, -1.56), (-1.98, -2.2), (-2.16, -4.6), (-2.16, -7.6), (1.9, -7.6),
    (1.88, -4.6), (1.74, -2.3), (1.12, -1.58), (0.3, -1.26))  # fmt: skip
_CROPPED: Shape = ((0.62, 0.62), (0.3, 0.56), (-0.1, 0.66), (-0.34, 0.4), (-0.5, 0.02), (-0.62, -0.16), (-0.86, 0.1),
    (-0.9, 0.7), (-0.5, 1.12), (0.1, 1.24), (0.6, 1.04), (0.76, 0.74))  # fmt: skip
_PARTED: Shape = ((0.72, 0.3), (0.6, 0.72), (0.2, 0.82), (-0.3, 0.5), (-0.56, -0.1), (-0.6, -0.5), (-0.92, -0.3),
    (-0.98, 0.5), (-0.6, 1.12), (0.1, 1.28), (0.66, 1.0), (0.86, 0.4), (0.82, 0.0))  # fmt: skip
_FRINGE: Shape = ((-0.62, 0.34), (-0.86, 0.4), (-0.92, -0.1), (-0.7, -0.46), (-0.54, -0.2))
_FALL: Shape = ((-0.2, 1.1), (-0.86, 0.8), (-1.12, -0.2), (-1.2, -1.6), (-0.9, -2.3), (-0.3, -2.1), (0.3, -1.6),
    (0.86, -1.9), (1.02, -1.0), (0.86, 0.4), (0.4, 1.1))  # fmt: skip
_BEARD: Shape = ((-0.66, 0.0), (-0.52, -0.3), (-0.1, -0.36), (0.18, -0.3), (0.56, -0.32), (0.7, -0.2), (0.68, -0.7),
    (0.44, -1.3), (0.12, -1.6), (-0.24, -1.36), (-0.56, -0.8))  # fmt: skip
_LIPS: Shape = ((0.06, -0.5), (0.28, -0.44), (0.52, -0.5), (0.28, -0.58))
_SMILE: Shape = ((0.0, -0.42), (0.28, -0.5), (0.56, -0.4), (0.46, -0.56), (0.28, -0.62), (0.1, -0.56))
_GLAD = frozenset({Deed.LAUGH, Deed.DANCE, Deed.EMBRACE, Deed.KISS, Deed.PLAY})
_OPEN = frozenset({Deed.SHOUT, Deed.SING})
_GRIEVED = frozenset({Deed.WEEP})
_SHUT = frozenset({Deed.SLEEP, Deed.PRAY, Deed.LIE_DEAD})
_HATS: dict[str, tuple[Shape, ...]] = {
    "top": (((-0.82, 0.62), (-0.86, 2.3), (0.84, 2.3), (0.8, 0.62)), ((-1.25, 0.52), (1.22, 0.52), (1.2, 0.74),
        (-1.25, 0.74))),
    "bowler": (((-0.86, 0.62), (-0.84, 1.2), (-0.4, 1.56), (0.4, 1.56), (0.82, 1.2), (0.84, 0.62)), ((-1.18, 0.5),
        (1.16, 0.5), (1.14, 0.7), (-1.18, 0.7))),
    "cap": (((-0.96, 0.5), (-0.9, 1.0), (-0.3, 1.36), (0.5, 1.2), (0.86, 0.72), (0.84, 0.5)), ((0.2, 0.46),
        (1.3, 0.36), (1.34, 0.5), (0.84, 0.66), (0.2, 0.64))),
    "straw": (((-0.8, 0.6), (-0.74, 1.3), (0.7, 1.3), (0.78, 0.6)), ((-1.7, 0.44), (1.66, 0.44), (1.5, 0.74),
        (-1.55, 0.74))),
    "deerstalker": (((-1.0, 0.2), (-0.94, 0.9), (-0.4, 1.34), (0.4, 1.3), (0.86, 0.8), (1.3, 0.46), (0.8, 0.56),
        (-0.5, 0.56)),),
    "crown": (((-0.86, 0.6), (-1.0, 1.5), (-0.5, 1.06), (-0.1, 1.7), (0.3, 1.06), (0.86, 1.5), (0.76, 0.6)),),
    "witch": (((-0.86, 0.6), (-0.2, 2.0), (-0.5, 3.0), (0.36, 1.9), (0.8, 0.6)), ((-1.7, 0.4), (1.66, 0.44),
        (1.5, 0.72), (-1.55, 0.7))),
    "bicorne": (((-1.8, 0.5), (-0.9, 0.62), (0.0, 0.56), (0.9, 0.62), (1.76, 0.5), (0.8, 1.4), (-0.1, 1.76),
        (-1.0, 1.36)),),
    "shako": (((-0.88, 0.56), (-1.0, 1.9), (0.94, 1.9), (0.82, 0.56)), ((0.0, 0.46), (1.1, 0.4), (1.0, 0.62),
        (0.0, 0.66)), ((-0.12, 1.86), (-0.16, 2.6), (0.2, 2.6), (0.16, 1.86))),
    "helmet": (((-1.0, -0.3), (-0.98, 0.7), (-0.4, 1.32), (0.4, 1.28), (0.9, 0.7), (0.9, 0.44), (-0.2, 0.5),
        (-0.5, 0.1), (-0.6, -0.4)),),
    "hood": (((0.9, 0.1), (0.8, 0.8), (0.2, 1.36), (-0.6, 1.24), (-1.1, 0.5), (-1.2, -0.8), (-0.9, -1.6), (-0.5, -0.9),
        (-0.6, 0.2), (-0.2, 0.8), (0.5, 0.76)),),
    "bonnet": (((0.8, 0.4), (0.92, 0.9), (0.3, 1.4), (-0.6, 1.28), (-1.12, 0.5), (-1.0, -0.5), (-0.6, -0.8),
        (-0.56, 0.1), (-0.1, 0.74), (0.5, 0.7)),),
    "funnel": (((-0.94, 0.6), (-0.2, 1.5), (-0.16, 2.1), (0.2, 2.1), (0.24, 1.5), (0.92, 0.6)),),
}  # fmt: skip
_HAT_TONES: dict[str, Colour] = {
    "crown": (226, 178, 64),
    "funnel": (150, 160, 170),
    "helmet": (160, 168, 176),
    "straw": (214, 178, 104),
    "bonnet": (226, 214, 190),
}


def draw_bust(
    canvas: Canvas, look: Look, top: Point, head: float, *, facing: int, lamp: Lamp, does: Deed = Deed.STAND
) -> None:
    """Draw somebody; `top` is the crown of the head, `head` the pixels from it to the chin; the face shows the deed."""
    unit = head / 2
    body = Cutout((top[0], top[1] + head * HEAD), unit, facing=facing, reach=2.6, top=3.4, low=7.7)
    old = min(look.hair) > _GREY_FROM
    if look.hair_style in {"long", "braids"} and look.hat != "hood":
        body.blob(mix(look.hair, _INK, 0.2), _FALL)
    body.limb(mix(look.skin, _INK, 0.16), ((-0.1, -0.5), (-0.14, -1.5)), (0.36, 0.42))
    _clothe(body, look)
    if look.hair_style == "bun":
        body.disc(mix(look.hair, _INK, 0.12), (-0.86, 0.72), 0.44)
    body.disc(mix(look.skin, _INK, 0.08), (-0.62, -0.06), 0.17)
    body.blob(look.skin, _FACE)
    _features(body, look, old=old, does=does)
    _hair(body, look)
    _hat(body, look)
    body.draw(canvas, lamp, grounded=False)


def _clothe(body: Cutout, look: Look) -> None:
    wide = look.girth * (0.84 if look.height < 0.8 else 0.92 if look.garment == "dress" else 1.0)
    dim = mix(look.cloth, _INK, 0.3)
    body.blob(look.cloth, [(x * wide, y) for x, y in _TORSO])
    body.blob(dim, ((-1.1 * wide, -2.6), (-0.9 * wide, -4.7), (-1.2 * wide, -4.7), (-1.24 * wide, -3.2)))
    if look.garment == "dress":
        body.blob(look.trim, ((-0.6, -1.32), (-0.1, -1.72), (0.5, -1.34), (0.2, -1.2), (-0.2, -1.2)))
        body.disc(mix(look.trim, (196, 150, 74), 0.6), (-0.06, -1.64), 0.09)
    elif look.garment == "robe":
        body.blob(dim, ((-1.1, -1.3), (-0.2, -1.1), (0.8, -1.36), (0.5, -1.9), (-0.1, -2.1), (-0.8, -1.86)))
    else:
        body.polygon(_CREAM, ((-0.44, -1.24), (0.3, -1.26), (0.14, -2.5), (-0.1, -2.9)))
        body.polygon(
            mix(look.trim, _INK, 0.55), ((-0.14, -1.42), (0.1, -1.42), (0.14, -2.4), (0.0, -2.7), (-0.14, -2.4))
        )
        body.polygon(dim, ((-0.5, -1.2), (-1.0, -1.6), (-0.5, -2.2), (-0.06, -3.1), (-0.24, -1.9)))
        body.polygon(dim, ((0.34, -1.24), (0.86, -1.62), (0.5, -2.2), (0.02, -3.1), (0.2, -1.9)))


def _features(body: Cutout, look: Look, *, old: bool, does: Deed) -> None:
    shade, woman = mix(look.skin, (120, 50, 40), 0.3), look.garment == "dress"
    body.blob(shade, ((0.34, 0.24), (0.46, -0.1), (0.62, -0.24), (0.5, -0.34), (0.3, -0.28)))
    if woman or look.height < 0.8:
        body.disc(mix(look.skin, (214, 96, 84), 0.22), (-0.12, -0.28), 0.2)
    for x, wide in ((0.04, 0.15), (0.52, 0.11)):
        _eye(body, look, x, wide, does)
        if old:
            _line(body, shade, ((x - wide, -0.06), (x, -0.1), (x + wide, -0.06)), 0.018)
    lips = mix(look.skin, (170, 60, 60), 0.5 if woman else 0.28)
    if does in _OPEN:
        body.blob(mix(lips, _INK, 0.5), ((0.1, -0.46), (0.28, -0.4), (0.46, -0.46), (0.42, -0.66), (0.16, -0.66)))
    else:
        body.blob(lips, _SMILE if does in _GLAD else _LIPS)
    if old:
        _line(body, shade, ((0.2, -0.24), (0.06, -0.46)), 0.02)
        _line(body, shade, ((-0.1, 0.62), (0.3, 0.64), (0.52, 0.6)), 0.018)


def _eye(body: Cutout, look: Look, x: float, wide: float, does: Deed) -> None:
    brow, lid = mix(look.hair, _INK, 0.35), mix(look.skin, _INK, 0.6)
    rise = 0.06 if does in _GRIEVED or does in _OPEN else 0.0
    _line(body, brow, ((x - wide, 0.34 + (rise if x > 0.3 else 0)), (x, 0.42 + rise), (x + wide, 0.36)), 0.035)
    if does in _SHUT:
        _line(body, lid, ((x - wide, 0.1), (x, 0.05), (x + wide, 0.1)), 0.03)
    else:
        body.blob((248, 244, 236), ((x - wide, 0.1), (x, 0.2), (x + wide, 0.1), (x, 0.03)))
        body.disc(_INK, (x + 0.03, 0.11), 0.075)
        _line(body, lid, ((x - wide, 0.12), (x, 0.21), (x + wide, 0.12)), 0.025)
    if does in _GRIEVED:
        body.blob((214, 230, 238), ((x, -0.02), (x - 0.05, -0.2), (x, -0.28), (x + 0.05, -0.2)))


def _hair(body: Cutout, look: Look) -> None:
    if look.beard:
        body.blob(look.hair, _BEARD)
        body.blob(mix(look.hair, _INK, 0.14), ((0.0, -0.36), (0.3, -0.26), (0.6, -0.36), (0.3, -0.46)))
        body.blob(mix(look.skin, (150, 60, 56), 0.4), ((0.14, -0.5), (0.3, -0.46), (0.46, -0.5), (0.3, -0.56)))
    if look.hair_style == "bald":
        body.blob(look.hair, _FRINGE)
    else:
        body.blob(look.hair, _CROPPED if look.hair_style == "short" else _PARTED)
    if look.hair_style == "braids":
        for x in (-0.9, 0.8):
            body.limb(look.hair, ((x, -0.4), (x * 1.16, -1.4), (x * 1.1, -2.6)), (0.22, 0.19, 0.1))
            body.disc(look.trim, (x * 1.12, -2.3), 0.13)


def _hat(body: Cutout, look: Look) -> None:
    own = mix(look.cloth, _INK, 0.4) if look.hat in {"hood", "witch"} else mix(look.legs, (0, 0, 0), 0.35)
    tone = _HAT_TONES.get(look.hat, own)
    for index, shape in enumerate(_HATS.get(look.hat, ())):
        body.polygon(tone if index == 0 else mix(tone, _INK, 0.16), shape)
    if look.hat in {"top", "bowler", "straw"}:
        body.polygon(mix(look.trim, _INK, 0.4), ((-0.84, 0.74), (0.81, 0.74), (0.81, 0.94), (-0.84, 0.94)))


def _line(body: Cutout, colour: Colour, points: Sequence[Point], width: float) -> None:
    body.limb(colour, points, [width] * len(points))
