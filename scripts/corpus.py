"""Judge a folder of books in a minute: each is read in a process of its own and gives one line. For developers."""

import argparse
import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.formats import format_named

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; `error` is empty for a book that was read."""

    title: str = ""
    chapters: int = 0
    words: int = 0
    skipped: int = 0
    way: str = ""
    seconds: float = 0.0
    mebibytes: float = 0.0
    error: str = ""
    is_crash: bool = False


def main() -> int:
    """Print the table; exit 1 when a book crashed or hung, 0 when each gave chapters or a reason."""
    parser = argparse.ArgumentParser(prog="scripts/corpus", description="Read every book below a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--timeout-seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    print(f"{'book':40} {'title':32} {'chap':>4} {'words':>7} {'skip':>4} {'way':9} {'s':>6} {'MB':>5}  error")
    bad = 0
    for path in sorted(each for each in arguments.folder.rglob("*") if format_named(each.name)):
        row = _read_apart(path, timeout_seconds=arguments.timeout_seconds)
        bad += row.is_crash
        print(
            f"{path.name[:40]:40} {row.title[:32]:32} {row.chapters:4} {row.words:7} {row.skipped:4} {row.way:9} "
            f"{row.seconds:6.2f} {row.mebibytes:5.0f}  {row.error}",
            flush=True,
        )
    return 1 if bad else 0


def _read_apart(path: Path, *, timeout_seconds: float) -> Row:
    """Read a book in a process of its own, so that its memory is its own and a hang ends."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read_and_send, args=(path, theirs))
    process.start()
    theirs.close()
    try:
        return (
            ours.recv()
            if ours.poll(timeout_seconds)
            else Row(error=f"! no answer in {timeout_seconds:g} s", is_crash=True)
        )
    except EOFError:
        return Row(error="! its process died", is_crash=True)
    finally:
        process.kill()
        process.join()
        ours.close()


def _read_and_send(path: Path, answer: Connection) -> None:
    start, before = time.perf_counter(), _peak_mebibytes()
    try:
        book = read_book(path, original_name=path.name)
    except Rejected as rejected:
        row = Row(error=str(rejected))
    except Exception as error:  # noqa: BLE001 — the boundary of one book: a crash is what this table is for
        row = Row(error=f"! {type(error).__name__}: {error}", is_crash=True)
    else:
        row = Row(
            title=book.title,
            chapters=len(book.chapters),
            words=sum(chapter.words for chapter in book.chapters),
            skipped=len(book.skipped),
            way=book.reader,
            seconds=time.perf_counter() - start,
            mebibytes=_peak_mebibytes() - before,
        )
    answer.send(row)


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEBIBYTE


if __name__ == "__main__":
    sys.exit(main())
