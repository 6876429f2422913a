"""What stands right after a verb and gives it another sense: "came by it", "held him in contempt". English only.

A frame is a row of words and of kinds of words. One that fits shows nothing of the verb's deed, or another deed.
"""

from collections.abc import Callable, Mapping
from functools import cache

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting_words import HANDLED
from imaginized.providers.builtin.agreement import TIMES, head_after, is_idea
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.verb_senses import Clause
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being

FAR = 9  # words after a verb within which a frame is looked for

# Each line: verbs, then their frames; after "=" the deed that it is instead. In capitals are kinds of words:
# SELF "himself"; WHO somebody; GOODS what is in a hand or a shop; THING any of which nobody is; LIMB of a body; IDEA
# what nobody can see or touch; ING a participle; DO a verb; NUMBER; END nothing more of the clause.
_FRAMES = """
answer tell ask: WHO nothing/naught/no | WHO not/never | WHO little END | WHO little of
say speak answer reply: nothing/not/naught | no word | of nothing
answer: it | the bell/door/knock/summons/ring/call | GOODS
look: on/upon WHO as | down on/upon WHO | on/upon it as | after IDEA | after GOODS | into IDEA
give offer lend: his/her/my/their arm | WHO his/her/my arm
kiss: his/her/my hand | LIMB to
shake: SELF | WHO off/away | off | out | his/her/my/their head/heads/curls/hair
approach: WHO on/about/with IDEA
tumble: out END | out on/upon/into/of | in END | into his/her/their/my | up
sit: back on his/her/my/their heels = kneel | for IDEA
 | for LIMB | up END | up and | up with | up late | up till | up for
lounge: against = lean | about/around | along/across/past/off/down/up/out/away/through = walk
lie: in wait/ambush | with IDEA | under IDEA
sleep: on it | it off
walk stroll: WHO = lead
advance: before WHO | ahead of WHO | in front of WHO
march: before WHO
walk march stride wander stroll stalk go come: ahead of WHO = walk | in front of WHO = walk
go walk: on ahead of WHO = walk | on in front of WHO = walk
walk march stride wander stroll stalk: off/out/away with GOODS | through IDEA | in/from IDEA
step: in END | in to DO | into the breach | out of IDEA
creep steal: over WHO | into LIMB | up LIMB
come go: up/down the river/stream | before WHO
come: by GOODS/IDEA | by it | about | of | round END | round to | round and | round from | to SELF | to IDEA
 | to light/life/terms/blows/grief/nothing/pass | to be | to DO | into IDEA
 | up with GOODS | out with | out as | out in IDEA | in for | off END | off well/badly/best | down on/upon WHO
 | down to IDEA | under IDEA | next | first | last | second | out NUMBER | to his/her/their/my feet = stand
 | into play/sight/view/flower/leaf/bloom/being
go: their/his/her/our several/separate/different/own way/ways | on END | at WHO | at it | at GOODS | about it
 | about his/her/my/their/our work/business/task/tasks/duties/affairs
 | over the side | through GOODS | over GOODS | through IDEA | over IDEA | into IDEA
 | under END | without | in for
 | well/badly/ill/wrong/hard
 | to law/press/pieces/seed/war/sea/ruin/waste/rest/prison/jail | off to sleep | off into | back on IDEA
 | down before/beneath = fall | down heavily/fighting = fall | down with IDEA | far | half
 | over to the enemy | for nothing/much/little
pass: between us/them/you | to WHO | WHO to | for | away | off | out END | over IDEA | into IDEA
 | through IDEA | under IDEA | on to | as
follow: in IDEA
 | WHO in IDEA | the sea/plough/law/hounds/example | suit | up END | up IDEA | from IDEA | IDEA | with LIMB
return: to IDEA | to GOODS | to SELF | WHO | GOODS | IDEA
travel journey: END | in GOODS | over WHO
stagger: up END = stand | to his/her/my/their feet = stand | under
stumble: on/upon/across/over IDEA
cross: SELF | WHO | swords | out | LIMB
run: WHO through = stab | out of IDEA | out of GOODS | on END | up IDEA | dry/low/high/short/wild | to NUMBER
 | through/over/into GOODS | in/into IDEA | a risk | into NUMBER | GOODS | WHO into/to/down
rush dash race: off GOODS | through GOODS | GOODS | WHO | at IDEA | over LIMB
glide: through | over IDEA | into IDEA
glide float drift drop: up/down/along/over/across the river/stream/canal/lake/water
hasten hurry: to DO
hurry: over/through GOODS | over/through IDEA | up with
fly: GOODS | into IDEA | in the face | off the handle | in/to pieces
trot: out GOODS | out IDEA
escape flee: IDEA | from IDEA
hunt: for | up | out | through | about | among | in GOODS
chase pursue: END | IDEA | GOODS | WHO from/since an/early/morning/noon/dawn | WHO with IDEA
jump leap: at IDEA | to IDEA | out of LIMB
skip: GOODS | IDEA | out | away | off
plunge dive: GOODS | into GOODS | into IDEA | in IDEA | for IDEA | LIMB
scramble: for
climb mount scramble: down from IDEA | guard | to IDEA | into GOODS
swim float dance: before LIMB | in IDEA | attendance
enter: into IDEA | into GOODS | upon IDEA | IDEA | GOODS | on/upon GOODS
leave: his/her/my/their/the desk/table/chair/seat/bed/window/piano/fire | off | out
 | WHO alone | WHO in IDEA | WHO to | WHO GOODS | WHO IDEA | IDEA | GOODS
ride: to hounds | out IDEA | out the | at anchor | for a fall | on IDEA
drive: at IDEA | through GOODS | through IDEA | WHO to/into IDEA | a bargain | IDEA | LIMB
steer: clear | for IDEA | WHO = lead
hold grasp grip clutch: WHO in/to/at IDEA | WHO as | WHO to be | WHO responsible/dear/guilty/prisoner/captive
 | with IDEA | to IDEA | by IDEA | SELF | office/firm | IDEA
carry: WHO through/into/to/over/beyond/out IDEA | SELF | IDEA | out IDEA | on END | on IDEA | on with
bear: WHO no/a/an/any/some/such/this/that/out/up/down | WHO IDEA | WHO END | IDEA | SELF | with | up | down on/upon WHO
 | out IDEA | it END | on IDEA | LIMB
bring: WHO to/into/under/through/before IDEA
 | WHO to SELF | WHO to DO | WHO up | WHO round | IDEA | about | SELF | on IDEA
take: WHO by/into/to/at/in IDEA | WHO for | WHO as | WHO up | WHO off | WHO aback | WHO in END | after | to IDEA
 | part | place | turns | up IDEA | on IDEA | SELF | over | stock | leave | IDEA
snatch: IDEA | at IDEA
pick: out | at | through | over | up IDEA | quarrels | a quarrel | his/her/their/my way
receive: WHO | IDEA
throw fling cast hurl toss pitch: up/off/out/over IDEA | WHO into/out IDEA | IDEA | camp | about | lots | anchor | doubt
push thrust: IDEA | GOODS up/back | up GOODS | back GOODS
 | on END | on with | on to | forward END | WHO to/into IDEA | SELF | upon WHO
pull: through | SELF | up WHO | WHO through | strings | up short | up END | WHO to/into/out IDEA
draw: near | nigh | back END | up END | on END | out IDEA | WHO into/to/from/out IDEA | lots | breath | IDEA
knock: about | off | up | together | WHO up | WHO about | into IDEA | out GOODS | along
rap: out IDEA | WHO over
dig: into IDEA | up IDEA
write: off | down as | up IDEA
chew: over IDEA | on IDEA
drink: in GOODS | in IDEA | WHO
eat gnaw chew munch: into IDEA | LIMB
knit: LIMB
fiddle: with GOODS | with IDEA | at | about | with LIMB
pray: WHO
bow: to IDEA | under | with IDEA | by IDEA | before IDEA
touch: WHO END | WHO by IDEA | WHO by ING | WHO by his/her/their kindness/goodness/gentleness
 | WHO as nothing/no/none/few/much/being/something
 | upon/on IDEA | at | WHO to IDEA | WHO for | WHO deeply | WHO nearly | for
lead guide conduct: up to IDEA | WHO into/to/out/from IDEA | WHO astray | IDEA | SELF | off with | on to IDEA
strike: WHO dumb/speechless/silent/blind/cold | WHO with IDEA | WHO as | WHO that | IDEA
 | camp | in | off IDEA
 | THING off
beat: WHO by NUMBER/a/an
 | WHO by IDEA | WHO at IDEA | WHO at it | WHO hollow | WHO in IDEA | WHO to it | IDEA | time | about
 | up | down IDEA | a retreat | off IDEA | back IDEA
hit: on | upon | off | it | IDEA
slap: WHO on the back/shoulder/knee/thigh = touch
lash: THING to | THING together | out | WHO to | WHO into IDEA
whip: out | off | up | round | away | around | WHO into IDEA
kick: WHO | at | off | up | SELF | against IDEA | LIMB
trample: on/upon IDEA | on/upon GOODS
pound hammer: along/down/up/past/across/through/over/after = run | away at IDEA
thrash: out | about
fight: SELF | IDEA | back IDEA | down IDEA | shy | off IDEA | with IDEA | it out | over IDEA
wrestle struggle grapple: with GOODS | with IDEA | to DO | for IDEA | into GOODS | on | against IDEA | in IDEA | through
seize grab: on/upon IDEA | IDEA
catch: WHO ING | WHO at dinner/breakfast/lunch/luncheon/supper/tea/home/work
 | WHO at it | WHO at IDEA | WHO out | WHO in IDEA | WHO in the act/air | WHO off guard | WHO unawares
 | on GOODS | up with | on to | at IDEA | IDEA | WHO by surprise
capture arrest: IDEA | LIMB
pounce: on/upon IDEA | on/upon GOODS | on/upon WHO
snap: at WHO = talk | END | back | out | up | off | LIMB | shut | to | GOODS
bite: back | off | IDEA | LIMB
sting: WHO to/into IDEA | IDEA
bury: SELF | IDEA | LIMB
raise lift: WHO to IDEA | IDEA | WHO from/out IDEA
support: WHO by IDEA | IDEA | WHO on IDEA
pierce stab: WHO to the | IDEA | WHO with IDEA
light: upon | on WHO | on IDEA | out
play: with IDEA | on IDEA | upon IDEA | at IDEA | off | up | into LIMB
"""
_BY_THINGS = lex.ITEM | lex.WEAR | lex.FOOD | lex.STUFF
_WHERE = lex.PLACE | lex.NATURE | lex.PLANT | lex.PERSON | lex.ANIMAL
_OF_BEASTS = frozenset({"snap", "bite", "sting", "fly", "pounce"})  # which they do with nothing but the body
_SELF = words("himself herself themselves myself itself ourselves oneself yourself")
_SOMEBODY = words("him them me us you it her")
_NUMBERS = words("two three four five six seven eight nine ten twenty thirty fifty hundred thousand half")
_QUANTITIES = words("number lot pile heap dozen score plenty deal quantity store stock series host")
_PACES = words("slowly quickly swiftly rapidly hurriedly wearily briskly")  # who "went on slowly" walked
_PARTING = words("and who which that whom was were")
_LED = vocabulary.PREPOSITIONS | vocabulary.DETERMINERS
_OWNED = vocabulary.POSSESSIVES | vocabulary.ARTICLES | words("this that these those some")


