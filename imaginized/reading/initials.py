"""Words whose first letter stands apart: in a block of its own, in a picture, behind a blank; put together again.

What a book spells elsewhere decides, and for English a list of words; where neither does, it is said aloud.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from imaginized.reading.blocks import Block, Document, Span

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTER = re.compile(r"[\"“”„‘'«‹(\[—–-]{0,3}\s?([^\W\d_])")
_FIRST = re.compile(r"([^\W\d_]+)(?:['’][^\W\d_]+)*(?:\W+([^\W\d_]+))?")
_APART = re.compile(r"([\"“„‘'«]{0,2}[^\W\d_]) ([^\W\d_]+)")
_NUMERALS = frozenset("IVXLCDM")
_MAX_OTHERS = 0.1  # of the strongest reading: others are slips


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How often a book spells its words, and pairs of them, in lower case."""

    counts: Counter[str]
    pairs: Counter[tuple[str, str]]

    def is_word(self, word: str) -> bool:
        return self.counts[word.casefold()] > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """A block whose first letter may be in the picture before it; `letters` are those that would make a word."""

    document: int
    block: int
    word: str
    following: str
    hint: str
    letters: tuple[str, ...]

    def is_certain(self, words: _Words) -> bool:
        """Whether what stands there is no word by itself and one letter makes it one."""
        return len(self.letters) == 1 and (bool(self.hint) or not words.is_word(self.word))


def mend_initials(documents: Sequence[Document], *, language: str) -> tuple[list[Document], list[str]]:
    """The documents with their initials in place, and what could not be found out."""
    mended = list(documents)
    if any(_needs_words(document) for document in mended):
        words = _read_words(documents)
        mended = [_join_apart(document, words=words) for document in mended]
        return _fill_gaps(mended, words=words, language=language)
    return mended, []


def _needs_words(document: Document) -> bool:
    """Whether anything in a document looks like it; to count a book's words costs a third of reading it."""
    blocks = document.blocks
    for at, block in enumerate(blocks):
        text = block.text
        if len(text) <= 4 and not block.level and _LETTER.fullmatch(text) and at + 1 < len(blocks):
            return True
        if text[1:3].count(" ") and _is_apart(text):
            return True
    return any(_first_word(blocks[at]) is not None for at in document.initials if at < len(blocks))


def _is_apart(text: str) -> bool:
    match = _APART.match(text)
    return match is not None and match[1][-1].isupper() and (match[2].islower() or match[2].isupper())


def _read_words(documents: Iterable[Document]) -> _Words:
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for document in documents:
        for at, block in enumerate(document.blocks):
            found = _WORD.findall(block.text.casefold())
            found = found[1:] if at in document.initials or len(found[:1]) and len(found[0]) == 1 else found
            counts.update(found)
            pairs.update(pairwise(found))
    return _Words(counts=counts, pairs=pairs)


def _join_apart(document: Document, *, words: _Words) -> Document:
    """Put a letter in a block of its own, or behind a blank, back to its word."""
    dropped: list[int] = []
    blocks = list(document.blocks)
    for at, block in enumerate(blocks):
        if block.level:
            continue
        if _is_apart(block.text):
            blocks[at] = block._replace(text=_close(block.text, words=words))
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if following is None or following.level or not _LETTER.fullmatch(block.text):
            continue
        joined = _join(block.text, following.text, words=words)
        if joined:
            count = following.words + (len(joined.split()) > len(following.text.split()))
            starts_scene = block.starts_scene or following.starts_scene
            blocks[at + 1] = following._replace(text=joined, words=count, starts_scene=starts_scene)
            dropped.append(at)
    changed = replace(document, blocks=tuple(blocks))
    return _without(changed, dropped=dropped) if dropped else changed


def _close(text: str, *, words: _Words) -> str:
    """ "T he lamp" as "The lamp", where the letter is no word and the rest makes one with it."""
    match = _APART.match(text)
    if match is None:
        return text
    letter = match[1][-1]
    if words.counts[letter.casefold()] > 2 or not words.is_word(letter + match[2]):
        return text
    return f"{match[1]}{text[match.start(2) :]}"


