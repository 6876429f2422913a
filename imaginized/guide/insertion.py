"""Where in the bytes of a document or of a package something goes in; not a byte of what is there changes.

Expat tells the offsets (its own are of the bytes given, in every encoding it reads). Each insertion stands between two
comments that name the original by its digest, so that any program can take them out again.
"""

import re
import xml.parsers.expat
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from imaginized.story.positions import BLOCK_TAGS

# What may hold a picture between its blocks; what is in anything else climbs out of it first.
_HOLDER_WORDS = "body div section article main aside blockquote li td th dd header footer center"
HOLDERS = frozenset(_HOLDER_WORDS.split())
# What takes the picture as its last part, because what is around it takes none.
_KEEPERS = frozenset(("li", "td", "th", "dd", "body"))
_PART_WORDS = "dt dd li td th tr thead tbody tfoot caption figcaption summary"
_PARTS = frozenset(_PART_WORDS.split())
_UNREAD = frozenset(("rt", "rp"))
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{0,31};")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_CHUNK = 6
_LEAST_SHARE = 0.5


class NotThere(Exception):
    """A document takes no picture; the message says why."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text of ASCII that goes in before a byte."""

    offset: int
    text: str


def letters_of(text: str) -> str:
    """What of a text tells it from another, however it is set."""
    return "".join(filter(str.isalnum, text))


def as_ascii(markup: str) -> str:
    """Markup with references for what is not ASCII: it fits into a document of any encoding."""
    return _NOT_ASCII.sub(lambda found: f"&#{ord(found[0])};", markup)


def marked(markup: str, *, key: str) -> str:
    """An insertion between the comments by which it is found again."""
    return as_ascii(f"<!--imaginized {key}-->{markup}<!--/imaginized {key}-->")


def inserted(data: bytes, insertions: Iterable[Insertion]) -> bytes:
    """The bytes with the insertions, those for one place in their order."""
    encoding = _encoding_of(data)
    pieces, at = [], 0
    for each in sorted(insertions, key=lambda insertion: insertion.offset):
        pieces += [data[at : each.offset], each.text.encode(encoding)]
        at = each.offset
    return b"".join((*pieces, data[at:]))


@dataclass(slots=True)
class _Frame:
    """An open element."""

    local: str
    texts: list[tuple[str, ...]] = field(default_factory=list)
    start: int = 0
    breaks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spots:
    """What a document gives.

    Attributes:
        offsets: Where a picture goes, by position and letters of its paragraph; what is not there has no place.
        prefix: With which the elements around are spelled, such as "html:"; "" for none.
    """

    offsets: Mapping[tuple[int, str], int]
    prefix: str


def find_spots(data: bytes, wanted: Mapping[int, set[str]]) -> Spots:
    """Where pictures go in a document: behind the paragraph, where pictures may stand.

    Args:
        data: The document.
        wanted: By the position of the element, the letters of the paragraphs that a picture goes behind.

    Raises:
        NotThere: It is not well-formed, no XHTML, or its links are relative to somewhere else.
    """
    walk = _Walk(data, wanted)
    walk.run()
    return Spots(walk.offsets, walk.prefix)


