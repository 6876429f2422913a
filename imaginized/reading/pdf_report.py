"""The structure of a PDF as JSON, its words replaced: every line with its place and size, and the outline.

A line is most of the text here, not a title as in an EPUB: only those that stand out keep their words equal, so that
nothing in the text can be counted back.
"""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from imaginized.reading.disguise import Disguise, is_named
from imaginized.reading.pdf_pages import HYPHEN, Line, OutlineEntry, Page, PdfFile

LARGE = 1.1
REPEATED = 3
SCHEMA = "imaginized.pdf-structure/1"


def structure_of(path: Path, *, choose: random.Random) -> str:
    """The structure of a PDF as a JSON text.

    Raises:
        Rejected: It cannot be opened; the message says why.
    """
    with PdfFile(path) as file:
        pages, outline = tuple(file.pages()), tuple(file.outline())
    disguise = Disguise(choose)
    titles = {_fold(entry.title) for entry in outline}
    seen = Counter(_fold(line.text) for page in pages for line in page.lines)
    usual, is_bold = _usual_type(pages)
    shown = {text for text, count in seen.items() if count >= REPEATED} | titles
    for entry in outline:
        disguise.learn(entry.title)
    # Titles first: a word that one of them needs is kept in all.
    for line in (
        line for page in pages for line in page.lines if _stands_out(line, shown=shown, usual=usual, is_bold=is_bold)
    ):
        disguise.learn(line.text)
    rows = [_page(page, disguise, shown=shown, usual=usual, is_bold=is_bold) for page in pages]
    entries = [_entry(entry, disguise) for entry in outline]
    return json.dumps({"schema": SCHEMA, "pages": rows, "outline": entries}, ensure_ascii=False)


def _page(page: Page, disguise: Disguise, *, shown: set[str], usual: float, is_bold: bool) -> dict[str, object]:
    lines = []
    for line in page.lines:
        is_title = _stands_out(line, shown=shown, usual=usual, is_bold=is_bold)
        text = disguise.line(line.text) if is_title else disguise.prose(line.text)
        places = {key: round(value, 1) if isinstance(value, float) else value for key, value in line._asdict().items()}
        lines.append({**places, "text": text})
    return {**asdict(page), "lines": lines}


def _entry(entry: OutlineEntry, disguise: Disguise) -> dict[str, object]:
    path = [disguise.line(title) for title in entry.path]
    return {**asdict(entry), "title": disguise.line(entry.title), "path": path}


def _stands_out(line: Line, *, shown: set[str], usual: float, is_bold: bool) -> bool:
    """Whether it may be a title, a running head or a page number."""
    text = line.text.removesuffix(HYPHEN)
    return line.is_bold is not is_bold or line.size > usual * LARGE or _fold(text) in shown or is_named(text)


def _usual_type(pages: Sequence[Page]) -> tuple[float, bool]:
    """The size of most letters, and whether they are bold."""
    letters: Counter[tuple[float, bool]] = Counter()
    for page in pages:
        for line in page.lines:
            letters[round(line.size, 1), line.is_bold] += len(line.text)
    return max(letters, key=lambda each: letters[each], default=(0.0, False))


def _fold(text: str) -> str:
    return "".join("#" if letter.isdigit() else letter for letter in " ".join(text.casefold().split()))
