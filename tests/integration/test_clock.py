"""The machine's clocks."""

import subprocess
import sys

import pytest

from imaginized.clock import SystemClock

# A namespace whose boot is so much longer ago, of which its monotonic clock knows nothing: as after a suspend of 8 h.
SUSPENDED = ("unshare", "--time", "--boottime", "28800", "--fork")
READ = "from imaginized.clock import SystemClock; print(SystemClock().monotonic())"
can_suspend = subprocess.run([*SUSPENDED, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_suspend, reason="needs root and time namespaces")
def test_f27_deadlines_do_not_count_a_suspend() -> None:
    """The clock that every beat, deadline, age and back-off runs on stands still while the machine sleeps."""
    before = SystemClock().monotonic()
    told = subprocess.run([*SUSPENDED, sys.executable, "-c", READ], capture_output=True, text=True, check=True)

    assert before < float(told.stdout) < SystemClock().monotonic()
