"""What a deed makes of the other one: walked with, knelt over, fallen upon, held by an arm. English only."""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import Act, Actor
from imaginized.providers.builtin.chunks import Chunk
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.verb_senses import Clause, upon_of
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being

# Who does what follows, whether it is nobody, and whether a verb of theirs has come.
Leading = tuple[list[Actor], bool, bool]


def is_limb(passage: Passage, chunk: Chunk) -> bool:
    """Whether it is somebody's hand or arm: "her mother's arm"."""
    return chunk.owner is not None and chunk.who == [chunk.owner] and bool(passage.tokens[chunk.at].facts & lex.BODY)


def lead_by_arms(passage: Passage, chunks: list[Chunk], number: int, so_far: Leading) -> Leading:
    """Nobody walks whose arm goes somewhere; around somebody it is an embrace."""
    has_verb = so_far[2]
    after = chunks[number + 1 : number + 3]
    if not after or after[0].kind not in "vb" or (has_verb and chunks[number - 1].kind != ","):
        return so_far
    whom = after[1].who if len(after) > 1 and after[1].kind == "n" and after[1].prep in table.EMBRACING else []
    owner = chunks[number].who[0]
    if whom and whom[0] is not owner and passage.tokens[chunks[number].at].base == "arm":
        owner.deeds.append(Act(Deed.EMBRACE, whom[0].index))
    return [], True, False


def fall_upon(chunks: list[Chunk], number: int, subject: list[Actor]) -> None:
    """Let those fight of whom it says that they "were upon him"."""
    chunk = chunks[number]
    alone = number + 1 == len(chunks) or chunks[number + 1].kind in ",;"
    if chunk.prep not in ("upon", "on") or not alone or number < 1 or chunks[number - 1].kind != "b":
        return
    for actor in subject if chunk.who and chunk.phrase is None else ():
        if actor not in chunk.who:
            actor.deeds.append(Act(Deed.FIGHT, chunk.who[0].index))


def seat_aboard(passage: Passage, chunks: list[Chunk], number: int) -> None:
    """Seat "the two men in the boat" in it."""
    chunk, carrier = chunks[number], chunks[number + 1] if number + 1 < len(chunks) else None
    if carrier is None or not chunk.who or chunk.prep or carrier.kind != "n" or carrier.prep not in ("in", "aboard"):
        return
    tokens = passage.tokens
    vessel = any(token.lower in _VESSELS for token in tokens[carrier.at + 1 : carrier.at + WITHIN])
    if carrier.phrase is None and not carrier.thing and vessel:
        carrier.thing = Thing.BOAT  # a launch is none that is known by itself: it may be of a ship
    after = chunks[number + 2] if number + 2 < len(chunks) else None
    if after is None or after.kind != "v":
        return  # "the man in the boat was tall"
    tight = all(token.gap == " " for token in tokens[chunk.at : carrier.at])
    if tight and carrier.thing in table.CARRIERS:
        chunk.who[0].deeds.append(Act(Deed.SIT, None, carrier.thing))


def go_to_meet(passage: Passage, chunks: list[Chunk], number: int, subject: list[Actor]) -> None:
    """Let who "ran down the hill to meet Anna" run towards her."""
    whom = chunks[number + 1] if number + 1 < len(chunks) else None
    if whom is None or whom.kind != "n" or whom.prep or passage.tokens[chunks[number].at].base not in _MEETING:
        return
    for actor in subject if whom.who else ():
        act = actor.deeds[-1] if actor.deeds else None
        if act is not None and act.deed in _ON_THE_WAY and act.toward is None and whom.who[0] not in subject:
            act.toward = whom.who[0].index


_MEETING = frozenset({"meet", "greet", "join", "welcome"})
WITHIN = 3  # tokens after an article
_VESSELS = words("launch tug ferry barge punt wherry pinnace cutter")


def whom_met(passage: Passage, chunks: list[Chunk], number: int, doers: list[Actor], deed: Deed) -> Actor | None:
    """Who rises or turns as somebody comes is whom they come to: "he rose as she advanced"."""
    tokens = passage.tokens
    if number < MET_AFTER or deed not in _AFOOT or tokens[chunks[number].at].base not in _COMING:
        return None
    host, verb, joint = chunks[number - MET_AFTER : number - 1]
    timed = joint.kind == ";" and tokens[joint.at].lower in ("as", "when")
    met = timed and verb.kind == "v" and tokens[verb.at].base in _RECEIVING and host.kind == "n" and not host.prep
    who = host.who[0] if met and len(host.who) == 1 else None
    fit = who is not None and who not in doers and who.being is Being.PERSON and who.count == 1
    return who if fit else None


MET_AFTER = 4  # chunks before the verb of who comes: "he", "rose", "as", "she"
_COMING = frozenset({"advance", "approach", "come", "draw"})
_RECEIVING = frozenset({"rise", "turn", "wait", "stop"})


def is_steed(actor: Actor) -> bool:
    return actor.species in (Species.HORSE, Species.PONY, Species.DONKEY, Species.MULE, Species.CAMEL)


def keep_company(clause: Clause, deed: Deed, agents: list[Actor]) -> None:
    """Let those do the same of whom "sat beside her on the couch" and "slept with the boys" tell."""
    for noun in clause.nouns if agents and deed in _IN_COMPANY and not clause.passive else ():
        if noun.prep == "with" or (noun.prep == "beside" and deed in (Deed.SIT, Deed.LIE)):
            for other in noun.who:
                if other.being is Being.PERSON and not (other.deeds or other.low or noun.owner):
                    other.deeds.append(Act(deed, None, upon_of(clause)))
                    other.beside = True


def share_deed(passage: Passage, clause: Clause, deed: Deed, other: Actor) -> bool:
    """Let the other do what "walked with her" and "followed him" tell of both, and lie whom one kneels over.

    Tells whether the two do it side by side.
    """
    prep = next((noun.prep for noun in clause.nouns if other in noun.who), "")
    verb = passage.tokens[clause.verb.at]
    if deed in _ON_THE_WAY and prep in ("with", "beside"):
        for who in {id(who): who for noun in clause.nouns if noun.prep == prep for who in noun.who}.values():
            if who is other or not who.deeds:
                who.deeds.append(Act(deed))
                who.beside = True
        return True
    if deed in _ON_THE_WAY and prep == "by":
        return True  # past them, or at their side: in no case towards them
    if deed is Deed.WALK and verb.base in _FOLLOWING and not other.deeds:
        other.deeds.append(Act(Deed.WALK))
        return verb.base != "follow"  # who goes with somebody goes beside them
    if deed in _AFOOT and prep == "after" and not other.deeds and other.being is Being.PERSON:
        other.deeds.append(Act(deed))  # who is hastened after goes ahead
    lies = (deed is Deed.KNEEL and (prep == "over" or other.low)) or (deed is Deed.HELP and verb.base in _NURSING)
    if lies and not other.deeds:
        other.deeds.append(Act(Deed.LIE))
    return False


_IN_COMPANY = frozenset({Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.EAT, Deed.DRINK, Deed.SMOKE})
_ON_THE_WAY = frozenset({Deed.WALK, Deed.RUN, Deed.RIDE, Deed.DRIVE})
_AFOOT = frozenset({Deed.WALK, Deed.RUN})
_NURSING = frozenset({"bathe", "bandage", "nurse"})
_FOLLOWING = frozenset({"follow", "accompany", "attend"})
