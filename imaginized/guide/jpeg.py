"""What the segments of a JPEG say before its pixels. Nothing is decoded. Reference: ITU-T T.81, annex B."""

import struct
from collections.abc import Iterator

_START, _SCAN = 0xD8, 0xDA
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # tables and a reserved marker, among those that say how large it is


def segments_of(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """The marker of each segment before the pixels, with where it begins and ends; none where it is no JPEG."""
    if jpeg[:2] != bytes((0xFF, _START)):
        return
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _SCAN:
        end = at + 2 + int(struct.unpack_from(">H", jpeg, at + 2)[0])
        if end > len(jpeg):
            return
        yield jpeg[at + 1], at, end
        at = end


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels; zeros where it does not say them."""
    for marker, start, end in segments_of(jpeg):
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES and end - start >= 9:
            height, width = struct.unpack_from(">HH", jpeg, start + 5)
            return int(width), int(height)
    return 0, 0
