"""Checking JSON objects against the records of the wire (TypedDict), and reading what a record says of its fields."""

import re
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from imaginized.control import (
    answers,
    asked,
    cast_rows,
    division_rows,
    event_rows,
    inbox_rows,
    machine_facts,
    metric_rows,
    money_rows,
    notice_rows,
    order_answers,
    process_rows,
    protocol,
    rows,
    scene_rows,
    series_rows,
    shard_rows,
    signature,
)

CONTRACT = (
    *(protocol, signature, answers, order_answers, asked, machine_facts, rows),
    *(cast_rows, division_rows, event_rows, inbox_rows, metric_rows, money_rows, notice_rows, process_rows, shard_rows),
    *(scene_rows, series_rows),
)

_FIELD = re.compile(r"^        (\w+): (.*)$")


def problems(value: object, hint: Any, *, at: str = "$") -> Iterator[str]:
    """What of a value from json.loads is not what a type says; nothing where all is."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Annotated, NotRequired, Required):
        yield from problems(value, arguments[0], at=at)
    elif origin in (Union, UnionType):
        found = [list(problems(value, one, at=at)) for one in arguments]
        if all(found):
            yield from min(found, key=len)
    elif origin is Literal:
        if value not in arguments:
            yield f"{at} is {value!r}, not one of {arguments}"
    elif is_typeddict(hint):
        yield from _problems_of_object(value, hint, at=at)
    elif origin in (list, dict):
        yield from _problems_of_items(value, hint, at=at)
    elif not _is_plain(value, hint):
        yield f"{at} is {value!r}, no {hint}"


def _problems_of_items(value: object, hint: Any, *, at: str) -> Iterator[str]:
    kind, inner = get_origin(hint), get_args(hint)[-1]
    if not isinstance(value, kind):
        yield f"{at} is {value!r}, no {kind.__name__}"
        return
    for name, item in value.items() if kind is dict else enumerate(value):
        yield from problems(item, inner, at=f"{at}.{name}")


def _problems_of_object(value: object, record: Any, *, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at} is {value!r}, no object"
        return
    hints = get_type_hints(record, include_extras=True)
    yield from (f"{at} has no {name}" for name in record.__required_keys__ - value.keys())
    for name, item in value.items():
        if name not in hints:
            yield f"{at}.{name} is in no record"
        else:
            yield from problems(item, hints[name], at=f"{at}.{name}")


def _is_plain(value: object, hint: Any) -> bool:
    if hint in (None, NoneType):
        return value is None
    if isinstance(value, bool) or hint is bool:
        return isinstance(value, bool) and hint is bool
    return isinstance(value, int | float) if hint is float else isinstance(value, hint)


def meanings(record: Any) -> Mapping[str, str]:
    """What a record's docstring says of each of its fields, and those it took over from others say of theirs."""
    own = dict(_told(record))
    for other in sorted(all_records(), key=lambda one: -len(one.__annotations__)):
        # A TypedDict does not know what it was made from: it has all its fields as its own.
        if other.__annotations__.items() <= record.__annotations__.items():
            own = {**_told(other), **own}
    return own


def _told(record: Any) -> dict[str, str]:
    return {match[1]: match[2] for line in (record.__doc__ or "").splitlines() if (match := _FIELD.match(line))}


def all_records() -> list[Any]:
    """Every record of the wire."""
    records = [one for module in CONTRACT for one in vars(module).values() if is_typeddict(one)]
    return list({id(one): one for one in records}.values())  # some modules import those of others
