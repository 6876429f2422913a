"""The whole scene: its backdrop, the camera, a crowd, those who are there, and what lies between us and them."""

from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.backdrops import draw_backdrop
from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import Mark, block
from imaginized.providers.builtin.plates.camera import (
    Shot,
    choose_shot,
    draw_frame,
    draw_shoulder,
    light_behind,
    step_nearer,
)
from imaginized.providers.builtin.plates.canvas import Canvas, mix
from imaginized.providers.builtin.plates.crew import draw_crew
from imaginized.providers.builtin.plates.crowd import draw_crowd
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.foreground import draw_foreground
from imaginized.providers.builtin.plates.hats import TALL_HATS
from imaginized.providers.builtin.plates.landmarks import put_landmarks
from imaginized.providers.builtin.plates.objects import outlines
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.parts import Player, are_men
from imaginized.providers.builtin.plates.performing import draw_beast, draw_halves, draw_marks
from imaginized.providers.builtin.plates.poses import HALF_SHOWN
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.sky import draw_weather
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.vehicles import SLEIGH
from imaginized.story.stage_lists import Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Staging

_LARGEST_ABOARD = 0.5  # of a grown man: a dog goes along, a horse does not
_HAT = 0.12  # of the picture's height: how much lower heads are where one has a tall hat
_UP = HALF_SHOWN | {"walk", "point"}
_LIGHT_WORDS = {
    Light.DAY: "",
    Light.DAWN: "at dawn",
    Light.DUSK: "in evening light",
    Light.NIGHT: "at night",
    Light.STORM: "in foul weather",
    Light.FOG: "in mist",
    Light.SNOW: "in the snow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """What a scene turned out to show: the name of its composition, where it is in words, and who is drawn."""

    composition: str
    where: str
    players: tuple[Player, ...]


def draw_scene(canvas: Canvas, reading: Reading, staging: Staging, players: tuple[Player, ...]) -> Scenery:
    """Draw it; say what was drawn."""
    kind, stage = draw_backdrop(canvas, reading)
    used = {player.vehicle for player in players if player.vehicle}
    used |= {Thing.SLED.value} if SLEIGH in used else set()
    put_landmarks(canvas, replace(reading, things=tuple(it for it in reading.things if it not in used)), stage)
    shot = choose_shot(reading, players, stage=stage, crowd=staging.crowd)
    stage = step_nearer(canvas, stage, shot)
    if shot is Shot.BACKLIT:
        light_behind(canvas, reading, stage)
    if staging.crowd and not stage.afloat and not stage.is_seated:
        draw_crowd(canvas, reading, stage, armed=reading.setting is Setting.BATTLEFIELD, men=are_men(players))
    lamp = lamp_of(reading, stage)
    if shot in {Shot.CLOSE, Shot.SHOULDER}:
        if any(player.actor.look.hat in TALL_HATS for player in players):
            stage = replace(stage, feet=stage.feet + canvas.height * _HAT)
        lamp = replace(lamp, palette=reading.palette.near_by())
    if stage.is_seated:
        players = tuple(replace(player, deed="sit") if player.deed in _UP else player for player in players)
    if stage.afloat:
        players = tuple(player for player in players if _fits_boat(player))
    shown = players
    if shot is Shot.SHOULDER:
        shown = players[:1] if players[1].toward == 0 and players[0].toward is None else players[1:2]
    _populate(canvas, reading, stage, shown, lamp, shot)
    if shot is Shot.SHOULDER:
        near = players[0] if shown[0] is players[1] else players[1]
        draw_shoulder(canvas, near, lamp, side=-1 if stage.centre > canvas.width / 2 else 1)
    _close(canvas, reading, shot)
    light = "" if reading.setting is Setting.SNOW else _LIGHT_WORDS[reading.light]
    where = f"{stage.setting} {light}".strip()
    return Scenery(composition=f"scene/{kind}/{shot.value}", where=where, players=players)


def _populate(
    canvas: Canvas, reading: Reading, stage: Stage, shown: tuple[Player, ...], lamp: Lamp, shot: Shot
) -> None:
    """Draw those who are there: in a boat, from the waist up, or where they stand."""
    if stage.afloat:
        crew = [player for player in shown if player.actor.kind == "person"]
        for index, player in enumerate(player for player in shown if player.actor.kind != "person"):
            if _swims_or_flies(player):
                at = (canvas.width * (0.5 + 0.3 * lamp.side), stage.feet - stage.size * (0.2 + 0.5 * index))
            else:
                bow = stage.size * (0.26 * len(crew) + 0.3 * (index + 1) - 0.1)
                at = (stage.centre + lamp.side * bow, stage.feet - stage.size * 0.05)
            draw_beast(canvas, player, at, stage.size, facing=-lamp.side, lamp=lamp)
        draw_crew(canvas, crew, (stage.centre, stage.feet), stage.size, lamp=lamp, facing=lamp.side)
    else:
        marks = _at_landmark(block(reading, stage, shown, width=canvas.width, shot=shot), reading, stage, canvas.width)
        if shot in {Shot.CLOSE, Shot.SHOULDER}:
            draw_halves(canvas, marks, lamp)
        else:
            draw_marks(canvas, reading, stage, marks, lamp)


def _at_landmark(marks: list[Mark], reading: Reading, stage: Stage, width: int) -> list[Mark]:
    """Who opens a gate alone under the sky turns to where it stands."""
    if reading.indoors or len(marks) != 1 or marks[0].player.deed != "open" or not marks[0].player.upon:
        return marks
    return [replace(marks[0], facing=1 if stage.centre < width / 2 else -1)]


def _swims_or_flies(player: Player) -> bool:
    outline = outlines().get(player.actor.kind)
    return outline is not None and outline.stands in {"sea", "air"}


def _fits_boat(player: Player) -> bool:
    """Whether it is somebody who sits in a boat, or a beast of its size or of the water."""
    kind = player.actor.kind
    if kind == "person" or _swims_or_flies(player):
        return True
    share = outlines()[kind].share if kind in outlines() else BEASTS[kind].size
    return share < _LARGEST_ABOARD


def lamp_of(reading: Reading, stage: Stage) -> Lamp:
    """How bodies are lit on a stage."""
    palette = reading.palette
    side = 1 if stage.light_at[0] > stage.centre else -1
    rim = mix(palette.light, palette.glow, 0.6) if reading.indoors else mix(palette.light, palette.horizon, 0.35)
    return Lamp(palette=palette, depth=stage.depth, side=side, colour=rim)


def _close(canvas: Canvas, reading: Reading, shot: Shot) -> None:
    """What lies between us and the scene: something near by, the weather, darker corners."""
    if shot is Shot.FRAMED:
        draw_frame(canvas, reading, turn=reading.turn)
    elif shot in {Shot.WIDE, Shot.BACKLIT, Shot.ACROSS}:
        draw_foreground(canvas, reading)
    draw_weather(canvas, reading)
    canvas.veil(
        reading.palette.ink, lambda u, v: 0.5 * max((abs(u - 0.5) * 1.5) ** 2 + (abs(v - 0.5) * 1.3) ** 2 - 0.42, 0)
    )
