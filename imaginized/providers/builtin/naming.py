"""What a noun for somebody is besides their name: a call, a likeness. English only."""

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.story.staging import Age, Sex

SURELY_PEOPLE = frozenset(people_table.SEXES) | frozenset(people_table.AGES) | vocabulary.NOUNS_BY_HAND["person"]
BRIDGING = vocabulary.words("man woman boy girl child lad lady gentleman fellow youth maiden")


def is_nobody_here(tokens: list[Token], phrase: Phrase, prep: str) -> bool:
    """Whether a word for a person or a beast means nobody who is there: "a whizz", "old horse!", "its mother"."""
    head = tokens[phrase.head]
    seldom = phrase.kind & lex.PERSON and phrase.kind & lex.RARE_NOUN and head.base not in SURELY_PEOPLE
    if seldom and (phrase.determiner == "" or phrase.kind & (lex.SENSE | lex.ADVERB | lex.QUALITY)):
        return True  # "a whizz", "the closer"
    after = [token.lower for token in tokens[phrase.head + 1 : phrase.head + 4]] if head.gap == " " else []
    if after[:1] == ["of"] and (head.base in _MADE_BY or (len(after) > PARTS and after[PARTS] in _SORTS)):
        return True  # "a tramp of feet", "a man of that sort"
    if phrase.first and tokens[phrase.first - 1].lower == "as" and _is_role(tokens, phrase):
        return True  # "as our guide"
    if phrase.kind & lex.ANIMAL and not phrase.kind & lex.PERSON and _is_likeness(tokens, phrase, prep):
        return True
    if is_called_out(tokens, phrase) or (head.base in BRIDGING and is_anybody(tokens, phrase, prep)):
        return True
    if head.lower == "calves" and phrase.determiner in vocabulary.POSSESSIVES and _is_of_legs(tokens, phrase):
        return True
    return phrase.determiner == "its" and head.base in people_table.DAMS  # a calf's mother is no woman


def _is_of_legs(tokens: list[Token], phrase: Phrase) -> bool:
    """Tell calves in gaiters from calves in a shed."""
    near = {token.lower for token in tokens[phrase.first : phrase.head + LEGS_WITHIN]}
    return bool(near & _OF_LEGS)


LEGS_WITHIN = 7  # words
_OF_LEGS = vocabulary.words(
    "muscular shapely plump brawny stout sturdy bare thin lean ankles knees legs leg stockings socks gaiters garters "
    "breeches trousers boots puttees"
)


def _is_role(tokens: list[Token], phrase: Phrase) -> bool:
    """Tell "with Tom as our guide" from "as our guide went on": no verb follows."""
    if tokens[phrase.head].gap != " " or phrase.last >= len(tokens):
        return True
    after = tokens[phrase.last]
    return after.lower in vocabulary.PREPOSITIONS and not after.facts & lex.ADVERB


def _is_likeness(tokens: list[Token], phrase: Phrase, prep: str) -> bool:
    """Tell "the eyes of a friendly dog" and "a husky sob" from a beast."""
    head = tokens[phrase.head]
    if (
        prep == "of"
        and phrase.determiner in ("a", "an")
        and phrase.first > 1
        and (tokens[phrase.first - 2].facts & lex.BODY or tokens[phrase.first - 2].lower in _LIKENESSES)
    ):
        return True
    after = tokens[phrase.head + 1] if phrase.head + 1 < len(tokens) and head.gap == " " else None
    return bool(
        after is not None and head.facts & lex.QUALITY and after.facts & lex.NOUN and not after.facts & lex.FUNCTION
    )


def leads_aside(passage: Passage, number: int, *, after: bool) -> bool:
    """Whether a sentence begins with a clause before its own; if `after`, with one after a name: "Tom, as he bowed"."""
    tokens, sentence = passage.tokens, passage.sentences[number]
    if not after:
        return tokens[sentence.first].lower in people_table.FRONTED
    near = range(sentence.first + 1, min(sentence.first + NAME_WITHIN, sentence.last - 1))
    aside = next((at for at in near if tokens[at - 1].gap not in (" ", ". ")), sentence.last)
    if aside + 1 >= sentence.last or tokens[aside - 1].gap != ", " or tokens[aside].lower not in people_table.FRONTED:
        return False
    return tokens[aside + 1].lower in ("he", "she")


NAME_WITHIN = 5  # tokens


_LIKENESSES = vocabulary.words("manner fashion likeness")


def is_called_out(tokens: list[Token], phrase: Phrase) -> bool:
    """Tell "old horse" that somebody is called from one that is there: a single noun stands with a word before it."""
    head = tokens[phrase.head]
    single = not head.facts & lex.PLURAL and head.lower == head.base and head.base not in people_table.GROUPS
    owned = phrase.first > 0 and tokens[phrase.first - 1].gap == " " and tokens[phrase.first - 1].lower.endswith("'s")
    before = [tokens[i].lower for i in range(phrase.first, phrase.head)]
    counted = any(word in people_table.COUNTS or word == "one" for word in before)
    return single and not phrase.determiner and not owned and not counted and head.base not in _LIKE_NAMES


