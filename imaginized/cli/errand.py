"""What `demo` and `illustrate` wait for: each file given to a daemon of their own, until nothing more comes of it."""

import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from imaginized.cli.dropped import GONE, Dropped, Taken, book_of
from imaginized.cli.reasons_text import CTL, code_of_end, is_cancelled, pause_rows, why_ended_here
from imaginized.cli.rejections import notes_in
from imaginized.cli.troubles import Row, moment, ranges, rows, stops
from imaginized.cli.watching import Stops
from imaginized.clock import Clock, SystemClock
from imaginized.control.client import Client
from imaginized.control.paging import status_with
from imaginized.control.protocol import APPROVE, RETRY, STATUS_OF_BOOK, OneBook, ToApprove, ToRetry
from imaginized.errors import ControlError
from imaginized.inbox.dropping import Asked, copy_into, reference_at
from imaginized.queue.phases import AT_REST, UNFINISHED
from imaginized.reasons import Code, Reason
from imaginized.store.naming import book_pattern, ending_of

UNTAKEN_SECONDS = 20.0  # far beyond the settling of a file that nobody writes any more, once somebody looks at it
UNSEEN_SECONDS = 150.0  # until the inbox is looked at: on a busy machine the daemon's processes take long to start
IDLE_SECONDS = 5.0
NEEDS_PERSON = (Code.PROVIDER,)  # causes of a pause that nobody ends while this program waits
SHOWN_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A running daemon and its folders."""

    client: Client
    inbox: Path
    library: Path
    socket: Path
    log: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file.

    Attributes:
        book: The book's last status; None when it never became one, or is none any more.
        reason: Why there is no guide, or not all of it; "" where all is well.
        next_step: What to do; "" where the reason says it, or there is nothing to do.
        is_rejected: Whether the file cannot be used.
        code: Of the reason; None where all is well, or it was only not taken.
    """

    file: Path
    book: Row | None
    reason: str = ""
    next_step: str = ""
    is_rejected: bool = False
    code: Code | None = None


@dataclass(slots=True, kw_only=True)
class _Given:
    """One file, and what has become of it so far.

    Attributes:
        dropped: Its copy.
        since: Monotonic seconds of its copying.
        was_known: Whether the library had its book before.
        end: Set once nothing more comes of it.
    """

    file: Path
    dropped: Dropped
    since: float
    was_known: bool
    end: Outcome | None = None


