"""What of a sentence may stand alone as a passage: its clauses, without what only goes on from them. English only.

The captions of the old illustrated books were such: "She hugged him briefly but fervently". No letter is changed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.coverage import Count, count_within
from imaginized.providers.builtin.cutting import (
    CAUSES,
    COORDINATE,
    HELPERS,
    ONE_OR_MANY,
    OPENING,
    PROMISING,
    REACH,
    RELATIVE,
    SUBJECTS,
    SUBORDINATE,
    opening_of,
    within,
)
from imaginized.providers.builtin.sentences import Sentence, Token
from imaginized.providers.builtin.staging import Stage
from imaginized.providers.builtin.verb_forms import is_verb

FEWEST, LONGEST = 4, 60  # words of a clause, and of a sentence that is looked at
# What a deed that no picture has, somebody, and a place or thing are worth beside a deed of their weight.
UNREAD, SOMEBODY, SEEN = 0.5, 0.5, 0.4
DEPENDING = SUBORDINATE | {"whilst"}
SUBORDINATING = DEPENDING | RELATIVE | vocabulary.words("if unless that")
MEASURING = vocabulary.words("as before after till until since")  # also of one word: "as a child", "before noon"
CONDITIONS = vocabulary.words("if unless lest whether or nor than not like")
# Where one of these ends the words, more has to follow.
UNENDING = vocabulary.PREPOSITIONS - vocabulary.words("in on by over down up out off before after inside outside about")
UNENDING |= vocabulary.DETERMINERS | HELPERS | COORDINATE | OPENING | RELATIVE
UNENDING |= vocabulary.words("very quite rather more most less as if or being i he she they we however indeed perhaps")
SUPPOSING = vocabulary.words("would should could might must may")
DENIED = vocabulary.words("not never no nothing nobody none")
GIVING = vocabulary.words("give hand show bring offer send tell pass")
UNCHANGED = vocabulary.words("put set let cut shut hit burst cast split hurt")
_MEANT = Counter(vocabulary.IRREGULAR_VERBS.values())
_LAST = {stem: form for form, stem in vocabulary.IRREGULAR_VERBS.items()}  # of "drank, drunk" the participle
ONLY_PARTICIPLES = frozenset(form for stem, form in _LAST.items() if _MEANT[stem] > 1) - vocabulary.words("were")
DASHES = frozenset({"—", "--", "–"})
PAUSES = frozenset({",", ";", ":", ";—", ",—"}) | DASHES
STRONG = PAUSES - {","}
PASSING = vocabulary.words("then so again almost even once now there")
COMPARING = vocabulary.words("as so such same just even ever long soon")
MOST_ADVERBS = 2
MOST_DASHES = 2  # with more it is a list of what a chapter tells
MOMENTS = vocabulary.words("moment time day hour minute instant second night place spot way point manner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A place where a sentence may be parted.

    Attributes:
        last: The token before it.
        ends: Whether a passage may end there.
        opens: The token that a passage may begin with after it, or -1.
    """

    last: int
    ends: bool
    opens: int


class Clause(NamedTuple):
    """Some tokens of a sentence (the last excluded) that stand alone, their place in the text, what they tell."""

    first: int
    last: int
    start: int
    end: int
    told: Count


def find_clauses(stage: Stage, number: int, *, start: int, is_ended: bool) -> list[Clause]:
    """What of a sentence may stand alone, without the whole.

    Args:
        stage: The chapter.
        number: Of the sentence.
        start: Where a passage with all of the sentence begins in the text.
        is_ended: Whether the sentence ends there; of one that was cut the whole part is looked at, too.
    """
    sentence, text = stage.passage.sentences[number], stage.passage.text
    tokens = stage.passage.tokens
    begin = bisect_left(tokens, start, sentence.first, sentence.last, key=lambda token: token.start)
    if not FEWEST < sentence.last - begin <= LONGEST or _is_odd(text[sentence.start : sentence.end]):
        return []
    joints = list(_joints(stage, sentence, begin))
    opens = [at for at in dict.fromkeys(joint.opens for joint in joints) if at > begin]
    starts = [begin, *(at for at in opens if _follow(tokens, sentence, begin, at)[1] == 0)]
    ends = [joint.last + 1 for joint in joints if joint.ends]
    spans = [(first, last) for first in starts for last in (*ends, sentence.last) if last - first >= FEWEST]
    is_ended = is_ended and not text[sentence.start : sentence.end].endswith(("—", "--"))
    end = sentence.last if is_ended else -1
    spans = [
        span
        for span in spans
        if span != (begin, end) and _stands_alone(stage, sentence, *span, is_ended=span[1] == end)
    ]
    return [
        Clause(
            first=first,
            last=last,
            start=start if first == begin else tokens[first].start,
            end=sentence.end if last == sentence.last else tokens[last - 1].end,
            told=count_within(stage, number, (first, last)),
        )
        for first, last in spans
    ]


