"""When a "car" is a motor car, and in which chapters they are driven. English only."""

from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.vocabulary import POSSESSIVES, words
from imaginized.story.stage_things import Thing

CARS = words("car cars")
# Words of chapters with motor cars; of those where a car is a railway's, a balloon's or a god's; and of horses.
MOTORS = words(
    "motor motors motor-car motor-cars motorcar motorcars automobile automobiles limousine taxi taxis taxicab taxicabs "
    "taxi-cab roadster runabout chauffeur chauffeurs motorist motorists motoring running-board windshield windscreen "
    "tonneau garage petrol gasoline speedometer honk honked honking horn-button"
)
RAILS = words(
    "train trains pullman locomotive conductor berth trolley tram trams railroad railway sleeper compartment streetcar"
)
AIRBORNE = words("balloon airship dirigible juggernaut chariot chariots aeronaut")
HORSES = words("horse horses mare reins coachman carriage carriages buggy pony hansom wagon waggon")
OF_RAILS = words(
    "pullman sleeping smoking dining parlor parlour baggage tram street cable freight day railway railroad mail "
    "observation buffet trolley passenger triumphal jaunting box cattle elevator electric first last next rear front"
)


def thing_named(passage: Passage, at: int) -> Thing:
    """The thing that a noun names; a car only where it is one with a motor."""
    token = passage.tokens[at]
    if token.lower in CARS:
        return Thing.MOTOR_CAR if is_motor(passage, at) else Thing.NONE
    return THINGS.get(token.lower) or THINGS.get(token.base, Thing.NONE)  # "cards" is no card


def is_motor(passage: Passage, at: int) -> bool:
    """Whether a car is a motor car: by the chapter's other words, or for want of others by whose it is."""
    tokens = passage.tokens
    before = tokens[at - 1].lower if at else ""
    after = tokens[at + 1].lower if at + 1 < len(tokens) and tokens[at].gap == " " else ""
    if before in OF_RAILS or after == "of":
        return False
    motors, rails = len(passage.places_of(MOTORS)), len(passage.places_of(RAILS))
    owned = before in POSSESSIVES or before.endswith("'s")
    if motors:
        return owned or 3 * motors >= rails
    driven = any(token.base in _DRIVEN for token in tokens[max(at - 3, 0) : at])
    return (owned or driven) and not rails and not passage.places_of(AIRBORNE)


_DRIVEN = words("park drive crank")


def is_motored(passage: Passage) -> bool:
    """Whether who drives in a chapter has a motor car: it tells of them, and of no horses or of fewer."""
    motors = len(passage.places_of(MOTORS)) + sum(is_motor(passage, at) for at in passage.places_of(CARS))
    return motors > 2 * len(passage.places_of(HORSES))
