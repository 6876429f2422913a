"""Where figures may stand in a scene, and the light of the open air."""

from dataclasses import dataclass

from imaginized.providers.builtin.plates import sky
from imaginized.providers.builtin.plates.canvas import Canvas, Point
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading


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
        is_seated: Whether the place itself is seats: a carriage.
    """

    feet: float
    size: float
    centre: float
    light_at: Point
    depth: float
    setting: str
    afloat: bool = False
    is_seated: bool = False


def light_side_of(reading: Reading) -> int:
    """On which side of the picture the light stands: -1 left, 1 right."""
    return reading.dice("light side").choice((-1, 1))


def open_air(canvas: Canvas, reading: Reading, horizon_share: float) -> tuple[float, int, Point]:
    """Paint the sky; return the horizon, the side of the light, and where it stands."""
    side, horizon = light_side_of(reading), canvas.height * horizon_share
    low = reading.light in {Light.DUSK, Light.DAWN}
    at = (canvas.width * (0.5 + 0.2 * side), horizon * (0.86 if low else 0.36))
    sky.draw_sky(canvas, reading, horizon=horizon + 8, light_at=at)
    if reading.has("balloon"):
        sky.draw_balloon(canvas, reading, at=(canvas.width * (0.5 - 0.14 * side), horizon * 0.36), size=horizon * 0.44)
    return horizon, side, at


def body_depth(reading: Reading) -> float:
    """How far bodies out of doors sink towards the ink in this light."""
    return {Light.NIGHT: 0.2, Light.STORM: 0.18, Light.DUSK: 0.26, Light.FOG: 0.25}.get(reading.light, 0.08)
