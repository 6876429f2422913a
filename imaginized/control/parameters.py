"""Checking the parameters of a call against its record, before anything is done with them. Pure."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_type_hints

from imaginized.control.protocol import AnySignature, Chapters, Kind, Takes
from imaginized.queue.phases import STATES
from imaginized.settings.choices import NOTICE_EVENTS
from imaginized.story.cast_file import MAX_NAMES
from imaginized.story.recasting import Action as Recasting
from imaginized.story.revising import Action
from imaginized.story.sidecar_keys import chapter_numbers, problem_with

MAX_TEXT_LENGTH = 500
MAX_PASSAGE_LENGTH = 5_000
MAX_USD = 1_000_000
MAX_ROWS = 500
MAX_PAGE = 1_000_000
MAX_CURSOR_LENGTH = 200_000  # about as many books as 15,000
COMPARED_LENGTH = 40  # of an unknown name: to compare a long one takes as long as it likes
NEAR_ENOUGH = 0.5
SERIES_ACTIONS = ("set", "none", "undo", "apply")
SCENE_ACTIONS = ("use", "drop", "undo")
ORDERS = ("retry", "recast", "divide")

_ROW = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_SCENE = re.compile(r"[0-9]{1,6}\.[0-9]{1,4}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CURSOR = re.compile(r"[0-9A-Za-z_-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadParameters(ValueError):
    """The parameters of a call are not what it takes; the message says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a call.

    Attributes:
        check: From what was given to what it means. Raises ValueError, which says what is allowed.
        is_needed: Whether it must be given. Else null means the same as its absence.
    """

    check: Callable[[object], object]
    is_needed: bool = False


def checked(given: Mapping[str, object], *, takes: Mapping[str, Parameter]) -> dict[str, object]:
    """The parameters that were given, but for those that are null.

    Raises:
        BadParameters: One is unknown, missing or not what it must be; the message names it.
    """
    for name in given:
        if name not in takes:
            raise BadParameters(_unknown(name, takes))
    for name, parameter in takes.items():
        if parameter.is_needed and given.get(name) is None:
            raise BadParameters(f"{name} is missing")
    return {name: _checked(name, value, takes[name]) for name, value in given.items() if value is not None}


def parameters_of(method: AnySignature) -> Mapping[str, Parameter]:
    """How to check each parameter of a method, by its name."""
    found = {}
    for name, hint in get_type_hints(method.takes, include_extras=True).items():
        takes = next(one for one in hint.__metadata__ if isinstance(one, Takes))
        found[name] = Parameter(check=CHECKS[takes.kind], is_needed=not takes.absent)
    return found


def text(value: object) -> str:
    """A text of some length."""
    return _text(value, longest=MAX_TEXT_LENGTH)


def is_whole(value: str) -> bool:
    """Whether a text has no lone surrogates: JSON can write them, UTF-8 and most programs cannot."""
    return not _SURROGATE.search(value)


def switch(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def usd(value: object) -> float:
    """A sum of money."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MAX_USD:
        raise ValueError(f"must be a sum above 0, at most {MAX_USD}")
    return float(value)


def digest(value: object) -> str:
    """The SHA-256 of a file."""
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError("must be a SHA-256: 64 digits from 0 to f")
    return value


def profile(value: object) -> str:
    """The name of a profile."""
    problem = problem_with("profile", value)
    if problem:
        raise ValueError(problem)
    return str(value)


def scene_action(value: object) -> str:
    """What is done to a scene."""
    return _one_of(SCENE_ACTIONS, value)


def notice(value: object) -> str:
    """What a message is about."""
    return _one_of(NOTICE_EVENTS, value)


def passage(value: object) -> str:
    """A passage of a book."""
    return _text(value, longest=MAX_PASSAGE_LENGTH)


def order(value: object) -> str:
    """An order."""
    return _one_of(ORDERS, value)


def scene(value: object) -> str:
    """A scene."""
    if not isinstance(value, str) or not _SCENE.fullmatch(value):
        raise ValueError('must be a chapter and the number of a scene, such as "7.2"')
    return value


