"""Headings and links of the Markdown files, as GitHub renders them: no heading twice, no link into nothing."""

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from imaginized.guide.anchors import anchor_of
from imaginized.guide.markdown import chapters_md, contents_md, elements_md
from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.story.elements import Element, ElementType, Quote, Scene

FILES = {"Chapters.md": chapters_md, "Elements.md": elements_md, "Contents.md": contents_md}
HOSTILE = [
    "",
    "***",
    "Scene 1 of Chapter 1",
    "Statistics",
    "Table of Contents",
    "I",
    "Chapter [1](x) <b>`no`</b> #",
    "Éàß — 第一章 «x»",
    "का किताब",
    "a_b  c\nd",
    "](#x)",
]


def guide_of(titles: list[str], names: list[str]) -> Guide:
    quote = Quote(text="Somebody came.", chapter=1, start=0, page=1)

    def drawn(number: int) -> Illustration:
        scene = Scene(chapter=number, number=1, quote=quote, description="x", elements=(*names, "nobody"), pages=(1, 1))
        return Illustration(scene=scene, image=f"images/chapter_{number}_scene_1.jpg", alt="x")

    chapters = tuple(
        GuideChapter(number=number, title=title, illustrations=(drawn(number),))
        for number, title in enumerate(titles, start=1)
    )
    kinds = tuple(ElementType)
    elements = tuple(
        Element(type=kinds[at % 4], name=name, quotes=(quote,), chapters=(1, len(titles)), mentions=1)
        for at, name in enumerate(names)
    )
    sheets = {name: "elements/somebody.md" for name in names[:1]}
    return Guide(title="A Book", chapters=chapters, elements=elements, sheets=sheets)


def github_anchors(page: html.HtmlElement) -> list[str]:
    """As GitHub's own renderer does it, the count behind a repeated one included."""
    made: list[str] = []
    counts: dict[str, int] = {}
    for heading in page.xpath("//h1|//h2|//h3|//h4"):
        text = heading.text_content().lower()
        kept = "".join(
            char
            for char in text
            if char in "- " or unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in ("Nd", "Pc")
        ).replace(" ", "-")
        count = counts.get(kept, 0)
        counts[kept] = count + 1
        made.append(f"{kept}-{count}" if count else kept)
    return made


def pages_of(guide: Guide) -> dict[str, html.HtmlElement]:
    parser = MarkdownIt("js-default", {"linkify": False, "html": True})
    return {name: html.fromstring(f"<div>{parser.render(write(guide))}</div>") for name, write in FILES.items()}


def broken_links(guide: Guide) -> list[str]:
    pages = pages_of(guide)
    anchors = {name: github_anchors(page) for name, page in pages.items()}
    wrong = []
    for name, page in pages.items():
        for link in page.xpath("//a/@href"):
            file, _, anchor = unquote(link).partition("#")
            file = file.removeprefix("./") or name
            if anchor and anchors.get(file, []).count(anchor) != 1:
                wrong.append(f"{name}: {link}")
    return wrong


def test_scene_element_and_chapter_are_linked() -> None:
    """From a scene to who is in it, from an element to its scenes, chapters and sheet, from the contents to all."""
    guide = guide_of(["One", "Two"], ["Anna"])

    assert "- [Two](./Chapters.md#two) - 1 scene" in contents_md(guide)
    assert "**Elements:** [Anna](./Elements.md#anna), nobody" in chapters_md(guide)
    assert "**Elements in This Chapter:** [Anna](./Elements.md#anna)" in chapters_md(guide)
    told = elements_md(guide)
    assert "**Chapters:** [1](./Chapters.md#one), [2](./Chapters.md#two)  \n" in told
    assert "**Scenes:** [1.1](./Chapters.md#scene-1-of-chapter-1), [2.1](./Chapters.md#scene-1-of-chapter-2)" in told
    assert "**Sheet:** [elements/somebody.md](./elements/somebody.md)" in told
    assert "1. (Page 1, [chapter 1](./Chapters.md#one))\n" in told
    assert broken_links(guide) == []


def test_an_alias_leads_to_whom_it_means() -> None:
    """A scene that calls somebody otherwise is linked all the same."""
    guide = guide_of(["One"], ["Anna"])
    other = replace(guide.elements[0], name="Anna Weir", aliases=("Anna",))

    assert "[Anna](./Elements.md#anna-weir)" in chapters_md(replace(guide, elements=(other,)))


@pytest.mark.parametrize("text", HOSTILE)
def test_equal_headings_are_told_apart(text: str) -> None:
    """Titles and names that are alike, empty, or like our own headings."""
    guide = guide_of([text, text, "Two", text], [text, text, "Anna", "Anna (character)", text])
    pages = pages_of(guide)

    assert broken_links(guide) == []
    for page in (pages["Chapters.md"], pages["Elements.md"]):
        anchors = github_anchors(page)
        assert len(anchors) == len(set(anchors))
        assert "" not in anchors


@given(
    st.lists(st.text(alphabet="aA1 -_#*[]()<>`!\\\néß̈", max_size=12), min_size=1, max_size=6),
    st.lists(st.text(alphabet="aA1 -_#*[]()<>`!\\\néß̈", max_size=12), max_size=6),
)
def test_no_title_and_no_name_breaks_a_link(titles: list[str], names: list[str]) -> None:
    """Whatever they are, every link leads to the one heading that it is of."""
    assert broken_links(guide_of(titles, names)) == []


def test_anchors_are_those_of_github() -> None:
    """Letters, digits, marks, underscores and hyphens, lowered, with hyphens for spaces."""
    assert anchor_of("I: The Cyclone") == "i-the-cyclone"
    assert anchor_of("Mr. & Mrs. O’Brien") == "mr--mrs-obrien"
    assert anchor_of("第一章　始まり") == "第一章-始まり"
    assert anchor_of("snake_case—x") == "snake_casex"
    assert not re.search(r"\s", anchor_of("a\tb\nc"))
