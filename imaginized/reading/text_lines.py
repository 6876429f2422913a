"""Lines of plain text to paragraphs and headings: what is wrapped is joined, what counts up is a heading. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from imaginized.reading.classify import is_part_title, is_story_title
from imaginized.reading.credits import is_credit_like
from imaginized.reading.ordinals import ORDINAL, ordinal_value
from imaginized.story.text import is_unspaced

_HAN_DIGITS = {digit: value for value, row in enumerate(("零〇", "一壹", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")) for digit in row}  # fmt: skip # noqa: E501
_HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "萬": 10_000, "廿": 20}
_HAN = rf"[0-9０-９{''.join(_HAN_DIGITS)}{''.join(_HAN_UNITS)}]{{1,12}}"
_WORD = r"chapter|chap\.|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|глава|rozdzia[lł]|kapitola|kapittel|luku|fejezet|κεφάλαιο|bölüm"  # noqa: E501
_KINDS = (
    ("volume", re.compile(rf"(?:正文)?\s*第?\s*(?P<number>{_HAN})\s*[卷部集巻](?=$|[\s：:、.．].{{0,40}}$)")),
    ("volume", re.compile(rf"卷\s*(?P<number>{_HAN})(?=$|[\s：:、.．].{{0,40}}$)")),
    ("chapter", re.compile(rf"(?:.{{0,20}}\s|正文|[【\[（(])?第\s*(?P<number>{_HAN})\s*[章回节節话話篇](?![的里裡中了是]).{{0,40}}$")),  # noqa: E501
    ("chapter", re.compile(rf"(?:{_WORD})\s+(?:the\s+)?(?P<number>\d{{1,4}}|[ivxlcdm]{{1,9}}\b|{ORDINAL}|[a-z-]{{3,14}})\b[^\n]{{0,90}}$", re.IGNORECASE)),  # noqa: E501
    ("chapter", re.compile(rf"(?P<number>{ORDINAL})\s+(?:{_WORD})(?:\.?|[.:—–-]\s*[^\n]{{1,70}})$", re.IGNORECASE)),
    ("roman", re.compile(r"(?P<number>[IVXLC]{1,8})(?:\.?|[.:—–-]\s*[^\W\d_a-z][^\n]{0,70})$")),
    ("digit", re.compile(r"[-–—~*]{0,2}\s*(?P<number>\d{1,4}|[〇一二三四五六七八九十百]{1,5})\.?\s*[-–—~*]{0,2}$")),
    ("tailed", re.compile(rf"[^\W\d_a-zA-Z]{{1,10}}\s*第(?P<number>{_HAN})$")),  # "始计第一"
    ("titled", re.compile(r"(?P<number>\d{1,4})\s*[.、:：)．]\s*[^\W\d_][^\n]{0,60}$")),
)  # fmt: skip
_EXTRA = re.compile(
    r"(?:【?\s*)(?:番外|楔子|序章|序幕|终章|終章|尾声|尾聲|后记|後記|引子)(?:$|[\s：:、.．0-9０-９一二三四五六七八九十篇].{0,30}$)"
)
_BARE = re.compile(
    rf"(?:{_WORD})\s+(?:the\s+)?\S+|第\s*{_HAN}\s*[章回节節话話篇]|[IVXLC]+|\d+|[〇一二三四五六七八九十百]+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"""[。！？…,，;；]["'”’」』）)]*$""")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ITALICS = re.compile(r"(?<![\w_])_([^_\n]{1,300})_(?![\w_])")
