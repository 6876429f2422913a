"""Places under a roof that are no plain rooms: stairs, passages, doors, a stage, tents, and the insides of vehicles."""

import math
from collections.abc import Callable
from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import draw_thing, things
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.rooms import WARM, build_box, build_flat, draw_window, gloom_of
from imaginized.providers.builtin.plates.stage import Stage, light_side_of
from imaginized.story.stage_lists import Setting

_PAPERS: tuple[Colour, ...] = ((122, 62, 56), (56, 92, 88), (98, 84, 62), (74, 72, 104), (92, 58, 78))


def _stage(canvas: Canvas, reading: Reading, light: Point, words: str, *, feet: float = 0.92, x: float = 0.5) -> Stage:
    dark = reading.light in {Light.NIGHT, Light.DUSK, Light.STORM}
    return Stage(
        feet=canvas.height * feet,
        size=378,
        centre=canvas.width * x,
        light_at=light,
        depth=0.24 if dark else 0.1,
        setting=words,
    )


def _lamp(reading: Reading, side: int) -> Lamp:
    colour = mix(reading.palette.light, WARM, 0.5)
    return Lamp(palette=reading.palette, depth=gloom_of(reading), side=side, colour=colour)


def set_staircase(canvas: Canvas, reading: Reading) -> Stage:
    """Stairs that climb across the picture, with a rail."""
    side, ink, w, h = light_side_of(reading), reading.palette.ink, canvas.width, canvas.height
    shell = build_flat(canvas, reading, reading.dice("walls").choice(_PAPERS), "panel", "boards")
    wood = mix(mix((136, 90, 58), WARM, 0.1), ink, shell.gloom)
    steps, foot, head = 11, (w * (0.5 - 0.12 * side), h * 0.84), (w * (0.5 + 0.62 * side), h * 0.06)
    dx, dy = (head[0] - foot[0]) / steps, (head[1] - foot[1]) / steps
    for index in range(steps):
        x, y = foot[0] + dx * index, foot[1] + dy * index
        riser = canvas.whole().polygon([(x, y), (x, y + dy), (head[0], y + dy), (head[0], h), (x, h)])
        canvas.paint(riser, mix(wood, ink, 0.1 + 0.03 * (index % 2)), until=mix(wood, ink, 0.5))
        tread = canvas.whole().box(min(x, x + dx) - 8, y + dy - 8, max(x, x + dx) + 8, y + dy + 8)
        canvas.paint(tread, mix(wood, (255, 226, 180), 0.24))
    rail = canvas.whole()
    for index in range(steps + 1):
        x, y = foot[0] + dx * (index + 0.3), foot[1] + dy * (index + 0.9)
        rail.limb((x, y), (x, y - 150), 7, 5)
    rail.limb((foot[0] + dx * 0.2, foot[1] - 170), (head[0], head[1] - 170), 13, 13)
    rail.limb((foot[0] + dx * 0.2, foot[1] + 60), (foot[0] + dx * 0.2, foot[1] - 190), 18, 15)
    rail.ellipse((foot[0] + dx * 0.2, foot[1] - 208), 26)
    canvas.shadow(rail, shift=(6, 4), blur=12, opacity=0.4, colour=ink)
    canvas.paint(rail, mix((92, 58, 40), ink, shell.gloom))
    light = (w * (0.5 + 0.2 * side), h * 0.16)
    canvas.glow(
        light, h * 0.7, reading.palette.glow if gloom_of(reading) > 0.2 else reading.palette.light, strength=0.36
    )
    return _stage(canvas, reading, light, "on a staircase", x=0.5 - 0.22 * side)


