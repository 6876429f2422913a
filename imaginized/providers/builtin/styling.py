"""A book's style guessed from its words: genre, period, place, palette, medium. English only; no model."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from imaginized.providers.builtin.plates.palette import COLOURS
from imaginized.providers.builtin.setting_words import PLACES
from imaginized.story.sheets import Style
from imaginized.story.stage_lists import ROOFED, Setting

PER = 10_000  # words: all rates below are uses in so many
LEAST_KINDS, WORDS_A_KIND = 3, 3000  # different words that a short book must have, and one more for so many words
LEAST_WORDS = 100  # of a book; of fewer nothing is guessed
MOST_EVIDENCE = 3  # words named for each guess
ALIKE = 75  # distance in RGB below which two colour words name the same
MOST_NAMED = 3  # places and colours
PLACE_RATE, PLACE_WEIGHT = 6.0, 0.8
COLOUR_RATE, COLOUR_TIMES = 2.0, 2.5  # how often a colour of the book must be named, and how much oftener than usual
# Names and the beginnings of sentences are no evidence: "Silver" is a man.
_WORD = re.compile(r"(?<![\w’'])[a-z]+")


def _table(text: str) -> dict[str, frozenset[str]]:
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {kind.strip(): frozenset(words.split()) for kind, _, words in lines}


COACHES, LATE = "18th or early 19th century", "19th or early 20th century"
# People who wear wigs and drive in coaches, but in none of the carriages that came after 1700, may be older.
WIGS = "17th or 18th century"
OF_WIGS = frozenset(["wig", "wigs", "periwig", "breeches", "ruffles", "powdered", "highwayman", "coach"])
AFTER_1700 = frozenset(["chaise", "curricle", "barouche", "phaeton", "minuet", "guillotine", "postilion", "stagecoach"])
WIGGED, AFTERWARDS = 0.8, 0.1
# Who has the things of both is of neither: a traveller in time, or a teller who looks back.
FAR_APART = (frozenset(("today", "20th century", LATE)), frozenset(("middle ages", "antiquity")))
# A chapter is of a genre by this share of what is asked, and chapters of more than half of the book must be: who goes
# by ship to where the story is, is in no sea story.
IN_CHAPTER, OF_BOOK = 0.25, 0.55
YARDS = frozenset(["yard", "yards"])  # at sea they carry sails
MOST_OF_ONE = 0.4  # of what is asked for a genre, that one word may give: a detective may chase a traveller

GENRES = _table("""
fairy tale: witch witches wizard fairy fairies enchanted enchantment princess giant dwarf dwarfs spell spells dragon elf elves goblin ogre troll sorcerer
gothic tale: vampire coffin ghost tomb horror graveyard monster spectre shroud crypt undead crucifix fiend corpse phantom sepulchre
detective story: detective murder crime inspector police clue villain suspect robbery constable murderer investigation investigate client mystery criminal clues burglar
sea story: ship whale sailor sailors deck harpoon mast crew schooner brig sails aboard seamen boatswain rigging masts hull topsail helm
war story: soldiers regiment battle officer officers army cannon cavalry troops battery infantry artillery battalion squadron adjutant
novel of manners: ball marriage ladyship estate engagement acquaintance curricle baronet matrimony parsonage cotillion civility attachment suitor dowry courtship agreeable
western: cowboy ranch saloon sheriff saddle prairie rifle outlaw lariat stampede posse
children's story: children
science fiction: machine planet rocket martian martians robot laboratory spaceship apparatus scientific dimension mechanism
animal story: dog dogs wolf wolves horse horses pony pack paws harness mare fangs cub mole badger toad otter kennel stable
""")  # noqa: E501 - one genre a line
# Uses and different words from which a genre is believed: set so that no book of 35 known ones passes a wrong one.
BELIEVED = {
    "fairy tale": (13.0, 5),
    "gothic tale": (11.0, 7),
    "detective story": (12.0, 9),
    "sea story": (15.0, 9),
    "war story": (20.0, 6),
    "novel of manners": (15.0, 9),
    "western": (10.0, 4),
    "children's story": (15.0, 1),  # "the children": who are a crowd to others are its people
    "science fiction": (20.0, 5),
    "animal story": (60.0, 7),
}
MEDIUMS = {
    "fairy tale": "storybook illustration in ink and watercolour",
    "gothic tale": "dark steel engraving",
    "detective story": "pen and ink with grey wash",
    "sea story": "oil painting with a broad brush",
    "war story": "lithograph in muted colours",
    "novel of manners": "fine line drawing tinted by hand",
    "western": "gouache in earth colours",
    "children's story": "storybook illustration in ink and watercolour",
    "science fiction": "pulp magazine cover in gouache",
    "animal story": "woodcut in two colours",
}
# The newest first: a book of motor-cars has carriages, too. What is met in every age, such as monks, dates nothing.
PERIODS = _table("""
today: computer internet laptop website email smartphone television
20th century: telephone motor automobile aeroplane radio cinema electric motorcar
19th or early 20th century: railway telegraph gaslight gas hansom cab cabs locomotive typewriter phonograph telegram train bicycle brougham omnibus
18th or early 19th century: guillotine minuet ruffles musket muskets coach postilion wig stagecoach cutlass chaise curricle barouche phaeton periwig breeches highwayman flintlock powdered
middle ages: knight knights armour lance minstrel crossbow tournament archers yeoman jester
antiquity: roman romans centurion centurions legion legions chariot chariots charioteer gladiator gladiators toga tunic amphitheatre praetor proconsul procurator tribune tribunes tetrarch pharaoh papyrus galley galleys patrician patricians lictor lictors
""")  # noqa: E501 - one period a line
DATED = {
    "today": (2.0, 2),
    "20th century": (2.0, 3),
    LATE: (1.4, 3),
    COACHES: (1.3, 4),
    "middle ages": (12.0, 4),
    "antiquity": (8.0, 6),
}
EAST = "the East"  # a place, as a genre is guessed: by what only books of it name again and again
_EASTERN = _table(f"""
{EAST}: bazaar bazaars sahib sahibs rupee rupees turban turbans turbaned lama sheikh sheik caliph sultan vizier mosque mosques minaret minarets caravan caravans camel camels dervish harem rajah maharajah fakir mullah pasha emir effendi hookah arab arabs hindu hindus hindoo brahmin muezzin sepoy palanquin
""")  # noqa: E501 - one place a line
EASTERN_FROM = (20.0, 7)
# How often novels name a colour that they do not care for.
USUAL = {"red": 2.4, "yellow": 0.7, "gold": 0.7, "golden": 0.4, "green": 1.4, "blue": 1.5, "white": 3.2, "silver": 0.5}
USUAL |= {"grey": 0.5, "gray": 0.5, "brown": 0.7, "black": 3.1}
RARELY = 0.3


def guess_style(texts: Iterable[str], *, language: str) -> Style:
    """The style of a book from the words of its chapters; nothing for a language whose words are not known.

    Args:
        texts: The chapters.
        language: BCP 47 tag; "" is taken for English.
    """
    if language and not language.casefold().startswith("en"):
        return Style()
    counts: Counter[str] = Counter()
    hues: Counter[str] = Counter()
    chapters: list[Counter[str]] = []
    for text in texts:
        chapters.append(_count_genres(said := Counter(_WORD.findall(text.casefold()))))
        counts.update(said)
        hues.update(word for word in _WORD.findall(text) if word in COLOURS)
    total = sum(counts.values())
    if total < LEAST_WORDS:
        return Style()
    rates = {word: PER * count / total for word, count in counts.items()}
    kinds = LEAST_KINDS + total // WORDS_A_KIND
    genre, period = _likeliest(rates, chapters, most=kinds), _newest(rates, most=kinds)
    colours = _colours({word: PER * count / total for word, count in hues.items()})
    places = _places(rates) + ([EAST] if _share(rates, _EASTERN[EAST], *EASTERN_FROM, most=kinds) >= 1 else [])
    evidence: list[str] = []
    for words in (GENRES.get(genre, ()), PERIODS.get(COACHES if period == WIGS else period, ()), colours):
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


def _count_genres(said: Counter[str]) -> Counter[str]:
    """Of a chapter, how many words it has ("") and how many of each genre."""
    counts = Counter({kind: sum(said[word] for word in words) for kind, words in GENRES.items()})
    counts[""] = sum(said.values())
    return counts


def _is_throughout(kind: str, chapters: Sequence[Counter[str]]) -> bool:
    """Whether a genre is that of more than half of the book."""
    least = IN_CHAPTER * BELIEVED[kind][0] / PER
    own = sum(each[""] for each in chapters if each[kind] >= least * each[""])
    return own >= OF_BOOK * sum(each[""] for each in chapters)


def _likeliest(rates: Mapping[str, float], chapters: Sequence[Counter[str]], *, most: int) -> str:
    """The genre that passes its bound by most; "" where none does. No more than `most` different words are asked."""
    shares = {
        kind: _share(rates, words, *BELIEVED[kind], most=most, of_one=MOST_OF_ONE) for kind, words in GENRES.items()
    }
    best = max(shares, key=lambda kind: (shares[kind], kind))
    return best if shares[best] >= 1 and _is_throughout(best, chapters) else ""


def _newest(rates: Mapping[str, float], *, most: int) -> str:
    """The newest period whose things the book has enough of; "" where none, or where another age has as much."""
    found = {kind: _share(rates, words, *DATED[kind], most=most) for kind, words in PERIODS.items()}
    met = [kind for kind, share in found.items() if share >= 1]
    if not met or all(any(kind in ages for kind in met) for ages in FAR_APART):
        return ""
    is_older = _sum(rates, OF_WIGS) >= WIGGED and _sum(rates, AFTER_1700) < AFTERWARDS
    return WIGS if met[0] == COACHES and is_older else met[0]


def _sum(rates: Mapping[str, float], words: frozenset[str]) -> float:
    return sum(rates.get(word, 0.0) for word in sorted(words))


def _share(
    rates: Mapping[str, float], words: frozenset[str], least: float, kinds: int, *, most: int, of_one: float = math.inf
) -> float:
    """Uses of some words as a share of what is asked; 0 where too few different ones are met.

    Where several are asked for, none may give more than `of_one` of it.
    """
    met = [rates[word] for word in words if word in rates]
    if len(met) < min(kinds, most):
        return 0.0
    return sum(min(rate, of_one * least) for rate in met) / least if kinds > 1 else sum(met) / least


def _places(rates: Mapping[str, float]) -> list[str]:
    """The places in the open that the book comes back to, most first."""
    sums: Counter[str] = Counter()
    afloat = sum(rates.get(word, 0.0) for word, (setting, _) in PLACES.items() if setting is Setting.SHIP_DECK)
    for word, (setting, weight) in PLACES.items():
        if word in YARDS and afloat >= PLACE_RATE:
            continue
        if weight >= PLACE_WEIGHT and setting not in ROOFED:
            sums[str(setting)] += rates.get(word, 0.0)  # type: ignore[assignment]  # a rate, not a count
    return sorted((kind for kind in sums if sums[kind] >= PLACE_RATE), key=lambda kind: (-sums[kind], kind))[
        :MOST_NAMED
    ]


def _colours(rates: Mapping[str, float]) -> list[str]:
    """The colours that the book names much oftener than others do, a shade of one that is named already left out."""
    own = {word: rates[word] for word in COLOURS if rates.get(word, 0.0) >= COLOUR_RATE}
    own = {word: rate for word, rate in own.items() if rate >= COLOUR_TIMES * USUAL.get(word, RARELY)}
    chosen: list[str] = []
    for word in sorted(own, key=lambda word: (-own[word], word)):
        if all(math.dist(COLOURS[word], COLOURS[other]) > ALIKE for other in chosen):
            chosen.append(word)
    return chosen[:MOST_NAMED]
