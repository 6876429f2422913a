"""Settling who of those met in a passage stands on the stage, what each does, and how much of the passage that is."""

from dataclasses import dataclass, replace

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.actors import NARRATOR, Act, Actor, Cast
from imaginized.providers.builtin.presence import is_there, main_actors
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Lack, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What a passage shows: those who are there, main one first, the things, whether there is a crowd.

    Attributes:
        weight: How much is done.
        faith: From 0 to 1, how much of what the passage tells these few figures are, and how surely.
        hero: The thing that the passage is about, told more than once or with its looks.
        fallen: Things that lie on the floor or the ground.
        lacks: What is told of those drawn and not shown.
    """

    figures: tuple[Figure, ...] = ()
    things: tuple[Thing, ...] = ()
    crowd: bool = False
    weight: float = 0.0
    faith: float = 1.0
    hero: Thing = Thing.NONE
    fallen: tuple[Thing, ...] = ()
    lacks: tuple[Lack, ...] = ()


# A deed of this weight is to be seen by itself; below it somebody only is there.
SEEN = 1.0
TELLING = 1.7  # weight of a deed for which a third one is drawn
DOUBTED = 0.8  # what is left of the faith for each "he" that may be another
UNSURE = 0.5  # and for each deed that may not be meant so
MOST_IN_ALL = 3
PAIR = 2
TWICE = 2
SEATED = 1.7  # weight of a deed beside which it shows that somebody sits
CLOSE = 0.9  # what it adds that somebody is touched, or given something: more than that one came near
HEROIC = 2.0  # worth from which a thing is what a passage is about


def settle(cast: Cast, things: dict[Thing, float]) -> Acts:
    """Choose those who are drawn: the one who does most, whom it is done to, and few besides."""
    aimed = {act.toward for actor in cast.actors for act in actor.deeds}
    met = [actor for actor in cast.actors if actor.count > 0 and (actor.mentions or actor.index in aimed)]
    left = [actor for actor in met if actor.gone and not actor.deeds]
    met = [actor for actor in met if actor not in left]
    there = [actor for actor in met if is_there(actor) or actor.index in aimed]
    there = there or [actor for actor in met if actor.name and actor.mentions > 1][:1]
    there = _without_left(_without_parts(there))
    once = [actor for actor in there if not _is_another_again(actor, there)]
    ranked = _take_few(main_actors(sorted(once, key=lambda actor: (-_rank(actor), actor.index))))
    if [actor.noun for actor in ranked] == [NARRATOR] and _best(ranked[0])[1] < SEEN:
        ranked = []  # who only sees what the passage tells is not its picture
    places = {actor.index: place for place, actor in enumerate(ranked)}
    staged = _paired(tuple(_figure(actor, places) for actor in ranked))
    figures = tuple(_as_shown(_on_foot(figure, staged)) for figure in staged)
    held = {figure.holds for figure in figures} | {figure.upon for figure in figures}
    shown = sorted(things, key=lambda thing: (-things[thing] - (thing in held), thing))
    weight = sum(sorted((_best(actor)[1] for actor in ranked), reverse=True)[:3])
    faith = _weigh_faith(met, ranked) * DOUBTED ** (cast.doubts + len(there) - len(once))
    faith *= UNSURE ** sum(_is_doubtful(actor) for actor in ranked)
    hero = next((thing for thing in shown if things[thing] >= HEROIC and thing not in table.DULL), Thing.NONE)
    lacks = _find_lacks(cast, met, ranked, staged)
    dead = [actor for actor in left if actor.low]  # "he was dead, and she stood beside him"
    lacks += (Lack.PERSON,) * sum(actor.beside or actor.index in aimed for actor in dead)
    crowd = cast.crowd or any(actor.mass and _is_a_mass(_best(actor)) for actor in ranked)
    return Acts(figures=figures, things=tuple(shown), crowd=crowd, weight=weight, faith=faith, hero=hero, lacks=lacks)


def _is_a_mass(best: tuple[Act, float]) -> bool:
    """Whether many fight or shout: behind those who walk in or sleep a crowd that stands would be others."""
    return best[0].deed in _OF_A_CROWD


_OF_A_CROWD = frozenset({Deed.FIGHT, Deed.SHOUT, Deed.CHASE, Deed.SHOOT})


def _without_left(there: list[Actor]) -> list[Actor]:
    """Leave out of whom nothing is told but that another went from where they are: nobody leaves beside them."""
    leavers = [actor for actor in there if actor.deeds and _best(actor)[0].deed is Deed.LEAVE]
    return [actor for actor in there if actor in leavers or actor.deeds] if leavers else there


def _without_parts(there: list[Actor]) -> list[Actor]:
    """Leave out who is one of "the two men" of whom it says what they do: nobody stands there twice."""
    ours = next((actor for actor in there if actor.ours and actor.deeds), None)
    teller = next((actor for actor in there if actor.noun == NARRATOR and actor.deeds), None)
    if ours is not None and teller is not None:  # nobody is there twice
        lesser = teller if _best(ours)[1] > _best(teller)[1] else ours
        there = [actor for actor in there if actor is not lesser]
    whole = next((actor for actor in there if actor.whole and actor.deeds), None)
    if whole is None:
        return there
    parts = [
        actor
        for actor in there
        if actor.count == 1 and actor.being is whole.being and actor.noun != whole.noun
        if actor.sex is whole.sex or not whole.sex
    ]
    return [actor for actor in there if actor not in parts] if 0 < len(parts) <= whole.count else there


def _on_foot(figure: Figure, staged: tuple[Figure, ...]) -> Figure:
    """Who drives an ox or a flock walks behind it; who drives a carriage sits."""
    if figure.deed is not Deed.DRIVE or figure.toward is None or figure.upon:
        return figure
    driven = staged[figure.toward]
    herd = driven.being is Being.CREATURE and driven.species not in _DRAUGHT
    return replace(figure, deed=Deed.WALK) if herd else figure


_AMONG_THEM = table.MUTUAL | {Deed.FIGHT}  # what several may do to each other
_DRAUGHT = frozenset({Species.HORSE, Species.PONY, Species.MULE, Species.DOG})


def _as_shown(figure: Figure) -> Figure:
    """Who does something to one or with a thing that is not there stands; who gives chase runs."""
    alone = figure.toward is None and not figure.upon and (not figure.holds or figure.deed in table.MUTUAL)
    if not alone or figure.being is Being.CREATURE or _is_among_them(figure):
        return figure
    if figure.deed in table.OF_TWO | table.WITH_A_THING:
        rest = Deed.HOLD if figure.holds else Deed.STAND
        return replace(figure, deed=table.ALONE.get(figure.deed, rest))
    return figure


def _find_lacks(cast: Cast, met: list[Actor], drawn: list[Actor], figures: tuple[Figure, ...]) -> tuple[Lack, ...]:
    """What the passage tells of those who are drawn and the picture does not show, an entry for each."""
    lacks = [Lack.DEED for actor in drawn if actor.unread and _best(actor)[1] < SEEN]
    lacks += [Lack.PERSON for actor in drawn if actor.being is Being.CREATURE and not actor.species]  # no outline
    others = [actor for actor in met if actor not in drawn and (actor.parts or actor.deeds) and not actor.general]
    for actor in others:  # whom a clause is about lacks more than who is told of in passing
        lacks += [Lack.PERSON] * min(actor.parts or 1, TWICE) * (actor.noun != NARRATOR)
    for figure in figures:
        lacks += [Lack.PERSON] * (figure.count > people_table.MOST_ALIKE)  # fewer are drawn
        lacks += [Lack.DEED] * _is_unposed(figure)
        alone = figure.toward is None and not figure.upon and not figure.holds
        lacks += [Lack.PERSON] * (figure.deed in table.OF_TWO and alone and not _is_among_them(figure))
        lacks += [Lack.THING] * (figure.deed in table.WITH_A_THING and alone)
    lacks += [Lack.THING] * min(cast.unseen, 2)
    riding = any(figure.deed in (Deed.RIDE, Deed.DRIVE) for figure in figures)
    lacks += [Lack.MOUNT] * (cast.mounted and not riding)
    return tuple(lacks)


def _is_childlike(actor: Actor) -> bool:
    return actor.age in (Age.CHILD, Age.BABY) or people_table.AGES.get(actor.noun) in (Age.CHILD, Age.BABY)


def _is_among_them(figure: Figure) -> bool:
    """Whether several do to each other what they do."""
    return figure.count > 1 and figure.deed in _AMONG_THEM


def _is_unposed(figure: Figure) -> bool:
    """Whether no posture shows what somebody does: who bites, who plays nothing that is named."""
    mute = figure.deed is Deed.PLAY_AN_INSTRUMENT and not figure.holds and not figure.upon
    return figure.being is Being.PERSON and (figure.deed in table.UNPOSED or mute)


def _paired(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Two who embrace or kiss do it to each other; with nobody else there, nobody does."""
    alone = len(figures) == 1 and figures[0].count == 1
    pair = len(figures) == PAIR and all(figure.deed is figures[0].deed for figure in figures)
    return tuple(
        figure
        if figure.deed not in table.MUTUAL or figure.toward is not None or not (alone or pair)
        else replace(figure, deed=Deed.STAND)
        if alone
        else replace(figure, toward=1 - at)
        for at, figure in enumerate(figures)
    )


