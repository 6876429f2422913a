"""The protocol every provider speaks: read a chapter for scenes and elements, draw a scene; and pay through a till."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from imaginized.story.elements import Element, Scene
from imaginized.story.text import ChapterText


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRequest:
    """Read one chapter.

    Attributes:
        book_title: For prompts; never taken as an instruction.
        language: BCP 47 tag or "".
        chapter: The chapter to read.
        scenes: How many scenes are wanted; fewer may come back where the text has no more, never more.
        profile: The kind of book, where that was said; "" for what the settings say.
        names: Of those whom other chapters were found to have, most often named first, somebody's other names in
            brackets; for a provider that takes names (`Vendor.takes_names`). No part of what was asked: which chapters
            are read by then may differ when the request is repeated.
        asking: How often a person wanted it anew: what was answered to another number is no answer to this.
        scenes_before: How many are wanted of the chapters before it, so that what a book has of something is even;
            None where nobody knows. No part of what was asked.
    """

    book_title: str
    language: str
    chapter: ChapterText
    scenes: int
    profile: str = ""
    names: tuple[str, ...] = ()
    asking: int = 0
    scenes_before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReply:
    """What a provider found in a chapter; every quote is verbatim.

    Attributes:
        elements: As this chapter alone shows them, one for each name; `merge_elements` decides who is who over a book.
        method: How it was made, for the reader of the guide ("word-based" or a model's name).
        by_model: Whether a model made it, and that is its name; None in replies from before 0.2.
        invented: How many scenes were dropped because their quote is not in the chapter.
        is_narrow: Whether all its scenes come from one quarter of it, though enough are wanted to be spread.
    """

    scenes: tuple[Scene, ...]
    elements: tuple[Element, ...]
    method: str
    by_model: bool | None = None
    invented: int = 0
    is_narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture of one of the elements, to draw it alike; a provider that takes none leaves it out.

    Attributes:
        name: Of the element, as in the request's elements.
        path: The file, JPEG or PNG; not read yet, and "" in what a request's digest is taken of.
        sha256: Of the file, hex, when a person put it there (`elements/NAME.jpg` or `.png`): another picture is another
            request. "" for the first image of our own in which nobody else appears, which is no part of what was
            asked: it may be there only when the request is repeated.
    """

    name: str
    path: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """Draw one scene.

    Attributes:
        book_title: Printed or prompted; also seeds what should stay the same through a book.
        chapter_title: As printed.
        scene: What to draw.
        elements: Those present in the scene, merged over the book, with their looks; where a person edited the sheet of
            one, its description is that sheet's looks, and it has no quotes.
        style: The book's style guide, a "Key: value" a line ("Palette: green, gold"); empty when there is none.
        references: Pictures of those present, at most one each; a person's own goes before one of ours.
        width: Pixels.
        height: Pixels.
        asking: As of a text request.
        twin: How many scenes before it in the book are of the same passage: each has a picture of its own.
    """

    book_title: str
    chapter_title: str
    scene: Scene
    elements: tuple[Element, ...]
    style: str = ""
    references: tuple[Reference, ...] = ()
    width: int = 1536
    height: int = 1024
    asking: int = 0
    twin: int = 0


def told_twin(twin: int) -> tuple[str, ...]:
    """What a digest has of `ImageRequest.twin`: nothing for the first, whose names are those of older versions."""
    return (f"twin {twin}",) if twin else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReply:
    """A drawn scene.

    Attributes:
        data: A whole JPEG or PNG file.
        alt: What can be seen, in a sentence, for those who cannot see it.
        method: How it was made, for the reader of the guide ("storyboard plate" or a model's name).
        by_model: Whether a model made it, and that is its name; None in replies from before 0.2.
        prompt: What the model was asked; empty when there was no model.
        declined: Why the model would not draw the scene, where the image is a plate with its quote; else empty.
        cost_usd: What it cost with every try; None where that is not known.
    """

    data: bytes
    alt: str
    method: str
    by_model: bool | None = None
    prompt: str = ""
    declined: str = ""
    cost_usd: float | None = 0.0


@runtime_checkable
class Sending(Protocol):
    """A provider that sends words somewhere, and knows which, without sending them."""

    def sent_for(self, request: ImageRequest) -> str:
        """All that an endpoint is sent for a picture and to which, as far as it is the same whenever it is sent."""


@runtime_checkable
class Free(Protocol):
    """A provider whose pictures cost nothing: one may be drawn by what is known so far, and again once more is known.

    Attributes:
        draws_for_nothing: True.
    """

    draws_for_nothing: bool


@runtime_checkable
class KeepsAnswers(Protocol):
    """A provider whose answers are kept from when they are paid: what was made of them can be made again of them."""

    def answer_names(self, request: ImageRequest) -> tuple[str, ...]:
        """The names by which those for a picture are kept; whoever has the picture lets go of them."""


@runtime_checkable
class InPieces(Protocol):
    """A provider that asks about a long chapter in pieces, and keeps the answer to each."""

    def pieces(self, request: TextRequest) -> int:
        """How many pieces the chapter is asked about in."""

    def read_piece(self, request: TextRequest, number: int) -> None:
        """Ask about one of them, counted from 1, so that `write` finds the answer.

        Raises:
            Retryable: Try again after a while; no attempt is used.
            Rejected: There is no answer; `write` deals with it.
        """


class Provider(Protocol):
    """Reads chapters and draws scenes. Made in the process that uses it, after the fork."""

    @property
    def identity(self) -> str:
        """Who answers, in which version: another identity may answer the same request differently."""

    def write(self, request: TextRequest) -> TextReply:
        """Find the scenes worth drawing and the elements in a chapter.

        Raises:
            Retryable: Try again after a while; no attempt is used.
            Rejected: This chapter cannot be read by this provider; the reason says why.
        """

    def draw(self, request: ImageRequest) -> ImageReply:
        """Draw a scene.

        Raises:
            Retryable: Try again after a while; no attempt is used.
            Rejected: This scene cannot be drawn by this provider; the reason says why.
        """
