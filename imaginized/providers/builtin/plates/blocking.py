"""Where each player stands: pairs that turn to each other, others behind, some overlapping; nobody twice."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.camera import LARGE, Shot
from imaginized.providers.builtin.plates.canvas import Point
from imaginized.providers.builtin.plates.distances import apart_for, far_off, is_coming, more_room, thrown, widest
from imaginized.providers.builtin.plates.figures import hand_height, shoulder_of
from imaginized.providers.builtin.plates.objects import outlines
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.vehicles import BUILDS, length_of
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import IN_FILE, Way

_WIDE_DEEDS = {
    **dict.fromkeys(("lie dead", "fly", "fall"), 1.05),
    **dict.fromkeys(("lie", "sleep"), 1.4),
    **dict.fromkeys(("run", "fight", "push", "pull", "aim", "stab", "dig", "jump", "write", "eat", "piano"), 0.66),
    **dict.fromkeys(("sit", "sit talk", "read", "sew", "kneel", "pray", "reach", "strike", "throw", "dance"), 0.52),
    "fence": 0.8,
    "row": 0.8,
    "swim": 1.7,
    "ride": 1.3,
}
TALLEST = 1.15  # of a grown man: a dragon or a whale among people leaves room for them
LEAST = 0.16  # of a grown man: what is smaller would not be seen
_TOUCHING = 0.34  # of a grown man between two who turn to each other
_REACH: dict[str, float] = {  # of a grown man, between two of whom one does this to the other
    "embrace": 0.2,
    "embrace low": 0.2,
    "hold out": 0.56,
    "pull": 0.56,
    "whisper": 0.27,
    "touch": 0.34,
    "lean": 0.24,
    "seize": 0.4,
    "help": 0.4,
    "lead": 0.34,
    "strike": 0.48,
    "stab": 0.52,
    "push": 0.46,
    "shake": 0.5,
    "give": 0.54,
    "take": 0.54,
    "fight": 0.6,
    "fence": 0.92,
    "dance": 0.5,
    "talk": 0.46,
    "listen": 0.46,
}
_BESIDE_A_CHILD = 0.1  # of a grown man: else a skirt hides it
SEATED = frozenset({"sit", "sit talk", "sit weep", "write", "read", "eat", "sew", "piano"})
LYING = frozenset({"lie", "sleep", "lie dead"})
_AT_THINGS = frozenset({"open", "knock"})
_MOVING = frozenset({"walk", "run"})  # of two who go one way the second follows the first
_LEAPING = frozenset({"jump", "swim", "fly"})  # of two who do so together neither turns to the other
_AWAY = frozenset({"lead"})  # these turn their back on whom they deal with
_HALF_A_MAN = 0.6
_BESIDE_A_CAR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a player stands: `back` 0 in front, 1 in the second row; `grip` is where its hand touches somebody."""

    player: Player
    index: int
    at: Point
    size: float
    facing: int
    back: int
    grip: Point | None = None


def block(reading: Reading, stage: Stage, players: tuple[Player, ...], *, width: int, shot: Shot) -> list[Mark]:
    """One mark for each player, the farther ones first: the main one and its partner in front, others behind them."""
    if stage.is_seated:
        return _opposite(stage, players, width=width)
    order = _paired(players)
    fits = fitting_size(players, width=width, height=round(stage.feet))
    stage = replace(stage, size=min(stage.size, fits))
    beside = any(player.vehicle for player in players) and len(players) <= _BESIDE_A_CAR  # none is hidden by it
    filed = any(player.way in IN_FILE for player in players)
    near = order if len(players) < 3 or beside or filed or shot is Shot.CLOSE else _front(players, order)
    behind = [index for index in order if index not in near]
    side = 1 if stage.light_at[0] > stage.centre else -1
    lean = 0.1 * width * (1 if reading.turn % 2 else -1) if behind else 0.0
    marks = _row(reading, stage, players, near, middle=stage.centre + lean, width=width, back=0, side=side)
    if behind:
        rear = _row(reading, stage, players, behind, middle=stage.centre - lean * 1.6, width=width, back=1, side=side)
        focus = sum(mark.at[0] for mark in marks) / len(marks)
        aims = {mark.index: mark.at[0] for mark in marks}
        marks += [replace(mark, facing=_towards(mark, aims.get(_aim(mark), focus), players, aims)) for mark in rear]
    placed = _espied(_touching(marks), inside=_is_inside(reading))
    return sorted(placed, key=lambda mark: (-mark.back, *_depth_of(mark), -mark.index))


