"""The text of a book's `cast.toml`: from it to orders, and changing it without losing what a person wrote. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from imaginized.settings.toml import NotToml, parse
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

_BLOCKS = Blocks(tuple(Verb))


def orders_of(data: bytes, *, name: str) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """The same as `parse_orders`, of the bytes of a file: other ones than UTF-8 are a mistake, not other letters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (), (f"{name}:{line}: not UTF-8 text; save it as UTF-8",)
    return parse_orders(text, name=name)


def parse_orders(text: str, *, name: str) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """The orders in a text, and what is wrong with it: each mistake with file, line and what to do.

    Args:
        text: TOML.
        name: Of the file.
    """
    try:
        values = parse(text)
    except NotToml as error:
        return (), (error.at(name),)
    orders, problems = read_orders(values, lines=_BLOCKS.lines(text), name=name)
    unknown = [key for key in values if key not in set(Verb)]
    known = ", ".join(f"[[{verb}]]" for verb in Verb)
    problems += [f"{name}:{_BLOCKS.line_of(key, text)}: unknown {key!r}; allowed are {known}" for key in unknown]
    return tuple(orders), tuple(problems)


def read_orders(
    values: Mapping[str, object], *, lines: Mapping[str, Sequence[int]], name: str, within: str = ""
) -> tuple[list[Order], list[str]]:
    """The orders among the values of a TOML text, in the order of their lines, and what is wrong with them.

    Args:
        values: Of the text, or of the table in it that has the orders.
        lines: Where the blocks of each verb begin.
        name: Of the file.
        within: The table's name with a dot; "" for the text itself.
    """
    orders: list[Order] = []
    problems: list[str] = []
    for verb in Verb:
        tables = values.get(verb, [])
        at = lines.get(verb, ())
        if not isinstance(tables, list):
            problems.append(f"{name}:{next(iter(at), 1)}: write [[{within}{verb}]] with two brackets")
            continue
        for index, table in enumerate(tables):
            line = at[index] if index < len(at) else 1
            problem = _problem_with(verb, table)
            if problem:
                problems.append(f"{name}:{line}: [[{within}{verb}]]: {problem}")
            else:
                orders.append(_order(verb, table, line=line))
    if len(orders) > MAX_ORDERS:
        problems.append(f"{name}: {len(orders)} orders; at most {MAX_ORDERS} are allowed")
    return sorted(orders, key=lambda order: order.line), problems


def orders_in_sidecar(text: str, table: object, *, name: str) -> tuple[list[Order], list[str]]:
    """The orders of a sidecar, whose blocks are `[[cast.merge]]` and so on."""
    if not isinstance(table, dict):
        return [], [f"{name}:{_BLOCKS.line_of('cast', text)}: write blocks such as [[cast.merge]]"]
    unknown = [key for key in table if key not in set(Verb)]
    known = ", ".join(f"[[cast.{verb}]]" for verb in Verb)
    orders, problems = read_orders(table, lines=_SIDECAR_BLOCKS.lines(text), name=name, within="cast.")
    problems += [f"{name}:{_BLOCKS.line_of('cast', text)}: unknown cast.{key}; allowed are {known}" for key in unknown]
    return orders, problems


def render(order: Order) -> str:
    """An order as a block of the file."""
    values: dict[str, object] = {"names": list(order.names)} if order.verb is Verb.MERGE else {"name": order.names[0]}
    if order.verb in (Verb.RENAME, Verb.KIND):
        values["kind" if order.verb is Verb.KIND else "to"] = order.to
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
    return f"[[{order.verb}]]\n" + "".join(lines)


def revise(text: str, *, removed: Iterable[Order], added: Sequence[Order], name: str) -> str:
    """The text with some orders taken out and others put at its end; what else a person wrote in it stays.

    Where an order cannot be cut out as a block (it was written inline), the whole text is written anew, without its
    comments.
    """
    before, _ = parse_orders(text, name=name)
    gone = set(removed)
    wanted = sorted([order for order in before if order not in gone] + list(added), key=_key)
    gone_lines = {order.line for order in before if order in gone}
    result = _BLOCKS.revised(text, gone_lines=gone_lines, added=map(render, added), header=HEADER)
    after, problems = parse_orders(result, name=name)
    if problems or sorted(after, key=_key) != wanted:
        return _BLOCKS.joined([HEADER, *map(render, wanted)])
    return result


_SIDECAR_BLOCKS = Blocks(tuple(Verb), within="cast")


def _key(order: Order) -> tuple[str, ...]:
    return (order.verb, order.to, *order.names)


def _order(verb: Verb, table: Mapping[str, object], *, line: int) -> Order:
    names = table["names"] if verb is Verb.MERGE else [table["name"]]
    to = table.get("to") or table.get("kind") or ""
    told = tuple(str(name).strip() for name in cast(list[object], names))
    return Order(verb=verb, names=told, to=str(to).strip(), line=line)


def _problem_with(verb: Verb, table: object) -> str:
    if not isinstance(table, dict):
        return "write each order as a block of its own, with its keys below"
    takes = TAKES[verb]
    for key in table:
        if key not in takes:
            return f"unknown key {key!r}; allowed are {', '.join(takes)}"
    missing = [key for key in takes if key not in table]
    if missing:
        return f"{missing[0]} is missing"
    if verb is Verb.MERGE:
        return _problem_with_names(table["names"])
    if verb is Verb.KIND and table["kind"] not in KINDS:
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
