"""How it is told where somebody is at rest: at a table, in an armchair, by the fire, on a bridge."""

from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Way

SUNK_IN = frozenset({(Deed.SIT, Thing.ARMCHAIR), (Deed.LIE, Thing.BED)})
SAT_AT = frozenset({Thing.TABLE, Thing.DESK, Thing.PIANO})
# Nobody stands on these unless it is told, by which the way is up.
STOOD_BY = SAT_AT | {
    Thing.FIRE, Thing.STOVE, Thing.LAMP, Thing.BED, Thing.SOFA, Thing.CHAIR, Thing.ARMCHAIR, Thing.TREE, Thing.BUSH,
    Thing.MIRROR, Thing.BOOKCASE, Thing.FOUNTAIN, Thing.WELL,
}  # fmt: skip
_INSIDE, _UPON = "in", "on"


def at_rest(verb: str, figure: Figure, thing: str) -> str:
    """What one sits at or in or stands by, where another word than "on" says it; the floor is no thing."""
    if figure.deed is Deed.SIT and figure.upon in SAT_AT:
        return verb.replace(" on ", " at ", 1)
    if figure.deed is Deed.STAND and figure.upon in STOOD_BY and figure.way is not Way.UP:
        return verb.replace(" on ", " by ", 1)
    if figure.deed is Deed.SIT and figure.upon is Thing.CARPET:
        return verb.replace(thing, "the floor")
    return verb.replace(" on ", " in ", 1) if (figure.deed, figure.upon) in SUNK_IN else verb


def say_where(told: str, where: str) -> str:
    """Say where somebody is after what is told of them; once, where that ends with it: "sits in a carriage"."""
    words = where.split()
    for at in range(len(words), 1, -1):
        preps = (words[0], _UPON) if words[0] == _INSIDE else words[:1]  # "stands on a boat" is in it
        for tail in (" ".join(["", prep, *words[1:at]]) for prep in preps):
            if told.endswith(tail):
                return f"{told.removesuffix(tail)} {where}"
    return f"{told} {where}".strip()
