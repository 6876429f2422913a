"""Merging the elements that the chapters of a book found into one list for the whole book. Pure; knows no provider."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from imaginized.book.elements import Element, ElementType, Quote
from imaginized.book.names import (
    RANKS,
    WOMEN,
    Key,
    Sexes,
    are_two,
    core,
    differ_in_sex,
    front,
    is_mother_of,
    is_short_for,
    name_key,
    sex_of,
    told_sexes,
)

MOST_QUOTES = 6
LONGEST_DESCRIPTION = 320
# Many horses share a noun: few of their looks say more than all.
MOST_PIECES, MOST_PIECES_OF_MANY = 6, 3
MOST_OF_TYPE = {ElementType.CHARACTER: 40, ElementType.CREATURE: 20, ElementType.PLACE: 20, ElementType.ITEM: 20}
# A chapter says "creature" or "item" only on the strength of a noun; "character" is also what nothing speaks against.
VOTE = {ElementType.CHARACTER: 1.0, ElementType.CREATURE: 8.0, ElementType.PLACE: 1.0, ElementType.ITEM: 6.0}
ALIVE = frozenset((ElementType.CHARACTER, ElementType.CREATURE))
# A short name joins a longer one if that is so much weightier than the next candidate.
CLEARLY_MORE = 3.0
BIG_BOOK = 8
# The fullest name is shown if it makes up a fifth of the commonest one.
OFTEN_ENOUGH = 5
# "The Count" is Count Dracula if those who are called so share at least this much of its chapters.
RANK_SHARE = 0.35
CUT_SHORT = frozenset(("st", "mr", "mrs", "dr", "of"))
EMPTY: Sexes = {}


@dataclass(slots=True)
class Group:
    """All that the chapters found under one name, then under its other names too; facts are kept up by `take`."""

    key: Key
    found: list[Element] = field(default_factory=list)
    mentions: int = 0
    votes: dict[ElementType, float] = field(default_factory=dict)
    type: ElementType = ElementType.CHARACTER
    keys: set[Key] = field(default_factory=set)
    printed: int = 0

    def take(self, elements: Iterable[Element]) -> None:
        """Add what was found; the type is by weighted majority, in a draw the earlier kind of the guide."""
        for element in elements:
            weight = max(element.mentions, 1)
            self.found.append(element)
            self.mentions += weight
            self.votes[element.type] = self.votes.get(element.type, 0.0) + weight * VOTE[element.type]
            self.keys |= _keys(element)
            self.printed += _printed_as_name(element)
        self.type = max(ElementType, key=lambda kind: self.votes.get(kind, 0.0))

    @property
    def chapters(self) -> tuple[int, ...]:
        """Where it was found, ascending."""
        return tuple(sorted({chapter for element in self.found for chapter in _chapters(element)}))


def merge_elements(found: Sequence[Sequence[Element]]) -> tuple[Element, ...]:
    """Join what the chapters found into the elements of the book, by kind and then by weight.

    Args:
        found: For each chapter, in reading order, its elements.

    Returns:
        At most 40 characters and 20 of each other kind; quotes in reading order from as many chapters as possible.
    """
    everything = [element for chapter in found for element in chapter]
    sexes = told_sexes(key for element in everything if element.type in ALIVE for key in _keys(element))
    groups = _by_name(_without_strangers(element, sexes) for element in everything)
    groups = _join_aliases(groups, sexes, nouns=True)
    chapters = len(found)
    kept = [group for group in groups if _is_strong(group, chapters=chapters)]
    merged = [_merge(group) for group in kept]
    return tuple(element for kind in ElementType for element in _best(merged, kind))


def join_aliases(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Join the names of one chapter: "Holmes" and "Sherlock Holmes"; drops and orders nothing else."""
    found = tuple(elements)
    sexes = told_sexes(key for element in found if element.type in ALIVE for key in _keys(element))
    return tuple(_merge(group) for group in _join_aliases(_by_name(found), sexes, nouns=False))


