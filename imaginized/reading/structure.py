"""A cheap look at a file's outer form: its first bytes, its list of members, whether it is all there.

Only the standard library, and never the text of the book; reading.limits judges what is inside, reading.formats says
which format that form is.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from imaginized.reasons import Code, Reason

MAX_ENTRIES = 20_000
MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
MAX_OFFSET = 2**62  # no file is that long; beyond 63 bits there is no seeking

HEAD_BYTES = 4096

_LOCAL = b"PK\x03\x04"
_LOCAL_BYTES = 30
_MIMETYPE = b"mimetype"
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_LISTED = b"PK\x01\x02"
_LISTED_BYTES = 46
_END_BYTES = 22
_END64_BYTES = 56
_LOCATOR_BYTES = 20
_IN_LONG_FORM = 0xFFFFFFFF
_LONG_EXTRA = 1
_COMMENT_BYTES = 65_535
_TAIL_BYTES = 1024
_PALM_COUNT_AT = 76
_PDF = b"%PDF-"
_PDF_HEAD_BYTES = 1024
_PDF_TAIL_BYTES = 4096
_PDF_TRAILER = re.compile(rb"startxref\s+(\d{1,15})")
_LINEAR_LENGTH = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What the outer form of a file says.

    Attributes:
        state: "whole" can be admitted; "incomplete" may still grow; "foreign" will never be a book.
        reason: Why, in words for a person; empty when whole.
        is_bundle: Whether it is whole but no book: each book in it is one.
    """

    state: Literal["whole", "incomplete", "foreign"]
    reason: str = ""
    is_bundle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where a zip file says its list of members is, before anyone builds that list in memory.

    Attributes:
        entries: How many members it has, by its end record or by its own first `MAX_ENTRIES`, whichever are more.
        start: Where it begins.
        shift: What its offsets are to be moved by, because something stands before the zip file.
        is_ambiguous: Whether it names two lists, so that one reader may take this one and another that one.
    """

    entries: int
    size_bytes: int
    start: int
    shift: int = 0
    is_ambiguous: bool = False


class ListDamaged(ValueError):
    """A list of members breaks off, or is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What one end record says of the list, which ends where the record begins."""

    entries: int
    size_bytes: int
    offset: int
    at: int


WHOLE = Structure(state="whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a format is recognised by.

    Attributes:
        head: The first bytes, at most `HEAD_BYTES`.
        names: Of the members, in lower case, where it is a zip file whose list can be read.
        mimetype: What its first member says it is, where that has this name: EPUB and OpenDocument do so.
    """

    head: bytes
    names: frozenset[bytes] = frozenset()
    mimetype: bytes = b""


def glance_at(file: BinaryIO) -> Glance:
    """The first bytes and the members' names; never more than bounds allow, and nothing is unpacked."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head.startswith(_LOCAL):
        return Glance(head=head)
    directory = find_directory(file)
    names: set[bytes] = set()
    if directory is not None and not excess_of(directory):
        with suppress(ListDamaged):
            names.update(name.lower() for name, _ in listed_members(file, directory))
    return Glance(head=head, names=frozenset(names), mimetype=_stored_mimetype(head))


def _stored_mimetype(head: bytes) -> bytes:
    """The content of a first member called `mimetype`, which is stored as it is."""
    if len(head) < _LOCAL_BYTES or head[_LOCAL_BYTES : _LOCAL_BYTES + len(_MIMETYPE)] != _MIMETYPE:
        return b""
    (method,) = struct.unpack_from("<H", head, 8)
    size, _, name_bytes, extra_bytes = struct.unpack_from("<LLHH", head, 18)
    if method:
        return b""
    start = _LOCAL_BYTES + name_bytes + extra_bytes
    return head[start : start + size].strip()


def judge_blank(head: bytes) -> Structure | None:
    """Whether nothing is written yet, or only the end of an empty zip file; None for anything else."""
    if not head[: len(_LOCAL)].strip(b"\0"):
        return incomplete("nothing is written at its start yet" if head else "the file is empty")
    return foreign("it is a zip file without anything in it") if head.startswith(_END) else None


def is_zip(head: bytes) -> bool:
    """Whether the first bytes of a file, however few, are a zip file's."""
    return head.startswith(_LOCAL) or _LOCAL.startswith(head)


