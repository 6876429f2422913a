"""People and beasts that can be seen, by the closed lists of a picture. Data only, English."""

from imaginized.providers.builtin.thing_words import read_lines
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_things import Species
from imaginized.story.staging import Age, Sex

SPECIES = {
    word: Species(kind)
    for word, kind in read_lines("""
dog: dog hound terrier mastiff collie spaniel retriever husky bulldog sheepdog bloodhound setter greyhound cur
 mongrel poodle
puppy: puppy pup
wolf: wolf she-wolf
fox: fox
cat: cat
kitten: kitten
lion: lion lioness puma cougar
tiger: tiger panther leopard jaguar
bear: bear
horse: horse mare stallion steed colt filly charger cob nag
pony: pony
donkey: donkey ass
mule: mule
camel: camel
elephant: elephant
cow: cow calf
bull: bull
ox: ox cattle
sheep: sheep ewe ram
lamb: lamb
goat: goat
pig: pig sow boar
deer: deer stag doe moose caribou
monkey: monkey ape
rabbit: rabbit hare bunny
squirrel: squirrel
mouse: mouse
rat: rat
hedgehog: hedgehog
badger: badger
otter: otter
mole: mole
weasel: weasel stoat ferret marten polecat
bat: bat
bird: bird sparrow thrush blackbird swallow lark pigeon dove
robin: robin
parrot: parrot
raven: raven crow rook jackdaw
owl: owl
eagle: eagle hawk falcon
hen: hen chicken
cock: rooster cockerel
duck: duck
goose: goose
swan: swan
gull: gull seagull albatross
stork: stork heron
fish: fish trout salmon
whale: whale
shark: shark
seal: seal
dolphin: dolphin porpoise
octopus: octopus
crab: crab
turtle: turtle tortoise
frog: frog
toad: toad
snake: snake serpent viper
lizard: lizard
crocodile: crocodile alligator cayman
spider: spider
bee: bee wasp
butterfly: butterfly moth
beetle: beetle
snail: snail
dragon: dragon
unicorn: unicorn
""").items()
}
# Beasts whose kind the word leaves open.
BEASTS = words("cub whelp foal litter brute beast animal pup monster fiend demon ogre goblin")
# What only a beast has of its own.
OF_BEASTS = words(
    "paw paws forepaw forepaws forefoot forefeet hindfoot foreleg forelegs hoof hoofs hooves fang fangs muzzle snout "
    "tail mane hackles haunches flanks withers claws talons antlers tusks udder"
)
WINGED = frozenset(
    Species(kind) for kind in words("bird robin parrot raven owl eagle duck goose swan gull stork bat bee butterfly")
)
ON_WATER = frozenset({Species.DUCK, Species.GOOSE, Species.SWAN, Species.GULL})
FINNED = frozenset(Species(kind) for kind in words("fish whale shark seal dolphin octopus otter"))
_SEXED = read_lines("""
man: man gentleman fellow boy lad father son brother uncle husband king prince duke count lord sir captain officer
 soldier sailor
 farmer coachman chauffeur driver butler priest monk wizard emperor general mate colonel major knight horseman shepherd
 hunter squire
 grandfather nephew footman policeman constable clergyman bishop blacksmith carpenter seaman boatswain convict
 beggar youth
 gardener groom landlord chap bridegroom clerk lawyer magistrate fisherman miller postman porter executioner giant
 warrior urchin
woman: woman lady girl maiden mother daughter sister aunt wife queen princess duchess countess widow housekeeper
 governess nurse
 maid maidservant housemaid landlady grandmother niece bride witch lass hostess actress nun dame spinster cook
 milkmaid matron
 madam fairy lioness mare hen cow ewe doe she-wolf she-bear mother-dog tigress vixen
""") | dict.fromkeys(words("stallion bull cock ram stag drake gander boar"), "man")
SEXES = {word: Sex(sex) for word, sex in _SEXED.items()}


