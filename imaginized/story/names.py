"""Names of people in a book: which are short for which, which cannot be one's, and what their titles tell. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from imaginized.story import foreign_titles
from imaginized.story.foreign_titles import word_set

Key = tuple[str, ...]
ARTICLES = frozenset(("the", "a", "an"))
# English gives these to no sex here: what other languages say of them shall not change that.
ENGLISH_TITLES = word_set(
    "general colonel major captain lieutenant sergeant capitaine judge professor doctor dr don saint st san cousin"
)
MEN = foreign_titles.MEN - ENGLISH_TITLES | word_set(
    "mr misto massa sir lord count baron duke prince king emperor uncle father brother monsieur master "
    "farmer shepherd parson bailiff deacon alderman councillor constable gaffer"
)
WOMEN = foreign_titles.WOMEN - ENGLISH_TITLES | word_set(
    "mrs mis miss missy ms lady madame madam mme mlle mademoiselle missus missis frau fräulein signora signorina nurse "
    "granny countess baroness duchess princess queen aunt mother sister mistress widow goody"
)
RANKS = word_set(
    "count countess baron baroness duke duchess prince princess king queen emperor captain colonel major general "
    "lieutenant sergeant inspector professor doctor judge squire admiral commander commodore corporal bishop marquis "
    "marquise rector"
)
# What is said to anybody, and within a family.
SOCIAL = (
    word_set(
        "mr mrs miss master madam madame mistress sir lady dame lord messrs uncle aunt cousin father mother brother "
        "sister granny nurse widow goody gaffer saint"
    )
    | foreign_titles.SOCIAL
)
# A title that stands alone for who bears it.
OFFICES = RANKS | (foreign_titles.MEN | foreign_titles.WOMEN) - SOCIAL - ENGLISH_TITLES
TITLES = (
    MEN
    | WOMEN
    | foreign_titles.OFFICES
    | word_set(
        "dr captain capitaine colonel major general lieutenant sergeant inspector "
        "professor reverend rev doctor judge hon capt col prof "
        "aunts uncles old little young poor dear wise great wonderful long big master herr don señor signor "
        "misto jedge cunnel kunnel missy massa "
        "cap'n mister mistah mester missus missis mis mas'r marse mars monsieur mademoiselle frau fräulein fraulein "
        "signora signorina señora señorita cousin admiral commander corporal ensign commodore squire bishop abbe "
        "archdeacon friar saint "
        "st lt gen nurse granny"
    )
)
LOOSE = word_set("old little young poor dear wise great wonderful late long big")
# Titles that go before a given name.
BEFORE_GIVEN = foreign_titles.BEFORE_GIVEN | word_set(
    "sir aunt uncle cousin sister brother father mother king queen prince princess emperor empress saint st don dona "
    "friar granny nurse"
)
# Only men bore these when most novels were written; nobody is a Mrs. and one of these.
MILITARY = word_set(
    "captain capitaine colonel major general lieutenant sergeant capt col lt sgt gen admiral commander corporal ensign "
    "commodore reverend rev squire judge inspector doctor dr professor prof bishop abbe "
    "archdeacon"
)
# As people say it, and as other spellings have it.
SPELLED = foreign_titles.SPELLED | {
    "jedge": "judge", "misto": "mr", "cunnel": "colonel", "kunnel": "colonel", "missy": "miss", "massa": "master",
    "cap'n": "captain", "mister": "mr", "mistah": "mr", "mester": "mr", "missus": "mrs", "mis": "mrs", "missis": "mrs",
    "madam": "mrs", "madame": "mrs", "mme": "mrs",
    "mlle": "miss", "mademoiselle": "miss", "monsieur": "mr", "m": "mr", "ms": "miss", "capt": "captain",
    "capitaine": "captain", "col": "colonel", "gen": "general", "lt": "lieutenant", "doctor": "dr",
    "prof": "professor", "rev": "reverend",
    "frau": "mrs", "fräulein": "miss", "fraulein": "miss", "herr": "mr", "signor": "mr", "signora": "mrs",
    "signorina": "miss", "señor": "mr", "señora": "mrs", "señorita": "miss", "mas'r": "master", "marse": "master",
    "mars": "master",
}  # fmt: skip
# Letters that may go unsaid in a name.
MOST_SLURRED = 3
# What stands small inside a name in other languages, and tells nothing of whose it is.
PARTICLES = word_set(
    "de du des von vom van zum zur der den di del della dello dei degli da das do dos ter ten y e la los las le les"
)
# "Rosarito" is Rosario, "Klärchen" Klara.
DIMINUTIVES = ("sinho", "sinha", "cito", "cita", "ito", "ita", "zinho", "zinha", "inho", "inha", "chen", "lein", "tje")
# Sums of the tables, made once: these are asked for every name of every chapter.
SEXED, UNSAID, BEFORE_CORE = MEN | WOMEN, LOOSE | PARTICLES, TITLES | PARTICLES
ELIDED, MOST_ELIDED = ("d'", "l'"), 4
# "Snr.a", as the last letter was once set higher.
RAISED = re.compile(r"\b(sn?r|exm)\.([aoªº]s?)\b")
Sexes = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A name taken apart; "" for what it does not tell.

    Attributes:
        husband: Whose given name "Mrs. John Knightley" bears.
        word: All of a name that is one word, which may be a given or a last name.
    """

    title: str = ""
    given: str = ""
    last: str = ""
    husband: str = ""
    word: str = ""
    core: Key = ()


