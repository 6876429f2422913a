"""What no reader of ours reads goes through Calibre's ebook-convert, where it is installed and the settings say so."""

import shutil
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.inbox.admission import inspect
from imaginized.inbox.folder import sight
from imaginized.process.converter import converted, find_converter
from imaginized.process.sandbox import probe
from imaginized.reading.confined_reader import read_apart
from imaginized.reasons import Code
from imaginized.stages.split import needs_conversion
from tests.support.converters import LIT, make_converter, write_converter
from tests.support.epubs import build_epub, page, prose

ESCAPES = """
cat "{secret}" > "$HOME/read" 2>/dev/null
grep -q key "$HOME/read" && exit 6
(echo x > "$(dirname "$0")/written") 2>/dev/null && exit 9
"{python}" -c 'import socket; socket.create_connection(("127.0.0.1", 9), 1)' 2>&1 | grep -q "not permitted" || exit 8
cat "$1" > /dev/null || exit 7
cp "$(dirname "$0")/book.epub" "$2"
"""

needs_landlock = pytest.mark.skipif("Landlock" not in probe().files, reason="this kernel has no Landlock")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake ebook-convert, first on the PATH, with a book beside it."""
    monkeypatch.setenv("PATH", make_converter(tmp_path / "bin")["PATH"])
    return tmp_path / "bin" / "ebook-convert"


def dropped(folder: Path, name: str = "a.lit") -> Path:
    path = folder / name
    path.write_bytes(LIT)
    return path


def converting(path: Path, *, must_be_confined: bool = False) -> AbstractContextManager[Path]:
    folder = path.with_name("work") / "data" / "work"
    return converted(path, folder=folder, must_be_confined=must_be_confined, step=lambda: None)


def refuse(path: Path, *, match: str) -> None:
    with pytest.raises(Rejected, match=match) as caught, converting(path):
        pass
    assert caught.value.reason.code in (Code.READER_FAILED, Code.FOREIGN)
    assert caught.value.reason.advice


def test_it_is_taken_only_where_the_settings_say_so(tmp_path: Path) -> None:
    """Without them it is refused, with what to do; a comic and an archive always are."""
    path = dropped(tmp_path)
    sighting = sight(str(path), key="a.lit")
    assert sighting is not None

    assert inspect(path, sighting=sighting).state == "unusable"
    assert inspect(path, sighting=sighting, is_converting=True).state == "whole"
    comic = dropped(tmp_path, "a.cbz")
    seen = sight(str(comic), key="a.cbz")
    assert seen is not None
    assert inspect(comic, sighting=seen, is_converting=True).state == "unusable"


def test_only_what_no_reader_of_ours_reads_is_converted(tmp_path: Path) -> None:
    """An EPUB under such a name is read as it is."""
    book = build_epub(tmp_path, pages={"a.xhtml": page(prose(40))}, name="b.lit")

    assert needs_conversion(dropped(tmp_path), name="a.lit")
    assert not needs_conversion(book, name="b.lit")


def test_a_converted_file_is_read_like_any_other(tmp_path: Path, program: Path) -> None:
    """The EPUB is there while the context lasts, and then gone."""
    assert find_converter() == program
    with converting(dropped(tmp_path)) as epub:
        assert read_apart(epub, original_name="a.lit").chapters
    assert not epub.parent.exists()


@needs_landlock
def test_a_converter_reads_and_writes_nothing_else_and_has_no_network(tmp_path: Path, program: Path) -> None:
    """What a hostile file might make of it: our files, its own program, other machines."""
    secret = tmp_path / "secret"
    secret.write_text("key")
    write_converter(program, ESCAPES.format(secret=secret, python=sys.executable))
    with converting(dropped(tmp_path), must_be_confined=True) as epub:
        assert epub.stat().st_size > 0
    assert not (program.parent / "written").exists()


@pytest.mark.parametrize(
    ("script", "match"), [("exit 1", "ended with 1"), ("true", "ended with 0"), ("kill -9 $$", "SIGKILL")]
)
def test_a_converter_that_fails_is_a_reason(tmp_path: Path, program: Path, script: str, match: str) -> None:
    """Whatever becomes of it, the book is refused with what to do."""
    write_converter(program, script)
    refuse(dropped(tmp_path), match=match)


def test_without_calibre_the_reason_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings may say so on a machine that has none any more."""
    monkeypatch.setenv("PATH", str(tmp_path))

    refuse(dropped(tmp_path), match="not installed")


@pytest.mark.skipif(shutil.which("ebook-convert") is None, reason="Calibre is not installed")
def test_the_real_one_converts_in_its_sandbox(tmp_path: Path) -> None:
    """Calibre itself needs no more than it is left."""
    rtf = Path(__file__).parents[1] / "fixtures" / "formats" / "calibre.rtf"
    path = Path(shutil.copy(rtf, tmp_path / "a.rtf"))
    with converting(path, must_be_confined=True) as epub:
        book = read_apart(epub, original_name="a.rtf")

    assert [chapter.title for chapter in book.chapters][:1] == ["Chapter 1: The Mill"]
