"""Who does what to whom in a passage: a shallow grammar of subjects, verbs, objects and prepositions. English only.

No parser: clauses are cut at stops and joints, the noun before the verb does it, the noun after it suffers it.
"""

from collections.abc import Sequence
from dataclasses import replace

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.absence import send_off
from imaginized.providers.builtin.actors import Act, Actor, Cast, People
from imaginized.providers.builtin.chunks import Chunk, Walks, cut_chunks
from imaginized.providers.builtin.deeds import find_deed
from imaginized.providers.builtin.doing import NOMINATIVE, find_doers, is_object_of_participle
from imaginized.providers.builtin.doubts import is_anothers, is_doubtful
from imaginized.providers.builtin.handling import door_of, find_fallen, take_in_hand
from imaginized.providers.builtin.joining import (
    GIVING,
    is_idea_doing,
    is_only_befallen,
    is_told_there,
    join_chunks,
    over_aside,
    over_prepositions,
)
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.presence import is_only_felt
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.providers.builtin.settling import Acts, settle
from imaginized.providers.builtin.sharing import (
    Leading,
    fall_upon,
    go_to_meet,
    is_limb,
    is_steed,
    keep_company,
    lead_by_arms,
    seat_aboard,
    share_deed,
    whom_met,
)
from imaginized.providers.builtin.states import is_peopled, lie_abed, sit_closeted
from imaginized.providers.builtin.verb_forms import OBJECTS
from imaginized.providers.builtin.verb_senses import Clause, Found, Noun
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being, Sex

OWNED_WITHIN = 3  # words: "his long white fangs"
_HURLED = Deed.THROW
LEAD = 5  # sentences before a passage that are read for whom its pronouns mean


def read_lead(
    passage: Passage,
    first: int,
    *,
    unreal: Sequence[int],
    phrases: Sequence[Sequence[Phrase]],
    people: People,
    walks: Walks,
) -> Cast:
    """Who "he" and "it" are where a passage begins, by the few sentences before it; `walks` are its chapter's."""
    cast = Cast(passage, people)
    for number in range(max(first - LEAD, 0), first):
        cast.number = number
        cut_chunks(cast, passage.sentences[number], phrases[number], unreal, walks)
    cast.begin()
    return cast


def find_acts(
    cast: Cast, span: tuple[int, int], *, unreal: Sequence[int], phrases: Sequence[Sequence[Phrase]], walks: Walks
) -> Acts:
    """Read the sentences span[0]..span[1] (last excluded) for figures, deeds and things.

    Args:
        cast: Who is known where they begin; those met are put into it.
        span: The first of them, and the one after them.
        unreal: Of each token, why it is not real; 0 for what is.
        phrases: Noun phrases of each sentence.
        walks: Those through the sentences of the chapter that were read before.
    """
    things: dict[Thing, float] = {}
    fallen: list[Thing] = []
    passage = cast.passage
    for number in range(*span):
        sentence = passage.sentences[number]
        cast.number = number
        cast.beastly = _sex_of_beast(passage, sentence)
        chunks = cut_chunks(cast, sentence, phrases[number], unreal, walks)
        chunks = join_chunks(passage, chunks)
        cast.mounted = cast.mounted or _tells_of_steeds(passage, sentence, unreal)
        for chunk in chunks:
            _note_thing(chunk, things)
            if chunk.owner is not None and chunk.thing and chunk.prep:
                chunk.owner.holds = chunk.owner.holds or chunk.thing
        cast.crowd = cast.crowd or is_peopled(passage, chunks)
        cast.unseen += _act_out(passage, chunks, sentence, things)
        take_in_hand(passage, chunks)
        fallen += find_fallen(passage, chunks)
    return replace(settle(cast, things), fallen=tuple(dict.fromkeys(fallen)))


def _tells_of_steeds(passage: Passage, sentence: Sentence, unreal: Sequence[int]) -> bool:
    """Whether somebody is in the saddle in a sentence, outside of what is said."""
    for at in passage.between(_OF_STEEDS, sentence.first, sentence.last):
        token = passage.tokens[at]
        if token.spoken or unreal[at]:
            continue
        if token.lower in table.SADDLES or (token.base in table.VERBS_OF_STEEDS and token.facts & lex.INFLECTED):
            return True
    return False


