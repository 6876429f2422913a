"""The pages of the guide in a real browser: nothing of later chapters, no dead end, for everybody, offline."""

from pathlib import Path

import pytest

from tests.support.browsing import NEEDS_BROWSER, Session, browse
from tests.support.epubs import books
from tests.support.guide_folders import Secrets, given_away, illustrate

pytestmark = NEEDS_BROWSER

BUNDLED = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"
CORPUS = ("time-machine-se", "dracula-se", "frankenstein-se", "sherlock-adventures-se", "juliet-feedbooks-epub2")
WIDTHS = (390, 768, 1280)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Guides: the bundled book with pictures, those of the corpus that are there without."""
    out = tmp_path_factory.mktemp("guides")
    (oz,) = illustrate(BUNDLED, out=out / "oz", draws=True)
    paths = [books() / f"{name}.epub" for name in CORPUS if (books() / f"{name}.epub").exists()]
    others = illustrate(*paths, out=out / "corpus")
    return {"wizard-of-oz-se": oz, **{path.stem: folder for path, folder in zip(paths, others, strict=True)}}


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
    for folder in folders.values():
        secrets = Secrets(folder)
        pages = pages_of(folder)
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
    """Who follows a link into the middle of a book sees nothing of it unasked."""
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

    assert seen.found[2] == []
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
