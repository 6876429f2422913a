"""What a chapter quotes is its moment, and a thing alone is a picture only of what is told of the thing."""

import pytest

from imaginized.providers.builtin.coverage import Count
from imaginized.providers.builtin.events import weigh_passage
from imaginized.providers.builtin.plates.typographic import LAYOUTS, ORNAMENTS, is_dark, layout_of
from imaginized.providers.builtin.safety import least_safety, weigh_safety
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Staging, View

KEY = Staging(view=View.OBJECT, things=(Thing.KEY,))


def test_words_in_type_are_laid_out_in_every_way() -> None:
    """Each ornament comes on each paper in each place before one of them comes back."""
    made = {(turn % len(ORNAMENTS), is_dark(turn), layout_of(turn)) for turn in range(36)}

    assert len(made) == 2 * len(ORNAMENTS) * len(LAYOUTS)


def test_a_thing_that_a_passage_is_about_is_drawn() -> None:
    """Nobody else is told of."""
    assert weigh_safety(0.5, Count(things={"key"}, words=12), KEY, sentences=1) >= least_safety(View.OBJECT)


@pytest.mark.parametrize("told", [Count(pronouns={"she"}), Count(nouns={"man"}), Count(deeds=[Deed.RUN])])
def test_a_thing_is_no_picture_of_somebody(told: Count) -> None:
    """Who runs with a key is not shown by the key alone."""
    assert weigh_safety(0.5, told, KEY, sentences=1) < least_safety(View.OBJECT)


def test_what_happens_makes_a_moment() -> None:
    """More in as many words, a higher stretch of the chapter, and a later place are worth more."""
    quiet = weigh_passage(0.0, 20, 0.0, 0.1)

    assert weigh_passage(30.0, 20, 0.0, 0.1) > quiet > 0
    assert weigh_passage(0.0, 20, 1.0, 0.1) > quiet
    assert weigh_passage(0.0, 20, 0.0, 0.9) > quiet
