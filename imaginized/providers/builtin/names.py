"""Proper names of a chapter, with what speaks for a person, a creature, a place or a thing. English only."""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.evidence import SAINTS, is_after_the, weigh
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.unlikely import find_aged, revive

CONNECTING = (
    *(("of", "the"), ("van", "der"), ("van", "den"), ("von", "der"), ("von", "dem"), ("de", "la")),
    *(("of",), ("de",), ("von",), ("van",), ("la",), ("du",), ("del",), ("der",)),
)
ELIDED = re.compile("[dl]['’][^\\W\\d_a-zß-ÿ]")  # "d'Urberville" is a name's word, too
MOST_PARTS = 6
# An adjective that is so often capital in mid-sentence is somebody: "Jolly".
SURELY_NAMED = 3
STRONG_TITLES = (
    vocabulary.HONORIFICS - vocabulary.LOOSE_TITLES - {"St", "Saint", "King", "Queen", "Master", "General", "Captain"}
)
LOST_BLANK = re.compile(r"(?<=[a-z])\.(?=[A-Z])")  # "Mrs.Walker"
NAMEABLE = lex.PERSON | lex.ANIMAL | lex.PLACE | lex.ITEM | lex.WEAR


@dataclass(slots=True, kw_only=True)
class Name:
    """A name with its mentions (token spans, last excluded) and the evidence about it, by kind."""

    text: str
    mentions: list[tuple[int, int]] = field(default_factory=list)
    with_the: int = 0
    evidence: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> str:
        """As a sentence would call it: "the Scarecrow", "Dorothy"."""
        return f"the {self.text}" if self.with_the * 2 >= len(self.mentions) else self.text


def find_names(passage: Passage, *, lexicon: Lexicon) -> list[Name]:
    """Return the names that stand firmly enough in this chapter, most mentioned first."""
    living = revive(passage, lexicon)
    spans = [span for i in _starts(passage.tokens) if (span := _span_at(passage, i)) is not None]
    spans = _without_repeats(spans)
    middle = {_text(passage, span) for span in spans if not passage.tokens[span[0]].first}
    names: dict[str, Name] = {}
    labels = _label_spans(passage)
    for span in labels:
        name = names.setdefault(text := _label_text(passage, span), Name(text=text))
        name.mentions.append(span)
        name.with_the += is_after_the(passage.tokens, span[0])
        name.evidence["speech"] += 1
        name.evidence["label"] += 1
    labelled = {token for span in labels for token in range(*span)}
    free = (span for span in spans if span[0] not in labelled)
    believed = [t for span in free if (t := _believed(passage, span, middle, lexicon, living)) is not None]
    aged = find_aged(passage, [(span, _text(passage, span)) for span in believed])
    for span in believed:
        text = aged.get(span) or _text(passage, span)
        name = names.setdefault(text, Name(text=text))
        name.mentions.append(span)
        name.with_the += is_after_the(passage.tokens, span[0])
        weigh(passage, span, name.evidence)
    kept = [
        name
        for name in _without_chance_heads(names).values()
        if _stands(name, lexicon=lexicon, living=living) and not _is_said_small(name, passage, lexicon)
    ]
    return sorted(kept, key=lambda name: (-len(name.mentions), name.text))


def _label_spans(passage: Passage) -> list[tuple[int, int]]:
    """Tokens of the names before the speeches of a play."""
    places = [token.start for token in passage.tokens] if passage.labels else []
    spans = [(bisect_left(places, start), bisect_left(places, end)) for start, end in passage.labels.values()]
    return sorted((first, last) for first, last in spans if last > first)


def _label_text(passage: Passage, span: tuple[int, int]) -> str:
    """A label as other text has the name: "LADY BRACKNELL" is Lady Bracknell."""
    return " ".join(word.title() if word.isupper() else word for word in _text(passage, span).split())


def _starts(tokens: list[Token]) -> list[int]:
    # Most words begin with a small letter; only one of two letters with a mark between them may still be a name.
    return [
        i
        for i, token in enumerate(tokens)
        if (token.word[0].isupper() or token.word[1:2] in ("'", "’")) and _is_large(token)
    ]


