"""Following books until they end: bars on a terminal, lines in a pipe, JSON lines on request."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO, cast

from imaginized.cli.client import Client
from imaginized.cli.troubles import Row, rows
from imaginized.cli.view import progress_line

POLL_SECONDS = 0.4
SCHEMA = "imaginized.watch/1"
ENDED = ("done", "partial", "failed", "held")  # a held book goes on only when a person says so, or another day

Show = Callable[[Sequence[Row]], None]


def follow(client: Client, *, show: Show, is_over: Callable[[Sequence[Row]], bool]) -> list[Row]:
    """Show the books again and again until `is_over`; returns them as they were last.

    Raises:
        ControlError: The daemon went away.
    """
    while True:
        books = rows(client.call("status"), "books")
        show(books)
        if is_over(books):
            return books
        time.sleep(POLL_SECONDS)


@contextmanager
def display(stream: TextIO, *, as_json: bool = False) -> Iterator[Show]:
    """How to show books on this stream."""
    if as_json:
        yield _changes(
            lambda book: print(json.dumps({"schema": SCHEMA, **book}, ensure_ascii=False), file=stream, flush=True)
        )
    elif stream.isatty():
        with _bars() as show:
            yield show
    else:
        yield _changes(lambda book: print(progress_line(book), file=stream, flush=True))


def _changes(show_one: Callable[[Row], None]) -> Show:
    """Show a book only when something about it changed."""
    last: dict[str, tuple[object, ...]] = {}

    def show(books: Sequence[Row]) -> None:
        for book in books:
            state = (book["phase"], book["progress"], str(book["failed"]))
            if last.get(str(book["book"])) != state:
                last[str(book["book"])] = state
                show_one(book)

    return show


@contextmanager
def _bars() -> Iterator[Show]:
    # rich takes a quarter of a second to import: only where there is a terminal to draw on
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % {task.fields[phase]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as bars:
        tasks = {}

        def show(books: Sequence[Row]) -> None:
            for book in books:
                name = str(book["book"])
                if name not in tasks:
                    tasks[name] = bars.add_task(str(book["title"]), total=1.0, phase="")
                share = cast(float, book["progress"])
                bars.update(tasks[name], completed=share, phase=book["phase"], description=str(book["title"]))

        yield show
