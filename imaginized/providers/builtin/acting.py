"""Who does what to whom in a passage: a shallow grammar of subjects, verbs, objects and prepositions. English only.

No parser: clauses are cut at stops and joints, the noun before the verb does it, the noun after it suffers it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.actors import (
    NARRATOR,
    PRONOUNS,
    Act,
    Actor,
    Cast,
    People,
    is_there,
    main_actors,
    names_a_place,
    names_it,
)
from imaginized.providers.builtin.deeds import Clause, find_deed
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Sentence, Token
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being, Figure

BEINGS = vocabulary.words("be is was were are been being am")
HAVING = vocabulary.words("have has had having do did does would will shall should could can may might must")
JOINTS = vocabulary.words(
    "when while as because though although whilst until till where if since whereupon whereat than that"
)
# What says a deed and is no form of a verb, or none that the lexicon knows.
ODD_VERBS = vocabulary.words("asleep astride seated pointed")
PREPOSITIONS = vocabulary.PREPOSITIONS | {"round", "aboard"}
OBJECTS = vocabulary.words("him them me us")
OPENERS = vocabulary.ARTICLES | vocabulary.POSSESSIVES | vocabulary.words("this these some no")
RELATIVES = vocabulary.words("who which whom")
LEAD = 5  # sentences before a passage that are read for whom its pronouns mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What a passage shows: those who are there, main one first, the things, whether there is a crowd."""

    figures: tuple[Figure, ...] = ()
    things: tuple[Thing, ...] = ()
    crowd: bool = False
    weight: float = 0.0


@dataclass(slots=True)
class Chunk:
    """A piece of a sentence: a noun phrase, a verb, a stop.

    Attributes:
        kind: "n" noun phrase, "v" verb of its own, "g" participle in -ing, "p" past participle after "be", "b" form of
            "to be", "r" relative pronoun, "," comma or "and", ";" joint or strong stop.
        at: Its token; of a noun phrase its head.
        who: Figures of a noun phrase.
        thing: Thing of a noun phrase.
        prep: Preposition before a noun phrase, or the particle after a verb.
        owner: Whose hand or shoulder it is.
    """

    kind: str
    at: int
    who: list[Actor] = field(default_factory=list)
    thing: Thing = Thing.NONE
    prep: str = ""
    phrase: Phrase | None = None
    owner: Actor | None = None


def find_acts(
    passage: Passage,
    span: tuple[int, int],
    *,
    unreal: Sequence[int],
    phrases: Sequence[Sequence[Phrase]],
    people: People,
) -> Acts:
    """Read the sentences span[0]..span[1] (last excluded) of a passage for figures, deeds and things."""
    cast = Cast(passage, people)
    things: dict[Thing, float] = {}
    for number in range(max(span[0] - LEAD, 0), span[0]):  # who "he" and "it" are
        list(_chunks(passage, passage.sentences[number], phrases[number], unreal, cast))
    cast.begin()
    for number in range(*span):
        sentence = passage.sentences[number]
        chunks = list(_chunks(passage, sentence, phrases[number], unreal, cast))
        _join_apposed(passage, chunks)
        for chunk in chunks:
            _note_thing(chunk, things)
        _act_out(passage, chunks, sentence, things)
    return _settle(cast, things)


def _join_apposed(passage: Passage, chunks: list[Chunk]) -> None:
    """Make one of "the mate, Mr. Brown," and of "Toto, a little dog,"."""
    for first, comma, second in zip(chunks, chunks[1:], chunks[2:], strict=False):
        if (
            first.kind != "n"
            or comma.kind != ","
            or second.kind != "n"
            or second.prep
            or not (first.who and second.who)
        ):
            continue
        one, other = first.who[0], second.who[0]
        listed = passage.tokens[comma.at].lower in ("and", "or") or passage.tokens[comma.at + 1].lower in ("and", "or")
        if one is other or listed or bool(one.name) == bool(other.name) or max(one.count, other.count) > 1:
            continue
        name, noun = (one, other) if one.name else (other, one)
        if noun.noun and noun.mentions <= 1 and not (name.sex and noun.sex and name.sex is not noun.sex):
            _merge(name, Chunk("n", first.at, who=[noun]))
            first.who, second.who = [name], [name]


