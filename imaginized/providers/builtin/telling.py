"""What a picture shows, as a person would say it: "Buck, a large dog, pulls the sled at night".

For a scene's description and for the text of a picture: whoever draws tells what was drawn, by the same record.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from imaginized.providers.builtin.acting_words import CARRIERS, DULL
from imaginized.providers.builtin.people_words import AGES, SEXES, SPECIES
from imaginized.providers.builtin.resting import at_rest, say_where
from imaginized.providers.builtin.vocabulary import NOUNS_BY_HAND, words
from imaginized.story.elements import NARRATOR, Element, ElementType
from imaginized.story.look_fit import CHILDREN
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being, Figure, Reference, Season, Sex, Staging, Time, View, Way, Weather

MOST_TOLD = 4
MOST_THINGS = 4

# {o} is whom it is done to, {u} the thing it is done on or to; the first form that can be filled is taken.
VERBS: Mapping[Deed, tuple[str, ...]] = {
    Deed.STAND: ("stands on {u}", "stands"),
    Deed.SIT: ("sits on {u}", "sits"),
    Deed.LIE: ("lies on {u}", "lies down"),
    Deed.SLEEP: ("sleeps on {u}", "sleeps"),
    Deed.LIE_DEAD: ("lies dead on {u}", "lies dead"),
    Deed.KNEEL: ("kneels by {u}", "kneels before {o}", "kneels"),
    Deed.CROUCH: ("crouches by {u}", "crouches"),
    Deed.LEAN: ("leans on {u}", "leans on {o}", "leans"),
    Deed.WALK: ("walks towards {o}", "walks"),
    Deed.RUN: ("runs towards {o}", "runs"),
    Deed.CHASE: ("chases {o}", "gives chase"),
    Deed.JUMP: ("jumps at {o}", "jumps over {u}", "jumps"),
    Deed.CLIMB: ("climbs {u}", "climbs"),
    Deed.FALL: ("falls from {u}", "falls"),
    Deed.SWIM: ("swims",),
    Deed.FLY: ("flies",),
    Deed.DANCE: ("dances with {o}", "dances"),
    Deed.ENTER: ("enters by {u}", "enters"),
    Deed.LEAVE: ("leaves",),
    Deed.RIDE: ("rides {o}", "rides"),
    Deed.DRIVE: ("drives {u}", "drives"),
    Deed.ROW: ("rows {u}", "rows"),
    Deed.SAIL: ("sails {u}", "steers"),
    Deed.HOLD: ("holds {o}", "holds {u}", "holds on"),
    Deed.RAISE: ("raises {u}", "raises a hand to {o}", "raises a hand"),
    Deed.CARRY: ("carries {o}", "carries {u}", "carries a load"),
    Deed.REACH: ("reaches for {u}", "reaches out to {o}", "reaches out"),
    Deed.POINT: ("points at {u}", "points at {o}", "points"),
    Deed.WAVE: ("waves to {o}", "waves"),
    Deed.GIVE: ("gives {u} to {o}", "gives {o} something", "holds something out"),
    Deed.TAKE: ("takes {u} from {o}", "takes {u}", "takes something from {o}", "takes something"),
    Deed.THROW: ("throws {u} at {o}", "throws {u}", "throws something at {o}", "throws something"),
    Deed.PUSH: ("pushes {o}", "pushes {u}", "pushes"),
    Deed.PULL: ("pulls {u} from {o}", "pulls {o}", "pulls {u}", "pulls"),
    Deed.OPEN: ("opens {u}", "reaches out"),
    Deed.CLOSE: ("closes {u}", "reaches out"),
    Deed.KNOCK: ("knocks at {u}", "knocks"),
    Deed.DIG: ("digs",),
    Deed.CHOP: ("chops {u}", "chops wood"),
    Deed.LIGHT: ("lights {u}", "strikes a light"),
    Deed.WRITE: ("writes at {u}", "writes"),
    Deed.READ: ("reads {u}", "reads"),
    Deed.EAT: ("eats {u}", "eats"),
    Deed.DRINK: ("drinks from {u}", "drinks"),
    Deed.SMOKE: ("smokes {u}", "smokes"),
    Deed.COOK: ("cooks",),
    Deed.SEW: ("sews",),
    Deed.PLAY_AN_INSTRUMENT: ("plays {u}", "plays an instrument"),
    Deed.PLAY: ("plays with {o}", "plays"),
    Deed.PRAY: ("prays",),
    Deed.BOW: ("bows to {o}", "bows"),
    Deed.TALK: ("talks to {o}", "speaks"),
    Deed.WHISPER: ("whispers to {o}", "whispers"),
    Deed.EMBRACE: ("embraces {o}", "embraces somebody"),
    Deed.KISS: ("kisses {o}", "gives a kiss"),
    Deed.SHAKE_HANDS: ("shakes hands with {o}", "shakes hands"),
    Deed.TOUCH: ("lays a hand on {o}", "touches {u}", "reaches out"),
    Deed.LEAD: ("leads {o}", "leads the way"),
    Deed.HELP: ("helps {o}", "helps"),
    Deed.STRIKE: ("strikes {o}", "strikes {u}", "strikes a blow"),
    Deed.FIGHT: ("fights {o}", "fights"),
    Deed.STAB: ("stabs {o}", "stabs"),
    Deed.SHOOT: ("shoots at {o}", "shoots"),
    Deed.SEIZE: ("seizes {o}", "seizes {u}", "seizes hold"),
    Deed.BITE: ("bites {o}", "bites"),
    Deed.BURY: ("buries {o}", "digs a grave"),
    Deed.LOOK: ("looks at {o}", "looks at {u}", "looks on"),
    Deed.LOOK_OUT: ("looks out of {u}", "looks across to {o}", "looks out"),
    Deed.LISTEN: ("listens to {o}", "listens"),
    Deed.WEEP: ("weeps",),
    Deed.LAUGH: ("laughs at {o}", "laughs"),
    Deed.SMILE: ("smiles at {o}", "smiles"),
    Deed.SING: ("sings",),
    Deed.SHOUT: ("shouts to {o}", "shouts"),
}
PLACES: Mapping[Setting, str] = {
    Setting.COURT: "in a court of law",
    Setting.STAIRCASE: "on a staircase",
    Setting.DOORWAY: "in a doorway",
    Setting.PRISON: "in a prison cell",
    Setting.CARRIAGE: "in a carriage",
    Setting.TRAIN: "on a train",
    Setting.SHIP_CABIN: "in a ship's cabin",
    Setting.HOUSE_FRONT: "in front of a house",
    Setting.STATION: "at a railway station",
    Setting.DOCK: "at the docks",
    Setting.BRIDGE: "on a bridge",
    Setting.ROOFTOP: "on a roof",
    Setting.PRAIRIE: "on the open plain",
    Setting.MOOR: "on the moor",
    Setting.HILLS: "among hills",
    Setting.MOUNTAINS: "in the mountains",
    Setting.CLIFF: "on a cliff",
    Setting.ROAD: "on a road",
    Setting.RIVER: "by a river",
    Setting.LAKE: "by a lake",
    Setting.SHORE: "on the shore",
    Setting.SEA: "at sea",
    Setting.SHIP_DECK: "on the deck of a ship",
    Setting.BOAT: "in a boat",
    Setting.UNDERWATER: "under water",
    Setting.SKY: "in the air",
    Setting.DESERT: "in the desert",
    Setting.SNOW: "in the snow",
    Setting.CAMP: "in a camp",
    Setting.BATTLEFIELD: "on a battlefield",
    Setting.RUINS: "among ruins",
    Setting.CASTLE: "before a castle",
    Setting.MODERN_CITY: "in a city of today",
}
TIMES = {Time.NIGHT: "at night", Time.DUSK: "at dusk", Time.DAWN: "at dawn", Time.DAY: "by day"}
WEATHERS = {
    Weather.STORM: "in a storm",
    Weather.RAIN: "in the rain",
    Weather.FOG: "in fog",
    Weather.SNOW: "in falling snow",
    Weather.WIND: "in the wind",
    Weather.CLEAR: "in clear weather",
}
SEASONS = {
    Season.SPRING: "in spring",
    Season.SUMMER: "in summer",
    Season.AUTUMN: "in autumn",
    Season.WINTER: "in winter",
}
UNCOUNTED = frozenset(
    {Thing.ARMOUR, Thing.BREAD, Thing.CORN, Thing.MEAT, Thing.FRUIT, Thing.SMOKE, Thing.LIGHTNING, Thing.CARDS}
)
# Nobody reads an armchair: what is done on a seat is not done to it.
SEATS = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.SOFA, Thing.BENCH, Thing.THRONE})
SEATED_DEEDS = frozenset({Deed.READ, Deed.EAT, Deed.WRITE, Deed.SEW, Deed.PLAY})
_INTO: Mapping[Deed, tuple[str, str]] = {
    Deed.SIT: (" on ", " in "),
    Deed.STAND: (" on ", " in "),
    Deed.ENTER: ("enters by ", "gets into "),
    Deed.CLIMB: ("climbs ", "climbs into "),
}
# Whose son or wife somebody is says little where the other one is not told.
KIN = words("father mother son daughter brother sister husband wife uncle aunt nephew niece cousin grandson heir")
THE_ONE = frozenset({Thing.MOON, Thing.SUN, Thing.STARS, Thing.FIRE, Thing.HEARTH, Thing.STAIRS})
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "wolf": "wolves",
    "mouse": "mice",
    "goose": "geese",
}
PLURALS |= {
    "sheep": "sheep",
    "deer": "deer",
    "fish": "fish",
    "ox": "oxen",
    "gentleman": "gentlemen",
    "policeman": "policemen",
}
_APPOSED = re.compile(r"(?:an?|the) [\w’' -]{2,40}", re.IGNORECASE)


def tell(staging: Staging, elements: Iterable[Element] = ()) -> str:
    """Say in a sentence or two what can be seen.

    Args:
        staging: What is shown.
        elements: Those of the cast who may be in it, for how they look.
    """
    if staging.view is View.TYPOGRAPHIC:
        return "The words of the passage, set as type."
    looks = {element.name: element for element in elements}
    figures = staging.figures[:MOST_TOLD]
    where = _where(staging)
    if staging.view is View.OBJECT or not figures:
        told = _objects(staging.things)
        if not told:
            return _finish("A crowd", where) if staging.crowd else _finish("A view", where, ", with nobody in it")
        return _finish(told, where)
    if staging.crowd:
        where = f"{where} among a crowd".strip()
    there = [thing for thing in staging.things if thing not in staging.fallen]
    things = [thing for thing in there if thing not in DULL and not _is_used(thing, figures)]
    near = [_thing(thing) for thing in things if thing.value not in staging.setting.value][:2]
    fallen = _tell_fallen(staging)
    if len(figures) == 1 and near and _Telling(figures, looks).has_with(figures[0]):
        return _finish(_Telling(figures, looks).everybody(near), where, fallen)  # "with a flower and a hat"
    beside = ""
    if near and len(figures) < 3:
        beside = f", with {_join(near)}" if len(figures) == 1 else f", {_join(near)} nearby"
    return _finish(_Telling(figures, looks).everybody(), where, beside + fallen)


def _tell_fallen(staging: Staging) -> str:
    fallen = [_thing(thing) for thing in staging.fallen if not _is_used(thing, staging.figures)][:2]
    return f", {_join(fallen)} on the {'ground' if staging.indoors is False else 'floor'}" if fallen else ""


def _finish(told: str, where: str, beside: str = "") -> str:
    text = (say_where(told, where) if where else told.rstrip(",")) + beside
    return text[:1].upper() + text[1:] + "."


# One stands at these, not on them.
OPENINGS = frozenset({Thing.DOOR, Thing.GATE, Thing.WINDOW})
WITH_IN_HAND = frozenset(
    Deed(name) for name in words("raise carry hold take smoke read drink eat throw give pull seize")
)


class _Telling:
    """One description in the making: who was told of in it comes again with "the", or as "him"."""

    def __init__(self, figures: Sequence[Figure], looks: Mapping[str, Element]) -> None:
        """Nothing was told yet."""
        self._figures, self._looks = figures, looks
        self._said: set[int] = set()
        self._phrases: set[str] = set()

    def everybody(self, things: Sequence[str] = ()) -> str:
        """Who does something, and who stands by; `things` are with the only one there is."""
        figures = self._figures
        aimed = {figure.toward for figure in figures}
        busy = [figure for figure in figures if figure.deed is not Deed.STAND or figure.holds or figure.upon]
        idle = [figure for at, figure in enumerate(figures) if figure not in busy and at not in aimed]
        if not busy:
            return _join([self._call(figure, full=len(figures) < 3).rstrip(",") for figure in figures])
        if len(busy) == 2 and not idle and (told := self._pair(*busy)):
            return told
        told = _join([" ".join(self._clause(figure, things=things)) for figure in busy])
        return f"{told} beside {_join([self._call(figure) for figure in idle])}" if idle and len(busy) == 1 else told

    def has_with(self, figure: Figure) -> bool:
        """Whether it is told what somebody has with him."""
        return bool(figure.holds) and " with " in self._clause(figure)[1]

    def _pair(self, one: Figure, other: Figure) -> str:
        """Two who do the same, or to each other, or of whom one goes on about whom the first deals with."""
        if (one.deed, one.upon, one.holds) == (other.deed, other.upon, other.holds):
            is_mutual = self._aim(one) is other and self._aim(other) is one
            alone = replace(one, toward=None, count=2)
            if is_mutual or (one.toward is None and other.toward is None):
                verb = self._verb(alone, aim="each other" if is_mutual else "")
                return f"{self._call(one).rstrip(',')} and {self._call(other).rstrip(',')} {verb}"
        goer, beyond = (other, one) if other.way in _IN_FILE else (one, other)
        if goer.way in _IN_FILE and goer.deed is beyond.deed and not beyond.holds:
            return " ".join(self._clause(goer))
        who, verb = self._clause(one)
        if self._aim(one) is not other or not verb.endswith(self._call(other).removeprefix("the ")):
            return f"{who} {verb} and {' '.join(self._clause(other))}"
        pronoun = "which" if other.being is Being.CREATURE and not other.name else "who"
        return f"{who} {verb}, {pronoun} {self._clause(other)[1]}"

    def _clause(self, figure: Figure, *, things: Sequence[str] = ()) -> tuple[str, str]:
        """Who does it, and what is done."""
        who = self._call(figure, full=True)
        aim = self._aim(figure)
        form = self._form(figure, has_aim=aim is not None)
        return who, self._verb(
            figure, aim=self._call(aim, is_object=True) if aim and "{o}" in form else "", more=things
        )

    def _aim(self, figure: Figure) -> Figure | None:
        aim = figure.toward if figure.toward is not None and figure.toward < len(self._figures) else None
        if aim is None or (figure.deed is Deed.RIDE and self._figures[aim].being is Being.PERSON):
            return None  # nobody rides a man: beside him
        return self._figures[aim]

    def _form(self, figure: Figure, *, has_aim: bool) -> str:
        given = {"o": has_aim, "u": bool(_object_of(figure))}
        forms = VERBS[figure.deed or Deed.STAND]
        if figure.way in _IN_FILE and has_aim:
            return f"{forms[-1]} {_IN_FILE[figure.way]} {{o}}"
        return next((form for form in forms if all(given[key] for key in re.findall(r"\{(\w)\}", form))), "stands")

    def _verb(self, figure: Figure, *, aim: str, more: Sequence[str] = ()) -> str:
        thing = _object_of(figure)
        form = self._form(figure, has_aim=bool(aim))
        verb = form.format(o=aim, u=thing)
        verb = at_rest(verb, figure, thing)
        if figure.upon in CARRIERS | {Thing.TRAIN} and figure.deed in _INTO:
            verb = verb.replace(*_INTO[figure.deed], 1)
        if figure.upon is Thing.MOTOR_CAR and "{u}" not in form:
            verb = f"{verb} from {_thing(figure.upon)}"
        if figure.upon in OPENINGS and "{u}" not in form:
            verb = f"{verb} {'to' if figure.deed in (Deed.WALK, Deed.RUN) else 'at'} {_thing(figure.upon)}"
        verb = _plural_verb(verb) if figure.count > 1 else verb
        held = [_thing(figure.holds)] if figure.holds and thing != _thing(figure.holds) else []
        return f"{verb} with {_join([*held, *more])}" if held else verb

    def _call(self, figure: Figure, *, full: bool = False, is_object: bool = False) -> str:
        again = id(figure) in self._said
        if again and is_object and (pronoun := self._pronoun(figure)):
            return pronoun
        called = _called(figure, self._looks, full=full, again=again)
        self._said.add(id(figure))
        if not again and called in self._phrases:
            called = re.sub(r"^an? ", "another ", called)
        self._phrases.add(called)
        return called

    def _pronoun(self, figure: Figure) -> str:
        """What to call somebody a second time, where nobody else can be meant."""
        others = [each for each in self._figures if each is not figure and each.being is Being.PERSON]
        is_clear = all(each.count > 1 or (each.sex and each.sex is not figure.sex) for each in others)
        if figure.being is not Being.PERSON or figure.noun == NARRATOR_NOUN or not is_clear or figure.count > 1:
            return ""
        return {Sex.MAN: "him", Sex.WOMAN: "her"}.get(figure.sex, "")


NARRATOR_NOUN = "narrator"
_IN_FILE = {Way.AHEAD: "ahead of", Way.BEHIND: "behind"}


def _object_of(figure: Figure) -> str:
    """The thing that a deed is done on or to, or with it in hand."""
    if figure.upon and (figure.upon not in SEATS or figure.deed not in SEATED_DEEDS):
        return "" if _is_where(figure) else _thing(figure.upon)
    return _thing(figure.holds) if figure.holds and figure.deed in WITH_IN_HAND else ""


def _is_where(figure: Figure) -> bool:
    """Whether a thing is only where somebody is: the door they stand at, the church they enter."""
    still = (Deed.STAND, Deed.LEAN, Deed.SIT, Deed.UNKNOWN)
    if figure.upon in OPENINGS:
        return figure.deed in still
    return figure.deed is Deed.ENTER and figure.upon not in CARRIERS  # into a car one gets


def _plural_verb(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    stem = first
    if first.endswith("ies"):
        stem = first[:-3] + ("ie" if first == "lies" else "y")
    elif first.endswith(("shes", "ches", "sses")):
        stem = first[:-2]
    elif first.endswith("s"):
        stem = first[:-1]
    return f"{stem} {rest}".strip()


def _called(figure: Figure, looks: Mapping[str, Element], *, full: bool = False, again: bool = False) -> str:
    if figure.noun == NARRATOR_NOUN and figure.name in ("", NARRATOR):
        return "the narrator"
    if figure.name and figure.reference is not Reference.GUESS:
        element = looks.get(figure.name)
        apposed = _apposed(element) if full and element else ""
        if apposed and (not _fits(apposed, figure) or apposed.split()[-1] in figure.name.casefold().split()):
            apposed = ""  # of somebody else, or of another time; or "the Woman, a young woman"
        name = _with_its_article(figure.name, element)
        return f"{name}, {apposed}," if apposed else name
    plain = (figure.noun in KIN and bool(figure.sex)) or figure.reference is Reference.GUESS
    noun = _noun(figure) if plain or not figure.noun else figure.noun
    if figure.count > 1:
        return f"the {_plural(noun)}" if again else number_of(noun, figure.count)
    if noun in ("people", "cattle"):
        return noun
    age = "old " if figure.age is Age.OLD and "old" not in noun and not noun.startswith("grand") else ""
    return f"the {noun}" if again else _article(age + noun)


def _with_its_article(name: str, element: Element | None) -> str:
    """Say "the Scarecrow" of whom the book calls that more often than not."""
    quotes = " ".join(quote.text for quote in element.quotes) if element else ""
    with_the, in_all = (len(re.findall(rf"\b{article}{re.escape(name)}\b", quotes)) for article in ("[Tt]he ", ""))
    return f"the {name}" if 2 * with_the > in_all else name


def _fits(apposed: str, figure: Figure) -> bool:
    """Whether "a tall old man" can be said of somebody here: of their sex and age, and no opinion."""
    *_, noun = apposed.split()
    if SEXES.get(noun, figure.sex) != figure.sex or (figure.being is Being.PERSON and noun in SPECIES):
        return False
    if OPINIONS.search(apposed):
        return False
    young = noun in AGES or "young" in apposed
    if noun in CHILDREN and figure.age is Age.YOUNG:
        return False  # what was told of the child is years ago
    return not (young and figure.age not in (Age.CHILD, Age.YOUNG, Age.BABY)) and not (young and figure.age is Age.OLD)


OPINIONS = re.compile(r"\b(?:most|very|so|too|quite|rather|more|such)\b")


def number_of(noun: str, count: int) -> str:
    """Say "three horsemen"."""
    return f"{NUMBERS[count] if count < len(NUMBERS) else 'many'} {_plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith("man") and noun != "human":
        return noun[:-3] + "men"
    if noun in ("people", "cattle") or (noun.endswith("y") and noun[-2:-1] not in "aeiou"):
        return noun if noun in ("people", "cattle") else noun[:-1] + "ies"
    if noun.endswith(("ers", "ors", "men", "ies", "sses")) or noun.rpartition("-")[2] in _MANY:
        return noun  # no word of the lists, and a plural already
    if noun in PLURALS:
        return PLURALS[noun]
    if noun.endswith(_VOICED):
        return noun.removesuffix("e").removesuffix("f") + "ves"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


_MANY = frozenset(PLURALS.values()) | {f"{noun}s" for noun in SEXES}
_VOICED = ("calf", "thief", "wife", "knife", "life", "half", "elf", "leaf", "loaf", "wolf")


def _noun(figure: Figure) -> str:
    if figure.being is Being.CREATURE:
        return str(figure.species) or "animal"
    if figure.age in (Age.CHILD, Age.BABY):
        return {Sex.MAN: "boy", Sex.WOMAN: "girl"}.get(figure.sex, "child")
    return str(figure.sex) or "person"


def _apposed(element: Element) -> str:
    """How somebody looks in a few words: the first "a large dog" of the description."""
    for piece in element.description.split(";"):
        found = _APPOSED.fullmatch(piece.strip())
        if found and element.type is not ElementType.PLACE and _is_somebody(piece.split()[-1].lower()):
            text = found.group()
            return text[:1].lower() + text[1:]
    return ""


def _is_somebody(noun: str) -> bool:
    return noun in SEXES or noun in SPECIES or noun in NOUNS_BY_HAND["person"]


# By the sound: an Egyptian, an heir, an uncle; a European, a unicorn, a one-armed man.
_AN = re.compile(
    r"(?:[aeiou](?!uro|ucal|unuch|ne\b|nce\b)|hei[rs]|hour|honest|honou?r)(?!(?<=u)(?:ni(?![mn])|s[eu]|til))",
    re.IGNORECASE,
)


def _article(noun: str) -> str:
    return f"{'an' if _AN.match(noun) else 'a'} {noun}"


def _thing(thing: Thing) -> str:
    if thing in THE_ONE:
        return f"the {thing}"
    if thing in UNCOUNTED or (str(thing).endswith("s") and thing not in (Thing.GLASS, Thing.CROSS)):
        return str(thing)
    return _article(str(thing))


def _objects(things: Sequence[Thing]) -> str:
    return _join([_thing(thing) for thing in things[:MOST_THINGS]])


def _is_used(thing: Thing, figures: Sequence[Figure]) -> bool:
    return any(thing in (figure.holds, figure.upon) for figure in figures)


def _where(staging: Staging) -> str:
    """Place, time and weather; nothing that is not sure."""
    place = ""
    if staging.view is View.SCENE and staging.is_placed:
        place = PLACES.get(staging.setting) or f"in {_article(str(staging.setting))}"
    indoors = staging.indoors is not False
    weather = "" if indoors else WEATHERS.get(staging.weather, "")
    season = "" if indoors or weather else SEASONS.get(staging.season, "")
    time = TIMES.get(staging.time, "") if staging.time in (Time.NIGHT, Time.DUSK, Time.DAWN) else ""
    return " ".join(part for part in (place, season, weather, time) if part)


def _join(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
