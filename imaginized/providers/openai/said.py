"""What a model said about a chapter, as records; nothing in them is checked against the book. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from imaginized.errors import ImaginizedError
from imaginized.story.elements import ElementType


class Why(StrEnum):
    """Why an answer is none."""

    TRUNCATED = "truncated"
    LOOPING = "looping"
    EMPTY = "empty"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class Unusable(ImaginizedError):
    """The model answered, but not with scenes.

    Attributes:
        why: Whether to ask again with more room, ask again, or take no for an answer.
    """

    def __init__(self, message: str, *, why: Why) -> None:
        """Keep the kind beside the message."""
        super().__init__(message)
        self.why = why


class NoScene(Unusable):
    """It answered as asked, and named no scene."""

    def __init__(self) -> None:
        """Always for one reason."""
        super().__init__("the answer names no scene", why=Why.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSpan:
    """A passage as a model names it by the numbers of its sentences.

    Attributes:
        first: The number of its first sentence.
        last: Of its last one.
        begins: How it begins, as the model says; "" where it does not.
    """

    first: int
    last: int
    begins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidScene:
    """A scene as the model says it; nothing is checked against the book.

    Attributes:
        quote: Its words; "" where the model named it by numbers.
        picture: What to draw, in English and without names; "" where the model did not say.
    """

    quote: str = ""
    span: SaidSpan | None = None
    description: str
    picture: str = ""
    mood: str = ""
    lighting: str = ""
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidElement:
    """An element as the model says it; nothing is checked against the book."""

    type: ElementType
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    spans: tuple[SaidSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model said about a chapter; at least one scene, but for a part in which there need be none.

    Attributes:
        earlier: What it said before in the same answer (a draft, an example), the latest first.
    """

    scenes: tuple[SaidScene, ...]
    elements: tuple[SaidElement, ...] = ()
    earlier: tuple["Said", ...] = ()
