"""Why a path is or is not picked up: the intake's own rules, asked about one path. Changes nothing.

It opens the file it is asked about, so the supervisor must not call it.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from imaginized.clock import SystemClock
from imaginized.inbox.admission import inspect_with_sidecar
from imaginized.inbox.arrivals import Finding, Kind, NameKind, Sighting, judge_name
from imaginized.inbox.aside import NOTES
from imaginized.inbox.error_note import read_note
from imaginized.inbox.folder import MAX_DEPTH, look, sight
from imaginized.inbox.foreign import CONVERT, foreign_kind, foreign_reason
from imaginized.inbox.ignored import DEEP, LONELY, OTHER, TEMPORARY, UNNOTED
from imaginized.inbox.sidecar import SIDECAR_SUFFIX, books_of_sidecar
from imaginized.printable import printable
from imaginized.process.converter import may_convert
from imaginized.reading.bundle import TAKE_APART
from imaginized.reading.formats import check_structure, format_named, is_convertible
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Settings
from imaginized.store.beneath import pinned
from imaginized.store.files import MANIFEST
from imaginized.store.library import Library
from imaginized.store.room import shortage

WRITTEN = Reason(Code.IN_USE, "a program still writes it")

Verdict = Literal["taken", "waiting", "refused", "ignored", "absent", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a path.

    Attributes:
        verdict: "taken": it is a book now; "waiting": it will be one, when what the reason names has passed; "refused":
            it was, or will be, put aside; "ignored": it is never touched; "absent": it is not there; "outside": it is
            not in the inbox.
        reason: Why, for a person.
        next_step: What to do; "" for nothing.
        code: Of the reason; None where nothing is wrong with it, or nothing is known of it.
    """

    verdict: Verdict
    reason: str
    next_step: str = ""
    code: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the daemon that runs says of its inbox: it may be another user than the one who asks.

    Attributes:
        degraded: What is wrong with the inbox; "" for nothing.
        blocked: Why it cannot take some entries, by their printable keys.
        blocked_codes: The same, for programs.
        shortage: Why it takes nothing, for want of room on the disk; "" while there is room.
        settle_seconds: By its settings, which may be others than ours; None before it has told.
        incomplete_seconds: Likewise.
    """

    degraded: str = ""
    blocked: Mapping[str, str] = field(default_factory=dict)
    blocked_codes: Mapping[str, Code] = field(default_factory=dict)
    shortage: str = ""
    settle_seconds: float | None = None
    incomplete_seconds: float | None = None


def explain(path: Path, *, inbox: Path, library: Path, settings: Settings, told: Told | None = None) -> Explanation:
    """Say why the file or folder at `path` is or is not picked up. May block where the inbox's file system does.

    Args:
        path: The file or folder; links on the way to it are followed, it itself is not.
        inbox: Of the daemon.
        library: Of the daemon.
        settings: Of the daemon, or those that it would have.
        told: By the daemon that runs; None when none does.
    """
    path, inbox, library = _followed(path), inbox.resolve(), library.resolve()
    found = _explain(path, inbox=inbox, library=library, settings=settings, told=told)
    if found.verdict == "absent" and told and told.degraded:
        return replace(found, reason=f"{found.reason}; DEGRADED: {told.degraded}", next_step="Fix this first.")
    if found.verdict != "waiting":
        return found
    if told is None:
        return replace(
            found,
            reason=f"{found.reason}; but imaginized is not running",
            next_step="Start it with `imaginized run` or `systemctl start imaginized`.",
        )
    return replace(found, reason=f"{found.reason}; DEGRADED: {told.degraded}") if told.degraded else found


def judge_file(path: Path, *, is_converting: bool = False) -> Explanation | None:
    """Why the inbox would never take this file, wherever it lies now; None where it would. Links are followed.

    `is_converting` says that what no reader reads is converted, where that can be.

    Raises:
        OSError: It cannot be looked into.
    """
    kind = judge_name(path.name)
    if kind is NameKind.TEMPORARY:
        text = "its name is that of a hidden file or a half-made copy, which stay untouched"
        return _refused(Code.TEMPORARY, text, "Rename it.")
    if not path.is_file():  # opened, a pipe would never let go
        return _refused(Code.NOT_A_FILE, "it is a folder, a pipe, a socket or a device, not a file", "Add a file.")
    foreign = foreign_kind(path.name)
    if foreign is not None:
        may_convert = is_converting and is_convertible(path.name) and check_structure(path).state == "foreign"
        return None if may_convert else _refused(Code.FOREIGN, foreign_reason(path.name, foreign), foreign.advice)
    row = format_named(path.name)
    if row is None or path.stat().st_size < row.least_bytes:
        return _refused(OTHER.code, OTHER.text, OTHER.advice)
    structure = check_structure(path)
    if structure.state == "incomplete":
        text = f"it is not complete: {structure.reason}"
        return _refused(Code.INCOMPLETE, text, "Copy or download it again, then add that.")
    if structure.is_bundle:
        return _refused(Code.FOREIGN, "it is a zip file of books, not a book", TAKE_APART)
    return None if structure.state == "whole" else _refused(Code.FOREIGN, structure.reason, CONVERT)


def _refused(code: Code, reason: str, next_step: str) -> Explanation:
    return Explanation(verdict="refused", reason=reason, next_step=next_step, code=code)


def _ignored(why: Reason) -> Explanation:
    return Explanation(verdict="ignored", reason=why.text, next_step=why.advice, code=why.code)


def _followed(path: Path) -> Path:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the last link, too
    return whole.parent.resolve() / whole.name


def _explain(path: Path, *, inbox: Path, library: Path, settings: Settings, told: Told | None) -> Explanation:
    if not path.is_relative_to(inbox) or path == inbox:
        return _explain_outside(path, inbox=inbox, library=library)
    parts = path.relative_to(inbox).parts
    if parts[0] in NOTES:
        return _explain_put_aside(path, folder=inbox / parts[0])
    if not os.path.lexists(path):
        return _explain_absent(path, inbox=inbox, library=library)
    return _explain_way(parts[:-1]) or _explain_entry(path, inbox=inbox, settings=settings, told=told)


def _explain_inside(folder: Path, *, name: str) -> Explanation:
    """Of something in the library, by the folder directly in it."""
    try:
        is_book = (folder / MANIFEST).is_file()
    except PermissionError:
        is_book = True  # whoever asks may not look into it; what lies there are books
    if is_book:
        return Explanation(verdict="taken", reason=f"it belongs to the book {folder.name}")
    if not folder.is_dir() or folder.name.startswith("."):
        return Explanation(verdict="outside", reason=f"{name} is in the library, and belongs to no book")
    reason, step = f"{folder} has lost its manifest", "`imaginizectl status` says what to do."
    return Explanation(verdict="outside", reason=reason, next_step=step, code=Code.MANIFEST_LOST)


def _explain_outside(path: Path, *, inbox: Path, library: Path) -> Explanation:
    if path == inbox:
        return Explanation(verdict="ignored", reason="it is the inbox itself", next_step="Drop books into it.")
    if path.is_relative_to(library) and path != library:
        return _explain_inside(library / path.relative_to(library).parts[0], name=path.name)
    if not os.path.lexists(path):
        reason = f"there is no such file or folder, and it would not be in the inbox, {inbox}"
        return Explanation(verdict="outside", reason=reason, next_step="Check the path.")
    return Explanation(
        verdict="outside",
        reason=f"it is not in the inbox, {inbox}",
        next_step="Move it there, or run `imaginizectl add` on it.",
    )


def _explain_put_aside(path: Path, *, folder: Path) -> Explanation:
    note = path if path.name.endswith(NOTES[folder.name]) else path.with_name(path.name + NOTES[folder.name])
    said = read_note(note)
    if said is None:
        if os.path.lexists(path):
            return _ignored(UNNOTED)
        return Explanation(verdict="absent", reason=f"it is not in {folder.name}, nor is a note of ours about it")
    return _refused(said.reason.code, said.reason.text, said.reason.advice)


def _explain_absent(path: Path, *, inbox: Path, library: Path) -> Explanation:
    book = _book_named(os.fsencode(path.name).decode(errors="replace"), library=library)
    if book:
        return Explanation(verdict="taken", reason=f"it is the book {book}", next_step=f"imaginizectl status {book}")
    for folder, suffix in NOTES.items():
        said = read_note(inbox / folder / f"{path.name}{suffix}")
        if said is not None:
            why = said.reason
            return _refused(why.code, f"it is in {folder} now: {why.text}", why.advice)
    return Explanation(
        verdict="absent",
        reason="there is nothing of this name: it never came, or vanished (was renamed or deleted) before it was taken",
        next_step="Copy it into the inbox again.",
    )


def _explain_way(folders: tuple[str, ...]) -> Explanation | None:
    """Whether one of the folders above keeps it from being looked at."""
    if len(folders) > MAX_DEPTH:
        return _ignored(replace(DEEP, text=f"it lies {DEEP.text}"))
    for name in folders:
        kind = judge_name(name)
        if kind is NameKind.TEMPORARY:
            text = f"the folder {printable(name)} is hidden or temporary by its name"
            return _ignored(Reason(Code.TEMPORARY, text))
        if kind is NameKind.BOOK:
            text = f"it lies in {printable(name)}, a folder that is named like a book"
            advice = "Zip that folder's content to one .epub file, or rename the folder."
            return _refused(Code.NOT_A_FILE, text, advice)
    return None


def _explain_entry(path: Path, *, inbox: Path, settings: Settings, told: Told | None) -> Explanation:
    kind = judge_name(path.name)
    if kind is NameKind.TEMPORARY:
        return _ignored(TEMPORARY)
    sighting = sight(str(path), key=path.relative_to(inbox).as_posix())
    if sighting is None:
        return Explanation(verdict="absent", reason="it vanished just now")
    if sighting.kind is Kind.FOLDER and len(path.relative_to(inbox).parts) > MAX_DEPTH:
        return _ignored(replace(DEEP, text=f"it lies {DEEP.text}"))
    if not sighting.is_arrival:
        return _explain_other(path, inbox=inbox, told=told)
    blocked = told.blocked.get(printable(sighting.key)) if told else None
    if told and blocked:
        return Explanation(verdict="waiting", reason=blocked, code=told.blocked_codes.get(printable(sighting.key)))
    if told and not _is_ours(path):
        return Explanation(verdict="waiting", reason="you may not look into it; the daemon has not complained about it")
    return _explain_book(path, sighting=sighting, inbox=inbox, settings=settings, told=told)


def _is_ours(path: Path) -> bool:
    """Whether we may do with it what the daemon has to do; else our findings are not the daemon's."""
    return os.access(path, os.R_OK, follow_symlinks=False) and os.access(path.parent, os.W_OK)


