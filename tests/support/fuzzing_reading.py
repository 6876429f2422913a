"""Mutated books through the readers: each case in a forked process with bounds, and what must hold after it.

scripts/fuzz runs it: python -m tests.support.fuzzing_reading [--cases N] [--seed S] [FOLDER]
"""

import argparse
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NoReturn

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.reading.formats import FORMATS, format_named, load_reader, recognise
from tests.support.epubs import build_epub, contents, page, prose
from tests.support.mutations import mutate_epub, mutate_kindle, mutate_markup, mutate_pdf, mutate_rtf
from tests.support.pdfs import Typesetter, build_pdf
from tests.support.pdfs import prose as pdf_prose

HANG_SECONDS = 60.0
MEMORY_BYTES = 2 << 30
OWN_MEMORY_BYTES = 3 << 30  # of the run itself, which mutates the books: it must never fill the machine
MAX_BOOK_BYTES = 1_700_000
MADE = Path(__file__).parents[1] / "fixtures" / "formats"
MUTATIONS = {"pdf": mutate_pdf, "kindle": mutate_kindle, "rtf": mutate_rtf} | dict.fromkeys(
    ("fb2", "html", "markdown", "text"), mutate_markup
)  # of what is no zip file
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended.

    Attributes:
        kind: "chapters" or "rejected", or what must not be: "crash", "hang", "wrote", "speechless".
        words: The reason or the trace.
        peak_bytes: Most memory that its process held.
    """

    kind: str
    words: str
    seconds: float
    peak_bytes: int

    @property
    def is_bad(self) -> bool:
        """Whether a rule was broken."""
        return self.kind not in ("chapters", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mutated book: its number, the book it was, how it ended."""

    number: int
    book: str
    outcome: Outcome


def main() -> int:
    """Run the cases, print what came of them; 1 when a rule was broken, with the file that did it kept."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz reading", description="Read books that were damaged by chance.")
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path(os.environ.get("IMAGINIZED_BOOKS", "../shared/books"))
    )
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=sorted(FORMATS), help="only the books of this format")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (OWN_MEMORY_BYTES, OWN_MEMORY_BYTES))
    for row in FORMATS.values():
        load_reader(row)  # once, not in each case
    with tempfile.TemporaryDirectory(prefix="fuzz-books-") as made:
        books = [*_books(arguments.folder), *make_books(Path(made)), *_books(MADE)]
        books = [path for path in books if arguments.format in (None, format_of(path))]
        start = time.perf_counter()
        cases = list(run(books, cases=arguments.cases, seed=arguments.seed, is_chatty=True))
    print(report(cases, seconds=time.perf_counter() - start))
    return int(any(case.outcome.is_bad for case in cases))


def run(books: Sequence[Path], *, cases: int, seed: int, is_chatty: bool = False) -> Iterator[Case]:
    """Mutate and read; files that broke a rule stay in the folder for temporary files, and are named."""
    originals = {path: path.read_bytes() for path in books}
    for number in range(cases):
        random = Random(f"{seed}/{number}")
        path = random.choice(books)
        mutate = mutate_epub if originals[path].startswith(b"PK") else MUTATIONS[format_of(path)]
        data = mutate(originals[path], random)
        case = Case(number=number, book=path.name, outcome=try_book(data, suffix=path.suffix))
        if case.outcome.is_bad:
            kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{number}{path.suffix}"
            kept.write_bytes(data)
            print(f"case {number} ({path.name}, kept as {kept}): {case.outcome.kind}: {case.outcome.words}")
        elif is_chatty and number and number % 200 == 0:
            print(f"{number} cases", flush=True)
        yield case


def format_of(path: Path) -> str:
    """The name of a book's format."""
    with path.open("rb") as file:
        row = recognise(file, name=path.name)
    return "epub" if row is None else row.name


def report(cases: Sequence[Case], *, seconds: float) -> str:
    """The figures of a run."""
    kinds = Counter(case.outcome.kind for case in cases)
    slowest = max(cases, key=lambda case: case.outcome.seconds)
    largest = max(cases, key=lambda case: case.outcome.peak_bytes)
    ends = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return (
        f"{len(cases)} cases in {seconds:.0f} s: {ends}; "
        f"slowest {slowest.outcome.seconds:.1f} s ({slowest.book}), "
        f"most memory {largest.outcome.peak_bytes >> 20} MiB ({largest.book})"
    )


def read_here(path: Path) -> str:
    """Read a book in this process; the kind of its end and words about it."""
    try:
        book = read_book(path, original_name=f"gift.epub{path.suffix}")
    except Rejected as rejected:
        is_clear = str(rejected).startswith("gift.epub") and len(str(rejected)) > 40
        return f"{'rejected' if is_clear else 'speechless'} {rejected}"
    return f"chapters {len(book.chapters)}" if book.chapters and book.title else "speechless no chapters"


