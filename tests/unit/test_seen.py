"""What readers see is read, what they do not see is not: marks and texts of notes, pages, styles, initials."""

import zipfile
from pathlib import Path

import pytest

from imaginized.reading.epub import read_epub
from imaginized.story.text import BookText
from tests.support.epubs import build_epub, contents, page, prose

LIT = "The lamp was lit and the door stood open."
NOTE = "NOTEWORD, said the editor."

MARKS = {
    "pandoc": '{}<a href="#fn1" class="footnote-ref" id="fnref1" epub:type="noteref"><sup>1</sup></a>',
    "pandoc, old": '{}<a href="#fn1" class="footnoteRef" id="fnref1"><sup>1</sup></a>',
    "calibre": '{}<sup class="calibre8"><a id="back_note_1" href="#note_1" class="calibre6">1</a></sup>',
    "Word": '{}<a href="#_ftn1" name="_ftnref1"><span class="MsoFootnoteReference"><span>[1]</span></span></a>',
    "LibreOffice": '{}<a class="Footnote_20_anchor" id="body_ftn1" href="#ftn1"><sup>1</sup></a>',
    "Google Docs": '{}<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>',
    "InDesign": '{}<span id="footnote-004-backlink"><a class="_idFootnoteLink" href="#footnote-004">1</a></span>',
    "Pressbooks": '{}<a class="footnote" title="NOTEWORD" id="return-5-1" href="#footnote-5-1"><sup>[1]</sup></a>',
    "Kindle": '{}<a id="fa1" href="#fn1" epub:type="noteref">*</a>',
    "ebookmaker": '{}<a id="FNanchor_1_1"></a><a href="#Footnote_1_1" class="fnanchor pginternal">[1]</a>',
    "brackets outside": '{}[<a href="#n1">1</a>]',
    "letters": '{}<a href="#n1"><sup>a</sup></a>',
    "raised by an unknown class": '{}<span class="x7"><a href="#n1">1</a></span>',
    "raised by its style": '{}<span style="font-size: 60%; vertical-align: super">1</span>',
    "dagger": "{}<sup>†</sup>",
    "circled": '{}<a href="#n1"><sup>①</sup></a>',
    "Chinese": '{}<a href="#n1">[注1]</a>',
    "page, Gutenberg": '{}<span class="pagenum"><a id="Page_112">[Pg 112]</a></span>',
    "page, by its identifier": '{}<a id="page_112">112</a>',
    "page, EPUB": '{}<span epub:type="pagebreak" id="pg112">112</span>',
    "page, roman": '{}<span id="page-xii">xii</span>',
}

WORDS = {
    "a word leads to its note": (
        'The <a href="#n1" epub:type="noteref">Emperor</a> rode.',
        "The Emperor rode.",
    ),
    "a word of one letter does": ('And <a href="#n1" epub:type="noteref">I</a> rode.', "And I rode."),
    "a word of a class for marks": ('The <a href="#n1" class="noteref">Queen</a> rode.', "The Queen rode."),
    "a link into another chapter": ('See chapter <a href="b.xhtml#c">3</a> of it.', "See chapter 3 of it."),
    "powers": ("About 10<sup>6</sup> m<sup>2</sup> of it.", "About 106 m2 of it."),
    "powers as characters": ("About 12 m² or 3 km² of it.", "About 12 m² or 3 km² of it."),
    "ordinals": ("The 1<sup>st</sup> day, M<sup>lle</sup> Rook.", "The 1st day, Mlle Rook."),
    "formulas": ("Of H<sub>2</sub>O and x<sup>2</sup>.", "Of H2O and x2."),
    "a count in brackets": ("He had a hat [1], a dog [2] and a cat [3].", "He had a hat [1], a dog [2] and a cat [3]."),
    "a number set apart": ("He was <b>12</b> and she <i>13</i>.", "He was 12 and she 13."),
}

