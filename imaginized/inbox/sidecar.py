"""What is asked for a book: its sidecar `NAME.toml` beside it and the profile of the subfolder it lies in.

Both take the keys of `story.sidecar_keys` and nothing else: no URL, no key, no path ever comes from the inbox.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.errors import ImaginizedError, Rejected
from imaginized.providers.openai.prompt_texts import PROFILES
from imaginized.reading.formats import SUFFIXES
from imaginized.reasons import Code
from imaginized.settings.file import find_lines
from imaginized.settings.toml import NotToml, parse
from imaginized.store.beneath import opened, pinned
from imaginized.story.cast_file import orders_in_sidecar
from imaginized.story.cast_orders import Order
from imaginized.story.edit_file import EDITS_FILE, header_lines
from imaginized.story.editing import Edit, Verb
from imaginized.story.sidecar_keys import FORCE, KEYS, BookRequest, make_request, problem_with

SIDECAR_SUFFIX = ".toml"
VERBS = frozenset(Verb)  # blocks that say how the book is to be divided, as its `chapters.toml` has them
CAST = "cast"  # the table whose blocks say who is who, as its `cast.toml` has them
MAX_SIDECAR_BYTES = 8192
MAX_SIDECAR_LINES = 200
SHOWN_LENGTH = 60


class ProfileUnusable(ImaginizedError):
    """A profile has mistakes; its books wait until the operator has mended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for an entry of the inbox.

    Attributes:
        force: Whether a book that the library has already is done again.
        sidecar: The file that says so; None where there is none.
        sidecar_seen: Its device, inode and mtime when it was read.
    """

    request: BookRequest = field(default_factory=BookRequest)
    force: bool = False
    sidecar: Path | None = None
    sidecar_seen: tuple[int, int, int] | None = field(default=None, compare=False)


def signature(status: os.stat_result) -> tuple[int, int, int]:
    """What tells a file from another one, and from itself after it was written to."""
    return status.st_dev, status.st_ino, status.st_mtime_ns


def find_sidecar(path: Path) -> Path | None:
    """The sidecar of a book: `hobbit.epub.toml`, else `hobbit.toml`; links and folders are none."""
    for candidate in (path.with_name(path.name + SIDECAR_SUFFIX), path.with_name(path.stem + SIDECAR_SUFFIX)):
        try:
            if stat.S_ISREG(candidate.lstat().st_mode):
                return candidate
        except OSError:  # there is none, or the name would be too long for one
            continue
    return None


def books_of_sidecar(key: str) -> set[str]:
    """The keys of the books that a sidecar of this key may belong to; none if its name is no sidecar's."""
    if not key.endswith(SIDECAR_SUFFIX):
        return set()
    stem = key.removesuffix(SIDECAR_SUFFIX)
    return {stem, *(f"{stem}{suffix}" for suffix in SUFFIXES)}


def is_still_needed(sidecar: Path, *, book: Path) -> bool:
    """Whether another book in the folder goes by the same sidecar."""
    others = books_of_sidecar(sidecar.name) - {book.name}
    return any(os.path.lexists(sidecar.with_name(name)) for name in others)


def profile_of(path: Path, *, inbox: Path) -> str:
    """The first subfolder on the way to an entry, as text that fits a manifest; "" directly in the inbox."""
    parts = path.relative_to(inbox).parts
    return os.fsencode(parts[0]).decode(errors="replace") if len(parts) > 1 else ""


def read_asked(path: Path, *, inbox: Path, profiles: Path) -> Asked:
    """What is asked for the book at `path`; a subfolder without a profile of its name only groups.

    Raises:
        Rejected: The sidecar has mistakes; the message has each with file, line and key.
        ProfileUnusable: The profile has.
        OSError: One of them cannot be read.
    """
    with pinned(inbox, path.relative_to(inbox).parent) as folder:
        found = find_sidecar(folder / path.name)
        seen = signature(found.lstat()) if found else None  # before it is read: what comes after it is another one
        own, problems = _read(found, allowed=(*KEYS, FORCE)) if found else ({}, [])
    if problems:
        raise Rejected("; ".join(problems), code=Code.SIDECAR)
    sidecar = path.with_name(found.name) if found else None
    profile = str(own.get("profile") or profile_of(path, inbox=inbox))
    file = profiles / f"{profile}{SIDECAR_SUFFIX}"
    problem = problem_with_profile(profile, profiles=profiles) if "profile" in own else ""
    if problem:
        raise Rejected(problem, code=Code.SIDECAR)
    defaults = _read_profile(file) if profile else {}
    request = make_request(defaults, own, profile=profile)
    return Asked(request=request, force=own.get(FORCE) is True, sidecar=sidecar, sidecar_seen=seen)


def problem_with_profile(name: str, *, profiles: Path) -> str:
    """Why no book can have a profile of this name; "" where it can."""
    file = profiles / f"{name}{SIDECAR_SUFFIX}"
    with suppress(OSError):  # the name of no file can be that long
        if name in PROFILES or file.is_file():
            return ""
    return f"there is no profile {name}: use {', '.join(PROFILES)}, or create {file} (it may be empty)"


def _read_profile(path: Path) -> dict[str, object]:
    try:
        values, problems = _read(path, allowed=tuple(key for key in KEYS if key != "profile"))
    except OSError as error:
        if os.path.lexists(path):
            raise ProfileUnusable(f"{path}: cannot be read: {error.strerror}") from error
        return {}
    if problems:
        raise ProfileUnusable("; ".join(problems))
    return values


def _read(path: Path, *, allowed: tuple[str, ...]) -> tuple[dict[str, object], list[str]]:
    """The values of a file and what is wrong with them."""
    data = _read_bytes(path)
    if len(data) > MAX_SIDECAR_BYTES or data.count(b"\n") > MAX_SIDECAR_LINES:
        limits = f"{MAX_SIDECAR_BYTES} bytes or {MAX_SIDECAR_LINES} lines"
        return {}, [f"{path.name}: longer than {limits}; is it meant for this book?"]
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        values = parse(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, [f"{path.name}:{line}: not UTF-8 text"]
    except NotToml as error:
        return {}, [error.at(path.name)]
    edits: list[Edit] = []
    orders: list[Order] = []
    mistakes: list[str] = []
    if FORCE in allowed:  # a profile is for many books
        tables = {key: values.pop(key) for key in list(values) if key in VERBS}
        edits, mistakes = EDITS_FILE.read(tables, lines=header_lines(text), name=path.name)
    if FORCE in allowed and CAST in values:
        orders, wrong = orders_in_sidecar(text, values.pop(CAST), name=path.name)
        mistakes += wrong
    problems = {key: problem for key in values if (problem := _problem(key, values[key], allowed=allowed))}
    lines = find_lines(text) if problems else {}
    values |= {"edits": tuple(edits)} if edits else {}
    values |= {CAST: tuple(orders)} if orders else {}
    return values, mistakes + [
        f"{path.name}:{lines.get(key, 1)}: {key} = {_shown(values[key])}: {problem}"
        for key, problem in problems.items()
    ]


def _read_bytes(path: Path) -> bytes:
    with opened(path) as fd:
        return os.read(fd, MAX_SIDECAR_BYTES + 1)


def _problem(key: str, value: object, *, allowed: tuple[str, ...]) -> str:
    if key == FORCE and FORCE in allowed:
        return "" if isinstance(value, bool) else "must be true or false"
    return problem_with(key, value) if key in allowed else f"unknown; allowed are {', '.join(allowed)}"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
