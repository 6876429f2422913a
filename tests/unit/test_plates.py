"""Storyboard plates: which words decide the picture, that it is the same everywhere, and that its type fits."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import Canvas, Face
from imaginized.providers.builtin.plates.cast import choose_actors
from imaginized.providers.builtin.plates.compose import PICTURE, draw_plate
from imaginized.providers.builtin.plates.grammar import deeds_of
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import read_passage
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.typeset import can_set, fit_line, leading, printable, set_quote
from imaginized.providers.builtin.plates.untold import NEAREST, choose_frame
from imaginized.providers.builtin.plates.words import Place
from imaginized.story.elements import Element, ElementType, Quote, Scene

ROOT = Path(__file__).resolve().parents[2]
DOROTHY = Element(type=ElementType.CHARACTER, name="Dorothy", description="a little girl in a blue dress")
LION = Element(type=ElementType.CHARACTER, name="Cowardly Lion", description="a great beast")
CHARACTER = ElementType.CHARACTER
ROAD = "The road of yellow brick ran over the hills, and they walked along it under the sun."


def request(
    text: str, *elements: Element, title: str = "A Book", width: int = 1536, height: int = 1024, lighting: str = ""
) -> ImageRequest:
    names = tuple(element.name for element in elements)
    quote = Quote(text=text, chapter=1, start=0, page=1)
    scene = Scene(chapter=1, number=1, quote=quote, description="", lighting=lighting, elements=names, pages=(1, 1))
    return ImageRequest(
        book_title=title, chapter_title="I: A Chapter", scene=scene, elements=elements, width=width, height=height
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("She looked over the great gray prairie that reached the sky on every side.", Place.PRAIRIE),
        ("They went deeper into the forest, where the trees stood close.", Place.FOREST),
        (ROAD, Place.HILLS),
        ("The peaks of the mountains shone above the glacier.", Place.MOUNTAINS),
        ("He sat in his armchair in the room and looked from the window at the houses.", Place.ROOM),
        ("The king sat upon his throne in the hall.", Place.HALL),
        ("The fog lay on the street, and the cab rattled over the pavement.", Place.TOWN),
        ("The whale rose from the sea and the oars struck the waves.", Place.SEA),
        ("He paced the deck, and leaned upon the bulwarks by the mast.", Place.DECK),
        ("The raft drifted down the river between its banks.", Place.RIVER),
        ("We walked on the beach while the tide went out.", Place.SHORE),
        ("The towers of the castle rose above the battlements.", Place.CASTLE),
        ("The children ran among the poppies and roses of the garden.", Place.GARDEN),
        ("They crossed the desert from dune to dune.", Place.DESERT),
        ("The priest stood at the altar of the chapel.", Place.CHURCH),
        ("They crept into the cave by the tunnel.", Place.CAVE),
        ("At three I was at Baker Street and sat down beside the fire.", Place.ROOM),
        ("He placed two withered flowers upon the table.", Place.ROOM),
        ("In front of them was a big gate with emeralds.", Place.CASTLE),
    ],
)
def test_place_from_words(text: str, place: Place) -> None:
    """The words of the passage choose the kind of place."""
    reading = read_passage(request(text))

    assert reading.place is place


def test_comparison_is_no_place() -> None:
    """What stands in a simple comparison is not where the scene is."""
    reading = read_passage(request("The corn lay before her like a sea of gold, and she ran through the field."))

    assert reading.place is Place.FIELD


def test_denied_thing_is_not_there() -> None:
    """A thing the passage says is missing is not drawn."""
    reading = read_passage(request("Not a tree nor a house broke the sweep of the prairie."))

    assert "house" not in reading.things


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("The moon and the stars stood over the field.", Light.NIGHT),
        ("The storm broke with thunder over the field.", Light.STORM),
        ("At sunset they came to the field.", Light.DUSK),
        ("It was daybreak on the field.", Light.DAWN),
        ("Thick fog lay over the field.", Light.FOG),
        ("Snow lay deep on the field.", Light.SNOW),
        ("They crossed the field.", Light.DAY),
        ("The sun had gone below the horizon of the field.", Light.DUSK),
        ("The cyclone had set her down in a lovely field.", Light.DAY),
    ],
)
def test_light_from_words(text: str, light: Light) -> None:
    """Time of day and weather come from the passage."""
    reading = read_passage(request(text))

    assert reading.light is light


def test_light_of_scene_counts() -> None:
    """The scene's own lighting decides where the passage is silent."""
    reading = read_passage(request("They crossed the field.", lighting="moonlight"))

    assert reading.light is Light.NIGHT


