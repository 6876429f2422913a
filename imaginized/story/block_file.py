"""A file of a person's changes to a book, in blocks: reading it, and changing it so that the rest stays. Pure.

What the blocks of a file may say is in `edit_file` (a book's chapters) and in `cast_file` (its cast).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from imaginized.settings.toml import NotToml, parse
from imaginized.story.edit_blocks import Blocks

_BLOCKS_EACH = 4  # texts may hold brackets, too


class Written(Protocol):
    """What a block means; it stands on a line, from 1."""

    @property
    def line(self) -> int:
        """The line on which it begins; 0 where it is in no file."""


_Change = TypeVar("_Change", bound=Written)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFile(Generic[_Change]):
    """What a file may say.

    Attributes:
        verbs: The names of its blocks.
        noun: What the blocks are called, such as "edits".
        most: How many there may be.
        header: The comment that a new file begins with.
        problem_with: What is wrong with a block of a verb; "" for nothing.
        made: What a block of a verb means that stands on a line.
        render: The same as a block.
        key: What tells one from another, wherever they stand.
    """

    verbs: Sequence[str]
    noun: str
    most: int
    header: str
    problem_with: Callable[[str, object], str]
    made: Callable[[str, Mapping[str, object], int], _Change]
    render: Callable[[_Change], str]
    key: Callable[[_Change], tuple[str, ...]]

    def parse(self, text: str, *, name: str) -> tuple[tuple[_Change, ...], tuple[str, ...]]:
        """The changes in a text, and what is wrong with it: each mistake with file, line and what to do.

        Args:
            text: TOML.
            name: Of the file.
        """
        most_blocks = _BLOCKS_EACH * self.most
        if text.count("[[") > most_blocks:  # before anybody reads them: this is asked where other clients wait
            return (), (f"{name}: more than {most_blocks:,} blocks; at most {self.most} {self.noun} are allowed",)
        try:
            values = parse(text)
        except NotToml as error:
            return (), (error.at(name),)
        blocks = Blocks(self.verbs)
        changes, problems = self.read(values, lines=blocks.lines(text), name=name)
        known = ", ".join(f"[[{verb}]]" for verb in self.verbs)
        unknown = [key for key in values if key not in self.verbs]
        problems += [f"{name}:{blocks.line_of(key, text)}: unknown {key!r}; allowed are {known}" for key in unknown]
        return tuple(changes), tuple(problems)

    def read(
        self, values: Mapping[str, object], *, lines: Mapping[str, Sequence[int]], name: str, within: str = ""
    ) -> tuple[list[_Change], list[str]]:
        """The changes among the values of a TOML text, in the order of their lines, and what is wrong with them.

        Args:
            values: Of the text, or of the table in it that has the blocks.
            lines: Where the blocks of each verb begin.
            name: Of the file.
            within: The table's name with a dot; "" for the text itself.
        """
        changes: list[_Change] = []
        problems: list[str] = []
        for verb in self.verbs:
            tables = values.get(verb, [])
            at = lines.get(verb, ())
            if not isinstance(tables, list):
                problems.append(f"{name}:{next(iter(at), 1)}: write [[{within}{verb}]] with two brackets")
                continue
            for index, table in enumerate(tables):
                line = at[index] if index < len(at) else 1
                problem = self.problem_with(verb, table)
                if problem:
                    problems.append(f"{name}:{line}: [[{within}{verb}]]: {problem}")
                else:
                    changes.append(self.made(verb, table, line))
        if len(changes) > self.most:
            problems.append(f"{name}: {len(changes)} {self.noun}; at most {self.most} are allowed")
        return sorted(changes, key=lambda change: change.line), problems

    def revise(self, text: str, *, removed: Iterable[_Change], added: Sequence[_Change], name: str) -> str:
        """The text with some changes taken out and others put at its end; what else a person wrote in it stays.

        Where a change cannot be cut out as a block (it was written inline), the whole text is written anew, without its
        comments.
        """
        before, _ = self.parse(text, name=name)
        gone = set(removed)
        wanted = sorted([change for change in before if change not in gone] + list(added), key=self.key)
        gone_lines = {change.line for change in before if change in gone}
        blocks = Blocks(self.verbs)
        result = blocks.revised(text, gone_lines=gone_lines, added=map(self.render, added), header=self.header)
        after, problems = self.parse(result, name=name)
        if problems or sorted(after, key=self.key) != wanted:
            return blocks.joined([self.header, *map(self.render, wanted)])
        return result
