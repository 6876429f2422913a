"""Words that say how somebody looks, and noun phrases made of them: "a stout man of forty", "dark eyes". English."""

from collections.abc import Mapping
from typing import NamedTuple

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Sentence, Token

MOST_MODIFIERS = 8
BODY = vocabulary.words(
    "arm arms beard braid braids brow brows build bust cheek cheeks chest chin complexion countenance curl "
    "curls ear ears eye eyebrow eyebrows eyelash eyelashes eyelids eyes face feature features feet finger fingers "
    "foot forehead form frame freckles fur hair hand hands head height horns jaw jaws lashes leg legs limbs lip "
    "lips locks mane moustache moustaches mouth mustache muzzle nails neck nose nostrils paws person physique "
    "plait plaits profile ringlets scar shape shoulders skin snout stature tail teeth temples throat toes torso "
    "tresses trunk visage waist whisker whiskers wrinkles wrists figure proportions lock wig shins calves "
    "complexions knuckles stubble"
)
# Measures of the whole body: "a man of middle height".
MEASURES = vocabulary.words(
    "height stature build size figure frame countenance complexion make proportions face features aspect "
    "appearance colour color hue tint shade tone age years visage physique form"
)
WEAR = vocabulary.words(
    "apron belt bonnet boots breeches buckles cape cap cloak clothes coat collar cravat dress earrings eye-glass "
    "eye-glasses frock frock-coat gaiters garments glasses gloves gown hat helmet hood jacket jersey kerchief "
    "knickerbockers lace livery mantle mask muslin necktie neckcloth necklace overcoat overalls petticoat ring "
    "rings robe robes sash shawl shirt shoes skirt slippers smock spectacles stockings suit sweater tie trousers "
    "tunic turban uniform veil vest waistcoat wig pince-nez monocle patch ribbon ribbons jeans sombrero nightcap "
    "crutch"
)
# What is worn every day of a life.
ALWAYS_WORN = vocabulary.words(
    "eye-glass eye-glasses glasses spectacles pince-nez monocle wig patch crutch uniform livery turban"
)
PEOPLE = vocabulary.words(
    "man woman boy girl lady gentleman fellow lad lass child youth maiden person personage creature chap "
    "youngster dame old-timer individual figure widow spinster matron urchin baby infant thing bundle slip wisp "
    "scrap mite bulldog specimen"
)
HERS = vocabulary.words(
    "woman girl lady lass maiden wife widow spinster matron mother daughter sister aunt dame niece queen princess "
    "housekeeper nurse governess actress countess duchess mistress madam blonde damsel brunette landlady virago nun "
    "heroine belle hostess nymph matron hag crone granny grandmother bride"
)
HIS = vocabulary.words(
    "man boy lad gentleman fellow husband widower father son brother uncle nephew king prince chap squire captain "
    "sailor soldier footman butler monk clergyman parson curate priest baronet youth old-timer actor count duke"
)
ROLES = vocabulary.words(
    "squire doctor captain professor colonel inspector baronet major general count stranger visitor newcomer "
    "guest servant butler clerk soldier sailor officer priest nurse maid cook coachman driver landlord landlady "
    "companion"
)
# Nouns that by themselves tell how one looks.
TELLING = vocabulary.words(
    "dwarf giant hunchback blonde blond brunette cripple mulatto gypsy gipsy setter terrier husky spaniel mastiff "
    "collie greyhound bulldog hound pony mare stallion colt tomcat tabby kitten parrot raven urchin"
)
BEASTS = vocabulary.words(
    "dog horse cat pony mare wolf bear bird hound setter husky terrier colt stallion beast animal"
)
LASTING = vocabulary.words(
    "tall short small big large little tiny huge enormous thin fat lean stout slender slim plump round square "
    "crooked bent hooked aquiline roman bushy curly curling wavy shaggy hairy bald bearded clean-shaven wrinkled "
    "freckled smooth rough ragged shabby neat old young aged beautiful handsome pretty lovely ugly hideous gaunt "
    "bony muscular broad-shouldered massive graceful glossy bristly patched bulging protruding piercing glassy "
    "rugged dwarfish dapper portly burly sinewy wiry stooping swarthy stocky weazened wizened homely effeminate "
    "delicate robust obese strapping lanky gangling comely plain ungainly angular thick-set thickset well-made "
    "well-built middle-aged elderly youthful florid rubicund sunburnt sunburned tanned weather-beaten hale "
    "smallish prim blonde dainty unshaved unshaven girlish boyish spare diminutive corpulent lame hunchbacked "
    "blind tidy threadbare stalwart lightish nimble flabby puffed puffy elegant fair dark dark-haired "
    "light-haired light sharp-featured lank straight long pointed flat thick narrow broad low high heavy "
    "prominent curved regular irregular sunken hollow deep-set bright grim stern sour hard coarse bluff jetty "
    "hoary matted cropped grizzled grizzling strong powerful athletic well-grown overgrown good-looking "
    "fine-looking ill-looking odd-looking queer-looking respectable-looking funny-looking dusty dingy greasy "
    "bow-legged knock-kneed one-legged one-eyed toothless smooth-shaven refined shrivelled shriveled withered "
    "scraggy scrawny skinny puny sturdy brawny hulking shapely buxom rosy-cheeked snub receding arched cadaverous "
    "emaciated sallow tawny ruddy swollen scarred pitted pock-marked bloated chubby podgy tubby willowy petite "
    "shapeless gray-headed grey-headed iron-gray iron-grey fresh-complexioned ample bristling fleshy frail "
    "fragile frizzled frizzy sleek slight slightly-built well-knit loose-limbed clumsy stately tattered medium "
    "middle-sized undersized deformed misshapen venerable consumptive knotted gnarled veined bloodshot squinting "
    "cross-eyed squint-eyed tow-headed dignified impassive malevolent evil cunning keen shrewd sallow-faced "
    "full-lipped snow-white silken silky finely cut chiselled chiseled sensitive delicately classic grecian pug "
    "strong-featured horn-rimmed gold-rimmed spectacled powdered well-dressed ill-dressed shining sparkling "
    "twinkling merry mild soft looking large-featured wide goodly hearty healthy strongly-marked strongly "
    "blue-eyed womanly manly striking attractive hatchet pinched peaked lined rounded dimpled sinister villainous "
    "repulsive forbidding dreamy expressive limpid lustrous liquid magnificent"
)
# Tell nothing alone, but may stand among others.
WEAK = vocabulary.words(
    "sensitive impassive malevolent refined powerful rough shrewd merry expressive dreamy classic healthy hearty "
    "looking fine great good nice poor dear own same other little low high hard deep full light heavy evil wide "
    "soft keen goodly strong bright magnificent long merry mild cunning old young hot round strongly cut pointed "
    "puffed lined pitted narrow hollow"
)
PASSING = vocabulary.words(
    "wet dry tired asleep hot cold flushed pale white red livid ashen drenched bare sleepy weary worn ill sick "
    "dead trembling breathless dishevelled disheveled excited angry sad smiling frowning startled frightened "
    "faint drunk crimson scarlet black green blue purple dusty muddy bloody damp tearful swollen bandaged "
    "clenched outstretched bowed naked barefoot bareheaded drawn set wild dull haggard bent grave stern grim "
    "bright shining sparkling hard sour soft dark heavy lined pinched burning glowing blazing cool warm wan "
    "ghastly quiet awake frozen stiff new best fresh shut open closed colourless colorless folded rapt uplifted "
    "upturned upraised averted bloodshot sore aching wide-eyed white-lipped open-mouthed red-eyed wet-eyed tear-stained"
)
DEGREES = vocabulary.words(
    "very rather quite somewhat nearly almost little slightly so too exceedingly extremely remarkably strikingly "
    "decidedly singularly uncommonly perfectly prematurely fairly all most well moderately thoroughly not"
)
AGES = vocabulary.words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
    "sixty seventy eighty ninety"
)
FEW_YEARS = vocabulary.words("one two three four five six seven eight nine")
# Features that stay as they are: of these "was black" lasts.
STEADY = vocabulary.words(
    "hair eyebrows beard whiskers nose skin complexion figure height build forehead chin teeth lashes mustache "
    "moustache features"
)
OF_WORDS = vocabulary.words("a an the same about some and or perhaps his her")
# Before a noun of the body, and nothing to see: "his own hand", "a good head".
UNSEEN = vocabulary.words(
    "own other same such whole very only mere right left first last next new better best worse worst good bad "
    "dear poor certain true false real usual common particular human free ready able willing different similar "
    "empty open shut another calm sober serious solemn cheerful happy anxious thoughtful earnest eager impatient "
    "main chief present former late early sudden sharp warm cold"
)
MEASURED = ("middle", "medium", "average", "ordinary", "moderate", "common")
# "eyes were …": these are their own; of the rest of the body, sizes are, too, but not of what opens and closes.
EYE_COLOURS = vocabulary.words("blue brown grey gray green hazel black dark violet")
SIZES = vocabulary.words("long large small little big wide broad round thin full high low heavy")
OPENING = vocabulary.words("eye eyes face hand hands head")
# One of two, with "a" before it, is a manner of speaking: "with a firm hand", "a keen eye for it".
ONE_OF_TWO = ("hand", "eye", "ear", "foot")
# Not so of one that is made or hurt: "a glass eye", "a withered hand"; but "an iron hand" is a manner.
MADE_OR_HURT = vocabulary.words(
    "wooden glass cork artificial withered shrivelled shriveled crippled maimed mutilated deformed misshapen clubbed "
    "blind lame torn scarred"
)
AGED = ("old", "young", "little", "great", "poor", "good")
MANNERS = (
    "keen",
    "light",
    "heavy",
    "big",
    "small",
    "hard",
    "sharp",
    "fine",
    "plain",
    "fair",
    "strong",
    "rough",
    "smart",
)
OUTLINES = ("figure", "form", "shape", "frame", "person")
AMOUNTS = vocabulary.words(
    "quantity mass head crop pair profusion abundance shock mop fringe thatch wealth set row cloud coil crown couple "
    "border tangle plenty bush tuft growth amount"
)
# After a number of years, and before it.
YEARS = vocabulary.words("years year old age summers winters")
ABOUT = vocabulary.words(
    "year about over under nearly one two three five six almost past perhaps probably some upwards of more less "
    "than not most quite above near apparently at least between a or two turned the side verging on in his her "
    "say only just well"
)
MOST_ABOUT = 6  # words before the number
_JOINS = (" ", ", ")


