"""What a book's `cast.toml` may say, and the orders that it means. Pure."""

import json
from collections.abc import Mapping
from typing import cast

from imaginized.story.block_file import BlockFile
from imaginized.story.cast_orders import Order, Verb
from imaginized.story.edit_blocks import Blocks
from imaginized.story.elements import ElementType
from imaginized.story.names import name_key

MAX_ORDERS = 500
MAX_NAME_LENGTH = 200
MAX_NAMES = 50  # of one merge
TAKES: Mapping[Verb, tuple[str, ...]] = {
    Verb.SPLIT: ("name",),
    Verb.MERGE: ("names",),
    Verb.RENAME: ("name", "to"),
    Verb.KIND: ("name", "kind"),
    Verb.DROP: ("name",),
}
KINDS = tuple(str(kind) for kind in ElementType)
HEADER = """\
# Who is who in this book, where it was found wrong. Edit by hand, then `imaginizectl cast BOOK apply`.
# [[merge]] names = ["A", "B"] are one, called A   [[split]] name = "A" is nobody else   [[drop]] name = "A" is nobody
# [[rename]] name = "A", to = "B"                  [[kind]] name = "A", kind = "character|creature|place|item"
"""


def orders_of(data: bytes, *, name: str) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """The orders in a file, and what is wrong with it: bytes that are not UTF-8 are a mistake, not other letters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (), (f"{name}:{line}: not UTF-8 text; save it as UTF-8",)
    return CAST_FILE.parse(text, name=name)


def orders_in_sidecar(text: str, table: object, *, name: str) -> tuple[list[Order], list[str]]:
    """The orders of a sidecar, whose blocks are `[[cast.merge]]` and so on."""
    blocks = Blocks(CAST_FILE.verbs, within="cast")
    line = blocks.line_of("cast", text)
    if not isinstance(table, dict):
        return [], [f"{name}:{line}: write blocks such as [[cast.merge]]"]
    orders, problems = CAST_FILE.read(table, lines=blocks.lines(text), name=name, within="cast.")
    known = ", ".join(f"[[cast.{verb}]]" for verb in CAST_FILE.verbs)
    unknown = [key for key in table if key not in CAST_FILE.verbs]
    problems += [f"{name}:{line}: unknown cast.{key}; allowed are {known}" for key in unknown]
    return orders, problems


def _render(order: Order) -> str:
    """An order as a block of the file."""
    values: dict[str, object] = {"names": list(order.names)} if order.verb is Verb.MERGE else {"name": order.names[0]}
    if order.verb in (Verb.RENAME, Verb.KIND):
        values["kind" if order.verb is Verb.KIND else "to"] = order.to
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
    return f"[[{order.verb}]]\n" + "".join(lines)


def _key(order: Order) -> tuple[str, ...]:
    return (order.verb, order.to, *order.names)


def _order(verb: str, table: Mapping[str, object], line: int) -> Order:
    names = table["names"] if verb == Verb.MERGE else [table["name"]]
    to = table.get("to") or table.get("kind") or ""
    told = tuple(str(name).strip() for name in cast(list[object], names))
    return Order(verb=Verb(verb), names=told, to=str(to).strip(), line=line)


def _problem_with(verb: str, table: object) -> str:
    if not isinstance(table, dict):
        return "write each order as a block of its own, with its keys below"
    takes = TAKES[Verb(verb)]
    for key in table:
        if key not in takes:
            return f"unknown key {key!r}; allowed are {', '.join(takes)}"
    missing = [key for key in takes if key not in table]
    if missing:
        return f"{missing[0]} is missing"
    if verb == Verb.MERGE:
        return _problem_with_names(table["names"])
    if verb == Verb.KIND and table["kind"] not in KINDS:
        return f"kind must be one of {', '.join(KINDS)}"
    return next((f"{key} {problem}" for key in takes if (problem := problem_with_name(table[key]))), "")


def _problem_with_names(names: object) -> str:
    if not isinstance(names, list) or not 2 <= len(names) <= MAX_NAMES:
        return f'names must be a list of 2 to {MAX_NAMES} names, such as ["Holmes", "Sherlock Holmes"]'
    return next((f"{name!r} {problem}" for name in names if (problem := problem_with_name(name))), "")


def problem_with_name(value: object) -> str:
    """What is wrong with a name that a person gives; "" if nothing is."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_NAME_LENGTH:
        return f"must be a text of 1 to {MAX_NAME_LENGTH} characters"
    if not name_key(value):
        return "must be a name, with letters or digits"
    return "" if value.isprintable() else "must be one line of printable characters"


CAST_FILE = BlockFile(
    verbs=tuple(Verb),
    noun="orders",
    most=MAX_ORDERS,
    header=HEADER,
    problem_with=_problem_with,
    made=_order,
    render=_render,
    key=_key,
)
