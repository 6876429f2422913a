"""Streams of events: what was missed is told, once, in order; what cannot be told is a gap. By a server of its own."""

import base64
import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from imaginized.cli.watching import Waking
from imaginized.control.client import Client, events
from imaginized.control.cursor import Reached, cursor_of, key_of, packed
from imaginized.control.protocol import SUBSCRIBE, Since
from imaginized.control.streams import MAX_STREAMS
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.change import Change
from imaginized.queue.codec import decode, encode
from imaginized.queue.events import Happening
from imaginized.store.eventlog import Extent
from imaginized.store.identity import IDENTITY, identity_of
from imaginized.store.index import card_of
from imaginized.store.library import Library
from tests.support.manifests import EPOCH
from tests.support.streaming import (
    BOOK,
    OTHER,
    Serving,
    copied,
    gaps,
    happen,
    in_logs,
    new_library,
    numbers,
    put,
    raw,
    subscribing,
)
from tests.support.waiting import DEADLINE_SECONDS, eventually


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with two books."""
    return new_library(tmp_path / "library")


@pytest.fixture
def serving(library: Library, tmp_path: Path) -> Serving:
    """A server on it, which does not run yet."""
    return Serving(library, tmp_path / "s")


def cut_front(library: Library, book: str, *, lines: int) -> None:
    """Trim a log as a program that rotates logs does: the oldest lines go."""
    path = library.files(book).events
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[lines:]))


def rewrite(library: Library, book: str, lines: Sequence[bytes]) -> None:
    """Put other lines into a log, and have the manifest vouch for all of them."""
    files = library.files(book)
    files.events.write_bytes(b"".join(line + b"\n" for line in lines))
    manifest = replace(decode(files.manifest.read_bytes()), event_bytes=files.events.stat().st_size)
    files.manifest.write_bytes(encode(manifest))


def test_every_cursor_leads_to_exactly_what_came_after_it(library: Library, serving: Serving) -> None:
    """Whichever message was the last that a client got: the next one is the next, none is missing and none comes twice.

    Also after a restart, with a book that came meanwhile.
    """
    with serving:
        start = serving.now()
        for _ in range(3):
            happen(library, BOOK, times=2)
            happen(library, OTHER)
        told = serving.told(since=start, count=9)
    put(library, "new-22222222")
    happen(library, "new-22222222", times=2)
    with serving:
        rest = [serving.told(since=one.cursor, count=10 - n) for n, one in enumerate(told)]

    assert sorted(numbers(told)) == sorted(in_logs(library))[:9]
    assert [n for book, n in numbers(told) if book == BOOK] == list(range(1, 7))
    for n, found in enumerate(rest, 1):
        assert sorted(numbers(told)[:n] + numbers(found)) == sorted(in_logs(library))
        assert gaps(found) == []


def test_without_a_cursor_it_begins_now(library: Library, serving: Serving) -> None:
    """What happened before is not told; what happens after the answer is, with all that is known of it."""
    happen(library, times=4)
    with serving:
        stream = events(serving.socket)
        next(stream)
        happen(library)
        told = next(stream).event

    assert told is not None
    assert (told["book"], told["number"], told["event"], told["reason"]) == (
        BOOK,
        5,
        "book_held",
        "waits for another day",
    )
    assert told["code"] == "day_budget"


def test_what_is_written_behind_the_true_part_is_not_told(library: Library, serving: Serving) -> None:
    """A line whose change never came to be is not there; the one that takes its number is told."""
    happen(library)
    with serving:
        start = serving.now()
        with library.files(BOOK).events.open("ab") as log:
            log.write(b'{"number": 2, "at": "2026-01-01T00:00:00Z", "event": "book_approved"}\n{"numb')
        happen(library, OTHER)
        first = serving.told(since=start, count=1)
        happen(library)
        second = serving.told(since=first[-1].cursor, count=1)

    assert numbers(first) == [(OTHER, 1)]
    assert [one.event["event"] for one in second if one.event] == ["book_resumed"]


def test_trimmed_logs_are_one_gap(library: Library, serving: Serving) -> None:
    """One message tells what is missing of all books, and comes once; who has read beyond that misses nothing."""
    with serving:
        start = serving.now()
        happen(library, BOOK, times=9)
        happen(library, OTHER, times=5)
        whole = serving.told(since=start, count=14)
        cut_front(library, BOOK, lines=6)
        cut_front(library, OTHER, lines=2)
        behind = serving.told(since=start, count=7)
        after_gap = serving.told(since=behind[0].cursor, count=6)
        abreast = serving.told(since=whole[-1].cursor, count=0)
        happen(library, BOOK)
        further = serving.told(since=whole[-1].cursor, count=1)

    assert gaps(behind) == [[(BOOK, "lost", 1, 6), (OTHER, "lost", 1, 2)]]
    assert behind[0].gap is not None
    assert sorted(numbers(behind)) == [(BOOK, 7), (BOOK, 8), (BOOK, 9), (OTHER, 3), (OTHER, 4), (OTHER, 5)]
    assert after_gap == behind[1:]
    assert abreast == []
    assert (numbers(further), gaps(further)) == ([(BOOK, 10)], [])


@pytest.mark.parametrize("trimmed", ["front", "all", "end", "gone"])
def test_a_log_that_is_trimmed_under_a_stream_tells_what_comes_after(
    library: Library, serving: Serving, trimmed: str
) -> None:
    """Who has had everything is told no gap for what was taken away, unless it was not told yet."""
    happen(library, times=5)
    path = library.files(BOOK).events
    with serving:
        stream = events(serving.socket)
        next(stream)
        happen(library)
        before = next(stream)
        size = path.stat().st_size
        if trimmed == "front":
            cut_front(library, BOOK, lines=3)
        elif trimmed == "gone":
            path.unlink()
        else:
            os.truncate(path, 0 if trimmed == "all" else size - 30)
        happen(library)
        after = next(stream)

    assert before.event is not None and before.event["number"] == 6
    assert after.gap is None
    assert after.event is not None and after.event["number"] == 7


def test_what_a_power_cut_took_is_a_gap_and_its_own_event(library: Library, serving: Serving) -> None:
    """Lines that did not reach the disk are told as missing to who has not had them."""
    with serving:
        start = serving.now()
        happen(library, times=3)
        path = library.files(BOOK).events
        os.truncate(path, len(path.read_bytes().splitlines(keepends=True)[0]) + 7)
        early = serving.told(since=start, count=2)
        happen(library)
        late = serving.told(since=start, count=4)

    assert (numbers(early), gaps(early)) == ([(BOOK, 1)], [[(BOOK, "lost", 2, 3)]])
    assert (numbers(late), gaps(late)) == ([(BOOK, 1), (BOOK, 4), (BOOK, 5)], [[(BOOK, "lost", 2, 3)]])
    assert [one.event["event"] for one in late if one.event] == ["book_held", "events_lost", "book_resumed"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x00" * 500,
        b"null",
        b"[" * 100_000,
        b'{"number": true, "at": "2026-01-01T00:00:00Z", "event": "book_held"}',
        b'{"number": 3, "at": "yesterday", "event": "book_held"}',
        b'{"number": 3, "at": "2026-01-01T00:00:00Z", "event": "book_flown"}',
        b'{"number": 3, "at": "2026-01-01T00:00:00Z", "event": "book_held", "details": {"x": NaN}}',
        b'{"number": 3, "at": "2026-01-01T00:00:00Z", "event": "book_held", "chapter": {}}',
        b'{"number": 3, "at": "0001-01-01T00:00:00+14:00", "event": "book_held"}',
        b'{"number": 1' + b"0" * 300 + b', "at": "2026-01-01T00:00:00Z", "event": "book_held"}',
        b'{"number": -3, "at": "2026-01-01T00:00:00Z", "event": "book_held"}',
        b'{"number": 9, "at": "2026-01-01T00:00:00Z", "event": "book_held"}',
        b'{"number": 1, "at": "2026-01-01T00:00:00Z", "event": "book_held"}',
        b"x" * 700_000,
        b"\xff\xfe\r\r",
    ],
    ids=lambda line: repr(line[:24]),
)
def test_a_line_that_cannot_be_read_is_a_gap(library: Library, serving: Serving, line: bytes) -> None:
    """Whatever stands in its place; the lines before and after it are told."""
    with serving:
        start = serving.now()
        happen(library, times=5)
        lines = library.files(BOOK).events.read_bytes().splitlines()
        rewrite(library, BOOK, [*lines[:2], line, *lines[3:]])
        told = serving.told(since=start, count=5)

    assert (numbers(told), gaps(told)) == ([(BOOK, 1), (BOOK, 2), (BOOK, 4), (BOOK, 5)], [[(BOOK, "lost", 3, 3)]])


def test_a_moment_without_a_zone_is_told(library: Library, serving: Serving) -> None:
    """A line that another program wrote is compared with those of other books by its time."""
    with serving:
        start = serving.now()
        happen(library)
        happen(library, OTHER)
        path = library.files(BOOK).events
        line = json.loads(path.read_bytes())
        path.write_text(json.dumps({**line, "at": "2026-01-01T00:00:00"}) + "\n")
        told = serving.told(since=start, count=2)

    assert sorted(numbers(told)) == [(BOOK, 1), (OTHER, 1)]


ODD_DETAILS = (
    b'{"x": 1e999}',
    b'{"x": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"x": "\\ud800"}',
    b'{"\\ud800": {}}',
    b"[]",
    b"7",
)


@pytest.mark.parametrize("details", ODD_DETAILS, ids=lambda details: repr(details[:24]))
def test_odd_details_are_told_as_json_or_not_at_all(library: Library, serving: Serving, details: bytes) -> None:
    """What somebody wrote into a log never ends a stream, nor makes a message that is no JSON."""
    with serving:
        start = serving.now()
        happen(library, times=2)
        first, second = library.files(BOOK).events.read_bytes().splitlines()
        rewrite(library, BOOK, [first, second.removesuffix(b"}") + b', "details": ' + details + b"}"])
        told = serving.told(since=start, count=2)

    assert numbers(told) == [(BOOK, 1), (BOOK, 2)]


def test_a_folder_whose_name_is_no_text_is_told(library: Library, serving: Serving) -> None:
    """A person may call a book's folder what he likes, in any bytes."""
    name = os.fsdecode(b"\xff\xfe-\n-33333333")
    with serving:
        start = serving.now()
        put(library, "c-book-33333333")
        happen(library, "c-book-33333333")
        library.files("c-book-33333333").root.rename(library.root / name)
        told = [one for one in serving.told(since=start, count=1) if one.event and one.event["book"] == name]
        again = serving.told(since=told[-1].cursor, count=0)

    assert numbers(told) == [(name, 1)]
    assert again == []


