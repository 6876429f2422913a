"""A small portrait of somebody, for the cards of the guide: the face that the plates draw, without a scene."""

import io

from imaginized.providers.builtin.plates.busts import draw_bust
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, mix
from imaginized.providers.builtin.plates.cast import bareheaded
from imaginized.providers.builtin.plates.closeup import GROUNDS
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.hats import TALL_HATS
from imaginized.providers.builtin.plates.palette import PALETTES, Light
from imaginized.providers.builtin.plates.players import actor_of
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.wardrobe import era_of
from imaginized.story.elements import Element
from imaginized.story.staging import Figure

SIDE = 240
METHOD = 1  # another number draws them anew
_LAMP: Colour = (255, 226, 176)
_QUALITY = 86


def draw_miniature(element: Element, *, figure: Figure, book_title: str, style: str) -> bytes | None:
    """A JPEG of one person; None for who is no person. The same looks give the same bytes in any process.

    Args:
        element: Who, with the looks that are to be seen.
        figure: What a passage says of sex and age.
        book_title: Seeds what no words tell, as in the plates.
        style: The book's style guide.
    """
    actor = actor_of(figure, element, book_title=book_title, era=era_of(style))
    if actor.kind != "person":
        return None
    look = bareheaded(actor).look
    seed = seed_of(book_title, element.name)
    canvas = Canvas(SIDE, SIDE, seed=seed)
    palette = PALETTES[Light.DAY][seed % len(PALETTES[Light.DAY])]
    ground = GROUNDS[seed % len(GROUNDS)]
    bright, dark = mix(ground, (255, 236, 204), 0.45), mix(ground, palette.ink, 0.25)
    canvas.wash(lambda u, v: mix(bright, dark, min(((u - 0.62) ** 2 + (v - 0.3) ** 2) * 1.6, 1.0)), cells=(12, 12))
    lamp = Lamp(palette=palette.near_by(), depth=0.05, side=1, colour=mix(palette.light, _LAMP, 0.5))
    facing = 1 if seed % 2 else -1
    head = SIDE * (0.46 if look.height > 0.8 else 0.42)
    top = SIDE * (0.3 if look.hat in TALL_HATS else 0.17)
    draw_bust(canvas, look, (SIDE / 2 - facing * head * 0.06, top), head, facing=facing, lamp=lamp)
    target = io.BytesIO()
    canvas.finish().save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
