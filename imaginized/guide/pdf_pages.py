"""The PDF: the pictures with their passages, one, four, or four rows of them a page. The only door to fpdf2.

fpdf2 is of the extra `imaginized[pdf]`: with the parser of typefaces that it needs it takes 40 MB.
"""

import io
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from imaginized.guide.jpeg import size_of
from imaginized.guide.material import Export, Material, Plate, plates_of
from imaginized.guide.model import Guide
from imaginized.guide.notes import count, credits_of
from imaginized.guide.ornaments import initial_of, takes_initial
from imaginized.guide.pages import opening, sayable
from imaginized.guide.pdf_fonts import italic, letters_in, others_for, upright
from imaginized.guide.pdf_ornaments import Box, Start, draw_opening, draw_vignette, open_text, vignette_box
from imaginized.guide.pictures import alt_of, described, original_of
from imaginized.guide.wording import words_for

_NEEDS = ("fpdf", "uharfbuzz")
_MISSING = "it needs the extra imaginized[pdf]; install it and export the book again"
_MARGIN, _GAP = 14.0, 6.0  # millimetres
_A4 = (210.0, 297.0)
_SOFT, _INK = (110, 104, 94), (30, 28, 25)
_LENGTHS = (1200, 800, 550, 400, 280, 200, 140, 90, 60, 0)  # letters of a passage: the longest that has room
_TEXT, _ITALIC = "Text", "I"
_UNDRAWN_SHARE = 0.1  # of a text's letters without a glyph, above which it is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How a page is divided.

    Attributes:
        is_beside: Whether the passage stands beside the picture instead of below it.
        size: Of the letters, in points.
        words: Millimetres that the passage has below or beside the picture.
    """

    rows: int
    columns: int
    orientation: str
    size: float
    words: float
    is_beside: bool = False


LAYOUTS: Mapping[str, _Layout] = MappingProxyType(
    {
        "1x1": _Layout(rows=1, columns=1, orientation="landscape", size=12, words=34),
        "2x2": _Layout(rows=2, columns=2, orientation="landscape", size=8.5, words=17),
        "4x1": _Layout(rows=4, columns=1, orientation="portrait", size=9.5, words=86, is_beside=True),
    }
)


def picture_pdf(material: Material) -> Export:
    """The pictures with their passages; where none can be made, why."""
    if any(find_spec(name) is None for name in _NEEDS):
        return Export(data=None, remarks=(_MISSING,))
    plates = tuple(plates_of(material))
    if not plates:
        return Export(data=None, remarks=("there are no pictures for it",))
    writing = _Writing(_document(material), LAYOUTS[material.pdf_layout], frozenset())
    fonts, writing.undrawn = others_for(_letters(material.guide, plates), cut=_characters_of)
    _load_fonts(writing.pdf, fonts)
    _title_page(writing, material)
    _pictures(writing, material, plates=plates)
    _colophon(writing, material.guide)
    data = bytes(writing.pdf.output())
    if not writing.left_out:
        return Export(data=data)
    text = f"Texts that are missing in it: {writing.left_out}. No typeface here has their characters."
    return Export(data=data, remarks=(f"{text} Install one that has, such as Noto CJK, and export the book again.",))


@dataclass(slots=True)
class _Writing:
    """A document that grows.

    Attributes:
        undrawn: Characters that no typeface has.
        left_out: Texts that are missing because of them.
    """

    pdf: Any
    layout: _Layout
    undrawn: frozenset[int]
    left_out: int = 0
    seen: set[str] = field(default_factory=set)

    def text(self, text: str, box: Box, *, size: float, style: str = "", soft: bool = False, align: str = "") -> float:
        """Set a text into a box, as far as there are letters for it; returns the millimetres that it takes."""
        if not self._can_set(text):
            return 0.0
        pdf = self.pdf
        self._begin(text, size=size, style=style)
        pdf.set_text_color(*(_SOFT if soft else _INK))
        pdf.set_xy(box.x, box.y)
        height = size * 0.46
        where = align or ("R" if _is_right_to_left(text) else "L")
        before = pdf.get_y()
        pdf.multi_cell(box.width, height, self._drawable(text), align=where, new_x="LMARGIN", new_y="NEXT")
        return float(pdf.get_y() - before)

    def passage(self, text: str, box: Box, *, size: float, start: Start | None = None) -> float:
        """Set as much of a passage as a box has room for, in whole sentences if it can be; returns its millimetres."""
        if not self._can_set(text):
            return 0.0
        style = "" if _is_right_to_left(text) else _ITALIC  # other scripts have no italic, and signs would lean alone
        self._begin(text, size=size, style=style)
        for longest in _LENGTHS:
            said, is_cut = opening(text, longest=longest) if longest else ("", False)
            shown = said + (" …" if is_cut else "")
            opened = open_text(shown, box, lead=size * 0.46, lines=self._lines) if start else None
            high = opened.high if opened else len(self._lines(shown, box.width)) * size * 0.46
            if high <= box.height:
                break
        if not shown:
            return 0.0
        if opened and start:
            self.pdf.set_text_color(*_INK)
            draw_opening(self.pdf, opened, box, start=start)
            box = Box(box.x, box.y + opened.beside, box.width, box.height - opened.beside)
            return opened.beside + (self.text(opened.rest, box, size=size, style=style) if opened.rest else 0.0)
        return self.text(shown, box, size=size, style=style)

    def _lines(self, text: str, width: float) -> list[str]:
        return list(self.pdf.multi_cell(width, 5, self._drawable(text), dry_run=True, output="LINES", align="L"))

    def heading(self, plate: Plate, box: Box, *, size: float) -> float:
        """Set a chapter's heading on one line, without its parts where these have no room; returns its millimetres."""
        self._begin(plate.chapter.heading, size=size)
        shown = plate.chapter.heading
        if self.pdf.get_string_width(self._drawable(shown)) > box.width:
            shown = plate.chapter.title or shown
        while len(shown) > 1 and self.pdf.get_string_width(self._drawable(shown)) > box.width:
            shown = f"{shown.rstrip('…')[: -max(1, len(shown) // 20)].rstrip()}…"
        return self.text(shown, box, size=size, soft=True)

    def _begin(self, text: str, *, size: float, style: str = "") -> None:
        self.pdf.set_font(_TEXT, style, size)
        # fpdf2 2.8 shapes a line anew for each of its letters: four fifths of all the time, where nothing is joined.
        self.pdf.set_text_shaping(any(map(_is_shaped, set(text))))

    def _can_set(self, text: str) -> bool:
        letters = [each for each in text if ord(each) in self.undrawn]
        is_good = len(letters) <= _UNDRAWN_SHARE * max(1, len(letters_in(text)))
        if not is_good and text not in self.seen:
            self.seen.add(text)
            self.left_out += 1
        return is_good

    def _drawable(self, text: str) -> str:
        """The text as it is set: line by line, with a box for each character that no typeface has."""
        lines = map(sayable, text.split("\n"))
        return "\n".join("".join("□" if ord(each) in self.undrawn else each for each in line) for line in lines)


