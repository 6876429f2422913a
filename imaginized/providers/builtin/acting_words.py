"""Verbs and things that can be seen, by the closed lists of a picture. Data only, English."""

from imaginized.providers.builtin.thing_words import read_lines
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

# Bases of verbs.
DEEDS = {
    word: Deed(kind)
    for word, kind in read_lines("""
sit: sit seat perch lounge
lie: lie recline sprawl
sleep: sleep doze slumber nap
kneel: kneel
crouch: crouch cower huddle squat
lean: lean stoop
walk: walk stride march stroll wander tramp pace stagger limp step creep steal trudge plod stalk advance approach
 come go pass glide sidle prowl strut swagger slink roam ramble
 follow accompany return saunter stumble tiptoe shuffle wade totter hobble proceed journey travel cross
run: run rush dash dart race flee hurry bolt scamper scurry fly charge hasten trot escape tear
chase: chase pursue hunt
jump: jump leap spring bound vault hop skip plunge dive
climb: climb clamber scramble mount ascend shin
fall: fall tumble drop collapse sink topple faint swoon
swim: swim float
dance: dance waltz caper
enter: enter
leave: leave depart
ride: ride gallop canter
drive: drive
row: row paddle scull
sail: sail steer
hold: hold grip clutch clasp grasp
raise: raise lift hoist brandish uplift heave flourish
carry: carry bear lug haul bring
reach: reach stretch extend offer grope
point: point gesture
wave: wave
give: give hand present
take: take snatch pick receive
throw: throw fling hurl toss cast pitch pelt
push: push shove thrust
pull: pull drag tug draw haul tow wrench
open: open unlock unbolt
close: close shut slam
knock: knock rap hammer
dig: dig shovel
chop: chop hew
light: light kindle
write: write sign scribble
read: read peruse
eat: eat devour munch dine gnaw chew breakfast sup feast nibble
drink: drink sip quaff
smoke: smoke puff
cook: cook stir fry boil
sew: sew knit stitch embroider
play an instrument: fiddle strum
play: play
pray: pray
bow: bow curtsey curtsy
talk: say ask answer reply speak tell talk converse murmur remark add continue begin
whisper: whisper mutter
shout: shout cry call scream shriek yell roar exclaim
embrace: embrace hug cuddle caress
kiss: kiss
touch: touch stroke pat
lead: lead guide conduct usher
help: help support nurse bandage bathe
strike: strike beat hit slap lash smite thrash kick whip club flog trample pound
fight: fight wrestle struggle grapple battle attack assail
stab: stab pierce
shoot: shoot fire
seize: seize catch grab capture arrest collar pounce
bite: bite snap sting
bury: bury
look: look gaze stare watch peer peep glance behold contemplate regard examine
listen: listen hearken
weep: weep sob cry
laugh: laugh grin chuckle giggle
smile: smile beam
sing: sing hum
stand: stand stop wait pause halt rise
""").items()
}


