"""Portraits and groups on a plain toned ground, which is no place."""

from dataclasses import replace

from imaginized.providers.builtin.plates.backs import cut_black, draw_back
from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import (
    LEAST,
    LYING,
    Mark,
    block,
    fitting_size,
    is_large,
)
from imaginized.providers.builtin.plates.busts import draw_bust
from imaginized.providers.builtin.plates.camera import Shot, are_level, is_still
from imaginized.providers.builtin.plates.canvas import Canvas, Point, mix
from imaginized.providers.builtin.plates.crowd import draw_crowd, is_of_men
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.furnishing import BEDDING, HUNG, METRES
from imaginized.providers.builtin.plates.hats import HIGHEST, TALL_HATS
from imaginized.providers.builtin.plates.landmarks import OUTDOORS
from imaginized.providers.builtin.plates.objects import draw_thing, outlines, things
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.performing import draw_beast, draw_halves, draw_marks, hold_up
from imaginized.providers.builtin.plates.plain import lay_ground
from imaginized.providers.builtin.plates.poses import pose_for
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.resting import OWN_SEATS
from imaginized.providers.builtin.plates.rooms import draw_window
from imaginized.providers.builtin.plates.sides import INDOORS, SIDED
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.vehicles import SLEIGH
from imaginized.providers.builtin.plates.vistas import draw_bow_wave
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

CENTRED = frozenset({"arch", "medallion", "disc", "wash"})  # grounds with a middle
FACED = frozenset(
    {Deed.TALK, Deed.SHOUT, Deed.LAUGH, Deed.SING, Deed.SMILE, Deed.WEEP, Deed.WHISPER}
)  # a face shows it
# These reach higher than a head.
_REACHING = frozenset({"climb", "raise", "wave", "strike", "chop", "throw", "dance", "fly", "fall", "play"})
ASIDE = (0.0, -0.06, 0.07)  # of the picture's width: where a company stands
DISTANCES = ("near", "nearer", "far")  # taking turns, so that the same sitter or company is never seen alike


_FEW = 2
_DARK = 0.84
_VEILING = frozenset({"hood", "veil"})
_NEARER = 1.3  # a company of children alone is seen from nearer


def arrangement(turn: int) -> str:
    """How near and on which side a sitter or a company of this turn is shown."""
    return f"{DISTANCES[turn % len(DISTANCES)]}/{('middle', 'left', 'right')[turn // 3 % len(ASIDE)]}"


# How somebody alone is shown, taking turns: every other one is of the same chapter.
_KNOWN = ("bust", "bust", "whole", "bust", "bust", "whole", "whole", "bust")
_UNKNOWN = ("silhouette", "whole", "back", "silhouette", "whole", "back", "back", "silhouette")


def choose_sitting(reading: Reading, player: Player) -> str:
    """How somebody alone is shown: no face is invented for whom no look is told; what is done is seen whole."""
    if player.actor.kind != "person" or player.mount is not None or player.vehicle or not _is_quiet(player):
        return "whole"
    if reading.busy:
        return "whole"  # what was not read is done with hands or feet
    if player.actor.look.hat in _VEILING and not player.actor.is_known:
        return "whole"  # neither the back nor the outline of it is anybody's
    if (player.told in FACED or player.holds) and not player.actor.is_known:
        return "whole"  # neither the back of a head nor a shadow laughs, or has something in hand
    sitting = (_KNOWN if player.actor.is_known else _UNKNOWN)[reading.turn % len(_KNOWN)]
    return "silhouette" if sitting == "back" and player.actor.look.woman else sitting  # her knot of hair is not seen


