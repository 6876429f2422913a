"""Any book: which reader it needs, by its content."""

from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.formats import FORMATS, format_named, load_reader, recognise
from imaginized.reasons import Code
from imaginized.story.text import BookText


def read_book(path: Path, *, original_name: str) -> BookText:
    """Read a book of any of our formats into its story chapters, whatever the file is called.

    Args:
        path: The file; it is opened for reading only.
        original_name: What the user called it, for messages and for a book without title. It tells the format, too,
            where the content does not.

    Raises:
        Rejected: It cannot be read or holds no story; the message says what, why and what to do next.
    """
    try:
        with path.open("rb") as file:
            found = recognise(file, name=original_name)
    except OSError as error:
        raise Rejected(
            f"it cannot be opened ({error.strerror})",
            code=Code.UNREADABLE,
            advice="Check the file and its disk.",
            name=original_name,
        ) from error
    # What is like none of them is refused by the reader of what it is called, which knows best what is wrong with it.
    row = found or format_named(original_name) or FORMATS["epub"]
    try:
        reader = load_reader(row)
    except Rejected as error:
        raise error.about(original_name) from error
    return reader(path, original_name=original_name)
