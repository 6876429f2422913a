"""From story chapters back to the original: what the split stage keeps of it and `status BOOK` says."""

import xml.parsers.expat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.control.answers import Book
from imaginized.control.book_sources import MAX_LISTED, MAX_RECORD_BYTES
from imaginized.control.reporting import book_detail
from imaginized.queue.manifest import Manifest
from imaginized.reading.blocks import BLOCK_TAGS
from imaginized.reading.book import read_book
from imaginized.stages.records import BookRecord, book_record
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, load
from tests.support.epubs import BUNDLED, CUT, books, build_epub, contents, page, prose
from tests.support.manifests import admitted_book, split_book


def split_made_book(folder: Path) -> BookFiles:
    """A book's folder with its data/book.json, as after the split stage."""
    pages = {
        "imprint.xhtml": page(f"<h1>Imprint</h1>{prose(90)}"),
        "a.xhtml": page(f'<h2 id="one">Chapter 1</h2>{prose(400)}<h2 id="two">Chapter 2</h2>{prose(300)}'),
        "b.xhtml": page(prose(200)),
    }
    nav = contents(("Imprint", "imprint.xhtml"), ("Chapter 1", "a.xhtml#one"), ("Chapter 2", "a.xhtml#two"))
    book = read_book(build_epub(folder, pages=pages, nav=nav), original_name="made.epub")
    files = BookFiles(folder / admitted_book().book_id)
    files.data.mkdir(parents=True)
    files.book.write_bytes(dump(book_record(book, cover=None)))
    return files


def detail(files: BookFiles, manifest: Manifest) -> Book:
    return book_detail(manifest, root=files.root.parent, spent_usd=0.0)


def test_the_split_keeps_the_way_the_map_and_what_was_skipped(tmp_path: Path) -> None:
    """data/book.json says how the book was read, where each chapter stands in it, and what is no chapter, and why."""
    record = load(split_made_book(tmp_path).book, BookRecord)

    assert record.reader == "ebooklib"
    assert [(each.files, each.fragment, each.page) for each in record.chapters] == [
        (("OPS/a.xhtml",), "one", 1),
        (("OPS/a.xhtml", "OPS/b.xhtml"), "two", 2),
    ]
    assert [each.positions for each in record.chapters] == [(2, 2), (4, 1)]
    assert [(each.title, each.reason, each.words) for each in record.skipped] == [("Imprint", "copyright page", 90)]


def test_status_of_a_book_maps_its_chapters_to_the_original(tmp_path: Path) -> None:
    """Each chapter with its first file, the identifier there, how many files it covers and its first page."""
    told = detail(split_made_book(tmp_path), split_book(400, 500))

    chapters = told["chapter_list"]
    assert isinstance(chapters, list)
    assert [[row[key] for key in ("file", "fragment", "files", "page")] for row in chapters] == [
        ["OPS/a.xhtml", "one", 1, 1],
        ["OPS/a.xhtml", "two", 2, 2],
    ]
    assert told["reader"] == "ebooklib"
    imprint = {"title": "Imprint", "reason": "copyright page", "words": 90, "file": "OPS/imprint.xhtml"}
    assert told["skipped"] == [{**imprint, "code": None, "number": None}]


def test_status_needs_no_map(tmp_path: Path) -> None:
    """Before the split, with a damaged record and with one too large for the daemon's loop the rest is told."""
    files = split_made_book(tmp_path)
    readers = []
    for content in (b"{}", b"[]", b"not json", b"[" * 100_000, files.book.read_bytes() + b" " * MAX_RECORD_BYTES, None):
        files.book.unlink()
        if content is not None:
            files.book.write_bytes(content)
        readers.append(detail(files, split_book(400))["reader"])

    assert readers == [None] * 6


def test_the_answer_is_bounded(tmp_path: Path) -> None:
    """A book with thousands of oddities does not make an answer of megabytes."""
    files = split_made_book(tmp_path)
    record = load(files.book, BookRecord)
    files.book.write_bytes(dump(replace(record, skipped=record.skipped * 1000, warnings=("x" * 9999,))))

    told = detail(files, split_book(400))

    assert isinstance(told["skipped"], list) and len(told["skipped"]) == MAX_LISTED
    assert told["warnings"] == ["x" * 200]


class Source:
    """A document's bytes, and the letters of each of its block elements, by an independent parser."""

    def __init__(self, data: bytes) -> None:
        self.letters: list[str] = []
        self.identifiers: set[str] = set()
        self._open: list[int] = []
        self._is_reading = False  # how a character is read stands above it, not in the text
        parser = xml.parsers.expat.ParserCreate()
        parser.UseForeignDTD(True)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.identifiers |= {value for key, value in attributes.items() if key in ("id", "name")}
        self._is_reading = self._is_reading or name in ("rt", "rp")
        if name.lower() in BLOCK_TAGS:
            self._open.append(len(self.letters))
            self.letters.append("")

    def _end(self, name: str) -> None:
        self._is_reading = self._is_reading and name not in ("rt", "rp")
        if name.lower() in BLOCK_TAGS:
            self._open.pop()

    def _take(self, text: str) -> None:
        for index in () if self._is_reading else self._open:
            self.letters[index] += letters(text)


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize(
    "name",
    [
        "time-machine-se.epub",
        "frankenstein-se.epub",
        "wizard-of-oz-se.epub",
        "juliet-feedbooks-epub2.epub",
        "childrens-literature.epub",
        "time-machine-calibre-epub2.epub",
        "kusamakura-japanese-vertical-writing.epub",
    ],
)
def test_every_paragraph_is_found_again_in_the_bytes_of_the_original(name: str) -> None:
    """File and position lead to the element that holds the paragraph, the fragment to an identifier in that file."""
    path = next((each for each in (CUT / name, BUNDLED) if each.exists() and each.name == name), None) or books() / name
    book = read_book(path, original_name=name)
    with zipfile.ZipFile(path) as archive:
        files = {paragraph.file for chapter in book.chapters for paragraph in chapter.paragraphs}
        sources = {file: Source(archive.read(file)) for file in files}

    for chapter in book.chapters:
        first = sources[chapter.paragraphs[0].file]
        assert not chapter.fragment or chapter.fragment in first.identifiers
        for paragraph in chapter.paragraphs:
            line = letters(paragraph.text.rpartition("\n")[2])
            element = sources[paragraph.file].letters[paragraph.position]
            assert line[:12] in element and line[-8:] in element, paragraph
