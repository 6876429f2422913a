"""Names and nouns that are nobody by themselves: of a place, of an idea, of a thing, of sisters. English only."""

from collections.abc import Container

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.known import species_by_name
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.vocabulary import ARTICLES, HONORIFICS, words


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


def is_family(tokens: list[Token], at: int, last: int) -> bool:
    """Tell "the Browns" from one of them."""
    the = at > 0 and tokens[at - 1].lower == "the" and tokens[at - 1].gap == " "
    return the and last - at == 1 and tokens[at].lower.endswith("s") and not tokens[at].lower.endswith("'s")


def is_said_of_a_thing(tokens: list[Token], at: int) -> bool:
    """Tell "the heavy Virginia creeper" from "the Lion ran"."""
    if at + 1 >= len(tokens) or tokens[at].gap != " ":
        return False
    thing = tokens[at + 1]
    is_noun = thing.facts & lex.NOUN and not thing.facts & (lex.VERB | lex.PERSON | lex.FUNCTION)
    led = any(tokens[i].lower in ARTICLES for i in range(max(at - 2, 0), at))
    return bool(is_noun and led and thing.lower == thing.word)


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
