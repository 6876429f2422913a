"""The caption under a plate: chapter title, the quote or its beginning, the cast, and what made the picture."""

import unicodedata
from dataclasses import dataclass

from imaginized.providers.builtin.plates.canvas import Colour, Face, Sheet
from imaginized.providers.builtin.plates.cast import Actor

FOOTER = "Storyboard plate, drawn from the passage’s words · no image model was used"
UNPRINTABLE = "The passage is in letters that this plate’s typeface lacks; it stands beside the picture in the guide."
INK: Colour = (44, 36, 34)
FADED: Colour = (122, 108, 96)
_LEFT, _RIGHT, _CAST_LEFT = 54, 1482, 1236
_TOP, _BOTTOM = 756, 958
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
        lines = _break(_open(text) + ("" if _open(text) is text else "”"), Face(size, italic=True), measure)
        if len(lines) * leading(size) <= height and len(quote) <= _LONGEST:
            return Setting(size=size, lines=tuple(lines), whole=True)
    return _cut(text, measure=measure, height=height, size=26)


def leading(size: int) -> int:
    """Baseline to baseline, in pixels."""
    return round(size * 1.26)


def _cut(text: str, *, measure: int, height: int, size: int) -> Setting:
    face, most = Face(size, italic=True), height // leading(size)
    kept = " ".join(_break(text, face, measure)[:most])
    while kept:
        kept = _shorten(kept)
        lines = _break(f"{_open(kept).rstrip(' ,;:—–-')} …”", face, measure)
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


def _break(text: str, face: Face, measure: int) -> list[str]:
    """Lines by the sum of their words' widths: measuring each growing line whole costs seconds on a long quote."""
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


def write_caption(sheet: Sheet, *, book_title: str, chapter_title: str, quote: str, actors: tuple[Actor, ...]) -> None:
    """Set everything below the picture; nothing runs over the edge whatever its length."""
    named = [actor for actor in actors if actor.name]
    measure = (_CAST_LEFT - 40 if named else _RIGHT) - _LEFT
    title = fit_line(chapter_title, size=31, weight=600, measure=measure)
    top = _TOP
    if title:
        Face(31, weight=600).write(sheet.image, (_LEFT, _TOP + 28), title, INK)
        top += 42
    text = printable(quote)
    if can_set(text[:_LONGEST]):
        setting = (
            set_quote(quote, measure=measure, height=_BOTTOM - top) if text else Setting(size=26, lines=(), whole=True)
        )
        face = Face(setting.size, italic=True)
        for index, line in enumerate(setting.lines):
            face.write(sheet.image, (_LEFT, top + setting.size + index * leading(setting.size)), line, INK)
    else:
        Face(22, italic=True).write(sheet.image, (_LEFT, top + 30), UNPRINTABLE, FADED)
    _write_cast(sheet, named)
    _write_footer(sheet, book_title)


def _write_cast(sheet: Sheet, named: list[Actor]) -> None:
    y = _TOP + 24
    for actor in named[:5]:
        name = fit_line(actor.name, size=23, weight=400, measure=_RIGHT - _CAST_LEFT - 30)
        if name:
            sheet.dot((_CAST_LEFT + 9, y - 7), 10, FADED)
            sheet.dot((_CAST_LEFT + 9, y - 7), 9, actor.look.cloth if actor.kind == "person" else actor.accent)
            Face(23).write(sheet.image, (_CAST_LEFT + 30, y), name, INK)
            y += 35


def _write_footer(sheet: Sheet, book_title: str) -> None:
    face = Face(18)
    face.write(sheet.image, (_LEFT, 1000), FOOTER, FADED)
    book = fit_line(book_title, size=18, weight=400, measure=_RIGHT - _LEFT - face.width(FOOTER) - 60)
    face.write(sheet.image, (_RIGHT - face.width(book), 1000), book, FADED)
