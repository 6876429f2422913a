"""What people built, seen from outside: a street that runs into the distance, houses on a hill, castles, windmills."""

from dataclasses import dataclass
from random import Random

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading

_WALLS: tuple[Colour, ...] = (
    (172, 120, 92),
    (196, 168, 128),
    (148, 104, 88),
    (126, 124, 128),
    (184, 146, 108),
    (112, 96, 100),
)


_DOORS: tuple[Colour, ...] = ((104, 66, 48), (56, 88, 78), (124, 56, 50), (64, 74, 112))


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street in one-point perspective: a place along it, across it and above it becomes a point of the picture."""

    vanishing: Point
    width: float
    scale: float

    def at(self, side: int, depth: float, height: float) -> Point:
        """Depth 1 is where we stand, larger is farther; height in metres above the pavement."""
        reach = self.scale / depth
        return self.vanishing[0] + side * self.width * reach, self.vanishing[1] + (1.9 - height) * reach * 0.42


def draw_street(canvas: Canvas, reading: Reading, *, vanishing: Point, light_side: int) -> None:
    """A street with houses on both sides, their windows lit after dark."""
    street = Street(vanishing=vanishing, width=1.05, scale=330)
    _far_roofs(canvas, reading, vanishing)
    _pavement(canvas, reading, vanishing)
    depths = [0.3, 0.62, 0.95, 1.32, 1.8, 2.5, 3.5, 5.0, 7.5]
    for index in reversed(range(len(depths) - 1)):
        for side in (-1, 1):
            _house_front(
                canvas, reading, street, side, (depths[index], depths[index + 1]), index, lit=side != light_side
            )
    if reading.light in {Light.NIGHT, Light.DUSK, Light.FOG, Light.STORM} or reading.has("lamp"):
        for depth in (2.9, 1.65, 0.95):
            _lamp_post(canvas, reading, street, depth, side=-1 if depth != 1.65 else 1)


def _pavement(canvas: Canvas, reading: Reading, vanishing: Point) -> None:
    palette, horizon = reading.palette, vanishing[1]
    ground = canvas.whole(top=horizon).box(0, horizon, canvas.width, canvas.height)
    snowy = reading.light is Light.SNOW
    stone = palette.lit((220, 222, 224) if snowy else (150, 140, 132))
    canvas.paint(ground, mix(stone, palette.haze, 0.5), until=mix(stone, palette.ink, 0.4))
    canvas.shade(ground, palette.ink, lambda u, v: 0.5 * abs(u - vanishing[0] / canvas.width) + 0.2 * v - 0.1)
    lines = canvas.whole(top=horizon)
    for row in range(1, 26):
        t = (row / 26) ** 2.1
        y = horizon + (canvas.height - horizon) * t
        lines.stroke([(0, y), (canvas.width, y)], 0.6 + 2.4 * t, tone=round(50 + 80 * t))
    for column in range(-14, 15):
        lines.stroke([vanishing, (vanishing[0] + column * 170, canvas.height)], 1.2, tone=80)
    canvas.paint(lines, palette.ink, opacity=0.5)
    canvas.glow((vanishing[0], horizon), 420, palette.horizon, strength=0.5)


def _far_roofs(canvas: Canvas, reading: Reading, vanishing: Point) -> None:
    dice, palette = reading.dice("far roofs"), reading.palette
    stencil = canvas.whole(bottom=vanishing[1] + 4)
    x = vanishing[0] - 300.0
    while x < vanishing[0] + 300:
        wide, tall = dice.uniform(24, 50), dice.uniform(40, 110)
        _gable(stencil, x, vanishing[1] + 4, wide, tall)
        x += wide * 0.9
    spire = vanishing[0] + dice.choice((-1, 1)) * dice.uniform(20, 60)
    stencil.box(spire - 13, vanishing[1] - 170, spire + 13, vanishing[1])
    stencil.polygon([(spire - 17, vanishing[1] - 168), (spire, vanishing[1] - 290), (spire + 17, vanishing[1] - 168)])
    canvas.paint(stencil, mix(palette.haze, palette.sky, 0.25), until=palette.haze)


def _gable(stencil: Stencil, x: float, base: float, wide: float, tall: float) -> None:
    stencil.box(x, base - tall, x + wide, base)
    stencil.polygon([(x - 3, base - tall), (x + wide / 2, base - tall - wide * 0.6), (x + wide + 3, base - tall)])
    stencil.box(x + wide * 0.68, base - tall - wide * 0.62, x + wide * 0.82, base - tall)


def _house_front(
    canvas: Canvas, reading: Reading, street: Street, side: int, depths: tuple[float, float], index: int, *, lit: bool
) -> None:
    dice, palette = reading.dice(f"house {side} {index}"), reading.palette
    near, far = depths
    tall = dice.uniform(7.5, 12.0)
    haze = min((far - 0.6) / 7, 0.85)
    colour = palette.lit(dice.choice(_WALLS), far=haze)
    outline = [
        street.at(side, near, 0),
        street.at(side, near, tall),
        street.at(side, (near + far) / 2, tall + dice.uniform(1.2, 3.4)),
        street.at(side, far, tall),
        street.at(side, far, 0),
    ]
    if dice.random() < 0.4:
        outline[2:3] = []
    xs = [x for x, _ in outline]
    front = Stencil((max(min(xs), -40), -60, min(max(xs), canvas.width + 40), canvas.height)).polygon(outline)
    wall = colour if lit else mix(colour, palette.ink, 0.45)
    canvas.paint(front, mix(wall, palette.ink, 0.12), until=mix(wall, palette.ink, 0.4))
    canvas.shade(front, palette.ink, lambda u, v: 0.34 * (u if side > 0 else 1 - u) + 0.28 * v - 0.14, cells=(6, 8))
    trim = Stencil((front.left, front.top, front.left + front.mask().width, front.top + front.mask().height))
    trim.stroke([street.at(side, near, tall), street.at(side, far, tall)], max(7 / near, 1.5))
    trim.stroke([street.at(side, near, 3.6), street.at(side, far, 3.6)], max(5 / near, 1))
    canvas.paint(trim, mix(wall, palette.light, 0.25))
    _windows(canvas, reading, street, side, depths, tall, wall)


def _windows(
    canvas: Canvas, reading: Reading, street: Street, side: int, depths: tuple[float, float], tall: float, wall: Colour
) -> None:
    dice, palette = reading.dice(f"windows {side} {depths[0]}"), reading.palette
    near, far = depths
    ends = (street.at(side, near, 0)[0], street.at(side, far, 0)[0])
    box = (max(min(ends), -40), 0, min(max(ends), canvas.width + 40), canvas.height)
    dark, bright, doors = Stencil(box), Stencil(box), Stencil(box)
    share = {Light.NIGHT: 0.5, Light.DUSK: 0.42, Light.FOG: 0.4, Light.STORM: 0.35}.get(reading.light, 0.0)
    columns = 3
    for column in range(columns):
        a, b = (1 / near + (1 / far - 1 / near) * (column + part) / columns for part in (0.22, 0.78))
        floor = 0.7
        if column == 1:  # in the middle of each house, at the pavement
            ends_of_door = (street.at(side, 1 / a, 0), street.at(side, 1 / b, 0))
            doors.polygon([*ends_of_door, street.at(side, 1 / b, 2.3), street.at(side, 1 / a, 2.3)])
            floor += 2.6
        while floor + 1.6 < tall - 0.4:
            quad = [
                street.at(side, 1 / a, floor),
                street.at(side, 1 / a, floor + 1.35),
                street.at(side, 1 / b, floor + 1.35),
                street.at(side, 1 / b, floor),
            ]
            (bright if dice.random() < share else dark).polygon(quad)
            floor += 2.6
    canvas.paint(dark, mix(wall, palette.ink, 0.55))
    canvas.paint(doors, mix(mix(palette.lit(dice.choice(_DOORS)), wall, 0.3), palette.ink, 0.4))
    canvas.paint(bright, palette.glow, until=mix(palette.glow, (255, 150, 70), 0.4))


def _lamp_post(canvas: Canvas, reading: Reading, street: Street, depth: float, *, side: int) -> None:
    palette = reading.palette
    foot, head = street.at(side, depth * 1.35, 0), street.at(side, depth * 1.35, 4.2)
    thick = 5 / depth
    stencil = Stencil((foot[0] - 60, head[1] - 60, foot[0] + 60, foot[1] + 8))
    stencil.limb(foot, head, thick * 0.8, thick * 0.45)
    stencil.polygon(
        [
            (head[0] - thick * 2.2, head[1] - thick * 3.4),
            (head[0] + thick * 2.2, head[1] - thick * 3.4),
            (head[0], head[1] - thick * 5),
        ]
    )
    canvas.paint(stencil, palette.ink)
    lantern = Stencil((head[0] - 40, head[1] - 50, head[0] + 40, head[1] + 10))
    lantern.polygon(
        [
            (head[0] - thick * 1.7, head[1] - thick * 3.3),
            (head[0] + thick * 1.7, head[1] - thick * 3.3),
            (head[0] + thick, head[1]),
            (head[0] - thick, head[1]),
        ]
    )
    canvas.paint(lantern, (255, 232, 170))
    canvas.glow((head[0], head[1] - thick * 2), 190 / depth, palette.glow, strength=0.85)
    canvas.glow((foot[0], foot[1] + 6), 120 / depth, palette.glow, strength=0.25)


_TOWERS = ((-0.62, 0.2, 0.72), (-0.3, 0.17, 1.05), (0.06, 0.24, 1.28), (0.42, 0.18, 0.9), (0.7, 0.2, 0.62))


def draw_castle(canvas: Canvas, reading: Reading, at: Point, size: float, *, far: float) -> None:
    """A castle of many towers; pointed roofs, lit windows, flags."""
    x, y = at
    dice, palette = reading.dice("castle"), reading.palette
    stone = palette.lit((128, 120, 128), far=far)
    box = (x - size * 1.1, y - size * 1.75, x + size * 1.1, y + 30)
    back, front, roofs, panes = (Stencil(box) for _ in range(4))
    pointed = dice.random() < 0.75
    for left, wide, tall in _TOWERS:
        target = back if tall > 1 else front
        head = (
            x + (left + dice.uniform(-0.04, 0.04)) * size,
            y - tall * size * dice.uniform(0.92, 1.06),
        )
        half = wide * size / 2
        _tower(target, head, half, size, foot=y + 20)
        if pointed:
            _pointed_roof(roofs, head, half, size)
        else:
            _merlons(target, head, half, size)
        _slits(panes, dice, head, size, levels=int(tall * 4))
    _curtain_wall(front, at, size)
    canvas.paint(back, mix(stone, palette.haze, 0.25), until=stone)
    canvas.shade(back, palette.ink, lambda u, _v: 0.35 * (u * 3 % 1))
    canvas.paint(front, stone, until=mix(stone, palette.ink, 0.45))
    canvas.shade(front, palette.ink, lambda u, v: 0.3 * (u * 4 % 1) + 0.2 * v - 0.1)
    canvas.paint(roofs, mix(palette.lit((116, 62, 66), far=far), palette.ink, 0.3))
    gate = Stencil((x - size, y - size * 0.4, x + size, y + 30))
    gate.box(x - size * 0.07, y - size * 0.14, x + size * 0.07, y + 20).ellipse((x, y - size * 0.14), size * 0.07)
    canvas.paint(gate, palette.ink)
    canvas.paint(panes, palette.glow if reading.light is not Light.DAY else mix(stone, palette.ink, 0.75))


def _tower(stencil: Stencil, head: Point, half: float, size: float, *, foot: float) -> None:
    x, top = head
    stencil.box(x - half, top, x + half, foot)
    stencil.box(x - half * 1.25, top - size * 0.02, x + half * 1.25, top + size * 0.06)


def _pointed_roof(stencil: Stencil, head: Point, half: float, size: float) -> None:
    x, top = head
    stencil.polygon([(x - half * 1.35, top), (x, top - size * 0.36), (x + half * 1.35, top)])
    flag = ((x, 0.36), (x, 0.46), (x + size * 0.09, 0.425), (x + 2, 0.39))
    stencil.polygon([(u, top - size * v) for u, v in flag])


def _merlons(stencil: Stencil, head: Point, half: float, size: float) -> None:
    x, top = head
    for merlon in range(4):
        left = x - half * 1.25 + merlon * half * 0.7
        stencil.box(left, top - size * 0.07, left + half * 0.4, top)


def _slits(stencil: Stencil, dice: Random, head: Point, size: float, *, levels: int) -> None:
    x, top = head
    for level in range(levels):
        if dice.random() < 0.55:
            upper, lower = top + size * (0.12 + 0.17 * level), top + size * (0.19 + 0.17 * level)
            stencil.box(x - size * 0.014, upper, x + size * 0.014, lower)


def _curtain_wall(stencil: Stencil, at: Point, size: float) -> None:
    x, y = at
    stencil.box(x - size * 0.85, y - size * 0.34, x + size * 0.9, y + 20)
    for merlon in range(18):
        stencil.box(
            x - size * 0.85 + merlon * size * 0.1,
            y - size * 0.39,
            x - size * 0.8 + merlon * size * 0.1,
            y - size * 0.33,
        )