@pytest.mark.parametrize("plant", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_in_a_log_s_place_is_a_gap(
    library: Library, serving: Serving, plant: Callable[[Path], None]
) -> None:
    """A pipe, a folder, a link to what never ends: neither opened nor waited for."""
    with serving:
        start = serving.now()
        happen(library, times=2)
        library.files(BOOK).events.unlink()
        plant(library.files(BOOK).events)
        told = serving.told(since=start, count=1)

    assert gaps(told) == [[(BOOK, "lost", 1, 2)]]


def test_a_book_that_is_removed_is_a_gap_and_goes_on_when_it_is_back(
    library: Library, serving: Serving, tmp_path: Path
) -> None:
    """That it is gone is told once; once it is back, what it has had is not told again."""
    happen(library, times=3)
    folder, elsewhere = library.files(BOOK).root, tmp_path / "elsewhere"
    with serving:
        stream = events(serving.socket)
        start = next(stream).cursor
        folder.rename(elsewhere)
        gone = next(stream)
    with serving:
        unseen = serving.told(since=start, count=1)
        again = serving.told(since=gone.cursor, count=0)
        elsewhere.rename(folder)
        happen(library)
        back = serving.told(since=gone.cursor, count=1)

    assert gaps([gone]) == [[(BOOK, "removed", 4, None)]]
    assert gaps(unseen) == [[(None, "removed", 4, None)]]
    assert again == []
    assert (numbers(back), gaps(back)) == ([(BOOK, 4)], [])


def test_an_index_that_lacks_books_takes_none_from_a_stream(library: Library, serving: Serving) -> None:
    """Lost, made anew and empty, or whole and wrong, under a stream or before it: what is there is not told as gone."""
    happen(library, times=3)
    library.index.begin()
    with serving:
        stream = events(serving.socket)
        start = next(stream).cursor
        library.index.note_whole()
        library.index.put([card_of(library.read(OTHER), book=OTHER)])
        library.index.forget([OTHER])
        happen(library)
        told = [next(stream)]
    with serving:
        happen(library)
        again = serving.told(since=start, count=2)

    assert (numbers(told), gaps(told)) == ([(BOOK, 4)], [])
    assert (numbers(again), gaps(again)) == ([(BOOK, 4), (BOOK, 5)], [])


def test_a_book_that_is_admitted_again_is_told_from_its_beginning(library: Library, serving: Serving) -> None:
    """It has the id of before and another log; the place in the old one is none in that."""
    happen(library, times=3)
    with serving:
        start = serving.now()
        shutil.rmtree(library.files(BOOK).root)
        put(library, BOOK, created_at=EPOCH + timedelta(days=1))
        happen(library, times=5)
        told = serving.told(since=start, count=6)

    assert gaps(told) == [[(None, "removed", 4, None)]]
    assert numbers(told) == [(BOOK, number) for number in range(1, 6)]


@pytest.mark.parametrize("more", [0, 1, 4, 9])
def test_a_copy_of_before_that_was_put_back_is_a_gap(
    library: Library, serving: Serving, tmp_path: Path, more: int
) -> None:
    """However far the log has come since: what it had under the same numbers is not told, and that is said."""
    happen(library, times=3)
    copied(library, BOOK, tmp_path / "copy")
    with serving:
        changed = Happening(name="book_changed", details={"profile": "x" * 50})
        library.update(BOOK, lambda manifest: Change(replace(manifest), (changed,)))
        happen(library, times=4)
        start = serving.now()
        shutil.rmtree(library.files(BOOK).root)
        (tmp_path / "copy").rename(library.files(BOOK).root)
        happen(library, times=more)
        told = serving.told(since=start, count=1)
        happen(library)
        further = serving.told(since=told[-1].cursor, count=1)

    assert [gap[0][:2] for gap in gaps(told)] == [(BOOK, "rewound")]
    assert numbers(told) == [(BOOK, number) for number in range(9, 4 + more)]
    assert (numbers(further), gaps(further)) == ([(BOOK, 4 + more)], [])


def test_a_program_that_drops_our_counts_makes_no_gap(library: Library, serving: Serving) -> None:
    """A manifest that does not say how long its log is: all whole lines are, and none is told twice."""
    happen(library, times=3)
    files = library.files(BOOK)
    with serving:
        start = serving.now()
        stripped = replace(decode(files.manifest.read_bytes()), event_count=0, event_bytes=None)
        files.manifest.write_bytes(encode(stripped))
        meanwhile = serving.told(since=start, count=0)
        fresh = serving.now()
        happen(library, times=2)
        told = [serving.told(since=since, count=2) for since in (start, fresh)]

    assert meanwhile == []
    assert [(numbers(one), gaps(one)) for one in told] == [([(BOOK, 4), (BOOK, 5)], [])] * 2


def test_a_manifest_that_cannot_be_read_for_a_while_costs_nothing(library: Library, serving: Serving) -> None:
    """Its book is not gone; once somebody has mended it, its events go on."""
    happen(library, times=3)
    files = library.files(BOOK)
    with serving:
        start = serving.now()
        good = files.manifest.read_bytes()
        files.manifest.write_bytes(b"{")
        happen(library, OTHER)
        meanwhile = serving.told(since=start, count=1)
        files.manifest.write_bytes(good)
        happen(library)
        told = serving.told(since=meanwhile[-1].cursor, count=1)

    assert (numbers(meanwhile), gaps(meanwhile)) == ([(OTHER, 1)], [])
    assert (numbers(told), gaps(told)) == ([(BOOK, 4)], [])


def refusal(serving: Serving, since: object) -> ControlError:
    with Client(serving.socket) as client, pytest.raises(ControlError) as caught:
        client.ask(SUBSCRIBE, Since(since=since))  # type: ignore[typeddict-item]
    return caught.value


def test_a_cursor_of_another_library_says_so(serving: Serving, tmp_path: Path) -> None:
    """It is refused, with what to do instead; so is one of before the library was made anew."""
    other = Serving(new_library(tmp_path / "other"), tmp_path / "o")
    with serving, other:
        before = serving.now()
        texts = [str(refusal(serving, other.now()))]
        (serving.library.root / IDENTITY).unlink()
        texts.append(str(refusal(serving, before)))

    assert texts == ["subscribe: since: a cursor of another library; leave `since` out and ask for `status`"] * 2


def test_the_library_keeps_its_name(library: Library) -> None:
    """Also when it is moved; a file that does not hold one is replaced."""
    name = identity_of(library.root)
    moved = library.root.rename(library.root.with_name("moved"))

    assert identity_of(moved) == name
    (moved / IDENTITY).write_bytes(name.hex().encode()[:7])
    assert identity_of(moved) == identity_of(moved) != name


def test_no_nonsense_is_a_cursor(library: Library, serving: Serving) -> None:
    """Neither odd values nor a cursor of which one character, or the end, is another: an error that says what to do."""
    happen(library, times=3)
    with serving:
        good = serving.now()
        swapped = {good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :] for n in range(len(good))}
        cut = {good[:n] for n in range(len(good))}
        long = base64.urlsafe_b64encode(os.urandom(150_000)).decode().rstrip("=")
        odd = [
            "x",
            "é",
            "\ud800",
            "\x00",
            "=",
            good + "=",
            good + "\n",
            " " + good,
            good * 2,
            good + "A",
            long,
            long * 2,
        ]
        values: list[object] = [*odd, *swapped, *cut, 7, True, [], {}, 1e300, [good]]
        refused = [(since, refusal(serving, since)) for since in values]
        still = serving.told(since=good, count=0)

    for since, error in refused:
        assert error.exit_code == ExitCode.USAGE, since
        assert str(error).startswith("subscribe: since: "), since
        assert "since` out" in str(error) or "another" in str(error), since
    assert still == []


