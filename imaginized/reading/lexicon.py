"""What words a book spells, asked word by word; and for English, what words there are."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files

_OTHER_LETTER = re.compile("[^\x00-\x7f\u2000-\u206f]")
_NEXT = re.compile(r"\W*(\w+)")
_MAX_CHARACTERS = 600_000  # a long novel knows the words that it uses
_MAX_ASKED = 300
_FEW = 2


class Words:
    """How often a book spells a word and that word with a letter before it. Asked, not counted: a book has many."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self._forms: dict[str, dict[str, Counter[str]]] = {}

    @cached_property
    def _text(self) -> str:
        """Not before a word is asked for: most books have suspects, and few of them have a question."""
        enough: list[str] = []
        left = _MAX_CHARACTERS
        for text in self._texts:
            enough.append(fold(text[:left]))
            left -= len(text) + 1
            if left <= 0:
                break
        return "\n".join(enough)

    def forms(self, word: str) -> dict[str, Counter[str]]:
        """The letters that stand before a word, "" for none; for each the words that follow, and how often."""
        word = word.casefold()
        if word not in self._forms and len(self._forms) < _MAX_ASKED:
            self._forms[word] = self._look_up(word)
        return self._forms.get(word, {})

    def count(self, word: str, *, letter: str = "") -> int:
        """How often it spells a word, or the word with that letter before it."""
        return self.forms(word).get(letter.casefold(), Counter()).total()

    def is_letter_word(self, letter: str) -> bool:
        """Whether a letter is a word by itself, as "a" is."""
        return self._text.count(f" {letter.casefold()} ") > _FEW

    def _look_up(self, word: str) -> dict[str, Counter[str]]:
        text, forms = self._text, defaultdict[str, Counter[str]](Counter)
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            letter = text[at - 1] if at and text[at - 1].isalpha() else ""
            is_whole = not text[end : end + 1].isalpha() and not (letter and text[at - 2 : at - 1].isalpha())
            if is_whole:
                following = _NEXT.match(text, end)
                forms[letter][following[1] if following else ""] += 1
            at = text.find(word, end)
        return dict(forms)


def fold(text: str) -> str:
    """What `casefold` says; that takes ten times as long where there is any letter but ASCII, be it only a quote."""
    if text.isascii() or _OTHER_LETTER.search(text):
        return text.casefold()
    return text.encode().lower().decode()


@cache
def english() -> frozenset[str]:
    """Words of English; data of the package beside, not its code, and read only for books with gaps."""
    text = files("imaginized").joinpath("providers", "builtin", "lexicon.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
