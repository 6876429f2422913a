"""A book that is dropped onto the page: received into a folder of ours, then given to the daemon as `add` gives it."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from imaginized.control.client import Client
from imaginized.control.giving import Added, add_files
from imaginized.control.protocol import SCAN, STATUS
from imaginized.errors import ControlError, ExitCode

FOLDER = ".imaginized.uploads"
LONGEST_NAME_BYTES = 200

_ODD = re.compile(r"[\x00-\x1f\x7f/\\]")


def folder_of(library: Path) -> Path:
    """Where files lie while they are received: beside the books, where there is room for them or for nothing."""
    return library / FOLDER


def clear(library: Path) -> None:
    """Make that folder, and remove what an earlier process of the page had not finished receiving."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder_of(library))
    folder_of(library).mkdir(mode=0o700)


@asynccontextmanager
async def received(library: Path, name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[Path]:
    """A file with this name and these bytes, for as long as the context lasts.

    Raises:
        ControlError: The name says nothing.
        OSError: Disk full; nothing is left.
    """
    wanted = name_of(name)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=folder_of(library)))
    try:
        path = folder / wanted
        with path.open("wb") as writing:
            async for chunk in chunks:
                await asyncio.to_thread(writing.write, chunk)
        yield path
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def name_of(text: str) -> str:
    """A file name as a browser gives it, made safe: its last part, without controls, short enough.

    Raises:
        ControlError: Nothing is left of it.
    """
    last = re.split(r"[/\\]", text)[-1]
    name = _ODD.sub("", last).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    stem = stem if dot else name
    while len(f"{stem}{dot}{suffix}".encode(errors="replace")) > LONGEST_NAME_BYTES and stem:
        stem = stem[:-1]
    if not dot or not stem or not suffix:
        raise ControlError(
            f"the file needs a name with an ending, such as book.epub, not {last!r}", exit_code=ExitCode.USAGE
        )
    return f"{stem}{dot}{suffix}".encode(errors="replace").decode()


def give(socket: Path, file: Path) -> Added:
    """Give a file to the daemon; what became of it.

    Raises:
        ControlError: The daemon is not there, or has no inbox.
    """
    with Client(socket) as client:
        status = client.ask(STATUS)
        inbox = Path(status["paths"]["inbox"])
        if not inbox.is_dir():
            raise ControlError(f"the inbox, {inbox}, does not exist; fix this first", exit_code=ExitCode.BUG)
        added = add_files(client, [file], inbox=inbox, asked={}, is_converting=bool(status.get("converts")))[0]
        if added.name:
            client.ask(SCAN)
    return added
