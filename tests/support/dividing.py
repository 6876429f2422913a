"""A finished book that is divided again, stopped at one of its file operations.

Run as a module, in an interpreter without threads, because it forks: python -m tests.support.dividing HOW FOLDER
"""

import json
import sys
from pathlib import Path

from imaginized.queue.dividing import divide_again
from tests.support.crash_steps import Place
from tests.support.ordering import Asked, files_of, order, try_each_step

EDITS = """
[[drop]]
title = "Chapter 1"
[[split]]
title = "Chapter 3"
at = "{at}"
to = "The Half"
[[rename]]
title = "Chapter 4"
to = "The Last"
"""


def divide(place: Place) -> None:
    """Give the order to drop, split and rename."""
    files = files_of(place)
    paragraphs = json.loads(files.chapter(3).read_bytes())["paragraphs"]
    order(files.edits, EDITS.format(at=paragraphs[1]["text"]), divide_again)


if __name__ == "__main__":
    try_each_step(sys.argv[1], Path(sys.argv[2]), provider=Asked, give=divide)
