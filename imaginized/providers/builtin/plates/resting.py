"""Those who lie and sit: what is below them, and the blanket of who lies in a bed."""

from dataclasses import replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.objects import draw_thing, things
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.seats import (
    draw_bed,
    draw_blanket,
    draw_couch,
    draw_seat,
)
from imaginized.providers.builtin.plates.supports import draw_litter, draw_support, support_of
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing

OWN_SEATS = {
    Thing.ARMCHAIR: 1.05, Thing.SOFA: 0.95, Thing.BENCH: 0.8, Thing.THRONE: 1.9, Thing.CHEST: 0.5, Thing.BOX: 0.5,
    Thing.BARREL: 0.5,
}  # metres high  # fmt: skip
_COUCHLESS = frozenset([Setting.CAVE, Setting.TENT, Setting.STABLE, Setting.PRISON, Setting.CRYPT, Setting.CELLAR,
    Setting.CHURCH, Setting.ATTIC, Setting.CARRIAGE, Setting.TRAIN, Setting.DOORWAY, Setting.CORRIDOR, Setting.KITCHEN,
    Setting.STAIRCASE, Setting.HALL, Setting.SHOP, Setting.SCHOOLROOM, Setting.THEATRE, Setting.COURT,
    Setting.WORKSHOP])  # fmt: skip
_LINEN: Colour = (236, 230, 216)
_BED = 0.98  # how long a bed is, of a grown man
_GROWN = 0.92


def lay_down(
    canvas: Canvas, reading: Reading, player: Player, at: Point, size: float, *, facing: int, lamp: Lamp
) -> Point:
    """Where somebody lies: in a bed, on a couch with a pillow, on the ground; the dead where they fell."""
    if player.told in {Deed.LIE_DEAD, Deed.FALL}:
        return at
    tall = size * player.actor.look.height
    if support := support_of(player):
        return draw_litter(canvas, support, at, tall, facing, lamp)
    if reading.abed:
        return draw_bed(canvas, at, size * _BED, facing, lamp)
    if player.upon is Thing.SOFA or (reading.outside is False and reading.setting not in _COUCHLESS):
        return draw_couch(canvas, at, tall, facing, lamp)
    return at  # nobody brings a couch or a pillow into the fields


def put_to_bed(canvas: Canvas, player: Player, foot: Point, at: Point, size: float, *, facing: int, lamp: Lamp) -> None:
    """Somebody in a nightshirt below a blanket, the head on the pillow however short the body is.

    Args:
        canvas: Where to.
        player: Who.
        foot: The ground below the middle of the bed.
        at: Where one lies in it.
        size: Of a grown man, in pixels.
        facing: Towards which side the feet are.
        lamp: How it is lit.
    """
    look = player.actor.look
    actor = replace(player.actor, look=replace(look, costume="jumper", garment="suit", cloth=_LINEN, hat=""))
    deed = "asleep" if player.told is Deed.SLEEP else "abed"
    x = at[0] - facing * size * max(_GROWN - look.height, 0.0) * 0.5
    draw_person(canvas, actor, (x, at[1]), size, deed=deed, facing=facing, lamp=lamp, variant=0)
    draw_blanket(canvas, foot, size * _BED, facing, lamp, colour=mix(look.cloth, (96, 84, 80), 0.4))


def seat(canvas: Canvas, player: Player, at: Point, size: float, *, facing: int, lamp: Lamp) -> None:
    """What somebody sits on: what the scene names, else a chair; who sits in the open sits on the ground."""
    tall = size * player.actor.look.height
    if support := support_of(player):
        draw_support(canvas, support, at, tall, facing, lamp)
        return
    if player.upon in OWN_SEATS and player.upon.value in things():
        thing = things()[player.upon.value]
        high = size * OWN_SEATS[player.upon] / 1.75
        draw_thing(canvas, thing, (at[0] - facing * tall * 0.05, at[1]), high / thing.tall, lamp=lamp)
        return
    if player.upon is Thing.BED:
        draw_bed(canvas, at, size * _BED, facing, lamp)  # on its edge
        return
    draw_seat(canvas, at, tall, facing, lamp)
