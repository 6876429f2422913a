"""Names in a chapter for provider `builtin`: what the words around them make of them. Uses the reader as a whole."""

import pytest

from imaginized.story.elements import ElementType
from tests.unit.test_words import named, read

CHARACTER, CREATURE, PLACE, ITEM = ElementType


@pytest.mark.parametrize(
    "text",
    [
        "We went on board the Pequod. The Pequod was old. I liked the Pequod.",
        "The crew of the Pequod slept. They loved the old Pequod, for the Pequod was good.",
        "Far off, the ivory Pequod’s weedy hull rose. They saw the Pequod. They hailed the Pequod.",
        "A schooner, the Demeter, came in. The Demeter was Russian. They watched the Demeter.",
        "At noon the Pequod sailed. They saw the Pequod. He had left the Pequod.",
    ],
)
def test_a_ship_is_a_thing(text: str) -> None:
    """Aboard the X, the crew of the X, the X's hull, the schooner X, the X sailed: no person and no place."""
    ships = [element for element in read(text).elements if element.name in ("Pequod", "Demeter")]

    assert [ship.type for ship in ships] == [ITEM]


def test_a_captain_who_sails_is_no_ship() -> None:
    """A title outweighs sailing."""
    reply = read("Captain Ahab sailed at noon. Captain Ahab stood on the deck. “Ay,” said Captain Ahab.")

    assert named(reply)["Captain Ahab"].type is CHARACTER


def test_a_name_before_a_noun_is_no_place() -> None:
    """In the Vampire fold, near Gayelette's palace: the words are about the fold and the palace."""
    reply = read(
        "There was one more victim in the Vampire fold, and one in the Vampire grave. They feared the Vampire.",
        "They lived near Gayelette’s palace, in Gayelette’s wood. They loved Gayelette.",
    )

    found = named(reply)
    assert found["Vampire"].type is not PLACE
    assert found["Gayelette"].type is CHARACTER


def test_battles_and_streets_are_of_places() -> None:
    """The battle of X, the streets of X, along the X: a place, though it "was" something."""
    reply = read(
        "The battle of Borodino was lost. After Borodino they wept. Borodino was a name of grief.",
        "They rowed along the Sereth. The waters were high. The banks of the Sereth were low.",
    )

    assert {named(reply)["Borodino"].type, named(reply)["Sereth"].type} == {PLACE}


def test_a_city_that_is_called_says_nothing() -> None:
    """Only the name after its own verb of speech speaks: not "a city, called Paris", not "he asked Paris"."""
    reply = read("They lived in a city, called Paris. They came from Paris. A week later they left Paris.")

    assert named(reply)["Paris"].type is PLACE


def test_who_gallops_is_no_horse() -> None:
    """Riders gallop and trot, too."""
    reply = read("Danilo galloped up the hill. “Hounds,” said Danilo. Danilo trotted away on his horse.")

    assert named(reply)["Danilo"].type is CHARACTER


def test_a_last_name_that_a_river_has_is_no_river() -> None:
    """Geography in the last word makes a place only of one word or after "South"."""
    reply = read(
        "From Mina Murray came a letter. The letter of Mina Murray was short. It pleased all, and Mina Murray too."
    )

    assert named(reply)["Mina Murray"].type is CHARACTER


def test_bare_creatures_are_nobody() -> None:
    """A bland noun is an element only with what tells it from others: no "Creature" that is all creatures."""
    reply = read(
        "A small white creature ran. Then the creature hid. A huge black creature came. The creature roared. "
        "The small white creature cried."
    )

    assert "Creature" not in named(reply)


def test_a_plural_ends_its_phrase() -> None:
    """In "the big black horses fly" no fly is told of, nor in "I heard cows" a heard cow."""
    reply = read("The big black horses fly over the road. The big black horses fly. I heard cows and heard cows again.")

    assert "Fly" not in named(reply)
    assert not any("heard" in element.description for element in reply.elements)


def test_oz_is_the_great_wizard() -> None:
    """What a name is called after a comma or "is", with praise or blame, is the same person; a list is not."""
    reply = read(
        "It is ruled by Oz, the Great Wizard. “I am Oz,” said Oz. The Great Wizard sat down. Oz laughed. "
        "There went Toto, the Cowardly Lion, the Tin Woodman. The Cowardly Lion roared. Toto barked at Toto."
    )

    found = named(reply)
    assert "Great Wizard" in found["Oz"].aliases
    assert found["Toto"].aliases == ()
    assert "Cowardly Lion" in found


def test_weather_is_nobody_but_daisy_is() -> None:
    """A noun of nature, food or plants with "the" is no name; a woman who is called by a flower is."""
    reply = read(
        "The sea felt the Typhoon. They feared the Typhoon, and the Typhoon came. The Typhoon blew on the sea. "
        "“Come,” said Daisy. Daisy laughed, and Daisy sat."
    )

    assert "Typhoon" not in named(reply)
    assert "Daisy" in named(reply)


def test_a_lost_blank_loses_no_title() -> None:
    """Some PDFs print "Mrs.Walker"; she is Mrs. Walker."""
    reply = read("“It is so,” said Mrs.Walker. He saw Mrs. Walker in the garden, and Mrs.Walker smiled.")

    assert [element.name for element in reply.elements if "Walker" in element.name] == ["Mrs. Walker"]


def test_a_saint_with_a_church_is_a_place() -> None:
    """St. Mary's Church and "at St. Peter's" are places; Saint Peter who speaks is not."""
    place = read("They stood by St. Mary’s Church. The windows of St. Mary’s Church shone. He went to St. Mary’s.")
    person = read("“Come in,” said Saint Peter. Saint Peter laughed, and they went with Saint Peter to the gate.")

    assert named(place)["St. Mary"].type is PLACE
    assert named(person)["Saint Peter"].type is CHARACTER