def _is_odd(text: str) -> bool:
    return any(mark in text for mark in "([_") or text.count("—") > MOST_DASHES


def weigh_told(count: Count) -> float:
    """How much some words tell: deeds most, then who is there, places and things."""
    deeds = sum(table.WEIGHT.get(deed, 1.0) for deed in set(count.deeds)) + UNREAD * count.acts
    people = len(count.names) + len(count.nouns) + len(count.many)
    return deeds + SOMEBODY * people + SEEN * (len(count.places) + len(count.things))


def part_off(stage: Stage, number: int, clause: Clause) -> tuple[Stage, int]:
    """The chapter up to a clause of a sentence, as a sentence of its own, and which one it is."""
    sentence, tokens = stage.passage.sentences[number], stage.passage.tokens
    cut = [sentence._replace(first=clause.first, last=clause.last, start=clause.start, end=clause.end)]
    if clause.first > sentence.first:
        cut.insert(0, sentence._replace(last=clause.first, end=tokens[clause.first - 1].end))
    parts = [part._replace(spoken=_spoken(tokens[part.first : part.last])) for part in cut]
    said = [within(stage.phrases[number], part) for part in parts]
    passage = stage.passage.cut_otherwise([*stage.passage.sentences[:number], *parts])
    return replace(stage, passage=passage, phrases=[*stage.phrases[:number], *said]), number + len(parts) - 1


def _spoken(tokens: list[Token]) -> float:
    return sum(token.spoken for token in tokens) / max(len(tokens), 1)


def _joints(stage: Stage, sentence: Sentence, begin: int) -> Iterator[Joint]:
    tokens = stage.passage.tokens
    for at in range(begin + 1, sentence.last - 2):
        after = tokens[at + 1]
        if after.spoken:
            continue
        gap = tokens[at].gap.strip('”’" ')
        if tokens[at].gap == " ":
            if after.lower == "and" or after.lower in DEPENDING:
                joint = _loose_joint(stage, sentence, begin, at)
                if joint is not None:
                    yield joint
        elif gap in PAUSES:
            yield _pause(stage, sentence, at, strong=gap in STRONG)


def _loose_joint(stage: Stage, sentence: Sentence, begin: int, at: int) -> Joint | None:
    """Without a comma: "took it and opened it", "rose and the dog barked", "rose as he came in"."""
    tokens = stage.passage.tokens
    after = tokens[at + 1].lower
    follows = _over_adverbs(tokens, at + 2, sentence)
    if follows >= sentence.last or tokens[at].lower in UNENDING or tokens[at].spoken:
        return None
    if after == "and":
        leads = _leads(stage, follows, sentence) and _is_told_since_pause(tokens, sentence, begin, at)
        done = not tokens[follows].facts & lex.NOUN and _is_finite(tokens, follows, sentence)
        done = done and not tokens[at].facts & lex.QUALITY and not _is_finite(tokens, at, sentence)  # "came and sat"
        return Joint(last=at, ends=True, opens=opening_of(tokens, follows) if leads else -1) if leads or done else None
    asked = tokens[at].lower in MOMENTS | COMPARING or (after == "as" and tokens[at].facts & lex.QUALITY)
    if asked or not _leads(stage, at + 2, sentence):
        return None
    return Joint(last=at, ends=True, opens=-1)


def _is_told_since_pause(tokens: list[Token], sentence: Sentence, begin: int, at: int) -> bool:
    """Whether between the last pause and a token there is a verb: not in "while Anna and her father went"."""
    start = next((number + 1 for number in range(at - 1, begin - 1, -1) if tokens[number].gap != " "), begin)
    verb, waits = _follow(tokens, sentence, start, at + 1)
    return verb >= 0 and waits == 0


def _pause(stage: Stage, sentence: Sentence, at: int, *, strong: bool) -> Joint:
    tokens = stage.passage.tokens
    after = tokens[at + 1]
    joined = after.lower in COORDINATE
    follows = at + 1 + joined
    leads = _leads(stage, follows, sentence) and tokens[follows].lower not in OPENING and after.lower not in CAUSES
    bare = tokens[_over_adverbs(tokens, follows, sentence)] if follows < sentence.last else after
    ends = after.lower not in CONDITIONS and bare.lower not in CONDITIONS - {"not", "like"}
    if joined and not strong:
        place = _over_adverbs(tokens, follows, sentence)
        goes_on = tokens[follows].lower in OPENING | RELATIVE or after.lower == "then" or after.gap != " "
        ends = ends and (leads or goes_on or (place < sentence.last and _is_verbal(tokens, place, sentence)))
    if _is_finite(tokens, at, sentence) and not (joined or strong or after.lower in DEPENDING):
        ends = False  # "he took, with a bow, the book"
    opens = opening_of(tokens, follows) if leads else -1
    return Joint(last=at, ends=ends and not tokens[at].spoken, opens=opens if not tokens[at].spoken else -1)


