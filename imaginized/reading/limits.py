"""A zip file from a stranger, read within bounds: nothing is unpacked to disk, and names are only data."""

import contextlib
import os
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote

from imaginized.errors import Rejected
from imaginized.reading.structure import MAX_ENTRIES, excess_of, find_directory
from imaginized.reasons import Code

MEBIBYTE = 1024 * 1024
MAX_FILE_BYTES = 500_000_000
MAX_UNPACKED_BYTES = 2048 * MEBIBYTE
MAX_DOCUMENT_BYTES = 64 * MEBIBYTE
MAX_TEXT_BYTES = 512 * MEBIBYTE
MAX_COVER_BYTES = 20 * MEBIBYTE
MAX_RATIO = 200
MAX_TEXT_RATIO = 50  # novels have 3, tables of a reference 20
MAX_BOOK_TAGS = 2_000_000
TEXT_COUNTS_FROM_BYTES = 4 * MEBIBYTE
COPY_AGAIN = "Copy or download the file again."
CONVERT_IT = "Convert it to EPUB, or download it again."
MALICIOUS = "its zip container is malicious or damaged"
RATIO_COUNTS_FROM_BYTES = 64 * MEBIBYTE

_LOCAL_HEADER_BYTES = 30
_EXTRA_BYTES = 64
_ENCRYPTED = 0x1
_UTF_8_NAME = 0x800
_USUAL_FLAGS = 0x80E  # UTF-8, sizes behind the data, how hard it was deflated
_LOCAL_SIGNATURE = b"PK\3\4"
_NAME_ENCODINGS = ("gb18030", "cp932", "big5", "cp949", "cp1252", "cp1250", "cp1251", "cp866", "cp852", "mac_roman")
_CONTAINER = "meta-inf/container.xml"
# What CPython's zipfile and its decompressors raise on damaged members.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    struct.error,
    RuntimeError,
)


class Unreadable(Exception):
    """A member is missing, damaged or beyond its bound; the book may still be read without it."""


