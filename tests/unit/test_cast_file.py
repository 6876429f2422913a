"""The text of `cast.toml`: every mistake has its line, and what a person wrote stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.story.cast_file import CAST_FILE, HEADER, KINDS, orders_in_sidecar
from imaginized.story.cast_orders import Order, Verb

TEXT = """# mine
[[merge]]
names = ["Anna", "Annie"]
# of the dog
[[kind]]
name = "Rex"
kind = "creature"

[[rename]]
name = "Rex"
to = "Rex the dog"
"""


def test_a_file_is_read_in_the_order_of_its_lines() -> None:
    """Each order with its line."""
    orders, problems = CAST_FILE.parse(TEXT, name="cast.toml")

    assert problems == ()
    assert orders == (
        Order(verb=Verb.MERGE, names=("Anna", "Annie")),
        Order(verb=Verb.KIND, names=("Rex",), to="creature"),
        Order(verb=Verb.RENAME, names=("Rex",), to="Rex the dog"),
    )
    assert [order.line for order in orders] == [2, 5, 9]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[merge]\n", "cast.toml:1: not valid TOML"),
        ("\n[[melt]]\nname = 'A'\n", "cast.toml:2: unknown 'melt'; allowed are [[split]], [[merge]]"),
        ("[[merge]]\nnames = ['A']\n", "cast.toml:1: [[merge]]: names must be a list of 2 to 50 names"),
        ("[[merge]]\nname = 'A'\n", "cast.toml:1: [[merge]]: unknown key 'name'; allowed are names"),
        ("[[rename]]\nname = 'A'\n", "cast.toml:1: [[rename]]: to is missing"),
        ("[[kind]]\nname = 'A'\nkind = 'dog'\n", "cast.toml:1: [[kind]]: kind must be one of character, creature"),
        ("[[drop]]\nname = '...'\n", "cast.toml:1: [[drop]]: name must be a name, with letters or digits"),
        ("[[drop]]\nname = 3\n", "cast.toml:1: [[drop]]: name must be a text of 1 to 200 characters"),
        ('[[rename]]\nname = "A"\nto = "B\\nC"\n', "cast.toml:1: [[rename]]: to must be one line"),
        ("drop = 'A'\n", "cast.toml:1: write [[drop]] with two brackets"),
        ("drop = ['A']\n", "cast.toml:1: [[drop]]: write each order as a block of its own"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, problem: str) -> None:
    """Nothing of a file with mistakes is taken for an order that it is not."""
    _, problems = CAST_FILE.parse(text, name="cast.toml")

    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_what_a_person_wrote_stays() -> None:
    """Orders come and go; the comments of the others do not."""
    orders, _ = CAST_FILE.parse(TEXT, name="f")
    text = CAST_FILE.revise(TEXT, removed=[orders[1]], added=[Order(verb=Verb.DROP, names=("Fog",))], name="f")

    assert text.startswith('# mine\n[[merge]]\nnames = ["Anna", "Annie"]\n# of the dog\n')
    assert text.endswith('[[drop]]\nname = "Fog"\n')
    assert "creature" not in text


def test_orders_written_inline_are_written_anew() -> None:
    """They cannot be cut out as blocks."""
    text = 'drop = [{name = "Fog"}, {name = "Food"}]\n'
    orders, _ = CAST_FILE.parse(text, name="f")
    revised = CAST_FILE.revise(text, removed=[orders[0]], added=[], name="f")

    assert revised.startswith(HEADER)
    assert CAST_FILE.parse(revised, name="f")[0] == orders[1:]


def test_a_sidecar_has_them_in_a_table() -> None:
    """Its blocks for chapters have some of the same names."""
    text = '[[drop]]\ntitle = "Preface"\n[[cast.drop]]\nname = "Fog"\n[[cast.merge]]\nnames = ["A"]\n'
    orders, problems = orders_in_sidecar(text, {"drop": [{"name": "Fog"}], "merge": [{"names": ["A"]}]}, name="s.toml")

    assert orders == [Order(verb=Verb.DROP, names=("Fog",))]
    assert [problem.partition(" names")[0] for problem in problems] == ["s.toml:5: [[cast.merge]]:"]
    assert orders_in_sidecar("\ncast = 3\n", 3, name="s.toml")[1] == ["s.toml:2: write blocks such as [[cast.merge]]"]


PRINTABLE = st.characters(categories=("L", "N", "P", "S"), include_characters=" ")
LETTERS = st.text(PRINTABLE, max_size=20).map(lambda text: f"a{text}b")
ORDERS = st.one_of(
    st.builds(lambda names: Order(verb=Verb.MERGE, names=tuple(names)), st.lists(LETTERS, min_size=2, max_size=4)),
    st.builds(lambda name: Order(verb=Verb.SPLIT, names=(name,)), LETTERS),
    st.builds(lambda name, to: Order(verb=Verb.RENAME, names=(name,), to=to), LETTERS, LETTERS),
    st.builds(lambda name, to: Order(verb=Verb.KIND, names=(name,), to=to), LETTERS, st.sampled_from(KINDS)),
)


@given(orders=st.lists(ORDERS, max_size=5))
def test_what_is_written_is_read_back(orders: list[Order]) -> None:
    """Whatever characters are in a name."""
    text = "\n".join(map(CAST_FILE.render, orders))
    read, problems = CAST_FILE.parse(text, name="f")

    assert (list(read), problems) == (orders, ())


def test_a_file_of_far_too_many_blocks_is_not_read() -> None:
    """It is asked for where other clients wait; the file of chapters has the same limit."""
    orders, problems = CAST_FILE.parse("[[drop]]\n" * 2_001, name="cast.toml")

    assert (orders, problems) == ((), ("cast.toml: more than 2,000 blocks; at most 500 orders are allowed",))
