"""Heads, of one make near by and far off: face, hair, beard, spectacles and hat as the looks say."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.canvas import Colour, Point, mix, smooth
from imaginized.providers.builtin.plates.cast import Look
from imaginized.providers.builtin.plates.cutout import Paper
from imaginized.providers.builtin.plates.hats import draw_hat

_INK: Colour = (34, 26, 32)
_BLOOD: Colour = (170, 60, 56)
Shape = tuple[Point, ...]

_FACE: Shape = ((-0.6, 0.72), (-0.05, 1.0), (0.5, 0.82), (0.71, 0.3), (0.72, -0.1), (0.68, -0.5), (0.46, -0.94),
    (0.16, -1.06), (-0.3, -0.8), (-0.62, -0.2))  # fmt: skip
_CROPPED: Shape = ((0.62, 0.62), (0.3, 0.56), (-0.1, 0.66), (-0.34, 0.4), (-0.5, 0.02), (-0.62, -0.16), (-0.86, 0.1),
    (-0.9, 0.7), (-0.5, 1.12), (0.1, 1.24), (0.6, 1.04), (0.76, 0.74))  # fmt: skip
_FRINGE: Shape = ((-0.62, 0.34), (-0.86, 0.4), (-0.92, -0.1), (-0.7, -0.46), (-0.54, -0.2))
_FALL: Shape = ((-0.2, 1.1), (-0.86, 0.8), (-1.12, -0.2), (-1.2, -1.6), (-0.9, -2.3), (-0.3, -2.1), (0.3, -1.6),
    (0.86, -1.9), (1.02, -1.0), (0.86, 0.4), (0.4, 1.1))  # fmt: skip
_BEARD: Shape = ((-0.66, 0.0), (-0.52, -0.3), (-0.1, -0.36), (0.18, -0.3), (0.56, -0.32), (0.7, -0.2), (0.68, -0.7),
    (0.44, -1.3), (0.12, -1.6), (-0.24, -1.36), (-0.56, -0.8))  # fmt: skip
_LIPS: Shape = ((0.06, -0.46), (0.2, -0.45), (0.29, -0.48), (0.38, -0.45), (0.52, -0.46), (0.29, -0.6))
_NOSE: Shape = ((0.5, 0.24), (0.66, 0.12), (0.87, -0.2), (0.82, -0.33), (0.6, -0.34), (0.48, -0.1))
_WING: Shape = ((0.46, 0.16), (0.47, -0.08), (0.5, -0.3), (0.66, -0.36), (0.77, -0.33), (0.62, -0.27), (0.53, -0.1))
_EAR: Shape = ((-0.5, 0.16), (-0.68, 0.14), (-0.74, -0.08), (-0.62, -0.28), (-0.5, -0.2))
_LONG_TOP: Shape = (
    (0.7, 0.34),
    (0.6, 0.7),
    (0.24, 0.8),
    (-0.22, 0.56),
    (-0.46, 0.0),
    (-0.56, -0.8),
    (-0.96, -1.0),
    (-1.06, 0.3),
    (-0.66, 1.1),
    (0.1, 1.28),
    (0.66, 1.0),
    (0.86, 0.44),
)
_BUN_TOP: Shape = (
    (0.74, 0.26),
    (0.62, 0.66),
    (0.2, 0.72),
    (-0.24, 0.42),
    (-0.44, -0.06),
    (-0.66, -0.16),
    (-0.94, 0.16),
    (-0.94, 0.66),
    (-0.56, 1.12),
    (0.1, 1.26),
    (0.64, 1.02),
    (0.82, 0.5),
)
_SIDE_PARTED: Shape = (
    (0.66, 0.5),
    (0.5, 0.78),
    (0.16, 0.7),
    (-0.26, 0.5),
    (-0.46, 0.06),
    (-0.62, -0.22),
    (-0.86, 0.04),
    (-0.92, 0.7),
    (-0.5, 1.16),
    (0.14, 1.3),
    (0.62, 1.14),
    (0.84, 0.78),
)
_WHISKERS: Shape = ((-0.64, 0.1), (-0.44, 0.04), (-0.28, -0.4), (-0.1, -0.78), (-0.28, -0.84), (-0.54, -0.56))
_MOUSTACHE: Shape = (
    (0.14, -0.5),
    (0.3, -0.36),
    (0.54, -0.36),
    (0.78, -0.44),
    (0.86, -0.56),
    (0.54, -0.52),
    (0.3, -0.54),
    (0.04, -0.64),
)
_THIN: Shape = ((-0.5, 0.34), (-0.74, 0.6), (-0.94, 0.4), (-0.96, -0.1), (-0.72, -0.5), (-0.52, -0.2))


def draw_head(paper: Paper, look: Look, *, mood: str = "", fine: bool = True) -> None:
    """A head in units of half its height around its middle, turned three quarters to the right.

    Args:
        paper: Where to; what falls behind the shoulders is `draw_fall`'s.
        look: Whose.
        mood: "" or what the face shows: "open" (mouth), "closed" (eyes), "smile".
        fine: Whether it is near enough for wrinkles and cheeks.
    """
    if look.hair_style == "bun":
        paper.disc(mix(look.hair, _INK, 0.16), (-0.92, 0.66), 0.46)
    _far_braid(paper, look)
    paper.blob(look.skin, _CHILD_FACE if look.is_small else _FACE)
    paper.blob(look.skin, _small(_NOSE) if look.woman or look.is_small else _NOSE)
    if not look.is_faceless:
        _features(paper, look, mood=mood, fine=fine)
    _beard(paper, look, mood=mood)
    _hair(paper, look)
    if look.hat not in {"hood", "helmet", "veil", "cloche"} and look.hair_style not in {"long", "braids"}:
        paper.blob(mix(look.skin, _INK, 0.1), _EAR)
    if look.spectacles:
        for x in (0.1, 0.6):
            ring = ((x - 0.17, 0.1), (x - 0.1, 0.24), (x + 0.1, 0.24), (x + 0.17, 0.1), (x + 0.08, -0.04),
                (x - 0.08, -0.04), (x - 0.17, 0.1))  # fmt: skip
            _line(paper, (60, 48, 40), ring, 0.028)
        _line(paper, (60, 48, 40), ((-0.07, 0.14), (-0.56, 0.16)), 0.028)
    draw_hat(paper, look)


def draw_fall(paper: Paper, look: Look) -> None:
    """The hair that falls behind the shoulders; drawn before the body."""
    if look.hair_style == "long" and look.hat not in {"hood", "veil"}:
        paper.blob(mix(look.hair, _INK, 0.2), _FALL)


def _far_braid(paper: Paper, look: Look) -> None:
    if look.hair_style == "braids":
        paper.limb(mix(look.hair, _INK, 0.16), ((0.5, -0.7), (0.68, -1.4), (0.66, -2.3)), (0.16, 0.16, 0.09))
        paper.disc(look.trim, (0.66, -2.1), 0.14)


_CHILD_FACE = tuple((x * 1.04 - 0.02, y if y > -0.3 else -0.3 + (y + 0.3) * 0.84) for x, y in _FACE)


def _small(nose: Shape) -> Shape:
    """A shorter nose."""
    return tuple((0.46 + (x - 0.46) * 0.72, -0.08 + (y + 0.08) * 0.78) for x, y in nose)


def _features(paper: Paper, look: Look, *, mood: str, fine: bool) -> None:
    shade = mix(look.skin, (120, 50, 40), 0.34)
    paper.blob(shade, _small(_WING) if look.woman or look.is_small else _WING)
    if fine and (look.woman or look.is_small) and not look.is_old:
        paper.disc(mix(look.skin, (214, 96, 84), 0.15), (-0.1, -0.32), 0.2)
    round_eye = 1.2 if look.is_small else 1.0
    for x, wide in ((0.08, 0.17 * round_eye), (0.56, 0.125 * round_eye)):
        _brow(paper, look, x, wide, fine=fine)
        _eye(paper, look, x, wide, mood=mood, fine=fine)
        if look.is_old and fine:
            _line(paper, shade, ((x - wide, -0.06), (x, -0.1), (x + wide, -0.06)), 0.016)
    _mouth(paper, look, mood)
    if look.is_old and fine:
        _line(paper, shade, ((0.26, -0.26), (0.1, -0.54)), 0.022)
        _line(paper, shade, ((-0.1, 0.6), (0.3, 0.64), (0.54, 0.6)), 0.018)
        _line(paper, shade, ((-0.06, 0.74), (0.24, 0.77), (0.46, 0.74)), 0.018)


def _brow(paper: Paper, look: Look, x: float, wide: float, *, fine: bool) -> None:
    brow, thick = mix(look.hair, _INK, 0.35), 0.028 if look.woman or look.is_small else 0.044
    arch = ((x - wide, 0.36), (x - wide * 0.2, 0.43), (x + wide * 0.5, 0.42), (x + wide, 0.36))
    _line(paper, brow, smooth(arch, closed=False, steps=3) if fine else arch, thick)


def _eye(paper: Paper, look: Look, x: float, wide: float, *, mood: str, fine: bool) -> None:
    if mood == "closed":
        lid = ((x - wide, 0.13), (x - wide * 0.3, 0.06), (x + wide * 0.4, 0.06), (x + wide, 0.12))
        _line(paper, mix(look.skin, _INK, 0.7), lid, 0.03)
        return
    lid = ((x - wide, 0.1), (x - wide * 0.4, 0.2), (x + wide * 0.4, 0.2), (x + wide, 0.1))
    if not fine:
        paper.disc(_INK, (x + 0.03, 0.11), 0.1)
        _line(paper, mix(look.skin, _INK, 0.65), lid, 0.04)
        return
    paper.blob((248, 244, 236), (*lid, (x + wide * 0.4, 0.02), (x - wide * 0.4, 0.02)))
    paper.disc(_INK, (x + 0.03, 0.105), 0.072 if wide < 0.16 else 0.08)
    paper.disc((250, 246, 238), (x + 0.055, 0.135), 0.02)
    _line(paper, mix(look.skin, _INK, 0.7), smooth(lid, closed=False, steps=3), 0.02)


def _mouth(paper: Paper, look: Look, mood: str) -> None:
    lips = mix(look.skin, _BLOOD, 0.62 if look.woman else 0.42)
    if mood == "open":
        paper.blob((92, 32, 34), ((0.24, -0.56), (0.46, -0.5), (0.66, -0.56), (0.58, -0.74), (0.36, -0.74)))
    elif mood == "smile":
        paper.blob(lips, ((0.16, -0.5), (0.4, -0.6), (0.68, -0.5), (0.6, -0.66), (0.4, -0.74), (0.24, -0.66)))
    elif look.woman or look.is_small:
        paper.blob(lips, [(x + 0.14, y - 0.07) for x, y in _LIPS])
    else:
        _line(paper, mix(look.skin, (90, 36, 34), 0.6), ((0.2, -0.57), (0.44, -0.61), (0.64, -0.57)), 0.03)


def _beard(paper: Paper, look: Look, *, mood: str) -> None:
    if look.beard == "full":
        paper.blob(look.hair, _BEARD)
        paper.blob(mix(look.hair, _INK, 0.16), _MOUSTACHE)
        mouth = (0.28, -0.62), (0.46, -0.58), (0.62, -0.62), (0.46, -0.72 if mood == "open" else -0.68)
        paper.blob(mix(look.skin, (120, 40, 44), 0.6), mouth)
    elif look.beard == "moustache":
        paper.blob(look.hair, _MOUSTACHE)
    elif look.beard == "whiskers":
        paper.blob(look.hair, _WHISKERS)


def _hair(paper: Paper, look: Look) -> None:
    style, hair = look.hair_style, look.hair
    if look.hat == "veil":
        return
    if style in {"bald", "thin"}:
        paper.blob(hair, _THIN if style == "thin" else _FRINGE)
    elif style == "curly":
        paper.blob(hair, _CROPPED)
        for x, y in ((0.62, 0.86), (0.34, 1.08), (-0.04, 1.16), (-0.44, 1.02), (-0.76, 0.7), (-0.84, 0.3)):
            paper.disc(hair, (x, y), 0.24)
    else:
        tops = {"long": _LONG_TOP, "braids": _LONG_TOP, "bun": _BUN_TOP, "parted": _SIDE_PARTED}
        paper.blob(hair, tops.get(style, _CROPPED))
    if style == "braids":
        paper.limb(hair, ((-0.84, -0.5), (-0.96, -1.4), (-0.9, -2.4)), (0.2, 0.17, 0.1))
        paper.disc(look.trim, (-0.9, -2.2), 0.15)


def _line(paper: Paper, colour: Colour, points: Sequence[Point], width: float) -> None:
    paper.limb(colour, points, [width] * len(points))
