"""Cutting sentences that tell more than one picture can show, where a clause stands alone. English only.

The pieces of a sentence are sentences to whoever picks and stages passages; no letter of the book is changed.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Sentence, Token
from imaginized.providers.builtin.staging import Memo, Stage

EASY_WORDS = 24  # a sentence of so many is drawn whole
FEWEST = 6  # words of a part
REACH = 6  # words from a subject to its verb
PROMISING = vocabulary.words("not only so such too rather either neither both hardly scarcely sooner whether")
SUBJECTS = vocabulary.words("he she they i we it who")
COORDINATE = vocabulary.words("and but so for then yet")
CAUSES = vocabulary.words("for so yet")  # what follows tells why, and nobody knows of what
SUBORDINATE = vocabulary.words("when while as where till until before after though although because since whereupon")
RELATIVE = vocabulary.words("which who whom whose")
# What begins a sentence that is not whole before its main clause.
OPENING = SUBORDINATE | vocabulary.words("if unless whether having being not neither either no nor so such that what")
HELPERS = vocabulary.words(
    "is was are were am has have had do does did will would shall should can could may might must"
)
ONE_OR_MANY = vocabulary.ARTICLES | vocabulary.POSSESSIVES | vocabulary.words("this these those some one two three")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A chapter whose long sentences are in parts.

    Attributes:
        stage: The chapter, each part a sentence of its own.
        parts: Of each sentence of the whole chapter its first part; one more at the end.
        opens: Where a passage that begins with a part begins; -1 where none may.
    """

    stage: Stage
    parts: tuple[int, ...]
    opens: tuple[int, ...]

    def is_inside(self, part: int) -> bool:
        """Whether a part begins after its sentence does."""
        return self.parts[bisect_left(self.parts, part)] != part

    def is_whole(self, part: int) -> bool:
        """Whether a part is all of its sentence."""
        return not (self.is_inside(part) or self.is_inside(part + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A place to cut: the token before it, and the first one of a passage that may begin after it, or -1."""

    last: int
    opens: int


def cut_long(stage: Stage) -> Cut:
    """Cut the long sentences of a chapter where what is before, or what is after, stands alone."""
    sentences: list[Sentence] = []
    phrases: list[Sequence[Phrase]] = []
    parts: list[int] = []
    opens: list[int] = []
    for sentence, said in zip(stage.passage.sentences, stage.phrases, strict=True):
        parts.append(len(sentences))
        joints = _joints(stage, sentence) if sentence.last - sentence.first > EASY_WORDS else []
        cut = _parts(stage.passage.tokens, sentence, joints) if joints else [sentence]
        sentences += cut
        phrases += [within(said, part) for part in cut] if joints else [said]
        tokens = stage.passage.tokens
        opens += [
            -1 if _only_says(stage, sentence) else sentence.start,
            *(tokens[joint.opens].start if joint.opens >= 0 else -1 for joint in joints),
        ]
    parts.append(len(sentences))
    passage = stage.passage.cut_otherwise(sentences)
    return Cut(
        stage=replace(stage, passage=passage, phrases=phrases, memo=Memo()),
        parts=tuple(parts),
        opens=tuple(opens),
    )


def _only_says(stage: Stage, sentence: Sentence) -> bool:
    """Whether a sentence goes on from speech and says whose it was: alone, "Anna cried" weeps, and "went on" walks."""
    tokens, first = stage.passage.tokens, sentence.first
    if first >= sentence.last or tokens[first].spoken or not stage.passage.follows_speech(sentence):
        return False
    for at in range(first, min(first + REACH, sentence.last)):
        goes_on = tokens[at].lower == "went" and at + 1 < sentence.last and tokens[at + 1].lower == "on"
        if goes_on or tokens[at].lower in _SAID:
            return True
        if tokens[at].gap != " ":
            return False
    return False


_SAID = vocabulary.SPEECH_VERBS - vocabulary.words("laughed sobbed sighed nodded smiled")  # these are seen, too


def within(phrases: Sequence[Phrase], part: Sentence) -> list[Phrase]:
    return [phrase for phrase in phrases if part.first <= phrase.head < part.last]


def _parts(tokens: list[Token], sentence: Sentence, joints: Sequence[Joint]) -> list[Sentence]:
    found, first, start = [], sentence.first, sentence.start
    for joint in joints:
        end = tokens[joint.last].end
        found.append(_part(tokens, sentence, (start, end), (first, joint.last + 1)))
        first, start = joint.last + 1, tokens[joint.last + 1].start
    found.append(_part(tokens, sentence, (start, sentence.end), (first, sentence.last)))
    return found


def _part(tokens: list[Token], sentence: Sentence, span: tuple[int, int], words: tuple[int, int]) -> Sentence:
    said = sum(token.end - token.start for token in tokens[words[0] : words[1]] if token.spoken)
    return sentence._replace(
        start=span[0], end=span[1], first=words[0], last=words[1], spoken=said / max(span[1] - span[0], 1)
    )


def _joints(stage: Stage, sentence: Sentence) -> list[Joint]:
    """Where a sentence may be cut, each part of some words."""
    tokens, found = stage.passage.tokens, []
    if "(" in stage.passage.text[sentence.start : sentence.end]:
        return []
    begin = sentence.first
    for at in range(sentence.first + FEWEST - 1, sentence.last - FEWEST):
        gap = tokens[at].gap
        if gap == " " or tokens[at].spoken or tokens[at + 1].spoken or at + 1 - begin < FEWEST:
            continue
        joint = _joint(stage, begin, at, sentence)
        if joint is not None:
            found.append(joint)
            begin = at + 1
    return found


def _joint(stage: Stage, begin: int, at: int, sentence: Sentence) -> Joint | None:
    tokens = stage.passage.tokens
    gap, after = tokens[at].gap.strip(), tokens[at + 1]
    strong = gap in (";", ":")
    if not (strong or gap == ",") or not _is_told(stage, begin, at):
        return None
    opens = at + 1 + (after.lower in COORDINATE)
    alone = _leads(stage, opens, sentence) and tokens[opens].lower not in OPENING
    alone = alone and after.lower not in CAUSES
    if strong:
        return Joint(last=at, opens=opening_of(tokens, opens) if alone else -1)
    if tokens[begin].lower in OPENING or _is_open(tokens, begin, at) or _dangles(tokens, begin, at):
        return None
    if after.lower in COORDINATE and alone:
        return Joint(last=at, opens=opening_of(tokens, opens))
    depends = after.lower in RELATIVE or (after.lower in SUBORDINATE and _leads(stage, at + 2, sentence))
    if depends or (after.lower in COORDINATE and is_finite(tokens[opens])):
        return Joint(last=at, opens=-1)
    return None


def opening_of(tokens: list[Token], at: int) -> int:
    """Where a passage may begin within a sentence: with a small letter, for by that a guide sees its cut; else -1."""
    return at if tokens[at].word[:1].islower() else -1


def _is_open(tokens: list[Token], begin: int, at: int) -> bool:
    """Whether words before a joint ask for what comes after it: "not only", "so tall", "such a man"."""
    return any(token.lower in PROMISING for token in tokens[begin : at + 1])


def _dangles(tokens: list[Token], begin: int, at: int) -> bool:
    """Whether the words before a joint begin a clause that goes on after it: "…, and the doctor, who …"."""
    for number in range(at, begin, -1):
        if tokens[number - 1].gap.strip() == "," and tokens[number].lower in COORDINATE:
            return not any(is_finite(token) for token in tokens[number + 1 : at + 1])
    return False


def _is_told(stage: Stage, begin: int, at: int) -> bool:
    """Whether a part says of somebody or something that it does or is."""
    tokens = stage.passage.tokens
    return any(is_finite(tokens[number]) for number in range(begin + 1, at + 1)) and any(
        _is_subject(stage, number) for number in range(begin, at)
    )


def _leads(stage: Stage, at: int, sentence: Sentence) -> bool:
    """Whether a token begins a clause of its own: who does it, and soon what."""
    tokens = stage.passage.tokens
    if at >= sentence.last - 1 or not _is_subject(stage, at):
        return False
    for number in range(at, min(at + REACH, sentence.last - 1)):
        if tokens[number].gap != " ":
            return False
        if is_finite(tokens[number + 1]):
            return True
    return False


def _is_subject(stage: Stage, at: int) -> bool:
    token = stage.passage.tokens[at]
    return token.lower in SUBJECTS or token.lower in ONE_OR_MANY or at in stage.people.names


def is_finite(token: Token) -> bool:
    if token.lower in HELPERS:
        return True
    return bool(token.facts & lex.VERB and token.facts & lex.INFLECTED) and not token.lower.endswith("ing")
