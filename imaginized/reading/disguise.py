"""Words that keep their shape and lose their meaning, for a complaint about a book. Pure but for chance.

A letter becomes another one of its case and script, so that lengths, capitals and spaces stay. In running text a word
is drawn anew at each place: nothing repeats, so nothing can be counted back. In titles and other short lines a word is
the same wherever it stands, because readers compare them; the words that readers know titles by ("chapter", "notes")
stay as they are.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from inspect import isfunction, signature
from types import ModuleType
from urllib.parse import quote, unquote

from imaginized.reading import classify, flow

SHORT_LENGTH = 120
KEPT_DIGITS = 3
KEPT_DIGITS_IN_LINES = 4
KEPT_NAME_LENGTH = 3
SHORTEST_MARK, LONGEST_MARK = 6, 48
_RUN = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[IVXLCDM]{1,8}")
_HAN = (0x4E00, 0x9FA5)
_HANGUL = (0xAC00, 0xD7A3)
_BLOCK = 32
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://|(?:mailto|data|urn|tel):", re.IGNORECASE)
_SAFE = "/#?=&;:@!$'()*+,~.-_"


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Words of the container and of file names, beside those that titles are known by.
_NAME_WORDS = word_set(
    """
    html xhtml htm opf ncx css xml text oebps ops epub meta inf container mimetype content package index
    split part chapter chap section sect cover titlepage title page pages image images jpeg font fonts style
    styles stylesheet note notes footnote endnote footnotes endnotes back front matter body main toc
    contents navigation colophon imprint halftitle dedication epigraph preface prologue epilogue
    introduction appendix glossary copyright rights encryption com apple ibooks display options anchor link
    para item spine webp calibre bookmarks landmarks pagelist start begin heading head filepos noteref book
    volume
    """
)


class Disguise:
    """One report's way of replacing words: the same for its whole length, another one for the next."""

    def __init__(self, choose: random.Random) -> None:
        """Draw from `choose`; for a real report that is the system's own source."""
        self._choose = choose
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        self._kept: set[str] = set()

    def text(self, text: str) -> str:
        """A block of text as a reader sees it, of the same length."""
        return self.line(text) if len(" ".join(text.split())) <= SHORT_LENGTH else self.prose(text)

    def prose(self, text: str) -> str:
        """Running text: every letter drawn anew, long numbers, too."""
        # Of a few letters only: what is as random as it can be does not get smaller when it is packed.
        drawn = _RUN.sub(lambda run: "".join(self._choose.choice(_few(letter)) for letter in run[0]), text)
        return _with_marks(self._numbers(drawn, kept=KEPT_DIGITS), text)

    def learn(self, line: str) -> None:
        """Keep the words of a short line without which readers would make something else of it."""
        wanted = judged(line)
        if judged(self.line(line)) == wanted:
            return
        words = {run.casefold() for run in _RUN.findall(line)} - self._kept
        added: list[str] = []
        for word in sorted(words, key=lambda word: (len(word), word)):
            self._kept.add(word)
            added.append(word)
            if judged(self.line(line)) == wanted:
                break
        for word in added:  # of those only the ones that it takes
            self._kept.discard(word)
            if judged(self.line(line)) != wanted:
                self._kept.add(word)

    def line(self, text: str) -> str:
        """A title or another short line: equal words stay equal; numbers and words that titles are known by stay."""
        drawn = _RUN.sub(lambda run: self._word(run[0]), text)
        return _with_marks(self._numbers(drawn, kept=KEPT_DIGITS_IN_LINES), text)

    def bytes(self, text: str) -> str:
        """Bytes that nobody could decode, as letters of Latin-1: those above ASCII drawn anew, in their range."""
        return "".join(letter if letter < "\xa1" else chr(self._choose.randrange(0xA1, 0xFF)) for letter in text)

    def _numbers(self, text: str, *, kept: int) -> str:
        return _DIGITS.sub(lambda run: run[0] if len(run[0]) <= kept else self._digits(run[0]), text)

    def name(self, text: str) -> str:
        """A file name, an identifier or a link, of any length; equal ones stay equal, links lead where they led."""
        if _ELSEWHERE.match(text):
            return "http://example.org/"
        plain = unquote(text)
        named = _RUN.sub(lambda run: run[0] if _is_name_word(run[0]) else self._word(run[0]), plain)
        return named if plain == text else quote(named, safe=_SAFE)

    def _word(self, word: str) -> str:
        if word.casefold() in self._kept:
            return word
        if any(_HAN[0] <= ord(letter) <= _HAN[1] for letter in word):
            return "".join(self._same(letter) for letter in word)
        # A letter alone tells nothing, and another one could look like the initial of a split word.
        if len(word) == 1 or word.casefold() in known_words() or _ROMAN.fullmatch(word):
            return word
        same = self._same(word.casefold())
        # The letters of the one, the capitals of the other; folding may have changed the length ("ß").
        if len(same) != len(word):
            return self._draw(word)
        return "".join(
            new.upper() if old.isupper() and len(new.upper()) == 1 else new for old, new in zip(word, same, strict=True)
        )

    def _same(self, word: str) -> str:
        if word in known_letters():
            return word
        if word not in self._known:
            drawn = self._draw(word)
            # Two names must not become one: some files would lie over others.
            for _ in range(20):
                if drawn not in self._taken and drawn != word:
                    break
                drawn = self._draw(word)
            self._known[word] = drawn
            self._taken.add(drawn)
        return self._known[word]

    def _draw(self, word: str) -> str:
        return "".join(self._choose.choice(_alike(letter)) for letter in word)

    def _digits(self, digits: str) -> str:
        return "".join(chr(ord(digit) - unicodedata.digit(digit) + self._choose.randrange(10)) for digit in digits)


