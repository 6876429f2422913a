"""Finding the image in whatever an endpoint answers, and telling by its first bytes what it is. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_DATA_URI = re.compile(r"data:(?P<type>[^;,]*)(?P<options>(?:;[^;,]*)*),(?P<data>.*)", re.DOTALL)
# Bounded: over a long run of "![" it would take the square of its length.
_IN_TEXT = re.compile(r"!\[[^\]\[]{0,500}\]\(\s{0,20}<?((?:data:|https?://)[^)\s>]+)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+")
_BARE = re.compile(r"data:image/[a-z+.-]+;base64,[A-Za-z0-9+/=_-]+")


_HEAD = 96  # characters of base64 that tell what it is; a number that goes into fours
MOST_TEXTS = 4_000
DEEPEST = 12
# The first bytes of what Pillow reads for us, by its name for it; no two begin alike.
_KINDS = (
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb".{4}ftyp(?:avif|avis|mif1)", re.DOTALL), "avif"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "bmp"),
    (re.compile(rb"II\*\0|MM\0\*"), "tiff"),
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg\b", re.DOTALL), "svg"),
)
# Under which keys a text may be a path of the endpoint's own, which alone looks like any other text.
_OF_PLACES = frozenset(("url", "uri", "href", "image_url", "imageurl", "image", "output", "link", "src"))
_PATH = re.compile(r"\.{0,2}/[^\s/]\S{0,2000}")
_LONGEST_PLACE = 4_000
_ENDS = re.compile(r"finish|status|^state$|reason(?!ing)")  # not the thoughts of a model
_FILTERED = re.compile(r"filtered|moderat|nsfw|safety|violat|prohibited|sensitive|content[ _]policy", re.IGNORECASE)
_NO_PICTURES = frozenset(("prompt", "revised_prompt", "info", "parameters", "usage", "error"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An image as an endpoint sends it: its bytes, or where they are; a path is one of the endpoint's own."""

    data: bytes = b""
    url: str = ""


def find_image(answer: Mapping[str, object]) -> Sent | None:
    """The image of an answer, wherever in it that stands; None where there is none.

    A text of it is a picture when it says so itself: base64 whose first bytes are those of one, a data URI, Markdown, a
    URL; a path only under a key for one. The first in the order of the answer is taken.
    """
    return next((sent for key, value in _texts(answer) if (sent := _read(value, key=key)) is not None), None)


def withheld(answer: Mapping[str, object]) -> str:
    """Why a filter kept the picture back, or put another in its place; "" where none did.

    It says so as the end, the state or the reason of something, or by a mark among others for what is seen in it.
    """
    todo: list[object] = [answer]
    for value in todo:
        if len(todo) > MOST_TEXTS:
            break
        for key, inner in value.items() if isinstance(value, dict) else ():
            told = inner if isinstance(inner, list) else [inner]
            name = str(key).casefold()
            if "nsfw" in name and any(each is True for each in told):
                return str(key)
            words = [each for each in told if isinstance(each, str)] if _ENDS.search(name) else []
            if reason := next((each for each in words if _FILTERED.search(each)), ""):
                return " ".join(reason.split())[:200]
            todo += [each for each in told if isinstance(each, dict | list)]
    return ""


def as_answer(body: bytes) -> Mapping[str, object] | None:
    """A body that is a picture and nothing else, as the answer of an images endpoint; None for any other."""
    if kind_of(body) in ("", "svg"):
        return None
    return {"data": [{"b64_json": base64.b64encode(body).decode()}]}


def kind_of(data: bytes) -> str:
    """What the bytes are: "jpeg", "png", "webp", "gif", "avif", "bmp", "tiff", "svg", or "" for anything else."""
    head = data[:2000]
    return next((kind for pattern, kind in _KINDS if pattern.match(head)), "")


def _texts(answer: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The texts of an answer in reading order, each with the key it stands under; bounded on hostile ones."""
    left = MOST_TEXTS
    todo: list[tuple[str, object, int]] = [("", answer, 0)]
    while todo and left:
        key, value, depth = todo.pop()
        left -= 1
        if isinstance(value, str):
            yield key, value
        elif depth >= DEEPEST:
            continue
        elif isinstance(value, dict):
            inside = [(str(name).casefold(), inner, depth + 1) for name, inner in list(value.items())[:MOST_TEXTS]]
            todo += reversed([each for each in inside if each[0] not in _NO_PICTURES])
        elif isinstance(value, list):
            todo += reversed([(key, inner, depth + 1) for inner in value[:MOST_TEXTS]])


def _read(value: str, *, key: str = "") -> Sent | None:
    value = value.strip()
    if value.startswith("data:"):
        return _read_data_uri(value)
    if _URL.fullmatch(value):
        return Sent(url=value)  # of any scheme: who fetches it says which will do
    if len(value) > _LONGEST_PLACE and (data := _picture_in(value)):
        return Sent(data=data)  # almost always; to look for the rest in it would take longer than to decode it
    inside = _IN_TEXT.search(value)
    if inside:
        return _read(inside[1])
    bare = _BARE.search(value)
    if bare:
        return _read_data_uri(bare[0])
    if key in _OF_PLACES and _PATH.fullmatch(value):
        return Sent(url=value)
    data = _picture_in(value)
    return Sent(data=data) if data else None


def _picture_in(value: str) -> bytes:
    """The picture that a text is in base64; empty where it is none, as most are: that is seen from their begin."""
    return _decode(value) if kind_of(_decode(value[:_HEAD])) else b""


def _read_data_uri(uri: str) -> Sent | None:
    match = _DATA_URI.fullmatch(uri)
    if match is None:
        return None
    is_base64 = ";base64" in match["options"].casefold()
    data = _decode(match["data"]) if is_base64 else unquote_to_bytes(match["data"])
    return Sent(data=data) if data else None


def _decode(text: str) -> bytes:
    """Base64 of either alphabet, with or without its padding; empty where it is none."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(text, validate=True)  # as most send it; without copies of a text of megabytes
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
