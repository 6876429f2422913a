"""A PDF's pages as lines of text with their places, its outline and what it says of itself. The only pypdfium2 import.

PDFium is not thread-safe: one document at a time, in one thread of a process that may be killed.
"""

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pypdfium2
import pypdfium2.raw as pdfium

from imaginized.errors import Rejected
from imaginized.reasons import Code

SPLIT_IT = "Split it and drop the parts."
MAX_PAGES = 20_000
MAX_CHARACTERS = 60_000_000
MAX_PAGE_CHARACTERS = 200_000
MAX_OUTLINE_ENTRIES = 20_000
MAX_OUTLINE_LEVELS = 32

HYPHEN = "\ufffe"  # where PDFium found a word divided at the end of a line
_OTHER_HYPHENS = ("\x02", "\u00ad")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_NO_TEXT = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFEFF, 0x200B, 0xFFFF))
_CLEANING = {**_LIGATURES, **_NO_TEXT, 0xA0: " "}
_RAISED = re.compile(r"(?<=[^\W\d])[.,;:!?\"'”’)\]]{0,3}( ?(\d{1,3}))(?=$|[\s.,;:!?”’)\]—–])")
_DIGIT = re.compile(r"\d")
_SOLID = re.compile(r"[^\W_]+")  # what str.isalnum says of each character
_PIECE = re.compile(rf"[^\n{HYPHEN}]*[\n{HYPHEN}]")
_RAISED_SIZE = 0.85
_UPRIGHT = math.cos(0.2)
_FONT_NAME_BYTES = 128
_PDFIUM_FILE, _PDFIUM_PASSWORD, _PDFIUM_SECURITY = 2, 4, 5


class Line(NamedTuple):
    """One line as it is set; a tuple, because a book has thousands.

    Lengths are points; the origin is the lower left corner of the page as it is shown.

    Attributes:
        text: With ligatures spelled out; ends with HYPHEN where it divides a word.
        size: Of its type.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page.

    Attributes:
        index: From 0.
        label: The number that the file gives it; "" for none.
        lines: In the order the file has them, which is reading order but for running heads.
    """

    index: int
    label: str
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """One line of the outline (the bookmarks).

    Attributes:
        path: Titles of the entries above it.
        page: Index of the page it points to; None for nowhere.
        top: Points from the lower edge of that page; None for its head.
    """

    title: str
    path: tuple[str, ...]
    page: int | None
    top: float | None


