"""An EPUB from a stranger to its chapters: by EbookLib, or by our own reader where EbookLib fails."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.garbage import held_collector
from imaginized.reading.blocks import Document, read_document
from imaginized.reading.divided import may_divide
from imaginized.reading.limits import MAX_COVER_BYTES, Archive, Unreadable, cannot_open
from imaginized.reading.making import divide, make_book
from imaginized.reading.markup import MAX_LEVELS, Malformed, parse_document, uses_own_entities
from imaginized.reading.notes import Notes
from imaginized.reading.package import Entry, Package
from imaginized.reading.protection import check_protection
from imaginized.reading.recovery import recover_package
from imaginized.reading.styles import Sheets
from imaginized.reading.tolerant import LostContent, load_package
from imaginized.reasons import Code
from imaginized.story.text import BookText, ChapterText

_MAX_WARNINGS = 20
_COMIC_WORDS = 300
_COMIC_PAGES = 4


def read_epub(path: Path, *, original_name: str) -> BookText:
    """Read an EPUB into its story chapters.

    Args:
        path: The file; it is opened for reading only, and nothing is unpacked to disk.
        original_name: What the user called it, for messages and for a book without title.

    Raises:
        Rejected: It cannot be read or holds no story; the message says what, why and what to do next.
    """
    try:
        with held_collector(), Archive(path) as archive:
            check_protection(archive)
            return _read_book(archive, original_name=original_name)
    except Rejected as error:
        raise error.about(original_name) from error
    except OSError as error:
        raise cannot_open(error, name=original_name) from error


def _read_book(archive: Archive, *, original_name: str) -> BookText:
    package, documents, warnings = _load(archive)
    package = _with_real_names(package, archive=archive)
    found, read, doubts = divide(package, documents=documents)
    if not found.chapters or _is_comic(read, chapters=found.chapters):
        raise _empty(read, package=package, warnings=warnings)
    told = (*package.warnings, *doubts, *warnings)[:_MAX_WARNINGS]
    cover = _read_cover(archive, package=package)
    return make_book(package, found=found, original_name=original_name, cover=cover, warnings=told)


def _load(archive: Archive) -> tuple[Package, list[Document], list[str]]:
    """Package and documents: by EbookLib first, by our own reader where that raises or yields no text."""
    try:
        package = load_package(archive)
        documents, warnings = _read_documents(archive, package=package)
        if any(document.blocks for document in documents):
            return package, documents, warnings
        reason = "EbookLib found no text"
    except LostContent as lost:
        reason = str(lost)
    package = recover_package(archive)
    package = replace(package, warnings=(*package.warnings, reason))
    documents, warnings = _read_documents(archive, package=package)
    return package, documents, warnings


def _read_documents(archive: Archive, *, package: Package) -> tuple[list[Document], list[str]]:
    """The documents of the spine as blocks, each once; what cannot be read becomes a warning."""
    wanted = _wanted_fragments(package, archive=archive)
    documents: list[Document] = []
    warnings: list[str] = []
    doubts: dict[str, str] = {}
    names: set[str] = set()
    sheets, notes = Sheets(archive.read_sheet), Notes()
    for spine_item in package.spine:
        name = archive.find(spine_item.item.name)
        if name is None:
            warnings.append(f"{spine_item.item.name} is missing")
        elif name not in names and spine_item.item.is_document:
            names.add(name)
            try:
                data = archive.read_text(name)
                tree = parse_document(data)
            except (Unreadable, Malformed) as error:
                warnings.append(f"{name} could not be read: {error}")
                continue
            if tree.doubt:
                doubts.setdefault(tree.doubt, name)
            sheets.apply(tree.root, name=name, data=tree.data, is_whole=tree.is_whole)
            notes.hide(tree.root, name=name, data=tree.data)
            loss = _describe_loss(name, data=data, is_cut=tree.is_cut)
            warnings += [loss] if loss else []
            document = read_document(
                tree.root,
                name=name,
                wanted=frozenset(wanted[name]),
                is_linear=spine_item.is_linear,
                is_plain=tree.is_plain,
                may_divide=may_divide(tree.data),
                loss=loss,
            )
            documents.append(document)
    return documents, [*warnings, *(f"{name} may be misread: {doubt}" for doubt, name in doubts.items())]


def _describe_loss(name: str, *, data: bytes, is_cut: bool) -> str:
    """Why text of a document is left out; "" where none is."""
    if is_cut:
        return f"{name} is nested more than {MAX_LEVELS:,} levels deep; what follows there is left out"
    if uses_own_entities(data):
        return f"{name} has text in entities that it declares itself; these are not filled in, as they can grow endless"
    return ""


def _wanted_fragments(package: Package, *, archive: Archive) -> defaultdict[str, set[str]]:
    """Which identifiers in which documents the contents and the landmarks point to."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in (*package.contents, *package.landmarks):
        if entry.fragment:
            wanted[archive.find(entry.name) or entry.name].add(entry.fragment)
    return wanted


def _with_real_names(package: Package, *, archive: Archive) -> Package:
    """The package with every reference spelled as the member is."""

    def spell(entry: Entry) -> Entry:
        found = archive.find(entry.name)
        return entry if found is None or found == entry.name else replace(entry, name=found)

    return replace(
        package, contents=tuple(map(spell, package.contents)), landmarks=tuple(map(spell, package.landmarks))
    )


def _read_cover(archive: Archive, *, package: Package) -> tuple[str, bytes] | None:
    """Name and bytes of the cover image; None when there is none or it is beyond its bound."""
    if not package.cover:
        return None
    try:
        data = archive.read(package.cover, max_bytes=MAX_COVER_BYTES)
    except Unreadable:
        return None
    return (package.cover.rpartition("/")[2], data) if data else None


def _is_comic(documents: list[Document], *, chapters: tuple[ChapterText, ...]) -> bool:
    """Whether most pages are pictures and the few words are an imprint or captions."""
    pictures = sum(not document.blocks for document in documents)
    if pictures < _COMIC_PAGES or pictures * 4 <= len(documents) * 3:
        return False
    return sum(chapter.words for chapter in chapters) < _COMIC_WORDS


def _empty(documents: list[Document], *, package: Package, warnings: list[str]) -> Rejected:
    """Why there is no chapter, and what to do."""
    if len(warnings) > len(documents):
        text = f"it has no readable text ({warnings[0]})"
        return Rejected(text, code=Code.DAMAGED, advice="Download the file again, or convert it again.")
    losses = [document.loss for document in documents if document.loss]
    if losses:
        text = f"its text cannot be read: {losses[0]}"
        return Rejected(text, code=Code.DAMAGED, advice="Convert it again (Calibre can) and drop the result.")
    images = sum(item.media_type.startswith("image/") for item in package.items)
    if images > 1:
        text = f"it has no text, only pictures ({images}), as in comics"
        return Rejected(text, code=Code.NO_TEXT, advice="Choose a book with text to illustrate.")
    text = "it has no text to illustrate"
    return Rejected(text, code=Code.NO_TEXT, advice="Check that this is the whole book.")
