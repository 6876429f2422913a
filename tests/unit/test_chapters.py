"""What is known of all chapters at once: kept through changes, it is what a look at each would find."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import orjson
import pytest

from imaginized.queue.chapters import Chapters
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import NO_PARTS, Claim, Entry, Manifest, Parts, Stage, Status, Task

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
STAGES = (Stage.ANALYZE, Stage.PREVIEW, Stage.ILLUSTRATE)


def claim(chance: Random) -> Claim | None:
    ids = ("", "a1", "b2")
    return chance.choice((None, *(Claim(owner="w@h:1:2", boot="", claim_id=each, claimed_at=MOMENT) for each in ids)))


def any_entry(chance: Random) -> Entry:
    status = chance.choice(tuple(Status))
    held = claim(chance)
    if status is Status.IN_PROGRESS and held is None:
        status = Status.PENDING
    return Entry(
        stage=chance.choice(STAGES),
        status=status,
        claim=held,
        words=chance.choice((0, 10, 10, 900)),
        title=chance.choice((None, "The Mill", 'A "quiet"\nharbour')),
        analyzed_at=chance.choice((None, MOMENT)),
        parts=Parts(of=3, open=(2, 3)) if status is Status.IN_PROGRESS and chance.random() < 0.3 else NO_PARTS,
    )


def book_of(chapters: Chapters) -> Manifest:
    return Manifest(
        book_id="a-mill-00000000",
        book_file="source.txt",
        original_name="a mill.txt",
        created_at=MOMENT,
        last_updated=MOMENT,
        chapter_stages=STAGES,
        chapters=chapters,
    )


def as_read(entry: Entry) -> Entry:
    """As a file has it that was read and written once: some of what chance makes, nobody writes."""
    book = book_of(Chapters({1: entry}))
    return decode(encode(decode(encode(book)))).chapters[1]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_known_stays_right_through_changes(seed: int) -> None:
    """After any changes, one or several at once, all of it is as if it were found anew."""
    chance = Random(seed)
    chapters = Chapters({number: any_entry(chance) for number in chance.sample(range(1, 60), 25)})
    assert chapters.standing.numbers == tuple(sorted(chapters))

    for _ in range(60):
        some = chance.sample(sorted(chapters), chance.choice((1, 1, 2, 5)))
        chapters = chapters.changed({number: any_entry(chance) for number in some})

        assert chapters.standing == Chapters(chapters).standing


@pytest.mark.parametrize("seed", range(4))
def test_what_was_written_before_is_written_as_if_it_were_new(seed: int) -> None:
    """Rows that did not change are not made again; the file has the same bytes, and reads as the same book."""
    chance = Random(seed)
    book = book_of(Chapters({number: as_read(any_entry(chance)) for number in range(1, 30)}))
    known = book

    for _ in range(30):
        number = chance.randint(1, 29)
        entry = as_read(any_entry(chance))
        book = book.with_entry(Task(stage=entry.stage, chapter=number), entry)
        data = encode(book)
        fresh = {each: replace(one) for each, one in book.chapters.items()}

        assert data == encode(replace(book, chapters=fresh))
        assert orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE) == data
        again = decode(data, known=known)
        assert again == decode(data)
        assert encode(again) == data
        assert Chapters(again.chapters).standing == again.standing
        known = again if chance.random() < 0.5 else book


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_chapters_are_written_whole(count: int) -> None:
    """Also none, and one, which is the first and the last."""
    chance = Random(count)
    data = encode(book_of(Chapters({number: any_entry(chance) for number in range(1, count + 1)})))

    assert sorted(orjson.loads(data)["chapters"]) == [str(number) for number in range(1, count + 1)]
    assert orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE) == data


def test_another_chapter_is_known_at_once() -> None:
    """A change that brings one more has it among the numbers, and in the file."""
    book = book_of(Chapters({1: Entry(stage=Stage.ANALYZE)}))
    encode(book)
    more = book.with_entry(Task(stage=Stage.ANALYZE, chapter=7), Entry(stage=Stage.ANALYZE, words=5))

    assert more.standing.numbers == (1, 7)
    assert list(orjson.loads(encode(more))["chapters"]) == ["1", "7"]
