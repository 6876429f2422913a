"""Reads the one kind of Lua that is data: `return` and a table of strings, whole numbers and tables."""

import re
from typing import Any

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<number>-?\d+)|(?P<word>[A-Za-z_]\w*)|(?P<mark>[{}\[\]=,]))'
)
_ESCAPE = re.compile(r"\\(?:(\d{1,3})|(.))", re.DOTALL)


def read_lua(source: str) -> Any:
    """The value of a data file.

    Raises:
        ValueError: It is anything but data.
    """
    lines = [line for line in source.split("\n") if not line.startswith("--")]
    tokens = _tokens("\n".join(lines).strip())
    if next(tokens) != ("word", "return"):
        raise ValueError("it does not begin with return")
    value = _value(tokens, next(tokens))
    if next(tokens) != ("end", ""):
        raise ValueError("something follows the table")
    return value


def _tokens(text: str) -> Any:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"no data: {text[at : at + 40]!r}")
        yield found.lastgroup, found[found.lastgroup or 0]
        at = found.end()
    yield "end", ""


def _value(tokens: Any, token: tuple[str, str]) -> Any:
    kind, text = token
    if kind == "text":
        return _ESCAPE.sub(lambda found: chr(int(found[1])) if found[1] else found[2], text[1:-1])
    if kind == "number":
        return int(text)
    if token != ("mark", "{"):
        raise ValueError(f"no value: {text!r}")
    rows: dict[Any, Any] = {}
    while (token := next(tokens)) != ("mark", "}"):
        key: Any = token[1]
        if token == ("mark", "["):
            key = _value(tokens, next(tokens))
            _expect(tokens, "]")
        elif token[0] != "word":
            raise ValueError(f"no key: {token[1]!r}")
        _expect(tokens, "=")
        rows[key] = _value(tokens, next(tokens))
        _expect(tokens, ",")
    return list(rows.values()) if all(isinstance(key, int) for key in rows) else rows


def _expect(tokens: Any, mark: str) -> None:
    if next(tokens) != ("mark", mark):
        raise ValueError(f"no {mark!r}")
