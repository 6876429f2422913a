"""Any book: which reader it needs, by its content."""

from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.epub import read_epub
from imaginized.reading.pdf import read_pdf
from imaginized.reading.structure import is_pdf
from imaginized.reasons import Code
from imaginized.story.text import BookText


def read_book(path: Path, *, original_name: str) -> BookText:
    """Read an EPUB or a PDF into its story chapters, whatever the file is called.

    Args:
        path: The file; it is opened for reading only.
        original_name: What the user called it, for messages and for a book without title.

    Raises:
        Rejected: It cannot be read or holds no story; the message says what, why and what to do next.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise Rejected(
            f"it cannot be opened ({error.strerror})",
            code=Code.UNREADABLE,
            advice="Check the file and its disk.",
            name=original_name,
        ) from error
    reader = read_pdf if is_pdf(head) else read_epub
    return reader(path, original_name=original_name)
