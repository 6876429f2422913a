"""Imports without a module that a library loads wherever it finds it, for something that we never ask of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def absent(name: str) -> Iterator[None]:
    """Not found by what is imported meanwhile; for the rest of the process it is as it was."""
    found = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # now it is not found
    try:
        yield
    finally:
        if found is None:
            del sys.modules[name]
        else:
            sys.modules[name] = found
