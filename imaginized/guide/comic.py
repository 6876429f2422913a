"""The comic: every picture as a page of a CBZ, with a `ComicInfo.xml` that Komga, Kavita and comic readers read.

Reference: ComicInfo 2.0 (all of it is in the draft of 2.1, too). Its elements have an order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imaginized.guide.container import Added, UnfitBook, packed
from imaginized.guide.escaping import fold
from imaginized.guide.jpeg import size_of
from imaginized.guide.material import Export, Material, plates_of
from imaginized.guide.model import Guide
from imaginized.guide.notes import credits_of
from imaginized.guide.pages import plain
from imaginized.guide.pictures import described, original_of
from imaginized.story.elements import ElementType

_NUMBER = re.compile(r"\d{1,6}(\.\d{1,3})?")
# Languages whose readers turn the pages the other way.
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))
_LONGEST_LIST = 1000  # letters


@dataclass(frozen=True, slots=True)
class _Page:
    """A page; `bookmark` is the heading of the chapter that begins with it."""

    suffix: str
    data: bytes
    kind: str = "Story"
    bookmark: str = ""


def comic(material: Material) -> Export:
    """The pictures in reading order, the cover first; where there is none, why."""
    pages = tuple(_pages(material))
    if not any(page.kind == "Story" for page in pages):
        return Export(data=None, remarks=("there are no pictures for it",))
    digits = max(4, len(str(len(pages))))  # programs sort the names as text
    info = _comic_info(material.guide, pages=pages).encode()
    members = [Added("ComicInfo.xml", info, is_stored=True)]
    members += [
        Added(f"{number:0{digits}d}{page.suffix}", page.data, is_stored=True) for number, page in enumerate(pages)
    ]
    try:
        return Export(data=packed(members))
    except UnfitBook as error:
        return Export(data=None, remarks=(str(error),))


def _pages(material: Material) -> Iterator[_Page]:
    cover = material.cover()
    if cover:
        yield _Page(*cover, kind="FrontCover")
    chapter = 0
    for plate in plates_of(material):
        heading = plate.chapter.heading if plate.chapter.number != chapter else ""
        chapter = plate.chapter.number
        data = described(original_of(plate, material=material), plate=plate)
        yield _Page(".jpg", data, bookmark=heading)


def _comic_info(guide: Guide, *, pages: tuple[_Page, ...]) -> str:
    number = guide.series_index.strip()
    people = (*guide.elements_of(ElementType.CHARACTER), *guide.elements_of(ElementType.CREATURE))
    language = guide.language.partition("-")[0].casefold()
    facts = {
        "Title": guide.title,
        "Series": guide.series or guide.title,
        "Number": number if guide.series and _NUMBER.fullmatch(number) else "1",
        "Notes": " ".join(credits_of(guide)),
        "Writer": _listed(guide.authors),
        "Publisher": guide.publisher,
        "PageCount": str(len(pages)),
        "LanguageISO": language,
        "Format": "Digital",
        "BlackAndWhite": "No",
        "Manga": "YesAndRightToLeft" if language in _RIGHT_TO_LEFT else "No",
        "Characters": _listed(element.name for element in people),
        "Locations": _listed(element.name for element in guide.elements_of(ElementType.PLACE)),
    }
    told = "".join(f"  <{name}>{plain(value)}</{name}>\n" for name, value in facts.items() if value.strip())
    listed = "".join(_page_info(number, page) for number, page in enumerate(pages))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<ComicInfo>\n{told}  <Pages>\n{listed}  </Pages>\n</ComicInfo>\n'


def _listed(names: Iterable[str]) -> str:
    """Names with commas between them, which is how the format tells them apart: a name has none of its own."""
    listed = ""
    for name in names:
        more = fold(name).replace(",", "")
        if len(listed) + len(more) > _LONGEST_LIST:
            break
        listed += f"{', ' if listed else ''}{more}"
    return listed


def _page_info(number: int, page: _Page) -> str:
    width, height = size_of(page.data)
    size = f' ImageWidth="{width}" ImageHeight="{height}"' if width else ""
    mark = f' Bookmark="{plain(page.bookmark)}"' if page.bookmark else ""
    return f'    <Page Image="{number}" Type="{page.kind}" ImageSize="{len(page.data)}"{mark}{size}/>\n'