Row = tuple[tuple[frozenset[str], ...], Deed]
_ANY = ""  # under which the rows stand that begin with a kind of words


@cache
def _rows() -> Mapping[str, Mapping[str, tuple[Row, ...]]]:
    """The frames of each verb by their first word: the words that may stand there, and the deed that it is."""
    found: dict[str, dict[str, tuple[Row, ...]]] = {}
    for line in _FRAMES.replace("\n |", " |").strip().split("\n"):
        bases, _, told = line.partition(": ")
        for frame in told.split("|"):
            row, _, deed = frame.partition("=")
            kinds = tuple(frozenset(each.split("/")) for each in row.split())
            for base in bases.split():
                of_verb = found.setdefault(base, {})
                for first in {_ANY if word.isupper() else word for word in kinds[0]}:
                    of_verb[first] = (*of_verb.get(first, ()), (kinds, Deed(deed.strip())))
    return found


def find_other_sense(passage: Passage, clause: Clause, base: str) -> Deed | None:
    """What a verb is by the words after it: another deed, UNKNOWN for what shows nothing; None where no frame fits."""
    rows = _rows().get(base)
    if rows is None or clause.passive or (base in _OF_BEASTS and _is_beast(clause)):
        return None
    tokens, at = passage.tokens, clause.verb.at
    begin = _over_adverbs(tokens, at + 1) if tokens[at].gap == " " else -1
    first = tokens[begin].lower if 0 <= begin < len(tokens) else _ANY
    likely = (*rows.get(first, ()), *rows.get(_ANY, ())) if first else rows.get(_ANY, ())
    return next((deed for row, deed in likely if _fits(tokens, clause, row, begin)), None)


