"""The kinds of plates: one composition for each kind of place; each says where figures stand, in which light."""

from collections.abc import Callable

from imaginized.providers.builtin.plates import forest, hall, land, sky, town, trees, waterside
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, body_depth, light_side_of, open_air
from imaginized.providers.builtin.plates.words import Place


def set_land(canvas: Canvas, reading: Reading) -> Stage:
    """Open country: mountains or hills far off, fields between."""
    place = reading.place
    horizon, side, at = open_air(canvas, reading, 0.6 if place is not Place.PRAIRIE else 0.66)
    if place is Place.MOUNTAINS:
        land.draw_mountains(canvas, reading, base=horizon + 40, height=300, far=0.68, light_side=side, key="far")
        land.draw_mountains(canvas, reading, base=horizon + 70, height=190, far=0.34, light_side=side, key="near")
    if reading.has("lightning"):
        sky.draw_lightning(canvas, reading, x=at[0], bottom=horizon)
    ground = land.ground_colour(reading)
    land.draw_ridges(canvas, reading, horizon, side, ground)
    focal = canvas.width * (0.5 + 0.16 * side)
    _near_ground(canvas, reading, horizon, focal, ground, side)
    return Stage(
        feet=canvas.height - 52,
        size=228,
        centre=canvas.width * (0.5 - 0.17 * side),
        light_at=at,
        depth=body_depth(reading),
        setting=_SETTINGS[place],
    )


def _near_ground(canvas: Canvas, reading: Reading, horizon: float, focal: float, ground: Colour, side: int) -> None:
    dice = reading.dice("near ground")
    line = land.rolling(dice, canvas.width, horizon + 44, 6, waves=1.2)
    land.lay_ridge(canvas, reading, line, ground, far=0.12, light_side=side)
    _furrows(canvas, reading, horizon + 52, focal, ground)
    if reading.has("graves"):
        land.draw_graves(canvas, reading, horizon=horizon + 60, light_side=side)
    if reading.place is Place.GARDEN or reading.has("flowers"):
        land.draw_flowers(canvas, reading, horizon=horizon + 46, colour=(206, 62, 54))


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


def set_castle(canvas: Canvas, reading: Reading) -> Stage:
    """A castle on its hill, high against the sky, with a road up to it."""
    horizon, side, at = open_air(canvas, reading, 0.64)
    dice, x = reading.dice("castle hill"), canvas.width * (0.5 + 0.13 * side)
    far_line = land.rolling(dice, canvas.width, horizon, 18)
    land.lay_ridge(canvas, reading, far_line, (98, 120, 104), far=0.6, light_side=side)
    trees.plant_trees(canvas, reading, far_line, count=9, height=36, far=0.6, key="castle")
    canvas.glow((x, horizon - 140), 380, reading.palette.light, strength=0.35)
    hill = [
        (float(u), horizon + 60 - min(169 * max(0.0, 1 - abs(u - x) / 480) ** 1.1, 112.0))
        for u in range(-20, canvas.width + 41, 20)
    ]
    town.draw_castle(canvas, reading, (x, horizon - 52), 215, far=0.18)
    ground = land.ground_colour(reading)
    land.lay_ridge(canvas, reading, hill, mix(ground, (70, 88, 76), 0.5), far=0.25, light_side=side)
    trees.plant_trees(canvas, reading, hill, count=9, height=52, far=0.2, key="hill")
    near = land.rolling(dice, canvas.width, horizon + 92, 12)
    land.lay_ridge(canvas, reading, near, ground, far=0.05, light_side=side)
    colour = (204, 180, 140)
    land.draw_road(
        canvas,
        reading,
        horizon=horizon + 80,
        start=canvas.width * (0.5 - 0.14 * side),
        end=x,
        colour=colour,
        bricks=False,
    )
    return Stage(
        feet=canvas.height - 44,
        size=196,
        centre=canvas.width * (0.5 - 0.2 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="before a castle on its hill",
    )


def set_desert(canvas: Canvas, reading: Reading) -> Stage:
    """Dunes under a wide sky."""
    horizon, side, at = open_air(canvas, reading, 0.56)
    land.draw_dunes(canvas, reading, horizon=horizon, light_side=side)
    return Stage(
        feet=canvas.height - 60,
        size=196,
        centre=canvas.width * (0.5 - 0.18 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="among the dunes of a desert",
    )


def set_forest(canvas: Canvas, reading: Reading) -> Stage:
    """Trunks in the mist around a clearing."""
    side = light_side_of(reading)
    at = (canvas.width * (0.5 + 0.1 * side), canvas.height * 0.4)
    centre = canvas.width * (0.5 - 0.06 * side)
    forest.draw_forest(
        canvas, reading, horizon=canvas.height * 0.66, light_at=at, clearing=(centre - 330, centre + 330)
    )
    return Stage(
        feet=canvas.height - 58,
        size=216,
        centre=centre,
        light_at=at,
        depth=body_depth(reading) + 0.08,
        setting="in a forest",
    )


def set_town(canvas: Canvas, reading: Reading) -> Stage:
    """A street between houses."""
    side = light_side_of(reading)
    vanishing = (canvas.width * (0.5 + 0.07 * side), canvas.height * 0.6)
    at = (vanishing[0] + 60 * side, canvas.height * (0.3 if reading.light is not Light.DUSK else 0.5))
    sky.draw_sky(canvas, reading, horizon=vanishing[1] + 10, light_at=at)
    town.draw_street(canvas, reading, vanishing=vanishing, light_side=side)
    return Stage(
        feet=canvas.height - 42,
        size=232,
        centre=canvas.width * (0.5 - 0.06 * side),
        light_at=at,
        depth=body_depth(reading),
        setting="in the street of a town",
    )


def set_cave(canvas: Canvas, reading: Reading) -> Stage:
    """Underground, towards the light."""
    side = light_side_of(reading)
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


def set_hall(canvas: Canvas, reading: Reading) -> Stage:
    """A great hall, or a church."""
    gothic = reading.place is Place.CHURCH
    at = hall.draw_hall(canvas, reading, gothic=gothic)
    return Stage(
        feet=canvas.height - 44,
        size=236,
        centre=canvas.width * 0.5,
        light_at=at,
        depth=0.26,
        setting="in a church" if gothic else "in a great hall",
    )


_SETTINGS = {
    Place.FIELD: "in open fields",
    Place.PRAIRIE: "on a wide plain",
    Place.HILLS: "in hill country",
    Place.MOUNTAINS: "before mountains",
    Place.GARDEN: "among flowers",
}
KINDS: dict[Place, Callable[[Canvas, Reading], Stage]] = {
    **dict.fromkeys(_SETTINGS, set_land),
    Place.FOREST: set_forest,
    Place.DESERT: set_desert,
    Place.RIVER: waterside.set_river,
    Place.SHORE: waterside.set_shore,
    Place.SEA: waterside.set_sea,
    Place.DECK: waterside.set_deck,
    Place.TOWN: set_town,
    Place.CASTLE: set_castle,
    Place.CAVE: set_cave,
    Place.HALL: set_hall,
    Place.CHURCH: set_hall,
}
