"""The schemas of docs/schemas: they are those of the records, and every file of a book's data folder keeps them."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from imaginized.clock import SystemClock
from imaginized.guide.timeline import Place, Timeline, timeline_of
from imaginized.guide.xray import xray_lua
from imaginized.process.channel import channel_pair
from imaginized.providers.builtin.provider import BuiltinProvider
from imaginized.queue.plan import Phase, phase
from imaginized.reading.book import read_book
from imaginized.stages.records import book_record
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.store.records import dump, load
from imaginized.story.text import ChapterText
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.crash_steps import StubProvider, prepare, take_in, workshop
from tests.support.editions import material_of, verified
from tests.support.epubs import CUT, books
from tests.support.lua import read_lua
from tests.support.schemas import FOLDER, files_of, schemas

REAL = (
    "alice-gutenberg-latex.pdf",
    "childrens-literature.epub",
    "daisy-miller.pdf",
    "debian-policy.epub",
    "dracula-se.epub",
    "frankenstein-se.epub",
    "juliet-feedbooks-epub2.epub",
    "kusamakura-japanese-vertical-writing.epub",
    "moby-dick.epub",
    "regime-anticancer-arabic.epub",
    "sherlock-adventures-se.epub",
    "time-machine-calibre-epub2.epub",
    "time-machine-calibre.pdf",
    "time-machine-no-toc.epub",
    "time-machine-se.epub",
    "war-and-peace-se.epub",
    "wasteland-otf-obf.epub",
    "wizard-of-oz-se.epub",
)


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{name}.schema.json").read_text()))


def wrong_in(data: Path) -> Iterator[str]:
    for name, path in files_of(data):
        for error in validator(name).iter_errors(json.loads(path.read_bytes())):
            yield f"{path.name}: {error.json_path}: {error.message[:200]}"


def test_the_schemas_are_those_of_the_records() -> None:
    """Run scripts/build-schemas where this fails; a field that goes or means something else needs a new version."""
    on_disk = {path.name: path.read_text() for path in FOLDER.glob("*.json")}

    assert on_disk == schemas()
    for name in schemas():
        Draft202012Validator.check_schema(json.loads(on_disk[name]))


def test_every_file_is_documented() -> None:
    """docs/data.md names every schema."""
    page = (FOLDER.parent / "data.md").read_text()

    assert [name for name in schemas() if f"(schemas/{name})" not in page] == []


def finished(folder: Path, source: Path) -> BookFiles:
    """A book that is done, by the words of its passages and with pictures of a few bytes."""
    place = prepare(folder / "place", book=source)
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    (book,) = library.books()
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs, owner=current_owner("worker-1", pid=os.getpid()))
        shop = replace(shop, text=BuiltinProvider(), image=StubProvider())
        while (held := claim_next(shop)) is not None:
            perform(shop, held)
    assert phase(library.read(book)) is Phase.DONE
    return library.files(book)


@pytest.mark.parametrize("path", sorted(CUT.glob("*.epub")), ids=lambda path: path.stem)
def test_a_finished_book_keeps_them(tmp_path: Path, path: Path) -> None:
    """Every record that the stages leave, and each place of the timeline is the place of its words."""
    files = finished(tmp_path, path)

    assert {name for name, _ in files_of(files.data)} >= {"book", "chapter", "scenes", "illustration", "timeline"}
    assert list(wrong_in(files.data)) == []
    check_places(files, load(files.data / "timeline.json", Timeline))
    assert read_lua((files.data / "xray_cache.lua").read_text())["cache_version"] == "6.0"
    # What does not hold of the pictures: they have a few bytes only.
    wrong = [line for line in verified(files.root).stdout.splitlines() if line.startswith("      ")]
    assert [line for line in wrong if "pictures of a fit size" not in line and "exports/" not in line] == []


def test_verify_sees_what_was_changed_in_a_folder(tmp_path: Path) -> None:
    """A quote, a link, a heading, a picture, a place, code where data belongs: each is named."""
    files = finished(tmp_path, next(iter(sorted(CUT.glob("*.epub")))))
    chapters, elements, contents = (files.guide(f"{name}.md") for name in ("Chapters", "Elements", "Contents"))
    timeline, xray = files.data / "timeline.json", files.data / "xray_cache.lua"
    picture = json.loads(timeline.read_bytes())["pictures"][0]
    wrong = (
        ("quotes verbatim", chapters, "\n> ", "\n> Nobody ever said this. "),
        ("quotes whole or marked as cut", chapters, picture["quote"][-8:], "\n"),
        ("links that lead somewhere", contents, "(./Chapters.md#", "(./Chapters.md#no-"),
        ("links that lead somewhere", elements, "](./elements/", "](./elements/no-"),
        ("headings unlike each other", elements, "## Statistics", "## Story Elements"),
        ("Markdown without a reference outside", contents, "- ", "- ![x](https://example.org/x.png) "),
        ("timeline texts at their place", timeline, '"offset": ', '"offset": 1'),
        ("captions verbatim", timeline, '"caption": "', '"caption": "Never. '),
        ("files for e-readers", xray, "return {", "os.remove('x') return {"),
        ("entries by the book's own words", xray, "\\010", "\\010Never said. "),
    )
    for what, path, old, new in wrong:
        whole = path.read_text()
        path.write_text(whole.replace(old, new, 1))
        told = verified(files.root)
        path.write_text(whole)

        assert f"{what}: " in told.stdout, (what, told.stdout)
    files.image(picture["chapter"], picture["scene"]).unlink()
    assert "pictures there: " in verified(files.root).stdout


@pytest.mark.parametrize("name", REAL)
def test_every_book_of_the_corpus_keeps_them(tmp_path: Path, name: str) -> None:
    """Text of every script and format: the records of its chapters, its metadata and its timeline."""
    source = books() / name
    material = material_of(source, tmp_path)
    files = BookFiles(material.root)
    files.book.write_bytes(dump(book_record(read_book(source, original_name=name), cover=None)))
    timeline = timeline_of(material.guide, of="then", text=material.text)
    (files.data / "timeline.json").write_bytes(dump(timeline))

    assert list(wrong_in(files.data)) == []
    check_places(files, timeline)
    assert read_lua(xray_lua(timeline, made_at=material.made_at))["book_title"] == timeline.title


def check_places(files: BookFiles, timeline: Timeline) -> None:
    """Each quote, name and sentence stands where it is said to stand."""
    texts = {chapter.number: load(files.chapter(chapter.number), ChapterText) for chapter in timeline.chapters}

    def said(place: Place) -> tuple[str, str]:
        text = texts[place.chapter]
        return text.text[place.offset :], text.paragraphs[place.paragraph].text

    for picture in timeline.pictures:
        assert said(picture.start)[0].startswith(picture.quote)
        assert picture.end.offset == picture.start.offset + len(picture.quote) - 1
        assert picture.end.paragraph == texts[picture.end.chapter].paragraph_at(picture.end.offset)
        assert picture.caption.removesuffix(" …").removeprefix("… ") in picture.quote
    for element in timeline.elements:
        assert all(said(quote.place)[0].startswith(quote.text) for quote in element.quotes)
        for name in element.names:
            assert name.place is None or name.sentence in said(name.place)[1]
