"""One composition for each kind of place; each says where figures stand in it and how they are lit."""

from collections.abc import Callable
from dataclasses import dataclass

from imaginized.providers.builtin.plates import forest, furniture, interior, land, sky, town, water
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.creatures import draw_flock
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.words import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where figures may stand.

    Attributes:
        feet: Height in the picture of the ground the nearest stand on.
        size: Pixels of a grown man there.
        centre: Where the group gathers, in pixels.
        light_at: Sun, moon, window or fire.
        depth: How far bodies sink towards the ink, 0..1.
        setting: What the alternative text says of the place.
        afloat: Whether they sit in a boat.
        tree_side: Edge for a framing tree: -1, 1, or 0 for none.
    """

    feet: float
    size: float
    centre: float
    light_at: Point
    depth: float
    setting: str
    afloat: bool = False
    tree_side: int = 0


def _light_side(reading: Reading) -> int:
    return reading.dice("light side").choice((-1, 1))


def _open_air(canvas: Canvas, reading: Reading, horizon_share: float) -> tuple[float, int, Point]:
    """Paint the sky; return the horizon, the side of the light, and where it stands."""
    side, horizon = _light_side(reading), canvas.height * horizon_share
    low = reading.light in {Light.DUSK, Light.DAWN}
    at = (canvas.width * (0.5 + 0.2 * side), horizon * (0.86 if low else 0.36))
    sky.draw_sky(canvas, reading, horizon=horizon + 8, light_at=at)
    return horizon, side, at


def set_land(canvas: Canvas, reading: Reading) -> Stage:
    """Open country: mountains or hills far off, fields between, a road if there is one."""
    place = reading.place
    horizon, side, at = _open_air(canvas, reading, 0.6 if place is not Place.PRAIRIE else 0.66)
    if place is Place.MOUNTAINS:
        land.draw_mountains(canvas, reading, base=horizon + 40, height=300, far=0.68, light_side=side, key="far")
        land.draw_mountains(canvas, reading, base=horizon + 70, height=190, far=0.34, light_side=side, key="near")
    if reading.has("lightning") or (reading.light is Light.STORM and not reading.has("cyclone")):
        sky.draw_lightning(canvas, reading, x=at[0], bottom=horizon)
    if reading.has("cyclone"):
        draw_cyclone(canvas, reading, foot=(at[0], horizon + 24))
    ground = land.ground_colour(reading)
    _ridges(canvas, reading, horizon, side, ground)
    focal = canvas.width * (0.5 + 0.16 * side)
    _landmark(canvas, reading, (focal, horizon + 34), side)
    _near_ground(canvas, reading, horizon, focal, ground, side)
    return Stage(
        feet=canvas.height - 52,
        size=228,
        centre=canvas.width * (0.5 - 0.17 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting=_SETTINGS[place],
        tree_side=0 if place is Place.PRAIRIE else -side,
    )


def _ridges(canvas: Canvas, reading: Reading, horizon: float, side: int, ground: Colour) -> None:
    dice, flat = reading.dice("ridges"), reading.place in {Place.PRAIRIE, Place.FIELD}
    swing = 7 if flat else 34
    far_tone = mix(ground, (84, 112, 116), 0.5)
    for depth, far in enumerate((0.85, 0.6) if flat else (0.9, 0.7, 0.45)):
        line = land.rolling(dice, canvas.width, horizon - 14 + 22 * depth, swing, waves=1.4 + 0.5 * depth)
        land.lay_ridge(canvas, reading, line, mix(far_tone, ground, depth / 2), far=far, light_side=side)
        if (not (flat and depth == 0 and reading.place is Place.PRAIRIE) and reading.light is not Light.SNOW) or depth:
            land.plant_trees(
                canvas, reading, line, count=7 + 4 * depth, height=26 + 22 * depth, far=far, key=f"ridge {depth}"
            )


def _near_ground(canvas: Canvas, reading: Reading, horizon: float, focal: float, ground: Colour, side: int) -> None:
    dice = reading.dice("near ground")
    line = land.rolling(dice, canvas.width, horizon + 44, 6, waves=1.2)
    land.lay_ridge(canvas, reading, line, ground, far=0.12, light_side=side)
    _furrows(canvas, reading, horizon + 52, focal, ground)
    if reading.has("road") or reading.place is Place.HILLS:
        colour = reading.colour_of("road", "brick", "bricks", "path") or (208, 182, 136)
        land.draw_road(
            canvas,
            reading,
            horizon=horizon + 40,
            start=canvas.width * (0.5 - 0.12 * side),
            end=focal,
            colour=colour,
            bricks=reading.has("bricks"),
        )
    if reading.place is Place.GARDEN or reading.has("flowers"):
        named = reading.colour_of("poppies", "poppy", "flowers", "blossoms", "roses", "petals") or (206, 62, 54)
        land.draw_flowers(canvas, reading, horizon=horizon + 46, colour=named)


def _furrows(canvas: Canvas, reading: Reading, top: float, focal: float, ground: Colour) -> None:
    if reading.place not in {Place.FIELD, Place.PRAIRIE, Place.GARDEN}:
        return
    lines, dice = canvas.whole(top=top), reading.dice("furrows")
    for row in range(-15, 16):
        foot = focal + row * 150
        lines.polygon([(focal + row * 22, top), (foot + 34, canvas.height), (foot - 20, canvas.height)], tone=150)
    for _ in range(130):
        t = dice.random()
        x, y = dice.uniform(0, canvas.width), top + 12 + (canvas.height - top) * t**1.4
        lines.polygon(
            [
                (x - 3 - 5 * t, y),
                (x - 1, y - 5 - 13 * t),
                (x + 1, y),
                (x + 4 + 3 * t, y - 4 - 10 * t),
                (x + 5 + 4 * t, y),
            ]
        )
    canvas.paint(lines, reading.palette.dark(ground, 0.45), opacity=0.32)


def _landmark(canvas: Canvas, reading: Reading, at: Point, side: int) -> None:
    if reading.has("castle"):
        town.draw_castle(canvas, reading, at, 150, far=0.4)
    elif reading.has("windmill"):
        town.draw_windmill(canvas, reading, at, 130)
    elif reading.has("house"):
        town.draw_house(canvas, reading, (at[0] + 40 * side, at[1] + 12), 140, far=0.2)


def set_castle(canvas: Canvas, reading: Reading) -> Stage:
    """A castle on its hill, high against the sky, with a road up to it."""
    horizon, side, at = _open_air(canvas, reading, 0.64)
    land.draw_mountains(canvas, reading, base=horizon + 30, height=170, far=0.8, light_side=side, key="castle")
    dice, x = reading.dice("castle hill"), canvas.width * (0.5 + 0.13 * side)
    far_line = land.rolling(dice, canvas.width, horizon, 18)
    land.lay_ridge(canvas, reading, far_line, (98, 120, 104), far=0.6, light_side=side)
    land.plant_trees(canvas, reading, far_line, count=9, height=36, far=0.6, key="castle")
    canvas.glow((x, horizon - 140), 380, reading.palette.light, strength=0.35)
    hill = [
        (float(u), horizon + 60 - 130 * max(0.0, 1 - abs(u - x) / 480) ** 1.4)
        for u in range(-20, canvas.width + 41, 20)
    ]
    town.draw_castle(canvas, reading, (x, horizon - 52), 250, far=0.18)
    ground = land.ground_colour(reading)
    land.lay_ridge(canvas, reading, hill, mix(ground, (70, 88, 76), 0.5), far=0.25, light_side=side)
    land.plant_trees(canvas, reading, hill, count=9, height=52, far=0.2, key="hill")
    near = land.rolling(dice, canvas.width, horizon + 92, 12)
    land.lay_ridge(canvas, reading, near, ground, far=0.05, light_side=side)
    colour = reading.colour_of("road", "brick", "bricks") or (204, 180, 140)
    land.draw_road(
        canvas,
        reading,
        horizon=horizon + 80,
        start=canvas.width * (0.5 - 0.14 * side),
        end=x,
        colour=colour,
        bricks=reading.has("bricks"),
    )
    return Stage(
        feet=canvas.height - 44,
        size=196,
        centre=canvas.width * (0.5 - 0.2 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting="before a castle on its hill",
        tree_side=-side,
    )


def set_desert(canvas: Canvas, reading: Reading) -> Stage:
    """Dunes under a wide sky."""
    horizon, side, at = _open_air(canvas, reading, 0.56)
    land.draw_dunes(canvas, reading, horizon=horizon, light_side=side)
    return Stage(
        feet=canvas.height - 60,
        size=196,
        centre=canvas.width * (0.5 - 0.18 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting="among the dunes of a desert",
    )


def set_forest(canvas: Canvas, reading: Reading) -> Stage:
    """Trunks in the mist around a clearing."""
    side = _light_side(reading)
    at = (canvas.width * (0.5 + 0.1 * side), canvas.height * 0.4)
    centre = canvas.width * (0.5 - 0.06 * side)
    forest.draw_forest(
        canvas, reading, horizon=canvas.height * 0.66, light_at=at, clearing=(centre - 330, centre + 330)
    )
    if reading.has("road"):
        colour = reading.colour_of("road", "brick", "bricks", "path") or (188, 160, 118)
        land.draw_road(
            canvas,
            reading,
            horizon=canvas.height * 0.67,
            start=centre,
            end=at[0],
            colour=colour,
            bricks=reading.has("bricks"),
        )
    if reading.has("house"):
        town.draw_house(canvas, reading, (at[0] + 130 * side, canvas.height * 0.7), 150, far=0.15)
    return Stage(
        feet=canvas.height - 58,
        size=216,
        centre=centre,
        light_at=at,
        depth=_body_depth(reading) + 0.08,
        setting="in a forest",
        tree_side=-side,
    )


def set_river(canvas: Canvas, reading: Reading) -> Stage:
    """A river between hills, and a bank to stand on."""
    horizon, side, at = _open_air(canvas, reading, 0.5)
    if "mountains" in reading.words:
        land.draw_mountains(canvas, reading, base=horizon + 20, height=190, far=0.65, light_side=side, key="river")
    ground = land.ground_colour(reading)
    _ridges(canvas, reading, horizon, side, ground)
    land.lay_ridge(
        canvas,
        reading,
        land.rolling(reading.dice("meadow"), canvas.width, horizon + 46, 5),
        ground,
        far=0.15,
        light_side=side,
    )
    water.draw_river(canvas, reading, horizon=horizon + 44, light_at=at)
    if reading.has("bridge"):
        _bridge(canvas, reading, horizon + 92)
    afloat = reading.has("boat")
    centre = canvas.width * (0.5 - 0.04 * side) if afloat else canvas.width * (0.5 - 0.3 * side)
    if not afloat:
        _bank(canvas, reading, side, ground)
    return Stage(
        feet=canvas.height - (96 if afloat else 58),
        size=190,
        centre=centre,
        light_at=at,
        depth=_body_depth(reading),
        setting="on a river" if afloat else "beside a river",
        afloat=afloat,
        tree_side=-side,
    )


def _bank(canvas: Canvas, reading: Reading, side: int, ground: Colour) -> None:
    base, width = canvas.height, canvas.width
    edge = width * (0.5 - 0.02 * side)
    points = [
        (edge, base + 10),
        (edge - side * 130, base - 50),
        (edge - side * 330, base - 82),
        (edge - side * 800, base - 110),
        (edge - side * 900, base + 10),
    ]
    stencil = canvas.whole(top=base - 180).blob(points)
    canvas.shadow(stencil, shift=(0, -5), blur=12, opacity=0.25, colour=reading.palette.ink)
    canvas.paint(stencil, reading.palette.lit(ground), until=reading.palette.dark(ground, 0.55))
    canvas.rim(stencil, reading.palette.light, shift=(-side * 2, 3), opacity=0.4)


def _bridge(canvas: Canvas, reading: Reading, y: float) -> None:
    stencil = canvas.whole(top=y - 60, bottom=y + 60)
    stencil.blob(
        [
            (-60, y - 8),
            (canvas.width * 0.5, y - 44),
            (canvas.width + 60, y - 8),
            (canvas.width + 60, y + 80),
            (-60, y + 80),
        ]
    )
    for arch in range(7):
        x = canvas.width * (arch + 0.5) / 7
        stencil.ellipse((x, y + 52), canvas.width / 17, 62, tone=0)
    canvas.paint(
        stencil, reading.palette.lit((150, 134, 116), far=0.25), until=reading.palette.dark((120, 106, 96), 0.4)
    )


def set_sea(canvas: Canvas, reading: Reading) -> Stage:
    """The open sea with a ship, a whale or an island, and a boat for the people."""
    horizon, side, at = _open_air(canvas, reading, 0.5)
    palette, storm = reading.palette, reading.light is Light.STORM
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if storm and reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0] - 190 * side, bottom=horizon)
    focal = canvas.width * (0.5 + 0.17 * side)
    if reading.has("whale"):
        named = reading.colour_of("whale") or ((226, 224, 214) if "white" in reading.words else (70, 78, 90))
        water.draw_whale(canvas, (focal, horizon + 118), 330, palette, facing=-side, colour=named)
        water.draw_ship(
            canvas, (canvas.width * (0.5 - 0.33 * side), horizon + 6), 130, palette, facing=side, storm=storm, far=0.45
        )
    else:
        water.draw_ship(canvas, (focal, horizon + 60), 330, palette, facing=-side, storm=storm, far=0.08)
    dice = reading.dice("gulls")
    draw_flock(
        canvas,
        (canvas.width * (0.5 - 0.2 * side), horizon * 0.45),
        mix(palette.ink, palette.haze, 0.3),
        count=7,
        spread=190,
        size=26,
        chances=[dice.random() for _ in range(21)],
    )
    return Stage(
        feet=canvas.height - 92,
        size=176,
        centre=canvas.width * (0.5 - 0.17 * side),
        light_at=at,
        depth=_body_depth(reading) + 0.05,
        setting="on the open sea",
        afloat=True,
    )


def set_shore(canvas: Canvas, reading: Reading) -> Stage:
    """A beach with surf, cliffs at one side, ships beyond."""
    horizon, side, at = _open_air(canvas, reading, 0.5)
    palette = reading.palette
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    water.draw_ship(
        canvas,
        (canvas.width * (0.5 + 0.12 * side), horizon + 10),
        150,
        palette,
        facing=side,
        storm=reading.light is Light.STORM,
        far=0.35,
    )
    for depth, (reach, tall) in enumerate(((520, 150), (380, 230))):
        edge = 0 if side > 0 else canvas.width
        cliff = canvas.whole(bottom=horizon + 70 + 40 * depth)
        cliff.polygon(
            [
                (edge, horizon - tall),
                (edge + side * reach * 0.55, horizon - tall * 0.9),
                (edge + side * reach * 0.72, horizon - tall * 0.4),
                (edge + side * reach * 0.8, horizon - tall * 0.3),
                (edge + side * reach, horizon + 10 + 50 * depth),
                (edge, horizon + 70 + 40 * depth),
            ]
        )
        tone = palette.lit((156, 136, 116), far=0.55 - 0.35 * depth)
        canvas.paint(cliff, tone, until=mix(tone, palette.ink, 0.4))
        canvas.shade(cliff, palette.ink, lambda u, v: 0.4 * (u * 9 % 1) + 0.2 * v - 0.1, cells=(60, 10))
    _beach(canvas, reading, side)
    return Stage(
        feet=canvas.height - 66,
        size=210,
        centre=canvas.width * (0.5 - 0.18 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting="on the shore of the sea",
    )


def _beach(canvas: Canvas, reading: Reading, side: int) -> None:
    palette, h, w = reading.palette, canvas.height, canvas.width
    for lift, tone in (
        (26, mix(palette.light, palette.horizon, 0.3)),
        (14, mix(palette.lit((150, 128, 96)), palette.sky, 0.3)),
        (0, palette.lit((222, 194, 142))),
    ):
        x0, x1 = (-80, w + 80) if side > 0 else (w + 80, -80)
        points = [
            (x0, h - 210 - lift),
            (x0 + (x1 - x0) * 0.3, h - 150 - lift),
            (x0 + (x1 - x0) * 0.55, h - 118 - lift),
            (x0 + (x1 - x0) * 0.8, h - 52 - lift),
            (x1, h - 30 - lift),
            (x1, h + 60),
            (x0, h + 60),
        ]
        stencil = canvas.whole(top=h - 290).blob(points)
        canvas.paint(stencil, tone, until=mix(tone, palette.ink, 0.25) if not lift else None)
    canvas.shade(stencil, palette.ink, lambda u, v: 0.4 * v - 0.08)


def set_deck(canvas: Canvas, reading: Reading) -> Stage:
    """The deck of a ship: planks, rail, mast and shrouds against sea and sky."""
    horizon, side, at = _open_air(canvas, reading, 0.5)
    palette, w, h = reading.palette, canvas.width, canvas.height
    water.draw_sea(canvas, reading, horizon=horizon, light_at=at)
    if reading.has("whale"):
        named = reading.colour_of("whale") or (70, 78, 90)
        water.draw_whale(canvas, (w * (0.5 + 0.22 * side), horizon + 52), 210, palette, facing=-side, colour=named)
    if reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0], bottom=horizon)
    top = h * 0.74
    planks = canvas.whole(top=top - 10).polygon(
        [(-10, top + 26), (w * 0.5, top), (w + 10, top + 26), (w + 10, h), (-10, h)]
    )
    wood = palette.lit((150, 112, 78))
    canvas.paint(planks, mix(wood, palette.ink, 0.2), until=mix(wood, palette.ink, 0.55))
    seams = canvas.whole(top=top)
    for step in range(-16, 17):
        seams.stroke([(w * 0.5 + step * 70, top), (w * 0.5 + step * 150, h)], 1.6, tone=150)
    canvas.paint(seams, palette.ink, opacity=0.55)
    rigging = canvas.whole()
    rigging.blob(
        [
            (-40, top - 44),
            (w * 0.5, top - 72),
            (w + 40, top - 44),
            (w + 40, top - 30),
            (w * 0.5, top - 58),
            (-40, top - 30),
        ]
    )
    for step in range(25):
        x = w * step / 24
        y = top - 64 + 26 * (2 * abs(x / w - 0.5)) ** 2
        rigging.box(x - 4, y, x + 4, y + 84)
    mast_x = w * (0.5 - 0.36 * side)
    rigging.limb((mast_x, h + 20), (mast_x + 10 * side, -20), 26, 20)
    rigging.limb((mast_x - side * 240, 96), (mast_x + side * 560, 60), 9, 6)
    for step in range(5):
        rigging.stroke([(mast_x + side * (110 + step * 44), top - 40), (mast_x + side * 14, -160 + 10 * step)], 2.4)
    for rung in range(9):
        y = top - 60 - rung * 44
        share = (top - y) / (top + 120)
        rigging.stroke([(mast_x + side * (110 - 96 * share), y), (mast_x + side * (286 - 272 * share), y)], 2)
    canvas.shadow(rigging, shift=(0, 4), blur=10, opacity=0.25, colour=palette.ink)
    canvas.paint(rigging, palette.dark((96, 66, 48), 0.6))
    canvas.rim(rigging, palette.light, shift=(-2 * side, 2), opacity=0.45)
    return Stage(
        feet=h - 34,
        size=262,
        centre=w * (0.5 + 0.02 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting="on the deck of a ship",
    )


def set_town(canvas: Canvas, reading: Reading) -> Stage:
    """A street between houses."""
    side = _light_side(reading)
    vanishing = (canvas.width * (0.5 + 0.07 * side), canvas.height * 0.6)
    at = (vanishing[0] + 60 * side, canvas.height * (0.3 if reading.light is not Light.DUSK else 0.5))
    sky.draw_sky(canvas, reading, horizon=vanishing[1] + 10, light_at=at)
    town.draw_street(canvas, reading, vanishing=vanishing, light_side=side)
    return Stage(
        feet=canvas.height - 42,
        size=232,
        centre=canvas.width * (0.5 - 0.06 * side),
        light_at=at,
        depth=_body_depth(reading),
        setting="in the street of a town",
    )


def set_cave(canvas: Canvas, reading: Reading) -> Stage:
    """Underground, towards the light."""
    side = _light_side(reading)
    at = (canvas.width * (0.5 + 0.1 * side), canvas.height * 0.42)
    forest.draw_cave(canvas, reading, light_at=at)
    return Stage(
        feet=canvas.height - 70,
        size=196,
        centre=canvas.width * (0.5 - 0.06 * side),
        light_at=at,
        depth=0.45,
        setting="in a cave",
    )


def set_room(canvas: Canvas, reading: Reading) -> Stage:
    """A room with its window, and fire, lamp or shelves."""
    side = _light_side(reading)
    at = interior.draw_room(canvas, reading, window_side=side)
    furniture.furnish(canvas, reading, side=side, gloom=0.42 if interior.is_dark(reading) else 0.1)
    return Stage(
        feet=canvas.height - 62,
        size=340,
        centre=canvas.width * 0.5,
        light_at=at,
        depth=0.3 if interior.is_dark(reading) else 0.14,
        setting="in a room",
    )


def set_hall(canvas: Canvas, reading: Reading) -> Stage:
    """A great hall, or a church."""
    gothic = reading.place is Place.CHURCH
    at = interior.draw_hall(canvas, reading, gothic=gothic)
    return Stage(
        feet=canvas.height - 44,
        size=236,
        centre=canvas.width * 0.5,
        light_at=at,
        depth=0.26,
        setting="in a church" if gothic else "in a great hall",
    )


def draw_cyclone(canvas: Canvas, reading: Reading, *, foot: Point) -> None:
    """A whirlwind from the clouds to the ground."""
    x, y = foot
    for turn, tone in enumerate((0.25, 0.5, 0.75)):
        stencil = canvas.whole(bottom=y + 20)
        for step in range(34):
            t = step / 33
            wide = 12 + 190 * t**1.7 * (1 - 0.2 * turn)
            sway = 40 * (0.5 - t) * (1 - 2 * abs(0.5 - t)) * (1 if turn % 2 else -1) + 70 * t * t
            stencil.ellipse((x + sway, y - t * y * 0.98), wide, 12 + 12 * t, tone=255 if step % (turn + 2) else 140)
        canvas.paint(stencil, mix(reading.palette.haze, reading.palette.ink, tone), opacity=0.75)


def _body_depth(reading: Reading) -> float:
    return {Light.NIGHT: 0.2, Light.STORM: 0.18, Light.DUSK: 0.26, Light.FOG: 0.25}.get(reading.light, 0.08)


_SETTINGS = {
    Place.FIELD: "in open fields",
    Place.PRAIRIE: "on a wide plain",
    Place.HILLS: "in hill country with a road",
    Place.MOUNTAINS: "before mountains",
    Place.GARDEN: "among flowers",
}
SCENES: dict[Place, Callable[[Canvas, Reading], Stage]] = {
    **dict.fromkeys(_SETTINGS, set_land),
    Place.FOREST: set_forest,
    Place.DESERT: set_desert,
    Place.RIVER: set_river,
    Place.SHORE: set_shore,
    Place.SEA: set_sea,
    Place.DECK: set_deck,
    Place.TOWN: set_town,
    Place.CASTLE: set_castle,
    Place.CAVE: set_cave,
    Place.ROOM: set_room,
    Place.HALL: set_hall,
    Place.CHURCH: set_hall,
}
