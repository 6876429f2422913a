"""Names in a folder that other programs watch: what a book says of itself cannot lead elsewhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.settings.outlet_names import FIELDS, filled, problem_of, root_of, safe_name

TEMPLATE = Path("/srv/books/{author}/{title}")


@given(st.text(), st.text(), st.text())
def test_no_text_leads_out_of_the_folder(author: str, title: str, series: str) -> None:
    """Two parts at most below it, none hidden, none longer than a file system takes."""
    values = {"author": author, "title": title, "series": series}
    for template in (TEMPLATE, Path("/srv/books/{series} - {title}")):
        path = filled(template, values)
        below = path.relative_to("/srv/books").parts

        assert 1 <= len(below) <= 2
        assert all(part == safe_name(part) and len(part.encode()) <= 160 for part in below)
        assert not any(
            part.startswith((".", "~")) or set(part) & set('/\\:*?"<>|\x00') for part in below if part != "~"
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("..", ""),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("  .hidden. ", "hidden"),
        ("~root", "root"),
        ("Who? What: a/b\\c", "Who What a b c"),
        ("\u202egnp.exe\u200b", "gnp.exe"),
        ("e\u0301", "\u00e9"),
        ("草枕", "草枕"),
        ("x" * 400, "x" * 150),
        ("é" * 100, "é" * 75),
    ],
)
def test_a_name_means_nothing_to_any_system(text: str, expected: str) -> None:
    """Separators, devices, hidden names, marks of direction and long names."""
    assert safe_name(text) == expected


def test_empty_parts_are_left_out() -> None:
    """A book without a series stands beside those with one."""
    template = Path("/srv/{series}/{number} {title}")

    assert filled(template, {"series": "Oz", "number": "2", "title": "T"}) == Path("/srv/Oz/2 T")
    assert filled(template, {"series": "", "number": "", "title": "T"}) == Path("/srv/T")
    assert filled(template, {"title": "..."}) == Path("/srv/book")


def test_the_folder_above_the_fields_is_the_operators() -> None:
    """It is never removed."""
    assert root_of(TEMPLATE) == Path("/srv/books")
    assert root_of(Path("/srv/{format}-{title}")) == Path("/srv")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("/srv/{author}/{title}", ""),
        ("/srv/{book}", ""),
        ("/srv/{" + "}{".join(FIELDS) + "}", ""),
        ("/srv/{author}", "needs {title} or {book}"),
        ("/srv/books", "needs {title} or {book}"),
        ("/srv/{titel}", "no other braces"),
        ("/srv/{title!r}", "no other braces"),
        ("/srv/{title:>9}", "no other braces"),
        ("/srv/{title.__class__}", "no other braces"),
        ("/srv/{}", "no other braces"),
        ("/srv/{title", "without its other one"),
    ],
)
def test_a_template_is_checked_before_anything_is_written(template: str, words: str) -> None:
    """What would put all books into one file, or runs nothing but looks as if it did, is refused."""
    assert words in problem_of(template) and bool(words) == bool(problem_of(template))