class _Walk:
    """One pass over a document."""

    def __init__(self, data: bytes, wanted: Mapping[int, set[str]]) -> None:
        self.offsets: dict[tuple[int, str], int] = {}
        self.prefix = ""
        self._data = data
        self._wanted = wanted
        self._frames: list[_Frame] = []
        self._waiting: list[list[tuple[int, str]]] = []
        self._positions: list[int] = []
        self._next = -1  # the body makes it 0
        self._letters: list[str] = []
        self._count = 0
        self._unread = 0
        self._reading = 0
        self._parser = parser_of()

    def run(self) -> None:
        """Look at all of it."""
        parser = self._parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        try:
            parser.Parse(blanked(self._data), True)
        except xml.parsers.expat.ExpatError as error:
            raise NotThere(f"is not well-formed ({error})") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, plain = name.rpartition(":")
        local = plain.lower()
        if not self._frames and local != "html":
            raise NotThere("is not XHTML")
        if local == "base" and "href" in attributes:
            raise NotThere("has links that are relative to somewhere else")
        position = -1
        if local in BLOCK_TAGS and (self._next >= 0 or local == "body"):
            if self._next < 0:
                self.prefix = f"{prefix}:" if prefix else ""
            self._next = position = self._next + 1
        self._unread += local in _UNREAD
        self._reading += position in self._wanted
        self._frames.append(_Frame(local, start=self._count))
        self._positions.append(position)
        self._waiting.append([])

    def _end(self, _name: str) -> None:
        frame, position, waiting = self._frames.pop(), self._positions.pop(), self._waiting.pop()
        self._unread -= frame.local in _UNREAD
        if frame.local == "br" and self._frames:
            self._frames[-1].breaks.append((self._count, self._after_tag()))
        if position in self._wanted:
            self._reading -= 1
            waiting = [*waiting, *self._own(frame, position)]
        if waiting:
            self._settle(frame, waiting)

    def _own(self, frame: _Frame, position: int) -> list[tuple[int, str]]:
        """Which paragraphs of an element that ends are its own; those before a line break in a holder go there."""
        said = "".join(self._letters)[frame.start :]
        if not self._reading:  # what was gathered is nobody's any more
            self._letters, self._count = [], 0
        left = []
        for letters in self._wanted[position]:
            if not _agree(letters, said):
                continue
            at = self._break_behind(letters, said, frame=frame) if frame.local in HOLDERS else None
            if at is None:
                left.append((position, letters))
            else:
                self.offsets[position, letters] = at
        return left

    def _break_behind(self, letters: str, said: str, *, frame: _Frame) -> int | None:
        """The line break behind a paragraph that is no element, in what may hold a picture there."""
        found = said.find(letters[-4 * _CHUNK :])
        if found < 0:
            return None
        least = frame.start + found + len(letters[-4 * _CHUNK :])
        index = bisect_left(frame.breaks, (least, 0))
        return frame.breaks[index][1] if index < len(frame.breaks) else None

    def _settle(self, frame: _Frame, waiting: list[tuple[int, str]]) -> None:
        """Give those that wait their place at the end of an element, or let them climb."""
        around = self._frames[-1].local if self._frames else ""
        if around in HOLDERS and frame.local not in _PARTS:
            at = self._after_tag()
        elif frame.local in _KEEPERS:
            at = self._parser.CurrentByteIndex
        else:
            if self._waiting:
                self._waiting[-1] += waiting
            return
        self.offsets.update(dict.fromkeys(waiting, at))

    def _take(self, text: str) -> None:
        if self._reading and not self._unread:
            piece = letters_of(text)
            self._letters.append(piece)
            self._count += len(piece)

    def _after_tag(self) -> int:
        return _after_tag(self._data, self._parser.CurrentByteIndex)


@dataclass(slots=True)
class Package:
    """What a package document says, and where something can be put into it.

    Attributes:
        version: Of EPUB, as written: "3.0", "2.0".
        prefix: With which its elements are spelled, such as "opf:"; "" for none.
        manifest_end: Where a new item goes; -1 where there is none.
        spine_end: Where a new document goes; -1 where there is none.
        fixed: References to the documents whose pages are laid out once for all.
        flowing: References to those that say they are not.
        is_fixed: Whether the pages of all the others are.
        metadata_end: Where a new fact about the book goes; -1 where there is no place for one.
        nav: Reference to the contents of EPUB 3; "" for none.
        ncx: Reference to those of EPUB 2; "" for none.
        cover_name: Identifier of the cover, as EPUB 2 names it; "" for none.
        cover_item: Identifier of the cover, as EPUB 3 names it; "" for none.
    """

    version: str = ""
    prefix: str = ""
    manifest_end: int = -1
    spine_end: int = -1
    fixed: set[str] = field(default_factory=set)
    flowing: set[str] = field(default_factory=set)
    is_fixed: bool = False
    metadata_end: int = -1
    nav: str = ""
    ncx: str = ""
    cover_name: str = ""
    cover_item: str = ""

    @property
    def is_epub_3(self) -> bool:
        """Whether its documents may have the elements of HTML 5."""
        return self.version.strip().startswith("3")


def read_package(data: bytes) -> Package:
    """Read a package document.

    Raises:
        NotThere: It is not well-formed, or lacks a manifest or a spine with something in it.
    """
    reading = _PackageReading(data)
    reading.run()
    if reading.package.manifest_end < 0 or reading.package.spine_end < 0:
        raise NotThere("has no manifest or no spine")
    return reading.package


