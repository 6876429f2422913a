"""Words that some converter left divided at the ends of printed lines ("exam- ple"), joined by what the book spells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from imaginized.reading.blocks import Document
from imaginized.reading.lexicon import Words, english
from imaginized.story.text import count_words

_END = re.compile(rb"-[\s<]")
_HYPHEN = "\u2010".encode()
_DIVIDED = re.compile(r"(?<![\w-])([^\W\d_]{2,})[-\u2010][ \n]([^\W\d_]{2,})")


def join_divided(documents: Sequence[Document], *, language: str) -> list[Document]:
    """The documents with divided words whole, where the whole word is known; "mother- and fatherless" stays."""
    found = [_suspects(document) for document in documents]
    if not any(found):
        return list(documents)
    words = Words(block.text for document in documents for block in document.blocks)
    known = english() if language[:2].lower() == "en" else frozenset()

    def join(match: re.Match[str]) -> str:
        left, right = match[1], match[2]
        if not right.islower():
            return match[0]
        if words.count(left + right):
            return left + right
        if words.count(f"{left}-{right}"):
            return f"{left}-{right}"
        is_word = (left + right).casefold() in known and not {left.casefold(), right} <= known
        return left + right if is_word else match[0]

    return [
        _mend(document, at=suspects, join=lambda text: _DIVIDED.sub(join, text)) if suspects else document
        for document, suspects in zip(documents, found, strict=True)
    ]


def may_divide(data: bytes) -> bool:
    """Whether a document's bytes have a hyphen where a line may have ended; quicker than to ask each paragraph."""
    return _END.search(data) is not None or (_HYPHEN[-1] in data and _HYPHEN in data)


def _suspects(document: Document) -> list[int]:
    blocks = document.blocks if document.may_divide else ()
    return [at for at, block in enumerate(blocks) if _has_end(block.text) and _DIVIDED.search(block.text)]


def _has_end(text: str) -> bool:
    """Whether a hyphen stands where a line may have ended; the pattern would be tried at every letter."""
    return ("-" in text and ("- " in text or "-\n" in text)) or "\u2010" in text


def _mend(document: Document, *, at: Sequence[int], join: Callable[[str], str]) -> Document:
    blocks = list(document.blocks)
    for index in at:
        text = join(blocks[index].text)
        if text != blocks[index].text:
            blocks[index] = blocks[index]._replace(text=text, words=count_words(text))
    return replace(document, blocks=tuple(blocks))
