"""What a plate is composed from where the scene says what is to be seen: no word of the book is read here."""

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.palette import PALETTES, Light
from imaginized.providers.builtin.plates.reading import Reading, seed_of
from imaginized.providers.builtin.plates.trades import company_of
from imaginized.providers.builtin.plates.wardrobe import Era, era_of
from imaginized.providers.builtin.plates.words import Place
from imaginized.story.stage_lists import ROOFED, Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Lack, Source, Staging, Time, Way, Weather

# The kind of backdrop of a setting; what is not named is a room under a roof, open country without one.
FAMILIES: dict[Setting, Place] = {
    Setting.HALL: Place.HALL,
    Setting.THRONE_ROOM: Place.HALL,
    Setting.BALLROOM: Place.HALL,
    Setting.CHURCH: Place.CHURCH,
    Setting.CAVE: Place.CAVE,
    Setting.STREET: Place.TOWN,
    Setting.TOWN: Place.TOWN,
    Setting.MARKET: Place.TOWN,
    Setting.GARDEN: Place.GARDEN,
    Setting.WALLED_GARDEN: Place.GARDEN,
    Setting.PARK: Place.GARDEN,
    Setting.FARMYARD: Place.FIELD,
    Setting.FIELD: Place.FIELD,
    Setting.BATTLEFIELD: Place.FIELD,
    Setting.PRAIRIE: Place.PRAIRIE,
    Setting.MOOR: Place.PRAIRIE,
    Setting.MOUNTAINS: Place.MOUNTAINS,
    Setting.FOREST: Place.FOREST,
    Setting.JUNGLE: Place.FOREST,
    Setting.RIVER: Place.RIVER,
    Setting.LAKE: Place.RIVER,
    Setting.SHORE: Place.SHORE,
    Setting.SEA: Place.SEA,
    Setting.BOAT: Place.SEA,
    Setting.SHIP_DECK: Place.DECK,
    Setting.DESERT: Place.DESERT,
    Setting.CASTLE: Place.CASTLE,
}
# What else a thing is to the compositions, which know fewer kinds.
ALSO: dict[Thing, str] = {
    Thing.BOOKCASE: "books",
    Thing.CAMPFIRE: "fire",
    Thing.GRAVESTONE: "graves",
    Thing.FLOWER: "flowers",
    Thing.ROSE: "flowers",
    Thing.STEAMER: "ship",
    Thing.CANOE: "boat",
    Thing.RAFT: "boat",
}
_PARLOURLESS = frozenset({Era.ANTIQUE, Era.MEDIEVAL})
_ABED = frozenset({Deed.LIE, Deed.SLEEP})
_BEDS = frozenset({Thing.BED, Thing.CRADLE})
UPRIGHT = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.THRONE})  # who sleeps in one of these sits
_COUCHES = frozenset({Thing.SOFA, Thing.ARMCHAIR})
_BEDLESS = frozenset(
    {
        Setting.CAVE, Setting.CARRIAGE, Setting.TRAIN, Setting.STABLE, Setting.PRISON, Setting.CHURCH, Setting.CRYPT,
        Setting.KITCHEN, Setting.STAIRCASE, Setting.CORRIDOR, Setting.DOORWAY, Setting.HALL, Setting.SHOP,
        Setting.OFFICE, Setting.SCHOOLROOM, Setting.THEATRE, Setting.COURT, Setting.WORKSHOP, Setting.LABORATORY,
        Setting.BALLROOM, Setting.THRONE_ROOM, Setting.DINING_ROOM, Setting.LIBRARY, Setting.CELLAR,
    }
)  # fmt: skip


