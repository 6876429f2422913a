"""What a whole book knows of those in a picture, where a chapter may be wrong: kind, sex, species and age."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import NARRATOR as TELLER
from imaginized.providers.builtin.actors import Known
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.narrators import sex_of_narrator, species_of
from imaginized.providers.builtin.sentences import Passage
from imaginized.story.elements import NARRATOR, Element, ElementType, Quote
from imaginized.story.names import MEN, RANKS, SPELLED, WOMEN, name_key
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Reference, Sex, Staging
from imaginized.story.traits import CHILD, YOUNG, age_in

# Of whom a sentence names first; "her" alone, with no noun of hers after it, is often another.
_PRONOUNS = {
    Sex.MAN: re.compile(r"\b(?:he|his|himself)\b"),
    Sex.WOMAN: re.compile(
        r"\b(?:she|hers|herself)\b|"
        r"\bher (?!(?:to|and|in|with|as|for|on|at|by|from|that|if|out|up|down|away|back|or|but|when|into|the|an?)\b)"
        r"[a-z]"
    ),
}
_YEARS = re.compile(r"\b(?:five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[5-9]|1[0-3]) years (?:old|of age)")
_LITTLE = re.compile(r"\b(?:little|tiny) (?:person|thing|creature|girl|boy|child|maid|one|chap|fellow|mite|soul)\b")
_SMALL = frozenset({"little", "small", "tiny", "wee"})
GROWN_AFTER = 6  # chapters for which somebody stays the child that they are said to be


OF_PEOPLE = re.compile(
    r"\b(?:baby|babies|child|children|boy|girl|man|woman|lad|lady|nurse|cradle|pinafore|frock|perambulator|fingers|arms|"
    r"brother|sister|captain|sergeant|coat|hat|boots|pipe|gun|horse)\b"
)
OF_WILD = re.compile(
    r"\b(?:paws?|tails?|claws?|hoofs?|hooves|fur|feathers?|wings?|beak|roar\w*|growl\w*|bark\w*|snarl\w*|beasts?|den|"
    r"mane|fangs?|horns?|bleat\w*|purr\w*|wool|animals?|creatures?)\b"
)


def is_nickname(element: Element) -> bool:
    """Whether a name that is a word for a beast is somebody's: what is told of it is of people, nothing of beasts."""
    if not element.name[:1].isupper() or element.name.lower().split()[-1] not in people_table.SPECIES:
        return False
    told = " ".join([element.description, *(quote.text for quote in element.quotes)]).lower()
    people, wild = len(OF_PEOPLE.findall(told)), len(OF_WILD.findall(told))
    return people > 1 and people > 2 * wild


def species_by_name(name: str, *, fond: bool = False) -> Species:
    """The species that a name itself is: "the Rat", "Weasels"; if `fond`, "Mr. Badger" and "Ratty" as well.

    Args:
        name: The name.
        fond: Whether it stands among beasts that talk, whose titles and pet names are those of beasts.
    """
    words = [word for word in name.lower().split() if word not in ("the", "a", "an")]
    if not words or (len(words) > 1 and not fond):
        return Species.UNKNOWN
    last = words[-1]
    ways = (last, last.removesuffix("s"), *((last.removesuffix("ty"), last.removesuffix("y")) if fond else ()))
    return next((people_table.SPECIES[way] for way in ways if way in people_table.SPECIES), Species.UNKNOWN)


def is_of_beast(passage: Passage, names: Mapping[int, Known]) -> bool:
    """Whether nobody is told of in a chapter more than a beast, by its name or as "the cub"."""
    starts = [known for at, known in names.items() if names.get(at - 1) is not known]
    told = Counter(known.name for known in starts)
    beasts = {known.name for known in starts if known.being is Being.CREATURE}
    nouns = Counter(passage.tokens[at].lower for at in passage.places_of(_BEAST_NOUNS) if _is_the(passage, at))
    people = Counter(passage.tokens[at].lower for at in passage.places_of(people_table.SEXES) if _is_the(passage, at))
    told.update({noun: count for noun, count in people.items() if noun not in _BEAST_NOUNS})
    told["i"] = sum(not passage.tokens[at].spoken for at in passage.places_of(("i",)))
    nameless = {noun: count for noun, count in nouns.items() if count >= HEROIC * len(passage.tokens)}
    told.update(nameless)
    most = max(told, key=lambda each: (told[each], each), default="")
    return most in beasts or most in nameless


