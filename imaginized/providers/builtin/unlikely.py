"""Names that look like other words: "June" and "May" who speak, "old Jolyon" and "young Jolyon". English only."""

from collections import Counter, defaultdict

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.sentences import Passage, Token

Span = tuple[int, int]
# What stands before a month: "last June", "the end of May".
BEFORE_TIMES = vocabulary.words(
    "in of last next this that early late mid since till until every by during on from for between before after "
    "through past one fine the a an"
)
TITLES = vocabulary.HONORIFICS - vocabulary.words("St Saint Old Young Little Poor")
# So often a chapter must have a word do what only somebody does.
LEAST_ALIVE = 2
# Two of one name are told apart by these, small before it.
AGES = vocabulary.words("old young big little")
# The share of a name's mentions in a chapter that have one of them, and how often each.
MOSTLY, LEAST_AGED = 0.5, 2


def revive(passage: Passage, lexicon: Lexicon) -> frozenset[int]:
    """Find where months and helping verbs are somebody's name, and take their other meaning from those tokens.

    Only words that are given names as well, and which somebody in this chapter is called by for certain.
    """
    tokens = passage.tokens
    found: set[int] = set()
    for word, places in _candidates(passage, lexicon).items():
        alive = [at for at in places if _is_alive(tokens, at)]
        against = [at for at in places if at not in alive and _is_time(tokens, at)]
        if len(alive) < LEAST_ALIVE or len(alive) <= len(against):
            continue
        helps = word.lower() in vocabulary.FUNCTION_WORDS
        found |= {at for at in places if at not in against and (at in alive or not (helps and tokens[at].first))}
    for at in found:
        tokens[at] = tokens[at]._replace(facts=0)
    return frozenset(found)


def _candidates(passage: Passage, lexicon: Lexicon) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    likely = (ats for lower, ats in passage.places.items() if lower.removesuffix("'s") in lexicon.given)
    for at in (at for ats in likely for at in ats):
        word = passage.tokens[at].word.removesuffix("’s").removesuffix("'s")
        if word in lexicon.never or word in _TITLED:
            found[word].append(at)
    return found


_TITLED = frozenset(word.title() for word in vocabulary.FUNCTION_WORDS)


def _is_alive(tokens: list[Token], at: int) -> bool:
    """Tell whether somebody is meant: "Miss June", "June said", "said June", "June’s hat", "Oh, June!"."""
    token, before = tokens[at], tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) and token.gap == " " else None
    if after is not None and after.lower.endswith("ing"):
        after = None  # "So saying, she went"
    led = before is not None and before.gap == " "
    if before is not None and led and before.word in TITLES:
        return True
    if _is_time(tokens, at):
        return False
    if before is not None and led and before.lower in vocabulary.SPEECH_VERBS:
        return True
    if token.lower.endswith("'s") or (after and after.lower in vocabulary.SPEECH_VERBS):
        return True
    called = before is not None and token.spoken and before.gap.strip() == "," and token.gap.strip()[:1] in ("!", "?")
    return called or bool(after and after.facts & lex.INFLECTED and after.facts & lex.VERB)


def _is_time(tokens: list[Token], at: int) -> bool:
    before = tokens[at - 1] if at else None
    if any(map(str.isdigit, tokens[at].gap)) or (before and any(map(str.isdigit, before.gap))):
        return True
    return before is not None and before.gap == " " and before.lower in BEFORE_TIMES


def find_aged(passage: Passage, spans: list[tuple[Span, str]]) -> dict[Span, str]:
    """The mentions that a chapter keeps apart by age, each with its full name: "Old Jolyon" and "Young Jolyon"."""
    tokens = passage.tokens
    aged: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for span, text in spans:
        before = tokens[span[0] - 1] if span[0] else None
        if before is not None and before.gap == " " and before.lower in AGES and " " not in text:
            aged[text].append((span, before.lower))
    totals = Counter(text for _, text in spans)
    found: dict[Span, str] = {}
    for text, mentions in aged.items():
        counts = Counter(age for _, age in mentions)
        if len(mentions) >= max(LEAST_AGED, MOSTLY * totals[text]):
            found |= {span: f"{age.title()} {text}" for span, age in mentions if counts[age] >= LEAST_AGED}
    return found
