"""Asking for the status of a library whose books fill many pages."""

from collections.abc import Iterable, Mapping
from typing import cast

from imaginized.control.answers import Status
from imaginized.control.client import Client
from imaginized.control.protocol import STATUS, STATUS_OF_BOOK, OneBook, StatusOf
from imaginized.control.rows import BookRow, Paths
from imaginized.errors import ControlError, ExitCode


def pages_of(status: object) -> int:
    """How many pages of books there are; an older daemon has one."""
    page = cast("Mapping[str, object]", cast("Mapping[str, object]", status).get("page") or {})
    return cast(int, page.get("pages", 1))


def folders_of(status: Status) -> Paths:
    """The folders of the daemon that answered.

    Raises:
        ControlError: It is a front, which has none; names the homes.
    """
    if shards := status.get("shards"):
        sockets = " or ".join(f"--socket {row['socket']}" for row in shards)
        text = "a front has no folders of its own"
        raise ControlError(text, exit_code=ExitCode.USAGE, advice=f"ask a home: {sockets}")
    return status["paths"]


def first_page(client: Client) -> Status:
    """The status, with the first page of books.

    Raises:
        ControlError: The daemon went away.
    """
    try:
        return client.ask(STATUS, StatusOf(page=1))
    except ControlError as error:
        if error.exit_code != ExitCode.USAGE:
            raise
        return client.ask(STATUS)  # an older daemon has no pages


def status_with(client: Client, wanted: Iterable[str]) -> Status:
    """The status with the first page, and with these books where they are on another one.

    Args:
        client: The daemon.
        wanted: Their ids, or how those end.

    Raises:
        ControlError: The daemon went away.
    """
    status = first_page(client)
    if pages_of(status) == 1:
        return status
    for name in wanted:
        if not any(row["book"].endswith(name) for row in status["books"]):
            status["books"] += _found(client, name)
    return status


def _found(client: Client, name: str) -> list[BookRow]:
    try:
        detail = dict(client.ask(STATUS_OF_BOOK, OneBook(book=name)))
    except ControlError as error:
        if error.exit_code != ExitCode.NO_SUCH_BOOK:
            raise
        return []
    return [cast(BookRow, {key: detail[key] for key in BookRow.__required_keys__ if key in detail})]


def all_pages(client: Client, *, state: str) -> Status:
    """The status with every book in a state; what is open is last.

    Raises:
        ControlError: The daemon went away.
    """
    status = client.ask(STATUS, StatusOf(page=1, state=state))
    found = {row["book"]: row for row in status["books"]}
    for number in range(2, pages_of(status) + 1):
        # Books move to other pages meanwhile: one that was seen already is newer here.
        more = {row["book"]: row for row in client.ask(STATUS, StatusOf(page=number, state=state))["books"]}
        found = {**more, **{book: row for book, row in found.items() if book not in more}}
    status["books"] = list(found.values())
    status["page"] = {**status["page"], "number": 1, "pages": 1}
    return status
