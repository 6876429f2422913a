"""Words for people: every text of the program keeps clear of turns that its readers stumbled over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "imaginized"
PAGES = [*ROOT.rglob("*.j2"), *ROOT.rglob("guide/words/en.toml"), ROOT / "assets" / "imaginized.toml"]
# Word lists and patterns of readers, and what language models are told: not read by users.
NOT_FOR_PEOPLE = ("builtin", "tongues", "prompting.py", "classify.py", "plain_words.py")
FEWEST_WORDS = 3  # below that a text is a name, a key or a fragment
STUMBLES = {
    "is not a ...": re.compile(r"(?<!there )\b(is|are|was) no (?!longer\b|more\b|\{)\w", re.IGNORECASE),
    "how long, how many": re.compile(r"\b(for|after) so (long|many)\b", re.IGNORECASE),
    "fix": re.compile(r"\bmend(s|ed)?\b", re.IGNORECASE),
    "continue": re.compile(r"\bgo(es)? on\b", re.IGNORECASE),
    "release, let in": re.compile(r"\blets? (it |us |them )?(go|in)\b", re.IGNORECASE),
    "move to": re.compile(r"\bputs? aside\b", re.IGNORECASE),
    "the person who": re.compile(r"\bwhoever\b", re.IGNORECASE),
    "again": re.compile(r"\banew\b", re.IGNORECASE),
    "no exclamation marks": re.compile(r"[a-z]!(\s|$)"),
    "no please": re.compile(r"\bplease\b", re.IGNORECASE),
}


def texts(module: Path) -> Iterator[str]:
    """Every text of a module that is not a docstring; what is filled in stays in its braces."""
    tree = ast.parse(module.read_text())
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(each) for each in ast.walk(node) if each is not node)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def stumbles(text: str) -> list[str]:
    """The better words for what a reader would stumble over in a text."""
    return [f"{better}: {text}" for better, wrong in STUMBLES.items() if wrong.search(text)]


@pytest.mark.parametrize(
    "text",
    ["'x' is no chapter", "unchanged for so long before", "mend that first", "the work goes on", "it lets go", "Done!"],
)
def test_the_guard_sees_a_stumble(text: str) -> None:
    """Each habit is one that the guard knows."""
    assert stumbles(text)


@pytest.mark.parametrize("text", ["it is no longer there", "there is no such key", "it continues", "it lets you in"])
def test_the_guard_lets_plain_words_pass(text: str) -> None:
    """Plain English near a habit is not taken for one."""
    assert not stumbles(text)


def test_the_program_speaks_plainly() -> None:
    """No text that a user may read has one of the habits."""
    modules = [path for path in ROOT.rglob("*.py") if not set(NOT_FOR_PEOPLE) & set(path.parts)]
    found = [
        f"{path.relative_to(ROOT)}: {each}"
        for path in sorted(modules)
        for text in texts(path)
        if len(text.split()) >= FEWEST_WORDS
        for each in stumbles(text)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda path: path.name)
def test_pages_and_settings_speak_plainly(page: Path) -> None:
    """Nor has a template, the guide's catalogue or the commented settings."""
    found = [
        f"{number}: {each}" for number, line in enumerate(page.read_text().splitlines(), 1) for each in stumbles(line)
    ]

    assert not found, "\n".join(found)
