"""Who is who in a book: which of its names are one person's. Pure; from the names of all chapters, once a book.

The order is that of Vala et al. (2015) and its kin: full names first, then given names, titles and bare last names,
each to the one person whose it can be, and to nobody where that is open. What proves two people two: another sex,
another given name, titles that nobody bears both of, "Anne and Miss Elliot", meeting in one sentence again and again.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from imaginized.story.aliases import join_called, join_told
from imaginized.story.apart import (
    NOBLE,
    comes_late,
    is_daughter,
    is_initial,
    is_once,
    is_part,
    is_same_full,
    share_chapter,
)
from imaginized.story.elements import ElementType
from imaginized.story.joining import ALIVE, Group, is_rank, is_rank_of, without_asides
from imaginized.story.names import (
    SOCIAL,
    WOMEN,
    Key,
    Parts,
    Sexes,
    given_roots,
    is_diminutive,
    is_same_given,
    name_key,
)
from imaginized.story.people import CLEARLY_MORE, HARDLY, KIN, KIN_OR_NOBLE, ROYAL, Cast, has_given

# So few answers may be slips.
SLIPS = 2
# A last name and a given name that meet in so many sentences, of the mentions of the rarer one, are two people's.
LEAST_MET, MET_SHARE = 6, 0.04


def join_cast(groups: list[Group], sexes: Sexes, *, whole: bool = True) -> list[Group]:
    """Join the names of people; whatever else there is stays as it is, in its place.

    Args:
        groups: One for each name.
        sexes: What titles tell of first names.
        whole: Whether this is the whole book; what only the telling joins is no chapter's to decide.
    """
    groups = without_asides(groups) if whole else groups
    named = [group for group in groups if _is_person(group)]
    nouns = [group for group in groups if group.counts["noun"] * 2 > group.mentions] if whole else []
    cast = Cast(named, sexes, nouns)
    groups = [group for group in groups if not cast.is_family(group)]
    named = [group for group in groups if _is_person(group) or cast.is_namesake(group)]
    single = join_called(cast, named) if whole else named
    for group in sorted(single, key=lambda group: (_step(_fullest(group, cast)), -group.mentions, group.key)):
        cast.add(group, _find_person(group, cast))
    left = nouns
    if whole:
        cast.people, left = join_told(cast, cast.people, nouns)
    kept = {id(group) for group in (*cast.people, *left)}
    for person in cast.people:
        person.type = person.type if person.type in ALIVE else ElementType.CHARACTER
    joined = {id(group) for group in (*named, *nouns)} - kept
    return [group for group in groups if id(group) not in joined]


def _is_person(group: Group) -> bool:
    if group.counts["noun"] * 2 > group.mentions:
        return False
    return group.type in ALIVE and (group.printed > 0 or group.signed > 0)


def _fullest(group: Group, cast: Cast) -> Parts:
    """The name of a group that says most; "the Great Lama" says less than the name that it goes with."""
    key = max(
        sorted(group.keys),
        key=lambda key: (_is_whole(parts := cast.parts(key)), bool(parts.given), len(parts.core), bool(parts.title)),
    )
    return cast.parts(key)


def _is_whole(parts: Parts) -> bool:
    return bool(parts.given and parts.last)


def _step(parts: Parts) -> int:
    """Full names, then given names, titles with a last name, husbands' names, what is one word."""
    if parts.given and parts.last:
        return 0
    if len(parts.core) > 1 and not parts.last:
        return 1
    if parts.given:
        return 2
    if parts.last:
        return 4 if parts.husband else 3
    return 5


