"""`imaginizectl simulate` against what it foretells: a real home with real hosts and a scripted endpoint."""

from datetime import datetime
from pathlib import Path
from typing import cast

from imaginized.providers.scripted import Script, scripted
from tests.support.daemons import Daemon, Row, asking
from tests.support.epubs import make_epub
from tests.support.fronting import told
from tests.support.many_hosts import house_in, taken_in

CHAPTERS = 12
LATENCY_SECONDS = 1.5
HOSTS = 2
# It is the model that is judged, not the machine: what the machine adds by being busy is in the measured times, too.
LEAST, MOST = 0.6, 1.6


def span(daemon: Daemon) -> float:
    """Seconds from the first claim to the last end, by the daemon's log."""
    names = ("step_claimed", "chapter_claimed", "step_completed", "chapter_completed")
    moments = [datetime.fromisoformat(str(row["timestamp"])) for name in names for row in daemon.events(name)]
    return (max(moments) - min(moments)).total_seconds()


def foretold(socket: Path, *options: str, config: Path) -> Row:
    code, found = told(socket, "simulate", "--config", str(config), *options)
    assert code == 0, found
    return found


def test_what_is_foretold_of_two_hosts_is_what_they_take(tmp_path: Path) -> None:
    """The makespan of a real run, and that of the model on its own figures, are near each other; so is what binds."""
    book = make_epub(tmp_path / "book.epub", chapters=CHAPTERS, paragraphs=6)
    library = taken_in(tmp_path / "place", book)
    with scripted(Script(latency_seconds=LATENCY_SECONDS)) as server:
        options = {**asking(server.base_url), "guide__formats": ["markdown"]}
        with house_in(tmp_path, library=library, hosts=HOSTS, **options) as house:  # type: ignore[arg-type]
            house.wait_until_done()
            measured = span(house.home)
            config = house.home.folder / "imaginized.toml"
            found = foretold(house.home.socket, "--hosts", str(HOSTS), "--slots", "1", config=config)

    ratio = cast(float, found["makespan_seconds"]) / measured
    print(f"simulated {found['makespan_seconds']} s, measured {measured:.1f} s, ratio {ratio:.2f}")  # pytest -s
    assert LEAST < ratio < MOST
    assert found["binds"] == "hosts"
    assert found["assumed"] == []
