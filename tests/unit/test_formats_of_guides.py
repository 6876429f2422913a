"""The formats of a guide beside the edition: comic, PDF, one page, the guide alone."""

import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from imaginized.guide.comic import comic
from imaginized.guide.material import Export, Material
from imaginized.guide.pages import cast_page, colophon_page
from imaginized.guide.pdf_pages import LAYOUTS, picture_pdf
from imaginized.guide.reflow import guide_epub
from imaginized.guide.single import MOST_BYTES, single_page
from imaginized.guide.writers import WRITERS, write
from imaginized.settings.choices import PdfLayout
from imaginized.story.elements import Quote
from tests.support.editions import JPEG, material_of, photograph, verified
from tests.support.epubs import BUNDLED

HOSTILE = '</p><script>alert(1)</script>\u202eAT&T "x" \' ]]>\x00\ud800'


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    whole = material_of(BUNDLED, tmp_path_factory.mktemp("book"), picture=photograph())
    return replace(whole, guide=replace(whole.guide, chapters=whole.guide.chapters[:6]))


def data_of(export: Export) -> bytes:
    assert export.data is not None, export.remarks
    return export.data


def info_of(data: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read("ComicInfo.xml"))


def said(root: ElementTree.Element) -> dict[str, str]:
    return {each.tag: each.text or "" for each in root if each.tag != "Pages"}


def hostile(material: Material, *, text: str = HOSTILE) -> Material:
    """The book with a title, an author, and a passage that would like to be markup, or with other ones."""
    chapter = material.guide.chapters[0]
    scene = replace(chapter.illustrations[0].scene, quote=Quote(text=text, chapter=1, start=0, page=1))
    drawn = replace(chapter.illustrations[0], scene=scene, alt=text)
    chapters = (replace(chapter, title=text, path=(text,), illustrations=(drawn,)), *material.guide.chapters[1:])
    guide = replace(material.guide, title=text, authors=(text, "B, C"), chapters=chapters)
    return replace(material, guide=guide)


def test_every_format_is_as_verify_wants_it(material: Material) -> None:
    """Which shares no code with what made them."""
    for path, data in write(material, formats=WRITERS).files.items():
        if path.startswith("exports/"):
            (material.root / path).parent.mkdir(exist_ok=True)
            (material.root / path).write_bytes(data)
    told = verified(material.root)

    assert told.returncode == 0, told.stdout
    assert {Path(line.split(":")[0]).suffix for line in told.stdout.splitlines()} >= {".epub", ".cbz", ".html", ".pdf"}


@pytest.mark.parametrize("name", [name for name, row in WRITERS.items() if row.export])
def test_the_same_book_gives_the_same_file(material: Material, name: str) -> None:
    """So that a copy elsewhere is written only when there is something new."""
    export = WRITERS[name].export
    assert export is not None

    assert data_of(export(material)) == data_of(export(material))


@pytest.mark.parametrize("name", [name for name, row in WRITERS.items() if row.export])
def test_without_a_picture_there_is_no_export_but_a_reason(tmp_path: Path, name: str) -> None:
    """Which the guide tells."""
    material = material_of(BUNDLED, tmp_path)
    bare = replace(material, guide=replace(material.guide, chapters=()))
    export = WRITERS[name].export
    assert export is not None

    assert export(bare).data is None
    assert export(bare).remarks


def test_pages_of_a_comic_are_stored_in_reading_order(material: Material) -> None:
    """With names that sort as text, the cover first, a bookmark for each chapter."""
    cover = material.root / "images" / "cover.jpg"
    cover.write_bytes(JPEG)
    data = data_of(comic(replace(material, guide=replace(material.guide, cover="images/cover.jpg"))))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
    pages = info_of(data).findall("Pages/Page")

    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert [info.filename for info in infos][:3] == ["ComicInfo.xml", "0000.jpg", "0001.jpg"]
    assert [page.get("Type") for page in pages[:2]] == ["FrontCover", "Story"]
    assert [page.get("Bookmark") for page in pages[1:]] == [each.heading for each in material.guide.chapters]


