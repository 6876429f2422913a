"""Offices, roles and nameless people: whose they are by all that the book tells, and what keeps two people two."""

from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.merging import merge_elements
from tests.unit.test_families import MAN, WOMAN, people, told

TITLED = {"title": 20}
CALLED = {"called": 3}


def noun(name: str, *chapters: int, mentions: int = 20, near: dict[str, int] | None = None, he: int = 5) -> Element:
    """Somebody without a name, as each chapter has him."""
    signs = Signs(counts={"noun": mentions, "he": he}, near=near or {})
    return Element(type=ElementType.CHARACTER, name=name, mentions=mentions, chapters=chapters, signs=signs)


def test_an_office_is_his_whose_name_goes_with_it() -> None:
    """ "The dairyman" and Mr. Lunt are Dairyman Lunt; "Rose Lunt" is no rose, as a list knows her name."""
    dairyman = told("Dairyman Lunt", 1, 2, counts={"he": 5, "acts": 3})

    assert frozenset(("Dairyman Lunt", "Dairyman", "Mr. Lunt")) in people(
        dairyman, noun("Dairyman", 1, 2), told("Mr. Lunt", 1, 2, counts=TITLED)
    )
    assert frozenset(("Rose Lunt",)) in people(told("Rose Lunt", 1, 2, counts=WOMAN), noun("Rose", 1, 2))


def test_a_king_only_spoken_of_owns_no_office() -> None:
    """ "The king" of the story is not a King Ulf whose name falls twice."""
    king = noun("King", 1, 2, mentions=40)

    assert frozenset(("King Ulf",)) in people(king, told("King Ulf", 1, 2, mentions=2, counts={"owns": 1}))
    met = told("King Ulf", 1, 2, mentions=5, counts={"speech": 2, "acts": 2})
    assert frozenset(("King Ulf", "King")) in people(king, met)


def test_a_nameless_one_is_who_never_meets_him() -> None:
    """The minister is Paul Dane, beside whom alone he never stands; not where Nora Finch is unmet, too."""
    cast = [told(name, 1, 2, 3, 4, mentions=60, counts=sex) for name, sex in
            (("Paul Dane", MAN), ("Nora Finch", WOMAN), ("Ada Lunt", WOMAN))]  # fmt: skip
    minister = noun("Minister", 1, 2, 3, 4, mentions=60, near={"Nora Finch": 6, "Ada Lunt": 6})

    assert frozenset(("Paul Dane", "Minister")) in people(*cast, minister)
    unmet = noun("Minister", 1, 2, 3, 4, mentions=60, near={"Ada Lunt": 6})
    assert frozenset(("Minister",)) in people(*cast, unmet)


def test_the_young_minister_is_the_minister() -> None:
    """What is said with an adjective of an office goes with it."""
    curate = told("Paul Dane", 1, 2, 3, mentions=40, counts={**MAN}, roles={"curate": 3})

    found = people(curate, noun("Curate", 1, 2, 3), noun("Young curate", 2, mentions=7))

    assert frozenset(("Paul Dane", "Curate", "Young curate")) in found


def test_a_dog_of_far_chapters_is_another_one() -> None:
    """A nameless one counts as often as the longest run of chapters has it."""
    runs = ((1, 4), (2, 5), (7, 6))
    dogs = [
        Element(type=ElementType.CREATURE, name="Dog", mentions=n, chapters=(at,), signs=Signs(counts={"noun": n}))
        for at, n in runs
    ]

    (dog,) = merge_elements([[each] for each in dogs])

    assert dog.mentions == 9


def test_a_nameless_one_of_few_words_is_nobody() -> None:
    """A townsman who only asks is not listed; one who is met long enough is."""
    assert people(told("Paul Dane", 1, 2, counts=MAN), noun("Townsman", 1, mentions=5)) == {frozenset(("Paul Dane",))}
    assert frozenset(("Townsman",)) in people(told("Paul Dane", 1, 2, counts=MAN), noun("Townsman", 1, mentions=6))


