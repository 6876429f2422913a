"""Plates: what a scene's staging puts into the picture, that it is the same everywhere, and that its type fits."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import block
from imaginized.providers.builtin.plates.camera import Shot, shots_for
from imaginized.providers.builtin.plates.canvas import Canvas, Face
from imaginized.providers.builtin.plates.cast import named_actor
from imaginized.providers.builtin.plates.closeup import choose_setting
from imaginized.providers.builtin.plates.compose import PICTURE, choose_view, compose_plate, draw_plate
from imaginized.providers.builtin.plates.objects import PAPERS, outlines, things
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.players import ALIKE, choose_players, posture
from imaginized.providers.builtin.plates.poses import POSES
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.scenic import draw_scene
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.told import choose_light, tell_scene
from imaginized.providers.builtin.plates.typeset import can_set, fit_line, leading, printable, set_quote
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Sex, Staging, Time, View, Weather

ROOT = Path(__file__).resolve().parents[2]
DOROTHY = Element(type=ElementType.CHARACTER, name="Dorothy", description="a little girl in a blue dress")
ROAD = "The road of yellow brick ran over the hills, and Dorothy walked along it under the sun."
MAN = Figure(noun="man", sex=Sex.MAN)
WOMAN = Figure(noun="woman", sex=Sex.WOMAN, toward=0)
GIRL = Figure(name="Dorothy", sex=Sex.WOMAN, age=Age.CHILD)
HORSE = Figure(noun="horse", being=Being.CREATURE, species=Species.HORSE)
SEED_TITLE = "A Book"


def request(
    text: str,
    *elements: Element,
    staging: Staging | None = None,
    title: str = SEED_TITLE,
    width: int = 1536,
    height: int = 1024,
    chapter: int = 1,
    number: int = 1,
) -> ImageRequest:
    quote = Quote(text=text, chapter=chapter, start=0, page=1)
    names = tuple(element.name for element in elements)
    scene = Scene(
        chapter=chapter, number=number, quote=quote, description="", elements=names, pages=(1, 1), staging=staging
    )
    return ImageRequest(
        book_title=title, chapter_title="I: A Chapter", scene=scene, elements=elements, width=width, height=height
    )


def scene_of(setting: Setting, *figures: Figure, thing: Thing = Thing.NONE, time: Time = Time.UNKNOWN) -> Staging:
    things = (thing,) if thing else ()
    return Staging(
        setting=setting, confidence=0.9, figures=figures, view=View.SCENE, things=things, time=time, indoors=None
    )


@pytest.mark.parametrize("setting", [setting for setting in Setting if setting])
def test_every_setting_draws(setting: Setting) -> None:
    """Every kind of place has a backdrop, at whatever size, and says in words where it is."""
    staging = scene_of(setting, GIRL, MAN, time=Time.NIGHT)
    asked = request("x", DOROTHY, staging=staging)
    canvas = Canvas(742, 472, seed=1)
    before = canvas.image.tobytes()

    scene = draw_scene(canvas, tell_scene(asked, staging), staging, choose_players(asked, staging))

    assert canvas.image.tobytes() != before
    assert scene.composition.startswith(f"scene/{setting.value}")
    assert scene.where


def test_plate_is_a_whole_image() -> None:
    """A plate is a whole JPEG of the size asked for, made by no model, and its text names who is there."""
    reply = draw_plate(request("x", DOROTHY, staging=scene_of(Setting.GARDEN, GIRL, MAN)))

    with Image.open(io.BytesIO(reply.data)) as image:
        image.load()
        assert (image.format, image.size) == ("JPEG", (1536, 1024))
    assert "Dorothy" in reply.alt
    assert (reply.method, reply.prompt, reply.by_model) == ("storyboard plate", "", False)


def test_every_thing_has_a_drawing() -> None:
    """What a staging can name as a hero can be drawn, in papers that there are."""
    drawings = things() | outlines()

    assert [thing.value for thing in Thing if thing and thing.value not in drawings] == []
    assert {shape.paper for drawing in drawings.values() for shape in drawing.shapes} <= {*PAPERS, "glassy"}


def test_thing_is_shown_where_it_is_seen() -> None:
    """A ship never lies on a table, and the moon stands on nothing, whoever's turn it is."""
    for thing in things().values():
        shown = {choose_setting(thing, turn) for turn in range(6)}

        assert bool(shown & {"table", "niche", "cloth"}) == (thing.stands == ""), thing.kind


