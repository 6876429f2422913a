"""People from the waist up, near enough to have a face: collar, buttons, shawl and cravat as their times wear them."""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cast import Look
from imaginized.providers.builtin.plates.cutout import Cutout, Inset, Lamp, Paper
from imaginized.providers.builtin.plates.faces import draw_fall, draw_head
from imaginized.providers.builtin.plates.garments import Cut, cut_of, drape_of, front_of, sleeve_of, torso_of

_INK: Colour = (34, 26, 32)
_CREAM: Colour = (240, 230, 208)
HEAD = 0.46  # how far below the top of the head its middle lies, in heads
_FINE_FROM = 60  # pixels of half a head from which wrinkles and cheeks are seen
Shape = tuple[Point, ...]

_TORSO: Shape = ((-0.42, -1.24), (-1.36, -1.56), (-1.98, -2.2), (-2.16, -4.6), (-2.16, -7.6), (1.9, -7.6),
    (1.88, -4.6), (1.74, -2.3), (1.12, -1.58), (0.3, -1.26))  # fmt: skip
_BOSOM: Shape = ((-0.42, -1.24), (-1.1, -1.5), (-1.6, -2.0), (-1.74, -3.0), (-1.5, -4.4), (-1.9, -7.6), (1.66, -7.6),
    (1.36, -4.4), (1.66, -3.1), (1.5, -2.1), (0.96, -1.52), (0.3, -1.26))  # fmt: skip


def draw_bust(
    canvas: Canvas, look: Look, top: Point, head: float, *, facing: int, lamp: Lamp, mood: str = "", nod: float = 0.0
) -> None:
    """Draw somebody; `top` is the crown of the head, `head` the pixels from it to the chin."""
    unit = head / 2
    body = Cutout((top[0], top[1] + head * HEAD), unit, facing=facing, reach=2.9, top=3.4, low=7.7)
    stoop = (0.22, -0.14) if look.is_old else (0.0, 0.0)
    crown = Inset(body, stoop, 1.08 if look.is_small else 1.0, nod=nod + (0.1 if look.is_old else 0.0))
    draw_fall(crown, look)
    wide = look.girth * (0.68 if look.is_small else 0.9 if look.woman else 1.0)
    _clothe(Inset(body, (0.0, 0.0), 1.0), look, wide)
    body.limb(mix(look.skin, _INK, 0.16), ((stoop[0] - 0.06, stoop[1] - 0.5), (-0.08, -1.04)), (0.36, 0.38))
    _collar(body, look, wide)
    draw_head(crown, look, mood=mood, fine=unit > _FINE_FROM)
    body.draw(canvas, lamp, grounded=False)


def _clothe(body: Paper, look: Look, wide: float) -> None:
    """Body and sleeves, and what is worn over them."""
    cut, cloth, sleeve = cut_of(look), torso_of(look), sleeve_of(look)
    dim = mix(sleeve, _INK, 0.24)
    body.limb(dim, ((1.36 * wide, -2.2), (1.72 * wide, -4.4), (1.5 * wide, -7.4)), (0.44, 0.42, 0.4))
    body.blob(cloth, [(x * wide, y) for x, y in (_BOSOM if look.woman else _TORSO)])
    _front(body, look, cut, wide)
    arm = ((-1.42 * wide, -2.24), (-1.86 * wide, -4.6), (-1.5 * wide, -7.4))
    body.limb(mix(sleeve, (255, 244, 220), 0.06), arm, (0.52, 0.48, 0.46))
    if cut.puff:
        body.disc(mix(cloth, (255, 244, 220), 0.1), (-1.44 * wide, -2.36), 0.66)
        body.disc(mix(cloth, _INK, 0.2), (1.34 * wide, -2.3), 0.5)
    if cut.epaulettes:
        for x in (-1.5, 1.36):
            body.blob((214, 174, 84), [(x * wide + dx, -1.86 + dy) for dx, dy in ((-0.5, 0), (0, 0.24), (0.5, 0.0),
                (0.4, -0.4), (-0.4, -0.4))])  # fmt: skip


def _front(body: Paper, look: Look, cut: Cut, wide: float) -> None:
    """What shows between the lapels, buttons, braces, belts."""
    dim = mix(torso_of(look), _INK, 0.3)
    if cut.front:
        body.polygon(front_of(look), ((-0.5, -1.2), (0.62, -1.26), (0.5, -7.6), (0.1, -7.6), (-0.3, -3.2)))
    if cut.front == "waistcoat":
        body.polygon(_CREAM, ((-0.42, -1.2), (0.5, -1.24), (0.22, -2.9)))
        for row in range(4):
            body.disc((216, 180, 96), (0.34, -3.4 - row * 0.9), 0.09)
    if cut.lapels:
        body.polygon(dim, ((-0.5, -1.16), (-1.12 * wide, -1.62), (-0.74, -2.3), (0.04, -3.9), (-0.26, -2.0)))
        body.polygon(dim, ((0.46, -1.2), (0.98 * wide, -1.62), (0.84, -2.3), (0.5, -3.9), (0.42, -2.0)))
    for row in range(cut.buttons):
        body.disc((216, 180, 96), (0.3, -2.5 - row * 0.95), 0.1)
    _bands(body, look, cut, wide)


