"""Which home takes a book, and how what several homes answer becomes one answer."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.errors import ControlError, ExitCode
from imaginized.front.merging import merged_hosts
from imaginized.front.shards import shard_from, shard_of

NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), min_size=1, max_size=8, unique=True)
DIGESTS = st.binary(max_size=8).map(lambda content: hashlib.sha256(content).hexdigest())


@given(digest=DIGESTS, names=NAMES)
def test_the_home_of_a_book_depends_on_nothing_but_the_names(digest: str, names: list[str]) -> None:
    """Whoever asks, in whatever order the homes are given: a duplicate meets its twin."""
    home = shard_of(digest, names)

    assert home in names
    assert shard_of(digest.upper(), reversed(names)) == home


@given(digest=DIGESTS, names=NAMES, more=st.just("0-new"))
def test_a_home_more_moves_only_what_becomes_its_own(digest: str, names: list[str], more: str) -> None:
    """No book goes from one old home to another old one; the same read backwards is true of one less."""
    assert shard_of(digest, [*names, more]) in (more, shard_of(digest, names))


def test_books_are_spread_evenly() -> None:
    """Of 3,000 books each of three homes gets a third, give or take what chance does."""
    digests = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(3000))
    found = Counter(shard_of(digest, ["a", "b", "c"]) for digest in digests)

    assert all(900 < number < 1100 for number in found.values())


def test_a_home_is_written_as_name_and_places() -> None:
    """Its inbox is where the home itself says, if nobody says where this machine has it."""
    assert shard_from("a=/run/a.sock").inbox is None
    assert str(shard_from("b=/run/b.sock,/mnt/b/inbox").inbox) == "/mnt/b/inbox"


@pytest.mark.parametrize("text", ["", "a", "a=", "=/run/a.sock", "A B=/run/a.sock", "../x=/run/a.sock"])
def test_a_home_that_is_written_otherwise_is_refused(text: str) -> None:
    """Its name stands in answers and decides where books go."""
    with pytest.raises(ValueError, match="NAME=SOCKET"):
        shard_from(text)


def test_hosts_of_all_homes_are_told_with_their_home() -> None:
    """A home without hosts hides no other's, and one that is away is said."""
    host = {"host": "h1", "takes": ["text"], "slots": 2, "busy": 1, "version": "1", "differs": ""}
    with_one = {"engine": "celery", "looked_at": "2026-01-01T00:00:00+00:00", "problem": "", "hosts": [host]}
    without: dict[str, object] = {"engine": "none", "looked_at": None, "problem": "", "hosts": []}
    away = {"c": ControlError("no socket", exit_code=ExitCode.NOT_RUNNING)}

    found = merged_hosts({"a": without, "b": with_one}, away)

    assert (found["engine"], found["hosts"]) == ("celery", [{**host, "shard": "b"}])
    assert found["away"] == ["home c does not answer: no socket"]
