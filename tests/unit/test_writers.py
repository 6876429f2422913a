"""What programs write into files of other formats that other programs do not: found in public files, made anew."""

import struct
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.formats import check_structure
from imaginized.reasons import Code
from imaginized.story.text import BookText
from tests.support.made_books import sentences, text_of, write_members

OPEN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{short}="{OPEN}:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
    )
)


def read(path: Path) -> BookText:
    return read_book(path, original_name=path.name)


def odt(path: Path, body: str, *, styles: str = "", meta: str = "") -> Path:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return write_members(
        path, {**parts, "META-INF/manifest.xml": "<manifest/>", **({"meta.xml": meta} if meta else {})}
    )


def odt_chapters(count: int = 3) -> str:
    return "".join(
        f'<text:h text:outline-level="1">Chapter {at}</text:h><text:p>{sentences(150, seed=at)}</text:p>'
        for at in range(1, count + 1)
    )


def palm(text: bytes, *, scheme: int = 0) -> bytes:
    """A PalmDOC file, not compressed."""
    pieces = [text[at : at + 4096] for at in range(0, len(text), 4096)]
    records = [struct.pack(">HHLHHHH", 1, 0, len(text), len(pieces), 4096, scheme, 0), *pieces]
    at = 78 + 8 * len(records) + 2
    head = b"Salt Road".ljust(32, b"\0") + bytes(28) + b"TEXtREAd" + struct.pack(">LLH", 0, 0, len(records))
    for number, record in enumerate(records):
        head += struct.pack(">LL", at, number)
        at += len(record)
    return head + b"\0\0" + b"".join(records)


def test_a_date_style_is_not_the_text_of_a_document(tmp_path: Path) -> None:
    """Formats of dates and numbers stand before the text, and hold elements that are called like it."""
    style = "<number:date-style><number:day/><number:text>.</number:text></number:date-style>"
    book = read(odt(tmp_path / "a.odt", odt_chapters(), styles=style))

    assert [chapter.title for chapter in book.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_the_description_of_a_picture_is_no_text_and_a_title_field_is(tmp_path: Path) -> None:
    """Word writes the names of its pictures into the paragraph that they stand in."""
    frame = "<draw:frame><draw:image/><svg:title>HIDDEN</svg:title><svg:desc>hidden.png</svg:desc></draw:frame>"
    line = f"<text:p>{frame}The lamp of <text:title>The Salt Road</text:title> was lit.</text:p>"
    text = text_of(read(odt(tmp_path / "a.odt", odt_chapters() + line)))

    assert "The lamp of The Salt Road was lit." in text
    assert "hidden" not in text.lower()


@pytest.mark.parametrize("gap", ["<hr>", "<br>", '<img src="a.png">', "<HR WIDTH=50%>", "<br></br>", "<meta name=x>"])
def test_what_stands_behind_an_open_line_is_read(gap: str, tmp_path: Path) -> None:
    """HTML closes neither a line nor a picture; read as XML all that follows would be in them."""
    path = tmp_path / "a.html"
    body = "".join(f"<h2>Chapter {at}</h2>{gap}<P>{sentences(900, seed=at)}</p>" for at in range(1, 4))
    path.write_text(f"<html><head><title>The Lamp</title></head><body>{body}</body></html>")

    book = read(path)

    assert all(text_of(book).count(sentences(900, seed=at)) == 1 for at in range(1, 4))


@pytest.mark.parametrize(
    ("body", "tag"),
    [("<body bgcolor=#ffffff>", "<p>"), ("<body>", "<p align=justify>"), ("<body>", "<P><font size=+1>")],
)
def test_an_attribute_without_quotes_costs_no_text(body: str, tag: str, tmp_path: Path) -> None:
    """Pages of the old web have them on every tag."""
    path = tmp_path / "a.htm"
    chapters = "".join(f"<h2 align=center>Chapter {n}</h2>{tag}{sentences(900, seed=n)}</p>" for n in range(1, 4))
    path.write_text(f"<html><head><title>The Lamp</title></head>{body}{chapters}</body></html>")

    book = read(path)

    assert [(each.title, each.words) for each in book.chapters] == [(f"Chapter {n}", 900) for n in range(1, 4)]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *(("fr", each) for each in ("cp1252", "mac_roman")),
        *(("pl", each) for each in ("cp1250", "iso8859_2")),
        *(("ru", each) for each in ("cp1251", "koi8_r", "cp866")),
        *((each, "cp1252") for each in ("de", "es", "pt", "it", "sv", "fi")),
        *(("cs", "cp1250"), ("hu", "cp1250"), ("tr", "cp1254"), ("he", "cp1255"), ("ar", "cp1256"), ("el", "cp1253")),
        *(("uk", "cp1251"), ("fa", "cp1256"), ("th", "cp874")),
    ],
)
def test_the_encoding_is_the_one_that_makes_a_language_of_a_text(language: str, encoding: str, tmp_path: Path) -> None:
    """Nobody wrote it down, and most bytes are letters in all of them: only one makes the letters of a language."""
    text = "\n\n".join(sentences(300, of=language, seed=at) for at in range(4)).encode(encoding, "ignore")
    path = tmp_path / "a.txt"
    path.write_bytes(text)

    read_again = text_of(read(path)).split()

    assert set(read_again) == set(text.decode(encoding).split())


