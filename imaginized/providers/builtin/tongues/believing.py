"""Which capital words of a chapter are names: in German by what stands around them, elsewhere by their capital too."""

from collections import Counter
from dataclasses import dataclass, field

from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.tongues.tongue import Tongue, words

# The share of a German word's mentions that may stand behind an article, and that must prove it a name.
MOST_ARTICLES, LEAST_PROOF = 0.25, 0.06
# How adjectives end that stand for somebody.
DECLINED = ("e", "er", "es", "en", "em")
# "sagte der Großvater": who speaks so often in a chapter is called so.
OFTEN_TOLD = 3
# "in Ordnung", once, is no place.
OFTEN_PLACED = 2
ROMAN = words("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI")


@dataclass(slots=True)
class Word:
    """How a chapter uses a capital word; each count by mentions."""

    capital: int = 0
    middle: int = 0
    small: int = 0
    determined: int = 0
    told: int = 0
    acts: int = 0
    placed: int = 0
    proof: Counter[str] = field(default_factory=Counter)

    @property
    def proofs(self) -> int:
        """Mentions that nothing but a name has."""
        return sum(self.proof.values())


def is_capital(token: Token) -> bool:
    """Tell whether a word begins large, and is not all large ("CHAPITRE")."""
    return token.word[0].isupper() and not (len(token.word) > 1 and token.word.isupper())


def is_title(tokens: list[Token], at: int, titles: frozenset[str], *, capital: bool) -> bool:
    """Tell whether a title of somebody stands at a token: one letter needs its dot ("M. Homais")."""
    token = tokens[at]
    if token.lower not in titles or (capital and not token.word[0].isupper()):
        return False
    return len(token.word) > 1 or (token.word.isupper() and token.gap.startswith("."))


def joins(token: Token) -> bool:
    """Tell whether the next word may belong to this one's name: a blank, the apostrophe of "d'", a dot of "Dr."."""
    return token.gap in (" ", "\n", "'", "’") or (token.gap.strip() == "." and len(token.word) < 5)


def believed_words(tokens: list[Token], tongue: Tongue, *, given: frozenset[str]) -> frozenset[str]:
    """Return the words of the chapter, as printed, that are part of a name; a genitive's without its s."""
    found = _count(tokens, tongue, given)
    if tongue.capital_nouns:
        proved = frozenset(word for word, use in found.items() if _is_proved(word, use, tongue))
        return proved | _given_before(tokens, proved, found, tongue)
    return frozenset(word for word, use in found.items() if _is_plain_name(word, use, tongue))


def _given_before(
    tokens: list[Token], proved: frozenset[str], found: dict[str, Word], tongue: Tongue
) -> frozenset[str]:
    """The given names before "von" and a last name for sure, which have a title or a verb of speech elsewhere."""
    return frozenset(
        given.word
        for given, particle, last in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if particle.lower == "von"
        and last.word in proved
        and given.word in found
        and found[given.word].proofs > 0
        and given.lower not in tongue.never | all_titles(tongue)
        and joins(given)
        and joins(particle)
    )


def bare(word: str, known: frozenset[str], cases: tuple[str, ...]) -> str:
    """A name without the ending of its case, where the chapter has it without."""
    stems = (word[: -len(end)] for end in cases if word.endswith(end))
    return next((stem for stem in stems if stem in known), word)