def _depth_of(mark: Mark) -> tuple[bool, bool]:
    """Horses and vehicles stand behind people, and who lays a hand on somebody behind that one."""
    return not (mark.player.vehicle or is_large(mark.player.actor.kind)), mark.player.deed not in _REACH


def fitting_size(players: tuple[Player, ...], *, width: int, height: int) -> float:
    """The tallest that a grown man may be where all that is ridden and driven fits in."""
    apart = widest(players)
    rooms = sum(_room(player, 1.0) for player in players) + apart
    tall = max((BUILDS[player.vehicle].tall for player in players if player.vehicle in BUILDS), default=0.0)
    if not any(player.vehicle for player in players) and not apart:
        return float(height) * 2
    return min(width * 0.9 / max(rooms, 0.1), height * 0.82 / max(tall, 1.2))


def _touching(marks: list[Mark]) -> list[Mark]:
    """Those who touch come as near as their deed needs, and hands meet."""
    placed = {mark.index: mark for mark in marks}
    for mark in marks:
        other = placed.get(-1 if mark.player.toward is None else mark.player.toward)
        if other is None or other.back != mark.back or other is mark or mark.player.deed not in _REACH:
            continue
        if other.player.actor.kind != "person" or mark.player.actor.kind != "person" or other.player.deed in LYING:
            continue
        gap = _REACH[mark.player.deed] * mark.size + _skirts(mark, other)
        gap += _BESIDE_A_CHILD * mark.size * (mark.player.actor.look.is_small != other.player.actor.look.is_small)
        ahead = 1 if other.at[0] > mark.at[0] else -1
        middle = (mark.at[0] + other.at[0]) / 2
        level = max(mark.at[1], other.at[1])
        near = replace(placed[mark.index], at=(middle - ahead * gap / 2, level), size=max(mark.size, other.size))
        far = replace(other, at=(middle + ahead * gap / 2, level), size=near.size)
        placed[mark.index], placed[other.index] = _grip(near, far), _grip(far, near)
    return list(placed.values())


def _is_inside(reading: Reading) -> bool:
    return reading.indoors if reading.roofed is None else reading.roofed


def _espied(marks: list[Mark], *, inside: bool) -> list[Mark]:
    """Who is looked out for stands far off in the open, small; who falls from a horse is behind it."""
    placed = {mark.index: mark for mark in marks}
    for mark in marks:
        other = placed.get(_aim(mark))
        if other is None or other.player.vehicle:
            continue
        if mark.player.deed == "fall" and is_large(other.player.actor.kind):
            away = 1 if other.at[0] > mark.at[0] else -1
            placed[mark.index] = replace(mark, at=thrown(other.at, other.size, away), facing=away)
            placed[other.index] = replace(other, facing=away)
        if inside or mark.player.deed != "look out":
            continue
        at, size = far_off((other.at[0], mark.at[1]), mark.size)
        facing = -mark.facing if is_coming(other.player) else mark.facing
        placed[other.index] = replace(other, at=at, size=size, facing=facing, back=2)
    return list(placed.values())


def _aim(mark: Mark) -> int:
    return -1 if mark.player.toward is None else mark.player.toward


def _skirts(mark: Mark, other: Mark) -> float:
    """Wide skirts keep people apart, but for arms around each other."""
    share = 0.03 if mark.player.deed == "embrace" else 0.06
    return sum(share * it.size for it in (mark, other) if it.player.actor.look.costume in {"bell", "prairie", "apron"})


def _grip(mark: Mark, other: Mark) -> Mark:
    """Where the hand is of who touches the other."""
    low = min(hand_height(it.player.actor.look, it.size) for it in (mark, other))
    middle = ((mark.at[0] + other.at[0]) / 2, mark.at[1] - low)
    match mark.player.deed:
        case "touch" | "seize":
            shoulder = shoulder_of(other.player.actor.look, other.at, other.size, other.facing, other.player.deed)
            return replace(mark, grip=shoulder)
        case "shake" | "lead" | "led" | "give" | "take" | "hold out" | "pull":
            return replace(mark, grip=middle)
    return mark


