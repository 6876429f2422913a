"""Whatever shape a model puts its answer in, scenes and elements come of it, or the right reason; and in good time."""

import json
import os
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaginized.providers.openai.failures import Failure, Next
from imaginized.providers.openai.ladder import Rung, Way, dump_ways, load_ways, step_down
from imaginized.providers.openai.loops import is_looping
from imaginized.providers.openai.plain_words import clean, name_of, one_line
from imaginized.providers.openai.prompting import schema
from imaginized.providers.openai.replies import LONGEST_ANSWER
from imaginized.providers.openai.reply_words import kind_of
from imaginized.providers.openai.said import Why
from imaginized.reading.book import read_book
from imaginized.story.elements import ElementType
from imaginized.story.text import ChapterText
from tests.support.epubs import BUNDLED, CUT
from tests.support.judging import OWN, chapter_of, checked, wrong_cases
from tests.support.slowness import at_most

CHAPTER = chapter_of(json.loads(OWN.read_text())["chapter"])
MEGABYTE = 1_000_000
SCENE = {"quote": "A white horse stood in the snow, steaming, with no rider.", "description": "a horse", "mood": "cold"}
BEGIN = json.dumps({"scenes": [SCENE]})[:-2]
# What a model in a loop, or somebody who means harm, may send; each is repeated to 5 MB.
UNITS = (
    "[", "{", '{"a":', '{"a":{', '["a",', '{"a', '" ', '", y', "\\", '\\"', '["/*', '"//', "{#", "1,", " ", '"\n',
    "...,", "<think>", "</think>", "</think>{", "<think></think>", json.dumps(SCENE),
    '{"scenes": [{"quote": "a b c d", "b":', '"""[', "[(", "{“”", "{a: b c d, ", "I cannot {no} ", "&quot;{",
    "\u202e\x07", 'x" + "', "**Mara** (x): y\n", "«", "\ud83d",
)  # fmt: skip
INSIDE = ("", '{"scenes":["', BEGIN + '],"elements":[')
# Escapes are blanks only once they are read: whole texts of them reach what reads names and lines.
BLANKS = ("\\n", "\\u00a0", "a \\n", "x (", "x: ", "(", "...", "… ", "- ", "[x] ")


def test_own_replies_give_what_they_say() -> None:
    """Every kind of shape in which models answer, cut for a clone without the shared vectors."""
    assert wrong_cases(OWN) == {}


def test_shared_replies_give_what_they_say() -> None:
    """The larger collection, where it is."""
    default = Path(__file__).resolve().parents[3] / "shared" / "vectors"
    file = Path(os.environ.get("IMAGINIZED_VECTORS", default)) / "replies2.json"
    if not file.exists():
        pytest.skip(f"no vectors at {file}; set IMAGINIZED_VECTORS")
    assert wrong_cases(file) == {}


LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=12) | st.just(SCENE["quote"])
KEYS = st.sampled_from(["scenes", "elements", "quote", "name", "type", "characters", "description", "", "Mara"])


def holders(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5)


INNER = LEAVES | holders(LEAVES)
JSON_LIKE = holders(INNER | holders(INNER))
MARKS = st.text(alphabet="{}[](),:\"'`“”\\/*#+.\n ax1<>think|&;\u202e\x00\ud800", max_size=80)


@settings(deadline=None)
@given(st.text() | MARKS | JSON_LIKE.map(json.dumps) | st.tuples(JSON_LIKE.map(json.dumps), MARKS).map("".join))
def test_no_text_is_a_traceback(text: str) -> None:
    """Any text in: scenes and elements that are fit to print, or a reason."""
    got = checked(text, CHAPTER)
    if not isinstance(got, Why):
        for element in got.elements:
            assert element.name and clean(element.name) == element.name


@given(st.integers(0, 600), st.sampled_from(["{scenes: ['x", '{"scenes": [{"quote": "a b c d", "mood": "x"}, ']))
def test_what_is_cut_is_never_whole(spaces: int, begin: str) -> None:
    """A cut answer is none, though a whole scene stands in it."""
    assert checked(begin + " " * spaces, CHAPTER) is Why.TRUNCATED


@pytest.mark.parametrize("inside", INSIDE)
def test_hostile_text_takes_a_second_at_most(inside: str) -> None:
    """Whatever is repeated, wherever: as much as is read takes no longer than its length explains."""
    for unit in UNITS:
        text = inside + unit * (LONGEST_ANSWER // 4 // len(unit))
        begun = time.process_time()
        checked(text, CHAPTER)
        assert time.process_time() - begun < at_most(0.2), unit  # 0.15 s where nothing else runs


@pytest.mark.parametrize("unit", BLANKS)
def test_hostile_words_take_no_longer(unit: str) -> None:
    """In a quote, a line for an element, a name, a description."""
    text = unit * 1000
    elements = f'["{text}", {{"name": "{text}", "aliases": "{text}", "looks": "{text}", "quotes": ["{text}"]}}]'
    begun = time.process_time()
    checked(f'{{"scenes": [{{"quote": "{text}", "description": "{text}"}}], "elements": {elements}}}', CHAPTER)

    assert time.process_time() - begun < at_most(0.1)


def test_what_is_longer_is_not_read() -> None:
    """Five megabytes take a second at most, though they be thoughts or blanks."""
    for unit in ("[", " ", "\n", '{"', "<think>", "</think>", "</think>{", "<think>x</think>", "&quot;", '\\"'):
        text = unit * (5 * MEGABYTE // len(unit))
        begun = time.process_time()
        assert isinstance(checked(text, CHAPTER), Why)
        assert time.process_time() - begun < at_most(0.2), unit


def test_many_quotes_that_are_not_there_take_no_longer() -> None:
    """Looking for what is nearly there is dear, so it is bounded."""
    draw = random.Random(5)
    words = CHAPTER.text.split()
    scenes = [{"quote": " ".join(draw.choices(words, k=280)), "description": "x"} for _ in range(200)]
    begun = time.process_time()
    checked(json.dumps({"scenes": scenes}), chapter_of([CHAPTER.text] * 40))

    assert time.process_time() - begun < at_most(0.8)


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ('{"scenes": [' + "\n" * 900, True),
        ('{"quote": "' + "and then the door opened again, " * 12, True),
        ("".join(f'{{"name": "key {number}", "type": "item"}}, ' for number in range(20)), True),
        (BEGIN, False),
        (Path(__file__).read_text(), False),
        ("a b " * 20, False),
    ],
)
def test_a_loop_is_known(text: str, loops: bool) -> None:
    """The same over and over, though it be counted, is no answer that more room would end."""
    assert is_looping(text) is loops


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Main Character", "character"), ("CHARACTERS", "character"), ("supporting characters (human)", "character"),
        ("horse", "creature"), ("Talking animal", "creature"), ("Places", "place"), ("Setting/Location", "place"),
        ("town", "place"), ("vehicle", "item"), ("weather", "item"), ("Personnage", "character"), ("地点", "place"),
        ("wizard", "character"), ("", "item"), ("qqq", "item"),
    ],
)  # fmt: skip
def test_types_go_by_meaning(words: str, kind: str) -> None:
    """Whatever word a model has for a kind, singular or plural, alone or qualified."""
    assert kind_of(words) is ElementType(kind)


