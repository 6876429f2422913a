"""scripts/promptlint: what models would be asked about a book, checked without a key."""

import subprocess
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "scripts" / "promptlint"


def lint(*arguments: str | Path) -> tuple[int, str]:
    ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def test_the_bundled_prompts_hold() -> None:
    """Of a whole novel: form, fences, numbers, names."""
    code, said = lint(PROGRAM.parents[1] / "imaginized" / "assets" / "wizard-of-oz-se.epub")

    assert (code, said.rstrip().endswith("0 problems")) == (0, True), said


def test_what_is_wrong_with_prompts_of_ones_own_is_named(tmp_path: Path) -> None:
    """One that asks for quotes as before and puts the question first."""
    (tmp_path / "system.md").write_text("Copy the best passages as JSON.")
    (tmp_path / "chapter.md").write_text("Choose $scenes scenes.\n\n$fenced")
    code, said = lint(PROGRAM.parents[1] / "imaginized" / "assets" / "wizard-of-oz-se.epub", "--prompts", tmp_path)

    assert code == 1
    assert 'system: does not ask for "first"' in said
    assert "does not begin with the chapter" in said
