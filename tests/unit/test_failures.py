"""docs/failures.md: what the daemon must survive, each with its tests. UPDATE_GOLDEN=1 writes their names anew."""

import ast
import os
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "failures.md"
ENTRY = re.compile(r"^- \*\*(F\d\d)\*\* .*\n(?:  - `[^\n]*\n)*", re.MULTILINE)
LAST = 50


def by_number() -> dict[str, list[str]]:
    """The tests that carry a number in their name, as file::name, file by file."""
    found = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (match := re.match(r"test_(f\d\d)_", node.name)):
                found[match[1].upper()].append((str(path.relative_to(TESTS)), node.name))
    return {number: [f"{path}::{name}" for path, name in tests] for number, tests in found.items()}


def written(page: str) -> str:
    """The page with the names of the tests as they are."""
    tests = by_number()

    def entry(match: re.Match[str]) -> str:
        return "\n".join((match[0].splitlines()[0], *(f"  - `{name}`" for name in tests.get(match[1], [])), ""))

    return ENTRY.sub(entry, page)


def test_the_page_names_the_tests_of_every_number() -> None:
    """A number without a test, a test without a number here, or a test that is gone is noticed."""
    if "UPDATE_GOLDEN" in os.environ:
        PAGE.write_text(written(PAGE.read_text()))
    page = PAGE.read_text()

    numbers = [match[1] for match in ENTRY.finditer(page)]
    assert numbers == [f"F{number:02}" for number in range(1, LAST + 1)]
    assert set(by_number()) == set(numbers)
    assert written(page) == page, "run UPDATE_GOLDEN=1 pytest tests/unit/test_failures.py, and look at the difference"
