"""Which encoding of one byte a letter a text is in: the one that makes it most like a language, by that one's letters.

Pure. How often the letters of a language come is told by whoever asks; which others it has stands here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log
from string import ascii_lowercase

# Those of cp1252 first: where two give the same text, the first is taken.
ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("mac_roman", "iso8859_2", "cp866", "cp437"),
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWEL_SIGNS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчш"
# Letters beyond ASCII, loan words' included.
_LETTERS = {
    "English": "éèêçñöüïàâæœôáíó",
    "German": "äöüßéèà",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Dutch": "ëïéèöüáóêç",
    "Italian": "àèéìòùîíóú",
    "Spanish": "áéíñóúü",
    "Portuguese": "áâãàçéêíóôõúü",
    "Swedish": "åäöéüàè",
    "Danish": "æøåéöüä",
    "Norwegian": "æøåéöòôêü",
    "Icelandic": "áðéíóúýþæö",
    "Finnish": "äöåšžé",
    "Estonian": "äõöüšž",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Polish": "ąćęłńóśźżé",
    "Czech": "áčďéěíňóřšťúůýžöüä",
    "Slovak": "áäčďéíĺľňóôŕšťúýžěřů",
    "Slovene": "čšžćđ",
    "Croatian": "čćđšž",
    "Hungarian": "áéíóöőúüűä",
    "Romanian": "ăâîșțşţ",
    "Turkish": "çğıöşüâîû\u0307",
    "Indonesian": "é",
    "Vietnamese": f"ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ{_TONES}",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
    "Russian": f"{_CYRILLIC}йщъыьэюяё",
    "Ukrainian": f"{_CYRILLIC}йщьюяіїєґ",
    "Bulgarian": f"{_CYRILLIC}йщъьюя",
    "Serbian": f"{_CYRILLIC}ђјљњћџ",
    "Hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "Arabic": f"ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـ{_VOWEL_SIGNS}",
    "Farsi": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگكلمنهویي",
    "Thai": "".join(map(chr, range(0xE01, 0xE5B))),
}
# Of which nobody else tells how often they come.
_ORDERS = {"Icelandic": "aenrisutðlgmkfhvábdíjóoþyæúöpéýx", "Latvian": "aisterunlkmpoāvdzjgīēbšcfūņļķģžčh"}
_MARKS = frozenset(chain(_TONES, _VOWEL_SIGNS, map(chr, (0xE31, *range(0xE34, 0xE3B), *range(0xE47, 0xE4F)))))
_QUOTES = "‘’“”„‚‹›«»…–—¿¡·°ªº§©®\u00a0\u200e\u200f€£"  # stand beside letters, and most of them not between two
_BETWEEN = "“”„‚‹›«»¿¡°ªº§©®€£\u00a0"
_DIGITS = "[¹²³¼½¾]"  # which are word characters to a pattern
_LETTER = r"[^\W\d_¹²³¼½¾]"
_SIGN = re.compile(
    rf"[^\x00-\x7f\w{_QUOTES}]|(?<={_LETTER}){_DIGITS}|{_DIGITS}(?={_LETTER})|(?<={_LETTER})[{_BETWEEN}](?={_LETTER})"
)
_HIGH = "".join({each for name in ENCODINGS for each in bytes(range(128, 256)).decode(name, "ignore")})
_SMALL, _LARGE = ("".join(filter(is_so, _HIGH)) for is_so in (str.islower, str.isupper))
_CAPITAL_INSIDE = re.compile(rf"(?<=[a-z{_SMALL}])[{_LARGE}](?=[a-z{_SMALL}])")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_RARE, _FOREIGN, _DAMAGED = log(0.002), log(1e-5), log(1e-6)
_FLATNESS = 2.5  # the more, the less the first letters of a language stand out
_MOST_FOREIGN = 0.03


class Alphabets:
    """What texts of each language look like."""

    def __init__(self, orders: Mapping[str, Iterable[str]]) -> None:
        """Take the letters of languages, by their English names, the most frequent first."""
        known = {**orders, **_ORDERS}
        self._weights = {
            language: _weights_of([*known.get(language, ())], letters) for language, letters in _LETTERS.items()
        }

    def encoding_of(self, data: bytes) -> str:
        """The encoding that makes a text most like a language; "" where none makes it like one."""
        found = [(*self._likeness(data.decode(name, "replace")), name) for name in ENCODINGS]
        _, share, best = max(found, key=lambda each: each[0])
        return best if share <= _MOST_FOREIGN else ""

    def _likeness(self, text: str) -> tuple[float, float]:
        """How like a language a text is, at best, and which share of its letters is foreign to that."""
        letters = Counter(each for each in text.lower() if each.isalpha() or each in _MARKS)
        signs = sum(each not in _MARKS for each in _SIGN.findall(text)) + len(_CAPITAL_INSIDE.findall(text))
        odd = len(_ODD.findall(text))
        total = letters.total() + signs + odd or 1
        lost = signs * _FOREIGN + odd * _DAMAGED
        found = []
        for weights in self._weights.values():
            own = sum(count * weights.get(each, _FOREIGN) for each, count in letters.items())
            found.append((own + lost, weights))
        best, weights = max(found, key=lambda each: each[0])
        foreign = signs + odd + sum(count for each, count in letters.items() if each not in weights)
        return best / total, foreign / total


def _weights_of(order: Sequence[str], letters: str) -> dict[str, float]:
    """The logarithm of how often each letter comes: less and less down the list, and seldom where it is not in it."""
    shares = [1 / (at + _FLATNESS) for at in range(len(order))]
    weights = {each: log(share / sum(shares)) for each, share in zip(order, shares, strict=True)}
    return {**dict.fromkeys(chain(ascii_lowercase, letters), _RARE), **weights}
