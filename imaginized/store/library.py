"""The library: all admitted books, and `update`, the one call by which anything about a book changes."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from imaginized.clock import Clock, in_milliseconds
from imaginized.errors import ImaginizedError, LibraryBusy, LibraryInUse, ManifestCorrupt
from imaginized.queue.change import Change, Transition
from imaginized.queue.codec import encode
from imaginized.queue.events import Happening
from imaginized.queue.manifest import Manifest
from imaginized.queue.openness import is_open, may_be_closed
from imaginized.queue.plan import live_claims, phase
from imaginized.store.eventlog import Extent, append_events
from imaginized.store.files import Artifact, BookFiles, Removal, discard, publish
from imaginized.store.foreign_lock import shutting_others_out
from imaginized.store.index import INDEX, Index, IndexUnusable, card_of, seal_of
from imaginized.store.locking import LifeLock, locked
from imaginized.store.manifests import ManifestMemory
from imaginized.store.naming import BOOK_ID_DIGITS, slug_of
from imaginized.store.originals import Original, copy_original
from imaginized.store.writing import make_folder, move, sweep_temporaries, sync_folder, write_atomic

INSTANCE_LOCK = ".imaginized.lock"
INCOMING = ".incoming-"


class NoSuchBook(ImaginizedError):
    """The library has no book of that id."""


class Library:
    """The books below one folder. Cheap to make; holds no descriptor and no lock between calls."""

    def __init__(self, root: Path, *, clock: Clock, lock_timeout_seconds: float = 30.0) -> None:
        """Use the folder `root`, which must exist."""
        self.root = root
        self._clock = clock
        self._lock_timeout_seconds = lock_timeout_seconds
        self._manifests = ManifestMemory(clock=clock)
        self._files: dict[str, BookFiles] = {}  # joining paths would be half the time of looking at every book
        self._strays: set[str] = set()
        self.index = Index(root / INDEX)
        self._by_digits: dict[str, set[str]] = {}
        self._listed_at = -1  # mtime of the folder when `_by_digits` was right

    def books(self) -> list[str]:
        """Ids of all books, in alphabetical order; folders without a manifest are no books."""
        names = self.folders()
        found = {name for name in names if _is_file(self.files(name).manifest)}
        self._strays = set(names) - found
        return sorted(found)

    def folders(self) -> list[str]:
        """What may be a book by its name, in any order: a listing, and no look at any of them."""
        with os.scandir(self.root) as entries:
            return [entry.name for entry in entries if not entry.name.startswith(".")]

    def open_books(self) -> Iterator[str]:
        """Ids of the books that are to be looked at, the oldest first; of all where there is no index."""
        try:
            yield from self.index.open_books()
        except IndexUnusable:
            created = {book: manifest.created_at for book, manifest in self._readable(self.books())}
            yield from sorted(created, key=lambda book: (created[book], book))

    def open_manifests(self) -> Iterator[tuple[str, Manifest]]:
        """Those of them that can be read, with their ids."""
        return self._readable(self.open_books())

    def being_read(self) -> list[Manifest]:
        """The books whose original somebody reads, and maybe others."""
        try:
            noted = dict(self._readable(self.index.being_read()))
        except IndexUnusable:
            return [manifest for _, manifest in self.readable()]
        for book, manifest in noted.items():
            if not any(task.stage.traits.opens_original for task, _ in live_claims(manifest)):
                self.index.note_reading(book, is_read=False)  # done, or its reader was killed
        return list(noted.values())

    def settle(self, book: str) -> None:
        """Have the index close a book, if it is over, tidied: nobody looks at it again.

        Raises:
            LibraryBusy: Somebody has its lock; not waited for.
            NoSuchBook: It is gone.
            ManifestCorrupt: It does not parse.
        """
        if not self.index.is_there:
            return
        files = self.files(book)
        # Under the lock: whoever opens it marks it and writes under the same one, so neither is lost to the other.
        with self.alone(files, wait_seconds=0):
            status = files.manifest.stat()
            manifest = self._manifests.parse(files.manifest.read_bytes(), book=book)
            if not is_open(manifest):
                _tidy(files, manifest)  # what was killed just before: the supervisor found the lock held
                files.give_up_names()
                self.index.put([card_of(manifest, book=book, seal=seal_of(status))])

    def peek(self, book: str) -> Manifest:
        """Like `read`, but nothing is remembered: for whoever looks at thousands once."""
        files = BookFiles(self.root / book)
        try:
            return self._manifests.parse(files.manifest.read_bytes(), book=book)
        except OSError:
            return self.read(book)  # which says what is wrong

    def has(self, name: str) -> bool:
        """Whether this is the id of a book; no path that leads out of the library is one."""
        with suppress(OSError, ValueError):  # too long, half of a character, a NUL
            return bool(name) and "/" not in name and not name.startswith(".") and self._has_manifest(name)
        return False

    def twins(self, name: str) -> list[str]:
        """The books whose ids end in the same digits of a digest: made of the same file, as good as ever."""
        with os.scandir(self.root) as entries:
            names = [each.name for each in entries if each.name.endswith("-" + name.rpartition("-")[2])]
        return [each for each in sorted(names) if each != name and self.has(each)]

    def note_stray(self, name: str) -> None:
        """Note a folder that has no manifest."""
        self._strays.add(name)

    def strays(self) -> list[str]:
        """The folders without a manifest, as they were seen last."""
        return list(self._strays)

    def orphans(self) -> list[Path]:
        """The originals in folders whose manifest is gone, as `strays` has them: they are no books any more.

        Where the original is gone, too, but what was made of it is there, a path that does not exist.
        """
        self._strays = {name for name in self._strays if (self.root / name).is_dir() and not self._has_manifest(name)}
        folders = [BookFiles(self.root / name) for name in sorted(self._strays)]
        there = [sorted(one.root.glob("source.*")) or [one.source("source")] for one in folders]
        return [path for paths in there for path in paths if path.exists() or path.parent.joinpath("data").is_dir()]

    def readable(self) -> Iterator[tuple[str, Manifest]]:
        """Every book that can be read, with its id; one that is gone meanwhile or set aside is left out."""
        return self._readable(self.books())

    def _readable(self, books: Iterable[str]) -> Iterator[tuple[str, Manifest]]:
        for book in books:
            with suppress(NoSuchBook, ManifestCorrupt, LibraryBusy):
                yield book, self.read(book)

    def _has_manifest(self, name: str) -> bool:
        return _is_file(BookFiles(self.root / name).manifest)

    def files(self, book: str) -> BookFiles:
        """The paths of a book."""
        files = self._files.get(book)
        if files is None:
            files = self._files[book] = BookFiles(self.root / book)
        return files

    def read(self, book: str, *, is_glance: bool = False) -> Manifest:
        """The manifest as it is now; parsed only when the file changed since the last call.

        Raises:
            NoSuchBook: No such folder, or no manifest in it.
            ManifestCorrupt: It cannot be read or does not parse; the file stays as it is for a person to look at.
        """
        # A glance is cheap also where this process has just written it; it may miss what another did in that moment.
        look, path = self._manifests.glance if is_glance else self._manifests.read, self.files(book).manifest
        try:
            return look(path, book=book)
        except (FileNotFoundError, NotADirectoryError) as error:
            self._manifests.forget(book)
            self._files.pop(book, None)
            self._strays.add(book)
            raise NoSuchBook(f"no book {book} in the library; `imaginizectl status` lists them") from error
        except OSError as error:
            raise ManifestCorrupt(f"{book}: the manifest cannot be read: {error.strerror}") from error

    def read_for_update(self, book: str) -> Manifest:
        """The manifest as it is now; an `update` that finds the same bytes gives its transition this very object.

        So whoever shares a loop can parse and decide in other turns than the one in which it writes.

        Raises:
            NoSuchBook: No such folder, or no manifest in it.
            ManifestCorrupt: As for `read`.
        """
        try:
            data = self.files(book).manifest.read_bytes()
        except OSError:
            return self.read(book)  # which says what is wrong
        manifest = self._manifests.parse(data, book=book)
        self._manifests.remember(manifest, book=book, data=data)
        return manifest

    def update(
        self,
        book: str,
        transition: Transition,
        *,
        artifacts: Sequence[Artifact | Removal] = (),
        durable: bool = False,
        later: set[Path] | None = None,
        wait_seconds: float | None = None,
    ) -> Manifest:
        """Apply a pure function to the manifest under the book's lock and return what the book is now.

        The transition is asked first; only if it agrees are the artifacts given their final names, and only then is the
        manifest replaced. A crash between the two leaves artifacts that the next attempt replaces.

        Args:
            book: Its id.
            transition: Checks the fence; returns the next manifest, or the same object for no change, and its events.
            artifacts: What this update makes true; removed when the transition refuses.
            durable: Whether the book's folder is synced before the return, also when nothing changed: the caller is
                about to tell somebody.
            later: As in `publish`, for the folders of the artifacts.
            wait_seconds: For the lock; None for `lock_timeout_seconds`.

        Raises:
            ClaimLost: From the transition; nothing changed.
            NoSuchBook: It is gone.
            ManifestCorrupt: Left as it is.
            LibraryBusy: The lock did not come free.
            OSError: Disk full or read-only; the old manifest stands.
        """
        files = self.files(book)
        try:
            with self.alone(files, wait_seconds=wait_seconds):
                before = self._manifests.parse(files.manifest.read_bytes(), book=book)
                change = transition(before)
                publish(artifacts, later=later)
                after = before if change.manifest is before else self._write(book, change, before=before, files=files)
                if durable:
                    sync_folder(files.root)
                return after
        except BaseException:
            discard(artifacts)
            raise

    def _write(self, book: str, change: Change, *, before: Manifest, files: BookFiles) -> Manifest:
        """Tell the log of events what happens, then make it true; returns the manifest as it is written."""
        if may_be_closed(before):
            # First: killed between the two, it is looked at for nothing. The other way round it would not be looked at.
            self.index.put([card_of(before, book=book)])
        now, after = self._clock.now(), change.manifest
        extent = Extent(count=after.event_count, size=after.event_bytes)
        if change.events:
            extent = append_events(files.events, change.events, at=now, extent=extent)
        after = replace(after, last_updated=now, event_count=extent.count, event_bytes=extent.size)
        data = encode(after)
        write_atomic(files.manifest, data)
        self._manifests.remember(after, book=book, data=data, path=files.manifest)
        return after

    def render(
        self, book: str, path: Path, text: Callable[[Manifest], str], *, wait_seconds: float | None = None
    ) -> None:
        """Write a file that is made from the manifest, so that an older view never replaces a newer one.

        It is not synced: a power cut may leave it empty, and its caller makes it again.

        Raises:
            LibraryBusy: The lock did not come free in `wait_seconds` (None for `lock_timeout_seconds`).
        """
        files = self.files(book)
        with self._locked(files, wait_seconds=wait_seconds):
            data = text(self._manifests.parse(files.manifest.read_bytes(), book=book)).encode()
            write_atomic(path, data, synced=False)

    def tidy(self, book: str, *, wait_seconds: float | None = None) -> list[Path]:
        """Remove what dead writers left in a book's folder; returns the staged artifacts that went.

        Raises:
            LibraryBusy: The lock did not come free in `wait_seconds` (None for `lock_timeout_seconds`).
        """
        files = self.files(book)
        with self.alone(files, wait_seconds=wait_seconds):  # a foreign writer's temporary file is no dead one's
            return _tidy(files, self._manifests.parse(files.manifest.read_bytes(), book=book))

    def holder_of_digest(self, digest: str) -> str | None:
        """The id of the book with this SHA-256; None when it is new."""
        changed_at = self.root.stat().st_mtime_ns
        # A rename into the library changes its mtime: one stat instead of a listing for every arrival.
        if changed_at != self._listed_at:
            self._by_digits = _by_digits(self.folders())
            self._listed_at = changed_at
        candidates = sorted(self._by_digits.get(digest[:BOOK_ID_DIGITS], ()))
        found = [book for book in candidates if _is_file(self.files(book).manifest)]  # others may share the digits
        return next((book for book in found if self._has(book, digest=digest)), found[0] if found else None)

    def _has(self, book: str, *, digest: str) -> bool:
        """Whether a book has this content, as far as that can be told."""
        try:
            return self.read(book).digest == digest
        except NoSuchBook:
            return False
        except ManifestCorrupt:
            return True

    def admit(
        self,
        original: Original,
        *,
        original_name: str,
        arrival: str,
        profile: str = "",
        request: bytes | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
        step: Callable[[str], None] = lambda _name: None,
    ) -> str:
        """Make a book of a copy of a whole file, by one rename; the file stays where it is. Returns the new id.

        Args:
            original: The file.
            original_name: What the user called it.
            arrival: Device, inode and mtime of the inbox entry.
            profile: The subfolder of the inbox it was dropped into.
            request: What was asked for it, as `data/request.json` has it; None for nothing special.
            is_wanted: Asked once it is copied: whether the file is still there, as it was.
            step: Told "copied", then "verifying" at every block.

        Raises:
            FileExistsError: The library has this book.
            OriginalChanged: The copy has another digest, or is not wanted any more; nothing is left of it.
            OSError: Unreadable, or the disk is full; only a hidden folder is left, for `sweep_incoming`.
        """
        book = self._id_for(original_name, digest=original.digest)
        folder = self.root / f"{INCOMING}{book}.{os.getpid()}"
        is_listed = self._make_incoming(folder)
        book_file = f"source{Path(original_name).suffix.lower()}"
        copy_original(original, folder / book_file, is_wanted=is_wanted, step=step)
        now = in_milliseconds(self._clock.now())
        manifest = Manifest(
            book_id=book,
            book_file=book_file,
            original_name=original_name,
            digest=original.digest,
            arrival=arrival,
            profile=profile,
            created_at=now,
            last_updated=now,
        )
        _write_first(BookFiles(folder), manifest=manifest, request=request)
        return self._publish(folder, manifest=manifest, is_listed=is_listed)

    def _id_for(self, original_name: str, *, digest: str) -> str:
        """The id of a new book: not that of a folder which has lost its manifest, or is another program's by now."""
        slug, digits = slug_of(Path(original_name).stem) or "book", digest[:BOOK_ID_DIGITS]
        names = (f"{slug}-{digits}" if number == 1 else f"{slug}-{number}-{digits}" for number in count(1))
        return next(one for one in names if not (self.root / one).exists() or self._has(one, digest=digest))

    def _make_incoming(self, folder: Path) -> bool:
        """Make the empty folder of a book to be; returns whether the library is still as it was listed."""
        # Asked before the folder is made, which changes the mtime itself.
        is_listed = self._listed_at == self.root.stat().st_mtime_ns
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return is_listed

    def _publish(self, folder: Path, *, manifest: Manifest, is_listed: bool) -> str:
        """Give it its name in the library, which is returned."""
        book = manifest.book_id
        target = self.root / book
        if target.exists():
            raise FileExistsError(f"{book} is in the library already")
        self.index.put([card_of(manifest, book=book)])
        # One rename makes it a book: nobody ever sees a folder without its manifest or its original.
        folder.rename(target)
        sync_folder(self.root)
        if is_listed:  # the change is ours; to list the library again for every book would be quadratic
            self._by_digits.setdefault(book.rpartition("-")[2], set()).add(book)
            self._listed_at = self.root.stat().st_mtime_ns
        return book

    def sweep_incoming(self) -> None:
        """Remove half-made books; no glob, READY waits for a look at each name. Call before anyone admits."""
        for half in [entry for entry in os.scandir(self.root) if entry.name.startswith(INCOMING)]:
            shutil.rmtree(half.path, ignore_errors=True)

    def expel(self, book: str, *, to: Path | None) -> None:
        """Take a book out of the library: the original goes to `to`, a free name; everything made from it is removed.

        None for a book whose original is elsewhere, too: it goes with the rest, by one rename.

        Killed at any point, it is a book still and the same call ends it, or it is a hidden folder and
        `sweep_incoming` does.
        """
        files = self.files(book)
        with self.alone(files, wait_seconds=None):
            source = files.source(self._manifests.parse(files.manifest.read_bytes(), book=book).book_file)
            if to is not None and source.exists():  # else killed here before, after the move
                move(source, to, replace=False)
            # Out of sight by one rename first: removed file by file in its place, half a book would be seen, and
            # claimed.
            remains = self.root / f"{INCOMING}{book}.{os.getpid()}"
            shutil.rmtree(remains, ignore_errors=True)
            files.root.rename(remains)
            sync_folder(self.root)  # else the book may come back without its original, and part of it for ever
        self.index.forget([book])
        # Without the lock, whose file goes with the folder: who waited for it finds no book there.
        shutil.rmtree(remains)

    @contextmanager
    def instance(self) -> Iterator[LifeLock]:
        """Be the only supervisor of this library, for as long as the context lasts.

        Yields the lock, whose file has to be looked at now and then.

        Raises:
            LibraryInUse: Another one is; the message names it.
        """
        lock = LifeLock(self.root / INSTANCE_LOCK)
        try:
            lock.take(wait_seconds=0)
        except LibraryBusy as error:
            told = f"another imaginized runs on {self.root.resolve()}: {error}; stop it, or set another paths.library"
            raise LibraryInUse(told) from error
        with closing(lock):
            yield lock

    @contextmanager
    def alone(self, files: BookFiles, *, wait_seconds: float | None) -> Iterator[None]:
        """Hold our lock, and shut out programs that know only the seed's."""
        wait = self._lock_timeout_seconds if wait_seconds is None else wait_seconds
        with (
            self._locked(files, wait_seconds=wait) as fd,
            shutting_others_out(files.foreign_lock, flock=files.lock, fd=fd, wait_seconds=wait),
        ):
            yield

    @contextmanager
    def _locked(self, files: BookFiles, *, wait_seconds: float | None) -> Iterator[int]:
        wait = self._lock_timeout_seconds if wait_seconds is None else wait_seconds
        try:
            with locked(files.lock, wait_seconds=wait) as fd:
                _check_current(fd, files=files)
                yield fd
        except (FileNotFoundError, NotADirectoryError) as error:
            # Then it is something else that was not found, below the folder of a book that is there.
            if files.manifest.exists():
                raise
            raise NoSuchBook(f"no book {files.root.name} in the library; `imaginizectl status` lists them") from error


