"""The nouns of the things that a picture can show. Data only, English."""

from imaginized.story.stage_things import Thing


def read_lines(text: str) -> dict[str, str]:
    """Read "kind: word word …" lines, some of them continued, into word → kind."""
    table: dict[str, str] = {}
    kind = ""
    for line in text.strip().splitlines():
        named, colon, rest = line.rpartition(":")
        kind = named.strip() if colon else kind
        table.update(dict.fromkeys(rest.split(), kind))
    return table


THINGS = {
    word: Thing(kind)
    for word, kind in read_lines("""
chest: chest trunk sea-chest strongbox coffer locker
box: box casket tin crate snuff-box jewel-case
parcel: parcel packet package
bag: bag satchel knapsack haversack valise portmanteau suitcase carpet-bag bundle suit-case handbag hand-bag rucksack
 reticule
basket: basket hamper
barrel: barrel cask keg butt hogshead
sack: sack
purse: purse pocketbook wallet
key: key
map: map chart
letter: letter envelope note telegram
card: card postcard post-card visiting-card
paper: paper document manuscript parchment cheque
newspaper: newspaper gazette
book: book volume bible diary logbook notebook note-book album prayer-book hymn-book
picture: picture portrait painting
photograph: photograph
coin: coin guinea sovereign shilling dollar doubloon penny halfpenny sixpence half-crown half-sovereign florin nickel
 dime
ring: ring
necklace: necklace locket pendant
crown: crown diadem coronet
mask: mask
skull: skull
skeleton: skeleton
mirror: mirror looking-glass
clock: clock
watch: watch
coffin: coffin bier
gravestone: gravestone tombstone headstone
cross: cross crucifix
statue: statue bust
doll: doll
cradle: cradle
ball: ball
cards: cards
chessboard: chess chessboard
lamp: lamp streetlamp gaslight
lantern: lantern
candle: candle candlestick taper
torch: torch brand
hearth: hearth firelight fireplace fireside grate mantelpiece hearthrug
stove: stove oven
campfire: campfire camp-fire bonfire
fire: fire blaze
pistol: pistol revolver six-shooter
gun: gun rifle musket shotgun shot-gun carbine winchester flintlock matchlock blunderbuss firelock fowling-piece
cannon: cannon
sword: sword sabre saber cutlass rapier blade
knife: knife dagger dirk penknife pocket-knife clasp-knife
axe: axe hatchet ax tomahawk
spear: spear lance harpoon pike assegai
club: club cudgel bludgeon
whip: whip riding-whip
shield: shield
armour: armour armor
spade: spade shovel
hammer: hammer
broom: broom
scissors: scissors shears
needle: needle
spinning wheel: spinning-wheel loom
rope: rope cord
chain: chain fetter
ladder: ladder
wheel: wheel
bell: bell
flag: flag banner ensign
net: net
oar: oar paddle
anchor: anchor
telescope: telescope spyglass
machine: machine engine apparatus
flask: phial vial retort beaker flask
telephone: telephone phone
radio: radio
screen: laptop television
camera: camera
table: table counter tea-table dinner-table breakfast-table dining-table dressing-table
bottle: bottle decanter
glass: glass goblet tumbler wineglass
cup: cup teacup mug
teapot: teapot kettle
plate: plate dish
tray: tray tea-tray
bowl: bowl
jug: jug pitcher ewer
pail: pail bucket
stone: pebble
bread: bread loaf
apple: apple
fruit: fruit orange pear grape
cake: cake pie pudding tart
meat: meat ham beef
egg: egg
pot: pot saucepan pan cauldron frying-pan skillet
hat: hat cap
coat: coat jacket overcoat greatcoat great-coat raincoat
bonnet: bonnet
helmet: helmet
cloak: cloak shawl mantle cape
dress: gown frock
shoe: shoe boot slipper
glove: glove
handkerchief: handkerchief
cloth: cloth rag towel napkin duster tablecloth
veil: veil
spectacles: spectacles
umbrella: umbrella parasol
fan: fan
stick: stick cane staff crutch rod walking-stick
pipe: pipe
cigar: cigar cigarette
pen: pen quill pencil
violin: violin fiddle
piano: piano
flute: flute
drum: drum
trumpet: trumpet bugle horn
guitar: guitar banjo lute
harp: harp
gramophone: gramophone phonograph
chair: chair stool rocking-chair footstool
armchair: armchair arm-chair easy-chair
bench: bench settle
bed: bed cot bunk hammock four-poster
sofa: sofa couch settee
desk: desk writing-table writing-desk
cupboard: cupboard wardrobe cabinet sideboard
bookcase: bookcase bookshelf
throne: throne
curtain: curtain
carpet: carpet rug
door: door
window: window casement pane
stairs: stair staircase stairs
chandelier: chandelier
gate: gate
wall: wall
fence: fence hedge railing
fountain: fountain
well: well
house: house cottage villa mansion hut farmhouse
tower: tower turret
church: church chapel steeple
bridge: bridge
tent: tent
windmill: windmill
balcony: balcony
mast: mast
altar: altar
carriage: carriage coach cab hansom chaise phaeton brougham landau buggy stage-coach stagecoach post-chaise
cart: cart chariot wagon waggon gig dogcart dog-cart barrow wheelbarrow
sled: sled sledge sleigh
train: train locomotive
motor-car: motor motor-car motorcar automobile limousine taxi taxicab taxi-cab roadster runabout
bicycle: bicycle
omnibus: omnibus bus
ship: ship schooner brig vessel frigate
boat: boat skiff dinghy coracle jolly-boat dory rowboat row-boat rowing-boat lifeboat gondola
canoe: canoe
raft: raft
steamer: steamer steamboat
balloon: balloon
airship: airship
aeroplane: aeroplane airplane
spacecraft: spaceship
tree: tree oak elm willow chestnut
flower: flower daffodil lily blossom poppy bouquet nosegay tulip primrose
rose: rose
bush: bush shrub
corn: corn wheat barley
mushroom: mushroom
rock: rock boulder
cliff: cliff
waterfall: waterfall
iceberg: iceberg
nest: nest
web: cobweb
moon: moon moonlight
sun: sun
stars: star starlight
rainbow: rainbow
lightning: lightning
smoke: smoke
""").items()
}