def try_book(data: bytes, *, suffix: str, read: Callable[[Path], str] = read_here) -> Outcome:
    """Read a book in a forked process of its own, in a folder of its own, and see what it leaves there."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as outer:
        folder = Path(outer) / "a" / "b"
        folder.mkdir(parents=True)
        path = folder / f"book{suffix}"
        path.write_bytes(data)
        outcome = _read_forked(path, read=read)
        left = sorted(str(each.relative_to(outer)) for each in Path(outer).rglob("*") if each.is_file())
    if left != [f"a/b/book{suffix}"]:
        return Outcome(kind="wrote", words=str(left), seconds=outcome.seconds, peak_bytes=outcome.peak_bytes)
    return outcome


def _read_forked(path: Path, *, read: Callable[[Path], str]) -> Outcome:
    start = time.perf_counter()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _be_child(path, writing, read=read)
    os.close(writing)
    try:
        answer = _receive(reading, deadline=start + HANG_SECONDS)
    finally:
        os.close(reading)
        if time.perf_counter() - start >= HANG_SECONDS:
            os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    kind, _, words = answer.decode("utf-8", "replace").partition(" ")
    if seconds >= HANG_SECONDS:
        kind, words = "hang", f"longer than {HANG_SECONDS:g} s"
    elif not kind:
        kind, words = "crash", f"wait status {status}"
    return Outcome(kind=kind, words=words, seconds=seconds, peak_bytes=usage.ru_maxrss * 1024)


def _receive(fd: int, *, deadline: float) -> bytes:
    """All that the child says before it ends, or before the deadline."""
    data = b""
    while (left := deadline - time.perf_counter()) > 0 and select.select([fd], [], [], left)[0]:
        piece = os.read(fd, 65_536)
        if not piece:
            break
        data += piece
    return data


def _be_child(path: Path, writing: int, *, read: Callable[[Path], str]) -> NoReturn:
    """Read the book and say how it ended; whatever happens, this process goes no further than here."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.chdir(path.parent)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        wrote: list[str] = []
        sys.addaudithook(lambda event, values: _note_writing(event, values, wrote=wrote))
        try:
            answer = read(path)
        except BaseException:  # noqa: BLE001 - the boundary: what is raised here is what the run looks for
            answer = f"crash {traceback.format_exc(limit=-4)}"
        os.write(writing, (f"wrote {wrote}" if wrote else answer).encode("utf-8", "replace")[:60_000])
    finally:
        os._exit(0)


def _note_writing(event: str, values: tuple[object, ...], *, wrote: list[str]) -> None:
    """Remember each file that is opened for writing, and each change to the file system."""
    if event == "open":
        flags = values[2]
        if isinstance(flags, int) and flags & _WRITING:
            wrote.append(str(values[0]))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.symlink", "os.link", "subprocess.Popen", "socket.connect"):
        wrote.append(f"{event} {values}")


def make_books(folder: Path) -> list[Path]:
    """Books made in code: fragments, notes, nested contents, a PDF with an outline and one without."""
    pages = {
        f"c{at}.xhtml": page(f'<h2 id="h{at}">Chapter {at}</h2>{prose(120)}<hr/><p>“Go,” she said.</p>{prose(60)}')
        for at in range(1, 5)
    }
    pages["notes.xhtml"] = page(f'<section epub:type="endnotes"><h2>Notes</h2>{prose(30)}</section>')
    nav = contents(*((f"Chapter {at}", f"c{at}.xhtml#h{at}") for at in range(1, 5)))
    many = "".join(f'<h2 id="c{at}">{"I" * at}</h2>{prose(90)}<div class="line">verse</div>' for at in range(1, 4))
    setter = Typesetter()
    for at in range(1, 4):
        setter.heading(f"Chapter {at}")
        setter.paragraph(pdf_prose(250, seed=at))
    return [
        build_epub(folder, pages=pages, nav=nav, name="made.epub"),
        build_epub(folder, pages={"all.xhtml": page(many)}, name="one-file.epub"),
        build_pdf(folder / "outline.pdf", setter.pages, outline=[(f"Chapter {at}", at - 1) for at in range(1, 4)]),
        build_pdf(folder / "plain.pdf", setter.pages),
    ]


def _books(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("*") if format_named(path.name)] if folder.is_dir() else []
    return sorted(path for path in found if path.stat().st_size <= MAX_BOOK_BYTES)


if __name__ == "__main__":
    sys.exit(main())
