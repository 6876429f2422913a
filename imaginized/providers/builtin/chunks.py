"""Cutting a sentence into chunks: noun phrases with who they mean, verbs, joints and stops. English only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import PRONOUNS, Actor, Cast
from imaginized.providers.builtin.groups import is_grouped, read_group
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.motors import thing_named
from imaginized.providers.builtin.nobodies import describes_name, is_family, leads_idea, names_a_place, owns_a_place
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.presence import is_framed, leads_stranger, names_it
from imaginized.providers.builtin.sentences import Sentence, Token
from imaginized.providers.builtin.unmeant import is_oneself, kin_addressed, named_apart
from imaginized.providers.builtin.verb_forms import (
    BEINGS,
    HAVING,
    OBJECTS,
    PREPOSITIONS,
    is_deed,
    is_doing,
    is_relative,
    is_verb,
    verb_kind,
)
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being

JOINTS = vocabulary.words(
    "when while as because though although whilst until till where if since whereupon whereat than that"
)
# What says a deed and is no form of a verb, or none that the lexicon knows.
ODD_VERBS = vocabulary.words("asleep astride seated pointed closed")  # the lists have the last ones as qualities
HIT = OBJECTS | vocabulary.words("you her one")  # "it struck me in the chest"
OPENERS = vocabulary.ARTICLES | vocabulary.POSSESSIVES | vocabulary.words("this these those some no")
SUBJECTS, RELATIVES = vocabulary.words("he she they i we"), vocabulary.words("who which whom")


@cache
def load_peoples() -> frozenset[str]:
    """Words for one of a people, which alone are nobody's name: "german", "virginian"."""
    found = {word.lower() for word in load_lexicon().peoples if word.endswith("an")}
    return frozenset(found) | vocabulary.words("greek turk dane swede scot pole spaniard jew arab moor briton welshman")


@dataclass(slots=True)
class Chunk:
    """A piece of a sentence: a noun phrase, a verb, a stop.

    Attributes:
        kind: "n" noun phrase, "v" verb of its own, "g" participle in -ing, "p" past participle after "be", "b" form of
            "to be", "x" verb that does not happen, "r" relative pronoun, "," comma or "and", ";" joint or strong stop.
        at: Its token; of a noun phrase its head.
        who: Figures of a noun phrase.
        thing: Thing of a noun phrase.
        prep: Preposition before a noun phrase, or the particle after a verb.
        owner: Whose hand or shoulder it is.
        other: Whose it is where the owner takes hold of it.
    """

    kind: str
    at: int
    who: list[Actor] = field(default_factory=list)
    thing: Thing = Thing.NONE
    prep: str = ""
    phrase: Phrase | None = None
    owner: Actor | None = None
    other: Actor | None = None


def cut_chunks(
    cast: Cast, sentence: Sentence, phrases: Sequence[Phrase], unreal: Sequence[int], walks: "Walks"
) -> list[Chunk]:
    """The chunks of a sentence; where they are is worked out once, whom they mean anew for each passage."""
    key = (sentence.first, sentence.last)
    steps = walks.get(key)
    if steps is None:
        steps = walks[key] = Steps({phrase.first: phrase for phrase in phrases}, [])
        return _walk(cast, sentence, steps, unreal)
    tokens = cast.passage.tokens
    chunks: list[Chunk] = []
    before: list[Chunk] = []
    cast.new_sentence()
    for at, prep, fixed, is_said, stops in steps.found:
        if fixed is None:
            chunk, _ = _chunk_at(cast, steps.starts, at, prep, sentence, before=before, real=not unreal[at])
            told = _as_real(chunk, unreal, before) if chunk is not None else ()
        else:
            told = fixed if not fixed or fixed[0].kind != "n" else (Chunk("n", fixed[0].at, prep=prep),)
        if is_said and _is_strangers(tokens[at], before):
            cast.forget()
        cast.heed(told[0].kind if told else "")
        before += told
        chunks += told
        if stops:
            cast.new_clause()
            chunks += stops
            if prep != SPOKEN:
                before += stops
    return chunks


class Step(NamedTuple):
    """A step of the walk through a sentence: what is cut at a token, and the stops after it.

    Attributes:
        prep: The preposition before it; SPOKEN where a speech begins.
        fixed: The chunks there; None where it depends on the cast whom they mean.
        is_said: Whether it is a verb of its own.
    """

    at: int
    prep: str
    fixed: tuple[Chunk, ...] | None
    is_said: bool
    stops: tuple[Chunk, ...]


@dataclass(slots=True)
class Steps:
    """The walk through a sentence, and its noun phrases by their first tokens."""

    starts: dict[int, Phrase]
    found: list[Step]


