"""Names that only the telling joins: by who answers, whose role it is, who married, who says "I"."""

from dataclasses import replace

from imaginized.story.elements import NARRATOR, Element, ElementType, Signs
from imaginized.story.merging import merge_elements
from tests.unit.test_cast import people, signed
from tests.unit.test_words import named, read

CHARACTER, CREATURE, PLACE, ITEM = ElementType


def with_signs(each: Element, **signs: dict[str, int]) -> Element:
    assert each.signs is not None
    return replace(each, signs=replace(each.signs, **signs))


def spoken(name: str, *, mentions: int = 5, **signs: dict[str, int]) -> Element:
    return with_signs(signed(name, mentions=mentions, spoken=mentions, given=mentions), **signs)


def noun(name: str, *, chapter: int = 1, mentions: int = 6) -> Element:
    return Element(
        type=CHARACTER, name=name, mentions=mentions, chapters=(chapter,), signs=Signs(counts={"noun": mentions})
    )


def test_who_answers_is_who_was_called() -> None:
    """A name that only others say is the one's who speaks next, whenever somebody is called by it."""
    winter = signed("Winter", mentions=50, speech=20)

    answering = people(winter, spoken("Frederick", answers={"Winter": 4}))
    calling = people(winter, spoken("Frederick", answers={"Winter": 4}, callers={"Winter": 4}))
    open_ = people(winter, signed("Mrs. Cole", title=5), spoken("Frederick", answers={"Winter": 4, "Mrs. Cole": 4}))

    assert answering == {frozenset(("Winter", "Frederick"))}
    assert len(calling) == 2
    assert len(open_) == 3


def test_no_woman_is_the_archdeacon() -> None:
    """She answers whenever he is called so: his wife does."""
    grey = signed("Mrs. Grey", mentions=60, title=60, speech=30)
    name = spoken("Archdeacon", mentions=29, answers={"Mrs. Grey": 9})
    other = spoken("Poppet", mentions=29, answers={"Mrs. Grey": 9})

    assert frozenset(("Mrs. Grey",)) in people(grey, name)
    assert people(grey, other) == {frozenset(("Mrs. Grey", "Poppet"))}


def test_a_last_name_that_meets_a_given_name_is_the_fathers() -> None:
    """Brand is told of beside Hugh, sentence after sentence; who is never beside himself is Hugh Brand."""
    full = signed("Hugh Brand", mentions=9, given=9, given_man=9)
    hugh = signed("Hugh", mentions=90, given=90, given_man=90, he=20, speech=20)
    brand = signed("Brand", mentions=60, he=20, speech=20)

    assert people(full, hugh, with_signs(brand, near={"Hugh": 8})) == {
        frozenset(("Hugh", "Hugh Brand")),
        frozenset(("Brand",)),
    }
    assert people(full, hugh, with_signs(brand, near={"Hugh": 3})) == {frozenset(("Hugh", "Hugh Brand", "Brand"))}


def test_a_full_name_that_is_answered_to_is_the_fathers() -> None:
    """ "Tom Hall" is whom a friend calls so, not his son Tom, of whom the same chapters tell beside Mr. Hall."""
    found = people(
        signed("Mr. Hall", mentions=90, title=90, speech=40),
        signed("Tom", mentions=60, given=60, given_man=60, speech=20),
        spoken("Tom Hall", mentions=9, answers={"Mr. Hall": 8}),
    )

    assert found == {frozenset(("Mr. Hall", "Tom Hall")), frozenset(("Tom",))}


def test_a_bride_has_two_last_names() -> None:
    """Mrs. West is whom the book marries to Mr. West, unless it puts the two women side by side."""
    west = signed("Mr. West", mentions=30, title=30)
    taylor = with_signs(signed("Miss Taylor", mentions=20, title=20), weds={"Mr. West": 4})
    beside = with_signs(signed("Miss Taylor", mentions=20, title=20), weds={"Mr. West": 4}, near={"Mrs. West": 9})

    assert frozenset(("Miss Taylor", "Mrs. West")) in people(west, taylor, signed("Mrs. West", title=9, mentions=30))
    assert len(people(west, beside, signed("Mrs. West", title=9, mentions=30))) == 3


def test_a_daughter_is_not_the_wife_whose_name_ends_where_she_begins() -> None:
    """Mrs. West died in the first chapter; of Rose Hill, whom the book marries to Mr. West, the last ones tell, too."""
    west = [signed("Mr. West", chapter=at, mentions=30, title=30) for at in range(1, 9)]
    rose = [
        with_signs(
            signed("Rose Hill" if at == 1 else "Rose", chapter=at, mentions=20, given=20, given_woman=20, she=9),
            weds={"Mr. West": 4},
        )
        for at in range(1, 9)
    ]

    def joined(*chapters: int) -> bool:
        wife = [signed("Mrs. West", chapter=at, title=5) for at in chapters]
        found = people(*west, *rose, *wife)
        return any({"Rose", "Mrs. West"} <= names for names in found)

    assert not joined(1)
    assert joined(5, 8)


def test_the_eldest_is_at_home() -> None:
    """Plain Miss Hall is the sister without a last name, who is met among the family."""
    found = people(
        signed("Miss Lydia Hall", mentions=9, title=9, given_woman=9),
        signed("Miss Mary Hall", mentions=9, title=9, given_woman=9),
        signed("Mr. Hall", mentions=9, title=9),
        with_signs(signed("Jane", mentions=40, given=40, given_woman=40), near={"Miss Lydia Hall": 9, "Mr. Hall": 9}),
        with_signs(signed("Rose", mentions=40, given=40, given_woman=40), near={"Mr. Hall": 1}),
        signed("Miss Hall", title=9),
    )

    assert frozenset(("Jane", "Miss Hall")) in found


