"""Dropping a file into the inbox the way the daemon likes best."""

import shutil
from pathlib import Path


def copy_into(inbox: Path, file: Path) -> Path:
    """Copy a file into the inbox so that it appears whole, under a name that is free there."""
    target = inbox / file.name
    number = 1
    while target.exists():
        number += 1
        target = inbox / f"{file.stem}-{number}{file.suffix}"
    partial = inbox / f".{target.name}.part"
    shutil.copyfile(file, partial)
    return partial.rename(target)