Walks = dict[tuple[int, int], Steps]  # by the first token of a sentence and the one after it
SPOKEN = "spoken"


def _walk(cast: Cast, sentence: Sentence, steps: Steps, unreal: Sequence[int]) -> list[Chunk]:
    """Cut a sentence for the first time, and note the steps."""
    tokens = cast.passage.tokens
    at, prep, stopped = sentence.first, "", True
    cast.new_sentence()
    chunks: list[Chunk] = []
    before: list[Chunk] = []
    while at < sentence.last:
        token = tokens[at]
        if token.spoken and not sentence.told:
            if not stopped:
                cast.new_clause()
                chunks.append(Chunk(";", at))
                steps.found.append(Step(at, SPOKEN, (), False, (chunks[-1],)))
            stopped, at, prep = True, at + 1, ""
            continue
        stopped = False
        chunk, following = _chunk_at(cast, steps.starts, at, prep, sentence, before=before, real=not unreal[at])
        told = _as_real(chunk, unreal, before) if chunk is not None else ()
        is_said = bool(told) and told[0].kind == "v"
        if is_said and _is_strangers(token, before):
            cast.forget()
        cast.heed(told[0].kind if told else "")
        before += told
        chunks += told
        gap = tokens[following - 1].gap
        stops = tuple(_stops(gap, following - 1)) if gap != " " else ()
        is_fixed = _is_plain(cast, steps.starts, at)
        if told or stops or not is_fixed:
            steps.found.append(Step(at, prep, told if is_fixed else None, is_said, stops))
        if stops:
            cast.new_clause()
        before += stops
        chunks += stops
        prep = _preposition_after(tokens, at, prep, is_cut=chunk is not None)
        prep = "" if gap.strip() else prep
        at = following
    return chunks


def _is_plain(cast: Cast, starts: dict[int, Phrase], at: int) -> bool:
    """Whether a chunk is the same whoever is in the cast."""
    word = cast.passage.tokens[at].lower
    open_ = word == "the" or word in PRONOUNS or is_grouped(cast.passage.tokens[at])
    return at not in starts and at not in cast.people.names and not open_


AT_TIMES = vocabulary.words("last once length first")  # "at last Anna came": nothing is at her


def _preposition_after(tokens: list[Token], at: int, prep: str, *, is_cut: bool) -> str:
    """The preposition that stands before what follows a token."""
    token = tokens[at]
    if is_cut or (prep == "at" and token.lower in AT_TIMES):
        return ""
    if token.lower in PREPOSITIONS:
        return _preposition(tokens, at, prep)
    goes_on = bool(token.facts & (lex.FUNCTION | lex.QUALITY | lex.ADVERB)) or token.lower.endswith(("ing", "'s"))
    return prep if goes_on else ""


def _preposition(tokens: list[Token], at: int, before: str) -> str:
    """The one that counts: of "out of" both, of "into one of the chairs" the first."""
    word = tokens[at].lower
    if word != "of" or at < PARTED:
        return word
    if before == "out":
        return "out of"
    parted = tokens[at - 1].lower in _PARTS and tokens[at - PARTED].lower in PREPOSITIONS
    return tokens[at - PARTED].lower if parted else word


PARTED = 2  # words from the preposition to "of"
_PARTS = frozenset({"one", "some", "each", "both", "any", "several", "two", "three"})


def _as_real(chunk: Chunk, unreal: Sequence[int], before: list[Chunk]) -> tuple[Chunk, ...]:
    """A chunk of what happens; of a deed that does not happen only that it ends who does it."""
    if chunk.kind in (",", ";", "r") or not unreal[chunk.at]:
        return (chunk,)
    if chunk.kind == "n" and not chunk.prep and before and before[-1].kind in "vgp":
        return (Chunk("n", chunk.at),)  # "returned the fire of the enemy": no going anywhere
    return (Chunk("x", chunk.at),) if chunk.kind in "vgp" else ()


def _is_strangers(token: Token, before: list[Chunk]) -> bool:
    """Whether somebody without a known noun speaks or sings: whom "she" means from there on is open."""
    said = bool(token.facts & lex.SPEECH) or token.base in ("sing", "smile", "laugh", "say")
    return (
        said and bool(before) and before[-1].kind == "n" and not (before[-1].who or before[-1].thing or before[-1].prep)
    )


