"""Those who are told of as a whole or as a part of it: "we", "one of them", "those in the hall". English only."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.naming import age_told
from imaginized.providers.builtin.phrases import Phrase, leads_plural
from imaginized.providers.builtin.sentences import Passage, Sentence, Token
from imaginized.story.stage_things import Species
from imaginized.story.staging import Being

if TYPE_CHECKING:
    from imaginized.providers.builtin.actors import Actor, Cast

SEVERAL, TWO = 3, 2  # how many are drawn where no number is told
PEOPLE = "people"
BOTH_WITHIN = 6  # words from "both" to its "and"
EVERYBODY = vocabulary.words("everybody everyone")
ONE_OF = vocabulary.words("one another each either")
SOME_OF = {
    **people_table.COUNTS,
    **dict.fromkeys(vocabulary.words("all some most half others"), SEVERAL),
}
OTHERS = vocabulary.words("others rest")
THEM = vocabulary.words("them us these those whom")
# After "those" these say which people: "those in the hall".
WHERE = vocabulary.words(
    "in on at who near about around round present within below above behind outside nearest beside"
)
LEADING = vocabulary.words("the all other his her their our my those these")
PAIRED = {"pair": TWO, "couple": TWO, "lot": SEVERAL, "pack": SEVERAL}  # "the pair of them"
WHOLE = vocabulary.DETERMINERS | {"of"}
US = vocabulary.words("we us")
WORDS = EVERYBODY | ONE_OF | frozenset(SOME_OF) | LEADING | US | {"every"}
# Who is called so without an article, as by a name: "Mother came in".
KIN = {
    **dict.fromkeys(("Mother", "Mamma", "Mama", "Mummy", "Mum"), "mother"),
    **dict.fromkeys(("Father", "Papa", "Dad", "Daddy"), "father"),
    **dict.fromkeys(("Grandmother", "Granny", "Grandmamma"), "grandmother"),
    **dict.fromkeys(("Grandfather", "Grandpapa"), "grandfather"),
    **{word.capitalize(): word for word in ("nurse", "cook", "auntie", "aunty")},
}
Group = tuple[list["Actor"], int]


def is_grouped(token: Token) -> bool:
    """Whether `read_group` knows a word."""
    return token.lower in WORDS or token.word in KIN


def read_group(cast: "Cast", starts: Mapping[int, Phrase], at: int, sentence: Sentence) -> Group | None:
    """Who is meant by a word for several, or for one of them, and the token after it; None where it is no such word."""
    tokens = cast.passage.tokens
    word = tokens[at].lower
    if word in US:
        count = _told_of_us(tokens, at, sentence)
        return (meant_by_us(cast, count=count), at + 1) if count else None
    if tokens[at].word in KIN:
        kin = _read_kin(cast, at, sentence)
        return ([kin], at + 1) if kin is not None else None
    if word in EVERYBODY:
        return [_of_all(cast)], at + 1
    if word == "every" and _says(tokens, at, sentence, "one"):
        return [_of_all(cast)], at + 2
    if word == "those" and at + 1 < sentence.last and tokens[at].gap == " " and tokens[at + 1].lower in WHERE:
        return [_of_all(cast)], at + 1
    if _says(tokens, at, sentence, "of"):
        return _part_of(cast, starts, at, sentence)
    if word == "both":
        here = [actor for actor in cast.here() if actor.count == 1][-TWO:]
        listed = any(token.lower == "and" for token in tokens[at + 1 : min(at + BOTH_WITHIN, sentence.last)])
        alone = len(here) == TWO and _stands_alone(tokens, at, sentence) and not listed
        return ([cast.mention(actor) for actor in here], at + 1) if alone else None
    return _counted(cast, at, sentence)


def _says(tokens: list[Token], at: int, sentence: Sentence, following: str) -> bool:
    return at + 1 < sentence.last and tokens[at].gap == " " and tokens[at + 1].lower == following


def _told_of_us(tokens: list[Token], at: int, sentence: Sentence) -> int:
    """How many "we all", "we had all" or "us three" are; 0 for a bare "we"."""
    after = at + 1
    if _is_between(tokens, after, sentence) and tokens[after].lower in vocabulary.AUXILIARIES:
        after += 1
    if not _is_between(tokens, after, sentence):
        return 0
    if tokens[after].lower == "all":
        goes_on = _is_between(tokens, after + 1, sentence) and tokens[after + 1].lower in WHOLE
        return 0 if goes_on else SEVERAL  # "we had all our things"
    is_noun_next = _is_between(tokens, after + 1, sentence) and bool(tokens[after + 1].facts & lex.PLURAL)
    return people_table.COUNTS.get(tokens[after].lower, 0) if after == at + 1 and not is_noun_next else 0


def _is_between(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    return at < sentence.last and tokens[at - 1].gap == " "


def _of_all(cast: "Cast") -> "Actor":
    """Everybody who is there: many, of whom a few are drawn."""
    same = next((actor for actor in cast.actors if actor.noun == PEOPLE and actor.mass), None)
    actor = cast.mention(same) if same else cast.add(noun=PEOPLE, count=SEVERAL, mass=True)
    actor.called += 1
    return actor


def _part_of(cast: "Cast", starts: Mapping[int, Phrase], at: int, sentence: Sentence) -> Group | None:
    """One or some of those who were told of, or of those who are named now: "one of them", "two of the boys"."""
    tokens, whole = cast.passage.tokens, at + 2
    word = tokens[at].lower
    count = 1 if word in ONE_OF else SOME_OF.get(word, 0)
    if not count or whole >= sentence.last or tokens[at + 1].gap != " ":
        return None
    if tokens[whole].lower == "us" and count > 1:
        return (meant_by_us(cast, count=count), whole + 1) if cast.people.first_person else None
    if tokens[whole].lower in THEM and whole not in starts:
        return [_like(cast, cast.several(), count)], whole + 1
    whole = _past_names(cast, whole, sentence)
    phrase = starts.get(whole)
    head = tokens[phrase.head] if phrase is not None else None
    if phrase is None or head is None or not phrase.kind & (lex.PERSON | lex.ANIMAL) or not head.facts & lex.PLURAL:
        return None
    species = people_table.SPECIES.get(head.base, Species.UNKNOWN)
    being = Being.CREATURE if species or phrase.kind & lex.ANIMAL else Being.PERSON
    actor = cast.add(
        noun=head.base,
        being=being,
        species=species,
        sex=people_table.sex_of(head.base),
        age=age_told(tokens, phrase, childish=cast.people.childish),
        count=count,
        mass=count > 1 and word not in people_table.COUNTS and head.base in people_table.MASS,
    )
    actor.called += 1
    return [actor], phrase.last


def _past_names(cast: "Cast", at: int, sentence: Sentence) -> int:
    """The token after whose they are: of "Anna's friends", "the Hale girls"."""
    tokens, names = cast.passage.tokens, cast.people.names
    if tokens[at].lower in vocabulary.ARTICLES and at + 2 < sentence.last and tokens[at].gap == " ":
        at += at + 1 in names or tokens[at + 1].word[0].isupper()
        at += at not in names and tokens[at].word[0].isupper()
    while at in names and at + 1 < sentence.last:
        at += 1
    return at


def _counted(cast: "Cast", at: int, sentence: Sentence) -> Group | None:
    """Who "the four", "all three" and "the others" are, where no noun follows."""
    tokens = cast.passage.tokens
    number = at + 1
    if tokens[at].lower not in LEADING or number >= sentence.last or tokens[at].gap != " ":
        return None
    word = tokens[number].lower
    count = PAIRED[word] if word in PAIRED else SEVERAL if word in OTHERS else NUMBERS.get(word, 0)
    if not count or not _stands_alone(tokens, number, sentence):
        return None
    after = number + 1
    if after + 1 < sentence.last and tokens[after].lower == "of" and tokens[after + 1].lower in THEM:
        after += 2
    here = [actor for actor in cast.here() if actor.count == 1]
    if count == TWO and len(here) == TWO:
        return [cast.mention(actor) for actor in here], after
    like = cast.several()
    if like is not None and like.count == count and word not in OTHERS:
        return [cast.mention(like)], after
    some = _like(cast, like, count)
    some.whole = word not in OTHERS
    return [some], after


def _like(cast: "Cast", like: "Actor | None", count: int) -> "Actor":
    """Some who are as others are, or people; who of them does nothing is nobody."""
    if like is None:
        actor = cast.add(noun=PEOPLE if count > 1 else "", count=count)
    else:
        species, sex, age = like.species, like.sex, like.age
        actor = cast.add(noun=like.noun, being=like.being, species=species, sex=sex, age=age, count=count)
    actor.general = count > 1
    return actor


NUMBERS = {word: people_table.COUNTS[word] for word in ("two", "three", "four", "five", "six", "seven")}


def _stands_alone(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether no noun follows a number: "the four ran", not "the four boys", "the four o'clock train"."""
    if at + 1 >= sentence.last or tokens[at].gap != " ":
        return tokens[at].lower in OTHERS
    after = tokens[at + 1]
    if after.lower == "of" or tokens[at].lower in PAIRED:
        return after.lower == "of" and at + 2 < sentence.last and tokens[at + 2].lower in THEM
    if after.lower in vocabulary.AUXILIARIES or after.lower in vocabulary.PREPOSITIONS:
        return True
    acts = after.facts & lex.VERB and after.facts & lex.INFLECTED and not after.facts & (lex.NOUN | lex.QUALITY)
    return bool(acts) or (bool(after.facts & lex.ADVERB) and not after.facts & (lex.NOUN | lex.QUALITY))


