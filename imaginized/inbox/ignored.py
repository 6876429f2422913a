"""What stays in the inbox untouched, and why: counted, so that nothing that was dropped goes without a word. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imaginized.inbox.arrivals import NameKind, Sighting, judge_name
from imaginized.inbox.folder import MAX_DEPTH, Look
from imaginized.inbox.sidecar import SIDECAR_SUFFIX, books_of_sidecar
from imaginized.reading.formats import what_is_taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something is left alone, said of one file or of many.

    Attributes:
        code: One word for programs.
        reason: For a person.
        advice: What to do next.
    """

    code: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """All that is left alone for one cause; `keys` in alphabetical order, as in `Sighting`."""

    cause: Cause
    keys: tuple[str, ...]


OTHER = Cause(
    code="other",
    reason=f"it is none of what is taken: {what_is_taken()}",
    advice="If it is a book, convert it to EPUB (Calibre does) and drop that; anything else may stay.",
)
TEMPORARY = Cause(
    code="temporary",
    reason="named like a hidden file or a half-made copy",
    advice="Whoever copies it will rename it; if that is over, rename it yourself.",
)
LONELY = Cause(code="sidecar", reason="settings for a book that is not beside them", advice="Drop that book beside it.")
DEEP = Cause(code="deep", reason=f"more than {MAX_DEPTH} folders deep", advice="Move it further up.")
UNNOTED = Cause(
    code="unnoted",
    reason="put into .failed or .duplicates by somebody else",
    advice="Move it into the inbox itself if it is to be taken.",
)
CAUSES = (OTHER, LONELY, TEMPORARY, DEEP, UNNOTED)


def find_ignored(seen: Look, *, unnoted: Iterable[str]) -> list[Ignored]:
    """What a look at the inbox saw and nobody takes; `unnoted` lies in `.failed` or `.duplicates` without a note."""
    found: dict[str, list[str]] = {cause.code: [] for cause in CAUSES}
    for cause, key in _each(seen):
        found[cause.code].append(key)
    found[UNNOTED.code].extend(unnoted)
    return [Ignored(cause=cause, keys=tuple(sorted(found[cause.code]))) for cause in CAUSES if found[cause.code]]


def _each(seen: Look) -> Iterator[tuple[Cause, str]]:
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
