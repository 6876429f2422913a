"""Libraries of any size: copies of one small finished book, each with a manifest of its own."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.process.channel import channel_pair
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import Hold, Stage, Status
from imaginized.reasons import Code
from imaginized.store.files import MANIFEST
from imaginized.store.library import Library
from imaginized.store.naming import slug_of
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.crash_steps import prepare, take_in, workshop
from tests.support.epubs import make_epub

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
MOST_LINKS = 30_000  # of one file; ext4 allows 65,000
# Of a finished book, what readers and the daemon look at; the rest would only take room.
KEPT = re.compile(r"(?:source\..+|index\.html|Contents\.md|progress\.md|data/(?:book\.json|events\.jsonl))")


def finished_book(folder: Path, *, chapters: int = 10) -> Path:
    """The folder of a book that is done, in a library below `folder`."""
    place = prepare(folder, book=make_epub(folder.parent / "model.epub", chapters=chapters, paragraphs=1))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs)
        while (held := claim_next(shop)) is not None:
            perform(shop, held)
    (book,) = library.books()
    return place.library / book


def fill(library: Path, *, model: Path, count: int, held: int = 0) -> list[str]:
    """Put copies of the model into a library, the first `held` of them waiting for a person; returns their ids."""
    library.mkdir(parents=True, exist_ok=True)
    manifest = decode((model / MANIFEST).read_bytes())
    kept = [path for path in sorted(model.rglob("*")) if KEPT.fullmatch(str(path.relative_to(model)))]
    books = []
    for number in range(count):
        digest = sha256(str(number).encode()).hexdigest()
        book = f"{slug_of(f'book {number:06d}')}-{digest[:8]}"
        folder = library / book
        (folder / "data").mkdir(parents=True)
        created = SINCE + timedelta(minutes=number)
        one = replace(
            manifest, book_id=book, book_title=f"Book {number:06d}", digest=digest, created_at=created,
            last_updated=created,
        )  # fmt: skip
        if number < held:
            why = Hold(reason="it waits for somebody", code=Code.APPROVAL, since=created, approve_usd=1.0)
            undone = replace(one.steps[Stage.COMPILE], status=Status.PENDING, completed_at=None)
            one = replace(one, hold=why, steps={**one.steps, Stage.COMPILE: undone})
        (folder / MANIFEST).write_bytes(encode(one))
        # The report is newer than what it reports.
        os.utime(folder / MANIFEST, (created.timestamp(), created.timestamp()))
        if number and number % MOST_LINKS == 0:
            model = _copied(model, kept, to=library.parent / f".model-{number}")
            kept = [path for path in sorted(model.rglob("*")) if path.is_file()]
        for path in kept:
            os.link(path, folder / path.relative_to(model))
        books.append(book)
    return books


def _copied(model: Path, kept: list[Path], *, to: Path) -> Path:
    for path in kept:
        target = to / path.relative_to(model)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return to