def _stands_alone(stage: Stage, sentence: Sentence, first: int, last: int, *, is_ended: bool) -> bool:
    """Whether some words of a sentence are whole: somebody does something, and nothing is left open."""
    tokens, text = stage.passage.tokens, stage.passage.text
    start = sentence.start if first == sentence.first else tokens[first].start
    said = text[start : sentence.end if is_ended else tokens[last - 1].end]
    if said.count("“") != said.count("”") or said.count('"') % 2 or not _is_clause(stage, sentence, first, last):
        return False
    if _is_supposed(tokens, first, last) or _only_opens(tokens, first, last):
        return False
    if is_ended:
        return True
    if tokens[last - 1].lower in UNENDING or _leaves_open(tokens, first, last) or _lacks_noun(tokens, first, last):
        return False
    return not (_is_interrupted(tokens, sentence, first, last) or _dangles(tokens, sentence, first, last))


def _only_opens(tokens: list[Token], first: int, last: int) -> bool:
    """Whether all is one more "when": "When she had gone, and the lamp was out", whatever comes then."""
    pauses = [at for at in range(first, last - 1) if tokens[at].gap != " " and not tokens[at].spoken]
    opens = tokens[first].lower in DEPENDING and bool(pauses)
    return opens and all(tokens[at + 1].lower in COORDINATE for at in pauses)


