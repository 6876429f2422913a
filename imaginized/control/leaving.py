"""Books leave the library and come back, on the loop: nobody waits for a lock in the kernel."""

import asyncio
from functools import partial

from imaginized.control.books import LOCK_POLL_SECONDS, LOCK_TRIES, Books
from imaginized.control.order_answers import BroughtBack, Removed
from imaginized.control.protocol import REMOVE, UNDO
from imaginized.control.reporting import head
from imaginized.errors import ControlError, ExitCode, LibraryBusy
from imaginized.logs.log import get_log
from imaginized.queue.manifest import Stage, Task
from imaginized.queue.redoing import brought_back
from imaginized.reasons import Code
from imaginized.store.eventlog import moment_text
from imaginized.store.trash import Trashed, bring_back, throw_away, trashed_books


async def remove_book(books: Books, book: str) -> Removed:
    """Take a book out, with its claims: whoever works for it finds no book, or keeps on where it is back by then."""
    trashed = await _thrown_away(books, book)
    books.daemon.order_all("check")
    get_log().info("book_removed", book=book, folder=str(trashed.folder))
    return {**head(REMOVE), "book": book, "folder": str(trashed.folder), "until": moment_text(trashed.until)}


async def bring_book_back(books: Books, name: str) -> BroughtBack:
    """Bring a removed book back.

    Raises:
        ControlError: None of that name was removed, or several; or its file is in the library again.
    """
    library = books.daemon.library
    removed = trashed_books(library)
    found = [each for each in removed if each.book == name] or [each for each in removed if each.book.startswith(name)]
    if len({each.book for each in found}) != 1:
        names = ", ".join(dict.fromkeys(each.book for each in found or removed)) or "none"
        text = f"{name!r} is not the id of one removed book; there are {names}"
        raise ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK, code=Code.NO_BOOK)
    try:
        bring_back(library, found[0])
    except FileExistsError as error:
        text = f"{found[0].book} is in the library again; remove that one first"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO) from error
    await books.change_and_tell(found[0].book, partial(brought_back, in_work=_in_work(books, found[0].book)))
    get_log().info("book_brought_back", book=found[0].book)
    return {**head(UNDO), "book": found[0].book}


def _in_work(books: Books, book: str) -> list[Task]:
    """What of a book somebody works on now."""
    return [
        Task(stage=Stage(stage), chapter=row["chapter"], part=row["part"])
        for row in books.daemon.workers()
        if row["book"] == book and (stage := row["stage"])
    ]


async def _thrown_away(books: Books, book: str) -> Trashed:
    for _ in range(LOCK_TRIES):
        try:
            return throw_away(books.daemon.library, book, now=books.daemon.clock.now(), wait_seconds=0)
        except LibraryBusy:
            await asyncio.sleep(LOCK_POLL_SECONDS)
    raise ControlError(f"{book} is locked by another process; try again", exit_code=ExitCode.TIMED_OUT)
