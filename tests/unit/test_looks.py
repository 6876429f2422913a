"""Looks of an element for provider `builtin`: what is said of whom, in the author's words."""

from dataclasses import replace

import pytest

from imaginized.story.elements import ElementType, Look, Quote
from imaginized.story.merging import merge_elements
from tests.unit.test_cast import signed
from tests.unit.test_words import named, read


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("Holmes came in late, and his long white beard was wet. “Well,” said Holmes. He laughed.", "long white beard"),
        (
            "“It is well,” said Daggoo. Daggoo, a gigantic, black man, sat on the deck. Daggoo rose.",
            "a gigantic, black man",
        ),
        ("Mr. Brown stood up. He took the cup with his thin brown hands. “Well,” said Mr. Brown.", "thin brown hands"),
    ],
)
def test_looks_of_the_only_one_named_are_theirs(text: str, look: str) -> None:
    """His beard in the name's own sentence, "a tall man" after a comma, and what the next sentences of "he" say."""
    assert any(look in element.description for element in read(text).elements), read(text).elements


def looks_of(text: str, name: str) -> dict[str, bool]:
    """Each look of a name in a text, with whether it lasts."""
    return {look.text: look.is_lasting for look in named(read(text))[name].looks}


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("Anna sat down. She was silent. She wore a long green cloak. “It is well,” said Anna.", "a long green cloak"),
        ("Anna came in. She was pale with fear. “It is well,” said Anna.", "pale"),
        ("Anna came in. She looked thin and old that day. “It is well,” said Anna.", "thin and old"),
        ("Anna came in. Her cheeks were red. “It is well,” said Anna.", "cheeks were red"),
    ],
)
def test_what_will_be_otherwise_tomorrow_is_passing(text: str, look: str) -> None:
    """Dress, fear, a look of the day: told with its quote, and no part of what somebody always looks like."""
    assert looks_of(text, "Anna") == {look: False}
    assert named(read(text))["Anna"].description == ""


