"""How likely a picture contradicts its passage, and what that decides: whether it is drawn, or set in type."""

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.coverage import Count
from imaginized.providers.builtin.risk import weigh_risk
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.staging import Figure, Reference, Sex, Source, Staging, View
from tests.unit.test_words import chapter_of

CALM = (
    "The week went by as such weeks do, and there was little to say about it. The letters came in the morning, and "
    "were put aside, as letters are. Nobody thought of it for long. It was held to be a mild spring for the country. "
)
ANNA = Figure(name="Anna Brown", sex=Sex.WOMAN, deed=Deed.TALK, reference=Reference.NAME)
SHE_WALKS = Figure(sex=Sex.WOMAN, deed=Deed.WALK, reference=Reference.PRONOUN)
HE_STANDS = Figure(sex=Sex.MAN, deed=Deed.STAND, reference=Reference.PRONOUN)


def risk_of(*figures: Figure, words: int = 7, spoken: int = 0, habits: int = 0, is_clause: bool = False) -> float:
    """The risk of a picture of those figures on no ground."""
    staging = Staging(view=View.GROUP, figures=figures)
    return weigh_risk(Count(words=words, spoken=spoken, habits=habits), staging, is_clause=is_clause)


def test_who_says_something_is_the_surest_and_two_who_only_stand_are_the_least() -> None:
    said = risk_of(ANNA, spoken=4)
    walked = risk_of(SHE_WALKS)
    two = risk_of(SHE_WALKS, HE_STANDS)

    assert 0.0 < said < walked < two < risk_of(HE_STANDS, HE_STANDS) < 0.5


@pytest.mark.parametrize("more", [{"words": 12}, {"habits": 1}, {"is_clause": True}])
def test_what_is_longer_told_of_a_time_or_cut_from_its_sentence_is_riskier(more: dict[str, int]) -> None:
    assert risk_of(SHE_WALKS, **more) > risk_of(SHE_WALKS)  # type: ignore[arg-type]


def test_a_place_that_only_the_chapter_tells_is_riskier_than_one_of_the_passage() -> None:
    def placed(source: Source) -> float:
        staging = Staging(view=View.SCENE, setting=Setting.ROOM, source=source, figures=(SHE_WALKS,))
        return weigh_risk(Count(words=5), staging, is_clause=False)

    assert placed(Source.CHAPTER) > 1.5 * placed(Source.PASSAGE)


def test_somebody_who_does_something_where_no_place_is_known_is_drawn_whole() -> None:
    """A face would show none of what she does, and words alone less than a figure."""
    chapter = chapter_of(CALM * 3, f"{CALM * 2}“Where is the key?” cried Anna Brown. {CALM}", CALM * 3, number=1)
    (scene,) = read_chapter(TextRequest(book_title="A book", language="", chapter=chapter, scenes=1)).scenes

    assert scene.staging is not None
    assert scene.staging.view is View.GROUP
    assert [figure.deed for figure in scene.staging.figures] == [Deed.SHOUT]
