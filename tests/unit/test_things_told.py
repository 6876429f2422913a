"""Things that are acted on: what is torn, handed, dropped, shut and held in passing, and where it is shown."""

import pytest

from imaginized.providers.builtin.plates.compose import compose_plate
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Time
from tests.unit.test_plates import request

CAST = tuple(Element(type=ElementType.CHARACTER, name=name) for name in ("Anna", "Tom", "Oliver"))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Anna caught her, and tore the postcard into pieces.", Thing.CARD),
        ("Tom folded the letter.", Thing.LETTER),
        ("Anna closed the book.", Thing.BOOK),
        ("Anna came in with a tray.", Thing.TRAY),
        ("Tom sat by the fire with a book in his hand.", Thing.BOOK),
        ("Tom walked to the door, his hat on, and some papers in his hand.", Thing.PAPER),
        ("Tom was carrying two pails.", Thing.PAIL),
        ("Tom snatched the cloth from the table.", Thing.CLOTH),
        ("Anna handed Tom a cup of tea.", Thing.CUP),
        ("Tom struck a match.", Thing.MATCH),
        ("Tom threw a stone at Oliver.", Thing.STONE),
        ("Tom looked up from his book and laughed.", Thing.BOOK),
        ("Oliver fired his pistol at Tom.", Thing.PISTOL),
        ("Tom turned over the book and laughed.", Thing.BOOK),
        ("The woman turned from his letters.", Thing.NONE),
        ("Tom tore along the road.", Thing.NONE),
        ("Tom saw the letter in her hand.", Thing.NONE),
        ("Tom came up to Oliver, touching his cap.", Thing.NONE),
    ],
)
def test_what_is_in_the_hand(text: str, held: Thing) -> None:
    """A thing that is torn, shown or told to be in a hand is held; one that is only looked at is not."""
    assert {figure.holds for figure in stage_quote(text, CAST).figures} - {Thing.NONE} == {held} - {Thing.NONE}


@pytest.mark.parametrize(
    ("text", "fallen"),
    [
        ("The hat lay on the floor, and Tom looked at it.", (Thing.HAT,)),
        ("Anna dropped the letter.", (Thing.LETTER,)),
        ("Tom dropped the bundle on the bed.", (Thing.BAG,)),
        ("The book was on the table. Tom sat on the floor.", ()),
        ("Anna dropped her eyes.", ()),
    ],
)
def test_what_lies_on_the_floor(text: str, fallen: tuple[Thing, ...]) -> None:
    """What is let fall or lies there is on the floor, and on no table."""
    assert stage_quote(text, CAST).fallen == fallen


@pytest.mark.parametrize(
    ("text", "deed", "upon"),
    [
        ("Anna shut the door behind her.", Deed.CLOSE, Thing.DOOR),
        ("Tom peeped through the door.", Deed.LOOK, Thing.DOOR),
        ("Tom went to the door and waited.", Deed.WALK, Thing.DOOR),
        ("Tom stood at the door.", Deed.STAND, Thing.DOOR),
        ("Tom stood at the door and looked at Anna.", Deed.LOOK, Thing.DOOR),
        ("Tom closed his eyes.", Deed.STAND, Thing.NONE),
        ("Tom shut up the shop.", Deed.STAND, Thing.NONE),
    ],
)
def test_a_door_is_of_the_deed(text: str, deed: Deed, upon: Thing) -> None:
    """Who shuts a door, goes to one, or peeps through it is shown at a door."""
    figure = stage_quote(text, CAST).figures[0]

    assert (figure.deed, figure.upon) == (deed, upon)


@pytest.mark.parametrize(
    ("text", "setting", "indoors"),
    [
        ("The boys came running along the embankment and leaped aboard the train.", Setting.TRAIN, None),
        ("The king was old. The palace shone. Tom waited in the lobby and laughed.", Setting.ROOM, True),
        ("Anna was reading about the castle.", Setting.UNKNOWN, None),
    ],
)
def test_no_place_is_made_of_a_word_by_the_way(text: str, setting: Setting, indoors: bool | None) -> None:
    """A train that is boarded is seen from outside; a lobby is no banquet hall; what is read about is elsewhere."""
    staging = stage_quote(text, CAST)

    assert staging.setting in (setting, Setting.UNKNOWN) or not staging.is_placed
    assert staging.indoors in (indoors, None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The lamp was tossed across the room. Tom began to cry out in the dark.", Time.NIGHT),
        ("Anna put out the lamp, and lay down.", Time.NIGHT),
        ("Tom put out his hand.", Time.UNKNOWN),
        ("Tom looked in the dark mirror.", Time.UNKNOWN),
    ],
)
def test_the_dark_is_night(text: str, time: Time) -> None:
    """A lamp that is put out and a cry in the dark tell of the light; a dark mirror does not."""
    assert stage_quote(text, CAST).time is time


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The horses sprang forward, and the sleigh was off in the snow.", "sleigh"),
        ("The charioteer shouted to his horses, and they galloped.", "carriage"),
    ],
)
def test_horses_before_a_carriage_draw_it(text: str, told: str) -> None:
    """Horses with a sleigh, or with the one who drives them, are in harness."""
    asked = request(text, *CAST)

    assert told in {player.vehicle for player in choose_players(asked, stage_quote(text, CAST))}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Tom stood in the library, and the rain beat against the window.", "rain at the window"),
        ("Anna dropped the letter, and ran to Tom.", "a letter on the floor"),
        ("Tom stood at the door and looked at Anna.", "at a door"),
        ("Oliver sat at the desk. Anna looked at Oliver.", "sits at a desk"),
    ],
)
def test_the_text_says_what_is_shown(text: str, told: str) -> None:
    """The text of a picture tells of the rain outside, of what lies on the floor and of the door."""
    assert told in compose_plate(request(text, *CAST))[1].alt
