"""Lines of clients: bounded memory, and nobody who fills it shuts the others out."""

import asyncio

import pytest

from imaginized.control.lines import CHUNK_BYTES, OWN_BYTES, Lines, LineTooLong, Room

SHARED = 4 * CHUNK_BYTES


def client(room: Room, *, line_seconds: float = 60.0) -> tuple[asyncio.StreamReader, Lines]:
    reader = asyncio.StreamReader(limit=CHUNK_BYTES)
    return reader, Lines(reader, room=room, line_seconds=line_seconds)


async def begin(room: Room, *, size: int) -> "tuple[asyncio.StreamReader, asyncio.Task[bytes | None]]":
    """A client that has sent so much of a line and now waits."""
    reader, lines = client(room)
    task = asyncio.create_task(lines.next())
    reader.feed_data(b"x" * size)
    while lines.shared_bytes < size - OWN_BYTES:
        await asyncio.sleep(0)
    return reader, task


def test_f34_where_room_is_short_the_largest_holder_goes() -> None:
    """F34: whoever holds most is told so at once, and all others go on."""

    async def run() -> tuple[object, object]:
        room = Room(size_bytes=SHARED)
        _, large = await begin(room, size=OWN_BYTES + SHARED // 2 + CHUNK_BYTES)
        reader, small = await begin(room, size=OWN_BYTES + SHARED // 2)
        with pytest.raises(LineTooLong, match="too much is being sent at once"):
            await large
        reader.feed_data(b"\n")
        return await small, large.done()

    line, is_gone = asyncio.run(run())

    assert (line, is_gone) == (b"x" * (OWN_BYTES + SHARED // 2), True)


def test_f34_each_client_has_room_of_its_own() -> None:
    """F34: a short line is read however full the room is, and drops nobody."""

    async def run() -> tuple[object, bool]:
        room = Room(size_bytes=SHARED)
        _, large = await begin(room, size=OWN_BYTES + SHARED)
        reader, small = await begin(room, size=OWN_BYTES - 1)
        reader.feed_data(b"\n")
        line, is_gone = await small, large.done()
        large.cancel()
        return line, is_gone

    assert asyncio.run(run()) == (b"x" * (OWN_BYTES - 1), False)


def test_f34_a_line_that_has_begun_has_a_time_to_end_and_one_that_has_not_waits() -> None:
    """F34: half a line holds its room for seconds only; a silent client may stay."""

    async def run() -> None:
        room = Room()
        reader, lines = client(room, line_seconds=0.01)
        _, silent = client(room, line_seconds=0.0)
        waiting = asyncio.create_task(silent.next())
        reader.feed_data(b"first\nsecond")
        assert await lines.next() == b"first"
        with pytest.raises(LineTooLong, match=r"not finished within 0\.01 s"):
            await lines.next()
        assert not waiting.done()
        waiting.cancel()

    asyncio.run(run())


def test_f34_who_was_dropped_between_two_lines_is_told_too() -> None:
    """F34: what it had sent ahead is gone; it must not go on in the middle of a line."""

    async def run() -> None:
        room = Room(size_bytes=SHARED)
        reader, lines = client(room)
        reader.feed_data(b"first\n" + b"x" * CHUNK_BYTES)
        assert await lines.next() == b"first"
        lines.drop()
        reader.feed_data(b"\n")
        with pytest.raises(LineTooLong):
            await lines.next()

    asyncio.run(run())
