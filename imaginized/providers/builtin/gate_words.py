"""The words by which `gate` knows what does not happen here and now. Data only, English."""

from imaginized.providers.builtin.vocabulary import words

# A full stop within a sentence is of an abbreviation.
STRONG_STOPS = frozenset(";:!?—…")
# A clause ends before these; "and" only where somebody begins to do something.
JOINTS = words("but except save yet though although because while whilst until till when whenever where so for")
# These join clauses only after a comma: "an invisible yet heated finger", "waited for the boat".
LOOSE_JOINTS = words("yet so for")
SUBJECTS = words("he she i they we it you who there")
ADVERBS_BETWEEN = words(
    "often sometimes almost scarcely hardly quite so not never always just only ever also already still now then "
    "once all both even at last first twice recently lately previously"
)

# like a …
WOULD_LIKE = words(
    "would should could did do does didn't don't not to i you we they i'd you'd he'd she'd we'd they'd really "
    "never always who"
)
NO_SIMILE = words("soon well far long much many often possible quickly fast before usual follows")
STANDING = words("on at upon into across through over before")
# Places of anybody's comparison.
ANYWHERE = words(
    "sea ocean sky desert wilderness forest wood air water wind earth world grave tomb street field mountain"
)
LIKENING = words("resemble remind suggest")
MERE = words("perfect regular mere veritable very sort kind type")
FIGURES = words(
    "sea ocean flood river stream torrent shower storm tempest hail mountain forest wave gust whirlwind cloud "
    "thunder "
    "flash lightning ray gleam spark flame fire shadow world tide avalanche blaze deluge volley mine desert "
    "wilderness "
    "web net chain wall mask veil cloak mantle heart jaws teeth arms bosom mouth foot head brow lap tower army"
)
FEELINGS = words(
    "heart soul mind spirit breast bosom brow face faces eye eyes voice smile temper anger wrath passion grief tears "
    "applause laughter words love hope body veins blood nerves limbs "
    "opal ruby diamond emerald sapphire jewel jewels gem gems pulse "
    "joy rage fury indignation protest reproach abuse oaths questions feeling "
    "feelings "
    "emotion emotions thought thoughts memory conscience cheeks fate fortune life youth despair doubt pain "
    "trouble war "
    "revolution politics genius glory fame silence scorn contempt pity look glance manner"
)
WEATHERED = words(
    "storm tempest cloud thunder lightning shower flood sunshine sunny frost frosty icy ice fog mist gloom shadow "
    "dark "
    "darkness light bright fire flame blaze flash gleam ray wind gust breeze rain snow spring summer winter "
    "autumn sun star "
    "night dawn thunderstorm hurricane cyclone whirlwind gale"
)
METAPHOR_BEASTS = words(
    "lion tiger lamb angel devil serpent wolf fox hawk eagle dove ass pig dog cat beast brute worm snake goose "
    "monkey "
    "bird flower rose star sun rock tower ghost fiend demon vampire machine iron stone ice mask picture baby child"
)

BLOWING = words(
    "beat fell blew drove poured came rose howled roared rushed struck swept lay hung burned burnt shone was had "
    "whirled"
)

# no, not, without
DENIALS = words(
    "not never nor neither no nobody none nothing without cannot can't couldn't wouldn't don't didn't doesn't wasn't "
    "weren't isn't aren't hadn't haven't hasn't won't shan't shouldn't mustn't needn't except"
)
DENIED_CLAUSE = DENIALS - words("no nor neither without none except")
AFTER_NOT = words(
    "more only long far till until merely unlike unfrequently infrequently seldom always quite later less"
)
AFTER_NO = words("sooner doubt wonder matter longer less other further more")
NEGATIVE_VERBS = words("refuse fail forbid cease avoid prevent decline deny miss lack neglect omit forbear abstain")
ENDING_VERBS = words("stop finish quit")
HARDLY = words("hardly scarcely barely")
HAPPENED = words("when before than ere")  # "had hardly sat down when": he did
INSTEAD = (
    ("instead", "of"),
    ("rather", "than"),
    ("lack", "of"),
    ("absence", "of"),
    ("want", "of"),
    ("quest", "of"),
    ("search", "of"),
)
# "never had she seen such a storm", "never in his life had he seen a river before": now she and he do.
EVER = (words("before had have"), words("before"))
# "could not help laughing", "never had she seen such a storm"
HELPLESS = words("help but choose refrain resist")
PERCEIVED = words("see hear feel smell make discern distinguish perceive")

