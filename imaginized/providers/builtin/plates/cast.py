"""The looks of people and creatures, which stay the same for each of them through a book."""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.plates.canvas import Colour, mix
from imaginized.providers.builtin.plates.palette import ACCENTS, COATS, COLOURS
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.trades import (
    NOTHING_TOLD,
    Company,
    is_called_boy,
    is_one_of_children,
    role_of,
    role_told,
)
from imaginized.providers.builtin.plates.wardrobe import WORKADAY, Era, choose_outfit, cloth_of, role_in
from imaginized.providers.builtin.plates.words import CHILDREN, CLOTHES, CREATURES, DAY_HATS, OLD, WOMEN, word_set
from imaginized.story.elements import Element, ElementType

_WESTERN = frozenset(
    {"mr", "mrs", "miss", "sir", "lady", "father", "master"}
)  # titles of who is a stranger in the East
_NO_NAMES = frozenset(["the", "of", "a", "an", "and"])
_SKINS: tuple[Colour, ...] = ((232, 188, 150), (220, 170, 130), (206, 154, 116), (238, 200, 166))
_TANNED: tuple[Colour, ...] = ((172, 122, 86), (188, 138, 100), (150, 104, 72))
_HAIRS: tuple[Colour, ...] = ((64, 42, 34), (38, 32, 34), (128, 82, 46), (188, 140, 76), (92, 56, 40))
_HAIR_WORDS: dict[str, Colour] = {
    **dict.fromkeys(("fair", "blond", "blonde", "golden", "yellow", "flaxen", "straw", "light"), (206, 164, 92)),
    **dict.fromkeys(("red", "auburn", "ginger", "foxy", "carroty"), (166, 76, 40)),
    **dict.fromkeys(("black", "raven", "jet"), (38, 32, 34)),
    **dict.fromkeys(("dark", "brown", "chestnut"), (78, 50, 36)),
    **dict.fromkeys(("grey", "gray", "white", "silver", "grizzled", "iron-grey", "snowy"), (196, 192, 184)),
}
_OF_ANYTHING = frozenset({"old", "grey", "gray", "ancient"})  # a coat may be, too
_GRIZZLED: Colour = (196, 192, 184)
_MEN = word_set("""
he his him man boy gentleman lord sir mr father son brother uncle husband king prince baron count duke fellow lad
grandfather captain monk friar priest master monsieur sailor servant doctor soldier farmer professor colonel general
butler clerk wizard woodman beggar hunter squire chap
""")
_GROWN = word_set("man woman gentleman lady mr mrs captain aunt uncle father mother wife husband king queen widow")
_TITLED = word_set("mr mrs sir lord lady captain dr doctor madame monsieur aunt uncle widow general colonel major")
_YOUNGEST = frozenset({"girl", "boy", "child", "baby", "infant"})
_DULL: Colour = (86, 84, 88)
LEAST_APART = 52.0
_HALF_GROWN = 0.84  # of a grown man: a lad, who is no child
_FIRST = 6  # words of a description that may name a station: "an old farmer with …"
_EPITHETS = frozenset({"old", "young", "aged"})
_FABLED = frozenset({"royal", "witch"})  # what only a name makes somebody: a look may be compared to a witch's


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The permanent looks of a person.

    Attributes:
        height: Of 1 for a grown man.
        girth: Width factor of the body.
        garment: The silhouette: "suit", "coat", "dress" or "robe".
        costume: The cut of the clothes, one that `garments` draws.
        hair_style: "short", "curly", "thin", "long", "bun", "braids" or "bald".
        beard: "full", "moustache", "whiskers" or "".
        hat: Kind of hat or "".
        age: "child", "young", "grown" or "old".
        is_faceless: Whether it is cut from dark paper: no eyes, no mouth.
    """

    height: float
    girth: float
    skin: Colour
    hair: Colour
    hair_style: str
    beard: str
    hat: str
    garment: str
    cloth: Colour
    legs: Colour
    trim: Colour
    costume: str = "lounge"
    woman: bool = False
    age: str = "grown"
    spectacles: bool = False
    is_faceless: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it is a child, or as small as one."""
        return self.height < 0.8

    @property
    def is_baby(self) -> bool:
        """Whether it is carried rather than walks."""
        return self.height < 0.5

    @property
    def is_old(self) -> bool:
        """Whether it stoops, and has wrinkles."""
        return self.age == "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One figure of a plate: a person with looks, or a creature of a kind.

    Attributes:
        name: From the book; empty for somebody the passage only calls "a man".
        kind: "person" or the kind of creature.
        noun: What the alternative text calls it.
        called: The words, lower case, by which the passage may speak of it.
        scale: Of a creature, its size as a share of its kind's: a pony is a small horse.
        is_known: Whether the book tells how somebody looks.
    """

    name: str
    kind: str
    noun: str
    look: Look
    accent: Colour
    called: frozenset[str] = frozenset()
    scale: float = 1.0
    is_known: bool = True


def bareheaded(actor: Actor, *, hats: frozenset[str] = DAY_HATS) -> Actor:
    """Nobody keeps a hat for the street on under a roof; crowns, cowls and helmets stay."""
    return replace(actor, look=replace(actor.look, hat="")) if actor.look.hat in hats else actor


def named_actor(
    element: Element,
    book_title: str,
    *,
    hints: Sequence[str] = (),
    era: Era = Era.VICTORIAN,
    company: Company = NOTHING_TOLD,
) -> Actor:
    """The looks of an element, the same in every scene of a book; `hints` are words of its sex and age."""
    dice = Random(seed_of(book_title, element.name))
    name_words = re.findall(r"[\w-]+", " ".join((element.name, *element.aliases)).lower())
    words = name_words + re.findall(r"[\w-]+", element.description.lower())
    kind = ""
    if element.type is ElementType.CREATURE:
        kind = next((CREATURES[word] for word in words if word in CREATURES), "wolf" if element.name.islower() else "")
    if _TITLED & set(name_words) and not element.ages:  # a book that was counted knows a child who is once called Mr.
        hints = [hint for hint in hints if hint not in _YOUNGEST]  # no Mrs. and no captain is a child
    if is_called_boy(element):
        hints = (*hints, "young")
    if is_one_of_children(element, company) and not element.ages and "old" not in hints:
        hints = (*hints, "child")
    actor = actor_by_words(
        element.name,
        kind or "person",
        words,
        dice,
        hints=hints,
        era=era,
        called=name_words,
        company=company,
        told=role_told(element),
        book=book_title,
        surnames=_surnames(element),
    )
    is_known = actor.kind != "person" or bool(element.description)
    return replace(actor, called=(frozenset(name_words) | {actor.noun}) - _NO_NAMES, is_known=is_known)


def actor_by_words(
    name: str,
    kind: str,
    words: list[str],
    dice: Random,
    *,
    hints: Sequence[str] = (),
    era: Era = Era.VICTORIAN,
    called: Sequence[str] = (),
    company: Company = NOTHING_TOLD,
    told: str = "",
    book: str = "",
    surnames: frozenset[str] = frozenset(),
) -> Actor:
    """Somebody whose looks the words tell as far as they go; the dice decide the rest.

    Args:
        name: From the book; empty for somebody nameless.
        kind: "person" or the kind of creature.
        words: All that is said of it.
        dice: Decide what is not said.
        hints: Words of its sex and age, which are sure.
        era: By whose fashion it is dressed.
        called: Those of the words that are its names and title: only they say its station.
        company: What the men of the book are of whom it says nothing.
        told: The station that the book tells elsewhere, or "".
        book: Its title: what is worn for a trade has one colour through a book.
        surnames: Those of the names that are no trade: Colonel Bishop is no bishop.
    """
    looks, sure = _without_names(words, called), hints or words
    female, child = _is_female(words, sure), _is_child(words, sure)
    titles = [word for word in called if word not in surnames] if called else words
    role = _station(words, sure, titles, told, names=len(called))
    if _WESTERN.intersection(called):
        company = replace(company, eastern=False)
    role = role_in(company, role, woman=female, child=child)
    if kind == "person":
        accent = _worn_colour(looks) or _uniform(role, era, book, female=female, child=child) or dice.choice(ACCENTS)
    else:
        accent = next((COLOURS[word] for word in words if word in COLOURS), COATS.get(kind, COATS["wolf"]))
    old = "old" in hints or _is_old(looks)
    look = make_look(looks, accent, dice, hints=sure, era=era, role=role, old=old, names=called)
    noun = kind if kind != "person" else _noun(words, look)
    return Actor(name=name, kind=kind, noun=noun, look=look, accent=accent)


def _uniform(role: str, era: Era, book: str, *, female: bool, child: bool) -> Colour | None:
    """The colour of what a trade wears through a book; None for who wears no uniform."""
    if child or (female and role != "monk"):
        return None
    return cloth_of(role, era, Random(seed_of(book, "cloth", role)), woman=female)


def _without_names(words: list[str], called: Sequence[str]) -> list[str]:
    """The words of looks alone: Miss Grey and Mr. Long are neither; but "old" and "young" before a name are."""
    told = [word for word, after in itertools.pairwise((*called, "")) if word in _EPITHETS and after]
    return told + words[len(called) :]


def _surnames(element: Element) -> frozenset[str]:
    """What stands last after a title or a given name: a name there, whatever it means alone."""
    names = [re.findall(r"[\w-]+", name.lower()) for name in (element.name, *element.aliases)]
    given = load_lexicon().given
    return frozenset(
        words[-1]
        for words in names
        if len(words) > 1 and (words[0] in _TITLED | {"miss"} or words[0] in given or words[0].capitalize() in given)
    )


def _station(words: Sequence[str], hints: Sequence[str], called: Sequence[str], told: str, *, names: int) -> str:
    """The station by name and noun, by what the book tells, by the first words of the looks."""
    named = role_of([*called, *hints])
    if named and named not in {"gentleman", "mister"}:
        return named
    looked = role_of(words[names : names + _FIRST])
    return told or (looked if looked not in _FABLED else "") or named


def is_told(look: Look) -> bool:
    """Whether the book says what colour it wears: then it is worn in every plate."""
    return look.cloth not in ACCENTS


def unlike(actor: Actor, taken: Sequence[Colour]) -> Actor:
    """The same person in a colour that nobody else in the plate wears."""
    look = actor.look
    if all(apart(look.cloth, other) >= LEAST_APART for other in taken):
        return actor
    workaday = look.cloth in WORKADAY  # of a trade, but not the same for all who have it: duller, no shade of one blue
    colours = [mix(accent, _DULL, 0.35) for accent in ACCENTS] if workaday else ACCENTS
    cloth = max(colours, key=lambda colour: (min(apart(colour, other) for other in taken), colour))
    if is_told(look) and not workaday:  # a told colour is kept, only lighter or darker
        light, dark = (250, 244, 232), (18, 16, 26)
        shades = tuple(mix(look.cloth, end, share) for share in (0.22, 0.36, 0.52, 0.12) for end in (dark, light))
        clear = (shade for shade in shades if all(apart(shade, other) >= LEAST_APART for other in taken))
        cloth = next(clear, max(shades, key=lambda shade: min(apart(shade, other) for other in taken)))
    return replace(actor, look=replace(look, cloth=cloth))


def apart(one: Colour, other: Colour) -> float:
    """How differently two colours look; below `LEAST_APART` they are taken for one."""
    return math.dist((one[0] * 0.8, one[1] * 1.1, one[2] * 0.7), (other[0] * 0.8, other[1] * 1.1, other[2] * 0.7))


def _worn_colour(words: list[str]) -> Colour | None:
    """The colour of what is worn ("a blue gingham dress", "clad in black"), not of a scar or an eye."""
    for index, word in enumerate(words):
        clothed = any(after in CLOTHES for after in words[index + 1 : index + 4])
        if word in COLOURS and (clothed or "in" in words[max(index - 2, 0) : index]):
            return COLOURS[word]
    return None


def _noun(words: list[str], look: Look) -> str:
    for odd in ("scarecrow", "tin", "witch", "king", "queen"):
        if odd in words:
            return "tin man" if odd == "tin" else odd
    if look.is_small:
        return "girl" if look.woman else "boy"
    return "woman" if look.woman else "man"


def _is_made_of(words: Sequence[str], stuff: str) -> bool:
    """Whether somebody is of a stuff: "the Tin Woodman", "made of tin", "stuffed with straw", no "straw hat"."""
    pairs = itertools.pairwise(words)
    return any(
        (one == stuff and two in {"man", "woodman", "soldier"}) or (one in {"of", "with"} and two == stuff)
        for one, two in pairs
    )


def _hair_colour(words: list[str]) -> Colour | None:
    """The colour of the hair that is told: "fair hair", "his long white beard"."""
    for index, word in enumerate(words):
        if word in {"hair", "haired", "curls", "locks", "beard", "whiskers", "braids"}:
            told = [_HAIR_WORDS[before] for before in words[max(index - 3, 0) : index] if before in _HAIR_WORDS]
            if not told and words[index + 1 : index + 2] in (["was"], ["is"]):
                told = [_HAIR_WORDS[after] for after in words[index + 2 : index + 5] if after in _HAIR_WORDS][:1]
            if told:
                return told[-1]
        if word.endswith("-haired") and word.removesuffix("-haired") in _HAIR_WORDS:
            return _HAIR_WORDS[word.removesuffix("-haired")]
    return None


def _height(hints: Sequence[str], *, female: bool, child: bool) -> float:
    """Of a grown man's, before the dice."""
    if child:
        return 0.4 if any(word in {"baby", "infant"} for word in hints) else 0.64
    lad = not female and any(word in {"lad", "laddie", "stripling"} for word in hints)
    return _HALF_GROWN if lad else 0.92 if female else 1.0


