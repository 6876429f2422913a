"""The rows of the daemon's answers about books, endpoints, folders and settings.

Moments are ISO 8601 in UTC, money is dollars, paths are absolute.
"""

from typing import NotRequired, TypedDict

from imaginized.control.money_rows import DoubtRow


class ReasonRow(TypedDict):
    """Why something failed, waits or was refused.

    Attributes:
        code: For programs: what to decide by.
        text: For a person: a sentence or clause, without a stop.
        advice: What to do next; "" where nothing helps or the text says it all.
    """

    code: str
    text: str
    advice: str


class ChapterCounts(TypedDict):
    """How many chapters a book has, and how many are in each status; a status that none has is left out.

    Attributes:
        total: All of them; 0 before the book is split.
        pending: Waiting for a worker.
        in_progress: In work.
        completed: Done.
        failed: Given up.
        cancelled: Ended by a person.
    """

    total: int
    pending: NotRequired[int]
    in_progress: NotRequired[int]
    completed: NotRequired[int]
    failed: NotRequired[int]
    cancelled: NotRequired[int]


class Held(TypedDict):
    """Why a book waits for a person, and what `approve` would allow.

    Attributes:
        reason: For a person.
        code: Of the reason, for programs.
        since: When it began to wait.
        until: When it resumes automatically; null: only once it is approved.
        approve_usd: What it may cost in all once it is approved.
        any_price: Whether approving it accepts calls whose price is unknown.
    """

    reason: str
    code: str
    since: str
    until: str | None
    approve_usd: float
    any_price: bool


class BookRow(DoubtRow):
    """One book: how far it is, and what is wrong with it.

    Attributes:
        book: Its id, which no other book has.
        title: Of the book, or the name of its file where it has none.
        phase: queued, done, partial, failed, cancelled or held; else what is being done: splitting, analyzing, merging,
            illustrating, compiling, or the word of a stage that came later.
        progress: From 0 to 1.
        chapters: How many are in each status.
        failed: Numbers of the chapters that failed; at most 100 of them where several books are told.
        failed_for: How many of them failed for each code of a reason.
        cancelled: Numbers of the chapters that a person cancelled; likewise.
        error: Why a step of the whole book failed or was cancelled; null where none was.
        reason: The same, for programs.
        rejected: Whether its original cannot be used at all.
        held: Why it waits for a person; null while it does not.
        spent_usd: What it has cost so far.
        guide: Path of the page to open; null while there is none.
        folder: Path of the book's folder.
        shard: Its home; only in an answer of `imaginized front`.
    """

    book: str
    title: str
    phase: str
    progress: float
    chapters: ChapterCounts
    failed: list[int]
    failed_for: dict[str, int]
    cancelled: list[int]
    error: str | None
    reason: ReasonRow | None
    rejected: bool
    held: Held | None
    spent_usd: float
    guide: str | None
    folder: str
    shard: NotRequired[str]


class PageRow(TypedDict):
    """Which books of a state an answer has.

    Attributes:
        state: The state that was asked for.
        number: Of this page, from 1.
        pages: How many there are; a page after the last one is empty.
        books: How many books are on all of them.
        is_whole: Whether every book was counted; false for a while when the daemon is new to a large library.
    """

    state: str
    number: int
    pages: int
    books: int
    is_whole: bool


class TaskRow(TypedDict):
    """How a step or a chapter stands.

    Attributes:
        status: pending, in_progress, completed, failed or cancelled.
        attempt: How often it was claimed; only grows.
        retry_count: How many claims ended badly since it was last well, the one under way included.
        owner: Who works on it; null for nobody.
        error: Why it failed, or why its last try did; null where nothing is known.
        reason: The same, for programs.
    """

    status: str
    attempt: int
    retry_count: int
    owner: str | None
    error: str | None
    reason: ReasonRow | None


class StepRow(TaskRow):
    """A step of the whole book.

    Attributes:
        stage: split, merge or compile.
    """

    stage: str


class SourceRow(TypedDict):
    """Where in the original a chapter begins.

    Attributes:
        file: Its first file; null before the split, and where the record cannot be read.
        fragment: The identifier there; "" for the file's beginning.
        files: How many files it is spread over.
        page: The page it begins on.
    """

    file: str | None
    fragment: str | None
    files: int
    page: int | None


