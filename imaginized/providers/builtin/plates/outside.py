"""Built places under the sky: fronts of houses, squares, markets, docks, bridges, roofs, ruins."""

from dataclasses import replace

from imaginized.providers.builtin.plates import land, water
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.ground import LIT, lay_flat, place_thing, stand
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, open_air

_BRICKS: tuple[Colour, ...] = ((150, 92, 74), (164, 140, 112), (128, 116, 108), (176, 158, 130))


def set_house_front(canvas: Canvas, reading: Reading) -> Stage:
    """The front of a house, near by: its door, steps and windows."""
    horizon, side, at = open_air(canvas, reading, 0.7)
    w, h, palette = canvas.width, canvas.height, reading.palette
    wall = palette.lit(reading.dice("brick").choice(_BRICKS))
    centre, half, foot = w * (0.5 + 0.08 * side), w * 0.34, h * 0.76
    eaves = h * (0.14 if reading.turn % 2 else 0.26)
    roof = canvas.whole().polygon(
        [
            (centre - half - 40, eaves),
            (centre + half + 40, eaves),
            (centre + half * 0.7, eaves - h * 0.2),
            (centre - half * 0.7, eaves - h * 0.2),
        ]
    )
    canvas.paint(roof, palette.dark((96, 72, 70), 0.2), until=palette.dark((96, 72, 70), 0.4))
    lay_flat(canvas, reading, foot - 4, (132, 142, 92))
    front = canvas.whole().box(centre - half, eaves, centre + half, foot)
    canvas.shadow(front, shift=(side * -10, 6), blur=18, opacity=0.35, colour=palette.ink)
    canvas.paint(front, mix(wall, palette.light, 0.08), until=mix(wall, palette.ink, 0.24))
    glass = palette.glow if reading.light in LIT else mix(palette.sky, palette.ink, 0.35)
    panes, frames = Stencil((0, 0, w, h)), Stencil((0, 0, w, h))
    rows = 2 if reading.turn % 2 else 1
    for row in range(rows):
        for column in (-2, -1, 1, 2):
            x, y = centre + column * half * 0.39, eaves + 46 + row * (foot - eaves) * 0.46
            wide, tall = half * 0.21, (foot - eaves) * (0.3 if rows == 2 else 0.42)
            frames.box(x - wide / 2 - 8, y - 8, x + wide / 2 + 8, y + tall + 14)
            for left in (x - wide / 2, x + 3):
                panes.box(left, y, left + wide / 2 - 3, y + tall / 2 - 3)
                panes.box(left, y + tall / 2 + 3, left + wide / 2 - 3, y + tall)
    canvas.paint(frames, mix(palette.lit((224, 212, 190)), palette.ink, 0.16))
    canvas.paint(panes, glass)
    door_tall = (foot - eaves) * (0.42 if rows == 2 else 0.66)
    place_thing(canvas, reading, "door", (centre, foot), door_tall)
    steps = canvas.whole()
    for step in range(3):
        steps.box(centre - 70 - 22 * step, foot + 12 * step - 4, centre + 70 + 22 * step, foot + 12 * step + 12)
    canvas.paint(steps, palette.lit((186, 178, 166)), until=palette.dark((150, 142, 132), 0.3))
    path = canvas.whole(top=foot + 34).polygon(
        [(centre - 100, foot + 34), (centre + 100, foot + 34), (centre + 330, h), (centre - 330, h)]
    )
    canvas.paint(path, palette.lit((196, 176, 140)), opacity=0.8)
    del horizon
    return stand(canvas, reading, at, "before a house", x=0.5 - 0.1 * side)


