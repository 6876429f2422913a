"""Plain text: from Project Gutenberg, from web novels, from any editor."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from imaginized.reading.aozora import head_of, is_noted, read_noted
from imaginized.reading.blocks import join_titles
from imaginized.reading.charset import decode_text
from imaginized.reading.converted import Converted, escaped, make_page, read_bounded, read_converted
from imaginized.reading.formats import stem_of
from imaginized.reading.package import Entry, Metadata
from imaginized.reading.text_lines import Stretch, before_small_print, is_scene_gap, read_lines
from imaginized.story.text import BookText

PAGE = "text.xhtml"
_HEADER = re.compile(r"^(Title|Author|Language):[ \t]*(\S.*(?:\n[ \t]{3,}\S.*)*)", re.MULTILINE)
_GUTENBERG = re.compile(r"project gutenberg", re.IGNORECASE)
_NAMED = re.compile(r"《(?P<title>[^《》]{1,60})》.{0,20}?(?:作者|by)\s*[:：]?\s*(?P<author>[^\s\].。（(]{1,30})")
_LANGUAGES = {
    **{"english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it", "dutch": "nl"},
    **{"portuguese": "pt", "finnish": "fi", "chinese": "zh", "swedish": "sv", "latin": "la", "greek": "el"},
}
_HEAD_CHARACTERS = 4000
_MARKER = "*** START OF THE PROJECT GUTENBERG TEXT"  # `flow` cuts, and names, what stands before


def read_text(path: Path, *, original_name: str) -> BookText:
    """Read a text file into its story chapters; see `read_converted`."""
    return read_converted(path, partial(_convert, name=original_name), original_name=original_name)


def _convert(path: Path, *, name: str) -> Converted:
    text, warning = decode_text(read_bounded(path))
    if is_noted(text):
        title, author = head_of(text)
        metadata = Metadata(title=title, authors=(author,) if author else (), language="ja")
        return _converted(read_noted(text), metadata=metadata, warning=warning)
    at = before_small_print(text)
    stretches = read_lines(text[at:])
    if at:
        stretches = [*(Stretch(lines=(line,)) for line in text[:at].split("\n") if line.strip()),
                     Stretch(lines=(_MARKER,)), *stretches]  # fmt: skip
    return _converted(stretches, metadata=_metadata(text, name=name), warning=warning)


def _converted(stretches: Sequence[Stretch], *, metadata: Metadata, warning: str) -> Converted:
    return Converted(
        way="text",
        pages=(make_page(PAGE, "\n".join(marked_up(stretches))),),
        metadata=metadata,
        contents=tuple(entries_of(stretches)),
        warnings=(warning,) if warning else (),
    )


def entries_of(stretches: Sequence[Stretch], *, name: str = PAGE) -> Iterator[Entry]:
    """Contents made of the headings: what counted up here need not be understood a second time."""
    above: list[tuple[int, str]] = []
    for at, each in enumerate(stretches):
        if not each.level or (at and 0 < stretches[at - 1].level < each.level and _is_second_line(stretches[at - 1])):
            continue
        lines = [each.text]
        if at + 1 < len(stretches) and stretches[at + 1].level > each.level and _is_second_line(each):
            lines.append(stretches[at + 1].text)
        above = [one for one in above if one[0] < each.level]
        title = join_titles(lines)
        yield Entry(title=title, path=tuple(named for _, named in above), name=name, fragment=f"heading-{at}")
        above.append((each.level, title))


def _is_second_line(before: Stretch) -> bool:
    """Whether a deeper heading right behind this one is its title, and not the first chapter of a part."""
    return before.level > 1


def marked_up(stretches: Iterable[Stretch]) -> Iterator[str]:
    """Markup of paragraphs and headings; entries of contents as links, as which `flow` knows printed contents."""
    for at, each in enumerate(stretches):
        if is_scene_gap(each):
            yield "<p> </p>"
        text = "<br/>".join(map(escaped, each.lines)) if each.is_verse else escaped(each.text)
        if each.level:
            yield f'<h{each.level} id="heading-{at}">{text}</h{each.level}>'
        elif each.is_listed:
            yield f'<p><a href="#">{text}</a></p>'
        else:
            yield f"<p>{text}</p>"


def _metadata(text: str, *, name: str) -> Metadata:
    """What a header of Project Gutenberg says, or a Chinese file's name or first lines: 《title》作者：author."""
    head = text[:_HEAD_CHARACTERS]
    if _GUTENBERG.search(head):
        said = {key: " ".join(value.split()) for key, value in _HEADER.findall(head.replace("\r\n", "\n"))}
        author = said.get("Author", "")
        language = _LANGUAGES.get(said.get("Language", "").lower(), "")
        return Metadata(title=said.get("Title", ""), authors=(author,) if author else (), language=language)
    named = _NAMED.search(stem_of(name)) or _NAMED.search(head[:400])
    return Metadata(title=named["title"], authors=(named["author"],)) if named else Metadata()
