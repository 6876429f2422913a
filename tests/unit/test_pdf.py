"""From PDFs to story chapters: the corpus of real books, and each rule on a PDF built in code."""

import random
import re
from pathlib import Path

import pytest
from PIL import Image

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.formats import check_structure
from imaginized.story.text import BookText
from tests.support.corpus import check_real_book
from tests.support.epubs import books, build_epub
from tests.support.pdfs import LEFT, WORDS, Text, Typesetter, build_pdf, prose, width_of

CORPUS = [
    "alice-gutenberg-latex.pdf",
    "daisy-miller.pdf",
    "debian-policy.pdf",
    "password.pdf",
    "scanned-no-text.pdf",
    "time-machine-calibre.pdf",
]


PLACES = ("Garden", "River", "Hall", "Tower", "Bridge", "Wood", "Mill")


def read(path: Path) -> BookText:
    return read_book(path, original_name=path.name)


def titles(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def texts(book: BookText) -> list[str]:
    return [paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs]


def novel(*headings: str, words: int = 700) -> Typesetter:
    """A page or more of prose under each heading."""
    setter = Typesetter()
    for seed, heading in enumerate(headings):
        setter.heading(heading)
        for part in range(words // 100):
            setter.paragraph(prose(100, seed=seed * 10 + part))
    return setter


def mixed_novel(*, chapters: int) -> tuple[Typesetter, list[str]]:
    """Chapters of a few pages whose lines differ everywhere, and their paragraphs."""
    setter, written, chance = Typesetter(), [], random.Random(7)
    for number in range(1, chapters + 1):
        setter.heading(f"Chapter {number}")
        for _ in range(9):
            written.append(" ".join(chance.choices(WORDS, k=100)).capitalize() + ".")
            setter.paragraph(written[-1])
    return setter, written


@pytest.mark.parametrize("name", CORPUS)
def test_real_pdfs_give_the_chapters_a_reader_would_name(name: str) -> None:
    """Every PDF of the corpus yields its title and its story chapters, or the rejection that it deserves."""
    check_real_book(name, read, words_off=0.03)


def test_a_real_pdf_reads_like_the_epub_of_the_same_book() -> None:
    """Nearly every paragraph of a PDF is, word for word, a paragraph of the EPUB."""
    pdf = read(books() / "time-machine-calibre.pdf")
    epub = read(books() / "time-machine-se.epub")

    def fold(text: str) -> str:
        return re.sub(r"\W+", "", text)

    same = set(map(fold, texts(pdf))) & set(map(fold, texts(epub)))
    assert len(same) >= 0.97 * len(texts(epub))


def test_no_running_head_and_no_divided_word_is_left() -> None:
    """A book with 142 running heads and 181 divided words keeps none of them."""
    book = read(books() / "daisy-miller.pdf")
    joined = "\n".join(texts(book))

    assert "DAISY MILLER" not in joined
    assert not re.search("[\ufffe\x02\ufb00-\ufb06]|\\w- ", joined)
    assert "a particularly comfortable hotel" in joined


def test_the_outline_gives_the_chapters(tmp_path: Path) -> None:
    """Entries of the outline become chapters with their pages; what is no story is skipped with the reason."""
    setter = novel("Copyright", "The Storm", "The Calm")
    outline = [("Copyright", 0), ("The Storm", 2), ("The Calm", 4)]
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages, outline=outline))

    assert titles(book) == ["The Storm", "The Calm"]
    assert [chapter.paragraphs[0].page for chapter in book.chapters] == [3, 5]
    assert [(skipped.title, skipped.reason) for skipped in book.skipped] == [("Copyright", "copyright page")]
    assert book.reader == "pdf"


def test_numbered_headings_give_the_chapters_where_there_is_no_outline(tmp_path: Path) -> None:
    """Lines that are set large or alone and numbered as chapters begin chapters."""
    book = read(build_pdf(tmp_path / "a.pdf", novel("Chapter 1", "Chapter 2", "Chapter 3", "Epilogue").pages))

    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3", "Epilogue"]