def _is_beast(clause: Clause) -> bool:
    return any(doer.being is Being.CREATURE for doer in clause.doers)


def _over_adverbs(tokens: list[Token], at: int) -> int:
    while at + 1 < len(tokens) and tokens[at].lower.endswith("ly") and tokens[at].gap == " " and _is_how(tokens[at]):
        at += 1
    return at


def _is_how(token: Token) -> bool:
    return bool(token.facts & lex.ADVERB) or not token.facts & lex.NOUN


def _fits(tokens: list[Token], clause: Clause, row: tuple[frozenset[str], ...], at: int) -> bool:
    """Whether a row of words stands at a token; nothing does where that is -1, after a stop."""
    for words_here in row:
        if "END" in words_here:
            return at < 0 or _is_ended(tokens, at, min(clause.end, len(tokens)))
        if at < 0 or at >= len(tokens) or at > clause.verb.at + FAR:
            return False
        last = at + 1 if tokens[at].lower in words_here else -1
        if last < 0:
            last = max((_KINDS[word](tokens, clause, at) for word in words_here if word in _KINDS), default=-1)
        if last < 0:
            return False
        at = _over_adverbs(tokens, last) if tokens[last - 1].gap == " " else -1
    return True


def _is_ended(tokens: list[Token], at: int, end: int) -> bool:
    """Whether a clause ends at a token, or with it where it only says how: "went on steadily"."""
    how = tokens[at].lower if at + 1 == end else ""
    return at >= end or (how.endswith("ly") and how not in _PACES and _is_how(tokens[at]))


