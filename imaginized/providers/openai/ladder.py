"""How an endpoint wants to be asked: tried from the best way down, remembered for each endpoint and model. Pure.

Text: json_schema, then json_object, then plain text that holds JSON. Images: the images endpoint, then a chat that
draws. What a model refuses as a parameter is left out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import log
from typing import Protocol

from imaginized.providers.openai.failures import Failure, Next, is_too_long

FOR_THE_TEXT = 2 / 3  # of a context; the rest is for the answer
PROMPT_TOKENS = 1_500  # instructions, form and example
TOKENS_PER_WORD = 2.0  # numbers of sentences included, in a language that its tokens do not favour
SHORTEST_TEXT = 200  # words


class Rung(StrEnum):
    """How JSON is asked for, best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    EXTRACTION = "extraction"


class Limit(StrEnum):
    """What the parameter for the length of an answer is called."""

    NEW = "max_completion_tokens"
    OLD = "max_tokens"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to ask one model of one endpoint.

    Attributes:
        draws_in_chat: Whether images come from a chat instead of the images endpoint.
        sizes: Whether the size of an image is said.
        size: The size that is said instead of the one in the settings, which the endpoint does not draw; "" for none.
        prompt_characters: The longest prompt for an image that the endpoint takes; 0 where it took all of them.
        references: Whether pictures of those in a scene are sent along.
        bounded: Whether the schema says how long texts and lists may be.
        streams: Whether the answer is asked for in pieces.
        most_tokens: The longest answer that the endpoint allows; 0 for any.
        without: Other parameters that the endpoint does not know.
        context_tokens: How much the model holds, as a trial has found; 0 where nobody said.
    """

    rung: Rung = Rung.SCHEMA
    limit: Limit = Limit.NEW
    draws_in_chat: bool = False
    sizes: bool = True
    size: str = ""
    prompt_characters: int = 0
    references: bool = True
    bounded: bool = True
    streams: bool = False
    most_tokens: int = 0
    without: tuple[str, ...] = ()
    context_tokens: int = 0

    @property
    def most_words(self) -> int:
        """The longest text that fits, with its answer; 0 for any length."""
        if not self.context_tokens:
            return 0
        room = self.context_tokens * FOR_THE_TEXT - PROMPT_TOKENS
        return max(int(room / TOKENS_PER_WORD), SHORTEST_TEXT)

    def told(self, body: Mapping[str, object]) -> dict[str, object]:
        """A request's body as this endpoint wants it."""
        kept = {name: value for name, value in body.items() if name not in self.without}
        limit = kept.get(self.limit.value)
        if self.most_tokens and isinstance(limit, int):
            kept[self.limit.value] = min(limit, self.most_tokens)
        if SYSTEM in self.without:
            kept["messages"] = _without_system(kept.get("messages"))
        return {**kept, "stream": True} if self.streams and "messages" in kept else kept


def _without_system(messages: object) -> object:
    """The same, what the first of two says told by the second."""
    match messages:
        case [{"role": "system", "content": str(rules)}, {"content": str(words), **asked}, *rest]:
            return [{**asked, "content": f"{rules}\n\n{words}"}, *rest]
    return messages


class Memory(Protocol):
    """Keeps the ways that worked, over processes and restarts."""

    def recall(self, endpoint: str, model: str) -> Way:
        """The way that worked last; the best where none is known."""

    def remember(self, endpoint: str, model: str, way: Way) -> None:
        """Keep the way that worked."""


# How the bounds of a schema are refused: by name, or as too much for the grammar that is made of them.
_BOUNDS = ("maxlength", "maxitems", "max_length", "max_items", "repetition", "grammar")
_SIZES = re.compile(r"(?<!\d)(\d{2,4})x(\d{2,4})(?!\d)")
_LENGTH = re.compile(r"too long|length|characters|at most \d|exceed|maximum \d")
_NUMBERS = re.compile(r"(?<![\w.])\d{3,6}(?![\w.])")
SHORTEST_PROMPT = 120  # characters; of fewer no picture of a scene comes
_LIMITS = ("max_completion_tokens", "max_tokens", "in the completion")
_NAMES = ("response_format", "json_schema", "requested parameters", "structured output")
_STREAM = re.compile(r"\bstream(?:ing|=|:| |\b)")
SYSTEM = "system"  # among what a way is without: messages with a role of that name
_ROLES = re.compile(r"\b(?:system|developer)\W{0,3}(?:role|prompt|message|instruction)|roles? must alternate|'system'")
# What a request can do without, where an endpoint names it as wrong.
_OPTIONAL = frozenset(("n", "quality", "seed", "negative_prompt", "reasoning_effort", "temperature", "stream_options"))
LEAST_ANSWER_TOKENS = 1_500
BROKEN_TRIES = 3  # errors of the endpoint's own after which pictures are no longer sent along


