"""Finding in a chapter the passage that somebody quotes, though they did not copy it exactly. Only rapidfuzz import."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from rapidfuzz import fuzz

FOUND_SCORE = 75.0
APPROXIMATE_SCORE = 65.0
MAX_GAP_CHARACTERS = 1_200

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[\u0300-\u036f'’]+[^\W_{_CJK}]+)*[\u0300-\u036f]*")
_APOSTROPHES = str.maketrans("", "", "'’")
_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:…|\.{2,}|\.(?:\s\.){2,})\s*[\])]|…|\.{3,}|\.(?:\s\.){2,})\s*")
_OPENING = "\"'“‘„«‹([¿¡「『—–-*_"
_CLOSING = "\"'”’»›)].,;:!?…」』。、！？—–-*_"
_MAX_MARKS = 4
_MIN_FUZZY_CHARACTERS = 10
_MAX_TOKEN_USES = 400
_CANDIDATES = 4
_MAX_SHIFT = 8
_LONG_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a quoted passage stands.

    Attributes:
        start: Offset of its first character in the text that was searched.
        end: Offset after its last.
        text: The characters between them: the source's own, whatever the quote said.
        score: How alike quote and source are, 0–100; 100 when only case, spacing and punctuation differ.
        is_approximate: Whether they differ so much that a reader should be told.
    """

    start: int
    end: int
    text: str
    score: float
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as its words alone, in lower case; `starts` and `ends` lead back, `offsets` are the words' in `joined`."""

    words: tuple[str, ...]
    joined: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    offsets: tuple[int, ...]
    uses: dict[str, list[int]]

    def cut(self, first: int, last: int) -> str:
        """The words from one to before another."""
        return self.joined[self.offsets[first] : self.offsets[last] - 1] if last > first else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A stretch of words, and how alike it is."""

    first: int
    last: int
    score: float


def find_quote(quote: str, text: str) -> Found | None:
    """Find a quote in a text: to the letter, else by its words, else by what is most like it.

    Args:
        quote: What somebody says stands there; an ellipsis in it stands for what they left out.
        text: The text of a chapter.

    Returns:
        The passage, or None where nothing is alike enough: then the quote is invented, or from elsewhere.
    """
    quote = quote.strip()
    if not quote:
        return None
    at = text.find(quote)
    if at >= 0:
        return _found(at, at + len(quote), text=text, score=100.0)
    folded = _fold(text)
    whole = _find_whole(quote, text=text, folded=folded)
    if whole is not None and whole.score == 100.0:
        return whole
    pieces = [piece for piece in _ELLIPSIS.split(quote) if _TOKEN.search(piece)]
    pieced = _find_pieces(pieces, text=text, folded=folded) if len(pieces) > 1 else None
    candidates = [found for found in (whole, pieced) if found is not None]
    return max(candidates, key=lambda found: found.score, default=None)


def _found(start: int, end: int, *, text: str, score: float) -> Found:
    return Found(start=start, end=end, text=text[start:end], score=round(score, 1), is_approximate=score < FOUND_SCORE)


def _find_whole(quote: str, *, text: str, folded: _Folded, after: int = 0) -> Found | None:
    """Find a quote without gaps, from word number `after` on."""
    wanted = _fold(quote)
    match = _match_words(wanted, folded=folded, after=after)
    if match is None and len(wanted.joined) >= _MIN_FUZZY_CHARACTERS:
        match = _match_alike(wanted, folded=folded, after=after)
    if match is None:
        return None
    start, end = folded.starts[match.first], folded.ends[match.last - 1]
    start, end = _take_marks(start, end, quote=quote, text=text)
    return _found(start, end, text=text, score=match.score)


def _find_pieces(pieces: Sequence[str], *, text: str, folded: _Folded) -> Found | None:
    """Find the pieces of a quote that leaves something out, one after the other and not far apart."""
    found: list[Found] = []
    for piece in pieces:
        after = bisect_left(folded.starts, found[-1].end) if found else 0
        next_found = _find_whole(piece, text=text, folded=folded, after=after)
        if next_found is None or (found and next_found.start - found[-1].end > MAX_GAP_CHARACTERS):
            return None
        found.append(next_found)
    letters = sum(len(piece) for piece in pieces)
    score = sum(each.score * len(piece) for each, piece in zip(found, pieces, strict=True)) / letters
    return _found(found[0].start, found[-1].end, text=text, score=score)


def _match_words(wanted: _Folded, *, folded: _Folded, after: int) -> _Match | None:
    """The same words in the same order."""
    if not wanted.words or after >= len(folded.words):
        return None
    at = f" {folded.joined} ".find(f" {wanted.joined} ", folded.offsets[after])
    if at < 0:
        return None
    first = bisect_left(folded.offsets, at)
    return _Match(first=first, last=first + len(wanted.words), score=100.0)


def _match_alike(wanted: _Folded, *, folded: _Folded, after: int) -> _Match | None:
    """The stretch that is most like the quote, among those that share its rarer words."""
    matches = [_align(wanted, folded=folded, window=window) for window in _windows(wanted, folded=folded, after=after)]
    best = max((match for match in matches if match is not None), key=lambda match: match.score, default=None)
    return best if best is not None and best.score >= APPROXIMATE_SCORE else None


def _windows(wanted: _Folded, *, folded: _Folded, after: int) -> list[tuple[int, int]]:
    """Stretches of words to compare: where the words that quote and text share stand in the quote's order."""
    count = len(wanted.words)
    width = max(count // 4, 4)
    votes: Counter[int] = Counter()
    for index, word in enumerate(wanted.words):
        uses = folded.uses.get(word, ())
        if len(uses) <= _MAX_TOKEN_USES:
            for use in uses:
                if use >= after:
                    bucket = (use - index) // width
                    votes[bucket] += 1000 // len(uses)
                    votes[bucket + 1] += 1000 // len(uses)
    margin = width + count // 3 + 4
    return [
        (max(bucket * width - margin, after), min(bucket * width + count + margin, len(folded.words)))
        for bucket, _ in votes.most_common(_CANDIDATES)
    ]


def _align(wanted: _Folded, *, folded: _Folded, window: tuple[int, int]) -> _Match | None:
    """The stretch within a window that is most like the quote."""
    first, last = window
    cut = folded.cut(first, last)
    start, end = _span(wanted.joined, cut)
    if end <= start:
        return None
    if len(cut) < len(wanted.joined):
        start, end = 0, len(cut)
    base = folded.offsets[first]
    one = max(bisect_right(folded.offsets, base + start) - 1, first)
    other = min(max(bisect_left(folded.offsets, base + end), one + 1), last)
    return _settle(_Match(first=one, last=other, score=0.0), wanted=wanted, folded=folded, window=window)


def _span(wanted: str, cut: str) -> tuple[int, int]:
    """Where in a cut the wanted words are; of long ones their begin and their end are sought, each for itself.

    The search takes the square of the length, and more: 0.2 s for 1,500 characters.
    """
    least = APPROXIMATE_SCORE - 20
    heads = wanted[:_LONG_CHARACTERS], wanted[-_LONG_CHARACTERS:]
    found = [
        fuzz.partial_ratio_alignment(each, cut, score_cutoff=least) if cut else None for each in dict.fromkeys(heads)
    ]
    spans = [(each.dest_start, each.dest_end) for each in found if each is not None]
    if len(spans) < len(found):
        return 0, 0
    return spans[0][0], spans[-1][1]


def _settle(match: _Match, *, wanted: _Folded, folded: _Folded, window: tuple[int, int]) -> _Match:
    """Move both ends by a few words to where the likeness is greatest."""
    low, high = window
    shifts = sorted(range(-_MAX_SHIFT, _MAX_SHIFT + 1), key=abs)
    lasts = [last for shift in shifts if match.first < (last := match.last + shift) <= high]
    match = max((replace(match, last=last, score=0.0) for last in lasts), key=lambda each: _score(each, wanted, folded))
    firsts = [first for shift in shifts if low <= (first := match.first + shift) < match.last]
    match = max((replace(match, first=first) for first in firsts), key=lambda each: _score(each, wanted, folded))
    return replace(match, score=_score(match, wanted, folded))


def _score(match: _Match, wanted: _Folded, folded: _Folded) -> float:
    return fuzz.ratio(wanted.joined, folded.cut(match.first, match.last))


def _take_marks(start: int, end: int, *, quote: str, text: str) -> tuple[int, int]:
    """Take in the quotation marks and full stops around the words where the quote has such, too."""
    if not quote[0].isalnum():
        low = max(start - _MAX_MARKS, 0)
        while start > low and text[start - 1] in _OPENING:
            start -= 1
    if not quote[-1].isalnum():
        high = min(end + _MAX_MARKS, len(text))
        while end < high and text[end] in _CLOSING:
            end += 1
    return start, end


@lru_cache(maxsize=8)
def _fold(text: str) -> _Folded:
    """Kept for the last few texts: a chapter is searched for many quotes."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    uses: dict[str, list[int]] = {}
    for match in _TOKEN.finditer(text):
        word = match[0].translate(_APOSTROPHES).casefold()
        if not word.isascii():
            word = unicodedata.normalize("NFKC", word)
        uses.setdefault(word, []).append(len(words))
        words.append(word)
        starts.append(match.start())
        ends.append(match.end())
    offsets = tuple(accumulate((len(word) + 1 for word in words), initial=0))
    return _Folded(tuple(words), " ".join(words), tuple(starts), tuple(ends), offsets, uses)