KINDS = dict.fromkeys(PEOPLE | TELLING | BEASTS, "being") | dict.fromkeys(WEAR, "wear") | dict.fromkeys(BODY, "body")
KINDS["person"] = "being"  # "a person of striking aspect" is met more than "stout of person"
NO_BEING = lex.RARE_NOUN | lex.PLURAL | lex.VERB | lex.QUALITY


class Noun(NamedTuple):
    """A noun phrase of looks: tokens first..last (last excluded), its head, what it is of, the words that tell.

    Attributes:
        core: First token after the determiner.
        kind: "body", "wear" or "being".
        lasting: How many of its words tell looks that last.
        passing: How many tell a state.
        determiner: "" where there is none; "'s" after a name's possessive.
    """

    first: int
    core: int
    head: int
    last: int
    kind: str
    lasting: int
    passing: int
    determiner: str


def find_nouns(tokens: list[Token], sentence: Sentence, *, taken: Mapping[int, object]) -> list[Noun]:
    """The phrases of body, dress and beings in a sentence, in order; none goes over a token of a name."""
    found: list[Noun] = []
    free = sentence.first
    for i in range(sentence.first, sentence.last):
        if i < free or tokens[i].facts & lex.FUNCTION or i in taken:
            continue
        kind = kind_of(tokens[i])
        if kind and not _goes_on(tokens, i, sentence, taken):
            noun = _phrase(tokens, i, kind, free=free, taken=taken, last=sentence.last)
            found.append(noun)
            free = noun.last
    return found


