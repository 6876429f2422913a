"""First to twentieth, as chapters are counted in words: "Chapitre premier", "Capítulo décimo tercero". Pure."""

import re
import unicodedata

_ROWS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth",
    "erste zweite dritte vierte fünfte sechste siebente achte neunte zehnte elfte zwölfte dreizehnte vierzehnte"
    " fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste",
    "- - - - - - siebte",
    "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième"
    " treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième",
    "première second",
    "- seconde",
    "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero"
    " decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno vigésimo",
    "primer - tercer",
    "primo secondo terzo quarto - sesto settimo ottavo nono decimo undicesimo dodicesimo tredicesimo quattordicesimo"
    " quindicesimo sedicesimo diciassettesimo diciottesimo diciannovesimo ventesimo",
    "primeiro - terceiro - - - sétimo oitavo",
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende"
    " vijftiende zestiende zeventiende achttiende negentiende twintigste",
)
_TEN_WORDS = ("décim[oa]", "vigésim[oa]", "ventesim[oa]")


def _fold(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(each))


def _forms(word: str) -> tuple[str, ...]:
    """With the endings of German, and of the Romance languages."""
    if word.endswith(("te", "ste")):
        return word, f"{word}r", f"{word}s", f"{word}n"
    return (word, f"{word[:-1]}a") if word.endswith("o") else (word,)


_VALUES = {
    _fold(form): value
    for row in _ROWS
    for value, word in enumerate(row.split(), start=1)
    if word != "-"
    for form in _forms(word)
}
_UNACCENTED = re.compile("[à-ü]")


def _either(word: str) -> str:
    """With or without its accents: capitals often go without."""
    return _UNACCENTED.sub(lambda match: f"(?:{match[0]}|{_fold(match[0])})", word)


_WORDS = {form for row in _ROWS for word in row.split() if word != "-" for form in _forms(word)}
_SINGLE = "|".join(_either(word) for word in sorted(_WORDS, key=lambda word: (-len(word), word)))
_TENS = "|".join(map(_either, _TEN_WORDS))
ORDINAL = rf"(?:(?:{_TENS})[ -]?(?:{_SINGLE})|{_SINGLE})"  # to be matched without regard to case
_COMPOUND = re.compile(rf"({_TENS})[ -]?({_SINGLE})", re.IGNORECASE)


def ordinal_value(text: str) -> int | None:
    """The number that these words say; None for others."""
    plain = unicodedata.normalize("NFC", text)
    value = _VALUES.get(_fold(plain))
    match = _COMPOUND.fullmatch(plain)
    if value is None and match is not None:
        value = _VALUES[_fold(match[1])] + _VALUES[_fold(match[2])]
    return value
