from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.inbox.arrivals import Arrivals, Finding, Kind, NameKind, Sighting, State, judge_name
from imaginized.inbox.folder import find_mount, look
from imaginized.reasons import Code, Reason

SETTLE = 2.0
WHOLE = Finding(state="whole")
INCOMPLETE = Finding(state="incomplete", reason=Reason(Code.INCOMPLETE, "the end of the zip file is missing"))


def arrivals() -> Arrivals:
    return Arrivals(settle_seconds=SETTLE, retry_seconds=60.0, incomplete_timeout_seconds=3600.0)


def sighting(key: str = "hobbit.epub", *, size: int = 100, mtime_ns: int = 1, inode: int = 7) -> Sighting:
    return Sighting(key=key, size=size, mtime_ns=mtime_ns, inode=inode, dev=1, kind=Kind.FILE)


def test_f01_slow_copy_is_due_only_once_it_was_quiet_for_the_settle_time() -> None:
    """F01: chunks with stalls of 1.9 s never make a file due; 2 s after the last byte it is."""
    inbox = arrivals()
    for chunk in range(5):
        inbox.observe([sighting(size=chunk, mtime_ns=chunk)], now=chunk * 1.9)
        assert not inbox.due(now=chunk * 1.9 + 1.89)
    last = 4 * 1.9

    assert not inbox.due(now=last + SETTLE - 0.01)
    assert inbox.due(now=last + SETTLE) == [sighting(size=4, mtime_ns=4)]
    assert inbox.next_due_at() == last + SETTLE


def test_f02_preallocated_file_waits_visibly_until_its_structure_is_complete() -> None:
    """F02: quiet but incomplete keeps waiting; when it changes it settles anew and is admitted."""
    inbox = arrivals()
    empty, filled = sighting(mtime_ns=1), sighting(mtime_ns=2)
    inbox.observe([empty], now=0.0)
    first = inbox.judge(empty, INCOMPLETE, now=2.0)
    shown = [one.sighting for one in inbox.waiting(State.INCOMPLETE)]
    inbox.observe([filled], now=30.0)

    assert (first.action, first.reason) == ("wait", INCOMPLETE.reason)
    assert shown == [empty]
    assert inbox.due(now=31.9) == []
    assert inbox.due(now=32.0) == [filled]
    assert inbox.judge(filled, WHOLE, now=32.0).action == "admit"


def test_f03_reopened_and_appended_file_is_one_arrival_and_truncated_after_the_timeout() -> None:
    """F03: appending every 4 s is one arrival; the timeout counts from the last byte, then it is truncated."""
    inbox = arrivals()
    seen = []
    for turn in range(10):
        now = turn * 4.0
        grown = sighting(size=turn, mtime_ns=turn)
        seen += inbox.observe([grown], now=now).seen
        inbox.judge(grown, INCOMPLETE, now=now + SETTLE)
    last = 36.0
    waits = inbox.judge(grown, INCOMPLETE, now=last + 3599.0)
    ends = inbox.judge(grown, INCOMPLETE, now=last + 3600.0)

    assert len(seen) == 1
    assert waits.action == "wait"
    assert inbox.next_due_at() == last + 3600.0
    assert ends.action == "reject"
    assert ends.reason is not None and ends.reason.code is Code.TRUNCATED
    assert "truncated" in ends.reason.text
    assert ends.reason.advice


@pytest.mark.parametrize(
    "name",
    [
        "hobbit.epub.crdownload",
        "hobbit.epub.part",
        "hobbit.partial",
        "hobbit.epub.tmp",
        "hobbit.epub.download",
        "hobbit.epub.filepart",
        "hobbit.epub.opdownload",
        ".hobbit.epub.AbC123",
        ".syncthing.hobbit.epub.tmp",
        "~syncthing~hobbit.epub.tmp",
        "~syncthing~hobbit.epub",
        "._hobbit.epub",
        ".~lock.hobbit.epub#",
        "~$hobbit.epub",
        ".epub",
    ],
)
def test_f04_temporary_name_is_never_tracked(name: str) -> None:
    """F04: names that programs give to half-made files are not seen, not counted and never due."""
    inbox = arrivals()
    changes = inbox.observe([sighting(name)], now=0.0)

    assert judge_name(name) is NameKind.TEMPORARY
    assert (changes.seen, inbox.due(now=9e9), inbox.ignored) == ([], [], 0)


