"""From EPUBs to story chapters: the corpus of real books, and each rule on a book built in code."""

import gc
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.errors import Rejected
from imaginized.garbage import held_collector
from imaginized.reading.blocks import BLOCK_TAGS, read_document
from imaginized.reading.epub import read_epub
from imaginized.reading.lexicon import fold
from imaginized.reading.markup import parse_document
from imaginized.reasons import Code
from imaginized.story.text import BookText
from tests.support.corpus import check_real_book, count_of
from tests.support.epubs import BUNDLED, CUT, TITLE, books, build_epub, contents, page, prose

CORPUS = [
    "childrens-literature.epub",
    "debian-policy.epub",
    "dracula-se.epub",
    "drm-like-encryption-unknown.epub",
    "frankenstein-se.epub",
    "haruko-html-jpeg.epub",
    "juliet-feedbooks-epub2.epub",
    "kusamakura-japanese-vertical-writing.epub",
    "moby-dick.epub",
    "regime-anticancer-arabic.epub",
    "sherlock-adventures-se.epub",
    "time-machine-calibre-epub2.epub",
    "time-machine-no-toc.epub",
    "time-machine-se.epub",
    "war-and-peace-se.epub",
    "wasteland-otf-obf.epub",
    "wizard-of-oz-se.epub",
]
INVISIBLE = "\u00ad\u200b\u2060\ufeff"
BLANKS = "\t\n \u0085\u00a0\u1680\u2000\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
LINES = st.lists(st.sampled_from(["a", "“é”", "\n\t ", "犬", *BLANKS, *INVISIBLE]), max_size=12)


def read(path: Path) -> BookText:
    return read_epub(path, original_name=path.name)


