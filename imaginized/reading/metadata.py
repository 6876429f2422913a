"""Titles, authors, series: from the raw lines of a package document to what a shelf shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from imaginized.reading.package import Metadata

_ARTICLES = re.compile(
    r"^(the|a|an|der|die|das|ein|eine|le|la|les|l['’]|un|une|el|los|las|il|lo|gli|i|o|os|as|de|het|een)(?:\s+|(?<=['’]))(?=\S)",
    re.IGNORECASE,
)
_ARTICLES_BY_LANGUAGE = {
    "en": {"the", "a", "an"},
    "de": {"der", "die", "das", "ein", "eine"},
    "fr": {"le", "la", "les", "l'", "l’", "un", "une"},
    "es": {"el", "la", "los", "las", "un", "una"},
    "it": {"il", "lo", "la", "i", "gli", "le", "l'", "l’", "un", "una"},
    "pt": {"o", "a", "os", "as", "um", "uma"},
    "nl": {"de", "het", "een"},
}
_GUTENBERG_TITLE = re.compile(
    r"^(?:the\s+)?project\s+gutenberg(?:['’]s)?\s+(?:e-?book|e-?text)\s*(?:of|,)\s*(.+)$", re.IGNORECASE
)
_GUTENBERG = re.compile(r"^(?:the\s+)?project\s+gutenberg(?:['’]s)?(?:\s+(?:e-?book|e-?text)\b|$)", re.IGNORECASE)
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{4})\.$")  # not that of "Jr."
_TITLE_BY = re.compile(r"^(?P<title>.+),\s+(?i:by)\s+(?P<author>[^\W\d_a-z][^\s,]*(?:\s+[^\s,]+){0,4})$")
_BY = re.compile(r",?\s+by\s+(?=[^,]*$)", re.IGNORECASE)
_UNKNOWN = frozenset(
    {"unknown", "unknown author", "anonymous author", "unbekannt", "inconnu", "desconocido", "n/a", "none"}
)
_UNTITLED = frozenset({"", "unknown", "untitled", "[no title]", "no title", "title"})
_NOT_AUTHORS = frozenset(
    {"trl", "ill", "edt", "nrt", "cov", "bkp", "pbl", "mrk", "trc", "ctb", "aui", "art", "bkd", "com"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One raw line of the metadata.

    Attributes:
        name: "title", "creator" …; for a meta element its property or name.
        value: Its text or content.
        id: Its identifier, for lines that refine it.
        refines: The identifier it refines; "" for none.
        role: MARC role of EPUB 2, where given.
        file_as: Sort form of EPUB 2, where given.
    """

    name: str
    value: str
    id: str = ""
    refines: str = ""
    role: str = ""
    file_as: str = ""


def read_metadata(lines: Iterable[Line]) -> Metadata:
    """Pick what a shelf needs out of all lines; what the book does not say stays empty."""
    kept = [line for line in lines if line.value]
    title = _find_title(kept)
    series, series_index = _find_series(kept)
    found = Metadata(
        title="" if title is None else title.value,
        sort_title="" if title is None else _sort_form(title, lines=kept) or _first(kept, "calibre:title_sort"),
        authors=_find_authors(kept),
        language=_first(kept, "language"),
        publisher=_first(kept, "publisher"),
        series=series,
        series_index=series_index,
    )
    return unwrapped(found)


def fill_metadata(metadata: Metadata, *, original_name: str) -> Metadata:
    """Put honest words where the book says nothing: a title that is recognisably none, and a form to sort by."""
    title = metadata.title
    if title.casefold() in _UNTITLED:
        title = f"Untitled ({original_name})"
    return replace(
        metadata, title=title, sort_title=metadata.sort_title or sort_title(title, language=metadata.language)
    )


def sort_title(title: str, *, language: str) -> str:
    """Move a leading article to the end: "The Hobbit" → "Hobbit, The"; by language, English when unknown."""
    articles = _ARTICLES_BY_LANGUAGE.get(language.lower()[:2] or "en", set())
    match = _ARTICLES.match(title)
    if match is None or match.group(1).lower() not in articles:
        return title
    return f"{title[match.end() :]}, {match.group(1)}"


def _find_title(lines: list[Line]) -> Line | None:
    titles = [line for line in lines if line.name == "title"]
    main = {line.refines for line in lines if line.name == "title-type" and line.value == "main"}
    return next((line for line in titles if line.id and line.id in main), titles[0] if titles else None)


def _sort_form(line: Line, *, lines: list[Line]) -> str:
    refined = (other.value for other in lines if other.name == "file-as" and line.id and other.refines == line.id)
    return line.file_as or next(refined, "")


def _find_authors(lines: list[Line]) -> tuple[str, ...]:
    roles = {line.refines: line.value for line in lines if line.name == "role" and line.refines}
    creators = [line for line in lines if line.name == "creator" and line.value.casefold() not in _UNKNOWN]
    authors = [line.value for line in creators if (line.role or roles.get(line.id, "")) not in _NOT_AUTHORS]
    return tuple(dict.fromkeys(authors or [line.value for line in creators]))


def _find_series(lines: list[Line]) -> tuple[str, str]:
    name = _first(lines, "calibre:series")
    if name:
        return name, _first(lines, "calibre:series_index").removesuffix(".0")
    kinds = {line.refines: line.value for line in lines if line.name == "collection-type"}
    collections = [line for line in lines if line.name == "belongs-to-collection"]
    series = next((line for line in collections if kinds.get(line.id, "series") == "series"), None)
    if series is None:
        return "", ""
    places = (line.value for line in lines if line.name == "group-position" and series.id and line.refines == series.id)
    return series.value, next(places, "")


def _first(lines: list[Line], name: str) -> str:
    return next((line.value for line in lines if line.name == name and not line.refines), "")


def is_notice(title: str) -> bool:
    """Whether it says whose file this is and not what it is called: "The Project Gutenberg E-text"."""
    return _GUTENBERG.match(title) is not None and _GUTENBERG_TITLE.match(title) is None


def unwrapped(metadata: Metadata) -> Metadata:
    """Converters take the web page's heading for the title; the real title and author stand inside it."""
    authors = tuple(name for name in metadata.authors if name.casefold() not in _UNKNOWN)
    match = _GUTENBERG_TITLE.match(metadata.title)
    if match is not None:
        title, *by = _BY.split(match.group(1), maxsplit=1)
        return replace(metadata, title=title, sort_title="", authors=authors or tuple(by))
    named = None if authors else _TITLE_BY.match(metadata.title)
    if named is None:
        return replace(metadata, authors=authors)
    return replace(metadata, title=named["title"], sort_title="", authors=(_FULL_STOP.sub("", named["author"]),))
