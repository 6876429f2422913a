"""Following books until they end: bars on a terminal, lines in a pipe, JSON lines on request."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO, cast

from imaginized.cli.choosing import no_such_book, the_one_book
from imaginized.cli.output import echo, echo_json
from imaginized.cli.reasons_text import is_cancelled
from imaginized.cli.troubles import Row, book_attention, rows, stops
from imaginized.cli.view import progress_line
from imaginized.control.answers import Book, Status
from imaginized.control.client import RETURN_SECONDS, Client, Told, events, journal
from imaginized.control.paging import status_with
from imaginized.control.protocol import FIND, STATUS, STATUS_OF_BOOK, OneBook
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, printable
from imaginized.queue.phases import ENDED
from imaginized.reasons import Code, Reason

POLL_SECONDS = 0.4
QUIET_SECONDS = 2.0  # what no event tells is asked for now and then: the disk, endpoints, parts of a chapter
SCHEMA = "imaginized.watch/1"

Show = Callable[[Sequence[Row]], None]


def why_ended(book: Row) -> str:
    """What of a book that has ended is not well; "" where it is done."""
    if is_cancelled(book) or book.get("rejected"):
        return str(book["error"])
    return "; ".join(book_attention(book))


def pause() -> None:
    """Wait for a moment."""
    time.sleep(POLL_SECONDS)


def follow(
    ask: Callable[[], Row],
    *,
    show: Show,
    is_over: Callable[[Sequence[Row]], bool],
    wait: Callable[[], None] = pause,
) -> list[Row]:
    """Show the books again and again until `is_over`; returns them as they were last.

    Args:
        ask: For the daemon's status.
        show: Shows books.
        is_over: Whether to end.
        wait: Waits until it is worth asking again.

    Raises:
        ControlError: The daemon went away.
    """
    while True:
        books = rows(ask(), "books")
        show(books)
        if is_over(books):
            return books
        wait()


class Stops:
    """Says what stops all work: each thing once, until it is over."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Nothing was said yet."""
        self._say = say
        self._said: set[Code] = set()

    def tell(self, found: Iterable[Reason]) -> bool:
        """Say those that are new; whether something was said that is over now, and nothing is left."""
        by_code = {one.code: one.text for one in found}  # its figures may change, its code does not
        for code, line in by_code.items():
            if code not in self._said:
                self._say(line)
        was_stopped, self._said = bool(self._said), set(by_code)
        return was_stopped and not by_code


