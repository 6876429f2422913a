"""How a book is divided into its story chapters: each rule on books built in code, and the cases of complaints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.reading.numbering import numbered, read_number, serial
from imaginized.stages.records import book_record
from imaginized.stages.split import as_asked
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import BookText
from tests.support.cases import judge, read_cases
from tests.support.epubs import books, build_epub, page, prose

NUMERALS = ("I", "II", "III")
NAMES = ("Arrival", "The Door", "A Storm", "Night", "Homeward", "The Last Lamp")
# What other rules than those of the division must bring right: encodings, notes, drop caps, names in the zip, heads.
NOT_OURS = ("enc-", "fn-", "fnb-", "dc-", "zip-", "hidden-", "slug", "word-manuscript", "note-link", "sisu", "initial-")
Entry = tuple[str, str] | tuple[str, str, Sequence[tuple[str, str]]]


def read(folder: Path, pages: Mapping[str, str], *entries: Entry) -> BookText:
    """A book of these pages; without entries it has no contents."""
    nav = page(f'<nav epub:type="toc"><ol>{"".join(map(item, entries))}</ol></nav>') if entries else None
    return read_book(build_epub(folder, pages=pages, nav=nav), original_name="made.epub")


def item(entry: Entry) -> str:
    title, target, *inner = entry
    below = f"<ol>{''.join(map(item, inner[0]))}</ol>" if inner else ""
    return f'<li><a href="{target}">{title}</a>{below}</li>'


def files(*titles: str, words: int | Sequence[int] = 700, tag: str = "h2") -> dict[str, str]:
    """A file for each title, with so many words in paragraphs of 70."""
    sizes = [words] * len(titles) if isinstance(words, int) else words
    return {
        f"{at}.xhtml": page((f"<{tag}>{title}</{tag}>" if tag else "") + text(size))
        for at, (title, size) in enumerate(zip(titles, sizes, strict=True))
    }


def text(words: int) -> str:
    return "".join(prose(min(70, words - done), of="Lamp") for done in range(0, words, 70))


def listed(*titles: str) -> list[Entry]:
    """Contents over `files` of the same titles."""
    return [(title, f"{at}.xhtml") for at, title in enumerate(titles)]


def titles_of(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def test_small_cases_come_out_as_they_must() -> None:
    """Every case that is about chapters gives what EXPECTED.md says; the others are other rules' to bring right."""
    cases = read_cases(books() / "cases")
    ours = {name: case for name, case in cases.items() if not name.startswith(NOT_OURS)}

    assert (len(cases), len(ours)) >= (73, 41)
    assert {name: why for name, case in ours.items() if (why := judge(case))} == {}


@pytest.mark.parametrize(
    "titles",
    [
        ("Arrival", "The Map", "Thanks", "The Cover", "Index", "Notes", "Introduction", "Preface", "Homecoming"),
        ("Arrivée", "La Couverture", "Remerciements", "Préface", "Le Retour"),
        ("Приезд", "Обложка", "Благодарности", "Содержание", "Возвращение"),
        ("到着", "表紙", "目次", "謝辞", "帰郷"),
        ("The Map", "Thanks", "A Storm", "Notes", "The Cover", "Homeward", "Index"),
    ],
)
def test_what_stands_between_chapters_and_is_as_long_is_story(tmp_path: Path, titles: tuple[str, ...]) -> None:
    """Whatever it is called: a word in a title is only a hint."""
    sizes = [900 + at * 397 % 600 for at in range(len(titles))]

    assert titles_of(read(tmp_path, files(*titles, words=sizes), *listed(*titles))) == list(titles)


