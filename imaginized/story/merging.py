"""Merging the elements that the chapters of a book found into one list for the whole book. Pure; knows no provider."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from imaginized.story.cast import join_cast
from imaginized.story.cast_orders import Member, Order, Problem, Word, obey
from imaginized.story.element_types import is_nobody
from imaginized.story.elements import NARRATOR, Element, ElementType, Look, Quote, Signs
from imaginized.story.joining import (
    ALIVE,
    OFTEN_ENOUGH,
    Group,
    chapters_of,
    group_by_name,
    is_rank,
    join_groups,
    keys_of,
)
from imaginized.story.look_fit import fit_looks
from imaginized.story.looking import describe, first_there, gather_looks
from imaginized.story.names import (
    Sexes,
    core,
    differ_in_sex,
    name_key,
    told_sexes,
)
from imaginized.story.traits import find_ages, find_sexes

MOST_QUOTES = 6
LONGEST_DESCRIPTION = 320
# Many horses share a noun: few of the "black horse; old horse" say more than all.
MOST_KINDS = 3
MOST_OF_TYPE = {ElementType.CHARACTER: 40, ElementType.CREATURE: 20, ElementType.PLACE: 20, ElementType.ITEM: 20}
# Of a long book more are worth listing: in proportion to its words.
LONG_BOOK, MOST_CHARACTERS = 100_000, 120
MOST_UNLISTED = 300
# Names that a model is told with a chapter: more cost more than they help.
MOST_TOLD, MOST_OTHERS = 60, 3
BIG_BOOK = 8
# Who has no name and no looks is somebody from so many mentions on.
LEAST_NAMELESS = 6
# Chapters this near tell of the same nameless one.
RUN = 1
CUT_SHORT = frozenset(("st", "mr", "mrs", "dr", "of"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The cast of a book.

    Attributes:
        elements: For the guide.
        members: The same for a person; behind them those that are left out.
        problems: The orders that could not be done.
        unlisted: Names of others that are too little in the book to be listed.
    """

    elements: tuple[Element, ...]
    members: tuple[Member, ...]
    problems: tuple[Problem, ...]
    unlisted: tuple[str, ...]


def merge_elements(found: Sequence[Sequence[Element]], *, words: int = 0) -> tuple[Element, ...]:
    """Join what the chapters found into the elements of the book, by kind and then by weight.

    Args:
        found: For each chapter, in reading order, its elements.
        words: Of the whole book; 0 for not known.

    Returns:
        At most 40 characters (in a long book up to 120, as well as any whose looks are told) and 20 of each other
        kind; quotes in reading order from as many chapters as possible.
    """
    return merge_cast(found, words=words).elements


def merge_cast(found: Sequence[Sequence[Element]], orders: Iterable[Order] = (), *, words: int = 0) -> Merged:
    """The same as a person wants it, with what became of each order.

    Args:
        found: For each chapter, in reading order, its elements.
        orders: What a person said; whoever is named in one is listed however little the book speaks of it.
        words: Of the whole book, which is long or short; 0 for not known.
    """
    everything = [element for chapter in found for element in chapter]
    sexes = told_sexes(key for element in everything if element.type in ALIVE for key in keys_of(element))
    groups = group_by_name(_without_strangers(element, sexes) for element in everything)
    groups = join_cast(groups, sexes)
    groups = join_groups(groups, sexes, nouns=True)
    chapters = len(found)
    word = obey(groups, orders, called=_called)
    kept = [group for group in word.groups if word.is_named(group) or _is_strong(group, chapters=chapters)]
    last = max((number for element in everything for number in element.chapters), default=chapters)
    traits = zip(kept, find_ages(kept, chapters=last), find_sexes(kept), strict=True)
    merged = [(group, replace(_merge(group, ages), ages=ages, sex=sex)) for group, ages, sex in traits]
    shown = [(group, word.told(group, element)) for group, element in merged if not word.is_dropped(group)]
    named = {id(element) for group, element in shown if word.is_named(group)}
    listed = [element for _, element in shown]
    elements = [element for kind in ElementType for element in _best(listed, kind, named=named, words=words)]
    return Merged(
        elements=tuple(elements),
        members=_members(word, merged, elements=elements),
        problems=tuple(word.problems),
        unlisted=_unlisted(word, elements=elements),
    )