TEXTS = {
    "pandoc": '<section class="footnotes"><hr/><ol><li id="n1"><p>{}<a href="#r1">↩︎</a></p></li></ol></section>',
    "pandoc, old": '<div class="x"><hr/><ol><li id="n1"><p>{}<a href="#r1">↩</a></p></li></ol></div>',
    "calibre": '<dl><dt>[<a href="#r1">←1</a>]</dt><dd><p>{}</p></dd></dl>',
    "Kindle": '<p class="k"><a id="n1" href="#r1"><sup>1</sup></a> {}</p>',
    "Word": '<div><hr/><div id="n1"><p><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> {}</p></div></div>',
    "Google Docs": '<hr/><div><p><a href="#r1" id="n1">[1]</a><span>&#160;{}</span></p></div>',
    "LibreOffice": '<p class="Footnote"><a class="s" id="n1" href="#r1">1</a>{}</p>',
    "InDesign": '<div><hr/><div id="n1"><p><a href="#r1">1</a> {}</p></div></div>',
    "only its target": '<p id="n1">{}</p>',
    "an anchor before it": '<a id="n1"></a><p>1. {}</p>',
    "a table": '<table><tr><td><a href="#r1">1</a></td><td>{}</td></tr></table>',
    "a back link of words": '<p id="n1">{} <a href="#r1">Back</a></p>',
    "several paragraphs": '<aside id="n1"><p><a href="#r1">1</a> {0}</p><p>{0}</p></aside>',
    "no link": "<p><sup>1</sup> {}</p>",
    "no link, in brackets": "<p>[1] {}</p>",
}

HIDDEN = {
    "a class": (".q{display:none}", '<p class="q">{}</p>'),
    "important": ("p.q { display : none !important; }", '<p class="q">{}</p>'),
    "an identifier": ("#q7{visibility:hidden}", '<p id="q7">{}</p>'),
    "a child": ("div.ad > p{display:none}", '<div class="ad"><p>{}</p></div>'),
    "an attribute": ("[data-ad]{display:none}", '<p data-ad="1">{}</p>'),
    "no size": (".q{font-size:0}", '<p class="q">{}</p>'),
    "far away": (".q{position:absolute;left:-9999px}", '<p class="q">{}</p>'),
    "within a paragraph": (".q{display:none}", '<p>The door.<span class="q">{}</span></p>'),
    "for screens": ("@media screen { .q { display: none } }", '<p class="q">{}</p>'),
    "its own style": ("", '<p style="DISPLAY: none">{}</p>'),
    "its own visibility": ("", '<p style="color:red;visibility:hidden">{}</p>'),
    "the attribute": ("", '<p hidden="">{}</p>'),
}

SHOWN = {
    "in print only": "@media print { .q { display: none } }",
    "on one device only": "@media amzn-mobi { .q { display: none } }",
    "taken back": ".q{display:none} p.q{display:block}",
    "taken back later": ".q{display:none} .q{display:inline}",
    "another class": ".r{display:none}",
    "when touched": ".q:hover{display:none}",
    "what is drawn before it": ".q::before{display:none}",
    "in a comment": "/* .q{display:none} */ .q{color:red}",
    "in a string": '.q::after{content:"{display:none}"} .q{color:red}',
}

INITIALS = {
    "a block of its own": "<div>T</div><p>he lamp was lit.</p>",
    "a block within": '<div><div class="x">T</div>he lamp was lit.</div>',
    "a span, and a blank": '<p><span class="drop">T</span> he lamp was lit.</p>',
    "small capitals behind": '<p><span class="x">T</span><small>HE</small> lamp was lit.</p>',
    "a picture with its letter": '<p><img src="i1.png" alt="T"/>he lamp was lit.</p>',
    "a picture that is described": '<p><img src="i1.png" alt="Decorative initial T"/>he lamp was lit.</p>',
    "a picture by its file": '<p><img src="drop-t.png" alt=""/>he lamp was lit.</p>',
    "a picture in a block": '<div><img src="i1.png" alt="T"/></div><p>HE lamp was lit.</p>',
}