class PdfFile:
    """An open PDF."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Rejected: It wants a password, is damaged or beyond a bound; the message says which.
        """
        try:
            self._document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise _failure(error.err_code, path=path) from error
        if not 0 < len(self._document) <= MAX_PAGES:
            count = len(self._document)
            self._document.close()
            if not count:
                raise Rejected("it has no pages", code=Code.DAMAGED, advice="Download the file again.")
            text = f"it has {count:,} pages, more than the {MAX_PAGES:,} that are read"
            raise Rejected(text, code=Code.TOO_LARGE, advice=SPLIT_IT)

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._document.close()

    @property
    def info(self) -> dict[str, str]:
        """The entries of the information dictionary that hold something: Title, Author …; and Lang of the catalogue."""
        read = self._document.get_metadata_value
        found = {key: _read_string(partial(read, key)) for key in self._document.METADATA_KEYS}
        found["Lang"] = self._language()
        return {key: value for key, value in found.items() if value}

    def pages(self) -> Iterator[Page]:
        """Every page that can be read; a damaged one comes without lines.

        Raises:
            Rejected: There is more text than any book has.
        """
        characters = 0
        for index in range(len(self._document)):
            page = self._read_page(index)
            characters += sum(len(line.text) for line in page.lines)
            if characters > MAX_CHARACTERS:
                text = f"it holds more than {MAX_CHARACTERS:,} characters"
                raise Rejected(text, code=Code.TOO_LARGE, advice=SPLIT_IT)
            yield page

    def outline(self) -> tuple[OutlineEntry, ...]:
        """The outline in its own order; what is damaged in it is left out."""
        entries: list[OutlineEntry] = []
        path: tuple[str, ...] = ()
        for bookmark, _ in zip(
            self._document.get_toc(max_depth=MAX_OUTLINE_LEVELS), range(MAX_OUTLINE_ENTRIES), strict=False
        ):
            title = _read_string(bookmark.get_title)
            path = path[: bookmark.level]
            page, top = _target(bookmark)
            if title:
                entries.append(OutlineEntry(title=title, path=tuple(filter(None, path)), page=page, top=top))
            path = (*path, title)
        return tuple(entries)

    def share_of_pictures(self) -> float:
        """How many of the first pages hold a picture, 0 to 1."""
        indexes = range(min(len(self._document), 20))
        return sum(self._has_picture(index) for index in indexes) / len(indexes)

    def _has_picture(self, index: int) -> bool:
        try:
            with closing(self._document[index]) as page:
                pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
                return any(True for _ in pictures)
        except pypdfium2.PdfiumError:
            return False

    def _language(self) -> str:
        read = pdfium.FPDFCatalog_GetLanguage
        length = read(self._document, None, 0)
        if not 2 < length < 200:
            return ""
        buffer = ctypes.create_string_buffer(length)
        read(self._document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
        return buffer.raw[: length - 2].decode("utf-16-le", errors="replace")

    def _read_page(self, index: int) -> Page:
        lines: tuple[Line, ...] = ()
        width, height, label = 612.0, 792.0, ""
        try:
            label = _read_string(partial(self._document.get_page_label, index))
            with closing(self._document[index]) as page, closing(page.get_textpage()) as text:
                width, height = page.get_size()
                lines = tuple(_PageText(page, text).lines())
        except pypdfium2.PdfiumError:
            lines = ()  # a damaged page costs that page
        return Page(index=index, label=label, width=width, height=height, lines=lines)


class _PageText:
    """The characters of one page, asked for by their index in PDFium."""

    def __init__(self, page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> None:
        self._raw = text.raw
        count = min(text.count_chars(), MAX_PAGE_CHARACTERS)
        self._text = text.get_text_range(count=count) if count else ""
        self._is_one_to_one = len(self._text) == text.count_chars()
        self._crop: tuple[float, float, float, float] = page.get_cropbox()
        self._rotation = page.get_rotation()
        self._box = pdfium.FS_RECTF()
        self._origin = (ctypes.c_double(), ctypes.c_double())
        self._matrix = pdfium.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        self._flags = ctypes.c_int()

    def lines(self) -> Iterator[Line]:
        """What stands inside the crop box, upright, line by line."""
        start = 0
        for piece in _split_lines(self._text):
            stripped = piece.strip()
            if stripped:
                first = start + piece.index(stripped)
                line = self._measure(stripped, first=first)
                if line is not None:
                    yield line
            start += len(piece)

    def _measure(self, text: str, *, first: int) -> Line | None:
        length = len(text.rstrip(HYPHEN)) - 1
        head, tail = self._index(first), self._index(first + length)
        if not self._is_upright(head):
            return None  # a watermark, or a note along the margin
        one, other = self._char_box(head), self._char_box(tail)
        if one is None or other is None:
            one = other = one or other
        if one is None or other is None:
            return None
        if not (self._is_inside(one) and self._is_inside(other)):
            return self._crop_line(text, first=first)
        box = min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
        text = self._without_marks(text, first=first)
        samples = _sample(text)
        if tail - head == length:  # so all between them are in step, too
            start, middle, end = (head + at for at in samples)
        else:
            start, middle, end = (self._index(first + at) for at in samples)
        left, bottom, right, top = self._turn(*box)
        size = self._middle_size(start, middle, end)
        return Line(_clean(text), left, right, bottom, top, size, self._is_bold(middle))

    def _is_upright(self, index: int) -> bool:
        angle = pdfium.FPDFText_GetCharAngle(self._raw, index)
        if angle == self._rotation == 0:
            return True
        turn = self._rotation * math.pi / 180
        return max(math.cos(angle - turn), math.cos(angle + turn)) >= _UPRIGHT

    def _without_marks(self, text: str, *, first: int) -> str:
        """The text of a line without the raised numbers that point to notes."""
        if not _DIGIT.search(text):  # the pattern would be tried at every letter
            return text
        for match in reversed(list(_RAISED.finditer(text))):
            start, end = match.span(1)
            mark, neighbour = self._index(first + match.start(2)), self._index(first + match.start() - 1)
            is_small = self._size(mark) < self._size(neighbour) * _RAISED_SIZE
            if is_small and self._baseline(mark) > self._baseline(neighbour) + 1:
                text = text[:start] + text[end:]
        return text

    def _baseline(self, index: int) -> float:
        x, y = self._origin
        pdfium.FPDFText_GetCharOrigin(self._raw, index, x, y)
        return float(y.value)

    def _crop_line(self, text: str, *, first: int) -> Line | None:
        """A line that reaches out of the crop box, without what is outside."""
        kept = [
            at for at in range(len(text)) if (box := self._char_box(self._index(first + at))) and self._is_inside(box)
        ]
        if not kept or kept == list(range(len(text))):
            return None
        inside = text[kept[0] : kept[-1] + 1]
        stripped = inside.strip()
        if not stripped or len(stripped) == len(text):
            return None
        return self._measure(stripped, first=first + kept[0] + inside.index(stripped))

    def _index(self, at: int) -> int:
        if self._is_one_to_one:
            return at
        index: int = pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw, at)
        return max(index, 0)

    def _char_box(self, index: int) -> tuple[float, float, float, float] | None:
        """Left, bottom, right, top, as tall as the font; None for a character without a place."""
        rect = self._box
        if not pdfium.FPDFText_GetLooseCharBox(self._raw, index, rect):
            return None
        values = (rect.left, rect.bottom, rect.right, rect.top)
        return values if all(map(math.isfinite, values)) else None

    def _is_inside(self, box: tuple[float, float, float, float]) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return self._crop[0] - 1 <= x <= self._crop[2] + 1 and self._crop[1] - 1 <= y <= self._crop[3] + 1

    def _middle_size(self, first: int, middle: int, last: int) -> float:
        """The middle one of three sizes; where two are alike, the third is not asked for."""
        one, other = self._size(first), self._size(last)
        return one if one == other else sorted((one, other, self._size(middle)))[1]

    def _size(self, index: int) -> float:
        size = float(pdfium.FPDFText_GetFontSize(self._raw, index))
        if pdfium.FPDFText_GetMatrix(self._raw, index, self._matrix):
            size *= math.hypot(self._matrix.b, self._matrix.d)
        return round(size, 1) if math.isfinite(size) else 0.0

    def _is_bold(self, index: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, _FONT_NAME_BYTES, self._flags)
        return 0 < length <= _FONT_NAME_BYTES and _names_bold(self._name.value)

    def _turn(self, x: float, y: float, right_x: float, top_y: float) -> tuple[float, float, float, float]:
        """Where a line stands as the reader sees it on a page that is shown turned: left, bottom, right, top."""
        left, bottom, right, top = self._crop
        if self._rotation == 90:
            return y - bottom, right - right_x, top_y - bottom, right - x
        if self._rotation == 180:
            return right - right_x, top - top_y, right - x, top - y
        if self._rotation == 270:
            return top - top_y, x - left, top - y, right_x - left
        return x - left, y - bottom, right_x - left, top_y - bottom


def _split_lines(text: str) -> Iterator[str]:
    """The lines with what ends them; a divided word ends a line too, for PDFium joins its halves."""
    for mark in _OTHER_HYPHENS:
        text = text.replace(mark, HYPHEN)
    end = 0
    for piece in _PIECE.findall(text):
        yield piece
        end += len(piece)
    yield text[end:]


def _sample(text: str) -> tuple[int, int, int]:
    """Offsets of three characters that stand for the line's type; spaces and marks may be PDFium's own."""
    words: list[str] = _SOLID.findall(text)
    if not words:
        return 0, 0, 0
    left = sum(map(len, words)) // 2
    first = at = text.index(words[0])
    for word in words:  # up to the middle one of all letters and digits
        at = text.index(word, at)
        if left < len(word):
            break
        left -= len(word)
        at += len(word)
    return first, at + left, text.rindex(words[-1]) + len(words[-1]) - 1


def _clean(text: str) -> str:
    """The text with ligatures spelled out and without what is none; most lines need nothing of it."""
    return text if text.isprintable() and not _LIGATURE.search(text) else text.translate(_CLEANING)


@lru_cache(maxsize=1024)
def _names_bold(font: bytes) -> bool:
    return any(weight in font.lower() for weight in (b"bold", b"black", b"heavy"))


def _target(bookmark: pypdfium2.PdfBookmark) -> tuple[int | None, float | None]:
    """Page index and height of what a bookmark points to; None for what it does not say."""
    try:
        target = bookmark.get_dest()
        if target is None:
            return None, None
        index = target.get_index()
        mode, view = target.get_view()
    except pypdfium2.PdfiumError:
        return None, None
    if mode == pdfium.PDFDEST_VIEW_XYZ and len(view) > 1:
        return index, view[1]
    if mode in (pdfium.PDFDEST_VIEW_FITH, pdfium.PDFDEST_VIEW_FITBH) and view:
        return index, view[0]
    return index, None


def _failure(code: int | None, *, path: Path) -> Rejected:
    if code == _PDFIUM_PASSWORD:
        advice = "Remove the password (qpdf --decrypt does) and drop it again."
        return Rejected("it is protected by a password", code=Code.ENCRYPTED, advice=advice)
    if code == _PDFIUM_SECURITY:
        text = "it is encrypted by a scheme that only its seller's program opens (DRM)"
        return Rejected(text, code=Code.PROTECTED, advice="Get a copy without it.")
    if code == _PDFIUM_FILE and not path.exists():
        return Rejected("it is gone", code=Code.UNREADABLE, advice="Drop it again.")
    text = "it is damaged, or no PDF at all: its pages cannot be found"
    return Rejected(text, code=Code.DAMAGED, advice="Copy or download the file again.")


def _read_string(read: Callable[[], str]) -> str:
    """A string of the file, folded; "" for one that is damaged: a title is not worth the book."""
    try:
        return " ".join(read().translate(_CLEANING).split())
    except (UnicodeDecodeError, pypdfium2.PdfiumError):
        return ""
