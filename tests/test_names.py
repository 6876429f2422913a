"""Names in a chapter for provider `builtin`: what the words around them make of them. Uses the reader as a whole."""

import pytest

from imaginized.book.elements import ElementType
from tests.test_words import named, read

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
