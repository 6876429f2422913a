"""Who of a book's cast was in earlier volumes of its series, and what those volumes tell of them. Pure.

Only a name proves that two are one: one that both volumes call somebody by, and nobody else of them.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from imaginized.story.cast_orders import Order, Verb
from imaginized.story.elements import NARRATOR, SELF, Element, ElementType, Look, Scene
from imaginized.story.joining import ALIVE, is_rank
from imaginized.story.names import Key, core, differ_in_sex, name_key, told_sexes

# A name may stand behind one of these now and then, a word does mostly.
_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "his",
        "her",
        "its",
        "my",
        "your",
        "our",
        "their",
        "every",
        "each",
        "some",
        "no",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "dieser",
        "diese",
        "dieses",
        "sein",
        "seine",
        "ihr",
        "ihre",
        "mein",
        "meine",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "ce",
        "cette",
        "ces",
        "son",
        "sa",
        "ses",
        "mon",
        "ma",
        "leur",
        "el",
        "los",
        "las",
        "una",
        "su",
        "sus",
        "lo",
        "il",
        "gli",
        "della",
        "del",
        "het",
        "een",
        "os",
        "as",
        "um",
        "uma",
    ]
)
MOST_WITH_ONE = 2
MOST_LOOKS = 6
LONGEST_TEXT = 320
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-zß-öø-ÿ]")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_LONG_WORDS = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that an earlier volume tells of somebody's looks, with its words for it.

    Attributes:
        quote: The passage, verbatim; "" where a person wrote it.
        chapter: Of that volume; 0 where a person wrote it.
    """

    text: str
    quote: str = ""
    chapter: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Somebody as an earlier volume knows them.

    Attributes:
        book: Id of that volume.
        title: Its title.
        volume: Its number in the series, as written.
        name: What it calls them.
        names: What else.
        looks: What it tells of their looks.
        picture: Path below this book's folder of a copy of a picture of them; "" for none.
        picture_digest: Its SHA-256 where a person placed it; "" for one of ours.
    """

    book: str
    title: str
    volume: str
    name: str
    names: tuple[str, ...] = ()
    looks: tuple[Told, ...] = ()
    picture: str = ""
    picture_digest: str = ""

    def is_called(self, name: str) -> bool:
        """Whether a name says that it is this one: before a reader of the later volume knows it, nothing is told."""
        return _is_name(name) and name_key(name) in {name_key(own) for own in (self.name, *self.names)}

    def new_names(self, element: Element) -> tuple[str, ...]:
        """What it is called there and not in this book."""
        known = {name_key(name) for name in (element.name, *element.aliases)}
        fresh = {name_key(name): name for name in reversed((self.name, *self.names)) if _is_name(name)}
        return tuple(name for key, name in reversed(fresh.items()) if key not in known)


Cast = Mapping[str, tuple[Earlier, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """One of a cast, by names alone.

    Attributes:
        names: All of them, the one that it was found by first.
        main: Its names that a guide uses, as keys.
        keys: Its names that tell who somebody is, as keys: no bare ranks, not who tells the book.
        printed: Those that the book's own passages print as names, as keys: a basket is no name, a Scarecrow is one.
        called: Those that stand there without an article, too, or have several words.
    """

    type: ElementType
    names: tuple[str, ...]
    main: frozenset[Key]
    keys: frozenset[Key]
    printed: frozenset[Key]
    called: frozenset[Key]

    @property
    def name(self) -> str:
        """By what it was found."""
        return self.names[0]


def somebody(element: Element, *, found: str) -> Somebody:
    """One of a cast, of the element of its book.

    Args:
        element: With its passages.
        found: By what name it was found, whatever a person calls it.
    """
    names = tuple(dict.fromkeys((found, element.name, *element.aliases)))
    telling = [name for name in names if _is_name(name)]
    text = "\n".join(quote.text for quote in element.quotes)
    printed = {name: before for name in telling if (before := _before_it(name, text=text))}
    called = [name for name, before in printed.items() if len(_CAPITAL.findall(name)) > 1 or _stands_alone(before)]
    return Somebody(
        type=element.type,
        names=names,
        main=frozenset(map(name_key, (found, element.name))),
        keys=frozenset(map(name_key, telling)),
        printed=frozenset(map(name_key, printed)),
        called=frozenset(map(name_key, called)),
    )


def _stands_alone(before: Sequence[str]) -> bool:
    """Whether it is hardly ever "the Witch" or "his Palace", by the words before it."""
    with_one = sum(not _DETERMINERS.isdisjoint(words.casefold().split()) for words in before)
    return with_one * MOST_WITH_ONE < len(before)


def _before_it(name: str, *, text: str) -> list[str]:
    """The one or two words before a name, each time that it stands within a sentence, not in a longer one."""
    return re.findall(rf"((?:[^\W\d_]+ )?[^\W\d_]+),? {re.escape(name)}(?!\w| {_CAPITAL.pattern})", text)


def same_ones(own: Sequence[Somebody], earlier: Sequence[Somebody]) -> Iterator[tuple[int, int]]:
    """The pairs that are one: their places in each."""
    mine, theirs = _owners(own), _owners(earlier)
    found: dict[tuple[int, int], set[Key]] = defaultdict(set)
    for key, places in mine.items():
        if len(places) == 1 and len(theirs.get(key, ())) == 1:
            found[places[0], theirs[key][0]].add(key)
    fits = {pair: keys for pair, keys in found.items() if _is_same(own[pair[0]], earlier[pair[1]], keys)}
    ours, others = ([pair[side] for pair in fits] for side in (0, 1))
    for at, before in fits:
        # One who would be two, or two who would be one: then it is not said who.
        if ours.count(at) == 1 and others.count(before) == 1:
            yield at, before


def _owners(cast: Sequence[Somebody]) -> dict[Key, list[int]]:
    owners: dict[Key, list[int]] = defaultdict(list)
    for at, one in enumerate(cast):
        for key in one.keys:
            owners[key].append(at)
    return owners


def _is_same(one: Somebody, other: Somebody, shared: Collection[Key]) -> bool:
    """Whether names in common are enough to say so."""
    people = one.type in ALIVE and other.type in ALIVE
    if one.type != other.type and not people:
        return False
    sexes = told_sexes([*one.keys, *other.keys])
    if any(differ_in_sex(mine, theirs, sexes) for mine in one.keys for theirs in other.keys):
        return False
    return any(_is_proof(key, one, other, people=people) for key in shared)


def _is_proof(key: Key, one: Somebody, other: Somebody, *, people: bool) -> bool:
    """Whether a name is more than a word that both books have: "the Witch" of one may be another in the next."""
    if key not in one.printed | other.printed:
        return False
    if people and key in one.main & other.main:
        return True
    if len(core(key)) > 1:
        return key in one.called | other.called
    # The Mary of one is the Mary Smith of the other only where that one calls her Mary, too.
    return key in one.called & other.called and key in one.main | other.main


def _is_name(name: str) -> bool:
    key = name_key(name)
    if not key or name.casefold() in (NARRATOR.casefold(), SELF.casefold()) or is_rank(key):
        return False
    return any(letter.isupper() for letter in name) or not any(letter.islower() for letter in name)


def joined_earlier(
    cast: Sequence[Somebody], earlier: Sequence[Somebody], *, scenes: Iterable[Scene], said: Iterable[Order]
) -> tuple[Order, ...]:
    """The merges that an earlier volume asks for: two of this book whom it knows as one.

    Not where both stand in one scene, and not where a person spoke of either.
    """
    spoken = {name_key(name) for order in said for name in order.names}
    mine, beside = _owners(cast), [frozenset(map(name_key, scene.elements)) for scene in scenes]
    orders = []
    for one in earlier:
        if one.type is not ElementType.CHARACTER:
            continue
        places = {mine[key][0] for key in one.keys if len(mine.get(key, ())) == 1}
        whole = [cast[at] for at in sorted(places) if name_key(cast[at].name) in one.keys & cast[at].called]
        if len(whole) < 2 or spoken & {key for each in whole for key in each.keys}:
            continue
        pairs = [(a, b) for at, a in enumerate(whole) for b in whole[at + 1 :]]
        if not any(_are_two(a, b) or _meet(a, b, beside) for a, b in pairs):
            orders.append(Order(verb=Verb.MERGE, names=tuple(each.name for each in whole)))
    return tuple(orders)


def _are_two(one: Somebody, other: Somebody) -> bool:
    sexes = told_sexes([*one.keys, *other.keys])
    return other.type is not one.type or any(differ_in_sex(a, b, sexes) for a in one.keys for b in other.keys)


def _meet(one: Somebody, other: Somebody, scenes: Iterable[frozenset[Key]]) -> bool:
    return any(not names.isdisjoint(one.keys) and not names.isdisjoint(other.keys) for names in scenes)


def as_drawn(element: Element, *, earlier: Sequence[Earlier]) -> Element:
    """An element with what earlier volumes tell of it, where this book has nothing to say by then."""
    more = _fitting(element.description, earlier)
    if not more:
        return element
    description = "; ".join(part for part in (element.description, *(told.text for told in more)) if part)
    looks = (*element.looks, *(Look(text=told.text) for told in more)) if element.looks else ()
    return replace(element, description=description, looks=looks)


def told_in(scene: Scene, earlier: Iterable[Earlier]) -> tuple[Earlier, ...]:
    """What may be told in a scene: of who is called there by the name that says who it is, or by one of before."""
    return tuple(one for one in earlier if any(map(one.is_called, scene.elements)))


def _fitting(description: str, earlier: Sequence[Earlier]) -> list[Told]:
    """Looks that say nothing about what is told already; the last volume first, for people grow older."""
    known, size, kept = _said_of(description), len(description), list[Told]()
    for told in (told for one in reversed(earlier) for told in one.looks):
        words = _said_of(told.text)
        size += len(told.text)
        if size > LONGEST_TEXT or len(kept) == MOST_LOOKS:
            break
        if words and not words & known:
            kept.append(told)
            known |= words
    return kept


def _said_of(text: str) -> set[str]:
    """The words that say what a look is about: the longer ones, of a "red hat" both."""
    found = _LONG_WORDS.findall(text.casefold()) or _WORDS.findall(text.casefold())
    return {word.removesuffix("s") for word in found}