def _note_thing(chunk: Chunk, things: dict[Thing, float]) -> None:
    if chunk.kind == "n" and chunk.thing:
        phrase = chunk.phrase
        worth = 1.0 + (0.5 * min(phrase.looks, 2) + 0.3 * (phrase.determiner in ("a", "an")) if phrase else 0.0)
        worth -= 1.2 * (chunk.thing in table.DULL)
        things[chunk.thing] = things.get(chunk.thing, 0.0) + worth


# Cutting a sentence into chunks


def _chunks(
    passage: Passage, sentence: Sentence, phrases: Sequence[Phrase], unreal: Sequence[int], cast: Cast
) -> Iterator[Chunk]:
    tokens = passage.tokens
    starts = {phrase.first: phrase for phrase in phrases}
    at, prep, stopped = sentence.first, "", True
    before: list[Chunk] = []
    while at < sentence.last:
        token = tokens[at]
        if token.spoken and not sentence.told:
            if not stopped:
                yield Chunk(";", at)
            stopped, at, prep = True, at + 1, ""
            continue
        stopped = False
        bearer = _bearer(tokens, before, at)
        chunk, following = _chunk_at(cast, starts, at, prep, sentence, bearer=bearer, real=not unreal[at])
        if chunk is not None and (chunk.kind in (",", ";", "r") or not unreal[chunk.at]):
            before = [*before[-3:], chunk]
            yield chunk
        if token.lower in PREPOSITIONS and chunk is None:
            prep = token.lower if token.lower != "of" or prep != "out" else "out of"
        elif chunk is not None or not token.facts & (lex.FUNCTION | lex.QUALITY | lex.ADVERB):
            prep = ""
        gap = tokens[following - 1].gap
        if gap != " ":
            stops = list(_stops(gap, following - 1))
            before = [*before[-3:], *stops]
            yield from stops
            prep = "" if gap.strip() else prep
        at = following


def _bearer(tokens: list[Token], before: list[Chunk], at: int) -> Actor | None:
    """Who is described by the noun that follows: "he was a boy", "Toto, a little dog,"."""
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
    cast: Cast, starts: dict[int, Phrase], at: int, prep: str, sentence: Sentence, *, bearer: Actor | None, real: bool
) -> tuple[Chunk | None, int]:
    """The chunk that begins at a token, or None; and where the next one may begin."""
    tokens = cast.passage.tokens
    token = tokens[at]
    known = cast.people.names.get(at)
    if known is not None:
        last = at + 1
        while last < sentence.last and cast.people.names.get(last) is known and tokens[last - 1].gap in (" ", ". "):
            last += 1
        return _name_chunk(cast, at, last, prep, real=real), last
    if at in starts and not (token.lower.endswith("ing") and token.facts & lex.VERB and not starts[at].determiner):
        phrase = starts[at]
        return _phrase_chunk(cast, phrase, prep, bearer=bearer, real=real), phrase.last
    if token.lower in PRONOUNS and not (token.lower == "her" and _owns(tokens, at, sentence)):
        who = cast.pronoun(token.lower) if real else []
        return Chunk("n", at, who=who, prep=prep), at + 1
    return _other_chunk(tokens, at, prep, sentence), at + 1


