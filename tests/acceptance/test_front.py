"""`imaginized front`: several homes at one address, each a real daemon, asked with the real imaginizectl."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ExitCode
from imaginized.front.shards import shard_of
from imaginized.inbox.dropping import digest_of
from imaginized.store.naming import is_book_of
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import make_epub
from tests.support.fronting import front_of, told

NAMES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Place:
    """Two homes and the front of both."""

    homes: dict[str, Daemon]
    socket: Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with daemon_in(tmp_path) as first, daemon_in(tmp_path) as second:
        homes = dict(zip(NAMES, (first, second), strict=True))
        socket = first.folder / "front"
        with front_of(socket, {name: str(home.socket) for name, home in homes.items()}):
            yield Place(homes, socket)


def rows(answer: dict[str, object], key: str) -> list[Row]:
    return cast(list[Row], answer[key])


def books_for(tmp_path: Path, name: str, *, count: int = 1) -> list[Path]:
    """Books that are this home's, by their content."""
    found: list[Path] = []
    for number in range(1000):
        file = make_epub(tmp_path / f"{name}{number}.epub", title=f"{name} {number}", chapters=1)
        if shard_of(digest_of(file), NAMES) == name:
            found.append(file)
        if len(found) == count:
            break
    return found


def test_a_book_goes_to_its_home_and_its_twin_meets_it_there(tmp_path: Path, place: Place) -> None:
    """Each home gets what is its own by the SHA-256; a copy under another name is known, from whichever home."""
    files = {name: books_for(tmp_path, name)[0] for name in NAMES}

    code, added = told(place.socket, "add", "--wait", *map(str, files.values()))

    assert code == 0
    assert [row["shard"] for row in rows(added, "files")] == list(NAMES)
    for name, home in place.homes.items():
        assert [is_book_of(str(row["book"]), digest_of(files[name])) for row in home.books()] == [True]
    twin = tmp_path / "twin.epub"
    twin.write_bytes(files["b"].read_bytes())
    code, again = told(place.socket, "add", str(twin))
    assert (code, rows(again, "files")[0]["shard"]) == (ExitCode.NOTHING_TO_DO, "b")
    _, status = told(place.socket, "status")
    assert sorted(str(row["shard"]) for row in rows(status, "books")) == list(NAMES)
    assert status["counts"] == {"done": 2}


def test_what_is_about_a_book_is_answered_by_its_home(tmp_path: Path, place: Place) -> None:
    """A name finds it in whichever home it is; orders take its id there; what is about a home is asked there."""
    file = books_for(tmp_path, "b")[0]
    told(place.socket, "add", "--wait", str(file))
    book = str(place.homes["b"].books()[0]["book"])

    _, detail = told(place.socket, "status", book[:6])
    code, retried = told(place.socket, "retry", book, "1", "--yes")

    assert (detail["book"], detail["shard"]) == (book, "b")
    assert (code, retried["chapters"]) == (0, [1])
    assert told(place.socket, "status", "nobody-wrote-it")[0] == ExitCode.NO_SUCH_BOOK
    assert told(place.socket, "reload")[0] == ExitCode.USAGE
    assert told(place.socket, "backup", str(tmp_path / "backup"))[0] == ExitCode.USAGE


def test_a_home_that_is_away_stops_nobody_elses_books(tmp_path: Path, place: Place) -> None:
    """It is named; the others' books are shown and taken; its own are taken by nobody in its place."""
    mine, theirs = books_for(tmp_path, "a")[0], books_for(tmp_path, "b")[0]
    place.homes["b"].stop()

    code, added = told(place.socket, "add", str(theirs), str(mine))

    assert code == ExitCode.NOT_RUNNING
    assert [row["code"] for row in rows(added, "files")] == ["home_away", None]
    place.homes["a"].wait_for_phases("done")
    _, status = told(place.socket, "status")
    assert [(row["shard"], row["state"]) for row in rows(status, "shards")] == [("a", "running"), ("b", "away")]
    assert [row["code"] for row in rows(status, "problem_reasons")] == ["home_away"]
    assert told(place.socket, "pause")[0] == ExitCode.NOT_RUNNING
    _, hosts = told(place.socket, "hosts")
    assert len(cast(list[str], hosts["away"])) == 1


def test_orders_to_all_reach_every_home(place: Place) -> None:
    """Pause and resume are of all of them."""
    told(place.socket, "pause")

    assert {home.status()["state"] for home in place.homes.values()} == {"paused"}
    told(place.socket, "resume")
    assert {home.status()["state"] for home in place.homes.values()} == {"running"}
    assert {row["shard"] for row in rows(told(place.socket, "workers")[1], "workers")} == set(NAMES)


def test_an_inbox_of_another_machine_is_named_by_the_front(tmp_path: Path) -> None:
    """Where this machine has it; where it has none, the file is not taken, and where to copy it is said."""
    with daemon_in(tmp_path) as home:
        socket, file = home.folder / "front", make_epub(tmp_path / "one.epub", chapters=1)
        with front_of(socket, {"a": f"{home.socket},{tmp_path / 'nothing'}"}):
            code, refused = told(socket, "add", str(file))
        (tmp_path / "mount").symlink_to(home.inbox)
        with front_of(socket, {"a": f"{home.socket},{tmp_path / 'mount'}"}):
            taken, _ = told(socket, "add", "--wait", str(file))

    assert (code, rows(refused, "files")[0]["inbox"]) == (ExitCode.BUG, str(tmp_path / "nothing"))
    assert taken == 0
