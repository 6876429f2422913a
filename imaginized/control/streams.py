"""The stream that `subscribe` opens: every event of the library from a cursor on, in messages that carry the next one.

A stream keeps no queue: the logs are the queue, and it reads on when its client has taken what was sent. So a slow
client costs its place in each log, and nothing is lost to it.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from heapq import merge

from imaginized.control import protocol
from imaginized.control.answers import Subscribed
from imaginized.control.cursor import Key, Reached, cursor_of, packed, read_cursor
from imaginized.control.event_rows import EventTold, Gap, LostRow
from imaginized.control.feed import Feed, Tip
from imaginized.control.parameters import BadParameters
from imaginized.control.reporting import event_row, head
from imaginized.control.turns import Turn
from imaginized.errors import ControlError, ExitCode
from imaginized.store.eventlog import Extent
from imaginized.store.eventwalk import Hole, Step, Told, Walk
from imaginized.store.identity import identity_of
from imaginized.store.library import Library

MAX_STREAMS = 64
MOST_EVENTS = 64  # that a stream holds at once, of all books together
MOST_GONE = 200  # books that are no more and that a cursor remembers, should they come back

Message = Mapping[str, object]


@dataclass(slots=True)
class Streams:
    """The open streams."""

    _open: set["Stream"] = field(default_factory=set)
    _feed: Feed | None = None

    async def open(self, library: Library, *, since: str | None) -> "Stream":
        """A stream of what happens after `since`; None for what happens from now on.

        Raises:
            BadParameters: It is no cursor of this library.
            ControlError: There are too many streams.
            OSError: The library cannot be looked at.
        """
        if len(self._open) >= MAX_STREAMS:
            text = f"too many streams at once ({MAX_STREAMS}); close one, or try again later"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT)
        identity, turn = identity_of(library.root), Turn()
        try:
            reached = None if since is None else read_cursor(since, library=identity)
        except ValueError as error:
            raise BadParameters(f"since: {error}") from error
        if self._feed is None:
            self._feed = Feed(library)
        stream = Stream(self._feed, identity=identity, left=self._open.discard)
        # Counted before anything is waited for: many may open one at the same moment.
        self._open.add(stream)
        try:
            await stream.begin(reached, turn=turn)
        except BaseException:
            stream.close()
            raise
        return stream


@dataclass(slots=True, kw_only=True)
class _Way:
    """A client's way through one book's log.

    Attributes:
        walk: Reads on.
        part: How far the client was told, as its cursor has it.
        book: Its id; None where only a cursor knew it.
        is_gone: Whether it is no longer in the library, and that was told.
    """

    walk: Walk
    part: bytes
    book: str | None = None
    is_gone: bool = False


class Stream:
    """One client's way through the logs of all books."""

    def __init__(self, feed: Feed, *, identity: bytes, left: Callable[["Stream"], None]) -> None:
        """Listen; `left` is told when it is closed."""
        self._feed = feed
        self._identity = identity
        self._left = left
        self._is_open = True
        self._ways: dict[Key, _Way] = {}
        feed.join()

    async def begin(self, reached: Mapping[Key, Reached] | None, *, turn: Turn) -> None:
        """Go on from what was reached; from what there is now where that is None. A long cursor takes several turns."""
        await turn.pass_on()
        await self._feed.look()
        if reached is None:
            reached = {key: Reached(place=tip.extent) for key, tip in self._feed.tips.items()}
        for key, one in reached.items():
            self._ways[key] = _Way(walk=Walk(one.place), part=packed(key, one), is_gone=one.is_gone)
            await turn.pass_on()

    def close(self) -> None:
        """Make room for another."""
        if self._is_open:
            self._is_open = False
            self._feed.leave()
            self._left(self)

    @property
    def answer(self) -> Subscribed:
        """What the call is answered with, before any message."""
        return {**head(protocol.SUBSCRIBE), "cursor": self._cursor()}

    async def messages(self) -> AsyncIterator[Message | None]:
        """Each message in turn; None when there is none now, after every look at the library."""
        while True:
            tips, is_more = self._feed.tips, True
            while is_more:
                is_more = False
                async for message in self._pass(tips):
                    is_more = True
                    yield message
            yield None
            await self._feed.next_look()

    async def _pass(self, tips: Mapping[Key, Tip]) -> AsyncIterator[Message]:
        """Some of what comes next: what is missing first, in one message, then events, those of all books by time."""
        lost = self._vanished(tips)
        lagging = [key for key, tip in tips.items() if not self._way(key, tip).walk.is_at(tip.extent)][:MOST_EVENTS]
        found: list[list[tuple[Key, Told]]] = []
        for key in lagging:
            step = await self._step(key, tips[key], most=max(MOST_EVENTS // len(lagging), 1))
            lost += [] if step.hole is None else [self._lost(key, step.hole)]
            found.append([(key, line) for line in step.lines])
        if lost:
            yield self._gap(lost)
        for key, line in merge(*found, key=lambda one: one[1].event.at):
            yield self._event(key, line)

    def _way(self, key: Key, tip: Tip) -> _Way:
        """The way through a book's log: from its beginning, if it is new here."""
        way = self._ways.get(key)
        if way is None:
            way = self._ways[key] = _Way(walk=Walk(Extent()), part=b"")
        if way.is_gone:  # it is back, and goes on where it was
            way.part = packed(key, Reached(place=way.walk.place))
        way.book, way.is_gone = tip.book, False
        return way

    async def _step(self, key: Key, tip: Tip, *, most: int) -> Step:
        """What comes next in a book's log; nothing where that cannot be read now."""
        turn = Turn()
        while True:
            if not tip.manifest.exists():
                return Step()  # removed since the look: the next one tells, and nothing else does
            try:
                step = self._ways[key].walk.step(tip.log, extent=tip.extent, most=most)
            except OSError:
                return Step()  # too many open files, a lease: the next look tries again
            if step.lines or step.hole or step.is_over:
                return step
            await turn.pass_on()

    def _vanished(self, tips: Mapping[Key, Tip]) -> list[LostRow]:
        """The books that are no more. Their places are kept: what comes back is not told again."""
        gone = [key for key, way in self._ways.items() if key not in tips and not way.is_gone]
        if self._feed.has_unread:  # one that only a cursor knew may be that of a book which cannot be read now
            gone = [key for key in gone if self._ways[key].book is not None]
        rows = []
        for key in gone[:MOST_GONE]:
            # Taken out and put in: the oldest of them come first, and go first.
            way = self._ways[key] = self._ways.pop(key)
            way.is_gone = True
            rows.append(self._lost(key, Hole(why="removed", first=way.walk.place.count + 1, place=way.walk.place)))
        forgotten = [key for key, way in self._ways.items() if way.is_gone][:-MOST_GONE]
        for key in forgotten:
            del self._ways[key]
        return rows

    def _lost(self, key: Key, hole: Hole) -> LostRow:
        way = self._ways[key]
        way.part = packed(key, Reached(place=hole.place, is_gone=way.is_gone))
        return {"book": way.book, "why": hole.why, "first": hole.first, "last": hole.last}

    def _gap(self, lost: list[LostRow]) -> Message:
        told: Gap = {"lost": lost, "cursor": self._cursor()}
        return {"jsonrpc": "2.0", "method": protocol.GAP.name, "params": told}

    def _event(self, key: Key, line: Told) -> Message:
        way = self._ways[key]
        way.part = packed(key, Reached(place=line.place))
        told: EventTold = {**event_row(line, book=str(way.book)), "cursor": self._cursor()}
        return {"jsonrpc": "2.0", "method": protocol.EVENT.name, "params": told}

    def _cursor(self) -> str:
        return cursor_of(self._identity, [way.part for way in self._ways.values()])