def test_few_letters_of_a_western_text_are_no_japanese(tmp_path: Path) -> None:
    """A few hundred Dutch words with a diaeresis: in pairs their bytes are rare characters, and one common one."""
    text = "De knecht is niet genoeg geëerd, zeiden zij, en de zoon werd geëist. " * 400
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("cp1252"))

    assert "geëerd" in text_of(read(path))


def test_a_palm_document_of_plain_text_has_chapters(tmp_path: Path) -> None:
    """The oldest files that are called .prc: text in records, in the encoding of the day."""
    path = tmp_path / "a.prc"
    text = "".join(f"Chapter {at}\n\n{sentences(300, of='fr', seed=at)}\n\n" for at in range(1, 5))
    path.write_bytes(palm(text.encode("cp1252")))

    book = read(path)

    assert check_structure(path).state == "whole"
    assert [chapter.title for chapter in book.chapters] == [f"Chapter {at}" for at in range(1, 5)]
    assert "rivière" in text_of(book)


def test_mobipocket_s_first_scheme_is_named(tmp_path: Path) -> None:
    """Its files are older than the header that says how newer ones are protected; before, it was read as text."""
    path = tmp_path / "a.mobi"
    path.write_bytes(palm(bytes(range(256)) * 40, scheme=1))

    with pytest.raises(Rejected, match="DRM") as caught:
        read(path)

    assert caught.value.reason.code == Code.PROTECTED


TITLE_PARAGRAPH = '<text:p text:style-name="Title">The Salt Road</text:p>'
TITLE_HEADING = '<text:h text:outline-level="1">The Salt Road</text:h><text:p>Ann Lamp</text:p>'


@pytest.mark.parametrize("head", [TITLE_PARAGRAPH, TITLE_HEADING])
def test_a_document_is_called_by_the_title_that_it_prints(head: str, tmp_path: Path) -> None:
    """By the style of a title, else by a heading that stands alone on a title page; a file's name is any name."""
    book = read(odt(tmp_path / "final_v3 (copy).odt", head + odt_chapters()))

    assert book.title == "The Salt Road"
    assert [chapter.title for chapter in book.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_a_heading_above_all_others_is_the_title(tmp_path: Path) -> None:
    """Chapters one level below it, with a foreword of any length between."""
    body = f"<h1>The Salt Road</h1><p>{sentences(200)}</p>" + "".join(
        f"<h2>{name}</h2><p>{sentences(900, seed=at)}</p>" for at, name in enumerate(("Rain", "Snow", "Fog"))
    )
    path = tmp_path / "download-17.html"
    path.write_text(f"<html><body>{body}</body></html>")

    assert read(path).title == "The Salt Road"


@pytest.mark.parametrize("first", ["Chapter 1", "Rain", "Contents", "I"])
def test_the_first_chapter_does_not_name_the_book(first: str, tmp_path: Path) -> None:
    """A heading of the rank of the others with as much text below it, a number, or front matter is none."""
    body = "".join(
        f'<text:h text:outline-level="1">{name}</text:h><text:p>{sentences(150, seed=at)}</text:p>'
        for at, name in enumerate((first, "Snow", "Fog"))
    )

    assert read(odt(tmp_path / "The Lamp.odt", body)).title == "The Lamp"


def test_a_rich_text_is_called_by_the_style_of_a_title(tmp_path: Path) -> None:
    """The style has a name and no level, and is no chapter."""
    styles = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Heading 1;}{\s71\sbasedon0\qc\b Title;}}"
    body = r"{\pard\s71 The Salt Road\par}" + "".join(
        rf"{{\pard\s1 Chapter {at}\par}}{{\pard\s0 {sentences(150, seed=at)}\par}}" for at in range(1, 4)
    )
    path = tmp_path / "a.rtf"
    path.write_text(rf"{{\rtf1\ansi{styles}{body}}}")

    book = read(path)

    assert book.title == "The Salt Road"
    assert [chapter.title for chapter in book.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize("label", ["idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"])
def test_a_label_that_only_python_knows_is_none(label: str, tmp_path: Path) -> None:
    """Those are no encodings of documents: some refuse any damaged letter, and ended the reader."""
    path = tmp_path / "a.html"
    text = "".join(f"<h2>Chapter {n}</h2><p>{sentences(900, of='fr', seed=n)}</p>" for n in (1, 2, 3))
    path.write_bytes(f'<?xml version="1.0" encoding="{label}"?><html><body>{text}</body></html>'.encode() + b"\xe2")

    assert len(read(path).chapters) == 3
