"""JSON as language models write it, to values. Pure; says by its errors whether the text was cut or is no JSON.

Forgiven are trailing and missing commas, comments, single, typographic and back quotes, keys without any, Python's and
JavaScript's words and literals, raw line breaks and bad escapes in strings, placeholders ("..."), a closing bracket too
few within the value, and quotation marks that should have been escaped.

json-repair does much of this, too, but 100 kB of hostile text cost it more than 20 s, deep nesting a RecursionError,
and it closes what was cut without a word: a chapter half read would pass for a whole one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

DEEPEST = 40
# What reading one text may cost: an answer of a book's longest chapter takes a tenth of it.
MOST_STEPS = 60_000
CHARACTERS_PER_STEP = 64

Value = object

_SPACE = re.compile(r"(?:\s|\\[nrt]|//[^\n]{0,160}|#[^\n]{0,160}|/\*(?:[^*]|\*(?!/)){0,160}\*/)*")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")
_WORD = re.compile(r"[A-Za-z_]+")
_WORDS = MappingProxyType(
    {
        "null": None,
        "None": None,
        "nil": None,
        "true": True,
        "True": True,
        "false": False,
        "False": False,
        "undefined": None,
        "NaN": None,
    }
)
_ESCAPES = MappingProxyType({"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"})
# What ends a string that a mark begins: typographic marks are paired in more than one way.
_ENDS = MappingProxyType({'"': '"', "'": "'", "`": "`", "“": '”“"', "”": "”", "„": "“”", "«": "»", "‘": "’"})
_PREFIX = re.compile(r"[rubfRUBF]{1,2}(?=[\"'])")
_CHUNKS = MappingProxyType({mark: re.compile(rf"[^\\{ends}]+") for mark, ends in _ENDS.items()})
_BARE_KEY = re.compile(r"[^\W\d][\w$.-]{0,60}(?=\s*:)")
# No quotation marks in it: with them it is prose, of which a quote's end might be taken for the next key.
_BARE_VALUE = re.compile(r"[^\W\d][^\"'{}\[\]\n:,]{0,120}(?=\s*(?:[,}\]]|\n))")
_PLACEHOLDER = re.compile(r"(?:\.{3,}|…)(?=\s*[,\]})])")
_LONGEST_KEY = 200
_KEY = r"[\"'“”`][^\"'“”`\n]{1,80}[\"'“”`]\s*:"
_BEGIN_OF_COMMENT = r"//|/\*|\#"
# What may follow a string that really ended: after a comma only the begin of what may come next, or the holder's end.
_AFTER_KEY = re.compile(r"\s*:")
_AFTER_IN_OBJECT = re.compile(
    rf"\s*(?:$|[}}\])]|{_BEGIN_OF_COMMENT}|,\s*(?:$|[}}\])]|{_BEGIN_OF_COMMENT}|\.\.\.|…|{_KEY}|[^\W\d][\w$.-]{{0,60}}\s*:)"
    rf"|{_KEY}|\+\s*[\"'`])"
)
_AFTER_IN_ARRAY = re.compile(
    rf"\s*(?:$|[\]}})]|{_BEGIN_OF_COMMENT}|\+\s*[\"'`]|,\s*(?:$|[\"'“”„`{{\[(\]}})\d-]|\.\.\.|…|{_BEGIN_OF_COMMENT}"
    r"|(?:null|None|true|True|false|False|NaN)\b))|[^\S\n]*\n\s*[\"'{\[]"
)
_JOIN = re.compile(r"\s*\+\s*(?=[\"'`])")


class NotJson(ValueError):
    """What stands there is no JSON, however much is forgiven."""


class CutShort(ValueError):
    """The text ends inside a value."""


class TooMuch(ValueError):
    """It takes longer to read than any answer that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What begins at one place of a text.

    Attributes:
        value: The value; None where the text ends inside it.
        is_cut: Whether it does.
        end: Offset after it.
    """

    value: Value
    is_cut: bool
    end: int


def read_values(text: str) -> Iterator[Piece]:
    """Every object and array in a text, those inside others left out; inside one that is cut they are found, too.

    Raises:
        TooMuch: Reading on would take too long.
    """
    reader, end = _Reader(text), 0
    for match in re.finditer(r"[{\[]", text):
        if match.start() < end:
            continue
        try:
            value, end = reader.value(match.start(), depth=0)
        except NotJson:
            continue
        except CutShort:
            yield Piece(value=None, is_cut=True, end=len(text))
        else:
            yield Piece(value=value, is_cut=False, end=end)


class _Reader:
    """One text; what reading it may still cost is shared by all places where a value may begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = MOST_STEPS

    def pay(self, characters: int = 0) -> None:
        self.steps -= 1 + characters // CHARACTERS_PER_STEP
        if self.steps < 0:
            raise TooMuch("it takes too long to read")

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        at = match.end() if match else at
        if at >= len(self.text):
            raise CutShort(f"the text ends at {at}")
        return at

    def value(self, at: int, *, depth: int, after: re.Pattern[str] = _AFTER_IN_ARRAY) -> tuple[Value, int]:
        self.pay()
        if depth > DEEPEST:
            raise NotJson("nested too deeply")
        at = self.skip(at)
        if prefix := _PREFIX.match(self.text, at):
            at = prefix.end()
        first = self.text[at]
        if first == "{":
            return self.object(at + 1, depth=depth + 1)
        if first in "[(":
            return self.array(at + 1, depth=depth + 1)
        if first in _ENDS:
            return self.strings(at, after=after)
        return self.atom(at)

    def atom(self, at: int) -> tuple[Value, int]:
        if number := _NUMBER.match(self.text, at):
            return float(number[0]), number.end()
        word = _WORD.match(self.text, at)
        if word and word[0] in _WORDS:
            return _WORDS[word[0]], word.end()
        if bare := _BARE_VALUE.match(self.text, at):
            return bare[0].rstrip(), bare.end()
        raise NotJson(f"no value at {at}")

    def object(self, at: int, *, depth: int) -> tuple[Value, int]:
        found: dict[str, Value] = {}
        while True:
            at = self.skip_fillers(at)
            if self.text[at] == "}":
                return found, at + 1
            if self.text[at] in "])" and depth > 1:  # its own bracket was forgotten
                return found, at
            key, at = self.key(at)
            at = self.skip(at)
            if self.text[at] != ":":
                raise NotJson(f"no colon at {at}")
            value, at = self.value(at + 1, depth=depth, after=_AFTER_IN_OBJECT)
            found[key] = _joined(found.get(key), value)

    def key(self, at: int) -> tuple[str, int]:
        if self.text[at] in _ENDS:
            return self.string(at, after=_AFTER_KEY, longest=_LONGEST_KEY)
        if bare := _BARE_KEY.match(self.text, at):
            return bare[0], bare.end()
        if at + _LONGEST_KEY > len(self.text) and re.fullmatch(r"[\w$.-]+", self.text[at:]):
            raise CutShort("the text ends inside a key")
        raise NotJson(f"no key at {at}")

    def array(self, at: int, *, depth: int) -> tuple[Value, int]:
        found: list[Value] = []
        while True:
            at = self.skip_fillers(at)
            if self.text[at] in "])":
                return found, at + 1
            if self.text[at] == "}" and depth > 1:
                return found, at
            value, at = self.value(at, depth=depth)
            found.append(value)

    def skip_fillers(self, at: int) -> int:
        """To what comes next in an object or array: past commas, too many or none, and what stands for more."""
        while True:
            self.pay()
            at = self.skip(at)
            if self.text[at] == ",":
                at += 1
            elif placeholder := _PLACEHOLDER.match(self.text, at):
                at = placeholder.end()
            else:
                return at

    def strings(self, at: int, *, after: re.Pattern[str]) -> tuple[str, int]:
        """A string, or some that a plus joins."""
        whole, at = self.string(at, after=after)
        while join := _JOIN.match(self.text, at):
            more, at = self.string(join.end(), after=after)
            whole += more
        return whole, at

    def string(self, at: int, *, after: re.Pattern[str], longest: int | None = None) -> tuple[str, int]:
        mark, begin = self.text[at], at
        chunk, triple = _CHUNKS[mark], mark * 3
        end = self.text.find(triple, at + 3) if self.text.startswith(triple, at) else -1
        if end > 0 and after.match(self.text, end + 3):
            return self.text[at + 3 : end], end + 3
        at, pieces = at + 1, []
        while at < len(self.text):
            if longest is not None and at - begin > longest:
                raise NotJson("too long a key")
            if plain := chunk.match(self.text, at):
                self.pay(plain.end() - at)
                pieces.append(plain[0])
                at = plain.end()
                continue
            self.pay()
            if self.text[at] == "\\":
                piece, at = self.escape(at + 1)
                pieces.append(piece)
            elif after.match(self.text, at + 1):
                return "".join(pieces), at + 1
            else:
                pieces.append(self.text[at])
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


def _joined(before: Value, value: Value) -> Value:
    """What a key says that stands twice: all that lists and objects hold; else the later that says something."""
    if value in (None, "", [], {}):
        return value if before is None else before
    if isinstance(before, list) and isinstance(value, list | dict):
        before.extend(value if isinstance(value, list) else [value])
        return before
    return [before, value] if isinstance(before, dict) and isinstance(value, dict) and before else value
