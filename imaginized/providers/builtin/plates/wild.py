"""Green and wild places under the sky: gardens, moors, cliffs, jungles, water, snow, camps."""

import math
from dataclasses import replace

from imaginized.providers.builtin.plates import land, sky, trees, water
from imaginized.providers.builtin.plates.canvas import Canvas, mix
from imaginized.providers.builtin.plates.ground import LIT, lay_flat, place_thing, stand
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, light_side_of, open_air
from imaginized.story.staging import Season


def set_walled_garden(canvas: Canvas, reading: Reading) -> Stage:
    """A garden behind a high wall with ivy on it."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("ivy")
    line = land.rolling(reading.dice("tops"), w, horizon - 40, 20)
    trees.plant_trees(canvas, reading, line, count=9, height=120, far=0.4, key="beyond")
    lay_flat(canvas, reading, h * 0.66, (112, 138, 84))
    top, foot = h * 0.3, h * 0.68
    wall = canvas.whole().box(0, top, w, foot)
    brick = palette.lit((164, 110, 86))
    canvas.paint(wall, mix(brick, palette.light, 0.08), until=mix(brick, palette.ink, 0.28))
    joints = canvas.whole()
    for row in range(12):
        y = top + (foot - top) * row / 12
        joints.stroke([(0, y), (w, y)], 2, tone=150)
        for column in range(30):
            x = (column + 0.5 * (row % 2)) * w / 29
            joints.stroke([(x, y), (x, y + (foot - top) / 12)], 2, tone=150)
    canvas.paint(joints, mix(brick, palette.ink, 0.4), opacity=0.6)
    coping = canvas.whole().box(-5, top - 16, w + 5, top + 6)
    canvas.paint(coping, palette.lit((190, 176, 154)))
    ivy, dead = canvas.whole(), reading.season is Season.WINTER
    for _ in range(300):
        u = dice.random()
        x = u * w
        y = top + abs(dice.gauss(0, 0.5)) * (foot - top) * (0.4 + 0.6 * math.sin(u * 9 + 2) ** 2)
        ivy.ellipse((x, min(y, foot)), dice.uniform(10, 22), dice.uniform(8, 16))
    canvas.paint(ivy, palette.dark((96, 78, 60) if dead else (66, 98, 58), 0.22))
    canvas.rim(ivy, palette.light, shift=(-2, 2), opacity=0.25)
    if reading.has("door", "gate"):
        place_thing(canvas, reading, "door", (w * (0.5 + 0.2 * side), foot + 4), (foot - top) * 0.78)
    _beds(canvas, reading, h * 0.7)
    return stand(canvas, reading, at, "in a walled garden", x=0.5 - 0.08 * side)


def _beds(canvas: Canvas, reading: Reading, top: float) -> None:
    """Two flower beds with a path between them."""
    w, h, palette = canvas.width, canvas.height, reading.palette
    path = canvas.whole(top=top).polygon([(w * 0.46, top), (w * 0.54, top), (w * 0.7, h), (w * 0.3, h)])
    canvas.paint(path, palette.lit((206, 186, 146)), until=palette.dark((186, 164, 126), 0.2))
    if reading.season is Season.WINTER or reading.light is Light.SNOW:
        return
    dice = reading.dice("beds")
    heads = {tone: canvas.whole(top=top - 20) for tone in ((206, 84, 92), (232, 196, 110), (216, 206, 226))}
    leaves = canvas.whole(top=top - 30)
    for _ in range(230):
        t = dice.random()
        y = top + (h - top) * t
        inner = w * (0.04 + 0.16 * t)
        x = w / 2 + dice.choice((-1, 1)) * (inner + dice.random() * w * (0.2 + 0.22 * t))
        size = 4 + 9 * t
        leaves.ellipse((x + dice.uniform(-6, 6), y + size), size * 1.6, size * 1.1)
        heads[dice.choice(tuple(heads))].ellipse((x, y), size, size * 0.8)
    canvas.paint(leaves, palette.dark((76, 112, 66), 0.12))
    for tone, stencil in heads.items():
        canvas.paint(stencil, palette.lit(tone))


def set_garden(canvas: Canvas, reading: Reading) -> Stage:
    """A garden with a lawn, clipped hedges and beds."""
    horizon, side, at = open_air(canvas, reading, 0.54)
    w, h, palette = canvas.width, canvas.height, reading.palette
    line = land.rolling(reading.dice("tops"), w, horizon + 6, 14)
    trees.plant_trees(canvas, reading, line, count=12, height=150, far=0.4, key="garden")
    lawn = land.ground_colour(reading)
    lay_flat(canvas, reading, horizon, lawn)
    for depth, (rise, far) in enumerate(((58.0, 0.3), (96.0, 0.1))):
        hedge = canvas.whole()
        y = horizon + 44 + 74 * depth
        for edge in (-1, 1):
            hedge.box(w * (0.5 + edge * (0.17 + 0.07 * depth)), y - rise, w * (0.5 + edge * 0.7), y)
        canvas.paint(hedge, palette.lit((72, 104, 66), far=far), until=palette.dark((60, 88, 56), 0.3))
        canvas.rim(hedge, palette.light, shift=(0, 3), opacity=0.3)
    _beds(canvas, reading, horizon + 60)
    if reading.has("fountain"):
        place_thing(canvas, reading, "fountain", (w * (0.5 + 0.16 * side), h * 0.74), h * 0.24)
    return stand(canvas, reading, at, "in a garden", x=0.5 - 0.1 * side)


def set_park(canvas: Canvas, reading: Reading) -> Stage:
    """Old trees on grass, with a path and a bench."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    w, h = canvas.width, canvas.height
    grass = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, grass)
    lay_flat(canvas, reading, horizon + 34, grass)
    land.draw_road(
        canvas,
        reading,
        horizon=horizon + 44,
        start=w * 0.5,
        end=w * (0.5 + 0.2 * side),
        colour=(206, 190, 152),
        bricks=False,
    )
    for x, tall in ((0.1, 0.62), (0.84, 0.7), (0.66, 0.4)):
        foot = (w * (x if side > 0 else 1 - x), h * (0.66 + 0.16 * tall))
        if reading.season is not Season.WINTER and reading.light is not Light.SNOW:
            place_thing(canvas, reading, "tree", foot, h * tall)
            continue
        bare = canvas.whole()
        trees.draw_tree(bare, reading.dice(f"bare {x}"), foot, h * tall, kind="bare")
        canvas.paint(bare, reading.palette.dark((84, 70, 60), 0.3))
    place_thing(canvas, reading, "bench", (w * (0.5 + 0.3 * side), h * 0.86), h * 0.15)
    return stand(canvas, reading, at, "in a park", x=0.5 - 0.08 * side)


