"""Where a paragraph of an EPUB begins whose first letter may be set large, and where a rule for that goes in."""

import xml.parsers.expat
from collections.abc import Mapping
from dataclasses import dataclass, field

from imaginized.guide.insertion import HOLDERS, NotThere, blanked, is_end_tag, parser_of
from imaginized.story.positions import BLOCK_TAGS

_OWN = "first-letter"  # a book that sets initials itself keeps its own


@dataclass(slots=True)
class Openings:
    """What a document gives.

    Attributes:
        offsets: Of the paragraphs' start tags, by position; what is not there takes no initial.
        head_end: Where a style sheet goes; -1 where there is no place for one.
        prefix: With which the elements around are spelled, such as "html:"; "" for none.
    """

    offsets: dict[int, int] = field(default_factory=dict)
    head_end: int = -1
    prefix: str = ""


def sets_initials(sheet: bytes) -> bool:
    """Whether a style sheet sets first letters itself."""
    return _OWN.encode() in sheet


def find_openings(data: bytes, wanted: Mapping[int, str]) -> Openings:
    """Where paragraphs begin that are a plain `p`, begin with a letter of their own and say what is expected.

    Args:
        data: The document.
        wanted: The text of the paragraphs, by position.

    Raises:
        NotThere: It is not well-formed or no XHTML.
    """
    if sets_initials(data):
        return Openings()
    walk = _Walk(data, wanted)
    walk.run()
    return walk.openings


class _Walk:
    """One pass over a document."""

    def __init__(self, data: bytes, wanted: Mapping[int, str]) -> None:
        self.openings = Openings()
        self._data, self._wanted = data, wanted
        self._around: list[str] = []
        self._next = -1  # the body makes it 0
        self._begun: tuple[int, int] | None = None  # position and offset of a paragraph without a letter yet
        self._parser = parser_of()

    def run(self) -> None:
        """Look at all of it."""
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._take
        try:
            parser.Parse(blanked(self._data), True)
        except xml.parsers.expat.ExpatError as error:
            raise NotThere(f"is not well-formed ({error})") from error

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        prefix, _, plain = name.rpartition(":")
        local, self._begun = plain.lower(), None  # what begins with an element may be an initial of the book's own
        if not self._around and local != "html":
            raise NotThere("is not XHTML")
        if local in BLOCK_TAGS and (self._next >= 0 or local == "body"):
            if self._next < 0:
                self.openings.prefix = f"{prefix}:" if prefix else ""
            self._next += 1
            if local == "p" and self._next in self._wanted and self._around[-1] in HOLDERS:
                self._begun = self._next, self._parser.CurrentByteIndex
        self._around.append(local)

    def _end(self, name: str) -> None:
        local, self._begun = self._around.pop(), None
        at = self._parser.CurrentByteIndex
        if local == "head" and is_end_tag(self._data, at, name=name):
            self.openings.head_end = at

    def _take(self, text: str) -> None:
        said = text.lstrip()
        if self._begun is not None and said:
            position, offset = self._begun
            self._begun = None
            if self._wanted[position].startswith(said[0]):
                self.openings.offsets[position] = offset