def test_f04_final_name_after_a_temporary_one_is_due_once() -> None:
    """F04: the rename to the final name is an arrival of its own, which settles and is then gone for good."""
    inbox = arrivals()
    inbox.observe([sighting("hobbit.epub.part")], now=0.0)
    changes = inbox.observe([sighting()], now=100.0)
    early, due = inbox.due(now=101.0), inbox.due(now=102.0)
    inbox.forget(sighting())

    assert (changes.seen, changes.vanished) == ([sighting()], [])
    assert (early, due) == ([], [sighting()])
    assert inbox.due(now=9e9) == []


def test_f05_deleted_or_renamed_while_settling_vanishes_without_error() -> None:
    """F05: what is gone is reported once and never due; a verdict that comes too late changes nothing."""
    inbox = arrivals()
    inbox.observe([sighting("old.epub")], now=0.0)
    changes = inbox.observe([sighting("new.epub")], now=1.0)
    late = inbox.judge(sighting("old.epub"), WHOLE, now=2.0)

    assert changes.vanished == [sighting("old.epub")]
    assert changes.seen == [sighting("new.epub")]
    assert (late.action, late.is_news) == ("wait", False)
    assert inbox.due(now=2.0) == []
    assert inbox.due(now=3.0) == [sighting("new.epub")]


@pytest.mark.parametrize("mtime_ns", [0, -(10**18), 10**20])
def test_backdated_mtime_does_not_shorten_or_stretch_the_settle_time(mtime_ns: int) -> None:
    """Quiet time counts from what we saw, not from what the file claims about itself."""
    inbox = arrivals()
    old = sighting(mtime_ns=mtime_ns)
    inbox.observe([old], now=10.0)

    assert inbox.due(now=11.9) == []
    assert inbox.due(now=12.0) == [old]


def test_event_restarts_the_clock_of_an_unchanged_file() -> None:
    """An event about a file counts as a change even where size and mtime are the same."""
    inbox = arrivals()
    inbox.observe([sighting()], now=0.0)
    inbox.observe([sighting()], now=1.5, touched={"hobbit.epub"})

    assert inbox.due(now=3.4) == []
    assert inbox.due(now=3.5) == [sighting()]


def test_file_that_is_open_for_writing_is_asked_for_again_after_the_settle_time() -> None:
    """A writer postpones, visibly, and is told once."""
    inbox = arrivals()
    inbox.observe([sighting()], now=0.0)
    written = Finding(state="written", reason=Reason(Code.IN_USE, "a program has it open"))
    first = inbox.judge(sighting(), written, now=2.0)
    second = inbox.judge(sighting(), written, now=4.0)

    assert (first.action, first.is_news, second.is_news) == ("wait", True, False)
    assert [one.sighting for one in inbox.waiting(State.WRITTEN)] == [sighting()]
    assert inbox.next_due_at() == 6.0


def test_f16_blocked_file_is_retried_at_the_reconcile_pace_and_told_once_a_reason() -> None:
    """F16: no loop and no repetition; a new reason is news again, settling anew is not."""
    inbox = arrivals()
    inbox.observe([sighting()], now=0.0)
    refused = Finding(state="blocked", reason=Reason(Code.NO_ACCESS, "Permission denied"))
    full = Finding(state="blocked", reason=Reason(Code.DISK, "No space left on device"))
    first = inbox.judge(sighting(), refused, now=2.0)
    due_at = inbox.next_due_at()
    inbox.observe([sighting()], now=70.0, touched={"hobbit.epub"})
    again = inbox.judge(sighting(), refused, now=72.0)
    other = inbox.judge(sighting(), full, now=140.0)

    assert due_at == 62.0
    assert (first.is_news, again.is_news, other.is_news) == (True, False, True)


