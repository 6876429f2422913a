"""What every place under the sky shares: flat ground, things set into a landscape, and where figures may stand."""

from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import draw_thing, things
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, body_depth, light_side_of

LIT = frozenset({Light.NIGHT, Light.DUSK, Light.STORM, Light.FOG})  # windows and lamps are lit


def place_thing(
    canvas: Canvas, reading: Reading, kind: str, foot: Point, tall: float, *, far: float = 0.0, facing: int = 1
) -> None:
    """Put a thing into a landscape, `tall` pixels high, paler the farther it is (0..1)."""
    palette = reading.palette
    veiled = replace(palette, ink=mix(palette.ink, palette.haze, min(far * 1.6, 1.0)))
    side = 1 if light_side_of(reading) > 0 else -1
    lamp = Lamp(palette=veiled, depth=0.1 + 0.6 * far, side=side, colour=mix(palette.light, palette.horizon, 0.4))
    thing = things()[kind]
    draw_thing(canvas, thing, foot, tall / thing.tall, lamp=lamp, facing=facing, grounded=far < 0.5)


def stand(canvas: Canvas, reading: Reading, at: Point, words: str, *, feet: float = 0.93, x: float = 0.5) -> Stage:
    """A stage on the ground, with nothing special about it."""
    return Stage(
        feet=canvas.height * feet,
        size=378,
        centre=canvas.width * x,
        light_at=at,
        depth=body_depth(reading),
        setting=words,
    )


def lay_flat(canvas: Canvas, reading: Reading, top: float, colour: Colour) -> Stencil:
    """Flat ground from a line down to our feet."""
    palette = reading.palette
    near = palette.lit((226, 228, 230) if reading.light is Light.SNOW else colour)
    ground = canvas.whole(top=top).box(0, top, canvas.width, canvas.height)
    canvas.paint(ground, mix(near, palette.haze, 0.34), until=mix(near, palette.ink, 0.3))
    canvas.shade(ground, mix(near, palette.ink, 0.6), lambda u, v: 0.3 * abs(u - 0.5) + 0.4 * v - 0.14)
    return ground
