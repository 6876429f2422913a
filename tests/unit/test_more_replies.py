"""A second set of replies, written without sight of the code: what comes of each."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.judging import chapter_of, faults, texts_of

LOADED = tomllib.loads((Path(__file__).parents[1] / "fixtures" / "replies2.toml").read_text())
CHAPTER = chapter_of(LOADED["chapter"])
SENTENCES = [each.strip() for line in LOADED["chapter"] for each in re.findall(r".+?[.?]”?(?= [A-Z“]|$)", line)]


@pytest.mark.parametrize("case", LOADED["case"], ids=lambda case: case["name"])
def test_what_comes_of_it(case: dict[str, Any]) -> None:
    """The passages that it names, or the right reason."""
    reply = re.sub(r"\{S(\d+)\}", lambda match: SENTENCES[int(match[1]) - 1], case["reply"])
    expect = dict(case["expect"])
    if "at" in expect:
        expect["quotes"] = [_passage(numbers) for numbers in expect["at"]]

    assert list(faults({**case, "reply": reply, "expect": expect}, CHAPTER)) == []
    printed = json.dumps(texts_of({**case, "reply": reply}, CHAPTER), ensure_ascii=False)
    assert [words for words in expect.get("without", ()) if words in printed] == []


def _passage(numbers: str) -> str:
    first, _, last = numbers.partition("-")
    start = CHAPTER.text.index(SENTENCES[int(first) - 1])
    ending = SENTENCES[int(last or first) - 1]
    return CHAPTER.text[start : CHAPTER.text.index(ending) + len(ending)]


def test_the_sentences_are_fourteen() -> None:
    """As the replies number them."""
    assert len(SENTENCES) == 14
