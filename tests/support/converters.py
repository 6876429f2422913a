"""A stand-in for Calibre's ebook-convert: what it makes of a file is a book that lies beside it."""

import os
from pathlib import Path

from tests.support.epubs import build_epub, page, prose

LIT = b"ITOLITLS and so on, which only Calibre knows" * 40
COPIES = 'cp "$(dirname "$0")/book.epub" "$2"'


def make_converter(folder: Path, *, script: str = COPIES) -> dict[str, str]:
    """Write the program and its book; returns the environment in which it is the first that is found."""
    folder.mkdir(exist_ok=True)
    build_epub(folder, pages={"a.xhtml": page(prose(40))}, name="book.epub")
    write_converter(folder / "ebook-convert", script)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def write_converter(program: Path, script: str) -> None:
    """Have it do something else."""
    written = program.with_name("new")
    written.write_text(f"#!/bin/sh\n{script}\n")
    written.chmod(0o755)
    written.rename(program)  # one that runs may not be written to
