"""Reading lines from clients in bounded memory, however many of them send half a line or one that never ends."""

import asyncio

MAX_LINE_BYTES = 1 << 20
CHUNK_BYTES = 16 * 1024  # asyncio keeps at most twice as much for each client
OWN_BYTES = 16 * 1024  # of each client, whatever the others hold: any call of ours fits in it
ALL_CLIENTS_BYTES = 8 << 20
LINE_SECONDS = 10.0  # from a line's first byte to its last; a client sends it in one go


class LineTooLong(Exception):
    """A line is longer than is allowed, or than there is room for, or takes too long to come."""


class Room:
    """The memory that all clients' unfinished lines share, beyond what each has of its own.

    Where it is short, whoever holds most of it gives all back: so nobody can fill it to shut the others out.
    """

    def __init__(self, *, size_bytes: int = ALL_CLIENTS_BYTES) -> None:
        """So much of it."""
        self._size_bytes = size_bytes
        self._holders: set[Lines] = set()

    def make_place(self, lines: "Lines") -> None:
        """Count a client in, and drop the largest until all fit."""
        self._holders.add(lines)
        while sum(holder.shared_bytes for holder in self._holders) > self._size_bytes:
            largest = max(self._holders, key=lambda holder: holder.shared_bytes)
            self._holders.discard(largest)
            largest.drop()

    def leave(self, lines: "Lines") -> None:
        """A client holds nothing any more."""
        self._holders.discard(lines)


class Lines:
    """The lines of one client."""

    def __init__(self, reader: asyncio.StreamReader, *, room: Room, line_seconds: float = LINE_SECONDS) -> None:
        """Read from a client; `reader` must have been made with `CHUNK_BYTES` as its limit."""
        self._reader = reader
        self._room = room
        self._line_seconds = line_seconds
        self._begun = bytearray()
        self._wait: asyncio.Timeout | None = None
        self._is_dropped = False

    @property
    def shared_bytes(self) -> int:
        """How much of the room it takes."""
        return max(len(self._begun) - OWN_BYTES, 0)

    @property
    def is_one_there(self) -> bool:
        """Whether `next` has a line without waiting for its client."""
        return b"\n" in self._begun

    async def next(self) -> bytes | None:
        """The next line without its end; None when the client has hung up. What it sent after its last end is dropped.

        Raises:
            LineTooLong: It is over `MAX_LINE_BYTES`, or takes over `LINE_SECONDS`, or all clients together are over
                `ALL_CLIENTS_BYTES` and this one holds most.
        """
        ends_at: float | None = None
        while (end := self._begun.find(b"\n")) < 0:
            if self._begun and ends_at is None:
                ends_at = asyncio.get_running_loop().time() + self._line_seconds
            chunk = await self._more(ends_at)
            if not chunk:
                return None
            self._begun += chunk
            if len(self._begun) > MAX_LINE_BYTES and b"\n" not in chunk:
                raise LineTooLong(f"a line is longer than {MAX_LINE_BYTES} bytes")
            self._room.make_place(self)
            self._check()
        line = bytes(self._begun[:end])
        del self._begun[: end + 1]
        return line

    def drop(self) -> None:
        """Give back all room and refuse what comes; whoever waits in `next` is told at once."""
        self._is_dropped = True
        self._begun.clear()
        if self._wait is not None and not self._wait.expired():
            self._wait.reschedule(0)

    def close(self) -> None:
        """Give back all room."""
        self._begun.clear()
        self._room.leave(self)

    async def _more(self, ends_at: float | None) -> bytes:
        self._check()
        try:
            async with asyncio.timeout_at(ends_at) as self._wait:
                return await self._reader.read(CHUNK_BYTES)
        except TimeoutError as error:
            self._check()
            raise LineTooLong(f"a line was not finished within {self._line_seconds:g} s; send it at once") from error
        finally:
            self._wait = None

    def _check(self) -> None:
        if self._is_dropped:
            raise LineTooLong("too much is being sent at once; try again")