def set_corridor(canvas: Canvas, reading: Reading) -> Stage:
    """A long passage with doors on both sides and light at its end."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    wall = mix(mix(reading.dice("walls").choice(_PAPERS), WARM, 0.16), ink, gloom_of(reading))
    end = (w * 0.44, h * 0.34, w * 0.56, h * 0.58)
    canvas.wash(lambda u, _v: mix(wall, ink, 0.1 + 0.9 * (abs(u - 0.5) ** 1.2)))
    floor = canvas.whole().polygon([(0, h), (end[0], end[3]), (end[2], end[3]), (w, h)])
    canvas.paint(floor, mix((116, 78, 54), ink, gloom_of(reading)), until=mix((116, 78, 54), ink, 0.5))
    runner = canvas.whole().polygon([(w * 0.3, h), (w * 0.482, end[3]), (w * 0.518, end[3]), (w * 0.7, h)])
    canvas.paint(runner, mix((146, 52, 48), ink, gloom_of(reading) + 0.1))
    ceiling = canvas.whole().polygon([(0, 0), (end[0], end[1]), (end[2], end[1]), (w, 0)])
    canvas.paint(ceiling, mix(wall, ink, 0.45))
    for side in (-1, 1):
        for near in (0.94, 0.62, 0.41):
            _side_door(canvas, reading, wall, side, near)
    glow = canvas.whole().box(*end)
    canvas.paint(glow, mix(reading.palette.light, WARM, 0.6))
    canvas.glow((w / 2, (end[1] + end[3]) / 2), h * 0.5, mix(reading.palette.light, WARM, 0.6), strength=0.6)
    return _stage(canvas, reading, (w / 2, h * 0.45), "in a corridor")


def _side_door(canvas: Canvas, reading: Reading, wall: Colour, side: int, near: float) -> None:
    """A door in a side wall; `near` 1 is beside us, 0 at the end."""
    w, h, ink = canvas.width, canvas.height, reading.palette.ink

    def at(depth: float, rise: float) -> Point:
        reach = w * 0.06 + (w * 0.44) * depth
        low, high = h * (0.58 + 0.42 * depth), h * (0.34 - 0.34 * depth)
        return w / 2 + side * reach, low + (high - low) * rise

    far = near * 0.74
    for rise, grow, colour in ((0.72, 0.02, (190, 152, 104)), (0.7, 0.0, (104, 68, 46))):
        door = canvas.whole().polygon(
            [at(far - grow, 0), at(near + grow, 0), at(near + grow, rise), at(far - grow, rise)]
        )
        canvas.paint(door, mix(mix(wall, colour, 0.8), ink, gloom_of(reading) + 0.16), until=mix(colour, ink, 0.6))
    knob = canvas.whole().ellipse(at(far + (near - far) * 0.2, 0.33), 3 + 8 * near)
    canvas.paint(knob, mix((206, 160, 84), ink, 0.2))


def set_doorway(canvas: Canvas, reading: Reading) -> Stage:
    """A door that stands open, with light behind it."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    paper = reading.dice("walls").choice(_PAPERS)
    builder = (build_flat, build_box)[reading.turn % 2]
    shell = builder(canvas, reading, mix(paper, ink, 0.24), "panel", "boards")
    foot, half, tall = shell.back[3], h * 0.17, h * 0.56
    frame = canvas.whole().box(w / 2 - half - 26, foot - tall - 26, w / 2 + half + 26, foot)
    canvas.paint(frame, mix((188, 150, 104), ink, shell.gloom + 0.1))
    bright = mix(reading.palette.light, WARM, 0.55) if gloom_of(reading) < 0.3 else (250, 200, 124)
    hole = canvas.whole().box(w / 2 - half, foot - tall, w / 2 + half, foot)
    canvas.paint(hole, bright, until=mix(bright, paper, 0.4))
    side = light_side_of(reading)
    leaf = canvas.whole().polygon(
        [
            (w / 2 - half * side, foot - tall),
            (w / 2 - half * side * 1.9, foot - tall * 1.1),
            (w / 2 - half * side * 1.9, foot + tall * 0.12),
            (w / 2 - half * side, foot),
        ]
    )
    canvas.paint(leaf, mix((112, 74, 50), ink, shell.gloom + 0.1), until=mix((112, 74, 50), ink, 0.55))
    spill = canvas.whole(top=foot).polygon(
        [(w / 2 - half, foot), (w / 2 + half, foot), (w / 2 + half * 2.6, h), (w / 2 - half * 2.2, h)]
    )
    canvas.paint(spill, bright, opacity=0.34)
    canvas.glow((w / 2, foot - tall * 0.5), h * 0.6, bright, strength=0.5)
    return _stage(canvas, reading, (w / 2, foot - tall * 0.5), "in a doorway", feet=0.86)


def set_theatre(canvas: Canvas, reading: Reading) -> Stage:
    """A stage between curtains, with its footlights."""
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    cloth: Colour = (152, 38, 42)
    canvas.wash(lambda u, v: mix((214, 168, 108), ink, 0.3 + 0.9 * math.hypot(u - 0.5, v - 0.55)))
    boards = canvas.whole(top=h * 0.72).polygon(
        [(w * 0.12, h * 0.72), (w * 0.88, h * 0.72), (w, h * 0.93), (0, h * 0.93)]
    )
    canvas.paint(boards, mix((168, 116, 70), ink, 0.12), until=mix((168, 116, 70), ink, 0.4))
    for side in (-1, 1):
        drape = canvas.whole().blob(
            [
                (w * (0.5 + 0.56 * side), -30),
                (w * (0.5 + 0.1 * side), -30),
                (w * (0.5 + 0.24 * side), h * 0.3),
                (w * (0.5 + 0.37 * side), h * 0.56),
                (w * (0.5 + 0.35 * side), h * 0.93),
                (w * (0.5 + 0.56 * side), h * 0.96),
            ]
        )
        canvas.shadow(drape, shift=(-side * 6, 4), blur=20, opacity=0.5, colour=ink)
        canvas.paint(drape, cloth, until=mix(cloth, ink, 0.4))
        canvas.shade(drape, ink, lambda u, _v: 0.3 + 0.4 * math.sin(u * 34), cells=(60, 4))
    valance = canvas.whole(bottom=h * 0.2).box(0, 0, w, h * 0.1)
    for step in range(9):
        valance.ellipse((w * (step + 0.5) / 9, h * 0.1), w / 17, h * 0.07)
    canvas.shadow(valance, shift=(0, 8), blur=14, opacity=0.5, colour=ink)
    canvas.paint(valance, mix(cloth, (255, 200, 120), 0.1), until=mix(cloth, ink, 0.3))
    lip = canvas.whole(top=h * 0.9).box(0, h * 0.93, w, h)
    canvas.paint(lip, mix((84, 54, 38), ink, 0.4))
    for step in range(11):
        canvas.glow((w * (0.06 + 0.088 * step), h * 0.93), 90, (255, 214, 140), strength=0.6)
    return _stage(canvas, reading, (w / 2, h * 0.3), "on the stage of a theatre", feet=0.87)


