"""From whatever a model sends back to records. Pure: what the book says about it is for `verbatim`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from imaginized.errors import ImaginizedError
from imaginized.providers.openai.lenient import CutShort, NotJson, Value, read_value
from imaginized.story.elements import ElementType

MOST_BEGINNINGS = 200  # places where a value may begin that are tried
LONGEST_REFUSAL = 600


class Why(StrEnum):
    """Why an answer is none."""

    TRUNCATED = "truncated"
    EMPTY = "empty"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class Unusable(ImaginizedError):
    """The model answered, but not with scenes.

    Attributes:
        why: Whether to ask again with more room, ask again, or take no for an answer.
    """

    def __init__(self, message: str, *, why: Why) -> None:
        """Keep the kind beside the message."""
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidScene:
    """A scene as the model says it; nothing is checked against the book."""

    quote: str
    description: str
    mood: str = ""
    lighting: str = ""
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidElement:
    """An element as the model says it; nothing is checked against the book."""

    type: ElementType
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model said about a chapter; at least one scene."""

    scenes: tuple[SaidScene, ...]
    elements: tuple[SaidElement, ...] = ()


_THOUGHT = re.compile(r"<(think|thinking|reasoning)>", re.IGNORECASE)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:very |so )?(?:sorry|unable|not able)|I (?:can['’]?t|cannot|won['’]t|will not|must decline)"
    r"|as an AI|against (?:my|our) (?:guidelines|policy))",
    re.IGNORECASE,
)
_SCENES = ("scenes", "key_scenes", "moments", "illustrations", "visual_scenes")
_ELEMENTS = ("elements", "entities", "characters_and_places", "visual_elements")
_QUOTE = ("quote", "excerpt", "passage", "source_quote", "source_text", "text")
_DESCRIPTION = ("description", "visual_description", "image_description", "image_prompt", "prompt", "summary")
_MOOD = ("mood", "tone", "atmosphere")
_LIGHTING = ("lighting", "light", "time_of_day")
_PRESENT = ("elements", "elements_present", "present", "characters", "entities")
_NAME = ("name", "title")
_LOOKS = ("description", "looks", "permanent_looks", "appearance", "visual_description")
_ALIASES = ("aliases", "alias", "other_names", "also_known_as")
_QUOTES = ("quotes", "quote", "evidence", "excerpts")
_TYPES = MappingProxyType(
    {
        **dict.fromkeys(
            ("character", "person", "people", "human", "man", "woman", "protagonist"), ElementType.CHARACTER
        ),
        **dict.fromkeys(("creature", "animal", "monster", "beast", "being"), ElementType.CREATURE),
        **dict.fromkeys(
            ("place", "location", "setting", "building", "room", "landscape", "environment"), ElementType.PLACE
        ),
    }
)


def read_reply(content: str | None, *, finish_reason: str = "", refusal: str = "") -> Said:
    """The scenes and elements of an answer.

    Args:
        content: What the model wrote; None where it wrote nothing.
        finish_reason: Why it stopped, as the endpoint says.
        refusal: What the endpoint says the model declined with.

    Raises:
        Unusable: There is no scene in it; says why.
    """
    if refusal or finish_reason == "content_filter":
        raise Unusable(_shown(refusal) or "the endpoint's content filter stopped the answer", why=Why.REFUSED)
    if finish_reason == "length":
        raise Unusable("the answer was cut at the most tokens it may have", why=Why.TRUNCATED)
    text = _without_thoughts(content or "").replace("\ufeff", "").strip()
    if not text:
        raise Unusable("the answer is empty", why=Why.EMPTY)
    if _MARKUP.match(text):
        raise Unusable("the answer is a web page", why=Why.UNREADABLE)
    return _find_said(_decoded(text))


def _without_thoughts(text: str) -> str:
    """What is said aloud. One pass: a pattern for both ends takes the square of the length where ends are missing."""
    lowered, kept, at, from_here = text.lower(), [], 0, 0
    unended: set[str] = set()
    while opened := _THOUGHT.search(text, from_here):
        end = f"</{opened[1].lower()}>"
        closed = -1 if end in unended else lowered.find(end, opened.end())
        if closed < 0:
            unended.add(end)
            from_here = opened.end()
            continue
        kept.append(text[at : opened.start()])
        at = from_here = closed + len(end)
    return "".join(kept) + text[at:]


def _decoded(text: str) -> str:
    """What a JSON string says that is the whole answer; any other answer as it is."""
    try:
        inner = json.loads(text) if text.startswith('"') else None
    except ValueError:
        return text
    return inner if isinstance(inner, str) else text


