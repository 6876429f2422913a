"""Who calls whom by which name in talk, and who answers: what a chapter tells of names that only other people use."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.ages import SAID_TO
from imaginized.providers.builtin.evidence import is_after_the
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.roles import role_at
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.things import KIN_NAMES
from imaginized.story.elements import SELF

# How far apart two turns of a talk may be, in turns.
FARTHEST = 3
MOST_BETWEEN = 1
# A talk of two tells twice as much about who is called.
PAIR = 2
VOCATIVE_ENDS = (",", "!", "?", ".", ";", ":", "—", "-")
ADDRESSED = vocabulary.words("dear poor old my little sweet dearest")


@dataclass(slots=True, kw_only=True)
class Turn:
    """A paragraph with speech: who speaks, whom it calls, as being how old, and who else is named in its telling."""

    speakers: set[str] = field(default_factory=set)
    called: list[str] = field(default_factory=list)
    aged: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Talk:
    """For each name who calls its bearer by it, and who is the other one of such a talk; and who is called "child"."""

    callers: dict[str, Counter[str]]
    answers: dict[str, Counter[str]]
    ages: dict[str, Counter[str]]


def weigh_talk(passage: Passage, names: list[Name]) -> Talk:
    """Count who calls whom, and who answers, over a chapter."""
    callers: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    answers: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    ages: dict[str, Counter[str]] = {}
    for talk in _talks(_turns(passage, names)):
        for at, turn in enumerate(talk):
            if not turn.called and not turn.aged:
                continue
            own, other = _sides(talk, at)
            if turn.aged and len(answering := other - own) == 1:
                ages.setdefault(answering.pop(), Counter()).update(turn.aged)
            for name in turn.called:
                if len(turn.speakers) == 1:
                    callers[name].update(turn.speakers - {name})
                answering = other - own - {name}
                if len(answering) == 1:
                    alone = len(_speakers(talk, at) | own | other) == PAIR
                    answers[name].update(dict.fromkeys(answering, PAIR if alone else 1))
    return Talk(callers=callers, answers=answers, ages=ages)


def _speakers(talk: list[Turn], at: int) -> set[str]:
    """Who speaks in the turns around one."""
    return {who for turn in talk[max(at - 2 * FARTHEST, 0) : at + 2 * FARTHEST + 1] for who in turn.speakers}


def _sides(talk: list[Turn], at: int) -> tuple[set[str], set[str]]:
    """Who speaks in a turn and who in those around it; in a talk of two every second turn is one's."""
    own, other = set(talk[at].speakers), set[str]()
    for step in range(1, FARTHEST + 1):
        turns = [talk[near] for near in (at + step, at - step) if 0 <= near < len(talk)]
        speakers = {who for turn in turns for who in turn.speakers or (turn.told if len(turn.told) == 1 else ())}
        if step % 2 and not other:
            other |= speakers
        elif not step % 2 and not own:
            own |= speakers
    told = talk[at].told
    return own, told if told and (not other or len(told) == 1) else other


def _turns(passage: Passage, names: list[Name]) -> dict[int, Turn]:
    """The paragraphs that have speech, in order."""
    tokens = passage.tokens
    turns = {sentence.paragraph: Turn() for sentence in passage.sentences if sentence.spoken > 0}
    heads = {start for start, _ in passage.labels.values()}
    for name in names:
        for first, last in name.mentions:
            is_label, paragraph = tokens[first].start in heads, passage.paragraph_of(first)
            turn = turns.get(paragraph) or (turns.get(paragraph + 1) if is_label else None)  # or the name alone before
            if turn is None:
                continue
            if is_label:
                turn.speakers.add(name.text)
            elif tokens[first].spoken:
                if is_called(tokens, first, last):
                    turn.called.append(name.text)
            elif says(tokens, first, last):
                turn.speakers.add(name.text)
            else:
                turn.told.add(name.text)
    _add_nameless(passage, turns)
    return turns


def _add_nameless(passage: Passage, turns: dict[int, Turn]) -> None:
    """Add who speaks without a name, and who is called "child" or "sir"."""
    tokens = passage.tokens
    for at, who in _nameless(passage):
        turn = turns.get(passage.paragraph_of(at))
        if turn is not None:
            turn.speakers.add(who)
    for at in passage.places_of(SAID_TO):
        turn = turns.get(passage.paragraph_of(at))
        if turn is not None and tokens[at].spoken and is_called(tokens, at, at + 1):
            turn.aged.append(SAID_TO[tokens[at].lower])


def _nameless(passage: Passage) -> Iterator[tuple[int, str]]:
    """Who speaks without a name: "said the light porter", "said I", "I said"."""
    tokens = passage.tokens
    for at in passage.places_of(vocabulary.SPEECH_VERBS):
        token = tokens[at]
        if token.spoken:
            continue
        after = tokens[at + 1] if at + 1 < len(tokens) and token.gap == " " else None
        before = tokens[at - 1] if at and tokens[at - 1].gap == " " else None
        if (after and after.word == SELF) or (before and before.word == SELF and not before.spoken):
            yield at, SELF
        elif after and after.lower == "the":
            who = role_at(tokens, at + 2)
            if who:
                yield at, who
        elif kin := next((each.lower for each in (after, before) if each and each.lower in KIN_NAMES), ""):
            yield at, kin


def _talks(turns: dict[int, Turn]) -> list[list[Turn]]:
    """Turns that follow each other, with at most a paragraph between."""
    talks: list[list[Turn]] = []
    before = -FARTHEST
    for paragraph, turn in turns.items():
        if paragraph - before > MOST_BETWEEN + 1:
            talks.append([])
        talks[-1].append(turn)
        before = paragraph
    return talks


def is_called(tokens: list[Token], first: int, last: int) -> bool:
    """Tell whether a spoken name is whom the words go to: between marks, or first of the speech."""
    gap = tokens[last - 1].gap.strip()
    if not gap.startswith(VOCATIVE_ENDS) or tokens[last - 1].lower.endswith("'s"):
        return False
    lead = first
    while lead and tokens[lead - 1].lower in ADDRESSED and tokens[lead - 1].spoken and tokens[lead - 1].gap == " ":
        lead -= 1
    opens = not lead or not tokens[lead - 1].spoken
    before = tokens[lead - 1].gap.strip() if lead else ""
    return opens or lead < first or before[:1] in (",", "—") or tokens[lead - 1].lower in ("o", "oh")


def says(tokens: list[Token], first: int, last: int) -> bool:
    """Tell whether a told name is who speaks: "said X", "X said"."""
    after = tokens[last].lower if last < len(tokens) and tokens[last - 1].gap == " " else ""
    lead = first - 1 if is_after_the(tokens, first) else first
    before = tokens[lead - 1].lower if lead and tokens[lead - 1].gap == " " else ""
    return after in vocabulary.SPEECH_VERBS or before in vocabulary.SPEECH_VERBS
