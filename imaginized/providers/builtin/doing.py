"""Who does what a verb says: its subject, whom another sees do it, or who is named after it. English only."""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.joining import BACK, before_participle, told_after
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.verb_forms import OBJECTS
from imaginized.providers.builtin.vocabulary import AUXILIARIES
from imaginized.story.staging import Being

NOMINATIVE = frozenset({"he", "she", "they", "i", "we"})


def _nobody() -> Actor:
    """Who does it is no one that is drawn; a new one each time, for deeds are noted with it."""
    return Actor(-1, count=0)


def find_doers(
    passage: Passage, chunks: list[Chunk], number: int, subject: list[Actor], earlier: list[Actor], *, owned: bool
) -> list[Actor]:
    """Those who do what the verb of a chunk says.

    Args:
        passage: The chapter.
        chunks: Of a sentence.
        number: The verb's.
        subject: Who stands before it.
        earlier: Who stood before the verb of the clause before.
        owned: Whether a noun that is nobody stands before it.
    """
    chunk = chunks[number]
    people = all(who.being is Being.PERSON for who in subject)
    if _is_subject(passage, chunk.at, "what") or (people and _is_subject(passage, chunk.at, "it")):
        return []  # what was coming, or passed between them; nor is anybody "it"
    if chunk.kind == "g":
        return _found_doing(passage, chunks, number) or _doers_of_participle(
            passage, chunks, number, subject, owned=owned
        )
    if chunk.kind in "vp" and (seen := _seen_doing(passage, chunks, number) or told_after(passage, chunks, number)):
        return seen if seen != subject else [_nobody()]  # "they watched them fall" are others
    if chunk.kind == "v" and not subject and not owned:
        inverted = chunks[number + 1] if number + 1 < len(chunks) else None
        base = passage.tokens[chunk.at].base
        follows = inverted is not None and inverted.kind == "n" and not inverted.prep
        limb = inverted is not None and inverted.owner is not None and not inverted.who  # "but waved her hand"
        if inverted is not None and follows and not limb and base not in table.NEED_OBJECT:
            if passage.tokens[inverted.at].lower in OBJECTS:
                return []
            return _listed(passage, chunks, number + 1)  # "said Anna", "there sat a boy"
        return earlier
    return subject


def _is_subject(passage: Passage, at: int, word: str) -> bool:
    """Whether a word stands right before a verb: "what was coming"."""
    tokens, sentence = passage.tokens, passage.sentences[passage.sentence_of_token[at]]
    begin = at - 1
    if begin > sentence.first and tokens[begin].lower in AUXILIARIES:
        begin -= 1
    return begin >= sentence.first and tokens[begin].lower == word and tokens[begin].gap == " "


def _doers_of_participle(
    passage: Passage, chunks: list[Chunk], number: int, subject: list[Actor], *, owned: bool
) -> list[Actor]:
    """Who does what a word in -ing says."""
    before = chunks[number - 1] if number else None
    if before is not None and before.kind == "n" and (before.who or not before.prep or not subject):
        return before.who  # "saw a man carrying a lamp"; not "sat by the fire smoking"
    if before is not None and before.kind == "b" and not subject:
        return []  # "many were riding": of whom is open
    if not subject and not owned and _is_things(chunks, number):
        return []  # "there were the poplars again, waving"
    if not subject and not owned:
        later = range(number + 1, len(chunks))
        fit = (at for at in later if chunks[at].kind == "n" and not chunks[at].prep and chunks[at].who)
        return next((chunks[at].who for at in fit if not is_object_of_participle(passage, chunks, at)), [])
    if not subject:  # "morning found Tom, weary, sitting on a bench"
        stop = max((at for at in range(number) if chunks[at].kind == ";"), default=-1)
        return next((each.who for each in reversed(chunks[stop + 1 : number]) if each.who and not each.prep), [])
    return subject


def _is_things(chunks: list[Chunk], number: int) -> bool:
    """Whether the last noun of a clause before a participle is nobody."""
    for chunk in reversed(chunks[:number]):
        if chunk.kind == ";":
            return False
        if chunk.kind == "n" and not chunk.prep:
            return not chunk.who
    return False


def _found_doing(passage: Passage, chunks: list[Chunk], number: int) -> list[Actor]:
    """Who paces in "found Anna, pale and agitated, pacing her room"."""
    at = number - 1
    tokens, verb = passage.tokens, chunks[number].at
    if at >= 0 and chunks[at].kind == "v" and tokens[verb - BACK].lower.endswith("'s") and chunks[at].at < verb - BACK:
        return [_nobody()]  # "saw Tom's rifle lying there"
    while at > 0 and chunks[at].kind == ",":
        at -= 1
    at = _before_another(chunks, at)
    if at == number - BACK and tokens[chunks[number - 1].at].lower == "and":
        at = before_participle(chunks, at)
    if at < 1 or at == number - 1 or chunks[at].kind != "n" or chunks[at].prep or chunks[at - 1].kind != "v":
        return []
    return chunks[at].who if passage.tokens[chunks[at - 1].at].base in table.PERCEIVING else []


def _before_another(chunks: list[Chunk], at: int) -> int:
    """Who does it in "saw Anna coming, in an old coat, humming": the chunk before the first participle."""
    here = at
    while here > 1 and (
        chunks[here].kind in "g," or (chunks[here].kind == "n" and (chunks[here].prep or not chunks[here].who))
    ):
        here -= 1
    first = chunks[here + 1] if here + 1 < len(chunks) else None
    return here if first is not None and first.kind == "g" and here < at and chunks[here].kind == "n" else at


def _listed(passage: Passage, chunks: list[Chunk], number: int) -> list[Actor]:
    """Who stands in a list that begins there: "there slept the sailor and his son"."""
    who = list(chunks[number].who)
    at = number + 1
    while who and at + 1 < len(chunks) and passage.tokens[chunks[at].at].lower == "and" and chunks[at + 1].kind == "n":
        after = chunks[at + 2].kind if at + 2 < len(chunks) else ";"
        if chunks[at + 1].prep or after in "vbx":
            break
        who += [each for each in chunks[at + 1].who if each not in who]
        at += 2
    return who


def _seen_doing(passage: Passage, chunks: list[Chunk], number: int) -> list[Actor]:
    """Who does it in "saw the boy run": not the one who sees."""
    if number < 2 or chunks[number - 1].kind != "n" or chunks[number - 1].prep or chunks[number - 2].kind not in "vg":
        return []
    verb = passage.tokens[chunks[number - 2].at]
    base = table.PARTICIPLES.get(verb.lower, verb.base)
    return chunks[number - 1].who if base in table.PERCEIVING else []


def is_object_of_participle(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell "Leaving the archer and his brood, the others …" from who leaves: they are left."""
    at = number
    while at > 1 and chunks[at - 1].kind == "," and passage.tokens[chunks[at - 1].at].lower == "and":
        at -= 2
        if chunks[at].kind != "n" or (number + 1 < len(chunks) and chunks[number + 1].kind in "vb"):
            return False
    return at > 0 and chunks[at - 1].kind == "g" and passage.tokens[chunks[at].at].lower not in NOMINATIVE
