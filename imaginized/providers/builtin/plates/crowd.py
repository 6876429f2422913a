"""People beyond those in the front: a mass, too many and too far to tell apart."""

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Stencil, mix
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage


def draw_crowd(canvas: Canvas, reading: Reading, stage: Stage, *, armed: bool, men: bool = False) -> None:
    """People beyond the actors, too many and too far to tell apart; soldiers stand in ranks, `men` wear no gowns."""
    dice, palette = reading.dice("crowd"), reading.palette
    rows, count = (3, 19) if armed else (3, 21)
    for row in range(rows):
        near = row / (rows - 1)
        size, y = stage.size * (0.46 + 0.16 * near), stage.feet - stage.size * (0.34 - 0.18 * near)
        stencil = canvas.whole(top=y - size * 1.4, bottom=y + 6)
        for index in range(count):
            jitter = 0.5 + 0.25 * (row % 2) if armed else dice.uniform(0.1, 0.9)
            x = canvas.width * (0.05 + 0.9 * (index + jitter) / count)
            tall = size * (dice.uniform(0.96, 1.02) if armed else dice.uniform(0.78, 1.06))
            gown = dice.random() < 0.45 and not (armed or men)
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
