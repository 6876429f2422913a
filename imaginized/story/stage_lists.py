"""The closed lists of a picture: the settings and deeds that are told apart, and the nearest neighbour of each.

A reader of a later version may meet a word that it does not know: it reads as the empty member. No text is read here.
"""

from collections.abc import Mapping
from enum import StrEnum


class Setting(StrEnum):
    """Where a moment happens."""

    UNKNOWN = ""
    # under a roof
    ROOM = "room"
    DRAWING_ROOM = "drawing-room"
    DINING_ROOM = "dining-room"
    KITCHEN = "kitchen"
    BEDROOM = "bedroom"
    NURSERY = "nursery"
    LIBRARY = "library"
    OFFICE = "office"
    SCHOOLROOM = "schoolroom"
    LABORATORY = "laboratory"
    WORKSHOP = "workshop"
    BALLROOM = "ballroom"
    HALL = "hall"
    THRONE_ROOM = "throne room"
    STAIRCASE = "staircase"
    CORRIDOR = "corridor"
    DOORWAY = "doorway"
    ATTIC = "attic"
    CELLAR = "cellar"
    SHOP = "shop"
    INN = "inn"
    THEATRE = "theatre"
    CHURCH = "church"
    COURT = "court"
    PRISON = "prison"
    HOSPITAL = "hospital"
    STABLE = "stable"
    CABIN = "cabin"
    TENT = "tent"
    SHIP_CABIN = "ship cabin"
    CARRIAGE = "carriage"
    TRAIN = "train"
    SPACESHIP = "spaceship"
    CRYPT = "crypt"
    CAVE = "cave"
    # out of doors
    HOUSE_FRONT = "house front"
    STREET = "street"
    TOWN = "town"
    MODERN_CITY = "modern city"
    VILLAGE = "village"
    MARKET = "market"
    STATION = "station"
    DOCK = "dock"
    BRIDGE = "bridge"
    ROOFTOP = "rooftop"
    COURTYARD = "courtyard"
    GARDEN = "garden"
    WALLED_GARDEN = "walled garden"
    PARK = "park"
    FARMYARD = "farmyard"
    FIELD = "field"
    PRAIRIE = "prairie"
    MOOR = "moor"
    HILLS = "hills"
    MOUNTAINS = "mountains"
    CLIFF = "cliff"
    FOREST = "forest"
    JUNGLE = "jungle"
    SWAMP = "swamp"
    ROAD = "road"
    RIVER = "river"
    LAKE = "lake"
    SHORE = "shore"
    SEA = "sea"
    SHIP_DECK = "ship deck"
    BOAT = "boat"
    UNDERWATER = "underwater"
    SKY = "sky"
    DESERT = "desert"
    SNOW = "snow"
    CAMP = "camp"
    BATTLEFIELD = "battlefield"
    CHURCHYARD = "churchyard"
    RUINS = "ruins"
    CASTLE = "castle"

    @classmethod
    def _missing_(cls, _value: object) -> "Setting":
        return cls.UNKNOWN


class Deed(StrEnum):
    """What somebody does; `STAND` where nothing is told."""

    UNKNOWN = ""
    # at rest
    STAND = "stand"
    SIT = "sit"
    LIE = "lie"
    SLEEP = "sleep"
    LIE_DEAD = "lie dead"
    KNEEL = "kneel"
    CROUCH = "crouch"
    LEAN = "lean"
    # on the way
    WALK = "walk"
    RUN = "run"
    CHASE = "chase"
    JUMP = "jump"
    CLIMB = "climb"
    FALL = "fall"
    SWIM = "swim"
    FLY = "fly"
    DANCE = "dance"
    ENTER = "enter"
    LEAVE = "leave"
    RIDE = "ride"
    DRIVE = "drive"
    ROW = "row"
    SAIL = "sail"
    # with the hands
    HOLD = "hold"
    RAISE = "raise"
    CARRY = "carry"
    REACH = "reach"
    POINT = "point"
    WAVE = "wave"
    GIVE = "give"
    TAKE = "take"
    THROW = "throw"
    PUSH = "push"
    PULL = "pull"
    OPEN = "open"
    CLOSE = "close"
    KNOCK = "knock"
    DIG = "dig"
    CHOP = "chop"
    LIGHT = "light"
    WRITE = "write"
    READ = "read"
    EAT = "eat"
    DRINK = "drink"
    SMOKE = "smoke"
    COOK = "cook"
    SEW = "sew"
    PLAY_AN_INSTRUMENT = "play an instrument"
    PLAY = "play"
    PRAY = "pray"
    BOW = "bow"
    # to somebody
    TALK = "talk"
    WHISPER = "whisper"
    EMBRACE = "embrace"
    KISS = "kiss"
    SHAKE_HANDS = "shake hands"
    TOUCH = "touch"
    LEAD = "lead"
    HELP = "help"
    STRIKE = "strike"
    FIGHT = "fight"
    STAB = "stab"
    SHOOT = "shoot"
    SEIZE = "seize"
    BITE = "bite"
    BURY = "bury"
    # face and eyes
    LOOK = "look"
    LOOK_OUT = "look out"
    LISTEN = "listen"
    WEEP = "weep"
    LAUGH = "laugh"
    SMILE = "smile"
    SING = "sing"
    SHOUT = "shout"

    @classmethod
    def _missing_(cls, _value: object) -> "Deed":
        return cls.UNKNOWN