def read(path: Path) -> BookText:
    """The book."""
    return read_epub(path, original_name=path.name)


def chapter(body: str, *, css: str = "") -> str:
    """A chapter with enough of other text."""
    head = f"<head><style>{css}</style>" if css else "<head>"
    rest = "<p>The lamp was red. It was the lamp of the captain, and he was old.</p>" * 8
    return page(f"<h1>Chapter 1</h1>{rest}{body}{rest}").replace("<head>", head, 1)


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_marks_of_notes_and_pages_are_not_read(tmp_path: Path, mark: str) -> None:
    """Whatever program wrote them; the words around them stay together."""
    body = f"<p>The lamp was {mark.format('lit')} and the door stood open.</p>"

    book = read(build_epub(tmp_path, pages={"a.xhtml": chapter(body, css=".x7{vertical-align:super}")}))

    assert LIT in book.chapters[0].text


@pytest.mark.parametrize(("markup", "text"), WORDS.values(), ids=WORDS)
def test_words_and_numbers_of_the_text_stay(tmp_path: Path, markup: str, text: str) -> None:
    """What is read aloud is no mark, whatever it is called."""
    pages = {"a.xhtml": chapter(f"<p>{markup}</p>"), "b.xhtml": page(f"<h1 id='c'>Chapter 3</h1>{prose(50)}")}

    book = read(build_epub(tmp_path, pages=pages, nav=contents(("Chapter 1", "a.xhtml"), ("Chapter 3", "b.xhtml"))))

    assert text in book.chapters[0].text.split("\n\n")


@pytest.mark.parametrize("note", TEXTS.values(), ids=TEXTS)
def test_texts_of_notes_are_no_paragraphs(tmp_path: Path, note: str) -> None:
    """At a chapter's end or between its paragraphs."""
    body = f'<p>The lamp was lit<a id="r1" href="#n1"><sup>1</sup></a> and the door stood open.</p>{note.format(NOTE)}'

    book = read(build_epub(tmp_path, pages={"a.xhtml": chapter(body)}))

    assert LIT in book.chapters[0].text
    assert "NOTEWORD" not in book.chapters[0].text
    assert book.chapters[0].text.count("It was the lamp of the captain") == 16


@pytest.mark.parametrize(("css", "markup"), HIDDEN.values(), ids=HIDDEN)
def test_what_styles_hide_is_not_read(tmp_path: Path, css: str, markup: str) -> None:
    """By a sheet of its own or by one that the document holds."""
    text = "This text was taken without the consent of its writer."
    inside = build_epub(tmp_path, pages={"a.xhtml": chapter(markup.format(text), css=css)})
    linked = chapter(markup.format(text)).replace("<head>", '<head><link rel="stylesheet" href="css/s.css"/>')
    outside = build_epub(tmp_path, pages={"a.xhtml": linked}, extra={"OPS/css/s.css": css}, name="outside.epub")

    for path in (inside, outside):
        assert "consent" not in read(path).chapters[0].text


@pytest.mark.parametrize("css", SHOWN.values(), ids=SHOWN)
def test_what_styles_do_not_hide_is_read(tmp_path: Path, css: str) -> None:
    """A rule for another medium, another element or another state hides nothing."""
    css = css.replace("{", "{{").replace("}", "}}").format()

    book = read(build_epub(tmp_path, pages={"a.xhtml": chapter('<p class="q">The owl said so.</p>', css=css)}))

    assert "The owl said so." in book.chapters[0].text


def test_imported_sheets_hide_too(tmp_path: Path) -> None:
    """By its path from the sheet that imports it; one that imports itself ends nothing."""
    body = chapter('<p class="q">CONSENT</p>').replace("<head>", '<head><link rel="stylesheet" href="s.css"/>')
    sheets = {
        "OPS/s.css": '@import "css/a.css"; @import url(s.css);',
        "OPS/css/a.css": '@import url("../b.css");',
        "OPS/b.css": ".q{display:none}",
    }

    assert "CONSENT" not in read(build_epub(tmp_path, pages={"a.xhtml": body}, extra=sheets)).chapters[0].text