def draw_portrait(canvas: Canvas, reading: Reading, player: Player, *, ground: str) -> None:
    """One person from the waist up or whole, or one creature whole."""
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
    if player.actor.kind != "person" and player.mount is None and not player.vehicle:
        _sit_for(canvas, player, (middle, height * 0.84), facing=facing, lamp=lamp)
        if are_at_sea((player,)):
            draw_bow_wave(canvas, reading, (middle, height * 0.83), height * 0.3, 2.4)
        return
    sitting = choose_sitting(reading, player)
    if sitting == "whole":
        draw_group(canvas, reading, (player,), ground=ground)
        return
    look = player.actor.look
    pose = pose_for(player.deed, 0)
    near = (1.0, 1.16, 0.94)[reading.turn % 3]
    head = height * near * (0.36 if player.actor.look.height > 0.8 else 0.34)
    top = height * (0.13 + (0.2 if player.actor.look.hat in TALL_HATS else 0.04) - 0.3 * (near - 1))
    top = max(top, head * (0.75 if player.actor.look.hat in HIGHEST else 0.16))
    aside = 0.0 if ground in CENTRED else canvas.width * (0.0, -0.07, 0.09)[reading.turn % 3] * facing
    crown = (middle + aside - facing * head * 0.1, top)
    if sitting == "back":
        draw_back(canvas, look, crown, head, facing=facing, lamp=lamp)
        return
    if sitting == "silhouette":
        look = cut_black(look, reading.palette.ink)
        lamp = replace(lamp, depth=_DARK)  # collars, aprons and buttons with it: else it were a dark face
        draw_bust(canvas, look, crown, head, facing=facing, lamp=lamp, nod=pose.nod * 0.5)
        return
    draw_bust(canvas, look, crown, head, facing=facing, lamp=lamp, mood=pose.mood, nod=pose.nod * 0.5)
    hold_up(canvas, player, crown, head, facing=facing, lamp=lamp)


def _is_quiet(player: Player) -> bool:
    """Whether a face says enough; who digs, rides or weeps is shown doing it."""
    held = player.deed == "hold" and bool(player.holds)
    return (player.burden is None and held) or is_still(player)


def _lay_down(canvas: Canvas, reading: Reading, stage: Stage, marks: list[Mark], lamp: Lamp) -> None:
    """The first thing that is there and stands on a floor, at the emptier side of a company on plain ground."""
    used = {kind for mark in marks for kind in (mark.player.vehicle, mark.player.holds.value)}
    used |= {Thing.SLED.value} if SLEIGH in used else set()
    used |= {mark.player.upon.value for mark in marks if mark.player.upon in OWN_SEATS}
    if any(mark.player.deed in LYING for mark in marks):
        used |= BEDDING  # they lie in it
    used |= {
        mark.player.upon.value for mark in marks if mark.player.deed == "climb" or mark.player.way
    }  # drawn with them
    floor = METRES if reading.outside is False else {**METRES, **OUTDOORS}
    kinds = [kind for kind in reading.things if kind in floor and kind in things() and kind not in HUNG | used]
    if stage.setting in SIDED:  # a room has them already, but for what somebody is at
        at = {mark.player.upon.value for mark in marks}
        kinds = [kind for kind in kinds if kind in at or (stage.setting not in INDOORS)]
    looking = next((mark for mark in marks if mark.player.deed == "at window"), None)
    if looking is not None:
        _put_window(canvas, reading, looking, stage.feet, inside=stage.setting in INDOORS)
    if not kinds or looking is not None:
        return
    thing, kind = things()[kinds[0]], kinds[0]
    if kind in _IN_WALLS and not any(mark.player.upon.value == kind for mark in marks):
        return  # no door stands about alone
    tall = min(stage.size * floor[kind] / 1.75, canvas.height * 0.6)
    wide = thing.wide * tall / thing.tall
    at_it = next((mark for mark in marks if mark.player.upon.value == kind), None)
    x, aside, scale = _beside(canvas, marks, wide) if at_it is None else (0.0, -at_it.facing, 1.0)
    if at_it is not None:  # who opens or knocks stands before it
        x = at_it.at[0] + at_it.facing * (at_it.size * 0.3 + wide / 2)
        x = min(max(x, wide / 2 + 16), canvas.width - wide / 2 - 16)
    foot = (x, stage.feet - stage.size * 0.06)
    if kind in _IN_WALLS:
        _put_wall(canvas, reading, foot, (wide * scale, tall * scale), aside=-aside, opens=kind == "curtain")
    draw_thing(canvas, thing, foot, tall * scale / thing.tall, lamp=lamp, facing=-aside)