def _bands(body: Paper, look: Look, cut: Cut, wide: float) -> None:
    """What runs over the body: braces, stripes, a belt across, an apron."""
    if cut.braces:
        for x in (-0.86, 0.72):
            body.limb(mix(look.legs, _INK, 0.2), ((x * wide, -1.6), (x * 0.9 * wide, -7.6)), (0.12, 0.12))
    if cut.stripes:
        for row in range(6):
            y = -2.6 - 0.86 * row
            body.limb((52, 74, 112), ((-1.2 * wide, y - 0.06), (0.2, y - 0.16), (1.26 * wide, y)), (0.12, 0.12, 0.12))
    if cut.drape:
        body.limb(
            mix(drape_of(look), _INK, 0.06), ((-1.2 * wide, -1.7), (-0.1, -3.6), (1.3 * wide, -6.6)), (0.34, 0.42, 0.6)
        )
    if cut.crossbelt:
        body.limb((238, 232, 218), ((-1.1 * wide, -1.8), (1.2 * wide, -6.4)), (0.16, 0.16))
    if cut.apron:
        body.blob((242, 238, 228), ((-0.7, -2.6), (0.86, -2.6), (1.0, -5.0), (1.2, -7.6), (-1.2, -7.6), (-0.9, -5.0)))
        for x in (-0.74, 0.84):
            body.limb((242, 238, 228), ((x, -2.7), (x * 1.2, -1.56)), (0.14, 0.14))


def _collar(body: Paper, look: Look, wide: float) -> None:
    """What is worn at the throat."""
    cut, tone = cut_of(look), mix(look.trim, _INK, 0.4)
    white: Colour = (246, 242, 230)
    match cut.neck:
        case "tie":
            body.polygon(white, ((-0.5, -1.06), (0.06, -1.5), (0.52, -1.12), (0.64, -1.34), (0.1, -1.86), (-0.6, -1.3)))
            body.polygon(tone, ((0.0, -1.5), (0.22, -1.5), (0.3, -2.5), (0.14, -2.9), (-0.02, -2.5)))
        case "cravat":
            body.blob(white, ((-0.5, -0.86), (0.5, -0.9), (0.56, -1.3), (0.1, -1.5), (-0.54, -1.3)))
            body.blob(white, ((0.1, -1.36), (0.42, -1.7), (0.3, -2.3), (0.06, -2.0), (-0.16, -2.2), (-0.2, -1.7)))
            body.disc(mix(white, _INK, 0.16), (0.1, -1.46), 0.15)
        case "collar":
            body.blob(white, ((-0.66, -1.14), (0.0, -1.36), (0.62, -1.16), (0.86, -1.56), (0.1, -1.94), (-0.86, -1.6)))
        case "lace":
            body.blob(white, ((-0.66, -1.14), (0.0, -1.36), (0.62, -1.16), (0.9, -1.6), (0.1, -2.1), (-0.9, -1.66)))
            body.disc((200, 156, 78), (0.08, -1.6), 0.16)
        case "low":
            skin = mix(look.skin, _INK, 0.06)
            body.blob(skin, ((-0.6, -1.2), (0.56, -1.2), (0.96 * wide, -1.7), (0.1, -2.5), (-0.9 * wide, -1.76)))
            body.limb(mix(look.trim, _INK, 0.05), ((-0.92 * wide, -1.76), (0.1, -2.54), (0.98 * wide, -1.7)),
                (0.07, 0.08, 0.07))  # fmt: skip
        case "neckerchief":
            body.blob(look.trim, ((-0.62, -1.06), (0.6, -1.1), (0.66, -1.5), (0.1, -1.64), (-0.66, -1.44)))
            body.polygon(look.trim, ((0.0, -1.5), (0.34, -1.5), (0.5, -2.4), (0.1, -2.2), (-0.06, -2.5)))
        case "high":
            body.polygon(mix(torso_of(look), _INK, 0.22), ((-0.5, -0.9), (0.5, -0.94), (0.56, -1.5), (-0.56, -1.4)))
            body.limb((214, 174, 84), ((-0.5, -1.0), (0.5, -1.04)), (0.05, 0.05))
        case "band":
            body.polygon(white, ((-0.46, -0.94), (0.44, -0.98), (0.48, -1.34), (-0.5, -1.3)))
        case "cowl":
            dim = mix(torso_of(look), _INK, 0.24)
            body.blob(dim, ((-0.9, -1.1), (-0.1, -1.3), (0.8, -1.14), (1.1, -1.8), (0.1, -2.3), (-1.2, -1.9)))
        case _:
            body.limb(mix(look.trim, _INK, 0.1), ((-0.56, -1.3), (0.0, -1.56), (0.56, -1.32)), (0.1, 0.11, 0.1))