def _is_another_again(actor: Actor, there: list[Actor]) -> bool:
    """Whether somebody whom only "he" or "she" says may be one who is there with a name or a noun."""
    if actor.name or actor.noun or actor.count > 1:
        return False
    return any(
        other is not actor
        and (other.name or other.noun)
        and other.being is Being.PERSON
        and other.count == 1
        and other.noun != NARRATOR
        and other.name not in actor.apart
        and not (actor.beside and other.beside)  # "Tom and he"
        and (not other.sex or other.sex is actor.sex)
        and not any(act.toward in (actor.index, other.index) for act in actor.deeds + other.deeds)
        for other in there
    )


def _take_few(ranked: list[Actor]) -> list[Actor]:
    """Leave out who only is there: of the idle nobody but the main one, of the busy those who have to do with it."""
    if not ranked:
        return []
    aimed = {_best(actor)[0].toward for actor in ranked}
    main, *others = ranked
    kept = [main]
    for actor in others:
        listed = actor.beside and not main.beside and _best(main)[1] >= TELLING  # "the two were men of honour"
        beside = actor.beside and not (listed and _best(actor)[1] <= 0)
        seen = actor.index in aimed or beside or (_best(actor)[1] > 0 and actor.count == 1)
        if actor.noun == NARRATOR and not _touches(actor, ranked) and not _is_of_both(actor, main):
            seen = False  # who tells it is seldom seen
        near = sum(each.beside and _best(each)[0].deed is Deed.SIT for each in kept)  # who is only sat beside
        third = len(kept) - near > 1 and not (actor.index in aimed or actor.beside) and _best(actor)[1] < TELLING
        if (seen or _best(actor)[1] >= SEEN) and not third and len(kept) < MOST_IN_ALL:
            kept.append(actor)
    if main.noun == NARRATOR and len(kept) > 1 and not _touches(main, kept) and _best(main)[1] < SEEN:
        kept = kept[1:]
    return kept


