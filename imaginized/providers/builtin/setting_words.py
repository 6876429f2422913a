"""The nouns that say where a moment happens, and those that only speak for a roof or the open air. Data, English."""

from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Setting


def _places(text: str) -> dict[str, tuple[Setting, float]]:
    """Read "setting: word word*weight …" lines, some of them continued, into word → (setting, weight)."""
    table: dict[str, tuple[Setting, float]] = {}
    setting = Setting.UNKNOWN
    for line in text.strip().splitlines():
        named, colon, rest = line.rpartition(":")
        setting = Setting(named.strip()) if colon else setting
        for entry in rest.split():
            word, _, weight = entry.partition("*")
            table[word] = (setting, float(weight or 1))
    return table


# Places one can be in: by base form. The weight says how surely the noun means that place and nothing else.
PLACES = _places("""
room: room apartment*.8 chamber*.9 sickroom indoors lodging*.6 lodgings*.6 bungalow*.7 guest-room
drawing-room: drawing-room parlour parlor sitting-room salon boudoir morning-room drawingroom saloon*.5
dining-room: dining-room breakfast-room dining-hall refectory
kitchen: kitchen scullery pantry larder
bedroom: bedroom bedchamber dressing-room bed-chamber dormitory bedside*1.2
nursery: nursery playroom
library: library study*.8
office: office*.9 counting-house bureau*.5 chambers*.6
schoolroom: schoolroom school-room classroom schoolhouse*.8
laboratory: laboratory dissecting-room observatory*.6
workshop: workshop smithy forge*.7 studio*.4 mill*.5 workroom factory foundry
ballroom: ballroom ball-room dance-hall
hall: hall*.8 vestibule entrance-hall lobby antechamber
throne room: throne-room
staircase: staircase stairs stair*.8 stairway stairhead landing*.6
corridor: corridor passage*.6 gallery*.7 passageway hallway cloister
doorway: doorway threshold*.8 doorstep
attic: attic garret loft*.7
cellar: cellar basement vault*.6
shop: shop store*.5 bakery bookshop
inn: inn tavern public-house taproom tap-room bar-room barroom alehouse hotel*.6 coffee-room hostelry
theatre: theatre theater opera*.5 stage*.3 auditorium
church: church chapel cathedral nave altar*.8 pew pulpit chancel aisle*.7 choir*.3 abbey*.6
court: courtroom dock*.2 court-room courthouse
prison: prison cell*.8 dungeon gaol jail prison-chamber
hospital: hospital ward*.3 infirmary asylum*.5
stable: stable barn stall*.7 cowshed shed*.6 outhouse kennel*.4 hayloft byre sheepfold*.4
cabin: hut cottage*.8 log-cabin shanty hovel wigwam lodge*.5 blockhouse log-house
tent: tent*.9 marquee tepee
ship cabin: forecastle*.7 fo'c'sle berth*.6 hold*.3 stateroom galley*.6 round-house roundhouse companionway
 hatchway*.7
carriage: carriage*.9 coach*.9 cab*.9 hansom chaise phaeton gig*.8 brougham landau wagon*.6 waggon*.6 stagecoach
 dogcart
 dog-cart stage-coach victoria*.3 post-chaise fly*.3 buggy cart*.6 trap*.4
train: train*.7 compartment railway-carriage
spaceship: spaceship spacecraft starship airlock
crypt: crypt tomb*.7 mausoleum catacomb
cave: cave cavern grotto tunnel*.9 burrow den*.5 pit*.5 shaft*.5
house front: house*.4 mansion*.5 villa*.5 farmhouse*.5 homestead*.5 façade veranda*.9 verandah*.9
 porch*.7
street: street alley pavement sidewalk thoroughfare gutter*.7 kerb curb*.4 lane*.4 quarter*.2 doorstep*.4 square*.4
 crossing*.4
town: town*.7 city*.7 suburb*.6
village: village*.8 hamlet green*.2
market: market*.8 marketplace market-place bazaar fair*.3
station: station*.6 platform*.7 railway-station
dock: dock*.9 wharf quay pier harbour*.7 harbor*.7 waterfront jetty docks landing-place*.7 port*.4
bridge: bridge*.8
rooftop: roof*.5 rooftop parapet*.6 battlement*.4 leads*.2
courtyard: courtyard court*.4 yard*.8 quadrangle stable-yard inn-yard playground
garden: garden grounds*.7 lawn shrubbery orchard*.9 flower-bed flowerbed arbour arbor terrace*.7 greenhouse conservatory
 kitchen-garden
 summer-house hedge*.4 rosebush*.5 flower-garden fountain*.5 shrub*.3
park: park*.8 avenue*.6
farmyard: farmyard farm-yard barnyard backyard back-yard farm*.5 pigsty
field: field*.8 barley*.5 rye*.5 corn*.4 wheat*.5 meadow pasture
 cornfield wheatfield paddock hayfield stubble*.5 furrow*.7 fold*.3
prairie: prairie plain*.9 plains steppe tableland savanna veldt
moor: moor moorland heath common*.5 bog*.7 heather*.7
hills: hill*.8 hillside slope*.6 valley*.7 downs hillock*.6 knoll*.7 dale glen hilltop dell*.8 ridge*.6 upland
mountains: mountain*.9 mountainside ravine*.8 gorge*.8 peak*.6 glacier crag*.8 precipice*.7 alp cañon canyon
 summit*.7 divide*.3
cliff: cliff*.8 headland*.7 bluff*.4
forest: forest wood*.9 woods*.9 thicket*.8 grove*.8 woodland copse underbrush undergrowth trunk*.3 plantation*.6
 glade clearing*.8
 tree*.35 bough*.4 pine*.4 fern*.4 spinney
jungle: jungle
swamp: swamp marsh morass quagmire mire*.8 fen
road: road*.85 highway roadside lane*.6 path*.6 track*.5 trail*.6 footpath*.7 bridle-path turnpike milestone*.6
 crossroads
 crossroad wayside stile*.7
river: river*.8 stream*.7 brook*.8 riverbank river-bank bank*.35 creek*.6 ford*.6 rapids*.8 waterfall*.7 weir
 raft*.6 islet*.5 sandbank*.6 canal*.7 towing-path towpath
lake: lake*.8 pond*.8 pool*.5 mere*.2 lagoon
shore: shore*.8 beach seashore strand*.7 cove*.8 sand*.4 sands*.6 shingle*.7 seaside coast*.5 surf*.5 island*.4
 anchorage*.4
sea: sea*.5 ocean*.6 wave*.3 billow*.5 breaker*.4 swell*.3 iceberg*.6 offing
ship deck: deck bulwark*.9 mast*.7 helm*.8 rigging*.7 quarterdeck quarter-deck poop shroud*.5 capstan*.8 gangway*.5
 bowsprit*.7
 masthead*.8 tiller*.6 binnacle scupper*.7 schooner*.5 ship*.4 brig*.5 vessel*.4 yard-arm topsail*.5 jib*.5 steamer*.4
boat: boat*.6 dory*.8 canoe*.8 skiff*.8 dinghy gig*.2 jolly-boat oar*.6 thwart*.9 coracle*.9 whaleboat rowboat punt*.8
 barge*.7 oarsman*.5
 gunwale*.8 lifeboat*.7 launch*.4
underwater: seabed
sky: balloon*.7 airship*.7
desert: desert*.9 dune oasis
snow: snow*.6 snowdrift ice*.5 snowfield sled*.4 sledge*.4 sleigh*.5 drift*.4 barrens*.7
camp: camp*.8 stockade*.5 encampment campfire camp-fire bivouac
battlefield: battlefield trench*.6 rampart*.6 redoubt*.7 entrenchment
churchyard: churchyard graveyard cemetery gravestone*.8 tombstone*.8 headstone*.8 grave*.6 burial-ground
ruins: ruin*.6 ruins*.8
castle: castle*.8 fortress*.8 palace*.7 drawbridge moat turret*.5 tower*.5 citadel keep*.1
""")
# A hall of these is where the doors of rooms are.
OF_CORRIDORS = words("upper upstairs lower narrow back")
# A room that is called so is none of the rooms that open on it.
HALLS = words("hall lobby vestibule antechamber entrance-hall")
LOBBIES = words("lobby vestibule antechamber entrance-hall")  # nobody holds a banquet there
# A place that one reads, hears or thinks about is none where one is.
TOLD_ABOUT = words(
    "read hear talk speak tell think dream ask know write say learn inquire forget story tale reading hearing talking "
    "telling speaking thinking dreaming asking writing murmur mutter remark question complain grumble worry wonder "
    "joke word news chat argue quarrel gossip book"
)
# Of what has them one is within.
PARTS = words("wall floor length end middle corner side centre center midst ceiling")
# "a yard or two away", "within a yard of him"
COUNTED = words("a one half every each per")
MEASURED = words("or away off from of in apart above below before behind distant square wide long high deep")
# At these of a wood, a hill or a water one is in the open there.
EDGES = words(
    "foot edge border brink bank margin top summit crest brow outskirts side shore skirt verge heart depth middle midst"
)
TOLD_ON = words(  # "three books on the theatre", "he harped upon the hospital"
    "book volume lecture article essay treatise harp dwell insist ponder comment remark discourse descant enlarge "
    "expatiate dilate"
)
TOLD_OF = words("speak talk think dream hear tell read complain boast remind")
ASKING = words("inquire enquire ask")  # "inquired after the cottage"
PICTURES = words("sketch picture portrait photograph drawing view painting likeness")
PICTURED = words("taken made drawn painted done begun")
# Things of a building that one sees, holds or sits on elsewhere: "the cellar hatch".
OUTER_THINGS = words(
    "hatch hatches roof roofs key keys lock padlock wall-paper wallpaper trap-door trapdoor flap lid gate gates bell "
    "bells spire steeple tower chimney chimneys yard garden sign signboard"
)
# Those of a house on which somebody is are before its door.
OUTSIDE_DOORS = words("porch veranda verandah façade")
# Words of chapters in which a cabin, a bridge, a hall or a dock is another place, and how many there must be.
CABINS = words("cabin saloon")
BATTLE = words("regiment brigade battalion battery infantry cavalry musketry volley bayonet skirmisher artillery")
ABOUT = {
    **dict.fromkeys(
        words("ship schooner brig deck captain mast sail sailor crew voyage mate boatswain anchor helm vessel steamer"),
        ("sea",),
    ),
    **dict.fromkeys(
        words("castle palace king queen throne knight banquet duke emperor prince princess"), ("grandeur",)
    ),
    **dict.fromkeys(BATTLE | words("battle enemy soldier rifle musket cannon shell charge retreat"), ("war",)),
    **dict.fromkeys(words("jury trial coroner verdict barrister counsel witness prisoner"), ("law",)),
    **dict.fromkeys(words("cave cavern stalactite mine miner"), ("cave",)),
    **dict.fromkeys(words("barn cow hen chicken farm ranch corral cattle pasture hay pig plough"), ("farm",)),
}
LEAST = {"sea": 6, "grandeur": 2, "law": 4, "war": 12, "farm": 4, "cave": 6}
GRAND_WITHIN = 1500  # words of a chapter for each of grandeur that it must have
ALL_OF_ONE = {"grandeur"}  # a girl who is called a princess makes no palace: two words of the kind must be said

