"""Taking a zip of books apart in a process of its own: which members are books, and their bytes, one after another.

Run as a program, this module is that process; imported, it starts it. Nothing is written but the answer: a line of
JSON for each book, with its name and size, then so many bytes; last a line that says why it ended.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from imaginized.errors import Rejected
from imaginized.process.confinement import Limits, confine
from imaginized.process.parent import die_with_parent
from imaginized.process.sandbox import places_of_program, start_apart
from imaginized.reading.formats import is_book_in_bundle
from imaginized.reading.limits import MAX_FILE_BYTES, Archive, Unreadable
from imaginized.reasons import Code

MAX_BOOKS = 200
_LINE_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_NAME_BYTES = 180  # of a file's name in the inbox: its notes need some more
_ADVICE = "Unpack it, then drop the books in it."


def take_apart(file: int, *, step: Callable[[], None]) -> "Iterator[tuple[str, Iterator[bytes]]]":
    """The books in an open zip file: the name of each, without folders, and its bytes, to be taken before the next.

    Args:
        file: Its descriptor; the process looks through /proc at what is open here, whatever its name means by now.
        step: Called at every piece.

    Raises:
        Rejected: It is no such file, a book in it is damaged, or the process ended early.
    """
    with start_apart(__name__, [f"/proc/{os.getpid()}/fd/{file}"]) as process:
        try:
            yield from _follow(process, step=step)
        finally:
            process.kill()


def _follow(process: "subprocess.Popen[bytes]", *, step: Callable[[], None]) -> "Iterator[tuple[str, Iterator[bytes]]]":
    if process.stdout is None:
        raise ValueError("the process has no pipe")
    while True:
        said = _read_line(process.stdout)
        if "end" in said:
            return
        if "text" in said:
            raise Rejected(str(said["text"]), code=Code.read(said["code"]), advice=str(said["advice"]))
        size = int(str(said["size"]))
        if not 0 <= size <= MAX_FILE_BYTES:
            raise _broken()
        yield _plain_name(str(said["name"])), _pieces(process.stdout, size=size, step=step)


def _read_line(stream: IO[bytes]) -> dict[str, object]:
    try:
        said = json.loads(stream.readline(_LINE_BYTES))
    except ValueError as error:
        raise _broken() from error
    if not isinstance(said, dict):
        raise _broken()
    return said


def _pieces(stream: IO[bytes], *, size: int, step: Callable[[], None]) -> Iterator[bytes]:
    while size > 0:
        step()
        piece = stream.read(min(size, _PIECE_BYTES))
        if not piece:
            raise _broken()
        size -= len(piece)
        yield piece


def _broken() -> Rejected:
    text = "its content made the process fail that takes it apart"
    return Rejected(text, code=Code.READER_FAILED, advice=_ADVICE)


def _plain_name(name: str) -> str:
    """A member's name as a file's in one folder: its last part, nothing hidden, nothing that leads elsewhere."""
    plain = PurePosixPath(name.replace("\\", "/")).name.lstrip(". ~")
    plain = "".join(each if each.isprintable() and each not in '/<>:"|?*' else "_" for each in plain)
    stem, suffix = os.path.splitext(plain)  # noqa: PTH122 - a name, no path
    while len(f"{stem}{suffix}".encode()) > _NAME_BYTES and stem:
        stem = stem[:-1]
    return f"{stem or 'book'}{suffix}"


def _be_process(parent: str, path: str) -> None:
    """Be the confined process: write every book of the file to the standard output."""
    die_with_parent(int(parent))
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with Path(path).open("rb") as file:
        ours = Path(f"/proc/self/fd/{file.fileno()}")
        confine(Limits(), readable=[ours, *places_of_program()])
        try:
            _write_books(ours, output)
            said: dict[str, str] = {"end": ""}
        except Rejected as rejected:
            reason = rejected.reason
            said = {"code": reason.code, "text": reason.text, "advice": reason.advice or _ADVICE}
        except MemoryError:
            said = {"code": Code.TOO_LARGE, "text": "a book in it needs too much memory", "advice": _ADVICE}
    output.write(json.dumps(said).encode() + b"\n")
    output.close()


def _write_books(path: Path, output: "BinaryIO | IO[bytes]") -> None:
    with Archive(path) as archive:
        names = [name for name in archive.names if is_book_in_bundle(name)]
        if len(names) > MAX_BOOKS:
            text = f"there are {len(names)} books in it, more than the {MAX_BOOKS} that are taken at once"
            raise Rejected(text, code=Code.TOO_LARGE, advice=_ADVICE)
        for name in names:
            try:
                data = archive.read(name, max_bytes=MAX_FILE_BYTES)
            except Unreadable as error:
                raise Rejected(
                    f"a book in it cannot be unpacked: {error}", code=Code.DAMAGED, advice=_ADVICE
                ) from error
            output.write(json.dumps({"name": name, "size": len(data)}).encode() + b"\n")
            output.write(data)


if __name__ == "__main__":
    _be_process(*sys.argv[1:])
