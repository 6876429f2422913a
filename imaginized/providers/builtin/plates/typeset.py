"""Type on plates: the small line that says what made the picture, and quotes broken into lines."""

import unicodedata
from dataclasses import dataclass

from imaginized.providers.builtin.plates.canvas import Colour, Face, Sheet

FOOTER = "Storyboard plate, drawn from the passage’s words · no image model was used"
UNPRINTABLE = "The passage is in letters that this plate’s typeface lacks; it stands beside the picture in the guide."
INK: Colour = (44, 36, 34)
FADED: Colour = (122, 108, 96)
_LONGEST = 1500  # characters looked at; more never fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A quote broken into lines.

    Attributes:
        size: Of the type in pixels.
        lines: Each fits the measure.
        whole: Whether nothing was cut.
    """

    size: int
    lines: tuple[str, ...]
    whole: bool


def printable(text: str) -> str:
    """The text as type can set it: composed, white space folded, without invisible format characters."""
    visible = "".join(
        c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace()
    )
    return " ".join(visible.split())


def can_set(text: str) -> bool:
    """Whether the typeface has every letter of the text."""
    face = Face(24)
    return all(face.has(character) for character in sorted(set(text)))


def set_quote(quote: str, *, measure: int, height: int) -> Setting:
    """Break a quote into lines in the largest size that fits, else cut its end at a sentence or phrase."""
    text = printable(quote[:_LONGEST])
    for size in (33, 30, 28, 26, 24):
        lines = break_lines(_open(text) + ("" if _open(text) is text else "”"), Face(size, italic=True), measure)
        if len(lines) * leading(size) <= height and len(quote) <= _LONGEST:
            return Setting(size=size, lines=tuple(lines), whole=True)
    return _cut(text, measure=measure, height=height, size=26)


def leading(size: int) -> int:
    """Baseline to baseline, in pixels."""
    return round(size * 1.26)


def _cut(text: str, *, measure: int, height: int, size: int) -> Setting:
    face, most = Face(size, italic=True), height // leading(size)
    kept = " ".join(break_lines(text, face, measure)[:most])
    while kept:
        kept = _shorten(kept)
        lines = break_lines(f"{_open(kept).rstrip(' ,;:—–-')} …”", face, measure)
        if len(lines) <= most:
            return Setting(size=size, lines=tuple(lines), whole=False)
    return Setting(size=size, lines=(), whole=False)


def _open(text: str) -> str:
    """The text with an opening quotation mark, unless the author has set one."""
    return text if text.startswith(("“", '"', "‘", "«", "„")) else f"“{text}"


def _shorten(text: str) -> str:
    """Drop the last sentence or phrase, or the last word where the next stop is too far away."""
    body = text.rstrip(" .,;:!?—–…”’\"'")
    stops = [body.rfind(mark) for mark in (". ", "! ", "? ", "; ", ", ", ": ", "—", "” ")]
    best = max(stops)
    if best < len(body) - 90 or best <= 0:
        best = body.rfind(" ")
    if best <= 0:
        best = len(body) - 40
    return body[: max(best + 1, 0)].rstrip()


def break_lines(text: str, face: Face, measure: int) -> list[str]:
    """Break a text into lines by the sum of their words' widths.

    Measuring each growing line whole costs seconds on a long quote.
    """
    lines: list[str] = []
    line, reach, space = "", 0.0, face.width(" ")
    for piece in (piece for word in text.split(" ") for piece in _pieces(word, face, measure)):
        width = face.width(piece)
        if line and reach + space + width > measure * 0.985:
            lines.append(line)
            line, reach = piece, width
        else:
            line, reach = (f"{line} {piece}", reach + space + width) if line else (piece, width)
    return [*lines, line] if line else lines


def _pieces(word: str, face: Face, measure: int) -> list[str]:
    """A word, or parts of it where it alone is wider than the measure."""
    if face.width(word) <= measure * 0.98:
        return [word]
    step = max(int(len(word) * measure / face.width(word) * 0.8), 1)
    return [word[start : start + step] for start in range(0, len(word), step)]


def fit_line(text: str, *, size: int, weight: int, measure: float) -> str:
    """One line, cut with an ellipsis where it is too long; empty where the typeface lacks its letters."""
    line = printable(text[:300])
    if not can_set(line):
        return ""
    face = Face(size, weight=weight)
    while line and face.width(line) > measure:
        line = line[:-2].rstrip(" …,") + "…" if len(line) > 3 else ""
    return line


def write_signature(sheet: Sheet, *, book_title: str, baseline: float, left: float, right: float) -> None:
    """The one small line below a picture: what made it, and of which book it is."""
    face = Face(19)
    face.write(sheet.image, (left, baseline), FOOTER, FADED)
    book = fit_line(book_title, size=19, weight=400, measure=right - left - face.width(FOOTER) - 60)
    face.write(sheet.image, (right - face.width(book), baseline), book, FADED)