def sex_of(noun: str) -> Sex:
    """Of somebody called by a noun: by the list, else by its ending, as of a parlourmaid or a nobleman."""
    noun = noun.removesuffix("-in-law").removeprefix("step")
    if noun in SEXES:
        return SEXES[noun]
    if noun.endswith(("maid", "woman", "girl", "mother", "wife", "lady")) or (len(noun) > 6 and noun.endswith("ress")):
        return Sex.WOMAN
    return Sex.MAN if noun.endswith(("man", "boy", "master", "father")) and len(noun) > 5 else Sex.UNKNOWN


AGES = {
    word: Age(age)
    for word, age in read_lines("""
baby: baby infant
child: boy girl child urchin schoolboy schoolgirl pupil
young: youth maiden lad lass
old: grandmother grandfather crone veteran hag granny
""").items()
}
CROWD = words(
    "crowd mob throng multitude army regiment congregation audience populace host horde mass rabble swarm procession "
    "battalion brigade cavalry infantry squadron troops column gathering assembly"
)
# Several of these are a mass where no number is told: "the soldiers ran".
MASS = words(
    "soldier trooper man rebel citizen villager townsman peasant warrior savage native pirate mutineer spectator "
    "onlooker mourner striker horseman rider sailor guard fighter"
)
# Several of whom "of" tells who they are: "a body of horsemen".
BODIES = words("body band troop group party company line row file knot cluster handful gang squad number bunch")
MOST_ALIKE = 4  # so many of one kind are drawn
# Several people by one word, and how many are drawn.
GROUPS = {
    "people": 3,
    "party": 3,
    "group": 3,
    "crew": 4,
    "company": 3,
    "family": 3,
    "pack": MOST_ALIKE,
    "herd": MOST_ALIKE,
    "flock": MOST_ALIKE,
    "team": 4,
    "couple": 2,
    "pair": 2,
}
# Several who are called so by what they are to each other: a dog and a child may be of them.
COMPANIONS = words(
    "people friend companion comrade traveler traveller wayfarer adventurer party group company member playmate other"
)
MOST = 6
# Numbers of which the most that are drawn are too few.
BEYOND = words(
    "seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred thousand dozens scores hundreds thousands"
)
COUNTS = {
    "two": 2,
    "both": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "several": 3,
    "many": MOST_ALIKE,
    "few": 3,
    "dozen": 6,
    **dict.fromkeys(BEYOND, MOST),
}
# Heads that are somebody to nobody: no figure.
NOBODY = words(
    "person creature soul ghost spectre phantom apparition "
    "thing being body somebody voice fool wretch sir lord god heaven devil hero coward prey hood "
    "reader author ass sage topper jerk divers persecutor darling dear dearest beloved"
)
# What says that somebody lies, and kin that a beast has, too.
LOW = words("wounded sick dying dead unconscious senseless insensible prostrate fallen lifeless sleeping")
DAMS = frozenset({"mother", "father", "parent", "sister", "brother"})
# What two people are to one: of "his son and daughter" nobody is both.
KIN = words(
    "father mother son daughter brother sister uncle aunt wife husband nephew niece cousin grandmother grandfather "
    "child baby mamma papa"
)
# How nobody old is called.
FAIR = words("beautiful fair pretty lovely young little golden-haired blooming")
# Of whom it is said, nobody is meant who was named before.
STRANGE = words("strange unknown unfamiliar another other second third new foreign unseen nameless")
# Words that begin a clause before the one that it belongs to.
FRONTED = words(
    "as when while whilst if though although because before after until till since once where wherever whenever"
)
# Of these, "he" may be said.
ANYBODY = words("person creature soul being body fool wretch hero coward ass")
# Those who go fast on a horse, even where it is not named.
MOUNTED = words("horseman horsewoman rider cavalryman trooper dragoon hussar")
MUSICIANS = words("fiddler musician minstrel piper organist violinist harper pianist band")
UNREAL = words("any every no each such what whatever whose your")
