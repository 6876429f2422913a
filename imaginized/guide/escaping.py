"""From the characters of a book to Markdown that renders as the same characters, whatever they are.

Only what could be read as markup is escaped, so that prose stays prose in a plain editor too. Reference: CommonMark
0.31 and GitHub's extensions (strikethrough, tables, bare links).
"""

import re
from urllib.parse import quote

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Overrides and embeddings would reorder what follows the title on its line; quotes end with their block and keep them.
_BIDI_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_INLINE = re.compile(r"[\\`*_\[\]<>~|]|&(?=#?[0-9A-Za-z]+;)|(?<!\S)#|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(?:([-+=])|(\d{1,9})([.)])(?=\s|$))")
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters, its line ends as single newlines."""
    return _CONTROLS.sub("", "\n".join(text.splitlines()))


def xml_text(text: str) -> str:
    """Text without the characters that XML cannot have: lone surrogates and two that are none."""
    return _NO_XML.sub("", text)


def fold(text: str) -> str:
    """The text on one line, single-spaced, without characters that reorder what follows."""
    return _BIDI_CONTROLS.sub("", " ".join(clean(text).split()))


def escape(text: str) -> str:
    """Text for the middle of a Markdown line (a heading, a label's value, an image's alt): one line, no markup."""
    return _INLINE.sub(r"\\\g<0>", fold(text))


def escape_line(line: str) -> str:
    """One line that starts a Markdown block or continues one: as `escape`, and no list, rule or underline either."""
    escaped = _INLINE.sub(r"\\\g<0>", clean(line).replace("\n", " ").strip(" \t"))
    return _BLOCK_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def block_quote(text: str, *, indent: str = "") -> str:
    """A passage as a Markdown block quote: every line prefixed, line breaks kept, blank lines between paragraphs.

    An indent of spaces puts the quote inside a list item.
    """
    lines = [escape_line(line) for line in clean(text).strip("\n").split("\n")]
    followers = [*lines[1:], ""]
    return "\n".join(
        indent + _quote_line(line, breaks=bool(follower)) for line, follower in zip(lines, followers, strict=True)
    )


def _quote_line(line: str, *, breaks: bool) -> str:
    """One line of a block quote; two spaces at its end keep a line of verse apart from the next."""
    if not line:
        return ">"
    return f"> {line}  " if breaks else f"> {line}"


def link_target(path: str) -> str:
    """A relative path as the target of a link or image: no scheme, no host, no space, no bracket survives."""
    return quote(path.lstrip("/\\"), safe="/")