@pytest.mark.parametrize("word", ["she", "Her", "it", "sie", "elle", "они", "彼女", "N/A", "none", "", "…", "\u202e"])
def test_no_pronoun_is_a_name(word: str) -> None:
    """Nor is what says that there is none."""
    assert name_of(word) == ""


@pytest.mark.parametrize("word", ["Ella", "Io", "The One", "the girl", "Ёлка", "李白", "B2", "Mr. N"])
def test_names_are_names(word: str) -> None:
    """Also those that are a pronoun in another language."""
    assert name_of(word) == word


def test_words_are_fit_to_print() -> None:
    """Controls part words, what is seen as nothing leaves none; joiners, accents and emoji stay."""
    assert one_line("a\u0007b \u202egnp\u202c s\u00adoft\u200b \x00") == "a b gnp soft"
    assert one_line("می\u200cخواهم 👩\u200d🚀 e\u0301") == "می\u200cخواهم 👩\u200d🚀 e\u0301"
    assert len(one_line("word " * 9000)) <= 1200


def test_the_schema_bounds_everything() -> None:
    """Every text and list; within what grammars take; and without any where bounds are refused."""
    told = json.dumps(schema(bounded=True))
    texts = told.count('"type": "string"') - told.count('"enum"')

    assert told.count('"maxLength"') == texts and told.count('"maxItems"') == told.count('"type": "array"')
    assert max(int(each) for each in re.findall(r'"max\w+": (\d+)', told)) < 2000
    assert "max" not in json.dumps(schema(bounded=False))


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("Invalid schema for response_format: 'maxLength' is not permitted", Way(bounded=False)),
        ("failed to parse grammar", Way(bounded=False)),
        ("number of repetitions exceeds sane defaults", Way(bounded=False)),
        ("response_format json_schema is not supported", Way(rung=Rung.OBJECT)),
    ],
)
def test_refused_bounds_cost_no_schema(words: str, way: Way) -> None:
    """An endpoint that knows no bounds is asked with the schema without them, and so it is remembered."""
    failure = Failure(next=Next.REJECT, code="", words=words, status=400)
    lower = step_down(Way(), failure)

    assert lower == way
    assert load_ways(dump_ways({"a b": lower})) == {"a b": way}


def sentences(chapter: ChapterText) -> list[str]:
    found = [each for p in chapter.paragraphs for each in re.findall(r"[A-Z][^.!?”“’]+[.]", p.text)]
    return [each for each in found if 3 <= len(each.split()) <= 40]


def printed(quote: str, chapter: ChapterText) -> str | None:
    reply = json.dumps({"scenes": [{"quote": quote, "description": "x"}]})
    got = checked(reply, chapter)
    return got.scenes[0].quote.text if not isinstance(got, Why) and got.scenes else None


def test_quotes_cannot_be_invented() -> None:
    """Of foreign sentences none is printed; of those with a word changed 99 in 100 are, whole and as they stand."""
    chapters = read_book(CUT / "dracula-se.epub", original_name="x").chapters
    other = [text for chapter in read_book(BUNDLED, original_name="x").chapters for text in sentences(chapter)]
    draw = random.Random(11)
    foreign = restored = asked = 0
    for _ in range(150):
        chapter = draw.choice(chapters)
        strange = draw.choice(other)
        foreign += strange.casefold() not in chapter.text.casefold() and printed(strange, chapter) is not None
        own = draw.choice([text for text in sentences(chapter) if len(text.split()) >= 8])
        words = own.split()
        words[draw.randrange(1, len(words) - 1)] = "aardvark"
        asked += 1
        restored += own in (printed(" ".join(words), chapter) or "")

    assert foreign == 0
    assert restored >= 0.99 * asked


def test_a_draft_is_taken_where_the_last_is_invented() -> None:
    """The last object counts whose quotes are in the chapter."""
    real, dreamt = json.dumps({"scenes": [SCENE]}), json.dumps({"scenes": [{**SCENE, "quote": "A dragon sat on it."}]})

    for reply in (f"{dreamt}\n{real}", f"{real}\n{dreamt}"):
        got = checked(reply, CHAPTER)
        assert not isinstance(got, Why)
        assert [scene.quote.text for scene in got.scenes] == [SCENE["quote"]]
