"""What `status`, `status --check` and `doctor` say when something is not as it should be."""

from collections.abc import Mapping

import pytest

from imaginized.cli.reasons_text import why_ended_here
from imaginized.cli.troubles import attention, findings, hindrances, ranges, stops
from imaginized.cli.view import book_line, event_line, status_lines, worker_lines
from imaginized.cli.watching import Stops
from imaginized.daemon import pool as pools
from imaginized.daemon.pool import BREAKER_CRASHES, Pool, Slot
from imaginized.daemon.worker_rows import worker_rows
from imaginized.reasons import Code, Reason

WELL: Mapping[str, object] = {
    "version": "1",
    "state": "running",
    "paused": {},
    "workers": [],
    "breaker": "closed",
    "inbox": {"waiting": 0},
    "limits": [],
    "books": [],
    "problems": [],
    "paths": {"inbox": "/in"},
}
ARRIVAL = {"name": "a.epub", "reason": "the file is empty"}


def inbox(**values: object) -> Mapping[str, object]:
    return {**WELL, "inbox": values}


def shown(status: Mapping[str, object]) -> list[str]:
    """The lines between the first and the one that says where to drop books."""
    return [line.strip() for line in status_lines(status, journal="journalctl --user -u imaginized")[1:-1]]


@pytest.mark.parametrize(
    ("status", "line", "is_trouble"),
    [
        (inbox(settling=["a", "b", "c", "d", "e"]), "inbox: a, b, c and 2 more are settling", False),
        (inbox(written=["a"]), "inbox: a is still being written", False),
        (inbox(incomplete=[ARRIVAL]), "inbox: a.epub is not complete yet: the file is empty", False),
        (inbox(blocked=[ARRIVAL]), "inbox: a.epub is blocked: the file is empty", True),
        (inbox(polling=True, polling_reason="the inbox is on nfs"), "inbox: polled: the inbox is on nfs", False),
        (inbox(degraded="it is gone"), "inbox: DEGRADED: it is gone; it resumes automatically", True),
        (
            inbox(rejected={"count": 2, **ARRIVAL}),
            "inbox: 2 rejected files are in /in/.failed, each with its reason; delete or fix them; "
            "newest: a.epub: the file is empty",
            True,
        ),
        ({**WELL, "inbox": {}}, "inbox: not looked at yet", False),
        (
            {**inbox(settling=["a"]), "paused": {"disk": "no room"}},
            "inbox: a is waiting for room on the disk",
            True,
        ),
        ({**WELL, "state": "draining"}, "nothing new is begun; it stops when these steps are done.", False),
        (
            {**WELL, "breaker": "open"},
            "workers keep crashing; one is tried a minute. The log says why (systemd: `jour",
            True,
        ),
    ],
)
def test_status_says_each_trouble_and_check_knows_what_needs_a_person(
    status: Mapping[str, object], line: str, is_trouble: bool
) -> None:
    """Whatever waits or is wrong has a line with its reason; what passes by itself is nothing to be woken for."""
    assert shown(status)[-1].startswith(line)
    assert bool(attention(status)) is is_trouble


def test_a_degraded_inbox_still_tells_what_waits_in_it() -> None:
    """Trouble with one folder hides nothing of the rest."""
    status = inbox(degraded="no .failed", settling=["a"], incomplete=[ARRIVAL], blocked=[{"name": "b", "reason": "no"}])

    assert shown(status) == [
        "inbox: DEGRADED: no .failed; it resumes automatically once this is fixed",
        "inbox: a is settling",
        "inbox: a.epub is not complete yet: the file is empty",
        "inbox: b is blocked: no",
    ]


def test_the_log_of_the_systemd_that_runs_the_daemon_is_named() -> None:
    """A crash loop of a user's daemon is in the journal of that user."""
    (line,) = hindrances({**WELL, "breaker": "open"}, journal="journalctl --user -u imaginized")

    assert "`journalctl --user -u imaginized -p warning`" in line


def test_a_held_book_is_told_with_its_reason() -> None:
    """`--check` says why a book waits and what lets it go on."""
    held = {"reason": "it is dear", "until": None}
    book: Mapping[str, object] = {"book": "b-1", "phase": "held", "held": held, "failed": [], "error": None}
    later = {**book, "held": {"reason": "the day's cap", "until": "2026-01-02T00:00:00+00:00"}}

    assert attention({**WELL, "books": [book, {**book, "phase": "partial", "held": None, "failed": [2]}, later]}) == [
        "b-1 is held: it is dear; run `imaginizectl approve b-1` to continue",
        "b-1 is partial: chapter 2 failed",
        "b-1 is held until 2026-01-02 00:00:00 UTC: the day's cap; then it is retried automatically; "
        "to continue now, raise max_usd_per_day in [budget] and `imaginizectl reload`",
    ]


def test_a_cancelled_book_is_nothing_to_look_at() -> None:
    """Whoever cancelled it knows; its line says what takes it up again, once."""
    told = "cancelled; `imaginizectl retry b-1` takes it up again"
    why = {"code": "cancelled", "text": "cancelled", "advice": "`imaginizectl retry b-1` takes it up again"}
    book = {"book": "b-1", "phase": "cancelled", "progress": 0.5, "chapters": {"total": 0}, "failed": [], "error": told}
    book |= {"reason": why}

    assert attention({**WELL, "books": [book]}) == []
    assert book_line(book).endswith(f"b-1\n    {told}")
    crashed = {
        **book,
        "phase": "failed",
        "error": "no ink",
        "reason": {"code": "crashed", "text": "no ink", "advice": ""},
    }
    assert book_line(crashed).endswith("no ink; `imaginizectl retry b-1` tries again")
    locked = {**crashed, "reason": {**why, "code": "protected"}}
    assert book_line(locked).endswith("no ink")


