"""Plates of type, where nothing can be drawn honestly: an ornament, the chapter's title, and no picture of a place."""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Face, Point, Stencil, mix
from imaginized.providers.builtin.plates.plain import choose_ground
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.typeset import break_lines, can_set, printable

_CREAM: Colour = (246, 236, 212)
_LARGEST, _SMALLEST = 104, 40
_MOST_LINES = 5
_MOST_WORDS = 30
LAYOUTS = ("above", "aside", "behind", "beneath", "beside", "between")
_NARROW = frozenset({"aside", "beside", "between"})


def draw_type(canvas: Canvas, reading: Reading, *, words: str, ornament: str) -> None:
    """Set a sentence or the title of a chapter between ornaments; without letters the face has, the ornament alone."""
    ground, ink = choose_ground(reading), reading.palette.ink
    dark = is_dark(reading.turn)
    paper = mix(ground, ink, 0.35) if dark else mix(ground, _CREAM, 0.84)
    line = mix(ground, _CREAM, 0.8) if dark else mix(ground, ink, 0.35)
    canvas.wash(lambda u, v: mix(paper, ink, 0.28 * math.hypot(u - 0.5, v - 0.5)))
    w, h = canvas.width, canvas.height
    draw_border(canvas, line, inset=46)
    layout = layout_of(reading.turn)
    lines, size = _lines(words, measure=round(w * (0.52 if layout in _NARROW else 0.66)))
    if not lines:
        draw_ornament(canvas, ornament, (w / 2, h / 2), h * 0.3, line)
        return
    block = len(lines) * size * 1.16
    top = h / 2 - block / 2
    left = {"aside": w * 0.35, "beside": w * 0.13}.get(layout, w / 2)
    if layout == "behind":
        draw_ornament(canvas, ornament, (w / 2, h / 2), h * 0.27, mix(paper, line, 0.16))
    _write(canvas, lines, size, (left, top), line, centred=left == w / 2)
    match layout:
        case "aside" | "beside":
            draw_ornament(canvas, ornament, (w * (0.2 if layout == "aside" else 0.8), h / 2), w * 0.062, line)
        case "between":
            for x in (0.13, 0.87):
                draw_ornament(canvas, ornament, (w * x, h / 2), w * 0.036, line)
        case "above" | "beneath":
            up = layout == "above"
            ends = (top - h * 0.13, top + block + h * 0.085) if up else (top + block + h * 0.15, top - h * 0.075)
            draw_ornament(canvas, ornament, (w / 2, ends[0]), h * 0.105, line)
            _flourish(canvas, (w / 2, ends[1]), w * 0.17, line)


def _write(canvas: Canvas, lines: Sequence[str], size: int, at: Point, line: Colour, *, centred: bool = True) -> None:
    """Set lines below each other, from a point on: the middle of the first one, or its beginning."""
    face = Face(size, weight=500)
    for index, text in enumerate(lines):
        left = at[0] - face.width(text) / 2 if centred else at[0]
        face.write(canvas.image, (left, at[1] + index * size * 1.16 + size * 0.86), text, line)


def choose_words(quote: str, title: str) -> str:
    """What a plate of type says: a short passage whole, else the title of its chapter."""
    passage = printable(quote)
    return passage if len(passage.split()) <= _MOST_WORDS and can_set(passage) else title