def _is_large(token: Token) -> bool:
    """Whether a word is written as a part of a name."""
    if token.facts & lex.FUNCTION:
        return False
    return token.word[0].isupper() or (token.word[1:2] in ("'", "’") and ELIDED.match(token.word) is not None)


def _span_at(passage: Passage, at: int) -> tuple[int, int] | None:
    tokens = passage.tokens
    if tokens[at].word.isupper() and len(tokens[at].word) > 1:
        return None
    last = at + 1
    while last < len(tokens) and last - at < MOST_PARTS and not _is_owner(tokens, last - 1):
        dotted = tokens[last - 1].word in vocabulary.ABBREVIATIONS or len(tokens[last - 1].word) == 1
        title = dotted and tokens[last - 1].gap in (". ", ".")  # some PDFs lose the blank
        if tokens[last - 1].gap != " " and not title:
            break
        if tokens[last].word in STRONG_TITLES and tokens[last - 1].word not in STRONG_TITLES:
            break
        if _is_large(tokens[last]):
            last += 1
            continue
        step = _connection(tokens, last)
        if not step:
            break
        last += step
    return at, last


def _is_owner(tokens: list[Token], at: int) -> bool:
    """Tell whether a name ends with its "'s": not that of "Dawson’s Landing", which is one place."""
    if not tokens[at].lower.endswith("'s"):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].gap == " " else None
    is_place = after is not None and (
        after.word in vocabulary.PLACE_HEADS
        or (after.word[0].isupper() and after.facts & (lex.PLACE | lex.RARE_NOUN) == lex.PLACE)
    )
    return not is_place or (at > 0 and tokens[at - 1].word in SAINTS)


def _connection(tokens: list[Token], at: int) -> int:
    """How many tokens a connector and the capital after it take; 0 where there is none."""
    for words in CONNECTING:
        after = at + len(words)
        if after >= len(tokens) or not _is_large(tokens[after]):
            continue
        if all(tokens[at + k].lower == word and tokens[at + k].gap == " " for k, word in enumerate(words)):
            return len(words) + 1
    return 0


