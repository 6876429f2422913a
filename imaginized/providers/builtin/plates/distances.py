"""How far apart two are of whom one points at, aims at, feeds, flees or espies the other; nobody's face is touched."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.parts import Player
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import IN_FILE

# Of a grown man, between two of whom one does this towards the other.
_APART: dict[str, float] = {
    "point": 1.05,
    "run": 0.62,
    "wave": 0.95,
    "raise": 0.8,
    "throw": 1.25,
    "shoot": 1.3,
    "aim": 1.5,
    "draw bow": 1.5,
    "look out": 1.5,
}
_IN_FILE = 0.8  # between two who go one behind the other
_PURSUIT = 1.0  # between who gives chase and who flees
_FED = {"give", "touch", "hold", "reach", "take"}  # done to a beast at arm's length before its muzzle
_MUZZLE = 0.2  # more than the room of a large beast, so that hand and muzzle meet
FAR_OFF = 0.4  # how tall is who is espied from afar, of who looks
_BEYOND = 0.2  # how much higher that one stands, in heights of who looks
_TAIL, _CROUP = 0.72, 0.16  # how far behind a horse, and how high, somebody falls from it
_COMING = frozenset({Deed.WALK, Deed.RUN, Deed.RIDE, Deed.ENTER, Deed.CHASE, Deed.DRIVE})


def apart_for(players: Sequence[Player], first: int, second: int) -> float:
    """The least distance between two, in heights of a grown man; 0 where they may stand close."""
    ways = ((players[first], second, players[second]), (players[second], first, players[first]))
    return max((_needs(player, other) for player, at, other in ways if player.toward == at), default=0.0)


def widest(players: Sequence[Player]) -> float:
    """The largest of these distances between any two of a company."""
    pairs = ((at, player.toward) for at, player in enumerate(players) if player.toward is not None)
    return max((apart_for(players, at, other) for at, other in pairs if other < len(players)), default=0.0)


def more_room(player: Player, other: Player, *, large: bool) -> float:
    """What is left free before the muzzle of a large beast that is fed or stroked."""
    return _MUZZLE if large and player.actor.kind == "person" and player.deed in _FED and other.mount is None else 0.0


def far_off(at: tuple[float, float], size: float) -> tuple[tuple[float, float], float]:
    """Where somebody who is espied from afar stands, and how tall, beside one of this size."""
    return (at[0], at[1] - size * _BEYOND), size * FAR_OFF


def thrown(at: tuple[float, float], size: float, facing: int) -> tuple[float, float]:
    """Where somebody falls from a beast that stands here and looks that way."""
    return at[0] - facing * size * _TAIL, at[1] - size * _CROUP


def is_coming(player: Player) -> bool:
    """Whether who is espied comes nearer, so that their face is seen."""
    return player.told in _COMING


def _needs(player: Player, other: Player) -> float:
    if player.way in IN_FILE:
        return _IN_FILE
    if player.told is Deed.CHASE:
        return _PURSUIT
    if other.burden is player.actor:
        return 0.0
    return _APART.get(player.deed, 0.0)
