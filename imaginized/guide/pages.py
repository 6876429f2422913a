"""The pages and figures that editions add, as XHTML for EPUB 2 and 3. No script, nothing from outside."""

import re
from collections.abc import Iterable
from html import escape

from imaginized.guide.escaping import clean, fold, xml_text
from imaginized.guide.excerpts import beginning
from imaginized.guide.material import Plate
from imaginized.guide.model import GROUP_TITLES, Guide
from imaginized.guide.notes import credits_of
from imaginized.guide.pictures import alt_of
from imaginized.guide.wording import ENGLISH, Words, words_for
from imaginized.story.elements import Element

QUOTE_CLASS = "imaginized-quote"

_LONGEST_CAPTION = 160
_LEANS = re.compile(r"^\W*[A-Za-z\u00c0-\u052f\u1e00-\u1fff]")  # of other scripts a program would slant the letters
_FIGURE = "margin:1em 0;padding:0;text-align:center;text-indent:0;page-break-inside:avoid"
_PICTURE = "max-width:100%;max-height:100%;height:auto"
_CAPTION = "font-size:smaller;text-align:center;text-indent:0;margin:0.3em 0 0 0"
_PASSAGE = "text-align:start;text-indent:0;margin:0.6em 0 0 0"
_DOCTYPES = {
    True: "<!DOCTYPE html>",
    False: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">',
}


def sayable(text: str) -> str:
    """Text of the book on one line, without characters that neither XML nor PDF can have."""
    return xml_text(fold(text))


def plain(text: str) -> str:
    """Text of the book for XHTML, on one line."""
    return escape(sayable(text))


def lines(text: str) -> str:
    """Likewise, with its line breaks."""
    return "<br/>".join(escape(xml_text(line)) for line in clean(text).split("\n"))


def page(title: str, body: str, *, is_epub_3: bool, language: str = "en", rules: str = "") -> bytes:
    """A whole document of its own, with the rules of its style sheet."""
    sheet = f'<style type="text/css">{rules}</style>' if rules else ""
    spelled = f' xml:lang="{escape(language)}"' + (f' lang="{escape(language)}"' if is_epub_3 else "")
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n{_DOCTYPES[is_epub_3]}\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"{spelled if language else ""}>\n'
        f"<head><title>{plain(title)}</title>{sheet}</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return text.encode()


def figure(
    plate: Plate,
    *,
    href: str,
    is_epub_3: bool,
    prefix: str = "",
    longest: int = _LONGEST_CAPTION,
    language: str = "",
    own: str = "",
) -> str:
    """A picture with its caption, spelled as the elements around it are; `own` is a class of the caption's."""
    picture = f'<img src="{escape(href)}" alt="{plain(alt_of(plate))}" style="{_PICTURE}"/>'
    said = quoted(plate.illustration.scene.quote.text, longest=longest)
    if language:
        said = f'<span lang="{escape(language)}" xml:lang="{escape(language)}" dir="auto">{said}</span>'
    if is_epub_3:
        style = _CAPTION if longest <= _LONGEST_CAPTION else _PASSAGE
        marked = f' class="{own}"' if own else ""
        inner, box = f'{picture}<figcaption{marked} style="{style}">{said}</figcaption>', "figure"
    else:  # XHTML 1.1 has no figure
        inner, box = f'<p style="margin:0;text-indent:0">{picture}</p><p style="{_CAPTION}">{said}</p>', "div"
    markup = f'<{box} class="imaginized" style="{_FIGURE}">{inner}</{box}>'
    return prefixed(markup, prefix)


def prefixed(markup: str, prefix: str) -> str:
    """Markup of ours with its elements spelled as those around it are, such as "html:p"."""
    return re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", markup) if prefix else markup


def plates_page(plates: Iterable[tuple[Plate, str]], *, why: str, is_epub_3: bool, words: Words) -> bytes:
    """The pictures that have no place in the text, under their chapters."""
    blocks = [f"<h1>{words('edition.pictures')}</h1>", _in_english(why, words=words)]
    heading = ""
    for plate, href in plates:
        if plate.chapter.heading != heading:
            heading = plate.chapter.heading
            blocks.append(f"<h2>{plain(heading)}</h2>")
        blocks.append(figure(plate, href=href, is_epub_3=is_epub_3))
    return page(words("edition.pictures"), "\n".join(blocks), is_epub_3=is_epub_3, language=words.language)


def cast_page(guide: Guide, *, is_epub_3: bool) -> bytes:
    """Who and what is in the book; a book of nobody known has no such page."""
    words = words_for(guide.language)
    blocks = [
        f"<h1>{words('edition.cast')}</h1>",
        f"<p><strong>{words('edition.warning')}</strong> {words('edition.why')}</p>",
    ]
    for kind in GROUP_TITLES:
        elements = guide.elements_of(kind)
        blocks += [f"<h2>{words(f'types.{kind}')}</h2>"] if elements else []
        blocks += [_element(element, words=words) for element in elements]
    return page(words("edition.cast"), "\n".join(blocks), is_epub_3=is_epub_3, language=words.language)


def colophon_page(guide: Guide, *, facts: Iterable[str], is_epub_3: bool) -> bytes:
    """How the edition was made."""
    words = words_for(guide.language)
    paragraphs = [_in_english(each, words=words) for each in (*facts, *credits_of(guide))]
    body = "\n".join((f"<h1>{words('edition.about')}</h1>", *paragraphs))
    return page(words("edition.about"), body, is_epub_3=is_epub_3, language=words.language)


def _in_english(text: str, *, words: Words) -> str:
    """A paragraph that no catalogue has."""
    spelled = "" if words.language == ENGLISH else f' xml:lang="{ENGLISH}"'
    return f"<p{spelled}>{plain(text)}</p>"


def _element(element: Element, *, words: Words) -> str:
    facts = [f"<p><strong>{plain(element.name)}</strong>"]
    if element.aliases:
        facts.append(f", {words('card.also')} {plain(', '.join(element.aliases))}")
    if element.chapters:
        first = words("edition.first", where=words.chapters(element.chapters[:1]))
        facts.append(f" ({first}; {words.count(element.mentions, 'mentions')})")
    if element.description:
        facts.append(f"<br/>{plain(element.description)}")
    facts.append("</p>")
    if element.quotes:
        facts.append(f"<blockquote><p>{quoted(element.quotes[0].text, longest=400)}</p></blockquote>")
    return "".join(facts)


def quoted(text: str, *, longest: int = _LONGEST_CAPTION) -> str:
    """The opening of a passage as markup."""
    words, is_cut = opening(text, longest=longest)
    said = lines(words) if _LEANS.search(words) else f'<span style="font-style:normal">{lines(words)}</span>'
    return f'<i class="{QUOTE_CLASS}">{said}</i>{" …" if is_cut else ""}'


def opening(text: str, *, longest: int) -> tuple[str, bool]:
    """The beginning of a passage with each of its lines folded, and whether it is cut within a sentence."""
    return beginning("\n".join(folded for line in clean(text).split("\n") if (folded := fold(line))), longest)
