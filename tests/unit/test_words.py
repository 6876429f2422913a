"""The word-based half of provider `builtin`: verbatim scenes, honest descriptions, elements with their looks."""

import re
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from imaginized.providers.api import TextReply, TextRequest
from imaginized.providers.builtin.lexicon import ANIMAL, COLOUR, PERSON, PLACE, VERB, WEAR, load_lexicon
from imaginized.providers.builtin.sentences import split_sentences
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Element, ElementType
from imaginized.story.merging import join_aliases
from imaginized.story.text import ChapterText, Paragraph
from tests.support.epubs import BUNDLED, CUT

QUIET = "He thought that it was perhaps true, and that one should never doubt the reason of such a thing."
VIVID = (
    "Toto was not gray; he was a little black dog, with long silky hair and small black eyes. "
    "Mary Brown stood by the old stone bridge in the moonlight, and a red lantern burned beside the dark river."
)


def chapter_of(*paragraphs: str, number: int = 1, words_before: int = 0) -> ChapterText:
    texts = tuple(Paragraph(text=text) for text in paragraphs)
    return ChapterText(number=number, title="A chapter", paragraphs=texts, words_before=words_before)


def read(*paragraphs: str, scenes: int = 1) -> TextReply:
    chapter = chapter_of(*paragraphs)
    return read_chapter(TextRequest(book_title="A book", language="", chapter=chapter, scenes=scenes))


def named(reply: TextReply) -> dict[str, Element]:
    return {element.name: element for element in reply.elements}


@cache
def chapters(path: Path, pattern: str) -> tuple[ChapterText, ...]:
    """Paragraphs of the files of an EPUB that match, in order of the number in their names."""
    found, before = [], 0
    with zipfile.ZipFile(path) as book:
        files = [(match, name) for name in book.namelist() if (match := re.search(pattern, name))]
        for number, (_, name) in enumerate(sorted(files, key=lambda f: (int(f[0].group(1) or 0), f[1])), start=1):
            root = etree.fromstring(book.read(name), etree.XMLParser(recover=True, resolve_entities=False))
            nodes = (p for p in root.iter("{http://www.w3.org/1999/xhtml}p") if p.getparent().tag[-6:] != "hgroup")
            texts = [" ".join("".join(p.itertext()).split()) for p in nodes]
            chapter = chapter_of(*filter(None, texts), number=number, words_before=before)
            before += chapter.words
            found.append(chapter)
    return tuple(found)


def oz() -> tuple[ChapterText, ...]:
    return chapters(BUNDLED, r"chapter-(\d+)\.xhtml$")


@cache
def oz_replies(scenes: int = 3) -> tuple[TextReply, ...]:
    return tuple(
        read_chapter(TextRequest(book_title="Oz", language="en", chapter=chapter, scenes=scenes)) for chapter in oz()
    )


def test_every_quote_is_verbatim_at_its_place() -> None:
    """Text of the chapter at a quote's offset equals the quote, for scenes and elements, with its page."""
    for chapter, reply in zip(oz(), oz_replies(), strict=True):
        quotes = [scene.quote for scene in reply.scenes] + [q for element in reply.elements for q in element.quotes]

        assert quotes
        for quote in quotes:
            assert chapter.text[quote.start : quote.start + len(quote.text)] == quote.text
            assert quote.page == chapter.page_at(quote.start)


