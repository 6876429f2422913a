"""Creatures, places, things and nameless people of a chapter, from the nouns it keeps coming back to. English only."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage
from imaginized.story.elements import ElementType

# Kind of the head -> type, mentions that suffice, mentions that suffice where looks are told.
WANTED = (
    (lex.ANIMAL, ElementType.CREATURE, 2, 1),
    (lex.PLACE, ElementType.PLACE, 3, 2),
    (lex.ITEM | lex.WEAR, ElementType.ITEM, 3, 2),
    (lex.PERSON, ElementType.CHARACTER, 4, 3),
)
DEFINITE = vocabulary.words("the this that") | vocabulary.POSSESSIVES
A_HERD = 4
# Kin who may be called so as by a name, in small letters too.
KIN_NAMES = vocabulary.words(
    "pap pappy pa ma mam mammy papa mamma mama dad daddy father mother granny grandma grandpa grandmother grandfather "
    "grandmamma grandpapa"
)
# What stands before or beside a kin word that is none.
LED = lex.QUALITY | lex.NOUN
NOT_BEFORE = vocabulary.DETERMINERS | vocabulary.POSSESSIVES | vocabulary.words("and or nor of own no")
# Heads that say little alone.
BLAND = vocabulary.BLAND_PEOPLE | vocabulary.BLAND_THINGS | vocabulary.PASSING_PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something without a proper name, called by its noun, with the phrases that mention it.

    Attributes:
        mentions: How often it is meant: "a dog" is each time another one, and so are most of "the dogs".
    """

    type: ElementType
    name: str
    phrases: tuple[Phrase, ...]
    mentions: int


def find_things(passage: Passage, phrases: list[list[Phrase]]) -> list[Thing]:
    """Return what is mentioned often enough in this chapter, most mentioned first."""
    groups: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in (phrase for sentence in phrases for phrase in sentence):
        groups[_key(passage, phrase)].append(phrase)
    groups.pop("", None)
    for phrase in _find_kin(passage):
        groups[passage.tokens[phrase.head].lower].append(phrase)
    things = [thing for _, group in sorted(groups.items()) if (thing := _thing(passage, group)) is not None]
    return sorted(things, key=lambda thing: (-len(thing.phrases), thing.name))


def _find_kin(passage: Passage) -> list[Phrase]:
    """Where a teller calls somebody by kin as by a name: "pap was drunk", not "her father", "father and mother"."""
    tokens = passage.tokens
    found = []
    for at in passage.places_of(KIN_NAMES):
        token, before = tokens[at], tokens[at - 1] if at else None
        is_title = at + 1 < len(tokens) and token.gap == " " and tokens[at + 1].word[0].isupper()
        if token.spoken or is_title:
            continue
        led = before is not None and before.gap == " " and (before.facts & LED or before.lower in NOT_BEFORE)
        after = tokens[at + 1].lower if at + 1 < len(tokens) and token.gap == " " else ""
        if not led and not (before and before.lower.endswith("'s")) and after not in NOT_BEFORE:
            found.append(
                Phrase(first=at, core=at, head=at, last=at + 1, kind=lex.PERSON, looks=0, determiner="", place=-1)
            )
    return found


def _key(passage: Passage, phrase: Phrase) -> str:
    """Group by the head; by the whole phrase where the head alone says little ("door", "man")."""
    head = passage.tokens[phrase.head]
    if not phrase.kind & (lex.ANIMAL | lex.PLACE | lex.ITEM | lex.WEAR | lex.PERSON) or len(head.base) < 3:
        return ""
    if head.base in BLAND:
        text = _modified(passage, phrase) if phrase.looks else ""
        return text if set(text.split()[:-1]) - vocabulary.PLAIN_ADJECTIVES else ""
    if phrase.kind & lex.PERSON and phrase.determiner not in vocabulary.ARTICLES:
        return ""
    return head.base


def _modified(passage: Passage, phrase: Phrase) -> str:
    """The words before the head that say what it is like, and the head: "silver shoes"; "" where there are none."""
    tokens = passage.tokens
    words = [t.lower for t in tokens[phrase.core : phrase.head] if not t.facts & (lex.FUNCTION | lex.ADVERB)]
    words = [word for word in words if word not in vocabulary.PASSING_LOOKS]
    return " ".join([*words[-2:], tokens[phrase.head].lower.removesuffix("'s")]) if words else ""


def _thing(passage: Passage, group: list[Phrase]) -> Thing | None:
    kind = group[0].kind
    with_looks = sum(phrase.looks > 0 for phrase in group)
    for mask, element_type, enough, enough_with_looks in WANTED:
        if kind & mask:
            rare = 2 if kind & lex.RARE_NOUN else 0
            if len(group) >= enough + rare or (
                with_looks >= enough_with_looks and len(group) >= enough_with_looks + rare
            ):
                mentions = _meant(group) if element_type is ElementType.CREATURE else len(group)
                return Thing(type=element_type, name=_name(passage, group), phrases=tuple(group), mentions=mentions)
            return None
    return None


def _meant(group: list[Phrase]) -> int:
    """How often beasts of a kind are one that was met before."""
    known = [phrase for phrase in group if phrase.determiner in DEFINITE]
    many = sum(bool(phrase.kind & lex.PLURAL) for phrase in known)
    return max(len(known) - many + many // A_HERD, 1)


def _name(passage: Passage, group: list[Phrase]) -> str:
    """What the group is called most: with its usual adjective if it has one, always with it where the noun is bland."""
    tokens = passage.tokens
    plain = Counter(tokens[phrase.head].lower.removesuffix("'s") for phrase in group)
    # Not of "father" as a name: nothing stands before it.
    if tokens[group[0].head].base in BLAND and (text := _modified(passage, group[0])):
        return _shown(text)
    modified = Counter(text for phrase in group if (text := _modified(passage, phrase)))
    name, count = max(modified.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if count < max(2, 0.4 * len(group)):
        name = max(plain.items(), key=lambda pair: (pair[1], pair[0]))[0]
    return _shown(name)


def _shown(name: str) -> str:
    return name[:1].upper() + name[1:]
