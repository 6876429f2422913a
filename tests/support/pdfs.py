"""PDFs built in code: pages of lines in a standard font, an outline, information, boxes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SENTENCE = "the old house stood on a low green hill above the river and nobody had lived there since the flood"
WORDS = _SENTENCE.split()
BODY = 11.0
LEADING = 14.0
LEFT, RIGHT, TOP = 72.0, 400.0, 620.0
WIDTH, HEIGHT = 472.0, 700.0
# Of Helvetica, in thousandths of its size, for space to z.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500"
)
WIDTH_OF = dict(zip(range(32, 123), map(int, _WIDTHS.split()), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line at a place; `raw` bytes are drawn in the font's own encoding."""

    text: str | bytes
    x: float = LEFT
    y: float
    size: float = BODY
    is_bold: bool = False


@dataclass(slots=True)
class Typesetter:
    """Fills pages with lines from the top down, as a printer does."""

    pages: list[list[Text]] = field(default_factory=list)
    y: float = 0.0

    def new_page(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.y = TOP

    def line(self, text: str | bytes, *, x: float = LEFT, size: float = BODY, is_bold: bool = False) -> None:
        """One line, as it is."""
        if not self.pages or self.y < 90:
            self.new_page()
        self.pages[-1].append(Text(text=text, x=x, y=self.y, size=size, is_bold=is_bold))
        self.y -= LEADING * size / BODY

    def skip(self, points: float = LEADING) -> None:
        """Leave room."""
        self.y -= points

    def paragraph(self, text: str, *, indent: float = 18.0) -> None:
        """A paragraph, broken into lines."""
        line, x = "", LEFT + indent
        for word in text.split():
            if x + width_of(f"{line} {word}") > RIGHT:
                self.line(line, x=x)
                line, x = word, LEFT
            else:
                line = f"{line} {word}".strip()
        self.line(line, x=x)

    def heading(self, text: str, *, size: float = 18.0) -> None:
        """A heading at the head of a page."""
        self.new_page()
        self.y -= 60
        self.line(text, size=size)
        self.skip()

    def add_furniture(self, *, head: str, first_number: int = 1) -> None:
        """A running head above and a page number below every page."""
        for at, page in enumerate(self.pages):
            page.append(Text(text=head, x=180, y=660, size=9))
            page.append(Text(text=str(first_number + at), x=230, y=40, size=9))


def width_of(text: str) -> float:
    """Points that a line takes in the body's size."""
    return sum(WIDTH_OF.get(ord(character), 500) for character in text) * BODY / 1000


def prose(words: int, *, seed: int = 0) -> str:
    """That many words in sentences of ten; paragraphs of another seed differ."""
    picked = [WORDS[(seed * 7 + at * 5 + at // 10) % len(WORDS)] for at in range(words)]
    sentences = [" ".join(picked[at : at + 10]).capitalize() + "." for at in range(0, words, 10)]
    return " ".join(sentences)


def build_pdf(
    path: Path,
    pages: Sequence[Sequence[Text]],
    *,
    outline: Sequence[tuple[str, int]] = (),
    info: dict[str, str] | None = None,
    crop: tuple[float, float, float, float] | None = None,
    trailer: str = "",
) -> Path:
    """Write a PDF; the outline's entries are (title, index of the page)."""
    objects: list[bytes] = [b"", b"", b"", b"", b""]
    kids = []
    box = f"/CropBox [{' '.join(map(str, crop))}]" if crop else ""
    for page in pages:
        stream = b"".join(map(_draw, page))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {box} /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        kids.append(len(objects))
    first = len(objects) + 1
    for at, (title, index) in enumerate(outline):
        next_one = f"/Next {first + at + 1} 0 R" if at + 1 < len(outline) else ""
        before = f"/Prev {first + at - 1} 0 R" if at else ""
        objects.append(
            f"<< /Title ({title}) /Parent 5 0 R /Dest [{kids[index]} 0 R /Fit] {next_one} {before} >>".encode()
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    objects[2] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"
    ends = f"/First {first} 0 R /Last {first + len(outline) - 1} 0 R" if outline else ""
    objects[4] = f"<< /Type /Outlines /Count {len(outline)} {ends} >>".encode()
    return _write(path, objects, info=info or {}, trailer=trailer)


def _draw(line: Text) -> bytes:
    text = line.text if isinstance(line.text, bytes) else line.text.encode("latin-1")
    text = text.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    font = b"/F2" if line.is_bold else b"/F1"
    return b"BT %s %.2f Tf %.2f %.2f Td (%s) Tj ET\n" % (font, line.size, line.x, line.y, text)


def _write(path: Path, objects: Sequence[bytes], *, info: dict[str, str], trailer: str) -> Path:
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    entries = " ".join(f"/{key} ({value})" for key, value in info.items())
    for number, body in enumerate([*objects, f"<< {entries} >>".encode()], start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += f"trailer << /Size {len(offsets) + 1} /Root 1 0 R /Info {len(offsets)} 0 R {trailer} >>\n".encode()
    data += b"startxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(data)
    return path