def _opposite(stage: Stage, players: tuple[Player, ...], *, width: int) -> list[Mark]:
    """On two seats that face each other."""
    marks = []
    for index, player in enumerate(players):
        side, row = (-1, 1)[index % 2], index // 2
        at = (width * (0.5 + side * (0.2 + 0.09 * row)), stage.feet - 14 * row)
        marks.append(Mark(player=player, index=index, at=at, size=stage.size, facing=-side, back=row))
    return sorted(marks, key=lambda mark: (-mark.back, mark.index))


def _front(players: tuple[Player, ...], order: list[int]) -> list[int]:
    """Those in the front: the first and the one it deals with, else every other of a larger company."""
    people = [index for index in order if not is_large(players[index].actor.kind)]
    if people and len(people) < len(order):
        return people[:3]  # a horse in front would hide whoever stands by it
    pair = [index for index in order if index == 0 or _turned(players, 0, index)][:2]
    return pair if len(pair) == 2 or len(order) < 5 else [order[0], order[2], order[4]]


def is_large(kind: str) -> bool:
    """Whether a beast is so large that who stands behind it is hidden."""
    return kind in LARGE or (kind in outlines() and outlines()[kind].share > _HALF_A_MAN)


def _row(
    reading: Reading,
    stage: Stage,
    players: tuple[Player, ...],
    order: list[int],
    *,
    middle: float,
    width: int,
    back: int,
    side: int,
) -> list[Mark]:
    """Some of the players side by side around a point; a row behind stands higher, smaller and closer together."""
    dice = reading.dice(f"row {back}")
    size = stage.size * (0.84 if back else 1.0)
    rooms = [_room(players[index], size) * (0.86 if back else 1.0) for index in order]
    gaps = [0.0] * len(order)
    for place in range(1, len(order)):
        gaps[place] = _part(players, order, rooms, place, size)
    total = sum(rooms) + sum(gaps)
    scale = min(1.0, (width - 160) / total) if total else 1.0
    start = min(max(middle - total * scale / 2, 80.0), max(width - 80.0 - total * scale, 80.0))
    marks = []
    for place, index in enumerate(order):
        room = rooms[place] * scale
        start += gaps[place] * scale
        depth = back * stage.size * dice.uniform(0.1, 0.2) + dice.uniform(-3, 3)
        facing = _facing(players, order, place, side, turn=reading.turn)
        at = (start + room / 2, stage.feet - depth)
        own = size * (1 - 0.3 * depth / stage.size) if back else size
        marks.append(Mark(player=players[index], index=index, at=at, size=own, facing=facing, back=back))
        start += room
    return marks


def _part(players: tuple[Player, ...], order: list[int], rooms: list[float], place: int, size: float) -> float:
    """What is left free before somebody in a row: more for who is aimed at, nothing between two who touch."""
    first, second = order[place - 1], order[place]
    if not _turned(players, first, second):
        steed = is_large(players[first].actor.kind) != is_large(players[second].actor.kind)
        return size * (_ARM if steed or any(players[index].deed in _ARMS for index in (first, second)) else 0.0)
    pair = (players[first], players[second])
    apart = apart_for(players, first, second) * size
    if apart:
        return max(apart - (rooms[place - 1] + rooms[place]) / 2, 0.0)
    if not any(_is_broad(player) for player in pair):
        rooms[place] = min(rooms[place], size * _TOUCHING)
    return size * sum(
        more_room(one, other, large=is_large(other.actor.kind)) for one, other in (pair, tuple(reversed(pair)))
    )


def _is_broad(player: Player) -> bool:
    """Whether who turns to it keeps out of its way: a horse, a carriage, knees and a bed."""
    ridden = player.mount is not None or bool(player.vehicle)
    return is_large(player.actor.kind) or ridden or player.deed in SEATED | LYING


def _towards(mark: Mark, focus: float, players: tuple[Player, ...], front: Collection[int]) -> int:
    """Who has nobody of its own to look at looks at those in front."""
    if mark.player.toward is not None and mark.player.toward < len(players) and mark.player.toward not in front:
        return mark.facing
    return 1 if focus > mark.at[0] else -1


