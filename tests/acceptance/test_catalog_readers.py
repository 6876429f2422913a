"""The catalogue for reading apps, by parsers that others wrote: fetched with a password, paged through, searched."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pytest

from imaginized.providers.scripted import small_jpeg
from tests.support.browsing import MODULES
from tests.support.daemons import daemon_in
from tests.support.large_library import fill, finished_book
from tests.support.webs import Web, served

ROOT = Path(__file__).parents[2]
PALACE = MODULES.parent / "palace"
COUNT = 120
PAGES = [50, 50, 20]
WORDS = "straße & <lamp>"
ODD = (7, 77)  # of these the titles have the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A page with many books, and a password for reading apps."""

    web: Web
    password: str
    titles: tuple[str, ...]

    def picture(self, path: str) -> str:
        """What kind of thing is there, for whoever has the password."""
        pass_word = base64.b64encode(f"reader:{self.password}".encode()).decode()
        found = self.web.get(path, Authorization=f"Basic {pass_word}")
        return found.headers["content-type"] if found.status == 200 else ""


def facts(number: int) -> dict[str, object]:
    title = f"The Straße & <Lamp> {number}" if number in ODD else f"Volume {number}"
    authors = [] if number % 5 == 0 else [f"Ana Ruíz {number}"]
    told: dict[str, object] = {
        "title": title,
        "authors": authors,
        "language": "en",
        "series": "Lamps",
        "series_index": f"{number}",
    }
    return {**told, "cover": "images/cover.jpg"} if number % 3 else told


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("many")
    model = finished_book(folder / "model", chapters=1)
    with daemon_in(folder) as daemon, served(daemon) as web:
        daemon.stop()
        put_in(daemon.library, model)
        daemon.start()
        daemon.wait_for(lambda: daemon.status()["counts"] == {"done": COUNT}, "all books are known")
        password = web.ticket("--device").split()[-1]
        yield Shelf(web=web, password=password, titles=tuple(str(facts(number)["title"]) for number in range(COUNT)))


def put_in(library: Path, model: Path) -> None:
    """Copies of a book, each with facts of its own; a third of them without a cover."""
    for number, book in enumerate(fill(library, model=model, count=COUNT)):
        folder = library / book
        (folder / "data" / "book.json").unlink()  # a link to the one of all of them
        (folder / "data" / "book.json").write_text(json.dumps(facts(number)))
        (folder / "exports").mkdir()
        (folder / "exports" / "A b.epub").write_bytes(b"PK")
        if number % 3:
            (folder / "images").mkdir()
            (folder / "images" / "cover.jpg").write_bytes(small_jpeg())


def read(command: list[str], shelf: Shelf, **environment: str) -> dict[str, object]:
    done = subprocess.run(
        [*command, f"http://{shelf.web.host}", shelf.password, WORDS],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return cast("dict[str, object]", json.loads(done.stdout))


def judge(told: Mapping[str, object], shelf: Shelf) -> None:
    """Every book is on one page, with its author, EPUB and cover; searched for, it is found, and nothing else."""
    pages = cast("list[list[dict[str, object]]]", told["pages"])
    found = cast("list[dict[str, object]]", told["found"])
    books = [book for each in pages for book in each]

    assert [len(each) for each in pages] == PAGES
    assert told["total"] in (COUNT, None)
    assert sorted(str(book["title"]) for book in books) == sorted(shelf.titles)
    for book in books:
        number = shelf.titles.index(str(book["title"]))
        assert book["authors"] == facts(number)["authors"]
        assert unquote(str(book["epub"])).endswith("/exports/A b.epub")
        assert str(book["cover"]).endswith("/cover") == ("cover" in facts(number))
        assert not book["cover"] or shelf.picture(str(book["cover"])).startswith("image/")
    assert sorted(str(book["title"]) for book in found) == sorted(shelf.titles[number] for number in ODD)


def test_readium_and_another_library_read_it(shelf: Shelf) -> None:
    """r2-opds-js (that of Thorium) takes 1.2 and 2.0, opds-ts 1.2."""
    if not (MODULES / "r2-opds-js").is_dir() or not (MODULES / "opds-ts").is_dir():
        pytest.skip("r2-opds-js or opds-ts is missing: run scripts/peers (needs npm)")
    told = read(["node", str(ROOT / "tests" / "browser" / "opds.mjs"), str(MODULES)], shelf)

    assert sorted(told) == ["opds-ts 1.2", "r2-opds-js 1.2", "r2-opds-js 2.0"]
    for each in told.values():
        judge(cast("dict[str, object]", each), shelf)


def test_a_librarys_parser_has_nothing_to_say_but_about_the_link_to_itself(shelf: Shelf) -> None:
    """The Palace Project's parser, which judges what it reads, takes 2.0."""
    if not (PALACE / "webpub_manifest_parser").is_dir():
        pytest.skip("palace-webpub-manifest-parser is missing: run scripts/peers (needs the Python package index)")
    told = read([sys.executable, str(ROOT / "tests" / "support" / "palace.py")], shelf, PYTHONPATH=str(PALACE))

    # It wants an absolute link to the page itself. The specification's own examples have relative ones, and behind a
    # proxy we cannot know what would be right.
    faults = cast("list[str]", told["faults"])
    assert [each for each in faults if not re.match(r"Manifest 'self' link's href .* must be an absolute", each)] == []
    judge(told, shelf)