def test_object_is_told_and_nobody_is_there() -> None:
    """The plate of a thing shows the first that there is, and no figure."""
    staging = Staging(view=View.OBJECT, things=(Thing.LETTER, Thing.KEY))

    _, drawn = compose_plate(request("x", staging=staging))

    assert (drawn.people, "letter" in drawn.alt, drawn.composition.partition("/")[0]) == (0, True, "object")


@pytest.mark.parametrize(
    ("staging", "view"),
    [
        (Staging(view=View.SCENE, setting=Setting.HILLS, confidence=0.3, figures=(MAN, WOMAN)), View.GROUP),
        (Staging(view=View.SCENE, confidence=0.9, figures=(MAN,)), View.PORTRAIT),
        (Staging(view=View.PORTRAIT, things=(Thing.KEY,)), View.TYPOGRAPHIC),
        (Staging(view=View.OBJECT), View.TYPOGRAPHIC),
        (Staging(view=View.GROUP), View.TYPOGRAPHIC),
        (Staging(view=View.TYPOGRAPHIC, figures=(MAN,)), View.TYPOGRAPHIC),
    ],
)
def test_view_never_invents(staging: Staging, view: View) -> None:
    """A place that is not sure is not drawn; what is left is a group, a portrait or type."""
    players = choose_players(request("x"), staging)

    assert choose_view(staging, players) is view


def test_unread_language_gets_type() -> None:
    """A passage in a language that is not read becomes a plate of type."""
    _, drawn = compose_plate(request("吾輩は猫である。名前はまだ無い。"))

    assert drawn.composition.startswith("typographic")


@pytest.mark.parametrize("words", ["“I shall never come back!” he cried.", "He had gone, and nobody said why"])
def test_a_plate_of_type_says_a_short_passage(words: str) -> None:
    """The words of the passage are its picture, and its alt text; a long one leaves the title of its chapter."""
    _, short = compose_plate(request(words, staging=Staging()))
    _, long = compose_plate(request(f"{words} " * 9, staging=Staging()))

    assert words in short.alt
    assert words not in long.alt


def test_creature_without_outline_is_nobody() -> None:
    """A creature that has no outline is not drawn, and never as a person."""
    crab = Figure(noun="thing", being=Being.CREATURE, species=Species.UNKNOWN)

    players = choose_players(request("x"), Staging(figures=(crab, MAN)))

    assert [player.actor.noun for player in players] == ["man"]


def test_every_outline_is_known() -> None:
    """Every species has an outline: its own, or that of one it is like."""
    known = {*BEASTS, *outlines()}

    assert [species for species in Species if species and ALIKE.get(species, species.value) not in known] == []


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed])
def test_every_deed_has_a_posture(deed: Deed) -> None:
    """Whatever somebody does is drawn in a posture there is."""
    assert posture(Figure(noun="man", deed=deed)) in {*POSES, "stand"}


def test_several_alike_are_several() -> None:
    """Three sailors are three, and not one three times: they differ in looks."""
    players = choose_players(request("x"), Staging(figures=(replace(MAN, count=3),)))

    looks = [player.actor.look for player in players]
    assert len(looks) == 3
    assert len(set(looks)) == 3


def test_no_two_wear_one_colour() -> None:
    """However many people there are, no two wear clothes of one colour."""
    staging = Staging(figures=tuple(Figure(noun=f"man{i}", sex=Sex.MAN) for i in range(6)))

    for number in range(1, 9):
        cloths = [player.actor.look.cloth for player in choose_players(request("x", number=number), staging)]

        assert len(set(cloths)) == 6