def is_zip_file(file: BinaryIO) -> bool:
    """Whether an open file begins like one."""
    file.seek(0)
    return file.read(len(_LOCAL)) == _LOCAL


def judge_zip(file: BinaryIO) -> Structure:
    """Whether a zip file has its list of members, and every member its header."""
    directory = find_directory(file)
    if directory is None:
        return incomplete("the end of the zip file is missing")
    if excess_of(directory):
        return WHOLE  # reading.limits refuses it, with the reason; here nobody builds that list
    try:
        members = list(listed_members(file, directory))
    except ListDamaged as error:
        return incomplete(f"the list of its members does not read ({error})")
    if not all(_has_header(file, at=offset) for _, offset in members):
        return incomplete("parts of the zip file are not written yet")
    return WHOLE


def is_pdf(head: bytes) -> bool:
    """Whether the first bytes of a file are a PDF's; some writers put a line of their own before them."""
    return _PDF in head[:_PDF_HEAD_BYTES] and not head.startswith(_LOCAL)


def find_directory(file: BinaryIO) -> Directory | None:
    """Find the end record of a zip file (and its 64-bit sibling); None when there is none."""
    size = file.seek(0, 2)
    start = max(size - _END_BYTES - _COMMENT_BYTES, 0)
    file.seek(start)
    tail = file.read(_END_BYTES + _COMMENT_BYTES)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        return None
    entries, size_bytes, offset = struct.unpack_from("<HLL", tail, at + 10)
    short = _End(entries=entries, size_bytes=size_bytes, offset=offset, at=start + at)
    long = _long_ends(file, locator_at=start + at - _LOCATOR_BYTES)
    end = long[-1] if long else short
    sizes = {each.size_bytes for each in (short, *long) if each.size_bytes != _IN_LONG_FORM}
    begin = max(end.at - end.size_bytes, 0)
    found = Directory(
        entries=max(each.entries for each in (end, *long)),
        size_bytes=max(sizes, default=0),
        start=begin,
        shift=begin - end.offset,
        is_ambiguous=len(sizes) > 1 or len(long) > 1,
    )
    return found if excess_of(found) else replace(found, entries=max(found.entries, _count_members(file, found)))


def excess_of(directory: Directory) -> Reason | None:
    """What about the list of members is beyond what any book needs; None for nothing."""
    if directory.entries > MAX_ENTRIES:
        text = f"it lists {directory.entries:,} members, more than the {MAX_ENTRIES:,} an EPUB may have"
        return Reason(Code.TOO_LARGE, text)
    if directory.size_bytes > MAX_DIRECTORY_BYTES:
        most = f"{MAX_DIRECTORY_BYTES:,}"
        text = f"its list of members has {directory.size_bytes:,} bytes, more than the {most} an EPUB's may have"
        return Reason(Code.TOO_LARGE, text)
    text = "it is malicious or damaged: it names two lists of members"
    return Reason(Code.DAMAGED, text) if directory.is_ambiguous else None


def listed_members(file: BinaryIO, directory: Directory) -> Iterator[tuple[bytes, int]]:
    """The name of each member and where its header is, one at a time and within the bounds, whatever is written now.

    Not by zipfile, which builds as much as the file says at the moment it looks, and that is later than ours.

    Raises:
        ListDamaged: The list breaks off, or is none.
    """
    file.seek(directory.start)
    left = min(directory.size_bytes, MAX_DIRECTORY_BYTES)
    for _ in range(MAX_ENTRIES + 1):
        if left <= 0:
            return
        head = file.read(_LISTED_BYTES)
        if len(head) < _LISTED_BYTES or not head.startswith(_LISTED):
            raise ListDamaged("one of its entries is missing")
        packed, unpacked, name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<LLHHH", head, 20)
        (offset,) = struct.unpack_from("<L", head, 42)
        name, extra = file.read(name_bytes), file.read(extra_bytes)
        file.seek(comment_bytes, 1)
        if offset == _IN_LONG_FORM:
            offset = _long_offset(extra, before=(unpacked, packed).count(_IN_LONG_FORM))
        yield name, offset + directory.shift
        left -= _LISTED_BYTES + name_bytes + extra_bytes + comment_bytes


