"""Who of those met in a passage is there, and which names and nouns are nobody. English only."""

from collections.abc import Container

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.actors import MOST_FIGURES, MOST_PEOPLE, NARRATOR, Actor
from imaginized.providers.builtin.known import species_by_name
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.naming import SURELY_PEOPLE
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.vocabulary import ARTICLES, AUXILIARIES, HONORIFICS, PREPOSITIONS, words


def names_a_place(tokens: list[Token], at: int, last: int) -> bool:
    """Tell "the Brown house", "Mill Rock" and "a Brown" from somebody who is called so."""
    titled = tokens[at].word.rstrip(".") in HONORIFICS
    if at > 0 and tokens[at - 1].gap == " " and tokens[at - 1].lower in ("a", "an") and not titled:
        return True  # "a Brown had died there": another one
    if tokens[last - 1].facts & lex.PLACE and last - at > 1 and not tokens[last - 1].facts & lex.PERSON:
        return True
    led = at > 0 and tokens[at - 1].gap == " " and tokens[at - 1].lower in ("the", "an", "this", "that")
    led = led and not tokens[last - 1].lower.endswith("'s")
    after = tokens[last] if led and last < len(tokens) and tokens[last - 1].gap == " " else None
    things = lex.PLACE | lex.PLANT | lex.ITEM | lex.NATURE
    return after is not None and after.word.islower() and bool(after.facts & things) and not after.facts & lex.FUNCTION


def main_actors(ranked: list[Actor]) -> list[Actor]:
    """The first few: a picture of many is of nobody."""
    kept: list[Actor] = []
    for actor in ranked:
        if not kept or (len(kept) < MOST_FIGURES and sum(min(each.count, 2) for each in (*kept, actor)) <= MOST_PEOPLE):
            kept.append(actor)
    return kept


def is_there(actor: Actor) -> bool:
    """Whoever does something or has a part in it is there; of nouns in passing those that can only be somebody."""
    if actor.deeds:
        return True
    if not actor.parts or actor.general or actor.gone:
        return False
    if actor.name or not actor.noun or actor.noun == NARRATOR:
        return True
    return bool(actor.species) or actor.noun in _PLAINLY_PEOPLE or actor.mentions > 2


_SEEMING = frozenset({"feel", "seem", "appear", "look"})  # "who felt seated on the floor"
NAMING = frozenset({"pointed", "closed"})  # "a closed door"
_BEINGS = frozenset({"was", "were", "be", "been", "being", "is", "are"})
_PLAINLY_PEOPLE = SURELY_PEOPLE | frozenset(people_table.GROUPS)


def names_it(tokens: list[Token], at: int) -> bool:
    """Tell "he pointed a gun" and "it was pointed out" from "he pointed": a noun follows, or "was" stands before."""
    before = tokens[at - 1] if at and tokens[at - 1].gap == " " else None
    if before is not None and before.base in _SEEMING:
        return True
    if tokens[at].lower not in NAMING or tokens[at].gap != " ":
        return False
    if before is not None and before.lower in _BEINGS:
        return True
    return at + 1 < len(tokens) and bool(tokens[at + 1].facts & lex.NOUN) and not tokens[at + 1].facts & lex.FUNCTION


def leads_idea(tokens: list[Token], at: int) -> bool:
    """Whether a bare word is an idea that does something: "terror seized him", "and silence fell"."""
    if not tokens[at].facts & lex.ABSTRACT or tokens[at].facts & lex.CONCRETE or tokens[at].gap != " ":
        return False
    verb = at + 1
    while verb < len(tokens) and tokens[verb].lower.endswith("ly") and tokens[verb].gap == " ":
        verb += 1
    facts = tokens[verb].facts if verb < len(tokens) else 0
    done = facts & lex.VERB and facts & lex.INFLECTED and not facts & (lex.PLURAL | lex.QUALITY)
    return bool(done) and not tokens[verb].lower.endswith("ing")


def describes_name(tokens: list[Token], names: Container[int], at: int) -> bool:
    """Whether a name stands after an article, with a word or two between them: "the Angel", "to the admiring Tom"."""
    for here in range(at + 1, min(at + DESCRIBED, len(tokens))):
        if tokens[here - 1].gap != " ":
            return False
        if here in names:
            return True
        token = tokens[here]
        if not (token.facts & lex.QUALITY or token.lower.endswith("ing")) or token.facts & lex.FUNCTION:
            return False
    return False


DESCRIBED = 4  # tokens from an article


def owns_a_place(tokens: list[Token], at: int) -> bool:
    """Whether a door, a room, a bed or a grave is what somebody owns whose name ends before a token."""
    while at < len(tokens) and tokens[at].facts & lex.QUALITY and tokens[at].gap == " " and not _is_place(tokens[at]):
        at += 1  # "Tom's little room"
    return at < len(tokens) and _is_place(tokens[at])


def _is_place(token: Token) -> bool:
    plain = not token.facts & (lex.FUNCTION | lex.PERSON) and bool(token.facts & lex.PLACE)
    return plain or token.base in _OWNED_PLACES


_OWNED_PLACES = words(
    "door doorstep gate window room bedroom chamber bed bedside house home hut tent cabin shop study office grave tomb "
    "coffin garden"
)


