"""The pages of the guide in a real browser: nothing of later chapters, no dead end, for everybody, offline."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from imaginized.guide.gallery import html_pages
from imaginized.store.locking import locked
from tests.support.browsing import NEEDS_BROWSER, Session, browse
from tests.support.epubs import books
from tests.support.guide_folders import Secrets, given_away, illustrate
from tests.support.slowness import at_most
from tests.unit.test_guide import hostile_guide

pytestmark = NEEDS_BROWSER

BUNDLED = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"
CORPUS = ("time-machine-se", "dracula-se", "frankenstein-se", "sherlock-adventures-se", "juliet-feedbooks-epub2")
WIDTHS = (390, 768, 1280)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Path]:
    """Guides: the bundled book with pictures, those of the corpus that are there without; made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    out = (base if worker_id == "master" else base.parent) / "guides"
    out.mkdir(exist_ok=True)
    with locked(out / "lock", wait_seconds=250):
        paths = [books() / f"{name}.epub" for name in CORPUS if (books() / f"{name}.epub").exists()]
        if not (out / "done").exists():
            illustrate(BUNDLED, out=out / "oz", draws=True)
            illustrate(*paths, out=out / "corpus")
            (out / "done").touch()
    made = {"wizard-of-oz-se": next((out / "oz").glob("wizard-*"))}
    return made | {path.stem: next((out / "corpus").glob(f"{path.stem}-????????")) for path in paths}


def pages_of(folder: Path, *, shows_all: bool = False) -> list[str]:
    names = [str(path.relative_to(folder)) for path in sorted(folder.glob("**/*.html"))]
    return [name for name in names if name.rpartition("/")[2].startswith("all") == shows_all]


def url(folder: Path, page: str = "index.html") -> str:
    return (folder / page).as_uri()


def test_nothing_of_later_chapters_can_be_seen_or_heard(folders: dict[str, Path]) -> None:
    """For every limit, on every page: no title, name, look, quote or picture's text of a later chapter."""
    for name, folder in folders.items():
        secrets = Secrets(folder)
        limits = range(1, secrets.last)
        pages = pages_of(folder)
        steps = (("limits", limits[-1]),)
        found = browse(*(Session(steps=(("goto", url(folder, page)), *steps)) for page in pages))

        for page, seen in zip(pages, found, strict=True):
            assert seen.faults == ()
            by_limit = seen.found[1]
            assert isinstance(by_limit, list)
            for limit, told in zip(limits, by_limit, strict=True):
                assert given_away(str(told), secrets.after(limit)) == [], (name, page, limit)


def test_without_scripts_only_the_first_chapter_is_shown(folders: dict[str, Path]) -> None:
    """Later titles are numbers, a link leads to the page that shows all, and no control is there that does nothing."""
    for name, folder in folders.items():
        secrets = Secrets(folder)
        pages = pages_of(folder) if name == BUNDLED.stem else ["index.html", *pages_of(folder)[-2:]]
        dead = "[...document.querySelectorAll('button, input, select')].filter((each) => each.checkVisibility()).length"
        steps = (("told",),)
        found = browse(*(Session(steps=(("goto", url(folder, page)), *steps), script=False) for page in pages))
        with_dead = browse(Session(steps=(("goto", url(folder)), ("eval", dead)), script=False))

        for page, seen in zip(pages, found, strict=True):
            assert given_away(str(seen.found[1]), secrets.after(1)) == [], page
        assert "Chapter 2" in str(found[pages.index("index.html")].found[1])
        assert "Show the whole book" in str(found[pages.index("index.html")].found[1])
        assert with_dead[0].found[1] == 0


def test_the_whole_book_is_a_click_away_without_scripts(folders: dict[str, Path]) -> None:
    """all.html names every chapter by its title, and each link of its contents leads to what it says."""
    folder = folders["wizard-of-oz-se"]
    steps = (
        ("goto", url(folder)),
        ("click", ".no-js a[href='all.html']"),
        ("told",),
        ("click", "#contents a[data-chapter='7']"),
        ("eval", "document.querySelector('#chapter-7 h2').checkVisibility() && document.title"),
    )

    (seen,) = browse(Session(steps=steps, script=False))

    assert "Home Again" in str(seen.found[2])
    assert "Wizard of Oz" in str(seen.found[4])