class Archive:
    """The members of one EPUB, checked as a whole before the first is read.

    Raises:
        Rejected: The file is no zip, or is beyond a bound; the message names which.
    """

    def __init__(self, path: Path) -> None:
        """Open the file and check sizes, ratios, overlaps and encryption from its list of members alone."""
        self._file = path.open("rb")
        try:
            self._zip = _open_zip(self._file)
            self._members = _name_members(self._zip.infolist())
            _check_bounds(self._zip)
        except BaseException:
            self._file.close()
            raise
        self._folded = {_fold(unquote(name)): name for name in self._members if "%" in name}
        self._folded.update({_fold(name): name for name in self._members})
        self._raw = {raw: name for name, member in self._members.items() if (raw := _raw_name(member)) is not None}
        self._text_bytes = self._packed_bytes = self._tags = 0
        self._counted: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Every member's name, in the file's order."""
        return tuple(self._members)

    def find(self, name: str) -> str | None:
        """The member a reference means, although case, composition or encoding differ; None when there is none."""
        if name in self._members:
            return name
        found = self._folded.get(_fold(name))
        return self._find_raw(name) if found is None and self._raw else found

    def _find_raw(self, name: str) -> str | None:
        """The member whose name has the same letters in one of the encodings that zip programs wrote without saying."""
        spelled = (name.encode(encoding, "ignore") for encoding in _NAME_ENCODINGS)
        return next((self._raw[raw] for raw in spelled if raw in self._raw), None)

    def size(self, name: str) -> int:
        """Declared size of a member in bytes; 0 when there is none."""
        found = self.find(name)
        return self._members[found].file_size if found is not None else 0

    def read(self, name: str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> bytes:
        """Read one member piece by piece.

        Raises:
            Unreadable: It is missing, damaged or larger than max_bytes.
        """
        found = self.find(name)
        if found is None:
            raise Unreadable(f"{name} is missing")
        member = self._members[found]
        if member.file_size > max_bytes:
            raise Unreadable(f"{name} is larger than {max_bytes // MEBIBYTE} MiB")
        try:
            data = self._inflate(member) if member.file_size <= MEBIBYTE else None
            return self._stream(member, max_bytes=max_bytes) if data is None else data
        except _DAMAGE as error:
            raise Unreadable(f"{name} is damaged ({error})") from error

    def read_text(self, name: str) -> bytes:
        """Read one document, counted towards the bound of all documents together.

        Raises:
            Unreadable: It is missing, damaged or larger than a document may be.
            Rejected: The documents of the book are too large together.
        """
        data = self.read(name)
        self._text_bytes += len(data)
        self._packed_bytes += self._members[self.find(name) or name].compress_size
        if self._text_bytes > MAX_TEXT_BYTES:
            text = f"it holds more than {MAX_TEXT_BYTES // MEBIBYTE} MiB of text, which no book does"
            raise Rejected(text, code=Code.TOO_LARGE)
        if self._text_bytes > TEXT_COUNTS_FROM_BYTES:
            self._check_text(name, data)
        return data

    def _check_text(self, name: str, data: bytes) -> None:
        """Refuse what takes minutes to read without being a book; asked of the largest books only.

        Raises:
            Rejected: It is all repetition, or all tags.
        """
        if self._text_bytes > MAX_TEXT_RATIO * max(self._packed_bytes, 1):
            text = f"its text unpacks to more than {MAX_TEXT_RATIO} times its size, as that of no book does"
            raise Rejected(text, code=Code.BOMB)
        if name not in self._counted:  # the recovery reader reads all again
            self._counted.add(name)
            self._tags += data.count(b"<")
        if self._tags > MAX_BOOK_TAGS:
            raise Rejected(f"it has more than {MAX_BOOK_TAGS:,} tags, which no book does", code=Code.TOO_LARGE)

    def read_sheet(self, name: str) -> bytes:
        """Read a style sheet; one that cannot be read hides nothing.

        Raises:
            LookupError: It cannot be read.
        """
        try:
            return self.read(name, max_bytes=MAX_COVER_BYTES)
        except Unreadable as error:
            raise LookupError(name) from error

    def _inflate(self, member: zipfile.ZipInfo) -> bytes | None:
        """A member in one go, half as costly as by zipfile's stream; None where anything is unusual about it."""
        is_deflated = member.compress_type == zipfile.ZIP_DEFLATED
        if not is_deflated and member.compress_type != zipfile.ZIP_STORED:
            return None
        name = member.orig_filename.encode("utf-8" if member.flag_bits & _UTF_8_NAME else "cp437", "replace")
        start = _LOCAL_HEADER_BYTES + len(name)
        # All in one go, with room for an extra field; a book may have a thousand small members.
        head = os.pread(self._file.fileno(), start + _EXTRA_BYTES + member.compress_size, member.header_offset)
        if len(head) < start or head[:4] != _LOCAL_SIGNATURE:
            return None
        flags, name_bytes, extra_bytes = struct.unpack_from("<6xH18xHH", head)
        is_usual = not (flags | member.flag_bits) & ~_USUAL_FLAGS and not (flags ^ member.flag_bits) & _UTF_8_NAME
        is_usual = is_usual and extra_bytes <= _EXTRA_BYTES
        if not is_usual or name_bytes != len(name) or head[_LOCAL_HEADER_BYTES:start] != name:
            return None
        data = head[start + extra_bytes : start + extra_bytes + member.compress_size]
        if is_deflated:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                data = inflater.decompress(data, member.file_size + 1)
            except zlib.error:
                return None
            if not inflater.eof:
                return None
        return data if len(data) == member.file_size and zlib.crc32(data) == member.CRC else None

    def _stream(self, member: zipfile.ZipInfo, *, max_bytes: int) -> bytes:
        pieces: list[bytes] = []
        left = max_bytes + 1
        with self._zip.open(member) as stream:
            while left > 0 and (piece := stream.read(min(MEBIBYTE, left))):
                pieces.append(piece)
                left -= len(piece)
        if left <= 0:
            raise ValueError("it unpacks to more than it says")
        return b"".join(pieces)


