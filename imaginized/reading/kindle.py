"""Kindle and Mobipocket books (MOBI, PRC, AZW, AZW3), by the parts of KindleUnpack that work in memory.

The package's own entry writes folders, which the confined process may not; so its decompressor, its index and its
joiner of KF8's pieces are called one by one.
"""

import codecs
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mobi.mobi_header import MobiHeader
from mobi.mobi_k8proc import K8Processor
from mobi.mobi_ncx import ncxExtract
from mobi.mobi_sectioner import Sectionizer

from imaginized.errors import Rejected
from imaginized.reading.charset import decode_text
from imaginized.reading.converted import Converted, Page, make_page, read_converted
from imaginized.reading.limits import MAX_COVER_BYTES, MAX_DOCUMENT_BYTES, MEBIBYTE
from imaginized.reading.package import Entry, Metadata
from imaginized.reading.plain_text import entries_of, marked_up
from imaginized.reading.protection import ONLY_ITS_SELLER
from imaginized.reading.text_lines import read_lines
from imaginized.reasons import Code
from imaginized.story.text import BookText

PAGE = "book.html"
_BOUNDARY = b"BOUNDARY"
_NONE = 0xFFFFFFFF
_MAX_SECTIONS = 60_000
_MAX_RECORD_BYTES = 4096  # of text in one record, by the format; some writers go a little beyond
_LINK = re.compile(rb"""filepos\s*=\s*["']?0{0,12}(\d{1,10})["']?""", re.IGNORECASE)
_KF8_LINK = re.compile(rb"""href=["']kindle:pos:fid:(\w{1,8}):off:(\w{1,12})["']""")
_MARKUP = re.compile(rb"<(?:html|body|p|h[1-6]|div|br)\b", re.IGNORECASE)
_HEAD_BYTES = 65_536
_PAGE_BREAK = re.compile(rb"<(?:/\s*)?mbp:[^>]{0,200}>", re.IGNORECASE)
_MAX_LEVELS = 50


class _Place(NamedTuple):
    """A line of the contents, by the number of the line above it; -1 for none."""

    title: str
    parent: int
    name: str
    mark: str