def test_no_nonsense_behind_a_true_check_breaks_a_stream(library: Library, serving: Serving) -> None:
    """A cursor that somebody made up, with positions that no log has: gaps or an error, never a traceback."""
    happen(library, times=3)
    key = key_of(BOOK, library.read(BOOK).created_at)
    name = identity_of(library.root)
    places = [(0, 9), (1, 0), (2, 1), (3, 10**12), (2**54, 0), (2**54, 2**54), (0, 2**54), (2, 2**40)]
    made_up = [cursor_of(name, [packed(key, Reached(place=Extent(count=count, size=size)))]) for count, size in places]
    torn = [cursor_of(name, [part]) for part in (b"\x00", key, key + b"\x80", key + b"\xff" * 40, key + b"\x01")]
    with serving:
        told = [serving.told(since=since, count=0) for since in made_up]
        refused = [
            refusal(serving, since)
            for since in (*torn, cursor_of(name, [packed(key, Reached(place=Extent(size=0)))] * 2))
        ]

    assert [error.exit_code for error in refused] == [ExitCode.USAGE] * 6
    for found in told:
        assert numbers(found) == [(BOOK, number) for number in range(4 - len(numbers(found)), 4)]
    assert numbers(told[0]) == [(BOOK, 1), (BOOK, 2), (BOOK, 3)]


