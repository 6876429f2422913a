"""Time of day, weather and season of a passage, only from words that say it is so now. English only."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.gate_scope import SIMILE
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.staging import Season, Time, Weather

TIMES = {
    **dict.fromkeys(words("night midnight moonlight moonlit starlight starlit nightfall bedtime"), Time.NIGHT),
    **dict.fromkeys(words("dusk twilight sunset sundown gloaming evening"), Time.DUSK),
    **dict.fromkeys(words("dawn daybreak sunrise"), Time.DAWN),
    **dict.fromkeys(
        words("morning noon midday mid-day noonday noontide afternoon daylight sunlight sunshine sunlit sunny"),
        Time.DAY,
    ),
}
# "the moon shone" is a night, "the sun was setting" a dusk.
MOON, SUN = words("moon stars"), words("sun")
SHINING = words(
    "shine rise hang gleam glimmer light come peer silver look be stand float twinkle flash climb pour stream burn"
)
SETTING_SUN, RISING_SUN = words("set sink setting sinking low westering"), words("rise rising")
WEATHERS = {
    **dict.fromkeys(words("rain drizzle downpour rainstorm raindrop"), Weather.RAIN),
    **dict.fromkeys(words("storm thunderstorm tempest hurricane cyclone gale thunder lightning"), Weather.STORM),
    **dict.fromkeys(words("fog mist haze"), Weather.FOG),
    **dict.fromkeys(words("snowflake snowstorm blizzard snowfall"), Weather.SNOW),
    **dict.fromkeys(words("wind breeze gust"), Weather.WIND),
}
VERBS = {**dict.fromkeys(words("rained raining"), Weather.RAIN), **dict.fromkeys(words("snowed snowing"), Weather.SNOW)}
FALLING = words("fall fell falling driving drifting whirling swirling beat beating came drove driven flying whirled")
SOFT = words("breeze")  # too little to be drawn as a gale
# "till the storm was over", "after the rain", "the storm had passed"
BEYOND = words("till until after before since despite against")
OVER = words("over past ceased passed abated stopped ended gone subsided cleared died dropped fell lulled")
SEASONS = {
    **dict.fromkeys(words("spring springtime april may"), Season.SPRING),
    **dict.fromkeys(words("summer midsummer june july august summertime"), Season.SUMMER),
    **dict.fromkeys(words("autumn october november september harvest"), Season.AUTUMN),
    **dict.fromkeys(
        words("winter january december february midwinter frost icicle snow snowdrift snowy icy"), Season.WINTER
    ),
}
GREETINGS = words("good")
NEAR = 6
LAMPS = ("lamp", "lamps", "candle", "lantern", "gas")  # a word's end: "binnacle-lamps"
LAMPLIGHT = words("lamplight candlelight gaslight lamplit firelight firelit")
LIGHTING, LAMP_WITHIN = words("light lighted kindle"), 5  # "lighted the two lamps"
DARK_WAYS = words("road lane street path track trail highway avenue alley")  # dark by day under trees only
DARK_ROOMS = words("room chamber house hall bedroom parlour church street")
GLOOM = words("the a total utter pitchy pitch thick black deep complete perfect intense profound impenetrable")
MEMORY = 260  # tokens through which the time of day is remembered
LOW = 100  # tokens through which the low sun of dusk and dawn is
DARKENED = words("lamp candle light lights lamps candles")  # "put out the lamp"
PUTTING_OUT = words("put blow blew snuff turn switch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What is overhead."""

    time: Time = Time.UNKNOWN
    weather: Weather = Weather.UNKNOWN
    season: Season = Season.UNKNOWN
    words: tuple[str, ...] = ()


def find_sky(passage: Passage, unreal: Sequence[int], first: int, last: int) -> Sky:
    """Read the tokens first..last (last excluded); the time of day is remembered from a little before."""
    tokens = passage.tokens
    time, season = Time.UNKNOWN, Season.UNKNOWN
    weathers: dict[Weather, float] = {}
    said: list[str] = []
    for at in passage.between(_SAYING, first, last):
        if unreal[at] and not _is_overhead(tokens, at, unreal[at]):
            continue
        token = tokens[at]
        later = at > 0 and tokens[at - 1].lower in ("next", "following") and token.lower in TIMES
        time = TIMES[token.lower] if later else time or _time_at(tokens, at)
        weather = _weather_at(tokens, at, unreal)
        if weather:
            weathers[weather] = weathers.get(weather, 0.0) + (0.4 if token.base in SOFT else 1.0)
            said.append(token.word)
        found = SEASONS.get(token.base)
        if found and not season and _is_season(tokens, at):
            season = found
            said.append(token.word)
    order = list(Weather)
    best = max(weathers, key=lambda each: (weathers[each], -order.index(each)), default=Weather.UNKNOWN)
    if weathers.get(best, 0.0) < 1.0:
        best = Weather.UNKNOWN
    if (
        not best
        and time is Time.DAY
        and any(tokens[at].lower in _CLEAR and not unreal[at] for at in passage.between(_SAYING, first, last))
    ):
        best = Weather.CLEAR
    before = Time.UNKNOWN if time else _by_clock(_time_before(passage, unreal, first), tokens[first:last])
    return Sky(
        time=time or _dimmed(before, passage, unreal, range(first, last)),
        weather=best,
        season=season,
        words=tuple(dict.fromkeys(said)),
    )


