"""From where a scene is seen: wide, nearer, close, past a shoulder, against the light, through a frame, from above."""

from dataclasses import replace
from enum import StrEnum

from imaginized.providers.builtin.plates.backs import dim_look, draw_back
from imaginized.providers.builtin.plates.canvas import Canvas, Point, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.hats import TALL_HATS
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.poses import HALF_SHOWN
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.story.stage_lists import ROOFED, Deed, Setting

# What a face and a shoulder show: nothing is done with hands or feet.
QUIET = frozenset(
    [
        Deed.UNKNOWN,
        Deed.STAND,
        Deed.TALK,
        Deed.LISTEN,
        Deed.LOOK,
        Deed.WHISPER,
        Deed.LAUGH,
        Deed.SMILE,
        Deed.SING,
        Deed.SHOUT,
        Deed.WEEP,
        Deed.LOOK_OUT,
    ]
)
LOW_DEEDS = frozenset({"lie", "sleep", "lie dead", "fall"})
BRIGHT = frozenset({Light.DAY, Light.SNOW, Light.FOG})  # in these nobody is a shadow
LARGE = frozenset({"horse", "cow", "elephant", "lion", "bear"})


class Shot(StrEnum):
    """How near, and from where."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"
    SHOULDER = "over the shoulder"
    BACKLIT = "against the light"
    ACROSS = "from across"
    FRAMED = "through a frame"
    ABOVE = "from above"


_APART = 0.2  # of a grown man's height
_SHARE = {
    Shot.MEDIUM: 0.72,
    Shot.CLOSE: 0.5,
    Shot.SHOULDER: 0.58,
    Shot.BACKLIT: 0.8,
    Shot.ACROSS: 0.86,
    Shot.ABOVE: 0.8,
}
_SIZE = {  # of a grown man, as a share of the picture's height
    Shot.WIDE: 0.43,
    Shot.MEDIUM: 0.64,
    Shot.CLOSE: 1.3,
    Shot.SHOULDER: 0.95,
    Shot.BACKLIT: 0.56,
    Shot.ACROSS: 0.53,
    Shot.FRAMED: 0.5,
    Shot.ABOVE: 0.34,
}


def are_level(players: tuple[Player, ...]) -> bool:
    """Whether their heads are near enough in height for one picture from the waist up."""
    heights = [player.actor.look.height for player in players]
    return max(heights) - min(heights) < _APART


def is_still(player: Player) -> bool:
    """Whether somebody is seen as well from the waist up: who does nothing with the body, and is not turned away."""
    person = player.actor.kind == "person" and player.burden is None and not player.way
    return person and player.deed in HALF_SHOWN and player.told in QUIET


def shots_for(players: tuple[Player, ...], *, crowd: bool, open_ground: bool = False, busy: bool = False) -> list[Shot]:
    """The shots that show what these do, in the order they take turns; a `busy` one does what has no posture."""
    if not players:
        return [Shot.WIDE, Shot.MEDIUM, Shot.FRAMED, Shot.MEDIUM]
    if crowd or len(players) > 3:
        return [Shot.WIDE, Shot.FRAMED, Shot.MEDIUM, Shot.BACKLIT]
    still = not busy and all(is_still(player) for player in players) and are_level(players)
    near, other, far = Shot.FRAMED, Shot.BACKLIT, Shot.FRAMED
    if still:
        near, other, far = Shot.FRAMED, Shot.CLOSE, Shot.BACKLIT
        if len(players) == 2 and any(player.toward is not None for player in players):
            near = Shot.SHOULDER
    elif open_ground and len(players) < 3:
        far = Shot.ABOVE
    # Every other one is of the same chapter: what the two halves share would be alike where chapters meet.
    return [Shot.WIDE, Shot.MEDIUM, near, other, Shot.WIDE, Shot.MEDIUM, far, other]


def choose_shot(reading: Reading, players: tuple[Player, ...], *, stage: Stage, crowd: bool) -> Shot:
    """The shot whose turn it is."""
    if reading.abed:
        shots = [Shot.WIDE, Shot.MEDIUM, Shot.FRAMED, Shot.MEDIUM]  # who lies in bed is seen with all of it
    elif stage.is_seated:
        shots = [Shot.WIDE, Shot.FRAMED, Shot.BACKLIT, Shot.FRAMED]
    elif any(player.vehicle for player in players):
        shots = [Shot.WIDE, Shot.BACKLIT, Shot.FRAMED, Shot.WIDE]  # a team is long
    elif stage.afloat:
        shots = [Shot.WIDE, Shot.BACKLIT, Shot.FRAMED, Shot.ABOVE]
    else:
        shots = shots_for(players, crowd=crowd, open_ground=reading.setting in OPEN_GROUND, busy=reading.busy)
    shot = shots[reading.turn % len(shots)]
    if shot is Shot.FRAMED and any(player.deed in LOW_DEEDS for player in players):
        return Shot.MEDIUM  # leaves or a window would hide who lies
    if shot is Shot.ABOVE and any(player.way for player in players):
        return Shot.WIDE  # from above neither stairs nor a slope are seen
    if shot in _FAR_OFF and not crowd and not reading.busy and players and _smile(players):
        return Shot.CLOSE  # from afar no smile is seen
    shaded = reading.light in BRIGHT or reading.setting in ROOFED  # nobody is a shadow by day or in a lit room
    return Shot.ACROSS if shot is Shot.BACKLIT and shaded else shot


def _smile(players: tuple[Player, ...]) -> bool:
    """Whether what is told of those in a scene is in their faces."""
    shown = all(map(is_still, players)) and are_level(players) and len(players) < len(_FAR_OFF)
    return shown and any(player.told in {Deed.SMILE, Deed.LAUGH} for player in players)


_FAR_OFF = frozenset({Shot.WIDE, Shot.FRAMED, Shot.ACROSS, Shot.BACKLIT})


def step_nearer(canvas: Canvas, stage: Stage, shot: Shot) -> Stage:
    """Show the part of the backdrop that the shot sees; where figures then stand, and how large."""
    share = _SHARE.get(shot, 1.0)
    size, feet = canvas.height * _SIZE[shot], min(stage.feet, canvas.height * 0.93)
    if stage.is_seated:
        size = canvas.height * 0.82
    if stage.afloat:
        size = canvas.height * (0.3 if shot is Shot.WIDE else 0.36)
    middle = stage.centre + (stage.light_at[0] - stage.centre) * 0.3
    if shot is Shot.ABOVE:
        return _look_down(canvas, stage, size)
    left = min(max(middle - canvas.width * share / 2, 0.0), canvas.width * (1 - share))
    bottom = min(stage.feet + canvas.height * 0.1 * share, float(canvas.height))
    top = max(bottom - canvas.height * share, 0.0)
    bottom = top + canvas.height * share
    if share < 1:
        canvas.frame((left, top, left + canvas.width * share, bottom))
    if shot in {Shot.CLOSE, Shot.SHOULDER}:
        canvas.soften(5.0)

    def seen(point: Point) -> Point:
        return (point[0] - left) / share, (point[1] - top) / share

    x, feet = seen((stage.centre, feet))
    if shot is Shot.CLOSE:
        feet = canvas.height * 0.13 + size
    elif shot is Shot.SHOULDER:
        feet = canvas.height * 0.22 + size
    return replace(
        stage,
        centre=min(max(x, canvas.width * 0.3), canvas.width * 0.7) if share < 1 else x,
        feet=feet,
        size=size,
        light_at=seen(stage.light_at),
        depth=_depth(stage.depth, shot),
    )


def _look_down(canvas: Canvas, stage: Stage, size: float) -> Stage:
    """From a height: the ground fills the picture, the horizon lies above it, and people are small."""
    w, h, top = canvas.width, canvas.height, canvas.height * 0.6
    canvas.frame((w * 0.16, top, w * 0.84, h))
    feet = h * 0.68
    return replace(stage, centre=w * 0.5, feet=feet, size=size, light_at=(stage.light_at[0], -h * 0.2))


def _depth(depth: float, shot: Shot) -> float:
    """Against the light bodies are dark; near by a face must be told in any light."""
    return 0.8 if shot is Shot.BACKLIT else min(depth, 0.12) if shot in {Shot.CLOSE, Shot.SHOULDER} else depth


def light_behind(canvas: Canvas, reading: Reading, stage: Stage) -> None:
    """A wide light behind those who stand against it."""
    at = (stage.centre, stage.feet - stage.size * 0.75)
    strength = 0.5 if reading.indoors else 0.75
    colour = mix(reading.palette.light, reading.palette.horizon, 0.4)
    canvas.glow(at, canvas.height * 0.75, colour, strength=strength)
    canvas.glow(at, canvas.height * 0.4, reading.palette.light, strength=strength / 2)


def draw_shoulder(canvas: Canvas, player: Player, lamp: Lamp, *, side: int) -> None:
    """The back of somebody near by, dark, at one edge: head, hair or hat, and a shoulder."""
    look = player.actor.look
    low = 0.16 if look.height < 0.8 else 0.0
    hatted = 0.06 if look.hat in TALL_HATS else 0.0
    crown, head = (canvas.width * (0.5 + 0.3 * side), canvas.height * (0.22 + low + hatted)), canvas.height * 0.36
    draw_back(canvas, dim_look(look, lamp.palette.ink, 0.5), crown, head * (1 - low), facing=-side, lamp=lamp)


def draw_frame(canvas: Canvas, reading: Reading, *, turn: int) -> None:
    """Something dark to look through: a door or a window under a roof, leaves in the green, else an oval."""
    if reading.setting in WALLED:
        (_door_frame if turn // 4 % 2 else _window_frame)(canvas, reading)
    elif reading.setting.value in _GREEN:
        _leaf_frame(canvas, reading)
    else:
        _oval_frame(canvas, reading)


OPEN_GROUND = frozenset(
    [
        Setting.FIELD,
        Setting.PRAIRIE,
        Setting.MOOR,
        Setting.DESERT,
        Setting.SNOW,
        Setting.SHORE,
        Setting.ROAD,
        Setting.GARDEN,
        Setting.CHURCHYARD,
    ]
)
WALLED = ROOFED - {Setting.TENT, Setting.CAVE, Setting.CARRIAGE, Setting.TRAIN, Setting.SPACESHIP, Setting.THEATRE}
_GREEN = frozenset({"garden", "walled garden", "park", "forest", "jungle", "hills", "road", "river", "lake", "swamp"})


def _door_frame(canvas: Canvas, reading: Reading) -> None:
    w, h, ink = canvas.width, canvas.height, reading.palette.ink
    wall = canvas.whole().box(0, 0, w, h).box(w * 0.2, h * 0.06, w * 0.8, h + 9, tone=0)
    canvas.shadow(wall, shift=(0, 0), blur=30, opacity=0.6, colour=ink)
    canvas.paint(wall, mix((58, 44, 42), ink, 0.6), until=mix((40, 30, 30), ink, 0.75))
    trim = canvas.whole().box(w * 0.172, h * 0.02, w * 0.828, h).box(w * 0.2, h * 0.06, w * 0.8, h + 9, tone=0)
    canvas.paint(trim, mix((112, 78, 54), ink, 0.45), until=mix((112, 78, 54), ink, 0.7))
    leaf = canvas.whole().polygon([(w * 0.8, h * 0.06), (w * 0.9, -h * 0.02), (w * 0.9, h * 1.1), (w * 0.8, h)])
    canvas.paint(leaf, mix((128, 88, 58), ink, 0.42), until=mix((128, 88, 58), ink, 0.68))
    knob = canvas.whole().ellipse((w * 0.822, h * 0.55), 11)
    canvas.paint(knob, (206, 164, 92))


def _window_frame(canvas: Canvas, reading: Reading) -> None:
    w, h, ink = canvas.width, canvas.height, reading.palette.ink
    wall = canvas.whole().box(0, 0, w, h).box(w * 0.1, h * 0.24, w * 0.9, h * 0.885, tone=0)
    for column in range(3):
        left = w * (0.1 + 0.27 * column)
        wall.box(left, h * 0.06, left + w * 0.26, h * 0.215, tone=0)
    canvas.shadow(wall, shift=(0, 3), blur=22, opacity=0.45, colour=ink)
    canvas.paint(wall, mix((64, 52, 50), ink, 0.62), until=mix((44, 36, 36), ink, 0.76))
    sill = canvas.whole(top=h * 0.87).box(w * 0.06, h * 0.885, w * 0.94, h * 0.93)
    canvas.paint(sill, mix((134, 104, 78), ink, 0.4))


def _leaf_frame(canvas: Canvas, reading: Reading) -> None:
    dice, ink = reading.dice("leaf frame"), reading.palette.ink
    w, h = canvas.width, canvas.height
    for tone, reach in ((0.5, 0.25), (0.72, 0.17)):
        leaves = canvas.whole()
        for _ in range(150):
            t = dice.random() * 4
            u, v = (t % 1, dice.random() * reach * 0.8) if t < 2 else (dice.random() * reach * 0.6, t % 1)
            if t >= 3:
                u = 1 - u
            if 1 <= t < 2 and not (u < 0.2 or u > 0.8):
                v = 1 + 0.02 - dice.random() * reach * 0.3
            x, y, lean = u * w, v * h, dice.uniform(-0.9, 0.9)
            long = dice.uniform(26, 60)
            leaves.blob(
                [
                    (x - long, y - long * lean),
                    (x, y - long * 0.34),
                    (x + long, y + long * lean),
                    (x, y + long * 0.34),
                ]
            )
        canvas.shadow(leaves, shift=(0, 4), blur=14, opacity=0.3, colour=ink)
        canvas.paint(leaves, mix(reading.palette.lit((62, 88, 58)), ink, tone))


def _oval_frame(canvas: Canvas, reading: Reading) -> None:
    w, h = canvas.width, canvas.height
    shade = canvas.whole().box(0, 0, w, h)
    shade.ellipse((w / 2, h / 2), w * 0.46, h * 0.47, tone=0)
    canvas.shadow(shade, shift=(0, 0), blur=40, opacity=0.5, colour=reading.palette.ink)
    canvas.paint(shade, mix(reading.palette.ink, reading.palette.haze, 0.08))
