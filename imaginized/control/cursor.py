"""How far a client has read: a place in each book's log, as a short text that means something to us only. Pure.

It stands on nothing but the logs and the library's name, so it outlives the daemon and needs no memory of ours.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from imaginized.store.eventlog import Extent
from imaginized.store.identity import IDENTITY_BYTES

FORMAT = 1
KEY_BYTES = 6
CHECK_BYTES = 4
NUMBER_BITS = 70

Key = bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a book's log was read.

    Attributes:
        place: Behind which line.
        is_gone: Whether the book was no longer in the library then, and that was told. It may come back.
    """

    place: Extent
    is_gone: bool = False


def key_of(book: str, created_at: datetime) -> Key:
    """What a cursor calls a book. One that is admitted again has another log, and so another key."""
    # A folder may be named by any bytes.
    return hashlib.blake2b(
        f"{book}\n{created_at.isoformat()}".encode(errors="surrogateescape"), digest_size=KEY_BYTES
    ).digest()


def packed(key: Key, reached: Reached) -> bytes:
    """One book's part of a cursor, made once and joined as often as messages are sent."""
    # The end of the line is there to find it again without reading the log, and to notice that it is another log.
    return key + _number(reached.place.count << 1 | reached.is_gone) + _number(reached.place.size or 0)


def cursor_of(library: bytes, parts: Iterable[bytes]) -> str:
    """The cursor with these parts."""
    body = bytes((FORMAT,)) + library + b"".join(parts)
    return cursor_text(body + _check(body))


def read_cursor(text: str, *, library: bytes) -> Mapping[Key, Reached]:
    """How far each book was read.

    Raises:
        ValueError: It is no cursor of this library; the message says what to do.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise _damaged() from error
    body, check = data[:-CHECK_BYTES], data[-CHECK_BYTES:]
    # What base64 leaves unused at its end could be anything: one cursor has one text.
    if len(body) < 1 + IDENTITY_BYTES or check != _check(body) or cursor_text(data) != text:
        raise _damaged()
    if body[0] != FORMAT:
        raise ValueError("a cursor of another version of imaginized; leave `since` out and ask for `status`")
    if body[1 : 1 + IDENTITY_BYTES] != library:
        raise ValueError("a cursor of another library; leave `since` out and ask for `status`")
    return dict(_parts(body[1 + IDENTITY_BYTES :]))


def cursor_text(data: bytes) -> str:
    """Bytes as they are in a cursor."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _parts(data: bytes) -> Iterator[tuple[Key, Reached]]:
    seen: set[Key] = set()
    at = 0
    while at < len(data):
        key = data[at : at + KEY_BYTES]
        marked, at = _read_number(data, at + KEY_BYTES)
        size, at = _read_number(data, at)
        if key in seen:
            raise _damaged()
        seen.add(key)
        yield key, Reached(place=Extent(count=marked >> 1, size=size), is_gone=bool(marked & 1))


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while at < len(data) and shift < NUMBER_BITS:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return value, at
    raise _damaged()


def _check(body: bytes) -> bytes:
    return crc32(body).to_bytes(CHECK_BYTES, "big")


def _damaged() -> ValueError:
    return ValueError("not a cursor; give one as it was received, whole, or leave `since` out")
