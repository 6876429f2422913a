"""The zip file of an EPUB, taken over byte for byte but for the members that change.

Members that stay are copied as they lie in the original, local header and compressed bytes alike; nothing is inflated
that is not read. Reference: APPNOTE.TXT 6.3.10, OCF 3.3.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

MIMETYPE = "mimetype"
EPUB_TYPE = b"application/epub+zip"

_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_UTF_8_NAME = 0x800
_TOO_LARGE = 0xFFFFFFFF
_MOST_MEMBERS = 0xFFFF
_VERSION = 20
_STAMP = (0, 0x21)  # the first of January 1980: the same bytes for the same book
_LEVEL = 6


class UnfitBook(Exception):
    """No edition can be made of this book; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the original.

    Attributes:
        name: As the references of the book mean it.
        info: What the list says of it.
        entry: Its bytes in the list.
        start: Where it begins in the file.
        end: Where the next one begins.
    """

    name: str
    info: zipfile.ZipInfo
    entry: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Added:
    """A member that the original does not have."""

    name: str
    data: bytes
    is_stored: bool = False


class Container:
    """The members of an EPUB that was admitted, so that its bounds are checked.

    Raises:
        UnfitBook: It is no zip file, or one of a kind that is not copied.
    """

    def __init__(self, data: bytes) -> None:
        """Take over the list of members."""
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.members = tuple(_members(self._zip, data))
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise UnfitBook(f"its zip container cannot be copied ({error})") from error
        self._folded = {_fold(unquote(member.name)): member for member in reversed(self.members)}
        self._named = {member.name: member for member in reversed(self.members)}

    def find(self, name: str) -> Member | None:
        """The member a reference means, although case, composition or escapes differ; None when there is none."""
        found = self._named.get(name) or self._folded.get(_fold(unquote(name)))
        if found is None:  # a reader leaves out a folder around the whole book
            ends = [member for member in self.members if member.name.endswith(f"/{name}")]
            found = ends[0] if len(ends) == 1 else None
        return found

    def read(self, member: Member) -> bytes:
        """The bytes of a member.

        Raises:
            UnfitBook: It is damaged.
        """
        try:
            return self._zip.read(member.info)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnfitBook(f"{member.name} in it is damaged ({error})") from error

    def rebuilt(self, *, changed: Mapping[str, bytes], added: tuple[Added, ...]) -> bytes:
        """The file with other bytes for some members, and with new ones behind them; the media type comes first.

        Args:
            changed: New bytes by the name of the member.
            added: What is new.
        """
        made = _Writer()
        first = self._named.get(MIMETYPE)
        kind = EPUB_TYPE if first is None else self.read(first)
        if first is not None and first is self.members[0] and first.info.compress_type == zipfile.ZIP_STORED:
            made.copy(self._data, first)
        else:
            made.add(Added(MIMETYPE, kind, is_stored=True))
        for member in self.members:
            if member is first:
                continue
            if member.name in changed and member is self._named[member.name]:
                made.replace(member, changed[member.name])
            else:
                made.copy(self._data, member)
        for each in added:
            made.add(each)
        return made.finished(comment=self._zip.comment)


def packed(members: Iterable[Added]) -> bytes:
    """A new file of these members, in their order."""
    made = _Writer()
    for each in members:
        made.add(each)
    return made.finished(comment=b"")


class _Writer:
    """A zip file that grows member by member."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._entries: list[bytes] = []
        self._size = 0

    def copy(self, data: bytes, member: Member) -> None:
        """A member as it lies there; only its place in the list is another."""
        fields = list(_CENTRAL.unpack_from(member.entry))
        fields[16] = self._size
        self._entries.append(_CENTRAL.pack(*fields) + member.entry[_CENTRAL.size :])
        self._append(data[member.start : member.end])

    def replace(self, member: Member, data: bytes) -> None:
        """A member with other bytes, under the very bytes of its name."""
        fields = _CENTRAL.unpack_from(member.entry)
        name = member.entry[_CENTRAL.size : _CENTRAL.size + fields[10]]
        self._put(name, data, flags=fields[3] & _UTF_8_NAME, stamp=(fields[5], fields[6]), attributes=fields[15])

    def add(self, new: Added) -> None:
        """A new member."""
        flags = 0 if new.name.isascii() else _UTF_8_NAME
        self._put(new.name.encode(), new.data, flags=flags, stamp=_STAMP, is_stored=new.is_stored)

    def finished(self, *, comment: bytes) -> bytes:
        """The whole file.

        Raises:
            UnfitBook: It has more members than such a file can have.
        """
        if len(self._entries) > _MOST_MEMBERS:
            raise UnfitBook("it has more files inside than an EPUB may have")
        entries, count = b"".join(self._entries), len(self._entries)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(entries), self._size, len(comment))
        return b"".join((*self._pieces, entries, end, comment))

    def _put(  # the fields of one record
        self,
        name: bytes,
        data: bytes,
        *,
        flags: int,
        stamp: tuple[int, int],
        attributes: int = 0,
        is_stored: bool = False,
    ) -> None:
        packed, method = data, zipfile.ZIP_STORED
        if not is_stored:
            deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            packed, method = deflater.compress(data) + deflater.flush(), zipfile.ZIP_DEFLATED
        shared = (_VERSION, flags, method, *stamp, zlib.crc32(data), len(packed), len(data), len(name), 0)
        entry = _CENTRAL.pack(b"PK\1\2", _VERSION, *shared, 0, 0, 0, attributes, self._size)
        self._entries.append(entry + name)
        self._append(_LOCAL.pack(b"PK\3\4", *shared) + name + packed)

    def _append(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)


def _members(archive: zipfile.ZipFile, data: bytes) -> Iterator[Member]:
    infos = archive.infolist()
    starts = sorted({info.header_offset for info in infos} | {archive.start_dir})
    following = dict(pairwise(starts))
    at = archive.start_dir
    for info in infos:
        fields = _CENTRAL.unpack_from(data, at)
        if fields[0] != b"PK\1\2" or _TOO_LARGE in (fields[8], fields[9], fields[16]):
            raise UnfitBook("its zip container is of the kind for files above 4 GB (zip64)")
        size = _CENTRAL.size + sum(fields[10:13])
        yield Member(_name_of(info), info, data[at : at + size], info.header_offset, following[info.header_offset])
        at += size


def _name_of(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & _UTF_8_NAME and not name.isascii():
        try:  # some programs write UTF-8 without saying so
            name = info.orig_filename.encode("cp437").decode()
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/").removeprefix("./")


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