def tell_scene(request: ImageRequest, staging: Staging) -> Reading:
    """What a plate is composed from, by what is to be seen in its scene."""
    scene = request.scene
    seed = seed_of(request.book_title, scene.quote.text, str(scene.number))
    light = choose_light(staging)
    choices = PALETTES[light]
    # Even in one chapter and odd in the next: a list of even length has nothing in common for the two, so that the last
    # plate of a chapter and the first of the next differ, however many a chapter has and whoever draws them.
    turn = 2 * (5 * (scene.chapter // 2) + scene.number) + scene.chapter % 2
    return Reading(
        seed=seed,
        place=family_of(staging),
        light=light,
        palette=choices[(turn + seed % 2) % len(choices)],
        things=_things(staging),
        fallen=tuple(thing.value for thing in staging.fallen),
        setting=staging.setting if staging.is_placed else Setting.UNKNOWN,
        season=staging.season,
        turn=turn + seed_of(request.book_title) % 60,
        is_hour_told=bool(staging.time),
        roofed=staging.indoors,
        abed=is_abed(staging),
        outside=is_outside(staging),
        busy=Lack.DEED in staging.lacks,
        taken=_taken(staging),
        is_old=era_of(request.style) in _PARLOURLESS or company_of(request.style).eastern,
    )


def is_outside(staging: Staging) -> bool | None:
    """Whether it is in the open; where no place is sure, as the passage and the likeliest place say, else None."""
    if staging.is_placed:
        return staging.setting not in ROOFED
    if staging.indoors is not None:
        return not staging.indoors
    if any(thing in _INSIDE for thing in staging.things) or not staging.setting:
        return None
    likely = staging.source is Source.PASSAGE or staging.confidence >= _LIKELY
    return True if likely and staging.setting not in ROOFED else None


_LIKELY = 0.4  # confidence of a place of the chapter from which nobody sits in the open on a chair


_INSIDE = frozenset(
    [
        Thing.TABLE,
        Thing.DESK,
        Thing.CHAIR,
        Thing.ARMCHAIR,
        Thing.SOFA,
        Thing.BED,
        Thing.HEARTH,
        Thing.STOVE,
        Thing.DOOR,
        Thing.WINDOW,
        Thing.LAMP,
        Thing.CANDLE,
        Thing.PIANO,
        Thing.CURTAIN,
        Thing.TEAPOT,
        Thing.CUP,
    ]
)


def is_abed(staging: Staging) -> bool:
    """Whether who lies or sleeps does so in a bed: one is told of, or there is a roof over them."""
    lying = [
        figure
        for figure in staging.figures
        if figure.being is Being.PERSON and figure.deed in _ABED and figure.upon not in UPRIGHT and not figure.support
    ]
    told = {*staging.things, *(figure.upon for figure in staging.figures)}
    under_roof = staging.setting in ROOFED - _BEDLESS if staging.is_placed else staging.indoors is True
    return bool(lying) and (bool(told & _BEDS) or under_roof) and not told & _COUCHES


def _taken(staging: Staging) -> tuple[str, ...]:
    """The seats that are sat in, which are drawn below those who sit: a bed as much as an armchair."""
    sat = [figure.upon for figure in staging.figures if figure.deed not in _UNSEATED and figure.upon in _SEATS]
    sat += [figure.upon for figure in staging.figures if figure.way in (Way.UP, Way.DOWN) and figure.upon]
    return tuple(dict.fromkeys(thing.value for thing in sat))


_SEATS = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.SOFA, Thing.BENCH, Thing.THRONE, Thing.BED})
_UNSEATED = frozenset({Deed.STAND, Deed.LEAN, Deed.PULL, Deed.PUSH, Deed.CLIMB, Deed.STRIKE, Deed.KNEEL, Deed.CROUCH})


def family_of(staging: Staging) -> Place:
    """The family of compositions that a setting belongs to."""
    if staging.setting in FAMILIES:
        return FAMILIES[staging.setting]
    return Place.ROOM if staging.setting in ROOFED else Place.HILLS


def choose_light(staging: Staging) -> Light:
    """Time of day and weather in one word: night before weather, weather before the hour."""
    if staging.time is Time.NIGHT:
        return Light.NIGHT
    told = {Weather.STORM: Light.STORM, Weather.RAIN: Light.STORM, Weather.FOG: Light.FOG, Weather.SNOW: Light.SNOW}
    if staging.weather in told and not staging.indoors:
        return told[staging.weather]
    if staging.setting is Setting.SNOW:
        return Light.SNOW
    return {Time.DAWN: Light.DAWN, Time.DUSK: Light.DUSK}.get(staging.time, Light.DAY)


def _things(staging: Staging) -> tuple[str, ...]:
    """The kinds of thing that are there, what falls from the sky with them."""
    used = [figure.upon for figure in staging.figures if figure.upon]  # what somebody opens or sits on is in sight
    seen = (*used, *(thing for thing in staging.things if thing not in staging.fallen))
    held = {figure.holds for figure in staging.figures}  # what is in a hand stands nowhere besides
    kinds = [thing.value for thing in seen if thing not in held]
    kinds += [ALSO[thing] for thing in seen if thing in ALSO]
    if staging.weather in {Weather.RAIN, Weather.STORM}:
        kinds.append("rain")
    if staging.weather is Weather.SNOW:
        kinds.append("snowfall")
    if any(figure.species is Species.WHALE for figure in staging.figures):
        kinds.append("whale")
    if staging.setting is Setting.THRONE_ROOM:
        kinds.append("throne")
    return tuple(dict.fromkeys(kinds))
