"""What a chapter tells of the age of those with names: how often they are spoken of as children, and as grown. English.

Counts only. The book adds them up and decides once, by all its chapters: `story.traits`.
"""

from collections.abc import Collection, Mapping, Sequence

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.story.names import MEN, RANKS, WOMEN
from imaginized.story.traits import BESIDE, CHILD, GROWN, YOUNG

BOYS, LADS = vocabulary.words("boy schoolboy urchin"), vocabulary.words("lad laddie youth")
GIRLS = vocabulary.words("girl lass lassie schoolgirl")  # a young woman is one, too
CHILDREN = BOYS | vocabulary.words("child orphan")
MALE, FEMALE = vocabulary.words("man gentleman"), vocabulary.words("woman lady")
NOUNS = CHILDREN | LADS | GIRLS | MALE | FEMALE
SAID_TO = (
    dict.fromkeys(vocabulary.words("child boy sonny youngster"), CHILD)
    | dict.fromkeys(vocabulary.words("lad laddie lass lassie girl"), YOUNG)
    | dict.fromkeys(vocabulary.words("sir madam ma'am"), GROWN)
)
# What only one of them has: "her pinafore", "his moustache".
OF_CHILDREN = vocabulary.words(
    "pinafore pinafores doll dolls toys governess nursemaid playmate playmates schoolfellow schoolfellows schoolmates"
)
OF_GROWN_UPS = vocabulary.words(
    "wife husband moustache mustache whiskers beard razor cigar cigarette pipe bride fiance fiancee regiment son "
    "daughter"
)
OWNERS = vocabulary.words("his her")
IS = vocabulary.words("was is being")
THE = vocabulary.words("the this that")
AN = vocabulary.words("a an")
YOUNGEST = vocabulary.words("three four five six seven eight nine ten eleven twelve thirteen fourteen")
OLDER = vocabulary.words(
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty twenty-one twenty-two twenty-three twenty-four "
    "twenty-five twenty-six twenty-seven twenty-eight twenty-nine thirty-five forty-five"
)
SMALL = vocabulary.words("little small")
# Of a title and an epithet, a mention; of a noun that means somebody; of years.
CALLED, MEANT, TOLD = 1, 1, 3
MOST_TITLED, MOST_MASTER = 3, 2  # of a chapter
# A title that is born with says nothing of an age.
TITLES_OF_GROWN = (MEN | WOMEN | RANKS | {"dr"}) - vocabulary.words(
    "miss master missy mademoiselle prince princess lord lady count countess king queen"
)
BACK, FAR_BACK = 3, 8  # sentences before "the boy" in which he was named; where nobody was in the first, the others
BEFORE_NOUN = 3  # words that may stand between "the" and the noun


def weigh_ages(passage: Passage, names: Sequence[Name], named: Mapping[int, Name]) -> None:
    """Count for each name what speaks for a child and for somebody grown."""
    for name in names:
        _weigh_name(name, passage.tokens)
    for at in passage.places_of(_FORMS):
        _weigh_noun(passage, at, named)
    for at in passage.places_of(OF_CHILDREN | OF_GROWN_UPS):
        _weigh_owned(passage, at, named)
    for at in passage.places_of(_YEARS):
        _weigh_years(passage, at, named)


_FORMS = frozenset(form for noun in NOUNS for form in (noun, f"{noun}'s"))
_YEARS = YOUNGEST | OLDER


def _weigh_name(name: Name, tokens: Sequence[Token]) -> None:
    first, *more = name.text.lower().replace(".", "").split()
    if more and first in TITLES_OF_GROWN:
        name.evidence[GROWN] += min(CALLED * len(name.mentions), MOST_TITLED)  # a boy is "Mr. Tom" in jest, too
    elif more and first == "master":  # a weaver is Master Marsh to his neighbours
        name.evidence[CHILD] += min(CALLED * len(name.mentions), MOST_MASTER) if name.evidence["given"] else 0
    elif more and first in SMALL:
        name.evidence[CHILD] += CALLED * len(name.mentions)
    else:
        for at, _ in name.mentions:
            before = tokens[at - 1] if at else None
            if before is not None and before.gap == " " and before.lower in SMALL:
                name.evidence[CHILD] += CALLED


def _weigh_noun(passage: Passage, at: int, named: Mapping[int, Name]) -> None:
    """Count "the boy" for the only one who was named before him, and "Tom was a boy" for Tom."""
    tokens = passage.tokens
    noun = tokens[at].lower.removesuffix("'s")
    after = [token.lower for token in tokens[at + 1 : at + 3]] if tokens[at].gap == " " else []
    if tokens[at].spoken or (after[:1] == ["of"] and not _YEARS.intersection(after)):
        return  # "a child of the desert", "the boy of his dreams"; not "a boy of ten"
    for back in range(1, BEFORE_NOUN + 1):
        if back > at or tokens[at - back].gap not in (" ", ", "):
            return
        word = tokens[at - back].lower
        if word in THE | AN:
            break
        if word in vocabulary.POSSESSIVES or word in vocabulary.PREPOSITIONS or word in _OF_AGE:
            return
    else:
        return
    sign = _age_of(noun, tokens[at - back : at])
    own = _described(tokens, at - back, named)
    if own is not None:
        _count(own if _may_be(own, noun) and not _is_long_ago(passage, at) else None, sign, TOLD)
    elif word in THE and sign == CHILD and (beside := _named_in(passage, passage.sentence_of_token[at], named)):
        for other in beside:
            other.evidence[BESIDE] += 1
        _count(_meant(passage, at, named, noun), sign, MEANT)
    elif (word in THE and sign != GROWN) or _is_predicate(tokens, at - back):  # "the man" mostly has no name
        _count(_meant(passage, at, named, noun), sign, MEANT)