def _find_said(text: str) -> Said:
    """What the first value in the text says that speaks of scenes."""
    is_empty = False
    loose: list[Value] = []  # scenes that stand one after the other, in nothing
    for value in _values(text):
        holder = _find_holder(value)
        if holder is not None:
            said = _said(holder)
            if said.scenes:
                return said
            is_empty = True
        elif isinstance(value, dict) and _get(value, _QUOTE) and _get(value, _DESCRIPTION):
            loose.append(value)
    said = _said({"scenes": loose})
    if said.scenes:
        return said
    if is_empty or loose:
        raise Unusable("the answer names no scene", why=Why.EMPTY)
    if len(text) <= LONGEST_REFUSAL and _REFUSAL.search(text):
        raise Unusable(_shown(text), why=Why.REFUSED)
    raise Unusable("the answer is not the JSON that was asked for", why=Why.UNREADABLE)


def _values(text: str) -> Iterator[Value]:
    """Every JSON object and array in a text, those inside others left out.

    Raises:
        Unusable: The text ends inside one.
    """
    end = 0
    for begin in [match.start() for match in re.finditer(r"[{\[]", text)][:MOST_BEGINNINGS]:
        if begin < end:
            continue
        try:
            value, end = read_value(text, begin)
        except NotJson:
            continue
        except CutShort as error:
            raise Unusable("the answer ends in the middle", why=Why.TRUNCATED) from error
        yield value


def _find_holder(value: Value) -> Mapping[str, Value] | None:
    """The object that holds the scenes, which may stand in others; a bare list of scenes is one, too."""
    if isinstance(value, list):
        are_scenes = bool(value) and all(isinstance(each, dict) and _get(each, _QUOTE) for each in value)
        return {"scenes": value} if are_scenes else _find_in(value)
    if not isinstance(value, dict):
        return None
    if any(isinstance(_get(value, (key,)), list | dict) for key in _SCENES):
        return value
    return _find_in(value.values())


def _find_in(values: Iterable[Value]) -> Mapping[str, Value] | None:
    return next((found for value in values if (found := _find_holder(value)) is not None), None)


def _said(holder: Mapping[str, Value]) -> Said:
    scenes = (_scene(each) for each in _list(holder, _SCENES) if isinstance(each, dict))
    elements = (_element(each) for each in _list(holder, _ELEMENTS) if isinstance(each, dict))
    return Said(
        scenes=tuple(scene for scene in scenes if scene.quote),
        elements=tuple(element for element in elements if element.name),
    )


def _scene(said: Mapping[str, Value]) -> SaidScene:
    return SaidScene(
        quote=_text(_get(said, _QUOTE), fold=False),
        description=_text(_get(said, _DESCRIPTION)),
        mood=_text(_get(said, _MOOD)),
        lighting=_text(_get(said, _LIGHTING)),
        elements=_texts(_names(_get(said, _PRESENT))),
    )


def _names(value: Value) -> Value:
    """Names that came as one text."""
    return re.split(r"[,;]", value) if isinstance(value, str) else value


def _element(said: Mapping[str, Value]) -> SaidElement:
    word = _text(_get(said, ("type", "kind", "category"))).casefold()
    return SaidElement(
        type=_TYPES.get(word, ElementType.ITEM),
        name=_text(_get(said, _NAME)),
        description=_text(_get(said, _LOOKS)),
        aliases=_texts(_get(said, _ALIASES)),
        quotes=_texts(_get(said, _QUOTES)),
    )


def _get(said: Mapping[str, Value], names: Sequence[str]) -> Value:
    """The value of the first of these keys that has one, whatever its case."""
    folded = {key.casefold().replace(" ", "_").replace("-", "_"): value for key, value in said.items()}
    return next((folded[name] for name in names if folded.get(name) is not None), None)


def _list(said: Mapping[str, Value], names: Sequence[str]) -> Sequence[Value]:
    """The items under the first of these keys: a list, an object that numbers them, or a single one."""
    value = _get(said, names)
    if isinstance(value, dict):
        return list(value.values()) if all(isinstance(each, dict) for each in value.values()) else [value]
    return value if isinstance(value, list) else ()


def _text(value: Value, *, fold: bool = True) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join(value.split()) if fold else value.strip()


def _texts(value: Value) -> tuple[str, ...]:
    """The texts of a list whose items may be objects with a name."""
    items = value if isinstance(value, list) else [value]
    texts = (_text(_get(item, (*_NAME, *_QUOTE)) if isinstance(item, dict) else item) for item in items)
    return tuple(dict.fromkeys(text for text in texts if text))


def _shown(words: str) -> str:
    """A model's own words, short enough for a reason."""
    words = " ".join(words.split())
    return words if len(words) <= 200 else f"{words[:199]}…"