def _members(word: Word, merged: Sequence[tuple[Group, Element]], *, elements: Sequence[Element]) -> tuple[Member, ...]:
    """The elements as a person sees them, in their order; behind them those that a person wants left out."""
    places = {element.name: place for place, element in enumerate(elements)}
    members = [word.member(group, element) for group, element in merged]
    listed = [member for member in members if member.is_dropped or member.name in places]
    return tuple(sorted(listed, key=lambda one: (one.is_dropped, places.get(one.name, 0), -one.mentions, one.name)))


def _unlisted(word: Word, *, elements: Sequence[Element]) -> tuple[str, ...]:
    """What others are called, most often named first: an order may name them."""
    listed = {element.name for element in elements}
    others = [group for group in word.groups if not word.is_dropped(group) and word.name_of(group) not in listed]
    ranked = sorted(others, key=lambda group: (-group.mentions, group.key))[:MOST_UNLISTED]
    return tuple(word.name_of(group) for group in ranked)


def _called(group: Group) -> str:
    return _names(group)[0]


def names_of(members: Iterable[Member]) -> tuple[str, ...]:
    """What the most often named are called, each with some of its other names in brackets; so many names in all.

    As the book calls them: who is asked for elements by a name that only a person gave would find somebody new.
    """
    told: list[str] = []
    left = MOST_TOLD
    for member in sorted(members, key=lambda one: (-one.mentions, one.found)):
        if member.is_dropped or left < 1:
            continue
        given = {member.found, member.name}
        others = [name for name in member.names if name not in given and not name.islower()]
        others = others[: min(MOST_OTHERS, left - 1)]
        left -= 1 + len(others)
        told.append(f"{member.found} ({', '.join(others)})" if others else member.found)
    return tuple(told)