_IN_WALLS = frozenset({"door", "curtain"})
AT_WALLS = frozenset({Thing.DOOR})  # a door is shown with all of who stands at it


def _put_window(canvas: Canvas, reading: Reading, mark: Mark, feet: float, *, inside: bool) -> None:
    """The window that somebody looks out of, before them; with its wall where there is none."""
    wide, tall = mark.size * 0.62, mark.size * 1.3
    x = mark.at[0] + mark.facing * (mark.size * 0.22 + wide / 2)
    foot = (min(max(x, wide / 2 + 16), canvas.width - wide / 2 - 16), feet - mark.size * 0.06)
    if inside:
        draw_window(canvas, reading, (foot[0], foot[1] - tall * 0.92), (wide * 0.72, tall * 0.66), kind="sash")
        return
    _put_wall(canvas, reading, foot, (wide, tall), aside=mark.facing, opens=True)


def _put_wall(
    canvas: Canvas, reading: Reading, foot: Point, size: tuple[float, float], *, aside: int, opens: bool
) -> None:
    """The wall in which a door is, or the window behind a curtain, from before it to the edge of the picture."""
    (x, y), (wide, tall), ink = foot, size, reading.palette.ink
    near, edge = x - aside * wide * 0.8, canvas.width + 10 if aside > 0 else -10
    wall = canvas.whole().box(min(near, edge), -10, max(near, edge), y)
    tone = mix(_PLASTER, ink, 0.25)
    canvas.shadow(wall, shift=(-aside * 6, 4), blur=20, opacity=0.35, colour=ink)
    canvas.paint(wall, tone, until=mix(tone, ink, 0.2))
    skirting = canvas.whole(top=y - 30).box(min(near, edge), y - 22, max(near, edge), y)
    canvas.paint(skirting, mix(tone, ink, 0.35))
    if opens:
        draw_window(canvas, reading, (x, y - tall * 0.92), (wide * 0.72, tall * 0.66), kind="sash")


_PLASTER = (168, 150, 124)


def _beside(canvas: Canvas, marks: list[Mark], wide: float) -> tuple[float, int, float]:
    """Where a thing stands at the emptier side of a company, which side that is, and how much smaller it gets."""
    left = min(mark.at[0] - mark.size * 0.3 for mark in marks)
    right = max(mark.at[0] + mark.size * 0.3 for mark in marks)
    aside = -1 if left > canvas.width - right else 1
    room = (left if aside < 0 else canvas.width - right) - 40
    scale = min(1.0, max(room, canvas.width * 0.16) / wide)
    edge = 30 + wide * scale / 2
    x = edge if aside < 0 else canvas.width - edge
    return min(max(x, left - wide * scale * 0.6), right + wide * scale * 0.6), aside, scale


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


def _height_of(player: Player) -> float:
    """How tall a creature is, of a grown man."""
    outline, beast = outlines().get(player.actor.kind), BEASTS.get(player.actor.kind)
    share = outline.share if outline else beast.size if beast else 0.5
    return max(share * player.actor.scale, LEAST)


def _share_of(players: tuple[Player, ...], share: float) -> float:
    """How tall a grown man is, of the picture: less where somebody rides, reaches up or stands by a horse."""
    if any(player.mount is not None or is_large(player.actor.kind) for player in players):
        return 0.48
    share = 0.72 if len(players) == 1 else share
    if all(player.actor.kind != "person" for player in players):
        tallest = max(_height_of(player) for player in players)
        return min(max(0.34 / tallest, share), 2.4, 0.6 / (tallest * len(players) * 0.6))
    if any(player.deed == "climb" for player in players):
        share = min(share, 0.5)
    if any(player.deed in _REACHING for player in players):
        share = min(share, 0.62)
    return share * (_NEARER if all(player.actor.look.is_small for player in players) else 1.0)


