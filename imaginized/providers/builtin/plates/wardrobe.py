"""What people wear: by the times of the book, their sex, age and station. Nothing is drawn here."""

import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from imaginized.providers.builtin.plates.canvas import Colour
from imaginized.providers.builtin.plates.trades import Company


class Era(StrEnum):
    """The times by whose fashion people are dressed; `FAIRY` is dressed as in a storybook, with kings in crowns."""

    ANTIQUE = "antique"
    MEDIEVAL = "medieval"
    FAIRY = "fairy"
    REGENCY = "regency"
    VICTORIAN = "victorian"
    FRONTIER = "frontier"
    TWENTIETH = "twentieth"
    TODAY = "today"
    FUTURE = "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What somebody wears.

    Attributes:
        costume: One of the cuts that `garments` can draw.
        garment: Its silhouette: "suit", "coat", "dress" or "robe".
        hat: Kind of hat or "".
    """

    costume: str
    garment: str
    hat: str = ""


_NEVER_CROWNED = frozenset(
    {Era.ANTIQUE, Era.REGENCY, Era.VICTORIAN, Era.FRONTIER, Era.TWENTIETH, Era.TODAY, Era.FUTURE}
)
_MEN: dict[Era, tuple[tuple[str, str], ...]] = {  # plain people
    Era.ANTIQUE: (("chiton", "coat"), ("chiton", "coat"), ("toga", "robe")),
    Era.MEDIEVAL: (("tunic", "coat"), ("tunic", "coat")),
    Era.FAIRY: (("waistcoat", "suit"), ("tunic", "coat")),
    Era.REGENCY: (("greatcoat", "coat"), ("tails", "suit")),
    Era.VICTORIAN: (("lounge", "suit"), ("lounge", "suit"), ("reefer", "coat"), ("waistcoat", "suit")),
    Era.FRONTIER: (("frontier", "suit"), ("frontier", "suit"), ("waistcoat", "suit")),
    Era.TWENTIETH: (("lounge", "suit"), ("lounge", "suit"), ("trench", "coat")),
    Era.TODAY: (("jumper", "suit"), ("shirt", "suit"), ("lounge", "suit")),
    Era.FUTURE: (("overall", "suit"),),
}
_GENTLEMEN: dict[Era, tuple[str, str, tuple[str, ...]]] = {  # costume, silhouette, hats
    Era.ANTIQUE: ("toga", "robe", ("",)),
    Era.MEDIEVAL: ("tunic", "coat", ("", "hood")),
    Era.FAIRY: ("frock", "coat", ("", "top")),
    Era.REGENCY: ("tails", "suit", ("top", "tricorne")),
    Era.VICTORIAN: ("frock", "coat", ("top", "bowler")),
    Era.FRONTIER: ("lounge", "suit", ("stetson", "bowler")),
    Era.TWENTIETH: ("lounge", "suit", ("fedora",)),
    Era.TODAY: ("lounge", "suit", ("",)),
    Era.FUTURE: ("overall", "suit", ("",)),
}
_WOMEN: dict[Era, tuple[tuple[str, str], ...]] = {
    Era.ANTIQUE: (("stola", "dress"),),
    Era.MEDIEVAL: (("kirtle", "dress"),),
    Era.FAIRY: (("kirtle", "dress"), ("bell", "dress")),
    Era.REGENCY: (("empire", "dress"),),
    Era.VICTORIAN: (("bell", "dress"), ("bustle", "dress")),
    Era.FRONTIER: (("prairie", "dress"),),
    Era.TWENTIETH: (("drop", "dress"), ("skirt", "dress")),
    Era.TODAY: (("skirt", "dress"), ("shirt", "dress")),
    Era.FUTURE: (("overall", "dress"),),
}
_HATS: dict[Era, tuple[tuple[str, ...], tuple[str, ...]]] = {  # of men and of women, out of doors
    Era.ANTIQUE: (("",), ("veil", "")),
    Era.MEDIEVAL: (("", "hood"), ("veil", "")),
    Era.FAIRY: (("", "cap"), ("", "bonnet")),
    Era.REGENCY: (("tricorne", "", "cap"), ("bonnet",)),
    Era.VICTORIAN: (("bowler", "cap", "cap", ""), ("bonnet", "boater")),
    Era.FRONTIER: (("stetson",), ("bonnet", "straw")),
    Era.TWENTIETH: (("fedora", "cap"), ("cloche", "")),
    Era.TODAY: (("",), ("",)),
    Era.FUTURE: (("",), ("",)),
}
_ROLE_MEN: dict[str, tuple[str, str, str]] = {  # costume, silhouette, hat
    "witch": ("robe", "robe", "witch"),
    "knight": ("armour", "suit", "helmet"),
    "monk": ("robe", "robe", "hood"),
    "cleric": ("cassock", "robe", ""),
    "sailor": ("sailor", "suit", "sailor"),
    "seafarer": ("reefer", "coat", "cap"),
    "soldier": ("uniform", "suit", "kepi"),
    "officer": ("uniform", "suit", "peaked"),
    "captain": ("reefer", "coat", "peaked"),
    "servant": ("waistcoat", "suit", ""),
    "farmer": ("worker", "suit", "straw"),
    "miner": ("worker", "suit", "helm"),
    "worker": ("worker", "suit", "cap"),
    "convict": ("worker", "suit", ""),
    "cowboy": ("frontier", "suit", "stetson"),
    "rough": ("frontier", "suit", "fedora"),
    "police": ("uniform", "suit", "helm"),
    "eastern": ("caftan", "robe", "turban"),
}
_CLOTHS: dict[str, tuple[Colour, ...]] = {  # what is worn for a trade has its colour, the same through a book
    "monk": ((112, 82, 56),),
    "cleric": ((62, 56, 66),),
    "police": ((44, 56, 88),),
    "captain": ((44, 58, 88),),
    "servant": ((66, 62, 72),),
    "convict": ((134, 130, 122),),
    "seafarer": ((58, 76, 100), (92, 80, 70), (70, 84, 78)),
}
WORKADAY = frozenset({*_CLOTHS["seafarer"], *_CLOTHS["servant"]})  # no uniform
_ARMIES: dict[Era, tuple[Colour, ...]] = {
    Era.REGENCY: ((164, 50, 46), (52, 68, 112)),
    Era.TWENTIETH: ((128, 120, 84), (104, 112, 100)),
    Era.TODAY: ((110, 114, 84),),
}
_HABIT: Colour = (52, 50, 60)  # of a nun
_BLUES: tuple[Colour, ...] = ((56, 74, 112), (72, 84, 106))
_OLD_DAYS = frozenset({Era.ANTIQUE, Era.MEDIEVAL, Era.FAIRY})
_TIMELESS = frozenset({"witch", "knight", "monk", "cleric", "soldier", "officer", "police", "eastern"})
_YEARS = ((1500, Era.MEDIEVAL), (1837, Era.REGENCY), (1901, Era.VICTORIAN), (1970, Era.TWENTIETH), (2030, Era.TODAY))
_SAID: tuple[tuple[str, Era], ...] = (
    ("future", Era.FUTURE),
    ("space", Era.FUTURE),
    ("antiqu", Era.ANTIQUE),
    ("ancient", Era.ANTIQUE),
    ("biblical", Era.ANTIQUE),
    ("middle ages", Era.MEDIEVAL),
    ("medieval", Era.MEDIEVAL),
    ("regency", Era.REGENCY),
    ("georgian", Era.REGENCY),
    ("18th", Era.REGENCY),
    ("frontier", Era.FRONTIER),
    ("victorian", Era.VICTORIAN),
    ("19th", Era.VICTORIAN),
    ("20th", Era.TWENTIETH),
    ("today", Era.TODAY),
    ("21st", Era.TODAY),
    ("modern", Era.TODAY),
)


def era_of(style: str, *, in_space: bool = False) -> Era:
    """The times that a style guide's lines "Period: …" and "Genre: …" speak of; Victorian where they say nothing.

    Args:
        style: The style guide, a "Key: value" a line.
        in_space: Whether the scene is aboard a spaceship, which no earlier fashion fits.
    """
    lines = dict(line.casefold().split(":", 1) for line in style.splitlines() if ":" in line)
    period, genre = lines.get("period", ""), lines.get("genre", "")
    told = _told_era(period)
    if in_space and told in {None, Era.TODAY}:
        return Era.FUTURE
    if "western" in genre and told in {None, Era.VICTORIAN}:
        return Era.FRONTIER
    if "fairy" in genre and told in {None, Era.VICTORIAN, Era.REGENCY, Era.MEDIEVAL}:
        return Era.FAIRY
    return told or Era.VICTORIAN


def _told_era(period: str) -> Era | None:
    year = re.search(r"\b1\d{3}\b|\b20\d\d\b|\b2[1-9]\d\d\b", period)
    if year:
        return next((era for limit, era in _YEARS if int(year[0]) < limit), Era.FUTURE)
    return next((era for word, era in _SAID if word in period), None)


def cloth_of(role: str, era: Era, dice: Random, *, woman: bool = False) -> Colour | None:
    """The colour that a trade wears in these times; None where everybody chooses. `dice` is one for all of a book."""
    if woman and role == "monk":
        return _HABIT
    if role in {"soldier", "officer"} and era not in _OLD_DAYS:
        return dice.choice(_ARMIES.get(era, _BLUES))
    return dice.choice(_CLOTHS[role]) if role in _CLOTHS and era is not Era.FUTURE else None


def role_in(company: Company, role: str, *, woman: bool, child: bool) -> str:
    """The station of somebody in a book's company: what is told of them, else what the men of the book are."""
    role = "" if role == "mister" and (company.role or company.rough) else role
    if role == "cowboy" and not (company.role == role or company.rough):
        role = ""  # a hunter or an outlaw, but of no country of cowboys
    if company.eastern and not role:
        return "eastern"
    if woman or child:
        return role
    if company.role == "soldier":
        return "officer" if role == "captain" else role or "soldier"
    if company.role == "sailor":
        return role or "seafarer"
    if company.rough and not role:
        return company.role or "rough"
    return role or company.role


