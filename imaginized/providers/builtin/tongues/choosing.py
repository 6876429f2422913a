"""Which of the languages of this folder a chapter is in, by its commonest words and what the book says of itself."""

from collections import Counter

from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.tongues.dutch import DUTCH
from imaginized.providers.builtin.tongues.french import FRENCH
from imaginized.providers.builtin.tongues.german import GERMAN
from imaginized.providers.builtin.tongues.italian import ITALIAN
from imaginized.providers.builtin.tongues.portuguese import PORTUGUESE
from imaginized.providers.builtin.tongues.spanish import SPANISH
from imaginized.providers.builtin.tongues.tongue import Tongue

TONGUES = (GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE)
# The share that the commonest words make up; where the book names its language, less proves it.
LEAST_SHARE, LEAST_NAMED_SHARE = 0.15, 0.10


def choose_tongue(passage: Passage, *, language: str) -> Tongue | None:
    """Return the chapter's language, or None where it is none of ours; `language` is what the book says, or ""."""
    counts = Counter(token.lower for token in passage.tokens)
    most = max(len(passage.tokens), 1)
    shares = {tongue.code: sum(counts[word] for word in tongue.common) / most for tongue in TONGUES}
    named = language.casefold().replace("_", "-").split("-")[0]
    best = max(TONGUES, key=lambda tongue: (shares[tongue.code], tongue.code == named))
    own = next((tongue for tongue in TONGUES if tongue.code == named), None)
    if own is not None and shares[named] >= max(LEAST_NAMED_SHARE, 0.8 * shares[best.code]):
        return own
    return best if shares[best.code] >= LEAST_SHARE else None