def is_half(reading: Reading, players: tuple[Player, ...]) -> bool:
    """Whether a company is shown from the waist up: two who stand and speak, about as tall as each other."""
    half = len(players) == 2 and not reading.busy and all(map(is_still, players))
    return half and are_level(players) and not any(player.upon in AT_WALLS for player in players)


def are_at_sea(players: tuple[Player, ...]) -> bool:
    """Whether all of them are beasts of the sea."""
    kinds = [outlines().get(player.actor.kind) for player in players]
    return all(kind is not None and kind.stands == "sea" for kind in kinds)


def cut_of_company(reading: Reading, players: tuple[Player, ...], *, crowd: bool = False) -> str:
    """How much of a company is seen: "half", "knees" every third time where nothing is lost by it, else "whole"."""
    if is_half(reading, players) and not reading.fallen:
        return "half"
    alone = len(players) <= _FEW and not crowd and not reading.things and not reading.fallen
    upright = all(
        player.actor.kind == "person" and _is_on_foot(player) and pose_for(player.deed, 0).is_upright
        for player in players
    )
    return "knees" if alone and upright and not reading.busy and reading.turn // 2 % 3 == 1 else "whole"


# Without the feet these cannot be told from standing.
_AFOOT = frozenset({"run", "walk", "dig", "swim", "jump", "lead", "led", "push", "pull", "carry", "bear"})


def _is_on_foot(player: Player) -> bool:
    """Whether somebody only stands or goes, with nothing under them that has to be seen."""
    bound = player.mount is not None or player.vehicle or player.upon or player.burden is not None
    return not bound and not player.way and player.deed not in _REACHING | _AFOOT


def draw_group(
    canvas: Canvas, reading: Reading, players: tuple[Player, ...], *, ground: str, crowd: bool = False
) -> None:
    """Those who are there, as near as they fit, on a plain ground; a crowd stands behind them."""
    at = {player.upon.value for player in players} & _IN_WALLS  # drawn where it is opened, and not twice
    light = lay_ground(
        canvas, replace(reading, things=tuple(kind for kind in reading.things if kind not in at)), name=ground
    )
    few = len(players) <= 2
    cut = cut_of_company(reading, players, crowd=crowd)
    half = cut == "half"
    away = (1.0, 1.12, 0.86)[reading.turn % len(DISTANCES)]
    size = canvas.height * (1.3 if half else _share_of(players, 0.72 if few else 0.62)) * away
    size = min(size, fitting_size(players, width=canvas.width, height=canvas.height))
    hatted = half and any(player.actor.look.hat in TALL_HATS for player in players)
    feet = canvas.height * (0.26 if hatted else 0.14) + size if half else canvas.height * 0.9
    if cut == "knees":
        size = canvas.height * 1.16
        feet = canvas.height * 0.16 + size * max(player.actor.look.height for player in players)
    centre = canvas.width * (0.5 + ASIDE[reading.turn // 3 % len(ASIDE)] * (0.4 if half else 1.0))
    stage = Stage(feet=feet, size=size, centre=centre, light_at=light, depth=0.06, setting=ground)
    side = 1 if light[0] > canvas.width / 2 else -1
    lamp = Lamp(
        palette=reading.palette.near_by(),
        depth=0.06,
        side=side,
        colour=mix(reading.palette.light, (255, 226, 176), 0.5),
    )
    shot = Shot.CLOSE if half else Shot.MEDIUM
    if crowd and not half:
        armed = any(player.actor.look.costume == "uniform" for player in players)
        draw_crowd(canvas, reading, stage, armed=armed, men=is_of_men(players))
    marks = block(reading, stage, players, width=canvas.width, shot=shot)
    if cut == "whole":
        _lay_down(canvas, reading, stage, marks, lamp)
    if half:
        draw_halves(canvas, marks, lamp)
    else:
        draw_marks(canvas, reading, stage, marks, lamp)
