"""A few moments of the endurance run; `scripts/endure` takes as long as one likes."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from imaginized.inbox.aside import FAILED
from tests.support.dropping import LIBRARY, Drop, digest_of
from tests.support.enduring import endure
from tests.support.standing import INBOX, Standing

DROPS = 6
SECONDS = 2.0
SEED = 5
QUICK = {"provider.image": "none", "inbox.incomplete_timeout_seconds": 1.0, "inbox.reconcile_seconds": 0.5}


def test_everything_dropped_while_processes_are_killed_is_in_exactly_one_place() -> None:
    """Copied, moved, written slowly, renamed, broken: each ends where it belongs, once, whoever is killed when."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        run = endure(Path(folder), seconds=SECONDS, drops=DROPS, seed=SEED, options=QUICK, tabs=4, tell=lines.append)

    assert run.violations == []
    assert len(run.drops) == DROPS
    assert run.kills
    assert run.asked
    assert any(line.startswith("page: 4 tabs") for line in lines)


@pytest.mark.parametrize(
    ("found", "complaints"),
    [({LIBRARY: 1}, 0), ({}, 1), ({LIBRARY: 2}, 1), ({LIBRARY: 1, INBOX: 1}, 1), ({FAILED: 1}, 2)],
)
def test_what_is_lost_doubled_or_misplaced_is_noticed(tmp_path: Path, found: dict[str, int], complaints: int) -> None:
    """The run's own judgement: a book that should be in the library once."""
    file = tmp_path / "a.epub"
    file.write_bytes(b"a")
    drop = Drop(kind="cp", name="a.epub")
    drop.expect(file, LIBRARY)
    standing = Standing(Counter({(digest_of(file), place): count for place, count in found.items()}))

    assert len(list(standing.misplaced([drop]))) == complaints
