"""Which stages a worker may claim while a use, an account, or nothing is paused."""

from pathlib import Path

import pytest

from imaginized.clock import ManualClock
from imaginized.control.pausing import are_all_stuck, refused_text
from imaginized.control.reporting import limit_rows
from imaginized.limits.gate import NO_LIMITS
from imaginized.limits.limiter import Limiter
from imaginized.providers.keys import account_of, lane_of, use_of
from imaginized.queue.manifest import Stage, Task
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.work.reach import Reach

URL = "https://api.example.com/v1"
ACCOUNT = account_of(URL, None)


def settings(folder: Path, *, text: str = "openai", image: str = "openai") -> Settings:
    given = {"provider.text": text, "provider.image": image, "openai.base_url": URL}
    given |= {"openai.text_model": "reader", "openai.image_model": "painter"}
    return load_settings(None, environment={"HOME": str(folder)}, overrides=given)


@pytest.fixture
def limiter(tmp_path: Path) -> Limiter:
    path = tmp_path / "limits.db"
    return Limiter(path, clock=ManualClock(), is_alive=lambda _owner: True, owner="worker-1", boot="boot")


@pytest.mark.parametrize(
    ("key", "open_stages"),
    [
        (lane_of(ACCOUNT, "image"), {Stage.ANALYZE}),
        (lane_of(ACCOUNT, "text"), {Stage.ILLUSTRATE}),
        (ACCOUNT, set()),
        (account_of(URL, None) + "0", {Stage.ANALYZE, Stage.ILLUSTRATE}),
    ],
    ids=["pictures", "texts", "all", "another"],
)
def test_what_is_paused_is_claimed_by_nobody(limiter: Limiter, key: str, open_stages: set[Stage]) -> None:
    """The rest is open, and everything is once a person resumes."""
    reach = Reach(gate=limiter, accounts={Stage.ANALYZE: ACCOUNT, Stage.ILLUSTRATE: ACCOUNT})
    asking = [Task(stage=stage, chapter=1) for stage in (Stage.ANALYZE, Stage.ILLUSTRATE)]
    limiter.pause(key, "no")
    reach.look()
    before = {task.stage for task in asking if reach.is_open("book", task)}
    silent = reach.endpoints()
    limiter.resume()
    reach.look()

    assert before == open_stages
    assert silent == []  # it can be reached
    assert all(reach.is_open("book", task) for task in asking)
    assert reach.is_open("book", Task(stage=Stage.COMPILE, chapter=None))


def test_a_person_is_told_what_waits_and_what_continues(limiter: Limiter, tmp_path: Path) -> None:
    """Nothing of the other where both wait; and all work is paused only where each use is."""
    told, stuck = {}, {}
    lanes = {"pictures": lane_of(ACCOUNT, "image"), "texts": lane_of(ACCOUNT, "text"), "all": ACCOUNT}
    for name, key in lanes.items():
        limiter.pause(key, "it refuses")
        standings = limiter.standings()
        told[name] = refused_text(settings(tmp_path), standings)
        stuck[name] = are_all_stuck(settings(tmp_path), standings)
        limiter.resume()
    limiter.pause(lanes["pictures"], "it refuses")
    own = are_all_stuck(settings(tmp_path, text="builtin"), limiter.standings())
    none = are_all_stuck(settings(tmp_path, image="none"), limiter.standings())

    assert told == {
        "pictures": "drawing pictures is paused, reading chapters continues: it refuses",
        "texts": "reading chapters is paused, drawing pictures continues: it refuses",
        "all": "it refuses",
    }
    assert stuck == {"pictures": False, "texts": False, "all": True}
    assert (own, none) == (False, False)
    assert [use_of(key) for key in lanes.values()] == ["image", "text", None]


def test_an_endpoint_has_one_row_whatever_of_it_is_paused(limiter: Limiter) -> None:
    """Metrics take no two rows of one name; the row says all that waits."""
    with limiter.permit(ACCOUNT, NO_LIMITS, wait=lambda _seconds: None):
        pass
    limiter.pause(lane_of(ACCOUNT, "image"), "no pictures")
    limiter.pause(lane_of(ACCOUNT, "text"), "no texts")
    limiter.pause(lane_of(account_of("https://other.example.com", None), "image"), "none")
    rows = limit_rows(limiter.standings())

    assert {row["endpoint"]: row["paused"] for row in rows} == {
        URL: "no pictures; no texts",
        "https://other.example.com": "none",
    }
    assert len(rows) == 2
    assert {row["endpoint"]: row["requests_today"] for row in rows}[URL] == 1
