"""What stays in the inbox untouched, and why: counted, so that nothing that was dropped goes without a word. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imaginized.inbox.arrivals import NameKind, Sighting, judge_name
from imaginized.inbox.folder import MAX_DEPTH, Look
from imaginized.inbox.sidecar import SIDECAR_SUFFIX, books_of_sidecar
from imaginized.reading.formats import what_is_taken
from imaginized.reasons import Code, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """All that is left alone for one cause; `keys` in alphabetical order, as in `Sighting`."""

    cause: Reason
    keys: tuple[str, ...]


OTHER = Reason(
    Code.OTHER,
    f"it is not a supported file: {what_is_taken()}",
    "If it is a book, convert it to EPUB (Calibre can) and drop that; anything else may stay.",
)
TEMPORARY = Reason(
    Code.TEMPORARY,
    "named like a hidden file or a half-made copy",
    "The program that copies it will rename it; if that program is gone, rename it yourself.",
)
LONELY = Reason(Code.SIDECAR, "settings for a book that is not beside them", "Drop that book beside it.")
DEEP = Reason(Code.DEEP, f"more than {MAX_DEPTH} folders deep", "Move it further up.")
UNNOTED = Reason(
    Code.UNNOTED,
    "put into .failed or .duplicates by somebody else",
    "Move it into the inbox itself if it is to be taken.",
)
CAUSES = (OTHER, LONELY, TEMPORARY, DEEP, UNNOTED)


def find_ignored(seen: Look, *, unnoted: Iterable[str]) -> list[Ignored]:
    """What a look at the inbox saw and nobody takes; `unnoted` lies in `.failed` or `.duplicates` without a note."""
    found: dict[Code, list[str]] = {cause.code: [] for cause in CAUSES}
    for cause, key in _each(seen):
        found[cause.code].append(key)
    found[UNNOTED.code].extend(unnoted)
    return [Ignored(cause=cause, keys=tuple(sorted(found[cause.code]))) for cause in CAUSES if found[cause.code]]


def _each(seen: Look) -> Iterator[tuple[Reason, str]]:
    yield from ((TEMPORARY, key) for key in seen.hidden)
    yield from ((DEEP, key) for key in seen.deep)
    others = [one for one in seen.sightings if not one.is_arrival]
    books = {one.key for one in seen.sightings if one.is_arrival}
    for one in others:
        if not _is_sidecar(one):
            yield OTHER, one.key
        elif not books & books_of_sidecar(one.key):
            yield LONELY, one.key


def _is_sidecar(sighting: Sighting) -> bool:
    return sighting.name.endswith(SIDECAR_SUFFIX) and judge_name(sighting.name) is NameKind.UNKNOWN
