"""Books in other formats than EPUB and PDF: the same chapters whatever program wrote the file."""

import itertools
import re
import shutil
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.formats import check_structure
from imaginized.reading.text_lines import read_lines
from imaginized.reasons import Code
from imaginized.story.text import BookText
from tests.support.epubs import prose

FOLDER = Path(__file__).parents[1] / "fixtures" / "formats"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.name != "ORIGIN.md")
TITLES = ["Chapter 1: The Mill", "Chapter 2: The Letter", "Chapter 3: The Door"]
# Its programs made paragraphs of the note, or of the printed contents' heading; nobody can tell any more.
NOTES_ARE_TEXT = {
    name for name in FILES if name.startswith("calibre") or name in ("libreoffice.html", "pandoc-epub.md")
}


def read(path: Path, name: str = "") -> BookText:
    return read_book(path, original_name=name or path.name)


def refuse(path: Path, *, code: Code, match: str) -> None:
    with pytest.raises(Rejected, match=match) as caught:
        read(path)
    assert (caught.value.reason.code, str(caught.value).startswith(f"{path.name}: ")) == (code, True)
    assert caught.value.reason.advice


def text_of(path: Path, text: str, encoding: str = "utf-8") -> BookText:
    path.write_bytes(text.encode(encoding))
    return read(path)