def test_a_short_name_is_the_beginning_or_the_end_of_just_one() -> None:
    """Tink is Tinker Bell, Nela Marianela; Knight is not Mr. Knightley, and Huck nobody's where two begin so."""
    assert frozenset(("Tinker Bell", "Tink")) in people(told("Tinker Bell", 1, 2), told("Tink", 1, 2, counts=CALLED))
    assert frozenset(("Marianela", "Nela")) in people(
        told("Marianela", 1, 2, counts=WOMAN), told("Nela", 1, 2, counts=CALLED)
    )
    assert len(people(told("Mr. Knightley", 1, 2, counts=TITLED), told("Knight", 1, 2, counts=CALLED))) == 2
    two = people(told("Huckleberry", 1, 2), told("Huckaback", 1, 2), told("Huck", 1, 2, counts=CALLED))
    assert frozenset(("Huck",)) in two


def test_a_teller_keeps_miss_brown_and_miss_jessie_apart() -> None:
    """Two Misses of one family are two where the same chapters tell of both, and they meet."""
    younger = [told("Miss Jessie Brown", 1, counts=TITLED), told("Miss Jessie", 1, 2, counts=TITLED)]

    assert frozenset(("Miss Brown",)) in people(
        *younger, told("Miss Brown", 1, 2, counts=TITLED, near={"Miss Jessie": 1})
    )


def test_the_son_is_not_the_head_of_the_house() -> None:
    """Adolphe, whom one page calls by his last name, is not Mr. Lunt, whose wife is Mrs. Lunt."""
    son = [told("Adolphe Lunt", 1, mentions=1, counts=MAN), told("Adolphe", 1, 2, counts=MAN)]
    head, wife = told("Mr. Lunt", 1, 2, counts=TITLED), told("Mrs. Lunt", 1, 2, counts=TITLED)

    assert not any({"Adolphe", "Mr. Lunt"} <= each for each in people(*son, head, wife))


def test_a_wife_by_her_husbands_given_name_is_not_his_mother() -> None:
    """Mrs. Paul Dane is not Mrs. Dane where Paul has brothers; alone of the name she may be."""
    sons = [told("Paul Dane", 1, 2, counts=MAN), told("Felix Dane", 1, 2, counts=MAN)]
    wives = [told("Mrs. Dane", 1, 2, counts=TITLED), told("Mrs. Paul Dane", 1, 2, mentions=10, counts=TITLED)]

    assert not any({"Mrs. Dane", "Mrs. Paul Dane"} <= each for each in people(*sons, *wives))
    assert any({"Mrs. Dane", "Mrs. Paul Dane"} <= each for each in people(*wives))


def test_who_marries_again_has_both_names() -> None:
    """Nora Finch is Frau Hale and then Frau Rolfe: the second name comes when the first is no longer heard."""
    bride = told("Nora Finch", 1, 2, 3, 4, mentions=60, counts=WOMAN, weds={"Herr Hale": 9, "Herr Rolfe": 9})
    men = [told("Herr Hale", 1, 2, counts=TITLED), told("Herr Rolfe", 3, 4, counts=TITLED)]

    found = people(bride, *men, told("Frau Hale", 2, counts=TITLED), told("Frau Rolfe", 3, 4, counts=TITLED))

    assert frozenset(("Nora Finch", "Frau Hale", "Frau Rolfe")) in found


def test_who_answers_and_cannot_be_meant_is_no_rival() -> None:
    """George, at whose call women and Mr. Darnley answer, is Mr. Darnley."""
    george = told("George", 1, 2, counts={**MAN, "spoken": 18}, answers={"Mr. Darnley": 6, "Ada Lunt": 5})

    found = people(george, told("Mr. Darnley", 1, 2, counts=TITLED), told("Ada Lunt", 1, 2, counts=WOMAN))

    assert frozenset(("Mr. Darnley", "George")) in found


def test_two_speakers_of_one_chapter_of_a_play_are_two() -> None:
    """The Bystander and the Sarcastic Bystander have speeches of their own; who has a role in the end is its bearer."""
    label = {"label": 5, "the": 20, "speech": 5}
    bystanders = [told(name, 1, counts=label) for name in ("Bystander", "Sarcastic Bystander")]

    assert len(people(*bystanders)) == 2
    girl = told("Flower Girl", 1, counts=label)
    liza = told("Liza", 1, counts={**WOMAN, "label": 5, "speech": 5}, roles={"flower girl": 1})
    assert frozenset(("Liza", "Flower Girl")) in people(girl, liza)
