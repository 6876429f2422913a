"""What the daemon answers on its control socket: a record of each answer; their rows are in the modules beside.

They are the objects of the wire themselves (TypedDict): the server fills them and the client reads them as they come,
with nothing to convert, and they cost the client's start a millisecond, which as many dataclasses would cost tenfold.
`scripts/build-protocol` makes docs/control-protocol.md of them.
"""

from typing import TypedDict

from imaginized.control.asked import AskedRow, PacingRow
from imaginized.control.cast_rows import CastRows
from imaginized.control.division_rows import DivisionRow, FindingRow, Pieces
from imaginized.control.inbox_rows import Inbox
from imaginized.control.machine_facts import MachineFacts
from imaginized.control.metric_rows import Family
from imaginized.control.money_rows import Budget
from imaginized.control.notice_rows import WayRow
from imaginized.control.process_rows import Breaker, ClaimRow, HostRows, WorkerRow
from imaginized.control.rows import (
    BookRow,
    ChapterRow,
    FoundRow,
    KeptFrom,
    KnownBook,
    LimitRow,
    PageRow,
    Paths,
    ReasonRow,
    RetriedRow,
    Sandbox,
    SettingsInForce,
    SkippedRow,
    StepRow,
)
from imaginized.control.shard_rows import ShardRow


class Head(TypedDict):
    """What every answer begins with.

    Attributes:
        schema: Name and version of the answer's record, such as "imaginized.status/1".
        protocol: The version of this protocol that the daemon speaks; another one is not to be understood.
        version: Of the daemon.
    """

    schema: str
    protocol: int
    version: str


class Pausing(Head):
    """The answer of `pause`, `resume` and `drain`.

    Attributes:
        state: What the daemon does from now on.
    """

    state: str


class Book(Head, BookRow):
    """The answer of `status` for one book.

    Attributes:
        original: The name under which it was dropped.
        steps: Every step of the whole book.
        chapter_list: Every chapter, in order.
        reader: Which way the file was read: ebooklib, recovery, pdf …; null before that.
        sandbox: What its reader was kept from; null where nobody noted it.
        division: How it was divided into chapters; null where nobody noted it.
        skipped: What of the original is no chapter; at most 200.
        warnings: What was odd about the file; at most 200.
        findings: What looks wrong with its text.
    """

    original: str
    steps: list[StepRow]
    chapter_list: list[ChapterRow]
    reader: str | None
    sandbox: KeptFrom | None
    division: DivisionRow | None
    skipped: list[SkippedRow]
    warnings: list[str]
    findings: list[FindingRow]


class Status(Head):
    """The answer of `status` without a book.

    Attributes:
        state: running, paused, starting or draining.
        paused: What holds all work up, by its cause: operator, disk, provider, unreachable, reading.
        pauses: The same, for programs.
        paths: The daemon's folders.
        settings: Which settings are in force.
        workers: Every process.
        breaker: open after a crash loop: one worker is tried a minute.
        inbox: What lies in the inbox.
        converts: Whether files that no reader reads are given to Calibre's ebook-convert.
        sandbox: What keeps readers of books from the machine; null before that is known.
        asks: Who is told of books; nobody while all is made on this machine.
        pacing: How chapters follow each other.
        limits: How each endpoint stands.
        books: One page of 50 books, the newest last. On the first are what is open and what a person should look at.
        counts: How many books are in each phase; a phase that none is in is left out.
        page: Which page this is.
        budget: What today has cost.
        problems: What else is wrong, for a person.
        problem_reasons: The same, for programs.
        shards: Of `imaginized front`, every home; a page has that page of each. A daemon answers none.
    """

    state: str
    paused: dict[str, str]
    pauses: list[ReasonRow]
    paths: Paths
    settings: SettingsInForce
    workers: list[WorkerRow]
    breaker: Breaker
    inbox: Inbox
    converts: bool
    sandbox: Sandbox | None
    asks: list[AskedRow]
    pacing: PacingRow
    limits: list[LimitRow]
    books: list[BookRow]
    counts: dict[str, int]
    page: PageRow
    budget: Budget
    problems: list[str]
    problem_reasons: list[ReasonRow]
    shards: list[ShardRow]


