"""The toy format: what a new one takes."""

from pathlib import Path

from imaginized.reading.book import read_book


def test_a_toy_is_a_book(tmp_path: Path) -> None:
    """One module, one row."""
    path = tmp_path / "a.toy"
    path.write_text("TOY!\n" + "".join(f"Chapter {at}|{'word ' * 90}\n" for at in (1, 2)))

    assert [chapter.title for chapter in read_book(path, original_name="a.toy").chapters] == ["Chapter 1", "Chapter 2"]