def test_a_later_chapter_is_shown_only_when_the_reader_says_so(folders: dict[str, Path]) -> None:
    """A click on a later title asks first: no keeps everything hidden, yes shows up to that chapter, and stays so."""
    folder = folders["time-machine-se"]
    title = "document.querySelector('#contents a[data-chapter=\"5\"]').innerText"
    link = "#contents a[data-chapter='5']"
    steps = (
        ("goto", url(folder)),
        ("click", link),
        ("eval", "document.getElementById('ask').open && document.getElementById('ask').innerText"),
        ("click", "#ask [value=no]"),
        ("eval", title),
        ("click", link),
        ("click", "#ask [value=yes]"),
        ("eval", title),
        ("goto", url(folder)),
        ("eval", title),
        ("eval", "document.getElementById('limit').getAttribute('aria-valuetext')"),
    )

    (seen,) = browse(Session(steps=steps))

    assert "Chapter 5 comes after chapter 1" in str(seen.found[2])
    assert "Chapter 5" in str(seen.found[4])
    assert "Chapter 5" not in str(seen.found[7]) and "V" in str(seen.found[7])
    assert seen.found[9] == seen.found[7]
    assert str(seen.found[10]).startswith("chapter 5 of 13, to page ")
    assert seen.faults == ()


def test_an_address_of_a_later_chapter_asks_too(folders: dict[str, Path]) -> None:
    """Who follows a link into the middle of a book sees nothing of it unasked; its page may hold the first chapter."""
    folder = folders["wizard-of-oz-se"]
    page = next(name for name in pages_of(folder) if 'id="chapter-20"' in (folder / name).read_text())
    shown = "[...document.querySelectorAll('.chapter')].filter((each) => each.checkVisibility()).map((each) => each.id)"
    steps = (
        ("goto", f"{url(folder, page)}#chapter-20"),
        ("until", "document.getElementById('ask').open"),
        ("eval", shown),
        ("click", "#ask [value=yes]"),
        ("eval", shown),
    )

    (seen,) = browse(Session(steps=steps))

    assert set(cast("list[str]", seen.found[2])) <= {"chapter-1"}
    assert "chapter-20" in str(seen.found[4]) and "chapter-21" not in str(seen.found[4])


def test_the_dial_has_page_numbers(folders: dict[str, Path]) -> None:
    """A reader may say a page instead of a chapter."""
    folder = folders["wizard-of-oz-se"]
    steps = (
        ("goto", url(folder)),
        ("click", "#limit-page"),
        ("type", "60"),
        ("press", "Tab"),
        ("eval", "document.getElementById('limit-said').textContent"),
        ("click", "#everything"),
        ("eval", "document.getElementById('limit-said').textContent"),
    )

    (seen,) = browse(Session(steps=steps))

    assert seen.found[4] == "chapter 11 of 24, to page 69"
    assert seen.found[6] == "the whole book"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(folders: dict[str, Path], scheme: str) -> None:
    """axe finds nothing, at three widths, on the first page, one of chapters, one of people, and the shelf."""
    oz, time = folders["wizard-of-oz-se"], folders["time-machine-se"]
    places = [
        *(url(oz, page) for page in ("index.html", "all.html", "pages/001.html", "pages/character-1.html")),
        url(time),
        url(oz.parent),
    ]
    opened = "for (const each of document.querySelectorAll('details')) each.open = true"
    sessions = [
        Session(
            steps=(("goto", place), ("eval", "window.choose && choose(9)"), ("eval", opened), ("axe",)),
            width=width,
            scheme=scheme,
        )
        for place in places
        for width in WIDTHS
    ]

    for session, seen in zip(sessions, browse(*sessions), strict=True):
        assert seen.found[-1] == [], (session.steps[0], session.width)
        assert seen.faults == ()


STOPS = """[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((each) => each.checkVisibility() && !each.closest("dialog:not([open])")).length"""