def _is_of_both(teller: Actor, main: Actor) -> bool:
    """Whether who tells it is one of those who do it: "the mate and I looked at each other"."""
    alike = [act.deed for act in teller.deeds] == [act.deed for act in main.deeds]
    return alike and bool(main.deeds) and teller.beside and main.beside


def _touches(actor: Actor, others: list[Actor]) -> bool:
    """Whether something is done to somebody that is more than to look, or they do something themselves."""
    if _best(actor)[1] >= TELLING:
        return True
    bests = map(_best, others)
    return any(act.toward == actor.index and worth >= SEEN and act.deed not in _FROM_AFAR for act, worth in bests)


_FROM_AFAR = frozenset(
    {Deed.WAVE, Deed.LAUGH, Deed.SMILE, Deed.SHOUT, Deed.SING, Deed.WEEP, Deed.POINT, Deed.BOW, Deed.LISTEN}
)


def _weigh_faith(met: list[Actor], drawn: list[Actor]) -> float:
    """The share of those met who are drawn, and of what is done that is."""
    done = sum(table.WEIGHT.get(act.deed, 1.0) for actor in met for act in actor.deeds)
    shown = sum(_best(actor)[1] for actor in drawn)
    part = sum(actor in drawn or actor.parts > 0 for actor in met)
    people = (len(drawn) + 1.0) / (part + 1.0)
    deeds = min((shown + 2.0) / (done + 2.0), 1.0)
    return float(people * deeds**0.5)