@pytest.mark.parametrize(("verb", "deed"), [("ran", "run"), ("sat", "sit"), ("knelt", "kneel"), ("fought", "fight")])
def test_deed_from_verb(verb: str, deed: str) -> None:
    """The verbs decide what the figures do."""
    reading = read_passage(request(f"The man {verb} in the field."))

    assert reading.deeds[0] == deed


def test_deed_needs_a_doer() -> None:
    """What fog and roads do is not what the figures do."""
    reading = read_passage(request("Fog lay on the field as the man hurried past."))

    assert reading.deeds[0] == "run"


def test_people_counted() -> None:
    """As many people are drawn as the passage counts."""
    plate_request = request("Two men walked over the field.")

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert [actor.noun for actor in actors] == ["man", "man"]


def test_character_keeps_looks() -> None:
    """A character has the same looks in every scene of a book."""
    first, second = request(ROAD, DOROTHY, LION), request("Snow lay on the mountains.", LION, DOROTHY)

    looks = [{a.name: (a.look, a.accent, a.kind) for a in choose_actors(r, read_passage(r))} for r in (first, second)]

    assert looks[0] == looks[1]
    assert looks[0]["Cowardly Lion"][2] == "lion"
    assert looks[0]["Dorothy"][0].garment == "dress"


def test_same_bytes_in_another_process() -> None:
    """The same request gives the same bytes in any process."""
    program = (
        "import hashlib, tests.unit.test_plates as t\n"
        "print(hashlib.sha256(t.draw_plate(t.request(t.ROAD, t.DOROTHY)).data).hexdigest())"
    )
    here = hashlib.sha256(draw_plate(request(ROAD, DOROTHY)).data).hexdigest()

    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert there.stdout.strip() == here


@pytest.mark.parametrize("place", list(Place))
def test_every_place_draws(place: Place) -> None:
    """Every kind of place gives a whole JPEG of the size asked for and says in words what it shows."""
    word = {Place.TOWN: "street", Place.HALL: "throne"}.get(place, place.value)

    reply = draw_plate(request(f"There was thunder and a moon in the {word} where the two men stood.", DOROTHY))

    with Image.open(io.BytesIO(reply.data)) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", (1536, 1024))
    assert "Dorothy" in reply.alt
    assert reply.method == "storyboard plate"
    assert reply.prompt == ""


@pytest.mark.parametrize("size", [(1024, 1024), (1536, 1024), (512, 768)])
def test_size_asked_for(size: tuple[int, int]) -> None:
    """Another size or aspect ratio is met exactly."""
    reply = draw_plate(request(ROAD, width=size[0], height=size[1]))

    with Image.open(io.BytesIO(reply.data)) as image:
        assert image.size == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "…",
        "吾輩は猫である。名前はまだ無い。",
        "كان يا ما كان",
        "\u2060zero\u200bwidth\u00ad",
        "x" * 10_000,
        "words " * 2_000,
    ],
    ids=["empty", "blank", "dots", "japanese", "arabic", "invisible", "one long word", "long"],
)
def test_odd_quotes_draw(text: str) -> None:
    """No passage, however odd or long, stops a plate."""
    reply = draw_plate(request(text))

    assert reply.data.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "text", ["Short.", "A sentence of some length, and more. " * 9, "word " * 2_000, "x" * 3_000, "a, " * 500]
)
def test_quote_fits_panel(text: str) -> None:
    """Every line of the quote fits the measure, and all lines fit the height."""
    setting = set_quote(text, measure=1100, height=160)

    face = Face(setting.size, italic=True)
    assert all(face.width(line) <= 1100 for line in setting.lines)
    assert len(setting.lines) * leading(setting.size) <= 160


def test_cut_quote_ends_at_sentence() -> None:
    """A quote that is too long ends at a sentence or phrase, with an ellipsis."""
    setting = set_quote("The road ran over the hills to the sea. " * 40, measure=1100, height=160)

    assert not setting.whole
    assert setting.lines[-1].endswith("the sea. …”") or setting.lines[-1].endswith("the sea …”")


