"""What looks wrong with a book: found where it is, and not where it is not."""

from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.language import found_language
from imaginized.story.findings import Finding, FindingCode, findings_of
from imaginized.story.text import BookText, ChapterText, Division, Paragraph
from tests.support.epubs import BUNDLED, CUT

SENTENCE = "The old rooks flew over the tower, and nobody in the village looked up at them for long."
GERMAN = "Es war ein kalter Abend im Herbst, und der alte Mann war noch nicht aus dem Dorf zurückgekehrt."


def chapter(number: int, *texts: str, title: str = "") -> ChapterText:
    paragraphs = tuple(Paragraph(text) for text in texts)
    return ChapterText(number=number, title=title or f"Of Rooks {number}", paragraphs=paragraphs)


def book(*chapters: ChapterText, **values: object) -> BookText:
    return BookText(title="The Book of Rooks", chapters=chapters, **values)  # type: ignore[arg-type]


def plain(number: int, *, count: int = 40, title: str = "") -> ChapterText:
    return chapter(number, *[SENTENCE] * count, title=title)


def codes(found: tuple[Finding, ...]) -> list[FindingCode]:
    return [one.code for one in found]


@pytest.mark.parametrize("path", [BUNDLED, *sorted(CUT.glob("*.epub"))], ids=lambda path: path.name)
def test_a_clean_book_has_none(path: Path) -> None:
    """A false alarm costs more than a missed one."""
    try:
        found = read_book(path, original_name=path.name)
    except Rejected:
        pytest.skip("it is there to be refused")

    assert findings_of(found, language=found_language(found)) == ()


@pytest.mark.parametrize(
    ("right", "encoding", "wrong"),
    [
        ("Caffè “così”, it’s naïve", "utf-8", "cp1252"),
        ("Была холодная осень в деревне", "cp1251", "latin-1"),
        ("那是一个寒冷的秋天的晚上", "gbk", "latin-1"),
    ],
)
def test_text_in_a_wrong_encoding(right: str, encoding: str, wrong: str) -> None:
    """Whatever was read as whatever else."""
    bad = right.encode(encoding).decode(wrong, "replace")
    text = (SENTENCE, *[bad] * 12)

    assert codes(findings_of(book(chapter(1, *text)))) == [FindingCode.MOJIBAKE]
    assert findings_of(book(chapter(1, SENTENCE, *[right] * 12))) == ()


def test_letters_that_only_look_so() -> None:
    """Capitals with accents before a closing mark, Icelandic, a franc sign."""
    text = "«É A MANHÃ» – NÃO. Ðað er satt, «VOILÀ»; 5 Â£? “NÃ”…"

    assert findings_of(book(chapter(1, *[text.replace("Â£", "£")] * 9))) == ()


def test_marks_of_footnotes_that_became_digits() -> None:
    """They rise; the digits of names do not."""
    notes = [f"The tower fell that year.{number} Nobody looked up{number + 1} at it." for number in range(1, 12, 2)]
    names = ["He put an mp3 on the ps4, and read utf8 in python3."] * 9

    assert codes(findings_of(book(chapter(1, *notes)))) == [FindingCode.GLUED_DIGITS]
    assert findings_of(book(chapter(1, *names))) == ()


def test_a_chapter_that_is_most_of_the_book() -> None:
    """One far longer than the others, or the whole book in one."""
    even = [plain(number, count=60 + number) for number in range(1, 9)]
    lump = [*even[:-1], plain(8, count=1500)]

    assert findings_of(book(*even)) == ()
    assert codes(findings_of(book(*lump))) == [FindingCode.LUMP]
    assert codes(findings_of(book(plain(1, count=2000)))) == [FindingCode.LUMP]


def test_a_running_head_that_stayed_in_the_text() -> None:
    """Of the book's own names, or numbered as pages are; dates of a diary and what people cry are none."""
    heads = [text for number in range(10) for text in ([SENTENCE] * 20 + [f"{number + 12} The Book of Rooks"])]
    pages = [text for number in range(10) for text in ([SENTENCE] * 20 + [f"- {number + 30} - draft"])]
    diary = [text for number in range(10) for text in ([SENTENCE] * (number * 7 + 1) + [f"{number + 9} September."])]
    cries = [text for _ in range(30) for text in (SENTENCE, "“Never!”")]

    assert codes(findings_of(book(chapter(1, *heads)))) == [FindingCode.REPEATED_LINES]
    assert codes(findings_of(book(chapter(1, *pages)))) == [FindingCode.REPEATED_LINES]
    assert findings_of(book(chapter(1, *diary))) == ()
    assert findings_of(book(chapter(1, *cries))) == ()


def test_a_language_that_is_not_the_declared_one() -> None:
    """By a detector, where it is sure; other codes of one language, and none at all, are no finding."""
    german = book(chapter(1, *[GERMAN] * 20), language="en")
    found = found_language(german)

    assert found == "de"
    assert codes(findings_of(german, language=found)) == [FindingCode.LANGUAGE]
    for declared in ("de-AT", "deu", "de_DE", "", "und"):
        assert findings_of(book(chapter(1, *[GERMAN] * 20), language=declared), language=found) == ()
    assert found_language(book(chapter(1, "Too short."))) == ""


def test_first_letters_that_were_pictures() -> None:
    """The rest of a word that the book has elsewhere, in several chapters."""
    lost = [chapter(number, "ooks flew here. " + SENTENCE, *[SENTENCE + " rooks"] * 9) for number in range(1, 5)]
    small = [chapter(number, "t is late. " + SENTENCE, *["Now it is late."] * 30) for number in range(1, 5)]

    assert codes(findings_of(book(*lost))) == [FindingCode.FIRST_LETTERS]
    assert codes(findings_of(book(*small))) == [FindingCode.FIRST_LETTERS]
    assert findings_of(book(*map(plain, range(1, 5)))) == ()


def test_chapters_without_titles() -> None:
    """Numbered by us, because their headings are pictures or not there; not where the contents call them so."""
    bare = [plain(number, title=f"Part {number}") for number in range(1, 5)]
    named = Division(way="contents", confidence=1.0, reason="")

    assert codes(findings_of(book(*bare))) == [FindingCode.TITLES_MISSING]
    assert findings_of(book(*bare, division=named)) == ()
