"""Reading lines from clients in bounded memory, however many of them send half a line or one that never ends."""

import asyncio
from dataclasses import dataclass

MAX_LINE_BYTES = 1 << 20
CHUNK_BYTES = 16 * 1024  # asyncio keeps at most twice as much for each client
ALL_CLIENTS_BYTES = 8 << 20


class LineTooLong(Exception):
    """A line is longer than is allowed, or than there is room for."""


@dataclass(slots=True)
class Room:
    """The memory that all clients' unfinished lines share."""

    left_bytes: int = ALL_CLIENTS_BYTES

    def take(self, size: int) -> bool:
        """Take so many bytes; False when there are not so many left."""
        if size > self.left_bytes:
            return False
        self.left_bytes -= size
        return True

    def give_back(self, size: int) -> None:
        """They are free again."""
        self.left_bytes += size


class Lines:
    """The lines of one client."""

    def __init__(self, reader: asyncio.StreamReader, *, room: Room) -> None:
        """Read from a client; `reader` must have been made with `CHUNK_BYTES` as its limit."""
        self._reader = reader
        self._room = room
        self._begun = bytearray()

    async def next(self) -> bytes | None:
        """The next line without its end; None when the client has hung up. What it sent after its last end is dropped.

        Raises:
            LineTooLong: It is over `MAX_LINE_BYTES`, or all clients together are over `ALL_CLIENTS_BYTES`.
        """
        while (end := self._begun.find(b"\n")) < 0:
            # Not readline: asyncio would keep a line of any client up to its limit, out of our account.
            chunk = await self._reader.read(CHUNK_BYTES)
            if not chunk:
                return None
            # Shared: a hundred clients with half a line of a mebibyte each would be a hundred mebibytes.
            if not self._room.take(len(chunk)):
                raise LineTooLong("too much is being sent at once; try again")
            self._begun += chunk
            if len(self._begun) > MAX_LINE_BYTES and b"\n" not in chunk:
                raise LineTooLong(f"a line is longer than {MAX_LINE_BYTES} bytes")
        line = bytes(self._begun[:end])
        self._drop(end + 1)
        return line

    def close(self) -> None:
        """Give back all room."""
        self._drop(len(self._begun))

    def _drop(self, size: int) -> None:
        del self._begun[:size]
        self._room.give_back(size)