class Waking:
    """Waits until something happens in the library, over restarts of the daemon."""

    def __init__(
        self,
        socket: Path,
        *,
        note_loss: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        """Connect to nothing yet.

        Args:
            socket: The daemon's.
            note_loss: Called when it hangs up.
            poll_seconds: The least time from one return to the next.
            quiet_seconds: The most.
        """
        self._socket = socket
        self._note_loss = note_loss
        self._poll_seconds = poll_seconds
        self._most_seconds = self._quiet_seconds = quiet_seconds
        self._told = self._listen()

    def wait(self) -> None:
        """Return once something has happened, or might have; once for all that happens within a moment.

        Raises:
            ControlError: The daemon did not come back.
        """
        self._quiet_seconds = self._most_seconds
        try:
            told = next(self._told)
            # The first time at once: what happened before we listened, no event tells.
            until = time.monotonic() + (self._poll_seconds if told.event or told.gap else 0.0)
            while (left := until - time.monotonic()) > 0:
                self._quiet_seconds = left
                next(self._told)
        except ControlError as error:
            if error.exit_code in (ExitCode.NOT_RUNNING, ExitCode.PERMISSION):
                raise
            # An older daemon, too many streams, another library than before: asking again and again does, too.
            self._told = self._listen()
            time.sleep(self._poll_seconds)

    def _listen(self) -> Iterator[Told]:
        return events(self._socket, quiet_seconds=lambda: self._quiet_seconds, note_loss=self._note_loss)


class Patient:
    """Asks for the status over restarts of the daemon, and says what stops all work when that changes.

    A context manager.

    Attributes:
        wanted: Ids of books, or how they end, that are to be in every answer.
    """

    def __init__(self, socket: Path, *, say: Callable[[str], None], poll_seconds: float = POLL_SECONDS) -> None:
        """Connect.

        Raises:
            ControlError: No daemon runs.
        """
        self._socket = socket
        self.say = say
        self._poll_seconds = poll_seconds
        self._client = Client(socket)
        self._waking = Waking(socket, note_loss=self._say_loss, poll_seconds=poll_seconds)
        self._is_away = False
        self._stops = Stops(say)
        self._inbox = Path()
        self.wanted: Sequence[str] = ()
        self._open: list[str] = []

    def __enter__(self) -> Self:
        """The patient itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._client.close()

    def ask(self) -> Status:
        """The status now, or once the daemon is back.

        Raises:
            ControlError: It did not come back soon.
        """
        try:
            status = self._ask()
        except ControlError as error:
            if error.exit_code != ExitCode.NOT_RUNNING:
                raise
            self._say_loss()
            self._client.close()
            self._client = self._come_back()
            status = self._ask()
        self._is_away = False
        self._inbox = Path(str(cast(Row, status.get("paths") or {}).get("inbox", "")))
        self._stops.tell(stops(status, journal=journal(self._socket)))
        return status

    def _ask(self) -> Status:
        # What was open is followed to its end, whichever page that puts it on.
        status = status_with(self._client, (*self.wanted, *self._open))
        self._open = [row["book"] for row in status["books"] if row["phase"] not in ENDED]
        return status

    def wait(self) -> None:
        """Wait until it is worth asking again.

        Raises:
            ControlError: The daemon went away, and did not come back soon.
        """
        self._waking.wait()

    def _say_loss(self) -> None:
        """Once, whichever of our connections finds out."""
        if not self._is_away:
            self.say(f"lost the connection to imaginized; waiting up to {RETURN_SECONDS:g} s for it to come back")
        self._is_away = True

    def find(self, name: str) -> str:
        """The id of the book that a person means; waits while something settles in the inbox that may be it.

        Raises:
            ControlError: There is none, or there are several.
        """
        was_told = False
        while True:
            inbox = self.ask()["inbox"]
            found = self._client.ask(FIND, OneBook(book=name))["books"]
            if found:
                return the_one_book(name, found)["book"]
            coming = [*inbox.get("settling", []), *inbox.get("written", [])]
            if not coming:
                raise self._rejection_named(name) or no_such_book(name)
            if not was_told:
                self.say(
                    f"no book {name!r} yet; waiting for what is still in the inbox: {printable(', '.join(coming))}"
                )
            was_told = True
            time.sleep(self._poll_seconds)

    def end_of_one_that_vanished(self, book: str) -> ControlError:
        """Why a book is no longer in the library."""
        gone = f"{book} is no longer in the library: somebody removed it, or `imaginizectl status` says what is wrong"
        error = self._rejected(lambda _name, reference: reference == book)
        return error or ControlError(gone, exit_code=ExitCode.NO_SUCH_BOOK)

    def _rejection_named(self, name: str) -> ControlError | None:
        return rejection_named(self._inbox, name)

    def _rejected(self, is_meant: Callable[[str, str], bool]) -> ControlError | None:
        return _rejected(self._inbox, is_meant)

    def _come_back(self) -> Client:
        deadline = time.monotonic() + RETURN_SECONDS
        while True:
            time.sleep(self._poll_seconds)
            try:
                return Client(self._socket)
            except ControlError as error:
                if error.exit_code != ExitCode.NOT_RUNNING or time.monotonic() > deadline:
                    raise


def status_of(client: Client, book: str) -> Book:
    """What the daemon says of one book.

    Raises:
        ControlError: There is none, or there are several; of a file that was rejected, why and where it is.
    """
    try:
        return client.ask(STATUS_OF_BOOK, OneBook(book=book))
    except ControlError as error:
        if error.exit_code != ExitCode.NO_SUCH_BOOK:
            raise
        inbox = Path(client.ask(STATUS)["paths"]["inbox"])
        raise rejection_named(inbox, book) or error from error


def rejection_named(inbox: Path, name: str) -> ControlError | None:
    """Of a file that never became a book, or is none any more; found as a book is, by a part of its name."""
    wanted = name.casefold()
    return _rejected(inbox, lambda file, reference: wanted in file.casefold() or wanted == reference)


def _rejected(inbox: Path, is_meant: Callable[[str, str], bool]) -> ControlError | None:
    if inbox == Path():  # of a front, which has none
        return None
    # It loads what knows the inbox; only a command that ends badly needs it.
    from imaginized.cli.rejections import rejection

    found = rejection(inbox, is_meant=is_meant)
    if found is None:
        return None
    text = f"{found.name} was rejected: {found.reason.text}. {found.reason.advice}".rstrip()
    return ControlError(f"{text} It is in {inbox}/.failed", exit_code=ExitCode.REJECTED, code=found.reason.code)


@contextmanager
def display(stream: TextIO, *, as_json: bool = False, line: Callable[[Row], str] = progress_line) -> Iterator[Show]:
    """How to show books on this stream, where it is neither a terminal nor JSON each by its `line`."""
    if as_json:
        yield _changes(lambda book: echo_json({"schema": SCHEMA, **book}, file=stream), by=_state)
    elif stream.isatty():
        with _bars() as show:
            yield show
    else:
        yield _changes(lambda book: echo(line(book), file=stream), by=line)


def _state(book: Row) -> object:
    return (book["phase"], book["progress"], str(book["failed"]))


def _changes(show_one: Callable[[Row], None], *, by: Callable[[Row], object]) -> Show:
    """Show a book only when what `by` tells of it changed."""
    last: dict[str, object] = {}

    def show(books: Sequence[Row]) -> None:
        for book in books:
            state = by(book)
            if last.get(str(book["book"])) != state:
                last[str(book["book"])] = state
                show_one(book)

    return show


@contextmanager
def _bars() -> Iterator[Show]:
    # rich takes a quarter of a second to import: only where there is a terminal to draw on
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % {task.fields[phase]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as bars:
        tasks = {}

        def show(books: Sequence[Row]) -> None:
            for book in books:
                name, title = str(book["book"]), cut(printable(str(book["title"])))  # rich draws what it is given
                if name not in tasks:
                    tasks[name] = bars.add_task(title, total=1.0, phase="")
                share = cast(float, book["progress"])
                bars.update(tasks[name], completed=share, phase=book["phase"], description=title)

        yield show
