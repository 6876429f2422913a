"""Books that are made otherwise than most: built in code, so that no rule leans on the books of the corpus."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.story.text import BookText
from tests.support.epubs import build_epub, contents, page, prose
from tests.support.pdfs import Typesetter, build_pdf
from tests.support.pdfs import prose as pdf_prose

TALES = ("The Crow", "The Fox", "The Owl")
NUMERALS = ("I", "II", "III")


def read(folder: Path, pages: Mapping[str, str], *, nav: str | None = None, ncx: str = "") -> BookText:
    """A book of these pages; `ncx` are the points of an EPUB 2 table of contents."""
    extra = {"OPS/toc.ncx": f"<ncx><navMap>{ncx}</navMap></ncx>"} if ncx else {}
    listed = {**pages, **({"toc.ncx": ""} if ncx else {})}
    return read_book(build_epub(folder, pages=listed, nav=nav, extra=extra), original_name="made.epub")


def point(title: str, target: str, *inner: str) -> str:
    """An entry of an NCX with those nested in it."""
    label = f"<navLabel><text>{title}</text></navLabel>"
    return f'<navPoint>{label}<content src="{target}"/>{"".join(inner)}</navPoint>'


def files(*titles: str, words: int = 700) -> dict[str, str]:
    """A file for each title."""
    return {f"{at}.xhtml": page(f"<h1>{title}</h1>{prose(words)}") for at, title in enumerate(titles)}


def listing(*titles: str) -> str:
    """The contents over `files` of the same titles."""
    return contents(*((title, f"{at}.xhtml") for at, title in enumerate(titles)))


def titles_of(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def paths_of(book: BookText) -> list[str]:
    return ["/".join((*chapter.path, chapter.title)) for chapter in book.chapters]


def test_nested_parts_of_an_ncx(tmp_path: Path) -> None:
    """EPUB 2 nests chapters in parts; the parts are their path and no chapters."""
    pages = {"p.xhtml": page("<h1>Sea</h1>"), **files("1", "2"), "q.xhtml": page("<h1>Land</h1>")}
    pages["9.xhtml"] = page(f"<h1>3</h1>{prose(700)}")
    sea = point("Sea", "p.xhtml", point("1", "0.xhtml"), point("2", "1.xhtml"))

    book = read(tmp_path, pages, ncx=sea + point("Land", "q.xhtml", point("3", "9.xhtml")))

    assert paths_of(book) == ["Sea/1", "Sea/2", "Land/3"]
    assert [skipped.reason for skipped in book.skipped] == ["part page", "part page"]


def tales() -> dict[str, str]:
    parts = "".join(f'<h2 id="s{numeral}">{numeral}</h2>{prose(700)}' for numeral in NUMERALS)
    return {f"{at}.xhtml": page(f"<h1>{title}</h1>{parts}") for at, title in enumerate(TALES)}


def test_an_anthology_has_its_stories(tmp_path: Path) -> None:
    """Stories that are each counted I, II, III inside are stories, whether the contents list the numerals or not."""
    nested = "".join(
        point(title, f"{at}.xhtml", *(point(each, f"{at}.xhtml#s{each}") for each in NUMERALS))
        for at, title in enumerate(TALES)
    )

    assert titles_of(read(tmp_path, tales(), ncx=nested)) == list(TALES)
    assert titles_of(read(tmp_path, tales(), nav=listing(*TALES))) == list(TALES)


def test_numbers_that_recur_know_what_they_are_in(tmp_path: Path) -> None:
    """Without contents, three chapters called I are told apart by the heading above each."""
    assert paths_of(read(tmp_path, tales())) == [f"{title}/{numeral}" for title in TALES for numeral in NUMERALS]


def test_an_omnibus_keeps_its_novels_apart(tmp_path: Path) -> None:
    """Two novels that both have a Chapter 1."""
    pages, points = {}, ""
    for at, novel in enumerate(("The First", "The Second")):
        pages[f"n{at}.xhtml"] = page(f"<h1>{novel}</h1>")
        pages |= {f"n{at}c{each}.xhtml": page(f"<h2>Chapter {each}</h2>{prose(800)}") for each in (1, 2)}
        points += point(novel, f"n{at}.xhtml", *(point(f"Chapter {each}", f"n{at}c{each}.xhtml") for each in (1, 2)))

    assert paths_of(read(tmp_path, pages, ncx=points)) == [
        f"{novel}/Chapter {each}" for novel in ("The First", "The Second") for each in (1, 2)
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ("The Harbour", "A Guest Arrives", "Night", "The Long Road Home"),
        ("To Mrs. Saville, England", "Letter II", "Letter III", "From Clara to Robert"),
        ("3 May. Bistritz.", "4 May.", "5 May. The Castle.", "7 May."),
        ("Erstes Kapitel", "Zweites Kapitel", "Drittes Kapitel"),
        ("Chapitre premier", "Chapitre II", "Chapitre III", "Épilogue"),
        ("فصل البداية", "الفصل الثاني", "الفصل الثالث"),
        ("פרק א", "פרק ב", "פרק ג"),
        ("第一章 旅立ち", "第二章 帰郷", "第三章 終わり"),
        ("Prologue: 1903", "One", "Two", "Interlude", "Three", "Epilogue – Home"),
        ("Глава первая", "Глава вторая", "Глава третья"),
    ],
)
def test_titles_of_all_kinds_are_chapters(tmp_path: Path, titles: tuple[str, ...]) -> None:
    """Names, letters, dates, and numbers in other languages and scripts, listed in contents."""
    assert titles_of(read(tmp_path, files(*titles), nav=listing(*titles))) == list(titles)


def test_what_surrounds_a_modern_novel_is_skipped(tmp_path: Path) -> None:
    """Publishers put much around a story; each piece is named with its reason."""
    around = ("Title Page", "Also by Ann Hill", "Acknowledgments", "A Note on the Type", "About the Author")
    titles = (*around[:2], "1", "2", "3", *around[2:])

    book = read(tmp_path, files(*titles), nav=listing(*titles))

    assert titles_of(book) == ["1", "2", "3"]
    assert [skipped.title for skipped in book.skipped] == list(around)


def test_chapters_of_a_preview_are_not_of_this_book(tmp_path: Path) -> None:
    """What follows a preview of the next book and is counted anew belongs to that book."""
    titles = ("1", "2", "3", "4", "Preview: The Next Book", "Chapter 1", "Chapter 2")

    book = read(tmp_path, files(*titles), nav=listing(*titles))

    assert titles_of(book) == ["1", "2", "3", "4"]


def test_a_converter_may_cut_chapters_into_files(tmp_path: Path) -> None:
    """Files without heading belong to the chapter before them, with contents and without."""
    pages = {
        f"{at}{part}.xhtml": page(("" if part else f"<h2>Chapter {at}</h2>") + prose(600))
        for at in (1, 2, 3)
        for part in (0, 1, 2)
    }
    nav = contents(*((f"Chapter {at}", f"{at}0.xhtml") for at in (1, 2, 3)))

    for book in (read(tmp_path, pages, nav=nav), read(tmp_path, pages)):
        assert [(chapter.title, chapter.words) for chapter in book.chapters] == [
            ("Chapter 1", 1800),
            ("Chapter 2", 1800),
            ("Chapter 3", 1800),
        ]


@pytest.mark.parametrize("tag", ["p", "div"])
def test_headings_may_be_plain_lines(tmp_path: Path, tag: str) -> None:
    """Without a heading element and without contents, numbered lines begin chapters."""
    lines = (f"<{tag} class='x'>CHAPTER {number}</{tag}>{prose(800)}" for number in ("ONE", "TWO", "THREE"))

    assert titles_of(read(tmp_path, {"a.xhtml": page("".join(lines))})) == [
        "CHAPTER ONE",
        "CHAPTER TWO",
        "CHAPTER THREE",
    ]


def test_large_initials_join_their_word(tmp_path: Path) -> None:
    """A letter set apart or drawn is the first of its word."""
    apart = '<p><span class="drop">O</span><span>nce</span> upon.</p>'
    drawn = '<p><img alt="T" src="t.png"/>he end.</p>'

    book = read(tmp_path, {"a.xhtml": page(f"<h1>Chapter 1</h1>{apart}{drawn}{prose(30)}")})

    assert book.chapters[0].text.startswith("Once upon.\n\nThe end.")


def test_a_play_without_contents(tmp_path: Path) -> None:
    """Scenes are its chapters, acts their path."""
    body = "".join(
        f"<h2>ACT {act}</h2><h3>SCENE I</h3>{prose(700)}<h3>SCENE II</h3>{prose(700)}" for act in ("I", "II")
    )

    book = read(tmp_path, {"a.xhtml": page(body)})

    assert paths_of(book) == ["ACT I/SCENE I", "ACT I/SCENE II", "ACT II/SCENE I", "ACT II/SCENE II"]


def test_numbered_headings_of_a_pdf_in_two_languages(tmp_path: Path) -> None:
    """A PDF without outline whose headings are numbered in words, with a prologue before them."""
    setter = Typesetter()
    for at, title in enumerate(("Prologue", "Kapitel 1", "Kapitel 2", "Kapitel 3")):
        setter.heading(title)
        for seed in range(5):
            setter.paragraph(pdf_prose(100, seed=at * 9 + seed))

    book = read_book(build_pdf(tmp_path / "a.pdf", setter.pages), original_name="a.pdf")

    assert titles_of(book) == ["Prologue", "Kapitel 1", "Kapitel 2", "Kapitel 3"]


def test_two_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path) -> None:
    """The left column to its foot, then the right one."""
    setter = Typesetter()
    for side, x in (("left", 50.0), ("right", 260.0)):
        setter.y = 620.0
        if not setter.pages:
            setter.new_page()
        for number in range(30):
            setter.line(f"{side} line {number} of the tale is told", x=x)

    book = read_book(build_pdf(tmp_path / "a.pdf", setter.pages), original_name="a.pdf")

    text = book.chapters[0].text
    assert text.index("left line 29") < text.index("right line 0 ")


def test_chapters_of_the_notes_are_notes(tmp_path: Path) -> None:
    """Endnotes are counted by chapter and an index by letters, some of which are numerals; nested or not, no story."""
    titles = ("Chapter 1", "Chapter 2", "Chapter 3")
    pages = {**files(*titles), "n.xhtml": page("<h1>Notes</h1>")}
    pages |= {f"n{at}.xhtml": page(f"<h2>{title}</h2>{prose(200)}") for at, title in enumerate(titles)}
    pages |= {"i.xhtml": page("<h1>Index</h1>")}
    pages |= {f"i{letter}.xhtml": page(f"<h2>{letter}</h2>{prose(90)}") for letter in "CDV"}
    story = "".join(point(title, f"{at}.xhtml") for at, title in enumerate(titles))
    notes = [point(title, f"n{at}.xhtml") for at, title in enumerate(titles)]
    index = point("Index", "i.xhtml", *(point(letter, f"i{letter}.xhtml") for letter in "CDV"))

    nested = read(tmp_path, pages, ncx=story + point("Notes", "n.xhtml", *notes) + index)
    flat = read(tmp_path, pages, ncx=story + point("Notes", "n.xhtml") + "".join(notes) + index)

    assert titles_of(nested) == titles_of(flat) == list(titles)


def test_narratives_of_numbered_chapters_are_parts(tmp_path: Path) -> None:
    """Where some parts hold chapters and others hold narratives of chapters as long, all of these are chapters."""
    pages = files(*["I", "II", "III", "IV"], "First Narrative", words=900)
    pages |= {f"n{each}.xhtml": page(f"<h3>{each}</h3>{prose(1000)}") for each in NUMERALS}
    pages["4.xhtml"] = page("<h2>First Narrative</h2><p>Contributed by Miss Clack.</p>")
    beside = [point(each, f"{at}.xhtml") for at, each in enumerate(["I", "II", "III", "IV"])]
    narrative = point("First Narrative", "4.xhtml", *(point(each, f"n{each}.xhtml") for each in NUMERALS))

    book = read(tmp_path, pages, ncx=point("The Loss", "0.xhtml", *beside) + point("The Truth", "4.xhtml", narrative))

    assert paths_of(book)[3:5] == ["The Loss/IV", "The Truth/First Narrative/I"]
    assert len(book.chapters) == 7


def test_a_sonnet_before_the_cantos_is_no_chapter(tmp_path: Path) -> None:
    """A part page may hold a poem, as long as it is short and its chapters are long."""
    pages = {"p.xhtml": page(f"<h1>Inferno</h1>{prose(200)}"), **files("Canto I", "Canto II", "Canto III", words=1000)}
    cantos = (point(f"Canto {each}", f"{at}.xhtml") for at, each in enumerate(NUMERALS))

    assert titles_of(read(tmp_path, pages, ncx=point("Inferno", "p.xhtml", *cantos)))[0] == "Canto I"


def test_flourishes_that_end_chapters_are_cut(tmp_path: Path) -> None:
    """A letter in a font of ornaments at the end of most chapters is no text."""
    titles = [f"Chapitre {each}" for each in range(1, 7)]
    pages = {f"{at}.xhtml": page(f"<h1>{each}</h1>{prose(300)}<p>q</p>") for at, each in enumerate(titles)}
    pages["fin.xhtml"] = page("<h1>Fin</h1><p>Une édition libre.</p>")

    book = read(
        tmp_path, pages, nav=contents(*((each, f"{at}.xhtml") for at, each in enumerate(titles)), ("Fin", "fin.xhtml"))
    )

    assert {len(chapter.paragraphs) for chapter in book.chapters} == {1}
    assert [skipped.reason for skipped in book.skipped] == ["end page"]


def test_lines_that_open_chapters_overrule_poor_contents(tmp_path: Path) -> None:
    """Contents that list what is around a story, in torn small capitals, give way to its lines "Chapter I"."""
    lines = "".join(f"<blockquote>Chapter {each}</blockquote>{prose(900)}" for each in (*NUMERALS, "IV"))
    pages = {"t.xhtml": page("<p>The Farm</p>"), "p.xhtml": page(f"{prose(300)}{lines}"), "c.xhtml": page(prose(30))}
    listed = contents(("T ITLE P AGE", "t.xhtml"), ("P REFACE TO THE E DITION", "p.xhtml"), ("C ONTENTS", "c.xhtml"))

    assert titles_of(read(tmp_path, pages, nav=listed)) == ["Chapter I", "Chapter II", "Chapter III", "Chapter IV"]


@pytest.mark.parametrize(
    "colophon", ["<p>www.feedbooks.com</p><p>Food for the mind</p>", "<p>底本：「檸檬」新潮社</p><p>入力：青空</p>"]
)
def test_a_librarys_own_lines_behind_the_story_are_cut(tmp_path: Path, colophon: str) -> None:
    """What a collection of free books adds after the last line is named among what was skipped."""
    book = read(tmp_path, {"a.xhtml": page(f"<h1>Chapter 1</h1>{prose(700)}{colophon}")})

    assert len(book.chapters[0].paragraphs) == 1
    assert [skipped.reason for skipped in book.skipped] == ["colophon"]


@pytest.mark.parametrize(("lines", "reasons"), [(39, ["colophon"]), (41, [])])
def test_a_librarys_own_lines_are_looked_for_at_the_end_only(tmp_path: Path, lines: int, reasons: list[str]) -> None:
    """Such a line far from the end is a part of the story, which must not be lost behind it."""
    behind = prose(5) * lines
    book = read(tmp_path, {"a.xhtml": page(f"<h1>Chapter 1</h1>{prose(700)}<p>www.feedbooks.com</p>{behind}")})

    assert [skipped.reason for skipped in book.skipped] == reasons


def test_a_chapter_goes_on_behind_its_notes(tmp_path: Path) -> None:
    """Notes listed within a chapter are left out of it, and end it no more than any other section of it does."""
    sections = ("Roots", "Notes", "Leaves")
    body = "".join(f'<section><h3 id="{each}">{each}</h3>{prose(400)}</section>' for each in sections)
    pages = {f"{at}.xhtml": page(f"<h2>Chapter {at}</h2>{prose(300)}{body}") for at in (1, 2, 3)}
    points = "".join(
        point(f"Chapter {at}", f"{at}.xhtml", *(point(each, f"{at}.xhtml#{each}") for each in sections))
        for at in (1, 2, 3)
    )

    book = read(tmp_path, pages, ncx=points)

    assert titles_of(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert [chapter.words for chapter in book.chapters[:2]] == [1102, 1102]  # with the headings of two sections


def test_lines_in_capitals_are_titles_where_there_are_no_headings(tmp_path: Path) -> None:
    """Stories of a converted typescript: one file, no contents, no headings; numbers divide only one of them."""
    stories = ("EL INMORTAL", "LOS TEÓLOGOS", "EMMA ZUNZ", "LA OTRA MUERTE", "EL ALEPH")
    numbered = "".join(f"<p>{each}</p>{prose(500)}" for each in NUMERALS)
    body = "".join(f"<p>{each}</p>{numbered if each == stories[0] else prose(1500)}" for each in stories)

    assert titles_of(read(tmp_path, {"a.xhtml": page(body)})) == list(stories)


@pytest.mark.parametrize("heading", ["The Made Book", "The Made-Book", "THE MADE BOOK."])
def test_a_page_of_the_books_own_name_is_its_title_page(tmp_path: Path, heading: str) -> None:
    """However it is set; a short piece without a name is no such page because an author has none, either."""
    metadata = "<dc:title>The Made Book</dc:title><dc:creator>?</dc:creator><dc:language>en</dc:language>"
    pages = {"t.xhtml": page(f"<h1>{heading}</h1><p>In three parts.</p>"), **files("One", "Two", "Three")}
    pages["s.xhtml"] = page(f"<h1>* * *</h1>{prose(60)}")
    nav = contents(
        (heading, "t.xhtml"),
        *((each, f"{at}.xhtml") for at, each in enumerate(("One", "Two", "Three"))),
        ("* * *", "s.xhtml"),
    )

    book = read_book(build_epub(tmp_path, pages=pages, nav=nav, metadata=metadata), original_name="made.epub")

    assert [(skipped.title, skipped.reason) for skipped in book.skipped] == [(heading, "title page")]
