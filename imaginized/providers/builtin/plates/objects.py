"""Things as heroes: the drawings of `objects.txt`, cut out of coloured papers and lit from one side."""

import itertools
from dataclasses import dataclass
from functools import cache
from importlib import resources

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix, smooth
from imaginized.providers.builtin.plates.cutout import Lamp

PAPERS: dict[str, Colour] = {
    "oak": (142, 96, 58),
    "wood": (168, 104, 60),
    "leather": (120, 70, 44),
    "iron": (74, 78, 86),
    "steel": (164, 174, 182),
    "silver": (198, 204, 210),
    "brass": (206, 156, 74),
    "gold": (226, 178, 74),
    "bone": (232, 220, 190),
    "parchment": (226, 200, 148),
    "paper": (244, 236, 216),
    "cream": (236, 222, 190),
    "wax": (244, 232, 200),
    "white": (250, 246, 236),
    "black": (48, 46, 54),
    "red": (178, 56, 48),
    "wine": (132, 26, 44),
    "green": (84, 124, 78),
    "blue": (70, 108, 150),
    "yellow": (238, 194, 84),
    "bottle": (58, 92, 70),
    "potion": (104, 168, 120),
    "tea": (140, 84, 40),
    "bread": (206, 144, 76),
    "straw": (214, 176, 100),
    "rope": (190, 160, 112),
    "cork": (190, 148, 104),
    "stone": (138, 134, 132),
    "ember": (222, 92, 42),
    "flame": (248, 168, 62),
    "glow": (255, 208, 122),
    "moonlight": (246, 238, 208),
    "rosy": (226, 164, 152),
    "fox": (176, 92, 48),
    "whale": (92, 108, 124),
    "smoke": (190, 184, 178),
    "glass": (176, 200, 204),
}
SHINING = frozenset({"ember", "flame", "glow", "moonlight"})  # these give light: no shade falls on them
_GLASSY = "glassy"  # what is behind shows through
_SHARE = 0.22  # how far one + or - goes to white or black


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One piece of paper.

    Attributes:
        paper: A name in PAPERS or "glassy".
        shift: Lighter above 0, darker below.
        hole: Whether it is cut out of the paper before it.
        form: "poly", "blob", "oval", "box", "limb" or "line".
    """

    paper: str
    shift: int
    hole: bool
    form: str
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A drawing of a kind of thing.

    Attributes:
        wide: In units, as are the shapes; y up from what it stands on.
        stands: Where it is seen: "" on a table, "big" in a room, "land", "sea", "air" or "sky" out of doors.
        share: Of a creature, its height as a share of a grown man's; 0 of a thing.
    """

    kind: str
    wide: float
    shapes: tuple[Shape, ...]
    stands: str = ""
    share: float = 0.0

    @property
    def tall(self) -> float:
        """How high it reaches, in units."""
        return max(max(_heights(shape)) for shape in self.shapes)

    @property
    def shines(self) -> bool:
        """Whether it gives light of its own."""
        return any(shape.paper in SHINING for shape in self.shapes)


@cache
def things() -> dict[str, Thing]:
    """Every drawing of a thing, by each of the nouns it stands for."""
    return _read("objects.txt")


@cache
def outlines() -> dict[str, Thing]:
    """Every creature that has one drawing, by each of the nouns it stands for."""
    return _read("beasts.txt")


def _read(name: str) -> dict[str, Thing]:
    text = (resources.files(__package__) / name).read_text("utf-8")
    found: dict[str, Thing] = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        names, wide, *where = (part.strip() for part in lines[0].split("|"))
        kinds = [name.strip().replace("_", " ") for name in names.split()]
        shapes = tuple(_shape(line) for line in lines[1:])
        share = float(where.pop(0)) if len(where) > 1 else 0.0
        stands = where[0] if where else ""
        thing = Thing(kind=kinds[0], wide=float(wide), shapes=shapes, stands=stands, share=share)
        found.update({kind: thing for kind in kinds if kind not in found})
    return found


def _shape(line: str) -> Shape:
    paper, *rest = line.split()
    hole = rest[0] == "!"
    form, *numbers = rest[1:] if hole else rest
    name = paper.rstrip("+-")
    shift = paper.count("+") - paper.count("-")
    return Shape(paper=name, shift=shift, hole=hole, form=form, numbers=tuple(map(float, numbers)))


def _heights(shape: Shape) -> list[float]:
    numbers = shape.numbers
    match shape.form:
        case "oval":
            return [numbers[1] + numbers[3], numbers[1] - numbers[3]]
        case "box":
            return [numbers[1], numbers[3]]
        case "limb":
            return list(numbers[3::2])
        case "line" | "curve":
            return list(numbers[2::2])
        case _:
            return list(numbers[1::2])


def colour_of(shape: Shape) -> Colour:
    """The local colour of a piece of paper."""
    base = PAPERS.get(shape.paper, (200, 218, 222))
    share = min(abs(shape.shift) * _SHARE, 0.7)
    return mix(base, (255, 250, 236) if shape.shift > 0 else (24, 18, 26), share)


