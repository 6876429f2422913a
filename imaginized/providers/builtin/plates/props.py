"""What hands hold, drawn as part of the body, so that it leans as the deed needs; `at` is the hand, in heights."""

import math
from collections.abc import Callable

from imaginized.providers.builtin.plates.canvas import Colour, Point
from imaginized.providers.builtin.plates.cutout import Paper

_WOOD: Colour = (128, 90, 54)
_STEEL: Colour = (204, 210, 214)
_IRON: Colour = (82, 84, 92)
_BRASS: Colour = (210, 166, 78)
_PAPER: Colour = (246, 240, 222)
_GLASS: Colour = (196, 214, 214)
_WAVED = 0.9  # of a man's height


class _Grip:
    """Points along and across a thing that is held at an angle."""

    def __init__(self, paper: Paper, at: Point, degrees: float) -> None:
        self.paper, self._at = paper, at
        self._cosine, self._sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def put(self, along: float, across: float = 0.0) -> Point:
        return (
            self._at[0] + along * self._cosine - across * self._sine,
            self._at[1] + along * self._sine + across * self._cosine,
        )

    def rod(self, colour: Colour, start: float, end: float, thick: float, tip: float | None = None) -> None:
        self.paper.limb(colour, (self.put(start), self.put(end)), (thick, thick if tip is None else tip))

    def shape(self, colour: Colour, *points: Point) -> None:
        self.paper.polygon(colour, [self.put(*point) for point in points])

    def round(self, colour: Colour, along: float, across: float, radius: float) -> None:
        self.paper.disc(colour, self.put(along, across), radius)


def _sword(grip: _Grip) -> None:
    grip.rod(_STEEL, 0.02, 0.44, 0.013, 0.004)
    grip.shape(_BRASS, (0.015, -0.045), (0.035, -0.045), (0.035, 0.045), (0.015, 0.045))
    grip.rod((92, 62, 44), -0.05, 0.02, 0.012)


def _knife(grip: _Grip) -> None:
    grip.shape(_STEEL, (0.02, -0.014), (0.13, 0.012), (0.02, 0.016))
    grip.rod((92, 62, 44), -0.04, 0.025, 0.012)


def _axe(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.14, 0.3, 0.013)
    grip.shape(_STEEL, (0.2, -0.01), (0.18, -0.1), (0.25, -0.12), (0.31, -0.1), (0.29, -0.01))


def _hammer(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.05, 0.18, 0.012)
    grip.shape(_IRON, (0.15, -0.06), (0.2, -0.06), (0.2, 0.06), (0.15, 0.06))


def _spade(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.24, 0.26, 0.013)
    grip.rod(_WOOD, -0.25, -0.23, 0.026)
    grip.shape(_IRON, (0.24, -0.05), (0.38, -0.05), (0.44, 0.0), (0.38, 0.05), (0.24, 0.05))


def _spear(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.5, 0.5, 0.011)
    grip.shape(_STEEL, (0.48, -0.025), (0.62, 0.0), (0.48, 0.025))


def _oar(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.12, 0.46, 0.012)
    grip.shape(_WOOD, (0.42, -0.015), (0.52, -0.035), (0.68, -0.03), (0.68, 0.03), (0.52, 0.035), (0.42, 0.015))


def _pistol(grip: _Grip) -> None:
    grip.rod(_IRON, 0.0, 0.14, 0.013)
    grip.rod((96, 62, 40), -0.005, 0.02, 0.02)
    grip.shape((96, 62, 40), (-0.01, 0.012), (0.03, 0.0), (0.005, -0.06), (-0.03, -0.05))


def _gun(grip: _Grip) -> None:
    grip.shape((104, 68, 42), (-0.2, -0.075), (-0.19, 0.0), (0.02, 0.025), (0.06, -0.012), (-0.04, -0.02))
    grip.rod((104, 68, 42), 0.0, 0.24, 0.015)
    grip.rod(_IRON, 0.04, 0.5, 0.01)


