"""Check every manifest that is left behind, and set up hypothesis: bounded, the same examples every time in CI.

A failing example is printed as it was found; `--hypothesis-profile=explore --timeout=0` looks further and shrinks it.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# What is imported here and named pytest_… is a hook.
from tests.support.hanging import (  # noqa: F401
    pytest_runtest_call,
    pytest_runtest_setup,
    pytest_runtest_teardown,
    pytest_timeout_cancel_timer,
    pytest_timeout_set_timer,
)
from tests.support.schema import check_manifests
from tests.support.skipping import pytest_runtest_makereport  # noqa: F401

FOUND = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking takes longer than a test may

settings.register_profile("imaginized", deadline=None, max_examples=60, stateful_step_count=40, phases=FOUND)
settings.register_profile("imaginized-ci", settings.get_profile("imaginized"), derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=3000, stateful_step_count=60)
# A shell that begins the tests in the background has Ctrl-C ignored, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["IMAGINIZED_CONFIG"] = os.devnull  # no test reads the settings of whoever runs it, or of the machine

settings.load_profile("imaginized-ci" if "CI" in os.environ else "imaginized")


@pytest.fixture(autouse=True)
def _manifests_fit_the_schema(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every manifest that a test leaves in its folder is one by the schema that we ship."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        check_manifests(folder)