def _document(material: Material) -> Any:
    """An empty document with all that it says of itself."""
    from fpdf import FPDF  # heavy, and an extra

    guide, layout = material.guide, LAYOUTS[material.pdf_layout]
    pdf = FPDF(orientation=layout.orientation, unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(_MARGIN)
    pdf.c_margin = 0
    pdf.set_title(sayable(guide.title))
    pdf.set_author(sayable(", ".join(guide.authors)))
    pdf.set_creator("imaginized")
    pdf.set_subject("Pictures of the book with the passages that they show")
    pdf.set_creation_date(material.made_at)
    if guide.language:
        pdf.set_lang(guide.language)
    return pdf


def _load_fonts(pdf: Any, others: tuple[Path, ...]) -> None:
    pdf.add_font(_TEXT, "", upright())
    pdf.add_font(_TEXT, _ITALIC, italic())
    for number, path in enumerate(others):
        pdf.add_font(f"Other{number}", "", path)
    pdf.set_fallback_fonts([f"Other{number}" for number in range(len(others))], exact_match=False)


def _start_of(material: Material, plate: Plate, *, undrawn: frozenset[int]) -> Start | None:
    """What the first letter of a chapter is set on; None where it is set as any other."""
    text = plate.illustration.scene.quote.text
    initial = initial_of(plate.chapter, material.guide.initials)
    if initial is None or not takes_initial(text) or set(map(ord, text[:2])) & undrawn or any(map(_is_shaped, text)):
        return None
    ground = material.ornament(initial.image)
    return Start(ground=ground, colour=initial.letter, outline=_outline) if ground else None


def _outline(letters: str) -> tuple[str, float, float]:
    """The outlines of some letters as a path of SVG, y down, with its width and the height of a capital letter."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont  # comes with fpdf2

    with closing(TTFont(upright(), lazy=True)) as font:
        glyphs, names, across = font.getGlyphSet(), font.getBestCmap(), 0.0
        pen = SVGPathPen(glyphs)
        capital = float(getattr(font["OS/2"], "sCapHeight", 0) or 0.65 * font["head"].unitsPerEm)
        for letter in letters:
            glyph = glyphs[names.get(ord(letter), ".notdef")]
            glyph.draw(TransformPen(pen, (1, 0, 0, -1, across, capital)))
            across += glyph.width
        return pen.getCommands(), across, capital


@cache
def _characters_of(path: Path) -> frozenset[int]:
    """The characters of a typeface; none of a file that cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError  # comes with fpdf2

    try:
        with closing(TTFont(path, lazy=True, fontNumber=0)) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError, KeyError, AssertionError):
        return frozenset()