def _is_the(passage: Passage, at: int) -> bool:
    """Whether "the" stands before a noun in the telling, with one word between them at most."""
    before = (token.lower for token in passage.tokens[max(at - 2, 0) : at])
    return not passage.tokens[at].spoken and "the" in before


HEROIC = 0.003  # share of the words of a chapter from which a beast without a name is whom it is about
_BEAST_NOUNS = frozenset(people_table.SPECIES) | people_table.BEASTS


def _is_called_beast(element: Element) -> bool:
    """Whether a name is a beast's by its word and by how the book says it: with an article, or as a plain noun."""
    if not species_by_name(element.name) or is_nickname(element):
        return False
    name = re.escape(element.name.split()[-1])
    told = " ".join(quote.text for quote in element.quotes)
    plain = len(re.findall(rf"\b(?:[Tt]he|[Aa]n?) (?:\w+ )?{name}\b|\b{name.lower()}\b", told))
    return plain > 0 and 2 * plain >= len(re.findall(rf"\b{name}\b", told, re.IGNORECASE))


def know(element: Element, *, sex: Sex | None = None) -> Known:
    """Somebody of the cast as the stage knows them: sex by title, noun or looks; of a beast its species."""
    told = element.signs.counts if element.signs else {}
    said = f"{element.name} {element.description}".lower().replace(",", " ").replace(";", " ").split()
    beastly = element.type is ElementType.CREATURE or (
        element.type is ElementType.CHARACTER and _is_called_beast(element)
    )
    if beastly and not is_nickname(element):
        in_words = next((people_table.SPECIES[word] for word in said if word in people_table.SPECIES), Species.UNKNOWN)
        species = in_words or species_by_name(element.name) or species_of(told)
        return Known(name=element.name, being=Being.CREATURE, species=species, sex=sex or Sex.UNKNOWN)
    words = element.description.lower().replace(",", " ").replace(";", " ").split()
    described = next((people_table.SEXES[word] for word in words if word in people_table.SEXES), Sex.UNKNOWN)
    return Known(name=element.name, sex=sex or _sure_sex(element) or described)


def _sure_sex(element: Element) -> Sex:
    """The sex by the book; else by title, by the list of given names, by the sentences; the main name first."""
    if element.sex:
        return Sex.MAN if element.sex == "man" else Sex.WOMAN
    others = element.aliases if element.ages is None else ()  # a book that was counted has weighed these
    names = [name.lower().split() for name in (element.name, *others) if name.split()]
    for at, words in enumerate(names):
        title = words[0].rstrip(".")
        if title in MEN | WOMEN and (len(words) > 1 or not at):  # "Father" alone may be what somebody else is called
            return Sex.MAN if title in MEN else Sex.WOMAN
    given = {"given_man": Sex.MAN, "given_woman": Sex.WOMAN}.get(_is_given(element))
    return _sex_by_signs(element) or given or _sex_told(element)


def _sex_by_signs(element: Element) -> Sex:
    """The sex that nearly all "he" and "she" about somebody speak for, whatever others are called by that name."""
    counts = element.signs.counts if element.signs else {}
    he, she = counts.get("he", 0), counts.get("she", 0)
    if max(he, she) < FEWEST_SIGNS or max(he, she) < CLEARLY * min(he, she):
        return Sex.UNKNOWN
    return Sex.MAN if he > she else Sex.WOMAN


FEWEST_SIGNS, CLEARLY = 8, 5


def _is_given(element: Element) -> str:
    """What the list of given names says of a name; empty for none."""
    first = (name_key(element.name) or ("",))[0]
    return load_lexicon().given.get(first) or load_lexicon().given.get(first.capitalize()) or ""


def _sex_told(element: Element) -> Sex:
    """The sex that the nouns of a name and the sentences about somebody speak for, if they agree."""
    by_name = next((people_table.SEXES[w] for w in element.name.lower().split() if w in people_table.SEXES), None)
    if by_name is not None:
        return by_name
    told = " ".join(_after_name(element, quote.text) for quote in element.quotes).lower()
    if element.signs and (own := sex_of_narrator(element.signs.counts)):
        return own
    counts = {sex: len(pattern.findall(told)) for sex, pattern in _PRONOUNS.items()}
    for sex, word in ((Sex.MAN, "he"), (Sex.WOMAN, "she")):
        counts[sex] += element.signs.counts.get(word, 0) if element.signs else 0
    most, least = sorted(counts, key=lambda each: -counts[each])
    if counts[most] >= 2 * counts[least] + 2:
        return most
    return Sex.UNKNOWN


