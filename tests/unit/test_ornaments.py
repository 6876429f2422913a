"""Initials and vignettes: whom they adorn, that no letter of the book is lost by it, and how they go away."""

import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from imaginized.guide.edition import illustrated_epub
from imaginized.guide.gallery import html_pages
from imaginized.guide.material import Export, Material
from imaginized.guide.model import Guide, Initial, Vignette
from imaginized.guide.ornaments import takes_initial
from imaginized.guide.pdf_pages import picture_pdf
from imaginized.guide.reflow import guide_epub, reflowed_epub
from imaginized.guide.single import single_page
from imaginized.providers.builtin.plates.ornaments import VARIANTS, colours_of, draw_ground, draw_vignette, is_drawn
from imaginized.providers.builtin.vignettes import find_vignette
from imaginized.stages.ornaments import with_ornaments
from imaginized.store.files import BookFiles
from tests.support.editions import material_of, photograph
from tests.support.epubs import build_epub, contents, page, prose
from tests.unit.test_edition import members, without

GROUND, TAIL = "images/ornament_0a.jpg", "images/ornament_0b.jpg"
VIGNETTE = Vignette(image=TAIL, alt="Small drawing: lamp")
INITIAL = Initial(image=GROUND, ground="#203040", letter="#faf1da")
OPENING = "Nobody had lit the lamp, and the long room was as dark as the yard outside of it in November."
PAGES = {
    "a.xhtml": page(f"<h2>Chapter 1</h2><p>{OPENING}</p>{prose(90)}<p>The lamp stood on the table.</p>"),
    "b.xhtml": page(f"<h2>Chapter 2</h2><p><span>N</span>{OPENING[1:]}</p>{prose(80)}"),
}


def book_of(folder: Path, *, style: str = "", pages: dict[str, str] | None = None) -> Path:
    extra = {"OPS/style.css": style.encode()} if style else {}
    nav = contents(("Chapter 1", "a.xhtml"), ("Chapter 2", "b.xhtml"))
    return build_epub(folder, pages=pages or PAGES, nav=nav, extra=extra)


def adorned(material: Material) -> Material:
    """A book of one initial whose chapters all have a vignette."""
    guide = material.guide
    chapters = tuple(replace(each, vignette=VIGNETTE) for each in guide.chapters)
    drawn = {GROUND: draw_ground("A Book", variant=0), TAIL: draw_vignette("lamp", "A Book")}
    return replace(material, guide=replace(guide, initials=(INITIAL,), chapters=chapters), drawn=drawn)


def opening(material: Material) -> Material:
    """The same with one picture, of a passage that takes an initial."""
    chapter = material.guide.chapters[0]
    drawn = chapter.illustrations[0]
    scene = replace(drawn.scene, quote=replace(drawn.scene.quote, text=OPENING))
    first = replace(chapter, illustrations=(replace(drawn, scene=scene),))
    return replace(material, guide=replace(material.guide, chapters=(first,)))


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return adorned(material_of(book_of(tmp_path), tmp_path, picture=photograph()))


def data_of(export: Export) -> bytes:
    assert export.data is not None, export.remarks
    return export.data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPENING, True),
        (f"“{OPENING}", True),
        (OPENING[0].lower() + OPENING[1:], False),
        (f"1 {OPENING}", False),
        ("Too short.", False),
        (OPENING.replace(", ", ",\n"), False),
        ("Ни один человек во всём доме не знал, кто зажёг в ту ночь лампу на столе у окна.", True),
        ("איש לא הדליק את המנורה, והחדר הארוך היה חשוך כמו החצר שבחוץ בליל נובמבר ההוא.", True),
        ("لم يشعل أحد المصباح، وكانت الغرفة الطويلة مظلمة كالفناء في الخارج في ليلة من ليالي الشتاء.", False),
        ("किसी ने दीपक नहीं जलाया था और वह लंबा कमरा बाहर के आँगन जितना ही अँधेरा था, सब सो गए थे।", False),
        (
            "誰もランプを灯していなかったので、長い部屋は外の庭と同じくらい暗かった。誰もランプを灯していなかったので、長い部屋は暗かった。",
            False,
        ),
        ("", False),
    ],
)
def test_only_letters_that_stand_alone_are_set_large(text: str, expected: bool) -> None:
    """Of scripts whose letters join, hang or stand in columns none is, nor of verse and short lines."""
    assert takes_initial(text) is expected