def set_square(canvas: Canvas, reading: Reading) -> Stage:
    """A row of tall houses across a square."""
    horizon, side, at = open_air(canvas, reading, 0.66)
    w, palette, dice = canvas.width, reading.palette, reading.dice("row")
    lay_flat(canvas, reading, horizon, (160, 150, 138))
    x, index = -40.0, 0
    while x < w + 20:
        wide, tall = dice.uniform(130, 210), dice.uniform(0.34, 0.52) * canvas.height
        _town_house(canvas, reading, (x, horizon + 6), wide, tall, index)
        x, index = x + wide + 2, index + 1
    cobbles = canvas.whole(top=horizon)
    for row in range(1, 13):
        y = horizon + (canvas.height - horizon) * (row / 13) ** 1.7
        for column in range(-14, 15):
            cx = w / 2 + (column + 0.5 * (row % 2)) * (20 + 9 * row)
            cobbles.stroke([(cx, y), (cx + 12 + 4 * row, y)], 2, tone=120)
    canvas.paint(cobbles, palette.ink, opacity=0.3)
    if reading.light in LIT:
        _post(canvas, reading, (w * (0.5 + 0.3 * side), canvas.height * 0.86), canvas.height * 0.5)
    return stand(canvas, reading, at, "in a town")


def _town_house(canvas: Canvas, reading: Reading, foot: Point, wide: float, tall: float, index: int) -> None:
    palette, dice = reading.palette, reading.dice(f"house {index}")
    (x, y), wall = foot, reading.palette.lit(dice.choice(_BRICKS), far=0.16)
    front = canvas.whole().box(x, y - tall, x + wide, y)
    gable = canvas.whole().polygon(
        [(x - 6, y - tall), (x + wide + 6, y - tall), (x + wide / 2, y - tall - wide * 0.42)]
    )
    canvas.paint(gable, mix(palette.dark((104, 70, 62), 0.24), palette.haze, 0.1))
    canvas.paint(front, wall, until=mix(wall, palette.ink, 0.24))
    glass = palette.glow if reading.light in LIT else mix(palette.sky, palette.ink, 0.4)
    panes = canvas.whole()
    for row in range(3):
        for column in range(3):
            if row == 2 and column == 1:
                continue
            left, top = x + wide * (0.12 + 0.28 * column), y - tall + 24 + row * tall * 0.3
            panes.box(left, top, left + wide * 0.17, top + tall * 0.17)
    canvas.paint(panes, glass)
    door = canvas.whole().box(x + wide * 0.4, y - tall * 0.24, x + wide * 0.6, y)
    canvas.paint(door, palette.dark((94, 62, 48), 0.3))


def _post(canvas: Canvas, reading: Reading, foot: Point, tall: float) -> None:
    """A street lamp."""
    x, y = foot
    post = canvas.whole().limb((x, y), (x, y - tall), 10, 6).box(x - 22, y - tall - 54, x + 22, y - tall)
    canvas.paint(post, reading.palette.ink)
    glass = canvas.whole().polygon(
        [(x - 12, y - tall - 6), (x + 12, y - tall - 6), (x + 17, y - tall - 46), (x - 17, y - tall - 46)]
    )
    canvas.glow((x, y - tall - 26), 300, reading.palette.glow, strength=0.6)
    canvas.paint(glass, (255, 236, 180))