def test_everything_is_within_reach_of_a_keyboard(folders: dict[str, Path]) -> None:
    """The skip link comes first; a plate opens by Enter, turns by arrows, closes by Escape, and has the focus again."""
    folder = folders["wizard-of-oz-se"]
    open_now = "document.getElementById('lightbox').open"
    steps = (
        ("goto", url(folder, "pages/001.html")),
        ("press", "Tab"),
        ("eval", "document.activeElement.className"),
        ("eval", "choose(24); document.querySelector('a.plate').focus()"),
        ("press", "Enter"),
        ("eval", f"{open_now} && document.querySelector('.position').textContent"),
        ("press", "ArrowRight"),
        ("eval", "document.querySelector('.position').textContent"),
        ("press", "Escape"),
        # The focus comes with the event of the end, which is later than the end.
        ("until", "document.activeElement === document.querySelectorAll('a.plate')[1]"),
        ("eval", open_now),
    )

    (seen,) = browse(Session(steps=steps))

    assert seen.found[2] == "skip"
    assert str(seen.found[5]).startswith("1 / ") and str(seen.found[7]).startswith("2 / ")
    assert seen.found[10] is False
    assert seen.faults == ()


def test_a_picture_is_enlarged_turned_and_left_by_fingers(folders: dict[str, Path]) -> None:
    """A tap enlarges, two fingers do, a swipe turns, and Back closes the picture without leaving the page."""
    folder = folders["wizard-of-oz-se"]
    fingers = """(...moves) => { const sheet = document.querySelector('.sheet'); for (const [kind, id, x, y] of moves)
        sheet.dispatchEvent(new PointerEvent(kind, { pointerId: id, clientX: x, clientY: y, bubbles: true })); }"""
    transform = "document.querySelector('.sheet img').style.transform"
    steps = (
        ("goto", url(folder, "pages/001.html")),
        ("eval", "choose(24); document.querySelector('a.plate').click()"),
        ("eval", f"({fingers})(['pointerdown', 1, 200, 300], ['pointerup', 1, 202, 300]); {transform}"),
        ("eval", f"({fingers})(['pointerdown', 1, 200, 300], ['pointerup', 1, 200, 300]); {transform}"),
        (
            "eval",
            f"({fingers})(['pointerdown', 1, 200, 300], ['pointerdown', 2, 260, 300], ['pointermove', 2, 380, 300], "
            f"['pointerup', 1, 200, 300], ['pointerup', 2, 380, 300]); {transform}",
        ),
        ("click", "[data-do=zoom]"),
        (
            "eval",
            f"({fingers})(['pointerdown', 1, 300, 300], ['pointermove', 1, 200, 305], ['pointerup', 1, 200, 305]); "
            "document.querySelector('.position').textContent",
        ),
        ("back",),
        ("until", "!document.getElementById('lightbox').open"),
        ("eval", "location.pathname.endsWith('pages/001.html')"),
    )

    (seen,) = browse(Session(steps=steps, width=390, touch=True))

    assert "scale(2.5)" in str(seen.found[2]) and seen.found[3] == ""
    assert "scale(3)" in str(seen.found[4])
    assert str(seen.found[6]).startswith("2 / ")
    assert seen.found[9] is True
    assert seen.faults == ()


def test_search_finds_names_scenes_and_chapters_that_may_be_shown(folders: dict[str, Path]) -> None:
    """By words, by kind, by chapter and by person; nothing of later chapters is found."""
    folder = folders["wizard-of-oz-se"]
    found = "[...document.querySelectorAll('#found a')].map((each) => each.textContent).join('|')"

    def ask(text: str = "", kind: str = "", chapter: str = "") -> tuple[str, str]:
        fill = f"document.getElementById('find-text').value = '{text}'; document.getElementById('find-kind').value = "
        fill += f"'{kind}'; document.getElementById('find-chapter').value = '{chapter}'; find(); {found}"
        return "eval", fill

    steps = (
        ("goto", url(folder)),
        ask("home again"),
        ("eval", "choose(24)"),
        ask("home again"),
        ask("dorothy", kind="character"),
        ask(kind="scene", chapter="5"),
    )

    (seen,) = browse(Session(steps=steps))

    assert seen.found[1] == ""
    assert "Home Again" in str(seen.found[3])
    assert str(seen.found[4]).startswith("Dorothy")
    assert len(str(seen.found[5]).split("|")) == 1
    assert seen.faults == ()