def kind_of(token: Token) -> str:
    """What a word is a noun of; "" where it is none of ours."""
    facts = token.facts
    if facts & lex.FUNCTION:
        return ""  # half of all words
    lower = token.lower
    kind = KINDS.get(lower) or KINDS.get(lower.removesuffix("'s"))
    if kind is not None:
        return kind
    if not facts & (lex.PERSON | lex.ANIMAL) or facts & NO_BEING or token.word[0].isupper() or "-" in lower:
        return "being" if lower in ROLES and token.word[0].islower() else ""
    return "being"


def tells(token: Token) -> bool:
    """Whether a word is one of lasting looks: "tall", "red", "one-eyed", "clay-faced"."""
    lower = token.lower
    if lower in LASTING or token.facts & lex.COLOUR or lower.endswith(LOOKING):
        return True
    head, _, tail = lower.rpartition("-")
    if head in OF_MIND and tail in ("headed", "handed"):
        return False
    return bool(head) and tail.endswith("ed") and (tail[:-2] in BODY or tail[:-1] in BODY or tail in OF_BODY)


# "empty-headed", "open-handed" tell nothing to see.
OF_MIND = vocabulary.words(
    "empty hot light hard level cool clear wrong thick weak high heavy even open free left right two tight clever"
)
LOOKING = ("-looking", "-set", "-made", "-built", "-grown", "-cut", "-shaven", "-skinned", "-complexioned")
OF_BODY = vocabulary.words(
    "eyed haired faced nosed lipped bearded shouldered legged cheeked browed limbed headed built"
)


