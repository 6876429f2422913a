"""Provider `builtin`: reads by the words of the passages, draws storyboard plates. Needs no key and no network."""

from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.providers.builtin.plates.compose import draw_plate
from imaginized.providers.builtin.words import read_chapter
from imaginized.providers.registry import Surroundings
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Use
from imaginized.version import VERSION


def make(_settings: Settings, _use: Use, _around: Surroundings) -> "BuiltinProvider":
    """The same for every use, whatever the settings."""
    return BuiltinProvider()


class BuiltinProvider:
    """The same answer for the same request, in any process."""

    identity = f"builtin/{VERSION}"
    draws_for_nothing = True

    def write(self, request: TextRequest) -> TextReply:
        """Pick scenes and elements by the words of the chapter."""
        return read_chapter(request)

    def draw(self, request: ImageRequest) -> ImageReply:
        """Draw the scene's storyboard plate."""
        return draw_plate(request)