def set_yard(canvas: Canvas, reading: Reading) -> Stage:
    """A farmyard: barn, fence, cart and straw."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    w, h, palette = canvas.width, canvas.height, reading.palette
    land.draw_ridges(canvas, reading, horizon, side, land.ground_colour(reading))
    lay_flat(canvas, reading, horizon + 40, (168, 144, 106))
    x, foot, half = w * (0.5 + 0.26 * side), h * 0.74, w * 0.17
    barn = canvas.whole().polygon(
        [
            (x - half, foot),
            (x - half, foot - h * 0.27),
            (x, foot - h * 0.46),
            (x + half, foot - h * 0.27),
            (x + half, foot),
        ]
    )
    canvas.paint(barn, palette.lit((152, 72, 58)), until=palette.dark((136, 64, 54), 0.3))
    planks = canvas.whole()
    for step in range(13):
        planks.stroke([(x - half + half * step / 6, foot - h * 0.26), (x - half + half * step / 6, foot)], 3, tone=140)
    canvas.paint(planks, palette.ink, opacity=0.3)
    gate = canvas.whole().box(x - half * 0.4, foot - h * 0.2, x + half * 0.4, foot)
    canvas.paint(gate, palette.dark((86, 58, 44), 0.4))
    cross = canvas.whole().stroke([(x - half * 0.4, foot), (x + half * 0.4, foot - h * 0.2)], 7)
    cross.stroke([(x + half * 0.4, foot), (x - half * 0.4, foot - h * 0.2)], 7)
    canvas.paint(cross, palette.lit((222, 206, 176)))
    for step in range(3):
        place_thing(canvas, reading, "fence", (w * (0.5 - side * (0.1 + 0.16 * step)), h * 0.72), h * 0.13, far=0.1)
    if reading.has("cart"):
        place_thing(canvas, reading, "cart", (w * (0.5 - 0.32 * side), h * 0.86), h * 0.18)
    return stand(canvas, reading, at, "in a farmyard", x=0.5 - 0.08 * side)


def set_camp(canvas: Canvas, reading: Reading) -> Stage:
    """Tents and a fire in open country."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    w, h = canvas.width, canvas.height
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    lay_flat(canvas, reading, horizon + 40, ground)
    for x, y, tall, far in ((0.3, 0.66, 0.16, 0.3), (0.5, 0.67, 0.19, 0.24), (0.76, 0.72, 0.3, 0.08)):
        place_thing(canvas, reading, "tent", (w * (x if side > 0 else 1 - x), h * y), h * tall, far=far)
    fire = (w * (0.5 - 0.16 * side), h * 0.88)
    canvas.glow((fire[0], fire[1] - 60), h * 0.55, (255, 150, 70), strength=0.55 if reading.light in LIT else 0.25)
    place_thing(canvas, reading, "fire", fire, h * 0.17)
    stage = stand(canvas, reading, fire if reading.light in LIT else at, "in a camp", x=0.5 + 0.12 * side)
    return replace(stage, depth=0.16)