def _self(tokens: list[Token], _clause: Clause, at: int) -> int:
    return at + 1 if tokens[at].lower in _SELF else -1


def _who(tokens: list[Token], clause: Clause, at: int) -> int:
    """The end of somebody who is named, or of a pronoun; "her" before a noun is none."""
    for noun in clause.nouns:
        first = noun.phrase.first if noun.phrase is not None else noun.at
        if first == at and (noun.who or tokens[at].lower in _SOMEBODY) and noun.owner is None:
            last = noun.at + 1 + (tokens[at].lower in vocabulary.ARTICLES and noun.phrase is None)  # "the three"
            while noun.phrase is None and last < len(tokens) and _goes_on(tokens, last):
                last += 1
            return last
    return -1


def _goes_on(tokens: list[Token], at: int) -> bool:
    return tokens[at - 1].gap in (" ", ". ") and tokens[at].word[0].isupper()


def _goods(tokens: list[Token], clause: Clause, at: int) -> int:
    """The end of a thing that is handled, worn or read: no place, and no furniture to which one goes."""
    end = _thing(tokens, clause, _over_quantity(tokens, at))
    thing = THINGS.get(tokens[end - 1].base, Thing.NONE) if end > 0 else Thing.NONE
    return -1 if end > 0 and (tokens[end - 1].facts & _WHERE or (thing and thing not in HANDLED)) else end


def _over_quantity(tokens: list[Token], at: int) -> int:
    """The noun of "a great number of books": what they are a number of."""
    for here in range(at, min(at + FAR, len(tokens)) - 1):
        if tokens[here].base in _QUANTITIES and tokens[here + 1].lower == "of":
            return here + 2
        if tokens[here].gap != " ":
            break
    return at


def _thing(tokens: list[Token], clause: Clause, at: int) -> int:
    head = _head(tokens, clause, at)
    return head + 1 if head >= 0 and tokens[head].facts & _BY_THINGS else -1


def _limb(tokens: list[Token], clause: Clause, at: int) -> int:
    head = _head(tokens, clause, at)
    return head + 1 if head >= 0 and tokens[head].facts & lex.BODY and tokens[at].lower in _OWNED else -1


def _head(tokens: list[Token], clause: Clause, at: int) -> int:
    """The noun of the phrase that begins at a token, with somebody's name before it or none; -1 for none."""
    head = head_after(tokens, at, min(at + FAR, len(tokens)))
    return -1 if head is None or any(noun.at == head and noun.who for noun in clause.nouns) else head


def _idea(tokens: list[Token], clause: Clause, at: int) -> int:
    head = _head(tokens, clause, at)
    return head + 1 if head >= 0 and is_idea(tokens[head]) and tokens[head].base not in TIMES else -1


def _ing(tokens: list[Token], _clause: Clause, at: int) -> int:
    """The end of a participle, with words of place before it: "in the hall feeling"."""
    here = at
    while here < min(at + FAR, len(tokens)):
        token = tokens[here]
        if token.lower.endswith("ing") and not token.facts & lex.CONCRETE and tokens[here - 1].lower not in _LED:
            return here + 1
        if token.gap != " " or token.lower in _PARTING or (token.facts & lex.INFLECTED and not token.facts & lex.NOUN):
            return -1
        here += 1
    return -1


def _do(tokens: list[Token], _clause: Clause, at: int) -> int:
    token = tokens[at]
    plain = token.facts & lex.VERB and not token.facts & lex.INFLECTED and not token.facts & (lex.PLACE | lex.NATURE)
    return at + 1 if plain else -1


def _number(tokens: list[Token], _clause: Clause, at: int) -> int:
    return at + 1 if tokens[at].lower in _NUMBERS else -1


_KINDS: Mapping[str, Callable[[list[Token], Clause, int], int]] = {
    "SELF": _self,
    "WHO": _who,
    "GOODS": _goods,
    "IDEA": _idea,
    "LIMB": _limb,
    "ING": _ing,
    "DO": _do,
    "THING": _thing,
    "NUMBER": _number,
}