def make_look(
    words: list[str],
    accent: Colour,
    dice: Random,
    *,
    hints: Sequence[str],
    era: Era,
    role: str,
    old: bool,
    names: Sequence[str] = (),
) -> Look:
    """The looks that words tell, completed by the dice; `names` are no looks, but tell a tin man and a woman."""
    named = [*names, *words]
    female, child = _is_female(named, hints), _is_child(named, hints)
    tin, straw = _is_made_of(named, "tin"), "scarecrow" in named or _is_made_of(named, "straw")
    made = tin or straw
    outfit = choose_outfit("" if made else role, era=era, woman=female, child=child, dice=dice)
    skin: Colour = (
        (176, 186, 194) if tin else (226, 192, 120) if straw else _skin(words, dice, eastern=role == "eastern")
    )
    hair_style = "bald" if made else _hair_style(words, female=female, child=child, old=old, era=era, dice=dice)
    hair = _hair_colour(words) or (_GRIZZLED if old else dice.choice(_HAIRS))
    girth = _girth(words) * dice.uniform(0.95, 1.07)
    tall = dice.uniform(-0.03, 0.03) + (0.04 if "tall" in words else -0.05 if "short" in words else 0.0)
    beard = "" if female or child or made else _beard([*words, *hints], era, old=old, dice=dice)
    return Look(
        height=_height(hints, female=female, child=child) + tall * (0.5 if child else 1.0) - (0.03 if old else 0),
        girth=girth,
        skin=skin,
        hair=hair if apart(hair, skin) > LEAST_APART * 0.6 else mix(hair, (60, 30, 10), 0.2),
        hair_style=hair_style,
        beard=beard,
        hat="funnel" if tin else "witch" if straw else outfit.hat,
        garment="suit" if made else outfit.garment,
        cloth=(168, 178, 188) if tin else accent,
        legs=(150, 160, 170) if tin else dice.choice(((58, 54, 66), (92, 74, 60), (70, 76, 88), (112, 104, 92))),
        trim=dice.choice(((236, 224, 196), (214, 176, 96), (228, 232, 226), (176, 70, 62), (96, 120, 136))),
        costume="worker" if straw else "armour" if tin else outfit.costume,
        woman=female,
        age="child" if child else "old" if old else "young" if "young" in words else "grown",
        spectacles=any(word in {"spectacles", "eyeglasses", "eye-glasses"} for word in words),
    )


