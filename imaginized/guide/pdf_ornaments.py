"""Initials and vignettes of the PDF. A letter is drawn on its ground; that of the text stands unseen where it belongs.

A large letter of its own would part the first word for whoever searches for it or copies it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imaginized.guide.ornaments import takes_initial

_LINES = 2  # that stand beside an initial
_GAP = 1.8
_LEAST_VIGNETTE, _MOST_VIGNETTE, _ABOVE = 9.0, 16.0, 1.5
_SHARE = 0.56  # of a ground's side that its letter has
_INVISIBLE = 3  # fpdf2's TextMode
_MARKS = 2  # a mark of speech and a letter

Outline = Callable[[str], tuple[str, float, float]]
Lines = Callable[[str, float], list[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a page, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def place(self) -> tuple[float, float, float, float]:
        """As fpdf2 takes it."""
        return self.x, self.y, self.width, self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a first letter is drawn with.

    Attributes:
        ground: The picture behind it.
        colour: Its own, as "#rrggbb".
        outline: The path of some letters, their width and the height of a capital.
    """

    ground: bytes
    colour: str
    outline: Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A passage whose first lines stand beside an initial.

    Attributes:
        letters: What is drawn.
        first: The lines beside it, without that.
        rest: The text below them.
        lead: Millimetres from line to line.
        high: Of the whole.
    """

    letters: str
    first: tuple[str, ...]
    rest: str
    lead: float
    high: float

    @property
    def beside(self) -> float:
        """Millimetres of the first lines."""
        return _LINES * self.lead


def open_text(text: str, box: Box, *, lead: float, lines: Lines) -> Opened | None:
    """Break a passage into lines beside and below an initial; None where it has too few."""
    if not takes_initial(text):
        return None
    letters = text[:1] if text[:1].isalpha() else text[:_MARKS]
    body, at = text[len(letters) :], 0
    first = tuple(lines(body, box.width - _LINES * lead - _GAP)[:_LINES])
    if len(first) < _LINES:
        return None
    for line in first:
        found = body.find(line, at)
        if found < 0:  # a character that is not drawn was replaced in it
            return None
        at = found + len(line)
    rest = body[at:].lstrip()
    below = len(lines(rest, box.width)) if rest else 0
    return Opened(letters=letters, first=first, rest=rest, lead=lead, high=(_LINES + below) * lead)


def draw_opening(pdf: Any, opened: Opened, box: Box, *, start: Start) -> None:
    """Draw the initial, and set the lines beside it in the font that is chosen."""
    side, lead = opened.beside - 0.5, opened.lead
    pdf.image(io.BytesIO(start.ground), box.x, box.y, side, side)
    path, wide, capital = start.outline(opened.letters)
    scale = min(_SHARE * side / capital, 0.8 * side / wide)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {capital:.0f}">'
    svg += f'<path d="{path}" fill="{start.colour}"/></svg>'
    x, y = box.x + (side - wide * scale) / 2, box.y + (side - capital * scale) / 2
    pdf.image(io.BytesIO(svg.encode()), x, y, wide * scale, capital * scale)
    left = box.x + opened.beside + _GAP
    for number, line in enumerate(opened.first):
        base = box.y + number * lead + lead * 0.5 + 0.3 * pdf.font_size
        if number == 0:
            with pdf.local_context(text_mode=_INVISIBLE):
                pdf.text(left - pdf.get_string_width(opened.letters), base, opened.letters)
        pdf.text(left, base, line)


def vignette_box(left: Box) -> Box | None:
    """Where a vignette stands in what is left below a passage; None where there is no room for one."""
    side = min(left.height - _ABOVE, _MOST_VIGNETTE, left.width)
    if side < _LEAST_VIGNETTE:
        return None
    return Box(left.x + (left.width - side) / 2, left.y + left.height - side, side, side)


def draw_vignette(pdf: Any, data: bytes, box: Box, *, alt: str) -> None:
    """Draw a vignette as the round picture that it is."""
    with pdf.round_clip(box.x, box.y, box.width):
        pdf.image(io.BytesIO(data), *box.place, alt_text=alt)
