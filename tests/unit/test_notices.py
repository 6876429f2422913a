"""Messages to people: what is told, when many become one, and that none is lost or told twice by the record."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from imaginized.control.standing import Standing
from imaginized.notices.notice import LONGEST_TEXT, Notice, digest_of, of_test
from imaginized.notices.outbox import (
    FIRST_RETRY_SECONDS,
    GIVEN_UP_SECONDS,
    MOST_LETTERS,
    Flood,
    Outbox,
    Place,
    Record,
    anew,
    gathered,
    next_letter,
    record_from,
    sent,
    with_notices,
)
from imaginized.notices.standing import FORGOTTEN_SECONDS, Spent, compared

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
FLOOD = Flood(after=2, seconds=300.0)


def notice(name: str, **changes: object) -> Notice:
    made = Notice(id=name, event="done", at=NOW.isoformat(), text=f"{name}: the guide is ready", title=name)
    return replace(made, **changes)  # type: ignore[arg-type]


def box(*names: str, at: float = 0.0, ways: tuple[str, ...] = ("webhook",)) -> Outbox:
    return with_notices(Outbox(), [notice(name) for name in names], ways=ways, now=at)


def ready(outbox: Outbox) -> list[str]:
    return [letter.notice.id for letter in outbox.letters if letter.is_released]


# one by one, or as one


def test_a_few_go_by_themselves_and_the_rest_of_a_flood_as_one() -> None:
    """The rest waits as long as is set, then it is one message that names them."""
    first = gathered(box("a", "b", "c", "d"), flood=FLOOD, now=0.0)
    early = gathered(first, flood=FLOOD, now=299.0)
    late = gathered(first, flood=FLOOD, now=300.0)

    assert ready(first) == ready(early) == ["a", "b"]
    digest = late.letters[-1].notice
    assert (digest.event, digest.count, [item["id"] for item in digest.items]) == ("digest", 2, ["c", "d"])
    assert len(late.letters) == 3


def test_one_that_waited_alone_is_no_digest() -> None:
    """It comes as it is."""
    late = gathered(gathered(box("a", "b", "c"), flood=FLOOD, now=0.0), flood=FLOOD, now=300.0)

    assert [letter.notice.event for letter in late.letters] == ["done", "done", "done"]


def test_after_a_quiet_time_messages_go_by_themselves_again() -> None:
    """What was released longer ago than the window does not count."""
    late = replace(box("a", "b", at=400.0), released=(0.0, 1.0))

    assert ready(gathered(late, flood=FLOOD, now=400.0)) == ["a", "b"]


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    """What lies in the future is no reason to wait for it."""
    ahead = replace(box("a", at=10_000.0), released=(9_000.0, 9_001.0))

    assert ready(gathered(ahead, flood=FLOOD, now=0.0)) == ["a"]


def test_a_digest_of_thousands_stays_small() -> None:
    """Fifty are named, the others counted."""
    digest = digest_of([notice(str(number)) for number in range(3000)])

    assert (len(digest.items), digest.count) == (50, 3000)
    assert "2950 more" in digest.words or len(digest.words) == LONGEST_TEXT
    assert len(digest.body()) < 32_000


@pytest.mark.parametrize("title", ["T" * 10_000, "a\nb", "\x1b[31m", "\0", "\u202e", "\ud800", "<b>$(ls)</b> \"'"])
def test_no_title_breaks_what_a_person_reads(title: str) -> None:
    """It begins no line, drives no terminal, fits into an environment, and does not push the advice out."""
    advice = "`imaginizectl approve b` lets it continue"
    one = notice("a", event="held", title=title, text=f"{title}: it waits", advice=advice)

    assert len(one.subject) < 200
    assert len(one.words) <= LONGEST_TEXT
    assert one.words.endswith("`imaginizectl approve b` lets it continue.")
    assert len(one.words.splitlines()) == 2
    assert one.subject.isprintable()
    assert one.words.replace("\n", "").isprintable()
    assert json.loads(one.body())["event"] == "held"


# what is kept until it is taken


def test_a_message_leaves_only_by_the_way_that_took_it() -> None:
    """Another way that failed is tried again, later each time, and holds up nobody."""
    outbox = gathered(box("a", ways=("webhook", "command")), flood=FLOOD, now=0.0)
    outbox, lost = sent(outbox, "a", {"webhook": "", "command": "the program ended with 1"}, now=0.0)
    (letter,) = outbox.letters

    assert (set(letter.ways), lost) == ({"command"}, [])
    assert next_letter(outbox, now=FIRST_RETRY_SECONDS - 1) is None
    found = next_letter(outbox, now=FIRST_RETRY_SECONDS)
    assert found is not None
    assert found[1] == ("command",)
    outbox, _ = sent(outbox, "a", {"command": ""}, now=31.0)
    assert outbox.is_empty


def test_a_way_that_fails_does_not_hold_up_the_next_message() -> None:
    """Each message waits for itself."""
    outbox = gathered(box("a", "b"), flood=FLOOD, now=0.0)
    outbox, _ = sent(outbox, "a", {"webhook": "no"}, now=0.0)
    found = next_letter(outbox, now=0.0)

    assert found is not None
    assert found[0].notice.id == "b"


def test_after_a_day_a_message_is_given_up() -> None:
    """And that is said."""
    outbox = gathered(box("a"), flood=FLOOD, now=0.0)
    outbox, lost = sent(outbox, "a", {"webhook": "no"}, now=GIVEN_UP_SECONDS)

    assert (outbox.is_empty, lost) == (True, ["webhook"])


def test_the_same_message_is_not_taken_in_twice() -> None:
    """By its id, while it is here."""
    outbox = with_notices(box("a"), [notice("a"), notice("b")], ways=("webhook",), now=1.0)

    assert [letter.notice.id for letter in outbox.letters] == ["a", "b"]
    assert with_notices(Outbox(), [notice("a")], ways=(), now=1.0).is_empty


def test_of_too_many_messages_the_oldest_become_one_and_none_is_lost() -> None:
    """A receiver that is away for a week costs no memory without end; a way that took one does not get it again."""
    outbox = gathered(box("told by one way", ways=("webhook", "ntfy")), flood=FLOOD, now=0.0)
    outbox, _ = sent(outbox, "told by one way", {"webhook": "", "ntfy": "no"}, now=0.0)
    for start in range(0, 3000, 300):
        more = [notice(str(number)) for number in range(start, start + 300)]
        outbox = with_notices(outbox, more, ways=("webhook", "ntfy"), now=1.0)

    assert len(outbox.letters) <= MOST_LETTERS
    assert sum(letter.notice.count for letter in outbox.letters if "webhook" in letter.ways) == 3000
    assert sum(letter.notice.count for letter in outbox.letters if "ntfy" in letter.ways) == 3001
    assert {len(letter.notice.items) for letter in outbox.letters if letter.notice.event == "digest"} == {50}
    assert record_from(json.loads(json.dumps(Record(outbox=outbox).row()))).outbox == outbox
    assert [letter.notice.id for letter in outbox.letters][-1] == "2999"


def test_a_new_process_tries_at_once_and_forgets_ways_that_are_set_no_more() -> None:
    """A reload is how a person says that he has mended it."""
    outbox = gathered(box("a", ways=("webhook", "ntfy")), flood=FLOOD, now=0.0)
    outbox, _ = sent(outbox, "a", {"webhook": "no", "ntfy": "no"}, now=0.0)
    again = anew(outbox, ways=("ntfy",))

    assert next_letter(outbox, now=1.0) is None
    found = next_letter(again, now=1.0)
    assert found is not None
    assert found[1] == ("ntfy",)
    assert anew(outbox, ways=()).is_empty


def test_the_record_survives_its_file() -> None:
    """What is written is what is read."""
    outbox = gathered(box("a", "b", "c"), flood=FLOOD, now=0.0)
    outbox, _ = sent(outbox, "a", {"webhook": "no"}, now=0.0)
    record = Record(
        mark=(2460000.5, 1, 7),
        until=5.0,
        places={"x": Place(created_at="2026", count=3, size=90)},
        standing={"disk:disk": 4.0},
        rejected=2,
        outbox=gathered(outbox, flood=FLOOD, now=400.0),
    )

    assert record_from(json.loads(json.dumps(record.row()))) == record


@pytest.mark.parametrize("row", [None, [], {}, {"format": 2}, {"format": 1}, {"format": 1, "mark": [1], "until": "x"}])
def test_a_damaged_record_is_none(row: object) -> None:
    """The caller puts it aside."""
    with pytest.raises(ValueError, match="record"):
        record_from(row)


# how everything stands

WELL: Standing = {
    "pauses": [],
    "is_broken": False,
    "spent_today_usd": 0.0,
    "max_usd_per_day": 20.0,
    "rejected": 0,
    "newest": "",
    "reason": "",
    "code": "",
    "inbox": "/inbox",
}


def standing(**changes: object) -> Standing:
    return {**WELL, **changes}  # type: ignore[typeddict-item]


def told(record: Record, found: Standing, *books: Spent, at: float = 0.0) -> tuple[Record, list[str]]:
    after, notices = compared(record, found, books=books, now=NOW + timedelta(seconds=at))
    return after, [one.event for one in notices]


def test_a_pause_is_told_once_for_as_long_as_it_lasts() -> None:
    """And again when it comes back after a while; one that flaps is one."""
    paused = standing(pauses=[{"code": "provider", "text": "key refused", "advice": "check it"}])
    record, first = told(Record(), paused)
    for at in range(5, 2000, 5):
        record, again = told(record, paused, at=at)
        assert again == []
    record, _ = told(record, WELL, at=2010)
    record, soon = told(record, paused, at=2100)
    record, _ = told(record, WELL, at=2110)
    record, late = told(record, paused, at=2200 + FORGOTTEN_SECONDS)

    assert (first, soon, late) == (["paused"], [], ["paused"])


def test_the_disk_is_an_event_of_its_own() -> None:
    """A full one is no pause that a person ends."""
    assert told(Record(), standing(pauses=[{"code": "disk", "text": "1 MB free", "advice": ""}]))[1] == ["disk"]


@pytest.mark.parametrize(("spent", "cap", "events"), [(15.9, 20.0, []), (16.0, 20.0, ["budget"]), (5.0, 0.0, [])])
def test_a_day_is_told_at_80_percent_once(spent: float, cap: float, events: list[str]) -> None:
    """And once the next day."""
    found = standing(spent_today_usd=spent, max_usd_per_day=cap)
    record, first = told(Record(), found)
    record, again = told(record, found, at=60)
    _, tomorrow = told(record, found, at=86400)

    assert (first, again, tomorrow) == (events, [], events)


@pytest.mark.parametrize(("usd", "events"), [(7.9, []), (8.0, ["budget"]), (10.0, ["budget"]), (10.1, [])])
def test_a_book_is_told_at_80_percent_of_its_cap(usd: float, events: list[str]) -> None:
    """Beyond the cap a person has approved it."""
    assert told(Record(), WELL, Spent(book="b", title="B", usd=usd, cap_usd=10.0))[1] == events


def test_rejected_files_are_told_when_there_are_more() -> None:
    """Not those that lay there before anybody looked; several at once are one message."""
    found = standing(rejected=3, newest="x.epub", reason="it is damaged", code="damaged")
    record, first = told(Record(), found)
    after, notices = compared(record, {**found, "rejected": 5}, books=(), now=NOW)
    _, fewer = told(after, {**found, "rejected": 1})

    assert (first, fewer) == ([], [])
    assert notices[0].text == "x.epub was rejected: it is damaged; 1 more file was rejected"


def test_a_test_says_that_nothing_happened() -> None:
    """Each has an id of its own."""
    one, two = (of_test("held", at=NOW.isoformat(), number=str(n)) for n in (1, 2))

    assert one.is_test
    assert one.id != two.id
    assert "test" in one.subject
    assert json.loads(one.body())["is_test"] is True