def describes(tokens: list[Token], noun: Noun) -> bool:
    """Whether a word before a noun of the body tells what is to be seen of it for long: "a furrowed brow"."""
    before = tokens[noun.core : noun.head]
    if _is_manner(tokens[noun.head].lower, noun.determiner, before):
        return False  # "a keen eye for it"
    if not noun.determiner and any(token.facts & lex.VERB and token.facts & lex.INFLECTED for token in before[:2]):
        return False  # "had laid eyes on"
    return any(
        (token.facts & lex.QUALITY or token.lower.endswith("ed") or "-" in token.lower)
        and not token.lower.endswith(("ly", "ing"))
        and token.lower not in UNSEEN
        and token.lower not in DEGREES
        and not is_state(token)
        for token in before
    )


def years(tokens: list[Token], at: int, last: int) -> int:
    """Where "about fifty", "not more than thirty years old" ends that begins at a token; 0 if there is none."""
    for i in range(at, min(at + MOST_ABOUT, last)):
        if i > at and tokens[i - 1].gap not in (" ", ", "):
            return 0
        first = tokens[i].lower.split("-")[0]
        if first in AGES or first in ("three", "four", "five", "six", "seven", "eight", "nine", "two", "one"):
            end = i + 1
            while (
                end < last
                and tokens[end - 1].gap in (" ", "-", "- ")
                and tokens[end].lower in YEARS | {"or", "of"} | AGES
            ):
                end += 1
            told = any(token.lower.split("-")[-1] in AGES for token in tokens[i:end])
            is_more = tokens[end - 1].gap == " " and end < last and bool(tokens[end].facts & (lex.NOUN | lex.QUALITY))
            if told:
                return 0 if is_more else end
        if tokens[i].lower not in ABOUT:
            return 0
    return 0


SUFFIXES = ("ic", "ous", "al", "ful", "less", "ish", "ive", "able", "ible", "ary", "ine")
ADJECTIVES = ("ic", "ish", "ese", "ian", "can", "man", "nch", "ean")  # "Slavic", "Roman", "French"


def is_state(token: Token) -> bool:
    """Whether a word may tell a passing state rather than looks that last."""
    return token.lower in PASSING or token.base in PASSING


def modifies(token: Token) -> bool:
    """Whether a word may stand before a noun of looks."""
    lower = token.lower
    if tells(token) or is_state(token) or lower in DEGREES - {"not"}:
        return True
    if token.facts & lex.FUNCTION or (token.word[0].isupper() and (token.first or not lower.endswith(ADJECTIVES))):
        return False
    if not token.facts and lower.endswith(SUFFIXES):
        return True  # rarer than the lexicon knows
    return bool(token.facts & (lex.QUALITY | lex.STUFF | lex.ADVERB)) or lower.endswith(("ed", "ing")) or "-" in lower


def _goes_on(tokens: list[Token], at: int, sentence: Sentence, taken: Mapping[int, object]) -> bool:
    """Whether the word only says of what kind the next one is: "hair brush", "boy king"."""
    following = at + 1
    if tokens[at].gap != " " or following >= sentence.last or following in taken or tokens[at].lower.endswith("'s"):
        return False
    after = tokens[following]
    if kind_of(after):
        return not after.facts & lex.VERB
    if tells(tokens[at]) and modifies(after) and following + 1 < sentence.last and kind_of(tokens[following + 1]):
        return True  # "a blonde dimpled girl"
    noun = after.facts & lex.NOUN and not after.facts & (lex.VERB | lex.QUALITY | lex.FUNCTION | lex.ADVERB)
    return bool(noun)


