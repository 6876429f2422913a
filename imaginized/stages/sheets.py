"""The style guide and the sheets of a book: written when it is merged, read whenever a scene is drawn.

What a person wrote is never overwritten: a file is ours while its text is one that we wrote, by digest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.guide.sheets import parse_looks, parse_style, sheet_md, style_md
from imaginized.providers.api import ImageRequest, Reference
from imaginized.providers.builtin.styling import guess_style
from imaginized.reasons import Code
from imaginized.stages.job import Job
from imaginized.stages.records import (
    BookRecord,
    CastRecord,
    IllustrationRecord,
    SheetsRecord,
    WrittenFile,
    load_cast,
    load_series,
)
from imaginized.store.files import BookFiles
from imaginized.store.naming import slug_of, stems_of
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.earlier import Cast, Earlier, as_drawn, told_in
from imaginized.story.elements import Element, Scene
from imaginized.story.sheets import main_elements

LONGEST_BYTES = 64 * 1024
LARGEST_PICTURE_BYTES = 20 * 1024 * 1024
IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
STYLE_STEM = "style"


def written_sheets(
    job: Job,
    elements: Sequence[Element],
    *,
    texts: Iterable[str],
    cast: CastRecord | None = None,
    is_read: bool = True,
    earlier: Cast | None = None,
) -> dict[Path, bytes | None]:
    """The style guide and the sheets of the main characters, but for those that a person edited.

    The record comes first: a crash between the files must not make one of ours look like a person's. A sheet goes by
    the name that was found, so that it stays where a person gives another; one of ours goes with whoever is no more.
    `is_read` tells whether anything read the book for looks.
    """
    book, before, cast = load(job.files.book, BookRecord), read_record(job.files), cast or CastRecord()
    main = {cast.found_names.get(element.name, element.name): element for element in main_elements(elements)}
    known = {written.name: written.stem for written in before.files if written.name}
    stems = stems_of(main, known=known)
    fresh = {
        name: sheet_md(element, stem=stems[name], is_read=is_read, earlier=(earlier or {}).get(name, ())).encode()
        for name, element in main.items()
    }
    fresh[""] = _style_text(job, texts, book=book)
    digests = {written.name: written.digests for written in before.files}
    contents: dict[Path, bytes | None] = {
        path: None for path, written in _sheets_of_nobody(job.files, cast=cast) if _is_ours(path, written.digests)
    }
    for name, data in fresh.items():
        path = job.files.sheet(stems[name]) if name else job.files.style
        # What we would write now is ours, too, where the record of what we wrote is lost.
        if _is_ours(path, digests.get(name, ())) or _has_just(path, data):
            digests[name] = tuple(dict.fromkeys((*digests.get(name, ()), sha256(data).hexdigest())))
            contents[path] = data
    stems[""] = STYLE_STEM
    files = tuple(WrittenFile(name=name, stem=stems[name], digests=digests[name]) for name in sorted(digests))
    return {job.files.sheets: dump(SheetsRecord(files=files)), **contents}


def early_style(job: Job, *, texts: Iterable[str]) -> dict[Path, bytes | None]:
    """The style guide, where there is none yet, as the merge will write it."""
    if job.files.style.exists():
        return {}
    return {job.files.style: _style_text(job, texts, book=load(job.files.book, BookRecord))}


def _style_text(job: Job, texts: Iterable[str], *, book: BookRecord) -> bytes:
    guess = guess_style(texts, language=job.request.language or book.language)
    return style_md(replace(guess, wish=job.request.style), title=book.title).encode()


def unused_sheets(files: BookFiles, *, cast: CastRecord) -> list[str]:
    """That a sheet which a person edited is of nobody any more, and what to do about it."""
    left = [path for path, written in _sheets_of_nobody(files, cast=cast) if not _is_ours(path, written.digests)]
    return [
        f"elements/{path.name}: you wrote in it, but no element has this sheet any more; move your lines"
        for path in left
    ]


def _sheets_of_nobody(files: BookFiles, *, cast: CastRecord) -> Iterator[tuple[Path, WrittenFile]]:
    """The sheets that are there of names which a person dropped, or said to be another's."""
    alive = {member.found for member in cast.members if not member.is_dropped}
    names = {name for member in cast.members for name in ((member.found,) if member.is_dropped else member.names)}
    for written in read_record(files).files:
        if written.name in names - alive and (path := files.sheet(written.stem)).exists():
            yield path, written