def _rank(actor: Actor) -> float:
    return _best(actor)[1] + 0.3 * min(actor.mentions, 5) + 0.8 * bool(actor.name) + 0.6 * bool(actor.called)


def _is_doubtful(actor: Actor) -> bool:
    best = _best(actor)[0].deed
    return any(act.doubtful and act.deed is best for act in actor.deeds)


def _best(actor: Actor) -> tuple[Act, float]:
    """The deed that tells most; of equal ones the first, one with an aim before one without."""
    if not actor.deeds:
        return Act(Deed.STAND), 0.0
    worth = [
        table.WEIGHT.get(act.deed, 1.0)
        + (CLOSE if act.deed in _TOUCHING else 0.3) * (act.toward is not None)
        + 0.1 * bool(act.upon)
        for act in actor.deeds
    ]
    best = max(range(len(worth)), key=lambda i: (worth[i] - _by_the_way(actor, i), -i))
    rides = next((i for i, act in enumerate(actor.deeds) if act.deed is Deed.RIDE), None)
    if rides is not None and actor.deeds[best].deed in table.ON_HORSEBACK:
        return actor.deeds[rides], worth[rides]  # who fights on horseback is drawn riding
    if worth[best] <= SEATED and actor.deeds[best].deed in table.AT_REST:
        seats = [i for i, act in enumerate(actor.deeds) if act.deed in table.POSTURES]
        risen = max((i for i, act in enumerate(actor.deeds) if act.rises), default=-1)
        seats = [i for i in seats if i > risen]
        best = seats[-1] if seats else best  # who sits and laughs is drawn sitting
    elif actor.deeds[best].deed in _DONE_SITTING and (seat := _seat_before(actor, best)) >= 0:
        return actor.deeds[seat], worth[best]  # and who sits and smokes
    return _aimed(actor, actor.deeds[best]), worth[best]


def _seat_before(actor: Actor, best: int) -> int:
    """Which deed is the sitting in which another one is done, where nothing between them is done afoot; else -1."""
    seat = max((i for i in range(best) if actor.deeds[i].deed in (Deed.SIT, Deed.CROUCH)), default=-1)
    left = any(act.rises or act.deed in _UP_AGAIN for act in actor.deeds[seat + 1 : best])
    weeps = seat >= 0 and actor.deeds[best].deed is Deed.WEEP and actor.deeds[seat].upon not in table.SEATS
    return -1 if left or weeps else seat


_UP_AGAIN = frozenset({Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE, Deed.STAND, Deed.RIDE, Deed.JUMP, Deed.CLIMB})
_DONE_SITTING = frozenset({Deed.WEEP, Deed.POINT, Deed.SMOKE, Deed.DRINK, Deed.WAVE, Deed.RAISE, Deed.TAKE, Deed.LIGHT})


def _by_the_way(actor: Actor, at: int) -> float:
    """What a deed told by a participle is worth less where somebody does something else: ", eating, she ran"."""
    act = actor.deeds[at]
    if not act.aside or act.toward is not None:
        return 0.0
    own = (act for act in actor.deeds if not act.aside and act.deed not in table.POSTURES)
    return ASIDE if any(table.WEIGHT.get(act.deed, 1.0) >= FINITE for act in own) else 0.0


ASIDE, FINITE = 1.2, 2.0
_TOUCHING = frozenset({Deed.TOUCH, Deed.HOLD, Deed.GIVE, Deed.REACH, Deed.HELP, Deed.SHAKE_HANDS})
_ON_SEATS = frozenset({Deed.SIT, Deed.READ, Deed.SEW, Deed.WRITE, Deed.EAT, Deed.PLAY})
_AT_DOORS = frozenset({Deed.STAND, Deed.WALK, Deed.LEAVE, Deed.LISTEN, Deed.LOOK, Deed.TALK, Deed.WHISPER, Deed.SHOUT})
_HELD_STILL = frozenset({Deed.HOLD, Deed.RAISE, Deed.CARRY, Deed.READ, Deed.PULL, Deed.TAKE, Deed.SEIZE})