def set_village(canvas: Canvas, reading: Reading) -> Stage:
    """Cottages along a lane."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    w, h = canvas.width, canvas.height
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    lay_flat(canvas, reading, horizon + 40, ground)
    road = (204, 182, 140)
    land.draw_road(
        canvas, reading, horizon=horizon + 46, start=w * 0.5, end=w * (0.5 + 0.05 * side), colour=road, bricks=False
    )
    for x, y, tall, far in (
        (0.34, 0.64, 110.0, 0.34),
        (0.64, 0.645, 120.0, 0.32),
        (0.2, 0.72, 210.0, 0.16),
        (0.8, 0.73, 230.0, 0.12),
        (0.02, 0.84, 380.0, 0.0),
    ):
        place_thing(canvas, reading, "house", (w * x, h * y), tall, far=far, facing=1 if x < 0.5 else -1)
    return stand(canvas, reading, at, "in a village", x=0.54)


def set_market(canvas: Canvas, reading: Reading) -> Stage:
    """Stalls with striped awnings in a square."""
    stage = set_square(canvas, reading)
    dice, palette, w, h = reading.dice("stalls"), reading.palette, canvas.width, canvas.height
    for x in (0.13, 0.38, 0.68, 0.92):
        foot, wide, tall = h * 0.8, w * 0.17, h * 0.26
        cloth = palette.lit(dice.choice(((186, 62, 52), (64, 110, 120), (206, 150, 66), (96, 124, 78))))
        poles = canvas.whole()
        for lean in (-0.44, 0.44):
            poles.limb((w * x + wide * lean, foot), (w * x + wide * lean, foot - tall), 6, 6)
        canvas.paint(poles, palette.dark((112, 80, 54), 0.3))
        board = canvas.whole().box(w * x - wide * 0.48, foot - tall * 0.42, w * x + wide * 0.48, foot - 12)
        canvas.paint(board, palette.dark((142, 100, 64), 0.1), until=palette.dark((142, 100, 64), 0.4))
        goods = canvas.whole()
        for step in range(9):
            goods.ellipse((w * x + wide * (-0.42 + 0.105 * step), foot - tall * 0.44), wide * 0.06)
        canvas.paint(goods, palette.lit(dice.choice(((206, 84, 58), (226, 178, 74), (130, 156, 84)))))
        roof = canvas.whole().polygon(
            [
                (w * x - wide * 0.56, foot - tall * 0.82),
                (w * x + wide * 0.56, foot - tall * 0.82),
                (w * x + wide * 0.42, foot - tall * 1.16),
                (w * x - wide * 0.42, foot - tall * 1.16),
            ]
        )
        canvas.shadow(roof, shift=(0, 8), blur=12, opacity=0.3, colour=palette.ink)
        canvas.paint(roof, cloth)
        stripes = canvas.whole()
        for step in range(4):
            u = -0.5 + step * 0.28
            stripes.polygon(
                [
                    (w * x + wide * u * 1.12, foot - tall * 0.82),
                    (w * x + wide * (u + 0.13) * 1.12, foot - tall * 0.82),
                    (w * x + wide * (u + 0.13) * 0.84, foot - tall * 1.16),
                    (w * x + wide * u * 0.84, foot - tall * 1.16),
                ]
            )
        canvas.paint(stripes, palette.lit((240, 230, 206)))
    return replace(stage, setting="in a market")


def set_modern_city(canvas: Canvas, reading: Reading) -> Stage:
    """High buildings of glass along a wide street."""
    horizon, side, at = open_air(canvas, reading, 0.68)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("blocks")
    glass = palette.glow if reading.light in LIT else mix(palette.sky, (255, 255, 255), 0.3)
    for depth, far in enumerate((0.7, 0.45, 0.2)):
        x = -60.0
        while x < w + 40:
            wide, tall = dice.uniform(90, 170) * (1 + 0.3 * depth), dice.uniform(0.3, 0.66) * h * (0.8 + 0.16 * depth)
            middle = abs(x + wide / 2 - w / 2) / w
            if depth == 2 and middle < 0.2:
                x += wide
                continue
            wall = palette.lit((104, 116, 128), far=far)
            block = canvas.whole().box(x, horizon + 8 - tall, x + wide, horizon + 8)
            canvas.paint(block, wall, until=mix(wall, palette.haze, 0.4))
            panes = canvas.whole()
            for row in range(int(tall / 26)):
                for column in range(int(wide / 24)):
                    if dice.random() < 0.6:
                        panes.box(
                            x + 8 + column * 24,
                            horizon - tall + 18 + row * 26,
                            x + 20 + column * 24,
                            horizon - tall + 32 + row * 26,
                        )
            canvas.paint(panes, glass, opacity=0.3 + 0.3 * (1 - far))
            x += wide + dice.uniform(2, 20)
    lay_flat(canvas, reading, horizon + 4, (124, 124, 128))
    lines = canvas.whole(top=horizon)
    for step in range(7):
        t, s = step / 7, (step + 0.5) / 7
        y, y2 = horizon + (h - horizon) * t**1.6, horizon + (h - horizon) * s**1.6
        lines.polygon(
            [(w / 2 - 2 - 10 * t, y), (w / 2 + 2 + 10 * t, y), (w / 2 + 2 + 10 * s, y2), (w / 2 - 2 - 10 * s, y2)]
        )
    canvas.paint(lines, palette.lit((236, 232, 220)))
    return stand(canvas, reading, at, "in a city of today", x=0.5 - 0.12 * side)


def set_station(canvas: Canvas, reading: Reading) -> Stage:
    """A platform under an iron roof, with a train."""
    horizon, side, at = open_air(canvas, reading, 0.6)
    w, h, palette = canvas.width, canvas.height, reading.palette
    lay_flat(canvas, reading, h * 0.7, (158, 150, 140))
    iron = palette.dark((88, 92, 98), 0.3)
    roof = canvas.whole()
    for step in range(8):
        x = w * step / 7
        roof.limb((x, h * 0.76), (x, h * 0.16), 8, 8)
        roof.stroke([(x - w / 14, h * 0.14), (x, h * 0.24), (x + w / 14, h * 0.14)], 8)
    roof.box(0, h * 0.11, w, h * 0.15).box(0, 0, w, h * 0.05)
    canvas.paint(roof, iron)
    place_thing(canvas, reading, "train", (w * (0.5 + 0.18 * side), h * 0.76), h * 0.38, facing=-side)
    edge = canvas.whole(top=h * 0.74).box(0, h * 0.77, w, h)
    canvas.paint(edge, palette.lit((170, 162, 150)), until=palette.dark((150, 142, 132), 0.3))
    rim = canvas.whole(top=h * 0.75).box(0, h * 0.77, w, h * 0.785)
    canvas.paint(rim, palette.lit((226, 216, 196)))
    del horizon
    return stand(canvas, reading, at, "at a railway station", x=0.5 - 0.16 * side)


def set_dock(canvas: Canvas, reading: Reading) -> Stage:
    """A quay with ships lying at it."""
    horizon, side, at = open_air(canvas, reading, 0.52)
    w, h, palette = canvas.width, canvas.height, reading.palette
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    for x, y, long, far in ((0.2, 0.6, 250.0, 0.4), (0.52, 0.64, 330.0, 0.24), (0.86, 0.7, 520.0, 0.06)):
        px = x if side > 0 else 1 - x
        water.draw_ship(canvas, (w * px, h * y), long, palette, facing=-side, storm=False, far=far)
    quay = canvas.whole(top=h * 0.74).polygon([(0, h * 0.8), (w, h * 0.77), (w, h), (0, h)])
    canvas.shadow(quay, shift=(0, -5), blur=12, opacity=0.4, colour=palette.ink)
    canvas.paint(quay, palette.lit((152, 134, 112)), until=palette.dark((130, 112, 94), 0.4))
    seams = canvas.whole(top=h * 0.76)
    for row in range(1, 6):
        y = h * (0.79 + 0.21 * (row / 6) ** 1.3)
        seams.stroke([(0, y + 10), (w, y - 8)], 3)
    canvas.paint(seams, palette.ink, opacity=0.4)
    place_thing(canvas, reading, "barrel", (w * (0.5 + 0.36 * side), h * 0.9), h * 0.15)
    place_thing(canvas, reading, "rope", (w * (0.5 - 0.38 * side), h * 0.93), h * 0.08)
    return stand(canvas, reading, at, "at the docks", x=0.5 - 0.06 * side)


def set_bridge(canvas: Canvas, reading: Reading) -> Stage:
    """On a bridge, between its two walls."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    w, h, palette = canvas.width, canvas.height, reading.palette
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    bank = land.rolling(reading.dice("bank"), w, horizon + 2, 10)
    land.lay_ridge(canvas, reading, [*bank[:-1], (w + 40, horizon + 8)], (96, 116, 92), far=0.6, light_side=side)
    water.draw_sea(canvas, replace(reading, light=reading.light), horizon=horizon + 26, light_at=at)
    stone = palette.lit((164, 150, 132))
    deck = canvas.whole(top=h * 0.7).polygon(
        [(-10, h * 0.86), (w * 0.5, h * 0.76), (w + 10, h * 0.86), (w + 10, h), (-10, h)]
    )
    wall = canvas.whole(top=h * 0.5).polygon(
        [
            (-10, h * 0.7),
            (w * 0.5, h * 0.6),
            (w + 10, h * 0.7),
            (w + 10, h * 0.88),
            (w * 0.5, h * 0.78),
            (-10, h * 0.88),
        ]
    )
    canvas.paint(deck, mix(stone, palette.ink, 0.16), until=mix(stone, palette.ink, 0.5))
    canvas.shadow(wall, shift=(0, 6), blur=12, opacity=0.35, colour=palette.ink)
    canvas.paint(wall, stone, until=mix(stone, palette.ink, 0.34))
    joints = canvas.whole(top=h * 0.5)
    for step in range(25):
        x = w * step / 24
        y = h * 0.6 + abs(x - w / 2) / (w / 2) * h * 0.1
        joints.stroke([(x, y), (x, y + h * 0.18)], 3, tone=150)
    joints.stroke([(-10, h * 0.74), (w * 0.5, h * 0.64), (w + 10, h * 0.74)], 4)
    canvas.paint(joints, palette.ink, opacity=0.4)
    return stand(canvas, reading, at, "on a bridge", feet=0.95)