def is_framed(tokens: list[Token], last: int) -> bool:
    """Tell who hangs on the wall: "the old lady in her frame"."""
    if last >= len(tokens) or tokens[last].lower != "in" or tokens[last - 1].gap != " ":
        return False
    return any(token.lower in FRAMES for token in tokens[last + 1 : last + 4])


FRAMES = words("frame frames portrait picture painting photograph")


def is_family(tokens: list[Token], at: int, last: int) -> bool:
    """Tell "the Browns" from one of them."""
    the = at > 0 and tokens[at - 1].lower == "the" and tokens[at - 1].gap == " "
    return the and last - at == 1 and tokens[at].lower.endswith("s") and not tokens[at].lower.endswith("'s")


def is_only_felt(tokens: list[Token], at: int, prep: str) -> bool:
    """Whether somebody at a token is whom another is "angry with" or "in love with", and may be anywhere."""
    if prep not in ("with", "at"):
        return False
    before = at - 1
    while before > 0 and tokens[before].lower != prep and at - before < FELT_WITHIN and tokens[before].gap == " ":
        before -= 1
    led = before > 0 and tokens[before].lower == prep and tokens[before - 1].gap == " "
    return led and tokens[before - 1].lower in FELT


FELT_WITHIN = 4  # tokens back to the preposition
FELT = words(
    "angry cross vexed furious indignant pleased displeased delighted disappointed annoyed satisfied dissatisfied "
    "enraged irritated disgusted offended charmed enchanted bored impatient patient enamoured infatuated love"
)


def is_said_of_a_thing(tokens: list[Token], at: int) -> bool:
    """Tell "the heavy Virginia creeper" from "the Lion ran"."""
    if at + 1 >= len(tokens) or tokens[at].gap != " ":
        return False
    thing = tokens[at + 1]
    is_noun = thing.facts & lex.NOUN and not thing.facts & (lex.VERB | lex.PERSON | lex.FUNCTION)
    led = any(tokens[i].lower in ARTICLES for i in range(max(at - 2, 0), at))
    return bool(is_noun and led and thing.lower == thing.word)


def is_beside_unknown(tokens: list[Token], names: Container[int], at: int) -> bool:
    """Whether "and" joins a word of a name to one that is nobody's: of "Bim and Anna ran" both do."""
    for joint, other in ((at - 1, at - 2), (at + 1, at + 2)):
        first = min(joint, other)
        if first < 0 or max(joint, other) >= len(tokens) or tokens[joint].lower != "and" or other in names:
            continue
        word, tight = tokens[other], tokens[first].gap == " " == tokens[first + 1].gap
        no_name = lex.PLACE | lex.ABSTRACT | lex.QUALITY
        plain = bool(word.facts & (lex.FUNCTION | lex.PERSON | no_name * word.first))
        plain = plain or (word.first and bool(word.facts) and not word.facts & lex.NOUN)
        if tight and word.word[0].isupper() and not (word.spoken or plain or word.lower.endswith("'s")):
            return True
    return False


def leads_stranger(tokens: list[Token], at: int) -> bool:
    """Whether a word of a name that nobody is known by does something: "and Brown laughed", "Miss Brown did ask"."""
    token, before = tokens[at], tokens[at - 1] if at else None
    if token.facts or not token.word[0].isupper() or token.spoken or token.gap != " " or at + 1 >= len(tokens):
        return False
    titled = before is not None and before.word in HONORIFICS and before.gap in (" ", ". ")
    named = before is not None and before.word[0].isupper() and not before.facts & lex.FUNCTION
    placed = before is not None and before.lower in PREPOSITIONS and before.lower not in ("before", "after", "until")
    if ((token.first or named) and not titled) or placed:
        return False
    after = tokens[at + 1]
    acts = after.facts & lex.VERB and after.facts & lex.INFLECTED and not after.facts & (lex.NOUN | lex.QUALITY)
    return bool(acts) or after.lower in AUXILIARIES


def is_of_many(name: Name) -> bool:
    """Tell a clan, a people or sisters, "the Moffats" and "the Miss Browns", from somebody: nobody is called so."""
    title, *more = name.text.split()
    the = 2 * name.with_the >= len(name.mentions) and name.text.endswith("s")
    if title.rstrip(".").lower() in PLURAL_TITLES or (the and more and title.rstrip(".") in _OF_SISTERS):
        return True
    spoken = any(name.evidence[sign] for sign in ("speech", "called", "title", "given"))
    return the and not more and not spoken and not species_by_name(name.text, fond=True)


def names_several(tokens: list[Token], at: int) -> bool:
    """Tell "the Misses Brown" and "the Miss Browns" from "Miss Brown" and "the miss", which may end the text."""
    after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].gap in (" ", ". ") else None
    if after is None or not (tokens[at].word[0].isupper() and after.word[0].isupper()):
        return False
    led = at > 0 and tokens[at - 1].lower in SISTERLY
    return tokens[at].lower != "miss" or (led and after.word.endswith("s"))


PLURAL_TITLES = words("misses messrs mesdames")
SISTERLY = words("the two three four both these")  # before "Miss Browns"
_OF_SISTERS = frozenset(("Miss", "Mr", "Master", "Lady"))
