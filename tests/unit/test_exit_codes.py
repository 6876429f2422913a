"""What the programs return, in one place."""

import pytest

from imaginized.cli.exit_codes import WORDS, code_of_book, code_of_error
from imaginized.errors import ControlError, ExitCode, LibraryInUse, SettingsError, SocketInUse
from imaginized.queue.phases import AT_REST, ENDED, UNWELL
from imaginized.queue.stages import Phase


def test_every_exit_code_has_its_words() -> None:
    """The manual and the doctor say them."""
    assert list(WORDS) == list(ExitCode)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ControlError("no", exit_code=ExitCode.NO_SUCH_BOOK), ExitCode.NO_SUCH_BOOK),
        (SettingsError("a", "b"), ExitCode.BAD_SETTINGS),
        (LibraryInUse("no"), ExitCode.NEEDS_ATTENTION),
        (SocketInUse("no"), ExitCode.NEEDS_ATTENTION),
        (PermissionError("no"), ExitCode.PERMISSION),
        (FileNotFoundError("no"), ExitCode.BUG),
        (KeyError("budget"), ExitCode.PROTOCOL_MISMATCH),
    ],
)
def test_both_programs_end_alike_with_the_same_error(error: Exception, code: ExitCode) -> None:
    """Whichever of them meets it."""
    assert code_of_error(error) is code


@pytest.mark.parametrize("phase", Phase)
def test_only_a_finished_book_ends_a_command_well(phase: Phase) -> None:
    """Each phase a book can end in has its code."""
    code = code_of_book({"phase": str(phase), "reason": {"code": "cancelled"} if phase is Phase.CANCELLED else None})

    assert (code is ExitCode.OK) == (phase is Phase.DONE)
    assert (code is ExitCode.NOTHING_TO_DO) == (phase is Phase.CANCELLED)
    assert ENDED < AT_REST and UNWELL < AT_REST
