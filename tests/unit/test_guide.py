"""The writers of the guide: familiar form, everything escaped, whole or half-finished, small or large."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from imaginized.guide.escaping import block_quote, escape, link_target
from imaginized.guide.gallery import html_pages
from imaginized.guide.markdown import chapters_md, contents_md, elements_md, progress_md
from imaginized.guide.model import Guide, GuideChapter, Illustration, Level, Progress, ProgressEntry
from imaginized.guide.notes import method_note
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.text import Skipped

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> ' onload='x",
    "[a](javascript:alert(1)) ![b](https://example.org/x.png)",
    "]]> --> </style></title> {{ 7*7 }} {% raw %}",
    "# heading * star _under_ `code` ~~gone~~ | a | b |",
    "1. one - two + three > four === &lt;b&gt; www.example.org",
]
MARKUP = "ab 1.)#-+=>*_`~[]()<>!|&;:/\\\n\"'wW"


def quote_of(text: str, *, chapter: int = 1, page: int = 1) -> Quote:
    return Quote(text=text, chapter=chapter, start=0, page=page)


def illustration_of(
    text: str, *, chapter: int = 1, number: int = 1, image: bool = True, declined: str = ""
) -> Illustration:
    scene = Scene(
        chapter=chapter,
        number=number,
        quote=quote_of(text, chapter=chapter),
        description="a grey prairie",
        mood="bleak",
        lighting="noon",
        elements=("Dorothy", "a stranger"),
        pages=(3, 5),
    )
    path = f"images/chapter_{chapter}_scene_{number}.jpg" if image else None
    return Illustration(
        scene=scene, image=path, alt="A plain", method="storyboard plate", by_model=False, declined=declined
    )


def chapter_of(number: int, *, text: str = "The sun baked the land.", scenes: int = 1) -> GuideChapter:
    illustrations = tuple(illustration_of(text, chapter=number, number=scene) for scene in range(1, scenes + 1))
    return GuideChapter(
        number=number, title=f"Title {number}", illustrations=illustrations, method="word-based", by_model=False
    )


def dorothy() -> Element:
    quotes = tuple(quote_of(f"Dorothy, number {chapter}.", chapter=chapter, page=chapter * 10) for chapter in (1, 4, 9))
    return Element(
        type=ElementType.CHARACTER, name="Dorothy", aliases=("the girl",), quotes=quotes, mentions=7, chapters=(1, 4, 9)
    )


def guide_of(*chapters: GuideChapter, title: str = "Oz", elements: tuple[Element, ...] = ()) -> Guide:
    return Guide(
        title=title,
        authors=("L. Frank Baum",),
        publisher="A Press",
        language="en-US",
        book_id="oz-3f9c2a81",
        pages=131,
        words=39555,
        cover="images/cover.jpg",
        chapters=chapters,
        elements=elements,
        text_method="word-based",
        text_by_model=False,
        image_method="storyboard plate",
        image_by_model=False,
        original_name="oz.epub",
    )


def hostile_guide(text: str) -> Guide:
    """A guide in which every string of the book is the same hostile one."""
    quote = quote_of(text)
    scene = Scene(
        chapter=1,
        number=1,
        quote=quote,
        description=text,
        mood=text,
        lighting=text,
        elements=(text, "unknown " + text),
        pages=(1, 1),
    )
    drawn = Illustration(scene=scene, image="javascript:alert(1)//" + text, alt=text, method=text)
    refused = Illustration(scene=scene, declined=text)
    chapters = (
        GuideChapter(number=1, title=text, path=(text,), illustrations=(drawn,), problem=text, method=text),
        GuideChapter(number=2, title=text, illustrations=(refused,), pending=True),
    )
    element = Element(type=ElementType.ITEM, name=text, aliases=(text,), description=text, quotes=(quote, quote))
    return Guide(
        title=text,
        authors=(text,),
        publisher=text,
        language=text,
        book_id=text,
        cover="https://example.org/" + text,
        chapters=chapters,
        elements=(element,),
        skipped=(Skipped(title=text, reason=text, words=3),),
        text_method=text,
        image_method=text,
        source=text,
        original_name=text,
        warnings=(text,),
    )


def render(markdown: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{MarkdownIt('js-default', {'linkify': False, 'html': True}).render(markdown)}</div>")


def page_of(guide: Guide) -> html.HtmlElement:
    return html.document_fromstring(html_pages(guide)["index.html"])


def folded(text: str) -> str:
    return " ".join(text.split())


def test_contents_has_the_familiar_form() -> None:
    """Contents.md names the book and links to the other files."""
    contents = contents_md(guide_of(chapter_of(1, scenes=2), elements=(dorothy(),)))

    assert contents.startswith("# Oz\n\n**Author:** L. Frank Baum  \n**Publisher:** A Press  \n**Total Pages:** 131\n")
    assert "\n## Generated Documentation\n" in contents
    assert "- **[Chapters.md](./Chapters.md)** - 2 visual scenes" in contents
    assert "- **[Elements.md](./Elements.md)** - 1 story element " in contents
    assert "\n---\n\n## How to Use This Guide\n" in contents
    assert "Missing" not in contents


def test_chapters_has_the_familiar_form() -> None:
    """Chapters.md shows each scene with pages, source text, what is seen and a real image."""
    chapters = chapters_md(guide_of(chapter_of(1, text="First.\n\nSecond.")))

    assert chapters.startswith("# Chapters - Oz\n")
    assert (
        "## Visual Scenes by Chapter\n\n---\n\n### Title 1\n\n#### Scene 1 of Chapter 1\n\n**Pages:** 3-5\n\n"
        in chapters
    )
    assert "**Source Text:**\n\n> First.\n>\n> Second.\n\n**Visual Elements:** a grey prairie\n" in chapters
    assert "\n![A plain](images/chapter_1_scene_1.jpg)\n\n---\n" in chapters


def test_elements_has_the_familiar_form() -> None:
    """Elements.md groups elements by type, numbers their quotes and counts them."""
    elements = elements_md(guide_of(elements=(dorothy(),)))

    assert elements.startswith("# Elements - Oz\n\n**Author:** L. Frank Baum\n")
    assert (
        "## Story Elements\n\n### Characters\n\n#### Dorothy\n\n**Aliases:** the girl\n\n**Description:** " in elements
    )
    assert "**Reference Quotes:**\n\n1. (Page 10)\n   > Dorothy, number 1.\n\n2. (Page 40)\n" in elements
    assert "## Statistics\n\n- **Characters:** 1\n- **Creatures:** 0\n- **Places:** 0\n- **Items:** 0\n" in elements
    assert "### Places" not in elements


def test_the_tenth_quote_stays_in_its_list() -> None:
    """Quotes of an element are one numbered list, however many there are."""
    element = Element(type=ElementType.PLACE, name="Kansas", quotes=tuple(quote_of(f"Grey {n}.") for n in range(1, 13)))

    rendered = render(elements_md(guide_of(elements=(element,))))

    assert len(rendered.xpath("//ol")) == 1
    assert len(rendered.xpath("//ol/li/blockquote")) == 12


def test_progress_logs_utc_moments_with_a_mark() -> None:
    """progress.md gives every entry in UTC to the millisecond, with a mark for its level."""
    at = datetime(2026, 11, 23, 1, 2, 3, 4000, tzinfo=timezone(timedelta(hours=1)))
    progress = Progress(
        title="*Oz*",
        started=at,
        chapters_total=24,
        entries=(ProgressEntry(at=at, level=Level.DONE, message="Chapter 1 <analyzed>"),),
    )

    report = progress_md(progress)

    assert report.startswith(
        "# Illustrate Progress Report\n\n**Book:** \\*Oz\\*  \n**Started:** 2026-11-23T00:02:03.004Z"
    )
    assert "**Total Chapters:** 24" in report
    assert "## Progress Log\n\n**[2026-11-23T00:02:03.004Z]** ✅ Chapter 1 \\<analyzed\\>\n" in report


def test_progress_without_anything_known_is_still_a_report() -> None:
    """A book that has not begun has a progress report too."""
    report = progress_md(Progress(title="Oz", entries=(ProgressEntry(at=datetime.now(UTC), message="Admitted"),)))

    assert "**Started:** not yet" in report
    assert "**Total Chapters:** not known yet" in report


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_book_becomes_markdown(text: str) -> None:
    """Titles, names, quotes and reasons never become headings, links, images or HTML in a Markdown file."""
    guide = hostile_guide(text)

    for rendered in map(render, (contents_md(guide), chapters_md(guide), elements_md(guide))):
        assert {element.tag for element in rendered.iter()} <= set(
            ["div", "h1", "h2", "h3", "h4", "p", "br", "hr", "strong", "em", "a", "img", "blockquote", "ul", "ol", "li"]
        )
        assert all(not re.match(r"[a-z]+:|//", target) for target in rendered.xpath("//@href|//@src"))
        assert folded(text) in folded(rendered.text_content())


@given(st.text(alphabet=MARKUP, min_size=1, max_size=60))
def test_a_quote_renders_as_the_same_characters(text: str) -> None:
    """A block quote holds exactly the characters of its passage, and no markup but paragraphs and line breaks."""
    rendered = render(block_quote(text))

    assert {element.tag for element in rendered.iter()} <= {"div", "blockquote", "p", "br"}
    assert folded(rendered.text_content()) == folded(text)


@given(st.text(alphabet=MARKUP, max_size=60))
def test_a_heading_renders_as_the_same_characters(text: str) -> None:
    """A title inside a heading keeps its characters, also `#` at its end."""
    rendered = render(f"### Title {escape(text)}\n")

    assert [element.tag for element in rendered.iter()] == ["div", "h3"]
    assert folded(rendered.text_content()) == folded(f"Title {text}")


def test_prose_stays_readable_in_plain_text() -> None:
    """Ordinary sentences are not littered with backslashes."""
    prose = "“Well,” said No. 9 – the R&D man (aged 40) - “it's 100% mine; isn't it?” 1984 was odd!"

    assert block_quote(prose) == f"> {prose}"


def test_verse_keeps_its_lines() -> None:
    """A line break inside a paragraph of verse stays one, and every line carries the prefix."""
    assert block_quote("One line,\nand two.\r\n\r\nThree.") == "> One line,  \n> and two.\n>\n> Three."


def test_a_title_cannot_reorder_what_follows() -> None:
    """Characters that override the writing direction are taken out of titles, in Markdown and HTML."""
    guide = guide_of(title="Oz \u202egnirts\u2066")

    assert "\u202e" not in contents_md(guide) + html_pages(guide)["index.html"]


@pytest.mark.parametrize(
    "path", ["javascript:alert(1)", "//host/x", "https://host/x", "a b(1).jpg", 'x".jpg', "\\\\h\\x"]
)
def test_paths_cannot_leave_the_folder_by_scheme_or_host(path: str) -> None:
    """A link target never has a scheme, a host, a bracket or a quote."""
    assert re.fullmatch(r"(?!/)[\w.%/~-]+", link_target(path))


def test_missing_chapters_are_listed_with_their_reason() -> None:
    """A partial guide says in every file which chapters are missing and why."""
    failed = GuideChapter(number=2, title="The Storm", problem="killed three times (signal 9)")
    pending = GuideChapter(number=3, title="Oz", pending=True)
    guide = guide_of(chapter_of(1), failed, pending)

    contents, chapters, page = contents_md(guide), chapters_md(guide), page_of(guide)

    assert "- **The Storm** (chapter 2) - This chapter is not complete: killed three times (signal 9)" in contents
    assert "### The Storm\n\n*This chapter is not complete: killed three times (signal 9)*" in chapters
    assert "still being worked on" in page.get_element_by_id("chapter-3").text_content()
    assert len(page.get_element_by_id("missing").xpath(".//li")) == 2


def test_a_declined_image_is_said_and_the_quote_stays() -> None:
    """A scene whose image was declined shows the reason in its place."""
    scene = illustration_of("A fight.", image=False, declined="the policy forbids it")
    guide = guide_of(GuideChapter(number=1, title="I", illustrations=(scene,)))

    assert "> A fight." in chapters_md(guide)
    assert "*Not drawn: the policy forbids it*" in chapters_md(guide)
    assert "Not drawn: the policy forbids it" in page_of(guide).get_element_by_id("chapter-1-scene-1").text_content()


def test_the_method_is_named_and_never_a_model_that_was_not_used() -> None:
    """Word-based work is labelled as such, a model by its name, and a chapter made otherwise says so."""
    builtin = guide_of(chapter_of(1))
    other = GuideChapter(number=2, title="II", illustrations=(illustration_of("Q"),), method="some-model")

    assert "no language model was used" in contents_md(builtin)
    assert "no image model was used" in chapters_md(builtin)
    assert "no image model was used" in html_pages(builtin)["index.html"]
    assert "picked by some-model" in chapters_md(guide_of(chapter_of(1), other))


def test_a_model_is_told_by_a_field_and_not_by_its_name() -> None:
    """One that calls itself what our own methods are called is credited all the same."""
    words = replace(guide_of(chapter_of(1)), text_method="word-based-7b", text_by_model=True)
    guide = replace(words, image_method="storyboard-diffusion-v2", image_by_model=True)

    assert "picked by word-based-7b" in contents_md(guide)
    assert "drawn by storyboard-diffusion-v2" in contents_md(guide)
    assert "no language model" not in contents_md(guide) and "no image model" not in contents_md(guide)


def test_contents_tell_where_a_chapter_begins() -> None:
    """The number beside a title in the contents is the chapter's first page, not its plate's."""
    scene = illustration_of("A quote.")

    page = html_pages(guide_of(GuideChapter(number=1, title="I", page=41, illustrations=(scene,))))["index.html"]

    contents = page[page.index('id="contents"') :]
    assert "<small>page 41</small>" in contents[: contents.index("</ol>")]


def test_chapters_of_parts_are_told_apart() -> None:
    """A numeral as title gets its parts in front where it stands alone."""
    chapter = GuideChapter(number=5, title="V", path=("Book One", "1805"), pending=True)

    assert "### Book One · 1805 · V" in chapters_md(guide_of(chapter))
    heading = page_of(guide_of(chapter)).xpath("//nav[@id='contents']/h3")[0]
    assert heading.xpath("./span[@data-since='5' and @data-later]")[0].text_content() == "Book One · 1805"
    assert heading.xpath("./span[@data-until='5']")[0].text_content() == "Chapter 5"


def test_an_empty_guide_is_still_a_guide() -> None:
    """Before any chapter is known every file is valid and says what there is."""
    guide = Guide(title="Oz")

    assert "**Author:** Unknown" in contents_md(guide)
    assert "0 visual scenes in 0 chapters" in contents_md(guide)
    assert "No element was found." in elements_md(guide)
    assert chapters_md(guide).startswith("# Chapters - Oz")
    assert page_of(guide).findtext(".//h1") == "Oz"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_book_becomes_html(text: str) -> None:
    """A hostile book's page has the tags and attributes of a harmless one's, and shows the hostile characters."""
    hostile, harmless = page_of(hostile_guide(text)), page_of(hostile_guide("Oz!"))

    shape = [(element.tag, sorted(element.keys())) for element in hostile.iter()]
    assert shape == [(element.tag, sorted(element.keys())) for element in harmless.iter()]
    assert folded(hostile.findtext(".//h1") or "") == folded(text)
    assert len(hostile.xpath("//script[not(@type)]")) == 2
    assert [each.get("type") for each in hostile.xpath("//script[@type]")] == ["application/json"]


def test_the_page_asks_no_network() -> None:
    """Every address on the page is relative to its folder, and its policy forbids all others."""
    source = html_pages(guide_of(chapter_of(1, scenes=2), elements=(dorothy(),)))["index.html"]
    page = html.document_fromstring(source)

    addresses = page.xpath("//@src|//@href|//@srcset|//@action|//@data|//@poster")
    assert all(re.match(r"#|images/|source\.epub|(index|all)\.html|\w+\.md$", address) for address in addresses)
    assert "url(" not in source and "@import" not in source and "http:" not in source and "https:" not in source
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; img-src 'self' file:;")
    assert "unsafe" not in policy
    assert not page.xpath("//*[@style]") and not page.xpath("//@*[starts-with(name(), 'on')]")


def test_every_link_on_the_page_has_a_target() -> None:
    """Ids are unique, and links within the page, also from names and aliases to elements, lead to one."""
    page = page_of(guide_of(*(chapter_of(number) for number in (1, 4, 9)), elements=(dorothy(),)))

    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//@href[starts-with(., '#')]")} <= set(ids)
    assert page.xpath("//ul[@class='chips']//a[.='Dorothy']/@href")[0] == "#element-1"
    assert page.xpath("//ul[@class='chips']//span[.='a stranger']")


def test_the_page_is_accessible() -> None:
    """One h1, landmarks, a skip link first, every image with alt, labelled controls, lazy plates."""
    page = page_of(guide_of(chapter_of(1, scenes=2), elements=(dorothy(),)))

    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//body/*[1]/@href") == ["#main"]
    assert all(image.get("alt") is not None for image in page.xpath("//img"))
    named = [button.get("aria-label") or button.text_content() for button in page.xpath("//button")]
    asked = page.xpath("//dialog[@id='ask']//button")  # named when something is asked
    assert len(asked) == 2 and named.count("") == 2
    assert page.xpath("//a[@class='plate']/img/@loading") == ["lazy", "lazy"]


def test_later_quotes_of_an_element_wait_for_the_reader() -> None:
    """An element shows its first quote; the rest is folded away, each with its chapter, uncounted."""
    card = page_of(guide_of(elements=(dorothy(),))).get_element_by_id("element-1")

    assert card.get("data-since") == "1"
    assert folded(card.xpath("./div/figure//blockquote")[0].text_content()) == "Dorothy, number 1."
    assert card.xpath(".//details[not(@open)]/summary")[0].text == "More quotes"
    assert card.xpath(".//details/@data-since") == ["4"]
    assert card.xpath(".//details/div/@data-since") == ["4", "9"]


@pytest.mark.parametrize(("tag", "expected"), [("ja", ["ja"]), ('en" onclick="x', []), ("", [])])
def test_the_language_of_the_book_marks_its_words(tag: str, expected: list[str]) -> None:
    """Words of the book carry its language and find their own direction; a tag that is none is dropped."""
    heading = page_of(Guide(title="草枕", language=tag)).xpath("//h1")[0]

    assert heading.xpath("./@lang") == expected
    assert heading.get("dir") == "auto"


def test_a_huge_guide_is_written_whole() -> None:
    """400 chapters with two plates each are all on pages, none of which is larger than 300 kB."""
    chapters = tuple(chapter_of(number, text="The prairie was grey. " * 12, scenes=2) for number in range(1, 401))
    guide = guide_of(*chapters, elements=(dorothy(),))

    pages = html_pages(guide)

    own = "".join(text for name, text in pages.items() if re.match(r"pages/\d", name))
    assert own.count('class="scene"') == 800
    assert max(len(text.encode()) for text in pages.values()) < 300_000
    assert chapters_md(guide).count("![") == 800


@pytest.mark.parametrize(("invented", "words"), [(0, ""), (1, "1 scene was dropped"), (2, "2 scenes were dropped")])
def test_dropped_scenes_are_counted_in_the_guide(invented: int, words: str) -> None:
    """A chapter says how many scenes were dropped because the model invented their quotes."""
    chapter = GuideChapter(number=1, title="I", method="m", invented=invented)
    note = method_note(chapter, guide=Guide(title="T", chapters=(chapter,), text_method="m"))

    assert note.startswith(words) if words else note == ""