def _stick(grip: _Grip) -> None:
    grip.rod((92, 62, 42), -0.46, 0.04, 0.011)
    grip.paper.limb((92, 62, 42), (grip.put(0.03), grip.put(0.05, -0.03), grip.put(0.02, -0.06)), (0.011,) * 3)


def _whip(grip: _Grip) -> None:
    grip.rod((92, 62, 42), -0.04, 0.16, 0.01)
    grip.paper.limb(
        (64, 48, 40), (grip.put(0.16), grip.put(0.28, -0.02), grip.put(0.36, -0.1), grip.put(0.44, -0.06)), (0.005,) * 4
    )


def _club(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.03, 0.28, 0.012, 0.034)


def _broom(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.3, 0.3, 0.011)
    grip.shape((206, 170, 96), (0.28, -0.03), (0.44, -0.08), (0.44, 0.08), (0.28, 0.03))


def _umbrella(grip: _Grip) -> None:
    grip.rod((60, 50, 48), -0.05, 0.36, 0.008)
    grip.shape((64, 70, 92), (0.3, -0.26), (0.4, -0.16), (0.44, 0.0), (0.4, 0.16), (0.3, 0.26), (0.33, 0.1), (0.3, 0.0),
        (0.33, -0.1))  # fmt: skip


def _flag(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.2, 0.5, 0.01)
    grip.shape((186, 62, 52), (0.48, 0.0), (0.46, 0.28), (0.28, 0.24), (0.28, 0.0))


def _torch(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.12, 0.1, 0.014, 0.02)
    grip.paper.blob((240, 150, 60), [grip.put(*p) for p in ((0.09, -0.04), (0.2, -0.04), (0.28, 0.01), (0.18, 0.05))])


def _telescope(grip: _Grip) -> None:
    grip.rod(_BRASS, -0.04, 0.1, 0.017, 0.02)
    grip.rod((110, 72, 44), 0.08, 0.26, 0.024, 0.028)


def _bow(grip: _Grip) -> None:
    grip.paper.limb(_WOOD, [grip.put(*p) for p in ((-0.3, 0.1), (-0.16, 0.02), (0, 0), (0.16, 0.02), (0.3, 0.1))],
        (0.008, 0.011, 0.012, 0.011, 0.008))  # fmt: skip
    grip.paper.limb(_PAPER, (grip.put(-0.3, 0.1), grip.put(0.3, 0.1)), (0.003, 0.003))


def _drawn_bow(grip: _Grip) -> None:
    """Bow, string and arrow as one; the other hand holds the string."""
    grip.paper.limb(_WOOD, [grip.put(*p) for p in ((-0.32, 0.14), (-0.18, 0.03), (0, 0), (0.18, 0.03), (0.32, 0.14))],
        (0.008, 0.011, 0.012, 0.011, 0.008))  # fmt: skip
    grip.paper.limb(_PAPER, [grip.put(*p) for p in ((-0.32, 0.14), (0.01, 0.27), (0.32, 0.14))], (0.003,) * 3)
    grip.paper.limb(_WOOD, (grip.put(0.01, 0.27), grip.put(0.0, -0.14)), (0.006, 0.006))
    grip.shape(_STEEL, (0.015, -0.13), (0.0, -0.18), (-0.015, -0.13))


def _book(grip: _Grip) -> None:
    at = grip.put(0.035)
    for side in (-1, 1):
        leaf = ((0, -0.04), (side * 0.075, -0.025), (side * 0.085, 0.075), (0, 0.05))
        grip.paper.polygon((140, 58, 48), [(at[0] + x * 1.12, at[1] + y * 1.1) for x, y in leaf])
        grip.paper.polygon(_PAPER, [(at[0] + x, at[1] + y + 0.008) for x, y in leaf])


def _closed_book(grip: _Grip) -> None:
    at = grip.put(0.02)
    for row, tone in enumerate(((140, 58, 48), (64, 84, 96))):
        y = at[1] + 0.034 * row
        grip.paper.polygon(
            tone, ((at[0] - 0.05, y), (at[0] + 0.07, y), (at[0] + 0.07, y + 0.03), (at[0] - 0.05, y + 0.03))
        )
        grip.paper.limb(_PAPER, ((at[0] - 0.045, y + 0.015), (at[0] + 0.066, y + 0.015)), (0.007, 0.007))


