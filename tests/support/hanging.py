"""Ends a test that hangs, and only it: the timer that pytest-timeout would set, kept to where a test's own code runs.

pytest-timeout raises pytest's Failed wherever its one alarm comes. In a plugin's hook that ends the whole session (an
old-style one such as hypothesis' warns of it, and warnings are errors); and hypothesis takes it for a failing example,
which it tries again, without an alarm, for ever.
"""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from pytest_timeout import Settings, dump_stacks  # type: ignore[import-untyped]

REPEAT_SECONDS = 2.0


class Hung(BaseException):
    """It took too long. No Exception: neither hypothesis nor a loop of ours may catch it and go on."""


_phases: list[str] = []  # not empty while a test's own code runs


def _enter(item: pytest.Item, phase: str) -> Iterator[None]:
    _phases.append(f"{item.nodeid}, {phase}")
    try:
        return (yield)
    finally:
        _phases.clear()


# The innermost of all wrappers: within it is nothing but fixtures and the test.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    return (yield from _enter(item, "setup"))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    return (yield from _enter(item, "call"))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    return (yield from _enter(item, "teardown"))


def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> bool:
    """Set it; true, so that pytest-timeout sets none of its own."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        if _phases:
            dump_stacks(item.config.get_terminal_writer())
            raise Hung(f"over {settings.timeout:g} s: {_phases[0]}")

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, settings.timeout, REPEAT_SECONDS)
    return True


def pytest_timeout_cancel_timer() -> bool:
    """Take it back; true, as above."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _phases.clear()
    return True