def read_record(files: BookFiles) -> SheetsRecord:
    """What was written; empty for a book that was merged before there were sheets, or when the record is damaged."""
    try:
        return load(files.sheets, SheetsRecord)
    except (FileNotFoundError, RecordUnreadable):
        return SheetsRecord(files=())


def sheets_by_name(files: BookFiles, elements: Iterable[Element], *, cast: CastRecord) -> dict[str, str]:
    """The path below the book's folder of each element's sheet that is there, by the name that the guide calls it."""
    stems = {written.name: written.stem for written in read_record(files).files if written.name}
    named = {each.name: stems.get(cast.found_names.get(each.name, each.name), "") for each in elements}
    there = {name: files.sheet(stem) for name, stem in named.items() if stem}
    return {name: path.relative_to(files.root).as_posix() for name, path in there.items() if path.is_file()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What people, the book and the volumes before it say about how to draw, as it is when a chapter is begun.

    Attributes:
        earlier: What earlier volumes know of whom, by the name that was found.
    """

    files: BookFiles
    written: dict[str, WrittenFile]
    style: str
    portraits: dict[str, str]
    found_names: Mapping[str, str] = field(default_factory=dict)
    earlier: Cast = field(default_factory=dict)

    def apply(self, request: ImageRequest) -> ImageRequest:
        """The request with the style guide, edited looks and reference pictures."""
        elements = tuple(self.as_edited(element, scene=request.scene) for element in request.elements)
        references = [self._reference(element, scene=request.scene) for element in elements]
        kept = tuple(reference for reference in references if reference is not None)
        return replace(request, elements=elements, style=self.style, references=kept)

    def _stem(self, name: str) -> str:
        written = self._written(name)
        return written.stem if written else slug_of(self.found_names.get(name, name))

    def _written(self, name: str) -> WrittenFile | None:
        return self.written.get(self.found_names.get(name, name))

    def pictures(self, elements: Iterable[Element]) -> dict[str, tuple[Path, str]]:
        """A picture of each element that has one, by its name, with its digest where a person placed it."""
        found: dict[str, tuple[Path, str]] = {}
        for element in elements:
            try:
                placed = self._placed(element)
            except (Rejected, OSError):  # told where it is drawn by; a later volume goes without
                continue
            own = self.portraits.get(element.name)
            if placed is not None:
                found[element.name] = (Path(placed.path), placed.sha256)
            elif own is not None:
                found[element.name] = (Path(own), "")
        return found

    def _earlier(self, element: Element, *, scene: Scene) -> tuple[Earlier, ...]:
        return told_in(scene, self.earlier.get(self.found_names.get(element.name, element.name), ()))

    def as_edited(self, element: Element, *, scene: Scene | None = None) -> Element:
        """The element as its sheet has it, where a person had a hand in that; else with what earlier volumes tell."""
        stem = self._stem(element.name)
        data = _read(self.files.sheet(stem)) if stem else None
        written = self._written(element.name)
        if data is None or (written and sha256(data).hexdigest() in written.digests):
            return element if scene is None else as_drawn(element, earlier=self._earlier(element, scene=scene))
        looks = parse_looks(data.decode(errors="replace"))
        return replace(element, description="; ".join(look.text for look in looks), quotes=(), looks=())

    def _placed(self, element: Element) -> Reference | None:
        stem = self._stem(element.name)
        placed = next((path for path in self.files.portraits(stem) if path.is_file()), None) if stem else None
        if placed is None:
            return None
        return Reference(name=element.name, path=str(placed), sha256=_picture_digest(placed))

    def _reference(self, element: Element, *, scene: Scene) -> Reference | None:
        """A person's picture goes before ours, and of ours the one of this book before an earlier volume's."""
        if placed := self._placed(element):
            return placed
        before = [one for one in reversed(self._earlier(element, scene=scene)) if one.picture]
        copies = sorted(before, key=lambda one: not one.picture_digest)
        copy = next((one for one in copies if (self.files.root / one.picture).is_file()), None)
        own = self.portraits.get(element.name)
        if own == str(self.files.image(scene.chapter, scene.number)):
            own = None
        if copy is not None and (own is None or copy.picture_digest):
            path = str(self.files.root / copy.picture)
            return Reference(name=element.name, path=path, sha256=copy.picture_digest)
        return None if own is None else Reference(name=element.name, path=own)


def lasting(request: ImageRequest) -> ImageRequest:
    """The part of a request that is the same whenever it is made: what its digest is taken of."""
    placed = tuple(replace(reference, path="") for reference in request.references if reference.sha256)
    return replace(request, references=placed)


def as_found(request: ImageRequest, *, found_names: Mapping[str, str]) -> ImageRequest:
    """The lasting part of a request, with the names that were found: what a person calls somebody is not seen."""
    request = lasting(request)
    return replace(
        request,
        elements=tuple(replace(each, name=found_names.get(each.name, each.name)) for each in request.elements),
        references=tuple(replace(each, name=found_names.get(each.name, each.name)) for each in request.references),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What of a request can be seen in its image, each field by itself: another one that comes later is none of it.

    Attributes:
        elements: Name as it was found, kind and looks of each.
        references: Name as it was found, and the digest of a person's picture of it.
        asking: As of the request.
    """

    book_title: str
    quote: str
    description: str
    mood: str
    lighting: str
    elements: tuple[tuple[str, str, str], ...]
    style: str
    references: tuple[tuple[str, str], ...]
    size: tuple[int, int]
    asking: int = 0


def shown(request: ImageRequest, *, found_names: Mapping[str, str]) -> Shown:
    """The part of a request that can be seen in the image: neither chapter numbers nor pages, counts nor labels."""

    def found(name: str) -> str:
        return found_names.get(name, name)

    scene = request.scene
    return Shown(
        book_title=request.book_title,
        quote=scene.quote.text,
        description=scene.description,
        mood=scene.mood,
        lighting=scene.lighting,
        elements=tuple((found(each.name), each.type, each.description) for each in request.elements),
        style=request.style,
        references=tuple((found(each.name), each.sha256) for each in request.references if each.sha256),
        size=(request.width, request.height),
        asking=request.asking,
    )


def read_guidance(files: BookFiles, *, elements: Iterable[Element], scenes: Iterable[Scene]) -> Guidance:
    """Read the style guide, the sheets' record and which of our images show one character alone.

    Args:
        files: The book's.
        elements: Of the book.
        scenes: Of the book, as far as they are known, in reading order.

    Raises:
        Rejected: A file that a person may edit is too long.
    """
    style = _read(files.style)
    return Guidance(
        files=files,
        written={written.name: written for written in read_record(files).files},
        style=parse_style(style.decode(errors="replace")) if style is not None else "",
        found_names=load_cast(files).found_names,
        earlier=load_series(files).learned.known,
        portraits=_portraits(files, elements=main_elements(tuple(elements)), scenes=scenes),
    )


def _portraits(files: BookFiles, *, elements: Sequence[Element], scenes: Iterable[Scene]) -> dict[str, str]:
    """For each main character our first image in which nobody else of them appears."""
    owners = {name.casefold(): element.name for element in elements for name in (element.name, *element.aliases)}
    found: dict[str, str] = {}
    for scene in scenes:
        present = {owners[name.casefold()] for name in scene.elements if name.casefold() in owners}
        if len(present) == 1 and not present <= found.keys():
            path = files.image(scene.chapter, scene.number)
            if path.is_file() and not _is_declined(files, scene):
                found[present.pop()] = str(path)
    return found


def _is_declined(files: BookFiles, scene: Scene) -> bool:
    try:
        record = load(files.illustration(scene.chapter, scene.number), IllustrationRecord)
    except (FileNotFoundError, RecordUnreadable):
        return True
    return record.image is None or bool(record.declined)


def _is_ours(path: Path, digests: Sequence[str]) -> bool:
    """Whether a file may be written: there is none, or its text is one of ours."""
    if not path.is_file():
        return not path.exists() and not path.is_symlink()
    return sha256(path.read_bytes()).hexdigest() in digests


def _has_just(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _read(path: Path) -> bytes | None:
    """What a person may have written; None when there is no such file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        data = file.read(LONGEST_BYTES + 1)
    if len(data) > LONGEST_BYTES:
        raise _unusable(f"{path.name} is longer than {LONGEST_BYTES // 1024} KiB", advice="shorten it")
    return data


def _picture_digest(path: Path) -> str:
    """The digest of a picture that a person placed.

    Raises:
        Rejected: It is no JPEG or PNG, or too large for any endpoint.
    """
    if path.stat().st_size > LARGEST_PICTURE_BYTES:
        raise _unusable(f"elements/{path.name} is larger than 20 MiB", advice="make it smaller")
    data = path.read_bytes()
    if not data.startswith(IMAGE_STARTS):
        raise _unusable(f"elements/{path.name} is not a JPEG or PNG", advice="replace or remove it")
    return sha256(data).hexdigest()


def _unusable(text: str, *, advice: str) -> Rejected:
    return Rejected(text, code=Code.SHEET_UNUSABLE, advice=f"{advice}, then retry the chapter")
