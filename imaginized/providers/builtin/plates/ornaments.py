"""Ornaments of a book's pages: grounds that a chapter's first letter is set on, and small vignettes that close it."""

import io
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cast import actor_by_words
from imaginized.providers.builtin.plates.closeup import GROUNDS
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import Thing, draw_thing, outlines, things
from imaginized.providers.builtin.plates.palette import PALETTES, Light
from imaginized.providers.builtin.plates.reading import seed_of

METHOD = 1  # another number draws them anew
GROUND_SIDE, VIGNETTE_SIDE = 192, 280
VARIANTS = 3  # grounds of a book; its chapters take turns
_CREAM: Colour = (250, 241, 218)
_QUALITY = 88
_ALOFT = frozenset({"sky", "air"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BookColours:
    """The two colours of a book's ornaments: those of the cover that is drawn for one without.

    Attributes:
        ground: What a letter is set on.
        letter: What it is set in; both can be told apart by weak eyes (7 to 1 and more).
    """

    ground: Colour
    letter: Colour = _CREAM


def colours_of(*book: str) -> BookColours:
    """The same for the same title and authors."""
    seed = seed_of(*book)
    return BookColours(ground=mix(GROUNDS[seed % len(GROUNDS)], PALETTES[Light.DAY][seed % 2].ink, 0.46))


def draw_ground(*book: str, variant: int) -> bytes:
    """A JPEG to set a letter on: a vine that leaves the middle calm, in the book's colours."""
    colours, side = colours_of(*book), GROUND_SIDE
    canvas = Canvas(side, side, seed=seed_of(*book, f"ground {variant}"))
    deep = mix(colours.ground, (8, 8, 14), 0.3)
    canvas.wash(lambda u, v: mix(colours.ground, deep, 1.3 * math.hypot(u - 0.5, v - 0.5)), cells=(10, 10))
    vine, fruits, frame = canvas.whole(), canvas.whole(), canvas.whole()
    for upper in (True, False):
        dice = Random(seed_of(*book, f"vine {variant} {upper}"))
        curl, fullness = dice.uniform(1.5, 2.3) * math.pi, dice.uniform(0.9, 1.15)
        for left in (True, False):  # both sides alike, as in a mirror
            _shoot(vine, fruits, _placed(upper, left), curl=curl, fullness=fullness)
    inset, thin = side * 0.045, side * 0.012
    frame.box(inset, inset, side - inset, side - inset)
    frame.box(inset + thin, inset + thin, side - inset - thin, side - inset - thin, tone=0)
    canvas.paint(frame, mix(colours.ground, colours.letter, 0.6))
    # A third of the way to the letter's colour: the vine must not be taken for a part of the letter.
    canvas.paint(vine, mix(colours.ground, colours.letter, 0.34))
    canvas.paint(fruits, mix(colours.ground, (226, 178, 74), 0.62))
    return _jpeg(canvas)


def _placed(upper: bool, left: bool) -> Callable[[float, float], Point]:
    """Where a point of the upper left quarter, in shares of the side, comes to lie in another."""

    def put(x: float, y: float) -> Point:
        return GROUND_SIDE * (x if left else 1 - x), GROUND_SIDE * (y if upper else 1 - y)

    return put


def _shoot(
    vine: Stencil, fruits: Stencil, put: Callable[[float, float], Point], *, curl: float, fullness: float
) -> None:
    """A stem that rises along the side and curls up in the corner, with leaves outside and a fruit in its eye."""
    steps, centre = 20, (0.24, 0.24)
    points = [(0.085, 0.49), (0.085, 0.38)]
    for step in range(steps + 1):
        t = step / steps
        angle, radius = math.pi * 0.95 + t * curl, 0.15 * (1 - 0.78 * t)
        points.append((centre[0] + math.cos(angle) * radius, centre[1] + math.sin(angle) * radius))
    for index, (start, end) in enumerate(itertools.pairwise(points)):
        thick = GROUND_SIDE * 0.017 * (1 - 0.6 * index / len(points))
        vine.limb(put(*start), put(*end), thick, thick)
    for index in (0, 3, 6, 9, 12):
        (x, y), (ahead_x, ahead_y) = points[index], points[index + 1]
        heading = math.atan2(ahead_y - y, ahead_x - x)
        long = 0.115 * fullness * (1 - index / 40)
        for lean in (-0.75, 0.9) if index < 3 else (-0.75,):
            _leaf(vine, (x, y), heading + lean, long, put)
    fruits.ellipse(put(*points[-1]), GROUND_SIDE * 0.03)
    fruits.ellipse(put(0.085, 0.085), GROUND_SIDE * 0.016)


def _leaf(stencil: Stencil, foot: Point, angle: float, long: float, put: Callable[[float, float], Point]) -> None:
    across, down = math.cos(angle) * long, math.sin(angle) * long
    outline = ((0, 0), (0.35, 0.26), (0.75, 0.17), (1, 0), (0.75, -0.13), (0.35, -0.22))
    stencil.blob([put(foot[0] + x * across - y * down, foot[1] + x * down + y * across) for x, y in outline])


def is_drawn(kind: str) -> bool:
    """Whether there is a drawing of a thing or a beast."""
    return kind in things() or kind in outlines() or kind in BEASTS


def draw_vignette(kind: str, *book: str) -> bytes:
    """A JPEG of a thing or a beast in a round field; its corners may be cut off. `kind`: one that `is_drawn`."""
    colours, side = colours_of(*book), VIGNETTE_SIDE
    seed = seed_of(*book, kind)
    canvas = Canvas(side, side, seed=seed)
    palette = PALETTES[Light.DAY][seed % 2].near_by()
    canvas.wash(lambda _u, _v: colours.ground, cells=(2, 2))
    middle = (side / 2, side / 2)
    canvas.paint(canvas.whole().ellipse(middle, side * 0.485), mix(colours.ground, _CREAM, 0.8))
    field = canvas.whole().ellipse(middle, side * 0.465)
    canvas.paint(field, mix(colours.ground, _CREAM, 0.68), until=mix(colours.ground, _CREAM, 0.36))
    lamp = Lamp(palette=palette, depth=0.04, side=1, colour=mix(palette.light, (255, 226, 176), 0.5))
    facing = 1 if seed % 4 < 2 else -1
    thing = things().get(kind) or outlines().get(kind)
    if thing is None:
        _draw_beast(canvas, kind, book, facing=facing, lamp=lamp)
        return _jpeg(canvas)
    unit = _unit(thing, side)
    foot = (middle[0], middle[1] + thing.tall * unit / 2)
    draw_thing(canvas, thing, foot, unit, lamp=lamp, grounded=thing.stands not in _ALOFT, facing=facing)
    return _jpeg(canvas)


def _unit(thing: Thing, side: int) -> float:
    """As large as the round field lets it be: its box's corners on a circle."""
    return side * 0.74 / math.hypot(thing.wide * 0.88, thing.tall)


def _draw_beast(canvas: Canvas, kind: str, book: tuple[str, ...], *, facing: int, lamp: Lamp) -> None:
    side, beast = canvas.width, BEASTS[kind]
    actor = actor_by_words("", kind, [kind], Random(seed_of(*book, kind)))
    head = max(y for shape in (beast.body, *beast.ears) for _, y in shape)
    tall = min(side * 0.7 / beast.length, side * 0.6 / head)
    foot = (side / 2 - facing * side * 0.02, side / 2 + tall * head / 2)
    size = tall / (beast.size * actor.scale)
    draw_creature(canvas, actor, foot, size, deed="stand", facing=facing, lamp=lamp)


def _jpeg(canvas: Canvas) -> bytes:
    target = io.BytesIO()
    canvas.finish().save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
