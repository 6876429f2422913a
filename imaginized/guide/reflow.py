"""An EPUB 3 of the chapters of a book of another format: its words, its pictures, an honest note, no layout."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import groupby

from imaginized.guide.container import EPUB_TYPE, MIMETYPE, Added, UnfitBook, packed
from imaginized.guide.material import COVER_TYPES, Export, Material, Plate, plates_of
from imaginized.guide.model import GuideChapter
from imaginized.guide.notes import count, skipped_note, skipped_rows
from imaginized.guide.ornaments import (
    INITIAL_CLASS,
    first_of_prose,
    initial_of,
    initial_rule,
    takes_initial,
    vignette_markup,
)
from imaginized.guide.pages import cast_page, colophon_page, figure, lines, page, plain
from imaginized.guide.pictures import Pictures, fitted
from imaginized.guide.wording import words_for
from imaginized.story.text import ChapterText

_ROOT = "OPS"
_LONGEST_PASSAGE = 700
_ALONE = "This is a guide to the book: passages of it with a picture each, and who is in it. The book is not in it."
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n<container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf" '
    'media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


@dataclass(frozen=True, slots=True)
class _Item:
    """One file of the new book."""

    name: str
    data: bytes
    kind: str = "application/xhtml+xml"
    title: str = ""
    properties: str = ""

    @property
    def identifier(self) -> str:
        return self.name.replace(".", "-")


def reflowed_epub(material: Material) -> Export:
    """The chapters of the book as an EPUB of their own.

    Raises:
        UnfitBook: None of its text is there, or it does not fit.
    """
    texts = {chapter.number: material.text(chapter.number) for chapter in material.guide.chapters}
    known = [(chapter, text) for chapter in material.guide.chapters if (text := texts[chapter.number])]
    if not known:
        raise UnfitBook("its text is not there yet")
    plates = tuple(plates_of(material))
    pictures = fitted(plates, material=material, taken=sum(len(text.text.encode()) for _, text in known) // 2)
    note = _note(material)
    items = [*_cover(material), _title_page(material, note=note)]
    ornaments = _Ornaments(material, room=pictures.room)
    items += _chapters(known, plates=plates, pictures=pictures, ornaments=ornaments)
    items += _cast(material)
    facts = (note, f"{count(len(plates), 'picture')} in total, each behind its passage.", *pictures.remarks)
    colophon = colophon_page(material.guide, facts=facts, is_epub_3=True)
    items.append(_page("colophon", words_for(material.guide.language)("edition.about"), colophon))
    images = [*_images(plates, pictures), *ornaments.items()]
    return Export(data=_bound(material, items, images=images), remarks=(note, *pictures.remarks))


def guide_epub(material: Material) -> Export:
    """The guide alone as an EPUB: passages, pictures and who is who, without the text of the book."""
    plates = tuple(plates_of(material))
    try:
        if not plates:
            raise UnfitBook("there are no pictures for it")
        pictures = fitted(plates, material=material, taken=len((material.cover() or ("", b""))[1]))
        items = [*_cover(material), _title_page(material, note=_ALONE)]
        ornaments = _Ornaments(material, room=pictures.room)
        items += _passages(plates, pictures=pictures, ornaments=ornaments)
        items += _cast(material)
        facts = (_ALONE, *pictures.remarks)
        about = words_for(material.guide.language)("edition.about")
        items.append(_page("colophon", about, colophon_page(material.guide, facts=facts, is_epub_3=True)))
        images = [*_images(plates, pictures), *ornaments.items()]
        data = _bound(
            material, items, images=images, title=f"{material.guide.title} – illustrated guide", is_guide=True
        )
    except UnfitBook as error:
        return Export(data=None, remarks=(str(error),))
    return Export(data=data, remarks=pictures.remarks)


def _cast(material: Material) -> list[_Item]:
    """Who and what is in it, where anybody is known."""
    guide = material.guide
    title = words_for(guide.language)("edition.cast")
    return [_page("cast", title, cast_page(guide, is_epub_3=True))] if guide.elements else []


class _Ornaments:
    """The initials and vignettes of the chapters, and the pictures of those that were used."""

    def __init__(self, material: Material, *, room: int) -> None:
        self.language = material.guide.language
        self._guide, self._material = material.adorned(room), material
        self._chapters = {chapter.number: chapter for chapter in self._guide.chapters}
        self._drawn: dict[str, bytes] = {}

    def rules(self, chapter: GuideChapter, text: str, *, selector: str) -> str:
        """The style sheet of a page on which a text begins with an initial; "" where it takes none."""
        initial = initial_of(chapter, self._guide.initials)
        name = self._name(initial.image) if initial and takes_initial(text) else ""
        return initial_rule(initial, selector=selector, address=name) if initial and name else ""

    def vignette(self, chapter: GuideChapter) -> list[str]:
        """What stands at the end of a chapter."""
        tail = self._chapters[chapter.number].vignette
        name = self._name(tail.image) if tail else ""
        return [vignette_markup(tail, href=name)] if tail and name else []

    def items(self) -> list[_Item]:
        """The pictures that were used."""
        return [_Item(name, data, "image/jpeg") for name, data in self._drawn.items()]

    def _name(self, path: str) -> str:
        name = path.rpartition("/")[2]
        if name not in self._drawn and (data := self._material.ornament(path)):
            self._drawn[name] = data
        return name if name in self._drawn else ""


def _images(plates: tuple[Plate, ...], pictures: Pictures) -> list[_Item]:
    return [_Item(pictures.names[each.label], pictures.data[each.label], "image/jpeg") for each in plates]


def _passages(plates: tuple[Plate, ...], *, pictures: Pictures, ornaments: _Ornaments) -> Iterator[_Item]:
    language, own = ornaments.language, INITIAL_CLASS
    for chapter, group in groupby(plates, key=lambda plate: plate.chapter):
        here = tuple(group)
        rules = ornaments.rules(chapter, here[0].illustration.scene.quote.text, selector=f".{own}")
        blocks = [f'<h1 dir="auto">{plain(chapter.heading)}</h1>']
        for at, each in enumerate(here):
            href, mark = pictures.names[each.label], own if rules and at == 0 else ""
            blocks.append(
                figure(each, href=href, is_epub_3=True, longest=_LONGEST_PASSAGE, language=language, own=mark)
            )
        blocks += ornaments.vignette(chapter)
        data = page(chapter.heading, "\n".join(blocks), is_epub_3=True, language=language, rules=rules)
        yield _page(f"chapter-{chapter.number:03d}", chapter.heading, data)


def _note(material: Material) -> str:
    parts = skipped_rows(material.guide.skipped)
    left_out = [f"{part.title or 'an untitled part'} ({skipped_note(part)})" for part in parts]
    text = (
        f"The original is a {material.kind}. This edition has the text of its chapters as a program read it, newly "
        "laid out: layout, notes, tables and pictures of the original are missing, and there may be mistakes in it."
    )
    return text + (f" Left out: {'; '.join(left_out[:12])}." if left_out else "")


def _page(name: str, title: str, data: bytes) -> _Item:
    return _Item(f"{name}.xhtml", data, title=title)


def _cover(material: Material) -> Iterator[_Item]:
    cover = material.cover()
    if cover:
        name = f"cover{cover[0]}"
        yield _Item(name, cover[1], COVER_TYPES[cover[0]], properties="cover-image")
        body = f'<div style="text-align:center"><img src="{name}" alt="Cover" style="max-width:100%"/></div>'
        yield _Item("cover.xhtml", page("Cover", body, is_epub_3=True))


def _title_page(material: Material, *, note: str) -> _Item:
    guide = material.guide
    authors = "".join(f"<p>{plain(author)}</p>" for author in guide.authors)
    body = f'<h1>{plain(guide.title)}</h1>{authors}<hr/><p xml:lang="en" lang="en" dir="ltr">{plain(note)}</p>'
    return _page("title", guide.title, page(guide.title, body, is_epub_3=True, language=guide.language))


def _chapters(
    known: list[tuple[GuideChapter, ChapterText]],
    *,
    plates: tuple[Plate, ...],
    pictures: Pictures,
    ornaments: _Ornaments,
) -> Iterator[_Item]:
    behind: defaultdict[tuple[int, int], list[Plate]] = defaultdict(list)
    for plate in plates:
        behind[plate.chapter.number, plate.index].append(plate)
    for chapter, text in known:
        blocks = [f"<h1>{plain(chapter.heading)}</h1>"]
        first = first_of_prose(text.paragraphs)
        rules = ornaments.rules(chapter, first.text, selector=f".{INITIAL_CLASS}") if first else ""
        for index, paragraph in enumerate(text.paragraphs):
            blocks += ["<hr/>"] if paragraph.starts_scene and index else []
            mark = f' class="{INITIAL_CLASS}"' if rules and paragraph is first else ""
            blocks.append(f"<p{mark}>{lines(paragraph.text)}</p>")
            here = behind.get((chapter.number, index), ())
            blocks += [figure(plate, href=pictures.names[plate.label], is_epub_3=True) for plate in here]
        blocks += ornaments.vignette(chapter)
        data = page(chapter.heading, "\n".join(blocks), is_epub_3=True, language=ornaments.language, rules=rules)
        yield _page(f"chapter-{chapter.number:03d}", chapter.heading, data)


def _bound(
    material: Material, items: list[_Item], *, images: list[_Item], title: str = "", is_guide: bool = False
) -> bytes:
    contents = "".join(f'<li><a href="{item.name}">{plain(item.title)}</a></li>' for item in items if item.title)
    body = f'<nav epub:type="toc"><h1>Contents</h1><ol>{contents}</ol></nav>'
    nav = page("Contents", body, is_epub_3=True)
    nav = nav.replace(b"<html ", b'<html xmlns:epub="http://www.idpf.org/2007/ops" ', 1)
    every = [*items, _Item("nav.xhtml", nav, properties="nav"), *images]
    spine = [item for item in items if item.kind == "application/xhtml+xml"]
    package = _package(material, every, spine=spine, title=title or material.guide.title, is_guide=is_guide)
    members = [
        Added(MIMETYPE, EPUB_TYPE, is_stored=True),
        Added("META-INF/container.xml", _CONTAINER.encode()),
        Added(f"{_ROOT}/book.opf", package.encode()),
        *(Added(f"{_ROOT}/{item.name}", item.data, is_stored=item.kind.startswith("image/")) for item in every),
    ]
    data = packed(members)
    if len(data) > material.most_bytes:
        raise UnfitBook(f"it would have {len(data):,} bytes; raise guide.epub_max_bytes")
    return data


def _package(material: Material, items: list[_Item], *, spine: list[_Item], title: str, is_guide: bool) -> str:
    guide = material.guide
    identifier = (guide.book_id or "book") + (":guide" if is_guide else "")
    creators = "".join(f"<dc:creator>{plain(author)}</dc:creator>" for author in guide.authors)
    has_cover = next((item for item in items if item.properties == "cover-image"), None)
    cover = f'<meta name="cover" content="{has_cover.identifier}"/>' if has_cover else ""
    manifest = "".join(
        f'<item id="{item.identifier}" href="{item.name}" media-type="{item.kind}"'
        f"{f' properties={chr(34)}{item.properties}{chr(34)}' if item.properties else ''}/>"
        for item in items
    )
    order = "".join(f'<itemref idref="{item.identifier}"/>' for item in spine)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:imaginized:{escape(identifier)}</dc:identifier>'
        f"<dc:title>{plain(title)}</dc:title><dc:language>{escape(guide.language or 'und')}</dc:language>"
        f'{creators}<meta property="dcterms:modified">{_moment(material.made_at)}</meta>{cover}</metadata>'
        f"<manifest>{manifest}</manifest><spine>{order}</spine></package>\n"
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
