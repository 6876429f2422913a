"""From values to scenes and elements, in whatever shape a model puts them: by key, by kind, by name, as rows. Pure.

What a value is, is seen from where it stands (under "scenes", under "places") and from what it says of itself; nothing
here knows which model or endpoint wrote it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from imaginized.providers.openai.lenient import TooMuch, Value, read_values
from imaginized.providers.openai.plain_words import (
    LONGEST_DESCRIPTION,
    LONGEST_FEW_WORDS,
    LONGEST_NAME,
    LONGEST_QUOTE,
    clean,
    name_of,
    one_line,
)
from imaginized.providers.openai.reply_words import (
    ALIASES,
    DESCRIPTION,
    ELEMENTS,
    LIGHTING,
    LOOKS,
    MOOD,
    NAME,
    NUMBERS,
    PICTURE,
    PRESENT,
    QUOTE,
    QUOTES,
    TYPE,
    first_of,
    fold,
    is_scene_word,
    kind_of,
    kind_of_key,
)
from imaginized.providers.openai.said import SaidElement, SaidScene
from imaginized.providers.openai.spans import span_in, span_of, spans_of
from imaginized.story.elements import ElementType

MOST_SCENES = 60
MOST_ELEMENTS = 200
MOST_TEXTS = 12  # names of one
MOST_QUOTES = 6
MOST_LAYERS = 2  # JSON in a string, in which a string holds JSON
DEEPEST = 24
_FEWEST_WORDS = 3  # of a text that is a scene's quote without saying so
# A line such as: - **Mara** (character): a small girl
_LINE = re.compile(
    r"[-*•\d.\s]{0,8}([^()\[\]:—–]{1,120}?)\s*(?:[(\[]([^()\[\]]{1,60})[)\]])?\s*(?:(?::|—|–|\s-\s)\s*(.*))?$",
    re.DOTALL,
)


class Role(StrEnum):
    """What a value is expected to be from where it stands."""

    ANY = "any"
    SCENE = "scene"
    ELEMENT = "element"


@dataclass(slots=True)
class Haul:
    """What was found in one value.

    Attributes:
        spoke_of_scenes: Whether there was a place for scenes, though none in it.
        is_row: Whether the value is itself one scene or element, in no list.
    """

    scenes: list[SaidScene] = field(default_factory=list)
    elements: list[SaidElement] = field(default_factory=list)
    spoke_of_scenes: bool = False
    is_row: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a value stands: what it should be, of which kind, how deep and within how many strings."""

    role: Role = Role.ANY
    kind: ElementType | None = None
    depth: int = 0
    layer: int = 0

    def inside(self, role: Role, kind: ElementType | None = None) -> "_Place":
        return _Place(role=role, kind=kind, depth=self.depth + 1, layer=self.layer)


def collect(value: Value) -> Haul:
    """All scenes and elements in a value."""
    haul = Haul()
    _walk(value, _Place(), haul)
    folded = _folded(value) if isinstance(value, dict) else {}
    is_wrapped = len(haul.scenes) == 1 and any(
        is_scene_word(key) and isinstance(inner, dict) for key, inner in folded.items()
    )
    haul.is_row = is_wrapped or _is_scene(folded) or _is_element(folded)
    haul.spoke_of_scenes |= any(key in folded for key in QUOTE) and any(key in folded for key in DESCRIPTION)
    return haul


def holds_scenes(value: Value) -> bool:
    """Whether it is an object that says itself that it holds scenes."""
    return isinstance(value, dict) and any(
        is_scene_word(str(key)) and isinstance(inner, list | dict) for key, inner in value.items()
    )


def _walk(value: Value, place: _Place, haul: Haul) -> None:
    if place.depth > DEEPEST or len(haul.scenes) > MOST_SCENES or len(haul.elements) > MOST_ELEMENTS:
        return
    if isinstance(value, list):
        for item in value:
            _walk(item, place.inside(place.role, place.kind), haul)
    elif isinstance(value, str):
        _walk_text(value, place, haul)
    elif isinstance(value, dict):
        walk = {Role.ANY: _walk_any, Role.SCENE: _walk_scene, Role.ELEMENT: _walk_element}[place.role]
        walk(value, _folded(value), place, haul)


def _walk_text(text: str, place: _Place, haul: Haul) -> None:
    if text.lstrip()[:1] in ("{", "["):
        if place.layer < MOST_LAYERS:
            inner = _Place(role=place.role, kind=place.kind, depth=place.depth + 1, layer=place.layer + 1)
            for found in _values_in(text):
                _walk(found, inner, haul)
    elif place.role is Role.SCENE and len(text.split()) >= _FEWEST_WORDS:
        _add_scene({"quote": text}, haul)
    elif place.role is Role.ELEMENT and (line := _LINE.match(one_line(text))):
        said = {"name": line[1], "type": line[2], "description": line[3]}
        _add_element({key: words for key, words in said.items() if words}, place.kind, haul)