def _participle(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    doubled = len(base) > 2 and base[-1] not in "aeiouwxy" and base[-2] in "aeiou" and base[-3] not in "aeiou"
    return (
        base
        + (base[-1] if doubled and base != "open" and (len(base) < 5 or base in ("begin", "squat", "strum")) else "")
        + "ing"
    )


# "Falling", "seizing", "running": words that a list of words has as nouns or qualities, and sentences as deeds.
PARTICIPLES = {_participle(base): base for base in (*DEEDS, "shake", "put", "lay", "place", "pour")}
# How much a deed tells: what a picture shows first.
WEIGHT = {
    Deed(word.replace("-", " ")): float(weight)
    for word, weight in read_lines("""
3.2: fight strike stab shoot embrace kiss bite dance
3.0: ride row climb dig carry pull push seize throw
2.8: kneel fall swim shake-hands play-an-instrument chop bury
2.5: raise pray chase jump help lie-dead sleep lie
2.2: run write read eat drink sew smoke cook drive
2.0: point wave lead look-out knock open close light weep sail
1.7: sit crouch lean hold reach give touch bow play
1.1: listen laugh smile sing shout enter leave walk take
0.7: look whisper
0.4: talk stand
""").items()
}
# Verbs that need somebody or something to be done to; without one they mean something else.
NEED_OBJECT = words(
    "bear raise lift hold carry bring give hand take throw cast draw strike beat hit seize catch whip club bury "
    "push thrust cross "
    "open close shut slam light drop present sign help support touch kick fire bite snap attack lead drive pass "
    "follow leave "
    "pursue embrace kiss"
)
# Prepositions before who is there, too.
PRESENCE = words("with beside by near behind before between among around round toward towards upon at against")
# Verbs whose object is only in somebody's mind or talk.
MINDING = words(
    "remember recall recollect think know love hate miss want mean forget imagine dream mention describe believe wish "
    "expect need name dread despise admire fear pity regret suspect understand tell hear"
)
# Deeds that are done to somebody, with a preposition or without.
AT_SOMEBODY = frozenset(
    {
        Deed.TALK, Deed.LOOK, Deed.WHISPER, Deed.SHOUT, Deed.POINT, Deed.EMBRACE, Deed.KISS, Deed.STRIKE,
        Deed.FIGHT, Deed.STAB,
        Deed.SHOOT, Deed.SEIZE, Deed.BITE, Deed.CARRY, Deed.PULL, Deed.PUSH, Deed.LEAD, Deed.HELP, Deed.CHASE,
        Deed.KNEEL, Deed.BOW,
        Deed.TOUCH, Deed.GIVE, Deed.RIDE, Deed.LEAN, Deed.DANCE, Deed.SHAKE_HANDS, Deed.HOLD, Deed.THROW,
        Deed.BURY, Deed.LISTEN,
        Deed.WAVE, Deed.RAISE, Deed.LAUGH, Deed.SMILE, Deed.REACH, Deed.RUN, Deed.WALK, Deed.JUMP, Deed.PLAY,
        Deed.DRIVE, Deed.TAKE,
    }
)  # fmt: skip
# Deeds of two, and what is done sitting or lying as well as standing.
MUTUAL = frozenset({Deed.EMBRACE, Deed.KISS, Deed.SHAKE_HANDS, Deed.DANCE})
POSTURES = frozenset({Deed.SIT, Deed.LIE, Deed.CROUCH, Deed.LEAN, Deed.KNEEL})
AT_REST = frozenset(
    {
        Deed.TALK, Deed.LOOK, Deed.WHISPER, Deed.LISTEN, Deed.LAUGH, Deed.SMILE, Deed.SING, Deed.SHOUT, Deed.STAND,
        Deed.HOLD,
    }
)  # fmt: skip
# Deeds that show nothing without another one, and without a thing.
OF_TWO = MUTUAL | {
    Deed.FIGHT, Deed.STRIKE, Deed.STAB, Deed.SHOOT, Deed.SEIZE, Deed.LEAD, Deed.HELP, Deed.CHASE, Deed.TOUCH, Deed.GIVE,
    Deed.BITE,
}  # fmt: skip
WITH_A_THING = frozenset(
    {
        Deed.HOLD, Deed.CARRY, Deed.TAKE, Deed.THROW, Deed.PULL, Deed.PUSH, Deed.OPEN, Deed.CLOSE, Deed.LEAN,
        Deed.POINT, Deed.REACH,
    }
)  # fmt: skip
# People have no posture of their own for these: with none for another the picture does not show what is told.
UNPOSED = frozenset({Deed.BITE, Deed.FLY})
# What is left of such a deed with nobody and nothing there.
ALONE = {
    Deed.CHASE: Deed.RUN,
    Deed.LEAD: Deed.WALK,
    Deed.SHOOT: Deed.SHOOT,
    Deed.POINT: Deed.POINT,
    Deed.REACH: Deed.REACH,
    Deed.DANCE: Deed.DANCE,
    Deed.OPEN: Deed.OPEN,
}
PERCEIVING = words("see hear find watch behold notice observe perceive feel")
# After these "to" goes on with what is done; after others with what is meant to be done.
BEGINNING = words(
    "begin start continue commence proceed hasten manage contrive stoop bend turn sit lean fall set stop pause halt"
)
# What somebody in the saddle does, and the words for being there.
ON_HORSEBACK = frozenset(
    {Deed.FIGHT, Deed.STRIKE, Deed.STAB, Deed.SHOOT, Deed.RAISE, Deed.PULL, Deed.SEIZE, Deed.CHASE}
)
SADDLES = words("saddle horseback stirrup stirrups reins rein bridle spurs")
VERBS_OF_STEEDS = words("gallop canter trot dismount mount spur rein ride saddle unsaddle")
# What a beast can be seen to do, and what some deeds are when a beast does them.
BEASTLY = frozenset(
    Deed(name)
    for name in words(
        "stand sit lie sleep crouch walk run chase jump climb fall swim fly eat drink pull carry bite fight seize "
        "play "
        "look listen lead push dig enter leave"
    )
) | {Deed.LIE_DEAD}
AS_BEAST = {
    Deed.RIDE: Deed.RUN,
    Deed.HOLD: Deed.CARRY,
    Deed.TAKE: Deed.CARRY,
    Deed.STRIKE: Deed.FIGHT,
    Deed.STAB: Deed.BITE,
}
# The thing that a deed is done on or to, where it is named in the clause.
UPON = frozenset(
    {
        Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.LEAN, Deed.OPEN, Deed.CLOSE, Deed.KNOCK, Deed.CLIMB, Deed.PULL, Deed.PUSH,
        Deed.ROW, Deed.STAND,
        Deed.RIDE, Deed.DRIVE, Deed.CHOP, Deed.LIGHT, Deed.KNEEL, Deed.DIG, Deed.JUMP, Deed.FALL, Deed.LOOK_OUT,
        Deed.LOOK,
        Deed.PLAY_AN_INSTRUMENT, Deed.CROUCH, Deed.ENTER, Deed.STRIKE, Deed.POINT, Deed.READ, Deed.WRITE, Deed.EAT,
        Deed.DRINK,
    }
)  # fmt: skip
HOLDING = words(
    "hold carry bear take raise lift draw wrench seize snatch grasp clutch grip brandish wield swing flourish produce "
    "pick bring wave throw fling toss hurl "
    "give hand present offer fire shoulder level cock load drop catch grab unsheathe read sip smoke play"
)
HANDLED = frozenset(
    Thing(name)
    for name in words(
        "box bag basket sack purse key map letter paper newspaper book picture photograph coin ring necklace mask "
        "skull mirror watch cross doll ball cards lamp lantern candle torch pistol gun sword knife axe spear bow "
        "club whip shield spade hammer broom scissors needle rope chain ladder bell flag net oar telescope flask "
        "telephone camera bottle glass cup teapot plate bread apple fruit cake meat egg pot hat umbrella fan "
        "stick pipe cigar pen violin flute drum trumpet guitar flower rose mushroom nest handkerchief glove crown "
        "chest coat pail tray card cloth parcel jug bowl match stone"
    )
)
# "With his lantern", "over her fan": what is carried in the hand, not worn or put away.
IN_HAND = frozenset(
    Thing(name)
    for name in words(
        "lantern candle torch lamp pipe cigar stick umbrella fan whip sword gun pistol knife axe spear oar spade "
        "telescope basket pail tray"
    )
)
INSTRUMENTS = frozenset(
    {Thing.VIOLIN, Thing.PIANO, Thing.FLUTE, Thing.DRUM, Thing.TRUMPET, Thing.GUITAR, Thing.HARP, Thing.PIPE}
)
WEAPONS = frozenset(
    {Thing.PISTOL, Thing.GUN, Thing.SWORD, Thing.KNIFE, Thing.AXE, Thing.SPEAR, Thing.CLUB, Thing.WHIP, Thing.STICK}
)
FIREARMS = frozenset({Thing.PISTOL, Thing.GUN, Thing.CANNON})
INDOORS = frozenset(
    {
        Thing.CHAIR,
        Thing.ARMCHAIR,
        Thing.SOFA,
        Thing.TABLE,
        Thing.DESK,
        Thing.BED,
        Thing.LAMP,
        Thing.CANDLE,
        Thing.HEARTH,
        Thing.STOVE,
        Thing.WINDOW,
        Thing.DOOR,
        Thing.CURTAIN,
        Thing.CARPET,
        Thing.MIRROR,
        Thing.CLOCK,
        Thing.PIANO,
        Thing.CUPBOARD,
        Thing.STAIRS,
        Thing.PICTURE,
        Thing.CHANDELIER,
        Thing.TEAPOT,
        Thing.CUP,
        Thing.PLATE,
    }
)
SEATS = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.BENCH, Thing.SOFA, Thing.THRONE, Thing.BED})