@pytest.mark.parametrize(
    ("series", "index", "expected"), [("Oz", "2", ("Oz", "2")), ("Oz", "two", ("Oz", "1")), ("", "7", ("Made", "1"))]
)
def test_a_comic_says_its_series(material: Material, series: str, index: str, expected: tuple[str, str]) -> None:
    """A book without one is a series of its own: programs sort by it."""
    guide = replace(material.guide, title="Made", series=series, series_index=index, language="en-GB")
    told = said(info_of(data_of(comic(replace(material, guide=guide)))))

    assert (told["Series"], told["Number"], told["LanguageISO"], told["Manga"]) == (*expected, "en", "No")


def test_a_comic_turns_its_pages_as_the_language_does(material: Material) -> None:
    """Arabic and Hebrew are read from right to left."""
    guide = replace(material.guide, language="he")

    assert said(info_of(data_of(comic(replace(material, guide=guide)))))["Manga"] == "YesAndRightToLeft"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_pdf_has_pictures_bookmarks_and_words(material: Material, layout: str) -> None:
    """One picture a page, four, or four rows; before them a title, behind them how they were made."""
    rows, columns = map(int, layout.split("x"))
    data = data_of(picture_pdf(replace(material, pdf_layout=layout)))
    document = pypdfium2.PdfDocument(data)
    count = len(material.guide.chapters)

    assert len(document) == 2 + -(-count // (rows * columns))
    titles = [each.get_title() for each in document.get_toc()]
    assert titles == [*(each.title for each in material.guide.chapters), "About this edition"]
    assert data.count(b"/Alt ") == count and b"/StructTreeRoot" in data
    assert material.guide.title in document[0].get_textpage().get_text_bounded()


def test_every_layout_of_the_settings_is_there() -> None:
    """A name without one would fail in a worker."""
    assert set(get_args(PdfLayout)) == set(LAYOUTS)


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا بالعالم", "Привет, мир", "Γειά σου Κόσμε"])
def test_a_pdf_has_typefaces_for_scripts(material: Material, text: str) -> None:
    """Those that come with it."""
    guide = replace(material.guide, title=text)

    assert picture_pdf(replace(material, guide=guide)).remarks == ()


def test_a_pdf_says_which_texts_it_could_not_set(material: Material) -> None:
    """A text of boxes tells nothing; its bookmark and the picture's words are there all the same."""
    guide = replace(material.guide, title="\U0001d120\ue000\ue001\ue002" * 3)
    export = picture_pdf(replace(material, guide=guide))

    assert "Texts that are missing in it: 1." in export.remarks[0]
    assert "Noto" in export.remarks[0]


def test_parts_of_a_book_are_bookmarks_above_their_chapters(material: Material) -> None:
    """Each part once, wherever its chapters begin."""
    parts = (("Book I", "Part 1"), ("Book I", "Part 1"), ("Book I", "Part 2"), ("Book II",), ())
    some = tuple(replace(each, path=path) for each, path in zip(material.guide.chapters, parts, strict=False))
    data = data_of(picture_pdf(replace(material, guide=replace(material.guide, chapters=some))))
    found = [(each.level, each.get_title()) for each in pypdfium2.PdfDocument(data).get_toc()]

    assert [row for row in found if row[1].startswith(("Book", "Part"))] == [
        (0, "Book I"),
        (1, "Part 1"),
        (1, "Part 2"),
        (0, "Book II"),
    ]


def test_one_page_has_everything_inside(material: Material) -> None:
    """No script, nothing from outside, the people and things shut."""
    text = data_of(single_page(material)).decode()

    assert text.count('src="data:image/jpeg;base64,') == len(material.guide.chapters)
    assert not re.search(r"<script|https?://|<link", text)
    assert re.search(r"<details><summary>[^<]*gives things away.*Some &lt;Body&gt;.*</details>", text, re.DOTALL)


def test_one_page_keeps_to_what_mail_takes(tmp_path: Path) -> None:
    """Its pictures are made smaller, which it says; where they cannot be, there is none, and why."""

    def fit(data: bytes, _longest: int, quality: int) -> bytes:
        return data[: len(data) // 2] if quality else data

    large = material_of(BUNDLED, tmp_path, fit=fit, picture=JPEG + bytes(1_400_000))
    small = material_of(BUNDLED, tmp_path / "2", picture=JPEG + bytes(1_400_000))
    export = single_page(large)

    assert len(data_of(export)) <= MOST_BYTES
    assert "made smaller" in export.remarks[0]
    assert single_page(small).data is None and "25,000,000" in single_page(small).remarks[0]


def test_the_guide_alone_has_no_text_of_the_book_but_passages(material: Material) -> None:
    """And says so."""
    data = data_of(guide_epub(material))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("OPS/chapter-001.xhtml").decode()
        title = archive.read("OPS/title.xhtml").decode()
    words = re.sub(r"<[^>]+>", " ", text).split()

    assert len(words) < 200 and "imaginized-quote" in text
    assert "The book is not in it." in title


def test_hostile_text_stays_text_in_every_format(material: Material) -> None:
    """A title, an author, a heading, a passage and the words for a picture."""
    bad = hostile(material)
    page = data_of(single_page(bad)).decode()
    info = said(info_of(data_of(comic(bad))))
    with zipfile.ZipFile(io.BytesIO(data_of(guide_epub(bad)))) as archive:
        pages = [ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("html")]

    assert "<script" not in page and "\u202e" not in page.partition("<blockquote")[0]
    assert info["Title"].startswith("</p><script>") and info["Writer"].endswith(", B C")
    assert not [each for root in pages for each in root.iter() if each.tag.endswith("script")]
    assert data_of(picture_pdf(bad))


def shapes_of(name: str, data: bytes) -> Iterator[tuple[str, Counter[tuple[str, ...]]]]:
    """The markup in a file of any format, by page: its tags, each with the names of its attributes."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from shapes_of(member, archive.read(member))
    elif name.endswith(".md"):
        yield from shapes_of(name + ".html", MarkdownIt("js-default", {"html": True}).render(data.decode()).encode())
    elif name.endswith((".html", ".xhtml", ".xml", ".opf", ".ncx", ".svg")):
        parse = html.document_fromstring if name.endswith(".html") else etree.fromstring
        tree = parse(data).iter(etree.Element)
        yield name, Counter((str(each.tag), *sorted(map(str, each.keys()))) for each in tree)
    else:
        is_known = name == "mimetype" or name.endswith((".jpg", ".png", ".css", ".otf", ".ttf", ".pdf"))
        assert is_known, f"{name}: name its suffix here, with what is parsed, or with what has no markup"
        assert b"/JavaScript" not in data and b"/Launch" not in data


def test_no_format_has_other_markup_for_a_hostile_book(material: Material) -> None:
    """Of every format that there is: what the book says makes no tag and no attribute on any of its pages."""
    # No record can hold half of a character, so no guide has one.
    plain, bad = (hostile(material, text=text) for text in ("A word, or two", HOSTILE.replace("\ud800", "")))
    pages = [
        {
            page: shape
            for path, data in write(each, formats=WRITERS).files.items()
            for page, shape in shapes_of(path, data)
        }
        for each in (plain, bad)
    ]

    assert pages[0].keys() == pages[1].keys()
    assert {page: shape - pages[0][page] for page, shape in pages[1].items() if shape - pages[0][page]} == {}


@pytest.mark.parametrize(
    ("language", "title", "warning"),
    [
        ("de-AT", "Wer und was in diesem Buch vorkommt", "Diese Seite verrät etwas."),
        ("ja", "Who and what is in this book", "This page gives things away."),
    ],
)
def test_an_edition_speaks_the_language_of_its_book(
    material: Material, language: str, title: str, warning: str
) -> None:
    """Where there is a catalogue of it; what no catalogue has says that it is English."""
    guide = replace(material.guide, language=language)
    cast = cast_page(guide, is_epub_3=True).decode()
    about = colophon_page(guide, facts=("A fact.",), is_epub_3=True).decode()

    assert title in cast
    assert warning in cast
    assert ('<p xml:lang="en">A fact.</p>' in about) is (language != "ja")