def _paired(players: tuple[Player, ...]) -> list[int]:
    """The order from left to right: each beside the one it turns to; of a file that one last."""
    if any(player.way in IN_FILE for player in players):
        return sorted(range(len(players)), key=lambda index: players[index].toward is None)
    order: list[int] = []
    for index, player in enumerate(players):
        if index in order:
            continue
        order.append(index)
        other = player.toward
        if other is None:
            other = next((at for at, it in enumerate(players) if it.toward == index and at not in order), None)
        if other is not None and other < len(players) and other not in order:
            order.append(other)
    return order


def _turned(players: tuple[Player, ...], first: int, second: int) -> bool:
    return players[first].toward == second or players[second].toward == first


def _facing(players: tuple[Player, ...], order: list[int], place: int, side: int, *, turn: int) -> int:
    """Towards the one it deals with; else inwards, so that no row of figures looks one way."""
    other = players[order[place]].toward
    if len(order) > 1 and players[order[place]].way is Way.AWAY:
        return -1 if place < len(order) / 2 else 1  # with the back to all others
    riders = [index for index in order if players[index].mount is not None]
    if len(riders) > 1 and order[place] in riders:
        return side  # who ride together ride one way
    if other is None and len(order) > 1 and players[order[place]].deed in _AT_THINGS and players[order[place]].upon:
        return -1 if place < len(order) / 2 else 1  # what is opened stands at the side of the company
    if other is None:
        other = next((index for index, player in enumerate(players) if player.toward == order[place]), None)
    if other is not None and other in order:
        ahead = 1 if order.index(other) > place else -1
        return -ahead if _turns_away(players[order[place]], players[other], order[place]) else ahead
    if len(order) == 1:
        return side if turn % 2 else -side
    if all(players[index].deed in _MOVING | _LEAPING and players[index].toward is None for index in order):
        return side  # a company on its way
    inwards = 1 if place < len(order) / 2 else -1
    at_edge = place in (0, len(order) - 1)
    return -inwards if at_edge and players[order[place]].told in _GOING else inwards  # who flees, flees from them


_ARM = 0.34  # of a grown man: an outstretched hand ends before the face of who stands there by chance
_ARMS = frozenset(
    {"point", "reach", "push", "throw", "strike", "shoot", "aim", "stab", "fence", "open", "wave", "knock"}
)
_GOING = frozenset({Deed.RUN, Deed.LEAVE})


def _turns_away(player: Player, other: Player, index: int) -> bool:
    """Who leads walks ahead; who is chased runs from the chaser; of two in file none turns round."""
    at_heels = other.toward == index
    if at_heels and other.way in IN_FILE:
        return other.way is Way.BEHIND
    if player.way is Way.AHEAD:
        return True
    chased = other.told is Deed.CHASE and at_heels and player.deed in {"run", "walk", "stand", "look"}
    followed = other.deed in _MOVING and at_heels and player.deed in _MOVING and player.toward is None
    return chased or followed or player.deed in _AWAY


def _room(player: Player, size: float) -> float:
    if player.vehicle:
        return size * vehicle_length(player)
    if player.mount is not None:
        steed = BEASTS[player.mount.kind]
        return size * max(steed.size * player.mount.scale * steed.length, _WIDE_DEEDS["ride"])
    if player.actor.kind == "person":
        return size * _WIDE_DEEDS.get(player.deed, 0.4) * (0.8 if player.actor.look.height < 0.8 else 1.0)
    outline = outlines().get(player.actor.kind)
    if outline is not None:
        return size * max(min(outline.share, TALLEST), LEAST) * outline.wide / outline.tall + size * 0.05
    beast = BEASTS.get(player.actor.kind)
    return size * (max(beast.size * beast.length * 0.9, 0.3) if beast else 0.5)


def vehicle_length(player: Player) -> float:
    """The room of a vehicle with all before it, in heights of a grown man; 0 for who is in none."""
    if player.vehicle in BUILDS:
        return length_of(player.vehicle, player.team)
    return 0.6 * len(player.crew) + 1.2 if player.vehicle else 0.0