def set_tent(canvas: Canvas, reading: Reading) -> Stage:
    """Under canvas, with the flap open behind."""
    ink, w, h, palette = reading.palette.ink, canvas.width, canvas.height, reading.palette
    cloth = mix((196, 168, 122), ink, gloom_of(reading))
    canvas.wash(lambda u, v: mix(cloth, ink, 0.16 + 0.5 * abs(u - 0.5) + 0.2 * v))
    apex = (w / 2, -h * 0.12)
    for step in range(-5, 6):
        fold = canvas.whole().polygon(
            [apex, (w / 2 + step * w * 0.15, h * 0.86), (w / 2 + (step + 0.5) * w * 0.15, h * 0.86)]
        )
        canvas.paint(fold, mix(cloth, (255, 232, 188), 0.3), opacity=0.3)
    opening = canvas.whole().polygon([(w / 2, h * 0.22), (w * 0.6, h * 0.74), (w * 0.4, h * 0.74)])
    canvas.paint(opening, palette.sky, until=palette.horizon)
    flap = canvas.whole().polygon([(w / 2, h * 0.22), (w * 0.6, h * 0.74), (w * 0.7, h * 0.72), (w * 0.56, h * 0.4)])
    canvas.paint(flap, mix(cloth, ink, 0.3))
    ground = canvas.whole(top=h * 0.7).box(0, h * 0.74, w, h)
    canvas.paint(ground, mix((122, 98, 70), ink, gloom_of(reading) + 0.1), until=mix((122, 98, 70), ink, 0.5))
    pole = canvas.whole().limb((w * 0.5, h * 0.9), (w * 0.5, -20), 13, 11)
    canvas.paint(pole, mix((104, 72, 48), ink, 0.3))
    lamp = _lamp(reading, 1)
    for kind, x, unit in (("chest", 0.16, 130.0), ("lantern", 0.86, 110.0)):
        draw_thing(canvas, things()[kind], (w * x, h * 0.86), unit, lamp=lamp)
    return _stage(canvas, reading, (w * 0.5, h * 0.5), "in a tent", x=0.46)


def set_carriage(canvas: Canvas, reading: Reading) -> Stage:
    """Two seats that face each other, and a window between them."""
    return _compartment(canvas, reading, (112, 40, 46), "in a carriage", windows=1)


def set_train(canvas: Canvas, reading: Reading) -> Stage:
    """A compartment with two windows and a rack."""
    stage = _compartment(canvas, reading, (54, 84, 78), "in a railway compartment", windows=2)
    rack = canvas.whole(bottom=canvas.height * 0.3).box(0, canvas.height * 0.13, canvas.width, canvas.height * 0.145)
    for step in range(60):
        rack.box(step * canvas.width / 60, canvas.height * 0.1, step * canvas.width / 60 + 3, canvas.height * 0.14)
    canvas.paint(rack, mix((206, 160, 84), reading.palette.ink, 0.3))
    lamp = _lamp(reading, 1)
    draw_thing(canvas, things()["bag"], (canvas.width * 0.2, canvas.height * 0.13), 70, lamp=lamp)
    return stage


