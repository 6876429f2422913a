"""Optional: a real Calibre-Web shows the illustrated EPUBs of `paths.exports`, in a real browser.

`scripts/peers --calibreweb` puts it into a venv of its own. Its library is made by Calibre's `calibredb`.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.acceptance.test_foreign_servers import PEERS, serving
from tests.support.browsing import NEEDS_BROWSER, Session, Step, browse
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.webs import free_port

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(600)]
PROGRAM = PEERS / "calibreweb" / "bin" / "cps"
TITLES = ("The Lamp", "Two Roads")
ADD = ("calibredb", "add", "--recurse", "--automerge", "overwrite")  # docs/editions.md has this line
SEEN = "[...document.images].filter((each) => each.src.includes('/cover/') && each.naturalWidth).length"
# epub.js draws a chapter into a frame; what it draws there has addresses of its own.
TURNED = """(() => {
  const inside = document.querySelector("#viewer iframe")?.contentDocument;
  const plates = [...(inside?.querySelectorAll("img, image") || [])];
  if (plates.some((each) => each.naturalWidth > 100 && each.alt)) return true;
  if (inside) reader.rendition.next();
  return false;
})()"""


@contextmanager
def calibre_web(folder: Path) -> Iterator[str]:
    """A fresh one, with an administrator that nobody has changed yet."""
    if not PROGRAM.exists() or "IMAGINIZED_CALIBREWEB" not in os.environ:
        pytest.skip("optional and slow: run scripts/peers --calibreweb, then set IMAGINIZED_CALIBREWEB=1")
    folder.mkdir()
    port = free_port()
    environment = {
        "HOME": str(folder), "CALIBRE_DBPATH": str(folder), "CACHE_DIRECTORY": str(folder / "cache"),
        "CALIBRE_PORT": str(port),
    }  # fmt: skip
    command = [str(PROGRAM), "-i", "127.0.0.1", "-p", str(folder / "app.db"), "-o", str(folder / "log")]
    with serving(command, port=port, environment=environment):
        yield f"http://127.0.0.1:{port}"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def entering(web: str, calibre: Path) -> tuple[Step, ...]:
    """Its own first steps: log in, say where the library is."""
    return (
        ("goto", f"{web}/login"),
        ("fill", "#username", "admin"),
        ("fill", "#password", "admin123"),
        ("click", "button[name=submit]"),
        ("until", "!location.pathname.startsWith('/login')"),
        ("goto", f"{web}/admin/dbconfig"),
        ("fill", "#config_calibre_dir", str(calibre)),
        ("click", "#db_submit"),
        ("until", "document.body.innerText.includes('Database Settings updated')"),
    )


def test_it_lists_shows_and_opens_the_illustrated_books(tmp_path: Path) -> None:
    """Both books with their covers; one opened in its reader, with a plate. Added again, none is there twice."""
    exports, calibre = tmp_path / "exports", tmp_path / "calibre"
    if not shutil.which("calibredb"):
        pytest.skip("Calibre is not installed")
    with calibre_web(tmp_path / "its own") as web:
        template = str(exports / "{author}" / "{title}")
        with daemon_in(tmp_path, drawing=True, paths__exports=template, guide__formats=["epub"]) as daemon:
            for title in TITLES:
                daemon.drop(make_epub(tmp_path / f"{title}.epub", title=title, chapters=2))
            daemon.wait_for_phases("done", "done")
        for _ in range(2):
            run(*ADD, "--with-library", str(calibre), str(exports))
        listed = json.loads(run("calibredb", "list", "--for-machine", "--with-library", str(calibre)))

        (seen,) = browse(
            Session(
                steps=(
                    *entering(web, calibre),
                    ("goto", f"{web}/"),
                    ("until", f"{SEEN} >= {len(TITLES)}"),
                    (
                        "eval",
                        "[...new Set([...document.querySelectorAll('.book .title')].map((each) => each.title))].sort()",
                    ),
                    ("goto", f"{web}/read/1/epub"),
                    ("until", TURNED),
                ),
                origin=True,
            )
        )

    assert sorted(one["title"] for one in listed) == sorted(TITLES)
    assert seen.found[-3] == sorted(TITLES)
    assert seen.found[-1] is True