def test_changed_file_is_treated_as_just_arrived() -> None:
    """What changed between the look and the admission settles anew."""
    inbox = arrivals()
    inbox.observe([sighting()], now=0.0)
    inbox.restart(sighting(), now=2.0)

    assert inbox.due(now=3.9) == []
    assert inbox.due(now=4.0) == [sighting()]


def test_unknown_files_are_left_alone_and_counted() -> None:
    """What no stage could read is no arrival, but its number is shown; EPUB and PDF are, in any case."""
    inbox = arrivals()
    changes = inbox.observe(
        [sighting("notes.txt"), sighting("cover.JPG"), sighting("b.PDF"), sighting("A.EPUB")], now=0
    )

    assert inbox.ignored == 2
    assert [one.key for one in changes.seen] == ["b.PDF", "A.EPUB"]


@given(
    changes=st.lists(st.tuples(st.floats(0.01, 5.0), st.booleans(), st.booleans()), min_size=1, max_size=30),
)
def test_nothing_is_ever_due_before_it_was_quiet_for_the_settle_time(changes: list[tuple[float, bool, bool]]) -> None:
    """Whatever changes when, an arrival is due exactly when its last change or event is the settle time ago."""
    inbox = arrivals()
    now, quiet_since, seen = 0.0, 0.0, sighting()
    inbox.observe([seen], now=now)
    for pause, is_changed, is_touched in changes:
        now += pause
        if is_changed:
            seen = replace(seen, size=seen.size + 1)
        inbox.observe([seen], now=now, touched={seen.key} if is_touched else ())
        quiet_since = now if is_changed or is_touched else quiet_since

        assert bool(inbox.due(now=now)) == (now >= quiet_since + SETTLE)


def test_look_finds_books_in_plain_subfolders_only(tmp_path: Path) -> None:
    """F13: nested folders are walked; hidden and temporary ones are not; links are seen but not followed."""
    for folder in ("fantasy/old", ".failed", "x.download", "bundle.epub/OEBPS"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.epub").write_bytes(b"PK")
    (tmp_path / "link").symlink_to(tmp_path / "fantasy")
    seen = {one.key: one.kind for one in look(tmp_path).sightings}

    assert seen == {"fantasy/old/a.epub": Kind.FILE, "bundle.epub": Kind.FOLDER, "link": Kind.SYMLINK}


def test_folder_that_looks_like_a_book_changes_while_it_is_copied(tmp_path: Path) -> None:
    """A bundle that still grows deep inside is not quiet."""
    inner = tmp_path / "bundle.epub" / "OEBPS"
    inner.mkdir(parents=True)
    (inner / "a.xhtml").write_bytes(b"a")
    before = look(tmp_path).sightings
    with (inner / "a.xhtml").open("ab") as file:
        file.write(b"more")

    assert look(tmp_path).sightings != before


MOUNTS = r"""21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:25 / /mnt/my\040nas rw - nfs4 nas:/books rw
31 21 0:26 / /mnt rw - tmpfs tmpfs rw
32 21 0:27 / /home/me/cloud rw - fuse.rclone remote: rw
33 21 0:28 / /auto rw - autofs systemd-1 rw
34 33 0:29 / /auto rw - cifs //nas/x rw"""


@pytest.mark.parametrize(
    ("path", "point", "kind", "is_remote"),
    [
        ("/srv/inbox", "/", "ext4", False),
        ("/mnt/my nas/inbox", "/mnt/my nas", "nfs4", True),
        ("/mnt/my nassau", "/mnt", "tmpfs", False),
        ("/home/me/cloud", "/home/me/cloud", "fuse.rclone", True),
        ("/auto/inbox", "/auto", "cifs", True),
    ],
)
def test_f11_the_file_system_decides_whether_events_can_be_trusted(
    path: str, point: str, kind: str, is_remote: bool
) -> None:
    """F11: the deepest mount counts, the last one on a point; network and FUSE are remote."""
    mount = find_mount(Path(path), table=MOUNTS)

    assert (mount.point, mount.type, mount.is_remote) == (Path(point), kind, is_remote)