def _by_name(elements: Iterable[Element]) -> list[Group]:
    groups: dict[Key, Group] = {}
    for element in elements:
        key = name_key(element.name)
        if key in groups and element.type in ALIVE and _are_strangers(groups[key].keys, _keys(element)):
            element = _by_full_name(element)
            key = name_key(element.name)
        if key:
            groups.setdefault(key, Group(key)).take([element])
    for key in list(groups):
        plural = next((many for many in _plurals(key) if many in groups), None)
        if plural is not None and groups[plural].type == groups[key].type:
            groups[plural].take(groups.pop(key).found)
    return list(groups.values())


def _plurals(key: Key) -> list[Key]:
    last = key[-1]
    forms = [last[:-1] + "ies", last[:-1] + "ves"] if last[-1] in "yf" else []
    forms += [last + "s", last + "es", last.removesuffix("man") + "men"]
    return [(*key[:-1], form) for form in forms]


def _join_aliases(groups: list[Group], sexes: Sexes, *, nouns: bool) -> list[Group]:
    """Join short names to full ones, fullest first, a Miss before a Mrs.; leave alone where it is open whose it is.

    With `nouns` "the shoes" of the book join its silver shoes; a chapter alone does not know whether there are others.
    """
    ranked = sorted(
        groups, key=lambda g: (-len(front(core(g.key))), -len(g.key), g.key[0] == "mrs", -g.mentions, g.key)
    )
    standing: list[Group] = []
    by_word: dict[str, list[Group]] = defaultdict(list)
    for group in ranked:
        near = {id(other): other for key in group.keys for word in key for other in by_word[word] if other.found}
        same = [o for o in near.values() if _same(group, o, sexes) or (nouns and _is_noun_of(group, o))]
        target = _target(group, same)
        if target is not None:
            target.take(group.found)
            group = target
        else:
            standing.append(group)
        for word in {word for key in group.keys for word in key}:
            if not any(other is group for other in by_word[word]):
                by_word[word].append(group)
    return standing


def _target(group: Group, others: list[Group]) -> Group | None:
    """The one that a name is another name of: the only one, or the clearly weightier."""
    others.sort(key=lambda other: (-other.mentions, other.key))
    if not others:
        return None
    if len(others) > 1 and others[0].mentions < CLEARLY_MORE * others[1].mentions:
        exact = [other for other in others if core(other.key) == core(group.key)]
        return exact[0] if len(exact) == 1 else None
    return others[0]


def _same(group: Group, other: Group, sexes: Sexes) -> bool:
    kinds = {group.type, other.type}
    if len(kinds) > 1 and not kinds <= ALIVE:
        return False
    if kinds <= ALIVE and _are_strangers(group.keys, other.keys, sexes):
        return False
    if group.key in other.keys or other.key in group.keys:
        return True
    if not kinds <= ALIVE or group.printed <= 0 or other.printed <= 0:
        return False
    if _is_wife_of_open(group, other, sexes) or _is_wife_of_open(other, group, sexes):
        return False
    return (
        any(is_short_for(other.key, key) for key in group.keys)
        or any(is_short_for(group.key, key) for key in other.keys)
        or _is_rank_of(group, other)
        or _is_rank_of(other, group)
    )


def _is_wife_of_open(wife: Group, other: Group, sexes: Sexes) -> bool:
    """Tell whether "Mrs. Toller" is all there is of one, and nothing says that the other, "Toller", is a woman."""
    if not all(key[0] in WOMEN and len(core(key)) == 1 for key in wife.keys):
        return False
    return not any(sex_of(key, sexes) == "woman" for key in other.keys)


