"""Which passages provider `builtin` takes for scenes: whole moments in which something is done and can be seen."""

import pytest

from tests.unit.test_words import QUIET, read

GATE = (
    "Before the old stone gates stood three young girls, dressed in red coats trimmed with gold braid, by a blue lamp"
)
MARY = "Mary Brown stood by the old stone bridge in the moonlight, and a red lantern burned beside the dark river."


@pytest.mark.parametrize("end", [", and as she came near one of them said to her:", ", and behold,", " —and so;"])
def test_no_scene_ends_before_what_it_promises(end: str) -> None:
    """A passage that ends with a colon, comma or semicolon is none, be it ever so colourful and the only one."""
    reply = read(GATE + end, QUIET)

    assert not any(scene.quote.text.endswith((":", ",", ";")) for scene in reply.scenes)


def test_no_scene_ends_within_a_speech() -> None:
    """Where a speech that the last sentence begins goes on, the passage goes on or is none."""
    reply = read(GATE + ", and Anna cried, “Oh! the queen! She is here. She is late.” The girls ran away.")

    assert all(scene.quote.text.count("“") == scene.quote.text.count("”") for scene in reply.scenes)


def test_what_is_done_wins_over_what_is_there() -> None:
    """Of two passages with the same things the one in which they are seized, thrown and climbed is taken."""
    still = (
        "The red lantern of Anna was there on the wall of the tower, and the old rope was there by the window, as ever."
    )
    moved = (
        "Anna seized the red lantern of the tower at once, flung the old rope over the wall, and was in at the window."
    )

    assert "Anna seized" in read(still, QUIET * 4, moved).scenes[0].quote.text
    assert "Anna seized" in read(moved, QUIET * 4, still).scenes[0].quote.text


def test_a_dateline_is_no_beginning() -> None:
    """A passage that begins with its date loses to a like passage without a date."""
    assert read("29 October.—" + MARY, QUIET * 4, MARY.replace("Mary", "John")).scenes[0].quote.text.startswith("John")


def test_what_is_always_so_loses() -> None:
    """A passage of the present tense loses to the same passage told of the past."""
    present = (
        "The castle is on a steep rock, the old bridge is of stone, and the river and the forest are dark and deep."
    )
    past = present.replace("is ", "lay ").replace("are ", "lay ").replace("castle", "palace")

    assert "palace" in read(present, QUIET * 4, past).scenes[0].quote.text
