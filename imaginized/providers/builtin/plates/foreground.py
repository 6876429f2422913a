"""What closes a picture at our feet: six kinds, by what can be there, taking turns."""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, mix
from imaginized.providers.builtin.plates.land import draw_grass
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.story.stage_lists import Setting

_GREEN = frozenset(
    [
        Setting.GARDEN,
        Setting.WALLED_GARDEN,
        Setting.PARK,
        Setting.FIELD,
        Setting.HILLS,
        Setting.ROAD,
        Setting.FOREST,
        Setting.RIVER,
        Setting.LAKE,
        Setting.FARMYARD,
        Setting.VILLAGE,
        Setting.CHURCHYARD,
        Setting.JUNGLE,
    ]
)
_BARE = frozenset([Setting.MOUNTAINS, Setting.MOOR, Setting.CLIFF, Setting.RUINS, Setting.CASTLE, Setting.PRAIRIE])
_ROCKY = frozenset([Setting.SHORE, Setting.DESERT, Setting.CAVE])


def draw_foreground(canvas: Canvas, reading: Reading) -> None:
    """Draw the one whose turn it is; none where nothing grows."""
    if reading.setting in _GREEN:
        kinds = [_grass, _bushes, _flowers, _hanging_leaves, _sedge, _trunk]
    elif reading.setting in _BARE:
        kinds = [_grass, _rocks, _sedge, _bushes]
    elif reading.setting in _ROCKY:
        kinds = [_rocks, _nothing]
    else:
        return
    kinds[reading.turn % len(kinds)](canvas, reading)


def _dark(reading: Reading, local: Colour, depth: float = 0.68) -> Colour:
    return mix(reading.palette.lit(local), reading.palette.ink, depth)


def _nothing(canvas: Canvas, reading: Reading) -> None:
    """Open ground."""
    del canvas, reading


def _grass(canvas: Canvas, reading: Reading) -> None:
    colour = _dark(reading, (56, 74, 44))
    draw_grass(canvas, reading, key="near", base=canvas.height - 16, height=58, colour=colour)


def _sedge(canvas: Canvas, reading: Reading) -> None:
    """Long blades that bend inwards from both lower corners."""
    dice, w, h = reading.dice("sedge"), canvas.width, canvas.height
    for tone, count, tall in ((0.56, 26, 250), (0.74, 22, 180)):
        blades = canvas.whole(top=h * 0.55)
        for _ in range(count):
            side = dice.choice((-1, 1))
            x, long = w * (0.5 + side * dice.uniform(0.34, 0.53)), tall * dice.uniform(0.5, 1.1)
            bow = -side * long * dice.uniform(0.1, 0.5)
            points = [(x + bow * t * t, h + 10 - long * t) for t in (step / 5 for step in range(6))]
            for index in range(5):
                blades.limb(points[index], points[index + 1], 6.5 - index * 1.2, 5.3 - index * 1.2)
        canvas.paint(blades, _dark(reading, (70, 90, 50), tone))
        canvas.rim(blades, reading.palette.horizon, shift=(-2, 2), opacity=0.22)


def _bushes(canvas: Canvas, reading: Reading) -> None:
    dice = reading.dice("near bushes")
    for tone, count, low in ((0.58, 16, 20), (0.72, 12, 44)):
        mass = canvas.whole(top=canvas.height * 0.7)
        for _ in range(count):
            u = dice.random()
            edge = abs(u - 0.5) * 2
            x, size = u * canvas.width, dice.uniform(30, 60) + 90 * edge**3
            for _ in range(5):
                mass.ellipse(
                    (x + dice.gauss(0, size * 0.6), canvas.height + low - size * dice.uniform(0.1, 0.8)),
                    size * dice.uniform(0.4, 0.62),
                )
        canvas.paint(mass, _dark(reading, (66, 88, 54), tone))
        canvas.rim(mass, reading.palette.horizon, shift=(-2, 3), opacity=0.2)