_LIKE_NAMES = vocabulary.words(
    "mother father grandmother grandfather mamma papa mama aunt uncle nurse cook baby granny dad mum daddy people"
)


def likened(tokens: list[Token], phrase: Phrase) -> str:
    """Who is called a beast: the man in "a bulldog of a man"; empty for nobody."""
    near = tokens[phrase.head + 1 : phrase.head + 4]
    words = [token.lower for token in near]
    return words[2] if words[:2] in (["of", "a"], ["of", "an"]) and words[2:] and near[2].facts & lex.PERSON else ""


def meets_one(tokens: list[Token], phrase: Phrase, sex: Sex) -> bool:
    """Whether a noun does something to one of a sex, who is then another: "Tom sat down. The child ran to him"."""
    for at in range(phrase.last, min(phrase.last + MET_WITHIN, len(tokens))):
        if tokens[at - 1].gap != " ":
            return False
        after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].gap == " " else None
        her = tokens[at].lower == "her" and (after is None or bool(after.facts & lex.FUNCTION))
        joined = tokens[at - 1].lower == "and" and tokens[at].lower == {Sex.MAN: "he", Sex.WOMAN: "she"}.get(sex)
        if (tokens[at].lower == "him" and sex is Sex.MAN) or (her and sex is Sex.WOMAN) or joined:
            return True
    return False


MET_WITHIN = 6  # tokens after a noun


def is_anybody(tokens: list[Token], phrase: Phrase, prep: str) -> bool:
    """Tell "the sweetness of a girl", "the talk of men" and "the pride a wise man feels" from one who is there."""
    if phrase.determiner not in ("a", "an", ""):
        return False
    if prep in _GENERAL:
        return not is_of_body(tokens, phrase)
    before, head = tokens[phrase.first - 1] if phrase.first else None, tokens[phrase.head]
    after = tokens[phrase.head + 1] if phrase.head + 1 < len(tokens) and head.gap == " " else None
    if before is None or after is None or before.gap != " " or not after.lower.endswith("s"):
        return False
    always = bool(after.facts & lex.VERB and after.facts & lex.INFLECTED) and not after.facts & lex.FUNCTION
    led = phrase.first > 1 and tokens[phrase.first - 2].lower in vocabulary.DETERMINERS  # "the pride": no verb
    other = lex.FUNCTION | lex.PLACE | (0 if led else lex.VERB)
    return always and (not before.facts or bool(before.facts & lex.NOUN and not before.facts & other))


def is_of_body(tokens: list[Token], phrase: Phrase) -> bool:
    """Tell "a body of men" from "the talk of men"."""
    before = tokens[max(phrase.first - 2, 0) : phrase.first]
    return [token.lower for token in before[1:]] == ["of"] and before[0].lower in people_table.BODIES


PARTS = 2  # words from "of" to "sort"
_MADE_BY = vocabulary.words("tramp patter tread clatter page host stamp")
_SORTS = vocabulary.words("sort kind stamp type class description age rank calibre")
_GENERAL = vocabulary.words("of like as than for")


def age_told(tokens: list[Token], phrase: Phrase, *, childish: bool) -> Age:
    """The age that a noun and the words before it say; where nothing is `childish` a girl is young."""
    head, words = tokens[phrase.head], {tokens[i].lower for i in range(phrase.first, phrase.head)}
    if ("little" in words and head.base in _LITTLE) or ("school" in words and head.base in ("girl", "boy")):
        return Age.CHILD
    if head.base in ("girl", "boy") and _is_under_age(tokens, phrase.head):
        return Age.CHILD
    if head.base == "girl" and not childish and not words & _SMALL:
        return Age.YOUNG
    if head.base in people_table.AGES:
        return people_table.AGES[head.base]
    if words & _AGED:
        return Age.OLD
    return Age.YOUNG if "young" in words else Age.UNKNOWN


def _is_under_age(tokens: list[Token], at: int) -> bool:
    """Tell "a girl of fourteen" from one of twenty."""
    after = [token.lower for token in tokens[at + 1 : at + 3]]
    return tokens[at].gap == " " and after[:1] == ["of"] and not _UNDER_AGE.isdisjoint(after[1:])


_UNDER_AGE = vocabulary.words("five six seven eight nine ten eleven twelve thirteen fourteen fifteen")


def is_of_another_age(tokens: list[Token], phrase: Phrase, age: Age, *, childish: bool) -> bool:
    """Tell "the fair lady" from the old one who was spoken of: another age, or looks that nobody old has."""
    told = age_told(tokens, phrase, childish=childish)
    words = {tokens[i].lower for i in range(phrase.first, phrase.head)}
    young = told in (Age.YOUNG, Age.CHILD) or bool(words & people_table.FAIR)
    return (age is Age.OLD and young) or (told is Age.OLD and age in (Age.YOUNG, Age.CHILD))


_AGED = vocabulary.words(
    "old aged elderly ancient venerable white-haired grey-haired gray-haired wizened gnarled shrivelled withered"
)
_LITTLE = vocabulary.words("princess prince daughter son sister brother maid maiden mistress master orphan page beggar")
_SMALL = vocabulary.words("little small tiny wee baby")