def _find_person(group: Group, cast: Cast) -> Group | None:
    parts, near = _fullest(group, cast), cast.near(group)
    known = {id(p): [cast.parts(key) for key in p.keys] for p in near}
    exact = [p for p in near if any(k.core == parts.core and k.title == parts.title for k in known[id(p)])]
    owner = cast.owner(parts) if parts.title and not exact else None
    if owner is not None:
        return owner  # "Madame Stein" is Frau Stein, though one sentence has her as Anna, too
    if exact:
        return _choose(exact)
    if is_rank(group.key):
        return _choose([p for p in near if is_rank_of(group, p)])
    if parts.given and parts.last:
        return _choose([p for p in near if any(is_same_full(parts, k) for k in known[id(p)])])
    if len(parts.core) > 1 and not parts.last:
        return _choose([p for p in near if any(is_part(parts.core, k.core) for k in known[id(p)])])
    return _by_word(group, parts, near, known, cast)


Known = Mapping[int, list[Parts]]


def _by_word(group: Group, parts: Parts, near: list[Group], known: Known, cast: Cast) -> Group | None:
    """Find whose one given or last name is."""
    word = parts.given or parts.last or parts.word
    lasts = _best(near, lambda p: [k.last for k in known[id(p)]], word)
    if parts.last:
        return _by_last(group, parts, lasts, known, cast)
    givens = _best(near, lambda p: [k.given for k in known[id(p)]], word) if len(word) > 1 else []
    givens = [p for p in givens if any(k.given == word for k in known[id(p)]) or share_chapter(group, p)]
    if parts.given:
        return _by_given(group, parts, givens, known)
    givens = givens or [p for p in near if any(is_diminutive(word, k.word) for k in known[id(p)] if k.word)]
    givens = givens or [p for p in near if _answers_short(group, word, p, known)]
    if parts.word in cast.lasts and parts.word in cast.both:
        return None
    if parts.word in cast.lasts or not givens:
        men = _without_wives(group, lasts, cast, word)
        family = [p for p in lasts if p in men or not _has_title(p, "mrs", cast)]
        men = [p for p in men if not _is_rare(p, group, family)] or _who_answer(group, lasts)
        men = [p for p in men if not _are_met(group, p, cast)]
        return (
            _choose(men, cast.weight_of(word))
            or _choose(cast.without_misters(group, men))
            or (_choose([p for p in near if any(is_part(parts.core, k.core) and not k.last for k in known[id(p)])]))
        )
    return _choose(givens)


def _are_met(family: Group, person: Group, cast: Cast) -> bool:
    """Tell whether sentences have both a last name and somebody's bare given name: a teller keeps to one of them."""
    given = {key for key in person.keys if cast.sex(person) == "man" and _is_bare(cast.parts(key))}
    called = [element for element in person.found if name_key(element.name) in given]
    theirs: Counter[Key] = Counter()
    for element in called:
        theirs.update({name_key(name): count for name, count in element.signs.near.items()} if element.signs else {})
    met = max(sum(family.near[key] for key in given), sum(theirs[key] for key in family.keys))
    mentions = min(family.mentions, sum(element.mentions for element in called))
    return met >= max(LEAST_MET, MET_SHARE * mentions)


def _is_bare(parts: Parts) -> bool:
    return bool(parts.given and not parts.last and not parts.title)


def _answers_short(name: Group, word: str, person: Group, known: Known) -> bool:
    """Tell whether who has one name, and no other, answers again and again to what it is short for ("Tony")."""
    is_short = any(k.word != word and k.word in given_roots(word) for k in known[id(person)])
    return is_short and sum(name.answers[key] for key in person.keys) > SLIPS


def _by_given(group: Group, parts: Parts, people: list[Group], known: Known) -> Group | None:
    if parts.title in ROYAL:  # Princess Márya is not Márya Dmítrievna
        return _choose([p for p in people if any(k.title == parts.title for k in known[id(p)])])
    people = [p for p in people if not comes_late(p, group)]
    return _choose([p for p in people if parts.title or not all(k.title in NOBLE for k in known[id(p)])])