def set_rooftop(canvas: Canvas, reading: Reading) -> Stage:
    """Among chimneys, above a town."""
    horizon, side, at = open_air(canvas, reading, 0.62)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("roofs")
    for depth, far in enumerate((0.6, 0.36, 0.12)):
        roofs = canvas.whole()
        x = -40.0
        while x < w + 40:
            wide, rise = dice.uniform(120, 230), dice.uniform(40, 110)
            base = horizon + 30 + depth * 70
            roofs.polygon([(x, base), (x + wide / 2, base - rise), (x + wide, base), (x + wide, h), (x, h)])
            roofs.box(x + wide * 0.62, base - rise - 30, x + wide * 0.74, base)
            x += wide * 0.92
        tone = palette.lit((112, 84, 80), far=far)
        canvas.shadow(roofs, shift=(0, -3), blur=10, opacity=0.2, colour=palette.ink)
        canvas.paint(roofs, tone, until=mix(tone, palette.ink, 0.3))
    slope = canvas.whole(top=h * 0.74).polygon(
        [(-10, h * 0.88), (w * 0.5, h * 0.82), (w + 10, h * 0.88), (w + 10, h), (-10, h)]
    )
    canvas.paint(slope, palette.dark((112, 76, 70), 0.3), until=palette.dark((112, 76, 70), 0.6))
    stack = canvas.whole().box(w * (0.5 + 0.3 * side) - 70, h * 0.5, w * (0.5 + 0.3 * side) + 70, h * 0.9)
    for step in (-36, 0, 36):
        stack.box(w * (0.5 + 0.3 * side) + step - 13, h * 0.43, w * (0.5 + 0.3 * side) + step + 13, h * 0.5)
    canvas.paint(stack, palette.dark((142, 88, 72), 0.2), until=palette.dark((142, 88, 72), 0.5))
    return stand(canvas, reading, at, "on a roof above a town", x=0.5 - 0.12 * side)


