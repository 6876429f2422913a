"""The record of one who is in a plate; who they are and what becomes of them is told elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.builtin.plates.cast import Actor
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Support, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One figure of a plate.

    Attributes:
        deed: A posture that can be drawn.
        told: What the scene says it does.
        toward: Index of another player it turns to, or None.
        holds: What is drawn in its hand.
        upon: The thing that it is on, in or at.
        support: What bears it where that is no furniture.
        way: Which way it goes or is turned, where that is told.
        mount: What it rides, or None.
        pillion: Who sits behind it on the same horse, or None.
        burden: Whom it carries in its arms, or None.
        vehicle: What it drives or sits in, or "".
        crew: All who sit there, itself among them.
        team: The beasts before it, of which `hitched` are told of.
    """

    actor: Actor
    deed: str
    told: Deed
    toward: int | None = None
    holds: Thing = Thing.NONE
    upon: Thing = Thing.NONE
    support: Support = Support.UNKNOWN
    way: Way = Way.UNKNOWN
    mount: Actor | None = None
    pillion: Actor | None = None
    burden: Actor | None = None
    vehicle: str = ""
    crew: tuple["Player", ...] = ()
    team: tuple[Actor, ...] = ()
    hitched: int = 0

    @property
    def stands_for(self) -> int:
        """How many of those told of are drawn with it, itself among them."""
        return (
            max(len(self.crew), 1)
            + self.hitched
            + (self.mount is not None)
            + (self.burden is not None)
            + (self.pillion is not None)
        )


def are_men(players: Sequence[Player]) -> bool:
    """Whether there are several in a picture and all of them men: then so is the crowd behind them."""
    people = [player.actor.look for player in players if player.actor.kind == "person"]
    return len(people) > 1 and not any(look.woman or look.is_small for look in people)