def test_an_edition_opens_and_closes_with_ornaments_and_is_the_original_still(tmp_path: Path) -> None:
    """The letter stays in its paragraph; a paragraph that begins with an element of its own stays as it is."""
    source = book_of(tmp_path)
    before = members(source)
    after = members(data_of(illustrated_epub(adorned(material_of(source, tmp_path)))))

    assert {name: without(data) for name, data in after.items() if name in before} == before
    first, second = after["OPS/a.xhtml"].decode(), after["OPS/b.xhtml"].decode()
    assert re.search(r'<div class="imaginized (imaginized-initial-\w+)"></div><!--/imaginized \w+--><p>Nobody', first)
    assert "+p:first-letter{" in first.partition("</head>")[0]
    assert first.count("ornament_0b.jpg") == 1 and first.index("ornament_0b.jpg") > first.index("lamp stood")
    assert "imaginized-initial" not in second and "ornament_0b.jpg" in second
    assert after["OPS/imaginized/ornament_0a.jpg"] and b"ornament_0a.jpg" in after["OPS/book.opf"]


def test_a_book_that_sets_first_letters_itself_keeps_its_own(tmp_path: Path) -> None:
    """Two large letters would fight for one place."""
    source = book_of(tmp_path, style="p.first::first-letter { font-size: 3em }")
    after = members(data_of(illustrated_epub(adorned(material_of(source, tmp_path)))))

    assert not any(b"imaginized-initial" in data for data in after.values())
    assert "OPS/imaginized/ornament_0a.jpg" not in after and "OPS/imaginized/ornament_0b.jpg" in after


@pytest.mark.parametrize("export", [illustrated_epub, reflowed_epub, guide_epub])
def test_pictures_go_before_ornaments(export: Callable[[Material], Export], material: Material) -> None:
    """Where there is no room for all, an edition has none of its ornaments and no reference to one."""
    pictures = sum(len(photograph()) for _ in material.guide.chapters)
    tight = replace(material, most_bytes=400_000 + material.source.stat().st_size + pictures + 8_000)

    after = members(data_of(export(tight)))

    assert not any("ornament" in name for name in after)
    assert not any(b"ornament" in data for data in after.values())


def test_a_guide_as_an_epub_has_them(material: Material) -> None:
    """Under the picture, and behind the last one of the chapter."""
    text = members(data_of(guide_epub(opening(material))))["OPS/chapter-001.xhtml"].decode()
    assert ".imaginized-initial:first-letter{" in text and '<figcaption class="imaginized-initial"' in text
    assert text.index("picture-1-1.jpg") < text.index("ornament_0b.jpg")


def test_a_pdf_keeps_its_first_words_whole(material: Material) -> None:
    """The letter is drawn, and the text has it where it belongs: it can be searched for and copied."""
    made = replace(opening(material), pdf_layout="4x1")

    document = pypdfium2.PdfDocument(io.BytesIO(data_of(picture_pdf(made))))

    words = " ".join(document[1].get_textpage().get_text_bounded().split())
    assert OPENING in words
    kinds = [each.type for each in document[1].get_objects(max_depth=3)]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 3  # the picture, the ground and the vignette


def test_a_page_sets_letters_on_the_ground_that_its_policy_allows(material: Material) -> None:
    """The rule has a digest of its own; the letter stays in the text."""
    text = html_pages(opening(material).guide)["index.html"]

    assert f"url({GROUND})" in text and 'class="boxed initial-0"' in text and f"<p>{OPENING}</p>" in text
    styles = re.search(r"style-src ([^;]*);", html.unescape(text))
    assert styles and len(styles[1].split()) == 2
    assert f'<img src="{TAIL}" alt="Small drawing: lamp"' in text


