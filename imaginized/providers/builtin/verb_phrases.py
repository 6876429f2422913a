"""Phrases in which a verb of going or holding moves nobody: "came near falling", "went to the bad". English only.

Where the noun alone tells it (to come to a decision), `agreement` knows; what turns any verb, `gate_words`.
"""

from collections.abc import Iterator, Sequence

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.vocabulary import words

NEAR = 6  # words after a verb
# Each line: verbs, then what follows them. "%" is whose, "-ing" a participle, "'s" somebody's, "*" any word;
# "$" where nothing or a function word other than "on" and "upon" follows, "." where the clause ends.
PHRASES = """
come go: near/nigh -ing; near/nigh to -ing; within a/an inch/ace/hair; true; between them/us/him/her $
come go fall: short
come: into % own $; in useful/handy/first/second/third/last; out of it well/badly/safely/alive
come: up to % expectations/standard/mark; into the world; back into favour/fashion; to the throne/crown
come: from a/an good/old/long/noble/poor/great/rich family/line/stock/race/house
come: upon/across a/the/%/this letter/note/paper/passage/word/book/sentence/phrase/case/fact/name
come: out well/badly/top/ahead/strong/victorious
come bring draw: to a/an end/close/stop/halt/stand/standstill/head/pass; to a bad/good/sudden/violent end
come go: so far as to; to the bad/dogs/devil/deuce
go: too far; bad/bankrupt/native/halves/shares; one/two/three better; without saying
go: over the/% accounts/account/figures/list/papers/letter/letters/books/lesson/lessons/part; over the same
go: back on/upon/from % word/words/promise/oath/bargain/pledge; back over/upon the/% past/matter/case
go: off % head/heads/guard; off well/badly/beautifully/splendidly; with the times/majority
go: to heaven/hell/glory; down to posterity/history; through with; from bad to; out/forth into the world
go: out of % way to; up in smoke/flames; for a/an soldier/sailor
go: all lengths; by the/a name; halfway/half-way to -ing
go come rise get sink: up/down/on/forward in the world/society/life; in the world/ranks
go come fall enter pass fly: into mourning/hysterics/ecstasies/hiding/exile/retirement/liquidation/orders/residence
go fall walk run: into a/the/% trap/snare/ambush
run: counter; foul; to fat/seed/waste; a temperature/fever; up a/the/% bill/bills/debt/debts/score
run: for president/governor/mayor/congress/parliament/sheriff/office; in the/% family/blood/veins
pass: for a/an; as a/an; muster; unnoticed/unheeded/unobserved; by the name
fall: flat .; away from the/% faith/friends/church
fall: foul; due; vacant; from grace/favour/power; on/upon evil/hard; to % share/lot
stand: by % word/promise/guns/principles; on/upon % dignity/rights; out for/against; to lose/gain/win; well/ill/low with
stand: alone in the world; security/surety/bail/godfather/godmother; in for
lead: a/an/the/% * life/existence; a/an/% life/existence; * a dance/life
take: up with; the veil/vows/waters/oath/bit; it out on/of; in vain
enter hold: parliament/congress/orders; % name/names; a protest/plea/bid/caveat
sit: for parliament/congress; in parliament/congress/judgment; on/upon a/the committee/jury/commission; on the board
sit: out a/the dance/dances/play/performance/opera
return: good/evil/like/love/hate for; thanks
lie: in state; heavy/heavily on/upon % mind/heart/conscience/soul; at % mercy; under a/an obligation/suspicion/cloud
hold: up a/the coach/mail/bank/traffic; * up to scorn/ridicule/contempt/shame/derision/hatred; to scorn
hold: good; sway; court; forth; true; % own $; with -ing; a candle to him/her/them
throw: in % lot; cold water; dust; a veil over; up % post/job
strike: root/roots; work; oil; % flag; a/an bargain/balance/attitude/note/chord; up a/an friendship/acquaintance
catch: a/the train/boat/bus/cold/chill/habit/fever
draw: blood; % pay/salary; a line/blank
stumble trip: over a/an/the/% word/words/name/names/sentence/line/phrase
climb: in society
look: forward to; back on/upon/over % life/past/youth/years; over the/% accounts/figures; for work/employment
cry: off
rush: into print/marriage/speech/politics
fly flee: the country/land/realm
escape: notice/detection; with a/an fine/warning/scolding
advance: in years/age/life
march move keep: with the times
step: into the/% 's shoes
travel: over the past
dig: up the past
drive: at something
ride: roughshod/rough-shod
eat drink: % words; in % words
"""


def is_phrase(tokens: Sequence[Token], at: int, base: str) -> bool:
    """Whether a verb with what follows it is a phrase that shows nothing of its deed."""
    patterns = _BY_VERB.get(base)
    if patterns is None:
        return False
    said = list(_near(tokens, at))
    return any(_fits(said, pattern) for pattern in patterns)


def _near(tokens: Sequence[Token], at: int) -> Iterator[Token]:
    """The words after a verb up to the next stop; an adverb right after it is passed over."""
    here = at + 1
    if here + 1 < len(tokens) and tokens[here].lower.endswith("ly") and tokens[here].gap == " ":
        here += 1
    last = min(here + NEAR, len(tokens))
    while here < last and tokens[here - 1].gap == " ":
        yield tokens[here]
        here += 1


def _fits(said: list[Token], pattern: list[frozenset[str]]) -> bool:
    if pattern[-1] in _ENDS:
        rest = said[len(pattern) - 1 : len(pattern)]
        return _fits(said, pattern[:-1]) and (not rest or rest[0].lower in _ENDS[pattern[-1]])
    return len(said) >= len(pattern) and all(map(_is_word, said, pattern))


def _is_word(token: Token, choice: frozenset[str]) -> bool:
    word = token.lower
    if "-ing" in choice and word.endswith("ing") and token.word[0].islower() and word not in _NO_DEEDS:
        return True  # not "near Reading"
    return word in choice or "*" in choice or ("'s" in choice and word.endswith(("'s", "’s")))


_NO_DEEDS = words("evening morning thing something nothing anything everything king ring string ceiling")
_ENDS: dict[frozenset[str], frozenset[str]] = {  # the words that may follow each
    frozenset({"$"}): vocabulary.FUNCTION_WORDS - {"on", "upon"},
    frozenset({"."}): frozenset(),
}
_WHOSE = vocabulary.POSSESSIVES - {"its"}
_PLACEHOLDERS = {"%": _WHOSE}


def _read(line: str) -> Iterator[tuple[str, list[frozenset[str]]]]:
    verbs, _, phrases = line.partition(":")
    for phrase in phrases.split(";"):
        pattern = [_choice(word) for word in phrase.split()]
        yield from ((verb, pattern) for verb in verbs.split())


def _choice(word: str) -> frozenset[str]:
    parts = word.split("/")
    return frozenset().union(*(_PLACEHOLDERS.get(part, frozenset({part})) for part in parts))


def _collect() -> dict[str, list[list[frozenset[str]]]]:
    found: dict[str, list[list[frozenset[str]]]] = {}
    for line in PHRASES.strip().splitlines():
        for verb, pattern in _read(line):
            found.setdefault(verb, []).append(pattern)
    return found


_BY_VERB = _collect()