@pytest.mark.parametrize(
    ("front", "chapters", "back"),
    [
        (["Obálka", "Obsah"], ["Kapitola 1", "Kapitola 2"], ["Doslov", "Tiráž"]),
        (["Kapak", "Künye"], ["Birinci Bölüm", "İkinci Bölüm"], ["Yazar Hakkında"]),
        (["Borító"], ["Első fejezet", "Második fejezet"], ["Köszönetnyilvánítás"]),
        (["ปก", "สารบัญ"], ["บทที่ 1", "บทที่ 2"], ["เกี่ยวกับผู้เขียน"]),
        (["표지", "판권"], ["제1장", "제2장", "에필로그"], ["감사의 말"]),
        (["आवरण"], ["अध्याय १", "अध्याय २"], ["आभार"]),
        (["Azala"], ["Lehen atala", "Bigarren atala"], ["Eskerrak"]),
        (["Omot", "Sadržaj"], ["Dolazak", "Kiša", "More", "Povratak"], ["Zahvale", "O autoru"]),
    ],
)
def test_matter_is_known_by_its_shape(tmp_path: Path, front: list[str], chapters: list[str], back: list[str]) -> None:
    """Short pieces before the first chapter and behind the last are none, in languages whose words nobody listed."""
    titles = [*front, *chapters, *back]
    sizes = [140] * len(front) + [1400] * len(chapters) + [140] * len(back)

    book = read(tmp_path, files(*titles, words=sizes), *listed(*titles))

    assert titles_of(book) == chapters
    assert [skipped.title for skipped in book.skipped] == [*front, *back]
    assert all(skipped.reason and skipped.paragraphs for skipped in book.skipped)


@pytest.mark.parametrize("words", [40, 150])
@pytest.mark.parametrize("is_one_file", [True, False])
def test_short_chapters_are_no_lump(tmp_path: Path, words: int, is_one_file: bool) -> None:
    """Lengths count beside each other: fables of forty words are chapters where all are as short."""
    pages = files(*NAMES, words=words)
    if is_one_file:
        pages = {"a.xhtml": page("".join(f"<h2>{name}</h2>{text(words)}" for name in NAMES))}

    assert titles_of(read(tmp_path, pages)) == list(NAMES)


@pytest.mark.parametrize(
    "targets", [[1, 2, 3, 4, 5, 5], [0, 0, 1, 2, 3, 4], [0] * 6], ids=["one too far", "one too early", "all the first"]
)
def test_contents_that_point_beside_their_headings_are_set_right(tmp_path: Path, targets: list[int]) -> None:
    """Each entry begins where its title is printed."""
    entries = [(name, f"{at}.xhtml") for name, at in zip(NAMES, targets, strict=True)]

    book = read(tmp_path, files(*NAMES), *entries)

    assert titles_of(book) == list(NAMES)
    assert [chapter.words for chapter in book.chapters] == [700] * 6


def test_numerals_that_are_in_each_other_are_told_apart(tmp_path: Path) -> None:
    """ "I" is no part of "II": an entry one too far is set right where titles are numerals."""
    entries = [(numeral, f"{at}.xhtml") for numeral, at in zip((*NUMERALS, "IV"), (1, 2, 3, 3), strict=True)]

    assert titles_of(read(tmp_path, files(*NUMERALS, "IV"), *entries)) == [*NUMERALS, "IV"]


def test_file_names_are_no_titles(tmp_path: Path) -> None:
    """Contents that name the files give way to the printed headings."""
    entries = [(f"part000{at}_split_000", f"{at}.xhtml") for at in range(6)]

    assert titles_of(read(tmp_path, files(*NAMES), *entries)) == list(NAMES)


def test_what_contents_leave_out_is_added(tmp_path: Path) -> None:
    """Chapters that are printed like the listed ones are chapters, too; the reason says how many of each there are."""
    book = read(tmp_path, files(*NAMES), *listed(*NAMES[:3]))

    assert titles_of(book) == list(NAMES)
    assert book.division is not None
    assert book.division.way == "contents and headings"
    assert book.division.reason.startswith("contents name 3 places, contents and headings 6, ")


@pytest.mark.parametrize("has_titles", [True, False])
def test_an_entry_a_figure_or_a_page_is_no_chapter(tmp_path: Path, has_titles: bool) -> None:
    """Contents of pages or figures give way to the printed chapters."""
    pages = {}
    entries = []
    for at in range(5):
        parts = "".join(f'<div id="p{at}{part}">{text(200)}</div>' for part in range(4))
        pages[f"{at}.xhtml"] = page(f"<h2>{NAMES[at] if has_titles else f'Chapter {at + 1}'}</h2>{parts}")
        entries += [(f"Page {at * 4 + part + 1}", f"{at}.xhtml#p{at}{part}") for part in range(4)]

    book = read(tmp_path, pages, *entries)

    assert titles_of(book) == (list(NAMES[:5]) if has_titles else [f"Chapter {at}" for at in range(1, 6)])