def scene_numbers(given: str) -> tuple[int, int]:
    """Chapter and number of a scene, as it was checked."""
    chapter, _, number = given.partition(".")
    return int(chapter), int(number)


def numbers(chapters: Chapters) -> tuple[int, ...]:
    """The chapters that are meant, as they were checked; none for all."""
    return cast(tuple[int, ...], chapters or ())


def action(value: object) -> Action:
    """What is done to a division."""
    return Action(_one_of(tuple(Action), value))


def rows(value: object) -> tuple[str, ...]:
    """The rows of pieces."""
    is_list = isinstance(value, list) and len(value) <= MAX_ROWS
    if not is_list or not all(isinstance(row, str) and _ROW.fullmatch(row) for row in cast(list[object], value)):
        raise ValueError(f'must be a list of rows such as "3" or "3.2", at most {MAX_ROWS}')
    return tuple(cast(list[str], value))


def cast_action(value: object) -> Recasting:
    """What is done to the cast."""
    return Recasting(_one_of(tuple(Recasting), value))


def series_action(value: object) -> str:
    """What is said of the series of a book."""
    return _one_of(SERIES_ACTIONS, value)


def names(value: object) -> tuple[str, ...]:
    """Names or rows of the cast."""
    if not isinstance(value, list) or len(value) > MAX_NAMES:
        raise ValueError(f"must be a list of names or rows, at most {MAX_NAMES}")
    return tuple(text(name) for name in cast(list[object], value))


def state(value: object) -> str:
    """A state of books."""
    return _one_of(tuple(STATES), value)


def page(value: object) -> int:
    """The number of a page."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_PAGE:
        raise ValueError(f"must be a whole number from 1 to {MAX_PAGE}")
    return value


def cursor(value: object) -> str:
    """A place in the library's events; whether it is one of this library is seen where it is read."""
    if not isinstance(value, str) or len(value) > MAX_CURSOR_LENGTH or not _CURSOR.fullmatch(value):
        raise ValueError("not a cursor; give one as it was received, whole, or leave `since` out")
    return value


CHECKS: Mapping[Kind, Callable[[object], object]] = {
    Kind.BOOK_ID: text,
    Kind.BOOK_NAME: text,
    Kind.SCENE_ACTION: scene_action,
    Kind.NOTICE: notice,
    Kind.PASSAGE: passage,
    Kind.ORDER: order,
    Kind.SCENE: scene,
    Kind.CHAPTERS: chapter_numbers,
    Kind.SWITCH: switch,
    Kind.USD: usd,
    Kind.DIGEST: digest,
    Kind.PROFILE: profile,
    Kind.ACTION: action,
    Kind.CAST_ACTION: cast_action,
    Kind.SERIES_ACTION: series_action,
    Kind.NAMES: names,
    Kind.ROWS: rows,
    Kind.TEXT: text,
    Kind.STATE: state,
    Kind.PAGE: page,
    Kind.CURSOR: cursor,
}


def _text(value: object, *, longest: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise ValueError(f"must be a text of 1 to {longest} characters")
    if not is_whole(value):
        raise ValueError("has half of a character in it (a lone surrogate)")
    return value


def _one_of(allowed: Sequence[str], value: object) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"must be one of {', '.join(allowed)}")
    return value


def _checked(name: str, value: object, parameter: Parameter) -> object:
    try:
        return parameter.check(value)
    except ValueError as error:
        raise BadParameters(f"{name}: {error}") from error


def _unknown(name: str, takes: Mapping[str, Parameter]) -> str:
    shown = repr(name if len(name) <= COMPARED_LENGTH else f"{name[:COMPARED_LENGTH]}…")
    near = difflib.get_close_matches(name[:COMPARED_LENGTH], takes, n=1, cutoff=NEAR_ENOUGH)
    if near:
        return f"unknown parameter {shown}; did you mean {near[0]!r}?"
    return f"unknown parameter {shown}; it takes {', '.join(takes) or 'none'}"
