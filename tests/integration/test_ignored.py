"""What people drop and no stage reads gets its answer in `.failed`, or is left alone and counted with the reason."""

import os
import zipfile
from pathlib import Path
from typing import cast

import pytest

from imaginized.cli.troubles import inbox_lines, rows
from imaginized.inbox.aside import DUPLICATES, ERROR_NOTE, FAILED, Lying, look_aside
from imaginized.inbox.error_note import read_note
from imaginized.inbox.explain import Told, explain
from imaginized.inbox.folder import MAX_DEPTH, look
from imaginized.inbox.foreign import foreign_kind
from imaginized.inbox.ignored import find_ignored
from imaginized.printable import printable
from imaginized.reading.formats import labels
from imaginized.settings.model import Settings
from tests.support.intakes import drop, epub_bytes, make_settings, names, running

WAYS = {  # of what is dropped: a word of the reason that its note has
    "a.lit": "a book in an old format (.lit); only ",
    "B.KFX": "a Kindle book (.kfx)",
    "c.docx": "a zip file, but by its content not a DOCX",
    "d.rar": "an archive",
    "e.cbz": "a comic",
    "f.djvu": "a document",
    "sub/g.kfx": "a Kindle book",
    "new\nline.lit": "a book in an old format",
    "h.rtf": "its name says RTF, but its content does not",
}
LEFT = {  # of what stays: the code of its cause
    "cover.jpg": "other",
    "metadata.opf": "other",
    "notes.txt": "other",
    "page\nbreak.jpg": "other",
    "no-ending": "other",
    "lonely.toml": "sidecar",
    "a.epub.part": "temporary",
    "b.epub.crdownload": "temporary",
    "~$c.docx": "temporary",
    ".d.mobi.tmp": "temporary",
    "/".join("d" * (MAX_DEPTH + 1)): "deep",
    f"{FAILED}/somebodys.epub": "unnoted",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path)
    made.paths.inbox.mkdir()
    return made


def zip_bytes(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "made.zip", "w") as archive:
        archive.writestr("page-1.jpg", b"jpeg")
    return (folder / "made.zip").read_bytes()


def plant(settings: Settings, folder: Path) -> None:
    inbox = settings.paths.inbox
    for name in WAYS:
        drop(settings, name, zip_bytes(folder) if name.endswith(("docx", "cbz")) else b"something else")
    for name, code in LEFT.items():
        if code == "deep":
            (inbox / name).mkdir(parents=True)
        else:
            drop(settings, name, b"x")
    drop(settings, ".hidden-folder/inner.epub", b"x")


def test_everything_that_is_dropped_by_copying_is_answered_or_counted(settings: Settings, tmp_path: Path) -> None:
    """A book in another format goes to `.failed` with what to do; what lies beside books stays, counted with why."""
    plant(settings, tmp_path)
    total = len(LEFT) + 1  # with the hidden folder
    with running(settings) as intake:
        told = intake.wait_for("inbox", waiting=0, ignored=total)

    inbox = settings.paths.inbox
    for name, reason in WAYS.items():
        note = inbox / FAILED / f"{Path(name).name}{ERROR_NOTE}"
        said = read_note(note)
        assert said is not None
        assert reason in said.reason.text
        assert said.reason.advice
    assert all(os.path.lexists(inbox / name) for name in LEFT)
    counted = {name: str(row["code"]) for row in rows(told, "ignored_for") for name in cast(list[str], row["names"])}
    assert counted == {printable(name): code for name, code in LEFT.items()} | {".hidden-folder": "temporary"}
    assert sum(cast(int, row["count"]) for row in rows(told, "ignored_for")) == total


def test_whatever_explain_says_of_a_path_is_in_the_status(settings: Settings, tmp_path: Path) -> None:
    """What explain calls ignored is counted, with the same reason, and what it calls refused lies in `.failed`."""
    plant(settings, tmp_path)
    before = {name: explained(settings, name) for name in [*WAYS, *LEFT]}
    with running(settings) as intake:
        told = intake.wait_for("inbox", waiting=0, ignored=len(LEFT) + 1)
    told_for = rows(told, "ignored_for")
    reasons = {name: str(row["reason"]) for row in told_for for name in cast(list[str], row["names"])}

    assert {name for name, (verdict, _) in before.items() if verdict == "refused"} == set(WAYS)
    for name in WAYS:
        assert explained(settings, name)[0] == "refused"
    for name in LEFT.keys() - {"lonely.toml"}:
        verdict, reason = before[name]
        assert (verdict, reasons[printable(name)] in reason) == ("ignored", True)


def explained(settings: Settings, name: str) -> tuple[str, str]:
    paths = settings.paths
    found = explain(paths.inbox / name, inbox=paths.inbox, library=paths.library, settings=settings, told=Told())
    return found.verdict, found.reason


def test_a_foreign_file_settles_like_a_book_before_it_is_put_aside(settings: Settings, tmp_path: Path) -> None:
    """Half a zip file, an empty one and one that is open stay where they are; each is told with what it waits for."""
    drop(settings, "half.cbz", zip_bytes(tmp_path)[:-10])
    drop(settings, "empty.lit", b"")
    with drop(settings, "open.docx", b"").open("wb") as writing, running(settings) as intake:
        writing.write(zip_bytes(tmp_path))
        writing.flush()
        told = intake.wait_for("inbox", written=["open.docx"], settling=[], waiting=3)
        incomplete = [row["name"] for row in rows(told, "incomplete")]
        assert (incomplete, names(settings.paths.inbox / FAILED)) == (["empty.lit", "half.cbz"], [])
        writing.close()
        intake.wait_for("book_rejected", name="open.docx")


