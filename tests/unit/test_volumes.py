"""Volumes and editions: which books go together, in which order, and who of a cast was there before."""

import pytest

from imaginized.guide.cards import cards_of
from imaginized.guide.markdown import elements_md
from imaginized.guide.model import Guide, Known
from imaginized.story.cast_orders import Order, Verb
from imaginized.story.earlier import Earlier, Somebody, Told, as_drawn, joined_earlier, same_ones, somebody, told_in
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.volumes import (
    Volume,
    are_of_one_series,
    earlier_volumes,
    edition_before,
    number_of,
    series_of,
)


def volume(book: str, *, series: str = "The Mill", number: str = "", **more: object) -> Volume:
    facts = {"title": f"Title {book}", "authors": ("A. Writer",), "created": f"2026-01-0{len(book)}", **more}
    return Volume(book=book, series=series, volume=number, **facts)  # type: ignore[arg-type]


def quote(text: str, *, chapter: int = 1) -> Quote:
    return Quote(text=text, chapter=chapter, start=0, page=1)


def one(name: str, text: str, *aliases: str, kind: ElementType = ElementType.CHARACTER) -> Somebody:
    element = Element(type=kind, name=name, aliases=aliases, quotes=(quote(text),))
    return somebody(element, found=name)


def scene(*names: str) -> Scene:
    return Scene(chapter=1, number=1, quote=quote("A lamp."), description="", elements=names, pages=(1, 1))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        ("2.5", 2.5),
        ("Book 3", 3.0),
        ("IV", 4.0),
        ("vol. ix", 9.0),
        ("", None),
        ("1-3", None),
        ("the last one", None),
    ],
)
def test_the_number_of_a_volume_is_read_as_people_write_it(text: str, number: float | None) -> None:
    """One number, in digits or as a Roman one; none where it says several or none."""
    assert number_of(text) == number


def test_earlier_volumes_come_in_order_and_never_a_later_one() -> None:
    """What has no number, the same number or a higher one is not before a book; without its own nothing is."""
    first, second, third = volume("a", number="1"), volume("bb", number="2"), volume("ccc", number="3")
    again, bare = volume("dddd", number="2"), volume("eeeee")
    others = [third, again, second, bare, first]

    assert earlier_volumes(third, others) == (first, second, again)
    assert earlier_volumes(second, others) == (first,)
    assert earlier_volumes(first, others) == earlier_volumes(bare, others) == ()


def test_a_series_is_known_by_name_and_author_unless_a_person_says_so() -> None:
    """Accents, case and an article do not matter; two authors may both have written "Chronicles"."""
    own, other = volume("a", series="The Étoile"), volume("bb", series="etoile", authors=("B. Other",))

    assert are_of_one_series(own, volume("ccc", series="ÉTOILE"))
    assert not are_of_one_series(own, other)
    assert are_of_one_series(own, volume("bb", series="etoile", authors=("B. Other",), by_person=True))
    found = series_of([own, other, volume("ccc", series="ÉTOILE")])
    assert sorted([each.book for each in series.volumes] for series in found) == [["a", "ccc"], ["bb"]]


def test_a_later_edition_is_of_one_title_and_author() -> None:
    """An author's name may be turned round; two volumes of one title are no editions, nor is what came later."""
    old = volume("a", series="", title="The River", authors=("Jane Q. Doe",))
    new = volume("bb", series="", title="The river", authors=("Doe, Jane Q.",))

    assert edition_before(new, [old]) == old
    assert edition_before(old, [new]) is None
    assert edition_before(new, [volume("a", title="The River", authors=("Somebody Else",))]) is None
    numbered = volume("a", number="1", title="The River", authors=("Jane Q. Doe",))
    assert edition_before(volume("bb", number="2", title="The River", authors=("Jane Q. Doe",)), [numbered]) is None


def test_who_has_one_name_in_both_is_one() -> None:
    """A full name in one and its short form in the other will do, where both call somebody so."""
    before = [one("Hester Vane", "Then Hester Vane went, and Hester sat. So Hester slept.", "Hester")]
    after = [one("Hester", "And so Hester came; here Hester sat.")]

    assert list(same_ones(after, before)) == [(0, 0)]


