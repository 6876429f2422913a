"""Typefaces for the words of a PDF: those that come with the program, and for other scripts what the machine has."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

# Packages of typefaces with the file in each; the first is for everything that it has.
_PACKAGES = (
    ("fontpkg_eb_garamond", "EBGaramond[wght].ttf"),
    ("fontpkg_amiri", "Amiri-Regular.ttf"),
    ("fontpkg_frank_ruhl_libre", "FrankRuhlLibre[wght].ttf"),
)
_ITALIC = ("fontpkg_eb_garamond", "EBGaramond-Italic[wght].ttf")
_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_SUFFIXES = frozenset((".ttf", ".otf", ".ttc"))
_NOT_UPRIGHT = ("bold", "italic", "oblique", "black", "light", "thin", "mono", "condensed", "narrow", "symbol")
_MOST_FILES = 500  # looked into: a machine of a designer has thousands
_MOST_FONTS = 4  # of the machine, in one document


class Cut(Protocol):
    """Which characters a file has: reading that takes a parser of typefaces, which `pdf_pages` has."""

    def __call__(self, path: Path) -> frozenset[int]: ...


def packaged(package: str, name: str) -> Path | None:
    """A typeface of a package; None where that is not installed."""
    try:
        path = Path(str(resources.files(package) / "files" / name))
    except ModuleNotFoundError:
        return None
    return path if path.is_file() else None


def upright() -> Path:
    """The typeface for everything that it has."""
    path = packaged(*_PACKAGES[0])
    if path is None:
        raise FileNotFoundError(f"{_PACKAGES[0][0]} lacks {_PACKAGES[0][1]}")
    return path


def italic() -> Path:
    """Its italic."""
    return packaged(*_ITALIC) or upright()


def letters_in(text: str) -> set[int]:
    """The characters of a text that need a typeface: no blanks, controls or marks of direction."""
    return {ord(each) for each in set(text) if not each.isspace() and unicodedata.category(each) not in ("Cc", "Cf")}


def others_for(letters: Iterable[int], *, cut: Cut) -> tuple[tuple[Path, ...], frozenset[int]]:
    """The typefaces that the first one needs beside it, and the characters that none of them has.

    Args:
        letters: All that is to be set.
        cut: Says which characters a file has.
    """
    left, chosen = set(letters) - cut(upright()), list[Path]()
    for path in filter(None, (packaged(*row) for row in _PACKAGES[1:])):
        if left & cut(path):
            chosen.append(path)
            left -= cut(path)
    while left and len(chosen) < _MOST_FONTS + len(_PACKAGES) - 1:
        best = max(_of_machine(), key=lambda path: len(left & cut(path)), default=None)
        if best is None or not left & cut(best):
            break
        chosen.append(best)
        left -= cut(best)
    return tuple(chosen), frozenset(left)


@cache
def _of_machine() -> tuple[Path, ...]:
    """Upright typefaces of the machine, those with serifs first: `max` takes the first of equals."""
    found = sorted(_files(), key=lambda path: ("serif" not in path.name.casefold(), path.name, str(path)))
    return tuple(found[:_MOST_FILES])


def _files() -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in folder.rglob("*"):
            name = path.name.casefold()
            if path.suffix.lower() in _SUFFIXES and not any(word in name for word in _NOT_UPRIGHT):
                yield path
