"""A book's structure without its words: the same is found in it, and nothing can be read in it."""

import json
import random
import re
import zipfile
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.disguise import Disguise, judged, known_words
from imaginized.reading.pdf_report import structure_of
from imaginized.reading.report import decode, disguise_markup, disguise_style, write_report
from tests.support.epubs import BUNDLED, CUT
from tests.support.pdfs import Typesetter, build_pdf
from tests.support.pdfs import prose as pdf_prose

PROSE = "The Lion thought it might be as well to frighten the Wizard, so he gave a large, loud roar in 1900; " * 3


def long_words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]{6,}", text.casefold())}


def make() -> Disguise:
    return Disguise(random.Random(7))


def shape_of(text: str) -> str:
    """Letters by their case, everything else as it is."""
    return "".join("X" if one.isupper() else "x" if one.isalpha() else "9" if one.isdigit() else one for one in text)


@pytest.mark.parametrize("text", [PROSE, "寒い秋の夕方で、" * 30, "Был холодный вечер. " * 20, "ｷ ß é Ǆ ﬁ ñ" * 20])
def test_prose_keeps_its_shape_and_nothing_else(text: str) -> None:
    """Lengths, capitals, spaces and marks; a word is another one at each place."""
    drawn = make().prose(text)

    assert shape_of(drawn) == shape_of(text)
    assert not set(re.findall(r"\w{6,}", drawn)) & set(re.findall(r"\w{6,}", text))


def test_equal_words_differ_in_prose_and_are_equal_in_titles() -> None:
    """Prose cannot be counted back; a title is found again in the contents, in capitals, in a file's name."""
    disguise = make()
    prose = disguise.prose("wizard " * 40).split()
    line = disguise.line("The Wizard")

    assert len(set(prose)) > 20
    assert disguise.line("THE WIZARD") == line.upper()
    assert disguise.name("the_wizard.xhtml") == f"the_{line.split()[1].casefold()}.xhtml"
    assert disguise.name("My%20Wizard.xhtml#wizard") == f"My%20{line.split()[1]}.xhtml#{line.split()[1].casefold()}"
    assert disguise.name("https://shop.example/anna") == "http://example.org/"


@pytest.mark.parametrize(
    "title", ["Chapter IV: The Map", "Also by Jane Doe", "第十二章 风起", "Anmerkungen", "Prologue"]
)
def test_readers_make_the_same_of_a_title(title: str) -> None:
    """Numbers and the words that titles are known by stay; names do not."""
    disguise = make()
    disguise.learn(title)

    assert judged(disguise.line(title)) == judged(title)
    assert "Jane" not in disguise.line(title)


def test_words_run_on_over_inline_tags_and_end_at_blocks() -> None:
    """A heading whose letters are set apart is still the same heading."""
    disguise = make()
    whole = disguise.line("Squire")
    text = disguise_markup("<h1>S<small>quire</small></h1><p title='Squire'>Squire &amp; co<br/>Squire</p>", disguise)

    assert text.startswith(f"<h1>{whole[0]}<small>{whole[1:]}</small></h1><p title='{whole}'>{whole} &amp; ")
    assert text.endswith(f"<br/>{whole}</p>")


def test_what_holds_words_beside_the_text_is_gone() -> None:
    """Comments, scripts, what a style sheet writes into the text, the book's number."""
    markup = '<!-- Anna --><script>Anna()</script><meta content="Anna Archer"/><dc:identifier>12345678</dc:identifier>'
    text = disguise_markup(markup, make())
    style = disguise_style('/* Anna */ p:before {content: "Anna"} @font-face {src: url(anna.otf)}')

    assert "Anna" not in text + style
    assert "12345678" not in text


def test_declarations_keep_no_words() -> None:
    """Entities and instructions hold what an author or a shop wrote."""
    text = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY t "Secret Salt"><!ENTITY u "Road">]><?shop Ann Lamp?><p>&t;</p>'
    )

    changed = disguise_markup(text, make())

    assert changed.startswith('<?xml version="1.0"?><!DOCTYPE html><p>')
    assert not [word for word in ("Secret", "Salt", "Road", "Ann", "Lamp", "shop") if word in changed]


@pytest.mark.parametrize("piece", ["<!", "<![ ", '<a "', "<a '", "<a ", "<!--", "<![CDATA[", "<", "&amp"])
def test_hostile_markup_is_disguised_in_the_time_of_its_size(piece: str) -> None:
    """What is opened and never closed was looked for to the end of the document, from each place anew."""
    assert len(disguise_markup(piece * 40_000, make())) < 1_000_000


def test_bytes_that_cannot_be_decoded_are_scrambled() -> None:
    """They are letters of an encoding that was declared wrong."""
    text, encoding = decode(b'<?xml version="1.0" encoding="utf-8"?><p>' + "那是一个".encode("gbk") + b"</p>")

    assert encoding == "bytes"
    assert "那是一个".encode("gbk") not in make().bytes(text).encode("latin-1")


@pytest.mark.parametrize("path", [BUNDLED, *sorted(CUT.glob("*.epub"))], ids=lambda path: path.name)
def test_a_report_reads_like_its_book(path: Path, tmp_path: Path) -> None:
    """The same chapters, as long, and as much left out; no word of the story in any file of it."""
    target = tmp_path / "report.epub"
    write_report(path, target, choose=random.Random(3))
    try:
        book = read_book(path, original_name=path.name)
    except Rejected as error:
        with pytest.raises(Rejected) as caught:
            read_book(target, original_name="report")
        assert caught.value.reason.code is error.reason.code
        return
    found = read_book(target, original_name="report")

    assert [(one.number, one.words) for one in found.chapters] == [(one.number, one.words) for one in book.chapters]
    assert len(found.skipped) == len(book.skipped)
    with zipfile.ZipFile(target) as archive:
        names = [name for name in archive.namelist() if name.endswith("html")]
        written = " ".join(re.sub("<[^>]*>", " ", archive.read(name).decode()) for name in names)
    assert not {word for word in long_words(written) & long_words(*(one.text for one in book.chapters))} - known_words()


def test_a_report_overwrites_nothing(tmp_path: Path) -> None:
    """Whatever has the name stays."""
    (tmp_path / "report.epub").write_text("mine")

    with pytest.raises(FileExistsError):
        write_report(BUNDLED, tmp_path / "report.epub", choose=random.Random(3))


def test_the_structure_of_a_pdf_has_its_lines_and_none_of_its_words(tmp_path: Path) -> None:
    """Places and sizes as they are; a heading that readers know stays, the outline names it by the same words."""
    typesetter = Typesetter()
    for number in (1, 2):
        typesetter.new_page()
        typesetter.line(f"Chapter {number}: Rookwood", size=18.0)
        typesetter.paragraph(pdf_prose(120, seed=number))
    path = build_pdf(tmp_path / "made.pdf", typesetter.pages, outline=[("Chapter 1: Rookwood", 0)])
    found = json.loads(structure_of(path, choose=random.Random(5)))
    lines = [line for page in found["pages"] for line in page["lines"]]
    written = " ".join(line["text"] for line in lines)

    assert [line["size"] for line in lines[:2]] == [18.0, 11.0]
    assert lines[0]["text"].startswith("Chapter 1: ")
    assert lines[0]["text"] == found["outline"][0]["title"]
    assert not {"rookwood", "nobody", "flood", "there"} & set(written.casefold().split())
