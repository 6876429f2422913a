"""Books with a picture for every chapter, as their folders hold them, without drawing one."""

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from imaginized.guide.edition import illustrated_epub
from imaginized.guide.material import Export, Material
from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.reading.book import read_book
from imaginized.reading.formats import FORMATS
from imaginized.store.files import BookFiles
from imaginized.store.records import dump
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.text import BookText, ChapterText

VERIFY = Path(__file__).parents[2] / "scripts" / "verify"
# The head of a JPEG with its size in it, and the end: what says how large a picture is needs no more.
JPEG = bytes.fromhex("ffd8ffc0000b080010001001011100ffd9")


def photograph() -> bytes:
    """A picture that programs can show."""
    target = io.BytesIO()
    Image.new("RGB", (96, 64), (90, 120, 80)).save(target, "JPEG")
    return target.getvalue()


def same(data: bytes, _longest: int, _quality: int) -> bytes:
    return data


def material_of(
    source: Path,
    folder: Path,
    *,
    most_bytes: int = 45_000_000,
    fit: Callable[[bytes, int, int], bytes] = same,
    picture: bytes = JPEG,
) -> Material:
    """A book's folder with a scene and a picture for every chapter: the longest paragraph of it."""
    book = read_book(source, original_name=source.name)
    files = BookFiles(folder / "a-book-12345678")
    for path in (files.data / "chapters", files.root / "images"):
        path.mkdir(parents=True)
    original = files.source(f"source{source.suffix}")
    original.write_bytes(source.read_bytes())
    chapters = []
    for chapter in book.chapters:
        files.chapter(chapter.number).write_bytes(dump(chapter))
        files.image(chapter.number, 1).write_bytes(picture)
        chapters.append(_chapter(chapter))
    texts = {chapter.number: chapter for chapter in book.chapters}
    return Material(
        guide=_guide(book, chapters=tuple(chapters), source=original.name),
        root=files.root,
        is_epub=book.reader in FORMATS["epub"].ways,
        kind="PDF",
        text=texts.get,
        fit=fit,
        most_bytes=most_bytes,
        made_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def _guide(book: BookText, *, chapters: tuple[GuideChapter, ...], source: str) -> Guide:
    first = chapters[0].illustrations[0].scene.quote
    somebody = Element(type=ElementType.CHARACTER, name="Some <Body>", quotes=(first,), chapters=(1,), mentions=3)
    return Guide(
        title=book.title,
        authors=book.authors,
        language=book.language,
        book_id="a-book-12345678",
        chapters=chapters,
        elements=(somebody,),
        skipped=book.skipped,
        text_method="word-based",
        text_by_model=False,
        image_method="storyboard plate",
        image_by_model=False,
        source=source,
    )


def _chapter(chapter: ChapterText) -> GuideChapter:
    index = max(range(len(chapter.paragraphs)), key=lambda at: len(chapter.paragraphs[at].text))
    start = sum(len(each.text) + 2 for each in chapter.paragraphs[:index])
    quote = Quote(text=chapter.paragraphs[index].text, chapter=chapter.number, start=start, page=1)
    scene = Scene(chapter=chapter.number, number=1, quote=quote, description='A "room" & more', pages=(1, 1))
    image = f"images/chapter_{chapter.number}_scene_1.jpg"
    illustration = Illustration(scene=scene, image=image, method="storyboard plate", by_model=False)
    return GuideChapter(number=chapter.number, title=chapter.title, path=chapter.path, illustrations=(illustration,))


def made(material: Material) -> tuple[Export, Path]:
    """The edition of a book, in its folder."""
    export = illustrated_epub(material)
    path = material.root / "exports" / f"{material.root.name}.epub"
    path.parent.mkdir(exist_ok=True)
    if export.data is not None:
        path.write_bytes(export.data)
    return export, path


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """What scripts/verify says of a book's folder."""
    command = [sys.executable, str(VERIFY), "--no-epubcheck", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
