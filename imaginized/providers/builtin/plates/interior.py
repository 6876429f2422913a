"""A room seen from within, lit by its window or its fire."""

import math

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading

_PAPERS: tuple[Colour, ...] = ((122, 62, 56), (56, 92, 88), (98, 84, 62), (74, 72, 104), (116, 92, 56), (92, 58, 78))
BACK = (0.2, 0.1, 0.8, 0.66)  # the far wall of a room, as shares of the picture


def is_dark(reading: Reading) -> bool:
    """Whether lamps and fire, not the window, light the room."""
    return reading.light not in {Light.DAY, Light.DAWN, Light.SNOW}


def draw_room(canvas: Canvas, reading: Reading, *, window_side: int) -> Point:
    """A room with what the passage puts into it; returns where its light stands."""
    palette, dice = reading.palette, reading.dice("room")
    width, height = canvas.width, canvas.height
    paper = reading.colour_of("walls", "wall", "room", "chamber", "curtains") or dice.choice(_PAPERS)
    gloom = 0.5 if is_dark(reading) else 0.12
    warm: Colour = (255, 206, 148)
    wall = mix(mix(paper, warm, 0.12), palette.ink, gloom)
    left, top, right, bottom = BACK[0] * width, BACK[1] * height, BACK[2] * width, BACK[3] * height
    canvas.wash(lambda u, _v: mix(wall, palette.ink, 0.25 + 0.2 * abs(u - 0.5)))
    _side_walls(canvas, wall, palette.ink, (left, top, right, bottom))
    _floor(canvas, reading, (left, bottom, right), gloom)
    _paper_pattern(canvas, reading, wall, (left, top, right, bottom))
    window_x = width * (0.5 + 0.17 * window_side)
    _window(canvas, reading, (window_x, top + 46), (190, bottom - top - 150))
    hearth_x = width * (0.5 - 0.2 * window_side)
    light = (window_x, height * 0.32)
    if reading.has("hearth", "fire") or (is_dark(reading) and not reading.has("lamp", "candle", "bed")):
        draw_hearth(canvas, reading, (hearth_x, bottom), lit=True)
        light = (hearth_x, bottom - 40)
    else:
        _wall_piece(canvas, reading, (hearth_x, bottom), wall)
    _rug(canvas, reading, height)
    return light