def test_a_heading_of_the_texts_size_counts_where_it_stands_alone(tmp_path: Path) -> None:
    """Typescripts set everything in one size."""
    setter = Typesetter()
    for number in ("I", "II", "III", "IV"):
        setter.new_page()
        setter.line(f"CHAPTER {number}", x=200)
        setter.skip(30)
        for part in range(6):
            setter.paragraph(prose(100, seed=part))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert titles(book) == ["CHAPTER I", "CHAPTER II", "CHAPTER III", "CHAPTER IV"]


def test_a_pdf_without_chapters_is_cut_into_honest_parts(tmp_path: Path) -> None:
    """Parts have about 5,000 words, end with a paragraph and are called what they are."""
    setter = Typesetter()
    for part in range(150):
        setter.paragraph(prose(100, seed=part))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert titles(book) == ["Part 1", "Part 2", "Part 3"]
    assert all(4_500 <= chapter.words <= 5_500 for chapter in book.chapters)
    assert book.chapters[2].words_before == book.chapters[0].words + book.chapters[1].words


def test_running_heads_and_page_numbers_go_and_the_printed_numbers_stay(tmp_path: Path) -> None:
    """What stands at the same place on many pages is no text; the page of a paragraph is the number printed on it."""
    setter = novel("Chapter 1", "Chapter 2", "Chapter 3")
    setter.add_furniture(head="THE OLD HOUSE", first_number=21)
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert not any("OLD HOUSE" in text for text in texts(book))
    assert not any(re.search(r"\d", text) for text in texts(book))
    assert book.chapters[0].paragraphs[0].page == 21


FURNITURE = {
    "a printer's slug": [
        ("OldHouse_INT_v3.indd   {n}", 60, 12, 6),
        ("3/14/20   10:{n} AM", 300, 12, 6),
        ("{n}", 230, 40, 9),
    ],
    "a slug for each chapter": [("0{c}_House.qxd  2/10/04  8:{n} AM  Page {n}", 60, 680, 6), ("{n}", 230, 40, 9)],
    "a browser's lines": [
        ("3/14/20, 10:21 AM", 30, 685, 7),
        ("The Old House", 230, 685, 7),
        ("https://example.org/house.html", 30, 12, 7),
        ("{n}/{of}", 420, 12, 7),
    ],
    "a number above, a title that changes below": [("{n}", 230, 672, 9), ("{w} and {v}", 190, 655, 9)],
    "a slug, a head, a changing line": [
        ("house.indd {n}", 60, 692, 6),
        ("THE OLD HOUSE", 190, 676, 9),
        ("{w}", 200, 655, 9),
    ],
    "a manuscript's head": [("Nobody / HOUSE / {n}", 300, 665, 11)],
    "a number of all": [("Page {n} of {of}", 200, 30, 9)],
}


@pytest.mark.parametrize("lines", FURNITURE.values(), ids=FURNITURE)
def test_what_printers_and_programs_write_on_every_page_goes(
    tmp_path: Path, lines: list[tuple[str, float, float, float]]
) -> None:
    """Slugs, time stamps, and second rows that say something else on each page; the text keeps every word."""
    setter, written = mixed_novel(chapters=5)
    of = len(setter.pages)
    for at, page in enumerate(setter.pages):
        said = {"n": at + 1, "of": of, "c": at // 4 + 1, "w": PLACES[at % 7], "v": PLACES[at % 5]}
        page.extend(Text(text=text.format(**said), x=x, y=y, size=size) for text, x, y, size in lines)

    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert titles(book) == [f"Chapter {n}" for n in (1, 2, 3, 4, 5)]
    assert texts(book) == written


def test_the_first_line_of_a_page_is_no_head(tmp_path: Path) -> None:
    """Short lines of talk at the head of pages stay, whatever stands above them."""
    setter = Typesetter()
    for number in range(8):
        setter.new_page()
        setter.paragraph(f"Line {PLACES[number % 7]} of the talk.")
        setter.paragraph(prose(200, seed=number))
    setter.add_furniture(head="THE OLD HOUSE")

    assert sum(text.endswith("of the talk.") for text in texts(read(build_pdf(tmp_path / "a.pdf", setter.pages)))) == 8


@pytest.mark.parametrize("size", [18.0, 11.0])
def test_a_chapter_on_the_page_of_its_number_keeps_its_heading(tmp_path: Path, size: float) -> None:
    """ "Chapter 1" at the head of page 1 is no page number."""
    setter = Typesetter()
    for number in (1, 2, 3, 4):
        setter.heading(f"Chapter {number}", size=size)
        setter.paragraph(prose(300, seed=number))
    setter.add_furniture(head="THE OLD HOUSE")
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"]


def test_paragraphs_are_found_by_indent_and_go_on_over_pages(tmp_path: Path) -> None:
    """Each paragraph that was set comes back whole, whatever page its lines are on."""
    setter = Typesetter()
    setter.heading("Chapter 1")
    written = [prose(90, seed=seed) for seed in range(20)]
    for text in written:
        setter.paragraph(text)
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book) == written
    assert len(setter.pages) > 2