_LONG_AND_SHORT = {
    long: frozenset(shorts.split())
    for long, shorts in {
        "abigail": "abby nabby",
        "abraham": "abe",
        "albert": "bert",
        "alexander": "alec alick sandy sawney",
        "alfred": "alf",
        "andrew": "andy",
        "anthony": "tony",
        "arthur": "artie",
        "barbara": "babs",
        "bartholomew": "bart",
        "benjamin": "ben benny",
        "caroline": "carrie caddy",
        "catherine": "cathy",
        "cecilia": "cecily cissy sissy",
        "charles": "charley charlie chas",
        "christopher": "kit chris",
        "daniel": "dan danny",
        "david": "davy dave",
        "dorothy": "dolly dot dora",
        "edmund": "eddie",
        "edward": "ned ted teddy",
        "eleanor": "nelly nell nellie",
        "elizabeth": "bess bessie bessy lizzie lizzy betsy betty eliza liza beth libby",
        "ellen": "nelly nell nellie",
        "emily": "em emmy",
        "esther": "hester hetty",
        "florence": "flo flossie",
        "frances": "fanny fannie",
        "francis": "frank",
        "frederick": "fred freddy",
        "george": "georgie georgy",
        "gertrude": "gertie trudy",
        "gilbert": "gil",
        "harriet": "hattie",
        "helen": "nell nellie",
        "henrietta": "hetty etta",
        "henry": "harry hal",
        "isaac": "ike",
        "isabella": "bella isabel",
        "jacob": "jake",
        "james": "jim jimmy jamie jem jemmy",
        "jane": "jenny janey jeannie janet",
        "jeremiah": "jerry",
        "john": "jack johnny johnnie jock",
        "jonathan": "jon",
        "joseph": "joe joey",
        "josephine": "josie jo",
        "joshua": "josh",
        "katherine": "kate katie kitty kit kathy",
        "kenneth": "ken",
        "laura": "laurie",
        "laurence": "larry",
        "lawrence": "larry laurie",
        "leonard": "len",
        "louisa": "lou loo",
        "lucy": "lucie",
        "margaret": "peggy peg meg maggie madge",
        "martha": "patty mattie",
        "mary": "molly polly mollie moll",
        "matilda": "tilly tillie",
        "matthew": "mat matt",
        "maximilian": "max",
        "michael": "mike mick",
        "mildred": "milly millie",
        "nathaniel": "nat",
        "nicholas": "nick",
        "oliver": "noll",
        "patrick": "paddy pat",
        "penelope": "penny",
        "peter": "pete",
        "philip": "phil pip",
        "priscilla": "prissy",
        "prudence": "prue",
        "rachel": "rachael",
        "rebecca": "becky",
        "richard": "dick dicky",
        "robert": "bob bobby rob robin bobbie",
        "rosamond": "rosy",
        "samuel": "sam sammy",
        "sarah": "sally sara sadie",
        "simon": "sim",
        "stephen": "steve",
        "susan": "sue susie susy sukey",
        "theodore": "theo ted teddy",
        "theresa": "tess tessy",
        "thomas": "tom tommy",
        "timothy": "tim",
        "tobias": "toby",
        "victoria": "vicky",
        "walter": "wat wally",
        "wilhelmina": "mina minnie",
        "william": "bill billy will willie willy",
        "winifred": "winnie",
        **foreign_titles.SHORT_NAMES,
    }.items()
}
# Further pet names, each with what it is short for.
_SHORT_FOR = """
addie:adelaide,adeline aggie:agnes ally:alice archie:archibald augie:augustus barney:barnabas,bernard bee:beatrice
bell:isabel,isabella belle:isabel,isabella,arabella bertie:albert,herbert,bertram,hubert,bertha bert:herbert,hubert
biddy:bridget bobbie:roberta cal:calvin connie:constance deb:deborah debby:deborah edie:edith effie:euphemia
eben:ebenezer ernie:ernest freddie:frederica gabe:gabriel gene:eugene geoff:geoffrey gid:gideon ginny:virginia
gracie:grace greg:gregory gus:augustus,gustavus gussie:augusta hal:harold herb:herbert hughie:hugh jed:jedediah
jeff:jeffrey jessie:jessica josie:josepha judy:judith julie:julia,juliet lance:lancelot lem:lemuel leo:leonard,leopold
letty:letitia lew:lewis liddy:lydia lottie:charlotte lou:louis livy:olivia mal:malcolm mamie:mary mima:jemima
matty:matilda,martha mimi:miriam moll:mary monty:montague morris:maurice mose:moses nan:hannah nat:nathan
ned:edgar,edwin,edmund nora:honora,eleonora,eleanor norah:honora,eleonora,eleanor percy:percival phil:phyllis,philippa
phin:phineas rafe:ralph
ray:raymond reggie:reginald rory:roderick rosie:rose,rosa sandy:alexandra si:silas,josiah sol:solomon
solly:solomon sophy:sophia stan:stanley tabby:tabitha ted:edmund thad:thaddeus tony:antony,antonia val:valentine
vin:vincent
vince:vincent viv:vivian wilf:wilfred wally:wallace zack:zachariah zeke:ezekiel
"""
for _short, _, _longs in (line.partition(":") for line in _SHORT_FOR.split()):
    for _long in _longs.split(","):
        _LONG_AND_SHORT[_long] = _LONG_AND_SHORT.get(_long, frozenset()) | {_short}
