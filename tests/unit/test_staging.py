"""What is to be seen in a scene, as a record: stored with the scene, read from older and from newer data."""

import json

from imaginized.store.records import dump, parse
from imaginized.story.elements import Quote, Scene
from imaginized.story.stage_lists import BROADER, PLAINER, ROOFED, Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Source, Staging, View

STAGING = Staging(
    setting=Setting.WALLED_GARDEN,
    confidence=0.9,
    source=Source.PASSAGE,
    evidence="in the walled garden",
    indoors=False,
    figures=(
        Figure(name="Anna", deed=Deed.RAISE, holds=Thing.LAMP, toward=1),
        Figure(noun="boy", deed=Deed.KNEEL),
    ),
    things=(Thing.LAMP,),
    view=View.SCENE,
)
QUOTE = Quote(text="Anna raised the lamp.", chapter=1, start=0, page=1)
SCENE = Scene(chapter=1, number=1, quote=QUOTE, description="Anna with a lamp", pages=(1, 1), staging=STAGING)


def test_stored_with_its_scene() -> None:
    """A scene with its staging survives the way to the disk and back."""
    assert parse(dump(SCENE), Scene) == SCENE


def test_old_scenes_have_none() -> None:
    """A scene written before there was staging reads as one without."""
    stored = json.loads(dump(SCENE))
    del stored["staging"]

    assert parse(json.dumps(stored).encode(), Scene).staging is None


def test_words_of_a_later_version_read_as_unknown() -> None:
    """A setting, deed or thing that this version does not know makes no file unreadable."""
    stored = json.loads(dump(SCENE))
    stored["staging"] |= {"setting": "moon base", "things": ["astrolabe"], "view": "panorama", "lens": "wide"}

    staging = parse(json.dumps(stored).encode(), Scene).staging

    assert staging is not None
    assert (staging.setting, staging.things, staging.view) == (Setting.UNKNOWN, (Thing.NONE,), View.TYPOGRAPHIC)


def test_a_place_is_drawn_only_when_sure() -> None:
    """Below the bound of confidence a setting does not count as known."""
    assert STAGING.is_placed
    assert not Staging(setting=Setting.GARDEN, confidence=0.4).is_placed
    assert not Staging(confidence=1.0).is_placed


def test_neighbours_end_somewhere() -> None:
    """From every setting and deed its broader ones lead to one that has none; a roof stays a roof."""
    for setting in BROADER:
        assert (setting in ROOFED) == (BROADER[setting] in ROOFED)
    neighbours = {**{str(a): str(b) for a, b in BROADER.items()}, **{str(a): str(b) for a, b in PLAINER.items()}}
    for start in neighbours:
        seen = [start]
        while seen[-1] in neighbours:
            seen.append(neighbours[seen[-1]])
            assert len(seen) == len(set(seen))