def _without_repeats(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _text(passage: Passage, span: tuple[int, int]) -> str:
    tokens = passage.tokens
    last = tokens[span[1] - 1]
    end = last.end - 2 if last.lower.endswith("'s") else last.end
    text = LOST_BLANK.sub(". ", passage.text[tokens[span[0]].start : end])
    return " ".join(text.split())


def _believed(
    passage: Passage, span: tuple[int, int], middle: set[str], lexicon: Lexicon, living: frozenset[int]
) -> tuple[int, int] | None:
    """Cut from a span what is a capital for another reason; None where nothing is left."""
    tokens = passage.tokens
    first, last = span
    while first < last and _is_chance(tokens[first], last - first, middle):
        first += 1
    while first < last and tokens[first].lower in ("of", "the", "de", "la"):
        first += 1
    if first >= last:
        return None
    word = tokens[first].word.removesuffix("’s").removesuffix("'s")
    alone = last - first == 1 and first not in living
    if alone and word in _NO_NAMES and not is_after_the(tokens, first):
        return None
    if alone and (word in lexicon.never or word in vocabulary.LOOSE_TITLES or len(word) < 2):
        return None
    return first, last


_NO_NAMES = vocabulary.HONORIFICS | vocabulary.NEVER_NAMES


def _is_chance(token: Token, parts: int, middle: set[str]) -> bool:
    """Tell whether a sentence's first word is capital only for being first."""
    if not token.first:
        return False
    word = token.word.removesuffix("’s").removesuffix("'s")
    if parts > 1:
        return not (word in vocabulary.HONORIFICS or token.facts == 0 or any(text.startswith(word) for text in middle))
    return word not in middle and (token.facts != 0 or token.lower.endswith(("ly", "ing", "ed")))


def _without_chance_heads(names: dict[str, Name]) -> dict[str, Name]:
    """Give "Head Dorothy", met once, to "Dorothy"."""
    kept = dict(names)
    for text, name in names.items():
        first, _, rest = text.partition(" ")
        if (
            len(name.mentions) == 1
            and first not in vocabulary.HONORIFICS
            and rest in names
            and len(names[rest].mentions) > 3
        ):
            kept[rest].mentions = sorted([*kept[rest].mentions, (name.mentions[0][0] + 1, name.mentions[0][1])])
            del kept[text]
    return kept


def _is_said_small(name: Name, passage: Passage, lexicon: Lexicon) -> bool:
    """Tell whether a word of no list ("En", "Dey") is as often written small: it is how people speak, and no name."""
    if " " in name.text or lexicon.facts(name.text.lower()) or name.evidence["speech"] + name.evidence["title"]:
        return False
    small = sum(passage.tokens[at].word.islower() for at in passage.places_of((name.text.lower(),)))
    return small > 0 and small >= name.evidence["middle"]


def _stands(name: Name, *, lexicon: Lexicon, living: frozenset[int]) -> bool:
    evidence = name.evidence
    if name.text.lower() in vocabulary.BLAND_PEOPLE and not evidence["speech"]:
        return False  # Man at large, not somebody
    facts = lexicon.facts(name.text.lower()) if " " not in name.text else 0
    if facts & lex.PERSON and facts & lex.PLURAL and not evidence["speech"]:
        return False
    if not living.isdisjoint(first for first, _ in name.mentions):
        return True
    if name.text.removesuffix("s") in lexicon.peoples or name.text.removesuffix("men") + "man" in lexicon.peoples:
        return False  # Americans, Englishmen
    if facts and not facts & lex.NOUN and not name.with_the:  # Curly, Pip
        alive = sum(evidence[sign] for sign in ("acts", "is", "speech", "called", "owns"))
        surely = facts & lex.QUALITY and evidence["middle"] >= SURELY_NAMED
        return evidence["middle"] > 1 and bool(alive > 0 or surely)
    if facts & lex.BODY or (facts and not facts & lex.CONCRETE):
        return bool(evidence["speech"] or (facts & lex.RARE_NOUN and evidence["acts"] + evidence["is"] > 2))
    if facts & lex.CONCRETE and not facts & NAMEABLE and name.with_the * 2 >= len(name.mentions):
        return evidence["speech"] > 0  # the Fir Tree that talks, not the Typhoon
    strong = (
        evidence["speech"]
        + evidence["title"]
        + evidence["beast"]
        + evidence["acts"]
        + evidence["is"]
        + evidence["inside"]
    )
    if not evidence["middle"] + evidence["speech"] + evidence["title"] and len(name.mentions) < 3:
        return False
    return strong > 0 or len(name.mentions) > 1


def spans_by_token(names: list[Name]) -> dict[int, Name]:
    """Map every token that is part of a name to it."""
    found: dict[int, Name] = {}
    for name in names:
        for first, last in name.mentions:
            for token in range(first, last):
                found[token] = name
    return found


def find_bynames(passage: Passage, names: list[Name]) -> dict[str, tuple[str, ...]]:
    """For a name what the chapter calls its bearer besides: "Oz, the Great Wizard", "Oz himself is the Great Wizard".

    Only a noun of a person with praise or blame counts: "Toto, the Cowardly Lion and the Scarecrow" are three.
    """
    tokens = passage.tokens
    starts = {first: (name, last) for name in names for first, last in name.mentions}
    found: dict[str, list[str]] = {}
    for first, (byname, _) in sorted(starts.items()):
        if byname.text.split()[0] in vocabulary.PRAISE and " " in byname.text and is_after_the(tokens, first):
            bearer = _bearer(tokens, first - 2, {last: name for name, last in starts.values()})
            if bearer is not None and bearer.with_the == 0:
                found.setdefault(bearer.text, []).append(byname.text)
    return {text: tuple(dict.fromkeys(others)) for text, others in found.items()}


def _bearer(tokens: list[Token], at: int, ends: dict[int, Name]) -> Name | None:
    """The name that ends before "," or "is" or "himself is" at a token."""
    if at >= 0 and tokens[at].gap == ", ":
        return ends.get(at + 1)
    if at > 0 and tokens[at].lower in ("is", "was"):
        at -= tokens[at - 1].lower in ("himself", "herself", "itself")
        return ends.get(at)
    return None
