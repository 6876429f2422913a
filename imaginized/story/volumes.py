"""Volumes of one series: which books belong together, in which order, and which of them are editions of one. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,3})?")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST_ROMAN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSaid:
    """What a person said of the series of a book, whatever its own file says.

    Attributes:
        name: Of the series; "" for a book that is in none.
        volume: Its number there, as a person wrote it; "" for none.
    """

    name: str = ""
    volume: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A book of the library, as far as it matters which others go with it.

    Attributes:
        book: Its id.
        title: As its file has it; what a person calls it matters to nobody here.
        shown: What lists call it.
        series: Name of its series; "" for none.
        volume: Its number there, as written; "" for none.
        by_person: Whether a person said so.
        created: When it came into the library, ISO 8601.
        merged: When its cast was put together last, ISO 8601; "" while it is not.
    """

    book: str
    title: str = ""
    shown: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    volume: str = ""
    by_person: bool = False
    created: str = ""
    merged: str = ""

    @property
    def number(self) -> float | None:
        """Its place in the series; None where it has none that can be told."""
        return number_of(self.volume)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Books that belong together.

    Attributes:
        name: As its first volume writes it.
        volumes: In order; behind them those without a number.
    """

    name: str
    volumes: tuple[Volume, ...] = field(default=())


def number_of(text: str) -> float | None:
    """The number that a volume's text says: "2", "2.5", "Book 3", "IV"; None for none, and where it says several."""
    found = _NUMBER.findall(text)
    if found:
        return float(found[0]) if len(found) == 1 else None
    words = [word for word in _words(text) if len(word) <= _LONGEST_ROMAN and set(word) <= _ROMAN.keys()]
    return float(_roman(words[0])) if len(words) == 1 else None


def _roman(word: str) -> int:
    values = [_ROMAN[letter] for letter in word]
    after = [*values[1:], 0]
    return sum(-value if value < following else value for value, following in zip(values, after, strict=True))


def are_of_one_series(one: Volume, other: Volume) -> bool:
    """Whether two books are of one series: of one name, and of a common author where no person said it of either."""
    key = _words(one.series)
    if not key or key != _words(other.series):
        return False
    # Files name a series as they like: "Chronicles" of two authors are two. What a person says is meant.
    is_said = one.by_person or other.by_person
    return is_said or not one.authors or not other.authors or _share_author(one, other)


def earlier_volumes(own: Volume, others: Iterable[Volume]) -> tuple[Volume, ...]:
    """The volumes before a book in its series, the first first; none where its own place is not known."""
    if own.number is None:
        return ()
    found = [
        (other.number, other.created, other)
        for other in others
        if other.book != own.book and are_of_one_series(own, other) and other.number is not None
    ]
    return tuple(other for number, _, other in sorted(found, key=lambda one: one[:2]) if number < own.number)


def edition_before(own: Volume, others: Iterable[Volume]) -> Volume | None:
    """The newest of the books that this one is a later edition of: of its title and author, here before it."""
    found = [
        other for other in others if (other.created, other.book) < (own.created, own.book) and are_editions(own, other)
    ]
    return max(found, key=lambda other: (other.created, other.book), default=None)


def are_editions(one: Volume, other: Volume) -> bool:
    """Whether two books are editions of one: the same title by the same author, and no two volumes of a series."""
    title = _words(one.title)
    if one.book == other.book or not title or title != _words(other.title) or not _share_author(one, other):
        return False
    return one.number is None or other.number is None or one.number == other.number


def series_of(volumes: Iterable[Volume]) -> tuple[Series, ...]:
    """All series, by name, each with its books in order."""
    groups: list[list[Volume]] = []
    for volume in sorted((each for each in volumes if each.series), key=lambda each: (each.created, each.book)):
        # With any of them: what a person said joins books of several authors.
        own = next((group for group in groups if any(are_of_one_series(volume, each) for each in group)), None)
        if own is None:
            groups.append([volume])
        else:
            own.append(volume)
    found = (tuple(sorted(group, key=_place)) for group in groups)
    return tuple(
        Series(name=group[0].series, volumes=group) for group in sorted(found, key=lambda group: group[0].series)
    )


def _place(volume: Volume) -> tuple[bool, float, str, str]:
    return volume.number is None, volume.number or 0.0, volume.created, volume.book


def _share_author(one: Volume, other: Volume) -> bool:
    mine, theirs = ({frozenset(_words(name)) for name in each.authors} for each in (one, other))
    return bool(mine & theirs)


def _words(text: str) -> tuple[str, ...]:
    """Its words in small letters without accents, and without an article before them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = _WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return tuple(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)