_OF_STEEDS = frozenset({*table.SADDLES, *table.VERBS_OF_STEEDS})


def _sex_of_beast(passage: Passage, sentence: Sentence) -> Sex:
    """The sex of the beast of which a sentence tells what it does with "his fangs" or "her paws"; unknown for none."""
    tokens = passage.tokens
    for at in passage.between(people_table.OF_BEASTS, sentence.first, sentence.last):
        if tokens[at].lower in people_table.OF_BEASTS and not tokens[at].spoken:
            for token in tokens[max(at - OWNED_WITHIN, sentence.first) : at]:
                if token.lower in _OWNERS and token.gap == " ":
                    return _OWNERS[token.lower]
    return Sex.UNKNOWN


_OWNERS = {"his": Sex.MAN, "her": Sex.WOMAN}


def _note_thing(chunk: Chunk, things: dict[Thing, float]) -> None:
    if chunk.kind == "n" and chunk.thing:
        phrase = chunk.phrase
        worth = 1.0 + (0.5 * min(phrase.looks, 2) + 0.3 * (phrase.determiner in ("a", "an")) if phrase else 0.0)
        worth -= 1.2 * (chunk.thing in table.DULL)
        things[chunk.thing] = things.get(chunk.thing, 0.0) + worth


# Acting the chunks out


def _act_out(passage: Passage, chunks: list[Chunk], sentence: Sentence, things: dict[Thing, float]) -> int:
    """Go over the chunks with a subject at hand, and give every verb its doer and its object.

    Returns how many things are done something to that no picture has.
    """
    unseen = 0
    subject: list[Actor] = []
    earlier: list[Actor] = []
    owned = False  # a noun stands before the verb that is nobody: the door opened
    has_verb = False
    for number, chunk in enumerate(chunks):
        if chunk.kind == ";":
            earlier, subject, owned, has_verb = subject or earlier, [], False, False
        elif chunk.kind == "r":
            who = _last_noun(passage, chunks, number)
            subject, owned, has_verb = (who, not who, False)
        if chunk.kind == "n":
            _take_part(passage, chunks, number, subject)
            seat_aboard(passage, chunks, number)
            fall_upon(chunks, number, subject)
        if chunk.kind == "n" and not chunk.prep:
            subject, owned, has_verb = _lead_on(passage, chunks, number, (subject, owned, has_verb))
        elif chunk.kind in "bx" or (chunk.kind == "v" and _is_only_meant(passage, chunks, number)):
            has_verb = True
            lie_abed(passage, chunks, number, subject)
            sit_closeted(passage, chunks, number, subject)
            send_off(passage, chunks, number, subject)
            go_to_meet(passage, chunks, number, subject)
        elif chunk.kind in "vgp" and not (has_verb and _is_done_to(passage, chunks, number)):
            doers = find_doers(passage, chunks, number, subject, earlier, owned=owned)
            if chunk.kind == "v" and not subject and not owned:
                subject = doers
            if not send_off(passage, chunks, number, doers):
                unseen += _perform(passage, chunks, number, doers, sentence, things)
            has_verb = has_verb or chunk.kind != "g"
    return unseen


def _lead_on(passage: Passage, chunks: list[Chunk], number: int, so_far: Leading) -> Leading:
    """Who does what follows a noun without a preposition."""
    chunk, (subject, owned, has_verb) = chunks[number], so_far
    if is_limb(passage, chunk):
        return lead_by_arms(passage, chunks, number, so_far)
    if not _may_act(passage, chunks, number, has_verb=has_verb):
        return so_far
    joined = bool(subject) and number > 0 and chunks[number - 1].kind == "," and not has_verb
    joined = joined and not _is_reflexive(passage, chunks, number) and not is_idea_doing(passage, chunks, number)
    for actor in (*subject, *chunk.who) if joined else ():
        actor.beside = True  # of "Tom and Anna" nobody stands there alone
    return ([*subject, *chunk.who] if joined else chunk.who), (not chunk.who if not joined else owned), False


