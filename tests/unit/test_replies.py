"""From a model's reply to records: every vector gives what it says."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.providers.openai.replies import read_reply
from imaginized.providers.openai.said import Said, SaidElement, SaidScene, Unusable, Why
from imaginized.providers.openai.verbatim import check_quotes
from imaginized.reading.quotes import find_quote
from imaginized.story.elements import ElementType
from imaginized.story.text import ChapterText, Paragraph

SCENE = SaidScene(
    quote="The lamp flickered.",
    description="A lamp in a dark hall",
    mood="tense",
    lighting="lamplight",
    elements=("the hall",),
)
ELEMENT = SaidElement(
    type=ElementType.PLACE, name="the hall", description="a dark hall", quotes=("The lamp flickered.",)
)


def described(description: str) -> SaidScene:
    return SaidScene(
        quote=SCENE.quote, description=description, mood="tense", lighting="lamplight", elements=("the hall",)
    )


CAPTAIN = SaidScene(quote="It was the captain's lamp.", description="The captain's lamp", mood="calm", lighting="dusk")
MOODLESS = SaidScene(quote=SCENE.quote, description=SCENE.description, lighting="lamplight", elements=("the hall",))
GOOD = Said(scenes=(SCENE,), elements=(ELEMENT,))
EXPECTED = {
    "good": GOOD,
    "good_apostrophe": Said(scenes=(CAPTAIN,)),
    "good_newline": GOOD,
    "good_escape": Said(scenes=(described("A lamp in a dark' hall"),), elements=(ELEMENT,)),
    "good_inner_quotes_or_retry": Said(scenes=(described('A lamp in a "dark" hall'),), elements=(ELEMENT,)),
    "good_scenes_only": Said(scenes=(SCENE,)),
    "good_mood_missing": Said(scenes=(MOODLESS,), elements=(ELEMENT,)),
    "good_type_mapped_to_place": GOOD,
    "retry_truncated": Why.TRUNCATED,
    "retry_empty": Why.EMPTY,
    "retry": Why.UNREADABLE,
    "refused": Why.REFUSED,
}


def vectors() -> dict[str, object]:
    default = Path(__file__).resolve().parents[3] / "shared" / "vectors"
    file = Path(os.environ.get("IMAGINIZED_VECTORS", default)) / "replies.json"
    if not file.exists():
        pytest.skip(f"no vectors at {file}; set IMAGINIZED_VECTORS")
    loaded: dict[str, object] = json.loads(file.read_text())
    return loaded


def outcome(reply: str | None) -> Said | Why:
    try:
        return replace(read_reply(reply), earlier=())
    except Unusable as error:
        return error.why


def test_every_vector_gives_what_it_says() -> None:
    """What real models sent becomes the records that were meant, or is refused for the right reason."""
    cases = vectors()["vectors"]
    assert isinstance(cases, list)
    known = [case for case in cases if case["expect"] in EXPECTED]

    wrong = {case["name"]: found for case in known if (found := outcome(case["reply"])) != EXPECTED[case["expect"]]}
    assert wrong == {}
    assert len(known) >= len(cases) - 3  # the others are about quotes, below


SCENE_JSON = {
    "quote": SCENE.quote, "description": SCENE.description, "mood": "tense", "lighting": "lamplight",
    "elements": ["the hall"],
}  # fmt: skip
ELEMENT_JSON = {
    "type": "place", "name": "the hall", "description": "a dark hall", "aliases": [], "quotes": [SCENE.quote]
}  # fmt: skip
WHOLE = {"scenes": [SCENE_JSON], "elements": [ELEMENT_JSON]}
PLAIN = json.dumps(WHOLE)


@pytest.mark.parametrize(
    "reply",
    [
        f"~~~json5\n{PLAIN}\n~~~",
        f"```json\n{PLAIN}",
        f"<answer>{PLAIN}</answer> Hope {{this}} helps! {{ unfinished",
        f"hm {{a: b}} [1]\n</think>\n{PLAIN}",
        f"<|channel|>analysis<|message|>x {{y}}<|end|><|channel|>final<|message|>{PLAIN}",
        json.dumps(PLAIN),
        f"[{PLAIN}]",
        json.dumps({"data": {"output": [WHOLE]}}),
        json.dumps({"scenes": {"1": SCENE_JSON}, "elements": ELEMENT_JSON}),
        json.dumps({"scenes": SCENE_JSON, "elements": [ELEMENT_JSON]}),
        json.dumps({"scenes": [{**SCENE_JSON, "elements": "the hall"}], "elements": [ELEMENT_JSON]}),
        json.dumps(WHOLE, indent=2).replace('"mood"', '/* its mood */ "mood"').replace('"type"', '// kind\n"type"'),
        '{"scenes": []}\n' + PLAIN,
        json.dumps({"type": "object", "properties": {"scenes": {"type": "array"}}}) + PLAIN,
    ],
)
def test_other_models_have_other_habits(reply: str) -> None:
    """Fences, tags, wrappings, comments and single objects around the same answer change nothing of it."""
    assert outcome(reply) == GOOD


def test_scenes_one_a_line_are_scenes() -> None:
    """Objects one after the other, in no list, are the scenes."""
    second = json.dumps({**SCENE_JSON, "quote": "Nobody spoke in the hall."})
    said = read_reply(f"{json.dumps(SCENE_JSON)}\n{second}")

    assert [scene.quote for scene in said.scenes] == ["The lamp flickered.", "Nobody spoke in the hall."]


def test_loose_objects_without_a_quote_are_no_answer() -> None:
    """What looks like scenes but quotes nothing is asked for again, as an empty list of them is."""
    with pytest.raises(Unusable) as caught:
        read_reply('{"quote": [{}], "description": "A lamp"}\n{"quote": null, "description": "A lamp"}')

    assert caught.value.why is Why.EMPTY


def vector(name: str) -> Said:
    cases = vectors()["vectors"]
    assert isinstance(cases, list)
    return read_reply(next(case["reply"] for case in cases if case["name"] == name))


def small_chapter() -> ChapterText:
    return ChapterText(number=1, title="I", paragraphs=(Paragraph(text=str(vectors()["chapter_text"]).strip()),))


def test_a_quote_that_is_not_in_the_chapter_is_found_out() -> None:
    """An invented quote makes no scene, and no quote of an element."""
    checked = check_quotes(vector("quote_not_in_chapter"), chapter=small_chapter(), find=find_quote)

    assert checked.scenes == ()
    assert [scene.quote for scene in checked.invented] == ["The moon exploded over the sea."]
    assert [element.quotes for element in checked.elements] == [()]


def test_a_quote_is_restored_to_the_source() -> None:
    """Whatever case and spacing the model gave it, the quote has the book's own characters."""
    checked = check_quotes(vector("quote_with_typographic_differences"), chapter=small_chapter(), find=find_quote)

    assert [scene.quote.text for scene in checked.scenes] == ["The lamp flickered."]
    assert checked.scenes[0].quote.start == small_chapter().text.index("The lamp")


def test_what_the_book_does_not_name_is_no_element() -> None:
    """A name with neither a place in the chapter nor a quote from it is left out, wherever it might have led."""
    checked = check_quotes(vector("injection"), chapter=small_chapter(), find=find_quote)

    assert checked.elements == ()
    assert checked.scenes[0].elements == ()


@pytest.mark.parametrize("end", [10, 60, 200, 300])
def test_a_cut_answer_never_passes_for_a_whole_one(end: int) -> None:
    """Wherever an answer is cut, it is truncated, though a whole scene may stand in it."""
    whole = json.dumps({"scenes": [{"quote": "a b c", "description": "d" * 50}] * 4, "elements": []})

    assert outcome(whole[:end]) is Why.TRUNCATED


def test_a_refusal_by_the_endpoint_is_one() -> None:
    """A refusal in its own field, or by the content filter, is no parse error."""
    with pytest.raises(Unusable, match="not that") as refused:
        read_reply(None, refusal="not that")
    with pytest.raises(Unusable) as filtered:
        read_reply("{", finish_reason="content_filter")

    assert (refused.value.why, filtered.value.why) == (Why.REFUSED, Why.REFUSED)