def test_one_page_has_them_inside(material: Material) -> None:
    """With nothing from outside."""
    text = data_of(single_page(material)).decode()
    assert 'class="vignette"' in text and "ornament_" not in text


def test_without_them_a_guide_is_as_it_was(material: Material) -> None:
    """No style, no class and no picture of theirs."""
    plain = plain_guide(material)
    assert "ornament" not in "".join(html_pages(plain).values())
    assert not any(
        b"ornament" in data for data in members(data_of(guide_epub(replace(material, guide=plain)))).values()
    )


PARAGRAPHS = {
    "there": ["She lit the lantern and went down.", "He took the lantern from her hand."],
    "once": ["She lit the lantern and went down.", "He said nothing to her."],
    "likened": ["His eyes were like a lantern in the dark.", "It was as bright as a lantern."],
    "denied": ["There was no lantern in the house.", "They had never had a lantern."],
    "spoken": ["“Bring me a lantern!” he cried.", "“I have no lantern,” she said."],
    "a name": ["Mr. Fox sat down.", "Then Fox got up again."],
    "another language": ["Sie nahm den Ring und ging.", "Der Ring lag auf dem Tisch."],
}


@pytest.mark.parametrize(("case", "expected"), [("there", "lantern"), *((each, "") for each in list(PARAGRAPHS)[1:])])
def test_a_vignette_shows_what_the_chapter_says_is_there(case: str, expected: str) -> None:
    """What is only likened, denied or spoken of is not, nor what is met once."""
    assert find_vignette(PARAGRAPHS[case]) == expected


def test_neighbouring_chapters_do_not_close_alike() -> None:
    """What the chapters before end with is passed over, for what comes next or for nothing."""
    assert find_vignette(PARAGRAPHS["there"], avoid={"lantern"}) == ""


@pytest.mark.parametrize("kind", ["lantern", "owl", "dog", "moon", "ship"])
def test_the_same_book_has_the_same_drawing(kind: str) -> None:
    """A thing, an outline, a beast, the sky; another book has another colour."""
    assert is_drawn(kind) and draw_vignette(kind, "A Book") == draw_vignette(kind, "A Book")
    assert draw_vignette(kind, "A Book") != draw_vignette(kind, "A Third Book")


@pytest.mark.parametrize("title", [f"Book {number}" for number in range(24)])
def test_a_letter_can_be_told_from_its_ground_by_weak_eyes(title: str) -> None:
    """7 to 1, as WCAG asks at its highest level."""
    colours = colours_of(title)
    light, dark = _luminance(colours.letter), _luminance(colours.ground)
    assert (light + 0.05) / (dark + 0.05) >= 7


def _luminance(colour: tuple[int, int, int]) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_ornaments_are_drawn_once_and_go_with_the_setting(material: Material) -> None:
    """A second compile writes none; switched off, those that are there are removed."""
    files = BookFiles(material.root)
    guide, made = with_ornaments(plain_guide(material), files=files, is_wanted=True)
    assert len(guide.initials) == VARIANTS and len(made) >= VARIANTS
    for path, data in made.items():
        assert isinstance(data, bytes)
        path.write_bytes(data)

    again, nothing = with_ornaments(plain_guide(material), files=files, is_wanted=True)
    off, gone = with_ornaments(plain_guide(material), files=files, is_wanted=False)

    assert (again, nothing) == (guide, {})
    assert not off.initials and gone == dict.fromkeys(sorted(made))


def test_a_book_without_pictures_has_no_ornaments(material: Material) -> None:
    """Nobody wanted any drawing."""
    plain = replace(plain_guide(material), image_method="")
    assert with_ornaments(plain, files=BookFiles(material.root), is_wanted=True) == (plain, {})


def plain_guide(material: Material) -> Guide:
    chapters = tuple(replace(each, vignette=None) for each in material.guide.chapters)
    return replace(material.guide, initials=(), chapters=chapters)