def test_64_streams_at_once_and_no_more(library: Library, serving: Serving) -> None:
    """Each gets everything; one more is refused with a word, until one has gone."""
    found: list[list[tuple[str, int]]] = []
    ready = threading.Barrier(MAX_STREAMS + 1)

    def listen() -> None:
        stream = events(serving.socket, quiet_seconds=lambda: DEADLINE_SECONDS)
        next(stream)
        ready.wait(DEADLINE_SECONDS)
        found.append(numbers([next(stream) for _ in range(30)]))

    threads = [threading.Thread(target=listen) for _ in range(MAX_STREAMS)]
    with serving:
        for thread in threads:
            thread.start()
        ready.wait(DEADLINE_SECONDS)
        with pytest.raises(ControlError, match="too many streams") as refused:
            next(events(serving.socket))
        for book in (BOOK, OTHER):
            happen(library, book, times=15)
        for thread in threads:
            thread.join(DEADLINE_SECONDS)
        eventually(lambda: len(serving.streams._open) == 0)
        next(events(serving.socket))

    assert refused.value.exit_code == ExitCode.TIMED_OUT
    assert [sorted(one) for one in found] == [sorted(in_logs(library))] * MAX_STREAMS


def test_a_client_that_does_not_read_holds_up_nobody_and_costs_little(library: Library, serving: Serving) -> None:
    """Others get everything meanwhile; what waits for it is a bounded part; it gets the rest once it reads."""
    count = 1200
    with serving, raw(serving.socket, subscribing()) as slow, slow.makefile("rb") as lines:
        cursor = json.loads(lines.readline())["result"]["cursor"]
        start = serving.now()
        happen(library, times=count)
        others = serving.told(since=start, count=count)
        waiting = [visit.writer.transport.get_write_buffer_size() for visit in serving.server._visits]
        told: list[tuple[str, int]] = []
        while len(told) < count and (line := lines.readline()):
            message = json.loads(line)["params"]
            cursor, told = message["cursor"], [*told, (message["book"], message["number"])]
        # On a slow machine it was cut meanwhile, and comes back.
        rest = serving.told(since=cursor, count=count - len(told)) if len(told) < count else []

    assert len(others) == count
    assert max(waiting) < 200_000
    assert told + numbers(rest) == in_logs(library)
    assert gaps(rest) == []