def _values_in(text: str) -> Iterator[Value]:
    try:
        for piece in read_values(text):
            if not piece.is_cut:
                yield piece.value
    except TooMuch:
        return


def _walk_any(value: Mapping[str, Value], folded: Mapping[str, Value], place: _Place, haul: Haul) -> None:
    if _is_scene(folded):
        _add_scene(folded, haul)
    elif _is_element(folded):
        _add_element(folded, place.kind, haul)
    else:
        for key, inner in value.items():
            _walk_key(key, inner, place, haul)


def _walk_key(key: str, inner: Value, place: _Place, haul: Haul) -> None:
    kind = kind_of_key(key)
    if is_scene_word(key):
        haul.spoke_of_scenes |= isinstance(inner, list | dict)
        _walk(inner, place.inside(Role.SCENE), haul)
    elif fold(key) in ELEMENTS:
        _walk(inner, place.inside(Role.ELEMENT), haul)
    elif kind is not None and isinstance(inner, list | dict):
        _walk(inner, place.inside(Role.ELEMENT, kind), haul)
    elif isinstance(inner, list | dict) or _looks_like_json(inner):
        _walk(inner, place.inside(Role.ANY), haul)


def _looks_like_json(value: Value) -> bool:
    return isinstance(value, str) and value.lstrip()[:1] in ("{", "[")


def _walk_scene(value: Mapping[str, Value], folded: Mapping[str, Value], place: _Place, haul: Haul) -> None:
    if _says_where(folded):
        _add_scene(folded, haul)
        return
    for key, inner in value.items():
        if len(key.split()) > _FEWEST_WORDS and isinstance(inner, dict | str):  # keyed by its quote
            said = _folded(inner) if isinstance(inner, dict) else {"description": inner}
            _add_scene({"quote": key, **said}, haul)
        elif isinstance(inner, list | dict):
            _walk(inner, place.inside(Role.SCENE), haul)


def _walk_element(value: Mapping[str, Value], folded: Mapping[str, Value], place: _Place, haul: Haul) -> None:
    if _text(first_of(folded, NAME), LONGEST_NAME):
        _add_element(folded, place.kind, haul)
        return
    told = first_of(folded, TYPE)
    own = kind_of(told) if isinstance(told, str) else place.kind
    for key, inner in value.items():
        kind = own if isinstance(told, str) else kind_of_key(key)  # "items" may be those of whatever type it says
        if isinstance(inner, dict) and _is_element(_folded(inner)):  # keyed by what only counts them
            _add_element(_folded(inner), kind or own, haul)
        elif isinstance(inner, dict) and _says_looks(_folded(inner)):
            _add_element({**_folded(inner), "name": key}, kind or own, haul)
        elif isinstance(inner, list | dict) and (kind or fold(key) in ELEMENTS or _holds_objects(inner)):
            _walk(inner, place.inside(Role.ELEMENT, kind or own), haul)
        elif fold(key) not in (*TYPE, *LOOKS, *ALIASES, *QUOTES) and isinstance(inner, str | list | dict):
            _add_element({"name": key, "description": inner}, own, haul)


def _holds_objects(value: Sequence[Value] | Mapping[str, Value]) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return any(isinstance(each, dict) for each in inner)


def _says_looks(folded: Mapping[str, Value]) -> bool:
    named = _text(first_of(folded, NAME), LONGEST_NAME)
    return not named and any(key in folded for key in (*LOOKS, *ALIASES, *QUOTES, *TYPE))


def _is_scene(folded: Mapping[str, Value]) -> bool:
    """Whether an object is one scene, from what it says of itself."""
    if not _says_where(folded):
        return False
    told = first_of(folded, TYPE)
    if isinstance(told, str):
        return is_scene_word(told)
    is_lit = any(folded.get(key) is not None for key in (*MOOD, *LIGHTING))
    return is_lit or (first_of(folded, DESCRIPTION) is not None and first_of(folded, NAME) is None)


def _says_where(folded: Mapping[str, Value]) -> bool:
    """Whether an object names a passage, by words or numbers."""
    return bool(_quote(folded)) or span_of(folded) is not None


def _is_element(folded: Mapping[str, Value]) -> bool:
    if not _text(first_of(folded, NAME), LONGEST_NAME):
        return False
    return any(folded.get(key) is not None for key in (*TYPE, *ALIASES, *QUOTES, *LOOKS))