def _side_walls(canvas: Canvas, wall: Colour, ink: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    width, height = canvas.width, canvas.height
    shapes: tuple[tuple[list[Point], float], ...] = (
        ([(0, 0), (left, top), (left, bottom), (0, height)], 0.35),
        ([(width, 0), (right, top), (right, bottom), (width, height)], 0.45),
        ([(0, 0), (width, 0), (right, top), (left, top)], 0.55),
    )
    for points, depth in shapes:
        part = canvas.whole().polygon(points)
        canvas.paint(part, mix(wall, ink, depth))
        canvas.shade(part, ink, lambda u, v: 0.75 * abs(u - 0.5) - 0.05 + 0.12 * v)


def _floor(canvas: Canvas, reading: Reading, edge: tuple[float, float, float], gloom: float) -> None:
    left, top, right = edge
    palette, width, height = reading.palette, canvas.width, canvas.height
    wood = mix(mix((150, 102, 66), (255, 206, 148), 0.1), palette.ink, gloom + 0.08)
    floor = canvas.whole(top=top - 1).polygon([(left, top), (right, top), (width, height), (0, height)])
    canvas.paint(floor, wood, until=mix(wood, palette.ink, 0.35))
    boards = canvas.whole(top=top)
    for step in range(1, 18):
        u = step / 18
        boards.stroke([(left + (right - left) * u, top), (width * (u * 1.0), height)], 1.6, tone=130)
    canvas.paint(boards, mix(wood, palette.ink, 0.6))
    canvas.shade(floor, palette.ink, lambda u, v: 0.6 * abs(u - 0.5) + 0.3 * v - 0.15)


def _paper_pattern(canvas: Canvas, reading: Reading, wall: Colour, back: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = back
    flat = Stencil(back).box(*back)
    canvas.paint(flat, wall, until=mix(wall, reading.palette.ink, 0.2))
    marks = Stencil(back)
    if reading.dice("pattern").random() < 0.5:
        for step in range(1, 27):
            x = left + (right - left) * step / 27
            marks.box(x - 4, top, x + 4, bottom - 78)
    else:
        for row in range(9):
            for column in range(24):
                x, y = left + 20 + column * 36 + 18 * (row % 2), top + 22 + row * 36
                marks.polygon([(x, y - 8), (x + 5, y), (x, y + 8), (x - 5, y)])
    canvas.paint(marks, mix(wall, (255, 226, 180), 0.3), opacity=0.35)
    panel = Stencil(back).box(left, bottom - 74, right, bottom)
    canvas.paint(panel, mix(wall, reading.palette.ink, 0.4))
    rails = (
        Stencil(back)
        .box(left, bottom - 78, right, bottom - 70)
        .box(left, bottom - 10, right, bottom)
        .box(left, top, right, top + 10)
    )
    canvas.paint(rails, mix(wall, (255, 226, 180), 0.22))


_VIEW: tuple[Point, ...] = ((-1, 1), (-0.3, 0.74), (0.2, 0.82), (1, 0.7), (1, 1.2))


def _window(canvas: Canvas, reading: Reading, at: Point, size: tuple[float, float]) -> None:
    x, y = at
    wide, tall = size
    palette = reading.palette
    box = (x - wide / 2, y, x + wide / 2, y + tall)
    canvas.paint(Stencil(box).box(*box), mix(palette.zenith, palette.sky, 0.5), until=palette.horizon)
    hill = Stencil(box).blob([(x + u * wide, y + v * tall) for u, v in _VIEW])
    canvas.paint(hill, mix(palette.haze, palette.ink, 0.35))
    if reading.light is Light.NIGHT:
        moon = Stencil((x, y, x + wide / 2, y + tall)).ellipse((x + wide * 0.22, y + tall * 0.26), 24)
        canvas.paint(moon, palette.light)
        canvas.glow((x + wide * 0.22, y + tall * 0.26), 120, palette.light, strength=0.4)
    else:
        canvas.glow((x, y + tall * 0.5), tall * 1.5, palette.light, strength=0.4 if not is_dark(reading) else 0.15)
    frame = Stencil((x - wide, y - 20, x + wide, y + tall + 20))
    frame.box(x - wide / 2 - 9, y - 9, x + wide / 2 + 9, y + tall + 12)
    for column in range(2):
        for row in range(3):
            x0, y0 = x - wide / 2 + column * wide / 2 + 4, y + row * tall / 3 + 4
            frame.box(x0, y0, x0 + wide / 2 - 8, y0 + tall / 3 - 8, tone=0)
    canvas.paint(frame, mix(palette.ink, (214, 184, 140), 0.3))
    _curtains(canvas, reading, at, size)
    if not is_dark(reading) or reading.light is Light.NIGHT:
        _sunbeam(canvas, reading, at, wide)


def _sunbeam(canvas: Canvas, reading: Reading, at: Point, wide: float) -> None:
    x, y = at
    slant = -180 if x > canvas.width / 2 else 180
    left, right = x - wide / 2, x + wide / 2
    foot = [(right + slant * 1.7, canvas.height), (left + slant * 1.7 - 40, canvas.height)]
    beam = canvas.whole(top=y).polygon([(left, y), (right, y), *foot])
    canvas.paint(beam, reading.palette.light, opacity=0.13)


def _curtains(canvas: Canvas, reading: Reading, at: Point, size: tuple[float, float]) -> None:
    (x, y), (wide, tall), ink = at, size, reading.palette.ink
    cloth = reading.colour_of("curtains", "curtain", "drapes") or reading.dice("curtains").choice(
        ((150, 52, 48), (64, 96, 92), (176, 128, 62), (84, 64, 108))
    )
    colour = mix(cloth, ink, 0.4 if is_dark(reading) else 0.12)
    stencil = Stencil((x - wide, y - 30, x + wide, y + tall + 60))
    for side in (-1, 1):
        edge = x + side * wide / 2
        stencil.blob(
            [
                (edge + side * 42, y - 22),
                (edge - side * 44, y - 22),
                (edge - side * 30, y + tall * 0.45),
                (edge + side * 14, y + tall * 0.66),
                (edge - side * 6, y + tall + 52),
                (edge + side * 46, y + tall + 52),
            ]
        )
    stencil.box(x - wide / 2 - 60, y - 28, x + wide / 2 + 60, y - 16)
    canvas.shadow(stencil, shift=(4, 6), blur=10, opacity=0.4, colour=ink)
    canvas.paint(stencil, colour)
    canvas.shade(stencil, mix(colour, ink, 0.6), lambda u, _v: 0.5 + 0.5 * math.sin(u * 46), cells=(60, 4))


def draw_hearth(canvas: Canvas, reading: Reading, at: Point, *, lit: bool) -> None:
    """A fireplace with its mantel, its fire, and a clock above."""
    x, y = at
    ink = reading.palette.ink
    stone = mix((150, 128, 112), ink, 0.5)
    body = (
        Stencil((x - 130, y - 250, x + 130, y + 10))
        .box(x - 98, y - 190, x + 98, y + 6)
        .box(x - 116, y - 206, x + 116, y - 188)
    )
    canvas.shadow(body, shift=(6, 4), blur=14, opacity=0.4, colour=ink)
    canvas.paint(body, stone, until=mix(stone, ink, 0.3))
    mouth = Stencil((x - 130, y - 250, x + 130, y + 10)).box(x - 62, y - 96, x + 62, y + 6).ellipse((x, y - 96), 62, 40)
    canvas.paint(mouth, mix(ink, (70, 24, 12), 0.5))
    if lit:
        draw_fire(canvas, (x, y), 84)
    canvas.glow((x, y - 40), 620, (255, 150, 70), strength=0.5)
    clock = Stencil((x - 40, y - 270, x + 40, y - 200)).box(x - 16, y - 240, x + 16, y - 206).ellipse((x, y - 240), 19)
    canvas.paint(clock, mix((96, 62, 40), ink, 0.4))
    face = Stencil((x - 40, y - 270, x + 40, y - 200)).ellipse((x, y - 240), 12)
    canvas.paint(face, (236, 214, 168))


def draw_fire(canvas: Canvas, at: Point, size: float) -> None:
    """Flames of three colours with their light."""
    x, y = at
    canvas.glow((x, y - size * 0.4), size * 2.6, (255, 140, 60), strength=0.55)
    for scale, colour in ((1.0, (206, 70, 38)), (0.7, (242, 140, 48)), (0.4, (255, 222, 130))):
        flame = Stencil((x - size, y - size * 1.3, x + size, y + 8))
        for shift, tall in ((-0.3, 0.7), (0.02, 1.12), (0.32, 0.62)):
            u, rise, half = x + shift * size * scale, tall * size * scale, 0.26 * size * scale
            flame.blob(
                [
                    (u - half, y),
                    (u - half * 0.9, y - rise * 0.4),
                    (u + half * 0.15, y - rise),
                    (u + half * 0.9, y - rise * 0.36),
                    (u + half, y),
                ]
            )
        canvas.paint(flame, colour)
    logs = (
        Stencil((x - size, y - 30, x + size, y + 12))
        .limb((x - size * 0.5, y + 2), (x + size * 0.5, y - 4), 7, 7)
        .limb((x - size * 0.4, y - 5), (x + size * 0.45, y + 4), 6, 6)
    )
    canvas.paint(logs, (52, 28, 24))


def _wall_piece(canvas: Canvas, reading: Reading, at: Point, wall: Colour) -> None:
    x, y = at
    ink = reading.palette.ink
    if reading.has("books") or reading.dice("wall piece").random() < 0.5:
        _bookcase(canvas, reading, at)
        return
    frame = Stencil((x - 100, y - 300, x + 100, y)).box(x - 74, y - 280, x + 74, y - 150)
    canvas.shadow(frame, shift=(4, 6), blur=8, opacity=0.4, colour=ink)
    canvas.paint(frame, mix((196, 156, 84), ink, 0.35))
    picture = Stencil((x - 100, y - 300, x + 100, y)).box(x - 62, y - 268, x + 62, y - 162)
    canvas.paint(picture, mix(reading.palette.sky, wall, 0.4), until=mix(reading.palette.horizon, wall, 0.4))
    hills = Stencil((x - 62, y - 268, x + 62, y - 162)).blob(
        [(x - 90, y - 160), (x - 30, y - 208), (x + 10, y - 186), (x + 50, y - 214), (x + 90, y - 160)]
    )
    canvas.paint(hills, mix(wall, ink, 0.6))


def _bookcase(canvas: Canvas, reading: Reading, at: Point) -> None:
    x, y = at
    dice, ink = reading.dice("books"), reading.palette.ink
    dim = 0.55 if is_dark(reading) else 0.25
    case = Stencil((x - 120, y - 320, x + 120, y + 6)).box(x - 104, y - 306, x + 104, y + 4)
    canvas.shadow(case, shift=(6, 4), blur=14, opacity=0.4, colour=ink)
    canvas.paint(case, mix((86, 56, 40), ink, dim))
    spines = {
        colour: Stencil((x - 120, y - 320, x + 120, y + 6))
        for colour in ((168, 66, 54), (70, 104, 98), (196, 154, 84), (72, 74, 112))
    }
    for shelf in range(4):
        floor, u = y - 14 - shelf * 72, x - 96
        while u < x + 88:
            wide, tall = dice.uniform(7, 16), dice.uniform(40, 60)
            spines[dice.choice(tuple(spines))].box(u, floor - tall, u + wide - 1.5, floor)
            u += wide
    for colour, stencil in spines.items():
        canvas.paint(stencil, mix(colour, ink, dim))


def _rug(canvas: Canvas, reading: Reading, height: float) -> None:
    colour = reading.colour_of("carpet", "rug") or reading.dice("rug").choice(
        ((146, 60, 52), (60, 84, 104), (128, 98, 60))
    )
    x, y, dim = canvas.width / 2, height * 0.86, 0.5 if is_dark(reading) else 0.15
    for scale, tone in (
        (1.0, colour),
        (0.86, mix(colour, (236, 206, 150), 0.45)),
        (0.8, colour),
        (0.4, mix(colour, (236, 206, 150), 0.3)),
    ):
        stencil = Stencil((x - 480, y - 110, x + 480, y + 110)).ellipse((x, y), 470 * scale, 84 * scale)
        canvas.paint(stencil, mix(tone, reading.palette.ink, dim))
