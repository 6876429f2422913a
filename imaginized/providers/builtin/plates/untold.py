"""Scenes of old data and of models, which do not say what is to be seen: drawn from the words of their passage."""

from collections import Counter
from dataclasses import replace

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import Canvas, mix
from imaginized.providers.builtin.plates.cast import Actor, choose_actors, is_crowded
from imaginized.providers.builtin.plates.creatures import draw_flock
from imaginized.providers.builtin.plates.crowd import draw_crowd
from imaginized.providers.builtin.plates.drawn import Drawn
from imaginized.providers.builtin.plates.forest import draw_fringe, frame_with_tree
from imaginized.providers.builtin.plates.kinds import KINDS
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading, read_passage
from imaginized.providers.builtin.plates.sky import draw_weather
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.staging import stage_actors
from imaginized.providers.builtin.plates.words import INDOORS, SOLDIERS, Place

MOST_AFLOAT = 4
CLOSE = 2  # figures that may be shown from nearer by
ENCLOSED = INDOORS | {Place.FOREST, Place.TOWN, Place.CAVE}  # elsewhere the sky is half of the picture
NEAREST = 0.7  # of the width that is then seen
TALLER = 1.35  # how much larger figures stand in a picture without a caption
_GRASSY = {
    Place.FIELD,
    Place.PRAIRIE,
    Place.HILLS,
    Place.MOUNTAINS,
    Place.GARDEN,
    Place.CASTLE,
    Place.RIVER,
    Place.FOREST,
}


def read(request: ImageRequest) -> Reading:
    """What the words of the passage say of its place, light, things and deeds."""
    return read_passage(request)


def draw(canvas: Canvas, request: ImageRequest, reading: Reading) -> Drawn:
    """Draw the scene from the words of its passage alone."""
    actors = choose_actors(request, reading)
    stage = KINDS[reading.place](canvas, reading)
    stage = replace(stage, size=stage.size * TALLER)
    if stage.afloat:
        actors = tuple(actor for actor in actors if actor.kind == "person")[:MOST_AFLOAT]
    if has_flock(reading):
        _draw_birds(canvas, reading)
    if is_crowded(reading) and not stage.afloat:
        draw_crowd(canvas, reading, stage, armed=any(word in SOLDIERS for word in reading.words))
    stage_actors(canvas, reading, stage, actors)
    _step_closer(canvas, reading, stage, actors)
    _close(canvas, reading, stage)
    return Drawn(alt=describe(reading, stage, actors), composition=reading.place.value, people=len(actors))


def has_flock(reading: Reading) -> bool:
    """Whether birds cross the sky."""
    return reading.has("birds") and not reading.indoors and reading.place not in {Place.CAVE, Place.FOREST}


def _draw_birds(canvas: Canvas, reading: Reading) -> None:
    dice = reading.dice("birds")
    chances = [dice.random() for _ in range(17 * 3)]
    at = (canvas.width * dice.uniform(0.42, 0.58), canvas.height * 0.27)
    draw_flock(
        canvas, at, mix(reading.palette.ink, reading.palette.haze, 0.15), count=17, spread=430, size=44, chances=chances
    )


def _step_closer(canvas: Canvas, reading: Reading, stage: Stage, actors: tuple[Actor, ...]) -> None:
    """One or two figures are often shown from nearer by, so that no two scenes of a kind look the same."""
    if reading.place not in ENCLOSED or not 0 < len(actors) <= CLOSE or is_crowded(reading):
        return
    canvas.frame(
        choose_frame(stage, (canvas.width, canvas.height), share=reading.dice("framing").uniform(NEAREST, 1.0))
    )


def choose_frame(stage: Stage, picture: tuple[int, int], *, share: float) -> tuple[float, float, float, float]:
    """The part of the picture around who stands on the stage (left, top, right, bottom), never beyond its edges."""
    width, height = picture[0] * share, picture[1] * share
    middle = stage.centre + (stage.light_at[0] - stage.centre) * 0.35
    left = min(max(middle - width / 2, 0.0), picture[0] - width)
    top = max(min(stage.feet + height * 0.1, picture[1]) - height, 0.0)
    return left, top, left + width, top + height


def _close(canvas: Canvas, reading: Reading, stage: Stage) -> None:
    """What lies between us and the scene: a tree to look past, grass, weather, darker corners."""
    if stage.tree_side and reading.light is not Light.FOG:
        frame_with_tree(canvas, reading, side=stage.tree_side)
    if reading.place in _GRASSY and not stage.afloat and reading.light is not Light.SNOW:
        draw_fringe(canvas, reading)
    draw_weather(canvas, reading)
    canvas.veil(
        reading.palette.ink, lambda u, v: 0.5 * max((abs(u - 0.5) * 1.55) ** 2 + (abs(v - 0.5) * 1.3) ** 2 - 0.42, 0)
    )


_LIGHT_WORDS = {
    Light.DAY: "by day",
    Light.DAWN: "at dawn",
    Light.DUSK: "in evening light",
    Light.NIGHT: "at night",
    Light.STORM: "in a storm",
    Light.FOG: "in mist",
    Light.SNOW: "in winter",
}


def describe(reading: Reading, stage: Stage, actors: tuple[Actor, ...]) -> str:
    """One honest sentence of what can be seen."""
    who = _join([actor.name for actor in actors if actor.name] + _unnamed(actors))
    where = f"{stage.setting}, {_LIGHT_WORDS[reading.light]}"
    if is_crowded(reading) and not stage.afloat:
        who = f"{who} before a crowd," if who else "a crowd"
    if has_flock(reading):
        where += ", birds overhead"
    if reading.has("balloon") and reading.place not in ENCLOSED:
        where += ", a balloon in the sky"
    subject = f"{who} {where}" if who else f"a view {where}, with nobody in it"
    return f"Storyboard plate in silhouettes: {subject}."


def _unnamed(actors: tuple[Actor, ...]) -> list[str]:
    counts = Counter(actor.noun for actor in actors if not actor.name)
    article = {noun: "an" if noun[0] in "aeiou" else "a" for noun in counts}
    return [f"{article[noun]} {noun}" if count == 1 else f"{count} figures ({noun})" for noun, count in counts.items()]


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