def _compartment(canvas: Canvas, reading: Reading, cloth: Colour, words: str, *, windows: int) -> Stage:
    ink, w, h = reading.palette.ink, canvas.width, canvas.height
    gloom = gloom_of(reading)
    wood = mix((120, 82, 56), ink, gloom)
    canvas.wash(lambda u, _v: mix(wood, ink, 0.1 + 0.5 * abs(u - 0.5)))
    wide = w * (0.36 if windows == 1 else 0.22)
    for index in range(windows):
        x = w * (0.5 if windows == 1 else 0.37 + 0.26 * index)
        draw_window(canvas, reading, (x, h * 0.17), (wide, h * 0.34), kind="plain")
    for side in (-1, 1):
        back = canvas.whole().blob(
            [
                (w * (0.5 + 0.54 * side), h * 0.16),
                (w * (0.5 + 0.36 * side), h * 0.2),
                (w * (0.5 + 0.31 * side), h * 0.62),
                (w * (0.5 + 0.54 * side), h * 0.7),
            ]
        )
        seat = canvas.whole().blob(
            [
                (w * (0.5 + 0.56 * side), h * 0.6),
                (w * (0.5 + 0.22 * side), h * 0.6),
                (w * (0.5 + 0.19 * side), h * 0.7),
                (w * (0.5 + 0.22 * side), h * 0.92),
                (w * (0.5 + 0.56 * side), h * 0.95),
            ]
        )
        for part, depth in ((back, 0.16), (seat, 0.0)):
            tone = mix(cloth, ink, gloom + depth)
            canvas.shadow(part, shift=(0, 4), blur=14, opacity=0.4, colour=ink)
            canvas.paint(part, mix(tone, (255, 220, 180), 0.12), until=mix(tone, ink, 0.4))
        buttons = canvas.whole()
        for row in range(3):
            for column in range(3):
                buttons.ellipse((w * (0.5 + side * (0.38 + 0.04 * column)), h * (0.28 + 0.12 * row)), 5)
        canvas.paint(buttons, mix(cloth, ink, 0.5))
    floor = canvas.whole(top=h * 0.88).box(0, h * 0.92, w, h)
    canvas.paint(floor, mix(wood, ink, 0.5))
    return replace(_stage(canvas, reading, (w / 2, h * 0.3), words, feet=0.97), is_seated=True)


def set_spaceship(canvas: Canvas, reading: Reading) -> Stage:
    """A control room with a great round window to the stars."""
    w, h, ink = canvas.width, canvas.height, reading.palette.ink
    steel: Colour = (96, 112, 128)
    canvas.wash(lambda u, v: mix(steel, (10, 14, 26), 0.3 + 0.8 * math.hypot(u - 0.5, v - 0.45)))
    for grow, colour in ((60, mix(steel, (255, 255, 255), 0.24)), (34, mix(steel, (8, 12, 20), 0.5)), (0, (8, 12, 30))):
        ring = canvas.whole().ellipse((w / 2, h * 0.38), w * 0.25 + grow, h * 0.31 + grow)
        canvas.paint(ring, colour)
    view = Stencil((w * 0.25, h * 0.07, w * 0.75, h * 0.69))
    dice = reading.dice("stars")
    for _ in range(130):
        angle, reach = dice.uniform(0, math.tau), dice.random() ** 0.5 * 0.96
        at = (w / 2 + math.cos(angle) * reach * w * 0.25, h * 0.38 + math.sin(angle) * reach * h * 0.31)
        view.ellipse(at, dice.choice((1.0, 1.4, 2.2)))
    canvas.paint(view, (236, 240, 250))
    ribs = canvas.whole()
    for side in (-1, 1):
        for step in range(3):
            x = w * (0.5 + side * (0.33 + 0.08 * step))
            ribs.limb((x, -10), (x + side * 60, h), 12, 18)
    canvas.paint(ribs, mix(steel, (8, 12, 20), 0.4))
    desk = canvas.whole(top=h * 0.66).polygon(
        [(0, h * 0.78), (w * 0.3, h * 0.7), (w * 0.7, h * 0.7), (w, h * 0.78), (w, h), (0, h)]
    )
    canvas.paint(desk, mix(steel, (8, 12, 20), 0.3), until=(14, 18, 28))
    lights = {colour: canvas.whole(top=h * 0.68) for colour in ((240, 120, 90), (120, 220, 180), (250, 210, 120))}
    for _ in range(60):
        x, y = dice.uniform(w * 0.04, w * 0.96), dice.uniform(h * 0.76, h * 0.84)
        lights[dice.choice(tuple(lights))].box(x, y, x + dice.uniform(8, 30), y + 7)
    for colour, stencil in lights.items():
        canvas.paint(stencil, colour)
    del ink
    return _stage(canvas, reading, (w / 2, h * 0.3), "aboard a spaceship")


INSIDES: dict[Setting, Callable[[Canvas, Reading], Stage]] = {
    Setting.STAIRCASE: set_staircase,
    Setting.CORRIDOR: set_corridor,
    Setting.DOORWAY: set_doorway,
    Setting.THEATRE: set_theatre,
    Setting.TENT: set_tent,
    Setting.CARRIAGE: set_carriage,
    Setting.TRAIN: set_train,
    Setting.SPACESHIP: set_spaceship,
}
