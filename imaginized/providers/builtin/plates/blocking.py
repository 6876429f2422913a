"""Where each player stands: pairs that turn to each other, others behind, some overlapping; nobody twice."""

from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.busts import draw_bust
from imaginized.providers.builtin.plates.camera import LARGE, Shot
from imaginized.providers.builtin.plates.canvas import Canvas, Point
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.crew import draw_crew
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.figures import draw_person, hand_height, shoulder_of
from imaginized.providers.builtin.plates.objects import draw_thing, outlines, things
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.poses import bend, pose_for
from imaginized.providers.builtin.plates.props import PROPS
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.resting import lay_down, put_to_bed, seat
from imaginized.providers.builtin.plates.seats import draw_ripples, draw_table
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.vehicles import BUILDS, draw_vehicle, length_of
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

_WIDE_DEEDS = {
    **dict.fromkeys(("lie dead", "swim", "fly", "fall"), 1.05),
    **dict.fromkeys(("lie", "sleep"), 1.4),
    **dict.fromkeys(("run", "fight", "push", "pull", "aim", "stab", "dig", "jump", "write", "eat", "piano"), 0.66),
    **dict.fromkeys(("sit", "sit talk", "read", "sew", "kneel", "pray", "reach", "strike", "throw", "dance"), 0.52),
    "fence": 0.8,
    "row": 0.8,
    "ride": 1.3,
}
_TALLEST = 1.15  # of a grown man: a dragon or a whale among people leaves room for them
LEAST = 0.16  # of a grown man: what is smaller would not be seen
_TOUCHING = 0.34  # of a grown man between two who turn to each other
_APART = 0.95  # and of one who points, waves or aims at the other, so that no hand is in a face
_FROM_AFAR = frozenset({"point", "wave", "raise", "aim", "throw", "look out"})
_REACH: dict[str, float] = {  # of a grown man, between two of whom one does this to the other
    "embrace": 0.2,
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
_SEATED = frozenset({"sit", "sit talk", "write", "read", "eat", "sew", "piano"})
_AT_TABLE = frozenset({"write", "eat"})
_ABOARD = frozenset({"sit talk", "read", "eat", "drink", "smoke"})  # what can be done on a seat
LYING = frozenset({"lie", "sleep", "lie dead"})
_AT_THINGS = frozenset({"open", "knock"})
_AWAY = frozenset({"lead"})  # these turn their back on whom they deal with
_HEAD = 0.225  # of a grown man seen half-length, who is drawn with a larger head than in the distance
_HALF_A_MAN = 0.6
_WITHERS = 0.13  # of a steed's height: how far before the middle of its back the saddle lies
_SADDLE = 0.31  # of a grown man: how high the hip of one who rides lies above where the feet would stand
_HELD_SIZE = {"key": 0.05, "letter": 0.07, "coin": 0.05, "ring": 0.035, "cup": 0.05, "glass": 0.05, "watch": 0.045}


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
    near = order if len(players) < 3 or shot is Shot.CLOSE else _front(players, order)
    behind = [index for index in order if index not in near]
    side = 1 if stage.light_at[0] > stage.centre else -1
    lean = 0.1 * width * (1 if reading.turn % 2 else -1) if behind else 0.0
    marks = _row(reading, stage, players, near, middle=stage.centre + lean, width=width, back=0, side=side)
    if behind:
        rear = _row(reading, stage, players, behind, middle=stage.centre - lean * 1.6, width=width, back=1, side=side)
        focus = sum(mark.at[0] for mark in marks) / len(marks)
        marks += [replace(mark, facing=_towards(mark, focus, players)) for mark in rear]
    return sorted(_touching(marks), key=lambda mark: (-mark.back, *_depth_of(mark), -mark.index))


def _depth_of(mark: Mark) -> tuple[bool, bool]:
    """Horses and vehicles stand behind people, and who lays a hand on somebody behind that one."""
    return not (mark.player.vehicle or is_large(mark.player.actor.kind)), mark.player.deed not in _REACH


def fitting_size(players: tuple[Player, ...], *, width: int, height: int) -> float:
    """The tallest that a grown man may be where all that is ridden and driven fits in."""
    rooms = sum(_room(player, 1.0) for player in players)
    tall = max((BUILDS[player.vehicle].tall for player in players if player.vehicle in BUILDS), default=0.0)
    if not any(player.vehicle for player in players):
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
        case "shake" | "lead" | "led" | "give" | "take":
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
    for place in range(1, len(order)):
        pair = [players[order[place - 1]], players[order[place]]]
        if _turned(players, order[place - 1], order[place]) and not any(_is_broad(player) for player in pair):
            afar = any(player.deed in _FROM_AFAR for player in pair)
            rooms[place] = max(rooms[place], size * _APART) if afar else min(rooms[place], size * _TOUCHING)
    total = sum(rooms)
    scale = min(1.0, (width - 160) / total) if total else 1.0
    start = min(max(middle - total * scale / 2, 80.0), max(width - 80.0 - total * scale, 80.0))
    marks = []
    for place, index in enumerate(order):
        room = rooms[place] * scale
        depth = back * stage.size * dice.uniform(0.1, 0.2) + dice.uniform(-3, 3)
        facing = _facing(players, order, place, side, turn=reading.turn)
        at = (start + room / 2, stage.feet - depth)
        own = size * (1 - 0.3 * depth / stage.size) if back else size
        marks.append(Mark(player=players[index], index=index, at=at, size=own, facing=facing, back=back))
        start += room
    return marks


def _is_broad(player: Player) -> bool:
    """Whether who turns to it keeps out of its way: a horse, a carriage, knees and a bed."""
    return is_large(player.actor.kind) or bool(player.vehicle) or player.deed in _SEATED | LYING


def _towards(mark: Mark, focus: float, players: tuple[Player, ...]) -> int:
    """Who has nobody of its own to look at looks at those in front."""
    if mark.player.toward is not None and mark.player.toward < len(players):
        return mark.facing
    return 1 if focus > mark.at[0] else -1


def _paired(players: tuple[Player, ...]) -> list[int]:
    """The order from left to right: each beside the one it turns to."""
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
    if other is None and len(order) > 1 and players[order[place]].deed in _AT_THINGS and players[order[place]].upon:
        return -1 if place < len(order) / 2 else 1  # what is opened stands at the side of the company
    if other is None:
        other = next((index for index, player in enumerate(players) if player.toward == order[place]), None)
    if other is not None and other in order:
        ahead = 1 if order.index(other) > place else -1
        return -ahead if _turns_away(players[order[place]], players[other], order[place]) else ahead
    if len(order) == 1:
        return side if turn % 2 else -side
    return 1 if place < len(order) / 2 else -1


def _turns_away(player: Player, other: Player, index: int) -> bool:
    """Who leads walks ahead; who is chased runs from the chaser."""
    chased = other.told is Deed.CHASE and other.toward == index and player.deed in {"run", "walk", "stand", "look"}
    return chased or player.deed in _AWAY


def _room(player: Player, size: float) -> float:
    if player.vehicle:
        return size * vehicle_length(player)
    if player.actor.kind == "person":
        return size * _WIDE_DEEDS.get(player.deed, 0.4) * (0.8 if player.actor.look.height < 0.8 else 1.0)
    outline = outlines().get(player.actor.kind)
    if outline is not None:
        return size * max(min(outline.share, _TALLEST), LEAST) * outline.wide / outline.tall + size * 0.05
    beast = BEASTS.get(player.actor.kind)
    return size * (max(beast.size * beast.length * 0.9, 0.3) if beast else 0.5)


def vehicle_length(player: Player) -> float:
    """The room of a vehicle with all before it, in heights of a grown man; 0 for who is in none."""
    if player.vehicle in BUILDS:
        return length_of(player.vehicle, player.team)
    return 0.6 * len(player.crew) + 1.2 if player.vehicle else 0.0


def draw_halves(canvas: Canvas, marks: list[Mark], lamp: Lamp) -> None:
    """Draw everybody from the waist up, with what they hold before them; children as near as grown people."""
    lift = max(1.0 - max((mark.player.actor.look.height for mark in marks), default=1.0), 0.0)
    for mark in marks:
        look = mark.player.actor.look
        head = mark.size * _HEAD * (0.92 if look.height < 0.8 else 1.0)
        top = (mark.at[0], mark.at[1] - mark.size * (look.height + lift))
        pose = pose_for(mark.player.deed, 0)
        draw_bust(canvas, look, top, head, facing=mark.facing, lamp=lamp, mood=pose.mood, nod=pose.nod * 0.5)
        hold_up(canvas, mark.player, top, head, facing=mark.facing, lamp=lamp)


def hold_up(canvas: Canvas, player: Player, top: Point, head: float, *, facing: int, lamp: Lamp) -> None:
    """What somebody seen from the waist up holds, before the breast; nothing where it is too big for a hand."""
    thing = things().get(player.holds.value) if player.holds else None
    if thing is None or thing.stands:
        return
    at, look = (top[0] + facing * head * 0.3, top[1] + head * 1.75), player.actor.look
    unit = head * 0.62 / max(thing.tall, thing.wide * 0.7)
    draw_thing(canvas, thing, at, unit, lamp=lamp, grounded=False, facing=facing)
    hand = Cutout((at[0], at[1] + head * 0.06), head, facing=facing)
    hand.limb(look.cloth, ((-0.8, -0.5), (-0.08, -0.06)), (0.16, 0.12))
    hand.blob(look.skin, ((-0.14, -0.1), (-0.12, 0.1), (0.04, 0.16), (0.16, 0.1), (0.14, -0.08), (0.0, -0.14)))
    hand.draw(canvas, lamp, grounded=False)


def draw_marks(canvas: Canvas, reading: Reading, stage: Stage, marks: list[Mark], lamp: Lamp) -> None:
    """Draw everybody where they stand, with a seat below those who sit and a couch below those who rest."""
    for mark in marks:
        if mark.player.vehicle:
            _draw_riding(canvas, mark, lamp)
            continue
        if mark.player.actor.kind != "person":
            draw_beast(canvas, mark.player, mark.at, mark.size, facing=mark.facing, lamp=lamp)
            continue
        _draw_player(canvas, reading, stage, mark, lamp)


def _draw_riding(canvas: Canvas, mark: Mark, lamp: Lamp) -> None:
    """A vehicle and all who are in it; a boat has a little water of its own."""
    player = mark.player
    if player.vehicle in BUILDS:
        crew = [(it.actor, it.deed if it.deed in _ABOARD else "sit") for it in player.crew]
        if player.vehicle == Thing.BALLOON.value:
            crew = [(actor, "stand") for actor, _ in crew]
        draw_vehicle(canvas, player.vehicle, crew, player.team, mark.at, mark.size, facing=mark.facing, lamp=lamp)
        return
    wide = mark.size * (vehicle_length(player) * 0.5 + 0.3)
    draw_ripples(canvas, (mark.at[0], mark.at[1] - mark.size * 0.02), wide / 0.86, lamp)
    at = (mark.at[0], mark.at[1] - mark.size * 0.1)
    draw_crew(canvas, player.crew, at, mark.size, lamp=lamp, facing=mark.facing)


def _draw_player(canvas: Canvas, reading: Reading, stage: Stage, mark: Mark, lamp: Lamp) -> None:
    player, at = mark.player, mark.at
    tall = mark.size * player.actor.look.height
    if player.mount is not None:
        at = _mount(canvas, player.mount, mark, lamp)
    in_bed = player.deed in LYING and reading.abed and player.told is not Deed.LIE_DEAD
    if player.deed in LYING:
        at = lay_down(canvas, reading, player, at, mark.size, facing=mark.facing, lamp=lamp)
    if in_bed:
        put_to_bed(canvas, player, mark.at, at, mark.size, facing=mark.facing, lamp=lamp)
        return
    is_low = player.deed in _SEATED and not stage.afloat and not stage.is_seated
    if is_low:
        seat(canvas, reading, player, at, mark.size, facing=mark.facing, lamp=lamp)
    holds = player.holds.value if player.holds.value in PROPS else ""
    draw_person(
        canvas,
        player.actor,
        at,
        mark.size,
        deed=player.deed,
        facing=mark.facing,
        lamp=lamp,
        variant=mark.index,
        holds=holds,
        grip=mark.grip,
    )
    if is_low and player.deed in _AT_TABLE:
        draw_table(canvas, at, tall, mark.facing, lamp, plate=player.deed == "eat")
    if player.burden is not None:
        _draw_burden(canvas, player.burden, mark, lamp)
    if player.deed == "swim":
        draw_ripples(canvas, at, tall, lamp)
    if not holds:
        _draw_held(canvas, mark, at, lamp)


def _draw_burden(canvas: Canvas, burden: Actor, mark: Mark, lamp: Lamp) -> None:
    """A child sits on the arm, who is grown lies across both."""
    tall = mark.size * mark.player.actor.look.height
    small = burden.look.is_small
    if small:
        at = (mark.at[0] + mark.facing * tall * 0.2, mark.at[1] - tall * 0.36)
    else:
        at = (mark.at[0] + mark.facing * tall * 0.12, mark.at[1] - tall * 0.42)
    facing, deed = (-mark.facing, "borne") if small else (mark.facing, "sleep")
    draw_person(canvas, burden, at, mark.size, deed=deed, facing=facing, lamp=lamp, variant=0)


def draw_beast(
    canvas: Canvas, player: Player, at: Point, size: float, *, facing: int, lamp: Lamp, aloft: bool = True
) -> None:
    """Draw a creature: by its joints, or by its one outline; what flies or swims leaves the ground."""
    outline = outlines().get(player.actor.kind)
    if outline is None or (player.actor.kind == "bird" and player.deed == "fly"):
        draw_creature(canvas, player.actor, at, size, deed=player.deed, facing=facing, lamp=lamp)
        return
    share = outline.share * player.actor.scale
    tall = size * max(min(share, _TALLEST if aloft else 9.0), LEAST)
    # In a picture of insects alone a man would be taller than the picture is: they stay within it.
    lift = min(size * 0.6, at[1] * 0.45) if aloft and (outline.stands == "air" or player.deed == "fly") else 0.0
    draw_thing(
        canvas,
        outline,
        (at[0], at[1] - lift),
        tall / outline.tall,
        lamp=lamp,
        grounded=not lift,
        facing=facing,
    )


def _mount(canvas: Canvas, steed: Actor, mark: Mark, lamp: Lamp) -> Point:
    """Draw the steed; return where its rider's feet would stand."""
    told = mark.player.told
    pace = "run" if told in {Deed.CHASE, Deed.RUN} else "walk"
    draw_creature(canvas, steed, mark.at, mark.size, deed=pace, facing=mark.facing, lamp=lamp)
    height = BEASTS[steed.kind].size * steed.scale * mark.size
    return mark.at[0] + mark.facing * height * _WITHERS, mark.at[1] - height * 0.96 + mark.size * _SADDLE


def _draw_held(canvas: Canvas, mark: Mark, at: Point, lamp: Lamp) -> None:
    """What the near hand holds, if it has a drawing and the posture shows the hand."""
    thing = things().get(mark.player.holds.value) if mark.player.holds else None
    pose = pose_for(mark.player.deed, mark.index)
    if thing is None or pose.turn or mark.grip is not None:
        return
    tall = mark.size * mark.player.actor.look.height
    reached = bend(pose, wide=mark.player.actor.look.girth).near_arm[2]
    hand = (at[0] + mark.facing * reached[0] * tall, at[1] - reached[1] * tall)
    unit = tall * _HELD_SIZE.get(thing.kind, 0.11)
    foot = (hand[0], hand[1] + unit * thing.tall * 0.35)
    draw_thing(canvas, thing, foot, unit, lamp=lamp, grounded=False, facing=mark.facing)
