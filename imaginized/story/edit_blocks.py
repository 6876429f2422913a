"""The blocks of a file that people and we write: finding them, taking some out, putting others at the end. Pure.

What they say is read in `block_file`.
"""

import re
from collections.abc import Collection, Iterable, Sequence


class Blocks:
    """The `[[name]]` blocks of a TOML text, by the names that count."""

    def __init__(self, names: Sequence[str], *, within: str = "") -> None:
        """Know these names; `within` is the table that they stand in ("cast" for `[[cast.merge]]`)."""
        prefix = rf"{re.escape(within)}[ \t]*\.[ \t]*" if within else ""
        self._head = re.compile(rf"^[ \t]*\[\[[ \t]*{prefix}({'|'.join(names)})[ \t]*\]\]", re.MULTILINE)

    def lines(self, text: str) -> dict[str, list[int]]:
        """The lines, from 1, at which the blocks of each name begin."""
        lines: dict[str, list[int]] = {}
        for match in self._head.finditer(text):
            lines.setdefault(match[1], []).append(_line_at(text, match.start()))
        return lines

    def revised(self, text: str, *, gone_lines: Collection[int], added: Iterable[str], header: str) -> str:
        """The text without the blocks that begin on these lines, and with others at its end; comments stay."""
        spans = self._spans(text)
        kept = text[: spans[0][0]] if spans else text
        for start, end in spans:
            if _line_at(text, start) not in gone_lines:
                kept += text[start:end]
            else:
                kept += _comments_after(text[start:end])
        return self.joined([kept or header, *added])

    def joined(self, blocks: Iterable[str]) -> str:
        """These blocks as one text."""
        return "\n".join(block.rstrip("\n") + "\n" for block in blocks if block.strip())

    def line_of(self, key: str, text: str) -> int:
        """The line on which a key or a block of any name begins; 1 where it is not found."""
        found = re.search(rf"^[ \t\[]*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
        return _line_at(text, found.start()) if found else 1

    def _spans(self, text: str) -> list[tuple[int, int]]:
        starts = [match.start() for match in self._head.finditer(text)]
        return list(zip(starts, [*starts[1:], len(text)], strict=False))


def _comments_after(block: str) -> str:
    """The comments at a block's end: they speak of the next one."""
    lines = block.splitlines(keepends=True)
    count = 0
    for line in reversed(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        count += 1
    return "".join(lines[len(lines) - count :])


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