def test_title_fits() -> None:
    """A long title is cut with an ellipsis; one in letters the face lacks is left out."""
    long = fit_line("A very long chapter title " * 20, size=31, weight=600, measure=700)

    assert long.endswith("…")
    assert Face(31, weight=600).width(long) <= 700
    assert fit_line("第一章", size=31, weight=600, measure=700) == ""


def test_missing_letters_known() -> None:
    """The typeface says which scripts it cannot set."""
    assert can_set(printable("Natásha — “quoted”, fœtus, Über, ½, Ω, Наташа"))
    assert not can_set("猫")
    assert not can_set("كان")


def test_crowd_is_told() -> None:
    """The alternative text never says that nobody is there when a crowd is drawn."""
    reply = draw_plate(request("The army stood on the plain."))

    assert "a crowd" in reply.alt
    assert "nobody" not in reply.alt


def deeds_in(text: str, *elements: Element) -> dict[str, str]:
    plate_request = request(text, *elements)
    reading = read_passage(plate_request)
    actors = choose_actors(plate_request, reading)
    return {actor.name or actor.noun: deed for actor, deed in zip(actors, deeds_of(actors, reading.words), strict=True)}


TOTO = Element(type=ElementType.CREATURE, name="Toto", description="a little black dog")


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("Dorothy sat on the grass while Toto ran in the meadow.", {"Dorothy": "sit", "Toto": "run"}),
        ("Toto ran, and Dorothy knelt on the road.", {"Dorothy": "kneel", "Toto": "run"}),
        ("Dorothy and Toto walked over the hills.", {"Dorothy": "walk", "Toto": "walk"}),
        ("Dorothy saw Toto sleeping in the grass.", {"Dorothy": "stand", "Toto": "lie"}),
        ("Dorothy stood by the road after her walk, and Toto sat.", {"Dorothy": "stand", "Toto": "sit"}),
        ("Fog lay on the field, and she ran.", {"Dorothy": "run", "Toto": "run"}),
        ("By the road sat Dorothy, and Toto stood.", {"Dorothy": "sit", "Toto": "stand"}),
        ("They slept in the grass, all but Toto.", {"Dorothy": "lie", "Toto": "stand"}),
        ("Dorothy drew nearer, and knelt by Toto.", {"Dorothy": "kneel", "Toto": "stand"}),
    ],
)
def test_deed_follows_grammar(text: str, deeds: dict[str, str]) -> None:
    """Each figure does what the sentence says of it, not what another does."""
    found = deeds_in(text, DOROTHY, TOTO)

    assert found == deeds


@pytest.mark.parametrize(
    "text", ["The knight rode over the hills.", "Three horsemen galloped across the plain.", "A rider came at dawn."]
)
def test_riders_ride(text: str) -> None:
    """Who rides is drawn riding, also where no horse is named."""
    assert set(deeds_in(text).values()) == {"ride"}


@pytest.mark.parametrize(
    ("text", "count"),
    [("A pack of wolves ran over the plain.", 3), ("Two wolves ran over the plain.", 2), ("A wolf ran.", 1)],
)
def test_herd_is_several(text: str, count: int) -> None:
    """A noun for many shows several creatures, as many as are counted, never more than three."""
    plate_request = request(text)

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert [actor.kind for actor in actors] == ["wolf"] * count


def test_birds_are_told() -> None:
    """Birds in the sky are drawn and told."""
    reply = draw_plate(request("A flock of crows flew over the cornfield."))

    assert "birds overhead" in reply.alt


def test_balloon_is_told_where_there_is_sky() -> None:
    """A balloon is drawn and told under the open sky only."""
    alts = [draw_plate(request(f"The balloon rose from the {place}.")).alt for place in ("field", "parlour")]

    assert ["balloon" in alt for alt in alts] == [True, False]


def test_palette_of_style_guide() -> None:
    """A tone word in the style guide's palette colours the plate; the same word elsewhere does not."""
    plain = request(ROAD, DOROTHY)

    drawn = {style: draw_plate(replace(plain, style=style)).data for style in ("", "Palette: sepia", "Place: sepia")}

    assert drawn["Palette: sepia"] != drawn[""] == drawn["Place: sepia"]