def set_courtyard(canvas: Canvas, reading: Reading) -> Stage:
    """Walls on three sides, with arches."""
    horizon, side, at = open_air(canvas, reading, 0.3)
    w, h, palette = canvas.width, canvas.height, reading.palette
    stone = palette.lit((178, 160, 132))
    lay_flat(canvas, reading, h * 0.66, (166, 150, 126))
    for points, depth in (
        ([(0.0, h * 0.02), (w * 0.2, h * 0.2), (w * 0.2, h * 0.66), (0.0, h * 0.84)], 0.3),
        ([(float(w), h * 0.02), (w * 0.8, h * 0.2), (w * 0.8, h * 0.66), (float(w), h * 0.84)], 0.16),
        ([(w * 0.2, h * 0.2), (w * 0.8, h * 0.2), (w * 0.8, h * 0.66), (w * 0.2, h * 0.66)], 0.0),
    ):
        canvas.paint(
            canvas.whole().polygon(points), mix(stone, palette.ink, depth), until=mix(stone, palette.ink, depth + 0.2)
        )
    arches = canvas.whole()
    for step in range(4):
        x = w * (0.275 + 0.15 * step)
        arches.box(x - 56, h * 0.46, x + 56, h * 0.66).ellipse((x, h * 0.46), 56)
    canvas.paint(arches, mix(stone, palette.ink, 0.6), until=mix(stone, palette.ink, 0.4))
    windows = canvas.whole()
    for step in range(4):
        x = w * (0.275 + 0.15 * step)
        windows.box(x - 26, h * 0.26, x + 26, h * 0.34)
    canvas.paint(windows, palette.glow if reading.light in LIT else mix(palette.sky, palette.ink, 0.4))
    if reading.has("well", "fountain"):
        place_thing(
            canvas,
            reading,
            "well" if reading.has("well") else "fountain",
            (w * (0.5 + 0.24 * side), h * 0.82),
            h * 0.26,
        )
    del horizon
    return stand(canvas, reading, at, "in a courtyard", x=0.5 - 0.06 * side)