def meant_by_us(cast: "Cast", *, count: int = 0) -> list["Actor"]:
    """Whom "we" means: who tells it and the one other who is there; of more it is open, and several are drawn."""
    cast.doubts += 0.5
    if not cast.people.first_person:
        return []
    others = cast.around()
    if count <= TWO and len(others) == 1 and others[0].count == 1:
        return [*cast.pronoun("i"), cast.mention(others[0])]
    same = next((actor for actor in cast.actors if actor.ours), None)
    if same is not None:
        same.count = count or same.count
        return [cast.mention(same)]
    many = count or (SEVERAL if others else TWO)
    actor = cast.add(noun=PEOPLE, count=many, sex=cast.people.narrator.sex)
    actor.general = actor.ours = True
    return [actor]


def _read_kin(cast: "Cast", at: int, sentence: Sentence) -> "Actor | None":
    """Who is called "Mother" as by a name; not "Mother Hubbard", nor whose something is."""
    tokens = cast.passage.tokens
    after = tokens[at + 1] if at + 1 < sentence.last and tokens[at].gap == " " else None
    before = tokens[at - 1] if at > sentence.first and tokens[at - 1].gap == " " else None
    if (after is not None and after.word[0].isupper()) or tokens[at].gap[:1] in ("'", "’"):
        return None
    if before is not None and ((before.word[0].isupper() and not before.first) or before.lower in vocabulary.ARTICLES):
        return None
    return cast.one_of(KIN[tokens[at].word])


