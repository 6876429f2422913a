"""What is done with a motor car: driving it, getting in, sitting there. English only."""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin.verb_senses import Clause, Found
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

STEERED = words("stop start park parked halt steer turn back crank drive run slow brake swing race speed send head")
GOT_IN = words("get climb step jump spring hop clamber scramble swing leap tumble slip enter board")
WITHIN = words("in into inside aboard")
SEATED_IN = words("sit wait ride wave shout lean doze sleep look loll lounge call talk stand smile laugh")


def at_wheel(base: str, clause: Clause) -> Found | None:
    """Who stops a car drives it, who gets in or sits there is in it; who gets out of it walks."""
    car = next((noun for noun in clause.nouns if noun.thing is Thing.MOTOR_CAR), None)
    if car is None or clause.passive:
        return None
    if not car.prep and base in STEERED:
        return Deed.DRIVE, None, Thing.MOTOR_CAR, Thing.NONE
    if base in GOT_IN and car.prep in WITHIN | {"", "on", "upon"}:
        return Deed.ENTER, None, Thing.MOTOR_CAR, Thing.NONE
    if base in SEATED_IN and car.prep in WITHIN | {"from"}:
        deed = table.DEEDS.get(base, Deed.SIT)
        beside = next(
            (noun.who[0] for noun in clause.nouns if noun.who and noun.prep in ("with", "beside", "to")), None
        )
        return Deed.SIT if deed in (Deed.STAND, Deed.LEAN) else deed, beside, Thing.MOTOR_CAR, Thing.NONE
    return None