def _bearer(tokens: list[Token], before: list[Chunk], at: int) -> Actor | None:
    """Who is described by the noun that follows: "he was a boy", "Toto, a little dog,"."""
    last = before[-1] if before else None
    if last is not None and last.kind == "n" and len(last.who) == 1 and last.who[0].name and tokens[at - 1].gap == " ":
        return (
            last.who[0] if tokens[at].lower in ("his", "her", "my", "our", "their") else None
        )  # "Nicholas his servant"
    if len(before) < 2 or before[-2].kind != "n" or len(before[-2].who) != 1:
        return None
    who = before[-2].who[0]
    if before[-1].kind == "b" and tokens[before[-1].at].lower != "being":
        return who
    apposed = before[-1].kind == "," and tokens[before[-1].at].lower not in ("and", "or") and bool(who.name)
    return who if apposed and tokens[at].lower in ("a", "an", "the") else None


def _stops(gap: str, at: int) -> Iterator[Chunk]:
    if any(mark in gap for mark in ";:!?—"):
        yield Chunk(";", at)
    elif "," in gap:
        yield Chunk(",", at)


def _chunk_at(
    cast: Cast, starts: dict[int, Phrase], at: int, prep: str, sentence: Sentence, *, before: list[Chunk], real: bool
) -> tuple[Chunk | None, int]:
    """The chunk that begins at a token, or None; and where the next one may begin."""
    tokens = cast.passage.tokens
    token = tokens[at]
    known = cast.people.names.get(at)
    if known is not None:
        last = at + 1
        while last < sentence.last and cast.people.names.get(last) is known and tokens[last - 1].gap in (" ", ". "):
            last += 1
        chunk = _name_chunk(cast, at, last, prep, real=real)
        if chunk is not None and chunk.who and last < sentence.last and (limb := _limb_of(tokens, at, last)):
            return Chunk("n", last, chunk.who, prep=prep, phrase=limb, owner=chunk.who[0]), last + 1
        return chunk, last
    if token.lower == "the" and at not in starts and describes_name(tokens, cast.people.names, at):
        return None, at + 1  # "at the Angel" is at somebody
    phrase = starts.get(at)
    if phrase is not None and (phrase.determiner or not is_deed(tokens, at, sentence)):
        return _phrase_chunk(cast, phrase, prep, bearer=_bearer(tokens, before, at), real=real), phrase.last
    if real and is_grouped(token) and (group := read_group(cast, starts, at, sentence)) is not None:
        return Chunk("n", at, who=group[0], prep=prep), group[1]
    if token.lower == "the" and at + 1 < sentence.last and tokens[at + 1].lower in ("latter", "former"):
        return Chunk("n", at + 1, who=cast.told_apart(tokens[at + 1].lower) if real else [], prep=prep), at + 2
    if token.lower == "the" and (people := _one_of_a_people(cast, at, sentence)):
        return Chunk("n", at + 1, who=[cast.one_of(people)] if real else [], prep=prep), at + 2
    if token.lower in PRONOUNS and not (token.lower == "her" and _owns(tokens, at, sentence)):
        return _pronoun_chunk(cast, at, prep, sentence, before=before, real=real), at + 1
    return _other_chunk(tokens, at, prep, sentence), at + 1


def _pronoun_chunk(cast: Cast, at: int, prep: str, sentence: Sentence, *, before: list[Chunk], real: bool) -> Chunk:
    """The chunk of a pronoun, with whom it means."""
    tokens = cast.passage.tokens
    word, verb = tokens[at].lower, before[-1] if before and before[-1].kind in "vg" else None
    if real and prep and is_oneself(cast, at):
        return Chunk("n", at, prep=prep)
    if real and (kin := kin_addressed(cast, at, prep)):
        return Chunk("n", at, who=[cast.one_of(kin)], prep=prep)
    apart = named_apart(cast, at, sentence)
    who = cast.pronoun(word, apart=apart, joined=_joined_to(tokens, before)) if real else []
    done_to = word == "it" and verb is not None and verb.at == at - 1 and not prep
    thing = cast.thing() if real and done_to and not who else Thing.NONE  # "took the letter and read it"
    return Chunk("n", at, who=who, thing=thing, prep="" if word in SUBJECTS else prep)  # "at last we"


def _joined_to(tokens: list[Token], before: list[Chunk]) -> Actor | None:
    """The child of "the child and he rode": who begins a clause and has an "and" after them is not whom "he" means."""
    if len(before) < PARTED or before[-1].kind != "," or tokens[before[-1].at].lower != "and":
        return None
    opens = len(before) == PARTED or before[-PARTED - 1].kind in ",;"
    first = before[-PARTED]
    return first.who[0] if opens and first.kind == "n" and first.who else None


