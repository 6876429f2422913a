"""Draws everybody at their marks: with what they hold, sit on, ride, climb or carry."""

from dataclasses import replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import LEAST, LYING, SEATED, TALLEST, Mark, is_large, vehicle_length
from imaginized.providers.builtin.plates.busts import draw_bust
from imaginized.providers.builtin.plates.canvas import Canvas, Point
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.crew import draw_crew
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.footing import LIFTED, draw_climbed, draw_dug, draw_rope, draw_water
from imaginized.providers.builtin.plates.objects import draw_thing, outlines, things
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.poses import bend, pose_for
from imaginized.providers.builtin.plates.props import PROPS
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.resting import lay_down, put_to_bed, seat
from imaginized.providers.builtin.plates.seats import draw_ripples, draw_table
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.supports import draw_rise, gait_of, is_low, risen
from imaginized.providers.builtin.plates.vehicles import BUILDS, draw_vehicle
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

_AT_TABLE = frozenset({"write", "eat"})
_ABOARD = frozenset({"sit talk", "read", "eat", "drink", "smoke"})  # what can be done on a seat
_ON_GROUND = frozenset(
    {"sit", "sit talk", "read", "sew", "eat", "write", "sit weep"}
)  # these can be done on the ground
# Who does one of these with a book does not read in it.
_SHUT = frozenset(
    {Deed.CARRY, Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE, Deed.GIVE, Deed.TAKE, Deed.RAISE, Deed.THROW}
)
_FROM_SEATS = frozenset({"wave", "shout", "point", "call", "talk", "laugh"})  # shown as talk on a seat
_OVERHEAD, _MARGIN = 0.06, 10  # a hat, of a grown man, and the pixels above it
_PILLION = 0.24  # of a grown man: how far behind the saddle a second one sits
_PASSING = frozenset({"give", "take", "hold out"})  # a thing goes from one hand to the other
_FALLEN = 0.15  # of a grown man: a thing on the floor
_ROPED = frozenset({"lead", "pull"})
_HEAD = 0.225  # of a grown man seen half-length, who is drawn with a larger head than in the distance
_WITHERS = 0.13  # of a steed's height: how far before the middle of its back the saddle lies
_SADDLE = 0.31  # of a grown man: how high the hip of one who rides lies above where the feet would stand
_HELD_SIZE = {"key": 0.05, "letter": 0.07, "coin": 0.05, "ring": 0.035, "cup": 0.05, "glass": 0.05, "watch": 0.045}


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
    _lay_fallen(canvas, reading, marks, lamp)
    for mark in map(headed, marks):
        if mark.player.vehicle:
            _draw_riding(canvas, mark, lamp)
            continue
        if mark.player.actor.kind != "person":
            draw_beast(canvas, mark.player, mark.at, mark.size, facing=mark.facing, lamp=lamp)
            continue
        _draw_player(canvas, reading, stage, mark, lamp)
        beast = next((it for it in marks if it.index == mark.player.toward and it.player.actor.kind in BEASTS), None)
        if beast is not None and mark.player.deed in _ROPED and is_large(beast.player.actor.kind):
            draw_rope(canvas, _hand_of(mark, mark.at), _muzzle_of(beast), mark.size, lamp)


def headed(mark: Mark) -> Mark:
    """The same one small enough for the head to be in the picture, also on a ladder or a horse."""
    player = mark.player
    if player.vehicle or player.actor.kind != "person":
        return mark
    lifted = risen(player) or (LIFTED if player.deed == "climb" else 0.0)
    tall = player.actor.look.height * (1 + lifted) + _OVERHEAD
    if player.mount is not None:
        tall += BEASTS[player.mount.kind].size * player.mount.scale * 0.96 - _SADDLE
    fits = (mark.at[1] - _MARGIN) / tall
    return mark if mark.size <= fits else replace(mark, size=fits)


def _lay_fallen(canvas: Canvas, reading: Reading, marks: list[Mark], lamp: Lamp) -> None:
    """What lies on the floor, before the feet of the first in front."""
    held = {mark.player.holds.value for mark in marks}
    kinds = [kind for kind in reading.fallen if kind in things() and kind not in held][:2]
    people = [mark for mark in marks if mark.player.actor.kind == "person" and not mark.back]
    if not people:
        return
    mark = min(people, key=lambda each: each.index)
    for place, kind in enumerate(kinds):
        thing = things()[kind]
        x = mark.at[0] + mark.facing * mark.size * (0.42 + 0.3 * place)
        x = min(max(x, mark.size * 0.2), canvas.width - mark.size * 0.2)
        unit = mark.size * _FALLEN / max(thing.tall, thing.wide * 0.7)
        draw_thing(canvas, thing, (x, mark.at[1] + mark.size * 0.03), unit, lamp=lamp, facing=mark.facing)


def _muzzle_of(mark: Mark) -> Point:
    """Where the halter of a beast is."""
    beast = BEASTS[mark.player.actor.kind]
    x, y = max(beast.body)
    tall = beast.size * mark.player.actor.scale * mark.size
    return mark.at[0] + mark.facing * (x - 0.06) * tall, mark.at[1] - (y + 0.02) * tall


def _hand_of(mark: Mark, at: Point) -> Point:
    """Where the near hand of somebody is in the picture."""
    look = mark.player.actor.look
    reached = bend(pose_for(mark.player.deed, mark.index), wide=look.girth).near_arm[2]
    tall = mark.size * look.height
    return at[0] + mark.facing * reached[0] * tall, at[1] - reached[1] * tall


