"""What a picture says of itself: how it came about, and what can be seen in it, as XMP in the JPEG.

No pixel is touched. Reference: XMP Specification Part 3, 1.1.3 (JPEG); IPTC Photo Metadata Standard 2025.1.
"""

import struct
from collections.abc import Iterable
from html import escape

from imaginized.guide.escaping import fold, xml_text
from imaginized.guide.jpeg import segments_of

# Made by a trained model, or by an algorithm that was trained on nothing.
_KINDS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
BY_MODEL, BY_WORDS = f"{_KINDS}trainedAlgorithmicMedia", f"{_KINDS}algorithmicMedia"

_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_TOOL = "imaginized"
_DRAWN_FROM_WORDS = "drawn from words"
_APP0, _APP1, _APP11 = 0xE0, 0xE1, 0xEB
_MOST = 0xFFFF - 2 - len(_HEADER)  # a segment says its length in two bytes
_LONGEST = 4000  # letters of the words for those who cannot see it
_OURS = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="imaginized">'
)
_SPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def with_xmp(jpeg: bytes, *, alt: str, method: str, by_model: bool) -> bytes:
    """The picture with its origin and its words; as it is, where its maker signed it or it is no JPEG.

    Args:
        jpeg: A whole JPEG. What it says of itself already stays, and is not said twice.
        alt: What can be seen in it; "" for nothing.
        method: The model's name, or how it was drawn.
        by_model: Whether a model drew it.
    """
    segments = list(segments_of(jpeg))
    if not segments:
        return jpeg
    if any(marker == _APP11 and b"jumb" in jpeg[start : start + 64] for marker, start, _ in segments):
        return jpeg  # Content Credentials: a byte more, and their signature would not hold
    old = next(((start, end) for marker, start, end in segments if _is_xmp(jpeg, marker, start)), None)
    said = jpeg[old[0] + 4 + len(_HEADER) : old[1]] if old else b""
    packet = _packet(said, _properties(alt=alt, method=method, by_model=by_model))
    if packet is None:
        return jpeg
    new = b"\xff\xe1" + struct.pack(">H", 2 + len(_HEADER) + len(packet)) + _HEADER + packet
    if old:
        return jpeg[: old[0]] + new + jpeg[old[1] :]
    at = max((end for marker, start, end in segments if _comes_before(jpeg, marker, start)), default=2)
    return jpeg[:at] + new + jpeg[at:]


def _is_xmp(jpeg: bytes, marker: int, start: int) -> bool:
    return marker == _APP1 and jpeg.startswith(_HEADER, start + 4)


def _comes_before(jpeg: bytes, marker: int, start: int) -> bool:
    """JFIF and Exif have to be the first segments."""
    return marker == _APP0 or (marker == _APP1 and jpeg.startswith(b"Exif\0", start + 4))


def _properties(*, alt: str, method: str, by_model: bool) -> dict[str, str]:
    said = {"Iptc4xmpExt:DigitalSourceType": BY_MODEL if by_model else BY_WORDS, "xmp:CreatorTool": _TOOL}
    said["Iptc4xmpExt:AISystemUsed" if by_model else "photoshop:Source"] = _text(
        method if by_model else f"{_DRAWN_FROM_WORDS} ({method})" if method else _DRAWN_FROM_WORDS
    )
    told = {name: f"<{name}>{value}</{name}>" for name, value in said.items() if value}
    if words := _text(alt):
        name = "Iptc4xmpCore:AltTextAccessibility"
        told[name] = f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{words}</rdf:li></rdf:Alt></{name}>'
    return told


def _text(text: str) -> str:
    return escape(xml_text(fold(text))[:_LONGEST])


def _packet(said: bytes, properties: dict[str, str]) -> bytes | None:
    """A packet of ours, or what the picture says already with what it lacks; None where that does not fit."""
    if said and not said.startswith(_OURS):
        lacking = [text for name, text in properties.items() if name.encode() not in said]
        at = said.rfind(b"</rdf:RDF>")
        if at < 0 or not lacking:
            return None
        whole = said[:at] + _description(lacking).encode() + said[at:]
        return whole if len(whole) <= _MOST else None
    return (
        f'{_OURS.decode()}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'{_description(properties.values())}</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _description(properties: Iterable[str]) -> str:
    spaces = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in _SPACES.items())
    return f'<rdf:Description rdf:about=""{spaces}>{"".join(properties)}</rdf:Description>'
