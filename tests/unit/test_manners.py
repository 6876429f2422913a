"""How those in a picture do what they do: on what they sit, which way they go, what is in their hands."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.manners import heed_manners
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Lack, Staging, Support, View, Way


def told(text: str, *figures: Figure, things: tuple[Thing, ...] = (), view: View = View.GROUP) -> Staging:
    return heed_manners(Staging(figures=figures, things=things, view=view), text)


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("The girl sat down on the floor and took off her shoes.", Support.FLOOR),
        ("The old woman was sitting on the front doorsteps.", Support.STEPS),
        ("The boy perched himself upon a mossy log.", Support.LOG),
        ("The two sat down on some empty sacks.", Support.SACKS),
        ("The boy sat in his chair.", Support.UNKNOWN),
        ("The boy sat down. The dog lay on the floor.", Support.UNKNOWN),
    ],
)
def test_what_bears_who_sits_is_read(text: str, support: Support) -> None:
    """The ground, steps, logs and sacks bear who sits there; a chair, and another sentence, tell of none of them."""
    (figure,) = told(text, Figure(noun="boy", deed=Deed.SIT)).figures

    assert figure.support is support


@pytest.mark.parametrize(
    ("text", "deed", "upon", "way"),
    [
        ("She went downstairs.", Deed.WALK, Thing.STAIRS, Way.DOWN),
        ("She ran up the back stairs.", Deed.RUN, Thing.STAIRS, Way.UP),
        ("Up the ladder went the sailor.", Deed.WALK, Thing.LADDER, Way.UP),
        ("She climbed upon a kitchen chair.", Deed.CLIMB, Thing.CHAIR, Way.UP),
        ("She walked up to the house.", Deed.WALK, Thing.NONE, Way.UNKNOWN),
        ("He was heard upstairs.", Deed.LISTEN, Thing.NONE, Way.UNKNOWN),
    ],
)
def test_who_goes_up_or_down_is_on_the_stairs(text: str, deed: Deed, upon: Thing, way: Way) -> None:
    """Stairs, ladders and the chair that is climbed are below who goes there; who only hears of them stands."""
    (figure,) = told(text, Figure(noun="girl", deed=deed)).figures

    assert (figure.upon, figure.way) == (upon, way)


def test_who_looks_away_is_turned_away() -> None:
    """Who looks away from the other has the back to that one; who looks at him has not."""
    pair = (Figure(noun="girl", deed=Deed.LOOK, toward=1), Figure(noun="man"))

    away = told("The girl looked into the valley, away from the man.", *pair).figures[0]
    at = told("The girl looked at the man.", *pair).figures[0]

    assert (away.way, away.toward) == (Way.AWAY, None)
    assert (at.way, at.toward) == (Way.UNKNOWN, 1)


def test_a_beast_has_the_colour_that_is_said_of_it() -> None:
    """The white horse is white; a horse beside a white gate has no colour told."""
    horse = Figure(noun="horse", being=Being.CREATURE, species=Species.HORSE, deed=Deed.WALK)

    assert told("An old white horse came along the lane.", horse).figures[0].coat == "white"
    assert told("The horse passed the white gate.", horse).figures[0].coat == ""


def test_what_somebody_has_is_in_the_hand() -> None:
    """A sword that is pointed and a parasol that they are under are held; what is looked for is not."""
    man = Figure(noun="man", deed=Deed.POINT, toward=1)

    assert told("He pointed his sword at the boy.", man, things=(Thing.SWORD,)).figures[0].holds is Thing.SWORD
    assert told("He asked for his sword.", man, things=(Thing.SWORD,)).figures[0].holds is Thing.NONE


def test_who_weeps_in_a_chair_sits() -> None:
    """Who sinks into a chair and weeps does it there, who sits smoking sits, and who rises does not."""
    weeping = told("The widow sank into a chair and wept.", Figure(noun="widow", deed=Deed.WEEP)).figures[0]
    smoking = told("The farmer sat there and smoked.", Figure(noun="farmer", deed=Deed.SMOKE)).figures[0]
    rising = told("The farmer rose from where he sat and smoked.", Figure(noun="farmer", deed=Deed.SMOKE)).figures[0]

    assert (weeping.deed, weeping.upon) == (Deed.WEEP, Thing.CHAIR)
    assert (smoking.deed, smoking.holds) == (Deed.SIT, Thing.PIPE)
    assert rising.deed is Deed.SMOKE


def test_a_deed_of_the_hands_that_is_not_read_lacks() -> None:
    """Who fingers a lip does what no face shows; who only looks lacks nothing."""
    man = Figure(noun="man", deed=Deed.STAND)

    assert Lack.DEED in told("The captain fingered his lip.", man).lacks
    assert told("The captain looked grave.", man).lacks == ()


def test_no_thing_is_shown_without_who_is_with_it() -> None:
    """A glass in somebody's hand is no picture of a glass."""
    man = Figure(noun="man", holds=Thing.GLASS)

    assert told("The man stood with a glass in his hand.", man, view=View.OBJECT).view is View.PORTRAIT
    assert told("A glass stood there.", view=View.OBJECT).view is View.OBJECT


def test_who_is_run_after_runs_ahead() -> None:
    """Both run the same way where one hastens after the other."""
    staging = stage_quote("The girl hastened after the boy.")

    assert [figure.deed for figure in staging.figures] == [Deed.RUN, Deed.RUN]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("She tripped away and he stood looking after her.", Way.AWAY),
        ("He watched her steal upstairs.", Way.AWAY),
        ("She departed, and he sighed.", Way.AWAY),
        ("She walked to the department store.", Way.UNKNOWN),
        ("She came in and he smiled.", Way.UNKNOWN),
    ],
)
def test_of_two_the_one_who_goes_is_seen_to_go(text: str, way: Way) -> None:
    """Who stays looks after her; who comes is met."""
    walker, watcher = Figure(noun="woman", deed=Deed.WALK), Figure(noun="man", deed=Deed.LOOK, toward=0)

    assert told(text, walker, watcher).figures[0].way is way


def test_who_is_looked_after_goes() -> None:
    """The passage need not say it: who looks after somebody sees his back; nobody goes who is only cared for."""
    pair = Figure(noun="man", deed=Deed.LOOK, toward=1), Figure(noun="woman", deed=Deed.STAND)

    left = told("He looked after her a moment.", *pair).figures[1]
    kept = told("He looked after her while she was ill.", *pair).figures[1]
    meets = told("He watched her walk up to him.", pair[0], replace(pair[1], deed=Deed.WALK, toward=0)).figures[1]

    assert meets.toward == 0
    assert (left.deed, left.way) == (Deed.WALK, Way.AWAY)
    assert (kept.deed, kept.way) == (Deed.STAND, Way.UNKNOWN)


def test_who_go_together_do_not_turn_from_each_other() -> None:
    """Both walk away, side by side."""
    pair = Figure(name="Anna", deed=Deed.WALK), Figure(name="Berta", deed=Deed.WALK)

    assert [it.way for it in told("Anna and Berta walked home.", *pair).figures] == [Way.UNKNOWN, Way.UNKNOWN]