def _phrase(tokens: list[Token], head: int, kind: str, *, free: int, taken: Mapping[int, object], last: int) -> Noun:
    core = head
    while (
        core > free
        and head - core < MOST_MODIFIERS
        and core - 1 not in taken
        and _joins(tokens, core - 1, free, kind=kind)
    ):
        core -= 1
    while core < head and tokens[core].lower in ("and", "but"):
        core += 1
    first, determiner = core, ""
    before = core - 1
    if before >= free and tokens[before].gap == " ":
        lower = tokens[before].lower
        if lower in vocabulary.DETERMINERS and before not in taken:
            first, determiner = before, lower
        elif lower.endswith("'s"):
            determiner = "'s"
        elif kind == "body" and lower == "of" and before - 2 >= free and tokens[before - 1].lower in AMOUNTS:
            lead = tokens[before - 2].lower
            first, determiner = (before - 2, lead) if lead in vocabulary.ARTICLES else (first, determiner)
    if tokens[head].lower == "person" and (determiner in vocabulary.POSSESSIVES | {"", "'s"}):
        kind = "body"  # "in her person she was small"
    end = _tail(tokens, head, kind, last=last, taken=taken)
    mods = tokens[core:head] + ([token for token in tokens[head + 1 : end]] if end > head + 1 else [])
    lasting = sum(tells(token) for token in mods) + any(token.lower.split("-")[-1] in AGES for token in mods)
    weak = sum(token.lower in WEAK for token in mods)
    told = lasting if kind == "being" or lasting > weak or kind == "body" else 0
    lower = tokens[head].lower
    told = 0 if _tells_nothing(lower, kind, determiner, mods) else told
    return Noun(first, core, head, end, kind, told + (lower in TELLING), sum(is_state(t) for t in mods), determiner)


def _tells_nothing(lower: str, kind: str, determiner: str, mods: list[Token]) -> bool:
    """Whether a noun with those words is a manner of speaking: "an old customer", "a firm hand", "her white figure"."""
    faint = AGED + MANNERS * lower.endswith(("er", "or"))
    if lower in ("thing", "creature") or (kind == "being" and lower not in KINDS):
        return all(token.lower in faint or not tells(token) for token in mods)
    if lower in OUTLINES:  # which is then the dress
        return all(token.facts & lex.COLOUR or not tells(token) for token in mods)
    return _is_manner(lower, determiner, mods)


def _is_manner(lower: str, determiner: str, mods: list[Token]) -> bool:
    """Tell "with a firm hand" and "a keen eye for it" from "a wooden hand", a look."""
    plain = MADE_OR_HURT.isdisjoint(token.lower for token in mods)
    return lower in ONE_OF_TWO and determiner in ("a", "an") and plain


def _joins(tokens: list[Token], at: int, free: int, *, kind: str) -> bool:
    """Whether the token goes on leftwards in front of a noun: "long, lean", "long and lean"."""
    token = tokens[at]
    is_next = kind_of(tokens[at + 1]) == "body"  # "a hook nose"
    if (kind != "body" or is_next) and token.gap == " " and token.word.islower() and at - 1 >= free:
        before = tokens[at - 1]
        led = before.lower in vocabulary.ARTICLES or modifies(before)
        if led and token.facts & lex.NOUN and not token.facts & (lex.FUNCTION | lex.INFLECTED):
            return True  # "a shaggy moor pony", "her best satin dress"
    if token.lower in ("and", "but") and at - 1 >= free:
        both = [tokens[at - 1], tokens[at + 1 + (tokens[at + 1].lower in DEGREES)]]
        told = all(each.facts & lex.QUALITY or tells(each) for each in both) and (
            kind == "body" or any(map(tells, both))
        )
        return token.gap == " " and tokens[at - 1].gap in _JOINS and told
    listed = token.gap == " " or tells(token) or is_state(token) or bool(token.facts & (lex.QUALITY | lex.ADVERB))
    return token.gap in _JOINS and listed and modifies(token)


def _tail(tokens: list[Token], head: int, kind: str, *, last: int, taken: Mapping[int, object]) -> int:
    """The end of the phrase with its "of middle height", "of flaxen hair", "of about fifty"."""
    end = head + 1
    while end + 1 < last and tokens[end].lower == "of" and tokens[end - 1].gap in _JOINS and tokens[end].gap == " ":
        stop = measure(tokens, end + 1, kind, last=last, taken=taken)
        if stop <= 0:
            break
        end = stop
    return end