def test_shorter_name_is_no_second_figure() -> None:
    """Somebody under a short and a full name is drawn once."""
    witches = [Element(type=ElementType.CHARACTER, name=name) for name in ("Wicked Witch", "Wicked Witch of the West")]
    plate_request = request("The Wicked Witch looked at the castle.", *witches)

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert [actor.name for actor in actors] == ["Wicked Witch of the West"]


def test_horses_stay_outdoors() -> None:
    """What is only heard from a room is not drawn in it."""
    plate_request = request("From his bed in the room he heard the horses; the man sat by the window.")

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert {actor.kind for actor in actors} == {"person"}


def test_nameless_join_the_named() -> None:
    """A man beside a woman is a second figure; "every man" and the man in a name are none."""
    hunter = Element(type=CHARACTER, name="Miss Hunter")
    texts = ("By Miss Hunter stood a tall man in the field.", "Miss Hunter wore boots in the field like every man.")

    shown = [[actor.noun for actor in choose_actors(r, read_passage(r))] for r in (request(t, hunter) for t in texts)]

    assert shown == [["woman", "man"], ["woman"]]


def test_churchyard_has_graves() -> None:
    """A churchyard is open country with graves, not a vault."""
    reading = read_passage(request("She stood in the churchyard by the tomb."))

    assert (reading.place, reading.has("graves")) == (Place.HILLS, True)


def test_only_compared_is_not_there() -> None:
    """Whom the passage names in a comparison only is not in the picture."""
    plate_request = request("Dorothy had a nose like the Lion, and ran.", DOROTHY, LION)

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert [actor.name for actor in actors] == ["Dorothy"]


def test_hats_come_off_indoors() -> None:
    """A hat for the street stays on out of doors only."""
    farmer = Element(type=ElementType.CHARACTER, name="Farmer Brown")
    requests = [request(f"Farmer Brown stood in the {place}.", farmer) for place in ("field", "parlour")]

    hats = [choose_actors(asked, read_passage(asked))[0].look.hat for asked in requests]

    assert hats == ["straw", ""]


def test_vague_creature_is_nobody() -> None:
    """What is only called an animal, or by a noun that no figure is known for, is not drawn as somebody."""
    vague = [Element(type=ElementType.CREATURE, name=name) for name in ("White animal", "Clam")]
    plate_request = request("A white animal ran through the field and found a clam.", *vague)

    assert not choose_actors(plate_request, read_passage(plate_request))


def test_legend_names_only_the_drawn() -> None:
    """Who sits in the boat is told; a beast that is not drawn there is not."""
    reply = draw_plate(request("Ahab saw a horse from the boat on the sea.", Element(type=CHARACTER, name="Ahab")))

    assert "Ahab" in reply.alt
    assert "horse" not in reply.alt


def test_part_fills_the_picture() -> None:
    """A framed part is as large as the whole was."""
    canvas = Canvas(60, 40, seed=1)
    canvas.paint(canvas.whole().box(30, 20, 60, 40), (255, 255, 255))

    canvas.frame((30, 20, 60, 40))

    assert (canvas.image.size, canvas.image.getpixel((2, 2))) == ((60, 40), (255, 255, 255))


def test_named_creature_of_no_kind_is_a_person() -> None:
    """Somebody with a proper name is no wolf for want of a better word."""
    unknown = Element(type=ElementType.CREATURE, name="Váska Denísov")
    plate_request = request("Denísov stood in the field.", unknown)

    actors = choose_actors(plate_request, read_passage(plate_request))

    assert [actor.kind for actor in actors] == ["person"]


@pytest.mark.parametrize("share", [NEAREST, 0.85, 0.999, 1.0])
@pytest.mark.parametrize("foot", [34, 70, 96])
def test_frame_stays_in_the_picture(foot: int, share: float) -> None:
    """From however near a scene is shown, nothing beyond the edges of what was drawn is asked for."""
    stage = Stage(feet=PICTURE[1] - foot, size=200, centre=20, light_at=(1400, 90), depth=0.5, setting="in a cave")
    left, top, right, bottom = choose_frame(stage, PICTURE, share=share)

    assert 0 <= left < right <= PICTURE[0] + 1e-6
    assert 0 <= top < bottom <= PICTURE[1] + 1e-6
    assert right - left == pytest.approx(PICTURE[0] * share)
