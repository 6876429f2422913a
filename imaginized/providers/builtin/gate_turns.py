"""Cues of the gate that turn on what stands around them: "saw himself", "before he followed her". English only."""

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.gate_scope import SUPPOSED, TOLD, Marks, is_finite, reach

OPENED = 5  # words from "before" to the verb of its clause
DONE = vocabulary.words("hardly scarcely barely sooner not never long had hadn't moment minute minutes instant seconds")


def see_oneself(marks: Marks, at: int) -> None:
    """Mark the rest of "he saw himself going along it", which is in the mind, unless in a mirror."""
    seer = marks.tokens[at - 1] if at > marks.first else None
    if seer is None or not (seer.base in cues.SEEING_ONESELF or seer.lower == "pictured"):
        return
    if not any(marks.lower(i) in cues.MIRRORS for i in range(at + 1, at + 8)):
        marks.mark(at, reach(marks, at + 1, comma=False), SUPPOSED)


def speak_of_only(marks: Marks, at: int) -> None:
    """Mark who is only on the lips or in the mind: "talked of nothing but Tom"; not "saw nothing but the sea"."""
    if marks.lower(at - 1) in ("of", "about") and marks.lower(at + 1) == "but":
        marks.mark(at + 2, reach(marks, at + 2, noun=True), TOLD)


def come_before(marks: Marks, at: int) -> None:
    """Mark the clause of "before he followed her, the sergeant …", of what comes after; not "had hardly … before"."""
    if marks.tokens[at].gap != " " or any(marks.lower(i) in DONE for i in range(marks.first, at)):
        return
    verbs = range(at + 2, min(at + OPENED, marks.last))
    verb = next((i for i in verbs if is_finite(marks.tokens, i, marks.last)), -1)
    if verb < 0 or any(marks.tokens[i].gap != " " for i in range(at, verb)):
        return
    named = marks.lower(verb - 1) in cues.SUBJECTS or marks.tokens[verb - 1].facts & (lex.PERSON | lex.ADVERB)
    if named or marks.tokens[verb - 1].word[0].isupper():
        marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)