def titles(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def write(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", FILES)
def test_every_program_s_file_has_the_same_chapters(name: str) -> None:
    """Three chapters with their titles and every word, the note's mark left out, its text where it is known as one."""
    book = read(FOLDER / name)
    first, second, third = book.chapters

    assert titles(book) == TITLES
    assert first.paragraphs[0].text.startswith("Mara kept the mill at the end of the salt road, where the river bent")
    assert "said the heron on the post. It said so" in re.sub(r"\[?\b1\]?(?= It)", "", first.text).replace(".  ", ". ")
    assert "very old café clerk with ink on his thumb" in third.text
    assert third.paragraphs[-1].text.endswith("climbed the forty steps again.") or name in NOTES_ARE_TEXT
    assert (second.words, 119 <= third.words <= 127) == (122 if name == "pandoc-epub.md" else 121, True)
    assert any("clerks in that country" in chapter.text for chapter in book.chapters) == (name in NOTES_ARE_TEXT)
    assert check_structure(FOLDER / name).state == "whole"


@pytest.mark.parametrize("name", FILES)
def test_the_content_decides_whatever_a_file_is_called(name: str, tmp_path: Path) -> None:
    """A book that a download named .epub is what it is; only text cannot be told from other text."""
    if Path(name).suffix in (".md", ".html", ".txt"):
        return
    copy = Path(shutil.copy(FOLDER / name, tmp_path / "book.epub"))

    assert (check_structure(copy).state, titles(read(copy))) == ("whole", TITLES)


@pytest.mark.parametrize("name", FILES)
def test_positions_count_up_and_are_the_same_each_time(name: str) -> None:
    """A picture is placed by file and position in what the reader makes of the file."""
    one, other = (
        [(each.file, each.position) for chapter in read(FOLDER / name).chapters for each in chapter.paragraphs]
        for _ in range(2)
    )

    assert one == other
    assert all(file for file, _ in one)
    assert all(a[0] != b[0] or a[1] <= b[1] for a, b in itertools.pairwise(one))


@pytest.mark.parametrize("name", FILES)
def test_half_a_file_is_refused_or_read_but_never_a_crash(name: str, tmp_path: Path) -> None:
    """Cut anywhere it gives chapters or a reason; what has an end of its own is not admitted before it is there."""
    data = (FOLDER / name).read_bytes()
    path = tmp_path / name
    for share in (0.02, 0.3, 0.6, 0.97):
        path.write_bytes(data[: int(len(data) * share)])
        if path.suffix not in (".md", ".html", ".txt"):
            assert check_structure(path).state != "whole"
        try:
            assert read(path).chapters
        except Rejected as rejected:
            assert len(str(rejected)) > 40


@pytest.mark.parametrize(
    "suffix", [".fb2", ".docx", ".odt", ".rtf", ".mobi", ".azw3", ".htmlz", ".txt", ".md", ".html"]
)
def test_an_empty_file_is_waited_for_and_then_refused(suffix: str, tmp_path: Path) -> None:
    """0 bytes may be the beginning of a copy."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"")

    assert check_structure(path).state == "incomplete"
    with pytest.raises(Rejected):
        read(path)


# FictionBook


def test_a_fictionbook_in_windows_1251_with_verse_and_parts(tmp_path: Path) -> None:
    """Parts are the path, verse keeps its lines, a note stays out, the author and the series are there."""
    body = "".join(
        f"<section><title><p>Часть {part}</p></title>"
        + "".join(
            f"<section><title><p>Глава {at}</p><p>Дорога<a type='note' href='#n1'>[{at}]</a></p></title>"
            f"<p>{'слово ' * 200}<a type='note' "
            f"xmlns:l='http://www.w3.org/1999/xlink' l:href='#n1'>[1]</a></p>"
            "<poem><stanza><v>строка раз</v><v>строка два</v></stanza></poem></section>"
            for at in (1, 2)
        )
        + "</section>"
        for part in (1, 2)
    )
    info = (
        "<title-info><author><first-name>Иван</first-name><last-name>Лампов</last-name></author>"
        "<book-title>Соляная дорога</book-title><lang>ru</lang><sequence name='Мельница' number='2'/></title-info>"
    )
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">'
        f"<description>{info}</description><body>{body}</body>"
        "<body name='notes'><section id='n1'><p>Примечание.</p></section></body></FictionBook>"
    )
    book = text_of(tmp_path / "a.fb2", text, "cp1251")

    assert (book.title, book.authors, book.language) == ("Соляная дорога", ("Иван Лампов",), "ru")
    assert (book.series, book.series_index) == ("Мельница", "2")
    assert [chapter.path for chapter in book.chapters] == [("Часть 1",)] * 2 + [("Часть 2",)] * 2
    assert {chapter.title for chapter in book.chapters} == {"Глава 1 Дорога", "Глава 2 Дорога"}  # without the mark
    assert "строка раз\nстрока два" in book.chapters[0].text
    assert not any("Примечание" in chapter.text or "[1]" in chapter.text for chapter in book.chapters)


def test_a_zipped_fictionbook_is_read_and_two_in_one_are_named(tmp_path: Path) -> None:
    """What libraries send is name.fb2.zip; two books in one file are not one book."""
    book = (FOLDER / "pandoc.fb2").read_bytes()
    one = write(tmp_path / "one.fb2.zip", {"one.fb2": book})

    assert titles(read(one)) == TITLES
    assert check_structure(one).state == "whole"


def test_what_has_no_title_is_called_by_its_row(tmp_path: Path) -> None:
    """The name of a page is no title, and would be a chapter's once it is kept."""
    cover = "<office:p>A small press, 1901</office:p>"
    chapters = "".join(f'<h outline-level="1">Chapter {at}</h><p>{prose(90)}</p>' for at in (1, 2, 3))
    content = f"<office:document xmlns:office='o'><body><text>{cover}{chapters}</text></body></office:document>"
    mimetype = "application/vnd.oasis.opendocument.text"
    book = read(
        write(tmp_path / "a.odt", {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<m/>"})
    )

    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert [(skip.title, skip.file) for skip in book.skipped] == [("Piece 1", "content.xml")]


def test_entities_do_not_grow(tmp_path: Path) -> None:
    """Ten entities of ten each would be gigabytes: they are not filled in, in any XML."""
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "lol"}">' for at in range(12))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]>'
    path = tmp_path / "a.fb2"
    path.write_text(f"{doctype}<FictionBook><body><section><p>&l11; and {prose(90)}</p></section></body></FictionBook>")
    docx = write(tmp_path / "a.docx", {"word/document.xml": f"{doctype}<w:document>&l11;</w:document>"})

    assert "lollol" not in read(path).chapters[0].text
    refuse(docx, code=Code.BOMB, match="declares entities")


def test_nested_metadata_costs_no_more_than_its_size(tmp_path: Path) -> None:
    """Found by the fuzz: each of thousands of nested elements was read with all that it holds."""
    opf = f"<package><metadata>{'<metadata><a>' * 900}deep words{'</a></metadata>' * 900}</metadata></package>"
    page = f"<html><body><h1>Chapter 1</h1>{prose(90)}</body></html>"
    path = write(tmp_path / "a.htmlz", {"index.html": page, "metadata.opf": opf.replace("deep", "deep " * 20_000)})

    assert titles(read(path)) == ["Chapter 1"]


# Office


def test_a_document_bomb_is_refused_unread(tmp_path: Path) -> None:
    """More XML in one part than any book has would cost its parser gigabytes."""
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(30):
            part.write(b" " * (1 << 20))

    refuse(path, code=Code.TOO_LARGE, match="word/document.xml in it is larger than 24 MiB")


_PARTS = {
    "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
    "_rels/.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'/>",
}
_LOOKS = (
    "<w:rPr><w:rFonts w:ascii='Arial'/><w:color w:val='FF0000'/><w:sz w:val='24'/><w:i/><w:lang w:val='en'/></w:rPr>"
)


def _docx(path: Path, paragraphs: str) -> Path:
    ns = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    return write(path, {**_PARTS, "word/document.xml": f"<w:document {ns}><w:body>{paragraphs}</w:body></w:document>"})


def test_how_word_sets_its_letters_changes_nothing(tmp_path: Path) -> None:
    """Tab stops, fonts and who changed what go before Mammoth sees them; tabs and words of the text do not."""
    words = "<w:t>One day</w:t><w:tab/><w:t>she said &lt;w:tabs&gt; and &lt;w:color/&gt; aloud.</w:t>"
    prose = "".join(f"<w:p><w:r><w:t>Line {at} goes on and on.</w:t></w:r></w:p>" for at in range(40))
    stops = "<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/> <w:tab w:pos='2'/></w:tabs><w:spacing w:after='0'/></w:pPr>"
    plain = _docx(tmp_path / "a.docx", f"<w:p><w:r><w:rPr><w:i/></w:rPr>{words}</w:r></w:p>{prose}")
    looks = (
        f'<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD">{stops}<w:r w:rsidR="00AB12CD">{_LOOKS}{words}</w:r></w:p>'
    )
    styled = _docx(tmp_path / "b.docx", f"{looks}{prose}")

    one, other = read(plain, "a.docx"), read(styled, "a.docx")

    assert one.chapters == other.chapters
    assert "One day she said <w:tabs> and <w:color/> aloud." in " ".join(one.chapters[0].text.split())


def test_an_encrypted_document_says_so(tmp_path: Path) -> None:
    """With a password LibreOffice writes a list of what is encrypted."""
    path = write(
        tmp_path / "a.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": b"\x00garbage",
            "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>",
        },
    )

    refuse(path, code=Code.ENCRYPTED, match="password")


def test_nested_tables_are_no_matter_of_depth(tmp_path: Path) -> None:
    """What is nested a thousand deep is read without recursion, or refused; it never ends the process."""
    deep = "<table:table><table:table-row><table:table-cell>" * 900
    content = f"<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:text>{deep}<text:p>in the middle {'word ' * 90}</text:p></office:text></office:document-content>"  # noqa: E501
    path = write(tmp_path / "a.odt", {"content.xml": content, "META-INF/manifest.xml": "<manifest/>"})

    try:
        assert "in the middle" in read(path).chapters[0].text
    except Rejected as rejected:
        assert rejected.reason.code in (Code.DAMAGED, Code.NO_TEXT)


# Kindle


def test_a_kindle_book_with_drm_is_refused_with_that_word(tmp_path: Path) -> None:
    """Its header says so, whatever the text looks like."""
    data = bytearray((FOLDER / "calibre-old.mobi").read_bytes())
    (first,) = struct.unpack_from(">L", data, 78)
    struct.pack_into(">H", data, first + 0xC, 2)
    path = tmp_path / "a.mobi"
    path.write_bytes(data)

    refuse(path, code=Code.PROTECTED, match="DRM")


# Text


def gutenberg(body: str) -> str:
    return (
        "The Project Gutenberg EBook of The Salt Road, by Ann Lamp\n\nTitle: The Salt Road\n\nAuthor: Ann Lamp\n\n"
        "Language: English\n\n*** START OF THE PROJECT GUTENBERG EBOOK THE SALT ROAD ***\n\n"
        f"{body}\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE SALT ROAD ***\n\n{'licence words ' * 60}\n"
    )


def wrapped(words: int, of: str = "salt") -> str:
    lines = [" ".join([of] * 12) for _ in range(words // 12)]
    return "\n".join(lines)


def test_a_text_of_project_gutenberg(tmp_path: Path) -> None:
    """Wrapped lines are joined, contents, header and licence stay out, titles come from the line below."""
    listed = "CONTENTS\n\n" + "\n".join(f" {roman}. The Name of It" for roman in ("I", "II", "III", "IV")) + "\n\n"
    chapters = "".join(
        f"\n\nCHAPTER {roman}\n\nThe _Name_ of It\n\n{wrapped(240)}\nends here.\n\n  a line of verse\n  another\n\n"
        f"{wrapped(120)} stop.\n"
        for roman in ("I", "II", "III", "IV")
    )
    book = text_of(tmp_path / "pg1.txt", gutenberg(listed + chapters))

    assert titles(book) == [f"CHAPTER {roman}: The Name of It" for roman in ("I", "II", "III", "IV")]
    assert (book.title, book.authors, book.language) == ("The Salt Road", ("Ann Lamp",), "en")
    assert "\n" not in book.chapters[0].paragraphs[0].text
    assert "a line of verse\nanother" in book.chapters[0].text
    assert not any("licence" in chapter.text for chapter in book.chapters)
    assert {skipped.reason for skipped in book.skipped} >= {"Project Gutenberg header", "Project Gutenberg licence"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16", "utf-8-sig"])
def test_a_chinese_web_novel(encoding: str, tmp_path: Path) -> None:
    """Volumes and chapters in any figures, an extra at the end, a round of a fight in the prose is none."""
    said = "他走过盐路上的磨坊，看见河水慢慢地流向大海。第三回合他就输了，只好回家睡觉去了。"
    heads = ["第一章 磨坊", "第二章 来信", "第三章：门", "第两百一十八章 灯", "第219章 归", "番外 一个梦"]
    text = "《盐路》\n作者：灯下人\n\n第一卷 河边\n" + "".join(f"{head}\n" + f"　　{said}\n" * 30 for head in heads)
    book = text_of(tmp_path / "《盐路》作者：灯下人.txt", text, encoding)

    assert titles(book) == heads
    assert (book.title, book.authors) == ("盐路", ("灯下人",))
    assert {chapter.paragraphs[0].text for chapter in book.chapters} == {said}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Мельница стояла в конце соляной дороги, где река дважды поворачивала к морю. "),
        ("big5", "他走過鹽路上的磨坊，看見河水慢慢地流向大海，然後回家睡覺。"),
        ("cp932", "彼は塩の道の水車小屋を通り過ぎ、川がゆっくりと海へ流れるのを見た。"),
        ("cp1252", "The café at the end of the road was closed, and “nobody” knew why — not even the miller. "),
        ("cp949", "그는 소금길의 방앗간을 지나 강물이 천천히 바다로 흐르는 것을 보았다. "),
    ],
)
def test_a_text_says_nowhere_how_it_is_encoded(encoding: str, text: str, tmp_path: Path) -> None:
    """Read as what its letters are plausible in, with a warning that says so."""
    book = text_of(tmp_path / "a.txt", "\n\n".join([text * 6] * 40), encoding)

    assert book.chapters[0].paragraphs[0].text == (text * 6).strip()
    assert "its encoding is taken for" in book.warnings[0]


def test_scenes_prices_and_initials_are_no_chapters() -> None:
    """Bare numbers count only where they count up, and below chapters that say so not at all."""
    prose = "Some words that fill a line, and end it with a stop.\n"
    text = "".join(f"Chapter {at}\n{prose * 9}1\n{prose * 9}2\n{prose * 9}L. Frank Baum\n3\n1984\n" for at in (1, 2, 3))
    found = [each.text for each in read_lines(text, is_wrapped=False) if each.level]

    assert found == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_markdown_says_what_it_is_before_its_text(tmp_path: Path) -> None:
    """YAML or pandoc's lines; the text's own title does not become a chapter."""
    text = "% The Salt Road\n% Ann Lamp; Tom Net\n\n" + "".join(
        f"# Chapter {at}\n\n{'word ' * 90}.\n\n" for at in (1, 2)
    )
    book = text_of(tmp_path / "a.md", text)

    assert (book.title, book.authors) == ("The Salt Road", ("Ann Lamp", "Tom Net"))
    assert titles(book) == ["Chapter 1", "Chapter 2"]


def test_a_file_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    """Without the ending; other dots are part of it."""
    book = text_of(tmp_path / "J. R. Lamp - The_Salt Road.txt", "word " * 3000)

    assert book.title == "J. R. Lamp - The Salt Road"


def test_a_web_page_that_is_called_a_book_is_a_failed_download(tmp_path: Path) -> None:
    """HTML is a book only where its name says so."""
    page = b"<!doctype html><title>Sorry</title><p>You have to log in."
    for name in ("a.epub", "a.mobi", "a.docx"):
        (tmp_path / name).write_bytes(page)
        found = check_structure(tmp_path / name)
        assert (found.state, "web page" in found.reason) == ("foreign", True)
