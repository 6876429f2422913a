"""What many tests need: small books as manifests."""

from dataclasses import replace
from datetime import UTC, datetime

from imaginized.queue.manifest import Claim, Entry, Manifest, Stage, Status, Task

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
OWNER = "worker-1@somewhere:4711:815"
FIRST_STAGES = (Stage.ANALYZE, Stage.ILLUSTRATE)  # not all there are: a stage that comes later changes no test of these


def make_claim(claim_id: str = "c1", *, owner: str = OWNER, boot: str = "") -> Claim:
    """A claim; each test names its own ids."""
    return Claim(owner=owner, boot=boot, claim_id=claim_id, claimed_at=EPOCH)


def admitted_book(book_id: str = "a-book-00000000") -> Manifest:
    """A book as it is before it is split."""
    return Manifest(
        book_id=book_id, book_file="source.epub", original_name="a book.epub", created_at=EPOCH, last_updated=EPOCH
    )


def split_book(*words: int, stages: tuple[Stage, ...] = FIRST_STAGES) -> Manifest:
    """A book whose chapters have so many words each and wait to be analyzed."""
    chapters = {n: Entry(stage=Stage.ANALYZE, title=f"Chapter {n}", words=count) for n, count in enumerate(words, 1)}
    return with_step(replace(admitted_book(), chapters=chapters, chapter_stages=stages), Stage.SPLIT)


def merged_book(*words: int) -> Manifest:
    """A book whose chapters are all analyzed and wait to be illustrated."""
    book = split_book(*words)
    chapters = {
        n: replace(entry, stage=Stage.ILLUSTRATE, analyzed_at=EPOCH, attempt=1) for n, entry in book.chapters.items()
    }
    return with_step(replace(book, chapters=chapters), Stage.MERGE)


def done_book(*words: int) -> Manifest:
    """A book that is through with everything."""
    book = merged_book(*words)
    for number in book.chapters:
        book = with_chapter(book, number, status=Status.COMPLETED, completed_at=EPOCH)
    return with_step(book, Stage.COMPILE)


def with_step(manifest: Manifest, step: Stage, *, status: Status = Status.COMPLETED) -> Manifest:
    """The book with that step so, completed if not said otherwise."""
    return manifest.with_entry(Task(stage=step), replace(manifest.steps[step], status=status))


def with_chapter(manifest: Manifest, number: int, **changes: object) -> Manifest:
    """The book with fields of one chapter's entry changed."""
    entry = manifest.chapters[number]
    return manifest.with_entry(Task(stage=entry.stage, chapter=number), replace(entry, **changes))  # type: ignore[arg-type]
