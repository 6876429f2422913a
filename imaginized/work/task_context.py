"""The task a worker's providers work for: they live as long as the worker, their waiting and keeping is the task's."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from imaginized.clock import Clock
from imaginized.process.channel import Orders
from imaginized.process.waiting import Waiting
from imaginized.stages.job import Job
from imaginized.store.reserved import fill_reserved, reserve
from imaginized.store.writing import sync_folder

BEAT_SECONDS = 10.0
NOTHING = b"null"  # in the place of an answer that turned out useless
BYTES_BEAT_SECONDS = 0.1  # bytes come by the thousand pieces; one word in so long tells as much

Store = Callable[[Path, bytes], None]
Say = Callable[[], None]


class Bench:
    """Where providers wait and keep their answers; between tasks nobody may."""

    def __init__(self, orders: Orders, *, clock: Clock) -> None:
        """Listen to these orders while waiting."""
        self._orders = orders
        self._clock = clock
        self._job: Job | None = None
        self._store: Store | None = None
        self._say: Say | None = None
        self._said_at = float("-inf")
        self._kept: set[Path] = set()
        self._reserved: dict[Path, int] = {}
        self._named: dict[Path, int] = {}
        self._is_backed = False
        self.unsynced: set[Path] = set()
        self.waiting: Waiting | None = None

    @contextmanager
    def at(self, job: Job, *, store: Store, say: Say) -> Iterator[None]:
        """Work for this task for as long as the context lasts.

        Args:
            job: The task's.
            store: Makes an answer durable.
            say: Tells the supervisor that the work goes on.
        """
        self._job, self._store, self._say, self._kept, self.unsynced = job, store, say, set(), set()
        self._is_backed = False
        try:
            yield
        finally:
            self._job = self._store = self._say = None
            self.waiting = None
            # Names that got no answer stay until the book is closed: another worker that asks for the same may just be
            # renaming what it paid for to one of them.
            self._reserved, self._named = {}, {}

    def tell(self, waiting: Waiting | None) -> None:
        """What a provider waits for from now on; said at once, as the waiting itself may be silent."""
        self.waiting = waiting
        if waiting is not None and self._say is not None:
            self._say()

    def take_backing(self) -> bool:
        """Whether an answer came since the last time: what is made now can be made again of it, at no cost."""
        is_backed, self._is_backed = self._is_backed, False
        return is_backed

    def reserve(self, paths: Sequence[Path], *, is_now: bool) -> None:
        """Make the names of answers to come, with one sync of their folder, or with the next one of it."""
        if not all(path.parent.is_dir() for path in paths):
            return  # the first answer of a book makes it
        self._reserved |= reserve(paths)
        for folder in {path.parent for path in paths} if is_now else ():
            sync_folder(folder)
            self.note_synced(folder)

    def note_synced(self, folder: Path) -> None:
        """The names in a folder survive a power cut, as of now."""
        self._named |= {path: inode for path, inode in self._reserved.items() if path.parent == folder}

    def fill(self, path: Path, data: bytes) -> bool:
        """Keep an answer durably under a name that was made for it; False where there is none."""
        inode = self._named.pop(path, None)
        is_filled = inode is not None and fill_reserved(path, data, inode=inode)
        if is_filled:
            del self._reserved[path]
        return is_filled

    def forget(self, path: Path, folders: Iterable[Path]) -> None:
        """An answer or a reply whose content is kept in these folders, by whomever: it goes with the others."""
        if path.exists():
            self._kept.add(path)
            self.unsynced.update(folders)

    def let_go(self) -> None:
        """What was made of the answers is kept now: these are needed no more. Those with images are large."""
        # Not before what takes their place has its names for good: a power cut could leave neither, to be paid anew.
        for folder in sorted(self.unsynced):
            with suppress(FileNotFoundError):  # its book was removed
                sync_folder(folder)
        self.unsynced = set()
        for path in self._kept:
            # Missing when another worker, which had the claim after us, has let go of the same answers.
            path.unlink(missing_ok=True)
        self._kept = set()

    def wait(self, seconds: float) -> None:
        """Wait so long, say meanwhile that the work goes on.

        Raises:
            Interrupted: It is time to stop.
        """
        until = self._clock.monotonic() + seconds
        while True:
            self._now().step()
            left = until - self._clock.monotonic()
            if left <= 0:
                return
            # Cleared before the look at the orders: one that comes in between ends the wait at once.
            self._orders.wake.clear()
            if not self._orders.is_draining:
                self._orders.wake.wait(min(left, BEAT_SECONDS))

    def beat(self) -> None:
        """Bytes came: say that the work goes on, now and then. Unlike waiting this ends no call that is being paid."""
        now = self._clock.monotonic()
        if self._say is not None and now - self._said_at >= BYTES_BEAT_SECONDS:
            self._said_at = now
            self._say()

    def load(self, asked: str) -> bytes | None:
        """The answer to a call that an earlier process made for this book; None if there is none."""
        path = self._answer(asked)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        if not data:
            return None  # only its name was made, by whoever is to ask or was killed before
        self._note(path, data)
        return data

    def save(self, asked: str, data: bytes) -> None:
        """Keep the answer to a call, durably."""
        if self._store is None:
            raise RuntimeError("a provider works between tasks")
        path = self._answer(asked)
        self._store(path, data)
        self._note(path, data)

    def _note(self, path: Path, data: bytes) -> None:
        self._kept.add(path)
        self._is_backed = data.strip() != NOTHING

    def _answer(self, asked: str) -> Path:
        return self._now().files.reply(asked)

    def _now(self) -> Job:
        if self._job is None:
            raise RuntimeError("a provider works between tasks")
        return self._job