# had been, used to, once
PAST_TIMES = (
    ("long", "ago"), ("years", "ago"), ("year", "ago"), ("days", "ago"), ("weeks", "ago"), ("months", "ago"),
    ("hours", "ago"), ("time", "ago"), ("in", "those", "days"), ("last", "night"), ("last", "week"), ("last", "year"),
    ("last", "month"), ("last", "summer"), ("last", "winter"), ("last", "spring"), ("last", "autumn"),
    ("the", "day", "before"), ("the", "night", "before"), ("the", "evening", "before"), ("once", "upon"),
    ("in", "my", "youth"), ("in", "his", "youth"), ("in", "her", "youth"), ("as", "a", "boy"), ("as", "a", "child"),
    ("as", "a", "girl"), ("was", "a", "boy"), ("was", "a", "child"), ("was", "a", "girl"), ("were", "children"),
    ("used", "to"), ("in", "old", "days"), ("of", "old"), ("in", "the", "old", "days"), ("years", "before"),
    ("days", "before"), ("weeks", "before"), ("months", "before"), ("the", "previous", "night"),
)  # fmt: skip
PAST_WORDS = words("yesterday formerly erstwhile")
HABITS = (
    ("every", "day"), ("every", "morning"), ("every", "evening"), ("every", "night"), ("every", "year"),
    ("each", "day"), ("each", "morning"), ("each", "night"), ("every", "week"), ("every", "sunday"),
    ("on", "sundays"), ("from", "time", "to", "time"), ("at", "times"), ("as", "a", "rule"),
)  # fmt: skip
HABIT_WORDS = words("usually generally seldom rarely habitually whenever")
MEALS = words("breakfasted lunched dined supped")
# What had been going on and still is: "since noon", "for hours", "all night".
GOING_ON = words("since still throughout")
SPANS = words(
    "time while minute minutes hour hours day days night nights week weeks month months year years morning afternoon "
    "evening"
)
LASTING = words("for all whole some these many several long a an")
# Participles that look like the verb itself.
BARE_PARTICIPLES = words(
    "run come become put set cut hit shut let read burst spread cast hurt split shed beat bid overcome rid"
)
AT_ONCE = words("next instant hardly scarcely barely sooner")
# "that evening" opens no clause.
MOMENTS = words("evening night day morning time afternoon moment same very instant hour week year one way side")
REMEMBERING = words("remember recollect recall reminisce")

# if, would, to …
MODALS = words(
    "would should could might may shall will must ought wouldn't shouldn't i'll you'll he'll she'll we'll they'll"
)
CONTRACTED = words("i'd he'd she'd we'd they'd you'd")
SUPPOSING = words("if unless lest whether perhaps maybe supposing provided")
WISHING = words(
    "wish want hope intend expect fear dread imagine fancy suppose dream long desire plan resolve promise "
    "threaten prepare "
    "decide determine need mean propose foresee"
)
ABOUT_TO = (("point", "of"), ("verge", "of"), ("eve", "of"))
EXPECTANT = words("afraid anxious eager ready about likely sure certain impatient liable due bound")
COMMON_VERBS = words("be have do get go see take come make look")  # not all of them are verbs for the lexicon
# "began to climb", "stooped to kiss her" happen, "went to fetch a lamp" has not happened yet.
DONE_TO = words(
    "begin beginning start continue seem come happen proceed manage use appear turn stoop lean bend pause stop "
    "kneel rise stand rush run "
    "spring step hasten reach dare get have make help succeed set able grow live wake learn forced obliged compelled "
    "time surprised astonished amazed glad sorry pleased delighted first last left heard seen fall sit leap "
    "jump bound go had has having love try strive attempt struggle "
    "endeavour endeavor"
)
SEEKING = words(
    "wait look search ask long call wish send pray beg yearn hope sigh cry money made used fit bound start leave"
)
SOUGHT = words("seek fetch want need order lack await")

# "saw himself going along it": in the mind, but not so in a glass
ONESELF = words("himself herself themselves myself ourselves itself")
SEEING_ONESELF = words("see picture imagine fancy conceive figure")
MIRRORS = words("mirror glass looking-glass mirrored reflected reflection water pool pane window")

