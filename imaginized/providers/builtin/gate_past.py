"""Cues of the gate for what was before the moment, or is always so: "had gone", "often went". English only."""

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import verb_forms, vocabulary
from imaginized.providers.builtin.gate_scope import MEMORY, Marks, clause_start, is_finite, reach
from imaginized.providers.builtin.sentences import Token

BETWEEN = cues.ADVERBS_BETWEEN | vocabulary.words("he she it they i we long since so thus")
TAKING = vocabulary.ARTICLES | vocabulary.POSSESSIVES | vocabulary.PREPOSITIONS | verb_forms.OBJECTS | {"it", ""}
LONGEST_ADJECTIVE = 4  # letters of a word in -ed that is of no verb: "red", "aged"; what is longer may be one
TURNS, BY_TURNS = vocabulary.words("first once then again lastly"), vocabulary.words("with by as in at alone")
JOINED = 4  # tokens from the first of two meals to the second: "lunched and supped"


def had_done(marks: Marks, at: int) -> None:
    """Mark "had gone" and "had been drinking"; "had a hat" is there, "had to go" is done."""
    tokens = marks.tokens
    i = _find_participle(marks, at)
    if i < 0 or tokens[i].base == "begin":
        return
    if tokens[i].lower == "been" and marks.lower(i + 1).endswith("ing") and _goes_on(marks, at, i):
        return
    if marks.lower(at - 1) in cues.HARDLY | {"sooner"}:
        return  # "no sooner had the dog seen him than": now
    if any(tokens[k].lower in cues.AT_ONCE for k in range(marks.first, min(marks.last, at + 6))):
        return
    end = i + 1 if "," in tokens[i].gap else reach(marks, i, verb=True)  # "when he had gone, she wept": she does
    if tokens[i].lower == "been" and marks.lower(i + 1).endswith("ing"):  # "had been raining, and the street was wet"
        end = next((k + 1 for k in range(i, end) if "," in tokens[k].gap), end)
    while end < marks.last and tokens[end].lower == "and" and _is_participle(marks, min(end + 1, marks.last - 1)):
        end = reach(marks, end + 1)  # "had met and passed"
    if end < marks.last and tokens[end].lower in ("while", "whilst"):
        end = reach(marks, end + 1)  # "which I had done while she was riding": elsewhere, and before
    while marks.lower(end) in TURNS and marks.lower(end + 1) in BY_TURNS:
        end = reach(marks, end + 1)  # "had been there twice—first with his aunt"
    marks.mark(at, end, MEMORY)


def _find_participle(marks: Marks, at: int) -> int:
    """The verb of a "had"; -1 where it has none."""
    tokens = marks.tokens
    apart = "," in tokens[at].gap
    i, most = at + 1, min(at + (8 if apart else 4), marks.last - 1)
    while i < most and (apart or _is_between(tokens[i])) and not _is_participle(marks, i):
        i += 1
    return i if i < marks.last and _is_participle(marks, i) else -1


def _goes_on(marks: Marks, at: int, been: int) -> bool:
    """Tell "had been sitting there since noon" and "had been sitting there when she came" from what is over."""
    here = range(marks.first, marks.last)
    if any(marks.lower(i) in cues.GOING_ON for i in here) or any(marks.lower(i) == "long" for i in range(at, been)):
        return True
    if any(marks.lower(i) == "when" for i in range(been, marks.last)):
        return True
    return any(
        marks.lower(i) in cues.SPANS and any(marks.lower(i - k) in cues.LASTING for k in (1, 2, 3)) for i in here
    )


def having_done(marks: Marks, at: int) -> None:
    """Mark "for having fired"; who sits "having locked the door" has only just done it."""
    if marks.lower(at - 1) in vocabulary.PREPOSITIONS:
        marks.mark(at, reach(marks, at + 1), MEMORY)


def _is_between(token: Token) -> bool:
    """Tell whether a word may stand between "had" and its verb."""
    return token.lower in BETWEEN or bool(token.facts & lex.ADVERB)


def _is_participle(marks: Marks, at: int) -> bool:
    """Tell "had opened" and "had closed the door" from "had red hair"."""
    token = marks.tokens[at]
    if token.lower in cues.BARE_PARTICIPLES or token.lower in ("been", "had", "done"):
        return True
    if token.facts & lex.VERB and token.facts & lex.INFLECTED:
        return not token.lower.endswith(("ing", "s"))
    described = token.facts & lex.ADJECTIVE and token.lower.endswith("ed") and len(token.lower) > LONGEST_ADJECTIVE
    return bool(described) and (token.gap != " " or marks.lower(at + 1) in TAKING)


def past_word(marks: Marks, at: int) -> None:
    """Mark the clause of "usually" or "yesterday"."""
    marks.mark(clause_start(marks, at), reach(marks, at), MEMORY)


def do_often(marks: Marks, at: int) -> None:
    """Mark what is a habit: "often went", "would sometimes go"; who "turned often" does it now."""
    before = marks.lower(at - 1)
    if before == "would":
        marks.mark(clause_start(marks, at), marks.last, MEMORY)  # "would often sit there, and, knitting, would talk"
    elif marks.lower(at) == "often" and (before in verb_forms.BEINGS or is_finite(marks.tokens, at + 1, marks.last)):
        past_word(marks, at)
    elif marks.lower(at) == "sometimes":
        begins, ends = _part_of(marks, at)  # not what stands before a semicolon: it may be a moment
        again = next((i for i in range(at + 1, ends) if _is_at_times(marks, i)), -1)
        if again >= 0:
            marks.mark(begins, reach(marks, again), MEMORY)


def _part_of(marks: Marks, at: int) -> tuple[int, int]:
    """From where to where (excluded) the part of the sentence goes that no semicolon cuts."""
    cuts = [i + 1 for i in range(marks.first, marks.last) if ";" in marks.tokens[i].gap]
    begins = max((cut for cut in cuts if cut <= at), default=marks.first)
    return begins, min((cut for cut in cuts if cut > at), default=marks.last)


def _is_at_times(marks: Marks, at: int) -> bool:
    """Tell the second of "sometimes alone, sometimes with her" and "sometimes here, at other times there"."""
    other = marks.lower(at) == "at" and marks.lower(at + 1) in ("other", "others")
    return marks.lower(at) == "sometimes" or other


def eat_meals(marks: Marks, at: int) -> None:
    """Mark two meals: "he lunched and supped at the inn"."""
    near = range(at + 1, min(at + JOINED, marks.last))
    second = next((i for i in near if marks.lower(i) in cues.MEALS - {marks.lower(at)}), -1)
    if second >= 0:
        marks.mark(at, reach(marks, second), MEMORY)