class Errand:
    """Files given to a daemon of one's own, and how each ends."""

    def __init__(
        self,
        session: Session,
        *,
        say: Callable[[str], None],
        approve_usd: float | None,
        clock: Clock | None = None,
    ) -> None:
        """Give files to this daemon; `say` tells a person what holds it up."""
        self._session = session
        self._clock = clock or SystemClock()
        self._say = say
        self._approve_usd = approve_usd
        self._given: dict[str, _Given] = {}
        self._notes_before = notes_in(session.inbox)
        self._taken = Taken()
        self._stops = Stops(say)
        self._status: Row = {}
        self._worked_at = self._clock.monotonic()
        self._seen_at: float | None = None

    @property
    def digests(self) -> list[str]:
        """Of the files, in the order they were given."""
        return list(self._given)

    def take(self, file: Path, *, digest: str, asked: Asked) -> None:
        """Give one file to the daemon."""
        was_known = any(self._session.library.glob(book_pattern(digest)))
        copy = copy_into(self._session.inbox, file, asked=asked)
        dropped = Dropped(name=copy.name, digest=digest, reference=reference_at(copy))
        self._given[digest] = _Given(file=file, dropped=dropped, since=self._clock.monotonic(), was_known=was_known)

    def ask(self) -> Row:
        """The daemon's status; what stops all work is told once."""
        names = [given.dropped.name for given in self._given.values()]
        self._taken.look({name: self._session.inbox / name for name in names})
        self._status = cast(Row, status_with(self._session.client, map(ending_of, self._given)))
        if any(row["state"] == "working" for row in rows(self._status, "workers")):
            self._worked_at = self._clock.monotonic()
        if self._seen_at is None and self._status["inbox"]:
            self._seen_at = self._clock.monotonic()
        # No client finds our daemon by itself.
        ours = f"{CTL} --socket {shlex.quote(str(self._session.socket))}"
        found = stops(self._status, journal=f"less {shlex.quote(str(self._session.log))}", ctl=ours)
        if self._stops.tell(found):
            self._say("the work continues")
        return self._status

    def is_over(self, books: Sequence[Row]) -> bool:
        """Whether nothing more comes of any file."""
        for digest, given in self._given.items():
            given.end = given.end or self._end_of(given, book=book_of(books, digest))
        return all(given.end for given in self._given.values())

    def outcomes(self) -> list[Outcome]:
        """How each file ended."""
        return [given.end for given in self._given.values() if given.end]

    def _end_of(self, given: _Given, *, book: Row | None) -> Outcome | None:
        if given.dropped.name not in self._taken:
            return self._end_in_inbox(given)
        if book is None:
            return self._end_of_one_that_is_gone(given)
        if book["rejected"]:
            return None  # it is about to be put out of the library, and its reason beside it
        if self._may_go_on(given, book):
            return None
        if book["phase"] in AT_REST:
            return Outcome(file=given.file, book=book, reason=self._why(book), code=code_of_end(book))
        if (stop := self._stop()) is None:
            return None
        return Outcome(file=given.file, book=book, reason=f"{book['phase']}: {stop.text}", code=stop.code)

    def _may_go_on(self, given: _Given, book: Row) -> bool:
        """Whether a book that has ended goes on: approved, or for what failed in an earlier run."""
        if book["phase"] == "held":
            return self._approve(book)
        if book["phase"] not in UNFINISHED or not given.was_known:
            return False
        given.was_known = False  # once: what fails again has failed
        with suppress(ControlError):  # a person cancelled it, or it cannot be tried again
            self._session.client.ask(RETRY, ToRetry(book=str(book["book"])))
            return True
        return False

    def _end_of_one_that_is_gone(self, given: _Given) -> Outcome:
        """Neither in the inbox nor a book: there is a note, which is written before either is left."""
        said = given.dropped.rejection(self._session.inbox, before=self._notes_before)
        if said is None:
            return Outcome(file=given.file, book=None, reason=GONE, next_step="Run the same command again.")
        why = said.reason
        told = Outcome(file=given.file, book=None, reason=why.text, code=why.code)
        return replace(told, next_step=why.advice, is_rejected=True)

    def _end_in_inbox(self, given: _Given) -> Outcome | None:
        """What is never taken: blocked, or nothing that the inbox takes at all."""
        inbox = cast(Row, self._status["inbox"])
        blocked = {str(row["name"]): row for row in rows(inbox, "blocked")} if inbox else {}
        name = given.dropped.name
        if name in blocked:
            row = blocked[name]
            text = f"it cannot be taken: {row['reason']}"
            return Outcome(file=given.file, book=None, reason=text, code=Code.read(row["code"]))
        now = self._clock.monotonic()
        if inbox.get("waiting") or now - given.since < UNTAKEN_SECONDS:
            return None
        if stop := self._stop():
            return Outcome(file=given.file, book=None, reason=stop.text, code=stop.code)
        if now < (given.since + UNSEEN_SECONDS if self._seen_at is None else self._seen_at + UNTAKEN_SECONDS):
            return None
        explain = self._explain(self._session.inbox / name)
        return Outcome(file=given.file, book=None, reason=f"it was not taken; `{explain}` says why")

    def _explain(self, where: Path) -> str:
        config = self._session.log.with_name("imaginized.toml")
        return f"imaginizectl explain --config {shlex.quote(str(config))} {shlex.quote(str(where))}"

    def _stop(self) -> Reason | None:
        """What stops all work until a person comes, once nobody has worked for a while; None while there is hope."""
        if self._clock.monotonic() - self._worked_at < IDLE_SECONDS:
            return None
        pauses = pause_rows(self._status)
        found = [(Code.read(row["code"]), why_ended_here(row)) for row in pauses]
        found = [(code, text) for code, text in found if code in NEEDS_PERSON]
        if self._status["breaker"] == "open":
            found.append((Code.CRASH_LOOP, f"the workers keep crashing; {self._session.log} says why"))
        return Reason(found[0][0], "; ".join(text for _, text in found)) if found else None

    def _approve(self, book: Row) -> bool:
        """Approve what was allowed beforehand; whether the book goes on."""
        held = cast(Row, book["held"])
        if held["until"]:  # one that has run out is over with the next claim
            return datetime.fromisoformat(str(held["until"])) <= datetime.now(UTC)
        if self._approve_usd is None:
            return False
        if not held["any_price"] and cast(float, held["approve_usd"]) > self._approve_usd:
            return False
        self._session.client.ask(APPROVE, ToApprove(book=str(book["book"]), usd=self._approve_usd))
        return True

    def _why(self, book: Row) -> str:
        """Why a book that has ended has no guide, or not all of it."""
        if book["phase"] == "done":
            return ""
        if book["phase"] == "held":
            return f"held: {_held_text(cast(Row, book['held']))}"
        if book["reason"] and not is_cancelled(book):
            return f"{book['phase']}: {why_ended_here(cast(Row, book['reason']))}"
        return f"{book['phase']}: {self._failures(book)}"

    def _failures(self, book: Row) -> str:
        """The reasons of the chapters that failed, the most frequent first."""
        try:
            detail = self._session.client.ask(STATUS_OF_BOOK, OneBook(book=str(book["book"])))
        except ControlError:
            return "some chapters failed"
        by_reason: dict[Reason, list[int]] = {}
        for row in detail["chapter_list"]:
            if row["status"] in ("failed", "cancelled") and (why := row["reason"]) is not None:
                reason = Reason(Code.read(why["code"]), why["text"], why["advice"])
                by_reason.setdefault(reason, []).append(row["number"])
        ordered = sorted(by_reason.items(), key=lambda item: -len(item[1]))
        told = [f"{ranges(numbers)}: {why_ended_here(one.row())}" for one, numbers in ordered[:SHOWN_FAILURES]]
        more = len(ordered) - SHOWN_FAILURES
        return "; ".join(told + ([f"and {more} other reasons"] if more > 0 else []))


def _held_text(held: Row) -> str:
    """Why it waits, and what lets this very command go on."""
    if held["until"]:
        return f"{held['reason']}; run the same command again after {moment(held['until'])}, or raise max_usd_per_day"
    return f"{held['reason']}; to allow it, run the same command again with --approve {held['approve_usd']:.2f}"