def test_headings_that_are_hidden_still_name_their_chapter(tmp_path: Path) -> None:
    """Some books draw the title and hide its words for the contents."""
    pages = {
        f"{n}.xhtml": page(f'<h1 class="h">Chapter {n}: Door</h1><img src="t{n}.png" alt=""/>{prose(400)}').replace(
            "<head>", "<head><style>.h{display:none}</style>"
        )
        for n in (1, 2, 3)
    }

    assert [each.title for each in read(build_epub(tmp_path, pages=pages)).chapters] == [
        "Chapter 1: Door",
        "Chapter 2: Door",
        "Chapter 3: Door",
    ]


@pytest.mark.parametrize("markup", INITIALS.values(), ids=INITIALS)
def test_an_initial_stays_with_its_word(tmp_path: Path, markup: str) -> None:
    """In a block of its own, behind a blank, or in a picture."""
    book = read(build_epub(tmp_path, pages={"a.xhtml": chapter(markup)}))

    assert "\n\nThe lamp was lit.\n\n" in book.chapters[0].text.replace("THE", "The")


OPENINGS = ("QUIRE Rook had asked him.", "T was not long after this.", "HE lamp was lit.")
WHOLE = ("SQUIRE Rook had asked him.", "IT was not long after this.", "THE lamp was lit.")


def test_letters_in_pictures_without_a_name_are_found_by_the_lexicon(tmp_path: Path) -> None:
    """A picture stands before the text of each chapter; what follows is a word only with a letter before it."""
    picture = '<div class="figleft"><img src="q{}.jpg" alt="{:03}" width="100%"/></div><p>{}</p>'
    pages = {
        f"{n}.xhtml": chapter(picture.format(n, n, text)).replace("<h1>Chapter 1</h1>", f"<h1>Chapter {n}</h1>")
        for n, text in enumerate(OPENINGS, start=1)
    }

    chapters = read(build_epub(tmp_path, pages=pages)).chapters

    assert [whole in each.text.split("\n\n") for whole, each in zip(WHOLE, chapters, strict=True)] == [True] * 3


def test_a_letter_that_nobody_knows_is_said(tmp_path: Path) -> None:
    """No letter is made up; the book says where one may be missing."""
    body = '<p><img src="q1.jpg" alt=""/></p><p>ORBLAX the captain looked on.</p>'

    book = read(build_epub(tmp_path, pages={"a.xhtml": chapter(body)}))

    assert "\n\nORBLAX the captain" in book.chapters[0].text
    assert any("first letter" in warning for warning in book.warnings)


def test_what_is_whole_gets_no_letter(tmp_path: Path) -> None:
    """Pictures before a sentence that goes on, before capitals, a chapter's number above its text, a short word."""
    picture = '<p><img src="map.jpg" alt="A map of the river"/></p>'
    lines = ("the lamp was out.", "THE LAMP was out.", "OWL said so.", "A lamp was out.", "I was there.")
    body = "".join(f"{picture}<p>{line}</p>" for line in lines) + "<p>V</p><p>The river was red.</p>"

    texts = read(build_epub(tmp_path, pages={"a.xhtml": chapter(body)})).chapters[0].text.split("\n\n")

    assert [line for line in (*lines, "The river was red.") if line not in texts] == []


def test_positions_stay_right_beside_what_is_not_read(tmp_path: Path) -> None:
    """Hidden paragraphs, notes and initials are counted, so that a picture lands where it belongs."""
    body = (
        '<h1>Chapter 1</h1><p hidden="">no</p><div>T</div><p>he owl.</p><aside epub:type="footnote"><p>no</p></aside>'
    )

    book = read(build_epub(tmp_path, pages={"a.xhtml": page(f"{body}{prose(60, of='owl')}")}))

    assert [(each.text[:8], each.position) for each in book.chapters[0].paragraphs] == [
        ("The owl.", 4),
        ("owl owl ", 7),
    ]


