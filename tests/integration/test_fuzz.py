"""A small part of the fuzz run: `scripts/fuzz reading` is the whole.

Both tests start a program of their own, because a case is a fork and a test's process may have threads.
"""

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

from tests.support.fuzzing_reading import make_books, try_book
from tests.support.mutations import MAX_GROWTH, mutate_epub, pack
from tests.support.waiting import PROGRAM_SECONDS

ROOT = Path(__file__).resolve().parents[2]


def run_program(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PROGRAM_SECONDS,
        check=False,
    )


def test_damaged_books_give_chapters_or_a_reason(tmp_path: Path) -> None:
    """Whatever is changed in a book: no crash, no hang, no file beside it, no rejection without a reason."""
    ended = run_program("tests.support.fuzzing_reading", "--cases", "200", "--seed", "4", str(tmp_path))

    assert ended.returncode == 0, ended.stdout
    assert re.search(r"^200 cases in \d+ s: \d+ chapters, \d+ rejected;", ended.stdout, re.MULTILINE)


def test_no_change_to_a_book_grows_it_without_bound() -> None:
    """A member without the lines that are repeated is one line itself: no chance makes gigabytes of it."""
    members = [("content.xml", b"<office:text>" + b"x" * 20_000), ("META-INF/manifest.xml", b"<m/>" * 500)]
    data = pack(members)

    grown = [len(b"".join(_contents(mutate_epub(data, Random(f"1/{seed}"))))) for seed in range(300)]

    assert max(grown) < 5 * MAX_GROWTH


def _contents(data: bytes) -> list[bytes]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return [archive.read(each) for each in archive.infolist()]
    except Exception:  # noqa: BLE001 - it is damaged, in whatever way
        return []


def test_the_run_notices_what_it_looks_for(tmp_path: Path) -> None:
    """A reader that dies, writes, raises or gives no reason is found out: a run that finds nothing has looked."""
    ended = run_program("tests.integration.test_fuzz", str(tmp_path))

    assert ended.stdout.split() == ["crash", "wrote", "crash", "speechless", "chapters"]


def _die(path: Path) -> str:
    os._exit(3)


def _write(path: Path) -> str:
    path.with_name("new").write_text("x")
    return "chapters 1"


def _raise(path: Path) -> str:
    raise RuntimeError(str(path))


def _say_nothing(path: Path) -> str:
    return "speechless"


def _say_enough(path: Path) -> str:
    return "chapters 1"


if __name__ == "__main__":
    book = make_books(Path(sys.argv[1]))[0].read_bytes()
    for read in (_die, _write, _raise, _say_nothing, _say_enough):
        print(try_book(book, suffix=".epub", read=read).kind)
