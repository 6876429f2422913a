"""Word lists for English, made by hand: function words, irregular forms, honorifics, colours, moods. Data only."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text parted by blanks."""
    return frozenset(text.split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> dict[str, str]:
    """Turn "go:went,gone be:was" into {"went": "go", "gone": "go", "was": "be"}."""
    groups = (group.split(":") for group in text.split())
    return {form: stem for stem, forms in groups for form in forms.split(",")}


DETERMINERS = words(
    "a an the this that these those my your his her its our their some any each every no another both several "
    "many few "
    "one two three four five six seven eight nine ten twelve twenty forty hundred all"
)
ARTICLES = words("a an the")
# A tale of the present is an essay, a letter or a rule more often than a moment.
PRESENT = words("is are am has have does it's there's")
POSSESSIVES = words("my your his her its our their")
PREPOSITIONS = words(
    "for in on at by to from of into upon under over above below beneath behind beside between among through "
    "across along around "
    "against near within without toward towards down up out off before after inside outside amid beyond with "
    "about onto like"
)
PLACE_PREPOSITIONS = words(
    "in on at by into upon under beneath behind beside between among through across along around round near "
    "within toward towards "
    "down up inside outside amid beyond onto above below against"
)
PRONOUNS = words(
    "i me he him she it we us they them you himself herself itself themselves myself ourselves yourself who whom "
    "whose which what "
    "mine yours hers ours theirs one's someone somebody something everyone everybody everything nobody nothing "
    "anything anybody none "
    "other others thou thee thy ye such"
)
AUXILIARIES = words(
    "be is am are was were been being have has had having do does did done will would shall should can could may "
    "might must "
    "ought cannot let dare used won't don't can't couldn't wouldn't didn't wasn't isn't hadn't haven't shouldn't "
    "shan't i'll "
    "i'm i've i'd you'll you're you've he's she's it's that's there's we'll we're they're"
)
CONNECTIVES = words(
    "and or but nor so yet if because although though while when where until till than as since unless whether "
    "then there here "
    "whilst amongst upon not never just only even too very quite rather also again still already almost always "
    "ever soon now once thus therefore "
    "perhaps indeed however moreover well how why away back together forth aside apart else instead ago more most "
    "less least "
    "much enough same own first last next sometimes often back afterward afterwards upward downward far further "
    "yes oh ah o"
)
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS | PRONOUNS | AUXILIARIES | CONNECTIVES

HONORIFICS = words(
    "Mr Mrs Miss Ms Dr Sir Lady Lord Madame Madam Mme Mlle Monsieur Captain Colonel Major General Lieutenant "
    "Sergeant Inspector "
    "Professor Count Countess Baron Baroness Duke Duchess Prince Princess King Queen Emperor Empress Aunt Uncle "
    "Father Mother Sister "
    "Brother Cousin Reverend Rev Doctor Judge Master Mistress Saint St Squire Don Dona Signor Signora Herr Frau "
    "Fräulein Capt Col Gen Friar "
    "Lt Sgt Prof Cap'n Cap’n Mister Mistah Missus Missis Mis Marse Mas'r Mademoiselle Señor Señora Signorina "
    "Misto Jedge Cunnel Kunnel Missy Massa "
    "Admiral Commander Corporal Nurse Granny Grandfather Grandmother Old Little Young Poor Dear"
)
PRAISE = words("Great Wonderful Terrible Good Mighty Wise Famous Wicked Powerful")
LOOSE_TITLES = words("Old Little Young Poor Dear")
ABBREVIATIONS = words(
    "Mr Mrs Ms Dr St Messrs Mme Mlle Capt Col Gen Lt Sgt Prof Rev Hon Esq Jr Sr No Nos vol Vol pp etc viz i.e e.g "
    "cf Co Ltd Inc "
    "Sra Sres Srta Snr Sta Sto Exmo Mgr Frl Hr Hrn Dhr Mevr Mej Sig "
    "Mt Ave Jan Feb Mar Apr Aug Sept Oct Nov Dec ch fig Fig a.m p.m A.M P.M"
)
SPEECH_VERBS = words(
    "said asked replied answered cried exclaimed shouted whispered murmured remarked returned continued added "
    "inquired enquired "
    "declared observed called muttered screamed begged told laughed sobbed sighed growled roared spoke responded "
    "demanded explained "
    "says asks replies answers cries ejaculated announced retorted repeated suggested interrupted rejoined "
    "protested gasped yelled "
    "stammered thought nodded smiled"
)
BEAST_VERBS = words(
    "barked barking purred purring neighed whinnied bleated brayed wagged wagging clucked crowed "
    "quacked "
    "bark wag mewed miaowed chirped grazed grazing"
)
# Given names that are a people's name, too, in the list of peoples.
ALSO_GIVEN = words("Caroline Demetrius Fabian Frank Jerry Johnny Joseph Julian Karen Marian Pauline")
NEVER_NAMES = words(
    "Gawd Lawd Lor Heavens Goodness Tha Th Thou Thee Thy Thine Ye Yer Nowt Owt Summat "
    # as people of other parts say "and", "they", "well", and what is no word at all
    "En An Dey Dat Dis Dem Dese Dose Den Dah Dar Dere Deyre De Wid Wuz Whar Thar Wot Wal Waal Yas Yassir Yessir Yassum "
    "Naw Nope Yep Yeh Yus Hit Gwine Gwyne Ain't Hain't Cain't Jes Jist Jest Sho Bless Lordy Lawsy Laws Lud "
    "Fer Ef Nuthin Nuffin Sumfin Somepn Ow Oo Ooh Ouch Oof Ugh Sh Shh Pst Psst Tut Pooh Pshaw Bah Faugh Phew Whew "
    "Hm Hmm Humph Hum Ahem Ahoy Hi Ho Hurray Hooray Bravo Goodby Good-by Good-night Good-morning Howdy Farewell "
    "Adieu Damn Damme Confound Curse Gosh Golly Gee Jove Blimey "
    "I O Oh Ah Begone Chapter Book Part Volume Section Letter Note Appendix God Heaven Lord Christ Jesus Providence "
    "Devil Satan Bible Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October "
    "November December Christmas Easter Spring Summer Autumn Winter English French German Latin Greek Yes No Well "
    "Good Bad Dear "
    "Sir Madam Madame Mr Mrs Miss Dr Sirs Gentlemen Ladies Majesty Highness Excellency Honour Honor Worship "
    "Lordship Ladyship "
    "North South East West Northern Southern Eastern Western Telegram Journal Diary Illustration Gutenberg "
    "Project End Finis "
    "Come Go Stop Look Listen Thank Thanks Please Alas Hello Hallo Hullo Hurrah Hush Ha Hey Aye Ay Nay Amen "
    "Good-bye Goodbye So Thus "
    "Welcome Time Nature Death Life Love Fate Fortune Reason Truth Science Art Church State Law Parliament "
    "Government "
    "Street Road Lane Square Hill House Hall Court Park Bridge Station Hotel Inn Castle Abbey Street Avenue "
    "Island Mountain "
    "River Lake Sea Ocean Bay Forest Wood Valley City Town Village Country Land Kingdom Nay Oho Eh Um Er Today "
    "Tomorrow Yesterday Tonight Mem P.S Item Reading Very Your His Her Its Their My Our Never Ordnance "
    "Tis Twas Twill Twere Ere"
)
PLACE_HEADS = words(
    "Landing Creek Hollow Corners Crossing Ferry Ranch Gulch "
    "Street Road Lane Square Hill House Hall Court Park Bridge Station Hotel Inn Castle Abbey Avenue Island "
    "Islands Mountain "
    "Mountains River Lake Sea Ocean Bay Forest Wood Woods Valley City Town Village Country Land Kingdom Palace "
    "Tower Gate Gates "
    "Manor Cottage Farm Fields Field Common Heath Moor Pass Cape Harbour Harbor Port Pool Pond Mill Cliff Cliffs "
    "Sands Cross Place Terrace Row Gardens Garden Church "
    "Cathedral Chapel Tavern Coast Desert Plain Plains Cave Falls Point Head Hills Crescent Lodge Grange Asylum "
    "Hospital Yard Heights Hotels Mansion Station Junction Docks Dock Quay Wharf "
    "University College School Prison World Room Temple Sphinx Archipelago Straits Strait"
)
COLOURS = words(
    "red blue green yellow white black brown grey gray pink purple violet orange scarlet crimson golden gold "
    "silver silvery azure "
    "emerald amber ivory rosy ruddy tawny russet auburn blond blonde ebony jet snowy snow-white blood-red "
    "coal-black pale sallow "
    "swarthy dusky livid ashen lilac lavender mauve turquoise vermilion maroon bronze copper brass coppery bluish "
    "reddish greenish "
    "yellowish whitish blackish greyish grayish brownish pinkish purplish sandy flaxen hoary milky chestnut cream "
    "cobalt "
    "indigo magenta olive ruby sapphire pearl pearly colorless colourless many-colored many-coloured"
)
LIGHTS = words(
    "sunlight sunshine moonlight starlight daylight twilight dusk dawn sunset sunrise candlelight lamplight "
    "firelight gaslight "
    "torchlight light lights lamp lamps lantern lanterns candle candles torch torches fire flame flames glow "
    "glowing gleam gleaming "
    "gleamed glitter glittering glittered sparkle sparkling sparkled shone shining shine bright brightly "
    "brilliant dazzling dazzled "
    "dark darkness darkened gloom shadow shadows shadowy dim dimly moon stars sun lightning blaze blazing blazed "
    "flash flashed "
    "radiant luminous glimmer glimmering glimmered night midnight morning noon evening afternoon moonlit sunlit "
    "starlit sunny "
    "cloudy misty foggy fog mist haze"
)
LOOKS = words(
    "tall short small big large little tiny huge enormous great immense gigantic vast high low long wide broad "
    "narrow thick thin fat "
    "lean stout slender slim plump round square pointed sharp flat straight crooked curved bent hooked aquiline "
    "bushy curly shaggy "
    "hairy bald bearded clean-shaven wrinkled freckled smooth rough ragged tattered shabby neat old young aged "
    "ancient beautiful "
    "handsome pretty lovely ugly hideous wooden leather leathern woollen woolen silken velvet stone marble brick "
    "straw tin iron steel "
    "glass jeweled jewelled polished painted carved embroidered furry feathered scaly horned winged gaunt haggard "
    "bony muscular "
    "broad-shouldered massive heavy delicate graceful glossy bristly striped spotted patched faded bare naked "
    "gloved hooded masked "
    "cloaked dressed clad tangled matted stuffed leafy grassy rocky mossy snowy icy dusty muddy stony steep deep "
    "hollow bulging protruding "
    "twinkling piercing glassy"
)
PASSING_LOOKS = words(
    "wet dry tired bare heavy dead asleep hot cold open closed new full pale deep low flushed dead drenched "
    "red-hot same other wide narrow steep high long cloudy misty foggy dim dark bright black-hearted "
    "smaller larger bigger taller older younger thinner"
)
NOUNS_BY_HAND = {
    "animal": words(
        "whale lion wolf dog cat monkey mouse horse crow bird fish shark tiger bear fly flies bee stork cow pig "
        "rat bat snake beast spider "
        "fox rabbit sheep lamb goat donkey mule ox goose duck hen eagle owl raven frog elephant dragon"
    ),
    "food": words("beef mutton bread butter cheese"),
    "person": words(
        "man woman boy girl child lady gentleman fellow lad maiden crowd people king queen witch wizard scarecrow "
        "soldier giant "
        "fairy ghost vampire stranger traveller traveler guardian chauffeur shopgirl"
    ),
    "body": words(
        "arms arm beard moustache mustache whiskers hair eye eyes nose face head hand arm forehead brow lips "
        "cheek complexion tail wing claw paw horn mane fur"
    ),
    "nature": words(
        "cloud storm rain snow wind mist fog moon sun star sky fire flame smoke wave sunset sunrise moonlight "
        "sunshine lightning thunder cyclone ice"
    ),
    "place": words(
        "road path street house cottage hut castle palace room hall kitchen chamber parlour parlor cellar garden "
        "field forest wood "
        "river brook stream lake sea shore beach island hill mountain valley cliff rock cave desert prairie "
        "bridge gate wall tower town "
        "city village church inn farm barn yard deck ship-deck cabin library staircase stairs corridor doorway "
        "passage courtyard square "
        "meadow plain bank ditch gulf pit laboratory churchyard graveyard tomb chapel harbour"
    ),
    "item": words(
        "door window throne chair table bed lamp candle sword knife axe book letter basket box chest cart "
        "carriage wagon boat ship "
        "raft balloon fan mirror bell rope ladder key watch pipe crown ring oilcan oil-can bucket broom pole fence "
        "curtain machine lever clock harpoon cab bar coach hammock pedestal truck hookah "
        "postcard portmanteau suit-case jewel-case cask keg teacup sixpence halfpenny florin guinea "
        "toaster rocker knocker clapper trailer trawler calculator transmitter shaker slicer excavator"
    ),
    "stuff": words(
        "gold silver tin iron straw glass marble velvet silk leather brass stone wood brick diamond emerald ivory lace"
    ),
    "wear": words(
        "shoe hat cap coat cloak dress gown robe boot bonnet apron collar veil mantle spectacles belt mask glove sleeve"
    ),
    "plant": words("tree flower grass rose poppy leaf bush vine branch fruit blossom corn wheat daisy"),
}
NOT_NOUNS = words(
    "little like good great even back well just being thought might will can must may round past still near close "
    "off over down up "
    "through about so be do see go come get make take have had not now then here there right left kind sort thing "
    "things way "
    "day days time times moment minute hour year end part bit lot rest side top place places matter course use "
    "sight care help "
    "word words name voice look number half pair piece kind space room-mate point side sides middle front center "
    "centre distance "
    "direction line case fact order sound noise world state area region spot position corner-stone home abroad "
    "very second living "
    "blonde blond brunette "
    "black white red blue green yellow brown grey gray pink purple old young many few saw felt found ground-floor "
    "lay "
    "say must who most more in as at it a he have are best first last best dear poor single whole present sure "
    "certain whilst "
    "surface length edge story account question answer example idea article subject object scene set cast one two "
    "blow following dance "
    "midst rushing sitting tell told let make hold keep turn start stand run walk move break fall"
)
BLAND_PEOPLE = words(
    "man woman person people fellow boy girl child gentleman lady friend folk one creature soul being body men "
    "women children "
    "party company everyone companion guest guests others human crowd group enemy stranger son daughter father "
    "mother brother sister wife husband uncle aunt cousin sir master mate nobody baby "
    "creature creatures animal animals beast beasts coward leader passenger patient attendant voice"
)
PLAIN_ADJECTIVES = words(
    "little old young big poor great good small large whole other dear two three few strange queer fine real"
)
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
VAGUE_PLACES = words(
    "corner side place world region quarter area space top bottom distance end position spot ground edge center "
    "left right front line"
)
BLAND_THINGS = words(
    "heaven origin source site whereabouts destination "
    "thing object piece part article machine-part set kind matter line way lot number stuff work play point mark "
    "course form "
    "paper page letter word sheet note side floor ceiling roof wall door window step stair seat surface opening "
    "entrance edge "
    "corner table chair bed bedroom room place hand world ground land house head home spot station position "
    "country earth "
    "street town city village building yard region quarter square end space bottom chamber pocket pockets clothes "
    "office passage-way spot block area top distance outside inside left line"
)
PASSING_PLACES = words(
    "bank ditch hole slope structure passage step steps room rooms rock rocks gate horizon hill field hall pier bar"
)
ABSTRACT_HINTS = words(
    "if would could should might may perhaps because therefore thought think believe believed know knew hope "
    "hoped wish wished "
    "suppose supposed idea reason opinion matter truth fact subject question understand mean meant seem seemed "
    "doubt doubtless "
    "whether consider explain remember forget promise never always why probably possible possibly apparently certainly "
    "evidently"
)
ADJECTIVE_ENDINGS = ("ous", "ful", "less", "ish", "able", "ible", "ern", "esque", "like")

IRREGULAR_PLURALS = _pairs(
    "man:men woman:women child:children foot:feet tooth:teeth mouse:mice goose:geese ox:oxen louse:lice die:dice "
    "gentleman:gentlemen policeman:policemen workman:workmen wolf:wolves leaf:leaves knife:knives wife:wives "
    "life:lives thief:thieves "
    "shelf:shelves half:halves loaf:loaves calf:calves self:selves elf:elves hoof:hooves scarf:scarves"
)
IRREGULAR_VERBS = _pairs(
    "go:went,gone come:came see:saw,seen say:said stand:stood sit:sat run:ran take:took,taken give:gave,given "
    "foresee:foresaw,foreseen make:made "
    "find:found think:thought tell:told get:got,gotten know:knew,known begin:began,begun leave:left feel:felt "
    "bring:brought "
    "keep:kept hold:held hear:heard fall:fell,fallen lie:lay,lain rise:rose,risen throw:threw,thrown "
    "draw:drew,drawn break:broke,broken "
    "speak:spoke,spoken wear:wore,worn tear:tore,torn bear:bore,borne swim:swam,swum sing:sang,sung "
    "ring:rang,rung spring:sprang,sprung "
    "drink:drank,drunk sink:sank,sunk shrink:shrank,shrunk fly:flew,flown grow:grew,grown blow:blew,blown "
    "ride:rode,ridden "
    "drive:drove,driven write:wrote,written strike:struck,stricken stick:stuck swing:swung cling:clung "
    "fling:flung hang:hung "
    "catch:caught teach:taught buy:bought fight:fought seek:sought sleep:slept weep:wept creep:crept sweep:swept "
    "leap:leapt "
    "lead:led meet:met flee:fled feed:fed bend:bent send:sent spend:spent lend:lent build:built lose:lost "
    "shoot:shot shake:shook,shaken "
    "wake:woke,woken choose:chose,chosen freeze:froze,frozen steal:stole,stolen hide:hid,hidden bite:bit,bitten "
    "eat:ate,eaten "
    "shine:shone win:won dig:dug spin:spun wind:wound bind:bound grind:ground light:lit slide:slid spit:spat "
    "stride:strode "
    "become:became understand:understood forget:forgot,forgotten swear:swore,sworn lay:laid pay:paid sell:sold "
    "mean:meant deal:dealt "
    "kneel:knelt dream:dreamt show:shown do:did be:was,were"
)

# Word of the text -> what the mood is called.
MOODS = {
    name: words(text)
    for name, text in {
        "joyful": "joy joyful joyfully merry merrily glad gladly happy happily delight delighted delightful "
        "laughed laughing laughter "
        "cheerful cheerfully gay gaily smiling dancing danced sang singing rejoiced pleasant",
        "sorrowful": "sad sadly sorrow sorrowful sorrowfully wept weeping tears sobbed sobbing grief mournful "
        "mourning lonely forlorn "
        "despair despairing miserable melancholy unhappy dreary desolate",
        "fearful": "fear feared fearful frightened afraid terror terrified terrible terribly dread dreadful "
        "horror horrible horrid "
        "trembling trembled scream screamed shriek shrieked alarm alarmed ghastly panic shuddered",
        "menacing": "fierce fiercely savage wicked cruel angry angrily rage fury furious furiously threatening "
        "menacing sinister evil "
        "malignant snarling growl growled roar roared",
        "mysterious": "strange strangely mysterious mystery curious curiously weird uncanny secret magic "
        "enchanted ghostly unearthly "
        "vague silent silently",
        "peaceful": "peace peaceful peacefully quiet quietly calm gentle gently softly soft sleeping asleep "
        "rested tranquil "
        "serene stillness fragrance sweet",
        "solemn": "solemn solemnly grave gravely stern sternly majestic reverence awful awe earnest dignified",
        "gloomy": "gloomy gloom dismal dark darkness bleak grim sombre somber shadows dull",
        "wondrous": "wonder wonderful wondrous marvelous marvellous dazzled dazzling splendid magnificent "
        "brilliant glorious beautiful "
        "lovely amazed amazement gorgeous astonished",
        "urgent": "hurried hurriedly haste hastily suddenly rushed rushing ran running fled dashed leaped leapt "
        "sprang crash crashed "
        "struggled struggling fight fighting seized chase pursued swiftly galloped",
        "weary": "tired weary wearily exhausted faint worn fatigue",
    }.items()
}
# Word of the text -> the time of day it proves.
TIMES = {
    "night": words("night midnight moonlight moon stars starlight moonlit starlit nightfall"),
    "dusk": words("dusk twilight sunset gloaming nightfall"),
    "dawn": words("dawn daybreak sunrise"),
    "morning": words("morning"),
    "noon": words("noon midday noonday"),
    "afternoon": words("afternoon"),
    "evening": words("evening"),
    "day": words("daylight sunlight sunshine sun sunny sunlit"),
}
# What makes the light, as the passage says it, strongest first.
LIGHT_SOURCES = _listed(
    "moonlight moonlit starlight sunlight sunshine sunlit sunny candlelight lamplight firelight gaslight "
    "torchlight twilight lightning candle "
    "candles lamp lamps lantern lanterns torch torches fire flames flame blaze blazing dazzling brilliant bright "
    "shining "
    "glittering sparkling glow glowing gleaming gleam dark darkness gloom shadow shadows shadowy dim dimly mist "
    "fog misty foggy cloudy"
)