def read_kindle(path: Path, *, original_name: str) -> BookText:
    """Read a Kindle book into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    sections = Sectionizer(str(path))
    if sections.num_sections > _MAX_SECTIONS:
        raise ValueError("too many sections")
    header = MobiHeader(sections, 0)
    _check(header)
    newer = _newer_header(sections, header)
    pages, contents = _newer(newer, sections) if newer is not None else _older(header)
    if not sum(len(page.data) for page in pages):
        raise Rejected("it has no text", code=Code.NO_TEXT, advice="Check that this is the whole book.")
    return Converted(
        way="kindle",
        pages=pages,
        metadata=_metadata(newer or header),
        contents=contents,
        cover=_cover(header, sections),
    )


def _check(header: MobiHeader) -> None:
    """Refuse what cannot be read.

    Raises:
        Rejected: It has DRM, or holds a PDF, or says that it has more text than a book has.
    """
    (crypto_type,) = struct.unpack_from(">H", header.header, 0xC)  # mobi 0.4 reads it in files of newer kind only
    if crypto_type:
        scheme = {1: "Mobipocket's old scheme", 2: "Kindle"}.get(crypto_type, f"scheme {crypto_type}")
        raise Rejected(f"it is protected by DRM ({scheme})", code=Code.PROTECTED, advice=ONLY_ITS_SELLER)
    if header.isPrintReplica():
        text = "it is a print replica, a PDF within a Kindle file"
        raise Rejected(text, code=Code.FOREIGN, advice="Drop the PDF.")
    if header.records * _MAX_RECORD_BYTES > 4 * MAX_DOCUMENT_BYTES:
        text = f"it holds more than {4 * MAX_DOCUMENT_BYTES // MEBIBYTE} MiB of text, which no book does"
        raise Rejected(text, code=Code.TOO_LARGE)


def _newer_header(sections: Sectionizer, header: MobiHeader) -> MobiHeader | None:
    """The header of the KF8 book in the file, which may stand behind an older one; None where there is none."""
    if header.isK8():
        return header
    for at in range(1, sections.num_sections - 1):
        if sections.sectionoffsets[at + 1] - sections.sectionoffsets[at] == 8 and sections.loadSection(at) == _BOUNDARY:
            newer = MobiHeader(sections, at + 1)
            _check(newer)
            return newer if newer.skelidx != _NONE else None
    return None


def _older(header: MobiHeader) -> tuple[tuple[Page, ...], tuple[Entry, ...]]:
    """One page with a mark at each place that a link or an entry of the contents names by its offset."""
    raw = _text(header)
    if header.palm and not _MARKUP.search(raw[:_HEAD_BYTES]):
        stretches = read_lines(decode_text(raw)[0])
        return (make_page(PAGE, "\n".join(marked_up(stretches))),), tuple(entries_of(stretches, name=PAGE))
    entries = ncxExtract(header, None).parseNCX() if header.hasNCX() else []
    wanted = {int(match[1]) for match in _LINK.finditer(raw)} | {int(each["pos"]) for each in entries}
    pieces: list[bytes] = []
    at = 0
    for place in sorted(place for place in wanted if 0 < place < len(raw)):
        # A place in the middle of a tag would break it; the mark goes behind.
        place = raw.find(b">", place) + 1 if raw.rfind(b"<", at, place) > raw.rfind(b">", at, place) else place
        pieces += [raw[at:place], b'<a id="filepos%d"></a>' % place] if place >= at else []
        at = max(at, place)
    markup = b"".join([*pieces, raw[at:]])
    markup = _LINK.sub(lambda match: b'href="#filepos%d"' % int(match[1]), _PAGE_BREAK.sub(b"", markup))
    page = Page(name=PAGE, data=markup.decode(_codec_of(header), "replace").encode())
    places = [_Place(str(each["text"]), int(each["parent"]), PAGE, f"filepos{each['pos']}") for each in entries]
    return (page,), _nested(places)


def _codec_of(header: MobiHeader) -> str:
    """How its text is encoded; mobi 0.4 knows two code pages and takes all others for the western one."""
    try:
        return codecs.lookup(f"cp{header.codepage}").name
    except LookupError:
        return str(header.codec)


def _newer(header: MobiHeader, sections: Sectionizer) -> tuple[tuple[Page, ...], tuple[Entry, ...]]:
    """The documents that a KF8 book was made of, and its contents."""
    raw = _text(header)
    joiner = K8Processor(header, sections, None)
    joiner.buildParts(raw)

    def target(found: "re.Match[bytes]") -> bytes:
        name, mark = joiner.getIDTagByPosFid(found[1], found[2])
        return b'href="%s#%s"' % (_bytes(name), _bytes(mark))

    pages = tuple(
        Page(name=str(joiner.getPartInfo(at)[2]), data=_KF8_LINK.sub(target, joiner.getPart(at)))
        for at in range(joiner.getNumberOfParts())
    )
    places = []
    for each in ncxExtract(header, None).parseNCX() if header.hasNCX() else []:
        _, _, _, fid, _, offset = each["pos_fid"].split(":")
        name, mark = joiner.getIDTagByPosFid(fid, offset)
        places.append(_Place(str(each["text"]), int(each["parent"]), _bytes(name).decode(), _bytes(mark).decode()))
    return pages, _nested(places)


def _text(header: MobiHeader) -> bytes:
    raw = header.getRawML()
    if len(raw) > 4 * MAX_DOCUMENT_BYTES:
        raise Rejected("it unpacks to more text than a book has", code=Code.BOMB)
    return bytes(raw)


def _nested(places: Sequence[_Place]) -> tuple[Entry, ...]:
    """Entries with the titles above them; each names its parent, for all of one level may come before the next."""
    entries = []
    for place in places:
        path: list[str] = []
        parent = place.parent
        while 0 <= parent < len(places) and len(path) < _MAX_LEVELS:
            path.insert(0, _folded(places[parent].title))
            parent = places[parent].parent
        entries.append(Entry(title=_folded(place.title), path=tuple(path), name=place.name, fragment=place.mark))
    return tuple(entries)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _metadata(header: MobiHeader) -> Metadata:
    said = header.metadata

    def first(name: str) -> str:
        return " ".join(str((said.get(name) or [""])[0]).split())

    language = first("Language")
    return Metadata(
        title=first("Updated_Title") or " ".join(str(header.title).split("\0")[0].split()),
        authors=tuple(" ".join(str(name).split()) for name in said.get("Creator", [])),
        language="" if language in ("None", "en-us") and "Language" not in said else language,
        publisher=first("Publisher"),
    )


def _cover(header: MobiHeader, sections: Sectionizer) -> tuple[str, bytes] | None:
    try:
        at = header.firstresource + int(header.metadata["CoverOffset"][0])
        data = bytes(sections.loadSection(at))
    except (KeyError, IndexError, ValueError, struct.error):
        return None
    suffix = {b"\xff\xd8\xff": "jpg", b"\x89PN": "png", b"GIF": "gif"}.get(data[:3])
    return (f"cover.{suffix}", data) if suffix and len(data) <= MAX_COVER_BYTES else None