# Things that speak for a roof, and for which room; by base form.
ROOFED = _places("""
room: door*.25 window*.3 floor*.4 ceiling*.7 carpet*.7 hearth*.8 fireplace*.9 mantelpiece*.9 mantel*.8 sofa*.8
 armchair*.8
 arm-chair*.8 chair*.5 table*.4 curtain*.5 lamp*.25 candle*.3 cupboard*.6 bell*.15 footstool*.7 couch*.6 rug*.5
 grate*.6
 bookcase*.6 fender*.7 hearthrug*.9 easy-chair*.8 doorknob*.5 wardrobe*.6 shelf*.4 wainscot*.7 chimney-piece*.8
 fireside*.7
 candlestick*.5 chandelier*.5 piano*.6 sideboard*.7 looking-glass*.4 mirror*.4 tapestry*.5 stool*.3 matting*.7
 hearthstone*.8
 visitor*.15 butler*.3 housemaid*.4 footman*.3 newspaper*.2 bookshelf*.6 wallpaper*.7 knitting*.3 sewing*.3
 needlework*.4
dining-room: dinner*.3 supper*.25 breakfast*.25 tablecloth*.6 napkin*.5 decanter*.5 sherry*.3 teacup*.5
 tea-table*.7 dessert*.4
 teapot*.4 luncheon*.3 tea-things*.6 breakfast-table*.9 dinner-table*.9
kitchen: oven*.7 saucepan*.7 dresser*.5 stove*.4 kettle*.4 cook*.25 rolling-pin*.7 frying-pan*.4
bedroom: bed*.5 pillow*.7 bedclothes*.8 four-poster*.9 counterpane*.8 blanket*.25 mattress*.6 coverlet*.7 bedpost*.9
 washstand*.7 quilt*.4 night-gown*.4 nightcap*.4 dressing-table*.7 cot*.4 invalid*.2 bed-curtains*.9
library: desk*.3
staircase: banister*.9 balustrade*.4
laboratory: retort*.6 test-tube*.7 crucible*.5
attic: skylight*.7 rafter*.6
ship cabin: porthole*.9 bunk*.6 hammock*.5 wardroom*.7
shop: counter*.5 customer*.3 shopkeeper*.4
inn: landlord*.35 landlady*.3 innkeeper*.6 bar*.25 tankard*.5
court: jury*.4 judge*.1 witness-box*.8 prisoner*.1
church: clergyman*.15 sermon*.4 congregation*.5 organ*.3 hymn*.3 prayer-book*.3
prison: jailer*.6 turnkey*.6 gaoler*.6
schoolroom: blackboard*.7 schoolmaster*.3 pupil*.2
ballroom: waltz*.5 orchestra*.3 dancers*.4
""")
# Things that speak for the open air only.
OPEN = words(
    "sky horizon grass moonlight sunlight sunshine star cloud meadow breeze bird field hill tree rain wind snow "
    "bush turf "
    "heather hoof wheel hedge leaf branch dew rock stone dust path"
)