def _count(tokens: list[Token], tongue: Tongue, given: frozenset[str]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for token in tokens:
        if is_capital(token) and len(token.word) > 1:
            found.setdefault(token.word, Word())
    small = Counter(token.lower for token in tokens if token.word[0].islower())
    titles = all_titles(tongue)
    for at, token in enumerate(tokens):
        use = found.get(token.word)
        if use is None:
            continue
        use.capital += 1
        use.middle += not token.first
        use.small = small[token.lower]
        _prove(tokens, at, tongue, titles, use, found)
    for word, use in found.items():
        if word.lower() in given:
            use.proof["given"] += 1
    return found


def all_titles(tongue: Tongue) -> frozenset[str]:
    """All that stands before a name as a title."""
    return tongue.titles.men | tongue.titles.women | tongue.titles.offices


def _prove(
    tokens: list[Token], at: int, tongue: Tongue, titles: frozenset[str], use: Word, found: dict[str, Word]
) -> None:
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    token = tokens[at]
    if before is not None and joins(before):
        use.determined += before.lower in tongue.determiners or _is_declined(tokens, at, tongue)
        use.proof["title"] += titled(tokens, at, tongue, titles)
        use.proof["speech"] += before.lower in tongue.speech
        use.proof["beast"] += before.lower in tongue.animals
        use.placed += before.lower in tongue.inside
        use.told += at > 1 and before.lower in tongue.articles and tokens[at - 2].lower in tongue.speech
    if after is not None and token.gap == " ":
        use.proof["speech"] += after.lower in tongue.speech
        use.acts += token.first and after.word[0].islower() and after.lower not in tongue.function
        if tongue.capital_nouns and token.word.endswith("s") and token.word[:-1] in found:
            whose = found[token.word[:-1]]  # "Karls Hut"
            whose.proof["owns"] += after.word[0].isupper() and not _has_article(before, tongue)
    closing = "!?" if tongue.capital_nouns else ",!?."  # "Kleider, Schuhe, Geld" calls nobody
    called = token.spoken and before is not None and before.gap.strip() == "," and token.gap.strip()[:1] in closing
    use.proof["called"] += bool(called and token.gap.strip())


def _has_article(before: Token | None, tongue: Tongue) -> bool:
    return before is not None and before.gap == " " and before.lower in tongue.determiners


def titled(tokens: list[Token], at: int, tongue: Tongue, titles: frozenset[str]) -> bool:
    """Tell whether a title stands before a word, maybe with a "von" or "de la", or a given name and that."""
    lead = at - 1
    while lead >= 0 and at - lead < 4 and tokens[lead].lower in tongue.particles and joins(tokens[lead]):
        lead -= 1
    if lead < 0 or not joins(tokens[lead]):
        return False
    given = 0 < lead < at - 1 and is_capital(tokens[lead]) and joins(tokens[lead - 1])
    if given and is_title(tokens, lead - 1, titles, capital=tongue.capital_nouns):
        return True  # "Baron Karl von Moor"
    return is_title(tokens, lead, titles, capital=tongue.capital_nouns)


def _is_declined(tokens: list[Token], at: int, tongue: Tongue) -> bool:
    """Tell whether an adjective with its article stands before a German noun ("mit einem kleinen Hund")."""
    if not tongue.capital_nouns or at < 2:
        return False
    before, lead = tokens[at - 1], tokens[at - 2]
    adjective = before.word[0].islower() and before.lower.endswith(("e", "en", "er", "es", "em"))
    return adjective and before.lower not in tongue.function and lead.lower in tongue.determiners


def _is_proved(word: str, use: Word, tongue: Tongue) -> bool:
    """Judge a word of a language where every noun is capital."""
    lower = word.lower()
    if lower in tongue.never or lower in tongue.function or lower in tongue.bland:
        return False
    if lower in all_titles(tongue):
        return use.told >= OFTEN_TOLD
    if lower.endswith(tongue.noun_endings) or use.small > use.capital:
        return False
    proofs = use.proofs - use.proof["given"]
    if use.proof["title"] * 2 >= use.capital or use.told >= OFTEN_TOLD:
        return True
    if not use.middle or (0 < proofs == use.proof["called"] and lower.endswith(DECLINED)):
        return False  # "Oft sagte er", "Teuerster!"
    if use.proof["given"]:
        return proofs > 0 or (use.determined == 0 and use.capital > 1)  # "der Peter", but not "im Ernst"
    if use.determined > MOST_ARTICLES * use.capital:
        return False
    if use.determined == 0 and use.middle:  # "Anna ging", "nach Lindow": nouns have an article now and then
        proofs += use.acts + (use.placed if use.placed >= OFTEN_PLACED else 0)
    return proofs > 0 and proofs >= LEAST_PROOF * use.capital


def _is_plain_name(word: str, use: Word, tongue: Tongue) -> bool:
    """Judge a word of a language where only names are capital: in mid-sentence, or proved."""
    lower = word.lower()
    if lower in tongue.never or lower in tongue.function:
        return False
    proved = bool(use.proof["title"] or use.proof["given"])
    if use.small > use.middle and not proved:
        return False
    return use.middle > 0 or proved or (use.proof["speech"] > 0 and use.small == 0)
