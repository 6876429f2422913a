"""What of a passage is not drawn wrongly: who is borne, what no picture has."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from imaginized.providers.builtin.actors import Known, People
from imaginized.providers.builtin.coverage import Count, read_count
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.known import is_of_beast
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.phrases import find_phrases
from imaginized.providers.builtin.safety import most_safety, weigh_safety
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.setting import find_clues
from imaginized.providers.builtin.staging import Stage, stage_quote
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Lack, Reference, Sex, Staging, View
from imaginized.story.text import ChapterText, Paragraph


def test_who_is_carried_by_somebody_does_not_walk() -> None:
    """The one after "by" carries, and the subject is carried."""
    cook, boy = stage_quote("The boy was carried away by the cook.").figures

    assert (cook.noun, cook.deed, cook.toward) == ("cook", Deed.CARRY, 1)
    assert (boy.noun, boy.deed) == ("boy", Deed.STAND)


@pytest.mark.parametrize("words", ["by the fire", "at his own door", "in the sun"])
def test_nobody_sits_on_what_bears_nobody(words: str) -> None:
    """A fire, a door and the sun are beside who sits there."""
    figure = stage_quote(f"The old man sat {words} and smoked.").figures[0]

    assert figure.upon is Thing.NONE


def test_who_squats_sits_on_no_chair() -> None:
    assert stage_quote("The old man squatted beside the boy.").figures[0].deed is Deed.CROUCH


def test_who_drives_an_ox_walks() -> None:
    """Only a carriage has a seat."""
    assert stage_quote("Some youths were driving a fat young ox.").figures[0].deed is Deed.WALK


def test_they_are_the_riders_and_not_their_horses() -> None:
    """Of men and beasts that may both be meant the men are."""
    figures = stage_quote("The two brothers mounted their horses, and they galloped away.").figures

    assert next(figure for figure in figures if figure.noun == "brother").deed is Deed.RIDE


@pytest.mark.parametrize("lack", [Lack.DEED, Lack.PERSON, Lack.THING, Lack.MOUNT])
def test_a_picture_that_lacks_something_is_less_safe(lack: Lack) -> None:
    """Whatever is told of those drawn and not shown counts."""
    walker = Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK)
    whole = Staging(view=View.SCENE, figures=(walker,))
    lacking = Staging(view=View.SCENE, figures=(walker,), lacks=(lack,))

    assert weigh_safety(0.8, Count(words=12), lacking, sentences=1) < weigh_safety(
        0.8, Count(words=12), whole, sentences=1
    )


def test_a_company_with_a_beast_is_no_group_of_men() -> None:
    """Who "the travelers" are is open where a beast with a name may be one of them."""
    company = Staging(view=View.GROUP, figures=(Figure(noun="traveler", count=3, deed=Deed.WALK),))
    soldiers = Staging(view=View.GROUP, figures=(Figure(noun="soldier", count=3, deed=Deed.WALK),))

    alike = [weigh_safety(0.8, Count(words=9), each, sentences=1, beasts=False) for each in (company, soldiers)]
    mixed = [weigh_safety(0.8, Count(words=9), each, sentences=1, beasts=True) for each in (company, soldiers)]

    assert alike[0] == alike[1] == mixed[1] > 2 * mixed[0]


def test_who_tells_it_is_never_he() -> None:
    """A picture of the teller alone lacks who touched him."""
    teller = Figure(noun="narrator", sex=Sex.MAN, deed=Deed.WALK)
    other = Figure(sex=Sex.MAN, deed=Deed.TOUCH, toward=1, reference=Reference.PRONOUN)
    told = Count(words=6, pronouns={"he", "i"})

    alone = weigh_safety(0.8, told, Staging(view=View.GROUP, figures=(teller,)), sentences=1)
    assert weigh_safety(0.8, told, Staging(view=View.GROUP, figures=(other, teller)), sentences=1) > 2 * alone


def test_a_beast_without_a_shape_is_not_drawn() -> None:
    """Beside whom it came near, it is missed like one who is left out."""
    fang = Figure(name="Sharp", being=Being.CREATURE, deed=Deed.WALK, toward=1)
    figures = (fang, Figure(noun="man", sex=Sex.MAN))
    told = Count(words=5, names={"Sharp"}, nouns={"man"})
    known = (replace(fang, species=Species.WOLF), figures[1])

    unseen = weigh_safety(0.8, told, Staging(view=View.GROUP, figures=figures), sentences=1)
    assert weigh_safety(0.8, told, Staging(view=View.GROUP, figures=known), sentences=1) > 2 * unseen


def test_a_man_by_a_pronoun_is_hardly_safe_where_a_beast_is_the_hero() -> None:
    """ "He" is the wolf there; so not where somebody is called, and not in any other chapter."""
    by_pronoun = Figure(sex=Sex.MAN, deed=Deed.WALK, reference=Reference.PRONOUN)
    called = replace(by_pronoun, reference=Reference.NAME, noun="hunter")
    kin = replace(by_pronoun, reference=Reference.NAME, noun="brother", count=3)

    def weigh(figure: Figure, *, of_beast: bool) -> float:
        staging = Staging(view=View.PORTRAIT, figures=(figure,))
        return weigh_safety(0.8, Count(words=6, pronouns={"he"}), staging, sentences=1, of_beast=of_beast)

    for figure in (by_pronoun, kin):
        assert weigh(figure, of_beast=False) > 2 * weigh(figure, of_beast=True)
    assert weigh(called, of_beast=False) == weigh(called, of_beast=True)


@pytest.mark.parametrize(
    ("text", "names", "is_one"),
    [
        ("Rover ran. Rover barked at Tom.", {"Rover": Being.CREATURE, "Tom": Being.PERSON}, True),
        ("Rover ran. Tom called. Tom ran.", {"Rover": Being.CREATURE, "Tom": Being.PERSON}, False),
        ("The cub ran. The small cub lay down.", {}, True),
        ("He saw a cub. Tom ran. Tom ran on.", {"Tom": Being.PERSON}, False),
        ("It rained.", {}, False),
    ],
)
def test_of_whom_a_chapter_is(text: str, names: Mapping[str, Being], is_one: bool) -> None:
    """Of a beast that is named, or spoken of as "the cub", more than anybody."""
    passage = read_passage(ChapterText(number=1, title="", paragraphs=(Paragraph(text),)), lexicon=load_lexicon())
    known = {
        at: Known(name=token.word, being=names[token.word])
        for at, token in enumerate(passage.tokens)
        if token.word in names
    }

    assert is_of_beast(passage, known) is is_one


def counted(text: str, known: Mapping[str, Known] | None = None) -> Count:
    """What a passage of one sentence tells, with those of its words who are known by name."""
    chapter = ChapterText(number=1, title="", paragraphs=(Paragraph(text),))
    passage = read_passage(chapter, lexicon=load_lexicon())
    unreal = mark_unreal(passage)
    names = {at: known[token.word] for at, token in enumerate(passage.tokens) if known and token.word in known}
    stage = Stage(
        passage=passage,
        unreal=unreal,
        clues=find_clues(passage, unreal),
        phrases=[find_phrases(passage, sentence) for sentence in passage.sentences],
        people=People(names=names),
    )
    return read_count(stage, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The old man ran into the house.", 1),  # "old"
        ("Then the man ran.", 0),
        ("The man ran proudly with a heavy heart.", 3),
    ],
)
def test_words_that_no_picture_shows_are_counted(text: str, words: int) -> None:
    """Neither who it is, nor what he does, nor where, nor when."""
    assert counted(text).unshown == words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Twenty armed men ran into the house.", 1),
        ("Five of them ran.", 1),
        ("At ten o'clock the man ran.", 0),
        ("The two men ran.", 0),
        ("“There were twenty men,” said the man.", 0),
    ],
)
def test_more_than_are_drawn_are_counted_where_somebody_is_meant(text: str, numbers: int) -> None:
    """An hour is no company, and what is said is not there."""
    assert counted(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        ("There was somebody in the house.", 1),
        ("One man went and another came.", 1),
        ("The woman opened another door.", 0),
        ("They looked at each other.", 0),
    ],
)
def test_who_is_somebody_and_nobody_more_is_counted(text: str, unseen: int) -> None:
    """No figure stands for him."""
    assert counted(text).unseen == unseen


@pytest.mark.parametrize(
    ("text", "objects", "minded"),
    [
        ("The man left him with the woman.", 1, 0),
        ("The man took her by the hand.", 1, 0),
        ("The man took her hat.", 0, 0),
        ("“Follow them,” said the man.", 0, 0),
        ("The man said to himself.", 0, 1),
        ("The man looked about him.", 0, 0),
        ("One of them ran.", 0, 0),
    ],
)
def test_to_whom_something_is_done_is_counted(text: str, objects: int, minded: int) -> None:
    """ "Her hat" is nobody, and what somebody says to himself nobody hears."""
    count = counted(text)

    assert (count.objects, count.minded) == (objects, minded)


@pytest.mark.parametrize(
    "worse",
    [
        Count(words=6, deeds=[Deed.WALK], unshown=2),
        Count(words=16, deeds=[Deed.WALK]),
        Count(words=6, deeds=[Deed.WALK], numbers=1),
        Count(words=6, deeds=[Deed.WALK], unseen=1),
        Count(words=6, deeds=[Deed.WALK, Deed.CLIMB]),
        Count(words=6, deeds=[Deed.WALK], pronouns={"she"}),
        Count(words=6, deeds=[Deed.WALK], nouns={"man"}, objects=1),
        Count(words=6, deeds=[Deed.WALK], nouns={"man"}, gone=1),
        Count(words=6, deeds=[Deed.WALK], gated=1),
        Count(words=6, deeds=[Deed.WALK], joined=1),
    ],
    ids=[
        "words that are not shown",
        "long",
        "too many",
        "somebody",
        "two deeds",
        "a woman who is not drawn",
        "to whom it is done",
        "who is gone",
        "what does not happen",
        "more than one moment",
    ],
)
def test_what_a_picture_leaves_out_makes_it_less_safe(worse: Count) -> None:
    """Against the same picture of a passage that says no more than that the man walks."""
    walker = Staging(view=View.GROUP, figures=(Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK),))
    plain = weigh_safety(0.8, Count(words=6, deeds=[Deed.WALK]), walker, sentences=1)

    assert weigh_safety(0.8, worse, walker, sentences=1) < 0.8 * plain


def test_a_beast_that_only_a_pronoun_means_is_hardly_safe() -> None:
    """ "The two of them" may be people."""
    dog = Figure(noun="dog", species=Species.DOG, being=Being.CREATURE, deed=Deed.WALK)
    named, meant = (
        Staging(view=View.GROUP, figures=(replace(dog, reference=reference),))
        for reference in (Reference.NAME, Reference.PRONOUN)
    )
    count = Count(words=6, deeds=[Deed.WALK])

    assert weigh_safety(0.8, count, meant, sentences=1) < 0.5 * weigh_safety(0.8, count, named, sentences=1)


def test_a_deed_that_nobody_drawn_does_makes_it_less_safe() -> None:
    """Against the same passage with somebody who does it."""
    walker, eater = Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK), Figure(noun="boy", sex=Sex.MAN, deed=Deed.EAT)
    count = Count(words=6, deeds=[Deed.WALK, Deed.EAT], nouns={"man", "boy"})
    shown, lacking = (
        weigh_safety(0.8, count, Staging(view=View.GROUP, figures=(walker, other)), sentences=1)
        for other in (eater, replace(eater, deed=Deed.STAND))
    )

    assert lacking < 0.8 * shown


def test_two_of_whom_one_goes_away_are_less_safe() -> None:
    """They would be drawn together, or as they meet."""
    two = Staging(view=View.GROUP, figures=(Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK), Figure(noun="boy")))
    near, away = (Count(words=6, deeds=[Deed.WALK], nouns={"man", "boy"}, parting=parting) for parting in (0, 1))

    assert weigh_safety(0.8, away, two, sentences=1) < 0.8 * weigh_safety(0.8, near, two, sentences=1)


@pytest.mark.parametrize(
    ("text", "joined", "parting", "gone"),
    [
        ("The man ran and the boy fell.", 1, 0, 0),
        ("The man ran away, laughing.", 1, 1, 0),
        ("The men had gone home.", 0, 0, 1),
        ("“Come and run,” said the man.", 0, 0, 0),
        ("The man walked with the boy before dawn.", 0, 0, 0),
        ("The girls sing.", 0, 0, 0),
        ("The girls were safely out of the way.", 0, 0, 1),
        ("The girls were soon out of sight.", 0, 0, 1),
        ("The girls sprang out of the way.", 0, 0, 0),
        ("The girls were out of breath.", 0, 0, 0),
    ],
)
def test_what_is_told_besides_is_counted(text: str, joined: int, parting: int, gone: int) -> None:
    """A second happening, somebody who goes away, and somebody who is gone."""
    count = counted(text)

    assert (count.joined, count.parting, count.gone) == (joined, parting, gone)


def test_what_is_only_said_is_not_seen() -> None:
    """ "Everybody played fair", within talk: nobody plays there."""
    three = Staging(view=View.GROUP, figures=(Figure(noun="people", count=3, deed=Deed.STAND),))
    told, said = (Count(words=6, content=4, many={"people"}, spoken=spoken) for spoken in (0, 6))

    assert weigh_safety(0.8, said, three, sentences=1) < 0.2 * weigh_safety(0.8, told, three, sentences=1)


def test_a_name_that_is_said_of_a_thing_is_nobody() -> None:
    """ "The heavy Virginia creeper" is a plant."""
    anna = {"Anna": Known(name="Anna", sex=Sex.WOMAN)}

    assert counted("He grasped the heavy Anna creeper.", anna).unseen == 1
    assert counted("He grasped the gentle Anna.", anna).unseen == 0


def test_kin_of_a_beast_may_be_beasts() -> None:
    """Where a beast with a name is in the chapter, "his mother" may be its."""
    two = Staging(view=View.GROUP, figures=(Figure(sex=Sex.MAN, deed=Deed.WALK), Figure(noun="mother", sex=Sex.WOMAN)))
    sure, mixed = (
        weigh_safety(0.8, Count(words=6, nouns={"mother"}), two, sentences=1, beasts=beasts) for beasts in (False, True)
    )

    assert mixed < 0.5 * sure


def test_a_whole_party_is_several() -> None:
    """ "The whole party was there" is no picture of one."""
    assert counted("The whole party was in the house.").many == {"party"}
    assert counted("He was a party to the whole affair.").many == set()
    assert counted("He swallowed it whole").many == set()  # the last word of a chapter


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("There were three in the kitchen.", {"three"}),
        ("There were only two by the fire.", {"two"}),
        ("Two of us sat in the kitchen.", {"two"}),
        ("There was some company in the kitchen.", {"company"}),
        ("The Misses Brown sat in the kitchen.", {"misses"}),
        ("Messrs. Brown and Green came.", {"messrs"}),
        ("There were three chairs in the kitchen.", set()),
        ("There were three of the chairs in the kitchen.", set()),
        ("At three of the clock the dog barked.", set()),
        ("She sang for company in the kitchen.", set()),
        ("“The Misses Brown are in the kitchen,” said Anna.", set()),
    ],
)
def test_a_number_of_people_that_stands_alone_is_several(text: str, many: set[str]) -> None:
    """No noun tells of them."""
    assert counted(text).many == many


@pytest.mark.parametrize(
    ("text", "owned"),
    [("Their way through the forest was long.", 1), ("The forest was dark.", 0), ("“My way is long,” said Anna.", 0)],
)
def test_what_is_somebodys_tells_of_him(text: str, owned: int) -> None:
    assert counted(text).owned == owned


@pytest.mark.parametrize("told", [Count(words=6, places={"forest"}, owned=1), Count(words=6, many={"four"})])
def test_a_place_where_somebody_is_only_meant_is_not_deserted(told: Count) -> None:
    """ "Their way through the forest": somebody goes there."""
    forest = Staging(view=View.SCENE, setting=Setting.FOREST)
    walker = replace(forest, figures=(Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK),))

    assert weigh_safety(0.8, told, forest, sentences=1) == 0.0
    assert weigh_safety(0.8, replace(told, many=set()), walker, sentences=1) > 0.0


def test_a_room_where_somebody_is_told_of_is_not_empty() -> None:
    """ "There was somebody in the room": a room without anybody says that nobody was."""
    room = Staging(view=View.SCENE, setting=Setting.ROOM)
    empty, somebody = (Count(words=6, places={"room"}, unseen=unseen) for unseen in (0, 1))

    assert weigh_safety(0.8, somebody, room, sentences=1) < 0.2 * weigh_safety(0.8, empty, room, sentences=1)


@pytest.mark.parametrize(
    ("text", "is_leaning"),
    [
        ("The man leaned against the wall.", True),
        ("The man leaned on the boy.", True),
        ("The man leaned over the boy.", False),
        ("The man leaned toward the boy.", False),
    ],
)
def test_who_bends_to_somebody_leans_on_nobody(text: str, is_leaning: bool) -> None:
    """He would be drawn leaning back."""
    assert any(figure.deed is Deed.LEAN for figure in stage_quote(text).figures) == is_leaning


def test_nothing_is_safer_than_its_words_promise() -> None:
    """What is staged first is what may be best: two people with a clear deed, in a place whose word is open."""
    count = Count(words=8, content=4, pronouns={"he", "she"}, deeds=[Deed.WHISPER])
    people = (Figure(sex=Sex.MAN, deed=Deed.WHISPER), Figure(sex=Sex.WOMAN))
    scene = Staging(view=View.SCENE, setting=Setting.HALL, figures=people)

    assert weigh_safety(0.8, count, scene, sentences=1) <= most_safety(0.8, count)


def test_a_picture_without_the_one_who_tells_it_is_hardly_safe() -> None:
    """ "I went with Tom" is of two."""
    tom, teller = Figure(name="Tom", sex=Sex.MAN, deed=Deed.WALK), Figure(noun="narrator", deed=Deed.WALK)
    told = Count(words=4, names={"Tom"}, pronouns={"i"}, deeds=[Deed.WALK])
    alone = weigh_safety(0.8, told, Staging(view=View.GROUP, figures=(tom,)), sentences=1)

    assert weigh_safety(0.8, told, Staging(view=View.GROUP, figures=(tom, teller)), sentences=1) > 5 * alone


def test_who_stands_in_a_boat_is_less_safe_there() -> None:
    """Every picture has them sit in it."""
    man = Figure(noun="man", sex=Sex.MAN, deed=Deed.STAND)
    boat, deck = (
        Staging(view=View.SCENE, setting=setting, figures=(man,)) for setting in (Setting.BOAT, Setting.SHIP_DECK)
    )
    told = Count(words=6, nouns={"man"}, deeds=[Deed.STAND], places={"boat"})

    assert weigh_safety(0.8, told, boat, sentences=1) < weigh_safety(0.8, told, deck, sentences=1)


def test_a_baby_that_nobody_holds_is_hardly_safe() -> None:
    """It would stand there as a child."""
    baby, mother = Figure(noun="baby", count=1), Figure(noun="mother", sex=Sex.WOMAN, deed=Deed.CARRY, toward=1)
    told = Count(words=5, nouns={"baby", "mother"}, deeds=[Deed.CARRY])
    alone, borne = (
        weigh_safety(0.8, told, Staging(view=View.GROUP, figures=(who, baby)), sentences=1)
        for who in (replace(mother, toward=None), mother)
    )

    assert alone < 0.5 * borne


@pytest.mark.parametrize(
    ("text", "setting", "things"),
    [
        ("There were two doors in the chamber.", Setting.ROOM, (Thing.DOOR,)),
        ("In the room there was a high window.", Setting.ROOM, (Thing.WINDOW,)),
        ("In the garden there were three trees.", Setting.GARDEN, (Thing.TREE,)),
        ("Troops filled the field.", Setting.FIELD, ()),
        ("There was a dull thud in the garden.", Setting.GARDEN, ()),
    ],
)
def test_a_view_with_nobody_shows_no_number_and_nothing_of_a_room(
    text: str, setting: Setting, things: tuple[Thing, ...]
) -> None:
    """Its backdrop has whatever doors it has, and no army."""
    view = Staging(view=View.SCENE, setting=setting, indoors=setting is Setting.ROOM, things=things)
    plain = replace(view, setting=Setting.GARDEN, indoors=False, things=(Thing.TREE,))
    safe = weigh_safety(0.8, counted("In the garden there was a tree."), plain, sentences=1)

    assert weigh_safety(0.8, counted(text), view, sentences=1) < safe / 4


@pytest.mark.parametrize("thing", [Thing.NONE, Thing.HAT])
def test_what_is_told_of_a_hat_is_not_seen_unless_it_is_held(thing: Thing) -> None:
    """Whoever wears one does so by other words of the book."""
    walker = Staging(view=View.PORTRAIT, figures=(Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK, holds=thing),))
    bare, hatted = counted("The man walked along in his grey coat."), counted("The man walked along in his grey hat.")
    safe, worn = (weigh_safety(0.8, count, walker, sentences=1) for count in (bare, hatted))

    assert (worn < safe / 2) is not bool(thing)


def test_nobody_pushes_at_thin_air_for_their_spectacles() -> None:
    assert stage_quote("The woman pushed her spectacles up.").figures[0].deed is Deed.STAND


def test_several_of_whom_only_a_state_is_told_are_hardly_safe() -> None:
    """Three who stand there say nothing; not so of those who are told to stand, who laugh, or are in a place."""
    sailors = Figure(noun="sailor", sex=Sex.MAN, count=3, deed=Deed.STAND)
    group, scene = Staging(view=View.GROUP, figures=(sailors,)), Staging(view=View.SCENE, figures=(sailors,))
    told = Count(words=4, many={"sailor"})

    idle = weigh_safety(0.8, told, group, sentences=1)
    assert idle < 0.5 * weigh_safety(0.8, replace(told, deeds=[Deed.STAND]), group, sentences=1)
    assert idle < 0.5 * weigh_safety(0.8, told, scene, sentences=1)
    assert idle < 0.5 * weigh_safety(
        0.8, told, replace(group, figures=(replace(sailors, deed=Deed.LAUGH),)), sentences=1
    )