def _limb_of(tokens: list[Token], at: int, last: int) -> Phrase | None:
    """The phrase of "Tom's hand": he is there, and it is his hand."""
    owning = tokens[last - 1].lower.endswith("'s") or tokens[last - 1].gap[:1] in ("'", "’")
    if not owning or not tokens[last].facts & lex.BODY:
        return None
    return Phrase(at, last, last, last + 1, tokens[last].facts, 0, tokens[last - 1].lower, -1)


def _one_of_a_people(cast: Cast, at: int, sentence: Sentence) -> str:
    """The word in "the German turned", of somebody who is called by his people; empty where a noun follows."""
    tokens = cast.passage.tokens
    if at + 1 >= sentence.last or tokens[at].gap != " " or at + 1 in cast.people.names:
        return ""
    word, after = tokens[at + 1], tokens[at + 2] if at + 2 < sentence.last else None
    if not word.word[0].isupper() or word.lower not in load_peoples():
        return ""
    if after is None or word.gap != " ":
        return word.word
    other = lex.NOUN | (0 if _is_sooner_verb(tokens, at + 2, sentence) else lex.QUALITY)
    acts = after.facts & lex.VERB and after.facts & lex.INFLECTED and not after.facts & other
    return word.word if acts or after.lower in BEINGS | HAVING | RELATIVES | {"and"} else ""


