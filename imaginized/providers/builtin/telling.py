"""What a picture shows, as a person would say it: "Buck, a large dog, pulls the sled at night".

For a scene's description and for the text of a picture: whoever draws tells what was drawn, by the same record.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from imaginized.providers.builtin.acting_words import DULL
from imaginized.providers.builtin.people_words import AGES, SEXES, SPECIES
from imaginized.providers.builtin.vocabulary import NOUNS_BY_HAND, words
from imaginized.story.elements import NARRATOR, Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being, Figure, Reference, Season, Sex, Staging, Time, View, Weather

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
    Deed.LOOK_OUT: ("looks out of {u}", "looks out"),
    Deed.LISTEN: ("listens to {o}", "listens"),
    Deed.WEEP: ("weeps",),
    Deed.LAUGH: ("laughs with {o}", "laughs"),
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
SAT_AT = frozenset({Thing.TABLE, Thing.DESK, Thing.PIANO})
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
    told = _everybody(figures, looks)
    where = _where(staging)
    if staging.view is View.OBJECT or not figures:
        told = _objects(staging.things)
        if not told:
            return _finish("A crowd" if staging.crowd else "A view with nobody in it", where)
        return _finish(told, where)
    if staging.crowd:
        where = f"{where} among a crowd".strip()
    there = [thing for thing in staging.things if thing not in staging.fallen]
    things = [thing for thing in there if thing not in DULL and not _is_used(thing, figures)][:2]
    beside = f", with {_join([_thing(thing) for thing in things])}" if things and len(figures) < 3 else ""
    beside += _tell_fallen(staging)
    return _finish(told, where, beside)


def _tell_fallen(staging: Staging) -> str:
    fallen = [_thing(thing) for thing in staging.fallen if not _is_used(thing, staging.figures)][:2]
    return f", {_join(fallen)} on the {'ground' if staging.indoors is False else 'floor'}" if fallen else ""


def _finish(told: str, where: str, beside: str = "") -> str:
    text = (f"{told} {where}".strip() if where else told.rstrip(",")) + beside
    return text[:1].upper() + text[1:] + "."


def _everybody(figures: Sequence[Figure], looks: Mapping[str, Element]) -> str:
    """Who does something, and who stands by."""
    aimed = {figure.toward for figure in figures}
    busy = [figure for figure in figures if figure.deed is not Deed.STAND or figure.holds or figure.upon]
    idle = [figure for at, figure in enumerate(figures) if figure not in busy and at not in aimed]
    if not busy:
        return _join([_called(figure, looks, full=len(figures) < 3).rstrip(",") for figure in figures])
    said: set[int] = set()  # who was told of comes again with "the"
    told = _sentence([_told(figure, figures, looks, said) for figure in busy])
    return f"{told} beside {_join([_called(figure, looks) for figure in idle])}" if idle and len(busy) == 1 else told


# One stands at these, not on them.
OPENINGS = frozenset({Thing.DOOR, Thing.GATE, Thing.WINDOW})
WITH_IN_HAND = frozenset(
    Deed(name) for name in words("raise carry hold take smoke read drink eat throw give pull seize")
)


def _told(figure: Figure, figures: Sequence[Figure], looks: Mapping[str, Element], said: set[int]) -> str:
    aim = figures[figure.toward] if figure.toward is not None and figure.toward < len(figures) else None
    who = _called(figure, looks, full=True, again=id(figure) in said)
    if aim is not None and figure.deed is Deed.RIDE and aim.being is Being.PERSON:
        aim = None  # nobody rides a man: beside him
    words = {
        "o": _called(aim, looks, again=id(aim) in said) if aim else "",
        "u": _thing(figure.upon) if figure.upon and not _is_by(figure) else "",
    }
    said |= {id(figure), id(aim)}
    if figure.holds and not figure.upon and figure.deed in WITH_IN_HAND:
        words["u"] = _thing(figure.holds)
    form = next(
        (each for each in VERBS[figure.deed or Deed.STAND] if all(words[key] for key in re.findall(r"\{(\w)\}", each))),
        "stands",
    )
    verb = form.format(**words)
    if figure.deed is Deed.SIT and figure.upon in SAT_AT:
        verb = verb.replace(" on ", " at ", 1)
    if figure.upon in OPENINGS and "{u}" not in form:
        verb = f"{verb} {'to' if figure.deed in (Deed.WALK, Deed.RUN) else 'at'} {_thing(figure.upon)}"
    if figure.count > 1:
        verb = _plural_verb(verb)
    held = f" with {_thing(figure.holds)}" if figure.holds and words["u"] != _thing(figure.holds) else ""
    return f"{who} {verb}{held}"


def _is_by(figure: Figure) -> bool:
    """Whether somebody is at a door, and nothing is done to it."""
    return figure.upon in OPENINGS and figure.deed in (Deed.STAND, Deed.LEAN, Deed.SIT, Deed.UNKNOWN)


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
    if figure.noun == "narrator" and figure.name in ("", NARRATOR):
        return "the narrator"
    if figure.name and figure.reference is not Reference.GUESS:
        element = looks.get(figure.name)
        apposed = _apposed(element) if full and element else ""
        if apposed and not _fits(apposed, figure):
            apposed = ""  # of somebody else, or of another time
        return f"{figure.name}, {apposed}," if apposed else figure.name
    plain = (figure.noun in KIN and bool(figure.sex)) or figure.reference is Reference.GUESS
    noun = _noun(figure) if plain or not figure.noun else figure.noun
    if figure.count > 1:
        return f"the {_plural(noun)}" if again else number_of(noun, figure.count)
    if noun in ("people", "cattle"):
        return noun
    age = "old " if figure.age is Age.OLD and "old" not in noun and not noun.startswith("grand") else ""
    return f"the {noun}" if again else _article(age + noun)


def _fits(apposed: str, figure: Figure) -> bool:
    """Whether "a tall old man" can be said of somebody here: of their sex and age, and no opinion."""
    *_, noun = apposed.split()
    if SEXES.get(noun, figure.sex) != figure.sex:
        return False
    if OPINIONS.search(apposed):
        return False
    young = noun in AGES or "young" in apposed
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
    if noun.endswith(("ers", "ors", "men")):
        return noun  # no word of the lists, and a plural already
    return PLURALS.get(noun) or noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


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


def _article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' and noun[:3] not in ('uni', 'use') else 'a'} {noun}"


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


def _sentence(parts: Sequence[str]) -> str:
    return _join([part for part in parts if part], last="while" if len(parts) == 2 else "and")


def _join(parts: Sequence[str], *, last: str = "and") -> str:
    if len(parts) < 2:
        return "".join(parts)
    comma = "," if last == "while" else ""
    return f"{', '.join(parts[:-1])}{comma} {last} {parts[-1]}"
