"""The one door to webencodings and charset-normalizer: strangers' bytes to UTF-8 as browsers do it, and how sure."""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

import webencodings

_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LANGUAGE = re.compile(rb"""\blang\s*=\s*["']([A-Za-z]{2,3}(?:-[A-Za-z]+)?)""")
_TAG = re.compile(rb"<[^<>]*>")
_HEAD_BYTES = 1024
_SAMPLE_BYTES = 200_000
_FEW_CHARACTERS = 8
_WIDE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF_8 = frozenset({"", "utf-8", "utf8"})
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})  # refuse or rewrite
_PYTHON_NAMES = {"gbk": "gb18030", "x-user-defined": "cp1252", "replacement": "utf-8"}
# What browsers take for documents that say nothing, by their language (HTML, "determining the character encoding").
_USUAL = {
    **dict.fromkeys(("cs", "hu", "pl", "sk", "sl", "hr", "ro"), "cp1250"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "ky", "tg", "tt", "sah"), "cp1251"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    **dict.fromkeys(("tr", "ku"), "cp1254"),
    **{"el": "cp1253", "he": "cp1255", "ar": "cp1256", "fa": "cp1256", "vi": "cp1258", "th": "cp874"},
    **{"ja": "cp932", "ko": "cp949", "zh": "gb18030", "zh-tw": "big5hkscs", "zh-hk": "big5hkscs"},
}
_CANDIDATES = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"),
)
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_FOREIGN_LETTER = re.compile("[\u00c0-\u024f]")
_CAPITAL_INSIDE = re.compile("[а-яё][А-ЯЁ]")
_SIGN_INSIDE = re.compile(r"\w[\xa1-\xa9\xac-\xb6\xb8\xb9\xbc-\xbf\xd7\xf7]\w")
_MAX_ODD_SHARE = 0.005
_MAX_FOREIGN_SHARE = 0.4
_MAX_INSIDE_SHARE = 0.02


def says_utf_8(data: bytes) -> bool:
    """Whether a document says so, or says nothing; whether it is, only its bytes tell."""
    said = _DECLARED.search(data[:_HEAD_BYTES])
    label = said[1].decode().lower() if said else ""
    return label in _UTF_8 and not _wide_encoding(data) and not data.startswith(codecs.BOM_UTF8)


def to_utf_8(data: bytes) -> tuple[bytes, str]:
    """A document's bytes as UTF-8, and what is doubtful about them; "" where nothing is.

    What is converted loses its XML declaration, which would lie. Labels mean what browsers take them for: gb2312 is
    GBK, shift_jis is cp932, iso-8859-1 is cp1252.
    """
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    wide = _wide_encoding(data)
    if wide:
        return _strip(data.decode(wide, "replace")), ""
    said = _DECLARED.search(data[:_HEAD_BYTES])
    label = said[1].decode().lower() if said else ""
    encoding = _python_name(label)
    is_plain = data.isascii() and b"\x1b" not in data  # ISO-2022-JP is ASCII with escapes
    if is_plain or _is_utf_8(data, label=label, encoding=encoding):
        return (data if label in _UTF_8 else _strip(data.decode()), "")
    if label and encoding != "utf-8":
        text = _decode(data, encoding)
        if _is_plausible(text):
            return _strip(text), ""
    return _guess(data, label=label)


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 by their marks, or by the zeros in a first tag; "" for neither."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:4]
    if head[:1] == b"\0" and head[2:3] == b"\0":
        return "utf-16-be"
    return "utf-16-le" if head[1:2] == b"\0" and head[3:4] == b"\0" else ""


@lru_cache(maxsize=64)
def _python_name(label: str) -> str:
    """Python's name for what browsers take a label for; UTF-8 for none, for what is unknown, and for a false UTF-16."""
    found = webencodings.lookup(label) or webencodings.lookup(label.replace("_", "-"))
    if found is None:
        try:
            name = codecs.lookup(label).name if label else "utf-8"
        except (LookupError, ValueError):
            return "utf-8"
        if name in _NO_TEXT:
            return "utf-8"
        return "cp1252" if name == "iso8859-1" else name
    name = str(found.codec_info.name)
    return "utf-8" if name.startswith("utf-16") else _PYTHON_NAMES.get(name, name)


def _is_utf_8(data: bytes, *, label: str, encoding: str) -> bool:
    """Whether it is UTF-8 whatever it says; a few letters of another encoding may look so by chance."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    if b"\x1b" in data and label and encoding != "utf-8":
        return False
    if not label or encoding == "utf-8":
        return True
    few = _FEW_CHARACTERS if encoding in _WIDE else 1
    return len(data) - len(text) >= few or not _is_plausible(_decode(data, encoding))


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # The five bytes that cp1252 leaves open are control characters to a browser, no reason to give up on the rest.
        text = data.decode(encoding, "replace")
        return text if not encoding.startswith("cp125") else text.replace("\ufffd", "")
    except LookupError:
        return data.decode("utf-8", "replace")


def _is_plausible(text: str) -> bool:
    """Whether it reads as some language: few odd characters or accents, no signs or capitals inside words."""
    letters = sum(map(str.isalpha, text[:_SAMPLE_BYTES])) or 1
    if len(_ODD.findall(text)) > _MAX_ODD_SHARE * letters:
        return False
    visible = _TAG.sub(b" ", text[:_SAMPLE_BYTES].encode()).decode("utf-8", "replace")
    letters = sum(map(str.isalpha, visible)) or 1
    if len(_FOREIGN_LETTER.findall(visible)) > _MAX_FOREIGN_SHARE * letters:
        return False
    inside = len(_CAPITAL_INSIDE.findall(visible)) + len(_SIGN_INSIDE.findall(visible))
    return inside <= _MAX_INSIDE_SHARE * letters


def _guess(data: bytes, *, label: str) -> tuple[bytes, str]:
    """By the document's language, as browsers do; else by the look of its letters. Never sure."""
    said = f"it says {label}, which it is not" if label else "it does not say its encoding"
    sample = _TAG.sub(b" ", data)[:_SAMPLE_BYTES]
    for encoding in _likely(data, sample):
        text = _decode(data, encoding)
        if "\ufffd" not in text and _is_plausible(text):
            return _strip(text), f"{said}; read as {encoding}"
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return _strip(text), f"{said}; {lost} characters of it could not be read"


def _likely(data: bytes, sample: bytes) -> Iterator[str]:
    language = _LANGUAGE.search(data[: _HEAD_BYTES * 4])
    tag = language[1].decode().lower() if language else ""
    usual = _USUAL.get(tag) or _USUAL.get(tag[:2])
    if usual:
        yield usual
    high = sum(byte > 127 for byte in sample[:20_000])
    if high * 5 < len(sample[:20_000]):
        yield "cp1252"  # few accents, quotes and dashes among plain letters
    from charset_normalizer import from_bytes  # 12 ms, and hardly a book needs it

    best = from_bytes(sample, cp_isolation=list(_CANDIDATES)).best()
    if best is not None:
        yield best.encoding
    yield "cp1252"


def _strip(text: str) -> bytes:
    return _DECLARATION.sub("", text.lstrip("\ufeff")).encode("utf-8", "replace")