_GOES_ON = frozenset(
    {Deed.REACH, Deed.BOW, Deed.KNEEL, Deed.HOLD, Deed.TOUCH, Deed.SHAKE_HANDS, Deed.KISS, Deed.EMBRACE}
)


def _aimed(actor: Actor, act: Act) -> Act:
    """Who raises a gun, and points it or fires at somebody, aims at that one.

    So does who comes to somebody and bows, or holds out a hand.
    """
    raises = act.deed is Deed.RAISE and actor.holds in table.WEAPONS - table.FIREARMS
    if (act.deed in _GOES_ON or raises) and act.toward is None and not act.upon:
        if act.deed is Deed.HOLD and actor.holds:
            return act  # who lights a candle and looks at somebody has the candle in the hand
        near = {it.toward for it in actor.deeds if it.toward is not None}
        return Act(act.deed, near.pop(), act.upon) if len(near) == 1 else act
    if act.deed is not Deed.RAISE or act.toward is not None or actor.holds not in table.FIREARMS:
        return act
    meant = (it.toward for it in actor.deeds if it.deed in (Deed.POINT, Deed.SHOOT) and it.toward is not None)
    at = next(meant, None)
    return act if at is None else Act(Deed.POINT, at, act.upon)


def _fitted(actor: Actor, act: Act) -> Act:
    """What somebody of that kind does where another kind would do this: beasts hold nothing, birds fly."""
    if actor.being is Being.CREATURE and act.deed not in table.BEASTLY:
        loaded = act.upon or actor.holds or act.deed not in (Deed.HOLD, Deed.TAKE)
        act = Act(table.AS_BEAST.get(act.deed, Deed.STAND) if loaded else Deed.STAND, act.toward, act.upon)
    if actor.species in people_table.WINGED and act.deed is Deed.RUN:
        act = Act(Deed.FLY, act.toward, act.upon)
    if actor.species in people_table.WINGED - people_table.ON_WATER and act.deed is Deed.SWIM:
        act = Act(Deed.FLY, act.toward, act.upon)
    if actor.species in people_table.FINNED and act.deed in (Deed.RUN, Deed.WALK):
        act = Act(Deed.SWIM, act.toward, act.upon)
    if actor.noun in people_table.MUSICIANS and act.deed is Deed.PLAY:
        act = Act(Deed.PLAY_AN_INSTRUMENT, None, act.upon)
    if act.deed is Deed.PLAY and actor.being is Being.PERSON and not (_is_childlike(actor) or act.upon or actor.holds):
        act = Act(Deed.STAND, act.toward, act.upon)  # music, cards, a part: only children play at ball
    if actor.noun in people_table.MOUNTED and act.deed in (Deed.RUN, Deed.CHASE):
        act = Act(Deed.RIDE, act.toward, act.upon)
    return act


def _figure(actor: Actor, places: dict[int, int]) -> Figure:
    act = _best(actor)[0]
    holds = actor.holds
    act = _fitted(actor, act)
    if not act.upon and act.deed in _AT_DOORS and any(it.upon is Thing.DOOR for it in actor.deeds):
        act = Act(act.deed, act.toward, Thing.DOOR)  # who stands at the door and speaks does so there
    if not act.upon and act.deed in _ON_SEATS:
        seats = [it.upon for it in actor.deeds if it.deed is Deed.SIT and it.upon in table.SEATS - {Thing.BED}]
        act = Act(act.deed, act.toward, seats[-1]) if seats else act  # who sits in an armchair and reads does so there
    if act.upon and act.upon is holds:
        holds = Thing.NONE if act.deed not in _HELD_STILL else holds
    return Figure(
        name=actor.name,
        noun=actor.noun,
        being=actor.being,
        species=actor.species if actor.being is Being.CREATURE else type(actor.species).UNKNOWN,
        sex=actor.sex,
        age=Age.YOUNG if actor.age is Age.CHILD and act.deed is Deed.SMOKE else actor.age,
        count=actor.count,
        deed=act.deed,
        toward=places.get(act.toward) if act.toward is not None else None,
        upon=act.upon,
        holds=holds,
        reference=Reference.NAME if actor.called else Reference.GUESS if actor.guessed else Reference.PRONOUN,
    )