def _is_female(words: Sequence[str], hints: Sequence[str]) -> bool:
    """A hint decides; without one more words of women than of men, "her" and "his" among them."""
    if any(word in _MEN for word in hints) != any(word in WOMEN for word in hints):
        return any(word in WOMEN for word in hints)
    return sum(word in WOMEN for word in words) > sum(word in _MEN for word in words)


def _is_child(words: Sequence[str], hints: Sequence[str]) -> bool:
    if any(word in {"girl", "boy", "child", "baby", "infant"} for word in hints):
        return True
    if list(hints) != list(words) and any(word in WOMEN or word in _MEN for word in hints):
        return False  # those hints are what is sure: looks may be of years ago
    grown = any(word in _GROWN for word in words)
    return not grown and any(word in CHILDREN - {"little"} for word in words)


_DRAWN_UP = frozenset({"forehead", "brow", "brows", "nose", "eyebrows"})  # for a moment, and at any age


def _is_old(words: Sequence[str]) -> bool:
    """Whether somebody is old, and not what they wear: "an old lady", no "old bathing suit"; grey hair is old, too."""
    for index, word in enumerate(words):
        if word not in OLD or words[index + 1 : index + 2] in (["boy"], ["girl"], ["chap"], ["fellow"]):
            continue
        if word == "wrinkled" and _DRAWN_UP.intersection(words[index + 1 : index + 2]):
            continue
        after = words[index + 1 : index + 4]
        if word not in _OF_ANYTHING or not after or any(noun in WOMEN or noun in _MEN for noun in after):
            return True
    return _hair_colour(list(words)) == _GRIZZLED