# said that, the picture of
TELLING = words(
    "say tell hear think know believe report explain relate write read learn declare assure inform answer reply "
    "argue "
    "mention state announce swear confess admit insist suspect reflect understand remark conclude consider "
    "describe doubt "
    "guess pretend persuade convince warn remind observe suggest agree forget assert beg ask wonder inquire"
)
ABOUT = words("of about concerning regarding")
TELLING_OF = TELLING | words("talk speak dream complain boast sing converse discourse chat gossip hint treat")
DEPICTED = words(
    "picture portrait painting photograph story tale news account description rumour rumor legend idea thought "
    "name memory "
    "fear love hope image likeness vision dream sense history tidings notion prospect talk sketch engraving drawing "
    "statue word tales stories sort kind recollection promise threat danger chance habit mention question sign "
    "hint song "
    "map symbol possibility necessity intention sake sound noise cry"
)
# "saw in his mind", "pictured in her fancy"
WITHIN = words("mind mind's imagination fancy dream dreams memory thoughts")
SEEN_WITHIN = words("saw see seeing seen watched beheld heard pictured figured had met")
# "in imagination", "in his fancy", "mentally"; who stands "in thought" or "in spirit" after its verb stands there
IN_MIND = words("mentally imagination fancy spirit thought thoughts mind mind's dream dreams")
BARELY_IN_MIND = words("imagination fancy spirit")
CLAUSE_OPENERS = words("that how why what whether if")

# Whole phrases that mean something else than their words.
IDIOMS = tuple(
    tuple(line.split())
    for line in """
in the same boat|all at sea|under the sun|by and by|over the moon|blue moon|on the other hand|on the one hand
hand in glove|lend a hand|gave a hand|head over heels|break the ice|broke the ice|set foot|hold your tongue
held his tongue|held her tongue|hold his tongue|come to light|came to light|brought to light|bring to light
in the light of|in this light|in that light|in a new light|throw light|threw light|see the light
on the face of it|in the face of|castles in the air|castle in the air|wild-goose chase|wild goose chase
the key to|key of the mystery|in the dark about|in cold blood|cold blood|at the bottom of it
fire away|set on fire with|turn the tables|turned the tables|the last straw|rain or shine|under a cloud
in deep water|in hot water|hot water|pick holes|at heart|by heart|took heart|take heart|lose heart|lost heart
heart and soul|in the long run|at one blow|at a stroke|at the point of|on the point of|point of view
matter of course|play the game|playing the game|game was up|the game is up|cut and dried|by the way|under way
give way|gave way|make way|made way|in his way|in her way|in my way|on the spot|at a loss|take the field
took the field|in the field of|hold water|by Jove|by George|by heaven|for heaven's sake|what the devil
poor devil|dead of night|dead to the world|under the hand of|at the hands|out of hand|by the board
all on board with|on the eve of|on the verge of|at the height of|in the teeth of|eat his words|hand to mouth
beside himself|beside herself|up in the air|heart sank|heart leaped|heart leapt|heart stood|heart fell
spirits fell|spirits rose|fell in love|fall in love|fell silent|fell a prey|caught sight|catch sight|lost sight
caught cold|catch cold|caught her breath|caught his breath|caught my breath|held his breath|held her breath
held my breath|drew breath|drew a breath|drew a long breath|took his breath|struck dumb|struck me|struck him
struck her|struck one|struck two|struck three|struck four|struck five|struck six|struck seven|struck eight
struck nine|struck ten|struck eleven|struck twelve|struck midnight|ran high|ran short|bear in mind
bore in mind|kept house|keep house|ran away with|flew into|carried out|threw himself into the
shot a glance|shot a look|cast a glance|cast a look|cast an eye|raise the wind|stand for|stood for|stood in need
on the part of|the shadow of a|shadow of doubt|not a soul|a living soul|bird's eye|cat's paw|dog's life
in the bud|root and branch|turn over a new|over a new leaf|sow his|wild oats|a feather in|under his wing
under her wing|take wing|kill two birds|count your chickens|the lion's share|crocodile tears|let the cat
rain cats|cats and dogs|smell a rat|white elephant|black sheep|dark horse|high horse|put the cart|in the saddle
spurred on by|the reins of|bit between|clean breast|cold shoulder|thick and thin|skin and bone|tooth and nail
long face|make a face|made a face|show his face|to his face|lip service|neck and neck|from hand to
a stone's throw|leave no stone|stone dead|stone deaf|stone cold|cross swords with|at daggers|hammer and tongs
between the devil|plain sailing|sail under|take the wind|which way the wind|ill wind|steer clear|on the rocks
tide over|stem the tide|turn of the tide|drop in the|make hay|beat about the bush|through fire and
fire and water|fat was in|the fat is|out of the frying|pot calling|burn his|burnt his|burned his|candle to
hold a candle|game was not|burn the candle|play with fire|red letter|man of letters|by the book|in his books
good books|bad books|a cast of|no man's land|tug of war|on fire to|cut a figure|at sea about|in a whirlwind of
played the devil|for dear life|first on the field|held the field|keep the field|kept the field|quitted the field
""".strip()
    .replace("\n", "|")
    .split("|")
    if line
)
