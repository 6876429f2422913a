"""The text of a book's `chapters.toml`: from it to edits, and changing it without losing what a person wrote. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence

from imaginized.settings.toml import NotToml, parse
from imaginized.story.edit_blocks import Blocks
from imaginized.story.editing import Edit, Verb

MAX_EDITS = 500
MAX_TEXT_LENGTH = 500
_MOST_BLOCKS = 4 * MAX_EDITS  # titles may hold brackets, too
NAMES = ("title", "starts", "file", "row")
TAKES: Mapping[Verb, tuple[str, ...]] = {
    Verb.KEEP: NAMES,
    Verb.DROP: NAMES,
    Verb.MERGE: NAMES,
    Verb.SPLIT: (*NAMES, "at", "to"),
    Verb.RENAME: (*NAMES, "to"),
}
NEEDS: Mapping[Verb, tuple[str, ...]] = {Verb.SPLIT: ("at",), Verb.RENAME: ("to",)}
HEADER = """\
# How this book is divided into chapters, where the reader was wrong. Edit by hand, then `imaginizectl chapters BOOK apply`.
# Blocks: [[keep]] [[drop]] [[merge]] (joins the chapter before) [[split]] (at = first words, to = title) [[rename]] (to).
# Each names its piece by title and starts (its first words); row only decides between equals.
"""  # noqa: E501 - lines of the file

_BLOCKS = Blocks(tuple(Verb))


def parse_edits(text: str, *, name: str) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """The edits in a text, and what is wrong with it: each mistake with file, line and what to do.

    Args:
        text: TOML.
        name: Of the file.
    """
    if text.count("[[") > _MOST_BLOCKS:  # before anybody reads them: this is asked where other clients wait
        return (), (f"{name}: more than {_MOST_BLOCKS:,} blocks; at most {MAX_EDITS} edits are allowed",)
    try:
        values = parse(text)
    except NotToml as error:
        return (), (error.at(name),)
    lines = _BLOCKS.lines(text)
    edits, problems = read_edits(values, lines=lines, name=name)
    unknown = [key for key in values if key not in set(Verb)]
    known = ", ".join(f"[[{verb}]]" for verb in Verb)
    problems += [f"{name}:{_BLOCKS.line_of(key, text)}: unknown {key!r}; allowed are {known}" for key in unknown]
    return tuple(edits), tuple(problems)


def read_edits(
    values: Mapping[str, object], *, lines: Mapping[str, Sequence[int]], name: str
) -> tuple[list[Edit], list[str]]:
    """The edits among the values of a TOML text, in the order of their lines, and what is wrong with them."""
    edits: list[Edit] = []
    problems: list[str] = []
    for verb in Verb:
        tables = values.get(verb, [])
        if not isinstance(tables, list):
            problems.append(f"{name}:{next(iter(lines.get(verb, [1])), 1)}: write [[{verb}]] with two brackets")
            continue
        for index, table in enumerate(tables):
            at = lines.get(verb, ())
            line = at[index] if index < len(at) else 1
            problem = _problem_with(verb, table)
            if problem:
                problems.append(f"{name}:{line}: [[{verb}]]: {problem}")
            else:
                edits.append(Edit(verb=verb, line=line, **{key: str(value) for key, value in table.items()}))
    if len(edits) > MAX_EDITS:
        problems.append(f"{name}: {len(edits)} edits; at most {MAX_EDITS} are allowed")
    return sorted(edits, key=lambda edit: edit.line), problems


def header_lines(text: str) -> dict[str, list[int]]:
    """The lines, from 1, at which the blocks of each verb begin."""
    return _BLOCKS.lines(text)


def render(edit: Edit) -> str:
    """An edit as a block of the file."""
    keys = (*NAMES, "at", "to")
    values = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key in keys if (value := getattr(edit, key))]
    return f"[[{edit.verb}]]\n" + "".join(values)


def revise(text: str, *, removed: Iterable[Edit], added: Sequence[Edit], name: str) -> str:
    """The text with some edits taken out and others put at its end; what else a person wrote in it stays.

    Where an edit cannot be cut out as a block (it was written inline), the whole text is written anew, without its
    comments.
    """
    before, _ = parse_edits(text, name=name)
    gone = set(removed)
    wanted = sorted([edit for edit in before if edit not in gone] + list(added), key=_key)
    gone_lines = {edit.line for edit in before if edit in gone}
    result = _BLOCKS.revised(text, gone_lines=gone_lines, added=map(render, added), header=HEADER)
    after, problems = parse_edits(result, name=name)
    if problems or sorted(after, key=_key) != wanted:
        return _BLOCKS.joined([HEADER, *map(render, wanted)])
    return result


def _key(edit: Edit) -> tuple[str, ...]:
    return (edit.verb, *(getattr(edit, name) for name in (*NAMES, "at", "to")))


def _problem_with(verb: Verb, table: object) -> str:
    if not isinstance(table, dict):
        return "write each edit as a block of its own, with its keys below"
    for key, value in table.items():
        if key not in TAKES[verb]:
            return f"unknown key {key!r}; allowed are {', '.join(TAKES[verb])}"
        is_number = key == "row" and type(value) is int and value > 0
        if not is_number and (not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_TEXT_LENGTH):
            return f"{key} must be a text of 1 to {MAX_TEXT_LENGTH} characters"
    missing = [key for key in NEEDS.get(verb, ()) if key not in table]
    if missing:
        return f"{missing[0]} is missing"
    return "" if any(key in table for key in NAMES) else "name the piece: give its title or its first words (starts)"