def test_paragraphs_are_found_by_the_room_between_them(tmp_path: Path) -> None:
    """Where nothing is indented, a blank parts paragraphs; a wider one starts a scene."""
    setter = Typesetter()
    setter.heading("Chapter 1")
    written = [prose(60, seed=seed) for seed in range(6)]
    for at, text in enumerate(written):
        setter.paragraph(text, indent=0)
        setter.skip(40 if at == 2 else 8)
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book) == written
    assert [each.starts_scene for each in book.chapters[0].paragraphs] == [False] * 3 + [True] + [False] * 2


def test_asterisks_part_scenes(tmp_path: Path) -> None:
    """A line without a letter is a scene break, and no text."""
    setter = Typesetter()
    setter.paragraph(prose(100))
    setter.line("* * *", x=220)
    setter.paragraph(prose(100, seed=1))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert [each.starts_scene for each in book.chapters[0].paragraphs] == [False, True]


def test_talk_in_short_indented_lines_stays_apart(tmp_path: Path) -> None:
    """Paragraphs of one line each are paragraphs."""
    setter = Typesetter()
    setter.paragraph(prose(100))
    for line in ('"Who is there?"', '"I am."', '"Come in -"', '"Thank you."'):
        setter.paragraph(line)
    setter.paragraph(prose(100, seed=3))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book)[1:5] == ['"Who is there?"', '"I am."', '"Come in -"', '"Thank you."']


def test_verse_keeps_its_lines(tmp_path: Path) -> None:
    """Lines that end long before the margin are the author's."""
    setter = Typesetter()
    setter.paragraph(prose(100))
    setter.skip()
    for line in ("How doth the little crocodile", "Improve his shining tail", "And pour the waters of the Nile"):
        setter.line(line, x=LEFT + 40)
    setter.skip()
    setter.paragraph(prose(100, seed=3), indent=0)
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    verse = "How doth the little crocodile\nImprove his shining tail\nAnd pour the waters of the Nile"
    assert texts(book)[1] == verse


def test_divided_words_are_joined_and_hyphens_of_the_author_stay(tmp_path: Path) -> None:
    """A hyphen at the end of a line goes, unless the book spells the word with it elsewhere."""
    setter = Typesetter()
    setter.paragraph("The extraordinary weather of the well-known coast made every remarkable traveller uneasy. " * 3)
    setter.line("It was an extraordi-", x=LEFT + 18)
    setter.line("nary day on that well-")
    setter.line("known coast, which every remark-")
    setter.line("able traveller had heard of.")
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book)[1] == (
        "It was an extraordinary day on that well-known coast, which every remarkable traveller had heard of."
    )


def test_ligatures_are_spelled_out(tmp_path: Path) -> None:
    """One glyph for two letters becomes two letters."""
    setter = Typesetter()
    setter.line(b"The \xaerst \xafight was the one that nobody in the house forgot for many years.")
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book)[0].startswith("The first flight was")


