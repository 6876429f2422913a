"""What looks wrong with the text of a book, from the text alone: each finding with a code and a sentence. Pure.

A finding says what a person may see in the guide and can do something about. Bounds are set so that a clean book has
none: a false alarm costs more than a missed one, because nobody looks at the next.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

from imaginized.story.text import BookText, ChapterText, is_unspaced

FEWEST_CHAPTERS = 3
SHOWN_LENGTH = 60


class FindingCode(StrEnum):
    """Every finding there is. Written to disk and to JSON: a word is never given another meaning."""

    MOJIBAKE = "mojibake"
    GLUED_DIGITS = "glued_digits"
    LUMP = "lump"
    REPEATED_LINES = "repeated_lines"
    LANGUAGE = "language"
    FIRST_LETTERS = "first_letters"
    TITLES_MISSING = "titles_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that looks wrong.

    Attributes:
        text: For a person: what, where, and what to do.
        chapters: The chapters that show it best, ascending; empty for the whole book.
    """

    code: FindingCode
    text: str
    chapters: tuple[int, ...] = ()


def findings_of(book: BookText, *, language: str = "") -> tuple[Finding, ...]:
    """All that looks wrong with a book.

    Args:
        book: It.
        language: What a detector takes it to be written in; "" where none was asked or it is not sure.
    """
    found = (look(book) for look in _LOOKS)
    return tuple(one for one in (*found, _language(book, found=language)) if one is not None)


# What UTF-8 looks like that was read as Windows-1252 or Latin-1; no language has these pairs inside its words.
_AFTER = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(f"[ÂÃÐÑ][{_AFTER}]|â€[{_AFTER}]?|ï»¿|[\u0080-\u009f]|\ufffd|锟斤拷|烫烫烫|縺[^\\s]縺")
# And what other encodings look like that were read so: whole words of accented letters.
_FOREIGN = re.compile(r"(?<![^\W\d_])[\u00aa-\u00ff]{4,}(?![^\W\d_])")
_FEWEST_MISREAD = 4
_MISREAD_EVERY = 4000  # words
_FOREIGN_EVERY = 50


def _mojibake(book: BookText) -> Finding | None:
    misread: dict[int, int] = {}
    foreign = words = 0
    shown = ""
    for chapter, text in _texts(book):
        words += chapter.words
        if text.isascii():
            continue
        hits = [hit for hit in _MISREAD.finditer(text) if not _is_end(hit, text)]
        others = _FOREIGN.findall(text)
        foreign += len(others)
        if hits:
            misread[chapter.number] = len(hits)
            shown = shown or _around(text, hits[0].start())
        elif others:
            shown = shown or others[0]
    count = sum(misread.values())
    if not (count >= _FEWEST_MISREAD and count * _MISREAD_EVERY >= words) and foreign * _FOREIGN_EVERY < max(
        words, 500
    ):
        return None
    text = (
        f"letters look as if they were read in a wrong encoding ({_cut(shown)}); convert the file again from its source"
    )
    return Finding(code=FindingCode.MOJIBAKE, text=text, chapters=tuple(sorted(misread))[:20])


def _is_end(hit: re.Match[str], text: str) -> bool:
    """Whether it may be a word in capitals before a closing mark, as in «…DIRÁÂ» or “NÃ”."""
    return hit[0][:1] in "ÂÃÐÑ" and len(hit[0]) == 2 and hit[0][1] in "»”’…–—" and not text[hit.end() :][:1].isalpha()


_DIGITS = re.compile(r"[0-9]{1,3}(?![0-9])")
_BEFORE_DIGITS = re.compile(r"[^\W\d_]{2}[.,;:!?”’\"')»]?\Z")
_FEWEST_GLUED = 5
_GLUED_RISE = 0.7


def _glued_digits(book: BookText) -> Finding | None:
    """Note numbers that lost their mark: they rise, which the numbers in names do not."""
    numbers: dict[int, list[int]] = {}
    shown = ""
    for chapter, text in _texts(book):
        for hit in _DIGITS.finditer(text):
            before, after = text[max(hit.start() - 3, 0) : hit.start()], text[hit.end() : hit.end() + 1]
            if _BEFORE_DIGITS.search(before) and not (after.isalnum() or after in "-_/") and not is_unspaced(before):
                numbers.setdefault(chapter.number, []).append(int(hit[0]))
                shown = shown or _around(text, hit.start())
    rising = {
        number: found
        for number, found in numbers.items()
        if len(found) > 1 and sum(a < b for a, b in pairwise(found)) >= _GLUED_RISE * (len(found) - 1)
    }
    count = sum(map(len, rising.values()))
    if count < _FEWEST_GLUED or count * 2 < sum(map(len, numbers.values())):
        return None
    text = f"{count} words end in a number that looks like the mark of a footnote ({_cut(shown)})"
    return Finding(code=FindingCode.GLUED_DIGITS, text=text, chapters=tuple(sorted(rising))[:20])


