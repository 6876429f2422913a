"""The one door to charset-normalizer: bytes of text whose encoding nobody wrote down to text."""

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What books are found in. The rest are the same letters in the encodings of mainframes, which win by chance.
_ENCODINGS = [
    "utf_8", "cp1252", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "mac_roman", "iso8859_2", "cp866", "cp437",
]  # fmt: skip
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859_1": "cp1252", "latin_1": "cp1252", "ascii": "utf_8"}
_SAMPLE_BYTES = 128 * 1024
_PIECES = 8
_MOST_LOST = 0.01
_FEW = 0.02
_ASCII = bytes(range(128))
_NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


def decode_text(data: bytes) -> tuple[str, str]:
    """Text of bytes, and what to warn of: by its mark, as UTF-8, else as what its letters are most plausible in."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), ""
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        pass
    if data[1:200:2].count(0) > 80:
        return data.decode("utf-16-le", "replace"), ""
    name = _guess(data)
    text = data.decode(name, "replace")
    lost = text.count("\ufffd")
    if name != "utf_8" and lost > len(text) * _MOST_LOST:
        return data.decode("utf-8", "replace"), "its encoding is not known; letters are missing"
    return text, f"its encoding is taken for {name}" + (f"; {lost} letters could not be read" if lost else "")


def _guess(data: bytes) -> str:
    """The encoding of text that is not UTF-8; where it is so but for a few damaged bytes, that all the same."""
    if data.decode("utf-8", "replace").count("\ufffd") * 200 < sum(byte > 127 for byte in data[:_SAMPLE_BYTES]):
        return "utf_8"
    sample = _sample(data)
    if _is_western(data):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_ENCODINGS, preemptive_behaviour=False, steps=_PIECES).best()
    return _WIDER.get(best.encoding, best.encoding) if best is not None else "cp1252"


def _sample(data: bytes) -> bytes:
    """Lines that are not ASCII, which tells nothing; whole ones: a letter of two bytes is not cut."""
    if len(data) <= _SAMPLE_BYTES:
        return data
    lines: list[bytes] = []
    left = _SAMPLE_BYTES
    for line in data.split(b"\n"):
        if not line.isascii() and left > 0:
            lines.append(line[:left])
            left -= len(line)
    return b"\n".join(lines)


def _is_western(data: bytes) -> bool:
    """Whether so few letters are not ASCII as in English with names and quotation marks: too few to guess by."""
    high = data.translate(None, _ASCII)
    return len(high) < len(data) * _FEW and not set(high) & _NOT_IN_CP1252
