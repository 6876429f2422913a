"""Creatures as silhouettes: four-legged ones from one set of proportions, birds, snakes and mice."""

import math
from dataclasses import dataclass, replace

from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Point, Stencil, mix
from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.cutout import Cutout, Lamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions of a four-legged creature, in units of its height at the shoulder.

    Attributes:
        colour: Of its coat; the actor decides.
        size: Shoulder height of 1 grown man.
        neck: Where the head sits, from the shoulder.
        snout: How long the muzzle is.
        tail: End of the tail, from the rump.
        extra: "mane", "horns", "wool", "trunk", "upright" or "".
    """

    size: float
    length: float
    belly: float
    leg: float
    neck: Point
    head: float
    snout: float
    ear: float
    tail: Point
    colour: Colour = (0, 0, 0)
    extra: str = ""


BUILDS: dict[str, Build] = {
    "dog": Build(
        size=0.3,
        length=1.15,
        belly=0.24,
        leg=0.07,
        neck=(0.3, 0.3),
        head=0.17,
        snout=0.3,
        ear=0.2,
        tail=(-0.3, 0.42),
    ),
    "cat": Build(
        size=0.22,
        length=1.2,
        belly=0.22,
        leg=0.06,
        neck=(0.26, 0.26),
        head=0.18,
        snout=0.14,
        ear=0.24,
        tail=(-0.4, 0.6),
    ),
    "lion": Build(
        size=0.6,
        length=1.3,
        belly=0.25,
        leg=0.085,
        neck=(0.3, 0.24),
        head=0.2,
        snout=0.22,
        ear=0.1,
        tail=(-0.52, -0.1),
        extra="mane",
    ),
    "wolf": Build(
        size=0.45,
        length=1.25,
        belly=0.23,
        leg=0.06,
        neck=(0.34, 0.2),
        head=0.16,
        snout=0.34,
        ear=0.22,
        tail=(-0.42, -0.25),
    ),
    "bear": Build(
        size=0.66,
        length=1.25,
        belly=0.34,
        leg=0.12,
        neck=(0.32, 0.1),
        head=0.21,
        snout=0.22,
        ear=0.1,
        tail=(-0.08, 0.0),
    ),
    "horse": Build(
        size=0.86,
        length=1.05,
        belly=0.21,
        leg=0.055,
        neck=(0.36, 0.5),
        head=0.12,
        snout=0.34,
        ear=0.13,
        tail=(-0.26, -0.4),
        extra="horse",
    ),
    "cow": Build(
        size=0.76,
        length=1.25,
        belly=0.3,
        leg=0.07,
        neck=(0.34, 0.12),
        head=0.16,
        snout=0.24,
        ear=0.12,
        tail=(-0.12, -0.5),
        extra="horns",
    ),
    "sheep": Build(
        size=0.42,
        length=1.2,
        belly=0.34,
        leg=0.05,
        neck=(0.28, 0.16),
        head=0.15,
        snout=0.2,
        ear=0.12,
        tail=(-0.1, -0.1),
        extra="wool",
    ),
    "mouse": Build(
        size=0.12,
        length=1.5,
        belly=0.42,
        leg=0.07,
        neck=(0.36, -0.05),
        head=0.22,
        snout=0.3,
        ear=0.26,
        tail=(-0.9, -0.1),
    ),
    "elephant": Build(
        size=1.25,
        length=1.05,
        belly=0.34,
        leg=0.12,
        neck=(0.26, 0.08),
        head=0.22,
        snout=0.1,
        ear=0.34,
        tail=(-0.12, -0.4),
        extra="trunk",
    ),
    "monkey": Build(
        size=0.42,
        length=0.9,
        belly=0.24,
        leg=0.075,
        neck=(0.24, 0.24),
        head=0.2,
        snout=0.12,
        ear=0.14,
        tail=(-0.5, 0.5),
    ),
}
GAITS = {
    "stand": ((0.0, 0.0), (0.06, -0.05)),
    "walk": ((0.16, -0.16), (-0.14, 0.18)),
    "run": ((0.42, 0.2), (-0.4, -0.2)),
}


def draw_creature(canvas: Canvas, actor: Actor, at: Point, size: float, *, deed: str, facing: int, lamp: Lamp) -> None:
    """Draw one creature; `size` is the height in pixels of a grown man at this distance."""
    if actor.kind == "bird":
        draw_bird(
            canvas, (at[0], at[1] - size * 0.9), size * 0.5, lamp.palette.dark(actor.accent, lamp.depth), facing=facing
        )
        return
    if actor.kind == "snake":
        _draw_snake(canvas, at, size, colour=actor.accent, facing=facing, lamp=lamp)
        return
    build = replace(BUILDS.get(actor.kind, BUILDS["wolf"]), colour=actor.accent)
    body = Cutout(at, size * build.size, facing=facing, reach=1.9)
    gait = "run" if deed in {"run", "fight", "fly"} else "walk" if deed in {"walk", "carry"} else "stand"
    _four_legged(body, build, gait=gait, lying=deed == "lie")
    body.draw(canvas, lamp)


def _four_legged(body: Cutout, build: Build, *, gait: str, lying: bool) -> None:
    half, dim = build.length / 2, mix(build.colour, (14, 12, 22), 0.35)
    spine = build.belly * 1.05 if lying else 1 - build.belly * 0.55
    (front_near, front_far), (back_near, back_far) = GAITS["stand" if lying else gait]
    for shift, root in ((front_far, half * 0.8), (back_far, -half * 0.84)):
        _leg(body, dim, build, (root, spine - 0.1), shift)
    rump, shoulder = (-half, spine), (half * 0.86, spine + 0.03)
    tail_end = (rump[0] + build.tail[0], rump[1] + build.tail[1])
    tail_bend = (rump[0] + build.tail[0] * 0.75, rump[1] + build.tail[1] * 0.3)
    thick = 0.07 if build.extra == "horse" else 0.05
    body.limb(build.colour, (rump, tail_bend, tail_end), (thick, thick * 0.8, thick * 0.5))
    if build.extra == "mane":
        body.disc((140, 86, 44), tail_end, 0.07)
    deep = build.belly
    outline = [
        (rump[0] - 0.06, spine - deep * 0.1),
        (rump[0] + 0.1, spine + deep * 0.52),
        (0, spine + deep * 0.42),
        (shoulder[0] - 0.12, spine + deep * 0.6),
        (shoulder[0] + 0.14, spine + deep * 0.2),
        (shoulder[0] + 0.08, spine - deep * 0.62),
        (0, spine - deep * 0.62),
        (rump[0] + 0.16, spine - deep * 0.42),
    ]
    body.blob(build.colour, outline)
    if build.extra == "wool":
        for index in range(7):
            body.disc(
                build.colour,
                (rump[0] + 0.05 + index * build.length / 7, spine + deep * (0.35 + 0.12 * (index % 2))),
                deep * 0.34,
            )
    for shift, root in ((front_near, half * 0.72), (back_near, -half * 0.9)):
        _leg(body, build.colour, build, (root, spine - 0.08), shift)
    _animal_head(body, build, (shoulder[0], spine + deep * 0.25))


def _leg(body: Cutout, colour: Colour, build: Build, root: Point, shift: float) -> None:
    lift = 0.1 * abs(shift)
    hind = root[0] < 0
    knee = (root[0] + shift * 0.45 + (-0.09 if hind else 0.04), root[1] * 0.46 + lift)
    foot = (root[0] + shift + (-0.01 if hind else 0.0), 0.03 + lift)
    thigh = (root[0] + shift * 0.15 + (0.05 if hind else 0.0), root[1] * 0.72)
    body.limb(colour, (root, thigh, knee, foot), (build.leg * 2.3, build.leg * 1.9, build.leg * 0.95, build.leg * 0.72))
    body.limb(colour, (foot, (foot[0] + build.leg * 1.1, foot[1])), (build.leg * 0.7, build.leg * 0.5))


def _animal_head(body: Cutout, build: Build, shoulder: Point) -> None:
    head = (shoulder[0] + build.neck[0], shoulder[1] + build.neck[1])
    body.limb(build.colour, (shoulder, head), (build.belly * 0.62, build.head * 0.8))
    if build.extra == "mane":
        mane = (140, 82, 42)
        for turn in range(11):
            angle = turn * math.tau / 11
            body.disc(mane, (head[0] - 0.12 + 0.23 * math.cos(angle), head[1] + 0.25 * math.sin(angle) - 0.06), 0.12)
        body.disc(mane, (head[0] - 0.14, head[1] - 0.06), 0.28)
    if build.extra == "horse":
        body.limb(
            mix(build.colour, (10, 8, 14), 0.6),
            ((shoulder[0] - 0.04, shoulder[1] + 0.16), (head[0] - 0.09, head[1] + 0.08)),
            (0.05, 0.05),
        )
    muzzle = (head[0] + build.snout * 0.8, head[1] - build.snout * (0.75 if build.extra == "horse" else 0.32))
    body.limb(build.colour, (head, muzzle), (build.head * 0.92, build.head * 0.5))
    top = (head[0] - build.head * 0.3, head[1] + build.head * 0.6)
    body.polygon(
        build.colour,
        [(top[0] - 0.07, top[1] - 0.03), (top[0] - 0.03, top[1] + build.ear), (top[0] + 0.09, top[1] + 0.01)],
    )
    if build.extra == "horns":
        body.limb(
            (226, 214, 186), (top, (top[0] + 0.12, top[1] + 0.1), (top[0] + 0.2, top[1] + 0.22)), (0.03, 0.025, 0.01)
        )
    if build.extra == "trunk":
        body.limb(build.colour, (muzzle, (muzzle[0] + 0.12, 0.5), (muzzle[0] + 0.1, 0.16)), (0.11, 0.08, 0.045))
    body.disc((24, 20, 26), (head[0] + build.head * 0.4, head[1] + build.head * 0.25), build.head * 0.13)


def draw_bird(canvas: Canvas, at: Point, span: float, colour: Colour, *, facing: int = 1, flap: float = 0.4) -> None:
    """A bird on the wing, `span` pixels from tip to tip."""
    x, y = at
    stencil = Stencil((x - span, y - span, x + span, y + span), fine=3)

    def spot(u: float, v: float) -> Point:
        return x + facing * u * span, y - v * span

    stencil.blob([spot(0.16, 0.02), spot(0.02, 0.06), spot(-0.2, 0.0), spot(-0.3, -0.03), spot(-0.02, -0.06)])
    stencil.blob(
        [
            spot(0.06, 0.02),
            spot(0.0, flap * 0.6),
            spot(-0.12, flap + 0.1),
            spot(-0.28, flap),
            spot(-0.1, flap * 0.5),
            spot(-0.08, 0.0),
        ]
    )
    stencil.blob(
        [
            spot(0.08, 0.02),
            spot(0.16, flap * 0.7),
            spot(0.3, flap * 0.95),
            spot(0.46, flap * 0.6),
            spot(0.2, flap * 0.42),
            spot(0.0, 0.0),
        ]
    )
    canvas.paint(stencil, colour)


def draw_flock(
    canvas: Canvas, at: Point, colour: Colour, *, count: int, spread: float, size: float, chances: list[float]
) -> None:
    """Many small birds; `chances` (0..1, three a bird) place them."""
    for index in range(count):
        dx, dy, flap = chances[index * 3 : index * 3 + 3]
        spot = (at[0] + (dx - 0.5) * spread * 2, at[1] + (dy - 0.5) * spread * 0.8)
        draw_bird(canvas, spot, size * (0.6 + 0.6 * flap), colour, facing=1 if dx > 0.4 else -1, flap=0.15 + 0.5 * flap)


def _draw_snake(canvas: Canvas, at: Point, size: float, *, colour: Colour, facing: int, lamp: Lamp) -> None:
    body = Cutout(at, size * 0.4, facing=facing, reach=1.6)
    waves = [(-1 + index * 0.16, 0.07 + 0.06 * math.sin(index * 1.3)) for index in range(12)]
    body.limb(colour, [*waves, (0.95, 0.35), (1.08, 0.36)], [0.02, 0.04, *[0.07] * 9, 0.07, 0.07, 0.05])
    body.draw(canvas, lamp)