def set_battlefield(canvas: Canvas, reading: Reading) -> Stage:
    """Smoke, guns and trampled ground."""
    horizon, side, at = open_air(canvas, reading, 0.58)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("smoke")
    land.draw_ridges(canvas, reading, horizon, side, (132, 122, 92))
    lay_flat(canvas, reading, horizon + 30, (128, 112, 84))
    for _ in range(9):
        x, y, size = dice.uniform(0, w), horizon + dice.uniform(-120, 60), dice.uniform(50, 150)
        puff = canvas.whole()
        for _ in range(5):
            puff.ellipse((x + dice.gauss(0, size * 0.6), y + dice.gauss(0, size * 0.3)), size * 0.6)
        canvas.paint(puff, mix(palette.haze, (226, 220, 210), 0.4), opacity=0.45)
    place_thing(canvas, reading, "cannon", (w * (0.5 + 0.3 * side), h * 0.8), h * 0.15, facing=-side)
    stakes = canvas.whole()
    for _ in range(7):
        x, y, tall = dice.uniform(0.1, 0.9) * w, dice.uniform(0.7, 0.8) * h, dice.uniform(30, 90)
        stakes.limb((x, y), (x + dice.uniform(-40, 40), y - tall), 5, 3)
    canvas.paint(stakes, palette.ink)
    return stand(canvas, reading, at, "on a field of battle", x=0.5 - 0.08 * side)


