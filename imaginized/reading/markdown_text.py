"""Markdown, by markdown-it: CommonMark with tables and footnotes, and the metadata that writers put before it."""

import re
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

from imaginized.reading.charset import decode_text
from imaginized.reading.converted import Converted, make_page, read_bounded, read_converted
from imaginized.reading.package import Metadata
from imaginized.story.text import BookText

_FRONT = re.compile(r"\A---[ \t]*\n(?P<lines>.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_PANDOC = re.compile(r"\A%[ \t]*(?P<title>[^\n]{1,300})\n(?:%[ \t]*(?P<author>[^\n]{0,300})\n)?(?:%[^\n]*\n)?")
_FIELD = re.compile(r"^(title|author|creator|lang|language|series)\s*:[ \t]*(.*(?:\n[ \t]*-[ \t].*)*)", re.M | re.I)
# What pandoc writes beyond CommonMark: fences around divisions, and attributes behind headings.
_FENCE = re.compile(r"^ {0,3}:{3,}[^\n]{0,200}$", re.MULTILINE)
_HEADING_ATTRIBUTES = re.compile(r"^(#{1,6} [^\n]{0,300}?)[ \t]*\{[#.\w][^{}\n]{0,200}\}[ \t]*$", re.MULTILINE)
_NOTES = '<section class="footnotes">'


def read_markdown(path: Path, *, original_name: str) -> BookText:
    """Read a Markdown file into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    text, warning = decode_text(read_bounded(path))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    metadata, body = _split_metadata(text)
    body = _HEADING_ATTRIBUTES.sub(r"\1", _FENCE.sub("", body))
    reader = MarkdownIt("commonmark", {"xhtmlOut": True}).enable("table").use(footnote_plugin)
    reader.use(attrs_plugin, spans=True)
    markup = reader.render(body).replace(_NOTES, '<section epub:type="endnotes">')
    warnings = (warning,) if warning else ()
    return Converted(way="markdown", pages=(make_page("text.xhtml", markup),), metadata=metadata, warnings=warnings)


def _split_metadata(text: str) -> tuple[Metadata, str]:
    """What stands before the text in YAML or in pandoc's lines, and the text."""
    front = _FRONT.match(text)
    if front is not None:
        said = {key.lower(): _values(value) for key, value in _FIELD.findall(front["lines"])}
        authors = tuple(said.get("author", []) or said.get("creator", []))
        language = (said.get("lang") or said.get("language") or [""])[0]
        series = (said.get("series") or [""])[0]
        title = (said.get("title") or [""])[0]
        return Metadata(title=title, authors=authors, language=language, series=series), text[front.end() :]
    pandoc = _PANDOC.match(text)
    if pandoc is not None:
        authors = tuple(filter(None, re.split(r"\s*(?:;|\band\b)\s*", pandoc["author"] or "")))
        return Metadata(title=pandoc["title"].strip(), authors=authors), text[pandoc.end() :]
    return Metadata(), text


def _values(value: str) -> list[str]:
    lines = [line.strip().removeprefix("-").strip(" \t\"'[]") for line in value.split("\n")]
    return [line for line in lines if line]
