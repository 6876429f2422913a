"""A zip of books is none: the inbox takes it apart, and each book in it becomes one of its own."""

from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reasons import Code
from imaginized.story.text import BookText

TAKE_APART = "Drop it into the inbox, where each book in it becomes one of its own, or unpack it and add those."


def read_bundle(path: Path, *, original_name: str) -> BookText:
    """Refuse it, for it is more than one book.

    Raises:
        Rejected: Always.
    """
    del path
    raise Rejected("it is a zip file of books, not a book", code=Code.FOREIGN, advice=TAKE_APART, name=original_name)