def _flowers(canvas: Canvas, reading: Reading) -> None:
    dice = reading.dice("near flowers")
    _grass(canvas, reading)
    stems, heads = canvas.whole(top=canvas.height * 0.75), canvas.whole(top=canvas.height * 0.75)
    for _ in range(34):
        x, tall, lean = dice.uniform(0, canvas.width), dice.uniform(40, 120), dice.uniform(-16, 16)
        top = (x + lean, canvas.height - tall)
        stems.stroke([(x, canvas.height + 5), top], 3)
        for side in (-1, 0, 1):
            heads.ellipse((top[0] + side * 7, top[1] + abs(side) * 3), 7, 8)
    canvas.paint(stems, _dark(reading, (64, 88, 52), 0.6))
    petal = dice.choice(((222, 190, 120), (226, 214, 206), (190, 108, 120), (140, 120, 180)))
    canvas.paint(heads, _dark(reading, petal, 0.35))


def _rocks(canvas: Canvas, reading: Reading) -> None:
    dice = reading.dice("near rocks")
    for _ in range(7):
        u = dice.choice((dice.uniform(-0.02, 0.3), dice.uniform(0.7, 1.02)))
        x, size = u * canvas.width, dice.uniform(50, 130)
        y = canvas.height + 20
        rock = canvas.whole(top=canvas.height * 0.7).polygon(
            [
                (x - size, y),
                (x - size * 0.8, y - size * dice.uniform(0.3, 0.6)),
                (x - size * 0.2, y - size * dice.uniform(0.6, 0.9)),
                (x + size * 0.4, y - size * dice.uniform(0.5, 0.8)),
                (x + size * 0.9, y - size * dice.uniform(0.2, 0.5)),
                (x + size, y),
            ]
        )
        canvas.paint(rock, _dark(reading, (120, 112, 106), 0.5), until=_dark(reading, (90, 84, 82), 0.75))
        canvas.rim(rock, reading.palette.horizon, shift=(-3, 3), opacity=0.3)


def _hanging_leaves(canvas: Canvas, reading: Reading) -> None:
    dice = reading.dice("hanging leaves")
    side = dice.choice((-1, 1))
    twigs, leaves = canvas.whole(bottom=canvas.height * 0.4), canvas.whole(bottom=canvas.height * 0.4)
    for _ in range(6):
        x = canvas.width * (0.5 + side * dice.uniform(0.2, 0.52))
        long, bend = dice.uniform(90, 230), dice.uniform(-60, 60)
        points = [(x + bend * t * t, -8 + long * t) for t in (step / 8 for step in range(9))]
        twigs.stroke(points, 4)
        for index, (u, v) in enumerate(points[1:]):
            for lean in (-1, 1):
                size = dice.uniform(14, 24) * (1.1 - index / 12)
                leaves.blob(
                    [
                        (u, v),
                        (u + lean * size, v - size * 0.1),
                        (u + lean * size * 1.8, v + size * 0.7),
                        (u + lean * size * 0.8, v + size * 0.7),
                    ]
                )
    canvas.paint(twigs, _dark(reading, (70, 56, 44), 0.7))
    canvas.paint(leaves, _dark(reading, (70, 96, 58), 0.62))
    canvas.rim(leaves, reading.palette.horizon, shift=(-2, 2), opacity=0.25)


def _trunk(canvas: Canvas, reading: Reading) -> None:
    side = reading.dice("near trunk").choice((-1, 1))
    x, h = canvas.width * (0.5 + 0.455 * side), canvas.height
    trunk = canvas.whole().blob(
        [
            (x - 70, h + 30),
            (x - 40, h * 0.75),
            (x - 34, h * 0.3),
            (x - 56, -40),
            (x + 64, -40),
            (x + 40, h * 0.3),
            (x + 46, h * 0.75),
            (x + 84, h + 30),
        ]
    )
    trunk.limb((x, h * 0.26), (x - side * 190, h * 0.05), 20, 9)
    canvas.shadow(trunk, shift=(-side * 5, 0), blur=16, opacity=0.3, colour=reading.palette.ink)
    canvas.paint(trunk, _dark(reading, (88, 68, 52), 0.7))
    canvas.rim(trunk, reading.palette.horizon, shift=(side * 4, 2), opacity=0.3)
