"""What the writers of a guide need of a book's folder: the text with its places, the pictures, the original."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from imaginized.guide.material import Copies, Material
from imaginized.guide.model import Guide
from imaginized.guide.pictures import copy_of, digest_of, most_of_one
from imaginized.guide.writers import WRITERS, Written, write
from imaginized.providers.raster import NoImage, to_fit
from imaginized.queue.manifest import Manifest
from imaginized.reading.formats import FORMATS
from imaginized.settings.model import Guide as GuideSettings
from imaginized.stages.job import Contents, Job
from imaginized.stages.outlet import Outgoing, Outlet
from imaginized.stages.records import BookRecord
from imaginized.store.files import BookFiles
from imaginized.store.records import load
from imaginized.story.text import ChapterText

_CONTAINER = "meta-inf/container.xml"


def _go_on() -> None:
    """Nobody asks to stop."""


def written(
    guide: Guide,
    *,
    book: BookRecord,
    files: BookFiles,
    manifest: Manifest,
    settings: GuideSettings,
    formats: Iterable[str],
    step: Callable[[], None] = _go_on,
    outlet: Outlet | None = None,
    again: bool = False,
    ornaments: Contents = MappingProxyType({}),
) -> Written:
    """Every file of these formats, and what is not to be there any more. Asks no model.

    `step` is called before each picture that is written anew, and may raise Interrupted. `outlet` is where exports go
    beside the book's folder, to which nothing is written here. `again` says that a person asked for just these formats
    now: those of others stay, and what a watcher took away goes there once more.
    `ornaments` are those of the guide that are to be written with it.
    """
    wanted = tuple(formats)

    def fit(data: bytes, longest: int, quality: int) -> bytes:
        step()  # a thousand pictures may have to be made smaller: that takes a minute
        return to_fit(data, longest, quality)

    material = Material(
        guide=guide,
        root=files.root,
        is_epub=_is_epub(book, files=files, manifest=manifest),
        kind=next((row.label for row in FORMATS.values() if book.reader in row.ways), "file of another format"),
        text=partial(_text_of, files),
        fit=fit,
        most_bytes=settings.epub_max_bytes,
        made_at=manifest.created_at,
        hand_out=partial(_hand_out, outlet, asked=wanted if again else None),
        stays=frozenset(WRITERS) if again else frozenset(),
        copies=Copies(kept=partial(_copy_of, files)),
        pdf_layout=settings.pdf_layout,
        drawn={str(path.relative_to(files.root)): data for path, data in ornaments.items() if isinstance(data, bytes)},
    )
    return write(material, formats=wanted)


def _hand_out(outlet: Outlet | None, exports: Mapping[str, bytes], *, asked: tuple[str, ...] | None) -> tuple[str, ...]:
    if outlet is None:
        return ()
    outgoing = [Outgoing(format=name, suffix=WRITERS[name].suffix, data=data) for name, data in exports.items()]
    return outlet.hand_out(outgoing, again=asked is not None, formats=asked)


def drawn_copies(job: Job, picture: bytes, *, scenes: int) -> dict[Path, bytes]:
    """The smaller copy of a picture that the book's edition will have, where all together would be too large for it.

    It is made with the picture, by many workers: for a long book it is all that takes long in the last step.
    """
    if "epub" not in job.guide.formats:
        return {}
    source = job.files.source(job.manifest.book_file)
    taken = source.stat().st_size if source.exists() else 0
    most = most_of_one(most_bytes=job.guide.epub_max_bytes, taken=taken, pictures=scenes)
    try:
        copy = copy_of(picture, most=most, fit=to_fit) if len(picture) > most else picture
    except NoImage:  # whoever shows the picture says so
        return {}
    return {} if copy is picture else {job.files.copy(digest_of(picture)): copy}


def _copy_of(files: BookFiles, digest: str) -> bytes | None:
    try:
        return files.copy(digest).read_bytes()
    except OSError:
        return None


def _text_of(files: BookFiles, number: int) -> ChapterText | None:
    try:
        return load(files.chapter(number), ChapterText)
    except FileNotFoundError:
        return None


def _is_epub(book: BookRecord, *, files: BookFiles, manifest: Manifest) -> bool:
    """Whether the chapters' places are in the original itself: not in what a converter or an unpacker made of it."""
    if book.reader not in FORMATS["epub"].ways or files.converted.exists():
        return False
    try:
        with zipfile.ZipFile(files.source(manifest.book_file)) as archive:
            return any(name.casefold().endswith(_CONTAINER) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError):
        return False
