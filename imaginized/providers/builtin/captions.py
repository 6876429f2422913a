"""What a picked passage says of itself: a short description, its mood, its light. Only words that stand in it."""

from collections import Counter
from collections.abc import Sequence

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.phrases import Phrase, show_phrase
from imaginized.providers.builtin.pieces import Window
from imaginized.providers.builtin.sentences import Passage, Token

MOST_NAMES, MOST_PHRASES = 4, 4
LONGEST_EXCERPT = 110
UNREAL = vocabulary.words("no any every")
STANDING = vocabulary.words(
    "in on at by under beneath behind beside between among through across along around round near within inside "
    "outside amid beyond above below against toward towards"
)
HUED = vocabulary.words("dark bright brilliant shining black shone glittering sparkling dim")
ORDER = {
    lex.PLACE: 3.0,
    lex.NATURE: 2.6,
    lex.ANIMAL: 2.6,
    lex.ITEM: 2.0,
    lex.WEAR: 2.0,
    lex.PLANT: 2.0,
    lex.PERSON: 2.0,
}


def describe(passage: Passage, window: Window, phrases: Sequence[Phrase], people: Sequence[Name]) -> str:
    """Compose "Dorothy and the Scarecrow on the road; a wooden fence, a green field." from the passage's own words.

    `phrases` and `people` are the noun phrases and the named people and creatures of the window, in order.
    """
    if not passage.english:
        return excerpt(passage.text[window.start : window.end])
    used: set[int] = set()
    subject = _subject(passage, window, phrases, people, used)
    where = _where(passage, phrases, used)
    rest = _rest(passage, phrases, used)
    lead = " ".join(part for part in (subject, where) if part)
    if not subject and where:
        lead, rest = "", [_bare(where, passage, phrases, used), *rest]
    said = "; ".join(part for part in (lead, ", ".join(rest)) if part)
    return said[:1].upper() + said[1:] + "." if said else excerpt(passage.text[window.start : window.end])


def excerpt(text: str) -> str:
    """The passage's beginning, cut at a blank or comma, with an ellipsis where it was cut."""
    folded = " ".join(text.split())
    if len(folded) <= LONGEST_EXCERPT:
        return folded
    cut = max(folded.rfind(mark, 40, LONGEST_EXCERPT) for mark in " ,、，،;；。")
    return folded[: cut if cut > 0 else LONGEST_EXCERPT].rstrip(" ,、，،;；。") + "…"


def find_mood(tokens: Sequence[Token]) -> str:
    """One or two moods, each proved by a word of the passage outside speech; empty where there is none."""
    counts: Counter[str] = Counter()
    for i, token in enumerate(tokens):
        if not token.spoken and not _is_hue(tokens, i):
            counts.update(name for name, words in vocabulary.MOODS.items() if token.lower in words)
    names = list(vocabulary.MOODS)
    ranked = sorted(counts, key=lambda name: (-counts[name], names.index(name)))
    return ", ".join(ranked[:2] if len(ranked) > 1 and counts[ranked[1]] * 2 >= counts[ranked[0]] else ranked[:1])


def find_lighting(tokens: Sequence[Token]) -> str:
    """Time of day and source of light as the passage names them ("night, moonlight"); empty where it names none."""
    said = {token.lower for i, token in enumerate(tokens) if not token.spoken and not _is_hue(tokens, i)}
    time = next((name for name, words in vocabulary.TIMES.items() if said & words), "")
    sources = [word for word in vocabulary.LIGHT_SOURCES if word in said]
    kept = [word for word in sources if word != time][: 2 if not time else 1]
    return ", ".join(part for part in (time, *kept) if part)


def _is_hue(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "dark" or "bright" is said of eyes or a coat, not of the light."""
    return tokens[at].lower in HUED and any(t.facts & (lex.BODY | lex.WEAR) for t in tokens[at + 1 : at + 3])


def _subject(
    passage: Passage, window: Window, phrases: Sequence[Phrase], people: Sequence[Name], used: set[int]
) -> str:
    shown = [name.shown for name in people[:MOST_NAMES]]
    for index, phrase in enumerate(phrases):
        if len(shown) >= max(2, len(people[:MOST_NAMES])):
            break
        if phrase.kind & (lex.PERSON | lex.ANIMAL) and phrase.determiner not in (
            "my",
            "your",
            "no",
            "any",
            "every",
            "",
        ):
            used.add(index)
            text = _lower_first(passage, phrase)
            if text not in shown:
                shown.append(text)
    if not shown and _has_narrator(passage, window):
        shown = ["the narrator"]
    return _join(shown)


def _has_narrator(passage: Passage, window: Window) -> bool:
    first, last = passage.sentences[window.first].first, passage.sentences[window.last - 1].last
    return any(token.word in ("I", "me", "my") and not token.spoken for token in passage.tokens[first:last])


def _where(passage: Passage, phrases: Sequence[Phrase], used: set[int]) -> str:
    """The best phrase of place with its preposition, as printed: "in the great room"."""
    fit = [
        (i, p) for i, p in enumerate(phrases)
        if p.place >= 0 and p.kind & lex.PLACE and i not in used and p.determiner not in UNREAL
        and passage.tokens[p.place].lower in STANDING and passage.tokens[p.head].base not in vocabulary.VAGUE_PLACES
        and passage.tokens[max(p.place - 1, 0)].lower != "from"
    ]  # fmt: skip
    if not fit:
        return ""
    index, best = max(fit, key=lambda pair: (pair[1].looks, -pair[0]))
    used.add(index)
    return f"{passage.tokens[best.place].lower} {show_phrase(passage, best)}"


def _bare(where: str, passage: Passage, phrases: Sequence[Phrase], used: set[int]) -> str:
    for index in used:
        if where.endswith(show_phrase(passage, phrases[index])):
            return show_phrase(passage, phrases[index])
    return where


def _rest(passage: Passage, phrases: Sequence[Phrase], used: set[int]) -> list[str]:
    """The phrases most worth drawing, one a head, in reading order."""
    heads = {passage.tokens[phrases[index].head].base for index in used}
    ranked = []
    for index, phrase in enumerate(phrases):
        worth = next((value for mask, value in ORDER.items() if phrase.kind & mask), 0.8) + 1.2 * min(phrase.looks, 2)
        head = passage.tokens[phrase.head].base
        vague = phrase.determiner in ("no", "any", "every", "my", "your", "each") or head in vocabulary.BLAND_PEOPLE
        if index not in used and not (vague and not phrase.looks) and worth >= 2.0:
            ranked.append((-worth, index, head))
    chosen: list[int] = []
    for _, index, head in sorted(ranked):
        if head not in heads and len(chosen) < MOST_PHRASES:
            heads.add(head)
            chosen.append(index)
    return [_lower_first(passage, phrases[index]) for index in sorted(chosen)]


def _lower_first(passage: Passage, phrase: Phrase) -> str:
    text = show_phrase(passage, phrase)
    return text[:1].lower() + text[1:] if passage.tokens[phrase.first].first else text


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""
