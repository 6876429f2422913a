"""What a name names: a person, a creature, a place or a thing, by its last noun and by how the chapter uses it."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.names import Name
from imaginized.story.elements import ElementType

PLACE_LEADS = vocabulary.words(
    "New Cape Mount Mont Lake Port Fort Villa Hotel Château Chateau Rue Via Piazza Palazzo Isle"
)
REGIONS = vocabulary.words("North South East West Northern Southern Eastern Western Upper Lower Central Asia Great")


def judge_type(name: Name, *, lexicon: Lexicon) -> ElementType:
    """Say what a name names, by its last noun first, then by how the chapter uses it."""
    parts = name.text.split()
    evidence = name.evidence
    if evidence["church"] > evidence["speech"] + evidence["acts"] + evidence["is"]:
        return ElementType.PLACE
    if parts[0] in vocabulary.HONORIFICS - vocabulary.LOOSE_TITLES and len(parts) > 1 and "of" not in parts:
        return ElementType.CHARACTER
    if 2 * evidence["beast"] > evidence["speech"] + 2 * evidence["title"]:
        return ElementType.CREATURE
    if _is_ship(name):
        return ElementType.ITEM
    return _by_noun(name, parts, lexicon) or _by_use(name, parts, lexicon)


def _is_ship(name: Name) -> bool:
    evidence = name.evidence
    return evidence["ship"] > evidence["speech"] + evidence["title"] and name.with_the * 2 >= len(name.mentions)


def _by_noun(name: Name, parts: list[str], lexicon: Lexicon) -> ElementType | None:
    """The kind its head says ("Baker Street", "the Golden Cap"); None for a head that says nothing."""
    evidence = name.evidence
    head = _head(parts)
    facts = lexicon.facts(head.lower())
    common = len(parts) > 1 or name.with_the > 0 or "-" in head
    if len(parts) > 1 and parts[0] in PLACE_LEADS and not evidence["speech"]:
        return ElementType.PLACE
    if (head in vocabulary.PLACE_HEADS or head.endswith(("-world", "-land"))) and evidence["speech"] < 2:
        return ElementType.PLACE
    if facts & lex.ANIMAL and not facts & (lex.PERSON | lex.RARE_NOUN) and common:
        return ElementType.CREATURE
    if facts & lex.PERSON and not facts & lex.RARE_NOUN:
        return ElementType.CHARACTER
    thing = facts & (lex.ITEM | lex.WEAR) and not facts & (lex.PERSON | lex.PLACE) and common
    if thing and not evidence["speech"] and not evidence["title"] and not _is_place(name, parts, lexicon):
        return ElementType.ITEM
    return None


def _by_use(name: Name, parts: list[str], lexicon: Lexicon) -> ElementType:
    return ElementType.PLACE if _is_place(name, parts, lexicon) else ElementType.CHARACTER


def _is_place(name: Name, parts: list[str], lexicon: Lexicon) -> bool:
    """Weigh what is done in it or near it against what it does, says and owns."""
    evidence = name.evidence
    person = 3 * evidence["speech"] + 2 * evidence["acts"] + evidence["is"] + evidence["owns"] + evidence["called"]
    person += 4 * evidence["title"]
    is_surname = len(parts) > 1 and parts[0] not in REGIONS  # Mina Murray is no river
    known = 3 if parts[-1] in lexicon.geo and not is_surname else 0
    return 2 * evidence["inside"] + evidence["toward"] // 2 + known > person


def _head(parts: list[str]) -> str:
    """The last noun before "of …"."""
    return next((parts[i - 1] for i, part in enumerate(parts) if part == "of" and i), parts[-1])
