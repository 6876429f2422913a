"""File names from names of a book: short, lower case, of letters, digits and hyphens only. The only slugify import."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from slugify import slugify

LONGEST = 60


def slug_of(text: str) -> str:
    """A file name without suffix that stays in its folder whatever the text is; "" when nothing of it is left."""
    return slugify(text, max_length=LONGEST, word_boundary=True)


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
