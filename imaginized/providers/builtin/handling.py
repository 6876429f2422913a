"""Things that a sentence tells in passing: what is in a hand, what lies on the floor, at which door somebody is.

English only.
"""

from collections.abc import Sequence

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_senses import Clause
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Sex

# What is done with the hands to a thing that is then in them.
HANDLING = words(
    "tear rip fold unfold crumple crush twist finger examine inspect produce extract unroll roll clean polish wipe "
    "fill empty untie tie unwrap wrap tighten aim level proffer extend tender deposit squeeze sharpen uncork hand "
    "fumble dangle balance dust scrub rinse dip smooth adjust thumb shuffle count spread wield weigh reload twirl "
    "break snap set display show swing flourish flash flick crack ring turn pocket hide shut"
)
HAD = words("with having had has have holding bearing")
GRASPED = words("in under between on over")
GRASPING = words("hand hands arm arms fingers fist grasp shoulder teeth lips")
PARTICLES = words("over up out down round about")
OWN = {"his": Sex.MAN, "her": Sex.WOMAN}
LOOKING = words("look glance turn return bend gaze peep peer go read stoop bow")
PUTTING = words("put place press thrust lay slip leave push see notice find take")
WHOSE = words("his her their my its one each either both the")
LEFT_OPEN = words("a an his her their my")
FLOOR = words("floor ground carpet rug pavement deck hearthrug grass boards flags feet")
ONTO = words("on upon to onto across along over about at")
NEAR, BY = 7, 4  # tokens after a thing within which it is told to lie on the floor, and to be in a hand
DOORS = frozenset({Thing.DOOR, Thing.GATE})
AT_DOORS = words("to at in by through from before out into near against behind outside toward towards beside")
_BY_DOORS = frozenset(
    {Deed.STAND, Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE, Deed.LISTEN, Deed.LOOK, Deed.LOOK_OUT, Deed.TALK}
)


def handled(clause: Clause, base: str) -> Thing:
    """What is in the hand of somebody who tears, folds or shows it."""
    particle = clause.verb.prep if clause.verb.prep in PARTICLES else ""  # "turned over a book"
    direct = next((noun for noun in clause.nouns[:1] if noun.prep in ("", particle)), None)
    named = direct is not None and base in HANDLING and not clause.passive
    return direct.thing if named and direct is not None and direct.thing in table.HANDLED else Thing.NONE


def door_of(deed: Deed, clause: Clause) -> Thing:
    """The door at which somebody is, to which one goes or through which one peeps."""
    if deed not in _BY_DOORS:
        return Thing.NONE
    near = (noun.thing for noun in clause.nouns if noun.thing in DOORS and noun.prep in AT_DOORS)
    return next(near, Thing.NONE)


def take_in_hand(passage: Passage, chunks: Sequence[Chunk]) -> None:
    """Give somebody "with a book in her hand", "having a staff to lean upon", "with a lantern" what they have."""
    for number, chunk in enumerate(chunks):
        if chunk.kind != "n" or chunk.thing not in table.HANDLED or chunk.phrase is None:
            continue
        who = _haver(passage.tokens, chunks, number)
        if who is not None and OWN.get(chunk.phrase.determiner, who.sex) in (who.sex, Sex.UNKNOWN):
            who.holds = who.holds or chunk.thing


def _haver(tokens: list[Token], chunks: Sequence[Chunk], number: int) -> Actor | None:
    """Who has the thing of a chunk in the hand; None where nobody is told to."""
    chunk, phrase = chunks[number], chunks[number].phrase
    if phrase is None:
        return None
    before = tokens[phrase.first - 1].lower if phrase.first else ""
    led = chunk.prep == "with" or before in HAD
    carried = led and chunk.thing in table.IN_HAND and phrase.determiner in LEFT_OPEN and before != "had"
    carried = carried or _is_read(tokens, chunks, number)
    if not carried and not (_is_grasped(tokens, chunk.at) and not _is_put(tokens, chunks, number)):
        return None
    for other in reversed(chunks[:number]):
        if other.kind == ";":
            return None
        if other.kind == "n" and not other.prep and (other.who or (other.thing and led)):
            return other.who[0] if len(other.who) == 1 and other.who[0].count == 1 else None
    return None


def _is_read(tokens: list[Token], chunks: Sequence[Chunk], number: int) -> bool:
    """Whether somebody looks up from, or turns back to, what they were reading."""
    chunk = chunks[number]
    own = chunk.phrase is not None and chunk.phrase.determiner in ("his", "her", "my")
    if chunk.thing not in _READ or not own or chunk.prep not in ("from", "to", "over", "behind"):
        return False
    verb = next((each for each in reversed(chunks[:number]) if each.kind in "vg;"), None)
    return verb is not None and tokens[verb.at].base in LOOKING


_READ = frozenset({Thing.BOOK, Thing.NEWSPAPER, Thing.PAPER, Thing.LETTER})


def _is_put(tokens: list[Token], chunks: Sequence[Chunk], number: int) -> bool:
    """Whether it is put into the hand of somebody else, or comes from one."""
    verb = chunks[number - 1] if number else None
    put = verb is not None and verb.kind in "vgp" and tokens[verb.at].base in PUTTING
    return put or chunks[number].prep in ("from", "of", "by")


def _is_grasped(tokens: list[Token], at: int) -> bool:
    """Whether "in his hand" follows."""
    for here in range(at + 1, min(at + BY, len(tokens) - 2)):
        if tokens[here - 1].gap != " ":
            return False
        if tokens[here].lower in GRASPED and tokens[here + 1].lower in WHOSE:
            return any(token.lower in GRASPING for token in tokens[here + 2 : here + 4])
    return False


def find_fallen(passage: Passage, chunks: Sequence[Chunk]) -> list[Thing]:
    """The small things of a sentence that lie on the floor or are let fall."""
    found = []
    for number, chunk in enumerate(chunks):
        if chunk.kind != "n" or chunk.thing not in table.HANDLED:
            continue
        verb = next((each for each in reversed(chunks[max(number - 1, 0) : number]) if each.kind in "vg"), None)
        dropped = verb is not None and not chunk.prep and passage.tokens[verb.at].base == "drop"
        if dropped or _is_on_floor(passage.tokens, chunk.at):
            found.append(chunk.thing)
    return found


def _is_on_floor(tokens: list[Token], at: int) -> bool:
    """Whether "on the floor" follows a noun before the next stop."""
    for here in range(at + 1, min(at + NEAR, len(tokens) - 2)):
        if any(mark in tokens[here - 1].gap for mark in ".;:!?—,"):
            return False
        whose = tokens[here + 1].lower
        if tokens[here].lower in ONTO and (whose in WHOSE) and tokens[here + 2].lower in FLOOR:
            return tokens[here + 2].lower != "feet" or tokens[here].lower == "at"
    return False
