"""The rows about who works: processes, what they wait for, and their claims of chapters and steps."""

from typing import Literal, NotRequired, TypedDict

Breaker = Literal["open", "closed"]


# "for" is a keyword, so this one cannot be written as a class.
Waits = TypedDict("Waits", {"for": str, "on": str, "since_seconds": float, "errors": int, "last_error": str})
Waits.__doc__ = """What a process waits for.

    Attributes:
        for: turn, answer, pause, endpoint, parts (those of its chapter that other workers are at) or host (a free one).
        on: Whom it waits for, such as an endpoint's URL, or the names of workers.
        since_seconds: For how long.
        errors: How many errors it had there meanwhile.
        last_error: The last of them; "" for none.
    """


class WorkerRow(TypedDict):
    """A process of the daemon: the intake, or a worker.

    Attributes:
        slot: Its place: "intake", "worker-1" …
        pid: null while none runs there.
        state: idle, working, stuck, waiting (for its restart) or stopped.
        book: The book it works on; null for none.
        stage: The stage; null for none.
        chapter: The chapter; null for a step of the whole book, and for none.
        part: The part of it, such as a scene, where another worker has the chapter; else null.
        since_seconds: For how long it has been at that; null for nothing.
        waits: What it waits for; null for nothing.
        restart_in_seconds: When it starts again; null where that is not known.
        ended: How the last process there ended; null where that is of no interest.
        code: Why it is stuck or waits for its restart, for programs; null where it is and does neither.
        shard: Its home; only in an answer of `imaginized front`.
    """

    slot: str
    pid: int | None
    state: str
    book: str | None
    stage: str | None
    chapter: int | None
    part: int | None
    since_seconds: float | None
    waits: Waits | None
    restart_in_seconds: float | None
    ended: str | None
    code: str | None
    shard: NotRequired[str]


class ClaimRow(TypedDict):
    """A chapter, a part of one, or a step that somebody works on.

    Attributes:
        book: The book.
        stage: The stage.
        chapter: The chapter; null for a step of the whole book.
        part: The part of it, such as a scene, that this worker has taken; null for the chapter itself.
        owner: Who: name, host, process and its start.
        attempt: How often it was claimed.
        claimed_at: Since when.
        shard: Its home; only in an answer of `imaginized front`.
    """

    book: str
    stage: str
    chapter: int | None
    part: int | None
    owner: str
    attempt: int
    claimed_at: str
    shard: NotRequired[str]


class HostRow(TypedDict):
    """A host.

    Attributes:
        host: Its name.
        takes: What it does: text, image.
        slots: Most chapters at once.
        busy: Of them at work.
        version: Of imaginized there.
        differs: Why it gets no work: in what it differs from home; "" where it does not.
        refused: How many messages it has dropped that were not sealed with our key.
        shard: Its home; only in an answer of `imaginized front`.
    """

    host: str
    takes: list[str]
    slots: int
    busy: int
    version: str
    differs: str
    refused: int
    shard: NotRequired[str]


class HostRows(TypedDict):
    """What is known of hosts.

    Attributes:
        engine: Of the settings: none or celery.
        looked_at: When a worker looked last; null where none did, or long ago.
        problem: Why the broker cannot be used; "" where it can.
        store_problem: Likewise of the store for large files; "" where there is none, too.
        hosts: Those that are there, by name.
        strangers: How many say that they are hosts, but not with our key.
        away: Homes that do not answer, and why; only in an answer of `imaginized front`.
    """

    engine: str
    looked_at: str | None
    problem: str
    store_problem: str
    hosts: list[HostRow]
    strangers: int
    away: NotRequired[list[str]]
