"""Stretches of the flow between places, each judged by what it says it is: its types, the landmarks, its title."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from imaginized.reading.classify import (
    is_chapter_title,
    is_excerpt_title,
    is_first_title,
    is_part_title,
    is_story_title,
    is_story_type,
    reason_by_title,
    reason_by_types,
)
from imaginized.reading.flow import Flow
from imaginized.reading.labels import Matter
from imaginized.reading.package import Entry
from imaginized.reading.places import Place, heading_at, resolve_entry

_AS_LONG = 0.6
CLOSED_REASONS = frozenset(
    {
        Matter.NOTES,
        Matter.INDEX,
        Matter.GLOSSARY,
        Matter.BIBLIOGRAPHY,
        Matter.AFTERWORD,
        Matter.APPENDIX,
        Matter.LIST_OF_ILLUSTRATIONS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of the flow under one title.

    Attributes:
        start: Its first block.
        end: The block after its last.
        size: Its words, without headings and cuts.
        reason: Why it is no story.
        is_parent: Whether other sections are nested in it.
    """

    place: Place
    start: int
    end: int
    size: int
    reason: Matter
    is_parent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Where the book says that story begins and ends, and what it says of single places."""

    story_start: int
    story_end: int
    types: dict[int, frozenset[str]]


def read_landmarks(entries: Sequence[Entry], *, flow: Flow, names: dict[str, int]) -> Landmarks:
    """Turn landmarks and guide into places; "text" of a guide is no news, many books say it of every file."""
    start, end = 0, len(flow.blocks)
    types: dict[int, frozenset[str]] = {}
    for entry in entries:
        index = resolve_entry(entry, flow=flow, names=names)
        if index is None or not flow.documents[names[entry.name]].blocks:
            continue  # a page without text shares its place with the page behind it
        if "bodymatter" in entry.types:
            start = index
        elif "backmatter" in entry.types:
            end = min(end, index)
        types[index] = types.get(index, frozenset()) | entry.types
    return Landmarks(story_start=start, story_end=end if end > start else len(flow.blocks), types=types)


def divide(places: Sequence[Place], *, flow: Flow, landmarks: Landmarks) -> list[Section]:
    """Each place with the stretch to the next one, judged."""
    ends = [place.index for place in places[1:]] + [len(flow.blocks)]
    paths = Counter(above for place in places for above in _prefixes(place.path))
    sections = []
    for place, end in zip(places, ends, strict=True):
        is_parent = paths[(*place.path, place.title)] > 0
        size = flow.size(place.index, end)
        reason = _judge(place, flow=flow, landmarks=landmarks)
        sections.append(Section(place=place, start=place.index, end=end, size=size, reason=reason, is_parent=is_parent))
    return _mark_excerpt(sections)


def _mark_excerpt(sections: list[Section]) -> list[Section]:
    """Chapters counted anew behind notes are theirs; behind the announcement of another book, they are of that book."""
    for at, (section, following) in enumerate(pairwise(sections), start=1):
        is_announced = section.reason and (section.reason is Matter.NOTES or is_excerpt_title(section.place.title))
        if is_announced and not following.reason and is_first_title(following.place.title):
            story, rest = (
                [each.size for each in part if not each.reason and each.size] for part in (sections[:at], sections[at:])
            )
            are_as_long = section.reason is Matter.NOTES and median(rest or [0]) >= _AS_LONG * median(story or [1])
            if sum(story) > sum(rest) and not are_as_long:  # what is as long is the next volume
                reason = Matter.NOTES if section.reason is Matter.NOTES else Matter.EXCERPT
                return [*sections[:at], *(replace(each, reason=each.reason or reason) for each in sections[at:])]
    return sections


def _prefixes(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [path[:length] for length in range(1, len(path) + 1)]


def _judge(place: Place, *, flow: Flow, landmarks: Landmarks) -> Matter:
    """Why a place begins no story: its types first, then landmarks, then its title, unless its heading is numbered."""
    types = place.types | landmarks.types.get(place.index, frozenset())
    heading = heading_at(place.index, flow=flow)
    is_named_story = is_story_title(place.title) or is_story_title(heading)
    by_types = reason_by_types(types)
    if by_types and not (is_named_story and by_types in (Matter.FRONT_MATTER, Matter.BACK_MATTER)):
        return by_types
    above = next((reason for title in place.path if (reason := reason_by_title(title))), Matter.STORY)
    if above in CLOSED_REASONS:
        return above  # "Notes" has its own "Chapter 1", an index its letters "C" and "V"
    by_title = reason_by_title(place.title)
    if by_title in CLOSED_REASONS and not (is_chapter_title(place.title) or is_story_type(types)):
        return by_title  # the first letter below an index may be a numeral
    by_title = by_title or reason_by_title(heading)
    is_said = is_story_type(types) and not (by_title and types & {"frontmatter", "backmatter"})
    if is_named_story or is_said or is_chapter_title(place.title) or is_chapter_title(heading):
        return Matter.STORY
    if by_title or above:
        return by_title or above
    if place.index < landmarks.story_start and not is_part_title(place.title):
        return Matter.BEFORE_STORY
    if place.index >= landmarks.story_end:
        return Matter.BACK_MATTER
    return Matter.STORY if place.is_listed else Matter.UNLISTED