def test_scenes_come_in_order_without_overlap_and_never_too_many() -> None:
    """Scenes are numbered from 1 in reading order, do not overlap and are at most as many as wanted."""
    for reply in oz_replies():
        spans = [(scene.quote.start, scene.quote.start + len(scene.quote.text)) for scene in reply.scenes]

        assert [scene.number for scene in reply.scenes] == list(range(1, len(spans) + 1))
        assert len(spans) <= 3
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_scenes_are_spread_over_the_chapter() -> None:
    """Each equal share of a long chapter gives a scene whose middle lies in it, or one of them goes to an event."""
    spread = []
    for chapter, reply in zip(oz(), oz_replies(), strict=True):
        if chapter.words > 1000:
            length = len(chapter.text)
            shares = [(2 * s.quote.start + len(s.quote.text)) * 3 // (2 * length) for s in reply.scenes]

            assert shares == sorted(shares)
            assert len(set(shares)) >= 2
            spread.append(shares == [0, 1, 2])
    assert sum(spread) >= len(spread) / 3


def test_what_is_staged_has_its_words() -> None:
    """Every noun, name and thing of a staging has its word in the passage, every place its words in the chapter."""
    lexicon = load_lexicon()
    for number, reply in enumerate(oz_replies()):
        chapter = oz()[number].text
        for scene in reply.scenes:
            staging = scene.staging
            assert staging is not None
            assert staging.evidence in chapter
            said = {lexicon.look_up(word)[1] for word in re.findall(r"[\w-]+", scene.quote.text.lower())}
            lately = chapter[max(scene.quote.start - 1500, 0) : scene.quote.start].lower()
            meant = said | {lexicon.look_up(word)[1] for word in re.findall(r"[\w-]+", lately)}
            # "The others" are people, whoever they are.
            assert {figure.noun for figure in staging.figures} - {"", "narrator", "people"} <= meant, scene
            assert {figure.name for figure in staging.figures} - {""} <= {each.name for each in reply.elements}
            assert set(staging.things) <= {THINGS[word] for word in said if word in THINGS}, scene
            assert all(word in scene.quote.text for word in staging.weather_words)


def test_scene_elements_are_elements_of_the_chapter() -> None:
    """A scene calls its elements by the names under which the chapter's reply lists them."""
    for reply in oz_replies():
        for scene in reply.scenes:
            assert set(scene.elements) <= set(named(reply)) | {""}


def test_the_same_chapter_gives_the_same_reply() -> None:
    """Reading twice changes nothing."""
    request = TextRequest(book_title="Oz", language="en", chapter=oz()[1], scenes=2)

    assert read_chapter(request) == read_chapter(request)


def test_a_vivid_passage_wins_over_thought_and_talk() -> None:
    """Among abstraction and dialogue the one passage with things, colours and light is chosen."""
    talk = "“I do not know,” said he. “What do you think? Will you tell me why?” " * 3

    reply = read(QUIET * 3, talk, VIVID, QUIET * 3)

    assert len(reply.scenes) == 1
    assert "red lantern" in reply.scenes[0].quote.text


def test_a_scene_does_not_end_with_a_promise_of_speech() -> None:
    """Of two like passages the one that ends with a colon loses: what is said next is not in the picture."""
    told = (
        "Mary Brown stood by the old stone bridge in the moonlight, "
        "where a red lantern burned by a blue boat, and said:"
    )
    whole = "John Grey stood by the old stone bridge in the moonlight, where a red lantern burned, and said no word."

    assert "John Grey" in read(told, QUIET * 2, whole).scenes[0].quote.text


def test_mood_and_light_come_from_words_of_the_passage() -> None:
    """Moonlight makes a night; where nothing is said of light or mood, nothing is claimed."""
    bright = read("Anna wept in the moonlight on the old bridge beside the black river.").scenes[0]
    plain = read("The farmer carried a basket of apples and a bucket of water to the wooden table in the barn.").scenes[
        0
    ]

    assert (bright.mood, bright.lighting) == ("sorrowful", "night, moonlight")
    assert (plain.mood, plain.lighting) == ("", "")


def test_hair_is_not_light() -> None:
    """Dark hair and bright eyes are looks, no lighting."""
    scene = read(
        "A tall man with dark hair and bright eyes stood at the wooden gate of the garden, holding an axe."
    ).scenes[0]

    assert scene.lighting == ""


def test_people_beasts_places_and_things_are_told_apart() -> None:
    """Titles and speech make characters, animal words creatures, prepositions and place nouns places."""
    reply = read(
        "Toto was not gray; he was a little black dog, with long silky hair. “Come here,” said Mrs. Brown to Toto.",
        "In Baker Street the lamps were lit. Mrs. Brown walked through Baker Street with the silver lamp. "
        "The silver lamp shone. She put the silver lamp upon the table, and Toto ran beside Mrs. Brown.",
    )

    found = named(reply)
    assert found["Toto"].type is ElementType.CREATURE
    assert found["Mrs. Brown"].type is ElementType.CHARACTER
    assert found["Baker Street"].type is ElementType.PLACE
    assert found["Silver lamp"].type is ElementType.ITEM


def test_kin_who_are_called_by_that_alone_have_it_for_a_name() -> None:
    """Two of them had none, and the chapter failed."""
    told = (
        "Tom ran in. But father said they might keep the egg. So mother put it on the shelf, and Tom laughed.",
        "Tom saw that father had forgotten the lamp, and mother had gone up. He called her. She came.",
        "Next moment mother rushed in, and Tom was glad. And father said no.",
    )

    found = named(read(*told * 6))

    assert {"Tom", "Father", "Mother"} <= set(found)
    assert all(found)


def test_looks_are_told_in_the_words_of_a_quote() -> None:
    """Toto's description is made of phrases that stand in his quotes."""
    toto = named(oz_replies()[0])["Toto"]

    assert toto.type is ElementType.CREATURE
    assert "a little black dog" in toto.description
    assert all(any(piece in quote.text for quote in toto.quotes) for piece in toto.description.split("; "))


def test_common_capitals_are_no_characters() -> None:
    """Days, tongues, interjections, headings and pronouns are never names, at the start of a sentence or within."""
    reply = read(
        "On Monday the English lesson began. Oh, said she, it was Monday again. Chapter by chapter she read. "
        "The English book lay there. Suddenly it rained. Suddenly it stopped. Suddenly it rained. I saw, and I left."
    )

    assert not {"Monday", "English", "Oh", "Chapter", "Suddenly", "I"} & set(named(reply))


def test_a_short_name_is_the_same_person_in_a_chapter() -> None:
    """Mr. Holmes, Holmes and Sherlock Holmes are one, and Watson is another."""
    reply = read(
        "“Quite so,” said Sherlock Holmes. Holmes laughed. “Mr. Holmes,” said Watson, “look!” Holmes rose. "
        "Holmes took the hat and the stick. Watson followed Sherlock Holmes to the door. Watson smiled."
    )

    found = {element.name: element for element in join_aliases(reply.elements)}
    assert set(found["Sherlock Holmes"].aliases) >= {"Holmes", "Mr. Holmes"}
    assert "Watson" in found


def test_a_narrator_who_says_i_is_called_the_narrator() -> None:
    """A passage with nobody but "I" is described with the narrator, not with an invented name."""
    scene = read(
        "I walked along the sandy beach and saw a white boat on the green water under the evening sky."
    ).scenes[0]

    assert scene.description.startswith("The narrator ")


def test_what_is_only_compared_is_not_there() -> None:
    """A lion that somebody fought like is no creature of the scene."""
    reply = read("Robert fought like a lion on the stone bridge. Like a lion he sprang at the gate of the old castle.")

    assert not [element for element in reply.elements if element.type is ElementType.CREATURE]
    assert "lion" not in reply.scenes[0].description.lower()


@pytest.mark.parametrize(
    "text",
    [
        "彼は赤い橋を渡った。月が川を照らしていた！誰もいないのか？風が静かに吹いて、木々の葉が揺れた。" * 12,
        "هذه مدينة كبيرة؟ كان القمر فوق النهر الأحمر، والريح تهبّ بين الأشجار. ثم جاء الرجل إلى البيت القديم۔ " * 12,
        "La lune éclairait le vieux pont de pierre. Un homme marchait près de la rivière noire. Il pleuvait ! " * 12,
        "ก" * 5000,
    ],
)
def test_other_languages_yield_spread_scenes_and_few_claims(text: str) -> None:
    """Without English there are verbatim scenes, described by their own beginning, and no elements, mood or light."""
    reply = read(text, text, text, scenes=3)

    assert len(reply.scenes) == 3
    assert reply.elements == ()
    for scene in reply.scenes:
        assert scene.quote.text.startswith(scene.description.rstrip("…"))
        assert (scene.mood, scene.lighting) == ("", "")


@pytest.mark.parametrize("text", ["", " ", "—", "!!!", "“", "I", "A" * 50_000, "“Oh!” ‘Ah!’ \" ' « 「", "Mr. " * 300])
def test_odd_text_never_fails(text: str) -> None:
    """Empty, tiny, broken or endless text gives a reply, and verbatim quotes if any."""
    chapter = chapter_of(text)

    reply = read_chapter(TextRequest(book_title="", language="", chapter=chapter, scenes=4))

    for scene in reply.scenes:
        assert chapter.text[scene.quote.start :].startswith(scene.quote.text)


def test_a_chapter_without_paragraphs_has_no_scenes() -> None:
    """Nothing in, nothing out."""
    assert read().scenes == ()


def test_sentences_end_at_stops_of_many_scripts_but_not_at_abbreviations() -> None:
    """Mr. and initials end nothing, nor does a stop before a small letter."""
    text = "Mr. J. Brown came. “Stop!” cried he. Was it so? それは橋。川だ！ نعم؟ لا."

    sentences = [text[a:b] for a, b in split_sentences(text, start=0, end=len(text))]

    assert sentences == ["Mr. J. Brown came.", "“Stop!” cried he.", "Was it so?", "それは橋。", "川だ！", "نعم؟", "لا."]


def test_the_lexicon_knows_inflected_words() -> None:
    """Plurals, irregular verbs and hand-made corrections are found."""
    lexicon = load_lexicon()

    assert lexicon.facts("wolves") & ANIMAL
    assert lexicon.facts("shoes") & WEAR
    assert lexicon.facts("fishermen") & PERSON
    assert lexicon.facts("sprang") & VERB
    assert lexicon.facts("castles") & PLACE
    assert lexicon.facts("crimson") & COLOUR
    assert lexicon.look_up("wolves")[1] == "wolf"


def test_the_lexicon_ships_its_licence() -> None:
    """The notice WordNet asks for lies beside the word lists."""
    folder = Path(__file__).parents[2] / "imaginized" / "providers" / "builtin"

    assert "Princeton University" in (folder / "WORDNET-LICENSE.txt").read_text(encoding="utf-8")


def test_real_novels_give_verbatim_scenes() -> None:
    """Dracula's first chapters, told by "I", give two verbatim scenes each, with people the reader knows."""
    for chapter in chapters(CUT / "dracula-se.epub", r"chapter-(\d+)\.xhtml$")[:3]:
        reply = read_chapter(TextRequest(book_title="Dracula", language="en-GB", chapter=chapter, scenes=2))

        assert len(reply.scenes) == 2
        assert {"Count", "Count Dracula", "Dracula"} & set(named(reply))


@pytest.mark.parametrize("name", ["Alec d’Orville", "Lady Ann de Burgh", "Mrs. van der Leyden", "Mr. von der Mark"])
def test_a_particle_in_small_letters_belongs_to_the_name(name: str) -> None:
    """ "d’Orville" and "van der Leyden" are the last names of people in an English book."""
    reply = read(f"It was late, and {name} came in. “It is well,” said {name}. They all looked at {name}.")

    assert name in named(reply)


@pytest.mark.parametrize("end", ["—", "--", "; at last—"])
def test_a_chapter_may_break_off(end: str) -> None:
    """Its last words leave nothing open that could be read."""
    told = "Mary Brown stood by the stone bridge, and Captain Smith ran to the burning mill with a red lantern"
    reply = read(told + end)

    assert reply.scenes


def test_so_saying_names_nobody() -> None:
    told = "“I shall not stay,” said Anna Brown. So saying, she swept off down the muddy track. Thus spoke Anna Brown."

    assert not {"So", "Thus"} & set(named(read(told, told)))


def test_kin_called_as_by_a_name_is_somebody() -> None:
    """ "Pap was drunk" tells of somebody; "her father" and "father and mother" of nobody."""
    story = read(
        "I went to the shed, and there was pap asleep in the straw. I let pap sleep. When pap woke up he was sick, and "
        "pap said nothing all day. Then pap took the gun and went to town, and the house was quiet.",
        "Her father was there. I saw father and mother go by. His father rode a horse, and so did my father.",
    )

    assert "Pap" in named(story)
    assert "Father" not in named(story)


def test_who_takes_a_roles_place_in_a_play_has_the_role() -> None:
    """The girl has every second speech; where she has a name it goes on under that, and the sly girl is another."""
    turns = ["THE GIRL. Good day.", "HOLT. Good day to you."] * 6
    named_turns = ["LIZA. My name is Liza.", "HOLT. What a name!"] * 6

    elements = named(read(*turns, *named_turns))

    signs = elements["Liza"].signs
    assert signs is not None
    assert signs.roles == {"girl": 1}
    assert signs.counts["label"] == 6