def _is_noun_of(short: Group, full: Group) -> bool:
    """Tell whether "the shoes" are the silver shoes: a thing's noun joins the one name that it often has."""
    if short.type is ElementType.CHARACTER or short.type is not full.type or len(short.key) > 1 or len(full.key) < 2:
        return False
    if full.key[-1] != short.key[0] or (full.type is ElementType.PLACE and full.printed > 0):  # a road, Brixton Road
        return False
    return full.mentions * (OFTEN_ENOUGH if full.printed <= 0 else 2) >= short.mentions


def _is_rank_of(bare: Group, titled: Group) -> bool:
    """Tell whether a title alone ("the Count") stands for one who bears it and is there in many of its chapters."""
    if not _is_rank(bare.key) or not any(len(key) > 1 and key[0] == bare.key[0] for key in titled.keys):
        return False
    there = set(bare.chapters)
    return len(there & set(titled.chapters)) >= RANK_SHARE * len(there)


def _is_rank(key: Key) -> bool:
    return len(key) == 1 and key[0] in RANKS


def _keys(element: Element) -> set[Key]:
    return {name_key(name) for name in (element.name, *element.aliases)} - {()}


def _are_strangers(some: Iterable[Key], others: Iterable[Key], sexes: Sexes = EMPTY) -> bool:
    """Tell whether a name of the ones and a name of the others cannot be one's."""
    some, others = _as_misses(some), _as_misses(others)
    mothers = any(is_mother_of(a, others) for a in some) or any(is_mother_of(b, some) for b in others)
    return mothers or any(are_two(a, b) or differ_in_sex(a, b, sexes) for a in some for b in others)


def _as_misses(keys: Iterable[Key]) -> set[Key]:
    """Her maiden name as a Miss bears it: Mina Murray is Miss Mina Murray, and may marry."""
    known = set(keys)
    return {("miss", *key) if ("miss", *key) in known else key for key in known}


def _without_strangers(element: Element, sexes: Sexes) -> Element:
    """Leave out the other names that cannot be its own: a chapter alone may not know that Mina is no Mr. Harker."""
    key = name_key(element.name)
    if element.type not in ALIVE or not key:
        return element
    own = tuple(alias for alias in element.aliases if not differ_in_sex(key, name_key(alias) or key, sexes))
    return element if own == element.aliases else replace(element, aliases=own)


def _by_full_name(element: Element) -> Element:
    """Call it by the fullest of its names: another John than the John of the chapters before."""
    name = max((element.name, *element.aliases), key=lambda name: (len(core(name_key(name))), name))
    rest = tuple(other for other in (element.name, *element.aliases) if other != name)
    return replace(element, name=name, aliases=rest)


def _printed_as_name(element: Element) -> int:
    """Votes for a proper name: "Wolf" is none where the quotes print "wolf"."""
    if element.name.islower():
        return -1
    small = element.name[:1].lower() + element.name[1:]
    as_name = sum(element.name in quote.text for quote in element.quotes)
    return 1 if as_name >= sum(small in quote.text for quote in element.quotes) else -1


def _chapters(element: Element) -> tuple[int, ...]:
    return element.chapters or tuple(sorted({quote.chapter for quote in element.quotes}))


def _is_strong(group: Group, *, chapters: int) -> bool:
    """Tell whether the book, not just a sentence of it, speaks of it."""
    if chapters < BIG_BOOK:
        return group.mentions >= 2 or any(element.description for element in group.found)
    spread = len(group.chapters)
    return group.mentions >= (3 if spread > 1 else 4) or (
        group.mentions >= 2 and any(e.description for e in group.found)
    )


def _best(merged: list[Element], kind: ElementType) -> list[Element]:
    of_kind = [element for element in merged if element.type is kind]
    return sorted(of_kind, key=_weight)[: MOST_OF_TYPE[kind]]


def _weight(element: Element) -> tuple[float, str]:
    looks = 3.0 if element.description else 0.0
    return -(element.mentions + 2.0 * len(element.chapters) + looks), element.name