@pytest.mark.parametrize(
    ("after", "before"),
    [
        (one("Basket", "She took a basket and ran."), one("Basket", "A little basket stood there.")),
        (
            one("Witch", "He saw the old Witch there."),
            one("Witch of the Hill", "It was the Witch, the Witch!", "Witch"),
        ),
        (one("Mary", "Then Mary wept."), one("Mary Stone", "Then Miss Mary Stone came.", "Mary")),
        (one("The narrator", "Then I came."), one("The narrator", "Then I went.")),
        (one("Captain", "So Captain, come!"), one("Captain", "Yes, Captain.")),
        (one("Mr. Gale", "Then Mr. Gale came."), one("Mrs. Gale", "Then Mrs. Gale came.", "Gale")),
        (
            one("Avon", "He saw Avon burn.", kind=ElementType.PLACE),
            one("Avon", "And then Avon said no.", kind=ElementType.CHARACTER),
        ),
    ],
    ids=["a thing", "a role", "a given name alone", "who tells", "a rank", "another sex", "another kind"],
)
def test_a_word_that_both_books_have_proves_nothing(after: Somebody, before: Somebody) -> None:
    """Only what both print as a name of somebody tells who it is."""
    assert list(same_ones([after], [before])) == []


def test_a_name_of_two_is_nobodys() -> None:
    """Where either book has two of that name, nobody is taken for one of them."""
    anne = one("Anne", "Then Anne came.")
    two = [
        one("Anne Lee", "So Anne came, and Anne sat.", "Anne"),
        one("Anne Ray", "So Anne came, and Anne sat.", "Anne"),
    ]

    assert list(same_ones([anne], two)) == []
    assert list(same_ones(two, [anne])) == []


def test_two_that_were_one_before_are_one_again_unless_they_meet() -> None:
    """What a person said of either counts more, and so does a scene with both."""
    before = [one("Tobias Crane", "Then Tobias Crane sat; so Pip sat.", "Pip")]
    after = [one("Tobias Crane", "Then Tobias Crane rose."), one("Pip", "Then Pip rose, and Pip ran.")]
    said = (Order(verb=Verb.SPLIT, names=("Pip",)),)

    (order,) = joined_earlier(after, before, scenes=[scene("Pip")], said=())
    assert set(order.names) == {"Tobias Crane", "Pip"}
    assert joined_earlier(after, before, scenes=[scene("Pip", "Tobias Crane")], said=()) == ()
    assert joined_earlier(after, before, scenes=[], said=said) == ()


def earlier(number: str, *looks: str, name: str = "Hester") -> Earlier:
    return Earlier(
        book=number, title=f"Book {number}", volume=number, name=name, looks=tuple(Told(text=each) for each in looks)
    )


def test_a_picture_shows_what_this_book_says_first_and_the_last_volume_next() -> None:
    """What is told of the same hair is told once, by the book that was written last."""
    element = Element(type=ElementType.CHARACTER, name="Hester", description="grey hair")
    told = as_drawn(element, earlier=[earlier("1", "red hair", "a green cloak"), earlier("2", "a torn cloak", "tall")])

    assert told.description == "grey hair; a torn cloak; tall"
    assert as_drawn(element, earlier=[earlier("1", "red hair")]) is element
    assert as_drawn(element, earlier=[earlier("1", "red hat")]).description == "grey hair; red hat"


def test_nothing_is_told_where_a_scene_calls_somebody_by_another_name() -> None:
    """Who reads that a stranger came must not be shown a hero of the book before."""
    known = [earlier("1", "red hair")]

    assert told_in(scene("The stranger"), known) == ()
    assert told_in(scene("Hester"), known) == tuple(known)


def test_a_card_marks_the_volume_and_waits_for_the_name() -> None:
    """A look of before is told from the chapter on that says who it is."""
    element = Element(type=ElementType.CHARACTER, name="The stranger", aliases=("Hester",), chapters=(1, 4), mentions=5)
    known = Known(names={"The stranger": 1, "Hester": 4})
    guide = Guide(title="T", elements=(element,), known=(known,), earlier={"The stranger": (earlier("1", "red hair"),)})
    (card,) = cards_of(guide)

    assert [(line.volume, line.looks, line.since) for line in card.earlier] == [("1", ("red hair",), 4)]
    assert "**From volume 1, Book 1:** red hair" in elements_md(guide)