def _is_predicate(tokens: Sequence[Token], at: int) -> bool:
    """Tell "she was a fat child" by the article."""
    return at > 1 and tokens[at - 1].lower in IS and tokens[at - 2].lower in ("he", "she")


def _age_of(noun: str, before: Sequence[Token]) -> str:
    words = {token.lower for token in before}
    if noun in CHILDREN or (words & SMALL and noun not in MALE | FEMALE):
        return CHILD
    return YOUNG if noun in LADS | GIRLS or "young" in words else GROWN


def _is_long_ago(passage: Passage, at: int) -> bool:
    """Whether it is "when Tom was a boy", or "Tom was a boy at the time": who is told of is grown by now."""
    tokens = passage.tokens
    sentence = passage.sentences[passage.sentence_of_token[at]]
    before = {token.lower for token in tokens[max(at - WHEN_WITHIN, sentence.first) : at]}
    after = [token.lower for token in tokens[at + 1 : min(at + 1 + WHEN_WITHIN, sentence.last)]]
    return not before.isdisjoint(_WHEN) or after[:1] in (["when"], ["then"]) or after[:3] == ["at", "the", "time"]


WHEN_WITHIN = 6  # tokens
_WHEN = vocabulary.words("when while since")


_OF_AGE = vocabulary.words("old other another")  # "the old boy", "the other girl"


def _described(tokens: Sequence[Token], at: int, named: Mapping[int, Name]) -> Name | None:
    """Who is named right before "was a …" or ", a …"."""
    if at > 1 and tokens[at - 1].lower in IS and tokens[at - 2].gap == " ":
        return named.get(at - 2)
    return named.get(at - 1) if at > 0 and tokens[at - 1].gap == ", " else None


def _meant(passage: Passage, at: int, named: Mapping[int, Name], noun: str) -> Name | None:
    """The only one named shortly before who may be meant; whoever else its own sentence names is another."""
    number = passage.sentence_of_token[at]
    here = _named_in(passage, number, named)
    fit: dict[int, Name] = {}
    for back in range(number - 1, max(number - FAR_BACK, 0) - 1, -1):
        if fit and number - back > BACK:
            break
        fit |= {id(name): name for name in _named_in(passage, back, named) if name not in here and _may_be(name, noun)}
    bare = [name for name in fit.values() if " " not in name.text]
    if noun not in MALE | FEMALE and bare:
        return _only(bare)  # beside Miss Grey "the child" is Anna
    return _only(fit.values())


def _named_in(passage: Passage, number: int, named: Mapping[int, Name]) -> list[Name]:
    sentence = passage.sentences[number]
    found = {id(name): name for at in range(sentence.first, sentence.last) if (name := named.get(at)) is not None}
    return list(found.values())


def _may_be(name: Name, noun: str) -> bool:
    """Whether a noun fits what the name says: no Mr. is a boy, and no Anna a man."""
    first = name.text.lower().replace(".", "").split()
    if noun not in MALE | FEMALE and len(first) > 1 and first[0] in TITLES_OF_GROWN:
        return False
    man = first[0] in MEN or name.evidence["given_man"] > name.evidence["given_woman"]
    woman = first[0] in WOMEN or name.evidence["given_woman"] > name.evidence["given_man"]
    return not (woman and noun in BOYS | LADS | MALE) and not (man and noun in GIRLS | FEMALE)


def _weigh_owned(passage: Passage, at: int, named: Mapping[int, Name]) -> None:
    tokens = passage.tokens
    if tokens[at].spoken or not at or tokens[at - 1].gap != " ":
        return
    sign = CHILD if tokens[at].lower in OF_CHILDREN else GROWN
    if tokens[at - 1].lower in OWNERS:
        _count(_only(_named_in(passage, passage.sentence_of_token[at], named)), sign, MEANT)
    elif tokens[at - 1].lower.endswith("'s") and (owner := named.get(at - 1)) is not None:
        owner.evidence[sign] += MEANT


def _weigh_years(passage: Passage, at: int, named: Mapping[int, Name]) -> None:
    """Count "Anna was eleven", "nine years old", "a man of thirty" of the only one named."""
    tokens = passage.tokens
    after = [token.lower for token in tokens[at + 1 : at + 4]]
    young = tokens[at].lower in YOUNGEST
    old = after[:2] == ["years", "old"] or after[:3] == ["years", "of", "age"] or after[:1] == ["years-old"]
    is_so = at > 1 and tokens[at - 1].lower in IS and (at - 2) in named and tokens[at].gap[:1] in (",", ".", ";", "!")
    aged = at > 0 and tokens[at - 1].lower == "aged"
    if tokens[at].spoken or not (old or is_so or aged):
        return
    own = named.get(at - 2) if is_so else None
    own = own or _only(_named_in(passage, passage.sentence_of_token[at], named))
    _count(own, CHILD if young else GROWN, TOLD)


def _only(names: Collection[Name]) -> Name | None:
    return next(iter(names)) if len(names) == 1 else None


def _count(name: Name | None, sign: str, worth: int) -> None:
    if name is not None:
        name.evidence[sign] += worth