def _draw_riding(canvas: Canvas, mark: Mark, lamp: Lamp) -> None:
    """A vehicle and all who are in it; a boat has a little water of its own."""
    player = mark.player
    if player.vehicle in BUILDS:
        crew = [(it.actor, _seated(it.deed)) for it in player.crew]
        if player.vehicle == Thing.BALLOON.value:
            crew = [(actor, "stand") for actor, _ in crew]
        draw_vehicle(canvas, player.vehicle, crew, player.team, mark.at, mark.size, facing=mark.facing, lamp=lamp)
        return
    wide = mark.size * (vehicle_length(player) * 0.5 + 0.3)
    draw_ripples(canvas, (mark.at[0], mark.at[1] - mark.size * 0.02), wide / 0.86, lamp)
    at = (mark.at[0], mark.at[1] - mark.size * 0.1)
    draw_crew(canvas, player.crew, at, mark.size, lamp=lamp, facing=mark.facing)


def _seated(deed: str) -> str:
    """What somebody in a vehicle can be drawn doing on a seat."""
    return "sit talk" if deed in _FROM_SEATS else deed if deed in _ABOARD else "sit"


def _draw_player(canvas: Canvas, reading: Reading, stage: Stage, mark: Mark, lamp: Lamp) -> None:
    player, at = mark.player, mark.at
    tall = mark.size * player.actor.look.height
    if player.mount is not None:
        at = _mount(canvas, player.mount, mark, lamp)
    at = draw_rise(canvas, player, at, mark.size, mark.facing, lamp, green=not reading.indoors)
    player = _placed(player, reading)
    mark = replace(mark, player=player)
    at = _lay_footing(canvas, reading, mark, at, lamp)
    in_bed = player.deed in LYING and reading.abed and player.told is not Deed.LIE_DEAD
    if player.deed in LYING:
        at = lay_down(canvas, reading, player, at, mark.size, facing=mark.facing, lamp=lamp)
    if in_bed:
        put_to_bed(canvas, player, mark.at, at, mark.size, facing=mark.facing, lamp=lamp)
        return
    seated = player.deed in SEATED and not stage.afloat and not stage.is_seated
    if seated:
        seat(canvas, player, at, mark.size, facing=mark.facing, lamp=lamp)
    if player.pillion is not None:
        behind = (at[0] - mark.facing * mark.size * _PILLION, at[1])
        draw_person(canvas, player.pillion, behind, mark.size, deed="ride", facing=mark.facing, lamp=lamp, variant=1)
    holds = _in_hand(player)
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
    if seated and player.deed in _AT_TABLE and has_table(reading, player):
        draw_table(canvas, at, tall, mark.facing, lamp, plate=player.deed == "eat")
    if player.burden is not None:
        _draw_burden(canvas, player.burden, mark, lamp)
    if player.deed == "swim":
        draw_water(canvas, at, tall, lamp, before=True)
    if not holds:
        _draw_held(canvas, mark, at, lamp)


def _in_hand(player: Player) -> str:
    """What is drawn as part of the body that holds it, or ""."""
    if player.holds is Thing.BOOK and player.told in _SHUT:
        return "closed book"
    held = player.holds.value in PROPS and not (player.burden and player.burden.look.is_baby)
    return player.holds.value if held else ""


def _placed(player: Player, reading: Reading) -> Player:
    """In the posture of where somebody is: on a step, a slope, a table, or sitting on the ground."""
    low = player.deed in _ON_GROUND and is_low(player, outside=reading.outside)
    return replace(player, deed="sit low" if low else gait_of(player))


def has_table(reading: Reading, player: Player) -> bool:
    """Who eats in a street or a field has a table only where one is told of."""
    outdoors = not reading.indoors if reading.setting else reading.roofed is False
    return player.deed != "eat" or not outdoors or reading.has("table")


def _lay_footing(canvas: Canvas, reading: Reading, mark: Mark, at: Point, lamp: Lamp) -> Point:
    """Draw what somebody climbs, digs or swims in; return where they stand, hang or float."""
    tall, deed = mark.size * mark.player.actor.look.height, mark.player.deed
    if deed == "climb":
        draw_climbed(canvas, mark.player.upon, at, tall, mark.facing, lamp)
        return at[0], at[1] - tall * LIFTED
    if deed == "dig":
        draw_dug(canvas, at, tall, mark.facing, lamp, snow=reading.light is Light.SNOW)
    if deed == "swim":
        draw_water(canvas, at, tall, lamp, before=False)
    return at


def _draw_burden(canvas: Canvas, burden: Actor, mark: Mark, lamp: Lamp) -> None:
    """A child sits on the arm, who is grown lies across both; a baby is drawn as what the hands hold."""
    if burden.look.is_baby:
        return
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
    tall = size * max(min(share, TALLEST if aloft else 9.0), LEAST)
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
    if thing is None or pose.turn or (mark.grip is not None and mark.player.deed not in _PASSING):
        return
    tall = mark.size * mark.player.actor.look.height
    hand = mark.grip or _hand_of(mark, at)
    unit = tall * _HELD_SIZE.get(thing.kind, 0.11)
    foot = (hand[0], hand[1] + unit * thing.tall * 0.35)
    draw_thing(canvas, thing, foot, unit, lamp=lamp, grounded=False, facing=mark.facing)
