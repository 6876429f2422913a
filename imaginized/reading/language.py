"""Which language a text is written in, by a detector that needs no network; the only pycld2 import."""

import contextlib

from imaginized.story.findings import sample_of
from imaginized.story.text import BookText

LEAST_BYTES = 400
LEAST_PERCENT = 75
UNKNOWN = "un"


def found_language(book: BookText) -> str:
    """The language a book is written in, as a tag; "" where there is no detector, too little text, or any doubt."""
    text = sample_of(book)
    if len(text.encode(errors="replace")) < LEAST_BYTES:
        return ""
    # An extra: a package in C++ that not every machine has a wheel of. Loaded here, in the confined process, alone.
    try:
        import pycld2
    except ImportError:
        return ""
    # It refuses control characters, which it takes for bytes that are no UTF-8.
    clean = "".join(letter if letter.isprintable() else " " for letter in text).encode("utf-8", "ignore")
    with contextlib.suppress(pycld2.error):
        is_reliable, _, details = pycld2.detect(clean)
        _, code, percent, _ = details[0]
        if is_reliable and percent >= LEAST_PERCENT and code != UNKNOWN:
            return str(code)
    return ""
