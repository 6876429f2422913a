"""The keys of a sidecar: what a person asks for one book. Which chapters, how many images, which style. Pure.

The words and bounds are the same for a sidecar, a profile and the command line; `data/request.json` keeps them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

from imaginized.story.cast_orders import Order
from imaginized.story.editing import Edit

MAX_STYLE_LENGTH = 2000
MAX_BUDGET_USD = 100_000
MAX_PAGES_PER_IMAGE = 1000
MAX_CHAPTERS_LENGTH = 500
MAX_CHAPTERS = 5000  # at once; the longest table of contents that was seen has 2,020 entries
SHOWN_LENGTH = 40

KEYS = (
    *("style", "chapters", "budget_usd", "language", "pages_per_image", "profile"),
    *("text_model", "image_model", "image_quality"),
)
FORCE = "force"  # of a sidecar alone: do the book again although the library has it

_PART = re.compile(r"([0-9]{1,5})(?: *- *([0-9]{1,5}))?")  # "1 2" is no 12: the comma was forgotten
_PROFILE = re.compile(r"\w[\w -]{0,63}")
# As endpoints name models, with what some put behind them; nothing that is a place.
_MODEL = re.compile(r"(?!.*(?:://|\.\.))[A-Za-z0-9](?:[A-Za-z0-9 ._:/@+()\[\]-]{0,126}[A-Za-z0-9.)\]])?")
_QUALITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_NAMES = {
    "text_model": (_MODEL, 'must be the name of a model, as the endpoint has it, such as "gpt-5-mini"'),
    "image_model": (_MODEL, 'must be the name of a model, as the endpoint has it, such as "gpt-image-1"'),
    "image_quality": (_QUALITY, 'must be a word that the endpoint knows, such as "high"'),
}
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
        text_model: Reads its chapters instead of the settings' model, at the same endpoint; "" leaves that.
        image_model: Draws instead of the settings' model, at the same endpoint; "" leaves that.
        image_quality: Overrules the setting; "" leaves that.
        edits: How the book is to be divided; its `chapters.toml` counts more.
        cast: Who is who in it; its `cast.toml` counts more.
    """

    schema: str = "imaginized.request/1"
    profile: str = ""
    style: str = ""
    chapters: str = ""
    budget_usd: float | None = None
    language: str = ""
    pages_per_image: int | None = None
    text_model: str = ""
    image_model: str = ""
    image_quality: str = ""
    edits: tuple[Edit, ...] = ()
    cast: tuple[Order, ...] = ()

    def wants(self, chapter: int) -> bool:
        """Whether this story chapter is to be done."""
        stored = self.chapters.replace(" ", "")  # "1 2" once meant 12; a book asked for so goes on as it began
        return not stored or any(low <= chapter <= high for low, high in chapter_ranges(stored))


def chapter_ranges(text: str) -> list[tuple[int, int]]:
    """The first and last chapter of every part of "1-5,8". The one parser of chapter lists.

    Raises:
        ValueError: It is not of that form, or too long; the message says what is.
    """
    if len(text) > MAX_CHAPTERS_LENGTH:
        raise _not_chapters(text, f"it is longer than {MAX_CHAPTERS_LENGTH} characters")
    ranges = []
    for part in text.split(","):
        match = _PART.fullmatch(part.strip(" "))
        if match is None:
            raise _not_chapters(text)
        low, high = int(match[1]), int(match[2] or match[1])
        if low < 1:
            raise _not_chapters(text, "chapters begin at 1")
        if high < low:
            raise _not_chapters(text, f"{part.strip()} runs backwards")
        ranges.append((low, high))
    return ranges


def chapter_numbers(value: object) -> tuple[int, ...]:
    """The chapters that a text such as "1-5,8" or a list of numbers names, ascending, each once; never none.

    Raises:
        ValueError: It names none, or is of another form, or names more than `MAX_CHAPTERS`.
    """
    if isinstance(value, str):
        ranges = chapter_ranges(value)
    elif isinstance(value, list) and value and len(value) <= MAX_CHAPTERS:
        ranges = [(_chapter_number(one), one) for one in value]
    elif isinstance(value, list) and value:
        raise ValueError(f"not a chapter list: {len(value)} numbers; at most {MAX_CHAPTERS} at once")
    else:
        raise _not_chapters(value)
    if sum(high - low + 1 for low, high in ranges) > MAX_CHAPTERS:  # counted before anything of that size is made
        raise _not_chapters(value, f"at most {MAX_CHAPTERS} chapters at once")
    return tuple(sorted({number for low, high in ranges for number in range(low, high + 1)}))


def _chapter_number(value: object) -> int:
    if type(value) is not int or not 1 <= value < 10**5:  # True is an int, too
        raise _not_chapters(value)
    return value


def _not_chapters(value: object, why: str = "") -> ValueError:
    # Of a list no more than that: it may be long, or nested so deeply that showing it fails.
    shown = ("a list in a list" if value else "[]") if isinstance(value, list) else type(value).__name__
    if value is None or isinstance(value, str | int | float):
        shown = repr(f"{value[:SHOWN_LENGTH]}…" if isinstance(value, str) and len(value) > SHOWN_LENGTH else value)
        shown = shown if isinstance(value, str) or len(shown) <= SHOWN_LENGTH else f"{shown[:SHOWN_LENGTH]}…"
    return ValueError(f"not a chapter list: {shown} (example: 1-5,8)" + (f"; {why}" if why else ""))


def problem_with(key: str, value: object) -> str:
    """What is wrong with a value a person gave for a key; "" if nothing is."""
    if key in _NAMES:
        pattern, told = _NAMES[key]
        return "" if isinstance(value, str) and pattern.fullmatch(value) else told
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
        merged |= {key: value for key, value in given.items() if key in (*KEYS, "edits", "cast")}
    if "budget_usd" in merged:
        merged["budget_usd"] = float(cast(float, merged["budget_usd"]))
    known = {field.name for field in fields(BookRequest)}
    return BookRequest(**{key: value for key, value in merged.items() if key in known})  # type: ignore[arg-type]


def sidecar_text(values: Mapping[str, str | int | float | bool]) -> str:
    """A sidecar, TOML, with these values."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def _problem_with_chapters(value: object) -> str:
    if not isinstance(value, str):
        return 'must be a text such as "1-5,8"'
    try:
        chapter_ranges(value)
    except ValueError as error:
        return str(error)
    return ""