ENCODED = {
    "gb2312": ("gb18030", "他叫陶喆，又名朱镕基。"),
    "GBK": ("gb18030", "他叫陶喆，又名朱镕基。"),
    "big5": ("big5hkscs", "他從很遠的地方來到這個小城。"),
    "Shift_JIS": ("cp932", "①髙橋～彼は言った。"),
    "euc-jp": ("euc_jp", "高橋は灰色の塔に行った。"),
    "iso-2022-jp": ("iso2022_jp", "高橋は灰色の塔に行った。"),
    "euc-kr": ("cp949", "늙은 황제는 똠방각하를 만났다."),
    "iso-8859-1": ("cp1252", "“It’s grey,” said Tom — twice."),
    "latin1": ("cp1252", "“It’s grey,” said Tom — twice."),
    "us-ascii": ("cp1252", "“It’s grey,” said Tom — twice."),
    "iso-8859-9": ("cp1254", "“Yaşlı imparator” — dedi."),
    "windows-1251": ("cp1251", "Старый император ехал — один."),
    "koi8-r": ("koi8_r", "Старый император ехал один."),
    "macintosh": ("mac_roman", "“It’s grey,” said Tom — twice."),
    "utf-16": ("utf-16", "Der Turm stand über der Brücke."),
    "UTF-8": ("utf-16-le", "Der Turm stand über der Brücke."),
    "utf-16le": ("utf-8", "Der Turm stand über der Brücke."),
    "windows-1252": ("utf-8", "Der Turm stand über der Brücke, süß und grün, größer."),
    "x-unknown": ("utf-8", "Der Turm stand über der Brücke."),
}


