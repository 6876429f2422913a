"""What is to be seen in a scene, as the words of the book tell it: the one record between reading and drawing.

The reading half writes it, whoever draws reads it and no words besides. Pure records, stored with the scene.
"""

from dataclasses import dataclass
from enum import StrEnum

from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing

# From this confidence on a setting may be drawn; below it a landscape or a room would be invented.
SURE = 0.55


class Being(StrEnum):
    """What a figure is."""

    PERSON = "person"
    CREATURE = "creature"


class Sex(StrEnum):
    """Whether a figure is drawn as a man or a woman; empty where the book does not say."""

    UNKNOWN = ""
    MAN = "man"
    WOMAN = "woman"

    @classmethod
    def _missing_(cls, _value: object) -> "Sex":
        return cls.UNKNOWN


class Age(StrEnum):
    """How old a figure is drawn; empty where the passage does not say."""

    UNKNOWN = ""
    BABY = "baby"
    CHILD = "child"
    YOUNG = "young"
    GROWN = "grown"
    OLD = "old"

    @classmethod
    def _missing_(cls, _value: object) -> "Age":
        return cls.UNKNOWN


class Time(StrEnum):
    """Time of day; empty where it is not told."""

    UNKNOWN = ""
    DAY = "day"
    DAWN = "dawn"
    DUSK = "dusk"
    NIGHT = "night"

    @classmethod
    def _missing_(cls, _value: object) -> "Time":
        return cls.UNKNOWN


class Weather(StrEnum):
    """The weather out of doors; empty where it is not told."""

    UNKNOWN = ""
    CLEAR = "clear"
    STORM = "storm"
    RAIN = "rain"
    FOG = "fog"
    SNOW = "snow"
    WIND = "wind"

    @classmethod
    def _missing_(cls, _value: object) -> "Weather":
        return cls.UNKNOWN


class Season(StrEnum):
    """The time of the year; empty unless the book says it."""

    UNKNOWN = ""
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"

    @classmethod
    def _missing_(cls, _value: object) -> "Season":
        return cls.UNKNOWN


class View(StrEnum):
    """What kind of picture is honest: the whole scene only where its place is sure."""

    TYPOGRAPHIC = "typographic"
    PORTRAIT = "portrait"
    GROUP = "group"
    OBJECT = "object"
    SCENE = "scene"

    @classmethod
    def _missing_(cls, _value: object) -> "View":
        return cls.TYPOGRAPHIC


class Source(StrEnum):
    """Where a setting is known from: the passage itself, the chapter before it, or signs such as a meal or a lamp."""

    NONE = ""
    PASSAGE = "passage"
    CHAPTER = "chapter"
    SIGNS = "signs"

    @classmethod
    def _missing_(cls, _value: object) -> "Source":
        return cls.NONE


class Reference(StrEnum):
    """How a passage speaks of somebody: by name or noun, by a pronoun that can mean nobody else, or by an open one."""

    NAME = "name"
    PRONOUN = "pronoun"
    GUESS = "guess"

    @classmethod
    def _missing_(cls, _value: object) -> "Reference":
        return cls.NAME


class Support(StrEnum):
    """What bears somebody who sits or lies where the passage tells of no furniture; empty where it tells nothing."""

    UNKNOWN = ""
    GROUND = "ground"
    FLOOR = "floor"
    STEPS = "steps"
    WALL = "wall"
    LOG = "log"
    ROCK = "rock"
    SACKS = "sacks"
    STRAW = "straw"

    @classmethod
    def _missing_(cls, _value: object) -> "Support":
        return cls.UNKNOWN


class Way(StrEnum):
    """Which way somebody goes or is turned; empty where nothing else is told than towards the one they deal with."""

    UNKNOWN = ""
    AWAY = "away"
    UP = "up"
    DOWN = "down"
    AHEAD = "ahead"
    BEHIND = "behind"

    @classmethod
    def _missing_(cls, _value: object) -> "Way":
        return cls.UNKNOWN