def set_cliff(canvas: Canvas, reading: Reading) -> Stage:
    """The edge of a cliff, high above what lies beyond."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    w, h, palette = canvas.width, canvas.height, reading.palette
    land.draw_mountains(canvas, reading, base=horizon + 40, height=150, far=0.8, light_side=side, key="cliff")
    low = canvas.whole(top=horizon + 20).box(0, horizon + 20, w, h)
    canvas.paint(low, mix(palette.haze, palette.horizon, 0.4), until=mix(palette.haze, palette.ink, 0.3))
    edge = w * (0.5 + 0.2 * side)
    back = -60.0 if side > 0 else w + 60.0
    rock = canvas.whole().polygon(
        [
            (back, h * 0.76),
            (edge - side * 240, h * 0.78),
            (edge, h * 0.8),
            (edge - side * 30, h * 0.88),
            (edge + side * 14, h * 0.95),
            (edge - side * 40, h + 20),
            (back, h + 20),
        ]
    )
    canvas.shadow(rock, shift=(0, -4), blur=16, opacity=0.4, colour=palette.ink)
    canvas.paint(rock, palette.lit((146, 132, 112)), until=palette.dark((112, 100, 88), 0.5))
    canvas.rim(rock, palette.light, shift=(0, 4), opacity=0.5)
    return stand(canvas, reading, at, "at the edge of a cliff", feet=0.84, x=0.5 - 0.06 * side)


def set_jungle(canvas: Canvas, reading: Reading) -> Stage:
    """Great leaves and lianas around a gap of light."""
    side, w, h, palette = light_side_of(reading), canvas.width, canvas.height, reading.palette
    at = (w * (0.5 + 0.1 * side), h * 0.36)
    canvas.wash(
        lambda u, v: mix(
            mix(palette.horizon, (150, 190, 120), 0.5),
            palette.dark((40, 84, 58), 0.4),
            min(1.5 * math.hypot(u - at[0] / w, v - 0.38), 1.0),
        )
    )
    dice = reading.dice("palms")
    for depth, tone in enumerate((0.1, 0.34, 0.58)):
        leaves = canvas.whole()
        for _ in range(10 + 5 * depth):
            edge = dice.choice((-1, 1))
            x = w * (0.5 + edge * dice.uniform(0.12 + 0.1 * depth, 0.55))
            y = h * dice.uniform(0.02, 0.9)
            for frond in range(7):
                angle = math.pi * (0.15 + 0.12 * frond) + dice.uniform(-0.1, 0.1)
                long = dice.uniform(70, 130) * (1 + 0.4 * depth)
                tip = (x + math.cos(angle) * long, y + math.sin(angle) * long * 0.5 - long * 0.3 * math.sin(angle))
                mid = ((x + tip[0]) / 2, (y + tip[1]) / 2 - long * 0.2)
                leaves.blob([(x, y), (mid[0], mid[1] - 12), tip, (mid[0], mid[1] + 14)])
        colour = mix(palette.lit((66, 112, 66)), palette.ink, tone)
        canvas.shadow(leaves, shift=(0, 6), blur=14, opacity=0.25, colour=palette.ink)
        canvas.paint(leaves, colour)
    vines = canvas.whole()
    for _ in range(7):
        x = dice.uniform(0, w)
        vines.stroke([(x + math.sin(t / 3) * 14, h * t / 14) for t in range(dice.randint(6, 12))], 6)
    canvas.paint(vines, mix(palette.lit((86, 84, 52)), palette.ink, 0.5))
    floor = canvas.whole(top=h * 0.72).blob(
        [(-60, h * 0.84), (w * 0.5, h * 0.78), (w + 60, h * 0.84), (w + 60, h + 60), (-60, h + 60)]
    )
    canvas.paint(floor, mix(palette.lit((84, 100, 58)), palette.ink, 0.3), until=palette.ink)
    return stand(canvas, reading, at, "in a jungle")


def set_swamp(canvas: Canvas, reading: Reading) -> Stage:
    """Standing water, reeds and dead trees."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("reeds")
    land.draw_ridges(canvas, reading, horizon, side, (104, 108, 84))
    pool = canvas.whole(top=horizon + 20).box(0, horizon + 24, w, h)
    tone = mix(water.water_colour(palette), palette.lit((86, 92, 66)), 0.5)
    canvas.paint(pool, mix(tone, palette.horizon, 0.4), until=mix(tone, palette.ink, 0.4))
    dead = canvas.whole()
    for x in (0.12, 0.3, 0.72, 0.9):
        trees.draw_tree(dead, dice, (w * x, horizon + dice.uniform(60, 150)), dice.uniform(200, 330), kind="bare")
    canvas.paint(dead, palette.dark((70, 62, 54), 0.5))
    for tone_share, base in ((0.4, h * 0.74), (0.66, h * 0.98)):
        reeds = canvas.whole()
        for _ in range(120):
            x, tall = dice.uniform(0, w), dice.uniform(40, 130)
            reeds.limb((x, base + 20), (x + dice.uniform(-20, 20), base - tall), 4, 1.5)
        canvas.paint(reeds, mix(palette.lit((104, 110, 66)), palette.ink, tone_share))
    hump = canvas.whole(top=h * 0.78).blob(
        [(w * 0.2, h * 0.97), (w * 0.5, h * 0.85), (w * 0.8, h * 0.97), (w * 0.7, h * 1.1), (w * 0.3, h * 1.1)]
    )
    canvas.paint(hump, palette.lit((112, 112, 74)), until=palette.dark((84, 84, 58), 0.4))
    return stand(canvas, reading, at, "in a swamp", feet=0.91)


