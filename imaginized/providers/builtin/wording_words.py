"""The words by which `wording` tells a sentence that a reader would quote from one that only leads on. English only."""

import re

from imaginized.providers.builtin.vocabulary import words

# What moves who reads it: the heart, life and death, right and wrong, the strange.
STIRRING = words(
    "love loves loved hate hatred hated fear fears feared terror horror joy grief despair passion pity shame rage "
    "fury wrath death die dies died dying dead kill killed murder murdered murderer slain blood heart hearts soul "
    "souls god heaven hell devil curse cursed accursed damned bless blessed pray prayed prayer tears wept weep "
    "weeping sobbed sob forgive forgiven revenge vengeance betrayed betray traitor treason liar truth dream dreams "
    "ghost ghosts mad madness fool fools folly lonely ruin ruined sin sins doom doomed destroy destroyed "
    "destruction terrible dreadful horrible awful hideous ghastly wonderful glorious splendid magnificent strange "
    "wild fierce bitter cruel cruelty merciless desperate eternal immortal hopeless misery miserable agony anguish "
    "torture suffering suffer suffered coward cowards brave courage honour honor glory freedom free slave slaves "
    "prisoner grave tomb youth beauty beautiful lovely sweetheart darling beloved adore kiss kissed enchanted "
    "enchantment silence darkness storm thunder lightning fire flame flames abyss shadow shadows happiness happy "
    "wicked villain scoundrel wretch monster mystery mysterious fate destiny treasure enemy enemies battle trembled "
    "trembling shuddered shudder scream screamed shriek shrieked wound wounded triumph contempt scorn despise "
    "despised dignity pride proud jealous jealousy desire longing innocent innocence guilty guilt conscience "
    "conquer defy worship vain vanished poison poisoned nightmare haunted revolt splendour splendor humiliation "
    "remorse rapture ecstasy loathing disgust astonished astonishment amazement incredible miracle"
)
# Such a word as it is said every day: "your honour", "suffer me to go", "sat by the fire".
HOLLOW = re.compile(
    r"\b(?:free (?:from|of)|suffer(?:ed)? (?:me|him|her|us|them|you) to|i (?:fear|dare)\b(?=[,;.])|by heart|love to|"
    r"(?:your|his|her) honou?r|in honou?r of|dead (?:tired|sure|certain)|i pray(?= you| thee)|"
    r"(?:to|by|before|near|over|at|from|of|round|beside) the fire)\b"
)
# No likeness: "as a rule", "he did not like the look", "seemed to have".
NO_LIKENESS = re.compile(
    r" as an? (?:rule|matter|whole|result|consequence|guest|means|sign|precaution|favou?r)\b| seemed to (?:have|be) |"
    r"(?: not| to| would| should| i| you| we| they|n’t|n't|’d|'d) like (?=(?:an?|the|some) )"
)
# Of a thing they say only that it is good or bad.
PRAISING = words("wonderful glorious splendid magnificent beautiful lovely terrible dreadful strange horrible awful")
# What a lamp does, too.
SHINING = words("gleam glitter shine flash flame burn blaze glow")
# What a hand does, too, to a hat or a letter.
HANDLING = words("break throw fling toss tear drag swing roll sweep pour seize strike snap sink")
LANDSCAPE = words(
    "river brook stream lake sea ocean shore beach island hill mountain valley cliff rock cave desert prairie meadow "
    "plain moor heath forest wood jungle field slope peak glacier waterfall marsh swamp coast bay ruin horizon"
)
# Of nature, and in a room as well.
INDOORS = words("shade light shadow fire smoke heat draught flame glow air darkness dust")
# It happens at a stroke.
SUDDEN = words("suddenly instantly abruptly violently fiercely frantically furiously wildly headlong")
# Whoever says so means all of it.
ABSOLUTE = words("never nothing nobody forever always everything every none nowhere evermore")
# A rule of life: of men in general, in the present.
GENERAL = words("man men woman women people life love youth world nature nothing nobody everybody one death time heart")
RULING = words("is are has have does do makes make can cannot must always never comes come knows know")
TURNING = words("but yet until till only unless without")
# Before or after a speech: how it was said tells more than that it was.
VOICED = words(
    "cried sobbed whispered groaned moaned gasped roared shouted screamed shrieked yelled thundered wailed pleaded "
    "sighed burst exclaimed muttered hissed growled howled"
)

# Meals, business, coming and going, the clock: what leads from one moment to another.
BUSINESS = words(
    "breakfast lunch luncheon dinner supper tea coffee soup dessert dishes waiter butler bill appointment engagement "
    "interview arrangement arrangements arranged telegram telephone telephoned address luggage baggage trunks ticket "
    "tickets train trains station cab taxi o'clock tomorrow to-morrow today to-day tonight to-night yesterday monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july august september october "
    "november december week weeks fortnight month months year years afternoon o'clock noon pounds shillings dollars "
    "cents francs guineas miles acres feet inches yards per cent office clerk hotel newspaper newspapers paper papers "
    "page chapter committee meeting club company firm salary wages rent price report reported visit visited visitors "
    "call called invited invitation journey journeyed travelled traveled arrived arrival returned proceeded "
    "accompanied passengers upstairs downstairs purchased bought sold hired inquired enquiries inquiries information "
    "particulars circumstances purpose aforesaid accordingly business accounts lawyer solicitor consulted notes"
)
# What is said to be polite, or to get something done.
COURTEOUS = words(
    "please thank thanks pardon welcome oblige obliged kindly goodbye good-bye good-night goodnight sorry excuse "
    "sir ma'am madam miss mister gentlemen introduce acquaintance morning evening yes oh well no ah certainly perhaps "
    "probably suppose think fancy guess presume means mean meant remember recollect"
)
# They lean on what was said before.
LEANING = {
    **dict.fromkeys(
        words("also however therefore thus then besides moreover meanwhile accordingly otherwise likewise"), 0.6
    ),
    **dict.fromkeys(words("such same other another others either neither instead else rather already both"), 0.8),
    **dict.fromkeys(words("still latter former rest next second third mine hers yours ours theirs"), 0.85),
    **dict.fromkeys(words("here said aforesaid matter thing things affair case idea way"), 0.72),
    "so": 0.8,
    "too": 0.6,
    **dict.fromkeys(words("ones did didn't do does doing done"), 0.85),
}
FIRST_LEANING = {
    **dict.fromkeys(words("and so for then or nor yet this that these those such they them there which"), 0.7),
    **dict.fromkeys(words("therefore thus however also besides moreover meanwhile here both now"), 0.6),
    **dict.fromkeys(words("yes no well oh ah but as even perhaps indeed certainly truly nay why"), 0.85),
}
# They lead from the sentence before to the words after them, which may lean themselves.
LINKING = words("and so for but then yet indeed certainly truly nay why well yes no oh ah")
HE = words("he him his himself he's he'd he'll")
SHE = words("she her herself hers she's she'd she'll")
THEY = words("they them their theirs themselves they're they've they'd they'll")
IT = words("it its itself it's it'll that's")
HABIT = words("usually often sometimes generally seldom frequently occasionally mostly")
# They say when or how by what was told before.
LEADING = (
    "of course", "at the time", "just now", "as usual", "as before", "in question", "to say the least", "at present",
    "for the moment", "at any rate", "after all", "in fact", "i suppose", "you know", "you see", "i say", "as you",
    "not by", "by the way", "for instance", "for example", "in this", "at least", "so far", "as well", "i tell you",
    "one day", "the next ", "after this", "day after", "as i have", "i have said", "i happened", "i forgot",
    "no one else",
)  # fmt: skip
