"""The page in a real browser: from the login to a book that was sent, watched, read and fetched."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from imaginized.providers.scripted import Script, scripted
from tests.acceptance.test_openai_daemon import running
from tests.support.browsing import NEEDS_BROWSER, Session, Step, browse
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.evenings import LOGGED_IN, an_evening
from tests.support.webs import Web, a_page, served

pytestmark = NEEDS_BROWSER

OF_A_BOOK = ("", "/cast", "/chapters", "/log")
PATHS = ("/", *(f"/books/{{book}}{path}" for path in OF_A_BOOK), "/settings", "/doctor")
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with a_page(tmp_path_factory.mktemp("web")) as web:
        yield web


def entering(web: Web, *options: str) -> tuple[Step, ...]:
    return (("goto", web.ticket(*options)), LOGGED_IN)


def address(web: Web, path: str) -> str:
    return f"http://{web.host}{path.format(book=web.daemon.books()[0]['book'])}"


def test_a_book_is_sent_watched_read_and_fetched(tmp_path: Path) -> None:
    """What a reader does on the first evening, without the command line but for the login."""
    sent = make_epub(tmp_path / "sent.epub", title="Sent By A Reader")
    with daemon_in(tmp_path, drawing=True) as daemon, served(daemon) as web:
        password = web.ticket("--device").split()[-1]
        names = an_evening(web.ticket(), sent, title="Sent By A Reader", password=password)

    assert any(name.endswith(".jpg") for name in names)


PRICES = """
[[text]]
model = "reader-1"
input_usd_per_million = 1
output_usd_per_million = 4
date = 2026-01-31

[[image]]
model = "painter-1"
usd_per_image = 0.01
date = 2026-01-31
"""


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no scripts"])
def test_a_book_that_waits_for_a_yes_to_its_cost_gets_it_on_the_shelf(tmp_path: Path, script: bool) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    options = {"budget__price_file": str(prices), "budget__approve_above_usd": 0.001}
    with scripted(Script()) as server, running(server, tmp_path, **options) as daemon:
        daemon.drop(make_epub(tmp_path / "dear.epub", title="A Dear Book"))
        daemon.wait_for_phases("held")
        asked = server.counts.requests.total()
        with served(daemon) as web:
            ticket = web.ticket()
            enter: tuple[Step, ...] = (("goto", ticket), LOGGED_IN) if script else (
                ("goto", address(web, "/login")),
                ("fill", "#ticket", ticket.partition("#t=")[2]),
                ("click", "#login button"),
            )  # fmt: skip
            (seen,) = browse(
                Session(
                    steps=(
                        *enter,
                        ("until", "document.querySelector('.card button.main')"),
                        ("eval", "document.querySelector('.card').innerText"),
                        ("eval", "window.confirm = (text) => { window.told = text; return true; }, null"),
                        ("click", ".card button.main"),
                        ("until", "document.querySelector('.said')?.innerText.includes('It continues.')"),
                    ),
                    script=script,
                    origin=True,
                )
            )
            daemon.wait_for_phases("done")

    assert asked == 0
    assert seen.faults == ()
    assert "Approve up to" in str(seen.found[len(enter) + 1])


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(page: Web, width: int, scheme: str) -> None:
    steps: list[Step] = [("goto", address(page, "/login")), ("axe",), *entering(page)]
    for path in PATHS:
        steps += [
            ("goto", address(page, path)),
            ("axe",),
            ("eval", TOO_WIDE),
        ]

    (seen,) = browse(Session(steps=tuple(steps), width=width, scheme=scheme, origin=True))

    assert seen.faults == ()
    assert [each for each in seen.found if isinstance(each, list)] == [[]] * (len(PATHS) + 1)
    assert [each for each in seen.found if type(each) is int] == [0] * len(PATHS)  # nothing hangs out at the side


def test_it_is_whole_without_scripts(page: Web) -> None:
    ticket = page.ticket().partition("#t=")[2]

    (seen,) = browse(
        Session(
            steps=(
                ("goto", address(page, "/login")),
                ("fill", "#ticket", ticket),
                ("click", "#login button"),
                ("until", "location.pathname === '/' && document.querySelector('.card h2') !== null"),
                ("eval", "document.querySelector('.card h2').innerText"),
                ("click", ".card h2 a"),
                ("until", "document.querySelectorAll('#chapters tbody tr').length === 4"),
            ),
            script=False,
            origin=True,
        )
    )

    assert seen.found[3:5] == (True, "A Small Book")
    assert seen.found[6] is True


def test_the_keyboard_reaches_everything_and_keeps_its_place_when_the_page_changes(page: Web) -> None:
    changes = "document.getElementById('q').focus(), document.getElementById('q').value = 'half a wor', null"

    (seen,) = browse(
        Session(
            steps=(
                *entering(page),
                ("press", "Tab"),
                ("focused",),
                ("press", "Enter"),
                ("focused",),
                ("eval", changes),
                ("eval", "fetch('/daemon/scan', {method: 'POST'}).then((answer) => answer.status)"),
                ("eval", "[document.activeElement.id, document.getElementById('q').value]"),
            ),
            origin=True,
        )
    )

    assert seen.found[3] == "To the content"
    assert str(seen.found[5]).startswith(("main", "Shelf"))
    assert seen.found[-1] == ["q", "half a wor"]


def test_seven_tabs_load_beside_each_other(page: Web) -> None:
    """A browser has six connections a host: streams of open tabs must not take all of them from the next one."""
    (seen,) = browse(Session(steps=(*entering(page), ("tabs", address(page, "/"), 7)), origin=True))

    assert seen.found[-1] == 7


def test_another_sites_page_changes_nothing(page: Web) -> None:
    form = f'<form method="post" action="http://{page.host}/daemon/pause"><button>x</button></form>'
    with a_site(f"<!doctype html><title>other</title>{form}") as other:
        browse(Session(steps=(*entering(page), ("goto", other), ("click", "button")), origin=True))

    assert page.daemon.status()["state"] == "running"


@contextmanager
def a_site(text: str) -> Iterator[str]:
    """Another site on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