_LUMP_WORDS = 15_000
_LUMP_RATIO = 8.0
_LUMP_SHARE = 0.3
_FEW = 5  # chapters, of which the others are no measure
_WHOLE_WORDS = 30_000
_WHOLE_SHARE = 0.85


def _lump(book: BookText) -> Finding | None:
    lengths = [chapter.words for chapter in book.chapters]
    if not lengths:
        return None
    longest, total = max(lengths), sum(lengths)
    number = book.chapters[lengths.index(longest)].number
    advice = "`imaginizectl chapters BOOK split` divides it"
    if longest >= _WHOLE_WORDS and longest >= _WHOLE_SHARE * total:
        text = f"chapter {number} has {longest:,} of the {total:,} words; {advice}"
        return Finding(code=FindingCode.LUMP, text=text, chapters=(number,))
    others = sorted(lengths)[:-1]
    least = _WHOLE_WORDS if len(lengths) <= _FEW else _LUMP_WORDS
    if len(lengths) <= FEWEST_CHAPTERS or longest < max(least, _LUMP_SHARE * total):
        return None
    if longest < _LUMP_RATIO * median(others):
        return None
    text = f"chapter {number} is {longest / max(median(others), 1):.0f} times as long as the others; {advice}"
    return Finding(code=FindingCode.LUMP, text=text, chapters=(number,))


_LINE_LENGTH = 80
_FEWEST_LINES = 8
_LINK = re.compile(r"https?://|www\.|\.(?:com|net|org|info|ru|cn|xyz)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_LEAST_NAME = 6
_FEWEST_STAMPS = 10
_LAST_DAY, _FIRST_YEAR = 31, 1000  # a diary has dates that rise, too
_PAGES_RISE = 0.9
_SHORT_PAGE, _LONG_PAGE = 500, 6000  # letters


def _repeated_lines(book: BookText) -> Finding | None:
    """Running heads and stamps that stayed in the text: one line, of the book's own names, numbered, or an address."""
    lines: Counter[str] = Counter()
    numbers: dict[str, list[tuple[int, int]]] = {}
    at = 0
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            at += len(paragraph.text)
            if len(paragraph.text) <= _LINE_LENGTH and any(map(str.isalpha, paragraph.text)):
                line = _NUMBER.sub("#", paragraph.text)
                lines[line] += 1
                if found := _NUMBER.search(paragraph.text):
                    numbers.setdefault(line, []).append((int(found[0][:9]), at))
    names = {_bare(name) for name in (book.title, *book.authors, *(one.title for one in book.chapters))}
    names = {name for name in names if len(name) >= _LEAST_NAME}
    for line, count in lines.most_common():
        if count < _FEWEST_LINES:
            break
        is_stamp = count >= _FEWEST_STAMPS and _LINK.search(line)
        if _are_pages(numbers.get(line, ())) or is_stamp or _bare(line) in names:
            text = f"the line {_cut(line)!r} stands {count} times in the text; it looks like a running head or a stamp"
            return Finding(code=FindingCode.REPEATED_LINES, text=text)
    return None


def _are_pages(places: Sequence[tuple[int, int]]) -> bool:
    """Whether numbers, each with its offset in the book, rise as page numbers do: by one in a page of letters."""
    numbers = [number for number, _ in places]
    if len(set(numbers)) < _FEWEST_LINES or not _LAST_DAY < max(numbers) < _FIRST_YEAR:
        return False
    steps = [(after - before, end - start) for (before, start), (after, end) in pairwise(places)]
    even = sum(count > 0 and _SHORT_PAGE <= letters / count <= _LONG_PAGE for count, letters in steps)
    return even >= _PAGES_RISE * len(steps)


_SHARE_OF_CHAPTERS = 0.4
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_OFTEN = 3


def _first_letters(book: BookText) -> Finding | None:
    """Initials that were pictures: the word is none that the book has, but with one letter before it, it is."""
    firsts = {chapter.number: word for chapter in book.chapters if (word := _first_word(chapter))}
    if len(firsts) < FEWEST_CHAPTERS:
        return None
    words = Counter(" ".join(text for _, text in _texts(book)).casefold().split())
    longer: dict[str, int] = {}
    for word, count in words.items():
        longer[word[1:]] = longer.get(word[1:], 0) + count
    words.subtract(word.casefold() for word in firsts.values())  # what is left is said elsewhere
    short = [number for number, word in firsts.items() if _lost_a_letter(word, words=words, longer=longer)]
    if len(short) < FEWEST_CHAPTERS or len(short) < _SHARE_OF_CHAPTERS * len(firsts):
        return None
    text = f"{len(short)} chapters begin with a word whose first letter is missing ({_cut(firsts[short[0]])})"
    return Finding(code=FindingCode.FIRST_LETTERS, text=text, chapters=tuple(short)[:20])


def _first_word(chapter: ChapterText) -> str:
    text = chapter.paragraphs[0].text if chapter.paragraphs else ""
    found = _FIRST_WORD.match(text)
    return found[1] if found and not is_unspaced(text[:20]) else ""


def _lost_a_letter(word: str, *, words: Counter[str], longer: dict[str, int]) -> bool:
    folded = word.casefold()
    own = words[folded]
    # "t was a dark night": one letter that is no word; or one that the book never has but here.
    if len(folded) == 1:
        return own < _OFTEN or (word.islower() and own * 20 < longer.get(folded, 0))
    return own <= 0 and longer.get(folded, 0) >= _OFTEN and (word.islower() or word.isupper())


_TITLED_WAYS = frozenset(("contents", "headings", "outline", "numbers"))


def _titles_missing(book: BookText) -> Finding | None:
    if book.division is not None and book.division.way in _TITLED_WAYS:
        return None
    bare = [one.number for one in book.chapters if one.title in ("", f"Part {one.number}")]
    if len(bare) < FEWEST_CHAPTERS or len(bare) * 2 <= len(book.chapters):
        return None
    text = f"{len(bare)} chapters have no title in words; if their headings are pictures, "
    text += "`imaginizectl chapters BOOK rename` names them"
    return Finding(code=FindingCode.TITLES_MISSING, text=text, chapters=tuple(bare)[:20])


# Codes of one language, and languages that no detector tells apart for certain on a few thousand letters.
_ALIKE = (
    "he iw", "id in ms", "yi ji", "no nb nn da", "sr hr bs sh cnr", "zh zho chi cmn yue zh-hant", "fil tl", "gl pt",
    "cs sk", "ro mo", "fa prs tg", "hi ur ne mr bh", "en sco", "de gsw nds lb", "la it", "es ast an",
)  # fmt: skip
_LONG_CODES = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl", "rus": "ru", "jpn": "ja", "ara": "ar", "pol": "pl", "swe": "sv", "tur": "tr",
    "zho": "zh", "chi": "zh", "kor": "ko", "lat": "la", "ell": "el", "gre": "el", "heb": "he", "ces": "cs", "cze": "cs",
}  # fmt: skip
_NO_LANGUAGE = frozenset(("", "und", "mul", "mis", "zxx", "xx", "un"))