def _is_told_clearly(element: Element) -> bool:
    """Whether the sentences of the book have only words of one sex."""
    told = " ".join(_after_name(element, quote.text) for quote in element.quotes).lower()
    return sum(bool(pattern.search(told)) for pattern in _PRONOUNS.values()) == 1


def _after_name(element: Element, text: str) -> str:
    """What a sentence says after somebody's name: "she" before it was somebody else."""
    ends = (
        found.end()
        for name in (element.name, *element.aliases)
        if (found := re.search(rf"\b{re.escape(name)}\b", text))
    )
    return text[min(ends, default=0) :]


def _age_told(element: Element, chapter: int) -> Age:
    """A child where the book has one, or name or looks say "a boy", "eight years old" or "a little person".

    Children grow: what looks told many chapters ago says nothing of today. Old where they say so.
    """
    by_book = age_in(element, chapter=chapter)
    if by_book == CHILD:
        return Age.CHILD
    told = _age_by_looks(element, chapter)
    if by_book and told is not Age.OLD:
        return Age.YOUNG if by_book == YOUNG else Age.UNKNOWN
    return told


def _age_by_looks(element: Element, chapter: int) -> Age:
    pieces = [(look.text, look.quote) for look in element.looks] or [(s, None) for s in element.description.split(";")]
    called = {name.lower().split()[0] for name in element.aliases if " " in name}
    if "master" in called and called & {"young", "little"}:
        return Age.CHILD
    ages = [
        age
        for piece, quote in ((element.name, None), *pieces)
        if (age := _age_in(piece.lower()))
        and (age is Age.OLD or quote is None or not chapter or _is_near(quote, chapter))
    ]
    if any(quote and quote.chapter <= chapter and _OF_GROWN_AGE.search(piece.lower()) for piece, quote in pieces):
        ages = [age for age in ages if age not in _SMALL_AGES]  # the thin child is told of as thirty, too
    return Age.OLD if Age.OLD in ages else next(iter(ages), Age.UNKNOWN)


_OF_GROWN_AGE = re.compile(
    r"\b(?:eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|man|woman|lady|gentleman)\b"
)


def _is_near(quote: Quote, chapter: int) -> bool:
    return abs(quote.chapter - chapter) <= GROWN_AFTER


def _age_in(piece: str) -> Age:
    """The age that a look says of somebody: by its noun, which is no "old boy" and no young woman who is a girl."""
    if _YEARS.search(piece) or _LITTLE.search(piece):
        return Age.CHILD
    words = re.split(r" (?:of|with|in|on|at|from|who) ", piece, maxsplit=1)[0].split()
    nouns = [word for word in (words[:1] + words[-1:]) if word in people_table.AGES]
    if not nouns:
        return Age.UNKNOWN
    age = people_table.AGES[nouns[-1]]
    if age is Age.CHILD and ("old" in words or (nouns[-1] == "girl" and not _SMALL.intersection(words))):
        return Age.UNKNOWN
    return age


def recast(staging: Staging, elements: Iterable[Element], *, chapter: int = 0) -> Staging:
    """The staging with what the whole book knows of those in it, which a chapter may have got wrong.

    Who is a place or a thing for the book is nobody, a creature is one with its species, and each stands there once,
    under the name that the book calls them by. `chapter` is that of the scene, or 0: what is told far from it is
    another age.
    """
    cast = {alias: element for element in elements for alias in (element.name, *element.aliases)}
    kept: list[Figure] = []
    places: dict[int, int] = {}
    for at, figure in enumerate(staging.figures):
        element = cast.get(figure.name) if figure.name else cast.get(NARRATOR) if figure.noun == TELLER else None
        if element is not None and (
            element.type in (ElementType.PLACE, ElementType.ITEM) or _is_nobody_known(figure, element)
        ):
            continue
        if element is not None and _is_never_meant(figure, element):
            figure, element = replace(figure, name="", sex=figure.sex or _sex_of_title(figure.name)), None
        again = next((i for i, other in enumerate(kept) if element and other.name == element.name), -1)
        places[at] = again if again >= 0 else len(kept)
        if again < 0:
            kept.append(_known_as(figure, element, chapter) if element else figure)
    figures = tuple(
        replace(figure, toward=places.get(figure.toward) if figure.toward is not None else None) for figure in kept
    )
    return replace(staging, figures=tuple(_not_itself(figure, at) for at, figure in enumerate(figures)))


