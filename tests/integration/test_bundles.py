"""A zip of books is taken apart: each becomes a book of its own, and nothing is lost or done twice."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.inbox.aside import DUPLICATES, FAILED, POINTER_NOTE
from imaginized.inbox.error_note import read_note
from imaginized.inbox.explain import judge_file
from imaginized.settings.model import Settings
from imaginized.store.library import Library
from tests.support.epubs import build_epub, page, prose
from tests.support.intakes import drop, make_settings, names, running
from tests.support.waiting import eventually


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path)
    made.paths.inbox.mkdir()
    return made


def epub(folder: Path, of: str) -> bytes:
    return build_epub(folder, pages={"a.xhtml": page(prose(40, of=of))}, name=f"{of}.epub").read_bytes()


def zipped(folder: Path, members: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(folder / "books.zip", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return (folder / "books.zip").read_bytes()


def admitted(settings: Settings) -> list[str]:
    library = Library(settings.paths.library, clock=SystemClock())
    return sorted(manifest.original_name for _, manifest in library.readable())


def test_each_book_in_a_zip_becomes_one(settings: Settings, tmp_path: Path) -> None:
    """Whatever folders they lie in; no name leads out of the inbox; the zip stays, with a note that names them."""
    members = {
        "One/one.epub": epub(tmp_path, "one"),
        "../../../two.epub": epub(tmp_path, "two"),
        "C:\\books\\three.epub": epub(tmp_path, "three"),
        "again/one.epub": epub(tmp_path, "four"),
        "One/cover.jpg": b"jpeg",
        "__MACOSX/One/._one.epub": b"junk",
        "readme.txt": b"words " * 3000,
    }
    drop(settings, "sub/books.zip", zipped(tmp_path, members))
    with running(settings):
        eventually(lambda: len(admitted(settings)) == 4 and not names(settings.paths.inbox / "sub"))

    assert admitted(settings) == ["one-2.epub", "one.epub", "three.epub", "two.epub"]
    assert names(settings.paths.inbox / "sub") == []
    assert names(settings.paths.inbox / DUPLICATES) == ["books.zip", f"books.zip{POINTER_NOTE}"]
    said = read_note(settings.paths.inbox / DUPLICATES / f"books.zip{POINTER_NOTE}")
    assert said is not None
    told = said.reason.text.removeprefix("it is a zip file of books: ").removesuffix(" came out of it")
    assert sorted(told.split(", ")) == ["one-2.epub", "one.epub", "three.epub", "two.epub"]
    assert not (tmp_path.parent / "two.epub").exists()


def test_a_second_zip_with_the_same_books_adds_nothing(settings: Settings, tmp_path: Path) -> None:
    """As after a kill in the middle: what the library has, or the folder, is not put there again."""
    data = zipped(tmp_path, {"one.epub": epub(tmp_path, "one"), "two.epub": epub(tmp_path, "two")})
    drop(settings, "books.zip", data)
    with running(settings) as intake:
        intake.wait_for("book_admitted", name="one.epub")
        intake.wait_for("book_admitted", name="two.epub")
        intake.wait_for("inbox", waiting=0)
        drop(settings, "more.zip", data)
        intake.wait_for("inbox", waiting=0, duplicates={"count": 2, "names": ["books.zip", "more.zip"]})

    assert admitted(settings) == ["one.epub", "two.epub"]
    assert names(settings.paths.inbox) == [DUPLICATES, FAILED]


def test_what_is_asked_for_a_zip_is_asked_for_each_book(settings: Settings, tmp_path: Path) -> None:
    """Its sidecar is copied beside each of them before it appears, and goes where the zip goes."""
    drop(settings, "books.zip.toml", b"style = 'ink'\n")
    drop(settings, "books.zip", zipped(tmp_path, {"one.epub": epub(tmp_path, "one")}))
    with running(settings) as intake:
        admitted = intake.wait_for("book_admitted", name="one.epub")
        intake.wait_for("inbox", waiting=0)

    files = Library(settings.paths.library, clock=SystemClock()).files(str(admitted["book"]))
    assert b"ink" in files.request.read_bytes()
    assert names(settings.paths.inbox / DUPLICATES) == ["books.zip", f"books.zip{POINTER_NOTE}", "books.zip.toml"]


def test_a_damaged_book_or_a_bomb_in_a_zip_is_refused_with_the_reason(settings: Settings, tmp_path: Path) -> None:
    """The zip goes to .failed, named for what is wrong with it."""
    data = bytearray(zipped(tmp_path, {"one.epub": epub(tmp_path, "one")}))
    at = data.find(b"PK\x03\x04", 10)
    data[at + 60 : at + 80] = bytes(20)
    drop(settings, "bad.zip", bytes(data))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.epub", bytes(70 << 20))
    drop(settings, "bomb.zip", (tmp_path / "bomb.zip").read_bytes())
    with running(settings) as intake:
        bad = intake.wait_for("book_rejected", name="bad.zip")
        bomb = intake.wait_for("book_rejected", name="bomb.zip")

    assert "a book in it cannot be unpacked: one.epub is damaged" in str(bad["reason"])
    assert "zip bomb" in str(bomb["reason"])
    assert {"bad.zip", "bomb.zip"} <= set(names(settings.paths.inbox / FAILED))
    assert admitted(settings) == []


def test_a_zip_of_pictures_is_a_comic_and_one_of_nothing_an_archive(settings: Settings, tmp_path: Path) -> None:
    """Each is refused with the word."""
    drop(settings, "comic.zip", zipped(tmp_path, {"a/1.jpg": b"x", "a/2.png": b"x"}))
    drop(settings, "data.zip", zipped(tmp_path, {"a.csv": b"x", "b.zip": b"x"}))
    with running(settings) as intake:
        comic = intake.wait_for("book_rejected", name="comic.zip")
        data = intake.wait_for("book_rejected", name="data.zip")

    assert "as comics are" in str(comic["reason"])
    assert "an archive (.zip) without a book in it" in str(data["reason"])


def test_add_names_what_to_do_with_a_zip(tmp_path: Path) -> None:
    """One command follows one book."""
    zipped(tmp_path, {"one.epub": epub(tmp_path, "one")})
    found = judge_file(tmp_path / "books.zip")

    assert found is not None
    assert (found.verdict, "each book in it" in found.next_step) == ("refused", True)