def measure(tokens: list[Token], at: int, kind: str, *, last: int, taken: Mapping[int, object]) -> int:
    """Where the words after "of" end; 0 where they are no measure of looks."""
    told, aged = 0, years(tokens, at, last) if kind == "being" else 0
    if aged:
        return aged
    for i in range(at, min(at + MOST_MODIFIERS, last)):
        token = tokens[i]
        lower = token.lower
        if i in taken:
            return 0
        if lower in AGES or (lower.split("-")[0] in AGES and "-" in lower):
            if token.gap == " " and i + 2 < last and tokens[i + 1].lower == "or" and kind_of(tokens[i + 2]) == "":
                return i + 3
            return i + 1
        told += tells(token) or lower in MEASURED
        if lower in MEASURES or (kind == "body" and lower in BODY):
            if not told:
                return 0
            more = i + 2 < last and token.gap == " " and tokens[i + 1].lower == "and"
            further = measure(tokens, i + 2, kind, last=last, taken=taken) if more else 0
            return further or i + 1
        if not (modifies(token) or lower in OF_WORDS or lower in MEASURED):
            return 0
    return 0


def adjectives(tokens: list[Token], at: int, last: int) -> tuple[int, int, int]:
    """Read "very tall, thin, and brown" from a token: where it ends, how many words last, how many pass."""
    end, lasting, passing, i = at, 0, 0, at
    while i < last:
        token = tokens[i]
        if (token.word[0].isupper() and i > at) or _is_no_look(tokens, i, last):
            break  # a name
        if token.lower == "pretty" and _is_degree(tokens, i, last):
            i += 1
            continue
        if tells(token) or is_state(token) or token.lower in AGES:
            following = tokens[i + 1] if i + 1 < last and token.gap == " " else None
            if following and kind_of(following) and end == at:
                return at, 0, 0  # "was little men's work": a noun follows
            weak = token.lower in WEAK
            lasting += (tells(token) and not weak and not is_state(token)) + (token.lower in AGES)
            passing += is_state(token)
            end = i + 1
        elif not (token.lower in DEGREES | {"and", "but", "or", "yet", "though"} or _is_between(tokens, i, last)):
            break
        if token.lower == "not" or token.gap not in _JOINS:
            break
        i += 1
    if not any(tells(token) or is_state(token) for token in tokens[at:end]):
        return at, 0, 0  # "was twelve" is soon over
    if at < end < last and tokens[end - 1].gap == " " and _is_noun(tokens[end]):
        return at, 0, 0  # "blind side": they stand before a noun
    return end, lasting, passing


def _is_no_look(tokens: list[Token], at: int, last: int) -> bool:
    """Whether it is "dead tired", "dead sure", "aged four"."""
    aged = tokens[at].lower == "aged" and at + 1 < last and tokens[at + 1].lower in AGES | FEW_YEARS
    return aged or (tokens[at].lower == "dead" and _is_degree(tokens, at, last))


def _is_degree(tokens: list[Token], at: int, last: int) -> bool:
    """Whether a word only says how much of the next one: "pretty tall"."""
    return tokens[at].gap == " " and _is_degree_of(tokens, at + 1, last)


def _is_degree_of(tokens: list[Token], at: int, last: int) -> bool:
    """Whether "pretty" only says how much: "pretty well", "pretty tall"."""
    return at < last and bool(tokens[at].facts & (lex.QUALITY | lex.ADVERB) or tokens[at].lower in ("well", "much"))


def _is_noun(token: Token) -> bool:
    facts = token.facts
    return not facts or bool(facts & lex.NOUN and not facts & (lex.FUNCTION | lex.VERB | lex.ADVERB | lex.QUALITY))


def is_beast(token: Token) -> bool:
    """Whether a noun is one of beasts: said of a person it is another's, or a word of blame."""
    if token.lower in PEOPLE:
        return False
    return token.lower in BEASTS or bool(token.facts & lex.ANIMAL and not token.facts & lex.PERSON)


def _is_between(tokens: list[Token], at: int, last: int) -> bool:
    """Whether an adjective of another sort stands in a list: "cold, scanty, lean, long"."""
    token = tokens[at]
    if token.word[0].isupper():
        return False
    listed = token.gap == ", " or (at + 1 < last and tokens[at + 1].lower == "and")
    return bool(listed and token.facts & lex.QUALITY and not token.facts & lex.FUNCTION)
