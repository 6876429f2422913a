"""What is dropped in the endurance run: small books that are all different, and what is no book."""

import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.test_inbox_hostility import drm, locked
from tests.support.epubs import make_epub
from tests.support.pdfs import Typesetter, build_pdf, prose

NOVEL = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"

Maker = Callable[[Path, int, random.Random], Path]  # in a folder, with that number


def small_epub(folder: Path, number: int, choose: random.Random) -> Path:
    return make_epub(
        folder / f"Small {number}.epub",
        title=f"Small {number}",
        chapters=choose.randint(1, 6),
        paragraphs=choose.randint(3, 30),
    )


def small_pdf(folder: Path, number: int, choose: random.Random) -> Path:
    setter = Typesetter()
    for chapter in range(1, choose.randint(2, 4) + 1):
        setter.new_page()
        setter.line(f"Chapter {chapter}", size=18.0, is_bold=True)
        for paragraph in range(5):
            setter.paragraph(prose(80, seed=number * 100 + chapter * 10 + paragraph))
    title = f"Pages {number}"
    outline = [(f"Chapter {at + 1}", at) for at in range(len(setter.pages))]
    return build_pdf(folder / f"{title}.pdf", setter.pages, outline=outline, info={"Title": title})


def novel(folder: Path, number: int, choose: random.Random) -> Path:
    return Path(shutil.copyfile(NOVEL, folder / f"Novel {number}.epub"))


def web_page(folder: Path, number: int, choose: random.Random) -> Path:
    path = folder / f"Page {number}.epub"
    path.write_text(f"<!DOCTYPE html><html><body>{number}: 404</body></html>")
    return path


def half(folder: Path, number: int, choose: random.Random) -> Path:
    data = small_epub(folder, number, choose).read_bytes()
    path = folder / f"Half {number}.epub"
    path.write_bytes(data[: len(data) // 2])
    return path


def no_chapters(folder: Path, number: int, choose: random.Random) -> Path:
    path = folder / f"Zip {number}.epub"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/epub+zip")
        file.writestr("readme.txt", f"{number}: nothing to read")
    return path


def encrypted(folder: Path, number: int, choose: random.Random) -> Path:
    path = folder / f"Encrypted {number}.epub"
    drm(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("number.txt", str(number))
    return path


def with_password(folder: Path, number: int, choose: random.Random) -> Path:
    path = folder / f"Locked {number}.pdf"
    locked(path)
    path.write_bytes(path.read_bytes().replace(b"%PDF-1.4\n", b"%%PDF-1.4\n%%%06d\n" % number, 1))
    return path
