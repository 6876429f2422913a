"""The one door to charset-normalizer: bytes of text whose encoding nobody wrote down to text."""

import codecs

from charset_normalizer import from_bytes
from charset_normalizer.constant import FREQUENCIES

from imaginized.reading.alphabets import Alphabets

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
# What prose of these scripts is full of: a fifth of it and more, of anything that is misread for it next to nothing.
_COMMON = frozenset(
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没"
    "這來國個說們為時過學對裡後麼會沒曰者其於與乃則矣見日本私彼言思事今方行間何手前見気分目"
    "あいうえおかがきぎくけげこごさしじすずせそただちつてでとどなにねのはばひびふへべほまみむめもやゆよらりるれろわをんっゃゅょ"
    "이다는을의에가고은를한도지로하기서사어나자그리아니"
)
_IN_PAIRS = ("gb18030", "cp932", "big5", "cp949", "euc_jp")
_MIN_COMMON, _MIN_LETTERS, _MIN_SHARE, _MOST_TORN = 0.15, 20, 0.05, 0.005
_ALPHABETS = Alphabets(FREQUENCIES)
_SAMPLE_BYTES = 128 * 1024
_PIECES = 8
_MOST_LOST = 0.01
_FEW = 0.005
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
    if in_pairs := encoding_in_pairs(sample):
        return in_pairs
    if _is_western(data):
        return "cp1252"
    if found := _ALPHABETS.encoding_of(sample):
        return found
    best = from_bytes(sample, cp_isolation=_ENCODINGS, preemptive_behaviour=False, steps=_PIECES).best()
    return _WIDER.get(best.encoding, best.encoding) if best is not None else "cp1252"


def encoding_in_pairs(sample: bytes) -> str:
    """Which encoding of Chinese, Japanese or Korean a text is in, by the letters that these are full of; "" for none.

    charset-normalizer gives up on such text over one damaged byte.
    """
    shares = {name: _common_share(sample.decode(name, "replace")) for name in _IN_PAIRS}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _MIN_COMMON else ""


def _common_share(text: str) -> float:
    letters = [each for each in text if each > "\x7f" and each.isalpha()]
    if len(letters) < max(_MIN_LETTERS, _MIN_SHARE * sum(map(str.isalpha, text))) or text.count(
        "\ufffd"
    ) > _MOST_TORN * len(text):
        return 0.0
    return sum(each in _COMMON for each in letters) / len(letters)


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