@lru_cache(maxsize=8192)
def _alike(letter: str) -> str:
    """The letters that a letter may become: of its case, its script and its length in every encoding."""
    if "a" <= letter <= "z":
        return "abcdefghijklmnopqrstuvwxyz"
    if "A" <= letter <= "Z":
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    at = ord(letter)
    for low, high in (_HAN, _HANGUL):
        if low <= at <= high:
            return "".join(map(chr, range(low, high, 7)))
    first = at - at % _BLOCK
    kind = unicodedata.category(letter)
    near = [chr(other) for other in range(first, first + _BLOCK) if unicodedata.category(chr(other)) == kind]
    same = [one for one in near if unicodedata.bidirectional(one) == unicodedata.bidirectional(letter)]
    return "".join(one for one in same if len(one.upper()) == len(one.lower()) == 1) or letter


@lru_cache(maxsize=8192)
def _few(letter: str) -> str:
    alike = _alike(letter)
    return alike[:: max(len(alike) // 4, 1)][:4]


def _is_name_word(word: str) -> bool:
    return len(word) <= KEPT_NAME_LENGTH or word.casefold() in _NAME_WORDS or word.casefold() in known_words()


def _with_marks(drawn: str, text: str) -> str:
    """The drawn text with the marks that readers look for in a text: where a licence begins, who made the file."""
    for pattern in _marks():
        for found in pattern.finditer(text):
            if found.end() - found.start() > LONGEST_MARK:
                continue
            drawn = drawn[: found.start()] + found[0] + drawn[found.end() :]
    return drawn


@lru_cache(maxsize=1)
def _marks() -> tuple[re.Pattern[str], ...]:
    """The patterns of such marks. One without words of its own would match, and so give away, any text."""
    found = _compiled(tuple(vars(flow).values()))
    return tuple(one for one in found if max(map(len, _literals(one.pattern)), default=0) >= SHORTEST_MARK)


def judged(line: str) -> tuple[object, ...]:
    """What readers make of a title: two lines of which they make the same are alike to them."""
    return tuple(judge(line) for judge in _JUDGES)


def is_named(line: str) -> bool:
    """Whether readers go by its words, whatever its shape."""
    return tuple(judge(line) for judge in _JUDGES_OF_WORDS) != _NOTHING


def _judges() -> Iterator[Callable[[str], object]]:
    """Every function of `classify` that judges a text: one that is added later counts, too."""
    for name, one in vars(classify).items():
        is_judge = isfunction(getattr(one, "__wrapped__", one)) and name.startswith(("is_", "names_", "reason_by_"))
        if is_judge and all(each.annotation is str for each in signature(one).parameters.values()):
            yield one


_JUDGES = tuple(_judges())
# Lines that say nothing, as titles, sentences and parts of sentences may be written.
_SHAPES = ("xqzt xqztv", "Xqzt xqztv.", "xqzt xqztv,", "Xqzt " * 9 + "xqztv!", "xqzt " * 9 + "xqztv")
_JUDGES_OF_WORDS = tuple(judge for judge in _JUDGES if len({judge(shape) for shape in _SHAPES}) == 1)
_NOTHING = tuple(judge(_SHAPES[0]) for judge in _JUDGES_OF_WORDS)
_MARKS = word_set(
    """
    copyright isbn rights reserved project gutenberg ebook license licence
    """
)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """The words that titles are known by, from the readers' own patterns: they are in every book, and tell of none."""
    words = {word.casefold() for pattern in _patterns(classify) for word in _literals(pattern)}
    return frozenset(word for word in words if len(word) > 1) | _MARKS


@lru_cache(maxsize=1)
def known_letters() -> frozenset[str]:
    """The Han letters of these patterns, such as those of numbers and of "chapter"."""
    return frozenset(
        letter for pattern in _patterns(classify) for letter in pattern if _HAN[0] <= ord(letter) <= _HAN[1]
    )


def _patterns(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        yield from (one.pattern for one in _compiled(value) if isinstance(one.pattern, str))


def _compiled(value: object) -> Iterable[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from _compiled(inner)


def _literals(pattern: str) -> Iterator[str]:
    yield from _RUN.findall(re.sub(r"\\[a-zA-Z]|\(\?[a-zA-Z!<=:]+", " ", pattern))