def _explain_other(path: Path, *, inbox: Path, told: Told | None) -> Explanation:
    if path.is_dir() and not path.is_symlink():
        try:
            with pinned(inbox, path.relative_to(inbox)) as folder:
                seen = look(folder)
        except OSError as error:
            text = f"the folder cannot be read: {error.strerror}"
            return Explanation(verdict="waiting", reason=text, code=Code.NO_ACCESS)
        books = [path / one.name for one in seen.sightings if one.is_arrival and not foreign_kind(one.name)]
        keys = [book.relative_to(inbox).as_posix() for book in books]
        blocked = [key for key in keys if told and printable(key) in told.blocked]
        return Explanation(verdict="ignored", reason=f"a folder stays where it is; {_within(len(keys), blocked, told)}")
    if path.name.endswith(SIDECAR_SUFFIX):
        owners = sorted(name for name in books_of_sidecar(path.name) if format_named(name) is not None)
        there = [name for name in owners if os.path.lexists(path.with_name(name))]
        wanted = there or [f"a book called {path.name.removesuffix(SIDECAR_SUFFIX)}"]
        reason = f"it says what is asked for {' and '.join(wanted)}"
        if not there:
            return Explanation(verdict="waiting", reason=reason, next_step=LONELY.advice, code=LONELY.code)
        return Explanation(verdict="waiting", reason=reason)
    return _ignored(OTHER)


