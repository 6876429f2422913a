"""Numbers in titles, of any script: what a title is numbered by, and which titles of a book count on from each other.

By shape: a number beside a word that comes again with the next number, in whatever language. `classify` has the words.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from imaginized.reading.classify import is_chapter_title

_MAX_TITLE = 90
_MAX_TOKENS_BEFORE = 2
_MAX_SERIAL_TOKENS = 4
_MIN_RUN = 2
_IN_WORDS = "#"  # marks the kind of what is counted in words, so that "First Aorist" is not counted with "I" and "II"
_ROMAN = re.compile(
    r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$|(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_HAN_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HAN_DIGITS |= dict(
    zip("壹贰叁肆伍陆柒捌玖貳參陸兩两弐参壱", (1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 6, 2, 2, 2, 3, 1), strict=True)
)
_HAN_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN = re.compile(f"^(第?)([{''.join(_HAN_DIGITS)}{''.join(_HAN_TENS)}\\d]+)([^\\s\\d]?)")
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:[ºª°])?")
_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "erstes zweites drittes viertes fünftes sechstes siebtes achtes neuntes zehntes elftes zwölftes",
    "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo",
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
    "um dois três quatro cinco seis sete oito nove dez onze doze",
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "ett två tre fyra fem sex sju åtta nio tio elva tolv",
    "en to tre fire fem seks syv otte ni ti elleve tolv",
    "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая",
    "один два три четыре пять шесть семь восемь девять десять",
    "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
    "bir iki üç dört beş altı yedi sekiz dokuz on",
)
_WORD_VALUES: dict[str, int] = {}
for _line in _COUNTED:
    for _value, _word in enumerate(_line.split(), start=1):
        _WORD_VALUES.setdefault(_word, _value)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


class Number(NamedTuple):
    """What a title is numbered by: the value, and the word before it, folded; "" where it begins with the number."""

    value: int
    kind: str


@lru_cache(maxsize=4096)
def read_number(title: str) -> Number | None:
    """The number at the head of a title, or behind one or two words; None where there is none."""
    plain = unicodedata.normalize("NFKC", title).strip()
    if not plain or len(plain) > _MAX_TITLE:
        return None
    if (han := _HAN.match(plain)) and (han[1] or not plain[0].isdecimal()):
        value = _read_han(han[2])
        return None if value is None else Number(value, han[1] + han[3] if han[1] else "")
    tokens = _split(plain)
    for at, token in enumerate(tokens[: _MAX_TOKENS_BEFORE + 1]):
        value = _read_token(token, is_led=at > 0 or len(tokens) == 1)
        if value is not None:
            if token.casefold() in _TENS and at + 1 < len(tokens):
                value += _WORD_VALUES.get(tokens[at + 1].casefold(), 0) % 10
            kind = " ".join(tokens[:at]).casefold()
            return Number(value, kind if token.isdecimal() or _ROMAN.match(token) else f"{kind} {_IN_WORDS}")
    return None


def _split(plain: str) -> list[str]:
    """The words and numbers of a title; signs above and below letters would break words apart, and go."""
    if not plain.isascii():
        plain = "".join(each for each in plain if not unicodedata.category(each).startswith("M"))
    return _TOKEN.findall(plain)


def number_of(title: str) -> int:
    """The number in a title; 0 for none."""
    number = read_number(title)
    return 0 if number is None else number.value


def is_bare(title: str) -> bool:
    """Whether a title is nothing but its number, with the word for what it counts: "IV", "Chapter 4"."""
    number = read_number(title)
    if number is None:
        return False
    tokens = _split(unicodedata.normalize("NFKC", title))
    return len(tokens) <= len(number.kind.removesuffix(_IN_WORDS).split()) + 1


def counts_up(values: Sequence[int]) -> float:
    """How much of a row of numbers counts up: the share of steps to the next number, or to the first again."""
    steps = [other == one + 1 or other == 1 < one for one, other in pairwise(values)]
    return sum(steps) / len(steps) if steps else 0.0


def numbered(titles: Sequence[str]) -> tuple[bool, ...]:
    """Which titles of a book are numbered: by the words of some language, or by a run of numbers beside one word."""
    found = [is_chapter_title(title) for title in titles]
    runs: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, title in enumerate(titles):
        if (number := read_number(title)) is not None:
            runs[number.kind].append((at, number.value))
    for run in runs.values():
        if len(run) >= _MIN_RUN and counts_up([value for _, value in run]) >= 0.5:
            for at, _ in run:
                found[at] = True
    return tuple(found)


def serial(titles: Sequence[str]) -> tuple[bool, ...]:
    """Which titles share a word at their head or end and differ in one other: "Birinci Bölüm", "İkinci Bölüm".

    The number may be a word of a language that nobody here knows.
    """
    split = [_split(unicodedata.normalize("NFKC", title).casefold()) for title in titles]
    edges = Counter(
        edge for tokens in split if len(tokens) == 2 for edge in ((0, tokens[0]), (1, tokens[1])) if len(edge[1]) > 2
    )
    shared = {edge for edge, count in edges.items() if count >= _MIN_RUN}
    return tuple(
        2 <= len(tokens) <= _MAX_SERIAL_TOKENS and ((0, tokens[0]) in shared or (1, tokens[1]) in shared)
        for tokens in split
    )


def _read_token(token: str, *, is_led: bool) -> int | None:
    """A word as a number; a small roman numeral or a lone letter is one only behind another word, or alone."""
    if token.isdecimal():
        return int(token[:6])
    if _ROMAN.match(token) and (is_led or (token.isupper() and (len(token) > 1 or token in "IVX"))):
        return _read_roman(token.upper())
    folded = token.casefold()
    return _TENS.get(folded) or _WORD_VALUES.get(folded)


def _read_roman(token: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in token]
    return sum(-one if one < other else one for one, other in pairwise([*values, 0]))


def _read_han(text: str) -> int | None:
    if text.isdecimal():
        return int(text[:6])
    if all(character in _HAN_DIGITS for character in text):
        return int("".join(str(_HAN_DIGITS[character]) for character in text[:6]))
    total = digit = 0
    for character in text:
        if character in _HAN_TENS:
            total += (digit or 1) * _HAN_TENS[character]
            digit = 0
        else:
            digit = _HAN_DIGITS.get(character, int(character) if character.isdecimal() else 0)
    return total + digit