@pytest.mark.parametrize(("label", "said"), ENCODED.items(), ids=ENCODED)
def test_labels_mean_what_browsers_take_them_for(tmp_path: Path, label: str, said: tuple[str, str]) -> None:
    """And what a document is wins over what it says where the two are told apart for sure."""
    encoding, text = said
    markup = chapter(f"<p>{text}</p>").replace('encoding="utf-8"', f'encoding="{label}"')
    path = build_epub(tmp_path, pages={"a.xhtml": ""}, extra={"OPS/a.xhtml": markup.encode(encoding)})

    book = read(path)

    assert text in book.chapters[0].text.split("\n\n")
    assert book.warnings == ()


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("ru", "cp1251", "Старый император ехал на белом коне через снег к каменному замку."),
        ("zh", "gb18030", "去年他从很远的地方来到这个小城，山上有一座灰色的塔。"),
        ("pl", "cp1250", "Zażółć gęślą jaźń, powiedział stary cesarz."),
        ("en", "cp1252", "“It’s grey,” said Tom — twice."),
        ("en", "koi8_r", "Старый император ехал на белом коне через снег к каменному замку."),
    ],
)
def test_what_lies_is_guessed_and_said(tmp_path: Path, language: str, encoding: str, text: str) -> None:
    """By the language of the document, else by the look of its letters."""
    head = f'<?xml version="1.0" encoding="utf-8"?><html xml:lang="{language}"><body><h1>1</h1>'
    markup = f"{head}{f'<p>{text}</p>' * 9}</body></html>"
    path = build_epub(tmp_path, pages={"a.xhtml": ""}, extra={"OPS/a.xhtml": markup.encode(encoding)})

    book = read(path)

    assert text in book.chapters[0].text
    assert any("it says utf-8, which it is not" in warning for warning in book.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp932", "cp1252"])
def test_names_of_members_without_a_flag(tmp_path: Path, encoding: str) -> None:
    """A zip program that writes names in an encoding of its own; the package names them in UTF-8."""
    name = {"gb18030": "第一章", "cp932": "第一章"}.get(encoding, "kapitel-ü") + ".xhtml"
    path = build_epub(tmp_path, pages={name: chapter("<p>Here.</p>")})
    written = name.encode(encoding)
    data = path.read_bytes()
    stand_in = b"k" * len(written)
    path = build_epub(tmp_path, pages={name: ""}, extra={f"OPS/{stand_in.decode()}": chapter("<p>Here.</p>")})
    data = path.read_bytes().replace(f"OPS/{name}".encode(), b"OPS/" + b"q" * len(name.encode()))
    path.write_bytes(data.replace(stand_in, written))

    assert "Here." in read(path).chapters[0].text


def test_backslashes_and_a_folder_around_the_book(tmp_path: Path) -> None:
    """As some Windows programs and some people's unpacking and packing leave them."""
    whole = build_epub(tmp_path, pages={"a.xhtml": chapter("<p>Here.</p>")})
    for number, (folder, slash) in enumerate((("", "\\"), ("My Book/", "/"), ("./", "/"))):
        path = tmp_path / f"{number}.epub"
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
            for each in source.namelist():
                target.writestr(folder + each.replace("/", slash), source.read(each))
            target.writestr("__MACOSX/._a", b"x")

        assert "Here." in read(path).chapters[0].text


def test_divided_words_are_joined_by_what_the_book_spells(tmp_path: Path) -> None:
    """Converters of printed pages leave hyphens at the ends of lines; other hyphens stay."""
    said = {
        "The cap- tain slept.": "The captain slept.",
        "A grey-eyed cat, a grey- eyed dog.": "A grey-eyed cat, a grey-eyed dog.",
        "The peli- can of owls.": "The pelican of owls.",
        "Mother- and fatherless, he went.": "Mother- and fatherless, he went.",
        "Then- then he went.": "Then- then he went.",
        "A zor- blax of his.": "A zor- blax of his.",
    }
    body = "".join(f"<p>{text}</p>" for text in said)

    texts = read(build_epub(tmp_path, pages={"a.xhtml": chapter(body)})).chapters[0].text.split("\n\n")

    assert [text for text in said.values() if text not in texts] == []


def notes(count: int) -> str:
    return "".join(f'<p id="n{n}">{n} said</p><p>more</p>' for n in range(count))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("css", "body"),
    [
        ("", "<p>" + "<i/>" * 30_000 + "word<sup>1</sup>" * 1_000 + "<i/>" * 30_000 + "</p>"),
        ("", "".join(f'<p>word<a href="#n{n}"><sup>{n}</sup></a></p><p id="n{n}"/>' for n in range(3_000))),
        ("{" * 100_000 + ".q{display:none}", "<p>word</p>"),
        ("/*" * 100_000 + ".q{display:none}", "<p>word</p>"),
        (":not(" * 3_000 + ".q" + ")" * 3_000 + "{display:none}", '<p class="q">word</p>'),
        ("* + * ~ * .q{display:none}" * 100, '<p class="q">word</p>' * 3_000),
        ("a," * 50_000 + ".q{display:none}", "<p>word</p>"),
        ("", "".join(f'<p>word<a href="#n{n}">[{n}]</a></p>' for n in range(20_000)) + notes(20_000)),
        ("", '<section epub:type="chapter"><p>a word</p></section>' * 20_000),
        ("", "".join(f'<p><img src="a.png" alt=""/>he{n} word</p><p>The{n}</p>' for n in range(20_000))),
        ("", "<p>word</p><p " + " ".join(f'a{n}=""' for n in range(4_000)) + ">word</p>"),
    ],
    ids=[
        *("empty elements", "notes without text", "braces", "comments", "nested selectors", "costly selectors"),
        *("a list of selectors", "notes at the end", "sections", "initials", "attributes"),
    ],
)
def test_hostile_markup_costs_no_more_than_its_size(tmp_path: Path, css: str, body: str) -> None:
    """Each of these grew with the square of the document once, or went beyond Python's stack."""
    assert "word" in read(build_epub(tmp_path, pages={"a.xhtml": chapter(body, css=css)})).chapters[0].text