def set_lake(canvas: Canvas, reading: Reading) -> Stage:
    """Still water with the far shore in it."""
    horizon, side, at = open_air(canvas, reading, 0.48)
    w, h, palette = canvas.width, canvas.height, reading.palette
    land.draw_ridges(canvas, reading, horizon, side, land.ground_colour(reading))
    pool = canvas.whole(top=horizon + 10).box(0, horizon + 16, w, h)
    tone = water.water_colour(palette)
    canvas.paint(pool, mix(tone, palette.horizon, 0.5), until=mix(tone, palette.ink, 0.3))
    ripples, dice = canvas.whole(top=horizon), reading.dice("ripples")
    for _ in range(90):
        t = dice.random()
        x, y, long = dice.uniform(0, w), horizon + 20 + (h - horizon) * t * 0.8, 20 + 110 * t
        ripples.stroke([(x, y), (x + long, y)], 1.5 + 2 * t, tone=dice.randint(70, 160))
    canvas.paint(ripples, palette.light, opacity=0.5)
    shore = canvas.whole(top=h * 0.74).blob(
        [(-80, h * 0.86), (w * 0.3, h * 0.82), (w * 0.7, h * 0.9), (w + 80, h * 0.88), (w + 80, h + 60), (-80, h + 60)]
    )
    canvas.paint(shore, palette.lit(land.ground_colour(reading)), until=palette.dark((96, 110, 70), 0.4))
    afloat = reading.has("boat")
    stage = stand(canvas, reading, at, "on a lake" if afloat else "beside a lake", feet=0.78 if afloat else 0.93)
    return replace(stage, afloat=afloat)


def set_underwater(canvas: Canvas, reading: Reading) -> Stage:
    """Below the surface, with shafts of light and weed."""
    w, h, dice = canvas.width, canvas.height, reading.dice("weed")
    canvas.wash(lambda u, v: mix((150, 214, 208), (8, 40, 70), min(v * 1.15 + 0.3 * abs(u - 0.5), 1.0)))
    shafts = canvas.whole()
    for step in range(6):
        x = w * (0.1 + 0.16 * step)
        shafts.polygon([(x, -10), (x + 60, -10), (x + 190, h), (x + 20, h)])
    canvas.paint(shafts, (214, 244, 232), opacity=0.16)
    sand = canvas.whole(top=h * 0.8).blob(
        [(-60, h * 0.93), (w * 0.3, h * 0.87), (w * 0.7, h * 0.93), (w + 60, h * 0.88), (w + 60, h + 60), (-60, h + 60)]
    )
    canvas.paint(sand, (96, 132, 122), until=(30, 66, 80))
    weed = canvas.whole()
    for _ in range(26):
        x, tall = w * dice.choice((dice.uniform(0, 0.3), dice.uniform(0.7, 1))), dice.uniform(120, 420)
        points = [(x + math.sin(t * 1.2 + x) * 22, h * 0.97 - tall * t / 8) for t in range(9)]
        for index in range(8):
            weed.limb(points[index], points[index + 1], 10 - index, 9 - index)
    canvas.paint(weed, (20, 74, 66), until=(8, 44, 52))
    bubbles = canvas.whole()
    for _ in range(40):
        x, y, r = dice.uniform(0, w), dice.uniform(0, h), dice.uniform(3, 10)
        bubbles.ellipse((x, y), r).ellipse((x, y), r - 1.6, tone=0)
    canvas.paint(bubbles, (226, 248, 244), opacity=0.6)
    return stand(canvas, reading, (w * 0.5, 0.0), "under water", feet=0.82)