class _Sandboxed(SimpleHTTPRequestHandler):
    """Serves a folder as the page in the house will: with scripts, without an origin and so without storage."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "sandbox allow-scripts")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Sandboxed, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_in_a_sandbox_the_limit_travels_with_the_links(folders: dict[str, Path]) -> None:
    """Without storage the pages work all the same; a chosen limit is known on the next page, and pictures are shown."""
    folder = folders["wizard-of-oz-se"]
    with served(folder) as address:
        steps = (
            ("goto", f"{address}/index.html"),
            ("eval", "choose(4)"),
            ("click", "#contents a[data-chapter='3']"),
            ("until", "location.pathname.startsWith('/pages/') && document.readyState === 'complete'"),
            ("eval", "limit"),
            ("eval", "document.querySelector('#chapter-3 img').decode().then(() => true)"),
            ("click", "#chapter-3 a.plate"),
            ("eval", "document.getElementById('lightbox').open"),
        )
        (seen,) = browse(Session(steps=steps, origin=True))

    assert seen.found[4] == 4
    assert seen.found[5] is True and seen.found[7] is True
    assert [fault for fault in seen.faults if "favicon" not in fault] == []


def test_it_can_be_printed(folders: dict[str, Path]) -> None:
    """Printed, a guide has its pictures and none of the controls."""
    gone = "[...document.querySelectorAll('.bar, .reading, .find, .turn')].every((each) => !each.checkVisibility())"
    (seen,) = browse(Session(steps=(("goto", url(folders["time-machine-se"])), ("print",), ("eval", gone))))

    assert int(str(seen.found[1])) > 20_000
    assert seen.found[2] is True


def test_a_hostile_book_runs_nothing(tmp_path: Path) -> None:
    """Titles with markup and with characters that turn the line round are shown as they are and do nothing."""
    hostile = "<script>document.title='owned'</script>\u202e</title><img src=x onerror=document.title='owned'> ' \""
    for name, text in html_pages(hostile_guide(hostile)).items():
        (tmp_path / name).write_text(text)
    clean = "document.title.startsWith('<script>') && !document.querySelector('#main script, #main [onerror]')"
    steps = (("goto", url(tmp_path)), ("eval", "choose(2)"), ("eval", clean), ("eval", "document.title"))

    (seen,) = browse(Session(steps=steps))

    assert seen.found[2] is True
    assert "\u202e" not in str(seen.found[3])
    assert [fault for fault in seen.faults if "ERR_FILE_NOT_FOUND" not in fault and "javascript" not in fault] == []


def test_a_large_book_stays_light(tmp_path: Path) -> None:
    """364 chapters: no page over 300 kB or 200 tab stops, whatever is shown, and the first paint within a second."""
    (folder,) = illustrate(books() / "war-and-peace-se.epub", out=tmp_path / "out")
    every = [*pages_of(folder), *pages_of(folder, shows_all=True)]
    largest = sorted(every, key=lambda page: -(folder / page).stat().st_size)[:12]
    pages = list(dict.fromkeys(["index.html", "all.html", "pages/001.html", *largest]))
    paint = "performance.getEntriesByName('first-contentful-paint').map((each) => each.startTime)[0]"
    steps = (("until", paint), ("eval", paint), ("eval", STOPS), ("eval", "choose(data.last)"), ("eval", STOPS))

    seen = browse(*(Session(steps=(("goto", url(folder, page)), *steps)) for page in pages))

    assert max((folder / page).stat().st_size for page in every) <= 300_000
    for page, each in zip(pages, seen, strict=True):
        assert each.faults == ()
        assert max(int(str(each.found[3])), int(str(each.found[5]))) <= 200, page
    assert float(str(seen[pages.index("index.html")].found[2])) <= 1000 * at_most(0.2)