def _is_never_meant(figure: Figure, element: Element) -> bool:
    """Whether a figure cannot be somebody of the cast: "he" is not who tells the book, nor is Mrs. Grey a man."""
    by_pronoun = figure.reference is not Reference.NAME and figure.noun != TELLER
    if by_pronoun and NARRATOR in (element.name, *element.aliases):
        return True
    if _is_rank_of_another(figure.name, element):
        return True
    said, sex = _sex_of_title(figure.name), _sex_of_title(element.name) or know(element).sex
    if by_pronoun and element.sex:
        said, sex = said or figure.sex, Sex.MAN if element.sex == "man" else Sex.WOMAN
    return bool(said and sex and said is not sex)


def _is_rank_of_another(name: str, element: Element) -> bool:
    """Whether "the Captain" is said to be somebody whom the book never calls captain with a name after it."""
    rank = name.lower().removeprefix("the ")
    if rank not in _OF_TROOPS or element.name.lower().removeprefix("the ") == rank:
        return False
    titles = (word.rstrip(".") for each in (element.name, *element.aliases) for word in each.lower().split()[:-1])
    return rank not in {SPELLED.get(title, title) for title in titles}


# Who has one is called by it and a name as well; a squire or a princess may not be.
_OF_TROOPS = vocabulary.words("captain colonel major general lieutenant sergeant corporal admiral commodore")


def _sex_of_title(name: str) -> Sex:
    title, *rest = name.lower().replace(".", "").split() or [""]
    return Sex.UNKNOWN if not rest else Sex.MAN if title in MEN else Sex.WOMAN if title in WOMEN else Sex.UNKNOWN


def _is_nobody_known(figure: Figure, element: Element) -> bool:
    """Whether a whole book never says "he" or "she" of a name that does nothing here: it may be anything."""
    idle = figure.deed is Deed.STAND and not figure.holds and not figure.noun
    return idle and element.type is ElementType.CHARACTER and not (figure.sex or know(element).sex)


def _known_as(figure: Figure, element: Element, chapter: int) -> Figure:
    known = know(element)
    if figure.being is Being.CREATURE and is_nickname(element):
        babies = sum("baby" in quote.text.lower() for quote in element.quotes)
        age = Age.BABY if babies > 1 else figure.age or _age_told(element, chapter)
        return replace(figure, being=Being.PERSON, species=Species.UNKNOWN, sex=figure.sex or known.sex, age=age)
    by_name = species_by_name(element.name, fond=True)
    if known.being is Being.CREATURE or (figure.being is Being.CREATURE and by_name):
        figure = replace(figure, noun="" if figure.noun in people_table.SEXES else figure.noun)
        species = known.species or by_name or figure.species or _species_in(element)
        figure = _as_beast(figure)
        return replace(figure, name=element.name, being=Being.CREATURE, species=species, age=figure.age)
    sex = _settled_sex(element, figure.sex) or known.sex
    open_ = figure.reference is not Reference.NAME and (figure.noun != TELLER or element.name == NARRATOR)
    if figure.sex and sex is not figure.sex and open_:
        return replace(figure, name="")  # "she" was said: it is somebody else than this man
    if figure.age in _SMALL_AGES and _is_no_child(element, chapter):
        figure = replace(figure, age=Age.UNKNOWN, noun="")  # "the boy" was another
    age = figure.age or _age_told(element, chapter)
    if age is Age.CHILD and not figure.noun and not element.ages and _is_grown_up(figure, element, chapter):
        age = Age.YOUNG
    if age is Age.CHILD and _is_family_name(figure.name, element):
        return replace(figure, name="", sex=sex, age=Age.UNKNOWN)
    return replace(figure, name=element.name, being=Being.PERSON, species=Species.UNKNOWN, sex=sex, age=age)