_SMALL_PRINT_END = re.compile(r"^\s*\*END\*?\s*THE SMALL PRINT", re.IGNORECASE)
_LONG_LINE = 120
_FEW_BLANK = 0.04
_SHORT_OF_FULL = 0.72
_MAX_TITLE = 70
_TITLE_WORDS = 8
_DENSE_WORDS = 15
_MIN_RUN = 3
_SCENE_BLANKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Lines that belong together, as they are in the file.

    Attributes:
        blanks: How many blank lines stand before it.
        level: 1 or more for headings, 0 for paragraphs.
        is_verse: Whether its lines stay lines.
        is_listed: Whether it is an entry of printed contents.
    """

    lines: tuple[str, ...]
    blanks: int = 0
    level: int = 0
    is_verse: bool = False
    is_listed: bool = False

    @property
    def text(self) -> str:
        """Its lines as one; where a script has no spaces, without any between them."""
        text, *others = (line.strip(" \u3000") for line in self.lines)
        for line in others:
            glue = "" if _is_wide(text[-1:]) and _is_wide(line[:1]) else " "
            text = f"{text}{glue}{line}"
        return _ITALICS.sub(r"\1", text)


def read_lines(text: str, *, is_wrapped: bool | None = None) -> list[Stretch]:
    """The paragraphs and headings of a text.

    Args:
        text: All of it.
        is_wrapped: Whether a paragraph may have several lines; None to see by the lines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n\n\n").expandtabs(8).split("\n")
    lines = [line.rstrip() for line in lines]
    full = _width(lines)
    wrapped = _looks_wrapped(lines, full=full) if is_wrapped is None else is_wrapped
    stretches = list(_group(lines, is_wrapped=wrapped))
    if wrapped:
        stretches = [each for stretch in stretches for each in _split(stretch, full=full)]
    return _mark_headings(stretches)


