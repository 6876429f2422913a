"""Portraits and groups on a plain toned ground, which is no place."""

from dataclasses import replace

from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import LEAST, block, draw_beast, draw_halves, draw_marks, hold_up
from imaginized.providers.builtin.plates.busts import draw_bust
from imaginized.providers.builtin.plates.camera import Shot
from imaginized.providers.builtin.plates.canvas import Canvas, Point, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.furnishing import HUNG, METRES
from imaginized.providers.builtin.plates.hats import TALL_HATS
from imaginized.providers.builtin.plates.objects import draw_thing, outlines, things
from imaginized.providers.builtin.plates.plain import lay_ground
from imaginized.providers.builtin.plates.players import Player
from imaginized.providers.builtin.plates.poses import HALF_SHOWN, pose_for
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage

CENTRED = frozenset({"arch", "medallion", "halo"})  # grounds with a middle
DISTANCES = ("near", "nearer", "far")  # taking turns, so that the same sitter or company is never seen alike


def draw_portrait(canvas: Canvas, reading: Reading, player: Player, *, ground: str) -> None:
    """One person from the waist up, or one creature whole."""
    light = lay_ground(canvas, reading, name=ground)
    side = 1 if light[0] > canvas.width / 2 else -1
    lamp = Lamp(
        palette=reading.palette.near_by(),
        depth=0.05,
        side=side,
        colour=mix(reading.palette.light, (255, 226, 176), 0.5),
    )
    facing = side if reading.turn % 2 else -side
    middle, height = canvas.width / 2, canvas.height
    if player.mount is not None:
        draw_group(canvas, reading, (player,), ground=ground)
        return
    if player.actor.kind != "person":
        _sit_for(canvas, player, (middle, height * 0.84), facing=facing, lamp=lamp)
        return
    if not _is_quiet(player):
        draw_group(canvas, reading, (player,), ground=ground)  # what somebody does is seen whole
        return
    pose = pose_for(player.deed, 0)
    near = (1.0, 1.16, 0.94)[reading.turn % 3]
    head = height * near * (0.36 if player.actor.look.height > 0.8 else 0.34)
    top = height * (0.13 + (0.2 if player.actor.look.hat in TALL_HATS else 0.04) - 0.3 * (near - 1))
    aside = 0.0 if ground in CENTRED else canvas.width * (0.0, -0.07, 0.09)[reading.turn % 3] * facing
    crown = (middle + aside - facing * head * 0.1, top)
    draw_bust(canvas, player.actor.look, crown, head, facing=facing, lamp=lamp, mood=pose.mood, nod=pose.nod * 0.5)
    hold_up(canvas, player, crown, head, facing=facing, lamp=lamp)


def _is_quiet(player: Player) -> bool:
    """Whether a face says enough; who digs, rides or weeps is shown doing it."""
    return player.burden is None and player.deed in HALF_SHOWN | {"hold"}


def _lay_down(canvas: Canvas, reading: Reading, stage: Stage, lamp: Lamp) -> None:
    """The first thing that is there and stands on a floor, at the side of a company on plain ground."""
    kind = next((kind for kind in reading.things if kind in METRES and kind in things() and kind not in HUNG), None)
    if kind is None:
        return
    thing = things()[kind]
    tall = stage.size * min(METRES[kind] / 1.75, 1.2)
    x = canvas.width * (0.5 + 0.37 * (1 if reading.turn % 2 else -1))
    draw_thing(canvas, thing, (x, stage.feet - stage.size * 0.05), tall / thing.tall, lamp=lamp)


def _sit_for(canvas: Canvas, player: Player, at: Point, *, facing: int, lamp: Lamp) -> None:
    """A creature alone, as large as the picture lets it be, whatever its size beside people."""
    outline, beast = outlines().get(player.actor.kind), BEASTS.get(player.actor.kind)
    share = (
        (outline.share, outline.wide / outline.tall) if outline else (beast.size, beast.length) if beast else (0.6, 1.2)
    )
    top = max((y for ear in beast.ears for _, y in ear), default=1.0) if beast and not outline else 1.0
    tall = max(share[0] * player.actor.scale * max(top / 1.5, 1.0), LEAST)
    size = min(canvas.height * 0.5 / tall, canvas.width * 0.46 / (tall * share[1]))
    still = replace(player, deed="stand" if player.deed == "fly" else player.deed)
    draw_beast(canvas, still, at, size, facing=facing, lamp=lamp, aloft=False)


def draw_group(canvas: Canvas, reading: Reading, players: tuple[Player, ...], *, ground: str) -> None:
    """Those who are there, as near as they fit, on a plain ground."""
    light = lay_ground(canvas, reading, name=ground)
    few = len(players) <= 2
    half = len(players) == 2 and all(player.actor.kind == "person" and player.deed in HALF_SHOWN for player in players)
    mounted = any(player.mount is not None for player in players)
    away = (1.0, 1.12, 0.86)[reading.turn % len(DISTANCES)]
    share = 0.5 if mounted else (1.3 if half else 0.76 if few else 0.66) * away
    size = canvas.height * share
    hatted = half and any(player.actor.look.hat in TALL_HATS for player in players)
    feet = canvas.height * (0.26 if hatted else 0.14) + size if half else canvas.height * 0.9
    stage = Stage(feet=feet, size=size, centre=canvas.width / 2, light_at=light, depth=0.06, setting="")
    side = 1 if light[0] > canvas.width / 2 else -1
    lamp = Lamp(
        palette=reading.palette.near_by(),
        depth=0.06,
        side=side,
        colour=mix(reading.palette.light, (255, 226, 176), 0.5),
    )
    shot = Shot.CLOSE if half else Shot.MEDIUM
    marks = block(reading, stage, players, width=canvas.width, shot=shot)
    if not half:
        _lay_down(canvas, reading, stage, lamp)
    if half:
        draw_halves(canvas, marks, lamp)
    else:
        draw_marks(canvas, reading, stage, marks, lamp)