def test_text_outside_the_crop_box_is_the_printers(tmp_path: Path) -> None:
    """Slug lines outside the visible page are no text."""
    setter = Typesetter()
    for seed in range(3):
        setter.paragraph(prose(60, seed=seed))
    setter.pages[0].append(Text(text="hill_book_r3.indd 1 12/10/99", x=60, y=15))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages, crop=(40, 60, 440, 680)))

    assert "indd" not in " ".join(texts(book))
    assert len(texts(book)) == 3


def test_footnotes_and_their_marks_go(tmp_path: Path) -> None:
    """Small lines at the foot that begin with a number are notes; raised numbers in the text point to them."""
    setter = Typesetter()
    for seed in range(4):
        setter.paragraph(prose(60, seed=seed))
    setter.line("They lived there.", x=LEFT + 18)
    after = LEFT + 18 + width_of("They lived there.")
    setter.pages[0].append(Text(text="1", x=after, y=setter.y + 14 + 4, size=6))
    setter.pages[0].append(Text(text="1 See the parish register of 1788.", y=100, size=8))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book)[-1] == "They lived there."
    assert [(skipped.title, skipped.words) for skipped in book.skipped] == [("Footnotes", 7)]


def test_printed_contents_are_cut(tmp_path: Path) -> None:
    """A page of titles with page numbers is no text, and its lines begin no chapters."""
    setter = Typesetter()
    setter.heading("Contents")
    for number in range(1, 6):
        setter.line(f"Chapter {number} . . . . . . . . . . . . . . . . {number * 2}")
    story = novel(*(f"Chapter {number}" for number in range(1, 6)))
    book = read(build_pdf(tmp_path / "a.pdf", [*setter.pages, *story.pages]))

    assert titles(book) == [f"Chapter {number}" for number in range(1, 6)]
    assert "printed contents" in {skipped.reason for skipped in book.skipped}


def test_a_chapter_may_begin_below_the_contents(tmp_path: Path) -> None:
    """Where a listed title comes again, larger, the contents end; a title that is broken into lines is one."""
    names = (
        "CHAPTER I. Down the Rabbit-Hole",
        "CHAPTER II. The Pool of Tears",
        "CHAPTER III. The Mock Turtle and a Tale",
    )
    setter = Typesetter()
    setter.heading("Contents")
    for name in names:
        setter.line(name)
    for seed, name in enumerate(names):
        setter.skip(30)
        for line in name.split("Mock ") if "Mock" in name else (name,):
            setter.line(line.strip() + (" Mock" if line.endswith("The ") else ""), size=18)
        setter.skip()
        for part in range(6):
            setter.paragraph(prose(100, seed=seed * 10 + part))
        setter.new_page()
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert titles(book) == list(names)
    assert {chapter.words for chapter in book.chapters} == {600}


def test_asterisks_at_the_foot_are_no_notes(tmp_path: Path) -> None:
    """A small line of asterisks at the foot parts scenes; what follows it is text."""
    setter = Typesetter()
    setter.paragraph(prose(60))
    setter.pages[0].append(Text(text="* * * * *", y=120, size=9))
    setter.pages[0].append(Text(text="The end of the page in smaller type.", y=100, size=9))
    book = read(build_pdf(tmp_path / "a.pdf", setter.pages))

    assert texts(book)[-1] == "The end of the page in smaller type."
    assert book.chapters[0].paragraphs[-1].starts_scene


def test_metadata_come_from_the_information(tmp_path: Path) -> None:
    """Title and authors as the file says them."""
    info = {"Title": "The Old House", "Author": "Ann Hill; Bo Reed"}
    book = read(build_pdf(tmp_path / "a.pdf", novel("Chapter 1").pages, info=info))

    assert (book.title, book.sort_title) == ("The Old House", "Old House, The")
    assert book.authors == ("Ann Hill", "Bo Reed")