def _owns(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    after = tokens[at + 1] if at + 1 < sentence.last and tokens[at].gap == " " else None
    return (
        after is not None
        and not after.facts & lex.FUNCTION
        and bool(after.facts & (lex.NOUN | lex.QUALITY) or not after.facts)
    )


def _name_chunk(cast: Cast, at: int, last: int, prep: str, *, real: bool) -> Chunk | None:
    tokens = cast.passage.tokens
    known = cast.people.names[at]
    possessive = tokens[last - 1].lower.endswith("'s") or tokens[last - 1].gap[:1] in ("'", "’")
    if possessive and not (last < len(tokens) and tokens[last].facts & lex.BODY):
        return None
    if known.being is Being.PERSON and names_a_place(tokens, at, last):
        return None
    who = [cast.named(known)] if real else []
    return Chunk("n", at, who=who, prep=prep)


def _phrase_chunk(cast: Cast, phrase: Phrase, prep: str, *, bearer: Actor | None, real: bool) -> Chunk:
    tokens = cast.passage.tokens
    head = tokens[phrase.head]
    thing = (
        table.THINGS.get(head.base, Thing.NONE) if real and phrase.determiner not in people_table.UNREAL else Thing.NONE
    )
    if thing is Thing.TRAIN and phrase.determiner in vocabulary.POSSESSIVES:
        thing = Thing.NONE  # of a dress
    chunk = Chunk("n", phrase.head, thing=thing, prep=prep, phrase=phrase)
    owning = head.lower.endswith("'s") or (bool(head.facts & lex.PLURAL) and head.gap in ("’ ", "' "))
    if real and not thing and not owning:
        if bearer is not None and not prep and cast.fits(bearer, phrase):
            cast.describe(bearer, phrase)
            chunk.who = [bearer]
        else:
            actor = cast.phrase(phrase, prep)
            chunk.who = [actor] if actor else []
    if real and head.facts & lex.BODY and phrase.determiner in ("his", "her"):
        chunk.owner = cast.meant(phrase.determiner, new=prep in table.EMBRACING)
    return chunk


def _other_chunk(tokens: list[Token], at: int, prep: str, sentence: Sentence) -> Chunk | None:
    token = tokens[at]
    if token.lower in BEINGS:
        return Chunk("b", at)
    if token.lower in ("and", "or"):
        return Chunk(",", at)
    if token.lower in RELATIVES or (token.lower == "that" and _is_relative(tokens, at, sentence)):
        return Chunk("r", at)
    if token.lower in OPENERS and token.gap == " ":
        return Chunk("n", at, prep=prep)  # "the darkness" is somebody's deed as little as the door's
    if token.lower in JOINTS or token.lower == "but":
        return Chunk(";", at)
    if token.facts & lex.FUNCTION or token.lower in HAVING:
        return None
    if token.facts & lex.VERB and _is_verb(tokens, at, sentence):
        particle = tokens[at + 1].lower if at + 1 < sentence.last and token.gap == " " else ""
        return Chunk(_verb_kind(tokens, at, sentence), at, prep=particle if particle in vocabulary.PREPOSITIONS else "")
    if token.lower in ODD_VERBS and not (token.lower == "pointed" and token.gap == " " and names_it(tokens, at)):
        return Chunk("v", at)
    return None


def _is_relative(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Tell "a wind that bit him" from "he saw that …"."""
    before, after = tokens[max(at - 1, sentence.first)], tokens[min(at + 1, sentence.last - 1)]
    return bool(before.facts & lex.NOUN and after.facts & lex.VERB and after.facts & lex.INFLECTED)


def _is_verb(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    token = tokens[at]
    before = tokens[at - 1].lower if at > sentence.first and tokens[at - 1].gap == " " else ""
    if before in vocabulary.DETERMINERS or (
        before in vocabulary.PREPOSITIONS and before != "to" and not token.lower.endswith("ing")
    ):
        return False
    if token.facts & lex.INFLECTED:
        return not (token.facts & lex.PLURAL and token.facts & lex.NOUN)
    if before == "to" or before in HAVING:
        return True
    return token.lower in _BARE_PAST and bool(before)


_BARE_PAST = vocabulary.words("read run come put set cut hit shut let burst spread cast hurt split beat bid")


def _verb_kind(tokens: list[Token], at: int, sentence: Sentence) -> str:
    word = tokens[at].lower
    if word.endswith("ing"):
        return "g"
    by = at + 1 < sentence.last and tokens[at + 1].lower == "by" and tokens[at].gap == " "
    if by and at > sentence.first and tokens[at - 1].gap != " " and tokens[at - 1].lower not in PRONOUNS:
        return "p"  # ", ridden by a soldier,"
    if word.endswith(("ed", "en", "t", "n", "ne", "d", "de", "g", "k")):
        for i in range(at - 1, max(at - 4, sentence.first - 1), -1):
            if tokens[i].lower in BEINGS and word not in ("came", "went"):
                return "p"
            if not tokens[i].facts & (lex.FUNCTION | lex.ADVERB) or tokens[i].lower in PRONOUNS:
                break
    return "v"


# Acting the chunks out


def _act_out(passage: Passage, chunks: list[Chunk], sentence: Sentence, things: dict[Thing, float]) -> None:
    """Go over the chunks with a subject at hand, and give every verb its doer and its object."""
    subject: list[Actor] = []
    earlier: list[Actor] = []
    owned = False  # a noun stands before the verb that is nobody: the door opened
    has_verb = False
    for number, chunk in enumerate(chunks):
        if chunk.kind == ";":
            earlier, subject, owned, has_verb = (subject or earlier) if sentence.spoken else [], [], False, False
        elif chunk.kind == "r":
            who = _last_noun(chunks, number)
            subject, owned, has_verb = (who, not who, False)
        if chunk.kind == "n":
            _take_part(passage, chunks, number)
        if chunk.kind == "n" and not chunk.prep:
            if not has_verb or _begins_clause(chunks, number):
                joined = bool(subject) and number > 0 and chunks[number - 1].kind == "," and not has_verb
                subject = [*subject, *chunk.who] if joined else chunk.who
                owned, has_verb = (not chunk.who if not joined else owned), False
        elif chunk.kind in "vgp":
            doers = _doers(passage, chunks, number, subject, earlier, owned=owned)
            if chunk.kind == "v" and not subject and not owned:
                subject = doers
            _perform(passage, chunks, number, doers, sentence, things)
            has_verb = has_verb or chunk.kind != "g"
        elif chunk.kind == "b":
            has_verb = True


def _take_part(passage: Passage, chunks: list[Chunk], number: int) -> None:
    """Count who is subject or object of something done, or stands by; not who is only thought or spoken of."""
    chunk = chunks[number]
    verb = next((each for each in reversed(chunks[max(number - 3, 0) : number]) if each.kind in "vgp;"), None)
    spoken_of = verb is not None and verb.kind != ";" and passage.tokens[verb.at].base in table.MINDING
    if (not chunk.prep and not spoken_of) or chunk.prep in table.PRESENCE:
        for who in chunk.who:
            who.parts += 1


def _last_noun(chunks: list[Chunk], number: int) -> list[Actor]:
    nouns = [chunk for chunk in chunks[max(number - 3, 0) : number] if chunk.kind == "n"]
    return nouns[-1].who if nouns else []


def _begins_clause(chunks: list[Chunk], number: int) -> bool:
    """Tell whether a noun after a verb is the subject of the next one: ", the boy ran"."""
    after = chunks[number + 1].kind if number + 1 < len(chunks) else ";"
    return after in "vb" and chunks[number - 1].kind == ","


def _merge(actor: Actor, chunk: Chunk) -> None:
    """Make "a boy" of "he was a boy" the one who is meant, not a second figure."""
    for other in chunk.who:
        if other is not actor and other.mentions <= 1 and not other.name and not other.deeds:
            actor.noun = actor.noun or other.noun
            actor.sex, actor.age = actor.sex or other.sex, actor.age or other.age
            if other.being is Being.CREATURE and not actor.species:
                actor.being, actor.species = other.being, other.species
            other.count = 0


def _doers(
    passage: Passage, chunks: list[Chunk], number: int, subject: list[Actor], earlier: list[Actor], *, owned: bool
) -> list[Actor]:
    chunk = chunks[number]
    if chunk.kind == "g":
        before = chunks[number - 1] if number else None
        if before is not None and before.kind == "n":
            return before.who  # "saw a man carrying a lamp"
        if not subject and not owned:
            return next(
                (each.who for each in chunks[number + 1 :] if each.kind == "n" and not each.prep and each.who), []
            )
        return subject
    if chunk.kind == "v" and not subject and not owned:
        inverted = chunks[number + 1] if number + 1 < len(chunks) else None
        base = passage.tokens[chunk.at].base
        if inverted is not None and inverted.kind == "n" and not inverted.prep and base not in table.NEED_OBJECT:
            if passage.tokens[inverted.at].lower in OBJECTS:
                return []
            return inverted.who  # "said Anna", "there sat a boy"
        return earlier
    return subject


def _perform(
    passage: Passage,
    chunks: list[Chunk],
    number: int,
    doers: list[Actor],
    sentence: Sentence,
    things: dict[Thing, float],
) -> None:
    clause = _clause(passage, chunks, number, doers, sentence)
    found = find_deed(passage, clause)
    if found is None:
        return
    deed, toward, upon, holds = found
    agents = doers
    if chunks[number].kind == "p":
        agents = [who for chunk in clause.nouns if chunk.prep == "by" for who in chunk.who]
        toward = doers[0] if doers else None
    for thing in (upon, holds):
        if thing and agents:
            things[thing] = things.get(thing, 0.0) + 1.5
    for agent in agents:
        aim = toward.index if toward is not None and toward is not agent and toward not in agents else None
        agent.deeds.append(Act(deed, aim, upon))
        agent.holds = agent.holds or holds


def _clause(passage: Passage, chunks: list[Chunk], number: int, doers: list[Actor], sentence: Sentence) -> Clause:
    """The verb with the nouns after it, up to the next verb or stop."""
    nouns: list[Chunk] = []
    last = number + 1
    while last < len(chunks) and chunks[last].kind in ("n", ","):
        chunk = chunks[last]
        if chunk.kind == "," and passage.tokens[chunk.at].lower not in ("and", "or") and nouns:
            after = chunks[last + 1] if last + 1 < len(chunks) else None
            if after is None or after.kind != "n" or not after.prep:
                break
        if chunk.kind == "n" and not chunk.prep and _begins_clause(chunks, last):
            break
        if chunk.kind == "n" and not (chunk.who and chunk.who[0] in doers and not chunk.prep and not nouns):
            nouns.append(chunk)
        last += 1
    end = chunks[last].at + (chunks[last].kind in ",;") if last < len(chunks) else sentence.last
    return Clause(
        verb=chunks[number], nouns=nouns, end=max(end, chunks[number].at + 1), spoken=sentence.spoken > 0, doers=doers
    )


# Settling who stands on the stage


def _settle(cast: Cast, things: dict[Thing, float]) -> Acts:
    aimed = {act.toward for actor in cast.actors for act in actor.deeds}
    met = [actor for actor in cast.actors if actor.count > 0 and (actor.mentions or actor.index in aimed)]
    there = [actor for actor in met if is_there(actor) or actor.index in aimed]
    there = there or [actor for actor in met if actor.name and actor.mentions > 1][:1]
    ranked = main_actors(sorted(there, key=lambda actor: (-_rank(actor), actor.index)))
    places = {actor.index: place for place, actor in enumerate(ranked)}
    figures = tuple(_figure(actor, places) for actor in ranked)
    held = {figure.holds for figure in figures} | {figure.upon for figure in figures}
    shown = sorted(things, key=lambda thing: (-things[thing] - (thing in held), thing))
    weight = sum(sorted((_best(actor)[1] for actor in ranked), reverse=True)[:3])
    return Acts(figures=figures, things=tuple(shown), crowd=cast.crowd, weight=weight)


def _rank(actor: Actor) -> float:
    return _best(actor)[1] + 0.3 * min(actor.mentions, 5) + (0.8 if actor.name or actor.noun == NARRATOR else 0.0)


def _best(actor: Actor) -> tuple[Act, float]:
    """The deed that tells most; of equal ones the first, one with an aim before one without."""
    if not actor.deeds:
        return Act(Deed.STAND), 0.0
    worth = [
        table.WEIGHT.get(act.deed, 1.0) + 0.3 * (act.toward is not None) + 0.1 * bool(act.upon) for act in actor.deeds
    ]
    best = max(range(len(worth)), key=lambda i: (worth[i], -i))
    return actor.deeds[best], worth[best]


def _figure(actor: Actor, places: dict[int, int]) -> Figure:
    act, _ = _best(actor)
    holds = actor.holds
    if actor.being is Being.CREATURE and act.deed not in table.BEASTLY:
        loaded = act.upon or holds or act.deed not in (Deed.HOLD, Deed.TAKE)
        act = Act(table.AS_BEAST.get(act.deed, Deed.STAND) if loaded else Deed.STAND, act.toward, act.upon)
    if actor.noun in people_table.MOUNTED and act.deed in (Deed.RUN, Deed.CHASE):
        act = Act(Deed.RIDE, act.toward, act.upon)
    if act.upon and act.upon is holds:
        holds = Thing.NONE if act.deed not in (Deed.HOLD, Deed.RAISE, Deed.CARRY, Deed.READ) else holds
    return Figure(
        name=actor.name,
        noun=actor.noun,
        being=actor.being,
        species=actor.species if actor.being is Being.CREATURE else type(actor.species).UNKNOWN,
        sex=actor.sex,
        age=actor.age,
        count=actor.count,
        deed=act.deed,
        toward=places.get(act.toward) if act.toward is not None else None,
        upon=act.upon,
        holds=holds,
    )
