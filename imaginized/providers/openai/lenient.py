"""JSON as language models write it, to values. Pure; says by its errors whether the text was cut or is no JSON.

Forgiven are trailing commas, comments, single quotes, Python's words for null and true, raw line breaks and bad escapes
in strings, and quotation marks that should have been escaped.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

DEEPEST = 40

Value = object

_COMMENT = r"//[^\n]*|/\*.*?\*/"
_SPACE = re.compile(rf"(?:\s|{_COMMENT})*", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(r"[A-Za-z_]+")
_WORDS = MappingProxyType(
    {
        "null": None,
        "None": None,
        "true": True,
        "True": True,
        "false": False,
        "False": False,
        "undefined": None,
        "NaN": None,
    }
)
_ESCAPES = MappingProxyType({"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"})
_QUOTES = "\"'"
# What may follow a string that really ended: after a comma only the begin of another value or the end of its holder.
_AFTER_KEY = re.compile(r"\s*:")
_AFTER_VALUE = re.compile(
    rf"\s*(?:{_COMMENT}|$|[}}\]]|,\s*(?:{_COMMENT}|$|[\"'{{\[}}\]\d-]|(?:null|None|true|True|false|False|NaN)\b))",
    re.DOTALL,
)


class NotJson(ValueError):
    """What stands there is no JSON, however much is forgiven."""


class CutShort(ValueError):
    """The text ends inside a value."""


def read_value(text: str, at: int) -> tuple[Value, int]:
    """The value that begins at an offset, and the offset after it.

    Raises:
        CutShort: The text ends before the value does.
        NotJson: No value stands there.
    """
    return _Reader(text).value(at, depth=0)


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        at = match.end() if match else at
        if at >= len(self.text):
            raise CutShort(f"the text ends at {at}")
        return at

    def value(self, at: int, *, depth: int) -> tuple[Value, int]:
        if depth > DEEPEST:
            raise NotJson("nested too deeply")
        at = self.skip(at)
        first = self.text[at]
        if first == "{":
            return self.object(at + 1, depth=depth + 1)
        if first == "[":
            return self.array(at + 1, depth=depth + 1)
        if first in _QUOTES:
            return self.string(at, after=_AFTER_VALUE)
        return self.atom(at)

    def atom(self, at: int) -> tuple[Value, int]:
        if number := _NUMBER.match(self.text, at):
            return float(number[0]), number.end()
        word = _WORD.match(self.text, at)
        if word and word[0] in _WORDS:
            return _WORDS[word[0]], word.end()
        raise NotJson(f"no value at {at}")

    def object(self, at: int, *, depth: int) -> tuple[Value, int]:
        found: dict[str, Value] = {}
        while True:
            at = self.skip(at)
            if self.text[at] == "}":
                return found, at + 1
            if self.text[at] not in _QUOTES:
                raise NotJson(f"no key at {at}")
            key, at = self.string(at, after=_AFTER_KEY)
            at = self.skip(at)
            if self.text[at] != ":":
                raise NotJson(f"no colon at {at}")
            found[key], at = self.value(at + 1, depth=depth)
            at = self.skip_comma(at, end="}")

    def array(self, at: int, *, depth: int) -> tuple[Value, int]:
        found: list[Value] = []
        while True:
            at = self.skip(at)
            if self.text[at] == "]":
                return found, at + 1
            value, at = self.value(at, depth=depth)
            found.append(value)
            at = self.skip_comma(at, end="]")

    def skip_comma(self, at: int, *, end: str) -> int:
        at = self.skip(at)
        if self.text[at] == ",":
            return at + 1
        if self.text[at] == end:
            return at
        raise NotJson(f"neither a comma nor {end} at {at}")

    def string(self, at: int, *, after: re.Pattern[str]) -> tuple[str, int]:
        mark, at, pieces = self.text[at], at + 1, []
        while at < len(self.text):
            character = self.text[at]
            if character == "\\":
                piece, at = self.escape(at + 1)
                pieces.append(piece)
            elif character == mark and after.match(self.text, at + 1):
                return "".join(pieces), at + 1
            else:
                pieces.append(character)
                at += 1
        raise CutShort("the text ends inside a string")

    def escape(self, at: int) -> tuple[str, int]:
        if at >= len(self.text):
            raise CutShort("the text ends inside a string")
        character = self.text[at]
        code = self.text[at + 1 : at + 5]
        if character == "u" and re.fullmatch(r"[0-9A-Fa-f]{4}", code):
            low = re.match(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})", self.text[at + 5 : at + 11])
            high = int(code, 16)
            if 0xD800 <= high < 0xDC00 and low:
                return chr(0x10000 + ((high - 0xD800) << 10) + int(low[1], 16) - 0xDC00), at + 11
            return ("\ufffd" if 0xD800 <= high < 0xE000 else chr(high)), at + 5
        return _ESCAPES.get(character, character), at + 1
