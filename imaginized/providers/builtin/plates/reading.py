"""What a plate is composed from, as one record, and its sources of chance."""

import hashlib
from dataclasses import dataclass
from random import Random

from imaginized.providers.builtin.plates.palette import Light, Palette
from imaginized.providers.builtin.plates.words import INDOORS, Place
from imaginized.story.stage_lists import ROOFED, Setting
from imaginized.story.staging import Season


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plate is composed from.

    Attributes:
        seed: Decides everything left to chance; from the passage alone.
        place: The family of backdrops that the setting belongs to.
        things: Kinds of thing that are there, most telling first, and what falls from the sky.
        setting: Where it is; unknown where that is not sure.
        turn: Counts through the scenes of a book, so that neighbours are composed differently: by twos in a chapter,
            even in one chapter and odd in the next, so that a list of choices is of even length.
        is_hour_told: Whether it says what time it is.
        roofed: Whether there is a roof over it, where no setting is sure; None where that is not known.
        is_old: Whether the book is of times or lands without parlours.
        fallen: Kinds of thing that lie on the floor or the ground.
        abed: Whether somebody lies in a bed, which stands before us then and not at the wall.
        outside: Whether it is in the open, as far as is known: None where nothing is.
        busy: Whether somebody does with the body what was not read: no face alone shows it.
        taken: The kinds of seat that somebody sits in: no empty one of the kind stands beside it.
    """

    seed: int
    place: Place
    light: Light
    palette: Palette
    things: tuple[str, ...]
    setting: Setting = Setting.UNKNOWN
    season: Season = Season.UNKNOWN
    turn: int = 0
    is_hour_told: bool = False
    roofed: bool | None = None
    abed: bool = False
    outside: bool | None = None
    busy: bool = False
    taken: tuple[str, ...] = ()
    is_old: bool = False
    fallen: tuple[str, ...] = ()

    @property
    def indoors(self) -> bool:
        """Whether there is a roof over the scene."""
        return self.place in INDOORS or self.setting in ROOFED

    def has(self, *kinds: str) -> bool:
        """Whether the passage names any of these kinds of thing."""
        return any(kind in self.things for kind in kinds)

    def dice(self, purpose: str) -> Random:
        """A source of chance of its own for each purpose, so that one more tree moves no cloud."""
        return Random(seed_of(str(self.seed), purpose))


def seed_of(*parts: str) -> int:
    """The same number for the same words in every process."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8])
