"""Words whose first letter stands apart: in a block of its own, in a picture, behind a blank; put together again.

What a book spells elsewhere decides, and for English a list of words; where neither does, it is said aloud.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from imaginized.reading.blocks import Block, Document, Span
from imaginized.reading.lexicon import Words, english

_LETTER = re.compile(r"[\"“”„‘'«‹(\[—–-]{0,3}\s?([^\W\d_])")
_FIRST = re.compile(r"([^\W\d_]+)(?:['’][^\W\d_]+)*(?:\W+([^\W\d_]+))?")
_APART = re.compile(r"([\"“„‘'«]{0,2}[^\W\d_]) ([^\W\d_]+)")
_NUMERALS = frozenset("IVXLCDM")
_MAX_LETTER = 5
_MAX_OTHERS = 0.1  # of the strongest reading: others are slips


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """A block whose first letter may be in the picture before it.

    Attributes:
        is_in_capitals: Whether the next word is, too, so that it may be a line in capitals with nothing missing.
        letters: Those that would make a word.
    """

    document: int
    block: int
    word: str
    following: str
    is_in_capitals: bool
    hint: str
    letters: tuple[str, ...]

    def is_certain(self, words: Words) -> bool:
        """Whether what stands there is no word by itself and one letter makes it one."""
        return len(self.letters) == 1 and (bool(self.hint) or not words.count(self.word))


def mend_initials(documents: Sequence[Document], *, language: str) -> tuple[list[Document], list[str]]:
    """The documents with their initials in place, and what could not be found out."""
    odd = _odd_letters(documents)
    suspects = [_find_suspects(document, odd=odd) for document in documents]
    if not any(suspects):
        return list(documents), []
    words = Words(
        block.text[_end_of_first(block.text) :] if at in suspected else block.text
        for document, suspected in zip(documents, suspects, strict=True)
        for at, block in enumerate(document.blocks)
    )
    mended = [
        _join_apart(document, words=words, odd=odd) if suspected else document
        for document, suspected in zip(documents, suspects, strict=True)
    ]
    return _fill_gaps(mended, words=words, language=language)


def _odd_letters(documents: Sequence[Document]) -> set[str]:
    """The capitals that paragraphs begin with, behind which a blank stands, but that are no words of the book."""
    texts = [block[0] for document in documents for block in document.blocks]
    found = set(map(_letter_apart, [text for text in texts if text.find(" ", 1, 4) > 0])) - {""}
    return {each for each in found if not any(f" {each} " in text or f" {each.lower()} " in text for text in texts)}


def _find_suspects(document: Document, *, odd: set[str]) -> set[int]:
    """The blocks whose first word may lack a letter, or hold one apart."""
    blocks = document.blocks
    found = {at for at in document.initials if at < len(blocks) and _first_word(blocks[at]) is not None}
    texts = [block[0] for block in blocks]
    near = [at for at, text in enumerate(texts) if len(text) <= _MAX_LETTER]
    near += [at for at, text in enumerate(texts) if text.find(" ", 1, 4) > 0] if odd else []
    for at in near:
        block = blocks[at]
        text = block.text
        if len(text) <= _MAX_LETTER and not block.level and _LETTER.fullmatch(text) and at + 1 < len(blocks):
            if _goes_on(blocks[at + 1].text):
                found.update((at, at + 1))
        elif odd and " " in text[1:4] and _letter_apart(text) in odd:
            found.add(at)
    return found


def _goes_on(text: str) -> bool:
    """Whether a text may be the rest of a word: it begins small, or in capitals."""
    first = _FIRST.match(text)
    return first is not None and (first[1].islower() or first[1].isupper())


def _letter_apart(text: str) -> str:
    """The capital that a text begins with, where a blank stands behind it; "" for others."""
    match = _APART.match(text)
    if match is None or not match[1][-1].isupper() or not (match[2].islower() or match[2].isupper()):
        return ""
    return match[1][-1]


def _end_of_first(text: str) -> int:
    first = _FIRST.match(text)
    return first.end(1) if first else 0


def _join_apart(document: Document, *, words: Words, odd: set[str]) -> Document:
    """Put a letter in a block of its own, or behind a blank, back to its word."""
    dropped: list[int] = []
    blocks = list(document.blocks)
    for at, block in enumerate(blocks):
        if block.level:
            continue
        if _letter_apart(block.text) in odd:
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


def _close(text: str, *, words: Words) -> str:
    """Put together "T he lamp", where the letter is no word and the rest makes one with it."""
    match = _APART.match(text)
    if match is None:
        return text
    if not words.count(match[2], letter=match[1][-1]):
        return text
    return f"{match[1]}{text[match.start(2) :]}"


def _join(letter: str, text: str, *, words: Words) -> str:
    """A letter and the text behind it as one; "" where they do not belong together."""
    first = _FIRST.match(text)
    if first is None:
        return ""
    initial, rest = letter[-1], first[1]
    if not initial.isupper() or not (rest.islower() or rest.isupper()):
        return ""
    makes_word, is_word = words.count(rest, letter=initial) > 0, words.count(rest) > 0
    if rest.isupper() and (not makes_word or (is_word and initial in _NUMERALS)):
        # "I" above "THE NIGHT": the number of a chapter
        return ""
    if not makes_word and is_word and words.is_letter_word(initial):
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


def _fill_gaps(documents: list[Document], *, words: Words, language: str) -> tuple[list[Document], list[str]]:
    gaps = [
        gap
        for number, document in enumerate(documents)
        for at, hint in document.initials.items()
        if at < len(document.blocks) and (gap := _read_gap(document.blocks[at], number, at, hint, words, language))
    ]
    is_usual = any(gap.is_certain(words) for gap in gaps)
    lost: list[str] = []
    changed: defaultdict[int, dict[int, Block]] = defaultdict(dict)
    for gap in gaps:
        letter = _choose(gap, words=words, is_usual=is_usual)
        document = documents[gap.document]
        block = document.blocks[gap.block]
        if letter:
            changed[gap.document][gap.block] = block._replace(text=letter + block.text)
        elif gap.word.isupper() and not gap.is_in_capitals and not words.count(gap.word):
            lost.append(f"{document.name} ({block.text[:30]!r})")
    for number, blocks in changed.items():
        mended = tuple(blocks.get(at, block) for at, block in enumerate(documents[number].blocks))
        documents[number] = replace(documents[number], blocks=mended)
    if not lost:
        return documents, []
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return documents, [f"the first letter of a paragraph seems to be a picture without a name: {lost[0]}{more}"]


def _read_gap(block: Block, number: int, at: int, hint: str, words: Words, language: str) -> _Gap | None:
    first = _first_word(block)
    if first is None:
        return None
    word, following = first[1].casefold(), (first[2] or "").casefold()
    known = english() if language[:2].lower() == "en" or not language else frozenset()
    letters = sorted(letter for letter in words.forms(word) if letter)
    letters = letters or [letter for letter in ascii_lowercase if letter + word in known]
    if hint:
        letters = [hint.casefold()] if hint.casefold() in letters or not words.count(word) else []
    if first[1].islower() and words.count(word) and not hint:
        return None  # a picture between the halves of a sentence
    return _Gap(
        document=number,
        block=at,
        word=first[1],
        following=following,
        is_in_capitals=(first[2] or "").isupper(),
        hint=hint,
        letters=tuple(letters),
    )


def _choose(gap: _Gap, *, words: Words, is_usual: bool) -> str:
    """The letter that is missing; "" for none, or where it cannot be told."""
    word = gap.word.casefold()
    if not gap.letters or not (gap.is_certain(words) or is_usual):
        return ""
    if len(gap.letters) == 1 and (gap.is_certain(words) or not words.count(word)):
        return gap.letters[0].upper()
    forms = words.forms(word)
    for counts in (
        {letter: forms.get(letter, Counter())[gap.following] for letter in ("", *gap.letters)},
        {letter: words.count(word, letter=letter) for letter in ("", *gap.letters)},
    ):
        best = max(counts, key=lambda letter: counts[letter])
        others = sum(counts.values()) - counts[best]
        if counts[best] and others <= _MAX_OTHERS * counts[best]:
            return best.upper()
    return ""
