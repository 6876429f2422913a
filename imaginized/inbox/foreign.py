"""Files that people take for books and that no stage reads, told by their names' endings. Pure.

What merely lies beside books, such as a cover, metadata or notes, is not among them: that stays where it is.
"""

from dataclasses import dataclass

from imaginized.reading.formats import format_named, labels

CONVERT = "Convert it to EPUB (Calibre can), then drop that."
SAVE = "Save or export it as EPUB or PDF, then drop that."
UNPACK = "Unpack it, then drop the EPUB and PDF files in it."
NO_TEXT = "Remove it: it has no text to illustrate."
UNLOCK = "It only names a book with copy protection, which is not read. Drop a book without it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A kind of file that is never read.

    Attributes:
        what: "a Kindle book".
        advice: What to do, for a person.
    """

    what: str
    advice: str


_KINDS = {
    "azw azw1 azw3 azw4 kf8 kfx kpf mobi prc": Foreign(what="a Kindle book", advice=CONVERT),
    "fb2 fbz": Foreign(what="a FictionBook", advice=CONVERT),
    "lit lrf lrx oeb pdb pmlz rb snb tcr": Foreign(what="a book in an old format", advice=CONVERT),
    "chm djv djvu htmlz ibooks txtz xps": Foreign(what="a document that is neither EPUB nor PDF", advice=CONVERT),
    "doc docm docx dot dotx": Foreign(what="a Word document", advice=SAVE),
    "key odp odt pages ppt pptx rtf sxw wpd wps": Foreign(what="a document that is neither EPUB nor PDF", advice=SAVE),
    "cb7 cba cbr cbt cbz": Foreign(what="a comic", advice=NO_TEXT),
    "aax aaxc m4b": Foreign(what="an audiobook", advice=NO_TEXT),
    "acsm": Foreign(what="a licence ticket, not the book", advice=UNLOCK),
    "7z bz2 gz lzma rar tar tbz tgz txz xz zip zst": Foreign(what="an archive", advice=UNPACK),
}
_BY_ENDING = {ending: kind for endings, kind in _KINDS.items() for ending in endings.split()}


def foreign_kind(name: str) -> Foreign | None:
    """What a name says of a file that is dropped like a book and is never one; None for any other."""
    if format_named(name) is not None:
        return None
    stem, _, ending = name.rpartition(".")
    return _BY_ENDING.get(ending.lower()) if stem else None


def foreign_reason(name: str, kind: Foreign) -> str:
    """Why it is not taken: "it is a comic (.cbz); only EPUB and PDF are read"."""
    return f"it is {kind.what} (.{name.rpartition('.')[2].lower()}); only {labels('and')} are read"