VEHICLES = frozenset({Thing.CARRIAGE, Thing.CART, Thing.SLED, Thing.MOTOR_CAR, Thing.OMNIBUS, Thing.TRAIN})
# In these one sits.
CARRIERS = frozenset({Thing.BOAT, Thing.CANOE, Thing.CARRIAGE, Thing.CART, Thing.SLED, Thing.MOTOR_CAR, Thing.OMNIBUS})
SAID = frozenset({Deed.TALK, Deed.WHISPER, Deed.SHOUT, Deed.SING})
OF_SHIPS = words("hull stern keel rudder prow bowsprit")
SHE = frozenset({Thing.SHIP, Thing.STEAMER, Thing.BOAT})
# A chest, a skull or a train that is somebody's is of the body or the dress; a crown or a blade of something no thing;
# flags and horns in the plural are stones and of beasts; into a pen or to a ball one goes.
OF_A_BODY = frozenset({Thing.CHEST, Thing.SKULL, Thing.TRAIN, Thing.CROWN, Thing.BOW})
PART_OF = frozenset({Thing.CROWN, Thing.SWORD, Thing.RING, Thing.LETTER, Thing.CHEST, Thing.TRAIN, Thing.STICK})
ONE_ONLY = frozenset({Thing.FLAG, Thing.TRUMPET, Thing.WATCH})
ENTERED = frozenset({Thing.PEN, Thing.BALL})
# What is always about and tells little.
DULL = frozenset(
    {
        Thing.TABLE, Thing.CHAIR, Thing.DOOR, Thing.WINDOW, Thing.WALL, Thing.BED, Thing.HOUSE, Thing.TREE,
        Thing.CURTAIN, Thing.CARPET,
        Thing.STAIRS, Thing.SUN, Thing.ROCK, Thing.FIRE, Thing.GATE, Thing.FENCE, Thing.BUSH, Thing.SMOKE,
        Thing.SHIP, Thing.BOAT,
    }
)  # fmt: skip

EMBRACING = words("round around about")