def _is_overhead(tokens: list[Token], at: int, code: int) -> bool:
    """Tell "he stood like a rock under the starlight": what is over him is no part of the likeness."""
    lit = tokens[at].lower in ("moonlight", "starlight", "sunlight", "sunshine")
    return code == SIMILE and lit and [token.lower for token in tokens[max(at - 2, 0) : at]] in OVERHEAD


OVERHEAD = (["under", "the"], ["in", "the"], ["beneath", "the"])
_OF_HOURS = TIMES.keys() | MOON | SUN
_CLEAR = words("sunshine sunlight sunny sunlit sunbeam cloudless")
# All words that say anything of the sky, and those of lamps: a chapter is walked once for where they stand.
_SAYING = frozenset({*_OF_HOURS, *VERBS, *WEATHERS, *SEASONS, *_CLEAR, "snow"})
_LIT = frozenset({*LIGHTING, *LAMPLIGHT, "darkness", "dark", "darkened", *PUTTING_OUT})


def _by_clock(time: Time, here: list[Token]) -> Time:
    """The remembered hour, where a clock of the passage does not say another one: no dusk is at twelve o'clock."""
    if time not in (Time.DUSK, Time.DAWN):
        return time
    return Time.UNKNOWN if any(_is_high_hour(here, at) for at in range(len(here))) else time


def _is_high_hour(here: list[Token], at: int) -> bool:
    """Tell "twelve o'clock", "struck eleven", "half past one" and "two by my watch"."""
    if here[at].lower not in _HIGH_HOURS or here[at].spoken:
        return False
    before = [token.lower for token in here[max(at - 2, 0) : at]]
    after = [token.lower.replace("’", "'") for token in here[at + 1 : at + 4]]
    struck = here[at - 1].base in ("strike", "chime") if before else False
    past = before[-1:] == ["half-past"] or (before[-1:] in (["past"], ["to"]) and before[0] in _PARTS_OF_HOURS)
    return struck or past or after[:1] == ["o'clock"] or (after[:1] == ["by"] and not _DIALS.isdisjoint(after))


_PARTS_OF_HOURS, _DIALS = words("half quarter minutes"), words("clock watch")
_HIGH_HOURS = words("ten eleven twelve one two three")  # of the day or of the night, neither dusk nor dawn


def _dimmed(time: Time, passage: Passage, unreal: Sequence[int], here: range) -> Time:
    """The remembered hour, but dusk where lamps are lit: then the day of a page ago is over."""
    if time in (Time.NIGHT, Time.DUSK, Time.DAWN):
        return time
    tokens = passage.tokens
    for at in passage.between(_LIT, here.start, here.stop):
        within = slice(at + 1, min(at + LAMP_WITHIN, here.stop))
        lit = tokens[at].base in LIGHTING and any(each.base.endswith(LAMPS) for each in tokens[within])
        dark = at > 0 and tokens[at].lower == "darkness" and tokens[at - 1].lower == "the"
        by_lamps = dark or tokens[at].lower in LAMPLIGHT
        real = not unreal[at] and not tokens[at].spoken
        if real and (_is_darkened(tokens, at) or _is_pitchy(tokens, at)):
            return Time.NIGHT
        if real and (lit or by_lamps):
            return Time.DUSK
    return time


def _is_darkened(tokens: list[Token], at: int) -> bool:
    """Tell "cried out in the dark" and "put out the lamp"."""
    near = [token.lower for token in tokens[at + 1 : at + LAMP_WITHIN]]
    if tokens[at].base in PUTTING_OUT:
        return "out" in near[:3] and not DARKENED.isdisjoint(near)
    ends = not near or tokens[at].gap != " " or not tokens[at + 1].facts & (lex.NOUN | lex.QUALITY)
    return (
        tokens[at].lower == "dark" and [token.lower for token in tokens[max(at - 2, 0) : at]] == ["in", "the"] and ends
    )