# Streets that have names, what leads along one of them, and who goes along.
STREETS = words("street road lane square avenue alley")
ALONG = words("down along up through across into in")
GOING = words(
    "walk go come run trot ride drive hurry turn stroll march pass saunter hasten stagger wander trudge gallop rush "
    "creep limp dash dart stride pace tramp shuffle strut race proceed lead move chase follow"
)

# Words of somebody who is there, and of a place that is seen from elsewhere.
PEOPLE = words("i he she they we who him her me them us himself herself")
DISTANT = words(
    "saw see seen looked looking view distance distant afar beyond overlooking glimpse beheld behold visible "
    "horizon opposite "
    "towards toward far seaward look gaze gazed gazing stare stared staring peer peered peering glanced glancing watch "
    "watched watching pointed pointing heard hears hearing"
)
CONTAINING = words(
    "in into inside within through across along amid amidst among throughout aboard around round about over"
)
UPON = words("on upon onto")
NEARBY = words("at by near beside before against under beneath behind between above below past outside")
GOAL = words("to toward towards for")
LEAVING = words("from")
SETTING_OUT = words("off away out")  # "hurried off to the …": who does so is not there
WHICH_ONE = words("same own other next back")  # before its noun: "down the back stairs"
# "he entered the …", "she reached the …"
ENTERING = words("enter reach gain regain cross climb ascend mount descend board traverse search haunt inhabit occupy")
QUITTING = words("leave quit abandon desert forsake")
# Movements that change the side of the door without naming a place.
OUTWARDS = (
    ("went", "out"), ("out", "of", "doors"), ("ran", "out"), ("came", "out"), ("out", "into"), ("outside",),
    ("set", "off"), ("set", "out"),
    ("started", "off"), ("walked", "out"), ("staggered", "out"), ("hurried", "out"), ("crept", "out"), ("fled", "out"),
    ("slipped", "out"), ("rushed", "out"), ("stepped", "out"), ("passed", "out"), ("go", "out"),
    ("rode", "away"), ("rode", "on"), ("rode", "off"), ("galloped", "away"), ("galloped", "off"), ("walked", "home"),
    ("strode", "out"), ("dashed", "out"), ("darted", "out"), ("burst", "out", "of"),
    ("drove", "away"), ("drove", "off"), ("out-of-doors",), ("outdoors",),
)  # fmt: skip
INWARDS = (
    ("went", "in"), ("came", "in"), ("indoors",), ("upstairs",), ("downstairs",), ("ran", "in"), ("walked", "in"),
    ("entered",),
    ("was", "shown"), ("went", "home"), ("sat", "down", "to"), ("went", "to", "bed"), ("in", "bed"), ("was",
    "ushered"),
)  # fmt: skip
ON_BOARD = (("on", "board"), ("aboard",))
