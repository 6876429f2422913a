"""A book's style guessed from its words: genre, period, place, palette, medium. English only; no model."""

import math
import re
from collections import Counter
from collections.abc import Iterable

from imaginized.providers.builtin.plates.palette import COLOURS
from imaginized.providers.builtin.plates.words import INDOORS, PLACES
from imaginized.story.sheets import Style

LEAST_USES = 8  # of a genre's words together, a period's half as many: below it is chance
LEAST_KINDS = 3  # different words of a genre
MOST_EVIDENCE = 3  # words named for each guess
ALIKE = 75  # distance in RGB below which two colour words name the same
MOST_NAMED = 3  # places and colours
_WORD = re.compile(r"[a-z]+")


def _table(text: str) -> dict[str, frozenset[str]]:
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {kind.strip(): frozenset(words.split()) for kind, _, words in lines}


GENRES = _table("""
fairy tale: witch witches wizard fairy enchanted magic charm prince princess giant dwarf spell kingdom dragon elf
gothic tale: vampire coffin ghost tomb horror graveyard monster spectre shroud crypt undead crucifix
detective story: detective murder crime inspector police clue evidence villain suspect robbery constable
sea story: ship whale captain sailor deck harpoon mast crew vessel voyage sails boat
war story: soldier soldiers regiment battle officer general army cannon enemy cavalry troops
novel of manners: ball marriage ladyship estate engagement drawing dinner acquaintance dancing visit gentleman
western: cowboy ranch saloon sheriff saddle cattle prairie rifle outlaw
science fiction: machine planet rocket martian martians robot laboratory experiment spaceship apparatus
""")
MEDIUMS = {
    "fairy tale": "storybook illustration in ink and watercolour",
    "gothic tale": "dark steel engraving",
    "detective story": "pen and ink with grey wash",
    "sea story": "oil painting with a broad brush",
    "war story": "lithograph in muted colours",
    "novel of manners": "fine line drawing tinted by hand",
    "western": "gouache in earth colours",
    "science fiction": "pulp magazine cover in gouache",
}
PERIODS = _table("""
middle ages: knight knights armour lance squire minstrel crossbow
18th or early 19th century: musket coach postilion candle wig stagecoach cutlass carriage
19th century: railway telegraph gaslight hansom cab carriage locomotive governess typewriter phonograph
20th century: telephone motor automobile aeroplane radio cinema electric motorcar
today: computer internet laptop website email smartphone television
""")


def guess_style(texts: Iterable[str], *, language: str) -> Style:
    """The style of a book from the words of its chapters; nothing for a language whose words are not known.

    Args:
        texts: The chapters.
        language: BCP 47 tag; "" is taken for English.
    """
    if language and not language.casefold().startswith("en"):
        return Style()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(text.casefold()))
    genre, period = _best(GENRES, counts, least=LEAST_USES), _best(PERIODS, counts, least=LEAST_USES // 2)
    colours, places = _colours(counts), _places(counts)
    evidence: list[str] = []
    for words in (GENRES.get(genre, ()), PERIODS.get(period, ()), colours):
        evidence += sorted((word for word in words if counts[word]), key=lambda word: (-counts[word], word))[
            :MOST_EVIDENCE
        ]
    return Style(
        genre=genre,
        period=period,
        place=", ".join(places),
        palette=", ".join(colours),
        medium=MEDIUMS.get(genre, ""),
        evidence=tuple((word, counts[word]) for word in dict.fromkeys(evidence)),
    )


def _best(table: dict[str, frozenset[str]], counts: Counter[str], *, least: int) -> str:
    scores = {kind: sum(counts[word] for word in words) for kind, words in table.items()}
    kinds = {kind: sum(counts[word] > 0 for word in words) for kind, words in table.items()}
    best = max(scores, key=lambda kind: (scores[kind], kind))
    return best if scores[best] >= least and kinds[best] >= min(LEAST_KINDS, least // 2) else ""


def _places(counts: Counter[str]) -> list[str]:
    kinds = {word: str(place) for word, (place, weight) in PLACES.items() if weight >= 2 and place not in INDOORS}
    return _ranked(kinds, counts)[:MOST_NAMED]


def _colours(counts: Counter[str]) -> list[str]:
    """The commonest colours, a shade of one that is named already left out."""
    chosen: list[str] = []
    for word in _ranked({word: word for word in COLOURS}, counts):
        if all(math.dist(COLOURS[word], COLOURS[other]) > ALIKE for other in chosen):
            chosen.append(word)
    return chosen[:MOST_NAMED]


def _ranked(kinds: dict[str, str], counts: Counter[str]) -> list[str]:
    """The commonest kinds, most first."""
    totals: Counter[str] = Counter()
    for word, kind in kinds.items():
        totals[kind] += counts[word]
    return sorted((kind for kind in totals if totals[kind] > 1), key=lambda kind: (-totals[kind], kind))