def _is_pitchy(tokens: list[Token], at: int) -> bool:
    """Tell "in the pitchy darkness" and "along the dark road"."""
    near = [token.lower for token in tokens[max(at - 3, 0) : at]]
    if tokens[at].lower == "darkness":
        return near[-2:-1] != [] and near[-1] in GLOOM - {"the"} and bool({"in", "through"} & set(near))
    after = tokens[at + 1].lower if tokens[at].gap == " " and at + 1 < len(tokens) else ""
    if tokens[at].lower == "darkened":
        return after in DARK_ROOMS
    return tokens[at].lower == "dark" and bool(near) and (after in DARK_WAYS or near[-1] == "pitch")


def _time_before(passage: Passage, unreal: Sequence[int], first: int) -> Time:
    for at in reversed(passage.between(_SAYING, max(first - MEMORY, -1) + 1, first)):
        if not unreal[at] and (time := _time_at(passage.tokens, at)):
            return time if time in (Time.NIGHT, Time.DAY) or at >= first - LOW else Time.UNKNOWN
    return Time.UNKNOWN


def _time_at(tokens: list[Token], at: int) -> Time:
    token = tokens[at]
    if token.lower not in _OF_HOURS:
        return Time.UNKNOWN
    found = TIMES.get(token.lower)
    before = tokens[at - 1].lower if at else ""
    if found is not None:
        greeting = before in GREETINGS or (
            at and tokens[at - 1].lower in ("every", "each", "many", "last", "all", "by")
        )
        gone = any(each.lower in OVER for each in tokens[at + 1 : at + 3])
        return Time.UNKNOWN if greeting or gone or (token.lower == "night" and before == "day") else found
    if token.word[0].isupper() and not token.first:
        return Time.UNKNOWN  # "the Sun Rock"
    near = tokens[at + 1 : at + NEAR]
    if token.lower in MOON and before in ("the", "a", "full", "bright", "pale", "and", "of", "rising"):
        return Time.NIGHT if token.lower == "moon" or any(each.base in SHINING for each in near) else Time.UNKNOWN
    if token.lower in SUN and before in ("the", "setting", "rising", "afternoon", "morning", "bright", "hot"):
        if before == "setting" or any(each.base in SETTING_SUN for each in near):
            return Time.DUSK
        if before == "rising" or any(each.base in RISING_SUN for each in near):
            return Time.DAWN
        return Time.DAY
    return Time.UNKNOWN


def _weather_at(tokens: list[Token], at: int, unreal: Sequence[int]) -> Weather:
    token = tokens[at]
    if token.lower in VERBS:
        return VERBS[token.lower]
    if token.base == "snow" and any(
        each.lower in FALLING and not unreal[at + 1 + k] for k, each in enumerate(tokens[at + 1 : at + 4])
    ):
        return Weather.SNOW
    if token.base == "snow" and at and tokens[at - 1].lower in ("falling", "driving", "whirling", "drifting"):
        return Weather.SNOW
    weather = WEATHERS.get(token.base)
    if weather is None or (token.facts & lex.VERB and token.lower != token.base and not token.facts & lex.PLURAL):
        return Weather.UNKNOWN
    if any(each.lower in BEYOND for each in tokens[max(at - 4, 0) : at]):
        return Weather.UNKNOWN
    if any(each.lower in OVER for each in tokens[at + 1 : at + 5]):
        return Weather.UNKNOWN
    if at + 1 < len(tokens) and tokens[at + 1].lower == "of" and tokens[at].gap == " ":
        return Weather.UNKNOWN  # "a storm of applause", "a gust of laughter"
    return weather


def _is_season(tokens: list[Token], at: int) -> bool:
    """Tell the season from the verb "to spring", the month of May from "may", and last winter from this one."""
    token = tokens[at]
    before = tokens[at - 1].lower if at else ""
    if token.base == "icy":  # a path, no voice
        return at + 1 < len(tokens) and bool(tokens[at + 1].facts & (lex.PLACE | lex.NATURE))
    if token.base in ("spring", "may", "march", "august", "fall"):
        if token.base in ("may", "august", "march") and not token.word[0].isupper():
            return False
        return (
            before in ("in", "the", "of", "early", "late", "this", "that", "a", "fine", "one", "last")
            and token.lower != "springs"
        )
    return before not in ("last", "next", "every", "since", "all", "each") and not (token.word == "May" and token.first)
