"""Parsing TOML that anybody may have written: whatever its bytes, the answer is values or a mistake with its place.

tomllib alone also raises a plain ValueError (Python converts no number of more than 4,300 digits) and RecursionError.
It lets values through that later cannot be shown: a hexadecimal number of any length, keys nested thousands deep.
"""

import re
import tomllib
from collections.abc import Iterator

MOST_LEVELS = 16
LARGEST_NUMBER = 2**63 - 1

_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000}")


class NotToml(ValueError):
    """A text is no TOML, or none that anybody needs.

    Attributes:
        line: Where, from 1; 0 where that is not known.
    """

    def __init__(self, reason: str, *, line: int = 0) -> None:
        """A mistake, in words that go after its place."""
        super().__init__(reason)
        self.line = line

    def at(self, name: object) -> str:
        """The mistake with its place in the file of this name."""
        return f"{name}:{self.line}: {self}" if self.line else f"{name}: {self}"


def parse(text: str) -> dict[str, object]:
    """The values of a TOML text.

    Raises:
        NotToml: It is none, has a whole number beyond 64 bits, or is nested more than `MOST_LEVELS` deep.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotToml(f"not valid TOML: {error}", line=_line_of(str(error), text)) from error
    except ValueError as error:
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 0
        raise NotToml(_too_large(), line=line) from error
    except RecursionError as error:
        raise NotToml(_too_deep()) from error
    for key, value in values.items():
        if problem := _problem(value):
            raise NotToml(f"{key[:80]}: {problem}", line=_line_of_key(key, text))
    return values


def _problem(value: object) -> str:
    left: list[tuple[object, int]] = [(value, 1)]
    while left:  # no recursion: the depth is what is asked for
        inner, level = left.pop()
        if level > MOST_LEVELS:
            return _too_deep()
        if isinstance(inner, int) and not -LARGEST_NUMBER <= inner <= LARGEST_NUMBER:
            return _too_large()
        left += [(each, level + 1) for each in _within(inner)]
    return ""


def _within(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _too_large() -> str:
    return "a number is too large; whole numbers have at most 64 bits"


def _too_deep() -> str:
    return f"nested too deeply; at most {MOST_LEVELS} levels are allowed"


def _line_of(message: str, text: str) -> int:
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else max(len(text.splitlines()), 1)


def _line_of_key(key: str, text: str) -> int:
    found = re.search(rf"^[ \t\[]*[\"']?{re.escape(key)}[\"']?[ \t]*[.=\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0