def test_a_book_under_a_foreign_name_is_told_to_be_one(settings: Settings, tmp_path: Path) -> None:
    """An EPUB that a download has named .rar: its name is what is wrong."""
    drop(settings, "book.rar", epub_bytes(tmp_path))
    with running(settings) as intake:
        rejected = intake.wait_for("book_rejected", name="book.rar")

    assert rejected["reason"] == "it is a book by its content, but not by its name"


def test_a_foreign_file_takes_its_sidecar_along(settings: Settings) -> None:
    """What is asked for a .kfx goes where the .kfx goes."""
    drop(settings, "a.kfx.toml", b"style = 'ink'\n")
    drop(settings, "a.kfx", b"CONT")
    rejected = {"count": 1, "name": "a.kfx", "reason": REASON, "code": "foreign"}
    with running(settings) as intake:
        told = intake.wait_for("inbox", waiting=0, rejected=rejected)
        assert told["ignored"] == 0

    assert names(settings.paths.inbox / FAILED) == ["a.kfx", f"a.kfx{ERROR_NOTE}", "a.kfx.toml"]


REASON = f"it is a Kindle book (.kfx); only {labels('and')} are read"


def test_a_short_text_is_a_note_and_a_long_one_a_book(tmp_path: Path) -> None:
    """What lies beside books as a note, a page or a list is not taken; a text as long as a chapter is."""
    for name in ("readme.txt", "index.html", "notes.md"):
        (tmp_path / name).write_text("a few words")
    for name in ("novel.txt", "novel.html", "novel.md"):
        (tmp_path / name).write_text("many words " * 1000)
    seen = look(tmp_path)

    assert sorted(one.key for one in seen.sightings if one.is_arrival) == ["novel.html", "novel.md", "novel.txt"]
    (left,) = find_ignored(seen, unnoted=())
    assert (left.cause.code, left.keys) == ("other", ("index.html", "notes.md", "readme.txt"))


def test_a_sidecar_counts_as_left_only_while_its_book_is_not_there(tmp_path: Path) -> None:
    """Beside its book it is part of it."""
    for name in ("a.epub", "a.toml", "b.pdf", "b.pdf.toml", "c.toml"):
        (tmp_path / name).write_bytes(b"x")

    (found,) = find_ignored(look(tmp_path), unnoted=())
    assert (found.cause.code, found.keys) == ("sidecar", ("c.toml",))


def test_links_and_folders_with_a_foreign_name_are_not_moved(tmp_path: Path) -> None:
    """Only a file is a book in another format; a folder of that name only groups."""
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "folder.zip" / "a.epub").write_bytes(b"x")
    (tmp_path / "link.mobi").symlink_to("/etc/passwd")
    seen = look(tmp_path)

    assert {one.key: one.is_arrival for one in seen.sightings} == {"folder.zip/a.epub": True, "link.mobi": False}


@pytest.mark.parametrize("name", ["notes.txt", "cover.jpg", "metadata.opf", "index.html", "kfx", ".kfx", "a.kfx.x"])
def test_companions_of_books_are_not_foreign(name: str) -> None:
    """What Calibre and others put beside a book is nothing that a person expects to be read."""
    assert foreign_kind(name) is None


def test_what_lies_aside_is_counted_and_looked_at_again_only_when_it_changed(tmp_path: Path) -> None:
    """Duplicates with their notes; a file without a note is somebody else's; notes and sidecars are ours."""
    for place in (FAILED, DUPLICATES):
        (tmp_path / place).mkdir()
    for name in ("a.epub", "a.epub.pointer.txt", "a.epub.toml", "gone.epub.pointer.txt", "b.epub", ".c.epub.tmp"):
        (tmp_path / DUPLICATES / name).write_bytes(b"Why: it is there already" if name.endswith(".txt") else b"")
    found = look_aside(tmp_path, known=Lying())

    assert (found.duplicates, found.unnoted) == (("a.epub",), (f"{DUPLICATES}/b.epub",))
    assert look_aside(tmp_path, known=found) is found


def test_temporaries_of_a_killed_move_go_at_the_next_start(settings: Settings) -> None:
    """F48: a copy to `.failed` over two file systems that was killed leaves half of it under a hidden name."""
    half = drop(settings, f"{FAILED}/.a.epub.1.0.tmp", b"half")
    with running(settings) as intake:
        intake.wait_for("ready")

    assert not half.exists()


def test_status_tells_what_is_left_alone_by_cause_with_a_few_names_and_all_of_them_counted() -> None:
    """One line a cause: how many, why, three names and how many more."""
    other = {
        "code": "other",
        "reason": "only files named .epub and .pdf are taken",
        "count": 25,
        "names": ["a.jpg", "b", "c", "d"],
    }
    one = {"code": "deep", "reason": "more than 16 folders deep", "count": 1, "names": []}
    inbox = {"waiting": 0, "ignored_for": [other, one], "duplicates": {"count": 2, "names": ["x.epub", "y.epub"]}}

    assert inbox_lines({"inbox": inbox, "paths": {"inbox": "/in"}}) == [
        "inbox: 25 files are left alone (only files named .epub and .pdf are taken): a.jpg, b, c and 22 more",
        "inbox: 1 folder is left alone (more than 16 folders deep)",
        "inbox: 2 files are in /in/.duplicates (copies of books, zips taken apart), each beside a note: x.epub, y.epub",
    ]