class Chapters(Head, Pieces):
    """The answer of `chapters`.

    Attributes:
        book: Its id.
        division: How the reader divided it; null where nobody noted it.
    """

    book: str
    division: DivisionRow | None


class Divided(Head):
    """The answer of `divide`.

    Attributes:
        book: Its id.
        file: Where the changes are.
    """

    book: str
    file: str


class Cast(Head, CastRows):
    """The answer of `cast`.

    Attributes:
        book: Its id.
    """

    book: str


class Recast(Head):
    """The answer of `recast`.

    Attributes:
        book: Its id.
        file: Where the changes are.
        who: The names of those who were meant, in the order in which they were given.
    """

    book: str
    file: str
    who: list[str]


class Found(Head):
    """The answer of `find`.

    Attributes:
        is_exact: Whether the name is the id of a book; that is the only one then.
        books: The books that it may mean, the newest last, at most 100; empty where there is none.
    """

    is_exact: bool
    books: list[FoundRow]


class Workers(Head):
    """The answer of `workers`.

    Attributes:
        workers: Every process.
        breaker: open after a crash loop: one worker is tried a minute.
    """

    workers: list[WorkerRow]
    breaker: Breaker


class Claims(Head):
    """The answer of `claims`.

    Attributes:
        claims: Every live claim.
    """

    claims: list[ClaimRow]


class Hosts(Head, HostRows):
    """The answer of `hosts`."""


class Facts(Head, MachineFacts):
    """The answer of `doctor`."""


class Metrics(Head):
    """The answer of `metrics`.

    Attributes:
        families: Every figure that is counted.
    """

    families: list[Family]


class Notified(Head):
    """The answer of `notify`.

    Attributes:
        about: What the message was about.
        ways: What became of it by each way that is set.
    """

    about: str
    ways: list[WayRow]


class Version(Head):
    """The answer of `version`.

    Attributes:
        pid: The daemon's process.
    """

    pid: int


class Judged(Head):
    """The answer of `judge`.

    Attributes:
        known: The book with this content; null where there is none.
        profile: What is wrong with the profile; "" for nothing.
        inbox: Where to copy it to.
        shard: The home whose inbox that is, where `imaginized front` answers; else "".
    """

    known: KnownBook | None
    profile: str
    inbox: str
    shard: str


class Retried(Head):
    """The answer of `retry`.

    Attributes:
        books: Every book that is tried again.
    """

    books: list[RetriedRow]


class RetriedBook(Retried):
    """The answer of `retry` with a book.

    Attributes:
        book: Its id.
        chapters: The chapters that are queued again; none where only steps of the whole book are.
    """

    book: str
    chapters: list[int]


class Cancelled(Head):
    """The answer of `cancel`.

    Attributes:
        book: Its id.
        chapters: The chapters that were cancelled; none where only steps of the whole book were.
    """

    book: str
    chapters: list[int]


class Approved(Head):
    """The answer of `approve`.

    Attributes:
        book: Its id.
        may_cost_usd: What it may cost in all.
        any_price: Whether calls whose price is unknown may be made; they count at the highest known price.
    """

    book: str
    may_cost_usd: float
    any_price: bool


class Reset(Head):
    """The answer of `reset`.

    Attributes:
        breaker: closed.
    """

    breaker: Breaker


class Reloaded(Head):
    """The answer of `reload`.

    Attributes:
        max_concurrency: How many workers there are to be now.
        file: Where the settings come from; null for none, so that every key has its default.
        file_before: Where they came from.
    """

    max_concurrency: int
    file: str | None
    file_before: str | None


class Scanned(Head):
    """The answer of `scan`.

    Attributes:
        inbox: The folder that is looked through.
    """

    inbox: str


class Subscribed(Head):
    """The answer of `subscribe`.

    Attributes:
        cursor: The place from which the stream goes on.
    """

    cursor: str