def set_sky(canvas: Canvas, reading: Reading) -> Stage:
    """High above the clouds."""
    w, h, palette = canvas.width, canvas.height, reading.palette
    side = light_side_of(reading)
    at = (w * (0.5 + 0.24 * side), h * 0.3)
    sky.draw_sky(canvas, reading, horizon=h * 0.9, light_at=at)
    dice = reading.dice("cloud floor")
    for depth in range(3):
        floor = canvas.whole(top=h * 0.5)
        base = h * (0.74 + 0.1 * depth)
        x = -60.0
        while x < w + 80:
            r = dice.uniform(50, 120) * (1 + 0.3 * depth)
            floor.ellipse((x, base), r, r * 0.5)
            x += r * 0.9
        floor.box(0, base, w, h)
        tone = mix(palette.horizon, (255, 255, 255), 0.3)
        canvas.paint(floor, mix(tone, palette.haze, 0.2 * depth), until=mix(tone, palette.zenith, 0.3))
    return stand(canvas, reading, at, "high in the sky", feet=0.72)


def set_snow(canvas: Canvas, reading: Reading) -> Stage:
    """Wide snow with dark firs."""
    horizon, side, at = open_air(canvas, reading, 0.54 if reading.turn % 2 else 0.62)
    w, palette, white = canvas.width, reading.palette, (232, 236, 240)
    land.draw_mountains(canvas, reading, base=horizon + 30, height=150, far=0.7, light_side=side, key="snow")
    for depth, far in enumerate((0.5, 0.24, 0.0)):
        line = land.rolling(reading.dice(f"drift {depth}"), w, horizon + 10 + 66 * depth, 16 + 6 * depth)
        land.lay_ridge(canvas, reading, line, white, far=far, light_side=side)
        if depth < 2:
            firs, dice = canvas.whole(), reading.dice(f"firs {depth}")
            for _ in range(10):
                x = dice.uniform(0, w)
                if depth and abs(x / w - 0.5) < 0.2:
                    continue
                tall = dice.uniform(60, 110) * (1 + depth * 1.3)
                trees.draw_tree(firs, dice, (x, trees.ground_at(line, x) + 6), tall, kind="pine")
            canvas.paint(firs, mix(palette.lit((52, 74, 66)), palette.haze, far))
    return stand(canvas, reading, at, "in the snow", x=0.5 - 0.08 * side)


def set_road(canvas: Canvas, reading: Reading) -> Stage:
    """A road through open country, with hedges or trees along it."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    w = canvas.width
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    lay_flat(canvas, reading, horizon + 40, ground)
    end = w * (0.5 + 0.16 * side)
    land.draw_road(
        canvas,
        reading,
        horizon=horizon + 44,
        start=w * (0.5 - 0.06 * side),
        end=end,
        colour=(206, 182, 138),
        bricks=False,
    )
    return stand(canvas, reading, at, "on a road", x=0.5 - 0.08 * side)


def set_moor(canvas: Canvas, reading: Reading) -> Stage:
    """Low swells of heather, with boulders."""
    horizon, side, at = open_air(canvas, reading, 0.5)
    w, h, palette, dice = canvas.width, canvas.height, reading.palette, reading.dice("moor")
    for depth, far in enumerate((0.7, 0.45, 0.2, 0.05)):
        colour = mix((120, 96, 112), (112, 116, 82), 0.25 * depth)
        line = land.rolling(dice, w, horizon + 10 + 62 * depth, 20 + 5 * depth)
        land.lay_ridge(canvas, reading, line, colour, far=far, light_side=side)
    for _ in range(8):
        x, y, size = dice.uniform(0, 1) * w, dice.uniform(0.62, 0.86) * h, dice.uniform(18, 56)
        rock = canvas.whole().blob(
            [(x - size, y), (x - size * 0.7, y - size * 0.6), (x + size * 0.2, y - size * 0.8), (x + size, y)]
        )
        canvas.paint(rock, palette.lit((138, 134, 128)), until=palette.dark((110, 106, 102), 0.4))
    return stand(canvas, reading, at, "on a moor", x=0.5 - 0.06 * side)