def choose_outfit(role: str, *, era: Era, woman: bool, child: bool, dice: Random) -> Outfit:
    """What somebody of this station, sex and age wears in these times; the dice decide among what was worn."""
    if role == "royal":
        return _royal(era, woman=woman, child=child, dice=dice)
    if child:
        return _childlike(era, woman=woman, dice=dice, role=role)
    if woman:
        return _womanly(role, era, dice)
    if role in _ROLE_MEN:
        return _manly(role, era)
    if role in {"gentleman", "mister"}:
        costume, garment, hats = _GENTLEMEN[era]
        return Outfit(costume=costume, garment=garment, hat=dice.choice(hats))
    costume, garment = dice.choice(_MEN[era])
    return Outfit(costume=costume, garment=garment, hat=dice.choice(_HATS[era][0]))


def _royal(era: Era, *, woman: bool, child: bool, dice: Random) -> Outfit:
    """A crown is worn in fairy tales and in the middle ages; later queens dress as ladies do."""
    if era in _NEVER_CROWNED:
        return choose_outfit("", era=era, woman=woman, child=child, dice=dice)
    if child:
        return replace_hat(_childlike(era, woman=woman, dice=dice), "crown")
    return Outfit(costume="kirtle" if woman else "robe", garment="dress" if woman else "robe", hat="crown")