def test_a_document_a_page(tmp_path: Path) -> None:
    """Where every page is a file, listed or not, chapters begin at the headings."""
    pages = {
        f"{at:02}.xhtml": page((f"<h2>{NAMES[at // 5]}</h2>" if at % 5 == 0 else "") + text(210)) for at in range(30)
    }

    assert titles_of(read(tmp_path, pages)) == list(NAMES)
    assert titles_of(read(tmp_path, pages, *((f"Page {at}", f"{at:02}.xhtml") for at in range(30)))) == list(NAMES)


@pytest.mark.parametrize(("chapter", "scene"), [("Chapter", "Scene"), ("Kapitel", "Scen"), ("Глава", "Сцена")])
@pytest.mark.parametrize("contents", ["nested", "flat", "none"])
def test_scenes_are_no_chapters(tmp_path: Path, chapter: str, scene: str, contents: str) -> None:
    """A file and an entry for each scene, counted anew in each chapter."""
    pages, nested = {}, []
    for at in (1, 2, 3, 4):
        scenes = [(f"{scene} {each}", f"{at}{each}.xhtml") for each in (1, 2, 3)]
        for each, (title, name) in enumerate(scenes):
            above = "" if each else f"<h1>{chapter} {at}</h1>"
            pages[name] = page(f"{above}<h2>{title}</h2>{text(400)}")
        nested.append((f"{chapter} {at}", f"{at}1.xhtml", scenes))
    flat = [each for title, target, scenes in nested for each in ((title, target), *scenes)]
    entries: dict[str, Sequence[Entry]] = {"nested": nested, "flat": flat, "none": ()}

    assert titles_of(read(tmp_path, pages, *entries[contents])) == [f"{chapter} {at}" for at in (1, 2, 3, 4)]


def test_flat_parts_end(tmp_path: Path) -> None:
    """A part with text of its own, and an epilogue, end the part before."""
    titles = ("Part I", "One Lamp", "Two Lamps", "Part II", "Snow", "Epilogue")

    book = read(tmp_path, files(*titles, words=[0, 700, 700, 700, 700, 700]), *listed(*titles))

    assert [(chapter.path, chapter.title) for chapter in book.chapters] == [
        (("Part I",), "One Lamp"),
        (("Part I",), "Two Lamps"),
        ((), "Part II"),
        (("Part II",), "Snow"),
        ((), "Epilogue"),
    ]


@pytest.mark.parametrize(
    "titles",
    [
        [f"{at}. Bölüm" for at in range(1, 5)],
        ["فصل اول", "فصل دوم", "فصل سوم", "فصل چهارم"],
        ["Prvá kapitola", "Druhá kapitola", "Tretia kapitola", "Štvrtá kapitola"],
        [f"Sura ya {at}" for at in range(1, 5)],
        ["One", "Two", "Three", "Four"],
        ["第壹章 门", "第两百章 桥", "第二百零一章 雪", "番外"],
        ["一", "二", "三", "四"],
    ],
)
@pytest.mark.parametrize("tag", ["h3", "p"])
def test_numbers_of_any_language_begin_chapters(tmp_path: Path, titles: list[str], tag: str) -> None:
    """One file without contents, with headings or with lines that only stand alone."""
    body = "".join(f"<{tag}>{title}</{tag}>{text(420)}" for title in titles)

    assert titles_of(read(tmp_path, {"a.xhtml": page(body)})) == titles


def test_a_printed_list_of_numbers_begins_no_chapters(tmp_path: Path) -> None:
    """Lines without links, whose numbers come again where the chapters begin."""
    lines = "".join(
        f"<p>CHAPTER {each}</p><p>{name}</p>" for each, name in zip(("I", "II", "III"), NAMES, strict=False)
    )
    chapters = "".join(f"<p>CHAPTER {each}</p>{text(700)}" for each in NUMERALS)

    assert len(read(tmp_path, {"a.xhtml": page(f"<p>CONTENTS</p>{lines}{chapters}")}).chapters) == 3