def _sheet(grip: _Grip, size: float) -> None:
    at = grip.put(0.03)
    leaf = ((-0.6, -0.5), (0.5, -0.7), (0.62, 0.66), (-0.5, 0.8))
    grip.paper.polygon(_PAPER, [(at[0] + x * size, at[1] + y * size) for x, y in leaf])
    for row in range(4):
        y = 0.44 - 0.28 * row
        line = ((at[0] - 0.38 * size, at[1] + y * size), (at[0] + 0.4 * size, at[1] + (y - 0.1) * size))
        grip.paper.limb((150, 136, 118), line, (0.003, 0.003))


def _cup(grip: _Grip) -> None:
    at = grip.put(0.02)
    grip.paper.polygon((238, 232, 218), [(at[0] + x, at[1] + y) for x, y in ((-0.035, 0.04), (0.035, 0.04),
        (0.025, -0.03), (-0.025, -0.03))])  # fmt: skip


def _glass(grip: _Grip) -> None:
    at = grip.put(0.02)
    grip.paper.polygon((170, 56, 62), [(at[0] + x, at[1] + y) for x, y in ((-0.028, 0.07), (0.028, 0.07), (0.012, 0.02),
        (-0.012, 0.02))])  # fmt: skip
    grip.paper.limb(_GLASS, ((at[0], at[1] + 0.02), (at[0], at[1] - 0.03)), (0.006, 0.014))


def _bottle(grip: _Grip) -> None:
    grip.rod((62, 92, 70), -0.03, 0.08, 0.026)
    grip.rod((62, 92, 70), 0.08, 0.16, 0.01)


def _pipe(grip: _Grip) -> None:
    grip.paper.limb((84, 56, 40), (grip.put(-0.03, 0.02), grip.put(0.05, 0.0)), (0.006, 0.008))
    grip.round((84, 56, 40), 0.06, 0.015, 0.02)


def _cigar(grip: _Grip) -> None:
    grip.rod((120, 78, 48), -0.02, 0.06, 0.009)


def _violin(grip: _Grip) -> None:
    # the hand holds the bow; the body lies under the chin
    body = grip.paper
    body.limb((70, 48, 36), ((0.1, 0.845), (0.34, 0.865)), (0.008, 0.008))
    body.disc((156, 84, 44), (0.11, 0.845), 0.05)
    body.disc((156, 84, 44), (0.19, 0.852), 0.042)
    grip.rod((226, 214, 190), -0.02, 0.3, 0.005)


def _flute(grip: _Grip) -> None:
    grip.paper.limb((196, 168, 110), ((0.1, 0.865), (0.4, 0.845)), (0.012, 0.01))


def _trumpet(grip: _Grip) -> None:
    grip.paper.limb(_BRASS, ((0.1, 0.865), (0.36, 0.86), (0.44, 0.86)), (0.01, 0.014, 0.05))


def _guitar(grip: _Grip) -> None:
    body = grip.paper
    body.limb((96, 62, 40), ((0.06, 0.57), (0.34, 0.7)), (0.013, 0.011))
    body.disc((178, 116, 62), (0.04, 0.56), 0.085)
    body.disc((178, 116, 62), (0.12, 0.6), 0.062)
    body.disc((60, 40, 32), (0.1, 0.59), 0.024)


