"""The guide as one file of HTML that can be sent: pictures and style inside, no script, nothing from outside."""

import base64
import re
from dataclasses import replace
from itertools import groupby

from imaginized.guide.container import UnfitBook
from imaginized.guide.jpeg import size_of
from imaginized.guide.material import COVER_TYPES, Export, Material, Plate, plates_of
from imaginized.guide.model import GROUP_TITLES, Guide, GuideChapter
from imaginized.guide.notes import credits_of
from imaginized.guide.ornaments import initial_rule, takes_initial
from imaginized.guide.pages import plain, quoted
from imaginized.guide.pictures import Pictures, alt_of, fitted
from imaginized.guide.wording import ENGLISH, Words, words_for
from imaginized.story.elements import Element

MOST_BYTES = 25_000_000  # what mail takes
_LONGEST_QUOTE = 400
_MOST_OF_COVER = 2_000_000
_MOST_SHOWN = 60  # chapters
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --paper: #fbf9f4; --ink: #24211c; --soft: #6a6459; --rule: #d9d2c3; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1a18; --ink: #e8e3d9; --soft: #a8a196; --rule: #3a3732; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 46rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 Georgia, "Times New Roman", "Noto Serif", "Noto Serif CJK JP", serif; overflow-wrap: break-word; }
header { text-align: center; padding-bottom: 1.5rem; border-bottom: 1px solid var(--rule); }
header img { max-height: 22rem; max-width: 70%; border-radius: 3px; }
h1 { line-height: 1.2; margin: 1rem 0 0.3rem; }
h2 { line-height: 1.25; margin: 3rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { margin: 1.6rem 0 0.4rem; }
.soft, figcaption footer, nav { color: var(--soft); font-size: 0.92rem; }
a { color: inherit; }
nav ol { columns: 14rem; padding-inline-start: 2.2rem; }
nav li { break-inside: avoid; }
figure { margin: 1.5rem 0 2.5rem; break-inside: avoid; }
figure img { display: block; width: 100%; height: auto; border-radius: 3px; }
blockquote { margin: 0.8rem 0 0.4rem; padding-inline-start: 1rem; border-inline-start: 3px solid var(--rule); }
blockquote i { font-style: normal; }
.vignette { text-align: center; }
.vignette img { width: 7rem; border-radius: 50%; }
details summary { cursor: pointer; padding: 0.6rem 0; font-weight: bold; }
@media print { body { max-width: none; background: #fff; color: #000; } nav { display: none; } }
"""


def single_page(material: Material) -> Export:
    """The guide in one file of at most 25 MB; where none can be made, why."""
    plates = tuple(plates_of(material))
    if not plates:
        return Export(data=None, remarks=("there are no pictures for it",))
    words = len(_page(material, plates=plates, pictures=Pictures(names={}, data={})).encode())
    try:
        # Base64 makes four letters of three bytes.
        pictures = fitted(plates, material=material, taken=words * 3 // 4, most_bytes=MOST_BYTES * 3 // 4)
    except UnfitBook:
        return Export(data=None, remarks=(f"its pictures do not fit into {MOST_BYTES:,} bytes, however small",))
    remarks = (f"Its pictures were made smaller to keep it below {MOST_BYTES:,} bytes.",) if pictures.remarks else ()
    pictures = replace(pictures, remarks=remarks)
    return Export(data=_page(material, plates=plates, pictures=pictures).encode(), remarks=remarks)


def _page(material: Material, *, plates: tuple[Plate, ...], pictures: Pictures) -> str:
    guide = material.adorned(max(pictures.room, 0) * 3 // 4)
    initials = [
        initial_rule(
            each, selector=f".initial-{at}", address=_address(material.ornament(each.image), kind="image/jpeg")
        )
        for at, each in enumerate(guide.initials)
    ]
    words = words_for(guide.language)
    spelled = guide.language if _LANGUAGE.fullmatch(guide.language) else ""
    by_chapter = {number: tuple(here) for number, here in groupby(plates, key=lambda plate: plate.chapter.number)}
    chapters = [chapter for chapter in guide.chapters if chapter.number in by_chapter]
    blocks = [_head(guide, cover=_cover(material), language=spelled, words=words), _contents(chapters, words=words)]
    for chapter in chapters:
        blocks.append(f'<h2 id="chapter-{chapter.number}"{_marked(spelled)}>{plain(chapter.heading)}</h2>')
        for at, plate in enumerate(by_chapter[chapter.number]):
            takes = at == 0 and initials and takes_initial(plate.illustration.scene.quote.text)
            own = f"initial-{chapter.number % len(initials)}" if takes else ""
            blocks.append(_figure(plate, data=pictures.data.get(plate.label, b""), language=spelled, own=own))
        if chapter.vignette and (drawn := material.ornament(chapter.vignette.image)):
            image = f'<img src="{_address(drawn, kind="image/jpeg")}" alt="{plain(chapter.vignette.alt)}">'
            blocks.append(f'<p class="vignette">{image}</p>')
    blocks += [_cast(guide, language=spelled, words=words), f'<h2 id="about">{words("edition.about")}</h2>']
    english = "" if words.language == ENGLISH else f' lang="{ENGLISH}"'
    blocks += [f"<p{english}>{plain(each)}</p>" for each in (*credits_of(guide), *pictures.remarks)]
    body = "\n".join(blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{plain(guide.title)}</title>\n<style>{_STYLE}{''.join(initials)}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _marked(language: str) -> str:
    """What says that words are the book's own."""
    return f' lang="{language}" dir="auto"' if language else ' dir="auto"'


def _cover(material: Material) -> str:
    cover = material.cover()
    return _address(cover[1], kind=COVER_TYPES[cover[0]]) if cover and len(cover[1]) <= _MOST_OF_COVER else ""


def _address(data: bytes, *, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _head(guide: Guide, *, cover: str, language: str, words: Words) -> str:
    image = f'<img src="{cover}" alt="{words("edition.cover")}">' if cover else ""
    authors = f"<p{_marked(language)}>{plain(', '.join(guide.authors))}</p>" if guide.authors else ""
    facts = f"{words.count(guide.plate_count, 'plates')} · {words.count(len(guide.chapters), 'chapters')}"
    return (
        f'<header>{image}<h1{_marked(language)}>{plain(guide.title)}</h1>{authors}<p class="soft">{facts}</p></header>'
    )


def _contents(chapters: list[GuideChapter], *, words: Words) -> str:
    items = "".join(
        f'<li value="{chapter.number}"><a href="#chapter-{chapter.number}" dir="auto">{plain(chapter.heading)}</a></li>'
        for chapter in chapters
    )
    state = "" if len(chapters) > _MOST_SHOWN else " open"
    listed = f"<details{state}><summary>{words('edition.contents')}</summary><ol>{items}</ol></details>"
    return f'<nav aria-label="{words("edition.contents")}">{listed}</nav><main>'


def _figure(plate: Plate, *, data: bytes, language: str, own: str) -> str:
    width, height = size_of(data)
    size = f' width="{width}" height="{height}"' if width else ""
    said = quoted(plate.illustration.scene.quote.text, longest=_LONGEST_QUOTE)
    image = f'<img src="{_address(data, kind="image/jpeg")}" alt="{plain(alt_of(plate))}"{size} loading="lazy">'
    mark = f' class="{own}"' if own else ""
    passage = f"<blockquote{mark}{_marked(language)}>{said}</blockquote>"
    return f"<figure>{image}<figcaption>{passage}</figcaption></figure>"


def _cast(guide: Guide, *, language: str, words: Words) -> str:
    """Who and what is in the book, shut until somebody opens it."""
    blocks = []
    for kind in GROUP_TITLES:
        elements = guide.elements_of(kind)
        blocks += [f"<h3>{words(f'types.{kind}')}</h3>"] if elements else []
        blocks += [_element(each, language=language, words=words) for each in elements]
    warning = f"<p><strong>{words('edition.warning')}</strong> {words('edition.why')}</p>"
    if not blocks:
        return "</main>"
    listed = f"<details><summary>{words('edition.show')}</summary>{warning}{''.join(blocks)}</details>"
    return f"<h2>{words('edition.cast')}</h2>{listed}</main>"


def _element(element: Element, *, language: str, words: Words) -> str:
    others = f", {words('card.also')} {plain(', '.join(element.aliases))}" if element.aliases else ""
    first = words("edition.first", where=words.chapters(element.chapters[:1])) if element.chapters else ""
    since = f" ({first})" if first else ""
    looks = f"<br>{plain(element.description)}" if element.description else ""
    told = f'<p><strong dir="auto">{plain(element.name)}</strong>{others}<span class="soft">{since}</span>{looks}</p>'
    said = quoted(element.quotes[0].text, longest=_LONGEST_QUOTE) if element.quotes else ""
    return told + (f"<blockquote{_marked(language)}>{said}</blockquote>" if said else "")