def titles(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


@pytest.mark.parametrize("name", CORPUS)
def test_real_books_give_the_chapters_a_reader_would_name(name: str) -> None:
    """Every book of the corpus yields its title, story chapters and words, or the rejection that it deserves."""
    check_real_book(name, read, words_off=0.02)


@pytest.mark.parametrize("name", ["dracula-se", "frankenstein-se", "time-machine-se", "war-and-peace-se"])
def test_cut_books_give_the_chapters_a_reader_would_name(name: str) -> None:
    """Title, authors, chapters with their parts, what is skipped and every word, in books that are always here."""
    expected = json.loads((CUT / "expected.json").read_text())[f"{name}.epub"]

    book = read(CUT / f"{name}.epub")

    assert {
        "title": book.title,
        "authors": list(book.authors),
        "chapters": [" / ".join((*chapter.path, chapter.title)) for chapter in book.chapters],
        "skipped": [skipped.title for skipped in book.skipped],
        "words": count_of(book),
    } == expected


def test_malformed_fixtures_give_chapters_or_a_reason() -> None:
    """No fixture of a validator raises anything but a rejection that names the file and says what is wrong."""
    read_count = 0
    for path in sorted((books() / "malformed").iterdir()):
        try:
            assert read(path).chapters
            read_count += 1
        except Rejected as rejected:
            assert str(rejected).startswith(path.name) and len(str(rejected)) > len(path.name) + 20

    assert read_count >= 350


def test_the_bundled_book_is_read_whole() -> None:
    """Titles carry their number, the story's people speak in it, and what surrounds it is skipped with its reason."""
    book = read(BUNDLED)

    assert book.chapters[0].title == "I: The Cyclone"
    assert book.chapters[0].paragraphs[0].text.startswith("Dorothy lived in the midst of the great Kansas prairies")
    assert book.authors == ("L. Frank Baum",)
    assert book.sort_title == "Wonderful Wizard of Oz, The"
    assert book.cover is not None
    assert {"title page", "imprint", "colophon"} <= {skipped.reason for skipped in book.skipped}


def test_nested_chapters_know_their_parts() -> None:
    """A title that is only a numeral needs the titles above it."""
    book = read(CUT / "war-and-peace-se.epub")

    assert book.chapters[0].title == "IX"
    assert book.chapters[0].path == ("Book I", "Part I: 1805")


def test_one_file_may_hold_several_chapters_and_a_chapter_several_files(tmp_path: Path) -> None:
    """Chapters begin at fragments and run to the next place, across files."""
    pages = {
        "a.xhtml": page(
            f'<h2 id="one">Chapter 1</h2>{prose(150, of="one")}<h2 id="two">Chapter 2</h2>{prose(150, of="two")}'
        ),
        "b.xhtml": page(prose(150, of="more")),
        "c.xhtml": page(f"<h2>Chapter 3</h2>{prose(150, of='three')}"),
    }
    nav = contents(("Chapter 1", "a.xhtml#one"), ("Chapter 2", "a.xhtml#two"), ("Chapter 3", "c.xhtml"))

    book = read(build_epub(tmp_path, pages=pages, nav=nav))

    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert [paragraph.file for paragraph in book.chapters[1].paragraphs] == ["OPS/a.xhtml", "OPS/b.xhtml"]
    assert [chapter.words_before for chapter in book.chapters] == [0, 150, 450]


def test_front_and_back_matter_is_skipped_but_prologue_and_epilogue_are_story(tmp_path: Path) -> None:
    """Titles tell what is no story; a prologue is."""
    names = [
        "Copyright",
        "Dedication",
        "Prologue",
        "1. Out",
        "2. Back",
        "Epilogue",
        "Acknowledgements",
        "About the Author",
    ]
    pages = {f"p{at}.xhtml": page(f"<h1>{name}</h1>{prose(200)}") for at, name in enumerate(names)}
    nav = contents(*((name, f"p{at}.xhtml") for at, name in enumerate(names)))

    book = read(build_epub(tmp_path, pages=pages, nav=nav))

    assert titles(book) == ["Prologue", "1. Out", "2. Back", "Epilogue"]
    assert [each.title for each in book.skipped] == ["Copyright", "Dedication", "Acknowledgements", "About the Author"]


def test_a_numbered_heading_overrules_the_words_of_a_title(tmp_path: Path) -> None:
    """A chapter called Introduction is story where its heading counts it."""
    names = ["Introduction", "The Machine", "The Return"]
    pages = {f"p{at}.xhtml": page(f"<h2>{'I' * (at + 1)}. {name}</h2>{prose(300)}") for at, name in enumerate(names)}

    book = read(build_epub(tmp_path, pages=pages, nav=contents(*((n, f"p{i}.xhtml") for i, n in enumerate(names)))))

    assert titles(book) == names


def test_without_contents_headings_and_documents_tell_the_chapters(tmp_path: Path) -> None:
    """Headings are found where no contents are; an imprint among them is skipped."""
    pages = {"x.xhtml": page(f"<h2>Imprint</h2>{prose(90)}")}
    pages |= {
        f"c{at}.xhtml": page(f"<h2>{title}</h2>{prose(400)}") for at, title in enumerate(["I", "II", "III", "Epilogue"])
    }

    book = read(build_epub(tmp_path, pages=pages))

    assert titles(book) == ["I", "II", "III", "Epilogue"]


def test_flat_part_pages_become_the_path_of_what_follows(tmp_path: Path) -> None:
    """A page that only names a part is no chapter."""
    names = ["Part One", "Chapter 1", "Chapter 2", "Part Two", "Chapter 3"]
    pages = {
        f"p{at}.xhtml": page(f"<h1>{name}</h1>{'' if name.startswith('Part') else prose(300)}")
        for at, name in enumerate(names)
    }

    book = read(build_epub(tmp_path, pages=pages, nav=contents(*((n, f"p{i}.xhtml") for i, n in enumerate(names)))))

    assert [(chapter.path, chapter.title) for chapter in book.chapters] == [
        (("Part One",), "Chapter 1"),
        (("Part One",), "Chapter 2"),
        (("Part Two",), "Chapter 3"),
    ]


@pytest.mark.parametrize(("words", "is_chapter"), [(119, False), (121, True)])
def test_a_part_page_is_short(tmp_path: Path, words: int, is_chapter: bool) -> None:
    """A part's page may carry an epigraph; with more words than that it is a chapter of its own."""
    pages = {
        "part.xhtml": page(f"<h1>Part One</h1>{prose(words)}"),
        **{f"c{at}.xhtml": page(f"<h1>Chapter {at}</h1>{prose(600)}") for at in (1, 2)},
    }
    names = [("Part One", "part.xhtml"), ("Chapter 1", "c1.xhtml"), ("Chapter 2", "c2.xhtml")]

    book = read(build_epub(tmp_path, pages=pages, nav=contents(*names)))

    assert ("Part One" in titles(book)) is is_chapter
    assert [skipped.reason for skipped in book.skipped] == ([] if is_chapter else ["part page"])


def test_notes_page_numbers_and_readings_do_not_leak(tmp_path: Path) -> None:
    """Footnotes, their marks, page numbers and ruby readings are left out; the words around them stay."""
    body = (
        '<h1>Chapter 1</h1><p>The <span epub:type="pagebreak">17</span>sea<a href="#n1" epub:type="noteref">1</a> was '
        "<ruby>静<rt>しず</rt></ruby> and calm.<sup><a href='#n2'>2</a></sup></p>"
        '<aside epub:type="footnote" id="n1"><p>A note.</p></aside><p><span class="pagenum">18</span>It slept.</p>'
        '<div class="footnote"><p><a href="#r2">2</a> Another.</p></div><h2>Notes</h2><p>1. A third.</p>'
    )

    book = read(build_epub(tmp_path, pages={"a.xhtml": page(body)}))

    assert book.chapters[0].text == "The sea was 静 and calm.\n\nIt slept."


def test_scene_breaks_verse_and_white_space_survive(tmp_path: Path) -> None:
    """Rules, asterisks and a lone blank paragraph start scenes; verse keeps its lines; white space is folded."""
    body = (
        "<h1>Chapter 1</h1><p>One\n   two.</p><hr/><p>Three.</p><p>* * *</p><p>Four.</p><p>Five.</p><p>&#160;</p>"
        "<p>Six&nbsp;seven.</p><p>Eight,<br/>\n nine.</p><p>Ten.</p>"
        "<div class='stanza'><div class='line'>Eleven</div><div class='line'>twelve</div></div>" + "<p>More.</p>" * 8
    )

    paragraphs = read(build_epub(tmp_path, pages={"a.xhtml": page(body)})).chapters[0].paragraphs

    found = {paragraph.text: paragraph.starts_scene for paragraph in paragraphs}
    assert [text for text, is_start in found.items() if is_start] == ["Three.", "Four.", "Six seven."]
    assert {"One two.", "Eight,\nnine.", "Eleven\ntwelve"} <= set(found)


def test_what_nobody_sees_changes_nothing(tmp_path: Path) -> None:
    """A paragraph of a word joiner is blank, however it is tagged; one before a note's number leaves it a note's."""
    body = f"<h1>Chapter 1</h1><p>One<sup><a href='#n'>\u20601</a></sup> sea.</p>{'<p>More.</p>' * 9}"
    body += "<p>\u2060</p><p>Two.</p><p><i><b>\u2060\u00ad</b></i></p><p>Three.</p>"

    paragraphs = read(build_epub(tmp_path, pages={"a.xhtml": page(body)})).chapters[0].paragraphs

    assert paragraphs[0].text == "One sea."
    assert [paragraph.text for paragraph in paragraphs if paragraph.starts_scene] == ["Two.", "Three."]


@given(pieces=LINES, end=st.sampled_from(("</p>", "<i>b</i></p>", "</p><pre>c\nd</pre>")))
def test_white_space_folds_the_same_however_it_is_written(pieces: list[str], end: str) -> None:
    """All white space of Unicode is one blank and what nobody sees is nothing, as characters and as references."""
    text = "".join(pieces)
    references = "".join(f"&#{ord(character)};" for character in text)
    visible = re.sub(f"[{INVISIBLE}]", "", text + "b" * ("<i>" in end))

    for source in (text, references):
        tree = parse_document(f"<html><body><p>{source}{end}</body></html>".encode())
        paragraphs = [block.text for block in read_document(tree.root, name="", is_plain=tree.is_plain).blocks]

        assert paragraphs == [*filter(None, [" ".join(visible.split())]), *["c\nd"] * ("pre" in end)]


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060"])
@pytest.mark.parametrize("other", ["a", "\u00c1", "\u3042", "\u00ed\u00c2"])
def test_what_nobody_sees_goes_whether_it_is_rare_or_not(unseen: str, other: str) -> None:
    """Between thousands of letters with the same bytes in them, one by one and in crowds."""
    text = f"a{unseen}b " + f"{other}word " * 400 + f"c{unseen}{unseen}d " + f"{other}{unseen}e" * 400

    tree = parse_document(f"<html><body><p>{text}</p></body></html>".encode())

    assert tree.data.decode() == f"<html><body><p>{text.replace(unseen, '')}</p></body></html>"


@given(st.text(st.sampled_from("aZ “”’—…ßÉéİıſΣς\u00b5\u2126\ufb01\n")))
def test_case_is_folded_as_python_does(text: str) -> None:
    """Quotes and dashes among ASCII take a quicker way to the same result."""
    assert fold(text) == text.casefold()


@pytest.mark.parametrize("was_enabled", [True, False])
def test_the_collector_is_as_it_was_after_reading(was_enabled: bool) -> None:
    """It rests while a book is read, also when that fails."""
    before = gc.isenabled()
    try:
        gc.enable() if was_enabled else gc.disable()
        with pytest.raises(Rejected), held_collector():
            assert not gc.isenabled()
            raise Rejected("no book", code=Code.FOREIGN)

        assert gc.isenabled() is was_enabled
    finally:
        gc.enable() if before else gc.disable()


def test_positions_count_block_elements_in_document_order(tmp_path: Path) -> None:
    """A paragraph is found again in its file by counting the start tags of block elements."""
    body = "<section><h1>Chapter 1</h1><p>A.</p><aside hidden=''><p>x</p></aside><div><p>B <b>c</b>.</p></div>"
    body += f"</section>{prose(9)}"

    first, second, third = read(build_epub(tmp_path, pages={"a.xhtml": page(body)})).chapters[0].paragraphs

    tags = [tag for tag in re.findall(r"<(\w+)", page(body)) if tag in BLOCK_TAGS]
    assert [tags[each.position] for each in (first, second, third)] == ["p", "p", "p"]
    assert (first.position, second.position, third.position) == (3, 7, 8)


def test_printed_contents_and_gutenberg_licence_are_cut(tmp_path: Path) -> None:
    """Lists of links and the licence around the text are no text of the book, wherever they are glued to."""
    links = "".join(f'<p><a href="#c{at}">Chapter {at}</a></p>' for at in (1, 2, 3))
    chapters = "".join(f'<h2 id="c{at}">Chapter {at}</h2>{prose(300)}' for at in (1, 2, 3))
    body = (
        f"<p>Legal words.</p><p>*** START OF THE PROJECT GUTENBERG EBOOK X ***</p><h2>Contents</h2>{links}{chapters}"
        f"<p>*** END OF THE PROJECT GUTENBERG EBOOK X ***</p>{prose(2000, of='licence')}"
    )
    nav = contents(*((f"Chapter {at}", f"a.xhtml#c{at}") for at in (1, 2, 3)))

    book = read(build_epub(tmp_path, pages={"a.xhtml": page(body)}, nav=nav))

    assert [chapter.words for chapter in book.chapters] == [300, 300, 300]
    assert {"printed contents", "Project Gutenberg licence"} <= {each.reason for each in book.skipped}


def test_what_stands_outside_the_reading_order_is_skipped(tmp_path: Path) -> None:
    """linear="no" is no part of the story."""
    pages = {f"c{at}.xhtml": page(f"<h1>Chapter {at}</h1>{prose(200)}") for at in (1, 2, 3)}
    pages["answers.xhtml"] = page(prose(50))

    book = read(build_epub(tmp_path, pages=pages, nonlinear=["answers.xhtml"]))

    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert book.skipped[-1].reason == "outside the reading order"


def test_references_find_their_files_despite_case_and_encoding(tmp_path: Path) -> None:
    """Hrefs differ in percent-encoding and case from the names in the zip."""
    pages = {"Kapitel%20Eins.xhtml": page(f"<h1>Chapter 1</h1>{prose(50)}")}
    path = build_epub(tmp_path, pages=pages, extra={"OPS/kapitel Eins.xhtml": pages["Kapitel%20Eins.xhtml"]})

    book = read(path)

    assert book.chapters[0].paragraphs[0].file == "OPS/kapitel Eins.xhtml"


def test_missing_metadata_is_filled_honestly(tmp_path: Path) -> None:
    """A book without title is called untitled, with its file's name."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, metadata="")

    book = read_epub(path, original_name="gift.epub")

    assert book.title == "Untitled (gift.epub)"
    assert book.language == "" and book.authors == ()


def test_series_are_read_in_both_forms(tmp_path: Path) -> None:
    """Calibre's meta lines and EPUB 3's collections name a series and the place in it."""
    collection = (
        '<meta property="belongs-to-collection" id="c">Oz</meta>'
        '<meta refines="#c" property="collection-type">series</meta>'
        '<meta refines="#c" property="group-position">2</meta>'
    )
    calibre = '<meta name="calibre:series" content="Oz"/><meta name="calibre:series_index" content="2.0"/>'

    found = [
        read(build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, metadata=TITLE + each))
        for each in (collection, calibre)
    ]

    assert [(book.series, book.series_index) for book in found] == [("Oz", "2"), ("Oz", "2")]


def test_malformed_markup_is_read_anyway(tmp_path: Path) -> None:
    """Unclosed tags, bare ampersands and unknown entities lose no words."""
    broken = "<html><body><h1>Chapter 1<p>Salt & pepper &bogus; and <i>more<p>Second&mdash;last</body>"

    book = read(build_epub(tmp_path, pages={"a.xhtml": broken}))

    text = " ".join(paragraph.text for paragraph in book.chapters[0].paragraphs)
    assert "Salt & pepper" in text and "Second—last" in text


def test_the_recovery_reader_says_so(tmp_path: Path) -> None:
    """Where EbookLib raises, our own reader takes over and the book says which way it went, and why."""
    pages = {"a.xhtml": page(f"<h1>Chapter 1</h1>{prose(20)}")}
    whole = build_epub(tmp_path, pages=pages, name="whole.epub")
    headless = build_epub(
        tmp_path, pages=pages, name="headless.epub", extra={"OPS/book.opf": "<package><spine/></package>"}
    )

    assert read(whole).reader == "ebooklib"
    assert read(headless).reader == "recovery"
    assert read(headless).warnings