def _lantern(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb(_IRON, (at, (at[0], at[1] - 0.05)), (0.005, 0.005))
    grip.paper.polygon(_IRON, [(at[0] + x, at[1] + y) for x, y in ((-0.04, -0.05), (0.04, -0.05), (0.05, -0.16),
        (-0.05, -0.16))])  # fmt: skip
    grip.paper.disc((255, 206, 110), (at[0], at[1] - 0.105), 0.03)


def _candle(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb((244, 234, 210), (at, (at[0], at[1] + 0.09)), (0.013, 0.012))
    grip.paper.blob((255, 190, 90), [(at[0] + x, at[1] + y) for x, y in ((-0.012, 0.1), (0, 0.155), (0.012, 0.1))])


def _hanging(colour: Colour, wide: float, tall: float) -> Callable[[_Grip], None]:
    def draw(grip: _Grip) -> None:
        at = grip.put(0.0)
        handle = ((at[0] - wide * 0.4, at[1] - 0.06), (at[0], at[1] - 0.005), (at[0] + wide * 0.4, at[1] - 0.06))
        grip.paper.limb(colour, handle, (0.006,) * 3)
        sack = ((-1.0, -0.06), (1.0, -0.06), (0.9, -0.06 - tall), (-0.9, -0.06 - tall))
        grip.paper.polygon(colour, [(at[0] + x * wide, at[1] + y) for x, y in sack])

    return draw


def _bundle(grip: _Grip) -> None:
    at = grip.put(0.0)
    box = ((-0.05, -0.02), (0.2, -0.02), (0.2, 0.15), (-0.05, 0.15))
    grip.paper.polygon((168, 128, 84), [(at[0] + x, at[1] + y) for x, y in box])
    grip.paper.limb((112, 80, 52), ((at[0] + 0.075, at[1] - 0.02), (at[0] + 0.075, at[1] + 0.15)), (0.007, 0.007))


def _baby(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.blob((242, 238, 228), [(at[0] + x, at[1] + y) for x, y in ((-0.12, 0.0), (-0.06, 0.07), (0.06, 0.08),
        (0.12, 0.04), (0.06, -0.04), (-0.06, -0.05))])  # fmt: skip
    grip.paper.disc((228, 182, 148), (at[0] + 0.1, at[1] + 0.06), 0.042)


def _cloth(grip: _Grip) -> None:
    at = grip.put(0.0)
    up = -1 if at[1] > _WAVED else 1  # above the head it flies, and hides no face
    sheet = ((-0.06, -0.01), (0.04, 0.02), (0.1, -0.05), (0.07, -0.16), (-0.02, -0.14))
    grip.paper.blob((206, 214, 222), [(at[0] + x, at[1] + up * y) for x, y in sheet])


def _coat(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.blob((84, 92, 108), [(at[0] + x, at[1] + y) for x, y in ((-0.1, 0.02), (0.1, 0.03), (0.13, -0.2),
        (0.09, -0.34), (-0.06, -0.33), (-0.12, -0.16))])  # fmt: skip
    grip.paper.limb((60, 66, 80), ((at[0] + 0.02, at[1]), (at[0] + 0.03, at[1] - 0.3)), (0.005, 0.005))


def _hat(grip: _Grip) -> None:
    at = grip.put(0.03)
    brim = ((at[0] - 0.1, at[1] + 0.03), (at[0] + 0.11, at[1] + 0.01))
    crown = ((-0.06, 0.025), (-0.055, -0.09), (0.055, -0.1), (0.07, 0.015))
    grip.paper.polygon((58, 52, 52), [(at[0] + x, at[1] + y) for x, y in crown])
    grip.paper.polygon((150, 62, 54), [(at[0] + x, at[1] + y) for x, y in ((-0.06, 0.02), (-0.058, -0.015),
        (0.066, -0.025), (0.07, 0.012))])  # fmt: skip
    grip.paper.limb((44, 40, 40), brim, (0.012, 0.012))


def _tray(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb((132, 90, 58), ((at[0] - 0.06, at[1] + 0.005), (at[0] + 0.2, at[1] + 0.005)), (0.014, 0.014))
    for x, tall in ((0.0, 0.05), (0.07, 0.09), (0.14, 0.045)):
        grip.paper.polygon((240, 234, 220), [(at[0] + x - 0.024, at[1] + 0.015), (at[0] + x + 0.024, at[1] + 0.015),
            (at[0] + x + 0.03, at[1] + tall), (at[0] + x - 0.03, at[1] + tall)])  # fmt: skip


def _dish(grip: _Grip) -> None:
    at = grip.put(0.02)
    grip.paper.polygon((240, 234, 220), [(at[0] + x, at[1] + y) for x, y in ((-0.05, 0.03), (0.13, 0.03), (0.09, -0.02),
        (-0.01, -0.02))])  # fmt: skip


def _jug(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.blob((226, 216, 196), [(at[0] + x, at[1] + y) for x, y in ((0.0, 0.09), (0.03, -0.02), (0.02, -0.07),
        (0.11, -0.07), (0.1, -0.02), (0.13, 0.1))])  # fmt: skip


def _match(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb(_WOOD, (at, (at[0] + 0.02, at[1] + 0.05)), (0.005, 0.005))
    grip.paper.blob((255, 190, 90), [(at[0] + x, at[1] + y) for x, y in ((0.006, 0.05), (0.025, 0.105), (0.038, 0.05))])


def _rope(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb((198, 168, 118), ((at[0] - 0.06, at[1] - 0.02), at, (at[0] + 0.5, at[1] + 0.02)), (0.009,) * 3)


def _ball(radius: float, colour: Colour) -> Callable[[_Grip], None]:
    return lambda grip: grip.round(colour, 0.035, 0.0, radius)


def _ladle(grip: _Grip) -> None:
    grip.rod(_WOOD, -0.03, 0.16, 0.008)
    grip.round(_WOOD, 0.17, 0.0, 0.024)


def _pen(grip: _Grip) -> None:
    at = grip.put(0.0)
    grip.paper.limb(_PAPER, ((at[0] + 0.01, at[1] - 0.02), (at[0] - 0.03, at[1] + 0.1)), (0.003, 0.012))


PROPS: dict[str, Callable[[_Grip], None]] = {
    "sword": _sword,
    "knife": _knife,
    "axe": _axe,
    "hammer": _hammer,
    "spade": _spade,
    "spear": _spear,
    "oar": _oar,
    "pistol": _pistol,
    "gun": _gun,
    "stick": _stick,
    "whip": _whip,
    "club": _club,
    "broom": _broom,
    "umbrella": _umbrella,
    "flag": _flag,
    "torch": _torch,
    "telescope": _telescope,
    "bow": _bow,
    "drawn bow": _drawn_bow,
    "book": _book,
    "closed book": _closed_book,
    "letter": lambda grip: _sheet(grip, 0.06),
    "paper": lambda grip: _sheet(grip, 0.065),
    "map": lambda grip: _sheet(grip, 0.1),
    "newspaper": lambda grip: _sheet(grip, 0.12),
    "cup": _cup,
    "glass": _glass,
    "bottle": _bottle,
    "flask": _bottle,
    "pipe": _pipe,
    "cigar": _cigar,
    "violin": _violin,
    "flute": _flute,
    "trumpet": _trumpet,
    "guitar": _guitar,
    "lantern": _lantern,
    "lamp": _lantern,
    "candle": _candle,
    "bag": _hanging((108, 72, 48), 0.07, 0.12),
    "basket": _hanging((176, 134, 84), 0.08, 0.09),
    "bundle": _bundle,
    "chest": _bundle,
    "parcel": _bundle,
    "pail": _hanging((108, 112, 118), 0.075, 0.12),
    "coat": _coat,
    "cloak": _coat,
    "hat": _hat,
    "tray": _tray,
    "plate": _dish,
    "bowl": _dish,
    "jug": _jug,
    "match": _match,
    "card": lambda grip: _sheet(grip, 0.042),
    "purse": _hanging((124, 60, 52), 0.035, 0.05),
    "box": _bundle,
    "baby": _baby,
    "cloth": _cloth,
    "handkerchief": _cloth,
    "rope": _rope,
    "ball": _ball(0.05, (196, 74, 60)),
    "stone": _ball(0.03, (128, 122, 118)),
    "apple": _ball(0.03, (190, 52, 46)),
    "ladle": _ladle,
    "spoon": _ladle,
    "pen": _pen,
}


def draw_prop(paper: Paper, kind: str, at: Point, degrees: float) -> None:
    """Draw what a hand holds, if it has a drawing here; `degrees` above the horizon, for what is long."""
    draw = PROPS.get(kind)
    if draw is not None:
        draw(_Grip(paper, at, degrees))