def _is_supposed(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the words tell what would have happened."""
    return any(
        tokens[at].lower in SUPPOSING and any(token.lower in ("have", "be") for token in tokens[at + 1 : at + 4])
        for at in range(first, last - 1)
        if not tokens[at].spoken
    )


def _leaves_open(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the words promise what is cut off: "not only", "so tall", "did not go, but", "gave him, smiling, the"."""
    kept = [tokens[at].lower for at in range(first, last) if not tokens[at].spoken]
    if last == len(tokens):
        return False  # what ends with the chapter leaves nothing open
    after = tokens[last].lower
    if any(word in RELATIVE for word in kept) and tokens[last].facts & lex.VERB and tokens[last].facts & lex.INFLECTED:
        return True  # "Anna, who slept in the hall, the door of which stood open, called"
    if any(word in PROMISING for word in kept[1:]) or kept[:1] == ["not"]:
        return True
    if after == "but" and any(word in DENIED or word.endswith("n't") for word in kept):
        return True
    apart = after in vocabulary.PREPOSITIONS or after.endswith(("ing", "ly"))
    return apart and any(tokens[at].base in GIVING for at in range(max(last - REACH, first), last - 1))


def _is_interrupted(tokens: list[Token], sentence: Sentence, first: int, last: int) -> bool:
    """Whether the last words only part a verb from what it needs: "they were, on pain of death, not to"."""
    pauses = [at for at in range(first, last - 1) if tokens[at].gap != " " and not tokens[at].spoken]
    if not pauses:
        return False
    before, after = tokens[pauses[-1]], tokens[pauses[-1] + 1]
    if before.lower in UNENDING:
        return True
    asks = before.base in table.NEED_OBJECT or before.facts & (lex.SPEECH | lex.MIND | lex.SENSE)
    return bool(asks) and after.lower in vocabulary.PREPOSITIONS and _is_finite(tokens, pauses[-1], sentence)


def _lacks_noun(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the words end within "a lax, thoughtful pose" or "with wide, staring eyes"."""
    for at in range(last - 1, first, -1):
        within = at < last - 1 and tokens[at].gap == " " and tokens[at].lower in vocabulary.PREPOSITIONS
        if within or tokens[at].lower in ONE_OR_MANY:
            return True
        if not tokens[at].facts & (lex.QUALITY | lex.ADVERB) or tokens[at].facts & lex.NOUN:
            return False
    return False


def _is_clause(stage: Stage, sentence: Sentence, first: int, last: int) -> bool:
    """Whether there is a finite verb that hangs on no "who" and no "when", and somebody or something that does it."""
    tokens = stage.passage.tokens
    verb = _main_verb(tokens, sentence, first, last)
    if verb < 0:
        return False
    # "A note, written in pencil, lay": what looked like its verb is none where the next one has no "and".
    apart = verb > first and tokens[verb - 1].gap != " "
    if apart and last < sentence.last and _is_finite(tokens, last, sentence):
        return False
    return any(
        _is_subject(stage, at) or (tokens[at].facts & lex.NOUN and at < verb)
        for at in range(first, last)
        if not tokens[at].spoken
    )


def _main_verb(tokens: list[Token], sentence: Sentence, first: int, last: int) -> int:
    """The first finite verb of a main clause, or -1."""
    return _follow(tokens, sentence, first, last)[0]


def _follow(tokens: list[Token], sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The first finite verb of a main clause, or -1; and how many "when" and "who" at the end wait for their verb."""
    verb, depends, waits, before = -1, tokens[first].lower in OPENING, 0, -1
    for at in range(first, last):
        token = tokens[at]
        if token.spoken:
            depends, waits = False, 0
            continue
        if at > first and tokens[at - 1].gap != " ":
            if verb < 0 and tokens[at - 1].gap.strip() in DASHES:
                break  # "All his movements—the way he stood, …—had"
            depends = waits > 0  # "As, in the act of waking, she kicked" still waits for its verb
        if token.lower in SUBORDINATING and not (token.lower == "that" and _points(tokens, at, first)):
            depends, waits = True, waits + (at == first or token.lower not in MEASURING)
        elif _is_finite(tokens, at, sentence):
            verb = at if verb < 0 and not depends else verb
            waits -= waits > 0 and before != at - 1  # "had seen" is one verb
            before = at
    return verb, waits


def _points(tokens: list[Token], at: int, first: int) -> bool:
    """Tell "at that moment" from "saw that he fell"."""
    return at == first or tokens[at - 1].lower in vocabulary.PREPOSITIONS


def _dangles(tokens: list[Token], sentence: Sentence, first: int, last: int) -> bool:
    """Whether the last words begin a clause that goes on after them: "…, and the doctor, who …"."""
    if _follow(tokens, sentence, first, last)[1] > 0:
        return True
    for at in range(last - 1, first, -1):
        if _begins_another(tokens, at):
            return _main_verb(tokens, sentence, at + 1, last) < 0
        if tokens[at - 1].gap.strip() in PAUSES:
            if tokens[at].lower in COORDINATE:
                return at + 1 >= last or (_main_verb(tokens, sentence, at + 1, last) < 0)
            if _is_finite(tokens, at, sentence) and not tokens[at - 1].spoken and tokens[at].lower not in HELPERS:
                return _main_verb(tokens, sentence, first, at) >= 0  # "caught her, boxed her ears, and"
    return False


def _begins_another(tokens: list[Token], at: int) -> bool:
    """Tell "sat quietly and the clerk, laying down …" from "saw the man and the clerk"."""
    if tokens[at].lower != "and" or tokens[at - 1].gap != " " or tokens[at - 1].facts & lex.NOUN:
        return False
    led = tokens[at + 1].lower in ONE_OR_MANY
    return led and (_is_adverb(tokens[at - 1]) or tokens[at - 1].lower in vocabulary.PREPOSITIONS)


def _over_adverbs(tokens: list[Token], at: int, sentence: Sentence) -> int:
    for _ in range(MOST_ADVERBS):
        if at < sentence.last - 1 and tokens[at].gap == " " and _is_adverb(tokens[at]):
            at += 1
    return min(at, sentence.last)


def _is_adverb(token: Token) -> bool:
    return bool(token.facts & lex.ADVERB) or token.lower in PASSING


def _is_verbal(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    verb = tokens[at].facts & lex.VERB or tokens[at].lower in table.PARTICIPLES
    return bool(verb and tokens[at].lower.endswith("ing")) or _is_finite(tokens, at, sentence)


def _leads(stage: Stage, at: int, sentence: Sentence) -> bool:
    """Whether a token begins a clause of its own: who does it, and soon what."""
    tokens = stage.passage.tokens
    if at >= sentence.last - 1 or not _is_subject(stage, at):
        return False
    for number in range(at, min(at + REACH, sentence.last - 1)):
        after = tokens[number + 1]
        if tokens[number].gap != " " or after.lower in RELATIVE or after.lower in OPENING:
            return False
        if _is_finite(tokens, number + 1, sentence):
            return True
    return False


def _is_subject(stage: Stage, at: int) -> bool:
    token = stage.passage.tokens[at]
    named = at in stage.people.names and not token.lower.endswith("'s")
    return token.lower in SUBJECTS - {"who"} or token.lower in ONE_OR_MANY or named


def _is_finite(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    token = tokens[at]
    if token.lower in HELPERS:
        return True
    if token.lower in UNCHANGED:  # "he put", "and shut": a finite verb only where such a word stands before it
        before = tokens[at - 1].lower if at > sentence.first and tokens[at - 1].gap == " " else ""
        return before in SUBJECTS or before == "and" or (bool(before) and tokens[at - 1].word[0].isupper())
    if not (token.facts & lex.VERB and token.facts & lex.INFLECTED) or token.lower.endswith("ing"):
        return False
    return token.lower not in ONLY_PARTICIPLES and is_verb(tokens, at, sentence)
