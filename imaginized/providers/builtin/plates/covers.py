"""A cover for a book that has none: its title and author in type, a thing that its title or genre names, a frame."""

import math
import re
from collections.abc import Sequence

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Face, Sheet, mix
from imaginized.providers.builtin.plates.closeup import GROUNDS
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import Thing, draw_thing, outlines, things
from imaginized.providers.builtin.plates.palette import PALETTES, Light
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.typeset import break_lines, can_set, fit_line, printable
from imaginized.providers.builtin.plates.typographic import ORNAMENTS, draw_border, draw_ornament

SIZE = (1000, 1500)
NOTE = "Cover drawn by imaginized: the book came without one."
_CREAM: Colour = (246, 236, 212)
_LARGEST, _SMALLEST, _STEP = 120, 44, 8
_MOST_LINES = 5
_MOTIFS = {  # of a genre: a thing that such books are full of
    "fairy tale": "crown",
    "gothic tale": "candle",
    "detective story": "lamp",
    "sea story": "ship",
    "war story": "sword",
    "novel of manners": "fan",
    "western": "gun",
    "science fiction": "rocket",
}


def draw_cover(*, title: str, authors: Sequence[str], genre: str) -> bytes:
    """The cover as a JPEG of SIZE; the same book gets the same one.

    Args:
        title: Of the book.
        authors: Who wrote it; empty where that is not known.
        genre: As the style guide guesses it; "" where it does not.
    """
    seed = seed_of(title, *authors)
    ground, palette = GROUNDS[seed % len(GROUNDS)], PALETTES[Light.DAY][seed % 2]
    cloth, line = mix(ground, palette.ink, 0.42), mix(ground, _CREAM, 0.82)
    canvas = Canvas(*SIZE, seed=seed)
    canvas.wash(lambda u, v: mix(cloth, palette.ink, 0.4 * math.hypot(u - 0.5, v - 0.45)))
    draw_border(canvas, line, inset=44)
    _write_title(canvas, title, line)
    motif = choose_motif(title, genre)
    w, h = SIZE
    disc = canvas.whole().ellipse((w / 2, h * 0.58), w * 0.27)
    canvas.shadow(disc, shift=(0, 6), blur=22, opacity=0.4, colour=palette.ink)
    canvas.paint(disc, mix(ground, _CREAM, 0.62), until=mix(ground, _CREAM, 0.36))
    if motif is None:
        draw_ornament(canvas, ORNAMENTS[seed % len(ORNAMENTS)], (w / 2, h * 0.58), w * 0.13, cloth)
    else:
        unit = min(w * 0.4 / motif.wide, w * 0.36 / motif.tall)
        lamp = Lamp(palette=palette.near_by(), depth=0.04, side=1, colour=line)
        draw_thing(canvas, motif, (w / 2, h * 0.58 + motif.tall * unit / 2), unit, lamp=lamp)
    _write_foot(canvas, authors, line)
    sheet = Sheet(*SIZE, paper=cloth)
    sheet.mount(canvas.finish(), (0, 0))
    return sheet.jpeg(width=w, height=h)


def choose_motif(title: str, genre: str) -> Thing | None:
    """The thing or beast that a title names, else that of the genre; None where neither tells one."""
    known = {**outlines(), **things()}
    for word in re.findall(r"[a-z]+", title.casefold()):
        for form in (word, word.removesuffix("s")):
            if form in known and len(form) > 2:
                return known[form]
    return known.get(_MOTIFS.get(genre, ""))


def _write_title(canvas: Canvas, title: str, line: Colour) -> None:
    """As large as it fits between the frame and the picture."""
    text, measure = printable(title[:160]), round(SIZE[0] * 0.74)
    if not text or not can_set(text):
        return
    for size in range(_LARGEST, _SMALLEST - 1, -_STEP):
        lines = break_lines(text, Face(size, weight=600), measure)
        if len(lines) * size * 1.14 <= SIZE[1] * 0.24 and max(map(len, lines)) > 1:
            break
    lines, face = lines[:_MOST_LINES], Face(size, weight=600)
    top = SIZE[1] * 0.2 - len(lines) * size * 0.57
    for index, words in enumerate(lines):
        at = (SIZE[0] / 2 - face.width(words) / 2, top + (index + 0.86) * size * 1.14)
        face.write(canvas.image, at, words, line)


def _write_foot(canvas: Canvas, authors: Sequence[str], line: Colour) -> None:
    """Who wrote it, and in small letters who drew the cover."""
    measure = SIZE[0] * 0.76
    author = fit_line(", ".join(authors), size=50, weight=500, measure=measure)
    face, small = Face(50, weight=500), Face(22)
    face.write(canvas.image, (SIZE[0] / 2 - face.width(author) / 2, SIZE[1] * 0.87), author, line)
    note = mix(line, (0, 0, 0), 0.3)
    small.write(canvas.image, (SIZE[0] / 2 - small.width(NOTE) / 2, SIZE[1] * 0.935), NOTE, note)
