"""The guides for engineers in docs/: what they name is there, and their examples are Python that fits the code."""

import ast
import re
from pathlib import Path

import pytest

from imaginized.queue.stages import Traits
from imaginized.reading.converted import Converted
from imaginized.reading.formats import Format
from imaginized.settings.vendors import Target, Vendor
from imaginized.stages.job import Job
from imaginized.stages.table import Row

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs").glob("adding-*.md"))
ROOMS = ("imaginized/", "config/", "docs/", "scripts/", "tests/")
MADE_UP = {"imaginized/stages/count.py"}
RECORDS = {kind.__name__: set(kind.__dataclass_fields__) for kind in (Traits, Target, Vendor, Row, Format, Converted)}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_names_is_there(guide: Path) -> None:
    """Every path in it, but for that of its example."""
    named = {word for span in re.findall(r"`([^`\n]+)`", guide.read_text()) for word in span.split()}
    paths = {word for word in named if word.startswith(ROOMS)} - MADE_UP

    assert len(paths) >= 4
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_examples_use_what_there_is(guide: Path) -> None:
    """The examples parse; the keywords of our records and what is asked of a job exist."""
    blocks = [ast.parse(block) for block in re.findall(r"```python\n(.*?)```", guide.read_text(), re.DOTALL)]
    calls = [node for block in blocks for node in ast.walk(block) if isinstance(node, ast.Call)]
    used = [(node.func.id, {each.arg for each in node.keywords}) for node in calls if isinstance(node.func, ast.Name)]

    assert len(blocks) >= 2
    assert [(name, given) for name, given in used if not given <= RECORDS.get(name, given)] == []
    jobs = {
        node.attr
        for block in blocks
        for node in ast.walk(block)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "job"
    }
    assert {name for name in jobs if name not in dir(Job)} == set()