def _letters(guide: Guide, plates: tuple[Plate, ...]) -> set[int]:
    texts = [guide.title, *guide.authors, *(plate.chapter.heading for plate in plates), "…□"]
    texts += [opening(plate.illustration.scene.quote.text, longest=_LENGTHS[0])[0] for plate in plates]
    return set().union(*map(letters_in, texts))


def _is_shaped(letter: str) -> bool:
    """Whether a letter looks otherwise beside others, or goes from right to left: without shaping it would be wrong."""
    return unicodedata.bidirectional(letter) in ("R", "AL", "NSM") or "\u0900" <= letter <= "\u1aff"


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction goes from right to left."""
    kinds = (unicodedata.bidirectional(each) for each in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def _title_page(writing: _Writing, material: Material) -> None:
    pdf, guide = writing.pdf, material.guide
    pdf.add_page()
    wide, y, cover = pdf.w - 2 * _MARGIN, pdf.h * 0.36, material.cover()
    if cover:
        box = Box(_MARGIN, pdf.h * 0.1, wide, pdf.h * 0.5)
        pdf.image(io.BytesIO(cover[1]), *box.place, keep_aspect_ratio=True, alt_text="Cover")
        y = pdf.h * 0.64
    y += writing.text(guide.title, Box(_MARGIN, y, wide, 0), size=26, align="C") + 4
    if guide.authors:
        y += writing.text(", ".join(guide.authors), Box(_MARGIN, y, wide, 0), size=15, align="C", soft=True) + 4
    said = f"{count(guide.plate_count, 'picture')} with the passages that they show"
    writing.text(said, Box(_MARGIN, y, wide, 0), size=11, align="C", soft=True)


def _pictures(writing: _Writing, material: Material, *, plates: tuple[Plate, ...]) -> None:
    pdf = writing.pdf
    last = {plate.chapter.number: plate for plate in plates}
    boxes = tuple(_boxes(writing.layout))
    path: tuple[str, ...] = ()
    chapter = 0
    for number, plate in enumerate(plates):
        if number % len(boxes) == 0:
            pdf.add_page()
        box = boxes[number % len(boxes)]
        begins = plate.chapter.number != chapter
        if begins:
            chapter, above = plate.chapter.number, plate.chapter.path
            pdf.set_xy(box.x, box.y)
            _bookmark(pdf, plate, known=path)
            path = above
        start = _start_of(material, plate, undrawn=writing.undrawn) if begins else None
        data = described(original_of(plate, material=material), plate=plate)
        left = _picture(writing, plate, data=data, box=box, start=start)
        tail, vignette = vignette_box(left) if last[chapter] is plate else None, plate.chapter.vignette
        if tail and vignette and (drawn := material.ornament(vignette.image)):
            draw_vignette(pdf, drawn, tail, alt=sayable(vignette.alt))


def _bookmark(pdf: Any, plate: Plate, *, known: tuple[str, ...]) -> None:
    """Where a chapter begins, below the parts that it is in."""
    path = plate.chapter.path
    same = next((at for at, (one, other) in enumerate(zip(path, known, strict=False)) if one != other), None)
    first = same if same is not None else min(len(path), len(known))
    for level in range(first, len(path)):
        pdf.start_section(sayable(path[level]) or "–", level=level)
    pdf.start_section(sayable(plate.chapter.title) or f"Chapter {plate.chapter.number}", level=len(path))


def _boxes(layout: _Layout) -> Iterator[Box]:
    wide, high = _A4 if layout.orientation == "portrait" else _A4[::-1]
    width = (wide - 2 * _MARGIN - _GAP * (layout.columns - 1)) / layout.columns
    height = (high - 2 * _MARGIN - _GAP * (layout.rows - 1)) / layout.rows
    for row in range(layout.rows):
        for column in range(layout.columns):
            yield Box(_MARGIN + column * (width + _GAP), _MARGIN + row * (height + _GAP), width, height)


def _picture(writing: _Writing, plate: Plate, *, data: bytes, box: Box, start: Start | None) -> Box:
    """A picture with its chapter above it, and its passage below or beside it; returns what is left below that."""
    layout, pdf = writing.layout, writing.pdf
    lead = layout.size * 0.6
    words = layout.words
    if layout.is_beside:
        frame = Box(box.x, box.y, box.width - words - _GAP, box.height)
    else:
        frame = Box(box.x, box.y + lead, box.width, box.height - words - lead)
    shown = _within(frame, size_of(data))
    if layout.is_beside:
        heading = Box(box.x + box.width - words, box.y, words, lead)
    else:
        shown = Box(box.x + (box.width - shown.width) / 2, shown.y, shown.width, shown.height)
        heading = Box(shown.x, box.y, shown.width, lead)
    pdf.image(io.BytesIO(data), *shown.place, alt_text=sayable(alt_of(plate)))
    taken = writing.heading(plate, heading, size=layout.size * 0.8)
    if layout.is_beside:
        passage = Box(heading.x, box.y + taken + 1.5, words, box.height - taken - 1.5)
    else:
        y = shown.y + shown.height + 2.5
        passage = Box(shown.x, y, shown.width, box.y + box.height - y)
    used = writing.passage(plate.illustration.scene.quote.text, passage, size=layout.size, start=start)
    return Box(passage.x, passage.y + used, passage.width, passage.height - used)


def _within(frame: Box, size: tuple[int, int]) -> Box:
    """The largest place of a picture's shape in the upper left corner of a frame."""
    width, height = size if min(size) > 0 else (3, 2)
    scale = min(frame.width / width, frame.height / height)
    return Box(frame.x, frame.y, width * scale, height * scale)


def _colophon(writing: _Writing, guide: Guide) -> None:
    pdf = writing.pdf
    pdf.add_page()
    pdf.set_xy(_MARGIN, _MARGIN)
    title = words_for(guide.language)("edition.about")
    pdf.start_section(title, level=0)
    wide, y = pdf.w - 2 * _MARGIN, _MARGIN
    y += writing.text(title, Box(_MARGIN, y, wide, 0), size=18) + 4
    for each in credits_of(guide):
        y += writing.text(each, Box(_MARGIN, y, wide, 0), size=11) + 3
