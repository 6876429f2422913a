"""What readers see is read, what they do not see is not: marks and texts of notes, pages, styles, initials."""

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
    "Pressbooks": '{}<a class="footnote" title="NOTEWORD" id="return-footnote-5-1" href="#footnote-5-1"><sup>[1]</sup></a>',
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
    "pandoc": '<section class="footnotes" epub:type="footnotes"><hr/><ol><li id="n1"><p>{}<a href="#r1">↩︎</a></p></li></ol></section>',
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
