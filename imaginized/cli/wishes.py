"""What was asked for books on a command line, checked."""

from collections.abc import Mapping

from imaginized.errors import ControlError, ExitCode
from imaginized.inbox.dropping import Asked
from imaginized.story.sidecar_keys import FORCE, KEYS, problem_with


def check_asked(values: Mapping[str, str | int | float | bool | None]) -> Asked:
    """What was given on a command line, without what was not.

    Raises:
        ControlError: A value is out of bounds; the message says what is allowed.
    """
    given = {key: value for key, value in values.items() if value is not None and value is not False}
    for key in KEYS:
        problem = problem_with(key, given[key]) if key in given else ""
        if problem:
            option = key.removesuffix("_usd").replace("_", "-")
            raise ControlError(f"--{option} {given[key]}: {problem}", exit_code=ExitCode.USAGE)
    return {key: given[key] for key in (*KEYS, FORCE) if key in given}