class _PackageReading:
    """One pass over a package document."""

    def __init__(self, data: bytes) -> None:
        self.package = Package()
        self._data = data
        self._hrefs: dict[str, str] = {}
        self._property = ""  # of the element whose text comes
        self._parser = parser_of()

    def run(self) -> None:
        """Look at all of it."""
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._take
        _parse_package(parser.Parse, self._data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        package = self.package
        self._property = attributes.get("property", "") if local == "meta" else ""
        if local == "package":
            package.version, package.prefix = attributes.get("version", ""), f"{prefix}:" if prefix else ""
        elif local == "item":
            self._hrefs[attributes.get("id", "")] = attributes.get("href", "")
            _note_item(package, attributes)
        elif local == "itemref":
            _note_layout(package, attributes, href=self._hrefs.get(attributes.get("idref", ""), ""))
        elif local == "meta":
            package.is_fixed |= attributes.get("name") == "fixed-layout" and attributes.get("content") == "true"
            package.cover_name = (attributes.get("name") == "cover" and attributes.get("content")) or package.cover_name

    def _end(self, name: str) -> None:
        at, local = self._parser.CurrentByteIndex, name.rpartition(":")[2]
        is_filled = is_end_tag(self._data, at, name=name)
        if local == "manifest" and is_filled:
            self.package.manifest_end = at
        elif local == "spine" and is_filled:
            self.package.spine_end = at
        elif local == "metadata" and is_filled:
            self.package.metadata_end = at

    def _take(self, text: str) -> None:
        self.package.is_fixed |= self._property == "rendition:layout" and text.strip() == "pre-paginated"


def _note_item(package: Package, attributes: Mapping[str, str]) -> None:
    words, href = attributes.get("properties", "").split(), attributes.get("href", "")
    if "nav" in words:
        package.nav = href
    if "cover-image" in words:
        package.cover_item = attributes.get("id", "")
    if attributes.get("media-type") == "application/x-dtbncx+xml":
        package.ncx = package.ncx or href


def _note_layout(package: Package, attributes: Mapping[str, str], *, href: str) -> None:
    words = attributes.get("properties", "").split()
    if "rendition:layout-pre-paginated" in words:
        package.fixed.add(href)
    elif "rendition:layout-reflowable" in words:
        package.flowing.add(href)


def package_name(container: bytes) -> str:
    """The path of the package document that `META-INF/container.xml` names first.

    Raises:
        NotThere: It names none.
    """
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "rootfile" and "full-path" in attributes:
            found.append(attributes["full-path"])

    parser = parser_of()
    parser.StartElementHandler = start
    _parse_package(parser.Parse, container)
    if not found:
        raise NotThere("names no package")
    return found[0]


def encryption_methods(data: bytes) -> tuple[str, ...]:
    """How the members that `META-INF/encryption.xml` lists are encrypted; nothing where it cannot be read."""
    found: list[str] = []
    around: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        around.append(name.rpartition(":")[2].lower())
        if around[-1] == "encryptionmethod" and "encrypteddata" in around:
            found.extend(value for key, value in attributes.items() if key.lower() == "algorithm")

    def end(_name: str) -> None:
        around.pop()

    parser = parser_of()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        _parse_package(parser.Parse, data)
    except NotThere:
        return ()  # an unreadable list protects nothing, as when the book was admitted
    return tuple(found)


def _parse_package(parse: Callable[[bytes, bool], int], data: bytes) -> None:
    try:
        parse(blanked(data), True)
    except xml.parsers.expat.ExpatError as error:
        raise NotThere(f"is not well-formed ({error})") from error


def _agree(letters: str, said: str) -> bool:
    """Whether an element says a paragraph, although notes and readings of characters are left out of that."""
    chunks = [letters[at : at + _CHUNK] for at in range(0, len(letters), _CHUNK)]
    return sum(chunk in said for chunk in chunks) >= _LEAST_SHARE * len(chunks)


def parser_of() -> xml.parsers.expat.XMLParserType:
    """A parser that resolves nothing and fetches nothing."""
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True
    parser.UseForeignDTD(True)
    return parser


def blanked(data: bytes) -> bytes:
    """The bytes with blanks for named entities: none is resolved, however they are declared, and no offset moves."""
    return _ENTITY.sub(lambda found: b" " * len(found[0]), data)


def _encoding_of(data: bytes) -> str:
    """How ASCII is written in a document: everything that expat reads but UTF-16 has it as it is."""
    head = data[:2]
    if head == b"\xff\xfe" or head == b"<\0":
        return "utf-16-le"
    return "utf-16-be" if head == b"\xfe\xff" or head == b"\0<" else "ascii"


def is_end_tag(data: bytes, at: int, *, name: str) -> bool:
    """Whether the end tag of an element stands at an offset; behind an empty one that of another may."""
    return data.startswith(f"</{name}".encode(_encoding_of(data), "replace"), at)


def _slash(data: bytes) -> bytes:
    return "</".encode(_encoding_of(data))


def _after_tag(data: bytes, at: int) -> int:
    """Behind the end tag at an offset; of an empty element's one tag, expat tells its end already."""
    if not data[at : at + 4].startswith(_slash(data)):
        return at
    closing = ">".encode(_encoding_of(data))
    found = data.index(closing, at)
    while (found - at) % len(closing):
        found = data.index(closing, found + 1)
    return found + len(closing)
