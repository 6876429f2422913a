"""The formats of a guide, by name. A new one is a module of this room, a row here and its name in settings.choices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imaginized.guide.gallery import index_html
from imaginized.guide.markdown import chapters_md, contents_md, elements_md
from imaginized.guide.model import Guide


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One format.

    Attributes:
        name: As in `guide.formats`.
        files: What it writes, by the name in the book's folder; each function makes the text of one file.
    """

    name: str
    files: Mapping[str, Callable[[Guide], str]]


_ROWS = (
    Writer(
        name="markdown",
        files={"Contents.md": contents_md, "Chapters.md": chapters_md, "Elements.md": elements_md},
    ),
    Writer(name="html", files={"index.html": index_html}),
)
WRITERS: Mapping[str, Writer] = MappingProxyType({writer.name: writer for writer in _ROWS})


def write(guide: Guide, *, formats: Iterable[str]) -> dict[str, str]:
    """The text of every file of these formats, by its name."""
    wanted = [WRITERS[name] for name in WRITERS if name in set(formats)]
    return {file: text(guide) for writer in wanted for file, text in writer.files.items()}
