"""Words that tell of a time and of no moment: "always", "for weeks", "several times". English only.

What is over before the moment is the gate's.
"""

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.vocabulary import words

# What is always so, or so today, is no moment.
HABITS = words(
    "always often usually sometimes generally every everyone seldom years weeks months constantly would used whenever "
    "is are am has have does it's there's never ever wherever whoever others"
)
# "Two days a week", "nights on which", "the first month": what is told is of a time, not of a moment.
PERIODS = words(
    "days nights evenings mornings afternoons winters summers month fortnight daily nightly weekly regularly "
    "frequently occasionally repeatedly lifetime"
)
MOMENTS = words("later after before ago since passed old")
AGAIN_AND_AGAIN = words("times twice then again")
MANY_TIMES = words("several many few some two three four five six seven eight nine ten dozen hundred")
# Who does this more than once may do it in one moment.
STROKES = words(
    "knock rap tap strike hit beat pat slap clap stamp bow nod shake ring call cry shout scream fire shoot turn pace "
    "look glance cough sneeze sigh laugh read repeat wave dip roll bounce kiss breathe blow pause stop open"
)
TO_AND_FRO = words("up round around back")  # "walked up and down several times", "ran three times round the house"
STROKES_WITHIN = 8  # words
STOPS = cues.STRONG_STOPS | {"."}
# Before a long time: "during the summer", "for a month", "all that winter", "that week"; "for an hour" is a moment.
LASTING = words("during throughout for through all that")
LONG = words("week month year season summer winter autumn spring holidays lent term")
# One goes in a moment, however long he is gone: "left her for a week", "came home for the holidays".
LEAVING = words("come go leave return depart start arrive send bring take part")
INTO_WATER = words("fall drop plunge sink splash wade leap jump dive step tread")  # "through the spring"
FOR_WITHIN = 3  # words from "for" to the time
MANY_AGAIN = (["now", "and"], ["again", "and"], ["time", "and"])  # "now and then", "time and again"
SPANS = words("day night week month year evening morning time hour")
OFTEN = words("each once after hours late")  # "each time", "once a week", "day after day", "at all hours", "of late"
CUES = HABITS | PERIODS | AGAIN_AND_AGAIN | LASTING | OFTEN


def is_told_of_a_time(tokens: list[Token], at: int) -> bool:
    """Whether a cue says that something is so for a time, or done many times."""
    word = tokens[at].lower
    if word in AGAIN_AND_AGAIN:
        return _is_many_times(tokens, at) and not _is_done_at_once(tokens, at)
    if word in LASTING | OFTEN:
        return _is_lasting(tokens, at) if word in LASTING else _is_often(tokens, at)
    return word in HABITS or not _is_moment(tokens, at)


def _is_lasting(tokens: list[Token], at: int) -> bool:
    """Tell "through the spring" from "through the spring rain"."""
    here = at + (1 if tokens[at].lower == "that" else 2)
    if here >= len(tokens) or tokens[at].gap != " " or tokens[here].lower not in LONG or _is_over_soon(tokens, at):
        return False
    after = tokens[here + 1] if here + 1 < len(tokens) and tokens[here].gap == " " else None
    return after is None or not after.facts & lex.NOUN or bool(after.facts & (lex.FUNCTION | lex.INFLECTED))


def _is_over_soon(tokens: list[Token], at: int) -> bool:
    """Whether what is done "for a week" is to go, or what is done "through the spring" is to fall into it."""
    over = {"for": LEAVING, "through": INTO_WATER}.get(tokens[at].lower, frozenset())
    for token in reversed(tokens[max(at - STROKES_WITHIN, 0) : at]):
        if token.gap != " " or token.lower == "and":
            return False
        if token.base in over:
            return True
    return False


def _is_often(tokens: list[Token], at: int) -> bool:
    """Tell "each day", "once a week", "more than once", "day after day" and "of late" from "once" and "after"."""
    word, before = tokens[at].lower, [token.lower for token in tokens[max(at - 2, 0) : at]]
    after = [token.lower for token in tokens[at + 1 : at + 3]]
    return {
        "each": not SPANS.isdisjoint(after[:1]),
        "once": _is_rate(after) or (before == ["more", "than"] and not _is_done_at_once(tokens, at)),
        "after": before[-1:] == after[:1] and not SPANS.isdisjoint(after[:1]),
        "hours": before == ["at", "all"],
        "late": before[-1:] == ["of"],
    }[word]


def _is_moment(tokens: list[Token], at: int) -> bool:
    """Tell "two days later" and "left her for two days" from "was there for two days"."""
    near = range(max(at - FOR_WITHIN, 0), at)
    if any(tokens[i].lower == "for" and _is_over_soon(tokens, i) for i in near):
        return True
    return at + 1 < len(tokens) and tokens[at].gap == " " and tokens[at + 1].lower in MOMENTS


def _is_many_times(tokens: list[Token], at: int) -> bool:
    """Tell "once or twice", "several times" and "time and again" from "three times as big", "twice", "and then"."""
    word, before = tokens[at].lower, [token.lower for token in tokens[max(at - 2, 0) : at]]
    if word == "times":
        likened = at + 1 < len(tokens) and tokens[at].gap == " " and tokens[at + 1].lower in ("as", "the", "that")
        return not MANY_TIMES.isdisjoint(before[-1:]) and not likened
    if word == "twice":
        return before == ["once", "or"] or _is_rate([token.lower for token in tokens[at + 1 : at + 3]])
    return before in (MANY_AGAIN[1:] if word == "again" else MANY_AGAIN[:1])


def _is_rate(after: list[str]) -> bool:
    """Whether it is once or twice "a week"."""
    return after[:1] in (["a"], ["every"]) and not SPANS.isdisjoint(after[1:])


def _is_done_at_once(tokens: list[Token], at: int) -> bool:
    """Whether the clause tells of what is over in a moment, or goes to and fro in one."""
    seldom = tokens[at].lower == "twice"  # "kissed her once or twice" is a year's
    strokes = STROKES - {"kiss"} if seldom else STROKES
    return any(token.base in strokes or token.lower in TO_AND_FRO for token in _clause(tokens, at))


def _clause(tokens: list[Token], at: int) -> list[Token]:
    """The words near one up to the next stop on either side."""
    first = last = at
    while first > max(at - STROKES_WITHIN, 0) and STOPS.isdisjoint(tokens[first - 1].gap):
        first -= 1
    while last < min(at + STROKES_WITHIN, len(tokens) - 1) and STOPS.isdisjoint(tokens[last].gap):
        last += 1
    return tokens[first : last + 1]