@pytest.mark.parametrize(
    ("looks", "colour"), [("her fair hair", (206, 164, 92)), ("a man with a long black beard", (38, 32, 34))]
)
def test_hair_has_the_colour_that_is_told(looks: str, colour: tuple[int, int, int]) -> None:
    """Hair is drawn in the colour its looks say, whatever chance would choose."""
    somebody = Element(type=ElementType.CHARACTER, name="Sam", description=looks)

    assert named_actor(somebody, SEED_TITLE).look.hair == colour


@pytest.mark.parametrize(
    ("looks", "skin_of_straw", "grown"),
    [("a straw hat; old bathing suit; a little miss", False, True), ("a scarecrow stuffed with straw", True, True)],
)
def test_clothes_are_no_body(looks: str, skin_of_straw: bool, grown: bool) -> None:
    """A straw hat makes nobody a scarecrow, an old suit nobody old, and "little" alone nobody a child."""
    look = named_actor(Element(type=ElementType.CHARACTER, name="Sam", description=looks), SEED_TITLE).look

    assert (look.skin == (226, 192, 120), look.height > 0.8, min(look.hair) > 170) == (skin_of_straw, grown, False)


def test_thing_in_use_is_in_sight() -> None:
    """What somebody opens is there, before whatever else is."""
    opener = replace(MAN, deed=Deed.OPEN, upon=Thing.CHEST)
    staging = replace(scene_of(Setting.ATTIC, opener), things=(Thing.LAMP,))

    assert tell_scene(request("x"), staging).things[:2] == ("chest", "lamp")


def test_partners_survive_who_is_left_out() -> None:
    """Whom somebody turns to is still the same after a creature without outline was left out."""
    beast = Figure(noun="thing", being=Being.CREATURE)
    talker = Figure(noun="boy", sex=Sex.MAN, toward=2)

    players = choose_players(request("x"), Staging(figures=(beast, talker, WOMAN)))

    assert (players[0].actor.noun, players[0].toward) == ("boy", 1)


def test_rider_sits_on_the_horse_that_is_there() -> None:
    """Who rides has a mount; the horse of the passage is it and stands nowhere else."""
    rider = replace(MAN, deed=Deed.RIDE, toward=1)

    players = choose_players(request("x"), Staging(figures=(rider, HORSE)))

    assert [(player.actor.kind, player.mount is not None) for player in players] == [("person", True)]


def test_only_who_fits_is_in_the_boat() -> None:
    """A dog goes along in a boat and is told; a horse on the shore is neither drawn nor told."""
    dog = Figure(noun="dog", being=Being.CREATURE, species=Species.DOG)

    alt = draw_plate(request("x", staging=scene_of(Setting.BOAT, MAN, dog, HORSE))).alt

    assert ("dog" in alt, "horse" in alt) == (True, False)


def test_rider_without_horse_gets_one() -> None:
    """Who rides where no horse is named rides one; nobody does under a roof."""
    rider = replace(MAN, deed=Deed.RIDE)

    outside, inside = (
        choose_players(request("x"), Staging(figures=(rider,), indoors=indoors))[0] for indoors in (None, True)
    )

    assert (outside.mount is not None, inside.mount, inside.deed) == (True, None, "sit")


def test_partners_face_each_other() -> None:
    """Two who deal with each other stand side by side and face each other."""
    staging = scene_of(Setting.ROOM, MAN, WOMAN)
    asked = request("x", staging=staging)
    stage = Stage(feet=800, size=300, centre=700, light_at=(900, 90), depth=0.1, setting="")

    marks = block(tell_scene(asked, staging), stage, choose_players(asked, staging), width=PICTURE[0], shot=Shot.MEDIUM)

    left, right = sorted(marks, key=lambda mark: mark.at[0])
    assert (left.facing, right.facing) == (1, -1)


