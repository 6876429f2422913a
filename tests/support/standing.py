"""Where everything that was dropped is in the end, and what does not hold of it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imaginized.inbox.aside import DUPLICATES, ERROR_NOTE, FAILED, POINTER_NOTE
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest, Status
from imaginized.queue.plan import Phase, live_claims, phase
from imaginized.store.files import STAGED, BookFiles
from imaginized.store.writing import TEMPORARY
from tests.support.daemons import Daemon
from tests.support.dropping import LIBRARY, NOWHERE, PROFILE, STYLE, Drop, digest_of
from tests.support.hostile import is_hostile
from tests.support.replaying import contradictions

INBOX = "inbox"
NOTES = {FAILED: ERROR_NOTE, DUPLICATES: POINTER_NOTE}
PLACES = (INBOX, LIBRARY, FAILED, DUPLICATES)
KEPT = "notes.txt"  # which is no book
BOOK_TEXT = b"walked along the green river"  # in every small book


@dataclass(frozen=True, slots=True)
class Standing:
    """How many files of each content are in each place."""

    found: Counter[tuple[str, str]]

    @classmethod
    def of(cls, daemon: Daemon) -> "Standing":
        """As it is now."""
        inbox, aside = daemon.inbox, (daemon.inbox / FAILED, daemon.inbox / DUPLICATES)
        files = [(path, INBOX) for path in _books_below(inbox) if not any(path.is_relative_to(each) for each in aside)]
        files += [(path, folder.name) for folder in aside for path in _books_below(folder)]
        files = [(path, place) for path, place in files if not is_hostile(path, below=inbox)]
        originals = daemon.library.glob("*/source.*")
        files += [(path, LIBRARY) for path in originals if not is_hostile(path, below=daemon.library)]
        return cls(Counter((digest_of(path), place) for path, place in files))

    def misplaced(self, drops: Sequence[Drop]) -> Iterator[str]:
        """What is not where it has to be, each content in exactly so many places as it was dropped."""
        wanted: Counter[tuple[str, str]] = Counter()
        for drop in drops:
            wanted += drop.digests
        names = {digest: f"{drop.name!r} ({drop.kind})" for drop in drops for digest, _ in drop.digests}
        for digest in names.keys() | {digest for digest, _ in self.found}:
            for place in PLACES:
                count, least = self.found[digest, place], wanted[digest, place]
                most = least + (wanted[digest, f"{LIBRARY} or {NOWHERE}"] if place == LIBRARY else 0)
                if not least <= count <= most:
                    yield f"{names.get(digest, digest)} is {count} times in {place} instead of {least}"

    def by_kind(self, drops: Sequence[Drop]) -> Mapping[str, Counter[str]]:
        """How often each kind was dropped, how many files that were, and where they are."""
        rows: dict[str, Counter[str]] = {}
        for drop in drops:
            row = rows.setdefault(drop.kind, Counter())
            row["times"] += 1
            row["files"] += drop.digests.total() + len(drop.named)
            row[FAILED] += len(drop.named)
            for (digest, place), count in drop.digests.items():
                is_gone = place.endswith(NOWHERE) and not self.found[digest, LIBRARY]
                row[NOWHERE if is_gone else place.partition(" ")[0]] += count
        return rows


def problems_at_rest(daemon: Daemon, drops: Sequence[Drop]) -> Iterator[str]:
    """Everything that does not hold when there is nothing left to do."""
    yield from Standing.of(daemon).misplaced(drops)
    yield from _inbox_problems(daemon.inbox, drops)
    books = [path for path in daemon.library.iterdir() if path.is_dir() and not path.name.startswith(".")]
    manifests = {}
    for book in books:
        manifest = decode((book / ".imaginize.manifest.json").read_bytes())
        manifests[manifest.digest] = book, manifest
        yield from (f"{book.name}: {problem}" for problem in _book_problems(BookFiles(book), manifest))
    yield from (f"{path.name} in the library" for path in daemon.library.glob(".incoming-*"))
    if BOOK_TEXT in daemon.log.read_bytes():
        yield "text of a book is in the log"
    for drop in drops:
        for digest, _ in drop.digests:
            if digest in manifests:
                yield from _request_problems(drop, *manifests[digest])


def _books_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in (".epub", ".pdf") and path.is_file() and not path.is_symlink() and path.stat().st_size:
            yield path


def _inbox_problems(inbox: Path, drops: Sequence[Drop]) -> Iterator[str]:
    for path in inbox.rglob("*"):
        top = path.relative_to(inbox).parts[0]
        if is_hostile(path, below=inbox):
            continue
        if top not in NOTES and not path.is_dir() and path.name != KEPT:
            yield f"{path.name!r} is left in the inbox"
    for place, suffix in NOTES.items():
        names = {path.name for path in (inbox / place).iterdir()}
        entries = {name for name in names if not name.endswith((suffix, ".toml"))}
        yield from (f"{name!r} in {place} has no note" for name in entries if f"{name}{suffix}" not in names)
        yield from (
            f"{name!r} in {place} is a note on nothing"
            for name in names
            if name.endswith(suffix) and name.removesuffix(suffix) not in entries
        )
    named = [name for drop in drops for name in drop.named]
    there = {path.name for path in (inbox / FAILED).iterdir()}
    yield from (f"{name!r} is not in {FAILED}" for name in named if name not in there)


def _book_problems(files: BookFiles, manifest: Manifest) -> Iterator[str]:
    if phase(manifest) is not Phase.DONE or list(live_claims(manifest)):
        yield f"it is {phase(manifest)}, with claims {list(live_claims(manifest))}"
    unfinished = [number for number, entry in manifest.chapters.items() if entry.status is not Status.COMPLETED]
    if unfinished or not manifest.chapters:
        yield f"chapters {unfinished} of {len(manifest.chapters)} are not completed"
    strays = [path.name for path in files.root.rglob(".*") if path.name.endswith((TEMPORARY, STAGED))]
    if strays:
        yield f"half-written files {strays}"
    if not files.guide("index.html").exists():
        yield "it has no guide"
    if not files.progress.exists() or files.progress.stat().st_mtime_ns < files.manifest.stat().st_mtime_ns:
        yield "progress.md is older than the manifest"
    yield from _event_problems(files, manifest)
    yield from contradictions(files, manifest)


def _event_problems(files: BookFiles, manifest: Manifest) -> Iterator[str]:
    """Whether the book's log has a gap, or something was completed twice."""
    lines = [json.loads(line) for line in files.events.read_bytes().splitlines()]
    numbers = [line["number"] for line in lines]
    if numbers != list(range(1, manifest.event_count + 1)):
        yield f"the lines of its events are {numbers}, not 1 to {manifest.event_count}"
    ends = Counter(
        (line["stage"], line.get("chapter"))
        for line in lines
        if line["event"].endswith("_completed") and "stage" in line
    )
    yield from (
        f"{stage} {chapter or ''} was completed {count} times" for (stage, chapter), count in ends.items() if count > 1
    )


def _request_problems(drop: Drop, book: Path, manifest: Manifest) -> Iterator[str]:
    """Whether what was asked for a book is kept with it."""
    is_asked = drop.asked or drop.kind == "profile"
    if is_asked and STYLE not in BookFiles(book).request.read_text():
        yield f"{book.name}: what was asked for it is not kept"
    if drop.kind == "profile" and manifest.profile != PROFILE:
        yield f"{book.name}: its profile is {manifest.profile!r}"