def _is_family_name(name: str, element: Element) -> bool:
    """Whether somebody is called by the last name alone, as a child is not: it is rather the father."""
    words = [other.lower().split() for other in (element.name, *element.aliases) if other.strip()]
    if any(len(each) > 1 and each[0] == name.lower() for each in words):
        return False  # who is called by a first name with something before it, too: "Sonny Wat" of Wat Reed
    return " " not in name and any(
        len(each) > 1 and each[-1] == name.lower() and each[0] not in _BEFORE_A_NAME for each in words
    )


# "Young Tom" and "Captain Tom" have no last name.
_KIN = frozenset(["cousin", "brother", "sister"])
_BEFORE_A_NAME = MEN | WOMEN | RANKS | _KIN | frozenset(["young", "little", "old", "poor", "tiny"])
_SMALL_AGES = frozenset({Age.CHILD, Age.BABY})
OFTEN_NAMED = 20  # mentions in which a book that has somebody for a child would say so


def _is_no_child(element: Element, chapter: int) -> bool:
    """Whether a book that speaks of somebody often has no word of a child for them, or words of somebody grown."""
    if element.ages is None:
        return False
    return age_in(element, chapter=chapter) != CHILD and (bool(element.ages) or element.mentions >= OFTEN_NAMED)


# What no child has or does; "his wife" is somebody's who is told of after the name.
_OF_GROWN_UPS = re.compile(
    r"\bhis (?:wife|moustache|mustache|whiskers|beard|pipe|cigar|cigarette|bride|fianc[ée]e|regiment|razor)\b|"
    r"\bher (?:husband|fianc[ée]|bridegroom|lover|wedding)\b|\b(?:lit|lighted|smoked|smoking) (?:a|his) (?:pipe|cigar)|"
    r"\b(?:was|is|were|got|be) (?:engaged to|married)\b"
)


def _is_grown_up(figure: Figure, element: Element, chapter: int) -> bool:
    """Whether who is called a boy smokes, drives or has a wife, here or in a chapter near by."""
    if figure.deed in (Deed.SMOKE, Deed.DRIVE):
        return True
    near = (quote for quote in element.quotes if not chapter or _is_near(quote, chapter))
    return any(_OF_GROWN_UPS.search(_after_name(element, quote.text)) for quote in near)


def _settled_sex(element: Element, here: Sex) -> Sex:
    """The sex by title or name; by a name alone only where the chapter agrees, or the sentences of the book do."""
    sure = _sure_sex(element)
    if element.sex:
        return sure
    names = [name.lower().split() for name in (element.name, *element.aliases) if name.split()]
    titled = any(words[0].rstrip(".") in MEN | WOMEN and len(words) > 1 for words in names)
    by_list = bool(_is_given(element)) or any(words[0].rstrip(".") in MEN | WOMEN for words in names)
    if (
        sure
        and here
        and sure is not here
        and not titled
        and (not (by_list or _is_told_clearly(element)) or _sex_told(element) is not sure)
    ):
        return here  # a few sentences of the book say less than those of the chapter
    return sure or here


def _as_beast(figure: Figure) -> Figure:
    """What a beast can do of what a person was thought to do: no beast rides or writes."""
    if figure.being is Being.CREATURE or figure.deed in table.BEASTLY:
        return figure
    return replace(figure, deed=table.AS_BEAST.get(figure.deed, Deed.STAND), holds=Thing.NONE)


def _species_in(element: Element) -> Species:
    """The species that the quotes of a creature name most; none where two are named alike."""
    counts: Counter[Species] = Counter()
    for quote in element.quotes:
        for word in re.findall(r"(?<![\w’-])[a-z-]+", quote.text):  # "the Rat" beside it is another of the cast
            bare = word.removesuffix("s")
            names = (word, bare, bare.rpartition("-")[2])  # a wolf-dog is a dog
            counts[next((people_table.SPECIES[n] for n in names if n in people_table.SPECIES), Species.UNKNOWN)] += 1
    del counts[Species.UNKNOWN]
    told = counts.most_common(2)
    often = told and 3 * told[0][1] >= len(element.quotes)
    return told[0][0] if often and (len(told) < 2 or told[0][1] > told[1][1]) else Species.UNKNOWN


def _not_itself(figure: Figure, at: int) -> Figure:
    return replace(figure, toward=None) if figure.toward == at else figure
