"""What the programs return, and when: of an error, of a book that has ended, of many files; and what each is called."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from imaginized.cli.reasons_text import Row, is_cancelled
from imaginized.errors import ControlError, ExitCode, LibraryInUse, SettingsError, SocketInUse
from imaginized.reasons import Code

WORDS: Mapping[ExitCode, str] = MappingProxyType(
    {
        ExitCode.OK: "ok",
        ExitCode.BUG: "bug or I/O",
        ExitCode.USAGE: "usage",
        ExitCode.NOT_RUNNING: "daemon not running",
        ExitCode.NO_SUCH_BOOK: "no such book",
        ExitCode.PERMISSION: "permission",
        ExitCode.PROTOCOL_MISMATCH: "protocol mismatch",
        ExitCode.NEEDS_ATTENTION: "needs attention",
        ExitCode.REJECTED: "input rejected",
        ExitCode.NOTHING_TO_DO: "nothing to do",
        ExitCode.BAD_SETTINGS: "bad settings",
        ExitCode.TIMED_OUT: "timed out",
        ExitCode.INTERRUPTED: "interrupted",
    }
)
# From what a script may pass over to what it must not; numbers alone would have a known book outdo a broken one.
BADNESS = (
    ExitCode.OK,
    ExitCode.NOTHING_TO_DO,
    ExitCode.NEEDS_ATTENTION,
    ExitCode.NO_SUCH_BOOK,
    ExitCode.REJECTED,
    ExitCode.PERMISSION,
    ExitCode.NOT_RUNNING,
    ExitCode.BUG,
)


# What an exit code says of the reason, where the error names none.
_REASONS: Mapping[ExitCode, Code] = MappingProxyType(
    {
        ExitCode.NOT_RUNNING: Code.NOT_RUNNING,
        ExitCode.NO_SUCH_BOOK: Code.NO_BOOK,
        ExitCode.PERMISSION: Code.NO_ACCESS,
        ExitCode.PROTOCOL_MISMATCH: Code.VERSION,
        ExitCode.BAD_SETTINGS: Code.SETTINGS_WRONG,
    }
)


def reason_of_error(error: Exception) -> Code | None:
    """The code of the reason that ends a program; None where there is no more than the exit code."""
    own = error.code if isinstance(error, ControlError) else None
    return own or _REASONS.get(code_of_error(error))


def code_of_error(error: Exception) -> ExitCode:
    """What ends a program with an error."""
    if isinstance(error, ControlError):
        return error.exit_code
    if isinstance(error, SettingsError):
        return ExitCode.BAD_SETTINGS
    if isinstance(error, LibraryInUse | SocketInUse):
        return ExitCode.NEEDS_ATTENTION
    if isinstance(error, KeyError):  # an answer without a field that we know
        return ExitCode.PROTOCOL_MISMATCH
    return ExitCode.PERMISSION if isinstance(error, PermissionError) else ExitCode.BUG


def code_of_book(book: Row) -> ExitCode:
    """How a book that has ended ends a command that waits for it."""
    if book["phase"] == "done":
        return ExitCode.OK
    if book.get("rejected"):
        return ExitCode.REJECTED
    return ExitCode.NOTHING_TO_DO if is_cancelled(book) else ExitCode.NEEDS_ATTENTION


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """The exit code for all of them."""
    return max(codes, key=BADNESS.index, default=ExitCode.OK)