def layout_of(turn: int) -> str:
    """Where the ornament of a turn is: another for the next of the same chapter."""
    return LAYOUTS[turn // 2 % len(LAYOUTS)]


def is_dark(turn: int) -> bool:
    """Whether the paper of a turn is dark: what is set on dark paper in one chapter is on pale in the next."""
    return (turn + turn // 2) % 2 == 0


def ornament_of(turn: int) -> str:
    """The ornament of a turn; each comes with each layout."""
    half = turn // 2
    return ORNAMENTS[(half + half // 4) % len(ORNAMENTS)]


def _lines(title: str, *, measure: int) -> tuple[list[str], int]:
    text = printable(title[:200])
    if not text or not can_set(text):
        return [], 0
    for size in range(_LARGEST, _SMALLEST - 1, -8):
        lines = break_lines(text, Face(size, weight=500), measure)
        if len(lines) <= (1 if size > 80 else 2 if size > 60 else 3 if size > 48 else _MOST_LINES):
            return lines, size
    return break_lines(text, Face(_SMALLEST, weight=500), measure)[:_MOST_LINES], _SMALLEST


def draw_border(canvas: Canvas, line: Colour, *, inset: int) -> None:
    """A double line around the picture, with a lozenge in each corner."""
    w, h = canvas.width, canvas.height
    frame = canvas.whole()
    for gap, wide in ((0, 5.0), (13, 1.6)):
        left, top, right, bottom = inset + gap, inset + gap, w - inset - gap, h - inset - gap
        frame.stroke([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], wide)
    for x in (inset + 13, w - inset - 13):
        for y in (inset + 13, h - inset - 13):
            frame.polygon([(x, y - 15), (x + 15, y), (x, y + 15), (x - 15, y)])
    canvas.paint(frame, line)


def _flourish(canvas: Canvas, at: Point, half: float, line: Colour) -> None:
    x, y = at
    mark = canvas.whole(top=y - 60, bottom=y + 60)
    for side in (-1, 1):
        points = [
            (x + side * (18 + (half - 18) * t), y + math.sin(t * math.tau * 0.75) * 12 * (1 - t * 0.4))
            for t in (step / 24 for step in range(25))
        ]
        for index in range(24):
            mark.limb(points[index], points[index + 1], 3.4 * (1 - index / 26), 3.4 * (1 - (index + 1) / 26))
        mark.ellipse((x + side * half * 1.05, y + math.sin(math.tau * 0.75) * 7), 5)
    mark.polygon([(x, y - 10), (x + 10, y), (x, y + 10), (x - 10, y)])
    canvas.paint(mark, line)


def draw_ornament(canvas: Canvas, name: str, at: Point, size: float, line: Colour) -> None:
    """Draw one of ORNAMENTS around a point."""
    mark = canvas.whole()
    _ORNAMENTS[name](mark, at, size)
    canvas.paint(mark, line)


def _wreath(mark: Stencil, at: Point, size: float) -> None:
    x, y = at
    for step in range(-14, 15):
        if abs(step) < 2:
            continue
        angle = math.pi / 2 + step / 15 * math.pi * 0.93
        foot, tip = (x + math.cos(angle) * size, y + math.sin(angle) * size), angle + (0.2 if step > 0 else -0.2)
        for reach in (size * 1.24, size * 0.76):
            mark.limb(foot, (x + math.cos(tip) * reach, y + math.sin(tip) * reach), size * 0.055, size * 0.012)


def _knot(mark: Stencil, at: Point, size: float) -> None:
    for side in (-1, 1):
        _curve(mark, at, size, partial(_eight, side), size * 0.045)


def _eight(side: int, t: float) -> Point:
    return math.sin(2 * t) * 1.5, side * math.sin(3 * t) * 0.7


def _rose(mark: Stencil, at: Point, size: float) -> None:
    """A compass rose."""
    x, y = at
    for step in range(16):
        angle, long = step / 16 * math.tau, size * (1.0 if step % 4 == 0 else 0.66 if step % 2 == 0 else 0.4)
        across, down = math.cos(angle) * size * 0.09, math.sin(angle) * size * 0.09
        tip = (x + math.sin(angle) * long, y - math.cos(angle) * long)
        mark.polygon([(x - across, y - down), tip, (x + across, y + down)])
    _curve(mark, at, size, lambda t: (math.cos(t) * 0.82, math.sin(t) * 0.82), size * 0.025)


def _waves(mark: Stencil, at: Point, size: float) -> None:
    x, y = at
    for row in (-0.5, 0.0, 0.5):
        points = [
            (x + size * (step / 60 * 3.2 - 1.6), y + size * row + math.sin(step / 20 * math.tau) * size * 0.14)
            for step in range(61)
        ]
        for index in range(60):
            half = size * 0.05 * math.sin((index + 0.5) / 60 * math.pi) + 1
            mark.limb(points[index], points[index + 1], half, half)


def _lozenges(mark: Stencil, at: Point, size: float) -> None:
    for step in range(-3, 4):
        x = at[0] + step * size * 0.62
        for half, tone in ((size * (0.44 - 0.08 * abs(step)), 255), (size * (0.22 - 0.04 * abs(step)), 0)):
            points = [(x, at[1] - half), (x + half * 0.7, at[1]), (x, at[1] + half), (x - half * 0.7, at[1])]
            mark.polygon(points, tone=tone)


def _rings(mark: Stencil, at: Point, size: float) -> None:
    for turn in range(8):
        angle = turn / 8 * math.tau
        middle = (at[0] + math.cos(angle) * size * 0.52, at[1] + math.sin(angle) * size * 0.52)
        _curve(mark, middle, size * 0.42, lambda t: (math.cos(t), math.sin(t)), size * 0.035)
    mark.ellipse(at, size * 0.13)


def _curve(mark: Stencil, at: Point, size: float, path: Callable[[float], Point], radius: float) -> None:
    """Add a closed line; `path` gives its points over an angle, in units of `size`."""
    points = []
    for step in range(97):
        u, v = path(step / 96 * math.tau)
        points.append((at[0] + u * size, at[1] + v * size))
    for start, end in itertools.pairwise(points):
        mark.limb(start, end, radius, radius)


_ORNAMENTS: dict[str, Callable[[Stencil, Point, float], None]] = {
    "wreath": _wreath,
    "knot": _knot,
    "compass": _rose,
    "waves": _waves,
    "lozenges": _lozenges,
    "rings": _rings,
}
ORNAMENTS = tuple(_ORNAMENTS)