def _join(letter: str, text: str, *, words: _Words) -> str:
    """A letter and the text behind it as one; "" where they do not belong together."""
    first = _FIRST.match(text)
    if first is None:
        return ""
    initial, rest = letter[-1], first[1]
    if not initial.isupper() or not (rest.islower() or rest.isupper()):
        return ""
    makes_word, is_word = words.is_word(initial + rest), words.is_word(rest)
    if rest.isupper() and (not makes_word or (is_word and initial in _NUMERALS)):
        # "I" above "THE NIGHT": the number of a chapter
        return ""
    is_own = words.counts[initial.casefold()] > 2
    if not makes_word and is_word and is_own:
        return f"{letter} {text}"
    return f"{letter}{text}"


def _without(document: Document, *, dropped: Sequence[int]) -> Document:
    """A document without some of its blocks; what points behind them moves up."""

    def move(at: int) -> int:
        return at - sum(each < at for each in dropped)

    gone = frozenset(dropped)
    return replace(
        document,
        blocks=tuple(block for at, block in enumerate(document.blocks) if at not in gone),
        spans=tuple(Span(start=move(s.start), end=move(s.end), types=s.types) for s in document.spans),
        marks={name: move(at) for name, at in document.marks.items()},
        initials={move(at): hint for at, hint in document.initials.items()},
    )


def _first_word(block: Block) -> re.Match[str] | None:
    """The first word of a paragraph that may lack its initial: it begins small, or is in capitals unlike the next."""
    first = None if block.level else _FIRST.match(block.text)
    if first is None or first[1][0].islower():
        return first
    is_capitals = first[1].isupper() and not (len(first[1]) == 1 and not (first[2] or "").islower())
    return first if is_capitals else None


def _fill_gaps(
    documents: list[Document], *, words: _Words, language: str
) -> tuple[list[Document], list[str]]:
    gaps = [
        gap
        for number, document in enumerate(documents)
        for at, hint in document.initials.items()
        if at < len(document.blocks) and (gap := _read_gap(document.blocks[at], number, at, hint, words, language))
    ]
    is_usual = any(gap.is_certain(words) for gap in gaps)
    lost: list[str] = []
    for gap in gaps:
        letter = _choose(gap, words=words, is_usual=is_usual)
        document = documents[gap.document]
        block = document.blocks[gap.block]
        if letter:
            blocks = list(document.blocks)
            blocks[gap.block] = block._replace(text=letter + block.text)
            documents[gap.document] = replace(document, blocks=tuple(blocks))
        elif not words.is_word(gap.word) and gap.word.isupper():
            lost.append(f"{document.name} ({block.text[:30]!r})")
    if not lost:
        return documents, []
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return documents, [f"the first letter of a paragraph seems to be a picture without a name: {lost[0]}{more}"]


def _read_gap(block: Block, number: int, at: int, hint: str, words: _Words, language: str) -> _Gap | None:
    first = _first_word(block)
    if first is None:
        return None
    word, following = first[1].casefold(), (first[2] or "").casefold()
    known = _english() if language[:2].lower() == "en" or not language else frozenset()
    alphabet = sorted({each[0] for each in words.counts})
    letters = [letter for letter in alphabet if words.counts[letter + word]]
    letters = letters or [letter for letter in alphabet if letter + word in known]
    if hint:
        letters = [hint.casefold()] if hint.casefold() in letters or not words.is_word(word) else []
    if first[1].islower() and words.is_word(word) and not hint:
        return None  # a picture between the halves of a sentence
    return _Gap(document=number, block=at, word=first[1], following=following, hint=hint, letters=tuple(letters))


def _choose(gap: _Gap, *, words: _Words, is_usual: bool) -> str:
    """The letter that is missing; "" for none, or where it cannot be told."""
    word = gap.word.casefold()
    if not gap.letters or not (gap.is_certain(words) or is_usual):
        return ""
    if len(gap.letters) == 1 and (gap.is_certain(words) or not words.is_word(word)):
        return gap.letters[0].upper()
    for counts in (
        {letter: words.pairs[letter + word, gap.following] for letter in ("", *gap.letters)},
        {letter: words.counts[letter + word] for letter in ("", *gap.letters)},
    ):
        best = max(counts, key=lambda letter: counts[letter])
        others = sum(counts.values()) - counts[best]
        if counts[best] and others <= _MAX_OTHERS * counts[best]:
            return best.upper()
    return ""


@cache
def _english() -> frozenset[str]:
    """Words of English; data of the package beside, not its code, and read only for books with gaps."""
    text = files("imaginized").joinpath("providers", "builtin", "lexicon.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