def _count_members(file: BinaryIO, directory: Directory) -> int:
    """How many members the list has, however few its end owns up to; at most one more than are allowed."""
    count = 0
    try:
        for _ in listed_members(file, directory):
            count += 1
    except ListDamaged:  # zipfile stops there, too
        pass
    return count


def _long_offset(extra: bytes, *, before: int) -> int:
    """Where a member's header is, by its extra field for what does not fit into 32 bits."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        value_at = at + 4 + 8 * before
        if kind == _LONG_EXTRA and value_at + 8 <= min(at + 4 + length, len(extra)):
            return int(struct.unpack_from("<Q", extra, value_at)[0])
        at += 4 + length
    raise ListDamaged("the place of a member is missing")


def _long_ends(file: BinaryIO, *, locator_at: int) -> list[_End]:
    """The zip64 end records: where the locator says, and right before it, where older Pythons look without asking it.

    The one right before it is the last.
    """
    if locator_at < 0:
        return []
    file.seek(locator_at)
    locator = file.read(_LOCATOR_BYTES)
    if len(locator) < _LOCATOR_BYTES or not locator.startswith(_END64_LOCATOR):
        return []
    (said,) = struct.unpack_from("<Q", locator, 8)
    places = dict.fromkeys((min(said, locator_at), max(locator_at - _END64_BYTES, 0)))
    return [end for at in places if (end := _long_end(file, at=at)) is not None]


def _long_end(file: BinaryIO, *, at: int) -> _End | None:
    file.seek(at)
    record = file.read(_END64_BYTES)
    if len(record) < _END64_BYTES or not record.startswith(_END64):
        return None
    entries, size_bytes, offset = struct.unpack_from("<QQQ", record, 32)
    return _End(entries=entries, size_bytes=size_bytes, offset=offset, at=at)


def judge_trailer(file: BinaryIO) -> Structure:
    """Whether a PDF has the trailer that its writer puts last, and what the trailer points to."""
    size = file.seek(0, 2)
    file.seek(0)
    length = _LINEAR_LENGTH.search(file.read(_PDF_HEAD_BYTES))
    file.seek(max(size - _PDF_TAIL_BYTES, 0))
    trailers = _PDF_TRAILER.findall(file.read(_PDF_TAIL_BYTES))
    if not trailers or (length and size < int(length[1])):  # a PDF for the web has a trailer at its start, too
        return incomplete("the trailer at the end of the PDF is missing")
    file.seek(min(int(trailers[-1]), size))
    if not file.read(16).strip(b"\0"):
        return incomplete("parts of the PDF are not written yet")
    return WHOLE


def judge_tail(file: BinaryIO, *, end: bytes, what: str) -> Structure:
    """Whether a file ends as its format does; in an encoding of two bytes that is found, too."""
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL_BYTES, 0))
    tail = file.read(_TAIL_BYTES).replace(b"\0", b"").rstrip()
    return WHOLE if tail.endswith(end) else incomplete(f"the end of the {what} is missing")


def judge_palm(file: BinaryIO) -> Structure:
    """Whether a Palm database, as Kindle books are, is long enough for the places of its records."""
    size = file.seek(0, 2)
    file.seek(_PALM_COUNT_AT)
    (count,) = struct.unpack(">H", file.read(2).rjust(2, b"\0"))
    places = file.read(8 * count)
    if not count or len(places) < 8 * count:
        return incomplete("the list of its records is missing")
    last = max(struct.unpack_from(">L", places, 8 * at)[0] for at in range(count))
    return WHOLE if last < size else incomplete("some of its records are not written yet")


def _has_header(file: BinaryIO, *, at: int) -> bool:
    file.seek(min(max(at, 0), MAX_OFFSET))
    return file.read(4) == _LOCAL


def incomplete(reason: str) -> Structure:
    """It may still grow."""
    return Structure(state="incomplete", reason=reason)


def foreign(reason: str) -> Structure:
    """It will never be a book."""
    return Structure(state="foreign", reason=reason)