def _skin(words: Sequence[str], dice: Random, *, eastern: bool = False) -> Colour:
    """Told by the words for it, else by the dice."""
    for index, word in enumerate(words):
        near = words[max(index - 3, 0) : index + 1]
        if word in {"skin", "skinned", "complexion", "complexioned"} or word.endswith("-skinned"):
            if any(it in {"black", "dark", "ebony"} or it.startswith("dark") for it in near):
                return (126, 84, 60)
            if any(it in {"brown", "tawny", "olive", "swarthy"} for it in near):
                return (172, 122, 86)
    return (
        (126, 84, 60)
        if any(word in {"negro", "negress", "african"} for word in words)
        else dice.choice(_TANNED if eastern else _SKINS)
    )


def _girth(words: Sequence[str]) -> float:
    told = set(words)
    if told & {"fat", "stout", "portly", "corpulent", "plump", "burly", "bulky"}:
        return 1.32
    return 0.86 if told & {"thin", "lean", "gaunt", "slender", "slim", "lank", "lanky", "skinny", "bony"} else 1.0


def _hair_style(words: Sequence[str], *, female: bool, child: bool, old: bool, era: Era, dice: Random) -> str:
    told = set(words)
    if "bald" in told and not female:
        return "bald"
    if female:
        if told & {"braid", "braids", "plaits", "pigtails"}:
            return "braids"
        if told & {"tresses", "flowing", "streaming", "unbound"}:
            return "long"
        free = era in {Era.MEDIEVAL, Era.FAIRY, Era.TODAY, Era.FUTURE}  # elsewhere grown women put their hair up
        return dice.choice(("braids", "long")) if child else "long" if free and not old else "bun"
    if told & {"curly", "curls", "curling"}:
        return "curly"
    return "thin" if old and dice.random() < 0.4 else dice.choice(("short", "short", "parted", "curly"))


def _beard(words: Sequence[str], era: Era, *, old: bool, dice: Random) -> str:
    told = set(words)
    if told & {"beard", "bearded"}:
        return "full"
    if told & {"moustache", "mustache", "moustaches", "moustached"}:
        return "moustache"
    if told & {"whiskers", "side-whiskers", "whiskered"}:
        return "whiskers"
    if told & {"clean-shaven", "shaven", "beardless", "smooth-faced", "young", "youth", "lad"}:
        return ""
    chance = dice.random()
    if era is Era.ANTIQUE and not old:
        return "full" if chance < 0.3 else ""
    if era is Era.REGENCY:
        return "whiskers" if chance < 0.3 else ""
    if old:
        return "full" if chance < 0.5 else ""
    return "moustache" if chance < 0.22 and era not in {Era.FUTURE, Era.TODAY} else ""  # a beard would be told
