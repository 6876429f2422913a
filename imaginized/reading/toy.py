"""A toy format: "TOY!" on the first line, then a chapter a line, its title before a bar."""

from pathlib import Path

from imaginized.reading.converted import Converted, escaped, make_page, read_bounded, read_converted
from imaginized.story.text import BookText


def read_toy(path: Path, *, original_name: str) -> BookText:
    """Read a toy into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    chapters = [line.partition("|") for line in read_bounded(path).decode().splitlines()[1:]]
    body = "".join(f"<h1>{escaped(title)}</h1><p>{escaped(text)}</p>" for title, _, text in chapters)
    return Converted(way="toy", pages=(make_page("toy.xhtml", body),))