@pytest.mark.parametrize("count", range(1, 7))
def test_nobody_stands_twice_or_outside(count: int) -> None:
    """Each player has one mark, and all are within the picture."""
    staging = Staging(figures=tuple(Figure(noun=f"man{i}", sex=Sex.MAN) for i in range(count)))
    asked = request("x", staging=staging)
    stage = Stage(feet=880, size=520, centre=300, light_at=(1400, 90), depth=0.1, setting="")

    marks = block(tell_scene(asked, staging), stage, choose_players(asked, staging), width=PICTURE[0], shot=Shot.MEDIUM)

    assert sorted(mark.index for mark in marks) == list(range(count))
    assert all(40 <= mark.at[0] <= PICTURE[0] - 40 for mark in marks)


def test_half_length_shows_no_runner() -> None:
    """Who runs or lies is never shown from the waist up."""
    for deed in (Deed.RUN, Deed.LIE, Deed.KNEEL, Deed.FIGHT):
        players = choose_players(request("x"), Staging(figures=(replace(MAN, deed=deed), WOMAN)))

        assert not {Shot.CLOSE, Shot.SHOULDER} & set(shots_for(players, crowd=False))


@pytest.mark.parametrize("last", range(1, 10))
@pytest.mark.parametrize("view", [View.PORTRAIT, View.GROUP, View.OBJECT, View.TYPOGRAPHIC, View.SCENE])
def test_neighbours_are_composed_differently(view: View, last: int) -> None:
    """Two plates that follow each other never have the same composition, however alike their scenes."""
    staging = replace(scene_of(Setting.ROOM, MAN, WOMAN, thing=Thing.KEY), view=view)
    asked = [request("x", staging=staging, chapter=c, number=n) for c, n in ((1, last), (1, last + 1), (2, 1))]

    before, within, next_chapter = (compose_plate(one)[1].frame for one in asked)

    assert before != within
    assert before != next_chapter


@pytest.mark.parametrize(
    ("staging", "light"),
    [
        (Staging(), Light.DAY),
        (Staging(time=Time.NIGHT, weather=Weather.RAIN), Light.NIGHT),
        (Staging(time=Time.DUSK), Light.DUSK),
        (Staging(time=Time.DAWN), Light.DAWN),
        (Staging(weather=Weather.STORM), Light.STORM),
        (Staging(weather=Weather.FOG), Light.FOG),
        (Staging(weather=Weather.SNOW), Light.SNOW),
        (Staging(weather=Weather.STORM, indoors=True), Light.DAY),
        (Staging(setting=Setting.SNOW), Light.SNOW),
    ],
)
def test_light_from_staging(staging: Staging, light: Light) -> None:
    """Time of day and weather come from what the scene says; weather stays outside."""
    assert choose_light(staging) is light


def test_character_keeps_looks() -> None:
    """A character has the same looks in every scene of a book, whatever it does there."""
    looks = [
        choose_players(request(text, DOROTHY), scene_of(setting, GIRL))[0].actor.look
        for text, setting in (("one", Setting.FIELD), ("two", Setting.FOREST))
    ]

    assert looks[0] == looks[1]
    assert looks[0].height < 0.8


def test_same_bytes_in_another_process() -> None:
    """The same request gives the same bytes in any process."""
    program = (
        "import hashlib, tests.unit.test_plates as t\n"
        "asked = t.request(t.ROAD, t.DOROTHY, staging=t.scene_of(t.Setting.ROAD, t.GIRL, t.MAN))\n"
        "print(hashlib.sha256(t.draw_plate(asked).data).hexdigest())"
    )
    asked = request(ROAD, DOROTHY, staging=scene_of(Setting.ROAD, GIRL, MAN))
    here = hashlib.sha256(draw_plate(asked).data).hexdigest()

    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert there.stdout.strip() == here


@pytest.mark.parametrize("size", [(1024, 1024), (1536, 1024), (512, 768)])
def test_size_asked_for(size: tuple[int, int]) -> None:
    """Another size or aspect ratio is met exactly."""
    reply = draw_plate(request(ROAD, width=size[0], height=size[1]))

    with Image.open(io.BytesIO(reply.data)) as image:
        assert image.size == size


