"""Any book: which reader it needs, by its content."""

from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.formats import FORMATS, Reader, format_named, load_reader, recognise
from imaginized.reading.limits import cannot_open
from imaginized.story.text import BookText


def find_reader(path: Path, *, original_name: str) -> Reader:
    """The reader of a file, loaded, by a glance at its first bytes and its list of members; nothing of it is parsed.

    Raises:
        Rejected: It cannot be opened, or what its format needs is not installed.
    """
    try:
        with path.open("rb") as file:
            found = recognise(file, name=original_name)
        # What is like none of them is refused by the reader of what it is called, which knows best what is wrong.
        return load_reader(found or format_named(original_name) or FORMATS["epub"])
    except Rejected as error:
        raise error.about(original_name) from error
    except OSError as error:
        raise cannot_open(error, name=original_name) from error


def read_book(path: Path, *, original_name: str) -> BookText:
    """Read a book of any of our formats into its story chapters, whatever the file is called.

    Args:
        path: The file; it is opened for reading only.
        original_name: What the user called it, for messages and for a book without title. It tells the format, too,
            where the content does not.

    Raises:
        Rejected: It cannot be read or holds no story; the message says what, why and what to do next.
    """
    return find_reader(path, original_name=original_name)(path, original_name=original_name)
