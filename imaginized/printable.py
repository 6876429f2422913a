"""Text of strangers made fit for a terminal, a log and a note: whatever could drive one becomes a visible escape.

For titles, file names, words of endpoints. Imports next to nothing, so that the client starts at once.
"""

import json
from collections.abc import Callable, Mapping

# Not "printable" by Unicode, yet part of the words and signs they stand in: joiners (Persian, Hindi, emoji), the Arabic
# and Syriac signs that span numbers, and every blank of ordinary width or wider.
_KEPT = frozenset(
    "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
TITLE_LENGTH = 120


def printable(text: str) -> str:
    r"""The text on one line, with all that a terminal might obey shown instead: `\x1b`, `\n`, `\u202e`, `\udce9`.

    Control characters (C0, DEL, C1), line and paragraph separators, marks that turn the direction of what follows, lone
    surrogates, private and unassigned characters. Letters of all scripts, combining marks and joiners stay.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _KEPT else _escaped(c) for c in text)


def cut(text: str, length: int = TITLE_LENGTH) -> str:
    """At most so many characters, with an ellipsis where something is missing."""
    return text if len(text) <= length else text[: length - 1] + "…"


def flat(row: Mapping[str, object]) -> Mapping[str, object]:
    """The same object, with every text in it printable: no title in it can begin a line of its own."""
    return {key: _flat(value) for key, value in row.items()}


def as_json(value: object, *, default: Callable[[object], object] | None = None) -> str:
    """One line of JSON that says exactly the value, with escapes for what a terminal might obey.

    Args:
        value: What to write.
        default: As json.dumps takes it.
    """
    text = json.dumps(value, ensure_ascii=False, default=default)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _KEPT else json.dumps(c)[1:-1] for c in text)


def _flat(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return flat(value)
    return [_flat(inner) for inner in value] if isinstance(value, list) else value


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
