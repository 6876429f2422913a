"""A provider that finds the first paragraph of a chapter worth drawing, and draws nothing."""

from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.providers.builtin.provider import BuiltinProvider


class FirstLine:
    """Needs no endpoint."""

    @property
    def identity(self) -> str:
        """For the digest of what was asked."""
        return "first-line/1"

    def write(self, request: TextRequest) -> TextReply:
        """The first scene that the words give, and nobody."""
        found = BuiltinProvider().write(request)
        return TextReply(scenes=found.scenes[:1], elements=(), method="first-line")

    def draw(self, request: ImageRequest) -> ImageReply:
        """As provider builtin draws."""
        return BuiltinProvider().draw(request)
