"""What must come of a reply, as the vectors say it, held against what comes of it."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from imaginized.providers.openai.chapter import read_chat
from imaginized.providers.openai.said import Unusable, Why
from imaginized.providers.openai.verbatim import Checked, check_quotes
from imaginized.reading.quotes import find_quote
from imaginized.story.text import ChapterText, Paragraph

OWN = Path(__file__).parents[1] / "fixtures" / "replies.json"
REORDERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PRINTED = {"ok", "partial", "source", "long"}


def chapter_of(paragraphs: Sequence[str]) -> ChapterText:
    return ChapterText(
        number=1, title="The Harbour Book", paragraphs=tuple(Paragraph(text=text) for text in paragraphs)
    )


def checked(reply: str | None, chapter: ChapterText, *, finish: str = "stop") -> Checked | Why:
    """What comes of a reply: what the chapter bears out, or why it is no answer."""
    choice = {"message": {"content": reply}, "finish_reason": finish}
    try:
        return check_quotes(read_chat({"choices": [choice]}), chapter=chapter, find=find_quote)
    except Unusable as error:
        return error.why


def wrong_cases(file: Path) -> dict[str, list[str]]:
    """The cases of a file that come out wrong, with what is wrong."""
    loaded = json.loads(file.read_text())
    chapter = chapter_of(loaded["chapter"])
    found = {case["name"]: list(faults(case, chapter)) for case in loaded["cases"]}
    return {name: faults for name, faults in found.items() if faults}


def texts_of(case: Mapping[str, Any], chapter: ChapterText) -> list[str]:
    """All that comes of a case, to be printed or drawn."""
    got = checked(case["reply"], chapter, finish=case.get("finish", "stop"))
    return [] if isinstance(got, Why) else [*_texts(got), *(scene.quote.text for scene in got.scenes)]


def faults(case: Mapping[str, Any], chapter: ChapterText) -> Iterator[str]:
    """What comes of a case otherwise than it says."""
    want = case["expect"]
    allowed = set(want["outcome"].split("_or_"))
    got = checked(case["reply"], chapter, finish=case.get("finish", "stop"))
    if isinstance(got, Why):
        if not {"refused" if got is Why.REFUSED else "retry", str(got)} & allowed:
            yield f"{got} instead of {want['outcome']}"
        return
    if not allowed & (PRINTED if got.scenes else {"invented"}):
        yield f"{[scene.quote.text for scene in got.scenes]} instead of {want['outcome']}"
    yield from _quote_faults(want, got, chapter)
    yield from _element_faults(want, got)
    yield from _length_faults(want, got)
    yield from (f"unclean: {text!r}" for text in _texts(got) if not _is_clean(text))


def _quote_faults(want: Mapping[str, Any], got: Checked, chapter: ChapterText) -> Iterator[str]:
    for scene in got.scenes:
        quote = scene.quote
        if chapter.text[quote.start : quote.start + len(quote.text)] != quote.text:
            yield f"not verbatim: {quote.text}"
        if not quote.text.rstrip(" ”\"'’»").endswith((".", "!", "?", "…")):
            yield f"no whole sentence: {quote.text}"
    quotes = sorted(scene.quote.text for scene in got.scenes)
    if quotes and "quotes" in want and quotes != sorted(want["quotes"]):
        yield f"quotes {quotes}"
    described = want.get("description", "")
    if described and not any(
        scene.description and (described is True or described in scene.description) for scene in got.scenes
    ):
        yield "no description"
    if "present" in want and not any(set(want["present"]) <= set(scene.elements) for scene in got.scenes):
        yield "not present"


def _element_faults(want: Mapping[str, Any], got: Checked) -> Iterator[str]:
    by_name = {element.name: element for element in got.elements}
    aliases = {alias for element in got.elements for alias in element.aliases}
    for name in set(want.get("elements", ())) | set(want.get("types", ())) | set(want.get("looks", ())):
        if name not in by_name:
            yield f"no {name} among {sorted(by_name)}"
            return
    yield from (f"{name} is there" for name in want.get("absent", ()) if name in by_name)
    yield from (f"no alias {name}" for name in want.get("aliases", ()) if name not in aliases)
    yield from (f"alias {name}" for name in want.get("no_aliases", ()) if name in aliases)
    for name, kind in want.get("types", {}).items():
        if by_name[name].type != kind:
            yield f"{name} is {by_name[name].type}"
    for name, looks in want.get("looks", {}).items():
        if looks not in by_name[name].description:
            yield f"{name} looks {by_name[name].description!r}"


def _length_faults(want: Mapping[str, Any], got: Checked) -> Iterator[str]:
    lengths = {
        "max_name": [len(element.name) for element in got.elements],
        "max_look": [len(element.description) for element in got.elements],
        "max_desc": [len(scene.description) for scene in got.scenes],
    }
    yield from (
        f"{key}: {max(all_of)}" for key, all_of in lengths.items() if max(all_of, default=0) > want.get(key, 1200)
    )


def _texts(got: Checked) -> Iterator[str]:
    for scene in got.scenes:
        yield from (scene.description, scene.mood, scene.lighting, *scene.elements)
    for element in got.elements:
        yield from (element.name, element.description, *element.aliases)


def _is_clean(text: str) -> bool:
    return not any(each in REORDERS or unicodedata.category(each) in ("Cc", "Cs") for each in text)