_SETTINGS = list(Setting)
ROOFED = frozenset(_SETTINGS[1 : _SETTINGS.index(Setting.HOUSE_FRONT)])
# What may be drawn for a setting that has no drawing of its own: never what the passage would contradict.
BROADER: Mapping[Setting, Setting] = {
    Setting.DRAWING_ROOM: Setting.ROOM,
    Setting.DINING_ROOM: Setting.ROOM,
    Setting.NURSERY: Setting.BEDROOM,
    Setting.LIBRARY: Setting.ROOM,
    Setting.OFFICE: Setting.ROOM,
    Setting.SCHOOLROOM: Setting.ROOM,
    Setting.BEDROOM: Setting.ROOM,
    Setting.KITCHEN: Setting.ROOM,
    Setting.LABORATORY: Setting.WORKSHOP,
    Setting.WORKSHOP: Setting.ROOM,
    Setting.ATTIC: Setting.ROOM,
    Setting.HOSPITAL: Setting.BEDROOM,
    Setting.THRONE_ROOM: Setting.HALL,
    Setting.BALLROOM: Setting.HALL,
    Setting.COURT: Setting.HALL,
    Setting.CORRIDOR: Setting.HALL,
    Setting.CRYPT: Setting.CELLAR,
    Setting.CELLAR: Setting.PRISON,
    Setting.VILLAGE: Setting.TOWN,
    Setting.MARKET: Setting.TOWN,
    Setting.STREET: Setting.TOWN,
    Setting.MODERN_CITY: Setting.STREET,
    Setting.COURTYARD: Setting.HOUSE_FRONT,
    Setting.WALLED_GARDEN: Setting.GARDEN,
    Setting.PARK: Setting.GARDEN,
    Setting.FARMYARD: Setting.FIELD,
    Setting.MOOR: Setting.PRAIRIE,
    Setting.CLIFF: Setting.MOUNTAINS,
    Setting.JUNGLE: Setting.FOREST,
    Setting.LAKE: Setting.RIVER,
    Setting.SWAMP: Setting.RIVER,
    Setting.BATTLEFIELD: Setting.FIELD,
    Setting.RUINS: Setting.CASTLE,
    Setting.BOAT: Setting.SEA,
}
# The nearest posture for a deed that has none of its own.
PLAINER: Mapping[Deed, Deed] = {
    Deed.LIE_DEAD: Deed.LIE,
    Deed.SLEEP: Deed.LIE,
    Deed.CROUCH: Deed.KNEEL,
    Deed.LEAN: Deed.STAND,
    Deed.CHASE: Deed.RUN,
    Deed.JUMP: Deed.RUN,
    Deed.ENTER: Deed.WALK,
    Deed.LEAVE: Deed.WALK,
    Deed.DRIVE: Deed.SIT,
    Deed.SAIL: Deed.STAND,
    Deed.TAKE: Deed.REACH,
    Deed.GIVE: Deed.REACH,
    Deed.THROW: Deed.RAISE,
    Deed.WAVE: Deed.RAISE,
    Deed.OPEN: Deed.REACH,
    Deed.CLOSE: Deed.OPEN,
    Deed.LIGHT: Deed.HOLD,
    Deed.CHOP: Deed.STRIKE,
    Deed.SMOKE: Deed.HOLD,
    Deed.COOK: Deed.STAND,
    Deed.SEW: Deed.SIT,
    Deed.PLAY: Deed.SIT,
    Deed.PRAY: Deed.KNEEL,
    Deed.BOW: Deed.STAND,
    Deed.WHISPER: Deed.TALK,
    Deed.KISS: Deed.EMBRACE,
    Deed.TOUCH: Deed.REACH,
    Deed.LEAD: Deed.WALK,
    Deed.HELP: Deed.EMBRACE,
    Deed.STAB: Deed.STRIKE,
    Deed.SEIZE: Deed.FIGHT,
    Deed.BITE: Deed.FIGHT,
    Deed.BURY: Deed.DIG,
    Deed.LOOK: Deed.STAND,
    Deed.LOOK_OUT: Deed.STAND,
    Deed.LISTEN: Deed.STAND,
    Deed.LAUGH: Deed.TALK,
    Deed.SMILE: Deed.LOOK,
    Deed.SING: Deed.TALK,
    Deed.SHOUT: Deed.TALK,
    Deed.TALK: Deed.STAND,
}
