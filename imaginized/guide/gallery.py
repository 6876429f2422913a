"""The page of the guide, `index.html`: one file with its style and script inside, which needs no network.

Its parts are in `templates/`; this is the only place that knows jinja2.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from imaginized.guide.escaping import clean, fold, link_target
from imaginized.guide.model import GROUP_TITLES, Guide, GuideChapter
from imaginized.guide.notes import (
    chapter_list,
    chapter_note,
    count,
    credits_of,
    illustration_note,
    method_note,
    page_range,
    skipped_note,
    skipped_rows,
)
from imaginized.story.elements import Element, Quote

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCard:
    """An element as the page shows it.

    Attributes:
        anchor: Its id on the page.
        since: The story chapter it appears in first; 0 where nobody knows.
        first: The quote that is always shown, or None.
        more: The other quotes, shown on demand.
        more_label: What the reader is told before opening them: how many, from which chapters.
    """

    anchor: str
    element: Element
    since: int
    first: Quote | None
    more: tuple[Quote, ...]
    more_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Neighbouring chapters below the same part titles; the name is empty where a book has no parts."""

    name: str
    chapters: tuple[GuideChapter, ...]


def index_html(guide: Guide) -> str:
    """The page that shows cover, chapters, plates and elements; no character of the book can become markup."""
    cards = tuple(_card(element, position) for position, element in enumerate(guide.elements, start=1))
    style, script, early_script = _asset("style.css"), _asset("page.js"), _asset("theme.js")
    return _template().render(
        guide=guide,
        language=guide.language if _LANGUAGE_TAG.fullmatch(guide.language) else "",
        backdrop=_backdrop(guide),
        parts=tuple(_parts(guide.chapters)),
        groups=_groups(cards),
        anchors=_anchors(cards),
        credits=credits_of(guide),
        style=style,
        script=script,
        early_script=early_script,
        policy=_policy(style=style, scripts=(early_script, script)),
    )


def _backdrop(guide: Guide) -> str:
    """The image whose colours fill the head of the page: the cover, else the first plate, else none."""
    drawn = (illustration.image for illustration in guide.illustrations if illustration.image)
    return guide.cover or next(drawn, "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("imaginized.guide"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        fold=fold, paragraphs=_paragraphs, link=link_target, pages=page_range, counted=count, chapter_note=chapter_note
    )
    environment.globals.update(
        illustration_note=illustration_note,
        method_note=method_note,
        skipped_note=skipped_note,
        skipped_rows=skipped_rows,
    )
    return environment


@cache
def _template() -> Template:
    return _environment().get_template("index.html.j2")


@cache
def _asset(name: str) -> str:
    """One of our own files, which the page holds as it is: its digest in the policy must match to the byte."""
    source, _, _ = PackageLoader("imaginized.guide").get_source(_environment(), name)
    return source


def _policy(*, style: str, scripts: tuple[str, ...]) -> str:
    """A content security policy: pictures from this folder, our own style and scripts by their digest, nothing else."""
    script_digests = " ".join(map(_digest, scripts))
    # Browsers disagree on whether 'self' covers a page opened as file:, so both are named.
    return (
        f"default-src 'none'; img-src 'self' file:; style-src {_digest(style)}; script-src {script_digests}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _paragraphs(text: str) -> list[list[str]]:
    """A passage as paragraphs of lines; more than one line is verse."""
    found = (paragraph.strip("\n").split("\n") for paragraph in _PARAGRAPH.split(clean(text)))
    return [lines for lines in found if any(line.strip() for line in lines)]


def _parts(chapters: tuple[GuideChapter, ...]) -> Iterator[Part]:
    """The chapters by the parts they stand in, in reading order."""
    for path, members in groupby(chapters, key=lambda chapter: chapter.path):
        yield Part(name=" · ".join(path), chapters=tuple(members))


def _card(element: Element, position: int) -> ElementCard:
    chapters = element.chapters or tuple(sorted({quote.chapter for quote in element.quotes}))
    more = element.quotes[1:]
    origin = chapter_list(tuple(sorted({quote.chapter for quote in more}))) if more else ""
    return ElementCard(
        anchor=f"element-{position}",
        element=element,
        since=min(chapters, default=0),
        first=element.quotes[0] if element.quotes else None,
        more=more,
        more_label=f"{count(len(more), 'more quote')}, from {origin}" if more else "",
    )


def _groups(cards: tuple[ElementCard, ...]) -> tuple[tuple[str, tuple[ElementCard, ...]], ...]:
    """The cards by type, in the order of the guide; empty types are left out."""
    groups = (
        (title, tuple(card for card in cards if card.element.type == element_type))
        for element_type, title in GROUP_TITLES.items()
    )
    return tuple((title, members) for title, members in groups if members)


def _anchors(cards: tuple[ElementCard, ...]) -> dict[str, str]:
    """From any name of an element to its id on the page; a name outranks another element's alias."""
    by_alias = {alias: card.anchor for card in reversed(cards) for alias in card.element.aliases}
    by_name = {card.element.name: card.anchor for card in reversed(cards)}
    return by_alias | by_name