@pytest.mark.parametrize(
    ("text", "look"),
    [
        (
            "Mr. Pole the grocer was a man of a rugged countenance. “Well,” said Mr. Pole.",
            "a man of a rugged countenance",
        ),
        ("Mr. Pole was pale and dwarfish. “Well,” said Mr. Pole.", "pale and dwarfish"),
        ("Mr. Pole, who had come in late, was a tall, thin man. “Well,” said Mr. Pole.", "a tall, thin man"),
        ("“Well,” said Mr. Pole. His hair was of a rich brown colour.", "hair was of a rich brown colour"),
        ("Mr. Pole rose. A big, loud man, with a stare. “Well,” said Mr. Pole.", "A big, loud man"),
        ("A rather stooping man, with a long nose, Mr. Pole rose. “Well,” said Mr. Pole.", "A rather stooping man"),
        (
            "Mrs. Hay led Mr. Pole in. The latter was a small, dark-eyed man. “Well,” said Mr. Pole.",
            "a small, dark-eyed man",
        ),
        (
            "A boy came in. He was a stout, freckled boy. “I am Tom Pole,” said the boy. Tom Pole sat.",
            "a stout, freckled boy",
        ),
        (
            "There stood a tall, bald man. He bowed.\n\n“Sit down, Mr. Pole,” said Anna. “Well,” said Mr. Pole.",
            "a tall, bald man",
        ),
        (
            "They bought a lean, old husky. He was called “Rex,” and Rex bit. Rex barked at Anna.",
            "a lean, old husky",
        ),
    ],
)
def test_looks_are_told_in_many_ways(text: str, look: str) -> None:
    """By a role, an aside, a fragment, "the latter", and of somebody whose name comes only after."""
    found = {
        each.text.casefold()
        for element in read(*text.split("\n\n")).elements
        for each in element.looks
        if each.is_lasting
    }

    assert look.casefold() in found


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        (
            "Mr. Bell bowed. He had an almost swarthy skin, with full lips, badly moulded, above which was a black "
            "moustache.",
            {"an almost swarthy skin", "full lips", "a black moustache"},
        ),
        (
            "Mr. Bell bowed. His light hair was tidy; he had a pinched hook nose; watery blue eyes, and "
            "a furrowed brow.",
            {"a pinched hook nose", "watery blue eyes", "a furrowed brow"},
        ),
        ("Mr. Bell’s eyes were blue, his hair fair and his figure slight.", {"eyes were blue", "hair fair"}),
        ("Mr. Bell was of the middle size, rather stout, with curly hair.", {"of the middle size", "curly hair"}),
        ("Mr. Bell must have been about fifty. His mouth was wide.", {"about fifty", "mouth was wide"}),
        (
            "By the fire sat Mr. Bell, the eldest, a fine, open-faced man with a quantity of dark hair.",
            {
                "a fine, open-faced man",
                "a quantity of dark hair",
            },
        ),
        ("Tall and refined, Mr. Bell came in.", {"Tall and refined"}),
        ("They saw the pale, dark-eyed Mr. Bell. Mr. Bell bowed.", {"dark-eyed"}),
        (
            "Mr. Bell was a widower; a person of distinction, who was seldom well. He had a long face, a high nose.",
            {"a long face", "a high nose"},
        ),
    ],
)
def test_a_portrait_is_read_by_its_syntax(text: str, looks: set[str]) -> None:
    """Lists, asides, sizes, years, what stands before a name or goes without its verb."""
    assert looks <= set(looks_of(f"{text} “Well,” said Mr. Bell.", "Mr. Bell"))


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Bell was cut short. “Well,” said Mr. Bell.",
        "“Come,” puffed Mr. Bell. “Well,” said Mr. Bell.",
        "Mr. Bell spoke louder than the clerk—an old man with a thin voice. “Well,” said Mr. Bell.",
        "Mr. Bell was an old customer. He had never laid eyes on her. “Well,” said Mr. Bell.",
        "Mr. Bell was ten years younger than Mr. Cole. “Well,” said Mr. Bell.",
    ],
)
def test_a_deed_or_another_is_no_look(text: str) -> None:
    """A deed, a clerk, a customer, a comparison."""
    assert looks_of(text, "Mr. Bell") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Bell saw a rider come. He was a tall, thin man. “Well,” said Mr. Bell.",
        "“I am glad to see you, Mr. Bell,” said a stout, bald man. He sat down. “Well,” said Mr. Bell.",
        "Anna says she has lovely fair hair. “Well,” said Anna. Mr. Bell rose. Mr. Bell sat.",
        "Mr. Bell was led in by the clerk. He was a small, shaggy pony. “Well,” said Mr. Bell.",
        "If Mr. Bell were a tall man, he would not ask. “Well,” said Mr. Bell.",
        "Anna came in. She asked who lived up there—a thin and hairy bat, perhaps. “Well,” said Anna.",
        "A plump and dusty mouse. Anna rose. “Well,” said Anna. Anna sat.",
        "Anna barked. She asked who lived there—a thin and hairy bat, perhaps. “Well,” said Anna. “Go,” said Anna.",
    ],
)
def test_who_is_open_or_another_gets_no_looks(text: str) -> None:
    """Somebody looked at, the speaker of a name, a beast, a wish: none of them is who was named."""
    found = named(read(text))

    assert not any(look.is_lasting for name in ("Mr. Bell", "Anna") if name in found for look in found[name].looks)


