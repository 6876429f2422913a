"""The rows of `status` that say what lies in the inbox; `rows` has those of books and endpoints."""

from typing import TypedDict


class NamedReason(TypedDict):
    """A file in the inbox, and why it is as it is.

    Attributes:
        name: Its path below the inbox.
        reason: For a person.
        code: Of the reason, for programs.
    """

    name: str
    reason: str
    code: str


class RejectedFiles(TypedDict):
    """The files in .failed.

    Attributes:
        count: How many.
        name: The newest; "" for none.
        reason: Why it was rejected; "" for none.
        code: Of the reason, for programs; null for none.
    """

    count: int
    name: str
    reason: str
    code: str | None


class SomeFiles(TypedDict):
    """Many files, the first of them by name.

    Attributes:
        count: How many there are.
        names: The first of them; fewer where they are long.
    """

    count: int
    names: list[str]


class IgnoredFiles(SomeFiles):
    """Files that the inbox leaves alone for one cause.

    Attributes:
        code: The cause.
        reason: The cause, for a person.
        advice: What to do; "" for nothing.
    """

    code: str
    reason: str
    advice: str


class Inbox(TypedDict, total=False):
    """The inbox as the intake saw it last; without any key before it did.

    Attributes:
        waiting: How many files wait for anything.
        settling: Those that were written to just now.
        written: Those that somebody is still writing.
        incomplete: Those that are not whole yet.
        blocked: Those that cannot be taken until somebody mends something.
        rejected: What lies in .failed.
        duplicates: What lies in .duplicates.
        ignored: How many files are left alone.
        ignored_for: The same, by cause.
        degraded: Why nothing can be taken just now; "" while it can.
        degraded_code: Of that, for programs; null while it can.
        polling: Whether it is looked at again and again, because the kernel tells of no changes there.
        polling_reason: Why; "" where it is not.
        overflows: How often the kernel lost events; each time the inbox was read anew.
        settle_seconds: How long a file must be quiet.
        incomplete_seconds: After how long one that does not become whole is rejected.
    """

    waiting: int
    settling: list[str]
    written: list[str]
    incomplete: list[NamedReason]
    blocked: list[NamedReason]
    rejected: RejectedFiles
    duplicates: SomeFiles
    ignored: int
    ignored_for: list[IgnoredFiles]
    degraded: str
    degraded_code: str | None
    polling: bool
    polling_reason: str
    overflows: int
    settle_seconds: float
    incomplete_seconds: float
