"""Reading books, measured against bare EbookLib and pypdfium2 in one run: `scripts/bench reading`."""

import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from ebooklib import epub
from lxml import etree, html

from benchmarks.targets import Target
from benchmarks.writing import keep, machine, table
from imaginized.errors import Rejected
from imaginized.reading.epub import read_epub
from imaginized.reading.pdf import read_pdf

BOOKS = Path(os.environ.get("IMAGINIZED_BOOKS", Path(__file__).parents[2] / "shared" / "books"))
TARGET, TARGET_SUM, TARGET_PDF = 2.0, 1.5, 2.5
ROUNDS = 7

KINDS = (".epub", ".pdf")

Row = dict[str, object]


def run(*, quick: bool) -> list[Target]:
    """Ratios to the bare readers; the table is kept. Nothing where there are no books: see IMAGINIZED_BOOKS."""
    paths = sorted(path for kind in KINDS for path in BOOKS.glob(f"*{kind}"))
    rows = [_row(path, rounds=2 if quick else ROUNDS) for path in paths]
    sums = {kind: _sum_ratio(rows, kind=kind) for kind in KINDS}
    if rows and not quick:
        targets = {"target": TARGET, "target_sum": TARGET_SUM, "target_pdf": TARGET_PDF}
        keep("reading", results={"machine": machine(), **targets, "sums": sums, "books": rows}, text=report(rows))
    asked = {".epub": TARGET_SUM, ".pdf": TARGET_PDF}
    return [
        Target(name=f"all {kind[1:].upper()} files to bare", asked=asked[kind], measured=ratio)
        for kind, ratio in sums.items()
        if ratio is not None
    ]


def report(rows: list[Row]) -> str:
    """The results for people."""
    lines = [
        "# Reading",
        "",
        "Written by `scripts/bench reading`. CPU milliseconds, the best of several rounds that take turns; ratios",
        "travel between machines, times do not. *ours* is `read_epub` or `read_pdf` up to chapters, with everything",
        "that is skipped, checked and named.",
        "",
        "- *bare*: `ebooklib.read_epub`, then each document's `get_content()` through lxml's HTML parser, all text.",
        "- *floor*: the same with the raw `content` through lxml's XML parser, which few programs do; nothing in",
        "  Python can be much quicker with EbookLib.",
        "- Of a PDF, *bare* is pypdfium2's `get_textpage().get_text_bounded()` of each page; there is no *floor*.",
        "",
        f"The target is a ratio to *bare* below {TARGET:g} for each EPUB, {TARGET_SUM:g} for their sum and "
        f"{TARGET_PDF:g} for each PDF.",
        "Sums of all that both read: "
        + ", ".join(f"{kind[1:].upper()} {_sum_ratio(rows, kind=kind)}" for kind in KINDS)
        + ". An empty cell: EbookLib or PDFium raises, or we refuse the book.",
        "",
    ]
    columns = ("book", "chapters", "ours_ms", "bare_ms", "floor_ms", "ratio", "ratio_to_floor")
    return "\n".join([*lines, *table(rows, columns=columns), ""])


def _row(path: Path, *, rounds: int) -> Row:
    """One book: the three ways take turns, so that whatever else the machine does is shared."""
    best: dict[Callable[[Path], int], float] = {}
    ways = (_read_ours, _read_bare_pdf) if path.suffix == ".pdf" else (_read_ours, _read_bare, _read_floor)
    chapters = 0
    for _ in range(rounds):
        for way in ways:
            start = time.process_time()
            count = way(path)
            seconds = time.process_time() - start
            chapters = count if way is _read_ours else chapters
            best[way] = min(best.get(way, seconds), seconds) if count >= 0 else float("nan")
    ours, bare, floor = best[ways[0]], best[ways[1]], best.get(_read_floor, float("nan"))
    return {
        "book": path.name,
        "chapters": chapters if chapters >= 0 else None,
        "ours_ms": _rounded(ours * 1000, digits=1),
        "bare_ms": _rounded(bare * 1000, digits=1),
        "floor_ms": _rounded(floor * 1000, digits=1),
        "ratio": _rounded(ours / bare, digits=2),
        "ratio_to_floor": _rounded(ours / floor, digits=2),
    }


def _sum_ratio(rows: list[Row], *, kind: str) -> float | None:
    """All books of a kind that both sides read, ours to bare."""
    both = [row for row in rows if str(row["book"]).endswith(kind) and row["ratio"] is not None]
    ours, bare = (sum(float(str(row[name])) for row in both) for name in ("ours_ms", "bare_ms"))
    return round(ours / bare, 2) if bare else None


def _rounded(value: float, *, digits: int) -> float | None:
    return None if value != value else round(value, digits)


def _read_ours(path: Path) -> int:
    """How many chapters; -1 for a book that is refused."""
    try:
        read = read_pdf if path.suffix == ".pdf" else read_epub
        return len(read(path, original_name=path.name).chapters)
    except Rejected:
        return -1


def _read_bare(path: Path) -> int:
    return _extract(path, read=lambda item: html.fromstring(item.get_content()).text_content())


def _read_bare_pdf(path: Path) -> int:
    """How many characters; -1 where PDFium cannot open it."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return -1
    try:
        return sum(len(page.get_textpage().get_text_bounded()) for page in document)
    finally:
        document.close()


def _read_floor(path: Path) -> int:
    return _extract(path, read=lambda item: "".join(etree.fromstring(item.content).itertext()))


def _extract(path: Path, *, read: Callable[[epub.EpubHtml], str]) -> int:
    """How many characters; -1 where EbookLib raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = epub.read_epub(path)
        except Exception:  # noqa: BLE001 - the boundary of the other side: whatever it raises, it has no time
            return -1
    return sum(len(_text(item, read=read)) for item in book.get_items() if isinstance(item, epub.EpubHtml))


def _text(item: epub.EpubHtml, *, read: Callable[[epub.EpubHtml], str]) -> str:
    try:
        return read(item)
    except (etree.LxmlError, ValueError):
        return ""  # not well-formed or empty: this program would go on without it
