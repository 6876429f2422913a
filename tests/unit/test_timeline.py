"""The timeline of a book and who is who for e-readers: places, first appearances, nothing of a later chapter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.guide.excerpts import beginning, marked, sentence_at
from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.guide.timeline import Timeline, timeline_of
from imaginized.guide.xray import xray_lua
from imaginized.story.elements import Element, ElementType, Look, Quote, Scene
from imaginized.story.text import ChapterText, Paragraph
from tests.support.lua import read_lua

AT = datetime(2026, 1, 2, tzinfo=UTC)
TEXTS = (
    ("The mill was old.", "Anna Weir came in. She had red hair and a grey coat.", "“Good day,” said Miss Weir."),
    ("Rain fell all day.", "Anna slept.", "Mr. Dale called her the Lark. He never said why."),
)


def chapters() -> tuple[ChapterText, ...]:
    made, words = [], 0
    for number, texts in enumerate(TEXTS, start=1):
        paragraphs = tuple(Paragraph(text=text, file=f"{number}.xhtml", position=at) for at, text in enumerate(texts))
        chapter = ChapterText(number=number, title=f"Part {number}", paragraphs=paragraphs, words_before=words)
        words += chapter.words
        made.append(chapter)
    return tuple(made)


def reader(asked: list[int] | None = None) -> Callable[[int], ChapterText | None]:
    def text(number: int) -> ChapterText | None:
        if asked is not None:
            asked.append(number)
        return next((chapter for chapter in chapters() if chapter.number == number), None)

    return text


def quote_of(text: str, *, chapter: int = 1) -> Quote:
    return Quote(text=text, chapter=chapter, start=chapters()[chapter - 1].text.index(text), page=1)


def anna(*more: str) -> Element:
    hair = quote_of("She had red hair and a grey coat.")
    return Element(
        type=ElementType.CHARACTER,
        name="Anna Weir",
        aliases=("Miss Weir", "the Lark", *more),
        quotes=(quote_of("Anna slept.", chapter=2), hair),
        looks=(Look(text="red hair", quote=hair),),
        chapters=(1, 2),
        mentions=4,
    )


def guide_of(*elements: Element) -> Guide:
    scene = Scene(
        chapter=1,
        number=1,
        quote=quote_of("Anna Weir came in. She had red hair and a grey coat."),
        description="A woman comes in.",
        elements=("Miss Weir", "a stranger"),
        pages=(1, 1),
    )
    drawn = Illustration(scene=scene, image="images/chapter_1_scene_1.jpg", alt="A woman at a door")
    told = tuple(GuideChapter(number=each.number, title=each.title, words=each.words, page=1) for each in chapters())
    first = replace(told[0], illustrations=(drawn,))
    return Guide(title="The Mill", authors=("N. N.",), book_id="mill", chapters=(first, *told[1:]), elements=elements)


def timeline(*elements: Element, before: Timeline | None = None, asked: list[int] | None = None) -> Timeline:
    return timeline_of(guide_of(*(elements or (anna(),))), of="then", text=reader(asked), before=before)


def test_a_picture_has_its_place_with_the_words_so_far() -> None:
    """Chapter, paragraph, character and words lead to image, caption and alternative text."""
    picture = timeline().pictures[0]

    assert (picture.start.chapter, picture.start.paragraph, picture.start.words) == (1, 1, 4)
    assert chapters()[0].text[picture.start.offset : picture.end.offset + 1] == picture.quote
    assert (picture.end.paragraph, picture.end.words) == (1, 16)
    assert (picture.image, picture.alt) == ("images/chapter_1_scene_1.jpg", "A woman at a door")
    assert picture.caption == picture.quote
    assert picture.elements == ("Anna Weir",)


def test_words_go_on_over_chapters() -> None:
    """Words so far count from the beginning of the story."""
    made = timeline()

    assert [(chapter.words_before, chapter.words) for chapter in made.chapters] == [(0, 21), (21, 16)]
    assert [quote.place.words for quote in made.elements[0].quotes] == [8, 25]
    assert made.words == 37


def test_names_come_by_first_appearance_with_the_sentence() -> None:
    """Each name has the place and the sentence where the book says it first."""
    names = timeline(anna("Nobody Says This")).elements[0].names

    assert [name.name for name in names] == ["Anna Weir", "Miss Weir", "the Lark", "Nobody Says This"]
    assert names[0].sentence == "Anna Weir came in."
    assert names[2].sentence == "Mr. Dale called her the Lark."
    assert names[2].place and names[2].place.chapter == 2
    assert names[3].place is None
    assert timeline().elements[0].first == names[0].place


def test_a_name_is_a_whole_word() -> None:
    """ "Ann" does not stand in "Anna"."""
    short = Element(type=ElementType.CHARACTER, name="Ann", chapters=(1, 2))

    assert timeline(short).elements[0].first is None


def test_known_places_are_not_looked_for_again() -> None:
    """An unchanged book reads no chapter; one more quote reads its own chapter only."""
    before = timeline()
    asked: list[int] = []

    assert timeline(before=before, asked=asked) == before
    assert asked == []

    rain = Element(
        type=ElementType.PLACE, name="Rain", quotes=(quote_of("Rain fell all day.", chapter=2),), chapters=(2,)
    )
    again = timeline(anna(), rain, before=before, asked=asked)

    assert set(asked) == {2}
    assert again == timeline(anna(), rain)


def test_another_division_moves_every_place() -> None:
    """Places of chapters that were divided otherwise are found anew."""
    before = replace(timeline(), of="long ago")
    asked: list[int] = []

    assert timeline(before=before, asked=asked).of == "then"
    assert set(asked) == {1, 2}


def test_a_place_beyond_its_chapter_is_still_one() -> None:
    """Data that a person changed never stops the guide."""
    stray = Element(
        type=ElementType.ITEM, name="Key", quotes=(Quote(text="x", chapter=9, start=5, page=1),), chapters=(9,)
    )
    far = replace(stray, name="Door", quotes=(Quote(text="x", chapter=1, start=99999, page=1),))

    made = timeline(stray, far)

    assert made.elements[0].quotes[0].place.words == 0
    assert made.elements[1].quotes[0].place.paragraph == 2


def test_the_e_reader_is_told_what_the_first_place_tells() -> None:
    """No word of a later chapter stands in the entry of somebody, and a later name is an entry of its own."""
    data = read_lua(xray_lua(timeline(), made_at=AT))

    first, later = data["characters"]
    assert data["cache_version"] == "6.0"
    assert first["name"] == "Anna Weir"
    assert first["aliases"] == ["Miss Weir"]
    assert first["description"] == "First in chapter 1.\nAnna Weir came in.\nShe had red hair and a grey coat."
    assert later["name"] == "the Lark"
    assert later["description"] == "First in chapter 2.\nMr. Dale called her the Lark."
    assert data["timeline"] == []


def test_another_name_is_linked_where_its_chapter_has_both() -> None:
    """Who reads the chapter of a later name and meets the first one there, too, is told that they are one."""
    known = replace(anna(), aliases=("Anna",))
    named = replace(known, name="Anna", aliases=("the Lark",))

    assert [entry["name"] for entry in read_lua(xray_lua(timeline(known), made_at=AT))["characters"]] == ["Anna Weir"]
    entry = read_lua(xray_lua(timeline(named), made_at=AT))["characters"][1]
    assert entry["description"].startswith("First in chapter 2.\nAlso called Anna there.\n")


@pytest.mark.parametrize(
    ("kind", "place", "key"),
    [
        (ElementType.CREATURE, "characters", "description"),
        (ElementType.PLACE, "locations", "description"),
        (ElementType.ITEM, "terms", "definition"),
    ],
)
def test_each_kind_is_in_its_list(kind: ElementType, place: str, key: str) -> None:
    """Creatures are with the people, things are terms with a definition."""
    data = read_lua(xray_lua(timeline(replace(anna(), type=kind)), made_at=AT))

    assert key in data[place][0]


@given(st.text(max_size=40))
def test_no_text_becomes_lua(text: str) -> None:
    """Whatever a title has in it, the file is the same data and nothing runs."""
    made = replace(timeline(), title=text)
    lua = xray_lua(made, made_at=AT)

    assert read_lua(lua)["book_title"] == text.encode("utf-8", "replace").decode()


def test_a_sentence_is_found_around_a_character() -> None:
    """Titles and initials end no sentence; quotes close with it."""
    text = "He left. “Mr. J. Dale is here!” she said. All slept"

    assert text[slice(*sentence_at(text, 0))] == "He left."
    assert text[slice(*sentence_at(text, 12))].startswith("“Mr. J. Dale is here!”")
    assert text[slice(*sentence_at(text, 45))] == "All slept"
    assert "猫が来た。"[slice(*sentence_at("犬がいた。猫が来た。"[5:], 1))] == "猫が来た。"


def test_what_is_cut_says_so() -> None:
    """Whole sentences where one fits; a mark where a quote begins or ends within one."""
    assert beginning("One two three. Four five six seven.", 20) == ("One two three.", False)
    assert beginning("One two three four five six seven eight", 20)[1]
    assert marked("and so he went,") == "… and so he went, …"
    assert marked("So he went.”") == "So he went.”"
    assert marked("猫が来た。") == "猫が来た。"