def test_a_look_has_its_quote_and_place() -> None:
    """Each look is a phrase of a verbatim quote with its chapter and position."""
    text = "It rained. Anna was a tall woman with grey hair. “It is well,” said Anna."
    looks = named(read(text))["Anna"].looks

    assert [look.text for look in looks] == ["a tall woman", "grey hair"]
    assert all(look.quote and look.text in look.quote.text for look in looks)
    assert all(look.quote and text[look.quote.start :].startswith(look.quote.text) for look in looks)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Flask", "The giant put Flask’s hand on his black curly head. “Well,” said Flask. Flask laughed."),
        ("Arthur", "Arthur took her small white hand. “Well,” said Arthur. He laughed, and Arthur sat down again."),
        (
            "Anna",
            "Anna saw Peter with his long white beard. Anna gave her hand. Then Anna put on her hat. She and Anna sat.",
        ),
        (
            "Hatter",
            "The Hatter was silent. The Hatter said, “Why is a black raven like a desk?” and the Hatter laughed.",
        ),
        (
            "Alice",
            "For a minute both footmen, Alice noticed, had powdered black hair. “Well,” said Alice. Alice sat.",
        ),
        ("Agatha", "Agatha was a good creature and an old friend. “Well,” said Agatha. Agatha was great."),
    ],
)
def test_looks_of_others_are_nobodys(name: str, text: str) -> None:
    """Another's head, another sex, another name, a riddle, praise: nothing is claimed rather than something wrong."""
    assert named(read(text))[name].description == ""


def look(text: str, quote: str) -> Look:
    return Look(text=text, quote=Quote(text=quote, chapter=1, start=0, page=1))


@pytest.mark.parametrize(
    ("sign", "told"),
    [
        ("he", look("a handsome woman", "Orlin saw that she was still a handsome woman.")),
        ("he", look("fair face", "Orlin ceased when he saw her fair face.")),
        ("he", look("pale", "She was pale.")),
        ("she", look("an old man", "Orlin, like an old man, sat down.")),
        ("she", look("gray beard", "Orlin smiled in spite of her gray beard.")),
    ],
)
def test_looks_of_the_other_sex_are_not_kept(sign: str, told: Look) -> None:
    """Where the book knows who is a man, nothing said of a woman is his, and nothing true is lost."""
    man = replace(signed("Orlin", mentions=9, speech=3, he=5), looks=(told,), description=told.text)
    woman = replace(signed("Orlin", mentions=9, speech=3, she=5), looks=(told,), description=told.text)
    wrong, right = (
        merge_elements([[man if sign == "he" else woman]]),
        merge_elements([[woman if sign == "he" else man]]),
    )

    assert (wrong[0].looks, wrong[0].description) == ((), "")
    assert (right[0].looks, right[0].description) == ((told,), told.text)


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("snowy hair", False),
        ("a wrinkled face", False),
        ("a short beard", False),
        ("twelve years old", True),
        ("grey eyes", True),
    ],
)
def test_a_child_has_no_looks_of_the_old(text: str, *, is_kept: bool) -> None:
    """Of whom the whole book speaks as of a child the snowy hair is somebody else's."""
    told = look(text, f"Orlin had {text}.")
    found = replace(signed("Orlin", mentions=9, speech=3, child=9, aged=1), looks=(told,), description=text)
    (child,) = merge_elements([[found]])

    assert child.ages
    assert bool(child.looks) is is_kept


def test_a_place_has_no_looks_of_people() -> None:
    """What one chapter took for somebody, the book knows to be a river."""
    told = replace(signed("Wend", mentions=1, acts=1), looks=(look("pink and old", "Wend was pink and old."),))
    place = replace(signed("Wend", mentions=9, inside=9, geo=1), type=ElementType.PLACE, chapters=(2,))

    merged = merge_elements([[told], [place]])

    assert [(each.type, each.looks) for each in merged] == [(ElementType.PLACE, ())]


@pytest.mark.parametrize(
    "text",
    [
        "Anna came in. Anna was dead against it. “It is well,” said Anna.",
        "Anna came in. She was dead tired. “It is well,” said Anna.",
        "Anna came in. She was pitted against them all. “It is well,” said Anna.",
        "Anna came in. “A fine young woman!” She laughed. “It is well,” said Anna.",
    ],
)
def test_what_only_sounds_like_a_look_is_none(text: str) -> None:
    """Being against something, being dead tired, and what is cried out in a speech."""
    assert looks_of(text, "Anna") == {}