def _merge(group: Group) -> Element:
    name, aliases = _names(group)
    pieces = _pieces(group)
    quotes = _quotes(group, pieces)
    return Element(
        type=group.type,
        name=name,
        aliases=aliases,
        description=_describe(pieces, quotes),
        quotes=quotes,
        mentions=sum(element.mentions for element in group.found),
        chapters=group.chapters,
    )


def _names(group: Group) -> tuple[str, tuple[str, ...]]:
    """The fullest of the often used names, and the others, most used first."""
    uses: Counter[str] = Counter()
    for element in group.found:
        uses[element.name] += max(element.mentions, 1)
        uses.update(dict.fromkeys(element.aliases, 0))
    ranked = sorted(uses, key=lambda name: (_is_rank(name_key(name)), -uses[name], name))
    often = [name for name in ranked if uses[name] * OFTEN_ENOUGH >= uses[ranked[0]] and not _is_rank(name_key(name))]
    often = often or ranked[:1]
    name = max(often, key=lambda name: (len(core(name_key(name))), uses[name], name))
    seen = {name_key(name), ()}  # nothing but dots is no name
    aliases = []
    for other in ranked:
        key = name_key(other)
        if key not in seen and key[-1] not in CUT_SHORT:
            seen.add(key)
            aliases.append(other)
    return name, tuple(aliases)


def _pieces(group: Group) -> list[str]:
    """What the chapters say of its looks, weightiest chapter first, nothing twice."""
    ranked = sorted(group.found, key=lambda e: (-len(e.description) - e.mentions, _chapters(e), e.name))
    pieces: list[str] = []
    for element in ranked:
        for piece in (part.strip() for part in element.description.split(";")):
            if piece and not any(piece.casefold() in other.casefold() for other in pieces):
                pieces.append(piece)
    kept = [piece for piece in pieces if not any(piece != other and piece in other for other in pieces)]
    return kept[: MOST_PIECES if group.printed > 0 else MOST_PIECES_OF_MANY]


def _quotes(group: Group, pieces: list[str]) -> tuple[Quote, ...]:
    """Up to six, those that tell looks first, one a chapter before a second of any; in reading order."""
    by_chapter: dict[int, list[Quote]] = defaultdict(list)
    for quote in dict.fromkeys(quote for element in group.found for quote in element.quotes):
        by_chapter[quote.chapter].append(quote)
    for quotes in by_chapter.values():
        quotes.sort(key=lambda quote: (-_told(quote, pieces), quote.start))
    ranked = [(rank, quote) for quotes in by_chapter.values() for rank, quote in enumerate(quotes)]
    ranked.sort(key=lambda pair: (pair[0], -min(_told(pair[1], pieces), 2), pair[1].chapter, pair[1].start))
    chosen: list[Quote] = []
    for _, quote in ranked:
        if len(chosen) < MOST_QUOTES and not any(_overlap(quote, other) for other in chosen):
            chosen.append(quote)
    return tuple(sorted(chosen, key=lambda quote: (quote.chapter, quote.start)))


def _overlap(a: Quote, b: Quote) -> bool:
    return a.chapter == b.chapter and a.start < b.start + len(b.text) and b.start < a.start + len(a.text)


def _told(quote: Quote, pieces: list[str]) -> int:
    return sum(piece in quote.text for piece in pieces)


def _describe(pieces: list[str], quotes: tuple[Quote, ...]) -> str:
    """Join the pieces up to a length, first those that a chosen quote shows."""
    shown = [piece for piece in pieces if any(piece in quote.text for quote in quotes)]
    ordered = shown + [piece for piece in pieces if piece not in shown]
    kept: list[str] = []
    for piece in ordered:
        if not kept or sum(map(len, kept)) + len(piece) <= LONGEST_DESCRIPTION:
            kept.append(piece)
    sentences = all(piece.endswith(".") for piece in kept)
    return (" " if sentences else "; ").join(kept)
