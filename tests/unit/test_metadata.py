"""What a shelf shows of a book: title, order, authors, series, publisher, language."""

from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.reading.metadata import is_notice, sort_title, unwrapped
from imaginized.reading.package import Metadata
from imaginized.story.text import BookText
from tests.support.epubs import TITLE, build_epub, page, prose


def read(folder: Path, metadata: str) -> BookText:
    path = build_epub(folder, pages={"a.xhtml": page(prose(20))}, metadata=metadata)
    return read_book(path, original_name="gift.epub")


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("The Hobbit", "en", "Hobbit, The"),
        ("A Tale", "en-GB", "Tale, A"),
        ("An Hour", "", "Hour, An"),
        ("Die Verwandlung", "de", "Verwandlung, Die"),
        ("Die Hard", "en", "Die Hard"),
        ("L’Étranger", "fr", "Étranger, L’"),
        ("El Aleph", "es", "Aleph, El"),
        ("Het Huis", "nl-NL", "Huis, Het"),
        ("The", "en", "The"),
        ("Theory", "en", "Theory"),
        ("草枕", "ja", "草枕"),
        ("A Casa", "pt", "Casa, A"),
    ],
)
def test_articles_go_to_the_end_by_language(title: str, language: str, expected: str) -> None:
    """Only an article of the book's own language moves; English where none is given."""
    assert sort_title(title, language=language) == expected


def test_a_sort_title_of_the_book_is_kept(tmp_path: Path) -> None:
    """What the publisher or Calibre says comes before our rule."""
    refined = '<dc:title id="t">The Sea</dc:title><meta refines="#t" property="file-as">Sea (novel)</meta>'
    calibre = '<dc:title>The Sea</dc:title><meta name="calibre:title_sort" content="Sea!"/>'

    assert [read(tmp_path, each).sort_title for each in (refined, calibre)] == ["Sea (novel)", "Sea!"]


@pytest.mark.parametrize(
    "title", ["", "<dc:title/>", "<dc:title>Unknown</dc:title>", "<dc:title> untitled </dc:title>"]
)
def test_a_book_without_title_says_so(tmp_path: Path, title: str) -> None:
    """No title is invented: the file's name stands for it, recognisably."""
    book = read(tmp_path, title)

    assert book.title == book.sort_title == "Untitled (gift.epub)"


def test_language_and_publisher_are_what_the_book_says(tmp_path: Path) -> None:
    """The first of each; nothing where there is none."""
    told = read(tmp_path, f"{TITLE}<dc:publisher>Hill &amp; Sons</dc:publisher>")
    silent = read(tmp_path, "<dc:title>X</dc:title>")

    assert (told.language, told.publisher) == ("en", "Hill & Sons")
    assert (silent.language, silent.publisher) == ("", "")


def test_a_series_and_its_index_are_read_in_both_forms(tmp_path: Path) -> None:
    """EPUB 3's collection and Calibre's lines; a set is no series, and half a volume stays half."""
    series = (
        '<meta property="belongs-to-collection" id="c">Oz</meta><meta refines="#c" property="collection-type">{}</meta>'
        '<meta refines="#c" property="group-position">3</meta>'
    )
    calibre = '<meta name="calibre:series" content="Oz"/><meta name="calibre:series_index" content="2.5"/>'

    found = [read(tmp_path, TITLE + each) for each in (series.format("series"), series.format("set"), calibre)]

    assert [(book.series, book.series_index) for book in found] == [("Oz", "3"), ("", ""), ("Oz", "2.5")]


def test_only_authors_are_authors(tmp_path: Path) -> None:
    """Translators and illustrators are left out, in both editions' ways to say so; none is made up."""
    roles = (
        '<dc:creator id="a">Ann Hill</dc:creator><dc:creator id="b">Bo Reed</dc:creator>'
        '<meta refines="#b" property="role">trl</meta><dc:creator opf:role="ill">Cy Dow</dc:creator>'
    )

    assert read(tmp_path, TITLE + roles).authors == ("Ann Hill",)
    assert read(tmp_path, f"{TITLE}<dc:creator>Unknown</dc:creator>").authors == ()


def test_the_main_title_is_taken(tmp_path: Path) -> None:
    """Where a book gives several titles, the one it calls main."""
    titles = (
        '<dc:title id="s">A Subtitle</dc:title><dc:title id="m">The Sea</dc:title>'
        '<meta refines="#s" property="title-type">subtitle</meta><meta refines="#m" property="title-type">main</meta>'
    )

    assert read(tmp_path, titles).title == "The Sea"


@pytest.mark.parametrize(
    ("said", "title", "authors"),
    [
        (Metadata(title="The Project Gutenberg E-text of The Lamp, by Ann Holm"), "The Lamp", ("Ann Holm",)),
        (Metadata(title="The Lamp, by Ann Holm."), "The Lamp", ("Ann Holm",)),
        (Metadata(title="The Lamp, by Ann Holm Jr.", authors=("Unknown",)), "The Lamp", ("Ann Holm Jr.",)),
        (Metadata(title="The Lamp, by Ann Holm", authors=("A. Holm",)), "The Lamp, by Ann Holm", ("A. Holm",)),
        (Metadata(title="Led, by the hand"), "Led, by the hand", ()),
    ],
)
def test_an_author_behind_the_title_is_told_from_it(said: Metadata, title: str, authors: tuple[str, ...]) -> None:
    """Converters and writers put both into one line."""
    assert (unwrapped(said).title, unwrapped(said).authors) == (title, authors)


@pytest.mark.parametrize("notice", ["The Project Gutenberg E-text", "Project Gutenberg eBook of The La…"])
def test_a_notice_gives_way_to_the_printed_title(tmp_path: Path, notice: str) -> None:
    """It says whose file this is, and at best the beginning of a title."""
    chapters = "".join(f"<h2>Chapter {at}</h2>{prose(90)}" for at in (1, 2, 3))
    path = tmp_path / "a.html"
    path.write_text(f"<html><head><title>{notice}</title></head><body><h1>The Lamp</h1>{chapters}</body></html>")

    assert is_notice("The Project Gutenberg E-text")
    assert read_book(path, original_name="a.html").title == "The Lamp"


def test_a_novella_is_not_called_by_its_author(tmp_path: Path) -> None:
    """The line on top of its only chapter is the author's name, and no title."""
    path = tmp_path / "a.fb2"
    info = "<author><first-name>Ann</first-name><last-name>Holm</last-name></author><book-title>The Lamp</book-title>"
    text = f"<section><title><p>Ann Holm</p></title>{'<p>They went on, and said nothing about it.</p>' * 90}</section>"
    path.write_text(
        f"<FictionBook><description><title-info>{info}</title-info></description><body>{text}</body></FictionBook>"
    )

    assert [chapter.title for chapter in read_book(path, original_name="a.fb2").chapters] == ["The Lamp"]
