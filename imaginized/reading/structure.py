"""A cheap look at a file's outer form, for the inbox: whole, still incomplete, or no book at all.

Only the standard library, and never the text of the book; reading.limits judges what is inside.
"""

import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

MAX_ENTRIES = 20_000
MAX_DIRECTORY_BYTES = 8 * 1024 * 1024

_LOCAL = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_END_BYTES = 22
_COMMENT_BYTES = 65_535
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
    """

    state: Literal["whole", "incomplete", "foreign"]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where a zip file says its list of members is, before anyone builds that list in memory."""

    entries: int
    size_bytes: int
    end_offset: int


WHOLE = Structure(state="whole")


def check_structure(path: Path) -> Structure:
    """Judge a file that may still be half written; reads its ends and its list of members, no member.

    Raises:
        OSError: The file cannot be opened or read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if is_pdf(head):
            return _judge_trailer(file)
        unlike = _judge_head(head)
        if unlike is not None:
            return unlike
        directory = find_directory(file)
        if directory is None:
            return _incomplete("the end of the zip file is missing")
        if is_too_large(directory):
            return WHOLE  # reading.limits refuses it, with the reason; here nobody builds that list
        return _judge_members(file)


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
    entries, directory_bytes = struct.unpack_from("<HL", tail, at + 10)
    long_form = _find_long_form(file, locator_at=start + at - 20)
    if long_form is not None:
        entries, directory_bytes = max(entries, long_form[0]), max(directory_bytes % 0xFFFFFFFF, long_form[1])
    return Directory(entries=entries, size_bytes=directory_bytes, end_offset=start + at)


def is_too_large(directory: Directory) -> bool:
    """Whether the list of members alone is beyond what any book needs."""
    return directory.entries > MAX_ENTRIES or directory.size_bytes > MAX_DIRECTORY_BYTES


def _find_long_form(file: BinaryIO, *, locator_at: int) -> tuple[int, int] | None:
    """Entries and size in bytes from the zip64 end record, where there is one."""
    if locator_at < 0:
        return None
    file.seek(locator_at)
    locator = file.read(20)
    if len(locator) < 20 or not locator.startswith(_END64_LOCATOR):
        return None
    (offset,) = struct.unpack_from("<Q", locator, 8)
    file.seek(min(offset, locator_at))
    record = file.read(56)
    if len(record) < 56 or not record.startswith(_END64):
        return None
    entries, directory_bytes = struct.unpack_from("<QQ", record, 32)
    return entries, directory_bytes


def _judge_head(head: bytes) -> Structure | None:
    """What the first bytes rule out; None when they are those of a zip file."""
    if not head[: len(_LOCAL)].strip(b"\0"):
        return _incomplete("nothing is written at its start yet" if head else "the file is empty")
    if head.startswith(_END):
        return _foreign("it is a zip file without anything in it")
    if head.startswith(_LOCAL) or _LOCAL.startswith(head):
        return None
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        return _foreign("it is a web page, not a book; the download probably failed")
    return _foreign("it is neither an EPUB (a zip file) nor a PDF")


def _judge_trailer(file: BinaryIO) -> Structure:
    """Whether a PDF has the trailer that its writer puts last, and what the trailer points to."""
    size = file.seek(0, 2)
    file.seek(0)
    length = _LINEAR_LENGTH.search(file.read(_PDF_HEAD_BYTES))
    file.seek(max(size - _PDF_TAIL_BYTES, 0))
    trailers = _PDF_TRAILER.findall(file.read(_PDF_TAIL_BYTES))
    if not trailers or (length and size < int(length[1])):  # a PDF for the web has a trailer at its start, too
        return _incomplete("the trailer at the end of the PDF is missing")
    file.seek(min(int(trailers[-1]), size))
    if not file.read(16).strip(b"\0"):
        return _incomplete("parts of the PDF are not written yet")
    return WHOLE


def _judge_members(file: BinaryIO) -> Structure:
    """Whether every member's header is in place and an EPUB's own are among them."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if not all(_has_header(file, at=member.header_offset) for member in members):
                return _incomplete("parts of the zip file are not written yet")
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError) as error:
        return _incomplete(f"the list of its members does not read ({error})")
    names = {member.filename.lower() for member in members}
    if "mimetype" in names or "meta-inf/container.xml" in names or any(name.endswith(".opf") for name in names):
        return WHOLE
    return _foreign("it is a zip file, but no EPUB: META-INF/container.xml is missing")


def _has_header(file: BinaryIO, *, at: int) -> bool:
    file.seek(max(at, 0))
    return file.read(4) == _LOCAL


def _incomplete(reason: str) -> Structure:
    return Structure(state="incomplete", reason=reason)


def _foreign(reason: str) -> Structure:
    return Structure(state="foreign", reason=reason)
