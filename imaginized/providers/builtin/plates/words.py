"""The words that looks are made from, and the kinds of place that a plate is composed as."""

from enum import StrEnum


class Place(StrEnum):
    """The kinds of place a plate can be composed as."""

    FIELD = "field"
    PRAIRIE = "prairie"
    HILLS = "hills"
    MOUNTAINS = "mountains"
    FOREST = "forest"
    GARDEN = "garden"
    DESERT = "desert"
    RIVER = "river"
    SHORE = "shore"
    SEA = "sea"
    DECK = "deck"
    TOWN = "town"
    CASTLE = "castle"
    CAVE = "cave"
    ROOM = "room"
    HALL = "hall"
    CHURCH = "church"


def _table(text: str) -> dict[str, tuple[str, float]]:
    """Read `kind: word word*2 …` lines, some of them continued, into word → (kind, weight)."""
    table: dict[str, tuple[str, float]] = {}
    kind = ""
    for line in text.strip().splitlines():
        named, colon, words = line.rpartition(":")
        kind = named if colon else kind
        for entry in words.split():
            word, _, weight = entry.partition("*")
            table[word] = (kind.strip(), float(weight or 1))
    return table


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _names(text: str) -> dict[str, str]:
    return {word: kind for word, (kind, _) in _table(text).items()}


INDOORS = frozenset({Place.ROOM, Place.HALL, Place.CHURCH})
CREATURES = _names("""
dog: dog dogs hound hounds puppy terrier mastiff
cat: cat cats kitten wildcat
lion: lion lions lioness tiger tigers panther leopard beast gryphon griffin
wolf: wolf wolves fox foxes jackal
bear: bear bears
horse: horse horses pony ponies mare steed stallion
cow: cow cows ox oxen bull cattle
sheep: sheep lamb lambs goat goats
monkey: monkey monkeys ape baboon
bird: bird stork raven crow eagle hawk owl goose parrot swan sparrow hen flamingo dodo pigeon heron duck turkey
mouse: mouse mice rat rats dormouse hedgehog hedgehogs
rabbit: rabbit rabbits hare hares
elephant: elephant
snake: snake serpent
""")
DAY_HATS = word_set("""
bowler cap top straw bonnet boater stetson fedora cloche tricorne sailor peaked shako bicorne helm kepi
""")
WOMEN = word_set("""
she her woman girl lady aunt mother princess queen witch mrs miss madame countess duchess baroness empress maid
daughter sister wife widow nurse governess housekeeper landlady grandmother
""")
CLOTHES = word_set("""
dress coat suit gown cloak hat uniform frock shirt robe robes silk velvet gingham jacket cap clothes
""")
CHILDREN = word_set("""
girl boy child lad lass
""")
OLD = word_set("""
old aged elderly grey gray white-haired grandmother grandfather crone wrinkled wrinkles ancient
""")