def join_aliases(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Join the names of one chapter: "Holmes" and "Sherlock Holmes"; drops and orders nothing else."""
    found = tuple(elements)
    sexes = told_sexes(key for element in found if element.type in ALIVE for key in keys_of(element))
    groups = join_cast(group_by_name(found), sexes, whole=False)
    return tuple(_merge(group) for group in join_groups(groups, sexes, nouns=False))


def group_names(elements: Iterable[Element]) -> tuple[Element, ...]:
    """One element for each name of a chapter, with its signs; who is who is the book's to decide."""
    groups: dict[tuple[object, ...], list[Element]] = defaultdict(list)
    for element in elements:
        groups[name_key(element.name) or (element.name,)].append(element)
    return tuple(_as_one(same) for same in groups.values())


def _as_one(same: list[Element]) -> Element:
    """Elements of one name ("Mrs.Walker", "Mrs. Walker") as one, with the sums of their signs."""
    if len(same) == 1:
        return same[0]
    group = Group(name_key(same[0].name))
    group.take(same)
    signed = [each.signs for each in same if each.signs is not None]
    return replace(_merge(group), signs=_sum_of(signed) if signed else None)


def _sum_of(signed: list[Signs]) -> Signs:
    parts = {part.name: Counter[str]() for part in fields(Signs)}
    for signs in signed:
        for name, total in parts.items():
            total.update(getattr(signs, name))
    return Signs(**{name: dict(total) for name, total in parts.items()})


def _without_strangers(element: Element, sexes: Sexes) -> Element:
    """Leave out the other names that cannot be its own: a chapter alone may not know that Mina is no Mr. Harker."""
    key = name_key(element.name)
    if element.type not in ALIVE or not key:
        return element
    own = tuple(alias for alias in element.aliases if not differ_in_sex(key, name_key(alias) or key, sexes))
    return element if own == element.aliases else replace(element, aliases=own)


def _is_strong(group: Group, *, chapters: int) -> bool:
    """Tell whether the book, not just a sentence of it, speaks of it."""
    if group.counts["narrator"] and group.key == name_key(NARRATOR):
        return len(group.chapters) * 2 > chapters  # not who writes a letter in it
    if group.type is ElementType.CREATURE and group.counts["noun"] and _mentions(group) < 2:
        return False  # a goose in passing
    if group.type is ElementType.CHARACTER and group.signed and is_nobody(group.counts, mentions=group.signed):
        return _is_described(group)
    if _is_passing(group):
        return False  # a townsman who only asks
    if group.type is ElementType.CHARACTER and not group.counts["noun"] and _is_described(group):
        return True  # met once, but one would know them again
    if chapters < BIG_BOOK:
        return group.mentions >= 2 or any(element.description for element in group.found)
    spread = len(group.chapters)
    return group.mentions >= (3 if spread > 1 else 4) or (
        group.mentions >= 2 and any(e.description for e in group.found)
    )


def _is_passing(group: Group) -> bool:
    """Tell whether it is a nameless person of few words, whose looks nobody tells."""
    if group.type is not ElementType.CHARACTER or group.counts["noun"] * 2 <= group.mentions:
        return False
    return _mentions(group) < LEAST_NAMELESS and not any(element.description for element in group.found)


def _is_described(group: Group) -> bool:
    """Tell whether the looks of one who has a name are told for sure."""
    looks = [look for element in group.found for look in element.looks]
    return any(look.is_lasting and not look.is_guessed for look in looks)


def _best(merged: list[Element], kind: ElementType, *, named: Collection[int], words: int) -> list[Element]:
    """The weightiest, and those that a person named, by identity; of people also those whose looks are told."""
    ranked = sorted((element for element in merged if element.type is kind), key=_weight)
    least = most = MOST_OF_TYPE[kind]
    also = set(named)
    if kind is ElementType.CHARACTER:
        most = min(max(least, least * words // LONG_BOOK), MOST_CHARACTERS)
        described = [element for element in ranked[most:] if element.looks and element.description]
        also |= {id(element) for element in described[: MOST_CHARACTERS - most]}
    known = {word for element in ranked[:least] for word in core(name_key(element.name))}
    more = [element for element in ranked[least:most] if element.looks or not known.issuperset(_core_of(element))]
    return ranked[:least] + [e for e in ranked[least:] if id(e) in also or any(e is other for other in more)]


def _core_of(element: Element) -> tuple[str, ...]:
    """The words of its name; where all are in those of others, it is open whose it is."""
    return core(name_key(element.name))


def _weight(element: Element) -> tuple[float, str]:
    looks = 3.0 if element.description else 0.0
    return -(element.mentions + 2.0 * len(element.chapters) + looks), element.name


def _merge(group: Group, ages: Mapping[str, int] | None = None) -> Element:
    name, aliases = _names(group)
    own = fit_looks(group, ages=ages or {})
    looks = gather_looks(own, first=first_there(group.found))
    pieces = [look.text for look in looks if look.is_lasting]
    # Where looks were told with their quotes and none was kept, they are somebody else's; a description without quotes
    # is all that there is of others.
    if not any(element.looks for element in own):
        pieces = _pieces(group, own)
    quotes = _quotes(group, pieces, looks)
    return Element(
        type=group.type,
        name=name,
        aliases=aliases,
        description=describe(looks) or _describe(pieces, quotes),
        quotes=quotes,
        looks=looks,
        mentions=_mentions(group),
        chapters=group.chapters,
        signs=_signs_of_narrator(group),
    )


def _signs_of_narrator(group: Group) -> Signs | None:
    """What who tells the book says of himself, which no name tells and no sentence with "he"; None of others."""
    told = [each.signs.counts for each in group.found if each.signs is not None and each.signs.counts.get("narrator")]
    total = Counter[str]()
    for counts in told:
        total.update(counts)
    return Signs(counts=dict(sorted(total.items()))) if told else None


def _mentions(group: Group) -> int:
    """How often it is meant: "the dog" of far chapters is another one, so only the longest-spoken-of run counts."""
    told = Counter[int]()
    for element in group.found:
        told[min(chapters_of(element), default=0)] += element.mentions
    if group.counts["noun"] * 2 <= group.mentions or group.counts["narrator"] or group.type not in ALIVE:
        return told.total()
    best = run = last = 0
    for chapter in sorted(told):
        run = told[chapter] + (run if chapter <= last + RUN else 0)
        best, last = max(best, run), chapter
    return best


def _names(group: Group) -> tuple[str, tuple[str, ...]]:
    """The fullest of the often used names, and the others, most used first."""
    uses: Counter[str] = Counter()
    for element in group.found:
        uses[element.name] += max(element.mentions, 1)
        uses.update(dict.fromkeys(element.aliases, 0))
    ranked = sorted(uses, key=lambda name: (is_rank(name_key(name)), -uses[name], name))
    often = [name for name in ranked if uses[name] * OFTEN_ENOUGH >= uses[ranked[0]] and not is_rank(name_key(name))]
    often = _proper(group, often, uses) or ranked[:1]
    name = max(often, key=lambda name: (len(core(name_key(name))), uses[name], name))
    seen = {name_key(name), ()}  # nothing but dots is no name
    aliases = []
    for other in ranked:
        key = name_key(other)
        if key not in seen and key[-1] not in CUT_SHORT:
            seen.add(key)
            aliases.append(other)
    return name, tuple(aliases)


def _proper(group: Group, names: list[str], uses: Counter[str]) -> list[str]:
    """Leave out "Flower Girl" where the one whose role it is has a name that is used more."""
    of_name = {e.name: e.signs.counts for e in group.found if e.signs}
    roles = [
        name for name in names if 2 * of_name.get(name, {}).get("the", 0) >= of_name.get(name, {}).get("middle", 1)
    ]
    best = max((uses[name] for name in names if name not in roles), default=0)
    return [name for name in names if name not in roles or uses[name] >= best]


def _pieces(group: Group, found: Iterable[Element]) -> list[str]:
    """What the chapters say of its looks, weightiest chapter first, nothing twice."""
    ranked = sorted(found, key=lambda e: (-len(e.description) - e.mentions, chapters_of(e), e.name))
    pieces: list[str] = []
    for element in ranked:
        for piece in (part.strip() for part in element.description.split(";")):
            if piece and not any(piece.casefold() in other.casefold() for other in pieces):
                pieces.append(piece)
    kept = [piece for piece in pieces if not any(piece != other and piece in other for other in pieces)]
    last = group.key[-1] if group.key else ""  # a model's name may be a mere dot
    noun = last[: max(3, len(last) - 2)]  # of one and of many
    kinds = [piece for piece in kept if noun and group.printed <= 0 and noun in piece.casefold()]
    return [piece for piece in kept if piece not in kinds[MOST_KINDS:]]


def _quotes(group: Group, pieces: list[str], looks: tuple[Look, ...] = ()) -> tuple[Quote, ...]:
    """Up to six, in reading order: its first appearance, what tells looks, and then one a chapter before a second."""
    shown = [look.quote for look in looks if look.is_lasting and look.quote is not None]
    found = list(dict.fromkeys((*shown, *(quote for element in group.found for quote in element.quotes))))
    told = {quote: _told(quote, pieces) + (quote in shown) for quote in found}
    by_chapter: dict[int, list[Quote]] = defaultdict(list)
    for quote in sorted(found, key=lambda quote: (-told[quote], quote.start)):
        by_chapter[quote.chapter].append(quote)
    first = min(by_chapter, default=0)
    ranked = [(rank, quote) for quotes in by_chapter.values() for rank, quote in enumerate(quotes)]
    ranked.sort(
        key=lambda pair: (
            (pair[0], pair[1].chapter) != (0, first),
            not told[pair[1]],
            pair[0],
            -min(told[pair[1]], 2),
            pair[1].chapter,
            pair[1].start,
        )
    )
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