def test_a_role_is_whose_it_is_said_to_be() -> None:
    """The vicar is Mr. Bell, of whom it is said; where it is said of two it is nobody's."""
    bell = with_signs(signed("Mr. Bell", title=9, mentions=9), roles={"vicar": 1})
    cole = with_signs(signed("Mr. Cole", title=9, mentions=9), roles={"vicar": 1})

    assert people(bell, noun("Vicar")) == {frozenset(("Mr. Bell", "Vicar"))}
    assert len(people(bell, cole, noun("Vicar"))) == 3


def test_a_rank_is_whose_chapter_it_is() -> None:
    """In each chapter the captain is the captain who is named there, and in the others nobody known."""
    merged = merge_elements(
        [
            [noun("Captain", mentions=7)],
            [signed("Captain Small", chapter=2, mentions=9, title=9), noun("Captain", chapter=2, mentions=8)],
            [signed("Captain Flint", chapter=3, mentions=5, title=5), noun("Captain", chapter=3, mentions=2)],
        ]
    )

    assert {each.name: each.mentions for each in merged} == {"Captain Small": 17, "Captain Flint": 7, "Captain": 7}


def test_a_lisp_is_no_other_person() -> None:
    """What sounds like a name, or leaves a few letters out, and is rare, is that name."""
    found = people(
        signed("Cecilia", mentions=40, given_woman=40),
        signed("Thethilia"),
        signed("Berry", mentions=40),
        signed("Be'y"),
    )

    assert found == {frozenset(("Cecilia", "Thethilia")), frozenset(("Berry", "Be'y"))}


def test_the_narrator_is_who_answers_as_i() -> None:
    """Who says "I" is called what others call whoever then says "I"; else "the narrator"."""
    told = replace(noun(NARRATOR, mentions=400), signs=Signs(counts={"noun": 400, "narrator": 400}))

    named_ = merge_elements([[told, spoken("Jim", answers={"I": 9}), signed("Silver", speech=9, mentions=30)]])
    nameless = merge_elements([[told, signed("Silver", speech=9, mentions=30)]])

    often_by = merge_elements([[told, with_signs(signed("Jim", speech=9, mentions=90), answers={"I": 9})]])

    assert NARRATOR in [each.name for each in often_by]
    assert [each.name for each in named_] == ["Jim", "Silver"]
    assert [each.name for each in nameless] == [NARRATOR, "Silver"]


def test_a_silent_one_among_beasts_is_a_beast() -> None:
    """Who never speaks and is met with creatures only is one of them."""
    dogs = [signed(name, mentions=20, beast=9) for name in ("Rex", "Dash", "Nig")]
    spitz = with_signs(signed("Spitz", mentions=30), near={"Rex": 6, "Dash": 2})

    merged = merge_elements([[*dogs, spitz, signed("Hal", mentions=9, speech=3)]])

    assert {each.name for each in merged if each.type is CREATURE} == {"Rex", "Dash", "Nig", "Spitz"}


def test_a_chapter_joins_by_names_only() -> None:
    """A chapter alone does not decide whose name it is by who answers."""
    reply = read(
        "“You are late, Frederick,” said Mrs. Cole.",
        "“I lost my way,” said Werner.",
        "“Sit down, Frederick,” said Mrs. Cole. “Tea is cold.”",
        "“I like it so,” said Werner.",
    )

    assert {"Frederick", "Werner", "Mrs. Cole"} <= set(named(reply))
    signs = named(reply)["Frederick"].signs
    assert signs is not None
    assert signs.answers == {"Werner": 4}
    assert signs.callers == {"Mrs. Cole": 2}


def test_the_speakers_of_a_play_are_its_cast() -> None:
    """Who speaks is at the head of each speech, in capitals or not, with what he does in brackets."""
    lines = [
        ("LADY BELL", "Good morning, Algy. Where is Lane?"),
        ("ALGERNON [rising]", "He is out, Aunt."),
        ("LANE", "Here, my lady."),
    ]
    reply = read(*(f"{who}. {what}" for _ in range(5) for who, what in lines))

    people_ = named(reply)

    assert {"Lady Bell", "Algernon", "Lane"} <= set(people_)
    signs = people_["Algernon"].signs
    assert signs is not None
    assert signs.counts["speech"] == 5


def test_a_name_alone_before_a_speech_is_a_label() -> None:
    """Where each name has a paragraph of its own, the next one is spoken: "I" there is nobody who tells the tale."""
    talk = [
        ("The Flower Girl", "I said that it was for you and that I had it."),
        ("Algernon", "I have none of the hats."),
        ("Lane", "I was sure that she had it."),
    ]
    reply = read(*(text for _ in range(6) for pair in talk for text in pair))

    people_ = named(reply)

    assert {"Flower Girl", "Algernon", "Lane"} <= set(people_)
    assert NARRATOR not in people_
    signs = people_["Flower Girl"].signs
    assert signs is not None
    assert signs.counts["speech"] == 6


def test_prose_has_no_labels() -> None:
    """A paragraph that begins with a short sentence is no speech of a play."""
    reply = read(*(f"Evening. The rain fell on the {place}." for place in ("roof", "yard", "wood", "road") * 4))

    assert "Evening" not in named(reply)
