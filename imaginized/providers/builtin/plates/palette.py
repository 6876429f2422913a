"""Limited, harmonious palettes by light, and what a local colour becomes in that light and at that distance."""

from dataclasses import dataclass, replace
from enum import StrEnum

from imaginized.providers.builtin.plates.canvas import Colour, mix


class Light(StrEnum):
    """The light of a scene: time of day and weather in one word, because one of them always rules the colours."""

    DAY = "day"
    DAWN = "dawn"
    DUSK = "dusk"
    NIGHT = "night"
    STORM = "storm"
    FOG = "fog"
    SNOW = "snow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one plate.

    Attributes:
        zenith, sky, horizon: The sky from top to bottom.
        light: Sun, moon, or the lightest part of the sky.
        haze: What far things fade to.
        ink: The darkest colour; the nearest silhouettes.
        tint: Channel factors that the light lays over every local colour.
        glow: Lamps and windows.
    """

    zenith: Colour
    sky: Colour
    horizon: Colour
    light: Colour
    haze: Colour
    ink: Colour
    tint: tuple[float, float, float]
    glow: Colour = (255, 196, 104)

    def lit(self, local: Colour, *, far: float = 0.0) -> Colour:
        """A local colour in this light; `far` 0 (near) .. 1 (lost in haze)."""
        tinted = (
            min(round(local[0] * self.tint[0]), 255),
            min(round(local[1] * self.tint[1]), 255),
            min(round(local[2] * self.tint[2]), 255),
        )
        return mix(tinted, self.haze, far)

    def near_by(self) -> "Palette":
        """The same light on a face close to us: colours keep more of their own."""
        red, green, blue = (factor + (1 - factor) * 0.62 for factor in self.tint)
        return replace(self, tint=(red, green, blue))

    def dark(self, local: Colour, depth: float) -> Colour:
        """A local colour sunk towards the ink; `depth` 0..1."""
        return mix(self.lit(local), self.ink, depth)


PALETTES: dict[Light, tuple[Palette, ...]] = {
    Light.DAY: (
        Palette(
            zenith=(72, 136, 164),
            sky=(150, 196, 200),
            horizon=(246, 230, 188),
            light=(255, 247, 218),
            haze=(196, 212, 198),
            ink=(30, 48, 58),
            tint=(1.0, 0.98, 0.9),
        ),
        Palette(
            zenith=(46, 112, 138),
            sky=(126, 182, 178),
            horizon=(250, 216, 158),
            light=(255, 240, 200),
            haze=(208, 206, 172),
            ink=(28, 42, 52),
            tint=(1.0, 0.95, 0.86),
        ),
        Palette(
            zenith=(104, 150, 178),
            sky=(188, 210, 206),
            horizon=(250, 226, 196),
            light=(255, 250, 228),
            haze=(214, 212, 200),
            ink=(40, 44, 64),
            tint=(1.0, 0.97, 0.92),
        ),
    ),
    Light.DAWN: (
        Palette(
            zenith=(84, 112, 156),
            sky=(222, 164, 152),
            horizon=(255, 218, 162),
            light=(255, 240, 200),
            haze=(226, 182, 164),
            ink=(46, 38, 66),
            tint=(1.0, 0.86, 0.82),
        ),
        Palette(
            zenith=(112, 128, 168),
            sky=(240, 178, 140),
            horizon=(255, 228, 176),
            light=(255, 244, 208),
            haze=(232, 190, 168),
            ink=(38, 44, 70),
            tint=(1.0, 0.88, 0.8),
        ),
    ),
    Light.DUSK: (
        Palette(
            zenith=(48, 40, 88),
            sky=(172, 72, 94),
            horizon=(252, 172, 92),
            light=(255, 228, 152),
            haze=(190, 98, 100),
            ink=(32, 20, 44),
            tint=(0.86, 0.6, 0.58),
        ),
        Palette(
            zenith=(34, 58, 92),
            sky=(196, 96, 84),
            horizon=(255, 190, 104),
            light=(255, 234, 170),
            haze=(186, 112, 98),
            ink=(24, 26, 48),
            tint=(0.84, 0.64, 0.58),
        ),
    ),
    Light.NIGHT: (
        Palette(
            zenith=(10, 18, 44),
            sky=(24, 46, 86),
            horizon=(84, 118, 144),
            light=(244, 240, 214),
            haze=(56, 86, 120),
            ink=(7, 11, 26),
            tint=(0.4, 0.5, 0.68),
        ),
        Palette(
            zenith=(16, 16, 46),
            sky=(46, 40, 92),
            horizon=(118, 104, 146),
            light=(250, 236, 208),
            haze=(80, 72, 122),
            ink=(12, 8, 28),
            tint=(0.46, 0.46, 0.68),
        ),
        Palette(
            zenith=(6, 30, 44),
            sky=(18, 66, 80),
            horizon=(96, 140, 136),
            light=(242, 242, 210),
            haze=(52, 98, 108),
            ink=(4, 16, 24),
            tint=(0.4, 0.54, 0.6),
        ),
    ),
    Light.STORM: (
        Palette(
            zenith=(26, 34, 46),
            sky=(68, 84, 94),
            horizon=(166, 172, 146),
            light=(232, 232, 204),
            haze=(104, 118, 120),
            ink=(15, 21, 28),
            tint=(0.56, 0.63, 0.64),
        ),
        Palette(
            zenith=(36, 32, 48),
            sky=(86, 80, 96),
            horizon=(190, 164, 136),
            light=(244, 226, 196),
            haze=(122, 110, 116),
            ink=(20, 17, 28),
            tint=(0.62, 0.58, 0.62),
        ),
    ),
    Light.FOG: (
        Palette(
            zenith=(126, 138, 140),
            sky=(172, 178, 170),
            horizon=(222, 216, 194),
            light=(244, 238, 216),
            haze=(190, 192, 182),
            ink=(36, 44, 50),
            tint=(0.78, 0.78, 0.74),
        ),
        Palette(
            zenith=(120, 112, 104),
            sky=(176, 158, 130),
            horizon=(226, 204, 160),
            light=(250, 232, 186),
            haze=(192, 172, 140),
            ink=(42, 36, 38),
            tint=(0.8, 0.74, 0.66),
        ),
    ),
    Light.SNOW: (
        Palette(
            zenith=(92, 116, 140),
            sky=(150, 172, 186),
            horizon=(232, 226, 216),
            light=(255, 250, 238),
            haze=(190, 204, 212),
            ink=(28, 38, 56),
            tint=(0.86, 0.92, 1.0),
        ),
    ),
}

COLOURS: dict[str, Colour] = {
    "red": (190, 48, 44),
    "scarlet": (204, 44, 40),
    "crimson": (160, 28, 48),
    "ruby": (170, 24, 52),
    "bloody": (150, 26, 32),
    "orange": (224, 126, 44),
    "yellow": (232, 188, 64),
    "gold": (222, 172, 60),
    "golden": (222, 172, 60),
    "amber": (214, 150, 50),
    "green": (72, 136, 84),
    "emerald": (34, 142, 96),
    "olive": (126, 128, 62),
    "blue": (56, 104, 168),
    "azure": (70, 140, 190),
    "purple": (112, 66, 134),
    "violet": (126, 86, 160),
    "pink": (222, 138, 150),
    "rosy": (222, 138, 150),
    "white": (238, 232, 218),
    "silver": (190, 198, 204),
    "silvery": (190, 198, 204),
    "gray": (134, 136, 136),
    "grey": (134, 136, 136),
    "brown": (124, 84, 54),
    "black": (40, 38, 46),
    "russet": (150, 82, 48),
    "ivory": (236, 226, 198),
}

ACCENTS: tuple[Colour, ...] = (
    (186, 62, 52),
    (58, 104, 140),
    (206, 148, 62),
    (84, 122, 88),
    (122, 74, 112),
    (196, 108, 68),
    (64, 122, 124),
    (158, 52, 76),
    (92, 104, 158),
    (176, 92, 92),
    (142, 128, 66),
    (72, 88, 98),
    (218, 160, 116),
    (110, 140, 150),
)

COATS: dict[str, Colour] = {
    "dog": (74, 58, 50),
    "cat": (92, 84, 80),
    "lion": (204, 150, 78),
    "wolf": (110, 108, 112),
    "bear": (92, 66, 50),
    "horse": (112, 74, 52),
    "cow": (140, 92, 66),
    "sheep": (226, 218, 198),
    "mouse": (128, 122, 120),
    "elephant": (122, 122, 128),
    "monkey": (104, 76, 56),
    "rabbit": (198, 188, 176),
    "bird": (60, 58, 66),
    "snake": (74, 104, 70),
}