def _by_last(group: Group, parts: Parts, people: list[Group], known: Known, cast: Cast) -> Group | None:
    """Find whose a title with a last name is."""
    weight = cast.weight_of(parts.last)
    people = [p for p in people if _may_bear(parts.title, known[id(p)])]
    if parts.title not in SOCIAL:  # "Senator Buddenbrook" is the one whom the book calls "Senator Thomas", too
        people = [p for p in people if any(k.title == parts.title for k in known[id(p)])] or people
    if parts.title == "mrs":
        people = [p for p in people if not has_given(p, cast) or (cast.sex(p) == "woman" and not is_daughter(p, group))]
    eldest = cast.without_younger(parts, people)
    if parts.title == "miss" and len(eldest) < len(people):
        eldest = [p for p in eldest if weight(p) >= CLEARLY_MORE * max(weight(o) for o in people if o is not p)]
    people = [p for p in eldest if not is_once(p, weight(p)) and not cast.is_child_of(group, parts, p)]
    people = [p for p in people if not cast.is_another_of(group, p, parts.title) and not _are_met(group, p, cast)]
    people = [p for p in people if cast.share_chapter(group, p, parts.last)]
    open_to_all = parts.title == "mr" and not any(cast.are_told_apart(group, p) for p in people)
    return _choose(people, weight) or _choose(people if open_to_all else [])


def _may_bear(title: str, parts: list[Parts]) -> bool:
    """Tell whether somebody's other names go with a title before the last name."""
    if title in KIN:  # Uncle Reed is not John Reed, but may be Mr. Reed
        like = {title, "mrs" if title in WOMEN else "mr"}
    elif title in NOBLE:  # Lady Lucas is not Charlotte Lucas
        like = {title}
    elif title in ROYAL:  # Countess Gemini may be Mrs. Gemini
        like = {title, "mr", "mrs"}
    else:
        return title != "miss" or not all(k.title in KIN_OR_NOBLE for k in parts)
    return any(k.title in like and (k.title == title or not k.given) for k in parts)


def _who_answer(name: Group, people: list[Group]) -> list[Group]:
    """Who of a family speaks when others call by a bare last name: a girl at school."""
    return [p for p in people if sum(name.answers[key] for key in p.keys) > SLIPS]


def _is_rare(person: Group, bare: Group, family: list[Group]) -> bool:
    """Tell whether somebody is so seldom named that a bare last name is rather another's of the family."""
    most = max(other.mentions for other in family)
    return CLEARLY_MORE * person.mentions < min(most, bare.mentions)


def _without_wives(group: Group, people: list[Group], cast: Cast, last: str) -> list[Group]:
    """Leave women out, as a bare last name is a man's, unless he is hardly there: Mrs. Medlock is "Medlock"."""
    people = [p for p in people if cast.sex(group) == "woman" or not cast.is_lady(p)]
    men = [p for p in people if cast.sex(p) != "woman"]
    weight = cast.weight_of(last)
    is_he = group.counts["he"] >= group.counts["she"]
    if is_he and any(_has_title(p, "mr", cast) and share_chapter(group, p) for p in men):
        return men  # "Vane" beside Mr. and Mrs. Vane is he, however little is told of him
    most = max(map(weight, people), default=0)
    hardly = max(max(map(weight, men), default=0) * HARDLY, group.mentions * CLEARLY_MORE) < most
    return people if cast.sex(group) == "woman" or hardly else men


def _has_title(person: Group, title: str, cast: Cast) -> bool:
    return any(cast.parts(key).title == title for key in person.keys)


def _best(people: list[Group], words: Callable[[Group], list[str]], word: str) -> list[Group]:
    """Who bears just this word, else who bears one that it is short for."""
    exact = [person for person in people if word in words(person)]
    return exact or [
        p
        for p in people
        if any(each and (is_same_given(word, each) or (len(word) == 1 and is_initial(word, each))) for each in words(p))
    ]


def _choose(people: list[Group], weight: Callable[[Group], int] | None = None) -> Group | None:
    """The only one, or the clearly weightiest; all mentions count where nothing else is said."""
    weighed = sorted(
        ((weight(p) if weight else p.mentions, p) for p in people), key=lambda pair: (-pair[0], pair[1].key)
    )
    if len(weighed) > 1 and weighed[0][0] < CLEARLY_MORE * weighed[1][0]:
        return None
    return weighed[0][1] if weighed else None