def _name_members(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members by the names that the book's references mean.

    Some programs write UTF-8 without its flag, backslashes, "./" before a name, or the book's folder around it all.
    """
    named = {member.filename: member for member in members}
    for name, member in tuple(named.items()):
        mended = _mend_name(name, member=member)
        if mended != name and mended not in named:
            del named[name]
            named[mended] = member
    if _CONTAINER not in map(_fold, named):
        folder = next((name[: -len(_CONTAINER)] for name in named if _fold(name).endswith(f"/{_CONTAINER}")), "")
        if folder:
            named = {name.removeprefix(folder): member for name, member in named.items() if name.startswith(folder)}
    return named


def _mend_name(name: str, *, member: zipfile.ZipInfo) -> str:
    raw = _raw_name(member)
    if raw is not None:
        with contextlib.suppress(UnicodeDecodeError):
            name = raw.decode()
    return name.replace("\\", "/").removeprefix("./")


def _raw_name(member: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name whose encoding the file does not say; None for a plain or a flagged one."""
    if member.flag_bits & _UTF_8_NAME or member.orig_filename.isascii():
        return None
    try:
        return member.orig_filename.encode("cp437")  # what zipfile took it for
    except UnicodeEncodeError:
        return None


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open the list of members once its size is known to be harmless."""
    size = file.seek(0, 2)
    if size > MAX_FILE_BYTES:
        text = f"it has {size:,} bytes, more than the {MAX_FILE_BYTES:,} an EPUB may have"
        raise Rejected(text, code=Code.TOO_LARGE, advice="Shrink its pictures.")
    directory = find_directory(file)
    if directory is None:
        raise _foreign(file)
    if excess := excess_of(directory):
        raise Rejected(excess.text, code=excess.code)
    try:
        return zipfile.ZipFile(file)
    except _DAMAGE as error:
        raise Rejected(f"its zip container is damaged ({error})", code=Code.DAMAGED, advice=COPY_AGAIN) from error


def _too_many(count: int) -> Rejected:
    text = f"it lists {count:,} members, more than the {MAX_ENTRIES:,} an EPUB may have"
    return Rejected(text, code=Code.TOO_LARGE)


def _foreign(file: BinaryIO) -> Rejected:
    file.seek(0)
    head = file.read(4)
    if not head:
        return Rejected("it is empty", code=Code.TRUNCATED, advice=COPY_AGAIN)
    if head.startswith(b"PK"):
        return Rejected("its zip container breaks off before its end", code=Code.TRUNCATED, advice=COPY_AGAIN)
    return Rejected("it is not an EPUB (no zip container)", code=Code.FOREIGN, advice=CONVERT_IT)


def _check_bounds(archive: zipfile.ZipFile) -> None:
    """Refuse what is beyond a bound.

    Raises:
        Rejected: Naming the bound.
    """
    members = archive.infolist()
    if not members:
        raise Rejected("it is a zip file without anything in it", code=Code.DAMAGED, advice=COPY_AGAIN)
    if len(members) > MAX_ENTRIES:
        raise _too_many(len(members))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        advice = "Unpack it with the password and drop it again."
        raise Rejected("its zip container is encrypted with a password", code=Code.ENCRYPTED, advice=advice)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        text = f"it unpacks to {unpacked:,} bytes, more than the {MAX_UNPACKED_BYTES:,} allowed"
        raise Rejected(text, code=Code.TOO_LARGE)
    packed = sum(member.compress_size for member in members)
    if _is_bomb(unpacked, packed=packed) or any(_is_bomb(m.file_size, packed=m.compress_size) for m in members):
        raise Rejected(f"it looks like a zip bomb: it unpacks to more than {MAX_RATIO} times its size", code=Code.BOMB)
    _check_overlaps(members, directory_offset=archive.start_dir)


def _is_bomb(unpacked: int, *, packed: int) -> bool:
    return unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1)


def _check_overlaps(members: list[zipfile.ZipInfo], *, directory_offset: int) -> None:
    # CPython 3.11 does not check this itself; overlapping members are how small bombs unpack to petabytes.
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise Rejected(f"{MALICIOUS}: members overlap", code=Code.BOMB, advice=COPY_AGAIN)
        end = member.header_offset + _LOCAL_HEADER_BYTES + member.compress_size
    if end > directory_offset:
        raise Rejected(f"{MALICIOUS}: a member runs into the list", code=Code.BOMB, advice=COPY_AGAIN)


def cannot_open(error: OSError, *, name: str) -> Rejected:
    """What to raise for a file that the system does not let us read."""
    text = f"it cannot be opened ({error.strerror})"
    return Rejected(text, code=Code.UNREADABLE, advice="Check the file and its disk.", name=name)