@pytest.mark.parametrize(
    "text",
    ["", " ", "…", "كان يا ما كان", "\u2060zero\u200bwidth\u00ad", "x" * 10_000, "words " * 2_000],
    ids=["empty", "blank", "dots", "arabic", "invisible", "one long word", "long"],
)
def test_odd_quotes_draw(text: str) -> None:
    """No passage, however odd or long, stops a plate."""
    reply = draw_plate(request(text))

    assert reply.data.startswith(b"\xff\xd8")


def test_crowd_is_told() -> None:
    """The alternative text never says that nobody is there when a crowd is drawn."""
    staging = replace(scene_of(Setting.PRAIRIE), crowd=True)

    reply = draw_plate(request("x", staging=staging))

    assert "a crowd" in reply.alt
    assert "nobody" not in reply.alt


def test_palette_of_style_guide() -> None:
    """A tone word in the style guide's palette colours the plate; the same word elsewhere does not."""
    plain = request(ROAD, DOROTHY)

    drawn = {style: draw_plate(replace(plain, style=style)).data for style in ("", "Palette: sepia", "Place: sepia")}

    assert drawn["Palette: sepia"] != drawn[""] == drawn["Place: sepia"]


def test_hats_come_off_indoors() -> None:
    """A hat for the street stays on out of doors only."""
    farmer = Element(type=ElementType.CHARACTER, name="Farmer Brown")
    figure = Figure(name="Farmer Brown", sex=Sex.MAN)

    hats = [
        choose_players(request("x", farmer), Staging(figures=(figure,), indoors=indoors))[0].actor.look.hat
        for indoors in (False, True)
    ]

    assert hats == ["straw", ""]


def test_hints_decide_where_looks_are_silent() -> None:
    """A name without looks is drawn as the passage's nouns and pronouns say."""
    nobody = Element(type=ElementType.CHARACTER, name="Alex")

    woman, man = (named_actor(nobody, SEED_TITLE, hints=[hint]) for hint in ("woman", "man"))

    assert (woman.look.garment, man.look.garment == "dress") == ("dress", False)


def test_who_is_told_a_man_is_no_woman() -> None:
    """What the passage says of somebody's sex goes before nouns in the looks that are another's."""
    brother = Element(type=ElementType.CHARACTER, name="Rob", description="a brother of the lady; her black coat")

    assert named_actor(brother, SEED_TITLE, hints=["man"]).look.garment != "dress"


def test_part_fills_the_picture() -> None:
    """A framed part is as large as the whole was."""
    canvas = Canvas(60, 40, seed=1)
    canvas.paint(canvas.whole().box(30, 20, 60, 40), (255, 255, 255))

    canvas.frame((30, 20, 60, 40))

    assert (canvas.image.size, canvas.image.getpixel((2, 2))) == ((60, 40), (255, 255, 255))


def test_stencil_is_as_large_as_its_ink() -> None:
    """A mask covers what has ink and starts where the ink does; what falls outside its box is lost."""
    canvas = Canvas(200, 100, seed=1)

    stencil = canvas.whole().box(150, 40, 260, 60)

    assert (stencil.left, stencil.top) == (149, 39)
    assert stencil.mask().size == (51, 22)


def test_empty_stencil_paints_nothing() -> None:
    """A stencil without shapes, or with all of them outside, changes nothing."""
    canvas = Canvas(20, 20, seed=1)
    before = canvas.image.tobytes()

    canvas.paint(canvas.whole(), (255, 0, 0))
    canvas.paint(canvas.whole().box(40, 40, 60, 60), (255, 0, 0), until=(0, 0, 255))

    assert canvas.image.tobytes() == before


def test_seed_is_the_same_everywhere() -> None:
    """The same words give the same number, other words another."""
    assert seed_of("a", "b") == seed_of("a", "b") != seed_of("ab")


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
