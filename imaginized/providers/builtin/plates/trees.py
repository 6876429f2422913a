"""Trees: single ones, and groups on a ridge."""

import math
from random import Random

from imaginized.providers.builtin.plates.canvas import Canvas, Point, Stencil, mix
from imaginized.providers.builtin.plates.palette import Light
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.story.staging import Season


def draw_tree(stencil: Stencil, dice: Random, at: Point, height: float, *, kind: str) -> None:
    """Add a tree to a stencil: "round", "pine", "poplar" or "bare"."""
    x, y = at
    if kind == "pine":
        stencil.limb((x, y), (x, y - height * 0.3), height * 0.025, height * 0.02)
        for tier in range(5):
            top, half = y - height * (0.42 + 0.145 * tier), height * (0.26 - 0.045 * tier)
            stencil.polygon(
                [
                    (x, top - height * 0.12),
                    (x + half, top + height * 0.2),
                    (x + half * 0.3, top + height * 0.16),
                    (x - half * 0.3, top + height * 0.18),
                    (x - half, top + height * 0.2),
                ]
            )
        return
    stencil.limb((x, y), (x + height * 0.01, y - height * 0.55), height * 0.035, height * 0.018)
    if kind == "bare":
        _branch(stencil, dice, (x, y - height * 0.3), -math.pi / 2, height * 0.36, 4)
        return
    if kind == "poplar":
        stencil.blob(
            [
                (x, y - height),
                (x + height * 0.12, y - height * 0.6),
                (x + height * 0.09, y - height * 0.16),
                (x - height * 0.09, y - height * 0.16),
                (x - height * 0.12, y - height * 0.6),
            ]
        )
        return
    for _ in range(11):
        angle, away = dice.uniform(0, math.tau), dice.uniform(0, 0.2) * height
        stencil.ellipse(
            (x + away * math.cos(angle) * 1.25, y - height * 0.7 + away * math.sin(angle) * 0.8),
            height * dice.uniform(0.09, 0.17),
        )


def _branch(stencil: Stencil, dice: Random, start: Point, angle: float, length: float, depth: int) -> None:
    end = (start[0] + math.cos(angle) * length, start[1] + math.sin(angle) * length)
    stencil.limb(start, end, length * 0.075, length * 0.045)
    if depth:
        for spread in (-0.55, 0.1, 0.6):
            _branch(
                stencil,
                dice,
                end,
                angle + spread + dice.uniform(-0.25, 0.25),
                length * dice.uniform(0.55, 0.78),
                depth - 1,
            )


_LEAVES = {Season.AUTUMN: (176, 104, 52), Season.SPRING: (118, 150, 78), Season.WINTER: (84, 74, 66)}


def plant_trees(
    canvas: Canvas, reading: Reading, line: list[Point], *, count: int, height: float, far: float, key: str
) -> None:
    """Groups of trees on a ridge line."""
    dice = reading.dice(f"trees {key}")
    kind = tree_kind(reading)
    stencil = canvas.whole()
    x = dice.uniform(0, canvas.width)
    for index in range(count):
        x = dice.uniform(0, canvas.width) if index % 4 == 0 else x + dice.uniform(-1, 1) * height * 1.3
        draw_tree(stencil, dice, (x, ground_at(line, x) + 5), height * dice.uniform(0.65, 1.2), kind=kind)
    leaf = reading.palette.lit(_LEAVES.get(reading.season, (64, 92, 62)), far=far * 0.9)
    canvas.paint(stencil, mix(leaf, reading.palette.ink, 0.35 * (1 - far)))
    canvas.rim(stencil, mix(leaf, reading.palette.light, 0.5), shift=(-2, 2), opacity=0.4 * (1 - far))


def tree_kind(reading: Reading) -> str:
    """Which trees grow here."""
    if reading.light is Light.SNOW:
        return "pine"
    if reading.season is Season.WINTER:
        return "bare"
    return reading.dice("tree kind").choice(("round", "round", "poplar"))


def ground_at(line: list[Point], x: float) -> float:
    """The height of a ridge line at x."""
    index = min(max(int((x + 20) // 20), 0), len(line) - 1)
    return line[index][1]
