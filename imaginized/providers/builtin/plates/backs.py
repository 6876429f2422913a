"""People of whom no look is told: seen from behind, or cut from black paper. No face is invented for them."""

from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Look
from imaginized.providers.builtin.plates.cutout import Cutout, Inset, Lamp, Paper
from imaginized.providers.builtin.plates.garments import cut_of, drape_of, sleeve_of, torso_of
from imaginized.providers.builtin.plates.hats import draw_crown

_INK: Colour = (30, 24, 32)
_TORSO = ((0.0, -1.2), (0.62, -1.34), (1.3, -1.62), (1.86, -2.3), (1.96, -4.6), (1.8, -7.7), (-1.8, -7.7),
    (-1.96, -4.6), (-1.86, -2.3), (-1.3, -1.62), (-0.62, -1.34))  # fmt: skip


def cut_black(look: Look, ink: Colour) -> Look:
    """The same clothes, hat and hair cut from dark paper, without a face."""

    def dark(colour: Colour, share: float) -> Colour:
        return mix(colour, ink, share)

    return replace(
        look,
        skin=dark(look.skin, 0.86),
        hair=dark(look.hair, 0.92),
        cloth=dark(look.cloth, 0.72),
        legs=dark(look.legs, 0.8),
        trim=dark(look.trim, 0.7),
        spectacles=False,
        is_faceless=True,
    )


def dim_look(look: Look, ink: Colour, share: float) -> Look:
    """The same person in the shade, all colours that far towards the ink."""
    skin, hair, cloth, legs, trim = (
        mix(colour, ink, share) for colour in (look.skin, look.hair, look.cloth, look.legs, look.trim)
    )
    return replace(look, skin=skin, hair=hair, cloth=cloth, legs=legs, trim=trim)


def draw_back(canvas: Canvas, look: Look, top: Point, head: float, *, facing: int, lamp: Lamp) -> None:
    """Draw somebody from behind, from the waist up; `top` is the crown of the head, `head` its height in pixels."""
    unit = head / 2
    body = Cutout((top[0], top[1] + head * 0.46), unit, facing=facing, reach=2.9, top=3.4, low=7.7)
    wide = look.girth * (0.68 if look.is_small else 0.86 if look.woman else 1.0)
    _clothe(body, look, wide)
    body.limb(mix(look.skin, _INK, 0.2), ((0.0, -0.5), (0.0, -1.2)), (0.36, 0.42))
    _collar(body, look, wide)
    _head(Inset(body, (0.0, 0.0), 1.04), look)
    body.draw(canvas, lamp, grounded=False)


def _clothe(body: Paper, look: Look, wide: float) -> None:
    cut, cloth = cut_of(look), torso_of(look)
    for side in (-1, 1):
        tone = mix(sleeve_of(look), _INK, 0.12 if side < 0 else 0.24)
        body.limb(tone, ((side * 1.4 * wide, -2.2), (side * 1.8 * wide, -4.6), (side * 1.66 * wide, -7.5)),
            (0.5, 0.46, 0.42))  # fmt: skip
    body.blob(cloth, [(x * wide, y) for x, y in _TORSO])
    dim = mix(cloth, _INK, 0.3)
    if cut.braces:
        for side in (-1, 1):
            body.limb(dim, ((side * 0.9 * wide, -1.6), (0.0, -4.4), (side * 0.2, -7.6)), (0.12, 0.12, 0.12))
    else:
        body.limb(dim, ((0.0, -1.7), (0.02, -7.6)), (0.03, 0.03))
    if cut.stripes:
        for row in range(6):
            y = -2.5 - 0.86 * row
            body.limb((52, 74, 112), ((-1.5 * wide, y), (0.0, y - 0.14), (1.5 * wide, y)), (0.11, 0.11, 0.11))
    if cut.crossbelt:
        body.limb((238, 232, 218), ((1.1 * wide, -1.7), (-1.2 * wide, -6.4)), (0.15, 0.15))
    _bands(body, look, wide)


def _bands(body: Paper, look: Look, wide: float) -> None:
    """What runs over the shoulders: a cloth thrown over one, epaulettes, the straps of an apron."""
    cut = cut_of(look)
    if cut.drape:
        line = ((1.1 * wide, -1.7), (0.1, -3.6), (-1.3 * wide, -6.6))
        body.limb(mix(drape_of(look), _INK, 0.16), line, (0.34, 0.42, 0.6))
    if cut.epaulettes:
        for side in (-1, 1):
            body.limb((214, 174, 84), ((side * 1.2 * wide, -1.74), (side * 1.8 * wide, -2.06)), (0.2, 0.24))
    if cut.apron:
        body.limb((242, 238, 228), ((-0.8 * wide, -1.6), (0.1, -5.0), (0.9 * wide, -1.6)), (0.14, 0.14, 0.14))


def _collar(body: Paper, look: Look, wide: float) -> None:
    neck = cut_of(look).neck
    white: Colour = (240, 236, 224)
    tone = {"neckerchief": look.trim, "high": mix(torso_of(look), _INK, 0.24), "cowl": mix(torso_of(look), _INK, 0.2)}
    bare = neck in {"low", "round", ""}
    colour = mix(torso_of(look), _INK, 0.2) if bare else tone.get(neck, white)
    body.limb(colour, ((-0.66 * wide, -1.4), (0.0, -1.24), (0.66 * wide, -1.4)), (0.18, 0.2, 0.18))
    if neck == "neckerchief":
        body.polygon(look.trim, ((-0.7, -1.3), (0.7, -1.3), (0.0, -2.5)))


def _head(paper: Paper, look: Look) -> None:
    bald = look.hair_style == "bald"
    tone = look.skin if bald else look.hair
    for side in (-1, 1):
        paper.blob(mix(look.skin, _INK, 0.14), ((side * 0.7, 0.2), (side * 0.9, 0.12), (side * 0.88, -0.24),
            (side * 0.68, -0.3)))  # fmt: skip
    paper.blob(tone, ((0.0, 1.16), (0.6, 0.96), (0.84, 0.4), (0.78, -0.3), (0.42, -0.86), (0.0, -0.94),
        (-0.42, -0.86), (-0.78, -0.3), (-0.84, 0.4), (-0.6, 0.96)))  # fmt: skip
    dim = mix(look.hair, _INK, 0.28)
    match look.hair_style:
        case "bun":
            paper.disc(dim, (0.0, 0.34), 0.46)
        case "long":
            paper.blob(tone, ((-0.86, 0.4), (-0.96, -0.8), (-0.86, -1.7), (-0.5, -2.2), (0.0, -2.6), (0.5, -2.2),
                (0.86, -1.7), (0.96, -0.8), (0.86, 0.4)))  # fmt: skip
            for x in (-0.4, 0.0, 0.4):
                paper.limb(dim, ((x * 0.6, 0.6), (x, -1.0), (x * 0.8, -2.1)), (0.03, 0.04, 0.02))
        case "braids":
            for side in (-1, 1):
                paper.limb(dim, ((side * 0.5, -0.5), (side * 0.66, -1.4), (side * 0.6, -2.6)), (0.24, 0.2, 0.1))
        case "bald" | "thin":
            paper.blob(look.hair, ((0.8, 0.1), (0.7, -0.5), (0.0, -0.9), (-0.7, -0.5), (-0.8, 0.1), (0.0, -0.3)))
        case _:
            paper.limb(dim, ((-0.3, -0.8), (0.0, -0.86), (0.3, -0.8)), (0.1, 0.1, 0.1))
    draw_crown(paper, look)