def is_counted(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a number stands before a noun."""
    return any(tokens[i].lower in people_table.COUNTS for i in range(max(phrase.first - 1, 0), phrase.head))


def count_of(passage: Passage, phrase: Phrase) -> int:
    """How many a noun phrase means, as far as that many are drawn."""
    tokens, head = passage.tokens, passage.tokens[phrase.head]
    counted = is_counted(tokens, phrase)
    if head.base in people_table.GROUPS and not (head.base == PEOPLE and counted):
        return people_table.GROUPS[head.base]
    owner = head.lower.endswith("'s")
    many = counted and (head.base == PEOPLE or leads_plural(passage, phrase.head))
    if head.base == "twin" and head.lower != head.base:
        return TWO
    if owner or (not many and not head.facts & lex.PLURAL and head.lower == head.base):
        return 1
    words = [tokens[i].lower for i in range(max(phrase.first - 1, 0), phrase.head)]
    if not people_table.BEYOND.isdisjoint(words[bool(phrase.determiner and phrase.first) :]):
        return people_table.MOST  # "two hundred men", but not "at ten the men"
    words = [word for word in words if word not in people_table.BEYOND]
    told = next((people_table.COUNTS[word] for word in words if word in people_table.COUNTS), SEVERAL)
    return min(told, people_table.MOST)


def keep_together(passage: Passage, phrase: Phrase, clause: Sequence["Actor"]) -> None:
    """Have those of a bare noun that goes on with others be there as they are: "the boys and girls"."""
    before = passage.tokens[phrase.first - 1] if phrase.first else None
    joined = before is not None and before.lower == "and" and before.gap == " "
    several = bool(passage.tokens[phrase.head].facts & lex.PLURAL) and not phrase.determiner
    if joined and several and len(clause) > 1 and clause[-2].count > 1 and not clause[-2].general:
        clause[-1].general, clause[-1].beside, clause[-2].beside = False, True, True