class PartsRow(TypedDict):
    """The parts of a chapter that several workers may be at: scenes to draw, pieces to read.

    Attributes:
        of: How many the chapter has.
        done: How many of them are done.
        workers: Who is at them, the one that has the chapter first.
    """

    of: int
    done: int
    workers: list[str]


class ChapterRow(TaskRow, SourceRow):
    """A chapter.

    Attributes:
        number: In the story, from 1.
        title: Its heading; null for none.
        stage: The stage it waits for, is in, or ended in, such as analyze or illustrate.
        words: How long it is.
        parts: How far it is, while several workers may be at it; else null.
        differs: Scenes whose pictures were drawn before the whole book was read, and of which it says more.
    """

    number: int
    title: str | None
    stage: str
    words: int
    parts: PartsRow | None
    differs: list[int]


class SkippedRow(TypedDict):
    """A part of the original that is no chapter, or none that was asked for.

    Attributes:
        title: Its heading.
        reason: Why it is left out, for a person.
        file: Where it is.
        words: How long it is.
        code: not_asked where it is a chapter that nobody asked for; null where it is no chapter.
        number: The number that it would have as a chapter; null where it is none.
    """

    title: str
    reason: str
    file: str
    words: int
    code: str | None
    number: int | None


class KeptFrom(TypedDict):
    """By what the process that read the book was kept from each of these; "" where it was not.

    Attributes:
        files: Every file but the book and the program's own.
        network: Other machines.
        signals: Other processes.
        sockets: Local sockets.
    """

    files: str
    network: str
    signals: str
    sockets: str


class OutageRow(TypedDict):
    """Since when nobody reaches an endpoint, and why.

    Attributes:
        since: When it began.
        reason: What the last try said.
        tries: How many there were.
        next_try_seconds: Until the next one; null while one is under way.
    """

    since: str
    reason: str
    tries: int
    next_try_seconds: float | None


class LimitRow(TypedDict):
    """How an endpoint stands.

    Attributes:
        endpoint: Its URL.
        in_flight: Requests under way.
        window: How many may be, after it said "too many"; null while it did not.
        waiting: Processes that wait for it.
        requests_today: Since midnight UTC.
        waits_for: What the next request waits for; "" for nothing.
        until: When that is over; null where it is not known.
        paused: Why it waits for a person; "" while it does not.
        unreachable: Since when nobody reaches it; null while somebody does.
        code: Of why it waits for a person or is not reached, for programs; null while neither is so.
        shard: Its home; only in an answer of `imaginized front`.
    """

    endpoint: str
    in_flight: int
    window: int | None
    waiting: int
    requests_today: int
    waits_for: str
    until: str | None
    paused: str
    unreachable: OutageRow | None
    code: str | None
    shard: NotRequired[str]


class Sandbox(KeptFrom):
    """What keeps readers of books from the rest of this machine.

    Attributes:
        is_required: Whether books are read only where it is whole.
        is_whole: Whether it is.
        text: The same, for a person.
        reasons: Why a part is missing.
    """

    is_required: bool
    is_whole: bool
    text: str
    reasons: list[str]


class Paths(TypedDict):
    """The daemon's folders.

    Attributes:
        inbox: Where books are dropped.
        library: Where they are kept.
    """

    inbox: str
    library: str


class SettingsInForce(TypedDict):
    """Which settings are in force, and whether a reload would find others.

    Attributes:
        file: The settings file that was read; null for none, with every key at its default.
        read_at: When.
        change: in_force, changed, broken or deleted: what became of the file since.
        reload_reads: The file that a reload would read; null for none.
        errors: What a reload would find wrong with it.
    """

    file: str | None
    read_at: str
    change: str
    reload_reads: str | None
    errors: list[str]


class FoundRow(TypedDict):
    """A book that a name may mean.

    Attributes:
        book: Its id.
        title: Of the book, or the name of its file where it has none.
        phase: As in `status`.
        shard: Its home; only in an answer of `imaginized front`.
    """

    book: str
    title: str
    phase: str
    shard: NotRequired[str]


class KnownBook(TypedDict):
    """The book that has a content already.

    Attributes:
        book: Its id.
        phase: As in `status`, or unreadable.
    """

    book: str
    phase: str


class RetriedRow(TypedDict):
    """A book that is tried again.

    Attributes:
        book: Its id.
        chapters: The chapters that are queued again; none where only steps of the whole book are.
    """

    book: str
    chapters: list[int]
