"""The messages that are not sent yet, and what of the library was told already: one durable record. Pure.

A message is in the record before it is sent and leaves it after it was taken, so it is never lost, and comes twice only
where the process is killed between the two: with the same id.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from imaginized.notices.notice import Notice, digest_of, notice_from

FORMAT = 1
FIRST_RETRY_SECONDS = 30.0
LONGEST_RETRY_SECONDS = 3600.0
GIVEN_UP_SECONDS = 86_400.0
MOST_LETTERS = 500
LEFT_LETTERS = 400  # of so many; fewer, so that not each message more folds them again
DOUBLINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way that a message still has to go.

    Attributes:
        tries: How often it failed.
        not_before: When it may be tried again, in seconds since 1970.
    """

    tries: int = 0
    not_before: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message and the ways that it still has to go.

    Attributes:
        since: When it was put in, in seconds since 1970.
        is_released: Whether it goes; one that is not may become part of a digest.
    """

    notice: Notice
    since: float
    ways: Mapping[str, Way]
    is_released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What there is to send.

    Attributes:
        letters: Oldest first.
        released: When the last ones were released, in seconds since 1970.
    """

    letters: tuple[Letter, ...] = ()
    released: tuple[float, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to send."""
        return not self.letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """When many messages become one.

    Attributes:
        after: So many within the seconds go by themselves.
        seconds: How long the others are gathered.
    """

    after: int
    seconds: float


def with_notices(outbox: Outbox, notices: Iterable[Notice], *, ways: Collection[str], now: float) -> Outbox:
    """The outbox with more messages; of too many the oldest that nobody took become one."""
    known = {letter.notice.id for letter in outbox.letters}
    more = [
        Letter(notice=notice, since=now, ways={way: Way() for way in ways})
        for notice in notices
        if notice.id not in known and ways
    ]
    letters = (*outbox.letters, *more)
    if len(letters) > MOST_LETTERS:
        letters = (*_folded(letters[:-LEFT_LETTERS]), *letters[-LEFT_LETTERS:])
    return replace(outbox, letters=letters)


def _folded(letters: Sequence[Letter]) -> Iterator[Letter]:
    """Letters as few: one for each set of ways, so that none comes twice by a way that took it."""
    by_ways: dict[frozenset[str], list[Letter]] = {}
    for letter in letters:
        by_ways.setdefault(frozenset(letter.ways), []).append(letter)
    for same in by_ways.values():
        last = same[-1]
        yield last if len(same) == 1 else replace(last, notice=digest_of([one.notice for one in same]))


def gathered(outbox: Outbox, *, flood: Flood, now: float) -> Outbox:
    """The outbox with those released that may go now: each by itself, or the rest of a flood as one."""
    released = tuple(at for at in outbox.released if 0 <= now - at < flood.seconds)
    held = [letter for letter in outbox.letters if not letter.is_released]
    if held and not 0 <= now - held[0].since < flood.seconds:
        letters = [letter for letter in outbox.letters if letter.is_released]
        notice = held[0].notice if len(held) == 1 else digest_of([letter.notice for letter in held])
        letters.append(replace(held[0], notice=notice, since=now, is_released=True))
        return Outbox(letters=tuple(letters), released=(*released, now))
    room = [letter.notice.id for letter in held[: max(flood.after - len(released), 0)]]
    letters = [replace(one, is_released=one.is_released or one.notice.id in room) for one in outbox.letters]
    return Outbox(letters=tuple(letters), released=released + (now,) * len(room))


def next_letter(outbox: Outbox, *, now: float) -> tuple[Letter, tuple[str, ...]] | None:
    """The first message that can be sent now, and by which ways; None for none."""
    for letter in outbox.letters:
        ways = tuple(name for name, way in letter.ways.items() if letter.is_released and way.not_before <= now)
        if ways:
            return letter, ways
    return None


def sent(outbox: Outbox, name: str, results: Mapping[str, str], *, now: float) -> tuple[Outbox, list[str]]:
    """The outbox after a try; and the ways that are given up, for they failed for a day.

    Args:
        outbox: As it was.
        name: The message's id.
        results: By way: "" where it was taken, else what went wrong.
        now: In seconds since 1970.
    """
    letters, lost = [], []
    for letter in outbox.letters:
        if letter.notice.id == name:
            ways = {way: _after(each, results.get(way), now=now) for way, each in letter.ways.items()}
            left = {way: each for way, each in ways.items() if each is not None}
            if now - letter.since >= GIVEN_UP_SECONDS:
                lost, left = list(left), {}
            letter = replace(letter, ways=left)
        if letter.ways:
            letters.append(letter)
    return replace(outbox, letters=tuple(letters)), lost


def _after(way: Way, result: str | None, *, now: float) -> Way | None:
    if result is None:
        return way
    if not result:
        return None
    wait = min(FIRST_RETRY_SECONDS * 2 ** min(way.tries, DOUBLINGS), LONGEST_RETRY_SECONDS)
    return Way(tries=way.tries + 1, not_before=now + wait)


def anew(outbox: Outbox, *, ways: Collection[str]) -> Outbox:
    """The outbox for a process that has just begun: each way is tried at once, and one that is set no more is none."""
    letters = [
        replace(letter, ways={way: Way(tries=each.tries) for way, each in letter.ways.items() if way in ways})
        for letter in outbox.letters
    ]
    return replace(outbox, letters=tuple(letter for letter in letters if letter.ways))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Up to where a book's log was read; `created_at` tells it from another book of that id."""

    created_at: str
    count: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that must survive the process.

    Attributes:
        mark: Up to where the index of books was read; None for not at all.
        until: When that was, in seconds since 1970.
        places: How far each book's log was read, for those that were looked at last.
        standing: What was told and may still be so, and when it was seen last, in seconds since 1970.
        rejected: How many rejected files there were; -1 before anybody looked.
    """

    mark: tuple[float, int, int] | None = None
    until: float = 0.0
    places: Mapping[str, Place] = field(default_factory=dict)
    standing: Mapping[str, float] = field(default_factory=dict)
    rejected: int = -1
    outbox: Outbox = field(default_factory=Outbox)

    def row(self) -> dict[str, object]:
        """It as JSON."""
        return {"format": FORMAT, **asdict(self)}


def record_from(row: object) -> Record:
    """The record that was kept.

    Raises:
        ValueError: It is none of ours.
    """
    if not isinstance(row, dict) or row.get("format") != FORMAT:
        raise ValueError("not a record of messages of this version")
    try:
        mark = row["mark"]
        box = row["outbox"]
        letters = tuple(
            Letter(
                notice=notice_from(one["notice"]),
                since=float(one["since"]),
                ways={str(name): Way(**way) for name, way in one["ways"].items()},
                is_released=bool(one["is_released"]),
            )
            for one in box["letters"]
        )
        return Record(
            mark=None if mark is None else (float(mark[0]), int(mark[1]), int(mark[2])),
            until=float(row["until"]),
            places={str(book): Place(**place) for book, place in row["places"].items()},
            standing={str(key): float(at) for key, at in row["standing"].items()},
            rejected=int(row["rejected"]),
            outbox=Outbox(letters=letters, released=tuple(float(at) for at in box["released"])),
        )
    except (KeyError, TypeError, AttributeError, IndexError, AssertionError) as error:
        raise ValueError("a damaged record of messages") from error