def replace_hat(outfit: Outfit, hat: str) -> Outfit:
    """The same clothes under another hat."""
    return Outfit(costume=outfit.costume, garment=outfit.garment, hat=hat)


def _childlike(era: Era, *, woman: bool, dice: Random, role: str = "") -> Outfit:
    if era is Era.ANTIQUE or role == "eastern":
        plain = "stola" if woman else "chiton" if era is Era.ANTIQUE else "kurta"
        return Outfit(costume=plain, garment="dress" if woman else "coat")
    if era in {Era.TODAY, Era.FUTURE}:
        costume = "overall" if era is Era.FUTURE else "jumper" if not woman or dice.random() < 0.4 else "pinafore"
        return Outfit(costume=costume, garment="dress" if woman else "suit")
    if woman:
        return Outfit(costume="kirtle" if era is Era.MEDIEVAL else "pinafore", garment="dress")
    hat = dice.choice(("", "cap"))
    if era is Era.MEDIEVAL:
        return Outfit(costume="tunic", garment="suit")
    return Outfit(costume="knickers", garment="suit", hat=hat)


def _womanly(role: str, era: Era, dice: Random) -> Outfit:
    hat = dice.choice(_HATS[era][1])
    if role == "witch":
        return Outfit(costume="robe", garment="dress", hat="witch")
    if role == "monk":
        return Outfit(costume="robe", garment="dress", hat="veil")
    if role == "eastern":
        return Outfit(costume="stola", garment="dress", hat="veil")
    costume, garment = dice.choice(_WOMEN[era])
    if era is Era.ANTIQUE:
        return Outfit(costume=costume, garment=garment, hat=hat)
    if role in {"servant", "worker", "farmer"} and era not in {Era.TODAY, Era.FUTURE}:
        return Outfit(costume="apron", garment=garment, hat="mobcap" if role == "servant" else "bonnet")
    return Outfit(costume=costume, garment=garment, hat=hat)


def _manly(role: str, era: Era) -> Outfit:
    costume, garment, hat = _ROLE_MEN[role]
    if era is Era.FUTURE and role not in {"witch", "cleric", "monk"}:
        return Outfit(costume="overall", garment="suit")
    if era in _OLD_DAYS and role in {"officer", "soldier", "police", "knight"}:
        return Outfit(costume="legion" if era is Era.ANTIQUE else "armour", garment="suit", hat="helmet")
    if era is Era.ANTIQUE and role in {"cleric", "monk"}:
        return Outfit(costume="robe", garment="robe")
    if era in {Era.ANTIQUE, Era.MEDIEVAL} and role not in _TIMELESS:
        hooded = "hood" if role in {"rough", "worker", "farmer"} else ""
        antique = era is Era.ANTIQUE
        return Outfit(costume="chiton" if antique else "tunic", garment="coat", hat="" if antique else hooded)
    if role in {"soldier", "officer"} and era is Era.REGENCY:
        hat = "shako" if role == "soldier" else "bicorne"
    elif role in {"captain", "rough"} and era is Era.REGENCY:
        hat = "tricorne"
    elif role == "soldier" and era in {Era.TWENTIETH, Era.TODAY}:
        hat = "peaked"
    elif role == "rough" and era in _OLD_DAYS:
        return Outfit(costume="tunic", garment="coat", hat="hood")
    return Outfit(costume=costume, garment=garment, hat=hat)
