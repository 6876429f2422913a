"""What a person asked for one book: which chapters, how many images, in which style, for how much. Pure.

The words and bounds are the same for a sidecar, a profile and the command line.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

MAX_STYLE_LENGTH = 2000
MAX_BUDGET_USD = 100_000
MAX_PAGES_PER_IMAGE = 1000
MAX_CHAPTERS_LENGTH = 500

KEYS = ("style", "chapters", "budget_usd", "language", "pages_per_image", "profile")
FORCE = "force"  # of a sidecar alone: do the book again although the library has it

_PART = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_PROFILE = re.compile(r"\w[\w -]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRequest:
    """`data/request.json`: what was asked for a book when it was admitted.

    Attributes:
        profile: What was named, else the inbox's subfolder it was dropped into; "" for none.
        style: How the illustrations should look, in the person's words; "" leaves it to the daemon.
        chapters: Story chapters to do, such as "1-5,8"; "" for all.
        budget_usd: The most it may cost; None for what the settings say.
        language: BCP 47 tag that overrules the book's own; "" leaves that.
        pages_per_image: Overrules the setting; None leaves that.
    """

    schema: str = "imaginized.request/1"
    profile: str = ""
    style: str = ""
    chapters: str = ""
    budget_usd: float | None = None
    language: str = ""
    pages_per_image: int | None = None

    def wants(self, chapter: int) -> bool:
        """Whether this story chapter is to be done."""
        return not self.chapters or any(low <= chapter <= high for low, high in chapter_ranges(self.chapters))


def chapter_ranges(text: str) -> list[tuple[int, int]]:
    """The first and last chapter of every part of "1-5,8".

    Raises:
        ValueError: It is not of that form; the message says what is.
    """
    ranges = []
    for part in text.replace(" ", "").split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f'{part!r} is no chapter; write for example "1-5,8"')
        low, high = int(match[1]), int(match[2] or match[1])
        if not 1 <= low <= high:
            raise ValueError(f"{part!r} runs backwards or begins below 1")
        ranges.append((low, high))
    return ranges


def problem_with(key: str, value: object) -> str:
    """What is wrong with a value a person gave for a key; "" if nothing is."""
    if key == "style":
        is_text = isinstance(value, str) and 0 < len(value.strip()) <= MAX_STYLE_LENGTH
        return "" if is_text else f"must be a text of at most {MAX_STYLE_LENGTH} characters"
    if key == "chapters":
        return _problem_with_chapters(value)
    if key == "budget_usd":
        is_money = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_BUDGET_USD
        return "" if is_money else f"must be a number of dollars from 0 to {MAX_BUDGET_USD}"
    if key == "language":
        is_tag = isinstance(value, str) and _LANGUAGE.fullmatch(value)
        return "" if is_tag else 'must be a language tag such as "en" or "pt-BR"'
    if key == "profile":
        is_name = isinstance(value, str) and _PROFILE.fullmatch(value)
        return "" if is_name else 'must be the name of a profile, such as "fantasy"'
    if key == "pages_per_image":
        is_count = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_PAGES_PER_IMAGE
        return "" if is_count else f"must be a whole number from 1 to {MAX_PAGES_PER_IMAGE}"
    return f"unknown; allowed are {', '.join(KEYS)}"


def make_request(*values: Mapping[str, object], profile: str = "") -> BookRequest:
    """A request from values that have no problem; later ones overrule earlier ones."""
    merged: dict[str, object] = {"profile": profile}
    for given in values:
        merged |= {key: value for key, value in given.items() if key in KEYS}
    if "budget_usd" in merged:
        merged["budget_usd"] = float(cast(float, merged["budget_usd"]))
    known = {field.name for field in fields(BookRequest)}
    return BookRequest(**{key: value for key, value in merged.items() if key in known})  # type: ignore[arg-type]


def sidecar_text(values: Mapping[str, str | int | float | bool]) -> str:
    """A sidecar, TOML, with these values."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def _problem_with_chapters(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_CHAPTERS_LENGTH:
        return 'must be a text such as "1-5,8"'
    try:
        chapter_ranges(value)
    except ValueError as error:
        return str(error)
    return ""
