"""What the words around a name speak for: a person, a beast, a place, a ship. Counts only; nothing is judged here."""

from collections import Counter

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Passage, Token

Evidence = Counter[str]
INSIDE = vocabulary.words("in at near through into around across reach reached leave left visit")
ALONG = vocabulary.words("along up down on")
TOWARD = vocabulary.words("to from toward towards over")
BEING = vocabulary.words("is was had has would could did")
# "the battle of X", "the streets of X"
OF_PLACES = vocabulary.words(
    "battle village town city siege field fields streets port harbour river banks mouth walls gates outskirts suburbs "
    "environs heights valley coast shores inhabitants neighbourhood road"
)
SHIPS = vocabulary.words(
    "ship vessel steamship steamer ferry ferryboat liner tug barge "
    "launch schooner brig bark barque vessel whaler steamer yacht frigate sloop ketch cutter craft lugger galleon"
)
# "the deck of the X", "the X's hull"
OF_SHIPS = vocabulary.words(
    "deck decks crew captain mate log logbook hull keel mast masts sails bulwarks rigging forecastle cabin bows wake "
    "quarter-deck boats hold helm prow stern spars"
)
SAINTS = ("St", "Saint")
# What hardly anybody is called, and after whom streets and houses are.
STREETS = frozenset(("Street", "Road", "Square", "Terrace", "Avenue", "Crescent"))
SOVEREIGNS = frozenset((*SAINTS, "Queen", "King", "Prince", "Princess", "Duke"))
TITLES = vocabulary.HONORIFICS - vocabulary.LOOSE_TITLES - set(SAINTS)  # St. Louis may be a town
WRECKS = vocabulary.words("foundering wreck sinking loss launching")
SAILING = vocabulary.words(
    "heeled sank sailed anchored moored foundered tacked lay rolled steered cruised ploughed drifted"
)
WITHIN = 3  # words after "the X's" in which a part of a ship may come


def weigh(passage: Passage, span: tuple[int, int], evidence: Evidence) -> None:
    """Add what this mention speaks for: speech, acts, is, owns, called, title, aged, inside, toward, ship and more."""
    tokens = passage.tokens
    first, last = span
    lead = first - 1 if is_after_the(tokens, first) else first
    before = tokens[lead - 1] if lead else None
    after = tokens[last] if last < len(tokens) else None
    tail = tokens[last - 1]
    told = passage.sentences[passage.sentence_of_token[first]].told
    if _is_inverted(tokens, lead) and (told or (not tokens[lead - 1].spoken and not tail.spoken)):
        evidence["speech"] += 1
    if after and tail.gap == " " and (told or not tokens[first].spoken):
        _weigh_verb(after, evidence)
    if tail.lower.endswith("'s"):
        evidence[_kind_of_owner(tokens[first], tail, after, before)] += 1
    if tokens[first].spoken and before and before.gap.strip() == "," and tail.gap.strip()[:1] in (",", "!", "?", "."):
        evidence["called"] += 1
    if before and before.gap == " " and _stands_alone(tail, after):
        _weigh_place(tokens, lead, before, evidence)
    if tokens[first].word in TITLES and last - first > 1:
        evidence["title"] += 1
        evidence["aged"] += before is not None and before.lower == "old" and before.gap == " "
    evidence["street"] += last - first > 1 and _is_of_street(tokens[first], tail)
    if not tokens[first].first:
        evidence["middle"] += 1
    evidence["spoken"] += tokens[first].spoken
    if _is_said_to_be_beast(passage, span):
        evidence["beast"] += 1
    if _is_said_to_be_ship(tokens, span):
        evidence["ship"] += 1


def _is_of_street(head: Token, tail: Token) -> bool:
    """Tell "Queen Anne Street" and "Prince's Court" from somebody who is called Court."""
    word = tail.word.removesuffix("’s").removesuffix("'s")
    return word in STREETS or (head.word in SOVEREIGNS and word in vocabulary.PLACE_HEADS)


def _kind_of_owner(head: Token, tail: Token, after: Token | None, before: Token | None) -> str:
    """Tell "church" for "St. Mary's Church" and "at St. Peter's", else "owns"."""
    if head.word not in SAINTS:
        return "owns"
    named = after is not None and after.word in vocabulary.PLACE_HEADS
    alone = after is None or after.start > tail.end + 1 or not after.word.islower()
    return "church" if named or (alone and before is not None and before.lower in INSIDE | TOWARD) else "owns"


def _is_inverted(tokens: list[Token], lead: int) -> bool:
    """Tell whether the name follows its verb of speech ("…, said X"); "he asked X" and "is called X" are none."""
    if not lead or tokens[lead - 1].lower not in vocabulary.SPEECH_VERBS:
        return False
    gap = tokens[lead - 2].gap.strip() if lead > 1 else ""
    return lead == 1 or tokens[lead - 1].first or bool(gap.strip(",") if tokens[lead - 1].lower == "called" else gap)


