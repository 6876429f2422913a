"""File names from names of a book: short, lower case, of letters, digits and hyphens only. The only slugify import."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from slugify import slugify

LONGEST = 60
BOOK_ID_DIGITS = 8  # of the digest of its original


def slug_of(text: str) -> str:
    """A file name without suffix that stays in its folder whatever the text is; "" when nothing of it is left."""
    return slugify(text, max_length=LONGEST, word_boundary=True)


def book_pattern(digest: str) -> str:
    """Which names a book with this SHA-256 may have, as a pattern: an id ends with its first digits."""
    return f"*-{digest[:BOOK_ID_DIGITS]}"


def is_book_of(name: str, digest: str) -> bool:
    """Whether this is the id of a book with this SHA-256."""
    return name.endswith(ending_of(digest))


def ending_of(digest: str) -> str:
    """How the id of a book with this SHA-256 ends."""
    return book_pattern(digest).removeprefix("*")


def stems_of(names: Iterable[str], *, known: Mapping[str, str]) -> dict[str, str]:
    """A file name for each name, no two alike; what is known already stays as it is.

    Args:
        names: As the book has them; the first comes first.
        known: File names given before, by name, also of names that are not asked for now.
    """
    stems = dict(known)
    taken = set(known.values())
    for name in names:
        if name not in stems:
            base = slug_of(name) or f"element-{sha256(name.encode(errors='replace')).hexdigest()[:8]}"
            stems[name] = _free(base, taken=taken)
            taken.add(stems[name])
    return stems


def _free(base: str, *, taken: set[str]) -> str:
    number, stem = 1, base
    while stem in taken:
        number += 1
        stem = f"{base}-{number}"
    return stem
