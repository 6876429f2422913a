"""Where each actor stands and what each does: groups that face the light or each other, seats under those who sit."""

from dataclasses import replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Canvas, Point, mix
from imaginized.providers.builtin.plates.cast import STEEDS, Actor, choose_steed
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.crew import draw_crew
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.grammar import deeds_of
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.seats import draw_seat, draw_stone
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.words import WINGED

_SPACE = {
    "lie": 1.0,
    "run": 0.62,
    "fight": 0.66,
    "chop": 0.66,
    "sit": 0.5,
    "kneel": 0.5,
    "reach": 0.5,
    "dance": 0.46,
    "ride": 1.35,
}
_SADDLE = 0.31  # of a grown man: how high the hip of one who rides lies above where the feet would stand


def stage_actors(canvas: Canvas, reading: Reading, stage: Stage, actors: tuple[Actor, ...]) -> None:
    """Draw the actors, the farther ones first, so that they overlap as people do."""
    palette = reading.palette
    side = 1 if stage.light_at[0] > stage.centre else -1
    rim = mix(palette.light, palette.glow, 0.6) if reading.indoors else mix(palette.light, palette.horizon, 0.35)
    lamp = Lamp(palette=palette, depth=stage.depth, side=side, colour=rim)
    if stage.afloat:
        draw_crew(canvas, actors, (stage.centre, stage.feet), stage.size, lamp=lamp, facing=side)
        return
    deeds = _deeds(reading, actors)
    steed = choose_steed(reading, actors) if "ride" in deeds else None
    shown = [(actor, deed) for actor, deed in zip(actors, deeds, strict=True) if actor != steed]
    stage = _closer(stage, shown, indoors=reading.indoors)
    places = _spread(stage, shown, canvas.width)
    for index in sorted(range(len(shown)), key=lambda index: (index % 2 == 0, index)):
        actor, deed = shown[index]
        back = 22 if index % 2 else 0
        size = stage.size * (0.93 if back else 1.0)
        facing = _facing(deed, index, side, alone=len(shown) == 1)
        at = (places[index], stage.feet - back)
        if deed == "lie" and stage.bed is not None and actor.kind == "person":
            at, facing = stage.bed, -1 if stage.bed[0] > stage.centre else 1
        if deed == "ride" and steed is not None:
            at = _mount(canvas, steed, at, size, facing, lamp, pace="run" if reading.deeds[:1] == ("run",) else "walk")
        if deed == "sit" and actor.kind == "person":
            seat = draw_seat if reading.indoors else draw_stone
            seat(canvas, at, size * actor.look.height, facing, lamp)
        _place_actor(canvas, actor, at, size, deed, facing, lamp, index)


def _deeds(reading: Reading, actors: tuple[Actor, ...]) -> list[str]:
    """What each does, by the grammar of the passage; where that is silent, by the verbs alone."""
    told = deeds_of(actors, reading.words)
    deeds = [deed or _any_deed(reading, index) for index, deed in enumerate(told)]
    return [_possible(reading, actor, deed) for actor, deed in zip(actors, deeds, strict=True)]


def _any_deed(reading: Reading, index: int) -> str:
    if not reading.deeds:
        return "stand"
    deed = reading.deeds[index % min(len(reading.deeds), 2)]
    return "stand" if deed in {"lie", "dance", "carry", "point", "reach"} and index > 1 else deed


def _possible(reading: Reading, actor: Actor, deed: str) -> str:
    """The deed, or the nearest that can be drawn: nobody rides indoors or flies without wings."""
    if deed == "ride" and (reading.indoors or reading.has("carriage", "boat", "ship")):
        return "sit" if reading.indoors else "stand"
    if deed == "fly" and not is_winged(reading, actor):
        return "run"
    return deed


def is_winged(reading: Reading, actor: Actor) -> bool:
    """Whether the creature can fly as the passage tells it."""
    return actor.kind == "bird" or (actor.kind != "person" and any(word in WINGED for word in reading.words))


def _closer(stage: Stage, shown: list[tuple[Actor, str]], *, indoors: bool) -> Stage:
    """Few figures out of doors are shown from nearer by."""
    wide = sum(deed == "ride" or actor.kind in STEEDS for actor, deed in shown)
    if indoors or len(shown) + wide > 4 or stage.size > 260:
        return stage
    return replace(stage, size=stage.size * (1.3 if len(shown) < 3 else 1.16))


def _mount(canvas: Canvas, steed: Actor, at: Point, size: float, facing: int, lamp: Lamp, *, pace: str) -> Point:
    """Draw the steed; return where its rider's feet would stand."""
    draw_creature(canvas, steed, at, size, deed=pace, facing=facing, lamp=lamp)
    height = BEASTS[steed.kind].size * size
    return at[0] - facing * height * 0.04, at[1] - height * 0.96 + size * _SADDLE


def _spread(stage: Stage, shown: list[tuple[Actor, str]], width: int) -> list[float]:
    """One x for each actor, side by side around the centre, within the picture."""
    rooms = [_room(stage, actor, deed) for actor, deed in shown]
    total = sum(rooms)
    start = min(max(stage.centre - total / 2, 70.0), max(width - 70.0 - total, 70.0))
    places = []
    for room in rooms:
        places.append(start + room / 2)
        start += room
    return places


def _room(stage: Stage, actor: Actor, deed: str) -> float:
    if actor.kind == "person":
        return stage.size * _SPACE.get(deed, 0.42)
    beast = BEASTS.get(actor.kind)
    return stage.size * (max(beast.size * beast.length * 0.9, 0.3) if beast else 0.5)


def _facing(deed: str, index: int, side: int, *, alone: bool) -> int:
    if deed in {"talk", "fight", "dance", "sit", "kneel"} and not alone:
        return 1 if index % 2 == 0 else -1
    return side


def _place_actor(
    canvas: Canvas, actor: Actor, at: tuple[float, float], size: float, deed: str, facing: int, lamp: Lamp, variant: int
) -> None:
    if actor.kind != "person":
        draw_creature(canvas, actor, at, size, deed=deed, facing=facing, lamp=lamp)
        return
    draw_person(canvas, actor, at, size, deed=deed, facing=facing, lamp=lamp, variant=variant)
