"""`imaginized demo`: the bundled novel, by the real daemon, and what a stranger reads at its end."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.support.waiting import PROGRAM_SECONDS


def test_the_demo_ends_with_page_epub_and_what_to_do_next(tmp_path: Path) -> None:
    """The last three lines: the guide's page, the illustrated EPUB, one line on one's own book."""
    command = [sys.executable, "-m", "imaginized", "demo", "--dir", str(tmp_path / "demo")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PROGRAM_SECONDS)
    page, epub, following = done.stdout.splitlines()[-3:]

    assert Path(page.rpartition(": ")[2].strip()).name == "index.html"
    assert Path(page.rpartition(": ")[2].strip()).is_file()
    with ZipFile(epub.rpartition(": ")[2].strip()) as book:
        assert any("imaginized" in name and name.endswith(".jpg") for name in book.namelist())
    assert "imaginized illustrate BOOK --out guides" in following
