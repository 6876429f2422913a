"""The list of mutants: each stands where it says, so that code which moves takes its mutant along."""

import pytest

from tests.support.mutants import MUTANTS, ROOT


@pytest.mark.parametrize("name", MUTANTS)
def test_what_a_mutant_changes_is_there_once(name: str) -> None:
    """A mutant whose text is gone changes nothing, and would be told as noticed by nobody."""
    mutant = MUTANTS[name]
    text = (ROOT / "imaginized" / mutant.file).read_text()

    assert [text.count(old) for old in mutant.changes] == [1] * len(mutant.changes)