@pytest.mark.parametrize("matter", ["Notes", "Anmerkungen", "About the Author", "Nachwort"])
@pytest.mark.parametrize("is_flat", [True, False])
def test_an_omnibus_goes_on_behind_what_ends_its_first_volume(tmp_path: Path, matter: str, is_flat: bool) -> None:
    """Numbers begin again behind it; long or short, it is no chapter."""
    pages, volumes = {}, []
    for volume in ("Lamp A", "Lamp B"):
        inner = [(f"Chapter {at}", f"{volume[-1]}{at}.xhtml") for at in (1, 2, 3)] + [(matter, f"{volume[-1]}n.xhtml")]
        pages[f"{volume[-1]}.xhtml"] = page(f"<h1>{volume}</h1>")
        pages |= {target: page(f"<h2>{title}</h2>{text(280 if title == matter else 700)}") for title, target in inner}
        volumes.append((volume, f"{volume[-1]}.xhtml", inner))
    flat = [each for title, target, inner in volumes for each in ((title, target), *inner)]

    book = read(tmp_path, pages, *(flat if is_flat else volumes))

    assert titles_of(book) == ["Chapter 1", "Chapter 2", "Chapter 3"] * 2
    assert [chapter.path for chapter in book.chapters] == [("Lamp A",)] * 3 + [("Lamp B",)] * 3


def test_a_number_takes_its_words_along_where_most_have_some(tmp_path: Path) -> None:
    """Contents with the number only, and two headings; a lone line below one of many numbers is no title."""
    both = {f"{at}.xhtml": page(f"<h1>0{at}</h1><h2>{name}</h2>{text(700)}") for at, name in enumerate(NAMES)}
    lone = {**files(*"123456"), "5.xhtml": page(f"<h2>6</h2><h3>In the Hall</h3>{text(700)}")}

    fuller = read(tmp_path, both, *listed(*(f"0{at}" for at in range(6))))

    assert titles_of(fuller)[0] == "00: Arrival"
    assert titles_of(read(tmp_path, lone, *listed(*"123456"))) == list("123456")


def test_every_piece_has_its_place(tmp_path: Path) -> None:
    """Chapters and what was skipped are counted through in reading order; what was not asked for keeps its text."""
    titles = ("Cover", "Chapter 1", "Chapter 2", "Glossary")
    book = read(tmp_path, files(*titles, words=[90, 700, 700, 90]), *listed(*titles))

    asked = as_asked(book, BookRequest(chapters="2"))

    pieces = [(chapter.order, chapter.title) for chapter in asked.chapters]
    pieces += [(skipped.order, skipped.title) for skipped in asked.skipped]
    assert [title for _, title in sorted(pieces)] == list(titles)
    assert [sum(len(each.text.split()) for each in skipped.paragraphs) for skipped in asked.skipped] == [90, 90, 700]
    assert not any(skipped.paragraphs for skipped in book_record(asked, cover=None).skipped)


def test_the_division_says_how_sure_it_is(tmp_path: Path) -> None:
    """Contents whose entries are printed where they point are beyond doubt; a long book of one piece is a guess."""
    sure = read(tmp_path, files(*NAMES), *listed(*NAMES)).division
    lump = read(tmp_path, {"a.xhtml": page(text(21_000))}).division

    assert sure is not None and lump is not None
    assert (sure.way, sure.is_doubtful) == ("contents", False)
    assert sure.reason == "contents name 6 places, 6 of them at headings, no heading beside them; took contents"
    assert lump.is_doubtful and lump.reason == "documents name 1 place; took documents"


def test_numbers_are_read_in_any_script() -> None:
    """The value, and the word before it."""
    titles = ("Chapter 12", "Luku 1", "第两百一十八章", "فصل ۳", "Twenty-One", "XIV. The Door", "1. Bölüm", "The Door")

    found = [None if (number := read_number(title)) is None else number.value for title in titles]

    assert found == [12, 1, 218, 3, 21, 14, 1, None]
    assert numbered(["Kansi", "Luku 1", "Luku 2", "Kiitokset"]) == (False, True, True, False)
    assert serial(["Kapak", "Birinci Bölüm", "İkinci Bölüm", "Yazar Hakkında"]) == (False, True, True, False)
