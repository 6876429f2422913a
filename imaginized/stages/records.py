"""What the stages leave in a book's data folder for each other: the shapes of `data/*.json`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from imaginized.process.confinement import Confinement
from imaginized.queue.manifest import SceneWish, Stage
from imaginized.store.files import BookFiles, record_name
from imaginized.store.records import RecordUnreadable, Remembered, load
from imaginized.story.cast_orders import Member, Order
from imaginized.story.earlier import Cast
from imaginized.story.editing import Piece
from imaginized.story.elements import Element, Scene
from imaginized.story.findings import Finding
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import WORDS_PER_PAGE, BookText, ChapterText, Division, Skipped

OWN_METHODS = ("word-based", "storyboard plate", "declined plate")
REMEMBERED_BOOKS = 8
REMEMBERED_CHAPTERS = 4096  # of one long book: a picture is asked for by the scenes of all its chapters


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterSource:
    """Where a story chapter came from.

    Attributes:
        files: Documents inside the book, in reading order.
        fragment: Identifier in the first document that the contents point to; "" for its beginning.
        positions: Ordinals of its first block in the first document and its last block in the last one.
        page: Its first page.
        order: Its place among all pieces of the book; those of `skipped` count in it, too.
    """

    number: int
    title: str
    path: tuple[str, ...]
    words: int
    page: int
    files: tuple[str, ...]
    fragment: str = ""
    positions: tuple[int, int]
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRecord:
    """`data/book.json`: metadata, the map from story chapters to their sources, what was skipped and why.

    Attributes:
        reader: Which way the file was read.
        cover: Path below the book's folder, or None.
        skipped: Without their paragraphs, which the original has.
        division: How it was divided into chapters; None in older records.
        pieces: Every piece of it and what a person did to it; empty in older records.
        edits: Digest of the `chapters.toml` that it was divided by; "" for none.
        findings: What looks wrong with its text.
        sandbox: What the process that read the stranger's file was kept from; None in older records.
    """

    schema: str = "imaginized.book/1"
    title: str
    sort_title: str
    authors: tuple[str, ...]
    language: str
    publisher: str
    series: str
    series_index: str
    reader: str
    words: int
    pages: int
    cover: str | None
    chapters: tuple[ChapterSource, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]
    sandbox: Confinement | None = None
    division: Division | None = None
    pieces: tuple[Piece, ...] = ()
    edits: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookNames:
    """Of `data/book.json`, what a call needs: to read all of it takes 4 ms in a book of 2,000 chapters."""

    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenesRecord:
    """`data/scenes/NNN.json`: what the analyze stage found in a chapter.

    Attributes:
        by_model: Whether a model found it, and `method` is its name; None in older records.
        invented: How many scenes were dropped because their quote is not in the chapter.
        is_narrow: Whether all its scenes come from one quarter of it, though enough are wanted to be spread.
    """

    schema: str = "imaginized.scenes/1"
    chapter: int
    method: str
    by_model: bool | None = None
    scenes: tuple[Scene, ...]
    elements: tuple[Element, ...]
    invented: int = 0
    is_narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementsRecord:
    """`data/elements.json`: the elements merged over the book."""

    schema: str = "imaginized.elements/1"
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CastRecord:
    """`data/cast.json`: the elements of the book for a person, with what a person changed about who is who.

    Attributes:
        of: Digest of the `cast.toml` that they were made by; "" for none.
        orders: What was in force, from that file or a sidecar: the last that could be read.
        was: The orders that pictures were made by when this was written; None where they are the same.
        since: When the merge before this one ended, where they are others; else "".
        problems: What of it could not be done, for a person.
        members: By their rows.
        rows: The rows of all that there ever were while a person's orders were in force, by the names that were found.
        unlisted: Names of others that are too little in the book.
    """

    schema: str = "imaginized.cast/1"
    of: str = ""
    orders: tuple[Order, ...] = ()
    was: tuple[Order, ...] | None = None
    since: str = ""
    problems: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()

    @property
    def found_names(self) -> dict[str, str]:
        """By the name that a person gave, what somebody was called before."""
        return {member.name: member.found for member in self.members if member.name != member.found}


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeRead:
    """A volume whose cast is known to a book.

    Attributes:
        merged: When its cast was put together that was read, ISO 8601.
    """

    book: str
    title: str
    volume: str
    merged: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a book's cast was put together with.

    Attributes:
        known: What earlier volumes tell of somebody, by the name that was found here; the first volume first.
        joined: Who is one because an earlier volume knows them as one.
    """

    known: Cast = field(default_factory=dict)
    joined: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRecord:
    """`data/series.json`: the series of a book, and what it knows from it; absent where there is neither.

    Attributes:
        name: Of the series; "" for none.
        volume: Its number there, as written.
        volumes: The earlier ones that were read.
        edition_of: The book that it is a later edition of; None for none.
        learned: From those volumes.
        was: What pictures were made by when this was written; None where it is the same.
        since: When the merge before this one ended, where it is another; else "".
    """

    schema: str = "imaginized.series/1"
    name: str = ""
    volume: str = ""
    volumes: tuple[VolumeRead, ...] = ()
    edition_of: VolumeRead | None = None
    learned: Learned = Learned()
    was: Learned | None = None
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that people may edit.

    Attributes:
        name: Of the element, as it was found; "" for the style guide.
        stem: Its file name without suffix, for good.
        digests: SHA-256, hex, of every text we ever wrote into it: any other text is a person's.
    """

    name: str
    stem: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsRecord:
    """`data/sheets.json`: the style guide and the sheets of the main characters, as far as we wrote them."""

    schema: str = "imaginized.sheets/1"
    files: tuple[WrittenFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IllustrationRecord:
    """`data/illustrations/NNN-SS.json`: how a scene's image was made.

    Attributes:
        asked: Digest of all that was asked, so that a repeated stage knows what it has.
        shows: Digest of what of that can be seen in the image: neither numbers nor what a person calls somebody. "" in
            older records.
        image: Path below the book's folder; None when there is none.
        by_model: Whether a model drew it, and `method` is its name; None in older records.
        declined: Why there is no image, or a plate with the quote in its place; else "".
        asking: By which number it was asked for.
        passage: Digest of the passage that it is for; "" in older records.
        is_moved: Whether its chapter got another number since, so that the same scene is asked for in other words.
        early: Where it was drawn before the merge, and nothing else was asked for since: whom and what it shows, each
            with the looks that were known; else None.
        differs: What the whole book says beside or against such a picture, for a person; "" for nothing.
        cost_usd: What it cost with every try of the worker that kept it; None where nobody knows. `data/calls` has each
            call, also those of workers that were killed.
    """

    schema: str = "imaginized.illustration/1"
    chapter: int
    scene: int
    asked: str
    shows: str = ""
    image: str | None
    alt: str
    method: str
    by_model: bool | None = None
    prompt: str
    declined: str = ""
    asking: int = 0
    passage: str = ""
    is_moved: bool = False
    early: dict[str, str] | None = None
    differs: str = ""
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """`data/versions/DIGEST.json`: how a picture was made that a scene had before; it is beside it, as a JPEG.

    Attributes:
        illustration: Its record as it was then; the numbers of chapter and scene may be others now.
    """

    schema: str = "imaginized.version/1"
    illustration: IllustrationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRecord:
    """`data/kept/*/*/work.json`: what was made for a chapter, by its text, so that it can have any number.

    Attributes:
        done: The last stage that ended well; None for a chapter of which not all scenes are in place.
        number: Under which its scenes and illustrations are told here.
        reading: By which number the chapter was asked about.
        asking: The same for its pictures.
        wishes: What a person wanted of single scenes.
    """

    schema: str = "imaginized.work/1"
    done: Stage | None
    number: int
    scenes: ScenesRecord
    illustrations: tuple[IllustrationRecord, ...]
    reading: int = 0
    asking: int = 0
    wishes: Mapping[int, SceneWish] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """`data/kept/*/index.json`: that all of a division is kept, before another one takes its place.

    Attributes:
        of: When the split that made it ended.
        texts: By chapter, the folder of its work, which its text gives.
    """

    schema: str = "imaginized.kept/1"
    of: str
    texts: dict[int, str]


def is_by_model(record: ScenesRecord | IllustrationRecord) -> bool:
    """Whether a model made it; older records have only the words that the builtin provider calls its own methods."""
    return record.method not in OWN_METHODS if record.by_model is None else record.by_model


_requests = Remembered(lambda path: load(path, BookRequest), most=REMEMBERED_BOOKS)
_names = Remembered(lambda path: load(path, BookNames), most=REMEMBERED_BOOKS)
_scenes = Remembered(lambda path: load(path, ScenesRecord).scenes, most=REMEMBERED_CHAPTERS)


def load_names(files: BookFiles) -> BookNames:
    """What a call needs of a book's own record.

    Raises:
        RecordUnreadable: It was changed by hand and no longer fits; the message names it.
        FileNotFoundError: There is none.
    """
    return _names.load(files.book)


def load_scenes(files: BookFiles, numbers: Iterable[int]) -> Iterator[Scene]:
    """The scenes of these chapters; a picture is asked for by what is in those of all, so that they are remembered.

    Raises:
        RecordUnreadable: One was changed by hand and no longer fits; the message names it.
        FileNotFoundError: There is none.
    """
    folder = files.scenes(0).parent
    for number in numbers:
        yield from _scenes.load(folder / record_name(number))


def load_request(files: BookFiles) -> BookRequest:
    """What was asked for a book; nothing where no request is stored.

    Raises:
        RecordUnreadable: It was changed by hand and no longer fits; the message names the file.
    """
    try:
        return _requests.load(files.request)
    except FileNotFoundError:
        return BookRequest()


def load_cast(files: BookFiles) -> CastRecord:
    """Who is who; nobody where the book was not merged yet, or by an older version, or the record is damaged."""
    try:
        return load(files.cast, CastRecord)
    except (FileNotFoundError, RecordUnreadable):
        return CastRecord()


def load_series(files: BookFiles) -> SeriesRecord:
    """What a book knows from its series; nothing where it is in none, and where the record is damaged."""
    try:
        return load(files.series, SeriesRecord)
    except (FileNotFoundError, RecordUnreadable):
        return SeriesRecord()


def book_record(book: BookText, *, cover: str | None, sandbox: Confinement | None = None) -> BookRecord:
    """The record of a book that was just split."""
    words = sum(chapter.words for chapter in book.chapters)
    return BookRecord(
        title=book.title,
        sort_title=book.sort_title,
        authors=book.authors,
        language=book.language,
        publisher=book.publisher,
        series=book.series,
        series_index=book.series_index,
        reader=book.reader,
        words=words,
        pages=max(1, -(-words // WORDS_PER_PAGE)),
        cover=cover,
        chapters=tuple(_source(chapter) for chapter in book.chapters),
        skipped=tuple(replace(each, paragraphs=()) for each in book.skipped),
        warnings=book.warnings,
        sandbox=sandbox,
        division=book.division,
    )


def _source(chapter: ChapterText) -> ChapterSource:
    paragraphs = chapter.paragraphs
    return ChapterSource(
        number=chapter.number,
        title=chapter.title,
        path=chapter.path,
        words=chapter.words,
        page=chapter.page_at(0),
        files=tuple(dict.fromkeys(paragraph.file for paragraph in paragraphs)),
        fragment=chapter.fragment,
        positions=(paragraphs[0].position, paragraphs[-1].position) if paragraphs else (0, 0),
        order=chapter.order,
    )