def test_damaged_strings_cost_only_themselves(tmp_path: Path) -> None:
    """Half a character in the information and in the outline: the book is read without those titles."""
    half = r"\376\377\330\000\000A"
    outline = [(half, 0), ("The Storm", 0), ("The Calm", 2)]
    path = build_pdf(tmp_path / "a.pdf", novel("The Storm", "The Calm").pages, info={"Title": half}, outline=outline)
    book = read(path)

    assert book.title == "Untitled (a.pdf)"
    assert titles(book) == ["The Storm", "The Calm"]


@pytest.mark.parametrize("title", ["", "Microsoft Word - final2.doc", "untitled", "book.indd"])
def test_a_title_that_is_none_is_not_shown(tmp_path: Path, title: str) -> None:
    """Names that programs put there are no titles."""
    book = read(build_pdf(tmp_path / "a.pdf", novel("Chapter 1").pages, info={"Title": title}))

    assert book.title == "Untitled (a.pdf)"


def test_a_scan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Pictures of pages have no text layer; OCRmyPDF makes one."""
    path = tmp_path / "scan.pdf"
    Image.new("L", (300, 400), 200).save(path, save_all=True, append_images=[Image.new("L", (300, 400), 90)] * 3)

    with pytest.raises(Rejected, match=r"scan\.pdf: .*no text layer.*OCRmyPDF"):
        read(path)


def test_a_password_is_named(tmp_path: Path) -> None:
    """An encrypted file says so."""
    noise = "<" + "5a" * 32 + ">"
    locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {noise} /U {noise} /P -4 >> /ID [<00> <00>]"
    path = build_pdf(tmp_path / "locked.pdf", novel("Chapter 1").pages, trailer=locked)

    with pytest.raises(Rejected, match=r"locked\.pdf: .*password"):
        read(path)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"garbage " * 500, b"%PDF-1.4\nstartxref\n5\n%%EOF"])
def test_a_broken_pdf_gives_a_reason(tmp_path: Path, data: bytes) -> None:
    """What PDFium cannot open is refused in words for a person."""
    path = tmp_path / "broken.pdf"
    path.write_bytes(data)

    with pytest.raises(Rejected, match=r"broken\.pdf: .*damaged.*again"):
        read(path)


def test_a_truncated_pdf_gives_chapters_or_a_reason(tmp_path: Path) -> None:
    """Wherever it breaks off, nothing but a rejection is raised."""
    data = build_pdf(tmp_path / "a.pdf", novel("Chapter 1").pages).read_bytes()
    for share in range(1, 20):
        path = tmp_path / "cut.pdf"
        path.write_bytes(data[: len(data) * share // 20])
        try:
            assert read(path).chapters
        except Rejected as rejected:
            assert str(rejected).startswith("cut.pdf: ")


def test_the_content_chooses_the_reader(tmp_path: Path) -> None:
    """A PDF that is called .epub is read as PDF, and the other way round."""
    pdf = build_pdf(tmp_path / "a.epub", novel("Chapter 1").pages)
    epub = build_epub(
        tmp_path, pages={"1.xhtml": "<html><body><p>Some text of a story.</p></body></html>"}, name="b.pdf"
    )

    assert read(pdf).reader == "pdf"
    assert read(epub).reader != "pdf"


def test_a_pdf_is_whole_with_its_trailer(tmp_path: Path) -> None:
    """The inbox waits for the trailer, for what it points to, and for all of a file that is made for the web."""
    path = build_pdf(tmp_path / "a.pdf", novel("Chapter 1", "Chapter 2").pages)
    data = path.read_bytes()
    xref = data.rindex(b"xref\n0")
    states = []
    for content in (
        data,
        data + b"\r\n\0\0",
        data[:-600],
        data[:300] + bytes(len(data) - 300),
        data[:xref] + bytes(40) + data[xref + 40 :],
        data.replace(b"%PDF-1.4\n", b"%PDF-1.4\n1 0 obj << /Linearized 1 /L 9999999 >>\n"),
    ):
        path.write_bytes(content)
        states.append(check_structure(path).state)

    assert states == ["whole", "whole", "incomplete", "incomplete", "incomplete", "incomplete"]