def draw_thing(
    canvas: Canvas, thing: Thing, at: Point, unit: float, *, lamp: Lamp, grounded: bool = True, facing: int = 1
) -> None:
    """Put a thing down: `at` is the middle of its foot, `unit` the pixels of one unit."""
    box = (at[0] - 1.4 * unit, at[1] - (thing.tall + 0.2) * unit, at[0] + 1.4 * unit, at[1] + 0.3 * unit)
    whole = Stencil(box)
    sheets = _sheets(thing, box, at, unit, facing, whole)
    if grounded:
        _cast_shadow(canvas, whole, at, unit, thing, lamp)
    for shape, sheet in sheets:
        local = colour_of(shape)
        if shape.paper in SHINING:
            canvas.paint(sheet, local)
            continue
        opacity = 0.42 if shape.paper == _GLASSY else 1.0
        tone = lamp.palette.dark(local, lamp.depth)
        canvas.paint(sheet, mix(tone, (255, 246, 226), 0.1), until=mix(tone, lamp.palette.ink, 0.34), opacity=opacity)
    _model(canvas, whole, thing, unit, lamp)


def _sheets(
    thing: Thing, box: tuple[float, float, float, float], at: Point, unit: float, facing: int, whole: Stencil
) -> list[tuple[Shape, Stencil]]:
    """One stencil for each run of shapes of one paper."""
    sheets: list[tuple[Shape, Stencil]] = []
    for shape in thing.shapes:
        if not sheets or (sheets[-1][0].paper, sheets[-1][0].shift) != (shape.paper, shape.shift):
            sheets.append((shape, Stencil(box, fine=3)))
        _cut(sheets[-1][1], shape, at, unit, facing)
        if shape.paper not in SHINING and shape.paper not in {"smoke", _GLASSY}:
            _cut(whole, shape, at, unit, facing)
    return sheets


def _cut(stencil: Stencil, shape: Shape, at: Point, unit: float, facing: int) -> None:
    numbers, tone = shape.numbers, 0 if shape.hole else 255

    def put(x: float, y: float) -> Point:
        return at[0] + facing * x * unit, at[1] - y * unit

    match shape.form:
        case "oval":
            stencil.ellipse(put(*numbers[:2]), numbers[2] * unit, numbers[3] * unit, tone=tone)
        case "box":
            left, bottom, right, top = numbers
            stencil.polygon([put(left, bottom), put(right, bottom), put(right, top), put(left, top)], tone=tone)
        case "limb":
            points = [put(*pair) for pair in zip(numbers[2::2], numbers[3::2], strict=True)]
            radii = [numbers[0] + (numbers[1] - numbers[0]) * i / (len(points) - 1) for i in range(len(points))]
            for index in range(len(points) - 1):
                stencil.limb(points[index], points[index + 1], radii[index] * unit, radii[index + 1] * unit, tone=tone)
        case "line" | "curve":
            points = [put(*pair) for pair in zip(numbers[1::2], numbers[2::2], strict=True)]
            points = smooth(points, closed=False) if shape.form == "curve" else points
            for start, end in itertools.pairwise(points):
                stencil.limb(start, end, numbers[0] * unit / 2, numbers[0] * unit / 2, tone=tone)
        case form:
            outline = [put(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
            (stencil.blob if form == "blob" else stencil.polygon)(outline, tone=tone)


def _cast_shadow(canvas: Canvas, whole: Stencil, at: Point, unit: float, thing: Thing, lamp: Lamp) -> None:
    """A soft pool under it, and its shape thrown away from the light."""
    reach = 1.9 * unit
    pool = Stencil((at[0] - reach, at[1] - unit, at[0] + reach, at[1] + unit))
    pool.ellipse((at[0] - lamp.side * 0.1 * unit, at[1] + 0.02 * unit), thing.wide * 0.52 * unit, 0.075 * unit)
    canvas.shadow(pool, shift=(0, 4), blur=0.06 * unit, opacity=0.62, colour=lamp.palette.ink)
    long = Stencil((at[0] - 3 * unit, at[1] - unit, at[0] + 3 * unit, at[1] + unit))
    half, far = thing.wide * 0.44 * unit, -lamp.side * (0.5 + thing.tall * 0.5) * unit
    long.polygon(
        [
            (at[0] - half, at[1] + 0.04 * unit),
            (at[0] + half, at[1] + 0.04 * unit),
            (at[0] + half * 0.8 + far, at[1] - 0.16 * unit),
            (at[0] - half * 0.6 + far, at[1] - 0.16 * unit),
        ]
    )
    canvas.shadow(long, shift=(0, 0), blur=0.08 * unit, opacity=0.34, colour=lamp.palette.ink)
    del whole


def _model(canvas: Canvas, whole: Stencil, thing: Thing, unit: float, lamp: Lamp) -> None:
    """The side that faces away from the light sinks, the edge that faces it is lit."""
    lit = lamp.side > 0
    strength = 0.4 if thing.shines else 0.72
    canvas.shade(whole, lamp.palette.ink, lambda u, v: strength * (1 - u if lit else u) + 0.14 * v - 0.3, cells=(10, 8))
    width = max(unit * 0.012, 1.6)
    canvas.rim(whole, lamp.colour, shift=(-lamp.side * width, width), opacity=0.7)
