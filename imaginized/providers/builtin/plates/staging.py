"""Where each actor stands and what each does: groups that face the light or each other, seats under those who sit."""

from dataclasses import replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cast import STEEDS, Actor, choose_steed
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.grammar import deeds_of
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.water import draw_boat
from imaginized.providers.builtin.plates.words import SOLDIERS, WINGED

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
        _draw_crew(canvas, stage, actors, lamp, side)
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
            seat = _seat if reading.indoors else _stone
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


def _seat(canvas: Canvas, at: tuple[float, float], height: float, facing: int, lamp: Lamp) -> None:
    x, y = at
    stencil = Stencil((x - height * 0.4, y - height * 0.8, x + height * 0.4, y + 8), fine=3)
    back = x - facing * height * 0.16
    stencil.limb((back, y), (back, y - height * 0.68), height * 0.016, height * 0.016)
    stencil.limb(
        (x + facing * height * 0.13, y), (x + facing * height * 0.12, y - height * 0.24), height * 0.016, height * 0.016
    )
    stencil.limb(
        (back, y - height * 0.245), (x + facing * height * 0.13, y - height * 0.245), height * 0.022, height * 0.022
    )
    stencil.limb((back, y - height * 0.52), (back, y - height * 0.66), height * 0.03, height * 0.03)
    canvas.paint(stencil, lamp.palette.dark((112, 74, 50), 0.5))


def _stone(canvas: Canvas, at: Point, height: float, facing: int, lamp: Lamp) -> None:
    """Out of doors one sits on a stone."""
    shape = ((-0.3, 0.0), (-0.27, 0.14), (-0.16, 0.245), (0.0, 0.255), (0.11, 0.21), (0.15, 0.06), (0.14, 0.0))
    body = Cutout(at, height, facing=facing)
    body.blob((126, 120, 116), shape)
    body.draw(canvas, lamp)


def _draw_crew(canvas: Canvas, stage: Stage, actors: tuple[Actor, ...], lamp: Lamp, side: int) -> None:
    if not actors:
        return
    length = max(260.0, 96.0 * len(actors) + 150)
    start = stage.centre - (len(actors) - 1) * 46
    for index, actor in enumerate(actors):
        draw_person(
            canvas,
            actor,
            (start + index * 92, stage.feet + 22),
            stage.size,
            deed="sit",
            facing=side,
            lamp=lamp,
            variant=index,
        )
    draw_boat(canvas, (stage.centre, stage.feet + 6), length, lamp.palette)


def draw_crowd(canvas: Canvas, reading: Reading, stage: Stage) -> None:
    """People beyond the actors, too many and too far to tell apart; soldiers stand in ranks."""
    dice, palette = reading.dice("crowd"), reading.palette
    armed = any(word in SOLDIERS for word in reading.words)
    rows, count = (3, 19) if armed else (3, 21)
    for row in range(rows):
        near = row / (rows - 1)
        size, y = stage.size * (0.46 + 0.16 * near), stage.feet - stage.size * (0.34 - 0.18 * near)
        stencil = canvas.whole(top=y - size * 1.4, bottom=y + 6)
        for index in range(count):
            jitter = 0.5 + 0.25 * (row % 2) if armed else dice.uniform(0.1, 0.9)
            x = canvas.width * (0.05 + 0.9 * (index + jitter) / count)
            tall = size * (dice.uniform(0.96, 1.02) if armed else dice.uniform(0.78, 1.06))
            gown = not armed and dice.random() < 0.45
            _bystander(stencil, x, y, tall, gown=gown, sway=0.6 if armed else dice.uniform(-1, 1))
            if armed:
                _arm(stencil, x, y, tall)
        tone: Colour = mix(palette.dark((96, 84, 88), 0.45), palette.haze, 0.34 - 0.26 * near)
        canvas.paint(stencil, mix(tone, palette.ink, 0.24 * near))
        canvas.rim(stencil, palette.light, shift=(-2, 2), opacity=0.4)


def _arm(stencil: Stencil, x: float, y: float, tall: float) -> None:
    """A shako and a shouldered gun."""
    stencil.polygon(
        [
            (x - tall * 0.07, y - tall * 0.95),
            (x + tall * 0.075, y - tall * 0.95),
            (x + tall * 0.085, y - tall * 1.11),
            (x - tall * 0.08, y - tall * 1.11),
        ]
    )
    stencil.limb((x + tall * 0.1, y - tall * 0.6), (x + tall * 0.17, y - tall * 1.26), tall * 0.016, tall * 0.01)


def _bystander(stencil: Stencil, x: float, y: float, tall: float, *, gown: bool, sway: float) -> None:
    head = (x + sway * tall * 0.02, y - tall * 0.92)
    stencil.ellipse(head, tall * 0.066, tall * 0.075)
    shoulders, waist = tall * 0.125, tall * 0.085
    hem = tall * (0.19 if gown else 0.1)
    stencil.blob(
        [
            (x - shoulders, y - tall * 0.78),
            (x, y - tall * 0.86),
            (x + shoulders, y - tall * 0.78),
            (x + waist, y - tall * 0.55),
            (x - waist, y - tall * 0.55),
        ]
    )
    stencil.polygon(
        [
            (x - waist, y - tall * 0.6),
            (x + waist, y - tall * 0.6),
            (x + hem, y - (0 if gown else tall * 0.36)),
            (x - hem, y - (0 if gown else tall * 0.36)),
        ]
    )
    arm = x + (shoulders if sway > 0 else -shoulders)
    stencil.limb((arm, y - tall * 0.76), (arm + sway * tall * 0.12, y - tall * 0.5), tall * 0.035, tall * 0.024)
    if not gown:
        for side in (-1, 1):
            stencil.limb(
                (x + side * tall * 0.04, y - tall * 0.4),
                (x + side * tall * (0.055 + 0.03 * abs(sway)), y),
                tall * 0.048,
                tall * 0.03,
            )
