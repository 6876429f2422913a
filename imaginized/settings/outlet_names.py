"""Names of files in a folder that other programs watch, from what a book says of itself. Pure; trusts no title."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

FIELDS = ("author", "title", "series", "number", "language", "book", "format")
TELLING = frozenset(("title", "book"))  # without one of them all books would have the same name

# Not allowed in a name somewhere: Windows, macOS and SMB shares lie behind many of these folders.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_MOST_BYTES = 150  # of a name without its ending: file systems take 255, and a temporary name is longer


def problem_of(template: str) -> str:
    """What is wrong with a template; "" for nothing."""
    try:
        parts = tuple(Formatter().parse(template))
    except ValueError:
        return "has a brace without its other one"
    fields = {name for _, name, _, _ in parts if name is not None}
    if fields - set(FIELDS) or any(spec or conversion for _, _, spec, conversion in parts):
        return f"may have {', '.join(f'{{{name}}}' for name in FIELDS)} in it and no other braces"
    return "" if fields & TELLING else "needs {title} or {book} in it"


def filled(template: Path, values: Mapping[str, str]) -> Path:
    """The path of a book's file without its ending; parts that come out empty are left out.

    Args:
        template: An absolute path with fields in braces.
        values: What a field stands for; a missing one is empty.
    """
    at = len(root_of(template).parts)
    parts = (_part(part, values) for part in template.parts[at:])
    path = root_of(template).joinpath(*filter(None, parts))
    return path if len(path.parts) > at else path / "book"


def root_of(template: Path) -> Path:
    """The folder above the first part that depends on the book: it is the operator's."""
    parts = template.parts
    at = next((index for index, part in enumerate(parts) if "{" in part), len(parts) - 1)
    return Path(*parts[:at])


def _part(part: str, values: Mapping[str, str]) -> str:
    pieces = []
    for text, name, _, _ in Formatter().parse(part):
        pieces += [text, values.get(name, "") if name else ""]
    return safe_name("".join(pieces))


def safe_name(text: str) -> str:
    """A name of one file or folder that means nothing to any system; "" where nothing of the text is left."""
    folded = "".join(each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each) not in _UNSEEN)
    plain = " ".join(_FORBIDDEN.sub(" ", folded).split()).lstrip(" .-~").rstrip(" .-")
    cut = plain.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .-")
    return f"_{cut}" if _DEVICES.fullmatch(cut) else cut
