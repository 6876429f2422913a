"""Finding the image in whatever an endpoint answers, and telling by its first bytes what it is. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_DATA_URI = re.compile(r"data:(?P<type>[^;,]*)(?P<options>(?:;[^;,]*)*),(?P<data>.*)", re.DOTALL)
# Bounded: over a long run of "![" it would take the square of its length.
_IN_TEXT = re.compile(r"!\[[^\]\[]{0,500}\]\(\s{0,20}<?((?:data:|https?://)[^)\s>]+)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+")
_BARE = re.compile(r"data:image/[a-z+.-]+;base64,[A-Za-z0-9+/=_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An image as an endpoint sends it: its bytes, or where they are."""

    data: bytes = b""
    url: str = ""


def find_image(answer: Mapping[str, object]) -> Sent | None:
    """The image of an answer of the images endpoint or of a chat; None where there is none.

    Knows `data[].b64_json`, `data[].url`, `message.images[]`, parts of `message.content`, and Markdown in its text;
    a URL may be a data URI, base64 may be one, too.
    """
    return next((sent for value in _candidates(answer) if (sent := _read(value)) is not None), None)


def kind_of(data: bytes) -> str:
    """What the bytes are: "jpeg", "png", "webp", "gif", "svg", or "" for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return "svg" if re.match(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg\b", data[:2000], re.DOTALL) else ""


def _candidates(answer: Mapping[str, object]) -> Iterator[str]:
    for item in _dicts(answer.get("data")):
        yield from _texts(item, "b64_json", "url", "image_url")
    for choice in _dicts(answer.get("choices")):
        message = choice.get("message")
        if isinstance(message, dict):
            for part in (*_dicts(message.get("images")), *_dicts(message.get("content"))):
                yield from _texts(part, "image_url", "url", "b64_json", "image", "text")
            yield from _texts(message, "content")


def _dicts(value: object) -> Sequence[Mapping[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(holder: Mapping[str, object], *keys: str) -> Iterator[str]:
    for key in keys:
        value = holder.get(key)
        if isinstance(value, dict):
            yield from _texts(value, "url", "b64_json", "data")
        elif isinstance(value, str) and value:
            yield value


def _read(value: str) -> Sent | None:
    value = value.strip()
    if value.startswith("data:"):
        return _read_data_uri(value)
    if _URL.fullmatch(value):
        return Sent(url=value)  # of any scheme: who fetches it says which will do
    inside = _IN_TEXT.search(value)
    if inside:
        return _read(inside[1])
    bare = _BARE.search(value)
    if bare:
        return _read_data_uri(bare[0])
    data = _decode(value)
    return Sent(data=data) if kind_of(data) else None


def _read_data_uri(uri: str) -> Sent | None:
    match = _DATA_URI.fullmatch(uri)
    if match is None:
        return None
    is_base64 = ";base64" in match["options"].casefold()
    data = _decode(match["data"]) if is_base64 else unquote_to_bytes(match["data"])
    return Sent(data=data) if data else None


def _decode(text: str) -> bytes:
    """Base64 of either alphabet, with or without its padding; empty where it is none."""
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