def _add_scene(folded: Mapping[str, Value], haul: Haul) -> None:
    quote, span = _quote(folded), span_of(folded)
    if quote or span:
        scene = SaidScene(
            quote="" if span_in(quote) else quote,
            span=span,
            description=_text(first_of(folded, DESCRIPTION)),
            picture=_text(first_of(folded, PICTURE)),
            mood=_text(first_of(folded, MOOD), LONGEST_FEW_WORDS),
            lighting=_text(first_of(folded, LIGHTING), LONGEST_FEW_WORDS),
            elements=_present(folded),
        )
        if scene not in haul.scenes:
            haul.scenes.append(scene)
        told = [folded[key] for key in PRESENT if isinstance(folded.get(key), list | dict)]
        for item in (item for value in told for item in (value if isinstance(value, list) else [value])):
            if isinstance(item, dict) and _is_element(inner := _folded(item)):
                _add_element(inner, None, haul)


def _present(folded: Mapping[str, Value]) -> tuple[str, ...]:
    """The names of those in a scene, under whatever keys: lists, objects with names, names as keys, one text."""
    found: list[str] = []
    for key in PRESENT:
        value = folded.get(key)
        if isinstance(value, dict) and not first_of(_folded(value), NAME):
            groups = [inner for inner in value.values() if isinstance(inner, list)]
            value = [item for group in groups for item in group] or list(value)
        found += _names(value)
    return tuple(dict.fromkeys(found))[:MOST_TEXTS]


def _add_element(folded: Mapping[str, Value], kind: ElementType | None, haul: Haul) -> None:
    told = first_of(folded, TYPE)
    aliases = _names(first_of(folded, ALIASES))
    name = name_of(_text(first_of(folded, NAME), 4 * LONGEST_NAME)) or next(iter(aliases), "")
    if name:
        haul.elements.append(
            SaidElement(
                type=kind_of(told)
                if isinstance(told, str) and (kind is None or fold(told))
                else kind or ElementType.ITEM,
                name=name,
                description=_text(first_of(folded, LOOKS)),
                aliases=tuple(alias for alias in aliases if alias != name),
                quotes=tuple(quote for quote in _quotes(first_of(folded, QUOTES)) if not span_in(quote)),
                spans=spans_of(first_of(folded, (*NUMBERS, *QUOTES))),
            )
        )


def _names(value: Value) -> list[str]:
    """Names in a list whose items may be objects, or joined in one text."""
    if isinstance(value, str):
        value = re.split(r"[,;、，]", value[: MOST_TEXTS * LONGEST_NAME])
    items = value if isinstance(value, list) else [value]
    texts = (_text(first_of(_folded(i), NAME) if isinstance(i, dict) else i, 4 * LONGEST_NAME) for i in items[:100])
    return list(dict.fromkeys(name for text in texts if (name := name_of(text))))[:MOST_TEXTS]


def _quote(folded: Mapping[str, Value]) -> str:
    return _quoted(first_of(folded, QUOTE))


def _quoted(value: Value) -> str:
    """A quote with its own line breaks: a text, the pieces of one, or an object that holds it."""
    if isinstance(value, dict):
        value = first_of(_folded(value), (*QUOTE, "content", "value"))
    if isinstance(value, list):
        value = " ".join(each for each in value[:MOST_TEXTS] if isinstance(each, str))
    if not isinstance(value, str):
        return ""
    if len(value) > LONGEST_QUOTE:
        value = value[:LONGEST_QUOTE].rsplit(maxsplit=1)[0]
    return clean(value).replace("\ufffd", "").strip()


def _quotes(value: Value) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(quote for each in items[:MOST_QUOTES] if (quote := _quoted(each))))


def _text(value: Value, longest: int = LONGEST_DESCRIPTION) -> str:
    """A text on one line; the texts of a list, and what an object says under each key, one after the other."""
    if isinstance(value, list):
        value = ", ".join(
            text for each in value[:MOST_TEXTS] if isinstance(each, str) and (text := one_line(each, longest))
        )
    elif isinstance(value, dict):
        pairs = ((str(key), one_line(inner, longest)) for key, inner in value.items() if isinstance(inner, str))
        value = "; ".join(f"{key.replace('_', ' ')}: {words}" for key, words in list(pairs)[:MOST_TEXTS] if words)
    return one_line(value, longest) if isinstance(value, str) else ""


def _folded(value: Mapping[str, Value]) -> dict[str, Value]:
    """An object by its folded keys; of two that fold alike the one that says something."""
    folded: dict[str, Value] = {}
    for key, inner in list(value.items())[:MOST_ELEMENTS]:
        if folded.get(fold(key)) is None:
            folded[fold(key)] = inner
    return folded