def _tidy(files: BookFiles, manifest: Manifest) -> list[Path]:
    sweep_temporaries(files.root)
    sweep_temporaries(files.calls)
    # By claim, not by age: a slow worker's staged file may be old, and it will still be published.
    return files.sweep(live=[entry.claim.claim_id for _, entry in live_claims(manifest) if entry.claim])


def phases_of(library: Library) -> dict[str, int]:
    """How many books of a library are in each phase, as far as they were looked at and can be read."""
    found = Counter(str(phase(manifest)) for _, manifest in library.open_manifests())
    with suppress(IndexUnusable):  # then all of them were read
        found.update(library.index.closed_phases())
    return dict(found)


def _write_first(files: BookFiles, *, manifest: Manifest, request: bytes | None) -> None:
    manifest = _with_log(manifest, files=files)
    if request is not None:
        make_folder(files.data)
        write_atomic(files.request, request, durable=True)
    write_atomic(files.manifest, encode(manifest), durable=True)


def _by_digits(names: Iterable[str]) -> dict[str, set[str]]:
    """Names that may be those of books, by the digits of the digest they end with."""
    found: dict[str, set[str]] = {}
    for name in names:
        found.setdefault(name.rpartition("-")[2], set()).add(name)
    return found


def _check_current(fd: int, *, files: BookFiles) -> None:
    """Whoever waited while a book was expelled and came back holds the lock of a folder that is no longer it."""
    if not os.path.samestat(os.fstat(fd), files.lock.stat()):
        raise LibraryBusy(f"{files.root.name}: the lock was replaced while waiting for it; try again")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        return False  # a folder that is not ours to look into is no book of ours


def _with_log(manifest: Manifest, *, files: BookFiles) -> Manifest:
    """A new book with the first line of its log."""
    admitted = Happening(name="book_admitted")
    extent = append_events(files.events, [admitted], at=manifest.created_at, extent=Extent())
    sync_folder(files.data)
    return replace(manifest, event_count=extent.count, event_bytes=extent.size)
