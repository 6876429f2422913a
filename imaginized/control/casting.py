"""Who is who in a book, for `imaginizectl cast`: what was found, and a person's changes to it.

The supervisor reads two small files of the book's folder for this, on request: `data/cast.json` and `cast.toml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from imaginized.control.answers import Cast
from imaginized.control.book_folder import digest_of, load_object, text_of
from imaginized.control.cast_rows import MemberRow
from imaginized.control.protocol import CAST, ToRecast
from imaginized.control.reporting import head
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.reasons import Code
from imaginized.store.by_hand import read_by_hand
from imaginized.store.files import CAST as FILE
from imaginized.store.files import BookFiles
from imaginized.store.writing import write_atomic
from imaginized.story.cast_file import CAST_FILE, HEADER, orders_of
from imaginized.story.cast_orders import Member, Order, Verb
from imaginized.story.elements import ElementType, Quote
from imaginized.story.recasting import Action, Wish, revision_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    """What `data/cast.json` says; empty before the merge, or after that of an older version."""

    is_there: bool = False
    of: str = ""
    members: tuple[Member, ...] = ()
    unlisted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def cast_wish(parameters: ToRecast) -> Wish:
    """What a person says, of parameters that were checked."""
    return Wish(
        action=Action(parameters["action"]),
        who=tuple(parameters.get("who") or ()),
        to=" ".join((parameters.get("to") or "").split()),
    )


def cast_of(manifest: Manifest, *, files: BookFiles) -> Cast:
    """The answer of `cast`."""
    noted = _read_noted(files.cast)
    data, _, problems = _read_orders(files)
    merge = manifest.steps[Stage.MERGE].status
    return {
        **head(CAST),
        "book": manifest.book_id,
        "file": str(files.cast_orders),
        "is_applied": merge is Status.COMPLETED and noted.is_there and noted.of == digest_of(data),
        "is_waiting": merge in (Status.PENDING, Status.IN_PROGRESS),
        "members": [_row(member) for member in noted.members],
        "problems": list(dict.fromkeys((*problems, *noted.problems))),
    }


def change_orders(wish: Wish, *, book: str, files: BookFiles) -> tuple[str, ...]:
    """Write the `cast.toml` of a book as a person wishes; what else stands in it stays.

    Returns:
        The names of those who are meant.

    Raises:
        ControlError: It cannot be done; nothing was written. The message says why and what to do.
    """
    data, orders, problems = _read_orders(files)
    text = _asked_text(files) if data is None else text_of(data)
    if data is None:
        orders, problems = orders_of(text.encode(), name=FILE)
    if problems and wish.action is not Action.RESET:
        raise _refused(f"{files.cast_orders} has mistakes, nothing was changed:\n" + "\n".join(problems))
    if wish.action is Action.APPLY:
        return ()
    noted = _read_noted(files.cast)
    if noted.is_there and not noted.members and wish.action is not Action.RESET:
        raise _refused(f"no people or things were found in {book}, so there is nothing to change")
    if not noted.members and wish.action is not Action.RESET:
        how = f"`imaginizectl cast {book} apply` reads it" if files.elements.exists() else "wait for its chapters"
        raise _refused(f"who is who in {book} is not known yet, or by an older version; {how}")
    meant: tuple[str, ...]
    try:
        revision = revision_of(wish, orders=orders, members=noted.members, unlisted=noted.unlisted)
    except ValueError as error:
        if not problems:  # a reset is there for a file that cannot be read, too
            raise _refused(str(error)) from error
        text, meant = HEADER, ()
    else:
        meant, is_reset = revision.meant, wish.action is Action.RESET
        text = HEADER if is_reset else CAST_FILE.revise(text, removed=revision.removed, added=revision.added, name=FILE)
    write_atomic(files.cast_orders, text.encode(), durable=True)
    return meant


def members_meant(wish: Wish, *, files: BookFiles) -> frozenset[str]:
    """All names, case-folded, of those whose pictures a wish may change; none where it is refused."""
    _, orders, _ = _read_orders(files)
    noted = _read_noted(files.cast)
    if wish.action is Action.RENAME:
        return frozenset()
    if wish.action is Action.APPLY:  # what was changed by hand is only known once it is done
        members = noted.members
    elif wish.action is Action.RESET:
        members = tuple(member for member in noted.members if member.orders)
    else:
        try:
            revision = revision_of(wish, orders=orders, members=noted.members, unlisted=noted.unlisted)
        except ValueError:
            return frozenset()
        meant = {name.casefold() for name in revision.meant}
        members = tuple(one for one in noted.members if meant & _names_of(one))
        return frozenset(meant).union(*map(_names_of, members))
    return frozenset().union(*map(_names_of, members))


def _names_of(member: Member) -> frozenset[str]:
    return frozenset(name.casefold() for name in (member.name, member.found, *member.names))


def _read_orders(files: BookFiles) -> tuple[bytes | None, tuple[Order, ...], tuple[str, ...]]:
    """The file, None where there is none, with what it says and its mistakes."""
    try:
        data = read_by_hand(files.cast_orders)
    except OSError as error:
        return b"", (), (f"{FILE}: it cannot be read: {error.strerror}",)
    return data, *orders_of(data or b"", name=FILE)


def _row(member: Member) -> MemberRow:
    quote, chapters = member.quote, member.chapters
    return {
        "row": member.row,
        "name": member.name,
        "kind": str(member.type),
        "names": list(member.names),
        "mentions": member.mentions,
        "chapters": list(chapters),
        "chapter": quote.chapter if quote else min(chapters, default=None),
        "page": quote.page if quote else None,
        "quote": quote.text if quote else "",
        "found": member.found,
        "orders": [str(verb) for verb in member.orders],
        "is_dropped": member.is_dropped,
    }


def _asked_text(files: BookFiles) -> str:
    """What the sidecar asked for, as a file of its own would say it."""
    rows = cast(Sequence[Mapping[str, object]], load_object(files.request).get("cast") or ())
    orders = [
        Order(verb=Verb(str(row["verb"])), names=tuple(map(str, cast(list[object], row["names"]))), to=str(row["to"]))
        for row in rows
    ]
    return "\n".join([HEADER, *map(CAST_FILE.render, orders)]) if orders else ""


def _read_noted(path: Path) -> _Noted:
    record = load_object(path)
    try:
        return _Noted(
            is_there=bool(record),
            of=str(record.get("of") or ""),
            members=tuple(_member(row) for row in cast(Sequence[Mapping[str, object]], record.get("members") or ())),
            unlisted=_texts(record.get("unlisted")),
            problems=_texts(record.get("problems")),
        )
    except (KeyError, TypeError, ValueError):
        return _Noted()


def _member(row: Mapping[str, object]) -> Member:
    quote = cast(Mapping[str, object] | None, row["quote"])
    return Member(
        name=str(row["name"]),
        found=str(row["found"]),
        type=ElementType(str(row["type"])),
        found_type=ElementType(str(row["found_type"])),
        names=_texts(row["names"]),
        mentions=_number(row["mentions"]),
        chapters=tuple(map(_number, cast(Sequence[object], row["chapters"]))),
        quote=_quote(quote) if quote else None,
        orders=tuple(map(Verb, _texts(row["orders"]))),
        is_dropped=row["is_dropped"] is True,
        row=_number(row["row"]),
    )


def _quote(row: Mapping[str, object]) -> Quote:
    return Quote(
        text=str(row["text"]),
        chapter=_number(row["chapter"]),
        start=_number(row["start"]),
        page=_number(row["page"]),
    )


def _number(value: object) -> int:
    return int(cast(int, value))


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in cast(Sequence[object], values or ()))


def _refused(text: str) -> ControlError:
    return ControlError(text, exit_code=ExitCode.USAGE, code=Code.EDITS)
