"""Which tests may be skipped where everything should run: with CI set, a skip for any other reason is a failure."""

import os
from collections.abc import Generator

import pytest

# How a reason begins. What a machine cannot give, and what only a person asks for; no more.
ALLOWED = (
    "no corpus of real books at ",  # the cut ones in tests/fixtures are read instead
    "no vectors at ",
    "this kernel has no Landlock",
    "llmock is not in ",
    "aimock is not in ",
    "r2-opds-js or opds-ts is missing",
    "palace-webpub-manifest-parser is missing",
    "optional and slow: ",
    "no machine can be booted: ",
    "no browser: ",
    "only root ",
    "needs root and time namespaces",
    "mounting a tmpfs is not permitted here",
    "user namespaces are not permitted here",
    "dropping root's rights is not permitted here",
    "no groff here",
    "promtool is not installed",
    "Calibre is not installed",
    "no openssl to make a certificate with",
    "systemd-analyze is not installed",
    "systemd-sysusers is not installed",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and "CI" in os.environ and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(ALLOWED):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped: {reason!r} is not in tests/support/skipping.py"
    return report