# What each name may be short for, or is itself: "Kit" is Christopher or Katherine.
NICKNAMES: dict[str, frozenset[str]] = {
    name: frozenset(long for long, shorts in _LONG_AND_SHORT.items() if name in shorts or name == long)
    for name in {*_LONG_AND_SHORT, *(short for shorts in _LONG_AND_SHORT.values() for short in shorts)}
}


@lru_cache(maxsize=20_000)
def name_key(name: str) -> Key:
    """A name's words, in small letters, without article, possessive, dots and middle initials."""
    words = RAISED.sub(r"\1\2", name.casefold().replace("’", "'")).replace(".", " ").split()
    words = _with_saints([bare for word in words if (bare := _without_elision(word.removesuffix("'s")))])
    words = [
        word
        for i, word in enumerate(words)
        if len(word) > 1 or i in (0, len(words) - 1) or words[i - 1] in foreign_titles.BEFORE_LETTERS
    ]
    return tuple(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


def _without_elision(word: str) -> str:
    """Leave "artagnan" of "d'artagnan", as "von" and "de" are left out."""
    return word[2:] if word[:2] in ELIDED and len(word) > MOST_ELIDED else word


def _with_saints(words: list[str]) -> list[str]:
    """Make one word of "St. John", which is a given name as well."""
    found: list[str] = []
    for word in words:
        if found and found[-1] in ("st", "saint"):
            found[-1] = f"st {word}"
        else:
            found.append(word)
    return found


def are_two(a: Key, b: Key) -> bool:
    """Tell whether two names cannot be one's: Mrs. and Miss Harker, John and Mina Harker, Witch of East and West.

    A woman may have two last names, one of them as a Miss.
    """
    titles, core_a, core_b = {a[0], b[0]}, core(a), core(b)
    if (titles & MEN and titles & WOMEN) or (titles == {"mrs", "miss"} and core_a[-1] == core_b[-1]):
        return True
    front_a, front_b = front(core_a), front(core_b)
    if front_a[-1] != front_b[-1]:
        both_full = len(front_a) == len(front_b) > 1 and "of" not in core_a + core_b
        return both_full and front_a[0] == front_b[0] and (a[0] == "miss") == (b[0] == "miss")
    if front_a != core_a and front_b != core_b and core_a[len(front_a) :] != core_b[len(front_b) :]:
        return True
    return len(front_a) > 1 and len(front_b) > 1 and not is_same_given(front_a[0], front_b[0])


def is_same_given(a: str, b: str) -> bool:
    """Tell whether two first names are one, or one is what the other is called for short ("Jack", "John")."""
    return a == b or bool(given_roots(a) & given_roots(b)) or _is_pet_form(a, b) or _is_pet_form(b, a)


def is_diminutive(small: str, name: str) -> bool:
    """Tell whether one is the other's small form in another language ("Rosarito", "Klärchen")."""
    return small.endswith(DIMINUTIVES) and (_is_pet_form(small, name) or bool(pet_stems(small) & given_roots(name)))


def is_form_of(a: str, b: str) -> bool:
    """Tell whether one is short for the other: Teddy for Edward; what is short for the same is not one for it."""
    return a == b or a in given_roots(b) or b in given_roots(a) or _is_pet_form(a, b) or _is_pet_form(b, a)


def given_roots(name: str) -> frozenset[str]:
    """The names that one may be short for, itself where that is not known."""
    return NICKNAMES.get(name) or frozenset((name,))


def _is_pet_form(pet: str, name: str) -> bool:
    """Tell whether "Georgie" is George, "Skaggsy" Skaggs."""
    return name in pet_stems(pet)


@lru_cache(maxsize=20_000)
def pet_stems(word: str) -> frozenset[str]:
    """What "Georgie", "Skaggsy" or "Patty" may be made of."""
    small = [stem for ending in DIMINUTIVES if len(stem := word.removesuffix(ending)) > 2 and stem != word]
    if small:
        return frozenset(stem + ending for stem in small for ending in ("", "a", "o", "e", "io"))
    bare = word.removesuffix("ie") if word.endswith("ie") else word.removesuffix("y")
    if bare == word or len(bare) < 3:
        return frozenset()
    return frozenset((bare, bare + "e", bare[:-1] if bare[-1] == bare[-2] else bare))


_SOUNDS = (
    ("'", ""), ("th", "s"), ("ph", "f"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("z", "s"),
    ("ae", "e"), ("ie", "i"), ("ey", "i"), ("y", "i"), ("h", ""),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """How a name sounds, roughly, also to one who lisps: "Thethilia" is Cecilia, "Denney" Denny."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return "".join(letter for i, letter in enumerate(word) if not i or letter != word[i - 1])


def is_slurred(word: str, name: str) -> bool:
    """Tell whether a word with a mark for what is not said ("Be'y") may be a name."""
    start, mark, end = word.partition("'")
    whole = len(start) > 1 and bool(end) and name.startswith(start) and name.endswith(end)
    return bool(mark) and whole and 0 < len(name) - len(start) - len(end) <= MOST_SLURRED


def title_of(key: Key) -> str:
    """The title that says most of a name ("Mrs", "Captain"); "" where there is none but "old" or "dear"."""
    titles = [SPELLED.get(word, word) for word in key[: len(key) - len(core(key))]]
    return next((title for title in reversed(titles) if title not in UNSAID), "")


def is_mother_of(wife: Key, others: Iterable[Key]) -> bool:
    """Tell whether "Mrs. Miller" cannot be one of these names because Miss Daisy bears her last name, too."""
    if wife[0] != "mrs" or len(core(wife)) != 1:
        return False
    keys = list(others)
    misses = {core(key) for key in keys if key[0] == "miss"}
    if any(len(name) > 1 and name[-1] != wife[-1] for name in misses) or any(key[0] == "mrs" for key in keys):
        return False
    return any(core(key)[-1] == wife[-1] and core(key)[:1] in {name[:1] for name in misses} for key in keys)


def told_sexes(keys: Iterable[Key]) -> Sexes:
    """First names with the sex that a title tells ("Madam Mina"), where no other title tells another."""
    titled = [(key[0] in WOMEN, core(key)) for key in keys if key[0] in SEXED and len(key) > 1 and key[0] != "mrs"]
    last_names = {name[-1] for _, name in titled if len(name) > 1}
    told: dict[str, set[bool]] = {}
    for is_woman, name in titled:
        if len(name) > 1 or name[0] not in last_names:
            told.setdefault(name[0], set()).add(is_woman)
    return {first: "woman" if True in sexes else "man" for first, sexes in told.items() if len(sexes) == 1}


def sex_of(key: Key, sexes: Sexes) -> str:
    """Tell "woman", "man" or "" for a name, by its title, else by its first name."""
    if key[0] in SEXED:
        return "woman" if key[0] in WOMEN else "man"
    return sexes.get(core(key)[0], "")


def differ_in_sex(a: Key, b: Key, sexes: Sexes) -> bool:
    """Tell whether one is a woman's name and the other a man's."""
    return {sex_of(a, sexes), sex_of(b, sexes)} == {"woman", "man"}


@lru_cache(maxsize=20_000)
def core(key: Key) -> Key:
    """The name without titles; a title that is all there is stays."""
    first = 0
    while first < len(key) - 1 and key[first] in BEFORE_CORE and key[first + 1] != "of":
        first += 1
    return key[first:]


def front(core: Key) -> Key:
    """What stands before "of …"."""
    return core[: core.index("of")] or core if "of" in core else core