IN_FILE = frozenset({Way.AHEAD, Way.BEHIND})  # of two who go one way, one before the other


class Lack(StrEnum):
    """What a passage tells of those in a picture and the picture does not show; empty for one of a later version."""

    UNKNOWN = ""
    DEED = "deed"
    PERSON = "person"
    THING = "thing"
    MOUNT = "mount"

    @classmethod
    def _missing_(cls, _value: object) -> "Lack":
        return cls.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Somebody who is there, once.

    Attributes:
        name: Of the element, as in the scene's elements; "" for somebody nameless.
        noun: What the passage calls it: "boy", "sailor", "dog"; "" where it has only a name.
        being: A person or a creature.
        species: Of a creature; `UNKNOWN` of a person, and of a creature without an outline.
        sex: As the passage's nouns and pronouns say.
        age: As the passage's nouns say; the looks of a named one say more.
        count: How many alike: 3 for "three sailors", 5 for "a pack of wolves".
        deed: What it does; `STAND` where nothing is told.
        toward: Index, in `Staging.figures`, of the one it is done to or with; None where it is done to nobody.
        upon: The thing it is done to, on or at: opens a chest, sits on a bench, looks out of a window.
        holds: What it has in its hand.
        reference: How the passage speaks of it; of a guess the name is not told, only what it looks like.
        support: What it sits or lies on, where that is no furniture.
        way: Away from the others, or up or down the stairs or the slope it is on; up with a thing: on top of it;
            ahead of or behind the one it is towards, both going one way.
        coat: The colour of a beast, as the passage says it: "white"; "" where it does not.
    """

    name: str = ""
    noun: str = ""
    being: Being = Being.PERSON
    species: Species = Species.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    age: Age = Age.UNKNOWN
    count: int = 1
    deed: Deed = Deed.STAND
    toward: int | None = None
    upon: Thing = Thing.NONE
    holds: Thing = Thing.NONE
    reference: Reference = Reference.NAME
    support: Support = Support.UNKNOWN
    way: Way = Way.UNKNOWN
    coat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """What happens here and now in a passage; nothing that is only compared, denied, remembered, feared or told of.

    Attributes:
        setting: Where it is; `UNKNOWN` where nothing says so.
        confidence: From 0 to 1, that the setting is right.
        source: Where the setting is known from.
        evidence: The book's own words for the setting, verbatim: "in the walled garden"; "" where it is unknown.
        indoors: Whether there is a roof over the scene; None where that is not known.
        time: Of day.
        weather: Only from words that say it happens now.
        weather_words: The book's own words for weather and season, verbatim; empty where nothing is told.
        season: Of the year, where it is told.
        figures: Those the passage puts there, each once, the main one first.
        things: Kinds of thing that are there, most telling first; the hero of an object's picture is the first.
        fallen: Those of the things that lie on the floor or the ground.
        crowd: Whether there are more people than can be told apart.
        view: The kind of picture that does not lie.
        why: Why this kind, in plain words for a developer: "place not sure: portrait".
        lacks: What is told and not shown, an entry for each: a deed that was not read, whom or what it is done to, a
            horse or carriage.
    """

    setting: Setting = Setting.UNKNOWN
    confidence: float = 0.0
    source: Source = Source.NONE
    evidence: str = ""
    indoors: bool | None = None
    time: Time = Time.UNKNOWN
    weather: Weather = Weather.UNKNOWN
    weather_words: tuple[str, ...] = ()
    season: Season = Season.UNKNOWN
    figures: tuple[Figure, ...] = ()
    things: tuple[Thing, ...] = ()
    fallen: tuple[Thing, ...] = ()
    crowd: bool = False
    view: View = View.TYPOGRAPHIC
    why: str = ""
    lacks: tuple[Lack, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether the setting is sure enough to be drawn."""
        return bool(self.setting) and self.confidence >= SURE
