"""What one bad test may do to a run of all: a hang ends that test alone; a skip not on our list fails in CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOOKS = """
import time, pytest
from tests.support.hanging import *
from tests.support.skipping import *

class OldStyle:
    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        yield
        if "hook" in item.name:
            time.sleep(1.5)

def pytest_configure(config):
    config.pluginmanager.register(OldStyle())
"""
HANGING = """
import threading, time, pytest
from hypothesis import given, settings, strategies as st

FOREVER = threading.Event()

def test_hangs():
    FOREVER.wait(DEADLINE_SECONDS)

@pytest.fixture
def stuck():
    FOREVER.wait(DEADLINE_SECONDS)

def test_its_fixture_hangs(stuck):
    pass

@given(st.integers())
@settings(deadline=None)
def test_each_example_hangs(number):
    FOREVER.wait(DEADLINE_SECONDS)

def test_the_alarm_comes_in_a_hook():
    pass

def test_after_them_is_run():
    pass
"""
SKIPPING = """
import pytest
from tests.support.waiting import DEADLINE_SECONDS

def test_without_a_reason_that_we_know():
    pytest.skip("it rains")

def test_with_one():
    pytest.skip("no groff here")

@pytest.mark.skipif(True, reason="it rains")
def test_marked():
    pass
"""


def outcomes(folder: Path, test: str, *, hooks: str = HOOKS, ci: bool = True) -> str:
    """What pytest says of such a file, warnings being errors and a second the most that a test may take."""
    (folder / "conftest.py").write_text(hooks)
    (folder / "test_sample.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\ntimeout = 1\n")
    environment = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"CI": "true"} if ci else {})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "--tb=short",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    ended = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, timeout=100, env=environment, cwd=folder
    )
    return ended.stdout + ended.stderr


def ways(told: str) -> dict[str, str]:
    return dict(re.findall(r"^test_sample\.py::(\w+) (PASSED|FAILED|SKIPPED|ERROR)", told, re.MULTILINE))


def test_a_hang_fails_its_test_and_the_rest_is_run(tmp_path: Path) -> None:
    """Wherever the alarm comes, in a test, a fixture, every example of hypothesis or a plugin, the session goes on."""
    told = outcomes(tmp_path, HANGING)

    assert "INTERNALERROR" not in told
    assert ways(told) == {
        "test_hangs": "FAILED",
        "test_its_fixture_hangs": "ERROR",
        "test_each_example_hangs": "FAILED",
        "test_the_alarm_comes_in_a_hook": "PASSED",
        "test_after_them_is_run": "PASSED",
    }, told


@pytest.mark.parametrize("ci", [True, False])
def test_an_unexpected_skip_fails_in_ci_only(tmp_path: Path, ci: bool) -> None:
    """With CI set only the reasons on our list are none of a failure; a person's own run is not disturbed."""
    told = outcomes(tmp_path, SKIPPING, ci=ci)

    unexpected = "FAILED" if ci else "SKIPPED"
    assert ways(told) == {
        "test_without_a_reason_that_we_know": unexpected,
        "test_with_one": "SKIPPED",
        "test_marked": "ERROR" if ci else "SKIPPED",
    }, told
