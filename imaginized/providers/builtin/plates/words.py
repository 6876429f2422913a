"""The words that looks are made from, and the places that a book's style is judged by."""

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


PLACES = {
    word: (Place(kind), weight)
    for word, (kind, weight) in _table("""
field: field*2 fields*2 meadow*2 meadows*2 corn*1.5 cornfield*3 wheat*1.5 grass farm*1.5 fence fences
  pasture*2 hay haystack harvest plough*1.5 battlefield*3 regiment cavalry squadron battery*1.5 artillery
  trenches infantry hussars
prairie: prairie*3 prairies*3 plain*1.5 plains*2 steppe*3 moor*2.5 moors*2.5 moorland*3 heath*2 bog marsh
  marshes*2 waste horizon
hills: hill*1.5 hills*1.5 hillside*2 slope slopes valley*2 valleys*2 downs*2 country road*1.5 roadside*2 path
  lane*1.5 highway*2 carriage*1 coach*1 hillcrest*2 ridge knoll*2
  churchyard*3 graveyard*3 cemetery*3 tombstones*2 headstones*2 gravestones*2 villa*1.5 mansion
mountains: mountain*2.5 mountains*3 cliff*1.5 cliffs*1.5 precipice*2.5 peak*2 peaks*2.5 crag*2 crags*2
  glacier*3 glaciers*3 alps*3 alpine*2 ravine*2 gorge*2 avalanche*3 summit*2 pass rocky rocks
forest: forest*3 forests*3 wood woods*2 trees*1.5 tree*1 trunks*2 branches*1.2 boughs*1.5 oak pine pines*1.5
  thicket*2 underbrush*2 grove*2 jungle*3 fern ferns foliage*1.5
garden: garden*2.5 gardens*2.5 flowers*1.5 flower*1 blossoms*2 poppies*3 poppy*2.5 roses*1.5 lawn*2 hedge*1.5
  orchard*2.5 shrubs rhododendrons*2 blossom bushes petals*1.5 fountain*1.5 terrace shrubbery*2
desert: desert*3 sand*1.2 sands*1.5 dunes*3 dune*3 oasis*3 camel*2 camels*2
river: river*2.5 rivers*1.5 stream*1.5 brook*2 raft*2.5 riverbank*3 bank*.8 banks bridge*1.5 ford lake*2
  pond*1.5 waterfall*2.5 ferry*1.5 canal*1.5 current mill
shore: shore*2 beach*3 shoal*1.5 sandbank*2 coast*2 harbour*2 harbor*2 wharf*2.5 pier*2.5 quay*2.5 dock*1.5
  docks*2 surf*1.5 tide*1 lighthouse*2.5 cove*2 cliffside
sea: sea*2 seas*1.5 ocean*2.5 waves*1.5 wave billows*2 swell whale*1.5 whales*1.5 whaleboat*3 boat*1.2
  boats*1.5 ship*1.5 ships*1.5 sail*1 sails*1.5 schooner*2.5 vessel*1.5 oars*2 harpoon*1.5 harpooneer
  spout*1.5 wake iceberg*3 island*1.2 aboard leeward windward*1 foam lee oarsmen*2 breaching*1.5 fin
deck: deck*2.5 decks*2 quarterdeck*3.5 mast*1.5 masthead*2 mastheads*2 helm*2 bulwarks*2.5 forecastle*2
  rigging*2 capstan*2.5 windlass*2.5 helmsman*2 taffrail*3 gangway
town: street*2.5 streets*2.5 town*2 city*2 village*2 houses*2 shops*2 shop market*2 pavement*2.5 cab*1.5
  cabs*1.5 hansom*2 lamps*.3 roofs*1.5 square*.6 alley*2 cobbles*2 chimneys*1.5 crowd*.7 lodgings station
  omnibus*2 gutter doorstep*1.5 tavern*1 cottages*1.5
castle: castle*2 palace*1.5 tower*1.5 towers*2 fortress*2.5 battlements*3 turrets*2.5 drawbridge*3 moat*2.5
  citadel*2.5 walls*.8 gates*1.2 gate*1 abbey*1.5 ruins*1.5 ruin courtyard*2 sphinx*1.5 pagoda dome domes
cave: cave*3 cavern*3 caverns*3 tunnel*2.5 underground*2 shaft*1.5 grotto*3 pit*1 dungeon*2
  crypt*2 vault*2 vaults*2 tomb*2 burrow den
room: room*2 rooms*1.5 chamber*2 bedroom*3 parlour*3 parlor*3 kitchen*2.5 cabin*1 study*1.5 library*1.5
  table*1.2 chair*1.3 armchair*2.5 chairs*1.3 sofa*2.5 couch*1.5 bed*1.2 fireplace*3.5 fireside*2.5 hearth*1.5
  mantelpiece*3 lamp*.8 candle*1 candles cupboard*2 door*.8 window*.8 windows*.5 floor*.9 ceiling*1.5
  carpet*1.5 curtains*1.3 curtain stove*1.5 desk*2 shelf shelves*1.2 attic*2.5 cellar*1.5 staircase*1.5
  stairs*1.2 cot*1.5 pillow*1.5 sickroom*2 laboratory*2.5 dinner supper*.6 breakfast newspaper inn*1
  prison*2 cell*1.5 prison-chamber*3 bar-room*3 tap-room*3
  drawing-room*3 sitting-room*3 dining-room*3 dressing-room*3 bedside*2.5 fire*.8 mantel*2 blind pane panes*1.2
  apartment*1.5 sideboard*2 bench*.5 office*1.5 indoors*2 doorway*.7 drawer drawers*2 nursery*2
hall: hall*2 throne*3 ballroom*3 chandelier*2.5 chandeliers*2.5 pillars*1.5 columns*1.3 corridor*2 gallery*1.5
  banquet*2 court*.8 reception*1.2 ball*1 dancers*1.5 banqueting*2
church: church*2 chapel*2.5 altar*2.5 pulpit*3 pews*3 pew*2.5 cathedral*2.5 nave*2.5 aisle*2 congregation*1.5
  chancel*3
""").items()
}
INDOORS = frozenset({Place.ROOM, Place.HALL, Place.CHURCH})
CREATURES = _names("""
dog: dog dogs hound hounds puppy terrier toto mastiff
cat: cat cats kitten wildcat
lion: lion lions lioness tiger tigers panther leopard beast gryphon griffin
wolf: wolf wolves fox foxes jackal
bear: bear bears kalidah kalidahs
horse: horse horses pony ponies mare steed stallion sawhorse
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
girl boy child lad lass munchkin munchkins winkie
""")
OLD = word_set("""
old aged elderly grey gray white-haired grandmother grandfather crone wrinkled wrinkles ancient
""")
