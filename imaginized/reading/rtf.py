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
_STYLE = re.compile(r"\{\\s(\d{1,3})\\[^{}]{0,1000}?\\outlinelevel([0-8])(?![0-9])")
_USED = re.compile(r"\\s(\d{1,3})(?![0-9])")
_FIRST_MARK = 0xE0F0
_TITLE = "9"
_TITLE_MARK = chr(_FIRST_MARK + int(_TITLE))
_TITLE_STYLE = re.compile(r"\{\\s(\d{1,3})(?![0-9])[^{};]{0,1000}? Title;\}")
_MARKS = {_TITLE_MARK: 0, **{chr(_FIRST_MARK + level): level + 1 for level in range(9)}}
_FIELD = re.compile(r"\{\\(title|author)[ ]([^{}]{1,500})\}")
_ESCAPE = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\s?(?:\\'[0-9a-fA-F]{2}|\?)?")
_MAX_HEADING = 200


def read_rtf(path: Path, *, original_name: str) -> BookText:
    """Read a Rich Text file into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    source = read_bounded(path).decode("latin-1").lstrip("\x00\ufeff\xef\xbb\xbf")
    marked = _OUTLINE.sub(lambda found: f"\\outlinelevel9{_mark_of(found[1])}", _with_levels(_with_title(source)))
    text = str(rtf_to_text(marked, errors="replace"))  # type: ignore[no-untyped-call]
    read = read_lines(text, is_wrapped=False)
    titled = next((_without_marks(each.text) for each in read if _TITLE_MARK in each.text), "")
    stretches = [_unmarked(each) for each in read]
    return Converted(
        way="rtf",
        pages=(make_page(PAGE, "\n".join(marked_up(stretches))),),
        metadata=_metadata(source),
        contents=tuple(entries_of(stretches)),
        titled=titled,
        is_named_inside=True,
    )


def _mark_of(level: str) -> str:
    """The control words for the character that tells of a heading of that level."""
    return f"\\uc0\\u{_FIRST_MARK + int(level)}\\uc1 "


def _with_title(source: str) -> str:
    """The source with the mark of a title where its style is used; it has a name, and no outline level."""
    start = source.find("{\\stylesheet")
    end = source.find("}}", start)
    style = _TITLE_STYLE.search(source, start, end + 1) if 0 <= start < end else None
    if style is None:
        return source
    used = re.compile(rf"\\s{style[1]}(?![0-9])")
    return source[:end] + used.sub(lambda found: found[0] + _mark_of(_TITLE), source[end:])


def _with_levels(source: str) -> str:
    """The source with the outline levels of styles written where these are used: Word does so itself."""
    start = source.find("{\\stylesheet")
    end = source.find("}}", start)
    levels = dict(_STYLE.findall(source[start:end])) if 0 <= start < end else {}
    if not levels or _OUTLINE.search(source, end):
        return source

    def with_level(used: re.Match[str]) -> str:
        return f"{used[0]}\\outlinelevel{levels[used[1]]}" if used[1] in levels else used[0]

    return source[:end] + _USED.sub(with_level, source[end:])


def _unmarked(stretch: Stretch) -> Stretch:
    """A paragraph without the character that tells of a heading, as that heading."""
    line = stretch.lines[0]
    found = [mark for mark in line if mark in _MARKS]
    if not found:
        return stretch
    text = _without_marks(line)
    level = min(_MARKS[found[0]], 6)
    return replace(stretch, lines=(text,), level=level if 0 < len(text.strip()) <= _MAX_HEADING else 0)


def _without_marks(line: str) -> str:
    return "".join(each for each in line if each not in _MARKS)


def _metadata(source: str) -> Metadata:
    said = {name: _ESCAPE.sub(_character, value).strip() for name, value in _FIELD.findall(source[:50_000])}
    author = said.get("author", "")
    return Metadata(title=said.get("title", ""), authors=(author,) if author else ())


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1]).decode("cp1252", "replace")
    number = int(match[2]) % 0x10000
    return "" if 0xD800 <= number < 0xE000 else chr(number)