def step_down(way: Way, failure: Failure) -> Way | None:
    """The next way for a chat that the endpoint turned away; None where the way was not the reason, or none is left."""
    words = _words(failure)
    if failure.next is Next.LESS_ROOM:
        return _with_less_room(way, failure.most_tokens)
    is_unsupported = failure.status == 404 and any(name in words for name in _NAMES)
    may_help = failure.next is Next.OTHER_WAY or failure.status in (400, 415, 422) or is_unsupported
    if failure.next not in (Next.REJECT, Next.OTHER_WAY) or not may_help:
        return None
    if not way.streams and _STREAM.search(words):
        return replace(way, streams=True)
    if way.limit is not Limit.NONE and any(name in words for name in _LIMITS):
        return replace(way, limit=Limit.OLD if way.limit is Limit.NEW else Limit.NONE)
    known = failure.param if failure.param in _OPTIONAL else SYSTEM if _ROLES.search(words) else ""
    if known and known not in way.without:
        return replace(way, without=(*way.without, known))
    if is_too_long(failure):
        return None
    if way.rung is Rung.SCHEMA and way.bounded and any(name in words for name in _BOUNDS):
        return replace(way, bounded=False)
    rungs = list(Rung)
    if way.rung is rungs[-1]:
        return None
    return replace(way, rung=rungs[rungs.index(way.rung) + 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What was asked of a drawing model, as far as another way may change it.

    Attributes:
        size: In pixels, as the settings have it ("1536x1024"); "" for none.
        characters: Length of the whole prompt.
        has_references: Whether pictures would be sent along; they go by a path of their own.
    """

    size: str = ""
    characters: int = 0
    has_references: bool = False


def step_down_image(way: Way, failure: Failure, *, drawing: Drawing) -> Way | None:
    """The next way for an image that the endpoint turned away; None where none is left.

    Args:
        way: As it was asked.
        failure: What came.
        drawing: What was asked.
    """
    words = _words(failure)
    if failure.next in (Next.RETRY, Next.REST):
        # The path for pictures with pictures may be broken while the other one draws.
        is_broken = failure.status >= 500 and failure.times >= BROKEN_TRIES
        return replace(way, references=False) if is_broken and drawing.has_references and way.references else None
    if failure.next not in (Next.REJECT, Next.SMALLER, Next.OTHER_WAY):
        return None
    if failure.status in (400, 413, 422) and not way.draws_in_chat:
        shorter = _shorter(way, words, characters=drawing.characters)
        if shorter:
            return replace(way, prompt_characters=shorter)
        if way.sizes and drawing.size and ("size" in words or _SIZES.search(words)):
            size = _other_size(words, wanted=drawing.size, refused=way.size or drawing.size)
            return replace(way, size=size, sizes=bool(size))
    if failure.status in (400, 422) and failure.param in _OPTIONAL and failure.param not in way.without:
        return replace(way, without=(*way.without, failure.param))
    if drawing.has_references and way.references:
        return replace(way, references=False)
    if not way.draws_in_chat and (failure.status in (404, 405) or "chat" in words):
        return replace(way, draws_in_chat=True, references=True)
    return None


def sizes_in(words: str) -> list[str]:
    """The sizes that some words name, in their order."""
    return [f"{int(a)}x{int(b)}" for a, b in _SIZES.findall(words) if int(a) and int(b)]


def _other_size(words: str, *, wanted: str, refused: str) -> str:
    """Of the sizes that a refusal names, the one most like the wanted shape, then the largest; "" where it names none.

    A size that was refused before comes back in no list: else two wrong lists would be tried without end.
    """
    width, height = (float(part) for part in wanted.split("x"))
    found = {(int(a), int(b)) for a, b in _SIZES.findall(words) if int(a) and int(b)} - {(int(width), int(height))}
    if refused != wanted:
        return ""
    alike = sorted(found, key=lambda size: (abs(log(size[0] / size[1] / (width / height))), -size[0] * size[1]))
    return f"{alike[0][0]}x{alike[0][1]}" if alike else ""


def _shorter(way: Way, words: str, *, characters: int) -> int:
    """How long a prompt may be that was refused for its length: as is told, or half of it; 0 where it was not that."""
    sent = min(characters, way.prompt_characters or characters)
    if "prompt" not in words or not _LENGTH.search(words) or sent <= SHORTEST_PROMPT:
        return 0
    told = [int(number) for number in _NUMBERS.findall(words) if SHORTEST_PROMPT <= int(number) < sent]
    return max(told, default=max(sent // 2, SHORTEST_PROMPT))


def _words(failure: Failure) -> str:
    return f"{failure.code} {failure.param} {failure.words}".casefold()


def _with_less_room(way: Way, most: int) -> Way | None:
    """The way with the longest answer that is allowed; where that is too short for one, without saying any length."""
    if most >= LEAST_ANSWER_TOKENS and (not way.most_tokens or most < way.most_tokens):
        return replace(way, most_tokens=most)
    return None if way.limit is Limit.NONE else replace(way, limit=Limit.NONE, most_tokens=0)


def dump_ways(ways: Mapping[str, Way]) -> bytes:
    """Ways by "endpoint model" as JSON."""
    return json.dumps({name: asdict(way) for name, way in sorted(ways.items())}, indent=1).encode() + b"\n"


def load_ways(data: bytes) -> dict[str, Way]:
    """Ways from JSON; what does not fit is forgotten."""
    try:
        loaded = json.loads(data)
    except ValueError:
        return {}
    found: dict[str, Way] = {}
    for name, said in loaded.items() if isinstance(loaded, dict) else ():
        way = _read_way(said)
        if way is not None:
            found[name] = way
    return found


def _read_way(said: object) -> Way | None:
    if not isinstance(said, dict):
        return None
    try:
        return Way(
            rung=Rung(said["rung"]),
            limit=Limit(said["limit"]),
            draws_in_chat=said["draws_in_chat"] is True,
            sizes=said["sizes"] is True,
            references=said.get("references", True) is True,
            bounded=said.get("bounded", True) is True,
            size=size if isinstance(size := said.get("size"), str) and _SIZES.fullmatch(size) else "",
            prompt_characters=longest if isinstance(longest := said.get("prompt_characters"), int) else 0,
            streams=said.get("streams", False) is True,
            most_tokens=int(said.get("most_tokens", 0)),
            without=tuple(str(name) for name in said.get("without", ())),
            context_tokens=held if isinstance(held := said.get("context_tokens"), int) else 0,
        )
    except (KeyError, ValueError, TypeError):
        return None
