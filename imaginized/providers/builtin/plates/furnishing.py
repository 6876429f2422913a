"""Rooms by their use: what a kitchen, a bedroom or a prison is made of and what stands in it, told things first."""

from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, mix
from imaginized.providers.builtin.plates.cutout import Lamp
from imaginized.providers.builtin.plates.objects import Thing, draw_thing, things
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.rooms import SHELLS, Shell, draw_beam, draw_window
from imaginized.providers.builtin.plates.stage import Stage, light_side_of
from imaginized.story.stage_lists import Setting

_PAPERS: tuple[Colour, ...] = ((122, 62, 56), (56, 92, 88), (98, 84, 62), (74, 72, 104), (116, 92, 56), (92, 58, 78))
_PLASTER: tuple[Colour, ...] = ((176, 156, 128), (168, 150, 132), (150, 148, 128))
_STONES: tuple[Colour, ...] = ((108, 106, 104), (116, 106, 96), (98, 104, 108))
_WOODS: tuple[Colour, ...] = ((128, 90, 60), (112, 80, 58), (138, 104, 72))
_WHITES: tuple[Colour, ...] = ((196, 198, 192), (186, 194, 198))

# How tall things are, in metres: only these are put into rooms and landscapes as they are.
METRES: dict[str, float] = {
    "table": 0.8, "dining table": 1.05, "desk": 1.1, "counter": 1.2, "bookcase": 2.2, "cupboard": 2.0,
    "wardrobe": 2.1, "sofa": 1.0, "armchair": 1.15, "chair": 1.0, "four-poster": 2.3, "bed": 1.25, "bunk": 1.7,
    "pallet": 0.55, "stove": 2.2, "hearth": 1.5, "washstand": 1.3, "barrel": 1.0, "sack": 0.9, "jars": 1.5,
    "workbench": 1.4, "bench": 0.9, "blackboard": 1.8, "globe": 1.2, "harmonium": 2.2, "altar": 1.9, "pulpit": 1.7,
    "ladder": 2.4, "spinning wheel": 1.3, "coffin": 0.75, "statue": 1.7, "harp": 1.6, "piano": 1.45, "cradle": 0.95,
    "throne": 2.1, "door": 2.15, "clock": 0.55, "mirror": 0.7, "picture": 0.8, "chest": 0.75, "machine": 1.6,
    "gramophone": 1.1, "basket": 0.6, "skeleton": 1.7, "curtain": 2.3, "stairs": 2.2, "fountain": 1.6, "well": 2.0,
    "broom": 1.5, "bicycle": 1.1, "gravestone": 1.1, "cross": 1.6, "flag": 3.0,
}  # fmt: skip
BEDDING = frozenset({"bed", "four-poster", "sofa", "pallet", "bunk", "cradle"})
HUNG = frozenset({"clock", "mirror", "picture"})
_ON_TABLES = frozenset(
    [
        "lamp",
        "candle",
        "lantern",
        "letter",
        "paper",
        "book",
        "newspaper",
        "map",
        "bottle",
        "glass",
        "cup",
        "teapot",
        "plate",
        "bread",
        "apple",
        "fruit",
        "cake",
        "meat",
        "egg",
        "pot",
        "cards",
        "chessboard",
        "skull",
        "box",
        "purse",
        "coin",
        "pistol",
        "knife",
        "violin",
        "flower",
        "rose",
        "telephone",
        "radio",
        "pen",
        "hat",
        "key",
        "flask",
        "watch",
        "globe",
        "doll",
        "spectacles",
    ]
)
_CARRIERS = ("table", "dining table", "desk", "counter", "workbench")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How rooms of one use look.

    Attributes:
        walls: Colours they may have.
        style, floor: Names in `rooms`.
        back: What stands at the wall, from the most telling on.
        front: What stands nearer to us, at the sides.
        window: Its kind; "" for none.
        words: Of the alternative text.
    """

    walls: tuple[Colour, ...]
    style: str
    floor: str
    back: tuple[str, ...]
    front: tuple[str, ...]
    window: str
    words: str


ROOMS: dict[Setting, Room] = {
    Setting.ROOM: Room(walls=_PAPERS, style="paper", floor="boards", back=("hearth", "picture", "bookcase"),
        front=("armchair", "table"), window="sash", words="in a room"),
    Setting.DRAWING_ROOM: Room(walls=_PAPERS, style="paper", floor="boards", back=("hearth", "mirror", "piano"),
        front=("sofa", "armchair"), window="sash", words="in a drawing-room"),
    Setting.DINING_ROOM: Room(walls=_PAPERS, style="panel", floor="boards",
        back=("dining table", "cupboard", "picture"), front=("chair", "chair"), window="sash",
        words="in a dining-room"),
    Setting.KITCHEN: Room(walls=_PLASTER, style="tiles", floor="flags", back=("stove", "cupboard", "broom"),
        front=("table", "basket"), window="small", words="in a kitchen"),
    Setting.BEDROOM: Room(walls=_PAPERS, style="paper", floor="boards", back=("four-poster", "washstand", "wardrobe"),
        front=("chair",), window="sash", words="in a bedroom"),
    Setting.NURSERY: Room(walls=_PLASTER, style="paper", floor="boards", back=("bed", "picture", "cupboard"),
        front=("cradle",), window="sash", words="in a nursery"),
    Setting.LIBRARY: Room(walls=_WOODS, style="panel", floor="boards", back=("bookcase", "bookcase", "bookcase"),
        front=("desk", "globe"), window="arched", words="in a library"),
    Setting.OFFICE: Room(walls=_PLASTER, style="panel", floor="boards", back=("bookcase", "clock", "cupboard"),
        front=("desk",), window="sash", words="in an office"),
    Setting.SCHOOLROOM: Room(walls=_PLASTER, style="plain", floor="boards", back=("blackboard", "globe"),
        front=("bench", "bench"), window="sash", words="in a schoolroom"),
    Setting.LABORATORY: Room(walls=_WHITES, style="tiles", floor="flags", back=("jars", "workbench", "skeleton"),
        front=("machine",), window="small", words="in a laboratory"),
    Setting.WORKSHOP: Room(walls=_WOODS, style="planks", floor="earth", back=("workbench", "ladder", "jars"),
        front=("barrel", "chest"), window="small", words="in a workshop"),
    Setting.ATTIC: Room(walls=_WOODS, style="planks", floor="boards", back=("chest", "picture"),
        front=("basket", "chair"), window="small", words="in an attic"),
    Setting.CELLAR: Room(walls=_STONES, style="stone", floor="flags", back=("barrel", "barrel", "barrel"),
        front=("sack",), window="", words="in a cellar"),
    Setting.CRYPT: Room(walls=_STONES, style="stone", floor="flags", back=("coffin", "cross", "coffin"),
        front=(), window="", words="in a crypt"),
    Setting.SHOP: Room(walls=_WOODS, style="planks", floor="boards", back=("counter", "jars", "cupboard"),
        front=("barrel", "sack"), window="sash", words="in a shop"),
    Setting.INN: Room(walls=_PLASTER, style="planks", floor="flags", back=("hearth", "barrel", "barrel"),
        front=("table", "bench"), window="small", words="in the room of an inn"),
    Setting.PRISON: Room(walls=_STONES, style="stone", floor="flags", back=("pallet",), front=(), window="barred",
        words="in a prison"),
    Setting.HOSPITAL: Room(walls=_WHITES, style="tiles", floor="flags", back=("bed", "bed"), front=("chair",),
        window="sash", words="in a hospital"),
    Setting.STABLE: Room(walls=_WOODS, style="planks", floor="earth", back=("ladder", "barrel"), front=("sack",),
        window="small", words="in a stable"),
    Setting.CABIN: Room(walls=_WOODS, style="logs", floor="boards", back=("hearth", "bunk"), front=("barrel", "table"),
        window="small", words="in a cabin"),
    Setting.SHIP_CABIN: Room(walls=_WOODS, style="planks", floor="boards", back=("bunk", "chest"), front=("table",),
        window="round", words="in the cabin of a ship"),
    Setting.COURT: Room(walls=_WOODS, style="panel", floor="boards", back=("pulpit", "desk", "pulpit"),
        front=("bench", "bench"), window="arched", words="in a court of law"),
}  # fmt: skip
# What stands in their place before there were parlours; "" for nothing.
_PLAINER_PIECES = dict.fromkeys(("picture", "mirror", "piano", "clock", "globe", "washstand", "blackboard"), "") | {
    "bookcase": "chest", "cupboard": "chest", "wardrobe": "chest", "armchair": "bench", "sofa": "bench",
    "chair": "bench", "four-poster": "pallet", "bed": "pallet", "desk": "table", "dining table": "table",
    "stove": "hearth", "jars": "barrel",
}  # fmt: skip
# What else a room to live in may have at the same place, and the papers that its seats are covered with.
_KIN: dict[str, tuple[str, ...]] = {
    "picture": ("picture", "mirror", "clock"), "mirror": ("mirror", "picture"), "piano": ("piano", "bookcase"),
    "bookcase": ("bookcase", "cupboard", "bookcase"), "armchair": ("armchair", "sofa", "chair"),
    "sofa": ("sofa", "armchair"),
}  # fmt: skip
_LIVED_IN = frozenset({Setting.ROOM, Setting.DRAWING_ROOM})
_COVERS = ("red", "green", "blue", "wine", "leather", "cream")
_COVERED = frozenset({"armchair", "sofa", "four-poster"})
_DARK = frozenset({Light.NIGHT, Light.DUSK, Light.STORM})


def set_room(canvas: Canvas, reading: Reading, room: Room) -> tuple[str, Stage]:
    """Build and furnish a room; return the name of its composition and where figures may stand."""
    room = _of_old(room) if reading.is_old else _varied(room, reading) if reading.setting in _LIVED_IN else room
    side, shell_index = light_side_of(reading), reading.turn % len(SHELLS)
    shell = SHELLS[shell_index](canvas, reading, reading.dice("walls").choice(room.walls), room.style, room.floor)
    left, top, right, bottom = shell.back
    window = (left + (right - left) * (0.5 + 0.31 * side), top + (bottom - top) * 0.16)
    wet = reading.has("rain", "snowfall")
    has_window = bool(room.window) and (reading.is_hour_told or wet)
    light = (canvas.width * (0.5 + 0.3 * side), canvas.height * 0.3)
    if has_window:
        tall = (bottom - top) * (0.3 if room.window in {"small", "barred", "round"} else 0.56)
        wide = tall if room.window == "round" else tall * (1.1 if room.window in {"small", "barred"} else 0.6)
        draw_window(canvas, reading, window, (wide, tall), kind=room.window)
        light = (window[0], canvas.height * 0.32)
    lit = furnish(canvas, reading, room, shell, side, most=2 if has_window else 3)
    if lit is not None and reading.light in _DARK:
        light = lit
    elif has_window and reading.light is not Light.NIGHT and not wet:
        draw_beam(canvas, reading, window, 130)
    stage = Stage(
        feet=canvas.height * 0.92,
        size=378,
        centre=canvas.width * 0.5,
        light_at=light,
        depth=0.26 if reading.light in _DARK else 0.1,
        setting=f"{room.words}{_seen_outside(reading) if has_window else ''}",
    )
    return f"{reading.setting.value}/{SHELLS[shell_index].__name__.removeprefix('build_')}", stage


def _seen_outside(reading: Reading) -> str:
    return (
        " with rain at the window"
        if reading.has("rain")
        else " with snow falling outside"
        if reading.has("snowfall")
        else ""
    )


def _of_old(room: Room) -> Room:
    """The same room where nobody has wallpaper, bookcases, sashes and armchairs."""
    back = tuple(_PLAINER_PIECES.get(kind, kind) for kind in room.back)
    front = tuple(_PLAINER_PIECES.get(kind, kind) for kind in room.front)
    style = room.style if room.style in {"stone", "logs", "planks"} else "plain"
    window = "arched" if room.window else ""
    walls = room.walls if style == room.style else _PLASTER + _STONES
    return replace(
        room, walls=walls, style=style, window=window, back=tuple(filter(None, back)), front=tuple(filter(None, front))
    )


def _varied(room: Room, reading: Reading) -> Room:
    """The same room with other pieces of the same use."""
    dice = reading.dice("pieces")
    back, front = (tuple(dice.choice(_KIN.get(kind, (kind,))) for kind in row) for row in (room.back, room.front))
    return replace(room, back=tuple(dict.fromkeys(back)), front=tuple(dict.fromkeys(front)))


def _piece(kind: str, reading: Reading) -> Thing:
    """The drawing of a piece of furniture; what is covered with cloth has a colour of its own in each room."""
    thing = things()[kind]
    if kind not in _COVERED:
        return thing
    cover = reading.dice("covers").choice(_COVERS)
    shapes = (replace(shape, paper=cover) if shape.paper == "red" else shape for shape in thing.shapes)
    return replace(thing, shapes=tuple(shapes))


def _pieces(reading: Reading, room: Room) -> tuple[list[str], list[str]]:
    """What stands at the wall and in front: what the passage names goes before what such rooms have."""
    told = [kind for kind in reading.things if kind in METRES and kind in things()]
    low = [kind for kind in told if METRES[kind] < 1.2 and kind not in HUNG]
    high = [kind for kind in told if kind not in low]
    back = list(dict.fromkeys(high)) + [kind for kind in room.back if kind not in told]
    front = list(dict.fromkeys(low)) + [kind for kind in room.front if kind not in told]
    gone = {*reading.taken, *(BEDDING if reading.abed or "bed" in reading.taken else ())}
    back, front = ([kind for kind in row if kind not in gone] for row in (back, front))
    return back[:3], front[:2]


def furnish(canvas: Canvas, reading: Reading, room: Room, shell: Shell, side: int, *, most: int) -> Point | None:
    """Put down what is told and what such rooms have, `most` at the wall; return where a fire or a lamp gives light."""
    back, front = _pieces(reading, room)
    left, top, right, bottom = shell.back
    lamp = Lamp(
        palette=reading.palette, depth=shell.gloom, side=side, colour=mix(reading.palette.light, (255, 214, 158), 0.5)
    )
    metre = (bottom - top) / 3.3
    shares = [-0.3, -0.02, 0.27]
    if len(back) > 1 and things()[back[1]].shines:  # people stand before the middle: no fire burns there
        back[:2] = back[1::-1]
    if most == len(shares) and reading.dice("slots").random() < 0.5:
        shares.reverse()
    slots = [left + (right - left) * (0.5 + share * side) for share in shares]
    lit: Point | None = None
    for kind, x in zip(back[:most], slots, strict=False):
        thing = _piece(kind, reading)
        unit = METRES[kind] * metre / thing.tall
        foot = (x, bottom + 6) if kind not in HUNG else (x, top + (bottom - top) * 0.52)
        if thing.shines:
            lit = (x, foot[1] - METRES[kind] * metre * 0.4)
            canvas.glow(lit, metre * 3.4, (255, 160, 84), strength=0.5)
        draw_thing(canvas, thing, foot, unit, lamp=lamp, grounded=kind not in HUNG)
    near = metre * 1.42
    spots = [(canvas.width * (0.5 + 0.37 * side), 0.9), (canvas.width * (0.5 - 0.39 * side), 0.93)]
    loads = [kind for kind in reading.things if kind in _ON_TABLES and kind in things()][:2]
    if reading.light in _DARK and lit is None and room.floor != "earth":
        loads = ["lamp", *(kind for kind in loads if kind != "lamp")][:2]
    if loads and not any(kind in _CARRIERS for kind in front) and room.front:
        front = ["table", *front][:2]
    for kind, (x, share) in zip(front, spots, strict=False):
        foot = (x, canvas.height * share)
        thing = _piece(kind, reading)
        draw_thing(canvas, thing, foot, METRES[kind] * near / thing.tall, lamp=lamp, facing=side)
        if kind in _CARRIERS:
            lit = _load(canvas, loads, foot, METRES[kind] * near, near, lamp) or lit
            loads = []
    return lit


def _load(canvas: Canvas, loads: list[str], foot: Point, tall: float, metre: float, lamp: Lamp) -> Point | None:
    """Set small things on a table; return where one of them gives light."""
    lit: Point | None = None
    for index, kind in enumerate(loads):
        thing = things()[kind]
        at = (foot[0] + (index - 0.5 * (len(loads) - 1)) * metre * 0.5, foot[1] - tall * 0.94)
        unit = metre * 0.3 / max(thing.tall, 0.6)
        if thing.shines:
            lit = (at[0], at[1] - thing.tall * unit * 0.7)
            canvas.glow(lit, metre * 2.2, (255, 190, 110), strength=0.55)
        draw_thing(canvas, thing, at, unit, lamp=lamp)
    return lit
