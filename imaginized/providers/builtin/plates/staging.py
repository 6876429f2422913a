"""Where each actor stands and what each does: groups that face the light or each other, seats under those who sit."""

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Stencil, mix
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.creatures import draw_creature
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.figures import draw_person
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.water import draw_boat

_SPACE = {"lie": 1.0, "run": 0.62, "fight": 0.66, "sit": 0.5, "kneel": 0.5, "reach": 0.5, "dance": 0.46}


def stage_actors(canvas: Canvas, reading: Reading, stage: Stage, actors: tuple[Actor, ...]) -> None:
    """Draw the actors, the farther ones first, so that they overlap as people do."""
    palette = reading.palette
    side = 1 if stage.light_at[0] > stage.centre else -1
    rim = mix(palette.light, palette.glow, 0.6) if reading.indoors else mix(palette.light, palette.horizon, 0.35)
    lamp = Lamp(palette=palette, depth=stage.depth, side=side, colour=rim)
    deeds = [_deed(reading, stage, actor, index) for index, actor in enumerate(actors)]
    places = _spread(stage, actors, deeds, canvas.width)
    if stage.afloat and actors:
        _draw_crew(canvas, stage, actors, lamp, side)
        return
    order = sorted(range(len(actors)), key=lambda index: (index % 2 == 0, index))
    for index in order:
        back = 22 if index % 2 else 0
        size = stage.size * (0.93 if back else 1.0)
        facing = _facing(deeds[index], index, side, alone=len(actors) == 1)
        at = (places[index], stage.feet - back)
        if deeds[index] == "lie" and stage.bed is not None and actors[index].kind == "person":
            at, facing = stage.bed, -1 if stage.bed[0] > stage.centre else 1
        _place_actor(canvas, actors[index], at, size, deeds[index], facing, lamp, index)


def _deed(reading: Reading, stage: Stage, actor: Actor, index: int) -> str:
    if stage.afloat:
        return "sit"
    if not reading.deeds:
        return "stand"
    deed = reading.deeds[index % min(len(reading.deeds), 2)] if index else reading.deeds[0]
    if deed == "lie" and index:
        return "kneel" if index == 1 else "stand"
    if deed in {"dance", "carry", "point", "reach"} and index > 1:
        return "stand"
    if deed == "fly" and actor.kind == "person":
        return "run"
    return deed


def _spread(stage: Stage, actors: tuple[Actor, ...], deeds: list[str], width: int) -> list[float]:
    """One x for each actor, side by side around the centre, within the picture."""
    rooms = [_room(stage, actor, deed) for actor, deed in zip(actors, deeds, strict=True)]
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
    if deed == "sit":
        _seat(canvas, at, size * actor.look.height, facing, lamp)
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


def _draw_crew(canvas: Canvas, stage: Stage, actors: tuple[Actor, ...], lamp: Lamp, side: int) -> None:
    people = [actor for actor in actors if actor.kind == "person"][:4]
    if not people:
        return
    length = max(260.0, 96.0 * len(people) + 150)
    start = stage.centre - (len(people) - 1) * 46
    for index, actor in enumerate(people):
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
    """People beyond the actors, too many and too far to tell apart."""
    dice, palette = reading.dice("crowd"), reading.palette
    tone: Colour = mix(palette.dark((96, 84, 88), 0.45), palette.haze, 0.22)
    for row in range(2):
        size, y = stage.size * (0.5 + 0.14 * row), stage.feet - stage.size * (0.3 - 0.13 * row)
        stencil = canvas.whole(top=y - size * 1.2, bottom=y + 6)
        for index in range(15):
            x = canvas.width * (0.08 + 0.84 * (index + dice.uniform(0.05, 0.95)) / 15)
            _bystander(
                stencil, x, y, size * dice.uniform(0.84, 1.06), gown=dice.random() < 0.45, sway=dice.uniform(-1, 1)
            )
        canvas.paint(stencil, mix(tone, palette.ink, 0.25 * row))
        canvas.rim(stencil, palette.light, shift=(-2, 2), opacity=0.35)


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