def test_a_client_that_goes_makes_room(library: Library, serving: Serving) -> None:
    """Whether it closes, is killed half way through a line, or never reads its answer."""
    with serving:
        for _ in range(3 * MAX_STREAMS):
            with raw(serving.socket, subscribing()):
                pass
        with raw(serving.socket, subscribing()) as client:
            client.recv(10)
        happen(library)
        eventually(lambda: not serving.streams._open)
        assert serving.streams._feed is not None
        assert serving.streams._feed._task is None  # nobody listens, so nobody looks

        assert next(events(serving.socket)).is_beginning


def test_a_client_that_only_reads_is_still_there(library: Library, serving: Serving) -> None:
    """socat shuts down its side once its input has ended, and waits for answers; what else it sent is not read."""
    sent = (subscribing(), b'{"id": 2, "method": "subscribe"}', b"\xff" * 1000)
    with serving, raw(serving.socket, *sent) as client, client.makefile("rb") as lines:
        answer = json.loads(lines.readline())
        client.sendall(b"\x00nonsense" * 5_000)
        client.shutdown(socket.SHUT_WR)
        happen(library, times=2)
        told = [json.loads(lines.readline()) for _ in range(2)]

    assert answer["id"] == 1
    assert [(one["method"], one["params"]["number"]) for one in told] == [("event", 1), ("event", 2)]
    assert all("id" not in one for one in told)


def test_watching_wakes_for_an_event_over_a_restart_and_without_a_stream(library: Library, serving: Serving) -> None:
    """It waits for the stream, not for a clock; where it can have no stream, it asks again after a moment."""
    losses: list[str] = []
    waking = Waking(serving.socket, note_loss=lambda: losses.append("lost"), quiet_seconds=10 * DEADLINE_SECONDS)
    with serving:
        waking.wait()  # it has only just begun to listen
        happen(library)
        waking.wait()
    with serving:
        waking.wait()  # it is back
        happen(library)
        waking.wait()
    with serving, ExitStack() as others:
        for _ in range(MAX_STREAMS):
            client = others.enter_context(raw(serving.socket, subscribing()))
            client.recv(10)
        late = Waking(serving.socket, note_loss=lambda: losses.append("lost"))
        late.wait()
        late.wait()

    assert losses == ["lost"]