def before_small_print(text: str) -> int:
    """Where the text of an old Project Gutenberg file begins, behind its small print; 0 where there is none."""
    at = 0
    for line in text[: len(text) // 4].splitlines(keepends=True):
        at += len(line)
        if _SMALL_PRINT_END.match(line):
            return at
    return 0


def _is_wide(character: str) -> bool:
    return bool(character) and is_unspaced(character)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def _width(lines: Sequence[str]) -> int:
    """The width that nine of ten lines keep to."""
    widths = sorted(_columns(line) for line in lines[:20_000] if line)
    return widths[len(widths) * 9 // 10] if widths else 0


def _looks_wrapped(lines: Sequence[str], *, full: int) -> bool:
    """Whether lines end where a margin is, and not where a paragraph ends."""
    if full > _LONG_LINE:
        return False
    written = [line for line in lines[:20_000] if line.strip()]
    ends = sum(1 for line in written if line[-1] in ".!?。！？…”’\"'」』:：")
    is_indented = sum(line[0] in " \u3000" for line in written) > len(written) * 0.9
    return bool(written) and not is_indented and ends < len(written) * 0.6


def _group(lines: Sequence[str], *, is_wrapped: bool) -> Iterator[Stretch]:
    """Lines up to the next blank one; up to the next indented one where blank lines are rare; else each alone."""
    blank = sum(not line.strip() for line in lines)
    by_indent = is_wrapped and blank < len(lines) * _FEW_BLANK
    group: list[str] = []
    before = blanks = 0
    for line in (*lines, ""):
        is_blank = not line.strip()
        if group and (is_blank or not is_wrapped or (by_indent and line[0] in " \u3000")):
            yield Stretch(lines=tuple(group), blanks=before)
            group = []
        if is_blank:
            blanks += 1
            continue
        if not group:
            before, blanks = blanks, 0
        group.append(line)
    if group:
        yield Stretch(lines=tuple(group), blanks=before)


def _split(stretch: Stretch, *, full: int) -> Iterator[Stretch]:
    """Headings and entries of contents, one a line, out of a group; verse as such; prose as it is."""
    lines = stretch.lines
    found = [_kind(line) for line in lines]
    if len(lines) > 1 and sum(kind is not None for kind in found) > 1:
        for at, line in enumerate(lines):
            yield replace(stretch, lines=(line,), blanks=stretch.blanks if at == 0 else 0)
        return
    if found[0] is not None and 1 < len(lines) <= 3 and all(len(line.strip()) <= _MAX_TITLE for line in lines):
        yield stretch
        return
    is_verse = len(lines) > 1 and max(map(_columns, lines[:-1])) < full * _SHORT_OF_FULL
    yield replace(stretch, is_verse=is_verse)


def _kind(line: str) -> tuple[str, int] | None:
    """What a line is numbered as, and its number; None for one that is no heading by its form."""
    text = line.strip(" \u3000*=#")
    if not 0 < len(text) <= 110 or _SENTENCE_END.search(text):
        return None
    for kind, pattern in _KINDS:
        match = pattern.match(text)
        number = _number(match["number"]) if match else None
        if number is not None:
            return kind, number
    return None


def _number(text: str) -> int | None:
    """A number in digits, Roman or Han figures or in words; None for none."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isdecimal():
        return int(folded)
    if any(each in _HAN_DIGITS or each in _HAN_UNITS for each in folded):
        return _han_number(folded)
    if set(folded) <= set(_ROMAN_VALUES):
        values = [_ROMAN_VALUES[each] for each in folded]
        return sum(-one if one < other else one for one, other in pairwise([*values, 0]))
    return _spelled(folded)


def _han_number(text: str) -> int:
    total = figure = 0
    if not any(each in _HAN_UNITS for each in text):  # written like digits: 一二三 is 123
        return int("".join(str(_HAN_DIGITS.get(each, each)) for each in text))
    for each in text:
        if each in _HAN_UNITS:
            total += (figure or 1) * _HAN_UNITS[each]
            figure = 0
        else:
            figure = int(_HAN_DIGITS.get(each, each))
    return total + figure


_ONE_WORDS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _ONE_WORDS.split(), _TEN_WORDS.split()


def _spelled(text: str) -> int | None:
    if text in _ONES:
        return _ONES.index(text) + 1
    if (value := ordinal_value(text)) is not None:
        return value
    ten, _, one = text.partition("-")
    if ten not in _TENS or (one and one not in _ONES[:9]):
        return None
    return 10 * (_TENS.index(ten) + 2) + (_ONES.index(one) + 1 if one else 0)


def _mark_headings(stretches: list[Stretch]) -> list[Stretch]:
    """Headings are what counts up; entries of printed contents count up, too, but with nothing between them."""
    found = {at: kind for at, each in enumerate(stretches) if len(each.lines) <= 3 and (kind := _kind(each.lines[0]))}
    stray = _strays(found)
    found = {at: kind for at, kind in found.items() if at not in stray}
    listed = _listed(stretches, found=found)
    levels = _levels([found[at] for at in sorted(found) if at not in listed])
    for at, (family, _) in found.items():
        level = 0 if at in listed else levels.get(family, 0)
        stretches[at] = replace(stretches[at], is_listed=at in listed, level=level)
    if not levels:
        return stretches
    own = min(level for kind, level in levels.items() if kind != "volume" or len(levels) == 1)
    for at, each in enumerate(stretches):
        line = each.lines[0].strip(" \u3000*=#")
        is_alone = len(each.lines) == 1 and at not in found and len(line) <= _MAX_TITLE
        if is_alone and (_EXTRA.match(line) or (is_story_title(line) and line[:1].isupper())):
            stretches[at] = replace(each, level=own)
        elif is_alone and is_part_title(line) and not _SENTENCE_END.search(line) and line[-1:] != ".":
            stretches[at] = replace(each, level=1)
    return _with_titles(stretches, level=own)


def _levels(found: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Which kinds are headings, and their levels: those whose numbers count up."""
    levels: dict[str, int] = {}
    for kind, rank in (("volume", 1), ("chapter", 2), ("roman", 3), ("digit", 4), ("tailed", 4), ("titled", 4)):
        numbers = [number for each, number in found if each == kind]
        steps = sum(other in (1, one + 1) for one, other in pairwise(numbers))
        least = 1 if kind in ("volume", "chapter") else _MIN_RUN
        # Web novels skip and repeat numbers; bare ones that do so are prices, years and pages.
        enough = 0.5 if kind in ("volume", "chapter") else 0.8
        is_weak = bool(levels.keys() - {"volume"})  # below chapters that say so they number scenes, verses, lists
        if len(numbers) >= least and steps >= enough * (len(numbers) - 1) and not is_weak:
            levels[kind] = rank
    return levels


def _strays(found: Mapping[int, tuple[str, int]]) -> set[int]:
    """Bare numbers and initials that neither follow one nor are followed: "L. Frank", a price, a year."""
    strays: set[int] = set()
    for kind in ("roman", "digit", "tailed", "titled"):
        places = [at for at in sorted(found) if found[at][0] == kind]
        numbers = [found[at][1] for at in places]
        for before, at, own, after in zip([0, *numbers], places, numbers, [*numbers[1:], 0], strict=False):
            if own not in (1, before + 1) and after != own + 1:
                strays.add(at)
    return strays


def _listed(stretches: Sequence[Stretch], *, found: Mapping[int, tuple[str, int]]) -> set[int]:
    """Entries of printed contents: a run of numbered lines with next to no text between them, before the text."""
    listed: set[int] = set()
    run: list[int] = []
    for at, after in pairwise([*sorted(found), len(stretches) + 1]):
        run.append(at)
        between = sum(len(each.text) // 6 for each in stretches[at + 1 : after])
        if after > len(stretches) or between > _DENSE_WORDS:
            kinds = [found[each][0] for each in run]
            if max(map(kinds.count, kinds)) >= _MIN_RUN:
                listed.update(run[:-1] if _ends_with_first_chapter(stretches, run) else run)
            run = []
    return listed if len(listed) < len(found) else set()


def _ends_with_first_chapter(stretches: Sequence[Stretch], run: Sequence[int]) -> bool:
    """Whether the last of a run is the first chapter itself: it has the number of an entry, or begins anew."""
    *entries, last = [_kind(stretches[at].lines[0]) for at in run]
    return last in entries or (last is not None and last[1] == 1)


def _with_titles(stretches: list[Stretch], *, level: int) -> list[Stretch]:
    """Bare numbers take the short line after them as their title, where most of them have one."""
    bare = [at for at, each in enumerate(stretches[:-1]) if each.level == level and _is_bare(each)]
    said = Counter(stretches[at + 1].text for at in bare)
    # "Translator: A Editor: B" below every number is no title of any chapter.
    again = {text for text, count in said.items() if count >= _MIN_RUN and is_credit_like(text)}
    titled = [at for at in bare if _is_title(stretches[at + 1]) and stretches[at + 1].text not in again]
    if len(bare) < 2 or len(titled) < 0.6 * len(bare):
        return stretches
    for at in titled:
        stretches[at + 1] = replace(stretches[at + 1], level=level + 1, is_verse=False)
    return stretches


def _is_bare(stretch: Stretch) -> bool:
    return len(stretch.lines) == 1 and _BARE.fullmatch(stretch.lines[0].strip(" \u3000*=#.:-—")) is not None


def _is_title(stretch: Stretch) -> bool:
    text = stretch.text.strip("\"'“”‘’_«»")
    if len(stretch.lines) > 2 or stretch.level or not text or _columns(text) > _MAX_TITLE or text[-1] in "。！？…":
        return False
    is_short = len(text.split()) <= _TITLE_WORDS
    return text[0].isalnum() and not text[0].islower() and text[-1] not in (",;:" if is_short else ".,;:?!")


def is_scene_gap(stretch: Stretch) -> bool:
    """Whether so many blank lines stand before it that a scene ends there."""
    return stretch.blanks >= _SCENE_BLANKS and not stretch.level