def _language(book: BookText, *, found: str) -> Finding | None:
    declared = book.language.replace("_", "-").partition("-")[0].strip().casefold()
    declared = _LONG_CODES.get(declared, declared)
    found = found.partition("-")[0].casefold()
    if {declared, found} & _NO_LANGUAGE or len(declared) not in (2, 3) or declared == found:
        return None
    if any({declared, found} <= set(group.split()) for group in _ALIKE):
        return None
    text = f"the file says its language is {book.language!r}, but the text looks like {found!r}; "
    text += "`imaginizectl add --force --language` corrects it"
    return Finding(code=FindingCode.LANGUAGE, text=text)


_LOOKS: Sequence[Callable[[BookText], Finding | None]] = (
    _mojibake,
    _glued_digits,
    _lump,
    _repeated_lines,
    _first_letters,
    _titles_missing,
)


def sample_of(book: BookText, *, most: int = 12_000) -> str:
    """Text from the middle of some chapters: enough to tell its language."""
    step = max(len(book.chapters) // 6, 1)
    pieces = []
    for chapter in book.chapters[::step][:6]:
        middle = len(chapter.paragraphs) // 2
        pieces.append("\n".join(one.text for one in chapter.paragraphs[middle : middle + 40])[: most // 6])
    return "\n".join(pieces)


def _texts(book: BookText) -> Iterator[tuple[ChapterText, str]]:
    for chapter in book.chapters:
        yield chapter, chapter.text


def _bare(text: str) -> str:
    return " ".join(_letters(text.casefold()))


def _letters(text: str) -> Iterable[str]:
    return re.findall(r"[^\W\d_]+", text)


def _around(text: str, at: int) -> str:
    start, end = text.rfind(" ", 0, at) + 1, text.find(" ", at)
    return " ".join(text[start : end if end > 0 else len(text)][:SHOWN_LENGTH].split())


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
