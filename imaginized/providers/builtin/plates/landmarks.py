"""What the passage puts into open country: great things far off, small ones at the side of the ground we stand on."""

from imaginized.providers.builtin.plates.canvas import Canvas
from imaginized.providers.builtin.plates.ground import place_thing
from imaginized.providers.builtin.plates.objects import things
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage, light_side_of
from imaginized.story.stage_lists import Setting

# Metres high; what is in no list here is too small to be seen from a stage's distance.
METRES: dict[str, float] = {
    "house": 5, "church": 12, "tower": 14, "windmill": 11, "tree": 7, "bridge": 3.5, "spacecraft": 9,
    "tent": 2.6, "cart": 1.7, "carriage": 2.4, "sled": 1.2, "train": 3.8, "motor-car": 1.7, "bicycle": 1.1,
    "omnibus": 3.2, "fence": 1.2, "gate": 2.4, "wall": 1.9, "well": 2, "fountain": 2.2, "gravestone": 1.2,
    "cross": 2, "cannon": 1.4, "statue": 2.8, "bench": 0.9, "barrel": 1, "chest": 0.8, "fire": 1.1, "campfire": 1,
    "bush": 1.4, "rock": 1.2, "flag": 3, "ladder": 3, "coffin": 0.7, "table": 0.85, "chair": 1, "waterfall": 6,
    "cliff": 9, "boat": 1.2, "canoe": 1, "raft": 1.5,
}  # fmt: skip
# What may stand by people on a ground that is no place.
OUTDOORS = {kind: METRES[kind] for kind in ("cart", "carriage", "sled", "motor-car", "bicycle", "boat", "canoe", "tent",
    "campfire", "fire", "cannon", "train", "omnibus", "gate", "fence", "well", "bush", "bridge")}  # fmt: skip
_ALOFT = {"airship": 0.16, "aeroplane": 0.13, "rainbow": 0.34}  # shares of the picture's height
_FAR = 4.0  # metres from which a thing is seen far off
_MOST = 2
# Where such a thing is part of the backdrop already, or there is no ground for it to stand on.
_OWN: dict[Setting, frozenset[str]] = {
    Setting.HOUSE_FRONT: frozenset({"house", "door"}),
    Setting.VILLAGE: frozenset({"house"}),
    Setting.TOWN: frozenset({"house"}),
    Setting.STREET: frozenset({"house", "tree"}),
    Setting.STATION: frozenset({"train"}),
    Setting.DOCK: frozenset({"barrel", "boat"}),
    Setting.BRIDGE: frozenset({"bridge"}),
    Setting.CHURCHYARD: frozenset({"church", "gravestone"}),
    Setting.COURTYARD: frozenset({"well", "fountain"}),
    Setting.GARDEN: frozenset({"fountain", "bush", "tree"}),
    Setting.WALLED_GARDEN: frozenset({"wall", "gate", "tree"}),
    Setting.PARK: frozenset({"tree", "bench"}),
    Setting.FARMYARD: frozenset({"cart", "fence"}),
    Setting.FOREST: frozenset({"tree", "bush"}),
    Setting.JUNGLE: frozenset({"tree", "bush"}),
    Setting.CAMP: frozenset({"tent", "fire", "campfire"}),
    Setting.BATTLEFIELD: frozenset({"cannon"}),
    Setting.CLIFF: frozenset({"cliff"}),
    Setting.RUINS: frozenset({"wall", "tower"}),
    Setting.CASTLE: frozenset({"tower", "wall"}),
    Setting.RIVER: frozenset({"boat", "canoe", "raft", "bridge"}),
    Setting.LAKE: frozenset({"boat", "canoe", "raft"}),
}
_NO_GROUND = frozenset([Setting.SEA, Setting.BOAT, Setting.SKY, Setting.UNDERWATER, Setting.SHIP_DECK, Setting.CLIFF])


def put_landmarks(canvas: Canvas, reading: Reading, stage: Stage) -> None:
    """Put the first of what is there into a scene under the sky, beside those who stand in it."""
    if reading.indoors:
        return
    own = _OWN.get(reading.setting, frozenset())
    side = light_side_of(reading)
    for kind in [kind for kind in reading.things if kind in _ALOFT][:1]:
        tall = canvas.height * _ALOFT[kind]
        foot = (canvas.width * (0.5 - 0.2 * side), canvas.height * 0.2 + tall / 2)
        place_thing(canvas, reading, kind, foot, tall, far=0.55)
    if reading.setting in _NO_GROUND:
        return
    shown = [kind for kind in reading.things if kind in METRES and kind in things() and kind not in own][:_MOST]
    for place, kind in enumerate(sorted(shown, key=lambda kind: -METRES[kind])):
        away = 1 if stage.centre < canvas.width / 2 else -1
        if METRES[kind] >= _FAR:
            x = canvas.width * (0.5 + away * (0.2 + 0.16 * place))
            tall = min(METRES[kind] * 34, canvas.height * 0.46)
            place_thing(canvas, reading, kind, (x, canvas.height * 0.7), tall, far=0.22)
        else:
            x = canvas.width * (0.5 + (0.3 if place == 0 else -0.36) * away)
            tall = METRES[kind] * 128
            place_thing(canvas, reading, kind, (x, canvas.height * 0.86), tall, facing=-away)
