"""Editions of real books, checked by scripts/verify, which shares no code with what made them."""

import zipfile
from pathlib import Path

import pytest

from tests.support.editions import made, material_of, verified
from tests.support.epubs import BUNDLED, CUT, books

REAL = (
    "childrens-literature",
    "debian-policy",
    "dracula-se",
    "frankenstein-se",
    "juliet-feedbooks-epub2",
    "kusamakura-japanese-vertical-writing",
    "moby-dick",
    "regime-anticancer-arabic",
    "sherlock-adventures-se",
    "time-machine-calibre-epub2",
    "time-machine-no-toc",
    "time-machine-se",
    "war-and-peace-se",
    "wasteland-otf-obf",
    "wizard-of-oz-se",
)


@pytest.mark.parametrize("path", [BUNDLED, *sorted(CUT.glob("*.epub"))], ids=lambda path: path.stem)
def test_without_its_insertions_an_edition_is_the_original(tmp_path: Path, path: Path) -> None:
    """Every member has its SHA-256 again, and every picture stands behind its passage."""
    material = material_of(path, tmp_path)
    export, _ = made(material)
    told = verified(material.root)

    assert export.remarks == ()
    assert told.returncode == 0, told.stdout
    assert f"{len(material.guide.chapters)} pictures behind their passage" in told.stdout


@pytest.mark.parametrize("name", REAL)
def test_it_holds_for_every_book_of_the_corpus(tmp_path: Path, name: str) -> None:
    """EPUB 2 and 3, right to left, vertical, encrypted fonts, one file or hundreds."""
    material = material_of(books() / f"{name}.epub", tmp_path)
    made(material)
    told = verified(material.root)

    assert told.returncode == 0, told.stdout
    assert f"{len(material.guide.chapters)} pictures behind their passage" in told.stdout


@pytest.mark.parametrize("name", ["daisy-miller", "time-machine-calibre"])
def test_a_pdf_gets_its_chapters_set_anew(tmp_path: Path, name: str) -> None:
    """The quotes in it are in its text, the pictures are there, nothing comes from outside."""
    material = material_of(books() / f"{name}.pdf", tmp_path)
    made(material)
    told = verified(material.root)

    assert told.returncode == 0, told.stdout


def test_verify_sees_what_was_changed(tmp_path: Path) -> None:
    """A byte of the text, a quote, a picture that is gone, a script, a reference outside: each is named."""
    material = material_of(BUNDLED, tmp_path)
    _, path = made(material)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in members if name.endswith("chapter-1.xhtml"))
    whole = members[name]
    wrong = {
        "members restored": whole.replace(b"Dorothy", b"Dorothea", 1),
        "pictures there": whole.replace(b"picture-1-1.jpg", b"picture-1-9.jpg"),
        "quotes verbatim": whole.replace(b'quote">', b'quote">Never said. '),
        "pieces without a script": whole.replace(b"<figcaption", b"<script>1</script><figcaption"),
        "pieces without a reference outside": whole.replace(b'src="../', b'src="https://example.org/'),
    }
    for what, data in wrong.items():
        with zipfile.ZipFile(path, "w") as archive:
            for each, bytes_of_it in members.items():
                archive.writestr(each, data if each == name else bytes_of_it)
        told = verified(material.root)

        assert told.returncode == 1
        assert f"{what}: " in told.stdout