def set_churchyard(canvas: Canvas, reading: Reading) -> Stage:
    """Graves on uneven ground."""
    horizon, side, at = open_air(canvas, reading, 0.54)
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    line = land.rolling(reading.dice("mounds"), canvas.width, horizon + 44, 10)
    land.lay_ridge(canvas, reading, line, ground, far=0.12, light_side=side)
    if reading.has("church"):
        place_thing(
            canvas, reading, "church", (canvas.width * (0.5 + 0.24 * side), horizon + 60), canvas.height * 0.4, far=0.2
        )
    land.draw_graves(canvas, reading, horizon=horizon + 60, light_side=side)
    return stand(canvas, reading, at, "in a churchyard", x=0.5 - 0.1 * side)


def set_ruins(canvas: Canvas, reading: Reading) -> Stage:
    """Broken walls and arches on open ground."""
    horizon, side, at = open_air(canvas, reading, 0.6)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("ruins")
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    lay_flat(canvas, reading, horizon + 40, ground)
    for x, wide, tall, far in ((0.2, 0.16, 0.34, 0.3), (0.5, 0.24, 0.5, 0.12), (0.82, 0.18, 0.42, 0.2)):
        left, foot = w * (x - wide / 2), horizon + 64
        outline = [(left, foot)]
        for step in range(9):
            outline.append((left + w * wide * step / 8, foot - h * tall * dice.uniform(0.45, 1.0)))
        outline.append((left + w * wide, foot))
        wall = canvas.whole().polygon(outline)
        wall.box(w * x - 44, foot - h * tall * 0.36, w * x + 44, foot + 2, tone=0)
        wall.ellipse((w * x, foot - h * tall * 0.36), 44, tone=0)
        tone = palette.lit((158, 146, 130), far=far)
        canvas.paint(wall, tone, until=mix(tone, palette.ink, 0.3))
        canvas.rim(wall, palette.light, shift=(-3 * side, 3), opacity=0.4)
    for _ in range(9):
        x, y, size = dice.uniform(0.05, 0.95) * w, dice.uniform(0.76, 0.9) * h, dice.uniform(16, 46)
        block = canvas.whole().polygon(
            [(x - size, y), (x - size * 0.8, y - size * 0.7), (x + size * 0.7, y - size * 0.8), (x + size, y)]
        )
        canvas.paint(block, palette.lit((150, 140, 126)), until=palette.dark((130, 120, 108), 0.4))
    return stand(canvas, reading, at, "among ruins", x=0.5 - 0.06 * side)