def _within(count: int, blocked: Sequence[str], told: Told | None) -> str:
    """What becomes of the books in a folder."""
    if not count:
        return "no book is directly in it"
    books = "1 book is in it" if count == 1 else f"{count} books are in it"
    if told and (told.degraded or told.shortage):
        return f"{books}, and nothing is taken now: {told.degraded or told.shortage}"
    if told and blocked:
        first = printable(blocked[0])
        return f"{books}, {len(blocked)} of them blocked: {first}: {told.blocked[first]}"
    return f"{books}; what is whole is taken"


def _explain_book(path: Path, *, sighting: Sighting, inbox: Path, settings: Settings, told: Told | None) -> Explanation:
    is_converting = may_convert(settings.inbox.convert)
    finding, _ = inspect_with_sidecar(
        path, sighting=sighting, inbox=inbox, profiles=settings.paths.profiles, is_converting=is_converting
    )
    why = finding.reason
    if why is not None:
        return _explain_finding(finding, why, settings=settings, told=told)
    if finding.state == "changed":
        return _waiting(WRITTEN, "Let it finish.")
    if finding.state == "bundle":
        return Explanation(verdict="waiting", reason="it is a zip file of books, and is taken apart once it is quiet")
    if told is None:
        short = shortage(settings.paths.library, min_free_bytes=settings.disk.min_free_bytes)
    else:
        short = told.shortage
    if short:
        return _waiting(Reason(Code.DISK, f"PAUSED(disk): {short}"), "Make room.")
    quiet = (told and told.settle_seconds) or settings.inbox.settle_seconds
    return Explanation(
        verdict="waiting",
        reason=f"it is whole, and is taken once nothing touched it for {quiet:g} s",
        next_step="If it stays: `imaginizectl status` says whether the daemon runs and sees the inbox.",
    )


def _explain_finding(finding: Finding, why: Reason, *, settings: Settings, told: Told | None) -> Explanation:
    """What follows from what a look into a book found."""
    if finding.state == "unusable":
        return _refused(why.code, why.text, why.advice or "Take it out, or find it in .failed soon.")
    if finding.state == "written":
        return _waiting(WRITTEN, "Let it finish.")
    if finding.state == "incomplete":
        limit = (told and told.incomplete_seconds) or settings.inbox.incomplete_timeout_seconds
        step = f"Copy the rest; after {limit:g} s without a change it goes to .failed."
        return _waiting(replace(why, text=f"it is not complete: {why.text}"), step)
    return _waiting(Reason(why.code, str(why)))


def _waiting(why: Reason, next_step: str = "") -> Explanation:
    return Explanation(verdict="waiting", reason=why.text, next_step=next_step, code=why.code)


def _book_named(name: str, *, library: Path) -> str:
    """The newest book that was dropped under this name; "" for none."""
    books = Library(library, clock=SystemClock())
    found = []
    for book, manifest in books.readable():
        if manifest.original_name == name:
            found.append((manifest.created_at, book))
    return max(found)[1] if found else ""