def is_after_the(tokens: list[Token], at: int) -> bool:
    """Tell whether "the" stands directly before, but for a mark that opens a quote."""
    return at > 0 and tokens[at - 1].lower == "the" and tokens[at - 1].gap.rstrip("“‘\"'") == " "


def _stands_alone(tail: Token, after: Token | None) -> bool:
    """Tell whether a preposition before a name means the name: not its owner's house, nor "the Vampire fold"."""
    if tail.lower.endswith("'s") or tail.gap[:1] in ("'", "’"):
        return False
    return not (after and tail.gap == " " and after.word[0].islower() and after.facts & lex.NOUN)


def _weigh_place(tokens: list[Token], lead: int, before: Token, evidence: Evidence) -> None:
    with_the = lead < len(tokens) and tokens[lead].lower == "the"
    if before.lower in INSIDE or (with_the and before.lower in ALONG):
        evidence["inside"] += 1
    elif before.lower in TOWARD:
        evidence["toward"] += 1
    elif before.lower == "of" and lead > 1 and tokens[lead - 2].lower in OF_PLACES:
        evidence["inside"] += 2


def _weigh_verb(after: Token, evidence: Evidence) -> None:
    if after.lower in vocabulary.SPEECH_VERBS:
        evidence["speech"] += 1
    if after.lower in vocabulary.BEAST_VERBS and after.lower not in vocabulary.SPEECH_VERBS:
        evidence["beast"] += 1
    elif after.lower in BEING:
        evidence["is"] += 1
    elif after.facts & lex.INFLECTED and after.facts & lex.VERB:
        evidence["acts"] += 1


def _is_said_to_be_ship(tokens: list[Token], span: tuple[int, int]) -> bool:
    """Find "aboard the X", "the deck of the X", "the schooner X", "the X's hull", "the X sailed"."""
    first, last = span
    lead = first
    while lead and first - lead < WITHIN and tokens[lead - 1].gap == " " and tokens[lead - 1].facts & lex.QUALITY:
        lead -= 1
    lead -= lead > 0 and tokens[lead - 1].lower in ("the", "this", "that")
    before = [token.lower for token in tokens[max(lead - 3, 0) : lead]]
    if before[-1:] == ["aboard"] or before[-2:] == ["on", "board"] or before[-3:] == ["on", "board", "of"]:
        return True
    if before[-1:] == ["of"] and len(before) > 1 and before[-2] in OF_SHIPS:
        return True
    if any(at and tokens[at - 1].lower in SHIPS and tokens[at - 1].gap in (" ", ", ") for at in (first, lead)):
        return True
    following = [token.lower for token in tokens[last : last + WITHIN]]
    if tokens[last - 1].lower.endswith("'s"):
        return not OF_SHIPS.isdisjoint(following)
    if not is_after_the(tokens, first) or not following:
        return False
    if before[-1:] == ["of"] and len(before) > 1 and before[-2] in WRECKS:
        return True
    said = following[0] in ("was", "is") and tokens[last - 1].gap == " "
    return following[0] in SAILING or (said and _run_ends_in_ship(tokens, last + 1))


def _run_ends_in_ship(tokens: list[Token], at: int) -> bool:
    """Find "… was a new ferry-steamer"."""
    run = tokens[at : at + 5]
    return any(token.lower in SHIPS or token.lower.rpartition("-")[2] in SHIPS for token in run)


def _is_said_to_be_beast(passage: Passage, span: tuple[int, int]) -> bool:
    """Find "Toto was …; he was a little black dog", "Toto, a dog", "the dog Toto", "a horse named Dobbin"."""
    tokens = passage.tokens
    first, last = span
    if last - first > 2:
        return False
    lead = [token.lower for token in tokens[max(first - 2, 0) : first]]
    if lead and (
        _is_animal(tokens[first - 1])
        and tokens[first - 1].gap == " "
        and lead[0] in ("the", "his", "her", "little", "old")
    ):
        return True
    if len(lead) == 2 and lead[1] in ("named", "called") and _is_animal(tokens[first - 2]):
        return True
    sentence = passage.sentences[passage.sentence_of_token[first]]
    if first != sentence.first:
        return False
    for i in range(last, sentence.last - 1):
        linked = tokens[i].lower in ("was", "is") and (i == last or tokens[i - 1].lower in ("he", "she", "it"))
        if linked and tokens[i + 1].lower in vocabulary.ARTICLES:
            return _run_ends_in_animal(tokens, i + 2, sentence.last)
    return False


def _run_ends_in_animal(tokens: list[Token], at: int, last: int) -> bool:
    for i in range(at, min(at + 5, last)):
        if _is_animal(tokens[i]):
            return True
        if tokens[i].facts & lex.FUNCTION or not tokens[i].facts & lex.QUALITY:
            return False
    return False


def _is_animal(token: Token) -> bool:
    return bool(token.facts & lex.ANIMAL) and not token.facts & (lex.PERSON | lex.RARE_NOUN) and token.word[0].islower()
