"""What a book's `chapters.toml` may say, and the edits that it means. Pure."""

import json
from collections.abc import Mapping

from imaginized.story.block_file import BlockFile
from imaginized.story.edit_blocks import Blocks
from imaginized.story.editing import Edit, Verb

MAX_EDITS = 500
MAX_TEXT_LENGTH = 500
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


def header_lines(text: str) -> dict[str, list[int]]:
    """The lines, from 1, at which the blocks of each verb begin."""
    return Blocks(EDITS_FILE.verbs).lines(text)


def _render(edit: Edit) -> str:
    """An edit as a block of the file."""
    keys = (*NAMES, "at", "to")
    values = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key in keys if (value := getattr(edit, key))]
    return f"[[{edit.verb}]]\n" + "".join(values)


def _edit(verb: str, table: Mapping[str, object], line: int) -> Edit:
    return Edit(verb=Verb(verb), line=line, **{key: str(value) for key, value in table.items()})


def _key(edit: Edit) -> tuple[str, ...]:
    return (edit.verb, *(getattr(edit, name) for name in (*NAMES, "at", "to")))


def _problem_with(verb: str, table: object) -> str:
    if not isinstance(table, dict):
        return "write each edit as a block of its own, with its keys below"
    takes = TAKES[Verb(verb)]
    for key, value in table.items():
        if key not in takes:
            return f"unknown key {key!r}; allowed are {', '.join(takes)}"
        is_number = key == "row" and type(value) is int and value > 0
        if not is_number and (not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_TEXT_LENGTH):
            return f"{key} must be a text of 1 to {MAX_TEXT_LENGTH} characters"
    missing = [key for key in NEEDS.get(Verb(verb), ()) if key not in table]
    if missing:
        return f"{missing[0]} is missing"
    return "" if any(key in table for key in NAMES) else "name the piece: give its title or its first words (starts)"


EDITS_FILE = BlockFile(
    verbs=tuple(Verb),
    noun="edits",
    most=MAX_EDITS,
    header=HEADER,
    problem_with=_problem_with,
    made=_edit,
    render=_render,
    key=_key,
)
