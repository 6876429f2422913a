"""A silhouette of several coloured papers, drawn in its own units and lit as one body."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil
from imaginized.providers.builtin.plates.palette import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """How a body is lit.

    Attributes:
        palette: Tints local colours.
        depth: How far colours sink towards the ink, 0..1.
        side: +1 when the light stands to the right, -1 to the left.
        colour: Of the lit edge.
    """

    palette: Palette
    depth: float
    side: int
    colour: Colour


class Paper(Protocol):
    """What shapes are cut from: a body, or a part of it with units of its own."""

    def limb(self, colour: Colour, points: Sequence[Point], radii: Sequence[float]) -> None:
        """A chain of tapered strokes."""

    def blob(self, colour: Colour, points: Sequence[Point]) -> None:
        """A smooth closed shape."""

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        """A closed shape with corners."""

    def disc(self, colour: Colour, centre: Point, radius: float) -> None:
        """A filled circle."""


class Inset:
    """A part of a body, such as a head, in units of its own; `nod` tips it forward, in radians."""

    def __init__(self, paper: Paper, at: Point, unit: float, *, nod: float = 0.0) -> None:
        """Lay the part's (0, 0) at a point of the body; one unit of it is `unit` of the body's."""
        self._paper, self._at, self._unit = paper, at, unit
        self._sine, self._cosine = math.sin(nod), math.cos(nod)

    def _put(self, point: Point) -> Point:
        x = point[0] * self._cosine + point[1] * self._sine
        y = point[1] * self._cosine - point[0] * self._sine
        return self._at[0] + x * self._unit, self._at[1] + y * self._unit

    def limb(self, colour: Colour, points: Sequence[Point], radii: Sequence[float]) -> None:
        """A chain of tapered strokes."""
        self._paper.limb(colour, [self._put(point) for point in points], [radius * self._unit for radius in radii])

    def blob(self, colour: Colour, points: Sequence[Point]) -> None:
        """A smooth closed shape."""
        self._paper.blob(colour, [self._put(point) for point in points])

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        """A closed shape with corners."""
        self._paper.polygon(colour, [self._put(point) for point in points])

    def disc(self, colour: Colour, centre: Point, radius: float) -> None:
        """A filled circle."""
        self._paper.disc(colour, self._put(centre), radius * self._unit)


class Cutout:
    """Shapes in units of the body's height: (0, 0) is the ground between the feet, x runs where it faces, y runs up."""

    def __init__(
        self,
        at: Point,
        height: float,
        *,
        facing: int = 1,
        turn: float = 0.0,
        reach: float = 0.85,
        top: float = 1.35,
        low: float = 0.22,
    ) -> None:
        """Stand a body of `height` pixels at a point; it may reach that many heights to each side and up.

        `turn` tips it forward, in radians; `low` is how far it reaches below the point.
        """
        self._at, self._height, self._facing, self._turn = at, height, facing, turn
        self._reach, self._top, self._low = reach, top, low
        self._layers: list[tuple[Colour, list[Callable[[Stencil], object]]]] = []

    def place(self, point: Point) -> Point:
        """Where a point of the body lies in the picture."""
        x = point[0] * math.cos(self._turn) + point[1] * math.sin(self._turn)
        y = -point[0] * math.sin(self._turn) + point[1] * math.cos(self._turn)
        return self._at[0] + self._facing * x * self._height, self._at[1] - y * self._height

    def limb(self, colour: Colour, points: Sequence[Point], radii: Sequence[float]) -> None:
        """A chain of tapered strokes."""
        placed = [self.place(point) for point in points]
        sizes = [radius * self._height for radius in radii]
        for index in range(len(placed) - 1):
            ends = (placed[index], placed[index + 1], sizes[index], sizes[index + 1])
            self._add(colour, partial(_limb, ends=ends))

    def blob(self, colour: Colour, points: Sequence[Point]) -> None:
        """A smooth closed shape."""
        placed = [self.place(point) for point in points]
        self._add(colour, lambda s: s.blob(placed))

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        """A closed shape with corners."""
        placed = [self.place(point) for point in points]
        self._add(colour, lambda s: s.polygon(placed))

    def disc(self, colour: Colour, centre: Point, radius: float) -> None:
        """A filled circle."""
        placed, size = self.place(centre), radius * self._height
        self._add(colour, lambda s: s.ellipse(placed, size))

    def _add(self, colour: Colour, shape: Callable[[Stencil], object]) -> None:
        if not self._layers or self._layers[-1][0] != colour:
            self._layers.append((colour, []))
        self._layers[-1][1].append(shape)

    def _stencil(self) -> Stencil:
        reach, (x, y) = self._reach * self._height, self._at
        lowest = reach if self._turn else self._low * self._height
        return Stencil((x - reach, y - self._top * self._height, x + reach, y + lowest), fine=3)

    def draw(self, canvas: Canvas, lamp: Lamp, *, grounded: bool = True) -> None:
        """Put the body on the canvas with its shadow, its colours, its dark side and its lit edge."""
        if grounded:
            self._ground_shadow(canvas, lamp)
        body = self._stencil()
        for colour, shapes in self._layers:
            sheet = self._stencil()
            for shape in shapes:
                shape(sheet)
                shape(body)
            canvas.paint(sheet, lamp.palette.dark(colour, lamp.depth))
        toward = lamp.side
        canvas.shade(
            body,
            lamp.palette.ink,
            lambda u, v: 0.85 * (1 - u if toward > 0 else u) + 0.25 * v - 0.28,
            cells=(8, 6),
            crayon=False,
        )
        width = max(self._height * 0.011, 1.0)
        canvas.rim(body, lamp.colour, shift=(-toward * max(width, 1.6), max(width, 1.2)), opacity=0.85)

    def _ground_shadow(self, canvas: Canvas, lamp: Lamp) -> None:
        x, y = self._at
        spread = 0.28 * self._height
        stencil = Stencil((x - spread * 3, y - spread, x + spread * 3, y + spread))
        stencil.ellipse((x - lamp.side * spread * 0.6, y + 1), spread * 1.3, spread * 0.13, tone=120)
        canvas.paint(stencil, lamp.palette.ink)


def _limb(stencil: Stencil, *, ends: tuple[Point, Point, float, float]) -> None:
    stencil.limb(*ends)
