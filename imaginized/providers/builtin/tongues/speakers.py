"""Who speaks in a chapter whose language is not known: names by their capitals, people by where speech is told.

Nothing is claimed in a script without capitals, nor where all nouns have them.
"""

from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.tongues.believing import is_capital
from imaginized.providers.builtin.tongues.splitting import DASHES, Splitting

# Where more of the different words in mid-sentence are capital, capitals prove no names.
MOST_CAPITALS = 0.14
MOST_PARTS = 3
# Between the speech and the name: a verb, maybe with an article or a pronoun.
MOST_VERBS = 2
CLOSING = ("»", "«", "”", "“", '"', "›", "’")
LEAST_SPEECHES = 2


def find_speakers(splitting: Splitting) -> list[Name]:
    """Return who speaks more than once in the chapter, most mentioned first."""
    tokens = splitting.tokens
    middle = {token.word: is_capital(token) for token in tokens if not token.first}
    if not any(middle.values()) or sum(middle.values()) > MOST_CAPITALS * len(middle):
        return []
    small = {token.lower for token in tokens if token.word[0].islower()}
    names: dict[str, Name] = {}
    at = 0
    while at < len(tokens):
        last = _end(splitting, at, small)
        if last == at:
            at += 1
            continue
        text = " ".join(token.word for token in tokens[at:last])
        name = names.setdefault(text, Name(text=text))
        name.mentions.append((at, last))
        name.evidence["speech"] += _is_told(tokens, at)
        name.evidence["middle"] += not tokens[at].first
        at = last
    kept = [name for name in names.values() if name.evidence["speech"] >= LEAST_SPEECHES and name.evidence["middle"]]
    return sorted(kept, key=lambda name: (-len(name.mentions), name.text))


def _end(splitting: Splitting, at: int, small: set[str]) -> int:
    """Where a run of capital words ends that begins at a word; the word itself where there is none."""
    tokens, last = splitting.tokens, at
    while last < len(tokens) and last - at < MOST_PARTS:
        token = tokens[last]
        if not is_capital(token) or token.lower in small or len(token.word) < 2:
            break
        if last > at and (tokens[last - 1].gap != " " or splitting.sentences[last] != splitting.sentences[at]):
            break
        last += 1
    return last


def _is_told(tokens: list[Token], at: int) -> bool:
    """Find "— сказал X", "», dit X": one or two small words between the end of a speech and a name."""
    for verbs in range(1, MOST_VERBS + 1):
        first = at - verbs
        if first < 1 or tokens[first].gap != " " or not tokens[first].word[0].islower():
            return False
        gap = tokens[first - 1].gap
        # A sentence ends within "? — said X": what begins small goes on with the one before.
        if tokens[first].first or any(mark in gap for mark in (*CLOSING, *DASHES)):
            return True
    return False