def _is_reflexive(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Whether "themselves" stands before a noun, with a verb that was not read: another clause begins."""
    before = next((chunk for chunk in reversed(chunks[:number]) if chunk.kind != ","), None)
    return before is not None and passage.tokens[before.at].lower.endswith(("self", "selves"))


def _may_act(passage: Passage, chunks: list[Chunk], number: int, *, has_verb: bool) -> bool:
    """Whether a noun without a preposition is who does what follows."""
    if is_object_of_participle(passage, chunks, number) or passage.tokens[chunks[number].at].lower in OBJECTS:
        return False  # "the door before me flew open"
    return not has_verb or _begins_clause(chunks, number) or _is_subject(passage, chunks, number)


def _is_only_meant(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell "raised his hand to strike" from "began to dance": the first has struck nobody."""
    at = chunks[number].at
    if at < 1 or passage.tokens[at - 1].lower != "to":
        return False
    verb = next((each for each in reversed(chunks[max(number - 2, 0) : number]) if each.kind in "vgx"), None)
    return verb is None or passage.tokens[verb.at].base not in table.BEGINNING


def _seat_in_saddle(passage: Passage, chunk: Chunk, subject: list[Actor]) -> None:
    """Who turns in the saddle rides."""
    if chunk.prep in ("in", "on", "upon") and passage.tokens[chunk.at].base in _SEATS_OF_RIDERS:
        for actor in subject:
            actor.deeds.append(Act(Deed.RIDE))


_SEATS_OF_RIDERS = frozenset({"saddle", "horseback", "stirrup"})


def _is_done_to(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell "heard the table dragged out" from "he rose and ran": right after a thing, a past form is what befell it."""
    before = chunks[number - 1]
    if chunks[number].kind != "v":
        return False
    plain = before.kind == "n" and not before.who and not _begins_clause(chunks, number - 1)
    close = passage.tokens[before.at].gap == " " and chunks[number].at == before.at + 1  # "the papers seized there"
    return plain and (close or before.prep in ("", "with"))  # "with the cross still hugged to his breast"


def _take_part(passage: Passage, chunks: list[Chunk], number: int, subject: list[Actor]) -> None:
    """Count who is subject or object of something done, or stands by; not who is only thought or spoken of."""
    chunk = chunks[number]
    _seat_in_saddle(passage, chunk, subject)
    verb = next((each for each in reversed(chunks[max(number - 3, 0) : number]) if each.kind in "vgp;"), None)
    spoken_of = verb is not None and verb.kind != ";" and passage.tokens[verb.at].base in MINDED
    if len(chunks) <= ALONE and number == 0 and chunks[-1].kind in "n;":
        return  # "Tom!"
    if chunk.prep == "by" and number and chunks[number - 1].kind in "vp" and chunks[number - 1].prep == "by":
        return  # "admired by Anna", who may be anywhere
    if is_only_felt(passage.tokens, chunk.at, chunk.prep) or is_only_befallen(passage.tokens, chunks, number):
        return
    if chunk.who and not chunk.prep and is_told_there(passage, chunks, number):
        chunk.who[0].beside = True
    if (chunk.prep in _DIRECT and not spoken_of) or chunk.prep in table.PRESENCE:
        leads = not chunk.prep and number + 1 < len(chunks) and chunks[number + 1].kind in "vbx"
        for who in chunk.who:
            who.parts += 1 + leads
            who.beside = who.beside or (chunk.prep in table.PRESENCE and not _is_general(chunk))


ALONE = 2  # chunks of a sentence that is only a name
MINDED = table.MINDING | {"play"}  # "played a waltz"
_DIRECT = frozenset({"", "up", "out", "off", "down"})  # "caught up the child"


def _is_general(chunk: Chunk) -> bool:
    """Tell "among men" from "among the men"."""
    return chunk.phrase is not None and not chunk.phrase.determiner and chunk.who[0].count > 1


def _last_noun(passage: Passage, chunks: list[Chunk], number: int) -> list[Actor]:
    before = chunks[max(number - 3, 0) : number]
    nouns = [chunk for chunk in before if chunk.kind == "n" and (chunk.who or chunk.phrase or chunk.owner)]
    if passage.tokens[chunks[number].at].lower == "who":  # "two men in the yard, who ran": not the yard
        alive = lex.PERSON | lex.ANIMAL
        nouns = [each for each in nouns if each.who or not each.prep or passage.tokens[each.at].facts & alive]
    return nouns[-1].who if nouns else []


def _begins_clause(chunks: list[Chunk], number: int) -> bool:
    """Tell whether a noun after a verb is the subject of the next one: ", the boy ran"."""
    at = number + 1  # over the rest of a list: ", Tom and Anna ran"
    while at + 1 < len(chunks) and chunks[at].kind == "," and chunks[at + 1].kind == "n" and not chunks[at + 1].prep:
        at += 2
    if not chunks[number].prep:
        at = over_aside(chunks, over_prepositions(chunks, at))  # ", those in the hall ran"
    after = chunks[at].kind if at < len(chunks) else ";"
    before = chunks[number - 1]
    opened = number > 1 and before.kind == "n" and bool(before.prep) and chunks[number - 2].kind == ","
    return after in "vb" and (before.kind == "," or opened)  # ", and by this time the boat was …"


def _is_next(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell whom the next clause is about in "when she led out the horse Tom became all ears"; not "gave Tom"."""
    before, after = chunks[number - 1], chunks[number + 1] if number + 1 < len(chunks) else None
    if before.kind != "n" or after is None or after.kind not in "vb" or not chunks[number].who:
        return False
    verb = chunks[number - 2] if number > 1 else None
    gives = verb is not None and verb.kind in "vgp" and passage.tokens[verb.at].base in GIVING
    return not gives and passage.tokens[chunks[number].at].word[0].isupper()


def _is_subject(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Whether a noun by its form begins a clause: "while she waited he opened", ", and the latter, bidding …"."""
    word = passage.tokens[chunks[number].at].lower
    if word in ("latter", "former"):
        return chunks[number - 1].kind == ","
    at = number + 1 if word in NOMINATIVE else over_prepositions(chunks, number + 1)
    after = chunks[at].kind if at < len(chunks) else ";"
    return word in NOMINATIVE | {"those"} and after in "vbx"


def _perform(
    passage: Passage,
    chunks: list[Chunk],
    number: int,
    doers: list[Actor],
    sentence: Sentence,
    things: dict[Thing, float],
) -> int:
    """Give those who act their deed; returns 1 where what it is done to is a thing that no picture has."""
    clause = _clause(passage, chunks, number, doers, sentence)
    found = _read_deed(passage, clause)
    if found is not None and is_anothers(passage, chunks, number, doers, found[0]):
        return 1
    if found is None:
        _leave_unread(passage, chunks[number], doers)
        return 0
    deed, toward, upon, holds = found
    upon = upon or door_of(deed, clause)
    agents = doers
    if chunks[number].kind == "p":
        deed, agents, toward = _turn_round(clause, deed, doers)
    for thing in (upon, holds):
        if thing and agents:
            things[thing] = things.get(thing, 0.0) + 1.5
    if toward is not None and deed in table.SAID and toward.being is Being.CREATURE and not toward.name:
        toward = None
    aside = chunks[number].kind == "g" and not (number > 0 and chunks[number - 1].kind == "b")
    doubtful = is_doubtful(passage, chunks, number, clause, deed)
    rises = deed is Deed.STAND and passage.tokens[chunks[number].at].base in _RISING
    if deed is Deed.CARRY and toward is not None and toward.being is Being.PERSON and agents and is_steed(agents[0]):
        toward.deeds.append(Act(Deed.RIDE, agents[0].index))  # "the horse bore him away"
        return 0
    keep_company(clause, deed, agents)
    for agent in agents:
        if chunks[number].kind == "g" and _is_told_up(agent, deed):
            continue
        other = toward if toward is not agent and toward not in agents else None
        other = other or whom_met(passage, chunks, number, doers, deed)
        aim = None if other is None or share_deed(passage, clause, deed, other) else other.index
        agent.deeds.append(Act(deed, aim, upon, rises=rises, aside=aside, doubtful=doubtful))
        agent.holds = agent.holds or holds
    direct = next((noun for noun in clause.nouns[:1] if not noun.prep and noun.phrase is not None), None)
    seen = direct is None or bool(direct.who) or holds is Thing.MATCH
    return int(bool(agents) and direct is not None and not seen and _is_handled(passage, direct))


def _read_deed(passage: Passage, clause: Clause) -> Found | None:
    """The deed that a verb says; also of who "was knocked down"."""
    found = find_deed(passage, clause)
    felled = clause.passive and _is_felled(passage, clause.verb.at, found)
    return (_HURLED, None, Thing.NONE, Thing.NONE) if felled else found


def _turn_round(clause: Clause, deed: Deed, doers: list[Actor]) -> tuple[Deed, list[Actor], Actor | None]:
    """Of what befell somebody: the deed, who did it, and whom it was done to."""
    agents = [who for chunk in clause.nouns if chunk.prep == "by" for who in chunk.who]
    if not doers and deed is Deed.THROW:
        return deed, [], None  # "the shadow was thrown by a man"
    if not agents and deed in (Deed.THROW, Deed.PUSH):
        return Deed.FALL, doers, None  # "he was hurled down the stairs"
    return deed, agents, doers[0] if doers else None


def _is_handled(passage: Passage, noun: Noun) -> bool:
    """Whether an object is a thing that could be seen in a hand, and that no picture has."""
    facts = passage.tokens[noun.at].facts
    return not noun.thing and bool(facts & (lex.ITEM | lex.WEAR | lex.FOOD)) and not facts & lex.PLACE


def _leave_unread(passage: Passage, chunk: Chunk, doers: list[Actor]) -> None:
    """Remember of those who do something that it was not read: their picture shows it not."""
    token = passage.tokens[chunk.at]
    deed = table.DEEDS.get(token.base)
    telling = table.WEIGHT.get(deed, 1.0) >= 1.0 if deed is not None else bool(token.facts & lex.ACT)
    for doer in doers if telling and chunk.kind != "p" else ():
        doer.unread += 1


def _is_told_up(agent: Actor, deed: Deed) -> bool:
    """Whether somebody is told to be up who does this sitting: "rose from where he was sitting", "stood eating"."""
    if deed in _AT_TABLE:
        return bool(agent.deeds) and agent.deeds[-1].deed in _AFOOT
    return deed in table.POSTURES and any(act.rises for act in agent.deeds)


_AT_TABLE = frozenset({Deed.EAT, Deed.SEW, Deed.WRITE})
_AFOOT = frozenset({Deed.STAND, Deed.WALK, Deed.RUN, Deed.RIDE})
_RISING = frozenset({"rise", "spring", "jump", "leap", "bound"})


def _is_felled(passage: Passage, at: int, found: Found | None) -> bool:
    """Tell "was hurled headlong" and "was knocked down", with nobody named who did it."""
    deed = table.DEEDS.get(passage.tokens[at].base)
    after = [token.lower for token in passage.tokens[at + 1 : at + 4]]
    low = after[:1] in (["down"], ["over"], ["off"])
    if after[:2] == ["out", "of"] and after[2:] != ["the"]:
        return False  # "thrown out of work"
    return (found is None and deed is _HURLED) or (deed is Deed.KNOCK and low)


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
        if chunk.kind == "n" and not chunk.prep and (_begins_clause(chunks, last) or _is_next(passage, chunks, last)):
            break
        if chunk.kind == "n" and not (chunk.who and chunk.who[0] in doers and not chunk.prep and not nouns):
            nouns.append(chunk)
        last += 1
    end = chunks[last].at + (chunks[last].kind in ",;") if last < len(chunks) else sentence.last
    return Clause(
        verb=chunks[number],
        nouns=nouns,
        end=max(end, chunks[number].at + 1),
        spoken=sentence.spoken > 0 or passage.follows_speech(sentence),
        cries=passage.tokens[chunks[number].at].lower in ("cry", "crying"),
        doers=doers,
        passive=chunks[number].kind == "p",
    )
