"""Who tells a chapter in the first person: a man, a woman or a beast, by what they own and are called. English only."""

from collections import Counter
from collections.abc import Iterator, Mapping

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.people_words import SPECIES
from imaginized.providers.builtin.sentences import Passage
from imaginized.story.stage_things import Species
from imaginized.story.staging import Sex

MY = vocabulary.words("my")
# What only a beast has, or only a woman or a man: "my hoofs", "my gown", "my beard".
BEASTLY = vocabulary.words(
    "tail mane hoof hoofs hooves paw paws forepaws fur muzzle snout fetlocks withers haunches forelegs hackles "
    "kennel whinny neigh"
)
OWNED = dict.fromkeys(
    vocabulary.words("gown petticoat petticoats bodice frock husband skirt skirts bonnet apron shawl"), Sex.WOMAN
) | dict.fromkeys(
    vocabulary.words("wife beard moustache waistcoat trousers razor braces fiancee sweetheart sword"), Sex.MAN
)
# By what others speak to one: who is spoken to while "I" am there is mostly the one who tells it.
ADDRESSED = dict.fromkeys(vocabulary.words("miss madam ma'am madame mademoiselle mum marm"), Sex.WOMAN) | dict.fromkeys(
    vocabulary.words("sir sirrah monsieur mister fellow chap sonny lad"), Sex.MAN
)
WORTH_OWNED, WORTH_CALLED, WORTH_SAID = 32, 12, 1  # who tells says "sir" to others, too
LEAST_BEASTLY = 2  # of a chapter
LEAST_SEXED, CLEARLY = 3, 2
ADJECTIVES = 2  # words that may stand between: "my new silk gown"


def beastly_places(passage: Passage) -> list[int]:
    """Where somebody tells of their own mane or paws."""
    return list(_owned_places(passage, BEASTLY))


def _owned_places(passage: Passage, nouns: frozenset[str]) -> Iterator[int]:
    tokens = passage.tokens
    for at in passage.places_of(nouns):
        before = tokens[max(at - ADJECTIVES - 1, 0) : at]
        if not tokens[at].spoken and any(word.lower in MY for word in before):
            yield at


def sexed_places(passage: Passage) -> dict[int, tuple[Sex, int]]:
    """Where the words speak for the sex of the one who says "I", and how much."""
    found = {at: (OWNED[passage.tokens[at].lower], WORTH_OWNED) for at in _owned_places(passage, frozenset(OWNED))}
    tokens = passage.tokens
    for at in passage.places_of(frozenset(ADDRESSED)):
        if tokens[at].spoken and (worth := _worth_of_call(passage, at)):
            found[at] = (ADDRESSED[tokens[at].lower], worth)
    return found


def _worth_of_call(passage: Passage, at: int) -> int:
    """What an address says of who tells: much beside "to me", little where "I" am near, nothing where "I" say it."""
    tokens, sentence = passage.tokens, passage.sentences[passage.sentence_of_token[at]]
    if at == 0 or tokens[at - 1].gap == " ":
        return 0  # "the old fellow"
    named = at + 1 < len(tokens) and tokens[at].gap == " " and tokens[at + 1].word[0].isupper()
    if named and tokens[at + 1].gap == " ":
        return 0  # "Miss Brown is out"
    around = range(max(passage.sentence_of_token[at] - 1, 0), passage.sentence_of_token[at] + 2)
    near = [
        token.lower
        for number in around
        if number < len(passage.sentences) and passage.sentences[number].paragraph == sentence.paragraph
        for token in tokens[passage.sentences[number].first : passage.sentences[number].last]
        if not token.spoken
    ]
    if "i" in near:
        return 0
    return WORTH_CALLED if "me" in near or "my" in near else WORTH_SAID


def read_narrator(passage: Passage) -> dict[str, int]:
    """The signs of who tells a chapter: "he" and "she", and of a beast "beast" and its species."""
    signs: dict[str, int] = {}
    for sex, worth in sexed_places(passage).values():
        word = "he" if sex is Sex.MAN else "she"
        signs[word] = signs.get(word, 0) + worth
    own = len(beastly_places(passage))
    if own:
        signs["beast"] = own
        for token in passage.tokens:
            if token.base in SPECIES and token.facts & lex.NOUN and not token.facts & lex.VERB:
                signs[token.base] = signs.get(token.base, 0) + 1
    return signs


def species_of(signs: Mapping[str, int]) -> Species:
    """The species that the signs of a beast's telling name most."""
    counts: Counter[Species] = Counter()
    for word, count in signs.items():
        counts[SPECIES.get(word, Species.UNKNOWN)] += count
    del counts[Species.UNKNOWN]
    return max(sorted(counts), key=lambda species: counts[species], default=Species.UNKNOWN)


def sex_of_narrator(signs: Mapping[str, int]) -> Sex:
    """The sex that the signs clearly speak for."""
    he, she = signs.get("he", 0), signs.get("she", 0)
    if max(he, she) < LEAST_SEXED or max(he, she) < CLEARLY * min(he, she):
        return Sex.UNKNOWN
    return Sex.MAN if he > she else Sex.WOMAN