def test_a_failure_in_the_log_says_that_it_is_tried_again() -> None:
    """What an operator need not do is said in words, too."""
    event = {"at": "now", "event": "chapter_failed", "chapter": 2, "reason": "no ink"}

    assert event_line({**event, "again": True}) == "now  chapter failed chapter 2 reason=no ink; it is tried again"
    assert event_line(event) == "now  chapter failed chapter 2 reason=no ink"


def test_every_finding_has_a_code_and_its_line() -> None:
    """What `--check` complains of has a code, the same whatever the words are."""
    held = {"reason": "it is dear", "code": "approval", "until": None}
    book: Mapping[str, object] = {"book": "b-1", "phase": "held", "held": held, "failed": [], "error": None}
    status = {
        **inbox(
            degraded="it is gone",
            degraded_code="inbox_lost",
            blocked=[{**ARRIVAL, "code": "in_use"}] * 4,
            rejected={"count": 1, **ARRIVAL, "code": "protected"},
        ),
        "breaker": "open",
        "pauses": [{"code": "provider", "text": "no key", "advice": "do"}],
        "settings": {"change": "broken", "file": "/i", "reload_reads": "/i", "read_at": "2026-01-01", "errors": ["e"]},
        "workers": [{"slot": "worker-1", "state": "stuck"}],
        "books": [book, {**book, "phase": "partial", "held": None, "failed": [2]}],
        "problem_reasons": [{"code": "lock_lost", "text": "no lock", "advice": ""}],
    }
    found = findings(status)

    assert [one.code for one in found] == [
        *(Code.PROVIDER, Code.CRASH_LOOP, Code.SETTINGS_WRONG, Code.SETTINGS_WRONG, Code.HUNG, Code.APPROVAL),
        *(Code.CHAPTERS_FAILED, Code.INBOX_LOST, *[Code.IN_USE] * 4, Code.PROTECTED, Code.LOCK_LOST),
    ]
    assert [one.text for one in found] == attention(status)


def test_what_stops_all_work_is_told_once_whatever_its_figures_do() -> None:
    """By its code: another sentence of the same is not news, another code is."""
    said: list[str] = []
    told = Stops(said.append)
    for text in ("tried 1 times", "tried: 2 times"):
        told.tell([Reason(Code.UNREACHABLE, text)])
    told.tell([Reason(Code.UNREACHABLE, "tried 3 times"), Reason(Code.OPERATOR, "tried")])

    assert said == ["tried 1 times", "tried"]
    assert told.tell([])
    assert not told.tell([])


def test_a_command_that_is_advised_is_for_the_daemon_that_is_asked() -> None:
    """A daemon of `illustrate` is found by its socket alone; what it cannot be told any more, the same command does."""
    row = {"code": "operator", "text": "since noon", "advice": "run `imaginizectl resume` to continue"}
    status = {**WELL, "pauses": [row]}

    (ours,) = stops(status, journal="less log", ctl="imaginizectl --socket /s")
    assert ours.text == "PAUSED(operator): since noon; run `imaginizectl --socket /s resume` to continue"
    cancelled = {"code": "cancelled", "text": "cancelled", "advice": "`imaginizectl retry b` takes it up again"}
    assert why_ended_here(cancelled) == "cancelled; run the same command again to continue"


@pytest.mark.parametrize(
    ("numbers", "text"), [([3], "chapter 3"), ([1, 2, 3, 7], "chapters 1-3, 7"), ([4, 2], "chapters 2, 4")]
)
def test_chapters_are_told_as_people_would(numbers: list[int], text: str) -> None:
    """Neighbours in one go, however many."""
    assert ranges(numbers) == text


def test_a_crashed_worker_says_how_it_ended_and_when_it_is_tried_again() -> None:
    """After its back-off; with the breaker open when its turn comes, for then only one a minute is."""
    pool = Pool(slots=tuple(Slot(name=f"worker-{number}") for number in range(BREAKER_CRASHES)))
    steps = []
    for slot in pool.slots:
        pool = pools.started(pool, slot.name, pid=1, now=0.0, ready_seconds=9.0)
        pool = pools.exited(pool, slot.name, now=0.0, jitter=0.0, ended="was killed by SIGKILL")
        steps.append(worker_lines({"workers": worker_rows(pool, now=0.5)})[0].partition("crashed ")[2])

    assert steps[0] == "(was killed by SIGKILL), starts again in 0.5 s"
    assert steps[-1] == "(was killed by SIGKILL), starts again when its turn comes"


@pytest.mark.parametrize(
    ("pacing", "line"),
    [
        ({"rate_limit": "paid", "batch": 5, "at_once": 3}, "paid: batches of 5 chapters, of which 3 are in work at "),
        ({"rate_limit": "paid", "batch": 5, "at_once": 5}, ""),
        ({"rate_limit": "free", "batch": 3, "at_once": 1}, ""),
        ({"rate_limit": "adaptive", "batch": None, "at_once": 3}, ""),
    ],
)
def test_status_says_that_a_batch_of_paid_is_not_in_work_at_once(pacing: Mapping[str, object], line: str) -> None:
    """Fewer workers than a batch of paid has is a person's choice; it is told with the key that changes it."""
    lines = [each for each in shown({**WELL, "pacing": pacing}) if each.startswith("paid")]

    assert [each[: len(line)] for each in lines] == ([line] if line else [])
    assert not attention({**WELL, "pacing": pacing})
