"""What a name names: a person, a creature, a place or a thing, by its last noun and by how the chapter uses it."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.names import Name
from imaginized.story.element_types import BY_NOUN, is_place, judge_kind
from imaginized.story.elements import ElementType
from imaginized.story.names import given_roots

PLACE_LEADS = vocabulary.words(
    "New Cape Mount Mont Lake Port Fort Villa Hotel Château Chateau Rue Via Piazza Palazzo Isle"
)
BEFORE_GIVEN = vocabulary.words(
    "Aunt Uncle Cousin Sir Lady King Queen Prince Princess Sister Brother Father Old Little Young Poor Dear Saint St"
)
WRITINGS = vocabulary.words(
    "Story Stories Tale Tales Ballad Ballads Poems Essays Letters Papers Memoirs Gazette Review"
)
REGIONS = vocabulary.words("North South East West Northern Southern Eastern Western Upper Lower Central Asia Great")


def judge_type(name: Name) -> ElementType:
    """Say what a name names as far as this chapter tells; `add_kinds` has counted what speaks for each."""
    return judge_kind(name.evidence, mentions=len(name.mentions))


def add_kinds(name: Name, *, lexicon: Lexicon) -> None:
    """Count what the words of the name speak for: its head noun, the map, a given name."""
    parts = name.text.split()
    mentions, evidence = len(name.mentions), name.evidence
    evidence["the"] = name.with_the
    sex = _sex_of(_first_given(parts).casefold(), lexicon)
    if sex:
        evidence[sex] += mentions
        evidence["given"] += mentions
    is_surname = len(parts) > 1 and parts[0] not in REGIONS  # Mina Murray is no river
    if parts[-1] in lexicon.geo and not is_surname:
        evidence["geo"] += 1
    kind = _by_noun(name, parts, lexicon) if not (sex and len(parts) > 1) else None
    if kind is not None:
        evidence[BY_NOUN[kind]] += mentions


def _sex_of(given: str, lexicon: Lexicon) -> str:
    """The sex that the lists have for a given name, or for all that it may be short for."""
    told = {lexicon.given.get(root, "") for root in given_roots(given)}
    return lexicon.given.get(given, "") or (told.pop() if len(told) == 1 else "")


def _first_given(parts: list[str]) -> str:
    """The word where a given name stands: after a title that goes with one, else the first."""
    titles = [part for part in parts[:-1] if part in vocabulary.HONORIFICS]
    if titles and len(parts) == len(titles) + 1 and titles[-1] not in BEFORE_GIVEN:
        return ""
    if "Mrs" in titles:
        return ""  # Mrs. John Smith bears her husband's
    return parts[len(titles)] if len(titles) < len(parts) else ""


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
    if (
        thing
        and not evidence["speech"]
        and not evidence["title"]
        and not is_place(evidence, mentions=len(name.mentions))
    ):
        return ElementType.ITEM
    if len(parts) > 1 and (head in WRITINGS or _is_of_many(facts)) and not (evidence["speech"] or evidence["title"]):
        return ElementType.ITEM
    return None


def _is_of_many(facts: int) -> bool:
    """Whether a head is a plural that can be nobody: "Tales of Mystery", "the Powers of Darkness"."""
    return bool(facts & lex.PLURAL and facts & lex.ABSTRACT) and not facts & (lex.PERSON | lex.ANIMAL | lex.PLACE)


def _head(parts: list[str]) -> str:
    """The last noun before "of …"."""
    return next((parts[i - 1] for i, part in enumerate(parts) if part == "of" and i), parts[-1])
