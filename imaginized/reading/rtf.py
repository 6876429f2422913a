"""Rich Text, by striprtf: its words as lines, its headings by the level that Word and LibreOffice write."""

import re
from dataclasses import replace
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from imaginized.reading.converted import Converted, make_page, read_bounded, read_converted
from imaginized.reading.package import Metadata
from imaginized.reading.plain_text import PAGE, entries_of, marked_up
from imaginized.reading.text_lines import Stretch, read_lines
from imaginized.story.text import BookText

# striprtf knows no headings: a private character in the text tells of one.
_OUTLINE = re.compile(r"\\outlinelevel([0-8])(?![0-9])")
_FIRST_MARK = 0xE0F0
_MARKS = {chr(_FIRST_MARK + level): level + 1 for level in range(9)}
_FIELD = re.compile(r"\{\\(title|author)[ ]([^{}]{1,500})\}")
_ESCAPE = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\s?(?:\\'[0-9a-fA-F]{2}|\?)?")
_MAX_HEADING = 200


def read_rtf(path: Path, *, original_name: str) -> BookText:
    """Read a Rich Text file into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    source = read_bounded(path).decode("latin-1").lstrip("\x00\ufeff\xef\xbb\xbf")
    marked = _OUTLINE.sub(lambda found: f"\\outlinelevel9\\uc0\\u{_FIRST_MARK + int(found[1])}\\uc1 ", source)
    text = str(rtf_to_text(marked, errors="replace"))  # type: ignore[no-untyped-call]
    stretches = [_unmarked(each) for each in read_lines(text, is_wrapped=False)]
    return Converted(
        way="rtf",
        pages=(make_page(PAGE, "\n".join(marked_up(stretches))),),
        metadata=_metadata(source),
        contents=tuple(entries_of(stretches)),
    )


def _unmarked(stretch: Stretch) -> Stretch:
    """A paragraph without the character that tells of a heading, as that heading."""
    line = stretch.lines[0]
    found = [mark for mark in line if mark in _MARKS]
    if not found:
        return stretch
    text = "".join(each for each in line if each not in _MARKS)
    level = min(_MARKS[found[0]], 6)
    return replace(stretch, lines=(text,), level=level if 0 < len(text.strip()) <= _MAX_HEADING else 0)


def _metadata(source: str) -> Metadata:
    said = {name: _ESCAPE.sub(_character, value).strip() for name, value in _FIELD.findall(source[:50_000])}
    author = said.get("author", "")
    return Metadata(title=said.get("title", ""), authors=(author,) if author else ())


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1]).decode("cp1252", "replace")
    number = int(match[2]) % 0x10000
    return "" if 0xD800 <= number < 0xE000 else chr(number)
