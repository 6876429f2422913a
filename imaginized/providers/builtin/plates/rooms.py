"""The shells of rooms: where walls and floor are, what they are made of, the window; no furniture and no light."""

from collections.abc import Callable
from dataclasses import dataclass

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading

WARM: Colour = (255, 214, 158)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A room without anything in it.

    Attributes:
        back: The wall that faces us (left, top, right, bottom); its foot is where furniture stands.
        wall: The colour of the wall in this light.
        gloom: How far colours sink towards the ink, 0..1.
        window: Where its window is, or None.
    """

    back: tuple[float, float, float, float]
    wall: Colour
    gloom: float
    window: Point | None = None


def gloom_of(reading: Reading) -> float:
    """How dark it is under a roof."""
    return {Light.NIGHT: 0.5, Light.DUSK: 0.36, Light.STORM: 0.34}.get(reading.light, 0.12)


def build_box(canvas: Canvas, reading: Reading, paper: Colour, style: str, floor: str) -> Shell:
    """A room in one-point perspective, with both side walls."""
    return _build(canvas, reading, paper, style, floor, back=(0.19, 0.1, 0.81, 0.66))


def build_flat(canvas: Canvas, reading: Reading, paper: Colour, style: str, floor: str) -> Shell:
    """A wall straight before us, from edge to edge."""
    return _build(canvas, reading, paper, style, floor, back=(-0.02, -0.02, 1.02, 0.7))


def build_side(canvas: Canvas, reading: Reading, paper: Colour, style: str, floor: str) -> Shell:
    """A room seen from one corner: one side wall is long, the other is not seen."""
    left = reading.dice("long side").random() < 0.5
    back = (0.3, 0.06, 1.02, 0.64) if left else (-0.02, 0.06, 0.7, 0.64)
    return _build(canvas, reading, paper, style, floor, back=back)


def build_corner(canvas: Canvas, reading: Reading, paper: Colour, style: str, floor: str) -> Shell:
    """Two walls that meet before us, one of them in the light."""
    w, h, ink, gloom = canvas.width, canvas.height, reading.palette.ink, gloom_of(reading)
    wall = mix(mix(paper, WARM, 0.14), ink, gloom)
    x, foot = w * (0.5 + 0.12 * reading.dice("corner").choice((-1, 1))), h * 0.6
    _FLOORS[floor](canvas, reading, (0.0, h * 0.02, float(w), foot), gloom)
    for edge, dim in ((-10.0, 0.02), (w + 10.0, 0.26)):
        low = foot + abs(edge - x) / w * h * 0.26
        tone, line = mix(wall, ink, dim), [(x, foot), (edge, low)]
        face = canvas.whole(bottom=low + 10).polygon([(x, -10.0), (edge, -10.0), *line[::-1]])
        canvas.paint(face, tone, until=mix(tone, ink, 0.2))
        canvas.shade(face, ink, lambda u, v: 0.34 * abs(u - 0.5) + 0.16 * v - 0.1)
        canvas.paint(_planks_of(canvas, x, edge, foot, low, style), mix(tone, ink, 0.4))
        skirting = [(x, foot - 18), (edge, low - 32), (edge, low), (x, foot)]
        canvas.paint(canvas.whole(top=foot - 40).polygon(skirting), mix(tone, ink, 0.32))
    canvas.paint(canvas.whole().box(x - 2, 0, x + 2, foot), mix(wall, ink, 0.34), opacity=0.6)
    return Shell(back=(w * 0.1, h * 0.02, w * 0.9, h * 0.68), wall=wall, gloom=gloom)


def _planks_of(canvas: Canvas, x: float, edge: float, foot: float, low: float, style: str) -> Stencil:
    """The seams of a wall that runs from a corner towards us, farther apart the nearer they are."""
    seams = canvas.whole()
    for step in range(1, 13 if style == "planks" else 0):
        u = (step / 13) ** 1.15
        seams.stroke([(x + (edge - x) * u, -10), (x + (edge - x) * u, foot + (low - foot) * u)], 2.4, tone=170)
    return seams


def _build(
    canvas: Canvas,
    reading: Reading,
    paper: Colour,
    style: str,
    floor: str,
    *,
    back: tuple[float, float, float, float],
) -> Shell:
    w, h, ink = canvas.width, canvas.height, reading.palette.ink
    gloom = gloom_of(reading)
    wall = mix(mix(paper, WARM, 0.14), ink, gloom)
    box = (back[0] * w, back[1] * h, back[2] * w, back[3] * h)
    canvas.wash(lambda u, v: mix(wall, ink, 0.1 + 0.3 * abs(u - 0.5) + 0.1 * v))
    _sides(canvas, wall, ink, box)
    _FLOORS[floor](canvas, reading, box, gloom)
    face = Stencil(box).box(*box)
    canvas.paint(face, wall, until=mix(wall, ink, 0.22))
    _STYLES[style](canvas, reading, wall, box)
    canvas.shade(face, ink, lambda u, v: 0.6 * abs(u - 0.5) ** 1.5 + 0.2 * v - 0.1)
    return Shell(back=box, wall=wall, gloom=gloom)


def _sides(canvas: Canvas, wall: Colour, ink: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    w, h = canvas.width, canvas.height
    for points, depth in (
        ([(0.0, -h * 0.1), (left, top), (left, bottom), (0.0, h * 1.02)], 0.34),
        ([(float(w), -h * 0.1), (right, top), (right, bottom), (float(w), h * 1.02)], 0.44),
        ([(0.0, 0.0), (float(w), 0.0), (right, top), (left, top)], 0.55),
    ):
        if left < 0 and points[1][0] < 0 and depth < 0.5:
            continue
        part = canvas.whole().polygon(points)
        canvas.paint(part, mix(wall, ink, depth))
        canvas.shade(part, ink, lambda u, v: 0.6 * abs(u - 0.5) - 0.05 + 0.12 * v)


def _boards(
    canvas: Canvas,
    reading: Reading,
    back: tuple[float, float, float, float],
    gloom: float,
    wood: Colour = (150, 102, 66),
) -> None:
    left, _, right, bottom = back
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    tone = mix(mix(wood, WARM, 0.1), ink, gloom + 0.06)
    floor = canvas.whole(top=bottom - 1).polygon([(left, bottom), (right, bottom), (w + 60, h), (-60, h)])
    if left > 0 or right < w:
        floor.polygon([(0, h), (left, bottom), (right, bottom), (w, h)])
    canvas.paint(floor, tone, until=mix(tone, ink, 0.35))
    seams = canvas.whole(top=bottom)
    for step in range(1, 20):
        u = step / 20
        seams.stroke([(left + (right - left) * u, bottom), (-w * 0.5 + w * 2 * u, h)], 1.8, tone=140)
    canvas.paint(seams, mix(tone, ink, 0.55))
    canvas.shade(floor, ink, lambda u, v: 0.5 * abs(u - 0.5) + 0.25 * v - 0.15)


def _flags(canvas: Canvas, reading: Reading, back: tuple[float, float, float, float], gloom: float) -> None:
    """Slabs of stone."""
    left, _, right, bottom = back
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    tone = mix((150, 142, 132), ink, gloom + 0.12)
    floor = canvas.whole(top=bottom - 1).polygon([(left, bottom), (right, bottom), (w + 60, h), (-60, h)])
    canvas.paint(floor, tone, until=mix(tone, ink, 0.38))
    joints = canvas.whole(top=bottom)
    for row in range(1, 7):
        y = bottom + (h - bottom) * (row / 7) ** 1.5
        joints.stroke([(0, y), (w, y)], 2.0, tone=150)
    for step in range(1, 14):
        u = step / 14
        joints.stroke([(left + (right - left) * u, bottom), (-w * 0.5 + w * 2 * u, h)], 2.0, tone=150)
    canvas.paint(joints, mix(tone, ink, 0.5))
    canvas.shade(floor, ink, lambda u, v: 0.5 * abs(u - 0.5) + 0.25 * v - 0.12)


def _earth(canvas: Canvas, reading: Reading, back: tuple[float, float, float, float], gloom: float) -> None:
    """Trodden earth with straw on it."""
    bottom, ink, w, h = back[3], reading.palette.ink, canvas.width, canvas.height
    tone = mix((124, 100, 76), ink, gloom + 0.12)
    floor = canvas.whole(top=bottom - 1).box(0, bottom, w, h)
    canvas.paint(floor, tone, until=mix(tone, ink, 0.4))
    dice, straw = reading.dice("straw"), canvas.whole(top=bottom)
    for _ in range(120):
        x, y, lean = dice.uniform(0, w), dice.uniform(bottom + 6, h), dice.uniform(-16, 16)
        straw.stroke([(x, y), (x + dice.uniform(8, 34), y + lean * 0.4)], 2.0, tone=180)
    canvas.paint(straw, mix((206, 172, 104), ink, gloom + 0.1))


_FLOORS: dict[str, Callable[[Canvas, Reading, tuple[float, float, float, float], float], None]] = {
    "boards": _boards,
    "flags": _flags,
    "earth": _earth,
}


def _papered(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    marks, lighter = Stencil(back), mix(wall, (255, 226, 180), 0.3)
    if reading.dice("pattern").random() < 0.5:
        for step in range(1, 34):
            x = left + (right - left) * step / 34
            marks.box(x - 4, top, x + 4, bottom - 96)
    else:
        for row in range(11):
            for column in range(int((right - left) / 44) + 1):
                x, y = left + 20 + column * 44 + 22 * (row % 2), top + 22 + row * 44
                marks.polygon([(x, y - 9), (x + 6, y), (x, y + 9), (x - 6, y)])
    canvas.paint(marks, lighter, opacity=0.35)
    panel = Stencil(back).box(left, bottom - 92, right, bottom)
    canvas.paint(panel, mix(wall, reading.palette.ink, 0.4))
    rails = Stencil(back).box(left, bottom - 97, right, bottom - 88).box(left, bottom - 12, right, bottom)
    canvas.paint(rails.box(left, top, right, top + 12), lighter)


def _panelled(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    edges, count = Stencil(back), max(int((right - left) / 150), 4)
    wide = (right - left) / count
    for step in range(count):
        x0, x1 = left + step * wide + 14, left + (step + 1) * wide - 14
        for y0, y1 in ((top + 40, bottom - 190), (bottom - 160, bottom - 34)):
            edges.box(x0, y0, x1, y1).box(x0 + 5, y0 + 5, x1 - 5, y1 - 5, tone=0)
    canvas.paint(edges, mix(wall, (255, 226, 180), 0.34), opacity=0.8)
    rails = Stencil(back).box(left, bottom - 12, right, bottom).box(left, top, right, top + 16)
    canvas.paint(rails, mix(wall, reading.palette.ink, 0.3))


def _plain(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    dice, marks = reading.dice("plaster"), Stencil(back)
    for _ in range(14):
        x, y = dice.uniform(left, right), dice.uniform(top, bottom)
        marks.stroke([(x, y), (x + dice.uniform(-20, 20), y + dice.uniform(14, 50))], 2, tone=110)
    canvas.paint(marks, mix(wall, reading.palette.ink, 0.4))
    canvas.paint(Stencil(back).box(left, bottom - 14, right, bottom), mix(wall, reading.palette.ink, 0.35))


def _stone(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    dice, joints, pale = reading.dice("stones"), Stencil(back), Stencil(back)
    for row in range(int((bottom - top) / 58) + 1):
        y = top + row * 58
        joints.box(left, y, right, y + 3)
        x = left + dice.uniform(-60, 0)
        while x < right:
            joints.box(x, y, x + 3, y + 58)
            wide = dice.uniform(80, 150)
            if dice.random() < 0.25:
                pale.box(x + 3, y + 3, x + wide, y + 58)
            x += wide
    canvas.paint(pale, mix(wall, (255, 236, 206), 0.16))
    canvas.paint(joints, mix(wall, reading.palette.ink, 0.45))


def _logs(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    rows = max(int((bottom - top) / 54), 1)
    tall, ink = (bottom - top) / rows, reading.palette.ink
    for row in range(rows):
        y = top + row * tall
        log = Stencil(back).box(left, y, right, y + tall - 4)
        canvas.paint(log, mix(wall, (255, 224, 176), 0.12))
        lower = Stencil(back).box(left, y + tall * 0.6, right, y + tall)
        canvas.paint(lower, mix(wall, ink, 0.34), opacity=0.7)


def _planked(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    seams = Stencil(back)
    for step in range(int((right - left) / 62) + 1):
        x = left + step * 62
        seams.box(x, top, x + 3, bottom)
    canvas.paint(seams, mix(wall, reading.palette.ink, 0.45))
    beams = Stencil(back).box(left, top, right, top + 26).box(left, bottom - 20, right, bottom)
    canvas.paint(beams, mix(wall, reading.palette.ink, 0.4))


def _tiled(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, _, right, bottom = back
    middle = bottom - 250
    face = Stencil(back).box(left, middle, right, bottom)
    canvas.paint(face, mix(mix(wall, (250, 246, 236), 0.5), reading.palette.ink, 0.06))
    joints = Stencil(back)
    for row in range(7):
        joints.box(left, middle + row * 38, right, middle + row * 38 + 2)
    for step in range(int((right - left) / 38) + 1):
        joints.box(left + step * 38, middle, left + step * 38 + 2, bottom)
    canvas.paint(joints, mix(wall, reading.palette.ink, 0.2), opacity=0.6)
    canvas.paint(Stencil(back).box(left, middle - 10, right, middle), mix(wall, reading.palette.ink, 0.3))


_STYLES: dict[str, Callable[[Canvas, Reading, Colour, tuple[float, float, float, float]], None]] = {
    "paper": _papered,
    "panel": _panelled,
    "plain": _plain,
    "stone": _stone,
    "logs": _logs,
    "planks": _planked,
    "tiles": _tiled,
}
SHELLS: tuple[Callable[[Canvas, Reading, Colour, str, str], Shell], ...] = (build_box, build_flat, build_side)


def draw_window(canvas: Canvas, reading: Reading, at: Point, size: tuple[float, float], *, kind: str) -> None:
    """A window in the wall: "sash", "small", "barred", "round" or "arched"; `at` is the middle of its upper edge."""
    (x, y), (wide, tall), palette = at, size, reading.palette
    box = (x - wide / 2, y, x + wide / 2, y + tall)
    hole = Stencil(box)
    if kind == "round":
        hole.ellipse((x, y + tall / 2), wide / 2, tall / 2)
    elif kind == "arched":
        hole.box(box[0], y + wide / 2, box[2], box[3]).ellipse((x, y + wide / 2), wide / 2)
    else:
        hole.box(*box)
    edge = Stencil((box[0] - 40, box[1] - 40, box[2] + 40, box[3] + 40))
    canvas.shadow(hole, shift=(0, 0), blur=16, opacity=0.5, colour=palette.ink)
    canvas.paint(hole, mix(palette.zenith, palette.sky, 0.4), until=palette.horizon)
    if reading.light is Light.NIGHT:
        canvas.glow((x + wide * 0.2, y + tall * 0.3), tall * 0.5, palette.light, strength=0.5)
    else:
        canvas.glow((x, y + tall * 0.5), tall * 1.5, palette.light, strength=0.34)
    _lay_weather(canvas, reading, box, hole)
    bars = 5 if kind == "barred" else 1 if kind in {"sash", "arched"} else 0
    for step in range(bars):
        u = x - wide / 2 + wide * (step + 1) / (bars + 1)
        edge.box(u - 4, y, u + 4, y + tall)
    for step in range({"sash": 2, "small": 1, "arched": 3}.get(kind, 0)):
        v = y + tall * (step + 1) / ({"sash": 2, "small": 1, "arched": 3}[kind] + 1)
        edge.box(x - wide / 2, v - 4, x + wide / 2, v + 4)
    if kind == "small":
        edge.box(x - 4, y, x + 4, y + tall)
    if kind not in {"round", "arched"}:
        edge.box(box[0] - 11, y - 11, box[2] + 11, y).box(box[0] - 22, box[3], box[2] + 22, box[3] + 14)
        edge.box(box[0] - 11, y, box[0], box[3]).box(box[2], y, box[2] + 11, box[3])
    tone = (70, 72, 78) if kind == "barred" else (214, 188, 150)
    canvas.paint(edge, mix(palette.ink, tone, 0.4 if kind != "barred" else 0.3))
    if kind == "round":
        ring = Stencil((x - wide, y - tall, x + wide, y + 2 * tall)).ellipse((x, y + tall / 2), wide / 2 + 16)
        ring.ellipse((x, y + tall / 2), wide / 2, tall / 2, tone=0)
        canvas.paint(ring, mix((206, 156, 74), palette.ink, 0.4))


def _lay_weather(canvas: Canvas, reading: Reading, box: tuple[float, float, float, float], hole: Stencil) -> None:
    """Rain or snow behind the panes, where it is told."""
    if not reading.has("rain", "snowfall"):
        return
    canvas.paint(hole, mix((126, 134, 146), reading.palette.ink, 0.3), opacity=0.55)
    dice, marks = reading.dice("panes"), Stencil(box)
    left, top, right, bottom = box
    for _ in range(70):
        x, y = dice.uniform(left, right), dice.uniform(top, bottom)
        if reading.has("rain"):
            marks.limb((x, y), (x - 5, y + dice.uniform(12, 30)), 1.4, 1.0, tone=190)
        else:
            marks.ellipse((x, y), dice.uniform(1.5, 3.4))
    canvas.paint(marks, (236, 240, 244), opacity=0.8)


def draw_beam(canvas: Canvas, reading: Reading, at: Point, wide: float) -> None:
    """What falls through a window onto the floor."""
    x, y = at
    slant = (-180 if x > canvas.width / 2 else 180) * 1.7
    left, right, foot = x - wide / 2, x + wide / 2, canvas.height
    beam = canvas.whole(top=y).polygon([(left, y), (right, y), (right + slant, foot), (left + slant - 50, foot)])
    canvas.paint(beam, reading.palette.light, opacity=0.13)