def _is_sooner_verb(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether what follows a past form is what a verb has after it: "struck the man", "turned away"."""
    after = tokens[at + 1].lower if at + 1 < sentence.last and tokens[at].gap == " " else "the"
    return after in vocabulary.DETERMINERS or after in PRONOUNS or after in PREPOSITIONS


def _owns(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    after = tokens[at + 1] if at + 1 < sentence.last and tokens[at].gap == " " else None
    return (
        after is not None
        and (not after.facts & lex.FUNCTION or after.lower == "own")
        and bool(after.lower == "own" or after.facts & (lex.NOUN | lex.QUALITY) or not after.facts)
    )


def _name_chunk(cast: Cast, at: int, last: int, prep: str, *, real: bool) -> Chunk | None:
    tokens = cast.passage.tokens
    known = cast.people.names[at]
    possessive = tokens[last - 1].lower.endswith("'s") or tokens[last - 1].gap[:1] in ("'", "’")
    if possessive and not (last < len(tokens) and tokens[last].facts & lex.BODY):
        if real and known.being is Being.PERSON and not owns_a_place(tokens, last):
            cast.named(
                known
            )  # whom "he" may mean after "Tom's hat", and not after "Tom's door": he is not there by that
        return None
    if known.being is Being.PERSON and (
        names_a_place(tokens, at, last) or is_family(tokens, at, last) or is_framed(tokens, last)
    ):
        return None
    if known.bare and at > 0 and tokens[at - 1].lower == "the" and tokens[at - 1].gap == " ":
        return None  # a ship that is called as somebody is: "the hull of the Arabella"
    who = [cast.named(known)] if real else []
    for actor in who:
        cast.doubts += 0.5 * (not actor.called and actor.mentions > 1)  # "he" was he, or is another
        actor.called += 1
    return Chunk("n", at, who=who, prep=prep)


def _phrase_chunk(cast: Cast, phrase: Phrase, prep: str, *, bearer: Actor | None, real: bool) -> Chunk:
    tokens = cast.passage.tokens
    head = tokens[phrase.head]
    thing = _thing_of(cast, phrase, prep) if real else Thing.NONE
    cast.afloat = cast.afloat or thing in table.SHE or head.base in table.OF_SHIPS
    chunk = Chunk("n", phrase.head, thing=thing, prep=prep, phrase=phrase)
    owning = head.lower.endswith("'s") or (bool(head.facts & lex.PLURAL) and head.gap in ("’ ", "' "))
    if owning and prep and phrase.last < len(tokens) and tokens[phrase.last].facts & lex.BODY:
        owning = False  # "from the soldier's hand": he is there
    owning = owning or is_framed(tokens, phrase.head + 1)
    if real and not thing and not owning:
        if bearer is not None and not prep and cast.fits(bearer, phrase):
            cast.describe(bearer, phrase)
            chunk.who = [bearer]
        else:
            actor = cast.phrase(phrase, prep)
            chunk.who = [actor] if actor else []
            for each in chunk.who:
                each.called += 1
    elif real and owning and not thing and head.facts & lex.PERSON and not head.facts & lex.RARE_NOUN:
        cast.phrase(phrase, prep)  # whom "he" means after "the admiral's face flamed", though he does nothing by that
    if real and head.facts & lex.BODY and phrase.head > phrase.first:
        chunk.who = _whose(cast, phrase, prep)
        chunk.owner = next(iter(chunk.who), None)
    if real and (head.facts & lex.BODY or thing in table.IN_HAND) and phrase.determiner in ("his", "her", "my"):
        others = (prep in ("on", "upon") or head.base == "throat") and cast.is_others(phrase.determiner)
        chunk.owner = cast.meant(phrase.determiner, new=prep in table.EMBRACING or others)
        if chunk.owner is not None and phrase.determiner != "my":
            chunk.other = cast.other_than(chunk.owner, phrase.determiner)
    return chunk


def _thing_of(cast: Cast, phrase: Phrase, prep: str) -> Thing:
    """The thing of a phrase; one alone may be "it" afterwards."""
    head = cast.passage.tokens[phrase.head]
    known = thing_named(cast.passage, phrase.head)
    thing = known if phrase.determiner not in people_table.UNREAL else Thing.NONE
    if thing and _is_no_thing(cast.passage.tokens, phrase, thing, prep):
        return Thing.NONE
    if thing and not head.facts & lex.PLURAL:
        cast.handled = (cast.number, thing)
    return thing


def _whose(cast: Cast, phrase: Phrase, prep: str) -> list[Actor]:
    """Who is there by "from the soldier's hand"."""
    tokens = cast.passage.tokens
    for at in range(phrase.first, phrase.head):
        known = cast.people.names.get(at)
        if known is not None and known.being is Being.PERSON and tokens[at].lower.endswith("'s"):
            whose = cast.named(known)
            whose.called += 1
            return [whose]
        if tokens[at].lower.endswith("'s") and tokens[at].facts & (lex.PERSON | lex.ANIMAL) and known is None:
            owner = phrase._replace(head=at, kind=tokens[at].facts, last=at + 1)
            actor = cast.phrase(owner, prep)
            if actor is not None:
                actor.called += 1
                return [actor]
    return []


def _is_no_thing(tokens: list[Token], phrase: Phrase, thing: Thing, prep: str) -> bool:
    """Tell the chest of a body, the crown of a hat, the Savage Club and the ball that is danced from things."""
    head = tokens[phrase.head]
    owned = phrase.determiner in vocabulary.POSSESSIVES or phrase.determiner.endswith("'s")
    following = tokens[phrase.head + 1].lower if phrase.head + 1 < len(tokens) and head.gap == " " else ""
    plural = bool(head.facts & lex.PLURAL) and head.lower != head.base
    if (head.word[0].isupper() and not head.first) or (head.base == "bundle" and following == "of"):
        return True
    one = tokens[max(phrase.first - 2, 0)]
    hit = phrase.determiner == "the" and prep in ("in", "on", "across") and (one.lower in HIT or one.word[0].isupper())
    return (
        (thing in table.OF_A_BODY and (owned or hit))
        or (thing in table.PART_OF and following == "of" and not _is_made_of(tokens, phrase.head + 2))
        or (thing in table.ONE_ONLY and plural)
        or (thing in table.ENTERED and prep in ("into", "in", "at", "to", "for"))
    )


def _is_made_of(tokens: list[Token], at: int) -> bool:
    """Tell "a staff of some black wood" from "a ring of faces"."""
    return any(token.facts & lex.STUFF for token in tokens[at : at + 3])


def _other_chunk(tokens: list[Token], at: int, prep: str, sentence: Sentence) -> Chunk | None:
    token = tokens[at]
    if token.lower in BEINGS:
        return Chunk("b", at)
    if token.lower in ("and", "or"):
        return Chunk(",", at)
    if token.lower in RELATIVES or (token.lower == "that" and is_relative(tokens, at, sentence)):
        return Chunk("r", at)
    if (token.lower in OPENERS and token.gap == " ") or leads_idea(tokens, at) or leads_stranger(tokens, at):
        return Chunk("n", at, prep=prep)  # "the darkness" is somebody's deed as little as the door's
    if token.lower in JOINTS or token.lower == "but":
        return Chunk(";", at)
    if token.facts & lex.FUNCTION or token.lower in HAVING:
        return None
    if token.facts & lex.VERB and is_verb(tokens, at, sentence):
        particle = tokens[at + 1].lower if at + 1 < sentence.last and token.gap == " " else ""
        return Chunk(verb_kind(tokens, at, sentence), at, prep=particle if particle in vocabulary.PREPOSITIONS else "")
    if is_doing(tokens, at, sentence):
        return Chunk("g", at)
    if token.lower in ODD_VERBS and not names_it(tokens, at):
        return Chunk("v", at)
    return None
